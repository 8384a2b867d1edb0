//! An ICE agent (RFC 8445) that goes on until every pair is judged.
//!
//! It gathers from this machine's addresses and the servers that its owner names, takes the peer's candidates as they
//! trickle in (RFC 8838), checks every pair at one pace, nominates, and keeps asking for consent (RFC 7675). Unlike an agent
//! that only wants to connect it does not stop at the first pair: each is sampled, or asked until its silence counts.
//! What is signalled, and when the call is over, is the owner's business.
//!
//! The agent itself keeps the credentials, the pace and the order of things. The rest is a machine of its own each:
//!
//! | machine | answers |
//! |---|---|
//! | [`AgentBases`] | where do we send from, and what has come in there? |
//! | [`Gatherer`] | which candidates do we have? (§5.1) |
//! | [`RemoteCandidates`] | which of the peer's are taken? (§5.3) |
//! | [`Checks`] | which pair is checked now, and what has become of each? (§6, §7) |
//! | [`Nominator`] | which pair carries the call? (§8) |
//! | [`RoleState`] | who controls? (§7.3.1.1) |
//! | [`Consent`] | may we go on sending? (RFC 7675) |
//! | [`CredentialWatch`] | does what comes go with both descriptions? (§7.2.2) |
//! | [`RelayWatch`] | is the relay that carries the call still there? |

mod driving;
mod exchange;
mod report;
#[cfg(test)]
mod tests;

use super::agent_io::AgentIo;
use super::bases::{AgentBases, BaseEvent, PeerScope};
use super::check::IceCredentials;
use super::checks::Checks;
use super::config::{Config, Event, IceServer, OUR_PACE, RemoteDescription, SLOWEST_PACE, USUAL_PACE};
use super::consent::Consent;
use super::credentials::CredentialWatch;
use super::former::FormerPair;
use super::gatherer::{Gatherer, server_control};
use super::line::RemoteCandidate;
use super::nominator::Nominator;
use super::relay_watch::{RelayWatch, control_targets};
use super::remote::{NameResult, OwnNetworks, RemoteCandidates};
use super::roles::RoleState;
use crate::machine::{Instant, Rng, Wake};
use crate::model::{CandidateType, Fact, IceFact, Interface, PairFailure, Role, Target};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

/// A relay answers a release within this time, or its allocation is left to expire.
const RELEASE_TIMEOUT: Duration = Duration::from_millis(1000);

/// One end of an ICE session.
pub struct Agent {
    config: Config,
    io: AgentIo,
    roles: RoleState,
    ours: IceCredentials,
    theirs: Option<RemoteDescription>,
    /// When the peer's first description came.
    described_at: Option<Instant>,
    bases: AgentBases,
    gatherer: Gatherer,
    remotes: RemoteCandidates,
    checks: Checks,
    nominator: Nominator,
    consent: Consent,
    relay_watch: RelayWatch,
    credentials: CredentialWatch,
    /// The time before which nothing is sent, to keep the pace.
    next_send: Instant,
    /// When it last restarted.
    restarted_at: Option<Instant>,
    /// What carries media until a pair is selected after a restart that the peer announced.
    former: Option<FormerPair>,
    /// When it ends at the latest, once it has been told to.
    closing: Option<Instant>,
    is_over: bool,
    /// The peer's media, until the owner takes them.
    media: VecDeque<Vec<u8>>,
}

impl Agent {
    /// An agent that begins with its first input, which must be the interfaces. The same `rng` gives the same session.
    pub fn new(config: Config, mut rng: Rng) -> Self {
        let roles = RoleState::new(config.role, u64::from_be_bytes(rng.bytes()));
        Self {
            config,
            roles,
            ours: IceCredentials::random(&mut rng),
            io: AgentIo::new(rng),
            theirs: None,
            described_at: None,
            bases: AgentBases::default(),
            gatherer: Gatherer::new(config),
            remotes: RemoteCandidates::default(),
            checks: Checks::default(),
            nominator: Nominator::default(),
            consent: Consent::default(),
            relay_watch: RelayWatch::default(),
            credentials: CredentialWatch::default(),
            next_send: Instant::START,
            restarted_at: None,
            former: None,
            closing: None,
            is_over: false,
            media: VecDeque::new(),
        }
    }

    // What its owner asks.

    /// What the peer must know to check us (RFC 8445 §5.3).
    pub fn credentials(&self) -> &IceCredentials {
        &self.ours
    }

    /// Whether the peer's description is there.
    pub fn is_described(&self) -> bool {
        self.theirs.is_some()
    }

    /// Whether the peer's description is the one with this user name fragment.
    pub fn is_remote(&self, ufrag: &str) -> bool {
        self.theirs.as_ref().is_some_and(|theirs| theirs.credentials.ufrag == ufrag)
    }

    /// Whether no candidate is to come from us any more.
    pub fn has_gathered(&self) -> bool {
        self.gatherer.is_complete()
    }

    /// Whether there is nothing more to find out: both ends' candidates are known and every pair is judged.
    pub fn is_judged(&self) -> bool {
        self.gatherer.is_complete()
            && self.described_at.is_some()
            && self.remotes.is_settled()
            && self.checks.list().is_over(self.io.now)
    }

    /// When a check of the peer's, or an answer to one of ours, was received last.
    pub fn last_received(&self) -> Option<Instant> {
        self.checks.last_received()
    }

    /// Since when it has the peer's description and nothing to check it by: no candidate, no check, nor that none follows.
    pub fn awaits_candidates_since(&self) -> Option<Instant> {
        let is_waiting = self.remotes.has_none() && !self.remotes.is_complete() && self.last_received().is_none();
        self.described_at.filter(|_| is_waiting && self.theirs.is_some())
    }

    /// When it last restarted; None where it never did.
    pub fn restarted_at(&self) -> Option<Instant> {
        self.restarted_at
    }

    /// Whether there is something to signal.
    pub fn has_events(&self) -> bool {
        self.io.has_events()
    }

    /// The next thing to signal to the peer.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.io.poll_event()
    }

    // What its owner tells.

    /// A server that may be asked, as its address becomes known.
    pub fn add_server(&mut self, now: Instant, server: IceServer) {
        self.io.now = now;
        if self.closing.is_none() {
            self.gatherer.add_server(&mut self.io, &mut self.bases, server);
        }
    }

    /// No more servers will be added.
    pub fn no_more_servers(&mut self) {
        self.gatherer.no_more_servers();
    }

    /// The peer's description: checks begin. One with other credentials than before is the peer's restart, which the owner
    /// answers with one of ours ([`Agent::follow_restart`]) first.
    pub fn set_remote(&mut self, now: Instant, description: RemoteDescription) {
        self.io.now = now;
        if self.closing.is_some() {
            return;
        }
        let RemoteDescription { lite, pace, .. } = description;
        if let Some(asked) = pace.filter(|pace| *pace > SLOWEST_PACE) {
            let (asked_ms, granted_ms) = (asked.into(), SLOWEST_PACE.into());
            self.io.report(Fact::Ice(IceFact::PaceBounded { asked_ms, granted_ms }));
        }
        if lite {
            // Of a full and a lite agent the full one controls, whoever offers: that is no conflict (RFC 8445 §6.1.1).
            self.roles.assume(Role::Controlling);
        }
        self.theirs = Some(description);
        self.described_at.get_or_insert(now);
        // What was paced without knowing the peer's wish is not waited for longer.
        self.next_send = self.next_send.min(now + self.pace());
        let role = self.roles.role();
        self.io.report(Fact::Ice(IceFact::Described { role, lite }));
        for base in 0..self.bases.len() {
            self.gatherer.start_control(&self.io, &self.bases, base);
        }
        for check in self.checks.take_early() {
            self.peer_check(check);
        }
        self.pump();
    }

    /// A candidate of the peer's (RFC 8838); at most [`super::MOST_CANDIDATES`] are taken.
    pub fn add_remote_candidate(&mut self, now: Instant, candidate: RemoteCandidate) {
        self.io.now = now;
        if let Some(address) = self.remotes.add(&mut self.io, &candidate) {
            self.admit(candidate, address);
        }
        self.pump();
    }

    /// The peer has no more candidates.
    pub fn end_of_remote_candidates(&mut self, now: Instant) {
        self.io.now = now;
        self.remotes.complete();
        self.pump();
    }

    /// Leaves the address that data goes from for those of other interfaces that lead out, or, where there are none, for
    /// other ports: what a machine does that changes from Wi-Fi to mobile data.
    pub fn roam(&mut self, now: Instant) {
        let base = self.selected_base().and_then(|base| self.bases.get(base));
        let host = base.and_then(|base| base.candidate.as_ref()).filter(|own| own.kind == CandidateType::Host);
        if let Some(used) = host.map(|host| host.address) {
            self.gatherer.leave_interface(used);
        }
        if self.closing.is_none() {
            self.restart(now);
        }
    }

    /// New credentials, and everything from the beginning (RFC 8445 §9). What was found out is reported before.
    pub fn restart(&mut self, now: Instant) {
        self.io.now = now;
        self.report_all();
        self.leave_former_pair();
        self.begin_session();
    }

    /// The same where the peer has announced a restart. The pair that carries media is kept until another is selected, and
    /// nothing need be signalled: the owner's answer does it.
    pub fn follow_restart(&mut self, now: Instant) {
        self.restart_beside_pair(now);
        self.io.withdraw(&Event::Restarted);
    }

    /// Servers that take the place of former ones, whose credentials run out. What is gathered from now on asks them; where
    /// the selected pair goes through a former one, everything begins anew at once, since its allocation keeps its user
    /// (RFC 8656 §5): then it is true.
    pub fn renew_servers(&mut self, now: Instant, former: &[Target], fresh: Vec<IceServer>) -> bool {
        let relay = self.selected_base().and_then(|base| self.bases.get(base)?.relay());
        let uri = relay.map(|relay| relay.server.uri.clone());
        let restarts = self.closing.is_none() && uri.is_some_and(|uri| former.iter().any(|target| uri.is(target)));
        self.gatherer.replace_servers(former, fresh);
        if restarts {
            self.restart_beside_pair(now);
        }
        restarts
    }

    /// New credentials, and everything from the beginning, but for the pair that carries media, until another is selected.
    fn restart_beside_pair(&mut self, now: Instant) {
        self.io.now = now;
        self.report_all();
        let former = self.former.take().or_else(|| self.take_pair());
        self.begin_session();
        self.former = former;
    }

    /// The selected pair, taken out of the session that ends, which has no bases then.
    fn take_pair(&mut self) -> Option<FormerPair> {
        let credentials = [self.ours.clone(), self.theirs.as_ref()?.credentials.clone()];
        let at = self.nominator.selected()?;
        let (local, peer) = (&self.checks.list().pair(at)?.local, self.checks.list().endpoint(at)?);
        let (base, priority) = (local.base, local.priority);
        let bases = std::mem::take(&mut self.bases);
        FormerPair::of(&mut self.io, bases, (base, peer), credentials, (priority, &self.roles))
    }

    fn begin_session(&mut self) {
        let now = self.io.now;
        self.io.report(Fact::Ice(IceFact::Restarted));
        self.bases.close(&mut self.io);
        let config = Config { role: self.roles.role(), ..self.config };
        let fresh = Self::new(config, self.io.rng.fork());
        let mut old = std::mem::replace(self, fresh);
        std::mem::swap(&mut self.io.rng, &mut old.io.rng);
        let (interfaces, servers, servers_complete) = old.gatherer.into_inputs();
        self.io = old.io.restarted();
        self.roles = old.roles.restarted();
        self.consent = old.consent.restarted();
        self.relay_watch = old.relay_watch.restarted();
        self.restarted_at = Some(now);
        self.io.signal(Event::Restarted);
        if let Some(interfaces) = interfaces {
            self.gatherer.start(&mut self.io, &mut self.bases, interfaces);
        }
        for server in servers {
            self.gatherer.add_server(&mut self.io, &mut self.bases, server);
        }
        if servers_complete {
            self.gatherer.no_more_servers();
        }
        self.pump();
    }

    /// Nothing comes any more, says the owner: where the selected pair goes through a relay of ours, that is asked.
    pub fn check_relay(&mut self, now: Instant) {
        self.io.now = now;
        let Some(base) = self.selected_base().filter(|_| self.relay_watch.may_start()) else { return };
        let Some(relay) = self.bases.probe_relay(&mut self.io, base) else { return };
        let targets = control_targets(&self.bases, self.checks.list(), self.gatherer.servers(), base, relay);
        self.relay_watch.start(now, base, targets);
        self.send_relay_controls();
    }

    /// Nothing comes over the selected pair any more, says the owner: it is asked itself, `every` so often.
    pub fn check_pair(&mut self, now: Instant, every: Duration) {
        self.nominator.selected().into_iter().for_each(|at| self.consent.ask_pair(now, at, every));
    }

    /// Nothing comes from the peer any more, says the owner: a server is asked beside that silence, from the same socket
    /// where one is known there.
    pub fn check_silence(&mut self, now: Instant) {
        self.io.now = now;
        let server = |at: usize| {
            let base = self.bases.get(at).filter(|base| !base.gone)?;
            base.server.as_ref().map(|(server, _)| (at, *server))
        };
        let known = self.selected_base().and_then(server).or_else(|| (0..self.bases.len()).find_map(server));
        if let Some((base, server)) = known {
            self.consent.set_control(server_control(base, server, now));
        }
    }

    // Inside.

    fn pace(&self) -> Duration {
        let theirs = self.theirs.as_ref().and_then(|theirs| theirs.pace);
        theirs.unwrap_or(USUAL_PACE).clamp(OUR_PACE, SLOWEST_PACE)
    }

    /// The base of the selected pair.
    fn selected_base(&self) -> Option<usize> {
        let pair = self.nominator.selected().and_then(|at| self.checks.list().pair(at))?;
        Some(pair.local.base)
    }

    fn start(&mut self, interfaces: Vec<Interface>) {
        if self.gatherer.interfaces().is_none() {
            self.gatherer.start(&mut self.io, &mut self.bases, interfaces);
        } else if self.gatherer.change(interfaces) && self.closing.is_none() {
            self.restart(self.io.now);
        }
    }

    /// Lets the peer's candidate at this address be checked.
    fn admit(&mut self, candidate: RemoteCandidate, address: std::net::IpAddr) {
        let own = OwnNetworks {
            on_loopback: self.gatherer.is_on_loopback(),
            interfaces: self.gatherer.interfaces().unwrap_or_default(),
        };
        let remote = self.remotes.admit(&mut self.io, self.checks.list_mut(), candidate, address, own);
        if let Some(remote) = remote {
            self.checks.pair_remote(&mut self.io, &mut self.bases, self.roles.role(), remote);
        }
    }

    fn resolved(&mut self, result: NameResult) {
        match result {
            NameResult::Address(candidate, address) => self.admit(candidate, address),
            NameResult::Unknown(candidate, name) => self.report_unresolved(&candidate, &name),
            NameResult::Pending => {}
        }
    }

    fn close(&mut self) {
        if self.closing.is_none() {
            self.closing = Some(self.io.now + RELEASE_TIMEOUT);
            self.report_all();
            self.leave_former_pair();
            self.bases.release(self.io.now);
            self.gatherer.stop();
        }
    }

    fn base_event(&mut self, event: BaseEvent) {
        let (io, bases) = (&mut self.io, &mut self.bases);
        match event {
            BaseEvent::Bound { base, local } => self.gatherer.bound(io, bases, base, local),
            BaseEvent::Allocated { base, relayed, mapped } => self.gatherer.allocated(io, bases, base, relayed, mapped),
            BaseEvent::Received { base, from, data } => self.received(base, from, data),
            BaseEvent::Unreachable { base, peer, failure } => self.unreachable(base, &peer, &failure),
            BaseEvent::RelayChecked { base, found, asked } => self.relay_checked(base, found, asked),
        }
    }

    fn unreachable(&mut self, base: usize, peer: &PeerScope, failure: &PairFailure) {
        let fits = |endpoint: SocketAddr| match peer {
            PeerScope::Endpoint(one) => *one == endpoint,
            PeerScope::Address(address) => *address == endpoint.ip(),
            PeerScope::Everything => true,
        };
        self.checks.list_mut().fail_pairs(base, fits, failure);
    }

    /// Handles what the bases have brought, and pairs those that have become candidates.
    fn take_events(&mut self) {
        while let Some(event) = self.bases.poll_event() {
            self.base_event(event);
            while let Some(base) = self.gatherer.poll_base() {
                self.checks.pair_base(&mut self.io, &mut self.bases, self.roles.role(), base);
            }
        }
    }

    /// Lets everything that is due happen.
    fn pump(&mut self) {
        let now = self.io.now;
        while let Some(base) = self.gatherer.poll_base() {
            self.checks.pair_base(&mut self.io, &mut self.bases, self.roles.role(), base);
        }
        self.bases.handle_wake(&mut self.io);
        self.take_events();
        if let Some(former) = &mut self.former {
            let media = former.advance(&mut self.io);
            self.take_former(media);
        }
        if let Some(until) = self.closing {
            self.is_over |= now >= until || !self.bases.is_releasing();
            return;
        }
        if self.relay_watch.take_move() {
            return self.restart(now);
        }
        self.send_relay_controls();
        self.send_paced();
        self.take_events();
        let is_patient = self.is_patient();
        self.checks.expire(now, is_patient, &self.bases);
        self.report_judged();
        self.gatherer.finish(&mut self.io, &self.bases);
    }

    /// Whether the peer may not know of us yet.
    fn is_patient(&self) -> bool {
        let until = self.described_at.map(|at| at + self.config.patience);
        self.last_received().is_none() && until.is_some_and(|until| self.io.now < until)
    }

    fn wake(&self) -> Wake {
        if self.is_over {
            return Wake::Finished;
        }
        let next = match self.closing {
            Some(until) => self.bases.wake().into_iter().chain([until]).min(),
            None => {
                let former = self.former.as_ref().and_then(FormerPair::wake);
                [self.bases.wake(), self.send_due(), self.relay_watch.due(), former].into_iter().flatten().min()
            }
        };
        next.map_or(Wake::OnInput, Wake::At)
    }
}
