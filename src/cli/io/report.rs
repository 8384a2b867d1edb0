//! A diagnosis leaves: into its documents, onto the terminal, and as an exit code.

use super::printer::Printer;
use crate::catalog;
use crate::cli::io::documents::{Documents, cannot_print};
use crate::cli::refusal::Refusal;
use crate::model::Diagnosis;
use crate::report::terminal::{self, Extent, Style};

/// Writes the diagnosis to where it is wanted, shows it, and gives its exit code.
pub(crate) fn report(
    mut diagnosis: Diagnosis,
    documents: &Documents,
    style: Style,
    extent: Extent,
    printer: &mut Printer,
) -> Result<u8, Refusal> {
    catalog::fill(&mut diagnosis, style.lang);
    // The files first: whatever happens to the terminal, they are there.
    let written = documents.deliver(&diagnosis, style.lang, printer);
    let text = terminal::render(&diagnosis, style, extent);
    show(&text, written, diagnosis.exit_code(), printer)
}

/// Shows a report, and with it what no file took; the exit code is then that of the failure.
pub(crate) fn show(
    text: &str,
    written: Result<Vec<(Refusal, String)>, Refusal>,
    mut exit: u8,
    printer: &mut Printer,
) -> Result<u8, Refusal> {
    let shown = printer.people(text).map_err(|error| cannot_print(&error));
    for (refusal, document) in written? {
        printer.tell(&format!("error: {refusal}; here it is instead:"));
        let _ = printer.document(&document);
        exit = refusal.exit;
    }
    shown?;
    Ok(exit)
}
