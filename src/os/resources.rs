//! What all runs of one world share: trust, the TLS identity, name servers, limits, and news of address changes.

use super::options::{Options, OptionsError};
use super::{dns, tls};
use crate::machine::ProxySetting;
use crate::model::{Failure, FailureMessage};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// Everything that the runs of one [`super::OsWorld`] have in common.
pub(super) struct Resources {
    pub(super) trust: Arc<tls::Trust>,
    acceptor: Option<TlsAcceptor>,
    pub(super) name_servers: dns::NameServers,
    pub(super) connect_limit: Duration,
    pub(super) proxy: Option<ProxySetting>,
    /// Counts how often an address of this machine has gone while another was there.
    pub(super) moves: watch::Sender<u32>,
}

impl Resources {
    pub(super) fn new(options: Options) -> Result<Self, OptionsError> {
        Ok(Self {
            trust: Arc::new(tls::Trust::new(options.further_roots)?),
            acceptor: options.identity.map(tls::acceptor).transpose()?,
            name_servers: dns::NameServers { instead: options.name_servers, attempt_limit: options.name_limit },
            connect_limit: options.connect_limit,
            proxy: options.proxy,
            moves: watch::Sender::new(0),
        })
    }

    /// What a listener does TLS with: None for a plain one. Fails where `secure` is asked for and there is no identity.
    pub(super) fn acceptor(&self, secure: bool) -> Result<Option<TlsAcceptor>, Failure> {
        match (secure, &self.acceptor) {
            (false, _) => Ok(None),
            (true, Some(acceptor)) => Ok(Some(acceptor.clone())),
            (true, None) => Err(Failure::Other { message: FailureMessage::NoCertificate }),
        }
    }
}
