//! What does a file tell of a call that somebody else had?

macro_rules! saved_call { ($($before:tt)*) => { collect! { $($before)*

SavedCall: Run, "" {
    title: "A call is judged that was read from a file; nothing was asked of any network",
        "파일에서 읽은 통화를 판단한 것이며, 네트워크에는 아무것도 묻지 않았습니다";
    short: "the file tells of one call, and nothing was asked", "파일은 통화 하나만 알려 주며, 아무것도 묻지 않았음";
    detail: "What is said holds for that call at that time: what its NAT or its servers do for others was not tried. \
        Counters and times were judged, not the states that the browser shows last[; connections in the file: {count}].",
        "여기의 판단은 그 시각의 그 통화에 대한 것입니다. NAT나 서버가 다른 통화에 어떻게 하는지는 시험하지 않았습니다. \
        브라우저가 마지막에 보인 상태가 아니라 계수와 시각으로 판단했습니다[. 파일에 있는 연결: {count}개].";
    seen: [];
}
SavedFileEmpty: Run, "" {
    title: "The file holds no connection any more", "파일에 남아 있는 연결이 없습니다";
    short: "the file holds no connection", "파일에 연결이 없음";
    detail: "Browsers forget a connection when it is closed or its page is left: the file was saved after that. It says nothing of \
        the call.",
        "브라우저는 연결이 닫히거나 페이지를 떠나면 그 연결을 잊습니다. 파일은 그 뒤에 저장되었습니다. 통화에 대해서는 아무것도 말해 주지 \
        않습니다.";
    seen: [];
    You: "Save it during the call, or take the second button's file of the same page (rtcstats), which keeps what was closed.",
        "통화 중에 저장하거나, 같은 페이지의 두 번째 버튼으로 만든 파일을 쓰십시오. 닫힌 연결도 남아 있습니다.";
}
SavedFileBroken: Run, "" {
    title: "The file is of a call, and is damaged: no connection in it can be read", "통화 파일이지만 손상되어 읽을 수 있는 연결이 없습니다";
    short: "the file is damaged", "파일이 손상됨";
    detail: "It begins as such files do. What follows is not whole, or was changed on its way: by a mail program, a chat or a text editor.",
        "시작은 그런 파일과 같습니다. 그 뒤는 온전하지 않거나, 메일 프로그램이나 채팅, 편집기를 거치며 바뀌었습니다.";
    seen: [];
    You: "Attach the file itself, as the browser saved it, and do not paste its text.",
        "텍스트를 붙여 넣지 말고, 브라우저가 저장한 파일을 그대로 첨부하십시오.";
}
SavedNothingChecked: Run, "" {
    title: "The file does not show that any pair was checked", "파일에 쌍을 확인한 기록이 없습니다";
    short: "no check of a pair is in the file", "파일에 쌍의 확인이 없음";
    detail: "It tells what was gathered or offered, and nothing of what became of it.",
        "모으거나 내놓은 것은 알려 주지만, 그것이 어떻게 되었는지는 알려 주지 않습니다.";
    seen: [];
    You: "Take a dump of the call itself, saved by the browser while it runs.", "통화 중에 브라우저에서 그 통화의 덤프를 저장하십시오.";
}
SavedSeenAtServer: Run, "RFC 8656 §2" {
    title: "The capture was made at a TURN server: what did not go through it is not seen",
        "TURN 서버에서 만든 캡처여서, 서버를 거치지 않은 것은 보이지 않습니다";
    short: "direct pairs are not seen at a server", "직접 연결된 쌍은 서버에서 보이지 않음";
    detail: "Whether pairs without this relay were tried, and worked, cannot be known from here.",
        "이 중계를 거치지 않는 쌍을 시도했는지, 동작했는지는 여기서 알 수 없습니다.";
    seen: [];
}
SavedCallInPart: Run, "" {
    title: "The file shows a part of the call only", "파일에는 통화의 일부만 있습니다";
    short: "the file shows a part of the call only", "파일에 통화의 일부만 있음";
    detail: "It begins later than the call, ends in the middle, was taken once, or holds one direction, lines that cannot be \
        read, or events in an unknown form: what is missing in it was not taken for silence.",
        "파일이 통화보다 늦게 시작되었거나, 중간에 끊겼거나, 한 번만 기록되었거나, 한 방향만 있거나, 읽을 수 없는 줄이나 \
        알 수 없는 형식의 이벤트가 있습니다. 파일에 없는 것을 응답 없음으로 보지 않았습니다.";
    seen: [];
}
SavedPairsUnanswered: Pairs, "RFC 8445 §7.2.5" {
    title: "On[ {count}] candidate {count|pair|pairs} the other end's checks came in, and no answer to those from here",
        "상대방의 확인은 들어왔지만 이쪽의 확인에는 응답이 오지 않은 후보 쌍이 있습니다[: {count}개]";
    detail: "For example {local} to {remote}[: {received} {received|check|checks} came in]. Either what this end sends does not arrive \
        there, or the other end, or the relay between, refuses it: where its description was changed on the way, or it was not given \
        this end's. A browser counts refusals and silence alike.",
        "예: {local} - {remote}[, 들어온 확인 {received}번]. 이쪽이 보낸 것이 도착하지 않거나, 상대방이나 사이의 중계 서버가 거부하는 \
        것입니다. 설명이 도중에 바뀌었거나, 상대방이 이쪽의 설명을 받지 못한 경우에 그렇습니다. 브라우저는 거부와 무응답을 구분해서 세지 \
        않습니다.";
    seen: [CheckOneWay];
    Maker as "Application", "애플리케이션": "Compare the a=ice-ufrag and a=ice-pwd that either end sends with those that the other receives.",
        "양쪽이 보낸 a=ice-ufrag와 a=ice-pwd를 상대방이 받은 것과 비교하십시오.";
    NetworkTeam: "A capture at this end shows refusals: where there are none, let UDP out to any address and port.",
        "이쪽에서 캡처하면 거부가 보입니다. 거부가 없다면 모든 주소와 포트로 UDP를 내보내십시오.";
}
SavedCallGoodHere: Calls, "RFC 3550 §6.4.2" {
    title: "What was to come in came; whether what this end sent arrived, the file does not tell",
        "들어올 것은 들어왔습니다. 이쪽이 보낸 것이 도착했는지는 파일에 나오지 않습니다";
    short: "what was to come in came", "들어올 것은 들어옴";
    detail: "The call is secured and runs over the pair that was chosen[, with {loss} % of packets lost and a round trip of {rtt} ms]. \
        No report of the other end's on what it receives is in the file; packets and older statistics show none.",
        "선택된 후보 쌍에서 보안 연결이 이루어져 통화가 이어집니다[. 패킷 손실: {loss} %, 왕복 시간: {rtt} ms]. 상대방이 무엇을 \
        받았는지에 대한 보고는 파일에 없습니다. 패킷과 오래된 통계에는 그런 보고가 보이지 않습니다.";
    seen: [CallRan];
    You: "Read the other end's file beside it.", "상대방의 파일을 함께 읽으십시오.";
}
SavedClocksApart: Run, "" {
    title: "The clocks of the two files are apart[: the other end's is {name} s ahead, to within {time}]",
        "두 파일의 시계가 서로 다릅니다[: 상대방 쪽이 {name}초 앞섬(오차 {time})]";
    detail: "What one end made it had before the other was given it: each description and candidate that got across bounds how \
        far the clocks are apart. What happened closer together than that is in no order that these files could tell.",
        "한쪽이 만든 것은 다른 쪽이 받기 전에 있었습니다. 전달된 설명과 후보 하나하나가 두 시계의 차이를 좁혀 줍니다. 그보다 가까운 \
        두 사건의 순서는 이 파일들로 알 수 없습니다.";
    seen: [];
}
SavedCallNoAnswer: Signalling, "RFC 3264 §4" {
    title: "No answer to the offer came from signalling[ in {time}]", "시그널링으로 제안에 대한 응답이 오지 않았습니다[({time} 동안)]";
    short: "no answer to the offer came", "제안에 대한 응답이 오지 않음";
    detail: "This end had described itself, and no description of the other end's was set. Without it nothing can be checked. \
        The other end did not take the call, its application failed, or the answer was lost on the way. That says nothing of \
        the networks.",
        "이쪽은 자신을 설명했지만 상대방의 설명은 설정되지 않았습니다. 설명이 없으면 아무것도 확인할 수 없습니다. 상대방이 \
        받지 않았거나, 그쪽 애플리케이션이 실패했거나, 응답이 도중에 사라진 것입니다. 네트워크에 대해서는 아무것도 말해 주지 \
        않습니다.";
    seen: [];
    Maker as "Application", "애플리케이션": "Look in the signalling for the answer: whether it was made, sent and handed on.",
        "시그널링에서 응답이 만들어지고 보내지고 전달되었는지 확인하십시오.";
}
SavedCallKeysRefused: Calls, "RFC 8827 §6.5" {
    title: "The two ends reached each other, and the DTLS handshake failed", "두 단말이 서로 닿았지만 DTLS 핸드셰이크가 실패했습니다";
    short: "the DTLS handshake failed", "DTLS 핸드셰이크가 실패함";
    detail: "[Of {sent} {sent|check|checks} of the pair {received} {received|was|were} answered: the way between the two is there. ]One end refused the \
        other, which it does where the certificate is not the one that the description announced, as when something in the \
        signalling has changed the description, or where the two have no version or cipher in common. The file does not say \
        which; the other end's file beside it tells whether the fingerprints differ.",
        "[쌍의 확인 {sent}번 가운데 {received}번에 응답이 왔으므로 둘 사이의 길은 열려 있습니다. ]한쪽이 다른 쪽을 \
        거부했습니다. 시그널링에서 설명이 바뀌어 인증서가 설명에 적힌 것과 다르거나, 공통된 버전이나 암호 방식이 없을 때 \
        그렇습니다. 어느 쪽인지는 이 파일로 알 수 없으며, 상대방의 파일을 함께 읽으면 지문이 다른지 알 수 있습니다.";
    seen: [CallBroke];
    Maker as "Application", "애플리케이션": "Compare the a=fingerprint that either end sends with the one that the other \
        receives.",
        "양쪽이 보낸 a=fingerprint와 상대방이 받은 것을 비교하십시오.";
}
SavedCallDiedUnsecured: Calls, "RFC 7675 §5.1" {
    title: "The path between the two ends was there, and fell silent before the call was secured",
        "두 끝 사이의 길이 열렸다가, 보안 연결이 이루어지기 전에 응답이 끊겼습니다";
    short: "the path fell silent before the call was secured", "보안 연결 전에 길의 응답이 끊김";
    detail: "[Of {sent} {sent|check|checks} {received} {received|was|were} answered, at the beginning. ]Then neither checks nor anything else was answered: \
        it is not DTLS that was stopped, but all of it. The other end went away, or something on the way let the first \
        packets through and nothing after them.",
        "[확인 {sent}번 가운데 처음 {received}번에만 응답이 왔습니다. ]그 뒤로는 확인에도 다른 것에도 응답이 없었습니다. \
        DTLS만 막힌 것이 아니라 모두 끊긴 것입니다. 상대방이 사라졌거나, 도중의 무언가가 처음 패킷만 통과시킨 것입니다.";
    seen: [CallBroke];
    OtherEnd: "See whether its program was still running then.", "그때 프로그램이 계속 실행 중이었는지 확인하십시오.";
    NetworkTeam: "Look for a firewall that stops a flow of UDP after its first packets.",
        "UDP 흐름을 처음 패킷 뒤에 막는 방화벽이 있는지 확인하십시오.";
}
SavedDtlsInPart: Calls, "RFC 6347 §4.2.3" {
    title: "What came of the DTLS handshake was never enough for this end to answer it",
        "DTLS 핸드셰이크가 일부만 도착하여 이쪽이 응답할 수 없었습니다";
    short: "the DTLS handshake came in part", "DTLS 핸드셰이크가 일부만 도착함";
    detail: "Checks were answered on the same pair. Bytes of DTLS came, this end sent none in return, and the handshake neither ended \
        nor failed: of a ClientHello that is sent in several datagrams one was missing each time, as on a path that does not carry \
        large ones. A capture at this end shows the sizes.",
        "같은 쌍의 확인에는 응답이 있었습니다. DTLS 바이트가 왔지만 이쪽은 아무것도 보내지 않았고, 핸드셰이크는 끝나지도 실패하지도 \
        않았습니다. 큰 데이터그램이 통과하지 못하는 경로처럼, 여러 데이터그램으로 나뉜 ClientHello의 일부가 매번 빠진 것입니다. 이쪽에서 \
        만든 캡처에는 크기가 나타납니다.";
    seen: [CallBroke];
    NetworkTeam: "Let fragments and ICMP \"too big\" through; a VPN's MTU below 1280 breaks handshakes.",
        "조각난 패킷과 ICMP \"too big\"을 통과시키십시오. 1280보다 작은 VPN의 MTU에서는 핸드셰이크가 실패합니다.";
    OtherNetworkTeam as "The other end's network team", "상대방의 네트워크 담당자": "The same.", "마찬가지입니다.";
}
SavedDtlsLostOutward: Calls, "RFC 6347 §4.1.1" {
    title: "This end's DTLS does not reach the other, though the other's comes and checks pass",
        "확인은 양방향으로 통과하고 상대방의 DTLS도 오지만, 이쪽의 DTLS는 상대방에게 닿지 않습니다";
    short: "this end's DTLS is lost on the way", "이쪽의 DTLS가 도중에 사라짐";
    detail: "By the other end's file nothing of this end's DTLS came there. Something on the way from here to there drops DTLS by \
        sight, or does not carry datagrams of that size.",
        "상대방의 파일에 따르면 이쪽의 DTLS는 하나도 도착하지 않았습니다. 여기서 그쪽으로 가는 길의 무언가가 DTLS를 알아보고 버리거나, 그 \
        크기의 데이터그램을 전달하지 못하는 것입니다.";
    seen: [CallBroke];
    NetworkTeam: "Allow DTLS (RFC 7983: first byte 20 to 63) outwards on the UDP that STUN uses, and let fragments and ICMP \
        \"too big\" through.",
        "STUN이 쓰는 UDP에서 나가는 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, 조각난 패킷과 ICMP \"too big\"을 통과시키십시오.";
    OtherNetworkTeam as "The other end's network team", "상대방의 네트워크 담당자": "The same inwards.", "들어오는 방향에 대해 마찬가지입니다.";
}
SavedDtlsUnfinished: Calls, "RFC 6347 §4.1.1" {
    title: "A pair works, and the DTLS handshake over it was begun and never finished",
        "후보 쌍은 동작하지만 DTLS 핸드셰이크가 시작된 뒤 끝나지 않았습니다";
    short: "the DTLS handshake was never finished", "DTLS 핸드셰이크가 끝나지 않음";
    detail: "This end sent some of it and some came. Either what one end sends does not reach the other, dropped by sight or for its \
        size, or one of the two does not go on. The other end's file beside this one shows which way it is lost.",
        "이쪽이 일부를 보냈고 일부가 왔습니다. 한쪽이 보낸 것이 DTLS이기 때문에 또는 크기 때문에 버려져 다른 쪽에 닿지 않거나, 둘 중 하나가 \
        진행하지 않는 것입니다. 상대방의 파일을 함께 읽으면 어느 방향에서 사라지는지 알 수 있습니다.";
    seen: [CallBroke];
    NetworkTeam: "Allow DTLS (RFC 7983: first byte 20 to 63) both ways on the UDP that STUN uses, and let fragments and ICMP \
        \"too big\" through.",
        "STUN이 쓰는 UDP에서 DTLS(RFC 7983: 첫 바이트 20~63)를 양방향으로 허용하고, 조각난 패킷과 ICMP \"too big\"을 통과시키십시오.";
}
SavedCallRelayedHere: Calls, "RFC 8656 §2" {
    title: "This end's own relay carried the call[: {server}][, reached over {transport}]",
        "이쪽의 중계 서버가 통화를 전달했습니다[: {server}][({transport})]";
    detail: "The pair that was in use begins with an address that this end was lent by a TURN server.",
        "쓰인 후보 쌍의 이쪽 주소는 TURN 서버가 빌려준 것입니다.";
    seen: [];
}
SavedCallRelayedThere: Calls, "RFC 8656 §2" {
    title: "The other end's relay carried the call[: {remote}]", "상대방의 중계 서버가 통화를 전달했습니다[: {remote}]";
    detail: "The pair that was in use leads from this end straight to an address that the other end was lent by a TURN \
        server. How the other end reaches its relay, its own file alone can tell.",
        "쓰인 후보 쌍은 이쪽에서 상대방이 TURN 서버에서 빌린 주소로 바로 이어집니다. 상대방이 중계 서버에 어떻게 \
        닿는지는 상대방의 파일로만 알 수 있습니다.";
    seen: [];
}
SavedMappingVaries: Nat, "RFC 4787 §4.1" {
    title: "The NAT here gave one socket another public port for another destination",
        "이쪽 NAT가 소켓 하나에 목적지마다 다른 공인 포트를 주었습니다";
    detail: "Two addresses were seen of one base, with different ports: one by a server, the other by another server or by \
        the other end. The port that a server tells is of no use to the other end then.",
        "하나의 기반 주소가 서로 다른 두 포트로 보였습니다. 하나는 서버가, 다른 하나는 다른 서버나 상대방이 본 것입니다. \
        그러면 서버가 알려 준 포트는 상대방에게 쓸모가 없습니다.";
    seen: [];
    NetworkTeam: "Set the NAT to endpoint-independent mapping for UDP.", "NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오.";
}
SavedPeerMappingVaries: Nat, "RFC 4787 §4.1" {
    title: "The other end's NAT gave it another public port for another destination",
        "상대방 NAT가 목적지마다 다른 공인 포트를 주었습니다";
    detail: "The other end was told one port by its server, and its checks came from another one that it has not announced.",
        "상대방이 서버에서 알아낸 포트와 다른, 알리지 않은 포트에서 확인이 왔습니다.";
    seen: [];
    OtherNetworkTeam: "Set the NAT to endpoint-independent mapping for UDP.",
        "NAT의 UDP 매핑을 엔드포인트 독립적으로 설정하십시오.";
}
SavedErrorHarmless: Browser, "" {
    title: "What the browser said of the server[ {server}] did not matter", "브라우저가 서버[ {server}]에 대해 알린 오류는 문제가 되지 않았습니다";
    detail: "It reported icecandidateerror {code}[: {reason}]. The call went without it: such errors are usual where a machine \
        has addresses, as of IPv6, from which a server cannot be reached, and when gathering is stopped because a pair was found.",
        "ICE 후보 오류를 알렸습니다. 코드: {code}[, 브라우저의 말: {reason}]. 통화는 그것 없이도 되었습니다. IPv6처럼 서버에 닿을 수 없는 주소가 \
        있거나, 쌍을 찾아 수집을 그만둘 때 흔한 오류입니다.";
    seen: [BrowserError];
}
SavedServerNotTold: Browser, "" {
    title: "Of the relay {server} the browser had said nothing when the file ends[, after {time}]",
        "파일이 끝날 때까지[({time})] 브라우저는 중계 서버 {server}에 대해 아무것도 알리지 않았습니다";
    detail: "No relayed candidate came from it, and no error. A browser gives a server over UDP up after 40 seconds (Firefox after 12): \
        until then one that is silent and one that is merely slow look alike.",
        "중계 후보도 오류도 없었습니다. 브라우저는 UDP 서버를 40초(Firefox는 12초)가 지나야 포기합니다. 그때까지는 응답하지 않는 \
        서버와 느린 서버를 구별할 수 없습니다.";
    seen: [];
    You: "Run rtc-doctor check with this server, or save the dump a minute after the call has failed.",
        "이 서버로 rtc-doctor check를 실행하거나, 통화가 실패하고 1분 뒤에 덤프를 저장하십시오.";
}
SavedNoUdpAnswer: Reach, "RFC 8445 §5.1.1" {
    title: "Over UDP nothing answered: no server, and no address of the other end",
        "UDP로는 서버도 상대방의 어떤 주소도 응답하지 않았습니다";
    short: "over UDP nothing answered", "UDP로는 아무것도 응답하지 않음";
    detail: "No STUN or TURN server told this end an address over UDP, and {count} {count|pair|pairs} without a stream \
        stayed silent[, while a relay over {transport} worked]. Either UDP is blocked in front of this end, which is the \
        most likely, or each of those is silent for a reason of its own.[ The {server|server|servers} of {server} {server|was|were} up: the other end had \
        an address of it.]",
        "UDP로는 어떤 STUN, TURN 서버도 이쪽에 주소를 알려 주지 않았고, 스트림을 쓰지 않는 쌍 {count}개도 응답이 \
        없었습니다[. {transport} 중계는 동작했습니다]. 이쪽 앞에서 UDP가 막혀 있을 가능성이 가장 크며, 아니면 각각이 저마다의 \
        이유로 응답하지 않은 것입니다.[ {server} 서버는 동작하고 있었습니다. 상대방이 그 서버에서 빌린 주소를 가지고 \
        있었습니다.]";
    seen: [];
    NetworkTeam: "Let UDP out to port 3478 of the servers, and to high ports.", "서버의 3478 포트와 높은 포트로 나가는 UDP를 허용하십시오.";
    You: "Run rtc-doctor check there, which tells the two apart.", "그곳에서 rtc-doctor check를 실행하면 둘을 구별할 수 있습니다.";
}
SavedCallStoodStill: Calls, "RFC 7675 §5.1" {
    title: "Nothing came for a while[: for {time}, from second {name} of the call on], and then it went on",
        "한동안 아무것도 오지 않다가 다시 이어졌습니다[: 통화 {name}초부터 {time} 동안]";
    short: "for a while nothing came at all", "한동안 아무것도 오지 않음";
    detail: "Neither media nor answers to checks came over the pair meanwhile, and both came again without a restart: the way \
        between the two was gone for that time, as where a radio link, a router or a line was. Counters of loss do not show it.",
        "그동안 미디어도 확인에 대한 응답도 오지 않았고, 재시작 없이 다시 왔습니다. 무선 연결이나 공유기, 회선이 끊긴 때처럼 둘 사이의 \
        길이 그동안 없었습니다. 손실 계수에는 나타나지 않습니다.";
    seen: [];
    You: "Look at what happened on the machine and its network at that time: Wi-Fi that changed its access point, sleep, a line.",
        "그 시각에 기기와 네트워크에서 무슨 일이 있었는지 확인하십시오. Wi-Fi 접속점 변경, 절전, 회선 등입니다.";
}
SavedCallRestored: Calls, "RFC 8445 §9" {
    title: "Nothing came for a while[: for {time}, from second {name} of the call on], until the checks were begun anew",
        "한동안 아무것도 오지 않다가[: 통화 {name}초부터 {time} 동안] 확인을 다시 시작한 뒤 이어졌습니다";
    short: "nothing came until a restart", "재시작할 때까지 아무것도 오지 않음";
    detail: "The pair of before was dead: neither media nor answers to checks came over it any more. The restart found another[: \
        {remote} at this end, and no longer {local}]. Until then people heard nothing.",
        "그때까지 쓰던 쌍이 끊겨 미디어도 확인에 대한 응답도 오지 않았고, 재시작하여 다른 쌍을 찾았습니다[. 이쪽 주소: {local} 대신 \
        {remote}]. 그동안 아무것도 들리지 않았습니다.";
    seen: [];
    You: "Look at what happened to this machine's network at that time: another Wi-Fi, mobile data, a VPN, a rule against UDP.",
        "그 시각에 이 기기의 네트워크에서 무슨 일이 있었는지 확인하십시오. 다른 Wi-Fi, 모바일 데이터, VPN, UDP를 막는 규칙 등입니다.";
    Maker as "Application", "애플리케이션": "Restart ICE as soon as the connection is disconnected, and not only when it has failed.",
        "연결이 실패로 끝난 뒤가 아니라 끊긴 것으로 나타나면 바로 ICE를 다시 시작하십시오.";
}
SavedSoundEnded: Calls, "RFC 3550 §6.4" {
    title: "No sound of the other end came any more[ after {name} s], while the way was there[ for {time}]",
        "[{name}초 뒤로 ]상대방의 소리가 더는 오지 않았지만, 길은 [{time} 동안 ]열려 있었습니다";
    detail: "Checks were answered, or other packets came, and its description still promised it. Either the other end sent none, as where \
        its page took the track away or the microphone ended, or something on the way stopped these packets alone: this file does not \
        tell which.",
        "확인에 응답이 왔거나 다른 패킷이 왔고, 설명에는 여전히 보낸다고 되어 있었습니다. 상대방이 보내지 않았거나(페이지가 트랙을 \
        떼었거나 마이크가 끝난 경우), 도중의 무언가가 이 패킷만 막은 것입니다. 어느 쪽인지는 이 파일로 알 수 없습니다.";
    seen: [];
    OtherEnd: "Look at its track and its microphone at that time; its own file tells whether it sent.",
        "그 시각의 트랙과 마이크를 확인하십시오. 보냈는지는 상대방의 파일에 나옵니다.";
    NetworkTeam: "Where it did send: look for what stops RTP (first byte 128 to 191) on flows that are established.",
        "보냈다면, 이미 열린 흐름에서 RTP(첫 바이트 128~191)를 막는 것이 있는지 확인하십시오.";
}
SavedPictureEnded: Calls, "RFC 3550 §6.4" {
    title: "No picture of the other end came any more[ after {name} s], while the way was there[ for {time}]",
        "[{name}초 뒤로 ]상대방의 영상이 더는 오지 않았지만, 길은 [{time} 동안 ]열려 있었습니다";
    detail: "Checks were answered, or other packets came, and its description still promised it. Either the other end sent none, as where \
        its page took the track away or the camera ended, or something on the way stopped these packets alone: this file does not \
        tell which.",
        "확인에 응답이 왔거나 다른 패킷이 왔고, 설명에는 여전히 보낸다고 되어 있었습니다. 상대방이 보내지 않았거나(페이지가 트랙을 \
        떼었거나 카메라가 끝난 경우), 도중의 무언가가 이 패킷만 막은 것입니다. 어느 쪽인지는 이 파일로 알 수 없습니다.";
    seen: [];
    OtherEnd: "Look at its track and its camera at that time; its own file tells whether it sent.",
        "그 시각의 트랙과 카메라를 확인하십시오. 보냈는지는 상대방의 파일에 나옵니다.";
    NetworkTeam: "Where it did send: look for what stops RTP (first byte 128 to 191) on flows that are established.",
        "보냈다면, 이미 열린 흐름에서 RTP(첫 바이트 128~191)를 막는 것이 있는지 확인하십시오.";
}
SavedRelayUnreached: Relays, "RFC 8656 §9" {
    title: "A relay was there[: {server}], and no pair with it worked", "중계 서버는 있었지만[: {server}] 그것을 쓴 쌍은 하나도 동작하지 않았습니다";
    short: "no pair with the relay worked", "중계를 쓴 쌍이 하나도 동작하지 않음";
    detail: "This end was lent an address, and no check with it was answered. Either what is sent to that address does not come \
        through the relay, or the other end did not get there, or was not told of it: this file does not show which.",
        "이쪽은 중계 주소를 빌렸지만 그 주소로 한 확인에는 응답이 없었습니다. 그 주소로 보낸 것이 중계를 통과하지 못했거나, 상대방이 그곳에 \
        닿지 못했거나, 상대방이 그 주소를 전달받지 못한 것입니다. 어느 쪽인지는 이 파일에 나타나지 않습니다.";
    seen: [];
    You: "Read the other end's file beside this one; rtc-doctor check with that server tells whether its relay carries anything.",
        "상대방의 파일을 함께 읽으십시오. 그 서버로 rtc-doctor check를 실행하면 중계가 전달하는지 알 수 있습니다.";
}
SavedRelayPrivate: Relays, "RFC 8656 §7.2" {
    title: "A relay was there[: {server}], and lent an address that nobody outside can reach[: {relayed}]",
        "중계 서버는 있었지만[: {server}] 밖에서는 아무도 닿을 수 없는 주소를 빌려주었습니다[: {relayed}]";
    short: "the relay's address cannot be reached from outside", "중계 주소에 밖에서 닿을 수 없음";
    detail: "That address is a private or local one, to which nobody outside of the server's network can send; no check with it was \
        answered.",
        "사설 주소이거나 로컬 주소여서 서버의 네트워크 밖에서는 아무도 그리로 보낼 수 없습니다. 그 주소로 한 확인에는 응답이 없었습니다.";
    seen: [];
    ServerOperator as "Server operator", "서버 운영자": "Tell the server its public address (coturn: external-ip=PUBLIC/PRIVATE), and \
        forward the relay ports to it.",
        "서버에 공인 주소를 알려 주고(coturn: external-ip=PUBLIC/PRIVATE) 중계 포트를 서버로 포워딩하십시오.";
}
SavedPeerOffersInside: Peer, "RFC 8445 §5.1" {
    title: "All that the other end offers leads to its own machine or network[: {remote}]",
        "상대방이 내놓은 것은 모두 상대방 기기나 네트워크 안의 주소입니다[: {remote}]";
    short: "the other end offers nothing that is reached from outside", "상대방이 밖에서 닿을 수 있는 것을 내놓지 않음";
    detail: "Nobody outside of that machine or network reaches it, and a relay of this end's does not either.",
        "그 기기나 네트워크 밖에서는 아무도 닿을 수 없고, 이쪽의 중계에서도 닿을 수 없습니다.";
    seen: [];
    OtherEnd: "Let it offer an address that others reach: a server its announced address, a client a STUN or TURN server of its own.",
        "다른 쪽에서 닿을 수 있는 주소를 내놓게 하십시오. 서버라면 알리는 주소를, 클라이언트라면 STUN이나 TURN 서버를 설정하십시오.";
}
SavedFingerprintAltered: Signalling, "RFC 8122 §6.2" {
    title: "The certificate that one end announced is not the one that the other was told of",
        "한쪽이 알린 인증서와 다른 쪽이 전달받은 인증서가 다릅니다";
    short: "signalling changed a certificate's fingerprint", "시그널링에서 인증서의 지문이 바뀜";
    detail: "The fingerprint in an end's own description differs from the one in that description as the other end has it[: \
        {local} and {remote}]. Something between the two changed it: the signalling, a session border controller, or somebody \
        who listens. The call must fail then, and it protects its users by failing.",
        "한쪽 설명의 지문이, 상대방이 받은 같은 설명의 지문과 다릅니다[: {local}, {remote}]. 시그널링이나 세션 경계 제어기, \
        또는 엿듣는 누군가가 바꾼 것입니다. 이때 통화는 실패해야 하며, 그렇게 해서 사용자를 보호합니다.";
    seen: [];
    Maker as "Application", "애플리케이션": "Find what rewrites descriptions on the way, and let it leave a=fingerprint alone.",
        "도중에 설명을 고쳐 쓰는 것을 찾아 a=fingerprint를 그대로 두게 하십시오.";
}
SavedOwnCandidatesLost: Signalling, "RFC 8838 §8" {
    title: "Candidates of this end did not get to the other[: {count} of {sent}]",
        "이쪽의 후보가 상대방에게 전달되지 않았습니다[({sent}개 가운데 {count}개)]";
    short: "candidates of this end were lost in signalling", "이쪽 후보가 시그널링에서 사라짐";
    detail: "This end's file tells that they were found, and the other end's does not tell that it was given them. The signalling \
        lost them, or the application handed them over too early or not at all. That says nothing of the networks.",
        "이쪽 파일에는 찾은 기록이 있지만 상대방의 파일에는 받은 기록이 없습니다. 시그널링이 잃어버렸거나, 애플리케이션이 너무 일찍 \
        넘겼거나 넘기지 않은 것입니다. 네트워크에 대해서는 아무것도 말해 주지 않습니다.";
    seen: [];
    Maker as "Application", "애플리케이션": "Hand on every candidate, and keep those that come before the description.",
        "모든 후보를 전달하고, 설명보다 먼저 온 후보를 보관하십시오.";
}
SavedPeerCandidatesLost: Signalling, "RFC 8838 §8" {
    title: "Candidates of the other end did not get here[: {count} of {sent}]",
        "상대방의 후보가 이쪽에 전달되지 않았습니다[({sent}개 가운데 {count}개)]";
    short: "candidates of the other end were lost in signalling", "상대방 후보가 시그널링에서 사라짐";
    detail: "The other end's file tells that they were found, and this end's does not tell that it was given them. The signalling \
        lost them, or the application handed them over too early or not at all. That says nothing of the networks.",
        "상대방의 파일에는 찾은 기록이 있지만 이쪽 파일에는 받은 기록이 없습니다. 시그널링이 잃어버렸거나, 애플리케이션이 너무 일찍 \
        넘겼거나 넘기지 않은 것입니다. 네트워크에 대해서는 아무것도 말해 주지 않습니다.";
    seen: [];
    Maker as "Application", "애플리케이션": "Hand on every candidate, and keep those that come before the description.",
        "모든 후보를 전달하고, 설명보다 먼저 온 후보를 보관하십시오.";
}
SavedDescriptionRefused: Browser, "RFC 8829 §5.8" {
    title: "The browser did not take the other end's description", "브라우저가 상대방의 설명을 받아들이지 않았습니다";
    short: "the browser refused the other end's description", "브라우저가 상대방의 설명을 거부함";
    detail: "It came and was handed to the browser, which refused it[: {reason}]. So nothing was checked, and it is not the \
        network's doing.",
        "설명이 와서 브라우저에 전달되었지만 브라우저가 거부했습니다[: {reason}]. 그래서 아무것도 확인하지 않았으며, 네트워크 탓이 아닙니다.";
    seen: [];
    Maker as "Application", "애플리케이션": "Look at the line that the browser names, and at what made or changed it on the way.",
        "브라우저가 지적한 줄과, 그 줄을 만들거나 도중에 바꾼 것을 확인하십시오.";
}
SavedMediaRefused: Browser, "" {
    title: "The browser did not give its page camera or microphone[: {name}]", "브라우저가 페이지에 카메라나 마이크를 주지 않았습니다[: {name}]";
    detail: "[It said: {reason}. ]What is missing in the call for that is not the network's doing.",
        "[브라우저의 말: {reason}. ]그 때문에 통화에 빠진 것은 네트워크 탓이 아닙니다.";
    seen: [];
    You: "Look at the permission for camera and microphone, and whether another program has them.",
        "카메라와 마이크 권한, 그리고 다른 프로그램이 쓰고 있는지 확인하십시오.";
}
SavedRequestFailed: Browser, "" {
    title: "The browser did not do what its page asked of it[: {name}]", "브라우저가 페이지의 요청을 들어주지 않았습니다[: {name}]";
    detail: "[It said: {reason}. ]What is missing in the call for that is not the network's doing.",
        "[브라우저의 말: {reason}. ]그 때문에 통화에 빠진 것은 네트워크 탓이 아닙니다.";
    seen: [];
    Maker as "Application", "애플리케이션": "Look at what it was asked and given.",
        "무엇을 요청하고 전달했는지 확인하십시오.";
}

} } }
