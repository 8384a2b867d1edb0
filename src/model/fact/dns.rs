//! What the DNS said of a server's name (RFC 1035), and which addresses follow from it.

use crate::model::{DnsFailure, DnsKind, DnsRecord};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// A fact about the names of servers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum DnsFact {
    Resolved {
        name: String,
        record: DnsKind,
        records: Vec<DnsRecord>,
        took_ms: f64,
    },
    Unresolved {
        name: String,
        record: DnsKind,
        failure: DnsFailure,
        took_ms: f64,
    },
    /// An address and port to be asked in the name of a URI: a literal, or a name resolved.
    Located {
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
