//! Networks on one desk: hosts, NATs and links in virtual time, driving the same machines as the world of real sockets.
//!
//! One seed gives the same bytes: time passes only from event to event, and all chance comes from the world's own
//! dice. A [`World`] is built from the inside out of [`Region`]s, the internet and the sites behind it, each behind a
//! [`Gateway`]; sites nest, so that a home stands behind its carrier.

mod dns;
mod firewall;
mod gateway;
mod host;
mod link;
mod nat;
mod packet;
mod stream;
mod world;

pub use firewall::{Firewall, Passage, Protocol, Rate, Recognised, Refusal};
pub use gateway::{Device, Gateway, Nat64, Portal};
pub use link::{Line, Link, TooLarge};
pub use nat::{Clash, Hairpinning, Nat, NatConfig, Parity, Pooling, Ports, Refresh, Refused};
pub use packet::Packet;
pub use world::{HostId, MachineId, Region, World};
