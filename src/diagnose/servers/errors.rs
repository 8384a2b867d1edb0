//! What the system, the network or a server said, as a code and in its own words.

use crate::model::{
    Anomaly, Code, DnsFailure, Failure, Malformed, ProxyProblem, Reason, Refusal, ServerError, TlsProblem,
};

/// Without a STUN error code.
pub(crate) fn error(code: Code, reason: impl Into<Reason>) -> ServerError {
    ServerError { code, stun_code: None, reason: reason.into() }
}

fn without_reason(code: Code) -> ServerError {
    error(code, Reason::default())
}

/// Nothing came back.
pub(crate) fn silent() -> ServerError {
    without_reason(Code::ServerSilent)
}

/// A socket or a stream that failed.
pub(crate) fn failure(failure: &Failure) -> ServerError {
    let refused = || failure.refusal().map(Reason::from).unwrap_or_default();
    match failure {
        Failure::Refused => without_reason(Code::ServerRefusedConnection),
        Failure::TimedOut => without_reason(Code::ServerConnectionTimedOut),
        Failure::Reset => error(Code::ServerClosed, refused()),
        Failure::NoRoute | Failure::HostUnreachable | Failure::Icmp { .. } | Failure::TooBig { .. } => {
            error(Code::ServerUnreachable, refused())
        }
        Failure::Forbidden => error(Code::LocalFirewall, refused()),
        Failure::AddressInUse | Failure::AddressNotAvailable | Failure::OutOfSockets => {
            error(Code::NoSocket, refused())
        }
        Failure::Tls { problem } => tls(problem),
        Failure::Proxy { problem: ProxyProblem::AsksLogin } => error(Code::ProxyAsksLogin, refused()),
        Failure::Proxy { .. } => error(Code::ProxyFails, refused()),
        Failure::Other { message } => error(Code::ServerUnreachable, message),
    }
}

/// The reason alone, where its code stands nowhere beside it.
pub(crate) fn reason(failed: &Failure) -> Reason {
    failed.refusal().map(Reason::from).unwrap_or_else(|| {
        let ServerError { code, reason, .. } = failure(failed);
        if reason.is_empty() { Reason::Code(code) } else { reason }
    })
}

/// A handshake that failed.
pub(crate) fn tls(problem: &TlsProblem) -> ServerError {
    let (code, reason) = match problem {
        TlsProblem::Expired => (Code::TlsExpired, Reason::default()),
        TlsProblem::NotYetValid => (Code::TlsNotYetValid, Reason::default()),
        TlsProblem::WrongName => (Code::TlsWrongName, Reason::default()),
        TlsProblem::SelfSigned => (Code::TlsSelfSigned, Reason::default()),
        TlsProblem::UnknownIssuer => (Code::TlsUnknownIssuer, Reason::default()),
        TlsProblem::Revoked => (Code::TlsRevoked, Reason::default()),
        TlsProblem::BadCertificate { message } | TlsProblem::Alert { message } => (Code::TlsFailed, message.into()),
        TlsProblem::Other { message } => (Code::TlsFailed, message.into()),
        TlsProblem::NotTls { first_bytes } => (Code::TlsNotSpoken, first_bytes.into()),
        TlsProblem::NothingInCommon { message } => (Code::TlsNothingInCommon, message.into()),
        TlsProblem::TimedOut => (Code::TlsTimedOut, Reason::default()),
        TlsProblem::Closed => (Code::TlsFailed, Refusal::ClosedInHandshake.into()),
    };
    error(code, reason)
}

/// None for what does not keep a request from being answered. `over_stream`: there the first bytes tell that the
/// server does not speak STUN at all; a datagram may be anybody's.
pub(crate) fn anomaly(anomaly: &Anomaly, over_stream: bool) -> Option<ServerError> {
    Some(match anomaly {
        Anomaly::Malformed { problem: Malformed::NotStun { first_bytes } } if over_stream => {
            error(Code::NotStun, Reason::Said(first_bytes.clone()))
        }
        Anomaly::Malformed { problem } if over_stream => error(Code::NotStun, problem.clone()),
        Anomaly::Malformed { problem } => error(Code::MalformedAnswers, problem.clone()),
        Anomaly::UnknownRequired { attributes } => {
            error(Code::MalformedAnswers, Malformed::required_attributes(attributes))
        }
        Anomaly::WrongSource { from } => error(Code::AnswersFromElsewhere, Reason::Said(from.to_string())),
        Anomaly::IntegrityFailed => without_reason(Code::IntegrityFailed),
        Anomaly::Conflicting | Anomaly::Stale | Anomaly::Rfc3489 | Anomaly::Lenient { .. } => return None,
    })
}

/// A name that gave no address.
pub(crate) fn dns(failure: &DnsFailure) -> ServerError {
    match failure {
        DnsFailure::NoSuchName => without_reason(Code::NameDoesNotExist),
        DnsFailure::NoData => without_reason(Code::NameHasNoAddress),
        DnsFailure::ServerFailure => without_reason(Code::NameServerFailed),
        DnsFailure::Refused => without_reason(Code::NameServerRefused),
        DnsFailure::TimedOut => without_reason(Code::NameServerSilent),
        DnsFailure::NotHeard { message } => error(Code::NameServerSilent, message),
        DnsFailure::NoNameServer => without_reason(Code::NoNameServer),
        DnsFailure::Other { message } => error(Code::NameServerFailed, message),
    }
}
