//! One allocation from the server's address to the proof that it carries bytes.
//!
//! connect, challenge, allocate → permission and the peer's socket, side by side → inwards, and a refresh beside it →
//! channel → outwards → both ways with large datagrams → release.
//!
//! An ICE agent sends out of its relay at once, and a firewall before the relay that knows connections then lets the
//! answer in. So a way in that is shut is tried once more as a call would use it: the peer's socket learns its own
//! mapped address, and both sides send.

mod drive;
mod legs;

use super::RelayConfig;
use super::client::TurnClient;
use super::redirect::follow;
use crate::machine::{Bind, Instant, Open, Output, Rng, SocketId, Wake};
use crate::model::{
    Anomaly, Code, Fact, Failure, Family, HostFact, Leg, Limit, Malformed, Method, Millis, Origin, Question, RunFact,
    Scope, Teller, Transport, TurnFact, may_be_sent_to,
};
use crate::turn::{self, Error, Event};
use legs::RelayLegs;
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// How long the answer to a release is waited for: it has been sent, and nothing depends on its answer.
const LEAVE_WAIT: Duration = Duration::from_secs(1);

/// The most anomalies that are recorded one by one; others are counted.
const MOST_ODD: u32 = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
enum RelayStage {
    New,
    /// The allocation is still to come.
    Reach,
    /// The peer's socket is still to open, or its address to be permitted.
    Permit,
    /// A second allocation is still to come, or one of the two to permit the other.
    Partner,
    In,
    /// Nothing came in; the peer's socket is learning its own mapped address.
    Reflexive,
    Channel,
    Out,
    /// Data goes in and out at once, as the two ends of a call send.
    Both,
    Large,
    /// All legs are done; the answer to the refresh may still be missing.
    Refresh,
    Leave {
        until: Instant,
    },
    Over,
}

/// The peer on the other side of the relay.
enum RelayPeer {
    Nobody,
    Opening(SocketId),
    Socket { socket: SocketId, local: SocketAddr, unreachable: Vec<Failure> },
    Partner(Box<TurnClient>),
}

pub(super) struct RelayTrial {
    config: RelayConfig,
    /// The family of the relayed address that is asked for; None leaves it to the server.
    family: Option<Family>,
    /// Whether an allocation that another client's traces were in the way of was asked for on a new port.
    moved: bool,
    rng: Rng,
    out: VecDeque<Output>,
    wake: Wake,
    stage: RelayStage,
    client: TurnClient,
    /// The servers asked, the first one first.
    visited: Vec<SocketAddr>,
    sockets: u32,
    relayed: Option<SocketAddr>,
    mapped: Option<SocketAddr>,
    peer: RelayPeer,
    /// CreatePermission requests that are not answered yet.
    asking: u32,
    /// Why permission was not given; recorded when no other address gets it.
    refusals: Vec<Fact>,
    legs: RelayLegs,
    /// Whether the refresh has been answered, or will not be.
    refreshed: bool,
    releasing: u32,
    odd: u32,
    dropped: u32,
}

impl RelayTrial {
    pub(super) fn new(config: &RelayConfig, family: Family, mut rng: Rng) -> Self {
        let family = Some(family);
        let client = TurnClient::new(config, config.server, family, SocketId(0), rng.fork());
        Self {
            config: config.clone(),
            family,
            moved: false,
            rng,
            out: VecDeque::new(),
            wake: Wake::OnInput,
            stage: RelayStage::New,
            client,
            visited: vec![config.server],
            sockets: 1,
            relayed: None,
            mapped: None,
            peer: RelayPeer::Nobody,
            asking: 0,
            refusals: Vec::new(),
            legs: RelayLegs::default(),
            refreshed: false,
            releasing: 0,
            odd: 0,
            dropped: 0,
        }
    }

    fn transport(&self) -> Transport {
        self.config.target.transport
    }

    fn tell(&mut self, fact: Fact) {
        let by = Origin { question: Question::Relay, uri: Some((&self.config.target).into()) };
        self.out.push_back(Output::Observe { by, fact });
    }

    fn report_anomaly(&mut self, anomaly: Anomaly) {
        self.odd = self.odd.saturating_add(1);
        if self.odd <= MOST_ODD {
            self.tell(self.client.odd(anomaly));
        }
    }

    fn skip(&mut self, why: Code) {
        self.tell(Fact::Run(RunFact::Skipped { why }));
    }

    fn next_socket(&mut self) -> SocketId {
        let socket = SocketId(self.sockets);
        self.sockets += 1;
        socket
    }

    fn begin(&mut self, now: Instant) {
        if self.transport() == Transport::Dtls {
            self.skip(Code::DtlsNotSupported);
            return self.end();
        }
        self.stage = RelayStage::Reach;
        let open = self.client.open(now, &self.config);
        self.out.push_back(open);
    }

    /// Opens the peer's socket and asks for its permission, side by side, now that the allocation is there.
    fn allocated(&mut self, now: Instant, relayed: SocketAddr, mapped: Option<SocketAddr>) {
        (self.relayed, self.mapped) = (Some(relayed), mapped);
        if self.family.is_some_and(|family| family != Family::of(relayed.ip())) {
            self.report_anomaly(Anomaly::Malformed { problem: Malformed::OtherFamily });
            self.skip(Code::RelayMalformed);
            return self.finish(now);
        }
        // Where only a proxy leads out, no UDP from here arrives: it is not tried.
        if self.config.proxy.is_some() {
            return self.seek_partner(now);
        }
        if !may_be_sent_to(relayed, Teller::Server(self.client.server.ip())) {
            self.skip(Code::RelayAddressNotPublic);
            return self.finish(now);
        }
        self.stage = RelayStage::Permit;
        let socket = self.next_socket();
        self.peer = RelayPeer::Opening(socket);
        let open = Open::Udp { bind: Bind::Toward(relayed), dont_fragment: false };
        self.out.push_back(Output::Open { socket, open });
        // The address of our other socket is a guess before the relay has seen it: that of the first one.
        if let Some(mapped) = mapped.filter(|mapped| mapped.is_ipv4() == relayed.is_ipv4()) {
            self.permit(now, mapped.ip());
        }
    }

    fn permit(&mut self, now: Instant, peer: IpAddr) {
        self.asking += 1;
        self.client.allocation.permit(now, peer);
    }

    fn peer_opened(&mut self, now: Instant, socket: SocketId, local: SocketAddr) {
        self.peer = RelayPeer::Socket { socket, local, unreachable: Vec::new() };
        let Some(relayed) = self.relayed else { return };
        let guessed = self.mapped.filter(|mapped| mapped.is_ipv4() == relayed.is_ipv4()).map(|mapped| mapped.ip());
        // Its own address is worth a permission where the relay may see that: it leaves by another way than the first
        // one did, and no NAT stands between.
        let may_be_seen = Scope::of(local.ip()) >= Scope::of(relayed.ip());
        if guessed.is_none_or(|guessed| guessed != local.ip() && may_be_seen) {
            self.permit(now, local.ip());
        }
        self.settle_permission(now);
    }

    fn settle_permission(&mut self, now: Instant) {
        let (RelayStage::Permit, &RelayPeer::Socket { local, .. }) = (self.stage, &self.peer) else { return };
        let allocation = &self.client.allocation;
        let permitted = allocation.is_permitted(local.ip())
            || self.mapped.is_some_and(|mapped| allocation.is_permitted(mapped.ip()));
        if permitted {
            self.send_in(now);
        } else if self.asking == 0 {
            for fact in std::mem::take(&mut self.refusals) {
                self.tell(fact);
            }
            self.skip(Code::RelayNotProven);
            self.finish(now);
        }
    }

    /// Goes from relay to relay: what is left where UDP from here does not arrive.
    fn seek_partner(&mut self, now: Instant) {
        self.stage = RelayStage::Partner;
        let socket = self.next_socket();
        let rng = self.rng.fork();
        let mut partner = TurnClient::new(&self.config, self.client.server, self.family, socket, rng);
        let open = partner.open(now, &self.config);
        self.out.push_back(open);
        self.peer = RelayPeer::Partner(Box::new(partner));
    }

    fn settle_partner(&mut self, now: Instant) {
        let (RelayStage::Partner, RelayPeer::Partner(partner), Some(own)) = (self.stage, &self.peer, self.relayed)
        else {
            return;
        };
        let Some(other) = partner.allocation.relayed() else { return };
        if self.client.allocation.is_permitted(other.ip()) && partner.allocation.is_permitted(own.ip()) {
            self.send_in(now);
        }
    }

    fn give_up_partner(&mut self, now: Instant) {
        self.skip(Code::RelayNotProven);
        self.finish(now);
    }

    /// Goes on to the refresh: the legs are done, or will not be.
    fn finish(&mut self, now: Instant) {
        self.legs.crossings.clear();
        self.stage = RelayStage::Refresh;
        if self.refreshed || self.client.allocation.relayed().is_none() {
            self.leave(now);
        } else {
            self.refresh(now);
        }
    }

    /// Releases what the server holds for us.
    fn leave(&mut self, now: Instant) {
        if matches!(self.stage, RelayStage::Leave { .. } | RelayStage::Over) {
            return;
        }
        self.legs.crossings.clear();
        self.legs.reflexive = None;
        self.releasing = u32::from(self.client.release(now));
        if let RelayPeer::Partner(partner) = &mut self.peer {
            self.releasing += u32::from(partner.release(now));
        }
        self.stage = RelayStage::Leave { until: now + LEAVE_WAIT };
        if self.releasing == 0 {
            self.end();
        }
    }

    fn released(&mut self) {
        self.releasing = self.releasing.saturating_sub(1);
        if self.releasing == 0 {
            self.end();
        }
    }

    fn end(&mut self) {
        if self.stage == RelayStage::Over {
            return;
        }
        self.stage = RelayStage::Over;
        let more_odd = self.odd.saturating_sub(MOST_ODD);
        let dropped = self.dropped.saturating_add(self.client.allocation.dropped());
        for (what, ignored) in [(Limit::Anomalies, more_odd), (Limit::Unrequested, dropped)] {
            if ignored > 0 {
                self.tell(Fact::Host(HostFact::Limited { what, ignored }));
            }
        }
    }

    fn redirect(&mut self, now: Instant, alternate: Option<SocketAddr>) {
        match follow(&self.visited, alternate) {
            // It is the server behind the proxy that sends us on, and the proxy that would be asked.
            Ok(_) if self.config.proxy.is_some() => self.leave(now),
            Ok(server) => {
                self.visited.push(server);
                self.restart_on_a_new_socket(now, server);
            }
            Err(why) => {
                self.skip(why);
                self.leave(now);
            }
        }
    }

    /// Begins again on a socket of its own. What the server may hold for the old one is released.
    fn restart_on_a_new_socket(&mut self, now: Instant, server: SocketAddr) {
        self.client.release(now);
        while let Some(output) = self.client.allocation.poll() {
            if let turn::Output::Send(data) = output {
                self.out.push_back(Output::Send { socket: self.client.socket, to: self.client.server, data });
            }
        }
        self.out.push_back(Output::Close { socket: self.client.socket });
        let socket = self.next_socket();
        self.client = TurnClient::new(&self.config, server, self.family, socket, self.rng.fork());
        let open = self.client.open(now, &self.config);
        self.out.push_back(open);
    }

    fn handle_event(&mut self, now: Instant, event: Event) {
        let (transport, server, local) = (self.transport(), self.client.server, self.client.local());
        match event {
            Event::Challenged { took, software } => {
                self.tell(Fact::Turn(TurnFact::Challenged { transport, server, took_ms: took.into(), software }));
            }
            Event::Allocated { relayed, mapped, lifetime, took } => {
                let lifetime_s = u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX);
                let took_ms = Millis::from(took);
                self.tell(Fact::Turn(TurnFact::Allocated {
                    transport,
                    local,
                    server,
                    relayed,
                    mapped,
                    lifetime_s,
                    took_ms,
                }));
                self.allocated(now, relayed, mapped);
            }
            Event::Permitted { peer, took } => {
                self.tell(Fact::Turn(TurnFact::Permitted { transport, server, peer, took_ms: took.into() }));
                self.asking = self.asking.saturating_sub(1);
                self.settle_permission(now);
                self.settle_partner(now);
            }
            Event::ChannelBound { peer, channel, took } => {
                let took_ms = took.into();
                self.tell(Fact::Turn(TurnFact::ChannelBound { transport, server, peer, channel, took_ms }));
                self.send_out();
            }
            Event::Refreshed { lifetime, took } => {
                let lifetime_s = u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX);
                self.tell(Fact::Turn(TurnFact::Refreshed { transport, server, lifetime_s, took_ms: took.into() }));
                self.refresh_settled(now);
            }
            Event::Released { took } => {
                self.tell(Fact::Turn(TurnFact::Released { transport, server, took_ms: took.into() }));
                self.released();
            }
            Event::Lost { after } => {
                self.tell(Fact::Turn(TurnFact::AllocationLost { transport, server, after_ms: after.into() }));
                self.leave(now);
            }
            Event::Data { peer, data } => self.arrived(now, Leg::In, peer, &data),
            Event::Anomalous(anomaly) => self.report_anomaly(anomaly),
            Event::Failed { method, peer, error } => self.handle_failure(now, method, peer, error),
        }
    }

    fn handle_failure(&mut self, now: Instant, method: Method, peer: Option<IpAddr>, error: Error) {
        let facts = self.client.failure(method, error.clone());
        if method == Method::CreatePermission {
            self.asking = self.asking.saturating_sub(1);
            match (self.stage, &self.peer) {
                (RelayStage::Partner, RelayPeer::Partner(partner))
                    if partner.allocation.relayed().map(|relayed| relayed.ip()) == peer =>
                {
                    facts.into_iter().for_each(|fact| self.tell(fact));
                    self.give_up_partner(now);
                }
                _ => {
                    if self.refusals.is_empty() {
                        self.refusals = facts;
                    }
                    self.settle_permission(now);
                }
            }
            return;
        }
        if let (Method::Allocate, Error::Refused { code: 437, .. }, false) = (method, &error, self.moved) {
            // RFC 8656 §7.4: another 5-tuple; traces of an earlier client on this one are no fault of the server's.
            self.moved = true;
            return self.restart_on_a_new_socket(now, self.client.server);
        }
        facts.into_iter().for_each(|fact| self.tell(fact));
        match (method, error) {
            (Method::Allocate, Error::Refused { code: 300, alternate, .. }) => self.redirect(now, alternate),
            // A client that names no family is given IPv4 (RFC 8656 §7.2): what was refused is our own wish.
            (Method::Allocate, Error::Refused { code: 440, .. })
                if self.family == Some(Family::Ipv6) && !self.config.families.contains(&Family::Ipv4) =>
            {
                self.family = None;
                self.restart_on_a_new_socket(now, self.client.server);
            }
            // Data can go in a Send indication too: the leg is tried, though not over a channel.
            (Method::ChannelBind, _) => self.send_out(),
            (Method::Refresh, _) if matches!(self.stage, RelayStage::Leave { .. }) => self.released(),
            (Method::Refresh, _) => self.refresh_settled(now),
            _ => self.leave(now),
        }
    }

    fn refresh_settled(&mut self, now: Instant) {
        self.refreshed = true;
        if self.stage == RelayStage::Refresh {
            self.leave(now);
        }
    }

    fn handle_partner_event(&mut self, now: Instant, event: Event) {
        let Some(own) = self.relayed else { return };
        match event {
            Event::Allocated { relayed, .. } => {
                if let RelayPeer::Partner(partner) = &mut self.peer {
                    partner.allocation.permit(now, own.ip());
                }
                self.permit(now, relayed.ip());
                self.settle_partner(now);
            }
            Event::Permitted { .. } => self.settle_partner(now),
            Event::Data { peer, data } => self.arrived(now, Leg::Out, peer, &data),
            Event::Released { .. } => self.released(),
            Event::Failed { method: Method::Refresh, .. } if matches!(self.stage, RelayStage::Leave { .. }) => {
                self.released();
            }
            Event::Failed { method: Method::CreatePermission, error, .. } if self.stage == RelayStage::Partner => {
                if let RelayPeer::Partner(partner) = &self.peer {
                    let facts = partner.failure(Method::CreatePermission, error);
                    facts.into_iter().for_each(|fact| self.tell(fact));
                }
                self.give_up_partner(now);
            }
            Event::Failed { .. } | Event::Lost { .. } if self.stage == RelayStage::Partner => self.give_up_partner(now),
            _ => {}
        }
    }
}
