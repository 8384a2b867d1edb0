//! Runs a checkup on this machine's network and keeps what it saw.

use super::embedded::Embedded;
use super::{Settings, simulated, stop};
use crate::machine::{Machine, Rng};
use crate::model::{Bytes, Fact, Observation, Record, Recording, Run, Target};
use crate::os::{Options, OsWorld, entropy, unix_now};
use crate::peer::CheckupWithCalls;
use crate::probe::{Checkup, PUBLIC_SERVERS, Plan, Planned};
use crate::record::{Recorder, TranscriptHandle};
use anyhow::anyhow;
use std::time::Duration;

/// Beyond RFC 4787 REQ-5's recommendation of five minutes nothing is worth waiting for.
const LONGEST_IDLE: Duration = Duration::from_secs(305);
/// Kept of the time for a run with `--lifetime` for all the other questions.
const BESIDE_IDLING: Duration = Duration::from_secs(20);

/// Makes the checkup that the settings ask for. `watch` sees each observation as it is made.
pub async fn examine(settings: &Settings, watch: &mut dyn FnMut(&Observation)) -> anyhow::Result<Recording> {
    if let Some(simulated) = &settings.lab {
        return simulated::examine(simulated, settings, watch);
    }
    let mut rng = Rng::new(entropy().ok_or_else(|| anyhow!("the system gives no random bytes"))?);
    let embedded = settings.embedded.then(|| Embedded::new(rng.fork())).transpose()?;
    let mut options = Options { further_roots: settings.roots.clone(), ..Options::default() };
    options.further_roots.extend(embedded.iter().map(|embedded| embedded.root.clone()));
    let world = OsWorld::new(options)?;
    let mut plan = plan(settings);
    let Some(embedded) = embedded else {
        let mut recording = run(&world, plan, &mut rng, settings, watch).await;
        recording.record.chosen_by_tool = settings.targets.is_empty();
        return Ok(recording);
    };
    let (serving, ready) = embedded.start();
    let check = async {
        plan.servers.extend(ready.servers().await?);
        Ok(run(&world, plan, &mut rng, settings, watch).await)
    };
    tokio::select! {
        recording = check => recording,
        () = serving => Err(anyhow!("the embedded server ended before the check did")),
    }
}

pub(super) fn plan(settings: &Settings) -> Plan {
    let named = settings.targets.iter().cloned();
    let mut servers: Vec<Planned> = named.map(|(target, credentials)| Planned { target, credentials }).collect();
    if servers.is_empty() && !settings.embedded && settings.lab.is_none() {
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

/// All that the checkup is made from but the credentials.
fn conditions(plan: &Plan, seed: [u8; 32]) -> Run {
    let ms = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let is_open = plan.servers.iter().all(|planned| planned.credentials.is_none());
    Run {
        insecure: plan.insecure,
        hairpinning: plan.hairpinning,
        lifetime_ms: plan.lifetime.map(ms),
        timeout_ms: ms(plan.timeout),
        unix_now: plan.unix_now,
        seed: is_open.then(|| Bytes(seed.to_vec())),
    }
}

/// What is kept of a checkup beside its observations, where that is wanted.
pub(super) struct Taped {
    run: Option<Run>,
    tape: Option<TranscriptHandle>,
}

impl Taped {
    /// The checkup's machine, with a recorder about it where that is wanted, and calls beside both.
    pub(super) fn new(plan: Plan, rng: &mut Rng, settings: &Settings) -> (Box<dyn Machine>, Self) {
        let (checkup, taped) = Self::without_calls(plan.clone(), rng, settings.record);
        match settings.call {
            true => (Box::new(CheckupWithCalls::new(checkup, plan, rng.fork())), taped),
            false => (checkup, taped),
        }
    }

    fn without_calls(plan: Plan, rng: &mut Rng, keep: bool) -> (Box<dyn Machine>, Self) {
        let seed = rng.bytes();
        let run = keep.then(|| conditions(&plan, seed));
        let checkup = Checkup::new(plan, Rng::new(seed));
        if !keep {
            return (Box::new(checkup), Self { run, tape: None });
        }
        let (recorder, tape) = Recorder::new(checkup);
        (Box::new(recorder), Self { run, tape: Some(tape) })
    }

    pub(super) fn recording(self, record: Record) -> Recording {
        Recording { run: self.run, transcript: self.tape.map(|tape| tape.take()), ..Recording::new(record) }
    }
}

async fn run(
    world: &OsWorld,
    plan: Plan,
    rng: &mut Rng,
    settings: &Settings,
    watch: &mut dyn FnMut(&Observation),
) -> Recording {
    let mut record = Record::new(plan.servers.iter().map(|planned| planned.target.clone()).collect());
    let (mut machine, taped) = Taped::new(plan, rng, settings);
    world
        .run(&mut machine, stop::requested(), |at, by, fact| {
            record.interrupted |= fact == Fact::Interrupted;
            record.push(at.since_start().as_secs_f64() * 1000.0, by, fact);
            if let Some(observation) = record.observations.last() {
                watch(observation);
            }
        })
        .await;
    taped.recording(record)
}
