//! What is wrong with the TLS of a server?

macro_rules! tls { ($($before:tt)*) => { collect! { $($before)*

TlsExpired: Servers, "RFC 5280 §4.1.2.5" {
    title: "The {server|certificate|certificates} of {server} {server|has|have} expired", "{server}의 인증서가 만료되었습니다";
    detail: "{server|It was|They were} valid until {until}. Browsers refuse it, so nobody can use this server over \
        TLS.",
        "인증서의 유효 기간은 {until}까지였습니다. 브라우저가 거부하므로 TLS로는 아무도 이 서버를 쓸 수 없습니다.";
    seen: [CertificateShown];
    ServerOperator: "Renew the certificate and restart the server, since coturn and others read it only at the \
        start.",
        "인증서를 갱신하고 서버를 다시 시작하십시오. coturn을 비롯한 서버들은 시작할 때만 인증서를 읽습니다.";
    You: "Check that this machine's clock is right.", "이 컴퓨터의 시계가 맞는지 확인하십시오.";
}
TlsNotYetValid: Servers, "RFC 5280 §4.1.2.5" {
    title: "The {server|certificate|certificates} of {server} {server|is|are} not valid yet", "{server}의 인증서가 아직 유효하지 않습니다";
    detail: "{server|It is|They are} valid only from {until} on. Most often the clock of this machine is behind.",
        "인증서는 {until}부터 유효합니다. 이 컴퓨터의 시계가 늦은 경우가 가장 많습니다.";
    seen: [CertificateShown];
    You: "Check date and time of this machine.", "이 컴퓨터의 날짜와 시간을 확인하십시오.";
    ServerOperator: "Check the certificate.", "인증서를 확인하십시오.";
}
TlsWrongName: Servers, "RFC 9525 §6" {
    title: "The {server|certificate|certificates} of {server} {server|is|are} for another name", "{server}의 인증서가 다른 이름의 것입니다";
    detail: "[{server|It is|They are} valid for {names}, which is not the name in the URI. ][It has {count} {count|name|names} in its \
        subjectAltName, and a common name is not looked at (RFC 9525 §6.3). ]Browsers refuse it.",
        "[인증서의 이름: {names}. URI의 이름과 다릅니다. ][주체 대체 이름이 {count}개이며, 일반 이름(CN)은 보지 \
        않습니다(RFC 9525 §6.3). ]그래서 브라우저가 거부합니다.";
    seen: [CertificateShown];
    You: "Use the name in the certificate; an IP address in a turns: URI does not work with an ordinary \
        certificate.",
        "인증서에 있는 이름을 쓰십시오. 보통의 인증서로는 turns: URI에 IP 주소를 쓸 수 없습니다.";
    ServerOperator: "Get a certificate for this name.", "이 이름의 인증서를 받으십시오.";
}
TlsSelfSigned: Servers, "RFC 5280 §6" {
    title: "The {server|certificate|certificates} of {server} {server|is|are} signed by itself", "{server}의 인증서가 자체 서명된 것입니다";
    detail: "Nobody vouches for it[ (issuer: {issuer})]. Browsers refuse it, and have no button to accept it for \
        TURN. The default certificate of a reverse proxy or an ingress is such a one: then the proxy has none for this \
        name, or ends the TLS that it should pass on.",
        "인증서를 보증하는 곳이 없습니다[ (발급자: {issuer})]. 브라우저가 거부하며, TURN에는 예외로 허용하는 \
        단추도 없습니다. 리버스 프록시의 기본 인증서가 이런 것입니다. 그렇다면 프록시에 이 이름의 인증서가 없거나, \
        그대로 전달해야 할 TLS를 프록시가 끝내고 있는 것입니다.";
    seen: [CertificateShown];
    ServerOperator: "Get a certificate from a public authority.", "공인 인증 기관에서 인증서를 받으십시오.";
    You: "For a test, add --ca FILE with the certificate, or --insecure.",
        "시험하려면 --ca FILE로 그 인증서를 지정하거나 --insecure를 붙이십시오.";
}
TlsUnknownIssuer: Servers, "RFC 8446 §4.4.2" {
    title: "The {server|certificate|certificates} of {server} {server|is|are} signed by someone this machine does not \
        know",
        "{server}의 인증서를 이 컴퓨터가 모르는 곳에서 서명했습니다";
    detail: "Its issuer is {issuer}. It is a private authority, of the operator or of whoever inspects TLS in this network, \
        or the server does not send the intermediate certificate.",
        "발급자: {issuer}. 서버 운영자나 이 네트워크에서 TLS를 검사하는 곳의 사설 인증 기관이거나, 서버가 중간 인증서를 \
        보내지 않고 있습니다.";
    seen: [CertificateShown];
    ServerOperator: "Send the whole chain (for Let's Encrypt: fullchain.pem, not cert.pem).",
        "인증서 체인 전체를 보내십시오(Let's Encrypt: cert.pem이 아니라 fullchain.pem).";
    You: "For a company's own authority, add --ca FILE.", "회사의 자체 인증 기관이라면 --ca FILE을 붙이십시오.";
}
TlsIntercepted: Reach, "RFC 6962, RFC 8446" {
    title: "TLS seems to be opened on its way and inspected", "TLS가 도중에 열려 검사되는 것 같습니다";
    detail: "The certificates shown come from an authority of somebody's own[ ({issuer})] and not from a public one: one \
        issuer that this machine does not know before servers of several operators, or one that it trusts though no public \
        log knows the certificate, with nothing behind it that speaks STUN. Firewalls that inspect TLS do that, and let \
        nothing but web pages through. Where the operator of the server has an authority of its own, it is the server.",
        "받은 인증서를 공인 기관이 아니라 누군가의 자체 인증 기관이 발급했습니다[ (발급자: {issuer})]. 이 컴퓨터가 모르는 한 \
        발급자가 여러 운영자의 서버 앞에 있거나, 공개 로그에 없는 인증서를 이 컴퓨터가 신뢰하는데 그 안에서는 STUN으로 \
        응답하는 것이 없습니다. TLS를 검사하는 방화벽이 그렇게 하며, 웹 페이지 말고는 통과시키지 않습니다. 서버 운영자가 \
        자체 인증 기관을 쓴다면 서버 쪽 문제입니다.";
    seen: [CertificateShown];
    NetworkTeam: "Exempt the names of the TURN servers from the inspection of TLS, or allow UDP to them.",
        "TURN 서버의 이름을 TLS 검사에서 제외하거나, 그 서버로 가는 UDP를 허용하십시오.";
    You: "Compare the issuer of the certificate with the one shown in another network: openssl s_client -connect HOST:443.",
        "인증서의 발급자를 다른 네트워크에서 본 것과 비교하십시오: openssl s_client -connect HOST:443.";
}
ServerNameFiltered: Reach, "RFC 6066 §3" {
    title: "TLS is broken off because of the name of the server", "서버의 이름 때문에 TLS가 끊깁니다";
    detail: "The handshake with {address} broke off as soon as it named the server[ ({name})]. The same address shows a certificate to \
        a handshake that names nobody. So something goes by the name: a filter of this network, or the server itself, which \
        may not know that name, as a proxy that has no backend for it.",
        "{address}에서 핸드셰이크가 서버의 이름을[ ({name})] 밝히자마자 끊겼습니다. 이름을 밝히지 않는 핸드셰이크에는 같은 주소가 \
        인증서를 보여 줍니다. 그러므로 무언가가 이름을 보고 끊는 것입니다. 이 네트워크의 필터이거나, 그 이름에 해당하는 \
        백엔드가 없는 프록시처럼 그 이름을 모르는 서버 자신입니다.";
    seen: [TlsBroken];
    NetworkTeam: "Look for a filter that goes by the names of servers, and exempt this one.",
        "서버의 이름을 보는 필터가 있는지 확인하고 이 이름을 제외하십시오.";
    ServerOperator: "Try the name from another network. If it works there, offer the server under a name that tells \
        nothing of TURN or STUN; if not, add the name to the proxy or server.",
        "다른 네트워크에서 그 이름을 시험하십시오. 거기에서 되면 TURN이나 STUN을 드러내지 않는 이름으로 서버를 제공하고, \
        거기에서도 안 되면 프록시나 서버에 그 이름을 추가하십시오.";
}
TlsRevoked: Servers, "RFC 5280 §5" {
    title: "The {server|certificate|certificates} of {server} {server|has|have} been revoked", "{server}의 인증서가 폐기되었습니다";
    detail: "Its issuer has taken it back, so it must not be trusted any more.",
        "발급자가 인증서를 폐기했으므로 더는 믿어서는 안 됩니다.";
    seen: [CertificateShown];
    ServerOperator: "Replace certificate and key at once.", "인증서와 키를 즉시 바꾸십시오.";
    You: "Do not use this server until then.", "그때까지 이 서버를 쓰지 마십시오.";
}
TlsNotSpoken: Servers, "RFC 7065 §3.1" {
    title: "{server} {server|does|do} not speak TLS on this port", "{server}의 이 포트에서는 TLS를 쓰지 않습니다";
    detail: "The first bytes of the answer are not TLS[: \"{reason}\"]. Most often the URI says turns: where the \
        port is for plain TURN.",
        "응답의 첫 바이트들이 TLS가 아닙니다[: \"{reason}\"]. 일반 TURN 포트인데 URI에 turns:라고 쓴 경우가 가장 \
        많습니다.";
    seen: [TlsBroken];
    You: "Use turn:HOST?transport=tcp on 3478, or turns: on 5349 or 443.",
        "3478번 포트에는 turn:HOST?transport=tcp를, 5349번이나 443번 포트에는 turns:를 쓰십시오.";
    ServerOperator: "Set cert and pkey: without them coturn does not start TLS.",
        "coturn은 cert와 pkey를 설정해야 TLS를 시작합니다.";
}
TlsNothingInCommon: Servers, "RFC 9325 §3.1" {
    title: "{server} and this machine have no TLS version or cipher in common",
        "이 컴퓨터와 {server} 사이에 공통된 TLS 버전이나 암호 방식이 없습니다";
    detail: "The handshake ended without agreement[: {reason}]. The server may know only TLS 1.0 or 1.1, which \
        browsers no longer speak.",
        "합의하지 못하고 핸드셰이크가 끝났습니다[: {reason}]. 서버가 브라우저에서 더는 쓰지 않는 TLS 1.0이나 1.1만 \
        아는 것일 수 있습니다.";
    seen: [TlsBroken];
    ServerOperator: "Enable TLS 1.2 and 1.3 with the usual cipher suites.",
        "TLS 1.2와 1.3을 일반적인 암호 방식과 함께 켜십시오.";
}
TlsTimedOut: Servers, "" {
    title: "The TLS handshake with {server} {server|does|do} not finish", "{server}에서 TLS 핸드셰이크가 끝나지 않습니다";
    detail: "The TCP connection is there, but no complete handshake came in time. A firewall that inspects traffic \
        may hold it back, packets with the certificate may be too large for the path, or what listens there waits for \
        something else than TLS: a port for plain TURN, a balancer whose server is gone.",
        "TCP 연결은 되었지만 제때 핸드셰이크를 마치지 못했습니다. 트래픽을 검사하는 방화벽이 붙들고 있거나, \
        인증서를 담은 패킷이 경로에 비해 너무 크거나, 그 포트에서 TLS가 아닌 것을 기다리고 있을 수 있습니다(일반 TURN \
        포트이거나, 뒤의 서버가 사라진 로드 밸런서).";
    seen: [TlsBroken];
    NetworkTeam: "Exempt this server from inspection, and check the path MTU.",
        "이 서버를 검사 대상에서 제외하고 경로의 MTU를 확인하십시오.";
    ServerOperator: "Check that this port speaks TLS (coturn: cert and pkey), what stands behind a balancer, and the \
        server's load.",
        "이 포트에서 TLS를 쓰는지(coturn: cert와 pkey), 로드 밸런서 뒤에 무엇이 있는지, 서버의 부하를 확인하십시오.";
}
TlsFailed: Servers, "RFC 8446 §6" {
    title: "The TLS handshake with {server} failed", "{server}에서 TLS 핸드셰이크가 실패했습니다";
    detail: "It was broken off[: {reason}]. Where something accepts the connection and then hangs up at the first \
        bytes of TLS, it is mostly a load balancer, or a multiplexer that shares the port by SNI or ALPN (nginx, \
        HAProxy, sslh) and finds no TURN server behind it.",
        "핸드셰이크가 도중에 끊겼습니다[: {reason}]. 연결을 받고 나서 TLS의 첫 바이트에 끊는 것은 대부분 로드 \
        밸런서이거나, SNI나 ALPN으로 포트를 나누어 쓰면서 그 뒤에서 TURN 서버를 찾지 못한 장치(nginx 등)입니다.";
    seen: [TlsBroken];
    ServerOperator: "Look into the server's log at this time, and check that the multiplexer's way to the TURN server \
        leads to one that runs.",
        "이 시각의 서버 로그를 살펴보고, 포트를 나누는 장치가 작동하는 TURN 서버로 이어지는지 확인하십시오.";
    You: "See the same from outside with openssl s_client -connect HOST:PORT.",
        "openssl s_client -connect HOST:PORT 명령으로 밖에서도 같은지 확인하십시오.";
}
TlsUnverified: Servers, "" {
    title: "The {server|certificate|certificates} of {server} {server|was|were} not verified", "{server}의 인증서를 검증하지 않았습니다";
    detail: "--insecure was given, so the tool went on in spite of the certificate's problem[: {reason}]. A \
        browser would have stopped there.",
        "--insecure가 지정되어 인증서에 문제가 있어도 계속했습니다[: {reason}]. 브라우저였다면 거기서 멈추었을 \
        것입니다.";
    seen: [CertificateShown];
    ServerOperator: "Mend the certificate.", "인증서를 바로잡으십시오.";
    You: "Leave --insecure away to see what a browser sees.",
        "브라우저에서 어떻게 되는지 보려면 --insecure를 빼십시오.";
}

} } }
