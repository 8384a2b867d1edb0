//! Kinds and relations stay; who and where go.

use super::*;
use crate::model::{BrowserFact, Fact, Millis, Origin, Question, StunFact, Text, Transport};
use std::collections::BTreeSet;

fn address(text: &str) -> IpAddr {
    text.parse().expect(text)
}

fn stand_in(redaction: &mut Redaction, text: &str) -> String {
    redaction.addresses.of(address(text)).to_string()
}

#[test]
fn an_address_keeps_its_kind() {
    let mut redaction = Redaction::default();
    for (original, expected) in [
        ("192.168.77.5", "192.168.0.1"),
        ("10.20.30.40", "10.0.0.1"),
        ("172.31.9.9", "172.16.0.1"),
        ("100.99.1.2", "100.64.0.1"),
        ("169.254.8.8", "169.254.0.1"),
        ("8.8.4.4", "203.0.113.1"),
        ("2a00:1450:4001::200e", "2001:db8::1"),
        ("fd12:3456:789a:1::1", "fd00::1"),
        ("fe80::211:22ff:fe33:4455", "fe80::1"),
        ("64:ff9b::8.8.4.4", "64:ff9b::cb00:7101"),
        ("::ffff:8.8.4.4", "::ffff:203.0.113.1"),
    ] {
        assert_eq!(stand_in(&mut redaction, original), expected, "{original}");
    }
    for nobody in ["0.0.0.0", "127.0.0.1", "224.0.0.251", "255.255.255.255", "192.0.0.1", "::", "::1", "ff02::fb"] {
        assert_eq!(stand_in(&mut redaction, nobody), nobody);
    }
}

#[test]
fn one_address_has_one_stand_in_and_no_other_has_it() {
    let mut redaction = Redaction::default();
    let mut given = BTreeSet::new();
    for n in 0..=u8::MAX {
        for original in [format!("192.168.7.{n}"), format!("10.0.{n}.1"), format!("8.8.{n}.1"), format!("2a00::{n:x}")]
        {
            let first = stand_in(&mut redaction, &original);
            assert_eq!(stand_in(&mut redaction, &original), first);
            assert!(given.insert(first), "{original}");
        }
    }
}

#[test]
fn what_was_in_one_subnet_stays_in_one() {
    let mut redaction = Redaction::default();
    let mut of = |text| redaction.addresses.of(address(text));
    let (own, gateway, elsewhere) = (of("192.168.77.5"), of("192.168.77.1"), of("192.168.78.1"));
    let subnet = |address: IpAddr| match address {
        IpAddr::V4(address) => address.octets()[..3].to_vec(),
        IpAddr::V6(address) => address.octets()[..8].to_vec(),
    };
    assert_eq!(subnet(own), subnet(gateway));
    assert_ne!(subnet(own), subnet(elsewhere));
    let (one, other, third) = (of("2a00:1:2:3::7"), of("2a00:1:2:3:ffff::"), of("2a00:1:2:4::7"));
    assert_eq!(subnet(one), subnet(other));
    assert_ne!(subnet(one), subnet(third));
}

#[test]
fn more_public_subnets_than_there_are_stand_ins_stay_public() {
    let mut redaction = Redaction::default();
    for n in 0..2000_u32 {
        let IpAddr::V4(given) = redaction.addresses.of(IpAddr::V4((0x0800_0001 + (n << 8)).into())) else {
            panic!("is IPv4");
        };
        assert!(!given.is_private() && !given.is_loopback() && given.octets()[0] >= 192, "{given}");
    }
}

#[test]
fn texts_lose_addresses_names_and_users_wherever_they_stand() {
    let mut redaction = Redaction::new(["1767225600:alice".to_owned(), "bob".to_owned()]);
    redaction.names.meet("mailer");
    for (text, expected) in [
        ("no route, says 192.168.77.1", "no route, says 192.168.0.1"),
        ("from 8.8.4.4:3478.", "from 203.0.113.1:3478."),
        ("[2a00::7]:3478 and 2a00::8, or 2a00::9: no", "[2001:db8::1]:3478 and 2001:db8::2, or 2001:db8::3: no"),
        ("user alice over quota on turn.corp.example.", "user user-1 over quota on host-2."),
        ("1767225600:alice", "user-2"),
        ("bobby and bob's", "bobby and user-3's"),
        ("CN=*.corp.example, emailAddress=jane@corp.example", "CN=*.host-3, emailAddress=user-4@host-3"),
        ("_turn._udp.corp.example", "_turn._udp.host-3"),
        ("MAILER is down, mailers are not", "host-1 is down, mailers are not"),
        ("ip-10-20-30-40 ip-10.20.30.40", "host-4 ip-10.0.0.1"),
        ("enx001122334455 02:00:5e:10:00:01", "enx-1 mac-2"),
        ("9f1c2d3e-0000.local", "host-5.local"),
        ("서버.한국에서", "host-6"),
        (
            "Coturn-4.6.1 'Gorst', TLS 1.3, 2026-10-31T12:34:56Z, eth0.100",
            "Coturn-4.6.1 'Gorst', TLS 1.3, 2026-10-31T12:34:56Z, eth0.100",
        ),
        ("localhost:3478", "localhost:3478"),
    ] {
        assert_eq!(redaction.search(text, true), expected, "{text}");
    }
}

fn record(facts: Vec<Fact>) -> Record {
    let mut record = Record::new(vec!["turn:relay:3478".parse().expect("a URI")]);
    for fact in facts {
        record.push(Millis(1.0), Origin { question: Question::Relay, uri: Some("turn:relay:3478".into()) }, fact);
    }
    record
}

#[test]
fn a_host_may_be_called_like_a_word_of_the_model() {
    let refused = Fact::Stun(StunFact::Refused {
        method: crate::model::Method::Allocate,
        asked: crate::model::Asked::Plain,
        transport: Transport::Udp,
        local: "192.168.77.5:5000".parse().expect("an address"),
        server: "8.8.4.4:3478".parse().expect("an address"),
        code: 486,
        reason: Text::new("relay"),
        alternate: None,
    });
    let redacted = Redaction::default().record(&record(vec![refused])).expect("is redacted");
    assert_eq!(redacted.observations[0].by.question, Question::Relay);
    assert_eq!(redacted.targets[0].to_string(), "turn:host-1:3478?transport=udp");
    assert!(redacted.redacted);
    let Fact::Stun(StunFact::Refused { reason, local, server, .. }) = &redacted.observations[0].fact else {
        panic!("is refused")
    };
    assert_eq!(
        (reason.as_str(), local.to_string(), server.to_string()),
        ("host-1", "192.168.0.1:5000".to_owned(), "203.0.113.1:3478".to_owned())
    );
}

#[test]
fn a_browsers_version_is_no_address() {
    let agent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 at 8.8.4.4";
    let browser = Fact::Browser(BrowserFact::Browser { agent: Text::new(agent), connection: None });
    let redacted = Redaction::default().record(&record(vec![browser])).expect("is redacted");
    let Fact::Browser(BrowserFact::Browser { agent, .. }) = &redacted.observations[0].fact else {
        panic!("is a browser")
    };
    assert_eq!(agent.as_str(), "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 at 203.0.113.1");
}
