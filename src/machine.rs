//! The law by which every protocol here is driven: a machine is told what happened and says what it wants.
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
mod rng;

pub use children::{ChildId, Children};
pub use rng::Rng;

use crate::model::{DnsFailure, DnsKind, DnsRecord, Fact, Failure, Interface, Origin, Target, Tls};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::Add;
use std::time::Duration;

/// A moment on the run's own clock, counted from its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Duration);

impl Instant {
    pub const START: Self = Self(Duration::ZERO);

    pub const fn after_start(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// Zero where `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

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

/// Names a socket that a machine asked for. The machine picks it and never uses it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(pub u32);

/// Names a question to the DNS. The machine picks it and never uses it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryId(pub u32);

/// What a DNS query came to: its records in the order of the answer, or why there are none.
pub type DnsAnswer = Result<Vec<DnsRecord>, DnsFailure>;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// This machine's interfaces: first of all inputs, and again when they change.
    Interfaces(Vec<Interface>),
    /// The time asked for by [`Wake::At`] has come.
    Woken,
    /// The socket is there. `local` is its own address and port, never a wildcard, unless the machine itself bound
    /// one ([`Bind::At`]).
    Opened {
        socket: SocketId,
        local: SocketAddr,
        tls: Option<Tls>,
    },
    /// The socket did not come about, or its stream broke; it is gone.
    Failed {
        socket: SocketId,
        failure: Failure,
        tls: Option<Tls>,
    },
    /// A stream came in on a listening socket; the world picked `socket`, counting down from `u32::MAX`.
    Accepted {
        listener: SocketId,
        socket: SocketId,
        local: SocketAddr,
        remote: SocketAddr,
    },
    /// A datagram, or the next bytes of a stream.
    Received {
        socket: SocketId,
        from: SocketAddr,
        data: Vec<u8>,
    },
    /// A datagram to `to` cannot arrive; the socket stays usable.
    Unreachable {
        socket: SocketId,
        to: SocketAddr,
        failure: Failure,
    },
    /// The other end ended the stream; the socket is gone.
    Ended {
        socket: SocketId,
    },
    Resolved {
        query: QueryId,
        answer: DnsAnswer,
    },
    /// From the other end of a call, or of the way to it.
    Signalled(Signalled),
    /// Give back what is held and finish soon.
    Stop,
}

/// What comes by the way on which two ends tell each other where they are, before they can reach each other. The
/// world has at most one such way for a machine; which one, and how it carries bytes, is the world's.
#[derive(Clone, Debug, PartialEq)]
pub enum Signalled {
    /// What whoever keeps the way offers to call with, where that is something. Told before [`Signalled::Joined`], so
    /// that a machine can wait for `Joined` and then gather with all it was offered.
    Offered(Vec<OfferedServer>),
    /// The way is open. Who came first describes itself first.
    Joined { slot: Slot },
    /// The other end is there.
    PeerJoined,
    /// One message of the other end's, whole and in order.
    Message(Vec<u8>),
    /// The other end is gone, and does not come back.
    PeerLeft,
    /// The way itself is lost, or never came about. Nothing follows.
    Closed,
    /// How the way fares: for the record of whoever goes it.
    Observed(Box<Fact>),
}

/// A STUN or TURN server that the keeper of the way offers, and what it is to be shown. Never for a record: a user name
/// and a password are in it.
#[derive(Clone, PartialEq, Eq)]
pub struct OfferedServer {
    pub server: Target,
    /// For the long-term credential mechanism (RFC 8489 §9.2): a user name and a password.
    pub login: Option<(String, String)>,
}

impl fmt::Debug for OfferedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OfferedServer({})", self.server)
    }
}

/// Which of the two places in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    First,
    Second,
}

/// What a machine wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    Open {
        socket: SocketId,
        open: Open,
    },
    /// The socket is gone at once; nothing more is heard of it.
    Close {
        socket: SocketId,
    },
    /// On a stream `to` is its remote end.
    Send {
        socket: SocketId,
        to: SocketAddr,
        data: Vec<u8>,
    },
    /// `name` is absolute; the world adds no search domain. One that ends in `.local` is asked for on the local link
    /// (RFC 6762).
    Resolve {
        query: QueryId,
        name: String,
        kind: DnsKind,
    },
    /// Lets this name of the local link stand for this address of ours until the run ends (mDNS, RFC 6762).
    Publish {
        name: String,
        address: IpAddr,
    },
    /// One message for the other end, by the way that [`Input::Signalled`] tells of; lost where there is none.
    Signal {
        message: Vec<u8>,
    },
    Observe {
        by: Origin,
        fact: Fact,
    },
    Wait(Wake),
}

/// What to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    Udp {
        bind: Bind,
        /// Send nothing in fragments: what is too large fails (RFC 8899 §3).
        dont_fragment: bool,
    },
    Tcp {
        to: SocketAddr,
    },
    /// TLS over TCP. `insecure` goes on in spite of a certificate's problem; the problem is told all the same.
    Tls {
        to: SocketAddr,
        server_name: String,
        insecure: bool,
    },
    /// Accept streams; where `secure`, under TLS with the world's own certificate.
    Listen {
        at: SocketAddr,
        secure: bool,
    },
}

/// Where a datagram socket is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bind {
    /// To the address from which the route to this endpoint leaves, on any port.
    Toward(SocketAddr),
    /// To this address; port 0 is any port.
    At(SocketAddr),
}

/// When the machine wants to be called next; an input comes earlier all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    At(Instant),
    OnInput,
    Finished,
}

impl Wake {
    /// The sooner of two; finished only where both are.
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
    fn handle(&mut self, now: Instant, input: Input);
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
