//! The questions that a checkup asks, and what it answers of a NAT.
//!
//! A question is one probe's: what it wants to know, and what it is called in the list of all that was observed, in
//! English and in Korean.
//!
//! An answer is a field of [`Nat`](crate::model::Nat) and a row of the table "This network" on every face: what it holds,
//! the shape in which it is shown (a function of `report::page::network`), and in both languages its name and the same as
//! a question in plain words. The rows stand in the order of the page.

/// Hands all questions to the macro that is named.
macro_rules! questions {
    ($take:ident) => {
        $take! {

        Host: "Which interfaces and addresses has this machine?",
            "this machine", "이 컴퓨터";
        Configuration: "What do browsers make of the servers that the application hands them? (webrtc-pc §4.2)",
            "configuration", "설정";
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
        Rate: "Do requests that are sent quickly get as many answers as those that are sent slowly?",
            "packets a second", "초당 패킷";
        Hops: "Which datagrams do not get past the first routers?",
            "routers on the way", "길 위의 라우터";
        Echo: "What becomes of datagrams of each kind, size and port, on the way to a server of ours and back?",
            "sent back", "되돌아온 패킷";
        Outside: "Which address has the router before this machine outside? (RFC 6886, RFC 6887, UPnP)",
            "router's outer address", "공유기의 바깥 주소";
        Counters: "Does what comes to this machine get to its programs?",
            "what comes in", "들어오는 패킷";
        Relay: "Does the TURN server relay, both ways?",
            "relay", "중계";
        Proxy: "Does the proxy that this machine is set to use lead to the TURN server?",
            "through the proxy", "프록시 경유";
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

/// Hands all answers about a NAT to the macro that is named.
macro_rules! nat_answers {
    ($take:ident) => {
        $take! {

        /// Whether the address that servers see differs from the socket's own.
        translated: Judged<bool> => translation,
            "translated", "주소 변환",
            "Does something lend it another address?", "주소를 바꿔 주는 것이 있습니까?";
        /// The reflexive addresses seen, each once and without its port, in the order seen.
        public_addresses: Vec<IpAddr> => addresses,
            "public address", "공인 주소",
            "Outside address", "바깥 주소";
        /// On what a mapping depends (RFC 4787 §4.1). Where nothing translates, it is endpoint-independent.
        mapping: Judged<Behaviour> => keeps_its_port,
            "mapping", "매핑",
            "Does a connection keep one outside port for everyone?", "하나의 연결이 모두에게 같은 바깥 포트를 씁니까?";
        /// On what it depends whose packets are let in (RFC 4787 §5). Where nothing translates, it is a firewall's.
        filtering: Judged<Behaviour> => lets_in,
            "filtering", "필터링",
            "Who may send something in?", "누가 안으로 보낼 수 있습니까?";
        /// Whether a socket behind the NAT reaches another one there by its mapped endpoint (RFC 4787 §6).
        hairpinning: Judged<bool> => yes_no,
            "hairpinning", "헤어피닝",
            "Can two machines behind it meet at its outside address?", "그 뒤의 두 컴퓨터가 바깥 주소로 서로 만날 수 있습니까?";
        /// Whether the mapped port is the socket's own (RFC 4787 §4.2.1).
        port_preservation: Judged<bool> => yes_no,
            "keeps ports", "포트 유지",
            "Does it keep port numbers as they are?", "포트 번호를 그대로 유지합니까?";
        /// How long an idle mapping was seen to live, in milliseconds: at least this long (RFC 4787 §4.3).
        mapping_lifetime_ms: Judged<u64> => at_least_seconds,
            "idle lifetime", "유휴 유지 시간",
            "How long does it keep an idle opening?", "쓰지 않는 통로를 얼마나 오래 열어 둡니까?";
        /// The largest IP packet, in bytes, seen to pass whole to a server.
        path_mtu_bytes: Judged<u32> => bytes,
            "largest packet", "최대 패킷",
            "Largest packet that passes whole", "쪼개지지 않고 지나가는 가장 큰 패킷";

            }
    };
}
