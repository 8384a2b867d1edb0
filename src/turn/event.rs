//! What an allocation tells its owner.

use crate::model::{Anomaly, Method, Text};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// What an allocation wants its owner to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Bytes for the server: a datagram, or the next of the stream.
    Send(Vec<u8>),
    Event(Event),
}

/// What happened. `took` counts from the first sending of the request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The first 401, as it should be: the server asks for credentials.
    Challenged {
        took: Duration,
        software: Option<Text>,
    },
    /// `mapped` is where the server sees this client.
    Allocated {
        relayed: SocketAddr,
        mapped: Option<SocketAddr>,
        lifetime: Duration,
        took: Duration,
    },
    /// Told once a permission; its renewals are silent while they succeed.
    Permitted {
        peer: IpAddr,
        took: Duration,
    },
    /// Told once a channel; its renewals are silent while they succeed.
    ChannelBound {
        peer: SocketAddr,
        channel: u16,
        took: Duration,
    },
    Refreshed {
        lifetime: Duration,
        took: Duration,
    },
    /// The server let the allocation go, or had none any more. Nothing follows.
    Released {
        took: Duration,
    },
    /// The allocation went away unasked, `after` it was made. Nothing follows.
    Lost {
        after: Duration,
    },
    /// From a permitted peer, by a Data indication or a channel.
    Data {
        peer: SocketAddr,
        data: Vec<u8>,
    },
    /// A request came to nothing; `peer` is whom its permission or channel was for.
    Failed {
        method: Method,
        peer: Option<IpAddr>,
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
    Refused { code: u16, reason: Text, alternate: Option<SocketAddr> },
    #[error("no answer to {sent} requests")]
    Silent { sent: u32, waited: Duration },
    /// The server asks for credentials, and there are none, or they hold characters of which no key can be made
    /// (RFC 8265 §4.2).
    #[error("no credentials")]
    NoCredentials,
    /// The nonce says that the server offers password algorithms and the offer is missing: somebody between took it
    /// away (RFC 8489 §9.2.1).
    #[error("the offer of password algorithms was taken away")]
    BidDown,
    /// It was answered, but not so that it could be used.
    #[error("answered unusably")]
    Anomalous(Anomaly),
}
