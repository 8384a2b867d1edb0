//! What is it with this machine, or with this run, that bears on all that was measured?

macro_rules! machine { ($($before:tt)*) => { collect! { $($before)*

NetworkChanged: Machine, "" {
    title: "The network changed during the run", "검사하는 동안 네트워크가 바뀌었습니다";
    detail: "Addresses or interfaces came or went (Wi-Fi to mobile, VPN on or off, wake-up from sleep), so results \
        from before and after do not belong together.",
        "주소나 인터페이스가 생기거나 사라졌습니다(Wi-Fi에서 모바일로 전환, VPN 켜기나 끄기, 절전 모드에서 깨어남 \
        등). 바뀌기 전과 후의 결과는 함께 볼 수 없습니다.";
    seen: [];
    You: "Run it again on a steady connection.", "연결이 안정된 상태에서 다시 실행하십시오.";
}
VpnInUse: Machine, "" {
    title: "A VPN carries the traffic of this machine", "이 컴퓨터의 트래픽이 VPN을 거칩니다";
    detail: "The way out leads through {interface}, so what is measured is the VPN's network and not your own. \
        Calls take the longer way too.",
        "{interface}에서 밖으로 나가므로, 측정한 것은 사용자의 네트워크가 아니라 VPN의 네트워크입니다. 통화도 더 \
        먼 길로 돌아갑니다.";
    seen: [];
    You: "Run it again without the VPN to compare.", "비교해 보려면 VPN을 끄고 다시 실행하십시오.";
    NetworkTeam: "Let call traffic bypass the VPN (split tunnelling).",
        "통화 트래픽은 VPN을 거치지 않게 하십시오(스플릿 터널링).";
}
LocalFirewall: Machine, "" {
    title: "A firewall on this machine is in the way", "이 컴퓨터의 방화벽이 막고 있습니다";
    detail: "It is not the network[: the operating system itself refused to send to {address}][ ({reason})][: {count} \
        {count|packet|packets} came in just when servers were asked, and this machine gave them to no program].",
        "네트워크 문제가 아닙니다[. 운영체제가 전송을 거부했습니다(보내려던 주소: {address})][. 사유: {reason}][. 서버에 \
        물을 때마다 패킷이 들어왔지만(모두 {count}개) 이 컴퓨터가 어느 프로그램에도 전달하지 않았습니다].";
    seen: [RefusedHere];
    You: "Allow rtc-doctor, and the program that makes your calls, in the firewall or sandbox of this machine \
        (Linux: nft list ruleset).",
        "이 컴퓨터의 방화벽이나 샌드박스에서 rtc-doctor와 통화 프로그램을 허용하십시오(Linux: nft list ruleset).";
}
MappedAddressNotPublic: Nat, "RFC 6890" {
    title: "{server} {server|does|do} not see this machine's own address", "{server}에 이 컴퓨터의 주소가 보이지 않습니다";
    detail: "It saw this machine at {address}, which is no public address, or the server's own. Mostly something at \
        the server's side rewrites its clients' addresses: a firewall that masquerades what comes in, a container's \
        proxy, a reverse proxy. Less often the server is in the same network as this machine. What it sees was not \
        used for anything.",
        "이 서버에서 본 이 컴퓨터의 주소: {address}. 이것은 공인 주소가 아니거나 서버 자신의 주소입니다. 들어오는 \
        것을 masquerade하는 방화벽, 컨테이너의 프록시, 리버스 프록시처럼 서버 쪽의 무언가가 클라이언트의 주소를 \
        바꾸는 경우가 대부분이고, 서버가 이 컴퓨터와 같은 네트워크에 있는 경우도 있습니다. 이 서버에서 본 것은 \
        어디에도 쓰지 않았습니다.";
    seen: [BindingAnswered];
    TurnOperator: "Let the clients' addresses through unchanged: no source NAT on the inbound rule of the server's \
        firewall, host networking in a container, no proxy before UDP.",
        "클라이언트의 주소가 바뀌지 않고 들어오게 하십시오. 서버 방화벽의 들어오는 규칙에서 출발지 주소 변환을 \
        없애고, 컨테이너에서는 호스트 네트워크를 쓰고, UDP 앞에 프록시를 두지 마십시오.";
    You: "Use another STUN server.", "다른 STUN 서버를 쓰십시오.";
}
Nat64InUse: Reach, "RFC 6146" {
    title: "IPv4 is reached through NAT64 here", "이곳에서는 NAT64를 거쳐 IPv4에 연결됩니다";
    detail: "This machine speaks IPv6, and a translator in the network makes IPv4 of it. Servers see an IPv4 \
        address that no socket here has.",
        "이 컴퓨터는 IPv6를 쓰고, 네트워크의 변환 장비가 이를 IPv4로 바꿉니다. 서버에는 이곳의 어떤 소켓도 가지지 \
        않은 IPv4 주소가 보입니다.";
    seen: [BindingAnswered];
    Nobody: "Nothing to do. Applications must use names and not IPv4 addresses to reach IPv4 servers.",
        "조치할 것이 없습니다. 다만 프로그램이 IPv4 서버에 연결할 때는 IPv4 주소가 아니라 이름을 써야 합니다.";
}
CaptivePortal: Access, "RFC 8952" {
    title: "This network seems to want you to sign in first", "이 네트워크는 먼저 로그인을 요구하는 것 같습니다";
    detail: "No server answered in its own protocol, and several of them gave the same answer: a web page, one \
        certificate for other names, or one inner address for every name. That is how a captive portal looks; \
        nothing else that was seen says anything about the network behind it.",
        "자기 프로토콜로 응답한 서버가 없고, 여러 서버에서 같은 응답이 왔습니다. 웹 페이지이거나, 다른 이름의 같은 \
        인증서이거나, 모든 이름에 대한 하나의 내부 주소입니다. 로그인 페이지(캡티브 포털)가 있을 때의 모습이며, 그 \
        밖에 본 것으로는 그 뒤의 네트워크에 대해 아무것도 알 수 없습니다.";
    seen: [];
    You: "Open any http:// page in a browser, sign in or accept the terms, and run this check again.",
        "브라우저에서 아무 http:// 페이지나 열어 로그인하거나 약관에 동의한 다음 이 검사를 다시 실행하십시오.";
}
MachineBusy: Run, "" {
    title: "This machine was too busy to keep its times", "이 컴퓨터가 바빠서 제시간에 처리하지 못한 것이 있습니다";
    detail: "What was due was done up to {count} ms late. Times measured here are longer than the network's, and a path \
        that is there may have been found late.",
        "해야 할 일을 최대 {count} ms 늦게 했습니다. 여기에서 잰 시간은 네트워크의 시간보다 길고, 있는 경로도 늦게 찾았을 수 \
        있습니다.";
    seen: [];
    You: "Run it again when the machine is less busy.", "컴퓨터가 덜 바쁠 때 다시 실행하십시오.";
}
InputLimited: Run, "" {
    title: "There was more than the tool takes; some was left out",
        "도구가 다룰 수 있는 것보다 많아서 일부를 제외했습니다";
    detail: "[Left out: {what} ({count}). ]The limits keep a run short whatever the network or the machine is like.",
        "[제외한 것: {what}, {count}개. ]네트워크나 컴퓨터가 어떻든 실행이 오래 걸리지 않도록 한도가 정해져 \
        있습니다.";
    seen: [];
    Nobody: "Nothing to do, unless what you look for is among what was left out.",
        "찾는 것이 제외된 것에 들어 있지 않다면 조치할 것이 없습니다.";
}
NewerRelease: Run, "" {
    title: "A record is of a newer release; what this one does not know was left out",
        "더 새로운 버전의 기록이어서 이 버전이 모르는 것은 제외했습니다";
    detail: "[{count} {count|observation|observations} of a newer release {count|was|were} left out. ]All others were \
        used.",
        "[제외한 관찰: {count}개. ]나머지는 모두 썼습니다.";
    seen: [];
    BothEnds: "Use the same release of rtc-doctor, best the latest.",
        "같은 버전의 rtc-doctor를, 되도록 최신 버전을 쓰십시오.";
}
NoSocket: Machine, "" {
    title: "This machine could open no socket for it", "이 시험에 쓸 소켓을 이 컴퓨터에서 열 수 없었습니다";
    detail: "The system refused a socket towards {server}[ ({reason})], so nothing was sent.",
        "{server}에 보낼 소켓을 시스템이 열어 주지 않아[ ({reason})] 아무것도 보내지 못했습니다.";
    seen: [];
    You: "Raise the limit of open files (ulimit -n), or end programs that hold many connections, and run it again.",
        "열 수 있는 파일 수의 제한을 늘리거나(ulimit -n) 연결을 많이 쓰는 프로그램을 끝낸 다음 다시 실행하십시오.";
}

} } }
