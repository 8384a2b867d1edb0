//! Whose turn is it, so that a server never holds more allocations of ours than it gives one user? (RFC 8656 §7.2, 486)
//!
//! A quota is one user's at one host, whatever the transport. So the routes are kept by host: nothing begins there before
//! the checkup has given back what it holds, then the host is asked how many it gives at once, and then the calls go.

use crate::model::Transport;
use crate::peer::loopback_call::RelayRoute;
use crate::probe::RelayConfig;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;

/// Both ends of a call with oneself have nothing but relayed addresses.
const ALLOCATIONS_OF_A_CALL: u32 = 2;

/// How many calls a host has room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum CallRoom {
    #[default]
    Unknown,
    Asking,
    /// At least one: whether a single call gets through is worth knowing in any case.
    Calls(u32),
}

struct HostTurns {
    /// How the host is asked for several allocations.
    question: RelayConfig,
    /// Routes where the checkup still holds an allocation.
    held: Vec<RelayRoute>,
    ready: VecDeque<RelayRoute>,
    room: CallRoom,
    /// Calls under way.
    running: u32,
}

/// The routes through relays, by the host of the server.
#[derive(Default)]
pub(super) struct RelayTurns {
    hosts: BTreeMap<String, HostTurns>,
    /// Hosts that refused the checkup an allocation for lack of room: it asks them once more.
    crowded: BTreeSet<String>,
    quiet: Quiet,
}

/// Whether the checkup needs the line for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Quiet {
    #[default]
    NotNeeded,
    Needed,
    /// It has had it, or is over.
    Given,
}

impl RelayTurns {
    /// The checkup has an allocation there.
    pub(super) fn hold(&mut self, host: String, question: RelayConfig, route: RelayRoute) {
        let (held, ready, room) = (Vec::new(), VecDeque::new(), CallRoom::Unknown);
        let new = || HostTurns { question, held, ready, room, running: 0 };
        self.hosts.entry(host).or_insert_with(new).held.push(route);
    }

    /// It has given that one back.
    pub(super) fn released(&mut self, server: SocketAddr, transport: Transport) {
        self.release(|route| (route.relay.server, route.relay.transport) == (server, transport));
    }

    /// The checkup got none there for lack of room: until it is over the host is its own.
    pub(super) fn refused(&mut self, host: String) {
        self.crowded.insert(host);
    }

    /// Nothing more begins before the checkup has sent what has to be alone on the line, or is over.
    pub(super) fn be_quiet(&mut self) {
        if self.quiet == Quiet::NotNeeded {
            self.quiet = Quiet::Needed;
        }
    }

    /// It has sent that.
    pub(super) fn end_quiet(&mut self) {
        self.quiet = Quiet::Given;
    }

    /// The checkup is over. What it has not given back by now it has lost.
    pub(super) fn release_all(&mut self) {
        self.end_quiet();
        self.crowded.clear();
        self.release(|_| true);
    }

    fn release(&mut self, is_it: impl Fn(&RelayRoute) -> bool) {
        for host in self.hosts.values_mut() {
            let (released, held): (Vec<_>, Vec<_>) = std::mem::take(&mut host.held).into_iter().partition(&is_it);
            host.held = held;
            host.ready.extend(released);
        }
    }

    /// A host that may be asked now how many allocations it gives at once.
    pub(super) fn next_question(&mut self) -> Option<(String, RelayConfig)> {
        let is_due =
            |host: &HostTurns| host.room == CallRoom::Unknown && host.held.is_empty() && !host.ready.is_empty();
        if self.quiet == Quiet::Needed {
            return None;
        }
        let crowded = &self.crowded;
        let (name, host) = self.hosts.iter_mut().find(|(name, host)| is_due(host) && !crowded.contains(*name))?;
        host.room = CallRoom::Asking;
        Some((name.clone(), host.question.clone()))
    }

    /// What the host gave at once.
    pub(super) fn granted(&mut self, host: &str, allocations: u32) {
        if let Some(host) = self.hosts.get_mut(host) {
            host.room = CallRoom::Calls((allocations / ALLOCATIONS_OF_A_CALL).max(1));
        }
    }

    /// The question is over, with or without an answer: what it held is given back.
    pub(super) fn question_ended(&mut self, host: &str) {
        if let Some(host) = self.hosts.get_mut(host).filter(|host| !matches!(host.room, CallRoom::Calls(_))) {
            host.room = CallRoom::Calls(1);
        }
    }

    /// The next call, where a host has room for one.
    pub(super) fn next_call(&mut self) -> Option<(String, RelayRoute)> {
        let has_room = |host: &HostTurns| matches!(host.room, CallRoom::Calls(most) if host.running < most);
        if self.quiet == Quiet::Needed {
            return None;
        }
        let (name, host) =
            self.hosts.iter_mut().find(|(_, host)| host.held.is_empty() && !host.ready.is_empty() && has_room(host))?;
        let route = host.ready.pop_front()?;
        host.running += 1;
        Some((name.clone(), route))
    }

    pub(super) fn call_ended(&mut self, host: &str) {
        if let Some(host) = self.hosts.get_mut(host) {
            host.running = host.running.saturating_sub(1);
        }
    }

    /// No more calls begin.
    pub(super) fn clear(&mut self) {
        self.hosts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ice::IceServer;
    use crate::model::ServerUri;

    fn at(address: &str) -> SocketAddr {
        address.parse().expect("an address")
    }

    fn held(turns: &mut RelayTurns, uri: &str) {
        let target: crate::model::Target = uri.parse().expect("a URI");
        let (host, transport, server) = (target.host.clone(), target.transport, at("192.0.2.1:3478"));
        let question = RelayConfig::new(target, server, None, 0);
        let (uri, server_name) = (ServerUri::from(uri), host.clone());
        let relay = IceServer { uri: uri.clone(), server, transport, server_name, relaying: None };
        turns.hold(host, question, RelayRoute { uri, relay, reflexive: None });
    }

    fn three() -> RelayTurns {
        let mut turns = RelayTurns::default();
        for uri in ["turn:a.example?transport=udp", "turn:a.example?transport=tcp", "turns:a.example"] {
            held(&mut turns, uri);
        }
        turns
    }

    #[test]
    fn nothing_begins_at_a_host_before_all_that_is_held_there_is_given_back() {
        let mut turns = three();
        turns.released(at("192.0.2.1:3478"), Transport::Udp);
        assert!(turns.next_question().is_none() && turns.next_call().is_none());
        turns.release_all();
        assert!(turns.next_call().is_none(), "not before the host has been asked");
        assert!(turns.next_question().is_some());
        assert!(turns.next_question().is_none(), "once");
    }

    #[test]
    fn a_host_that_had_no_room_for_the_checkup_is_left_to_it_until_it_is_over() {
        let mut turns = three();
        turns.refused("a.example".to_owned());
        for transport in Transport::ALL {
            turns.released(at("192.0.2.1:3478"), transport);
        }
        assert!(turns.next_question().is_none());
        turns.release_all();
        assert!(turns.next_question().is_some());
    }

    #[test]
    fn a_checkup_that_is_to_be_alone_on_the_line_is_waited_for() {
        let mut turns = three();
        for transport in Transport::ALL {
            turns.released(at("192.0.2.1:3478"), transport);
        }
        turns.be_quiet();
        assert!(turns.next_question().is_none() && turns.next_call().is_none());
        turns.end_quiet();
        turns.be_quiet();
        assert!(turns.next_question().is_some(), "once");
    }

    #[test]
    fn as_many_calls_run_side_by_side_as_the_host_gives_pairs_of_allocations() {
        for (granted, at_once) in [(0, 1), (2, 1), (3, 1), (4, 2), (6, 3)] {
            let mut turns = three();
            turns.release_all();
            turns.next_question();
            turns.granted("a.example", granted);
            turns.question_ended("a.example");
            let begun = std::iter::from_fn(|| turns.next_call()).count();
            assert_eq!(begun, at_once, "{granted} granted");
            turns.call_ended("a.example");
            assert_eq!(turns.next_call().is_some(), at_once < 3);
        }
    }

    #[test]
    fn a_host_that_does_not_say_is_called_once_at_a_time() {
        let mut turns = three();
        turns.release_all();
        turns.next_question();
        assert!(turns.next_call().is_none());
        turns.question_ended("a.example");
        assert!(turns.next_call().is_some() && turns.next_call().is_none());
    }
}
