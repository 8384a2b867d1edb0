//! An allocation: its relay socket, its permissions and channels, and when each expires (RFC 8656 §3, §9, §12).

use super::auth::Proven;
use super::limits::{Limits, Window};
use crate::machine::{Instant, SocketId};
use crate::wire::TransactionId;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use stun_rs::HMACKey;

/// The lifetime of a permission (RFC 8656 §9).
const PERMISSION_LIFETIME: Duration = Duration::from_secs(300);
/// The lifetime of a channel binding (RFC 8656 §12).
const CHANNEL_LIFETIME: Duration = Duration::from_secs(600);
/// The channel numbers that a client may bind (RFC 8656 §12).
pub(super) const CHANNELS: std::ops::RangeInclusive<u16> = 0x4000..=0x4fff;

/// The 5-tuple of a client: its endpoint, and the server's socket, which stands for the server's endpoint and the
/// transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FiveTuple {
    pub(super) socket: SocketId,
    pub(super) at: SocketAddr,
    pub(super) on_stream: bool,
}

pub(super) struct ServerAllocation {
    /// The USERNAME of the Allocate request, which later requests have to match (error 441).
    pub(super) name: String,
    /// The user whose quota it counts against.
    pub(super) user: String,
    /// The transaction id of the Allocate request.
    pub(super) id: TransactionId,
    pub(super) key: HMACKey,
    pub(super) wants_fingerprint: bool,
    pub(super) wants_even_port: bool,
    /// The relay socket.
    pub(super) socket: SocketId,
    /// The address that the relay socket is to be bound to.
    pub(super) ip: IpAddr,
    /// The local address of the relay socket, once it is open.
    pub(super) relay: Option<SocketAddr>,
    /// How many ports were tried in vain.
    pub(super) tries: u32,
    /// The response to the Allocate request, kept for its retransmissions (RFC 8656 §7.2); None while the relay socket
    /// is being opened.
    pub(super) answer: Option<Vec<u8>>,
    pub(super) expires: Instant,
    pub(super) window: Window,
    permissions: BTreeMap<IpAddr, Instant>,
    channels: BTreeMap<u16, ChannelBinding>,
}

#[derive(Clone, Copy)]
struct ChannelBinding {
    peer: SocketAddr,
    expires: Instant,
}

/// Why a channel is not bound (RFC 8656 §12.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotChannel {
    /// The number is bound to another peer, or the peer to another number.
    Conflict,
    Full,
}

impl ServerAllocation {
    pub(super) fn opening(proven: Proven, id: TransactionId, socket: SocketId, ip: IpAddr) -> Self {
        Self {
            name: proven.name,
            user: proven.user,
            id,
            key: proven.key,
            wants_fingerprint: false,
            wants_even_port: false,
            socket,
            ip,
            relay: None,
            tries: 0,
            answer: None,
            expires: Instant::START,
            window: Window::default(),
            permissions: BTreeMap::new(),
            channels: BTreeMap::new(),
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.answer.is_some()
    }

    /// Installs or refreshes all of these permissions, or none where there are too many.
    pub(super) fn permit(&mut self, now: Instant, peers: &[IpAddr], most: usize) -> bool {
        self.permissions.retain(|_, expires| now < *expires);
        let mut permissions = self.permissions.clone();
        permissions.extend(peers.iter().map(|peer| (*peer, now + PERMISSION_LIFETIME)));
        if permissions.len() > most {
            return false;
        }
        self.permissions = permissions;
        true
    }

    pub(super) fn permits(&self, now: Instant, peer: IpAddr) -> bool {
        self.permissions.get(&peer).is_some_and(|expires| now < *expires)
    }

    /// Binds or refreshes the channel together with its permission, or neither.
    pub(super) fn bind(
        &mut self,
        now: Instant,
        number: u16,
        peer: SocketAddr,
        limits: &Limits,
    ) -> Result<(), NotChannel> {
        self.channels.retain(|_, channel| now < channel.expires);
        if self.channels.iter().any(|(other, channel)| (*other == number) != (channel.peer == peer)) {
            return Err(NotChannel::Conflict);
        }
        let has_room = self.channels.contains_key(&number) || self.channels.len() < limits.channels;
        if !has_room || !self.permit(now, &[peer.ip()], limits.permissions) {
            return Err(NotChannel::Full);
        }
        self.channels.insert(number, ChannelBinding { peer, expires: now + CHANNEL_LIFETIME });
        Ok(())
    }

    pub(super) fn peer_of(&self, now: Instant, number: u16) -> Option<SocketAddr> {
        self.channels.get(&number).filter(|channel| now < channel.expires).map(|channel| channel.peer)
    }

    pub(super) fn channel_of(&self, now: Instant, peer: SocketAddr) -> Option<u16> {
        let mut channels = self.channels.iter();
        channels.find(|(_, channel)| channel.peer == peer && now < channel.expires).map(|(number, _)| *number)
    }
}
