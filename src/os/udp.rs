//! Datagram sockets: bound to the source address of a route, read by a task, and written to directly.
//!
//! An error about one destination never closes the socket. ICMP errors are read from the kernel's error queue where
//! there is one ([`super::undelivered`]); elsewhere only the result of a send is known.

use super::failure::{failure, is_congestion};
use super::inbox::{Inbox, Share};
use super::task::Task;
use super::undelivered::{self, Undelivered};
use crate::machine::{Bind, Input, SocketId};
use crate::model::Failure;
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use tokio::io::Interest;
use tokio::net::UdpSocket;

/// The size of the largest datagram.
const BUFFER_BYTES: usize = 65_536;

/// How many random ports are tried. RFC 5780 §4.1 wants a port without recent traffic, so one is picked at random from
/// 32768 to 65535. If eight are taken, the range is crowded and the kernel finds a free one faster.
const PORT_TRIES: usize = 8;
const FIRST_RANDOM_PORT: u16 = 32_768;

pub(super) struct UdpEndpoint {
    id: SocketId,
    socket: Arc<UdpSocket>,
    _reader: Task,
}

impl UdpEndpoint {
    pub(crate) fn open(
        id: SocketId,
        bind: Bind,
        dont_fragment: bool,
        inbox: Inbox,
    ) -> Result<(Self, SocketAddr), Failure> {
        let socket = match bind {
            Bind::At(at) => bound(at, dont_fragment).map_err(|error| failure(&error))?,
            Bind::Toward(remote) => toward(remote, dont_fragment)?,
        };
        let socket = UdpSocket::from_std(socket.into()).map_err(|error| failure(&error))?;
        let local = socket.local_addr().map_err(|error| failure(&error))?;
        let socket = Arc::new(socket);
        let reader = Task::spawn(read(id, Arc::clone(&socket), Share::of(inbox)));
        Ok((Self { id, socket, _reader: reader }, local))
    }

    /// Sends a datagram, and returns the errors that the system then has for this or earlier datagrams.
    ///
    /// A full send queue drops the datagram silently, as a full link would.
    pub(crate) fn send(&self, to: SocketAddr, data: &[u8]) -> Vec<Input> {
        let Err(error) = self.try_send(to, data) else { return Vec::new() };
        // On Linux a send may return the error of an earlier datagram to any destination; the error queue tells them
        // apart.
        let (earlier, mine): (Vec<_>, Vec<_>) =
            undelivered::drain(&self.socket).into_iter().partition(|undelivered| undelivered.by_network);
        let mut told: Vec<Input> = earlier.into_iter().map(|undelivered| undelivered.on(self.id)).collect();
        let outcome = if told.is_empty() { Err(error) } else { self.try_send(to, data) };
        if let Err(error) = outcome {
            let told_too_big = mine.into_iter().map(|undelivered| undelivered.failure).next_back();
            let failure = match (failure(&error), told_too_big) {
                (Failure::TooBig { .. }, Some(failure @ Failure::TooBig { .. })) => failure,
                (failure, _) => failure,
            };
            told.push(Undelivered { to, failure, by_network: false }.on(self.id));
        }
        told
    }

    /// Sends a datagram that only `hops` routers take on; the socket's usual limit is put back at once, so that nothing
    /// else is cut short.
    pub(crate) fn send_hops(&self, to: SocketAddr, data: &[u8], hops: u8) -> Vec<Input> {
        let limited = self.hop_limit(to).and_then(|usual| self.limit_hops(to, u32::from(hops)).map(|()| usual));
        match limited {
            Ok(usual) => {
                let told = self.send(to, data);
                // It was set a moment ago, and the limit that the system itself had chosen is not refused.
                drop(self.limit_hops(to, usual));
                told
            }
            Err(error) => vec![Undelivered { to, failure: failure(&error), by_network: false }.on(self.id)],
        }
    }

    fn hop_limit(&self, to: SocketAddr) -> io::Result<u32> {
        let socket = SockRef::from(&*self.socket);
        if to.is_ipv4() { socket.ttl_v4() } else { socket.unicast_hops_v6() }
    }

    fn limit_hops(&self, to: SocketAddr, hops: u32) -> io::Result<()> {
        let socket = SockRef::from(&*self.socket);
        if to.is_ipv4() { socket.set_ttl_v4(hops) } else { socket.set_unicast_hops_v6(hops) }
    }

    fn try_send(&self, to: SocketAddr, data: &[u8]) -> io::Result<()> {
        // This bypasses tokio's readiness, which does not know a new socket before the reactor has run.
        match SockRef::from(&*self.socket).send_to(data, &to.into()) {
            Err(error) if is_congestion(&error) => Ok(()),
            outcome => outcome.map(drop),
        }
    }
}

impl Undelivered {
    fn on(self, socket: SocketId) -> Input {
        Input::Unreachable { socket, to: self.to, failure: self.failure }
    }
}

fn bound(at: SocketAddr, dont_fragment: bool) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(at), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    if at.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    undelivered::listen(&socket, at.is_ipv6())?;
    if dont_fragment {
        undelivered::forbid_fragments(&socket, at.is_ipv6())?;
    }
    socket.bind(&at.into())?;
    Ok(socket)
}

fn toward(remote: SocketAddr, dont_fragment: bool) -> Result<Socket, Failure> {
    let mut local = source_toward(remote).map_err(|error| failure(&error))?;
    for _ in 0..PORT_TRIES {
        local.set_port(random_port());
        match bound(local, dont_fragment) {
            Ok(socket) => return Ok(socket),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(failure(&error)),
        }
    }
    local.set_port(0);
    bound(local, dont_fragment).map_err(|error| match failure(&error) {
        Failure::AddressInUse => Failure::OutOfSockets,
        other => other,
    })
}

/// The source address of the route to `remote`: connecting a datagram socket finds it without sending anything.
fn source_toward(remote: SocketAddr) -> io::Result<SocketAddr> {
    let unspecified = match remote {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let socket = std::net::UdpSocket::bind((unspecified, 0))?;
    socket.connect(remote)?;
    socket.local_addr()
}

/// A random port from the seed of the standard library's hasher, which comes from the system: unpredictable is enough
/// here.
fn random_port() -> u16 {
    let [low, high, ..] = RandomState::new().hash_one(()).to_ne_bytes();
    FIRST_RANDOM_PORT | u16::from_ne_bytes([low, high])
}

async fn read(id: SocketId, socket: Arc<UdpSocket>, share: Share) {
    let mut buffer = vec![0; BUFFER_BYTES];
    while let Ok(ready) = socket.ready(INTEREST).await {
        for undelivered in undelivered::take(&socket, ready) {
            share.put(undelivered.on(id)).await;
        }
        // An error is about an earlier datagram; where there is an error queue it has been read from there.
        if let Ok((length, from)) = socket.try_recv_from(&mut buffer)
            && let Some(data) = buffer.get(..length)
        {
            share.put(Input::Received { socket: id, from, data: data.to_vec() }).await;
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
const INTEREST: Interest = Interest::READABLE.add(Interest::ERROR);
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const INTEREST: Interest = Interest::READABLE;
