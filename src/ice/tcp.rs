//! TCP candidates (RFC 6544): connections either way, and STUN in the frames of RFC 4571 on them.

use super::agent_io::AgentIo;
use crate::machine::{Open, SocketId};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Connections held at once: as many as pairs, and some that a stranger made.
const MOST_CONNECTIONS: usize = 128;

/// One connection, of a base with one endpoint of the peer's.
struct IceConnection {
    base: usize,
    remote: SocketAddr,
    is_open: bool,
    /// The beginning of a frame: at most one frame, 64 KiB, and what one read brings.
    buffer: Vec<u8>,
    /// The latest check, which leaves once the connection is there.
    waiting: Option<Vec<u8>>,
}

/// The connections of all TCP bases.
#[derive(Default)]
pub(super) struct Tcp {
    connections: BTreeMap<SocketId, IceConnection>,
}

/// A length of two bytes and the data (RFC 4571 §2).
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

impl Tcp {
    /// Sends on the connection of this base with that endpoint. Where there is none it is made, if the base `connects`; what
    /// is sent last before it is open leaves then.
    pub(super) fn send(&mut self, io: &mut AgentIo, base: usize, connects: bool, to: SocketAddr, data: &[u8]) {
        let has_room = self.connections.len() < MOST_CONNECTIONS;
        let known = self.connections.iter_mut().find(|(_, known)| known.base == base && known.remote == to);
        match known {
            Some((socket, connection)) if connection.is_open => io.send(*socket, to, framed(data)),
            Some((_, connection)) => connection.waiting = Some(data.to_vec()),
            None if connects && has_room => {
                let socket = io.socket_id();
                let waiting = Some(data.to_vec());
                let connection = IceConnection { base, remote: to, is_open: false, buffer: Vec::new(), waiting };
                self.connections.insert(socket, connection);
                io.open(socket, Open::Tcp { to });
            }
            None => {}
        }
    }

    /// Sends on a connection that is open; media that cannot leave now are not kept.
    pub(super) fn send_media(&mut self, io: &mut AgentIo, base: usize, to: SocketAddr, data: &[u8]) {
        let open = self.connections.iter().find(|(_, known)| known.base == base && known.remote == to && known.is_open);
        if let Some((socket, _)) = open {
            io.send(*socket, to, framed(data));
        }
    }

    /// Whether this socket is one of these connections.
    pub(super) fn owns(&self, socket: SocketId) -> bool {
        self.connections.contains_key(&socket)
    }

    /// A connection that was asked for is there.
    pub(super) fn opened(&mut self, io: &mut AgentIo, socket: SocketId) {
        let Some(connection) = self.connections.get_mut(&socket) else { return };
        connection.is_open = true;
        let (to, waiting) = (connection.remote, connection.waiting.take());
        if let Some(data) = waiting {
            io.send(socket, to, framed(&data));
        }
    }

    /// A connection did not come about, or is gone: whose it was, and with whom.
    pub(super) fn closed(&mut self, socket: SocketId) -> Option<(usize, SocketAddr)> {
        self.connections.remove(&socket).map(|connection| (connection.base, connection.remote))
    }

    /// A connection of the peer's came in on a passive base; false where it is one too many.
    pub(super) fn accepted(&mut self, socket: SocketId, base: usize, remote: SocketAddr) -> bool {
        let has_room = self.connections.len() < MOST_CONNECTIONS;
        if has_room {
            let connection = IceConnection { base, remote, is_open: true, buffer: Vec::new(), waiting: None };
            self.connections.insert(socket, connection);
        }
        has_room
    }

    /// The next bytes of a connection: the base, the peer's endpoint and every whole frame.
    pub(super) fn received(&mut self, socket: SocketId, data: &[u8]) -> Option<(usize, SocketAddr, Vec<Vec<u8>>)> {
        let connection = self.connections.get_mut(&socket)?;
        connection.buffer.extend_from_slice(data);
        let frames = std::iter::from_fn(|| next_frame(&mut connection.buffer)).collect();
        Some((connection.base, connection.remote, frames))
    }

    /// Closes everything.
    pub(super) fn close(&mut self, io: &mut AgentIo) {
        for socket in std::mem::take(&mut self.connections).into_keys() {
            io.close(socket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Output, Rng};

    const PEER: &str = "192.0.2.1:4000";

    fn peer() -> SocketAddr {
        PEER.parse().expect("an endpoint")
    }

    fn sent(io: &mut AgentIo) -> Vec<Vec<u8>> {
        let outputs = std::iter::from_fn(|| io.poll());
        outputs.filter_map(|output| if let Output::Send { data, .. } = output { Some(data) } else { None }).collect()
    }

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

    #[test]
    fn of_what_is_sent_before_a_connection_is_open_the_latest_leaves_then() {
        let (mut tcp, mut io) = (Tcp::default(), AgentIo::new(Rng::numbered(1)));
        tcp.send(&mut io, 0, true, peer(), b"first");
        tcp.send(&mut io, 0, true, peer(), b"second");
        tcp.send_media(&mut io, 0, peer(), b"media");
        assert_eq!(sent(&mut io), Vec::<Vec<u8>>::new());
        tcp.opened(&mut io, SocketId(1));
        tcp.send_media(&mut io, 0, peer(), b"media");
        assert_eq!(sent(&mut io), [framed(b"second"), framed(b"media")]);
    }

    #[test]
    fn a_passive_base_makes_no_connection_and_takes_no_more_than_there_is_room_for() {
        let (mut tcp, mut io) = (Tcp::default(), AgentIo::new(Rng::numbered(1)));
        tcp.send(&mut io, 0, false, peer(), b"check");
        assert!(io.poll().is_none());
        let taken = (0..200).filter(|number| tcp.accepted(SocketId(number + 500), 0, peer())).count();
        assert_eq!(taken, MOST_CONNECTIONS);
    }
}
