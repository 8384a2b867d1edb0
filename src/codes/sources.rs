//! What is it with the service that an application has its ICE servers from?

macro_rules! sources { ($($before:tt)*) => { collect! { $($before)*

SourceWorks: Configuration, "" {
    title: "The source of the ICE servers works", "ICE 서버를 주는 곳이 작동합니다";
    detail: "{server} {server|offers|offer} {count} {count|server|servers}.", "{server}에서 서버 {count}개를 받았습니다.";
    seen: [];
    Nobody: "Nothing to do.", "조치할 것이 없습니다.";
}
SourceUnreachable: Configuration, "" {
    title: "The source of the ICE servers cannot be reached", "ICE 서버를 주는 곳에 연결되지 않습니다";
    detail: "{server} gave no answer[: {reason}]. Without it the application has no servers, and most go on without a word: calls \
        work in one network and fail elsewhere.",
        "{server}에서 응답을 받지 못했습니다[. 사유: {reason}]. 그러면 응용 프로그램에 서버가 없고, 대개 아무 말 없이 계속하므로 \
        통화가 같은 네트워크에서만 되고 다른 곳에서는 되지 않습니다.";
    seen: [];
    You: "See whether the address is right and this machine reaches it at all (a browser, a proxy, a VPN).",
        "주소가 맞는지, 이 컴퓨터에서 그곳에 연결이 되는지 확인하십시오(브라우저, 프록시, VPN).";
    ServerOperator: "See whether the service runs and listens there.", "서비스가 실행 중이고 그 주소에서 듣고 있는지 확인하십시오.";
}
SourceCertificate: Configuration, "RFC 9110 §4.3.4" {
    title: "Browsers refuse the certificate of the source of the ICE servers",
        "ICE 서버를 주는 곳의 인증서를 브라우저가 거부합니다";
    detail: "{server} {server|shows|show} a certificate that does not hold[: {reason}]. A page gets no servers from there, and no call \
        beyond its own network.",
        "{server}의 인증서가 유효하지 않습니다[. 사유: {reason}]. 웹 페이지는 서버를 받지 못하고, 통화는 자기 네트워크를 벗어나지 \
        못합니다.";
    seen: [];
    ServerOperator: "Install a certificate of a public authority for this name, with its intermediates.",
        "이 이름에 대한 공인 인증 기관의 인증서를 중간 인증서와 함께 설치하십시오.";
    You: "If it is your own authority, name it with --ca.", "자체 인증 기관이라면 --ca로 지정하십시오.";
}
SourceRejectedSecret: Configuration, "RFC 9110 §15.5.2" {
    title: "The source of the ICE servers refuses the secret", "ICE 서버를 주는 곳이 비밀을 거부합니다";
    detail: "{server} {server|does|do} not take what it was shown[ ({reason})]. It was shown once and not again.",
        "{server}에서 받아들이지 않았습니다[({reason})]. 한 번만 보이고 다시 시도하지 않았습니다.";
    seen: [];
    You: "Use the secret of this very deployment, and see whether it is a password, a key or a token that is wanted.",
        "바로 이 배포의 비밀을 쓰고, 암호, 키, 토큰 가운데 무엇을 요구하는지 확인하십시오.";
}
SourceWantsSecret: Configuration, "RFC 9110 §15.5.2" {
    title: "The source of the ICE servers wants a secret", "ICE 서버를 주는 곳이 비밀을 요구합니다";
    detail: "{server} {server|refuses|refuse} a request that shows no secret[: {reason}][ (HTTP status {code})].",
        "{server}에서 비밀 없는 요청을 거부했습니다[. 사유: {reason}][(HTTP 상태 {code})].";
    seen: [];
    You: "Show it what the application shows: --ice-secret-file, --ice-secret-stdin or RTC_DOCTOR_ICE_SECRET, with --ice-user where it \
        wants a name too.",
        "응용 프로그램이 보이는 것을 보이십시오: --ice-secret-file, --ice-secret-stdin 또는 RTC_DOCTOR_ICE_SECRET. 이름도 필요하면 \
        --ice-user를 쓰십시오.";
}
SourceForbidden: Configuration, "RFC 9110 §15.5.4" {
    title: "The source of the ICE servers knows who asks and does not allow it",
        "ICE 서버를 주는 곳이 요청을 허용하지 않습니다";
    detail: "{server} {server|refuses|refuse} the request[: {reason}]: what it was shown gives no right to ICE servers, or the service wants more.",
        "{server}에서 요청을 거부했습니다[. 사유: {reason}]. 보인 것에 ICE 서버를 받을 권한이 없거나, 서비스가 더 요구합니다.";
    seen: [];
    ServerOperator: "Give this user, key or token the right to fetch ICE servers.",
        "이 사용자, 키 또는 토큰에 ICE 서버를 받을 권한을 주십시오.";
}
SourceNotThis: Configuration, "" {
    title: "What answers is no source of ICE servers", "응답하는 것이 ICE 서버를 주는 곳이 아닙니다";
    detail: "{server} {server|answers|answer}, and not with ICE servers[: {reason}][ (HTTP status {code})].",
        "{server}에서 응답했지만 ICE 서버가 아닙니다[. 사유: {reason}][(HTTP 상태 {code})].";
    seen: [];
    You: "See whether the name, the address and the kind of service are right: it may be a login page, another product or release, or \
        another path. The network tab of the browser shows what the application itself asks.",
        "이름, 주소, 서비스의 종류가 맞는지 확인하십시오. 로그인 페이지이거나 다른 제품, 버전, 경로일 수 있습니다. 응용 프로그램이 \
        실제로 요청하는 주소는 브라우저의 네트워크 탭에 나옵니다.";
}
SourceLimited: Configuration, "RFC 6585 §4" {
    title: "The source of the ICE servers was asked too often", "ICE 서버를 주는 곳에 너무 자주 요청했습니다";
    detail: "{server} {server|asks|ask} for a pause[ ({reason})].", "{server}에서 잠시 기다리라고 합니다[({reason})].";
    seen: [];
    You: "Wait, and ask again. Services also make those wait who have shown wrong passwords.",
        "기다렸다가 다시 요청하십시오. 틀린 암호를 여러 번 보인 사람도 기다리게 합니다.";
    Maker: "Fetch servers once a call, and not once a page or a peer.",
        "페이지나 상대마다가 아니라 통화마다 한 번만 받으십시오.";
}
SourceFails: Configuration, "RFC 9110 §15.6" {
    title: "The source of the ICE servers fails by itself", "ICE 서버를 주는 곳에서 내부 오류가 납니다";
    detail: "{server} {server|says|say} that the fault is there[: {reason}][ (HTTP status {code})].",
        "{server}에서 자체 오류라고 응답합니다[. 사유: {reason}][(HTTP 상태 {code})].";
    seen: [];
    ServerOperator: "See the log of the service, and of what stands behind it.", "서비스와 그 뒤에 있는 것의 로그를 확인하십시오.";
}
SourceRedirects: Configuration, "RFC 9110 §15.4" {
    title: "The source of the ICE servers sends on to another place", "ICE 서버를 주는 곳이 다른 곳으로 보냅니다";
    detail: "{server} {server|does|do} not answer as asked[: {reason}][ (HTTP status {code})]. No other host is asked, since what is shown is \
        for this one; a browser leaves the Authorization header behind there too.",
        "{server}에서 직접 응답하지 않습니다[. {reason}][(HTTP 상태 {code})]. 보이는 것은 이 호스트의 것이므로 다른 호스트에는 묻지 않습니다. \
        브라우저도 그때는 인증 헤더를 보내지 않습니다.";
    seen: [];
    You: "Name the final address; where it is a login page, sign in and show the token.",
        "최종 주소를 지정하십시오. 로그인 페이지라면 로그인하고 그 토큰을 보이십시오.";
}
SourceTokenExpired: Configuration, "RFC 7519 §4.1.4" {
    title: "The token for the source of the ICE servers has run out", "ICE 서버를 주는 곳의 토큰이 만료되었습니다";
    detail: "{server} {server|takes|take} the token no more[: {reason}].",
        "{server}에서 더는 이 토큰을 받지 않습니다[. 사유: {reason}].";
    seen: [];
    You: "Fetch a fresh token, and see that this machine's clock is right.",
        "토큰을 새로 받고, 이 컴퓨터의 시계가 맞는지 확인하십시오.";
}
SourceTokenNotYetValid: Configuration, "RFC 7519 §4.1.5" {
    title: "The token for the source of the ICE servers is not valid yet", "ICE 서버를 주는 곳의 토큰이 아직 유효하지 않습니다";
    detail: "It is for {server}, and its time begins later: the clock of the service that made it, this machine's or the server's is \
        wrong.",
        "{server}의 토큰이고 유효 기간이 아직 시작되지 않았습니다. 토큰을 만든 서비스, 이 컴퓨터, 서버 가운데 하나의 시계가 맞지 \
        않습니다.";
    seen: [];
    You: "Compare the three clocks with the network's time (NTP).", "세 시계를 네트워크 시각(NTP)과 비교하십시오.";
}
SourceClockSkew: Configuration, "" {
    title: "This machine's clock and that of the source of the ICE servers differ too much",
        "이 컴퓨터의 시계와 ICE 서버를 주는 곳의 시계가 너무 다릅니다";
    detail: "{server} {server|refuses|refuse} what is signed at another time than by the clock there. The secret may be right.",
        "{server}에서 자신의 시각과 다른 시각의 서명을 거부합니다. 비밀은 맞을 수도 있습니다.";
    seen: [];
    You: "Set the clock of this machine by the network (NTP).", "이 컴퓨터의 시계를 네트워크 시각(NTP)에 맞추십시오.";
}
SourceClockDiffers: Configuration, "RFC 9110 §6.6.1" {
    title: "The clocks of this machine and of the source of the ICE servers differ",
        "이 컴퓨터의 시계와 ICE 서버를 주는 곳의 시계가 다릅니다";
    detail: "By what {server} {server|says|say}, the time there and the time here are {count} s apart, and one of the two is wrong. Credentials that \
        last for a while are made by one clock and taken by another: where theirs is behind, they are refused as run out.",
        "{server}의 응답에 적힌 시각과 이곳의 시각이 {count}초 다르고, 둘 중 하나가 틀렸습니다. 기한이 있는 인증 정보는 한 시계로 \
        만들고 다른 시계로 확인하므로, 만든 쪽이 늦으면 만료된 것으로 거부됩니다.";
    seen: [];
    You: "Set the clock of this machine by the network (NTP), and ask again.",
        "이 컴퓨터의 시계를 네트워크 시각(NTP)에 맞추고 다시 요청하십시오.";
    ServerOperator: "Set the clocks of the service and of the TURN server by the network too.",
        "서비스와 TURN 서버의 시계도 네트워크 시각에 맞추십시오.";
}
SourceCached: Configuration, "RFC 9111 §5.2.2" {
    title: "The same credentials may go to everybody", "모두가 같은 인증 정보를 받을 수 있습니다";
    detail: "{server} {server|gives|give} the same answer again, or {server|lets|let} caches do so[: {reason}]. Who asks later gets credentials that have less time left or \
        none, and that are another's.",
        "{server}에서 같은 응답을 다시 주거나 캐시가 그렇게 할 수 있습니다[. {reason}]. 나중에 요청한 사람은 기한이 얼마 남지 않았거나 지난, 남의 인증 \
        정보를 받습니다.";
    seen: [];
    ServerOperator: "Answer with Cache-Control: no-store, and make credentials for each user.",
        "Cache-Control: no-store로 응답하고, 사용자마다 인증 정보를 만드십시오.";
}
SourceRenewed: Configuration, "RFC 8656 §5" {
    title: "Fresh ICE servers were fetched before the credentials ran out", "인증 정보가 만료되기 전에 ICE 서버를 새로 받았습니다";
    detail: "{server} {server|was|were} asked again {time} s after the beginning. An allocation keeps the user that made it: a call that goes through \
        one begins anew with the fresh servers, as an application does by setConfiguration and an ICE restart; any other only has \
        them for what is allocated from then on.",
        "시작한 지 {time}초 뒤 {server}에 다시 요청했습니다. 할당은 처음 만든 사용자를 바꿀 수 없으므로, 할당을 거치는 통화는 새 서버로 \
        ICE를 다시 시작합니다(응용 프로그램의 setConfiguration과 ICE 재시작). 다른 통화는 그 뒤의 할당에만 새 서버를 씁니다.";
    seen: [];
    Nobody: "Nothing to do.", "조치할 것이 없습니다.";
}
SourceNotRenewed: Configuration, "RFC 8656 §5" {
    title: "No fresh ICE servers came before the credentials ran out", "인증 정보가 만료되기 전에 새 ICE 서버를 받지 못했습니다";
    detail: "{server} {server|was|were} asked again {time} s after the beginning, once[: {reason}]. The call goes on with what it has: servers that ask \
        for valid credentials at each renewal of an allocation end a relayed call within minutes; others let it go on and refuse \
        its ICE restart.",
        "시작한 지 {time}초 뒤 {server}에 한 번 다시 요청했습니다[. 사유: {reason}]. 통화는 가진 것으로 계속됩니다. 할당 갱신마다 유효한 인증 정보를 \
        요구하는 서버에서는 중계 통화가 몇 분 안에 끊기고, 다른 서버는 통화를 두지만 ICE 재시작을 거부합니다.";
    seen: [];
    Maker: "Have the service give credentials again and again while a call lasts, made anew each time, or ones that last longer than a \
        call.",
        "통화하는 동안 서비스가 매번 새로 만든 인증 정보를 주게 하거나, 통화보다 오래 유효하게 하십시오.";
    ServerOperator: "See the log of the service at that time.", "그때의 서비스 로그를 확인하십시오.";
}
SourceCorsMissing: Configuration, "Fetch Standard, CORS protocol" {
    title: "Browsers keep the ICE servers from the application's page",
        "브라우저가 응용 프로그램의 페이지에 ICE 서버를 넘겨주지 않습니다";
    detail: "{server} {server|answers|answer} this program, and a page of the origin that was named gets nothing of it[: {reason}]. \
        Most applications go on without a word, and their calls work in one network and nowhere else.[ The line to add: {mended}]",
        "{server}에서 이 프로그램에는 응답하지만 지정한 출처의 페이지는 아무것도 받지 못합니다[. 사유: {reason}]. 대부분의 응용 \
        프로그램은 아무 말 없이 계속하므로 통화가 같은 네트워크에서만 됩니다.[ 추가할 줄: {mended}]";
    seen: [];
    ServerOperator: "Let the application's origin have the answer, also that of the preflight (OPTIONS).",
        "응용 프로그램의 출처에 응답을 허용하고, 사전 요청(OPTIONS)의 응답에도 허용하십시오.";
}
SourceNoWebSocket: Configuration, "RFC 6455 §4.2.2" {
    title: "The source of the ICE servers opens no WebSocket", "ICE 서버를 주는 곳이 WebSocket을 열지 않습니다";
    detail: "{server} {server|answers|answer} over HTTP[ (HTTP status {code})], and the WebSocket that the servers come over does not open.",
        "{server}에서 HTTP로만 응답하고[(HTTP 상태 {code})] 서버를 받을 WebSocket이 열리지 않습니다.";
    seen: [];
    ServerOperator: "Let what stands before the service pass the upgrade (nginx: proxy_http_version 1.1 and the headers Upgrade and \
        Connection), and see whether it refuses this origin or path.",
        "서비스 앞의 프록시가 업그레이드를 통과시키게 하고(nginx: proxy_http_version 1.1과 Upgrade, Connection 헤더), 이 출처나 경로를 \
        거부하는지 확인하십시오.";
    You: "See whether the path is right.", "경로가 맞는지 확인하십시오.";
}
SourceMadeAndRemoved: Configuration, "" {
    title: "What was made at the source of the ICE servers is removed", "ICE 서버를 주는 곳에 만든 것을 지웠습니다";
    detail: "For this run alone there was a session {name} at {server}. The operator sees it in the service's records.",
        "이번 실행에만 쓴 세션입니다(이름: {name}, 서버: {server}). 운영자는 서비스의 기록에서 이것을 볼 수 있습니다.";
    seen: [];
    Nobody: "Nothing to do.", "조치할 것이 없습니다.";
}
SourceLeftBehind: Configuration, "" {
    title: "Something may be left behind at the source of the ICE servers", "ICE 서버를 주는 곳에 남은 것이 있을 수 있습니다";
    detail: "This run asked for a session {name} at {server}, and does not know it removed. Services drop what nobody is in by themselves, \
        OpenVidu after about an hour.",
        "이번 실행을 위해 세션을 요청했고, 지워졌는지 알 수 없습니다(이름: {name}, 서버: {server}). 서비스는 아무도 없는 세션을 스스로 지우고, \
        OpenVidu는 약 한 시간 뒤에 지웁니다.";
    seen: [];
    ServerOperator: "Remove it where it matters; at OpenVidu: DELETE /openvidu/api/sessions/ and its name.",
        "필요하다면 지우십시오. OpenVidu: DELETE /openvidu/api/sessions/ 뒤에 그 이름.";
}
OpenviduTokenNamesAnotherHost: Configuration, "" {
    title: "OpenVidu sends browsers to another host than was asked", "OpenVidu가 브라우저를 요청한 곳과 다른 호스트로 보냅니다";
    detail: "{server} gave a token for another host or port[: {reason}]. Browsers go where it says; a name that means nothing outside the \
        server, such as localhost, leads them nowhere.",
        "{server}에서 준 토큰이 다른 호스트나 포트의 것입니다[. {reason}]. 브라우저는 그곳으로 가는데, localhost처럼 서버 밖에서 뜻이 \
        없는 이름이면 어디에도 닿지 못합니다.";
    seen: [];
    ServerOperator: "Set DOMAIN_OR_PUBLIC_IP (and HTTPS_PORT) of OpenVidu to the public name, and restart it.",
        "OpenVidu의 DOMAIN_OR_PUBLIC_IP(와 HTTPS_PORT)를 공개 이름으로 설정하고 다시 시작하십시오.";
}
OpenviduNoMediaNode: Configuration, "" {
    title: "OpenVidu has no media node for the session", "OpenVidu에 세션을 위한 미디어 노드가 없습니다";
    detail: "{server} made the session and let nobody join it, since no media server is there to carry it.",
        "{server}에서 세션은 만들었지만 이를 맡을 미디어 서버가 없어 아무도 참여하지 못합니다.";
    seen: [];
    ServerOperator: "See whether the media node (Kurento or mediasoup) runs and is reached from OpenVidu.",
        "미디어 노드(Kurento 또는 mediasoup)가 실행 중이고 OpenVidu에서 닿는지 확인하십시오.";
}
OpenviduTurnSecretShared: Configuration, "" {
    title: "OpenVidu's TURN credentials are made of the secret of the whole deployment",
        "OpenVidu의 TURN 인증 정보가 배포 전체의 비밀로 만들어집니다";
    detail: "Whoever gets TURN credentials from {server} can try secrets against them without asking anybody, and the secret \
        that is found rules every session.",
        "{server}에서 TURN 인증 정보를 받은 사람은 누구에게도 묻지 않고 비밀을 맞춰 볼 수 있고, 찾아낸 비밀로 모든 세션을 다룰 수 \
        있습니다.";
    seen: [];
    ServerOperator: "Give coturn a secret of its own: COTURN_SHARED_SECRET_KEY.",
        "coturn에 별도의 비밀을 주십시오: COTURN_SHARED_SECRET_KEY.";
}
CredentialsLifeUnknown: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "Nothing says how long the credentials last", "인증 정보의 유효 기간을 알 수 없습니다";
    detail: "{server} {server|says|say} no time, and there is none in the user name: they may last for ever, or for minutes.",
        "{server}의 응답에도 사용자 이름에도 기한이 없습니다. 만료되지 않을 수도, 몇 분 만에 만료될 수도 있습니다.";
    seen: [];
    Maker: "Where the service is your own, say the time beside them in seconds, so that the application knows when to ask again.",
        "직접 만든 서비스라면 응용 프로그램이 언제 다시 요청할지 알 수 있도록 초 단위의 기한을 함께 주십시오.";
}
CredentialsLifeContradicts: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The source says another life of the credentials than their user name",
        "인증 정보의 유효 기간이 사용자 이름에 적힌 것과 다릅니다";
    detail: "The answer gives them {lifetime}, and the time in the user name another {count} s. They were made before and are handed out \
        again, or one of the two is in another unit or of another clock; the application renews by the wrong one.",
        "유효 기간이 응답과 사용자 이름에서 다릅니다(응답: {lifetime}, 사용자 이름: {count}초). 전에 만든 것을 다시 주거나 둘 중 하나의 \
        단위나 시계가 다르며, 응용 프로그램이 잘못된 때에 새로 받습니다.";
    seen: [];
    Maker: "Make them anew for each request, and give both in seconds by one clock.",
        "요청마다 새로 만들고, 둘 다 초 단위로 같은 시계로 주십시오.";
}

} } }
