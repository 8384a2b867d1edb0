//! How does one get a relayed address from a TURN server, and keep it? The client of RFC 8656.
//!
//! [`Allocation`] is a sub-machine: its owner has the socket, hands in what arrives from the server and sends what
//! [`Allocation::poll`] gives. Long-term credentials (RFC 8489 §9.2), permissions, channels and everything's renewal
//! are here. Who the server is, whether an answer came from it, redirection (RFC 8489 §10) and what any of it means
//! are the owner's.

mod allocation;
mod credentials;
mod event;
#[cfg(test)]
pub(crate) mod fake;
mod session;
#[cfg(test)]
mod tests;

pub use allocation::{Allocation, Config, Upkeep};
pub use credentials::{Credentials, for_a_while, rest_password};
pub use event::{Error, Event, Output, is_for_lack_of_room};
