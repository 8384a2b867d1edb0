//! What the system, the network or a server said, as a code and in its own words.

use crate::model::{Anomaly, Code, DnsFailure, Failure, Icmp, ServerError, Text, TlsProblem};

pub fn error(code: Code, reason: Text) -> ServerError {
    ServerError { code, stun_code: None, reason }
}

pub fn silent() -> ServerError {
    error(Code::ServerSilent, Text::default())
}

/// A socket or a stream that failed.
pub fn failure(failure: &Failure) -> ServerError {
    match failure {
        Failure::Refused => error(Code::ServerRefusedConnection, Text::default()),
        Failure::Reset => error(Code::ServerClosed, Text::new("connection reset")),
        Failure::TimedOut => error(Code::ServerConnectionTimedOut, Text::default()),
        Failure::NoRoute => error(Code::ServerUnreachable, Text::new("no route")),
        Failure::HostUnreachable => error(Code::ServerUnreachable, Text::new("host unreachable")),
        Failure::Icmp { icmp, by } => {
            let what = match icmp {
                Icmp::NetUnreachable => "network unreachable",
                Icmp::HostUnreachable => "host unreachable",
                Icmp::PortUnreachable => "port unreachable",
                Icmp::Prohibited => "administratively prohibited",
                Icmp::Other => "unreachable",
            };
            let by = by.map_or_else(String::new, |by| format!(", says {by}"));
            error(Code::ServerUnreachable, Text::new(&format!("{what}{by}")))
        }
        Failure::Forbidden => error(Code::LocalFirewall, Text::new("not permitted")),
        Failure::TooBig { mtu_bytes } => {
            let mtu = mtu_bytes.map_or_else(String::new, |mtu| format!(": the next hop takes {mtu} bytes"));
            error(Code::ServerUnreachable, Text::new(&format!("packet too big{mtu}")))
        }
        Failure::AddressInUse => error(Code::NoSocket, Text::new("address in use")),
        Failure::AddressNotAvailable => error(Code::NoSocket, Text::new("address not available")),
        Failure::OutOfSockets => error(Code::NoSocket, Text::new("out of file descriptors or ports")),
        Failure::Tls { problem } => tls(problem),
        Failure::Other { message } => error(Code::ServerUnreachable, message.clone()),
    }
}

/// The same in a few words, where its code stands nowhere beside it.
pub fn in_words(failed: &Failure) -> String {
    match failed {
        Failure::Refused => "connection refused".to_owned(),
        Failure::TimedOut => "timed out".to_owned(),
        _ => {
            let ServerError { code, reason, .. } = failure(failed);
            if reason.is_empty() { code.to_string() } else { reason.as_str().to_owned() }
        }
    }
}

pub fn tls(problem: &TlsProblem) -> ServerError {
    let (code, reason) = match problem {
        TlsProblem::Expired => (Code::TlsExpired, Text::default()),
        TlsProblem::NotYetValid => (Code::TlsNotYetValid, Text::default()),
        TlsProblem::WrongName => (Code::TlsWrongName, Text::default()),
        TlsProblem::SelfSigned => (Code::TlsSelfSigned, Text::default()),
        TlsProblem::UnknownIssuer => (Code::TlsUnknownIssuer, Text::default()),
        TlsProblem::Revoked => (Code::TlsRevoked, Text::default()),
        TlsProblem::BadCertificate { message } | TlsProblem::Alert { message } | TlsProblem::Other { message } => {
            (Code::TlsFailed, message.clone())
        }
        TlsProblem::NotTls { first_bytes } => (Code::TlsNotSpoken, first_bytes.clone()),
        TlsProblem::NothingInCommon { message } => (Code::TlsNothingInCommon, message.clone()),
        TlsProblem::TimedOut => (Code::TlsTimedOut, Text::default()),
        TlsProblem::Closed => (Code::TlsFailed, Text::new("closed in the handshake")),
    };
    error(code, reason)
}

/// None for what does not keep a request from being answered. `over_stream`: there the first bytes tell that the
/// server does not speak STUN at all; a datagram may be anybody's.
pub fn anomaly(anomaly: &Anomaly, over_stream: bool) -> Option<ServerError> {
    Some(match anomaly {
        Anomaly::Malformed { problem } if over_stream => error(Code::NotStun, first_bytes(problem)),
        Anomaly::Malformed { problem } => error(Code::MalformedAnswers, problem.clone()),
        Anomaly::UnknownRequired { attributes } => {
            let list: Vec<String> = attributes.iter().take(16).map(|attribute| format!("0x{attribute:04x}")).collect();
            error(Code::MalformedAnswers, Text::new(&format!("unknown required attributes {}", list.join(", "))))
        }
        Anomaly::WrongSource { from } => error(Code::AnswersFromElsewhere, Text::new(&from.to_string())),
        Anomaly::IntegrityFailed => error(Code::IntegrityFailed, Text::default()),
        Anomaly::Conflicting | Anomaly::Stale | Anomaly::Rfc3489 | Anomaly::Lenient { .. } => return None,
    })
}

/// What stands in quotation marks, where a frame says what it begins with.
fn first_bytes(problem: &Text) -> Text {
    let quoted = problem.as_str().split_once('"').and_then(|(_, rest)| rest.rsplit_once('"'));
    quoted.map_or_else(|| problem.clone(), |(bytes, _)| Text::new(bytes))
}

pub fn dns(failure: &DnsFailure) -> ServerError {
    match failure {
        DnsFailure::NoSuchName => error(Code::NameDoesNotExist, Text::default()),
        DnsFailure::NoData => error(Code::NameHasNoAddress, Text::default()),
        DnsFailure::ServerFailure => error(Code::NameServerFailed, Text::default()),
        DnsFailure::Refused => error(Code::NameServerRefused, Text::default()),
        DnsFailure::TimedOut => error(Code::NameServerSilent, Text::default()),
        DnsFailure::NoNameServer => error(Code::NoNameServer, Text::default()),
        DnsFailure::Other { message } => error(Code::NameServerFailed, message.clone()),
    }
}
