//! `lint`: what do browsers and TURN servers make of a configuration? Nothing is sent.

use crate::cli::args::lint::LintArgs;
use crate::cli::environment::Environment;
use crate::cli::io::destination::{Destination, Kind};
use crate::cli::io::documents::{cannot_print, deliver, document};
use crate::cli::io::ice_servers;
use crate::cli::io::input::Source;
use crate::cli::io::printer::Printer;
use crate::cli::io::settings::read_secret;
use crate::cli::refusal::Refusal;
use crate::configuration::{faults, mended};
use crate::model::Severity;
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
    let configuration = ice_servers::read(&source, "lint", &mut environment)?;
    let secret = secret(args, &mut environment, printer)?;
    let faults = faults(&configuration, secret.as_deref(), now_s);
    let worst = faults.first().map(|fault| fault.severity);
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

fn secret(args: &LintArgs, environment: &mut Environment, printer: &mut Printer) -> Result<Option<String>, Refusal> {
    let Some(path) = &args.turn_secret_file else { return Ok(None) };
    let mut warnings = Vec::new();
    let secret = read_secret(&Source::of(path), "--turn-secret-file", environment, &mut warnings)?;
    warnings.iter().for_each(|warning| printer.tell(&format!("warning: {warning}")));
    Ok(Some(secret))
}
