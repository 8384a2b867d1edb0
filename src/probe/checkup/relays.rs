//! Which relays are tried, and which once more: a server may refuse an allocation because of those that the checkup itself
//! holds there (RFC 8656 §7.2, 486 and 508). What is refused so is asked for again when nothing of ours is held.

use super::proxies::ProxyTrials;
use crate::machine::ChildId;
use crate::model::Transport;
use crate::probe::RelayConfig;
use crate::turn::is_for_lack_of_room;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;

type Place = (SocketAddr, Transport);

/// The trials under way and those that come again.
#[derive(Default)]
pub(super) struct RelayTrials {
    running: BTreeMap<ChildId, RelayConfig>,
    /// Refused while others of the same host ran.
    crowded_out: BTreeSet<Place>,
    again: VecDeque<RelayConfig>,
    /// Those that are not tried a third time.
    repeated: BTreeSet<Place>,
    /// Those through a proxy.
    pub(super) proxied: ProxyTrials,
}

fn place(config: &RelayConfig) -> Place {
    (config.server, config.target.transport)
}

impl RelayTrials {
    /// A trial has begun.
    pub(super) fn began(&mut self, child: ChildId, config: RelayConfig) {
        self.running.insert(child, config);
    }

    fn is_busy(&self, host: &str) -> bool {
        self.running.values().any(|config| config.target.host == host)
    }

    /// An allocation was refused with this error.
    pub(super) fn refused(&mut self, server: SocketAddr, transport: Transport, code: u16) {
        let Some(own) = self.running.values().find(|config| place(config) == (server, transport)) else { return };
        let others = self.running.values().filter(|config| config.target.host == own.target.host).count() - 1;
        if is_for_lack_of_room(code) && others > 0 && self.repeated.insert((server, transport)) {
            self.crowded_out.insert((server, transport));
        }
    }

    /// A trial is over; one that can begin now, because nothing of ours is held at its host any more.
    pub(super) fn ended(&mut self, child: ChildId) -> Option<RelayConfig> {
        let config = self.running.remove(&child)?;
        if self.crowded_out.remove(&place(&config)) {
            self.again.push_back(config);
        }
        let next = self.again.iter().position(|config| !self.is_busy(&config.target.host))?;
        self.again.remove(next)
    }
}
