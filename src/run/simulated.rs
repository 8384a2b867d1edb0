//! A checkup in a simulated network, in virtual time: a fraction of a millisecond of real time each.

use super::recorded::RecordedCheckup;
use super::{Error, Extras, lab_server, record_of};
use crate::lab::roles::Web;
use crate::lab::topology::{HostEntry, Serves, Topology};
use crate::lab::{HostId, MachineId, World};
use crate::machine::{Machine, Rng};
use crate::model::{Observation, Record, Recording};
use crate::probe::{Checkup, Plan};
use crate::server::StunTurnServer;
use std::time::Duration;

/// The lab's clock stands here when a run begins, in seconds since 1970, so that a seed gives the same bytes: 14 November
/// 2023.
pub const LAB_UNIX_NOW: u64 = 1_700_000_000;

/// What a machine takes to end after its time is up.
const GRACE: Duration = Duration::from_secs(1);

/// Makes the checkup of `plan` at the client of `topology` ([`Topology::client`]), with the topology's own servers at
/// work.
///
/// A plan without servers asks those of the topology; `unix_now` is [`LAB_UNIX_NOW`]. The same topology, seed and plan
/// give the same recording to the byte, but for [`Extras::own_calls`]. `observe` is told each observation, in order,
/// when the run is over.
///
/// # Errors
/// [`Error::NoClient`] where every host serves; [`Error::Server`] where a host's addresses are none to serve on.
pub fn simulated(
    topology: &Topology,
    seed: u64,
    mut plan: Plan,
    extras: Extras,
    observe: impl FnMut(&Observation),
) -> Result<Recording, Error> {
    let (mut world, built) = topology.world(seed);
    let mut rng = Rng::numbered(seed);
    let hosts = || topology.file().hosts.iter().zip(&built.hosts);
    for (host, id) in hosts() {
        if let Some(router) = topology.telling_router(host) {
            world.attach(*id, Box::new(router));
        }
        if let Some(machine) = server(host, &mut rng)? {
            world.attach(*id, machine);
        }
    }
    let client = topology.client().ok_or(Error::NoClient)?;
    let (_, place) = hosts().find(|(host, _)| *host == client).ok_or(Error::NoClient)?;
    if plan.servers.is_empty() && !plan.whole_list {
        let servers = topology.file().hosts.iter().filter(|host| host.serves == Some(Serves::StunTurn));
        plan.servers = servers.flat_map(|host| lab_server::planned(&asked_as(host))).collect();
    }
    plan.unix_now = LAB_UNIX_NOW;
    let record = record_of(&plan);
    let timeout = plan.timeout;
    let (machine, recorded) = RecordedCheckup::new(plan, extras, &mut rng);
    let checkup = world.attach(*place, machine);
    finish(&mut world, checkup, timeout, record, observe).map(|record| recorded.recording(record))
}

/// Makes the checkup of `plan` at `host` of a world that the caller has built, and gives what it has observed.
///
/// All chance of the checkup comes from `rng`; servers and other machines are attached beforehand. The plan is taken as
/// it is, but that `unix_now` is [`LAB_UNIX_NOW`].
///
/// # Errors
/// [`Error::Overdue`], which is a fault of ours.
pub fn at_host(world: &mut World, host: HostId, mut plan: Plan, rng: Rng) -> Result<Record, Error> {
    plan.unix_now = LAB_UNIX_NOW;
    let record = record_of(&plan);
    let timeout = plan.timeout;
    let checkup = world.attach(host, Box::new(Checkup::new(plan, rng)));
    finish(world, checkup, timeout, record, |_| {})
}

/// Runs the world until the checkup is over, and keeps what it has observed.
fn finish(
    world: &mut World,
    checkup: MachineId,
    timeout: Duration,
    mut record: Record,
    mut observe: impl FnMut(&Observation),
) -> Result<Record, Error> {
    let limit = world.now() + timeout + GRACE;
    if !world.run_until_finished(checkup, limit) {
        return Err(Error::Overdue);
    }
    for (at, by, fact) in world.observed(checkup) {
        observe(record.observe(at.since_start(), by.clone(), fact.clone()));
    }
    Ok(record)
}

/// The machine of a host that serves something.
fn server(host: &HostEntry, rng: &mut Rng) -> Result<Option<Box<dyn Machine>>, Error> {
    Ok(match (host.serves, host.addresses.first()) {
        (Some(Serves::StunTurn), _) => {
            Some(Box::new(StunTurnServer::new(lab_server::config(&host.addresses)?, rng.fork())) as Box<dyn Machine>)
        }
        (Some(Serves::Portal), _) => Some(Box::new(Web::portal())),
        (Some(Serves::Inspector), _) => Some(Box::new(Web::inspector())),
        (Some(Serves::Proxy), Some(address)) => Some(Box::new(Web::proxy(*address))),
        (Some(Serves::NatPmp | Serves::Pcp | Serves::Upnp | Serves::Proxy), _) | (None, _) => None,
    })
}

/// The host's name, or its address where it has none.
fn asked_as(host: &HostEntry) -> String {
    let address = host.addresses.first().map(ToString::to_string);
    host.names.first().cloned().or(address).unwrap_or_default()
}
