//! Two ends of a call: how they meet, and what becomes of it.
//!
//! [`Session`] is one end: it finds out what its own network does, tells the other end where it is, checks every pair
//! of candidates, makes the call, and tells the other end all that it saw. [`CallTrial`] is the call's half of it;
//! [`LoopbackCall`] is a call of this machine with itself, and [`CheckupWithCalls`] a checkup with such calls beside it.

mod announced;
mod arrivals;
mod call_config;
mod call_trial;
mod checkup_with_calls;
mod handshake;
mod loopback_call;
mod media_call;
mod meter;
#[cfg(test)]
mod narrow;
mod session;
mod source;
mod stack;

pub use call_config::CallConfig;
pub use call_trial::CallTrial;
pub use checkup_with_calls::CheckupWithCalls;
pub use loopback_call::{LoopbackCall, OWN_CALL, RelayRoute};
pub use session::{Config, Session};
