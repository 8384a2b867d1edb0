//! How far did a call get on the pair that carried it, what passed, and did it break? (RFC 7983, RFC 9147, RFC 7675)
//!
//! Media and most of DTLS are encrypted: which way packets went, how many are missing, and when they ended is seen, and
//! what was in them is not. That the other end takes in what is sent to it is seen in nothing but its answers to checks.

use super::course::{PairCourse, Pause};
use super::dtls::{DtlsSide, Version};
use super::flow::{FlowSide, Second, UdpFlow};
use super::observed::TimedFact;
use super::pairs::CheckedWay;
use super::rtp::Stream;
use super::watch::Watch;
use crate::dump::session::FlowWay;
use crate::model::{
    CallBreak, CallFact, CallSecond, CallStage, DtlsHandshake, DtlsRole, Fact, Failure, MediaFlow, Millis, Origin,
    PairSilence, Question, Tally, Text, Traffic,
};
use std::time::Duration;

/// A handshake that comes to nothing is repeated (RFC 9147 §5.8); after so long of it, it has.
const HANDSHAKE_GIVEN_UP: Duration = Duration::from_secs(5);
/// A pair whose checks nobody answers for so long is lost: browsers call it disconnected by then, and consent goes on for
/// 30 s (RFC 7675 §5.1).
const SILENT_FOR: Duration = Duration::from_secs(5);
/// What an end sends on its own into a silence, so that an answer was to come.
const CHECKS_AT_LEAST: u32 = 5;
/// Consent is asked for at least so often (RFC 7675 §5.1).
const CONSENT_EACH: Duration = Duration::from_secs(5);
/// What follows an alert within this time was on its way already.
const ON_ITS_WAY: Duration = Duration::from_secs(2);

/// What went over the pair of a call.
pub(super) struct CarriedCall<'a> {
    pub(super) way: &'a CheckedWay<'a>,
    flow: &'a UdpFlow,
    out: &'a FlowSide,
    inward: &'a FlowSide,
}

impl<'a> CarriedCall<'a> {
    /// The pair that carried the call last, else the one that carried most, of those of which any carried something; else one that works, and is nominated.
    pub(super) fn of(watch: &'a Watch, ways: &'a [CheckedWay<'a>]) -> Option<Self> {
        let all = ways.iter().filter_map(|way| Self::over(watch, way));
        let is_chosen = |carried: &Self| carried.bytes() > 0 || carried.way.is_nominated();
        let chosen: Vec<Self> = all.filter(is_chosen).collect();
        // A call that was begun anew is the one that went on.
        let course = PairCourse::of(watch, ways);
        let goes_on = |carried: &Self| {
            carried.has_media() && carried.inward.last.is_some_and(|last| course.last_in() == Some(last))
        };
        let most = |carried: &Self| (carried.bytes(), carried.way.has_succeeded());
        chosen.into_iter().max_by_key(|carried| (goes_on(carried), most(carried)))
    }

    fn over(watch: &'a Watch, way: &'a CheckedWay<'a>) -> Option<Self> {
        let flow = watch.flows.of(way.route)?;
        let [out, inward] = flow.seen_from(way.route.from)?;
        Some(Self { way, flow, out, inward })
    }

    /// Whether any of a call went over it.
    pub(super) fn has_carried(&self) -> bool {
        self.bytes() > 0
    }

    /// Of DTLS and media, both ways.
    fn bytes(&self) -> u64 {
        [self.out, self.inward].iter().map(|side| side.dtls.bytes + side.media.bytes + side.control.bytes).sum()
    }

    /// Checks, DTLS, media and control, as flows of their own: out of this end, and into it.
    pub(super) fn kinds(&self) -> [(FlowWay, FlowWay); 4] {
        let (out, inward) = (self.out, self.inward);
        [(out.checks, inward.checks), (out.dtls, inward.dtls), (out.media, inward.media), (out.control, inward.control)]
    }

    fn has_media(&self) -> bool {
        self.out.media.packets > 0 || self.inward.media.packets > 0
    }

    /// When both ends had keys.
    fn secured(&self) -> Option<Duration> {
        let keys = self.out.handshake.first_secured.zip(self.inward.handshake.first_secured);
        keys.map(|(out, inward)| out.max(inward)).or(self.flow.media_began)
    }

    /// How far the call got, and what became of it.
    pub(super) fn seen(
        &self,
        watch: &Watch,
        course: &PairCourse<'_>,
        began: Duration,
        has_both_ways: bool,
    ) -> Vec<TimedFact> {
        let origin = Origin { question: Question::Call, uri: None };
        let after = |at: Duration| Millis::from(at.saturating_sub(began));
        let mut seen = Vec::new();
        let mut tell = |at: Duration, fact: CallFact| seen.push((at, origin.clone(), Fact::Call(fact)));
        let answered = |way: &CheckedWay<'_>| way.ours.and_then(|ours| ours.first_answer);
        let connected = course.ways().filter_map(answered).chain(answered(self.way)).min();
        let connected = connected.or(self.out.handshake.first);
        let failed = self.failed_handshake(watch);
        let earlier = course.ways().filter_map(|way| CarriedCall::over(watch, way)?.secured()).min();
        let secured = self.secured().or(earlier).filter(|_| failed.is_none());
        let secured = secured.zip(earlier).map(|(last, first)| last.min(first)).or(secured);
        let stages = [
            (CallStage::Connected, connected),
            (CallStage::Dtls, secured),
            (CallStage::FirstMedia, self.inward.streams.first().and(self.flow.media_began)),
        ];
        for (stage, at) in stages {
            if let Some(at) = at {
                tell(at, CallFact::CallReached { stage, after_ms: after(at) });
            }
        }
        if let Some(broken) = failed {
            if let Some(handshake) = self.handshake() {
                tell(watch.last, CallFact::HandshakeSeen(handshake));
            }
            tell(watch.last, CallFact::CallBroken(broken));
            return seen;
        }
        let Some(secured) = secured else { return seen };
        for pause in course.pauses().into_iter().filter(|_| has_both_ways) {
            let Pause { from, until, restarted } = pause;
            let lasted_ms = until.saturating_sub(from).into();
            let after_ms = from.saturating_sub(secured).into();
            tell(from, CallFact::StoodStill { after_ms, lasted_ms, restarted });
        }
        if let Some(broken) = self.broken(watch, secured, has_both_ways) {
            tell(watch.last, CallFact::CallBroken(broken));
        }
        // Who sends nothing and reports on what comes may mean to send nothing: whether media are missing is not known then.
        let only_reports = self.inward.media.packets == 0 && self.inward.control.packets > 0;
        if self.has_media() && has_both_ways && !only_reports {
            tell(watch.last, CallFact::Called(Box::new(self.traffic(secured))));
        }
        seen
    }

    fn handshake(&self) -> Option<DtlsHandshake> {
        let (ours, theirs) = (&self.out.handshake, &self.inward.handshake);
        let role = match (ours.client_hellos, theirs.client_hellos) {
            (1.., _) => DtlsRole::Client,
            (0, 1..) => DtlsRole::Server,
            (0, 0) => return None,
        };
        Some(DtlsHandshake {
            role,
            their_setup: None,
            setup_line: None,
            hellos_sent: ours.client_hellos,
            hellos_received: theirs.client_hellos,
            hellos_sent_there: None,
        })
    }

    /// What a handshake that was caught from its beginning came to, where that was nothing.
    fn failed_handshake(&self, watch: &Watch) -> Option<CallBreak> {
        let (ours, theirs) = (&self.out.handshake, &self.inward.handshake);
        if self.has_media() {
            return None;
        }
        if let Some(waited) = self.without_handshake(watch) {
            let waited_ms = waited.into();
            return Some(CallBreak::DtlsSilent { sent: 0, largest_bytes: 0, heard: 0, heard_there: None, waited_ms });
        }
        if ours.client_hellos == 0 && theirs.client_hellos == 0 {
            return None;
        }
        // An alert that nothing follows, before anything was said under the keys, ends the handshake.
        if has_given_up(ours) || has_given_up(theirs) {
            let checks = self.way.ours.map(|checks| Tally { sent: checks.sent, answered: checks.answered });
            return Some(CallBreak::DtlsRejected { checks: checks.unwrap_or_default() });
        }
        let is_secured = ours.secured > 0 && theirs.secured > 0;
        let first = [ours.first, theirs.first].into_iter().flatten().min()?;
        let last = [ours.last, theirs.last].into_iter().flatten().max()?;
        let waited = last.saturating_sub(first);
        let is_given_up = !is_secured && waited >= HANDSHAKE_GIVEN_UP;
        is_given_up.then(|| CallBreak::DtlsSilent {
            sent: ours.datagrams,
            largest_bytes: ours.largest_bytes,
            heard: theirs.datagrams,
            heard_there: None,
            waited_ms: waited.into(),
        })
    }

    /// For how long the pair was in use and nothing of DTLS passed here, where that is long. A pair that is kept as a spare is
    /// checked more rarely than consent is asked for; and a capture of messages of STUN alone would look the same: where all
    /// that was caught is that, nothing is told.
    fn without_handshake(&self, watch: &Watch) -> Option<Duration> {
        let ours = self.way.ours.filter(|_| self.bytes() == 0 && self.way.is_nominated())?;
        let waited = ours.last_answer?.saturating_sub(ours.first_answer?);
        let is_in_use = f64::from(ours.answered) > waited.as_secs_f64() / CONSENT_EACH.as_secs_f64();
        (waited >= HANDSHAKE_GIVEN_UP && is_in_use && watch.others > 0).then_some(waited)
    }

    /// What ended a call that ran.
    fn broken(&self, watch: &Watch, secured: Duration, has_both_ways: bool) -> Option<CallBreak> {
        let last_in = self.inward.last?;
        let after_ms: Millis = last_in.saturating_sub(secured).into();
        let (alert, _) = self.inward.handshake.alert.unwrap_or_default();
        if alert > secured
            && last_in.saturating_sub(alert) < ON_ITS_WAY
            && watch.last.saturating_sub(last_in) > ON_ITS_WAY
        {
            return Some(CallBreak::Closed { after_ms });
        }
        let silent = self.out.last?.saturating_sub(last_in);
        let ours = self.way.ours?;
        let is_cut = silent >= SILENT_FOR && ours.unanswered_last >= CHECKS_AT_LEAST && has_both_ways;
        let undelivered = watch.undelivered.get(&(self.way.route.from, self.way.route.to));
        let refused = undelivered.filter(|(_, _, at)| *at > last_in);
        is_cut.then(|| CallBreak::Cut {
            after_ms,
            silent_ms: silent.into(),
            pair: Some(PairSilence {
                checks: Tally { sent: ours.unanswered_last, answered: 0 },
                refused: refused.map(|(icmp, by, _)| Failure::Icmp { icmp: *icmp, by: Some(*by) }),
                ..PairSilence::default()
            }),
        })
    }

    fn traffic(&self, secured: Duration) -> Traffic {
        let last = [self.out.last, self.inward.last].into_iter().flatten().max().unwrap_or(secured);
        let version = self.out.handshake.version.or(self.inward.handshake.version).map_or("", Version::name);
        Traffic {
            lasted_ms: last.saturating_sub(secured).into(),
            dtls_version: Text::new(version),
            audio: media(self.out, self.inward, true),
            video: media(self.out, self.inward, false),
            rtt_ms: self.way.ours.and_then(|ours| ours.rtt()),
            series: self.series(),
            reports_unknown: true,
            ..Traffic::default()
        }
    }

    fn series(&self) -> Vec<CallSecond> {
        let is_low = self.flow.low == self.way.route.from;
        let of = |(number, second): (usize, &Second)| {
            let (own, other) = if is_low { (0, 1) } else { (1, 0) };
            CallSecond {
                second: u32::try_from(number).unwrap_or(u32::MAX),
                received_packets: second.packets[other],
                lost: u32::try_from(second.lost[other]).unwrap_or(0),
                sent_bps: second.payload_bytes[own].saturating_mul(8),
                received_bps: second.payload_bytes[other].saturating_mul(8),
                ..CallSecond::default()
            }
        };
        self.flow.seconds.iter().enumerate().map(of).collect()
    }
}

/// Whether a handshake ends by an alert.
fn has_given_up(of: &DtlsSide) -> bool {
    /// The handshake's last message under the new keys, and one of SCTP that was sent at once, go before it.
    const SAID_AT_ONCE: u32 = 3;
    let Some((at, _)) = of.alert else { return false };
    let is_last = of.last.is_none_or(|last| last.saturating_sub(at) < ON_ITS_WAY);
    is_last && of.secured <= SAID_AT_ONCE
}

/// One kind of media, both ways. A stream too short to tell is taken for video.
fn media(out: &FlowSide, inward: &FlowSide, is_audio: bool) -> MediaFlow {
    fn sum(streams: &[Stream], count: fn(&Stream) -> u64) -> u64 {
        streams.iter().map(count).sum()
    }
    let of = |side: &FlowSide| -> Vec<Stream> {
        side.streams.iter().filter(|stream| stream.is_audio().unwrap_or(false) == is_audio).cloned().collect()
    };
    let (sent, received) = (of(out), of(inward));
    // Beside the picture there is what is sent again of it, which pauses as it likes.
    let main = received.iter().max_by_key(|stream| stream.packets);
    MediaFlow {
        sent_packets: sum(&sent, |stream| stream.packets),
        sent_bytes: sum(&sent, |stream| stream.bytes),
        received_packets: sum(&received, |stream| stream.packets),
        received_bytes: sum(&received, |stream| stream.bytes),
        lost: sum(&received, Stream::lost),
        stalls: main.map_or(0, |stream| stream.stalls),
        longest_stall_ms: main.map_or(Millis::ZERO, |stream| stream.longest_stall.into()),
        jitter_ms: main.and_then(Stream::jitter).map(Millis::from),
        ..MediaFlow::default()
    }
}
