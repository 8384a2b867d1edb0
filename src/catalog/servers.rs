//! Servers that do not answer as they should, over any transport.

use super::{Entry, Said};

pub(super) const SILENT: Entry = Entry {
    title: Said { en: "{server} does not answer", ko: "{server}에서 응답이 없습니다" },
    detail: Said {
        en: "Requests over {transport} to {address} were repeated and got no answer. The server is down, the port is \
             wrong, or a firewall drops the packets without a word.",
        ko: "{address}에 {transport}로 요청을 되풀이해서 보냈지만 응답이 없었습니다. 서버가 멈추었거나, 포트가 \
             틀렸거나, 방화벽이 패킷을 말없이 버리고 있습니다.",
    },
    remedy: Said {
        en: "You: check host and port. Operator: check that the server runs and that its firewall is open (UDP and TCP \
             3478, TLS 5349 or 443).",
        ko: "사용자: 호스트와 포트를 확인하십시오. 서버 운영자: 서버가 작동하는지, 방화벽이 열려 있는지(UDP와 TCP \
             3478, TLS 5349 또는 443) 확인하십시오.",
    },
    rfc: "RFC 8489 §6.2.1",
};
pub(super) const REFUSED_CONNECTION: Entry = Entry {
    title: Said {
        en: "{server} is there, but nothing listens on that port",
        ko: "{server}까지 닿지만, 그 포트에서 기다리는 프로그램이 없습니다",
    },
    detail: Said {
        en: "The machine at {address} refused the connection over {transport}: no server runs on this port, or a \
             firewall refuses in its name.",
        ko: "{address}의 컴퓨터가 {transport} 연결을 거부했습니다. 이 포트에서 작동하는 서버가 없거나, 방화벽이 대신 \
             거부하고 있습니다.",
    },
    remedy: Said {
        en: "You: check the port in the URI. Operator: start the server, and check its listening ports (3478 for UDP \
             and TCP, 5349 for TLS unless set otherwise).",
        ko: "사용자: URI의 포트를 확인하십시오. 서버 운영자: 서버를 시작하고 수신 포트를 확인하십시오(따로 설정하지 \
             않으면 UDP와 TCP는 3478, TLS는 5349).",
    },
    rfc: "",
};
pub(super) const UNREACHABLE: Entry = Entry {
    title: Said { en: "There is no way to {server}", ko: "{server}까지 가는 길이 없습니다" },
    detail: Said {
        en: "The system or a router on the way said that {address} cannot be reached[: {reason}].",
        ko: "시스템이나 도중의 라우터에 따르면 {address}에는 닿을 수 없습니다[: {reason}].",
    },
    remedy: Said {
        en: "You: check the network connection, and the VPN where the server is inside a company. Your network team: \
             check the route and the firewall to this address.",
        ko: "사용자: 네트워크 연결을 확인하고, 서버가 회사 안에 있다면 VPN도 확인하십시오. 네트워크 담당자: 이 주소로 \
             가는 경로와 방화벽을 확인하십시오.",
    },
    rfc: "",
};
pub(super) const CONNECTION_TIMED_OUT: Entry = Entry {
    title: Said {
        en: "A connection to {server} does not come about", ko: "{server}에 연결이 이루어지지 않습니다"
    },
    detail: Said {
        en: "Nothing answered the attempt to connect to {address} over {transport}: the host is down, or a firewall \
             drops such packets without a word.",
        ko: "{address}에 {transport}로 연결을 시도했지만 아무 응답이 없었습니다. 호스트가 멈추었거나, 방화벽이 그런 \
             패킷을 말없이 버리고 있습니다.",
    },
    remedy: Said {
        en: "You: check host and port. Your network team: allow outbound TCP to this port. Operator: check the \
             server's firewall.",
        ko: "사용자: 호스트와 포트를 확인하십시오. 네트워크 담당자: 이 포트로 나가는 TCP를 허용하십시오. 서버 운영자: \
             서버의 방화벽을 확인하십시오.",
    },
    rfc: "",
};
pub(super) const CLOSED: Entry = Entry {
    title: Said { en: "{server} hung up in the middle", ko: "{server}에서 연결을 도중에 끊었습니다" },
    detail: Said {
        en: "The connection over {transport} was accepted and then ended before an answer was complete. Often a load \
             balancer or a proxy in front of the server does not know STUN, or the server is being restarted.",
        ko: "{transport}로 연결되었지만 응답이 끝나기 전에 끊겼습니다. 서버 앞의 로드 밸런서나 프록시가 STUN을 \
             모르거나, 서버가 다시 시작되는 중인 경우가 많습니다.",
    },
    remedy: Said {
        en: "Operator: check the server's log, and pass TCP through the load balancer unchanged.",
        ko: "서버 운영자: 서버의 로그를 확인하고, 로드 밸런서가 TCP를 그대로 전달하게 하십시오.",
    },
    rfc: "RFC 8489 §6.2.2",
};
pub(super) const NOT_STUN: Entry = Entry {
    title: Said {
        en: "What answers at {server} is not a STUN or TURN server",
        ko: "{server}에서 응답하는 것이 STUN이나 TURN 서버가 아닙니다",
    },
    detail: Said {
        en: "The answer from {address} is not STUN[; it begins with \"{reason}\"]. The port belongs to another \
             service, or a proxy or log-in page answers in the server's place.",
        ko: "{address}의 응답이 STUN이 아닙니다[. 응답의 첫 부분: \"{reason}\"]. 다른 서비스의 포트이거나, 프록시나 \
             로그인 페이지가 서버 대신 응답하고 있습니다.",
    },
    remedy: Said {
        en: "You: check host and port; web servers are often on 443, TURN on 3478 or 5349.",
        ko: "사용자: 호스트와 포트를 확인하십시오. 웹 서버는 흔히 443을, TURN은 3478이나 5349를 씁니다.",
    },
    rfc: "RFC 8489 §5",
};
pub(super) const ANSWERS_FROM_ELSEWHERE: Entry = Entry {
    title: Said {
        en: "{server} answers from an address that was not asked",
        ko: "{server}의 응답이 물어보지 않은 주소에서 옵니다",
    },
    detail: Said {
        en: "The answer came from elsewhere[: asked was {address}, answered has {from}]. NATs drop such answers, so \
             the server works for some clients only.",
        ko: "응답이 다른 곳에서 왔습니다[. 물어본 주소: {address}, 응답한 주소: {from}]. NAT는 그런 응답을 버리므로, \
             일부 클라이언트만 이 서버를 쓸 수 있습니다.",
    },
    remedy: Said {
        en: "Operator: bind the server to its public address instead of to all addresses (coturn: listening-ip), so \
             that it answers from where it was asked.",
        ko: "서버 운영자: 요청을 받은 주소에서 응답하도록, 서버를 모든 주소가 아니라 공인 주소에 \
             바인드하십시오(coturn: listening-ip).",
    },
    rfc: "RFC 8489 §6.3.1.2",
};
pub(super) const MALFORMED_ANSWERS: Entry = Entry {
    title: Said {
        en: "{server} sends answers that break the rules of STUN",
        ko: "{server}의 응답이 STUN 규칙에 어긋납니다",
    },
    detail: Said {
        en: "Its answers could not be read in full[: {reason}]. The server has a fault, or a device on the way damages \
             the packets.",
        ko: "응답을 온전히 읽을 수 없었습니다[: {reason}]. 서버에 결함이 있거나, 도중의 장비가 패킷을 손상시키고 \
             있습니다.",
    },
    remedy: Said {
        en: "Operator: update the server. You: compare with another network, to tell the server from the way to it.",
        ko: "서버 운영자: 서버를 업데이트하십시오. 사용자: 서버 때문인지 경로 때문인지 알 수 있도록 다른 네트워크와 \
             비교하십시오.",
    },
    rfc: "RFC 8489 §6.3",
};
pub(super) const CONFLICTING_ANSWERS: Entry = Entry {
    title: Said {
        en: "{server} answered one question in two ways",
        ko: "{server}에서 한 질문에 두 가지로 응답했습니다",
    },
    detail: Said {
        en: "Two different answers came to one request; the first was used. A load balancer that copies packets, or \
             someone who forges answers, does that.",
        ko: "요청 하나에 서로 다른 두 응답이 와서 첫 번째 것을 썼습니다. 패킷을 복사하는 로드 밸런서나 응답을 위조하는 \
             누군가가 있을 때 그렇습니다.",
    },
    remedy: Said {
        en: "Operator: look for duplicated packets or for two servers on one address.",
        ko: "서버 운영자: 중복된 패킷이 있는지, 한 주소에 서버가 두 대 있는지 확인하십시오.",
    },
    rfc: "RFC 8489 §6.3.3",
};
pub(super) const INTEGRITY_FAILED: Entry = Entry {
    title: Said {
        en: "The answer of {server} is not signed with your password",
        ko: "{server}의 응답이 사용자의 암호로 서명되지 않았습니다",
    },
    detail: Said {
        en: "The signature of the answer (MESSAGE-INTEGRITY) does not fit: the password is wrong, or something on the \
             way changes the packets.",
        ko: "응답의 서명(MESSAGE-INTEGRITY)이 맞지 않습니다. 암호가 틀렸거나, 도중의 무언가가 패킷을 바꾸고 있습니다.",
    },
    remedy: Said {
        en: "You: check the password. If it is right, try from another network or over TLS (turns:).",
        ko: "사용자: 암호를 확인하십시오. 맞다면 다른 네트워크에서, 또는 TLS(turns:)로 시도하십시오.",
    },
    rfc: "RFC 8489 §14.5",
};
pub(super) const CLASSIC: Entry = Entry {
    title: Said { en: "{server} speaks the STUN of 2003", ko: "{server}에서 2003년의 STUN을 씁니다" },
    detail: Said {
        en: "It answers in the form of RFC 3489, without the masked address that protects against meddling devices. It \
             can be used, with less certainty.",
        ko: "RFC 3489 형식으로 응답하며, 주소를 고쳐 쓰는 장비를 막아 주는 가려진 주소가 없습니다. 쓸 수는 있지만 \
             확실성이 떨어집니다.",
    },
    remedy: Said {
        en: "Operator: replace the server by one that does RFC 8489, for example coturn.",
        ko: "서버 운영자: 서버를 coturn처럼 RFC 8489를 지원하는 것으로 바꾸십시오.",
    },
    rfc: "RFC 8489 §11",
};
pub(super) const DISAGREES_WITH_OTHERS: Entry = Entry {
    title: Said {
        en: "{server} sees another public address than all the others do",
        ko: "{server}에서만 다른 공인 주소를 보았습니다",
    },
    detail: Said {
        en: "It reports {address}, and the other servers agree on something else. It may stand in another network, or \
             its answers are wrong; its word was not used for the verdict.",
        ko: "이 서버가 알려 준 주소: {address}. 다른 서버들은 모두 이와 다른 주소를 알려 주었습니다. 이 서버가 다른 \
             네트워크에 있거나 응답이 잘못된 것일 수 있어서, 판정에는 쓰지 않았습니다.",
    },
    remedy: Said {
        en: "You: use another server. Operator: check for a proxy or a NAT in front of the server.",
        ko: "사용자: 다른 서버를 쓰십시오. 서버 운영자: 서버 앞에 프록시나 NAT가 있는지 확인하십시오.",
    },
    rfc: "",
};

pub(super) const TLS_EXPIRED: Entry = Entry {
    title: Said { en: "The certificate of {server} has expired", ko: "{server}의 인증서가 만료되었습니다" },
    detail: Said {
        en: "It was valid until {until}. Browsers refuse it, so nobody can use this server over TLS.",
        ko: "인증서의 유효 기간은 {until}까지였습니다. 브라우저가 거부하므로 TLS로는 아무도 이 서버를 쓸 수 없습니다.",
    },
    remedy: Said {
        en: "Operator: renew the certificate and restart the server, since coturn and others read it only at the \
             start. You: check that this machine's clock is right.",
        ko: "서버 운영자: 인증서를 갱신하고 서버를 다시 시작하십시오. coturn을 비롯한 서버들은 시작할 때만 인증서를 \
             읽습니다. 사용자: 이 컴퓨터의 시계가 맞는지 확인하십시오.",
    },
    rfc: "RFC 5280 §4.1.2.5",
};
pub(super) const TLS_NOT_YET_VALID: Entry = Entry {
    title: Said {
        en: "The certificate of {server} is not valid yet",
        ko: "{server}의 인증서가 아직 유효하지 않습니다",
    },
    detail: Said {
        en: "It is valid only from {until} on. Most often the clock of this machine is behind.",
        ko: "인증서는 {until}부터 유효합니다. 이 컴퓨터의 시계가 늦은 경우가 가장 많습니다.",
    },
    remedy: Said {
        en: "You: check date and time of this machine. Operator: check the certificate.",
        ko: "사용자: 이 컴퓨터의 날짜와 시간을 확인하십시오. 서버 운영자: 인증서를 확인하십시오.",
    },
    rfc: "RFC 5280 §4.1.2.5",
};
pub(super) const TLS_WRONG_NAME: Entry = Entry {
    title: Said {
        en: "The certificate of {server} is for another name",
        ko: "{server}의 인증서가 다른 이름의 것입니다",
    },
    detail: Said {
        en: "It is valid for {names}, which is not the name in the URI. Browsers refuse it.",
        ko: "인증서의 이름: {names}. URI의 이름과 다르므로 브라우저가 거부합니다.",
    },
    remedy: Said {
        en: "You: use the name in the certificate; an IP address in a turns: URI does not work with an ordinary \
             certificate. Operator: get a certificate for this name.",
        ko: "사용자: 인증서에 있는 이름을 쓰십시오. 보통의 인증서로는 turns: URI에 IP 주소를 쓸 수 없습니다. 서버 \
             운영자: 이 이름의 인증서를 받으십시오.",
    },
    rfc: "RFC 9525 §6",
};
pub(super) const TLS_SELF_SIGNED: Entry = Entry {
    title: Said {
        en: "The certificate of {server} is signed by itself",
        ko: "{server}의 인증서가 자체 서명된 것입니다",
    },
    detail: Said {
        en: "Nobody vouches for it[ (issuer: {issuer})]. Browsers refuse it, and have no button to accept it for TURN.",
        ko: "인증서를 보증하는 곳이 없습니다[ (발급자: {issuer})]. 브라우저가 거부하며, TURN에는 예외로 허용하는 \
             단추도 없습니다.",
    },
    remedy: Said {
        en: "Operator: get a certificate from a public authority. You: for a test, add --ca FILE with the certificate, \
             or --insecure.",
        ko: "서버 운영자: 공인 인증 기관에서 인증서를 받으십시오. 사용자: 시험하려면 --ca FILE로 그 인증서를 \
             지정하거나 --insecure를 붙이십시오.",
    },
    rfc: "RFC 5280 §6",
};
pub(super) const TLS_UNKNOWN_ISSUER: Entry = Entry {
    title: Said {
        en: "The certificate of {server} is signed by someone this machine does not know",
        ko: "{server}의 인증서를 이 컴퓨터가 모르는 곳에서 서명했습니다",
    },
    detail: Said {
        en: "Its issuer is {issuer}. It is a private authority, or the server does not send the intermediate \
             certificate.",
        ko: "발급자: {issuer}. 사설 인증 기관이거나, 서버가 중간 인증서를 보내지 않고 있습니다.",
    },
    remedy: Said {
        en: "Operator: send the whole chain (for Let's Encrypt: fullchain.pem, not cert.pem). You: for a company's own \
             authority, add --ca FILE.",
        ko: "서버 운영자: 인증서 체인 전체를 보내십시오(Let's Encrypt: cert.pem이 아니라 fullchain.pem). 사용자: \
             회사의 자체 인증 기관이라면 --ca FILE을 붙이십시오.",
    },
    rfc: "RFC 8446 §4.4.2",
};
pub(super) const TLS_REVOKED: Entry = Entry {
    title: Said {
        en: "The certificate of {server} has been revoked", ko: "{server}의 인증서가 폐기되었습니다"
    },
    detail: Said {
        en: "Its issuer has taken it back, so it must not be trusted any more.",
        ko: "발급자가 인증서를 폐기했으므로 더는 믿어서는 안 됩니다.",
    },
    remedy: Said {
        en: "Operator: replace certificate and key at once. You: do not use this server until then.",
        ko: "서버 운영자: 인증서와 키를 즉시 바꾸십시오. 사용자: 그때까지 이 서버를 쓰지 마십시오.",
    },
    rfc: "RFC 5280 §5",
};
pub(super) const TLS_NOT_SPOKEN: Entry = Entry {
    title: Said {
        en: "{server} does not speak TLS on this port", ko: "{server}의 이 포트에서는 TLS를 쓰지 않습니다"
    },
    detail: Said {
        en: "The first bytes of the answer are not TLS[: \"{reason}\"]. Most often the URI says turns: where the port \
             is for plain TURN.",
        ko: "응답의 첫 바이트들이 TLS가 아닙니다[: \"{reason}\"]. 일반 TURN 포트인데 URI에 turns:라고 쓴 경우가 가장 \
             많습니다.",
    },
    remedy: Said {
        en: "You: use turn:HOST?transport=tcp on 3478, or turns: on 5349 or 443. Operator: coturn starts TLS only with \
             cert and pkey set.",
        ko: "사용자: 3478번 포트에는 turn:HOST?transport=tcp를, 5349번이나 443번 포트에는 turns:를 쓰십시오. 서버 \
             운영자: coturn은 cert와 pkey를 설정해야 TLS를 시작합니다.",
    },
    rfc: "RFC 7065 §3.1",
};
pub(super) const TLS_NOTHING_IN_COMMON: Entry = Entry {
    title: Said {
        en: "{server} and this machine have no TLS version or cipher in common",
        ko: "이 컴퓨터와 {server} 사이에 공통된 TLS 버전이나 암호 방식이 없습니다",
    },
    detail: Said {
        en: "The handshake ended without agreement[: {reason}]. The server may know only TLS 1.0 or 1.1, which \
             browsers no longer speak.",
        ko: "합의하지 못하고 핸드셰이크가 끝났습니다[: {reason}]. 서버가 브라우저에서 더는 쓰지 않는 TLS 1.0이나 1.1만 \
             아는 것일 수 있습니다.",
    },
    remedy: Said {
        en: "Operator: enable TLS 1.2 and 1.3 with the usual cipher suites.",
        ko: "서버 운영자: TLS 1.2와 1.3을 일반적인 암호 방식과 함께 켜십시오.",
    },
    rfc: "RFC 9325 §3.1",
};
pub(super) const TLS_TIMED_OUT: Entry = Entry {
    title: Said {
        en: "The TLS handshake with {server} does not finish",
        ko: "{server}에서 TLS 핸드셰이크가 끝나지 않습니다",
    },
    detail: Said {
        en: "The TCP connection is there, but no complete handshake came in time. A firewall that inspects traffic may \
             hold it back, or packets with the certificate are too large for the path.",
        ko: "TCP 연결은 되었지만 제때 핸드셰이크를 마치지 못했습니다. 트래픽을 검사하는 방화벽이 붙들고 있거나, \
             인증서를 담은 패킷이 경로에 비해 너무 클 수 있습니다.",
    },
    remedy: Said {
        en: "Your network team: exempt this server from inspection, and check the path MTU. Operator: check the \
             server's load.",
        ko: "네트워크 담당자: 이 서버를 검사 대상에서 제외하고 경로의 MTU를 확인하십시오. 서버 운영자: 서버의 부하를 \
             확인하십시오.",
    },
    rfc: "",
};
pub(super) const TLS_FAILED: Entry = Entry {
    title: Said {
        en: "The TLS handshake with {server} failed", ko: "{server}에서 TLS 핸드셰이크가 실패했습니다"
    },
    detail: Said {
        en: "It was broken off[: {reason}].", ko: "핸드셰이크가 도중에 끊겼습니다[: {reason}]."
    },
    remedy: Said {
        en: "Operator: look into the server's log at this time. You: see the same from outside with openssl s_client \
             -connect HOST:PORT.",
        ko: "서버 운영자: 이 시각의 서버 로그를 살펴보십시오. 사용자: openssl s_client -connect HOST:PORT 명령으로 \
             밖에서도 같은지 확인하십시오.",
    },
    rfc: "RFC 8446 §6",
};
pub(super) const TLS_UNVERIFIED: Entry = Entry {
    title: Said {
        en: "The certificate of {server} was not verified", ko: "{server}의 인증서를 검증하지 않았습니다"
    },
    detail: Said {
        en: "--insecure was given, so the tool went on in spite of the certificate's problem[: {reason}]. A browser \
             would have stopped there.",
        ko: "--insecure가 지정되어 인증서에 문제가 있어도 계속했습니다[: {reason}]. 브라우저였다면 거기서 멈추었을 \
             것입니다.",
    },
    remedy: Said {
        en: "Operator: mend the certificate. You: leave --insecure away to see what a browser sees.",
        ko: "서버 운영자: 인증서를 바로잡으십시오. 사용자: 브라우저에서 어떻게 되는지 보려면 --insecure를 빼십시오.",
    },
    rfc: "",
};
pub(super) const BINDING_REFUSED: Entry = Entry {
    title: Said {
        en: "{server} answers, and refuses a plain STUN request",
        ko: "{server}에서 응답하지만, 평범한 STUN 요청을 거부합니다",
    },
    detail: Said {
        en: "It answered {code}[ \"{reason}\"] to a Binding request. A STUN server answers such requests from anybody; \
             one that asks for credentials is meant for TURN alone.",
        ko: "Binding 요청에 대한 응답: {code}[ \"{reason}\"]. STUN 서버는 누구의 요청에나 응답합니다. 인증 정보를 \
             요구하는 서버는 TURN 전용입니다.",
    },
    remedy: Said {
        en: "You: use another STUN server. Operator: allow Binding requests without credentials (coturn: no \
             secure-stun).",
        ko: "사용자: 다른 STUN 서버를 쓰십시오. 서버 운영자: 인증 정보가 없는 Binding 요청을 허용하십시오(coturn: \
             secure-stun 제거).",
    },
    rfc: "RFC 8489 §12",
};
