//! What follows from a diagnosis, beyond what stands in it: whatever shows one asks here and decides nothing by itself.

use super::{
    Call, CallOutcome, Candidate, CandidateType, Code, Diagnosis, Fact, Finding, Group, HostFact, Interface, Pair,
    PairEnd, PairState, Path, SelectedPair, Server, Severity, StageOutcome, Transport,
};

/// How grave it is what the verdict and the call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gravity {
    /// Calls go directly, or the call that was made was good.
    Fine,
    /// Calls work through a relay.
    Relayed,
    /// The call that was made worked in part.
    Degraded,
    /// No path, or one that did not carry the call.
    Broken,
    /// It could not be told.
    Unknown,
}

/// At which end the direct way is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockedAt {
    /// In front of this machine.
    Here,
    /// In front of the other end, or between two that are at odds with each other.
    There,
}

/// How one address of a server fared as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerHealth {
    /// All its stages passed.
    Passes,
    /// It was reached, and answered with a STUN error.
    Refuses,
    /// It was not reached, or what came back was wrong.
    Fails,
    /// It was asked, and nothing came back.
    Silent,
    /// It was not asked, or not to the end.
    NotTested,
}

/// Where a candidate of ours comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CandidateSource<'a> {
    /// A host candidate: the interface that has its address.
    Interface(&'a Interface),
    /// A reflexive or relayed one: the URI of the server, and how a relay is reached.
    Server(&'a str, Option<Transport>),
}

impl Diagnosis {
    /// Whether the other end is known too: a call that was tried, or one that two saved checks let expect.
    pub fn is_of_two(&self) -> bool {
        self.verdict.predicted.is_some()
    }

    /// What became of the call, where that is graver than anything the path could be.
    pub fn decisive_outcome(&self) -> Option<CallOutcome> {
        let outcome = self.call.as_ref()?.outcome;
        let is_grave = matches!(outcome.gravity(), Gravity::Broken | Gravity::Degraded);
        (is_grave && !outcome.lacks_a_path()).then_some(outcome)
    }

    /// The pair by which the verdict's path was seen to work: the nominated one, else the first that works and goes
    /// the way of the verdict.
    pub fn verdicts_pair(&self) -> Option<&Pair> {
        let is_relayed = self.verdict.path.value() == Some(&Path::Relay);
        let shows = |pair: &&Pair| pair.is_relayed() == is_relayed;
        let nominated = self.pairs.iter().find(|pair| pair.nominated).filter(shows);
        nominated.or(self.pairs.iter().find(|pair| pair.state == PairState::Succeeded).filter(shows))
    }

    /// Whether every server that was asked stands on this machine's loopback: then nothing is known of the network.
    pub fn asked_only_this_machine(&self) -> bool {
        let mut addresses = self.servers.iter().filter_map(|server| server.address).peekable();
        addresses.peek().is_some() && addresses.all(|address| address.ip().is_loopback())
    }

    /// At which end the direct way is blocked; None where it is not known to be.
    pub fn blocked_at(&self) -> Option<BlockedAt> {
        self.verdict.path.value().filter(|path| **path != Path::Direct)?;
        // A call that died on a pair that was reached tells of neither end.
        if self.verdict.because.iter().any(|why| why.group() == Group::Calls) {
            return None;
        }
        let is_for_want_of_udp = self.forbids_udp() || self.says(Code::ServerUdpSilent);
        let varies = |codes: [Code; 2]| codes.iter().any(|code| self.says(*code));
        let ours_varies = varies([Code::OwnMappingVaries, Code::SeveralLines]);
        let theirs_varies = varies([Code::PeerMappingVaries, Code::PeerSeveralLines]);
        let is_here = is_for_want_of_udp || ours_varies && !theirs_varies;
        Some(if is_here { BlockedAt::Here } else { BlockedAt::There })
    }

    /// Whether UDP between this machine and any peer passes; None where the verdict does not say.
    pub fn passes_direct_udp(&self) -> Option<bool> {
        if self.forbids_udp() {
            return Some(false);
        }
        (self.verdict.path.value() == Some(&Path::Direct)).then_some(true)
    }

    /// Whether something at this end is known to keep what calls send over UDP from passing.
    pub fn forbids_udp(&self) -> bool {
        [Code::LocalFirewall, Code::UdpBlocked, Code::StunFiltered].iter().any(|code| self.says(*code))
    }

    /// Whether this is a reason of the verdict.
    fn says(&self, code: Code) -> bool {
        self.verdict.because.contains(&code)
    }

    /// Whether there is a finding of this code.
    pub fn has_found(&self, code: Code) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }

    /// Where a candidate of ours comes from; None where no interface of ours has its address, or no server is known.
    pub fn source_of<'a>(&'a self, candidate: &'a Candidate) -> Option<CandidateSource<'a>> {
        if candidate.kind != CandidateType::Host {
            return Some(CandidateSource::Server(candidate.server.as_ref()?.as_str(), candidate.relay_protocol));
        }
        self.observations.iter().filter(|observation| observation.end.is_ours()).find_map(|observation| {
            match &observation.fact {
                Fact::Host(HostFact::Interface(interface))
                    if interface.addresses.iter().any(|own| own.address == candidate.address) =>
                {
                    Some(CandidateSource::Interface(interface))
                }
                _ => None,
            }
        })
    }

    /// The findings that no other explains, worst first.
    pub fn roots(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.cause.is_none())
    }

    /// What one of these findings explains.
    pub fn explained_by<'a>(&'a self, cause: &Finding) -> impl Iterator<Item = &'a Finding> {
        let place = self.findings.iter().position(|finding| std::ptr::eq(finding, cause));
        let place = place.and_then(|place| u32::try_from(place).ok());
        self.findings.iter().filter(move |finding| place.is_some() && finding.cause == place)
    }

    /// Whether a note tells why there is no path, or why none could be told: then it is more than a note. Warnings
    /// and worse speak for themselves.
    pub fn explains_the_verdict(&self, finding: &Finding) -> bool {
        let failed = matches!(self.gravity(), Gravity::Broken | Gravity::Unknown);
        if finding.severity > Severity::Info || !failed {
            return false;
        }
        let verdict = &self.verdict;
        let is_reason = verdict.because.contains(&finding.code) || verdict.path.why() == Some(finding.code);
        let is_behind_one_nat = verdict.because.contains(&Code::SameNetwork);
        is_reason
            || finding.code == Code::DoesNotHairpin && is_behind_one_nat
            // A relay that refuses private addresses is right; where they are of another network, that is the reason.
            || finding.code == Code::PairsRefusedByRelay && !self.has_found(Code::PeerAddressesInside)
            || matches!(
                finding.code,
                Code::BrowserOffersNothing
                    | Code::BrowserOffersRelaysOnly
                    | Code::BrowserOffersNoLocalAddress
                    | Code::NoCommonServer
                    | Code::PairsNotResolved
                    | Code::PairsUnreachable
                    | Code::PairsRefused
                    | Code::PairsRelayLost
                    | Code::PairsNotSymmetric
                    | Code::PeerCandidateMalformed
                    | Code::PeerCandidateForbidden
                    | Code::PeerCandidateNameNotLocal
                    | Code::PeerDescriptionUnusable
                    | Code::PeerMessageMalformed
                    | Code::PeerMessageStale
                    | Code::PeerMakesNoCall
                    | Code::PeerOtherVersion
            )
    }
}

impl Server {
    /// How it fared as a whole.
    pub fn health(&self) -> ServerHealth {
        let any = |outcome: StageOutcome| self.stages.iter().any(|stage| stage.outcome == outcome);
        match &self.error {
            // There was no address to ask it at.
            Some(error) if error.code == Code::NoAddressOfFamily => ServerHealth::NotTested,
            Some(error) if error.stun_code.is_some() => ServerHealth::Refuses,
            _ if any(StageOutcome::Silent) => ServerHealth::Silent,
            Some(_) => ServerHealth::Fails,
            None if any(StageOutcome::Failed) => ServerHealth::Fails,
            None if any(StageOutcome::Passed) && !any(StageOutcome::NotTested) => ServerHealth::Passes,
            None => ServerHealth::NotTested,
        }
    }
}

impl Pair {
    /// Whether a relay stands between its ends.
    pub fn is_relayed(&self) -> bool {
        path_between(&self.local, &self.remote) == Path::Relay
    }

    /// How its relay is reached: of two the slower way, which is what is felt.
    pub fn relay_transport(&self) -> Option<Transport> {
        slower(&self.local, &self.remote)
    }
}

impl SelectedPair {
    /// Whether it goes through a relay.
    pub fn path(&self) -> Path {
        path_between(&self.local, &self.remote)
    }

    /// How its relay is reached: of two the slower way, which is what is felt.
    pub fn relay_transport(&self) -> Option<Transport> {
        slower(&self.local, &self.remote)
    }
}

impl CallOutcome {
    /// How grave it is. Exit codes, tones and headlines all go by this one table.
    pub fn gravity(self) -> Gravity {
        match self {
            Self::Good | Self::PartOffered | Self::MediaDeclined => Gravity::Fine,
            Self::Degraded | Self::RelayThin | Self::NoData | Self::CodecsDiffer | Self::Closed => Gravity::Degraded,
            Self::Unfinished | Self::NotTried => Gravity::Unknown,
            Self::MediaOneWay
            | Self::Cut
            | Self::Dtls
            | Self::NoPair
            | Self::NoCandidates
            | Self::NoAgreement
            | Self::NoAnswer => Gravity::Broken,
        }
    }

    /// Whether it was the way between the two ends that was missing: then the verdict on the path says why.
    pub fn lacks_a_path(self) -> bool {
        matches!(self, Self::NoPair | Self::NoCandidates)
    }
}

impl Call {
    /// How grave its outcome is by itself.
    pub fn gravity(&self) -> Gravity {
        self.outcome.gravity()
    }
}

fn path_between(local: &PairEnd, remote: &PairEnd) -> Path {
    if [local, remote].iter().any(|end| end.kind == CandidateType::Relay) { Path::Relay } else { Path::Direct }
}

/// Over a stream one lost packet delays all behind it, and TLS adds its records to that.
fn slower(local: &PairEnd, remote: &PairEnd) -> Option<Transport> {
    let slowness = |transport: &Transport| match transport {
        Transport::Udp => 0,
        Transport::Dtls => 1,
        Transport::Tcp => 2,
        Transport::Tls => 3,
    };
    [local.relay_protocol, remote.relay_protocol].into_iter().flatten().max_by_key(slowness)
}
