//! Two whole ends in the lab.

use super::*;
use crate::lab::{Gateway, HostId, Link, MachineId, NatConfig, Region, World};
use crate::model::{Behaviour, CandidateType, Code, Millis, Pair, PairState};
use crate::model::{HostFact, IceFact, RunFact, SignallingFact, StunFact};
use crate::probe::Planned;
use crate::server::{Access, Config as ServerConfig, Peers, Relaying, StunTurnServer, UdpSite};
use crate::turn::Credentials;
use Behaviour::{AddressAndPortDependent, EndpointIndependent};
use std::cell::RefCell;
use std::net::IpAddr;
use std::rc::Rc;

mod ageing;
mod agreement;
mod calls;
mod candidates;
mod ends;
mod flood;
mod media;
mod misplaced;
mod relays;
mod renegotiation;
mod renewal;
mod restarts;
mod strangers;

const SERVER: &str = "203.0.113.10";
const SECOND: &str = "203.0.113.11";

fn at(address: &str) -> IpAddr {
    address.parse().expect("an address")
}

/// A meeting that can be looked at afterwards, and what it said.
#[derive(Clone)]
struct Kept(Rc<RefCell<Session>>, Rc<RefCell<Vec<Vec<u8>>>>);

impl Machine for Kept {
    fn handle(&mut self, now: Instant, input: Input) {
        self.0.borrow_mut().handle(now, input);
    }

    fn poll(&mut self) -> Output {
        let output = self.0.borrow_mut().poll();
        if let Output::Signal { message } = &output {
            self.1.borrow_mut().push(message.clone());
        }
        output
    }
}

fn plan() -> Plan {
    // One address is named twice: it is a STUN server and a relay.
    let uris = [
        format!("stun:{SERVER}:3478"),
        format!("turn:{SERVER}:3478?transport=udp"),
        format!("turn:{SERVER}:3478?transport=tcp"),
    ];
    plan_of(&uris)
}

fn plan_of(uris: &[String]) -> Plan {
    let credentials = Credentials::LongTerm { username: "user".to_owned(), password: "word".to_owned() };
    let planned =
        |uri: &String| Planned { target: uri.parse().expect("a URI"), credentials: Some(credentials.clone()) };
    Plan { hairpinning: false, unix_now: 1_700_000_000, ..Plan::new(uris.iter().map(planned)) }
}

fn config() -> Config {
    Config { plan: plan(), policy: Policy::All, passive_tcp: false, mdns: false, by_hand: false, call: None }
}

fn serve(world: &mut World) {
    let internet = world.internet();
    let host = world.host(internet, &[at(SERVER), at(SECOND)]);
    world.attach(host, Box::new(StunTurnServer::new(serving(SERVER, SECOND), Rng::numbered(99))));
}

/// STUN and TURN at the first address, STUN's second address at the second.
fn serving(first: &str, second: &str) -> ServerConfig {
    let access = Access::new("lab").and_then(|access| access.with_user("user", "word")).expect("an access");
    let peers = Peers::from_iter(["0.0.0.0/0".parse().expect("a range")]);
    let IpAddr::V4(ipv4) = at(first) else { panic!("an address") };
    ServerConfig {
        udp: vec![UdpSite {
            address: at(first),
            port: 3478,
            second_address: Some(at(second)),
            second_port: Some(3479),
        }],
        tcp: vec![SocketAddr::new(at(first), 3478)],
        tls: vec![],
        relaying: Some(Relaying { access, peers, between_relays: true, ipv4: Some(ipv4), ipv6: None, ports: None }),
        ..ServerConfig::default()
    }
}

fn nat(mapping: Behaviour, filtering: Behaviour, public: &str) -> Gateway {
    Gateway::nat(NatConfig::new(mapping, filtering, at(public))).over(Link::of(Duration::from_millis(10), 0.0))
}

struct Two {
    world: World,
    ends: [(MachineId, Kept); 2],
    hosts: Vec<HostId>,
    sites: Vec<Region>,
}

impl Two {
    fn new(gateways: [Gateway; 2], configs: [Config; 2]) -> Self {
        let mut world = World::new(5);
        serve(&mut world);
        Self::in_world(world, gateways, configs)
    }

    fn in_world(mut world: World, gateways: [Gateway; 2], configs: [Config; 2]) -> Self {
        let mut places = [("192.168.77.2", 11), ("192.168.78.2", 12)].into_iter();
        let mut configs = configs.into_iter();
        let (mut hosts, mut sites) = (Vec::new(), Vec::new());
        let ends = gateways.map(|gateway| {
            let ((address, seed), config) = (places.next().expect("two"), configs.next().expect("two"));
            let internet = world.internet();
            let site = world.site(internet, gateway);
            let host = world.host(site, &[at(address)]);
            hosts.push(host);
            sites.push(site);
            let kept = Kept(Rc::new(RefCell::new(Session::new(config, Rng::numbered(seed)))), Rc::default());
            (world.attach(host, Box::new(kept.clone())), kept)
        });
        Self { world, ends, hosts, sites }
    }

    fn introduced(mut self) -> Self {
        self.world.introduce(self.ends[0].0, self.ends[1].0, Duration::from_millis(30));
        self
    }

    fn finish(&mut self) {
        for (end, _) in &self.ends {
            let limit = Instant::after_start(Duration::from_secs(90));
            assert!(self.world.run_until_finished(*end, limit), "it ends");
        }
    }

    fn facts(&self, end: usize) -> Vec<Fact> {
        self.world.observed(self.ends[end].0).iter().map(|(_, _, fact)| fact.clone()).collect()
    }
}

fn home(public: &str) -> Gateway {
    nat(EndpointIndependent, AddressAndPortDependent, public)
}

fn pairs(facts: &[Fact]) -> Vec<&Pair> {
    facts
        .iter()
        .filter_map(|fact| if let Fact::Ice(IceFact::Checked(pair)) = fact { Some(pair) } else { None })
        .collect()
}

fn is_relayed(pair: &Pair) -> bool {
    pair.local.kind == CandidateType::Relay || pair.remote.kind == CandidateType::Relay
}

#[test]
fn two_ends_behind_home_routers_meet_directly_and_each_has_the_others_record() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [config(), config()]).introduced();
    two.finish();
    for end in 0..2 {
        let facts = two.facts(end);
        let nominated: Vec<_> = pairs(&facts).into_iter().filter(|pair| pair.nominated).collect();
        let [pair] = &nominated[..] else { panic!("{nominated:#?}") };
        assert!(!is_relayed(pair) && pair.state == PairState::Succeeded, "{pair:?}");
        assert!(
            facts.iter().any(
                |fact| matches!(fact, Fact::Signalling(SignallingFact::PeerJoined { software }) if software.as_str().starts_with("rtc-doctor "))
            )
        );
        assert!(
            !facts.contains(&Fact::Signalling(SignallingFact::PeerLeft))
                && !facts.contains(&Fact::Run(RunFact::OutOfTime)),
            "{facts:#?}"
        );
        let kept = two.ends[end].1.0.borrow();
        let (ours, theirs) = kept.records();
        let theirs = theirs.expect("the other end's record");
        assert_eq!(ours.observations.len(), facts.len(), "the record is what was observed");
        let other = two.ends[1 - end].1.0.borrow();
        let sent = &other.records().0.observations[..theirs.observations.len()];
        assert_eq!(theirs.observations, sent, "what came across is what was seen there");
        assert!(
            theirs.observations.iter().any(|observation| matches!(observation.fact, Fact::Ice(IceFact::Checked(_))))
        );
    }
}

#[test]
fn from_the_answer_to_a_nominated_direct_pair_takes_two_round_trips_and_fifty_milliseconds() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [config(), config()]).introduced();
    two.finish();
    let facts = two.facts(0);
    let after = facts.iter().find_map(|fact| match fact {
        Fact::Ice(IceFact::Nominated { after_ms, .. }) => Some(*after_ms),
        _ => None,
    });
    // The line is 10 ms long each way on either side: a round trip takes 40 ms.
    assert!(after.is_some_and(|after| after <= Millis(130.0)), "{after:?}");
}

#[test]
fn behind_two_strict_nats_the_relay_carries_and_is_nominated() {
    let strict = |public| nat(AddressAndPortDependent, AddressAndPortDependent, public);
    let mut two = Two::new([strict("198.51.100.1"), strict("198.51.100.2")], [config(), config()]).introduced();
    two.finish();
    for end in 0..2 {
        let facts = two.facts(end);
        let relays = facts
            .iter()
            .filter(|fact| matches!(fact, Fact::Host(HostFact::Candidate(own)) if own.kind == CandidateType::Relay));
        assert_eq!(relays.count(), 2, "over UDP and over TCP");
        let nominated: Vec<_> = pairs(&facts).into_iter().filter(|pair| pair.nominated).collect();
        let [pair] = &nominated[..] else { panic!("{nominated:#?}") };
        assert!(is_relayed(pair), "{pair:?}");
        assert!(pairs(&facts).iter().all(|pair| is_relayed(pair) || pair.state == PairState::Failed));
    }
}

#[test]
fn an_end_that_stops_lets_the_other_keep_what_it_learnt() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [config(), config()]).introduced();
    two.world.run_until(Instant::after_start(Duration::from_millis(600)));
    two.world.give_input(two.ends[1].0, Input::Signalled(Signalled::PeerLeft));
    two.world.give_input(two.ends[0].0, Input::Stop);
    two.finish();
    let facts = two.facts(1);
    assert!(facts.contains(&Fact::Signalling(SignallingFact::PeerLeft)));
    assert!(pairs(&facts).iter().any(|pair| pair.state == PairState::Succeeded), "{facts:#?}");
    assert!(two.facts(0).contains(&Fact::Run(RunFact::Interrupted)));
}

#[test]
fn a_way_that_is_lost_after_the_descriptions_does_not_end_the_checks() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [config(), config()]).introduced();
    two.world.run_until(Instant::after_start(Duration::from_millis(300)));
    for end in 0..2 {
        two.world.give_input(two.ends[end].0, Input::Signalled(Signalled::Closed));
    }
    two.finish();
    for end in 0..2 {
        let facts = two.facts(end);
        assert_eq!(facts.iter().filter(|fact| **fact == Fact::Signalling(SignallingFact::PeerLeft)).count(), 1);
        let nominated: Vec<_> = pairs(&facts).into_iter().filter(|pair| pair.nominated).collect();
        assert_eq!(nominated.len(), 1, "{facts:#?}");
    }
}

#[test]
fn a_person_who_takes_a_minute_to_carry_the_answer_back_does_no_harm() {
    let by_hand = || Config { by_hand: true, ..config() };
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [by_hand(), by_hand()]);
    let [first, second] = [two.ends[0].0, two.ends[1].0];
    let seconds = |count| Instant::after_start(Duration::from_secs(count));
    let code = |two: &Two, end: usize| {
        let said = two.ends[end].1.1.borrow();
        let [code] = &said[..] else { panic!("one code each way: {said:?}") };
        code.clone()
    };
    for (end, slot) in [(first, Slot::First), (second, Slot::Second)] {
        two.world.give_input(end, Input::Signalled(Signalled::Joined { slot }));
    }
    two.world.give_input(first, Input::Signalled(Signalled::PeerJoined));
    two.world.run_until(seconds(5));
    let offer = code(&two, 0);
    assert!(offer.starts_with(b"rtcd1-"));
    two.world.give_input(second, Input::Signalled(Signalled::PeerJoined));
    two.world.give_input(second, Input::Signalled(Signalled::Message(offer)));
    two.world.run_until(seconds(60));
    let answer = code(&two, 1);
    two.world.give_input(first, Input::Signalled(Signalled::Message(answer)));
    for end in [first, second] {
        assert!(two.world.run_until_finished(end, seconds(120)), "it ends");
    }
    for end in 0..2 {
        let facts = two.facts(end);
        let nominated: Vec<_> = pairs(&facts).into_iter().filter(|pair| pair.nominated).collect();
        let [pair] = &nominated[..] else { panic!("{nominated:#?}") };
        assert!(!is_relayed(pair) && pair.received == pair.sent, "{pair:?}");
    }
}

#[test]
fn what_cannot_be_understood_is_refused_in_its_own_words() {
    let says = |message: &[u8]| {
        let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [config(), config()]);
        let end = two.ends[0].0;
        two.world.give_input(end, Input::Signalled(Signalled::Joined { slot: Slot::First }));
        two.world.give_input(end, Input::Signalled(Signalled::PeerJoined));
        two.world.give_input(end, Input::Signalled(Signalled::Message(message.to_vec())));
        two.world.run_until(Instant::after_start(Duration::from_secs(1)));
        let facts = two.facts(0);
        let whys: Vec<Code> = facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Signalling(SignallingFact::MessageRefused { why, .. })
                | Fact::Ice(IceFact::CandidateRefused { why, .. }) => Some(*why),
                _ => None,
            })
            .collect();
        whys
    };
    let frame = |rest: &str| format!("{{\"rtc-doctor\":1,\"from\":\"00112233aabbccdd\",\"seq\":1,{rest}}}");
    assert_eq!(says(b"hello?"), [Code::PeerMessageMalformed]);
    assert_eq!(says(b"{\"rtc-doctor\":9}"), [Code::PeerOtherVersion]);
    assert_eq!(says(frame("\"kind\":\"answer\",\"sdp\":\"v=1\"").as_bytes()), [Code::PeerDescriptionUnusable]);
    let odd = "\"kind\":\"candidate\",\"candidate\":\"candidate:1 1 tcp 5 192.0.2.1 9 typ host\"";
    assert_eq!(says(frame(odd).as_bytes()), [], "it is kept until its description comes");
    assert_eq!(says(frame("\"kind\":\"weather\"").as_bytes()), []);
}

#[test]
fn an_end_whose_room_is_out_of_reach_looks_at_its_own_network_and_ends() {
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], [config(), config()]);
    let end = two.ends[0].0;
    two.world.give_input(end, Input::Signalled(Signalled::Closed));
    assert!(two.world.run_until_finished(end, Instant::after_start(Duration::from_secs(16))), "it ends");
    let facts = two.facts(0);
    assert!(
        facts.iter().any(|fact| matches!(fact, Fact::Stun(StunFact::Mapped { .. }))),
        "its NAT is known all the same"
    );
    let endings: Vec<&Fact> = facts.iter().filter(|fact| matches!(fact, Fact::Signalling(_))).collect();
    assert_eq!(endings, [&Fact::Signalling(SignallingFact::RoomLost)], "nobody had come who could have left");
    assert!(pairs(&facts).is_empty());
}
