//! What is asked of the server, one request at a time.

use super::Config;
use crate::machine::Instant;
use crate::model::{Family, Method};
use crate::transaction::Transaction;
use crate::turn::event::Error;
use crate::wire::{self, Builder, TransactionId};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// REQUESTED-TRANSPORT's number for UDP.
const UDP: u8 = 17;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Allocate,
    Refresh,
    /// A Refresh with a lifetime of 0, which releases the allocation.
    Release,
    Permit(IpAddr),
    Bind(u16, SocketAddr),
}

impl Operation {
    pub(super) fn method(self) -> Method {
        match self {
            Self::Allocate => Method::Allocate,
            Self::Refresh | Self::Release => Method::Refresh,
            Self::Permit(_) => Method::CreatePermission,
            Self::Bind(..) => Method::ChannelBind,
        }
    }

    pub(super) fn wire_method(self) -> wire::StunMethod {
        match self {
            Self::Allocate => wire::StunMethod::Allocate,
            Self::Refresh | Self::Release => wire::StunMethod::Refresh,
            Self::Permit(_) => wire::StunMethod::CreatePermission,
            Self::Bind(..) => wire::StunMethod::ChannelBind,
        }
    }

    pub(super) fn peer(self) -> Option<IpAddr> {
        match self {
            Self::Permit(peer) => Some(peer),
            Self::Bind(_, peer) => Some(peer.ip()),
            _ => None,
        }
    }

    /// The request without its credentials.
    pub(super) fn write(self, id: TransactionId, config: &Config) -> Builder {
        let lifetime_s = |lifetime: Duration| u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX);
        let request = Builder::request(self.wire_method(), id);
        match self {
            Self::Allocate => {
                let mut request = request.requested_transport(UDP);
                if let Some(lifetime) = config.lifetime {
                    request = request.lifetime_s(lifetime_s(lifetime));
                }
                match config.family {
                    Some(Family::Ipv4) => request.requested_family(1),
                    Some(Family::Ipv6) => request.requested_family(2),
                    None => request,
                }
            }
            Self::Refresh => match config.lifetime {
                Some(lifetime) => request.lifetime_s(lifetime_s(lifetime)),
                None => request,
            },
            Self::Release => request.lifetime_s(0),
            Self::Permit(peer) => request.xor_peer(SocketAddr::new(peer, 0)),
            Self::Bind(channel, peer) => request.channel_number(channel).xor_peer(peer),
        }
    }
}

pub(super) struct TurnRequest {
    pub(super) operation: Operation,
    /// The time at which it was first sent, before any stale nonce.
    pub(super) began: Instant,
    pub(super) transaction: Transaction,
    pub(super) signed: bool,
    pub(super) stale: u32,
    /// Whether an answer came whose MESSAGE-INTEGRITY does not fit.
    pub(super) broken_seal: bool,
    /// What a repeat of it was refused with, while an answer to an earlier copy may follow yet.
    pub(super) refused: Option<Error>,
}
