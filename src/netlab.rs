//! The lab for real programs (Linux): each host of a network is a network namespace, and what its programs send passes
//! a TAP device and the simulated NATs and links.
//!
//! [`Netlab`] is a running network, [`Lab`] one with a name by which other processes find it. A process that is not
//! root enters a user namespace first ([`acquire`]). Namespaces and devices exist no longer than the processes in them.
//! A lab that is killed leaves running programs and a folder, which [`down`] removes.
//!
//! Not supported: fragments are dropped, and the addresses of a host do not change.

mod checksum;
mod device;
mod dns;
mod down;
mod error;
mod gateway;
mod host_spec;
mod namespace;
mod portal;
mod program;
mod raw;
mod resolver;
mod rewrite;
mod rights;
mod state;
mod worker;

pub use down::{Cleared, down};
pub use error::Error;
pub use gateway::{GatewayTraffic, THREAD};
pub use host_spec::{HostSpec, Port};
pub use raw::RawPacket;
pub use rights::acquire;
pub use state::RunningHost;

use crate::lab::{Network, NetworkChange, Zones};
use crate::machine::Rng;
use crate::model::{DnsKind, DnsRecord};
use error::Context;
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
pub struct NetlabPlan {
    /// The network, with a host for each port of each spec.
    pub network: Network<RawPacket>,
    /// The hosts that are to be set up.
    pub specs: Vec<HostSpec>,
    /// Names of the lab's DNS beside those of the hosts themselves.
    pub names: Zones,
    /// The changes of the network and their times after the start, soonest first.
    pub changes: Vec<(Duration, NetworkChange)>,
}

/// A running network. Dropping this takes it down.
pub struct Netlab {
    hosts: Vec<NetlabHost>,
    mark: Ipv4Addr,
    gateway: Worker<GatewayTraffic>,
    /// Answers the DNS questions of all hosts until the network is taken down.
    _resolvers: Worker<()>,
}

/// A host whose namespace exists.
pub struct NetlabHost {
    /// What it was set up from.
    pub spec: HostSpec,
    namespace: Namespace,
}

impl Netlab {
    /// Sets up the network. Needs the rights of [`acquire`].
    pub fn set_up(plan: NetlabPlan, rng: &mut Rng) -> Result<Self, Error> {
        let [a, b, c] = rng.bytes();
        // Not in 127.0.0.0/16, which is used for local names and resolvers.
        let mark = Ipv4Addr::new(127, a.max(1), b, c.clamp(1, 254));
        let NetlabPlan { network, specs, mut names, changes } = plan;
        let (mut hosts, mut wires, mut servers) = (Vec::new(), Vec::new(), Vec::new());
        for spec in specs {
            for address in spec.addresses() {
                let kind = if address.is_ipv4() { DnsKind::A } else { DnsKind::Aaaa };
                names.add(&spec.name.to_ascii_lowercase(), kind, DnsRecord::Address(*address));
            }
            let namespace = Namespace::new()?;
            let devices = namespace.inside(|| device::furnish(&spec, mark))?;
            wires.extend(spec.ports.iter().zip(devices).map(|(port, device)| Wire {
                host: port.host,
                device,
                addresses: port.addresses.clone(),
                redirected: (!spec.forwards).then(Redirected::default),
            }));
            servers.push(NameServer::new(&namespace, spec.resolver.clone())?);
            hosts.push(NetlabHost { spec, namespace });
        }
        let gateway = gateway::start(network, wires, changes)?;
        Ok(Self { hosts, mark, gateway, _resolvers: resolver::start(servers, names)? })
    }

    /// Takes the network down; returns the traffic counters.
    pub fn end(mut self) -> GatewayTraffic {
        self.gateway.end().unwrap_or_default()
    }

    /// All hosts, in the order of the plan.
    pub fn hosts(&self) -> &[NetlabHost] {
        &self.hosts
    }

    /// A host by its name.
    pub fn host(&self, name: &str) -> Option<&NetlabHost> {
        self.hosts.iter().find(|host| host.spec.name == name)
    }
}

impl NetlabHost {
    /// Starts a program on this host, with the system's own name servers.
    pub fn spawn(&self, command: &mut Command) -> Result<Child, Error> {
        program::spawn(&self.namespace, None, command)
    }

    /// Runs a closure on this host, such as one that opens sockets, and waits for it.
    pub fn inside<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
        self.namespace.inside(|| Ok(work()))
    }

    /// Runs a closure on this host on a thread of its own. The namespace exists as long as the thread runs.
    pub fn thread(&self, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let namespace = self.namespace.duplicate().context("the network namespace cannot be held")?;
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
        outcome.context("the network namespace cannot be entered")
    }
}

/// A running network that other processes find by its name.
pub struct Lab {
    // Dropped in this order: first the network, then its folder.
    netlab: Netlab,
    claim: Claim,
}

impl Lab {
    /// Sets up the network. `name` is taken as long as this exists.
    pub fn set_up(name: &str, plan: NetlabPlan, rng: &mut Rng) -> Result<Self, Error> {
        let mut claim = Claim::new(name, Ipv4Addr::UNSPECIFIED)?;
        let netlab = Netlab::set_up(plan, rng)?;
        program::write_names(&claim.folder)?;
        claim.state.mark = netlab.mark;
        let place = |host: &NetlabHost| RunningHost {
            name: host.spec.name.clone(),
            addresses: host.spec.addresses().copied().collect(),
            inode: host.namespace.inode(),
            descriptor: host.namespace.descriptor(),
        };
        claim.set_hosts(netlab.hosts.iter().map(place).collect())?;
        Ok(Self { netlab, claim })
    }

    /// Ends the lab and all programs in it; returns the traffic counters.
    pub fn end(mut self) -> GatewayTraffic {
        down::clear(&self.claim.state);
        self.netlab.gateway.end().unwrap_or_default()
    }

    /// The network that is running.
    pub fn netlab(&self) -> &Netlab {
        &self.netlab
    }

    /// Where the lab keeps its files while it is up.
    pub fn folder(&self) -> &Path {
        &self.claim.folder
    }

    /// Starts a program on a host, with the lab's name servers.
    pub fn spawn(&self, host: &NetlabHost, command: &mut Command) -> Result<Child, Error> {
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
    /// Finds a lab by its name; None where none is running. Enters its user namespace, so the process has to be
    /// single-threaded.
    pub fn find(name: &str) -> Result<Option<Self>, Error> {
        let folder = state::folder(name)?;
        let Some(state) = State::read(&folder).filter(|state| state.is_running() && !state.hosts.is_empty()) else {
            return Ok(None);
        };
        rights::join(state.process)?;
        Ok(Some(Self { folder, state }))
    }

    /// The hosts of the lab that is running.
    pub fn hosts(&self) -> &[RunningHost] {
        &self.state.hosts
    }

    /// Starts a program on a host, with the lab's name servers.
    pub fn spawn(&self, place: &RunningHost, command: &mut Command) -> Result<Child, Error> {
        let path = format!("/proc/{}/fd/{}", self.state.process, place.descriptor);
        let namespace = Namespace::open(&path).context("the lab cannot be entered")?;
        program::spawn(&namespace, Some(&self.folder), command)
    }
}
