//! `lab up`, `lab run` and `lab down`: real programs behind a network of ours. (Linux)
//!
//! They run before there is a second thread: the kernel lets only a process with one thread into a user namespace.

mod plan;
mod server;
mod signals;

use crate::cli::args::lab::LabCommand;
use crate::cli::exit;
use crate::cli::io::file::PATIENCE;
use crate::cli::io::networks;
use crate::cli::io::printer::Printer;
use crate::cli::refusal::Refusal;
use crate::cli::spelling::nearest;
use crate::lab::topology::Topology;
use crate::machine::Rng;
use crate::netlab::{self, Error, GatewayTraffic, Lab, Running, RunningHost};
use crate::os::entropy;
use crate::report::escape::escape;
use signals::Signals;
use std::fmt::Write;
use std::io::ErrorKind;
use std::process::{Child, Command, ExitStatus};

/// What a shell says of a program that is not there, and of one that may not be run.
const NOT_FOUND: u8 = 127;
const NOT_EXECUTABLE: u8 = 126;

/// Does what was asked for and gives the exit code.
pub(crate) fn run(command: LabCommand, printer: &mut Printer) -> Result<u8, Refusal> {
    match command {
        LabCommand::Up { network } => up(&network, printer),
        LabCommand::Run { network, host, command } => {
            let [program, arguments @ ..] = command.as_slice() else { return Err(Refusal::usage("no program")) };
            let mut command = Command::new(program);
            command.args(arguments);
            run_one(&network, &host, command)
        }
        LabCommand::Down { network } => down(network.as_deref(), printer),
        LabCommand::List | LabCommand::Show { .. } | LabCommand::From { .. } => Err(internal("not for this one")),
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let exit = match &error {
            Error::BadName(_) => exit::USAGE,
            Error::Program { error, .. } if error.kind() == ErrorKind::NotFound => NOT_FOUND,
            Error::Program { .. } => NOT_EXECUTABLE,
            _ => exit::COULD_NOT_TELL,
        };
        Self::new(exit, escape(&error.to_string(), false))
    }
}

fn internal(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(exit::INTERNAL, escape(&format!("{error:#}"), false))
}

fn rng() -> Result<Rng, Refusal> {
    entropy().map(Rng::new).ok_or_else(|| internal("the system gives no random bytes"))
}

/// Sets a lab up with its servers at work.
async fn set_up(name: &str, topology: &Topology) -> Result<Lab, Refusal> {
    plan::check(topology)?;
    let mut rng = rng()?;
    let lab = Lab::set_up(name, plan::plan(topology, &mut rng), &mut rng)?;
    for host in &topology.file().hosts {
        server::start(&lab, topology, host, &mut rng).await.map_err(internal)?;
    }
    Ok(lab)
}

fn up(network: &str, printer: &mut Printer) -> Result<u8, Refusal> {
    let (name, topology) = (networks::name(network), networks::load(network, PATIENCE)?);
    netlab::acquire()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(internal)?;
    runtime.block_on(async {
        let mut signals = Signals::new().map_err(internal)?;
        let lab = set_up(&name, &topology).await?;
        let shown = printer.people(&describe(&lab, &name, &topology));
        shown.map_err(|error| Refusal::cannot_write(format!("cannot write to standard output: {error}")))?;
        signals.next().await;
        printer.tell(&summary(&lab.end()));
        Ok(0)
    })
}

/// What went through a lab, in a line.
fn summary(traffic: &GatewayTraffic) -> String {
    let network = traffic.dropped.values().sum::<u64>();
    let unread = traffic.other_protocols + traffic.malformed + traffic.undeliverable;
    format!(
        "carried {} packets; the network dropped {network}, and {} fragments and {unread} of other kinds were not carried",
        traffic.delivered, traffic.fragments
    )
}

/// What is there and how to use it; its last line says that it can be used.
fn describe(lab: &Lab, name: &str, topology: &Topology) -> String {
    let hosts = lab.netlab().hosts();
    let width = hosts.iter().map(|host| host.spec.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for host in hosts {
        let addresses: Vec<String> = host.spec.addresses().map(ToString::to_string).collect();
        let _ = writeln!(text, "{:width$}  {}", host.spec.name, addresses.join(" "));
    }
    let client = topology.client().map_or("HOST", |host| host.name.as_str());
    let _ = writeln!(
        text,
        "\nrun a program on a host, from another terminal:\n  rtc-doctor lab run {name} {client} -- COMMAND"
    );
    if let Some(usage) = server::usage(lab, name, topology) {
        let _ = writeln!(text, "{usage}");
    }
    let _ = writeln!(text, "Ctrl-C ends it\n{name} is ready");
    text
}

fn run_one(network: &str, host: &str, mut command: Command) -> Result<u8, Refusal> {
    let name = networks::name(network);
    let running = Running::find(&name)?;
    let chosen = match running {
        Some(_) => None,
        None => {
            let chosen = networks::load(network, PATIENCE)?;
            netlab::acquire()?;
            Some(chosen)
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(internal)?;
    runtime.block_on(async {
        let mut signals = Signals::new().map_err(internal)?;
        // The lab ends, with whatever the program has left running, when the program has ended.
        let (child, _lab) = match (&running, chosen) {
            (Some(running), _) => {
                let place = place(running.hosts(), host)?;
                (running.spawn(place, &mut command)?, None)
            }
            (None, Some(topology)) => {
                let lab = set_up(&format!("{name}.{}", std::process::id()), &topology).await?;
                let names: Vec<String> = lab.netlab().hosts().iter().map(|host| host.spec.name.clone()).collect();
                let host = lab.netlab().host(host).ok_or_else(|| no_such_host(host, names))?;
                (lab.spawn(host, &mut command)?, Some(lab))
            }
            (None, None) => return Err(internal("no network was chosen")),
        };
        wait(child, &mut signals).await
    })
}

/// Waits for the program, and passes on to it what this process is sent.
async fn wait(mut child: Child, signals: &mut Signals) -> Result<u8, Refusal> {
    let process = child.id();
    let mut ended = tokio::task::spawn_blocking(move || child.wait());
    loop {
        tokio::select! {
            status = &mut ended => {
                return status.map_err(internal)?.map(exit_code).map_err(internal);
            }
            signal = signals.next() => signals::pass_on(signal, process),
        }
    }
}

/// The exit code of a program as a shell has it: 128 and the signal's number where a signal ended it.
fn exit_code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let killed = status.signal().map(|signal| 128 + signal);
    status.code().or(killed).and_then(|code| u8::try_from(code).ok()).unwrap_or(exit::INTERNAL)
}

fn place<'a>(places: &'a [RunningHost], host: &str) -> Result<&'a RunningHost, Refusal> {
    let names = || places.iter().map(|place| place.name.clone()).collect();
    places.iter().find(|place| place.name == host).ok_or_else(|| no_such_host(host, names()))
}

fn no_such_host(asked: &str, names: Vec<String>) -> Refusal {
    let near = nearest(asked, names.iter().cloned());
    let hint = if near.is_empty() {
        format!("there are {}", names.join(", "))
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    Refusal::usage(format!("there is no host {asked:?} in this network; {hint}"))
}

fn down(network: Option<&str>, printer: &mut Printer) -> Result<u8, Refusal> {
    let name = network.map(networks::name);
    let cleared = netlab::down(name.as_deref())?;
    for lab in &cleared {
        let programs = match lab.programs {
            0 => String::new(),
            1 => ", and one program that was left in it".to_owned(),
            more => format!(", and {more} programs that were left in it"),
        };
        printer.tell(&format!("{} is down{programs}", lab.name));
    }
    if cleared.is_empty() {
        printer.tell("no lab is up");
    }
    Ok(0)
}
