//! The outputs of the server, queued until they are polled.

use crate::machine::{Instant, Open, Output, SocketId, Wake};
use std::collections::VecDeque;
use std::net::SocketAddr;

#[derive(Default)]
pub(super) struct Effects {
    out: VecDeque<Output>,
    opened: u32,
    wake: Option<Instant>,
}

impl Effects {
    /// Opens a socket; None when the numbers for sockets are used up, since the world numbers accepted streams down
    /// from `u32::MAX`.
    pub(super) fn open(&mut self, open: Open) -> Option<SocketId> {
        let socket = SocketId(self.opened);
        self.opened = self.opened.checked_add(1).filter(|opened| *opened < u32::MAX / 2)?;
        self.out.push_back(Output::Open { socket, open });
        Some(socket)
    }

    pub(super) fn close(&mut self, socket: SocketId) {
        self.out.push_back(Output::Close { socket });
    }

    pub(super) fn send(&mut self, socket: SocketId, to: SocketAddr, data: Vec<u8>) {
        self.out.push_back(Output::Send { socket, to, data });
    }

    /// Asks for a wake at `at`. One that turns out to be too early is harmless.
    pub(super) fn look_again(&mut self, at: Instant) {
        self.wake = Some(self.wake.map_or(at, |wake| wake.min(at)));
    }

    /// Whether a wake is due. Whoever handles it asks for the next one.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        self.wake.take_if(|wake| *wake <= now).is_some()
    }

    pub(super) fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(self.wake.map_or(Wake::OnInput, Wake::At)))
    }

    /// Removes all packets that wait to be sent.
    pub(super) fn drop_sends(&mut self) {
        self.out.retain(|output| !matches!(output, Output::Send { .. }));
        self.wake = None;
    }

    pub(super) fn is_drained(&self) -> bool {
        self.out.is_empty()
    }
}
