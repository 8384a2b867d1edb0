//! `compare`: two ends that are not here, by what was saved of each. Ours is the first.

use super::args::ShownArgs;
use super::documents::{self, Documents};
use super::{Printer, Refusal, Surroundings, redacted, report, saved};
use crate::model::{Diagnosis, Record};
use clap::Args;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  rtc-doctor check --json mine.json            at one end
  rtc-doctor check --json hers.json            at the other
  rtc-doctor compare mine.json hers.json       will these two connect, and how?
  rtc-doctor compare mine.json hers.json --json both.json
  ssh host rtc-doctor check --json - | rtc-doctor compare mine.json -

The first file is taken for this end: \"you\" and \"your side\" are who made it. Check both ends against the same
servers, with the TURN servers of your application: without them it cannot be told whether a relay takes over.

The exit codes are those of check.";

#[derive(Args)]
pub(super) struct CompareArgs {
    /// What check --json or check --record has written at this end ("-" is standard input)
    #[arg(value_name = "A.json")]
    pub(super) ours: PathBuf,

    /// The same of the other end
    #[arg(value_name = "B.json")]
    pub(super) theirs: PathBuf,

    #[command(flatten)]
    pub(super) shown: ShownArgs,
}

pub(super) fn compare(
    args: &CompareArgs,
    mut surroundings: Surroundings,
    printer: &mut Printer,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let read = documents::two_files(&args.ours, &args.theirs)?;
    let documents = Documents::prepare(&args.shown.documents, &read)?;
    let on_stdout = documents.on_stdout();
    printer.keep_stdout_for_a_document(on_stdout);
    let style = surroundings.style(on_stdout);
    let (ours, _) = saved::read(&args.ours, "compare", &mut surroundings)?;
    let (theirs, tool) = saved::read(&args.theirs, "compare", &mut surroundings)?;
    if ours.redacted || theirs.redacted {
        // Each has stand-ins of its own: two ends of two networks would seem to share an address.
        return Err(Refusal::usage(
            "a redacted report does not say whether the two share an address or a server; compare the originals, with \
             --redact to hide them in what comes out",
        ));
    }
    let diagnosis = judge(&ours.alone().join(theirs.alone(), tool));
    let diagnosis = redacted::diagnosis(diagnosis, redacted::redaction(args.shown.redact, &[]).as_mut())?;
    report(diagnosis, &documents, style, args.shown.quiet, printer)
}
