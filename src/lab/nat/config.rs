//! The configuration of a NAT, in the terms of RFC 4787.

use crate::model::Behaviour;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::time::Duration;

/// How the public port is picked (RFC 4787 §4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ports {
    /// The inside port where it is free, else the next free one.
    Preserving,
    /// The next free port after the last one assigned.
    Sequential,
    /// A random free port.
    Random,
}

/// Whether the parity of the port is preserved (RFC 4787 §4.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parity {
    /// Parity is not preserved.
    #[default]
    Ignored,
    /// Even stays even and odd stays odd (REQ-4).
    Preserved,
}

/// What becomes of a session whose port is in use by another inside endpoint (RFC 4787 §4.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clash {
    /// It gets the next free port.
    #[default]
    NextFree,
    /// Port overloading (against REQ-3): it gets the same port as long as the remote endpoints differ, as Linux does.
    Overloaded,
    /// The new session takes the port, and the mapping of the former owner is removed.
    Taken,
}

/// Which packets refresh a mapping (RFC 4787 §4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refresh {
    /// Outbound packets only (REQ-6).
    #[default]
    Outbound,
    /// Inbound packets only.
    Inbound,
    /// Packets in both directions.
    Both,
}

/// What an unsolicited packet from outside leaves behind in the NAT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unsolicited {
    /// No entry.
    #[default]
    Nothing,
    /// A connection tracking entry for its two endpoints, as in a Linux router with an open INPUT chain: a packet from
    /// inside to that remote endpoint then clashes with it and gets another port.
    Tracked,
}

/// The hairpinning behaviour (RFC 4787 §6).
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

/// The IP address pooling behaviour: which of several public addresses a session gets (RFC 4787 §4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressPooling {
    /// All sessions of an inside address get the same one (REQ-2).
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
    /// How long a mapping and a filter entry live without a packet that refreshes them (REQ-5, REQ-6).
    pub lifetime: Duration,
    /// Which packets keep a mapping alive.
    pub refresh: Refresh,
    /// Whether the parity of ports is preserved.
    pub parity: Parity,
    /// What becomes of a session whose port is taken.
    pub clash: Clash,
    /// What an unsolicited packet leaves behind.
    pub unsolicited: Unsolicited,
    /// The public addresses, all of one family; empty where nothing is translated.
    pub public: Vec<IpAddr>,
    /// The inside ports to which strangers get in, where nothing is translated.
    pub open: Vec<u16>,
}

impl NatConfig {
    /// A NAT with these behaviours that otherwise follows RFC 4787: port preservation, paired pooling, 5 minutes,
    /// hairpinning by REQ-9a.
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
            open: Vec::new(),
        }
    }

    /// A stateful firewall: translates nothing, and admits what `filtering` permits.
    pub fn firewall(filtering: Behaviour) -> Self {
        let nowhere = IpAddr::from([0, 0, 0, 0]);
        Self { public: Vec::new(), ..Self::new(Behaviour::EndpointIndependent, filtering, nowhere) }
    }

    pub(super) fn translates(&self) -> bool {
        !self.public.is_empty()
    }
}
