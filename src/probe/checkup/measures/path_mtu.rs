//! How large a datagram passes whole to a server? (the question of RFC 8899, asked of a STUN server)
//!
//! The sizes that networks are built for are tried at once, unfragmented, each from a socket of its own; the largest
//! that is answered is the path's. Ethernet's is tried alone first, since most paths take it. Only the way out is
//! measured, so the answer must be small: the requests are filled with an attribute that every server passes over (RFC
//! 8489 §14), and not with RFC 5780's PADDING, which coturn answers with as much of its own. A server that refuses the
//! request has received it all the same.

use crate::machine::{Bind, Input, Instant, Machine, Output, Rng, SocketId};
use crate::model::{Asked, Fact, Origin, Question, StunFact};
use crate::probe::client::{BindingClient, RequestFailure, Response};
use crate::transaction::Schedule;
use crate::wire::{self, StunMethod, TransactionId};
use std::net::SocketAddr;
use std::time::Duration;

/// The IP packet size of Ethernet, in bytes.
pub(super) const LARGEST: &[u32] = &[1500];
/// The IP packet sizes of other networks, in bytes: PPPoE (RFC 2516); IPv6-in-IPv4 tunnels; WireGuard over IPv4, then
/// over IPv6; the smallest that IPv6 guarantees (RFC 8200 §5); and what every host reassembles (RFC 791).
pub(super) const SMALLER: &[u32] = &[1492, 1480, 1440, 1420, 1280, 576];

/// An attribute that is comprehension-optional and assigned to nobody (RFC 8489 §18.3).
const FILLER: u16 = 0xff00;

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub struct PathMtuConfig {
    /// A server that has answered before.
    pub server: SocketAddr,
    /// The round trip to it, as seen before.
    pub rtt: Duration,
    /// The sizes of IP packets to try, in bytes.
    pub sizes: &'static [u32],
}

/// Sends requests of several sizes that must not be fragmented.
pub struct PathMtuProbe {
    path: PathMtuConfig,
    client: BindingClient,
    /// The sizes asked, each from a socket of its own, so that an answer tells which.
    sockets: Vec<(SocketId, u32)>,
    settled: usize,
    over: bool,
}

impl PathMtuProbe {
    /// A probe of this server. It begins with its first input, which must be the interfaces.
    pub fn new(path: PathMtuConfig, rng: Rng) -> Self {
        let client = BindingClient::new(Origin { question: Question::PathMtu, uri: None }, rng);
        Self { path, client, sockets: Vec::new(), settled: 0, over: false }
    }

    fn size(&self, socket: SocketId) -> Option<u32> {
        self.sockets.iter().find(|(own, _)| *own == socket).map(|(_, bytes)| *bytes)
    }

    fn ask(&mut self, now: Instant, socket: SocketId) {
        let Some(bytes) = self.size(socket) else { return };
        // IP and UDP headers, STUN's header, the attribute's header; it is a multiple of four long on the wire.
        let headers = if self.path.server.is_ipv4() { 20 + 8 } else { 40 + 8 } + 20 + 4;
        let filler = vec![0; (bytes.saturating_sub(headers) / 4 * 4) as usize];
        let request =
            wire::Builder::request(StunMethod::Binding, TransactionId(self.client.rng().bytes())).raw(FILLER, &filler);
        let schedule = Schedule { sends: 4, ..Schedule::known(self.path.rtt) };
        self.client.ask_with(now, socket, self.path.server, Asked::Plain, request, schedule);
    }

    fn settle(&mut self, socket: SocketId, passed: bool) {
        self.settled += 1;
        if let (Some(bytes), Some(local)) = (self.size(socket), self.client.local(socket)) {
            self.client.observe(Fact::Stun(StunFact::Sized { local, server: self.path.server, bytes, passed }));
            // Whatever is smaller passes too.
            self.over |= passed && self.sockets.iter().all(|(own, other)| *own == socket || *other < bytes);
        }
        self.over |= self.settled == self.sockets.len();
    }
}

impl Machine for PathMtuProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.client.is_unused() => {
                for bytes in self.path.sizes.iter().copied() {
                    let socket = self.client.open_at(self.path.server, Bind::Toward(self.path.server), true);
                    self.sockets.push((socket, bytes));
                }
            }
            Input::Stop => self.over = true,
            input => {
                for response in self.client.handle(now, input) {
                    match response {
                        Response::Opened { socket } => self.ask(now, socket),
                        Response::Answer(answer) => self.settle(answer.socket, true),
                        Response::Failed { socket, why: RequestFailure::Refused { .. }, .. } => {
                            self.settle(socket, true)
                        }
                        Response::NotOpened { socket } | Response::Failed { socket, .. } => self.settle(socket, false),
                    }
                }
            }
        }
    }

    fn poll(&mut self) -> Output {
        self.client.poll(self.over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Failure;
    use crate::probe::testing::{Bench, DelayedReply, PRIMARY, SentDatagram, rfc5780};

    const RTT: Duration = Duration::from_millis(40);
    const IP_AND_UDP: usize = 28;
    const ALL: &[u32] = &[1500, 1492, 1480, 1440, 1420, 1280, 576];

    fn run(mtu: usize) -> (Vec<(u32, bool)>, Duration) {
        let server = PRIMARY.parse().expect("an address");
        let mut probe = PathMtuProbe::new(PathMtuConfig { server, rtt: RTT, sizes: ALL }, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        let end = bench.run(|_, sent: SentDatagram<'_>| -> Vec<DelayedReply> {
            let passes = sent.data.len() + IP_AND_UDP <= mtu;
            let answer = rfc5780(&sent, sent.from).filter(|_| passes);
            answer.map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        let sizes = bench.facts.iter().filter_map(|(_, fact)| match fact {
            Fact::Stun(StunFact::Sized { bytes, passed, .. }) => Some((*bytes, *passed)),
            _ => None,
        });
        (sizes.collect(), end.since_start())
    }

    #[test]
    fn a_path_of_ethernets_size_is_known_after_one_round_trip() {
        let (sizes, took) = run(1500);
        assert!(sizes.contains(&(1500, true)));
        assert_eq!(took, RTT);
    }

    #[test]
    fn a_tunnels_smaller_size_is_found_between_what_passed_and_what_did_not() {
        let (sizes, _) = run(1420);
        assert_eq!(sizes.iter().filter(|(_, passed)| *passed).map(|(bytes, _)| *bytes).max(), Some(1420));
        assert!(sizes.contains(&(1440, false)) && sizes.contains(&(1500, false)));
    }

    #[test]
    fn the_sizes_together_are_all_that_there_are() {
        assert_eq!([LARGEST, SMALLER].concat(), ALL);
    }

    #[test]
    fn every_datagram_has_the_size_that_it_stands_for() {
        let server = PRIMARY.parse().expect("an address");
        let mut probe = PathMtuProbe::new(PathMtuConfig { server, rtt: RTT, sizes: ALL }, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        bench.run(|_, _| Vec::new());
        let mut sizes: Vec<_> = bench.sent.iter().map(|(_, _, data)| (data.len() + IP_AND_UDP) as u32).collect();
        sizes.sort_unstable();
        sizes.dedup();
        assert_eq!(sizes, ALL.iter().rev().map(|bytes| bytes / 4 * 4).collect::<Vec<_>>());
    }

    #[test]
    fn a_size_that_the_system_refuses_to_send_did_not_pass() {
        let server = PRIMARY.parse().expect("an address");
        let mut probe = PathMtuProbe::new(PathMtuConfig { server, rtt: RTT, sizes: ALL }, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        let failure = Failure::TooBig { mtu_bytes: Some(1400) };
        bench.bring_at(5, Input::Unreachable { socket: SocketId(0), to: server, failure });
        bench.run(|_, _| Vec::new());
        assert!(bench.facts.iter().any(|(at, fact)| {
            at.since_start() < RTT && matches!(fact, Fact::Stun(StunFact::Sized { bytes: 1500, passed: false, .. }))
        }));
    }
}
