//! The name servers of the hosts: one thread answers on the loopback interface of each host, as the resolver of its
//! network would.

use super::dns;
use super::error::{Context, Error};
use super::namespace::Namespace;
use super::worker::{Waiting, Worker};
use crate::lab::{Resolver, Zones};
use crate::machine::Instant;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::AsFd;

/// The address of the name server in `resolv.conf`.
pub(super) const ADDRESS: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// The port of DNS (RFC 1035 §4.2.1).
const PORT: u16 = 53;

/// The most responses that are delayed at once; further queries are not answered.
const MOST_WAITING: usize = 1000;

/// The largest query; EDNS (RFC 6891) adds a few bytes to it.
const LARGEST_BYTES: usize = 1500;

/// A host's name server.
pub(super) struct NameServer {
    socket: UdpSocket,
    resolver: Resolver,
}

impl NameServer {
    pub(super) fn new(namespace: &Namespace, resolver: Resolver) -> Result<Self, Error> {
        let what = "a host's name server cannot be set up";
        let socket = namespace.inside(|| UdpSocket::bind((ADDRESS, PORT)).context(what))?;
        socket.set_nonblocking(true).context(what)?;
        Ok(Self { socket, resolver })
    }
}

pub(super) fn start(servers: Vec<NameServer>, names: Zones) -> Result<Worker<()>, Error> {
    Worker::start("lab-names", move |waiting| serve(waiting, &servers, &names))
}

fn serve(waiting: &Waiting, servers: &[NameServer], names: &Zones) {
    // Responses by due time and order of arrival.
    let mut answers: BTreeMap<(Instant, u64), (usize, SocketAddr, Vec<u8>)> = BTreeMap::new();
    let (mut asked, mut buffer) = (0, [0; LARGEST_BYTES]);
    loop {
        let next = answers.keys().next().map(|(at, _)| *at);
        let Some(ready) = waiting.wait(servers.iter().map(|server| server.socket.as_fd()), next) else { return };
        let now = waiting.now();
        for index in ready {
            let Some(server) = servers.get(index) else { continue };
            while let Ok((length, from)) = server.socket.recv_from(&mut buffer) {
                let query = buffer.get(..length).unwrap_or_default();
                if let Some((delay, answer)) = dns::answer(query, &server.resolver, names)
                    && answers.len() < MOST_WAITING
                {
                    asked += 1;
                    answers.insert((now + delay, asked), (index, from, answer));
                }
            }
        }
        while let Some(entry) = answers.first_entry().filter(|entry| entry.key().0 <= now) {
            let (index, to, answer) = entry.remove();
            // Errors are ignored: the client may be gone.
            let _ = servers.get(index).map(|server| server.socket.send_to(&answer, to));
        }
    }
}
