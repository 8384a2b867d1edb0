//! Names that lead nowhere, that are all denied alike, or that a handshake breaks off for: what is not asked, and what is
//! asked beside them.

use super::{Checkup, ProbeRole};
use crate::model::{
    Code, DnsFact, DnsFailure, DnsKind, DnsRecord, Fact, Failure, FailureMessage, Family, Origin, Question, ServerUri,
    StunFact, Tls, TlsProblem,
};
use crate::probe::{NameControl, ServerNameProbe};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

/// What the name server has said so far.
#[derive(Debug, Default)]
pub(super) struct NameSigns {
    /// Whether some names do not exist.
    denied: bool,
    /// The names that exist, and the addresses that they lead to.
    answered: BTreeSet<String>,
    found: BTreeSet<IpAddr>,
    controlled: bool,
}

impl NameSigns {
    pub(super) fn learn(&mut self, fact: &Fact) {
        match fact {
            Fact::Dns(DnsFact::Unresolved { failure: DnsFailure::NoSuchName, record, .. }) => {
                self.denied |= *record != DnsKind::Srv
            }
            Fact::Dns(DnsFact::Resolved { name, records, .. }) => {
                self.answered.insert(name.clone());
                self.found.extend(records.iter().filter_map(|record| match record {
                    DnsRecord::Address(address) => Some(*address),
                    DnsRecord::Service { .. } => None,
                }));
            }
            _ => {}
        }
    }
}

impl Checkup {
    /// Starts the control beside names that were denied, or all lead to one place, or lead to IPv6 alone: is that so of
    /// a name that everybody knows?
    pub(super) fn control_names(&mut self) {
        let lead_to_one_place = self.names.found.len() == 1 && self.names.answered.len() > 1;
        let is_ipv6_alone = !self.families.contains_key(&Family::Ipv4) && !self.names.answered.is_empty();
        let is_doubtful = self.names.denied || lead_to_one_place || is_ipv6_alone;
        if self.resolving == 0 && is_doubtful && !self.names.controlled && !self.stopping {
            self.names.controlled = true;
            self.start(ProbeRole::Other, Box::new(NameControl::default()));
        }
    }

    /// Starts the control beside a handshake that broke off before a certificate was shown: is it the name?
    pub(super) fn control_server_name(&mut self, by: &Origin, server: SocketAddr, failure: &Failure, tls: &Tls) {
        let broke_off = matches!(failure, Failure::Tls { problem: TlsProblem::Closed | TlsProblem::TimedOut });
        let is_named = by.uri.as_ref().and_then(ServerUri::target).is_some_and(|target| target.literal().is_none());
        if let Some(uri) = by.uri.clone().filter(|_| broke_off && is_named && tls.certificates.is_empty()) {
            self.start_paced(ProbeRole::Other, server.ip(), 1, Box::new(ServerNameProbe::new(uri, server)));
        }
    }

    /// Leaves out an address that stands for nobody in particular: nothing is sent to this machine, or to everybody, by
    /// mistake.
    pub(super) fn refuse_nowhere(&mut self, uri: &ServerUri, server: SocketAddr) {
        let is_named = self.planned(uri).iter().any(|planned| planned.target.literal().is_none());
        match is_named {
            true => self.skip(Question::Binding, Some(uri.clone()), Code::NameSinkholed),
            false => {
                let failure = Failure::Other { message: FailureMessage::NoMachine };
                self.observe(Question::Binding, Some(uri.clone()), Fact::Stun(StunFact::NotOpened { server, failure }));
            }
        }
    }

    /// Whether all names have been looked up, so that every server there is has been asked.
    pub(super) fn has_asked(&self) -> bool {
        self.resolving == 0 || self.families.values().any(|state| !state.reached.is_empty())
    }
}
