//! A checkup of this machine's own network, on real sockets.

use super::recorded::RecordedCheckup;
use super::{Error, Extras, record_of};
use crate::machine::Rng;
use crate::model::{Observation, Recording};
use crate::os::{OsWorld, entropy, unix_now};
use crate::probe::Plan;

/// Makes the checkup that `plan` asks for in `world`, and comes back when it has finished, at the latest with the
/// plan's timeout.
///
/// A plan without servers asks [`crate::probe::PUBLIC_SERVERS`], and the record is marked as the tool's own choice.
/// The plan's `unix_now` is set to the system's clock. Once `stop` is ready the checkup gives back what it holds and the
/// record is marked as interrupted. `observe` is told each observation as it is made.
///
/// Needs a tokio runtime with its I/O and time drivers.
///
/// # Errors
/// [`Error::NoRandomBytes`]. What the network does is never an error.
pub async fn checkup(
    world: &OsWorld,
    mut plan: Plan,
    extras: Extras,
    stop: impl Future<Output = ()>,
    observe: impl FnMut(&Observation),
) -> Result<Recording, Error> {
    let is_tools_choice = plan.servers.is_empty() && !plan.whole_list;
    if is_tools_choice {
        plan.servers = Plan::public().servers;
    }
    let mut rng = Rng::new(entropy().ok_or(Error::NoRandomBytes)?);
    let mut recording = drive(world, plan, extras, &mut rng, stop, observe).await;
    recording.record.chosen_by_tool = is_tools_choice;
    Ok(recording)
}

/// Drives the checkup of `plan` to its end.
pub(super) async fn drive(
    world: &OsWorld,
    mut plan: Plan,
    extras: Extras,
    rng: &mut Rng,
    stop: impl Future<Output = ()>,
    mut observe: impl FnMut(&Observation),
) -> Recording {
    plan.unix_now = unix_now();
    let mut record = record_of(&plan);
    let (mut machine, recorded) = RecordedCheckup::new(plan, extras, rng);
    world.run(&mut machine, stop, |at, by, fact| observe(record.observe(at.since_start(), by, fact))).await;
    recorded.recording(record)
}
