//! The lab for real programs (Linux): each host of a network is a network namespace, and what its programs send goes
//! over a TUN through our own NATs and links.
//!
//! [`Desk::set_up`] makes it, as root or in a user namespace; it ends with the [`Desk`]. Nothing here has a name in the
//! file system that outlives the process.

mod checksum;
mod device;
mod error;
mod gateway;
mod namespace;
mod raw;
mod rewrite;
mod seat;

pub use error::Error;
pub use gateway::{THREAD, Unread};
pub use namespace::Namespace;
pub use raw::Raw;
pub use seat::{Port, Seat};

use crate::lab::{Change, Network};
use error::Step;
use gateway::{Gateway, Wire};
use std::net::Ipv4Addr;
use std::process::{Child, Command};
use std::time::Duration;

/// What is to be set up.
pub struct Plan {
    pub network: Network<Raw>,
    pub seats: Vec<Seat>,
    /// What happens to the network, and how long after the start; the soonest first.
    pub changes: Vec<(Duration, Change)>,
}

/// A network at work.
pub struct Desk {
    hosts: Vec<Host>,
    /// Ends when this is dropped.
    _gateway: Gateway,
}

/// A seat that is there.
pub struct Host {
    pub seat: Seat,
    pub namespace: Namespace,
}

impl Desk {
    /// `mark` is a loopback address by which the namespaces can be told from others.
    pub fn set_up(plan: Plan, mark: Ipv4Addr) -> Result<Self, Error> {
        let (mut hosts, mut wires) = (Vec::new(), Vec::new());
        for seat in plan.seats {
            let namespace = Namespace::new()?;
            let devices = namespace.inside(|| device::furnish(&seat, mark))?;
            wires.extend(seat.ports.iter().zip(devices).map(|(port, device)| Wire { host: port.host, device }));
            hosts.push(Host { seat, namespace });
        }
        let gateway = Gateway::start(plan.network, wires, plan.changes)?;
        Ok(Self { hosts, _gateway: gateway })
    }

    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    pub fn host(&self, name: &str) -> Option<&Host> {
        self.hosts.iter().find(|host| host.seat.name == name)
    }
}

impl Host {
    /// Starts a program on this host.
    pub fn spawn(&self, command: &mut Command) -> Result<Child, Error> {
        self.namespace.inside(|| command.spawn().step("the program cannot be started"))
    }
}
