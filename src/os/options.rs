//! What the user may choose about the world of real sockets.

use super::tls_problem;
use crate::machine::ProxySetting;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// What the user may choose about the world of real sockets.
#[derive(Clone, Debug)]
pub struct Options {
    /// Certificates (DER) that are trusted as roots beside the platform's own.
    pub further_roots: Vec<Vec<u8>>,
    /// The name servers to ask; None for those of the system.
    pub name_servers: Option<Vec<SocketAddr>>,
    /// The certificate and key of TLS listeners; without one no TLS listener can be opened.
    pub identity: Option<Identity>,
    /// How long a TCP handshake may take, and after it a TLS handshake.
    pub connect_limit: Duration,
    /// How long a name server may take to answer.
    pub name_limit: Duration,
    /// The proxy that sources of servers are asked through over TLS.
    pub proxy: Option<ProxySetting>,
}

impl Default for Options {
    /// A SYN is retransmitted after 1 and 3 seconds (RFC 6298 §2), so 3.5 seconds outlast two lost ones. The
    /// resolver of a system waits 5 seconds for a name server (resolv.conf(5)): what comes later than that is late for
    /// every program on this machine, and what comes sooner is an answer.
    fn default() -> Self {
        Self {
            further_roots: Vec::new(),
            name_servers: None,
            identity: None,
            connect_limit: Duration::from_millis(3500),
            name_limit: Duration::from_secs(5),
            proxy: None,
        }
    }
}

/// A TLS server's certificate and key.
#[derive(Clone)]
pub struct Identity {
    /// The certificate chain in DER, leaf first.
    pub chain: Vec<Vec<u8>>,
    /// The private key in DER: PKCS #8, PKCS #1 or SEC 1.
    pub key: Vec<u8>,
}

impl Identity {
    /// SHA-256 over the leaf certificate's DER, by which a room's address can pin it; None where the chain is empty.
    pub fn fingerprint(&self) -> Option<[u8; 32]> {
        self.chain.first().map(|leaf| tls_problem::fingerprint(leaf))
    }
}

impl fmt::Debug for Identity {
    /// Shows neither the key nor the certificates.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({} certificates)", self.chain.len())
    }
}

/// An option that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// The index of the root in [`Options::further_roots`], from 0, and what is wrong with it.
    #[error("the further root certificate number {0} cannot be read: {1}")]
    Root(usize, String),
    /// What is wrong with [`Options::identity`].
    #[error("the server's certificate and key cannot be used: {0}")]
    Identity(String),
}
