//! The error queue of a datagram socket on Linux (ip(7), IP_RECVERR).

use super::Undelivered;
use crate::model::{Failure, Icmp};
use nix::libc::{self, sock_extended_err};
use nix::sys::socket::sockopt::{Ipv4RecvErr, Ipv6DontFrag, Ipv6RecvErr};
use nix::sys::socket::{ControlMessageOwned, MsgFlags, SetSockOpt, SockaddrStorage, recvmsg, setsockopt};
use socket2::Socket;
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::AsRawFd;
use tokio::io::{Interest, Ready};
use tokio::net::UdpSocket;

/// How many errors are read at once; the rest waits for the next call.
const AT_ONCE: usize = 64;

#[derive(Clone)]
struct MtuDiscover4;
#[derive(Clone)]
struct MtuDiscover6;
nix::setsockopt_impl!(MtuDiscover4, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, libc::c_int, SetInt<'_>);
nix::setsockopt_impl!(MtuDiscover6, libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER, libc::c_int, SetInt<'_>);
type SetInt<'a> = nix::sys::socket::sockopt::SetStruct<'a, libc::c_int>;

pub(crate) fn listen(socket: &Socket, v6: bool) -> io::Result<()> {
    if v6 { set(socket, Ipv6RecvErr, &true) } else { set(socket, Ipv4RecvErr, &true) }
}

/// Mode "probe" sets DF and ignores the path MTU that the kernel has cached (RFC 8899 §3).
pub(crate) fn forbid_fragments(socket: &Socket, v6: bool) -> io::Result<()> {
    if v6 {
        set(socket, MtuDiscover6, &libc::IPV6_PMTUDISC_PROBE)?;
        set(socket, Ipv6DontFrag, &true)
    } else {
        set(socket, MtuDiscover4, &libc::IP_PMTUDISC_PROBE)
    }
}

fn set<O: SetSockOpt>(socket: &Socket, option: O, value: &O::Val) -> io::Result<()> {
    Ok(setsockopt(socket, option, value)?)
}

/// The ICMP errors that have arrived, when the reactor reports an error on the socket.
pub(crate) fn take(socket: &UdpSocket, ready: Ready) -> Vec<Undelivered> {
    if !ready.is_error() {
        return Vec::new();
    }
    let mut all = Vec::new();
    while all.len() < AT_ONCE {
        // `try_io` makes the reactor wait for the next error once the queue is empty.
        match socket.try_io(Interest::ERROR, || next(socket)) {
            Ok(one) => all.extend(one.filter(|undelivered| undelivered.by_network)),
            Err(_) => break,
        }
    }
    all
}

pub(crate) fn drain(socket: &UdpSocket) -> Vec<Undelivered> {
    let mut all = Vec::new();
    while all.len() < AT_ONCE {
        match next(socket) {
            Ok(one) => all.extend(one),
            Err(_) => break,
        }
    }
    all
}

/// One entry of the queue; None where it is about no datagram.
fn next(socket: &UdpSocket) -> io::Result<Option<Undelivered>> {
    let mut control = nix::cmsg_space!(sock_extended_err, libc::sockaddr_in6);
    // The payload of the datagram is not needed.
    let mut payload = [0; 1];
    let mut into = [IoSliceMut::new(&mut payload)];
    let message =
        recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut into, Some(&mut control), MsgFlags::MSG_ERRQUEUE)?;
    let Some(to) = message.address.as_ref().and_then(endpoint) else { return Ok(None) };
    let told = message.cmsgs()?.find_map(|control| match control {
        ControlMessageOwned::Ipv4RecvErr(error, by) => Some((error, by.map(|by| v4(&by).ip()))),
        ControlMessageOwned::Ipv6RecvErr(error, by) => Some((error, by.map(|by| v6(&by).ip()))),
        _ => None,
    });
    Ok(told.and_then(|(error, by)| undelivered(to, &error, by.filter(|by| !by.is_unspecified()))))
}

fn undelivered(to: SocketAddr, error: &sock_extended_err, by: Option<IpAddr>) -> Option<Undelivered> {
    let failure = match error.ee_origin {
        libc::SO_EE_ORIGIN_LOCAL if error.ee_errno == libc::EMSGSIZE as u32 => too_big(error),
        libc::SO_EE_ORIGIN_ICMP => match (error.ee_type, error.ee_code) {
            (3, 4) => too_big(error),
            (kind, code) => Failure::Icmp { icmp: icmp4(kind, code), by },
        },
        libc::SO_EE_ORIGIN_ICMP6 => match error.ee_type {
            2 => too_big(error),
            kind => Failure::Icmp { icmp: icmp6(kind, error.ee_code), by },
        },
        _ => return None,
    };
    Some(Undelivered { to, failure, by_network: error.ee_origin != libc::SO_EE_ORIGIN_LOCAL })
}

fn too_big(error: &sock_extended_err) -> Failure {
    Failure::TooBig { mtu_bytes: Some(error.ee_info).filter(|mtu| *mtu > 0) }
}

/// RFC 792 and RFC 1812 §5.2.7.1: type 3 is "destination unreachable", 11 is "time exceeded", in transit with code 0.
fn icmp4(kind: u8, code: u8) -> Icmp {
    match (kind, code) {
        (3, 0 | 6 | 11) => Icmp::NetUnreachable,
        (3, 1 | 7 | 8 | 12) => Icmp::HostUnreachable,
        (3, 3) => Icmp::PortUnreachable,
        (3, 9 | 10 | 13) => Icmp::Prohibited,
        (11, 0) => Icmp::TimeExceeded,
        _ => Icmp::Other,
    }
}

/// RFC 4443 §3.1 and §3.3: type 1 is "destination unreachable", where 5 and 6 are policies too; 3 is "time exceeded".
fn icmp6(kind: u8, code: u8) -> Icmp {
    match (kind, code) {
        (1, 0) => Icmp::NetUnreachable,
        (1, 1 | 5 | 6) => Icmp::Prohibited,
        (1, 3) => Icmp::HostUnreachable,
        (1, 4) => Icmp::PortUnreachable,
        (3, 0) => Icmp::TimeExceeded,
        _ => Icmp::Other,
    }
}

fn endpoint(address: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = address.as_sockaddr_in().map(|a| SocketAddr::from(SocketAddrV4::from(*a)));
    v4.or_else(|| address.as_sockaddr_in6().map(|a| SocketAddr::from(SocketAddrV6::from(*a))))
}

fn v4(address: &libc::sockaddr_in) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::from(u32::from_be(address.sin_addr.s_addr)), u16::from_be(address.sin_port)))
}

fn v6(address: &libc::sockaddr_in6) -> SocketAddr {
    SocketAddr::from((Ipv6Addr::from(address.sin6_addr.s6_addr), u16::from_be(address.sin6_port)))
}
