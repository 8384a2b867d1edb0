//! Systems without an error queue: nothing is known of a datagram once it has been sent.

use super::Undelivered;
use socket2::Socket;
use std::io;
use tokio::io::Ready;
use tokio::net::UdpSocket;

pub fn listen(_: &Socket, _: bool) -> io::Result<()> {
    Ok(())
}

/// Fails rather than measure with fragments what was to be measured without.
pub fn forbid_fragments(_: &Socket, _: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub fn take(_: &UdpSocket, _: Ready) -> Vec<Undelivered> {
    Vec::new()
}

pub fn drain(_: &UdpSocket) -> Vec<Undelivered> {
    Vec::new()
}
