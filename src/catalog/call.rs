//! What is said of a call that was made, with the other end or with oneself.

use super::{Entry, NOTHING_TO_DO, Said};

pub(super) const CALL_GOOD: Entry = Entry {
    title: Said {
        en: "The call works: media and data pass both ways",
        ko: "통화가 잘 됩니다. 미디어와 데이터가 양방향으로 전달됩니다",
    },
    detail: Said {
        en: "DTLS, SRTP and SCTP run over the pair that was chosen[, with {loss} % of packets lost and a round trip of {rtt} ms].",
        ko: "선택된 후보 쌍에서 DTLS, SRTP, SCTP가 모두 동작합니다[. 패킷 손실: {loss} %, 왕복 시간: {rtt} ms].",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 8827",
};
pub(super) const CALL_DEGRADED: Entry = Entry {
    title: Said {
        en: "The call works, but people will notice its quality",
        ko: "통화는 되지만 품질 저하가 느껴질 수 있습니다",
    },
    detail: Said {
        en: "Media and data pass both ways[, with {loss} % of packets lost and a round trip of {rtt} ms]. By ITU-T G.107 speech \
             over this path is rated below \"medium\", or there were pauses that a listener hears.",
        ko: "미디어와 데이터는 양방향으로 전달됩니다[. 패킷 손실: {loss} %, 왕복 시간: {rtt} ms]. ITU-T G.107 기준으로 이 경로의 음성 \
             품질이 \"medium\"에 미치지 못하거나, 들릴 만한 끊김이 있었습니다.",
    },
    remedy: Said {
        en: "You: try a wired network or another access. Your network team: look for loss and full queues on the way, and let UDP of \
             calls go first.",
        ko: "사용자: 유선 네트워크나 다른 회선으로 시도해 보십시오. 네트워크 담당자: 경로에서 손실과 큐 포화를 찾고, 통화용 UDP를 \
             우선 처리하십시오.",
    },
    rfc: "ITU-T G.107",
};
pub(super) const CALL_RELAY_THIN: Entry = Entry {
    title: Said {
        en: "The relay carries less than a call needs",
        ko: "중계 서버가 통화에 필요한 만큼 전달하지 못합니다",
    },
    detail: Said {
        en: "The call went through a relay, and there {loss} % of packets were lost or less came through than was sent.",
        ko: "통화가 중계 서버를 거쳤으며, 그 경로에서 패킷 손실이 있었거나 보낸 양보다 적게 도착했습니다. 손실: {loss} %.",
    },
    remedy: Said {
        en: "TURN operator: look at the server's limits (max-bps, bps-capacity), its load and its line. You: a network that allows \
             a direct path needs no relay.",
        ko: "TURN 운영자: 서버의 한도(max-bps, bps-capacity), 부하, 회선을 확인하십시오. 사용자: 직접 연결이 가능한 네트워크라면 중계가 \
             필요 없습니다.",
    },
    rfc: "RFC 8656 §5",
};
pub(super) const CALL_MEDIA_ONE_WAY: Entry = Entry {
    title: Said { en: "Media passes one way only", ko: "미디어가 한 방향으로만 전달됩니다" },
    detail: Said {
        en: "The pair was secured, and RTP came through in one direction and not in the other: one side hears nothing.",
        ko: "암호화 연결은 이루어졌으나 RTP가 한 방향으로만 통과했습니다. 한쪽은 아무것도 듣지 못합니다.",
    },
    remedy: Said {
        en: "Your network team: a firewall or an inspection of \"RTP\" lets one direction through; allow UDP both ways for an \
             established flow. Application: check that both ends send.",
        ko: "네트워크 담당자: 방화벽이나 RTP 검사 기능이 한 방향만 통과시키고 있습니다. 맺어진 흐름의 UDP를 양방향으로 허용하십시오. \
             애플리케이션: 양쪽이 모두 보내는지 확인하십시오.",
    },
    rfc: "RFC 3711",
};
pub(super) const CALL_NO_DATA: Entry = Entry {
    title: Said {
        en: "Media passes, but no data channel opened",
        ko: "미디어는 전달되지만 데이터 채널이 열리지 않았습니다",
    },
    detail: Said {
        en: "DTLS and SRTP run over the pair; SCTP, which carries data within DTLS, did not come about.",
        ko: "후보 쌍에서 DTLS와 SRTP는 동작하지만, DTLS 안에서 데이터를 나르는 SCTP가 맺어지지 않았습니다.",
    },
    remedy: Said {
        en: "The other end: its application may offer no data channels, or its stack may not; else report it to its makers, with \
             this report.",
        ko: "상대방: 애플리케이션이나 그 스택이 데이터 채널을 제공하지 않을 수 있습니다. 그렇지 않다면 이 보고서와 함께 제작자에게 \
             알리십시오.",
    },
    rfc: "RFC 8831 §6",
};
pub(super) const CALL_PART_OFFERED: Entry = Entry {
    title: Said {
        en: "The other end does not send everything, and says so",
        ko: "상대방이 일부를 보내지 않으며, 그렇다고 미리 알렸습니다",
    },
    detail: Said {
        en: "By its own description it sends no sound and picture, names nothing that it would send, or takes no data channels. \
             Whatever it did offer came through; that the rest did not come is no fault of the network.",
        ko: "상대방의 세션 설명에 따르면 소리와 영상을 보내지 않거나, 보낼 것을 밝히지 않았거나, 데이터 채널을 쓰지 않습니다. 보내겠다고 한 \
             것은 모두 전달되었습니다. 나머지가 오지 않은 것은 네트워크 탓이 아닙니다.",
    },
    remedy: Said {
        en: "Nothing to do where that is meant. The other end: its application has to offer what is missing.",
        ko: "의도한 것이라면 조치할 것이 없습니다. 상대방: 애플리케이션이 빠진 것을 제안해야 합니다.",
    },
    rfc: "RFC 3264 §5.1",
};
pub(super) const CALL_RESUMED: Entry = Entry {
    title: Said { en: "The call went on over another path", ko: "통화가 다른 경로로 이어졌습니다" },
    detail: Said {
        en: "An end got another address, was made to with --roam, or lost its relay. Media came again {count} ms after this end had begun \
             its checks anew.",
        ko: "한쪽의 주소가 바뀌었거나, --roam으로 바꾸게 했거나, 중계 서버를 잃었습니다. 이쪽이 확인을 다시 시작한 지 {count} ms 뒤에 미디어가 다시 \
             도착했습니다.",
    },
    remedy: Said { en: "Nothing to do.", ko: "조치할 것이 없습니다." },
    rfc: "RFC 8445 §9",
};
pub(super) const OWN_CALL_GOOD: Entry = Entry {
    title: Said {
        en: "A call between two ends on this machine works",
        ko: "이 기기 안의 두 단말 사이에서 통화가 됩니다",
    },
    detail: Said {
        en: "DTLS, SRTP and SCTP run here: nothing on this machine itself hinders a call.",
        ko: "DTLS, SRTP, SCTP가 동작합니다. 이 기기 자체에는 통화를 막는 것이 없습니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 8827",
};
pub(super) const OWN_CALL_RELAY_CARRIES: Entry = Entry {
    title: Said { en: "The relay carries a whole call", ko: "중계 서버가 통화 전체를 전달합니다" },
    detail: Said {
        en: "Two ends on this machine made a call that was forced through {server}: DTLS, media and data passed both ways[, with \
             {loss} % of packets lost and a round trip of {rtt} ms].",
        ko: "이 기기의 두 단말이 중계 서버만을 거쳐 통화했습니다. 서버: {server}. DTLS, 미디어, 데이터가 양방향으로 전달되었습니다[. 패킷 \
             손실: {loss} %, 왕복 시간: {rtt} ms].",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 8656",
};
pub(super) const OWN_CALL_RELAY_THIN: Entry = Entry {
    title: Said {
        en: "The relay carries a call, but not well", ko: "중계 서버가 통화를 전달하지만 원활하지 않습니다"
    },
    detail: Said {
        en: "Two ends on this machine made a call that was forced through {server}[: {loss} % of its packets were lost, at a round \
             trip of {rtt} ms]. People will notice.",
        ko: "이 기기의 두 단말이 중계 서버만을 거쳐 통화했습니다. 서버: {server}[. 패킷 손실: {loss} %, 왕복 시간: {rtt} ms]. 통화 중에 품질 \
             저하가 느껴질 수 있습니다.",
    },
    remedy: Said {
        en: "TURN operator: look at the server's limits (max-bps, bps-capacity), its load and its line.",
        ko: "TURN 운영자: 서버의 한도(max-bps, bps-capacity), 부하, 회선을 확인하십시오.",
    },
    rfc: "RFC 8656 §5",
};
pub(super) const OWN_CALL_FAILS: Entry = Entry {
    title: Said {
        en: "A call between two ends on this machine does not work",
        ko: "이 기기 안의 두 단말 사이에서도 통화가 되지 않습니다",
    },
    detail: Said {
        en: "Two ends on this machine reached each other and could not make a call[: {reason}]. A firewall on the machine, or \
             something that inspects its traffic, is in the way.",
        ko: "이 기기의 두 단말이 서로 닿았으나 통화하지 못했습니다[: {reason}]. 기기의 방화벽이나 트래픽을 검사하는 프로그램이 막고 \
             있습니다.",
    },
    remedy: Said {
        en: "You: look at the firewall and the security software of this machine: they must let UDP with DTLS pass.",
        ko: "사용자: 이 기기의 방화벽과 보안 프로그램이 DTLS를 쓰는 UDP를 통과시키는지 확인하십시오.",
    },
    rfc: "RFC 8827",
};
pub(super) const OWN_CALL_RELAY_FAILS: Entry = Entry {
    title: Said { en: "No call gets through this relay", ko: "이 중계 서버로는 통화가 되지 않습니다" },
    detail: Said {
        en: "Two ends on this machine were to make a call that was forced through {server}, and it did not come about[: {reason}]. \
             Calls that need this relay will fail.",
        ko: "이 기기의 두 단말이 중계 서버만을 거쳐 통화하려 했으나 이루어지지 않았습니다. 서버: {server}[: {reason}]. 이 중계가 필요한 통화는 \
             실패합니다.",
    },
    remedy: Said {
        en: "TURN operator: look whether the server relays between two of its own allocations, and whether its relay ports (49152 \
             to 65535) are open for UDP both ways.",
        ko: "TURN 운영자: 서버가 자신의 두 할당 사이에서도 중계하는지, 중계 포트(49152~65535)가 UDP 양방향으로 열려 있는지 확인하십시오.",
    },
    rfc: "RFC 8656",
};
