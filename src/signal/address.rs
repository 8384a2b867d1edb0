//! The address of a room: `https://host[:port][/prefix]/r/ID[#sha256=HEX]`.
//!
//! Whoever knows the address may join, so the id is as long as a key and is shown nowhere but in the address itself.
//! The fragment is not sent to the server (RFC 3986 §3.5): it pins the server's certificate, so that a self-signed one
//! can be trusted.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// 128 bits in base64url: shorter ids could be guessed.
const SHORTEST_ID: usize = 22;
/// Longer than any id that a program needs to make.
const LONGEST_ID: usize = 64;
/// The longest DNS name (RFC 1035 §2.3.4).
const LONGEST_HOST: usize = 253;
const LONGEST_PREFIX: usize = 256;
const FINGERPRINT: &str = "sha256=";

/// The id of a room: 22 to 64 characters of base64url.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(Box<str>);

impl RoomId {
    /// An id from 128 random bits.
    pub fn new(entropy: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(entropy).into())
    }

    /// The id as it stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoomId {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let is_base64url = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        match text.len() {
            length if length < SHORTEST_ID => Err(AddressError::ShortId),
            length if length > LONGEST_ID || !text.bytes().all(is_base64url) => Err(AddressError::Id),
            _ => Ok(Self(text.into())),
        }
    }
}

impl fmt::Debug for RoomId {
    /// Shows enough to tell rooms apart, but not enough to join one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoomId({}…)", self.0.get(..4).unwrap_or_default())
    }
}

/// A room and its server. `Display` writes the whole address, with which anybody can join.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Whether TLS is used; without it, anybody on the path can read and change the messages.
    pub secure: bool,
    /// A DNS name, an IPv4 address, or an IPv6 address without its brackets.
    pub host: String,
    /// The TCP port of the server.
    pub port: u16,
    /// The path before `/r/`: empty, or with a slash at its beginning and none at its end.
    pub prefix: String,
    /// The id of the room.
    pub id: RoomId,
    /// SHA-256 of the DER of the one certificate that is accepted; None where any that this machine trusts is.
    pub fingerprint: Option<[u8; 32]>,
}

/// Why a text is not the address of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The scheme is neither `https` nor `http`.
    #[error("a room's address begins with https:// or http://")]
    Scheme,
    /// There is userinfo before the host.
    #[error("a room's address has no user name or password")]
    User,
    /// The host is empty or malformed.
    #[error("the host's name cannot be read")]
    Host,
    /// The port is not a number from 1 to 65535.
    #[error("the port is no number from 1 to 65535")]
    Port,
    /// The path does not end in `/r/` and an id.
    #[error("a room's address ends with /r/ and the room's id")]
    Path,
    /// The id has fewer than 22 characters.
    #[error("the room's id is too short: it was cut off, or can be guessed")]
    ShortId,
    /// The id is too long or has other characters.
    #[error("a room's id is at most 64 letters, digits, - and _")]
    Id,
    /// There is a query.
    #[error("a room's address has no query")]
    Query,
    /// The fragment is no SHA-256 fingerprint.
    #[error("what follows # is sha256= and 64 hexadecimal digits, or nothing")]
    Fingerprint,
    /// There is a fingerprint, but the scheme is `http`.
    #[error("a fingerprint is of a certificate, and http:// shows none")]
    FingerprintWithoutTls,
}

impl Address {
    /// A new room on the server at `base` (`https://host[:port][/prefix][#sha256=HEX]`); the id is made of `entropy`.
    pub fn new_room(base: &str, entropy: [u8; 16]) -> Result<Self, AddressError> {
        let (place, fragment) = split_fragment(base);
        format!("{}/r/{}{fragment}", place.trim_end_matches('/'), RoomId::new(entropy).as_str()).parse()
    }

    /// The value of `Host` in requests to the server (RFC 9110 §7.2).
    pub fn authority(&self) -> String {
        let host = match self.host.parse::<Ipv6Addr>() {
            Ok(address) => format!("[{address}]"),
            Err(_) => self.host.clone(),
        };
        if self.port == default_port(self.secure) { host } else { format!("{host}:{}", self.port) }
    }

    /// The path of the room itself.
    pub fn path(&self) -> String {
        format!("{}/r/{}", self.prefix, self.id.as_str())
    }
}

const fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

/// Splits off the fragment, which keeps its `#`.
fn split_fragment(text: &str) -> (&str, &str) {
    text.find('#').map_or((text, ""), |at| text.split_at(at))
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (place, fragment) = split_fragment(text.trim());
        let (scheme, rest) = place.split_once("://").ok_or(AddressError::Scheme)?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(AddressError::Scheme),
        };
        if rest.contains('?') {
            return Err(AddressError::Query);
        }
        let (authority, path) = rest.split_once('/').ok_or(AddressError::Path)?;
        if authority.contains('@') {
            return Err(AddressError::User);
        }
        let (host, port) = host_and_port(authority)?;
        let (before, id) = path.rsplit_once('/').ok_or(AddressError::Path)?;
        let prefix = match before.strip_suffix("/r") {
            Some(prefix) => format!("/{prefix}"),
            None if before == "r" => String::new(),
            None => return Err(AddressError::Path),
        };
        let is_plain = |c: u8| c.is_ascii_alphanumeric() || b"-_.~/".contains(&c);
        if prefix.len() > LONGEST_PREFIX || !prefix.bytes().all(is_plain) {
            return Err(AddressError::Path);
        }
        let fingerprint = fingerprint(fragment)?;
        if fingerprint.is_some() && !secure {
            return Err(AddressError::FingerprintWithoutTls);
        }
        let port = port.unwrap_or(default_port(secure));
        Ok(Self { secure, host, port, prefix, id: id.parse()?, fingerprint })
    }
}

fn host_and_port(authority: &str) -> Result<(String, Option<u16>), AddressError> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(bracketed) => {
            let (host, after) = bracketed.split_once(']').ok_or(AddressError::Host)?;
            let address: Ipv6Addr = host.parse().map_err(|_| AddressError::Host)?;
            let port = if after.is_empty() { None } else { Some(after.strip_prefix(':').ok_or(AddressError::Port)?) };
            (address.to_string(), port)
        }
        None => {
            let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
            let is_name = |c: u8| c.is_ascii_alphanumeric() || b"-_.".contains(&c);
            if host.is_empty() || host.len() > LONGEST_HOST || !host.bytes().all(is_name) {
                return Err(AddressError::Host);
            }
            (host.to_ascii_lowercase(), port)
        }
    };
    let port = match port {
        None => None,
        Some(digits) if digits.bytes().all(|c| c.is_ascii_digit()) => {
            Some(digits.parse().ok().filter(|port| *port != 0).ok_or(AddressError::Port)?)
        }
        Some(_) => return Err(AddressError::Port),
    };
    Ok((host, port))
}

/// Reads `#sha256=HEX`, whose digits may be separated by colons, as other programs show them.
fn fingerprint(fragment: &str) -> Result<Option<[u8; 32]>, AddressError> {
    let Some(fragment) = fragment.strip_prefix('#').filter(|rest| !rest.is_empty()) else { return Ok(None) };
    let digits = fragment.strip_prefix(FINGERPRINT).ok_or(AddressError::Fingerprint)?;
    let mut values = digits.bytes().filter(|c| *c != b':').map(|c| char::from(c).to_digit(16));
    let mut bytes = [0; 32];
    for byte in &mut bytes {
        let (Some(Some(high)), Some(Some(low))) = (values.next(), values.next()) else {
            return Err(AddressError::Fingerprint);
        };
        *byte = u8::try_from(high * 16 + low).map_err(|_| AddressError::Fingerprint)?;
    }
    if values.next().is_some() { Err(AddressError::Fingerprint) } else { Ok(Some(bytes)) }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.path())?;
        if let Some(fingerprint) = &self.fingerprint {
            write!(f, "#{FINGERPRINT}")?;
            for byte in fingerprint {
                write!(f, "{byte:02x}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}{}, {:?})", self.authority(), self.prefix, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdefABCD-_";

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        let pin = "ab".repeat(32);
        for text in [
            format!("https://rooms.example/r/{ID}"),
            format!("https://rooms.example:8443/some/where/r/{ID}"),
            format!("https://192.0.2.1/r/{ID}#sha256={pin}"),
            format!("http://[2001:db8::1]:8080/r/{ID}"),
        ] {
            let address: Address = text.parse().expect("an address");
            assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn each_fault_is_told_in_its_own_words() {
        for (text, expected) in [
            (format!("rooms.example/r/{ID}"), AddressError::Scheme),
            (format!("ftp://rooms.example/r/{ID}"), AddressError::Scheme),
            (format!("https://a:b@rooms.example/r/{ID}"), AddressError::User),
            (format!("https:///r/{ID}"), AddressError::Host),
            (format!("https://ro oms/r/{ID}"), AddressError::Host),
            (format!("https://[::1/r/{ID}"), AddressError::Host),
            (format!("https://rooms.example:0/r/{ID}"), AddressError::Port),
            (format!("https://rooms.example:+80/r/{ID}"), AddressError::Port),
            ("https://rooms.example".to_owned(), AddressError::Path),
            (format!("https://rooms.example/room/{ID}"), AddressError::Path),
            (format!("https://rooms.example/a\r\nb/r/{ID}"), AddressError::Path),
            ("https://rooms.example/r/short".to_owned(), AddressError::ShortId),
            (format!("https://rooms.example/r/{ID}%41"), AddressError::Id),
            (format!("https://rooms.example/r/{}", "a".repeat(65)), AddressError::Id),
            (format!("https://rooms.example/r/{ID}?x=1"), AddressError::Query),
            (format!("https://rooms.example/r/{ID}#sha256=abcd"), AddressError::Fingerprint),
            (format!("https://rooms.example/r/{ID}#md5=00"), AddressError::Fingerprint),
            (format!("http://rooms.example/r/{ID}#sha256={}", "00".repeat(32)), AddressError::FingerprintWithoutTls),
        ] {
            assert_eq!(text.parse::<Address>(), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_new_room_keeps_the_servers_fingerprint_and_takes_its_id_from_the_entropy() {
        let pin = "0F".repeat(32);
        let base = format!("https://rooms.example/doctor/#sha256={pin}");
        let one = Address::new_room(&base, [1; 16]).expect("an address");
        let other = Address::new_room(&base, [2; 16]).expect("an address");
        assert_eq!((one.prefix.as_str(), one.fingerprint), ("/doctor", Some([15; 32])));
        assert_ne!(one.id, other.id);
        assert_eq!(one.id.as_str().len(), SHORTEST_ID);
    }

    #[test]
    fn a_fingerprint_may_have_colons() {
        let pin = vec!["0A"; 32].join(":");
        let address: Address = format!("https://rooms.example/r/{ID}#sha256={pin}").parse().expect("an address");
        assert_eq!(address.fingerprint, Some([10; 32]));
    }

    #[test]
    fn the_id_is_not_shown_by_debug() {
        let address: Address = format!("https://rooms.example/r/{ID}").parse().expect("an address");
        assert!(!format!("{address:?}").contains(&ID[..8]), "{address:?}");
    }
}
