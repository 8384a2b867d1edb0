use super::super::raw::read;
use super::*;
use proptest::prelude::*;

fn at(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// A packet as a kernel makes it, with all its checksums; without UDP's where `payload` is empty.
fn packet(protocol: IpProtocol, source: &str, destination: &str, payload: &[u8]) -> Vec<u8> {
    let (source, destination) = (at(source), at(destination));
    let is_ipv4 = source.is_ipv4();
    let (from, to) = (source.port().to_be_bytes(), destination.port().to_be_bytes());
    let mut transport = match protocol {
        IpProtocol::Udp => [from, to, (8 + payload.len() as u16).to_be_bytes(), [0; 2]].concat(),
        IpProtocol::Tcp => [&from[..], &to, &[0; 8], &[0x50, 0x10, 1, 0, 0, 0, 0, 0]].concat(),
        IpProtocol::Echo => {
            let is_request = destination.port() == 0;
            let kind = match (is_ipv4, is_request) {
                (true, true) => icmp::ECHO,
                (true, false) => icmp::ECHO_REPLY,
                (false, true) => icmpv6::ECHO,
                (false, false) => icmpv6::ECHO_REPLY,
            };
            [[kind, 0], [0; 2], if is_request { from } else { to }, [0, 1]].concat()
        }
    };
    transport.extend(payload);
    let length = transport.len() as u16;
    let ends = addresses(source.ip(), destination.ip());
    if !payload.is_empty() || protocol != IpProtocol::Udp {
        let sum = pseudo(protocol, is_ipv4, &ends, length).plus(&transport);
        put(&mut transport, checksum_at(protocol), &sum.checksum().to_be_bytes()).unwrap();
    }
    let number = number(protocol, is_ipv4);
    let mut header = if is_ipv4 {
        ipv4_header(0, length + 20, 64, number).to_vec()
    } else {
        ipv6_header(0, length, 64, number).to_vec()
    };
    let place = if is_ipv4 { 12 } else { 8 };
    put(&mut header, place, &ends).unwrap();
    if is_ipv4 {
        mend(&mut header, 10, Sum::default().plus(&ends));
    }
    [header, transport].concat()
}

fn pseudo(protocol: IpProtocol, is_ipv4: bool, ends: &[u8], length: u16) -> Sum {
    match protocol {
        IpProtocol::Echo if is_ipv4 => Sum::default(),
        _ => Sum::default().plus(ends).plus(&length.to_be_bytes()).plus(&[0, number(protocol, is_ipv4)]),
    }
}

/// Panics where a checksum of the packet is wrong.
fn assert_sound(bytes: &[u8]) {
    let is_ipv4 = bytes[0] >> 4 == 4;
    let (header, ends) = if is_ipv4 { (20, &bytes[12..20]) } else { (40, &bytes[8..40]) };
    if is_ipv4 {
        assert_eq!(Sum::default().plus(&bytes[..20]).checksum(), 0, "the header's");
        assert_eq!(usize::from(word(bytes, 2).unwrap()), bytes.len());
    } else {
        assert_eq!(usize::from(word(bytes, 4).unwrap()) + 40, bytes.len());
    }
    let (protocol, at) = match bytes[if is_ipv4 { 9 } else { 6 }] {
        UDP => (IpProtocol::Udp, 6),
        TCP => (IpProtocol::Tcp, 16),
        _ => (IpProtocol::Echo, 2),
    };
    if protocol == IpProtocol::Udp && word(&bytes[header..], at) == Some(0) {
        assert!(is_ipv4, "IPv6 has no datagrams without a checksum");
        return;
    }
    let sum = pseudo(protocol, is_ipv4, ends, (bytes.len() - header) as u16).plus(&bytes[header..]);
    assert_eq!(sum.checksum(), 0, "the transport protocol's: {bytes:02x?}");
}

/// The packet as it arrives with other ends.
fn sent_on(bytes: &[u8], source: &str, destination: &str) -> Vec<u8> {
    let packet = read(bytes).unwrap();
    write(Packet { source: at(source), destination: at(destination), ..packet }).unwrap()
}

#[test]
fn a_translated_packet_is_the_one_that_its_new_sender_would_have_sent() {
    let ends = [
        ("192.168.1.2:5000", "203.0.113.9:3478", "198.51.100.1:61000", "203.0.113.9:3478"),
        ("[fd00::2]:5000", "[2001:db8::9]:3478", "[2001:db8:1::1]:61000", "[2001:db8::9]:3478"),
    ];
    for (source, destination, new_source, new_destination) in ends {
        for protocol in [IpProtocol::Udp, IpProtocol::Tcp] {
            let bytes = packet(protocol, source, destination, b"payload");
            assert_sound(&bytes);
            let expected = packet(protocol, new_source, new_destination, b"payload");
            assert_eq!(sent_on(&bytes, new_source, new_destination), expected);
        }
    }
}

#[test]
fn an_echo_changes_its_identifier_in_the_question_and_in_the_answer() {
    let question = packet(IpProtocol::Echo, "192.168.1.2:7", "203.0.113.9:0", b"data");
    let expected = packet(IpProtocol::Echo, "198.51.100.1:900", "203.0.113.9:0", b"data");
    assert_eq!(sent_on(&question, "198.51.100.1:900", "203.0.113.9:0"), expected);
    let answer = packet(IpProtocol::Echo, "203.0.113.9:0", "198.51.100.1:900", b"data");
    let expected = packet(IpProtocol::Echo, "203.0.113.9:0", "192.168.1.2:7", b"data");
    assert_eq!(sent_on(&answer, "203.0.113.9:0", "192.168.1.2:7"), expected);
}

#[test]
fn across_a_nat64_a_packet_is_the_other_familys_with_the_same_in_it() {
    for (protocol, port) in [(IpProtocol::Udp, 3478), (IpProtocol::Tcp, 443), (IpProtocol::Echo, 0)] {
        let inside = ["[2001:db8:77::2]:5000".to_owned(), format!("[64:ff9b::203.0.113.9]:{port}")];
        let outside = ["198.51.100.1:61000".to_owned(), format!("203.0.113.9:{port}")];
        let there = packet(protocol, &inside[0], &inside[1], b"payload");
        assert_eq!(
            sent_on(&there, &outside[0], &outside[1]),
            packet(protocol, &outside[0], &outside[1], b"payload"),
            "{protocol:?}"
        );
        let back = packet(protocol, &outside[1], &outside[0], b"payload");
        assert_eq!(
            sent_on(&back, &inside[1], &inside[0]),
            packet(protocol, &inside[1], &inside[0], b"payload"),
            "{protocol:?}"
        );
    }
}

#[test]
fn a_datagram_without_a_checksum_stays_so_in_ipv4_and_gets_one_in_ipv6() {
    let bytes = packet(IpProtocol::Udp, "203.0.113.9:3478", "198.51.100.1:61000", b"");
    let same = sent_on(&bytes, "203.0.113.9:3478", "192.168.1.2:5000");
    assert_eq!(word(&same, 26), Some(0));
    let other = sent_on(&bytes, "[64:ff9b::203.0.113.9]:3478", "[2001:db8:77::2]:5000");
    assert_ne!(word(&other, 46), Some(0));
    assert_sound(&other);
}

#[test]
fn an_error_reaches_the_sender_with_what_the_sender_sent_in_it() {
    let sent = packet(IpProtocol::Udp, "192.168.1.2:5000", "203.0.113.9:9", b"anybody?");
    let translated = sent_on(&sent, "198.51.100.1:61000", "203.0.113.9:9");
    let (by, to) = ("203.0.113.9".parse().unwrap(), "198.51.100.1".parse().unwrap());
    let unreachable = Problem::Unreachable(Icmp::PortUnreachable);
    let error = icmp_error(unreachable, by, to, &translated);
    assert_sound(&error);
    let read = read(&error).unwrap();
    assert_eq!((read.source, read.destination), (at("203.0.113.9:9"), at("198.51.100.1:61000")));
    let back = write(Packet { destination: at("192.168.1.2:5000"), ..read }).unwrap();
    assert_eq!(back, icmp_error(unreachable, by, "192.168.1.2".parse().unwrap(), &sent));
}

#[test]
fn a_size_that_fits_is_told_in_both_families() {
    for (by, to, sent) in [
        ("203.0.113.9", "192.168.1.2", packet(IpProtocol::Tcp, "192.168.1.2:5000", "203.0.113.9:443", &[7; 900])),
        ("2001:db8::9", "fd00::2", packet(IpProtocol::Tcp, "[fd00::2]:5000", "[2001:db8::9]:443", &[7; 1400])),
    ] {
        let problem = Problem::TooBig { mtu_bytes: 1280 };
        let error = icmp_error(problem, by.parse().unwrap(), to.parse().unwrap(), &sent);
        assert_sound(&error);
        assert!(error.len() <= if by.contains(':') { 1280 } else { 576 });
        let Load::Error(read) = read(&error).unwrap().load else { panic!("an error") };
        assert_eq!(read.problem, problem);
    }
}

#[test]
fn fragments_and_other_protocols_are_not_carried() {
    use super::super::raw::Ignored;
    let mut bytes = packet(IpProtocol::Udp, "192.168.1.2:5000", "203.0.113.9:9", b"anybody?");
    bytes[6] = 0x20;
    assert_eq!(read(&bytes), Err(Ignored::Fragment));
    bytes[6] = 0;
    bytes[9] = 47;
    assert_eq!(read(&bytes), Err(Ignored::OtherProtocol));
    assert_eq!(read(&bytes[..27]), Err(Ignored::Malformed));
}

proptest! {
    #[test]
    fn whatever_a_program_sends_is_read_and_written_without_a_panic(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..200),
        version in prop_oneof![Just(0x45_u8), Just(0x46), Just(0x60)],
        protocol in prop_oneof![Just(UDP), Just(TCP), Just(ICMP), Just(ICMPV6)],
        family in any::<bool>(),
    ) {
        let length = bytes.len();
        if let Some(first) = bytes.first_mut() {
            *first = version;
        }
        let (at_length, at_protocol, payload) = if version == 0x60 { (4, 6, length.saturating_sub(40)) } else { (2, 9, length) };
        let _ = put(&mut bytes, at_length, &(payload as u16).to_be_bytes());
        let _ = put(&mut bytes, at_protocol, &[protocol]);
        let _ = put(&mut bytes, 6, &[if version == 0x60 { protocol } else { 0 }]);
        if let Ok(packet) = read(&bytes) {
            let (source, destination) = if family { ("1.2.3.4:5", "6.7.8.9:10") } else { ("[::1]:2", "[::3]:4") };
            let _ = write(Packet { source: at(source), destination: at(destination), ..packet });
        }
    }
}
