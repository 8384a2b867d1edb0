//! Does a TURN server relay, and if not, why?

macro_rules! relays { ($($before:tt)*) => { collect! { $($before)*

RelayWorks: Relays, "RFC 8656 §2" {
    title: "The {server|relay|relays} of {server} {server|works|work}", "{server}의 중계가 작동합니다";
    detail: "An allocation was made over {transport}[ at {relayed}], and bytes crossed it both ways.",
        "{transport}로 할당을 받았고[(중계 주소 {relayed})], 바이트가 양방향으로 통과했습니다.";
    seen: [Allocated, CrossedIn, CrossedOut];
}
RelayNotOffered: Relays, "RFC 8656 §7" {
    title: "{server} {server|answers|answer} STUN, but no TURN", "{server}에서 STUN에는 응답하지만 TURN에는 응답하지 않습니다";
    detail: "A Binding request to {address} was answered at once, and requests for an allocation to the same address \
        and port were not, however often they were repeated. So TURN is not enabled there: it is a STUN server only.",
        "{address}에 보낸 Binding 요청에는 바로 응답이 왔지만, 같은 주소와 포트에 되풀이해서 보낸 할당 요청에는 \
        응답이 없었습니다. 그곳에는 TURN이 켜져 있지 않고, STUN 서버일 뿐입니다.";
    seen: [Silence, BindingAnswered];
    TurnOperator: "Switch TURN on (coturn: remove stun-only), or list the server as stun: \
        alone.",
        "TURN을 켜거나(coturn: stun-only 제거), 서버를 stun:으로만 지정하십시오.";
}
RelayNoChallenge: Relays, "RFC 8489 §9.2.4" {
    title: "{server} {server|asks|ask} for credentials without saying which",
        "{server}에서 어떤 인증 정보인지 알리지 않고 인증을 요구합니다";
    detail: "{server|It|They} answered 401 without what a client needs to make its answer, which is a realm, a nonce \
        and an algorithm; an empty realm is none. No client can log in there, whatever its password.",
        "클라이언트가 응답을 만드는 데 필요한 realm, nonce, 알고리즘을 갖추지 않고 401로 응답했습니다. 비어 있는 \
        realm은 없는 것과 같습니다. 암호가 무엇이든 어떤 클라이언트도 로그인할 수 없습니다.";
    seen: [Refused];
    TurnOperator: "Set a realm and long-term credentials (coturn: realm, and lt-cred-mech with users or \
        use-auth-secret).",
        "realm과 장기 인증 정보를 설정하십시오(coturn: realm, 그리고 사용자를 등록한 lt-cred-mech 또는 \
        use-auth-secret).";
}
RelayOpen: Relays, "RFC 8656 §5" {
    title: "{server} {server|relays|relay} for anybody", "{server}에서 누구에게나 중계해 줍니다";
    detail: "{server|It|They} gave an allocation without asking who we are. Whoever finds it can send traffic under \
        its address, and uses its bandwidth.",
        "누구인지 묻지 않고 할당을 내주었습니다. 이 서버를 찾은 사람은 누구나 서버의 주소로 트래픽을 보내고 \
        대역폭을 쓸 수 있습니다.";
    seen: [Allocated];
    TurnOperator: "Ask for credentials (coturn: lt-cred-mech with user, or use-auth-secret; never no-auth).",
        "인증 정보를 요구하십시오(coturn: user와 함께 lt-cred-mech, 또는 use-auth-secret. no-auth는 절대 쓰지 \
        마십시오).";
}
RelayCredentialsRejected: Relays, "RFC 8489 §9.2.5" {
    title: "{server} {server|does|do} not accept the user name and password",
        "{server}에서 사용자 이름과 암호를 받아들이지 않습니다";
    detail: "The first 401 is only the question for credentials; this one came in answer to them[ ({code} \
        \"{reason}\")]. User, password or realm is wrong, or time-limited credentials have run out.[ {from} had sent us \
        on to {address} (300, alternate-server), which has to know the same users.]",
        "첫 번째 401은 인증 정보를 묻는 것일 뿐이지만, 이번 401은 인증 정보에 대한 답으로 왔습니다[ ({code} \
        \"{reason}\")]. 사용자 이름, 암호 또는 realm이 틀렸거나, 시간이 제한된 인증 정보가 만료되었습니다.[ {from}에서 \
        {address}(으)로 가라고 했으므로(300, alternate-server), 그 서버도 같은 사용자를 알아야 합니다.]";
    seen: [Refused];
    You: "Check both, and fetch fresh ones if they are time-limited.",
        "둘 다 확인하고, 시간이 제한된 것이라면 새로 받으십시오.";
    TurnOperator: "Compare realm and user database; with use-auth-secret the secret must be the same on both \
        sides, and the user name begins with the time of expiry in seconds, not milliseconds.",
        "realm과 사용자 데이터베이스를 확인하십시오. use-auth-secret을 쓴다면 양쪽의 비밀이 같아야 하고, 사용자 \
        이름은 밀리초가 아니라 초 단위의 만료 시각으로 시작해야 합니다.";
}
CredentialsRefusedByServer: Relays, "RFC 8489 §9.2.5" {
    title: "{server} {server|does|do} not accept the credentials that the source has just given",
        "{server}에서 방금 받은 인증 정보를 받아들이지 않습니다";
    detail: "They came from the application's own source in this run, and the server refused them[ ({code} \"{reason}\")]: the service \
        that makes them and the TURN server do not share the secret, the realm or the users, or their clocks differ. No user of the \
        application can do anything about it.",
        "이번 실행에서 응용 프로그램의 서비스가 준 인증 정보인데 서버가 거부했습니다[ ({code} \"{reason}\")]. 인증 정보를 만드는 서비스와 \
        TURN 서버의 비밀, realm, 사용자 가운데 무엇이 서로 다르거나 시계가 다릅니다. 응용 프로그램의 사용자는 할 수 있는 것이 없습니다.";
    seen: [Refused];
    TurnOperator: "Compare the secret (coturn: static-auth-secret), the realm and the clock with those of the service that makes the \
        credentials; lint SOURCE --turn-secret-file tells whether they are made of this secret.",
        "비밀(coturn: static-auth-secret), realm, 시계를 인증 정보를 만드는 서비스의 것과 비교하십시오. lint SOURCE --turn-secret-file로 이 \
        비밀로 만든 것인지 알 수 있습니다.";
}
RelayStaleNonceLoop: Relays, "RFC 8489 §9.2.5" {
    title: "{server} {server|keeps rejecting its|keep rejecting their} own nonces", "{server}에서 자신이 준 nonce를 계속 거부합니다";
    detail: "One 438 is normal: the nonce had become old. Here each new nonce was rejected too, which is what \
        happens when requests of one client reach different servers, or arrive from changing addresses.",
        "438 한 번은 정상입니다. nonce가 오래되었다는 뜻입니다. 그러나 여기서는 새 nonce도 모두 거부되었습니다. 한 \
        클라이언트의 요청이 서로 다른 서버에 도착하거나 바뀌는 주소에서 올 때 그렇게 됩니다.";
    seen: [Refused];
    TurnOperator: "Make the load balancer keep a client on one server (source-address affinity), and check for \
        listening or relay addresses given twice.",
        "로드 밸런서가 한 클라이언트를 한 서버에 유지하게 하고(출발지 주소 고정), 수신 주소나 중계 주소가 두 번 \
        지정되지 않았는지 확인하십시오.";
}
RelayBidDown: Relays, "RFC 8489 §9.2.1" {
    title: "The {server|way|ways} to {server} {server|seems|seem} to be tampered with", "{server}까지 가는 길에서 누군가 조작하는 것 같습니다";
    detail: "The nonce says that the server offers better password algorithms, but the list of them is missing. \
        Someone on the way may have removed it to make the password easier to break.",
        "서버의 nonce에 따르면 더 나은 암호 알고리즘이 제공되지만, 그 목록이 빠져 있습니다. 암호를 더 쉽게 풀기 \
        위해 도중에 누군가 없앴을 수 있습니다.";
    seen: [];
    You: "Do not send this password over this network; use turns:.",
        "이 네트워크에서 이 암호를 보내지 말고 turns:를 쓰십시오.";
    TurnOperator: "Check for proxies that rewrite STUN.", "STUN을 고쳐 쓰는 프록시가 있는지 확인하십시오.";
}
RelayRedirected: Relays, "RFC 8489 §10" {
    title: "{server} {server|sends its|send their} clients to another server", "{server}에서 클라이언트를 다른 서버로 보냅니다";
    detail: "{server|It|They} answered 300 and named {alternate}, which was not followed: it is of the other IP \
        version, or inside a private network. Browsers follow redirects only in part.",
        "300으로 응답하며 다른 서버를 지정했습니다(지정된 서버: {alternate}). 다른 IP 버전이거나 사설 네트워크 \
        안에 있어서 따라가지 않았습니다. 브라우저는 이런 안내를 일부만 따릅니다.";
    seen: [SentOn];
    You: "Give the other server's URI directly.", "다른 서버의 URI를 직접 지정하십시오.";
    TurnOperator: "Balance load by DNS rather than by redirects.", "부하는 리디렉션보다 DNS로 나누십시오.";
}
RelayRedirectLoop: Relays, "RFC 8489 §10" {
    title: "{server} {server|redirects|redirect} in circles", "{server}에서 시작한 리디렉션이 제자리를 맴돕니다";
    detail: "The redirects (300) lead back to a server already asked, or never end[: {alternate}].",
        "리디렉션(300)이 이미 물어본 서버로 되돌아오거나 끝나지 않습니다[: {alternate}].";
    seen: [SentOn];
    TurnOperator: "Check alternate-server on every server of the group; none may name one that names it.",
        "그룹의 모든 서버에서 alternate-server를 확인하십시오. 자신을 지정하는 서버를 지정해서는 안 됩니다.";
}
RelayForbidden: Relays, "RFC 8656 §7.4" {
    title: "{server} {server|knows you, but does|know you, but do} not allow this",
        "{server}에서 사용자를 알지만 이 요청을 허용하지 않습니다";
    detail: "{server|It|They} answered 403[ \"{reason}\"]: the user may not have an allocation, or not of this kind.",
        "403으로 응답했습니다[ (\"{reason}\")]. 이 사용자는 할당을 받을 수 없거나, 이런 종류의 할당은 받을 수 \
        없습니다.";
    seen: [Refused];
    TurnOperator: "Check the rights of this user and the server's access rules.",
        "이 사용자의 권한과 서버의 접근 규칙을 확인하십시오.";
}
RelayBadRequest: Relays, "RFC 8489 §14.8" {
    title: "{server} {server|calls|call} the request malformed", "{server}에서 요청의 형식이 잘못되었다고 합니다";
    detail: "{server|It|They} answered 400[ \"{reason}\"]. coturn says this also where the rules have a clearer word: \
        442 where it may not relay over this transport, 437 where the allocation is gone.",
        "400으로 응답했습니다[ (\"{reason}\")]. coturn은 더 정확한 코드가 있는 경우에도 이렇게 응답합니다. 이 전송 \
        방식으로 중계할 수 없으면 442, 할당이 사라졌으면 437이 맞습니다.";
    seen: [Refused];
    TurnOperator: "The log says which it is; check no-udp-relay and no-tcp-relay, and that the server was not \
        restarted.",
        "어느 경우인지는 로그에 있습니다. no-udp-relay와 no-tcp-relay를, 그리고 서버가 다시 시작되지 않았는지 \
        확인하십시오.";
}
RelayUnknownAttribute: Relays, "RFC 8489 §14.13" {
    title: "{server} {server|does|do} not know a part of the request", "{server}에서 요청의 일부를 알지 못합니다";
    detail: "{server|It|They} answered 420[ \"{reason}\"]: the server is old, or a device in front of it speaks less \
        than it.",
        "420으로 응답했습니다[ (\"{reason}\")]. 서버가 오래되었거나, 서버 앞의 장비가 서버보다 적게 지원합니다.";
    seen: [Refused];
    TurnOperator: "Update the server.", "서버를 업데이트하십시오.";
}
RelayAllocationMismatch: Relays, "RFC 8656 §19" {
    title: "{server} {server|has|have} lost or mixed up the allocation", "{server}에서 할당을 잃어버렸거나 혼동하고 있습니다";
    detail: "{server|It|They} answered 437: it knows no allocation for this connection, or knows another one[ \
        ({reason})]. coturn says so too when another user name is used on the same connection.",
        "437로 응답했습니다. 이 연결의 할당이 없거나 다른 할당이 있다는 뜻입니다[ ({reason})]. coturn은 같은 \
        연결에서 다른 사용자 이름을 쓸 때에도 이렇게 응답합니다.";
    seen: [Refused];
    You: "Run it again.", "다시 실행하십시오.";
    TurnOperator: "Check for restarts, and for a load balancer that moves clients between servers.",
        "서버가 다시 시작되었는지, 로드 밸런서가 클라이언트를 다른 서버로 옮기는지 확인하십시오.";
}
RelayFamilyNotSupported: Relays, "RFC 8656 §19" {
    title: "{server} {server|does|do} not relay this IP version", "{server}에서 이 IP 버전은 중계하지 않습니다";
    detail: "{server|It|They} answered 440: it has no address of that family to relay from. Peers that have only that \
        one cannot be reached through it.",
        "440으로 응답했습니다. 중계에 쓸 이 주소 체계의 주소가 없다는 뜻입니다. 이 주소 체계만 있는 상대방에게는 \
        이 서버로 닿을 수 없습니다.";
    seen: [Refused];
    TurnOperator: "Give the server an address of that family (coturn: one more relay-ip).",
        "서버에 이 주소 체계의 주소를 주십시오(coturn: relay-ip 추가).";
}
RelayWrongCredentials: Relays, "RFC 8656 §19" {
    title: "{server} {server|was|were} given other credentials than the allocation was made with",
        "{server}에 할당을 받을 때와 다른 인증 정보를 보냈습니다";
    detail: "{server|It|They} answered 441: an allocation belongs to the user who made it, and this request came as \
        someone else.",
        "441로 응답했습니다. 할당은 그것을 받은 사용자의 것인데, 이 요청은 다른 사용자의 것으로 왔습니다.";
    seen: [Refused];
    You: "Run it again; make sure that credentials do not change during a call.",
        "다시 실행하고, 통화하는 동안 인증 정보가 바뀌지 않게 하십시오.";
    TurnOperator: "Check for a NAT or a proxy that makes two clients look like one.",
        "두 클라이언트를 하나로 보이게 하는 NAT나 프록시가 있는지 확인하십시오.";
}
RelayTransportNotSupported: Relays, "RFC 8656 §19" {
    title: "{server} {server|does|do} not relay over UDP", "{server}에서 UDP로 중계하지 않습니다";
    detail: "{server|It|They} answered 442: it does not offer the transport that was asked for between relay and peer. \
        WebRTC needs UDP there.",
        "442로 응답했습니다. 중계 서버와 상대방 사이에 요청한 전송 방식을 제공하지 않는다는 뜻입니다. WebRTC에는 \
        그 구간에 UDP가 필요합니다.";
    seen: [Refused];
    TurnOperator: "Allow UDP relaying (coturn: remove no-udp-relay).",
        "UDP 중계를 허용하십시오(coturn: no-udp-relay 제거).";
}
RelayPeerFamilyMismatch: Relays, "RFC 8656 §19" {
    title: "The peer's IP version is not that of the relayed address",
        "상대방의 IP 버전이 중계 주소의 IP 버전과 다릅니다";
    detail: "{server} answered 443: an IPv4 relayed address cannot reach an IPv6 peer, nor the other way round.",
        "{server}에서 443으로 응답했습니다. IPv4 중계 주소로는 IPv6 상대방에게 닿을 수 없고, 그 반대도 \
        마찬가지입니다.";
    seen: [Refused];
    TurnOperator: "Relay both families, so that a client can have an address of each.",
        "클라이언트가 주소 체계마다 주소를 받을 수 있도록 양쪽 모두 중계하십시오.";
}
RelayConnectionExists: Relays, "RFC 6062 §6.3" {
    title: "{server} already {server|has|have} a TCP connection to this peer",
        "{server}에 이 상대방과의 TCP 연결이 이미 있습니다";
    detail: "{server|It|They} answered 446: the relay makes only one TCP connection from an allocation to a peer at a \
        time.",
        "446으로 응답했습니다. 중계 서버는 한 할당에서 한 상대방에게 한 번에 하나의 TCP 연결만 만듭니다.";
    seen: [Refused];
    You: "Run it again. If it comes back, tell the TURN operator.",
        "다시 실행하십시오. 되풀이되면 TURN 운영자에게 알리십시오.";
}
RelayConnectionFailed: Relays, "RFC 6062 §6.3" {
    title: "{server} could not connect to the peer over TCP", "{server}에서 상대방에게 TCP로 연결하지 못했습니다";
    detail: "{server|It|They} answered 447: the peer did not accept the relay's TCP connection, or did not in time.",
        "447로 응답했습니다. 상대방이 중계 서버의 TCP 연결을 받아들이지 않았거나 제때 받아들이지 않았습니다.";
    seen: [Refused];
    You: "Use UDP between relay and peer, as WebRTC does.", "WebRTC처럼 중계 서버와 상대방 사이에 UDP를 쓰십시오.";
    TurnOperator: "Let TCP out from the relay address.", "중계 주소에서 나가는 TCP를 허용하십시오.";
}
RelayQuotaReached: Relays, "RFC 8656 §19" {
    title: "{server} {server|has|have} given this user all it may have", "{server}에서 이 사용자의 한도를 모두 썼습니다";
    detail: "{server|It|They} answered 486[ \"{reason}\"]: as much is open, or reserved, as the user, or all users together, may have. \
        Clients that do not give their allocations back hold them for up to ten minutes.",
        "486으로 응답했습니다[ (\"{reason}\")]. 이 사용자나 모든 사용자에게 허용된 만큼 이미 쓰이고 있습니다. 할당을 \
        돌려주지 않는 클라이언트는 최대 10분 동안 그것을 붙들고 있습니다.";
    seen: [Refused];
    You: "Wait ten minutes and try again.", "10분 기다린 다음 다시 시도하십시오.";
    TurnOperator: "Raise user-quota or total-quota, or bps-capacity where bandwidth has run out, or use one user name \
        a person.",
        "user-quota나 total-quota를, 대역폭이 모자라면 bps-capacity를 늘리거나, 사람마다 다른 사용자 이름을 쓰게 \
        하십시오.";
}
RelayFewAtOnce: Relays, "RFC 8656 §19" {
    title: "{server} {server|gives|give} one user few allocations at once", "{server}에서 한 사용자에게 한 번에 내주는 할당이 적습니다";
    detail: "When several were asked for at once, {count} {count|was|were} granted and the others refused (486). One \
        call needs one or two at each end; with one user name for all, others are refused meanwhile.",
        "여러 개를 한꺼번에 요청했을 때 내준 할당: {count}. 나머지는 거부했습니다(486). 통화 하나에 한쪽마다 한두 개가 \
        필요합니다. 모두가 한 사용자 이름을 쓴다면 그동안 다른 사람은 거부됩니다.";
    seen: [Refused];
    Nobody: "Nothing to do where each user has a name of his own.",
        "사용자마다 이름이 따로 있다면 조치할 것이 없습니다.";
    TurnOperator: "Else raise user-quota (coturn).", "그렇지 않다면 user-quota를 늘리십시오(coturn).";
}
RelayServerError: Relays, "RFC 8489 §14.8" {
    title: "{server} {server|has a fault of its|have faults of their} own", "{server}에 자체 오류가 있습니다";
    detail: "{server|It|They} answered 500[ \"{reason}\"]: something inside the server failed, often its user \
        database.",
        "500으로 응답했습니다[ (\"{reason}\")]. 서버 안의 무언가가 실패했으며, 사용자 데이터베이스인 경우가 \
        많습니다.";
    seen: [Refused];
    TurnOperator: "Look into the server's log.", "서버의 로그를 살펴보십시오.";
    You: "Try again later.", "나중에 다시 시도하십시오.";
}
RelayNoCapacity: Relays, "RFC 8656 §19" {
    title: "{server} {server|has|have} no relay port left", "{server}에 남은 중계 포트가 없습니다";
    detail: "{server|It|They} answered 508: all ports of the relay are in use, or it cannot bind its relay address.",
        "508로 응답했습니다. 중계 포트가 모두 쓰이고 있거나, 서버가 중계 주소에 바인드하지 못합니다.";
    seen: [Refused];
    TurnOperator: "Widen the port range (coturn: min-port, max-port; 49152 to 65535 unless set), and check \
        relay-ip. In a container, the whole range must be published.",
        "포트 범위를 넓히고(coturn: min-port, max-port. 설정하지 않으면 49152에서 65535까지) relay-ip를 \
        확인하십시오. 컨테이너에서는 그 범위 전체를 공개해야 합니다.";
}
RelayUnknownError: Relays, "RFC 8489 §14.8" {
    title: "{server} answered with an error that no standard knows",
        "{server}에서 어떤 표준에도 없는 오류로 응답했습니다";
    detail: "It said {code}[ \"{reason}\"].", "서버의 응답: {code}[ \"{reason}\"].";
    seen: [Refused];
    TurnOperator: "Look this code up in the server's documentation and log.",
        "서버의 문서와 로그에서 이 코드를 찾아보십시오.";
}
RelayMalformed: Relays, "RFC 8656 §7.3" {
    title: "{server} granted an allocation without saying where",
        "{server}에서 할당을 내주면서 중계 주소를 알려 주지 않았습니다";
    detail: "Its answer lacks the relayed address, or what it says of it cannot be[: {reason}].",
        "응답에 중계 주소가 없거나, 알려 준 주소가 있을 수 없는 것입니다[: {reason}].";
    seen: [Odd];
    TurnOperator: "Update the server.", "서버를 업데이트하십시오.";
}
RelayAddressNotPublic: Relays, "RFC 8656 §7.2" {
    title: "{server} {server|relays|relay} from an address that nobody outside can reach",
        "{server}의 중계 주소에 밖에서는 아무도 닿을 수 없습니다";
    detail: "The relayed address[, {relayed},] is a private or local one. Peers on the internet cannot send to it.",
        "중계 주소가 사설 주소이거나 로컬 주소입니다[(중계 주소: {relayed})]. 인터넷의 상대방은 그 주소로 보낼 수 \
        없습니다.";
    seen: [Allocated];
    TurnOperator: "Tell the server its public address (coturn: external-ip=PUBLIC/PRIVATE), and forward the relay \
        ports to it.",
        "서버에 공인 주소를 알려 주고(coturn: external-ip=PUBLIC/PRIVATE) 중계 포트를 서버로 포워딩하십시오.";
}
RelayPeerRefused: Relays, "RFC 8656 §10.2" {
    title: "{server} {server|does|do} not relay to this peer", "{server}에서 이 상대방에게는 중계하지 않습니다";
    detail: "{server|It|They} gave an allocation, and then forbade the peer (403)[ \"{reason}\"]. The test uses this \
        machine's own public address as the peer.",
        "할당을 내준 다음 상대방을 금지했습니다(403)[ \"{reason}\"]. 이 시험에서는 이 컴퓨터의 공인 주소를 \
        상대방으로 씁니다.";
    seen: [Allocated, Refused];
    TurnOperator: "Check denied-peer-ip and allowed-peer-ip; private and local ranges are rightly denied, public \
        ones must not be.",
        "denied-peer-ip와 allowed-peer-ip를 확인하십시오. 사설 주소와 로컬 주소의 금지는 옳지만, 공인 주소를 \
        금지해서는 안 됩니다.";
}
RelayInLost: Relays, "RFC 8656 §11" {
    title: "Nothing comes in through the {server|relay|relays} of {server}", "{server}의 중계로 아무것도 들어오지 않습니다";
    detail: "Bytes that a second socket of this machine sent to the relayed address[ {relayed}] did not arrive here. \
        The allocation is there, but a way to it is closed: the relay ports in the server's firewall, or UDP to such \
        high ports in this network. A call may still come about where the relay can send first.",
        "이 컴퓨터의 두 번째 소켓이 중계 주소로[ ({relayed})] 보낸 바이트가 이곳에 도착하지 않았습니다. 할당은 \
        있지만 그리로 가는 길이 막혀 있습니다. 서버 쪽 방화벽의 중계 포트이거나, 이 네트워크에서 그런 높은 번호의 \
        포트로 나가는 UDP입니다. 중계 서버가 먼저 보낼 수 있으면 통화가 될 수도 있습니다.";
    seen: [NotCrossedIn];
    TurnOperator: "Open the relay ports in the firewall for inbound UDP (coturn: 49152 to 65535 unless min-port \
        and max-port are set), and check external-ip.",
        "방화벽에서 중계 포트로 들어오는 UDP를 열고(coturn: min-port와 max-port를 설정하지 않으면 49152에서 \
        65535까지) external-ip를 확인하십시오.";
    NetworkTeam: "Where the relays of several operators fail so, allow outbound UDP to high ports.",
        "여러 운영자의 중계 서버에서 같은 일이 생기면, 높은 번호의 포트로 나가는 UDP를 허용하십시오.";
}
RelayPortsClosed: Relays, "RFC 8656 §11" {
    title: "Nobody may speak first to a relay of {server}", "{server}의 중계에 먼저 보낸 것은 들어오지 못합니다";
    detail: "Bytes sent to the relayed address[ {relayed}] did not arrive until the relay had sent something to their \
        sender; then they did. So a firewall at the server keeps the relay ports closed to strangers. Calls mostly \
        come about all the same, since the relay sends first; those between two networks of which neither can be \
        foreseen do not.",
        "중계 주소로[ ({relayed})] 보낸 바이트는, 중계 서버가 보낸 쪽으로 먼저 무언가를 보낸 다음에야 도착했습니다. \
        서버 쪽 방화벽이 모르는 상대방에게 중계 포트를 닫아 두고 있다는 뜻입니다. 중계 서버가 먼저 보내므로 통화는 \
        대부분 되지만, 어느 쪽의 주소도 미리 알 수 없는 두 네트워크 사이에서는 되지 않습니다.";
    seen: [CameInOnceSpokenTo];
    TurnOperator: "Open the relay ports in the firewall for inbound UDP (coturn: 49152 to 65535 unless min-port and \
        max-port are set).",
        "방화벽에서 중계 포트로 들어오는 UDP를 여십시오(coturn: min-port와 max-port를 설정하지 않으면 49152에서 \
        65535까지).";
}
RelayLargeLost: Relays, "RFC 8656 §15" {
    title: "Large packets do not get through the {server|relay|relays} of {server}", "큰 패킷이 {server}의 중계를 통과하지 못합니다";
    detail: "Small ones crossed it both ways, datagrams of 1,200 bytes did not. Calls connect through it, and then \
        the DTLS handshake or the video fails. The relay, or the network at its side, takes small sizes or few bytes a \
        second only; where large packets do not get through this connection either, it is the connection.",
        "작은 패킷은 양방향으로 통과했지만 1,200바이트의 데이터그램은 통과하지 못했습니다. 통화가 연결된 다음 DTLS \
        핸드셰이크나 영상이 실패합니다. 중계 서버나 그쪽 네트워크가 작은 크기나 초당 적은 바이트만 받는 것입니다. 다만 이 연결에서도 큰 \
        패킷이 통과하지 못한다면 원인은 이 연결입니다.";
    seen: [LargeNotCrossed];
    TurnOperator: "Check the MTU on the way of the relay (tunnels, containers, cloud networks), and limits of \
        the server on the size of packets and on bytes a second (coturn: max-bps).",
        "중계 경로의 MTU(터널, 컨테이너, 클라우드 네트워크)와 서버의 패킷 크기와 초당 바이트 제한(coturn: max-bps)을 \
        확인하십시오.";
}
RelayOutLost: Relays, "RFC 8656 §11" {
    title: "Nothing gets out through the {server|relay|relays} of {server}", "{server}의 중계로 아무것도 나가지 않습니다";
    detail: "Bytes given to the relay did not reach the peer[ {peer}], a second socket of this machine. The way from the \
        relayed address outwards is closed at the server, or this network lets nothing in from such high ports.",
        "중계 서버에 준 바이트가 이 컴퓨터의 두 번째 소켓인 상대방에게[ ({peer})] 닿지 않았습니다. 중계 주소에서 밖으로 \
        나가는 길이 서버 쪽에서 막혀 있거나, 이 네트워크가 그런 높은 번호의 포트에서 오는 것을 들여보내지 않는 것입니다.";
    seen: [NotCrossedOut];
    NetworkTeam: "Where the relays of several operators fail so, let UDP from high ports in as an answer.",
        "여러 운영자의 중계 서버에서 같은 일이 생기면, 높은 번호의 포트에서 응답으로 오는 UDP를 들여보내십시오.";
    TurnOperator: "Let outbound UDP from the relay ports through the firewall, and check the route of the relay \
        address.",
        "방화벽에서 중계 포트에서 나가는 UDP를 허용하고, 중계 주소의 경로를 확인하십시오.";
}
RelayNotProven: Relays, "RFC 8656 §2" {
    title: "The {server|relay|relays} of {server} {server|was|were} granted; whether {server|it relays|they relay} is not known",
        "{server}의 중계를 허락받았지만 실제로 중계하는지는 알 수 없습니다";
    detail: "An allocation was made. Whether bytes cross it could not be told, since nothing here can play the peer: no \
        second socket that the relay sees where its server sees it.",
        "할당은 받았습니다. 여기에는 상대방 역할을 할 것, 곧 중계 서버에도 STUN에서 본 곳에 보이는 두 번째 소켓이 \
        없어서 바이트가 통과하는지 알 수 없었습니다.";
    seen: [Allocated];
    You: "Nothing to do in most networks; for a proof, test from a network where UDP works.",
        "대부분의 네트워크에서는 조치할 것이 없습니다. 확실히 하려면 UDP가 되는 네트워크에서 시험하십시오.";
}
RelayAllocationLost: Relays, "RFC 8656 §8" {
    title: "{server} dropped the allocation before its time", "{server}에서 할당을 기한 전에 없앴습니다";
    detail: "The allocation was made and used, and then the server no longer knew it. Calls through it break off.",
        "할당을 받아 쓰고 있었는데, 그 뒤 서버가 더는 그것을 알지 못했습니다. 그 할당을 거치는 통화는 끊깁니다.";
    seen: [AllocationDropped];
    TurnOperator: "Check for restarts and for load balancers that move clients between servers.",
        "서버가 다시 시작되었는지, 로드 밸런서가 클라이언트를 다른 서버로 옮기는지 확인하십시오.";
}
RelayOnlyOverTcp: Relays, "RFC 8656 §3" {
    title: "The relay is reached only over TCP or TLS", "중계 서버에 TCP나 TLS로만 닿습니다";
    detail: "No relay could be used over UDP, one over TCP or TLS could. Calls work, but a lost packet holds up \
        all that follow it, so speech and video stutter on poor connections.",
        "UDP로 쓸 수 있는 중계 서버는 없었고 TCP나 TLS로는 있었습니다. 통화는 되지만, 패킷 하나가 손실되면 \
        뒤따르는 것이 모두 기다리게 되어 연결이 나쁘면 음성과 영상이 끊깁니다.";
    seen: [];
    TurnOperator: "Check that UDP 3478 is open and published (docker: 3478:3478/udp).",
        "UDP 3478이 열려 있고 공개되어 있는지 확인하십시오(docker: 3478:3478/udp).";
    NetworkTeam: "Where no server at all is reached over UDP, allow outbound UDP to port 3478.",
        "어떤 서버에도 UDP로 닿지 않는다면 3478번 포트로 나가는 UDP를 허용하십시오.";
}

} } }
