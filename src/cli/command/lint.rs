//! `lint`: what do browsers and TURN servers make of a configuration? Nothing is sent, but to the service that is named in its
//! place.

use crate::catalog;
use crate::cli::args::lint::LintArgs;
use crate::cli::environment::Environment;
use crate::cli::exit;
use crate::cli::io::destination::{Destination, Kind};
use crate::cli::io::documents::{cannot_print, deliver, document};
use crate::cli::io::input::Source;
use crate::cli::io::printer::Printer;
use crate::cli::io::secret::read_secret;
use crate::cli::io::{gathered, ice_servers, settings, sources};
use crate::cli::refusal::Refusal;
use crate::configuration::{Configuration, Fault, faults, mended};
use crate::model::{Code, Diagnosis, Finding, Group, Record, Severity, Target};
use crate::os::Options;
use crate::report::terminal;
use crate::source::{ServerSource, SourceError};
use std::cmp::Reverse;

/// What stands in the place of a password, and of a name that may be a person's.
const HIDDEN: &str = "…";

/// What there is to say, worst first, and of which configuration; None where a service gave none.
struct Linted {
    faults: Vec<Fault>,
    configuration: Option<Configuration>,
    /// Whether the configuration is shown although nothing is wrong with it.
    is_shown: bool,
}

impl Linted {
    /// What the service's credentials were made of, where the TURN server's secret is in hand: that is surer than their look.
    fn hold_to(&mut self, secret: Option<&str>, now_s: u64) {
        let (Some(secret), Some(configuration)) = (secret, &self.configuration) else { return };
        let is_of_making = |fault: &Fault| {
            matches!(
                fault.code,
                Code::CredentialsWrongSecret | Code::CredentialsWrongEncoding | Code::CredentialsWithoutExpiry
            )
        };
        self.faults.retain(|fault| !is_of_making(fault));
        self.faults.extend(faults(configuration, Some(secret), now_s).into_iter().filter(is_of_making));
        self.faults.sort_by_key(|fault| Reverse(fault.severity));
    }
}

/// `now_s`: the time in seconds since 1970.
pub(crate) async fn lint(
    args: &LintArgs,
    mut environment: Environment,
    printer: &mut Printer,
    judge: impl Fn(&Record) -> Diagnosis,
    now_s: u64,
) -> Result<u8, Refusal> {
    let prepare = |path: &std::path::PathBuf| Destination::prepare(path, Kind::Configuration, args.force);
    let revealed = args.reveal.as_ref().map(prepare).transpose()?;
    printer.keep_stdout_for_a_document(matches!(revealed, Some(Destination::Stdout)));
    let style = environment.style(matches!(revealed, Some(Destination::Stdout)));
    let secret = secret(args, &mut environment, printer)?;
    let Linted { faults, configuration, is_shown } = match service(args) {
        Some(named) => {
            let mut linted = of_service(named, args, &mut environment, printer, judge).await?;
            linted.hold_to(secret.as_deref(), now_s);
            linted
        }
        None => {
            refuse_other_names(args)?;
            let configuration = ice_servers::read(&Source::of(&args.file), "lint", &mut environment)?;
            let faults = faults(&configuration, secret.as_deref(), now_s);
            Linted { faults, configuration: Some(configuration), is_shown: false }
        }
    };
    let worst = faults.first().map(|fault| fault.severity);
    let mut told = terminal::render_faults(&faults, style);
    let shown = configuration.as_ref().filter(|found| !found.servers.is_empty());
    if let Some(configuration) = shown.filter(|_| is_shown || worst == Some(Severity::Critical)) {
        let right = document(&mended(configuration, hidden))?;
        told.push_str(&format!("\n{}", terminal::render_verbatim(&right, style)));
    }
    printer.people(&told).map_err(|error| cannot_print(&error))?;
    if let (Some(destination), Some(configuration)) = (revealed, &configuration) {
        deliver(
            &destination,
            &document(&mended(configuration, |user, password| (user.to_owned(), password.to_owned())))?,
            printer,
        )?;
    }
    Ok(match worst {
        Some(Severity::Critical) => 2,
        Some(Severity::Warning) => 1,
        Some(Severity::Info) | None => 0,
    })
}

/// Of a user name the time in it is shown, by which it can be told from another.
fn hidden(user: &str, _: &str) -> (String, String) {
    let time = user.split_once(':').filter(|(time, _)| time.parse::<u64>().is_ok());
    let shown = time.map_or_else(|| HIDDEN.to_owned(), |(time, _)| format!("{time}:{HIDDEN}"));
    (shown, HIDDEN.to_owned())
}

/// What is neither a file nor a service is told by what it looks like.
fn refuse_other_names(args: &LintArgs) -> Result<(), Refusal> {
    let Some(named) = args.file.to_str().filter(|named| named.contains(':') && !args.file.exists()) else {
        return Ok(());
    };
    Err(Refusal::usage(if named.parse::<Target>().is_ok() {
        "lint: this is the URI of one server, which rtc-doctor check asks; lint takes the configuration that it stands in"
    } else {
        "lint: there is no such file, and no such kind of service; rtc-doctor check --help names the kinds at --ice-from"
    }))
}

/// The name of a service, where it is that and no file.
fn service(args: &LintArgs) -> Option<&str> {
    let named = args.file.to_str().filter(|_| !args.file.exists())?;
    (named.parse::<ServerSource>() != Err(SourceError::Provider)).then_some(named)
}

/// Asks a service and judges it as a checkup would.
async fn of_service(
    named: &str,
    args: &LintArgs,
    environment: &mut Environment,
    printer: &mut Printer,
    judge: impl Fn(&Record) -> Diagnosis,
) -> Result<Linted, Refusal> {
    let mut warnings = Vec::new();
    let sources = sources::read(&[named.to_owned()], "lint", &args.shown, environment, &mut warnings)?;
    let proxy = settings::proxy(environment, &mut warnings);
    warnings.iter().for_each(|warning| printer.tell(&format!("warning: {warning}")));
    let options = Options { further_roots: settings::roots(&args.ca, environment)?, proxy, ..Options::default() };
    let gathered = gathered::gather(&sources, &options, false, gathered::USUAL_LIMIT).await?;
    let left = gathered::give_back(gathered.held).await;
    if gathered.is_stopped {
        let mut record = Record::default();
        gathered::append(gathered.facts.into_iter().chain(left).collect(), &mut record);
        for Finding { code, about, .. } in judge(&record).findings {
            if code == Code::SourceLeftBehind {
                let words = catalog::words(code, &about, environment.style(false).lang);
                printer.tell(&format!("warning: {}. {}", words.title, words.detail));
            }
        }
        return Err(Refusal::new(exit::INTERRUPTED, "ended before the servers were known"));
    }
    let mut record = Record { whole_list: true, ..Record::default() };
    gathered::append(gathered.facts.into_iter().chain(left).collect(), &mut record);
    let of_configuration = |finding: &Finding| finding.code.group() == Group::Configuration;
    let findings = judge(&record).findings.into_iter().filter(of_configuration);
    let faults = findings.map(|Finding { code, severity, about, .. }| Fault { code, severity, about }).collect();
    Ok(Linted { faults, configuration: gathered.configurations.into_iter().next(), is_shown: true })
}

fn secret(args: &LintArgs, environment: &mut Environment, printer: &mut Printer) -> Result<Option<String>, Refusal> {
    let Some(path) = &args.turn_secret_file else { return Ok(None) };
    let mut warnings = Vec::new();
    let secret = read_secret(&Source::of(path), "--turn-secret-file", environment, &mut warnings)?;
    warnings.iter().for_each(|warning| printer.tell(&format!("warning: {warning}")));
    Ok(Some(secret))
}
