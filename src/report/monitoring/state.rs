//! How can a path be, and how does each system write that?

/// How a path is, the worst last: what is not known is no alarm, and still nothing to rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PathState {
    Ok,
    /// Not asked to the end, or this machine is at fault, or may be.
    Unknown,
    Warning,
    Critical,
}

impl PathState {
    /// The worst of all paths; critical where something keeps the application from its servers.
    pub(super) fn worst(of_paths: impl Iterator<Item = Self>, faults: &[String]) -> Self {
        let of_faults = (!faults.is_empty()).then_some(Self::Critical);
        of_paths.chain(of_faults).max().unwrap_or(Self::Unknown)
    }

    /// The state as a number: the exit code of a plugin, the first word of a local check.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}
