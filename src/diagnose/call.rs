//! How did the call come out, and where did it break if it broke?
//!
//! Told from what this end saw: how far it got ([`crate::model::CallStage`]), what broke it and what passed. A call with
//! oneself is judged alike; its origin names the relay that it was forced through.

pub(crate) mod chance;
pub(crate) mod credentials;
pub(crate) mod cut;
pub(crate) mod dtls;
pub(crate) mod failing;
mod grade;
pub(crate) mod media;
mod why_none;

use crate::model::{
    BrowserFact, Call, CallBreak, CallData, CallFact, CallMedia, CallOutcome, CallTiming, Code, CredentialMismatch,
    DtlsHandshake, Fact, Grade, HostFact, IceFact, MediaFlow, Millis, Observation, ObservationId, PairState, Question,
    Record, Role, RoleDispute, RunFact, SelectedPair, ServerUri, SignallingFact, SpeechQuality, Step, Traffic,
};
use crate::model::{CandidateType, RoundTrips, Server, Stage, StageOutcome};
use media::{carries_media, carries_nothing, has_no_data, is_one_way};
use std::collections::BTreeSet;
pub(crate) use why_none::GIVEN_UP_AFTER;
use why_none::WhyNoCall;

/// The share of packets lost from which on most codecs give speech below "medium" (ITU-T G.109), and video freezes.
const NOTICED_LOSS: f64 = 0.05;

/// In a call of this length feedback has come several times; in a shorter one its absence says nothing.
const REPORTS_EXPECTED_AFTER: Millis = Millis(4000.0);

/// Pauses that a listener takes for the line's fault rather than for chance.
const NOTICED_STALLS: u32 = 3;

/// A pause after which people ask whether the other is still there: one is enough.
const NOTICED_PAUSE: Millis = Millis(2000.0);

/// The call with the other end; None where none was begun.
pub(crate) fn with_peer(record: &Record) -> Option<Call> {
    judge(record, Question::Call, None)
}

/// Calls that this machine made with itself, straight (None) and through relays, in the order of their telling.
pub(crate) fn with_oneself(record: &Record) -> Vec<Call> {
    let mut seen_once = BTreeSet::new();
    let own = record.observations.iter().filter(|seen| seen.end.is_ours() && seen.by.question == Question::OwnCall);
    let origins = own.map(|seen| &seen.by.uri).filter(|uri| seen_once.insert((*uri).clone()));
    origins.filter_map(|uri| judge(record, Question::OwnCall, uri.as_ref())).collect()
}

/// For how long a kind of media did not pass in the call with the other end, where that is to be told: audio, video.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MissingMedia {
    /// Nothing of it came in.
    pub inward: [Option<Millis>; 2],
    /// This end sent it, and the other end does not report it.
    pub outward: [Option<Millis>; 2],
}

/// What did not pass by what this end saw.
pub(crate) fn missing_media(record: &Record) -> MissingMedia {
    let seen = Seen::of(record, Question::Call, None);
    let missing = |traffic| MissingMedia { inward: seen.stood_still(traffic), outward: seen.unheard_there(traffic) };
    seen.traffic.map(missing).unwrap_or_default()
}

/// (sent, sent back) of messages, where the channels of a call without data had opened.
pub(crate) fn unanswered(call: &Call) -> Option<(u32, u32)> {
    let data = call.data.as_ref().filter(|_| call.outcome == CallOutcome::NoData)?;
    let opened = [&data.reliable, &data.unreliable].into_iter().filter(|flow| flow.opened);
    let counts = opened.map(|flow| (flow.sent, flow.echoed));
    counts.reduce(|sum, other| (sum.0.saturating_add(other.0), sum.1.saturating_add(other.1)))
}

/// What explains that nothing of a kind came for a while, without any fault.
#[derive(Clone, Copy, Default)]
struct ExcusedPauses {
    /// Audio, video: nothing of it is to come, by the other end's description or for want of a codec.
    is_not_to_come: [bool; 2],
    /// The most by which this machine was late, which lengthens pauses.
    held_up: Millis,
    /// The agents restarted: the pause is told with that.
    has_restarted: bool,
    /// Nothing tells whether the other end was to send anything.
    is_sending_unknown: bool,
}

/// Whether the sections that are wanted have codecs that both ends speak.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum CodecsInCommon {
    #[default]
    InAll,
    NotInAllAnswered,
    NotInAllOffered,
}

/// What this end saw of one call.
#[derive(Default)]
struct Seen<'a> {
    timing: CallTiming,
    selected: Option<SelectedPair>,
    broken: Option<&'a CallBreak>,
    traffic: Option<&'a Traffic>,
    ours: usize,
    theirs: usize,
    interrupted: bool,
    announced: Option<Announced>,
    /// Audio, video: the other end's description asks for none.
    declines: [bool; 2],
    pauses: ExcusedPauses,
    /// Sections of the other end's were left out, so that what is missing is not its choice.
    leaves_out: bool,
    codecs: CodecsInCommon,
    handshake: Option<&'a DtlsHandshake>,
    dispute: Option<&'a RoleDispute>,
    credentials: Option<&'a CredentialMismatch>,
    /// In ICE, by the latest that was observed; None before the other end's description came.
    role: Option<Role>,
    why_none: WhyNoCall<'a>,
    /// Pairs that were checked.
    checked: usize,
    /// Those of them that work.
    working: Vec<ObservationId>,
    evidence: Vec<ObservationId>,
}

/// What the other end's description says that it sends.
#[derive(Clone, Copy)]
struct Announced {
    media: bool,
    data: bool,
    /// This end asks for no more.
    as_asked: bool,
}

impl Announced {
    /// What came needs no announcement.
    fn or_what_came(self, traffic: &Traffic) -> Self {
        let came = [&traffic.audio, &traffic.video].iter().any(|flow| flow.received_packets > 0);
        let opened = [&traffic.reliable, &traffic.unreliable].iter().any(|data| data.opened);
        Self { media: self.media || came, data: self.data || opened, ..self }
    }
}

impl<'a> Seen<'a> {
    fn of(record: &'a Record, question: Question, uri: Option<&ServerUri>) -> Self {
        let mut seen = Self { interrupted: record.interrupted, ..Self::default() };
        for observation in record.observations.iter().filter(|observation| observation.end.is_ours()) {
            let is_of_call = observation.by.question == question && observation.by.uri.as_ref() == uri;
            // The agent tells of a call with a peer under its own questions.
            let is_of_agent =
                question == Question::Call && matches!(observation.by.question, Question::Checks | Question::Gather);
            if is_of_call || is_of_agent {
                seen.take(observation, is_of_call);
            }
            seen.interrupted |= observation.fact == Fact::Run(RunFact::Interrupted);
            if let Fact::Run(RunFact::FromFile(file)) = &observation.fact {
                seen.pauses.is_sending_unknown = file.sending_unknown;
                seen.why_none.file = Some(&**file);
            }
            if let Fact::Host(HostFact::HeldUp { longest_ms, .. }) = observation.fact {
                seen.pauses.held_up = longest_ms;
            }
            seen.why_none.is_refused |= matches!(
                observation.fact,
                Fact::Signalling(SignallingFact::MessageRefused {
                    why: Code::PeerDescriptionUnusable | Code::PeerDescriptionMisplaced,
                    ..
                })
            );
            seen.why_none.is_left |= observation.fact == Fact::Signalling(SignallingFact::PeerLeft)
                || observation.fact == Fact::Run(RunFact::OutOfTime)
                    && matches!(observation.by.question, Question::Checks | Question::Signalling);
        }
        seen
    }

    fn take(&mut self, observation: &'a Observation, is_of_call: bool) {
        match &observation.fact {
            Fact::Call(CallFact::CallReached { stage, after_ms }) if is_of_call => self.timing.note(*stage, *after_ms),
            Fact::Call(CallFact::CallBroken(broken)) if is_of_call => self.broken = Some(broken),
            Fact::Call(CallFact::HandshakeSeen(handshake)) if is_of_call => self.handshake = Some(handshake),
            Fact::Call(CallFact::PeerAnnounced { audio, video, data, declines_audio, declines_video, as_asked })
                if is_of_call =>
            {
                self.announced = Some(Announced { media: *audio || *video, data: *data, as_asked: *as_asked });
                self.declines = [*declines_audio, *declines_video];
                self.note_not_to_come([!audio, !video]);
            }
            Fact::Call(CallFact::NotBundled { .. }) if is_of_call => self.leaves_out = true,
            Fact::Call(CallFact::NoCommonCodec { audio, video, answers: true, .. }) if is_of_call => {
                self.codecs = CodecsInCommon::NotInAllAnswered;
                self.note_not_to_come([*audio, *video]);
            }
            Fact::Call(CallFact::NoCommonCodec { audio, video, answers: false, .. }) if is_of_call => {
                (self.codecs, self.leaves_out) = (CodecsInCommon::NotInAllOffered, true);
                self.note_not_to_come([*audio, *video]);
            }
            Fact::Call(CallFact::Called(traffic)) if is_of_call => self.traffic = Some(traffic),
            Fact::Ice(IceFact::Nominated { local, remote, .. }) => {
                self.selected = Some(SelectedPair { local: local.clone(), remote: remote.clone() });
            }
            Fact::Browser(BrowserFact::OfferUnanswered { .. }) => self.why_none.is_unanswered = true,
            Fact::Ice(IceFact::RoleDisputed(dispute)) => self.dispute = Some(dispute),
            Fact::Ice(IceFact::CredentialsDiffer(mismatch)) => self.credentials = Some(mismatch),
            Fact::Ice(IceFact::Restarted | IceFact::RestartNotMade { .. }) => {
                self.credentials = None;
                self.pauses.has_restarted = true;
                return;
            }
            Fact::Ice(IceFact::Described { role, .. } | IceFact::RoleSwitched { role }) => {
                self.role = Some(*role);
                return;
            }
            Fact::Host(HostFact::Candidate(_)) | Fact::Browser(BrowserFact::HiddenCandidate(_)) => {
                self.ours += 1;
                return;
            }
            Fact::Ice(IceFact::RemoteCandidate(_)) => {
                self.theirs += 1;
                return;
            }
            Fact::Ice(IceFact::Checked(pair)) => {
                self.checked += usize::from(pair.state != PairState::NotChecked);
                self.working.extend((pair.state == PairState::Succeeded).then_some(observation.id));
                return;
            }
            _ => return,
        }
        self.evidence.push(observation.id);
    }

    fn is_relayed(&self) -> bool {
        let relayed =
            |pair: &SelectedPair| pair.local.kind == CandidateType::Relay || pair.remote.kind == CandidateType::Relay;
        self.selected.as_ref().is_some_and(relayed)
    }

    /// Pairs work, and none was chosen: the controlling end owes that (RFC 8445 §8.1.1), unless it left or time ran out.
    fn undecided(&self) -> CallOutcome {
        let is_disputed = self.dispute.is_some_and(dtls::is_unresolved);
        let is_owed_there = !self.why_none.is_left && self.selected.is_none() && self.role == Some(Role::Controlled);
        if is_disputed || is_owed_there { CallOutcome::NoAgreement } else { CallOutcome::Unfinished }
    }

    /// Whether the other end asked for no media of a kind, of which none was sent.
    fn has_declined(&self, traffic: &Traffic) -> bool {
        let flows = [&traffic.audio, &traffic.video];
        self.declines.iter().zip(flows).any(|(declines, flow)| *declines && flow.sent_packets == 0)
    }

    /// A kind that was not to come for a part of the call is not missed in the rest of it.
    fn note_not_to_come(&mut self, kinds: [bool; 2]) {
        self.pauses.is_not_to_come.iter_mut().zip(kinds).for_each(|(noted, also)| *noted |= also);
    }

    /// Audio, video: for how long nothing of it came, where that is long enough to be missed and neither agreed nor owed to
    /// this machine's own lateness.
    fn stood_still(&self, traffic: &Traffic) -> [Option<Millis>; 2] {
        let is_long = traffic.lasted_ms >= REPORTS_EXPECTED_AFTER;
        let any_came = [&traffic.audio, &traffic.video].into_iter().any(|flow| flow.received_packets > 0);
        let of = |flow: &MediaFlow, is_not_to_come: bool| {
            let pause = match flow.received_packets {
                // Whoever only watched does not know what the other end was to send; and what lets one kind through lets
                // the other through as well, so that it was not sent: nobody spoke, or a mixer had nobody to show.
                0 if traffic.reports_unknown && (self.announced.is_none() || any_came)
                    || self.pauses.is_sending_unknown =>
                {
                    return None;
                }
                // A call of minutes sends sound alone, and so does the other end.
                0 if is_long && flow.sent_packets > 0 => traffic.lasted_ms,
                0 => return None,
                // Records of earlier releases count the pause of a restart as well.
                _ if self.pauses.has_restarted && traffic.came.is_none() => return None,
                _ => flow.longest_stall_ms,
            };
            (!is_not_to_come && pause.0 - self.pauses.held_up.0 >= NOTICED_PAUSE.0).then_some(pause)
        };
        let [audio, video] = self.pauses.is_not_to_come;
        [of(&traffic.audio, audio), of(&traffic.video, video)]
    }

    /// The same of what was sent there.
    fn unheard_there(&self, traffic: &Traffic) -> [Option<Millis>; 2] {
        media::unheard_there(traffic, self.pauses.held_up, NOTICED_PAUSE)
    }

    /// Whether the other end's data channels opened, and of what was sent over them too little came back.
    fn is_unanswered(&self, traffic: &Traffic) -> bool {
        let Traffic { reliable, unreliable, lasted_ms, .. } = traffic;
        let waited = (lasted_ms.0 - self.pauses.held_up.0).max(0.0);
        let is_judged = waited >= REPORTS_EXPECTED_AFTER.0 && !self.pauses.has_restarted;
        // What is lost of the one channel is sent again, so that only what was sent last may still be on its way.
        let share_on_its_way = (NOTICED_PAUSE.0 + self.pauses.held_up.0) / lasted_ms.0;
        let missing = f64::from(reliable.sent.saturating_sub(reliable.echoed));
        let stands_still = reliable.opened && missing > f64::from(reliable.sent) * share_on_its_way;
        let is_thin = unreliable.opened && u64::from(unreliable.echoed) * 2 < u64::from(unreliable.sent);
        is_judged && (stands_still || is_thin)
    }

    fn outcome(&self, question: Question, grade: Option<&Grade>) -> CallOutcome {
        match self.broken {
            Some(
                CallBreak::DtlsSilent { .. }
                | CallBreak::DtlsFailed { .. }
                | CallBreak::WrongFingerprint
                | CallBreak::DtlsRejected { .. }
                | CallBreak::DiedUnsecured { .. },
            ) => return CallOutcome::Dtls,
            Some(CallBreak::DescriptionUnusable { why: Some(Code::CallStackLimit), .. }) => {
                return CallOutcome::NotTried;
            }
            Some(CallBreak::DescriptionUnusable { .. }) => return CallOutcome::NoAgreement,
            Some(CallBreak::Cut { .. }) => return CallOutcome::Cut,
            Some(CallBreak::Closed { .. }) => return CallOutcome::Closed,
            None => {}
        }
        let Some(traffic) = self.traffic else {
            return match self.timing {
                CallTiming { connected: Some(_), .. } => CallOutcome::Unfinished,
                _ if self.interrupted => CallOutcome::Unfinished,
                _ if self.why_none.is_untold(&self.timing, self.checked) => CallOutcome::Unfinished,
                CallTiming { checks_started: None, .. } if question == Question::Call && self.why_none.is_refused => {
                    CallOutcome::NoAgreement
                }
                CallTiming { checks_started: None, .. } if question == Question::Call => CallOutcome::NoAnswer,
                _ if question == Question::Call && !self.working.is_empty() => self.undecided(),
                _ if question == Question::Call && (self.ours == 0 || self.theirs == 0) => CallOutcome::NoCandidates,
                _ if self.checked == 0 && self.why_none.file.is_some() => CallOutcome::Unfinished,
                _ if question == Question::Call && self.checked == 0 => CallOutcome::NotTried,
                _ => CallOutcome::NoPair,
            };
        };
        let announced =
            self.announced.unwrap_or(Announced { media: true, data: true, as_asked: true }).or_what_came(traffic);
        let has_media = self.codecs == CodecsInCommon::InAll || carries_media(traffic);
        let is_to_come = announced.media && has_media && !self.pauses.is_sending_unknown;
        if is_one_way(traffic, is_to_come) {
            return CallOutcome::MediaOneWay;
        }
        let (stood_still, unheard_there) = (self.stood_still(traffic), self.unheard_there(traffic));
        let never_came = |(flow, pause): (&MediaFlow, Option<Millis>)| flow.received_packets == 0 && pause.is_some();
        let never_reported = |(flow, pause): (&MediaFlow, Option<Millis>)| flow.lost_there.is_none() && pause.is_some();
        let is_of_peer = question == Question::Call;
        let flows = || [&traffic.audio, &traffic.video].into_iter();
        let misses_a_kind = flows().zip(stood_still).any(never_came) || flows().zip(unheard_there).any(never_reported);
        if is_of_peer && has_media && misses_a_kind {
            return CallOutcome::MediaOneWay;
        }
        if announced.data && has_no_data(traffic) {
            return CallOutcome::NoData;
        }
        // A call this short may simply have ended before anything came.
        if question == Question::OwnCall && is_behind(&traffic.audio) {
            return CallOutcome::Unfinished;
        }
        if is_poor(traffic, grade) || is_of_peer && stood_still.iter().chain(&unheard_there).any(Option::is_some) {
            // Whoever watched at one place does not see whether it is the relay that is thin.
            let is_thin = self.is_relayed() && !traffic.reports_unknown;
            return if is_thin { CallOutcome::RelayThin } else { CallOutcome::Degraded };
        }
        if is_of_peer && announced.data && self.is_unanswered(traffic) {
            return CallOutcome::NoData;
        }
        if self.pauses.is_sending_unknown && carries_nothing(traffic) {
            return CallOutcome::Unfinished;
        }
        if self.codecs == CodecsInCommon::NotInAllAnswered {
            return CallOutcome::CodecsDiffer;
        }
        if self.has_declined(traffic) {
            return CallOutcome::MediaDeclined;
        }
        let is_whole = announced.media && announced.data || announced.as_asked || self.leaves_out;
        if is_whole { CallOutcome::Good } else { CallOutcome::PartOffered }
    }
}

fn is_poor(traffic: &Traffic, grade: Option<&Grade>) -> bool {
    let audio = &traffic.audio;
    let is_bad = grade.is_some_and(|grade| grade.quality < SpeechQuality::Medium);
    is_lossy(audio) || is_bad || audio.stalls >= NOTICED_STALLS
}

/// Whether most of what an end like ours sends is still to come, though nothing is missing of what did come.
fn is_behind(audio: &MediaFlow) -> bool {
    audio.sent_packets > 0 && audio.lost == 0 && audio.received_packets * 2 < audio.sent_packets
}

/// Whether this machine stood still for so long that a call with itself stopped waiting for an answer.
pub(crate) fn is_spoilt_by(held_up: Millis) -> bool {
    held_up >= Millis(1000.0)
}

/// Whether this machine was late by as much as one hears: in a call with itself it is late twice.
pub(crate) fn is_delayed_by(held_up: Millis) -> bool {
    held_up >= Millis(100.0)
}

/// Whether so much is lost, either way, that one hears it.
pub(crate) fn is_lossy(audio: &MediaFlow) -> bool {
    audio.loss().is_some_and(|loss| loss > NOTICED_LOSS) || loss_there(audio) > NOTICED_LOSS
}

/// Whether a call with oneself was secured and then came late.
pub(crate) fn is_late(own: &Call) -> bool {
    let media = own.media.as_ref().filter(|_| own.outcome == CallOutcome::Unfinished);
    own.timing_ms.dtls.is_some() && media.is_some_and(|media| is_behind(&media.audio))
}

/// Whether nothing came over the keys that this end has: the other may be waiting for the last flight of the handshake
/// still, which is sent again only after a second (RFC 6347 §4.2.4.1).
pub(crate) fn is_cut_before_media(own: &Call) -> bool {
    let has_come = own.media.as_ref().is_some_and(|media| media.audio.received_packets > 0);
    own.outcome == CallOutcome::Cut && !has_come && own.timing_ms.channel_open.is_none()
}

/// The share of our packets that the other end misses.
fn loss_there(flow: &MediaFlow) -> f64 {
    let lost = flow.lost_there.unwrap_or_default() as f64;
    if flow.sent_packets == 0 { 0.0 } else { (lost / flow.sent_packets as f64).min(1.0) }
}

fn judge(record: &Record, question: Question, uri: Option<&ServerUri>) -> Option<Call> {
    let seen = Seen::of(record, question, uri);
    let is_begun = seen.timing != CallTiming::default() || seen.broken.is_some() || seen.traffic.is_some();
    if !is_begun {
        return None;
    }
    let rtt = seen.traffic.and_then(|traffic| traffic.rtt_ms);
    let grade = seen.traffic.and_then(|traffic| grade::grade(&traffic.audio, rtt));
    let media = |traffic: &Traffic| CallMedia {
        audio: traffic.audio.clone(),
        video: traffic.video.clone(),
        came: traffic.came,
        there: None,
        rtt_ms: traffic.rtt_ms,
        aimed_bps: traffic.aimed_bps,
        estimated_bps: traffic.estimated_bps,
        dtls_version: traffic.dtls_version.clone(),
        grade,
    };
    let data =
        |traffic: &Traffic| CallData { reliable: traffic.reliable.clone(), unreliable: traffic.unreliable.clone() };
    let outcome = seen.outcome(question, grade.as_ref());
    let mut evidence = seen.evidence;
    if outcome == CallOutcome::NoAgreement && seen.broken.is_none() {
        evidence.extend(seen.working);
    }
    Some(Call {
        outcome,
        relay: uri.cloned(),
        timing_ms: seen.timing,
        lasted_ms: seen.traffic.map(|traffic| traffic.lasted_ms),
        media: seen.traffic.map(media),
        data: seen.traffic.map(data),
        broken: seen.broken.cloned(),
        handshake: seen.handshake.cloned(),
        role_dispute: seen.dispute.filter(|dispute| dtls::is_unresolved(dispute)).cloned(),
        credentials: seen.credentials.filter(|seen| !credentials::faults(seen).is_empty()).cloned(),
        kept: None,
        series: seen.traffic.map(|traffic| traffic.series.clone()).unwrap_or_default(),
        selected: seen.selected,
        evidence,
    })
}

/// (loss in per cent, median round trip), rounded to tenths, of a call over which media passed.
pub(crate) fn figures(call: &Call) -> Option<(f64, Millis)> {
    let media = call.media.as_ref()?;
    let loss = media.audio.loss()?.max(loss_there(&media.audio));
    let RoundTrips { median, .. } = media.rtt_ms?;
    Some(((loss * 1000.0).round() / 10.0, Millis((median.0 * 10.0).round() / 10.0)))
}

/// The server with its stage `call`, where one was made through it: its time is that from the beginning to the first
/// media.
pub(crate) fn staged(mut server: Server, own_calls: &[Call]) -> Server {
    let allocates =
        server.stages.iter().any(|stage| stage.name == Step::Allocate && stage.outcome == StageOutcome::Passed);
    let call = own_calls.iter().find(|call| call.relay.as_ref() == Some(&server.uri)).filter(|_| allocates);
    server.stages.extend(call.map(|call| Stage {
        name: Step::Call,
        ms: call.timing_ms.first_media,
        outcome: match call.outcome {
            CallOutcome::Unfinished | CallOutcome::NotTried => StageOutcome::NotTested,
            CallOutcome::NoPair | CallOutcome::NoCandidates | CallOutcome::NoAnswer => StageOutcome::Silent,
            outcome if outcome.has_run() => StageOutcome::Passed,
            _ => StageOutcome::Failed,
        },
    }));
    server
}
