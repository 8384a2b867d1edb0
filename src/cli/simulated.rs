//! `check --lab`: the same checkup in a simulated network, in virtual time.

use super::checkup::{Taped, plan};
use super::serving;
use super::settings::{Settings, Simulated};
use crate::lab::roles::Web;
use crate::lab::topology::{HostEntry, Serves};
use crate::machine::{Instant, Machine, Rng};
use crate::model::{Fact, Observation, Record, Recording};
use crate::server::StunTurnServer;
use anyhow::{Context, anyhow};
use std::time::Duration;

/// The lab's clock stands here when a run begins, so that a seed gives the same bytes: 14 November 2023.
const UNIX_NOW: u64 = 1_700_000_000;
/// What a machine takes to end after its time is up.
const GRACE: Duration = Duration::from_secs(1);

pub(super) fn examine(
    simulated: &Simulated,
    settings: &Settings,
    watch: &mut dyn FnMut(&Observation),
) -> anyhow::Result<Recording> {
    let topology = &simulated.topology;
    let (mut world, built) = topology.world(simulated.seed);
    let mut rng = Rng::numbered(simulated.seed);
    let hosts = || topology.file().hosts.iter().zip(&built.hosts);
    for (host, id) in hosts() {
        let machine: Box<dyn Machine> = match (host.serves, host.addresses.first()) {
            (Some(Serves::StunTurn), _) => Box::new(StunTurnServer::new(serving::config(&host.addresses)?, rng.fork())),
            (Some(Serves::Portal), _) => Box::new(Web::portal()),
            (Some(Serves::Proxy), Some(address)) => Box::new(Web::proxy(*address)),
            (Some(Serves::Proxy), None) | (None, _) => continue,
        };
        world.attach(*id, machine);
    }
    let client = topology.client().ok_or_else(|| anyhow!("there is no host to check from"))?;
    let (_, place) = hosts().find(|(host, _)| *host == client).context("the host to check from is not there")?;

    let mut plan = plan(settings);
    plan.unix_now = UNIX_NOW;
    if settings.targets.is_empty() {
        let servers = topology.file().hosts.iter().filter(|host| host.serves == Some(Serves::StunTurn));
        plan.servers = servers.flat_map(|host| serving::planned(&asked_as(host))).collect();
    }
    let mut record = Record::new(plan.servers.iter().map(|planned| planned.target.clone()).collect());
    let limit = Instant::after_start(plan.timeout + GRACE);
    let (machine, taped) = Taped::new(plan, &mut rng, settings);
    let checkup = world.attach(*place, machine);
    if !world.run_until_finished(checkup, limit) {
        return Err(anyhow!("the checkup did not keep its time"));
    }
    for (at, by, fact) in world.observed(checkup) {
        record.interrupted |= *fact == Fact::Interrupted;
        record.push(at.since_start().as_secs_f64() * 1000.0, by.clone(), fact.clone());
        if let Some(observation) = record.observations.last() {
            watch(observation);
        }
    }
    Ok(taped.recording(record))
}

/// By its name, where it has one.
fn asked_as(host: &HostEntry) -> String {
    let address = host.addresses.first().map(ToString::to_string);
    host.names.first().cloned().or(address).unwrap_or_default()
}
