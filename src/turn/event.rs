//! What an allocation tells its owner.

use crate::model::{Anomaly, Method, Text};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Whether a server refuses an allocation for lack of room (RFC 8656 §19): this user has as many as he may have (486), or
/// the server has no more to give (508).
pub fn is_for_lack_of_room(code: u16) -> bool {
    const ALLOCATION_QUOTA_REACHED: u16 = 486;
    const INSUFFICIENT_CAPACITY: u16 = 508;

    matches!(code, ALLOCATION_QUOTA_REACHED | INSUFFICIENT_CAPACITY)
}

/// What an allocation wants its owner to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Bytes for the server: a datagram, or the next of the stream.
    Send(Vec<u8>),
    /// What happened.
    Event(Event),
}

/// What happened. `took` counts from the first sending of the request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The first 401, as it should be: the server asks for credentials.
    Challenged {
        /// The time from the first copy of the request to its answer.
        took: Duration,
        /// SOFTWARE (RFC 8489 §14.14).
        software: Option<Text>,
    },
    /// The server allocated a relayed address.
    Allocated {
        /// XOR-RELAYED-ADDRESS.
        relayed: SocketAddr,
        /// XOR-MAPPED-ADDRESS.
        mapped: Option<SocketAddr>,
        /// LIFETIME (RFC 8656 §18.2).
        lifetime: Duration,
        /// The time from the first copy of the request to its answer.
        took: Duration,
    },
    /// A peer's address is permitted. This is reported once for each permission, not for its renewals while they
    /// succeed.
    Permitted {
        /// The peer's address; its port does not matter.
        peer: IpAddr,
        /// The time from the first copy of the request to its answer.
        took: Duration,
    },
    /// A channel is bound. This is reported once for each channel, not for its renewals while they succeed.
    ChannelBound {
        /// The peer's endpoint.
        peer: SocketAddr,
        /// The channel's number, 0x4000 to 0x4fff.
        channel: u16,
        /// The time from the first copy of the request to its answer.
        took: Duration,
    },
    /// The allocation is kept for this much longer (RFC 8656 §8).
    Refreshed {
        /// LIFETIME (RFC 8656 §18.2).
        lifetime: Duration,
        /// The time from the first copy of the request to its answer.
        took: Duration,
    },
    /// The server let the allocation go, or had none any more. Nothing follows.
    Released {
        /// The time from the first copy of the request to its answer.
        took: Duration,
    },
    /// The allocation was lost without having been released. Nothing follows.
    Lost {
        /// The time since it was allocated.
        after: Duration,
    },
    /// Data came from a permitted peer, in a Data indication or over a channel.
    Data {
        /// The peer's endpoint.
        peer: SocketAddr,
        /// The payload of one datagram.
        data: Vec<u8>,
    },
    /// A request failed.
    Failed {
        /// The method of the request.
        method: Method,
        /// The peer that the permission or channel was for; None of other requests.
        peer: Option<IpAddr>,
        /// What it failed by.
        error: Error,
    },
    /// Something came in that was no proper answer, and was dropped.
    Anomalous(Anomaly),
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The server sent an error response.
    #[error("refused with {code}")]
    Refused {
        /// ERROR-CODE (RFC 8489 §14.8).
        code: u16,
        /// Its reason phrase.
        reason: Text,
        /// ALTERNATE-SERVER of a 300 (RFC 8489 §14.15).
        alternate: Option<SocketAddr>,
    },
    /// No answer came.
    #[error("no answer to {sent} requests")]
    Silent {
        /// How many copies were sent.
        sent: u32,
        /// The time from the first copy until the request was given up.
        waited: Duration,
    },
    /// The server asks for credentials, and there are none, or they hold characters of which no key can be made
    /// (RFC 8265 §4.2).
    #[error("no credentials")]
    NoCredentials,
    /// The nonce says that the server offers password algorithms and the offer is missing: somebody between took it
    /// away (RFC 8489 §9.2.1).
    #[error("the offer of password algorithms was taken away")]
    BidDown,
    /// The challenge lacks what an answer to it is made of: a realm, a nonce, an algorithm that is known.
    #[error("a challenge that cannot be answered")]
    Unanswerable(Anomaly),
    /// It was answered in a way that cannot be used.
    #[error("answered unusably")]
    Anomalous(Anomaly),
}
