//! Opens TLS connections and reports what the handshake shows, also where it fails (RFC 8446, RFC 7443).
//!
//! [`trust`] decides which certificates are accepted; [`certificate`] describes them.

mod certificate;
mod first_bytes;
mod trust;

pub(super) use trust::{Demand, Trust};

use super::byte_stream::BoxedStream;
use super::clock::{Clock, within};
use super::inbox::{Event, Inbox};
use super::options::{Identity, OptionsError};
use super::route::StreamRoute;
use super::tls_problem::{from_io, no_application_protocol, other};
use crate::machine::{Input, SocketId};
use crate::model::{Failure, FailureMessage, Millis, Tls, TlsProblem};
use first_bytes::{FirstBytes, Watched};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ProtocolVersion, ServerConfig};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::{TlsAcceptor, TlsConnector, rustls};
use trust::Witness;

/// RFC 7443 §3: the application protocol of STUN and TURN over TLS.
const STUN_TURN: &[u8] = b"stun.turn";

/// RFC 7301 §6.
const HTTP_1_1: &[u8] = b"http/1.1";

/// The server to connect to, and which certificate is accepted.
pub(super) struct TlsServer {
    pub to: StreamRoute,
    /// A DNS name or an address literal.
    pub name: String,
    pub demand: Demand,
}

/// Why there is no stream, and what the handshake had shown before it failed.
type HandshakeFailure = (Failure, Option<Tls>);

/// Connects, performs the handshake and gives the result to the driver.
pub(super) async fn open(socket: SocketId, server: TlsServer, trust: Arc<Trust>, limit: Duration, inbox: Inbox) {
    let event = match connect(&server, &trust, limit, STUN_TURN).await {
        Ok((stream, local, tls)) => {
            Event::Connected { socket, stream, local, remote: server.to.remote(), tls: Some(tls) }
        }
        Err((failure, tls)) => Event::Input(Input::Failed { socket, failure, tls }),
    };
    inbox.put_event(event).await;
}

/// Connects for HTTP; with the stream comes what the handshake showed.
pub(super) async fn connect_http(
    server: &TlsServer,
    trust: &Arc<Trust>,
    limit: Duration,
) -> Result<(BoxedStream, Tls), Failure> {
    let connected = connect(server, trust, limit, HTTP_1_1).await;
    connected.map(|(stream, _, tls)| (stream, tls)).map_err(|(failure, _)| failure)
}

/// Begins TLS on a stream that is there already, without offering an application protocol (RFC 6120 §5).
pub(super) async fn secure(
    stream: BoxedStream,
    name: &str,
    demand: Demand,
    trust: &Arc<Trust>,
    limit: Duration,
) -> Result<(BoxedStream, Tls), Failure> {
    trust.prepare().await;
    let peer = TlsPeer { name, demand, trust, protocols: &[] };
    peer.handshake(stream, Millis::from(Duration::ZERO), limit).await.map_err(|(failure, _)| failure)
}

async fn connect(
    server: &TlsServer,
    trust: &Arc<Trust>,
    limit: Duration,
    protocol: &[u8],
) -> Result<(BoxedStream, SocketAddr, Tls), HandshakeFailure> {
    trust.prepare().await;
    match handshake(server, trust, limit, &[protocol]).await {
        // RFC 7301 §3.2: the server supports none of the offered protocols, so the next attempt offers none.
        Err((Failure::Tls { problem: TlsProblem::Alert { message } }, _)) if message == no_application_protocol() => {
            handshake(server, trust, limit, &[]).await
        }
        outcome => outcome,
    }
}

async fn handshake(
    server: &TlsServer,
    trust: &Arc<Trust>,
    limit: Duration,
    protocols: &[&[u8]],
) -> Result<(BoxedStream, SocketAddr, Tls), HandshakeFailure> {
    let clock = Clock::start();
    let (stream, local) = server.to.connect(limit).await.map_err(|failure| (failure, None))?;
    let peer = TlsPeer { name: &server.name, demand: server.demand, trust, protocols };
    let (stream, tls) = peer.handshake(stream, clock.now().since_start().into(), limit).await?;
    Ok((stream, local, tls))
}

/// Whom a handshake is with, and what is asked of it.
struct TlsPeer<'a> {
    name: &'a str,
    demand: Demand,
    trust: &'a Arc<Trust>,
    protocols: &'a [&'a [u8]],
}

impl TlsPeer<'_> {
    /// `connect_ms`: what the stream took to be there.
    async fn handshake(
        &self,
        stream: BoxedStream,
        connect_ms: Millis,
        limit: Duration,
    ) -> Result<(BoxedStream, Tls), HandshakeFailure> {
        let refused = |problem: TlsProblem, tls| (Failure::Tls { problem }, tls);
        let name = ServerName::try_from(self.name.to_owned())
            .map_err(|_| refused(TlsProblem::Other { message: FailureMessage::NoServerName }, None))?;
        let clock = Clock::start();
        let witness = Arc::new(Witness::new(Arc::clone(self.trust), self.demand));
        let config = config(&witness, self.protocols).map_err(|error| refused(other(&error), None))?;

        let first = FirstBytes::default();
        let connecting = TlsConnector::from(Arc::new(config)).connect(name, Watched::new(stream, first.clone()));
        let (outcome, version) = match within(limit, connecting).await {
            Some(Ok(stream)) => {
                let version = stream.get_ref().1.protocol_version().and_then(version);
                (Ok(stream), version)
            }
            Some(Err(error)) => (Err(problem(&error, &witness, &first)), None),
            None => (Err(first.foreign().unwrap_or(TlsProblem::TimedOut)), None),
        };
        let handshake_ms = clock.now().since_start().into();
        let (certificates, objection) = witness.testimony();
        let certificates = certificate::describe(&certificates);
        let shown = |problem| Tls {
            server_name: self.name.to_owned(),
            version,
            certificates,
            problem,
            connect_ms: Some(connect_ms),
            handshake_ms: Some(handshake_ms),
        };
        match outcome {
            Ok(stream) => Ok((Box::new(stream), shown(objection))),
            Err(problem) => Err(refused(problem.clone(), Some(shown(Some(problem))))),
        }
    }
}

fn config(witness: &Arc<Witness>, protocols: &[&[u8]]) -> Result<ClientConfig, rustls::Error> {
    let mut config = ClientConfig::builder_with_provider(trust::provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(witness) as _)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(config)
}

/// An acceptor that ignores ALPN: any application protocol is accepted, and none is selected.
pub(super) fn acceptor(identity: Identity) -> Result<TlsAcceptor, OptionsError> {
    let unusable = |error: String| OptionsError::Identity(error);
    let chain = identity.chain.into_iter().map(CertificateDer::from).collect();
    let key = PrivateKeyDer::try_from(identity.key).map_err(|error| unusable(error.to_owned()))?;
    let config = ServerConfig::builder_with_provider(trust::provider())
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| unusable(error.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn version(version: ProtocolVersion) -> Option<String> {
    match version {
        ProtocolVersion::TLSv1_2 => Some("TLS 1.2".to_owned()),
        ProtocolVersion::TLSv1_3 => Some("TLS 1.3".to_owned()),
        _ => None,
    }
}

/// Why the handshake failed.
fn problem(error: &io::Error, witness: &Witness, first: &FirstBytes) -> TlsProblem {
    if let Some(foreign) = first.foreign() {
        return foreign;
    }
    match (from_io(error), witness.testimony().1) {
        // The witness knows the cause in more detail.
        (Some(_), Some(objection)) if !witness.is_lenient() => objection,
        (Some(problem), _) => problem,
        (None, _) if is_end(error) => TlsProblem::Closed,
        (None, _) => other(error),
    }
}

fn is_end(error: &io::Error) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe)
}
