//! Which candidates of either end does a file tell of?
//!
//! Events tell them as lines, statistics as reports: a line says more, and a report alone tells of those that were learnt from
//! checks. A browser gathers for each media section before they are bundled; of what statistics do not know any more nothing
//! was checked, and it is left out.

use super::Told;
use crate::dump::session::{Happened, StatCandidate};
use crate::ice::RemoteCandidate;
use crate::model::{
    BrowserFact, Candidate, CandidateType, End, Fact, Host, HostFact, IceFact, Millis, PairEnd, Protocol, Question,
    ServerUri, TcpType, Text, Transport,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// What stands for an address that the file hides: a name that nobody can have (RFC 6761 §6.4).
const HIDDEN: &str = "address-hidden.invalid";

/// The most candidates of an end that are told of, ten times those of a machine with many interfaces.
const CANDIDATES_MAX: usize = 1_000;

/// The candidates of both ends.
pub(super) struct EndCandidates {
    ours: Vec<(Millis, OwnLine)>,
    theirs: Vec<(Millis, PairEnd)>,
    /// By their ids in statistics.
    by_id: BTreeMap<String, PairEnd>,
    /// The addresses that they are based on, by the same ids.
    bases: BTreeMap<String, (Text, u16)>,
}

/// One of this end's, as its line says.
struct OwnLine {
    line: RemoteCandidate,
    url: Option<ServerUri>,
    relay_protocol: Option<Transport>,
}

impl OwnLine {
    fn end(&self) -> PairEnd {
        PairEnd { relay_protocol: self.relay(), server: self.url.clone(), ..end_of(&self.line) }
    }

    /// How the relay is reached: as the browser says, else as the URI does (older ones, and Safari).
    fn relay(&self) -> Option<Transport> {
        let by_uri = || self.url.as_ref().and_then(ServerUri::target).map(|target| target.transport);
        (self.line.kind == CandidateType::Relay).then(|| self.relay_protocol.or_else(by_uri)).flatten()
    }
}

fn end_of(line: &RemoteCandidate) -> PairEnd {
    PairEnd {
        kind: line.kind,
        protocol: line.protocol,
        address: line.host.clone(),
        port: line.port,
        tcp_type: line.tcp_type,
        relay_protocol: None,
        server: None,
    }
}

impl EndCandidates {
    pub(super) fn of(told: &Told<'_>) -> Self {
        let connection = told.connection;
        let mut once = BTreeSet::new();
        let found = told.events(|event| match &event.happened {
            Happened::Found { line, url, relay_protocol } => Some((event.at, line, url, *relay_protocol)),
            _ => None,
        });
        let mut ours: Vec<(Millis, OwnLine)> = found
            .filter(|(_, line, ..)| once.insert(*line))
            .filter_map(|(at, line, url, relay_protocol)| {
                let line = RemoteCandidate::parse(line).ok()?;
                Some((at, OwnLine { line, url: url.clone(), relay_protocol }))
            })
            .take(CANDIDATES_MAX)
            .collect();
        if ours.is_empty() {
            // A description that was made when all was gathered names them all.
            let described = told.descriptions(End::Ours);
            let lines = described.flat_map(|(at, it)| it.candidates.iter().map(move |line| (at, line)));
            let read = lines.filter(|(_, line)| once.insert(*line)).filter_map(|(at, line)| {
                let line = RemoteCandidate::parse(line).ok()?;
                Some((at, OwnLine { line, url: None, relay_protocol: None }))
            });
            ours.extend(read.take(CANDIDATES_MAX));
        }
        let of_stats = |end: End| connection.candidates.values().filter(move |it| it.end == end);
        let ports: BTreeSet<u16> = of_stats(End::Ours).filter_map(|candidate| candidate.port).collect();
        // Statistics know of no candidate that only ever connects by TCP.
        let is_known = |own: &OwnLine| ports.contains(&own.line.port);
        if ours.iter().any(|(_, own)| is_known(own)) {
            ours.retain(|(_, own)| is_known(own) || own.line.protocol == Protocol::Tcp);
        }
        let mut theirs: Vec<(Millis, PairEnd)> = Vec::new();
        let mut once = BTreeSet::new();
        let mut offer = |at: Millis, end: PairEnd| {
            let is_new = once.insert((end.address.clone(), end.port, end.kind, end.protocol));
            theirs.extend((is_new && once.len() <= CANDIDATES_MAX).then_some((at, end)));
        };
        for event in &connection.events {
            let lines: &[String] = match &event.happened {
                Happened::Added { line } => std::slice::from_ref(line),
                Happened::Described { end: End::Theirs, description } => &description.candidates,
                _ => &[],
            };
            let read = lines.iter().filter_map(|line| RemoteCandidate::parse(line).ok());
            read.for_each(|line| offer(event.at, end_of(&line)));
        }
        let mut by_id: BTreeMap<String, PairEnd> = BTreeMap::new();
        for (id, candidate) in &connection.candidates {
            by_id.extend(end_in_statistics(candidate).map(|end| (id.clone(), end)));
        }
        let with_own_report: BTreeSet<u16> =
            of_stats(End::Theirs).filter(|it| it.kind != Some(CandidateType::Prflx)).filter_map(|it| it.port).collect();
        for end in by_id.values_mut().filter(|end| matches!(end.address, Host::Name(_))) {
            // What a check came from is hidden, and may have been announced under its true type: not as what has a report of its
            // own, which is another address with the port that a NAT has kept.
            let mut known = theirs.iter().map(|(_, known)| known).filter(|known| known.port == end.port);
            let is_other = with_own_report.contains(&end.port);
            if let (CandidateType::Prflx, false, Some(known), None) = (end.kind, is_other, known.next(), known.next()) {
                end.address = known.address.clone();
            }
        }
        let bases = connection.candidates.iter().filter_map(|(id, it)| Some((id.clone(), base(it)?))).collect();
        let mut ends = Self { ours, theirs, by_id, bases };
        ends.add_from_statistics(told);
        ends
    }

    /// Without events statistics alone tell what was there.
    fn add_from_statistics(&mut self, told: &Told<'_>) {
        let has_lines = !self.theirs.is_empty();
        for (id, candidate) in &told.connection.candidates {
            let is_announced = candidate.kind != Some(CandidateType::Prflx);
            if let (End::Theirs, true, false, Some(end)) = (candidate.end, is_announced, has_lines, self.by_id.get(id))
            {
                self.theirs.push((told.begin, end.clone()));
            }
        }
    }

    pub(super) fn has_remote(&self) -> bool {
        !self.theirs.is_empty()
    }

    /// The end of a pair with this id in statistics.
    pub(super) fn get(&self, id: &str) -> Option<&PairEnd> {
        self.by_id.get(id)
    }

    /// What a candidate with this id is based on, where that is told.
    pub(super) fn base(&self, id: &str) -> Option<&(Text, u16)> {
        self.bases.get(id)
    }

    /// Whether the other end announced this very address as a relayed one, whatever it is called where it is used.
    pub(super) fn as_announced(&self, remote: &PairEnd) -> Option<&PairEnd> {
        self.theirs.iter().map(|(_, end)| end).find(|end| (&end.address, end.port) == (&remote.address, remote.port))
    }

    /// How many servers told this end an address of this base: each answered at least once.
    pub(super) fn answers(&self, base: &PairEnd) -> u32 {
        let reflexive = self.ours.iter().filter(|(_, own)| own.line.kind == CandidateType::Srflx);
        let is_only_base = self
            .ours
            .iter()
            .filter(|(_, own)| own.line.kind == CandidateType::Host && own.line.protocol == Protocol::Udp)
            .count()
            == 1;
        let told = reflexive.filter(|(_, own)| match (own.line.related, base.endpoint()) {
            (Some(related), Some(base)) if related.port() != 0 => related == base,
            // An end that hides its addresses hides the base as well.
            _ => is_only_base,
        });
        u32::try_from(told.count()).unwrap_or(u32::MAX)
    }

    /// Tells of them in the house's words.
    pub(super) fn note(&self, told: &mut Told<'_>) {
        for (at, own) in &self.ours {
            let fact = match own.line.host {
                Host::Address(address) => Fact::Host(HostFact::Candidate(candidate(own, address))),
                Host::Name(_) => Fact::Browser(BrowserFact::HiddenCandidate(own.end())),
            };
            told.observe(*at, Question::Gather, fact);
        }
        if self.ours.is_empty() {
            let reports = told.connection.candidates.iter().filter(|(_, it)| it.end.is_ours());
            let known = reports.filter(|(_, it)| it.kind != Some(CandidateType::Prflx));
            for (end, related) in
                known.filter_map(|(id, it)| Some((self.by_id.get(id)?.clone(), related(it)))).collect::<Vec<_>>()
            {
                let fact = match end.address {
                    Host::Address(address) => Fact::Host(HostFact::Candidate(of_report(&end, address, related))),
                    Host::Name(_) => Fact::Browser(BrowserFact::HiddenCandidate(end)),
                };
                told.observe(told.begin, Question::Gather, fact);
            }
        }
        // What the other end's answers showed of a base, no server has told.
        let learnt = told
            .connection
            .candidates
            .iter()
            .filter(|(_, it)| it.end.is_ours() && it.kind == Some(CandidateType::Prflx));
        let learnt: Vec<Candidate> = learnt
            .filter_map(|(id, it)| {
                let end = self.by_id.get(id)?;
                Some(of_report(end, end.address.address()?, Some(related(it)?)))
            })
            .collect();
        for candidate in learnt {
            told.observe(told.end, Question::Checks, Fact::Host(HostFact::Candidate(candidate)));
        }
        for (at, end) in &self.theirs {
            told.observe(*at, Question::Checks, Fact::Ice(IceFact::RemoteCandidate(end.clone())));
        }
    }
}

fn candidate(own: &OwnLine, address: IpAddr) -> Candidate {
    let line = &own.line;
    Candidate {
        kind: line.kind,
        protocol: line.protocol,
        address,
        port: line.port,
        priority: line.priority,
        foundation: line.foundation.chars().take(32).collect(),
        related: line.related,
        relay_protocol: own.relay(),
        server: own.url.clone(),
        tcp_type: line.tcp_type,
    }
}

/// The socket that a candidate is of; a relayed one is a socket of its own.
fn base(candidate: &StatCandidate) -> Option<(Text, u16)> {
    match (candidate.kind?, &candidate.related) {
        (CandidateType::Srflx | CandidateType::Prflx, Some(related)) => Some(related.clone()),
        _ => Some((candidate.address.clone(), candidate.port?)),
    }
}

fn related(candidate: &StatCandidate) -> Option<SocketAddr> {
    let (address, port) = candidate.related.as_ref()?;
    Some(SocketAddr::new(address.as_str().parse().ok()?, *port))
}

fn of_report(end: &PairEnd, address: IpAddr, related: Option<SocketAddr>) -> Candidate {
    Candidate {
        kind: end.kind,
        protocol: end.protocol,
        address,
        port: end.port,
        priority: 1,
        foundation: "0".to_owned(),
        related,
        relay_protocol: end.relay_protocol,
        server: end.server.clone(),
        tcp_type: end.tcp_type,
    }
}

fn end_in_statistics(candidate: &StatCandidate) -> Option<PairEnd> {
    let kind = candidate.kind?;
    let address = match candidate.address.as_str() {
        "" | "(redacted)" | "x.x.x.x" => Host::Name(Text::new(HIDDEN)),
        text => text.parse().map_or_else(|_| Host::Name(candidate.address.clone()), Host::Address),
    };
    let by_uri = || candidate.url.as_ref().and_then(ServerUri::target).map(|target| target.transport);
    let relay = candidate.relay_protocol.or_else(by_uri);
    let is_own_relay = kind == CandidateType::Relay && candidate.end.is_ours();
    let protocol = candidate.protocol.unwrap_or(Protocol::Udp);
    Some(PairEnd {
        kind,
        protocol,
        address,
        port: candidate.port.unwrap_or_default(),
        tcp_type: candidate.tcp_type.or((protocol == Protocol::Tcp).then_some(TcpType::Passive)),
        relay_protocol: relay.filter(|_| is_own_relay),
        server: candidate.url.clone().filter(|_| candidate.end.is_ours()),
    })
}
