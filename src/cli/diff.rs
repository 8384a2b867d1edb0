//! `diff`: what is different between two saved runs, and what explains it?

use super::args::ShownArgs;
use super::destination::Kind;
use super::documents::{self, Documents, page};
use super::{Printer, Refusal, Surroundings, document, saved, show};
use crate::catalog;
use crate::diagnose;
use crate::model::{Diagnosis, Record, Redaction};
use crate::report::{html, terminal};
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

    #[command(flatten)]
    shown: ShownArgs,
}

pub(super) fn diff(
    args: &DiffArgs,
    mut surroundings: Surroundings,
    printer: &mut Printer,
    judge: impl Fn(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let read = documents::two_files(&args.good, &args.bad)?;
    let documents = Documents::prepare_for(&args.shown.documents, &read, Kind::Diff, Kind::DiffPage)?;
    let on_stdout = documents.on_stdout();
    printer.keep_stdout_for_a_document(on_stdout);
    let style = surroundings.style(on_stdout);
    let good = judge(&saved::read(&args.good, "diff", &mut surroundings)?.0);
    let bad = judge(&saved::read(&args.bad, "diff", &mut surroundings)?.0);
    let mut differences = diagnose::diff(&good, &bad);
    if args.shown.redact {
        let mut redaction = Redaction::default();
        differences = redaction
            .differences(&differences)
            .map_err(|error| Refusal::cannot_write(format!("--redact: {error}, so nothing of it is shown")))?;
    }
    catalog::diff::fill(&mut differences, style.lang);
    // The files first: whatever happens to the terminal, they are there.
    let made = || page(html::render_differences(&differences, style.lang));
    let written = documents.deliver_made(|| document(&differences), made, printer);
    let text = terminal::render_differences(&differences, style, args.shown.quiet);
    show(&text, written, differences.exit_code(), printer)
}
