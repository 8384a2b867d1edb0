//! What is wrong with the ICE servers that an application hands its browsers, before anything is sent?

macro_rules! configuration { ($($before:tt)*) => { collect! { $($before)*

SourceUriRefused: Configuration, "RFC 7065 §3.1" {
    title: "Browsers refuse the whole configuration because of one URI",
        "URI 하나 때문에 브라우저가 설정 전체를 거부합니다";
    detail: "[{place} is {server}: ][{reason}. ][{browsers} {browsers|throws|throw} on it. ]An application that hands \
        this to new RTCPeerConnection has no connection at all: a browser throws away the right servers beside the wrong \
        one.[ It reads right as {mended}]",
        "[{place}의 값: {server}. ][{reason}. ][오류를 내는 브라우저: {browsers}. ]이것을 new RTCPeerConnection에 넘기는 \
        응용 프로그램은 전혀 연결되지 않습니다. 브라우저는 잘못된 서버 옆의 올바른 서버까지 모두 버립니다.[ 올바른 \
        표기: {mended}]";
    seen: [];
    Maker: "Write the URI as RFC 7064 and RFC 7065 have it: stun:host:port, turn:host:port?transport=udp or tcp, \
        turns:host:port?transport=tcp; an IPv6 address in brackets.",
        "RFC 7064와 RFC 7065의 형식대로 쓰십시오: stun:host:port, turn:host:port?transport=udp 또는 tcp, \
        turns:host:port?transport=tcp. IPv6 주소는 대괄호로 묶습니다.";
}
SourceShapeRefused: Configuration, "W3C webrtc-pc §4.2" {
    title: "Browsers refuse the configuration for its form", "설정의 형식 때문에 브라우저가 설정을 거부합니다";
    detail: "[At {place}: ][{reason}. ][{browsers} {browsers|throws|throw} on it. ]The application is left without \
        any connection.",
        "[위치: {place}. ][{reason}. ][오류를 내는 브라우저: {browsers}. ]응용 프로그램은 전혀 연결되지 않습니다.";
    seen: [];
    Maker: "Hand over an object whose iceServers is an array of objects with urls, username and credential.",
        "iceServers가 배열이고, 그 배열의 각 객체에 urls, username, credential이 있는 객체를 넘기십시오.";
}
SourceShapeIgnored: Configuration, "W3C webrtc-pc §4.2" {
    title: "Browsers take this configuration and see no server in it",
        "브라우저가 이 설정을 받아들이지만 그 안에서 서버를 찾지 못합니다";
    detail: "The servers stand under a name that differs from iceServers in its letters, and browsers pass over members \
        that they do not know. No error is told; calls work in one network and nowhere else.",
        "서버들이 iceServers와 철자가 다른 이름 아래에 있고, 브라우저는 모르는 항목을 그냥 지나칩니다. 오류는 나지 않지만 \
        통화는 같은 네트워크 안에서만 됩니다.";
    seen: [];
    Maker: "Call the member iceServers.", "항목의 이름을 iceServers로 쓰십시오.";
}
SourceShapeOther: Configuration, "W3C webrtc-pc §4.2" {
    title: "No browser takes this as it stands", "어떤 브라우저도 이것을 그대로 받아들이지 않습니다";
    detail: "It is a list of servers, or what a service answers, and no RTCConfiguration: a browser that is handed it as it \
        stands sees no server in it, and tells no error. It was judged as an application that makes a configuration of it \
        would hand it over.",
        "이것은 서버 목록이거나 서비스의 응답이고 RTCConfiguration이 아닙니다. 그대로 넘겨받은 브라우저는 그 안에서 서버를 \
        찾지 못하고 오류도 알리지 않습니다. 응용 프로그램이 이것으로 설정을 만들어 넘긴다고 보고 판단했습니다.";
    seen: [];
    Maker: "Make an object of it whose member iceServers is the list, before it goes to new RTCPeerConnection.",
        "new RTCPeerConnection에 넘기기 전에, 이 목록을 iceServers 항목으로 가지는 객체로 만드십시오.";
}
SourceLoginsDiffer: Configuration, "RFC 8489 §9.2" {
    title: "{server} {server|stands|stand} there with two different logins", "{server}에 서로 다른 인증 정보가 둘 있습니다";
    detail: "One server has one set of users, so it is likely that one of the two logins is refused. A browser tries both; here \
        the first one was tried alone.",
        "한 서버의 사용자는 한 벌이므로 둘 가운데 하나는 거부될 가능성이 큽니다. 브라우저는 둘 다 시도하지만, 여기서는 첫 번째만 \
        시도했습니다.";
    seen: [];
    Maker: "Hand over one login for each server, of the service that its operator keeps in step with it.",
        "서버마다, 그 운영자가 서버와 맞추어 두는 서비스의 인증 정보 하나만 넘기십시오.";
    You: "To try the other one, give only the source or the entry that has it.",
        "다른 하나를 시도하려면 그것이 있는 곳이나 항목만 지정하십시오.";
}
SourceOffersNothing: Configuration, "RFC 8445 §5.1.1" {
    title: "The configuration names no ICE server", "설정에 ICE 서버가 하나도 없습니다";
    detail: "A browser with it offers its own addresses alone. Two ends in the same local network find each other; behind a \
        NAT, nobody outside of it reaches this end.",
        "브라우저는 자신의 주소만 제안합니다. 같은 로컬 네트워크에 있는 두 쪽은 연결되지만, NAT 뒤에 있으면 바깥의 누구도 \
        이쪽에 닿지 못합니다.";
    seen: [];
    Maker: "Name a STUN server, and a TURN server for networks that take more.",
        "STUN 서버를 넣고, 그것으로 부족한 네트워크를 위해 TURN 서버도 넣으십시오.";
    ServerOperator: "Where a service gives the list, configure the servers there (Matrix: turn_uris with turn_shared_secret; Jitsi: \
        XEP-0215).",
        "서비스가 목록을 준다면 그곳에 서버를 설정하십시오(Matrix: turn_uris와 turn_shared_secret, Jitsi: XEP-0215).";
}
SourceRelaysOnly: Configuration, "RFC 9429 §4.1.1" {
    title: "The application allows relayed calls only", "응용 프로그램이 중계 통화만 허용합니다";
    plain: "The application itself wants its calls to go through a relay.",
        "응용 프로그램 스스로 통화가 중계 서버를 거치도록 정해 두었습니다.";
    short: "the application allows relayed candidates only", "응용 프로그램이 중계 후보만 허용함";
    detail: "With iceTransportPolicy \"relay\" a browser offers relayed candidates alone, whatever the network lets through.",
        "iceTransportPolicy가 \"relay\"이면 브라우저는 네트워크가 무엇을 통과시키든 중계 후보만 제안합니다.";
    seen: [];
    Maker: "Where a direct path is wanted, leave iceTransportPolicy away.",
        "직접 경로를 원하면 iceTransportPolicy를 빼십시오.";
}
SourceRelayOnlyWithoutTurn: Configuration, "RFC 9429 §4.1.1" {
    title: "Only relayed candidates are allowed, and no TURN server is named: nothing is offered",
        "중계 후보만 허용하는데 TURN 서버가 없어서 아무것도 제안하지 않습니다";
    plain: "The application allows relayed calls only and names no relay, so no call can be made.",
        "응용 프로그램이 중계 통화만 허용하면서 중계 서버를 지정하지 않아 통화할 수 없습니다.";
    short: "only relayed candidates are allowed and no TURN server is named",
        "중계 후보만 허용되는데 TURN 서버가 없음";
    detail: "With iceTransportPolicy \"relay\" a browser uses relayed candidates alone (typ relay), and a STUN \
        server gives none. Not one candidate is gathered, in any network, and no call is ever made.",
        "iceTransportPolicy가 \"relay\"이면 브라우저는 중계 후보(typ relay)만 쓰는데, STUN 서버는 중계 후보를 \
        주지 않습니다. 어느 네트워크에서도 후보가 하나도 모이지 않아 통화가 전혀 이루어지지 않습니다.";
    seen: [];
    Maker: "Name a TURN server with its credentials, or leave iceTransportPolicy away.",
        "TURN 서버와 그 인증 정보를 넣거나, iceTransportPolicy를 빼십시오.";
}
SourceOffersNoTurn: Configuration, "RFC 8835 §3.4" {
    title: "The configuration names no TURN server", "설정에 TURN 서버가 없습니다";
    detail: "Where two ends do not reach each other, as behind strict NATs or firewalls, nothing carries the call between \
        them. Calls work at home and fail in offices.",
        "엄격한 NAT나 방화벽 뒤처럼 두 쪽이 서로 닿지 못하는 곳에서는 통화를 날라 줄 것이 없습니다. 집에서는 되고 \
        사무실에서는 되지 않습니다.";
    seen: [];
    Maker: "Name a TURN server, also over TCP and TLS on port 443.",
        "TURN 서버를 넣고, 443번 포트의 TCP와 TLS로도 쓸 수 있게 하십시오.";
    ServerOperator: "Where a service gives the list, configure TURN there.",
        "서비스가 목록을 준다면 그곳에 TURN을 설정하십시오.";
}
SourceOffersNoTcp: Configuration, "RFC 8835 §3.4" {
    title: "The configuration names TURN over UDP only", "설정에 UDP를 쓰는 TURN만 있습니다";
    detail: "A network that lets no UDP out gets no call through it, and such networks are what TURN over TCP \
        and TLS is for.",
        "UDP를 내보내지 않는 네트워크에서는 이 TURN으로 통화할 수 없습니다. TCP와 TLS를 쓰는 TURN은 그런 네트워크를 위한 \
        것입니다.";
    seen: [];
    Maker: "Name it over TCP (turn:host:port?transport=tcp) and over TLS on port 443 (turns:host:443?transport=tcp) as well, \
        where the server listens there.",
        "서버가 그렇게 듣고 있다면 TCP(turn:host:port?transport=tcp)와 443번 포트의 TLS(turns:host:443?transport=tcp)도 \
        넣으십시오.";
}
SourceTurnWithoutCredentials: Configuration, "W3C webrtc-pc §4.4.1.6" {
    title: "Browsers refuse a TURN server without user name and password",
        "브라우저가 사용자 이름과 암호가 없는 TURN 서버를 거부합니다";
    detail: "[At {place}: ][{reason}. ][{browsers} {browsers|throws|throw} on it. ]The application is left without \
        any connection, also by the servers beside it.",
        "[위치: {place}. ][{reason}. ][오류를 내는 브라우저: {browsers}. ]응용 프로그램은 그 옆의 서버로도 전혀 연결되지 \
        않습니다.";
    seen: [];
    Maker: "Give each entry with a turn: or turns: URI a username and a credential, under these names.",
        "turn:이나 turns: URI가 있는 항목마다 username과 credential을 이 이름 그대로 넣으십시오.";
}
SourceUriPortBlocked: Configuration, "" {
    title: "Browsers hang on a server at port 53", "브라우저가 53번 포트의 서버에서 오래 기다립니다";
    detail: "[{place} is {server}. ]Networks keep port 53 for names, so a browser waits for this server until it gives up; an \
        application that waits for all candidates waits as long.",
        "[{place}의 값: {server}. ]네트워크는 53번 포트를 이름 조회에만 쓰게 하므로, 브라우저는 포기할 때까지 이 서버를 \
        기다립니다. 모든 후보를 기다리는 응용 프로그램도 그만큼 기다립니다.";
    seen: [];
    Maker: "Leave the URIs with port 53 out.", "53번 포트가 있는 URI를 빼십시오.";
}
SourceUriDtls: Configuration, "RFC 7350" {
    title: "A turns: URI over UDP asks for DTLS, which hardly any server has",
        "UDP 위의 turns: URI는 DTLS를 요구하는데, 이를 갖춘 서버가 거의 없습니다";
    detail: "[{place} is {server}. ]TURN over TLS runs over TCP; over UDP it would be DTLS.",
        "[{place}의 값: {server}. ]TLS 위의 TURN은 TCP를 쓰고, UDP 위에서는 DTLS가 됩니다.";
    seen: [];
    Maker: "Use turns: with ?transport=tcp.", "turns:에는 ?transport=tcp를 쓰십시오.";
}
SourceUriPrivate: Configuration, "RFC 6890" {
    title: "A server's address means something else, or nothing, in other networks",
        "서버의 주소가 다른 네트워크에서는 다른 것을 가리키거나 아무것도 가리키지 않습니다";
    detail: "[{place} is {server}. ]Such an address is this machine's own, or one of a network like an office or a container's. \
        Browsers elsewhere find nothing there, or something else.",
        "[{place}의 값: {server}. ]이런 주소는 이 컴퓨터 자신이거나 사무실, 컨테이너 같은 네트워크의 주소입니다. 다른 곳의 \
        브라우저는 거기서 아무것도 찾지 못하거나 다른 것을 찾습니다.";
    seen: [];
    Maker: "Where calls leave that network, name the server by its public name or address.",
        "통화가 그 네트워크 밖으로 나간다면 서버의 공개 이름이나 공인 주소를 쓰십시오.";
}
CredentialsNull: Configuration, "Web IDL §3.2.10" {
    title: "The user name or the password is null, which browsers send as a word",
        "사용자 이름이나 암호가 null이어서 브라우저가 그 낱말을 그대로 보냅니다";
    detail: "Browsers make the text \"null\" of it, and the server refuses that.[ It stands at {place}.]",
        "브라우저는 이것을 \"null\"이라는 글자로 바꾸어 보내고, 서버는 이를 거부합니다.[ 위치: {place}.]";
    seen: [];
    Maker: "See why the service had no credentials to give.", "서비스가 왜 인증 정보를 주지 못했는지 확인하십시오.";
}
CredentialsExpired: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The credentials have run out", "인증 정보가 만료되었습니다";
    detail: "The time in the user name is past[, since {until} (UTC)]. A copy was kept for too long, or a clock \
        is wrong.[ It stands at {place}.]",
        "사용자 이름에 적힌 시각이 지났습니다[(만료일: {until}, UTC)]. 복사본을 너무 오래 두었거나 시계가 맞지 \
        않습니다.[ 위치: {place}.]";
    seen: [];
    Maker: "Fetch fresh credentials for each call, and keep none in a cache, a page or a build.",
        "통화마다 새 인증 정보를 받고, 캐시나 페이지, 빌드에 남겨 두지 마십시오.";
}
CredentialsNotExpiry: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The time of expiry in the user name is the present time",
        "사용자 이름에 적힌 만료 시각이 현재 시각입니다";
    detail: "Either it is the time of making, and the credentials run out with the second in which they were made, or they are \
        old ones in their last seconds.[ It stands at {place}.]",
        "만든 시각을 그대로 적어 만든 그 순간에 만료되거나, 오래된 인증 정보가 마지막 몇 초를 남긴 것입니다.[ 위치: \
        {place}.]";
    seen: [];
    Maker: "Where it is the time of making, add their life to it: the present time in seconds, and 3600 more. Where they are \
        old, fetch fresh ones for each call.",
        "만든 시각이라면 유효 기간을 더하십시오. 예를 들어 현재 시각(초)에 3600을 더합니다. 오래된 것이라면 통화마다 \
        새로 받으십시오.";
}
CredentialsInMilliseconds: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The time in the user name counts milliseconds", "사용자 이름의 시각이 밀리초 단위입니다";
    detail: "It has 13 digits. coturn keeps the lowest 32 bits of it and compares them with their sign, and so takes such \
        credentials for some days of every 50 and refuses them for all others, everywhere at once[; the next change between \
        the two is on {until} (UTC)]. Other servers never let them run out.[ It stands at {place}.]",
        "13자리입니다. coturn은 그 아래쪽 32비트를 부호 있는 수로 비교하므로, 이런 인증 정보를 50일마다 며칠만 받아들이고 \
        나머지는 어디서나 한꺼번에 거부합니다[(다음에 바뀌는 날: {until}, UTC)]. 다른 서버에서는 만료되지 않습니다.[ \
        위치: {place}.]";
    seen: [];
    Maker: "Divide by 1000: the time is in seconds.", "1000으로 나누십시오. 시각은 초 단위입니다.";
}
CredentialsBeyondRange: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The time in the user name is beyond January 2038", "사용자 이름의 시각이 2038년 1월을 넘습니다";
    detail: "It is more than 31 bits hold. coturn keeps 32 bits and compares them with their sign, by which it is mostly a time \
        that is past, and the credentials are refused.[ It stands at {place}.]",
        "31비트로 나타낼 수 없는 값입니다. coturn은 32비트를 부호 있는 수로 비교하므로 대개 지난 시각이 되어 인증 정보를 \
        거부합니다.[ 위치: {place}.]";
    seen: [];
    Maker: "Use the time of expiry in seconds since 1970.", "1970년부터 센 초 단위의 만료 시각을 쓰십시오.";
}
CredentialsNotInteger: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The time in the user name has a fraction", "사용자 이름의 시각에 소수가 있습니다";
    detail: "Servers read whole seconds, and refuse what else stands there.[ It stands at {place}.]",
        "서버는 정수 초만 읽고 다른 것은 거부합니다.[ 위치: {place}.]";
    seen: [];
    Maker: "Round the time to whole seconds.", "시각을 정수 초로 만드십시오.";
}
CredentialsWithoutExpiry: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The user name holds no time of expiry that a TURN server takes",
        "사용자 이름에 TURN 서버가 받아들이는 만료 시각이 없습니다";
    detail: "The password is one that a server with a shared secret computes, and such a server looks for the time of expiry before \
        or behind a colon, in seconds since 1970. A life such as 3600, a date or a name alone is none, and is refused.[ It stands \
        at {place}.]",
        "암호는 공유 비밀을 쓰는 서버가 계산하는 것인데, 그런 서버는 콜론 앞이나 뒤에서 1970년부터 센 초 단위의 만료 시각을 \
        찾습니다. 3600 같은 유효 기간이나 날짜, 이름만 있으면 거부됩니다.[ 위치: {place}.]";
    seen: [];
    Maker: "Begin the user name with the present time in seconds since 1970 plus the life, and a colon.",
        "사용자 이름을 1970년부터 센 현재 시각(초)에 유효 기간을 더한 수와 콜론으로 시작하십시오.";
}
CredentialsWrongEncoding: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The password does not have the form that TURN servers compute", "암호가 TURN 서버가 계산하는 형식이 아닙니다";
    detail: "[At {place}: ][{reason}. ]A server with a shared secret computes the HMAC-SHA1 of the user name and writes it in \
        base64: 28 characters that end in =.",
        "[위치: {place}. ][{reason}. ]공유 비밀을 쓰는 서버는 사용자 이름의 HMAC-SHA1을 계산하여 base64로 쓰며, =로 끝나는 \
        28자가 됩니다.";
    seen: [];
    Maker: "Make it base64(HMAC-SHA1(secret, user name)), in the common alphabet and with its padding.",
        "일반 문자 집합과 패딩을 쓴 base64(HMAC-SHA1(비밀, 사용자 이름))으로 만드십시오.";
}
CredentialsWrongSecret: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The password was not made of the TURN server's secret", "암호가 TURN 서버의 비밀로 만들어지지 않았습니다";
    detail: "[At {place}: ][{reason}. ]The server computes the HMAC-SHA1 of the user name under its secret, and refuses every \
        other password.",
        "[위치: {place}. ][{reason}. ]서버는 자신의 비밀로 사용자 이름의 HMAC-SHA1을 계산하고, 그와 다른 암호는 모두 \
        거부합니다.";
    seen: [];
    Maker: "Give the application the very secret of the server (coturn: static-auth-secret), without a line feed and not \
        decoded.",
        "응용 프로그램에 서버의 비밀(coturn: static-auth-secret)을 줄바꿈 없이, 디코딩하지 말고 그대로 주십시오.";
}
CredentialsLifeShort: Configuration, "RFC 8656 §7.3" {
    title: "The credentials run out within minutes", "인증 정보가 몇 분 안에 만료됩니다";
    detail: "Some servers ask for valid ones at every renewal of an allocation, which comes within ten minutes: \
        a relayed call ends then. Others let a running call go on, and refuse its ICE restart.[ It stands at \
        {place}.]",
        "어떤 서버는 10분 안에 오는 할당 갱신 때마다 유효한 인증 정보를 요구하므로 그때 중계 통화가 끊깁니다. \
        다른 서버는 진행 중인 통화는 두고 ICE 재시작을 거부합니다.[ 위치: {place}.]";
    seen: [];
    Maker: "Let them live longer than a call, or fetch new ones before they run out (setConfiguration and an ICE restart).",
        "통화보다 오래 유효하게 하거나, 만료되기 전에 새로 받으십시오(setConfiguration과 ICE 재시작).";
}
CredentialsLifeLong: Configuration, "draft-uberti-behave-turn-rest-00 §2.2" {
    title: "The credentials are good for days", "인증 정보가 며칠 동안 유효합니다";
    detail: "Whoever copies them out of the page has a relay until {until} (UTC).[ It stands at {place}.]",
        "페이지에서 이를 복사한 사람은 누구나 그때까지 중계 서버를 쓸 수 있습니다(만료일: {until}, UTC).[ 위치: \
        {place}.]";
    seen: [];
    Maker: "A day is more than any call needs.", "어떤 통화에도 하루면 충분합니다.";
}

} } }
