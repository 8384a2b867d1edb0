//! A bench for one machine: virtual time, one network function, no NAT. What needs a NAT is tested in `lab::World`.

use crate::machine::{Input, Instant, Machine, Open, Output, SocketId, Wake};
use crate::model::{
    DnsFailure, DnsKind, DnsRecord, Fact, Failure, Icmp, Interface, InterfaceAddress, InterfaceKind, IpCounters,
};
use crate::wire::{Builder, Class, Message};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The address of the machine on the bench; its sockets have ports from 40000 on.
pub(crate) const HOME: &str = "192.0.2.1";

/// A datagram, or bytes on a stream, on their way out.
pub(crate) struct SentDatagram<'a> {
    pub(crate) from: SocketAddr,
    pub(crate) to: SocketAddr,
    pub(crate) data: &'a [u8],
}

/// A datagram that only so many routers forward.
pub(crate) struct LimitedDatagram<'a> {
    pub(crate) to: SocketAddr,
    pub(crate) data: &'a [u8],
    pub(crate) hops: u8,
}

/// What comes back: after how long, from where, which bytes.
pub(crate) type DelayedReply = (Duration, SocketAddr, Vec<u8>);

type NameTable = BTreeMap<(String, DnsKind), Vec<DnsRecord>>;

/// Who says of a datagram that it goes no further, if anybody does.
pub(crate) type Routers = Box<dyn FnMut(&LimitedDatagram<'_>) -> Option<IpAddr>>;

/// What a host counts, each time that it is asked.
pub(crate) type Counters = Box<dyn FnMut() -> Option<IpCounters>>;

/// A machine on the bench, and all that it has said.
pub(crate) struct Bench<'a> {
    machine: &'a mut dyn Machine,
    pub(crate) names: NameTable,
    /// Streams to these endpoints come about; to others they are refused.
    pub(crate) streams: Vec<SocketAddr>,
    pub(crate) interfaces: Vec<Interface>,
    /// The router that says that a datagram goes no further, if one does, or the receiver, at whose port nobody listens.
    pub(crate) routers: Routers,
    /// What the machine's host counts.
    pub(crate) counters: Counters,
    /// What the network brings for a datagram to another of the machine's own public ports arrives on the socket of
    /// that number, not on the sender's.
    pub(crate) deliver_to_itself: bool,
    /// Inputs on their way, soonest first; the number keeps their order.
    coming: BinaryHeap<Reverse<(Instant, u64, usize)>>,
    inputs: Vec<Option<Input>>,
    pub(crate) facts: Vec<(Instant, Fact)>,
    pub(crate) sent: Vec<(Instant, SocketAddr, Vec<u8>)>,
}

pub(crate) fn at(ms: u64) -> Instant {
    Instant::after_start(Duration::from_millis(ms))
}

pub(crate) fn local(socket: SocketId) -> SocketAddr {
    format!("{HOME}:{}", 40_000 + socket.0).parse().expect("an address")
}

fn ethernet() -> Interface {
    let address = HOME.parse().expect("an address");
    Interface {
        name: "eth0".to_owned(),
        index: 2,
        interface_kind: InterfaceKind::Ethernet,
        up: true,
        mtu_bytes: Some(1500),
        addresses: vec![InterfaceAddress { address, prefix_len: 24, temporary: false, deprecated: false }],
        gateways: Vec::new(),
        name_servers: Vec::new(),
    }
}

impl<'a> Bench<'a> {
    pub(crate) fn new(machine: &'a mut dyn Machine) -> Self {
        Self {
            machine,
            names: NameTable::new(),
            streams: Vec::new(),
            interfaces: vec![ethernet()],
            routers: Box::new(|_| None),
            counters: Box::new(|| None),
            deliver_to_itself: false,
            coming: BinaryHeap::new(),
            inputs: Vec::new(),
            facts: Vec::new(),
            sent: Vec::new(),
        }
    }

    fn bring(&mut self, when: Instant, input: Input) {
        self.coming.push(Reverse((when, self.inputs.len() as u64, self.inputs.len())));
        self.inputs.push(Some(input));
    }

    /// Brings an input of the test's own.
    pub(crate) fn bring_at(&mut self, ms: u64, input: Input) {
        self.bring(at(ms), input);
    }

    /// Drives the machine to its end, which must come within ten minutes of its own time, and returns when it came.
    pub(crate) fn run(&mut self, mut network: impl FnMut(Instant, SentDatagram<'_>) -> Vec<DelayedReply>) -> Instant {
        let mut now = Instant::START;
        self.machine.handle(now, Input::Interfaces(self.interfaces.clone()));
        loop {
            let wake = self.poll(now, &mut network);
            let next = self.coming.peek().map(|Reverse((when, ..))| *when);
            let (when, input) = match (wake, next) {
                (Wake::Finished, _) => return now,
                (Wake::At(at), next) if next.is_none_or(|next| at < next) => (at.max(now), Input::Woken),
                (_, Some(_)) => {
                    let Reverse((when, _, index)) = self.coming.pop().expect("peeked");
                    (when, self.inputs[index].take().expect("brought once"))
                }
                (Wake::OnInput | Wake::At(_), None) => panic!("waits for an input that never comes"),
            };
            now = when;
            assert!(now.since_start() < Duration::from_secs(600), "no end in sight");
            self.machine.handle(now, input);
        }
    }

    fn poll(&mut self, now: Instant, network: &mut impl FnMut(Instant, SentDatagram<'_>) -> Vec<DelayedReply>) -> Wake {
        loop {
            match self.machine.poll() {
                Output::Wait(wake) => return wake,
                Output::Observe { fact, .. } => self.facts.push((now, fact)),
                Output::Close { .. } => {}
                Output::SendHops { socket, to, data, hops } => {
                    if let Some(by) = (self.routers)(&LimitedDatagram { to, data: &data, hops }) {
                        let icmp = if by == to.ip() { Icmp::PortUnreachable } else { Icmp::TimeExceeded };
                        let failure = Failure::Icmp { icmp, by: Some(by) };
                        self.bring(now + Duration::from_millis(10), Input::Unreachable { socket, to, failure });
                    }
                    self.sent.push((now, to, data));
                }
                Output::Publish { .. } | Output::Signal { .. } => panic!("a probe tells nobody"),
                Output::Open { socket, open } => self.open(now, socket, &open),
                Output::Resolve { query, name, kind } => {
                    let answer = self.names.get(&(name, kind)).cloned().ok_or(DnsFailure::NoSuchName);
                    self.bring(now + Duration::from_millis(10), Input::Resolved { query, answer });
                }
                Output::Count { query, .. } => {
                    let counters = (self.counters)();
                    self.bring(now, Input::Counted { query, counters });
                }
                Output::Send { socket, to, data } => {
                    let hairpinned = self.deliver_to_itself && to.port() >= 40_000;
                    let receiver = if hairpinned { SocketId(u32::from(to.port() - 40_000)) } else { socket };
                    for (after, from, answer) in network(now, SentDatagram { from: local(socket), to, data: &data }) {
                        self.bring(now + after, Input::Received { socket: receiver, from, data: answer });
                    }
                    self.sent.push((now, to, data));
                }
            }
        }
    }

    fn open(&mut self, now: Instant, socket: SocketId, open: &Open) {
        let opened = Input::Opened { socket, local: local(socket), tls: None };
        match open {
            Open::Udp { .. } => {
                self.bring(now, opened);
            }
            Open::Tcp { to } | Open::Tls { to, .. } if self.streams.contains(to) => {
                self.bring(now + Duration::from_millis(40), opened);
            }
            Open::Proxied { proxy, .. } if self.streams.contains(&proxy.at) => {
                self.bring(now + Duration::from_millis(40), opened);
            }
            Open::Tcp { .. } | Open::Tls { .. } | Open::Proxied { .. } | Open::Listen { .. } => {
                let failed = Input::Failed { socket, failure: Failure::Refused, tls: None };
                self.bring(now + Duration::from_millis(40), failed);
            }
        }
    }
}

/// An RFC 5780 server on two addresses and two ports, without loss: the answer, and from where it comes.
pub(crate) fn rfc5780(sent: &SentDatagram<'_>, mapped: SocketAddr) -> Option<(SocketAddr, Vec<u8>)> {
    let primary: SocketAddr = PRIMARY.parse().expect("an address");
    let other: SocketAddr = OTHER.parse().expect("an address");
    let request = Message::read(sent.data).ok()?;
    let (address, port) = request.change_request().unwrap_or_default();
    let swap = |ip| if ip == primary.ip() { other.ip() } else { primary.ip() };
    let swap_port = |port| if port == primary.port() { other.port() } else { primary.port() };
    let ip = if address { swap(sent.to.ip()) } else { sent.to.ip() };
    let from = SocketAddr::new(ip, if port { swap_port(sent.to.port()) } else { sent.to.port() });
    let far = SocketAddr::new(swap(sent.to.ip()), swap_port(sent.to.port()));
    Some((from, Builder::answer(&request, Class::Success).xor_mapped(mapped).other_address(far).finish()))
}

pub(crate) const PRIMARY: &str = "203.0.113.10:3478";
pub(crate) const OTHER: &str = "203.0.113.11:3479";
