//! Will a call be direct, relayed or impossible, and why.

use super::{Code, Judged};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Path {
    /// From end to end, with at most NATs between.
    Direct,
    /// Through a TURN server.
    Relay,
    /// Not at all.
    None,
}

/// The classes of peer a forecast is made for: mapping then filtering, RFC 4787's names shortened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeerClass {
    /// A public address that nothing filters: a server, an SFU.
    Open,
    /// Endpoint-independent mapping and filtering: any peer reaches its mapped endpoint.
    EimEif,
    /// Endpoint-independent mapping, address-dependent filtering.
    EimAdf,
    /// A typical home router: endpoint-independent mapping, address-and-port-dependent filtering.
    EimApdf,
    /// A typical corporate firewall: both address-and-port-dependent.
    ApdmApdf,
    /// No UDP leaves the peer's network; it has a relay over TCP or TLS.
    UdpBlocked,
}

impl PeerClass {
    /// Every class; those that are harder to reach come later.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::EimEif, Self::EimAdf, Self::EimApdf, Self::ApdmApdf, Self::UdpBlocked];
}

impl std::fmt::Display for PeerClass {
    /// As in JSON.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

/// How a call with one class of peers would go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Forecast {
    /// The class.
    pub peer: PeerClass,
    /// How such a call would go.
    pub path: Judged<Path>,
}

/// Will calls be direct, relayed or impossible, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// How calls go. Of one end: with a typical home peer (class `eim-apdf`). Of two ends: what was tried, else what
    /// was predicted.
    pub path: Judged<Path>,
    /// The reasons, causes before what follows from them.
    pub because: Vec<Code>,
    /// What single change would make the path direct; empty where it is, or where no single change would.
    pub direct_if: Vec<Code>,
    /// How calls would go with each class of peers, the easiest first.
    pub forecast: Vec<Forecast>,
    /// With a peer whose own diagnosis is known: what the two let expect. Null in `check`.
    #[serde(default)]
    pub predicted: Option<Judged<Path>>,
    /// What the checks of the two ends' candidate pairs showed. Null where none were made.
    #[serde(default)]
    pub tried: Option<Judged<Path>>,
}

impl Verdict {
    /// Before anything was judged.
    pub fn not_judged() -> Self {
        Self {
            path: Judged::not_tested(Code::NoServer),
            because: Vec::new(),
            direct_if: Vec::new(),
            forecast: Vec::new(),
            predicted: None,
            tried: None,
        }
    }
}
