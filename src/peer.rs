//! Two ends of a call: how they meet, and what becomes of it.
//!
//! [`Meeting`] is one end: it finds out what its own network does, tells the other end where it is, checks every pair
//! of candidates, and tells the other end all that it saw.

mod meeting;

pub use meeting::{Config, Meeting};
