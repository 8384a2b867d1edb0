//! What the DNS said of a server's name (RFC 1035), and which addresses follow from it.

use crate::model::{DnsFailure, DnsKind, DnsRecord, Millis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// A fact about the names of servers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum DnsFact {
    /// A name server answered with records.
    Resolved {
        /// The name that was asked for, without its trailing dot.
        name: String,
        /// The type of record asked for.
        record: DnsKind,
        /// What came; not empty.
        records: Vec<DnsRecord>,
        /// From the query to the answer.
        took_ms: Millis,
    },
    /// A name gave no record of this type.
    Unresolved {
        /// The name that was asked for, without its trailing dot.
        name: String,
        /// The type of record asked for.
        record: DnsKind,
        /// Why.
        failure: DnsFailure,
        /// From the query to the answer, or until it was given up.
        took_ms: Millis,
    },
    /// An address and port to be asked in the name of a URI: a literal, or a name resolved.
    Located {
        /// The server's endpoint.
        server: SocketAddr,
    },
}

impl DnsFact {
    /// The server that the fact is about.
    pub fn server(&self) -> Option<SocketAddr> {
        match self {
            Self::Located { server } => Some(*server),
            Self::Resolved { .. } | Self::Unresolved { .. } => None,
        }
    }
}
