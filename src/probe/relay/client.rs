//! One allocation with its socket, told as facts.

use super::RelayConfig;
use crate::machine::{Bind, Instant, Open, Output, Rng, SocketId};
use crate::model::{
    Anomaly, Asked, Code, Fact, Failure, Family, Malformed, Method, Millis, RunFact, StreamFact, StunFact, Tls,
    Transport,
};
use crate::turn::{self, Allocation, Error};
use std::net::SocketAddr;

/// The number of ICMP errors that are believed: ICMP may be forged or about one lost route, so each of the first copies
/// must have met one.
pub(super) const MOST_UNREACHABLE: u32 = 3;

pub(super) struct TurnClient {
    pub(super) socket: SocketId,
    pub(super) server: SocketAddr,
    pub(super) allocation: Allocation,
    transport: Transport,
    asked: Instant,
    /// The endpoint of the socket; None until it is open.
    pub(super) local: Option<SocketAddr>,
    /// Whether the socket is open.
    pub(super) is_open: bool,
    pub(super) has_answered: bool,
    unreachable: u32,
}

impl TurnClient {
    /// An allocation on this server; `family` is that of the relayed address, None leaves it to the server.
    pub(super) fn new(
        config: &RelayConfig,
        server: SocketAddr,
        family: Option<Family>,
        socket: SocketId,
        rng: Rng,
    ) -> Self {
        let allocation = turn::Config {
            transport: config.target.transport,
            credentials: config.credentials.clone(),
            unix_now: config.unix_now,
            // IPv4 is given without being asked for, and by old servers only so.
            family: family.filter(|family| *family == Family::Ipv6),
            lifetime: None,
        };
        Self {
            socket,
            server,
            allocation: Allocation::new(allocation, rng),
            transport: config.target.transport,
            asked: Instant::START,
            local: None,
            is_open: false,
            has_answered: false,
            unreachable: 0,
        }
    }

    pub(super) fn open(&mut self, now: Instant, config: &RelayConfig) -> Output {
        self.asked = now;
        let open = match (self.transport, &config.proxy) {
            (Transport::Udp | Transport::Dtls, _) => {
                Open::Udp { bind: Bind::Toward(self.server), dont_fragment: false }
            }
            (transport, Some(proxy)) => Open::Proxied {
                proxy: proxy.clone(),
                host: config.target.host.clone(),
                port: config.target.port_or_default(),
                secure: transport == Transport::Tls,
                insecure: config.insecure,
            },
            (Transport::Tcp, None) => Open::Tcp { to: self.server },
            (Transport::Tls, None) => {
                Open::Tls { to: self.server, server_name: config.target.host.clone(), insecure: config.insecure }
            }
        };
        Output::Open { socket: self.socket, open }
    }

    /// Asks for the allocation, now that the socket is open. The fact says that there is a connection, where there is
    /// one.
    pub(super) fn opened(&mut self, now: Instant, local: SocketAddr, tls: Option<Tls>) -> Option<Fact> {
        (self.local, self.is_open) = (Some(local), true);
        self.allocation.start(now);
        let (remote, took_ms) = (self.server, Millis::from(now.since(self.asked)));
        match (self.transport, tls) {
            (Transport::Udp | Transport::Dtls, _) => None,
            (_, Some(tls)) => Some(Fact::Stream(StreamFact::Secured { remote, tls, took_ms })),
            (_, None) => Some(Fact::Stream(StreamFact::Connected { remote, local, took_ms })),
        }
    }

    /// Takes note that the socket did not open, or broke.
    pub(super) fn failed(&mut self, now: Instant, failure: Failure, tls: Option<Tls>) -> Fact {
        self.is_open = false;
        match self.transport {
            Transport::Udp | Transport::Dtls => Fact::Stun(StunFact::NotOpened { server: self.server, failure }),
            transport => {
                let took_ms = Millis::from(now.since(self.asked));
                Fact::Stream(StreamFact::NotConnected { transport, remote: self.server, failure, tls, took_ms })
            }
        }
    }

    /// Takes note that the server ended the stream.
    pub(super) fn ended(&mut self) -> Fact {
        self.is_open = false;
        let buffered_bytes = u32::try_from(self.allocation.buffered()).unwrap_or(u32::MAX);
        Fact::Stream(StreamFact::Ended { transport: self.transport, remote: self.server, buffered_bytes })
    }

    /// Takes note that a datagram cannot arrive: a fact the first time.
    pub(super) fn unreachable(&mut self, failure: Failure) -> Option<Fact> {
        self.unreachable += 1;
        (self.unreachable == 1)
            .then(|| Fact::Stun(StunFact::Unreachable { local: self.local(), server: self.server, failure }))
    }

    /// Whether there is no more hope of an answer.
    pub(super) fn is_cut_off(&self) -> bool {
        self.unreachable >= MOST_UNREACHABLE && !self.has_answered
    }

    /// The socket's own address; meaningless before it is open, when nothing is told that names it.
    pub(super) fn local(&self) -> SocketAddr {
        self.local.unwrap_or(self.server)
    }

    /// Releases the allocation; false where there is none.
    pub(super) fn release(&mut self, now: Instant) -> bool {
        self.is_open && self.allocation.release(now)
    }

    /// The facts of a request that failed.
    pub(super) fn failure(&self, method: Method, error: Error) -> Vec<Fact> {
        let (transport, local, server, asked) = (self.transport, self.local(), self.server, Asked::Plain);
        let skipped = |why| Fact::Run(RunFact::Skipped { why });
        match error {
            Error::Refused { code, reason, alternate } => {
                vec![Fact::Stun(StunFact::Refused { method, asked, transport, local, server, code, reason, alternate })]
            }
            Error::Silent { sent, waited } => {
                vec![Fact::Stun(StunFact::Silent {
                    method,
                    asked,
                    transport,
                    local,
                    server,
                    sent,
                    waited_ms: waited.into(),
                })]
            }
            Error::NoCredentials => vec![skipped(Code::NoCredentials)],
            Error::Unanswerable(anomaly) => vec![self.odd(anomaly), skipped(Code::RelayNoChallenge)],
            Error::BidDown => vec![skipped(Code::RelayBidDown)],
            // This was observed already, when the answer came.
            Error::Anomalous(Anomaly::IntegrityFailed) => vec![skipped(Code::IntegrityFailed)],
            // Another protocol is no faulty TURN.
            Error::Anomalous(anomaly) if is_foreign(&anomaly) => vec![self.odd(anomaly)],
            Error::Anomalous(anomaly) => vec![self.odd(anomaly), skipped(Code::RelayMalformed)],
        }
    }

    pub(super) fn odd(&self, anomaly: Anomaly) -> Fact {
        Fact::Stun(StunFact::Anomalous { transport: self.transport, local: self.local(), server: self.server, anomaly })
    }
}

/// Whether what came is not STUN at all.
fn is_foreign(anomaly: &Anomaly) -> bool {
    matches!(anomaly, Anomaly::Malformed { problem: Malformed::NotStun { .. } })
}
