//! What can happen, in the words of the RFCs: a closed list, a file for each group.
//!
//! A fact says what was seen, never what it means. Every fact names the endpoints it is about, so that a judgement
//! needs nothing but facts. Durations are in milliseconds with fractions, sizes in bytes.

mod browser;
mod call;
mod configuration;
mod dns;
mod echo;
mod hops;
mod host;
mod ice;
mod run;
mod signalling;
mod stream;
mod stun;
mod turn;

pub use browser::BrowserFact;
pub use call::CallFact;
pub use configuration::ConfigurationFact;
pub use dns::DnsFact;
pub use echo::EchoFact;
pub use hops::{DatagramClass, HopFact, PortControl};
pub use host::HostFact;
pub use ice::IceFact;
pub use run::{CallFile, RunFact};
pub use signalling::SignallingFact;
pub use stream::{ProxyReach, StreamFact};
pub use stun::{Anomaly, Asked, Method, PacedRequest, StunFact};
pub use turn::{Leg, TurnFact};

use super::read::{ValueReader, words_of};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::LazyLock;

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
    /// About the routers on the way to a server.
    Hops(HopFact),
    /// About what a server of ours sends back.
    Echo(EchoFact),
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
    /// About the servers that an application hands its browsers.
    Configuration(ConfigurationFact),
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
            Self::Echo(fact) => Some(fact.server()),
            Self::Host(_)
            | Self::Hops(_)
            | Self::Signalling(_)
            | Self::Ice(_)
            | Self::Call(_)
            | Self::Browser(_)
            | Self::Configuration(_)
            | Self::Run(_) => None,
        }
    }

    /// Whether only a meeting with another end brings such a fact about.
    pub fn is_of_a_meeting(&self) -> bool {
        matches!(self, Self::Signalling(_) | Self::Ice(_))
    }
}

/// The group that knows a kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FactGroup {
    Host,
    Dns,
    Stream,
    Stun,
    Hops,
    Echo,
    Turn,
    Signalling,
    Ice,
    Call,
    Browser,
    Configuration,
    Run,
}

/// The kinds of fact that each group knows.
fn kinds() -> [(FactGroup, &'static [&'static str]); 13] {
    [
        (FactGroup::Host, words_of::<HostFact>(KIND)),
        (FactGroup::Dns, words_of::<DnsFact>(KIND)),
        (FactGroup::Stream, words_of::<StreamFact>(KIND)),
        (FactGroup::Stun, words_of::<StunFact>(KIND)),
        (FactGroup::Hops, words_of::<HopFact>(KIND)),
        (FactGroup::Echo, words_of::<EchoFact>(KIND)),
        (FactGroup::Turn, words_of::<TurnFact>(KIND)),
        (FactGroup::Signalling, words_of::<SignallingFact>(KIND)),
        (FactGroup::Ice, words_of::<IceFact>(KIND)),
        (FactGroup::Call, words_of::<CallFact>(KIND)),
        (FactGroup::Browser, words_of::<BrowserFact>(KIND)),
        (FactGroup::Configuration, words_of::<ConfigurationFact>(KIND)),
        (FactGroup::Run, words_of::<RunFact>(KIND)),
    ]
}

/// The group of each kind.
static GROUPS: LazyLock<BTreeMap<&'static str, FactGroup>> = LazyLock::new(|| {
    kinds().into_iter().flat_map(|(group, kinds)| kinds.iter().map(move |kind| (*kind, group))).collect()
});

/// The field by which the facts of every group are told apart.
const KIND: &str = "kind";

impl Fact {
    /// Reads a fact by the group that knows its kind. A derived reader of an untagged enum would tell "no variant fits"
    /// of a malformed fact and of one from a later release alike, and these two are told apart.
    pub(super) fn read<E: de::Error>(value: &Value) -> Result<Self, E> {
        let kind = value.get(KIND).and_then(Value::as_str).ok_or_else(|| E::missing_field(KIND))?;
        let from = ValueReader::new(value);
        match GROUPS.get(kind) {
            Some(FactGroup::Host) => HostFact::deserialize(from).map(Self::Host),
            Some(FactGroup::Dns) => DnsFact::deserialize(from).map(Self::Dns),
            Some(FactGroup::Stream) => StreamFact::deserialize(from).map(Self::Stream),
            Some(FactGroup::Stun) => StunFact::deserialize(from).map(Self::Stun),
            Some(FactGroup::Hops) => HopFact::deserialize(from).map(Self::Hops),
            Some(FactGroup::Echo) => EchoFact::deserialize(from).map(Self::Echo),
            Some(FactGroup::Turn) => TurnFact::deserialize(from).map(Self::Turn),
            Some(FactGroup::Signalling) => SignallingFact::deserialize(from).map(Self::Signalling),
            Some(FactGroup::Ice) => IceFact::deserialize(from).map(Self::Ice),
            Some(FactGroup::Call) => CallFact::deserialize(from).map(Self::Call),
            Some(FactGroup::Browser) => BrowserFact::deserialize(from).map(Self::Browser),
            Some(FactGroup::Configuration) => ConfigurationFact::deserialize(from).map(Self::Configuration),
            Some(FactGroup::Run) => RunFact::deserialize(from).map(Self::Run),
            None => Err(E::unknown_variant(kind, &[])),
        }
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(&Value::deserialize(from)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_known_and_to_one_group_alone() {
        assert!(kinds().iter().all(|(_, kinds)| !kinds.is_empty()));
        assert_eq!(GROUPS.len(), kinds().map(|(_, kinds)| kinds.len()).iter().sum::<usize>());
        let of = |kind| GROUPS.get(kind).copied();
        assert_eq!([of("mapped"), of("odd"), of("teleported")], [Some(FactGroup::Stun), Some(FactGroup::Stun), None]);
    }
}
