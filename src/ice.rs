//! ICE (RFC 8445): which candidates an agent on this machine offers.

mod candidate;
mod line;

pub use candidate::{Candidates, is_offered};
pub use line::{LineError, RemoteCandidate, write};
pub(crate) use line::{is_ice_char, number};
