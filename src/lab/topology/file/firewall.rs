//! A packet filter as its file has it.

use super::is_default;
use crate::lab::{FlowLimits, LimitedWay, Passage, Rate, Recognised, Rejection, UdpLimits};
use crate::model::Family;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// `"all"`, `"none"`, or a list of ports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected \"all\", \"none\" or a list of ports")]
pub enum PortsEntry {
    /// All ports or none.
    Word(PassageWord),
    /// These ports.
    Only(Vec<u16>),
}

/// What stands for ports in place of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PassageWord {
    /// Every port.
    All,
    /// No port.
    None,
}

impl Default for PortsEntry {
    fn default() -> Self {
        Self::Word(PassageWord::All)
    }
}

impl PortsEntry {
    /// The same for the simulator.
    pub fn passage(&self) -> Passage {
        match self {
            Self::Word(PassageWord::All) => Passage::All,
            Self::Word(PassageWord::None) => Passage::None,
            Self::Only(ports) => Passage::Only(ports.clone()),
        }
    }
}

/// A stateless packet filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirewallEntry {
    /// The remote UDP ports that are reachable.
    #[serde(default, skip_serializing_if = "is_default")]
    pub udp: PortsEntry,
    /// The remote TCP ports that are reachable.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tcp: PortsEntry,
    /// Protocols that are blocked wherever their first bytes are seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<Recognised>,
    /// What becomes of a packet that may not pass.
    #[serde(default, skip_serializing_if = "is_default")]
    pub refusal: Rejection,
    /// The families of which packets pass; both where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<Family>,
    /// How many UDP packets pass each second; as many may come at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_packets_per_second: Option<u32>,
    /// How many bytes in UDP packets pass each second; as many may come at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_bytes_per_second: Option<u32>,
    /// The largest packet of UDP that passes, in bytes with its header; fragments of it are dropped as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_largest_bytes: Option<u32>,
    /// Which packets these limits are about.
    #[serde(default, skip_serializing_if = "is_default")]
    pub limits: LimitedWay,
    /// How many packets of one UDP flow pass, both ways together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_packets_per_flow: Option<u32>,
    /// How many seconds after its first packet a UDP flow passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_seconds_per_flow: Option<u32>,
    /// How many UDP flows of one host pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_flows_per_host: Option<u32>,
    /// Hosts of the site to which none of this applies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exempt: Vec<String>,
}

impl FirewallEntry {
    /// What it limits, for the simulator.
    pub fn limits(&self) -> UdpLimits {
        let rate = |per_second: Option<u32>| per_second.map(|number| Rate { per_second: number, burst: number });
        UdpLimits {
            packets: rate(self.udp_packets_per_second),
            bytes: rate(self.udp_bytes_per_second),
            largest: self.udp_largest_bytes.map(|bytes| bytes as usize),
            way: self.limits,
            flows: FlowLimits {
                packets: self.udp_packets_per_flow,
                lifetime: self.udp_seconds_per_flow.map(|seconds| Duration::from_secs(seconds.into())),
                per_host: self.udp_flows_per_host,
            },
        }
    }
}
