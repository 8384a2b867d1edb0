//! What a world gives an agent, and what it wants done: each input to the machine that it is for.

use super::Agent;
use crate::machine::{Input, Instant, Machine, Output};
use crate::model::Failure;

impl Machine for Agent {
    fn handle(&mut self, now: Instant, input: Input) {
        self.io.now = now;
        let (io, bases) = (&mut self.io, &mut self.bases);
        let former = self.former.as_mut();
        match input {
            Input::Interfaces(interfaces) => self.start(interfaces),
            Input::Opened { socket, local, .. } => bases.opened(io, socket, local),
            Input::Failed { socket, failure, .. } => {
                former.into_iter().for_each(|former| former.failed(socket, &failure));
                bases.failed(socket, &failure);
            }
            Input::Ended { socket } => {
                former.into_iter().for_each(|former| former.failed(socket, &Failure::Reset));
                bases.ended(socket);
            }
            Input::Accepted { listener, socket, remote, .. } => bases.accepted(io, listener, socket, remote),
            Input::Received { socket, from, data } => match former.filter(|former| former.owns(socket)) {
                Some(former) => {
                    let media = former.received(io, socket, from, data);
                    self.take_former(media);
                }
                None => bases.received(io, socket, from, data),
            },
            Input::Unreachable { socket, to, failure } => self.undelivered(socket, to, &failure),
            Input::Resolved { query, answer } => {
                let result = self.remotes.resolved(io, query, answer.ok());
                self.resolved(result);
            }
            Input::Stop => self.close(),
            Input::Woken | Input::Counted { .. } | Input::Signalled(_) => {}
        }
        self.pump();
    }

    fn poll(&mut self) -> Output {
        // What the owner asked for between two inputs is due at once.
        if !self.io.has_outputs() {
            self.pump();
        }
        self.io.poll().unwrap_or_else(|| Output::Wait(self.wake()))
    }
}
