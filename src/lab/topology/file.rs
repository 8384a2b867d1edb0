//! A network as its file has it: TOML, in words that a support engineer reads.

mod firewall;
mod link;
mod resolver;

pub use firewall::{FirewallEntry, PassageWord, PortsEntry};
pub(super) use link::usual_queue;
pub use link::{LineEntry, LinkEntry};
pub use resolver::{AnswersEntry, ResolverEntry};

use crate::lab::{
    AddressPooling, Certified, Clash, HairpinMode, HostFirewall, NatConfig, Neighbours, Parity, Ports, Refresh,
    Unsolicited,
};
use crate::model::{Behaviour, Code, PortControl};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// A short name of the network, for people.
    pub title: String,
    /// Where such a network is found, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seen: String,
    /// The cause that a checkup there is to tell; None where the network is no fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<Code>,
    /// The sites, in any order.
    #[serde(default, rename = "site")]
    pub sites: Vec<SiteEntry>,
    /// The hosts, in any order; the first that serves nothing is the one to check from.
    #[serde(default, rename = "host")]
    pub hosts: Vec<HostEntry>,
    /// What happens to the network while it is in use.
    #[serde(default, rename = "change", skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeEntry>,
}

/// The outermost region, which every site is behind in the end.
pub const INTERNET: &str = "internet";

fn internet() -> String {
    INTERNET.to_owned()
}

/// A part of the network behind a gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteEntry {
    /// The name of the site, unique among sites and hosts.
    pub name: String,
    /// The site or the internet outside of it.
    #[serde(default = "internet")]
    pub behind: String,
    /// The NAT or firewall for IPv4; None for a plain router.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv4: Option<NatEntry>,
    /// The same for IPv6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv6: Option<NatEntry>,
    /// Translation of IPv6 packets below a prefix to IPv4 (RFC 6146).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nat64: Option<Nat64Entry>,
    /// A stateless packet filter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firewall: Option<FirewallEntry>,
    /// A captive portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<PortalEntry>,
    /// Whether its hosts reach each other.
    #[serde(default, skip_serializing_if = "is_default")]
    pub neighbours: Neighbours,
    /// The line to the outside; None for one without delay or loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkEntry>,
    /// The resolver of its hosts; None for that of the site outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolver: Option<ResolverEntry>,
}

impl SiteEntry {
    /// A site behind a plain router.
    pub fn router(name: &str, behind: &str) -> Self {
        Self {
            name: name.to_owned(),
            behind: behind.to_owned(),
            ipv4: None,
            ipv6: None,
            nat64: None,
            firewall: None,
            portal: None,
            neighbours: Neighbours::default(),
            link: None,
            resolver: None,
        }
    }
}

/// Whether a field can be left out of the text.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn independent() -> Behaviour {
    Behaviour::EndpointIndependent
}

fn lifetime_s() -> u64 {
    300
}

fn preserving() -> Ports {
    Ports::Preserving
}

fn paired() -> AddressPooling {
    AddressPooling::Paired
}

fn no_hairpinning() -> HairpinMode {
    HairpinMode::No
}

/// A NAT in the terms of RFC 4787; without public addresses a stateful firewall, which translates nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatEntry {
    /// The mapping behaviour (RFC 4787 §4.1).
    #[serde(default = "independent")]
    pub mapping: Behaviour,
    /// The filtering behaviour (RFC 4787 §5).
    pub filtering: Behaviour,
    /// The public addresses, of one family.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public: Vec<IpAddr>,
    /// The inside ports to which strangers get in, of a firewall alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<u16>,
    /// How the public port is picked.
    #[serde(default = "preserving")]
    pub ports: Ports,
    /// Whether the parity of ports is preserved.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parity: Parity,
    /// What becomes of a session whose port is taken.
    #[serde(default, skip_serializing_if = "is_default")]
    pub clash: Clash,
    /// Which of several public addresses a session gets.
    #[serde(default = "paired")]
    pub pooling: AddressPooling,
    /// Whether packets to its own public endpoints come back in.
    #[serde(default = "no_hairpinning")]
    pub hairpinning: HairpinMode,
    /// How long a mapping lives, in seconds.
    #[serde(default = "lifetime_s")]
    pub lifetime_s: u64,
    /// Which packets keep a mapping alive.
    #[serde(default, skip_serializing_if = "is_default")]
    pub refresh: Refresh,
    /// What an unsolicited packet leaves behind.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unsolicited: Unsolicited,
}

impl NatEntry {
    /// A stateful firewall, which translates nothing.
    pub fn firewall(filtering: Behaviour) -> Self {
        Self {
            mapping: independent(),
            filtering,
            public: Vec::new(),
            open: Vec::new(),
            ports: preserving(),
            parity: Parity::default(),
            clash: Clash::default(),
            pooling: paired(),
            hairpinning: no_hairpinning(),
            lifetime_s: lifetime_s(),
            refresh: Refresh::default(),
            unsolicited: Unsolicited::default(),
        }
    }

    /// The same for the simulator.
    pub fn config(&self) -> NatConfig {
        NatConfig {
            mapping: self.mapping,
            filtering: self.filtering,
            ports: self.ports,
            pooling: self.pooling,
            hairpinning: self.hairpinning,
            lifetime: Duration::from_secs(self.lifetime_s),
            refresh: self.refresh,
            parity: self.parity,
            clash: self.clash,
            unsolicited: self.unsolicited,
            public: self.public.clone(),
            open: self.open.clone(),
        }
    }
}

/// A NAT64 (RFC 6146).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nat64Entry {
    /// The prefix of 96 bits, as its first address.
    pub prefix: Ipv6Addr,
    /// The public IPv4 addresses.
    pub public: Vec<IpAddr>,
    /// The filtering behaviour towards IPv4.
    pub filtering: Behaviour,
}

/// A captive portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalEntry {
    /// The name of the host that takes the connections; it is in the site.
    pub host: String,
    /// The destination ports whose connections it takes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tcp: PortsEntry,
}

/// A host of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostEntry {
    /// The name of the host, unique among sites and hosts.
    pub name: String,
    /// The site that it is in, or the internet.
    #[serde(rename = "in")]
    pub site: String,
    /// Its addresses; a server's first two of a family serve RFC 5780.
    pub addresses: Vec<IpAddr>,
    /// Its names in the DNS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// What it serves; None for a client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serves: Option<Serves>,
    /// What is wrong with the certificate that it shows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub certificate: Certified,
    /// Its own firewall.
    #[serde(default, skip_serializing_if = "is_default")]
    pub firewall: HostFirewall,
}

/// What a server of the network serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Serves {
    /// STUN with RFC 5780 on the first two addresses of a family, and TURN over UDP, TCP and TLS.
    StunTurn,
    /// A captive portal's pages.
    Portal,
    /// What ends TLS in the name of every host, and takes nothing but HTTP inside.
    Inspector,
    /// An HTTP proxy that takes nothing but CONNECT.
    Proxy,
    /// It is its site's router, and says its address outside in NAT-PMP.
    NatPmp,
    /// The same in PCP.
    Pcp,
    /// The same in UPnP.
    Upnp,
}

impl Serves {
    /// In which protocol a router says its address outside; None of what is no such router.
    pub fn port_control(self) -> Option<PortControl> {
        match self {
            Self::NatPmp => Some(PortControl::NatPmp),
            Self::Pcp => Some(PortControl::Pcp),
            Self::Upnp => Some(PortControl::Upnp),
            Self::StunTurn | Self::Portal | Self::Inspector | Self::Proxy => None,
        }
    }
}

/// Something that happens to the network while it is in use, by its kind `what`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ChangeEntry {
    /// The site's gateway forgets its sessions.
    Restart {
        /// Milliseconds after the start.
        after_ms: u64,
        /// The name of the site.
        site: String,
    },
    /// The site's gateway gets these public addresses in place of those of the same family.
    Renumber {
        /// Milliseconds after the start.
        after_ms: u64,
        /// The name of the site.
        site: String,
        /// The new addresses.
        addresses: Vec<IpAddr>,
    },
    /// The host gets other addresses.
    Readdress {
        /// Milliseconds after the start.
        after_ms: u64,
        /// The name of the host.
        host: String,
        /// The new addresses.
        addresses: Vec<IpAddr>,
    },
    /// The site's line is cut.
    Unplug {
        /// Milliseconds after the start.
        after_ms: u64,
        /// The name of the site.
        site: String,
    },
    /// The site's line works again.
    Plug {
        /// Milliseconds after the start.
        after_ms: u64,
        /// The name of the site.
        site: String,
    },
}
