//! Relays that work, relays that do not, and every error code by its own name.

use super::story::*;
use crate::model::*;

const RELAYED: &str = "192.0.2.1:50000";
const PEER: &str = "203.0.113.7:20000";

fn transport(uri: &str) -> Transport {
    uri.parse::<Target>().expect(uri).transport
}

fn say(story: &mut Story, uri: &str, fact: Fact) -> ObservationId {
    story.say(Question::Relay, Some(uri), fact)
}

pub fn challenged(story: &mut Story, uri: &str) {
    let (transport, server) = (transport(uri), addr("192.0.2.1:3478"));
    if transport != Transport::Udp {
        let fact = Fact::Connected { remote: server, local: addr("192.168.1.2:50001"), took_ms: 20.0 };
        say(story, uri, fact);
    }
    say(story, uri, Fact::Challenged { transport, server, took_ms: 20.0, software: Some(text("Coturn-4.6.1")) });
}

pub fn allocated(story: &mut Story, uri: &str) {
    challenged(story, uri);
    allocated_at(story, uri, RELAYED);
}

fn allocated_at(story: &mut Story, uri: &str, relayed: &str) {
    let fact = Fact::Allocated {
        transport: transport(uri),
        local: addr("192.168.1.2:50001"),
        server: addr("192.0.2.1:3478"),
        relayed: addr(relayed),
        mapped: Some(addr("203.0.113.7:50001")),
        lifetime_s: 600,
        took_ms: 21.0,
    };
    say(story, uri, fact);
}

fn crossed(story: &mut Story, uri: &str, leg: Leg) {
    let (transport, server, relayed, peer) = (transport(uri), addr("192.0.2.1:3478"), addr(RELAYED), addr(PEER));
    say(
        story,
        uri,
        Fact::Crossed { leg, transport, server, relayed, peer, sent: 1, took_ms: 22.0, bytes: None, spoken: false },
    );
}

pub fn not_crossed(story: &mut Story, uri: &str, leg: Leg) {
    let (transport, server, relayed, peer) = (transport(uri), addr("192.0.2.1:3478"), addr(RELAYED), Some(addr(PEER)));
    say(
        story,
        uri,
        Fact::NotCrossed {
            leg,
            transport,
            server,
            relayed,
            peer,
            sent: 7,
            waited_ms: 3000.0,
            bytes: None,
            spoken: false,
            failure: None,
        },
    );
}

pub fn working_relay(story: &mut Story, uri: &str) {
    let (transport, server, took_ms) = (transport(uri), addr("192.0.2.1:3478"), 20.0);
    allocated(story, uri);
    say(story, uri, Fact::Permitted { transport, server, peer: addr(PEER).ip(), took_ms });
    crossed(story, uri, Leg::In);
    say(story, uri, Fact::ChannelBound { transport, server, peer: addr(PEER), channel: 0x4000, took_ms });
    crossed(story, uri, Leg::Out);
    say(story, uri, Fact::Refreshed { transport, server, lifetime_s: 600, took_ms });
    say(story, uri, Fact::Released { transport, server, took_ms });
}

fn refused(method: Method, code: u16, alternate: Option<&str>) -> Fact {
    Fact::Refused {
        method,
        asked: Asked::Plain,
        transport: Transport::Udp,
        local: addr("192.168.1.2:50001"),
        server: addr("192.0.2.1:3478"),
        code,
        reason: text("as the server has it"),
        alternate: alternate.map(addr),
    }
}

fn with_turn() -> Story {
    let mut story = home();
    story.record.targets.push(TURN.parse().expect("target"));
    story
}

fn turn_server(diagnosis: &Diagnosis) -> &Server {
    diagnosis.servers.iter().find(|server| server.uri.starts_with("turn")).expect("listed")
}

fn outcome(server: &Server, stage: &str) -> StageOutcome {
    server.stages.iter().find(|s| s.name == stage).expect(stage).outcome
}

#[test]
fn a_relay_that_bytes_cross_both_ways_is_proven() {
    let mut story = with_turn();
    working_relay(&mut story, TURN);
    let diagnosis = story.judged();
    let server = turn_server(&diagnosis);
    let names: Vec<&str> = server.stages.iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(
        names,
        ["challenge", "allocate", "permission", "relay-in", "channel", "relay-out", "refresh", "release"]
    );
    assert!(server.stages.iter().all(|stage| stage.outcome == StageOutcome::Passed && stage.ms.is_some()));
    assert_eq!((&server.error, server.software.as_ref()), (&None, Some(&text("Coturn-4.6.1"))));
    assert_eq!(finding(&diagnosis, Code::RelayWorks).map(|f| f.about["relayed"].as_str()), Some(RELAYED));
    assert_eq!(diagnosis.exit_code(), 0, "{:?}", diagnosis.findings);
}

#[test]
fn a_relay_that_asks_nobody_for_credentials_is_warned_of() {
    let mut story = with_turn();
    allocated_at(&mut story, TURN, RELAYED);
    assert!(finding(&story.judged(), Code::RelayOpen).is_some());
    let mut story = with_turn();
    working_relay(&mut story, TURN);
    assert!(finding(&story.judged(), Code::RelayOpen).is_none());
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
        let mut story = with_turn();
        challenged(&mut story, TURN);
        let id = say(&mut story, TURN, refused(Method::Allocate, stun_code, None));
        let diagnosis = story.judged();
        let error = turn_server(&diagnosis).error.as_ref().expect("failed");
        assert_eq!((error.code, error.stun_code), (code, Some(stun_code)));
        let found = finding(&diagnosis, code).expect("told");
        assert_eq!((found.severity, &found.evidence), (Severity::Critical, &vec![id]), "it is the only relay");
        assert_eq!(found.about["code"], stun_code.to_string());
        assert_eq!(outcome(turn_server(&diagnosis), "allocate"), StageOutcome::Failed);
        assert_eq!(outcome(turn_server(&diagnosis), "permission"), StageOutcome::NotTested);
    }
}

#[test]
fn a_401_that_offers_nothing_to_log_in_with_is_not_a_wrong_password() {
    let mut story = with_turn();
    say(&mut story, TURN, refused(Method::Allocate, 401, None));
    let diagnosis = story.judged();
    assert!(finding(&diagnosis, Code::RelayNoChallenge).is_some());
    assert_eq!(outcome(turn_server(&diagnosis), "challenge"), StageOutcome::Failed);
}

#[test]
fn a_redirection_to_a_server_asked_already_is_a_loop() {
    let mut story = with_turn();
    say(&mut story, TURN, refused(Method::Allocate, 300, Some("192.0.2.1:3478")));
    assert!(finding(&story.judged(), Code::RelayRedirectLoop).is_some());
}

#[test]
fn a_refused_permission_is_the_peers_address_and_leaves_the_relay_unproven() {
    let mut story = with_turn();
    allocated(&mut story, TURN);
    say(&mut story, TURN, refused(Method::CreatePermission, 403, None));
    let diagnosis = story.judged();
    assert!(finding(&diagnosis, Code::RelayPeerRefused).is_some());
    assert_eq!(finding(&diagnosis, Code::RelayPeerRefused).map(|f| f.severity), Some(Severity::Warning));
    assert!(finding(&diagnosis, Code::RelayNotProven).is_none(), "the refusal says it already");
}

/// The way in once more, while the relay sends to the peer.
fn spoken(story: &mut Story, failure: Option<Failure>, came: bool) {
    let (leg, transport, server, relayed) = (Leg::In, Transport::Udp, addr("192.0.2.1:3478"), addr(RELAYED));
    let (bytes, spoken) = (None, true);
    let fact = match came {
        true => {
            Fact::Crossed { leg, transport, server, relayed, peer: addr(PEER), sent: 1, took_ms: 22.0, bytes, spoken }
        }
        false => Fact::NotCrossed {
            leg,
            transport,
            server,
            relayed,
            peer: None,
            sent: 7,
            waited_ms: 2000.0,
            bytes,
            spoken,
            failure,
        },
    };
    say(story, TURN, fact);
}

#[test]
fn a_way_out_that_is_lost_is_named_and_the_relay_does_not_count() {
    let mut story = office(&[HOME, TURN]);
    allocated(&mut story, TURN);
    crossed(&mut story, TURN, Leg::In);
    not_crossed(&mut story, TURN, Leg::Out);
    let diagnosis = story.judged();
    assert_eq!(finding(&diagnosis, Code::RelayOutLost).map(|f| f.severity), Some(Severity::Critical));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
}

#[test]
fn a_relay_into_which_nothing_comes_is_dead_only_where_what_was_sent_is_known_to_have_got_there() {
    let by_the_relay = Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(addr(RELAYED).ip()) };
    for (out, failure, dead) in [(false, None, false), (true, None, true), (false, Some(by_the_relay), true)] {
        let mut story = office(&[HOME, TURN]);
        allocated(&mut story, TURN);
        not_crossed(&mut story, TURN, Leg::In);
        if out {
            crossed(&mut story, TURN, Leg::Out);
        } else {
            not_crossed(&mut story, TURN, Leg::Out);
        }
        spoken(&mut story, failure, false);
        let diagnosis = story.judged();
        let lost = finding(&diagnosis, Code::RelayInLost).map(|f| f.severity);
        let (severity, path) = match dead {
            true => (Severity::Critical, (Some(Path::None), None)),
            false => (Severity::Warning, (None, Some(Code::RelayInLost))),
        };
        assert_eq!(lost, Some(severity), "out crossed: {out}");
        assert_eq!((diagnosis.verdict.path.value().copied(), diagnosis.verdict.path.why()), path);
    }
}

#[test]
fn a_relay_into_which_the_peer_comes_once_it_was_spoken_to_carries_calls_with_a_warning() {
    let mut story = office(&[HOME, TURN]);
    allocated(&mut story, TURN);
    not_crossed(&mut story, TURN, Leg::In);
    crossed(&mut story, TURN, Leg::Out);
    spoken(&mut story, None, true);
    let diagnosis = story.judged();
    assert_eq!(finding(&diagnosis, Code::RelayPortsClosed).map(|f| f.severity), Some(Severity::Warning));
    assert!(finding(&diagnosis, Code::RelayInLost).is_none());
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
}

#[test]
fn a_relay_that_swallows_large_datagrams_is_told_and_counts() {
    let mut story = with_turn();
    working_relay(&mut story, TURN);
    let (transport, server, relayed) = (Transport::Udp, addr("192.0.2.1:3478"), addr(RELAYED));
    let lost = Fact::NotCrossed {
        leg: Leg::In,
        transport,
        server,
        relayed,
        peer: None,
        sent: 7,
        waited_ms: 2000.0,
        bytes: Some(1200),
        spoken: false,
        failure: None,
    };
    say(&mut story, TURN, lost);
    let diagnosis = story.judged();
    assert_eq!(finding(&diagnosis, Code::RelayLargeLost).map(|f| f.severity), Some(Severity::Warning));
    assert_eq!(outcome(turn_server(&diagnosis), "relay-large"), StageOutcome::Failed);
    assert!(finding(&diagnosis, Code::RelayWorks).is_some());
}

fn silent(story: &mut Story, method: Method) {
    let fact = Fact::Silent {
        method,
        asked: Asked::Plain,
        transport: Transport::Udp,
        local: addr("192.168.1.2:50001"),
        server: addr("192.0.2.1:3478"),
        sent: 7,
        waited_ms: 5000.0,
    };
    say(story, TURN, fact);
}

#[test]
fn what_answers_a_binding_and_no_allocation_is_a_stun_server() {
    let mut story = Story::at_home(&[TURN]);
    story.mapped(Question::Binding, TURN, "192.168.1.2:40000", "192.0.2.1:3478", "203.0.113.7:40000");
    silent(&mut story, Method::Allocate);
    let diagnosis = story.judged();
    assert!(finding(&diagnosis, Code::RelayNotOffered).is_some());
    assert!(finding(&diagnosis, Code::ServerSilent).is_none());
}

#[test]
fn a_turn_server_that_answers_no_binding_is_well() {
    let mut story = with_turn();
    let fact = Fact::Silent {
        method: Method::Binding,
        asked: Asked::Plain,
        transport: Transport::Udp,
        local: addr("192.168.1.2:50001"),
        server: addr("192.0.2.1:3478"),
        sent: 7,
        waited_ms: 1500.0,
    };
    story.say(Question::Binding, Some(TURN), fact);
    working_relay(&mut story, TURN);
    assert_eq!(turn_server(&story.judged()).error, None);
}

#[test]
fn an_odd_answer_to_any_stage_is_never_told_as_silence() {
    let mut story = Story::at_home(&[TURN]);
    let odd = || Fact::Anomalous {
        transport: Transport::Udp,
        local: addr("192.168.1.2:50001"),
        server: addr("192.0.2.1:3478"),
        anomaly: Anomaly::Malformed { problem: text("an attribute past the end") },
    };
    story.say(Question::Binding, Some(TURN), odd());
    story.silent("stun:192.0.2.1", "192.0.2.1:3478");
    say(&mut story, TURN, odd());
    silent(&mut story, Method::Allocate);
    let diagnosis = story.judged();
    assert!(finding(&diagnosis, Code::MalformedAnswers).is_some());
    assert!(finding(&diagnosis, Code::ServerSilent).is_none(), "{:?}", diagnosis.findings);
}

#[test]
fn an_allocation_that_was_not_tried_out_counts_with_a_warning() {
    let mut story = office(&[HOME, TURN]);
    allocated(&mut story, TURN);
    let diagnosis = story.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
    assert_eq!(finding(&diagnosis, Code::RelayNotProven).map(|f| f.severity), Some(Severity::Warning));
}

#[test]
fn a_lost_allocation_is_told_although_it_had_been_refreshed() {
    let mut story = with_turn();
    allocated(&mut story, TURN);
    let (transport, server) = (Transport::Udp, addr("192.0.2.1:3478"));
    say(&mut story, TURN, Fact::Refreshed { transport, server, lifetime_s: 600, took_ms: 20.0 });
    say(&mut story, TURN, Fact::AllocationLost { transport, server, after_ms: 900.0 });
    let diagnosis = story.judged();
    assert_eq!(turn_server(&diagnosis).error.as_ref().map(|error| error.code), Some(Code::RelayAllocationLost));
}

#[test]
fn a_server_that_relays_ipv4_and_refuses_ipv6_is_well() {
    let mut story = with_turn();
    working_relay(&mut story, TURN);
    say(&mut story, TURN, refused(Method::Allocate, 440, None));
    let diagnosis = story.judged();
    assert_eq!(turn_server(&diagnosis).error, None);
    assert_eq!(finding(&diagnosis, Code::RelayFamilyNotSupported).map(|f| f.severity), Some(Severity::Info));
    assert_eq!(diagnosis.exit_code(), 0);
}

#[test]
fn a_relayed_address_that_nobody_outside_can_reach_is_no_relay() {
    let mut story = office(&[HOME, TURN]);
    challenged(&mut story, TURN);
    allocated_at(&mut story, TURN, "10.0.0.4:50000");
    let diagnosis = story.judged();
    assert!(finding(&diagnosis, Code::RelayAddressNotPublic).is_some());
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
}

#[test]
fn a_relay_without_credentials_was_not_tested() {
    let mut story = office(&[HOME, TURN]);
    challenged(&mut story, TURN);
    say(&mut story, TURN, Fact::Skipped { why: Code::NoCredentials });
    let diagnosis = story.judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::RelayNotTested));
    assert!(finding(&diagnosis, Code::NoCredentials).is_some());
}

#[test]
fn a_stripped_offer_of_algorithms_is_told_as_what_it_is() {
    let mut story = with_turn();
    challenged(&mut story, TURN);
    say(&mut story, TURN, Fact::Skipped { why: Code::RelayBidDown });
    let diagnosis = story.judged();
    assert!(finding(&diagnosis, Code::RelayBidDown).is_some());
    assert_eq!(outcome(turn_server(&diagnosis), "allocate"), StageOutcome::Failed);
}

fn refused_by(server: &str, alternate: &str) -> Fact {
    let mut fact = refused(Method::Allocate, 300, Some(alternate));
    if let Fact::Refused { server: by, .. } = &mut fact {
        *by = addr(server);
    }
    fact
}

#[test]
fn a_redirection_that_was_followed_is_no_failure() {
    let mut story = with_turn();
    say(&mut story, TURN, refused_by("192.0.2.9:3478", "192.0.2.1:3478"));
    working_relay(&mut story, TURN);
    let diagnosis = story.judged();
    assert!(diagnosis.servers.iter().all(|server| server.error.is_none()), "{:?}", diagnosis.servers);
    assert_eq!(diagnosis.exit_code(), 0, "{:?}", diagnosis.findings);
}

#[test]
fn a_redirection_that_was_not_followed_names_the_alternate() {
    let mut story = with_turn();
    say(&mut story, TURN, refused_by("192.0.2.1:3478", "10.0.0.1:3478"));
    say(&mut story, TURN, Fact::Skipped { why: Code::RelayRedirected });
    let diagnosis = story.judged();
    let found = finding(&diagnosis, Code::RelayRedirected).expect("told");
    assert_eq!(found.about["alternate"], "10.0.0.1:3478");
}

#[test]
fn two_servers_that_send_us_to_each_other_are_a_loop() {
    let mut story = with_turn();
    say(&mut story, TURN, refused_by("192.0.2.1:3478", "192.0.2.9:3478"));
    say(&mut story, TURN, refused_by("192.0.2.9:3478", "192.0.2.1:3478"));
    say(&mut story, TURN, Fact::Skipped { why: Code::RelayRedirectLoop });
    let diagnosis = story.judged();
    assert!(finding(&diagnosis, Code::RelayRedirectLoop).is_some());
    assert!(finding(&diagnosis, Code::RelayRedirected).is_none());
}

#[test]
fn a_relay_proven_through_a_second_one_is_proven_though_our_own_socket_heard_nothing() {
    let turn = "turn:192.0.2.1?transport=tcp";
    let mut story = home();
    story.record.targets.push(turn.parse().expect(turn));
    allocated(&mut story, turn);
    not_crossed(&mut story, turn, Leg::In);
    crossed(&mut story, turn, Leg::In);
    crossed(&mut story, turn, Leg::Out);
    let diagnosis = story.judged();
    assert!(finding(&diagnosis, Code::RelayWorks).is_some());
    assert!(finding(&diagnosis, Code::RelayInLost).is_none());
}
