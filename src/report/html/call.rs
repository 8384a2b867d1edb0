//! The call as it was made and measured: how far it got, and how it went over time, at both ends.

use super::{evidence, safe};
use crate::catalog::html::{self as page, ReportWords, fill};
use crate::catalog::page::duration;
use crate::catalog::{Lang, call_summary};
use crate::model::{
    BrowserFact, Call, CallFact, CallSecond, CallTiming, Diagnosis, End, Fact, Grade, Gravity, IceFact, MediaFlow,
    Millis, Question, RunFact, Traffic,
};
use crate::report::page::endpoint;
use crate::report::pictures::{self, Bar, Caption, Line, Outcome, milliseconds};

pub(super) struct View {
    pub outcome: String,
    pub class: &'static str,
    pub told: String,
    pub rows: Vec<Row>,
    pub to_media: Vec<ToMedia>,
    pub courses: Vec<Course>,
    /// Of a call that somebody else had, what happened when.
    pub moments: Vec<evidence::Row>,
    pub lead: &'static str,
}

/// One kind of media as one end has it.
pub(super) struct Row {
    pub what: &'static str,
    pub whose: &'static str,
    pub sent: u64,
    pub received: u64,
    pub lost: u64,
    pub jitter: String,
    pub stalls: u32,
}

pub(super) struct ToMedia {
    pub whose: &'static str,
    pub picture: String,
}

/// A picture where something moved, else a sentence.
pub(super) struct Course {
    pub title: &'static str,
    pub picture: String,
    pub sentence: String,
}

pub(super) fn view(diagnosis: &Diagnosis, w: &ReportWords, lang: Lang) -> Option<View> {
    let call = diagnosis.call.as_ref()?;
    let theirs = Theirs::of(diagnosis);
    let mut to_media: Vec<ToMedia> = Vec::new();
    let ends = [(w.call_here, Some(&call.timing_ms)), (w.call_there, theirs.timing.as_ref())];
    let reach = ends.iter().filter_map(|(_, timing)| timing.map(last)).max().unwrap_or_default();
    for (whose, timing) in ends {
        let picture = timing.map(|timing| waterfall(timing, reach, whose, w)).unwrap_or_default();
        if !picture.is_empty() {
            to_media.push(ToMedia { whose, picture });
        }
    }
    let moments = moments(diagnosis, lang);
    Some(View {
        lead: if moments.is_empty() { w.call_lead } else { w.call_lead_saved },
        moments,
        outcome: page::call_outcome(call, lang),
        class: class(call),
        told: told(call, w, lang),
        rows: rows(call, theirs.traffic, w),
        to_media,
        courses: courses(&call.series, theirs.traffic.map_or(&[], |traffic| &traffic.series), w),
    })
}

/// What happened in the course of a call that a file tells of: its states, the pair in use, restarts, errors and its end. A
/// live run has no such course, and each of its observations its own place.
fn moments(diagnosis: &Diagnosis, lang: Lang) -> Vec<evidence::Row> {
    /// A screen or two: a call with more has its observations.
    const MOMENTS_MAX: usize = 60;

    let is_from_a_file = diagnosis.observations.iter().any(|seen| matches!(seen.fact, Fact::Run(RunFact::FromFile(_))));
    let is_moment = |fact: &Fact| {
        matches!(
            fact,
            Fact::Browser(
                BrowserFact::StateChanged { .. }
                    | BrowserFact::CandidateError { .. }
                    | BrowserFact::DescriptionSet { .. }
                    | BrowserFact::RequestFailed { .. }
            ) | Fact::Ice(IceFact::Nominated { .. } | IceFact::Restarted | IceFact::ConsentLost { .. })
                | Fact::Call(CallFact::CallReached { .. } | CallFact::CallBroken(_))
        )
    };
    let moments = diagnosis.observations.iter().filter(|seen| is_from_a_file && is_moment(&seen.fact));
    moments.take(MOMENTS_MAX).map(|seen| evidence::row(seen, lang)).collect()
}

/// A call of this machine with itself.
pub(super) struct OwnRow {
    pub way: String,
    pub outcome: String,
    pub class: &'static str,
    pub first_media: String,
}

pub(super) fn own(diagnosis: &Diagnosis, w: &ReportWords, lang: Lang) -> Vec<OwnRow> {
    let row = |call: &Call| OwnRow {
        way: call.relay.as_ref().map_or_else(|| w.straight.to_owned(), |relay| safe(relay.as_str())),
        outcome: page::call_outcome(call, lang),
        class: class(call),
        first_media: ms_or_none(call.timing_ms.first_media),
    };
    diagnosis.own_calls.iter().map(row).collect()
}

fn class(call: &Call) -> &'static str {
    match call.gravity() {
        Gravity::Fine => "good",
        Gravity::Relayed | Gravity::Degraded => "poor",
        Gravity::Unknown => "unknown",
        Gravity::Broken => "bad",
    }
}

fn ms_or_none(ms: Option<Millis>) -> String {
    ms.map_or_else(|| "–".to_owned(), |ms| format!("{} ms", milliseconds(ms)))
}

/// What the other end saw of the same call.
#[derive(Default)]
struct Theirs<'a> {
    timing: Option<CallTiming>,
    traffic: Option<&'a Traffic>,
}

impl<'a> Theirs<'a> {
    fn of(diagnosis: &'a Diagnosis) -> Self {
        let mut theirs = Self::default();
        for observation in &diagnosis.observations {
            if observation.end != End::Theirs || observation.by.question != Question::Call {
                continue;
            }
            match &observation.fact {
                Fact::Call(CallFact::CallReached { stage, after_ms }) => {
                    theirs.timing.get_or_insert_default().note(*stage, *after_ms);
                }
                Fact::Call(CallFact::Called(traffic)) => theirs.traffic = Some(traffic),
                _ => {}
            }
        }
        theirs
    }
}

fn told(call: &Call, w: &ReportWords, lang: Lang) -> String {
    let mut told = Vec::new();
    if let Some(pair) = &call.selected {
        let (local, remote) = (safe(&endpoint(&pair.local)), safe(&endpoint(&pair.remote)));
        told.push(fill(w.call_over, &[("local", &local), ("remote", &remote)]));
    }
    if let Some(ms) = call.lasted_ms {
        told.push(fill(w.call_lasted, &[("time", &duration(ms, lang))]));
    }
    if let Some(grade) = call.media.as_ref().and_then(|media| media.grade) {
        let (mos, r) = (format!("{:.1}", grade.mos), format!("{:.0}", grade.r));
        let most = format!("{:.1}", Grade::MOS_MAX);
        told.push(fill(w.call_grade, &[("mos", &mos), ("most", &most), ("r", &r)]));
    }
    told.extend(call_summary::kept(call, lang).map(|kept| format!("{kept}.")));
    told.join(" ")
}

fn rows(call: &Call, theirs: Option<&Traffic>, w: &ReportWords) -> Vec<Row> {
    let row = |what, whose, flow: &MediaFlow| Row {
        what,
        whose,
        sent: flow.sent_packets,
        received: flow.received_packets,
        lost: flow.lost,
        jitter: ms_or_none(flow.jitter_ms),
        stalls: flow.stalls,
    };
    let mut rows = Vec::new();
    if let Some(media) = &call.media {
        rows.extend([row(w.call_speech, w.call_here, &media.audio), row(w.call_video, w.call_here, &media.video)]);
    }
    if let Some(traffic) = theirs {
        rows.extend([
            row(w.call_speech, w.call_there, &traffic.audio),
            row(w.call_video, w.call_there, &traffic.video),
        ]);
    }
    rows
}

/// When the last stage of all was reached.
fn last(timing: &CallTiming) -> Millis {
    let all = [timing.gathered, timing.connected, timing.dtls, timing.channel_open, timing.first_media];
    all.into_iter().flatten().filter(|ms| ms.is_finite()).max().unwrap_or_default()
}

/// Each stage from the one before it that was reached; both ends' on one scale.
fn waterfall(timing: &CallTiming, reach: Millis, whose: &str, w: &ReportWords) -> String {
    let stages = [
        (w.call_gathering, timing.gathered, Millis::ZERO),
        (w.call_checking, timing.connected, timing.checks_started.unwrap_or_default()),
        (w.call_dtls, timing.dtls, timing.connected.unwrap_or_default()),
        (w.call_channel, timing.channel_open, timing.dtls.unwrap_or_default()),
        (w.call_media, timing.first_media, timing.dtls.unwrap_or_default()),
    ];
    let bars: Vec<Bar> = stages
        .into_iter()
        .filter_map(|(label, end, begin)| {
            let end = end.filter(|ms| ms.is_finite())?;
            let told = format!("{} ms", milliseconds(end));
            let begin = begin.min(end);
            Some(Bar {
                label: label.to_owned(),
                begin: begin.0,
                took: Some(end.0 - begin.0),
                outcome: Outcome::Passed,
                told,
            })
        })
        .collect();
    if bars.len() < 2 {
        return String::new();
    }
    let told: Vec<String> = bars.iter().map(|bar| format!("{}: {}.", bar.label, bar.told)).collect();
    let title = fill(w.call_to_media_of, &[("whose", whose)]);
    pictures::waterfall_beside(&bars, reach.0, w.call_ms, Caption { title: &title, description: &told.join(" ") })
}

fn courses(ours: &[CallSecond], theirs: &[CallSecond], w: &ReportWords) -> Vec<Course> {
    let both = |of: fn(&CallSecond) -> Option<f64>, labels: [&str; 2]| {
        [line(ours, of, labels[0]), line(theirs, of, labels[1])]
    };
    let ends = [w.call_here, w.call_there];
    let mut rates =
        Vec::from(both(|second| Some(megabits(second.received_bps)), [w.call_received_here, w.call_received_there]));
    rates.push(line(ours, |second| second.estimated_bps.map(megabits), w.call_estimated));
    [
        (w.call_rtt, w.call_ms, Vec::from(both(|second| Some(second.rtt_ms?.0), ends))),
        (w.call_jitter, w.call_ms, Vec::from(both(|second| Some(second.jitter_ms?.0), ends))),
        (w.call_loss, w.call_percent, Vec::from(both(lost_percent, ends))),
        (w.call_bitrate, w.call_mbps, rates),
    ]
    .into_iter()
    .filter_map(|(title, unit, lines)| course(title, unit, lines, w))
    .collect()
}

fn line(series: &[CallSecond], of: fn(&CallSecond) -> Option<f64>, label: &str) -> Line {
    let point = |second: &CallSecond| Some((f64::from(second.second), of(second).filter(|value| value.is_finite())?));
    Line { label: label.to_owned(), points: series.iter().filter_map(point).collect() }
}

fn lost_percent(second: &CallSecond) -> Option<f64> {
    let expected = f64::from(second.received_packets) + f64::from(second.lost);
    (expected > 0.0).then(|| f64::from(second.lost) * 100.0 / expected)
}

fn megabits(bps: u64) -> f64 {
    bps as f64 / 1e6
}

fn course(title: &'static str, unit: &str, mut lines: Vec<Line>, w: &ReportWords) -> Option<Course> {
    lines.retain(|line| !line.points.is_empty());
    let values = || lines.iter().flat_map(|line| line.points.iter().map(|(_, value)| *value));
    let first = values().next()?;
    let sentence = fill(w.call_constant, &[("what", title), ("value", &format!("{first:.1} ({unit})"))]);
    // A line that is level says no more than its number.
    let moves = values().any(|value| (value - first).abs() > 0.05);
    let description: Vec<String> = lines.iter().map(|line| summary(line, unit)).collect();
    let caption = Caption { title, description: &description.join(" ") };
    let picture = if moves { pictures::series(&lines, (w.call_seconds, unit), caption) } else { String::new() };
    Some(Course { title, picture, sentence })
}

fn summary(line: &Line, unit: &str) -> String {
    let values = || line.points.iter().map(|(_, value)| *value);
    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    format!("{}: {least:.1}–{most:.1} ({unit}).", line.label)
}
