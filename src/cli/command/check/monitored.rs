//! `check --as`: one checkup for a monitoring system, which reads standard output and the exit code alone.

use crate::cli::args::check::CheckArgs;
use crate::cli::environment::Environment;
use crate::cli::exit;
use crate::cli::io::documents::cannot_print;
use crate::cli::io::printer::Printer;
use crate::cli::io::settings::{self, Settings};
use crate::cli::refusal::Refusal;
use crate::model::{Diagnosis, Observation, Record, Recording};
use crate::report::monitoring::{self, MonitoringFormat, Wording};

/// Makes the checkup and prints its answer. Nothing goes to standard error, which would be taken for a fault of the
/// plugin. What keeps the checkup from beginning is an answer too where the format has one.
pub(crate) async fn monitored(
    args: &CheckArgs,
    format: MonitoringFormat,
    mut environment: Environment,
    printer: &mut Printer,
    examine: impl AsyncFnOnce(&Settings, &mut dyn FnMut(&Observation)) -> anyhow::Result<Recording>,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let style = environment.style(false);
    let wording = Wording { lang: style.lang, ascii: style.ascii };
    let answered = match settings::read(args, &mut environment) {
        Ok((settings, _)) => {
            let recording = examine(&settings, &mut |_| {}).await;
            recording.map_err(|error| Refusal::new(exit::COULD_NOT_TELL, format!("{error:#}")))
        }
        Err(refusal) => Err(refusal),
    };
    let (text, exit) = match (answered, format) {
        (Ok(recording), _) => monitoring::render(&judge(&recording.record), format, &args.monitoring.limits(), wording),
        (Err(refusal), MonitoringFormat::Nagios) => monitoring::not_begun(&refusal.message, wording),
        (Err(refusal), MonitoringFormat::Checkmk | MonitoringFormat::Zabbix) => return Err(refusal),
    };
    printer.people(&text).map_err(|error| cannot_print(&error))?;
    Ok(exit)
}
