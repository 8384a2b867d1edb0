//! A call in three lines: how it came out, how long it took to come about, and what passed; of a long one also what was
//! renewed meanwhile.

use super::{Lang, Said, page, said};
use crate::model::{Call, CallTiming, Grade, Renewals, SpeechQuality};

pub(crate) const HEADING: Said = said("The call", "통화");

/// How long it took, stage by stage; None where it never came about.
pub(crate) fn came_about(timing: &CallTiming, lang: Lang) -> Option<String> {
    let stages = [
        (timing.connected, said("a pair", "후보 쌍")),
        (timing.dtls, said("DTLS", "DTLS")),
        (timing.channel_open, said("a channel", "데이터 채널")),
        (timing.first_media, said("media", "미디어")),
    ];
    let reached = stages.iter().filter_map(|(ms, what)| Some((page::milliseconds((*ms)?), what.to(lang))));
    let reached: Vec<String> = reached.map(|(ms, what)| format!("{what} {ms}")).collect();
    let before = said("From the beginning to", "시작부터 걸린 시간:").to(lang);
    (!reached.is_empty()).then(|| format!("{before} {}", reached.join(" · ")))
}

fn quality(quality: SpeechQuality, lang: Lang) -> &'static str {
    match quality {
        SpeechQuality::Best => said("best", "최상"),
        SpeechQuality::High => said("high", "높음"),
        SpeechQuality::Medium => said("medium", "보통"),
        SpeechQuality::Low => said("low", "낮음"),
        SpeechQuality::Poor => said("poor", "나쁨"),
        SpeechQuality::NotRecommended => said("not to be recommended", "권장하지 않음"),
    }
    .to(lang)
}

/// What passed; None where nothing did.
pub(crate) fn passed(call: &Call, lang: Lang) -> Option<String> {
    let media = call.media.as_ref()?;
    let mut parts = Vec::new();
    let mut part = |what: Said, value: String| parts.push(format!("{} {value}", what.to(lang)));
    if let Some(loss) = media.audio.loss() {
        part(said("loss", "손실"), format!("{:.1} %", loss * 100.0));
    }
    if let Some(jitter) = media.audio.jitter_ms {
        part(said("jitter", "지터"), page::milliseconds(jitter));
    }
    if let Some(rtt) = media.rtt_ms {
        part(said("round trip", "왕복 시간"), page::milliseconds(rtt.median));
    }
    if let Some(received) = call.series.iter().map(|second| second.received_bps).max().filter(|bps| *bps > 0) {
        let rate = match received {
            ..1_000_000 => format!("{} kbit/s", received / 1000),
            _ => format!("{:.1} Mbit/s", received as f64 / 1e6),
        };
        part(said("up to", "최대"), rate);
    }
    if let Some(grade) = media.grade {
        let word = quality(grade.quality, lang);
        part(said("speech quality", "음성 품질"), format!("{:.1}/{:.1} ({word})", grade.mos, Grade::MOS_MAX));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What was renewed of how much that was asked for; None of a call that needed nothing.
pub(crate) fn kept(call: &Call, lang: Lang) -> Option<String> {
    let keeping = &call.kept.as_ref()?.keeping;
    let mut parts = vec![(said("consent", "동의"), keeping.consent.answered, keeping.consent.asked)];
    if let Some(relay) = &keeping.relay {
        let of = |what, renewals: Renewals| (what, renewals.answered, renewals.asked);
        parts.extend([
            of(said("permission", "권한"), relay.permission),
            of(said("allocation", "할당"), relay.allocation),
            of(said("channel", "채널"), relay.channel),
        ]);
    }
    let parts = parts.into_iter().filter(|(_, _, asked)| *asked > 0);
    let parts: Vec<String> =
        parts.map(|(what, answered, asked)| format!("{} {answered}/{asked}", what.to(lang))).collect();
    (!parts.is_empty()).then(|| format!("{} {}", said("Renewed:", "갱신:").to(lang), parts.join(" · ")))
}
