//! What passed over the pair in use, and how did the call break, if it broke?
//!
//! The last second in which bytes came in counts, and not when a state says so: that comes seconds later. Loss counters do not
//! see an outage: there bytes stand still, or nothing was sampled, and then go on.

use super::Told;
use super::pairs::{Used, round_trips};
use crate::dump::description::Medium;
use crate::dump::session::{Happened, PairPoint, StatStream, StateOf, StreamPoint, StreamWay};
use crate::model::{
    CallBreak, CallFact, CallSecond, CallStage, DataFlow, End, Fact, IceFact, MediaFlow, Millis, PairSilence, Question,
    Role, Tally, Text, Traffic,
};

/// A handshake that takes longer is stuck: its last flights are sent again within seconds (RFC 6347 §4.2.4.1).
const HANDSHAKE_STUCK_AFTER: Millis = Millis(5000.0);
/// Nothing came for so long, and for so many times of sampling: that is no accident of sampling.
const STOOD_STILL: Millis = Millis(3000.0);
const STOOD_STILL_SAMPLES: f64 = 2.5;
/// A single check may be on its way when a sample is taken: of a path that is gone, more than that are lost.
const LOST_CHECKS: u32 = 2;
/// Media that go on for so long after a state of failure contradict it.
const WENT_ON: Millis = Millis(2000.0);
/// A kind that pauses for longer is missed; silence that is not sent is told every half second (RFC 7587 §3.1.3).
const KIND_ENDED_AFTER: Millis = Millis(5000.0);
/// The most outages that are told of.
const PAUSES_MAX: usize = 100;
/// Two requests for consent and what a poor path takes for an answer (RFC 7675 §5.1).
const CONSENT_ANSWERED_WITHIN: Millis = Millis(10_000.0);
/// RFC 7675 §5.1.
const CONSENT_LAPSES_AFTER: Millis = Millis(30_000.0);
/// An hour.
const SERIES_MOST: usize = 3_600;

/// Tells what passed and how it ended.
pub(super) fn note(told: &mut Told<'_>, used: &Used<'_>) {
    let Some(passed) = Passed::of(told, used) else { return };
    announce(told);
    let Some(secured) = passed.secured(told, used) else {
        if let Some(broken) = passed.why_not_secured(told, used) {
            told.observe(told.end, Question::Call, Fact::Call(CallFact::CallBroken(broken)));
        }
        return;
    };
    told.reach(secured, CallStage::Dtls);
    if told.connection.channels_open > 0 {
        told.reach(secured, CallStage::ChannelOpen);
    }
    if let Some(at) = first_media(told) {
        told.reach(at, CallStage::FirstMedia);
    }
    let traffic = passed.traffic(told, used, secured);
    told.observe(told.end, Question::Call, Fact::Call(CallFact::Called(Box::new(traffic))));
    passed.note_pauses(told, secured);
    if let Some(at) = passed.closed_there(told, used) {
        let closed = CallBreak::Closed { after_ms: Millis((at.0 - secured.0).max(0.0)) };
        told.observe(told.end, Question::Call, Fact::Call(CallFact::CallBroken(closed)));
    } else if let Some(cut) = passed.cut(told, secured) {
        let is_lapsed = passed.is_unanswered() && told.end.0 - passed.last_growth.0 >= CONSENT_LAPSES_AFTER.0;
        if let (Some((local, remote)), true) = (&used.last, is_lapsed) {
            let (local, remote) = (local.clone(), remote.clone());
            let lost = IceFact::ConsentLost { local, remote, after_ms: told.since_begin(passed.last_growth) };
            told.observe(told.end, Question::Checks, Fact::Ice(lost));
        }
        told.observe(told.end, Question::Call, Fact::Call(CallFact::CallBroken(cut)));
    }
}

/// How often a third or more of what was to be heard between two samples was made up, though packets came: a browser forgets a
/// gap in the numbers of packets, and knows what it played.
fn holes(stream: &StatStream) -> usize {
    const MADE_UP_SHARE: f64 = 0.33;
    let grown = |now: Option<u64>, before: Option<u64>| Some(now?.checked_sub(before?)? as f64);
    let is_hole = |(before, now): (&StreamPoint, &StreamPoint)| {
        let concealed = grown(now.concealed_samples, before.concealed_samples)?;
        let all = grown(now.total_samples, before.total_samples).filter(|all| *all > 0.0)?;
        let has_come = grown(now.packets, before.packets)? > 0.0;
        Some(has_come && concealed >= all * MADE_UP_SHARE)
    };
    let holes: Vec<bool> =
        stream.points.iter().zip(stream.points.iter().skip(1)).map(|pair| is_hole(pair) == Some(true)).collect();
    // One that lasts over several samples is one.
    holes.iter().enumerate().filter(|(place, is_hole)| **is_hole && (*place == 0 || !holes[place - 1])).count()
}

/// Checks and answers at one time; None where the file does not count both.
fn counted(point: &PairPoint) -> Option<Tally> {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Some(Tally { sent: count(point.requests_sent?), answered: count(point.responses_received?) })
}

/// How many checks between the two were not answered; None where the file does not count both, or they are of two pairs.
fn unanswered(before: &PairPoint, after: &PairPoint) -> Option<u32> {
    let (before, after) = (counted(before)?, counted(after)?);
    let sent = after.sent.checked_sub(before.sent)?;
    Some(sent.saturating_sub(after.answered.saturating_sub(before.answered)))
}

/// What the other end says that it sends, where that is not everything.
fn announce(told: &mut Told<'_>) {
    let described = told.descriptions(End::Theirs).filter(|(_, description)| !description.is_blank).last();
    let Some((at, description)) = described else { return };
    let sections = |medium: Medium| {
        description.sections.iter().filter(move |section| section.medium == medium && !section.rejected)
    };
    let declines =
        |medium: Medium| sections(medium).next().is_some() && sections(medium).all(|section| !section.receives);
    let own = told.descriptions(End::Ours).filter(|(_, own)| !own.is_blank).last();
    let wants = |medium: Medium| {
        let sections = own.iter().flat_map(|(_, own)| &own.sections);
        let mut sections = sections.filter(|section| section.medium == medium);
        own.is_none() || sections.any(|section| section.receives && !section.rejected)
    };
    // What this end refuses in its own description is not sent either.
    let (sends_audio, sends_video) = (description.sends(Medium::Audio), description.sends(Medium::Video));
    let (audio, video) = (sends_audio && wants(Medium::Audio), sends_video && wants(Medium::Video));
    let data = sections(Medium::Other).next().is_some();
    let (declines_audio, declines_video) = (declines(Medium::Audio), declines(Medium::Video));
    if !(audio && video && data) {
        let sent = [(sends_audio, Medium::Audio), (sends_video, Medium::Video), (data, Medium::Other)];
        let as_asked = own.is_some() && sent.into_iter().all(|(sends, medium)| sends || !wants(medium));
        let announced = CallFact::PeerAnnounced { audio, video, data, declines_audio, declines_video, as_asked };
        told.observe(at, Question::Call, Fact::Call(announced));
    }
}

fn first_media(told: &Told<'_>) -> Option<Millis> {
    let inward = told.connection.streams.values().filter(|stream| stream.way == StreamWay::In);
    let first = |stream: &StatStream| stream.points.iter().find(|point| point.packets > Some(0)).map(|point| point.at);
    inward.filter_map(first).min()
}

/// The counters of the pair in use over time.
struct Passed {
    points: Vec<PairPoint>,
    /// Between two samples, mostly.
    interval: Millis,
    /// The last sample in which more had come in than before.
    last_growth: Millis,
}

impl Passed {
    fn of(told: &Told<'_>, used: &Used<'_>) -> Option<Self> {
        let mut points: Vec<PairPoint> = Vec::new();
        for (place, (from, pair)) in used.changes.iter().enumerate() {
            let until = used.changes.get(place + 1).map_or(told.end, |(until, _)| *until);
            let is_last = place + 1 == used.changes.len();
            points.extend(pair.points.iter().filter(|point| point.at >= *from && (point.at < until || is_last)));
        }
        let (first, last) = (points.first()?.at, points.last()?.at);
        let interval = Millis((last.0 - first.0) / (points.len() - 1).max(1) as f64);
        let mut last_growth = first;
        let mut before: Option<u64> = None;
        for point in &points {
            // Counters of another pair begin anew.
            if point.bytes_received.is_some_and(|bytes| before.is_none_or(|before| bytes != before)) {
                last_growth = point.at;
            }
            before = point.bytes_received.or(before);
        }
        // A browser that says when the last packet came says so to the millisecond, and in a single sample.
        let told_last = points.last().and_then(|last| last.last_received).filter(|at| *at <= last);
        let last_growth = told_last.filter(|_| points.len() == 1).unwrap_or(last_growth);
        Some(Self { points, interval, last_growth })
    }

    /// When the call was secured; None where it never was, or nothing tells.
    fn secured(&self, told: &Told<'_>, used: &Used<'_>) -> Option<Millis> {
        let Some(transport) = used.transport.filter(|points| points.iter().any(|point| point.dtls.is_some())) else {
            // What is decrypted was secured.
            return first_media(told).or_else(|| told.state(StateOf::Connection, &["connected"]).next());
        };
        let is_connected =
            |dtls: &Option<Text>| matches!(dtls.as_ref().map(Text::as_str), Some("connected" | "closed"));
        let sampled = transport.iter().find(|point| is_connected(&point.dtls))?.at;
        // A single sample is taken at the end: the call was secured somewhere between the descriptions and that.
        let described = told.descriptions(End::Theirs).map(|(at, _)| at).last().filter(|at| *at < sampled);
        let sampled = described.filter(|_| transport.len() == 1).unwrap_or(sampled);
        let told_at = told.state(StateOf::Connection, &["connected"]).next();
        Some(told_at.map_or(sampled, |told_at| told_at.min(sampled)))
    }

    /// A handshake that failed, or that did not end though there was time.
    fn why_not_secured(&self, told: &Told<'_>, used: &Used<'_>) -> Option<CallBreak> {
        let last = used.transport?.last()?;
        let checks = self.checks();
        let dtls = last.dtls.as_ref().map(Text::as_str);
        if dtls == Some("failed") {
            return Some(CallBreak::DtlsRejected { checks });
        }
        let first = self.points.first()?.at;
        // A single sample is taken at the end: what it is of began with the descriptions.
        let described = told.descriptions(End::Theirs).map(|(at, _)| at).last().filter(|at| *at < first);
        let begun = described.filter(|_| self.points.len() == 1).unwrap_or(first);
        let waited_ms = Millis(told.end.0 - begun.0);
        // The controlled end waits for the other to choose a pair: until then no handshake is due.
        let is_chosen = told.role() == Role::Controlling || self.points.iter().any(|point| point.nominated);
        if dtls != Some("connecting") || waited_ms < HANDSHAKE_STUCK_AFTER || !is_chosen {
            return None;
        }
        if self.is_unanswered() || self.has_fallen_silent(told) {
            return Some(CallBreak::DiedUnsecured { checks });
        }
        let last = self.points.last()?;
        let datagrams = |packets: Option<u64>, bytes: Option<u64>| {
            // Where packets are not counted, bytes tell whether there were any.
            let count = packets.unwrap_or_else(|| u64::from(bytes.is_some_and(|bytes| bytes > 0)));
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        Some(CallBreak::DtlsSilent {
            sent: datagrams(last.packets_sent, last.bytes_sent),
            largest_bytes: 0,
            heard: datagrams(last.packets_received, last.bytes_received),
            heard_there: None,
            waited_ms,
        })
    }

    /// Checks of the pair in use, and answers.
    fn checks(&self) -> Tally {
        self.points.last().and_then(counted).unwrap_or_default()
    }

    /// The same after a time. What was counted by then no single sample tells.
    fn checks_since(&self, since: Millis) -> Tally {
        let before = self.points.iter().rfind(|point| point.at <= since).and_then(counted);
        let (Some(before), last) = (before, self.checks()) else { return Tally::default() };
        Tally { sent: last.sent.saturating_sub(before.sent), answered: last.answered.saturating_sub(before.answered) }
    }

    /// Whether checks went on and were not answered any more: no answer in the last samples, and several checks.
    fn is_unanswered(&self) -> bool {
        let Some(last) = self.points.last().filter(|last| last.responses_received > Some(0)) else { return false };
        let same = self.points.iter().find(|point| point.responses_received == last.responses_received);
        let since = same.map_or(last.at, |point| point.at);
        let checks = self.checks_since(since);
        checks.sent >= 2 && checks.answered == 0
            || last.requests_sent > last.responses_received.map(|answers| answers + 1)
    }

    /// When the other end closed the call: its DTLS did (RFC 8831 §6.7), and nobody had here.
    fn closed_there(&self, told: &Told<'_>, used: &Used<'_>) -> Option<Millis> {
        let transport = used.transport?;
        let is_closed = |dtls: &Option<Text>| dtls.as_ref().map(Text::as_str) == Some("closed");
        let since = transport.iter().find(|point| is_closed(&point.dtls)).map(|point| point.at)?;
        let is_ours =
            told.events(|event| (event.happened == Happened::Closed).then_some(event.at)).any(|at| at <= since);
        (!is_ours && transport.last().is_some_and(|point| is_closed(&point.dtls))).then_some(since)
    }

    /// Outages that the call survived, and kinds of media that ended before the call did.
    fn note_pauses(&self, told: &mut Told<'_>, secured: Millis) {
        let after = |at: Millis| Millis((at.0 - secured.0).max(0.0));
        let streams = || told.connection.streams.values().filter(|stream| stream.way == StreamWay::In);
        let restarts = told.restarts();
        let is_restart =
            |from: Millis, lasted: Millis| restarts.iter().any(|at| *at >= from && at.0 <= from.0 + lasted.0);
        let mut facts: Vec<(Millis, CallFact)> = self
            .pauses(streams())
            .into_iter()
            .take(PAUSES_MAX)
            .map(|(from, lasted_ms)| {
                let restarted = is_restart(from, lasted_ms);
                (from, CallFact::StoodStill { after_ms: after(from), lasted_ms, restarted })
            })
            .collect();
        for (audio, medium) in [(true, Medium::Audio), (false, Medium::Video)] {
            let Some(from) = self.ended(told, audio, medium) else { continue };
            let lasted_ms = Millis(self.points.last().map_or(0.0, |last| last.at.0 - from.0));
            facts.push((from, CallFact::KindEnded { audio, after_ms: after(from), lasted_ms }));
        }
        for (at, fact) in facts {
            told.observe(at, Question::Call, Fact::Call(fact));
        }
    }

    /// When the last of this kind came, where that was long before the last that came at all, and nobody has said since then
    /// that it would end.
    fn ended(&self, told: &Told<'_>, is_audio: bool, medium: Medium) -> Option<Millis> {
        let streams = told.connection.streams.values();
        let own = streams.filter(|stream| stream.way == StreamWay::In && stream.is_audio == is_audio);
        let last_growth = |stream: &StatStream| {
            let most = stream.points.iter().filter_map(|point| point.packets).max().filter(|most| *most > 0)?;
            stream.points.iter().find(|point| point.packets == Some(most)).map(|point| point.at)
        };
        let from = own.filter_map(last_growth).max()?;
        let described = told.descriptions(End::Theirs).filter(|(_, description)| !description.is_blank).last();
        let is_promised = described.is_some_and(|(at, it)| at <= from && it.sends(medium) && !it.lite);
        let changed_here = told.descriptions(End::Ours).any(|(at, _)| at > from);
        // Beside what else came, answers to checks show that the way is there, where this end sent its own all the while.
        let last_answer = self.last_answer().filter(|until| told.sent(*until) > told.sent(from));
        let goes_on_until = last_answer.map_or(self.last_growth, |at| at.max(self.last_growth));
        (is_promised && !changed_here && goes_on_until.0 - from.0 >= KIND_ENDED_AFTER.0).then_some(from)
    }

    /// Whether the last answer to a check came longer ago than a handshake takes: consent is asked for each 5 s at least (RFC
    /// 7675 §5.1), and answered while the path is there.
    fn has_fallen_silent(&self, told: &Told<'_>) -> bool {
        self.last_answer().is_some_and(|at| told.end.0 - at.0 >= CONSENT_ANSWERED_WITHIN.0)
    }

    /// The first sample in which the last answer to a check was counted.
    fn last_answer(&self) -> Option<Millis> {
        let answers = self.points.last().and_then(|last| last.responses_received).filter(|answers| *answers > 0)?;
        self.points.iter().find(|point| point.responses_received == Some(answers)).map(|point| point.at)
    }

    /// Nothing came any more, and nobody hung up.
    fn cut(&self, told: &Told<'_>, secured: Millis) -> Option<CallBreak> {
        let closed = told.events(|event| (event.happened == Happened::Closed).then_some(event.at)).next();
        let ends = ["disconnected", "failed"];
        let last_state = |of: StateOf| {
            let states = told.events(|event| match &event.happened {
                Happened::State { of: which, to } if *which == of => Some((event.at, to.as_str())),
                _ => None,
            });
            states.last().filter(|(_, to)| ends.contains(to)).map(|(at, _)| at)
        };
        let failed = [last_state(StateOf::Ice), last_state(StateOf::Connection)].into_iter().flatten().min();
        let end = closed.map_or(told.end, |closed| closed.min(told.end));
        let silent_ms = Millis(end.0 - self.last_growth.0);
        let is_still = silent_ms >= STOOD_STILL && silent_ms.0 >= self.interval.0 * STOOD_STILL_SAMPLES;
        let went_on = failed.is_some_and(|failed| self.last_growth.0 > failed.0 + WENT_ON.0);
        let is_told = failed.is_some_and(|failed| closed.is_none_or(|closed| failed < closed)) && !went_on;
        // Where nothing else is told the samples themselves have to show it: checks that are not answered.
        let is_seen = self.points.last().is_some_and(|last| last.at.0 - self.last_growth.0 >= STOOD_STILL.0)
            && self.is_unanswered();
        // In one sample: media had come, and for a long time not even a report of theirs did.
        let is_one = self.points.len() == 1 && closed.is_none() && silent_ms >= CONSENT_ANSWERED_WITHIN;
        let had_come = told
            .connection
            .streams
            .values()
            .any(|it| it.way == StreamWay::In && it.points.iter().any(|point| point.packets > Some(0)));
        if !is_still || !(is_told || is_seen || is_one && had_come) {
            return None;
        }
        let pair = PairSilence {
            checks: self.checks_since(self.last_growth),
            refused: None,
            sent_there_ms: None,
            measured_there_ms: None,
            own_network_gone: false,
        };
        let after_ms = Millis((self.last_growth.0 - secured.0).max(0.0));
        Some(CallBreak::Cut { after_ms, silent_ms, pair: Some(pair) })
    }

    fn traffic(&self, told: &Told<'_>, used: &Used<'_>, secured: Millis) -> Traffic {
        let until = self.points.last().map_or(told.end, |last| last.at);
        let version = used.transport.into_iter().flatten().rev().find_map(|point| point.dtls_version.clone());
        let rtt_ms = used.changes.last().and_then(|(_, pair)| round_trips(&pair.points));
        let opened = told.connection.channels_open > 0;
        let last = self.points.last().copied().unwrap_or_default();
        let bps = |bps: f64| bps.max(0.0) as u64;
        Traffic {
            lasted_ms: Millis((until.0 - secured.0).max(0.0)),
            dtls_version: version.unwrap_or_default(),
            audio: self.flow(told, true),
            video: self.flow(told, false),
            reliable: DataFlow { opened, ..DataFlow::default() },
            rtt_ms,
            estimated_bps: last.available_bps.map(bps),
            reports_unknown: !self.is_report_missed(told),
            series: self.series(told, secured),
            ..Traffic::default()
        }
    }

    /// Whether this browser shows what the other end reports, hears from it, and nothing is reported of what is sent there.
    /// Some browsers and servers report nothing at all, or of one kind alone.
    fn is_report_missed(&self, told: &Told<'_>) -> bool {
        let has = |way: StreamWay| told.connection.streams.values().any(|stream| stream.way == way);
        has(StreamWay::InAsReported) && !has(StreamWay::OutAsReported)
    }

    fn flow(&self, told: &Told<'_>, is_audio: bool) -> MediaFlow {
        let of = |way: StreamWay| {
            told.connection.streams.values().filter(move |stream| stream.way == way && stream.is_audio == is_audio)
        };
        let last = |way: StreamWay, value: fn(&StreamPoint) -> Option<u64>| -> u64 {
            of(way).filter_map(|stream| stream.points.iter().rev().find_map(value)).sum()
        };
        let lost = |way: StreamWay| {
            let lost = of(way).filter_map(|stream| stream.points.iter().rev().find_map(|point| point.lost));
            // Copies make it less than 0.
            lost.map(|lost| u64::try_from(lost).unwrap_or_default())
        };
        let jitter = |way: StreamWay| {
            of(way).filter_map(|stream| stream.points.iter().rev().find_map(|point| point.jitter_ms)).max()
        };
        let pauses = self.pauses(of(StreamWay::In));
        let made_up: usize = of(StreamWay::In).map(holes).sum();
        MediaFlow {
            sent_packets: last(StreamWay::Out, |point| point.packets),
            sent_bytes: last(StreamWay::Out, |point| point.bytes),
            received_packets: last(StreamWay::In, |point| point.packets),
            received_bytes: last(StreamWay::In, |point| point.bytes),
            lost: lost(StreamWay::In).sum(),
            reordered: None,
            jitter_ms: jitter(StreamWay::In),
            stalls: u32::try_from(pauses.len().max(made_up)).unwrap_or(u32::MAX),
            longest_stall_ms: pauses.into_iter().map(|(_, lasted)| lasted).max().unwrap_or_default(),
            lost_there: of(StreamWay::OutAsReported).next().map(|_| lost(StreamWay::OutAsReported).sum()),
            jitter_there_ms: jitter(StreamWay::OutAsReported),
            unconfirmed_ms: None,
        }
    }

    /// Outages within the call, each with its beginning and length: nothing came over the pair, and no check was answered
    /// meanwhile. What is merely not sent is none.
    fn pauses<'a>(&self, streams: impl Iterator<Item = &'a StatStream>) -> Vec<(Millis, Millis)> {
        let has_media = streams.flat_map(|stream| &stream.points).any(|point| point.packets > Some(0));
        let mut pauses = Vec::new();
        let mut grown: Option<PairPoint> = None;
        for (place, point) in self.points.iter().enumerate().filter(|_| has_media) {
            let before = place.checked_sub(1).and_then(|place| self.points.get(place));
            // Counters of another pair begin anew, at 0.
            let grows = before.is_none_or(|before| point.bytes_received != before.bytes_received);
            if !grows || before.is_some() && point.bytes_received == Some(0) {
                continue;
            }
            if let (Some(grown), Some(before)) = (grown, before) {
                let pause = Millis(point.at.0 - grown.at.0);
                let is_long = pause >= STOOD_STILL && pause.0 >= self.interval.0 * STOOD_STILL_SAMPLES;
                let is_answered = before.responses_received > grown.responses_received;
                // Where no sample was taken meanwhile, the next one has what became of the checks.
                let is_hole = before.at == grown.at;
                let is_unanswered =
                    unanswered(&grown, if is_hole { point } else { before }).is_none_or(|lost| lost >= LOST_CHECKS);
                pauses.extend((is_long && !is_answered && is_unanswered).then_some((grown.at, pause)));
            }
            grown = Some(*point);
        }
        pauses
    }

    /// Each second of it: by the samples, which are taken about once a second.
    fn series(&self, told: &Told<'_>, secured: Millis) -> Vec<CallSecond> {
        let streams = || told.connection.streams.values().filter(|stream| stream.way == StreamWay::In);
        let at = |stream: &StatStream, at: Millis| stream.points.iter().rfind(|point| point.at <= at).copied();
        let sum = |at_ms: Millis| {
            let points: Vec<StreamPoint> = streams().filter_map(|stream| at(stream, at_ms)).collect();
            let packets: u64 = points.iter().filter_map(|point| point.packets).sum();
            let lost: i64 = points.iter().filter_map(|point| point.lost).sum();
            (packets, lost)
        };
        let mut series: Vec<CallSecond> = Vec::new();
        let samples = self.points.iter().zip(self.points.iter().skip(1)).filter(|(_, point)| point.at >= secured);
        for (before, point) in samples {
            let second = ((point.at.0 - secured.0) / 1000.0) as u32;
            if series.len() >= SERIES_MOST || series.last().is_some_and(|last| last.second >= second) {
                continue;
            }
            let seconds = ((point.at.0 - before.at.0) / 1000.0).max(0.001);
            let rate = |now: Option<u64>, then: Option<u64>| {
                (now.unwrap_or_default().saturating_sub(then.unwrap_or_default()) as f64 * 8.0 / seconds) as u64
            };
            let (was, is) = (sum(before.at), sum(point.at));
            let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
            series.push(CallSecond {
                second,
                rtt_ms: point.rtt_ms,
                jitter_ms: streams()
                    .filter(|stream| stream.is_audio)
                    .filter_map(|stream| at(stream, point.at)?.jitter_ms)
                    .max(),
                received_packets: count(is.0.saturating_sub(was.0)),
                lost: count(u64::try_from(is.1 - was.1).unwrap_or_default()),
                sent_bps: rate(point.bytes_sent, before.bytes_sent),
                received_bps: rate(point.bytes_received, before.bytes_received),
                estimated_bps: point.available_bps.map(|bps| bps.max(0.0) as u64),
            });
        }
        series
    }
}
