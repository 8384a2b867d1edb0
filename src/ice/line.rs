//! What does one candidate line say, and how is one of ours written? (RFC 8839 §5.1; the TCP type of RFC 6544 §4.5; the
//! ufrag extension of RFC 8838 §13; names that hide addresses, draft-ietf-mmusic-mdns-ice-candidates §3)
//!
//! Whether a candidate may be checked at all, and what its name resolves to, is the agent's business.

use crate::model::{Candidate, CandidateField, CandidateType, Host, LineError, Protocol, Quoted, TcpType, Text};
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The longest line that is read, in bytes: as much as a whole description may have. Browsers write 100 to 250, and read what
/// comes.
const LINE_BYTES_MAX: usize = 256 << 10;
/// RFC 8839 §5.1 has 1*32ice-char. Browsers take any word of any length, since it only says which candidates are alike.
const FOUNDATION_CHARS_MAX: usize = 2_048;
/// RFC 8839 §5.1: a component is 1 to 256.
const COMPONENT_MAX: u64 = 256;
/// RFC 8839 §5.4: 4*256ice-char.
const UFRAG_CHARS: std::ops::RangeInclusive<usize> = 4..=256;
/// RFC 1035 §2.3.4.
const LABEL_BYTES_MAX: usize = 63;
/// What [`Text`] keeps whole. A name that hides an address is a UUID and `.local`: 42.
const NAME_BYTES_MAX: usize = Text::SHOWN_CHARS;

/// A candidate of the other end's, as its line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteCandidate {
    /// RFC 8445 §5.1.1.3; of a long one its beginning.
    pub foundation: String,
    /// UDP or TCP.
    pub protocol: Protocol,
    /// Never 0.
    pub priority: u32,
    /// A name has the characters and the shape of one; nothing is known of what it stands for.
    pub host: Host,
    /// 0 only for an active TCP candidate, whose port means nothing (RFC 6544 §4.5).
    pub port: u16,
    /// Host, server-reflexive, peer-reflexive or relayed.
    pub kind: CandidateType,
    /// None where the line has none, or hides it.
    pub related: Option<SocketAddr>,
    /// Always there with TCP, never with UDP.
    pub tcp_type: Option<TcpType>,
    /// Which of the other end's descriptions it belongs to.
    pub ufrag: Option<String>,
}

impl RemoteCandidate {
    /// Reads `candidate:…`, with or without a leading `a=` and trailing white space.
    pub fn parse(line: &str) -> Result<Self, LineError> {
        if line.len() > LINE_BYTES_MAX {
            return Err(LineError::TooLong { bytes: line.len(), most: LINE_BYTES_MAX });
        }
        let line = line.trim();
        let line = line.strip_prefix("a=").unwrap_or(line);
        let rest = line.strip_prefix("candidate:").ok_or(LineError::NoCandidate)?;
        let mut words = rest.split(' ').filter(|word| !word.is_empty());
        let mut next = |field| words.next().ok_or(LineError::Missing { field });

        let foundation = foundation(next(CandidateField::Foundation)?)?;
        component(next(CandidateField::Component)?)?;
        let protocol = protocol(next(CandidateField::Transport)?)?;
        let priority = priority(next(CandidateField::Priority)?)?;
        let host = host(next(CandidateField::Address)?)?;
        let port = next(CandidateField::Port)?;
        let typ = next(CandidateField::Typ)?;
        if typ != "typ" {
            return Err(LineError::NoType { word: Quoted::new(typ) });
        }
        let kind = kind(next(CandidateField::Type)?)?;
        let Extensions { related, tcp_type, ufrag } = Extensions::read(words)?;
        let tcp_type = match protocol {
            Protocol::Udp => None,
            Protocol::Tcp => Some(self::tcp_type(tcp_type.ok_or(LineError::NoTcpType)?)?),
        };
        let bad_port = || LineError::Port { word: Quoted::new(port) };
        let number = number(port).and_then(|port| u16::try_from(port).ok()).ok_or_else(bad_port)?;
        if number == 0 && tcp_type != Some(TcpType::Active) {
            return Err(bad_port());
        }
        Ok(Self { foundation, protocol, priority, host, port: number, kind, related, tcp_type, ufrag })
    }
}

/// The line of one of our candidates, without `a=`. `hidden_as` is the `.local` name that stands for its address; with
/// it, the related address is hidden as well.
pub fn write(candidate: &Candidate, hidden_as: Option<&str>, ufrag: Option<&str>) -> String {
    let Candidate { kind, protocol, address, port, priority, foundation, related, tcp_type, .. } = candidate;
    let host = hidden_as.map_or_else(|| address.to_string(), str::to_owned);
    let (kind_word, protocol) = (kind_word(*kind), protocol_word(*protocol));
    let mut line = format!("candidate:{foundation} 1 {protocol} {priority} {host} {port} typ {kind_word}");
    // Writing to a String does not fail.
    if *kind != CandidateType::Host {
        let related = related.filter(|_| hidden_as.is_none()).unwrap_or_else(|| hidden(*address));
        let _ = write!(line, " raddr {} rport {}", related.ip(), related.port());
    }
    if let Some(tcp_type) = tcp_type {
        let _ = write!(line, " tcptype {}", tcp_type_word(*tcp_type));
    }
    if let Some(ufrag) = ufrag {
        let _ = write!(line, " ufrag {ufrag}");
    }
    line
}

/// What stands for a related address that is not told (RFC 8839 §5.1).
fn hidden(like: IpAddr) -> SocketAddr {
    match like {
        IpAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        IpAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    }
}

#[derive(Default)]
struct Extensions<'a> {
    related: Option<SocketAddr>,
    /// As it stands there: with UDP it means nothing.
    tcp_type: Option<&'a str>,
    ufrag: Option<String>,
}

impl<'a> Extensions<'a> {
    /// Unknown ones are ignored (RFC 8839 §5.1), and so is a last one without a value, as browsers do.
    fn read(mut words: impl Iterator<Item = &'a str>) -> Result<Self, LineError> {
        let (mut extensions, mut address, mut port) = (Self::default(), None, None);
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            match name {
                "raddr" => address = related_address(value)?,
                "rport" => port = related_port(value)?,
                "tcptype" => extensions.tcp_type = Some(value),
                "ufrag" => extensions.ufrag = ufrag(value),
                _ => {}
            }
        }
        extensions.related = address.zip(port).map(SocketAddr::from);
        Ok(extensions)
    }
}

/// `ice-char` of RFC 8839 §5.1.
pub(crate) fn is_ice_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'
}

/// What stands in the ufrags and passwords of others: `ice-char`, and what media servers write beside it and browsers take
/// (libwebrtc's `IsIceChar`).
pub(crate) fn is_credential_char(byte: u8) -> bool {
    is_ice_char(byte) || matches!(byte, b'-' | b'=' | b'#' | b'_')
}

/// ASCII digits only: no sign, and no digit of another script.
pub(crate) fn number(word: &str) -> Option<u64> {
    word.bytes().all(|byte| byte.is_ascii_digit()).then(|| word.parse().ok()).flatten()
}

fn foundation(word: &str) -> Result<String, LineError> {
    if word.chars().any(char::is_control) {
        return Err(LineError::Foundation { word: Quoted::new(word) });
    }
    if word.len() > FOUNDATION_CHARS_MAX {
        return Err(LineError::LongFoundation { most: FOUNDATION_CHARS_MAX });
    }
    // Those that are longer are taken for alike by their beginning.
    Ok(Text::new(word).as_str().to_owned())
}

fn component(word: &str) -> Result<(), LineError> {
    match number(word) {
        Some(1) => Ok(()),
        Some(other @ 2..=COMPONENT_MAX) => Err(LineError::OtherComponent { component: other as u16 }),
        _ => Err(LineError::Component { word: Quoted::new(word), most: COMPONENT_MAX }),
    }
}

fn protocol(word: &str) -> Result<Protocol, LineError> {
    [Protocol::Udp, Protocol::Tcp]
        .into_iter()
        .find(|protocol| word.eq_ignore_ascii_case(protocol_word(*protocol)))
        .ok_or_else(|| LineError::Transport { word: Quoted::new(word) })
}

fn protocol_word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Udp => "udp",
        Protocol::Tcp => "tcp",
    }
}

/// RFC 8445 §5.1.2 allows half of it; stacks have been seen to use the rest.
fn priority(word: &str) -> Result<u32, LineError> {
    number(word)
        .and_then(|priority| u32::try_from(priority).ok())
        .filter(|priority| *priority != 0)
        .ok_or_else(|| LineError::Priority { word: Quoted::new(word) })
}

/// An address as browsers take it: also in the brackets of a URI, and with zeros before a number.
fn address(word: &str) -> Option<IpAddr> {
    let bare = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')).unwrap_or(word);
    let of_numbers = || -> Option<IpAddr> {
        let octets: Vec<u8> =
            bare.split('.').map(|octet| number(octet)?.try_into().ok()).collect::<Option<Vec<u8>>>()?;
        Some(IpAddr::from(<[u8; 4]>::try_from(octets).ok()?))
    };
    bare.parse().ok().or_else(of_numbers)
}

fn host(word: &str) -> Result<Host, LineError> {
    if let Some(address) = address(word) {
        return Ok(Host::Address(address));
    }
    if word.contains('%') && word.contains(':') {
        return Err(LineError::Zone { word: Quoted::new(word) });
    }
    // A name whose last label is a number was meant as an address.
    let name = word.strip_suffix('.').unwrap_or(word);
    let last = name.rsplit('.').next().unwrap_or(name);
    if word.contains(':') || last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(LineError::Address { word: Quoted::new(word) });
    }
    if word.len() > NAME_BYTES_MAX {
        return Err(LineError::LongName { bytes: word.len(), most: NAME_BYTES_MAX });
    }
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if name.split('.').all(is_label) {
        Ok(Host::Name(Text::new(name)))
    } else {
        Err(LineError::Name { word: Quoted::new(word) })
    }
}

fn kind(word: &str) -> Result<CandidateType, LineError> {
    [CandidateType::Host, CandidateType::Srflx, CandidateType::Prflx, CandidateType::Relay]
        .into_iter()
        .find(|kind| word == kind_word(*kind))
        .ok_or_else(|| LineError::Type { word: Quoted::new(word) })
}

fn kind_word(kind: CandidateType) -> &'static str {
    match kind {
        CandidateType::Host => "host",
        CandidateType::Srflx => "srflx",
        CandidateType::Prflx => "prflx",
        CandidateType::Relay => "relay",
    }
}

/// None where it is hidden, be it by a name.
fn related_address(word: &str) -> Result<Option<IpAddr>, LineError> {
    match host(word) {
        Ok(host) => Ok(host.address().filter(|address| !address.is_unspecified())),
        Err(_) => Err(LineError::RelatedAddress { word: Quoted::new(word) }),
    }
}

/// None of a number that is no port: nothing is sent there, and browsers pass over it.
fn related_port(word: &str) -> Result<Option<u16>, LineError> {
    number(word).map(|port| u16::try_from(port).ok()).ok_or_else(|| LineError::RelatedPort { word: Quoted::new(word) })
}

fn tcp_type(word: &str) -> Result<TcpType, LineError> {
    [TcpType::Active, TcpType::Passive, TcpType::So]
        .into_iter()
        .find(|tcp_type| word == tcp_type_word(*tcp_type))
        .ok_or_else(|| LineError::TcpType { word: Quoted::new(word) })
}

fn tcp_type_word(tcp_type: TcpType) -> &'static str {
    match tcp_type {
        TcpType::Active => "active",
        TcpType::Passive => "passive",
        TcpType::So => "so",
    }
}

/// None where no description can have it: then it says nothing of which one the candidate belongs to.
fn ufrag(word: &str) -> Option<String> {
    let is_one = UFRAG_CHARS.contains(&word.len()) && word.bytes().all(is_credential_char);
    is_one.then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Text {
        Text::new(text)
    }

    #[test]
    fn lines_of_chromium_firefox_and_aioice_are_read() {
        let chromium = "a=candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 192.0.2.4 rport 46154 \
                        generation 0 ufrag 8hhY network-id 1 network-cost 10\r\n";
        let read = RemoteCandidate::parse(chromium).expect("Chromium's");
        assert_eq!((read.kind, read.port, read.priority), (CandidateType::Srflx, 46154, 1_677_729_535));
        assert_eq!(read.related, Some("192.0.2.4:46154".parse().expect("an address")));
        assert_eq!((read.ufrag.as_deref(), read.foundation.as_str()), (Some("8hhY"), "842163049"));

        let firefox =
            "candidate:1 1 TCP 2105524479 7a3b1c2d-0000-4000-8000-123456789abc.local 9 typ host tcptype active";
        let read = RemoteCandidate::parse(firefox).expect("Firefox's");
        assert_eq!((read.protocol, read.tcp_type), (Protocol::Tcp, Some(TcpType::Active)));
        assert_eq!(read.host, Host::Name(text("7a3b1c2d-0000-4000-8000-123456789abc.local")));

        let aioice = "candidate:6b6a3e0d5b0f8a4b2f9b1d2c3e4f5a6b 1 udp 2130706431 2001:db8::7 40000 typ host";
        let read = RemoteCandidate::parse(aioice).expect("aioice's");
        assert_eq!(read.host.address(), Some("2001:db8::7".parse().expect("an address")));
        assert_eq!((read.related, read.ufrag, read.tcp_type), (None, None, None));
    }

    #[test]
    fn each_fault_of_a_line_is_told_in_its_own_words() {
        let good = "candidate:1 1 udp 5 192.0.2.1 9 typ host";
        assert!(RemoteCandidate::parse(good).is_ok());
        let foundation = format!("candidate:{} 1 udp 5 192.0.2.1 9 typ host", "f".repeat(FOUNDATION_CHARS_MAX + 1));
        let long_name = format!("candidate:1 1 udp 5 {} 9 typ host", ["abcdefghi"; 13].join("."));
        let long = format!("{good} x {}", "y".repeat(LINE_BYTES_MAX));
        let faults = [
            (long.as_str(), LineError::TooLong { bytes: long.len(), most: LINE_BYTES_MAX }),
            ("rtpmap:111 opus/48000", LineError::NoCandidate),
            ("candidate:", LineError::Missing { field: CandidateField::Foundation }),
            ("candidate:1 1 udp", LineError::Missing { field: CandidateField::Priority }),
            ("candidate:1 1 udp 5 192.0.2.1", LineError::Missing { field: CandidateField::Port }),
            ("candidate:1 1 udp 5 192.0.2.1 9", LineError::Missing { field: CandidateField::Typ }),
            (&foundation, LineError::LongFoundation { most: FOUNDATION_CHARS_MAX }),
            ("candidate:1\u{1b} 1 udp 5 192.0.2.1 9 typ host", LineError::Foundation { word: Quoted::new("1\u{1b}") }),
            (
                "candidate:1 0 udp 5 192.0.2.1 9 typ host",
                LineError::Component { word: Quoted::new("0"), most: COMPONENT_MAX },
            ),
            (
                "candidate:1 257 udp 5 192.0.2.1 9 typ host",
                LineError::Component { word: Quoted::new("257"), most: COMPONENT_MAX },
            ),
            ("candidate:1 2 udp 5 192.0.2.1 9 typ host", LineError::OtherComponent { component: 2 }),
            ("candidate:1 1 sctp 5 192.0.2.1 9 typ host", LineError::Transport { word: Quoted::new("sctp") }),
            ("candidate:1 1 udp 0 192.0.2.1 9 typ host", LineError::Priority { word: Quoted::new("0") }),
            ("candidate:1 1 udp -5 192.0.2.1 9 typ host", LineError::Priority { word: Quoted::new("-5") }),
            ("candidate:1 1 udp +5 192.0.2.1 9 typ host", LineError::Priority { word: Quoted::new("+5") }),
            (
                "candidate:1 1 udp 4294967296 192.0.2.1 9 typ host",
                LineError::Priority { word: Quoted::new("4294967296") },
            ),
            ("candidate:1 1 udp 5 192.168.0.274 9 typ host", LineError::Address { word: Quoted::new("192.168.0.274") }),
            ("candidate:1 1 udp 5 2001:db8::g 9 typ host", LineError::Address { word: Quoted::new("2001:db8::g") }),
            ("candidate:1 1 udp 5 fe80::1%eth0 9 typ host", LineError::Zone { word: Quoted::new("fe80::1%eth0") }),
            ("candidate:1 1 udp 5 a..b 9 typ host", LineError::Name { word: Quoted::new("a..b") }),
            (
                "candidate:1 1 udp 5 a\u{1b}[2J.local 9 typ host",
                LineError::Name { word: Quoted::new("a\u{1b}[2J.local") },
            ),
            (&long_name, LineError::LongName { bytes: 129, most: NAME_BYTES_MAX }),
            ("candidate:1 1 udp 5 192.0.2.1 0 typ host", LineError::Port { word: Quoted::new("0") }),
            ("candidate:1 1 udp 5 192.0.2.1 65536 typ host", LineError::Port { word: Quoted::new("65536") }),
            ("candidate:1 1 udp 5 192.0.2.1 -1 typ host", LineError::Port { word: Quoted::new("-1") }),
            ("candidate:1 1 udp 5 192.0.2.1 ٤٢ typ host", LineError::Port { word: Quoted::new("٤٢") }),
            ("candidate:1 1 udp 5 192.0.2.1 9 host", LineError::NoType { word: Quoted::new("host") }),
            ("candidate:1 1 udp 5 192.0.2.1 9 typ hosting", LineError::Type { word: Quoted::new("hosting") }),
            (
                "candidate:1 1 udp 5 192.0.2.1 9 typ srflx raddr 1.2.3 rport 4",
                LineError::RelatedAddress { word: Quoted::new("1.2.3") },
            ),
            (
                "candidate:1 1 udp 5 192.0.2.1 9 typ srflx raddr ::1 rport x",
                LineError::RelatedPort { word: Quoted::new("x") },
            ),
            ("candidate:1 1 tcp 5 192.0.2.1 9 typ host", LineError::NoTcpType),
            ("candidate:1 1 tcp 5 192.0.2.1 0 typ host tcptype passive", LineError::Port { word: Quoted::new("0") }),
            ("candidate:1 1 tcp 5 192.0.2.1 9 typ host tcptype lazy", LineError::TcpType { word: Quoted::new("lazy") }),
            ("candidate:1 1 tcp 5 192.0.2.1 9 typ host tcptype", LineError::NoTcpType),
        ];
        let mut told = std::collections::BTreeSet::new();
        for (line, fault) in faults {
            assert_eq!(RemoteCandidate::parse(line), Err(fault.clone()), "{line}");
            assert!(!fault.to_string().contains('\u{1b}'), "{fault}");
            told.insert(fault.to_string());
        }
        assert_eq!(told.len(), 32, "two faults of the port 0 are one, and two of the tcptype");
    }

    #[test]
    fn what_browsers_pass_over_takes_nothing_from_a_candidate() {
        let plain = "candidate:1 1 udp 5 192.0.2.1 9 typ srflx raddr 192.0.2.2 rport 7";
        let read = RemoteCandidate::parse(plain);
        assert!(read.is_ok());
        let long = format!(" x {}", "y".repeat(100_000));
        for tail in [" generation", " tcptype lazy", " tcptype", " ufrag abc", " ufrag", " ufrag a:bcd", &long] {
            assert_eq!(RemoteCandidate::parse(&format!("{plain}{tail}")), read, "{}", &tail[..tail.len().min(20)]);
        }
    }

    #[test]
    fn brackets_leading_zeros_and_a_related_port_that_is_none_are_taken() {
        let host = |word: &str| {
            let line = format!("candidate:1 1 udp 5 {word} 9 typ srflx raddr 192.0.2.2 rport 99999");
            RemoteCandidate::parse(&line).map(|read| (read.host, read.related))
        };
        for (word, address) in
            [("[192.0.2.1]", "192.0.2.1"), ("[2001:db8::1]", "2001:db8::1"), ("192.000.002.001", "192.0.2.1")]
        {
            let address = Host::Address(address.parse().expect("an address"));
            assert_eq!(host(word), Ok((address, None)), "{word}");
        }
        for other in ["[192.0.2.1", "192.0.2.1]", "192.0.2.0256", "192.0.2", "[]"] {
            assert!(host(other).is_err(), "{other}");
        }
    }

    #[test]
    fn any_word_is_a_foundation() {
        for word in ["a-b_c:d!", "é", &"f".repeat(33), &"f".repeat(2_000)] {
            let read = RemoteCandidate::parse(&format!("candidate:{word} 1 udp 5 192.0.2.1 9 typ host"));
            let foundation = read.expect("a candidate").foundation;
            assert!(word.starts_with(foundation.trim_end_matches('…')), "{foundation}");
        }
    }

    #[test]
    fn a_hidden_related_address_is_none() {
        for hidden in ["raddr 0.0.0.0 rport 0", "raddr :: rport 9", "raddr 0a1b.local rport 7", "raddr 192.0.2.1"] {
            let line = format!("candidate:1 1 udp 5 192.0.2.1 9 typ srflx {hidden}");
            assert_eq!(RemoteCandidate::parse(&line).expect("a candidate").related, None, "{hidden}");
        }
    }

    fn ours(kind: CandidateType) -> Candidate {
        Candidate {
            kind,
            protocol: Protocol::Udp,
            address: "192.0.2.1".parse().expect("an address"),
            port: 5_000,
            priority: 2_130_706_431,
            foundation: "4711".to_owned(),
            related: Some("10.0.0.1:6000".parse().expect("an address")).filter(|_| kind != CandidateType::Host),
            relay_protocol: None,
            server: None,
            tcp_type: None,
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let relayed = ours(CandidateType::Relay);
        let line = write(&relayed, None, Some("8hhY"));
        assert_eq!(
            line,
            "candidate:4711 1 udp 2130706431 192.0.2.1 5000 typ relay raddr 10.0.0.1 rport 6000 ufrag 8hhY"
        );
        let read = RemoteCandidate::parse(&line).expect("our own");
        assert_eq!((read.host.address(), read.related), (Some(relayed.address), relayed.related));
        let active = Candidate {
            protocol: Protocol::Tcp,
            tcp_type: Some(TcpType::Active),
            port: 9,
            ..ours(CandidateType::Host)
        };
        let line = write(&active, None, None);
        assert_eq!(line, "candidate:4711 1 tcp 2130706431 192.0.2.1 9 typ host tcptype active");
        assert_eq!(RemoteCandidate::parse(&line).expect("our own").tcp_type, Some(TcpType::Active));
    }

    #[test]
    fn a_hidden_candidate_shows_no_address() {
        for kind in [CandidateType::Host, CandidateType::Srflx] {
            let line = write(&ours(kind), Some("7a.local"), None);
            assert!(line.contains(" 7a.local 5000 typ ") && !line.contains("192.0.2.1") && !line.contains("10.0.0.1"));
        }
        let untold = Candidate { related: None, ..ours(CandidateType::Srflx) };
        assert!(write(&untold, None, None).ends_with("typ srflx raddr 0.0.0.0 rport 0"));
    }

    proptest::proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "(a=)?candidate:[ -~é٤]{0,200}") {
            let _ = RemoteCandidate::parse(&line);
        }
    }
}
