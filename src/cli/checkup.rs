//! Runs a checkup on this machine's network and keeps what it saw.

use super::embedded::Embedded;
use crate::machine::{Dice, Instant};
use crate::model::{Fact, Origin, Record};
use crate::os::{Options, World, entropy};
use crate::probe::{Checkup, Plan};
use anyhow::anyhow;

/// The record of a run. `stop` ends it early, `watch` sees each fact as it comes.
pub async fn checkup(
    mut plan: Plan,
    mut options: Options,
    embedded: bool,
    stop: impl Future<Output = ()>,
    mut watch: impl FnMut(Instant, &Origin, &Fact),
) -> anyhow::Result<Record> {
    let mut dice = Dice::new(entropy().ok_or_else(|| anyhow!("the system gives no random bytes"))?);
    let embedded = embedded.then(|| Embedded::new(dice.fork())).transpose()?;
    options.further_roots.extend(embedded.iter().map(|embedded| embedded.root.clone()));
    let world = World::new(options)?;
    let run = async |plan: Plan, dice| {
        let mut record = Record::new(plan.servers.iter().map(|planned| planned.target.clone()).collect());
        let mut checkup = Checkup::new(plan, dice);
        world
            .run(&mut checkup, stop, |at, by, fact| {
                watch(at, &by, &fact);
                record.interrupted |= fact == Fact::Interrupted;
                record.push(at.since_start().as_secs_f64() * 1000.0, by, fact);
            })
            .await;
        record
    };
    let Some(embedded) = embedded else { return Ok(run(plan, dice).await) };
    let (serving, ready) = embedded.start();
    let check = async {
        plan.servers.extend(ready.servers().await?);
        Ok(run(plan, dice).await)
    };
    tokio::select! {
        record = check => record,
        () = serving => Err(anyhow!("the embedded server ended before the check did")),
    }
}
