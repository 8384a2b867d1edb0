//! What is measured beside the NAT, through the server that is nearest: the path's MTU, how long a mapping lives that is
//! idle and a flow that is in use, the candidates, the relays, and last of all hairpinning.

mod counters;
mod endurance;
mod hairpinning;
mod lifetime;
mod outside;
mod path_mtu;
mod rate;
mod upnp;

pub use endurance::{EnduranceConfig, EnduranceProbe};
pub use hairpinning::{HairpinningConfig, HairpinningProbe};
pub use lifetime::{LifetimeConfig, LifetimeProbe};
pub use path_mtu::{PathMtuConfig, PathMtuProbe};

use super::{Checkup, FamilyState, ProbeRole, Queued, Reached};
use crate::machine::ChildId;
use crate::model::{Code, Family, HopFact, Interface, Question, Scope, ServerUri, Transport};
use crate::probe::echo::{EchoConfig, EchoProbe};
use crate::probe::hops::{HopsConfig, HopsProbe};
use crate::probe::{GatherConfig, GatherProbe, Planned, ProxyProbe, RelayConfig, RelayProbe};
use counters::CountersProbe;
use outside::OutsideProbe;
use rate::{RateConfig, RateProbe};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use upnp::UpnpProbe;

impl Checkup {
    /// The server that may be asked soonest, and among those the nearest.
    fn nearest(&self, family: Family) -> Option<Reached> {
        let state = self.families.get(&family)?;
        let key = |reached: &&Reached| (self.pacer.load(self.now, reached.server.ip()), reached.rtt());
        state.answering().min_by_key(key).cloned()
    }

    fn measure_path(&mut self, family: Family, sizes: &'static [u32], role: ProbeRole) {
        self.nearest(family).into_iter().for_each(|near| self.measure_path_to(&near, sizes, role));
    }

    fn measure_path_to(&mut self, reached: &Reached, sizes: &'static [u32], role: ProbeRole) {
        let (server, rtt) = (reached.server, reached.rtt());
        let probe = PathMtuProbe::new(PathMtuConfig { server, rtt, sizes }, self.rng.fork());
        self.start_paced(role, server.ip(), sizes.len(), Box::new(probe));
    }

    /// Measures smaller sizes where Ethernet's does not pass: most paths take it, and only where this one does not is
    /// it worth asking what it takes instead. Before that another machine is asked, since the first may stand behind a tunnel
    /// of its own.
    pub(super) fn measure_smaller(&mut self, family: Family) {
        let state = self.families.entry(family).or_default();
        let Some(first) = state.sized_at.filter(|_| !state.sized.contains(&true)) else { return };
        let is_first = !std::mem::replace(&mut state.sized_again, true);
        match state.at_another_host(first.ip()).filter(|_| is_first).cloned() {
            Some(other) => self.measure_path_to(&other, path_mtu::LARGEST, ProbeRole::PathMtu(family)),
            None => self.measure_path(family, path_mtu::SMALLER, ProbeRole::Other),
        }
    }

    pub(super) fn ask_hops(&mut self, family: Family) {
        self.nearest(family).into_iter().for_each(|near| self.ask_hops_to(family, &near));
        self.advance_family(family);
    }

    fn ask_hops_to(&mut self, family: Family, reached: &Reached) {
        let hops = HopsProbe::new(HopsConfig { server: reached.server, rtt: reached.rtt() }, self.rng.fork());
        self.start_paced(ProbeRole::Hops(family), reached.server.ip(), 2, Box::new(hops));
    }

    /// Asks at a second place where something was lost on the way to the first: it may have been that server's own filter, or
    /// a branch of the way whose routers say nothing.
    pub(super) fn confirm_hops(&mut self, family: Family) {
        let state = self.families.entry(family).or_default();
        let Some(first) = state.hops.lost_at.filter(|_| !state.hops.again) else { return };
        state.hops.again = true;
        let other = state.at_another_host(first).cloned();
        other.into_iter().for_each(|other| self.ask_hops_to(family, &other));
    }

    /// Asks servers of ours what becomes of what is sent to them: one at each of two addresses, which may be two networks'.
    pub(super) fn ask_echoes(&mut self, family: Family) {
        /// So many tell the network's doing from a server's own.
        const ENOUGH: usize = 2;

        let state = self.families.entry(family).or_default();
        let mut servers = std::mem::take(&mut state.hops.echoes);
        let asked = std::mem::take(&mut state.hops.echoed);
        servers.retain(|server| asked.iter().all(|other| other.ip() != server.ip()));
        let rtt = |server: &SocketAddr| {
            let reached = state.answering().find(|reached| reached.server == *server);
            reached.map(Reached::rtt).unwrap_or_default()
        };
        let mut configs: Vec<EchoConfig> = Vec::new();
        for server in servers {
            if asked.len() + configs.len() < ENOUGH && configs.iter().all(|other| other.server.ip() != server.ip()) {
                configs.push(EchoConfig { server, rtt: rtt(&server) });
            }
        }
        let all = asked.into_iter().chain(configs.iter().map(|config| config.server)).collect();
        self.families.entry(family).or_default().hops.echoed = all;
        for config in configs {
            let probe = EchoProbe::new(config, self.rng.fork());
            self.start(ProbeRole::Other, Box::new(probe));
        }
    }

    /// Asks whether this machine itself throws away what comes in, where nothing has answered over UDP. What is counted is
    /// all that comes in: so it is asked when no request is sent again any more.
    pub(super) fn ask_counters(&mut self, family: Family) {
        let state = self.families.entry(family).or_default();
        let is_due = state.asking == 0 && state.reached.is_empty() && !state.unanswered.is_counted && !self.stopping;
        let Some(server) = state.unanswered.alive.or(state.unanswered.silent).filter(|_| is_due) else { return };
        state.unanswered.is_counted = true;
        let probe = CountersProbe::new(server, self.rng.fork());
        self.start_paced(ProbeRole::Other, server.ip(), 10, Box::new(probe));
    }

    /// Starts what is asked beside the family's NAT.
    pub(super) fn measure(&mut self, family: Family) {
        let Some(near) = self.nearest(family) else { return };
        self.measure_path(family, path_mtu::LARGEST, ProbeRole::PathMtu(family));
        if family == Family::Ipv4 && near.translated {
            self.ask_router(near.local);
        }
        let Some(longest) = self.plan.lifetime else {
            return self.skip(Question::Lifetime, None, Code::NotAskedFor);
        };
        let state = self.families.get(&family);
        let Some(best) = state.and_then(|state| state.behaviour_server().cloned()).or(Some(near)) else { return };
        let other = best.other.filter(|_| best.fault().is_none());
        let lifetime = LifetimeConfig { server: best.server, other, rtt: best.rtt(), longest };
        let probe = LifetimeProbe::new(lifetime, self.rng.fork());
        self.start_paced(ProbeRole::Other, best.server.ip(), 10, Box::new(probe));
        let endurance = EnduranceConfig { server: best.server, rtt: best.rtt(), longest };
        let probe = EnduranceProbe::new(endurance, self.rng.fork());
        self.start_paced(ProbeRole::Other, best.server.ip(), 2, Box::new(probe));
    }

    /// Asks the router whether the address that the world sees is its own, or that of another NAT above it. Behind a tunnel
    /// there is no such router: the one at its other end would be asked by what it takes for a stranger.
    fn ask_router(&mut self, from: IpAddr) {
        let interfaces = || self.interfaces.iter().flatten();
        let has_address = |interface: &&Interface| interface.addresses.iter().any(|own| own.address == from);
        if interfaces().find(has_address).is_some_and(|interface| !interface.is_a_line()) {
            return self.skip(Question::Outside, None, Code::RouterNotAskable);
        }
        let lines = interfaces().filter(|interface| interface.is_a_line());
        let Some(router) = lines.flat_map(|line| &line.gateways).find(|router| router.is_ipv4()) else { return };
        let probe = OutsideProbe::new(*router, self.rng.fork());
        self.start(ProbeRole::Other, Box::new(probe));
    }

    pub(super) fn learn_of_routers(&mut self, fact: &HopFact) {
        match fact {
            HopFact::Hopped { to, tally, .. } if tally.answered == 0 && tally.sent >= HopFact::COPIES => {
                let state = self.families.entry(Family::of(to.ip())).or_default();
                state.hops.lost_at.get_or_insert(to.ip());
            }
            // What it does not say in one protocol it may say in the other.
            HopFact::OutsideAsked { router, protocol: None, .. }
                if router.port() == outside::PORT && !self.stopping =>
            {
                self.start(ProbeRole::Other, Box::new(UpnpProbe::new(router.ip())));
            }
            HopFact::Hopped { .. } | HopFact::OutsideAsked { .. } => {}
        }
    }

    pub(super) fn gather(&mut self) {
        let bases = self.bases();
        let servers: Vec<(SocketAddr, ServerUri)> = [Family::Ipv4, Family::Ipv6]
            .into_iter()
            .filter_map(|family| self.nearest(family))
            .map(|reached| (reached.server, reached.uri))
            .collect();
        let count = bases.len();
        let server = servers.first().map(|(server, _)| server.ip());
        let probe = Box::new(GatherProbe::new(GatherConfig { bases, servers }, self.rng.fork()));
        match server {
            Some(server) => self.start_paced(ProbeRole::Other, server, count, probe),
            None => drop(self.start(ProbeRole::Other, probe)),
        }
    }

    /// Asks whether quick requests are lost, where servers were silent that also answered. Nothing else is to be under way
    /// that a limit counts as well: so it is not asked beside an agent, which may be in a call. True while it is asked.
    pub(super) fn ask_rate(&mut self) -> bool {
        let is_due =
            |state: &mut FamilyState| !std::mem::replace(&mut state.is_paced, true) && state.partly_silent.exist();
        let due = self.families.iter_mut().find_map(|(family, state)| is_due(state).then_some(*family));
        let Some(family) = due.filter(|_| !self.is_beside_an_agent) else { return false };
        let servers = self.paced_servers(family);
        let state = self.families.get(&family);
        let rtt = state.and_then(|state| state.answering().map(Reached::rtt).max()).unwrap_or_default();
        let Some(at) = servers.iter().map(|server| self.pacer.reserve(self.now, server.ip(), 10)).max() else {
            return false;
        };
        let probe = Box::new(RateProbe::new(RateConfig { servers, rtt }, self.rng.fork()));
        self.queue.push(Queued { at, role: ProbeRole::Other, probe });
        true
    }

    /// One server that has answered and another one, as far away and not the same one's second address.
    fn paced_servers(&self, family: Family) -> Vec<SocketAddr> {
        let reached = || self.families.get(&family).into_iter().flat_map(|state| &state.reached);
        let Some(first) = reached().min_by_key(|reached| reached.rtt()) else { return Vec::new() };
        let (own, scope) = (first.server.ip(), Scope::of(first.server.ip()));
        let is_of_first = |address: &IpAddr| *address == own || first.other.is_some_and(|other| other.ip() == *address);
        let over_udp = self.asked.iter().filter(|(_, transport, _)| *transport == Transport::Udp);
        let candidates = reached().map(|reached| reached.server).chain(over_udp.map(|(server, ..)| *server));
        let mut others = candidates.filter(|server| {
            let is_alike = Family::of(server.ip()) == family && Scope::of(server.ip()) == scope;
            is_alike && !is_of_first(&server.ip())
        });
        [first.server].into_iter().chain(others.next()).collect()
    }

    pub(super) fn hairpin(&mut self) {
        for family in self.families.keys().copied().collect::<Vec<_>>() {
            let Some(near) = self.nearest(family) else {
                self.skip(Question::Hairpinning, None, Code::NoStunAnswer);
                continue;
            };
            if !self.plan.hairpinning {
                self.skip(Question::Hairpinning, None, Code::NotAskedFor);
            } else if !near.translated {
                self.skip(Question::Hairpinning, None, Code::NoNat);
            } else {
                let hairpinning = HairpinningConfig { server: near.server, rtt: near.rtt() };
                let probe = HairpinningProbe::new(hairpinning, self.rng.fork());
                self.start_paced(ProbeRole::Other, near.server.ip(), 2, Box::new(probe));
            }
        }
    }

    pub(super) fn ask_relay(&mut self, planned: Planned, server: SocketAddr) {
        let mut config = RelayConfig::new(planned.target, server, planned.credentials, self.plan.unix_now);
        config.insecure = self.plan.insecure;
        // Without IPv4 of our own, a relay of that family is all that leads to whoever has IPv4 alone.
        if !self.families.contains_key(&Family::Ipv4) && !config.families.contains(&Family::Ipv4) {
            config.families.push(Family::Ipv4);
        }
        self.try_relay(config);
    }

    /// Servers whose names gave no address are for the proxy to look up.
    pub(super) fn expect_unresolved(&mut self) {
        if self.resolving == 0 && !self.stopping {
            for planned in &self.plan.servers {
                self.relays.proxied.expect(self.now, &self.plan, planned, false);
            }
        }
    }

    /// Asks through the proxy for what has not come without it.
    pub(super) fn ask_proxied(&mut self) {
        for uri in self.relays.proxied.take_due(self.now) {
            let (Some(setting), Some(planned)) = (self.plan.proxy.clone(), self.planned(&uri).into_iter().next())
            else {
                continue;
            };
            // The proxy's own endpoint takes its place.
            let nowhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
            let mut config = RelayConfig::new(planned.target, nowhere, planned.credentials, self.plan.unix_now);
            config.insecure = self.plan.insecure;
            let probe = ProxyProbe::new(setting, config, self.rng.fork());
            self.start(ProbeRole::Other, Box::new(probe));
        }
    }

    fn try_relay(&mut self, config: RelayConfig) {
        let probe = RelayProbe::new(config.clone(), self.rng.fork());
        let child = self.start(ProbeRole::Relay, Box::new(probe));
        self.relays.began(child, config);
    }

    pub(super) fn relay_ended(&mut self, child: ChildId) {
        if let Some(config) = self.relays.ended(child).filter(|_| !self.stopping) {
            self.try_relay(config);
        }
    }
}
