//! What the server shows under TLS: the operator's certificate, or one that it makes for the run and that a room's
//! address names by its fingerprint.

use super::listen_addresses::ListenAddress;
use crate::cli::args::serve::ServeArgs;
use crate::cli::environment::Environment;
use crate::cli::io::input::{self, Source};
use crate::cli::io::secret::warn_if_world_readable;
use crate::cli::refusal::Refusal;
use crate::os::Identity;
use crate::run::certificate::{pem, self_signed};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::net::IpAddr;

/// Room for a long chain.
const PEM_BYTES_MAX: u64 = 1 << 20;

pub(crate) struct ServedCertificate {
    pub(crate) identity: Identity,
    /// The certificate as PEM, to be trusted by whoever wants to; None where somebody else has signed it.
    pub(crate) own: Option<String>,
}

impl ServedCertificate {
    /// None where there is to be no TLS.
    pub(crate) fn of(
        args: &ServeArgs,
        addresses: &[ListenAddress],
        environment: &mut Environment,
        warnings: &mut Vec<String>,
    ) -> Result<Option<Self>, Refusal> {
        if args.no_tls {
            return Ok(None);
        }
        let (Some(cert), Some(key)) = (&args.cert, &args.key) else {
            return Self::made(args, addresses).map(Some);
        };
        let broken =
            |option: &str, source: &Source<'_>, what: &str| Refusal::usage(format!("{option} {source}: {what}"));
        let source = Source::of(cert);
        let text = input::read(&source, "--cert", PEM_BYTES_MAX, environment)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
        let chain = chain.map_err(|_| broken("--cert", &source, "a certificate in it is broken"))?;
        if chain.is_empty() {
            return Err(broken("--cert", &source, "no certificate in it (-----BEGIN CERTIFICATE-----)"));
        }
        let source = Source::of(key);
        let text = input::read(&source, "--key", PEM_BYTES_MAX, environment)?;
        warn_if_world_readable(&source, warnings);
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| {
            broken("--key", &source, "no private key in it (-----BEGIN PRIVATE KEY-----, without a password)")
        })?;
        let chain = chain.iter().map(|certificate| certificate.to_vec()).collect();
        Ok(Some(Self { identity: Identity { chain, key: key.secret_der().to_vec() }, own: None }))
    }

    fn made(args: &ServeArgs, addresses: &[ListenAddress]) -> Result<Self, Refusal> {
        let addresses: Vec<IpAddr> =
            addresses.iter().flat_map(|address| [Some(address.own), address.outside]).flatten().collect();
        let mut names: Vec<&str> = args.name.as_deref().into_iter().collect();
        if addresses.iter().any(IpAddr::is_loopback) {
            names.push("localhost");
        }
        let (identity, der) = self_signed(&addresses, &names).map_err(|error| Refusal::internal(error.to_string()))?;
        Ok(Self { identity, own: Some(pem(&der)) })
    }

    /// The SHA-256 fingerprint of the leaf in hexadecimal digits.
    pub(crate) fn fingerprint(&self) -> String {
        self.identity.fingerprint().iter().flatten().map(|byte| format!("{byte:02x}")).collect()
    }
}
