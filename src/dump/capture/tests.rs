//! Each capture of fixtures/dumps, against what its network did to it.

mod verdicts;

use super::*;
use crate::model::{
    CallBreak, IceFact, Pair, PairFailure, PairState, Role, StreamFact, StunFact, Tally, Traffic, Transport, TurnFact,
};
use flate2::read::MultiGzDecoder;

fn read_at(packed: &[u8], client: Option<&str>) -> SavedSession {
    let client = client.map(|client| client.parse().expect("an address"));
    read(MultiGzDecoder::new(packed), client).expect("a capture")
}

macro_rules! capture {
    ($name:literal) => {
        include_bytes!(concat!("../../../fixtures/dumps/chromium156-", $name, ".pcap.gz"))
    };
}

fn only(session: SavedSession) -> SavedConnection {
    let mut connections = session.connections.into_iter();
    let only = connections.next().expect("a connection");
    assert_eq!(connections.next(), None);
    only
}

fn facts(connection: &SavedConnection) -> impl Iterator<Item = &Fact> {
    connection.observed.iter().map(|(.., fact)| fact)
}

fn pairs(connection: &SavedConnection) -> Vec<&Pair> {
    let pairs = facts(connection).filter_map(|fact| match fact {
        Fact::Ice(IceFact::Checked(pair)) => Some(pair),
        _ => None,
    });
    pairs.collect()
}

fn broken(connection: &SavedConnection) -> Option<&CallBreak> {
    facts(connection).find_map(|fact| match fact {
        Fact::Call(CallFact::CallBroken(broken)) => Some(broken),
        _ => None,
    })
}

fn traffic(connection: &SavedConnection) -> Option<&Traffic> {
    facts(connection).find_map(|fact| match fact {
        Fact::Call(CallFact::Called(traffic)) => Some(&**traffic),
        _ => None,
    })
}

fn role(connection: &SavedConnection) -> Option<Role> {
    facts(connection).find_map(|fact| match fact {
        Fact::Ice(IceFact::Described { role, .. }) => Some(*role),
        _ => None,
    })
}

#[test]
fn a_call_that_was_cut_ends_at_the_last_packet_that_came() {
    let connection = only(read_at(capture!("cut-midcall.b"), None));
    assert_eq!(connection.name.as_str(), "203.0.113.22");
    let Some(CallBreak::Cut { after_ms, silent_ms, pair: Some(pair) }) = broken(&connection) else {
        panic!("no cut: {:?}", broken(&connection));
    };
    assert!((8_000.0..9_000.0).contains(&after_ms.0) && silent_ms.0 > 10_000.0, "{after_ms:?} {silent_ms:?}");
    assert!(pair.checks.sent > 100 && pair.checks.answered == 0);
    assert_eq!(role(&connection), Some(Role::Controlled));
    let traffic = traffic(&connection).expect("media passed");
    assert_eq!(traffic.dtls_version.as_str(), "DTLS 1.3");
    assert!(traffic.audio.received_packets > 300 && traffic.video.received_packets > 200);
}

#[test]
fn a_certificate_that_is_not_the_announced_one_ends_the_handshake() {
    let connection = only(read_at(capture!("dtls-fingerprint.a"), None));
    assert!(
        matches!(broken(&connection), Some(CallBreak::DtlsRejected { checks }) if checks.answered >= 7),
        "{:?}",
        broken(&connection)
    );
    assert!(pairs(&connection).iter().any(|pair| pair.state == PairState::Succeeded && pair.received >= 7));
    assert_eq!(traffic(&connection), None);
}

#[test]
fn media_that_came_one_way_alone_are_counted_one_way_alone() {
    let connection = only(read_at(capture!("one-way.a"), None));
    let traffic = traffic(&connection).expect("media passed");
    let received = traffic.audio.received_packets + traffic.video.received_packets;
    let sent = traffic.audio.sent_packets + traffic.video.sent_packets;
    assert_eq!((received, broken(&connection)), (0, None));
    assert!(sent > 1_000 && traffic.lasted_ms.0 > 15_000.0, "{sent} {:?}", traffic.lasted_ms);
    let control = connection.flows.iter().find(|flow| flow.kind == FlowKind::Control).expect("RTCP");
    assert_eq!(control.inward.packets, 0, "reports are dropped like the media that they are of");
}

#[test]
fn loss_is_what_is_missing_before_this_point() {
    let connection = only(read_at(capture!("loss.a"), None));
    let traffic = traffic(&connection).expect("media passed");
    let loss = traffic.audio.loss().expect("audio came");
    assert!((0.08..0.2).contains(&loss), "{loss}");
    let lost: u32 = traffic.series.iter().map(|second| second.lost).sum();
    assert_eq!(traffic.audio.lost + traffic.video.lost, 278, "{lost}");
    assert_eq!(traffic.rtt_ms.map(|rtt| rtt.median.0 > 100.0), Some(true));
}

#[test]
fn at_a_server_every_client_is_a_connection_and_whoever_allocated_relays() {
    let session = read_at(capture!("relay-sym-sym.srv"), None);
    assert_eq!(session.connections.len(), 2);
    let of = |name: &str| session.connections.iter().find(|connection| connection.name.as_str() == name).expect(name);
    let (relaying, other) = (of("203.0.113.22"), of("203.0.113.21"));
    let chosen = |connection: &SavedConnection| {
        let nominated = facts(connection).find_map(|fact| match fact {
            Fact::Ice(IceFact::Nominated { local, remote, .. }) => Some((local.clone(), remote.clone())),
            _ => None,
        });
        let (local, remote) = nominated.expect("a pair carried it");
        (local.kind, local.relay_protocol, remote.kind)
    };
    use crate::model::CandidateType::{Prflx, Relay};
    assert_eq!(chosen(relaying), (Relay, Some(Transport::Udp), Prflx));
    assert_eq!(chosen(other), (Prflx, None, Relay));
    for connection in &session.connections {
        let allocated = facts(connection).any(|fact| matches!(fact, Fact::Turn(TurnFact::Allocated { .. })));
        let mapped = facts(connection).any(|fact| matches!(fact, Fact::Stun(StunFact::Mapped { .. })));
        assert!(allocated && !mapped, "what is in front of a client is not seen from a server");
        let traffic = traffic(connection).expect("media passed");
        assert!(traffic.audio.received_packets > 500 && traffic.audio.sent_packets > 500);
    }
    let one = only(read_at(capture!("relay-sym-sym.srv"), Some("203.0.113.21")));
    assert_eq!(&one, other);
}

#[test]
fn credentials_that_are_refused_twice_are_refused() {
    let connection = only(read_at(capture!("turn-badpw.a"), None));
    let refused = |transport: Transport| {
        facts(&connection).any(|fact| {
            matches!(fact, Fact::Stun(StunFact::Refused { code: 401, transport: over, .. }) if *over == transport)
        })
    };
    assert!(refused(Transport::Udp) && refused(Transport::Tcp));
    let mapped = |fact: &&Fact| matches!(fact, Fact::Stun(StunFact::Mapped { local, mapped, .. }) if local != mapped);
    assert_eq!(facts(&connection).filter(mapped).count(), 3);
    let pairs = pairs(&connection);
    let is_silent = |pair: &&&Pair| {
        let sent = Tally { sent: pair.sent, answered: 0 };
        matches!(pair.failure, Some(PairFailure::Silent { control }) if sent.is_silence_beside(control))
    };
    assert_eq!((pairs.len(), pairs.iter().filter(is_silent).count()), (2, 2), "{pairs:?}");
    assert_eq!(traffic(&connection), None);
}

#[test]
fn a_port_that_nobody_listens_at_is_told_from_silence() {
    let connection = only(read_at(capture!("turn-dead.a"), None));
    let unreachable = |fact: &Fact| match fact {
        Fact::Stun(StunFact::Unreachable { server, failure, .. }) => failure.is_closed_port_of(server.ip()),
        _ => false,
    };
    assert!(facts(&connection).any(unreachable));
    let refused =
        |fact: &Fact| matches!(fact, Fact::Stream(StreamFact::NotConnected { remote, .. }) if remote.port() == 3999);
    assert!(facts(&connection).any(refused));
}

#[test]
fn a_capture_that_ends_in_the_middle_is_read_as_far_as_it_goes() {
    let mut whole = Vec::new();
    MultiGzDecoder::new(&capture!("cut-midcall.b")[..]).read_to_end(&mut whole).expect("unpacks");
    let session = read(&whole[..whole.len() / 2], None).expect("a capture");
    assert!(session.left_out.is_cut);
    assert_eq!(session.connections.len(), 1);
    for length in (0..4_000).chain((4_000..whole.len()).step_by(4_999)) {
        let _ = read(&whole[..length], None);
    }
}

#[test]
fn of_one_direction_no_silence_is_told() {
    let mut whole = Vec::new();
    MultiGzDecoder::new(&capture!("turn-badpw.a")[..]).read_to_end(&mut whole).expect("unpacks");
    let (header, mut rest) = whole.split_at(24);
    let mut outward = header.to_vec();
    while rest.len() >= 16 {
        let length = 16 + u32::from_le_bytes([rest[8], rest[9], rest[10], rest[11]]) as usize;
        let (packet, after) = rest.split_at(length);
        // The source of IPv4 behind the headers of the file and of Ethernet.
        if packet[16 + 26..16 + 30] == [10, 1, 0, 2] {
            outward.extend_from_slice(packet);
        }
        rest = after;
    }
    let connection = only(read(&outward[..], None).expect("a capture"));
    assert!(connection.sight.one_direction);
    let silent = |fact: &Fact| matches!(fact, Fact::Stun(StunFact::Silent { .. }));
    assert!(!facts(&connection).any(silent));
    assert!(pairs(&connection).iter().all(|pair| pair.state == PairState::NotChecked));
}
