//! The peer's description and candidates, as they trickle in (RFC 8445 §5.3, §6.1.2; RFC 8838).
//!
//! What a stranger sends is not simply believed: candidates that would make this agent a nuisance to third parties are
//! refused, and so are more than a few for one address (RFC 8445 §19.5.1, "STUN amplification attack").

use super::base::pair_end;
use super::{Agent, Description};
use crate::ice::RemoteCandidate;
use crate::ice::checklist::{MOST_PAIRS, Remote};
use crate::machine::{Instant, Output, QueryId};
use crate::model::{
    CandidateType, Code, DnsKind, DnsRecord, Fact, Host, Pair, PairEnd, PairFailure, PairState, Protocol,
};
use crate::model::{TcpType, Text};
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

/// Candidates of the peer's that are taken.
pub const MOST_CANDIDATES: usize = 100;

/// Of these, those at one address: a host with a STUN, a TURN and some TCP candidates has six.
const MOST_AT_ONE_ADDRESS: usize = 16;

/// Refusals that are told one by one.
const MOST_REFUSALS: u32 = 16;

/// A candidate whose name is being asked for, and the kinds of address still to be asked for.
pub(super) struct Pending {
    candidate: RemoteCandidate,
    name: String,
    next: Option<DnsKind>,
}

fn end_of(candidate: &RemoteCandidate, host: Host) -> PairEnd {
    PairEnd {
        kind: candidate.kind,
        protocol: candidate.protocol,
        address: host,
        port: candidate.port,
        tcp_type: candidate.tcp_type,
        relay_protocol: None,
        server: None,
    }
}

/// Why nothing may be sent to an address that a stranger names.
fn why_forbidden(address: IpAddr, ours_are_loopback: bool) -> Option<Code> {
    let forbidden = match address {
        IpAddr::V4(v4) => v4.is_multicast() || v4.is_broadcast() || v4.is_unspecified() || v4.octets()[0] == 0,
        IpAddr::V6(v6) => {
            v6.is_multicast() || v6.is_unspecified() || v6.to_ipv4_mapped().is_some() || v6.is_unicast_link_local()
        }
    };
    (forbidden || address.is_loopback() && !ours_are_loopback).then_some(Code::PeerCandidateForbidden)
}

impl Agent {
    /// The peer's description: checks begin. One with other credentials than before is the peer's restart, which its owner
    /// answers with one of ours ([`Agent::restart`]) first.
    pub fn set_remote(&mut self, now: Instant, description: Description) {
        self.now = now;
        if self.leaving.is_some() {
            return;
        }
        let lite = description.lite;
        if lite {
            // RFC 8445 §6.1.1: whoever is no lite agent controls.
            self.switch(crate::model::Role::Controlling);
        }
        self.theirs = Some(description);
        self.described_at.get_or_insert(now);
        // What was paced without knowing the peer's wish is not waited for longer.
        self.next_tick = self.next_tick.min(now + self.pace());
        let role = self.role;
        self.tell(Fact::Described { role, lite });
        for base in 0..self.bases.len() {
            self.begin_control(base);
        }
        for early in std::mem::take(&mut self.early) {
            self.heard_check(early);
        }
        self.pump();
    }

    /// Whether the peer's description is the one with this user name fragment.
    pub fn is_remote(&self, ufrag: &str) -> bool {
        self.theirs.as_ref().is_some_and(|theirs| theirs.credentials.ufrag == ufrag)
    }

    /// A candidate of the peer's.
    pub fn add_remote_candidate(&mut self, now: Instant, candidate: RemoteCandidate) {
        self.now = now;
        self.remote_candidates += 1;
        if self.remote_candidates > MOST_CANDIDATES {
            if self.remote_candidates == MOST_CANDIDATES + 1 {
                self.tell(Fact::Limited { what: Text::new("candidates of the other end"), ignored: 1 });
            }
            return;
        }
        match candidate.host.clone() {
            Host::Address(address) => self.add_resolved(candidate, address),
            Host::Name(name) => self.resolve(candidate, name.as_str().to_owned()),
        }
        self.pump();
    }

    /// The peer has no more.
    pub fn end_of_remote_candidates(&mut self, now: Instant) {
        self.now = now;
        self.remote_complete = true;
        self.pump();
    }

    fn refuse(&mut self, end: &PairEnd, why: Code) {
        self.refused += 1;
        if self.refused <= MOST_REFUSALS {
            let candidate = Text::new(&format!("{} port {}", end.address, end.port));
            self.tell(Fact::CandidateRefused { candidate, why });
        }
    }

    /// Only names of the local link are looked up: any other would let a stranger choose what we ask the DNS for.
    fn resolve(&mut self, candidate: RemoteCandidate, name: String) {
        let end = end_of(&candidate, Host::Name(Text::new(&name)));
        let stem = name.strip_suffix(".local").filter(|stem| !stem.is_empty() && !stem.contains('.'));
        if stem.is_none() {
            return self.refuse(&end, Code::PeerCandidateNameNotLocal);
        }
        self.tell(Fact::RemoteCandidate(end));
        self.ask_name(Pending { candidate, name, next: Some(DnsKind::Aaaa) }, DnsKind::A);
    }

    fn ask_name(&mut self, pending: Pending, kind: DnsKind) {
        self.next_query += 1;
        let query = QueryId(self.next_query);
        self.out.push_back(Output::Resolve { query, name: pending.name.clone(), kind });
        self.resolving.insert(query, pending);
    }

    pub(super) fn resolved(&mut self, query: QueryId, answer: Option<Vec<DnsRecord>>) {
        let Some(Pending { candidate, name, next }) = self.resolving.remove(&query) else { return };
        let address = answer.iter().flatten().find_map(|record| match record {
            DnsRecord::Address(address) => Some(*address),
            DnsRecord::Service { .. } => None,
        });
        match (address, next) {
            (Some(address), _) => self.add_resolved(candidate, address),
            (None, Some(kind)) => self.ask_name(Pending { candidate, name, next: None }, kind),
            (None, None) => self.tell_unresolved(&candidate, &name),
        }
    }

    /// The pair that it would have made with the best of our bases, so that it does not go missing.
    fn tell_unresolved(&mut self, candidate: &RemoteCandidate, name: &str) {
        let own = self.gathered.iter().find(|own| own.protocol == candidate.protocol);
        let Some(local) = own.map(pair_end) else { return };
        self.tell(Fact::Checked(Pair {
            local,
            remote: end_of(candidate, Host::Name(Text::new(name))),
            state: PairState::Failed,
            failure: Some(PairFailure::NotResolved),
            rtt_ms: None,
            sent: 0,
            received: 0,
            first_success_ms: None,
            nominated: false,
        }));
    }

    /// Whether this machine itself is the network looked at: a server of ours is on it, or no address leads out of it. Known
    /// before the first candidate of the peer's, so that none is refused for having come too early.
    fn is_on_loopback(&self) -> bool {
        let mut own = self.gathered.iter().map(|own| own.address);
        let mut servers = self.servers.iter().map(|server| server.server.ip());
        self.config.loopback && (own.any(|own| own.is_loopback()) || servers.any(|server| server.is_loopback()))
    }

    fn add_resolved(&mut self, candidate: RemoteCandidate, address: IpAddr) {
        let is_named = matches!(candidate.host, Host::Name(_));
        let end = end_of(&candidate, Host::Address(address));
        if let Some(why) = why_forbidden(address, self.is_on_loopback()) {
            return self.refuse(&end, why);
        }
        let there = self.checklist.remotes.iter().filter(|known| known.endpoint.ip() == address).count();
        if there >= MOST_AT_ONE_ADDRESS {
            return self.refuse(&end, Code::PeerCandidateLimit);
        }
        if !is_named {
            self.tell(Fact::RemoteCandidate(end.clone()));
        }
        let endpoint = SocketAddr::new(address, candidate.port);
        let remote = Remote { end, endpoint, priority: candidate.priority, foundation: candidate.foundation };
        // One that a check had made known before its line came has a pair only where that check came in.
        let (Ok(remote) | Err(remote)) = self.checklist.add_remote(remote);
        for base in 0..self.bases.len() {
            self.pair(base, remote);
        }
    }

    /// A candidate that a check came from and no description had named (§7.3.1.3).
    pub(super) fn learn(&mut self, base: usize, from: SocketAddr, priority: u32) -> Option<usize> {
        let protocol = self.bases.get(base).map(|base| Self::protocol(&base.way))?;
        let end = PairEnd {
            kind: CandidateType::Prflx,
            protocol,
            address: Host::Address(from.ip()),
            port: from.port(),
            tcp_type: (protocol == Protocol::Tcp).then_some(TcpType::Active),
            relay_protocol: None,
            server: None,
        };
        // A NAT that sends each answer from yet another port would make one of each: what they would show the first have.
        let is_one_of_many = |known: &&Remote| {
            known.end.kind == CandidateType::Prflx && known.end.protocol == protocol && known.endpoint.ip() == from.ip()
        };
        let there = self.checklist.remotes.iter().filter(is_one_of_many).count();
        if there >= MOST_AT_ONE_ADDRESS || self.checklist.remotes.len() >= MOST_CANDIDATES + MOST_PAIRS {
            self.unlearnt += 1;
            return None;
        }
        // Different from all others, being peer-reflexive (§7.3.1.3).
        let foundation = format!("prflx{}", self.checklist.remotes.len());
        let remote = Remote { end: end.clone(), endpoint: from, priority, foundation };
        match self.checklist.add_remote(remote) {
            Ok(at) => {
                self.tell(Fact::RemoteCandidate(end));
                Some(at)
            }
            Err(at) => Some(at),
        }
    }

    /// Forms a pair where the two can reach each other at all: one family, one protocol, one who connects (§6.1.2.2, RFC
    /// 6544 §6.2).
    pub(super) fn pair(&mut self, base: usize, remote: usize) -> Option<usize> {
        let (local, with) = (self.local(base)?, self.checklist.remotes.get(remote)?);
        let (own, end) = (self.bases.get(base)?, with.end.clone());
        let candidate = own.candidate.as_ref()?;
        let connects = match (candidate.tcp_type, end.tcp_type) {
            (None, None) => true,
            (Some(TcpType::Active), Some(TcpType::Passive)) => true,
            // Only once the peer has connected, which has made it a candidate.
            (Some(TcpType::Passive), Some(TcpType::Active)) => end.kind == CandidateType::Prflx,
            _ => false,
        };
        let fits = candidate.protocol == end.protocol && candidate.address.is_ipv4() == with.endpoint.is_ipv4();
        if !fits || !connects {
            return None;
        }
        let to = with.endpoint.ip();
        let formed = self.checklist.form(self.role, &local, remote)?;
        let now = self.now;
        if let Some(super::Base { way: super::Way::Relay(relay), .. }) = self.bases.get_mut(base) {
            relay.allocation.permit(now, to);
            self.drain_relay(base);
        }
        Some(formed)
    }

    pub(super) fn fail_pairs(&mut self, base: usize, failure: impl Fn(SocketAddr) -> PairFailure) {
        for pair in self.checklist.pairs.iter_mut().filter(|pair| pair.local.base == base) {
            let remote = self.checklist.remotes.get(pair.remote).map(|remote| remote.endpoint);
            if let Some(remote) = remote.filter(|_| pair.first_success.is_none()) {
                pair.fail(failure(remote));
            }
        }
    }

    pub(super) fn fail_pairs_with(&mut self, base: usize, peer: IpAddr, failure: &PairFailure) {
        let to_peer: VecDeque<usize> = (0..self.checklist.remotes.len())
            .filter(|at| self.checklist.remotes.get(*at).is_some_and(|remote| remote.endpoint.ip() == peer))
            .collect();
        let pairs = self.checklist.pairs.iter_mut().filter(|pair| pair.local.base == base);
        for pair in pairs.filter(|pair| to_peer.contains(&pair.remote) && pair.first_success.is_none()) {
            pair.fail(failure.clone());
        }
    }
}
