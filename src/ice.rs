//! ICE (RFC 8445): which candidates an agent on this machine offers.

mod candidate;

pub use candidate::{Candidates, is_offered};
