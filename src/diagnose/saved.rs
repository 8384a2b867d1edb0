//! What does a file tell of a call that somebody else had, where nobody asked its networks anything? (RFC 8445 §7)
//!
//! The path is that of the pair which was in use, whatever else might have worked. That there was none is known where the
//! checks went on for as long as browsers are patient, and none was ever answered. Why it went so is told by what the file shows
//! by itself: what servers said, ports that differ, a policy, pairs that stayed silent. What it shows of the networks, and which
//! single change would have helped, stands in networks.rs.

mod networks;

pub(crate) use networks::is_of_a_name;

use super::call::GIVEN_UP_AFTER;
use crate::model::{
    BrowserFact, CallFact, CallFile, CallStage, Candidate, CandidateType, Code, End, Fact, Host, HostFact, IceFact,
    Judged, Millis, ObservationId, Pair, PairEnd, PairFailure, PairState, Path, Protocol, Record, RunFact, Scope, Text,
    Verdict,
};
use std::collections::BTreeSet;

/// Statistics are taken once a second, and candidates are paired within seconds of the descriptions.
const CHECKED_BY: Millis = Millis(5000.0);

/// Chromium tells after 39.9 s that a server over UDP is silent, and Firefox after 11.25 s.
const SERVERS_GIVEN_UP_AFTER: Millis = Millis(41_000.0);

/// The error code of a browser that did not reach a server at all (webrtc-pc §4.8.3).
const NOT_REACHED: u16 = 701;

/// RFC 8656 §19, RFC 8489 §14.8: of the first a browser tells when it had shown its credentials.
const UNAUTHORIZED: u16 = 401;
const QUOTA_REACHED: u16 = 486;

/// What a file tells of one call, as this end's; the other end's file may be beside it.
pub(crate) struct SavedCall<'a> {
    joined: &'a Record,
    /// That it is read from a file, and from which.
    pub file: (&'a CallFile, ObservationId),
    /// The pair that was in use last.
    nominated: Option<(ObservationId, &'a PairEnd, &'a PairEnd)>,
    pairs: Vec<(ObservationId, &'a Pair)>,
    is_connected: bool,
    described_at: Option<Millis>,
}

/// Candidates of one end's that its own file tells of and the other end's does not.
pub(crate) struct LostCandidates {
    /// Whose they are.
    pub from: End,
    /// How many it found, those that got across too.
    pub found: u32,
    /// Each that did not.
    pub evidence: Vec<ObservationId>,
}

/// Something found, and what it rests on.
pub(crate) type MaybeEvidence = Option<Vec<ObservationId>>;

impl<'a> SavedCall<'a> {
    /// None of a record that was not read from such a file.
    pub(crate) fn of(joined: &'a Record) -> Option<Self> {
        let ours = || joined.observations.iter().filter(|seen| seen.end.is_ours());
        let file = ours().find_map(|seen| match &seen.fact {
            Fact::Run(RunFact::FromFile(file)) => Some((&**file, seen.id)),
            _ => None,
        })?;
        let mut nominated = ours().filter_map(|seen| match &seen.fact {
            Fact::Ice(IceFact::Nominated { local, remote, .. }) => Some((seen.id, local, remote)),
            _ => None,
        });
        let restarted = ours().rfind(|seen| seen.fact == Fact::Ice(IceFact::Restarted)).map(|seen| seen.id);
        let pairs = ours().filter(|seen| restarted.is_none_or(|restarted| seen.id > restarted));
        let pairs = pairs.filter_map(|seen| match &seen.fact {
            Fact::Ice(IceFact::Checked(pair)) => Some((seen.id, pair)),
            _ => None,
        });
        let connected =
            |fact: &Fact| matches!(fact, Fact::Call(CallFact::CallReached { stage: CallStage::Connected, .. }));
        let described = ours().find(|seen| matches!(seen.fact, Fact::Ice(IceFact::Described { .. })));
        Some(Self {
            joined,
            file,
            nominated: nominated.next_back(),
            pairs: pairs.collect(),
            is_connected: ours().any(|seen| connected(&seen.fact)),
            described_at: described.map(|seen| seen.at_ms),
        })
    }

    fn facts(&self, end: End) -> impl DoubleEndedIterator<Item = (ObservationId, &'a Fact)> {
        let of_end = self.joined.observations.iter().filter(move |seen| seen.end == end);
        of_end.map(|seen| (seen.id, &seen.fact))
    }

    /// Whether the two ends were connected without a relay.
    pub(crate) fn was_direct(&self) -> bool {
        self.path() == Some(Path::Direct)
    }

    /// Whether a browser would have told by the end of the file that a server does not answer.
    pub(crate) fn has_waited_for_servers(&self) -> bool {
        self.file.0.lasted_ms >= SERVERS_GIVEN_UP_AFTER
    }

    /// Whether nothing tells how long it took until the call was there.
    pub(crate) fn lacks_beginning(&self) -> bool {
        self.file.0.lacks_beginning
    }

    /// Whether a pair was in use at all.
    pub(crate) fn is_connected(&self) -> bool {
        self.is_connected
    }

    /// The path of the pair in use.
    fn path(&self) -> Option<Path> {
        let (_, local, remote) = self.nominated.filter(|_| self.is_connected)?;
        let is_relayed = [local, remote].iter().any(|end| end.kind == CandidateType::Relay);
        Some(if is_relayed { Path::Relay } else { Path::Direct })
    }

    /// Whether pairs were checked for as long as a browser does, and none ever had an answer.
    pub(crate) fn had_no_path(&self) -> bool {
        let lasted = self.described_at.map_or(0.0, |at| self.file.0.lasted_ms.0 - at.0);
        let is_silent = self.pairs.iter().all(|(_, pair)| pair.state != PairState::Succeeded);
        let is_tried = self.pairs.iter().any(|(_, pair)| pair.state == PairState::Failed);
        // A browser that counts no checks tells itself which pairs it has given up.
        let is_given_up =
            self.file.0.counts_no_checks && self.pairs.iter().all(|(_, pair)| pair.state == PairState::Failed);
        let may_be_missing = self.file.0.cut_within;
        !self.is_connected && !may_be_missing && is_silent && is_tried && (lasted >= GIVEN_UP_AFTER.0 || is_given_up)
    }

    /// Whether pairs may have been there that the file does not show: it does not tell of all, ends before statistics were taken, or
    /// says that the two were connected.
    fn may_lack_pairs(&self) -> bool {
        let file = self.file.0;
        let checked_ms = self.described_at.map_or(0.0, |at| file.known_ms().0 - at.0);
        file.may_lack_candidates() || file.samples == 0 || self.is_connected || checked_ms < CHECKED_BY.0
    }

    /// Whether it shows a part of the call alone.
    pub(crate) fn shows_a_part(&self) -> bool {
        let is_unsampled = self.is_connected && self.pairs.is_empty() && !self.file.0.of_packets;
        self.file.0.shows_a_part() || is_unsampled
    }

    /// What the browser said of a description of the other end's that it did not take, where nothing was checked for that.
    pub(crate) fn refused_description(&self) -> Option<(ObservationId, &'a str)> {
        let mut refused = self.failed_requests().filter(|(_, what, _)| *what == "setRemoteDescription");
        refused.next_back().filter(|_| self.described_at.is_none()).map(|(id, _, reason)| (id, reason))
    }

    /// Why the file tells nothing of any path: it holds no connection any more, or nothing that was checked.
    pub(crate) fn shows_nothing(&self) -> Option<Code> {
        let file = self.file.0;
        let is_of_checks = |fact: &Fact| matches!(fact, Fact::Ice(IceFact::Described { .. } | IceFact::Checked(_)));
        let says_so = |fact: &Fact| match fact {
            Fact::Call(CallFact::CallReached { stage, .. }) => *stage != CallStage::Gathered,
            Fact::Call(_) | Fact::Browser(BrowserFact::OfferUnanswered { .. }) => true,
            _ => false,
        };
        let is_told = self.facts(End::Ours).any(|(_, fact)| is_of_checks(fact) || says_so(fact)) || self.had_no_relay();
        match (file.connections == 0, is_told) {
            (_, true) => None,
            (true, false) if file.lacks_words() => Some(Code::SavedFileBroken),
            (true, false) if !file.of_packets => Some(Code::SavedFileEmpty),
            (..) if file.at_server => Some(Code::SavedSeenAtServer),
            (..) => Some(Code::SavedNothingChecked),
        }
    }

    /// Whether it was taken at a server of TURN.
    pub(crate) fn is_at_server(&self) -> bool {
        self.file.0.at_server
    }

    /// Puts the path that the call had, and why, into the place of what its networks would let expect.
    pub(crate) fn pass_judgement(&self, verdict: &mut Verdict) {
        if let Some((id, _)) = self.unanswered() {
            verdict.path = Judged::unclear(Code::SavedCallNoAnswer, vec![id]);
            verdict.because = vec![Code::SavedCallNoAnswer];
            return;
        }
        if let Some((id, _)) = self.refused_description() {
            verdict.path = Judged::unclear(Code::SavedDescriptionRefused, vec![id]);
            verdict.because = vec![Code::SavedDescriptionRefused];
            return;
        }
        if let Some(code) = self.shows_nothing() {
            verdict.path = Judged::unclear(code, vec![self.file.1]);
            verdict.because = vec![code];
            return;
        }
        let file = self.file.0;
        let evidence = || self.pairs.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        match (self.path(), self.nominated) {
            (Some(path), Some((id, ..))) => {
                verdict.path = Judged::known(path, vec![id]);
                verdict.because = match path {
                    Path::Direct => vec![Code::DirectPairWorks],
                    Path::Relay | Path::None => self.why_not_direct(),
                };
            }
            _ if self.had_no_path() => {
                let is_controlled = verdict.path.value() == Some(&Path::None);
                verdict.path = Judged::known(Path::None, evidence());
                verdict.because = is_controlled.then_some(Code::NoPairWorks).into_iter().collect();
                verdict.because.extend(self.natural_causes());
                verdict.because.extend(self.why_no_relay());
                if verdict.because.is_empty() {
                    verdict.because.push(Code::ControlFailed);
                }
            }
            _ if self.had_no_relay() => {
                let errors = self.errors().map(|(id, _)| id).collect();
                verdict.path = Judged::known(Path::None, errors);
                verdict.because = self.natural_causes().into_iter().chain(self.why_no_relay()).collect();
            }
            _ if file.cut_within || verdict.because == [Code::NoPairs] && self.may_lack_pairs() => {
                verdict.path = Judged::unclear(Code::SavedCallInPart, vec![self.file.1]);
                verdict.because = vec![Code::SavedCallInPart];
            }
            _ if !file.of_packets && verdict.path.value() == Some(&Path::None) => {
                verdict.path = Judged::unclear(Code::ChecksUnfinished, evidence());
                verdict.because = vec![Code::ChecksUnfinished];
            }
            _ => return,
        }
        (verdict.tried, verdict.direct_if) = (Some(verdict.path.clone()), self.direct_if());
    }

    /// Whether relays alone were allowed, and of those none was got: this end had nothing to offer.
    pub(crate) fn had_no_relay(&self) -> bool {
        let has_gathered =
            |fact: &Fact| matches!(fact, Fact::Call(CallFact::CallReached { stage: CallStage::Gathered, .. }));
        let hides = |fact: &Fact| matches!(fact, Fact::Browser(BrowserFact::HiddenCandidate(_)));
        let has_any = self.candidates().next().is_some() || self.facts(End::Ours).any(|(_, fact)| hides(fact));
        self.relay_only() == Some(Code::SourceRelaysOnly)
            && !self.file.0.lacks_words()
            && !has_any
            && self.errors().next().is_some()
            && self.facts(End::Ours).any(|(_, fact)| has_gathered(fact))
    }

    /// What the browser said of its servers, by code.
    fn errors(&self) -> impl Iterator<Item = (ObservationId, u16)> {
        self.facts(End::Ours).filter_map(|(id, fact)| match fact {
            Fact::Browser(BrowserFact::CandidateError { code, .. }) => Some((id, *code)),
            _ => None,
        })
    }

    fn why_not_direct(&self) -> Vec<Code> {
        if self.is_at_server() {
            return vec![Code::SavedSeenAtServer, Code::RelayTakesOver];
        }
        let mut codes = self.natural_causes();
        let failed = |relayed: bool| {
            let is_relayed =
                |pair: &Pair| [&pair.local, &pair.remote].iter().any(|end| end.kind == CandidateType::Relay);
            self.pairs.iter().any(|(_, pair)| pair.state == PairState::Failed && is_relayed(pair) == relayed)
        };
        let is_open = self.pairs.iter().any(|(_, pair)| {
            let is_relayed = [&pair.local, &pair.remote].iter().any(|end| end.kind == CandidateType::Relay);
            pair.state == PairState::NotChecked && !is_relayed
        });
        if codes.is_empty() {
            codes.push(match (failed(false), is_open) {
                (true, _) => Code::NoDirectPairWorks,
                (false, true) => Code::ChecksUnfinished,
                (false, false) => Code::NoDirectPairTried,
            });
        }
        codes.push(Code::RelayTakesOver);
        codes
    }

    /// What the file shows of the ways between the two.
    fn natural_causes(&self) -> Vec<Code> {
        let varies = [
            (self.no_udp().is_some(), Code::SavedNoUdpAnswer),
            (self.mapping_varies().is_some(), Code::OwnMappingVaries),
            (self.peer_mapping_varies().is_some(), Code::PeerMappingVaries),
        ];
        let varies = varies.into_iter().filter_map(|(holds, code)| holds.then_some(code));
        self.relay_only().into_iter().chain(varies).collect()
    }

    /// Why no relay took over: refused, not reached, or none configured.
    fn why_no_relay(&self) -> Vec<Code> {
        if self.joined.names_no_turn() {
            return vec![Code::NoTurnNamed];
        }
        let codes: BTreeSet<Code> = self
            .errors()
            .map(|(_, code)| match code {
                NOT_REACHED => Code::BrowserServerNotReached,
                UNAUTHORIZED => Code::RelayCredentialsRejected,
                QUOTA_REACHED => Code::RelayQuotaReached,
                _ => Code::BrowserServerRefused,
            })
            .collect();
        let has_relay = self.candidates().any(|(_, candidate)| candidate.kind == CandidateType::Relay);
        if has_relay { Vec::new() } else { codes.into_iter().rev().collect() }
    }

    fn candidates(&self) -> impl Iterator<Item = (ObservationId, &'a Candidate)> {
        self.facts(End::Ours).filter_map(|(id, fact)| match fact {
            Fact::Host(HostFact::Candidate(candidate)) => Some((id, candidate)),
            _ => None,
        })
    }

    fn offered(&self) -> impl Iterator<Item = (ObservationId, &'a PairEnd)> {
        self.facts(End::Ours).filter_map(|(id, fact)| match fact {
            Fact::Ice(IceFact::RemoteCandidate(end)) => Some((id, end)),
            _ => None,
        })
    }

    /// An offer of ours that nobody answered, and for how long.
    pub(crate) fn unanswered(&self) -> Option<(ObservationId, Millis)> {
        self.facts(End::Ours).find_map(|(id, fact)| match fact {
            Fact::Browser(BrowserFact::OfferUnanswered { waited_ms }) => Some((id, *waited_ms)),
            _ => None,
        })
    }

    /// By whose relay the call went: this end's, or the other's.
    pub(crate) fn relayed_by(&self) -> Option<(End, &'a PairEnd, ObservationId)> {
        let (id, local, remote) = self.nominated.filter(|_| self.is_connected)?;
        if local.kind == CandidateType::Relay {
            Some((End::Ours, local, id))
        } else {
            (remote.kind == CandidateType::Relay).then_some((End::Theirs, remote, id))
        }
    }

    /// Where the other end's file is here: a description whose certificates differ at the two ends, as they begin.
    pub(crate) fn altered_fingerprint(&self) -> Option<(String, String, Vec<ObservationId>)> {
        let set = |teller: End, whose: End| {
            let mut sets = self.facts(teller).filter_map(move |(id, fact)| match fact {
                Fact::Browser(BrowserFact::DescriptionSet { of, fingerprints }) if *of == whose => {
                    Some((id, fingerprints))
                }
                _ => None,
            });
            sets.next_back()
        };
        // Each end calls the other's theirs.
        let crossed = [
            set(End::Ours, End::Ours).zip(set(End::Theirs, End::Theirs)),
            set(End::Theirs, End::Ours).zip(set(End::Ours, End::Theirs)),
        ];
        crossed.into_iter().flatten().find_map(|((own, said), (other, heard))| {
            let is_other = !said.iter().any(|one| heard.contains(one));
            let shown = |list: &[Text]| list.first().map(|text| text.as_str().to_owned()).unwrap_or_default();
            is_other.then(|| (shown(said), shown(heard), vec![own, other]))
        })
    }

    /// Where the other end's file is here: candidates of an end's that the other was never given, in either direction.
    pub(crate) fn lost_candidates(&self) -> Vec<LostCandidates> {
        let hides = |fact: &Fact| matches!(fact, Fact::Run(RunFact::FromFile(file)) if file.hides_addresses || file.lacks_words());
        if self.joined.peer.is_none() || self.joined.observations.iter().any(|seen| hides(&seen.fact)) {
            return Vec::new();
        }
        // A lite agent answers whoever checks, and needs none (RFC 8445 §2.5).
        let meets_lite = |fact: &Fact| matches!(fact, Fact::Ice(IceFact::Described { lite: true, .. }));
        let ends = [End::Ours, End::Theirs].into_iter();
        let lost = ends.filter(|from| !self.facts(*from).any(|(_, fact)| meets_lite(fact))).map(|from| {
            let given: BTreeSet<(&Host, u16)> = self
                .facts(from.other())
                .filter_map(|(_, fact)| match fact {
                    Fact::Ice(IceFact::RemoteCandidate(end)) => Some((&end.address, end.port)),
                    _ => None,
                })
                .collect();
            let found = self.facts(from).filter_map(|(id, fact)| match fact {
                Fact::Host(HostFact::Candidate(it))
                    if it.kind != CandidateType::Prflx && it.protocol == Protocol::Udp =>
                {
                    Some((id, Host::Address(it.address), it.port))
                }
                Fact::Browser(BrowserFact::HiddenCandidate(it)) if it.protocol == Protocol::Udp => {
                    Some((id, it.address.clone(), it.port))
                }
                _ => None,
            });
            let (mut found_by_it, mut evidence) = (0, Vec::new());
            for (id, host, port) in found {
                found_by_it += 1;
                evidence.extend((!given.contains(&(&host, port))).then_some(id));
            }
            LostCandidates { from, found: found_by_it, evidence }
        });
        lost.filter(|lost| !lost.evidence.is_empty()).collect()
    }

    /// What came no more for a while, or to the end, where the call went on all the same.
    pub(crate) fn pauses(&self) -> impl Iterator<Item = (ObservationId, &'a CallFact)> {
        self.facts(End::Ours).filter_map(|(id, fact)| match fact {
            Fact::Call(fact @ (CallFact::StoodStill { .. } | CallFact::KindEnded { .. })) => Some((id, fact)),
            _ => None,
        })
    }

    /// Whether each kind of media that had come came no more at the end.
    pub(crate) fn has_all_ended(&self) -> bool {
        let ended = |of_sound: bool| {
            self.pauses().any(|(_, fact)| matches!(fact, CallFact::KindEnded { audio, .. } if *audio == of_sound))
        };
        let mut came = self.facts(End::Ours).filter_map(|(_, fact)| match fact {
            Fact::Call(CallFact::Called(traffic)) => {
                Some([traffic.audio.received_packets > 0, traffic.video.received_packets > 0])
            }
            _ => None,
        });
        let came = came.next_back().unwrap_or_default();
        came.contains(&true) && came.into_iter().zip([true, false]).all(|(came, of_sound)| !came || ended(of_sound))
    }

    /// This end's addresses in the pairs that were in use before an observation and after it, where they differ.
    pub(crate) fn moved_at(&self, id: ObservationId) -> Option<(&'a PairEnd, &'a PairEnd)> {
        let used = self.facts(End::Ours).filter_map(|(at, fact)| match fact {
            Fact::Ice(IceFact::Nominated { local, .. }) => Some((at, local)),
            _ => None,
        });
        let (before, after): (Vec<_>, Vec<_>) = used.partition(|(at, _)| *at < id);
        let ((_, before), (_, after)) = (before.last()?, after.first()?);
        (before.address != after.address).then_some((*before, *after))
    }

    /// Relayed addresses of this end's, none of which took part in a pair that worked, where none worked at all.
    pub(crate) fn unreached_relays(&self) -> Vec<(ObservationId, &'a Candidate)> {
        let relayed = self.candidates().filter(|(_, candidate)| candidate.kind == CandidateType::Relay);
        relayed.filter(|_| self.had_no_path()).collect()
    }

    /// Whether somebody answered checks with an error, or a relay refused to pass them on: then something went through.
    pub(crate) fn was_refused(&self) -> bool {
        let is_refusal =
            |failure: &PairFailure| matches!(failure, PairFailure::Refused { .. } | PairFailure::RelayRefused { .. });
        self.pairs.iter().any(|(_, pair)| pair.failure.as_ref().is_some_and(is_refusal))
    }

    /// What the other end offers without a relay, where nobody outside of its machine or network reaches any of it.
    pub(crate) fn offers_inside_alone(&self) -> Option<(ObservationId, &'a PairEnd)> {
        let is_inside = |end: &PairEnd| end.address.address().is_some_and(|address| Scope::of(address) < Scope::Public);
        let mut offered = self.offered().filter(|(_, end)| end.protocol == Protocol::Udp);
        let first = offered.next()?;
        (is_inside(first.1) && offered.all(|(_, end)| is_inside(end))).then_some(first)
    }

    /// How far the clock of the other end's file is ahead, and to within how much that is known.
    pub(crate) fn clocks(&self) -> Option<(ObservationId, Millis, Millis)> {
        self.facts(End::Ours).find_map(|(id, fact)| match fact {
            Fact::Run(RunFact::ClocksCompared { ahead_ms, within_ms }) => Some((id, *ahead_ms, *within_ms)),
            _ => None,
        })
    }

    /// What a browser did not do for its page: what, why, and where that is told.
    pub(crate) fn failed_requests(&self) -> impl DoubleEndedIterator<Item = (ObservationId, &'a str, &'a str)> {
        self.facts(End::Ours).filter_map(|(id, fact)| match fact {
            Fact::Browser(BrowserFact::RequestFailed { what, reason }) => Some((id, what.as_str(), reason.as_str())),
            _ => None,
        })
    }
}
