//! What did a STUN or TURN server do when it was asked?

macro_rules! servers { ($($before:tt)*) => { collect! { $($before)*

ServerHalfSilent: Servers, "RFC 8489 §6.2.1" {
    title: "{server} {server|answers|answer} some requests and not others",
        "{server}에서 어떤 요청에는 응답하고 어떤 요청에는 응답하지 않습니다";
    detail: "Something was answered over {transport} by {address}, so that host and port are right; then other requests \
        were repeated there and got no answer. The server stopped, or a limit or a ban before it shuts this machine out, \
        or something on the way drops such requests.",
        "{address}에서 {transport}로 응답이 왔으므로 호스트와 포트는 맞습니다. 그런데 되풀이해서 보낸 다른 요청에는 응답이 \
        없었습니다. 서버가 멈추었거나, 서버 앞의 제한이나 차단이 이 컴퓨터를 막고 있거나, 도중의 무언가가 그런 요청을 \
        버리고 있습니다.";
    seen: [Silence, Heard];
    You: "Run it again in a few minutes, and from another network.", "몇 분 뒤에, 그리고 다른 네트워크에서 다시 실행하십시오.";
    ServerOperator: "Look for this machine's public address in the server's log and in its bans and limits (fail2ban, rate \
        limits of a firewall or a balancer).",
        "서버의 로그와 차단, 제한(fail2ban, 방화벽이나 로드 밸런서의 속도 제한)에서 이 컴퓨터의 공인 주소를 찾아보십시오.";
}
ServerSilent: Servers, "RFC 8489 §6.2.1" {
    title: "{server} {server|does|do} not answer", "{server}에서 응답이 없습니다";
    detail: "Requests over {transport} to {address} were repeated and got no answer. The server is down, the port \
        is wrong, or a firewall drops the packets without a word.[ {from} had sent us on to this address (300, alternate-server), which has to take {transport} too.]",
        "{address}에 {transport}로 요청을 되풀이해서 보냈지만 응답이 없었습니다. 서버가 멈추었거나, 포트가 \
        틀렸거나, 방화벽이 패킷을 말없이 버리고 있습니다.[ {from}에서 이 주소로 가라고 했으므로(300, alternate-server), 이 주소에서 {transport}도 받아야 합니다.]";
    seen: [Silence];
    You: "Check host and port.", "호스트와 포트를 확인하십시오.";
    ServerOperator: "Check that the server runs and that its firewall is open (UDP and TCP 3478, TLS 5349 or 443). A \
        container publishes each protocol by itself: 3478:3478/udp beside 3478:3478.",
        "서버가 작동하는지, 방화벽이 열려 있는지(UDP와 TCP 3478, TLS 5349 또는 443) 확인하십시오. 컨테이너는 \
        프로토콜마다 포트를 따로 공개합니다(3478:3478과 3478:3478/udp).";
}
StunNotOffered: Servers, "RFC 8489 §3" {
    title: "{server} {server|answers|answer} TURN, but no STUN", "{server}에서 TURN에는 응답하지만 STUN에는 응답하지 않습니다";
    detail: "A request for an allocation to {address} was answered, and Binding requests to the same address and port \
        were not, however often they were repeated. So STUN is switched off there: it is a TURN server only. An agent \
        learns its public address from TURN's answers as well.",
        "{address}에 보낸 할당 요청에는 응답이 왔지만, 같은 주소와 포트에 되풀이해서 보낸 Binding 요청에는 응답이 \
        없었습니다. 그곳에는 STUN이 꺼져 있고, TURN 서버일 뿐입니다. 에이전트는 TURN의 응답에서도 자신의 공인 주소를 \
        알 수 있습니다.";
    seen: [Silence, TurnAnswered];
    ServerOperator: "Switch STUN on (coturn: remove no-stun), or list the server as turn: alone.",
        "STUN을 켜거나(coturn: no-stun 제거), 서버를 turn:으로만 지정하십시오.";
}
ServerAnswersLate: Servers, "RFC 8489 §6.2.1" {
    title: "{server} {server|takes|take} long to answer", "{server}의 응답이 늦습니다";
    detail: "Its first answer came[ {time}] after the last request, more than a second late. The server, or the line to it, \
        is overloaded. Calls that ask it begin so much later, and clients that wait less hear nothing.",
        "첫 응답이 마지막 요청을 보내고[ {time} 뒤,] 1초 넘게 늦게 왔습니다. 서버나 서버까지의 회선에 부하가 지나칩니다. 이 \
        서버에 묻는 통화는 그만큼 늦게 시작되고, 덜 기다리는 클라이언트는 응답을 듣지 못합니다.";
    seen: [AnsweredLate];
    ServerOperator: "Look at the server's load.", "서버의 부하를 살펴보십시오.";
    You: "Run it again; if other servers are quick from here, it is this server.",
        "다시 실행하십시오. 이곳에서 다른 서버는 빠르다면 이 서버의 문제입니다.";
}
ServerUdpSilent: Reach, "RFC 8489 §6.2.1" {
    title: "No answer over UDP from {server}, while TCP or TLS is answered",
        "{server}에서 TCP나 TLS로는 응답하지만 UDP로는 응답하지 않습니다";
    detail: "The {address|server|servers} at {address} {address|runs|run}, and repeated requests over UDP got no \
        answer. Either its UDP port is closed or was never published (a container, a load balancer that passes TCP \
        alone, the server's firewall), or this network lets no UDP through. One server cannot tell the two apart; a \
        second one of another operator does.",
        "{address}의 서버는 작동하지만, UDP로 되풀이해서 보낸 요청에는 응답이 없었습니다. 서버의 UDP 포트가 닫혀 \
        있거나 공개되지 않았거나(컨테이너, TCP만 전달하는 로드 밸런서, 서버의 방화벽), 이 네트워크가 UDP를 \
        통과시키지 않는 것입니다. 서버 하나로는 둘을 구별할 수 없고, 다른 운영자의 서버를 하나 더 지정하면 알 수 \
        있습니다.";
    seen: [Silence, StunOverStream];
    You: "Name a second server, as in rtc-doctor check stun:stun.example.org, or run rtc-doctor without arguments.",
        "rtc-doctor check stun:stun.example.org처럼 서버를 하나 더 지정하거나, 인수 없이 rtc-doctor를 실행하십시오.";
    ServerOperator: "Publish the port for UDP as well (docker: 3478:3478/udp), and open it in the firewall.",
        "포트를 UDP로도 공개하고(docker: 3478:3478/udp) 방화벽에서 여십시오.";
}
ServerBehindSameNat: Servers, "RFC 4787 §6" {
    title: "{server} {server|has|have} this network's own public address", "{server}의 주소가 이 네트워크의 공인 주소입니다";
    detail: "Servers outside see this machine at the very address of {server}, so it stands behind the same NAT. Nothing \
        came back from it, as where the NAT does not send packets for its own outer address back inside (NAT \
        loopback). Clients outside may well reach it.",
        "밖의 서버들에 보이는 이 컴퓨터의 주소가 {server}의 주소와 같습니다. 서버가 같은 NAT 뒤에 있다는 뜻입니다. \
        서버에서 아무것도 돌아오지 않았습니다. NAT가 자신의 바깥 주소로 보낸 패킷을 안으로 되돌려 보내지 않는(NAT \
        루프백 없음) 경우입니다. 밖의 클라이언트에서는 연결될 수 있습니다.";
    seen: [];
    You: "Test it from another network, or give its inner address here (a name that leads to that inside).",
        "다른 네트워크에서 시험하거나, 이곳에서는 내부 주소를 지정하십시오(안에서 그 주소를 알려 주는 이름도 됩니다).";
    NetworkTeam: "Switch NAT loopback on in the router.", "공유기에서 NAT 루프백을 켜십시오.";
}
ServerOffDefaultRoute: Servers, "RFC 8828 §5.2" {
    title: "{server} {server|is|are} not reached by the default route", "{server}까지 기본 경로로 가지 않습니다";
    detail: "The way to it leads through {interface}, and the default route of this machine does not. A browser sends from \
        the address of the default route alone before it has permission for the camera or microphone, or where its policy \
        says so: then it never reaches this server, and with permission it does.",
        "이 서버로 가는 길은 {interface}에 있고, 이 컴퓨터의 기본 경로는 다른 인터페이스에 있습니다. 브라우저는 카메라나 \
        마이크 사용을 허락받기 전이나 정책이 그럴 때 기본 경로의 주소에서만 보내므로 이 서버에 닿지 못하고, 허락을 받으면 \
        닿습니다.";
    seen: [];
    You: "Ask for the camera or microphone before the call is set up, or reach the server by the default route.",
        "통화를 준비하기 전에 카메라나 마이크 사용을 요청하거나, 서버에 기본 경로로 닿게 하십시오.";
}
ServerRefusedConnection: Servers, "" {
    title: "{server} {server|is|are} there, but nothing listens on that port",
        "{server}까지 닿지만, 그 포트에서 기다리는 프로그램이 없습니다";
    detail: "The {address|machine|machines} at {address} refused the connection over {transport}: no server runs on \
        this port, or a firewall refuses in its name.[ {from} had sent us on to this address (300, alternate-server), \
        which has to take {transport} too.]",
        "{address}의 컴퓨터가 {transport} 연결을 거부했습니다. 이 포트에서 작동하는 서버가 없거나, 방화벽이 대신 \
        거부하고 있습니다.[ {from}에서 이 주소로 가라고 했으므로(300, alternate-server), 이 주소에서 {transport}도 받아야 합니다.]";
    seen: [ConnectionRefused];
    You: "Check the port in the URI.", "URI의 포트를 확인하십시오.";
    ServerOperator: "Start the server, and check its listening ports (3478 for UDP and TCP, 5349 for TLS unless \
        set otherwise).",
        "서버를 시작하고 수신 포트를 확인하십시오(따로 설정하지 않으면 UDP와 TCP는 3478, TLS는 5349).";
}
PoolMemberDead: Servers, "" {
    title: "Not every address behind one name answers[: {name}]",
        "이름 하나에 있는 주소 가운데 응답하지 않는 것이 있습니다[: {name}]";
    detail: "The name leads to several addresses[: {count}]. The others answered the same question, so it is \
        neither the network nor the name[; not reached: {address}]. Calls that happen upon such an address wait \
        for nothing.",
        "이름에 주소가 여러 개 있습니다[: {count}개]. 다른 주소에서는 같은 질문에 응답이 있었으므로 네트워크나 이름의 \
        문제가 아닙니다[. 닿지 않은 주소: {address}]. 그런 주소를 고른 통화는 헛되이 기다리게 됩니다.";
    seen: [];
    ServerOperator: "Start the server at that address again, or take the address out of the DNS.",
        "그 주소의 서버를 다시 시작하거나, DNS에서 그 주소를 빼십시오.";
}
ServerUnreachable: Servers, "" {
    title: "There is no way to {server}", "{server}까지 가는 길이 없습니다";
    detail: "The system or a router on the way said that {address} cannot be reached[: {reason}].[ {from} had sent us on to this address (300, alternate-server), which has to take {transport} too.]",
        "시스템이나 도중의 라우터에 따르면 {address}에는 닿을 수 없습니다[: {reason}].[ {from}에서 이 주소로 가라고 했으므로(300, alternate-server), 이 주소에서 {transport}도 받아야 합니다.]";
    seen: [SaidUnreachable];
    You: "Check the network connection, and the VPN where the server is inside a company.",
        "네트워크 연결을 확인하고, 서버가 회사 안에 있다면 VPN도 확인하십시오.";
    NetworkTeam: "Check the route and the firewall to this address.",
        "이 주소로 가는 경로와 방화벽을 확인하십시오.";
    ServerOperator: "Check that the host of this address runs, and whatever sends clients to it (alternate-server, DNS).",
        "이 주소의 호스트가 작동하는지, 그리고 클라이언트를 그리로 보내는 것(alternate-server, DNS)을 확인하십시오.";
}
ServerConnectionTimedOut: Servers, "" {
    title: "A connection to {server} {server|does|do} not come about", "{server}에 연결이 이루어지지 않습니다";
    detail: "Nothing answered the attempt to connect to {address} over {transport}: the host is down, or a \
        firewall drops such packets without a word.[ {from} had sent us on to this address (300, alternate-server), which has to take {transport} too.]",
        "{address}에 {transport}로 연결을 시도했지만 아무 응답이 없었습니다. 호스트가 멈추었거나, 방화벽이 그런 \
        패킷을 말없이 버리고 있습니다.[ {from}에서 이 주소로 가라고 했으므로(300, alternate-server), 이 주소에서 {transport}도 받아야 합니다.]";
    seen: [ConnectionTimedOut];
    You: "Check host and port.", "호스트와 포트를 확인하십시오.";
    NetworkTeam: "Allow outbound TCP to this port.", "이 포트로 나가는 TCP를 허용하십시오.";
    ServerOperator: "Check the server's firewall.", "서버의 방화벽을 확인하십시오.";
}
ServerClosed: Servers, "RFC 8489 §6.2.2" {
    title: "{server} hung up in the middle", "{server}에서 연결을 도중에 끊었습니다";
    detail: "The connection over {transport} was accepted and then ended before an answer was complete. Often a \
        load balancer or a proxy in front of the server does not know STUN, or the server is being restarted.",
        "{transport}로 연결되었지만 응답이 끝나기 전에 끊겼습니다. 서버 앞의 로드 밸런서나 프록시가 STUN을 \
        모르거나, 서버가 다시 시작되는 중인 경우가 많습니다.";
    seen: [StreamEnded];
    ServerOperator: "Check the server's log, and pass TCP through the load balancer unchanged.",
        "서버의 로그를 확인하고, 로드 밸런서가 TCP를 그대로 전달하게 하십시오.";
}
BindingRefused: Servers, "RFC 8489 §12" {
    title: "{server} {server|answers, and refuses|answer, and refuse} a plain STUN request",
        "{server}에서 응답하지만, 평범한 STUN 요청을 거부합니다";
    detail: "{server|It|They} answered {code}[ \"{reason}\"] to a Binding request. A STUN server answers such requests \
        from anybody; one that asks for credentials is meant for TURN alone.",
        "Binding 요청에 대한 응답: {code}[ \"{reason}\"]. STUN 서버는 누구의 요청에나 응답합니다. 인증 정보를 \
        요구하는 서버는 TURN 전용입니다.";
    seen: [Refused];
    You: "Use another STUN server.", "다른 STUN 서버를 쓰십시오.";
    ServerOperator: "Allow Binding requests without credentials (coturn: no secure-stun).",
        "인증 정보가 없는 Binding 요청을 허용하십시오(coturn: secure-stun 제거).";
}
NotStun: Servers, "RFC 8489 §5" {
    title: "What answers at {server} {server|is|are} not a STUN or TURN server",
        "{server}에서 응답하는 것이 STUN이나 TURN 서버가 아닙니다";
    detail: "The answer from {address} is not STUN[; it begins with \"{reason}\"]. The port belongs to another \
        service, or a proxy or log-in page answers in the server's place. Where it is HTTP, the name mostly leads to a \
        web server or to the web proxy of a CDN (content delivery network), which carries no TURN whatever the port.",
        "{address}의 응답이 STUN이 아닙니다[. 응답의 첫 부분: \"{reason}\"]. 다른 서비스의 포트이거나, 프록시나 \
        로그인 페이지가 서버 대신 응답하고 있습니다. HTTP라면 이름이 웹 서버나, 어떤 포트로도 TURN을 전달하지 \
        않는 CDN의 웹 프록시로 이어지는 경우가 대부분입니다.";
    seen: [Odd];
    You: "Check host and port; web servers are often on 443, TURN on 3478 or 5349.",
        "호스트와 포트를 확인하십시오. 웹 서버는 흔히 443을, TURN은 3478이나 5349를 씁니다.";
    ServerOperator: "Let the DNS record of the TURN server point at the server itself, past the CDN (\"DNS only\").",
        "TURN 서버의 DNS 레코드가 CDN을 거치지 않고 서버 자체를 가리키게 하십시오(\"DNS only\").";
}
AnswersFromElsewhere: Servers, "RFC 8489 §6.3.1.2" {
    title: "{server} {server|answers|answer} from an address that was not asked", "{server}의 응답이 물어보지 않은 주소에서 옵니다";
    detail: "The answer came from elsewhere[: asked was {address}, answered has {from}]. NATs drop such answers, \
        so the server works for some clients only.",
        "응답이 다른 곳에서 왔습니다[. 물어본 주소: {address}, 응답한 주소: {from}]. NAT는 그런 응답을 버리므로, \
        일부 클라이언트만 이 서버를 쓸 수 있습니다.";
    seen: [Odd];
    ServerOperator: "Bind the server to its public address instead of to all addresses (coturn: listening-ip), so \
        that it answers from where it was asked.",
        "요청을 받은 주소에서 응답하도록, 서버를 모든 주소가 아니라 공인 주소에 바인드하십시오(coturn: \
        listening-ip).";
}
MalformedAnswers: Servers, "RFC 8489 §6.3" {
    title: "{server} {server|sends|send} answers that break the rules of STUN", "{server}의 응답이 STUN 규칙에 어긋납니다";
    detail: "Its answers could not be read in full[: {reason}]. The server has a fault, or a device on the way \
        damages the packets.",
        "응답을 온전히 읽을 수 없었습니다[: {reason}]. 서버에 결함이 있거나, 도중의 장비가 패킷을 손상시키고 \
        있습니다.";
    seen: [Odd];
    ServerOperator: "Update the server.", "서버를 업데이트하십시오.";
    You: "Compare with another network, to tell the server from the way to it.",
        "서버 때문인지 경로 때문인지 알 수 있도록 다른 네트워크와 비교하십시오.";
}
ConflictingAnswers: Servers, "RFC 8489 §6.3.3" {
    title: "{server} answered one question in two ways", "{server}에서 한 질문에 두 가지로 응답했습니다";
    detail: "Two different answers came to one request and its repeats. A server that refuses a repeat (437) although \
        it is granting the first copy does that, and so does a load balancer that copies packets, or someone who \
        forges answers. Of a refusal and a grant the grant was used, else the first.",
        "요청 하나와 그것을 되풀이한 것에 서로 다른 두 응답이 왔습니다. 첫 요청을 받아들이면서도 되풀이한 것은 \
        거부하는(437) 서버이거나, 패킷을 복사하는 로드 밸런서나 응답을 위조하는 누군가가 있을 때 그렇습니다. 거부와 \
        허락 가운데에는 허락을, 그 밖에는 첫 번째 것을 썼습니다.";
    seen: [Odd];
    ServerOperator: "Answer a repeated request as the first one was answered (RFC 8489 §6.3.1), and look for duplicated \
        packets or two servers on one address.",
        "되풀이된 요청에는 첫 요청과 똑같이 응답하고(RFC 8489 §6.3.1), 중복된 패킷이 있는지, 한 주소에 서버가 두 대 \
        있는지 확인하십시오.";
}
IntegrityFailed: Servers, "RFC 8489 §14.5" {
    title: "The {server|answer|answers} of {server} {server|is|are} not signed with your password",
        "{server}의 응답이 사용자의 암호로 서명되지 않았습니다";
    detail: "The signature of the answer (MESSAGE-INTEGRITY) does not fit: the password is wrong, or something on \
        the way changes the packets.",
        "응답의 서명(MESSAGE-INTEGRITY)이 맞지 않습니다. 암호가 틀렸거나, 도중의 무언가가 패킷을 바꾸고 있습니다.";
    seen: [Odd];
    You: "Check the password. If it is right, try from another network or over TLS (turns:).",
        "암호를 확인하십시오. 맞다면 다른 네트워크에서, 또는 TLS(turns:)로 시도하십시오.";
}
ClassicServer: Servers, "RFC 8489 §11" {
    title: "{server} {server|speaks|speak} the STUN of 2003", "{server}에서 2003년의 STUN을 씁니다";
    detail: "It answers in the form of RFC 3489, without the masked address that protects against meddling \
        devices. It can be used, with less certainty.",
        "RFC 3489 형식으로 응답하며, 주소를 고쳐 쓰는 장비를 막아 주는 가려진 주소가 없습니다. 쓸 수는 있지만 \
        확실성이 떨어집니다.";
    seen: [Odd];
    ServerOperator: "Replace the server by one that does RFC 8489, for example coturn.",
        "서버를 coturn처럼 RFC 8489를 지원하는 것으로 바꾸십시오.";
}
DisagreesWithOthers: Servers, "" {
    title: "{server} {server|sees|see} another public address than all the others do",
        "{server}에서만 다른 공인 주소를 보았습니다";
    detail: "It reports {address}, and the other servers agree on something else. It may stand in another network, \
        or its answers are wrong; its word was not used for the verdict.",
        "이 서버가 알려 준 주소: {address}. 다른 서버들은 모두 이와 다른 주소를 알려 주었습니다. 이 서버가 다른 \
        네트워크에 있거나 응답이 잘못된 것일 수 있어서, 판정에는 쓰지 않았습니다.";
    seen: [BindingAnswered];
    You: "Use another server.", "다른 서버를 쓰십시오.";
    ServerOperator: "Check for a proxy or a NAT in front of the server.",
        "서버 앞에 프록시나 NAT가 있는지 확인하십시오.";
}

} } }
