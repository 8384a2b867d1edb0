//! `diff`: what is different between two saved runs, and what explains it?

use super::destination::{Destination, Kind};
use super::{Printer, Refusal, Surroundings, cannot_print, deliver, document, saved};
use crate::catalog;
use crate::diagnose;
use crate::model::{Diagnosis, Record, Redaction};
use crate::report::terminal;
use clap::Args;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  rtc-doctor check --json home.json            where calls work
  rtc-doctor check --json office.json          where they do not
  rtc-doctor diff home.json office.json        what is different, causes first
  rtc-doctor diff before.json after.json       what a change of the firewall did
  rtc-doctor diff before.json after.json --redact --json -

Both are judged by today's rules. Check both against the same servers: what was not asked cannot be compared.

Exit codes: 0 the second is not worse   1 worse   2 worse, and no path is left   3 could not tell";

#[derive(Args)]
pub(super) struct DiffArgs {
    /// What check --json or check --record has written where calls work, or before the change ("-" is standard input)
    #[arg(value_name = "GOOD.json")]
    good: PathBuf,

    /// The same where they do not, or after the change
    #[arg(value_name = "BAD.json")]
    bad: PathBuf,

    /// Write all differences as JSON ("-" is standard output, which then holds nothing else)
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Overwrite the file of --json even if it is no document of this kind
    #[arg(long, requires = "json")]
    force: bool,

    /// Put stand-ins for addresses and names into all that is shown and written
    #[arg(long)]
    redact: bool,

    /// Say only what explains it and what follows from it
    #[arg(short, long)]
    quiet: bool,
}

pub(super) fn diff(
    args: &DiffArgs,
    mut surroundings: Surroundings,
    printer: &mut Printer,
    judge: impl Fn(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let read = [&args.good, &args.bad];
    if read.iter().all(|path| path.as_os_str() == "-") {
        return Err(Refusal::usage("only one of the two can be standard input"));
    }
    let json = args.json.as_deref().map(|path| Destination::prepare(path, Kind::Diff, args.force)).transpose()?;
    if let (Some(Destination::File(_)), Some(path)) = (&json, &args.json)
        && let Ok(place) = path.canonicalize()
        && read.iter().any(|file| file.canonicalize().is_ok_and(|file| file == place))
    {
        return Err(Refusal::usage("--json would overwrite what is read; name another file"));
    }
    let on_stdout = matches!(json, Some(Destination::Stdout));
    printer.keep_stdout_for_a_document(on_stdout);
    let style = surroundings.style(on_stdout);
    let good = judge(&saved::read(&args.good, "diff", &mut surroundings)?.0);
    let bad = judge(&saved::read(&args.bad, "diff", &mut surroundings)?.0);
    let mut differences = diagnose::diff(&good, &bad);
    if args.redact {
        let mut redaction = Redaction::default();
        differences = redaction
            .differences(&differences)
            .map_err(|error| Refusal::cannot_write(format!("--redact: {error}, so nothing of it is shown")))?;
    }
    catalog::diff::fill(&mut differences, style.lang);
    // The file first: whatever happens to the terminal, it is there.
    let document = document(&differences)?;
    let written = json.as_ref().map_or(Ok(()), |destination| deliver(destination, &document, printer));
    let text = terminal::render_differences(&differences, style, args.quiet);
    let shown = printer.people(&text).map_err(|error| cannot_print(&error));
    if let (Err(refusal), Some(Destination::File(_))) = (&written, &json) {
        printer.tell(&format!("error: {refusal}; here it is instead:"));
        let _ = printer.document(&document);
        return Ok(refusal.exit);
    }
    written.and(shown)?;
    Ok(differences.exit_code())
}
