//! What is asked through the proxy that this machine is set to use: each TURN server over TCP or TLS that has not answered
//! without it.

use crate::machine::Instant;
use crate::model::{Fact, Method, Origin, Question, ServerUri, StreamFact, StunFact, Transport, TurnFact};
use crate::probe::{Plan, Planned};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long a server is waited for without the proxy: longer than its answer takes where one packet is lost (RFC 6298 §2).
const PATIENCE: Duration = Duration::from_millis(1_500);

/// What waits to be asked through the proxy, and what was asked there.
#[derive(Debug, Default)]
pub(super) struct ProxyTrials {
    due: BTreeMap<ServerUri, Instant>,
    expected: BTreeSet<ServerUri>,
}

impl ProxyTrials {
    /// Expects the answer of a server that a browser would ask through the proxy; one that cannot be asked without it is
    /// due at once.
    pub(super) fn expect(&mut self, now: Instant, plan: &Plan, planned: &Planned, is_asked: bool) {
        let target = &planned.target;
        let is_led = plan.proxy.as_ref().is_some_and(|proxy| proxy.leads_to(&target.host, target.port_or_default()));
        let is_relay = target.scheme.relays() && matches!(target.transport, Transport::Tcp | Transport::Tls);
        let uri = ServerUri::from(target);
        if is_led && is_relay && self.expected.insert(uri.clone()) {
            self.due.insert(uri, now + if is_asked { PATIENCE } else { Duration::ZERO });
        }
    }

    /// Takes note of what came without the proxy.
    pub(super) fn learn(&mut self, now: Instant, by: &Origin, fact: &Fact) {
        let (Question::Relay, Some(uri)) = (by.question, &by.uri) else { return };
        match fact {
            Fact::Turn(TurnFact::Challenged { .. })
            | Fact::Stun(StunFact::Refused { method: Method::Allocate, .. }) => {
                self.due.remove(uri);
            }
            Fact::Stream(StreamFact::NotConnected { .. } | StreamFact::Ended { .. }) => {
                self.due.get_mut(uri).into_iter().for_each(|due| *due = now);
            }
            _ => {}
        }
    }

    /// When the next is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.due.values().min().copied()
    }

    /// What is to be asked now.
    pub(super) fn take_due(&mut self, now: Instant) -> Vec<ServerUri> {
        let due: Vec<ServerUri> = self.due.iter().filter(|(_, at)| **at <= now).map(|(uri, _)| uri.clone()).collect();
        self.due.retain(|uri, _| !due.contains(uri));
        due
    }
}
