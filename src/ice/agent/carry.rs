//! Data over the pair that was chosen: what the two ends have checked the pairs for (RFC 8445 §12).
//!
//! DTLS, SRTP and SRTCP share the pair with STUN and are told apart by their first byte (RFC 7983 §7). They are taken
//! from whoever a check has succeeded with, on whichever pair (§12.2), and from nobody else; a relayed pair gets a channel.

use super::base::{Base, Way};
use super::{Agent, Output};
use crate::ice::checklist::State;
use crate::machine::Instant;
use crate::model::PairEnd;
use std::net::SocketAddr;

/// Datagrams kept until the owner takes them, which it does after every input: more come in one input only from a
/// stream, whose reads are bounded.
const MOST_CARRIED: usize = 1024;

/// Whether it is DTLS, RTP or RTCP by RFC 7983 §7: neither STUN nor TURN's.
pub(super) fn is_carried(data: &[u8]) -> bool {
    matches!(data.first(), Some(20..=63 | 128..=191))
}

impl Agent {
    /// The pair over which data goes now: ours, theirs.
    pub fn selected(&self) -> Option<(PairEnd, PairEnd)> {
        self.selected.filter(|_| self.can_carry()).and_then(|at| self.ends(at))
    }

    /// Whether there is a pair to send over.
    pub fn can_carry(&self) -> bool {
        let base = self.selected.and_then(|at| self.checklist.pairs.get(at)).map(|pair| pair.local.base);
        base.and_then(|base| self.bases.get(base)).is_some_and(|base| !base.gone)
    }

    /// One datagram for the peer, over the pair that was chosen; false where there is none.
    pub fn carry(&mut self, now: Instant, data: &[u8]) -> bool {
        self.now = now;
        let Some(pair) = self.selected.filter(|_| self.can_carry()).and_then(|at| self.checklist.pairs.get(at)) else {
            return false;
        };
        let Some(to) = self.checklist.remotes.get(pair.remote).map(|remote| remote.endpoint) else { return false };
        let base = pair.local.base;
        self.doubts.has_carried = true;
        match self.bases.get(base).map(|base| &base.way) {
            Some(Way::Udp { socket, .. }) => {
                let socket = *socket;
                self.out.push_back(Output::Send { socket, to, data: data.to_vec() });
            }
            Some(Way::Relay(_)) => self.transmit(base, to, data),
            Some(Way::Active | Way::Passive { .. }) => self.stream_carry(base, to, data),
            None => return false,
        }
        true
    }

    /// The next datagram of the peer's.
    pub fn carried(&mut self) -> Option<Vec<u8>> {
        self.carried.pop_front()
    }

    /// Four bytes a packet instead of 36 (RFC 8656 §12), and the permission for as long as the channel is.
    pub(super) fn prepare_to_carry(&mut self, at: usize) {
        let Some(pair) = self.checklist.pairs.get(at) else { return };
        let (base, now) = (pair.local.base, self.now);
        let Some(peer) = self.checklist.remotes.get(pair.remote).map(|remote| remote.endpoint) else { return };
        if let Some(Base { way: Way::Relay(relay), .. }) = self.bases.get_mut(base) {
            relay.allocation.bind_channel(now, peer);
        }
        self.drain_relay(base);
    }

    pub(super) fn take_carried(&mut self, base: usize, from: SocketAddr, data: &[u8]) {
        let remote = self.checklist.remotes.iter().position(|remote| remote.endpoint == from);
        let pair = remote.and_then(|remote| self.checklist.find(base, remote));
        let is_checked = pair.and_then(|at| self.checklist.pairs.get(at)).is_some_and(|pair| {
            // The peer may have chosen the pair before our own check on it is answered.
            pair.state == State::Succeeded || pair.peer_nominates
        });
        if is_checked && self.carried.len() < MOST_CARRIED {
            self.carried.push_back(data.to_vec());
        }
    }
}
