//! How did a call with the other end go?

macro_rules! call { ($($before:tt)*) => { collect! { $($before)*

CallGood: Calls, "RFC 8827" {
    title: "The call works: what the two ends agreed on passes both ways",
        "통화가 잘 됩니다. 양쪽이 합의한 것이 양방향으로 전달됩니다";
    detail: "It is secured and runs over the pair that was chosen[, with {loss} % of packets lost and a round trip of {rtt} ms].",
        "선택된 후보 쌍에서 보안 연결이 이루어져 통화가 이어집니다[. 패킷 손실: {loss} %, 왕복 시간: {rtt} ms].";
    seen: [CallRan];
}
CallDegraded: Calls, "ITU-T G.107" {
    title: "The call works, but people will notice its quality", "통화는 되지만 품질 저하가 느껴질 수 있습니다";
    detail: "Media and data pass both ways[, with {loss} % of packets lost and a round trip of {rtt} ms]. By ITU-T \
        G.107 speech over this path is rated below \"medium\", or there were pauses that a listener hears.",
        "미디어와 데이터는 양방향으로 전달됩니다[. 패킷 손실: {loss} %, 왕복 시간: {rtt} ms]. ITU-T G.107 기준으로 \
        이 경로의 음성 품질이 \"medium\"에 미치지 못하거나, 들릴 만한 끊김이 있었습니다.";
    seen: [CallRan];
    You: "Try a wired network or another access.", "유선 네트워크나 다른 회선으로 시도해 보십시오.";
    NetworkTeam: "Look for loss and full queues on the way, and let UDP of calls go first.",
        "경로에서 손실과 큐 포화를 찾고, 통화용 UDP를 우선 처리하십시오.";
}
CallRelayThin: Calls, "RFC 8656 §5" {
    title: "The relay carries less than a call needs", "중계 서버가 통화에 필요한 만큼 전달하지 못합니다";
    detail: "The call went through a relay, and there {loss} % of packets were lost or less came through than was \
        sent.",
        "통화가 중계 서버를 거쳤으며, 그 경로에서 패킷 손실이 있었거나 보낸 양보다 적게 도착했습니다. 손실: {loss} \
        %.";
    seen: [CallRan];
    TurnOperator: "Look at the server's limits (max-bps, bps-capacity), its load and its line.",
        "서버의 한도(max-bps, bps-capacity), 부하, 회선을 확인하십시오.";
    You: "A network that allows a direct path needs no relay.",
        "직접 연결이 가능한 네트워크라면 중계가 필요 없습니다.";
}
CallMediaOneWay: Calls, "RFC 3711" {
    title: "Media passes one way only", "미디어가 한 방향으로만 전달됩니다";
    detail: "The pair was secured, and RTP, or that of sound or picture, came through in one direction and not in the \
        other: one side hears or sees nothing.",
        "암호화 연결은 이루어졌으나 RTP 전체, 또는 소리나 영상의 RTP가 한 방향으로만 통과했습니다. 한쪽은 듣거나 보지 \
        못합니다.";
    seen: [CallRan];
    NetworkTeam: "Where both ends send: look for a firewall or an inspection of \"RTP\" that lets one direction through, and \
        allow UDP both ways for an established flow.",
        "양쪽이 모두 보내고 있다면, 한 방향만 통과시키는 방화벽이나 RTP 검사 기능을 찾고 맺어진 흐름의 UDP를 양방향으로 허용하십시오.";
    Maker as "Application", "애플리케이션": "Check that both ends send.", "양쪽이 모두 보내는지 확인하십시오.";
}
CallMediaLostInward: Calls, "RFC 3550 §6.4" {
    title: "Sound and picture of the other end do not arrive here: you hear nothing",
        "상대방의 소리와 영상이 이쪽에 도착하지 않아 아무것도 들리지 않습니다";
    detail: "No RTP packet came in here[, of {sent} that the other end says it sent], on a path over which DTLS and checks \
        pass. They are lost on the way to this end: at the other end's way out, between, or at this end's way in.",
        "[상대방이 보냈다고 알린 RTP 패킷: {sent}개. ]DTLS와 연결 확인이 통과하는 경로인데도 이쪽에는 하나도 들어오지 \
        않았습니다. 상대방에서 나가는 곳, 중간, 또는 이쪽으로 들어오는 곳에서 사라진 것입니다.";
    seen: [CallRan];
    NetworkTeam: "Let RTP (first byte 128 to 191) in on flows that are established; look at tunnels and at what inspects \
        media.",
        "맺어진 흐름의 RTP(첫 바이트 128~191)를 들여보내고, 터널과 미디어를 검사하는 장비를 확인하십시오.";
    OtherNetworkTeam as "The other end's network team", "상대방의 네트워크 담당자": "Let the same out.",
        "같은 것을 내보내십시오.";
}
CallMediaLostOutward: Calls, "RFC 3550 §6.4" {
    title: "Your sound and picture do not arrive at the other end: they hear nothing",
        "이쪽의 소리와 영상이 상대방에게 도착하지 않아 상대방에게 아무것도 들리지 않습니다";
    detail: "{sent} RTP {sent|packet was|packets were} sent from here, and the other end reports none, on a path over \
        which DTLS and checks pass. They are lost on the way there: at this end's way out, between, or at the other \
        end's way in.",
        "이쪽에서 보낸 RTP 패킷은 {sent}개지만 상대방은 하나도 받지 못했습니다. DTLS와 연결 확인은 통과하는 경로입니다. \
        이쪽에서 나가는 곳, 중간, 또는 상대방으로 들어가는 곳에서 사라진 것입니다.";
    seen: [CallRan];
    NetworkTeam: "Let RTP (first byte 128 to 191) out on flows that are established; look at what inspects media.",
        "맺어진 흐름의 RTP(첫 바이트 128~191)를 내보내고, 미디어를 검사하는 장비를 확인하십시오.";
    OtherNetworkTeam as "The other end's network team", "상대방의 네트워크 담당자": "Let the same in; look at tunnels.",
        "같은 것을 들여보내고, 터널을 확인하십시오.";
}
CallMediaUnusable: Calls, "RFC 3711 §3.3" {
    title: "Media of the other end come in, and this end cannot use them",
        "상대방의 미디어가 들어오지만 이쪽에서 쓸 수 없습니다";
    short: "media came in and could not be used", "미디어가 들어왔지만 쓸 수 없음";
    detail: "{received} RTP {received|datagram|datagrams} came in and had to be thrown away[, {count} of them with a payload \
        type that the two descriptions do not agree on]. The network carries them. Either the other end encrypts or numbers \
        its media otherwise than its handshake and its description say (keys, SRTP profile, payload types, stream \
        identifiers; a description that was changed on its way), or rtc-doctor's stack cannot read what a browser can.",
        "들어왔지만 버려야 했던 RTP 데이터그램: {received}개[. 그중 두 설명이 합의하지 않은 페이로드 유형: {count}개]. 네트워크는 \
        이를 전달했습니다. 상대방이 핸드셰이크나 설명과 다르게 미디어를 암호화하거나 번호를 매겼거나(키, SRTP 프로파일, 페이로드 \
        유형, 스트림 식별자, 도중에 바뀐 설명), 브라우저가 읽을 수 있는 것을 rtc-doctor의 스택이 읽지 못하는 것입니다.";
    seen: [CallRan];
    You: "Make the call from a browser. Where that goes well, it was a limit of rtc-doctor and nothing against the other end.",
        "브라우저로 통화해 보십시오. 그것이 잘 되면 rtc-doctor의 한계이며 상대방의 잘못이 아닙니다.";
    OtherEnd: "Compare the payload types of the description that arrived here with those that its stack sends with, and see that \
        nothing rewrites its description once its stack has taken it.",
        "이쪽에 도착한 설명의 페이로드 유형과 스택이 실제로 쓰는 것을 비교하고, 스택이 받아들인 뒤에 설명을 고쳐 쓰는 것이 없는지 \
        확인하십시오.";
}
CallMediaAbsent: Calls, "RFC 3550 §6.4" {
    title: "No sound or picture of the other end came in", "상대방의 소리나 영상이 들어오지 않았습니다";
    short: "no media of the other end came in", "상대방의 미디어가 들어오지 않음";
    detail: "Its description says that it sends some, the pair was secured, and no RTP came in[; by its own record it sent \
        {sent}]. Either its program sent none, or they were lost on the way: this end cannot tell which.",
        "상대방의 설명에는 미디어를 보낸다고 되어 있고 암호화 연결도 이루어졌지만 RTP가 하나도 들어오지 않았습니다[. 상대방의 기록에 \
        따른 전송: {sent}개]. 프로그램이 보내지 않았거나 도중에 사라진 것입니다. 이쪽에서는 어느 쪽인지 알 수 없습니다.";
    seen: [CallRan];
    OtherEnd: "See whether its program has a camera and a microphone, or tracks, and sends them; run rtc-doctor there, which \
        counts what it sends.",
        "프로그램에 카메라와 마이크, 또는 트랙이 있고 실제로 보내는지 확인하십시오. 그쪽에서 rtc-doctor를 실행하면 보낸 것을 셉니다.";
    NetworkTeam: "Where it does send: look at tunnels and at what inspects media, for RTP (first byte 128 to 191) that is not \
        let in on flows that are established.",
        "실제로 보내고 있다면, 맺어진 흐름의 RTP(첫 바이트 128~191)를 막는 터널이나 검사 장비가 있는지 확인하십시오.";
}
CallMediaUnreported: Calls, "RFC 3550 §6.4.2" {
    title: "The other end does not report that your sound and picture arrive",
        "이쪽의 소리와 영상이 도착한다는 보고가 상대방에게서 오지 않습니다";
    short: "the other end reports nothing of your media", "상대방이 이쪽의 미디어를 보고하지 않음";
    detail: "{sent} RTP {sent|packet was|packets were} sent from here, media of the other end came in, and no report (RTCP) of \
        any of ours. Either they are lost on the way there, or its program throws them away or sends no reports: this end \
        cannot tell which.",
        "이쪽에서 보낸 RTP 패킷은 {sent}개이고 상대방의 미디어는 들어왔지만, 이쪽 패킷에 대한 보고(RTCP)는 없었습니다. 가는 길에 \
        사라졌거나 상대방의 프로그램이 버리거나 보고를 보내지 않는 것입니다. 이쪽에서는 어느 쪽인지 알 수 없습니다.";
    seen: [CallRan];
    OtherEnd: "See whether this end is heard and seen there; run rtc-doctor there, which counts what comes in.",
        "그쪽에서 이쪽의 소리와 영상이 나오는지 확인하십시오. 그쪽에서 rtc-doctor를 실행하면 들어온 것을 셉니다.";
    NetworkTeam: "Where nothing is heard there: look at what inspects media, for RTP (first byte 128 to 191) that is not let out \
        on flows that are established.",
        "그쪽에서 들리지 않는다면, 맺어진 흐름의 RTP(첫 바이트 128~191)를 내보내지 않는 검사 장비가 있는지 확인하십시오.";
}
CallNoData: Calls, "RFC 8831 §6" {
    title: "Media passes, but no data channel opened", "미디어는 전달되지만 데이터 채널이 열리지 않았습니다";
    detail: "DTLS and SRTP run over the pair; SCTP, which carries data within DTLS, did not come about.",
        "후보 쌍에서 DTLS와 SRTP는 동작하지만, DTLS 안에서 데이터를 나르는 SCTP가 맺어지지 않았습니다.";
    seen: [CallRan];
    OtherEnd: "Its application may offer no data channels, or its stack may not; else report it to its makers, \
        with this report.",
        "애플리케이션이나 그 스택이 데이터 채널을 제공하지 않을 수 있습니다. 그렇지 않다면 이 보고서와 함께 \
        제작자에게 알리십시오.";
}
CallDataUnanswered: Calls, "RFC 8831 §6" {
    title: "The data channels opened, and then too little came back over them",
        "데이터 채널은 열렸지만 돌아온 데이터가 너무 적습니다";
    detail: "The other end sent back {received} of {sent} {sent|message|messages}, while media went on. Either its program \
        does not send them back or stopped doing so, or something on the way drops the datagrams that carry data (DTLS \
        records, the large ones above all) and lets media through.",
        "미디어가 이어지는 동안 메시지 {sent}개 가운데 {received}개만 상대방에게서 돌아왔습니다. 상대방의 프로그램이 \
        메시지를 돌려보내지 않거나 도중에 멈췄거나, 경로의 무언가가 미디어는 통과시키면서 데이터를 나르는 데이터그램(DTLS \
        레코드, 특히 큰 것)을 버리는 것입니다.";
    seen: [CallRan];
    OtherEnd: "See whether its program answers messages on its data channels, and whether its channels were closed.",
        "프로그램이 데이터 채널의 메시지에 응답하는지, 채널이 닫혔는지 확인하십시오.";
    NetworkTeam: "Let DTLS (first byte 20 to 63) pass for as long as a flow lasts, with fragments and ICMP \"too big\".",
        "흐름이 이어지는 동안 DTLS(첫 바이트 20~63)와 조각난 패킷, ICMP \"too big\"을 통과시키십시오.";
}
CallSoundPaused: Calls, "RFC 3550 §6.4" {
    title: "No sound of the other end came in for a while, or none at all",
        "상대방의 소리가 한동안, 또는 전혀 들어오지 않았습니다";
    detail: "For {time} none came, while the call went on. Either the other end did not send it (a program that stopped or \
        paused it, a busy machine), or it was lost on the way: this end cannot tell which.",
        "통화가 이어지는 동안 소리가 들어오지 않은 시간: {time}. 상대방이 보내지 않았거나(프로그램이 멈춤, 바쁜 컴퓨터) \
        도중에 사라진 것입니다. 이쪽에서는 어느 쪽인지 알 수 없습니다.";
    seen: [CallRan];
    OtherEnd: "See whether its program went on sending sound.", "프로그램이 소리를 계속 보냈는지 확인하십시오.";
    NetworkTeam: "Look at what inspects or limits media on flows that are established.",
        "맺어진 흐름의 미디어를 검사하거나 제한하는 장비를 확인하십시오.";
}
CallPicturePaused: Calls, "RFC 3550 §6.4" {
    title: "No picture of the other end came in for a while, or none at all",
        "상대방의 영상이 한동안, 또는 전혀 들어오지 않았습니다";
    detail: "For {time} none came, while the call went on. Either the other end did not send it (a program that stopped or \
        paused it, a busy machine), or it was lost on the way, as large datagrams are: this end cannot tell which.",
        "통화가 이어지는 동안 영상이 들어오지 않은 시간: {time}. 상대방이 보내지 않았거나(프로그램이 멈춤, 바쁜 컴퓨터) \
        큰 데이터그램이 그렇듯 도중에 사라진 것입니다. 이쪽에서는 어느 쪽인지 알 수 없습니다.";
    seen: [CallRan];
    OtherEnd: "See whether its program went on sending video.", "프로그램이 영상을 계속 보냈는지 확인하십시오.";
    NetworkTeam: "Look at what inspects or limits media on flows that are established, and let large datagrams and ICMP \
        \"too big\" through.",
        "맺어진 흐름의 미디어를 검사하거나 제한하는 장비를 확인하고, 큰 데이터그램과 ICMP \"too big\"을 통과시키십시오.";
}
CallSoundUnheard: Calls, "RFC 3550 §6.4.2" {
    title: "The other end does not report your sound any more, or never did",
        "상대방이 이쪽의 소리에 대한 보고를 멈췄거나 한 번도 보내지 않았습니다";
    detail: "For {time} this end sent it, and the other end's reports (RTCP), which went on, named nothing new of it. Either it \
        was lost on the way there, or its program stopped taking it: this end cannot tell which.",
        "이쪽에서 보내는 동안 상대방의 보고(RTCP)는 계속 왔지만 이에 대한 새 내용이 없었던 시간: {time}. 가는 길에 사라졌거나 \
        상대방의 프로그램이 받기를 멈춘 것입니다. 이쪽에서는 어느 쪽인지 알 수 없습니다.";
    seen: [CallRan];
    OtherEnd: "See whether it comes in there, and whether its program went on taking it.",
        "그쪽에 들어오는지, 프로그램이 계속 받았는지 확인하십시오.";
    NetworkTeam: "Look at what inspects or limits media on flows that are established.",
        "맺어진 흐름의 미디어를 검사하거나 제한하는 장비를 확인하십시오.";
}
CallPictureUnseen: Calls, "RFC 3550 §6.4.2" {
    title: "The other end does not report your picture any more, or never did",
        "상대방이 이쪽의 영상에 대한 보고를 멈췄거나 한 번도 보내지 않았습니다";
    detail: "For {time} this end sent it, and the other end's reports (RTCP), which went on, named nothing new of it. Either it \
        was lost on the way there, as large datagrams are, or its program stopped taking it: this end cannot tell which.",
        "이쪽에서 보내는 동안 상대방의 보고(RTCP)는 계속 왔지만 이에 대한 새 내용이 없었던 시간: {time}. 큰 데이터그램이 그렇듯 가는 길에 사라졌거나 \
        상대방의 프로그램이 받기를 멈춘 것입니다. 이쪽에서는 어느 쪽인지 알 수 없습니다.";
    seen: [CallRan];
    OtherEnd: "See whether it comes in there, and whether its program went on taking it.",
        "그쪽에 들어오는지, 프로그램이 계속 받았는지 확인하십시오.";
    NetworkTeam: "Look at what inspects or limits media on flows that are established, and let large datagrams and ICMP \
        \"too big\" through.",
        "맺어진 흐름의 미디어를 검사하거나 제한하는 장비를 확인하고, 큰 데이터그램과 ICMP \"too big\"을 통과시키십시오.";
}
CallCut: Calls, "RFC 7675 §5.1" {
    title: "The call ran and then was cut off", "통화가 이어지다가 끊겼습니다";
    detail: "[The call had run for {time} when the last packet came. ]Then nothing came any more, and nobody had \
        hung up. Either an end lost its network (Wi-Fi, a cable, sleep), or the other end's program stopped (killed, crashed), or \
        something between the two, a relay too, forgot or stopped the flow: this end cannot tell which.",
        "[통화가 이어진 시간: {time}. ]그 뒤로는 아무것도 도착하지 않았으며, 아무도 통화를 끝내지 않았습니다. 어느 한쪽의 \
        네트워크가 끊겼거나(Wi-Fi, 케이블, 절전), 상대방의 프로그램이 멈췄거나(강제 종료, 오류), 중계 서버를 비롯해 둘 사이의 \
        무언가가 흐름을 잊었거나 막은 것입니다. 이쪽에서는 어느 쪽인지 알 수 없습니다.";
    seen: [CallBroke];
    OtherEnd: "See whether its program, its browser tab or its machine was still running then, and awake.",
        "그때 프로그램이나 브라우저 탭, 컴퓨터가 계속 동작하고 있었는지, 절전 상태가 아니었는지 확인하십시오.";
    NetworkTeam: "Look at the time limits and rate limits of NAT and firewall for UDP flows.",
        "NAT와 방화벽의 UDP 흐름에 대한 시간 제한과 속도 제한을 확인하십시오.";
}
CallOwnNetworkGone: Calls, "RFC 8445 §9" {
    title: "This machine lost its network in the middle of the call", "통화 도중에 이 컴퓨터의 네트워크가 끊겼습니다";
    short: "this machine lost its network", "이 컴퓨터의 네트워크가 끊김";
    detail: "[The call had run for {time} when the last packet came. ]When it was given up, no interface of this machine led \
        out any more: Wi-Fi out of reach, a cable pulled, a modem or VPN gone. The call could neither go on nor begin anew, \
        whatever the other end and the networks between did.",
        "[마지막 패킷이 온 때까지의 통화 시간: {time}. ]통화를 포기할 때 이 컴퓨터에는 밖으로 나가는 인터페이스가 하나도 \
        없었습니다. Wi-Fi가 닿지 않거나 케이블이 빠졌거나 모뎀이나 VPN이 끊긴 것입니다. 상대방이나 중간의 네트워크와 관계없이 \
        통화를 이어 가거나 다시 시작할 수 없었습니다.";
    seen: [CallBroke];
    You: "Look at the Wi-Fi, the cable or the VPN of this machine, and whether it went to sleep; then call again.",
        "이 컴퓨터의 Wi-Fi, 케이블, VPN과 절전 상태를 확인한 뒤 다시 통화해 보십시오.";
}
CallPeerStopped: Calls, "RFC 7675 §5.1" {
    title: "The other end stopped sending, and its path to here still works",
        "상대방이 전송을 멈췄으며, 상대방과의 경로는 아직 동작합니다";
    short: "the other end stopped sending", "상대방이 전송을 멈춤";
    detail: "[The call had run for {time} when the last packet of it came. ]After that the other end answered {received} of \
        {sent} {sent|check|checks} on the same pair, and sent neither media, data nor a farewell: its ICE agent runs on, and \
        what makes or encrypts its media does not. That something on the way takes out media alone, in the middle of a call, \
        is rarer; a report from the other end would show it.",
        "[마지막 통화 패킷이 온 때까지의 시간: {time}. ]그 뒤에도 상대방은 같은 후보 쌍의 확인 {sent}개 중 {received}개에 \
        응답했지만 미디어도 데이터도 종료 신호도 보내지 않았습니다. ICE 에이전트는 계속 동작하지만 미디어를 만들거나 암호화하는 \
        부분이 멈춘 것입니다. 통화 중간에 경로의 무언가가 미디어만 골라 버리는 일은 더 드물며, 상대방의 보고서가 있으면 알 수 \
        있습니다.";
    seen: [CallBroke];
    OtherEnd: "Look in its application's log at that time: a media thread or track that ended, a DTLS or SRTP transport that \
        was closed while ICE was kept, a tab that was suspended.",
        "그 시각의 애플리케이션 로그에서 끝난 미디어 스레드나 트랙, ICE는 유지된 채 닫힌 DTLS나 SRTP 전송, 중단된 탭이 있는지 \
        확인하십시오.";
}
CallPeerClosedPort: Calls, "RFC 1122 §4.1.3.1" {
    title: "The other end's program ended in the middle of the call", "통화 도중에 상대방의 프로그램이 종료되었습니다";
    short: "the other end's program ended", "상대방의 프로그램이 종료됨";
    detail: "[The call had run for {time}. ]Then nothing came any more, and the other end's machine itself said (ICMP) that \
        nobody listens at the port which the call went to: its program was killed, crashed or closed without a farewell[; \
        {sent} {sent|check was|checks were} sent there since]. The network carried what was sent and that answer.",
        "[통화가 이어진 시간: {time}. ]그 뒤로 아무것도 오지 않았고, 상대방의 컴퓨터가 통화에 쓰던 포트에서 아무도 듣지 \
        않는다고 직접 알렸습니다(ICMP). 프로그램이 강제 종료되었거나 오류로 끝났거나 종료 신호 없이 닫힌 것입니다[. 그 뒤에 보낸 \
        확인: {sent}개]. 네트워크는 보낸 것과 그 응답을 모두 전달했습니다.";
    seen: [CallBroke];
    OtherEnd: "Look why the program ended at that time: its own log, and the system's for a crash or a lack of memory.",
        "그 시각에 프로그램이 왜 끝났는지 프로그램의 로그와, 오류나 메모리 부족에 대한 시스템 로그를 확인하십시오.";
}
CallMediaDropped: Calls, "RFC 7983 §7" {
    title: "In the middle of the call something began to drop its media on the way",
        "통화 도중에 경로의 무언가가 미디어를 버리기 시작했습니다";
    detail: "[The call had run for {time} when the last packet of it came. ]The other end says that it went on sending, and \
        it answered {received} of {sent} {sent|check|checks} on the same pair: STUN passes between the two, and DTLS and \
        SRTP do not any more.",
        "[마지막 통화 패킷이 온 때까지의 시간: {time}. ]상대방은 계속 보냈다고 하며, 같은 후보 쌍의 확인 {sent}개 중 \
        {received}개에 응답했습니다. 둘 사이에 STUN은 통과하지만 DTLS와 SRTP는 더 이상 통과하지 않습니다.";
    seen: [CallBroke];
    NetworkTeam: "Look at what inspects or limits UDP by what it carries, here and at the other end: it let the call begin and \
        stopped it after a while.",
        "내용에 따라 UDP를 검사하거나 제한하는 장비를 양쪽에서 확인하십시오. 통화를 시작하게 두었다가 얼마 뒤에 막았습니다.";
}
CallClosed: Calls, "RFC 8831 §6.7" {
    title: "The other end closed the call before its time", "상대방이 통화를 일찍 끝냈습니다";
    detail: "It hung up, or its program or browser tab was closed, while this end was still measuring[; the call \
        had run for {time}]. What was measured until then stands.",
        "이쪽에서 아직 측정하는 동안 상대방이 통화를 끝냈거나, 상대방의 프로그램이나 브라우저 탭이 닫혔습니다[. \
        통화가 이어진 시간: {time}]. 그때까지 측정한 내용은 유효합니다.";
    seen: [CallBroke];
    Nobody: "Nothing to do, unless nobody hung up there: then ask what closed the program at the other end, and \
        call again.",
        "상대방이 직접 끊은 것이라면 조치할 것이 없습니다. 그렇지 않다면 무엇이 프로그램을 닫았는지 물어보고 다시 \
        통화해 보십시오.";
}
CallPartOffered: Calls, "RFC 3264 §5.1" {
    title: "The other end does not send everything, and says so",
        "상대방이 일부를 보내지 않으며, 그렇다고 미리 알렸습니다";
    detail: "By its own description it sends no sound and picture, names nothing that it would send, or takes no \
        data channels. Whatever it did offer came through; that the rest did not come is no fault of the network.",
        "상대방의 세션 설명에 따르면 소리와 영상을 보내지 않거나, 보낼 것을 밝히지 않았거나, 데이터 채널을 쓰지 \
        않습니다. 보내겠다고 한 것은 모두 전달되었습니다. 나머지가 오지 않은 것은 네트워크 탓이 아닙니다.";
    seen: [];
    Nobody: "Nothing to do where that is meant.", "의도한 것이라면 조치할 것이 없습니다.";
    OtherEnd: "Its application has to offer what is missing.", "애플리케이션이 빠진 것을 제안해야 합니다.";
}
CallMediaDeclined: Calls, "RFC 3264 §6.1" {
    title: "The call works as agreed: the other end's description asks for no media, or not for all",
        "통화가 합의한 대로 됩니다. 상대방의 세션 설명이 미디어를 요청하지 않거나 일부만 요청합니다";
    detail: "By a=sendonly or a=inactive nothing is to be sent to it in that section, and nothing was. That nothing of this \
        end's is heard there is negotiated so, and no fault of the network.",
        "보내기 전용이나 비활성으로 표시된 섹션에서는 상대방에게 아무것도 보내지 않으며, 실제로 보내지 않았습니다. 이쪽의 미디어가 \
        상대방에게 들리지 않는 것은 그렇게 협상되었기 때문이며 네트워크 탓이 아닙니다.";
    seen: [];
    Nobody: "Nothing to do where that is meant: a call on hold, a stream that is only watched.",
        "통화 보류나 시청 전용 스트림처럼 의도한 것이라면 조치할 것이 없습니다.";
    OtherEnd: "Else look at the direction of its transceivers (sendrecv) before it answers or offers.",
        "그렇지 않다면 응답하거나 제안하기 전에 트랜시버의 방향을 확인하십시오.";
}
CallRelayDied: Calls, "RFC 8656 §8" {
    title: "The call was cut off because its relay died", "중계 서버가 죽어 통화가 끊겼습니다";
    detail: "[The call had run for {time}. ]It went through {server}. Then nothing came any more, and the server \
        had forgotten the call, had dropped the connection, or did not answer while others did[ (it said \
        {code})].",
        "[통화가 이어진 시간: {time}. ]통화가 거친 서버: {server}. 그 뒤로는 아무것도 오지 않았으며, 서버가 통화를 \
        잊었거나 연결을 끊었거나, 다른 서버는 응답하는데 혼자 응답하지 않았습니다[(서버의 응답: {code})].";
    seen: [];
    TurnOperator: "Look whether the server or its host stopped or restarted at that time, and why.",
        "그 시각에 서버나 호스트가 멈추었거나 다시 시작되었는지, 왜 그랬는지 확인하십시오.";
    Maker as "Application", "애플리케이션": "Offer relays of two hosts, so that a call can go on through the \
        other.",
        "서로 다른 호스트의 중계 서버 두 개를 제공하면 통화가 다른 쪽으로 이어질 수 있습니다.";
}
CallRelayReplaced: Calls, "RFC 8656 §8" {
    title: "The relay of the call died, and the call went on another way",
        "통화를 나르던 중계 서버가 죽었지만 통화는 다른 길로 이어졌습니다";
    detail: "The call went through {server} until the server had forgotten it, had dropped the connection, or did \
        not answer while others did[ (it said {code})]. The ends began their checks anew and found another way; \
        people heard a pause.",
        "통화가 거치던 서버: {server}. 서버가 통화를 잊었거나 연결을 끊었거나, 다른 서버는 응답하는데 혼자 \
        응답하지 않았습니다[(서버의 응답: {code})]. 양쪽이 확인을 다시 시작하여 다른 길을 찾았으며, 그동안 소리가 \
        끊겼습니다.";
    seen: [];
    TurnOperator: "Look whether the server or its host stopped or restarted at that time, and why.",
        "그 시각에 서버나 호스트가 멈추었거나 다시 시작되었는지, 왜 그랬는지 확인하십시오.";
}

} } }
