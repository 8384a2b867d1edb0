//! What happened to a call while it lasted, and what kept it from beginning?

macro_rules! call_upkeep { ($($before:tt)*) => { collect! { $($before)*

CallDtlsBlocked: Calls, "RFC 7983 §7" {
    title: "A pair works, but no DTLS gets through it at all", "후보 쌍은 동작하지만 DTLS가 전혀 통과하지 못합니다";
    detail: "At neither end did one DTLS datagram come in, while STUN on the same addresses and ports was \
        answered. Something on the way knows DTLS by sight and drops it, or the path carries no datagrams of a \
        thousand bytes. Without DTLS there is no call.",
        "같은 주소와 포트의 STUN에는 응답이 있었지만 DTLS 데이터그램은 양쪽 어디에도 들어오지 않았습니다. 경로의 \
        무언가가 DTLS를 알아보고 버리거나, 경로가 1000바이트쯤 되는 데이터그램을 전달하지 못하는 것입니다. DTLS가 \
        없으면 통화할 수 없습니다.";
    seen: [CheckAnswered, CallBroke];
    NetworkTeam: "Allow DTLS (RFC 7983: first byte 20 to 63) on the UDP that STUN uses; look for a rule against \
        VPNs or unknown applications, and let fragments and ICMP \"too big\" through.",
        "STUN이 쓰는 UDP에서 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, VPN이나 알 수 없는 애플리케이션을 막는 \
        규칙이 있는지 확인하고, 조각난 패킷과 ICMP \"too big\"을 통과시키십시오.";
    OtherNetworkTeam as "The other end's network team", "상대방의 네트워크 담당자": "The same.", "마찬가지입니다.";
    You: "Run rtc-doctor check with a TURN server at both ends: it tells on which side DTLS is dropped.",
        "양쪽에서 TURN 서버를 지정하여 rtc-doctor check를 실행하면 어느 쪽에서 DTLS를 버리는지 알 수 있습니다.";
}
CallDtlsUnheard: Calls, "RFC 6347 §4.1.1" {
    title: "A pair works, but no answer to DTLS came back through it",
        "후보 쌍은 동작하지만 DTLS에 대한 응답이 돌아오지 않았습니다";
    detail: "Checks were answered, and of the DTLS handshake nothing came in[; {count} of this end's datagrams came in at the \
        other, by its record]. Something drops DTLS by sight, the path does not carry its answer, which is a large datagram, or \
        nothing at the other end answers DTLS.",
        "연결 확인에는 응답이 있었지만 DTLS 핸드셰이크는 아무것도 들어오지 않았습니다[. 상대방의 기록에 따르면 이쪽의 데이터그램 중 \
        그쪽에 들어온 것: {count}개]. 무언가가 DTLS를 알아보고 버리거나, 응답이 큰 데이터그램이어서 경로가 전달하지 못하거나, \
        상대방에 DTLS에 응답하는 것이 없는 것입니다.";
    seen: [CheckAnswered, CallBroke];
    NetworkTeam: "Allow DTLS (RFC 7983: first byte 20 to 63) on the UDP that STUN uses, and let fragments and ICMP \
        \"too big\" through.",
        "STUN이 쓰는 UDP에서 DTLS(RFC 7983: 첫 바이트 20~63)를 허용하고, 조각난 패킷과 ICMP \"too big\"을 \
        통과시키십시오.";
    OtherEnd: "Look whether its application has begun DTLS, as the server that its description makes it.",
        "애플리케이션이 설명에 적힌 대로 DTLS 서버로 동작하는지 확인하십시오.";
    You: "Try without a VPN, and run rtc-doctor at the other end too: then both say what arrived.",
        "VPN 없이 시도해 보고, 상대방에서도 rtc-doctor를 실행하면 양쪽에서 무엇이 닿았는지 알 수 있습니다.";
}
CallResumed: Calls, "RFC 8445 §9" {
    title: "The call went on over another path", "통화가 다른 경로로 이어졌습니다";
    detail: "An end got another address, was made to by rtc-doctor call --roam, or lost its relay. Media came again {count} ms \
        after this end had begun its checks anew.",
        "한쪽의 주소가 바뀌었거나, rtc-doctor call --roam으로 바꾸게 했거나, 중계 서버를 잃었습니다. 이쪽이 확인을 다시 시작한 지 \
        {count} ms 뒤에 미디어가 다시 도착했습니다.";
    seen: [];
}
CallKept: Calls, "RFC 7675 §5.1" {
    title: "The call was kept alive to its end", "통화가 끝까지 유지되었습니다";
    detail: "It ran for {count} s, and the other end gave its consent {received} of {sent} {sent|time|times}.",
        "{count}초 동안 이어졌고, 상대방의 동의는 {sent}번 가운데 {received}번 확인되었습니다.";
    seen: [];
}
CallRelayKept: Calls, "RFC 8656 §7, §9, §12" {
    title: "The relay renewed what the call needed for as long as it ran",
        "중계 서버가 통화 내내 필요한 것을 갱신했습니다";
    detail: "The {server|allocation|allocations} at {server} {server|was|were} held for {count} s; allocation, \
        permission and channel were renewed {received} of {sent} {sent|time|times}. A permission lives 300 s, an \
        allocation and a channel mostly 600 s.",
        "{server}의 할당이 {count}초 동안 유지되었고, 할당·허가·채널이 {sent}번 가운데 {received}번 \
        갱신되었습니다. 허가의 수명은 300초, 할당과 채널의 수명은 대개 600초입니다.";
    seen: [];
}
CallRelayNotRenewed: Calls, "RFC 8656 §7, §9, §12" {
    title: "The relay did not renew everything that the call needed",
        "중계 서버가 통화에 필요한 것을 모두 갱신하지는 않았습니다";
    detail: "Of {sent} {sent|renewal|renewals} at {server} only {received} {received|was|were} granted, within {count} \
        s. What is not renewed ends: a permission after 300 s, an allocation and a channel mostly after 600 s.",
        "{server}에서 {count}초 동안 갱신 {sent}번 가운데 {received}번만 받아들여졌습니다. 갱신되지 않은 것은 \
        끝납니다. 허가는 300초, 할당과 채널은 대개 600초 뒤입니다.";
    seen: [];
    TurnOperator: "Look in the server's log for refused Refresh, CreatePermission and ChannelBind requests: \
        credentials that expire while a call runs, quotas, a restart. Keep credentials valid for longer than \
        calls.",
        "서버 기록에서 거부된 Refresh, CreatePermission, ChannelBind 요청을 찾으십시오. 통화 중에 만료되는 자격 \
        증명, 할당량, 재시작이 원인일 수 있습니다. 자격 증명의 유효 기간을 통화보다 길게 하십시오.";
}
CallReboundHere: Calls, "RFC 4787 §4.3" {
    title: "This end's outside address changed during the call", "통화 중에 이쪽의 바깥 주소가 바뀌었습니다";
    detail: "The other end saw {from} and then, from second {count} of the run on, {to}: a NAT between gave the \
        same socket another mapping.",
        "상대방에게 {from}(으)로 보이다가 실행 {count}초부터 {to}(으)로 보였습니다. 중간의 NAT가 같은 소켓에 다른 \
        매핑을 주었습니다.";
    seen: [];
    NetworkTeam: "Look whether the NAT restarted or lost its line, or forgets flows that are in use.",
        "NAT가 다시 시작되었거나 회선이 끊겼는지, 사용 중인 흐름을 잊는지 확인하십시오.";
    Maker as "Application", "애플리케이션": "Restart ICE when the address changes.",
        "주소가 바뀌면 ICE를 다시 시작하십시오.";
}
CallReboundThere: Calls, "RFC 4787 §4.3" {
    title: "The other end's outside address changed during the call", "통화 중에 상대방의 바깥 주소가 바뀌었습니다";
    detail: "It was at {from}; from second {count} of the run on its checks came from {to}.",
        "{from}에 있던 상대방의 확인이 실행 {count}초부터 {to}에서 왔습니다.";
    seen: [];
    OtherNetworkTeam as "The other end's network team", "상대방의 네트워크 담당자": "Look whether the NAT \
        restarted or lost its line, or forgets flows that are in use.",
        "NAT가 다시 시작되었거나 회선이 끊겼는지, 사용 중인 흐름을 잊는지 확인하십시오.";
}
CallOnlyPathCut: Calls, "RFC 7675 §5.1" {
    title: "Only the way to the other end was cut; a server still answered",
        "상대방과의 길만 끊겼고 서버는 여전히 응답했습니다";
    detail: "While nothing came from the other end any more, a STUN server answered {received} of {sent} \
        {sent|request|requests}.",
        "상대방에게서 아무것도 오지 않는 동안 STUN 서버는 요청 {sent}번 가운데 {received}번 응답했습니다.";
    seen: [];
    NetworkTeam: "Look at what concerns this one flow in NAT and firewall.",
        "NAT와 방화벽에서 이 흐름에만 관련된 것을 확인하십시오.";
    OtherNetworkTeam as "The other end's network team", "상대방의 네트워크 담당자": "Look there too, and at the \
        line itself.",
        "그쪽도 함께, 그리고 회선 자체를 확인하십시오.";
}
CallAllCut: Calls, "RFC 7675 §5.1" {
    title: "Nothing else answered either when the call was cut", "통화가 끊겼을 때 다른 것도 응답하지 않았습니다";
    detail: "While nothing came from the other end any more, a STUN server that had answered before answered none of \
        {sent} {sent|request|requests} either.",
        "상대방에게서 아무것도 오지 않는 동안, 전에 응답하던 STUN 서버도 요청 {sent}번에 한 번도 응답하지 \
        않았습니다.";
    seen: [];
    NetworkTeam: "Look at this end's own line: it, or all UDP on it, was gone.",
        "이쪽의 회선을 확인하십시오. 회선 전체나 그 위의 모든 UDP가 끊겼습니다.";
}
CallThrottledIn: Calls, "RFC 8836 §2" {
    title: "In the middle of the call the way to this end became narrow",
        "통화 도중에 이쪽으로 오는 길이 좁아졌습니다";
    detail: "From second {count} on {after} kbit/s came where it had been {before}, though more was sent, and loss \
        or the round trip rose with it. It stayed so to the end.",
        "{count}초부터 {before} kbit/s 대신 {after} kbit/s만 왔습니다. 더 많이 보냈는데도 그랬고 손실이나 왕복 \
        시간이 함께 늘었으며, 끝까지 그대로였습니다.";
    seen: [];
    NetworkTeam: "Look for traffic shaping of long UDP flows and for others on the same line.",
        "오래 이어지는 UDP 흐름에 대한 속도 제한과 같은 회선의 다른 사용자를 확인하십시오.";
    TurnOperator: "Look at the bandwidth limit of a session.", "세션의 대역폭 제한을 확인하십시오.";
}
CallThrottledOut: Calls, "RFC 8836 §2" {
    title: "In the middle of the call the way to the other end became narrow",
        "통화 도중에 상대방으로 가는 길이 좁아졌습니다";
    detail: "From second {count} on {after} kbit/s arrived there where it had been {before}, though more was sent, \
        and loss or the round trip rose with it. It stayed so to the end.",
        "{count}초부터 상대방에게 {before} kbit/s 대신 {after} kbit/s만 도착했습니다. 더 많이 보냈는데도 그랬고 \
        손실이나 왕복 시간이 함께 늘었으며, 끝까지 그대로였습니다.";
    seen: [];
    NetworkTeam: "Look for traffic shaping of long UDP flows and for others on the same line.",
        "오래 이어지는 UDP 흐름에 대한 속도 제한과 같은 회선의 다른 사용자를 확인하십시오.";
    TurnOperator: "Look at the bandwidth limit of a session.", "세션의 대역폭 제한을 확인하십시오.";
}
CallDtlsSilent: Calls, "RFC 6347 §4.1.1" {
    title: "A pair works, but the large datagrams of the DTLS handshake do not get through it",
        "후보 쌍은 동작하지만 DTLS 핸드셰이크의 큰 데이터그램이 통과하지 못합니다";
    detail: "Checks were answered and the handshake began: its small datagrams came through, and it was not \
        finished in time[. The largest that was sent had {bytes} bytes]. Most likely the path does not carry \
        datagrams of that size.",
        "연결 확인에는 응답이 있었고 핸드셰이크도 시작되었습니다. 작은 데이터그램은 통과했지만 제때 끝나지 \
        않았습니다[. 보낸 것 가운데 가장 큰 데이터그램의 크기(바이트): {bytes}]. 경로가 그 크기의 데이터그램을 \
        전달하지 못하는 것으로 보입니다.";
    seen: [CallBroke];
    NetworkTeam: "Let fragments and ICMP \"too big\" through; a VPN's MTU below 1280 breaks handshakes.",
        "조각난 패킷과 ICMP \"too big\"을 통과시키십시오. 1280보다 작은 VPN의 MTU에서는 핸드셰이크가 실패합니다.";
    You: "Try without the VPN.", "VPN 없이 시도해 보십시오.";
}
CallDtlsFailed: Calls, "RFC 8827 §6.5" {
    title: "The DTLS handshake failed", "DTLS 핸드셰이크가 실패했습니다";
    detail: "The two ends reached each other and could not agree on keys: they have no version, cipher, curve or kind of \
        certificate in common, or one refused the other's. rtc-doctor takes certificates with ECDSA keys alone and no \
        CBC ciphers; browsers take RSA as well, and may make this call.",
        "두 단말이 서로 닿았으나 키에 합의하지 못했습니다. 공통된 버전, 암호 방식, 곡선, 인증서 종류가 없거나 한쪽이 상대의 \
        인증서를 거부했습니다. rtc-doctor는 ECDSA 키의 인증서만 받고 CBC 암호를 쓰지 않습니다. 브라우저는 RSA도 받으므로 \
        이 통화를 할 수 있을지도 모릅니다.";
    seen: [CallBroke];
    You: "Make the call from a browser. Where that goes well, it was a limit of rtc-doctor and nothing against the other end.",
        "브라우저로 통화해 보십시오. 그것이 잘 되면 rtc-doctor의 한계이며 상대방의 잘못이 아닙니다.";
    OtherEnd: "Where browsers fail as well: bring the application up to date; a very old one may speak DTLS 1.0 only.",
        "브라우저로도 되지 않으면 애플리케이션을 최신 버전으로 올리십시오. 아주 오래된 것은 DTLS 1.0만 쓸 수도 있습니다.";
}
CallWrongFingerprint: Calls, "RFC 8122 §6.2" {
    title: "The other end's certificate is not the one that it announced",
        "상대방의 인증서가 미리 알린 것과 다릅니다";
    detail: "Whoever answered the handshake is not whom the description was from. Either the description is of another \
        session (signalling mixed two calls up, or kept an old answer) or was changed on its way, or something between the \
        two ends answers in the other's place. Nothing was sent to it.",
        "핸드셰이크에 응답한 쪽이 설명을 보낸 쪽과 다릅니다. 설명이 다른 세션의 것이거나(시그널링이 두 통화를 섞었거나 \
        예전 응답을 남겨 둔 경우) 도중에 바뀌었거나, 둘 사이의 무언가가 상대방 대신 응답하는 것입니다. 그쪽으로는 \
        아무것도 보내지 않았습니다.";
    seen: [CallBroke];
    Maker as "Application", "애플리케이션": "See that the description which signalling hands over is of the peer connection \
        that answers, and its latest.",
        "시그널링이 넘기는 설명이 실제로 응답하는 연결 객체의 가장 최근 설명인지 확인하십시오.";
    BothEnds: "Meet in a new room over TLS. If it happens again, ask the network team which middlebox terminates \
        DTLS.",
        "TLS를 쓰는 새 방에서 다시 만나십시오. 또 일어나면 네트워크 담당자에게 어떤 장비가 DTLS를 종단하는지 \
        문의하십시오.";
}
CallNoAgreement: Calls, "RFC 8829" {
    title: "The two ends could not agree on a call", "두 단말이 통화 조건에 합의하지 못했습니다";
    detail: "The other end's description cannot be used for media and data[: {reason}]. Pairs were checked all the \
        same.",
        "상대방의 설명을 미디어와 데이터에 쓸 수 없습니다[: {reason}]. 후보 쌍은 그래도 확인했습니다.";
    seen: [];
    OtherEnd: "Report it to the makers of its application, with this report.",
        "이 보고서와 함께 통화 프로그램을 만든 곳에 알리십시오.";
}
CallUnfinished: Calls, "" {
    title: "The call was not measured to its end", "통화 측정을 끝까지 마치지 못했습니다";
    detail: "The run ended first. What was reached until then is told.",
        "실행이 먼저 끝났습니다. 그때까지 도달한 단계는 보고서에 있습니다.";
    seen: [];
    You: "Run it again and let it finish.", "다시 실행하고 끝날 때까지 기다리십시오.";
}

} } }
