//! Will a call be direct, relayed or impossible, and why.

use super::{Code, Judged};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Path {
    Direct,
    Relay,
    None,
}

/// The classes of peer a forecast is made for: mapping then filtering, RFC 4787's names shortened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeerClass {
    /// A public address that nothing filters: a server, an SFU.
    Open,
    EimEif,
    EimAdf,
    /// A typical home router: endpoint-independent mapping, address-and-port-dependent filtering.
    EimApdf,
    /// A typical corporate firewall: both address-and-port-dependent.
    ApdmApdf,
    /// No UDP leaves the peer's network; it has a relay over TCP or TLS.
    UdpBlocked,
}

impl PeerClass {
    pub const ALL: [Self; 6] =
        [Self::Open, Self::EimEif, Self::EimAdf, Self::EimApdf, Self::ApdmApdf, Self::UdpBlocked];
}

impl std::fmt::Display for PeerClass {
    /// As in JSON.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Forecast {
    pub peer: PeerClass,
    pub path: Judged<Path>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// For `check`: with a typical home peer ([`PeerClass::EimApdf`]). For two ends: what was tried, else what was
    /// predicted.
    pub path: Judged<Path>,
    pub because: Vec<Code>,
    /// What single change would make the path direct; empty where it is, or where no single change would.
    pub direct_if: Vec<Code>,
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
