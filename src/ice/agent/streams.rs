//! TCP candidates (RFC 6544): connections either way, and STUN in the frames of RFC 4571 on them.

use super::base::Way;
use super::{Agent, Base};
use crate::machine::{Open, Output, SocketId};
use crate::model::{Failure, PairFailure};
use std::net::SocketAddr;

/// Connections held at once: as many as pairs, and some that a stranger made.
const MOST_STREAMS: usize = 128;

pub(super) struct Stream {
    base: usize,
    remote: SocketAddr,
    is_open: bool,
    /// The beginning of a frame: at most one frame, 64 KiB, and what one read brings.
    buffer: Vec<u8>,
    /// What waits for the connection: the last check.
    waiting: Option<Vec<u8>>,
}

/// RFC 4571 §2: a length of two bytes.
fn framed(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], data.get(..usize::from(length)).unwrap_or(data)].concat()
}

/// The first whole frame, taken out of the buffer.
fn next_frame(buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
    let length = usize::from(u16::from_be_bytes(buffer.get(..2)?.try_into().ok()?));
    let frame = buffer.get(2..2 + length)?.to_vec();
    buffer.drain(..2 + length);
    Some(frame)
}

impl Agent {
    /// Sends on the connection of this base with that endpoint; an active base makes one.
    pub(super) fn stream_send(&mut self, base: usize, to: SocketAddr, data: &[u8]) {
        let connects = matches!(self.bases.get(base), Some(Base { way: Way::Active, .. }));
        let may_connect = connects && self.streams.len() < MOST_STREAMS;
        let known = self.streams.iter_mut().find(|(_, stream)| stream.base == base && stream.remote == to);
        match known {
            Some((socket, stream)) if stream.is_open => {
                let socket = *socket;
                self.out.push_back(Output::Send { socket, to, data: framed(data) });
            }
            Some((_, stream)) => stream.waiting = Some(data.to_vec()),
            None if may_connect => {
                let socket = self.socket();
                let waiting = Some(data.to_vec());
                self.streams.insert(socket, Stream { base, remote: to, is_open: false, buffer: Vec::new(), waiting });
                self.out.push_back(Output::Open { socket, open: Open::Tcp { to } });
            }
            None => {}
        }
    }

    /// Sends on a connection that is there; what cannot go now is not kept.
    pub(super) fn stream_carry(&mut self, base: usize, to: SocketAddr, data: &[u8]) {
        let open = |(_, stream): &(&SocketId, &Stream)| stream.base == base && stream.remote == to && stream.is_open;
        if let Some(socket) = self.streams.iter().find(open).map(|(socket, _)| *socket) {
            self.out.push_back(Output::Send { socket, to, data: framed(data) });
        }
    }

    pub(super) fn stream_opened(&mut self, socket: SocketId) {
        let Some(stream) = self.streams.get_mut(&socket) else { return };
        stream.is_open = true;
        let (to, waiting) = (stream.remote, stream.waiting.take());
        if let Some(data) = waiting {
            self.out.push_back(Output::Send { socket, to, data: framed(&data) });
        }
    }

    pub(super) fn stream_failed(&mut self, socket: SocketId, failure: &Failure) {
        let Some(stream) = self.streams.remove(&socket) else { return };
        let remote = self.checklist.remotes.iter().position(|remote| remote.endpoint == stream.remote);
        let pair = remote.and_then(|remote| self.checklist.find(stream.base, remote));
        if let Some(pair) = pair.and_then(|at| self.checklist.pairs.get_mut(at))
            && pair.first_success.is_none()
        {
            pair.fail(PairFailure::Unreachable { failure: failure.clone() });
        }
    }

    pub(super) fn accepted(&mut self, listener: SocketId, socket: SocketId, remote: SocketAddr) {
        let taken = |base: &Base| matches!(base.way, Way::Passive { listener: own, .. } if own == listener);
        match self.bases.iter().position(taken).filter(|_| self.streams.len() < MOST_STREAMS) {
            Some(base) => {
                let stream = Stream { base, remote, is_open: true, buffer: Vec::new(), waiting: None };
                self.streams.insert(socket, stream);
            }
            None => self.out.push_back(Output::Close { socket }),
        }
    }

    pub(super) fn stream_received(&mut self, socket: SocketId, data: &[u8]) {
        if let Some(stream) = self.streams.get_mut(&socket) {
            stream.buffer.extend_from_slice(data);
        }
        while let Some(stream) = self.streams.get_mut(&socket) {
            let (base, remote) = (stream.base, stream.remote);
            let Some(frame) = next_frame(&mut stream.buffer) else { return };
            self.arrived(base, remote, &frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_cut_however_the_bytes_come() {
        let mut buffer = Vec::new();
        let mut frames = Vec::new();
        for byte in [framed(b"first"), framed(b""), framed(b"second")].concat() {
            buffer.push(byte);
            frames.extend(next_frame(&mut buffer));
        }
        assert_eq!(frames, [b"first".to_vec(), Vec::new(), b"second".to_vec()]);
        assert!(buffer.is_empty());
    }
}
