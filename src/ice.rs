//! ICE (RFC 8445): candidates, and the agent that checks the pairs of two ends.

mod agent;
mod candidate;
mod check;
mod checklist;
mod line;

pub use agent::{Agent, Config, Description, Event, IceServer, MOST_CANDIDATES, OUR_PACE, Policy, Relays};
pub use candidate::{Candidates, offered};
pub use check::Credentials;
pub use line::{LineError, RemoteCandidate, write};
