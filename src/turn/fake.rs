//! A TURN server for tests: right in everything, until a test twists one of its answers.

use crate::wire::{self, Builder, Class, Datagram, ErrorCode, Message, StunMethod, TransactionId};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use stun_rs::{Algorithm, AlgorithmId, HMACKey};

pub(crate) const USER: &str = "alice";
pub(crate) const PASSWORD: &str = "wonder";
pub(crate) const REALM: &str = "lab.example";
const LIFETIME_S: u32 = 600;

/// MD5 and SHA-256, as PASSWORD-ALGORITHMS.
pub(crate) const BOTH_ALGORITHMS: [u8; 8] = [0, 1, 0, 0, 0, 2, 0, 0];

pub(crate) fn key() -> HMACKey {
    HMACKey::new_long_term(USER, REALM, PASSWORD, Algorithm::from(AlgorithmId::MD5)).expect("a key")
}

fn sha256_key() -> HMACKey {
    HMACKey::new_long_term(USER, REALM, PASSWORD, Algorithm::from(AlgorithmId::SHA256)).expect("a key")
}

/// Turns the right answer to a request into what is sent instead: any number of packets.
type Twist = Box<dyn FnMut(&Message, Vec<u8>) -> Vec<Vec<u8>>>;

/// A packet that the server sends, and where to: a client, or a peer from a relayed address.
#[derive(Debug)]
pub(crate) enum FakeOutput {
    ToClient(SocketAddr, Vec<u8>),
    ToPeer { from: SocketAddr, to: SocketAddr, data: Vec<u8> },
}

struct FakeAllocation {
    relayed: SocketAddr,
    permitted: BTreeSet<IpAddr>,
    channels: BTreeMap<u16, SocketAddr>,
}

pub(crate) struct Fake {
    pub(crate) nonce: Vec<u8>,
    /// PASSWORD-ALGORITHMS, and then SHA-256 throughout.
    pub(crate) offer: Option<Vec<u8>>,
    pub(crate) wants_credentials: bool,
    pub(crate) on_stream: bool,
    pub(crate) relay_ip: IpAddr,
    /// Peers that get no permission.
    pub(crate) forbidden: BTreeSet<IpAddr>,
    twist: Option<Twist>,
    held: BTreeMap<SocketAddr, FakeAllocation>,
    next_port: u16,
    /// Requests by method and whether they were sealed, in order.
    pub(crate) seen: Vec<(StunMethod, bool)>,
}

impl Fake {
    pub(crate) fn new(on_stream: bool) -> Self {
        Self {
            nonce: b"first-nonce".to_vec(),
            offer: None,
            wants_credentials: true,
            on_stream,
            relay_ip: IpAddr::from([198, 51, 100, 9]),
            forbidden: BTreeSet::new(),
            twist: None,
            held: BTreeMap::new(),
            next_port: 50_000,
            seen: Vec::new(),
        }
    }

    pub(crate) fn twist(&mut self, twist: impl FnMut(&Message, Vec<u8>) -> Vec<Vec<u8>> + 'static) {
        self.twist = Some(Box::new(twist));
    }

    pub(crate) fn allocations(&self) -> usize {
        self.held.len()
    }

    pub(crate) fn forget(&mut self) {
        self.held.clear();
    }

    pub(crate) fn handle(&mut self, client: SocketAddr, bytes: &[u8]) -> Vec<FakeOutput> {
        match wire::read(bytes).expect("the client writes what can be read") {
            Datagram::Channel(packet) => {
                let held = self.held.get(&client);
                let found = held.and_then(|held| Some((held.relayed, *held.channels.get(&packet.channel)?)));
                let to_peer = |(from, to)| FakeOutput::ToPeer { from, to, data: packet.data.to_vec() };
                found.map(to_peer).into_iter().collect()
            }
            Datagram::Stun(message) if message.class == Class::Indication => {
                let Some(held) = self.held.get(&client) else { return Vec::new() };
                let to = message.xor_peer().expect("a peer");
                let data = message.data().expect("data").to_vec();
                let permitted = held.permitted.contains(&to.ip());
                permitted.then_some(FakeOutput::ToPeer { from: held.relayed, to, data }).into_iter().collect()
            }
            Datagram::Stun(request) => {
                self.seen.push((request.method, request.nonce().is_some()));
                let answer = self.answer(client, &request);
                let answers = match &mut self.twist {
                    Some(twist) => twist(&request, answer),
                    None => vec![answer],
                };
                answers.into_iter().map(|answer| FakeOutput::ToClient(client, answer)).collect()
            }
        }
    }

    /// A packet that reaches a relayed address: what the client gets of it.
    pub(crate) fn handle_peer(&mut self, from: SocketAddr, relayed: SocketAddr, data: &[u8]) -> Option<FakeOutput> {
        let (client, held) = self.held.iter().find(|(_, held)| held.relayed == relayed)?;
        if !held.permitted.contains(&from.ip()) {
            return None;
        }
        let channel = held.channels.iter().find(|(_, peer)| **peer == from).map(|(channel, _)| *channel);
        let bytes = match channel {
            Some(channel) => wire::channel_data(channel, data, self.on_stream)?,
            None => Builder::new(StunMethod::Data, Class::Indication, TransactionId([7; 12]))
                .xor_peer(from)
                .data(data)
                .finish(),
        };
        Some(FakeOutput::ToClient(*client, bytes))
    }

    fn key(&self) -> HMACKey {
        if self.offer.is_some() { sha256_key() } else { key() }
    }

    fn seal(&self, answer: Builder) -> Vec<u8> {
        match (self.wants_credentials, &self.offer) {
            (false, _) => answer.finish(),
            (true, None) => answer.integrity(&key()).finish(),
            (true, Some(_)) => answer.integrity_sha256(&sha256_key()).finish(),
        }
    }

    pub(crate) fn refuse(&self, request: &Message, code: u16) -> Vec<u8> {
        let answer = Builder::answer(request, Class::Error).error(code, "No\0");
        if !matches!(code, 401 | 438) {
            return self.seal(answer);
        }
        let answer = answer.realm(REALM.as_bytes()).nonce(&self.nonce);
        match &self.offer {
            Some(offer) => answer.password_algorithms(offer).finish(),
            None => answer.finish(),
        }
    }

    fn answer(&mut self, client: SocketAddr, request: &Message) -> Vec<u8> {
        if request.method == StunMethod::Binding {
            return Builder::answer(request, Class::Success).xor_mapped(client).finish();
        }
        if self.wants_credentials {
            match request.nonce() {
                None => return self.refuse(request, 401),
                Some(nonce) if nonce != self.nonce => return self.refuse(request, 438),
                Some(_) if request.integrity_fits(&self.key()) != Some(true) => return self.refuse(request, 401),
                Some(_) => {}
            }
        }
        let yes = Builder::answer(request, Class::Success);
        if request.method == StunMethod::Allocate {
            let ip = match request.requested_family() {
                Some(2) => IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 9]),
                _ => self.relay_ip,
            };
            self.next_port += 1;
            let relayed = SocketAddr::new(ip, self.next_port);
            self.held.insert(client, FakeAllocation { relayed, permitted: BTreeSet::new(), channels: BTreeMap::new() });
            return self.seal(yes.xor_relayed(relayed).xor_mapped(client).lifetime_s(LIFETIME_S));
        }
        let Some(held) = self.held.get_mut(&client) else { return self.refuse(request, 437) };
        match request.method {
            StunMethod::Refresh => {
                let lifetime = request.lifetime_s().unwrap_or(LIFETIME_S);
                if lifetime == 0 {
                    self.held.remove(&client);
                }
                self.seal(yes.lifetime_s(lifetime))
            }
            StunMethod::CreatePermission | StunMethod::ChannelBind => {
                let peer = request.xor_peer().expect("a peer");
                if self.forbidden.contains(&peer.ip()) {
                    return self.refuse(request, 403);
                }
                held.permitted.insert(peer.ip());
                if let Some(channel) = request.channel_number() {
                    held.channels.insert(channel, peer);
                }
                self.seal(yes)
            }
            _ => self.refuse(request, 400),
        }
    }
}

/// What an error response of this server's reads as.
pub(crate) fn said(code: u16) -> ErrorCode {
    ErrorCode { code, reason: crate::model::Text::new("No") }
}
