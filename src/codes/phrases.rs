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
    Unreachable: "unreachable", "닿을 수 없음";
    UnreachableBy { router: IpAddr }: "unreachable, says {router}", "닿을 수 없음(알려 온 곳: {router})";
    Forbidden: "not permitted", "허용되지 않음";
    TooBig: "packet too big", "패킷이 너무 큼";
    TooBigFor { bytes: u32 }: "packet too big: the next hop takes {bytes} bytes",
        "패킷이 너무 큼. 다음 구간의 한계: {bytes}바이트";
    AddressInUse: "address in use", "주소가 이미 쓰이고 있음";
    AddressNotAvailable: "address not available", "쓸 수 없는 주소";
    OutOfSockets: "out of file descriptors or ports", "파일 디스크립터나 포트가 부족함";
    Unfinished { bytes: u32 }: "after {bytes} bytes of an unfinished message", "끝나지 않은 메시지의 {bytes}바이트 뒤";
    ClosedInHandshake: "closed in the handshake", "핸드셰이크 도중에 연결이 닫힘";
} }

    };
}
