//! Two ends of a call: how they meet, and what becomes of it.
//!
//! [`Meeting`] is one end: it finds out what its own network does, tells the other end where it is, checks every pair
//! of candidates, makes the call, and tells the other end all that it saw. [`Trial`] is the call's half of it.

mod meeting;
mod meter;
mod source;
mod stack;
mod trial;

pub use meeting::{Config, Meeting};
pub use trial::{CallConfig, Trial};
