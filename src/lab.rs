//! Networks on one desk: hosts, NATs and links in virtual time, driving the same machines as the world of real sockets.
//!
//! One seed gives the same bytes: time passes only from event to event, and every random number comes from the world's
//! own [`Rng`](crate::machine::Rng). A [`World`] is a [`Network`] with machines on its hosts; it is built from the inside out of [`Region`]s, the internet and the sites behind it, each behind a
//! [`Gateway`]; sites nest, so that a home stands behind its carrier.

mod dns;
mod firewall;
mod gateway;
mod host;
mod link;
mod nat;
mod network;
mod packet;
mod queue;
pub mod roles;
mod stream;
pub mod topology;
mod world;

pub use dns::{Answer, Answers, Names, Resolver};
pub use firewall::{Firewall, Passage, Rate, Recognised, Refusal};
pub use gateway::{Device, Gateway, Nat64, Neighbours, Portal};
pub use host::Identity;
pub use link::{Line, Link, TooLarge};
pub use nat::{Clash, Hairpinning, Nat, NatConfig, Parity, Pooling, Ports, Refresh, Refused, Unsolicited};
pub use network::{Change, Dropped, HostId, Network, Region};
pub use packet::{Cargo, IcmpError, Load, Packet, Problem, Protocol};
pub use world::{MachineId, World};
