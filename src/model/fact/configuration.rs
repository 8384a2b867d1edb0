//! What was seen of the servers that an application hands its browsers, and of the source that it has them from.

use crate::model::{Code, Detail, DnsFailure, Failure, Millis, ServerUri, Severity, SourceRefusal, Text, Tls};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// A fact about a configuration of ICE servers (webrtc-pc §4.2), or about the service that answers with one. No password,
/// no path and no query is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ConfigurationFact {
    /// It allows relayed candidates alone (`iceTransportPolicy` is "relay", RFC 9429 §4.1.1).
    RelayedCandidatesOnly,
    /// Something is wrong with it, or with its source, or worth knowing.
    FaultyConfiguration {
        /// What it is.
        fault: Code,
        /// How grave it is; a fault of a release that did not say is critical.
        #[serde(default = "critical")]
        severity: Severity,
        /// Where it stands, and what it is about.
        #[serde(default, skip_serializing_if = "Detail::is_empty")]
        #[schemars(with = "BTreeMap<String, String>")]
        about: Box<Detail>,
    },
    /// The name of a source gave no address.
    SourceUnresolved {
        /// The name.
        target: String,
        /// Why; its fields stand beside these.
        #[serde(flatten)]
        failure: DnsFailure,
        /// From the question until the failure.
        took_ms: Millis,
    },
    /// A source was connected to.
    SourceConnected {
        /// Its name, or its address.
        target: String,
        /// The endpoint that answered first; the proxy's where one leads there.
        remote: SocketAddr,
        /// Whether a proxy leads there.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        through_proxy: bool,
        /// From the question for its name until the connection, with TLS where it has that, was up.
        took_ms: Millis,
        /// What the handshake showed; absent without TLS.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tls: Option<Tls>,
    },
    /// No connection to a source came about.
    SourceNotConnected {
        /// Its name, or its address.
        target: String,
        /// The port that was asked.
        port: u16,
        /// Why; its fields stand beside these.
        #[serde(flatten)]
        failure: Failure,
        /// From the question for its name until the last attempt failed.
        took_ms: Millis,
    },
    /// A source answered a request over HTTP.
    SourceAnswered {
        /// Its name, or its address.
        target: String,
        /// The method (RFC 9110 §9.3).
        method: String,
        /// The status of the answer (RFC 9110 §15).
        status: u16,
        /// From sending the request until the whole answer was there.
        took_ms: Millis,
    },
    /// A source was connected to and did not answer as it should.
    SourceNotAnswered {
        /// Its name, or its address.
        target: String,
        /// What came instead.
        why: SourceRefusal,
        /// From sending the request.
        took_ms: Millis,
    },
    /// These are the servers that a source offers.
    SourceOffered {
        /// Its name, or its address.
        target: String,
        /// Their URIs, as far as they can be read.
        servers: Vec<ServerUri>,
        /// For how many seconds the credentials are good, where the source says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        life_s: Option<u64>,
        /// What the source calls itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        software: Option<Text>,
    },
    /// A source was asked again before what it had given ran out, and these servers take the place of those.
    SourceRenewed {
        /// Its name, or its address.
        target: String,
        /// Their URIs, as far as they can be read.
        servers: Vec<ServerUri>,
        /// For how many seconds the credentials are good, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        life_s: Option<u64>,
        /// Whether the call went through a relay of the servers before, and ICE begins anew because of that.
        restarts: bool,
    },
    /// A source was asked again before what it had given ran out, and gave nothing fresh.
    SourceNotRenewed {
        /// Its name, or its address.
        target: String,
        /// What it is that was found.
        why: Code,
    },
}

fn critical() -> Severity {
    Severity::Critical
}
