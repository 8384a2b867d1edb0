//! What does a browser on this machine offer, and what did it say of the servers?

macro_rules! browser { ($($before:tt)*) => { collect! { $($before)*

BrowserHidesAddresses: Browser, "RFC 8828 §5.2" {
    title: "The browser hides its local addresses behind mDNS names",
        "브라우저가 로컬 주소를 mDNS 이름 뒤에 숨깁니다";
    detail: "A page that may use neither camera nor microphone is told no local address, and neither is the other \
        end: its host candidates hold names that end in .local. Only machines that multicast reaches can look them \
        up, so two ends in one network may fail to meet inside it and go by their public addresses or a relay.",
        "카메라나 마이크를 쓸 수 없는 페이지와 그 상대방에게는 로컬 주소를 알리지 않습니다. 호스트 후보에는 .local \
        이름이 들어 있습니다. 멀티캐스트가 닿는 기기만 이 이름을 찾을 수 있으므로, 한 네트워크의 두 끝이 그 안에서 \
        만나지 못하고 공인 주소나 중계로 갈 수 있습니다.";
    seen: [];
    Nobody: "Nothing to do where the call is direct.", "통화가 직접 연결되면 조치할 것이 없습니다.";
    NetworkTeam as "Network team", "네트워크 담당자": "Where both ends are in one network, let multicast DNS (UDP \
        5353) through between them.",
        "두 끝이 한 네트워크에 있으면 둘 사이의 멀티캐스트 DNS(UDP 5353)를 허용하십시오.";
}
BrowserOffersOneAddress: Browser, "RFC 8828 §5.2" {
    title: "The browser offers one local address only", "브라우저가 로컬 주소를 하나만 내놓습니다";
    detail: "This machine may have no other. But a page that may use neither camera nor microphone gets only the \
        address of the default route, whatever else there is (mode 2 of the standard): a way through a second \
        network or a tunnel is then not tried.",
        "이 기기에 다른 주소가 없을 수 있습니다. 그러나 카메라나 마이크를 쓸 수 없는 페이지는 다른 것이 있어도 \
        기본 경로의 주소만 얻습니다(표준의 2번 방식). 그러면 두 번째 네트워크나 터널을 지나는 길은 시도되지 \
        않습니다.";
    seen: [];
    Nobody: "Nothing to do where the call is as it should be.", "통화가 정상이면 조치할 것이 없습니다.";
    OtherEnd as "The browser's user", "브라우저 사용자": "Where a second network or a tunnel is to be tried, make \
        it the default route for the test.",
        "두 번째 네트워크나 터널을 시도하려면 시험하는 동안 기본 경로로 만드십시오.";
}
BrowserOffersNoLocalAddress: Browser, "RFC 8828 §5.2" {
    title: "The browser offers no local address", "브라우저가 로컬 주소를 내놓지 않습니다";
    detail: "It offers public addresses, and none of this machine itself. Its IP handling policy says so \
        (default_public_interface_only, mode 3 of the standard), or an extension does. Another end in the same \
        network is then reached only if the NAT sends packets back in.",
        "공인 주소는 내놓지만 이 기기 자체의 주소는 내놓지 않습니다. IP 처리 정책(표준의 3번 방식)이나 확장 \
        프로그램 때문입니다. 그러면 같은 네트워크의 상대방에는 NAT가 패킷을 안으로 되돌릴 때만 닿습니다.";
    seen: [];
    OtherEnd as "The browser's administrator", "브라우저 관리자": "If calls within one network are to be direct, \
        set the policy WebRtcIPHandling to default.",
        "한 네트워크 안의 통화가 직접 연결되어야 한다면 WebRtcIPHandling 정책을 기본값으로 두십시오.";
}
BrowserOffersRelaysOnly: Browser, "RFC 8828 §5.2" {
    title: "The browser offers relayed addresses only", "브라우저가 중계 주소만 내놓습니다";
    detail: "Either the page was told to use relays only, or the browser's IP handling policy forbids UDP past the \
        proxy (disable_non_proxied_udp, mode 4 of the standard). No direct path is tried, whatever the networks \
        allow.",
        "페이지가 중계만 쓰도록 지시받았거나, 브라우저의 IP 처리 정책이 프록시를 거치지 않는 UDP를 \
        금지합니다(표준의 4번 방식). 네트워크가 무엇을 허용하든 직접 경로는 시도되지 않습니다.";
    seen: [];
    Nobody: "Nothing to do where relays only were asked for.", "중계만 요청했다면 조치할 것이 없습니다.";
    OtherEnd as "The browser's administrator", "브라우저 관리자": "Else set the policy WebRtcIPHandling to \
        default, or look for an extension that sets it.",
        "아니라면 WebRtcIPHandling 정책을 기본값으로 두거나, 그것을 바꾸는 확장 프로그램을 찾으십시오.";
}
BrowserOffersNothing: Browser, "RFC 8828 §5.2" {
    title: "The browser offers no address at all", "브라우저가 아무 주소도 내놓지 않습니다";
    detail: "It gathered to the end and found no candidate. Its IP handling policy forbids what is there, no relay \
        answered where only relays may be used, or the machine has no network.",
        "수집을 끝까지 마쳤으나 후보가 없습니다. IP 처리 정책이 금지했거나, 중계만 쓸 수 있는데 응답한 중계 서버가 \
        없거나, 기기에 네트워크가 없습니다.";
    seen: [];
    OtherEnd as "The browser's administrator", "브라우저 관리자": "Look at the policy WebRtcIPHandling and at \
        extensions that set it; if it is disable_non_proxied_udp, give the page a relay over TCP or TLS.",
        "WebRtcIPHandling 정책과 그것을 바꾸는 확장 프로그램을 확인하십시오. 프록시를 거치지 않는 UDP가 금지되어 \
        있으면 페이지에 TCP 또는 TLS 중계를 주십시오.";
}
BrowserStillGathering: Browser, "RFC 8828 §5.2" {
    title: "The browser had offered no address by the end, and was still gathering",
        "브라우저가 끝까지 주소를 내놓지 않았고 아직 수집하는 중이었습니다";
    detail: "A browser that may use its own addresses tells them within a second. This one waits for relays alone, as its \
        policy forbids UDP past the proxy (disable_non_proxied_udp, mode 4 of the standard) or the page asked for it; and \
        the relays that it may use, over TCP or TLS, have not answered.",
        "자신의 주소를 쓸 수 있는 브라우저는 1초 안에 주소를 알립니다. 이 브라우저는 중계만 기다리고 있습니다. 프록시를 \
        거치지 않는 UDP를 정책이 금지하거나(표준의 4번 방식) 페이지가 그렇게 지시한 것이며, 쓸 수 있는 TCP나 TLS 중계가 \
        응답하지 않았습니다.";
    seen: [];
    OtherEnd as "The browser's administrator", "브라우저 관리자": "Look at the policy WebRtcIPHandling and at \
        extensions that set it, and let TCP or TLS through to a relay.",
        "WebRtcIPHandling 정책과 그것을 바꾸는 확장 프로그램을 확인하고, 중계 서버까지 TCP나 TLS를 통과시키십시오.";
}
BrowserServerNotReached: Browser, "" {
    title: "The browser did not reach the server[ {server}]", "브라우저가 서버에 닿지 못했습니다[: {server}]";
    detail: "It reported icecandidateerror 701: from no address of this machine did the server answer, or its name \
        was not found, or its TLS certificate was not accepted.[ The browser's words: {reason}.]",
        "ICE 후보 오류 701을 알렸습니다. 이 기기의 어느 주소에서도 서버의 응답을 받지 못했거나, 이름을 찾지 \
        못했거나, TLS 인증서를 받아들이지 않았습니다.[ 브라우저의 말: {reason}.]";
    seen: [BrowserError];
    OtherEnd as "The browser's user", "브라우저 사용자": "Run rtc-doctor check with this server on the same \
        machine, which tells name, network and certificate apart.",
        "같은 기기에서 이 서버로 rtc-doctor check를 실행하십시오. 이름, 네트워크, 인증서 중 무엇이 문제인지 구별해 \
        줍니다.";
}
BrowserServerNameUnknown: Browser, "RFC 7065 §3.1" {
    title: "The browser found no address for the name of the server[ {server}]",
        "브라우저가 서버의 이름에 해당하는 주소를 찾지 못했습니다[: {server}]";
    short: "a server's name has no address", "서버 이름의 주소를 찾지 못함";
    detail: "It reported icecandidateerror {code}[: {reason}]. The name is wrong or gone, or the name server of that machine \
        did not tell it: the server itself was never asked.",
        "ICE 후보 오류를 알렸습니다. 코드: {code}[, 브라우저의 말: {reason}]. 이름이 틀렸거나 없어졌거나, 그 기기의 네임 서버가 \
        알려 주지 않은 것입니다. 서버 자체에는 묻지 못했습니다.";
    seen: [BrowserError];
    Maker as "Application", "애플리케이션": "Compare the name in the configuration with the one that the server has.",
        "설정에 있는 이름과 서버의 실제 이름을 비교하십시오.";
    OtherEnd as "The browser's user", "브라우저 사용자": "Run rtc-doctor check with this server on the same machine: it asks \
        the name servers one by one.",
        "같은 기기에서 이 서버로 rtc-doctor check를 실행하십시오. 네임 서버에 하나씩 묻습니다.";
}
BrowserServerRefused: Browser, "RFC 8656 §19" {
    title: "The server[ {server}] answered the browser with an error[: {code}]",
        "서버[ {server}]에서 브라우저에 오류로 응답했습니다[: {code}]";
    detail: "The browser reported it as icecandidateerror: the server was reached, and refused.[ Its words: \
        {reason}.] 401 stands for wrong credentials, 403 for forbidden, 486 and 508 for a relay that has no room.",
        "브라우저가 ICE 후보 오류로 알렸습니다. 서버에 닿았으나 거절되었습니다.[ 서버의 말: {reason}.] 401은 \
        잘못된 인증 정보, 403은 금지, 486과 508은 자리가 없는 중계를 뜻합니다.";
    seen: [BrowserError];
    ServerOperator as "Server operator", "서버 운영자": "Look the code up in the server's log, and check the \
        credentials that the page is given.",
        "서버 로그에서 이 코드를 찾고, 페이지에 주어지는 인증 정보를 살펴보십시오.";
}
BrowserSkippedServer: Browser, "RFC 8835 §3.4" {
    title: "The browser made no candidate from the relay[ {server}]",
        "브라우저가 중계 서버에서 후보를 만들지 않았습니다[: {server}]";
    detail: "It was given this server, gathered to the end, and told neither a candidate nor an error. Browsers \
        skip what they do not speak,[ here perhaps {transport},] and some ask only the first few servers.",
        "이 서버가 주어졌고 수집도 끝났으나, 후보도 오류도 알리지 않았습니다. 브라우저는 지원하지 않는 프로토콜을 \
        건너뛰며[(여기서는 {transport}일 수 있음)], 처음 몇 서버에만 묻는 것도 있습니다.";
    seen: [];
}

} } }
