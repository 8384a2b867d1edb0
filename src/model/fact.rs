//! What can happen, in the words of the RFCs: a closed list, a file for each group.
//!
//! A fact says what was seen, never what it means. Every fact names the endpoints it is about, so that a judgement
//! needs nothing but facts. Durations are in milliseconds with fractions, sizes in bytes.

mod browser;
mod call;
mod dns;
mod host;
mod ice;
mod run;
mod signalling;
mod stream;
mod stun;
mod turn;

pub use browser::BrowserFact;
pub use call::CallFact;
pub use dns::DnsFact;
pub use host::HostFact;
pub use ice::IceFact;
pub use run::RunFact;
pub use signalling::SignallingFact;
pub use stream::StreamFact;
pub use stun::{Anomaly, Asked, Method, StunFact};
pub use turn::{Leg, TurnFact};

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;
use std::net::SocketAddr;

/// One thing that was seen. In JSON the group does not show: `kind` names the fact.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Fact {
    /// About this machine.
    Host(HostFact),
    /// About the names of servers.
    Dns(DnsFact),
    /// About a TCP or TLS connection to a server.
    Stream(StreamFact),
    /// About STUN over one transport to one server, and what it shows of the NAT.
    Stun(StunFact),
    /// About an allocation of a TURN server, or one leg of its relay.
    Turn(TurnFact),
    /// About the channel between the two ends.
    Signalling(SignallingFact),
    /// About the checks between two ends.
    Ice(IceFact),
    /// About a call's progress and traffic.
    Call(CallFact),
    /// What a browser reported.
    Browser(BrowserFact),
    /// About the run itself.
    Run(RunFact),
}

impl Fact {
    /// The server that the fact is about.
    pub fn server(&self) -> Option<SocketAddr> {
        match self {
            Self::Dns(fact) => fact.server(),
            Self::Stream(fact) => fact.server(),
            Self::Stun(fact) => fact.server(),
            Self::Turn(fact) => fact.server(),
            Self::Host(_) | Self::Signalling(_) | Self::Ice(_) | Self::Call(_) | Self::Browser(_) | Self::Run(_) => {
                None
            }
        }
    }

    /// Whether only a meeting with another end brings such a fact about.
    pub fn is_of_a_meeting(&self) -> bool {
        matches!(self, Self::Signalling(_) | Self::Ice(_))
    }
}

/// serde's own words for a variant that an enum does not have ([`serde::de::Error::unknown_variant`]).
pub(super) fn is_unknown_variant(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("unknown variant ")
}

/// Reads a fact of one group.
type Reader = fn(&Value) -> Result<Fact, serde_json::Error>;

/// The group that knows the kind reads the fact. A derived reader of an untagged enum would tell "no variant fits" of a
/// malformed fact and of one from a later release alike, and these two are told apart.
impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        let readers: [Reader; 10] = [
            |value| HostFact::deserialize(value).map(Self::Host),
            |value| DnsFact::deserialize(value).map(Self::Dns),
            |value| StreamFact::deserialize(value).map(Self::Stream),
            |value| StunFact::deserialize(value).map(Self::Stun),
            |value| TurnFact::deserialize(value).map(Self::Turn),
            |value| SignallingFact::deserialize(value).map(Self::Signalling),
            |value| IceFact::deserialize(value).map(Self::Ice),
            |value| CallFact::deserialize(value).map(Self::Call),
            |value| BrowserFact::deserialize(value).map(Self::Browser),
            |value| RunFact::deserialize(value).map(Self::Run),
        ];
        for read in readers {
            match read(&value) {
                Err(error) if is_unknown_variant(&error) => {}
                read => return read.map_err(D::Error::custom),
            }
        }
        let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
        Err(D::Error::unknown_variant(kind, &[]))
    }
}
