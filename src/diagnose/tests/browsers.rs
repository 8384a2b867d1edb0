//! What a browser does differently, told from the half of the record that its page kept.

use super::scene::*;
use crate::model::*;
use crate::model::{BrowserFact, CallFact, HostFact, IceFact, Millis, ServerUri};

const UDP: &str = "turn:192.0.2.1?transport=udp";
const TCP: &str = "turn:192.0.2.1?transport=tcp";

/// The page's half.
fn page(uris: &[&str]) -> Scene {
    let mut scene = Scene::asking(uris);
    scene.say(
        Question::Host,
        None,
        Fact::Browser(BrowserFact::Browser { agent: text("Mozilla/5.0 Chrome/156.0"), connection: None }),
    );
    scene
}

fn gathered(mut scene: Scene) -> Scene {
    scene.say(
        Question::Call,
        None,
        Fact::Call(CallFact::CallReached { stage: CallStage::Gathered, after_ms: Millis(90.0) }),
    );
    scene
}

fn hidden(mut scene: Scene, name: &str) -> Scene {
    let fact = Fact::Browser(BrowserFact::HiddenCandidate(PairEnd {
        kind: CandidateType::Host,
        protocol: Protocol::Udp,
        address: Host::Name(text(name)),
        port: 5000,
        tcp_type: None,
        relay_protocol: None,
        server: None,
    }));
    scene.say(Question::Gather, None, fact);
    scene
}

/// `server` as Chromium writes it: with the port.
fn found(mut scene: Scene, kind: CandidateType, address: &str, server: Option<&str>) -> Scene {
    let address = addr(address);
    let fact = Fact::Host(HostFact::Candidate(Candidate {
        kind,
        protocol: Protocol::Udp,
        address: address.ip(),
        port: address.port(),
        priority: 1,
        foundation: "1".to_owned(),
        related: None,
        relay_protocol: None,
        server: server.map(ServerUri::from),
        tcp_type: None,
    }));
    scene.say(Question::Gather, None, fact);
    scene
}

fn failed(mut scene: Scene, uri: &str, code: u16) -> Scene {
    scene.say(
        Question::Gather,
        Some(uri),
        Fact::Browser(BrowserFact::CandidateError { local: None, code, reason: text("no answer") }),
    );
    scene
}

/// Of the engineer's diagnosis of both halves; whatever is said rests on the page's half alone.
fn told(theirs: &Scene) -> Vec<(Code, Option<String>)> {
    let tool = Tool { name: "rtc-doctor page".to_owned(), version: "0.1.0".to_owned() };
    let ours = Scene::at_home(&[HOME]);
    let diagnosis = crate::diagnose::diagnose(&ours.record.join(theirs.record.clone(), tool));
    let of_browser = diagnosis.findings.iter().filter(|it| it.code.to_string().starts_with("browser-"));
    of_browser
        .map(|finding| {
            assert_eq!(finding.severity, Severity::Info);
            assert!(!finding.evidence.is_empty(), "{}", finding.code);
            for id in &finding.evidence {
                assert_eq!(diagnosis.observations[id.0 as usize].end, End::Theirs, "{}", finding.code);
            }
            (finding.code, finding.about.server.clone())
        })
        .collect()
}

#[test]
fn names_in_place_of_addresses_are_told_and_so_is_that_there_is_but_one() {
    let one = gathered(hidden(page(&[]), "1-2.local"));
    assert_eq!(told(&one), [(Code::BrowserHidesAddresses, None), (Code::BrowserOffersOneAddress, None)]);
    let two = gathered(hidden(hidden(page(&[]), "1-2.local"), "3-4.local"));
    assert_eq!(told(&two), [(Code::BrowserHidesAddresses, None)]);
}

#[test]
fn what_was_not_gathered_when_the_call_connected_is_not_held_to_be_left_out() {
    let mut early = page(&[UDP]);
    early.say(
        Question::Call,
        None,
        Fact::Call(CallFact::CallReached { stage: CallStage::Connected, after_ms: Millis(80.0) }),
    );
    let early = gathered(found(early, CandidateType::Srflx, "198.51.100.1:5000", Some("stun:192.0.2.1:3478")));
    assert_eq!(told(&early), []);
    let late = gathered(found(page(&[UDP]), CandidateType::Srflx, "198.51.100.1:5000", Some("stun:192.0.2.1:3478")));
    let codes: Vec<Code> = told(&late).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, [Code::BrowserOffersNoLocalAddress, Code::BrowserSkippedServer]);
}

#[test]
fn relays_alone_on_a_call_that_goes_through_one_are_told_though_it_connected_before_all_was_gathered() {
    let uri = "turn:192.0.2.1:3478?transport=udp";
    let early = |local: CandidateType, further: Option<CandidateType>| {
        let mut scene = found(page(&[UDP]), CandidateType::Relay, "192.0.2.1:49152", Some(uri));
        if let Some(kind) = further {
            scene = found(scene, kind, "192.168.1.2:5000", None);
        }
        let end = |kind, port| PairEnd {
            kind,
            protocol: Protocol::Udp,
            address: Host::Address([192, 0, 2, 1].into()),
            port,
            tcp_type: None,
            relay_protocol: None,
            server: None,
        };
        let (local, remote) = (end(local, 49152), end(CandidateType::Host, 7000));
        let nominated = IceFact::Nominated { local, remote, role: Role::Controlling, after_ms: Millis(80.0) };
        scene.say(Question::Checks, None, Fact::Ice(nominated));
        let connected = CallFact::CallReached { stage: CallStage::Connected, after_ms: Millis(80.0) };
        scene.say(Question::Call, None, Fact::Call(connected));
        let all = told(&gathered(scene)).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
        all.contains(&Code::BrowserOffersRelaysOnly)
    };
    assert!(early(CandidateType::Relay, None));
    assert!(!early(CandidateType::Relay, Some(CandidateType::Host)), "it offers more");
    assert!(!early(CandidateType::Prflx, None), "it goes from an address of its own, whose name is not made yet");
}

#[test]
fn one_address_of_each_family_is_the_default_routes_and_two_of_one_are_more() {
    let one = found(page(&[]), CandidateType::Host, "192.168.1.2:5000", None);
    let both = found(one, CandidateType::Host, "[2001:db8::2]:5000", None);
    assert_eq!(told(&both), [], "it has not gathered to the end");
    let both = gathered(both);
    assert_eq!(told(&both), [(Code::BrowserOffersOneAddress, None)]);
    assert_eq!(told(&found(both, CandidateType::Host, "10.0.0.2:5000", None)), []);
}

#[test]
fn what_is_offered_in_place_of_local_addresses_names_the_policy() {
    let reflexive = found(page(&[]), CandidateType::Srflx, "203.0.113.7:5000", None);
    assert_eq!(told(&gathered(reflexive)), [(Code::BrowserOffersNoLocalAddress, None)]);
    let relayed =
        found(page(&[UDP]), CandidateType::Relay, "192.0.2.1:49152", Some("turn:192.0.2.1:3478?transport=udp"));
    assert_eq!(told(&gathered(relayed)), [(Code::BrowserOffersRelaysOnly, None)]);
    assert_eq!(told(&gathered(page(&[]))), [(Code::BrowserOffersNothing, None)]);
    assert_eq!(told(&page(&[])), [], "what is not done yet is no policy");
}

#[test]
fn a_server_that_the_browser_did_not_reach_is_told_from_one_that_refused() {
    let host = || gathered(found(page(&[UDP, TCP]), CandidateType::Host, "192.168.1.2:5000", None));
    let scene = failed(failed(failed(host(), UDP, 701), UDP, 701), TCP, 401);
    assert_eq!(
        told(&scene),
        [
            (Code::BrowserOffersOneAddress, None),
            (Code::BrowserServerRefused, Some("turn:192.0.2.1:3478?transport=tcp".to_owned())),
            (Code::BrowserServerNotReached, Some("turn:192.0.2.1:3478?transport=udp".to_owned())),
        ]
    );
}

#[test]
fn a_server_that_gave_a_candidate_was_reached_whatever_another_address_met() {
    let host = found(page(&[UDP]), CandidateType::Host, "192.168.1.2:5000", None);
    let relay = found(host, CandidateType::Relay, "192.0.2.1:49152", Some("turn:192.0.2.1:3478?transport=udp"));
    let scene = failed(gathered(relay), UDP, 701);
    assert_eq!(told(&scene), [(Code::BrowserOffersOneAddress, None)]);
}

#[test]
fn a_relay_that_was_given_and_of_which_nothing_was_heard_is_skipped() {
    let host = || found(page(&[HOME, UDP, TCP, TCP]), CandidateType::Host, "192.168.1.2:5000", None);
    let of_relay = |server| gathered(found(host(), CandidateType::Relay, "192.0.2.1:49152", server));
    let skipped = (Code::BrowserSkippedServer, Some(TCP.to_owned()));
    let one = (Code::BrowserOffersOneAddress, None);
    let named = of_relay(Some("turn:192.0.2.1:3478?transport=udp"));
    assert_eq!(told(&named), [one.clone(), skipped], "once, however often it was given");
    assert_eq!(told(&failed(named, TCP, 701)).len(), 2, "an error is no silence");
    assert_eq!(told(&of_relay(None)), [one], "a candidate of no named server may be of any");
    assert_eq!(told(&host()), []);
}

#[test]
fn names_among_the_candidates_tell_of_a_browser_whose_half_is_missing() {
    let mut scene = Scene::at_home(&[HOME]);
    let end = |address| PairEnd {
        kind: CandidateType::Host,
        protocol: Protocol::Udp,
        address,
        port: 5000,
        tcp_type: None,
        relay_protocol: None,
        server: None,
    };
    scene.say(
        Question::Checks,
        None,
        Fact::Ice(IceFact::RemoteCandidate(end(Host::Address(addr("192.168.1.3:1").ip())))),
    );
    let has = |scene: &Scene| scene.judged().findings.into_iter().find(|it| it.code == Code::BrowserHidesAddresses);
    assert_eq!(has(&scene), None);
    let id = scene.say(Question::Checks, None, Fact::Ice(IceFact::RemoteCandidate(end(Host::Name(text("1-2.local"))))));
    assert_eq!(has(&scene).map(|finding| finding.evidence), Some(vec![id]));
}
