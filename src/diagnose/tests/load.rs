//! What passes packet by packet and not as a whole call: who is blamed for it, and who is not.

use super::relays::{allocated, crossed, not_crossed, refused, say, spoken, working_relay};
use super::scene::*;
use crate::model::*;
use crate::model::{CallFact, IceFact, Millis, StunFact};

const OVER_TCP: &str = "turn:192.0.2.1?transport=tcp";
const OTHER: &str = "turn:198.51.100.9?transport=udp";

/// What came of an own call's speech.
#[derive(Clone, Copy)]
enum OwnCall {
    InTime,
    /// Less than half has come by its end, and nothing is missing.
    Late,
    /// So many of a hundred did not come.
    Losing(u64),
    /// Nothing came any more.
    Cut,
    /// Nothing of the handshake was heard at either end.
    WithoutHandshake,
    /// Nothing came over the keys that this end has.
    CutBeforeMedia,
    NoPair,
}

/// Of a home with relays over UDP and TCP that carry single packets, on whose line calls with oneself went so.
fn home_with(calls: &[(Option<&str>, OwnCall)]) -> Diagnosis {
    scene_with(calls).judged()
}

/// One whose relay over UDP carries no call to its end, and over TCP neither.
pub(super) fn home_beside_a_broken_relay() -> Scene {
    scene_with(&[(None, OwnCall::InTime), (Some(TURN), OwnCall::Cut), (Some(OVER_TCP), OwnCall::Cut)])
}

fn scene_with(calls: &[(Option<&str>, OwnCall)]) -> Scene {
    let mut scene = home();
    for uri in [TURN, OVER_TCP] {
        scene.record.targets.push(uri.parse().expect(uri));
        working_relay(&mut scene, uri);
    }
    for (uri, call) in calls {
        for fact in own_call(uri.is_some(), *call) {
            scene.say(Question::OwnCall, *uri, fact);
        }
    }
    scene
}

fn own_call(is_relayed: bool, call: OwnCall) -> Vec<Fact> {
    let reached = |stage| Fact::Call(CallFact::CallReached { stage, after_ms: Millis(30.0) });
    let mut facts = vec![reached(CallStage::ChecksStarted)];
    if let OwnCall::NoPair = call {
        return facts;
    }
    if let OwnCall::WithoutHandshake = call {
        let (heard, heard_there, waited_ms) = (0, Some(0), Millis(3500.0));
        let broken = CallBreak::DtlsSilent { sent: 3, largest_bytes: 200, heard, heard_there, waited_ms };
        return vec![facts.remove(0), reached(CallStage::Connected), Fact::Call(CallFact::CallBroken(broken))];
    }
    if is_relayed {
        let end = || PairEnd {
            kind: CandidateType::Relay,
            protocol: Protocol::Udp,
            address: Host::Address(addr("192.0.2.1:0").ip()),
            port: 50_000,
            tcp_type: None,
            relay_protocol: Some(Transport::Udp),
            server: None,
        };
        let (local, remote) = (end(), end());
        facts.push(Fact::Ice(IceFact::Nominated { local, remote, role: Role::Controlling, after_ms: Millis(40.0) }));
    }
    facts.extend([CallStage::Connected, CallStage::Dtls].map(reached));
    if !matches!(call, OwnCall::CutBeforeMedia) {
        facts.extend([CallStage::ChannelOpen, CallStage::FirstMedia].map(reached));
    }
    let (received_packets, lost) = match call {
        OwnCall::InTime => (40, 0),
        OwnCall::Late => (9, 0),
        OwnCall::Losing(lost) => (100 - lost, lost),
        OwnCall::Cut | OwnCall::CutBeforeMedia | OwnCall::NoPair | OwnCall::WithoutHandshake => (0, 0),
    };
    if let OwnCall::Cut | OwnCall::CutBeforeMedia = call {
        let broken = CallBreak::Cut { after_ms: Millis(60.0), silent_ms: Millis(800.0), pair: None };
        facts.push(Fact::Call(CallFact::CallBroken(broken)));
    }
    let audio = MediaFlow { sent_packets: 41, received_packets, lost, ..MediaFlow::default() };
    let data = DataFlow { opened: true, ..DataFlow::default() };
    let traffic = Traffic { lasted_ms: Millis(800.0), audio, reliable: data, ..Traffic::default() };
    facts.push(Fact::Call(CallFact::Called(Box::new(traffic))));
    facts
}

/// Of weight, and told by itself.
fn roots(diagnosis: &Diagnosis) -> Vec<Code> {
    diagnosis.roots().filter(|finding| finding.severity > Severity::Info).map(|finding| finding.code).collect()
}

#[test]
fn a_call_that_only_udp_loses_is_likely_limited_here_and_the_relay_is_its_rival() {
    for call in [OwnCall::Cut, OwnCall::CutBeforeMedia, OwnCall::NoPair, OwnCall::Losing(40)] {
        let diagnosis = home_with(&[(None, OwnCall::InTime), (Some(TURN), call), (Some(OVER_TCP), OwnCall::InTime)]);
        assert_eq!(roots(&diagnosis), [Code::UdpThrottled]);
        let root = finding(&diagnosis, Code::UdpThrottled).expect("told");
        assert_eq!((root.strength, &root.rivals[..]), (Some(Strength::Likely), &[Code::OwnCallRelayFails][..]));
        assert_eq!(diagnosis.verdict.path.why(), Some(Code::UdpThrottled), "a direct call would meet it too");
        assert_eq!(diagnosis.verdict.because, [Code::UdpThrottled]);
    }
}

/// Of a home whose line loses single packets as well, with relays over UDP and TCP, where the call over UDP went so.
fn lossy_home_with(call: OwnCall) -> Diagnosis {
    let mut scene = at_home(&[HOME, TURN, OVER_TCP]);
    let gate = Gate::nat(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent).lossy(9);
    gate.tell(&mut scene);
    for (uri, call) in [(TURN, call), (OVER_TCP, OwnCall::InTime)] {
        working_relay(&mut scene, uri);
        for fact in own_call(true, call) {
            scene.say(Question::OwnCall, Some(uri), fact);
        }
    }
    scene.judged()
}

#[test]
fn a_call_that_loses_packets_where_single_ones_are_lost_as_well_is_not_held_to_be_limited() {
    assert!(finding(&lossy_home_with(OwnCall::Losing(30)), Code::UdpThrottled).is_none());
}

#[test]
fn a_handshake_whose_last_flight_may_be_lost_accuses_neither_a_limit_nor_the_relay() {
    let diagnosis = lossy_home_with(OwnCall::CutBeforeMedia);
    for code in [Code::UdpThrottled, Code::OwnCallRelayFails] {
        assert!(finding(&diagnosis, code).is_none(), "{code:?}");
    }
}

#[test]
fn a_call_that_stays_on_this_machine_and_loses_a_few_packets_is_none_that_does_not_work() {
    let diagnosis = home_with(&[(None, OwnCall::Losing(7))]);
    assert_eq!(roots(&diagnosis), []);
}

#[test]
fn a_call_that_loses_a_few_per_cent_may_lose_them_as_single_packets_do_of_which_few_are_sent() {
    let calls = [(None, OwnCall::InTime), (Some(TURN), OwnCall::Losing(8)), (Some(OVER_TCP), OwnCall::InTime)];
    let diagnosis = home_with(&calls);
    assert_eq!(roots(&diagnosis), [Code::LossyPath]);
    let root = finding(&diagnosis, Code::LossyPath).expect("told");
    assert_eq!(root.rivals, [Code::OwnCallRelayThin, Code::UdpThrottled]);
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
}

#[test]
fn a_call_that_got_no_allocation_does_not_accuse_the_relay() {
    let diagnosis = home_with(&[(Some(TURN), OwnCall::NoPair)]);
    assert_eq!(roots(&diagnosis), [Code::OwnCallRelayUnreached]);
}

#[test]
fn where_single_packets_are_lost_as_well_loss_is_told_as_a_rival_of_the_limit() {
    let diagnosis = lossy_home_with(OwnCall::NoPair);
    let root = finding(&diagnosis, Code::UdpThrottled).expect("told");
    assert_eq!(root.rivals, [Code::OwnCallRelayFails, Code::LossyPath]);
}

#[test]
fn a_relay_that_fails_beside_another_over_udp_or_over_every_transport_is_not_the_networks_fault() {
    let calls = [(Some(TURN), OwnCall::Cut), (Some(OTHER), OwnCall::InTime), (Some(OVER_TCP), OwnCall::InTime)];
    assert_eq!(roots(&home_with(&calls)), [Code::OwnCallRelayFails]);
    let calls = [(Some(TURN), OwnCall::Cut), (Some(OVER_TCP), OwnCall::Cut)];
    let diagnosis = home_with(&calls);
    assert!(finding(&diagnosis, Code::UdpThrottled).is_none());
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
}

#[test]
fn what_comes_late_through_every_relay_and_in_time_on_this_machine_waits_on_the_line() {
    let late = [(Some(TURN), OwnCall::Late), (Some(OVER_TCP), OwnCall::Late)];
    let in_time = [(None, OwnCall::InTime)];
    let diagnosis = home_with(&[&in_time[..], &late].concat());
    assert_eq!(roots(&diagnosis), [Code::LineFillsUp]);
    assert!(finding(&diagnosis, Code::OwnCallRelayCarries).is_none(), "most of it had not come");
    let busy = home_with(&[&[(None, OwnCall::Late)][..], &late].concat());
    assert_eq!(roots(&busy), [], "this machine may be the one that is late");
    let one = home_with(&[&in_time[..], &late[..1], &[(Some(OVER_TCP), OwnCall::InTime)]].concat());
    assert!(finding(&one, Code::LineFillsUp).is_none());
}

#[test]
fn a_line_that_loses_packets_explains_calls_that_lose_them() {
    let mut scene = at_home(&[HOME]);
    let gate = Gate::nat(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent).lossy(7);
    gate.tell(&mut scene);
    scene.record.targets.push(TURN.parse().expect("a URI"));
    working_relay(&mut scene, TURN);
    for fact in own_call(true, OwnCall::Losing(30)) {
        scene.say(Question::OwnCall, Some(TURN), fact);
    }
    let diagnosis = scene.judged();
    assert_eq!(roots(&diagnosis), [Code::LossyPath]);
    let root = finding(&diagnosis, Code::LossyPath).expect("told");
    assert_eq!(root.rivals, [Code::LineFillsUp, Code::UdpThrottled]);
}

#[test]
fn a_line_that_loses_single_packets_and_calls_over_udp_alone_is_told_before_the_relay() {
    let over = |other: OwnCall| {
        let mut scene = home();
        let (local, server) = (addr("192.168.1.2:40009"), addr("192.0.2.1:3478"));
        let mut repeated = mapped_fact(local, server, addr("203.0.113.7:40009"));
        if let Fact::Stun(StunFact::Mapped { sent, .. }) = &mut repeated {
            *sent = 2;
        }
        scene.say(Question::Binding, Some(HOME), repeated);
        for (uri, call) in [(TURN, OwnCall::Losing(22)), (OVER_TCP, other)] {
            scene.record.targets.push(uri.parse().expect(uri));
            working_relay(&mut scene, uri);
            for fact in own_call(true, call) {
                scene.say(Question::OwnCall, Some(uri), fact);
            }
        }
        scene.judged()
    };
    let diagnosis = over(OwnCall::InTime);
    assert_eq!(roots(&diagnosis), [Code::LossyPath]);
    let told = finding(&diagnosis, Code::LossyPath).expect("told");
    assert_eq!(told.rivals, [Code::OwnCallRelayThin, Code::UdpThrottled]);
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    let everywhere = over(OwnCall::Losing(22));
    assert!(finding(&everywhere, Code::LossyPath).is_none(), "the relay may be what is thin");
}

#[test]
fn three_hellos_that_a_lossy_line_may_have_lost_are_no_dtls_that_is_dropped_by_sight() {
    let over = |answered_of_ten: u32| {
        let mut scene = at_home(&[HOME]);
        let gate = Gate::nat(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent);
        gate.lossy(answered_of_ten).tell(&mut scene);
        for (uri, call) in [(TURN, OwnCall::WithoutHandshake), (OVER_TCP, OwnCall::InTime)] {
            scene.record.targets.push(uri.parse().expect(uri));
            working_relay(&mut scene, uri);
            for fact in own_call(true, call) {
                scene.say(Question::OwnCall, Some(uri), fact);
            }
        }
        scene.judged()
    };
    assert_eq!(roots(&over(10)), [Code::DtlsBlockedHere]);
    let lossy = over(8);
    for code in [Code::DtlsBlockedHere, Code::OwnCallDtlsBlocked, Code::OwnCallRelayFails] {
        assert!(finding(&lossy, code).is_none(), "{code}");
    }
    assert_eq!(roots(&lossy), [Code::LossyPath]);
    assert_eq!(lossy.verdict.path.value(), Some(&Path::Direct), "{:?}", lossy.verdict);
}

/// Of a network with a relay into which and out of which nothing came, though it was sent to from both sides; one leg may
/// have been crossed by another try.
fn shut_off(is_strict: bool, other: Option<Leg>) -> Diagnosis {
    let mut scene = if is_strict { office(&[HOME]) } else { home() };
    scene.record.targets.push(TURN.parse().expect("a URI"));
    allocated(&mut scene, TURN);
    not_crossed(&mut scene, TURN, Leg::In);
    not_crossed(&mut scene, TURN, Leg::Out);
    spoken(&mut scene, None, false);
    other.into_iter().for_each(|leg| crossed(&mut scene, TURN, leg));
    scene.judged()
}

#[test]
fn where_no_high_port_was_reached_the_path_is_unclear_and_the_servers_firewall_is_named_as_well() {
    let diagnosis = shut_off(false, None);
    assert_eq!(roots(&diagnosis), [Code::UdpPortsLimited]);
    let root = finding(&diagnosis, Code::UdpPortsLimited).expect("told");
    assert_eq!(root.strength, Some(Strength::Likely));
    assert_eq!(root.rivals, [Code::RelayInLost, Code::RelayOutLost]);
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::UdpPortsLimited));
    assert_eq!(diagnosis.verdict.because, [Code::UdpPortsLimited]);
}

#[test]
fn one_high_port_that_was_reached_and_a_mapping_that_varies_leave_the_relay_to_blame() {
    let reached = shut_off(false, Some(Leg::Out));
    assert!(finding(&reached, Code::UdpPortsLimited).is_none(), "what came out of it came from a high port");
    let strict = shut_off(true, None);
    assert!(finding(&strict, Code::UdpPortsLimited).is_none(), "the relay was told another port than the one it met");
}

#[test]
fn where_a_relay_refuses_peers_the_calls_that_fail_there_are_told_with_it() {
    let mut scene = home();
    scene.record.targets.push(TURN.parse().expect(TURN));
    allocated(&mut scene, TURN);
    say(&mut scene, TURN, refused(Method::CreatePermission, 403, None));
    for fact in own_call(true, OwnCall::Cut) {
        scene.say(Question::OwnCall, Some(TURN), fact);
    }
    let diagnosis = scene.judged();
    let refused = diagnosis.findings.iter().position(|finding| finding.code == Code::RelayPeerRefused).expect("told");
    let fails = finding(&diagnosis, Code::OwnCallRelayFails).expect("told");
    assert_eq!(fails.cause, u32::try_from(refused).ok(), "{:?}", diagnosis.findings);
}

/// What became of quick and slow requests, by turns, of these servers.
fn paced(scene: &mut Scene, servers: &[&str], answers: impl Fn(u64, usize) -> bool) {
    for every_ms in [10, 450, 10, 450] {
        let length = if every_ms == 10 { 8 * servers.len() } else { 4 };
        let requests = (0..length).map(|number| PacedRequest {
            server: addr(servers[number % servers.len()]),
            answered: answers(every_ms, number),
        });
        let fact = StunFact::Paced {
            local: addr("192.168.1.2:40050"),
            every_ms,
            indications: 0,
            requests: requests.collect(),
        };
        scene.say(Question::Rate, None, Fact::Stun(fact));
    }
}

const TWO: [&str; 2] = ["192.0.2.1:3478", "198.51.100.9:3478"];

/// A home with relays over these, where quick requests are lost.
fn limited_home(relays: &[&str], servers: &[&str]) -> Diagnosis {
    let mut scene = home();
    for uri in relays {
        scene.record.targets.push(uri.parse().expect(uri));
        working_relay(&mut scene, uri);
    }
    paced(&mut scene, servers, |every_ms, number| every_ms > 10 || number < 1);
    scene.judged()
}

#[test]
fn quick_requests_that_two_operators_do_not_answer_are_limited_here_and_a_relay_over_tcp_is_left() {
    let diagnosis = limited_home(&[TURN, OVER_TCP], &TWO);
    assert_eq!(roots(&diagnosis), [Code::UdpPacketsLimited]);
    let root = finding(&diagnosis, Code::UdpPacketsLimited).expect("told");
    assert_eq!((root.strength, root.about.sent, root.about.received), (Some(Strength::Proven), Some(32), Some(2)));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
    assert_eq!(diagnosis.verdict.because.first(), Some(&Code::UdpPacketsLimited));
}

#[test]
fn a_relay_that_is_there_over_udp_alone_is_limited_too() {
    assert_eq!(limited_home(&[TURN], &TWO).verdict.path.value(), Some(&Path::None));
}

#[test]
fn one_server_that_does_not_answer_quick_requests_may_limit_them_itself() {
    let diagnosis = limited_home(&[TURN, OVER_TCP], &TWO[..1]);
    let root = finding(&diagnosis, Code::UdpPacketsLimited).expect("told");
    assert_eq!((root.strength, &root.rivals[..]), (Some(Strength::Likely), &[Code::ServerHalfSilent][..]));
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::UdpPacketsLimited));
}

#[test]
fn loss_that_does_not_ask_for_the_pace_is_no_limit() {
    let told = |answers: fn(u64, usize) -> bool| {
        let mut scene = home();
        paced(&mut scene, &TWO, answers);
        finding(&scene.judged(), Code::UdpPacketsLimited).is_some()
    };
    assert!(!told(|_, number| number % 2 == 0), "slow ones are lost as well");
    assert!(!told(|every_ms, number| every_ms > 10 || number > 2), "little is lost");
    assert!(!told(|every_ms, _| every_ms == 10), "what is lost is sent slowly");
    assert!(!told(|_, _| false), "nothing is heard");
    assert!(told(|every_ms, number| every_ms > 10 || number < 2));
}
