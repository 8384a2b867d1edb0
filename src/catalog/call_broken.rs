//! What is said of a call that broke, or did not come about.

use super::{Entry, Said};

pub(super) const CALL_CUT: Entry = Entry {
    title: Said { en: "The call ran and then was cut off", ko: "통화가 이어지다가 끊겼습니다" },
    detail: Said {
        en: "[The call had run for {time} when the last packet came. ]Then nothing came any more, and nobody had hung up. \
             Something between the two ends forgot or stopped the flow, or the other end lost its network.",
        ko: "[통화가 이어진 시간: {time}. ]그 뒤로는 아무것도 도착하지 않았으며, 아무도 통화를 끝내지 않았습니다. 둘 사이의 무언가가 \
             흐름을 잊었거나 막았거나, 상대방의 네트워크가 끊겼습니다.",
    },
    remedy: Said {
        en: "Your network team: look at the time limits and rate limits of NAT and firewall for UDP flows. TURN operator: look whether \
             the server restarted or withdrew the allocation.",
        ko: "네트워크 담당자: NAT와 방화벽의 UDP 흐름에 대한 시간 제한과 속도 제한을 확인하십시오. TURN 운영자: 서버가 다시 시작되었거나 \
             할당을 거두었는지 확인하십시오.",
    },
    rfc: "RFC 7675 §5.1",
};
pub(super) const CALL_CLOSED: Entry = Entry {
    title: Said {
        en: "The other end closed the call before its time", ko: "상대방이 통화를 일찍 끝냈습니다"
    },
    detail: Said {
        en: "It hung up, or its program or browser tab was closed, while this end was still measuring[; the call had run for \
             {time}]. What was measured until then stands.",
        ko: "이쪽에서 아직 측정하는 동안 상대방이 통화를 끝냈거나, 상대방의 프로그램이나 브라우저 탭이 닫혔습니다[. 통화가 이어진 시간: \
             {time}]. 그때까지 측정한 내용은 유효합니다.",
    },
    remedy: Said {
        en: "Nothing to do, unless nobody hung up there: then ask what closed the program at the other end, and call again.",
        ko: "상대방이 직접 끊은 것이라면 조치할 것이 없습니다. 그렇지 않다면 무엇이 프로그램을 닫았는지 물어보고 다시 통화해 보십시오.",
    },
    rfc: "RFC 8831 §6.7",
};
pub(super) const CALL_DTLS_SILENT: Entry = Entry {
    title: Said {
        en: "A pair works, but the large datagrams of the DTLS handshake do not get through it",
        ko: "후보 쌍은 동작하지만 DTLS 핸드셰이크의 큰 데이터그램이 통과하지 못합니다",
    },
    detail: Said {
        en: "Checks were answered and the handshake began: its small datagrams came through, and it was not finished in time[. \
             The largest that was sent had {bytes} bytes]. Most likely the path does not carry datagrams of that size.",
        ko: "연결 확인에는 응답이 있었고 핸드셰이크도 시작되었습니다. 작은 데이터그램은 통과했지만 제때 끝나지 않았습니다[. 보낸 것 가운데 \
             가장 큰 데이터그램의 크기(바이트): {bytes}]. 경로가 그 크기의 데이터그램을 전달하지 못하는 것으로 보입니다.",
    },
    remedy: Said {
        en: "Your network team: let fragments and ICMP \"too big\" through; a VPN's MTU below 1280 breaks handshakes. You: try \
             without the VPN.",
        ko: "네트워크 담당자: 조각난 패킷과 ICMP \"too big\"을 통과시키십시오. 1280보다 작은 VPN의 MTU에서는 핸드셰이크가 실패합니다. \
             사용자: VPN 없이 시도해 보십시오.",
    },
    rfc: "RFC 6347 §4.1.1",
};
pub(super) const CALL_DTLS_FAILED: Entry = Entry {
    title: Said { en: "The DTLS handshake failed", ko: "DTLS 핸드셰이크가 실패했습니다" },
    detail: Said {
        en: "The two ends reached each other and could not agree on keys[: {reason}].",
        ko: "두 단말이 서로 닿았으나 키에 합의하지 못했습니다[: {reason}].",
    },
    remedy: Said {
        en: "Both ends: bring the applications up to date; a very old one may speak DTLS 1.0 only.",
        ko: "양쪽: 애플리케이션을 최신 버전으로 올리십시오. 아주 오래된 것은 DTLS 1.0만 쓸 수도 있습니다.",
    },
    rfc: "RFC 8827 §6.5",
};
pub(super) const CALL_WRONG_FINGERPRINT: Entry = Entry {
    title: Said {
        en: "The other end's certificate is not the one that it announced",
        ko: "상대방의 인증서가 미리 알린 것과 다릅니다",
    },
    detail: Said {
        en: "Whoever answered the handshake is not whom the description was from. Something sits between the two ends, or the \
             signalling was changed on its way. Nothing was sent to it.",
        ko: "핸드셰이크에 응답한 쪽이 설명을 보낸 쪽과 다릅니다. 둘 사이에 무언가가 끼어 있거나 시그널링이 도중에 바뀌었습니다. 그쪽으로는 \
             아무것도 보내지 않았습니다.",
    },
    remedy: Said {
        en: "Both ends: meet in a new room over TLS. If it happens again, ask the network team which middlebox terminates DTLS.",
        ko: "양쪽: TLS를 쓰는 새 방에서 다시 만나십시오. 또 일어나면 네트워크 담당자에게 어떤 장비가 DTLS를 종단하는지 문의하십시오.",
    },
    rfc: "RFC 8122 §6.2",
};
pub(super) const CALL_NO_AGREEMENT: Entry = Entry {
    title: Said {
        en: "The two ends could not agree on a call", ko: "두 단말이 통화 조건에 합의하지 못했습니다"
    },
    detail: Said {
        en: "The other end's description cannot be used for media and data[: {reason}]. Pairs were checked all the same.",
        ko: "상대방의 설명을 미디어와 데이터에 쓸 수 없습니다[: {reason}]. 후보 쌍은 그래도 확인했습니다.",
    },
    remedy: Said {
        en: "The other end: report it to the makers of its application, with this report.",
        ko: "상대방: 이 보고서와 함께 애플리케이션 제작자에게 알리십시오.",
    },
    rfc: "RFC 8829",
};
pub(super) const CALL_UNFINISHED: Entry = Entry {
    title: Said {
        en: "The call was not measured to its end", ko: "통화 측정을 끝까지 마치지 못했습니다"
    },
    detail: Said {
        en: "The run ended first. What was reached until then is told.",
        ko: "실행이 먼저 끝났습니다. 그때까지 도달한 단계는 보고서에 있습니다.",
    },
    remedy: Said {
        en: "You: run it again and let it finish.", ko: "사용자: 다시 실행하고 끝날 때까지 기다리십시오."
    },
    rfc: "",
};
pub(super) const CALL_DTLS_BLOCKED: Entry = Entry {
    title: Said {
        en: "A pair works, but no DTLS gets through it at all",
        ko: "후보 쌍은 동작하지만 DTLS가 전혀 통과하지 못합니다",
    },
    detail: Said {
        en: "At neither end did one DTLS datagram come in, while STUN on the same addresses and ports was answered. Something on \
             the way knows DTLS by sight and drops it, or the path carries no datagrams of a thousand bytes. Without DTLS there is \
             no call.",
        ko: "같은 주소와 포트의 STUN에는 응답이 있었지만 DTLS 데이터그램은 양쪽 어디에도 들어오지 않았습니다. 경로의 무언가가 DTLS를 \
             알아보고 버리거나, 경로가 1000바이트쯤 되는 데이터그램을 전달하지 못하는 것입니다. DTLS가 없으면 통화할 수 없습니다.",
    },
    remedy: Said {
        en: "Your network team: allow DTLS (RFC 7983: first byte 20 to 63) on the UDP that STUN uses; look for a rule against \
             VPNs or unknown applications, and let fragments and ICMP \"too big\" through. The other end's network team: the same. You: run rtc-doctor check with a TURN server \
             at both ends: it tells on which side DTLS is dropped.",
        ko: "네트워크 담당자: STUN이 쓰는 UDP에서 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, VPN이나 알 수 없는 애플리케이션을 막는 규칙이 \
             있는지 확인하고, 조각난 패킷과 ICMP \"too big\"을 통과시키십시오. 상대방의 네트워크 담당자: 마찬가지입니다. 사용자: 양쪽에서 TURN 서버를 지정하여 rtc-doctor check를 \
             실행하면 어느 쪽에서 DTLS를 버리는지 알 수 있습니다.",
    },
    rfc: "RFC 7983 §7",
};
pub(super) const OWN_CALL_DTLS_BLOCKED: Entry = Entry {
    title: Said {
        en: "DTLS does not get through to this relay and back",
        ko: "이 중계 서버를 오가는 DTLS가 통과하지 못합니다",
    },
    detail: Said {
        en: "Two ends on this machine reached each other through {server}, yet none of their DTLS datagrams came in. They are dropped by \
             sight, or too large for the path; whether by the network in front of this machine or by the relay's is not known.",
        ko: "이 기기의 두 단말이 중계 서버를 거쳐 서로 닿았지만 DTLS 데이터그램은 하나도 들어오지 않았습니다. 서버: {server}. DTLS를 \
             알아보고 버리거나 경로에 비해 데이터그램이 큰 것이며, 이 기기 앞의 네트워크인지 중계 서버 쪽 네트워크인지는 알 수 없습니다.",
    },
    remedy: Said {
        en: "You: test a relay of another operator too. Your network team and the TURN operator: look for a firewall that drops \
             DTLS by sight, and let fragments and ICMP \"too big\" through.",
        ko: "사용자: 다른 운영자의 중계 서버도 시험해 보십시오. 네트워크 담당자와 TURN 운영자: DTLS를 알아보고 버리는 방화벽이 있는지 \
             확인하고, 조각난 패킷과 ICMP \"too big\"을 통과시키십시오.",
    },
    rfc: "RFC 7983 §7",
};
pub(super) const DTLS_BLOCKED_HERE: Entry = Entry {
    title: Said {
        en: "The network in front of this machine drops DTLS",
        ko: "이 기기 앞의 네트워크가 DTLS를 버리고 있습니다",
    },
    detail: Said {
        en: "Calls of this machine with itself, too, lost all their DTLS datagrams while STUN was answered, whichever relay they went \
             through. That is done by a firewall that knows DTLS by sight, or by a line that carries no datagrams of a thousand bytes; \
             not by the relays and not by the other end.",
        ko: "이 기기가 자신과 한 통화에서도 어느 중계 서버를 거치든 STUN에는 응답이 있는데 DTLS 데이터그램은 모두 사라졌습니다. 중계 서버나 \
             상대방이 아니라, DTLS를 알아보는 방화벽이나 1000바이트쯤 되는 데이터그램을 전달하지 못하는 회선이 하는 일입니다.",
    },
    remedy: Said {
        en: "Your network team: allow DTLS (RFC 7983: first byte 20 to 63) over UDP; look for a rule against VPNs, and for a tunnel \
             whose packets hold less than 1,200 bytes. You: until then \
             calls work only in another network, or through a relay over TLS.",
        ko: "네트워크 담당자: UDP의 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, VPN을 막는 규칙이나 패킷이 1200바이트에 못 미치는 터널이 있는지 \
             확인하십시오. 사용자: 그때까지는 다른 \
             네트워크를 쓰거나 TLS로 중계 서버를 거쳐야 통화할 수 있습니다.",
    },
    rfc: "RFC 7983 §7",
};
pub(super) const CALL_RELAY_DIED: Entry = Entry {
    title: Said {
        en: "The call was cut off because its relay died", ko: "중계 서버가 죽어 통화가 끊겼습니다"
    },
    detail: Said {
        en: "[The call had run for {time}. ]It went through {server}. Then nothing came any more, and the server had forgotten the \
             call, had dropped the connection, or did not answer while others did[ (it said {code})].",
        ko: "[통화가 이어진 시간: {time}. ]통화가 거친 서버: {server}. 그 뒤로는 아무것도 오지 않았으며, 서버가 통화를 잊었거나 연결을 \
             끊었거나, 다른 서버는 응답하는데 혼자 응답하지 않았습니다[(서버의 응답: {code})].",
    },
    remedy: Said {
        en: "TURN operator: look whether the server or its host stopped or restarted at that time, and why. Application: offer relays \
             of two hosts, so that a call can go on through the other.",
        ko: "TURN 운영자: 그 시각에 서버나 호스트가 멈추었거나 다시 시작되었는지, 왜 그랬는지 확인하십시오. 애플리케이션: 서로 다른 호스트의 \
             중계 서버 두 개를 제공하면 통화가 다른 쪽으로 이어질 수 있습니다.",
    },
    rfc: "RFC 8656 §8",
};
pub(super) const CALL_RELAY_REPLACED: Entry = Entry {
    title: Said {
        en: "The relay of the call died, and the call went on another way",
        ko: "통화를 나르던 중계 서버가 죽었지만 통화는 다른 길로 이어졌습니다",
    },
    detail: Said {
        en: "The call went through {server} until the server had forgotten it, had dropped the connection, or did not answer while others \
             did[ (it said {code})]. The ends began their checks anew and found another way; people heard a pause.",
        ko: "통화가 거치던 서버: {server}. 서버가 통화를 잊었거나 연결을 끊었거나, 다른 서버는 응답하는데 혼자 응답하지 않았습니다[(서버의 \
             응답: {code})]. 양쪽이 확인을 다시 시작하여 다른 길을 찾았으며, 그동안 소리가 끊겼습니다.",
    },
    remedy: Said {
        en: "TURN operator: look whether the server or its host stopped or restarted at that time, and why.",
        ko: "TURN 운영자: 그 시각에 서버나 호스트가 멈추었거나 다시 시작되었는지, 왜 그랬는지 확인하십시오.",
    },
    rfc: "RFC 8656 §8",
};
pub(super) const CALL_DTLS_UNHEARD: Entry = Entry {
    title: Said {
        en: "A pair works, but no answer to DTLS came back through it",
        ko: "후보 쌍은 동작하지만 DTLS에 대한 응답이 돌아오지 않았습니다",
    },
    detail: Said {
        en: "Checks were answered, and of the DTLS handshake nothing came in. The other end does not say whether ours arrived: \
             either something drops DTLS by sight, or the path does not carry its answer, which is a large datagram.",
        ko: "연결 확인에는 응답이 있었지만 DTLS 핸드셰이크는 아무것도 들어오지 않았습니다. 이쪽이 보낸 것이 닿았는지는 상대방이 알려 주지 \
             않았습니다. 무언가가 DTLS를 알아보고 버리거나, 응답이 큰 데이터그램이어서 경로가 전달하지 못하는 것입니다.",
    },
    remedy: Said {
        en: "Your network team: allow DTLS (RFC 7983: first byte 20 to 63) on the UDP that STUN uses, and let fragments and ICMP \
             \"too big\" through. You: try without a VPN, and run rtc-doctor at the other end too: then both say what arrived.",
        ko: "네트워크 담당자: STUN이 쓰는 UDP에서 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, 조각난 패킷과 ICMP \"too big\"을 통과시키십시오. \
             사용자: VPN 없이 시도해 보고, 상대방에서도 rtc-doctor를 실행하면 양쪽에서 무엇이 닿았는지 알 수 있습니다.",
    },
    rfc: "RFC 6347 §4.1.1",
};
