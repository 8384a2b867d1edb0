//! Connections of the simulated network: an ordered stream of bytes with the delay of its path, without loss.

use super::world::MachineId;
use crate::machine::SocketId;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// One end as the world knows it.
pub(super) type End = (MachineId, SocketId);

/// Where an end's bytes go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Other {
    pub(super) end: End,
    /// This end's address as the other one sees it.
    pub(super) seen_as: SocketAddr,
    pub(super) delay: Duration,
}

#[derive(Debug, Default)]
pub(super) struct Streams {
    ends: BTreeMap<End, Other>,
    accepted: u32,
}

impl Streams {
    /// A number for an accepted stream, counting down as the machine contract has it.
    pub(super) fn next_accepted(&mut self) -> SocketId {
        let socket = SocketId(u32::MAX - self.accepted);
        self.accepted += 1;
        socket
    }

    pub(super) fn join(
        &mut self,
        client: End,
        client_seen_as: SocketAddr,
        server: End,
        at: SocketAddr,
        delay: Duration,
    ) {
        self.ends.insert(client, Other { end: server, seen_as: client_seen_as, delay });
        self.ends.insert(server, Other { end: client, seen_as: at, delay });
    }

    pub(super) fn other(&self, end: End) -> Option<Other> {
        self.ends.get(&end).copied()
    }

    /// Takes the connection apart and returns the other end.
    pub(super) fn part(&mut self, end: End) -> Option<Other> {
        let other = self.ends.remove(&end)?;
        self.ends.remove(&other.end);
        Some(other)
    }
}
