//! The gateway in operation: one thread carries packets from device to device through the network.

use super::device::{ETHERNET_HEADER, ethernet_header};
use super::error::Error;
use super::portal::Redirected;
use super::raw::{self, Ignored, RawPacket};
use super::rewrite;
use super::worker::{Waiting, Worker};
use crate::lab::{Dropped, HostId, Network, NetworkChange, Packet};
use crate::machine::Instant;
use std::collections::{BTreeMap, VecDeque};
use std::io::IoSlice;
use std::net::IpAddr;
use std::os::fd::AsFd;
use std::time::Duration;
use tun_rs::SyncDevice;

/// The name of its thread.
pub const THREAD: &str = "lab-gateway";

/// How many packets are read from one device before the next one: the length of its queue.
const TURN: usize = 64;

/// The size of the read buffer: the largest IP packet and an Ethernet header.
const LARGEST_BYTES: usize = 65_535 + ETHERNET_HEADER;

/// A device of a host, and the host of the network that it belongs to.
pub(super) struct Wire {
    pub(super) host: HostId,
    pub(super) device: SyncDevice,
    pub(super) addresses: Vec<IpAddr>,
    /// Redirected connections; None for a router, which forwards packets for others.
    pub(super) redirected: Option<Redirected>,
}

/// The packets of a whole run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GatewayTraffic {
    /// Packets that reached a host.
    pub delivered: u64,
    /// Packets that the network dropped, by reason.
    pub dropped: BTreeMap<Dropped, u64>,
    /// Fragments, which are not reassembled.
    pub fragments: u64,
    /// Packets that are neither UDP, TCP, ICMP echo nor ICMP errors, such as multicast management.
    pub other_protocols: u64,
    /// Packets whose headers could not be read.
    pub malformed: u64,
    /// Packets that the device of the host did not accept, or that cannot be translated to the other address family.
    pub undeliverable: u64,
}

/// Starts the thread. `changes` are applied at their times after the start; they are sorted, soonest first.
pub(super) fn start(
    network: Network<RawPacket>,
    wires: Vec<Wire>,
    changes: Vec<(Duration, NetworkChange)>,
) -> Result<Worker<GatewayTraffic>, Error> {
    let changes = changes.into_iter().map(|(after, change)| (Instant::after_start(after), change)).collect();
    let mut work = Work { network, wires, changes, traffic: GatewayTraffic::default() };
    Worker::start(THREAD, move |waiting| {
        work.run(waiting);
        work.traffic()
    })
}

struct Work {
    network: Network<RawPacket>,
    wires: Vec<Wire>,
    changes: VecDeque<(Instant, NetworkChange)>,
    traffic: GatewayTraffic,
}

impl Work {
    fn run(&mut self, waiting: &Waiting) {
        let by_host: BTreeMap<HostId, usize> =
            self.wires.iter().enumerate().map(|(index, wire)| (wire.host, index)).collect();
        let mut buffer = vec![0; LARGEST_BYTES];
        loop {
            self.deliver(waiting.now(), &by_host);
            let change = self.changes.front().map(|(at, _)| *at);
            let next = self.network.next().into_iter().chain(change).min();
            let devices = self.wires.iter().map(|wire| wire.device.as_fd());
            let Some(ready) = waiting.wait(devices, next) else { return };
            for index in ready {
                self.take(waiting, index, &mut buffer);
            }
        }
    }

    fn traffic(self) -> GatewayTraffic {
        let (delivered, dropped) = (self.network.delivered(), self.network.dropped().clone());
        GatewayTraffic { delivered: delivered - self.traffic.undeliverable, dropped, ..self.traffic }
    }

    /// Reads the packets that a host has sent from its device.
    fn take(&mut self, waiting: &Waiting, index: usize, buffer: &mut [u8]) {
        for _ in 0..TURN {
            let Some(wire) = self.wires.get(index) else { return };
            let Ok(length) = wire.device.recv(buffer) else { return };
            match raw::read(buffer.get(ETHERNET_HEADER..length).unwrap_or_default()) {
                Ok(mut packet) => {
                    if let Some(redirected) = &wire.redirected {
                        redirected.outwards(&mut packet);
                    }
                    self.network.send(waiting.now(), wire.host, packet);
                }
                Err(Ignored::Malformed) => self.traffic.malformed += 1,
                Err(Ignored::Fragment) => self.traffic.fragments += 1,
                Err(Ignored::OtherProtocol) => self.traffic.other_protocols += 1,
            }
        }
    }

    fn deliver(&mut self, now: Instant, by_host: &BTreeMap<HostId, usize>) {
        while self.changes.front().is_some_and(|(at, _)| *at <= now)
            && let Some((_, change)) = self.changes.pop_front()
        {
            self.network.change(change);
        }
        while let Some((host, packet)) = self.network.deliver(now) {
            if self.hand_over(by_host.get(&host).copied(), packet).is_none() {
                self.traffic.undeliverable += 1;
            }
        }
    }

    fn hand_over(&mut self, index: Option<usize>, mut packet: Packet<RawPacket>) -> Option<()> {
        let wire = self.wires.get_mut(index?)?;
        if let Some(redirected) = &mut wire.redirected {
            redirected.inwards(&mut packet, &wire.addresses);
        }
        let header = ethernet_header(packet.destination.is_ipv4());
        let bytes = rewrite::write(packet)?;
        wire.device.send_vectored(&[IoSlice::new(&header), IoSlice::new(&bytes)]).ok().map(drop)
    }
}
