//! `check`: the checkup of a network, its record and its report.

mod examine;

pub(crate) use examine::examine;

use crate::cli::args::check::CheckArgs;
use crate::cli::args::shared::extent;
use crate::cli::environment::Environment;
use crate::cli::exit;
use crate::cli::io::destination::{Destination, Kind};
use crate::cli::io::documents::{Documents, cannot_print, deliver, document};
use crate::cli::io::printer::Printer;
use crate::cli::io::progress::Progress;
use crate::cli::io::redacted;
use crate::cli::io::report::report;
use crate::cli::io::settings::{self, Settings};
use crate::cli::refusal::Refusal;
use crate::model::{Diagnosis, Observation, Record, Recording};
use crate::report::escape::escape;
use crate::report::monitoring::{self, Limits};

pub(crate) async fn check(
    args: CheckArgs,
    mut environment: Environment,
    printer: &mut Printer,
    examine: impl AsyncFnOnce(&Settings, &mut dyn FnMut(&Observation)) -> anyhow::Result<Recording>,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let force = args.documents.force;
    let others: Vec<_> = args.record.iter().map(|path| ("--record", path.as_path())).collect();
    let documents = Documents::prepare(&args.documents, &others)?;
    let record = args.record.as_deref().map(|path| Destination::prepare(path, Kind::Record, force)).transpose()?;
    let on_stdout = documents.on_stdout() || matches!(record, Some(Destination::Stdout));
    printer.keep_stdout_for_a_document(on_stdout);
    let style = environment.style(on_stdout);
    let (settings, warnings) = settings::read(&args, &mut environment)?;
    // A monitoring system takes what stands on stderr for the plugin's failure.
    for warning in warnings.iter().filter(|_| args.format.is_none()) {
        printer.tell(&format!("warning: {warning}"));
    }

    let recording = {
        let quiet = args.quiet || args.format.is_some();
        let progress = Progress::new(printer, &environment, quiet, args.verbose);
        examine(&settings, &mut |observation| progress.saw(observation)).await
    };
    let recording =
        recording.map_err(|error| Refusal::new(exit::COULD_NOT_TELL, escape(&format!("{error:#}"), style.ascii)))?;
    let mut redaction = redacted::redaction(args.redact, &settings.targets);
    let diagnosis = judge(&recording.record);
    if let Some(format) = args.format {
        let limits =
            Limits { warning: args.warning.into_iter().collect(), critical: args.critical.into_iter().collect() };
        let (text, exit) = monitoring::render(&diagnosis, format, &limits, style.lang);
        printer.people(&text).map_err(|error| cannot_print(&error))?;
        return Ok(exit);
    }
    let recording = redacted::recording(recording, redaction.as_mut())?;
    let kept = record.map_or(Ok(()), |destination| {
        let left_out = recording.transcript.as_ref().map_or(0, |transcript| transcript.left_out_events);
        if left_out > 0 {
            printer.tell(&format!("warning: the record is full; {left_out} events at the end are not in it"));
        }
        deliver(&destination, &document(&recording)?, printer)
    });
    let diagnosis = redacted::diagnosis(diagnosis, redaction.as_mut())?;
    let exit = report(diagnosis, &documents, style, extent(args.quiet, args.details), printer)?;
    kept.map(|()| exit)
}
