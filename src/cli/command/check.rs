//! `check`: the checkup of a network, its record and its report.

mod examine;
mod monitored;

pub(crate) use examine::examine;
pub(crate) use monitored::cannot_begin;

use crate::cli::args::check::CheckArgs;
use crate::cli::environment::Environment;
use crate::cli::exit;
use crate::cli::io::destination::{Destination, Kind};
use crate::cli::io::documents::{Documents, deliver, document};
use crate::cli::io::gathered;
use crate::cli::io::printer::Printer;
use crate::cli::io::progress::Progress;
use crate::cli::io::redacted;
use crate::cli::io::report::report;
use crate::cli::io::settings::{self, Settings};
use crate::cli::refusal::Refusal;
use crate::model::{Diagnosis, Observation, Record, Recording};
use crate::report::escape::escape;

pub(crate) async fn check(
    args: CheckArgs,
    mut environment: Environment,
    printer: &mut Printer,
    examine: impl AsyncFnOnce(&Settings, &mut dyn FnMut(&Observation)) -> anyhow::Result<Recording>,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    if let Some(format) = args.monitoring.format {
        return monitored::monitored(&args, format, environment, printer, examine, judge).await;
    }
    let shown = &args.run.shown;
    let force = shown.documents.force;
    let others: Vec<_> = args.record.iter().map(|path| ("--record", path.as_path())).collect();
    let documents = Documents::prepare(&shown.documents, &others)?;
    let record = args.record.as_deref().map(|path| Destination::prepare(path, Kind::Record, force)).transpose()?;
    let on_stdout = documents.on_stdout() || matches!(record, Some(Destination::Stdout));
    printer.keep_stdout_for_a_document(on_stdout);
    let style = environment.style(on_stdout);
    let (settings, warnings) = settings::read(&args, &mut environment)?;
    for warning in warnings {
        printer.tell(&format!("warning: {warning}"));
    }

    let (settings, held) = settings.with_sources().await?;
    let recording = {
        let progress = Progress::new(printer, &environment, &args.run);
        examine(&settings, &mut |observation| progress.saw(observation)).await
    };
    let left = gathered::give_back(held).await;
    let mut recording =
        recording.map_err(|error| Refusal::new(exit::COULD_NOT_TELL, escape(&format!("{error:#}"), style.ascii)))?;
    gathered::append(left, &mut recording.record);
    // A run without servers may be over before it hears that it was to stop.
    recording.record.interrupted |= settings.is_stopped;
    let mut redaction = redacted::redaction(shown.redact, &settings.targets);
    let diagnosis = judge(&recording.record);
    let recording = redacted::recording(recording, redaction.as_mut())?;
    let kept = record.map_or(Ok(()), |destination| {
        let left_out = recording.transcript.as_ref().map_or(0, |transcript| transcript.left_out_events);
        if left_out > 0 {
            printer.tell(&format!("warning: the record is full; {left_out} events at the end are not in it"));
        }
        deliver(&destination, &document(&recording)?, printer)
    });
    let diagnosis = redacted::diagnosis(diagnosis, redaction.as_mut())?;
    let exit = report(diagnosis, &documents, style, shown.extent(), printer)?;
    kept.map(|()| exit)
}
