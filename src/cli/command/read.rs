//! `read`: what was saved is judged again and shown; so is a call that somebody else had, by the file that tells of it.

use crate::catalog;
use crate::cli::args::read::ReadArgs;
use crate::cli::environment::Environment;
use crate::cli::io::calls::Calls;
use crate::cli::io::destination::{Destination, Kind};
use crate::cli::io::documents::{Documents, deliver, document};
use crate::cli::io::input::Source;
use crate::cli::io::printer::Printer;
use crate::cli::io::report::report;
use crate::cli::io::saved::Saved;
use crate::cli::io::{redacted, saved};
use crate::cli::refusal::Refusal;
use crate::model::{Diagnosis, Record, Recording};
use crate::report::escape::escape;
use std::net::IpAddr;
use std::path::Path;

/// As many of a file's other connections are named.
const OTHERS_MAX: usize = 20;

pub(crate) fn read(
    args: &ReadArgs,
    mut environment: Environment,
    printer: &mut Printer,
    judge: impl Fn(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    // Standard input is no place that a document could overwrite.
    let files = [("the file that is read", Some(args.file.as_path())), ("the other file", args.other.as_deref())];
    let files = files.into_iter().filter_map(|(what, path)| Some((what, path?)));
    let mut others: Vec<(&str, &Path)> = files.filter(|(_, path)| path.as_os_str() != "-").collect();
    let force = args.shown.documents.force;
    let record_to = args.record.as_deref().map(|path| Destination::prepare(path, Kind::Record, force)).transpose()?;
    others.extend(args.record.as_deref().map(|path| ("--record", path)));
    let documents = Documents::prepare(&args.shown.documents, &others)?;
    let on_stdout = documents.on_stdout() || matches!(record_to, Some(Destination::Stdout));
    printer.keep_stdout_for_a_document(on_stdout);
    let style = environment.style(on_stdout);
    let first = saved::open(&args.file, "read", args.client, &mut environment)?;
    let second = args.other.as_deref().map(|path| saved::open(path, "read", None, &mut environment)).transpose()?;
    if let Some(client) = args.client {
        is_seen(client, &first)?;
    }
    let record = match (first, second) {
        (Saved::Calls(ours), Some(Saved::Calls(theirs))) => {
            let files = [(Some(args.file.as_path()), &ours), (args.other.as_deref(), &theirs)];
            let empty = files.into_iter().filter(|(_, calls)| !calls.holds_any() && !args.shown.quiet);
            for path in empty.filter_map(|(path, _)| path) {
                let file = Source::of(path);
                printer.tell(&format!("{file}: no connection is in it any more: it was saved after the call"));
            }
            ours.joined(&theirs)?
        }
        (_, Some(_)) => {
            let problem =
                "two files are read together where both tell of one call, as browsers do; compare takes two records";
            return Err(Refusal::usage(problem));
        }
        (Saved::Record(record, _), None) if args.connection.is_none() => *record,
        (Saved::Record(..), None) => return Err(Refusal::usage("--connection: this is a record, which has one")),
        (Saved::Calls(calls), None) => {
            // Beside the report nothing has stand-ins.
            if args.connection.is_none() && !args.shown.quiet && !args.shown.redact {
                name_others(&calls, &judge, style.lang, printer);
            }
            let connection = match &args.connection {
                Some(name) => calls.named(name).map_err(|problem| Refusal::usage(escape(&problem, false)))?,
                None => calls.that_matters(),
            };
            calls.record(connection)
        }
    };
    let mut redaction = redacted::redaction(args.shown.redact, &[]);
    let diagnosis = judge(&record);
    if let Some(destination) = record_to {
        let recording = redacted::recording(Recording::new(record), redaction.as_mut())?;
        deliver(&destination, &document(&recording)?, printer)?;
    }
    let diagnosis = redacted::diagnosis(diagnosis, redaction.as_mut())?;
    report(diagnosis, &documents, style, args.shown.extent(), printer)
}

/// Whether the file is a capture with something of this end in it.
fn is_seen(client: IpAddr, file: &Saved) -> Result<(), Refusal> {
    match file {
        Saved::Calls(calls) if !calls.is_capture() => {
            Err(Refusal::usage("--client: this is no capture; --connection takes one of its connections"))
        }
        Saved::Calls(calls) if calls.all().is_empty() => {
            Err(Refusal::usage(format!("--client: nothing of {client} is in this capture")))
        }
        Saved::Calls(_) => Ok(()),
        Saved::Record(..) => Err(Refusal::usage("--client: this is a record, which is of one end")),
    }
}

/// A line for each connection, where there are several: what each of them comes to.
fn name_others(calls: &Calls, judge: &impl Fn(&Record) -> Diagnosis, lang: catalog::Lang, printer: &mut Printer) {
    let matters = calls.that_matters().name;
    let several = Some(calls.all()).filter(|all| all.len() > 1).unwrap_or_default();
    for connection in several.iter().take(OTHERS_MAX) {
        let mut diagnosis = judge(&calls.record(connection.clone()));
        catalog::fill(&mut diagnosis, lang);
        let mark = if connection.name == matters { "*" } else { " " };
        let name = escape(connection.name.as_str(), false);
        let worst = diagnosis.findings.first().map(|finding| finding.words.title.clone()).unwrap_or_default();
        printer.tell(&format!("{mark} {name}: {}", escape(&worst, false)));
    }
    if several.len() > OTHERS_MAX {
        printer.tell(&format!("  and {} more", several.len() - OTHERS_MAX));
    }
}
