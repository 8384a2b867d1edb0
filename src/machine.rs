//! The law by which every protocol here is driven: a machine is given inputs and returns the outputs it wants done.
//!
//! A [`Machine`] never sees a socket, a clock or a random source. A world (`os`, `lab::World`) drives it:
//!
//! 1. Time enters only through [`Machine::handle`]; `now` never goes back.
//! 2. After every `handle`, the world calls [`Machine::poll`] until it returns [`Output::Wait`].
//! 3. Same configuration, seed and inputs: same outputs.
//! 4. A machine asks for effects ([`Output::Open`], [`Output::Resolve`]); the world answers ([`Input::Opened`] or
//!    [`Input::Failed`], [`Input::Resolved`]). TLS is the world's too: `Open` asks for it, `Opened` brings the
//!    certificates as facts.
//! 5. [`Wake::Finished`] is final.
//! 6. Machines compose: a parent owns its children, routes inputs to them and merges their wakes ([`Children`] does);
//!    a world only ever sees one.
//! 7. A fault of the network is an observation; `Result` is for the caller's mistakes.
//!
//! The first input that a world gives is [`Input::Interfaces`]; it comes again when they change. [`Input::Stop`] asks
//! the machine to give back what it holds and to finish soon.

mod children;
mod proxy;
mod rate;
mod rng;
mod silence;
mod source;

pub use children::{ChildId, Children};
pub use proxy::{NoProxy, ProxySetting};
pub use rate::RateLimiter;
pub use rng::Rng;
pub use silence::Silence;
pub use source::{Ledger, Shares, SourcePrefix};

use crate::model::{DnsFailure, DnsKind, DnsRecord, Fact, Failure, Family, Interface, IpCounters, Origin, Target, Tls};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::Add;
use std::time::Duration;

/// A moment on the run's own clock, counted from its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Duration);

impl Instant {
    /// The beginning of the run.
    pub const START: Self = Self(Duration::ZERO);

    /// The moment `elapsed` after the beginning of the run.
    pub const fn after_start(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// The time since `earlier`; zero where `earlier` is the later of the two.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// The time since the beginning of the run.
    pub fn since_start(self) -> Duration {
        self.0
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

/// Names a socket that a machine asked for. The machine picks the number and never uses it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(pub u32);

/// Names a query, of the DNS or of what this host counts. The machine picks the number and never uses it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryId(pub u32);

/// What a DNS query came to: its records in the order of the answer, or why there are none.
pub type DnsAnswer = Result<Vec<DnsRecord>, DnsFailure>;

/// What happened: everything that a world gives to a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The host's network interfaces: the first of all inputs, and again when they change.
    Interfaces(Vec<Interface>),
    /// The time that [`Wake::At`] asked for has come.
    Woken,
    /// The socket that [`Output::Open`] asked for is ready to use.
    Opened {
        /// The socket, by the machine's own number.
        socket: SocketId,
        /// Its own address and port; a wildcard only where the machine itself bound one ([`Bind::At`]).
        local: SocketAddr,
        /// What the handshake showed, for [`Open::Tls`].
        tls: Option<Tls>,
    },
    /// The socket could not be opened, or its stream broke. It is closed.
    Failed {
        /// The socket, which is not to be used again.
        socket: SocketId,
        /// Why it failed.
        failure: Failure,
        /// What a TLS handshake showed before it failed.
        tls: Option<Tls>,
    },
    /// A listening socket accepted a stream.
    Accepted {
        /// The listening socket.
        listener: SocketId,
        /// The stream: the world picks this number, counting down from `u32::MAX`.
        socket: SocketId,
        /// The stream's own end.
        local: SocketAddr,
        /// The end that connected.
        remote: SocketAddr,
    },
    /// A datagram arrived, or the next bytes of a stream.
    Received {
        /// The socket that it arrived on.
        socket: SocketId,
        /// The sender of the datagram, or the stream's remote end.
        from: SocketAddr,
        /// A whole datagram, or as many bytes of a stream as one read returned.
        data: Vec<u8>,
    },
    /// A datagram could not be delivered; the socket stays usable.
    Unreachable {
        /// The socket that it was sent from.
        socket: SocketId,
        /// Where it was sent to.
        to: SocketAddr,
        /// What this host or an ICMP error said of it.
        failure: Failure,
    },
    /// The other end closed the stream. The socket is closed too.
    Ended {
        /// The socket, which is not to be used again.
        socket: SocketId,
    },
    /// A DNS query was answered, or is given up.
    Resolved {
        /// The query, by the machine's own number.
        query: QueryId,
        /// The records, or why there are none.
        answer: DnsAnswer,
    },
    /// What this host has counted.
    Counted {
        /// The query, by the machine's own number.
        query: QueryId,
        /// None where the system does not show it.
        counters: Option<IpCounters>,
    },
    /// News from the other end of a call, or of the signalling channel to it.
    Signalled(Signalled),
    /// The run is to end: release what is held (allocations, for example) and finish soon.
    Stop,
}

/// What arrives on the signalling channel, by which two ends exchange their descriptions before they can reach each
/// other. A world has at most one such channel for a machine; which transport carries it is the world's business.
#[derive(Clone, Debug, PartialEq)]
pub enum Signalled {
    /// The STUN and TURN servers that the signalling server offers, if it offers any. Comes before
    /// [`Signalled::Joined`], so that a machine can wait for `Joined` and then gather with all that it was offered.
    Offered(Vec<OfferedServer>),
    /// The signalling channel is open. The end in the first slot sends the first offer.
    Joined {
        /// This end's slot in the room.
        slot: Slot,
    },
    /// The other end has joined.
    PeerJoined,
    /// One message from the other end, whole and in order.
    Message(Vec<u8>),
    /// The other end has left and does not come back.
    PeerLeft,
    /// The signalling channel is lost, or could not be opened. Nothing follows.
    Closed,
    /// Servers that take the place of others, whose credentials run out.
    Renewed(Box<RenewedServers>),
    /// An observation about the signalling channel itself, or about where the servers come from, for the record.
    Observed(Box<Fact>),
}

/// A STUN or TURN server that the signalling server offers, with its credentials. Never part of a record, because it
/// holds a user name and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct OfferedServer {
    /// The server, without credentials.
    pub server: Target,
    /// For the long-term credential mechanism (RFC 8489 §9.2): a user name and a password.
    pub login: Option<(String, String)>,
}

impl fmt::Debug for OfferedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OfferedServer({})", self.server)
    }
}

/// What a source of ICE servers gives when it is asked again, with the addresses of each server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewedServers {
    /// The name of the source.
    pub source: String,
    /// The servers of its answer before.
    pub former: Vec<Target>,
    /// Those of this answer.
    pub servers: Vec<(OfferedServer, Vec<SocketAddr>)>,
    /// For how many seconds they are good, where that is known.
    pub life_s: Option<u64>,
    /// When they came, in seconds since 1970.
    pub unix_now: u64,
}

/// Which of the two slots of a room an end has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The end that joined first: it sends the first offer and is the controlling ICE agent.
    First,
    /// The end that joined second.
    Second,
}

/// What a machine wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Open a socket; the world answers with [`Input::Opened`] or [`Input::Failed`].
    Open {
        /// The machine's number for it.
        socket: SocketId,
        /// What kind of socket, and where.
        open: Open,
    },
    /// Close a socket. It is closed at once, and no input about it follows.
    Close {
        /// The socket, which is not to be used again.
        socket: SocketId,
    },
    /// Send a datagram, or bytes on a stream.
    Send {
        /// An open socket.
        socket: SocketId,
        /// The receiver; on a stream its remote end.
        to: SocketAddr,
        /// One datagram's payload, or the next bytes of the stream.
        data: Vec<u8>,
    },
    /// Send a datagram that only so many routers forward. The one after them, if there is one, gives it up and may say
    /// so: [`Input::Unreachable`] with "time exceeded" (RFC 1812 §4.3.3.4, RFC 4443 §3.3).
    SendHops {
        /// An open datagram socket.
        socket: SocketId,
        /// The receiver that it is addressed to.
        to: SocketAddr,
        /// The payload.
        data: Vec<u8>,
        /// The time to live of IPv4, the hop limit of IPv6: 1 ends at the first router.
        hops: u8,
    },
    /// Ask the DNS; the world answers with [`Input::Resolved`].
    Resolve {
        /// The machine's number for the query.
        query: QueryId,
        /// An absolute name: the world appends no search domain. A name below `.local` is asked for by mDNS (RFC 6762).
        name: String,
        /// The record type that is asked for.
        kind: DnsKind,
    },
    /// Ask what this host has counted of the packets of one family; the world answers with [`Input::Counted`].
    Count {
        /// The machine's number for it.
        query: QueryId,
        /// The address family.
        family: Family,
    },
    /// Answer mDNS queries for this name with this address until the run ends (RFC 6762).
    Publish {
        /// A name below `.local`.
        name: String,
        /// An address of this host.
        address: IpAddr,
    },
    /// Send one message to the other end over the signalling channel; dropped where there is no channel.
    Signal {
        /// The message, whole.
        message: Vec<u8>,
    },
    /// Record an observation.
    Observe {
        /// Which question led to it.
        by: Origin,
        /// What was observed.
        fact: Fact,
    },
    /// Nothing more for now: give the next input, at the latest at this wake.
    Wait(Wake),
}

/// The kind of socket that is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// A datagram socket.
    Udp {
        /// Where it is bound.
        bind: Bind,
        /// Never fragment: a datagram that is too large fails instead (RFC 8899 §3).
        dont_fragment: bool,
    },
    /// A TCP connection.
    Tcp {
        /// The server's endpoint.
        to: SocketAddr,
    },
    /// TLS over TCP.
    Tls {
        /// The server's endpoint.
        to: SocketAddr,
        /// The name for SNI and for checking the certificate.
        server_name: String,
        /// Continue in spite of a problem with the certificate. The problem is reported all the same.
        insecure: bool,
    },
    /// A TCP connection that a proxy leads to a server, which stands for the server's endpoint.
    Proxied {
        /// Who leads it there.
        proxy: Proxy,
        /// The server's name, which the proxy looks up, or its address.
        host: String,
        /// The server's port.
        port: u16,
        /// Whether TLS is spoken with the server; `host` is the name for SNI and for checking the certificate.
        secure: bool,
        /// As for [`Open::Tls`].
        insecure: bool,
    },
    /// A listening socket that accepts TCP streams.
    Listen {
        /// Where to listen; port 0 is any port.
        at: SocketAddr,
        /// Accept TLS only, with the world's own certificate.
        secure: bool,
    },
}

/// A proxy by which connections are led to servers.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// How it is asked.
    pub kind: ProxyKind,
    /// Its endpoint.
    pub at: SocketAddr,
    /// A user name and a password, where it is to be told them.
    pub login: Option<(String, String)>,
}

impl fmt::Debug for Proxy {
    /// Shows no user name and no password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({:?}, {})", self.kind, self.at)
    }
}

/// How a proxy is asked to lead on to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// By CONNECT (RFC 9110 §9.3.6).
    Http,
    /// By SOCKS5 (RFC 1928); a user name and a password as RFC 1929 has it.
    Socks5,
}

/// Where a datagram socket is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bind {
    /// Bound to the source address of the route to this endpoint, on any port.
    Toward(SocketAddr),
    /// Bound to this address; port 0 is any port.
    At(SocketAddr),
}

/// When the machine wants its next input at the latest. Other inputs may come earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// [`Input::Woken`] at this time.
    At(Instant),
    /// Only when something happens.
    OnInput,
    /// Never again: the machine is done.
    Finished,
}

impl Wake {
    /// The sooner of two wakes; finished only where both are.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::At(a), Self::At(b)) => Self::At(a.min(b)),
            (Self::At(at), _) | (_, Self::At(at)) => Self::At(at),
            (Self::OnInput, _) | (_, Self::OnInput) => Self::OnInput,
            (Self::Finished, Self::Finished) => Self::Finished,
        }
    }
}

/// A protocol, a probe or a whole checkup, driven by the law at the top of this module.
pub trait Machine {
    /// Takes one input. `now` never goes back; afterwards [`Machine::poll`] is called until it returns a wait.
    fn handle(&mut self, now: Instant, input: Input);
    /// The next thing that the machine wants done.
    fn poll(&mut self) -> Output;
}

impl<M: Machine + ?Sized> Machine for Box<M> {
    fn handle(&mut self, now: Instant, input: Input) {
        (**self).handle(now, input);
    }

    fn poll(&mut self) -> Output {
        (**self).poll()
    }
}
