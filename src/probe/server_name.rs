//! Is it the server's name that a TLS handshake breaks off for? (RFC 6066 §3)
//!
//! The name stands in the ClientHello for all to read, and is all that a filter by names goes by. So the same address is
//! asked for a handshake once more, without a name. Which certificate it shows then does not matter.

use crate::machine::{Input, Instant, Machine, Open, Output, SocketId, Wake};
use crate::model::{Fact, Millis, Origin, Question, ServerUri, StreamFact, Transport};
use std::collections::VecDeque;
use std::net::SocketAddr;

const SOCKET: SocketId = SocketId(0);

/// A probe with one connection, over which nothing is asked.
pub struct ServerNameProbe {
    uri: ServerUri,
    server: SocketAddr,
    opened_at: Option<Instant>,
    out: VecDeque<Output>,
    over: bool,
}

impl ServerNameProbe {
    /// A probe of this address of the server with this URI. It begins with its first input, which must be the
    /// interfaces.
    pub fn new(uri: ServerUri, server: SocketAddr) -> Self {
        Self { uri, server, opened_at: None, out: VecDeque::new(), over: false }
    }

    fn conclude(&mut self, fact: StreamFact) {
        let by = Origin { question: Question::ServerName, uri: Some(self.uri.clone()) };
        self.out.push_back(Output::Observe { by, fact: Fact::Stream(fact) });
        self.out.push_back(Output::Close { socket: SOCKET });
        self.over = true;
    }
}

impl Machine for ServerNameProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        let (remote, took_ms) = (self.server, Millis::from(now.since(self.opened_at.unwrap_or(now))));
        match input {
            _ if self.over => {}
            Input::Interfaces(_) if self.opened_at.is_none() => {
                self.opened_at = Some(now);
                // An address is no name, and is not sent as one (RFC 6066 §3).
                let open = Open::Tls { to: remote, server_name: remote.ip().to_string(), insecure: true };
                self.out.push_back(Output::Open { socket: SOCKET, open });
            }
            Input::Opened { tls: Some(tls), .. } => self.conclude(StreamFact::Secured { remote, tls, took_ms }),
            Input::Failed { failure, tls, .. } => {
                let transport = Transport::Tls;
                self.conclude(StreamFact::NotConnected { transport, remote, failure, tls, took_ms });
            }
            Input::Stop => self.over = true,
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        let wake = if self.over { Wake::Finished } else { Wake::OnInput };
        self.out.pop_front().unwrap_or(Output::Wait(wake))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Failure, Tls};
    use crate::probe::testing::Bench;

    fn facts(answer: Input) -> Vec<Fact> {
        let server = "203.0.113.10:443".parse().expect("an address");
        let mut probe = ServerNameProbe::new("turns:turn.example:443".into(), server);
        let mut bench = Bench::new(&mut probe);
        bench.bring_at(20, answer);
        bench.run(|_, _| Vec::new());
        bench.facts.into_iter().map(|(_, fact)| fact).collect()
    }

    #[test]
    fn a_handshake_without_a_name_is_told_whether_it_comes_about_or_not() {
        let tls = Tls {
            server_name: "203.0.113.10".to_owned(),
            version: None,
            certificates: Vec::new(),
            problem: None,
            connect_ms: None,
            handshake_ms: None,
        };
        let local = "192.0.2.1:40000".parse().expect("an address");
        let opened = facts(Input::Opened { socket: SOCKET, local, tls: Some(tls) });
        assert!(matches!(opened[..], [Fact::Stream(StreamFact::Secured { .. })]), "{opened:?}");
        let failed = facts(Input::Failed { socket: SOCKET, failure: Failure::Reset, tls: None });
        assert!(matches!(failed[..], [Fact::Stream(StreamFact::NotConnected { .. })]), "{failed:?}");
    }

    #[test]
    fn no_name_is_sent() {
        let server: SocketAddr = "203.0.113.10:443".parse().expect("an address");
        let mut probe = ServerNameProbe::new("turns:turn.example:443".into(), server);
        probe.handle(Instant::START, Input::Interfaces(Vec::new()));
        let Output::Open { open: Open::Tls { to, server_name, .. }, .. } = probe.poll() else { panic!("opens") };
        assert_eq!((to, server_name.as_str()), (server, "203.0.113.10"));
    }
}
