//! Runs a checkup on this machine's network and keeps what it saw.

use super::embedded::Embedded;
use super::{Settings, stop};
use crate::machine::Dice;
use crate::model::{Fact, Observation, Record, Target};
use crate::os::{Options, World, entropy, unix_now};
use crate::probe::{Checkup, PUBLIC_SERVERS, Plan, Planned};
use anyhow::anyhow;
use std::time::Duration;

/// Beyond RFC 4787 REQ-5's recommendation of five minutes nothing is worth waiting for.
const LONGEST_IDLE: Duration = Duration::from_secs(305);
/// Kept of the time for a run with `--lifetime` for all the other questions.
const BESIDE_IDLING: Duration = Duration::from_secs(20);

/// Makes the checkup that the settings ask for. `watch` sees each observation as it is made.
pub async fn examine(settings: &Settings, watch: &mut dyn FnMut(&Observation)) -> anyhow::Result<Record> {
    let mut dice = Dice::new(entropy().ok_or_else(|| anyhow!("the system gives no random bytes"))?);
    let embedded = settings.embedded.then(|| Embedded::new(dice.fork())).transpose()?;
    let mut options = Options { further_roots: settings.roots.clone(), ..Options::default() };
    options.further_roots.extend(embedded.iter().map(|embedded| embedded.root.clone()));
    let world = World::new(options)?;
    let mut plan = plan(settings);
    let Some(embedded) = embedded else {
        let mut record = run(&world, plan, dice, watch).await;
        record.chosen_by_tool = settings.targets.is_empty();
        return Ok(record);
    };
    let (serving, ready) = embedded.start();
    let check = async {
        plan.servers.extend(ready.servers().await?);
        Ok(run(&world, plan, dice, watch).await)
    };
    tokio::select! {
        record = check => record,
        () = serving => Err(anyhow!("the embedded server ended before the check did")),
    }
}

fn plan(settings: &Settings) -> Plan {
    let named = settings.targets.iter().cloned();
    let mut servers: Vec<Planned> = named.map(|(target, credentials)| Planned { target, credentials }).collect();
    if servers.is_empty() && !settings.embedded {
        let public = PUBLIC_SERVERS.iter().filter_map(|uri| uri.parse::<Target>().ok());
        servers.extend(public.map(|target| Planned { target, credentials: None }));
    }
    Plan {
        servers,
        insecure: settings.insecure,
        hairpinning: settings.hairpin,
        lifetime: settings.lifetime.then(|| settings.timeout.saturating_sub(BESIDE_IDLING).min(LONGEST_IDLE)),
        unix_now: unix_now(),
        timeout: settings.timeout,
    }
}

async fn run(world: &World, plan: Plan, dice: Dice, watch: &mut dyn FnMut(&Observation)) -> Record {
    let mut record = Record::new(plan.servers.iter().map(|planned| planned.target.clone()).collect());
    let mut checkup = Checkup::new(plan, dice);
    world
        .run(&mut checkup, stop::requested(), |at, by, fact| {
            record.interrupted |= fact == Fact::Interrupted;
            record.push(at.since_start().as_secs_f64() * 1000.0, by, fact);
            if let Some(observation) = record.observations.last() {
                watch(observation);
            }
        })
        .await;
    record
}
