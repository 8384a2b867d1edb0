//! Which certificates does this host trust, and what is wrong with the others?
//!
//! The platform's own verifier decides, as it would for a browser, with the user's further roots added. A [`Witness`]
//! between it and the handshake keeps the chain and the problem, and lets the handshake continue in spite of the
//! problem if the user said so.

use super::certificate::{self, is_self_issued};
use crate::model::{Text, TlsProblem};
use crate::os::options::OptionsError;
use crate::os::tls_problem::{fingerprint, problem_of};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio_rustls::rustls;

/// The one cryptography provider of the process.
pub(super) fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(aws_lc_rs::default_provider()));
    Arc::clone(&PROVIDER)
}

/// The trusted roots, which are read from the platform when first needed.
#[derive(Debug)]
pub(crate) struct Trust {
    further_roots: Vec<CertificateDer<'static>>,
    /// None where there is no root at all, as in a bare container: then no certificate is trusted.
    verifier: OnceLock<Option<Verifier>>,
}

impl Trust {
    /// Fails where one of `further_roots` (DER) is no certificate.
    pub(crate) fn new(further_roots: Vec<Vec<u8>>) -> Result<Self, OptionsError> {
        let further_roots: Vec<_> = further_roots.into_iter().map(CertificateDer::from).collect();
        let mut store = RootCertStore::empty();
        for (place, root) in further_roots.iter().enumerate() {
            store.add(root.clone()).map_err(|error| OptionsError::Root(place, error.to_string()))?;
        }
        Ok(Self { further_roots, verifier: OnceLock::new() })
    }

    /// Does what a process does once, away from the driver's thread and before any handshake is timed: reads the
    /// platform's roots, some hundred files at worst, and seeds the provider's random generator, which takes some tens
    /// of milliseconds the first time.
    pub(crate) async fn prepare(self: &Arc<Self>) {
        if self.verifier.get().is_none() {
            let trust = Arc::clone(self);
            let prepare = move || {
                trust.verifier();
                provider().secure_random.fill(&mut [0]).is_ok()
            };
            // What fails here fails in the handshake, where it is told.
            let _ = tokio::task::spawn_blocking(prepare).await;
        }
    }

    /// Whether the user named this very certificate.
    fn vouches_for(&self, end_entity: &CertificateDer<'_>) -> bool {
        self.further_roots.iter().any(|root| root.as_ref() == end_entity.as_ref())
    }

    fn verifier(&self) -> Option<&Verifier> {
        let build = || Verifier::new_with_extra_roots(self.further_roots.iter().cloned(), provider()).ok();
        self.verifier.get_or_init(build).as_ref()
    }
}

/// A server's certificate that the user named as a root needs no issuer, but is still for a name and a time. Verifiers of
/// chains refuse it where it says that it is an authority (RFC 5280 §4.2.1.9), as every certificate does that
/// `openssl req -x509` makes.
fn verify_own_anchor(
    certificate: &CertificateDer<'_>,
    server_name: &ServerName<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, Error> {
    let (from, to) = certificate::validity(certificate).ok_or(CertificateError::BadEncoding)?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now < from {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > to {
        return Err(CertificateError::Expired.into());
    }
    verify_server_name(&ParsedCertificate::try_from(certificate)?, server_name)?;
    Ok(ServerCertVerified::assertion())
}

/// Which certificate is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// A certificate that this host trusts for the name of the server.
    Trusted,
    /// Any certificate; a problem with it is reported all the same.
    Any,
    /// The certificate with this SHA-256 of its DER, whatever else is wrong with it.
    Pinned([u8; 32]),
}

/// Watches the certificates of one handshake.
#[derive(Debug)]
pub(super) struct Witness {
    trust: Arc<Trust>,
    demand: Demand,
    seen: Mutex<Testimony>,
}

/// The chain as received, leaf first, and the problem with it.
type Testimony = (Vec<CertificateDer<'static>>, Option<TlsProblem>);

impl Witness {
    pub(crate) fn new(trust: Arc<Trust>, demand: Demand) -> Self {
        Self { trust, demand, seen: Mutex::default() }
    }

    /// Whether a problem does not stop the handshake.
    pub(crate) fn is_lenient(&self) -> bool {
        self.demand == Demand::Any
    }

    pub(crate) fn testimony(&self) -> Testimony {
        self.seen().clone()
    }

    fn seen(&self) -> MutexGuard<'_, Testimony> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let outcome = match (self.demand, self.trust.verifier()) {
            (Demand::Pinned(pinned), _) if fingerprint(end_entity) == pinned => Ok(ServerCertVerified::assertion()),
            (Demand::Pinned(_), _) => Err(CertificateError::ApplicationVerificationFailure.into()),
            _ if self.trust.vouches_for(end_entity) => verify_own_anchor(end_entity, server_name, now),
            (_, Some(verifier)) => {
                verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
            (_, None) => Err(CertificateError::UnknownIssuer.into()),
        };
        let problem = outcome.as_ref().err().map(|error| match error {
            Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure) => TlsProblem::BadCertificate {
                message: Text::new("not the certificate with the fingerprint that was given"),
            },
            // A trusted root has the name of the issuer but another key, so it is not the issuer.
            Error::InvalidCertificate(CertificateError::BadSignature) => TlsProblem::UnknownIssuer,
            Error::InvalidCertificate(error) => match problem_of(error) {
                // A self-signed certificate is also reported as a CA that is used as a server.
                TlsProblem::UnknownIssuer | TlsProblem::BadCertificate { .. } if is_self_issued(end_entity) => {
                    TlsProblem::SelfSigned
                }
                problem => problem,
            },
            error => TlsProblem::BadCertificate { message: Text::new(&error.to_string()) },
        });
        let chain = std::iter::once(end_entity).chain(intermediates).map(|der| der.clone().into_owned()).collect();
        *self.seen() = (chain, problem);
        if self.is_lenient() { Ok(ServerCertVerified::assertion()) } else { outcome }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &provider().signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &provider().signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}
