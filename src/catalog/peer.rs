//! What is said of the other end of a call: of its candidates, its descriptions and its messages.

use super::{Entry, Said};

pub(super) const PEER_CANDIDATE_FORBIDDEN: Entry = Entry {
    title: Said {
        en: "The other end offers an address that nothing may be sent to",
        ko: "상대방이 아무것도 보내서는 안 되는 주소를 내놓았습니다",
    },
    detail: Said {
        en: "The candidate[ {name}] is a multicast, broadcast, unspecified, link-local or loopback address. Checks to \
             it would reach nobody, or somebody who did not ask for them, so none is sent.",
        ko: "후보[ {name}]의 주소가 멀티캐스트, 브로드캐스트, 미지정, 링크 로컬 또는 루프백 주소입니다. 그런 주소로 \
             확인 패킷을 보내면 아무에게도 닿지 않거나 요청하지 않은 누군가에게 가므로 보내지 않습니다.",
    },
    remedy: Said {
        en: "The other end: its application should not offer such addresses. All its other candidates are checked.",
        ko: "상대방: 통화 프로그램이 그런 주소를 내놓지 않아야 합니다. 나머지 후보는 모두 확인합니다.",
    },
    rfc: "RFC 8445 §19.5.1",
};
pub(super) const PEER_CANDIDATE_NAME_NOT_LOCAL: Entry = Entry {
    title: Said {
        en: "The other end offers a name that is not one of the local link",
        ko: "상대방이 로컬 링크의 이름이 아닌 이름을 내놓았습니다",
    },
    detail: Said {
        en: "The candidate[ {name}] is a host name. Only names that end in .local stand for hidden addresses; any \
             other would let a stranger choose which names this machine asks for.",
        ko: "후보[ {name}]의 주소가 호스트 이름입니다. 숨긴 주소를 대신하는 것은 .local로 끝나는 이름뿐입니다. 다른 \
             이름을 받아들이면 이 컴퓨터가 어떤 이름을 찾아볼지 낯선 사람이 정하게 됩니다.",
    },
    remedy: Said {
        en: "The other end: offer addresses, or mDNS names as browsers do.",
        ko: "상대방: 주소를 내놓거나, 브라우저처럼 mDNS 이름을 쓰십시오.",
    },
    rfc: "RFC 8839 §5.1",
};
pub(super) const PEER_CANDIDATE_LIMIT: Entry = Entry {
    title: Said {
        en: "The other end offers too many candidates at one address",
        ko: "상대방이 한 주소에 너무 많은 후보를 내놓았습니다",
    },
    detail: Said {
        en: "No more of them are checked: many checks to one address that has not asked for them would make this \
             machine a nuisance to a third party.",
        ko: "그 이상은 확인하지 않습니다. 요청하지 않은 주소 하나로 확인 패킷을 많이 보내면 이 컴퓨터가 제삼자에게 \
             피해를 주게 됩니다.",
    },
    remedy: Said {
        en: "Nothing to do where the call connects. Else: offer fewer TURN servers and interfaces.",
        ko: "통화가 연결되면 조치할 것이 없습니다. 연결되지 않으면 TURN 서버와 인터페이스를 줄이십시오.",
    },
    rfc: "RFC 8445 §19.5.1",
};
pub(super) const PEER_CANDIDATE_MALFORMED: Entry = Entry {
    title: Said {
        en: "A candidate of the other end cannot be read", ko: "상대방의 후보 하나를 읽을 수 없습니다"
    },
    detail: Said {
        en: "Its line breaks the format of candidates[: {reason}]. The others are used.",
        ko: "후보 줄이 형식에 맞지 않습니다[: {reason}]. 나머지 후보는 씁니다.",
    },
    remedy: Said {
        en: "The other end: report it to the makers of its application.",
        ko: "상대방: 통화 프로그램을 만든 곳에 알리십시오.",
    },
    rfc: "RFC 8839 §5.1",
};
pub(super) const PEER_DESCRIPTION_UNUSABLE: Entry = Entry {
    title: Said {
        en: "The other end's description cannot be used", ko: "상대방의 세션 설명을 쓸 수 없습니다"
    },
    detail: Said {
        en: "Its SDP lacks what ICE needs, or breaks the format[: {reason}]. Without it no pair can be checked.",
        ko: "SDP에 ICE에 필요한 것이 없거나 형식이 맞지 않습니다[: {reason}]. 이것이 없으면 어떤 후보 쌍도 확인할 수 \
             없습니다.",
    },
    remedy: Said {
        en: "The other end: report it to the makers of its application, with this report.",
        ko: "상대방: 이 보고서와 함께 통화 프로그램을 만든 곳에 알리십시오.",
    },
    rfc: "RFC 8839 §5",
};
pub(super) const PEER_OTHER_VERSION: Entry = Entry {
    title: Said {
        en: "The other end is an rtc-doctor of another version, which this one cannot talk to",
        ko: "상대방의 rtc-doctor가 다른 버전이어서 서로 통신할 수 없습니다",
    },
    detail: Said {
        en: "Its messages are of another version of the protocol[: {reason}].",
        ko: "상대방의 메시지가 다른 버전의 프로토콜을 씁니다[: {reason}].",
    },
    remedy: Said {
        en: "Both ends: use the same release of rtc-doctor, best the latest.",
        ko: "양쪽: 같은 버전의 rtc-doctor를, 되도록 최신 버전을 쓰십시오.",
    },
    rfc: "",
};
pub(super) const PEER_MESSAGE_STALE: Entry = Entry {
    title: Said {
        en: "A message came twice, or belongs to an earlier session, and was dropped",
        ko: "두 번 왔거나 이전 세션에 속한 메시지를 버렸습니다",
    },
    detail: Said {
        en: "Each message of the other end is taken once and in order[: {reason}].",
        ko: "상대방의 메시지는 하나씩 순서대로 한 번만 받습니다[: {reason}].",
    },
    remedy: Said {
        en: "Nothing to do where the call connects. If it does not, begin again in a new room.",
        ko: "통화가 연결되면 조치할 것이 없습니다. 연결되지 않으면 새 방에서 다시 시작하십시오.",
    },
    rfc: "",
};
pub(super) const PEER_MESSAGE_FOREIGN: Entry = Entry {
    title: Said {
        en: "A message of somebody else came into the room and was dropped",
        ko: "다른 사람의 메시지가 방에 들어와 버렸습니다",
    },
    detail: Said {
        en: "It is not of the one that this call began with[: {reason}].",
        ko: "이 통화를 시작한 상대방의 메시지가 아니므로 쓰지 않았습니다[: {reason}].",
    },
    remedy: Said {
        en: "You: use a new room, and tell its address to nobody but the other end.",
        ko: "사용자: 새 방을 만들고, 그 주소를 상대방에게만 알려 주십시오.",
    },
    rfc: "",
};
pub(super) const PEER_MESSAGE_MALFORMED: Entry = Entry {
    title: Said {
        en: "A message of the other end cannot be read", ko: "상대방의 메시지를 읽을 수 없습니다"
    },
    detail: Said {
        en: "It is no message of rtc-doctor, or too large[: {reason}].",
        ko: "rtc-doctor의 메시지가 아니거나 너무 큽니다[: {reason}].",
    },
    remedy: Said {
        en: "Both ends: use the same release of rtc-doctor. Else something between the two changes messages.",
        ko: "양쪽: 같은 버전의 rtc-doctor를 쓰십시오. 그래도 마찬가지라면 둘 사이의 무언가가 메시지를 바꾸고 있습니다.",
    },
    rfc: "",
};
pub(super) const PEER_MAKES_NO_CALL: Entry = Entry {
    title: Said {
        en: "The other end makes no call, so only the candidate pairs were tried",
        ko: "상대방이 통화를 하지 않아 후보 쌍만 확인했습니다",
    },
    detail: Said {
        en: "Its description announces no certificate: it was run with --no-media.",
        ko: "상대방의 설명에 인증서가 없습니다. --no-media로 실행된 것입니다.",
    },
    remedy: Said { en: "Both ends: leave --no-media away.", ko: "양쪽: --no-media 없이 실행하십시오." },
    rfc: "RFC 8827 §6.5",
};
