//! Which addresses and ports has this URI? (RFC 5928 §3 and §4, RFC 8489 §8, RFC 5780 §5.1)
//!
//! All questions go out at once: A and AAAA of the name, and, where the URI names no port, the SRV records of its
//! service. Where SRV records come, their hosts and ports are the servers; else the name's own addresses with the
//! default port, which is all that a browser ever asks for.

use super::ask::ms;
use crate::machine::{Input, Instant, Machine, Output, QueryId, Wake};
use crate::model::{DnsKind, DnsRecord, Fact, Origin, Question, Scheme, Target, Text, Transport};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;

/// Of what one name may give; the rest is told as ignored. A pool of this size is met in the field, a larger one
/// would have the tool probe a whole network.
const MOST_SERVERS: usize = 16;

struct Query {
    name: String,
    kind: DnsKind,
    asked_at: Instant,
    /// The port that an address found here is asked on.
    port: u16,
    /// Whether it stands behind an SRV record.
    service: bool,
}

/// The probe.
pub struct ResolveProbe {
    target: Target,
    queries: BTreeMap<u32, Query>,
    asked: u32,
    from_service: Vec<SocketAddr>,
    from_name: Vec<SocketAddr>,
    out: VecDeque<Output>,
    started: bool,
    over: bool,
}

impl ResolveProbe {
    pub fn new(target: Target) -> Self {
        Self {
            target,
            queries: BTreeMap::new(),
            asked: 0,
            from_service: Vec::new(),
            from_name: Vec::new(),
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
        let by = Origin { question: Question::Resolve, uri: Some(self.target.uri()) };
        self.out.push_back(Output::Observe { by, fact });
    }

    fn ask(&mut self, now: Instant, name: String, kind: DnsKind, port: u16, service: bool) {
        let query = QueryId(self.asked);
        self.asked += 1;
        self.out.push_back(Output::Resolve { query, name: name.clone(), kind });
        self.queries.insert(query.0, Query { name, kind, asked_at: now, port, service });
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

    fn found(&mut self, now: Instant, query: &Query, records: Vec<DnsRecord>) {
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

    fn conclude(&mut self) {
        let mut found =
            std::mem::take(if self.from_service.is_empty() { &mut self.from_name } else { &mut self.from_service });
        found.sort();
        found.dedup();
        let ignored = found.len().saturating_sub(MOST_SERVERS);
        if ignored > 0 {
            let what = Text::new("addresses of a server's name");
            self.observe(Fact::Limited { what, ignored: u32::try_from(ignored).unwrap_or(u32::MAX) });
        }
        for server in found.into_iter().take(MOST_SERVERS) {
            self.observe(Fact::Located { server });
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
                let (name, record, took_ms) = (query.name.clone(), query.kind, ms(now.since(query.asked_at)));
                match answer {
                    Ok(records) => {
                        self.observe(Fact::Resolved { name, record, records: records.clone(), took_ms });
                        self.found(now, &query, records);
                    }
                    Err(failure) => self.observe(Fact::Unresolved { name, record, failure, took_ms }),
                }
            }
            Input::Stop => self.queries.clear(),
            _ => {}
        }
        if self.started && self.queries.is_empty() && !self.over {
            self.conclude();
        }
    }

    fn poll(&mut self) -> Output {
        let wake = if self.over { Wake::Finished } else { Wake::OnInput };
        self.out.pop_front().unwrap_or(Output::Wait(wake))
    }
}
