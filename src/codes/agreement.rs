//! Could the two ends agree on a call, on who begins and on who chooses?

macro_rules! agreement { ($($before:tt)*) => { collect! { $($before)*

CallDtlsNotBegun: Calls, "RFC 8842 §5" {
    title: "The other end did not begin DTLS, although it was its turn",
        "DTLS를 시작할 차례인 상대방이 시작하지 않았습니다";
    detail: "[Line {line} of its description says a=setup:{setup}. ]It was to send the ClientHello, and none came. \
        Checks on the same pair were answered, and this end had nothing to send that must be answered. Either its \
        stack waits as well, or its ClientHello was lost on the way: this end alone cannot tell.",
        "[상대방 설명의 {line}번째 줄: a=setup:{setup}. ]ClientHello를 보낼 쪽은 상대방이었지만 하나도 오지 \
        않았습니다. 같은 쌍의 연결 확인에는 응답이 있었고, 이쪽에서 응답을 받아야 할 것은 보내지 않았습니다. 상대방의 \
        스택도 기다리고 있거나, ClientHello가 도중에 사라진 것입니다. 이쪽만으로는 알 수 없습니다.";
    seen: [CallBroke];
    OtherEnd: "Give its DTLS the role that its description announces; a stack that is the server while its SDP says \
        active waits for ever.",
        "DTLS의 역할을 설명에 적은 것과 같게 하십시오. SDP에는 active라고 적고 서버로 동작하는 스택은 끝없이 \
        기다립니다.";
    You: "Run rtc-doctor at the other end too: its report says whether a ClientHello was sent.",
        "상대방에서도 rtc-doctor를 실행하면 ClientHello를 보냈는지 알 수 있습니다.";
}
CallDtlsBothBegin: Calls, "RFC 8842 §5" {
    title: "Both ends began DTLS, and neither can answer the other",
        "양쪽이 모두 DTLS를 시작하여 어느 쪽도 상대방에게 응답할 수 없습니다";
    detail: "It was for this end to begin[, since line {line} of the other end's description says a=setup:{setup}]; \
        yet {received} {received|ClientHello|ClientHellos} of its own came. A stack that has sent a ClientHello takes \
        none.",
        "[상대방 설명의 {line}번째 줄이 a=setup:{setup}이므로 ]시작할 쪽은 이쪽이었지만 상대방도 ClientHello를 \
        보내왔습니다({received}개). ClientHello를 보낸 스택은 ClientHello를 받지 않습니다.";
    seen: [ClientHelloCame];
    OtherEnd: "Let its description say what its DTLS does: a=setup:active where it begins.",
        "DTLS가 하는 대로 설명에 적으십시오. 먼저 시작한다면 a=setup:active입니다.";
}
PeerCredentialsOther: Calls, "RFC 8445 §7.2.2" {
    title: "The other end's description does not name the credentials that its ICE agent uses",
        "상대방의 설명에 적힌 자격 증명이 상대방의 ICE가 쓰는 것과 다릅니다";
    short: "the other end's description is not of its ICE agent", "상대방의 설명이 그 ICE의 것이 아님";
    detail: "{count} {count|packet|packets} of its agent came that {count|does|do} not go with the user name fragment and \
        the password (a=ice-ufrag, a=ice-pwd) of its description: it refused the checks made by them, signed its answers \
        with another password, or calls itself by another name. No answer fits. Packets pass both ways, so that no \
        network is at fault: the description is of another session, of one before a restart, or was changed.",
        "상대방의 설명에 적힌 사용자 이름 조각과 암호(a=ice-ufrag, a=ice-pwd)에 맞지 않는 패킷이 왔습니다: {count}개. \
        그것으로 만든 확인을 거부했거나, 다른 암호로 서명했거나, 다른 이름을 썼습니다. 맞는 응답은 하나도 없었습니다. \
        패킷은 양방향으로 오가므로 네트워크의 문제가 아닙니다. 다른 세션의 설명이거나, 재시작 전의 것이거나, 도중에 \
        바뀐 것입니다.";
    seen: [CredentialsDiffer];
    Maker as "Application", "애플리케이션": "Look at the signalling: the description has to be that of the peer connection \
        that runs, the latest one, and unchanged. A second tab or peer connection, an answer kept from an earlier call, and \
        code that edits the SDP do this.",
        "시그널링을 확인하십시오. 설명은 지금 동작하는 연결 객체의 것이고, 가장 최근 것이며, 바뀌지 않은 것이어야 합니다. \
        두 번째 탭이나 연결 객체, 이전 통화에서 남은 응답, SDP를 고치는 코드 때문에 생깁니다.";
    BothEnds: "Close other tabs of the application and call again.", "애플리케이션의 다른 탭을 닫고 다시 통화하십시오.";
}
OwnCredentialsOther: Calls, "RFC 8445 §7.2.2" {
    title: "The other end does not use the credentials of this end's description",
        "상대방이 이쪽 설명에 적힌 자격 증명을 쓰지 않습니다";
    short: "the other end holds another description of this end", "상대방이 이쪽의 다른 설명을 가지고 있음";
    detail: "{count} {count|check|checks} of its came that {count|is|are} for another user name fragment, or signed with \
        another password, than this end's description names (a=ice-ufrag, a=ice-pwd), and none that fits. Packets arrive, \
        so that no network is at fault: what the other end holds is a description of another session, of one before a \
        restart, or one that was changed on its way.",
        "이쪽 설명에 적힌 것(a=ice-ufrag, a=ice-pwd)과 다른 사용자 이름 조각이나 다른 암호를 쓴 확인이 왔습니다: \
        {count}개. 맞는 것은 하나도 없었습니다. 패킷은 도착하므로 네트워크의 문제가 아닙니다. 상대방이 가진 것은 다른 \
        세션의 설명이거나, 재시작 전의 것이거나, 도중에 바뀐 것입니다.";
    seen: [CredentialsDiffer];
    Maker as "Application", "애플리케이션": "Look at what carries this end's description to the other end: it must hand over \
        the latest one, whole and unchanged, to the peer connection that it is for.",
        "이쪽의 설명을 상대방에 전달하는 것을 확인하십시오. 가장 최근의 설명을 온전히, 바꾸지 않고, 그 설명을 받을 연결 \
        객체에 넘겨야 합니다.";
    BothEnds: "Close other tabs of the application and call again.", "애플리케이션의 다른 탭을 닫고 다시 통화하십시오.";
}
PeerAnswersUnsigned: Calls, "RFC 8489 §9.1.4" {
    title: "The other end answers checks without a signature, so that no answer can be taken",
        "상대방이 서명 없이 확인에 응답하여 어떤 응답도 받을 수 없습니다";
    short: "the other end does not sign its answers", "상대방이 응답에 서명하지 않음";
    detail: "{count} {count|answer|answers} to this end's checks came without MESSAGE-INTEGRITY. Anybody could have sent them, and \
        every agent drops them (RFC 8445 §7.2.5). Packets pass both ways, so that no network is at fault: it is the other end's \
        ICE stack.",
        "이쪽의 확인에 대해 MESSAGE-INTEGRITY가 없는 응답이 왔습니다: {count}개. 누구나 보낼 수 있는 것이므로 어떤 에이전트도 받지 \
        않습니다(RFC 8445 §7.2.5). 패킷은 양방향으로 오가므로 네트워크의 문제가 아니라 상대방 ICE 스택의 문제입니다.";
    seen: [CredentialsDiffer];
    OtherEnd: "Its ICE stack has to sign each success with the password of its own description; report it to its makers, with \
        this report.",
        "ICE 스택이 자신의 설명에 있는 암호로 성공 응답마다 서명해야 합니다. 이 보고서와 함께 제작자에게 알리십시오.";
}
CallNotNominated: Calls, "RFC 8445 §8.1.1" {
    title: "Pairs work, and the other end chooses none of them", "동작하는 쌍이 있지만 상대방이 아무것도 선택하지 않습니다";
    detail: "Checks were answered at this end. The other end controls, so that it is for it to nominate a pair that works, and \
        no nomination came before all pairs were judged. Without one no agent sends anything. Packets pass between the two: it is no \
        fault of the way. It may not have taken this end's description, as an application that shows an error then.",
        "이쪽의 연결 확인에는 응답이 왔습니다. 상대방이 controlling이므로 동작하는 쌍을 지명할 쪽은 상대방이지만, 모든 쌍을 \
        판정할 때까지 지명이 오지 않았습니다. 지명 없이는 어느 쪽도 아무것도 보내지 않습니다. 둘 사이에 패킷은 통과하므로 \
        경로의 문제가 아닙니다. 상대방의 애플리케이션이 이쪽의 설명을 받아들이지 못하고 오류를 냈을 수도 있습니다.";
    seen: [CheckAnswered];
    OtherEnd: "See in the log of its application whether it took this end's description, and then in that of its ICE stack what \
        its own checks showed: it has to nominate (USE-CANDIDATE).",
        "애플리케이션의 로그에서 이쪽의 설명을 받아들였는지 확인하고, 이어서 ICE 스택의 로그에서 자신의 연결 확인 결과를 \
        확인하십시오. 스택이 지명(USE-CANDIDATE)해야 합니다.";
}
RoleConflictUnresolved: Calls, "RFC 8445 §7.3.1.1" {
    title: "Both ends take the same ICE role, and the other end does not give way",
        "양쪽이 같은 ICE 역할을 맡았고 상대방이 양보하지 않습니다";
    detail: "Checks of the other end claimed the role of this end, and {count} {count|was|were} answered with 487 \
        (Role Conflict). An agent that settles conflicts then takes the other role and checks anew; no check of its \
        did. Packets pass between the two: it is no fault of the way.",
        "상대방의 연결 확인이 이쪽과 같은 역할을 주장하여 {count}개에 487(Role Conflict)로 응답했습니다. 충돌을 \
        해결하는 에이전트라면 다른 역할로 다시 확인하지만, 상대방은 그러지 않았습니다. 둘 사이에 패킷은 통과하므로 \
        경로의 문제가 아닙니다.";
    seen: [RoleRefused];
    OtherEnd: "Its ICE stack has to obey 487 and to compare tie-breakers; or its application sets the roles, so that \
        who offers is controlling.",
        "ICE 스택이 487에 따르고 tie-breaker를 비교해야 합니다. 아니면 애플리케이션이 제안하는 쪽을 controlling으로 \
        정해야 합니다.";
}
CallNoFingerprint: Calls, "RFC 8827 §6.5" {
    title: "The other end's description has no fingerprint of a certificate, so there can be no call",
        "상대방의 설명에 인증서 지문이 없어 통화할 수 없습니다";
    detail: "[The media section at line {line} has no a=fingerprint, nor has the session. ]WebRTC secures all media by \
        DTLS, and browsers refuse such a description.",
        "[{line}번째 줄의 미디어 섹션에도 세션에도 a=fingerprint가 없습니다. ]WebRTC는 모든 미디어를 DTLS로 보호하며, \
        브라우저는 이런 설명을 거부합니다.";
    seen: [];
    OtherEnd as "The other end, or the gateway in front of it", "상대방 또는 그 앞의 게이트웨이": "Answer with \
        UDP/TLS/RTP/SAVPF, a=fingerprint and a=setup; RTP/SAVPF alone is what telephones speak.",
        "UDP/TLS/RTP/SAVPF와 a=fingerprint, a=setup으로 응답하십시오. RTP/SAVPF만 쓰는 것은 전화기입니다.";
}
CallAnswerUndecided: Calls, "RFC 8842 §5.3" {
    title: "The other end's description does not say who begins DTLS, so there can be no call",
        "상대방의 설명이 누가 DTLS를 시작할지 정하지 않아 통화할 수 없습니다";
    detail: "[Line {line} of it says a=setup:actpass, which only an offer may say, or a=setup:holdconn, with which nobody \
        begins. ]Browsers refuse such a description.",
        "[{line}번째 줄이 제안에서만 쓸 수 있는 a=setup:actpass이거나, 아무도 시작하지 않는 a=setup:holdconn입니다. ]브라우저는 \
        이런 설명을 거부합니다.";
    seen: [];
    OtherEnd: "Answer a=setup:active, or a=setup:passive; offer a=setup:actpass.",
        "a=setup:active나 a=setup:passive로 응답하고, 제안할 때는 a=setup:actpass로 적으십시오.";
}
CallDescriptionCut: Calls, "RFC 8866 §5" {
    title: "The other end's description is cut off, so there can be no call",
        "상대방의 설명이 중간에 잘려 있어 통화할 수 없습니다";
    detail: "It ends in the middle[, in line {line}]: the end of a line, or a line that the last section needs, is \
        missing. That is what a buffer that is too small does, or code that trims texts. Chromium refuses it; Firefox takes \
        one that lacks only its last line end.",
        "[{line}번째 줄에서 ]중간에 끝납니다. 줄의 끝이나 마지막 섹션에 필요한 줄이 없습니다. 버퍼가 너무 작거나 \
        텍스트를 다듬는 코드가 하는 일입니다. Chromium은 이를 거부하고, Firefox는 마지막 줄바꿈만 없는 것은 받아들입니다.";
    seen: [];
    Maker as "Application", "애플리케이션": "Look at what carries the description: the size of buffers and messages, \
        and whether its last line end is kept.",
        "설명을 전달하는 것을 확인하십시오. 버퍼와 메시지의 크기, 그리고 마지막 줄바꿈이 유지되는지 보십시오.";
}
CallSectionsMissing: Calls, "RFC 3264 §6" {
    title: "The other end's answer lacks media sections that were offered, so there can be no call",
        "제안한 미디어 섹션이 상대방의 응답에 빠져 있어 통화할 수 없습니다";
    detail: "An answer has as many m= lines as the offer, refused ones by port 0[; of those that were offered these are \
        there: {reason}]. Either its stack leaves some out, or the text was cut short on its way.",
        "응답에는 제안과 같은 수의 m= 줄이 있어야 하고, 거절은 포트 0으로 합니다[. 제안한 것 가운데 있는 것: \
        {reason}]. 상대방의 스택이 일부를 빠뜨렸거나 텍스트가 도중에 잘린 것입니다.";
    seen: [];
    OtherEnd: "Answer each section; look whether the description arrives whole.",
        "모든 섹션에 응답하고, 설명이 온전히 도착하는지 확인하십시오.";
}
CallSectionsDiffer: Calls, "RFC 3264 §6" {
    title: "The other end answers other media sections than were offered, so there can be no call",
        "상대방 응답의 미디어 섹션이 제안한 것과 달라 통화할 수 없습니다";
    detail: "An answer has the m= lines of the offer and no more, in the same order, of the same kinds, and under the same \
        names (a=mid)[; the first that differs is line {line}]. Browsers refuse such an answer. It answers another offer, \
        was put together anew by the other end, or was changed on its way.",
        "응답의 m= 줄은 제안과 수, 순서, 종류, 이름(a=mid)이 같아야 합니다[. 처음으로 다른 줄: {line}번째 줄]. 브라우저는 이런 \
        응답을 거부합니다. 다른 제안에 대한 응답이거나, 상대방이 새로 만든 것이거나, 도중에 바뀐 것입니다.";
    seen: [];
    OtherEnd: "Answer each section in its place and keep its a=mid; refuse one by port 0.",
        "각 섹션에 제자리에서 응답하고 a=mid를 그대로 두십시오. 거절은 포트 0으로 합니다.";
    Maker as "Application", "애플리케이션": "Look whether the answer is to the latest offer, and at code that edits the SDP.",
        "가장 최근의 제안에 대한 응답인지, SDP를 고치는 코드가 있는지 확인하십시오.";
}
CallMidsUnclear: Calls, "RFC 9143 §7" {
    title: "The other end does not tell its media sections apart, so there can be no call",
        "상대방의 설명에서 미디어 섹션을 구별할 수 없어 통화할 수 없습니다";
    detail: "Each section has a name of its own (a=mid), and a=group:BUNDLE names sections that are there[; line {line} has a \
        name that is taken, or one that no section has, or puts first one that is refused]. Browsers refuse such a description. Either its stack writes it so, or \
        part of the text is missing.",
        "섹션마다 고유한 이름(a=mid)이 있고, a=group:BUNDLE에는 있는 섹션의 이름만 적습니다[. {line}번째 줄의 이름은 이미 쓰였거나 \
        그런 섹션이 없거나, 거절된 섹션이 맨 앞에 있음]. 브라우저는 이런 설명을 거부합니다. 상대방의 스택이 그렇게 적었거나 텍스트의 일부가 빠진 것입니다.";
    seen: [];
    OtherEnd: "Give each section a name of its own, bundle only sections that are there and not refused, and look whether the description \
        arrives whole.",
        "섹션마다 다른 이름을 붙이고, 거절하지 않은 있는 섹션만 묶고, 설명이 온전히 도착하는지 확인하십시오.";
}
CallNoRtcpMux: Calls, "RFC 8829 §5.1.1" {
    title: "The other end wants a second way for RTCP, so there can be no call",
        "상대방이 RTCP에 경로를 따로 요구하여 통화할 수 없습니다";
    detail: "[The media section at line {line} lacks a=rtcp-mux. ]Browsers send RTP and RTCP one way alone, offer no second \
        one, and refuse a description without this line.",
        "[{line}번째 줄의 미디어 섹션에 a=rtcp-mux가 없습니다. ]브라우저는 RTP와 RTCP를 한 경로로만 보내며 두 번째 경로를 \
        제안하지 않고, 이 줄이 없는 설명을 거부합니다.";
    seen: [];
    OtherEnd as "The other end, or the gateway in front of it", "상대방 또는 그 앞의 게이트웨이": "Let it multiplex RTCP, and \
        write a=rtcp-mux in each section of media (RFC 5761).",
        "RTCP를 함께 보내게 하고, 미디어 섹션마다 a=rtcp-mux를 적으십시오(RFC 5761).";
}
CallMediaWithoutCodec: Calls, "RFC 3264 §6.1" {
    title: "No sound or no picture can pass: the two ends have no codec in common for it",
        "공통된 코덱이 없어 소리나 영상이 전달될 수 없습니다";
    detail: "The other end's answer takes a media section and names no codec for it that was offered[, from line {line} on]. \
        This end offers Opus and VP8, which every browser speaks. Whatever else was agreed on goes its way.",
        "상대방의 응답이 미디어 섹션을 받아들이면서 제안된 코덱을 하나도 적지 않았습니다[. 첫 번째 섹션: {line}번째 줄]. \
        이쪽은 모든 브라우저가 쓰는 Opus와 VP8을 제안합니다. 합의된 나머지는 그대로 진행됩니다.";
    seen: [CodecMissing];
    OtherEnd: "Answer with the codecs of the offer alone, and refuse by port 0 a section that it does not speak.",
        "제안에 있는 코덱으로만 응답하고, 쓰지 못하는 섹션은 포트 0으로 거절하십시오.";
    Maker as "Application", "애플리케이션": "Look at code that takes codecs out of the SDP, or sets its own preference.",
        "SDP에서 코덱을 빼거나 코덱 우선순위를 바꾸는 코드를 확인하십시오.";
}
CallCodecsNotSpoken: Calls, "RFC 3264 §6" {
    title: "The other end offers media of which rtc-doctor speaks no codec",
        "상대방이 rtc-doctor가 쓰지 못하는 코덱으로만 미디어를 제안했습니다";
    detail: "This tool speaks Opus and VP8 alone, and a media section of the offer has neither[: line {line}]. That is its limit; a \
        browser speaks more. The call was made without it.",
        "rtc-doctor는 Opus와 VP8만 쓰는데 제안된 미디어 섹션에 둘 다 없습니다[. {line}번째 줄]. 이 도구의 한계이며 \
        브라우저는 더 많은 코덱을 씁니다. 통화는 그 섹션 없이 했습니다.";
    seen: [CodecMissing];
    You: "Make the call from a browser: open the room's address in it.",
        "브라우저에서 통화하십시오. 브라우저로 방의 주소를 여십시오.";
}
CallNotBundled: Calls, "RFC 9143 §7" {
    title: "The other end offers sections that are not bundled; the call was made with the first",
        "상대방이 묶이지 않은 섹션을 제안하여 첫 섹션만으로 통화했습니다";
    detail: "Each section that is not bundled wants a way of its own, and rtc-doctor makes one: {count} {count|section \
        was|sections were} left out. That is a limit of this tool; browsers open a way for each.",
        "묶이지 않은 섹션은 각자의 경로가 필요하지만 rtc-doctor는 하나만 만듭니다. 제외한 섹션: {count}개. 이 도구의 \
        한계이며 브라우저는 섹션마다 경로를 엽니다.";
    seen: [];
    OtherEnd: "Let it bundle (a=group:BUNDLE): one way is enough, and found sooner.",
        "섹션을 묶으십시오(a=group:BUNDLE). 경로 하나면 충분하고 더 빨리 찾습니다.";
}
CallBundleDropped: Calls, "RFC 9143 §7.3" {
    title: "The other end's answer does not bundle what was offered as a bundle",
        "묶어서 제안했는데 상대방의 응답이 묶지 않았습니다";
    detail: "Without a=group:BUNDLE in the answer, each section wants a way of its own, with candidates of its own. \
        Firefox and Chromium then stay at \"connecting\" unless candidates of every section come. This call was made \
        with the first section; {count} {count|was|were} left out.",
        "응답에 a=group:BUNDLE이 없으면 섹션마다 경로와 후보가 따로 필요합니다. 섹션마다 후보가 오지 않으면 Firefox와 \
        Chromium은 \"connecting\"에 머무릅니다. 이 통화는 첫 섹션으로만 했습니다. 제외한 섹션: {count}개.";
    seen: [];
    OtherEnd: "Answer a=group:BUNDLE with the mids of the sections that it bundles; look whether something on the way drops \
        that line.",
        "묶는 섹션의 mid를 a=group:BUNDLE로 응답하고, 도중에 그 줄이 사라지지 않는지 확인하십시오.";
}
CallNothingTaken: Calls, "RFC 3264 §6" {
    title: "The other end takes nothing of the call", "상대방이 통화의 어떤 것도 받아들이지 않습니다";
    detail: "Every media section of its description is refused, by port 0: no sound, no picture, no data.",
        "상대방 설명의 모든 미디어 섹션이 포트 0으로 거절되었습니다. 소리도 영상도 데이터도 없습니다.";
    seen: [];
    OtherEnd: "Look why its application refuses: no codec that it knows, or no track to send.",
        "애플리케이션이 거절하는 이유를 확인하십시오. 아는 코덱이 없거나 보낼 트랙이 없는 것일 수 있습니다.";
}
CallNoCommonCodec: Calls, "RFC 3264 §6.1" {
    title: "The two ends have no codec in common, so there can be no call",
        "두 단말에 공통된 코덱이 없어 통화할 수 없습니다";
    detail: "None of the codecs that the other end names[ in the section at line {line}] was offered: this end offers Opus \
        and VP8.",
        "[{line}번째 줄의 섹션은 받아들여졌지만 ]상대방이 적은 코덱 가운데 제안한 것이 없습니다. 이쪽이 제안하는 것은 \
        Opus와 VP8입니다.";
    seen: [];
    OtherEnd: "Answer with the codecs of the offer alone, and refuse by port 0 what it does not speak.",
        "제안에 있는 코덱으로만 응답하고, 쓰지 못하는 것은 포트 0으로 거절하십시오.";
}
CallStackLimit: Calls, "" {
    title: "The media stack of rtc-doctor cannot make this call", "rtc-doctor의 미디어 스택이 이 통화를 할 수 없습니다";
    detail: "It could not use the other end's description[, for what stands on its line {line}]. That is a limit of this tool \
        and nothing against the other end: browsers may take the same description. The candidate pairs were checked all \
        the same.",
        "상대방의 설명을 쓸 수 없었습니다[. 읽지 못한 줄: {line}번째 줄]. 이 도구의 한계이며 상대방의 잘못이 아닙니다. 브라우저는 같은 \
        설명을 받아들일 수 있습니다. 후보 쌍은 그래도 확인했습니다.";
    seen: [];
    You: "Make the call from a browser: open the room's address in it.",
        "브라우저에서 통화하십시오. 브라우저로 방의 주소를 여십시오.";
}

} } }
