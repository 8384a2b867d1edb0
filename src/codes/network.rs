//! What does the network do in front of this machine?

macro_rules! network { ($($before:tt)*) => { collect! { $($before)*

NoNat: Nat, "RFC 5780 §4.3" {
    title: "No NAT: servers see the address that this machine has itself[ ({family})]",
        "NAT가 없습니다. 서버에서 보이는 주소를 이 컴퓨터가 직접 가지고 있습니다[ ({family})]";
    detail: "Servers see the same address that the socket has[ ({public})]. Nothing rewrites it on the way; a \
        firewall may still filter.",
        "서버에서 보이는 주소가 소켓의 주소와 같습니다[ ({public})]. 도중에 주소를 바꾸는 장비는 없지만, 방화벽이 \
        패킷을 거를 수는 있습니다.";
    seen: [BindingAnswered];
}
NatEndpointIndependent: Nat, "RFC 4787 §4.1" {
    title: "Your NAT keeps one public address for every destination[ ({family})]",
        "NAT가 모든 목적지에 하나의 공인 주소를 유지합니다[ ({family})]";
    detail: "One socket was seen under one public address and port by every destination asked \
        (endpoint-independent mapping; part of what older texts call a \"cone\" NAT). This is what peer-to-peer \
        calls need.",
        "물어본 모든 목적지에서 하나의 소켓이 같은 공인 주소와 포트로 보였습니다(엔드포인트 독립적 매핑. 예전 \
        문서에서 말하는 \"cone\" NAT에 해당합니다). P2P 통화에 필요한 성질입니다.";
    seen: [BindingAnswered];
}
NatAddressDependent: Nat, "RFC 4787 §4.1" {
    title: "Your NAT picks another public port for each destination address[ ({family})]",
        "NAT가 목적지 주소마다 다른 공인 포트를 씁니다[ ({family})]";
    detail: "One socket was seen under different public ports by different addresses (address-dependent mapping; \
        older texts count it as \"symmetric\"). A peer cannot know the port that your NAT will pick for it.",
        "하나의 소켓이 주소마다 서로 다른 공인 포트로 보였습니다(주소 의존적 매핑. 예전 문서에서는 \
        \"symmetric\"으로 봅니다). NAT가 어느 포트를 고를지 상대방은 알 수 없습니다.";
    seen: [BindingAnswered];
    NetworkTeam: "Set the NAT to endpoint-independent mapping for UDP. Until then, calls to strict networks need a \
        TURN relay.",
        "NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오. 그 전까지는 엄격한 네트워크와 통화하려면 TURN 중계 \
        서버가 필요합니다.";
    You as "Where it is the provider's NAT above your router", "공유기 위에 있는 통신사의 NAT라면": "Ask the provider \
        for a public IPv4 address or for IPv6.",
        "통신사에 공인 IPv4 주소나 IPv6를 요청하십시오.";
}
NatAddressAndPortDependent: Nat, "RFC 4787 §4.1" {
    title: "Your NAT picks another public port for each destination[ ({family})]",
        "NAT가 목적지마다 다른 공인 포트를 씁니다[ ({family})]";
    detail: "One socket was seen under a different public port by each address and port asked \
        (address-and-port-dependent mapping; older texts call it a \"symmetric\" NAT). A peer cannot know the port \
        that your NAT will pick for it.",
        "하나의 소켓이 물어본 주소와 포트마다 다른 공인 포트로 보였습니다(주소·포트 의존적 매핑. 예전 문서에서는 \
        \"symmetric\" NAT라고 합니다). NAT가 어느 포트를 고를지 상대방은 알 수 없습니다.";
    seen: [BindingAnswered];
    NetworkTeam: "Set the NAT to endpoint-independent mapping for UDP (also called consistent NAT or static port). \
        Until then, most calls need a TURN relay.",
        "NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오(consistent NAT 또는 static port라고도 합니다). 그 \
        전까지는 대부분의 통화에 TURN 중계 서버가 필요합니다.";
    You as "Where it is the provider's NAT above your router", "공유기 위에 있는 통신사의 NAT라면": "Ask the provider \
        for a public IPv4 address or for IPv6.",
        "통신사에 공인 IPv4 주소나 IPv6를 요청하십시오.";
}
FilteringEndpointIndependent: Nat, "RFC 4787 §5" {
    title: "Anyone may send to an open port of your NAT or firewall[ ({family})]",
        "NAT나 방화벽의 열린 포트로 누구나 보낼 수 있습니다[ ({family})]";
    detail: "Answers came in from an address that this machine had never sent to (endpoint-independent filtering; \
        with a mapping of the same kind, older texts say \"full cone\"). Any peer gets through.",
        "이 컴퓨터가 한 번도 보낸 적이 없는 주소에서 응답이 들어왔습니다(엔드포인트 독립적 필터링. 매핑도 같은 \
        종류이면 예전 문서에서는 \"full cone\"이라고 합니다). 어떤 상대방의 패킷도 들어옵니다.";
    seen: [AnsweredFromElsewhere];
}
FilteringAddressDependent: Nat, "RFC 4787 §5" {
    title: "Your NAT or firewall lets in addresses already sent to, from any port[ ({family})]",
        "NAT나 방화벽이 이미 보낸 적이 있는 주소만 포트에 관계없이 들여보냅니다[ ({family})]";
    detail: "An answer from another port of a known address came in, one from a new address did not \
        (address-dependent filtering; older texts say \"restricted\"). That lets even peers behind strict NATs \
        in.",
        "알려진 주소의 다른 포트에서 온 응답은 들어왔고, 새로운 주소에서 온 응답은 들어오지 않았습니다(주소 의존적 \
        필터링. 예전 문서에서는 \"restricted\"라고 합니다). 엄격한 NAT 뒤의 상대방도 들어올 수 있습니다.";
    seen: [AnsweredFromElsewhere];
}
FilteringAddressAndPortDependent: Nat, "RFC 4787 §5" {
    title: "Your NAT or firewall lets in only the exact endpoints already sent to[ ({family})]",
        "NAT나 방화벽이 이미 보낸 적이 있는 주소와 포트만 들여보냅니다[ ({family})]";
    detail: "Only answers from the very endpoint asked came in (address-and-port-dependent filtering; older texts \
        say \"port-restricted\"). This is usual, and calls with typical home networks still connect directly; with \
        a NAT that picks a port for each destination they cannot.",
        "물어본 바로 그 주소와 포트에서 온 응답만 들어왔습니다(주소·포트 의존적 필터링. 예전 문서에서는 \
        \"port-restricted\"라고 합니다). 흔한 경우이며 일반 가정의 네트워크와는 직접 연결되지만, 목적지마다 포트를 \
        바꾸는 NAT와는 직접 연결되지 않습니다.";
    seen: [];
    Nobody: "Nothing to do for typical peers. To reach strict networks directly, your network team can set \
        address-dependent filtering.",
        "일반적인 상대방과 통화할 때는 조치할 것이 없습니다. 엄격한 네트워크와도 직접 연결하려면 네트워크 담당자가 \
        주소 의존적 필터링을 설정하면 됩니다.";
}
ClockWrong: Machine, "" {
    title: "This machine's clock is wrong", "이 컴퓨터의 시계가 맞지 않습니다";
    detail: "Certificates of several issuers all seem to be of another time. They cannot all be wrong: it is the \
        clock that they are compared with.",
        "여러 발급자의 인증서가 모두 유효 기간 밖에 있는 것으로 보입니다. 모두 틀렸을 수는 없으므로, 비교에 쓰인 \
        시계가 틀린 것입니다.";
    seen: [CertificateShown];
    You: "Set the date, the time and the time zone of this machine, at best from a time server, and run this again.",
        "이 컴퓨터의 날짜, 시각, 시간대를 되도록 시간 서버에 맞춘 다음 다시 실행하십시오.";
}
ProxyNeeded: Reach, "RFC 9110 §9.3.6, RFC 1928" {
    title: "Only the proxy[ {address}] leads from here to the servers",
        "이곳에서 서버로 가는 길은 프록시[ {address}]뿐입니다";
    plain: "This network lets calls out only through its proxy.",
        "이 네트워크에서 통화는 프록시를 거쳐야만 밖으로 나갈 수 있습니다.";
    short: "your side gets out only through a proxy", "이쪽은 프록시로만 나감";
    detail: "{server} answered through the proxy that this machine is set to use, and no server was reached without it. \
        Browsers that are set to the proxy carry TURN over TCP and TLS through it and nothing else, so calls from here \
        take such a relay. The calls of rtc-doctor itself do not use it.",
        "이 컴퓨터에 설정된 프록시를 거쳐서는 {server}에서 응답이 왔고, 프록시 없이는 어떤 서버에도 닿지 못했습니다. \
        그 프록시가 설정된 브라우저는 TCP나 TLS를 쓰는 TURN만 프록시로 보내므로, 이곳의 통화는 그런 중계 서버를 \
        거칩니다. rtc-doctor 자신의 통화는 프록시를 쓰지 않습니다.";
    seen: [AnsweredThroughProxy];
    TurnOperator: "Keep TURN over TLS on TCP port 443: most proxies let no other port through.",
        "TCP 443번 포트에서 TLS를 쓰는 TURN을 계속 제공하십시오. 프록시는 대개 다른 포트를 통과시키지 않습니다.";
    NetworkTeam: "For direct calls let UDP out past the proxy, with the answers let in.",
        "직접 통화를 위해서는 프록시를 거치지 않고 UDP가 나가고 그 응답이 들어오게 하십시오.";
    You: "See that the browsers here are set to the same proxy (HTTPS_PROXY, or the system's settings).",
        "이곳의 브라우저에도 같은 프록시가 설정되어 있는지 확인하십시오(HTTPS_PROXY 또는 시스템 설정).";
}
ProxyAsksLogin: Reach, "RFC 9110 §11.7.1, RFC 1929" {
    title: "The proxy[ {address}] asks who we are, and nothing else leads to the servers",
        "프록시[ {address}]가 인증을 요구하며, 서버로 가는 다른 길은 없습니다";
    short: "your side's proxy asks for a login", "이쪽 프록시가 인증을 요구함";
    detail: "The proxy that this machine is set to use did not lead to {server} without a login that it takes, and no \
        server was reached without it. What lies behind it is not known. Browsers may log in by themselves, with the account of \
        this machine's user.",
        "이 컴퓨터에 설정된 프록시는 자신이 받아들이는 인증 없이는 {server}에 연결해 주지 않았고, 프록시 없이는 어떤 \
        서버에도 닿지 못했습니다. 프록시 너머는 알 수 없습니다. 브라우저는 이 컴퓨터 사용자의 계정으로 스스로 인증할 수 \
        있습니다.";
    seen: [NotLedByProxy];
    You: "Put a user name and a password into the proxy's URL (HTTPS_PROXY=http://user:password@host:port) and run this \
        again.",
        "프록시 URL에 사용자 이름과 비밀번호를 넣고(HTTPS_PROXY=http://user:password@host:port) 다시 실행하십시오.";
    NetworkTeam: "Let the servers' names through the proxy without a login, or let UDP out past it.",
        "서버의 이름은 인증 없이 프록시를 통과하게 하거나, 프록시를 거치지 않고 UDP가 나가게 하십시오.";
}
ProxyUnreachable: Reach, "RFC 9110 §9.3.6, RFC 1928 §3" {
    title: "The proxy[ {address}] that this machine is set to use is not reached: {reason}",
        "이 컴퓨터에 설정된 프록시[ {address}]에 닿지 못합니다: {reason}";
    detail: "It was tried since servers were not reached without it. Other programs that use it get no further either.",
        "프록시 없이는 서버에 닿지 못해 시도한 것입니다. 이 프록시를 쓰는 다른 프로그램도 마찬가지입니다.";
    seen: [NotLedByProxy];
    You: "Set HTTPS_PROXY to the proxy of this network, or unset it where there is none.",
        "HTTPS_PROXY를 이 네트워크의 프록시로 설정하고, 프록시가 없으면 지우십시오.";
}
ProxyFails: Reach, "RFC 9110 §9.3.6, RFC 1928 §6" {
    title: "The proxy[ {address}] does not lead to {server}: {reason}",
        "프록시[ {address}]를 거쳐서는 {server}에 닿지 못합니다: {reason}";
    detail: "The proxy that this machine is set to use was asked to lead to {server}, and no answer of the server's came: \
        {reason}. Many proxies lead to port 443 alone.",
        "이 컴퓨터에 설정된 프록시에 {server}에 연결해 달라고 했지만 서버의 응답이 오지 않았습니다: {reason}. 443번 \
        포트로만 연결해 주는 프록시가 많습니다.";
    seen: [NotLedByProxy];
    TurnOperator: "Offer TURN over TLS on TCP port 443.", "TCP 443번 포트에서 TLS를 쓰는 TURN을 제공하십시오.";
    NetworkTeam: "Let the proxy lead to this host and port.", "프록시가 이 호스트와 포트로 연결하게 하십시오.";
}
NetworkForbids: Reach, "RFC 1812 §5.2.7.1" {
    title: "This network forbids the way to the servers[ ({family})]",
        "이 네트워크가 서버로 가는 길을 금지합니다[ ({family})]";
    detail: "A router of this network[, {address},] said that what was sent is prohibited, and no server was reached \
        over UDP, TCP or TLS. A network that lets traffic out only through a proxy does that; servers are asked through \
        one where this machine is set to use it (HTTPS_PROXY).",
        "이 네트워크의 라우터가[ ({address})] 보낸 것이 금지되어 있다고 알려 왔고, UDP로도 TCP나 TLS로도 서버에 닿지 \
        못했습니다. 프록시를 거쳐야만 밖으로 나갈 수 있는 네트워크에서 그렇습니다. 이 컴퓨터에 프록시가 설정되어 \
        있으면(HTTPS_PROXY) 프록시를 거쳐서도 물어봅니다.";
    seen: [SaidUnreachable];
    NetworkTeam: "Allow UDP to port 3478 and TCP to port 443 of the servers, or say by which proxy calls are to go.",
        "서버의 3478번 포트로 가는 UDP와 443번 포트로 가는 TCP를 허용하거나, 통화가 어느 프록시를 거쳐야 하는지 알려 \
        주십시오.";
    You: "See whether browsers here are set to a proxy; they carry TURN over TLS through it. Set HTTPS_PROXY to it and \
        run this again.",
        "이곳의 브라우저에 프록시가 설정되어 있는지 확인하십시오. 브라우저는 TLS를 쓰는 TURN을 프록시로 보냅니다. \
        HTTPS_PROXY에 그 프록시를 넣고 다시 실행하십시오.";
}
NoIpv4AndNoNat64: Reach, "RFC 6146, RFC 7269" {
    title: "This network has only IPv6, and the servers have only IPv4",
        "이 네트워크에는 IPv6만 있고, 서버에는 IPv4만 있습니다";
    detail: "No address of this machine leads out over IPv4, and the network gave no IPv6 address in the place of \
        the servers' IPv4 addresses (NAT64 with DNS64). So no server could be asked.",
        "이 컴퓨터에는 IPv4로 밖에 나가는 주소가 없고, 네트워크가 서버의 IPv4 주소를 대신할 IPv6 주소를 주지도 \
        않았습니다(NAT64와 DNS64). 그래서 어떤 서버에도 물어볼 수 없었습니다.";
    seen: [];
    ServerOperator: "Give the servers IPv6 addresses.", "서버에 IPv6 주소를 주십시오.";
    NetworkTeam: "Offer IPv4 as well, or NAT64 with DNS64.", "IPv4도 제공하거나, NAT64와 DNS64를 제공하십시오.";
}
UdpPortsClosed: Reach, "RFC 8835 §3.4" {
    title: "This network lets no UDP out to high ports[ ({family})]",
        "이 네트워크는 높은 포트로 가는 UDP를 내보내지 않습니다[ ({family})]";
    plain: "This network lets calls reach their servers, and not the other side directly.",
        "이 네트워크에서는 통화가 서버에는 닿지만 상대방에게 직접 닿지는 못합니다.";
    detail: "Word came each time that requests to low ports had got as far as {address}, before and after, and never that \
        one to the high ports had that were tried at the same addresses. Peers have such ports, so no direct call comes about, \
        whatever the peer's NAT; a relay on an open port carries it.",
        "낮은 포트로 보낸 요청은 앞뒤로 매번 {address}까지 갔다고 알려 왔지만, 같은 주소의 높은 포트로 보낸 요청은 하나도 알려 \
        오지 않았습니다. 상대방은 그런 포트를 쓰므로 상대방의 NAT가 어떻든 직접 통화가 되지 않습니다. 열린 포트의 중계 서버는 \
        통화를 전달합니다.";
    seen: [LostAtHighPorts];
    NetworkTeam: "Allow outbound UDP to ports 1024-65535, with the answers let in.",
        "1024-65535번 포트로 나가는 UDP와 그 응답을 허용하십시오.";
    TurnOperator: "Keep TURN on a port that such networks let out (3478, or 443).",
        "이런 네트워크에서 내보내는 포트(3478이나 443)에서 TURN을 제공하십시오.";
}
UdpServerPortsShut: Reach, "RFC 8489 §8.1" {
    title: "UDP gets through here, and not to the ports of the servers[ ({family})]",
        "UDP는 통과하지만 서버의 포트로는 가지 못합니다[ ({family})]";
    detail: "Between this machine and the high port of a relay datagrams crossed both ways; on the servers' own UDP ports \
        nothing was answered. So this network shuts those ports, or the servers do not take UDP there. An application that \
        learns its public address from such servers has none to offer.",
        "이 컴퓨터와 중계 서버의 높은 포트 사이에서는 데이터그램이 양방향으로 통과했지만, 서버 자체의 UDP 포트에서는 아무 \
        응답도 없었습니다. 이 네트워크가 그 포트를 막고 있거나, 서버가 그 포트에서 UDP를 받지 않는 것입니다. 이런 \
        서버에서 공인 주소를 알아내는 프로그램은 상대방에게 알릴 주소가 없습니다.";
    seen: [CrossedIn, CrossedOut];
    NetworkTeam: "Let UDP out to the ports that STUN and TURN servers are asked at (3478; Google's: 19302).",
        "STUN 서버와 TURN 서버가 쓰는 포트(3478, 구글은 19302)로 나가는 UDP를 허용하십시오.";
    ServerOperator: "Publish the port for UDP as well, and open it in the firewall.",
        "포트를 UDP로도 공개하고 방화벽에서 여십시오.";
}
NoWayOut: Reach, "RFC 1122 §3.3.1" {
    title: "No way leads out of here", "밖으로 나가는 길이 없습니다";
    detail: "Every server that was asked is out of reach[: {reason}], and nothing was heard of any of them. Where this \
        machine says so itself, its next hop does not answer: Wi-Fi or cable, the router, a wrong VLAN, a VPN that is gone. \
        Where a router says so, it has lost its own way out.",
        "물어본 모든 서버에 닿을 수 없고[: {reason}], 어느 서버에서도 아무것도 오지 않았습니다. 이 컴퓨터가 스스로 그렇게 \
        말하면 다음 홉에서 응답이 없는 것입니다. 와이파이나 케이블, 공유기, 잘못된 VLAN, 끊어진 VPN을 의심할 수 있습니다. \
        라우터가 그렇게 말하면 그 라우터가 밖으로 나가는 길을 잃은 것입니다.";
    seen: [SaidUnreachable];
    You: "Look at the connection to the router (Wi-Fi, cable, VPN), and whether anything on the internet opens.",
        "공유기까지의 연결(와이파이, 케이블, VPN)을 살펴보고, 인터넷의 아무 페이지나 열리는지 확인하십시오.";
    NetworkTeam: "Check the router and its line.", "라우터와 그 회선을 확인하십시오.";
}
UdpBlocked: Reach, "RFC 8835 §3.4" {
    title: "No UDP gets through here[ over {family}]", "이곳에서는 UDP가 통과하지 않습니다[ ({family})]";
    plain: "This network blocks UDP, the kind of traffic that calls are made of.",
        "이 네트워크는 통화에 쓰이는 통신 방식인 UDP를 막고 있습니다.";
    short: "your side blocks UDP", "이쪽에서 UDP가 막힘";
    detail: "No server answered over UDP, while servers did answer over TCP or TLS, so it is not the servers. Calls \
        fall back to a relay over TCP or TLS: they work, with more delay and more stutter.",
        "UDP로는 어떤 서버에서도 응답이 없었고 TCP나 TLS로는 응답이 있었으므로, 원인은 서버가 아닙니다. 통화는 \
        TCP나 TLS를 쓰는 중계 서버로 넘어갑니다. 통화는 되지만 지연과 끊김이 더 많습니다.";
    seen: [UdpUnanswered, LifeOverStream, NothingOverUdp];
    NetworkTeam: "Allow outbound UDP to port 3478 at least, and to 1024-65535 for direct calls, with the answers \
        let in.",
        "적어도 3478번 포트로 나가는 UDP를, 직접 통화를 위해서는 1024-65535번 포트로 나가는 UDP를 허용하고 그 \
        응답도 들여보내십시오.";
    TurnOperator: "Offer TLS on TCP port 443 for networks like this one.",
        "이런 네트워크를 위해 TCP 443번 포트에서 TLS를 제공하십시오.";
    You: "See whether a firewall on this machine drops UDP (Linux: nft list ruleset).",
        "이 컴퓨터의 방화벽이 UDP를 버리는지 확인하십시오(Linux: nft list ruleset).";
}
UdpUnclear: Reach, "RFC 5780 §4.2" {
    title: "Whether UDP gets through could not be told[ ({family})]",
        "UDP가 통과하는지 알 수 없었습니다[ ({family})]";
    detail: "No server answered over UDP, and nothing that came proves that those asked over UDP are alive. It may be the \
        network, and it may be the servers.",
        "UDP로는 어떤 서버에서도 응답이 없었고, UDP로 물어본 서버가 살아 있다는 증거도 오지 않았습니다. 네트워크 때문일 \
        수도 있고 서버 때문일 수도 있습니다.";
    seen: [NothingOverUdp];
    You: "Name a server that you know to work, or run rtc-doctor without arguments to ask several operators.",
        "작동하는 것이 확실한 서버를 지정하거나, 인수 없이 rtc-doctor를 실행하여 여러 운영자의 서버에 \
        물어보십시오.";
}
UdpPortsLimited: Reach, "RFC 8835 §3.4" {
    title: "This network seems to let UDP out to a few ports only[ ({family})]",
        "이 네트워크는 몇몇 포트로 가는 UDP만 내보내는 것 같습니다[ ({family})]";
    detail: "Over UDP something was answered on ports that servers are asked at. To a high port as peers have, of a relayed \
        address or of a server that listens there, nothing got, and nothing came back from one. Where high ports are shut no direct call comes \
        about, whatever the peer's NAT; a relay on an open port carries it.",
        "서버들은 물어본 포트에서 UDP로 응답했습니다. 그러나 상대방이 쓰는 것과 같은 높은 포트, 곧 중계 주소나 그런 포트에서 듣는 \
        서버로는 아무것도 가지 못했고 그곳에서 아무것도 오지 않았습니다. 높은 포트가 닫혀 있으면 상대방의 NAT가 어떻든 직접 통화가 되지 \
        않습니다. 열린 포트의 중계 서버는 통화를 전달합니다.";
    seen: [BindingAnswered];
    NetworkTeam: "Allow outbound UDP to ports 1024-65535, with the answers let in.",
        "1024-65535번 포트로 나가는 UDP와 그 응답을 허용하십시오.";
    TurnOperator: "Keep TURN on a port that such networks let out (3478, or 443), and open the relay ports (coturn: \
        49152 to 65535). Check external-ip where relayed addresses are not those of the server.",
        "이런 네트워크에서 내보내는 포트(3478이나 443)에서 TURN을 제공하고, 중계 포트(coturn: 49152~65535)를 \
        여십시오. 중계 주소가 서버의 주소가 아니라면 external-ip를 확인하십시오.";
    You: "The call itself tells: rtc-doctor call.", "통화해 보면 알 수 있습니다: rtc-doctor call.";
}
TcpPortsLimited: Reach, "" {
    title: "TCP gets to some ports of a server only[ ({family})]",
        "TCP가 서버의 일부 포트에만 닿습니다[ ({family})]";
    detail: "A server took connections on one port and spoke STUN or TURN there. On another port of the same address \
        connections get no answer[: {address}]. Either this network lets out few ports only, as hotels and guest networks \
        do, or the firewall of the server drops that one.",
        "서버가 한 포트에서는 연결을 받아들이고 STUN이나 TURN으로 응답했습니다. 같은 주소의 다른 포트에서는 연결에 \
        응답이 없습니다[: {address}]. 호텔이나 손님용 네트워크처럼 이 네트워크가 몇몇 포트만 내보내거나, 서버의 방화벽이 \
        그 포트를 버리는 것입니다.";
    seen: [StunOverStream, ConnectionTimedOut];
    NetworkTeam: "Allow outbound TCP to that port, where the server is meant to be reached on it.",
        "그 포트로 서버에 연결해야 한다면 그 포트로 나가는 TCP를 허용하십시오.";
    ServerOperator as "Operator of the server", "서버 운영자": "See whether that port is open in your firewall, and keep \
        TURN over TLS on port 443 for networks that let out nothing else.",
        "방화벽에서 그 포트가 열려 있는지 확인하고, 다른 포트를 내보내지 않는 네트워크를 위해 443번 포트에서 TLS를 쓰는 \
        TURN을 제공하십시오.";
}
Ipv6Absent: Reach, "RFC 8421" {
    title: "This network gives out no IPv6", "이 네트워크는 IPv6 주소를 주지 않습니다";
    detail: "No interface has an IPv6 address that leads to the internet. IPv6 needs no NAT, so calls between two \
        networks that have it are direct more often.",
        "인터넷으로 나가는 IPv6 주소를 가진 인터페이스가 없습니다. IPv6에는 NAT가 필요 없으므로, 양쪽에 IPv6가 \
        있으면 통화가 직접 연결되는 경우가 더 많습니다.";
    seen: [];
    Nobody: "Nothing is broken.", "고장은 아닙니다.";
    NetworkTeam as "Your network team or provider", "네트워크 담당자 또는 통신사": "IPv6 is worth switching on.",
        "IPv6를 켜 두면 도움이 됩니다.";
}
Ipv6Broken: Reach, "RFC 4890" {
    title: "This machine has an IPv6 address, but IPv6 does not work",
        "이 컴퓨터에 IPv6 주소가 있지만 IPv6가 작동하지 않습니다";
    detail: "Nothing sent over IPv6 was answered, while IPv4 works. Applications that try IPv6 first lose time, \
        and calls may take seconds longer to connect.",
        "IPv6로 보낸 것에는 아무 응답이 없었고 IPv4는 작동합니다. IPv6를 먼저 시도하는 프로그램은 시간을 허비하며, \
        통화 연결이 몇 초 늦어질 수 있습니다.";
    seen: [];
    NetworkTeam: "Check the IPv6 default route and the firewall (ICMPv6 must pass).",
        "IPv6 기본 경로와 방화벽을 확인하십시오(ICMPv6는 통과해야 합니다).";
    You: "Until then, switch IPv6 off on this connection.", "그때까지 이 연결에서 IPv6를 꺼 두십시오.";
    ServerOperator: "Where it is your server alone: open its firewall for IPv6, or take its AAAA record away.",
        "이 서버에서만 그렇다면 서버의 방화벽을 IPv6에도 열거나 AAAA 레코드를 지우십시오.";
}
CarrierNat: Nat, "RFC 6598, RFC 6888" {
    title: "Your provider shares one public address among many customers",
        "통신사가 하나의 공인 주소를 여러 가입자에게 나누어 쓰게 합니다";
    detail: "There is a NAT at the provider (carrier-grade NAT)[; from outside: {public}]. Ports cannot be opened \
        from your side, and how calls fare depends on the provider's equipment.",
        "통신사 쪽에 NAT가 있습니다(통신사 NAT, CGNAT)[. 밖에서 보이는 주소: {public}]. 가입자 쪽에서는 포트를 열 \
        수 없고, 통화가 어떻게 되는지는 통신사 장비에 달려 있습니다.";
    seen: [];
    You: "Ask the provider for a public IPv4 address or for IPv6. Port forwarding in your own router cannot help.",
        "통신사에 공인 IPv4 주소나 IPv6를 요청하십시오. 자신의 공유기에서 포트 포워딩을 해도 도움이 되지 않습니다.";
}
DoubleNat: Nat, "RFC 4787 §4.1" {
    title: "There are two NATs one behind the other", "NAT 두 개가 겹쳐 있습니다";
    detail: "Your router's outer address is private again, so a second device translates too. Port forwarding in \
        one of them does nothing, and the stricter of the two decides.",
        "공유기의 바깥쪽 주소도 사설 주소이므로 두 번째 장비도 주소를 변환하고 있습니다. 한쪽에서만 포트 포워딩을 \
        해도 소용이 없고, 둘 가운데 더 엄격한 쪽이 결과를 정합니다.";
    seen: [];
    You: "Put one of the devices into bridge mode (\"modem mode\"), or use one router only.",
        "두 장비 가운데 하나를 브리지 모드(\"모뎀 모드\")로 바꾸거나 공유기를 하나만 쓰십시오.";
}
AddressPool: Nat, "RFC 4787 §4.1" {
    title: "Your network shows more than one public address", "네트워크가 둘 이상의 공인 주소로 보입니다";
    detail: "Sockets of this machine were seen under different public addresses[: {public}]. Where even one socket \
        changes its address between destinations, peers that filter by address do not let it in.",
        "이 컴퓨터의 소켓들이 서로 다른 공인 주소로 보였습니다[: {public}]. 소켓 하나라도 목적지에 따라 주소가 \
        바뀌면, 주소로 거르는 상대방은 그 패킷을 들여보내지 않습니다.";
    seen: [BindingAnswered];
    NetworkTeam: "Set the NAT pool to keep one public address per inside host (\"paired\" pooling).",
        "내부 호스트마다 하나의 공인 주소를 유지하도록 NAT 주소 풀을 설정하십시오(\"paired\" 방식).";
}
SeveralLines: Nat, "RFC 4787 §4.1" {
    title: "This network leaves by another public address for each destination",
        "이 네트워크는 목적지마다 다른 공인 주소로 나갑니다";
    detail: "One socket kept its public port and changed its public address from one destination to the next[: \
        {public}]. So a router shares its load between two lines or providers (multi-WAN, load balancing), or a pool of \
        addresses does not keep a machine to one of them. A peer answers to the address of the wrong line.",
        "하나의 소켓이 공인 포트는 그대로인데 목적지에 따라 공인 주소가 바뀌었습니다[: {public}]. 공유기가 두 회선이나 \
        통신사에 부하를 나누거나(멀티 WAN, 로드 밸런싱), 주소 풀이 한 컴퓨터에 하나의 주소를 유지하지 않는 것입니다. \
        상대방은 다른 회선의 주소로 응답하게 됩니다.";
    seen: [BindingAnswered];
    NetworkTeam as "Your network team, or you in your router", "네트워크 담당자, 또는 공유기를 관리하는 사용자": "Let all \
        flows of one machine, or UDP as a whole, leave by one line (\"sticky\" connections, source-address affinity).",
        "한 컴퓨터의 모든 연결 또는 UDP 전체가 하나의 회선으로 나가게 하십시오(출발지 주소 고정).";
}
FewPorts: Nat, "RFC 7597, RFC 7599" {
    title: "This connection has few ports of a shared public address", "이 연결은 공유하는 공인 주소에서 쓸 수 있는 포트가 적습니다";
    detail: "All public ports that were seen lie within {count} {count|port|ports}, and are given out again and again. \
        A provider that divides one address between customers (MAP-E, MAP-T) does that. Once the household has used \
        its ports up, new connections get no answer, to whatever server; what failed then says nothing of the servers \
        and relays.",
        "본 공인 포트가 모두 좁은 범위({count}개) 안에 있고 거듭 다시 쓰입니다. 통신사가 주소 하나를 여러 가입자에게 \
        나누어 주면(MAP-E, MAP-T) 그렇습니다. 집 안에서 포트를 다 쓰고 나면 어떤 서버로든 새 연결에 응답이 없으며, \
        그때 실패한 것으로는 서버와 중계 서버에 대해 알 수 없습니다.";
    seen: [BindingAnswered];
    You: "Close programs that hold many connections and run it again; ask the provider for more ports, for an address of \
        your own, or for IPv6.",
        "연결을 많이 쓰는 프로그램을 닫고 다시 실행하십시오. 통신사에 더 많은 포트나 단독 주소, 또는 IPv6를 \
        요청하십시오.";
}
AddressRewritten: Nat, "RFC 5780 §3.6" {
    title: "A device on the way rewrites addresses inside the packets",
        "도중의 장비가 패킷 안의 주소를 고쳐 씁니다";
    detail: "The plain address in {server}'s answer differs from the masked one, so something in between (an \
        \"application layer gateway\") edits what it takes for an address. This breaks STUN, SIP and other \
        protocols.",
        "{server}의 응답에서 그대로 적힌 주소와 가려서 적힌 주소가 서로 다릅니다. 중간의 무언가(\"application \
        layer gateway\", ALG)가 주소로 보이는 것을 고치고 있다는 뜻입니다. 그러면 STUN, SIP 같은 프로토콜이 \
        망가집니다.";
    seen: [];
    NetworkTeam as "Your network team, or you in your router", "네트워크 담당자, 또는 공유기를 관리하는 사용자": "Switch \
        off the SIP ALG (\"SIP helper\", \"VoIP passthrough\").",
        "SIP ALG(\"SIP helper\", \"VoIP passthrough\")를 끄십시오.";
}
PortsPredictable: Nat, "RFC 6056" {
    title: "Your NAT's next public port can be guessed", "NAT가 다음에 쓸 공인 포트를 추측할 수 있습니다";
    detail: "Successive ports follow a pattern[ with a distance of {step}]. Ordinary WebRTC does not guess ports, \
        so this does not make calls direct; a few special programs use it.",
        "연이은 포트에 규칙이 있습니다[(간격 {step})]. 보통의 WebRTC는 포트를 추측하지 않으므로 이것으로 통화가 \
        직접 연결되지는 않습니다. 몇몇 특수한 프로그램만 이용합니다.";
    seen: [];
    Nobody: "Nothing to do for calls.", "통화를 위해 조치할 것은 없습니다.";
    NetworkTeam: "Random ports are safer.", "무작위 포트가 더 안전합니다.";
}
Hairpins: Nat, "RFC 4787 §6" {
    title: "Two machines behind your NAT can meet at its public address[ ({family})]",
        "같은 NAT 뒤의 두 컴퓨터가 NAT의 공인 주소로 만날 수 있습니다[ ({family})]";
    detail: "A packet sent to this machine's own public address came back in (hairpinning). Calls inside one large \
        network can be direct even where the machines do not see each other's inner addresses.",
        "이 컴퓨터의 공인 주소로 보낸 패킷이 다시 들어왔습니다(헤어피닝). 큰 네트워크 안에서 서로의 내부 주소에 \
        닿지 못하는 컴퓨터끼리도 직접 통화할 수 있습니다.";
    seen: [HairpinCame];
}
DoesNotHairpin: Nat, "RFC 4787 §6" {
    title: "Two machines behind your NAT cannot meet at its public address[ ({family})]",
        "같은 NAT 뒤의 두 컴퓨터가 NAT의 공인 주소로는 만날 수 없습니다[ ({family})]";
    detail: "A packet sent to this machine's own public address did not come back in (no hairpinning). It matters \
        only for calls between machines of the same network that do not reach each other directly, such as guest \
        Wi-Fi.",
        "이 컴퓨터의 공인 주소로 보낸 패킷이 다시 들어오지 않았습니다(헤어피닝 없음). 손님용 Wi-Fi처럼, 같은 \
        네트워크에 있으면서 서로 직접 닿지 못하는 컴퓨터끼리 통화할 때에만 문제가 됩니다.";
    seen: [HairpinLost];
    Nobody: "Nothing to do in most networks.", "대부분의 네트워크에서는 조치할 것이 없습니다.";
    NetworkTeam: "Switch hairpinning (\"NAT loopback\") on if calls inside the network go through the relay.",
        "네트워크 안의 통화가 중계 서버를 거친다면 헤어피닝(\"NAT 루프백\")을 켜십시오.";
}
ShortMappingLifetime: Nat, "RFC 4787 §4.3" {
    title: "Your NAT forgets idle connections early[: after {count} s to {lifetime}]",
        "NAT가 쓰지 않는 연결을 일찍 잊습니다[(최소 {count}초, 최대 {lifetime})]";
    detail: "[After {count} s without a packet it was still there, after {lifetime} it was gone. ]An idle UDP mapping should live for two minutes at least. Calls keep themselves alive by frequent \
        packets, but a muted or paused call, or one on hold, may break.",
        "[{count}초 동안 패킷이 없을 때에는 남아 있었고, {lifetime} 뒤에는 사라졌습니다. ]쓰지 않는 UDP 매핑도 적어도 2분은 유지되어야 합니다. 통화는 패킷을 자주 보내 스스로 유지되지만, 음소거나 \
        일시 정지, 대기 상태의 통화는 끊길 수 있습니다.";
    seen: [];
    NetworkTeam: "Raise the UDP timeout of the NAT and the firewall to 300 seconds.",
        "NAT와 방화벽의 UDP 제한 시간을 300초로 늘리십시오.";
}
UdpExpires: Nat, "RFC 4787 §4.3" {
    title: "UDP that is in use stops passing after a while[: within {lifetime}]",
        "쓰고 있는 UDP도 얼마 뒤에는 통과하지 못합니다[({lifetime} 안에)]";
    detail: "Sockets that spoke with the server all the time were not answered any more[ after {count} s], while a fresh \
        one beside them was. Something on the way ends a flow after a time or after so many packets, however busy it \
        is, or the server does. A call is cut there.",
        "서버와 계속 주고받던 소켓에는 [{count}초 뒤부터 ]응답이 오지 않았지만, 그때 새로 연 소켓에는 응답이 왔습니다. 도중의 \
        무언가가, 또는 서버가, 쓰고 있는 흐름도 일정한 시간이나 패킷 수 뒤에 끊습니다. 통화는 거기서 끊깁니다.";
    seen: [FlowDied];
    NetworkTeam: "Let a UDP session last as long as packets pass: no limit on its age or on its packets.",
        "패킷이 오가는 동안에는 UDP 세션을 유지하고, 세션의 지속 시간이나 패킷 수를 제한하지 마십시오.";
    You: "See whether it is the server, with one of another operator: rtc-doctor check --lifetime.",
        "서버 때문인지 다른 운영자의 서버로 확인하십시오: rtc-doctor check --lifetime.";
}

} } }
