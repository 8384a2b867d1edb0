//! Why a call goes the way it goes, and what single change would make it direct.

use super::{Entry, NOTHING_TO_DO, Said};

pub(super) const BOTH_ENDPOINT_INDEPENDENT: Entry = Entry {
    title: Said {
        en: "Both sides keep one public address for everyone",
        ko: "양쪽 모두 누구에게나 하나의 공인 주소를 유지합니다",
    },
    detail: Said {
        en: "Your NAT and the other side's use the same public address and port towards every destination. What the \
             STUN server saw is therefore valid for the peer too, and the two can open their NATs towards each other.",
        ko: "이쪽 NAT와 상대방 NAT가 모든 목적지에 같은 공인 주소와 포트를 씁니다. 그래서 STUN 서버에서 본 주소가 \
             상대방에게도 유효하고, 양쪽이 서로를 향해 NAT를 열 수 있습니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 4787 §4.1",
};
pub(super) const FILTERING_LETS_PEER_IN: Entry = Entry {
    title: Said {
        en: "One side lets the other in from any port", ko: "한쪽이 상대방을 포트에 관계없이 들여보냅니다"
    },
    detail: Said {
        en: "One of the two NATs lets packets in from an address it has sent to, whatever the port. That is enough \
             even where the other side's NAT picks a new port for every destination.",
        ko: "두 NAT 가운데 하나는 보낸 적이 있는 주소에서 온 패킷이면 포트에 관계없이 들여보냅니다. 다른 쪽 NAT가 \
             목적지마다 새 포트를 고르더라도 이것으로 충분합니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 4787 §5",
};
pub(super) const NO_TRANSLATION: Entry = Entry {
    title: Said {
        en: "Nothing translates addresses here", ko: "여기에는 주소를 변환하는 것이 없습니다"
    },
    detail: Said {
        en: "The address of this machine is the one the internet sees, so it is valid for every peer.",
        ko: "이 컴퓨터의 주소가 곧 인터넷에서 보이는 주소이므로 모든 상대방에게 유효합니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 8445 §5.1.1",
};
pub(super) const IPV6_DIRECT: Entry = Entry {
    title: Said {
        en: "IPv6 gives both sides a path without a NAT", ko: "IPv6로 양쪽이 NAT 없이 연결됩니다"
    },
    detail: Said {
        en: "Over IPv6 nothing translates addresses. A firewall that lets answers in is opened by both sides sending \
             at once.",
        ko: "IPv6에서는 주소를 변환하는 것이 없습니다. 응답을 들여보내는 방화벽은 양쪽이 동시에 보내면 열립니다.",
    },
    remedy: Said {
        en: "Nothing to do, as long as the other side has IPv6 too.",
        ko: "상대방에게도 IPv6가 있는 한 조치할 것이 없습니다.",
    },
    rfc: "RFC 6092",
};
pub(super) const MAPPING_VARIES_WITH_PEER: Entry = Entry {
    title: Said {
        en: "A NAT shows each destination another port, so the peer cannot know it",
        ko: "NAT가 목적지마다 다른 포트를 보여 주어 상대방이 포트를 알 수 없습니다",
    },
    detail: Said {
        en: "The public port that a STUN server sees is not the one a peer would see (older texts call this a \
             \"symmetric\" NAT). The peer answers to the wrong port, and its own NAT lets nothing in from an \
             unexpected one.",
        ko: "STUN 서버에서 보이는 공인 포트와 상대방에게 보일 포트가 다릅니다(예전 문서에서는 \"symmetric\" NAT라고 \
             합니다). 상대방은 잘못된 포트로 응답하고, 상대방의 NAT는 예상하지 못한 포트에서 온 패킷을 들여보내지 \
             않습니다.",
    },
    remedy: Said {
        en: "Your network team: set the NAT to endpoint-independent mapping for UDP. Until then calls need a TURN \
             relay.",
        ko: "네트워크 담당자: NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오. 그 전까지는 통화에 TURN 중계 서버가 \
             필요합니다.",
    },
    rfc: "RFC 4787 §4.1",
};
pub(super) const RELAY_TAKES_OVER: Entry = Entry {
    title: Said {
        en: "A TURN relay works and carries the call", ko: "TURN 중계 서버가 작동하며 통화를 전달합니다"
    },
    detail: Said {
        en: "Where no direct path exists, the call goes through the relay. It works, with a longer way and at the \
             operator's cost.",
        ko: "직접 연결할 길이 없으면 통화는 중계 서버를 거칩니다. 통화는 되지만 길이 더 멀고, 비용은 중계 서버 \
             운영자가 부담합니다.",
    },
    remedy: Said {
        en: "Nothing is broken. To make calls direct, see what single change would do it.",
        ko: "고장은 아닙니다. 직접 통화하려면 어떤 변경 하나로 그렇게 되는지 확인하십시오.",
    },
    rfc: "RFC 8656 §2",
};
pub(super) const NO_RELAY: Entry = Entry {
    title: Said {
        en: "No TURN relay is there to fall back on", ko: "대신 쓸 수 있는 TURN 중계 서버가 없습니다"
    },
    detail: Said {
        en: "No direct path exists and no relay was proven to work, so such a call does not connect.",
        ko: "직접 연결할 길이 없고 작동이 확인된 중계 서버도 없으므로, 이런 통화는 연결되지 않습니다.",
    },
    remedy: Said {
        en: "You: give the TURN server and its credentials (--ice-servers, or a turn: URI with --user). Operator of \
             the service: offer TURN over UDP, and over TLS on port 443.",
        ko: "사용자: TURN 서버와 인증 정보를 지정하십시오(--ice-servers, 또는 turn: URI와 --user). 서비스 운영자: \
             UDP로, 그리고 443번 포트의 TLS로도 TURN을 제공하십시오.",
    },
    rfc: "RFC 8656 §2",
};

pub(super) const USE_ENDPOINT_INDEPENDENT_MAPPING: Entry = Entry {
    title: Said {
        en: "Let the NAT keep one public port per socket (endpoint-independent mapping)",
        ko: "NAT가 소켓마다 하나의 공인 포트를 유지하게 합니다(엔드포인트 독립적 매핑)",
    },
    detail: Said {
        en: "If the NAT used one public port for all destinations, the peer would know it and the call would be \
             direct. Firewalls call the setting \"consistent NAT\", \"full cone\", \"persistent NAT\" or \"static \
             port\".",
        ko: "NAT가 모든 목적지에 하나의 공인 포트를 쓰면 상대방이 그 포트를 알 수 있어 통화가 직접 연결됩니다. \
             방화벽에서는 이 설정을 \"consistent NAT\", \"full cone\", \"persistent NAT\", \"static port\" 등으로 \
             부릅니다.",
    },
    remedy: Said {
        en: "Your network team: switch it on for outbound UDP (pfSense and OPNsense: outbound NAT with static port; \
             SonicWall: consistent NAT; Juniper: persistent-nat; Linux: masquerade without random).",
        ko: "네트워크 담당자: 밖으로 나가는 UDP에 대해 이 설정을 켜십시오(pfSense와 OPNsense: outbound NAT의 static \
             port, SonicWall: consistent NAT, Juniper: persistent-nat, Linux: random 없는 masquerade).",
    },
    rfc: "RFC 4787 §4.1",
};
pub(super) const USE_ADDRESS_DEPENDENT_FILTERING: Entry = Entry {
    title: Said {
        en: "Let packets in from any port of an address already sent to",
        ko: "이미 보낸 적이 있는 주소에서 온 패킷은 포트에 관계없이 들여보냅니다",
    },
    detail: Said {
        en: "If the NAT filtered by address alone (address-dependent filtering), a peer whose port is not known in \
             advance would still get in, and the call would be direct.",
        ko: "NAT가 주소만 보고 거른다면(주소 의존적 필터링) 포트를 미리 알 수 없는 상대방의 패킷도 들어올 수 있어 \
             통화가 직접 연결됩니다.",
    },
    remedy: Said {
        en: "Your network team: set UDP filtering to address-dependent (older menus: \"restricted\" rather than \
             \"port-restricted\").",
        ko: "네트워크 담당자: UDP 필터링을 주소 의존적으로 설정하십시오(예전 메뉴에서는 \"port-restricted\" 대신 \
             \"restricted\").",
    },
    rfc: "RFC 4787 §5",
};
pub(super) const ALLOW_OUTBOUND_UDP: Entry = Entry {
    title: Said { en: "Let UDP out of this network", ko: "이 네트워크에서 UDP가 나갈 수 있게 합니다" },
    detail: Said {
        en: "Direct calls use UDP on ports chosen at run time. If it may leave, and its answers may come back, calls \
             can be direct.",
        ko: "직접 통화는 실행할 때 정해지는 포트에서 UDP를 씁니다. UDP가 나가고 그 응답이 돌아올 수 있으면 통화가 직접 \
             연결될 수 있습니다.",
    },
    remedy: Said {
        en: "Your network team: allow outbound UDP to ports 3478 and 1024-65535, with answers let in for at least two \
             minutes.",
        ko: "네트워크 담당자: 3478번과 1024-65535번 포트로 나가는 UDP를 허용하고, 응답을 적어도 2분 동안 \
             들여보내십시오.",
    },
    rfc: "RFC 8835 §3.4",
};
pub(super) const USE_IPV6: Entry = Entry {
    title: Said { en: "Use IPv6, which needs no NAT", ko: "NAT가 필요 없는 IPv6를 씁니다" },
    detail: Said {
        en: "With IPv6 on both sides addresses are not translated, and what hinders a direct call here falls away.",
        ko: "양쪽에 IPv6가 있으면 주소가 변환되지 않으므로, 여기서 직접 통화를 막는 원인이 사라집니다.",
    },
    remedy: Said {
        en: "Your network team or provider: switch IPv6 on, with a firewall that lets answers to outbound UDP in.",
        ko: "네트워크 담당자 또는 통신사: 나가는 UDP의 응답을 들여보내는 방화벽과 함께 IPv6를 켜십시오.",
    },
    rfc: "RFC 6092",
};
