//! `diff`: what is different between two saved runs, and what explains it?

use crate::catalog;
use crate::cli::args::diff::DiffArgs;
use crate::cli::environment::Environment;
use crate::cli::io::documents::{self, Documents, Kinds, document, page};
use crate::cli::io::printer::Printer;
use crate::cli::io::report::show;
use crate::cli::io::saved;
use crate::cli::refusal::Refusal;
use crate::diagnose;
use crate::model::{Diagnosis, Record, Redaction};
use crate::report::{html, markdown, terminal};

pub(crate) fn diff(
    args: &DiffArgs,
    mut environment: Environment,
    printer: &mut Printer,
    judge: impl Fn(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let read = documents::two_files(&args.good, &args.bad)?;
    let documents = Documents::prepare_for(&args.shown.documents, &read, Kinds::DIFF)?;
    let on_stdout = documents.on_stdout();
    printer.keep_stdout_for_a_document(on_stdout);
    let style = environment.style(on_stdout);
    let good = judge(&saved::read(&args.good, "diff", &mut environment)?.0);
    let bad = judge(&saved::read(&args.bad, "diff", &mut environment)?.0);
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
    let ticket = || markdown::render_differences(&differences, style.lang);
    let written = documents.deliver_made(|| document(&differences), made, ticket, printer);
    let text = terminal::render_differences(&differences, style, args.shown.extent());
    show(&text, written, differences.exit_code(), printer)
}
