//! What does the file of a call show of the networks on the way, and which single change would have helped? (RFC 4787 §4.1, §5)
//!
//! Nobody asked them anything: what is told rests on what the call itself met. Where something else explains it as well,
//! nothing is told.

use super::{MaybeEvidence, NOT_REACHED, SavedCall};
use crate::model::{
    BrowserFact, CandidateType, Code, ConfigurationFact, End, Fact, Host, ObservationId, Pair, PairEnd, PairState,
    Protocol, ServerUri, Transport,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Over UDP nothing answered this end.
pub(crate) struct NoUdp {
    /// What was asked in vain, and what worked instead.
    pub evidence: Vec<ObservationId>,
    /// Pairs without a stream that stayed silent.
    pub silent: u64,
    /// How the relay was reached that worked.
    pub over: Option<Transport>,
    /// A server that was up: the other end was lent an address by it.
    pub alive: Option<ServerUri>,
}

impl<'a> SavedCall<'a> {
    /// Why only relayed candidates were there to be checked: the application asked for it, or a policy did.
    pub(super) fn relay_only(&self) -> Option<Code> {
        let is_asked = |fact: &Fact| matches!(fact, Fact::Configuration(ConfigurationFact::RelayedCandidatesOnly));
        let hides = |fact: &Fact| matches!(fact, Fact::Browser(BrowserFact::HiddenCandidate(_)));
        if self.facts(End::Ours).any(|(_, fact)| is_asked(fact)) {
            return Some(Code::SourceRelaysOnly);
        }
        // There may have been others.
        if self.file.0.may_lack_candidates() {
            return None;
        }
        let mut kinds = self.candidates().map(|(_, candidate)| candidate.kind).peekable();
        let is_alone = kinds.peek().is_some() && kinds.all(|kind| kind == CandidateType::Relay);
        let hidden = self.facts(End::Ours).any(|(_, fact)| hides(fact));
        (is_alone && !hidden).then_some(Code::BrowserOffersRelaysOnly)
    }

    /// Two addresses of one base with different ports, as two others saw it over UDP.
    pub(crate) fn mapping_varies(&self) -> MaybeEvidence {
        let mut seen: BTreeMap<_, BTreeMap<_, ObservationId>> = BTreeMap::new();
        for (id, candidate) in self.candidates() {
            let is_reflexive = matches!(candidate.kind, CandidateType::Srflx | CandidateType::Prflx);
            let base = candidate.related.filter(|base| base.port() != 0 && !base.ip().is_unspecified());
            if let (true, Protocol::Udp, Some(base)) = (is_reflexive, candidate.protocol, base) {
                seen.entry(base).or_default().insert((candidate.address, candidate.port), id);
            }
        }
        let varying = seen.into_values().filter(|endpoints| {
            let addresses: BTreeSet<_> = endpoints.keys().map(|(address, _)| address).collect();
            endpoints.len() > addresses.len()
        });
        let evidence: Vec<ObservationId> = varying.flat_map(BTreeMap::into_values).collect();
        (!evidence.is_empty()).then_some(evidence)
    }

    /// Checks of the other end's came from a port that it has not announced, while it has one interface and a server told it
    /// another port.
    pub(crate) fn peer_mapping_varies(&self) -> MaybeEvidence {
        let over_udp = |kind: CandidateType| {
            self.offered().filter(move |(_, end)| end.kind == kind && end.protocol == Protocol::Udp)
        };
        // A browser gathers a port for each media section at first: it is the addresses that tell interfaces apart.
        let addresses =
            |kind: CandidateType| over_udp(kind).map(|(_, end)| &end.address).collect::<BTreeSet<_>>().len();
        let is_whole = !self.file.0.lacks_words();
        let is_single = is_whole && addresses(CandidateType::Host) <= 1 && addresses(CandidateType::Srflx) == 1;
        let (announced, _) = over_udp(CandidateType::Srflx).next().filter(|_| is_single)?;
        let is_new = |end: &PairEnd| {
            let is_known = self.offered().any(|(_, known)| known.port == end.port);
            end.kind == CandidateType::Prflx && end.protocol == Protocol::Udp && !is_known
        };
        let (id, _) = self.pairs.iter().find(|(_, pair)| is_new(&pair.remote))?;
        Some(vec![announced, *id])
    }

    /// Nothing answered over UDP, neither a server nor the other end; and a relay over a stream worked, or every server that
    /// was asked over UDP was waited for to the end, in vain.
    pub(crate) fn no_udp(&self) -> Option<NoUdp> {
        let told_over_udp = self.candidates().any(|(_, candidate)| match candidate.kind {
            CandidateType::Srflx | CandidateType::Prflx => candidate.protocol == Protocol::Udp,
            CandidateType::Relay => is_over_udp(candidate.relay_protocol),
            CandidateType::Host => false,
        });
        let hidden_over_udp = self.facts(End::Ours).any(|(_, fact)| match fact {
            Fact::Browser(BrowserFact::HiddenCandidate(end)) => {
                end.kind == CandidateType::Srflx || end.kind == CandidateType::Relay && is_over_udp(end.relay_protocol)
            }
            _ => false,
        });
        let bare = self.pairs.iter().filter(|(_, pair)| pair.local.kind != CandidateType::Relay);
        let bare: Vec<_> = bare.filter(|(_, pair)| pair.local.protocol == Protocol::Udp).collect();
        let silent = bare.iter().filter(|(_, pair)| pair.state == PairState::Failed).map(|(id, _)| *id);
        let silent: Vec<ObservationId> = silent.collect();
        let is_heard = bare.iter().any(|(_, pair)| pair.state == PairState::Succeeded);
        // Without a server to ask over UDP, only the other end is silent.
        let is_asked = self.joined.targets.iter().any(|target| target.transport == Transport::Udp);
        if self.file.0.lacks_words() || told_over_udp || hidden_over_udp || is_heard || silent.is_empty() || !is_asked {
            return None;
        }
        let over_stream = |end: &PairEnd| end.kind == CandidateType::Relay && !is_over_udp(end.relay_protocol);
        let relay = self.nominated.filter(|(_, local, _)| over_stream(local) && self.is_connected);
        let (control, over) = match relay {
            Some((id, local, _)) => (vec![id], local.relay_protocol),
            None => (self.all_servers_silent()?, None),
        };
        let count = silent.len() as u64;
        let evidence = silent.into_iter().chain(control).collect();
        Some(NoUdp { evidence, silent: count, over, alive: self.server_that_is_up().cloned() })
    }

    /// What the browser said of its servers over UDP, where it gave up every one of two or more. None where it may yet have
    /// heard of one, or never said so.
    fn all_servers_silent(&self) -> MaybeEvidence {
        let mut silent: BTreeMap<ServerUri, ObservationId> = BTreeMap::new();
        for seen in self.joined.observations.iter().filter(|seen| seen.end.is_ours()) {
            let Fact::Browser(BrowserFact::CandidateError { code, reason, .. }) = &seen.fact else { continue };
            let is_over_udp = seen.by.uri.as_ref().and_then(ServerUri::target);
            let is_over_udp = is_over_udp.is_some_and(|target| target.transport == Transport::Udp);
            // A name without an address, and a server that answers with an error, say nothing of UDP.
            let is_silence = *code == NOT_REACHED && !is_of_a_name(reason.as_str());
            if let (true, Some(uri)) = (is_over_udp, &seen.by.uri) {
                if !is_silence {
                    return None;
                }
                silent.insert(uri.clone(), seen.id);
            }
        }
        let asked = self.joined.targets.iter().filter(|target| target.transport == Transport::Udp).count();
        let holds = silent.len() >= 2 && silent.len() >= asked;
        holds.then(|| silent.into_values().collect())
    }

    /// One of the servers by its address, of which the other end was lent one.
    fn server_that_is_up(&self) -> Option<&'a ServerUri> {
        let lent: BTreeSet<IpAddr> = self
            .offered()
            .filter(|(_, end)| end.kind == CandidateType::Relay)
            .filter_map(|(_, end)| end.address.address())
            .collect();
        let named = self.joined.observations.iter().filter_map(|seen| seen.by.uri.as_ref());
        let address = |uri: &ServerUri| uri.target().and_then(|target| target.host.parse().ok());
        named.into_iter().find(|uri| address(uri).is_some_and(|address: IpAddr| lent.contains(&address)))
    }

    /// Which single change would have made it direct, where the file lets one tell: the NAT here that gives each destination
    /// another port, while the other end is known by one and the same; UDP that is not let out.
    pub(super) fn direct_if(&self) -> Vec<Code> {
        if self.was_direct() || self.relay_only().is_some() || self.peer_mapping_varies().is_some() {
            return Vec::new();
        }
        let is_blocked = self.no_udp().is_some();
        let varies = self.mapping_varies().is_some() && self.peer_mapping_is_one();
        let changes = [(is_blocked, Code::AllowOutboundUdp), (varies, Code::UseEndpointIndependentMapping)];
        changes.into_iter().filter_map(|(holds, code)| holds.then_some(code)).collect()
    }

    /// Whether the other end was met, from a relay of ours, at an address that a server of its own had told it.
    fn peer_mapping_is_one(&self) -> bool {
        let is_met = |pair: &Pair| {
            pair.local.kind == CandidateType::Relay
                && pair.state == PairState::Succeeded
                && matches!(pair.remote.kind, CandidateType::Srflx | CandidateType::Host)
                && matches!(pair.remote.address, Host::Address(_))
        };
        self.pairs.iter().any(|(_, pair)| is_met(pair))
    }
}

fn is_over_udp(transport: Option<Transport>) -> bool {
    matches!(transport, Some(Transport::Udp | Transport::Dtls))
}

/// Whether a browser says that it found no address for a server's name (Chromium's words, and Firefox's).
pub(crate) fn is_of_a_name(said: &str) -> bool {
    said.contains("host lookup") || said.contains("NS_ERROR_UNKNOWN_HOST")
}
