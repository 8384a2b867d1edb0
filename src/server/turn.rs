//! TURN's requests: Allocate, Refresh, CreatePermission, ChannelBind (RFC 8656 §7 to §12).
//!
//! Not supported: the reservation of a second port by EVEN-PORT or RESERVATION-TOKEN (508, as RFC 8656 §7.2 has it
//! where they cannot be satisfied), DONT-FRAGMENT (420), ADDITIONAL-ADDRESS-FAMILY (optional, ignored), TCP allocations
//! (RFC 6062: 442) and mobility. Nothing of a request is stored until its credentials are verified. Relayed data is
//! handled in `traffic`.

use super::allocation::{CHANNELS, FiveTuple, NotChannel, ServerAllocation};
use super::amplification::unproven_room;
use super::auth::{Denied, Nonces, Proven};
use super::binding::FINGERPRINT;
use super::config::{Aliases, Relaying};
use super::effects::Effects;
use super::limits::{Limits, PerSource, Window};
use crate::machine::{Bind, Instant, Ledger, Open, Rng, SocketId};
use crate::model::Failure;
use crate::wire::{Builder, Class, Message, StunMethod};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Attribute types that are only checked for presence (RFC 8656 §18).
pub(super) const DONT_FRAGMENT: u16 = 0x001a;
const RESERVATION_TOKEN: u16 = 0x0022;
const REQUESTED_ADDRESS_FAMILY: u16 = 0x0017;

/// How often another port of the range is tried. If half of them are taken by other programs, eight failures in a row
/// have a probability of 1 in 256.
const TRIES: u32 = 8;

pub(super) struct TurnService {
    pub(super) relaying: Relaying,
    pub(super) aliases: Aliases,
    pub(super) limits: Limits,
    pub(super) rng: Rng,
    nonces: Nonces,
    large_answers: PerSource,
    pub(super) allocations: BTreeMap<FiveTuple, ServerAllocation>,
    /// How many of them each source holds.
    sources: Ledger,
    /// The client of each relay socket.
    pub(super) relays: BTreeMap<SocketId, FiveTuple>,
    pub(super) total: Window,
}

/// An error response to an authenticated request.
struct ErrorResponse {
    code: u16,
    reason: &'static str,
    unknown: Vec<u16>,
}

fn refusal(code: u16, reason: &'static str) -> ErrorResponse {
    ErrorResponse { code, reason, unknown: Vec::new() }
}

/// The response to a request; None where it is sent later.
type RequestOutcome = Result<Option<Builder>, ErrorResponse>;

impl TurnService {
    pub(super) fn new(relaying: Relaying, aliases: Aliases, limits: Limits, rng: &mut Rng) -> Self {
        Self {
            relaying,
            aliases,
            limits,
            nonces: Nonces::new(rng.bytes()),
            large_answers: PerSource::new(limits.large_answers_per_second, rng),
            rng: rng.fork(),
            allocations: BTreeMap::new(),
            sources: Ledger::new(limits.allocations),
            relays: BTreeMap::new(),
            total: Window::default(),
        }
    }

    pub(super) fn request(
        &mut self,
        now: Instant,
        effects: &mut Effects,
        client: FiveTuple,
        request: &Message,
        bytes: usize,
    ) {
        if !matches!(
            request.method,
            StunMethod::Allocate | StunMethod::Refresh | StunMethod::CreatePermission | StunMethod::ChannelBind
        ) {
            return;
        }
        let proven = match self.relaying.access.prove(&self.nonces, now, client.at, request) {
            Ok(proven) => proven,
            Err(denied) => return self.challenge(now, effects, client, request, bytes, denied),
        };
        let key = proven.key.clone();
        let answer = match self.execute(now, effects, client, request, proven) {
            Ok(None) => return,
            Ok(Some(answer)) => answer,
            Err(ErrorResponse { code, reason, unknown }) => {
                let answer = Builder::answer(request, Class::Error).error(code, reason);
                if unknown.is_empty() { answer } else { answer.unknown_attributes(&unknown) }
            }
        };
        let answer = answer.integrity(&key);
        let answer = if request.has(FINGERPRINT) { answer.fingerprint() } else { answer };
        effects.send(client.socket, client.at, answer.finish());
    }

    /// Rejects an unauthenticated request of so many bytes, without a reason phrase, to keep the response small.
    fn challenge(
        &mut self,
        now: Instant,
        effects: &mut Effects,
        client: FiveTuple,
        request: &Message,
        bytes: usize,
        denied: Denied,
    ) {
        let challenge = |code| {
            let nonce = self.nonces.fresh(now, client.at);
            let answer = Builder::answer(request, Class::Error).error(code, "");
            answer.realm(self.relaying.access.realm().as_bytes()).nonce(nonce.as_bytes())
        };
        let answer = match denied {
            Denied::Unauthenticated => challenge(401),
            Denied::Stale => challenge(438),
            Denied::Incomplete => Builder::answer(request, Class::Error).error(400, ""),
        };
        let answer = if request.has(FINGERPRINT) { answer.fingerprint() } else { answer }.finish();
        let fits = client.on_stream || answer.len() <= unproven_room(bytes, client.at);
        // With a long realm no challenge fits. Every client begins with an Allocate request that names its transport; whatever
        // else is too short for its answer comes from none.
        let begins = request.method == StunMethod::Allocate && request.requested_transport().is_some();
        if fits || begins && self.large_answers.allows(now, client.at.ip()) {
            effects.send(client.socket, client.at, answer);
        }
    }

    fn execute(
        &mut self,
        now: Instant,
        effects: &mut Effects,
        client: FiveTuple,
        request: &Message,
        proven: Proven,
    ) -> RequestOutcome {
        let unknown = request.unknown_required();
        if !unknown.is_empty() {
            return Err(ErrorResponse { code: 420, reason: "Unknown Attribute", unknown });
        }
        if request.faulty().is_some() {
            return Err(refusal(400, "An attribute is malformed"));
        }
        match request.method {
            StunMethod::Allocate => self.allocate(now, effects, client, request, proven),
            StunMethod::Refresh => self.refresh(now, effects, client, request, &proven).map(Some),
            StunMethod::CreatePermission => self.create_permission(now, client, request, &proven).map(Some),
            _ => self.bind_channel(now, client, request, &proven).map(Some),
        }
    }

    /// Handles an Allocate request (RFC 8656 §7.2).
    fn allocate(
        &mut self,
        now: Instant,
        effects: &mut Effects,
        client: FiveTuple,
        request: &Message,
        proven: Proven,
    ) -> RequestOutcome {
        if let Some(allocation) = self.allocations.get(&client) {
            if allocation.id != request.id {
                return Err(refusal(437, "This 5-tuple has an allocation"));
            }
            if allocation.name != proven.name {
                return Err(refusal(441, "Wrong Credentials"));
            }
            if let Some(answer) = &allocation.answer {
                effects.send(client.socket, client.at, answer.clone());
            }
            return Ok(None);
        }
        const UDP: u8 = 17;
        match request.requested_transport() {
            None => return Err(refusal(400, "REQUESTED-TRANSPORT is missing")),
            Some(UDP) => {}
            Some(_) => return Err(refusal(442, "Only UDP is relayed")),
        }
        if request.has(DONT_FRAGMENT) {
            return Err(ErrorResponse { code: 420, reason: "Unknown Attribute", unknown: vec![DONT_FRAGMENT] });
        }
        let (even_port, token) = (request.even_port(), request.has(RESERVATION_TOKEN));
        if token && (even_port.is_some() || request.has(REQUESTED_ADDRESS_FAMILY)) {
            return Err(refusal(400, "RESERVATION-TOKEN stands alone"));
        }
        if even_port == Some(true) || token {
            return Err(refusal(508, "Ports are not reserved here"));
        }
        const IPV4: u8 = 1;
        let ip = self.relaying.address(request.requested_family().unwrap_or(IPV4));
        let ip = ip.ok_or(refusal(440, "Address Family not Supported"))?;
        if self.sources.is_full() {
            return Err(refusal(508, "Insufficient Capacity"));
        }
        let held = self.allocations.values().filter(|allocation| allocation.user == proven.user).count();
        if held >= self.limits.allocations_per_user || self.sources.is_sated(client.at.ip()) {
            return Err(refusal(486, "Allocation Quota Reached"));
        }
        let even = even_port.is_some();
        let socket = self.open_relay(effects, ip, even).ok_or(refusal(508, "Insufficient Capacity"))?;
        let mut allocation = ServerAllocation::opening(proven, request.id, socket, ip);
        allocation.wants_fingerprint = request.has(FINGERPRINT);
        allocation.wants_even_port = even;
        allocation.expires = now + self.limits.lifetime;
        effects.look_again(allocation.expires);
        self.relays.insert(socket, client);
        self.allocations.insert(client, allocation);
        self.sources.take(client.at.ip());
        Ok(None)
    }

    /// Opens a relay socket. From a configured range of ports, a free one is picked at random, since ports must not be
    /// predictable (RFC 8656 §7.2).
    fn open_relay(&mut self, effects: &mut Effects, ip: IpAddr, even: bool) -> Option<SocketId> {
        let port = match self.relaying.ports {
            None => 0,
            Some((first, last)) => {
                let taken = |port: &u16| self.relay_at(SocketAddr::new(ip, *port)).is_some();
                let fits = |port: &u16| !even || port.is_multiple_of(2);
                let free: Vec<u16> = (first..=last).filter(|port| fits(port) && !taken(port)).collect();
                *free.get(usize::try_from(self.rng.below(free.len() as u64)).ok()?)?
            }
        };
        effects.open(Open::Udp { bind: Bind::At(SocketAddr::new(ip, port)), dont_fragment: false })
    }

    /// The client whose relay has this own address.
    pub(super) fn relay_at(&self, at: SocketAddr) -> Option<FiveTuple> {
        let mut allocations = self.allocations.iter();
        allocations.find(|(_, allocation)| allocation.relay == Some(at)).map(|(client, _)| *client)
    }

    /// The relay socket of a pending Allocate is open.
    pub(super) fn opened(&mut self, now: Instant, effects: &mut Effects, relay: SocketId, local: SocketAddr) {
        let Some(client) = self.relays.get(&relay).copied() else { return };
        let Some(allocation) = self.allocations.get_mut(&client).filter(|allocation| !allocation.is_live()) else {
            return;
        };
        if allocation.wants_even_port && local.port() % 2 == 1 {
            // The world chose an odd port, so the even port below it is tried.
            let below = SocketAddr::new(local.ip(), local.port() - 1);
            let open = Open::Udp { bind: Bind::At(below), dont_fragment: false };
            effects.close(relay);
            self.relays.remove(&relay);
            if let Some(socket) = effects.open(open) {
                allocation.socket = socket;
                self.relays.insert(socket, client);
            }
            return;
        }
        allocation.relay = Some(local);
        allocation.expires = now + self.limits.lifetime;
        effects.look_again(allocation.expires);
        let answer = Builder::new(StunMethod::Allocate, Class::Success, allocation.id)
            .xor_relayed(self.aliases.outside(local))
            .lifetime_s(self.limits.lifetime.as_secs() as u32)
            .xor_mapped(client.at)
            .integrity(&allocation.key);
        let answer = if allocation.wants_fingerprint { answer.fingerprint() } else { answer }.finish();
        effects.send(client.socket, client.at, answer.clone());
        allocation.answer = Some(answer);
    }

    /// The relay socket could not be opened, or has failed. If another program has the port, another port is tried.
    pub(super) fn failed(&mut self, effects: &mut Effects, relay: SocketId, failure: &Failure) {
        let Some(client) = self.relays.remove(&relay) else { return };
        let waits = self.allocations.get(&client).filter(|allocation| !allocation.is_live());
        if let Some((ip, tries, even)) = waits.map(|waits| (waits.ip, waits.tries, waits.wants_even_port))
            && *failure == Failure::AddressInUse
            && (self.relaying.ports.is_some() || even)
            && tries < TRIES
            && let Some(socket) = self.open_relay(effects, ip, even)
            && let Some(allocation) = self.allocations.get_mut(&client)
        {
            (allocation.socket, allocation.tries) = (socket, tries + 1);
            self.relays.insert(socket, client);
            return;
        }
        let Some(allocation) = self.remove(client).filter(|allocation| !allocation.is_live()) else { return };
        let answer = Builder::new(StunMethod::Allocate, Class::Error, allocation.id)
            .error(508, "No relayed address could be opened")
            .integrity(&allocation.key);
        let answer = if allocation.wants_fingerprint { answer.fingerprint() } else { answer };
        effects.send(client.socket, client.at, answer.finish());
    }

    /// The allocation of this 5-tuple, if it belongs to this user (RFC 8656 §5).
    fn owned(&mut self, client: FiveTuple, proven: &Proven) -> Result<&mut ServerAllocation, ErrorResponse> {
        let allocation = self.allocations.get_mut(&client).filter(|allocation| allocation.is_live());
        let allocation = allocation.ok_or(refusal(437, "No allocation on this 5-tuple"))?;
        if allocation.name != proven.name {
            return Err(refusal(441, "Wrong Credentials"));
        }
        Ok(allocation)
    }

    /// Handles a Refresh request (RFC 8656 §8.2). Any lifetime above zero becomes the one lifetime of this server,
    /// which is the default and the maximum.
    fn refresh(
        &mut self,
        now: Instant,
        effects: &mut Effects,
        client: FiveTuple,
        request: &Message,
        proven: &Proven,
    ) -> Result<Builder, ErrorResponse> {
        let lifetime = if request.lifetime_s() == Some(0) { Duration::ZERO } else { self.limits.lifetime };
        let allocation = self.owned(client, proven)?;
        if request.requested_family().is_some_and(|family| family != if allocation.ip.is_ipv4() { 1 } else { 2 }) {
            return Err(refusal(443, "The allocation is of the other address family"));
        }
        allocation.expires = now + lifetime;
        if lifetime.is_zero() {
            self.release(effects, client);
        }
        Ok(Builder::answer(request, Class::Success).lifetime_s(lifetime.as_secs() as u32))
    }

    /// Handles a CreatePermission request (RFC 8656 §10.2).
    fn create_permission(
        &mut self,
        now: Instant,
        client: FiveTuple,
        request: &Message,
        proven: &Proven,
    ) -> Result<Builder, ErrorResponse> {
        let most = self.limits.permissions;
        let ip = self.owned(client, proven)?.ip;
        let peers: Vec<IpAddr> = request.xor_peers().map(|peer| peer.ip()).collect();
        if peers.is_empty() {
            return Err(refusal(400, "XOR-PEER-ADDRESS is missing"));
        }
        peers.iter().try_for_each(|peer| self.check_peer(ip, *peer))?;
        if !self.owned(client, proven)?.permit(now, &peers, most) {
            return Err(refusal(508, "Too many permissions"));
        }
        Ok(Builder::answer(request, Class::Success))
    }

    fn check_peer(&self, relay: IpAddr, peer: IpAddr) -> Result<(), ErrorResponse> {
        if relay.is_ipv4() != peer.is_ipv4() {
            return Err(refusal(443, "Peer Address Family Mismatch"));
        }
        let at = self.aliases.inside(SocketAddr::new(peer, 0)).ip();
        let is_allowed =
            self.relaying.peers.allow(peer) || (self.relaying.between_relays && self.relaying.is_relays(at));
        if is_allowed { Ok(()) } else { Err(refusal(403, "Forbidden")) }
    }

    /// Handles a ChannelBind request (RFC 8656 §12.2).
    fn bind_channel(
        &mut self,
        now: Instant,
        client: FiveTuple,
        request: &Message,
        proven: &Proven,
    ) -> Result<Builder, ErrorResponse> {
        let limits = self.limits;
        let ip = self.owned(client, proven)?.ip;
        let (Some(number), Some(peer)) = (request.channel_number(), request.xor_peer()) else {
            return Err(refusal(400, "CHANNEL-NUMBER or XOR-PEER-ADDRESS is missing"));
        };
        if !CHANNELS.contains(&number) || peer.port() == 0 {
            return Err(refusal(400, "The channel number or the port is out of range"));
        }
        self.check_peer(ip, peer.ip())?;
        self.owned(client, proven)?.bind(now, number, peer, &limits).map_err(|problem| match problem {
            NotChannel::Conflict => refusal(400, "The channel or the peer is bound otherwise"),
            NotChannel::Full => refusal(508, "Too many channels or permissions"),
        })?;
        Ok(Builder::answer(request, Class::Success))
    }

    pub(super) fn release(&mut self, effects: &mut Effects, client: FiveTuple) {
        if let Some(allocation) = self.remove(client) {
            self.relays.remove(&allocation.socket);
            effects.close(allocation.socket);
        }
    }

    fn remove(&mut self, client: FiveTuple) -> Option<ServerAllocation> {
        let removed = self.allocations.remove(&client)?;
        self.sources.give_back(client.at.ip(), 1);
        Some(removed)
    }

    /// Removes expired allocations, and asks for a wake when the next one expires.
    pub(super) fn expire(&mut self, now: Instant, effects: &mut Effects) {
        let expired =
            |(client, allocation): (&FiveTuple, &ServerAllocation)| (allocation.expires <= now).then_some(*client);
        for client in self.allocations.iter().filter_map(expired).collect::<Vec<_>>() {
            self.release(effects, client);
        }
        if let Some(next) = self.allocations.values().map(|allocation| allocation.expires).min() {
            effects.look_again(next);
        }
    }

    pub(super) fn close(&mut self, effects: &mut Effects) {
        self.relays.clear();
        self.sources = Ledger::new(self.limits.allocations);
        std::mem::take(&mut self.allocations).into_values().for_each(|allocation| effects.close(allocation.socket));
    }
}
