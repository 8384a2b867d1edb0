//! For tests: a machine behind a path that loses datagrams above a size silently, as where fragments and ICMP's "too
//! big" are filtered (RFC 2923 §2.1), or that loses whatever the test chooses.

use crate::machine::{Input, Instant, Machine, Open, Output, SocketId};
use std::collections::BTreeSet;
use std::net::SocketAddr;

pub(super) struct Narrow<M, P> {
    machine: M,
    /// Whether this datagram is lost; asked for those that go out.
    loses: P,
    datagrams: BTreeSet<SocketId>,
    now: Instant,
}

impl<M, P: FnMut(Instant, SocketAddr, &[u8]) -> bool> Narrow<M, P> {
    pub(crate) fn new(machine: M, loses: P) -> Self {
        Self { machine, loses, datagrams: BTreeSet::new(), now: Instant::START }
    }
}

impl<M: Machine, P: FnMut(Instant, SocketAddr, &[u8]) -> bool> Machine for Narrow<M, P> {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        self.machine.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        loop {
            let output = self.machine.poll();
            if let Output::Open { socket, open: Open::Udp { .. } } = &output {
                self.datagrams.insert(*socket);
            }
            let is_lost = match &output {
                Output::Send { socket, to, data } => {
                    self.datagrams.contains(socket) && (self.loses)(self.now, *to, data)
                }
                _ => false,
            };
            if !is_lost {
                return output;
            }
        }
    }
}
