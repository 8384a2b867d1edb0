//! The questions that a checkup asks, each one probe's: what it wants to know, and what it is called in the list of all
//! that was observed, in English and in Korean.

/// Hands all questions to the macro that is named.
macro_rules! questions {
    ($take:ident) => {
        $take! {

        Host: "Which interfaces and addresses has this machine?",
            "this machine", "이 컴퓨터";
        Resolve: "Which addresses has this name?",
            "names", "이름";
        Binding: "Does the server answer a Binding request, and from where does it see us?",
            "outside address", "바깥 주소";
        Mapping: "Does one socket keep one public address towards every destination? (RFC 4787 §4.1)",
            "mapping", "매핑";
        Filtering: "Whose packets come in? (RFC 4787 §5)",
            "filtering", "필터링";
        Hairpinning: "Can a socket behind the NAT reach another by its public address? (RFC 4787 §6)",
            "hairpinning", "헤어피닝";
        Lifetime: "How long does an idle mapping live? (RFC 4787 §4.3)",
            "mapping lifetime", "매핑 수명";
        PathMtu: "How large a datagram passes whole?",
            "packet size", "패킷 크기";
        Hops: "Which datagrams do not get past the first routers?",
            "routers on the way", "길 위의 라우터";
        Relay: "Does the TURN server relay, both ways?",
            "relay", "중계";
        ServerName: "Is it the server's name that its TLS handshake breaks off for?",
            "server name", "서버 이름";
        Gather: "Which candidates would an ICE agent here offer?",
            "candidates", "후보";
        Signalling: "How do the two ends' descriptions get to each other?",
            "way to the other end", "상대방과의 길";
        Checks: "Which candidate pairs work, and how well? (RFC 8445 §7)",
            "pairs", "후보 쌍";
        Call: "Does a call run between the two ends, and how well?",
            "call", "통화";
        OwnCall: "Does one run between two ends on this machine, straight or through a relay?",
            "call with itself", "자신과의 통화";

            }
    };
}
