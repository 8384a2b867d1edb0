//! What does one value of a file say? Browsers write numbers as texts and texts as numbers; here each is read as what it
//! is meant as, or as nothing.

use crate::model::{CandidateType, Millis, Protocol, ServerUri, TcpType, Text, Transport};
use serde_json::Value;

/// The longest candidate line or name that is kept, in bytes.
const WORDS_BYTES_MAX: usize = 4 << 10;
/// Times lie between 2010 and 2040: what does not is of no clock.
const EARLIEST_MS: f64 = 1_262_304_000_000.0;
const LATEST_MS: f64 = 2_208_988_800_000.0;
/// No counter of a call gets so far, of bytes or samples: what does was never counted. Ten thousand of them have a sum.
const COUNT_MAX: f64 = (1_u64 << 48) as f64;

/// A number, also one in a text.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

/// A number of things.
pub(super) fn count(value: &Value) -> Option<u64> {
    whole(value).and_then(|number| u64::try_from(number).ok())
}

/// A number of things that may be less than none, as lost packets are where copies came.
pub(super) fn whole(value: &Value) -> Option<i64> {
    number(value).filter(|number| number.fract() == 0.0 && number.abs() < COUNT_MAX).map(|number| number as i64)
}

/// Whether it may be a time of a file, in milliseconds: since 1970, or since the file began.
pub(super) fn is_time(ms: f64) -> bool {
    (0.0..LATEST_MS).contains(&ms)
}

/// A number of seconds, as a time.
pub(super) fn seconds(value: &Value) -> Option<Millis> {
    number(value).filter(|number| *number >= 0.0).map(|seconds| Millis(seconds * 1000.0))
}

/// A time since 1970, in whichever unit it is written.
pub(super) fn clock(value: &Value) -> Option<Millis> {
    let written = number(value)?;
    let ms = [1.0, 1e-3, 1e3].into_iter().map(|unit| written * unit);
    ms.into_iter().find(|ms| (EARLIEST_MS..LATEST_MS).contains(ms)).map(Millis)
}

/// A time as `2026-11-29T10:03:35.821Z`.
pub(super) fn date(text: &str) -> Option<Millis> {
    let (day, time) = text.trim_end_matches('Z').split_once('T')?;
    let part = |text: Option<&str>| text?.parse::<i64>().ok().filter(|part| (0..=9_999).contains(part));
    let mut day = day.splitn(3, '-');
    let (year, month, day) = (part(day.next())?, part(day.next())?, part(day.next())?);
    let mut time = time.splitn(3, ':');
    let (hours, minutes) = (part(time.next())?, part(time.next())?);
    let seconds: f64 = time.next()?.parse().ok()?;
    // Years are counted from March, so that the day that comes every four years is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    let ms = (days * 86_400 + hours * 3_600 + minutes * 60) as f64 * 1000.0 + seconds * 1000.0;
    (EARLIEST_MS..LATEST_MS).contains(&ms).then_some(Millis(ms))
}

/// What a browser said in words, without what is secret in the lines and addresses that it quotes: passwords of ICE, keys, the
/// path and the query of an address, and whose it is.
pub(super) fn said(value: &Value) -> Option<Text> {
    let words = text(value)?;
    let kept = words.as_str().split_whitespace().map(without_secrets).collect::<Vec<_>>();
    Some(Text::new(&kept.join(" ")))
}

fn without_secrets(word: &str) -> String {
    for secret in ["ice-pwd", "inline"] {
        if let Some(start) = word.find(secret) {
            return word[..start + secret.len()].to_owned();
        }
    }
    if let Some((scheme, rest)) = word.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        return format!("{scheme}://{host}");
    }
    // Whose account it is.
    if word.contains('@') {
        return "…".to_owned();
    }
    if word.contains('=') { word.split('?').next().unwrap_or_default().to_owned() } else { word.to_owned() }
}

/// Yes or no, also in a text.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A text, also one that was taken for a number.
pub(super) fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.len() <= WORDS_BYTES_MAX => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A text that is shown to people.
pub(super) fn text(value: &Value) -> Option<Text> {
    words(value).map(|words| Text::new(&words)).filter(|text| !text.is_empty())
}

/// The URI of a server. What may hold a user's name or password is none.
pub(super) fn uri(value: &Value) -> Option<ServerUri> {
    words(value).as_deref().and_then(uri_of)
}

/// The same of a text.
pub(super) fn uri_of(text: &str) -> Option<ServerUri> {
    Some(ServerUri::from(text.trim())).filter(|uri| uri.target().is_some())
}

/// How a relay is reached, by `relayProtocol`.
pub(super) fn transport(value: &Value) -> Option<Transport> {
    match words(value)?.as_str() {
        "udp" => Some(Transport::Udp),
        "tcp" => Some(Transport::Tcp),
        "tls" => Some(Transport::Tls),
        "dtls" => Some(Transport::Dtls),
        _ => None,
    }
}

/// What a peer speaks to a candidate.
pub(super) fn protocol(value: &Value) -> Option<Protocol> {
    match words(value)?.to_ascii_lowercase().as_str() {
        "udp" => Some(Protocol::Udp),
        "tcp" | "ssltcp" => Some(Protocol::Tcp),
        _ => None,
    }
}

/// Which end of TCP connects.
pub(super) fn tcp_type(value: &Value) -> Option<TcpType> {
    match words(value)?.as_str() {
        "active" => Some(TcpType::Active),
        "passive" => Some(TcpType::Passive),
        "so" => Some(TcpType::So),
        _ => None,
    }
}

/// The type of a candidate, in the words of today and in those of the statistics before the standard.
pub(super) fn candidate_type(value: &Value) -> Option<CandidateType> {
    match words(value)?.as_str() {
        "host" | "local" => Some(CandidateType::Host),
        "srflx" | "serverreflexive" | "stun" => Some(CandidateType::Srflx),
        "prflx" | "peerreflexive" => Some(CandidateType::Prflx),
        "relay" | "relayed" => Some(CandidateType::Relay),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_number_that_nothing_counts_up_to_is_no_count_and_half_a_thing_is_none() {
        for (written, read) in [
            (json!(7), Some(7)),
            (json!("7"), Some(7)),
            (json!(0.5), None),
            (json!(-1), None),
            (json!(u64::MAX), None),
            (json!(1e308), None),
        ] {
            assert_eq!(count(&written), read, "{written}");
        }
        assert_eq!([whole(&json!(-3)), whole(&json!(i64::MIN))], [Some(-3), None]);
    }

    #[test]
    fn a_number_may_stand_in_a_text_and_a_text_as_a_number() {
        assert_eq!(
            [number(&json!("3000")), number(&json!(7.5)), number(&json!(null))],
            [Some(3000.0), Some(7.5), None]
        );
        assert_eq!(words(&json!(7)).as_deref(), Some("7"));
        assert_eq!(count(&json!(-1)), None);
    }

    #[test]
    fn a_time_is_read_in_whichever_unit_it_is_written() {
        let ms = Millis(1_795_946_614_198.0);
        for written in [1_795_946_614_198.0, 1_795_946_614_198_000.0, 1_795_946_614.198] {
            let read = clock(&json!(written)).expect("a time");
            assert!((read.0 - ms.0).abs() < 1.0, "{written}");
        }
        assert_eq!(clock(&json!(12)), None);
        assert_eq!(date("2026-11-29T10:03:35.821Z"), Some(Millis(1_795_946_615_821.0)));
        assert_eq!([date("2026-11-29"), date("12/20/2025, 12:22:02 AM"), date("9999-01-01T00:00:00Z")], [None; 3]);
    }

    #[test]
    fn what_is_no_uri_of_a_server_is_none() {
        assert!(uri(&json!("turn:turn.example.org:3478?transport=tcp")).is_some());
        assert!(uri(&json!("https://example.org/room?token=x")).is_none());
    }
}
