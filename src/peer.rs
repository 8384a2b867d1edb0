//! Two ends of a call: how they meet, and what becomes of it.
//!
//! [`Meeting`] is one end: it finds out what its own network does, tells the other end where it is, checks every pair
//! of candidates, makes the call, and tells the other end all that it saw. [`Trial`] is the call's half of it;
//! [`Alone`] is a call of this machine with itself, and [`Thorough`] a checkup with such calls beside it.

mod alone;
mod announced;
mod meeting;
mod meter;
#[cfg(test)]
mod narrow;
mod source;
mod stack;
mod thorough;
mod trial;

pub use alone::{Alone, OWN_CALL, Through};
pub use meeting::{Config, Meeting};
pub use thorough::Thorough;
pub use trial::{CallConfig, Trial};
