//! How did the candidate pairs of the two ends fare?

macro_rules! pairs { ($($before:tt)*) => { collect! { $($before)*

OwnRelayedOverStream: Pairs, "RFC 8835 §3.4" {
    title: "UDP from your side is not answered, so the call is relayed over {transport}",
        "이쪽에서 보낸 UDP에 응답이 없어 통화가 {transport}로 중계됩니다";
    detail: "Over a stream one lost packet delays all that follow, which is heard as stutter.",
        "스트림에서는 패킷 하나를 잃으면 뒤따르는 것이 모두 늦어져 소리가 끊깁니다.";
    seen: [];
    NetworkTeam: "Open UDP port 3478 to {server}, unless the server keeps it shut.",
        "서버에서 닫아 둔 것이 아니라면 UDP 3478 포트를 여십시오. 서버: {server}.";
}
PeerRelayedOverStream: Pairs, "RFC 8835 §3.4" {
    title: "UDP from the other side is not answered, so the call is relayed over {transport}",
        "상대방이 보낸 UDP에 응답이 없어 통화가 {transport}로 중계됩니다";
    detail: "Over a stream one lost packet delays all that follow, which is heard as stutter.",
        "스트림에서는 패킷 하나를 잃으면 뒤따르는 것이 모두 늦어져 소리가 끊깁니다.";
    seen: [];
    OtherNetworkTeam: "Open UDP port 3478 to {server}, unless the server keeps it shut.",
        "서버에서 닫아 둔 것이 아니라면 UDP 3478 포트를 여십시오. 서버: {server}.";
}
PairsSilent: Pairs, "RFC 8445 §7" {
    title: "On[ {count}] candidate {count|pair|pairs} nothing came back", "응답이 없는 후보 쌍이 있습니다[: {count}개]";
    detail: "For example {local} to {remote}. Other packets from the same sockets were answered meanwhile, so it \
        is the way between these two that is closed. Pairs of private addresses in different networks are always \
        so.",
        "예: {local} - {remote}. 그동안 같은 소켓의 다른 패킷에는 응답이 왔으므로 이 둘 사이의 길이 닫혀 있습니다. \
        서로 다른 네트워크의 사설 주소 쌍은 항상 그렇습니다.";
    seen: [CheckSilent];
    Nobody: "Nothing to do where the call goes as you want it. Else see what single change would make it direct.",
        "통화가 원하는 대로 되면 조치할 것이 없습니다. 아니면 어떤 변경 하나로 직접 통화가 되는지 보십시오.";
}
PairsUnheard: Pairs, "" {
    title: "On[ {count}] candidate {count|pair|pairs} nothing came back, nor on anything beside {count|it|them}",
        "응답도 대조 응답도 없는 후보 쌍이 있습니다[: {count}개]";
    detail: "For example {local} to {remote}. Nothing at all was heard on the same sockets, so this silence says \
        nothing about these pairs.",
        "예: {local} - {remote}. 같은 소켓에서 아무것도 들리지 않았으므로, 이 침묵은 이 쌍들에 대해 아무것도 말해 \
        주지 않습니다.";
    seen: [CheckSilent];
    You: "Name a STUN server that this machine reaches, so that a dead way is told from a dead network.",
        "이 컴퓨터에서 닿는 STUN 서버를 지정하십시오. 그래야 막힌 길과 죽은 네트워크를 구분할 수 있습니다.";
}
PairsOneWay: Pairs, "RFC 8445 §7.2.5" {
    title: "On[ {count}] candidate {count|pair|pairs} the other end's checks came in, and none from here was answered",
        "상대방의 확인은 들어왔지만 이쪽의 확인에는 응답이 없는 후보 쌍이 있습니다[: {count}개]";
    detail: "For example {local} to {remote}[: {received} {received|check|checks} came in]. The way here is open, and the way from here to there is not: what \
        this end sends, its answers too, is lost.",
        "예: {local} - {remote}[, 들어온 확인 {received}번]. 이쪽으로 오는 길은 열려 있지만 그쪽으로 가는 길은 닫혀 있어, 응답을 비롯해 이쪽이 \
        보낸 것이 사라집니다.";
    seen: [CheckOneWay];
    NetworkTeam: "Let UDP out to any address and port, and look for a rule that knows some destinations alone.",
        "모든 주소와 포트로 UDP를 내보내고, 일부 목적지만 허용하는 규칙이 있는지 확인하십시오.";
    OtherNetworkTeam as "The other end's network team", "상대방의 네트워크 담당자": "Let in what comes back to a port that was sent from.",
        "보낸 포트로 돌아오는 것을 들이십시오.";
}
PairsNotSymmetric: Pairs, "RFC 8445 §7.2.5.2.1" {
    title: "On[ {count}] candidate {count|pair|pairs} the answer came from another address",
        "다른 주소에서 응답이 온 후보 쌍이 있습니다[: {count}개]";
    detail: "For example {local} to {remote}: the answer came from {from}. ICE does not take such an answer. It is \
        what a NAT does that hairpins but shows the sender's inside address, a host with two ways out, or an end that \
        answers from another socket than was asked.",
        "예: {local} - {remote}. 응답은 {from}에서 왔습니다. ICE는 이런 응답을 받아들이지 않습니다. 헤어핀을 \
        하면서 보낸 쪽의 내부 주소를 보여 주는 NAT, 나가는 길이 둘인 호스트, 또는 질문받은 소켓이 아닌 다른 소켓에서 응답하는 \
        단말에서 일어납니다.";
    seen: [AnsweredFromAnother];
    OtherEnd: "Without a NAT between the two: see that checks are answered from the socket that they come in on.",
        "둘 사이에 NAT가 없다면 확인이 들어온 소켓에서 응답하는지 살펴보십시오.";
    NetworkTeam as "Network team", "네트워크 담당자": "Let the NAT hairpin with the external source address (RFC \
        4787 REQ-9a).",
        "NAT가 외부 출발지 주소로 헤어핀하게 하십시오(RFC 4787 REQ-9a).";
}
PairsUnreachable: Pairs, "RFC 8445 §7.2.5.2" {
    title: "On[ {count}] candidate {count|pair|pairs} the network said that nothing can arrive",
        "네트워크가 도달할 수 없다고 알려 온 후보 쌍이 있습니다[: {count}개]";
    detail: "For example {local} to {remote}[: {reason}].", "예: {local} - {remote}[: {reason}].";
    seen: [];
    Nobody: "Nothing to do where another pair works: addresses of VPNs, containers and inner networks are often \
        so.",
        "다른 쌍이 동작하면 조치할 것이 없습니다. VPN, 컨테이너, 내부망의 주소는 흔히 그렇습니다.";
}
PairsRefusedByRelay: Pairs, "RFC 8656 §9.2" {
    title: "The TURN server does not send to[ {count} of] the other end's addresses",
        "TURN 서버가 보내기를 거부한 상대방 주소가 있습니다[: {count}개]";
    detail: "It answered {code} to the request for a permission, for example for {remote}. Private and local addresses \
        are rightly denied; a public one is not.",
        "권한 요청에 {code} 응답이 왔습니다. 예: {remote}. 사설 주소와 로컬 주소를 거부하는 것은 옳지만, 공인 \
        주소는 그렇지 않습니다.";
    seen: [];
    TurnOperator: "Where a public address is refused, check denied-peer-ip and allowed-peer-ip.",
        "공인 주소가 거부되었다면 denied-peer-ip와 allowed-peer-ip를 확인하십시오.";
}
PairsRelayLost: Pairs, "RFC 8656 §7" {
    title: "The {server|relay|relays} of {server} {server|was|were} lost during the checks", "확인 중에 중계 주소를 잃었습니다. 서버: {server}";
    detail: "It stopped answering, or forgot the allocation, so that what goes through it could not be checked to its \
        end[: {count} {count|pair|pairs}].",
        "중계 서버가 응답을 멈추었거나 할당을 잊어버려, 이를 거치는 쌍을 끝까지 확인하지 못했습니다[: {count}개].";
    seen: [];
    TurnOperator: "Look at the server's log for that time.", "그 시각의 서버 로그를 살펴보십시오.";
}
PairsRefused: Pairs, "RFC 8445 §7.3" {
    title: "The other end refused checks on[ {count}] candidate {count|pair|pairs}",
        "상대방이 확인을 거부한 후보 쌍이 있습니다[: {count}개]";
    detail: "It answered {code}[ ({reason})], for example on {local} to {remote}.",
        "{code} 응답이 왔습니다[ ({reason})]. 예: {local} - {remote}.";
    seen: [CheckRefused];
    OtherEnd: "401 means that it holds other credentials, as after a restart that this end did not hear of; any other code is a \
        rule or a fault of its own ICE stack.",
        "401은 다른 자격 증명을 쓴다는 뜻이며 이쪽이 알지 못한 재시작 뒤에 일어납니다. 다른 코드는 상대방 ICE 스택의 규칙이나 \
        결함입니다.";
}
PairsNotResolved: Pairs, "RFC 8828" {
    title: "Names of[ {count} of] the other end's candidates could not be looked up",
        "상대방 후보의 이름을 찾을 수 없습니다[: {count}개]";
    detail: "For example {name}. Browsers hide private addresses behind such names (mDNS), which only machines on \
        the same link can look up.",
        "예: {name}. 브라우저는 사설 주소를 이런 이름(mDNS) 뒤에 숨기며, 같은 링크의 컴퓨터만 이를 찾을 수 \
        있습니다.";
    seen: [];
    Nobody: "Nothing to do between different networks.", "서로 다른 네트워크라면 조치할 것이 없습니다.";
    BothEnds: "In one network, let multicast through, or give the page access to the microphone, upon which browsers show \
        addresses.",
        "한 네트워크라면 멀티캐스트를 통과시키거나 페이지에 마이크 권한을 주십시오. 그러면 브라우저가 주소를 보여 줍니다.";
}
PairLossy: Pairs, "RFC 8834 §7" {
    title: "The pair that carries the call loses packets[: {loss} %]",
        "통화에 쓰이는 쌍에서 패킷이 손실됩니다[: {loss} %]";
    detail: "Of the checks from {local} to {remote}, so many were not answered.",
        "{local}에서 {remote} 방향으로 보낸 확인 중 그만큼에 응답이 없었습니다.";
    seen: [CheckAnswered];
    You: "Use a cable or come closer to the Wi-Fi at the end whose line is worse, and stop other transfers.",
        "회선이 나쁜 쪽에서 유선을 쓰거나 Wi-Fi에 가까이 가고, 다른 전송을 멈추십시오.";
}
ConsentLost: Pairs, "RFC 7675 §5.1" {
    title: "A pair that had worked was not answered any more", "동작하던 쌍에 더 이상 응답이 오지 않았습니다";
    detail: "From {local} to {remote} nothing came back for 30 seconds, so nothing may be sent there any more.",
        "{local} - {remote}: 30초 동안 응답이 없어 더 이상 보낼 수 없습니다.";
    seen: [ConsentUnanswered];
    OtherEnd: "Where media came all the time: the agent has stopped answering checks, and has to answer them for as long as \
        the call lasts (RFC 7675).",
        "그동안 미디어가 계속 왔다면 에이전트가 확인에 응답하기를 멈춘 것입니다. 통화가 이어지는 동안은 응답해야 합니다(RFC \
        7675).";
    You: "If the other end did not just leave, look for a network that changed, or a NAT that forgets mappings \
        after seconds.",
        "상대가 그냥 떠난 것이 아니라면, 바뀐 네트워크나 몇 초 만에 매핑을 잊는 NAT가 있는지 살펴보십시오.";
}
RoleConflict: Pairs, "RFC 8445 §7.3.1.1" {
    title: "Both ends took the same role, and one of them gave way", "두 끝이 같은 역할을 맡아 한쪽이 양보했습니다";
    detail: "One end must choose the pair, the other accept it. The conflict was resolved as the standard has it.",
        "한쪽이 쌍을 고르고 다른 쪽이 받아들여야 합니다. 충돌은 표준대로 해결되었습니다.";
    seen: [RoleRefused];
}
IceRestarted: Pairs, "RFC 8445 §9" {
    title: "The checks were begun anew", "확인이 처음부터 다시 시작되었습니다";
    detail: "The network of one end changed, its relay died, or the other end asked for it; what was found before \
        is no longer counted.",
        "한쪽의 네트워크가 바뀌었거나, 중계 서버가 죽었거나, 상대방이 요청했습니다. 그전에 발견된 것은 더 이상 \
        세지 않습니다.";
    seen: [];
}
IceRestartNotMade: Pairs, "RFC 8445 §9" {
    title: "The other end announced a restart of ICE and did not make it",
        "상대방이 ICE 재시작을 알리고 실제로는 하지 않았습니다";
    detail: "Media of the other end came over the pair that was selected before[, for {count} ms after the announcement], \
        and no other was selected. Until one is, both ends keep to that pair. It is no fault of the network; but where \
        the network of an end changes, such a call cannot follow.",
        "[재시작을 알린 뒤 {count} ms 동안 ]상대방의 미디어는 그전에 선택된 쌍으로 왔고, 다른 쌍은 선택되지 않았습니다. 다른 \
        쌍이 선택될 때까지 양쪽은 그전의 쌍을 씁니다. 네트워크의 문제는 아니지만, 한쪽의 네트워크가 바뀌면 이런 통화는 \
        따라가지 못합니다.";
    seen: [RestartNotMade];
    OtherEnd: "Let its application hand the new description, with its new ufrag and password, to its ICE stack, and offer \
        anew only where that stack restarts.",
        "애플리케이션이 새 설명을 새 ufrag와 암호와 함께 ICE 스택에 넘기고, 스택이 재시작할 때만 다시 제안해야 합니다.";
}
PeerLeft: Peer, "" {
    title: "The other end went away before everything was said", "모든 것을 주고받기 전에 상대방이 떠났습니다";
    detail: "It ended, or the way to it was lost. What had been learnt by then is here.",
        "상대방이 종료되었거나 상대로 가는 길이 끊겼습니다. 그때까지 알아낸 것은 여기에 있습니다.";
    seen: [];
    BothEnds: "Run the call again, and let both come to their end.", "통화를 다시 실행하고 끝날 때까지 두십시오.";
}
RoomFull: Peer, "" {
    title: "The room is full: two ends are in it, or were", "방이 가득 찼습니다. 두 단말이 이미 있거나 있었습니다";
    detail: "A call has two ends, and the room let no third one in. An end that came back, as a page that was loaded anew, is a \
        third as well while its former self is still held.",
        "통화에는 단말이 둘이며, 방은 세 번째 단말을 받지 않았습니다. 다시 불러온 페이지처럼 돌아온 단말도 이전 연결이 남아 있는 \
        동안에는 세 번째입니다.";
    seen: [];
    BothEnds: "Meet in a new room.", "새 방에서 만나십시오.";
}
RoomLost: Peer, "" {
    title: "The room could not be reached, or not until the other end came",
        "방에 닿을 수 없거나 상대방이 오기 전에 연결이 끊겼습니다";
    detail: "No message reached the server of the room, or it ended before the other end was there. It says nothing of the \
        other end.",
        "방의 서버에 메시지가 닿지 않았거나 상대방이 오기 전에 연결이 끝났습니다. 상대방에 대해서는 아무것도 말해 주지 않습니다.";
    seen: [];
    You: "Look whether the address is right and its server (rtc-doctor serve) runs.",
        "주소가 맞는지, 그 서버가 동작하는지 확인하십시오.";
    NetworkTeam: "Let HTTPS and WebSockets to that server through.", "그 서버로 가는 HTTPS와 WebSocket을 통과시키십시오.";
}
PeerMakesNoCall: Peer, "RFC 8827 §6.5" {
    title: "The other end makes no call, so only the candidate pairs were tried",
        "상대방이 통화를 하지 않아 후보 쌍만 확인했습니다";
    detail: "Its description announces no certificate: it was run as rtc-doctor call --no-media.",
        "상대방의 설명에 인증서가 없습니다. rtc-doctor call --no-media로 실행된 것입니다.";
    seen: [];
    BothEnds: "Run rtc-doctor call without --no-media.", "rtc-doctor call을 --no-media 없이 실행하십시오.";
}

} } }
