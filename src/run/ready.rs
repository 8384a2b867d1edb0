//! A server that says once where it serves, so that whoever has started it knows when and whom to ask.

use crate::machine::{Input, Instant, Machine, Output};
use crate::server::{BoundAddresses, NotBound, StunTurnServer};
use tokio::sync::oneshot;

/// What a server has opened, and what it could not.
#[derive(Debug)]
pub struct Bound {
    /// Its sockets by transport, with the ports that the system gave for port 0.
    pub addresses: BoundAddresses,
    /// The endpoints that the system refused.
    pub failures: Vec<NotBound>,
    /// Those of the echo that it refused, without which it serves all the same.
    pub left_out: Vec<NotBound>,
}

/// The server's machine; it behaves as [`StunTurnServer`] does.
pub struct ReadyServer {
    server: StunTurnServer,
    ready: Option<oneshot::Sender<Bound>>,
}

impl ReadyServer {
    /// The receiver gets its value when every socket is open or has failed, and an error where the server is dropped
    /// before.
    pub fn new(server: StunTurnServer) -> (Self, oneshot::Receiver<Bound>) {
        let (ready, is_ready) = oneshot::channel();
        (Self { server, ready: Some(ready) }, is_ready)
    }
}

impl Machine for ReadyServer {
    fn handle(&mut self, now: Instant, input: Input) {
        self.server.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        let output = self.server.poll();
        if let (Output::Wait(_), true) = (&output, self.server.is_ready())
            && let Some(ready) = self.ready.take()
        {
            // The receiver may be gone: then nobody waits any more.
            let (addresses, failures) = (self.server.addresses(), self.server.failures().to_vec());
            let _ = ready.send(Bound { addresses, failures, left_out: self.server.left_out().to_vec() });
        }
        output
    }
}
