//! Which candidates did the other end send, and where do the two ends stand to each other?

macro_rules! peer_candidates { ($($before:tt)*) => { collect! { $($before)*

PeerDescriptionMisplaced: Peer, "RFC 3264 §4" {
    title: "The other end's offer or answer came where it cannot be taken", "상대방의 제안이나 응답이 받을 수 없는 때에 왔습니다";
    short: "the other end's offer or answer came where it cannot be taken", "상대방의 제안이나 응답을 받을 수 없는 때에 받음";
    detail: "[It was refused: {reason}. ]One end offers and the other answers that offer (RFC 8829 §3.2): who came into the room \
        first offers. Browsers refuse the same (InvalidStateError). That says nothing of the networks.",
        "[거부한 까닭: {reason}. ]한쪽이 제안하고 다른 쪽이 그 제안에 응답합니다(RFC 8829 §3.2). 방에 먼저 들어온 쪽이 제안합니다. \
        브라우저도 이런 것은 거부합니다(InvalidStateError). 네트워크에 대해서는 아무것도 말해 주지 않습니다.";
    seen: [];
    OtherEnd: "See in its application and its signalling who is to offer, that descriptions are sent with the type that \
        setLocalDescription() gave them, and that where both offer at once one end withdraws its own (\"perfect negotiation\": \
        rollback) and answers.",
        "애플리케이션과 시그널링에서 누가 제안하는지, setLocalDescription()이 준 유형 그대로 설명을 보내는지, 양쪽이 동시에 제안하면 \
        한쪽이 자신의 제안을 철회하고(롤백) 응답하는지 확인하십시오.";
}
PeerSentNoDescription: Peer, "RFC 3264 §4" {
    title: "The other end joined, and no offer or answer of its came", "상대방이 들어왔지만 제안이나 응답이 오지 않았습니다";
    short: "no offer or answer of the other end's came", "상대방의 제안이나 응답이 오지 않음";
    detail: "It is in the room[, and after {time} it had not described itself][; messages of the kind \"{name}\" came, which is \
        neither an offer nor an answer]. Without its description nothing can be checked: its application made none, could not use \
        this end's, or its signalling did not carry it here. That says nothing of the networks.",
        "방에 들어와 있지만 [{time} 동안 ]자신을 설명하지 않았습니다[. 알 수 없는 종류의 메시지: \"{name}\"]. 설명이 없으면 아무것도 확인할 수 없습니다. \
        애플리케이션이 설명을 만들지 않았거나, 이쪽의 설명을 쓰지 못했거나, 시그널링이 전달하지 못한 것입니다. 네트워크에 \
        대해서는 아무것도 말해 주지 않습니다.";
    seen: [NotDescribed];
    OtherEnd: "Look at its application's console and its signalling: whether this end's message arrived, whether \
        taking or answering it failed, and whether the result was sent.",
        "애플리케이션의 콘솔과 시그널링을 확인하십시오. 이쪽의 메시지가 도착했는지, 그것을 받아들이거나 응답하는 데 \
        실패했는지, 그 결과를 보냈는지 보십시오.";
}
PeerSentNoCandidates: Peer, "RFC 8838 §8" {
    title: "The other end sent no candidate[ in {time}], so there was nothing to check",
        "상대방이 후보를 하나도 보내지 않아[({time} 동안)] 확인할 것이 없었습니다";
    detail: "Its description came, and not one candidate with it or after it. Most often candidates are lost where the \
        application hands them over: they are found after the description is sent, and have to be sent one by one. \
        That says nothing of either network.",
        "설명은 왔지만 함께 온 후보도 뒤따라온 후보도 없습니다. 대개는 애플리케이션이 후보를 전달하는 곳에서 \
        잃어버립니다. 후보는 설명을 보낸 뒤에 발견되므로 하나씩 보내야 합니다. 어느 쪽 네트워크에 대해서도 말해 주는 \
        것이 없습니다.";
    seen: [];
    OtherEnd: "Look at its signalling: does it send what onicecandidate gives it, or wait for all candidates before it \
        sends its description? Else its policy or its network leaves it no address.",
        "시그널링을 확인하십시오. 발견된 후보를 하나씩 보내는지, 아니면 모든 후보를 기다렸다가 설명을 보내는지 \
        보십시오. 그래도 없으면 정책이나 네트워크 때문에 내놓을 주소가 없는 것입니다.";
}
OwnNoCandidates: Peer, "RFC 8445 §5.1" {
    title: "This end had no candidate to offer, so there was nothing to check",
        "이쪽에 내놓을 후보가 없어 확인할 것이 없었습니다";
    detail: "No address of this machine may be used, or only relays were to be used and none was allocated.",
        "이 컴퓨터에 쓸 수 있는 주소가 없거나, 중계만 쓰기로 했는데 할당된 중계가 없습니다.";
    seen: [];
    You: "Run rtc-doctor check: it tells which servers and interfaces work.",
        "rtc-doctor check를 실행하면 어떤 서버와 인터페이스가 되는지 알 수 있습니다.";
}
PeerAtOwnPublicAddress: Pairs, "RFC 4787 §6" {
    title: "The other end's address is your own public address: both are behind the same NAT",
        "상대방의 주소가 이쪽의 공인 주소와 같습니다. 양쪽이 같은 NAT 뒤에 있습니다";
    detail: "Packets from here to {public} have to be turned round by the NAT and sent back in (hairpinning), and nothing \
        came back. Ends within one network reach each other by their addresses inside, where those are offered and the \
        network lets its hosts talk to each other; two networks of one carrier have the same public address too.",
        "{public}(으)로 보낸 패킷은 NAT가 안으로 되돌려야 하는데(헤어핀), 아무것도 돌아오지 않았습니다. 한 네트워크의 두 \
        끝은 안쪽 주소로 만납니다. 그 주소를 내놓고, 네트워크가 호스트끼리의 통신을 허용해야 합니다. 같은 통신사의 두 \
        네트워크도 공인 주소가 같을 수 있습니다.";
    seen: [];
    OtherEnd: "Offer its address inside too, as host candidates do; a server that announces its public address alone is \
        not reached from its own network.",
        "호스트 후보처럼 안쪽 주소도 내놓으십시오. 공인 주소만 알리는 서버는 같은 네트워크 안에서 닿지 않습니다.";
    NetworkTeam: "Switch hairpinning (NAT loopback) on; where both are in one Wi-Fi or in two VLANs, look at client \
        isolation and at the routes between.",
        "헤어핀(NAT 루프백)을 켜십시오. 둘이 한 Wi-Fi나 두 VLAN에 있다면 클라이언트 격리와 그 사이의 경로를 확인하십시오.";
}
NeighboursKeptApart: Pairs, "RFC 4787 §6" {
    title: "Both ends are in one network, and it keeps its hosts apart", "양쪽이 한 네트워크에 있지만 네트워크가 호스트끼리의 통신을 막습니다";
    detail: "The other end's address {remote} is in the network of this machine, and both have the public address {public}. Checks \
        to the one were not delivered, and the NAT does not send packets for the other back in. Wi-Fi for guests and many \
        hotspots keep their clients apart so (client isolation). Less often the two are in two networks of one carrier that \
        use the same addresses inside. It is no fault of either end.",
        "상대방의 주소({remote})는 이 컴퓨터의 네트워크에 있고 양쪽의 공인 주소도 같습니다({public}). 앞의 주소로 보낸 \
        확인은 전달되지 않았고, NAT는 뒤의 주소로 온 패킷을 안으로 되돌리지 않습니다. 손님용 Wi-Fi와 많은 핫스팟은 이렇게 \
        클라이언트를 서로 격리합니다. 드물게는 안쪽 주소가 같은 한 통신사의 두 네트워크일 수도 있습니다. 어느 단말의 잘못도 \
        아닙니다.";
    seen: [];
    NetworkTeam: "Switch client isolation off for those who are to call each other, or hairpinning (NAT loopback) on.",
        "서로 통화할 클라이언트의 격리를 끄거나 헤어핀(NAT 루프백)을 켜십시오.";
    You: "Use another network than the Wi-Fi for guests, or a relay.",
        "손님용 Wi-Fi가 아닌 네트워크나 중계 서버를 쓰십시오.";
}
PeerAddressesInside: Pairs, "RFC 8445 §5.1.1.1" {
    title: "The other end offers only private addresses of another network[, such as {remote}][, beside names that nobody \
        here answers for, such as {name}]",
        "상대방이 다른 네트워크의 사설 주소만 내놓습니다[. 예: {remote}][. 여기서는 찾을 수 없는 이름도 있습니다. 예: {name}]";
    detail: "No interface of this machine is in that network, so packets to it lead nowhere, or to somebody else's. Such \
        are the addresses inside a container or a virtual machine (Docker's bridge), of a tunnel, and of any other home.",
        "이 컴퓨터의 어떤 인터페이스도 그 네트워크에 속하지 않으므로, 그리로 보낸 패킷은 어디에도 닿지 않거나 다른 \
        누군가에게 갑니다. 컨테이너나 가상 머신 안의 주소(Docker 브리지), 터널이나 다른 집의 주소가 그렇습니다.";
    seen: [];
    OtherEnd: "Announce the address at which its host is reached, or run it in the host's own network; or give it a STUN \
        server, which tells it that address.",
        "호스트에 닿을 수 있는 주소를 알리거나 호스트의 네트워크에서 실행하십시오. 또는 그 주소를 알려 줄 STUN 서버를 \
        지정하십시오.";
}
PeerCandidateStale: Peer, "RFC 8838 §13" {
    title: "The other end sent[ {count}] {count|candidate|candidates} of another session than it described",
        "상대방이 설명한 것과 다른 세션의 후보를 보냈습니다[: {count}개]";
    detail: "The ufrag of these candidates is not that of its description, so that they belong to a session before it, or \
        to another call[: {reason}]. They are not checked.",
        "이 후보들의 ufrag가 설명의 것과 다르므로 이전 세션이나 다른 통화에 속합니다[: {reason}]. 확인하지 않습니다.";
    seen: [CandidateLeftOut];
    OtherEnd: "Look at its signalling: candidates and descriptions of two sessions are mixed, as after a restart, a second \
        peer connection, or a message that was kept too long.",
        "시그널링을 확인하십시오. 두 세션의 후보와 설명이 섞여 있습니다. 재시작 뒤나, 두 번째 연결 객체나, 너무 \
        오래 보관된 메시지 때문일 수 있습니다.";
}
PeerCandidateOtherSection: Peer, "RFC 9143 §7.2" {
    title: "The other end sent[ {count}] {count|candidate|candidates} for media sections that go another way",
        "상대방이 다른 경로로 가는 미디어 섹션의 후보를 보냈습니다[: {count}개]";
    detail: "Those sections are not bundled with the first, so that each has a way of its own, with candidates of its own[: \
        {reason}]. rtc-doctor makes its call on one way and left these out; a browser checks them too.",
        "그 섹션들은 첫 섹션과 묶이지 않아 각자의 경로와 후보를 가집니다[: {reason}]. rtc-doctor는 한 경로로만 통화하므로 \
        이 후보를 쓰지 않았습니다. 브라우저는 이것도 확인합니다.";
    seen: [CandidateLeftOut];
    OtherEnd: "Let it bundle all sections (a=group:BUNDLE): one way is enough, and found sooner.",
        "모든 섹션을 묶으십시오(a=group:BUNDLE). 경로 하나면 충분하고 더 빨리 찾습니다.";
}
PeerCandidateComponent: Peer, "RFC 8839 §5.1" {
    title: "The other end sent[ {count}] {count|candidate|candidates} for RTCP alone", "상대방이 RTCP 전용 후보를 보냈습니다[: {count}개]";
    detail: "Component 2 is RTCP's own; where RTCP goes with RTP (RFC 5761), as in WebRTC, there is component 1 alone[: \
        {reason}]. It alone is left out.",
        "컴포넌트 2는 RTCP 전용입니다. WebRTC처럼 RTCP가 RTP와 함께 가면(RFC 5761) 컴포넌트 1뿐입니다[: {reason}]. 나머지 \
        후보는 씁니다.";
    seen: [CandidateLeftOut];
    Nobody: "Nothing to do where it sends candidates for component 1 too. Else its media have to be multiplexed \
        (a=rtcp-mux).",
        "컴포넌트 1의 후보도 있으면 조치할 것이 없습니다. 없으면 미디어를 다중화해야 합니다(a=rtcp-mux).";
}
PeerPaceSlow: Peer, "RFC 8839 §5.5" {
    title: "The other end asks for slower checks than a call can wait for",
        "상대방이 요청한 연결 확인 간격이 통화가 기다릴 수 있는 것보다 깁니다";
    detail: "Its description has a time between two checks (a=ice-pacing)[: {time}]. Agents that know this line both keep to \
        the slower wish, and every pair would take that long. This end kept to less[: {count} ms]. Browsers pass over the line.",
        "설명에 두 확인 사이의 시간이 적혀 있습니다(a=ice-pacing[: {time}]). 이 줄을 아는 에이전트는 양쪽 모두 느린 쪽을 \
        따르므로 쌍마다 그만큼 걸립니다. 이쪽은 더 짧은 간격을 지켰습니다[. 지킨 간격: {count} ms]. 브라우저는 이 줄을 쓰지 않습니다.";
    seen: [];
    OtherEnd: "Ask for 50 ms or less, or leave the line out.", "50 ms 이하로 요청하거나 이 줄을 빼십시오.";
}
PeerCandidateNoTcpType: Peer, "RFC 6544 §4.5" {
    title: "TCP candidates of the other end have no tcptype", "상대방의 TCP 후보에 tcptype이 없습니다";
    detail: "Such a line does not say who connects[: {reason}]. Firefox cannot read it, Chromium takes it for one that \
        listens; here it is left out.",
        "이런 줄은 어느 쪽이 연결하는지 말하지 않습니다[: {reason}]. Firefox는 읽지 못하고 Chromium은 기다리는 쪽으로 \
        여깁니다. 여기서는 이 후보를 뺍니다.";
    seen: [CandidateLeftOut];
    OtherEnd: "Write tcptype active, passive or so behind each TCP candidate.",
        "TCP 후보마다 tcptype을 active, passive 또는 so로 적으십시오.";
}

} } }
