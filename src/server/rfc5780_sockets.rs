//! The UDP sockets of one site: up to two addresses × two ports, opened one after the other.
//!
//! RFC 5780 §6 needs the same two ports on both addresses. Where the world chooses them, the first address gets any
//! port, and the same port is then opened on the second address; if it is taken there, another port is tried.

use super::config::{NotBound, UdpAddresses, UdpSite};
use super::effects::Effects;
use crate::machine::{Bind, Open, SocketId};
use crate::model::{Failure, Transport};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// How often another port is tried. Even if half of the ports of the other address are taken, eight failures in a row
/// have a probability of 1 in 256.
const TRIES: u32 = 8;

/// Names one of the four sockets. They are opened in this order: both addresses with the first port, then with the
/// second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SocketIndex {
    pub(super) second_port: bool,
    pub(super) second_address: bool,
}

impl SocketIndex {
    pub(super) fn change(self, address: bool, port: bool) -> Self {
        Self { second_port: self.second_port ^ port, second_address: self.second_address ^ address }
    }
}

pub(super) struct Rfc5780Sockets {
    site: UdpSite,
    open: BTreeMap<SocketIndex, (SocketId, SocketAddr)>,
    failed: BTreeSet<SocketIndex>,
    opening: Option<(SocketIndex, SocketId)>,
    /// Sockets whose port is taken on the other address. They are held so that the world does not choose that port
    /// again.
    misfits: Vec<SocketId>,
}

impl Rfc5780Sockets {
    pub(super) fn new(site: UdpSite) -> Self {
        Self { site, open: BTreeMap::new(), failed: BTreeSet::new(), opening: None, misfits: Vec::new() }
    }

    fn indices(&self) -> impl Iterator<Item = SocketIndex> + use<> {
        let UdpSite { second_address, second_port, .. } = self.site;
        [(false, false), (false, true), (true, false), (true, true)]
            .into_iter()
            .map(|(second_port, second_address)| SocketIndex { second_port, second_address })
            .filter(move |index| !index.second_port || second_port.is_some())
            .filter(move |index| !index.second_address || second_address.is_some())
    }

    /// The address and port of a socket in the configuration.
    fn wanted(&self, index: SocketIndex) -> (IpAddr, u16) {
        let UdpSite { address, port, second_address, second_port } = self.site;
        let address = second_address.filter(|_| index.second_address).unwrap_or(address);
        (address, second_port.filter(|_| index.second_port).unwrap_or(port))
    }

    fn pattern(&self, index: SocketIndex) -> Option<(SocketId, SocketAddr)> {
        index.second_address.then(|| self.at(index.change(true, false))).flatten()
    }

    /// Opens the next socket. Once all are open or given up, closes the misfits.
    pub(super) fn advance(&mut self, effects: &mut Effects) {
        let undecided = self.indices().find(|index| !self.open.contains_key(index) && !self.failed.contains(index));
        let Some(index) = undecided else {
            self.misfits.drain(..).for_each(|socket| effects.close(socket));
            return;
        };
        let at = self.target(index);
        self.opening = effects.open(Open::Udp { bind: Bind::At(at), dont_fragment: false }).map(|id| (index, id));
    }

    fn target(&self, index: SocketIndex) -> SocketAddr {
        let (address, port) = self.wanted(index);
        SocketAddr::new(address, self.pattern(index).map_or(port, |(_, local)| local.port()))
    }

    pub(super) fn opened(&mut self, effects: &mut Effects, socket: SocketId, local: SocketAddr) -> bool {
        let Some((index, _)) = self.opening.take_if(|(_, opening)| *opening == socket) else {
            return false;
        };
        self.open.insert(index, (socket, local));
        self.advance(effects);
        true
    }

    /// Handles a failed socket; None where it is not of this site, or another port is tried.
    pub(super) fn failed(&mut self, effects: &mut Effects, socket: SocketId, failure: Failure) -> Option<NotBound> {
        if let Some((index, _)) = self.opening.take_if(|(_, opening)| *opening == socket) {
            let at = self.target(index);
            let (_, port) = self.wanted(index);
            if let Some((pattern, _)) = self.pattern(index)
                && failure == Failure::AddressInUse
                && port == 0
                && self.misfits.len() < TRIES as usize
            {
                self.misfits.push(pattern);
                self.open.remove(&index.change(true, false));
                self.advance(effects);
                return None;
            }
            self.failed.insert(index);
            self.advance(effects);
            return Some(NotBound { transport: Transport::Udp, at, failure });
        }
        let index = self.index_of(socket)?;
        let (_, at) = self.open.remove(&index)?;
        self.failed.insert(index);
        Some(NotBound { transport: Transport::Udp, at, failure })
    }

    /// True once every socket is open or given up.
    pub(super) fn is_decided(&self) -> bool {
        self.opening.is_none()
    }

    /// True where all four sockets are open, and on addresses that can be named to clients.
    pub(super) fn is_complete(&self) -> bool {
        self.open.len() == 4 && self.open.values().all(|(_, local)| !local.ip().is_unspecified())
    }

    pub(super) fn index_of(&self, socket: SocketId) -> Option<SocketIndex> {
        self.open.iter().find(|(_, (open, _))| *open == socket).map(|(index, _)| *index)
    }

    pub(super) fn at(&self, index: SocketIndex) -> Option<(SocketId, SocketAddr)> {
        self.open.get(&index).copied()
    }

    pub(super) fn addresses(&self) -> UdpAddresses {
        UdpAddresses { open: self.open.values().map(|(_, local)| *local).collect(), is_rfc5780: self.is_complete() }
    }

    pub(super) fn close(&mut self, effects: &mut Effects) {
        let open = std::mem::take(&mut self.open).into_values().map(|(socket, _)| socket);
        let opening = self.opening.take().map(|(_, socket)| socket);
        open.chain(opening).chain(self.misfits.drain(..)).for_each(|socket| effects.close(socket));
    }
}
