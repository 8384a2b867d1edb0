//! Which browsers refuse an entry, and why? As measured in Chromium 156 and Firefox 153; what was not measured is not
//! judged.

use super::server::{ConfiguredServer, Given};
use crate::model::{BrowserRefusal as Why, Several};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Whose `new RTCPeerConnection` throws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Browsers {
    Both,
    Chromium,
    Firefox,
}

impl Browsers {
    pub(super) fn names(self) -> Several {
        Several::of(match self {
            Self::Both => ["Chromium", "Firefox"].as_slice(),
            Self::Chromium => &["Chromium"],
            Self::Firefox => &["Firefox"],
        })
    }
}

/// That browsers refuse something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RefusedEntry {
    pub(super) why: Why,
    pub(super) by: Browsers,
}

fn by(by: Browsers, why: Why) -> Option<RefusedEntry> {
    Some(RefusedEntry { why, by })
}

fn by_both(why: Why) -> Option<RefusedEntry> {
    by(Browsers::Both, why)
}

/// What is refused at a URI (RFC 7064 §3.1, RFC 7065 §3.1).
pub(super) fn refused_uri(uri: &str) -> Option<RefusedEntry> {
    let uri = &stripped(uri);
    if uri.is_empty() {
        return by_both(Why::EmptyUri);
    }
    let Some((scheme, rest)) = uri.split_once(':') else { return by_both(Why::NoScheme) };
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "stun" | "stuns" | "turn" | "turns" => {}
        "http" | "https" | "ws" | "wss" => return by_both(Why::WebAddress),
        _ => return by_both(Why::OtherScheme),
    }
    if rest.starts_with("//") {
        return by_both(Why::Slashes);
    }
    let (authority, query) = rest.split_once('?').map_or((rest, None), |(authority, query)| (authority, Some(query)));
    if authority.contains('@') {
        return by_both(Why::UserInUri);
    }
    if rest.contains('#') || authority.contains('/') {
        return by_both(Why::PathInUri);
    }
    let of_query = || query.and_then(|query| refused_query(scheme.starts_with("turn"), query));
    let of_scheme = || (scheme == "stuns").then_some(RefusedEntry { why: Why::StunsScheme, by: Browsers::Firefox });
    refused_endpoint(authority).or_else(of_query).or_else(of_scheme)
}

/// As any URL is read: without the spaces around it, and without tabs and line ends anywhere (URL standard §4.4).
pub(super) fn stripped(uri: &str) -> String {
    uri.trim_matches(|c: char| c <= ' ').replace(['\t', '\n', '\r'], "")
}

/// Whether it is the URI of a TURN server, right or wrong in all else.
pub(super) fn relays(uri: &str) -> bool {
    let uri = stripped(uri);
    let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
    ["turn", "turns"].iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

fn refused_endpoint(authority: &str) -> Option<RefusedEntry> {
    /// What would end the host or its user if it were not escaped.
    const ESCAPED: [&str; 4] = ["%3f", "%2f", "%40", "%25"];

    let (host, port) = match authority.strip_prefix('[') {
        Some(inner) => {
            let Some((address, behind)) = inner.split_once(']') else { return by_both(Why::NoHost) };
            if address.parse::<Ipv6Addr>().is_err() || !(behind.is_empty() || behind.starts_with(':')) {
                return by(Browsers::Firefox, Why::NoHost);
            }
            (address, behind.strip_prefix(':'))
        }
        None if authority.matches(':').count() > 1 => return by_both(Why::NoBrackets),
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let is_number = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let is_dotted = host.split('.').count() == 4 && host.split('.').all(|part| !part.is_empty() && is_number(part));
    let lower = host.to_ascii_lowercase();
    match port {
        _ if host.is_empty() => by_both(Why::NoHost),
        Some(port) if !(port.is_empty() || is_number(port) && port.parse::<u16>().is_ok_and(|port| port != 0)) => {
            by_both(Why::NoPort)
        }
        _ if host.contains([' ', '<', '>', '\\', '"', '|', '^', '[', ']']) => by_both(Why::HostCharacter),
        Some("") => by(Browsers::Chromium, Why::EmptyPort),
        _ if host.contains(['{', '}']) => by(Browsers::Chromium, Why::HostCharacter),
        Some(port) if is_blocked(port) => by(Browsers::Firefox, Why::BlockedPort),
        _ if host.contains('\u{a0}') => by(Browsers::Firefox, Why::HostCharacter),
        _ if is_dotted && host.parse::<Ipv4Addr>().is_err() => by(Browsers::Firefox, Why::NoHost),
        _ if ESCAPED.iter().any(|escaped| lower.contains(escaped)) => by(Browsers::Firefox, Why::Escaped),
        Some(_) | None => None,
    }
}

/// Ports that Firefox connects to for nobody, so that no page speaks to a service of the old kind: as it told each of the
/// 65,535 itself (nsIOService's list, where TURN may use 53).
const FIREFOX_PORTS: [u16; 81] = [
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111,
    113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540,
    548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000,
    6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

fn is_blocked(port: &str) -> bool {
    port.parse().is_ok_and(|port: u16| FIREFOX_PORTS.contains(&port))
}

fn refused_query(relays: bool, query: &str) -> Option<RefusedEntry> {
    match query {
        "" => by(Browsers::Chromium, Why::OtherQuery),
        _ if !relays => by_both(Why::StunTransport),
        "transport=udp" | "transport=tcp" => None,
        _ if ["transport=udp?", "transport=tcp?"].iter().any(|known| query.starts_with(known)) => {
            by(Browsers::Firefox, Why::OtherQuery)
        }
        _ if query.contains('&') || !query.starts_with("transport=") => by_both(Why::OtherQuery),
        _ if ["transport=udp", "transport=tcp"].iter().any(|known| known.eq_ignore_ascii_case(query)) => {
            by(Browsers::Firefox, Why::TransportCase)
        }
        _ => by_both(Why::OtherTransport),
    }
}

/// What is refused at an entry as a whole.
pub(super) fn refused_server(server: &ConfiguredServer, is_answer: bool) -> Option<RefusedEntry> {
    /// RFC 8489 §14.3 has a byte less.
    const USERNAME_BYTES: usize = 509;

    let Some(urls) = server.urls.as_ref().filter(|_| is_answer || server.is_urls_known) else {
        return by_both(Why::NoUrls);
    };
    if urls.is_empty() {
        return by_both(Why::EmptyUrls);
    }
    let relays = urls.iter().any(|uri| relays(uri));
    let are_there = is_answer || server.are_credentials_known;
    match (&server.username, &server.credential) {
        _ if !relays => {}
        _ if !are_there => return by_both(Why::CredentialNames),
        (Given::Absent, _) | (_, Given::Absent) => return by_both(Why::NoCredentials),
        (_, Given::Text(credential)) if credential.is_empty() => return by_both(Why::EmptyCredential),
        (Given::Text(name), _) if name.len() > USERNAME_BYTES => return by_both(Why::LongUsername),
        (Given::Text(name), _) if name.is_empty() => return by(Browsers::Chromium, Why::EmptyUsername),
        _ => {}
    }
    server.is_no_password.then_some(RefusedEntry { why: Why::CredentialType, by: Browsers::Firefox })
}

#[cfg(test)]
mod tests {
    use super::super::shape::Configuration;
    use super::*;

    /// What was measured: a member's text in JSON beside those of a server in order, and who throws.
    const SERVERS: [(&str, Option<(Why, Browsers)>); 17] = [
        (r#""urls":"turn:h""#, Some((Why::NoCredentials, Browsers::Both))),
        (r#""urls":"turn:h","username":"u""#, Some((Why::NoCredentials, Browsers::Both))),
        (r#""urls":"turn:h","username":"u","password":"c""#, Some((Why::CredentialNames, Browsers::Both))),
        (r#""urls":"turn:h","username":"u","credential":"""#, Some((Why::EmptyCredential, Browsers::Both))),
        (r#""urls":"turn:h","username":"","credential":"c""#, Some((Why::EmptyUsername, Browsers::Chromium))),
        (r#""urls":"turn:h","username":null,"credential":null"#, None),
        (r#""urls":[]"#, Some((Why::EmptyUrls, Browsers::Both))),
        (r#""uris":["stun:h"]"#, Some((Why::NoUrls, Browsers::Both))),
        (r#""url":"stun:h""#, None),
        (r#""urls":"stun:h","other":5"#, None),
        (r#""urls":"stun:h","username":"u","credential":"c""#, None),
        (r#""urls":"turn:h","username":"u","credential":"c","credentialType":"password""#, None),
        (
            r#""urls":"turn:h","username":"u","credential":"c","credentialType":"oauth""#,
            Some((Why::CredentialType, Browsers::Firefox)),
        ),
        (r#""urls":["turn:h"],"username":"u","credential":"c""#, None),
        (r#""urls":[["turn:h"]],"username":5,"credential":true"#, None),
        (r#""urls":"stun:h","credentialType":null"#, Some((Why::CredentialType, Browsers::Firefox))),
        (r#""urls":"stun:h","url":"bad""#, None),
    ];

    fn told(refused: Option<RefusedEntry>) -> Option<(Why, Browsers)> {
        refused.map(|refused| (refused.why, refused.by))
    }

    #[test]
    fn an_entry_is_refused_by_whom_it_was_seen_to_be_refused() {
        let server = |text: &str| {
            let read = Configuration::read(&format!(r#"{{"iceServers":[{{{text}}}]}}"#)).expect(text);
            read.servers.into_iter().next().expect("one")
        };
        for (text, expected) in SERVERS {
            assert_eq!(told(refused_server(&server(text), false)), expected, "{text}");
        }
        let long = format!(r#""urls":"turn:h","username":"{}","credential":"c""#, "u".repeat(600));
        assert_eq!(told(refused_server(&server(&long), false)), Some((Why::LongUsername, Browsers::Both)));
        let renamed = server(r#""uris":["turn:h"],"username":"u","password":"c""#);
        assert_eq!(refused_server(&renamed, true), None, "an application gives them their names");
    }

    #[test]
    fn a_uri_is_refused_by_whom_it_was_seen_to_be_refused() {
        let (both, firefox) = (|why| Some((why, Browsers::Both)), |why| Some((why, Browsers::Firefox)));
        for (uri, expected) in [
            ("turn:h?transport=tls", both(Why::OtherTransport)),
            ("turn:h?transport=dtls", both(Why::OtherTransport)),
            ("turn:h?transport=udp&ttl=3", both(Why::OtherQuery)),
            ("turn:h?ttl=3", both(Why::OtherQuery)),
            ("turn:h?transport=TCP", firefox(Why::TransportCase)),
            ("stun:h?transport=udp", both(Why::StunTransport)),
            ("stun:h:3478?transport=tcp", both(Why::StunTransport)),
            ("turn://h", both(Why::Slashes)),
            ("turn:u@h", both(Why::UserInUri)),
            ("turn:u:p@h", both(Why::UserInUri)),
            ("turn:h%3Ftransport=udp", firefox(Why::Escaped)),
            ("turn:u%40h", firefox(Why::Escaped)),
            ("turn:h%41", None),
            ("turn:h?", Some((Why::OtherQuery, Browsers::Chromium))),
            ("turn:h?transport=", both(Why::OtherTransport)),
            ("turn:h?transport=udp?x", firefox(Why::OtherQuery)),
            ("turn:h?transport=tcp#x", both(Why::PathInUri)),
            ("turn:h?TRANSPORT=udp", both(Why::OtherQuery)),
            ("turn:h:+5", both(Why::NoPort)),
            ("turn:h:03478", None),
            ("turn:[::1", both(Why::NoHost)),
            ("turn:[::1]x", firefox(Why::NoHost)),
            ("turn:[fe80::1%25eth0]", firefox(Why::NoHost)),
            ("turn:[::1]:", Some((Why::EmptyPort, Browsers::Chromium))),
            ("turn:256.256.256.256", firefox(Why::NoHost)),
            ("turn:1.2.3", None),
            ("turn:${NAME}", Some((Why::HostCharacter, Browsers::Chromium))),
            ("turn:<name>", both(Why::HostCharacter)),
            ("turn:a b", both(Why::HostCharacter)),
            ("turn:a\\b", both(Why::HostCharacter)),
            ("\u{a0}turn:h", both(Why::OtherScheme)),
            ("turn:h\u{a0}", firefox(Why::HostCharacter)),
            ("tu\trn:h\r\n:3478", None),
            ("h:3478", both(Why::OtherScheme)),
            ("h", both(Why::NoScheme)),
            ("https://h/turn", both(Why::WebAddress)),
            ("turn:h:0", both(Why::NoPort)),
            ("turn:h:70000", both(Why::NoPort)),
            ("turn:2001:db8::10:3478", both(Why::NoBrackets)),
            ("turn:h:3478/udp", both(Why::PathInUri)),
            ("turn:h#x", both(Why::PathInUri)),
            ("", both(Why::EmptyUri)),
            ("turn:", both(Why::NoHost)),
            ("turn:h:", Some((Why::EmptyPort, Browsers::Chromium))),
            (" turn:h\n", None),
            ("TURN:h", None),
            ("turn:h:53", None),
            ("turn:h:993?transport=tcp", firefox(Why::BlockedPort)),
            ("turns:h:5061", firefox(Why::BlockedPort)),
            ("turn:h:5062", None),
            ("turn:\"h\"", both(Why::HostCharacter)),
            ("turn:a|b^c", both(Why::HostCharacter)),
            ("turn:a[b", both(Why::HostCharacter)),
            ("turn:bücher.example", None),
            ("turn:a_b.example.", None),
            ("turns:h?transport=udp", None),
            ("turn:[2001:db8::10]:3478?transport=udp", None),
            ("stuns:h:443", firefox(Why::StunsScheme)),
        ] {
            assert_eq!(told(refused_uri(uri)), expected, "{uri}");
        }
    }
}
