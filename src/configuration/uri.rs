//! Which browsers refuse a URI of a server (RFC 7064 §3.1, RFC 7065 §3.1), and why? Each reads it in its own way: Chromium up
//! to the first sign that it knows, Firefox by the URL standard. As measured in Chromium 156 and Firefox 153.

use super::browser::{Browsers, RefusedEntry};
use super::scheme::stripped;
use crate::model::BrowserRefusal as Why;
use std::net::Ipv6Addr;
use url::{Host, ParseError};

/// What is refused at a URI.
pub(super) fn refused_uri(uri: &str) -> Option<RefusedEntry> {
    let uri = &stripped(uri);
    let by_both = |why| Some(RefusedEntry { why, by: Browsers::Both });
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
    let relays = scheme.starts_with("turn");
    let by_chromium = of_chromium(relays, UriParts::of(rest));
    // A fragment without anything in it is none to the URL standard.
    let parts = UriParts::of(rest.strip_suffix('#').unwrap_or(rest));
    let by_firefox = of_firefox(relays, parts).or((scheme == "stuns").then_some(Why::StunsScheme));
    let by = match (&by_chromium, &by_firefox) {
        (Some(_), Some(_)) => Browsers::Both,
        (Some(_), None) => Browsers::Chromium,
        (None, _) => Browsers::Firefox,
    };
    by_chromium.or(by_firefox).map(|why| RefusedEntry { why, by })
}

/// What stands behind the scheme.
#[derive(Clone, Copy)]
struct UriParts<'a> {
    authority: &'a str,
    query: Option<&'a str>,
    has_fragment: bool,
}

impl<'a> UriParts<'a> {
    fn of(rest: &'a str) -> Self {
        let (authority, query) =
            rest.split_once('?').map_or((rest, None), |(authority, query)| (authority, Some(query)));
        Self { authority, query, has_fragment: rest.contains('#') }
    }
}

fn of_chromium(relays: bool, UriParts { authority, query, has_fragment }: UriParts<'_>) -> Option<Why> {
    let of_endpoint = match authority.strip_prefix('[').map(|inner| inner.split_once(']')) {
        _ if authority.contains('@') => Some(Why::UserInUri),
        Some(None | Some(("", _))) => Some(Why::NoHost),
        // What stands between the bracket and the colon is passed over.
        Some(Some((_, behind))) => behind.split_once(':').and_then(|(_, port)| port_of_chromium(port)),
        None if has_fragment || authority.contains('/') => Some(Why::PathInUri),
        None if authority.matches(':').count() > 1 => Some(Why::NoBrackets),
        None => {
            let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
            let of_host = || host.contains([' ', '<', '>', '\\', '"', '|', '^', '`', '[', ']', '{', '}']);
            match port.and_then(port_of_chromium) {
                _ if host.is_empty() => Some(Why::NoHost),
                Some(Why::NoPort) => Some(Why::NoPort),
                _ if of_host() => Some(Why::HostCharacter),
                other => other,
            }
        }
    };
    of_endpoint.or_else(|| match query? {
        _ if has_fragment => Some(Why::PathInUri),
        "" => Some(Why::OtherQuery),
        _ if !relays => Some(Why::StunTransport),
        query if KNOWN_TRANSPORTS.iter().any(|known| query.split('?').next() == Some(known)) => None,
        query if is_transport_in_any_case(query) => None,
        query => Some(unknown_query(query)),
    })
}

fn port_of_chromium(port: &str) -> Option<Why> {
    if port.is_empty() { Some(Why::EmptyPort) } else { (!is_port(port)).then_some(Why::NoPort) }
}

fn of_firefox(relays: bool, UriParts { authority, query, has_fragment }: UriParts<'_>) -> Option<Why> {
    /// What would end the host or its user if it were not escaped.
    const ESCAPED: [&str; 4] = ["%3f", "%2f", "%40", "%25"];

    let of_host = |host: &str| match Host::parse(host) {
        _ if host.is_empty() => Some(Why::NoHost),
        _ if host.contains(['"', '*']) => Some(Why::HostCharacter),
        Ok(_) => None,
        Err(_) if ESCAPED.iter().any(|escaped| host.to_ascii_lowercase().contains(escaped)) => Some(Why::Escaped),
        Err(ParseError::InvalidIpv4Address) => Some(Why::NoHost),
        Err(_) => Some(Why::HostCharacter),
    };
    let (of_host, port) = match authority.strip_prefix('[').map(|inner| inner.split_once(']')) {
        _ if authority.contains('@') => return Some(Why::UserInUri),
        _ if has_fragment || authority.contains('/') => return Some(Why::PathInUri),
        Some(None) => return Some(Why::NoHost),
        Some(Some((address, behind))) => {
            let is_host = address.parse::<Ipv6Addr>().is_ok() && (behind.is_empty() || behind.starts_with(':'));
            ((!is_host).then_some(Why::NoHost), behind.strip_prefix(':'))
        }
        None if authority.matches(':').count() > 1 => return Some(Why::NoBrackets),
        None => {
            let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
            (of_host(host), port)
        }
    };
    let of_port = match port.filter(|port| !port.is_empty()) {
        Some(port) if !is_port(port) => Some(Why::NoPort),
        Some(port) if is_blocked(port) => Some(Why::BlockedPort),
        Some(_) | None => None,
    };
    of_host.or(of_port).or_else(|| match query? {
        "" => None,
        _ if !relays => Some(Why::StunTransport),
        query if KNOWN_TRANSPORTS.contains(&query) => None,
        query if is_transport_in_any_case(query) => Some(Why::TransportCase),
        query if KNOWN_TRANSPORTS.iter().any(|known| query.split('?').next() == Some(known)) => Some(Why::OtherQuery),
        query => Some(unknown_query(query)),
    })
}

const KNOWN_TRANSPORTS: [&str; 2] = ["transport=udp", "transport=tcp"];

fn is_transport_in_any_case(query: &str) -> bool {
    query.starts_with("transport=") && KNOWN_TRANSPORTS.iter().any(|known| known.eq_ignore_ascii_case(query))
}

/// What neither browser takes behind the question mark.
fn unknown_query(query: &str) -> Why {
    if query.contains('&') || !query.starts_with("transport=") { Why::OtherQuery } else { Why::OtherTransport }
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port != 0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_refused_by_whom_it_was_seen_to_be_refused() {
        let by = |by: Browsers| move |why: Why| Some((why, by));
        let (both, chromium, firefox) = (by(Browsers::Both), by(Browsers::Chromium), by(Browsers::Firefox));
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
            ("turn:h?", chromium(Why::OtherQuery)),
            ("turn:h?transport=", both(Why::OtherTransport)),
            ("turn:h?transport=udp?x", firefox(Why::OtherQuery)),
            ("turn:h?transport=tcp#x", both(Why::PathInUri)),
            ("turn:h?TRANSPORT=udp", both(Why::OtherQuery)),
            ("turn:h:+5", both(Why::NoPort)),
            ("turn:h:03478", None),
            ("turn:[::1", both(Why::NoHost)),
            ("turn:[::1]x", firefox(Why::NoHost)),
            ("turn:[fe80::1%25eth0]", firefox(Why::NoHost)),
            ("turn:[::1]:", chromium(Why::EmptyPort)),
            ("turn:256.256.256.256", firefox(Why::NoHost)),
            ("turn:1.2.3", None),
            ("turn:${NAME}", chromium(Why::HostCharacter)),
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
            ("turn:h:", chromium(Why::EmptyPort)),
            (" turn:h\n", None),
            ("TURN:h", None),
            ("turn:h:53", None),
            ("turn:h:993?transport=tcp", firefox(Why::BlockedPort)),
            ("turns:h:5061", firefox(Why::BlockedPort)),
            ("turn:h:5062", None),
            ("turn:\"h\"", both(Why::HostCharacter)),
            ("turn:a|b^c", both(Why::HostCharacter)),
            ("turn:a[b", both(Why::HostCharacter)),
            ("turn:a`b", chromium(Why::HostCharacter)),
            ("turn:*", firefox(Why::HostCharacter)),
            ("turn:h%20", firefox(Why::HostCharacter)),
            ("turn:%HOST%:3478", firefox(Why::HostCharacter)),
            ("turn:xn--a", firefox(Why::HostCharacter)),
            ("turn:h\u{2028}", firefox(Why::HostCharacter)),
            ("turn:\u{7f}h", firefox(Why::HostCharacter)),
            ("turn:1.2.3.4.5", firefox(Why::NoHost)),
            ("turn:a.0x", firefox(Why::NoHost)),
            ("turn:01.02.03.04", None),
            ("turn:[]", both(Why::NoHost)),
            ("turn:[::1]#", None),
            ("turn:[::1]/x", firefox(Why::PathInUri)),
            ("turn:[::1], turn:b", both(Why::NoPort)),
            ("turn:h#", chromium(Why::PathInUri)),
            ("turn:h?transport=udp#", chromium(Why::PathInUri)),
            ("stuns:h?", both(Why::OtherQuery)),
            ("turn:h:01", firefox(Why::BlockedPort)),
            ("turn:bücher.example", None),
            ("turn:a_b.example.", None),
            ("turns:h?transport=udp", None),
            ("turn:[2001:db8::10]:3478?transport=udp", None),
            ("stuns:h:443", firefox(Why::StunsScheme)),
        ] {
            assert_eq!(refused_uri(uri).map(|refused| (refused.why, refused.by)), expected, "{uri}");
        }
    }
}
