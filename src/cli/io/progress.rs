//! What is going on? One line that changes, on standard error and only on a terminal; every observation, where asked.

use crate::cli::args::shared::RunArgs;
use crate::cli::environment::Environment;
use crate::cli::io::printer::Printer;
use crate::model::{DnsFact, DnsRecord, Fact, HostFact, Leg, Observation, RunFact, StreamFact, StunFact, TurnFact};
use crate::report::escape::escape;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::RefCell;
use std::time::Duration;

/// Said once, when the user has asked to stop.
const STOPPING: &str = "Stopping: giving back what is held. Press Ctrl-C again to quit at once.";

/// Ten turns of the wheel a second: alive, not nervous.
const TICK: Duration = Duration::from_millis(100);

pub(crate) struct Progress<'a> {
    /// Several tell of one run: what is seen, and what is carried.
    printer: RefCell<&'a mut Printer>,
    bar: Option<ProgressBar>,
    ascii: bool,
    quiet: bool,
    verbose: bool,
    milestones: fn(&Observation) -> Option<String>,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(printer: &'a mut Printer, environment: &Environment, args: &RunArgs) -> Self {
        let (quiet, verbose) = (args.shown.quiet, args.verbose);
        let ascii = !environment.utf8;
        let bar = (environment.stderr_is_terminal && !environment.dumb && !quiet && !verbose).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::default_spinner();
            bar.set_style(if ascii { style.tick_chars("-\\|/ ") } else { style });
            bar.set_message("starting");
            bar.enable_steady_tick(TICK);
            bar
        });
        Self { printer: RefCell::new(printer), bar, ascii, quiet, verbose, milestones: |_| None }
    }

    /// Lets what `milestones` says of an observation stand on a line of its own.
    pub(crate) fn with_milestones(mut self, milestones: fn(&Observation) -> Option<String>) -> Self {
        self.milestones = milestones;
        self
    }

    /// A line for a person, which stays.
    pub(crate) fn tell(&self, line: &str) {
        let tell = || self.printer.borrow_mut().tell(line);
        match &self.bar {
            Some(bar) => bar.suspend(tell),
            None => tell(),
        }
    }

    /// What a person is to take along, on a line of its own where the report goes.
    pub(crate) fn show(&self, text: &str) {
        // A reader that is gone takes nothing along.
        let show = || drop(self.printer.borrow_mut().people(&format!("{text}\n")));
        match &self.bar {
            Some(bar) => bar.suspend(show),
            None => show(),
        }
    }

    pub(crate) fn saw(&self, observation: &Observation) {
        if self.verbose {
            let fact = serde_json::to_string(&observation.fact).unwrap_or_default();
            let question = serde_json::to_string(&observation.by.question).unwrap_or_default();
            let line = format!("{:>8.1} ms  {:<12} {fact}", observation.at_ms, question.trim_matches('"'));
            self.tell(&escape(&line, self.ascii));
        } else if !self.quiet
            && let Some(line) = (self.milestones)(observation)
        {
            self.tell(&escape(&line, self.ascii));
        }
        if matches!(observation.fact, Fact::Run(RunFact::Interrupted)) {
            self.tell(STOPPING);
        }
        if let (Some(bar), Some(line)) = (&self.bar, progress(&observation.fact)) {
            bar.set_message(escape(&line, self.ascii));
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// What a fact says to someone who waits; `None` where it says nothing new.
fn progress(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Host(HostFact::Interface(interface)) => format!("found interface {}", interface.name),
        Fact::Dns(DnsFact::Resolved { name, records, .. }) => match records.first() {
            Some(DnsRecord::Address(address)) => format!("{name} is {address}"),
            Some(DnsRecord::Service { target, .. }) => format!("{name} is served by {target}"),
            None => return None,
        },
        Fact::Dns(DnsFact::Unresolved { name, .. }) => format!("{name} has no such record"),
        Fact::Stream(StreamFact::Connected { remote, .. }) => format!("connected to {remote}"),
        Fact::Stream(StreamFact::Secured { remote, .. }) => format!("TLS with {remote}"),
        Fact::Stream(StreamFact::NotConnected { remote, .. }) => format!("no connection to {remote}"),
        Fact::Stun(StunFact::Mapped { server, mapped, .. }) => format!("{server} sees this machine as {mapped}"),
        Fact::Stun(StunFact::Answered { from, .. }) => format!("an answer came in from {from}"),
        Fact::Stun(StunFact::Silent { server, .. }) => format!("no answer from {server}"),
        Fact::Stun(StunFact::Hairpinned { to, .. }) => format!("tried hairpinning by {to}"),
        Fact::Stun(StunFact::Idled { idle_ms, .. }) => format!("a mapping was idle for {} s", idle_ms / 1000),
        Fact::Stun(StunFact::KeptBusy { lived_ms, .. }) => format!("a flow was in use for {} s", lived_ms / 1000),
        Fact::Stun(StunFact::Sized { bytes, .. }) => format!("tried a packet of {bytes} bytes"),
        Fact::Stun(StunFact::Paced { every_ms, .. }) => format!("sent a request every {every_ms} ms"),
        Fact::Turn(TurnFact::Challenged { server, .. }) => format!("{server} asks for credentials"),
        Fact::Turn(TurnFact::Allocated { relayed, .. }) => format!("got the relayed address {relayed}"),
        Fact::Turn(TurnFact::Crossed { leg: Leg::In, relayed, .. }) => format!("bytes came in through {relayed}"),
        Fact::Turn(TurnFact::Crossed { leg: Leg::Out, relayed, .. }) => format!("bytes went out through {relayed}"),
        Fact::Stun(StunFact::Refused { server, code, .. }) => format!("{server} answered with error {code}"),
        Fact::Run(RunFact::Interrupted) => "stopping".to_owned(),
        _ => return None,
    })
}
