//! What is found when two ends meet: whether the prediction held, how each pair fared, what carries the messages.

use super::{Entry, NOTHING_TO_DO, Said};

pub(super) const ADDRESSES_HIDDEN: Entry = Entry {
    title: Said {
        en: "The addresses are hidden, so whether both ends are in one network cannot be seen",
        ko: "주소가 가려져 있어 두 끝이 한 네트워크에 있는지 알 수 없습니다",
    },
    detail: Said {
        en: "Each report has stand-ins of its own for addresses (--redact). The two ends are taken to be in \
             different networks, with relays on different servers.",
        ko: "보고서마다 주소 대신 각자의 대체 주소가 들어 있습니다(--redact). 두 끝이 서로 다른 네트워크에 있고 중계 서버도 서로 다르다고 봅니다.",
    },
    remedy: Said {
        en: "You: compare the reports as they are, and hide the addresses of the result: rtc-doctor compare A.json \
             B.json --redact.",
        ko: "사용자: 원래 보고서로 비교하고 결과의 주소를 가리십시오: rtc-doctor compare A.json B.json --redact.",
    },
    rfc: "",
};
pub(super) const DIRECT_WAS_PREDICTED: Entry = Entry {
    title: Said {
        en: "A direct path was predicted, and none was found",
        ko: "직접 경로가 예측되었지만 발견되지 않았습니다",
    },
    detail: Said {
        en: "What the two ends' checks had shown lets two ICE agents meet; their pairs were checked, and none \
             without a relay worked. Something between the two does to these packets what it did not do to those \
             for the servers.",
        ko: "양쪽의 check 결과로는 두 ICE 에이전트가 만날 수 있어야 합니다. 그러나 쌍을 확인한 결과 중계 없는 쌍은 동작하지 않았습니다. 두 끝 사이의 무언가가 서버로 가는 패킷과 \
             다르게 이 패킷을 다룹니다.",
    },
    remedy: Said {
        en: "Network teams of both ends: look for firewalls that pass UDP to some ports or addresses only, and for \
             a NAT whose behaviour changes under load.",
        ko: "양쪽 네트워크 담당자: 일부 포트나 주소로만 UDP를 통과시키는 방화벽, 부하에 따라 동작이 바뀌는 NAT가 있는지 살펴보십시오.",
    },
    rfc: "RFC 5780 §4",
};
pub(super) const RELAY_WAS_PREDICTED: Entry = Entry {
    title: Said {
        en: "A relay was predicted, and a direct path was found",
        ko: "중계가 예측되었지만 직접 경로가 발견되었습니다",
    },
    detail: Said {
        en: "The two have a way to each other that no server outside could show: an inner network or tunnel that \
             joins them, or a NAT that was milder in the call than in the check.",
        ko: "두 끝 사이에 바깥 서버로는 보이지 않는 길이 있습니다. 둘을 잇는 내부망이나 터널, 또는 check 때보다 통화 때 더 너그러운 NAT입니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 5780 §4",
};
pub(super) const RELAY_WAS_PREDICTED_AND_FAILED: Entry = Entry {
    title: Said {
        en: "A relay was predicted, and nothing connected",
        ko: "중계가 예측되었지만 아무것도 연결되지 않았습니다",
    },
    detail: Said {
        en: "A relay had worked in the check of one end, and in the call no pair through it did.",
        ko: "한쪽의 check에서는 중계 서버가 동작했지만, 통화에서는 중계를 거치는 쌍이 하나도 동작하지 않았습니다.",
    },
    remedy: Said {
        en: "TURN operator: look at the server's log for the time of the call: quotas, peers that it denies, and \
             its relay ports in the firewall.",
        ko: "TURN 운영자: 통화 시각의 서버 로그에서 할당량, 거부된 피어, 방화벽의 중계 포트를 살펴보십시오.",
    },
    rfc: "RFC 8656",
};
pub(super) const NO_PATH_WAS_PREDICTED: Entry = Entry {
    title: Said {
        en: "No connection was predicted, and one was found",
        ko: "연결되지 않는다고 예측되었지만 연결되었습니다",
    },
    detail: Said {
        en: "The two have a way to each other that no server outside could show, or a relay works that had failed \
             in the check.",
        ko: "두 끝 사이에 바깥 서버로는 보이지 않는 길이 있거나, check에서 실패했던 중계 서버가 동작합니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "",
};
pub(super) const RELAY_NOMINATED_FIRST: Entry = Entry {
    title: Said {
        en: "The call was put on a relay although a direct pair works",
        ko: "직접 쌍이 동작하는데도 통화가 중계로 정해졌습니다",
    },
    detail: Said {
        en: "The relayed pair was chosen before the direct one had been answered[ ({local} to {remote})]. ICE \
             stacks wait for a direct path only for a while; some change over later, many do not.",
        ko: "직접 쌍의 응답이 오기 전에 중계 쌍이 선택되었습니다[ ({local} - {remote})]. ICE 구현은 직접 경로를 잠시만 기다립니다. 나중에 바꾸는 것도 있지만 바꾸지 않는 \
             것이 많습니다.",
    },
    remedy: Said {
        en: "Maker of the application: let the agent wait longer before it accepts a relay (pion: \
             SetRelayAcceptanceMinWait), or renominate.",
        ko: "응용 프로그램 제작자: 중계를 받아들이기 전에 더 오래 기다리거나(pion: SetRelayAcceptanceMinWait) 다시 지명하게 하십시오.",
    },
    rfc: "RFC 8445 §8.1.1",
};
pub(super) const RELAY_MAY_BE_NOMINATED_FIRST: Entry = Entry {
    title: Said {
        en: "The way is so long that a relay may be chosen before the direct path is found",
        ko: "경로가 길어서 직접 경로를 찾기 전에 중계가 선택될 수 있습니다",
    },
    detail: Said {
        en: "Some ICE stacks accept a relayed pair after two seconds (pion). The two ends' round trips to their \
             servers come to[ {count} ms], so the first checks between them may not be answered by then.",
        ko: "일부 ICE 구현(pion)은 2초 뒤에 중계 쌍을 받아들입니다. 양쪽에서 서버까지의 왕복 시간을 더하면[ {count} ms]에 이르러, 그때까지 첫 확인의 응답이 오지 않을 수 \
             있습니다.",
    },
    remedy: Said {
        en: "Maker of the application: let the agent wait longer before it accepts a relay (pion: \
             SetRelayAcceptanceMinWait).",
        ko: "응용 프로그램 제작자: 중계를 받아들이기 전에 더 오래 기다리게 하십시오(pion: SetRelayAcceptanceMinWait).",
    },
    rfc: "RFC 8445 §8.1.1",
};
pub(super) const CARRIER_NOT_CONNECTED: Entry = Entry {
    title: Said {
        en: "{carrier} does not get to the room's server", ko: "{carrier}: 방 서버에 연결되지 않습니다"
    },
    detail: Said {
        en: "No connection came about[ ({reason})], while another way to the same server works.",
        ko: "연결이 이루어지지 않았습니다[ ({reason})]. 같은 서버로 가는 다른 방법은 동작합니다.",
    },
    remedy: Said {
        en: "Your network team: let this through to the server. Applications that know this way alone cannot call \
             from here.",
        ko: "네트워크 담당자: 서버까지 통과시키십시오. 이 방법만 아는 응용 프로그램은 여기서 통화할 수 없습니다.",
    },
    rfc: "",
};
pub(super) const CARRIER_REFUSED: Entry = Entry {
    title: Said {
        en: "{carrier} is refused on the way to the room's server",
        ko: "{carrier}: 방 서버로 가는 도중에 거부됩니다",
    },
    detail: Said {
        en: "The answer was HTTP {code}, which is a proxy's or the server's own, while another way to the same \
             server works.",
        ko: "HTTP {code} 응답이 왔습니다. 프록시나 서버 자신의 응답입니다. 같은 서버로 가는 다른 방법은 동작합니다.",
    },
    remedy: Said {
        en: "Your network team, or whoever runs the proxy: pass Upgrade requests and long answers on.",
        ko: "네트워크 담당자 또는 프록시 운영자: Upgrade 요청과 긴 응답을 그대로 전달하십시오.",
    },
    rfc: "RFC 6455 §4",
};
pub(super) const CARRIER_HELD_BACK: Entry = Entry {
    title: Said {
        en: "{carrier}: messages are held back on the way",
        ko: "{carrier}: 메시지가 도중에 붙잡혀 있습니다",
    },
    detail: Said {
        en: "It was accepted, and then what was sent did not come through in time: a proxy collects the answer \
             instead of passing it on.",
        ko: "받아들여졌지만 보낸 것이 제때 도착하지 않았습니다. 프록시가 응답을 전달하지 않고 모아 둡니다.",
    },
    remedy: Said {
        en: "Whoever runs the proxy: switch buffering off for this server (nginx: proxy_buffering off).",
        ko: "프록시 운영자: 이 서버에 대해 버퍼링을 끄십시오(nginx: proxy_buffering off).",
    },
    rfc: "",
};
pub(super) const CARRIER_CUT: Entry = Entry {
    title: Said {
        en: "{carrier}: the connection is cut on the way", ko: "{carrier}: 연결이 도중에 끊깁니다"
    },
    detail: Said {
        en: "It was accepted and then ended by something between, while another way to the same server works. \
             Signalling that rests on it breaks off in calls.",
        ko: "받아들여진 뒤 중간의 무언가가 연결을 끊었습니다. 같은 서버로 가는 다른 방법은 동작합니다. 여기에 의존하는 시그널링은 통화 중에 끊깁니다.",
    },
    remedy: Said {
        en: "Your network team, or whoever runs the proxy: let long connections be, and raise their idle time-out \
             above a minute.",
        ko: "네트워크 담당자 또는 프록시 운영자: 긴 연결을 유지하고, 유휴 시간 제한을 1분보다 길게 하십시오.",
    },
    rfc: "",
};
pub(super) const OWN_RELAYED_OVER_STREAM: Entry = Entry {
    title: Said {
        en: "Your side lets no UDP through, so the call is relayed over {transport}",
        ko: "이쪽에서 UDP가 통과하지 않아 통화가 {transport}로 중계됩니다",
    },
    detail: Said {
        en: "Over a stream one lost packet delays all that follow, which is heard as stutter.",
        ko: "스트림에서는 패킷 하나를 잃으면 뒤따르는 것이 모두 늦어져 소리가 끊깁니다.",
    },
    remedy: Said {
        en: "Your network team: open UDP port 3478 to {server}.",
        ko: "네트워크 담당자: UDP 3478 포트를 여십시오. 서버: {server}.",
    },
    rfc: "RFC 8835 §3.4",
};
pub(super) const PEER_RELAYED_OVER_STREAM: Entry = Entry {
    title: Said {
        en: "The other side lets no UDP through, so the call is relayed over {transport}",
        ko: "상대방에서 UDP가 통과하지 않아 통화가 {transport}로 중계됩니다",
    },
    detail: Said {
        en: "Over a stream one lost packet delays all that follow, which is heard as stutter.",
        ko: "스트림에서는 패킷 하나를 잃으면 뒤따르는 것이 모두 늦어져 소리가 끊깁니다.",
    },
    remedy: Said {
        en: "The other end's network team: open UDP port 3478 to {server}.",
        ko: "상대방 네트워크 담당자: UDP 3478 포트를 여십시오. 서버: {server}.",
    },
    rfc: "RFC 8835 §3.4",
};
pub(super) const PAIRS_SILENT: Entry = Entry {
    title: Said {
        en: "On[ {count}] candidate pairs nothing came back",
        ko: "응답이 없는 후보 쌍이 있습니다[: {count}개]",
    },
    detail: Said {
        en: "For example {local} to {remote}. Other packets from the same sockets were answered meanwhile, so it is \
             the way between these two that is closed. Pairs of private addresses in different networks are always \
             so.",
        ko: "예: {local} - {remote}. 그동안 같은 소켓의 다른 패킷에는 응답이 왔으므로 이 둘 사이의 길이 닫혀 있습니다. 서로 다른 네트워크의 사설 주소 쌍은 항상 그렇습니다.",
    },
    remedy: Said {
        en: "Nothing to do where the call goes as you want it. Else see what single change would make it direct.",
        ko: "통화가 원하는 대로 되면 조치할 것이 없습니다. 아니면 어떤 변경 하나로 직접 통화가 되는지 보십시오.",
    },
    rfc: "RFC 8445 §7",
};
pub(super) const PAIRS_UNHEARD: Entry = Entry {
    title: Said {
        en: "On[ {count}] candidate pairs nothing came back, nor on anything beside them",
        ko: "응답도 대조 응답도 없는 후보 쌍이 있습니다[: {count}개]",
    },
    detail: Said {
        en: "For example {local} to {remote}. Nothing at all was heard on the same sockets, so this silence says \
             nothing about these pairs.",
        ko: "예: {local} - {remote}. 같은 소켓에서 아무것도 들리지 않았으므로, 이 침묵은 이 쌍들에 대해 아무것도 말해 주지 않습니다.",
    },
    remedy: Said {
        en: "You: name a STUN server that this machine reaches, so that a dead way is told from a dead network.",
        ko: "사용자: 이 컴퓨터에서 닿는 STUN 서버를 지정하십시오. 그래야 막힌 길과 죽은 네트워크를 구분할 수 있습니다.",
    },
    rfc: "",
};
pub(super) const PAIRS_NOT_SYMMETRIC: Entry = Entry {
    title: Said {
        en: "On[ {count}] candidate pairs the answer came from another address",
        ko: "다른 주소에서 응답이 온 후보 쌍이 있습니다[: {count}개]",
    },
    detail: Said {
        en: "For example {local} to {remote}: the answer came from {from}. ICE does not take such an answer. It is \
             what a NAT does that hairpins but shows the sender's inside address, or a host with two ways out.",
        ko: "예: {local} - {remote}. 응답은 {from}에서 왔습니다. ICE는 이런 응답을 받아들이지 않습니다. 헤어핀을 하면서 보낸 쪽의 내부 주소를 보여 주는 NAT나, \
             나가는 길이 둘인 호스트에서 일어납니다.",
    },
    remedy: Said {
        en: "Network team: let the NAT hairpin with the external source address (RFC 4787 REQ-9a).",
        ko: "네트워크 담당자: NAT가 외부 출발지 주소로 헤어핀하게 하십시오(RFC 4787 REQ-9a).",
    },
    rfc: "RFC 8445 §7.2.5.2.1",
};
pub(super) const PAIRS_UNREACHABLE: Entry = Entry {
    title: Said {
        en: "On[ {count}] candidate pairs the network said that nothing can arrive",
        ko: "네트워크가 도달할 수 없다고 알려 온 후보 쌍이 있습니다[: {count}개]",
    },
    detail: Said { en: "For example {local} to {remote}[: {reason}].", ko: "예: {local} - {remote}[: {reason}]." },
    remedy: Said {
        en: "Nothing to do where another pair works: addresses of VPNs, containers and inner networks are often so.",
        ko: "다른 쌍이 동작하면 조치할 것이 없습니다. VPN, 컨테이너, 내부망의 주소는 흔히 그렇습니다.",
    },
    rfc: "RFC 8445 §7.2.5.2",
};
pub(super) const PAIRS_REFUSED_BY_RELAY: Entry = Entry {
    title: Said {
        en: "The TURN server does not send to[ {count} of] the other end's addresses",
        ko: "TURN 서버가 보내기를 거부한 상대방 주소가 있습니다[: {count}개]",
    },
    detail: Said {
        en: "It answered {code} to the request for a permission, for example for {remote}. Private and local \
             addresses are rightly denied; a public one is not.",
        ko: "권한 요청에 {code} 응답이 왔습니다. 예: {remote}. 사설 주소와 로컬 주소를 거부하는 것은 옳지만, 공인 주소는 그렇지 않습니다.",
    },
    remedy: Said {
        en: "TURN operator: where a public address is refused, check denied-peer-ip and allowed-peer-ip.",
        ko: "TURN 운영자: 공인 주소가 거부되었다면 denied-peer-ip와 allowed-peer-ip를 확인하십시오.",
    },
    rfc: "RFC 8656 §9.2",
};
pub(super) const PAIRS_RELAY_LOST: Entry = Entry {
    title: Said {
        en: "The relay of {server} was lost during the checks",
        ko: "확인 중에 중계 주소를 잃었습니다. 서버: {server}",
    },
    detail: Said {
        en: "It stopped answering, or forgot the allocation, so that what goes through it could not be checked to \
             its end[: {count} pairs].",
        ko: "중계 서버가 응답을 멈추었거나 할당을 잊어버려, 이를 거치는 쌍을 끝까지 확인하지 못했습니다[: {count}개].",
    },
    remedy: Said {
        en: "TURN operator: look at the server's log for that time.",
        ko: "TURN 운영자: 그 시각의 서버 로그를 살펴보십시오.",
    },
    rfc: "RFC 8656 §7",
};
pub(super) const PAIRS_REFUSED: Entry = Entry {
    title: Said {
        en: "The other end refused checks on[ {count}] candidate pairs",
        ko: "상대방이 확인을 거부한 후보 쌍이 있습니다[: {count}개]",
    },
    detail: Said {
        en: "It answered {code}[ ({reason})], for example on {local} to {remote}.",
        ko: "{code} 응답이 왔습니다[ ({reason})]. 예: {local} - {remote}.",
    },
    remedy: Said {
        en: "The other end: 401 means that it holds other credentials, as after a restart that this end did not \
             hear of.",
        ko: "상대방: 401은 다른 자격 증명을 쓴다는 뜻입니다. 이쪽이 알지 못한 재시작 뒤에 일어납니다.",
    },
    rfc: "RFC 8445 §7.3",
};
pub(super) const PAIRS_NOT_RESOLVED: Entry = Entry {
    title: Said {
        en: "Names of[ {count} of] the other end's candidates could not be looked up",
        ko: "상대방 후보의 이름을 찾을 수 없습니다[: {count}개]",
    },
    detail: Said {
        en: "For example {name}. Browsers hide private addresses behind such names (mDNS), which only machines on \
             the same link can look up.",
        ko: "예: {name}. 브라우저는 사설 주소를 이런 이름(mDNS) 뒤에 숨기며, 같은 링크의 컴퓨터만 이를 찾을 수 있습니다.",
    },
    remedy: Said {
        en: "Nothing to do between different networks. In one network, let multicast through, or give the page \
             access to the microphone, upon which browsers show addresses.",
        ko: "서로 다른 네트워크라면 조치할 것이 없습니다. 한 네트워크라면 멀티캐스트를 통과시키거나 페이지에 마이크 권한을 주십시오. 그러면 브라우저가 주소를 보여 줍니다.",
    },
    rfc: "RFC 8828",
};
pub(super) const PAIR_LOSSY: Entry = Entry {
    title: Said {
        en: "The pair that carries the call loses {loss} % of its packets",
        ko: "통화에 쓰이는 쌍에서 패킷이 손실됩니다: {loss} %",
    },
    detail: Said {
        en: "Of the checks from {local} to {remote}, so many were not answered.",
        ko: "{local}에서 {remote} 방향으로 보낸 확인 중 그만큼에 응답이 없었습니다.",
    },
    remedy: Said {
        en: "You: use a cable or come closer to the Wi-Fi at the end whose line is worse, and stop other transfers.",
        ko: "사용자: 회선이 나쁜 쪽에서 유선을 쓰거나 Wi-Fi에 가까이 가고, 다른 전송을 멈추십시오.",
    },
    rfc: "RFC 8834 §7",
};
pub(super) const CONSENT_LOST: Entry = Entry {
    title: Said {
        en: "A pair that had worked was not answered any more",
        ko: "동작하던 쌍에 더 이상 응답이 오지 않았습니다",
    },
    detail: Said {
        en: "From {local} to {remote} nothing came back for 30 seconds, so nothing may be sent there any more.",
        ko: "{local} - {remote}: 30초 동안 응답이 없어 더 이상 보낼 수 없습니다.",
    },
    remedy: Said {
        en: "You: if the other end did not just leave, look for a network that changed, or a NAT that forgets \
             mappings after seconds.",
        ko: "사용자: 상대가 그냥 떠난 것이 아니라면, 바뀐 네트워크나 몇 초 만에 매핑을 잊는 NAT가 있는지 살펴보십시오.",
    },
    rfc: "RFC 7675 §5.1",
};
pub(super) const ROLE_CONFLICT: Entry = Entry {
    title: Said {
        en: "Both ends took the same role, and one of them gave way",
        ko: "두 끝이 같은 역할을 맡아 한쪽이 양보했습니다",
    },
    detail: Said {
        en: "One end must choose the pair, the other accept it. The conflict was resolved as the standard has it.",
        ko: "한쪽이 쌍을 고르고 다른 쪽이 받아들여야 합니다. 충돌은 표준대로 해결되었습니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 8445 §7.3.1.1",
};
pub(super) const ICE_RESTARTED: Entry = Entry {
    title: Said { en: "The checks were begun anew", ko: "확인이 처음부터 다시 시작되었습니다" },
    detail: Said {
        en: "The network of one end changed, its relay died, or the other end asked for it; what was found before is no longer \
             counted.",
        ko: "한쪽의 네트워크가 바뀌었거나, 중계 서버가 죽었거나, 상대방이 요청했습니다. 그전에 발견된 것은 더 이상 세지 않습니다.",
    },
    remedy: NOTHING_TO_DO,
    rfc: "RFC 8445 §9",
};
pub(super) const PEER_LEFT: Entry = Entry {
    title: Said {
        en: "The other end went away before everything was said",
        ko: "모든 것을 주고받기 전에 상대방이 떠났습니다",
    },
    detail: Said {
        en: "It ended, or the way to it was lost. What had been learnt by then is here.",
        ko: "상대방이 종료되었거나 상대로 가는 길이 끊겼습니다. 그때까지 알아낸 것은 여기에 있습니다.",
    },
    remedy: Said {
        en: "Both ends: run the call again, and let both come to their end.",
        ko: "양쪽: 통화를 다시 실행하고 끝날 때까지 두십시오.",
    },
    rfc: "",
};
