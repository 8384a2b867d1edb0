//! What the tool itself says of packets, of refusals and of its own limits: a phrase each, in English and in Korean.
//!
//! `{name}` is a value of the phrase. The English phrase is also how it stands in JSON, and is read back from there.

/// Hands each list of phrases to the macro that is named.
macro_rules! phrases {
    ($take:ident) => {

$take! { Limit: "What there was more of than the tool takes: the rest was left out." {
    ServerAddresses: "addresses of a server's name", "서버 이름의 주소";
    HostAddresses: "addresses of this machine", "이 컴퓨터의 주소";
    Interfaces: "interfaces and addresses", "인터페이스와 주소";
    TurnServers: "TURN servers", "TURN 서버";
    Pairs: "candidate pairs", "후보 쌍";
    PeerCandidates: "candidates of the other end", "상대방의 후보";
    PeerReflexive: "checks from further ports", "또 다른 포트에서 온 확인";
    PeerRestarts: "ICE restarts of the other end", "상대방의 ICE 재시작";
    PeerMessages: "messages of the other end", "상대방의 메시지";
    PeerDescriptions: "descriptions of the other end", "상대방의 설명";
    PeerRefusals: "refused messages and candidates of the other end", "거부한 상대방의 메시지와 후보";
    Observations: "observations of the checks", "확인에 대한 관찰";
    PeerRecords: "records for the other end", "상대방에게 보낼 기록";
    Anomalies: "odd packets from the server", "서버에서 온 이상한 패킷";
    Unrequested: "packets nobody had asked for", "요청하지 않은 패킷";
    Datagrams: "datagrams in a flood", "한꺼번에 쏟아진 데이터그램";
    Newer: "observations of a newer release", "새 버전의 관찰";
} }

$take! { Malformed: "Why bytes are no STUN message, no ChannelData or no answer to what was asked." {
    NotStun { first_bytes: String }: "not STUN; it begins with \"{first_bytes}\"", "STUN이 아님. 시작 부분: \"{first_bytes}\"";
    Short { bytes: usize }: "{bytes} bytes: too short for a STUN header", "STUN 헤더보다 짧음: {bytes}바이트";
    FirstBits: "its first bits are not those of STUN", "첫 비트가 STUN의 것이 아님";
    Length { said: usize, there: usize }: "its length field says {said} bytes of attributes, {there} are there",
        "길이 필드에 적힌 속성은 {said}바이트, 실제로는 {there}바이트";
    Unaligned { length: usize }: "its length field, {length}, is not a multiple of 4",
        "길이 필드가 4의 배수가 아님: {length}";
    Overrun { kind: u16, at: usize }: "attribute {kind:#06x} at byte {at} runs past the end",
        "속성 {kind:#06x}(바이트 {at})에서 메시지의 끝을 넘음";
    Channel { number: u16 }: "channel number {number:#06x} is reserved", "예약된 채널 번호: {number:#06x}";
    Attribute { kind: u16 }: "attribute {kind:#06x} is broken", "깨진 속성: {kind:#06x}";
    NoMappedAddress: "no mapped address in it", "매핑된 주소가 없음";
    OtherMethod: "it answers another method than was asked", "요청한 것과 다른 메서드에 대한 응답";
    NoErrorCode: "an error response without a readable ERROR-CODE", "읽을 수 있는 ERROR-CODE가 없는 오류 응답";
    NoRealm: "the challenge has no REALM", "인증 요구에 REALM이 없음";
    NoNonce: "the challenge has no NONCE", "인증 요구에 NONCE가 없음";
    LongNonce { bytes: usize, most: usize }: "a NONCE of {bytes} bytes; {most} are allowed",
        "NONCE가 {bytes}바이트. 허용되는 길이: {most}바이트";
    LongRealm { bytes: usize, most: usize }: "a REALM of {bytes} bytes; {most} are allowed",
        "REALM이 {bytes}바이트. 허용되는 길이: {most}바이트";
    RealmNotText: "REALM is not UTF-8", "REALM이 UTF-8이 아님";
    RealmNotAllowed: "REALM holds characters that no realm may have", "REALM에 쓸 수 없는 문자가 있음";
    NoAlgorithm: "PASSWORD-ALGORITHMS offers neither MD5 nor SHA-256",
        "PASSWORD-ALGORITHMS에 MD5도 SHA-256도 없음";
    NoRelayedAddress: "Allocate succeeded without a usable XOR-RELAYED-ADDRESS",
        "Allocate가 성공했지만 쓸 수 있는 XOR-RELAYED-ADDRESS가 없음";
    OtherFamily: "the relayed address is of another family than was asked for",
        "요청한 것과 다른 주소 체계의 중계 주소";
    NoLifetime: "Allocate succeeded without a LIFETIME above 0", "Allocate가 성공했지만 0보다 큰 LIFETIME이 없음";
    NotRefreshed: "Refresh succeeded without a LIFETIME above 0", "Refresh가 성공했지만 0보다 큰 LIFETIME이 없음";
    RequiredAttributes { list: String }: "unknown required attributes {list}", "알 수 없는 필수 속성: {list}";
} }

$take! { Leniency: "What was not as it should be, and was taken all the same." {
    Padding: "padding that is not zero", "0이 아닌 패딩";
} }

$take! { Refusal: "How this machine or the network says no." {
    ConnectionRefused: "connection refused", "연결이 거부됨";
    ConnectionReset: "connection reset", "연결이 재설정됨";
    TimedOut: "timed out", "시간 초과";
    NoRoute: "no route", "경로 없음";
    NetUnreachable: "network unreachable", "네트워크에 닿을 수 없음";
    NetUnreachableBy { router: IpAddr }: "network unreachable, says {router}", "네트워크에 닿을 수 없음(알려 온 곳: {router})";
    HostUnreachable: "host unreachable", "호스트에 닿을 수 없음";
    HostUnreachableBy { router: IpAddr }: "host unreachable, says {router}", "호스트에 닿을 수 없음(알려 온 곳: {router})";
    PortUnreachable: "port unreachable", "포트에 닿을 수 없음";
    PortUnreachableBy { router: IpAddr }: "port unreachable, says {router}", "포트에 닿을 수 없음(알려 온 곳: {router})";
    Prohibited: "administratively prohibited", "관리 정책으로 금지됨";
    ProhibitedBy { router: IpAddr }: "administratively prohibited, says {router}",
        "관리 정책으로 금지됨(알려 온 곳: {router})";
    TimeExceeded: "went no further", "더 나아가지 못함";
    TimeExceededBy { router: IpAddr }: "went no further, says {router}", "더 나아가지 못함(알려 온 곳: {router})";
    Unreachable: "unreachable", "닿을 수 없음";
    UnreachableBy { router: IpAddr }: "unreachable, says {router}", "닿을 수 없음(알려 온 곳: {router})";
    Forbidden: "not permitted", "허용되지 않음";
    TooBig: "packet too big", "패킷이 너무 큼";
    TooBigFor { bytes: u32 }: "packet too big: the next hop takes {bytes} bytes",
        "패킷이 너무 큼. 다음 구간의 한계: {bytes}바이트";
    AddressInUse: "address in use", "주소가 이미 쓰이고 있음";
    AddressNotAvailable: "address not available", "쓸 수 없는 주소";
    OutOfSockets: "out of file descriptors or ports", "파일 디스크립터나 포트가 부족함";
    ProxyAsksLogin: "the proxy asks who we are", "프록시가 인증을 요구함";
    ProxyRefused { code: u16 }: "the proxy refused: {code}", "프록시가 거절함: {code}";
    ProxySilent: "the proxy did not answer", "프록시가 응답하지 않음";
    ProxyClosed: "the proxy closed the connection", "프록시가 연결을 끊음";
    NotProxy: "what answered is no proxy", "응답한 것이 프록시가 아님";
    Unfinished { bytes: u32 }: "after {bytes} bytes of an unfinished message", "끝나지 않은 메시지의 {bytes}바이트 뒤";
    ClosedInHandshake: "closed in the handshake", "핸드셰이크 도중에 연결이 닫힘";
} }

$take! { FailureMessage: "Why a socket, a handshake or a name failed: in the tool's own words, else in the system's." {
    NoCertificate: "no certificate to listen with", "TLS로 수신할 인증서가 없음";
    NotRead: "the other end does not read", "상대방이 데이터를 읽지 않음";
    TooManyNames: "too many names of the local link at once", "한꺼번에 물은 로컬 링크의 이름이 너무 많음";
    NoServerName: "not a server's name", "서버의 이름이 아님";
    NoMachine: "no address of a single machine", "한 컴퓨터의 주소가 아님";
    NoRandomBytes: "the system gives no random bytes", "시스템에서 난수를 얻지 못함";
    NoSuchName { host: String }: "{host}: no such name", "{host}: 없는 이름";
    NoAddress { host: String }: "{host}: the name has no address", "{host}: 주소가 없는 이름";
    NameTimedOut { host: String }: "{host}: no name server answered", "{host}: DNS 서버가 응답하지 않음";
    NoNameServer { host: String }: "{host}: there is no name server to ask", "{host}: 물어볼 DNS 서버가 없음";
    NameFailed { host: String }: "{host}: the name server could not answer", "{host}: DNS 서버 오류";
} }

$take! { SourceRefusal: "Why a source of ICE servers gives none." {
    Pause { seconds: u64 }: "it says to wait {seconds} s", "{seconds}초 기다리라고 함";
    NothingThere: "there is nothing at this path", "그 경로에 아무것도 없음";
    OtherMethod: "it wants another method; for POST see --ice-post", "다른 메서드를 요구함(POST라면 --ice-post)";
    WebPage: "it answers with a page for people", "사람이 보는 웹 페이지로 응답함";
    NoJson: "what it answers is no JSON", "응답이 JSON이 아님";
    NoServers: "there are no ICE servers in its JSON", "응답한 JSON에 ICE 서버가 없음";
    TooManyServers { count: usize }: "{count} servers are more than any application takes", "서버 {count}개는 어떤 응용 프로그램도 쓰지 않는 수임";
    LeadsTo { place: String }: "it leads to {place}", "안내된 곳: {place}";
    LeadsOn: "it leads on within the same host again and again", "같은 호스트 안에서 계속 다시 안내함";
    LeadsNowhere: "it leads to no address", "안내된 주소가 없음";
    Silent: "it takes connections and does not answer in time", "연결은 받지만 제때 응답하지 않음";
    Cut: "it ended the connection before its answer was whole", "응답이 끝나기 전에 연결을 끊음";
    TooLarge { most: usize }: "its answer is larger than {most} bytes", "응답이 {most}바이트보다 큼";
    NotHttp: "what it answers is not HTTP", "응답이 HTTP가 아님";
    NoEvents: "it sends no events", "이벤트를 보내지 않음";
    NoneCame { count: u32 }: "no ICE servers were in what it sent (messages: {count}); it may wait for a word first (--ice-say)",
        "보내온 메시지 {count}개에 ICE 서버가 없음. 먼저 보낼 말이 필요할 수 있음(--ice-say)";
    NoAccount: "there is no such account, key, channel or room", "그런 계정, 키, 채널 또는 방이 없음";
    NoSession: "there is no such session", "그런 세션이 없음";
    NoChannel: "there is no such channel", "그런 채널이 없음";
    ChannelNotActive: "the channel is not active", "채널이 활성 상태가 아님";
    TokenNotTaken: "it does not take the token that it has just given", "방금 준 토큰을 받지 않음";
    NoAllowOrigin: "its answer has no Access-Control-Allow-Origin", "응답에 Access-Control-Allow-Origin이 없음";
    OtherAllowOrigin: "its Access-Control-Allow-Origin names another page", "Access-Control-Allow-Origin이 다른 페이지의 것임";
    SeveralAllowOrigins { count: usize }: "it sends {count} lines of Access-Control-Allow-Origin, of which no browser takes any",
        "Access-Control-Allow-Origin이 {count}줄이어서 브라우저가 하나도 받아들이지 않음";
    NoAllowHeader { name: String }: "its preflight does not allow the header {name}", "사전 요청의 응답이 허용하지 않는 헤더: {name}";
    NoAllowMethod { name: String }: "its preflight does not allow the method {name}", "사전 요청의 응답이 허용하지 않는 메서드: {name}";
    LinkNotExposed: "Access-Control-Expose-Headers does not name Link, so that no page sees it",
        "Access-Control-Expose-Headers에 링크 헤더의 이름이 없어 어떤 페이지도 보지 못함";
    PreflightRefused { status: u16 }: "it refuses the preflight (HTTP status {status})", "사전 요청을 거부함(HTTP 상태 {status})";
    KeptByCache: "the answer comes out of a cache", "캐시에 있던 응답임";
    SameAgain: "it gave the same credentials again a second later", "1초 뒤에도 같은 인증 정보를 줌";
    MayBeKept { word: String }: "Cache-Control says {word}", "Cache-Control의 값: {word}";
    ClosedWith { code: u16 }: "it closed the WebSocket with code {code}", "WebSocket을 닫은 코드: {code}";
    NoXmpp: "what it answers is no XMPP", "응답이 XMPP가 아님";
    NoTls: "it begins no TLS, and nothing is said to it in the open", "TLS를 시작하지 않아, 암호화되지 않은 채로는 아무것도 보내지 않음";
    NoGuests: "it takes no guests (SASL ANONYMOUS)", "손님(SASL ANONYMOUS)을 받지 않음";
    NoPasswords: "it takes passwords in no way that is known here (SASL PLAIN, SCRAM-SHA-1 and SCRAM-SHA-256)",
        "여기서 아는 방식(SASL PLAIN, SCRAM-SHA-1, SCRAM-SHA-256)으로는 암호를 받지 않음";
    NoDomain: "it does not serve this domain", "이 도메인을 맡고 있지 않음";
    NoLinks: "there are no ICE servers in the Link headers of its answer", "응답의 링크 헤더에 ICE 서버가 없음";
    NoCamera: "before 2026.1 it tells the servers of a camera alone: name one behind the address (…/camera.door)",
        "2026.1 이전에는 카메라의 서버만 알려 줌. 주소 뒤에 카메라의 이름을 붙이십시오";
    NoServices: "it names no services (XEP-0215)", "서비스 목록(XEP-0215)을 제공하지 않음";
    Unexpected { step: String }: "it does not answer {step} as this service does", "{step}에 대한 응답이 이 서비스의 것이 아님";
} }

$take! { BrowserRefusal: "Why a browser refuses an ICE server, or what else is wrong with one." {
    BlockedPort: "Firefox connects to no server at this port, so that no page speaks to a service of another kind",
        "Firefox는 다른 종류의 서비스를 보호하려고 이 포트에는 연결하지 않음";
    UnknownBundling: "bundlePolicy is none of balanced, max-compat and max-bundle",
        "bundlePolicy가 balanced, max-compat, max-bundle 가운데 하나가 아님";
    UnknownMultiplexing: "rtcpMuxPolicy is neither require nor negotiate",
        "rtcpMuxPolicy가 require도 negotiate도 아님";
    NoCertificates: "certificates is no list of certificates, which JSON cannot hold",
        "certificates가 인증서 목록이 아님. JSON에는 인증서를 담을 수 없음";
    PoolSize: "iceCandidatePoolSize is no number from 0 to 255", "iceCandidatePoolSize가 0부터 255까지의 수가 아님";
    EmptyUri: "the URI is empty", "URI가 비어 있음";
    NoScheme: "the URI has no scheme: it is a bare host, or a placeholder that was not filled in",
        "URI에 스킴이 없음: 호스트만 있거나 채워지지 않은 자리 표시자임";
    OtherScheme: "it begins with none of stun:, stuns:, turn: and turns:",
        "stun:, stuns:, turn:, turns: 가운데 어느 것으로도 시작하지 않음";
    WebAddress: "it is the address of a web service; what the service answers belongs here",
        "웹 서비스의 주소임. 여기에는 그 서비스의 응답이 들어가야 함";
    Slashes: "no // follows the scheme", "스킴 뒤에 //가 오지 않아야 함";
    UserInUri: "user and password do not stand in the URI but in username and credential",
        "사용자와 암호는 URI가 아니라 username과 credential에 들어가야 함";
    PathInUri: "a / or # has no place behind the port", "포트 뒤에는 /나 #가 올 수 없음";
    Escaped: "a ?, / or @ is escaped in it", "?나 /, @가 이스케이프되어 있음";
    StunsScheme: "Firefox has no stuns:", "Firefox는 stuns:를 지원하지 않음";
    HostCharacter: "a character stands in the host that no host has; a placeholder was not filled in perhaps",
        "호스트에 쓸 수 없는 문자가 있음. 자리 표시자가 채워지지 않았을 수 있음";
    NoHost: "the host is missing or is no address", "호스트가 없거나 주소가 아님";
    NoBrackets: "an IPv6 address stands in brackets", "IPv6 주소는 대괄호로 묶어야 함";
    EmptyPort: "the colon has no port behind it", "콜론 뒤에 포트가 없음";
    NoPort: "the port is no number from 1 to 65535", "포트가 1~65535 범위의 수가 아님";
    StunTransport: "stun: and stuns: have no ?transport= (RFC 7064)", "stun:과 stuns:에는 ?transport=가 없음(RFC 7064)";
    OtherQuery: "behind the ? only transport=udp or transport=tcp may stand",
        "? 뒤에는 transport=udp나 transport=tcp만 올 수 있음";
    TransportCase: "the transport is not in lower case", "transport 값이 소문자가 아님";
    OtherTransport: "the transport is neither udp nor tcp; for TLS there is turns:",
        "transport 값이 udp도 tcp도 아님. TLS에는 turns:를 씀";
    NoUrls: "the entry has no urls", "항목에 urls가 없음";
    EmptyUrls: "urls is an empty list", "urls가 빈 목록임";
    NoCredentials: "a turn: or turns: URI without username or credential",
        "turn:이나 turns: URI에 username이나 credential이 없음";
    CredentialNames: "user name and password stand under other names than username and credential",
        "사용자 이름과 암호가 username, credential이 아닌 이름 아래에 있음";
    EmptyCredential: "the credential is empty", "credential이 비어 있음";
    EmptyUsername: "the user name is empty", "사용자 이름이 비어 있음";
    LongUsername: "the user name is longer than 509 bytes", "사용자 이름이 509바이트보다 김";
    CredentialType: "credentialType is not \"password\"", "credentialType이 \"password\"가 아님";
    NoArray: "iceServers is no array", "iceServers가 배열이 아님";
    UnknownPolicy: "iceTransportPolicy is neither \"all\" nor \"relay\"",
        "iceTransportPolicy가 \"all\"도 \"relay\"도 아님";
    Hexadecimal: "it is a digest in hexadecimal digits", "16진수로 쓴 다이제스트임";
    Sha256: "it is as long as an HMAC-SHA256", "길이가 HMAC-SHA256과 같음";
    Base64Url: "it is base64 as URLs have it: with - and _, or without its padding",
        "URL용 base64임: -와 _를 쓰거나 패딩이 없음";
    LineFeedInSecret: "it was made of the secret with a line feed behind it",
        "비밀 뒤에 줄바꿈이 붙은 채로 만들어졌음";
    SecretDecoded: "it was made of the secret decoded as base64; TURN servers take the secret as it stands",
        "비밀을 base64로 디코딩하여 만들어졌음. TURN 서버는 비밀을 적힌 그대로 씀";
    OtherSecret: "it was made of another secret, or of another user name", "다른 비밀이나 다른 사용자 이름으로 만들어졌음";
} }

$take! { CandidateField: "A field of a candidate line (RFC 8839 §5.1)." {
    Foundation: "foundation", "파운데이션";
    Component: "component", "컴포넌트";
    Transport: "transport", "전송 프로토콜";
    Priority: "priority", "우선순위";
    Address: "address", "주소";
    Port: "port", "포트";
    Typ: "\"typ\"", "\"typ\" 표시";
    Type: "type", "유형";
} }

$take! { LineError: "Why a candidate line is of no use." {
    TooLong { bytes: usize, most: usize }: "the line is {bytes} bytes long; {most} at most are read",
        "줄의 길이 {bytes}바이트. 읽는 한도: {most}바이트";
    NoCandidate: "it does not begin with \"candidate:\"", "\"candidate:\"로 시작하지 않음";
    Missing { field: CandidateField }: "it ends before its {field}", "줄이 중간에 끝나 빠진 항목: {field}";
    LongFoundation { most: usize }: "the foundation is longer than {most} characters",
        "파운데이션이 너무 김. 한도: {most}자";
    Foundation { word: Quoted }: "the foundation {word} has a character that is none of a word",
        "파운데이션에 쓸 수 없는 문자가 있음: {word}";
    Component { word: Quoted, most: u64 }: "the component {word} is no number from 1 to {most}",
        "컴포넌트가 1~{most} 범위의 수가 아님: {word}";
    OtherComponent { component: u16 }: "it is for component {component}; with rtcp-mux there is only component 1",
        "컴포넌트 {component}의 후보. rtcp-mux를 쓰면 컴포넌트 1뿐임";
    Transport { word: Quoted }: "the transport {word} is neither UDP nor TCP", "전송 프로토콜이 UDP도 TCP도 아님: {word}";
    Priority { word: Quoted }: "the priority {word} is no number from 1 to 4294967295",
        "우선순위가 1~4294967295 범위의 수가 아님: {word}";
    Address { word: Quoted }: "{word} is no IP address", "IP 주소가 아님: {word}";
    Zone { word: Quoted }: "the address {word} has a zone, which means nothing on another machine",
        "주소에 다른 컴퓨터에서는 뜻이 없는 영역 표시가 있음: {word}";
    Name { word: Quoted }: "{word} is neither an address nor a host name", "주소도 호스트 이름도 아님: {word}";
    LongName { bytes: usize, most: usize }: "the host name is {bytes} bytes long; {most} at most are read",
        "호스트 이름의 길이 {bytes}바이트. 읽는 한도: {most}바이트";
    Port { word: Quoted }: "the port {word} is no number from 1 to 65535", "포트가 1~65535 범위의 수가 아님: {word}";
    NoType { word: Quoted }: "where \"typ\" should be there is {word}", "\"typ\" 자리에 다른 말이 있음: {word}";
    Type { word: Quoted }: "the candidate type {word} is none of host, srflx, prflx and relay",
        "후보 유형이 host, srflx, prflx, relay 중 어느 것도 아님: {word}";
    RelatedAddress { word: Quoted }: "the related address {word} is no IP address", "관련 주소가 IP 주소가 아님: {word}";
    RelatedPort { word: Quoted }: "the related port {word} is no number from 0 to 65535",
        "관련 포트가 0~65535 범위의 수가 아님: {word}";
    NoTcpType: "it is a TCP candidate without a \"tcptype\"", "\"tcptype\"이 없는 TCP 후보";
    TcpType { word: Quoted }: "the tcptype {word} is none of active, passive and so",
        "tcptype이 active, passive, so 중 어느 것도 아님: {word}";
} }

$take! { RefusedCandidate: "A candidate of the other end's that is not checked: where it is, or what is wrong with its line." {
    Malformed { fault: LineError }: "{fault}", "{fault}";
    Line { line: usize, fault: LineError }: "line {line}: {fault}", "{line}번째 줄: {fault}";
    Endpoint { host: Host, port: u16 }: "{host} port {port}", "{host} 포트 {port}";
} }

$take! { Unfit: "Why a text cannot be a ufrag or password." {
    Length { chars: usize, least: usize, most: usize }: "is {chars} characters long; it takes {least} to {most}",
        "길이 {chars}자. 허용 범위: {least}~{most}자";
    Character: "has other characters than letters, digits and any of \"+/-=#_\"",
        "글자, 숫자, \"+/-=#_\" 외의 문자가 있음";
} }

$take! { FingerprintError: "Why a fingerprint cannot be used." {
    Hash { name: Quoted }: "{name} is no hash function that may be used", "쓸 수 있는 해시 함수가 아님: {name}";
    Length { hash: String, expected: usize, found: usize }: "{hash} has {expected} bytes; there are {found}",
        "{hash}의 길이는 {expected}바이트, 실제로는 {found}바이트";
    Digits: "it is not two hexadecimal digits a byte, with colons between",
        "바이트마다 16진수 두 자리와 그 사이의 콜론이 아님";
} }

$take! { SdpError: "Why a description cannot be used. Line numbers count from 1." {
    Empty: "the description is empty", "빈 설명";
    TooLarge { bytes: usize, most: usize }: "the description is {bytes} bytes long; {most} at most are read",
        "설명의 길이 {bytes}바이트. 읽는 한도: {most}바이트";
    ByteOrderMark: "the description begins with a byte order mark; it should be plain UTF-8",
        "설명이 바이트 순서 표시로 시작함. 표시 없는 UTF-8이어야 함";
    Utf16: "the description is UTF-16; it should be UTF-8", "설명이 UTF-16임. UTF-8이어야 함";
    Nul { line: usize }: "line {line} of the description holds a NUL byte", "설명의 {line}번째 줄에 NUL 바이트가 있음";
    LoneCr { line: usize }:
        "line {line} of the description has a carriage return that ends no line; lines end in CRLF or LF",
        "설명의 {line}번째 줄 가운데에 CR이 있음. 줄은 CRLF나 LF로 끝나야 함";
    NoSdp: "it is no SDP: its first line is not \"v=0\"", "SDP가 아님. 첫 줄이 \"v=0\"이 아님";
    Line { line: usize }: "line {line} of the description is no SDP: it should be one letter, \"=\" and a value",
        "설명의 {line}번째 줄이 SDP가 아님. 글자 하나, \"=\", 값의 순서여야 함";
    Origin { line: usize }: "line {line} of the description is no o= line: that has six words, each after one space",
        "설명의 {line}번째 줄이 o= 줄의 형식이 아님. 공백 하나로 나눈 여섯 단어여야 함";
    Bandwidth { line: usize }: "line {line} of the description is no b= line: that has a type, a colon and a number",
        "설명의 {line}번째 줄이 b= 줄의 형식이 아님. 유형, 콜론, 수의 순서여야 함";
    ExtensionId { line: usize }:
        "line {line}: the header extension has an id that is none from 1 to 255, or that its section has already",
        "{line}번째 줄의 헤더 확장 번호가 1~255가 아니거나 그 섹션에 이미 있음";
    NoLine { start: String }: "the description has no line that begins with \"{start}\"",
        "설명에 \"{start}\"로 시작하는 줄이 없음";
    Attribute { line: usize }: "line {line} of the description names an attribute with characters beyond ASCII",
        "설명의 {line}번째 줄에 있는 속성 이름에 ASCII가 아닌 문자가 있음";
    Transport { line: usize, transport: Quoted }:
        "line {line} of the description has a transport that no media go by: {transport}",
        "설명의 {line}번째 줄에 있는 전송 방식으로는 미디어를 보낼 수 없음: {transport}";
    Codec { line: usize }:
        "line {line} of the description is no a=rtpmap: that has a payload type, a space, a name, a slash and a clock rate",
        "설명의 {line}번째 줄이 코덱을 알리는 줄의 형식이 아님. 페이로드 유형, 공백, 이름, 빗금, 클록 속도의 순서여야 함";
    Simulcast { line: usize }:
        "line {line} of the description is no a=simulcast: that has send or recv, each with the ids of its streams",
        "설명의 {line}번째 줄이 동시 전송을 알리는 줄의 형식이 아님. 방향마다 스트림 번호가 있어야 함";
    Media { line: usize }: "line {line} of the description is no media line", "설명의 {line}번째 줄이 미디어 줄이 아님";
    NoMedia: "the description has no media section", "설명에 미디어 부분이 없음";
    Rejected: "every media section of the description is rejected (port 0)",
        "설명의 모든 미디어 부분이 거절됨(포트 0)";
    NoUfrag: "the description has no ice-ufrag", "설명에 ice-ufrag가 없음";
    NoPwd: "the description has no ice-pwd", "설명에 ice-pwd가 없음";
    Ufrag { line: usize, unfit: Unfit }: "line {line}: the ice-ufrag {unfit}", "{line}번째 줄의 ice-ufrag: {unfit}";
    Pwd { line: usize, unfit: Unfit }: "line {line}: the ice-pwd {unfit}", "{line}번째 줄의 ice-pwd: {unfit}";
    Fingerprint { line: usize, fault: FingerprintError }: "line {line}: the fingerprint is of no use: {fault}",
        "{line}번째 줄의 fingerprint를 쓸 수 없음: {fault}";
    Setup { line: usize, setup: Quoted }:
        "line {line}: the setup {setup} is none of active, passive, actpass and holdconn",
        "{line}번째 줄의 setup이 active, passive, actpass, holdconn 중 어느 것도 아님: {setup}";
} }

$take! { CallFault: "Why no call can be made of a description. Line numbers count from 1." {
    Cut { line: usize }: "the description is cut off in line {line}", "설명이 {line}번째 줄에서 잘림";
    SectionsMissing { offered: usize, answered: usize }:
        "of {offered} media sections that were offered or agreed on, {answered} are there",
        "제안했거나 합의한 미디어 섹션 {offered}개 가운데 {answered}개만 있음";
    SectionsDiffer { line: usize }: "from line {line} on its media sections are not those that were offered or agreed on",
        "{line}번째 줄부터 미디어 섹션이 제안했거나 합의한 것과 다름";
    MidsUnclear { line: usize }: "line {line} has a name of a media section that is taken, or that no section has",
        "{line}번째 줄에 있는 섹션 이름이 이미 쓰였거나 그런 섹션이 없음";
    BundleRefused { line: usize }: "the first media section that line {line} bundles is refused",
        "{line}번째 줄이 묶는 첫 미디어 섹션이 거절됨";
    NothingTaken: "every media section is refused", "모든 미디어 섹션이 거절됨";
    NoFingerprint { line: usize }: "the media section at line {line} has no fingerprint",
        "{line}번째 줄의 미디어 섹션에 지문이 없음";
    NoRtcpMux { line: usize }: "the media section at line {line} has no a=rtcp-mux",
        "{line}번째 줄의 미디어 섹션에 a=rtcp-mux가 없음";
    Undecided { line: usize }: "line {line} leaves open who begins DTLS",
        "{line}번째 줄이 누가 DTLS를 시작할지 정하지 않음";
    NoCommonCodec { line: usize }: "the media section at line {line} has no codec that was offered",
        "{line}번째 줄의 미디어 섹션에 제안한 코덱이 없음";
    NoneSpoken { line: usize }: "the media section at line {line} has no codec that rtc-doctor speaks",
        "{line}번째 줄의 미디어 섹션에 rtc-doctor가 쓰는 코덱이 없음";
} }

$take! { InflateError: "Why data cannot be inflated." {
    Damaged: "it is no deflated data, or not all of it is there", "압축 데이터가 아니거나 일부가 빠짐";
    TooLarge { most: usize }: "it inflates to more than {most} bytes", "압축을 풀면 {most}바이트를 넘음";
} }

$take! { CodePart: "A part of the content of a code." {
    Json: "JSON", "JSON 구조";
    Ufrag: "ufrag", "ufrag 값";
    CandidateCount: "number of candidates", "후보 개수";
    Candidates: "list of candidates", "후보 목록";
    Password: "password", "비밀번호";
    Fingerprint: "fingerprint", "인증서의 fingerprint";
    Kind: "kind", "종류";
} }

$take! { CodeError: "Why a pasted code cannot be read." {
    Empty: "nothing was pasted", "붙여 넣은 내용이 없음";
    TooLong { bytes: usize, most: usize }: "the code is {bytes} characters long; {most} at most are read",
        "코드의 길이 {bytes}자. 읽는 한도: {most}자";
    NoCode { prefix: String }: "it is no code of rtc-doctor: one begins with \"{prefix}\"",
        "rtc-doctor의 코드가 아님. 코드의 시작 부분: \"{prefix}\"";
    Version { theirs: String, ours: String }:
        "the code was made by another version of rtc-doctor: it is of form {theirs}, this one reads {ours}",
        "다른 버전의 rtc-doctor가 만든 코드. 코드의 형식: {theirs}, 이쪽이 읽는 형식: {ours}";
    Missing { count: usize }: "{count} characters are missing at the end of the code", "코드의 끝에서 {count}자가 빠짐";
    TooMany { count: usize }: "there are {count} characters too many at the end of the code",
        "코드의 끝에 {count}자가 더 있음";
    Character { character: char }: "the code has a character that belongs to no code: {character:?}",
        "코드에 쓰지 않는 문자가 있음: {character:?}";
    Damaged: "the code is damaged: a character was changed on the way", "코드가 손상됨. 도중에 문자가 바뀜";
    Inflate { fault: InflateError }: "the code cannot be used: {fault}", "코드를 쓸 수 없음: {fault}";
    Content { part: CodePart }: "the code was not made by rtc-doctor: its {part} is not as it should be",
        "rtc-doctor가 만든 코드가 아님. 맞지 않는 부분: {part}";
} }

$take! { RecordError: "Why a record from the other end cannot be used." {
    NoBase64: "it is no base64", "base64가 아님";
    Inflate { fault: InflateError }: "{fault}", "{fault}";
    NoRecord { line: usize, column: usize }: "it is no record of this version of rtc-doctor (line {line} column {column})",
        "이 버전의 rtc-doctor 기록이 아님(줄 {line}, 열 {column})";
    Observations { count: usize, most: usize }: "it holds {count} observations; {most} at most are judged",
        "관찰 {count}개가 들어 있음. 판정하는 한도: {most}개";
    Targets { count: usize, most: usize }: "it holds {count} servers; {most} at most are judged",
        "서버 {count}개가 들어 있음. 판정하는 한도: {most}개";
} }

$take! { DecodeError: "Why a message is rejected." {
    TooLarge { bytes: usize, most: usize }: "a message of {bytes} bytes came; {most} at most are read",
        "메시지의 길이 {bytes}바이트. 읽는 한도: {most}바이트";
    Malformed: "a message came that is no JSON, or lacks what every message has",
        "JSON이 아니거나 모든 메시지에 있어야 할 것이 빠진 메시지";
    NotOurs: "a message came that is not rtc-doctor's", "rtc-doctor의 것이 아닌 메시지";
    Version { theirs: u64, ours: u32 }:
        "the other end is rtc-doctor of another version: it speaks {theirs}, this one {ours}",
        "상대방은 다른 버전의 rtc-doctor임. 상대방의 프로토콜: {theirs}, 이쪽: {ours}";
    Sender: "a message came whose sender is not 16 hexadecimal digits", "보낸 쪽이 16진수 16자리로 적히지 않은 메시지";
    Echo: "a message of our own came back", "이쪽이 보낸 메시지가 되돌아옴";
    Foreign: "a message of somebody else came: this call is with another run of rtc-doctor",
        "다른 곳에서 온 메시지. 이 통화의 상대는 다른 rtc-doctor 실행임";
    Stale { seq: u64, latest: u64 }: "message {seq} came after message {latest}: it is replayed, or out of order",
        "메시지 {latest} 뒤에 메시지 {seq}번이 옴. 다시 보냈거나 순서가 어긋남";
    Incomplete { kind: String, member: String }: "a message of the kind \"{kind}\" came without its \"{member}\"",
        "종류가 \"{kind}\"인 메시지에 \"{member}\" 항목이 없음";
    Record { fault: RecordError }: "the other end's record cannot be used: {fault}", "상대방의 기록을 쓸 수 없음: {fault}";
} }

$take! { RefusedMessage: "What is wrong in a message of the other end's that was not taken." {
    Description { fault: SdpError }: "{fault}", "{fault}";
    Code { fault: CodeError }: "{fault}", "{fault}";
    Message { fault: DecodeError }: "{fault}", "{fault}";
    Call { fault: CallFault }: "{fault}", "{fault}";
    BeyondUs: "it changes what rtc-doctor cannot change in a call that runs",
        "rtc-doctor가 진행 중인 통화에서 바꿀 수 없는 것을 바꿈";
    NotAwaited: "a description that nobody waits for", "기다리지 않은 설명";
    OwnDescription: "it is this end's own description, sent back", "이쪽이 보낸 설명이 되돌아옴";
    OffersCollide: "it made an offer although this end's offer stood, and is to answer that",
        "이쪽의 제안이 이미 있으므로 응답해야 하는데 제안을 보냄";
    AnswerCalledOffer: "what it called an offer is an answer by its a=setup, which is \"active\" or \"passive\"",
        "제안이라고 보낸 것이 a=setup 값(active 또는 passive)으로 보아 응답임";
    OfferCalledAnswer: "what it called an answer is an offer by its a=setup, which is \"actpass\"",
        "응답이라고 보낸 것이 a=setup 값(actpass)으로 보아 제안임";
    AnswerToNothing: "it answered although this end had offered nothing, and waits for its offer",
        "이쪽은 제안을 보내지 않고 상대방의 제안을 기다리는데 응답을 보냄";
    NoKey: "its ice-pwd makes no key", "설명의 ice-pwd로 키를 만들 수 없음";
} }

    };
}
