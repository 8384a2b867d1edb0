//! Calls beside a checkup, in the lab.

use super::*;
use crate::diagnose::diagnose;
use crate::lab::{Firewall, Gateway, Link, MachineId, NatConfig, Recognised, World};
use crate::model::{Behaviour, CallBreak, CallStage, CandidateType, Code, Millis, Record, ServerUri, Traffic};
use crate::model::{CallFact, IceFact};
use crate::peer::narrow::Narrow;
use crate::probe::{Checkup, Planned};
use crate::server::{Access, Aliases, Config, Limits, Peers, Relaying, StunTurnServer, UdpSite};
use crate::turn::Credentials;
use std::net::IpAddr;

const SERVER: &str = "203.0.113.10";
const RELAY: &str = "203.0.113.11";

fn at(address: &str) -> IpAddr {
    address.parse().expect("an address")
}

fn plan() -> Plan {
    let credentials = Credentials::LongTerm { username: "user".to_owned(), password: "word".to_owned() };
    let uris = [format!("turn:{SERVER}:3478?transport=udp"), format!("turn:{SERVER}:3478?transport=tcp")];
    let planned =
        |uri: &String| Planned { target: uri.parse().expect("a URI"), credentials: Some(credentials.clone()) };
    Plan { hairpinning: false, unix_now: 1_700_000_000, ..Plan::new(uris.iter().map(planned)) }
}

/// What a checkup at home tells of its calls, where the server relays between its own allocations or does not, and
/// datagrams above a size are lost.
fn told(between_relays: bool, largest: usize) -> Vec<(Option<String>, Fact)> {
    told_behind(Firewall::default(), between_relays, largest)
}

fn told_behind(firewall: Firewall, between_relays: bool, largest: usize) -> Vec<(Option<String>, Fact)> {
    let all = observed(firewall, relay(between_relays), move |_, data| data.len() > largest);
    let own = all.into_iter().filter(|(by, _)| by.question == Question::OwnCall);
    own.map(|(by, fact)| (by.uri.map(String::from), fact)).collect()
}

/// A server whose relayed addresses are of a host of their own.
fn relay(between_relays: bool) -> Config {
    let access = Access::new("lab").and_then(|access| access.with_user("user", "word")).expect("an access");
    let peers = match between_relays {
        true => Peers::from_iter(["0.0.0.0/0".parse().expect("a range")]),
        false => Peers::from_iter(["198.51.100.0/24".parse().expect("a range")]),
    };
    let IpAddr::V4(ipv4) = at(RELAY) else { panic!("an address") };
    let relaying = Relaying { access, peers, between_relays, ipv4: Some(ipv4), ipv6: None, ports: None };
    Config {
        udp: vec![UdpSite::single(SocketAddr::new(at(SERVER), 3478))],
        tcp: vec![SocketAddr::new(at(SERVER), 3478)],
        tls: vec![],
        relaying: Some(relaying),
        ..Config::default()
    }
}

fn observed(
    firewall: Firewall,
    server: Config,
    mut loses: impl FnMut(SocketAddr, &[u8]) -> bool + Send + 'static,
) -> Vec<(Origin, Fact)> {
    let mut world = World::new(3);
    let internet = world.internet();
    let host = world.host(internet, &[at(SERVER), at(RELAY)]);
    world.attach(host, Box::new(StunTurnServer::new(server, Rng::numbered(9))));
    let nat = NatConfig::new(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent, at("198.51.100.1"));
    let gateway = Gateway::nat(nat).over(Link::of(Duration::from_millis(10), 0.0));
    let site = world.site(internet, Gateway { firewall, ..gateway });
    let home = world.host(site, &[at("192.168.77.2")]);
    let checkup = Checkup::new(plan(), Rng::numbered(1));
    let checkup = CheckupWithCalls::new(checkup, plan(), Rng::numbered(2));
    let narrow = Narrow::new(checkup, move |_, to, data: &[u8]| loses(to, data));
    let machine: MachineId = world.attach(home, Box::new(narrow));
    assert!(world.run_until_finished(machine, Instant::after_start(Duration::from_secs(16))), "it keeps its time");
    world.observed(machine).iter().map(|(_, by, fact)| (by.clone(), fact.clone())).collect()
}

fn traffic<'a>(told: &'a [(Option<String>, Fact)], uri: Option<&str>) -> Option<&'a Traffic> {
    told.iter().find_map(|(of, fact)| match fact {
        Fact::Call(CallFact::Called(traffic)) if of.as_deref() == uri => Some(&**traffic),
        _ => None,
    })
}

#[test]
fn a_checkup_at_home_makes_a_call_straight_and_through_each_transport_of_the_relay() {
    let told = told(true, usize::MAX);
    for uri in [None, Some("turn:203.0.113.10:3478?transport=udp"), Some("turn:203.0.113.10:3478?transport=tcp")] {
        let traffic = traffic(&told, uri).unwrap_or_else(|| panic!("{uri:?} in {told:#?}"));
        assert!(traffic.audio.received_packets >= 36 && traffic.audio.lost == 0, "{uri:?}: {:?}", traffic.audio);
        assert!(traffic.reliable.echoed > 3 && traffic.unreliable.echoed > 3, "{uri:?}: {traffic:?}");
        // A relay is 10 ms away, and each end goes to it and back.
        let rtt = traffic.rtt_ms.expect("round trips").median.0;
        assert!(if uri.is_some() { (39.0..50.0).contains(&rtt) } else { rtt < 5.0 }, "{uri:?}: {rtt}");
        let relayed = told.iter().filter(|(of, _)| of.as_deref() == uri).filter_map(|(_, fact)| match fact {
            Fact::Ice(IceFact::Nominated { local, .. }) => Some(local.kind == CandidateType::Relay),
            _ => None,
        });
        assert_eq!(relayed.collect::<Vec<_>>(), [uri.is_some()]);
    }
}

#[test]
fn a_server_that_relays_to_nobody_but_the_world_is_tried_with_one_end_outside() {
    let told = told(false, usize::MAX);
    for transport in ["udp", "tcp"] {
        let uri = format!("turn:203.0.113.10:3478?transport={transport}");
        let through = traffic(&told, Some(&uri)).unwrap_or_else(|| panic!("{uri} in {told:#?}"));
        assert!(through.audio.received_packets >= 36, "{:?}", through.audio);
    }
}

#[test]
fn where_dtls_is_lost_on_the_way_to_the_relay_nothing_is_said_to_have_passed() {
    // A line that carries checks of some hundred bytes, and no certificate.
    let told = told(true, 400);
    let broken: Vec<_> = told
        .iter()
        .filter(|(uri, _)| uri.as_deref().is_some_and(|uri| uri.ends_with("udp")))
        .filter_map(|(_, fact)| if let Fact::Call(CallFact::CallBroken(broken)) = fact { Some(broken) } else { None })
        .collect();
    let [CallBreak::DtlsSilent { sent, heard, heard_there: Some(there), .. }] = broken[..] else { panic!("{told:#?}") };
    assert!(*sent >= 2 && *heard == 0 && *there == 0, "the hello of DTLS 1.3 is large: {broken:?}");
    let reached = |fact: &Fact| matches!(fact, Fact::Call(CallFact::CallReached { stage: CallStage::Dtls, .. }));
    assert!(!told.iter().any(|(uri, fact)| uri.as_deref().is_some_and(|uri| uri.ends_with("udp")) && reached(fact)));
}

/// What the calls of this checkup are judged to show.
fn codes(told: &[(Option<String>, Fact)]) -> Vec<Code> {
    let mut record = Record::new(Vec::new());
    for (uri, fact) in told {
        record.push(
            Millis(1.0),
            Origin { question: Question::OwnCall, uri: uri.clone().map(ServerUri::from) },
            fact.clone(),
        );
    }
    diagnose(&record).findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_firewall_that_drops_dtls_by_sight_is_not_taken_for_a_relay_that_fails() {
    let behind = || Firewall { recognises: vec![Recognised::Dtls], ..Firewall::default() };
    // One end outside: its DTLS goes to the relay in sight, whichever way the other end reaches that.
    let codes_outside = codes(&told_behind(behind(), false, usize::MAX));
    assert!(codes_outside.contains(&Code::OwnCallDtlsBlocked), "{codes_outside:?}");
    assert!(!codes_outside.contains(&Code::OwnCallRelayFails), "{codes_outside:?}");
    // Both ends wrapped for the relay: nothing is seen, and the relay carries the call.
    let codes_wrapped = codes(&told_behind(behind(), true, usize::MAX));
    assert!(codes_wrapped.contains(&Code::OwnCallRelayCarries), "{codes_wrapped:?}");
}

#[test]
fn a_quota_that_is_enough_for_one_call_at_a_time_is_never_filled_by_ourselves() {
    for (allocations_per_user, between_relays) in [(1, false), (2, true), (3, true), (4, true)] {
        let limits = Limits { allocations_per_user, ..Limits::default() };
        let server = Config { limits, ..relay(between_relays) };
        let mut record = Record::new(plan().servers.into_iter().map(|planned| planned.target).collect());
        for (by, fact) in observed(Firewall::default(), server, |_, _| false) {
            record.push(Millis(1.0), by, fact);
        }
        let diagnosis = diagnose(&record);
        let told = |code| diagnosis.findings.iter().filter(|finding| finding.code == code).count();
        assert_eq!(told(Code::RelayWorks), 2, "{allocations_per_user}: each transport's");
        assert_eq!(told(Code::OwnCallRelayCarries), 2, "{allocations_per_user}: one call through each");
        assert_eq!(told(Code::RelayQuotaReached), 0, "{allocations_per_user}");
        assert_eq!(told(Code::RelayFewAtOnce), usize::from(allocations_per_user < 4), "{allocations_per_user}");
    }
}

#[test]
fn no_call_is_made_at_a_servers_word_to_an_address_that_is_nearer_than_the_server() {
    let sent_to = |relayed: &str| {
        let aliases = Aliases::from_iter([(at(RELAY), at(relayed))]);
        let (sent, heard) = std::sync::mpsc::channel();
        let server = Config { aliases, ..relay(true) };
        observed(Firewall::default(), server, move |to, _| sent.send(to.ip()).is_err());
        heard.iter().filter(|to| *to == at(relayed)).count()
    };
    assert_eq!(["10.0.0.1", "192.168.77.1", "169.254.169.254"].map(sent_to), [0, 0, 0]);
    assert!(sent_to("192.0.2.11") > 0, "one as far as the server is checked");
}
