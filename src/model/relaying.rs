//! Is the relay that carried a call still there? What was asked when nothing came any more, and what answered.

use super::{Millis, Tally, Text, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// What became of an allocation that had carried a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "relay", rename_all = "kebab-case")]
pub enum RelayState {
    /// The server kept it (a Refresh was granted).
    Answers,
    /// No answer came to any Refresh.
    Silent,
    /// The server answered that it has no such allocation for this client: 437 after a restart, or another refusal.
    Forgotten {
        /// ERROR-CODE (RFC 8489 §14.8).
        code: u16,
        /// Its reason phrase; may be empty.
        reason: Text,
    },
    /// The connection to the server ended or was reset.
    Closed,
}

/// An allocation that was asked for, since nothing came through it any more or it was lost while it carried a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RelayDoubt")]
pub struct RelayLiveness {
    /// How the client reaches the server.
    pub transport: Transport,
    /// The TURN server's endpoint.
    pub server: SocketAddr,
    /// The relayed address; null where it is not known any more.
    pub relayed: Option<SocketAddr>,
    /// What became of it; its fields stand beside these.
    #[serde(flatten)]
    pub found: RelayState,
    /// Requests to the server, and how many of them were answered.
    pub asked: Tally,
    /// Requests sent at the same time to other servers and over other pairs, and how many of them were answered.
    pub control: Tally,
    /// From the arrival of the peer's description until this was known.
    pub after_ms: Millis,
}

impl RelayLiveness {
    /// Of a control's samples so many make a silent stream more than a hiccup: TCP itself has sent four copies by then.
    const STREAM_CONTROL: u32 = 6;

    /// Whether it was the relay that died: it says so, or it is silent while other paths from this machine are not.
    pub fn is_dead(&self) -> bool {
        match &self.found {
            RelayState::Answers => false,
            RelayState::Forgotten { .. } | RelayState::Closed => true,
            RelayState::Silent => match self.transport {
                Transport::Udp | Transport::Dtls => self.asked.is_silence_beside(self.control),
                Transport::Tcp | Transport::Tls => {
                    let Tally { sent, answered: heard } = self.control;
                    self.asked.answered == 0 && heard >= Self::STREAM_CONTROL && heard * 5 >= sent * 4
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn liveness(transport: Transport, found: RelayState, control: (u32, u32)) -> RelayLiveness {
        let sent = if matches!(transport, Transport::Tcp) { 1 } else { 8 };
        RelayLiveness {
            transport,
            server: "203.0.113.10:3478".parse().expect("an address"),
            relayed: None,
            found,
            asked: Tally { sent, answered: 0 },
            control: Tally { sent: control.0, answered: control.1 },
            after_ms: Millis(1000.0),
        }
    }

    #[test]
    fn a_silent_relay_is_dead_only_beside_a_path_that_is_not() {
        for transport in [Transport::Udp, Transport::Tcp] {
            assert!(liveness(transport, RelayState::Silent, (8, 8)).is_dead(), "{transport}");
            for unsure in [(0, 0), (8, 0), (8, 2)] {
                assert!(!liveness(transport, RelayState::Silent, unsure).is_dead(), "{transport} {unsure:?}");
            }
        }
    }

    #[test]
    fn one_that_says_so_itself_needs_no_control() {
        let forgotten = RelayState::Forgotten { code: 437, reason: Text::new("Allocation Mismatch") };
        assert!(liveness(Transport::Udp, forgotten, (0, 0)).is_dead());
        assert!(liveness(Transport::Tcp, RelayState::Closed, (0, 0)).is_dead());
        assert!(!liveness(Transport::Udp, RelayState::Answers, (8, 8)).is_dead());
    }
}
