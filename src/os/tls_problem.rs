//! What do rustls's errors mean in the model's words, and what is a certificate's fingerprint?
//!
//! Apart from the handshake itself, so that I/O errors can be told apart without it.

use crate::model::{FailureMessage, Text, TlsProblem};
use aws_lc_rs::digest::{SHA256, digest};
use rustls::{AlertDescription, CertificateError};
use std::io;
use tokio_rustls::rustls;

/// What TLS itself says ended a handshake or a stream; None where the transport beneath it failed.
pub(super) fn from_io(error: &io::Error) -> Option<TlsProblem> {
    error.get_ref().and_then(|inner| inner.downcast_ref()).map(judge)
}

fn judge(error: &rustls::Error) -> TlsProblem {
    use rustls::Error;
    match error {
        Error::InvalidCertificate(error) => problem_of(error),
        // RFC 8446 §6.2 has these three for "no parameters in common".
        Error::AlertReceived(
            alert @ (AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity),
        ) => TlsProblem::NothingInCommon { message: alert_text(*alert) },
        Error::AlertReceived(alert) => TlsProblem::Alert { message: alert_text(*alert) },
        Error::PeerIncompatible(_) => TlsProblem::NothingInCommon { message: Text::new(&error.to_string()) },
        error => other(error),
    }
}

/// As RFC 8446 §6 spells it: `HandshakeFailure` is "handshake_failure".
fn alert_text(alert: AlertDescription) -> Text {
    let mut spelled = String::new();
    for c in format!("{alert:?}").chars() {
        if c.is_ascii_uppercase() && !spelled.is_empty() {
            spelled.push('_');
        }
        spelled.push(c.to_ascii_lowercase());
    }
    Text::new(&spelled)
}

pub(super) fn no_application_protocol() -> Text {
    alert_text(AlertDescription::NoApplicationProtocol)
}

pub(super) fn other(error: &impl ToString) -> TlsProblem {
    TlsProblem::Other { message: FailureMessage::said(error) }
}

/// What is wrong with a certificate.
pub(super) fn problem_of(error: &CertificateError) -> TlsProblem {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsProblem::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => TlsProblem::NotYetValid,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => TlsProblem::WrongName,
        CertificateError::UnknownIssuer => TlsProblem::UnknownIssuer,
        CertificateError::Revoked => TlsProblem::Revoked,
        error => TlsProblem::BadCertificate { message: Text::new(&error.to_string()) },
    }
}

/// SHA-256 over a certificate's DER.
pub(super) fn fingerprint(der: &[u8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (byte, digested) in bytes.iter_mut().zip(digest(&SHA256, der).as_ref()) {
        *byte = *digested;
    }
    bytes
}
