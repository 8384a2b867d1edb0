//! What does the network drop for what it looks like?

macro_rules! by_sight { ($($before:tt)*) => { collect! { $($before)*

StunFiltered: Reach, "RFC 8489 §5" {
    title: "Something in this network drops STUN, which it knows by sight[ ({family})]",
        "이 네트워크의 무언가가 STUN을 알아보고 버립니다[ ({family})]";
    detail: "No server answered a STUN request, but the same request without STUN's magic cookie was answered, from \
        the same server and port. So UDP passes, and what is recognised as STUN does not. Without STUN no direct call \
        and no TURN over UDP comes about; TLS hides it.",
        "STUN 요청에는 어떤 서버에서도 응답이 없었지만, STUN의 매직 쿠키만 뺀 같은 요청에는 같은 서버의 같은 포트에서 \
        응답이 왔습니다. 곧 UDP는 통과하고, STUN으로 알아본 것만 통과하지 못합니다. STUN이 없으면 직접 통화도 UDP를 \
        쓰는 TURN도 되지 않습니다. TLS 안에서는 보이지 않습니다.";
    seen: [Silence, AnsweredWithoutCookie];
    NetworkTeam: "Allow STUN (RFC 8489) in the firewall or application control; look for a rule against VoIP or \
        peer-to-peer programs.",
        "방화벽이나 응용 프로그램 제어에서 STUN(RFC 8489)을 허용하고, VoIP나 P2P 프로그램을 막는 규칙이 있는지 \
        확인하십시오.";
    TurnOperator: "Offer TLS on TCP port 443 for networks like this one.",
        "이런 네트워크를 위해 TCP 443번 포트에서 TLS를 제공하십시오.";
}
OnlyStunPasses: Reach, "RFC 7983 §7" {
    title: "Of UDP only STUN passes here, and nothing that a call sends[ ({family})]",
        "여기서는 UDP 가운데 STUN만 통과하고, 통화가 보내는 것은 통과하지 못합니다[ ({family})]";
    plain: "Something on the way lets a call be set up and throws away everything that it sends.",
        "길 위의 무언가가 통화가 연결되게 두고는 통화가 보내는 것을 모두 버립니다.";
    detail: "On one and the same way connectivity checks came through, and neither DTLS nor media nor other bytes did[, as \
        {address} says]. Checks of a direct call pass there, so that ICE chooses its pair, and nothing follows: the call \
        fails, and nothing falls back to a relay by itself.",
        "같은 길에서 ICE 연결 점검은 통과했지만 DTLS도 미디어도 다른 바이트도 통과하지 못했습니다[(알려 온 곳: {address})]. 직접 \
        통화의 연결 점검이 통과하므로 ICE가 그 쌍을 고르지만, 그 뒤로 아무것도 가지 못해 통화가 실패하고 저절로 중계로 넘어가지도 \
        않습니다.";
    seen: [LostBySight];
    NetworkTeam: "Let all UDP of calls through, not STUN alone (RFC 7983: STUN, DTLS, SRTP on one port).",
        "STUN만이 아니라 통화의 UDP를 모두 통과시키십시오(RFC 7983: 한 포트에 STUN, DTLS, SRTP).";
    You: "Until then let the application use relays only (iceTransportPolicy \"relay\"), over TCP or TLS if those over UDP \
        fail.",
        "그때까지는 애플리케이션이 중계만 쓰게 하십시오(iceTransportPolicy \"relay\"). UDP로 안 되면 TCP나 TLS를 쓰십시오.";
}
MediaFiltered: Reach, "RFC 7983 §7" {
    title: "Something on the way drops media, which it knows by sight[ ({family})]",
        "길 위의 무언가가 미디어를 알아보고 버립니다[ ({family})]";
    plain: "Something on the way lets a call be set up and throws away its sound and picture.",
        "길 위의 무언가가 통화가 연결되게 두고는 소리와 영상을 버립니다.";
    detail: "Whatever began as RTP does was lost on a way on which datagrams with other first bytes came through. The checks of \
        a direct call pass there, and its keys may be agreed on: it comes about, and nobody hears or sees anything in it.",
        "다른 첫 바이트로 시작하는 데이터그램은 지나간 길에서 RTP처럼 시작하는 것은 모두 사라졌습니다. 직접 통화의 연결 점검은 \
        통과하고 암호 키도 정해질 수 있어서, 통화는 연결되지만 아무 소리도 영상도 없습니다.";
    seen: [LostBySight];
    NetworkTeam: "Allow RTP (RFC 7983: first byte 128 to 191) over UDP to any port; look for a rule against telephony.",
        "모든 포트로 가는 UDP의 RTP(RFC 7983: 첫 바이트 128~191)를 허용하고, 인터넷 전화를 막는 규칙이 있는지 확인하십시오.";
    You: "Until then let the application use relays only (iceTransportPolicy \"relay\"): what goes to a relay is wrapped, \
        and the filter does not see it.",
        "그때까지는 애플리케이션이 중계만 쓰게 하십시오(iceTransportPolicy \"relay\"). 중계 서버로 가는 데이터는 감싸여 있어 \
        필터에 보이지 않습니다.";
}
ChecksFiltered: Reach, "RFC 8445 §7.1" {
    title: "Something on the way drops connectivity checks, which it knows by sight[ ({family})]",
        "길 위의 무언가가 ICE 연결 점검을 알아보고 버립니다[ ({family})]";
    plain: "Something on the way throws away the messages by which two people's machines find each other.",
        "길 위의 무언가가 두 사람의 컴퓨터가 서로를 찾을 때 쓰는 메시지를 버립니다.";
    detail: "Requests to servers are answered, and what the two ends of a call ask each other was lost on a way on which other \
        datagrams came through. So no direct pair ever works, whatever the NATs; a relay is reached, and what goes to it is \
        wrapped.",
        "서버에 보낸 요청에는 응답이 있지만, 통화의 양쪽이 서로 묻는 요청은 다른 데이터그램이 지나간 길에서 사라졌습니다. 그래서 \
        NAT가 어떻든 직접 쌍은 하나도 작동하지 않습니다. 중계 서버에는 닿으며, 그리로 가는 데이터는 감싸여 있습니다.";
    seen: [LostBySight];
    NetworkTeam: "Allow STUN between peers (RFC 8445 §7.1: Binding requests that carry USERNAME) over UDP to any port.",
        "모든 포트로 가는 UDP에서 상대방과 주고받는 STUN(RFC 8445 §7.1: USERNAME이 있는 Binding 요청)을 허용하십시오.";
}
DtlsFiltered: Reach, "RFC 7983 §7" {
    title: "Something on the way drops DTLS, which it knows by sight[ ({family})]",
        "길 위의 무언가가 DTLS를 알아보고 버립니다[ ({family})]";
    plain: "Something on the way lets a call begin and then throws away the messages by which it agrees on its keys.",
        "길 위의 무언가가 통화가 시작되게 두고는 암호 키를 정하는 메시지를 버립니다.";
    detail: "Every ClientHello of DTLS was lost on a way on which datagrams with other first bytes came through[, as \
        {address} says]. The checks of a direct call pass there, so that ICE chooses its pair, and then its keys are never \
        agreed on: such a call fails, and nothing falls back to a relay by itself.",
        "다른 첫 바이트로 시작하는 데이터그램은 지나간 길에서 DTLS ClientHello는 하나도 빠짐없이 사라졌습니다[(알려 온 곳: \
        {address})]. 직접 통화의 연결 점검은 통과하므로 ICE가 그 쌍을 고르지만, 암호 키를 정하지 못해 통화가 실패하고 저절로 \
        중계로 넘어가지도 않습니다.";
    seen: [LostBySight];
    NetworkTeam: "Allow DTLS (RFC 7983: first byte 20 to 63) over UDP; look for a rule against VPNs.",
        "UDP의 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, VPN을 막는 규칙이 있는지 확인하십시오.";
    You: "Until then let the application use relays only (iceTransportPolicy \"relay\"): what goes to a relay is wrapped, \
        and the filter does not see it.",
        "그때까지는 애플리케이션이 중계만 쓰게 하십시오(iceTransportPolicy \"relay\"). 중계 서버로 가는 데이터는 감싸여 있어 \
        필터에 보이지 않습니다.";
}

} } }
