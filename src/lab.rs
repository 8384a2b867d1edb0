//! Simulated networks: hosts, NATs and links in virtual time, driving the same machines as the world of real sockets.
//!
//! The same seed gives the same bytes: time passes only from event to event, and every random number comes from the
//! world's own [`Rng`](crate::machine::Rng). A [`World`] is a [`Network`] with machines on its hosts. A network
//! consists of [`Region`]s: the internet, and sites that are each behind a [`Gateway`]. Sites nest, so that a home can
//! be behind its carrier's NAT.

mod dns;
mod drop;
mod firewall;
mod gateway;
mod host;
mod limits;
mod link;
mod nat;
mod network;
mod packet;
mod queue;
pub mod roles;
mod stream;
pub mod topology;
mod world;

pub use dns::{Answers, Resolver, Zones};
pub use drop::{Dropped, NatDrop};
pub use firewall::{Firewall, Passage, Recognised, Rejection};
pub use gateway::{Device, Gateway, Nat64, Neighbours, Portal};
pub use host::{HostFirewall, MachineId};
pub use limits::{FlowLimits, LimitedWay, Rate, UdpLimits};
pub use link::{LineConfig, Link, TooLarge};
pub use nat::{AddressPooling, Clash, HairpinMode, NatConfig, NatDevice, Parity, Ports, Refresh, Unsolicited};
pub use network::{HostId, Network, NetworkChange, Region};
pub use packet::{Cargo, IcmpError, IpProtocol, Load, Packet, Problem};
pub use stream::{Certified, SimulatedIdentity};
pub use world::World;
