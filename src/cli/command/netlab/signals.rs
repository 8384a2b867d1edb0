//! What is this process told by the user, or the system, while a program of the lab runs?

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{self, IsTerminal};
use tokio::signal::unix::{self, SignalKind};

/// Signals that do not end the process while this is there.
pub(crate) struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hangup: unix::Signal,
}

impl Signals {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: unix::signal(SignalKind::interrupt())?,
            terminate: unix::signal(SignalKind::terminate())?,
            hangup: unix::signal(SignalKind::hangup())?,
        })
    }

    pub(crate) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::SIGINT,
            _ = self.terminate.recv() => Signal::SIGTERM,
            _ = self.hangup.recv() => Signal::SIGHUP,
        }
    }
}

pub(crate) fn pass_on(signal: Signal, process: u32) {
    // A terminal has told Ctrl-C to both.
    let is_told = signal == Signal::SIGINT && io::stdin().is_terminal();
    if let (false, Ok(process)) = (is_told, i32::try_from(process)) {
        let _ = kill(Pid::from_raw(process), signal);
    }
}
