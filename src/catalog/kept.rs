//! Words for how a call was kept: consent, renewals, mappings that changed, and paths that became narrow or were cut.

use super::{Entry, Said};

pub(super) const CALL_KEPT: Entry = Entry {
    title: Said { en: "The call was kept alive to its end", ko: "통화가 끝까지 유지되었습니다" },
    detail: Said {
        en: "It ran for {count} s, and the other end gave its consent {received} of {sent} times.",
        ko: "{count}초 동안 이어졌고, 상대방의 동의는 {sent}번 가운데 {received}번 확인되었습니다.",
    },
    remedy: Said { en: "Nothing to do.", ko: "조치할 것이 없습니다." },
    rfc: "RFC 7675 §5.1",
};
pub(super) const CALL_RELAY_KEPT: Entry = Entry {
    title: Said {
        en: "The relay renewed what the call needed for as long as it ran",
        ko: "중계 서버가 통화 내내 필요한 것을 갱신했습니다",
    },
    detail: Said {
        en: "The allocation at {server} was held for {count} s; allocation, permission and channel were renewed {received} of {sent} \
             times. A permission lives 300 s, an allocation and a channel mostly 600 s.",
        ko: "{server}의 할당이 {count}초 동안 유지되었고, 할당·허가·채널이 {sent}번 가운데 {received}번 갱신되었습니다. 허가의 수명은 300초, \
             할당과 채널의 수명은 대개 600초입니다.",
    },
    remedy: Said { en: "Nothing to do.", ko: "조치할 것이 없습니다." },
    rfc: "RFC 8656 §7, §9, §12",
};
pub(super) const CALL_RELAY_NOT_RENEWED: Entry = Entry {
    title: Said {
        en: "The relay did not renew everything that the call needed",
        ko: "중계 서버가 통화에 필요한 것을 모두 갱신하지는 않았습니다",
    },
    detail: Said {
        en: "Of {sent} renewals at {server} only {received} were granted, within {count} s. What is not renewed ends: a permission \
             after 300 s, an allocation and a channel mostly after 600 s.",
        ko: "{server}에서 {count}초 동안 갱신 {sent}번 가운데 {received}번만 받아들여졌습니다. 갱신되지 않은 것은 끝납니다. 허가는 300초, \
             할당과 채널은 대개 600초 뒤입니다.",
    },
    remedy: Said {
        en: "TURN operator: look in the server's log for refused Refresh, CreatePermission and ChannelBind requests: credentials that \
             expire while a call runs, quotas, a restart. Keep credentials valid for longer than calls.",
        ko: "TURN 운영자: 서버 기록에서 거부된 Refresh, CreatePermission, ChannelBind 요청을 찾으십시오. 통화 중에 만료되는 자격 증명, 할당량, \
             재시작이 원인일 수 있습니다. 자격 증명의 유효 기간을 통화보다 길게 하십시오.",
    },
    rfc: "RFC 8656 §7, §9, §12",
};
pub(super) const CALL_REBOUND_HERE: Entry = Entry {
    title: Said {
        en: "This end's outside address changed during the call",
        ko: "통화 중에 이쪽의 바깥 주소가 바뀌었습니다",
    },
    detail: Said {
        en: "The other end saw {from} and then, from second {count} of the run on, {to}: a NAT between gave the same socket another \
             mapping.",
        ko: "상대방에게 {from}(으)로 보이다가 실행 {count}초부터 {to}(으)로 보였습니다. 중간의 NAT가 같은 소켓에 다른 매핑을 주었습니다.",
    },
    remedy: Said {
        en: "Your network team: look whether the NAT restarted or lost its line, or forgets flows that are in use. Application: \
             restart ICE when the address changes.",
        ko: "네트워크 담당자: NAT가 다시 시작되었거나 회선이 끊겼는지, 사용 중인 흐름을 잊는지 확인하십시오. 애플리케이션: 주소가 바뀌면 ICE를 \
             다시 시작하십시오.",
    },
    rfc: "RFC 4787 §4.3",
};
pub(super) const CALL_REBOUND_THERE: Entry = Entry {
    title: Said {
        en: "The other end's outside address changed during the call",
        ko: "통화 중에 상대방의 바깥 주소가 바뀌었습니다",
    },
    detail: Said {
        en: "It was at {from}; from second {count} of the run on its checks came from {to}.",
        ko: "{from}에 있던 상대방의 확인이 실행 {count}초부터 {to}에서 왔습니다.",
    },
    remedy: Said {
        en: "The other end's network team: look whether the NAT restarted or lost its line, or forgets flows that are in use.",
        ko: "상대방의 네트워크 담당자: NAT가 다시 시작되었거나 회선이 끊겼는지, 사용 중인 흐름을 잊는지 확인하십시오.",
    },
    rfc: "RFC 4787 §4.3",
};
pub(super) const CALL_ONLY_PATH_CUT: Entry = Entry {
    title: Said {
        en: "Only the way to the other end was cut; a server still answered",
        ko: "상대방과의 길만 끊겼고 서버는 여전히 응답했습니다",
    },
    detail: Said {
        en: "While nothing came from the other end any more, a STUN server answered {received} of {sent} requests.",
        ko: "상대방에게서 아무것도 오지 않는 동안 STUN 서버는 요청 {sent}번 가운데 {received}번 응답했습니다.",
    },
    remedy: Said {
        en: "Your network team: look at what concerns this one flow in NAT and firewall. The other end's network team: look there too, \
             and at the line itself.",
        ko: "네트워크 담당자: NAT와 방화벽에서 이 흐름에만 관련된 것을 확인하십시오. 상대방의 네트워크 담당자: 그쪽도 함께, 그리고 회선 자체를 확인하십시오.",
    },
    rfc: "RFC 7675 §5.1",
};
pub(super) const CALL_ALL_CUT: Entry = Entry {
    title: Said {
        en: "Nothing else answered either when the call was cut",
        ko: "통화가 끊겼을 때 다른 것도 응답하지 않았습니다",
    },
    detail: Said {
        en: "While nothing came from the other end any more, a STUN server that had answered before answered none of {sent} requests \
             either.",
        ko: "상대방에게서 아무것도 오지 않는 동안, 전에 응답하던 STUN 서버도 요청 {sent}번에 한 번도 응답하지 않았습니다.",
    },
    remedy: Said {
        en: "Your network team: look at this end's own line: it, or all UDP on it, was gone.",
        ko: "네트워크 담당자: 이쪽의 회선을 확인하십시오. 회선 전체나 그 위의 모든 UDP가 끊겼습니다.",
    },
    rfc: "RFC 7675 §5.1",
};
pub(super) const CALL_THROTTLED_IN: Entry = Entry {
    title: Said {
        en: "In the middle of the call the way to this end became narrow",
        ko: "통화 도중에 이쪽으로 오는 길이 좁아졌습니다",
    },
    detail: Said {
        en: "From second {count} on {after} kbit/s came where it had been {before}, though more was sent, and loss or the round trip \
             rose with it. It stayed so to the end.",
        ko: "{count}초부터 {before} kbit/s 대신 {after} kbit/s만 왔습니다. 더 많이 보냈는데도 그랬고 손실이나 왕복 시간이 함께 늘었으며, 끝까지 \
             그대로였습니다.",
    },
    remedy: Said {
        en: "Your network team: look for traffic shaping of long UDP flows and for others on the same line. TURN operator: look at the \
             bandwidth limit of a session.",
        ko: "네트워크 담당자: 오래 이어지는 UDP 흐름에 대한 속도 제한과 같은 회선의 다른 사용자를 확인하십시오. TURN 운영자: 세션의 대역폭 제한을 \
             확인하십시오.",
    },
    rfc: "RFC 8836 §2",
};
pub(super) const CALL_THROTTLED_OUT: Entry = Entry {
    title: Said {
        en: "In the middle of the call the way to the other end became narrow",
        ko: "통화 도중에 상대방으로 가는 길이 좁아졌습니다",
    },
    detail: Said {
        en: "From second {count} on {after} kbit/s arrived there where it had been {before}, though more was sent, and loss or the \
             round trip rose with it. It stayed so to the end.",
        ko: "{count}초부터 상대방에게 {before} kbit/s 대신 {after} kbit/s만 도착했습니다. 더 많이 보냈는데도 그랬고 손실이나 왕복 시간이 함께 \
             늘었으며, 끝까지 그대로였습니다.",
    },
    remedy: Said {
        en: "Your network team: look for traffic shaping of long UDP flows and for others on the same line. TURN operator: look at the \
             bandwidth limit of a session.",
        ko: "네트워크 담당자: 오래 이어지는 UDP 흐름에 대한 속도 제한과 같은 회선의 다른 사용자를 확인하십시오. TURN 운영자: 세션의 대역폭 제한을 \
             확인하십시오.",
    },
    rfc: "RFC 8836 §2",
};
