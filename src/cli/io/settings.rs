//! What is to be checked, with what in hand: the command line, its files and its secrets, read and verified before any
//! packet leaves.

use crate::cli::args::check::CheckArgs;
use crate::cli::args::shared::{PasswordArg, ServerArgs};
use crate::cli::environment::Environment;
use crate::cli::io::input::{self, Source};
use crate::cli::io::secret::read_secret;
use crate::cli::io::sources::{self, NamedSource};
use crate::cli::io::targets::put;
use crate::cli::io::{ice_servers, networks, uri};
use crate::cli::refusal::Refusal;
use crate::configuration::{self, Configuration, Fault, NamedServer, TransportPolicy};
use crate::lab::topology::Topology;
use crate::machine::{NoProxy, ProxySetting};
use crate::model::{ConfigurationFact, Severity, Target};
use crate::os::unix_now;
use crate::probe::Plan;
use crate::turn::Credentials;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// All that a checkup needs to know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    /// The servers to ask, in the order given, each once. Empty: the embedded server where `embedded`, else public
    /// servers.
    pub(crate) targets: Vec<(Target, Option<Credentials>)>,
    /// The application's own list is among them.
    pub(crate) whole_list: bool,
    /// What the configuration that it stands in shows by itself.
    pub(crate) configured: Vec<ConfigurationFact>,
    /// Whom to ask for further servers before the run.
    pub(crate) sources: Vec<NamedSource>,
    pub(crate) embedded: bool,
    /// Check a simulated network and not this machine's.
    pub(crate) lab: Option<Simulated>,
    /// Go on in spite of a bad certificate.
    pub(crate) insecure: bool,
    /// Certificates to trust beside the system's, each as DER.
    pub(crate) roots: Vec<Vec<u8>>,
    pub(crate) hairpin: bool,
    /// Make calls with oneself.
    pub(crate) call: bool,
    /// The proxy that this machine is set to use.
    pub(crate) proxy: Option<ProxySetting>,
    pub(crate) lifetime: bool,
    /// Keep a transcript of every socket.
    pub(crate) record: bool,
    /// The time for the whole run.
    pub(crate) timeout: Duration,
    /// The user wanted it to end before it began.
    pub(crate) is_stopped: bool,
}

/// A simulated network, and what its chance comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Simulated {
    pub(crate) topology: Topology,
    pub(crate) seed: u64,
}

/// The most servers: as many as a run can ask politely within its time.
const TARGETS_MAX: usize = 64;
/// Room for some hundred certificates.
const CA_BYTES_MAX: u64 = 1 << 20;
/// A mapping is to live 5 minutes (RFC 4787 §4.3, REQ-5): twice that sees the end of one that does.
const TIMEOUT_WITH_LIFETIME: Duration = Duration::from_secs(600);
/// Monitoring Plugins are killed after 10 seconds; an allocation whose client is killed stays for ten minutes.
const TIMEOUT_FOR_MONITORING: Duration = Duration::from_secs(9);

/// The settings, and what the user is to be warned of.
pub(crate) fn read(args: &CheckArgs, environment: &mut Environment) -> Result<(Settings, Vec<String>), Refusal> {
    environment.patience = args.timeout.map_or(environment.patience, Duration::from_secs);
    let InHand { targets, whole_list, configured, sources, roots, mut warnings } =
        servers(&args.servers, &args.uris, environment)?;
    let lab = args.lab.as_deref().map(|network| networks::load(network, environment.patience)).transpose()?;
    let lab = lab.map(|topology| Simulated { topology, seed: args.seed });
    let is_monitored = args.monitoring.format.is_some();
    if is_monitored && targets.is_empty() && sources.is_empty() && !args.embedded && lab.is_none() {
        return Err(Refusal::usage("--as tells of the servers that are named; name one, or give --ice-servers"));
    }
    let proxy = if lab.is_none() && !args.embedded { proxy(environment, &mut warnings) } else { None };
    let default_timeout = match (args.lifetime, is_monitored) {
        (true, _) => TIMEOUT_WITH_LIFETIME,
        (false, true) => TIMEOUT_FOR_MONITORING,
        (false, false) => Plan::TIMEOUT,
    };
    let settings = Settings {
        targets,
        whole_list,
        configured,
        sources,
        embedded: args.embedded,
        lab,
        insecure: args.servers.insecure,
        roots,
        hairpin: !args.no_hairpin && !is_monitored,
        // Two runs of one seed are to be the same to the byte, and the stack of a call draws random numbers of its own.
        call: if args.lab.is_some() { args.lab_calls } else { !args.no_call && !is_monitored },
        proxy,
        lifetime: args.lifetime,
        record: args.record.is_some(),
        timeout: args.timeout.map_or(default_timeout, Duration::from_secs),
        is_stopped: false,
    };
    Ok((settings, warnings))
}

/// The proxy that the environment names.
pub(crate) fn proxy(environment: &Environment, warnings: &mut Vec<String>) -> Option<ProxySetting> {
    let url = environment.proxy.as_deref()?;
    let read = ProxySetting::read(url, NoProxy::read(&environment.no_proxy));
    if read.is_none() {
        warnings.push("the proxy that the environment names is not understood, and so is not tried".to_owned());
    }
    read
}

/// What a run has in hand.
pub(crate) struct InHand {
    /// Servers to ask, each with what it is shown.
    pub(crate) targets: Vec<(Target, Option<Credentials>)>,
    /// The application's own list is among them.
    pub(crate) whole_list: bool,
    /// What the configuration that it stands in shows by itself.
    pub(crate) configured: Vec<ConfigurationFact>,
    /// Whom to ask for further servers.
    pub(crate) sources: Vec<NamedSource>,
    /// Certificates to trust beside the system's, each as DER.
    pub(crate) roots: Vec<Vec<u8>>,
    /// What the user is to be warned of.
    pub(crate) warnings: Vec<String>,
}

/// The servers that are named.
pub(crate) fn servers(args: &ServerArgs, uris: &[String], environment: &mut Environment) -> Result<InHand, Refusal> {
    let mut warnings = Vec::new();
    let named: Vec<Target> = uris.iter().map(|text| uri::parse(text)).collect::<Result<_, _>>()?;
    let configuration = args.ice_servers.as_deref().map(Source::of);
    if matches!(configuration, Some(Source::Stdin)) {
        for (is_given, option) in
            [(args.password_stdin, "--password-stdin"), (args.sources.shown.ice_secret_stdin, "--ice-secret-stdin")]
        {
            if is_given {
                return Err(Refusal::usage(format!("{option} and --ice-servers - cannot both read standard input")));
            }
        }
    }

    if args.password_stdin && args.sources.shown.ice_secret_stdin {
        return Err(Refusal::usage("--password-stdin and --ice-secret-stdin cannot both read standard input"));
    }
    let credentials = credentials(args, environment, &mut warnings)?;
    let (mut targets, mut configured) = (Vec::new(), Vec::new());
    let mut add = |target: Target, own: Option<Credentials>| {
        let held = own.or_else(|| credentials.clone()).filter(|_| target.scheme.relays());
        put(&mut targets, target, held)
    };
    let mut differ: Vec<ConfigurationFact> = named.into_iter().filter_map(|target| add(target, None)).collect();
    if let Some(source) = configuration {
        let configuration = ice_servers::read(&source, "--ice-servers", environment)?;
        configured = of_configuration(&configuration, credentials.as_ref().and_then(Credentials::secret));
        for NamedServer { target, login } in configuration.asked() {
            differ.extend(add(target, login.map(|(username, password)| Credentials::LongTerm { username, password })));
        }
    }
    configured.extend(differ);
    if targets.len() > TARGETS_MAX {
        let message = format!("{} servers are too many for one run; {TARGETS_MAX} at most", targets.len());
        return Err(Refusal::usage(message));
    }
    let sources = sources::read(&args.sources.ice_from, "--ice-from", &args.sources.shown, environment, &mut warnings)?;
    if credentials.is_some() && sources.is_empty() && !targets.iter().any(|(target, _)| target.scheme.relays()) {
        warnings.push("no turn: or turns: server is named, so the credentials are not used".to_owned());
    }

    let roots = roots(&args.ca, environment)?;
    let whole_list = args.ice_servers.is_some() || !sources.is_empty();
    Ok(InHand { targets, whole_list, configured, sources, roots, warnings })
}

/// What there is to know of the application's configuration before anything is sent: what it allows, and what keeps the
/// application from its calls.
fn of_configuration(configuration: &Configuration, secret: Option<&str>) -> Vec<ConfigurationFact> {
    let faults = configuration::faults(configuration, secret, unix_now()).into_iter();
    let critical = faults.filter(|fault| fault.severity == Severity::Critical);
    let relays_only =
        (configuration.policy == TransportPolicy::Relay).then_some(ConfigurationFact::RelayedCandidatesOnly);
    let faulty = |Fault { code: fault, severity, about }| ConfigurationFact::FaultyConfiguration {
        fault,
        severity,
        about: about.into(),
    };
    relays_only.into_iter().chain(critical.map(faulty)).collect()
}

fn credentials(
    args: &ServerArgs,
    environment: &mut Environment,
    warnings: &mut Vec<String>,
) -> Result<Option<Credentials>, Refusal> {
    if let Some(path) = &args.turn_secret_file {
        let secret = read_secret(&Source::File(path), "--turn-secret-file", environment, warnings)?;
        return Ok(Some(Credentials::RestSecret { secret }));
    }
    let Some(username) = args.user.clone() else { return Ok(None) };
    let password = if let Some(path) = &args.password_file {
        read_secret(&Source::File(path), "--password-file", environment, warnings)?
    } else if args.password_stdin {
        read_secret(&Source::Stdin, "--password-stdin", environment, warnings)?
    } else if let Some(PasswordArg(password)) = &args.password {
        warnings.push(
            "everyone on this machine can read --password in the list of processes; use --password-file".to_owned(),
        );
        password.clone()
    } else if let Some(password) = environment.password.take() {
        password.into_string().map_err(|_| Refusal::usage("RTC_DOCTOR_PASSWORD is not valid UTF-8"))?
    } else {
        return Err(Refusal::usage(
            "--user needs a password: add --password-file FILE or --password-stdin, or set RTC_DOCTOR_PASSWORD",
        ));
    };
    Ok(Some(Credentials::LongTerm { username, password }))
}

/// The certificates in these files, each as DER.
pub(crate) fn roots(paths: &[PathBuf], environment: &mut Environment) -> Result<Vec<Vec<u8>>, Refusal> {
    let read = paths.iter().map(|path| read_roots(path, environment)).collect::<Result<Vec<_>, _>>()?;
    Ok(read.concat())
}

fn read_roots(path: &Path, environment: &mut Environment) -> Result<Vec<Vec<u8>>, Refusal> {
    let source = Source::File(path);
    let text = input::read(&source, "--ca", CA_BYTES_MAX, environment)?;
    let roots: Vec<Vec<u8>> = CertificateDer::pem_slice_iter(text.as_bytes())
        .map(|certificate| certificate.map(|der| der.to_vec()))
        .collect::<Result<_, _>>()
        .map_err(|_| Refusal::usage(format!("--ca {source}: a certificate in it is broken")))?;
    if roots.is_empty() {
        return Err(Refusal::usage(format!("--ca {source}: no certificate in it (-----BEGIN CERTIFICATE-----)")));
    }
    Ok(roots)
}
