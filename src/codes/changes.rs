//! What single change would make a call direct?

macro_rules! changes { ($($before:tt)*) => { collect! { $($before)*

UseEndpointIndependentMapping: Change, "RFC 4787 §4.1" {
    title: "Let the NAT keep one public port per socket (endpoint-independent mapping)",
        "NAT가 소켓마다 하나의 공인 포트를 유지하게 합니다(엔드포인트 독립적 매핑)";
    detail: "If the NAT used one public port for all destinations, the peer would know it and the call would be \
        direct. Firewalls call the setting \"consistent NAT\", \"full cone\", \"persistent NAT\" or \"static \
        port\".",
        "NAT가 모든 목적지에 하나의 공인 포트를 쓰면 상대방이 그 포트를 알 수 있어 통화가 직접 연결됩니다. \
        방화벽에서는 이 설정을 \"consistent NAT\", \"full cone\", \"persistent NAT\", \"static port\" 등으로 \
        부릅니다.";
    seen: [];
    NetworkTeam: "Switch it on for outbound UDP (pfSense and OPNsense: outbound NAT with static port; SonicWall: \
        consistent NAT; Juniper: persistent-nat; Linux: masquerade without random).",
        "밖으로 나가는 UDP에 대해 이 설정을 켜십시오(pfSense와 OPNsense: outbound NAT의 static port, SonicWall: \
        consistent NAT, Juniper: persistent-nat, Linux: random 없는 masquerade).";
    You as "Where the NAT is your provider's", "통신사의 NAT라면": "Your router's page shows its outside address: where that \
        is another than the public address here, the NAT that decides is the provider's. Ask the provider for a public IPv4 \
        address or for IPv6.",
        "공유기 설정 화면에 나오는 바깥 주소가 여기의 공인 주소와 다르면 통신사의 NAT가 정하는 것입니다. 통신사에 공인 IPv4 \
        주소나 IPv6를 요청하십시오.";
}
UseAddressDependentFiltering: Change, "RFC 4787 §5" {
    title: "Let packets in from any port of an address already sent to",
        "이미 보낸 적이 있는 주소에서 온 패킷은 포트에 관계없이 들여보냅니다";
    detail: "If the NAT filtered by address alone (address-dependent filtering), a peer whose port is not known in \
        advance would still get in, and the call would be direct.",
        "NAT가 주소만 보고 거른다면(주소 의존적 필터링) 포트를 미리 알 수 없는 상대방의 패킷도 들어올 수 있어 \
        통화가 직접 연결됩니다.";
    seen: [];
    NetworkTeam: "Set UDP filtering to address-dependent (older menus: \"restricted\" rather than \
        \"port-restricted\").",
        "UDP 필터링을 주소 의존적으로 설정하십시오(예전 메뉴에서는 \"port-restricted\" 대신 \"restricted\").";
    You as "Where the NAT is your provider's", "통신사의 NAT라면": "Your router's page shows its outside address: where that \
        is another than the public address here, the NAT that decides is the provider's. Ask the provider for a public IPv4 \
        address or for IPv6.",
        "공유기 설정 화면에 나오는 바깥 주소가 여기의 공인 주소와 다르면 통신사의 NAT가 정하는 것입니다. 통신사에 공인 IPv4 \
        주소나 IPv6를 요청하십시오.";
}
AllowOutboundUdp: Change, "RFC 8835 §3.4" {
    title: "Let UDP out of this network", "이 네트워크에서 UDP가 나갈 수 있게 합니다";
    detail: "Direct calls use UDP on ports chosen at run time. If it may leave, and its answers may come back, \
        calls can be direct.",
        "직접 통화는 실행할 때 정해지는 포트에서 UDP를 씁니다. UDP가 나가고 그 응답이 돌아올 수 있으면 통화가 직접 \
        연결될 수 있습니다.";
    seen: [];
    NetworkTeam: "Allow outbound UDP to ports 3478 and 1024-65535, with answers let in for at least two minutes.",
        "3478번과 1024-65535번 포트로 나가는 UDP를 허용하고, 응답을 적어도 2분 동안 들여보내십시오.";
}
AllowUdpOnThisMachine: Change, "" {
    title: "Let the program send and receive UDP on this machine", "이 컴퓨터에서 프로그램이 UDP를 쓸 수 있게 합니다";
    detail: "It is a firewall or a sandbox of this machine that keeps UDP from passing, and not the network in \
        front of it.",
        "UDP를 막는 것은 앞의 네트워크가 아니라 이 컴퓨터의 방화벽이나 샌드박스입니다.";
    seen: [];
    You: "Allow the program that makes your calls to send UDP, and let the answers in.",
        "통화 프로그램이 UDP를 보낼 수 있게 하고 그 응답을 들여보내십시오.";
}
PublicAddressFromProvider: Change, "RFC 6888" {
    title: "Get a public address, or IPv6, from your provider", "통신사에서 공인 주소나 IPv6를 받습니다";
    detail: "The NAT that hinders direct calls is the provider's. Nothing that is set in a router of your own \
        changes it.",
        "직접 통화를 막는 NAT는 통신사의 것입니다. 자신의 공유기에서 무엇을 설정해도 바뀌지 않습니다.";
    seen: [];
    You: "Ask the provider for a public IPv4 address or for IPv6.", "통신사에 공인 IPv4 주소나 IPv6를 요청하십시오.";
}
AllowStun: Change, "RFC 8489" {
    title: "Let STUN pass in this network", "이 네트워크에서 STUN이 통과하게 합니다";
    detail: "Direct calls begin with STUN between the two ends. If it is no longer dropped, calls can be direct.",
        "직접 통화는 양쪽 사이의 STUN으로 시작합니다. STUN을 버리지 않으면 통화가 직접 연결될 수 있습니다.";
    seen: [];
    NetworkTeam: "Take STUN out of what the firewall or application control drops.",
        "방화벽이나 응용 프로그램 제어가 버리는 것에서 STUN을 빼십시오.";
}
UseIpv6: Change, "RFC 6092" {
    title: "Use IPv6, which needs no NAT", "NAT가 필요 없는 IPv6를 씁니다";
    detail: "With IPv6 on both sides addresses are not translated, and what hinders a direct call here falls away.",
        "양쪽에 IPv6가 있으면 주소가 변환되지 않으므로, 여기서 직접 통화를 막는 원인이 사라집니다.";
    seen: [];
    NetworkTeam as "Your network team or provider", "네트워크 담당자 또는 통신사": "Switch IPv6 on, with a \
        firewall that lets answers to outbound UDP in.",
        "나가는 UDP의 응답을 들여보내는 방화벽과 함께 IPv6를 켜십시오.";
}
PeerEndpointIndependentMapping: Change, "RFC 4787 §4.1" {
    title: "Let the other side's NAT keep one public port per socket",
        "상대방 NAT가 소켓마다 하나의 공인 포트를 유지하게 하기";
    detail: "If the other side's NAT used one public port for all destinations, this end would know it and the \
        call would be direct.",
        "상대방 NAT가 모든 목적지에 하나의 공인 포트를 쓰면 이쪽이 그 포트를 알게 되어 직접 통화가 됩니다.";
    seen: [];
    OtherNetworkTeam: "Switch endpoint-independent mapping on for outbound UDP (consistent NAT, static port).",
        "나가는 UDP에 대해 엔드포인트 독립적 매핑(consistent NAT, static port)을 켜십시오.";
}
PeerAddressDependentFiltering: Change, "RFC 4787 §5" {
    title: "Let the other side take packets from any port of an address it has sent to",
        "상대방이 이미 보낸 주소라면 어느 포트에서 온 패킷이든 받게 하기";
    detail: "If the other side filtered by address alone, this end would get in although its port is not known in \
        advance.",
        "상대방이 주소로만 필터링하면, 이쪽의 포트를 미리 알 수 없어도 들어갈 수 있습니다.";
    seen: [];
    OtherNetworkTeam: "Set UDP filtering to address-dependent.", "UDP 필터링을 주소 의존적으로 설정하십시오.";
}
PeerOutboundUdp: Change, "RFC 8835 §3.4" {
    title: "Let UDP out of the other side's network", "상대방 네트워크에서 UDP가 나가게 하기";
    detail: "Direct calls use UDP on ports chosen at run time. If it may leave there, and its answers may come \
        back, calls can be direct.",
        "직접 통화는 실행 중에 정해지는 포트의 UDP를 씁니다. UDP가 나가고 응답이 돌아올 수 있으면 직접 통화가 \
        됩니다.";
    seen: [];
    OtherNetworkTeam: "Allow outbound UDP to ports 3478 and 1024-65535, with answers let in for at least two \
        minutes.",
        "3478 및 1024-65535 포트로 나가는 UDP를 허용하고, 응답을 적어도 2분 동안 들여보내십시오.";
}
PeerUdpOnItsMachine: Change, "" {
    title: "Let the program send and receive UDP on the other end's machine",
        "상대방의 컴퓨터에서 통화 프로그램이 UDP를 쓸 수 있게 하기";
    detail: "It is a firewall or a sandbox of that machine that keeps UDP from passing, and not the network in front of it.",
        "UDP를 막는 것은 앞의 네트워크가 아니라 그 컴퓨터의 방화벽이나 샌드박스입니다.";
    seen: [];
    OtherEnd: "Allow the program that makes the calls to send UDP, and let the answers in.",
        "통화 프로그램이 UDP를 보낼 수 있게 하고 그 응답을 들여보내십시오.";
}
PeerStun: Change, "RFC 8489" {
    title: "Let STUN pass in the other side's network", "상대방 네트워크에서 STUN이 통과하게 하기";
    detail: "Direct calls begin with STUN between the two ends. If it is no longer dropped there, calls can be direct.",
        "직접 통화는 양쪽 사이의 STUN으로 시작합니다. 그곳에서 STUN을 버리지 않으면 통화가 직접 연결될 수 있습니다.";
    seen: [];
    OtherNetworkTeam: "Take STUN out of what the firewall or application control drops.",
        "방화벽이나 응용 프로그램 제어가 버리는 것에서 STUN을 빼십시오.";
}
PeerPublicAddress: Change, "RFC 6888" {
    title: "Get a public address, or IPv6, from the other end's provider", "상대방의 통신사에서 공인 주소나 IPv6를 받기";
    detail: "The NAT that hinders direct calls is that of the other end's provider. Nothing that is set in a router there \
        changes it.",
        "직접 통화를 막는 NAT는 상대방 통신사의 것입니다. 그곳의 공유기에서 무엇을 설정해도 바뀌지 않습니다.";
    seen: [];
    OtherEnd: "Ask the provider for a public IPv4 address or for IPv6.", "통신사에 공인 IPv4 주소나 IPv6를 요청하십시오.";
}
PeerIpv6: Change, "RFC 6092" {
    title: "Give the other side IPv6, which needs no NAT", "상대방에 NAT가 필요 없는 IPv6를 제공하기";
    detail: "This end has IPv6. With IPv6 on the other side too, what hinders a direct call here falls away.",
        "이쪽에는 IPv6가 있습니다. 상대방에도 IPv6가 있으면 직접 통화를 막는 것이 없어집니다.";
    seen: [];
    OtherNetworkTeam as "The other end's network team or provider", "상대방 네트워크 담당자 또는 통신사": "Switch \
        IPv6 on, with a firewall that lets answers to outbound UDP in.",
        "IPv6를 켜고, 나간 UDP의 응답을 방화벽에서 들여보내십시오.";
}

} } }
