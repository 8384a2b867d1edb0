//! What a NAT is told to be, in the words of RFC 4787.

use crate::model::Behaviour;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::time::Duration;

/// RFC 4787 §4.2.1: how the public port is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ports {
    /// The inside port where it is free, else the next free one.
    Preserving,
    /// The next free one after the last.
    Sequential,
    /// A random free port.
    Random,
}

/// RFC 4787 §4.2.2: whether an even port becomes an even one and an odd one an odd one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parity {
    /// Parity is not preserved.
    #[default]
    Ignored,
    /// REQ-4.
    Preserved,
}

/// RFC 4787 §4.2.1: what becomes of a session whose port another inside endpoint has already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clash {
    /// It gets the next free port.
    #[default]
    NextFree,
    /// Port overloading (against REQ-3): it gets the same port as long as the remote endpoints differ, as Linux does.
    Overloaded,
    /// The newcomer takes the port, and the former owner has lost its mapping.
    Taken,
}

/// RFC 4787 §4.3: which packets keep a mapping alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refresh {
    /// REQ-6.
    #[default]
    Outbound,
    /// Inbound packets only.
    Inbound,
    /// Packets in both directions.
    Both,
}

/// What a packet from outside that nobody asked for leaves behind in the NAT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unsolicited {
    /// No entry.
    #[default]
    Nothing,
    /// An entry of its own for its two endpoints, as in a Linux router whose WAN input is open: the inside's own packet
    /// to that remote endpoint then clashes with it and leaves by another port.
    Tracked,
}

/// RFC 4787 §6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HairpinMode {
    /// Packets to its own public endpoints are dropped.
    No,
    /// The receiver sees the sender's inside address (against REQ-9a).
    InternalSource,
    /// The receiver sees the sender's public address (REQ-9a).
    ExternalSource,
}

/// RFC 4787 §4.1: which of several public addresses a session gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressPooling {
    /// One inside address always gets the same one (REQ-2).
    Paired,
    /// Each session may get another address.
    Arbitrary,
}

/// How a NAT behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatConfig {
    /// The mapping behaviour (RFC 4787 §4.1).
    pub mapping: Behaviour,
    /// The filtering behaviour (RFC 4787 §5).
    pub filtering: Behaviour,
    /// How the public port is picked.
    pub ports: Ports,
    /// Which of several public addresses a session gets.
    pub pooling: AddressPooling,
    /// Whether a packet from inside to a public endpoint comes back in, and with which source.
    pub hairpinning: HairpinMode,
    /// How long a mapping and a filter's entry live without an outbound packet (REQ-5, REQ-6).
    pub lifetime: Duration,
    /// Which packets keep a mapping alive.
    pub refresh: Refresh,
    /// Whether the parity of ports is preserved.
    pub parity: Parity,
    /// What becomes of a session whose port is taken.
    pub clash: Clash,
    /// What an unsolicited packet leaves behind.
    pub unsolicited: Unsolicited,
    /// Public addresses of one family; none where nothing is translated.
    pub public: Vec<IpAddr>,
}

impl NatConfig {
    /// As RFC 4787 wants it but for the behaviours: port preserving, paired, 5 minutes, hairpinning by REQ-9a.
    pub fn new(mapping: Behaviour, filtering: Behaviour, public: IpAddr) -> Self {
        Self {
            mapping,
            filtering,
            ports: Ports::Preserving,
            pooling: AddressPooling::Paired,
            hairpinning: HairpinMode::ExternalSource,
            lifetime: Duration::from_secs(300),
            refresh: Refresh::default(),
            parity: Parity::default(),
            clash: Clash::default(),
            unsolicited: Unsolicited::default(),
            public: vec![public],
        }
    }

    /// Translates nothing and lets in what `filtering` says.
    pub fn firewall(filtering: Behaviour) -> Self {
        let nowhere = IpAddr::from([0, 0, 0, 0]);
        Self { public: Vec::new(), ..Self::new(Behaviour::EndpointIndependent, filtering, nowhere) }
    }

    pub(super) fn translates(&self) -> bool {
        !self.public.is_empty()
    }
}
