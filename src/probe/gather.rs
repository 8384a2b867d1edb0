//! Which host and server-reflexive candidates would an ICE agent here offer? (RFC 8445 §5.1.1)
//!
//! One socket an address, as an agent opens them; each asks the servers given. Relayed candidates come from the relay
//! probe's allocations.

use super::ask::{Asker, Heard};
use crate::ice::Candidates;
use crate::machine::{Bind, Dice, Input, Instant, Machine, Output};
use crate::model::{Asked, Fact, Origin, Question, Text};
use crate::transaction::Schedule;
use std::net::{IpAddr, SocketAddr};

/// Addresses of this machine taken as bases. A host with VPNs and containers has some twenty; browsers stop at five
/// networks, and beyond this number pair checks would take minutes.
const MOST_BASES: usize = 64;

/// What to gather from.
#[derive(Clone, Debug)]
pub struct Gather {
    /// Best first.
    pub bases: Vec<IpAddr>,
    /// Servers that have answered, with their URIs: each base asks the first of its own family.
    pub servers: Vec<(SocketAddr, String)>,
}

/// The probe.
pub struct GatherProbe {
    gather: Gather,
    asker: Asker,
    candidates: Candidates,
    pending: usize,
    stopped: bool,
}

impl GatherProbe {
    pub fn new(gather: Gather, dice: Dice) -> Self {
        let asker = Asker::new(Origin { question: Question::Gather, uri: None }, dice);
        Self { gather, asker, candidates: Candidates::default(), pending: 0, stopped: false }
    }

    fn start(&mut self) {
        let ignored = self.gather.bases.len().saturating_sub(MOST_BASES);
        if ignored > 0 {
            let ignored = u32::try_from(ignored).unwrap_or(u32::MAX);
            self.asker.observe(Fact::Limited { what: Text::new("addresses of this machine"), ignored });
        }
        self.gather.bases.truncate(MOST_BASES);
        self.pending = self.gather.bases.len();
        for base in self.gather.bases.clone() {
            let any_port = SocketAddr::new(base, 0);
            self.asker.open_at(any_port, Bind::At(any_port), false);
        }
    }

    fn hear(&mut self, now: Instant, heard: Heard) {
        match heard {
            Heard::Opened { socket } => {
                self.pending = self.pending.saturating_sub(1);
                let Some(base) = self.asker.local(socket) else { return };
                if let Some(candidate) = self.candidates.host(base) {
                    self.asker.observe(Fact::Candidate(candidate));
                }
                let server = self.gather.servers.iter().find(|(server, _)| server.is_ipv4() == base.is_ipv4());
                if let Some((server, _)) = server {
                    self.asker.ask(
                        now,
                        socket,
                        *server,
                        Asked::Plain,
                        Schedule { sends: 5, ..Schedule::FIRST_CONTACT },
                    );
                }
            }
            Heard::NotOpened { .. } => self.pending = self.pending.saturating_sub(1),
            Heard::Answer(answer) => {
                let Some(base) = self.asker.local(answer.socket) else { return };
                let uri = self.gather.servers.iter().find(|(server, _)| *server == answer.server);
                let uri = uri.map(|(_, uri)| uri.clone());
                if let Some(candidate) = self.candidates.reflexive(base, answer.mapped, answer.server, uri) {
                    self.asker.observe(Fact::Candidate(candidate));
                }
            }
            Heard::Nothing { .. } => {}
        }
    }
}

impl Machine for GatherProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.asker.is_unused() => self.start(),
            Input::Stop => self.stopped = true,
            input => {
                for heard in self.asker.handle(now, input) {
                    self.hear(now, heard);
                }
            }
        }
    }

    fn poll(&mut self) -> Output {
        let over = self.stopped || self.pending == 0 && self.asker.is_idle();
        self.asker.poll(over)
    }
}
