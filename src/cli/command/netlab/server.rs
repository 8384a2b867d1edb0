//! What the lab's own hosts serve: the same machines as in a simulated network, on real sockets of their namespaces.

use crate::lab::roles::Web;
use crate::lab::topology::{HostEntry, Serves, Topology};
use crate::machine::{Input, Instant, Machine, Output, Rng};
use crate::netlab::{Lab, NetlabHost};
use crate::os::{Options, OsWorld};
use crate::run::certificate::{pem, self_signed};
use crate::run::lab_server::{self, PASSWORD, USER};
use crate::server::StunTurnServer;
use anyhow::{Context, anyhow};
use std::fs;
use std::net::IpAddr;
use std::sync::mpsc;
use tokio::sync::oneshot;

/// Starts what this host serves, if anything, and returns when it does; it goes on as long as the lab is there.
pub(crate) async fn start(lab: &Lab, topology: &Topology, entry: &HostEntry, rng: &mut Rng) -> anyhow::Result<()> {
    let router = topology.telling_router(entry).map(|router| Box::new(router) as Box<dyn Machine + Send>);
    let machine: Box<dyn Machine + Send> = match (entry.serves, entry.addresses.first()) {
        (Some(Serves::StunTurn), _) => Box::new(StunTurnServer::new(lab_server::config(&entry.addresses)?, rng.fork())),
        (Some(Serves::Portal), _) => Box::new(Web::portal()),
        (Some(Serves::Inspector), _) => Box::new(Web::inspector()),
        (Some(Serves::Proxy), Some(address)) => Box::new(Web::proxy(*address)),
        (Some(Serves::NatPmp | Serves::Pcp | Serves::Upnp | Serves::Proxy), _) | (None, _) => match router {
            Some(router) => router,
            None => return Ok(()),
        },
    };
    let host = lab.netlab().host(&entry.name).context("the host is not there")?;
    let names: Vec<&str> = entry.names.iter().map(String::as_str).chain([entry.name.as_str()]).collect();
    let (identity, certificate) = self_signed(&entry.addresses, &names)?;
    fs::write(certificate_of(lab, host), pem(&certificate)).context("the server's certificate cannot be written")?;

    let world = OsWorld::new(Options { identity: Some(identity), ..Options::default() })?;
    let (ready, is_ready) = oneshot::channel();
    let mut machine = Announcing { machine, asked: 0, answered: 0, ready: Some(ready) };
    let (failed, failure) = mpsc::channel();
    host.thread(move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(world.run(&mut machine, std::future::pending(), |_, _, _| {})),
        Err(error) => drop(failed.send(error)),
    })?;
    let ended = || failure.try_recv().map_or_else(|_| anyhow!("{} ended at once", entry.name), anyhow::Error::from);
    is_ready.await.map_err(|_| ended())
}

/// The file of a host's certificate in the lab's folder.
fn certificate_of(lab: &Lab, host: &NetlabHost) -> std::path::PathBuf {
    lab.folder().join(format!("{}.pem", host.spec.name))
}

/// A machine that says once that every socket it asked for is open or has failed.
struct Announcing {
    machine: Box<dyn Machine + Send>,
    asked: usize,
    answered: usize,
    ready: Option<oneshot::Sender<()>>,
}

impl Machine for Announcing {
    fn handle(&mut self, now: Instant, input: Input) {
        self.answered += usize::from(matches!(input, Input::Opened { .. } | Input::Failed { .. }));
        self.machine.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        let output = self.machine.poll();
        match &output {
            Output::Open { .. } => self.asked += 1,
            Output::Wait(_) if self.asked > 0 && self.answered >= self.asked => {
                // Nobody waits any more when the lab has ended first.
                let _ = self.ready.take().map(|ready| ready.send(()));
            }
            _ => {}
        }
        output
    }
}

/// How a check with the first server is run; None where the network has none.
pub(crate) fn usage(lab: &Lab, name: &str, topology: &Topology) -> Option<String> {
    let entry = topology.file().hosts.iter().find(|host| host.serves == Some(Serves::StunTurn))?;
    let host = lab.netlab().host(&entry.name)?;
    let server = match (entry.names.first(), entry.addresses.first()?) {
        (Some(name), _) => name.clone(),
        (None, IpAddr::V4(address)) => address.to_string(),
        (None, IpAddr::V6(address)) => format!("[{address}]"),
    };
    let client = topology.client().map_or("HOST", |client| client.name.as_str());
    Some(format!(
        "\n{} speaks STUN and TURN (user {USER}, password {PASSWORD}):\n  \
         RTC_DOCTOR_PASSWORD={PASSWORD} rtc-doctor lab run {name} {client} -- rtc-doctor check --user {USER} \\\n    \
         --ca {} turn:{server} 'turns:{server}:443?transport=tcp'\n",
        entry.name,
        certificate_of(lab, host).display()
    ))
}
