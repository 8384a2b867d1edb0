//! A time as the documents hold it.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::time::Duration;

/// A time in milliseconds with fractions; in JSON a number.
///
/// It is a number and no [`Duration`], since a document is read and written again byte for byte: a browser's clock gives
/// times that are no whole nanoseconds, a stranger's document may hold times below zero or beyond any `Duration`, and
/// one that was rounded to tenths must not come back with the rounding of a `Duration`'s seconds.
///
/// The order is IEEE 754's total one, so that times from a stranger can be sorted and compared without a panic. What is
/// not [finite](Self::is_finite) is no time that anything measured.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub f64);

impl Millis {
    /// No time at all.
    pub const ZERO: Self = Self(0.0);

    /// Whether it is a number at all, and not infinite.
    pub fn is_finite(self) -> bool {
        self.0.is_finite()
    }

    /// In seconds, with fractions.
    pub fn seconds(self) -> f64 {
        self.0 / 1000.0
    }

    /// As a `Duration`, to the nearest nanosecond; none where a `Duration` cannot hold it.
    pub fn duration(self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.seconds()).ok()
    }
}

impl From<Duration> for Millis {
    fn from(duration: Duration) -> Self {
        Self(duration.as_secs_f64() * 1000.0)
    }
}

impl Ord for Millis {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Millis {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Millis {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Millis {}

/// The number alone: whoever writes it adds the unit.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number like any other.
impl JsonSchema for Millis {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        f64::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        f64::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_written_again_byte_for_byte() {
        for text in ["8.099999999627471", "428.09999999999997", "20.1", "0.0", "-1.0", "1e+300", "null"] {
            let read: Option<Millis> = serde_json::from_str(text).expect("a number, or none");
            assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
        }
    }

    #[test]
    fn a_time_of_no_sense_is_no_duration_and_sorts_all_the_same() {
        for odd in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            assert_eq!(Millis(odd).duration(), None, "{odd}");
        }
        assert_eq!(Millis(1.5).duration(), Some(Duration::from_micros(1500)));
        let mut times = [Millis(f64::NAN), Millis(2.0), Millis(-1.0), Millis(f64::INFINITY)];
        times.sort();
        assert_eq!(times[..3], [Millis(-1.0), Millis(2.0), Millis(f64::INFINITY)]);
    }
}
