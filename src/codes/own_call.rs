//! How did a call go that this machine made with itself?

macro_rules! own_call { ($($before:tt)*) => { collect! { $($before)*

ForceRelay: Calls, "RFC 8828 §5, W3C webrtc §4.2.6" {
    title: "The call would go through a relay, but only if it is told to",
        "중계 서버를 거치면 통화가 되지만, 그렇게 하도록 지정해야 합니다";
    detail: "The checks of the direct pair pass, so it is chosen; what dies on it does not fall back to another pair. \
        A call of this machine with itself was secured through a relay.",
        "직접 쌍의 검사가 통과하므로 그 쌍이 선택됩니다. 그 위에서 죽은 통화는 다른 쌍으로 넘어가지 않습니다. 이 기기가 \
        자신과 한 통화는 중계 서버를 거쳐 보안 연결이 되었습니다.";
    seen: [];
    You: "Until the network is mended, set iceTransportPolicy to \"relay\" in the application.",
        "네트워크를 고칠 때까지 응용 프로그램에서 iceTransportPolicy를 \"relay\"로 설정하십시오.";
}
OwnCallGood: Calls, "RFC 8827" {
    title: "A call between two ends on this machine works", "이 기기 안의 두 단말 사이에서 통화가 됩니다";
    detail: "DTLS, SRTP and SCTP run here: nothing on this machine itself hinders a call.",
        "DTLS, SRTP, SCTP가 동작합니다. 이 기기 자체에는 통화를 막는 것이 없습니다.";
    seen: [CallRan];
}
OwnCallRelayCarries: Calls, "RFC 8656" {
    title: "The relay carries a whole call", "중계 서버가 통화 전체를 전달합니다";
    detail: "Two ends on this machine made a call that was forced through {server}: DTLS, media and data passed \
        both ways[, with {loss} % of packets lost and a round trip of {rtt} ms].",
        "이 기기의 두 단말이 중계 서버만을 거쳐 통화했습니다. 서버: {server}. DTLS, 미디어, 데이터가 양방향으로 \
        전달되었습니다[. 패킷 손실: {loss} %, 왕복 시간: {rtt} ms].";
    seen: [CallRan];
}
OwnCallRelayThin: Calls, "RFC 8656 §5" {
    title: "The relay carries a call, but not well", "중계 서버가 통화를 전달하지만 원활하지 않습니다";
    detail: "Two ends on this machine made a call that was forced through {server}[: {loss} % of its packets were \
        lost, at a round trip of {rtt} ms]. People will notice.",
        "이 기기의 두 단말이 중계 서버만을 거쳐 통화했습니다. 서버: {server}[. 패킷 손실: {loss} %, 왕복 시간: \
        {rtt} ms]. 통화 중에 품질 저하가 느껴질 수 있습니다.";
    seen: [CallRan];
    TurnOperator: "Look at the server's limits (max-bps, bps-capacity), its load and its line.",
        "서버의 한도(max-bps, bps-capacity), 부하, 회선을 확인하십시오.";
}
OwnCallFails: Calls, "RFC 8827" {
    title: "A call between two ends on this machine does not work",
        "이 기기 안의 두 단말 사이에서도 통화가 되지 않습니다";
    detail: "Two ends on this machine reached each other and could not make a call[: {reason}]. A firewall on the \
        machine, or something that inspects its traffic, is in the way.",
        "이 기기의 두 단말이 서로 닿았으나 통화하지 못했습니다[: {reason}]. 기기의 방화벽이나 트래픽을 검사하는 \
        프로그램이 막고 있습니다.";
    seen: [CallBroke];
    You: "Look at the firewall and the security software of this machine: they must let UDP with DTLS pass.",
        "이 기기의 방화벽과 보안 프로그램이 DTLS를 쓰는 UDP를 통과시키는지 확인하십시오.";
}
OwnCallRelayFails: Calls, "RFC 8656" {
    title: "No call gets through this relay", "이 중계 서버로는 통화가 되지 않습니다";
    detail: "Two ends on this machine were to make a call that was forced through {server}, and it did not come \
        about[: {reason}]. Calls that need this relay will fail.",
        "이 기기의 두 단말이 중계 서버만을 거쳐 통화하려 했으나 이루어지지 않았습니다. 서버: {server}[: {reason}]. \
        이 중계가 필요한 통화는 실패합니다.";
    seen: [];
    TurnOperator: "Look whether the server relays between two of its own allocations, whether its relay ports \
        (49152 to 65535) are open for UDP both ways, and whether it allows the bytes a second of a call (coturn: \
        max-bps).",
        "서버가 자신의 두 할당 사이에서도 중계하는지, 중계 포트(49152~65535)가 UDP 양방향으로 열려 있는지, 통화에 필요한 \
        초당 바이트를 허용하는지(coturn: max-bps) 확인하십시오.";
}
OwnCallRelayUnreached: Calls, "RFC 8656 §7" {
    title: "A call got no allocations from {server}", "통화가 {server}의 할당을 받지 못했습니다";
    detail: "Two ends on this machine were to make a call that was forced through it, and their requests got no answer in \
        time, though the server had answered before. Either this network lets out no more flows of UDP, as a router with \
        few ports or a limit of sessions does not, or the server answers one client only so often.",
        "이 기기의 두 단말이 이 중계 서버만을 거쳐 통화하려 했으나, 서버가 앞서 응답했는데도 그 요청에는 제때 응답이 \
        없었습니다. 포트가 얼마 없거나 세션 수를 제한하는 라우터처럼 이 네트워크가 UDP 흐름을 더 내보내지 않거나, 서버가 한 \
        클라이언트에 응답하는 횟수를 제한하는 것입니다.";
    seen: [];
    You: "Close programs that hold many connections, and run it again; try a relay of another operator too.",
        "연결을 많이 쓰는 프로그램을 닫고 다시 실행하십시오. 다른 운영자의 중계 서버도 시험해 보십시오.";
    NetworkTeam: "Look whether the router runs out of ports or sessions for this machine.",
        "라우터에서 이 기기가 쓸 포트나 세션이 모자라는지 확인하십시오.";
    TurnOperator: "Look at the limits for one client.", "클라이언트 하나에 대한 한도를 확인하십시오.";
}
OwnCallDtlsBlocked: Calls, "RFC 7983 §7" {
    title: "DTLS does not get through to this relay and back", "이 중계 서버를 오가는 DTLS가 통과하지 못합니다";
    detail: "Two ends on this machine reached each other through {server}, yet none of their DTLS datagrams came \
        in. They are dropped by sight, or too large for the path; whether by the network in front of this machine \
        or by the relay's is not known.",
        "이 기기의 두 단말이 중계 서버를 거쳐 서로 닿았지만 DTLS 데이터그램은 하나도 들어오지 않았습니다. 서버: \
        {server}. DTLS를 알아보고 버리거나 경로에 비해 데이터그램이 큰 것이며, 이 기기 앞의 네트워크인지 중계 서버 \
        쪽 네트워크인지는 알 수 없습니다.";
    seen: [CallBroke];
    You: "Test a relay of another operator too.", "다른 운영자의 중계 서버도 시험해 보십시오.";
    TurnOperator as "Your network team and the TURN operator", "네트워크 담당자와 TURN 운영자": "Look for a \
        firewall that drops DTLS by sight, and let fragments and ICMP \"too big\" through.",
        "DTLS를 알아보고 버리는 방화벽이 있는지 확인하고, 조각난 패킷과 ICMP \"too big\"을 통과시키십시오.";
}
DtlsBlockedHere: Calls, "RFC 7983 §7" {
    title: "The network in front of this machine drops DTLS", "이 기기 앞의 네트워크가 DTLS를 버리고 있습니다";
    detail: "Calls of this machine with itself, too, lost all their DTLS datagrams while STUN was answered, \
        whichever relay they went through. That is done by a firewall that knows DTLS by sight, or by a line that \
        carries no datagrams of a thousand bytes; not by the relays and not by the other end.",
        "이 기기가 자신과 한 통화에서도 어느 중계 서버를 거치든 STUN에는 응답이 있는데 DTLS 데이터그램은 모두 \
        사라졌습니다. 중계 서버나 상대방이 아니라, DTLS를 알아보는 방화벽이나 1000바이트쯤 되는 데이터그램을 \
        전달하지 못하는 회선이 하는 일입니다.";
    seen: [CallBroke];
    NetworkTeam: "Allow DTLS (RFC 7983: first byte 20 to 63) over UDP; look for a rule against VPNs, and for a \
        tunnel whose packets hold less than 1,200 bytes.",
        "UDP의 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, VPN을 막는 규칙이나 패킷이 1200바이트에 못 미치는 \
        터널이 있는지 확인하십시오.";
    You: "Until then calls work only in another network, or through a relay over TLS.",
        "그때까지는 다른 네트워크를 쓰거나 TLS로 중계 서버를 거쳐야 통화할 수 있습니다.";
}

} } }
