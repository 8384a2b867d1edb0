//! The order of the questions, their pace and their time, on a network without a NAT.

use super::*;
use crate::machine::{NoProxy, ProxySetting};
use crate::model::{Asked, CandidateType, DnsKind, DnsRecord, InterfaceKind};
use crate::model::{DnsFact, HostFact, RunFact, StunFact};
use crate::probe::testing::{Bench, DelayedReply, HOME, OTHER, PRIMARY, SentDatagram, rfc5780};
use crate::turn::fake::Fake;
use crate::wire::{Builder, Class, Message, TransactionId};

const RTT: Duration = Duration::from_millis(40);

fn plan(uris: &[&str]) -> Plan {
    let planned = |uri: &&str| Planned { target: uri.parse().expect("a URI"), credentials: None };
    Plan::new(uris.iter().map(planned))
}

fn checkup(uris: &[&str]) -> Checkup {
    Checkup::new(plan(uris), Rng::numbered(1))
}

/// No NAT, no filter; whoever is not one of the server's endpoints is silent.
fn open_network(sent: &SentDatagram<'_>) -> Vec<DelayedReply> {
    let primary: SocketAddr = PRIMARY.parse().expect("an address");
    let other: SocketAddr = OTHER.parse().expect("an address");
    let known = [primary.ip(), other.ip()].contains(&sent.to.ip());
    let answer = rfc5780(sent, sent.from).filter(|_| known);
    answer.map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
}

fn skipped(facts: &[(Instant, Fact)], wanted: Code) -> bool {
    facts.iter().any(|(_, fact)| matches!(fact, Fact::Run(RunFact::Skipped { why }) if *why == wanted))
}

#[test]
fn one_good_server_is_enough_for_every_question() {
    let mut checkup = checkup(&["stun:203.0.113.10"]);
    let mut bench = Bench::new(&mut checkup);
    let end = bench.run(|_, sent| open_network(&sent));
    assert!(end.since_start() < Duration::from_secs(2), "{end:?}");
    let asked = |wanted| {
        bench
            .facts
            .iter()
            .any(|(_, fact)| matches!(fact, Fact::Stun(StunFact::Answered { asked, .. }) if *asked == wanted))
    };
    assert!(asked(Asked::ChangeAddressAndPort));
    assert!(
        bench
            .facts
            .iter()
            .any(|(_, fact)| matches!(fact, Fact::Stun(StunFact::Sized { bytes: 1500, passed: true, .. })))
    );
    let hosts = bench.facts.iter().filter_map(|(_, fact)| match fact {
        Fact::Host(HostFact::Candidate(candidate)) if candidate.kind == CandidateType::Host => {
            Some(candidate.address.to_string())
        }
        _ => None,
    });
    assert_eq!(hosts.collect::<Vec<_>>(), [HOME]);
    assert!(skipped(&bench.facts, Code::NoNat) && skipped(&bench.facts, Code::NotAskedFor));
}

/// What a checkup behind a NAT sends to its silent router and to no server, by destination, and whether it says that it cannot
/// ask the router; the way out is an interface of this kind.
fn asked_of_the_router(interface_kind: InterfaceKind) -> (BTreeMap<SocketAddr, usize>, bool) {
    let mut checkup = checkup(&["stun:203.0.113.10"]);
    let mut bench = Bench::new(&mut checkup);
    bench.interfaces[0].gateways = vec!["192.0.2.254".parse().expect("an address")];
    bench.interfaces[0].interface_kind = interface_kind;
    let mapped: IpAddr = "198.51.100.20".parse().expect("an address");
    bench.run(|_, sent| {
        let is_servers = [PRIMARY, OTHER].iter().any(|server| server.starts_with(&format!("{}:", sent.to.ip())));
        let answer = rfc5780(&sent, SocketAddr::new(mapped, sent.from.port())).filter(|_| is_servers);
        answer.map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
    });
    let mut counted = BTreeMap::new();
    let others = |to: &SocketAddr| ![PRIMARY, OTHER].iter().any(|server| server.starts_with(&format!("{}:", to.ip())));
    for (_, to, _) in bench.sent.iter().filter(|(_, to, _)| others(to) && to.ip() != mapped) {
        *counted.entry(*to).or_default() += 1;
    }
    (counted, skipped(&bench.facts, Code::RouterNotAskable))
}

#[test]
fn a_silent_router_is_sent_so_many_datagrams_in_each_protocol_and_none_from_a_tunnel() {
    let at = |text: &str| text.parse::<SocketAddr>().expect("an endpoint");
    let told = [("192.0.2.254:5351", 4), ("192.0.2.254:1900", 2), ("239.255.255.250:1900", 1)];
    let counted = told.map(|(to, count)| (at(to), count)).into();
    assert_eq!(asked_of_the_router(InterfaceKind::Ethernet), (counted, false));
    assert_eq!(asked_of_the_router(InterfaceKind::Vpn), (BTreeMap::new(), true));
}

#[test]
fn large_packets_that_are_lost_to_one_server_are_sent_to_another_host_before_smaller_ones() {
    const IP_AND_UDP_BYTES: usize = 28;
    let second: SocketAddr = "198.51.100.7:3478".parse().expect("an address");
    for to_both in [false, true] {
        let mut checkup = checkup(&["stun:203.0.113.10", "stun:198.51.100.7"]);
        let mut first = None;
        let mut bench = Bench::new(&mut checkup);
        bench.run(|_, sent| {
            let is_large = sent.data.len() + IP_AND_UDP_BYTES > 1280;
            if is_large && (to_both || *first.get_or_insert(sent.to) == sent.to) {
                return vec![];
            }
            let request = Message::read(sent.data).expect("a request");
            let answer = || Builder::answer(&request, Class::Success).xor_mapped(sent.from).finish();
            if sent.to == second { vec![(RTT, sent.to, answer())] } else { open_network(&sent) }
        });
        let sized = bench.facts.iter().filter_map(|(_, fact)| match fact {
            Fact::Stun(StunFact::Sized { server, bytes, passed, .. }) => Some((*server, *bytes, *passed)),
            _ => None,
        });
        let sized: Vec<_> = sized.collect();
        let [(one, 1500, false), (other, 1500, passed), smaller @ ..] = &sized[..] else { panic!("{sized:?}") };
        assert_eq!((one.ip() == second.ip(), *passed), (other.ip() != second.ip(), !to_both));
        assert_eq!(smaller.is_empty(), !to_both, "{sized:?}");
    }
}

#[test]
fn what_decides_mapping_and_filtering_is_in_after_three_round_trips_where_nothing_is_silent() {
    let mut checkup = checkup(&["stun:203.0.113.10", "stun:198.51.100.99"]);
    let mut bench = Bench::new(&mut checkup);
    bench.run(|_, sent| open_network(&sent));
    let decisive =
        |fact: &Fact| matches!(fact, Fact::Stun(StunFact::Tallied { .. }) | Fact::Stun(StunFact::Answered { .. }));
    let last = bench.facts.iter().filter(|(_, fact)| decisive(fact)).map(|(at, _)| at.since_start()).max();
    assert_eq!(last, Some(RTT * 3), "the control behind the mapping comes last, a dead server delays nothing");
}

#[test]
fn a_server_that_answers_after_the_grace_is_still_asked_what_the_first_could_not_tell() {
    let slow: SocketAddr = "198.51.100.7:3478".parse().expect("an address");
    for (quick, late) in [("stun:198.51.100.7", PRIMARY), ("stun:198.51.100.7", "198.51.100.8:3478")] {
        let late: SocketAddr = late.parse().expect("an address");
        let mut checkup = checkup(&[quick, &format!("stun:{late}")]);
        let mut bench = Bench::new(&mut checkup);
        bench.run(|now, sent| {
            let request = Message::read(sent.data).expect("a request");
            let mapped = SocketAddr::new([192, 0, 2, 77].into(), sent.from.port());
            let plain = || Builder::answer(&request, Class::Success).xor_mapped(mapped).finish();
            let answer = match sent.to {
                to if to == slow || to == late && to.to_string() != PRIMARY => Some((to, plain())),
                _ => rfc5780(&sent, mapped),
            };
            let is_held_up = sent.to == late && now.since_start() < Duration::from_millis(700);
            answer.filter(|_| !is_held_up).map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        let mut by_socket: BTreeMap<SocketAddr, BTreeSet<SocketAddr>> = BTreeMap::new();
        for (_, fact) in &bench.facts {
            if let Fact::Stun(StunFact::Mapped { local, server, .. }) = fact {
                by_socket.entry(*local).or_default().insert(*server);
            }
        }
        assert!(by_socket.values().any(|seers| seers.contains(&slow) && seers.contains(&late)), "{late}");
        let asked_to_change = bench
            .facts
            .iter()
            .any(|(_, fact)| matches!(fact, Fact::Stun(StunFact::Answered { asked: Asked::ChangeAddressAndPort, .. })));
        assert_eq!(asked_to_change, late.to_string() == PRIMARY);
    }
}

#[test]
fn no_address_is_asked_more_than_ten_new_things_a_second() {
    let mut checkup = checkup(&["stun:203.0.113.10"]);
    let mut bench = Bench::new(&mut checkup);
    bench.run(|_, sent| open_network(&sent));
    let mut seen: BTreeSet<TransactionId> = BTreeSet::new();
    let mut first: BTreeMap<IpAddr, Vec<Duration>> = BTreeMap::new();
    for (at, to, data) in &bench.sent {
        let message = Message::read(data).expect("a request");
        if seen.insert(message.id) {
            first.entry(to.ip()).or_default().push(at.since_start());
        }
    }
    assert_eq!(first.len(), 2, "the server's two addresses");
    for first in first.values() {
        for start in first {
            let within = first.iter().filter(|at| *start <= **at && **at < *start + Duration::from_secs(1)).count();
            assert!(within <= 10, "{within} in the second from {start:?}");
        }
    }
}

#[test]
fn without_an_interface_that_is_up_it_ends_at_once_and_says_why() {
    let mut checkup = checkup(&["stun:203.0.113.10"]);
    let mut bench = Bench::new(&mut checkup);
    bench.interfaces[0].up = false;
    assert_eq!(bench.run(|_, _| Vec::new()), Instant::START);
    assert!(skipped(&bench.facts, Code::NoUsableInterface));
}

#[test]
fn interfaces_that_cannot_be_read_are_not_taken_for_none() {
    let mut checkup = checkup(&["stun:203.0.113.10"]);
    let mut bench = Bench::new(&mut checkup);
    bench.interfaces = Vec::new();
    assert_eq!(bench.run(|_, _| Vec::new()), Instant::START);
    assert!(skipped(&bench.facts, Code::NoSocket) && !skipped(&bench.facts, Code::NoUsableInterface));
}

#[test]
fn where_nobody_answers_it_ends_after_the_last_retransmission() {
    let mut checkup = checkup(&["stun:203.0.113.10", "stun:198.51.100.99"]);
    let mut bench = Bench::new(&mut checkup);
    let end = bench.run(|_, _| Vec::new());
    assert!(end.since_start() < Duration::from_secs(6), "{end:?}");
    assert!(bench.facts.iter().any(|(_, fact)| matches!(fact, Fact::Host(HostFact::Candidate(_)))));
}

#[test]
fn every_address_of_a_name_is_asked_and_services_come_before_it() {
    let mut checkup = checkup(&["stun:lab.example"]);
    let mut bench = Bench::new(&mut checkup);
    let address = |text: &str| DnsRecord::Address(text.parse().expect("an address"));
    bench.names.insert(("lab.example".to_owned(), DnsKind::A), vec![address("198.51.100.7")]);
    let service = DnsRecord::Service { priority: 1, weight: 1, port: 3478, target: "a.lab.example".to_owned() };
    bench.names.insert(("_stun-behavior._udp.lab.example".to_owned(), DnsKind::Srv), vec![service]);
    let both = vec![address("203.0.113.10"), address("198.51.100.8")];
    bench.names.insert(("a.lab.example".to_owned(), DnsKind::A), both);
    bench.run(|_, sent| open_network(&sent));
    let located = bench.facts.iter().filter_map(|(_, fact)| match fact {
        Fact::Dns(DnsFact::Located { server }) => Some(server.to_string()),
        _ => None,
    });
    assert_eq!(located.collect::<Vec<_>>(), ["198.51.100.8:3478", PRIMARY]);
}

#[test]
fn stop_keeps_what_was_learnt_and_ends_soon() {
    let mut checkup = checkup(&["stun:203.0.113.10"]);
    let mut bench = Bench::new(&mut checkup);
    bench.bring_at(60, Input::Stop);
    let end = bench.run(|_, sent| open_network(&sent));
    assert!(end.since_start() <= Duration::from_millis(1060), "{end:?}");
    assert!(bench.facts.iter().any(|(_, fact)| matches!(fact, Fact::Stun(StunFact::Mapped { .. }))));
    assert!(bench.facts.iter().any(|(_, fact)| matches!(fact, Fact::Run(RunFact::Interrupted))));
}

#[test]
fn the_time_for_the_whole_run_is_kept() {
    let mut plan = plan(&["stun:203.0.113.10"]);
    plan.timeout = Duration::from_secs(2);
    let mut checkup = Checkup::new(plan, Rng::numbered(1));
    let mut bench = Bench::new(&mut checkup);
    assert!(bench.run(|_, _| Vec::new()).since_start() <= Duration::from_secs(2));
    assert!(bench.facts.iter().any(|(_, fact)| matches!(fact, Fact::Run(RunFact::OutOfTime))));
}

#[test]
fn the_same_seed_sends_the_same_bytes() {
    let sent = || {
        let mut checkup = checkup(&["stun:203.0.113.10"]);
        let mut bench = Bench::new(&mut checkup);
        bench.run(|_, sent| open_network(&sent));
        bench.sent
    };
    assert_eq!(sent(), sent());
}

/// How often the proxy was asked for each server, and what the whole run told of it.
fn asked_through_a_proxy(except: &str, uris: &[&str]) -> Vec<String> {
    let mut plan = plan(uris);
    plan.proxy = ProxySetting::read("http://192.0.2.80:3128", NoProxy::read(except));
    let mut checkup = Checkup::new(plan, Rng::numbered(1));
    let mut bench = Bench::new(&mut checkup);
    bench.streams.push("203.0.113.10:443".parse().expect("an address"));
    bench.run(|_, sent| {
        // The server that takes connections asks who we are, and all others are silent.
        let request = Message::read(sent.data).ok().filter(|_| sent.to.port() == 443);
        let answer = request.map(|request| Fake::new(true).refuse(&request, 401));
        answer.map(|answer| (RTT, sent.to, answer)).into_iter().collect()
    });
    let told = bench.facts.iter().filter(|(_, fact)| matches!(fact, Fact::Stream(StreamFact::Proxied { .. })));
    told.map(|(_, fact)| format!("{fact:?}")).collect()
}

#[test]
fn what_is_not_reached_over_a_stream_is_asked_once_through_the_proxy() {
    let uris = ["turn:203.0.113.10?transport=tcp", "turns:turn.example", "turn:203.0.113.10", "stun:203.0.113.10"];
    let told = asked_through_a_proxy("", &uris);
    assert_eq!(told.len(), 2, "the one that refuses, and the one whose name is not known here: {told:#?}");
    assert_eq!(asked_through_a_proxy("203.0.113.0/24", &uris).len(), 1, "the first is reached without it");
    assert!(asked_through_a_proxy("*", &uris).is_empty());
}

#[test]
fn what_answers_without_the_proxy_is_not_asked_through_it() {
    let told = asked_through_a_proxy("", &["turn:203.0.113.10:443?transport=tcp"]);
    assert!(told.is_empty(), "{told:?}");
}
