//! What the transports of one participant share: the address of the room, the token, and what is to be sent and
//! acknowledged.

use super::error::TransportError;
use super::outbox::Outbox;
use super::timing::Timing;
use crate::machine::Instant;
use crate::model::{DnsFailure, Failure, FailureMessage, Millis, SignallingFailure};
use crate::os::byte_stream::BoxedStream;
use crate::os::clock::{Clock, within};
use crate::os::first_address::first_of;
use crate::os::resources::Resources;
use crate::os::route::StreamRoute;
use crate::os::{dns, tcp, tls};
use crate::signal::address::Address;
use crate::signal::rooms::frames::Joined;
use crate::signal::rooms::{RoomRefusal, Token};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OnceCell, watch};

pub(super) struct RoomSession {
    pub address: Address,
    pub token: Token,
    pub timing: Timing,
    pub clock: Clock,
    pub outbox: Outbox,
    /// The number of the last event to be acknowledged.
    pub(crate) acknowledged: watch::Sender<u64>,
    joined: OnceCell<Joined>,
    /// Becomes true when `joined` is set.
    has_joined: watch::Sender<bool>,
    resolved: OnceCell<Vec<IpAddr>>,
    trust: Arc<tls::Trust>,
    name_servers: dns::NameServers,
    connect_limit: Duration,
}

impl RoomSession {
    pub(crate) fn new(resources: &Resources, address: Address, token: Token, timing: Timing) -> Self {
        Self {
            address,
            token,
            timing,
            clock: Clock::start(),
            outbox: Outbox::default(),
            acknowledged: watch::Sender::new(0),
            joined: OnceCell::new(),
            has_joined: watch::Sender::new(false),
            resolved: OnceCell::new(),
            trust: Arc::clone(&resources.trust),
            name_servers: resources.name_servers.clone(),
            connect_limit: resources.connect_limit,
        }
    }

    /// Keeps what the server answered to the join, and lets those go on who wait for it.
    pub(crate) fn set_joined(&self, joined: Joined) {
        // Only one join is ever made.
        let _ = self.joined.set(joined);
        self.has_joined.send_replace(true);
    }

    /// Waits until the room has been joined.
    pub(crate) async fn joined(&self) -> Result<&Joined, TransportError> {
        // The sender lives as long as the session, so waiting cannot fail.
        let _ = self.has_joined.subscribe().wait_for(|joined| *joined).await;
        self.joined.get().ok_or(TransportError::Refused(RoomRefusal::NotJoined))
    }

    /// How long the server keeps a silent participant; zero before the join.
    pub(crate) fn lease(&self) -> Duration {
        self.joined.get().map_or(Duration::ZERO, Joined::lease)
    }

    /// The size of the largest message that the server accepts; 0 before the join.
    pub(crate) fn message_bytes(&self) -> usize {
        self.joined.get().map_or(0, |joined| joined.message_bytes)
    }

    pub(crate) fn since(&self, began: Instant) -> Millis {
        self.clock.now().since(began).into()
    }

    /// Waits for a response that is due now; if it does not come, something on the path holds it back.
    pub(crate) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        within(self.timing.answer_limit, work).await.unwrap_or(Err(SignallingFailure::HeldBack.into()))
    }

    /// A new connection to the server, at whichever of its addresses answers first (RFC 8305 §5).
    pub(crate) async fn connect(&self) -> Result<BoxedStream, Failure> {
        let addresses = self.resolved.get_or_try_init(|| self.resolve()).await?;
        first_of(addresses, self.address.port, self.clock, |to| self.connect_to(to)).await
    }

    async fn resolve(&self) -> Result<Vec<IpAddr>, Failure> {
        dns::addresses(&self.address.host, &self.name_servers).await.map_err(|failure| {
            let host = self.address.host.clone();
            let why = match failure {
                DnsFailure::NoSuchName => FailureMessage::NoSuchName { host },
                DnsFailure::NoData => FailureMessage::NoAddress { host },
                DnsFailure::TimedOut => FailureMessage::NameTimedOut { host },
                DnsFailure::NoNameServer => FailureMessage::NoNameServer { host },
                DnsFailure::ServerFailure
                | DnsFailure::Refused
                | DnsFailure::NotHeard { .. }
                | DnsFailure::Other { .. } => FailureMessage::NameFailed { host },
            };
            Failure::Other { message: why }
        })
    }

    async fn connect_to(&self, to: SocketAddr) -> Result<BoxedStream, Failure> {
        if !self.address.secure {
            return Ok(Box::new(tcp::connect(to, self.connect_limit).await?.0));
        }
        let demand = self.address.fingerprint.map_or(tls::Demand::Trusted, tls::Demand::Pinned);
        let server = tls::TlsServer { to: StreamRoute::Straight(to), name: self.address.host.clone(), demand };
        Ok(tls::connect_http(&server, &self.trust, self.connect_limit).await?.0)
    }
}
