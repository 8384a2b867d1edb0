//! Which addresses and ports has this URI? (RFC 5928 §3 and §4, RFC 8489 §8, RFC 5780 §5.1)
//!
//! All questions go out at once: A and AAAA of the name, and, where the URI names no port, the SRV records of its
//! service. Where SRV records come, their hosts and ports are the servers; else the name's own addresses with the
//! default port, which is all that a browser ever asks for.
//!
//! An address is told as soon as it is known to be a server's. What a name server does not answer is not waited for long
//! once there is one: many drop what they do not know, AAAA and SRV above all.

use crate::machine::{Input, Instant, Machine, Output, QueryId, Wake};
use crate::model::{
    DnsFact, DnsFailure, DnsKind, DnsRecord, Fact, HostFact, IPV4_ONLY, Limit, Millis, Origin, Question, Scheme,
    Target, Transport,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

/// The most addresses that are taken of one name; the rest are counted as ignored. A pool of this size is met in the
/// field, a larger one would have the tool probe a whole network.
const MOST_SERVERS: usize = 16;

/// How long after the first address other answers are waited for: a name server that has one answer within its usual
/// time has the other, too.
const PATIENCE: Duration = Duration::from_secs(2);

struct NameQuery {
    name: String,
    kind: DnsKind,
    asked_at: Instant,
    /// The port that an address found here is asked on.
    port: u16,
    /// Whether it stands behind an SRV record.
    service: bool,
}

/// Looks up the addresses of one target.
pub struct ResolveProbe {
    target: Target,
    queries: BTreeMap<u32, NameQuery>,
    asked: u32,
    from_service: Vec<SocketAddr>,
    from_name: Vec<SocketAddr>,
    /// The endpoints that were reported.
    located: BTreeSet<SocketAddr>,
    /// The time until which answers that are still out are waited for; None before there is an address.
    patient_until: Option<Instant>,
    out: VecDeque<Output>,
    started: bool,
    over: bool,
}

impl ResolveProbe {
    /// A probe of this target's name. It begins with its first input.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            queries: BTreeMap::new(),
            asked: 0,
            from_service: Vec::new(),
            from_name: Vec::new(),
            located: BTreeSet::new(),
            patient_until: None,
            out: VecDeque::new(),
            started: false,
            over: false,
        }
    }

    /// The service's names: `_turn._udp` and its like (RFC 5928 §4), and `_stun-behavior._udp` (RFC 5780 §5.1), whose
    /// servers have the second address that behaviour discovery needs.
    fn services(&self) -> Vec<String> {
        let host = &self.target.host;
        match (self.target.scheme, self.target.transport) {
            (Scheme::Stun, Transport::Udp) => vec![format!("_stun._udp.{host}"), format!("_stun-behavior._udp.{host}")],
            (Scheme::Stun, _) => vec![format!("_stun._tcp.{host}"), format!("_stun-behavior._tcp.{host}")],
            (Scheme::Stuns, _) => vec![format!("_stuns._tcp.{host}"), format!("_stun-behaviors._tcp.{host}")],
            (Scheme::Turn, Transport::Udp) => vec![format!("_turn._udp.{host}")],
            (Scheme::Turn, _) => vec![format!("_turn._tcp.{host}")],
            (Scheme::Turns, _) => vec![format!("_turns._tcp.{host}")],
        }
    }

    fn observe(&mut self, fact: Fact) {
        let by = Origin { question: Question::Resolve, uri: Some((&self.target).into()) };
        self.out.push_back(Output::Observe { by, fact });
    }

    fn ask(&mut self, now: Instant, name: String, kind: DnsKind, port: u16, service: bool) {
        let query = QueryId(self.asked);
        self.asked += 1;
        self.out.push_back(Output::Resolve { query, name: name.clone(), kind });
        self.queries.insert(query.0, NameQuery { name, kind, asked_at: now, port, service });
    }

    fn start(&mut self, now: Instant) {
        let port = self.target.port_or_default();
        if let Some(address) = self.target.literal() {
            self.from_name.push(SocketAddr::new(address, port));
            return;
        }
        for kind in [DnsKind::A, DnsKind::Aaaa] {
            self.ask(now, self.target.host.clone(), kind, port, false);
        }
        if self.target.port.is_none() {
            for service in self.services() {
                self.ask(now, service, DnsKind::Srv, 0, true);
            }
        }
    }

    fn found(&mut self, now: Instant, query: &NameQuery, records: Vec<DnsRecord>) {
        let mut services = Vec::new();
        for record in records {
            match record {
                DnsRecord::Address(address) => {
                    let found = if query.service { &mut self.from_service } else { &mut self.from_name };
                    found.push(SocketAddr::new(address, query.port));
                }
                // An empty target says "decidedly not here" (RFC 2782); port 0 cannot be asked.
                DnsRecord::Service { priority, weight, port, target } if !target.is_empty() && port != 0 => {
                    services.push((priority, std::cmp::Reverse(weight), port, target));
                }
                DnsRecord::Service { .. } => {}
            }
        }
        services.sort();
        services.dedup();
        for (_, _, port, host) in services.into_iter().take(MOST_SERVERS) {
            for kind in [DnsKind::A, DnsKind::Aaaa] {
                self.ask(now, host.clone(), kind, port, true);
            }
        }
    }

    /// Reports the servers that are known by now: those behind services where there are any, and the name's own
    /// addresses once it is clear that there are none.
    fn locate(&mut self, now: Instant) {
        let asks_for_services = self.queries.values().any(|query| query.service);
        let found = match self.from_service.is_empty() {
            false => &self.from_service,
            true if asks_for_services => return self.await_services(now),
            true => &self.from_name,
        };
        let new: BTreeSet<SocketAddr> = found.iter().copied().filter(|server| !self.located.contains(server)).collect();
        let free = MOST_SERVERS.saturating_sub(self.located.len());
        for server in new.into_iter().take(free) {
            self.located.insert(server);
            self.observe(Fact::Dns(DnsFact::Located { server }));
        }
        self.await_services(now);
    }

    /// Sets the time for all answers that are still out, once the first address is there.
    fn await_services(&mut self, now: Instant) {
        if !self.from_service.is_empty() || !self.from_name.is_empty() {
            self.patient_until.get_or_insert(now + PATIENCE);
        }
    }

    fn lose_patience(&mut self, now: Instant) {
        for query in std::mem::take(&mut self.queries).into_values() {
            let took_ms = Millis::from(now.since(query.asked_at));
            let failure = DnsFailure::TimedOut;
            self.observe(Fact::Dns(DnsFact::Unresolved { name: query.name, record: query.kind, failure, took_ms }));
        }
    }

    fn conclude(&mut self, now: Instant) {
        self.locate(now);
        let found = if self.from_service.is_empty() { &self.from_name } else { &self.from_service };
        let ignored = found.iter().collect::<BTreeSet<_>>().len().saturating_sub(self.located.len());
        if ignored > 0 {
            let what = Limit::ServerAddresses;
            self.observe(Fact::Host(HostFact::Limited { what, ignored: u32::try_from(ignored).unwrap_or(u32::MAX) }));
        }
        self.over = true;
    }
}

impl Machine for ResolveProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if !self.started => {
                self.started = true;
                self.start(now);
            }
            Input::Resolved { query, answer } => {
                let Some(query) = self.queries.remove(&query.0) else { return };
                let (name, record, took_ms) = (query.name.clone(), query.kind, Millis::from(now.since(query.asked_at)));
                match answer {
                    Ok(records) => {
                        self.observe(Fact::Dns(DnsFact::Resolved { name, record, records: records.clone(), took_ms }));
                        self.found(now, &query, records);
                    }
                    Err(failure) => self.observe(Fact::Dns(DnsFact::Unresolved { name, record, failure, took_ms })),
                }
                self.locate(now);
            }
            Input::Stop => self.queries.clear(),
            Input::Woken if self.patient_until.is_some_and(|until| until <= now) => self.lose_patience(now),
            _ => {}
        }
        if self.started && self.queries.is_empty() && !self.over {
            self.conclude(now);
        }
    }

    fn poll(&mut self) -> Output {
        let wake = match self.patient_until {
            _ if self.over => Wake::Finished,
            Some(until) => Wake::At(until),
            None => Wake::OnInput,
        };
        self.out.pop_front().unwrap_or(Output::Wait(wake))
    }
}

/// The control beside names that failed: does the name server know a name that everybody knows? Where it tells IPv6
/// addresses of it, there is a NAT64, and they begin with its prefix.
#[derive(Default)]
pub struct NameControl {
    queries: BTreeMap<u32, (DnsKind, Instant)>,
    until: Option<Instant>,
    out: VecDeque<Output>,
}

impl NameControl {
    fn observe(&mut self, fact: Fact) {
        self.out.push_back(Output::Observe { by: Origin { question: Question::Resolve, uri: None }, fact });
    }
}

impl Machine for NameControl {
    fn handle(&mut self, now: Instant, input: Input) {
        let (name, until) = (IPV4_ONLY.to_owned(), *self.until.get_or_insert(now + PATIENCE));
        match input {
            Input::Interfaces(_) => {
                for (number, kind) in [(0, DnsKind::A), (1, DnsKind::Aaaa)] {
                    self.queries.insert(number, (kind, now));
                    self.out.push_back(Output::Resolve { query: QueryId(number), name: name.clone(), kind });
                }
            }
            Input::Resolved { query, answer } => {
                let Some((record, asked_at)) = self.queries.remove(&query.0) else { return };
                let took_ms = Millis::from(now.since(asked_at));
                self.observe(match answer {
                    Ok(records) => Fact::Dns(DnsFact::Resolved { name, record, records, took_ms }),
                    Err(failure) => Fact::Dns(DnsFact::Unresolved { name, record, failure, took_ms }),
                });
            }
            Input::Stop => self.queries.clear(),
            Input::Woken if until <= now => {
                for (record, asked_at) in std::mem::take(&mut self.queries).into_values() {
                    let (failure, took_ms) = (DnsFailure::TimedOut, Millis::from(now.since(asked_at)));
                    self.observe(Fact::Dns(DnsFact::Unresolved { name: name.clone(), record, failure, took_ms }));
                }
            }
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        let wake = match self.until {
            Some(until) if !self.queries.is_empty() => Wake::At(until),
            Some(_) => Wake::Finished,
            None => Wake::OnInput,
        };
        self.out.pop_front().unwrap_or(Output::Wait(wake))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::testing::Bench;

    fn address(text: &str) -> DnsRecord {
        DnsRecord::Address(text.parse().expect("an address"))
    }

    fn service(port: u16, target: &str) -> DnsRecord {
        DnsRecord::Service { priority: 1, weight: 1, port, target: target.to_owned() }
    }

    /// The endpoints found, and all facts.
    fn run(uri: &str, names: &[(&str, DnsKind, Vec<DnsRecord>)]) -> (Vec<String>, Vec<Fact>) {
        let mut probe = ResolveProbe::new(uri.parse().expect("a URI"));
        let mut bench = Bench::new(&mut probe);
        for (name, kind, records) in names {
            bench.names.insert(((*name).to_owned(), *kind), records.clone());
        }
        bench.run(|_, _| Vec::new());
        let facts: Vec<Fact> = bench.facts.into_iter().map(|(_, fact)| fact).collect();
        let located = facts.iter().filter_map(|fact| match fact {
            Fact::Dns(DnsFact::Located { server }) => Some(server.to_string()),
            _ => None,
        });
        (located.collect(), facts.clone())
    }

    #[test]
    fn an_address_is_asked_of_nobody() {
        let (located, facts) = run("stun:[2001:db8::1]:3479", &[]);
        assert_eq!((located, facts.len()), (vec!["[2001:db8::1]:3479".to_owned()], 1));
    }

    #[test]
    fn every_address_of_both_families_is_found() {
        let names = [
            ("turn.example", DnsKind::A, vec![address("192.0.2.1"), address("192.0.2.2")]),
            ("turn.example", DnsKind::Aaaa, vec![address("2001:db8::1")]),
        ];
        let (located, _) = run("turn:turn.example:80", &names);
        assert_eq!(located, ["192.0.2.1:80", "192.0.2.2:80", "[2001:db8::1]:80"]);
    }

    #[test]
    fn an_address_is_asked_at_once_and_what_is_not_answered_is_given_up_after_two_seconds() {
        for uri in ["turn:turn.example:80", "turn:turn.example"] {
            let mut probe = ResolveProbe::new(uri.parse().expect("a URI"));
            let at = |ms| Instant::after_start(Duration::from_millis(ms));
            probe.handle(at(0), Input::Interfaces(Vec::new()));
            let mut asked = Vec::new();
            let told = |probe: &mut ResolveProbe, asked: &mut Vec<(QueryId, DnsKind)>| loop {
                match probe.poll() {
                    Output::Resolve { query, kind, .. } => asked.push((query, kind)),
                    Output::Observe { fact: Fact::Dns(DnsFact::Located { .. }), .. } => return Some(Wake::OnInput),
                    Output::Observe { .. } => {}
                    Output::Wait(wake) => return Some(wake),
                    _ => return None,
                }
            };
            told(&mut probe, &mut asked);
            for (query, kind) in asked.clone() {
                let answer = match kind {
                    DnsKind::A => Ok(vec![address("192.0.2.1")]),
                    DnsKind::Srv => Err(DnsFailure::NoData),
                    DnsKind::Aaaa => continue,
                };
                probe.handle(at(100), Input::Resolved { query, answer });
            }
            assert_eq!(told(&mut probe, &mut asked), Some(Wake::OnInput), "the address is told");
            assert_eq!(told(&mut probe, &mut asked), Some(Wake::At(at(2100))));
            probe.handle(at(2100), Input::Woken);
            assert_eq!(told(&mut probe, &mut asked), Some(Wake::Finished));
        }
    }

    #[test]
    fn a_uri_with_a_port_asks_for_no_services() {
        let (_, facts) = run("turn:turn.example:80", &[]);
        let kinds: Vec<_> = facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Dns(DnsFact::Unresolved { record, .. }) => Some(*record),
                _ => None,
            })
            .collect();
        assert_eq!(kinds, [DnsKind::A, DnsKind::Aaaa]);
    }

    #[test]
    fn a_service_that_is_decidedly_not_here_or_on_port_zero_gives_way_to_the_name() {
        let names = [
            ("_turns._tcp.example.org", DnsKind::Srv, vec![service(443, ""), service(0, "a.example.org")]),
            ("a.example.org", DnsKind::A, vec![address("192.0.2.9")]),
            ("example.org", DnsKind::A, vec![address("192.0.2.1")]),
        ];
        assert_eq!(run("turns:example.org", &names).0, ["192.0.2.1:5349"]);
    }

    #[test]
    fn of_five_hundred_services_sixteen_are_asked() {
        let services = (1..=500).map(|n| service(n, &format!("h{n}.example.org"))).collect();
        let mut names = vec![("_turn._udp.example.org", DnsKind::Srv, services)];
        let hosts: Vec<String> = (1..=500).map(|n| format!("h{n}.example.org")).collect();
        names.extend(hosts.iter().map(|host| (host.as_str(), DnsKind::A, vec![address("192.0.2.1")])));
        assert_eq!(run("turn:example.org", &names).0.len(), MOST_SERVERS);
    }

    #[test]
    fn more_addresses_than_are_asked_are_told_as_ignored() {
        let many = (0..40).map(|n| address(&format!("192.0.2.{n}"))).collect();
        let (located, facts) = run("stun:example.org:3478", &[("example.org", DnsKind::A, many)]);
        assert_eq!(located.len(), MOST_SERVERS);
        assert!(facts.iter().any(|fact| matches!(fact, Fact::Host(HostFact::Limited { ignored: 24, .. }))));
    }
}
