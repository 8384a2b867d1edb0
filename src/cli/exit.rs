//! Exit codes that say that there is no diagnosis, or none where it was wanted; the others are the diagnosis's own.
//! From 64 on they are those of BSD's sysexits.

/// The checkup could not begin, or its cause is truly not known.
pub(crate) const COULD_NOT_TELL: u8 = 3;
/// The command line or an input cannot be read; nothing was sent.
pub(crate) const USAGE: u8 = 64;
/// Ended by the user before there was anything to report: 128 and the number of SIGINT, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;
/// A fault of the program itself.
pub(crate) const INTERNAL: u8 = 70;
/// A report could not be written.
pub(crate) const CANNOT_WRITE: u8 = 74;
