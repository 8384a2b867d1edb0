//! How long is the certificate of a path still valid (RFC 5280 §4.1.2.5), and is that long enough?

use super::limits::Limits;
use super::state::PathState;
use crate::catalog::{Lang, monitoring as said};
use crate::model::Server;

const SECONDS_A_DAY: f64 = 86_400.0;

/// Days until the server's certificate ends, less than none where it has ended; None where the server showed none.
/// `unix_now` is in seconds.
pub(super) fn days_left(server: &Server, unix_now: u64) -> Option<f64> {
    let leaf = server.tls.as_ref()?.certificates.first()?;
    Some((unix_seconds(&leaf.not_after)? as f64 - unix_now as f64) / SECONDS_A_DAY)
}

/// The state that the days left come to, and what is to be said of it; None where nothing is.
pub(super) fn too_short(days_left: Option<f64>, limits: &Limits, lang: Lang) -> Option<(PathState, String)> {
    let (left, limit) = (days_left?, limits.certificate()?);
    let ends_within = |days: u32| left < f64::from(days);
    let state = match limit.critical_days {
        Some(days) if ends_within(days) => PathState::Critical,
        _ if ends_within(limit.warning_days) => PathState::Warning,
        _ => return None,
    };
    Some((state, said::certificate_ends(left, lang)))
}

/// Seconds since 1970 of a time in UTC as RFC 3339 writes it; None of any other text.
fn unix_seconds(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (hours, minutes, seconds) = three(time.split_once('.').map_or(time, |(whole, _)| whole), ':')?;
    let (year, month, day) = three(date, '-')?;
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    // The year begins with March, so that the leap day is its last: 153 days are each five months from then on.
    let year = if month < 3 { year - 1 } else { year };
    let months_since_march = (month + 9) % 12;
    let days_to_month = (153 * months_since_march + 2) / 5;
    /// From the first of March of the year 0 to 1970 in the proleptic Gregorian calendar.
    const DAYS_TO_1970: i64 = 719_468;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + days_to_month + day - 1 - DAYS_TO_1970;
    Some(days * 86_400 + hours * 3_600 + minutes * 60 + seconds)
}

fn three(text: &str, between: char) -> Option<(i64, i64, i64)> {
    let mut parts = text.split(between).map(|part| part.parse::<u16>().ok().map(i64::from));
    let three = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(three)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_utc_is_counted_from_1970() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2000-03-01T00:00:00Z", 951_868_800),
            ("2023-11-14T22:13:20Z", 1_700_000_000),
            ("2100-03-01T00:00:00.5Z", 4_107_542_400),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(unix_seconds(text), Some(seconds), "{text}");
        }
        for odd in ["", "2023-11-14", "2023-11-14T22:13:20", "2023-00-14T22:13:20Z", "-1-1-1T1:1:1Z", "1-2-3-4T1:1:1Z"]
        {
            assert_eq!(unix_seconds(odd), None, "{odd}");
        }
    }
}
