//! Opens TCP connections, with a time limit.

use super::clock::within;
use super::failure::failure;
use crate::model::Failure;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// Connects with TCP_NODELAY: a STUN message is written as a whole and should be sent at once. Returns the stream and
/// its local address.
pub(super) async fn connect(to: SocketAddr, limit: Duration) -> Result<(TcpStream, SocketAddr), Failure> {
    let connected = within(limit, TcpStream::connect(to)).await.ok_or(Failure::TimedOut)?;
    let stream = connected.map_err(|error| failure(&error))?;
    // A failure is ignored: the stream would only be slower.
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr().map_err(|error| failure(&error))?;
    Ok((stream, local))
}
