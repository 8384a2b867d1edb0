//! `check --as`: one checkup for a monitoring system, which reads standard output and the exit code alone.

use crate::cli::args::check::CheckArgs;
use crate::cli::environment::Environment;
use crate::cli::exit;
use crate::cli::io::documents::cannot_print;
use crate::cli::io::gathered;
use crate::cli::io::printer::Printer;
use crate::cli::io::settings::{self, Settings};
use crate::cli::refusal::Refusal;
use crate::model::{Diagnosis, Observation, Record, Recording};
use crate::os;
use crate::report::monitoring::{self, MonitoringFormat, Wording};

/// Makes the checkup and prints its answer. Nothing goes to standard error, which would be taken for a fault of the
/// plugin. What keeps the checkup from beginning is an answer too.
pub(crate) async fn monitored(
    args: &CheckArgs,
    format: MonitoringFormat,
    mut environment: Environment,
    printer: &mut Printer,
    examine: impl AsyncFnOnce(&Settings, &mut dyn FnMut(&Observation)) -> anyhow::Result<Recording>,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let wording = wording(&environment);
    let answered = match settings::read(args, &mut environment)
        .and_then(|(settings, _)| Ok((settings, args.monitoring.limits()?)))
    {
        Ok((settings, limits)) => match settings.with_sources().await {
            Ok((settings, held)) => {
                let recording = examine(&settings, &mut |_| {}).await;
                let left = gathered::give_back(held).await;
                let recording = recording.map_err(|error| Refusal::new(exit::COULD_NOT_TELL, format!("{error:#}")));
                recording.map(|mut recording| {
                    gathered::append(left, &mut recording.record);
                    recording.record.interrupted |= settings.is_stopped;
                    monitoring::render(&judge(&recording.record), format, &limits, wording, os::unix_now())
                })
            }
            Err(refusal) => Err(refusal),
        },
        Err(refusal) => Err(refusal),
    };
    let (text, exit) = answered.unwrap_or_else(|refusal| monitoring::not_begun(refusal.briefly(), format, wording));
    printer.people(&text).map_err(|error| cannot_print(&error))?;
    Ok(exit)
}

/// The same where the command line itself cannot be read.
pub(crate) fn cannot_begin(
    why: &str,
    format: MonitoringFormat,
    environment: &Environment,
    printer: &mut Printer,
) -> u8 {
    let (text, exit) = monitoring::not_begun(why, format, wording(environment));
    printer.people(&text).map_or(exit::CANNOT_WRITE, |()| exit)
}

fn wording(environment: &Environment) -> Wording {
    let style = environment.style(false);
    Wording { lang: style.lang, ascii: style.ascii }
}
