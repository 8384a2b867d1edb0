//! What passes in part: by its port, by its size, or until a NAT forgets. What is told, and who is not blamed.

use super::relays::{PEER, RELAYED, allocated, not_crossed, outcome, say, turn_server, working_relay};
use super::scene::*;
use crate::model::*;
use crate::model::{Millis, StreamFact, StunFact, TurnFact};

const OVER_TCP: &str = "turn:192.0.2.1?transport=tcp";

fn told(diagnosis: &Diagnosis, code: Code) -> &Finding {
    finding(diagnosis, code).unwrap_or_else(|| panic!("{code:?} of {:?}", diagnosis.findings))
}

/// A connection to a port of this host gets no answer.
fn timed_out(scene: &mut Scene, uri: &str, remote: &str) {
    let (transport, remote, took_ms) = (Transport::Tcp, addr(remote), Millis(5000.0));
    let fact = StreamFact::NotConnected { transport, remote, failure: Failure::TimedOut, tls: None, took_ms };
    say(scene, uri, Fact::Stream(fact));
}

#[test]
fn a_port_that_takes_no_connections_beside_one_that_is_spoken_with_may_be_shut_here_or_there() {
    let shut = "turn:192.0.2.1:3479?transport=tcp";
    let mut scene = at_home(&[HOME, OVER_TCP, shut]);
    working_relay(&mut scene, OVER_TCP);
    timed_out(&mut scene, shut, "192.0.2.1:3479");
    let diagnosis = scene.judged();
    let limit = told(&diagnosis, Code::TcpPortsLimited);
    assert_eq!((limit.strength, &limit.rivals[..]), (Some(Strength::Likely), &[Code::ServerConnectionTimedOut][..]));
    assert_eq!(root(&diagnosis, Code::ServerConnectionTimedOut), Some(Code::TcpPortsLimited));

    let elsewhere = "turn:198.51.100.9:3479?transport=tcp";
    let mut scene = at_home(&[HOME, OVER_TCP, elsewhere]);
    working_relay(&mut scene, OVER_TCP);
    timed_out(&mut scene, elsewhere, "198.51.100.9:3479");
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::TcpPortsLimited).is_none(), "that host may be dead");
    assert_eq!(root(&diagnosis, Code::ServerConnectionTimedOut), None);
}

/// The filtering probe's sockets are seen at another place than before, so many of them.
fn forgets(scene: &mut Scene, sockets: &[&str]) {
    for local in sockets {
        let anomaly = Anomaly::Conflicting;
        let (transport, local, server) = (Transport::Udp, addr(local), addr("192.0.2.1:3478"));
        let fact = Fact::Stun(StunFact::Anomalous { transport, local, server, anomaly });
        scene.say(Question::Filtering, Some(HOME), fact);
    }
}

#[test]
fn a_nat_that_forgets_explains_what_breaks_at_once_and_the_servers_are_not_held_to_fail() {
    for (sockets, cause) in [
        (&["192.168.1.2:40001", "192.168.1.2:40002"][..], Some(Code::MappingMoved)),
        (&["192.168.1.2:40001", "192.168.1.2:40001"], None),
    ] {
        let mut scene = home();
        scene.record.targets.push(TURN.parse().expect("a URI"));
        working_relay(&mut scene, TURN);
        forgets(&mut scene, sockets);
        let (transport, server) = (Transport::Udp, addr("192.0.2.1:3478"));
        say(&mut scene, TURN, Fact::Turn(TurnFact::AllocationLost { transport, server, after_ms: Millis(200.0) }));
        let diagnosis = scene.judged();
        assert_eq!(root(&diagnosis, Code::RelayAllocationLost), cause);
        let exit = if cause.is_some() { Exit::Degraded } else { Exit::NoServerWorks };
        assert_eq!(diagnosis.exit(), exit);
    }
}

/// Of a home whose line takes packets of 1,500 bytes outwards, with a relay over TCP that a large datagram crossed one way
/// only.
fn large_lost(leg: Leg) -> Diagnosis {
    let mut scene = home();
    scene.record.targets.push(OVER_TCP.parse().expect("a URI"));
    let (local, server) = (addr("192.168.1.2:40009"), addr("192.0.2.1:3478"));
    let sized = StunFact::Sized { local, server, bytes: 1500, passed: true };
    scene.say(Question::PathMtu, Some(HOME), Fact::Stun(sized));
    working_relay(&mut scene, OVER_TCP);
    let (transport, relayed, bytes) = (Transport::Tcp, addr(RELAYED), Some(1200));
    let other = if leg == Leg::In { Leg::Out } else { Leg::In };
    let (took_ms, waited_ms, spoken) = (Millis(22.0), Millis(2000.0), false);
    let crossed = TurnFact::Crossed {
        leg: other,
        transport,
        server,
        relayed,
        peer: addr(PEER),
        sent: 1,
        took_ms,
        bytes,
        class: None,
        spoken,
    };
    say(&mut scene, OVER_TCP, Fact::Turn(crossed));
    let (peer, sent, failure) = (Some(addr(PEER)), 7, None);
    let lost = TurnFact::NotCrossed {
        leg,
        transport,
        server,
        relayed,
        peer,
        sent,
        waited_ms,
        bytes,
        class: None,
        spoken,
        failure,
    };
    say(&mut scene, OVER_TCP, Fact::Turn(lost));
    scene.judged()
}

#[test]
fn what_left_here_as_large_is_likely_lost_at_the_relay_unless_this_line_swallows_what_a_stream_brings() {
    let diagnosis = large_lost(Leg::In);
    let relay = told(&diagnosis, Code::RelayLargeLost);
    assert_eq!((relay.strength, &relay.rivals[..]), (Some(Strength::Likely), &[Code::SmallPathMtu][..]));
    assert!(finding(&diagnosis, Code::SmallPathMtu).is_none(), "the line takes that size outwards");
}

#[test]
fn what_the_relay_sends_here_as_large_may_be_lost_by_either() {
    let diagnosis = large_lost(Leg::Out);
    let (line, relay) = (told(&diagnosis, Code::SmallPathMtu), told(&diagnosis, Code::RelayLargeLost));
    assert_eq!((line.strength, &line.rivals[..]), (Some(Strength::Likely), &[Code::RelayLargeLost][..]));
    assert_eq!((relay.strength, &relay.rivals[..]), (Some(Strength::Likely), &[Code::SmallPathMtu][..]));
    assert_eq!(root(&diagnosis, Code::RelayLargeLost), Some(Code::SmallPathMtu));
}

#[test]
fn a_stage_whose_failure_was_taken_back_was_not_tested() {
    let mut scene = Scene::at_home(&[HOME, SECOND, TURN]);
    scene.mapped(Question::Mapping, HOME, "192.168.1.2:40001", "192.0.2.1:3478", "203.0.113.7:1000");
    scene.mapped(Question::Mapping, SECOND, "192.168.1.2:40001", "198.51.100.9:3478", "203.0.113.8:2000");
    allocated(&mut scene, TURN);
    not_crossed(&mut scene, TURN, Leg::In);
    let diagnosis = scene.judged();
    let server = turn_server(&diagnosis);
    assert_eq!(server.error, None, "the network shows each destination another address");
    assert_eq!(outcome(server, Step::RelayIn), StageOutcome::NotTested);
}
