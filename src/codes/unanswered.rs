//! Why was something not asked, or why is what was asked unclear?

macro_rules! unanswered { ($($before:tt)*) => { collect! { $($before)*

NotAskedFor: Run, "" {
    title: "This test was not asked for", "이 시험은 요청되지 않았습니다";
    detail: "Some tests take minutes or annoy certain firewalls, so they run only where the command line asks for \
        them.",
        "어떤 시험은 몇 분이 걸리거나 일부 방화벽을 자극하므로, 명령줄에서 요청할 때만 실행합니다.";
    seen: [];
    You: "To measure how long an idle mapping lives: rtc-doctor check --lifetime. Leave --no-hairpin away to test \
        hairpinning.",
        "쓰지 않는 매핑이 얼마나 유지되는지 재려면 rtc-doctor check --lifetime을 실행하고, 헤어피닝을 시험하려면 \
        --no-hairpin을 빼십시오.";
}
CountersNotShown: Run, "RFC 4293" {
    title: "This system does not show what becomes of packets that come in",
        "이 시스템은 들어온 패킷이 어떻게 되는지 보여 주지 않습니다";
    detail: "Whether a firewall on this machine throws away what comes in cannot be asked here: that takes counts of the \
        packets received and of those given to programs, which Linux shows to every program.",
        "들어온 것을 이 컴퓨터의 방화벽이 버리는지 여기서는 알 수 없습니다. 받은 패킷 수와 프로그램에 전달된 패킷 수가 \
        필요한데, 이것을 모든 프로그램에 보여 주는 것은 Linux입니다.";
    seen: [];
    You: "Look into the log of this machine's own firewall, or turn it off for one run.",
        "이 컴퓨터 방화벽의 로그를 살펴보거나, 한 번만 방화벽을 끄고 실행해 보십시오.";
}
RouterNotAskable: Run, "RFC 6887 §8.1" {
    title: "The router cannot be asked here for its address outside",
        "여기서는 공유기에 바깥 주소를 물어볼 수 없습니다";
    detail: "The way out leads through a tunnel. What is behind it is none of the network here, and the router of the network \
        here translates nothing of what goes through the tunnel. So whether there is another NAT above the router is not \
        known.",
        "밖으로 나가는 길이 터널을 거칩니다. 터널 뒤는 이곳의 네트워크가 아니고, 이곳의 공유기는 터널을 거치는 것을 \
        변환하지 않습니다. 그래서 공유기 위에 NAT가 더 있는지는 알 수 없습니다.";
    seen: [];
    You: "Run this again without the VPN.", "VPN을 끄고 다시 실행하십시오.";
}
NoServer: Run, "" {
    title: "There was no server to ask", "물어볼 서버가 없었습니다";
    detail: "Nothing can be said of a network without a server on its far side that says from where it sees us.",
        "네트워크 바깥쪽에서 우리가 어디에서 보이는지 알려 주는 서버가 없으면 네트워크에 대해 아무것도 말할 수 \
        없습니다.";
    seen: [];
    You: "Name a server, as in rtc-doctor check stun:stun.example.org:3478, or run rtc-doctor without arguments to \
        use public ones.",
        "rtc-doctor check stun:stun.example.org:3478처럼 서버를 지정하거나, 인수 없이 rtc-doctor를 실행하여 공개 \
        서버를 쓰십시오.";
}
NoStunAnswer: Servers, "RFC 5780 §4.2" {
    title: "No STUN server answered over UDP", "UDP로 응답한 STUN 서버가 없습니다";
    plain: "No server answered the questions that were sent to it.", "보낸 질문에 응답한 서버가 없습니다.";
    detail: "How a NAT maps and filters is read from the answers to STUN requests over UDP. None came back, so it \
        is not known.",
        "NAT의 매핑과 필터링은 UDP로 보낸 STUN 요청의 응답에서 알아냅니다. 아무 응답도 오지 않아 알 수 없습니다.";
    seen: [];
    You: "See what is said of each server; try rtc-doctor without arguments, which asks servers of several \
        operators.",
        "각 서버에 대한 설명을 확인하십시오. 인수 없이 rtc-doctor를 실행하면 여러 운영자의 서버에 물어봅니다.";
}
NoAddressOfFamily: Reach, "" {
    title: "This machine has no address of this family", "이 컴퓨터에 이 주소 체계의 주소가 없습니다";
    detail: "No interface has an address of this family that leads out, so nothing of it could be tested.",
        "밖으로 나가는 이 주소 체계의 주소를 가진 인터페이스가 없어서 아무것도 시험할 수 없었습니다.";
    seen: [];
    Nobody: "Nothing to do, unless you expect this family here: then ask your network team why no address is given \
        out.",
        "이 주소 체계가 있어야 하는 곳이 아니라면 조치할 것이 없습니다. 있어야 한다면 왜 주소를 주지 않는지 \
        네트워크 담당자에게 문의하십시오.";
}
ServerOfOtherFamily: Servers, "RFC 8421" {
    title: "This machine has no {family} to reach {server} with",
        "{server}의 주소 체계({family})가 이 컴퓨터에는 없습니다";
    detail: "Nothing can be sent to {address} from here. Calls that count on this server go without it.",
        "이곳에서 {address}에는 아무것도 보낼 수 없습니다. 이 서버에 기대는 통화는 이 서버 없이 이루어집니다.";
    seen: [];
    ServerOperator as "Operator of the server", "서버 운영자": "Offer it over both families: IPv4 and IPv6.",
        "IPv4와 IPv6 두 주소 체계로 모두 제공하십시오.";
    You: "Use a network with this family, or a server that has both.",
        "이 주소 체계가 있는 네트워크나, 두 주소 체계를 모두 갖춘 서버를 쓰십시오.";
}
NoServerOfFamily: Servers, "" {
    title: "No server has an address of this family", "이 주소 체계의 주소를 가진 서버가 없습니다";
    detail: "This machine has an address of this family, but none of the servers does, so nothing of it could be \
        tested.",
        "이 컴퓨터에는 이 주소 체계의 주소가 있지만 서버에는 없어서 아무것도 시험할 수 없었습니다.";
    seen: [];
    You: "Name a server that has one, if you need to know.", "알아야 한다면 그런 주소가 있는 서버를 지정하십시오.";
}
NoOtherAddress: Servers, "RFC 5780 §7.4" {
    title: "The server has no second address to test with", "시험에 쓸 두 번째 주소가 서버에 없습니다";
    detail: "Filtering is measured by having a server answer from a second address. None of the servers that \
        answered offers one (OTHER-ADDRESS); many public STUN servers do not.",
        "필터링은 서버가 두 번째 주소에서 응답하게 하여 잽니다. 응답한 서버 가운데 두 번째 주소(OTHER-ADDRESS)를 \
        제공하는 서버가 없습니다. 많은 공개 STUN 서버가 그렇습니다.";
    seen: [];
    You: "Name a server that does RFC 5780, for example your own coturn with two addresses (from version 4.7 on \
        with --rfc5780).",
        "RFC 5780을 지원하는 서버를 지정하십시오. 예를 들면 주소가 두 개인 자신의 coturn입니다(4.7 버전부터는 \
        --rfc5780 필요).";
}
OtherAddressIsOwn: Servers, "RFC 5780 §7.4" {
    title: "The server's second address is its first one again", "서버의 두 번째 주소가 첫 번째 주소와 같습니다";
    detail: "The server offers a second address for behaviour tests, but it is the address that was asked. A test \
        with it could tell only ports apart, and would make a strict NAT look mild.",
        "서버가 동작 시험에 쓸 두 번째 주소를 제공하지만, 그것은 이미 물어본 주소입니다. 그 주소로는 포트의 차이만 \
        알 수 있어 엄격한 NAT가 느슨해 보이게 됩니다.";
    seen: [];
    StunOperator: "Give it two different IP addresses, or switch OTHER-ADDRESS off.",
        "서로 다른 IP 주소 두 개를 주거나 OTHER-ADDRESS를 끄십시오.";
    You: "Use another server.", "다른 서버를 쓰십시오.";
}
OtherAddressNotPublic: Servers, "RFC 5780 §7.4" {
    title: "The server's second address cannot be reached from here",
        "서버의 두 번째 주소에 이곳에서 닿을 수 없습니다";
    detail: "The server offers a second address that is private or otherwise not reachable from the internet, as \
        happens when it stands behind a NAT of its own.",
        "서버가 제공하는 두 번째 주소가 사설 주소이거나 인터넷에서 닿을 수 없는 주소입니다. 서버가 자신의 NAT 뒤에 \
        있을 때 흔히 그렇습니다.";
    seen: [];
    StunOperator: "Set the public addresses (coturn: external-ip, once for each address).",
        "공인 주소를 설정하십시오(coturn: 주소마다 external-ip 한 줄).";
    You: "Use another server.", "다른 서버를 쓰십시오.";
}
OtherAddressWrongFamily: Servers, "RFC 5780 §7.4" {
    title: "The server's second address is of the other IP version", "서버의 두 번째 주소가 다른 IP 버전입니다";
    detail: "The behaviour tests compare two addresses of one family. The server offers an IPv4 address to an IPv6 \
        client, or the other way round.",
        "동작 시험은 같은 주소 체계의 두 주소를 비교합니다. 서버가 IPv6 클라이언트에게 IPv4 주소를 주거나 그 \
        반대로 합니다.";
    seen: [];
    StunOperator: "Give it two addresses of each family.", "주소 체계마다 주소를 두 개씩 주십시오.";
    You: "Use another server.", "다른 서버를 쓰십시오.";
}
OtherAddressSilent: Servers, "RFC 5780 §4.4" {
    title: "The server's second address does not answer at all", "서버의 두 번째 주소에서 아무 응답이 없습니다";
    detail: "A direct request to the second address brought no answer, so silence in the filtering test would say \
        nothing of your network: that address is dead, or its firewall is closed.",
        "두 번째 주소로 직접 보낸 요청에 응답이 없었습니다. 그 주소가 죽었거나 방화벽이 닫혀 있는 것이므로, 필터링 \
        시험에서 응답이 없어도 사용자의 네트워크에 대해 말해 주는 것이 없습니다.";
    seen: [];
    StunOperator: "Open UDP 3478 and 3479 on both addresses.", "두 주소 모두에서 UDP 3478과 3479를 여십시오.";
    You: "Use another server.", "다른 서버를 쓰십시오.";
}
ChangeRequestIgnored: Servers, "RFC 5780 §7.2" {
    title: "The server does not change its address when it is asked to",
        "서버가 요청을 받고도 주소를 바꾸지 않습니다";
    detail: "It was asked to answer from its second address (CHANGE-REQUEST) and answered from the first one. To \
        believe such an answer would make every firewall look open.",
        "두 번째 주소에서 응답하라는 요청(CHANGE-REQUEST)을 받고 첫 번째 주소에서 응답했습니다. 그런 응답을 믿으면 \
        모든 방화벽이 열린 것처럼 보입니다.";
    seen: [];
    You: "Use a server that does RFC 5780.", "RFC 5780을 지원하는 서버를 쓰십시오.";
    StunOperator: "It must refuse what it cannot do (420).", "할 수 없는 요청은 거부해야 합니다(420).";
}
ChangeRequestRefused: Servers, "RFC 5780 §7.2" {
    title: "The server refuses to answer from another address", "서버가 다른 주소에서 응답하기를 거부합니다";
    detail: "It was asked to answer from its second address (CHANGE-REQUEST) and said that it does not do that. \
        This is honest, and says nothing bad of your network.",
        "두 번째 주소에서 응답하라는 요청(CHANGE-REQUEST)을 받고 지원하지 않는다고 응답했습니다. 정직한 응답이며, \
        사용자의 네트워크에 문제가 있다는 뜻은 아닙니다.";
    seen: [];
    You: "Name a server that does RFC 5780 as well, if you need to know the filtering.",
        "필터링을 알아야 한다면 RFC 5780을 지원하는 서버를 함께 지정하십시오.";
}
OneServerOnly: Run, "RFC 5780 §4.3" {
    title: "Only one server address answered, and this takes two",
        "서버 주소 하나만 응답했는데, 이 시험에는 두 개가 필요합니다";
    detail: "Whether a NAT keeps one public address towards every destination shows only when two different \
        addresses are asked from one socket.",
        "NAT가 모든 목적지에 하나의 공인 주소를 유지하는지는 소켓 하나로 서로 다른 두 주소에 물어보아야 알 수 \
        있습니다.";
    seen: [];
    You: "Name a second STUN server, at best of another operator.",
        "되도록 다른 운영자의 STUN 서버를 하나 더 지정하십시오.";
}
NoUsableInterface: Machine, "" {
    title: "This machine has no network connection", "이 컴퓨터가 네트워크에 연결되어 있지 않습니다";
    detail: "No network interface is up with an address that leads out, so nothing could be sent.",
        "밖으로 나가는 주소를 가진, 작동 중인 네트워크 인터페이스가 없어서 아무것도 보낼 수 없었습니다.";
    seen: [];
    You: "Connect to a network (cable, Wi-Fi, mobile) and run this again; rtc-doctor check --embedded works \
        without one.",
        "네트워크(유선, Wi-Fi, 모바일)에 연결한 다음 다시 실행하십시오. rtc-doctor check --embedded는 연결 없이도 \
        작동합니다.";
}
NoCredentials: Relays, "RFC 8656 §5" {
    title: "No user name and password were given for the TURN server",
        "TURN 서버의 사용자 이름과 암호가 주어지지 않았습니다";
    detail: "A TURN server relays only for those it knows. It was not asked to, since there was nothing to show \
        it.",
        "TURN 서버는 아는 사용자에게만 중계합니다. 보여 줄 인증 정보가 없어서 중계를 요청하지 않았습니다.";
    seen: [];
    You: "Add --user NAME with --password-file FILE, or --turn-secret-file FILE, or --ice-servers FILE.",
        "--user NAME과 --password-file FILE, 또는 --turn-secret-file FILE, 또는 --ice-servers FILE을 붙이십시오.";
}
DtlsNotSupported: Run, "RFC 7350" {
    title: "This tool does not speak DTLS to a TURN server", "이 도구는 TURN 서버와 DTLS로 통신하지 않습니다";
    detail: "The URI asks for turns: over UDP, which is DTLS. Browsers do not speak it to TURN servers either, so \
        the server may well be in order.",
        "URI가 UDP 위의 turns:, 곧 DTLS를 요구합니다. 브라우저도 TURN 서버와는 DTLS로 통신하지 않으므로, 서버에는 \
        문제가 없을 수 있습니다.";
    seen: [];
    You: "Test the same server with ?transport=tcp, which is TLS.",
        "같은 서버를 ?transport=tcp, 곧 TLS로 시험하십시오.";
}
Interrupted: Run, "" {
    title: "The run was interrupted before this was known", "이것을 알아내기 전에 실행이 중단되었습니다";
    detail: "You ended the run. What had been found out by then is in the report.",
        "사용자가 실행을 끝냈습니다. 그때까지 알아낸 것은 보고서에 있습니다.";
    seen: [];
    You: "Run it again and let it finish.", "다시 실행하여 끝날 때까지 기다리십시오.";
}
OutOfTime: Run, "" {
    title: "The time for the run was up before this was known", "이것을 알아내기 전에 실행 시간이 다 되었습니다";
    detail: "All tests share one time limit, and this one had not finished by then: the network is slow, loses \
        much, or a server is very slow to answer.",
        "모든 시험은 하나의 제한 시간을 함께 쓰는데, 이 시험은 그때까지 끝나지 않았습니다. 네트워크가 느리거나 \
        손실이 많거나, 어떤 서버의 응답이 아주 느립니다.";
    seen: [];
    You: "Run it again; a check may be given more time, as in rtc-doctor check --timeout 60.",
        "다시 실행하십시오. 검사에는 rtc-doctor check --timeout 60처럼 시간을 더 줄 수 있습니다.";
}
TooMuchLoss: Quality, "RFC 5780 §4" {
    title: "So many packets are lost that silence proves nothing",
        "패킷 손실이 많아, 응답이 없어도 증거가 되지 않습니다";
    detail: "Some answers did not come, and on this path that may be plain loss. The tool does not call a lost \
        packet a firewall.",
        "오지 않은 응답이 있는데, 이 경로에서는 단순한 손실일 수 있습니다. 이 도구는 패킷 손실을 방화벽 탓으로 \
        돌리지 않습니다.";
    seen: [];
    You: "Move closer to the Wi-Fi, use a cable, or stop other transfers; then run it again.",
        "Wi-Fi 공유기에 더 가까이 가거나 유선으로 연결하거나 다른 전송을 멈춘 다음 다시 실행하십시오.";
}
ControlFailed: Quality, "" {
    title: "The counter-check got no answer either", "확인용 요청에도 응답이 없었습니다";
    detail: "Every silence is checked by a request that must be answered if the server lives. That one got no \
        answer, so it may be the server that is silent rather than your network that blocks.",
        "응답이 없을 때마다, 서버가 살아 있다면 반드시 응답할 요청을 보내 확인합니다. 그 요청에도 응답이 \
        없었으므로, 네트워크가 막는 것이 아니라 서버가 응답하지 않는 것일 수 있습니다.";
    seen: [];
    You: "Run it again, or name servers of another operator as well.",
        "다시 실행하거나 다른 운영자의 서버도 지정하십시오.";
}
MappingMoved: Nat, "RFC 4787 §4.3" {
    title: "The NAT changed its mapping during the test", "시험하는 동안 NAT의 매핑이 바뀌었습니다";
    detail: "The same socket was seen under two public addresses one after the other, towards the same server. \
        That is a NAT that forgot or moved a mapping, not one that maps by destination.",
        "같은 소켓이 같은 서버에서 차례로 두 개의 공인 주소로 보였습니다. 목적지에 따라 매핑하는 NAT가 아니라, \
        매핑을 잊었거나 옮긴 NAT입니다.";
    seen: [];
    You: "Run it again. If it stays so, ask your network team whether the NAT is overloaded or its UDP timeout is \
        below two minutes.",
        "다시 실행하십시오. 계속 그렇다면 NAT가 과부하인지, UDP 제한 시간이 2분보다 짧은지 네트워크 담당자에게 \
        문의하십시오.";
}
ContradictoryAnswers: Nat, "RFC 5780 §4" {
    title: "The answers contradict each other", "응답이 서로 모순됩니다";
    detail: "Repeating one and the same question brought different results: the network changes while it is \
        measured, or a server does not tell the truth.",
        "똑같은 질문을 되풀이했는데 결과가 달랐습니다. 측정하는 동안 네트워크가 바뀌었거나, 어떤 서버가 사실과 \
        다르게 응답했습니다.";
    seen: [];
    You: "Run it again, with servers of another operator if it stays so.",
        "다시 실행하고, 계속 그렇다면 다른 운영자의 서버로 실행하십시오.";
}
PortPreservedAfterExpiry: Nat, "RFC 5780 §4.6" {
    title: "Whether the mapping expired cannot be seen here", "여기서는 매핑이 만료되었는지 알 수 없습니다";
    detail: "This NAT gives a socket the same public port again, so a mapping that expired and came back looks \
        like one that lived on.",
        "이 NAT는 소켓에 같은 공인 포트를 다시 줍니다. 그래서 만료되었다가 다시 생긴 매핑이 계속 유지된 매핑처럼 \
        보입니다.";
    seen: [];
    Nobody: "Nothing to do. A server that does RESPONSE-PORT could tell the two apart.",
        "조치할 것이 없습니다. RESPONSE-PORT를 지원하는 서버라면 둘을 구별할 수 있습니다.";
}
ServersDisagree: Nat, "RFC 4787 §4.1" {
    title: "Two servers see this machine at different public addresses",
        "두 서버에서 이 컴퓨터가 서로 다른 공인 주소로 보입니다";
    detail: "Each of them saw all sockets at one address of its own[: {public}]. One may stand behind a proxy or a \
        load balancer that hides its clients, or this network leaves by another line, and another port, to each. \
        What the NAT here does is not known.",
        "두 서버는 각각 모든 소켓을 저마다 하나의 주소에서 보았습니다[: {public}]. 한 서버가 클라이언트를 가리는 \
        프록시나 로드 밸런서 뒤에 있거나, 이 네트워크가 서버마다 다른 회선으로 나가는 것입니다. 이곳의 NAT가 어떻게 \
        동작하는지는 알 수 없습니다.";
    seen: [BindingAnswered];
    You: "Name a third STUN server, of another operator.", "다른 운영자의 STUN 서버를 하나 더 지정하십시오.";
    ServerOperator: "See whether a proxy or a load balancer in front of the server hides its clients' addresses.",
        "서버 앞의 프록시나 로드 밸런서가 클라이언트의 주소를 가리는지 확인하십시오.";
}
OnlyNotEndpointIndependent: Nat, "RFC 4787 §4.1" {
    title: "Your NAT changes the public port from server to server; by what rule is not known",
        "NAT가 서버마다 공인 포트를 바꾸지만, 그 규칙은 알 수 없습니다";
    detail: "Two servers saw one socket under two public ports, so the mapping is not endpoint-independent. \
        Whether it depends on the address alone or on the port too takes a server with a second port to tell; for \
        nearly all peers both mean the same.",
        "두 서버에서 하나의 소켓이 서로 다른 공인 포트로 보였으므로 매핑은 엔드포인트 독립적이 아닙니다. 주소에만 \
        의존하는지 포트에도 의존하는지는 포트가 하나 더 있는 서버라야 알 수 있습니다. 거의 모든 상대방에게는 어느 \
        쪽이든 결과가 같습니다.";
    seen: [];
    You: "Name a STUN server that does RFC 5780 to know it exactly.",
        "정확히 알려면 RFC 5780을 지원하는 STUN 서버를 지정하십시오.";
}
TooFewSockets: Run, "" {
    title: "Too few sockets were answered to tell", "응답을 받은 소켓이 너무 적어 알 수 없습니다";
    detail: "A pattern over several sockets was looked for, and only one of them was answered.",
        "여러 소켓에 걸친 규칙을 찾으려 했지만, 응답을 받은 소켓이 하나뿐이었습니다.";
    seen: [];
    You: "Run the check again; if it stays so, name further STUN servers.",
        "다시 검사하십시오. 계속 그렇다면 STUN 서버를 더 지정하십시오.";
}
ReverseStateDecides: Nat, "RFC 4787 §5" {
    title: "It depends on a detail of the NATs that no test from here shows",
        "이곳의 시험으로는 드러나지 않는 NAT의 세부 동작에 달려 있습니다";
    detail: "Where a NAT changes the port from peer to peer and yet lets everybody in, a call goes direct only if \
        an incoming packet makes the NAT answer from the same port.",
        "상대방마다 포트를 바꾸면서도 누구나 들여보내는 NAT에서는, 들어온 패킷에 NAT가 같은 포트로 응답하게 되는 \
        경우에만 통화가 직접 연결됩니다.";
    seen: [];
    You: "Have a TURN server ready, and test with the real peer.",
        "TURN 서버를 준비해 두고 실제 상대방과 시험하십시오.";
}
RelayNotTested: Relays, "RFC 8656 §2" {
    title: "A call from here needs a relay, and no relay was tested",
        "이곳의 통화에는 중계 서버가 필요한데, 시험한 중계 서버가 없습니다";
    plain: "A relay server would have to carry the call, and none was given to be tested.",
        "중계 서버가 통화를 날라야 하는데, 시험할 중계 서버가 주어지지 않았습니다.";
    detail: "Direct connections to a typical home network will fail from here, so calls depend on a TURN server. \
        None was named, so whether they work at all is not known.",
        "이곳에서는 일반 가정의 네트워크와 직접 연결되지 않으므로 통화가 TURN 서버에 달려 있습니다. TURN 서버를 \
        지정하지 않아 통화가 되는지 알 수 없습니다.";
    seen: [];
    You: "Run the check again with your TURN servers, as in rtc-doctor check turn:turn.example.org --user NAME \
        --password-file FILE, or with --ice-servers.",
        "rtc-doctor check turn:turn.example.org --user NAME --password-file FILE처럼, 또는 --ice-servers로 TURN \
        서버를 지정하여 다시 검사하십시오.";
}
NothingAnswers: Reach, "RFC 1122 §3.2.2.1" {
    title: "Nothing that was asked answers", "물어본 어느 것에서도 응답이 없습니다";
    detail: "No server answered, neither over UDP nor by taking a connection, and none of them refused. That all are down at \
        once is less likely than something on this side that lets nothing through: no way to the internet, a sign-in page \
        that waits in a browser, a firewall of this network or of this machine.",
        "UDP로도 연결로도 응답한 서버가 없었고, 거절한 서버도 없었습니다. 모든 서버가 한꺼번에 멈추었다기보다는 이쪽에서 \
        아무것도 통과시키지 않을 가능성이 큽니다. 인터넷으로 나가는 길이 없거나, 브라우저에서 로그인 페이지가 기다리고 \
        있거나, 이 네트워크나 이 컴퓨터의 방화벽이 막고 있을 수 있습니다.";
    seen: [Silence];
    You: "Open any page in a browser: if one asks you to sign in, do so and ask again. See whether another machine here fares \
        better.",
        "브라우저에서 아무 페이지나 열어 보십시오. 로그인을 요구하면 로그인한 다음 다시 시험하십시오. 이곳의 다른 컴퓨터는 \
        되는지도 확인하십시오.";
    NetworkTeam: "See whether this machine may speak to the internet at all, with UDP and with TCP.",
        "이 컴퓨터가 UDP와 TCP로 인터넷과 통신할 수 있는지 확인하십시오.";
}

} } }
