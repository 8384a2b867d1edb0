//! The UDP sockets of one site: up to two addresses × two ports, opened one after the other.
//!
//! RFC 5780 §6 needs the same two ports on both addresses. Where the world chooses them, the first address gets any
//! port and the second is asked for the same one; if that is taken there, another port is tried.

use super::config::{NotBound, UdpAddresses, UdpSite};
use super::effects::Effects;
use crate::machine::{Bind, Open, SocketId};
use crate::model::{Failure, Transport};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// How often another port is tried. Even with half of the other address's ports taken, eight misses are one in 256.
const TRIES: u32 = 8;

/// One of the sockets, in the order of opening: both addresses of the first port, then of the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Corner {
    pub(super) second_port: bool,
    pub(super) second_address: bool,
}

impl Corner {
    pub(super) fn change(self, address: bool, port: bool) -> Self {
        Self { second_port: self.second_port ^ port, second_address: self.second_address ^ address }
    }
}

pub(super) struct Grid {
    site: UdpSite,
    open: BTreeMap<Corner, (SocketId, SocketAddr)>,
    failed: BTreeSet<Corner>,
    opening: Option<(Corner, SocketId)>,
    /// Ports that did not fit on both addresses, held so that the world does not choose them again.
    misfits: Vec<SocketId>,
}

impl Grid {
    pub(super) fn new(site: UdpSite) -> Self {
        Self { site, open: BTreeMap::new(), failed: BTreeSet::new(), opening: None, misfits: Vec::new() }
    }

    fn corners(&self) -> impl Iterator<Item = Corner> + use<> {
        let UdpSite { second_address, second_port, .. } = self.site;
        [(false, false), (false, true), (true, false), (true, true)]
            .into_iter()
            .map(|(second_port, second_address)| Corner { second_port, second_address })
            .filter(move |corner| !corner.second_port || second_port.is_some())
            .filter(move |corner| !corner.second_address || second_address.is_some())
    }

    /// What the configuration says of this corner.
    fn wanted(&self, corner: Corner) -> (IpAddr, u16) {
        let UdpSite { address, port, second_address, second_port } = self.site;
        let address = second_address.filter(|_| corner.second_address).unwrap_or(address);
        (address, second_port.filter(|_| corner.second_port).unwrap_or(port))
    }

    fn pattern(&self, corner: Corner) -> Option<(SocketId, SocketAddr)> {
        corner.second_address.then(|| self.at(corner.change(true, false))).flatten()
    }

    /// Asks for the next socket; once all are there or given up, gives back what did not fit.
    pub(super) fn advance(&mut self, effects: &mut Effects) {
        let undecided = self.corners().find(|corner| !self.open.contains_key(corner) && !self.failed.contains(corner));
        let Some(corner) = undecided else {
            self.misfits.drain(..).for_each(|socket| effects.close(socket));
            return;
        };
        let at = self.target(corner);
        self.opening = effects.open(Open::Udp { bind: Bind::At(at), dont_fragment: false }).map(|id| (corner, id));
    }

    fn target(&self, corner: Corner) -> SocketAddr {
        let (address, port) = self.wanted(corner);
        SocketAddr::new(address, self.pattern(corner).map_or(port, |(_, local)| local.port()))
    }

    pub(super) fn opened(&mut self, effects: &mut Effects, socket: SocketId, local: SocketAddr) -> bool {
        let Some((corner, _)) = self.opening.take_if(|(_, opening)| *opening == socket) else {
            return false;
        };
        self.open.insert(corner, (socket, local));
        self.advance(effects);
        true
    }

    /// None where the socket is not this site's, or another port is tried instead.
    pub(super) fn failed(&mut self, effects: &mut Effects, socket: SocketId, failure: Failure) -> Option<NotBound> {
        if let Some((corner, _)) = self.opening.take_if(|(_, opening)| *opening == socket) {
            let at = self.target(corner);
            let (_, port) = self.wanted(corner);
            if let Some((pattern, _)) = self.pattern(corner)
                && failure == Failure::AddressInUse
                && port == 0
                && self.misfits.len() < TRIES as usize
            {
                self.misfits.push(pattern);
                self.open.remove(&corner.change(true, false));
                self.advance(effects);
                return None;
            }
            self.failed.insert(corner);
            self.advance(effects);
            return Some(NotBound { transport: Transport::Udp, at, failure });
        }
        let corner = self.corner(socket)?;
        let (_, at) = self.open.remove(&corner)?;
        self.failed.insert(corner);
        Some(NotBound { transport: Transport::Udp, at, failure })
    }

    /// Every corner is open or given up.
    pub(super) fn is_decided(&self) -> bool {
        self.opening.is_none()
    }

    /// All four corners are there, and under addresses that can be told to others.
    pub(super) fn is_complete(&self) -> bool {
        self.open.len() == 4 && self.open.values().all(|(_, local)| !local.ip().is_unspecified())
    }

    pub(super) fn corner(&self, socket: SocketId) -> Option<Corner> {
        self.open.iter().find(|(_, (open, _))| *open == socket).map(|(corner, _)| *corner)
    }

    pub(super) fn at(&self, corner: Corner) -> Option<(SocketId, SocketAddr)> {
        self.open.get(&corner).copied()
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
