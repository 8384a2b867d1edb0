//! TLS that is read on its way: told where a control shows it, and always with what it may be instead.

use super::scene::*;
use crate::model::*;
use crate::model::{Millis, StreamFact, StunFact, TurnFact};

const ONE: &str = "turns:turn.one.example:443";
const OTHER: &str = "turns:turn.two.test:443";

fn leaf(issuer: &str, logged: Option<bool>) -> Certificate {
    Certificate {
        subject: text("CN=turn"),
        issuer: text(issuer),
        names: Vec::new(),
        not_before: "2026-01-01T00:00:00Z".to_owned(),
        not_after: "2027-01-01T00:00:00Z".to_owned(),
        fingerprint_sha256: "00".to_owned(),
        logged,
    }
}

fn tls(uri: &str, certificates: Vec<Certificate>, problem: Option<TlsProblem>) -> Tls {
    let target: Target = uri.parse().expect(uri);
    Tls { server_name: target.host, version: None, certificates, problem, connect_ms: None, handshake_ms: None }
}

fn secured(scene: &mut Scene, uri: &str, server: &str, tls: Tls) {
    let fact = StreamFact::Secured { remote: addr(server), tls, took_ms: Millis(30.0) };
    scene.say(Question::Relay, Some(uri), Fact::Stream(fact));
}

fn refused(scene: &mut Scene, uri: &str, server: &str, tls: Tls) {
    let (transport, remote, took_ms) = (Transport::Tls, addr(server), Millis(30.0));
    let failure = Failure::Tls { problem: tls.problem.clone().expect("a problem") };
    let fact = StreamFact::NotConnected { transport, remote, failure, tls: Some(tls), took_ms };
    scene.say(Question::Relay, Some(uri), Fact::Stream(fact));
}

fn ended(scene: &mut Scene, uri: &str, server: &str) {
    let fact = StreamFact::Ended { transport: Transport::Tls, remote: addr(server), buffered_bytes: 0 };
    scene.say(Question::Relay, Some(uri), Fact::Stream(fact));
}

#[test]
fn a_trusted_certificate_that_no_public_log_knows_with_no_stun_behind_it_is_likely_an_inspectors() {
    for (logged, cause) in [(Some(false), Some(Code::TlsIntercepted)), (Some(true), None), (None, None)] {
        let mut scene = at_home(&[HOME, ONE]);
        secured(&mut scene, ONE, "192.0.2.7:443", tls(ONE, vec![leaf("CN=Corp", logged)], None));
        ended(&mut scene, ONE, "192.0.2.7:443");
        let diagnosis = scene.judged();
        assert_eq!(root(&diagnosis, Code::ServerClosed), cause, "{logged:?}");
        if let Some(root) = finding(&diagnosis, Code::TlsIntercepted) {
            assert_eq!(root.strength, Some(Strength::Likely));
            assert!(root.rivals.contains(&Code::ServerClosed), "the operator may have an authority of its own");
        }
    }
}

#[test]
fn an_authority_of_the_operators_own_is_none_of_an_inspector_where_turn_is_spoken_behind_it() {
    let mut scene = at_home(&[HOME, ONE]);
    let server = "192.0.2.7:443";
    secured(&mut scene, ONE, server, tls(ONE, vec![leaf("CN=Ours", Some(false))], None));
    let (transport, server, took_ms, software) = (Transport::Tls, addr(server), Millis(20.0), None);
    scene.say(Question::Relay, Some(ONE), Fact::Turn(TurnFact::Challenged { transport, server, took_ms, software }));
    let local = addr("192.168.1.2:50001");
    let (method, asked, sent, waited_ms) = (Method::Allocate, Asked::Plain, 1, Millis(5000.0));
    let silent = StunFact::Silent { method, asked, transport, local, server, sent, waited_ms };
    scene.say(Question::Relay, Some(ONE), Fact::Stun(silent));
    assert!(finding(&scene.judged(), Code::TlsIntercepted).is_none());
}

#[test]
fn one_unknown_issuer_before_servers_of_two_operators_is_likely_an_inspector_and_of_one_is_not() {
    for (other, issuer, cause) in [
        (OTHER, "CN=Corp", Some(Code::TlsIntercepted)),
        (OTHER, "CN=Another", None),
        ("turns:turn2.one.example:443", "CN=Corp", None),
    ] {
        let mut scene = at_home(&[HOME, ONE, other]);
        let problem = Some(TlsProblem::UnknownIssuer);
        refused(&mut scene, ONE, "192.0.2.7:443", tls(ONE, vec![leaf("CN=Corp", None)], problem.clone()));
        refused(&mut scene, other, "198.51.100.9:443", tls(other, vec![leaf(issuer, None)], problem));
        let diagnosis = scene.judged();
        assert_eq!(root(&diagnosis, Code::TlsUnknownIssuer), cause, "{other} {issuer}");
    }
}

#[test]
fn a_handshake_that_breaks_off_with_the_name_alone_names_filter_and_server_as_rivals() {
    for (control, cause) in [(Some(true), Some(Code::ServerNameFiltered)), (Some(false), None), (None, None)] {
        let mut scene = at_home(&[HOME, ONE]);
        let server = "192.0.2.7:443";
        refused(&mut scene, ONE, server, tls(ONE, Vec::new(), Some(TlsProblem::Closed)));
        let nameless = tls("turns:192.0.2.7:443", vec![leaf("CN=Any", None)], Some(TlsProblem::WrongName));
        let (remote, took_ms, transport) = (addr(server), Millis(30.0), Transport::Tls);
        let control = control.map(|comes_about| match comes_about {
            true => StreamFact::Secured { remote, tls: nameless, took_ms },
            false => StreamFact::NotConnected { transport, remote, failure: Failure::Reset, tls: None, took_ms },
        });
        control.into_iter().for_each(|fact| {
            scene.say(Question::ServerName, Some(ONE), Fact::Stream(fact));
        });
        let diagnosis = scene.judged();
        assert_eq!(root(&diagnosis, Code::TlsFailed), cause);
        if let Some(root) = finding(&diagnosis, Code::ServerNameFiltered) {
            assert_eq!(
                (root.strength, &root.rivals[..]),
                (Some(Strength::Likely), &[Code::TlsFailed, Code::TlsTimedOut][..])
            );
        }
    }
}

/// Nothing leaves over UDP, and TCP to 443 alone; what comes about there is told by the test.
fn only_port_443(over_tls: &str) -> Scene {
    let over_tcp = "turn:192.0.2.1?transport=tcp";
    let mut scene = at_home(&[HOME, SECOND, TURN, over_tcp, over_tls]);
    for (uri, server) in [(HOME, "192.0.2.1:3478"), (SECOND, "198.51.100.9:3478"), (TURN, "192.0.2.1:3478")] {
        scene.silent(uri, server);
    }
    let (transport, remote) = (Transport::Tcp, addr("192.0.2.1:3478"));
    let timed_out =
        StreamFact::NotConnected { transport, remote, failure: Failure::TimedOut, tls: None, took_ms: Millis(5000.0) };
    scene.say(Question::Relay, Some(over_tcp), Fact::Stream(timed_out));
    scene
}

#[test]
fn what_opens_tls_explains_the_other_ports_of_a_host_of_which_nothing_was_heard_and_that_no_relay_is_left() {
    let over_tls = "turns:192.0.2.1:443";
    let mut scene = only_port_443(over_tls);
    secured(&mut scene, over_tls, "192.0.2.1:443", tls(over_tls, vec![leaf("CN=Corp", Some(false))], None));
    ended(&mut scene, over_tls, "192.0.2.1:443");
    let diagnosis = scene.judged();
    for code in [Code::ServerClosed, Code::ServerConnectionTimedOut, Code::NoRelay] {
        assert_eq!(root(&diagnosis, code), Some(Code::TlsIntercepted), "{code:?}");
    }
    assert_eq!(root(&diagnosis, Code::UdpBlocked), None, "what lets no UDP out is another rule of the network");
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
    assert_eq!(diagnosis.verdict.because, [Code::TlsIntercepted, Code::UdpBlocked]);
}

#[test]
fn a_port_that_times_out_is_not_the_inspectors_where_the_host_itself_was_heard() {
    let over_tls = "turns:192.0.2.1:443";
    let mut scene = only_port_443(over_tls);
    scene.mapped(Question::Binding, HOME, "192.168.1.2:40000", "192.0.2.1:3478", "203.0.113.7:40000");
    secured(&mut scene, over_tls, "192.0.2.1:443", tls(over_tls, vec![leaf("CN=Corp", Some(false))], None));
    ended(&mut scene, over_tls, "192.0.2.1:443");
    let diagnosis = scene.judged();
    assert_eq!(root(&diagnosis, Code::ServerClosed), Some(Code::TlsIntercepted));
    assert_eq!(root(&diagnosis, Code::ServerConnectionTimedOut), None);
}

#[test]
fn that_no_relay_is_left_is_folded_under_the_name_that_is_filtered_where_each_other_relay_has_its_cause() {
    let over_tls = "turns:192.0.2.1:443";
    let told = |control: bool| {
        let mut scene = only_port_443(over_tls);
        refused(&mut scene, over_tls, "192.0.2.1:443", tls(over_tls, Vec::new(), Some(TlsProblem::Closed)));
        if control {
            let (remote, took_ms) = (addr("192.0.2.1:443"), Millis(30.0));
            let tls = tls(over_tls, vec![leaf("CN=Any", None)], Some(TlsProblem::WrongName));
            let fact = StreamFact::Secured { remote, tls, took_ms };
            scene.say(Question::ServerName, Some(over_tls), Fact::Stream(fact));
        }
        scene.judged()
    };
    let diagnosis = told(true);
    assert_eq!(root(&diagnosis, Code::TlsFailed), Some(Code::ServerNameFiltered));
    assert_eq!(root(&diagnosis, Code::ServerConnectionTimedOut), Some(Code::TcpPortsLimited), "the host lives");
    assert_eq!(root(&diagnosis, Code::NoRelay), Some(Code::ServerNameFiltered));
    assert_eq!(root(&told(false), Code::NoRelay), None, "without the control nothing accounts for the handshake");
}
