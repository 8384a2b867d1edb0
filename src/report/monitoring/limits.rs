//! Which times of a path are watched, and how long may each of them be?

use crate::model::Step;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A time of a path, for which a limit can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// What one stage took.
    Stage(Step),
    /// What all stages took together.
    Total,
}

impl Measure {
    /// Every measure of a path, in the order in which a path goes through them; its name is that of the stage in
    /// `servers[].stages[]`.
    pub const ALL: [(&'static str, Self); 14] = [
        ("resolve", Self::Stage(Step::Resolve)),
        ("connect", Self::Stage(Step::Connect)),
        ("tls", Self::Stage(Step::Tls)),
        ("binding", Self::Stage(Step::Binding)),
        ("challenge", Self::Stage(Step::Challenge)),
        ("allocate", Self::Stage(Step::Allocate)),
        ("permission", Self::Stage(Step::Permission)),
        ("relay-in", Self::Stage(Step::RelayIn)),
        ("channel", Self::Stage(Step::Channel)),
        ("relay-out", Self::Stage(Step::RelayOut)),
        ("relay-large", Self::Stage(Step::RelayLarge)),
        ("refresh", Self::Stage(Step::Refresh)),
        ("release", Self::Stage(Step::Release)),
        ("total", Self::Total),
    ];
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Self::ALL.iter().find(|(_, measure)| measure == self);
        f.write_str(known.map_or("call", |(name, _)| name))
    }
}

/// A word that names no measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such stage; there are {}", Measure::ALL.map(|(name, _)| name).join(", "))]
pub struct UnknownMeasure;

impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(name: &str) -> Result<Self, UnknownMeasure> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, measure)| measure).ok_or(UnknownMeasure)
    }
}

/// How long each measure of a path may be before the path is told as a warning, or as critical. A time that equals its
/// limit is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    warning: BTreeMap<Measure, Duration>,
    critical: BTreeMap<Measure, Duration>,
    certificate: Option<CertificateLimit>,
}

/// How many days before its end a certificate is worth a warning, or critical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateLimit {
    /// Where it ends within so many days, it is a warning.
    pub warning_days: u32,
    /// Where it ends within so many days, no more than those of the warning, it is critical; None where it never is.
    pub critical_days: Option<u32>,
}

impl Limits {
    /// Where two limits name one measure, the later one holds.
    pub fn new(
        warning: impl IntoIterator<Item = (Measure, Duration)>,
        critical: impl IntoIterator<Item = (Measure, Duration)>,
    ) -> Self {
        Self { warning: warning.into_iter().collect(), critical: critical.into_iter().collect(), certificate: None }
    }

    /// With a limit for certificates too.
    pub fn with_certificate(self, certificate: Option<CertificateLimit>) -> Self {
        Self { certificate, ..self }
    }

    /// When the end of a certificate is told; None where it never is.
    pub fn certificate(&self) -> Option<CertificateLimit> {
        self.certificate
    }

    /// A measure that is critical before it is a warning, with both limits; None where there is none.
    pub fn contradiction(&self) -> Option<(Measure, [Duration; 2])> {
        let both =
            self.warning.iter().filter_map(|(measure, warning)| Some((*measure, [*warning, self.critical(*measure)?])));
        both.into_iter().find(|(_, [warning, critical])| warning > critical)
    }

    /// Above which time it is a warning; None where it never is.
    pub fn warning(&self, measure: Measure) -> Option<Duration> {
        self.warning.get(&measure).copied()
    }

    /// Above which time it is critical; None where it never is.
    pub fn critical(&self, measure: Measure) -> Option<Duration> {
        self.critical.get(&measure).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_called_as_its_stage_in_the_document() {
        for (name, measure) in Measure::ALL {
            assert_eq!((measure.to_string().as_str(), name.parse()), (name, Ok(measure)));
            if let Measure::Stage(step) = measure {
                assert_eq!(serde_json::to_value(step).ok(), Some(name.into()));
            }
        }
    }
}
