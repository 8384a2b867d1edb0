//! How well do packets pass here: their size, their rate, their loss?

macro_rules! quality { ($($before:tt)*) => { collect! { $($before)*

SmallPathMtu: Quality, "RFC 4821, RFC 8899" {
    title: "Large packets do not get through", "큰 패킷이 통과하지 못합니다";
    detail: "Only IP packets up to a certain size pass whole[: {mtu} bytes]; 1500 is usual. Media packets are kept \
        below about 1200 bytes, but the DTLS handshake with a large certificate may hang.",
        "일정한 크기까지의 IP 패킷만 온전히 통과합니다[. 가장 큰 것은 {mtu}바이트입니다]. 보통은 1500바이트입니다. \
        미디어 패킷은 약 1200바이트보다 작게 만들어지지만, 큰 인증서를 쓰는 DTLS 핸드셰이크는 멈출 수 있습니다.";
    seen: [SizeLost];
    NetworkTeam: "Let ICMP \"packet too big\" through, and check the MTU of tunnels and VPNs.",
        "ICMP \"packet too big\"을 통과시키고 터널과 VPN의 MTU를 확인하십시오.";
}
LargePacketsLost: Quality, "RFC 4821, RFC 8899" {
    title: "Large packets do not get through[: more than {mtu} bytes][ ({family})]",
        "큰 패킷이 통과하지 못합니다[. 통과한 가장 큰 것은 {mtu}바이트입니다][ ({family})]";
    detail: "Browsers keep theirs below that. Other programs send media packets of 1,400 bytes and more unless they are told \
        otherwise; those are lost here, and nobody is told: sound comes, and the picture does not.",
        "브라우저가 보내는 패킷은 이보다 작습니다. 다른 프로그램은 따로 설정하지 않으면 1400바이트가 넘는 미디어 패킷을 보내는데, \
        그런 패킷은 여기에서 알림 없이 사라집니다. 소리는 오고 영상은 오지 않습니다.";
    seen: [SizeLost];
    You: "Where a program of your own sends: keep its packets at 1,200 bytes (mtu=1200).",
        "직접 만든 프로그램이 보낸다면 패킷 크기를 1200바이트로 제한하십시오.";
    NetworkTeam: "Let ICMP \"packet too big\" through, and check the MTU of tunnels and VPNs.",
        "ICMP \"packet too big\"을 통과시키고 터널과 VPN의 MTU를 확인하십시오.";
}
LineFillsUp: Quality, "RFC 7567" {
    title: "This line fills up, and what is sent comes late", "이 회선이 가득 차서 보낸 것이 늦게 도착합니다";
    detail: "A call of this machine with itself was in time where it stayed on the machine. Through each relay it came \
        late, without anything missing. So packets wait in a queue on the way: an upload, or a line too slow for a \
        call, does that.",
        "이 컴퓨터가 자신과 한 통화는 컴퓨터 안에서는 제때 왔지만, 어느 중계 서버를 거치든 빠진 것 없이 늦게 왔습니다. \
        곧 패킷이 도중의 대기열에서 기다립니다. 업로드 중이거나 회선이 통화에 비해 느릴 때 그렇습니다.";
    seen: [];
    You as "You, in your router", "공유기를 관리하는 사용자": "Stop uploads and downloads; switch on smart queue \
        management (SQM, FQ-CoDel, CAKE) a little below the line's rate.",
        "업로드와 다운로드를 멈추고, 회선 속도보다 조금 낮게 스마트 대기열 관리(SQM, FQ-CoDel, CAKE)를 켜십시오.";
}
UdpPacketsLimited: Quality, "RFC 8085 §3" {
    title: "This network lets too few UDP packets a second pass for a call[ ({family})]",
        "이 네트워크는 통화에 필요한 것보다 적은 초당 UDP 패킷만 통과시킵니다[ ({family})]";
    plain: "This network lets only a few packets a second pass, and a call needs many more.",
        "이 네트워크는 초당 몇 개의 패킷만 통과시키는데, 통화에는 훨씬 많은 패킷이 필요합니다.";
    detail: "To {sent} {sent|request|requests} in quick succession {received} {received|answer|answers} came. Sent slowly \
        from the same socket to the same servers, before and after, each got its answer: so they are lost for their number, \
        and neither for what they are nor by chance. Speech alone takes 50 packets a second.",
        "작은 요청 {sent}개를 빠르게 이어 보냈을 때 응답은 {received}개였습니다. 같은 소켓에서 같은 서버로 천천히 보냈을 때는 \
        앞뒤로 모두 응답이 왔습니다. 곧 내용이나 우연 때문이 아니라 수가 많아서 손실됩니다. 말소리만으로도 초당 50개의 패킷이 \
        필요합니다.";
    seen: [LostQuickly];
    NetworkTeam: "Take UDP out of rate limits, or let a call have 150 packets and 2 Mbit a second.",
        "UDP를 속도 제한에서 빼거나, 통화 하나에 초당 패킷 150개와 2Mbit를 허용하십시오.";
    TurnOperator: "Offer TURN over TCP and TLS as well, and see whether the server limits its clients over UDP.",
        "TURN을 TCP와 TLS로도 제공하고, 서버가 UDP 클라이언트를 제한하는지 확인하십시오.";
    You: "Until then, force TURN over TCP or TLS.", "그때까지는 TCP나 TLS의 TURN만 쓰게 하십시오.";
}
UdpThrottled: Quality, "RFC 8085 §3" {
    title: "Something here seems to limit how much UDP passes", "이곳의 무언가가 UDP의 양을 제한하는 것 같습니다";
    detail: "Single packets passed over UDP, and a call of this machine with itself through the same server did not, or \
        with great loss; over TCP or TLS it did. Limits on packets or bytes a second, on how many a connection may have, \
        or on how many UDP sessions one machine may have, look like that. On a direct path a call would meet them too.",
        "UDP로 보낸 낱개의 패킷은 통과했지만, 같은 서버를 거쳐 이 컴퓨터가 자신과 한 통화는 통과하지 못하거나 많이 \
        손실되었습니다. TCP나 TLS로는 되었습니다. 초당 패킷 수나 바이트 수, 연결마다의 패킷 수, 또는 한 컴퓨터의 UDP \
        세션 수를 제한할 때의 모습입니다. 직접 경로의 통화도 같은 제한을 만납니다.";
    seen: [];
    NetworkTeam: "Take UDP out of rate limits, or let a call have 150 packets and 2 Mbit a second.",
        "UDP를 속도 제한에서 빼거나, 통화 하나에 초당 패킷 150개와 2Mbit를 허용하십시오.";
    TurnOperator: "See whether the server limits its clients over UDP (coturn: max-bps, bps-capacity).",
        "서버가 UDP 클라이언트를 제한하는지 확인하십시오(coturn: max-bps, bps-capacity).";
    You: "Until then, force TURN over TCP or TLS; the call itself tells: rtc-doctor call.",
        "그때까지는 TCP나 TLS의 TURN만 쓰게 하십시오. 통화해 보면 알 수 있습니다: rtc-doctor call.";
}
LossyPath: Quality, "" {
    title: "This connection loses packets", "이 연결에서 패킷이 손실됩니다";
    detail: "Some packets did not arrive, or their answers did not[: about {loss} per cent]. From 2 per cent on, speech \
        begins to crackle and video to freeze.",
        "도착하지 못했거나 응답이 돌아오지 못한 패킷이 있습니다[(약 {loss}%)]. 손실이 2%를 넘으면 말소리가 지직거리고 영상이 멈추기 \
        시작합니다.";
    seen: [];
    You: "Move closer to the Wi-Fi or use a cable, and stop large transfers. If it stays, tell your provider.",
        "Wi-Fi 공유기에 더 가까이 가거나 유선으로 연결하고, 큰 파일 전송을 멈추십시오. 그래도 계속되면 통신사에 \
        알리십시오.";
}

} } }
