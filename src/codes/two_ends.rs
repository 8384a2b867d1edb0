//! What did the other end send, what was predicted for the two, and what carries their messages?

macro_rules! two_ends { ($($before:tt)*) => { collect! { $($before)*

PeerCandidateForbidden: Peer, "RFC 8445 §19.5.1" {
    title: "The other end offers an address that nothing may be sent to",
        "상대방이 아무것도 보내서는 안 되는 주소를 내놓았습니다";
    detail: "The candidate[ {reason}] is a multicast, broadcast, unspecified, link-local or loopback address. Checks \
        to it would reach nobody, or somebody who did not ask for them, so none is sent.",
        "후보[ {reason}]의 주소가 멀티캐스트, 브로드캐스트, 미지정, 링크 로컬 또는 루프백 주소입니다. 그런 주소로 \
        확인 패킷을 보내면 아무에게도 닿지 않거나 요청하지 않은 누군가에게 가므로 보내지 않습니다.";
    seen: [CandidateLeftOut];
    OtherEnd: "Its application should not offer such addresses. All its other candidates are checked.",
        "통화 프로그램이 그런 주소를 내놓지 않아야 합니다. 나머지 후보는 모두 확인합니다.";
}
PeerCandidateNameNotLocal: Peer, "RFC 8839 §5.1" {
    title: "The other end offers a name that is not one of the local link",
        "상대방이 로컬 링크의 이름이 아닌 이름을 내놓았습니다";
    detail: "The candidate[ {reason}] is a host name. Only names that end in .local stand for hidden addresses; any \
        other would let a stranger choose which names this machine asks for.",
        "후보[ {reason}]의 주소가 호스트 이름입니다. 숨긴 주소를 대신하는 것은 .local로 끝나는 이름뿐입니다. 다른 \
        이름을 받아들이면 이 컴퓨터가 어떤 이름을 찾아볼지 낯선 사람이 정하게 됩니다.";
    seen: [CandidateLeftOut];
    OtherEnd: "Offer addresses, or mDNS names as browsers do.",
        "주소를 내놓거나, 브라우저처럼 mDNS 이름을 쓰십시오.";
}
PeerCandidateLimit: Peer, "RFC 8445 §19.5.1" {
    title: "The other end offers too many candidates at one address",
        "상대방이 한 주소에 너무 많은 후보를 내놓았습니다";
    detail: "No more of them are checked: many checks to one address that has not asked for them would make this \
        machine a nuisance to a third party.",
        "그 이상은 확인하지 않습니다. 요청하지 않은 주소 하나로 확인 패킷을 많이 보내면 이 컴퓨터가 제삼자에게 \
        피해를 주게 됩니다.";
    seen: [CandidateLeftOut];
    Nobody: "Nothing to do where the call connects. Else: offer fewer TURN servers and interfaces.",
        "통화가 연결되면 조치할 것이 없습니다. 연결되지 않으면 TURN 서버와 인터페이스를 줄이십시오.";
}
PeerCandidateMalformed: Peer, "RFC 8839 §5.1" {
    title: "A candidate of the other end cannot be read", "상대방의 후보 하나를 읽을 수 없습니다";
    detail: "Its line breaks the format of candidates[: {reason}]. It alone is left out.",
        "후보 줄이 형식에 맞지 않습니다[: {reason}]. 이 후보만 쓰지 않습니다.";
    seen: [CandidateLeftOut];
    OtherEnd: "Report it to the makers of its application.", "통화 프로그램을 만든 곳에 알리십시오.";
}
PeerDescriptionUnusable: Peer, "RFC 8839 §5" {
    title: "The other end's description cannot be used", "상대방의 세션 설명을 쓸 수 없습니다";
    detail: "Its SDP lacks what ICE needs, or breaks the format[: {reason}]. Without it no pair can be checked.",
        "SDP에 ICE에 필요한 것이 없거나 형식이 맞지 않습니다[: {reason}]. 이것이 없으면 어떤 후보 쌍도 확인할 수 \
        없습니다.";
    seen: [];
    OtherEnd: "Report it to the makers of its application, with this report.",
        "이 보고서와 함께 통화 프로그램을 만든 곳에 알리십시오.";
}
PeerChangeRefused: Peer, "RFC 3264 §8" {
    title: "A later description of the other end cannot be used; the call went on without it",
        "상대방이 나중에 보낸 설명을 쓸 수 없어 통화를 먼저 합의한 대로 계속했습니다";
    detail: "In a call that runs an end may describe itself anew, by the sections that are there[: {reason}]. Browsers refuse such \
        a description too, and keep to the one before.",
        "진행 중인 통화에서 자신을 다시 설명할 때는 있는 섹션을 그대로 두어야 합니다[: {reason}]. 브라우저도 이런 설명을 거부하고 \
        먼저 것을 따릅니다.";
    seen: [];
    OtherEnd: "Keep the media sections of the call, in their order and under their names, and look at code that edits the SDP.",
        "통화의 미디어 섹션을 순서와 이름 그대로 두고, SDP를 고치는 코드가 있는지 확인하십시오.";
}
CallChangeBeyondUs: Peer, "RFC 8842 §5.5" {
    title: "The other end asked for a change of the call that rtc-doctor cannot make",
        "상대방이 rtc-doctor가 하지 못하는 변경을 요청하여 통화를 그대로 계속했습니다";
    detail: "Its later offer was not answered[: {reason}]. That is a limit of this tool, such as another certificate for a call \
        that runs, and nothing against the other end.",
        "나중에 온 제안에 응답하지 않았습니다[: {reason}]. 진행 중인 통화의 인증서를 바꾸는 것과 같이 이 도구의 한계이며 상대방의 \
        잘못이 아닙니다.";
    seen: [];
    You: "To see that change made, call from a browser: open the room's address in it.",
        "그 변경을 보려면 브라우저에서 통화하십시오. 브라우저로 방의 주소를 여십시오.";
}
PeerOtherVersion: Peer, "" {
    title: "The other end is an rtc-doctor of another version, which this one cannot talk to",
        "상대방의 rtc-doctor가 다른 버전이어서 서로 통신할 수 없습니다";
    detail: "Its messages are of another version of the protocol[: {reason}].",
        "상대방의 메시지가 다른 버전의 프로토콜을 씁니다[: {reason}].";
    seen: [];
    BothEnds: "Use the same release of rtc-doctor, best the latest.",
        "같은 버전의 rtc-doctor를, 되도록 최신 버전을 쓰십시오.";
}
PeerMessageStale: Peer, "" {
    title: "A message came twice, or belongs to an earlier session, and was dropped",
        "두 번 왔거나 이전 세션에 속한 메시지를 버렸습니다";
    detail: "Each message of the other end is taken once and in order[: {reason}].",
        "상대방의 메시지는 하나씩 순서대로 한 번만 받습니다[: {reason}].";
    seen: [];
    You: "Where the call does not connect, begin again in a new room.",
        "통화가 연결되지 않으면 새 방에서 다시 시작하십시오.";
}
PeerMessageForeign: Peer, "" {
    title: "A message of somebody else came into the room and was dropped",
        "다른 사람의 메시지가 방에 들어와 버렸습니다";
    detail: "It is not of the one that this call began with[: {reason}].",
        "이 통화를 시작한 상대방의 메시지가 아니므로 쓰지 않았습니다[: {reason}].";
    seen: [];
    You: "Use a new room, and tell its address to nobody but the other end.",
        "새 방을 만들고, 그 주소를 상대방에게만 알려 주십시오.";
}
PeerMessageMalformed: Peer, "" {
    title: "A message of the other end cannot be read", "상대방의 메시지를 읽을 수 없습니다";
    detail: "It is no message of rtc-doctor, or too large[: {reason}].",
        "rtc-doctor의 메시지가 아니거나 너무 큽니다[: {reason}].";
    seen: [];
    BothEnds: "Use the same release of rtc-doctor. Else something between the two changes messages.",
        "같은 버전의 rtc-doctor를 쓰십시오. 그래도 마찬가지라면 둘 사이의 무언가가 메시지를 바꾸고 있습니다.";
}
EndsDisagree: Peer, "RFC 8445 §7.2.5" {
    title: "The two ends disagree on what they saw", "두 끝이 본 것에 대한 말이 서로 다릅니다";
    detail: "[The other end's record says: \"{reason}\". ]This end saw it otherwise. A check that is answered proves both \
        directions, and a call that is carried uses both, so that either something passed one way only, or for a part \
        of the time, or one of the two records is wrong. What the other end says is not taken for what this end has \
        seen.",
        "[상대방의 기록에 있는 말: “{reason}”. ]이쪽에서 본 것은 다릅니다. 확인에 응답이 오면 양방향이 모두 증명되고, 통화가 \
        이어지려면 양방향이 모두 필요합니다. 따라서 한 방향으로만, 또는 한동안만 통과했거나, 두 기록 가운데 하나가 \
        잘못된 것입니다. 상대방의 말을 이쪽에서 본 것으로 여기지 않습니다.";
    seen: [];
    BothEnds: "Run the call again with the same release at both ends and compare the two reports: each tells what that \
        end saw of its pairs and of the call.",
        "양쪽에서 같은 버전으로 다시 통화하고 두 보고서를 비교하십시오. 각 보고서에는 그 끝에서 본 후보 쌍과 통화가 \
        나와 있습니다.";
}
AddressesHidden: Run, "" {
    title: "The addresses are hidden, so whether both ends are in one network cannot be seen",
        "주소가 가려져 있어 두 끝이 한 네트워크에 있는지 알 수 없습니다";
    detail: "Each report has stand-ins of its own for addresses (--redact). The two ends are taken to be in \
        different networks, with relays on different servers.",
        "보고서마다 주소 대신 각자의 대체 주소가 들어 있습니다(--redact). 두 끝이 서로 다른 네트워크에 있고 중계 \
        서버도 서로 다르다고 봅니다.";
    seen: [];
    You: "Compare the reports as they are, and hide the addresses of the result: rtc-doctor compare A.json B.json \
        --redact.",
        "원래 보고서로 비교하고 결과의 주소를 가리십시오: rtc-doctor compare A.json B.json --redact.";
}
DirectWasPredicted: Pairs, "RFC 5780 §4" {
    title: "A direct path was predicted, and none was found", "직접 경로가 예측되었지만 발견되지 않았습니다";
    detail: "What the two ends' checks had shown lets two ICE agents meet; their pairs were checked, and none \
        without a relay worked. Something between the two does to these packets what it did not do to those for \
        the servers.",
        "양쪽의 check 결과로는 두 ICE 에이전트가 만날 수 있어야 합니다. 그러나 쌍을 확인한 결과 중계 없는 쌍은 \
        동작하지 않았습니다. 두 끝 사이의 무언가가 서버로 가는 패킷과 다르게 이 패킷을 다룹니다.";
    seen: [];
    BothEnds as "Network teams of both ends", "양쪽 네트워크 담당자": "Look for firewalls that pass UDP to some \
        ports or addresses only, and for a NAT whose behaviour changes under load.",
        "일부 포트나 주소로만 UDP를 통과시키는 방화벽, 부하에 따라 동작이 바뀌는 NAT가 있는지 살펴보십시오.";
}
RelayWasPredicted: Pairs, "RFC 5780 §4" {
    title: "A relay was predicted, and a direct path was found", "중계가 예측되었지만 직접 경로가 발견되었습니다";
    detail: "The two have a way to each other that no server outside could show: an inner network or tunnel that \
        joins them, or a NAT that was milder in the call than in the check.",
        "두 끝 사이에 바깥 서버로는 보이지 않는 길이 있습니다. 둘을 잇는 내부망이나 터널, 또는 check 때보다 통화 \
        때 더 너그러운 NAT입니다.";
    seen: [];
}
RelayWasPredictedAndFailed: Pairs, "RFC 8656" {
    title: "A relay was predicted, and nothing connected", "중계가 예측되었지만 아무것도 연결되지 않았습니다";
    detail: "A relay had worked in the check of one end, and in the call no pair through it did.",
        "한쪽의 check에서는 중계 서버가 동작했지만, 통화에서는 중계를 거치는 쌍이 하나도 동작하지 않았습니다.";
    seen: [];
    TurnOperator: "Look at the server's log for the time of the call: quotas, peers that it denies, and its relay \
        ports in the firewall.",
        "통화 시각의 서버 로그에서 할당량, 거부된 피어, 방화벽의 중계 포트를 살펴보십시오.";
}
NoPathWasPredicted: Pairs, "" {
    title: "No connection was predicted, and one was found", "연결되지 않는다고 예측되었지만 연결되었습니다";
    detail: "The two have a way to each other that no server outside could show, or a relay works that had failed \
        in the check.",
        "두 끝 사이에 바깥 서버로는 보이지 않는 길이 있거나, check에서 실패했던 중계 서버가 동작합니다.";
    seen: [];
}
RelayNominatedFirst: Pairs, "RFC 8445 §8.1.1" {
    title: "The call was put on a relay although a direct pair works",
        "직접 쌍이 동작하는데도 통화가 중계로 정해졌습니다";
    detail: "The relayed pair was chosen before the direct one had been answered[ ({local} to {remote})]. ICE \
        stacks wait for a direct path only for a while; some change over later, many do not.",
        "직접 쌍의 응답이 오기 전에 중계 쌍이 선택되었습니다[ ({local} - {remote})]. ICE 구현은 직접 경로를 잠시만 \
        기다립니다. 나중에 바꾸는 것도 있지만 바꾸지 않는 것이 많습니다.";
    seen: [];
    Maker: "Let the agent wait longer before it accepts a relay (pion: SetRelayAcceptanceMinWait), or renominate.",
        "중계를 받아들이기 전에 더 오래 기다리거나(pion: SetRelayAcceptanceMinWait) 다시 지명하게 하십시오.";
}
RelayMayBeNominatedFirst: Pairs, "RFC 8445 §8.1.1" {
    title: "The way is so long that a relay may be chosen before the direct path is found",
        "경로가 길어서 직접 경로를 찾기 전에 중계가 선택될 수 있습니다";
    detail: "Some ICE stacks accept a relayed pair after two seconds (pion). The two ends' round trips to their \
        servers come to[ {count} ms], so the first checks between them may not be answered by then.",
        "일부 ICE 구현(pion)은 2초 뒤에 중계 쌍을 받아들입니다. 양쪽에서 서버까지의 왕복 시간을 더하면[ {count} \
        ms]에 이르러, 그때까지 첫 확인의 응답이 오지 않을 수 있습니다.";
    seen: [];
    Maker: "Let the agent wait longer before it accepts a relay (pion: SetRelayAcceptanceMinWait).",
        "중계를 받아들이기 전에 더 오래 기다리게 하십시오(pion: SetRelayAcceptanceMinWait).";
}
CarrierNotConnected: Signalling, "" {
    title: "{carrier} does not get to the room's server", "{carrier}: 방 서버에 연결되지 않습니다";
    detail: "No connection came about[ ({reason})], while another way to the same server works.",
        "연결이 이루어지지 않았습니다[ ({reason})]. 같은 서버로 가는 다른 방법은 동작합니다.";
    seen: [];
    NetworkTeam: "Let this through to the server. Applications that know this way alone cannot call from here.",
        "서버까지 통과시키십시오. 이 방법만 아는 응용 프로그램은 여기서 통화할 수 없습니다.";
}
CarrierRefused: Signalling, "RFC 6455 §4" {
    title: "{carrier} is refused on the way to the room's server", "{carrier}: 방 서버로 가는 도중에 거부됩니다";
    detail: "The answer was HTTP {code}, which is a proxy's or the server's own, while another way to the same \
        server works.",
        "HTTP {code} 응답이 왔습니다. 프록시나 서버 자신의 응답입니다. 같은 서버로 가는 다른 방법은 동작합니다.";
    seen: [];
    ProxyOperator as "Your network team, or whoever runs the proxy", "네트워크 담당자 또는 프록시 운영자": "Pass \
        Upgrade requests and long answers on.",
        "Upgrade 요청과 긴 응답을 그대로 전달하십시오.";
}
CarrierHeldBack: Signalling, "" {
    title: "{carrier}: messages are held back on the way", "{carrier}: 메시지가 도중에 붙잡혀 있습니다";
    detail: "It was accepted, and then what was sent did not come through in time: a proxy collects the answer \
        instead of passing it on.",
        "받아들여졌지만 보낸 것이 제때 도착하지 않았습니다. 프록시가 응답을 전달하지 않고 모아 둡니다.";
    seen: [];
    ProxyOperator: "Switch buffering off for this server (nginx: proxy_buffering off).",
        "이 서버에 대해 버퍼링을 끄십시오(nginx: proxy_buffering off).";
}
CarrierCut: Signalling, "" {
    title: "{carrier}: the connection is cut on the way", "{carrier}: 연결이 도중에 끊깁니다";
    detail: "It was accepted and then ended by something between, while another way to the same server works. \
        Signalling that rests on it breaks off in calls.",
        "받아들여진 뒤 중간의 무언가가 연결을 끊었습니다. 같은 서버로 가는 다른 방법은 동작합니다. 여기에 의존하는 \
        시그널링은 통화 중에 끊깁니다.";
    seen: [];
    ProxyOperator as "Your network team, or whoever runs the proxy", "네트워크 담당자 또는 프록시 운영자": "Let \
        long connections be, and raise their idle time-out above a minute.",
        "긴 연결을 유지하고, 유휴 시간 제한을 1분보다 길게 하십시오.";
}

} } }
