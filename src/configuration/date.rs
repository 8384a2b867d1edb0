//! A day of the calendar (UTC) from a time in seconds since 1970.

/// As in RFC 3339, such as 2026-11-30. A time before 1970 does not occur here.
pub fn date(unix_s: u64) -> String {
    const DAYS_OF_400_YEARS: u64 = 146_097;

    // Years are counted from 1 March 0000, so that the day that comes every four years is the last of its year.
    let days = unix_s / 86_400 + 719_468;
    let (era, day) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + u64::from(month <= 2))
}

/// With the minute, such as 2026-11-30 10:02: for what lives an hour, a day says nothing.
pub(super) fn minute(unix_s: u64) -> String {
    format!("{} {:02}:{:02}", date(unix_s), unix_s / 3600 % 24, unix_s / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_around_leap_days_and_turns_of_years_are_right() {
        for (unix_s, day) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_709_164_800, "2024-02-29"),
            (1_796_083_199, "2026-11-30"),
            (1_798_761_599, "2026-12-31"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(date(unix_s), day);
        }
    }

    #[test]
    fn a_minute_stands_behind_its_day() {
        assert_eq!(minute(1_796_032_979), "2026-11-30 10:02");
    }
}
