//! Why does a call go the way it goes?

macro_rules! path { ($($before:tt)*) => { collect! { $($before)*

BothEndpointIndependent: Path, "RFC 4787 §4.1" {
    title: "Both sides keep one public address for everyone", "양쪽 모두 누구에게나 하나의 공인 주소를 유지합니다";
    plain: "Routers on both sides keep one outside address for everyone, so each side can be told where to send.",
        "양쪽 공유기가 누구에게나 같은 바깥 주소를 쓰므로, 서로에게 보낼 곳을 알려 줄 수 있습니다.";
    detail: "Your NAT and the other side's use the same public address and port towards every destination. What \
        the STUN server saw is therefore valid for the peer too, and the two can open their NATs towards each \
        other.",
        "이쪽 NAT와 상대방 NAT가 모든 목적지에 같은 공인 주소와 포트를 씁니다. 그래서 STUN 서버에서 본 주소가 \
        상대방에게도 유효하고, 양쪽이 서로를 향해 NAT를 열 수 있습니다.";
    seen: [];
}
FilteringLetsPeerIn: Path, "RFC 4787 §5" {
    title: "One side lets the other in from any port", "한쪽이 상대방을 포트에 관계없이 들여보냅니다";
    plain: "One side lets the other in even where it calls from an unexpected port.",
        "한쪽은 상대방이 예상하지 못한 포트로 보내와도 들여보냅니다.";
    detail: "One of the two NATs lets packets in from an address it has sent to, whatever the port. That is enough \
        even where the other side's NAT picks a new port for every destination.",
        "두 NAT 가운데 하나는 보낸 적이 있는 주소에서 온 패킷이면 포트에 관계없이 들여보냅니다. 다른 쪽 NAT가 \
        목적지마다 새 포트를 고르더라도 이것으로 충분합니다.";
    seen: [];
}
NoTranslation: Path, "RFC 8445 §5.1.1" {
    title: "Nothing translates addresses here", "여기에는 주소를 변환하는 것이 없습니다";
    plain: "This machine has an address of its own on the internet, so everyone can be told where to send.",
        "이 컴퓨터에는 인터넷에서 바로 보이는 주소가 있어서 누구에게나 보낼 곳을 알려 줄 수 있습니다.";
    detail: "The address of this machine is the one the internet sees, so it is valid for every peer.",
        "이 컴퓨터의 주소가 곧 인터넷에서 보이는 주소이므로 모든 상대방에게 유효합니다.";
    seen: [];
}
Ipv6Direct: Path, "RFC 6092" {
    title: "IPv6 gives both sides a path without a NAT", "IPv6로 양쪽이 NAT 없이 연결됩니다";
    plain: "Both sides have IPv6, where every machine has an address of its own.",
        "양쪽 모두 컴퓨터마다 자기 주소가 있는 IPv6를 쓸 수 있습니다.";
    detail: "Over IPv6 nothing translates addresses. A firewall that lets answers in is opened by both sides \
        sending at once.",
        "IPv6에서는 주소를 변환하는 것이 없습니다. 응답을 들여보내는 방화벽은 양쪽이 동시에 보내면 열립니다.";
    seen: [];
    Nobody: "Nothing to do, as long as the other side has IPv6 too.",
        "상대방에게도 IPv6가 있는 한 조치할 것이 없습니다.";
}
PeerFamilyDecides: Path, "RFC 8421" {
    title: "Only peers with IPv6 are reached without a relay", "IPv6가 있는 상대방만 중계 서버 없이 연결됩니다";
    detail: "This machine has IPv6 alone. With a peer that has IPv6 too nothing translates addresses; one with IPv4 alone \
        needs a relay that has an IPv4 address.",
        "이 컴퓨터에는 IPv6만 있습니다. 상대방에게도 IPv6가 있으면 주소를 변환하는 것이 없지만, IPv4만 있는 상대방에게는 \
        IPv4 주소를 가진 중계 서버가 필요합니다.";
    seen: [];
    ServerOperator as "Operator of the service", "서비스 운영자": "Offer TURN over IPv6 on a server that relays IPv4 as well.",
        "IPv6로 연결되고 IPv4로도 중계하는 TURN 서버를 제공하십시오.";
}
MappingVariesWithPeer: Path, "RFC 4787 §4.1" {
    title: "A NAT shows each destination another port, so the peer cannot know it",
        "NAT가 목적지마다 다른 포트를 보여 주어 상대방이 포트를 알 수 없습니다";
    plain: "The router or firewall here shows everyone a different outside port, so the other side cannot know where to \
        send.",
        "이곳의 공유기나 방화벽이 상대마다 다른 바깥 포트를 쓰기 때문에, 상대방은 어디로 보내야 할지 알 수 없습니다.";
    detail: "The public port that a STUN server sees is not the one a peer would see (older texts call this a \
        \"symmetric\" NAT). The peer answers to the wrong port, and its own NAT lets nothing in from an unexpected \
        one.",
        "STUN 서버에서 보이는 공인 포트와 상대방에게 보일 포트가 다릅니다(예전 문서에서는 \"symmetric\" NAT라고 \
        합니다). 상대방은 잘못된 포트로 응답하고, 상대방의 NAT는 예상하지 못한 포트에서 온 패킷을 들여보내지 \
        않습니다.";
    seen: [];
    NetworkTeam: "Set the NAT to endpoint-independent mapping for UDP. Until then calls need a TURN relay.",
        "NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오. 그 전까지는 통화에 TURN 중계 서버가 필요합니다.";
}
DirectNotTried: Path, "RFC 7983 §7" {
    title: "Whether the direct path carries a call was not tried", "직접 경로가 통화를 전달하는지는 시험하지 않았습니다";
    detail: "That it is there is known from STUN. What a call sends over it, DTLS first and then fifty packets and \
        more a second, passes only between two ends: a firewall that knows DTLS by sight, or a limit on UDP, shows \
        only there.",
        "직접 경로가 있다는 것은 STUN으로 알았습니다. 통화가 그 위로 보내는 것, 곧 DTLS와 그다음의 초당 50개가 넘는 \
        패킷은 두 끝 사이에서만 오갑니다. DTLS를 알아보는 방화벽이나 UDP 제한은 거기에서만 드러납니다.";
    seen: [];
    BothEnds: "Make a call: rtc-doctor call.", "통화를 해 보십시오: rtc-doctor call.";
}
RelayTakesOver: Path, "RFC 8656 §2" {
    title: "A TURN relay works and carries the call", "TURN 중계 서버가 작동하며 통화를 전달합니다";
    plain: "A relay server was tested and carries the call instead.",
        "중계 서버를 시험해 보았고, 이 서버가 통화를 대신 나릅니다.";
    detail: "Where no direct path exists, the call goes through the relay. It works, with a longer way and at the \
        operator's cost.",
        "직접 연결할 길이 없으면 통화는 중계 서버를 거칩니다. 통화는 되지만 길이 더 멀고, 비용은 중계 서버 \
        운영자가 부담합니다.";
    seen: [];
    Nobody: "Nothing is broken. To make calls direct, see what single change would do it.",
        "고장은 아닙니다. 직접 통화하려면 어떤 변경 하나로 그렇게 되는지 확인하십시오.";
}
NoRelay: Path, "RFC 8656 §2" {
    title: "No TURN relay is there to fall back on", "대신 쓸 수 있는 TURN 중계 서버가 없습니다";
    plain: "No relay server works that could carry the call instead.", "통화를 대신 나를 수 있는 중계 서버가 없습니다.";
    detail: "No direct path exists and no relay was proven to work, so such a call does not connect.",
        "직접 연결할 길이 없고 작동이 확인된 중계 서버도 없으므로, 이런 통화는 연결되지 않습니다.";
    seen: [];
    You: "Give the TURN server and its credentials with --ice-servers.",
        "TURN 서버와 인증 정보를 지정하십시오(--ice-servers).";
    ServerOperator as "Operator of the service", "서비스 운영자": "Offer TURN over UDP, and over TLS on port 443.",
        "UDP로, 그리고 443번 포트의 TLS로도 TURN을 제공하십시오.";
}
NoTurnNamed: Path, "RFC 8656 §2" {
    title: "The list of ICE servers names no TURN server, so nothing can relay the call",
        "ICE 서버 목록에 TURN 서버가 없어 통화를 중계할 것이 없습니다";
    plain: "The application names no relay server that could carry the call instead.",
        "애플리케이션에 통화를 대신 나를 중계 서버가 지정되어 있지 않습니다.";
    detail: "No direct path exists, and the list that was given is all that the application has. Such a call does not \
        connect, whatever is changed in the STUN servers.",
        "직접 연결할 길이 없고, 주어진 목록이 애플리케이션이 가진 전부입니다. STUN 서버를 어떻게 바꾸어도 이런 통화는 \
        연결되지 않습니다.";
    seen: [];
    ServerOperator as "Operator of the service", "서비스 운영자":
        "Offer TURN over UDP, and over TLS on port 443, and name it in the list.",
        "UDP로, 그리고 443번 포트의 TLS로도 TURN을 제공하고 목록에 넣으십시오.";
}
EndsUnclear: Path, "RFC 5780 §4" {
    title: "What is known of the two ends does not decide how they meet",
        "두 끝에 대해 알려진 것만으로는 어떻게 연결될지 정할 수 없습니다";
    detail: "In at least one of the two diagnoses something that decides stayed open: whether UDP gets through, or \
        how the NAT maps and filters.",
        "두 진단 중 적어도 하나에서 결정적인 것이 밝혀지지 않았습니다. UDP가 통과하는지, 또는 NAT가 어떻게 \
        매핑하고 필터링하는지입니다.";
    seen: [];
    BothEnds: "Run the check again with a STUN server that does RFC 5780, or make the call itself: rtc-doctor \
        call.",
        "RFC 5780을 지원하는 STUN 서버로 check를 다시 실행하거나, rtc-doctor call로 실제 통화를 해 보십시오.";
}
OwnUnclear: Path, "RFC 5780 §4" {
    title: "Your side is not known well enough", "이쪽 네트워크가 충분히 알려지지 않았습니다";
    detail: "This end's own diagnosis leaves open what its NAT or firewall does; its report says why.",
        "이쪽 진단에서 NAT나 방화벽의 동작이 밝혀지지 않았습니다. 그 이유는 이쪽 보고서에 있습니다.";
    seen: [];
    You: "Run the check again, with STUN servers of another operator if it stays so.",
        "check를 다시 실행하고, 결과가 같으면 다른 운영자의 STUN 서버를 쓰십시오.";
}
PeerUnclear: Path, "RFC 5780 §4" {
    title: "The other side is not known well enough", "상대방 네트워크가 충분히 알려지지 않았습니다";
    detail: "The other end's own diagnosis leaves open what its NAT or firewall does; its report says why.",
        "상대방 진단에서 NAT나 방화벽의 동작이 밝혀지지 않았습니다. 그 이유는 상대방 보고서에 있습니다.";
    seen: [];
    OtherEnd: "Run the check again, with STUN servers of another operator if it stays so.",
        "check를 다시 실행하고, 결과가 같으면 다른 운영자의 STUN 서버를 쓰십시오.";
}
NoCommonServer: Path, "RFC 5780 §4.3" {
    title: "The two ends were not measured from a common place", "두 끝이 같은 기준점에서 측정되지 않았습니다";
    detail: "One of them asked only servers on its own machine or in its own network. How it looks from the other \
        end cannot be told from that.",
        "한쪽이 자기 컴퓨터나 자기 네트워크 안의 서버에만 물어보았습니다. 그것만으로는 상대방에서 어떻게 보이는지 \
        알 수 없습니다.";
    seen: [];
    BothEnds: "Check against the same servers on the internet, or against one server that both reach.",
        "인터넷에 있는 같은 서버로, 또는 양쪽에서 모두 닿는 한 서버로 check를 실행하십시오.";
}
SameNetwork: Path, "RFC 4787 §6" {
    title: "Both ends have one public address; what lies between them was not measured",
        "두 끝의 공인 주소가 같고, 그 사이의 경로는 측정되지 않았습니다";
    detail: "They are in one network, or behind one carrier's NAT. Whether they reach each other inside it, by \
        their own addresses or through a NAT that hairpins, cannot be told from servers outside.",
        "두 끝이 한 네트워크 안에 있거나 한 통신사 NAT 뒤에 있습니다. 그 안에서 자기 주소로, 또는 헤어핀을 하는 \
        NAT를 거쳐 서로 닿는지는 바깥 서버로는 알 수 없습니다.";
    seen: [];
    You: "Make the call itself with rtc-doctor call.", "rtc-doctor call로 실제 통화를 해 보십시오.";
    NetworkTeam as "Network team", "네트워크 담당자": "Client isolation, where it is on, keeps neighbours apart.",
        "클라이언트 격리가 켜져 있으면 이웃끼리 닿지 않습니다.";
}
SameNatHairpins: Path, "RFC 4787 §6" {
    title: "Both are behind one NAT, which sends packets for its own address back in",
        "두 끝이 한 NAT 뒤에 있고, 그 NAT는 자기 주소로 온 패킷을 다시 안으로 보냅니다";
    detail: "The two meet by the public address that they share, whatever lies between them inside.",
        "안쪽 사이에 무엇이 있든, 두 끝은 함께 쓰는 공인 주소를 통해 만납니다.";
    seen: [];
}
NoCommonFamily: Path, "RFC 8421" {
    title: "One end has only IPv4, the other only IPv6", "한쪽에는 IPv4만, 다른 쪽에는 IPv6만 있습니다";
    short: "one end has only IPv4, the other only IPv6", "한쪽은 IPv4만, 다른 쪽은 IPv6만 있음";
    detail: "A direct path needs one address family at both ends. A relay can stand between the two where it gives \
        out addresses of the family that the other end has.",
        "직접 경로에는 양쪽에 같은 주소 체계가 있어야 합니다. 중계 서버가 상대방 주소 체계의 주소를 내주면 두 끝 \
        사이에 설 수 있습니다.";
    seen: [];
    BothEnds as "Network team of either end", "어느 한쪽의 네트워크 담당자": "Switch the missing family on.",
        "없는 주소 체계를 켜십시오.";
}
PeerUdpBlocked: Path, "RFC 8835 §3.4" {
    title: "The other side's network lets no UDP through", "상대방 네트워크에서 UDP가 통과하지 않습니다";
    short: "the other side blocks UDP", "상대방 쪽에서 UDP가 막힘";
    detail: "No UDP leaves the other end's network, or no answer comes back, while its servers are alive. Direct \
        calls need UDP.",
        "상대방 서버들은 살아 있는데, 상대방 네트워크에서 UDP가 나가지 못하거나 응답이 돌아오지 않습니다. 직접 \
        통화에는 UDP가 필요합니다.";
    seen: [];
    OtherNetworkTeam: "Allow outbound UDP, with answers let in.", "나가는 UDP와 그 응답을 허용하십시오.";
}
OwnMappingVaries: Path, "RFC 4787 §4.1" {
    title: "Your NAT shows each destination another port", "이쪽 NAT는 목적지마다 다른 포트를 보여 줍니다";
    short: "your NAT shows each destination another port", "이쪽 NAT가 목적지마다 다른 포트를 보임";
    detail: "The public port that a STUN server sees is not the one that the other end would see (older texts call \
        this a \"symmetric\" NAT), so the other end checks the wrong one.",
        "STUN 서버가 보는 공인 포트와 상대방이 보게 될 포트가 다릅니다(예전 글에서는 \"symmetric\" NAT라고 \
        합니다). 그래서 상대방은 틀린 포트를 확인합니다.";
    seen: [];
    NetworkTeam: "Set the NAT to endpoint-independent mapping for UDP.",
        "NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오.";
}
PeerMappingVaries: Path, "RFC 4787 §4.1" {
    title: "The other side's NAT shows each destination another port",
        "상대방 NAT는 목적지마다 다른 포트를 보여 줍니다";
    short: "the other side's NAT shows each destination another port", "상대방 NAT가 목적지마다 다른 포트를 보임";
    detail: "The public port that a STUN server sees is not the one that this end would see (older texts call this \
        a \"symmetric\" NAT), so this end checks the wrong one.",
        "STUN 서버가 보는 공인 포트와 이쪽이 보게 될 포트가 다릅니다(예전 글에서는 \"symmetric\" NAT라고 합니다). \
        그래서 이쪽은 틀린 포트를 확인합니다.";
    seen: [];
    OtherNetworkTeam: "Set the NAT to endpoint-independent mapping for UDP.",
        "NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오.";
}
OwnFilterByPort: Path, "RFC 4787 §5" {
    title: "Your side lets packets in only from the very port it has sent to",
        "이쪽은 패킷을 보낸 바로 그 포트에서 온 것만 들여보냅니다";
    detail: "By itself that is harmless and usual. Beside a NAT that picks a new port for each destination it \
        leaves no way in: the other end's checks come from a port that nobody could know.",
        "그 자체로는 흔하고 해가 없습니다. 그러나 목적지마다 새 포트를 고르는 NAT를 만나면 들어올 길이 없습니다. \
        상대방의 확인 패킷이 아무도 알 수 없는 포트에서 오기 때문입니다.";
    seen: [];
    NetworkTeam: "Filter UDP by address alone, where the router can.",
        "라우터가 지원하면 UDP를 주소로만 필터링하십시오.";
}
PeerFilterByPort: Path, "RFC 4787 §5" {
    title: "The other side lets packets in only from the very port it has sent to",
        "상대방은 패킷을 보낸 바로 그 포트에서 온 것만 들여보냅니다";
    detail: "By itself that is harmless and usual. Beside a NAT that picks a new port for each destination it \
        leaves no way in: this end's checks come from a port that nobody could know.",
        "그 자체로는 흔하고 해가 없습니다. 그러나 목적지마다 새 포트를 고르는 NAT를 만나면 들어올 길이 없습니다. \
        이쪽의 확인 패킷이 아무도 알 수 없는 포트에서 나가기 때문입니다.";
    seen: [];
    OtherNetworkTeam: "Filter UDP by address alone, where the router can.",
        "라우터가 지원하면 UDP를 주소로만 필터링하십시오.";
}
RelayToItselfNotTested: Path, "RFC 8656 §9" {
    title: "The call needs a server that relays to its own address, and that was not tested",
        "이 통화에는 자기 주소로도 중계하는 서버가 필요한데, 그것은 시험되지 않았습니다";
    detail: "Neither end's UDP gets to the other's relay, so both need a relay of their own, and both have theirs \
        on one server. Many operators forbid their server to send to itself.",
        "어느 쪽의 UDP도 상대방 중계 서버에 닿지 않아 양쪽에 각자의 중계 주소가 필요한데, 둘 다 한 서버에 \
        있습니다. 많은 운영자가 서버가 자기 자신에게 보내는 것을 금지합니다.";
    seen: [];
    TurnOperator: "Allow the server's own public address as a peer (coturn: allowed-peer-ip), or run two servers.",
        "서버 자신의 공인 주소를 피어로 허용하거나(coturn: allowed-peer-ip) 서버를 두 대 운영하십시오.";
}
RelayDeniesItself: Path, "RFC 8656 §9" {
    title: "The TURN server does not relay to its own address, which this call needs",
        "TURN 서버가 자기 주소로는 중계하지 않는데, 이 통화에는 그것이 필요합니다";
    detail: "Neither end's UDP gets out, so both need a relay, and both have theirs on this server. It refused to \
        let its own address in as a peer.",
        "어느 쪽의 UDP도 나가지 못해 양쪽에 중계 주소가 필요한데, 둘 다 이 서버에 있습니다. 서버가 자기 주소를 \
        피어로 받아들이기를 거부했습니다.";
    seen: [];
    TurnOperator: "Allow the server's own public address as a peer (coturn: allowed-peer-ip), or run two servers.",
        "서버 자신의 공인 주소를 피어로 허용하거나(coturn: allowed-peer-ip) 서버를 두 대 운영하십시오.";
}
DirectPairWorks: Path, "RFC 8445 §7.2.5" {
    title: "A pair of candidates without a relay works", "중계를 거치지 않는 후보 쌍이 동작합니다";
    detail: "A check between the two ends themselves was answered, from the address that was asked.",
        "두 끝 사이의 직접 확인에 대해, 물어본 바로 그 주소에서 응답이 왔습니다.";
    seen: [];
}
NoDirectPairWorks: Path, "RFC 8445 §7" {
    title: "No pair of candidates without a relay works", "중계를 거치지 않는 후보 쌍 중에 동작하는 것이 없습니다";
    detail: "Every pair between the two ends themselves was checked to its end, and none was answered.",
        "두 끝 사이의 모든 쌍을 끝까지 확인했지만 응답이 온 것이 없습니다.";
    seen: [];
    You: "The table of pairs says how each of them fared.", "각 쌍의 결과는 쌍의 표에 있습니다.";
}
NoDirectPairTried: Path, "RFC 8828 §5.2" {
    title: "No pair without a relay was there to try", "시도할 수 있는, 중계 없는 쌍이 없었습니다";
    short: "no direct pair was there to try", "시도할 직접 쌍이 없었음";
    detail: "At least one end offered relayed candidates only, by its own choice or because it has no others.",
        "적어도 한쪽이 스스로 선택했거나 다른 것이 없어서 중계 후보만 내놓았습니다.";
    seen: [];
    You: "To try direct paths too, run rtc-doctor call without --relay-only.",
        "직접 경로도 시도하려면 rtc-doctor call을 --relay-only 없이 실행하십시오.";
}
NoPairWorks: Path, "RFC 8445 §7" {
    title: "None of the candidate pairs works", "동작하는 후보 쌍이 하나도 없습니다";
    detail: "Every pair was checked to its end, beside something on the same socket that was answered, or with a \
        reason given why nothing can arrive.",
        "모든 쌍을 끝까지 확인했습니다. 같은 소켓에서 다른 것에는 응답이 왔거나, 도달할 수 없는 이유가 \
        밝혀졌습니다.";
    seen: [];
    You: "Give both ends a TURN server that they reach, best one over TLS on port 443.",
        "양쪽에서 닿는 TURN 서버를 지정하십시오. 443 포트의 TLS가 가장 좋습니다.";
}
NoPairs: Path, "RFC 8445 §6.1.2.2" {
    title: "There was no pair of candidates to check", "확인할 후보 쌍이 없었습니다";
    detail: "The candidates of the two ends have no address family and protocol in common, or one end offered \
        none.",
        "두 끝의 후보에 공통된 주소 체계와 프로토콜이 없거나, 한쪽이 후보를 내놓지 않았습니다.";
    seen: [];
    You: "Give both ends a TURN server that they reach.", "양쪽에서 닿는 TURN 서버를 지정하십시오.";
}
PeerRecordMissing: Path, "" {
    title: "What stands before the other end is not known", "상대방 앞에 무엇이 있는지 알려지지 않았습니다";
    detail: "The other end sent no diagnosis of its own: it is a browser or another program, or it left before it \
        could. So there is no prediction.",
        "상대방이 자체 진단을 보내지 않았습니다. 브라우저나 다른 프로그램이거나, 보내기 전에 떠났습니다. 그래서 \
        예측이 없습니다.";
    seen: [];
}
ChecksUnfinished: Path, "RFC 8445 §7" {
    title: "Not all candidate pairs were checked to their end", "모든 후보 쌍이 끝까지 확인되지는 않았습니다";
    detail: "The run ended before every pair that could be direct had its turn, so what they would have shown is \
        not known.",
        "직접 경로가 될 수 있는 쌍을 모두 확인하기 전에 실행이 끝났습니다. 그래서 그 쌍들의 결과는 알 수 없습니다.";
    seen: [];
    You: "Run it again and let it come to its end.", "다시 실행하고 끝날 때까지 두십시오.";
}

} } }
