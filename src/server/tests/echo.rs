//! What is sent back, to whom, and how much of it.

use super::*;
use crate::model::DatagramClass;
use crate::wire::{EchoOffer, EchoSight, echo_counts, echo_request};

const CLIENT: &str = "203.0.113.5:4444";
const STRANGER: &str = "203.0.113.66:4444";
const OWN: &str = "192.0.2.1:3478";
const HIGH: &str = "192.0.2.1:50478";

const SIGHTS: [EchoSight; 4] =
    [None, Some(DatagramClass::Unassigned), Some(DatagramClass::Dtls), Some(DatagramClass::Check)];

fn with_echo() -> World {
    World::changed(Limits::default(), |config| {
        config.echo = ["192.0.2.1:53", "192.0.2.2:53", HIGH, "[2001:db8::1]:50478"].map(addr).into();
    })
}

fn offered(world: &mut World, from: &str, to: &str) -> EchoOffer {
    let request = echo_request(TransactionId([7; 12])).finish();
    let length = request.len();
    let answer = world.ask(addr(from), addr(to), request);
    assert!(answer.data.len() <= length, "{} for {length}", answer.data.len());
    answer.message().echo().and_then(EchoOffer::of).expect("an offer")
}

fn asked(token: [u8; 8], slot: u8) -> Echo {
    Echo { kind: EchoKind::Asked, slot, wanted: 0, token, session: [5; 8], salt: [6; 8] }
}

fn counts(world: &mut World, from: &str, echo: Echo) -> Option<Vec<u16>> {
    let request = echo.counts_request(TransactionId([8; 12])).finish();
    let length = request.len();
    let answer = world.ask(addr(from), addr(OWN), request);
    assert!(answer.data.len() <= length, "{} for {length}", answer.data.len());
    answer.message().echo().and_then(echo_counts)
}

#[test]
fn an_offer_names_a_token_and_the_further_ports_of_the_address_that_was_asked() {
    let mut world = with_echo();
    assert_eq!(offered(&mut world, CLIENT, OWN).ports, [53, 50_478]);
    assert_eq!(offered(&mut world, CLIENT, HIGH).ports, [53]);
    assert_eq!(offered(&mut world, "[2001:db8:2::5]:4444", "[2001:db8::1]:3478").ports, [50_478]);
    assert_eq!(world.server.addresses().echo.len(), 4);
    assert_eq!(world.server.addresses().udp.len(), 2, "they are not told as servers of their own");
}

#[test]
fn a_server_without_it_says_nothing_of_it() {
    let mut world = World::whole();
    for request in [Builder::request(StunMethod::Binding, TransactionId([7; 12])), echo_request(TransactionId([7; 12]))]
    {
        assert_eq!(world.ask(addr(CLIENT), addr(OWN), request.finish()).message().echo(), None);
    }
    assert_eq!(world.datagram(addr(CLIENT), addr(OWN), asked([0; 8], 0).datagram(None, 100)), []);
}

#[test]
fn what_comes_with_a_token_goes_back_as_it_came() {
    let mut world = with_echo();
    for to in [OWN, HIGH] {
        let token = offered(&mut world, CLIENT, to).token;
        for sight in SIGHTS {
            for bytes in [0, 1200] {
                let sent = asked(token, 3).datagram(sight, bytes);
                let answer = world.ask(addr(CLIENT), addr(to), sent.clone());
                assert_eq!((answer.from, answer.to, answer.data.len()), (addr(to), addr(CLIENT), sent.len()));
                let read = Echo::read(&answer.data)
                    .or_else(|| Some((Echo::in_message(&answer.message())?, Some(DatagramClass::Check))));
                assert_eq!(read, Some((Echo { kind: EchoKind::Answered, ..asked(token, 3) }, sight)));
            }
        }
    }
}

#[test]
fn it_comes_back_larger_where_that_is_asked_for_with_a_token_and_no_larger_than_goes_everywhere() {
    let mut world = with_echo();
    let token = offered(&mut world, CLIENT, OWN).token;
    for (wanted, bytes) in [(1200, 1200), (u16::MAX, 1232), (10, 100)] {
        let sent = Echo { wanted, ..asked(token, 0) }.datagram(None, 100);
        assert_eq!(world.ask(addr(CLIENT), addr(OWN), sent).data.len(), bytes);
    }
}

#[test]
fn the_server_counts_what_came_and_tells_who_sent_it() {
    let mut world = with_echo();
    let token = offered(&mut world, CLIENT, OWN).token;
    for (slot, copies) in [(0, 1), (4, 7), (31, 2)] {
        for _ in 0..copies {
            world.datagram(addr(CLIENT), addr(OWN), asked(token, slot).datagram(None, 50));
        }
    }
    let counted = counts(&mut world, CLIENT, asked(token, 0)).expect("counts");
    assert_eq!([counted[0], counted[4], counted[31], counted[1]], [1, 7, 2, 0]);
    let other = offered(&mut world, STRANGER, OWN).token;
    assert_eq!(counts(&mut world, STRANGER, asked(token, 0)), None, "another's token");
    let unknown = Echo { session: [9; 8], ..asked(other, 0) };
    assert_eq!(counts(&mut world, STRANGER, unknown), Some(vec![0; 32]));
}

#[test]
fn who_has_not_proven_the_address_gets_nothing_back_and_is_not_counted() {
    let mut world = with_echo();
    let token = offered(&mut world, CLIENT, OWN).token;
    let mut nothing = |from: &str, token: [u8; 8]| {
        for sight in SIGHTS {
            let sent = Echo { wanted: 1200, ..asked(token, 1) }.datagram(sight, 100);
            assert_eq!(world.datagram(addr(from), addr(OWN), sent), [], "{from} {sight:?}");
        }
    };
    nothing(CLIENT, [0; 8]);
    nothing(CLIENT, *b"////////");
    nothing(STRANGER, token);
    nothing("203.0.113.5:4445", token);
    assert_eq!(counts(&mut world, CLIENT, asked(token, 0)).expect("counts")[1], 0);
    world.advance(601);
    let old = asked(token, 1).datagram(None, 100);
    assert_eq!(world.datagram(addr(CLIENT), addr(OWN), old), [], "an old one");
}

#[test]
fn what_was_sent_back_is_never_sent_back_again() {
    let mut world = with_echo();
    let token = offered(&mut world, CLIENT, OWN).token;
    for sight in SIGHTS {
        let answer = world.ask(addr(CLIENT), addr(OWN), asked(token, 0).datagram(sight, 100));
        assert_eq!(world.datagram(addr(CLIENT), addr(OWN), answer.data), [], "{sight:?}");
    }
}

/// Headers of IPv4 and UDP.
const HEADERS: usize = 28;

fn on_the_wire<'a>(datagrams: impl IntoIterator<Item = &'a [u8]>) -> usize {
    datagrams.into_iter().map(|data| data.len() + HEADERS).sum()
}

#[test]
fn it_is_no_reflector_towards_an_address_that_asked_for_nothing() {
    let mut world = with_echo();
    let mine = offered(&mut world, CLIENT, OWN).token;
    let [mut came, mut went] = [0, 0];
    // Offers and counts are asked for, tokens are guessed, others' are replayed, and what was answered is played back, all in
    // the victim's name.
    for round in 0..2000_u32 {
        let mut token = mine;
        token[0] ^= round as u8;
        let echo = Echo { wanted: u16::MAX, ..asked(if round % 2 == 0 { mine } else { token }, 0) };
        let answered = Echo { kind: EchoKind::Answered, ..echo };
        let forged = [
            echo.datagram(None, 60),
            echo.datagram(Some(DatagramClass::Dtls), 0),
            echo.datagram(Some(DatagramClass::Check), 0),
            echo.datagram(Some(DatagramClass::Unassigned), 1200),
            answered.datagram(None, 60),
            echo_request(TransactionId([7; 12])).finish(),
            echo.counts_request(TransactionId([8; 12])).finish(),
        ];
        for datagram in forged {
            came += on_the_wire([&datagram[..]]);
            let sent = world.datagram(addr(STRANGER), addr(OWN), datagram);
            went += on_the_wire(sent.iter().map(|sent| &sent.data[..]));
        }
    }
    assert!(went <= came, "{went} for {came}");
}

#[test]
fn each_source_and_all_together_have_a_budget() {
    let mut world = with_echo();
    let token = offered(&mut world, CLIENT, OWN).token;
    let sent = asked(token, 0).datagram(None, 100);
    let answered = (0..1000).filter(|_| !world.datagram(addr(CLIENT), addr(OWN), sent.clone()).is_empty()).count();
    assert_eq!(answered, 250);
    assert_eq!(counts(&mut world, CLIENT, asked(token, 0)).expect("counts")[0], 1000, "it is counted all the same");

    let mut bytes = 0;
    for source in 0..20 {
        let from = format!("198.18.0.{source}:4444");
        let token = offered(&mut world, &from, OWN).token;
        let sent = Echo { wanted: 1232, session: [source; 8], ..asked(token, 0) }.datagram(None, 100);
        for _ in 0..250 {
            let answers = world.datagram(addr(&from), addr(OWN), sent.clone());
            bytes += answers.iter().map(|sent| sent.data.len()).sum::<usize>();
        }
    }
    assert!(bytes <= 1_250_000, "{bytes}");
}

#[test]
fn so_many_are_counted_and_no_more_and_the_others_are_answered_all_the_same() {
    let mut world = with_echo();
    let token = offered(&mut world, CLIENT, OWN).token;
    let number = |world: &mut World, numbers: std::ops::Range<u8>| {
        let counted = numbers.filter(|number| {
            let echo = Echo { session: [*number; 8], ..asked(token, 0) };
            world.ask(addr(CLIENT), addr(OWN), echo.datagram(None, 50));
            counts(world, CLIENT, echo).expect("counts")[0] == 1
        });
        counted.count()
    };
    assert_eq!(number(&mut world, 0..100), 64, "the share of one source");
    world.advance(31);
    assert_eq!(number(&mut world, 100..120), 20, "those of before are forgotten");
}

#[test]
fn a_port_that_cannot_be_opened_is_left_out_and_told() {
    let mut world = World::new(Config {
        udp: vec![UdpSite::single(addr(OWN))],
        echo: ["192.0.2.1:53", HIGH].map(addr).into(),
        ..Config::default()
    });
    world.taken.insert(addr("192.0.2.1:53"));
    world.give(Input::Interfaces(Vec::new()));
    assert!(world.server.is_ready() && world.server.failures().is_empty());
    let left_out: Vec<SocketAddr> = world.server.left_out().iter().map(|not| not.at).collect();
    assert_eq!(left_out, [addr("192.0.2.1:53")]);
    assert_eq!(offered(&mut world, CLIENT, OWN).ports, [50_478]);
}
