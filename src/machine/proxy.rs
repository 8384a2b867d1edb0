//! Which proxy this machine is set to use, as programs are told by their environment: the URL of the proxy, and the hosts
//! that it is not for.

use super::ProxyKind;
use std::fmt;
use std::net::IpAddr;

/// A proxy, and for whom it is not.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxySetting {
    /// How it is asked.
    pub kind: ProxyKind,
    /// Its name or address.
    pub host: String,
    /// Where it listens.
    pub port: u16,
    /// A user name and a password that it is to be told.
    pub login: Option<(String, String)>,
    /// The hosts that are reached without it.
    pub except: NoProxy,
}

impl fmt::Debug for ProxySetting {
    /// Shows no user name and no password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxySetting({:?}, {}:{}, {:?})", self.kind, self.host, self.port, self.except)
    }
}

impl ProxySetting {
    /// Reads a proxy's URL, as `http://user:password@proxy.example:8080` or `socks5://192.0.2.1`; without a scheme it is one
    /// of HTTP. None where it is no URL of a proxy that is known here.
    pub fn read(url: &str, except: NoProxy) -> Option<Self> {
        let (scheme, rest) = url.trim().split_once("://").unwrap_or(("http", url.trim()));
        let (kind, default_port) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (ProxyKind::Http, 80),
            "socks" | "socks5" | "socks5h" => (ProxyKind::Socks5, 1080),
            _ => return None,
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, authority),
        };
        let login = login.map(|login| login.split_once(':').unwrap_or((login, "")));
        let login = login.map(|(user, password)| Some((unescaped(user)?, unescaped(password)?)));
        let (host, port) = match place.strip_prefix('[') {
            Some(bracketed) => bracketed.split_once(']')?,
            None => place.split_at(place.find(':').unwrap_or(place.len())),
        };
        let port = match port.strip_prefix(':') {
            Some("") | None => default_port,
            Some(port) => port.parse().ok()?,
        };
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
        if host.is_empty() || !host.chars().all(is_host) || port == 0 {
            return None;
        }
        let login = match login {
            Some(readable) => Some(readable?),
            None => None,
        };
        Some(Self { kind, host: host.to_owned(), port, login, except })
    }

    /// Whether connections to this host and port go through it.
    pub fn leads_to(&self, host: &str, port: u16) -> bool {
        !self.except.holds(host, port)
    }
}

/// RFC 3986 §2.1. None where what comes out is no text, or would break a header line.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

/// The hosts that are reached without a proxy, as `NO_PROXY` lists them: names with all that is below them, addresses,
/// prefixes of addresses, or `*` for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoProxy(Vec<String>);

impl NoProxy {
    /// Reads a list with commas or spaces between.
    pub fn read(list: &str) -> Self {
        let entries = list.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty());
        Self(entries.map(str::to_ascii_lowercase).collect())
    }

    fn holds(&self, host: &str, port: u16) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        self.0.iter().any(|entry| match address {
            _ if entry == "*" => true,
            Some(address) => is_address(entry, address, port),
            None => is_name(entry, &host, port),
        })
    }
}

fn is_name(entry: &str, host: &str, port: u16) -> bool {
    let (name, is_of_port) = match entry.rsplit_once(':') {
        Some((name, of)) => (name, of.parse() == Ok(port)),
        None => (entry, true),
    };
    let name = name.trim_start_matches('*').trim_start_matches('.').trim_end_matches('.');
    let is_below = || host.strip_suffix(name).is_some_and(|front| front.ends_with('.'));
    is_of_port && !name.is_empty() && (host == name || is_below())
}

fn is_address(entry: &str, address: IpAddr, port: u16) -> bool {
    let bare = |text: &str| text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    if let Some((network, bits)) = entry.split_once('/') {
        return match (bare(network), bits.parse()) {
            (Some(network), Ok(bits)) => shares_prefix(network, address, bits),
            _ => false,
        };
    }
    match (bare(entry), entry.rsplit_once(':')) {
        (Some(own), _) => own == address,
        (None, Some((own, of))) => bare(own) == Some(address) && of.parse() == Ok(port),
        (None, None) => false,
    }
}

fn shares_prefix(network: IpAddr, address: IpAddr, bits: u32) -> bool {
    let (a, b) = match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()) << 96, u128::from(b.to_bits()) << 96),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits()),
        _ => return false,
    };
    (a ^ b).leading_zeros() >= bits || bits == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Option<ProxySetting> {
        ProxySetting::read(url, NoProxy::default())
    }

    #[test]
    fn a_proxy_is_read_as_other_programs_read_it() {
        let place = |url| read(url).map(|proxy| (proxy.kind, proxy.host, proxy.port));
        assert_eq!(place("http://10.1.0.1:8888"), Some((ProxyKind::Http, "10.1.0.1".to_owned(), 8888)));
        assert_eq!(place("proxy.example:3128"), Some((ProxyKind::Http, "proxy.example".to_owned(), 3128)));
        assert_eq!(place("http://proxy.example/"), Some((ProxyKind::Http, "proxy.example".to_owned(), 80)));
        assert_eq!(place("SOCKS5h://[2001:db8::1]"), Some((ProxyKind::Socks5, "2001:db8::1".to_owned(), 1080)));
        for none in [
            "",
            "http://",
            "https://a.example",
            "http://:80",
            "ftp://a.example",
            "http://a.example:x",
            "http://a b",
            "http://[::1",
        ] {
            assert_eq!(place(none), None, "{none:?}");
        }
    }

    #[test]
    fn a_login_is_unescaped_and_never_shown() {
        let proxy = read("http://me:p%40ss%3a@proxy.example:8080").expect("a proxy");
        assert_eq!(proxy.login, Some(("me".to_owned(), "p@ss:".to_owned())));
        assert!(!format!("{proxy:?}").contains("p@ss"));
        for none in ["http://me:%zz@a.example", "http://me:%0d%0a@a.example", "http://me:%e@a.example"] {
            assert_eq!(read(none), None, "{none:?}");
        }
    }

    #[test]
    fn some_hosts_are_reached_without_it() {
        let list = NoProxy::read(
            "localhost, .corp.example *.lan.example,10.0.0.0/8 192.0.2.7,turn.example:443, 2001:db8::/32",
        );
        for held in [
            "localhost",
            "a.corp.example",
            "corp.example",
            "CORP.example.",
            "b.lan.example",
            "10.1.2.3",
            "192.0.2.7",
            "turn.example",
            "2001:db8::5",
        ] {
            assert!(list.holds(held, 443), "{held}");
        }
        for free in ["corp.example.org", "xcorp.example", "11.0.0.1", "192.0.2.70", "2001:db9::5", "example"] {
            assert!(!list.holds(free, 443), "{free}");
        }
        assert!(!list.holds("turn.example", 5349));
        assert!(NoProxy::read("*").holds("any.example", 1) && !NoProxy::read("").holds("any.example", 1));
    }
}
