//! A server to ask, from its URI: `stun:`, `stuns:` (RFC 7064), `turn:`, `turns:` (RFC 7065).
//!
//! A URI that does not parse is told with the column where it goes wrong, before any packet is sent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// What a server is asked for, and whether its transport is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// STUN over UDP or TCP (RFC 7064).
    Stun,
    /// STUN over TLS or DTLS (RFC 7064).
    Stuns,
    /// TURN over UDP or TCP (RFC 7065).
    Turn,
    /// TURN over TLS or DTLS (RFC 7065).
    Turns,
}

impl Scheme {
    /// Whether a server of this scheme is asked to relay.
    pub fn relays(self) -> bool {
        matches!(self, Self::Turn | Self::Turns)
    }

    fn is_secure(self) -> bool {
        matches!(self, Self::Stuns | Self::Turns)
    }

    /// RFC 8489 §18.6, RFC 8656 §3.
    fn default_port(self) -> u16 {
        if self.is_secure() { 5349 } else { 3478 }
    }
}

/// As it begins a URI.
impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stun => "stun",
            Self::Stuns => "stuns",
            Self::Turn => "turn",
            Self::Turns => "turns",
        })
    }
}

/// What carries STUN messages to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// Datagrams (RFC 8489 §6.2.1).
    Udp,
    /// A plain stream (RFC 8489 §6.2.2).
    Tcp,
    /// TLS over TCP (RFC 8489 §6.2.3).
    Tls,
    /// DTLS over UDP (RFC 7350): recognised in a URI, not spoken.
    Dtls,
}

impl Transport {
    /// Every transport.
    pub const ALL: [Self; 4] = [Self::Udp, Self::Tcp, Self::Tls, Self::Dtls];
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
            Self::Dtls => "DTLS",
        })
    }
}

/// One server to ask, over one transport. In JSON its URI.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct Target {
    /// What it is asked for.
    pub scheme: Scheme,
    /// A name or an address literal, IPv6 without its brackets.
    pub host: String,
    /// None where the URI names no port: then SRV records are asked first (RFC 5928 §3).
    pub port: Option<u16>,
    /// What carries the messages: by the URI's `transport`, else by the scheme.
    pub transport: Transport,
}

impl Target {
    /// The port of the URI, else 3478, of `stuns` and `turns` 5349.
    pub fn port_or_default(&self) -> u16 {
        self.port.unwrap_or_else(|| self.scheme.default_port())
    }

    /// The address, where the URI holds one and no name.
    pub fn literal(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// The URI in its shortest canonical form: what reports and origins call this target.
    pub fn uri(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = if self.host.parse::<Ipv6Addr>().is_ok() { format!("[{}]", self.host) } else { self.host.clone() };
        write!(f, "{}:{host}", self.scheme)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        match (self.scheme, self.transport) {
            (Scheme::Turn, Transport::Udp) => f.write_str("?transport=udp"),
            (Scheme::Turn | Scheme::Stun, Transport::Tcp) => f.write_str("?transport=tcp"),
            (Scheme::Turns | Scheme::Stuns, Transport::Dtls) => f.write_str("?transport=udp"),
            (Scheme::Turns, Transport::Tls) => f.write_str("?transport=tcp"),
            _ => Ok(()),
        }
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.uri()
    }
}

impl TryFrom<String> for Target {
    type Error = TargetError;

    fn try_from(uri: String) -> Result<Self, TargetError> {
        uri.parse()
    }
}

/// Where a URI goes wrong, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct TargetError {
    /// What is wrong, in English and fit for people.
    pub problem: String,
    /// Where it begins, in characters counted from 0.
    pub column: usize,
}

impl TargetError {
    fn at(column: usize, problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), column }
    }
}

impl FromStr for Target {
    type Err = TargetError;

    /// Also takes `?transport=tcp` on `stun:`, which RFC 7064 does not have but field configurations do.
    fn from_str(uri: &str) -> Result<Self, TargetError> {
        if let Some((column, c)) = uri.chars().enumerate().find(|(_, c)| !c.is_ascii_graphic()) {
            return Err(TargetError::at(column, format!("{c:?} cannot stand in a URI (write an IDN as xn--…)")));
        }
        // From here on all is ASCII: a byte is a column.
        let colon = uri
            .find(':')
            .ok_or_else(|| TargetError::at(0, "no scheme: begin with stun:, stuns:, turn: or turns:".to_owned()))?;
        let scheme = match uri[..colon].to_ascii_lowercase().as_str() {
            "stun" => Scheme::Stun,
            "stuns" => Scheme::Stuns,
            "turn" => Scheme::Turn,
            "turns" => Scheme::Turns,
            other => {
                return Err(TargetError::at(0, format!("unknown scheme {other:?}: use stun, stuns, turn or turns")));
            }
        };
        let rest_at = colon + 1;
        let (authority, query) = match uri[rest_at..].split_once('?') {
            Some((authority, query)) => (authority, Some((rest_at + authority.len() + 1, query))),
            None => (&uri[rest_at..], None),
        };
        if authority.starts_with("//") {
            return Err(TargetError::at(rest_at, "no // here: write it as in stun:host:3478".to_owned()));
        }
        if let Some(at) = authority.find('@') {
            return Err(TargetError::at(
                rest_at + at,
                "no user or password in the URI: use --user with --password-file, or --ice-servers".to_owned(),
            ));
        }
        let (host, port) = split_authority(authority, rest_at)?;
        let transport = transport(scheme, query)?;
        Ok(Self { scheme, host, port, transport })
    }
}

fn split_authority(authority: &str, at: usize) -> Result<(String, Option<u16>), TargetError> {
    if let Some(inner) = authority.strip_prefix('[') {
        let end = inner.find(']').ok_or_else(|| TargetError::at(at, "'[' without ']'"))?;
        let address: Ipv6Addr = inner[..end]
            .parse()
            .map_err(|_| TargetError::at(at + 1, format!("{:?} is not an IPv6 address", &inner[..end])))?;
        let port = match &inner[end + 1..] {
            "" => None,
            rest => match rest.strip_prefix(':') {
                Some(digits) => Some(port(digits, at + end + 3)?),
                None => return Err(TargetError::at(at + end + 2, "only :PORT may follow ']'")),
            },
        };
        return Ok((address.to_string(), port));
    }
    if authority.matches(':').count() > 1 {
        return Err(TargetError::at(at, "an IPv6 address stands in brackets: stun:[2001:db8::1]:3478"));
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, digits)) => (host, Some(port(digits, at + host.len() + 1)?)),
        None => (authority, None),
    };
    check_host(host, at)?;
    Ok((host.trim_end_matches('.').to_ascii_lowercase(), port))
}

fn port(digits: &str, at: usize) -> Result<u16, TargetError> {
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|port| *port != 0)
        .ok_or_else(|| TargetError::at(at, "this is not a port (1 to 65535)"))
}

/// RFC 1035 §2.3.4's sizes; underscores are taken, since names in the field have them.
fn check_host(host: &str, at: usize) -> Result<(), TargetError> {
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.is_empty() {
        return Err(TargetError::at(at, "no host"));
    }
    if name.len() > 253 {
        return Err(TargetError::at(at, format!("a name of {} characters; DNS takes 253", name.len())));
    }
    let mut column = at;
    for label in name.split('.') {
        if label.is_empty() || label.len() > 63 {
            return Err(TargetError::at(column, "each part of a name has 1 to 63 characters"));
        }
        if let Some(bad) = label.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'-' || b == b'_')) {
            let c = char::from(label.as_bytes()[bad]);
            return Err(TargetError::at(column + bad, format!("{c:?} cannot stand in a host name")));
        }
        column += label.len() + 1;
    }
    let all_numeric = name.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if all_numeric && name.parse::<std::net::Ipv4Addr>().is_err() {
        return Err(TargetError::at(at, format!("{name:?} is not an IPv4 address")));
    }
    Ok(())
}

fn transport(scheme: Scheme, query: Option<(usize, &str)>) -> Result<Transport, TargetError> {
    let asked = match query {
        None => None,
        Some((at, query)) => match query.split_once('=') {
            Some(("transport", value)) if !value.contains('&') => Some((at + "transport=".len(), value)),
            _ => return Err(TargetError::at(at, "only ?transport=udp or ?transport=tcp is known")),
        },
    };
    match (asked.map(|(_, value)| value), scheme.is_secure()) {
        (None, false) | (Some("udp"), false) => Ok(Transport::Udp),
        (None, true) | (Some("tcp"), true) => Ok(Transport::Tls),
        (Some("tcp"), false) => Ok(Transport::Tcp),
        (Some("udp"), true) => Ok(Transport::Dtls),
        (Some(_), _) => {
            let at = asked.map_or(0, |(at, _)| at);
            Err(TargetError::at(at, "an unknown transport: use udp or tcp"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column_of(uri: &str) -> usize {
        uri.parse::<Target>().expect_err(uri).column
    }

    #[test]
    fn a_bare_turn_uri_means_udp_on_3478_as_in_a_browser() {
        let target: Target = "turn:turn.example.org".parse().expect("parses");
        assert_eq!((target.transport, target.port, target.port_or_default()), (Transport::Udp, None, 3478));
    }

    #[test]
    fn turns_means_tls_on_5349() {
        let target: Target = "turns:turn.example.org".parse().expect("parses");
        assert_eq!((target.transport, target.port_or_default()), (Transport::Tls, 5349));
    }

    #[test]
    fn a_canonical_uri_parses_to_the_same_target() {
        for uri in [
            "stun:a.example",
            "stun:[2001:db8::1]:3478",
            "turn:a.example:80?transport=tcp",
            "turns:a.example:443?transport=tcp",
            "turns:a.example?transport=udp",
            "stuns:a.example",
        ] {
            let target: Target = uri.parse().expect(uri);
            assert_eq!(target.uri().parse::<Target>(), Ok(target), "{uri}");
        }
    }

    #[test]
    fn an_error_points_at_the_column_where_it_is() {
        assert_eq!(column_of("http:x"), 0);
        assert_eq!(column_of("stun:[::1]:99999"), 11);
        assert_eq!(column_of("turn:host?transport=sctp"), 20);
        assert_eq!(column_of("turns:"), 6);
        assert_eq!(column_of("turn:user:pw@host"), 12);
        assert_eq!(column_of("stun:ho st"), 7);
        assert_eq!(column_of("stun:192.168.0.274"), 5);
        assert_eq!(column_of(&format!("stun:{}", "a".repeat(300))), 5);
        assert_eq!(column_of("stun:h%41st"), 6);
    }

    #[test]
    fn an_error_about_credentials_does_not_repeat_them() {
        let error = "turn:user:hunter2@host".parse::<Target>().expect_err("has a password");
        assert!(!error.to_string().contains("hunter2"));
    }
}
