//! Describes certificates for the report (RFC 5280).

use crate::model::{Certificate, Text};
use crate::os::tls_problem::fingerprint;
use std::net::IpAddr;
use tokio_rustls::rustls::pki_types::CertificateDer;
use x509_parser::oid_registry::OID_CT_LIST_SCT;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};
use x509_parser::time::ASN1Time;

/// The most certificates of a chain that are reported; real chains have 1 to 4.
const MAX_CERTIFICATES: usize = 8;
/// The most names of a certificate that are reported. A CDN's has up to 100; a reader needs to see whose it is.
const MAX_NAMES: usize = 32;

/// Describes a chain, leaf first; what cannot be parsed is left out.
pub(super) fn describe(chain: &[CertificateDer<'_>]) -> Vec<Certificate> {
    chain.iter().take(MAX_CERTIFICATES).filter_map(|der| certificate(der)).collect()
}

/// Whether the issuer of the certificate is its own subject.
pub(super) fn is_self_issued(der: &[u8]) -> bool {
    X509Certificate::from_der(der).is_ok_and(|(_, certificate)| certificate.subject() == certificate.issuer())
}

/// From when to when, in seconds since 1970; None where it is no certificate.
pub(super) fn validity(der: &[u8]) -> Option<(i64, i64)> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let validity = certificate.validity();
    Some((validity.not_before.timestamp(), validity.not_after.timestamp()))
}

fn certificate(der: &[u8]) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.iter().flat_map(|names| &names.value.general_names).filter_map(name).take(MAX_NAMES);
    Some(Certificate {
        subject: Text::new(&certificate.subject().to_string()),
        issuer: Text::new(&certificate.issuer().to_string()),
        names: names.collect(),
        not_before: rfc3339(certificate.validity().not_before),
        not_after: rfc3339(certificate.validity().not_after),
        logged: Some(certificate.extensions().iter().any(|extension| extension.oid == OID_CT_LIST_SCT)),
        fingerprint_sha256: fingerprint(der).iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

fn name(name: &GeneralName<'_>) -> Option<Text> {
    match name {
        GeneralName::DNSName(name) => Some(Text::new(name)),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            let address = v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).ok()?;
            Some(Text::new(&address.to_string()))
        }
        _ => None,
    }
}

fn rfc3339(time: ASN1Time) -> String {
    let time = time.to_datetime();
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second) = time.to_hms();
    format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", u8::from(month))
}
