//! ICE (RFC 8445): candidates, and the agent that checks the pairs of two ends.

mod agent;
mod agent_io;
mod base;
mod bases;
mod candidate;
mod check;
mod checklist;
mod checks;
mod config;
mod consent;
mod credentials;
mod former;
mod gatherer;
mod line;
mod nominator;
mod pair;
mod relay_watch;
mod remote;
mod roles;
mod tcp;

pub use agent::Agent;
pub(crate) use candidate::offered_at_most;
pub use candidate::{Candidates, offered};
pub use check::IceCredentials;
pub use config::{Config, Event, IceServer, OUR_PACE, Policy, RelayAccess, RemoteDescription};
pub(crate) use consent::EXPIRY as CONSENT_EXPIRY;
pub use line::{RemoteCandidate, write};
pub(crate) use line::{is_credential_char, number};
pub use remote::MOST_CANDIDATES;
