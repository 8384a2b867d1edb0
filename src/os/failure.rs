//! Maps the errors of the operating system to the failures of the model.

use super::tls_problem;
use crate::model::{Failure, FailureMessage};
use std::io::{Error, ErrorKind};

/// The numbers of EMFILE and ENFILE, which are the same on every Unix.
#[cfg(unix)]
const TOO_MANY_FILES: [i32; 2] = [24, 23];
/// The numbers of WSAEMFILE and WSA_NOT_ENOUGH_MEMORY.
#[cfg(not(unix))]
const TOO_MANY_FILES: [i32; 2] = [10024, 8];

/// The number of EMSGSIZE on this system.
#[cfg(any(target_os = "linux", target_os = "android"))]
const TOO_BIG: i32 = 90;
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
const TOO_BIG: i32 = 40;
/// The number of WSAEMSGSIZE.
#[cfg(not(unix))]
const TOO_BIG: i32 = 10040;

/// The number of the error ENOBUFS on this system.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NO_BUFFERS: i32 = 105;
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
const NO_BUFFERS: i32 = 55;
/// The number of the error WSAENOBUFS.
#[cfg(not(unix))]
const NO_BUFFERS: i32 = 10055;

/// True where a datagram was dropped because the socket's or interface's queue is full, as a full link would drop it.
pub(super) fn is_congestion(error: &Error) -> bool {
    error.kind() == ErrorKind::WouldBlock || error.raw_os_error() == Some(NO_BUFFERS)
}

pub(super) fn failure(error: &Error) -> Failure {
    if let Some(problem) = tls_problem::from_io(error) {
        return Failure::Tls { problem };
    }
    match error.raw_os_error() {
        Some(code) if TOO_MANY_FILES.contains(&code) => return Failure::OutOfSockets,
        Some(TOO_BIG) => return Failure::TooBig { mtu_bytes: None },
        _ => {}
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Failure::Refused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => Failure::Reset,
        ErrorKind::TimedOut => Failure::TimedOut,
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => Failure::NoRoute,
        ErrorKind::HostUnreachable => Failure::HostUnreachable,
        ErrorKind::PermissionDenied => Failure::Forbidden,
        ErrorKind::AddrInUse => Failure::AddressInUse,
        ErrorKind::AddrNotAvailable => Failure::AddressNotAvailable,
        _ => Failure::Other { message: FailureMessage::said(error) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn each_errno_has_its_own_word() {
        use nix::errno::Errno;
        for (errno, expected) in [
            (Errno::EMFILE, Failure::OutOfSockets),
            (Errno::ENFILE, Failure::OutOfSockets),
            (Errno::EMSGSIZE, Failure::TooBig { mtu_bytes: None }),
            (Errno::EPERM, Failure::Forbidden),
            (Errno::EACCES, Failure::Forbidden),
            (Errno::ENETUNREACH, Failure::NoRoute),
            (Errno::EHOSTUNREACH, Failure::HostUnreachable),
            (Errno::ECONNREFUSED, Failure::Refused),
            (Errno::ECONNRESET, Failure::Reset),
            (Errno::ETIMEDOUT, Failure::TimedOut),
            (Errno::EADDRINUSE, Failure::AddressInUse),
            (Errno::EADDRNOTAVAIL, Failure::AddressNotAvailable),
        ] {
            assert_eq!(failure(&errno.into()), expected, "{errno}");
        }
        assert!(is_congestion(&Errno::ENOBUFS.into()) && is_congestion(&Errno::EAGAIN.into()));
    }
}
