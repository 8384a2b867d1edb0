//! What do the headers of an answer show of its source, beside what it was asked for: another clock, or a cache?

use super::message::{WebAnswer, origin};
use crate::configuration::Fault;
use crate::model::{Code, Count, Detail, Severity, SourceRefusal};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use url::Url;

/// An answer may have been on its way for seconds, and its time is in whole ones.
const SKEW_MAX_S: u64 = 60;

/// That the clocks differ: whose is wrong cannot be told from two alone.
pub(super) fn clock(answer: &WebAnswer, at: &Url, now_s: u64) -> Option<Fault> {
    let apart_s = there_s(answer)?.abs_diff(now_s);
    (apart_s > SKEW_MAX_S).then(|| {
        let about = Detail::default().server(origin(at)).count(Count::Seconds(apart_s));
        Fault { code: Code::SourceClockDiffers, severity: Severity::Warning, about }
    })
}

/// By how much the source's clock is behind ours, where it is by minutes.
pub(super) fn behind_s(answer: &WebAnswer, now_s: u64) -> Option<u64> {
    now_s.checked_sub(there_s(answer)?).filter(|behind_s| *behind_s > SKEW_MAX_S)
}

/// The time there, in seconds since 1970; what a cache has kept is as old as it says.
fn there_s(answer: &WebAnswer) -> Option<u64> {
    let theirs = OffsetDateTime::parse(answer.header("date")?, &Rfc2822).ok()?;
    u64::try_from(theirs.unix_timestamp()).ok().filter(|_| answer.header("age").is_none())
}

/// That a cache has kept the answer, or that every cache may: whoever asks next gets the same credentials.
pub(super) fn cache(answer: &WebAnswer, at: &Url) -> Option<Fault> {
    let control = answer.header("cache-control").unwrap_or_default().to_ascii_lowercase();
    let words: Vec<&str> = control.split(',').map(str::trim).collect();
    let is_kept = answer.header("age").and_then(|age| age.trim().parse().ok()).is_some_and(|age: u64| age > 0);
    let seconds = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)?.parse::<u64>().ok());
    let shared = words.iter().find(|word| **word == "public" || word.starts_with("s-maxage="));
    // What has to be asked for again each time is handed to nobody else (RFC 9111 §4.2.1, §5.2.2.4).
    let is_stale = seconds("s-maxage=").or(seconds("max-age=")) == Some(0);
    let is_kept_from = is_stale || ["no-store", "no-cache", "private"].iter().any(|word| words.contains(word));
    let why = match shared.filter(|_| !is_kept_from) {
        _ if is_kept => SourceRefusal::KeptByCache,
        Some(word) => SourceRefusal::MayBeKept { word: (*word).to_owned() },
        None => return None,
    };
    let about = Detail::default().server(origin(at)).reason(Some(why.into()));
    Some(Fault { code: Code::SourceCached, severity: Severity::Warning, about })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-30T00:53:20Z.
    const NOW: u64 = 1_796_000_000;

    fn at() -> Url {
        Url::parse("https://app.example/ice").expect("is one")
    }

    fn answer(headers: &[(&str, &str)]) -> WebAnswer {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        WebAnswer { status: 200, headers, body: Vec::new() }
    }

    #[test]
    fn a_clock_that_is_minutes_off_is_told_and_one_of_seconds_is_not() {
        for (date, expected) in [
            ("Mon, 30 Nov 2026 00:53:20 GMT", None),
            ("Mon, 30 Nov 2026 00:54:15 GMT", None),
            ("Mon, 30 Nov 2026 01:53:20 GMT", Some(Count::Seconds(3600))),
            ("Sun, 29 Nov 2026 00:53:20 GMT", Some(Count::Seconds(86_400))),
            ("yesterday", None),
        ] {
            let told = clock(&answer(&[("date", date)]), &at(), NOW);
            assert_eq!(told.and_then(|fault| fault.about.count), expected, "{date}");
        }
        let kept = answer(&[("date", "Sun, 29 Nov 2026 00:53:20 GMT"), ("age", "86400")]);
        assert_eq!(clock(&kept, &at(), NOW), None);
    }

    #[test]
    fn an_answer_that_a_cache_keeps_or_may_keep_for_all_is_told() {
        for (headers, is_told) in [
            (&[][..], false),
            (&[("cache-control", "no-store")][..], false),
            (&[("cache-control", "private, max-age=60")][..], false),
            (&[("cache-control", "Public, max-age=60")][..], true),
            (&[("cache-control", "s-maxage=60")][..], true),
            (&[("cache-control", "public, no-store")][..], false),
            (&[("cache-control", "public, max-age=0, must-revalidate")][..], false),
            (&[("cache-control", "public, no-cache")][..], false),
            (&[("cache-control", "s-maxage=0, max-age=60")][..], false),
            (&[("age", "0")][..], false),
            (&[("age", "17")][..], true),
        ] {
            assert_eq!(cache(&answer(headers), &at()).is_some(), is_told, "{headers:?}");
        }
    }
}
