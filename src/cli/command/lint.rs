//! `lint`: what do browsers and TURN servers make of a configuration? Nothing is sent.

use crate::cli::args::lint::LintArgs;
use crate::cli::environment::Environment;
use crate::cli::io::destination::{Destination, Kind};
use crate::cli::io::documents::{cannot_print, deliver, document};
use crate::cli::io::input::{self, Source};
use crate::cli::io::printer::Printer;
use crate::cli::io::{ice_servers, json_fault};
use crate::cli::refusal::Refusal;
use crate::configuration::{Configuration, NoConfiguration, faults, mended};
use crate::model::{Code, Detail, Severity};
use crate::report::terminal;

/// What stands in the place of a password.
const HIDDEN: &str = "…";

/// `now_s`: the time in seconds since 1970.
pub(crate) fn lint(
    args: &LintArgs,
    mut environment: Environment,
    printer: &mut Printer,
    now_s: u64,
) -> Result<u8, Refusal> {
    let prepare = |path: &std::path::PathBuf| Destination::prepare(path, Kind::Configuration, args.force);
    let revealed = args.reveal.as_ref().map(prepare).transpose()?;
    printer.keep_stdout_for_a_document(matches!(revealed, Some(Destination::Stdout)));
    let style = environment.style(matches!(revealed, Some(Destination::Stdout)));
    let source = Source::of(&args.file);
    let text = input::read(&source, "lint", ice_servers::BYTES_MAX, &mut environment)?;
    let refused = |error: NoConfiguration| match error {
        NoConfiguration::Json(error) => {
            let (line, column) = (error.line(), error.column());
            Refusal::usage(format!("lint {source}: line {line}, column {column}: {}", json_fault::words(&error)))
        }
        other => Refusal::usage(format!("lint {source}: {other}")),
    };
    let configuration = Configuration::read(&text).map_err(refused)?;
    let faults: Vec<(Code, Severity, Detail)> =
        faults(&configuration, now_s).into_iter().map(|fault| (fault.code, fault.severity, fault.about)).collect();
    let worst = faults.first().map(|(_, severity, _)| *severity);
    let mut told = terminal::render_faults(&faults, style);
    if worst == Some(Severity::Critical) && !configuration.servers.is_empty() {
        let right = document(&mended(&configuration, |_| HIDDEN.to_owned()))?;
        told.push_str(&format!("\n{}", terminal::render_verbatim(&right, style)));
    }
    printer.people(&told).map_err(|error| cannot_print(&error))?;
    if let Some(destination) = revealed {
        deliver(&destination, &document(&mended(&configuration, str::to_owned))?, printer)?;
    }
    Ok(match worst {
        Some(Severity::Critical) => 2,
        Some(Severity::Warning) => 1,
        Some(Severity::Info) | None => 0,
    })
}
