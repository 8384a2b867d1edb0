//! How a network says no: errno, ICMP, DNS and TLS, told apart because their remedies differ.

use super::Text;
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
    /// Nothing came within the world's deadline for a connection.
    TimedOut,
    NoRoute,
    HostUnreachable,
    /// ICMP, or its errno: `by` is the router or host that said so, where the system tells.
    Icmp {
        icmp: Icmp,
        by: Option<IpAddr>,
    },
    /// This machine's own firewall or sandbox forbade it (EPERM, EACCES).
    Forbidden,
    /// Larger than the path takes whole (EMSGSIZE, ICMP "packet too big"); the next hop's MTU where it was told.
    TooBig {
        mtu_bytes: Option<u32>,
    },
    AddressInUse,
    /// The address is not this machine's (any more).
    AddressNotAvailable,
    /// Out of file descriptors or ports.
    OutOfSockets,
    Tls {
        problem: TlsProblem,
    },
    /// Whatever else the system said.
    Other {
        message: Text,
    },
}

impl Failure {
    /// Whether this machine itself refused: its system, or its firewall by an ICMP error to itself, as one that rejects
    /// what is to go out sends it. `local`: the address that was sent from.
    pub fn is_by_this_machine(&self, local: IpAddr) -> bool {
        match self {
            Self::Forbidden => true,
            Self::Icmp { by: Some(by), .. } => *by == local,
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Icmp {
    NetUnreachable,
    HostUnreachable,
    PortUnreachable,
    /// "Administratively prohibited": a firewall that says so.
    Prohibited,
    Other,
}

/// What a TLS handshake showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tls {
    pub server_name: String,
    /// As "TLS 1.3".
    pub version: Option<String>,
    /// Leaf first, as the server sent them.
    pub certificates: Vec<Certificate>,
    /// What is wrong with them; the handshake goes on in spite of it only where the user said `--insecure`.
    pub problem: Option<TlsProblem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    pub subject: Text,
    pub issuer: Text,
    /// Subject alternative names: DNS names and addresses.
    pub names: Vec<Text>,
    /// RFC 3339, UTC.
    pub not_before: String,
    pub not_after: String,
    /// SHA-256 of the DER, lower-case hex.
    pub fingerprint_sha256: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum TlsProblem {
    Expired,
    NotYetValid,
    /// The certificate is for other names.
    WrongName,
    SelfSigned,
    /// Signed by nobody this machine trusts, or an intermediate is missing.
    UnknownIssuer,
    Revoked,
    /// The certificate is broken in another way.
    BadCertificate {
        message: Text,
    },
    /// The server did not speak TLS; its first bytes, escaped.
    NotTls {
        first_bytes: Text,
    },
    /// No version or cipher suite in common.
    NothingInCommon {
        message: Text,
    },
    /// The server ended the handshake with an alert.
    Alert {
        message: Text,
    },
    /// The handshake did not finish in time.
    TimedOut,
    /// The stream ended in the handshake.
    Closed,
    Other {
        message: Text,
    },
}

/// Why a name gave no address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "failure", rename_all = "kebab-case")]
pub enum DnsFailure {
    /// The name does not exist.
    NoSuchName,
    /// The name exists, without a record of this kind.
    NoData,
    ServerFailure,
    Refused,
    TimedOut,
    /// There is no name server to ask.
    NoNameServer,
    Other {
        message: Text,
    },
}
