//! What stands before the other end of a call, as its own diagnosis tells it? One row for each cause that decides how calls
//! go there.

macro_rules! other_end { ($($before:tt)*) => { collect! { $($before)*

PeerLocalFirewall: Path, "" {
    title: "The other end's own machine keeps its UDP back", "상대방의 컴퓨터가 자신의 UDP를 막고 있습니다";
    short: "the other end's own machine keeps its UDP back", "상대방 컴퓨터가 자신의 UDP를 막음";
    detail: "Its system refused to send to its servers over UDP, so it is a firewall or a sandbox of that machine, and \
        not the network in front of it. Direct calls need UDP.",
        "상대방의 시스템이 서버로 UDP를 보내기를 거부했습니다. 앞의 네트워크가 아니라 그 컴퓨터의 방화벽이나 샌드박스가 하는 \
        일입니다. 직접 통화에는 UDP가 필요합니다.";
    seen: [];
    OtherEnd: "Let the program that makes the calls send UDP, and let the answers in.",
        "통화 프로그램이 UDP를 보낼 수 있게 하고 그 응답을 들여보내십시오.";
}
PeerStunFiltered: Path, "RFC 8489 §5" {
    title: "Something in the other side's network drops STUN, which it knows by sight",
        "상대방 네트워크의 무언가가 STUN을 알아보고 버립니다";
    short: "the other side's network drops STUN", "상대방 네트워크가 STUN을 버림";
    detail: "There a request without STUN's magic cookie is answered over UDP, and the same request with it is not. \
        Without STUN no direct call comes about.",
        "상대방 쪽에서는 STUN의 매직 쿠키를 뺀 요청에는 UDP로 응답이 오고, 쿠키가 있는 같은 요청에는 오지 않습니다. STUN이 \
        없으면 직접 통화가 되지 않습니다.";
    seen: [];
    OtherNetworkTeam: "Allow STUN (RFC 8489) in the firewall or application control.",
        "방화벽이나 응용 프로그램 제어에서 STUN(RFC 8489)을 허용하십시오.";
}
PeerServersUdpSilent: Path, "RFC 8489 §6.2.1" {
    title: "The other end's servers answer over TCP or TLS, and none does over UDP",
        "상대방의 서버들이 TCP나 TLS로는 응답하지만 UDP로는 응답하지 않습니다";
    short: "nothing answers the other end over UDP", "상대방 쪽에서는 UDP로 응답이 없음";
    detail: "Either its servers take no UDP, or the network there lets none through: one server cannot tell the two \
        apart. A call that has no other servers goes as if there were no UDP.",
        "상대방의 서버가 UDP를 받지 않거나, 그곳의 네트워크가 UDP를 통과시키지 않는 것입니다. 서버 하나로는 둘을 구별할 수 \
        없습니다. 다른 서버가 없는 통화는 UDP가 없는 것처럼 됩니다.";
    seen: [];
    OtherEnd: "Check again with a second server of another operator, which tells the two apart.",
        "둘을 구별할 수 있도록 다른 운영자의 서버를 하나 더 지정하여 check를 다시 실행하십시오.";
    ServerOperator: "Publish the port for UDP as well, and open it in the firewall.",
        "포트를 UDP로도 공개하고 방화벽에서 여십시오.";
}
PeerUdpPortsLimited: Path, "RFC 8835 §3.4" {
    title: "The other side's network seems to let UDP out to a few ports only",
        "상대방 네트워크는 몇몇 포트로 가는 UDP만 내보내는 것 같습니다";
    detail: "There servers answer over UDP on the ports that they are asked at, and nothing gets to the high port of a \
        relayed address or back from it: that network shuts such ports, or the server's firewall does. Peers have high \
        ports as well.",
        "상대방 쪽에서는 서버들이 물어본 포트에서 UDP로 응답하지만, 중계 주소의 높은 포트로는 아무것도 오가지 못합니다. 그 \
        네트워크나 서버의 방화벽이 그런 포트를 닫은 것입니다. 상대방들도 높은 포트를 씁니다.";
    seen: [];
    OtherNetworkTeam: "Allow outbound UDP to ports 1024-65535, with the answers let in.",
        "1024-65535번 포트로 나가는 UDP와 그 응답을 허용하십시오.";
    TurnOperator: "Open the relay ports (coturn: 49152 to 65535).", "중계 포트를 여십시오(coturn: 49152~65535).";
}
PeerUdpPacketsLimited: Path, "RFC 8085 §3" {
    title: "The other side's network lets too few UDP packets a second pass for a call",
        "상대방 네트워크는 통화에 필요한 것보다 적은 초당 UDP 패킷만 통과시킵니다";
    short: "the other side's network lets too few packets a second pass", "상대방 네트워크가 초당 패킷 수를 제한함";
    detail: "There requests in quick succession are lost, and none of those that are sent slowly. Speech alone takes 50 \
        packets a second, so a direct call does not live; a relay over TCP or TLS carries it.",
        "상대방 쪽에서 빠르게 이어 보낸 요청은 손실되고 천천히 보낸 요청은 하나도 손실되지 않습니다. 말소리만으로도 초당 50개의 \
        패킷이 필요하므로 직접 통화는 유지되지 않습니다. TCP나 TLS의 중계 서버는 통화를 전달합니다.";
    seen: [];
    OtherNetworkTeam: "Take UDP out of rate limits, or let a call have 150 packets and 2 Mbit a second.",
        "UDP를 속도 제한에서 빼거나, 통화 하나에 초당 패킷 150개와 2Mbit를 허용하십시오.";
}
PeerUdpThrottled: Path, "RFC 8085 §3" {
    title: "Something at the other end seems to limit how much UDP passes",
        "상대방 쪽의 무언가가 UDP의 양을 제한하는 것 같습니다";
    detail: "There single packets passed over UDP, and a call of that machine with itself through the same server did \
        not, or with great loss; over TCP or TLS it did. Or the server gives the relay too little.",
        "상대방 쪽에서 UDP로 보낸 낱개의 패킷은 통과했지만, 같은 서버를 거쳐 그 컴퓨터가 자신과 한 통화는 통과하지 못하거나 \
        많이 손실되었습니다. TCP나 TLS로는 되었습니다. 서버가 중계에 너무 적게 허용하는 것일 수도 있습니다.";
    seen: [];
    OtherNetworkTeam: "Take UDP out of rate limits, or let a call have 150 packets and 2 Mbit a second.",
        "UDP를 속도 제한에서 빼거나, 통화 하나에 초당 패킷 150개와 2Mbit를 허용하십시오.";
    TurnOperator: "See whether the server limits its clients over UDP (coturn: max-bps, bps-capacity).",
        "서버가 UDP 클라이언트를 제한하는지 확인하십시오(coturn: max-bps, bps-capacity).";
}
PeerLossyPath: Path, "RFC 8834 §7" {
    title: "Packets get lost before the other end, more than calls stand", "상대방 쪽에서 통화가 견딜 수 없을 만큼 패킷이 손실됩니다";
    detail: "Of the packets that its check sent and that nothing filters, so many were not answered that a call on a direct \
        pair is not sure to live.",
        "상대방의 check가 보낸, 아무것도 거르지 않는 패킷 가운데 응답이 없는 것이 너무 많아, 직접 쌍에서 통화가 유지될지 확실하지 \
        않습니다.";
    seen: [];
    OtherEnd: "Use a cable or come closer to the Wi-Fi, stop other transfers, and check again.",
        "유선을 쓰거나 Wi-Fi에 가까이 가고 다른 전송을 멈춘 다음 check를 다시 실행하십시오.";
    OtherNetworkTeam: "Look for full queues and for a limit on UDP.", "가득 찬 큐와 UDP 제한이 있는지 살펴보십시오.";
}
PeerDtlsBlocked: Path, "RFC 7983 §7" {
    title: "The network in front of the other end seems to drop DTLS",
        "상대방 앞의 네트워크가 DTLS를 버리는 것 같습니다";
    detail: "There calls of that machine with itself lost all their DTLS datagrams while STUN was answered, whichever \
        relay they went through: a firewall that knows DTLS by sight does that, or a line that carries no large \
        datagrams. A direct pair would be chosen by its checks, and the call would die on it.",
        "상대방의 컴퓨터가 자신과 한 통화에서 어느 중계 서버를 거치든 STUN에는 응답이 있는데 DTLS 데이터그램은 모두 \
        사라졌습니다. DTLS를 알아보는 방화벽이나 큰 데이터그램을 전달하지 못하는 회선이 하는 일입니다. 직접 쌍은 확인을 \
        통과하여 선택되지만, 통화는 그 위에서 끊깁니다.";
    seen: [];
    OtherNetworkTeam: "Allow DTLS (RFC 7983: first byte 20 to 63) over UDP, and look for a tunnel whose packets hold \
        less than 1,200 bytes.",
        "UDP의 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, 패킷이 1200바이트에 못 미치는 터널이 있는지 확인하십시오.";
    BothEnds: "Until then force a relay over TLS (iceTransportPolicy \"relay\").",
        "그때까지는 TLS 중계만 쓰게 하십시오(iceTransportPolicy \"relay\").";
}
PeerOnlyStunPasses: Path, "RFC 7983 §7" {
    title: "Of UDP only STUN passes before the other end, and nothing that a call sends",
        "상대방 앞에서는 UDP 가운데 STUN만 통과하고, 통화가 보내는 것은 통과하지 못합니다";
    detail: "There connectivity checks came through, and on the same way neither DTLS nor media nor other bytes did. The checks \
        of a direct pair pass, so that it is chosen, and the call dies on it.",
        "상대방 쪽에서는 ICE 연결 점검은 통과했지만 같은 길에서 DTLS도 미디어도 다른 바이트도 통과하지 못했습니다. 직접 쌍은 연결 \
        점검을 통과하여 선택되지만, 통화는 그 위에서 끊깁니다.";
    seen: [];
    OtherNetworkTeam: "Let all UDP of calls through, not STUN alone (RFC 7983: STUN, DTLS, SRTP on one port).",
        "STUN만이 아니라 통화의 UDP를 모두 통과시키십시오(RFC 7983: 한 포트에 STUN, DTLS, SRTP).";
    BothEnds: "Until then let the application use relays only (iceTransportPolicy \"relay\").",
        "그때까지는 애플리케이션이 중계만 쓰게 하십시오(iceTransportPolicy \"relay\").";
}
PeerMediaFiltered: Path, "RFC 7983 §7" {
    title: "Something before the other end drops media, which it knows by sight",
        "상대방 앞의 무언가가 미디어를 알아보고 버립니다";
    detail: "There whatever began as RTP does was lost on a way on which datagrams with other first bytes came through. A direct \
        call comes about, and nobody hears or sees anything in it.",
        "상대방 쪽에서는 다른 첫 바이트로 시작하는 데이터그램이 지나간 길에서 RTP처럼 시작하는 것이 모두 사라졌습니다. 직접 통화는 \
        연결되지만 아무 소리도 영상도 없습니다.";
    seen: [];
    OtherNetworkTeam: "Allow RTP (RFC 7983: first byte 128 to 191) over UDP to any port; look for a rule against telephony.",
        "모든 포트로 가는 UDP의 RTP(RFC 7983: 첫 바이트 128~191)를 허용하고, 인터넷 전화를 막는 규칙이 있는지 확인하십시오.";
    BothEnds: "Until then let the application use relays only (iceTransportPolicy \"relay\"): what goes to a relay is \
        wrapped, and the filter does not see it.",
        "그때까지는 애플리케이션이 중계만 쓰게 하십시오(iceTransportPolicy \"relay\"). 중계 서버로 가는 데이터는 감싸여 있어 \
        필터에 보이지 않습니다.";
}
PeerChecksFiltered: Path, "RFC 8445 §7.1" {
    title: "Something before the other end drops connectivity checks, which it knows by sight",
        "상대방 앞의 무언가가 ICE 연결 점검을 알아보고 버립니다";
    detail: "There what the two ends of a call ask each other was lost on a way on which other datagrams came through. So no \
        direct pair works, whatever the NATs; a relay carries the call.",
        "상대방 쪽에서는 통화의 양쪽이 서로 묻는 요청이 다른 데이터그램이 지나간 길에서 사라졌습니다. 그래서 NAT가 어떻든 직접 쌍은 \
        작동하지 않으며, 중계 서버가 통화를 전달합니다.";
    seen: [];
    OtherNetworkTeam: "Allow STUN between peers (RFC 8445 §7.1: Binding requests that carry USERNAME) over UDP to any port.",
        "모든 포트로 가는 UDP에서 상대방과 주고받는 STUN(RFC 8445 §7.1: USERNAME이 있는 Binding 요청)을 허용하십시오.";
}
PeerDtlsFiltered: Path, "RFC 7983 §7" {
    title: "Something before the other end drops DTLS, which it knows by sight",
        "상대방 앞의 무언가가 DTLS를 알아보고 버립니다";
    detail: "There every ClientHello of DTLS was lost on a way on which datagrams with other first bytes came through. The \
        checks of a direct pair pass there, so that it is chosen, and the call dies on it without its keys.",
        "상대방 쪽에서는 다른 첫 바이트로 시작하는 데이터그램이 지나간 길에서 DTLS ClientHello가 모두 사라졌습니다. 직접 쌍은 \
        연결 점검을 통과하여 선택되지만, 통화는 암호 키를 정하지 못해 그 위에서 끊깁니다.";
    seen: [];
    OtherNetworkTeam: "Allow DTLS (RFC 7983: first byte 20 to 63) over UDP; look for a rule against VPNs.",
        "UDP의 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, VPN을 막는 규칙이 있는지 확인하십시오.";
    BothEnds: "Until then let the application use relays only (iceTransportPolicy \"relay\"): what goes to a relay is \
        wrapped, and the filter does not see it.",
        "그때까지는 애플리케이션이 중계만 쓰게 하십시오(iceTransportPolicy \"relay\"). 중계 서버로 가는 데이터는 감싸여 있어 \
        필터에 보이지 않습니다.";
}
PeerUdpPortsClosed: Path, "RFC 8835 §3.4" {
    title: "The other side's network lets no UDP out to high ports",
        "상대방 네트워크는 높은 포트로 가는 UDP를 내보내지 않습니다";
    detail: "There a router said of each request to servers' own ports that it had come so far, and of none to high ports \
        at the same addresses. Peers have such ports, so no direct call comes about; a relay on an open port carries it.",
        "상대방 쪽 라우터는 서버 자신의 포트로 보낸 요청은 매번 거기까지 왔다고 알려 왔지만, 같은 주소의 높은 포트로 보낸 요청은 \
        하나도 알려 오지 않았습니다. 상대방들은 그런 포트를 쓰므로 직접 통화가 되지 않습니다. 열린 포트의 중계 서버는 통화를 \
        전달합니다.";
    seen: [];
    OtherNetworkTeam: "Allow outbound UDP to ports 1024-65535, with the answers let in.",
        "1024-65535번 포트로 나가는 UDP와 그 응답을 허용하십시오.";
    TurnOperator: "Keep TURN on a port that such networks let out (3478, or 443).",
        "이런 네트워크에서 내보내는 포트(3478이나 443)에서 TURN을 제공하십시오.";
}
PeerCaptivePortal: Path, "RFC 8952" {
    title: "The other end's network seems to want it to sign in first",
        "상대방의 네트워크는 먼저 로그인을 요구하는 것 같습니다";
    detail: "No server answered there in its own protocol, and several gave the same answer. What lies behind a \
        sign-in page cannot be seen from before it.",
        "상대방 쪽에서는 자기 프로토콜로 응답한 서버가 없고, 여러 서버에서 같은 응답이 왔습니다. 로그인 페이지 뒤에 무엇이 \
        있는지는 그 앞에서 알 수 없습니다.";
    seen: [];
    OtherEnd: "Open any http:// page in a browser, sign in or accept the terms, and check again.",
        "브라우저에서 아무 http:// 페이지나 열어 로그인하거나 약관에 동의한 다음 check를 다시 실행하십시오.";
}
PeerNetworkForbids: Path, "RFC 1812 §5.2.7.1" {
    title: "The other end's network forbids the way to its servers",
        "상대방의 네트워크가 서버로 가는 길을 금지합니다";
    detail: "A router there said that what was sent is prohibited, and no server was reached over UDP, TCP or TLS. \
        There may be a proxy that leads out, so it is not known how calls go.",
        "그곳의 라우터가 보낸 것이 금지되어 있다고 알려 왔고, UDP로도 TCP나 TLS로도 서버에 닿지 못했습니다. 밖으로 나가는 \
        프록시가 있을 수 있으므로 통화가 어떻게 될지 알 수 없습니다.";
    seen: [];
    OtherNetworkTeam: "Allow UDP to port 3478 and TCP to port 443 of the servers.",
        "서버의 3478번 포트로 가는 UDP와 443번 포트로 가는 TCP를 허용하십시오.";
}
PeerProxyNeeded: Path, "RFC 9110 §9.3.6" {
    title: "The other end gets out only through a proxy", "상대방은 프록시로만 밖으로 나갈 수 있습니다";
    short: "the other side gets out only through a proxy", "상대방은 프록시로만 나감";
    detail: "There a server answered through the proxy, and none was reached without it. Browsers carry TURN over TCP and TLS \
        through a proxy and nothing else, so calls with the other end take such a relay.",
        "상대방 쪽에서는 프록시를 거쳐서만 서버의 응답이 왔습니다. 브라우저는 TCP나 TLS를 쓰는 TURN만 프록시로 보내므로 상대방과의 \
        통화는 그런 중계 서버를 거칩니다.";
    seen: [];
    OtherNetworkTeam: "For direct calls let UDP out past the proxy, with the answers let in.",
        "직접 통화를 위해서는 프록시를 거치지 않고 UDP가 나가고 그 응답이 들어오게 하십시오.";
}
PeerProxyAsksLogin: Path, "RFC 9110 §11.7.1" {
    title: "The other end's proxy asks who it is", "상대방의 프록시가 인증을 요구합니다";
    short: "the other side's proxy asks for a login", "상대방 프록시가 인증을 요구함";
    detail: "No server was reached there without the proxy, and the proxy led to none without a login. What lies behind it is \
        not known.",
        "상대방 쪽에서는 프록시 없이 닿은 서버가 없고, 프록시는 인증 없이 연결해 주지 않았습니다. 그 너머는 알 수 없습니다.";
    seen: [];
    OtherEnd: "Put a user name and a password into the proxy's URL and check again.",
        "프록시 URL에 사용자 이름과 비밀번호를 넣고 check를 다시 실행하십시오.";
}
PeerNamesFail: Path, "RFC 1035 §4.1.1" {
    title: "The other end's name server leads it to none of its servers",
        "상대방의 이름 서버로는 상대방의 어떤 서버도 찾을 수 없습니다";
    detail: "The names of its servers were denied, answered wrongly or not answered at all. So no server could be asked, \
        and nothing is known of what the network there does to UDP.",
        "상대방 서버의 이름이 없다고 하거나, 틀린 응답이 오거나, 응답이 없었습니다. 그래서 어떤 서버에도 물어볼 수 없었고, \
        그곳의 네트워크가 UDP를 어떻게 다루는지 알 수 없습니다.";
    seen: [];
    OtherEnd: "Set another name server, or ask whoever runs this one, and check again.",
        "다른 이름 서버를 설정하거나 지금 것을 운영하는 사람에게 알리고 check를 다시 실행하십시오.";
}
PeerSeveralLines: Path, "RFC 4787 §4.1" {
    title: "The other side's network leaves by another public address for each destination",
        "상대방의 네트워크는 목적지마다 다른 공인 주소로 나갑니다";
    short: "the other side's network leaves by several lines", "상대방 네트워크가 여러 회선으로 나감";
    detail: "There one socket kept its public port and changed its public address from one destination to the next. So \
        this end answers to the address of the wrong line.",
        "상대방 쪽에서는 하나의 소켓이 공인 포트는 그대로인데 목적지에 따라 공인 주소가 바뀌었습니다. 그래서 이쪽은 다른 회선의 \
        주소로 응답하게 됩니다.";
    seen: [];
    OtherNetworkTeam: "Let all flows of one machine, or UDP as a whole, leave by one line.",
        "한 컴퓨터의 모든 연결 또는 UDP 전체가 하나의 회선으로 나가게 하십시오.";
}

} } }
