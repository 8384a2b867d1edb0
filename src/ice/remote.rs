//! The peer's candidates, as they trickle in (RFC 8445 §5.3, §6.1.2; RFC 8838).
//!
//! What a stranger sends is not simply believed: candidates that would make this agent a nuisance to third parties are
//! refused, and so are more than a few for one address (RFC 8445 §19.5.1, "STUN amplification attack").

use super::agent_io::AgentIo;
use super::checklist::{Checklist, MOST_PAIRS};
use super::line::RemoteCandidate;
use super::pair::RemoteEndpoint;
use crate::machine::QueryId;
use crate::model::{
    CandidateType, Code, DnsKind, DnsRecord, Fact, Host, HostFact, IceFact, Interface, Limit, Pair, PairEnd,
    PairFailure, PairState, Protocol, RefusedCandidate, Scope, TcpType, Teller, Text, innermost, may_be_sent_to,
};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// The most candidates of the peer's that are taken.
pub const MOST_CANDIDATES: usize = 100;

/// The most candidates taken at one address: a host with a STUN, a TURN and some TCP candidates has six.
const MOST_AT_ONE_ADDRESS: usize = 16;

/// The most refusals that are reported one by one.
const MOST_REFUSALS: u32 = 16;

/// A candidate whose name is being looked up, and the kind of address still to be asked for.
struct PendingName {
    candidate: RemoteCandidate,
    name: String,
    next: Option<DnsKind>,
}

/// What became of the name of a candidate.
pub(super) enum NameResult {
    Address(RemoteCandidate, IpAddr),
    /// There is no such name on this link.
    Unknown(RemoteCandidate, String),
    /// Another kind of address is asked for, or nobody waits for this answer.
    Pending,
}

/// Takes the peer's candidates in, up to what a stranger may make us do.
#[derive(Default)]
pub(super) struct RemoteCandidates {
    resolving: BTreeMap<QueryId, PendingName>,
    count: usize,
    refused: u32,
    /// Checks from addresses that were one too many to become peer-reflexive candidates.
    prflx_overflow: u32,
    /// The peer has said that no candidate follows.
    complete: bool,
}

/// A candidate of the peer's as the end of a pair.
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

/// Where this machine stands, for addresses that only mean something there.
#[derive(Clone, Copy)]
pub(super) struct OwnNetworks<'a> {
    /// It has nothing but loopback to offer.
    pub(super) on_loopback: bool,
    pub(super) interfaces: &'a [Interface],
}

impl OwnNetworks<'_> {
    /// Whether an address is that of all hosts on a network of this machine's.
    fn are_all_at(&self, address: IpAddr) -> bool {
        let mut own = self.interfaces.iter().flat_map(|interface| &interface.addresses);
        own.any(|own| own.is_everyone_on_subnet(address))
    }
}

/// Why nothing may be sent to an address that a stranger names; None where it may.
fn why_forbidden(endpoint: SocketAddr, own: OwnNetworks<'_>) -> Option<Code> {
    let address = endpoint.ip();
    let is_no_candidate = match address {
        IpAddr::V4(_) => false,
        IpAddr::V6(v6) => v6.to_ipv4_mapped().is_some() || v6.is_unicast_link_local(),
    };
    let forbidden = is_no_candidate || !may_be_sent_to(endpoint, Teller::Peer) || own.are_all_at(address);
    let is_loopback = Scope::of(innermost(address)) == Scope::Loopback;
    (forbidden || is_loopback && !own.on_loopback).then_some(Code::PeerCandidateForbidden)
}

impl RemoteCandidates {
    /// Whether all candidates of the peer's are known: none follows, and no name is being looked up.
    pub(super) fn is_settled(&self) -> bool {
        self.complete && self.resolving.is_empty()
    }

    /// Whether the peer has said that no candidate follows.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether no candidate has come by now.
    pub(super) fn has_none(&self) -> bool {
        self.count == 0
    }

    pub(super) fn complete(&mut self) {
        self.complete = true;
    }

    /// Checks whose sender could not become a candidate since this was asked last.
    pub(super) fn take_prflx_overflow(&mut self) -> u32 {
        std::mem::take(&mut self.prflx_overflow)
    }

    /// A candidate of the peer's. Its address, where it may be added at once; a name is looked up first.
    pub(super) fn add(&mut self, io: &mut AgentIo, candidate: &RemoteCandidate) -> Option<IpAddr> {
        self.count += 1;
        if self.count > MOST_CANDIDATES {
            if self.count == MOST_CANDIDATES + 1 {
                io.report(Fact::Host(HostFact::Limited { what: Limit::PeerCandidates, ignored: 1 }));
            }
            return None;
        }
        match &candidate.host {
            Host::Address(address) => Some(*address),
            Host::Name(name) => {
                self.look_up(io, candidate, name.as_str());
                None
            }
        }
    }

    /// Only names of the local link are looked up: any other would let a stranger choose what this machine asks the DNS
    /// for.
    fn look_up(&mut self, io: &mut AgentIo, candidate: &RemoteCandidate, name: &str) {
        let end = end_of(candidate, Host::Name(Text::new(name)));
        let stem = name.strip_suffix(".local").filter(|stem| !stem.is_empty() && !stem.contains('.'));
        if stem.is_none() {
            return self.refuse(io, &end, Code::PeerCandidateNameNotLocal);
        }
        io.report(Fact::Ice(IceFact::RemoteCandidate(end)));
        let (candidate, name) = (candidate.clone(), name.to_owned());
        self.ask(io, PendingName { candidate, name, next: Some(DnsKind::Aaaa) }, DnsKind::A);
    }

    fn ask(&mut self, io: &mut AgentIo, pending: PendingName, kind: DnsKind) {
        let query = io.resolve(pending.name.clone(), kind);
        self.resolving.insert(query, pending);
    }

    /// An answer to a look-up; None where the name, or its kind of address, is not there.
    pub(super) fn resolved(&mut self, io: &mut AgentIo, query: QueryId, answer: Option<Vec<DnsRecord>>) -> NameResult {
        let Some(PendingName { candidate, name, next }) = self.resolving.remove(&query) else {
            return NameResult::Pending;
        };
        let address = answer.iter().flatten().find_map(|record| match record {
            DnsRecord::Address(address) => Some(*address),
            DnsRecord::Service { .. } => None,
        });
        match (address, next) {
            (Some(address), _) => NameResult::Address(candidate, address),
            (None, Some(kind)) => {
                self.ask(io, PendingName { candidate, name, next: None }, kind);
                NameResult::Pending
            }
            (None, None) => NameResult::Unknown(candidate, name),
        }
    }

    /// Lets a candidate at this address be checked: its number in the checklist; None where it is refused.
    pub(super) fn admit(
        &mut self,
        io: &mut AgentIo,
        checklist: &mut Checklist,
        candidate: RemoteCandidate,
        address: IpAddr,
        own: OwnNetworks<'_>,
    ) -> Option<usize> {
        let is_named = matches!(candidate.host, Host::Name(_));
        let end = end_of(&candidate, Host::Address(address));
        if let Some(why) = why_forbidden(SocketAddr::new(address, candidate.port), own) {
            self.refuse(io, &end, why);
            return None;
        }
        let there = checklist.remotes().iter().filter(|known| known.endpoint.ip() == address).count();
        if there >= MOST_AT_ONE_ADDRESS {
            self.refuse(io, &end, Code::PeerCandidateLimit);
            return None;
        }
        if !is_named {
            io.report(Fact::Ice(IceFact::RemoteCandidate(end.clone())));
        }
        let endpoint = SocketAddr::new(address, candidate.port);
        let remote = RemoteEndpoint { end, endpoint, priority: candidate.priority, foundation: candidate.foundation };
        let (Ok(at) | Err(at)) = checklist.add_remote(remote);
        Some(at)
    }

    /// A candidate that a check came from and no description had named (RFC 8445 §7.3.1.3): its number in the checklist.
    pub(super) fn learn(
        &mut self,
        io: &mut AgentIo,
        checklist: &mut Checklist,
        protocol: Protocol,
        from: SocketAddr,
        priority: u32,
    ) -> Option<usize> {
        let end = PairEnd {
            kind: CandidateType::Prflx,
            protocol,
            address: Host::Address(from.ip()),
            port: from.port(),
            tcp_type: (protocol == Protocol::Tcp).then_some(TcpType::Active),
            relay_protocol: None,
            server: None,
        };
        // Over a relay, `from` is what its server says (XOR-PEER-ADDRESS, RFC 8656 §11.4).
        if !may_be_sent_to(from, Teller::Peer) {
            return None;
        }
        // A NAT that sends each answer from yet another port would make a candidate of each, and the first few show the same.
        let is_one_of_many = |known: &&RemoteEndpoint| {
            known.end.kind == CandidateType::Prflx && known.end.protocol == protocol && known.endpoint.ip() == from.ip()
        };
        let there = checklist.remotes().iter().filter(is_one_of_many).count();
        if there >= MOST_AT_ONE_ADDRESS || checklist.remotes().len() >= MOST_CANDIDATES + MOST_PAIRS {
            self.prflx_overflow += 1;
            return None;
        }
        // Different from all others, being peer-reflexive (§7.3.1.3).
        let foundation = format!("prflx{}", checklist.remotes().len());
        let remote = RemoteEndpoint { end: end.clone(), endpoint: from, priority, foundation };
        match checklist.add_remote(remote) {
            Ok(at) => {
                io.report(Fact::Ice(IceFact::RemoteCandidate(end)));
                Some(at)
            }
            Err(at) => Some(at),
        }
    }

    fn refuse(&mut self, io: &mut AgentIo, end: &PairEnd, why: Code) {
        self.refused += 1;
        if self.refused <= MOST_REFUSALS {
            let candidate = RefusedCandidate::Endpoint { host: end.address.clone(), port: end.port };
            io.report(Fact::Ice(IceFact::CandidateRefused { candidate, why }));
        }
    }
}

/// A pair with a name that nobody answers for, so that it does not go missing from the report.
pub(super) fn unresolved_pair(local: PairEnd, candidate: &RemoteCandidate, name: &str) -> Pair {
    Pair {
        local,
        remote: end_of(candidate, Host::Name(Text::new(name))),
        state: PairState::Failed,
        failure: Some(PairFailure::NotResolved),
        rtt_ms: None,
        sent: 0,
        received: 0,
        unanswered_last: 0,
        first_success_ms: None,
        nominated: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Rng;

    fn candidate(line: &str) -> RemoteCandidate {
        RemoteCandidate::parse(line).expect("a candidate")
    }

    #[test]
    fn a_name_that_is_not_of_the_local_link_is_refused_and_not_looked_up() {
        let (mut remotes, mut io) = (RemoteCandidates::default(), AgentIo::new(Rng::numbered(1)));
        let named = candidate("candidate:1 1 udp 2000000000 victim.example.org 4000 typ host");
        assert_eq!(remotes.add(&mut io, &named), None);
        let outputs: Vec<_> = std::iter::from_fn(|| io.poll()).collect();
        assert!(!outputs.iter().any(|output| matches!(output, crate::machine::Output::Resolve { .. })), "{outputs:?}");
    }

    #[test]
    fn a_hidden_address_is_asked_for_as_ipv4_and_then_as_ipv6() {
        let (mut remotes, mut io) = (RemoteCandidates::default(), AgentIo::new(Rng::numbered(1)));
        let named = candidate("candidate:1 1 udp 2000000000 9b36eaac.local 4000 typ host");
        assert_eq!(remotes.add(&mut io, &named), None);
        remotes.complete();
        assert!(!remotes.is_settled(), "the name is being looked up");
        assert!(matches!(remotes.resolved(&mut io, QueryId(1), None), NameResult::Pending));
        let address: IpAddr = "2001:db8::7".parse().expect("an address");
        let found = remotes.resolved(&mut io, QueryId(2), Some(vec![DnsRecord::Address(address)]));
        assert!(matches!(found, NameResult::Address(_, at) if at == address) && remotes.is_settled());
    }

    #[test]
    fn nobody_is_learnt_from_a_relay_that_names_everybody_or_nobody_as_the_peer() {
        let (mut remotes, mut io) = (RemoteCandidates::default(), AgentIo::new(Rng::numbered(1)));
        let mut checklist = Checklist::default();
        let mut learn = |from: &str| {
            let from = from.parse().expect("an address");
            remotes.learn(&mut io, &mut checklist, Protocol::Udp, from, 1)
        };
        for from in ["0.0.0.0:9", "224.0.0.1:9", "255.255.255.255:9", "[::]:9", "[ff02::1]:9", "192.0.2.1:0"] {
            assert_eq!(learn(from), None, "{from}");
        }
        assert_eq!(learn("192.168.1.1:9"), Some(0), "peers may be in this network");
    }
}
