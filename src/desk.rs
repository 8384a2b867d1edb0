//! The lab for real programs (Linux): each host of a network is a network namespace, and what its programs send goes
//! over a device of the kernel's TUN/TAP driver through our own NATs and links.
//!
//! [`Desk`] is the network at work, [`Lab`] one that has a name, so that other processes find it. A process that is not
//! root goes into a user namespace first ([`acquire`]). Namespaces and devices live no longer than the processes in
//! them; of a lab that is killed there remain programs that go on running and a folder, and [`down`] clears both.
//!
//! What it does not do: fragments are not carried, and a host's addresses do not change.

mod checksum;
mod device;
mod dns;
mod down;
mod error;
mod gateway;
mod namespace;
mod portal;
mod program;
mod raw;
mod resolver;
mod rewrite;
mod rights;
mod seat;
mod state;
mod worker;

pub use down::{Cleared, down};
pub use error::Error;
pub use gateway::{THREAD, Traffic};
pub use raw::Raw;
pub use rights::acquire;
pub use seat::{Port, Seat};
pub use state::Place;

use crate::lab::{Change, Names, Network};
use crate::machine::Dice;
use crate::model::{DnsKind, DnsRecord};
use error::Step;
use gateway::Wire;
use namespace::Namespace;
use portal::Redirected;
use resolver::NameServer;
use state::{Claim, State};
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use worker::Worker;

/// What is to be set up.
pub struct Plan {
    pub network: Network<Raw>,
    pub seats: Vec<Seat>,
    /// Beside those of the seats themselves.
    pub names: Names,
    /// What happens to the network, and how long after the start; the soonest first.
    pub changes: Vec<(Duration, Change)>,
}

/// A network at work, as long as this is there.
pub struct Desk {
    hosts: Vec<Host>,
    mark: Ipv4Addr,
    gateway: Worker<Traffic>,
    /// Ends with the desk.
    _resolvers: Worker<()>,
}

/// A seat that is there.
pub struct Host {
    pub seat: Seat,
    namespace: Namespace,
}

impl Desk {
    /// Needs the rights of [`acquire`].
    pub fn set_up(plan: Plan, dice: &mut Dice) -> Result<Self, Error> {
        let [a, b, c] = dice.bytes();
        // Not 127.0.0.0/16, where a machine's own names and resolvers are.
        let mark = Ipv4Addr::new(127, a.max(1), b, c.clamp(1, 254));
        let Plan { network, seats, mut names, changes } = plan;
        let (mut hosts, mut wires, mut servers) = (Vec::new(), Vec::new(), Vec::new());
        for seat in seats {
            for address in seat.addresses() {
                let kind = if address.is_ipv4() { DnsKind::A } else { DnsKind::Aaaa };
                names.add(&seat.name.to_ascii_lowercase(), kind, DnsRecord::Address(*address));
            }
            let namespace = Namespace::new()?;
            let devices = namespace.inside(|| device::furnish(&seat, mark))?;
            wires.extend(seat.ports.iter().zip(devices).map(|(port, device)| Wire {
                host: port.host,
                device,
                addresses: port.addresses.clone(),
                redirected: (!seat.forwards).then(Redirected::default),
            }));
            servers.push(NameServer::new(&namespace, seat.resolver.clone())?);
            hosts.push(Host { seat, namespace });
        }
        let gateway = gateway::start(network, wires, changes)?;
        Ok(Self { hosts, mark, gateway, _resolvers: resolver::start(servers, names)? })
    }

    /// Ends the desk; what has gone through it.
    pub fn end(mut self) -> Traffic {
        self.gateway.end().unwrap_or_default()
    }

    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    pub fn host(&self, name: &str) -> Option<&Host> {
        self.hosts.iter().find(|host| host.seat.name == name)
    }
}

impl Host {
    /// Starts a program on this host, with the system's own names.
    pub fn spawn(&self, command: &mut Command) -> Result<Child, Error> {
        program::spawn(&self.namespace, None, command)
    }

    /// Does something on this host, such as opening sockets, and waits for it.
    pub fn inside<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
        self.namespace.inside(|| Ok(work()))
    }

    /// Does something on this host, on a thread that goes on by itself. The host stays as long as the thread runs.
    pub fn thread(&self, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let namespace = self.namespace.duplicate().step("the network namespace cannot be held")?;
        let (said, joined) = mpsc::channel();
        thread::spawn(move || {
            let outcome = namespace.join();
            let is_inside = outcome.is_ok();
            let _ = said.send(outcome);
            if is_inside {
                work();
            }
        });
        let outcome = joined.recv().unwrap_or_else(|error| Err(io::Error::other(error)));
        outcome.step("the network namespace cannot be entered")
    }
}

/// A network at work that other processes find by its name.
pub struct Lab {
    // Ends in this order: first the network, then what is written down of it.
    desk: Desk,
    claim: Claim,
}

impl Lab {
    /// `name` is taken while this is there.
    pub fn set_up(name: &str, plan: Plan, dice: &mut Dice) -> Result<Self, Error> {
        let mut claim = Claim::new(name, Ipv4Addr::UNSPECIFIED)?;
        let desk = Desk::set_up(plan, dice)?;
        program::write_names(&claim.folder)?;
        claim.state.mark = desk.mark;
        let place = |host: &Host| Place {
            name: host.seat.name.clone(),
            addresses: host.seat.addresses().copied().collect(),
            inode: host.namespace.inode(),
            descriptor: host.namespace.descriptor(),
        };
        claim.set_hosts(desk.hosts.iter().map(place).collect())?;
        Ok(Self { desk, claim })
    }

    /// Ends the lab and all programs in it; what has gone through it.
    pub fn end(mut self) -> Traffic {
        down::clear(&self.claim.state);
        self.desk.gateway.end().unwrap_or_default()
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Where the lab keeps its files while it is up.
    pub fn folder(&self) -> &Path {
        &self.claim.folder
    }

    /// Starts a program on a host, with the lab's names.
    pub fn spawn(&self, host: &Host, command: &mut Command) -> Result<Child, Error> {
        program::spawn(&host.namespace, Some(&self.claim.folder), command)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        down::clear(&self.claim.state);
    }
}

/// A lab that another process has set up.
pub struct Running {
    folder: PathBuf,
    state: State,
}

impl Running {
    /// None where no lab of this name is up. Goes into its user namespace: for a process with one thread.
    pub fn find(name: &str) -> Result<Option<Self>, Error> {
        let folder = state::folder(name)?;
        let Some(state) = State::read(&folder).filter(|state| state.is_running() && !state.hosts.is_empty()) else {
            return Ok(None);
        };
        rights::join(state.process)?;
        Ok(Some(Self { folder, state }))
    }

    pub fn places(&self) -> &[Place] {
        &self.state.hosts
    }

    /// Starts a program on a host, with the lab's names.
    pub fn spawn(&self, place: &Place, command: &mut Command) -> Result<Child, Error> {
        let path = format!("/proc/{}/fd/{}", self.state.process, place.descriptor);
        let namespace = Namespace::open(&path).step("the lab cannot be entered")?;
        program::spawn(&namespace, Some(&self.folder), command)
    }
}
