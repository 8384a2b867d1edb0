//! What was asked for on the command line, and how does the answer leave? Arguments in, a checkup in between, words,
//! documents and an exit code out.
//!
//! It holds no logic of networks: [`run`] is given the checkup as a function, so that these tests need no socket.
//! Exit codes: the diagnosis's own (0 to 3, 130), and those of [`exit`].

mod args;
mod call;
mod checkup;
mod compare;
mod destination;
mod diff;
mod documents;
mod explain;
mod guard;
mod ice_servers;
mod input;
mod lab;
#[cfg(target_os = "linux")]
mod netlab;
mod networks;
mod printer;
mod progress;
mod redacted;
mod saved;
mod serve;
mod settings;
mod stop;
mod surroundings;
mod uri;

pub use checkup::examine;
pub use guard::guarded;
pub use printer::Printer;
pub use settings::Settings;
pub use surroundings::Surroundings;

use crate::catalog;
use crate::model::{Diagnosis, Observation, Record, Recording};
use crate::report::escape::escape;
use crate::report::json;
use crate::report::terminal::{self, Style};
use args::{CheckArgs, Cli, Command, LabCommand, ReadArgs};
use clap::{CommandFactory, Parser};
use destination::{Destination, Kind};
use documents::Documents;
use progress::Progress;
use std::ffi::OsString;

/// Exit codes that say that there is no diagnosis, or none where it was wanted (design: BSD's sysexits).
pub mod exit {
    pub const COULD_NOT_TELL: u8 = 3;
    pub const USAGE: u8 = 64;
    pub const INTERNAL: u8 = 70;
    pub const CANNOT_WRITE: u8 = 74;
}

/// Why a command ended before its work, in words for a person.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Refusal {
    exit: u8,
    message: String,
}

impl Refusal {
    fn new(exit: u8, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    fn usage(message: impl Into<String>) -> Self {
        Self::new(exit::USAGE, message)
    }

    fn internal(message: impl Into<String>) -> Self {
        Self { exit: exit::INTERNAL, message: message.into() }
    }

    fn cannot_write(message: impl Into<String>) -> Self {
        Self::new(exit::CANNOT_WRITE, message)
    }
}

/// Runs what `argv` asks for (the program's name first) and returns the exit code.
///
/// `examine` makes the checkup, telling each observation as it is made; `judge` says what the record means. An error
/// of `examine` is one that kept it from beginning, such as a port that is in use.
pub async fn run(
    argv: impl IntoIterator<Item = OsString>,
    mut surroundings: Surroundings,
    printer: &mut Printer,
    examine: impl AsyncFnOnce(&Settings, &mut dyn FnMut(&Observation)) -> anyhow::Result<Recording>,
    judge: impl Fn(&Record) -> Diagnosis,
) -> u8 {
    let cli = match Cli::try_parse_from(argv) {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => return print(printer, &error.to_string()),
        Err(error) => {
            // clap repeats arguments as they came: nothing in them may act on the terminal, or flood it.
            let lines: Vec<String> = error.to_string().lines().map(|line| escape(&shortened(line), false)).collect();
            printer.tell(&lines.join("\n"));
            return exit::USAGE;
        }
    };
    surroundings.lang = cli.lang.unwrap_or(surroundings.lang);
    let outcome = match cli.command.unwrap_or(Command::Check(cli.check)) {
        Command::Check(args) => check(args, surroundings, printer, examine, judge).await,
        Command::Call(args) => call::call(args, surroundings, printer, judge).await,
        Command::Serve(args) => serve::serve(args, surroundings, printer).await,
        Command::Lab(command) => lab_command(command, surroundings, printer, judge),
        Command::Read(args) => read(&args, surroundings, printer, judge),
        Command::Diff(args) => diff::diff(&args, surroundings, printer, judge),
        Command::Compare(args) => compare::compare(&args, surroundings, printer, judge),
        Command::Explain { code } => {
            explain::explain(code.as_deref(), surroundings.style(false)).map(|text| print(printer, &text))
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), args::NAME, &mut script);
            Ok(print(printer, &String::from_utf8_lossy(&script)))
        }
        Command::Man => {
            let mut page = Vec::new();
            match clap_mangen::Man::new(Cli::command()).render(&mut page) {
                Ok(()) => Ok(print(printer, &String::from_utf8_lossy(&page))),
                Err(error) => Err(Refusal::cannot_write(format!("cannot make the manual page: {error}"))),
            }
        }
    };
    outcome.unwrap_or_else(|refusal| {
        printer.tell(&format!("error: {refusal}"));
        refusal.exit
    })
}

/// Longer than any line of clap's own.
fn shortened(line: &str) -> String {
    const CHARS_MAX: usize = 300;
    match line.char_indices().nth(CHARS_MAX) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line.to_owned(),
    }
}

/// What has to be done while the process has only one thread, and its exit code; None where `argv` asks for something
/// else.
pub fn before_threads(argv: impl IntoIterator<Item = OsString>, printer: &mut Printer) -> Option<u8> {
    #[cfg(target_os = "linux")]
    if let Ok(Cli { command: Some(Command::Lab(command)), .. }) = Cli::try_parse_from(argv)
        && matches!(command, LabCommand::Up { .. } | LabCommand::Run { .. } | LabCommand::Down { .. })
    {
        return Some(netlab::run(command, printer).unwrap_or_else(|refusal| {
            printer.tell(&format!("error: {refusal}"));
            refusal.exit
        }));
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (argv, printer);
    None
}

fn print(printer: &mut Printer, text: &str) -> u8 {
    match printer.people(text) {
        Ok(()) => 0,
        Err(_) => exit::CANNOT_WRITE,
    }
}

fn lab_command(
    command: LabCommand,
    mut surroundings: Surroundings,
    printer: &mut Printer,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let text = match command {
        LabCommand::List => lab::list(),
        LabCommand::Show { network, toml } => lab::show(&network, toml, surroundings.style(false))?,
        LabCommand::From { file } => lab::from_diagnosis(&file, &mut surroundings, judge)?,
        // Where it can be done it has been done by now: see `before_threads`.
        LabCommand::Up { .. } | LabCommand::Run { .. } | LabCommand::Down { .. } => {
            return Err(Refusal::usage("real programs can be put behind a network only on Linux"));
        }
    };
    Ok(print(printer, &text))
}

async fn check(
    args: CheckArgs,
    mut surroundings: Surroundings,
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
    let style = surroundings.style(on_stdout);
    let (settings, warnings) = settings::read(&args, &mut surroundings)?;
    for warning in warnings {
        printer.tell(&format!("warning: {warning}"));
    }

    let recording = {
        let progress = Progress::new(printer, &surroundings, args.quiet, args.verbose);
        examine(&settings, &mut |observation| progress.saw(observation)).await
    };
    let recording =
        recording.map_err(|error| Refusal::new(exit::COULD_NOT_TELL, escape(&format!("{error:#}"), style.ascii)))?;
    let mut redaction = redacted::redaction(args.redact, &settings.targets);
    let diagnosis = judge(&recording.record);
    let recording = redacted::recording(recording, redaction.as_mut())?;
    let kept = record.map_or(Ok(()), |destination| {
        let left_out = recording.transcript.as_ref().map_or(0, |transcript| transcript.left_out_events);
        if left_out > 0 {
            printer.tell(&format!("warning: the record is full; {left_out} events at the end are not in it"));
        }
        deliver(&destination, &document(&recording)?, printer)
    });
    let diagnosis = redacted::diagnosis(diagnosis, redaction.as_mut())?;
    let exit = report(diagnosis, &documents, style, args.quiet, printer)?;
    kept.map(|()| exit)
}

fn read(
    args: &ReadArgs,
    mut surroundings: Surroundings,
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
    let style = surroundings.style(on_stdout);
    let (record, _) = saved::read(&args.file, "read", &mut surroundings)?;
    let diagnosis = redacted::diagnosis(judge(&record), redacted::redaction(args.shown.redact, &[]).as_mut())?;
    report(diagnosis, &documents, style, args.shown.quiet, printer)
}

/// Writes the diagnosis to where it is wanted, shows it, and gives its exit code.
fn report(
    mut diagnosis: Diagnosis,
    documents: &Documents,
    style: Style,
    quiet: bool,
    printer: &mut Printer,
) -> Result<u8, Refusal> {
    catalog::fill(&mut diagnosis, style.lang);
    // The files first: whatever happens to the terminal, they are there.
    let written = documents.deliver(&diagnosis, style.lang, printer);
    let text = if quiet { terminal::render_summary(&diagnosis, style) } else { terminal::render(&diagnosis, style) };
    show(&text, written, diagnosis.exit_code(), printer)
}

/// Shows a report, and with it what no file took; the exit code is then that of the failure.
fn show(
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

fn document(document: &impl serde::Serialize) -> Result<String, Refusal> {
    json::write(document, true).map_err(|error| Refusal::cannot_write(format!("cannot write it as JSON: {error}")))
}

fn deliver(destination: &Destination, document: &str, printer: &mut Printer) -> Result<(), Refusal> {
    match destination {
        Destination::File(file) => file.write(document),
        Destination::Stdout => printer.document(document).map_err(|error| cannot_print(&error)),
    }
}

fn cannot_print(error: &std::io::Error) -> Refusal {
    Refusal::cannot_write(format!("cannot write to standard output: {error}"))
}

#[cfg(test)]
mod tests;
