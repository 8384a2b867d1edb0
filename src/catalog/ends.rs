//! Why two ends meet as they do, and what single change at the other end would make it direct.
//!
//! What is ours and what is theirs has words of its own, since both ends read the same verdict.

use super::{Entry, NOTHING_TO_DO, Said};

pub(super) const ENDS_UNCLEAR: Entry = Entry {
    title: Said {
        en: "What is known of the two ends does not decide how they meet",
        ko: "두 끝에 대해 알려진 것만으로는 어떻게 연결될지 정할 수 없습니다",
    },
    detail: Said {
        en: "In at least one of the two diagnoses something that decides stayed open: whether UDP gets through, or \
             how the NAT maps and filters.",
        ko: "두 진단 중 적어도 하나에서 결정적인 것이 밝혀지지 않았습니다. UDP가 통과하는지, 또는 NAT가 어떻게 매핑하고 필터링하는지입니다.",
    },
    remedy: Said {
        en: "Both ends: run the check again with a STUN server that does RFC 5780, or make the call itself: \
             rtc-doctor call.",
        ko: "양쪽: RFC 5780을 지원하는 STUN 서버로 check를 다시 실행하거나, rtc-doctor call로 실제 통화를 해 보십시오.",
    },
    rfc: "RFC 5780 §4",
};
pub(super) const OWN_UNCLEAR: Entry = Entry {
    title: Said {
        en: "Your side is not known well enough", ko: "이쪽 네트워크가 충분히 알려지지 않았습니다"
    },
    detail: Said {
        en: "This end's own diagnosis leaves open what its NAT or firewall does; its report says why.",
        ko: "이쪽 진단에서 NAT나 방화벽의 동작이 밝혀지지 않았습니다. 그 이유는 이쪽 보고서에 있습니다.",
    },
    remedy: Said {
        en: "You: run the check again, with STUN servers of another operator if it stays so.",
        ko: "사용자: check를 다시 실행하고, 결과가 같으면 다른 운영자의 STUN 서버를 쓰십시오.",
    },
    rfc: "RFC 5780 §4",
};
pub(super) const PEER_UNCLEAR: Entry = Entry {
    title: Said {
        en: "The other side is not known well enough", ko: "상대방 네트워크가 충분히 알려지지 않았습니다"
    },
    detail: Said {
        en: "The other end's own diagnosis leaves open what its NAT or firewall does; its report says why.",
        ko: "상대방 진단에서 NAT나 방화벽의 동작이 밝혀지지 않았습니다. 그 이유는 상대방 보고서에 있습니다.",
    },
    remedy: Said {
        en: "The other end: run the check again, with STUN servers of another operator if it stays so.",
        ko: "상대방: check를 다시 실행하고, 결과가 같으면 다른 운영자의 STUN 서버를 쓰십시오.",
    },
    rfc: "RFC 5780 §4",
};
pub(super) const NO_COMMON_SERVER: Entry = Entry {
    title: Said {
        en: "The two ends were not measured from a common place",
        ko: "두 끝이 같은 기준점에서 측정되지 않았습니다",
    },
    detail: Said {
        en: "One of them asked only servers on its own machine or in its own network. How it looks from the other \
             end cannot be told from that.",
        ko: "한쪽이 자기 컴퓨터나 자기 네트워크 안의 서버에만 물어보았습니다. 그것만으로는 상대방에서 어떻게 보이는지 알 수 없습니다.",
    },
    remedy: Said {
        en: "Both ends: check against the same servers on the internet, or against one server that both reach.",
        ko: "양쪽: 인터넷에 있는 같은 서버로, 또는 양쪽에서 모두 닿는 한 서버로 check를 실행하십시오.",
    },
    rfc: "RFC 5780 §4.3",
};
pub(super) const SAME_NETWORK: Entry = Entry {
    title: Said {
        en: "Both ends have one public address; what lies between them was not measured",
        ko: "두 끝의 공인 주소가 같고, 그 사이의 경로는 측정되지 않았습니다",
    },
    detail: Said {
        en: "They are in one network, or behind one carrier's NAT. Whether they reach each other inside it, by \
             their own addresses or through a NAT that hairpins, cannot be told from servers outside.",
        ko: "두 끝이 한 네트워크 안에 있거나 한 통신사 NAT 뒤에 있습니다. 그 안에서 자기 주소로, 또는 헤어핀을 하는 NAT를 거쳐 서로 닿는지는 바깥 서버로는 알 수 없습니다.",
    },
    remedy: Said {
        en: "You: make the call itself with rtc-doctor call. Network team: client isolation, where it is on, keeps \
             neighbours apart.",
        ko: "사용자: rtc-doctor call로 실제 통화를 해 보십시오. 네트워크 담당자: 클라이언트 격리가 켜져 있으면 이웃끼리 닿지 않습니다.",
    },
    rfc: "RFC 4787 §6",
};
pub(super) const SAME_NAT_HAIRPINS: Entry = Entry {
    title: Said {
        en: "Both are behind one NAT, which sends packets for its own address back in",
        ko: "두 끝이 한 NAT 뒤에 있고, 그 NAT는 자기 주소로 온 패킷을 다시 안으로 보냅니다",
    },
    detail: Said {
        en: "The two meet by the public address that they share, whatever lies between them inside.",
        ko: "안쪽 사이에 무엇이 있든, 두 끝은 함께 쓰는 공인 주소를 통해 만납니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 4787 §6",
};
pub(super) const NO_COMMON_FAMILY: Entry = Entry {
    title: Said {
        en: "One end has only IPv4, the other only IPv6",
        ko: "한쪽에는 IPv4만, 다른 쪽에는 IPv6만 있습니다",
    },
    detail: Said {
        en: "A direct path needs one address family at both ends. A relay can stand between the two where it gives \
             out addresses of the family that the other end has.",
        ko: "직접 경로에는 양쪽에 같은 주소 체계가 있어야 합니다. 중계 서버가 상대방 주소 체계의 주소를 내주면 두 끝 사이에 설 수 있습니다.",
    },
    remedy: Said {
        en: "Network team of either end: switch the missing family on.",
        ko: "어느 한쪽의 네트워크 담당자: 없는 주소 체계를 켜십시오.",
    },
    rfc: "RFC 8421",
};
pub(super) const PEER_UDP_BLOCKED: Entry = Entry {
    title: Said {
        en: "The other side's network lets no UDP through",
        ko: "상대방 네트워크에서 UDP가 통과하지 않습니다",
    },
    detail: Said {
        en: "No UDP leaves the other end's network, or no answer comes back, while its servers are alive. Direct \
             calls need UDP.",
        ko: "상대방 서버들은 살아 있는데, 상대방 네트워크에서 UDP가 나가지 못하거나 응답이 돌아오지 않습니다. 직접 통화에는 UDP가 필요합니다.",
    },
    remedy: Said {
        en: "The other end's network team: allow outbound UDP, with answers let in.",
        ko: "상대방 네트워크 담당자: 나가는 UDP와 그 응답을 허용하십시오.",
    },
    rfc: "RFC 8835 §3.4",
};
pub(super) const OWN_MAPPING_VARIES: Entry = Entry {
    title: Said {
        en: "Your NAT shows each destination another port",
        ko: "이쪽 NAT는 목적지마다 다른 포트를 보여 줍니다",
    },
    detail: Said {
        en: "The public port that a STUN server sees is not the one that the other end would see (older texts call \
             this a \"symmetric\" NAT), so the other end checks the wrong one.",
        ko: "STUN 서버가 보는 공인 포트와 상대방이 보게 될 포트가 다릅니다(예전 글에서는 \"symmetric\" NAT라고 합니다). 그래서 상대방은 틀린 포트를 확인합니다.",
    },
    remedy: Said {
        en: "Your network team: set the NAT to endpoint-independent mapping for UDP.",
        ko: "네트워크 담당자: NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오.",
    },
    rfc: "RFC 4787 §4.1",
};
pub(super) const PEER_MAPPING_VARIES: Entry = Entry {
    title: Said {
        en: "The other side's NAT shows each destination another port",
        ko: "상대방 NAT는 목적지마다 다른 포트를 보여 줍니다",
    },
    detail: Said {
        en: "The public port that a STUN server sees is not the one that this end would see (older texts call this \
             a \"symmetric\" NAT), so this end checks the wrong one.",
        ko: "STUN 서버가 보는 공인 포트와 이쪽이 보게 될 포트가 다릅니다(예전 글에서는 \"symmetric\" NAT라고 합니다). 그래서 이쪽은 틀린 포트를 확인합니다.",
    },
    remedy: Said {
        en: "The other end's network team: set the NAT to endpoint-independent mapping for UDP.",
        ko: "상대방 네트워크 담당자: NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오.",
    },
    rfc: "RFC 4787 §4.1",
};
pub(super) const OWN_FILTER_BY_PORT: Entry = Entry {
    title: Said {
        en: "Your side lets packets in only from the very port it has sent to",
        ko: "이쪽은 패킷을 보낸 바로 그 포트에서 온 것만 들여보냅니다",
    },
    detail: Said {
        en: "By itself that is harmless and usual. Beside a NAT that picks a new port for each destination it \
             leaves no way in: the other end's checks come from a port that nobody could know.",
        ko: "그 자체로는 흔하고 해가 없습니다. 그러나 목적지마다 새 포트를 고르는 NAT를 만나면 들어올 길이 없습니다. 상대방의 확인 패킷이 아무도 알 수 없는 포트에서 오기 때문입니다.",
    },
    remedy: Said {
        en: "Your network team: filter UDP by address alone, where the router can.",
        ko: "네트워크 담당자: 라우터가 지원하면 UDP를 주소로만 필터링하십시오.",
    },
    rfc: "RFC 4787 §5",
};
pub(super) const PEER_FILTER_BY_PORT: Entry = Entry {
    title: Said {
        en: "The other side lets packets in only from the very port it has sent to",
        ko: "상대방은 패킷을 보낸 바로 그 포트에서 온 것만 들여보냅니다",
    },
    detail: Said {
        en: "By itself that is harmless and usual. Beside a NAT that picks a new port for each destination it \
             leaves no way in: this end's checks come from a port that nobody could know.",
        ko: "그 자체로는 흔하고 해가 없습니다. 그러나 목적지마다 새 포트를 고르는 NAT를 만나면 들어올 길이 없습니다. 이쪽의 확인 패킷이 아무도 알 수 없는 포트에서 나가기 때문입니다.",
    },
    remedy: Said {
        en: "The other end's network team: filter UDP by address alone, where the router can.",
        ko: "상대방 네트워크 담당자: 라우터가 지원하면 UDP를 주소로만 필터링하십시오.",
    },
    rfc: "RFC 4787 §5",
};
pub(super) const RELAY_TO_ITSELF_NOT_TESTED: Entry = Entry {
    title: Said {
        en: "The call needs a server that relays to its own address, and that was not tested",
        ko: "이 통화에는 자기 주소로도 중계하는 서버가 필요한데, 그것은 시험되지 않았습니다",
    },
    detail: Said {
        en: "Neither end's UDP gets to the other's relay, so both need a relay of their own, and both have theirs \
             on one server. Many operators forbid their server to send to itself.",
        ko: "어느 쪽의 UDP도 상대방 중계 서버에 닿지 않아 양쪽에 각자의 중계 주소가 필요한데, 둘 다 한 서버에 있습니다. 많은 운영자가 서버가 자기 자신에게 보내는 것을 금지합니다.",
    },
    remedy: Said {
        en: "TURN operator: allow the server's own public address as a peer (coturn: allowed-peer-ip), or run two \
             servers.",
        ko: "TURN 운영자: 서버 자신의 공인 주소를 피어로 허용하거나(coturn: allowed-peer-ip) 서버를 두 대 운영하십시오.",
    },
    rfc: "RFC 8656 §9",
};
pub(super) const RELAY_DENIES_ITSELF: Entry = Entry {
    title: Said {
        en: "The TURN server does not relay to its own address, which this call needs",
        ko: "TURN 서버가 자기 주소로는 중계하지 않는데, 이 통화에는 그것이 필요합니다",
    },
    detail: Said {
        en: "Neither end's UDP gets out, so both need a relay, and both have theirs on this server. It refused to \
             let its own address in as a peer.",
        ko: "어느 쪽의 UDP도 나가지 못해 양쪽에 중계 주소가 필요한데, 둘 다 이 서버에 있습니다. 서버가 자기 주소를 피어로 받아들이기를 거부했습니다.",
    },
    remedy: Said {
        en: "TURN operator: allow the server's own public address as a peer (coturn: allowed-peer-ip), or run two \
             servers.",
        ko: "TURN 운영자: 서버 자신의 공인 주소를 피어로 허용하거나(coturn: allowed-peer-ip) 서버를 두 대 운영하십시오.",
    },
    rfc: "RFC 8656 §9",
};
pub(super) const DIRECT_PAIR_WORKS: Entry = Entry {
    title: Said {
        en: "A pair of candidates without a relay works", ko: "중계를 거치지 않는 후보 쌍이 동작합니다"
    },
    detail: Said {
        en: "A check between the two ends themselves was answered, from the address that was asked.",
        ko: "두 끝 사이의 직접 확인에 대해, 물어본 바로 그 주소에서 응답이 왔습니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 8445 §7.2.5",
};
pub(super) const NO_DIRECT_PAIR_WORKS: Entry = Entry {
    title: Said {
        en: "No pair of candidates without a relay works",
        ko: "중계를 거치지 않는 후보 쌍 중에 동작하는 것이 없습니다",
    },
    detail: Said {
        en: "Every pair between the two ends themselves was checked to its end, and none was answered.",
        ko: "두 끝 사이의 모든 쌍을 끝까지 확인했지만 응답이 온 것이 없습니다.",
    },
    remedy: Said {
        en: "You: the table of pairs says how each of them fared.",
        ko: "사용자: 각 쌍의 결과는 쌍의 표에 있습니다.",
    },
    rfc: "RFC 8445 §7",
};
pub(super) const NO_DIRECT_PAIR_TRIED: Entry = Entry {
    title: Said {
        en: "No pair without a relay was there to try", ko: "시도할 수 있는, 중계 없는 쌍이 없었습니다"
    },
    detail: Said {
        en: "At least one end offered relayed candidates only, by its own choice or because it has no others.",
        ko: "적어도 한쪽이 스스로 선택했거나 다른 것이 없어서 중계 후보만 내놓았습니다.",
    },
    remedy: Said {
        en: "You: leave --relay-only out to try direct paths too.",
        ko: "사용자: 직접 경로도 시도하려면 --relay-only를 빼십시오.",
    },
    rfc: "RFC 8828 §5.2",
};
pub(super) const NO_PAIR_WORKS: Entry = Entry {
    title: Said { en: "None of the candidate pairs works", ko: "동작하는 후보 쌍이 하나도 없습니다" },
    detail: Said {
        en: "Every pair was checked to its end, beside something on the same socket that was answered, or with a \
             reason given why nothing can arrive.",
        ko: "모든 쌍을 끝까지 확인했습니다. 같은 소켓에서 다른 것에는 응답이 왔거나, 도달할 수 없는 이유가 밝혀졌습니다.",
    },
    remedy: Said {
        en: "You: give both ends a TURN server that they reach, best one over TLS on port 443.",
        ko: "사용자: 양쪽에서 닿는 TURN 서버를 지정하십시오. 443 포트의 TLS가 가장 좋습니다.",
    },
    rfc: "RFC 8445 §7",
};
pub(super) const NO_PAIRS: Entry = Entry {
    title: Said { en: "There was no pair of candidates to check", ko: "확인할 후보 쌍이 없었습니다" },
    detail: Said {
        en: "The candidates of the two ends have no address family and protocol in common, or one end offered none.",
        ko: "두 끝의 후보에 공통된 주소 체계와 프로토콜이 없거나, 한쪽이 후보를 내놓지 않았습니다.",
    },
    remedy: Said {
        en: "You: give both ends a TURN server that they reach.",
        ko: "사용자: 양쪽에서 닿는 TURN 서버를 지정하십시오.",
    },
    rfc: "RFC 8445 §6.1.2.2",
};
pub(super) const PEER_RECORD_MISSING: Entry = Entry {
    title: Said {
        en: "What stands before the other end is not known",
        ko: "상대방 앞에 무엇이 있는지 알려지지 않았습니다",
    },
    detail: Said {
        en: "The other end sent no diagnosis of its own: it is a browser or another program, or it left before it \
             could. So there is no prediction.",
        ko: "상대방이 자체 진단을 보내지 않았습니다. 브라우저나 다른 프로그램이거나, 보내기 전에 떠났습니다. 그래서 예측이 없습니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "",
};
pub(super) const CHECKS_UNFINISHED: Entry = Entry {
    title: Said {
        en: "Not all candidate pairs were checked to their end",
        ko: "모든 후보 쌍이 끝까지 확인되지는 않았습니다",
    },
    detail: Said {
        en: "The run ended before every pair that could be direct had its turn, so what they would have shown is \
             not known.",
        ko: "직접 경로가 될 수 있는 쌍을 모두 확인하기 전에 실행이 끝났습니다. 그래서 그 쌍들의 결과는 알 수 없습니다.",
    },
    remedy: Said {
        en: "You: run it again and let it come to its end.",
        ko: "사용자: 다시 실행하고 끝날 때까지 두십시오.",
    },
    rfc: "RFC 8445 §7",
};
pub(super) const PEER_ENDPOINT_INDEPENDENT_MAPPING: Entry = Entry {
    title: Said {
        en: "Let the other side's NAT keep one public port per socket",
        ko: "상대방 NAT가 소켓마다 하나의 공인 포트를 유지하게 하기",
    },
    detail: Said {
        en: "If the other side's NAT used one public port for all destinations, this end would know it and the call \
             would be direct.",
        ko: "상대방 NAT가 모든 목적지에 하나의 공인 포트를 쓰면 이쪽이 그 포트를 알게 되어 직접 통화가 됩니다.",
    },
    remedy: Said {
        en: "The other end's network team: switch endpoint-independent mapping on for outbound UDP (consistent NAT, \
             static port).",
        ko: "상대방 네트워크 담당자: 나가는 UDP에 대해 엔드포인트 독립적 매핑(consistent NAT, static port)을 켜십시오.",
    },
    rfc: "RFC 4787 §4.1",
};
pub(super) const PEER_ADDRESS_DEPENDENT_FILTERING: Entry = Entry {
    title: Said {
        en: "Let the other side take packets from any port of an address it has sent to",
        ko: "상대방이 이미 보낸 주소라면 어느 포트에서 온 패킷이든 받게 하기",
    },
    detail: Said {
        en: "If the other side filtered by address alone, this end would get in although its port is not known in \
             advance.",
        ko: "상대방이 주소로만 필터링하면, 이쪽의 포트를 미리 알 수 없어도 들어갈 수 있습니다.",
    },
    remedy: Said {
        en: "The other end's network team: set UDP filtering to address-dependent.",
        ko: "상대방 네트워크 담당자: UDP 필터링을 주소 의존적으로 설정하십시오.",
    },
    rfc: "RFC 4787 §5",
};
pub(super) const PEER_OUTBOUND_UDP: Entry = Entry {
    title: Said {
        en: "Let UDP out of the other side's network", ko: "상대방 네트워크에서 UDP가 나가게 하기"
    },
    detail: Said {
        en: "Direct calls use UDP on ports chosen at run time. If it may leave there, and its answers may come \
             back, calls can be direct.",
        ko: "직접 통화는 실행 중에 정해지는 포트의 UDP를 씁니다. UDP가 나가고 응답이 돌아올 수 있으면 직접 통화가 됩니다.",
    },
    remedy: Said {
        en: "The other end's network team: allow outbound UDP to ports 3478 and 1024-65535, with answers let in for \
             at least two minutes.",
        ko: "상대방 네트워크 담당자: 3478 및 1024-65535 포트로 나가는 UDP를 허용하고, 응답을 적어도 2분 동안 들여보내십시오.",
    },
    rfc: "RFC 8835 §3.4",
};
pub(super) const PEER_IPV6: Entry = Entry {
    title: Said {
        en: "Give the other side IPv6, which needs no NAT", ko: "상대방에 NAT가 필요 없는 IPv6를 제공하기"
    },
    detail: Said {
        en: "This end has IPv6. With IPv6 on the other side too, what hinders a direct call here falls away.",
        ko: "이쪽에는 IPv6가 있습니다. 상대방에도 IPv6가 있으면 직접 통화를 막는 것이 없어집니다.",
    },
    remedy: Said {
        en: "The other end's network team or provider: switch IPv6 on, with a firewall that lets answers to \
             outbound UDP in.",
        ko: "상대방 네트워크 담당자 또는 통신사: IPv6를 켜고, 나간 UDP의 응답을 방화벽에서 들여보내십시오.",
    },
    rfc: "RFC 6092",
};
