//! `read`: what was saved is judged again and shown.

use crate::cli::args::read::ReadArgs;
use crate::cli::environment::Environment;
use crate::cli::io::documents::Documents;
use crate::cli::io::printer::Printer;
use crate::cli::io::report::report;
use crate::cli::io::{redacted, saved};
use crate::cli::refusal::Refusal;
use crate::model::{Diagnosis, Record};

pub(crate) fn read(
    args: &ReadArgs,
    mut environment: Environment,
    printer: &mut Printer,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    // Standard input is no place that a document could overwrite.
    let others: Vec<_> = [("the file that is read", args.file.as_path())]
        .into_iter()
        .filter(|(_, path)| path.as_os_str() != "-")
        .collect();
    let documents = Documents::prepare(&args.shown.documents, &others)?;
    let on_stdout = documents.on_stdout();
    printer.keep_stdout_for_a_document(on_stdout);
    let style = environment.style(on_stdout);
    let (record, _) = saved::read(&args.file, "read", &mut environment)?;
    let diagnosis = redacted::diagnosis(judge(&record), redacted::redaction(args.shown.redact, &[]).as_mut())?;
    report(diagnosis, &documents, style, args.shown.extent(), printer)
}
