//! Certificates for servers of our own, which nobody but themselves has signed.

use super::Error;
use crate::os::Identity;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair, SanType};
use std::net::IpAddr;

/// A fresh key, and a certificate for a server at these addresses and of these DNS names: what the server shows, and the
/// certificate alone (DER) for clients to trust.
///
/// # Errors
/// [`Error::Certificate`], where a name is none for the DNS, or no key can be made.
pub fn self_signed(addresses: &[IpAddr], names: &[&str]) -> Result<(Identity, Vec<u8>), Error> {
    let failed = |error: rcgen::Error| Error::Certificate(error.to_string());
    let mut params = CertificateParams::default();
    params.subject_alt_names = addresses.iter().copied().map(SanType::IpAddress).collect();
    for name in names {
        params.subject_alt_names.push(SanType::DnsName((*name).try_into().map_err(failed)?));
    }
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = params.self_signed(&key).map_err(failed)?;
    let root = certificate.der().to_vec();
    Ok((Identity { chain: vec![root.clone()], key: key.serialize_der() }, root))
}

/// The textual encoding of a certificate (RFC 7468 §5), with lines of 64 characters (§2).
pub fn pem(certificate: &[u8]) -> String {
    const LINE: usize = 64;
    let folded: Vec<u8> = STANDARD.encode(certificate).into_bytes().chunks(LINE).collect::<Vec<_>>().join(&b'\n');
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", String::from_utf8_lossy(&folded))
}
