//! `compare`: two ends that are not here, by what was saved of each. Ours is the first.

use crate::cli::args::compare::CompareArgs;
use crate::cli::environment::Environment;
use crate::cli::io::documents::{self, Documents};
use crate::cli::io::printer::Printer;
use crate::cli::io::report::report;
use crate::cli::io::saved::Saved;
use crate::cli::io::{redacted, saved};
use crate::cli::refusal::Refusal;
use crate::model::{Diagnosis, Record, Tool};

pub(crate) fn compare(
    args: &CompareArgs,
    mut environment: Environment,
    printer: &mut Printer,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let read = documents::two_files(&args.ours, &args.theirs)?;
    let documents = Documents::prepare(&args.shown.documents, &read)?;
    let on_stdout = documents.on_stdout();
    printer.keep_stdout_for_a_document(on_stdout);
    let style = environment.style(on_stdout);
    let ours = saved::open(&args.ours, "compare", None, &mut environment)?;
    let theirs = saved::open(&args.theirs, "compare", None, &mut environment)?;
    let joined = match (ours, theirs) {
        (Saved::Calls(ours), Saved::Calls(theirs)) => ours.joined(&theirs)?,
        (Saved::Record(ours, _), Saved::Record(theirs, tool)) => two_records(*ours, *theirs, tool)?,
        _ => return Err(Refusal::usage("one file tells of a call that somebody had, and the other one does not")),
    };
    let diagnosis = redacted::diagnosis(judge(&joined), redacted::redaction(args.shown.redact, &[]).as_mut())?;
    report(diagnosis, &documents, style, args.shown.extent(), printer)
}

/// Both ends, each without what it knew of another one.
fn two_records(ours: Record, theirs: Record, tool: Tool) -> Result<Record, Refusal> {
    if ours.redacted || theirs.redacted {
        // Each has stand-ins of its own: two ends of two networks would seem to share an address.
        return Err(Refusal::usage(
            "a redacted report does not say whether the two share an address or a server; compare the originals, with \
             --redact to hide them in what comes out",
        ));
    }
    Ok(ours.alone().join(theirs.alone(), tool))
}
