//! How a network says no: errno, ICMP, DNS and TLS, told apart because their remedies differ.

use super::{FailureMessage, Millis, Refusal, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Why an open, a send or a stream failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "failure", rename_all = "kebab-case")]
pub enum Failure {
    /// TCP RST to our SYN: the host is there, the port is not.
    Refused,
    /// The stream was cut by a RST.
    Reset,
    /// Nothing came within the time for a connection.
    TimedOut,
    /// The system has no route to the address (ENETUNREACH without an ICMP error).
    NoRoute,
    /// The system cannot reach the host, mostly since nobody answers for its address on the link (EHOSTUNREACH).
    HostUnreachable,
    /// An ICMP or ICMPv6 error came, or the errno that stands for one.
    Icmp {
        /// Which one.
        icmp: Icmp,
        /// The router or host that sent it; null where the system does not tell.
        by: Option<IpAddr>,
    },
    /// This machine's own firewall or sandbox forbade it (EPERM, EACCES).
    Forbidden,
    /// The packet is larger than the path takes whole (EMSGSIZE, ICMP "packet too big").
    TooBig {
        /// The MTU of the next hop in bytes; null where it was not told.
        mtu_bytes: Option<u32>,
    },
    /// The port is taken (EADDRINUSE).
    AddressInUse,
    /// The address is not this machine's, or not any more (EADDRNOTAVAIL).
    AddressNotAvailable,
    /// Out of file descriptors or ports.
    OutOfSockets,
    /// The TLS handshake failed, or its certificate does not hold.
    Tls {
        /// What is wrong.
        problem: TlsProblem,
    },
    /// A proxy was reached, and did not lead on to the server.
    Proxy {
        /// What it did instead.
        problem: ProxyProblem,
    },
    /// Whatever else the system said.
    Other {
        /// The system's message.
        message: FailureMessage,
    },
}

impl Failure {
    /// Whether this machine itself refused: its system, or its firewall by an ICMP error to itself, as one that rejects
    /// what is to go out sends it. That its next hop does not answer, the system says in its own name too, and means no
    /// refusal by "host unreachable" (RFC 1122 §3.2.2.1). `is_own`: whether an address is one of this machine's. A `server` on this machine is the one that was asked:
    /// what its address says, as that nobody listens on a port, is its own answer.
    pub fn is_by_this_machine(&self, is_own: impl Fn(IpAddr) -> bool, server: IpAddr) -> bool {
        match self {
            Self::Forbidden => true,
            Self::Icmp { icmp: Icmp::PortUnreachable | Icmp::Prohibited, by: Some(by) } => is_own(*by) && *by != server,
            _ => false,
        }
    }

    /// Whether the server that was asked said itself that nobody listens on the port: the way there and back is open
    /// (RFC 1122 §4.1.3.1).
    pub fn is_closed_port_of(&self, server: IpAddr) -> bool {
        matches!(self, Self::Icmp { icmp: Icmp::PortUnreachable, by: Some(by) } if *by == server)
    }

    /// How this machine or the network said no; None where TLS failed, or the system has words of its own for it.
    pub fn refusal(&self) -> Option<Refusal> {
        Some(match self {
            Self::Refused => Refusal::ConnectionRefused,
            Self::Reset => Refusal::ConnectionReset,
            Self::TimedOut => Refusal::TimedOut,
            Self::NoRoute => Refusal::NoRoute,
            Self::HostUnreachable => Refusal::HostUnreachable,
            Self::Icmp { icmp, by } => icmp.refusal(*by),
            Self::Forbidden => Refusal::Forbidden,
            Self::TooBig { mtu_bytes } => mtu_bytes.map_or(Refusal::TooBig, |bytes| Refusal::TooBigFor { bytes }),
            Self::AddressInUse => Refusal::AddressInUse,
            Self::AddressNotAvailable => Refusal::AddressNotAvailable,
            Self::OutOfSockets => Refusal::OutOfSockets,
            Self::Proxy { problem } => problem.refusal(),
            Self::Tls { .. } | Self::Other { .. } => return None,
        })
    }
}

/// Why a proxy did not lead on to a server (RFC 9110 §9.3.6, RFC 1928 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum ProxyProblem {
    /// It wants to know who asks: HTTP 407, or no method of SOCKS5 that it takes.
    AsksLogin,
    /// It does not lead there.
    Refused {
        /// The status of its HTTP response, or the reply of SOCKS5.
        code: u16,
    },
    /// What it said is neither HTTP nor SOCKS5.
    NotSpoken,
    /// It did not answer in time.
    TimedOut,
    /// It closed the connection without an answer.
    Closed,
}

impl ProxyProblem {
    fn refusal(self) -> Refusal {
        match self {
            Self::AsksLogin => Refusal::ProxyAsksLogin,
            Self::Refused { code } => Refusal::ProxyRefused { code },
            Self::NotSpoken => Refusal::NotProxy,
            Self::TimedOut => Refusal::ProxySilent,
            Self::Closed => Refusal::ProxyClosed,
        }
    }
}

/// The ICMP and ICMPv6 errors that are told apart (RFC 792, RFC 4443 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Icmp {
    /// A router has no route to the network.
    NetUnreachable,
    /// A router cannot reach the host.
    HostUnreachable,
    /// The host is there and nobody listens at the port.
    PortUnreachable,
    /// "Administratively prohibited": a firewall that says so (RFC 1812 §5.2.7.1).
    Prohibited,
    /// It was forwarded as often as its time to live or hop limit allows, and did not get further than this router.
    TimeExceeded,
    /// Any other "destination unreachable".
    Other,
}

impl Icmp {
    fn refusal(self, by: Option<IpAddr>) -> Refusal {
        match (self, by) {
            (Self::NetUnreachable, None) => Refusal::NetUnreachable,
            (Self::NetUnreachable, Some(router)) => Refusal::NetUnreachableBy { router },
            (Self::HostUnreachable, None) => Refusal::HostUnreachable,
            (Self::HostUnreachable, Some(router)) => Refusal::HostUnreachableBy { router },
            (Self::PortUnreachable, None) => Refusal::PortUnreachable,
            (Self::PortUnreachable, Some(router)) => Refusal::PortUnreachableBy { router },
            (Self::Prohibited, None) => Refusal::Prohibited,
            (Self::Prohibited, Some(router)) => Refusal::ProhibitedBy { router },
            (Self::TimeExceeded, None) => Refusal::TimeExceeded,
            (Self::TimeExceeded, Some(router)) => Refusal::TimeExceededBy { router },
            (Self::Other, None) => Refusal::Unreachable,
            (Self::Other, Some(router)) => Refusal::UnreachableBy { router },
        }
    }
}

/// What a TLS handshake showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tls {
    /// The name that was asked for by SNI (RFC 6066 §3) and looked for in the certificate; a literal address where the
    /// URI has one.
    pub server_name: String,
    /// The version that was settled on, as "TLS 1.3"; null where the handshake did not get so far.
    pub version: Option<String>,
    /// What the server sent, the leaf first; empty where the handshake did not get so far.
    pub certificates: Vec<Certificate>,
    /// What is wrong with them; null where nothing is. The handshake goes on in spite of it only where the user said
    /// `--insecure`.
    pub problem: Option<TlsProblem>,
    /// From the SYN until TCP was connected, by the clock of the world that connected it; null in records of releases
    /// that did not tell it apart from the handshake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_ms: Option<Millis>,
    /// From the ClientHello until the handshake had ended, well or not: the loading of root certificates before it is
    /// not in it. Null as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake_ms: Option<Millis>,
}

/// An X.509 certificate (RFC 5280), as far as people need it to find out what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// Its subject as a distinguished name; may be empty.
    pub subject: Text,
    /// Who signed it, as a distinguished name.
    pub issuer: Text,
    /// Subject alternative names: DNS names and addresses.
    pub names: Vec<Text>,
    /// Valid from then on, in UTC as RFC 3339 writes it.
    pub not_before: String,
    /// Valid until then, in UTC as RFC 3339 writes it.
    pub not_after: String,
    /// SHA-256 of its DER, in lower-case hex.
    pub fingerprint_sha256: String,
    /// Whether it bears the word of a public log (RFC 6962 §3.3), as that of every public authority does by now and that of
    /// a private one does not; null in records of releases that did not look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logged: Option<bool>,
}

/// Why a TLS handshake failed, or went on only since the user said `--insecure`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum TlsProblem {
    /// The certificate's time is over.
    Expired,
    /// The certificate's time has not begun; or this machine's clock is behind.
    NotYetValid,
    /// The certificate is for other names.
    WrongName,
    /// The certificate is signed by its own key, which this machine does not trust.
    SelfSigned,
    /// Signed by nobody this machine trusts, or an intermediate is missing.
    UnknownIssuer,
    /// The issuer revoked it.
    Revoked,
    /// The certificate is broken in another way.
    BadCertificate {
        /// What the TLS implementation said.
        message: Text,
    },
    /// The server did not speak TLS.
    NotTls {
        /// Its first bytes, escaped.
        first_bytes: Text,
    },
    /// No version or cipher suite in common.
    NothingInCommon {
        /// What the TLS implementation said.
        message: Text,
    },
    /// The server ended the handshake with an alert.
    Alert {
        /// The alert, in the TLS implementation's words.
        message: Text,
    },
    /// The handshake did not finish in time.
    TimedOut,
    /// The stream ended in the handshake.
    Closed,
    /// Anything else that the TLS implementation reports.
    Other {
        /// In its words.
        message: FailureMessage,
    },
}

/// Why a name gave no record (RFC 1035 §4.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "failure", rename_all = "kebab-case")]
pub enum DnsFailure {
    /// The name does not exist (NXDOMAIN).
    NoSuchName,
    /// The name exists, without a record of this kind.
    NoData,
    /// The name server failed (SERVFAIL).
    ServerFailure,
    /// The name server refused to answer (REFUSED).
    Refused,
    /// No name server answered in time.
    TimedOut,
    /// No name server was heard: the system says why, as where a truncated answer was to be asked for over TCP (RFC 7766
    /// §5) and the connection was refused.
    NotHeard {
        /// In its words.
        message: FailureMessage,
    },
    /// There is no name server to ask.
    NoNameServer,
    /// Anything else that the resolver reports.
    Other {
        /// In its words.
        message: FailureMessage,
    },
}
