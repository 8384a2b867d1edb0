//! Relays that work, relays that do not, and every error code by its own name.

use super::scene::*;
use crate::model::*;
use crate::model::{Millis, RunFact, StreamFact, StunFact, TurnFact};

pub(crate) const RELAYED: &str = "192.0.2.1:50000";
pub(crate) const PEER: &str = "203.0.113.7:20000";
/// Another port of the server's own host.
pub(crate) const ITSELF: &str = "192.0.2.1:50001";

pub(crate) fn transport(uri: &str) -> Transport {
    uri.parse::<Target>().expect(uri).transport
}

pub(crate) fn say(scene: &mut Scene, uri: &str, fact: Fact) -> ObservationId {
    scene.say(Question::Relay, Some(uri), fact)
}

pub(crate) fn challenged(scene: &mut Scene, uri: &str) {
    let (transport, server) = (transport(uri), addr("192.0.2.1:3478"));
    if transport != Transport::Udp {
        let fact = Fact::Stream(StreamFact::Connected {
            remote: server,
            local: addr("192.168.1.2:50001"),
            took_ms: Millis(20.0),
        });
        say(scene, uri, fact);
    }
    say(
        scene,
        uri,
        Fact::Turn(TurnFact::Challenged {
            transport,
            server,
            took_ms: Millis(20.0),
            software: Some(text("Coturn-4.6.1")),
        }),
    );
}

pub(crate) fn allocated(scene: &mut Scene, uri: &str) {
    challenged(scene, uri);
    allocated_at(scene, uri, RELAYED);
}

pub(crate) fn allocated_at(scene: &mut Scene, uri: &str, relayed: &str) {
    let fact = Fact::Turn(TurnFact::Allocated {
        transport: transport(uri),
        local: addr("192.168.1.2:50001"),
        server: addr("192.0.2.1:3478"),
        relayed: addr(relayed),
        mapped: Some(addr("203.0.113.7:50001")),
        lifetime_s: 600,
        took_ms: Millis(21.0),
    });
    say(scene, uri, fact);
}

pub(crate) fn crossed(scene: &mut Scene, uri: &str, leg: Leg) {
    let (transport, server, relayed) = (transport(uri), addr("192.0.2.1:3478"), addr(RELAYED));
    // Over a stream the story may be of a network without UDP, where only the server's own address can stand for a peer.
    let peer = if transport == Transport::Udp { addr(PEER) } else { addr(ITSELF) };
    say(
        scene,
        uri,
        Fact::Turn(TurnFact::Crossed {
            leg,
            transport,
            server,
            relayed,
            peer,
            sent: 1,
            took_ms: Millis(22.0),
            bytes: None,
            class: None,
            spoken: false,
        }),
    );
}

pub(crate) fn not_crossed(scene: &mut Scene, uri: &str, leg: Leg) {
    not_crossed_towards(scene, uri, leg, PEER);
}

pub(crate) fn not_crossed_towards(scene: &mut Scene, uri: &str, leg: Leg, peer: &str) {
    let (transport, server, relayed, peer) = (transport(uri), addr("192.0.2.1:3478"), addr(RELAYED), Some(addr(peer)));
    say(
        scene,
        uri,
        Fact::Turn(TurnFact::NotCrossed {
            leg,
            transport,
            server,
            relayed,
            peer,
            sent: 7,
            waited_ms: Millis(3000.0),
            bytes: None,
            class: None,
            spoken: false,
            failure: None,
        }),
    );
}

pub(crate) fn working_relay(scene: &mut Scene, uri: &str) {
    let (transport, server, took_ms) = (transport(uri), addr("192.0.2.1:3478"), Millis(20.0));
    allocated(scene, uri);
    say(scene, uri, Fact::Turn(TurnFact::Permitted { transport, server, peer: addr(PEER).ip(), took_ms }));
    crossed(scene, uri, Leg::In);
    say(
        scene,
        uri,
        Fact::Turn(TurnFact::ChannelBound { transport, server, peer: addr(PEER), channel: 0x4000, took_ms }),
    );
    crossed(scene, uri, Leg::Out);
    say(scene, uri, Fact::Turn(TurnFact::Refreshed { transport, server, lifetime_s: 600, took_ms }));
    say(scene, uri, Fact::Turn(TurnFact::Released { transport, server, took_ms }));
}

/// Bytes come out of the relay of another operator to our second socket.
pub(crate) fn hears_another_relay(scene: &mut Scene) {
    let fact = TurnFact::Crossed {
        leg: Leg::Out,
        transport: Transport::Udp,
        server: addr("198.51.100.9:3478"),
        relayed: addr("198.51.100.9:50000"),
        peer: addr(PEER),
        sent: 1,
        took_ms: Millis(22.0),
        bytes: None,
        class: None,
        spoken: false,
    };
    say(scene, "turn:198.51.100.9", Fact::Turn(fact));
}

/// A stranger's bytes come in through the relay of this URI once it has sent to the stranger.
pub(crate) fn crossed_spoken(scene: &mut Scene, uri: &str) {
    let fact = TurnFact::Crossed {
        leg: Leg::In,
        transport: transport(uri),
        server: addr("192.0.2.1:3478"),
        relayed: addr(RELAYED),
        peer: addr(PEER),
        sent: 1,
        took_ms: Millis(22.0),
        bytes: None,
        class: None,
        spoken: true,
    };
    say(scene, uri, Fact::Turn(fact));
}

/// The way in once more, while the relay sends to the peer.
pub(crate) fn spoken(scene: &mut Scene, failure: Option<Failure>, came: bool) {
    let (leg, transport, server, relayed) = (Leg::In, Transport::Udp, addr("192.0.2.1:3478"), addr(RELAYED));
    let (bytes, spoken) = (None, true);
    let fact = match came {
        true => Fact::Turn(TurnFact::Crossed {
            leg,
            transport,
            server,
            relayed,
            peer: addr(PEER),
            sent: 1,
            took_ms: Millis(22.0),
            bytes,
            class: None,
            spoken,
        }),
        false => Fact::Turn(TurnFact::NotCrossed {
            leg,
            transport,
            server,
            relayed,
            peer: None,
            sent: 7,
            waited_ms: Millis(2000.0),
            bytes,
            class: None,
            spoken,
            failure,
        }),
    };
    say(scene, TURN, fact);
}

pub(crate) fn silent(scene: &mut Scene, method: Method) {
    let fact = Fact::Stun(StunFact::Silent {
        method,
        asked: Asked::Plain,
        transport: Transport::Udp,
        local: addr("192.168.1.2:50001"),
        server: addr("192.0.2.1:3478"),
        sent: 7,
        waited_ms: Millis(5000.0),
    });
    say(scene, TURN, fact);
}

pub(crate) fn refused(method: Method, code: u16, alternate: Option<&str>) -> Fact {
    Fact::Stun(StunFact::Refused {
        method,
        asked: Asked::Plain,
        transport: Transport::Udp,
        local: addr("192.168.1.2:50001"),
        server: addr("192.0.2.1:3478"),
        code,
        reason: text("as the server has it"),
        alternate: alternate.map(addr),
    })
}

pub(crate) fn with_turn() -> Scene {
    let mut scene = home();
    scene.record.targets.push(TURN.parse().expect("target"));
    scene
}

pub(crate) fn turn_server(diagnosis: &Diagnosis) -> &Server {
    diagnosis.servers.iter().find(|server| server.uri.as_str().starts_with("turn")).expect("listed")
}

pub(crate) fn outcome(server: &Server, step: Step) -> StageOutcome {
    server.stages.iter().find(|stage| stage.name == step).expect("is there").outcome
}

#[test]
fn a_relay_that_bytes_cross_both_ways_is_proven() {
    let mut scene = with_turn();
    working_relay(&mut scene, TURN);
    let diagnosis = scene.judged();
    let server = turn_server(&diagnosis);
    let names: Vec<Step> = server.stages.iter().map(|stage| stage.name).collect();
    assert_eq!(
        names,
        [
            Step::Challenge,
            Step::Allocate,
            Step::Permission,
            Step::RelayIn,
            Step::Channel,
            Step::RelayOut,
            Step::Refresh,
            Step::Release
        ]
    );
    assert!(server.stages.iter().all(|stage| stage.outcome == StageOutcome::Passed && stage.ms.is_some()));
    assert_eq!((&server.error, server.software.as_ref()), (&None, Some(&text("Coturn-4.6.1"))));
    assert_eq!(finding(&diagnosis, Code::RelayWorks).and_then(|f| f.about.get("relayed")).as_deref(), Some(RELAYED));
    assert_eq!(diagnosis.exit_code(), 0, "{:?}", diagnosis.findings);
}

#[test]
fn a_relay_that_asks_nobody_for_credentials_is_warned_of() {
    let mut scene = with_turn();
    allocated_at(&mut scene, TURN, RELAYED);
    assert!(finding(&scene.judged(), Code::RelayOpen).is_some());
    let mut scene = with_turn();
    working_relay(&mut scene, TURN);
    assert!(finding(&scene.judged(), Code::RelayOpen).is_none());
}

#[test]
fn every_error_code_to_an_allocation_has_its_own_finding() {
    for (stun_code, code) in [
        (300, Code::RelayRedirected),
        (400, Code::RelayBadRequest),
        (401, Code::RelayCredentialsRejected),
        (403, Code::RelayForbidden),
        (420, Code::RelayUnknownAttribute),
        (437, Code::RelayAllocationMismatch),
        (438, Code::RelayStaleNonceLoop),
        (440, Code::RelayFamilyNotSupported),
        (441, Code::RelayWrongCredentials),
        (442, Code::RelayTransportNotSupported),
        (443, Code::RelayPeerFamilyMismatch),
        (446, Code::RelayConnectionExists),
        (447, Code::RelayConnectionFailed),
        (486, Code::RelayQuotaReached),
        (500, Code::RelayServerError),
        (508, Code::RelayNoCapacity),
        (699, Code::RelayUnknownError),
        (0, Code::RelayUnknownError),
        (u16::MAX, Code::RelayUnknownError),
    ] {
        let mut scene = with_turn();
        challenged(&mut scene, TURN);
        let id = say(&mut scene, TURN, refused(Method::Allocate, stun_code, None));
        let diagnosis = scene.judged();
        let error = turn_server(&diagnosis).error.as_ref().expect("failed");
        assert_eq!((error.code, error.stun_code), (code, Some(stun_code)));
        let found = finding(&diagnosis, code).expect("told");
        assert_eq!((found.severity, &found.evidence), (Severity::Critical, &vec![id]), "it is the only relay");
        assert_eq!(found.about.get("code").as_deref(), Some(stun_code.to_string().as_str()));
        assert_eq!(outcome(turn_server(&diagnosis), Step::Allocate), StageOutcome::Failed);
        assert_eq!(outcome(turn_server(&diagnosis), Step::Permission), StageOutcome::NotTested);
    }
}

#[test]
fn a_quota_that_our_own_allocation_has_used_up_is_a_fact_about_the_server_and_no_fault() {
    let mut scene = with_turn();
    allocated(&mut scene, TURN);
    let over_tcp = "turn:192.0.2.1?transport=tcp";
    scene.record.targets.push(over_tcp.parse().expect(over_tcp));
    let mut fact = refused(Method::Allocate, 486, None);
    if let Fact::Stun(StunFact::Refused { transport, .. }) = &mut fact {
        *transport = Transport::Tcp;
    }
    say(&mut scene, over_tcp, fact);
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::RelayQuotaReached).is_none());
    let few = finding(&diagnosis, Code::RelayFewAtOnce).expect("told");
    assert_eq!((few.severity, few.about.get("count").as_deref()), (Severity::Info, Some("1")));
}

#[test]
fn a_401_that_offers_nothing_to_log_in_with_is_not_a_wrong_password() {
    let mut scene = with_turn();
    say(&mut scene, TURN, refused(Method::Allocate, 401, None));
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::RelayNoChallenge).is_some());
    assert_eq!(outcome(turn_server(&diagnosis), Step::Challenge), StageOutcome::Failed);
}

#[test]
fn a_redirection_to_a_server_asked_already_is_a_loop() {
    let mut scene = with_turn();
    say(&mut scene, TURN, refused(Method::Allocate, 300, Some("192.0.2.1:3478")));
    assert!(finding(&scene.judged(), Code::RelayRedirectLoop).is_some());
}

#[test]
fn a_refused_permission_is_the_peers_address_and_leaves_the_relay_unproven() {
    let mut scene = with_turn();
    allocated(&mut scene, TURN);
    say(&mut scene, TURN, refused(Method::CreatePermission, 403, None));
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::RelayPeerRefused).is_some());
    assert_eq!(finding(&diagnosis, Code::RelayPeerRefused).map(|f| f.severity), Some(Severity::Warning));
    assert!(finding(&diagnosis, Code::RelayNotProven).is_none(), "the refusal says it already");
}

#[test]
fn a_relay_that_may_not_relay_to_this_machine_is_no_sure_way_for_a_call_that_needs_one() {
    let mut scene = office(&[HOME, TURN]);
    allocated(&mut scene, TURN);
    say(&mut scene, TURN, refused(Method::CreatePermission, 403, None));
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::RelayPeerRefused));
    let of_strict = |call: &&Forecast| call.peer == PeerClass::ApdmApdf;
    let strict = diagnosis.verdict.forecast.iter().find(of_strict).expect("forecast");
    assert_eq!(strict.path.why(), Some(Code::RelayPeerRefused));
}

#[test]
fn an_allocation_that_was_not_tried_out_counts_with_a_warning() {
    let mut scene = office(&[HOME, TURN]);
    allocated(&mut scene, TURN);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
    assert_eq!(finding(&diagnosis, Code::RelayNotProven).map(|f| f.severity), Some(Severity::Warning));
}

#[test]
fn a_lost_allocation_is_told_although_it_had_been_refreshed() {
    let mut scene = with_turn();
    allocated(&mut scene, TURN);
    let (transport, server) = (Transport::Udp, addr("192.0.2.1:3478"));
    say(
        &mut scene,
        TURN,
        Fact::Turn(TurnFact::Refreshed { transport, server, lifetime_s: 600, took_ms: Millis(20.0) }),
    );
    say(&mut scene, TURN, Fact::Turn(TurnFact::AllocationLost { transport, server, after_ms: Millis(900.0) }));
    let diagnosis = scene.judged();
    assert_eq!(turn_server(&diagnosis).error.as_ref().map(|error| error.code), Some(Code::RelayAllocationLost));
}

#[test]
fn a_server_that_relays_ipv4_and_refuses_ipv6_is_well() {
    let mut scene = with_turn();
    working_relay(&mut scene, TURN);
    say(&mut scene, TURN, refused(Method::Allocate, 440, None));
    let diagnosis = scene.judged();
    assert_eq!(turn_server(&diagnosis).error, None);
    assert_eq!(finding(&diagnosis, Code::RelayFamilyNotSupported).map(|f| f.severity), Some(Severity::Info));
    assert_eq!(diagnosis.exit_code(), 0);
}

#[test]
fn a_relayed_address_that_nobody_outside_can_reach_is_no_relay() {
    let mut scene = office(&[HOME, TURN]);
    challenged(&mut scene, TURN);
    allocated_at(&mut scene, TURN, "10.0.0.4:50000");
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::RelayAddressNotPublic).is_some());
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
}

#[test]
fn a_relay_without_credentials_was_not_tested() {
    let mut scene = office(&[HOME, TURN]);
    challenged(&mut scene, TURN);
    say(&mut scene, TURN, Fact::Run(RunFact::Skipped { why: Code::NoCredentials }));
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::RelayNotTested));
    assert!(finding(&diagnosis, Code::NoCredentials).is_some());
}

#[test]
fn a_stripped_offer_of_algorithms_is_told_as_what_it_is() {
    let mut scene = with_turn();
    challenged(&mut scene, TURN);
    say(&mut scene, TURN, Fact::Run(RunFact::Skipped { why: Code::RelayBidDown }));
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::RelayBidDown).is_some());
    assert_eq!(outcome(turn_server(&diagnosis), Step::Allocate), StageOutcome::Failed);
}

fn refused_by(server: &str, alternate: &str) -> Fact {
    let mut fact = refused(Method::Allocate, 300, Some(alternate));
    if let Fact::Stun(StunFact::Refused { server: by, .. }) = &mut fact {
        *by = addr(server);
    }
    fact
}

#[test]
fn a_redirection_that_was_followed_is_no_failure() {
    let mut scene = with_turn();
    say(&mut scene, TURN, refused_by("192.0.2.9:3478", "192.0.2.1:3478"));
    working_relay(&mut scene, TURN);
    let diagnosis = scene.judged();
    assert!(diagnosis.servers.iter().all(|server| server.error.is_none()), "{:?}", diagnosis.servers);
    assert_eq!(diagnosis.exit_code(), 0, "{:?}", diagnosis.findings);
}

#[test]
fn a_redirection_that_was_not_followed_names_the_alternate() {
    let mut scene = with_turn();
    say(&mut scene, TURN, refused_by("192.0.2.1:3478", "10.0.0.1:3478"));
    say(&mut scene, TURN, Fact::Run(RunFact::Skipped { why: Code::RelayRedirected }));
    let diagnosis = scene.judged();
    let found = finding(&diagnosis, Code::RelayRedirected).expect("told");
    assert_eq!(found.about.get("alternate").as_deref(), Some("10.0.0.1:3478"));
}

#[test]
fn two_servers_that_send_us_to_each_other_are_a_loop() {
    let mut scene = with_turn();
    say(&mut scene, TURN, refused_by("192.0.2.1:3478", "192.0.2.9:3478"));
    say(&mut scene, TURN, refused_by("192.0.2.9:3478", "192.0.2.1:3478"));
    say(&mut scene, TURN, Fact::Run(RunFact::Skipped { why: Code::RelayRedirectLoop }));
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::RelayRedirectLoop).is_some());
    assert!(finding(&diagnosis, Code::RelayRedirected).is_none());
}

#[test]
fn a_relay_proven_through_a_second_one_is_proven_though_our_own_socket_heard_nothing() {
    let turn = "turn:192.0.2.1?transport=tcp";
    let mut scene = home();
    scene.record.targets.push(turn.parse().expect(turn));
    allocated(&mut scene, turn);
    not_crossed(&mut scene, turn, Leg::In);
    crossed(&mut scene, turn, Leg::In);
    crossed(&mut scene, turn, Leg::Out);
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::RelayWorks).is_some());
    assert!(finding(&diagnosis, Code::RelayInLost).is_none());
}
