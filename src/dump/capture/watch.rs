//! What is seen as the packets of a capture pass, in their order?
//!
//! Each datagram is counted on its flow; a message of STUN is laid to its exchange, and what a TURN client and its server
//! wrap is taken out and looked at as a datagram of its own. Nothing is concluded before the end.

use super::checks::CheckLog;
use super::exchanges::{Became, Exchanges};
use super::flow::{Check, Flows};
use super::packet::{CapturedPacket, CarriedProtocol};
use super::relays::{ClientServer, SeenRelays};
use super::route::{DatagramKind, DatagramRoute, stun};
use super::servers::Servers;
use super::streams::Streams;
use crate::model::{Icmp, Transport};
use crate::wire::{Class, Datagram, Message, StunMethod, read};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Ways on which somebody said that packets get no further, of which the word is kept.
const UNDELIVERED_MAX: usize = 10_000;

/// Everything that was seen.
#[derive(Default)]
pub(super) struct Watch {
    pub(super) flows: Flows,
    pub(super) exchanges: Exchanges,
    pub(super) checks: CheckLog,
    pub(super) servers: Servers,
    pub(super) relays: SeenRelays,
    pub(super) streams: Streams,
    /// By where the packets came from and went to: what was said last, by whom and when.
    pub(super) undelivered: BTreeMap<(SocketAddr, SocketAddr), (Icmp, IpAddr, Duration)>,
    /// Datagrams on the wire that are none of STUN or TURN: whoever caught the packets did not choose those alone.
    pub(super) others: u64,
    /// The time of the last packet.
    pub(super) last: Duration,
}

impl Watch {
    pub(super) fn take(&mut self, at: Duration, packet: CapturedPacket<'_>) {
        self.last = self.last.max(at);
        match packet {
            CapturedPacket::Datagram { from, to, payload, cut_bytes } => {
                self.datagram(at, DatagramRoute { from, to, within: None }, payload, cut_bytes);
            }
            CapturedPacket::Segment(segment) => {
                let route = DatagramRoute { from: segment.from, to: segment.to, within: None };
                for frame in self.streams.take(at, &segment) {
                    self.message(at, route, Transport::Tcp, &frame);
                }
            }
            CapturedPacket::Undeliverable { icmp, by, from, to, carried: CarriedProtocol::Udp } => {
                if self.undelivered.len() < UNDELIVERED_MAX || self.undelivered.contains_key(&(from, to)) {
                    self.undelivered.insert((from, to), (icmp, by, at));
                }
            }
            CapturedPacket::Undeliverable { carried: CarriedProtocol::Tcp, .. } => {}
        }
    }

    /// No more comes: what was asked and not answered by now is silent.
    pub(super) fn finish(&mut self) {
        for request in self.exchanges.finish() {
            self.servers.silent(&request);
        }
    }

    fn datagram(&mut self, at: Duration, route: DatagramRoute, bytes: &[u8], cut_bytes: usize) {
        let length = bytes.len().saturating_add(cut_bytes);
        match self.flows.count(at, route, bytes, length) {
            Some(DatagramKind::Stun) => {
                if let Some(message) = stun(bytes, cut_bytes) {
                    self.stun(at, route, Transport::Udp, &message, length);
                }
            }
            Some(DatagramKind::Channel) if route.within.is_none() => self.channel(at, route, bytes, cut_bytes),
            Some(DatagramKind::Other | DatagramKind::Dtls | DatagramKind::Rtp | DatagramKind::Rtcp)
                if route.within.is_none() =>
            {
                self.others += 1;
            }
            Some(
                DatagramKind::Channel
                | DatagramKind::Dtls
                | DatagramKind::Rtp
                | DatagramKind::Rtcp
                | DatagramKind::Other,
            )
            | None => {}
        }
    }

    /// A message of a stream, which is whole.
    fn message(&mut self, at: Duration, route: DatagramRoute, transport: Transport, bytes: &[u8]) {
        match read(bytes) {
            Ok(Datagram::Stun(message)) => self.stun(at, route, transport, &message, bytes.len()),
            Ok(Datagram::Channel(_)) => self.channel(at, route, bytes, 0),
            Err(_) => {}
        }
    }

    fn channel(&mut self, at: Duration, route: DatagramRoute, bytes: &[u8], cut_bytes: usize) {
        let [high, low, size_high, size_low, data @ ..] = bytes else { return };
        let channel = u16::from_be_bytes([*high, *low]);
        let Some(inner) = self.relays.route_of_channel(route.from, route.to, channel) else { return };
        let size = usize::from(u16::from_be_bytes([*size_high, *size_low]));
        // Padding may stand behind the data (RFC 8656 §12.5), and its end may not have been kept.
        let data = data.get(..size).unwrap_or(data);
        self.datagram(at, inner, data, if cut_bytes > 0 { size.saturating_sub(data.len()) } else { 0 });
    }

    fn stun(&mut self, at: Duration, route: DatagramRoute, transport: Transport, message: &Message, length: usize) {
        let mut given_up = Vec::new();
        let became = self.exchanges.take(at, route, transport, message, |request| given_up.push(request));
        given_up.iter().for_each(|request| self.servers.silent(request));
        let check = match &became {
            Became::Asked(request) | Became::AskedAgain(request) if request.is_check => Some(Check::Request),
            Became::Answered(answered) if answered.request.is_check => {
                Some(if message.class == Class::Success { Check::Success } else { Check::Error })
            }
            _ => None,
        };
        self.flows.know(at, route, length, check);
        match became {
            Became::Asked(request) | Became::AskedAgain(request) if request.is_check => self.checks.asked(&request),
            Became::Asked(request) | Became::AskedAgain(request) => self.servers.asked(&request),
            Became::Answered(answered) if answered.request.is_check => self.checks.answered(&answered),
            Became::Answered(answered) => {
                self.servers.answered(&answered);
                let way = ClientServer { client: answered.request.route.from, server: answered.request.route.to };
                if let (StunMethod::Allocate, Some(relayed)) = (message.method, message.xor_relayed()) {
                    self.relays.allocated(way, relayed);
                }
                let channel = answered.request.channel.zip(answered.request.peers.first().copied());
                if let (StunMethod::ChannelBind, Class::Success, Some((channel, peer))) =
                    (message.method, message.class, channel)
                {
                    self.relays.bound(way, channel, peer);
                }
            }
            Became::Nothing => {}
        }
        if route.within.is_none() {
            self.indication(at, route, message);
        }
    }

    /// What a Send or Data indication wraps (RFC 8656 §11).
    fn indication(&mut self, at: Duration, route: DatagramRoute, message: &Message) {
        let (client, server, is_outward) = match (message.method, message.class) {
            (StunMethod::Send, Class::Indication) => (route.from, route.to, true),
            (StunMethod::Data, Class::Indication) => (route.to, route.from, false),
            _ => return,
        };
        let (Some(peer), Some(data)) = (message.xor_peer(), message.data()) else { return };
        let inner = self.relays.route_of(ClientServer { client, server }, peer, is_outward);
        self.datagram(at, inner, data, 0);
    }
}
