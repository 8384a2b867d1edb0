//! What became of the name of a server?

macro_rules! names { ($($before:tt)*) => { collect! { $($before)*

NameUnresolved: Names, "RFC 5928" {
    title: "No name of a server led to an address", "서버 이름에서 주소를 얻지 못했습니다";
    detail: "Nothing could be asked, since the DNS gave no address for any of the names. This machine itself has \
        addresses of this family.",
        "DNS에서 어떤 이름의 주소도 얻지 못하여 아무것도 물어볼 수 없었습니다. 이 컴퓨터 자체에는 이 주소 체계의 \
        주소가 있습니다.";
    seen: [];
    You: "See what is said of the names.", "이름에 대한 설명을 확인하십시오.";
}
NamesAllDenied: Names, "RFC 8020" {
    title: "The name server denies every name that was asked", "DNS 서버가 물어본 모든 이름이 없다고 합니다";
    detail: "Names of different owners were asked for, and the DNS says of all of them that they do not exist[: \
        {names}]. They are hardly all misspelt: this name server knows no names of the internet, or hides them.\
        [ This machine asks {resolver}.]",
        "서로 다른 소유자의 이름을 물어보았는데, DNS는 모두 존재하지 않는다고 합니다[: {names}]. 모두 철자가 틀렸을 \
        리는 없으므로, 이 DNS 서버는 인터넷의 이름을 모르거나 숨기고 있습니다.\
        [ 물어본 DNS 서버: {resolver}.]";
    seen: [NameDenied];
    NetworkTeam: "Let the name server resolve the names of the internet. Where it is meant to know only inner names, \
        say by which proxy calls are to go.",
        "DNS 서버가 인터넷의 이름을 풀 수 있게 하십시오. 내부 이름만 알게 되어 있다면, 통화가 어느 프록시를 거쳐야 \
        하는지 알려 주십시오.";
    You: "Set another name server, or leave the VPN or filter that brought this one, and run this again.",
        "다른 DNS 서버를 설정하거나 이 DNS 서버를 지정한 VPN이나 필터를 끈 다음 다시 실행하십시오.";
}
NameDoesNotExist: Names, "RFC 8020" {
    title: "The {name|name|names}[ {name}] {name|does|do} not exist", "DNS에 없는 이름입니다[: {name}]";
    detail: "The DNS says that {name} does not exist (NXDOMAIN), so {server} could not be asked.\
        [ This machine asks {resolver}.]",
        "DNS의 답에 따르면 {name}에 해당하는 이름은 존재하지 않습니다(NXDOMAIN). 그래서 {server}에 물어볼 수 \
        없었습니다.\
        [ 물어본 DNS 서버: {resolver}.]";
    seen: [NameDenied];
    You: "Check the spelling. If it is right, the record is missing, or your company's DNS hides it: compare with \
        what another name server says of {name}: dig NAME @9.9.9.9.",
        "철자를 확인하십시오. 철자가 맞으면 DNS 레코드가 없거나 회사의 DNS가 숨기고 있는 것입니다. 다음 명령의 \
        결과와 비교하십시오: dig NAME @9.9.9.9 (NAME: {name}).";
}
NameHasNoAddress: Names, "RFC 2308 §2.2" {
    title: "The {name|name|names}[ {name}] {name|has|have} no address", "이름[ {name}]에 등록된 주소가 없습니다";
    detail: "The name exists, but the DNS has neither an IPv4 (A) nor an IPv6 (AAAA) address for it.",
        "이름은 있지만 DNS에 IPv4(A) 주소도 IPv6(AAAA) 주소도 없습니다.";
    seen: [NameEmpty];
    ServerOperator as "Operator of the server", "서버 운영자": "Add an A or AAAA record for {name}.",
        "{name}에 A 또는 AAAA 레코드를 추가하십시오.";
    You: "Check that it is a host name and not a domain.", "도메인이 아니라 호스트 이름인지 확인하십시오.";
}
NameOnlyIpv6: Names, "" {
    title: "The {name|name|names}[ {name}] {name|has|have} only an IPv6 address, and this machine has no IPv6",
        "이름[ {name}]에는 IPv6 주소만 있고, 이 컴퓨터에는 IPv6가 없습니다";
    detail: "The DNS knows an IPv6 address for {name} and no IPv4 address. From here it cannot be reached.",
        "DNS에 {name}의 IPv6 주소는 있지만 IPv4 주소는 없습니다. 이곳에서는 연결할 수 없습니다.";
    seen: [];
    ServerOperator as "Operator of the server", "서버 운영자": "Add an IPv4 address (A record).",
        "IPv4 주소(A 레코드)를 추가하십시오.";
    You: "Use a network with IPv6.", "IPv6가 있는 네트워크를 쓰십시오.";
}
NameServerFailed: Names, "RFC 1035 §4.1.1" {
    title: "The DNS failed to look up a name[: {name}]", "DNS에서 이름[ {name}]의 주소를 찾지 못했습니다";
    detail: "Your name server answered with an error of its own (SERVFAIL)[: {reason}]. Often the domain's own \
        name servers are down, or its DNSSEC signatures are wrong.\
        [ This machine asks {resolver}.]",
        "DNS 서버가 자체 오류(SERVFAIL)로 응답했습니다[: {reason}]. 그 도메인의 DNS 서버가 멈추었거나 DNSSEC \
        서명이 잘못된 경우가 많습니다.\
        [ 물어본 DNS 서버: {resolver}.]";
    seen: [NameFailed];
    You: "Compare with what another name server says of {name}: dig NAME @9.9.9.9. If that works, tell \
        your network team; if not, tell the owner of the domain.",
        "다음 명령의 결과와 비교하십시오: dig NAME @9.9.9.9 (NAME: {name}). 그 명령이 성공하면 네트워크 \
        담당자에게, 실패하면 도메인 소유자에게 알리십시오.";
}
NameServerRefused: Names, "RFC 1035 §4.1.1" {
    title: "Your name server refuses to look up a name[: {name}]", "DNS 서버가 이름[ {name}]의 조회를 거부합니다";
    detail: "It answered REFUSED: it does not serve this machine, or it blocks this name by policy.[ This machine asks \
        {resolver}.]",
        "REFUSED로 응답했습니다. 이 컴퓨터에는 서비스하지 않거나, 정책으로 이 이름을 막고 있습니다.\
        [ 물어본 DNS 서버: {resolver}.]";
    seen: [NameRefused];
    You: "Ask your network team whether {name} is blocked, and check which name server this machine uses.",
        "{name}의 차단 여부를 네트워크 담당자에게 문의하고, 이 컴퓨터가 어느 DNS 서버를 쓰는지 확인하십시오.";
}
NameServerSilent: Names, "" {
    title: "The name server does not answer", "DNS 서버에서 응답이 없습니다";
    detail: "The question for {name} got no usable answer in time, so {server} could not be asked[: {reason}]. An answer \
        that does not fit its question, or comes from elsewhere, is no usable one either.[ This machine asks {resolver}.]",
        "{name}에 대한 질의에 쓸 수 있는 답이 제때 오지 않아서 {server}에 물어볼 수 없었습니다[: {reason}]. 질의와 맞지 \
        않거나 다른 곳에서 온 답도 쓸 수 없습니다.[ 물어본 DNS 서버: {resolver}.]";
    seen: [NameUnanswered];
    You: "Check the network connection and the name server in the settings (Linux: resolvectl status, or \
        /etc/resolv.conf).",
        "네트워크 연결과 설정의 DNS 서버를 확인하십시오(Linux: resolvectl status 또는 /etc/resolv.conf).";
    NetworkTeam: "UDP and TCP port 53 to it must be open.",
        "DNS 서버로 가는 UDP와 TCP 53번 포트가 열려 있어야 합니다.";
}
NameServerHalfSilent: Names, "RFC 1035 §4.2.1" {
    title: "The name server answers some questions and not others", "DNS 서버가 일부 질의에만 답합니다";
    detail: "It answered {received} of {sent} {sent|question|questions}; what was asked about {name} for {server} got no \
        answer in time. So it is there: questions or answers are lost on the way, or it limits how many it answers.\
        [ This machine asks {resolver}.]",
        "질의 {sent}개 가운데 {received}개에 답했지만, {server} 때문에 물어본 {name}에 대해서는 제때 답하지 \
        않았습니다. DNS 서버는 동작하고 있으므로, 오가는 길에서 질의나 답이 사라지거나 서버가 답하는 수를 제한하는 \
        것입니다.[ 물어본 DNS 서버: {resolver}.]";
    seen: [NameUnanswered];
    You: "Run this again. If it stays so, try another name server.",
        "다시 실행하십시오. 그래도 같으면 다른 DNS 서버를 써 보십시오.";
    NetworkTeam: "Look at the load and the rate limits of the name server, and at losses on the way to it.",
        "DNS 서버의 부하와 속도 제한, 그리고 서버까지의 패킷 손실을 살펴보십시오.";
}
NoNameServer: Names, "" {
    title: "This machine knows no name server", "이 컴퓨터에 설정된 DNS 서버가 없습니다";
    detail: "No name server is configured, so no name can be looked up; servers given by address still work.",
        "DNS 서버가 설정되어 있지 않아 어떤 이름도 찾을 수 없습니다. 주소로 지정한 서버에는 여전히 연결할 수 \
        있습니다.";
    seen: [];
    You: "Reconnect to the network so that it gives you one, or set one (Linux: /etc/resolv.conf).",
        "네트워크에 다시 연결하여 DNS 서버를 받거나 직접 설정하십시오(Linux: /etc/resolv.conf).";
}
NamesAllOneAddress: Names, "RFC 8020, RFC 7050" {
    title: "The name server says the same address for every name", "DNS 서버가 모든 이름에 같은 주소로 답합니다";
    detail: "It answers[ {address} for] {name}, and for a name whose addresses are the same in the whole world \
        (ipv4only.arpa) as well. So it does not tell where names lead: a log-in page, a filter or a wrong setting \
        answers. What was asked at that address says nothing of the servers.\
        [ This machine asks {resolver}.]",
        "DNS 서버가 {name}에 대해서도[ ({address})], 온 세상에서 주소가 같은 이름(ipv4only.arpa)에 대해서도 같은 \
        주소로 답합니다. 이름이 어디로 이어지는지 알려 주지 않는 것이므로 로그인 페이지나 필터, 잘못된 설정입니다. 그 \
        주소에 물어본 것으로는 서버에 대해 알 수 없습니다.\
        [ 물어본 DNS 서버: {resolver}.]";
    seen: [NameResolved];
    You: "Open a page in a browser and sign in where that is asked for; else set another name server.",
        "브라우저에서 페이지를 열어 로그인을 요구하면 로그인하고, 아니면 다른 DNS 서버를 설정하십시오.";
    NetworkTeam: "Look at what answers for the name server.", "DNS 서버 대신 답하는 것이 무엇인지 살펴보십시오.";
}
NameServerSlow: Names, "" {
    title: "The name server takes long to answer", "DNS 서버의 답이 느립니다";
    detail: "The answer for {name} took more than a second. Every call that begins with a name begins so much later.\
        [ This machine asks {resolver}.]",
        "{name}에 대한 답이 1초 넘게 걸렸습니다. 이름으로 시작하는 통화는 모두 그만큼 늦게 시작됩니다.\
        [ 물어본 DNS 서버: {resolver}.]";
    seen: [];
    You: "Try another name server.", "다른 DNS 서버를 써 보십시오.";
    NetworkTeam: "Look at the load of the name server, and at what it forwards to.",
        "DNS 서버의 부하와, 질의를 넘기는 곳을 살펴보십시오.";
}
NameServerDropsAaaa: Names, "RFC 4074 §4.1" {
    title: "The name server does not answer questions for IPv6 addresses",
        "DNS 서버가 IPv6 주소에 대한 질의에 답하지 않습니다";
    detail: "For {name} it told the IPv4 address at once, and to the question for an IPv6 one (AAAA) it said nothing. \
        Programs that wait for both begin seconds later.\
        [ This machine asks {resolver}.]",
        "{name}에 대해 IPv4 주소는 바로 알려 주었지만, IPv6 주소(AAAA)에 대한 질의에는 아무 말도 하지 않았습니다. 둘 \
        다 기다리는 프로그램은 몇 초 늦게 시작됩니다.\
        [ 물어본 DNS 서버: {resolver}.]";
    seen: [AaaaUnanswered];
    NetworkTeam: "Let the name server say that there is none (NOERROR without records) instead of keeping silent.",
        "DNS 서버가 침묵하지 말고 없다고 답하게 하십시오(레코드가 없는 NOERROR).";
    You: "Until then, use another name server.", "그때까지 다른 DNS 서버를 쓰십시오.";
}
NameSinkholed: Names, "RFC 1122 §3.2.1.3, RFC 6890" {
    title: "The {name|name|names}[ {name}] {name|leads|lead} to no server", "이름[ {name}]의 주소에는 서버가 없습니다";
    detail: "This machine's name server or its hosts file gives[ {address} for] this name, which is {leads}. No STUN or TURN server answers there. \
        That is how ad-blockers, parental controls and company filters hide a name, and what a setting leads to that \
        was never filled in.[ This machine asks {resolver}.]",
        "DNS 서버나 이 컴퓨터의 호스트 파일에 있는 주소가[ ({address})] {leads}입니다. 그곳에는 응답하는 STUN이나 TURN 서버가 없습니다. 광고 \
        차단기나 유해 사이트 차단, 회사의 필터가 이름을 감출 때 이렇게 하며, 채워 넣지 않은 설정도 이렇게 됩니다.\
        [ 물어본 DNS 서버: {resolver}.]";
    seen: [];
    You: "Allow {name} in the ad-blocker or filter of this network or machine, its hosts file included, or \
        compare with what another name server says of {name}: dig NAME @9.9.9.9. \
        If the server is meant to run at that address, start it.",
        "이 네트워크나 컴퓨터의 광고 차단기 또는 필터(호스트 파일 포함)에서 {name}에 해당하는 이름을 허용하거나, 다음 명령의 결과와 \
        비교하십시오: dig NAME @9.9.9.9 (NAME: {name}). 그 주소에서 서버가 돌아야 한다면 서버를 시작하십시오.";
}
NameLeadsInside: Names, "RFC 6950 §4" {
    title: "The {name|name|names}[ {name}] {name|leads|lead} into a network that this machine seems not to be in",
        "이름[ {name}]의 주소가 이 컴퓨터가 속하지 않은 것으로 보이는 네트워크 안의 주소입니다";
    detail: "The name server or this machine's hosts file gives[ {address} for] this name, an address inside a private network, and nothing there \
        answered. Either it tells those inside another address than those outside (split DNS), and this machine is \
        outside, or the server is down.\
        [ This machine asks {resolver}.]",
        "DNS 서버나 이 컴퓨터의 호스트 파일에 있는 주소가[ ({address})] 사설 네트워크 안의 주소이며, 그곳에서는 응답이 없었습니다. DNS 서버가 \
        안과 밖에 서로 다른 주소를 알려 주는데 이 컴퓨터가 밖에 있거나, 서버가 멈춘 것입니다.\
        [ 물어본 DNS 서버: {resolver}.]";
    seen: [];
    You: "Join the network or VPN that the server belongs to, or \
        compare with what another name server says of {name}: dig NAME @9.9.9.9.",
        "서버가 속한 네트워크나 VPN에 연결하거나, 다음 명령의 결과와 비교하십시오: dig NAME @9.9.9.9 (NAME: {name}).";
    NetworkTeam: "Let the name server give outside addresses to those who are outside.",
        "DNS 서버가 밖에 있는 컴퓨터에는 바깥 주소를 알려 주게 하십시오.";
}
NameIsPrivate: Names, "RFC 1918 §3" {
    title: "The {name|name|names}[ {name}] {name|leads|lead} to an address inside a private network", "이름[ {name}]의 주소가 사설 네트워크 안의 주소입니다";
    detail: "The DNS or this machine's hosts file gives[ {address} for] this name, which is a private or local address. Inside the right \
        network that is fine; elsewhere it is a log-in page, or a DNS answer meant for others. An address of \
        198.18.0.0/15 is a placeholder with which a local proxy program (the \"fake-IP\" mode of a VPN or proxy client) \
        answers DNS itself; it means something to that program's interface only, and UDP to it mostly dies.",
        "DNS나 이 컴퓨터의 호스트 파일에 있는 주소가[ ({address})] 사설 주소이거나 로컬 주소입니다. 해당 네트워크 안에서는 정상이지만, \
        다른 곳에서는 로그인 페이지이거나 다른 곳을 위한 DNS 응답입니다. 198.18.0.0/15의 주소는 로컬 프록시 \
        프로그램(VPN이나 프록시 클라이언트의 fake-IP 방식)이 직접 DNS에 답하는 자리표시입니다. 그 프로그램의 \
        인터페이스에서만 뜻이 있고, 그 주소로 보낸 UDP는 대부분 사라집니다.";
    seen: [NameResolved];
    You: "Check that this machine is in the network the server belongs to. Where the address is of 198.18.0.0/15, exempt the \
        name from the proxy program's fake-IP mode.",
        "이 컴퓨터가 서버가 속한 네트워크에 있는지 확인하십시오. 주소가 198.18.0.0/15에 속하면 프록시 프로그램의 fake-IP \
        방식에서 이 이름을 제외하십시오.";
}

} } }
