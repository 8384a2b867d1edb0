//! Whose packets come in? (RFC 5780 §4.4, RFC 4787 §5)
//!
//! Fresh sockets, which nobody but the server's primary address has heard from, ask for answers from its other
//! address and from its other port. An answer decides at once. Silence decides only when it cannot be loss: every
//! socket also asks plainly, as a control on the same path at the same time, and as long as the control's own losses
//! leave a doubt ([`Tally::is_silence_beside`]) more copies are sent, up to [`MOST_COPIES`]. That the other address
//! is alive at all is the mapping probe's to show.

use super::ask::{Answer, Asker, Heard};
use crate::machine::{Dice, Input, Instant, Machine, Output, SocketId};
use crate::model::{Asked, Origin, Question};
use crate::transaction::Schedule;
use std::net::SocketAddr;
use std::time::Duration;

/// Two, so that one socket's bad luck is not the network's behaviour; not more, for RFC 5780 §5's ten transactions a
/// second.
const SOCKETS: usize = 2;

/// Of each request from each socket, before anything is known of the path's losses: with the controls of two clean
/// sockets, eight copies in all are just beyond doubt.
const FIRST_COPIES: u32 = 4;

/// Copies of each request from each socket at the most: enough for a path that loses 40 % of round trips; on a worse
/// one the answer is "unclear".
const MOST_COPIES: u32 = 16;

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub struct Filtering {
    /// A server that has answered and has an OTHER-ADDRESS with another address and port.
    pub server: SocketAddr,
    pub rtt: Duration,
}

impl Filtering {
    /// Copies follow each other by one round trip; the last is waited for two more, and some for jitter.
    fn schedule(&self) -> Schedule {
        let rto = self.rtt.clamp(Duration::from_millis(20), Duration::from_millis(400));
        let last_wait = self.rtt * 2 + Duration::from_millis(50);
        Schedule { rto, longest: rto, sends: FIRST_COPIES, last_wait }
    }
}

/// The probe.
pub struct FilteringProbe {
    filtering: Filtering,
    asker: Asker,
    /// Sockets that did not come about.
    failed: usize,
    address_answered: bool,
    port_answered: bool,
    copies: u32,
    over: bool,
}

impl FilteringProbe {
    pub fn new(filtering: Filtering, dice: Dice) -> Self {
        let asker = Asker::new(Origin { question: Question::Filtering, uri: None }, dice);
        Self {
            filtering,
            asker,
            failed: 0,
            address_answered: false,
            port_answered: false,
            copies: FIRST_COPIES,
            over: false,
        }
    }

    fn hear(&mut self, now: Instant, heard: Heard) {
        match heard {
            Heard::Opened { socket } => self.ask_all(now, socket),
            Heard::NotOpened { .. } => self.failed += 1,
            Heard::Answer(Answer { asked: Asked::ChangeAddressAndPort, .. }) => self.address_answered = true,
            Heard::Answer(Answer { asked: Asked::ChangePort, .. }) => self.port_answered = true,
            Heard::Answer(_) | Heard::Nothing { .. } => {}
        }
    }

    fn ask_all(&mut self, now: Instant, socket: SocketId) {
        for asked in [Asked::Plain, Asked::ChangeAddressAndPort, Asked::ChangePort] {
            self.asker.ask(now, socket, self.filtering.server, asked, self.filtering.schedule());
        }
    }

    /// Whether what is silent so far is silent beyond doubt.
    fn is_settled(&self) -> bool {
        let control = self.asker.tally(Asked::Plain);
        let silent = |asked| self.asker.tally(asked).is_silence_beside(control);
        self.address_answered
            || silent(Asked::ChangeAddressAndPort) && (self.port_answered || silent(Asked::ChangePort))
    }

    fn conclude(&mut self, now: Instant) {
        self.asker.observe_tallies(now);
        self.over = true;
    }
}

impl Machine for FilteringProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.asker.is_unused() => {
                for _ in 0..SOCKETS {
                    self.asker.open(self.filtering.server);
                }
            }
            Input::Stop if !self.over => self.conclude(now),
            input => {
                for heard in self.asker.handle(now, input) {
                    self.hear(now, heard);
                }
            }
        }
        if self.over {
            return;
        }
        if self.failed == SOCKETS || self.address_answered {
            self.conclude(now);
        } else if self.asker.has_asked() && self.asker.is_idle() {
            if self.is_settled() || self.copies >= MOST_COPIES {
                self.conclude(now);
            } else {
                self.copies += FIRST_COPIES;
                for asked in [Asked::ChangeAddressAndPort, Asked::ChangePort] {
                    self.asker.extend(now, asked, FIRST_COPIES);
                }
                // The control grows with what it is a control for.
                for socket in self.asker.opened() {
                    self.asker.ask(now, socket, self.filtering.server, Asked::Plain, self.filtering.schedule());
                }
            }
        }
    }

    fn poll(&mut self) -> Output {
        self.asker.poll(self.over)
    }
}
