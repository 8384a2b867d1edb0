//! What was asked for on the command line, and how does the answer leave? Arguments in, a checkup in between, words,
//! documents and an exit code out.
//!
//! It holds no logic of networks: `run` is given the checkup as a function, so that these tests need no socket.
//! Exit codes: the diagnosis's own (0 to 3, 130), and those of `exit`.
//!
//! | part | what it does |
//! |---|---|
//! | `args` | the options, as clap reads them |
//! | `command` | what each command does |
//! | `io` | files, streams and the terminal, in and out |

mod args;
mod command;
mod environment;
mod exit;
mod io;
mod panic;
mod refusal;
mod spelling;

use crate::diagnose::diagnose;
use crate::model::{Diagnosis, Observation, Record, Recording};
use crate::report::escape::escape;
#[cfg(target_os = "linux")]
use args::lab::LabCommand;
use args::{Cli, Command};
use clap::CommandFactory;
use environment::Environment;
use io::printer::Printer;
use io::settings::Settings;
use refusal::Refusal;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program: the arguments, streams and environment are the process's own. A panic is told in one line and gives
/// exit code 70.
pub fn main() -> ExitCode {
    ExitCode::from(panic::catch(|| {
        let mut printer = Printer::of_process();
        if let Some(exit) = before_threads(std::env::args_os(), &mut printer) {
            return exit;
        }
        if let Err(most) = environment::have_descriptors() {
            printer.tell(&format!("error: no more than {most} files may be open here; try: ulimit -n 256"));
            return exit::COULD_NOT_TELL;
        }
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                printer.tell(&format!("error: the program cannot begin: {error}"));
                return exit::INTERNAL;
            }
        };
        let environment = Environment::of_process();
        io::destination::outlive_the_largest_file(&runtime);
        runtime.block_on(run(std::env::args_os(), environment, &mut printer, command::check::examine, diagnose))
    }))
}

/// Runs what `argv` asks for (the program's name first) and returns the exit code.
///
/// `examine` makes the checkup, telling each observation as it is made; `judge` says what the record means. An error
/// of `examine` is one that kept it from beginning, such as a port that is in use.
async fn run(
    argv: impl IntoIterator<Item = OsString>,
    mut environment: Environment,
    printer: &mut Printer,
    examine: impl AsyncFnOnce(&Settings, &mut dyn FnMut(&Observation)) -> anyhow::Result<Recording>,
    judge: impl Fn(&Record) -> Diagnosis,
) -> u8 {
    let argv: Vec<OsString> = argv.into_iter().collect();
    let cli = match Cli::read(&argv) {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => return print(printer, &error.to_string()),
        Err(error) => {
            if let Some(format) = args::monitoring::asked_for(&argv) {
                return command::check::cannot_begin(&args::in_brief(&error), format, &environment, printer);
            }
            // clap repeats arguments as they came: nothing in them may act on the terminal, or flood it.
            let lines: Vec<String> = error.to_string().lines().map(|line| escape(&shortened(line), false)).collect();
            printer.tell(&lines.join("\n"));
            return exit::USAGE;
        }
    };
    environment.lang = cli.lang.unwrap_or(environment.lang);
    let outcome = match cli.command.unwrap_or(Command::Check(cli.check)) {
        Command::Check(args) => command::check::check(args, environment, printer, examine, judge).await,
        Command::Call(args) => command::call::call(args, environment, printer, judge).await,
        Command::Serve(args) => command::serve::serve(args, environment, printer).await,
        Command::Lab(asked) => command::lab::lab(asked, environment, judge).map(|text| print(printer, &text)),
        Command::Lint(args) => command::lint::lint(&args, environment, printer, judge, crate::os::unix_now()).await,
        Command::Read(args) => command::read::read(&args, environment, printer, judge),
        Command::Diff(args) => command::diff::diff(&args, environment, printer, judge),
        Command::Compare(args) => command::compare::compare(&args, environment, printer, judge),
        Command::Explain { code } => {
            command::explain::explain(code.as_deref(), environment.style(false)).map(|text| print(printer, &text))
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), args::NAME, &mut script);
            Ok(print(printer, &String::from_utf8_lossy(&script)))
        }
        Command::Man => {
            let mut page = Vec::new();
            match clap_mangen::Man::new(Cli::command().after_help(args::after_manual())).render(&mut page) {
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
fn before_threads(argv: impl IntoIterator<Item = OsString>, printer: &mut Printer) -> Option<u8> {
    #[cfg(target_os = "linux")]
    if let Ok(Cli { command: Some(Command::Lab(asked)), .. }) = Cli::read(argv)
        && matches!(asked, LabCommand::Up { .. } | LabCommand::Run { .. } | LabCommand::Down { .. })
    {
        return Some(command::netlab::run(asked, printer).unwrap_or_else(|refusal| {
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

#[cfg(test)]
mod tests;
