//! Where does a diagnosis go beside the terminal? As JSON, as a page, as Markdown; each to a file or to standard
//! output.

use super::printer::Printer;
use crate::catalog::Lang;
use crate::cli::args::shared::DocumentArgs;
use crate::cli::io::destination::{Destination, Kind};
use crate::cli::refusal::Refusal;
use crate::model::Diagnosis;
use crate::report::{html, json, markdown};
use std::path::{Path, PathBuf};

/// Two saved files, as places that are read: standard input is none that a document could overwrite, and a file may be
/// held against itself.
pub(crate) fn two_files<'a>(first: &'a Path, second: &'a Path) -> Result<Vec<(&'static str, &'a Path)>, Refusal> {
    if [first, second].iter().all(|path| path.as_os_str() == "-") {
        return Err(Refusal::usage("only one of the two can be standard input"));
    }
    let mut read = vec![("the first file", first), ("the second file", second)];
    read.retain(|(_, path)| path.as_os_str() != "-");
    read.dedup_by_key(|(_, path)| path.canonicalize().ok());
    Ok(read)
}

/// The places that were asked for, each known to take a document.
#[derive(Default)]
pub(crate) struct Documents {
    json: Option<Destination>,
    html: Option<Destination>,
    markdown: Option<Destination>,
}

/// What the documents of a command are.
pub(crate) struct Kinds {
    pub(crate) json: Kind,
    pub(crate) html: Kind,
    pub(crate) markdown: Kind,
}

impl Kinds {
    const REPORT: Self = Self { json: Kind::Report, html: Kind::Page, markdown: Kind::Markdown };
    pub(crate) const DIFF: Self = Self { json: Kind::Diff, html: Kind::DiffPage, markdown: Kind::DiffMarkdown };
}

impl Documents {
    /// `others` are the places of what else is written or read in this run.
    pub(crate) fn prepare(args: &DocumentArgs, others: &[(&str, &Path)]) -> Result<Self, Refusal> {
        Self::prepare_for(args, others, Kinds::REPORT)
    }

    /// The same for documents of another kind.
    pub(crate) fn prepare_for(args: &DocumentArgs, others: &[(&str, &Path)], kinds: Kinds) -> Result<Self, Refusal> {
        let own = [("--json", &args.json), ("--html", &args.html), ("--markdown", &args.markdown)];
        let own = own.iter().filter_map(|(option, path)| Some((*option, path.as_deref()?)));
        let places: Vec<(&str, &Path)> = own.chain(others.iter().copied()).collect();
        for (place, (option, path)) in places.iter().enumerate() {
            if let Some((other, _)) = places[..place].iter().find(|(_, known)| is_one(known, path)) {
                return Err(Refusal::usage(format!("{other} and {option} cannot both be one place")));
            }
        }
        let prepare = |path: &Option<PathBuf>, kind| {
            path.as_deref().map(|path| Destination::prepare(path, kind, args.force)).transpose()
        };
        Ok(Self {
            json: prepare(&args.json, kinds.json)?,
            html: prepare(&args.html, kinds.html)?,
            markdown: prepare(&args.markdown, kinds.markdown)?,
        })
    }

    /// Whether one of them takes standard output for itself.
    pub(crate) fn on_stdout(&self) -> bool {
        [&self.json, &self.html, &self.markdown].iter().any(|document| matches!(document, Some(Destination::Stdout)))
    }

    /// Writes what was asked for. What a file did not take is given back with why, to be rescued.
    pub(crate) fn deliver(
        &self,
        diagnosis: &Diagnosis,
        lang: Lang,
        printer: &mut Printer,
    ) -> Result<Vec<(Refusal, String)>, Refusal> {
        let html = || page(html::render(diagnosis, lang));
        self.deliver_made(|| document(diagnosis), html, || markdown::render(diagnosis, lang), printer)
    }

    /// The same, each made where it is wanted.
    pub(crate) fn deliver_made(
        &self,
        json: impl FnOnce() -> Result<String, Refusal>,
        html: impl FnOnce() -> Result<String, Refusal>,
        markdown: impl FnOnce() -> String,
        printer: &mut Printer,
    ) -> Result<Vec<(Refusal, String)>, Refusal> {
        let mut made: Vec<(&Destination, String)> = Vec::new();
        if let Some(destination) = &self.json {
            made.push((destination, json()?));
        }
        if let Some(destination) = &self.html {
            made.push((destination, html()?));
        }
        if let Some(destination) = &self.markdown {
            made.push((destination, markdown()));
        }
        let mut lost = Vec::new();
        for (destination, document) in made {
            match deliver(destination, &document, printer) {
                Err(refusal) if matches!(destination, Destination::File(_)) => lost.push((refusal, document)),
                delivered => delivered?,
            }
        }
        Ok(lost)
    }
}

pub(crate) fn page(made: askama::Result<String>) -> Result<String, Refusal> {
    made.map_err(|error| Refusal::cannot_write(format!("cannot make the page: {error}")))
}

/// "-" stands for one thing only too.
fn is_one(one: &Path, other: &Path) -> bool {
    one == other || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// A document as JSON.
pub(crate) fn document(document: &impl serde::Serialize) -> Result<String, Refusal> {
    json::write(document, true).map_err(|error| Refusal::cannot_write(format!("cannot write it as JSON: {error}")))
}

pub(crate) fn deliver(destination: &Destination, document: &str, printer: &mut Printer) -> Result<(), Refusal> {
    match destination {
        Destination::File(file) => file.write(document),
        Destination::Stdout => printer.document(document).map_err(|error| cannot_print(&error)),
    }
}

pub(crate) fn cannot_print(error: &std::io::Error) -> Refusal {
    Refusal::cannot_write(format!("cannot write to standard output: {error}"))
}
