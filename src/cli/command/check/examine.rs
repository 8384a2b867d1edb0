//! From the settings of `check` to a plan and the world that it runs in.

use crate::cli::io::settings::Settings;
use crate::cli::io::stop;
use crate::model::{Observation, Recording};
use crate::os::{Options, OsWorld};
use crate::probe::{Plan, Planned};
use crate::run::{self, Extras};
use std::time::Duration;

/// Beyond RFC 4787 REQ-5's recommendation of five minutes nothing is worth waiting for.
const LONGEST_IDLE: Duration = Duration::from_secs(305);
/// Kept of the time for a run with `--lifetime` for all the other questions.
const BESIDE_IDLING: Duration = Duration::from_secs(20);

/// Makes the checkup that the settings ask for. `watch` sees each observation as it is made.
pub(crate) async fn examine(settings: &Settings, watch: &mut dyn FnMut(&Observation)) -> anyhow::Result<Recording> {
    let (plan, extras) = (plan(settings), Extras { own_calls: settings.call, transcript: settings.record });
    if let Some(lab) = &settings.lab {
        return Ok(run::simulated(&lab.topology, lab.seed, plan, extras, watch)?);
    }
    let options = Options { further_roots: settings.roots.clone(), ..Options::default() };
    if settings.embedded {
        return Ok(run::embedded(options, plan, extras, stop::requested_or(settings.is_stopped), watch).await?);
    }
    let stop = stop::requested_or(settings.is_stopped);
    Ok(run::checkup(&OsWorld::new(options)?, plan, extras, stop, watch).await?)
}

fn plan(settings: &Settings) -> Plan {
    let named = settings.targets.iter().cloned().map(|(target, credentials)| Planned { target, credentials });
    Plan {
        whole_list: settings.whole_list,
        configured: settings.configured.clone(),
        insecure: settings.insecure,
        hairpinning: settings.hairpin,
        proxy: settings.proxy.clone(),
        lifetime: settings.lifetime.then(|| settings.timeout.saturating_sub(BESIDE_IDLING).min(LONGEST_IDLE)),
        timeout: settings.timeout,
        ..Plan::new(named)
    }
}
