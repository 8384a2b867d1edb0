//! What an allocation tells its owner.

use crate::model::{Anomaly, Method, Text};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

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
        /// From the first sending of the request.
        took: Duration,
        /// SOFTWARE (RFC 8489 §14.14).
        software: Option<Text>,
    },
    /// `mapped` is where the server sees this client.
    Allocated {
        /// XOR-RELAYED-ADDRESS.
        relayed: SocketAddr,
        /// XOR-MAPPED-ADDRESS.
        mapped: Option<SocketAddr>,
        /// LIFETIME (RFC 8656 §18.2).
        lifetime: Duration,
        /// From the first sending of the request.
        took: Duration,
    },
    /// Told once a permission; its renewals are silent while they succeed.
    Permitted {
        /// Whom it lets through, on any port.
        peer: IpAddr,
        /// From the first sending of the request.
        took: Duration,
    },
    /// Told once a channel; its renewals are silent while they succeed.
    ChannelBound {
        /// The peer's endpoint.
        peer: SocketAddr,
        /// Its number, from 0x4000 on.
        channel: u16,
        /// From the first sending of the request.
        took: Duration,
    },
    /// The allocation is kept for this much longer (RFC 8656 §8).
    Refreshed {
        /// LIFETIME (RFC 8656 §18.2).
        lifetime: Duration,
        /// From the first sending of the request.
        took: Duration,
    },
    /// The server let the allocation go, or had none any more. Nothing follows.
    Released {
        /// From the first sending of the request.
        took: Duration,
    },
    /// The allocation went away unasked, `after` it was made. Nothing follows.
    Lost {
        /// Since it was allocated.
        after: Duration,
    },
    /// From a permitted peer, by a Data indication or a channel.
    Data {
        /// The peer's endpoint.
        peer: SocketAddr,
        /// One datagram.
        data: Vec<u8>,
    },
    /// A request came to nothing; `peer` is whom its permission or channel was for.
    Failed {
        /// Of the request.
        method: Method,
        /// Whom the permission or channel was for.
        peer: Option<IpAddr>,
        /// Why.
        error: Error,
    },
    /// Something came in that was no proper answer, and was dropped.
    Anomalous(Anomaly),
}

/// Why a request came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An error response; `alternate` is the ALTERNATE-SERVER of a 300.
    #[error("refused with {code}")]
    Refused {
        /// ERROR-CODE (RFC 8489 §14.8).
        code: u16,
        /// Its reason phrase.
        reason: Text,
        /// ALTERNATE-SERVER.
        alternate: Option<SocketAddr>,
    },
    /// Nothing came in answer to so many copies, from the first of them on.
    #[error("no answer to {sent} requests")]
    Silent {
        /// Copies sent.
        sent: u32,
        /// From the first of them.
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
    /// It was answered, but not so that it could be used.
    #[error("answered unusably")]
    Anomalous(Anomaly),
}
