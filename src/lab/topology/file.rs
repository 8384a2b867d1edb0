//! A network as its file has it: TOML, in words that a support engineer reads.

use crate::lab::{
    AddressPooling, Answers, Clash, HairpinMode, LineConfig, Link, NatConfig, Neighbours, Parity, Passage, Ports,
    Recognised, Refresh, Rejection, Resolver, TooLarge, Unsolicited,
};
use crate::model::{Behaviour, DnsFailure};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub title: String,
    /// Where such a network is met.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seen: String,
    #[serde(default, rename = "site")]
    pub sites: Vec<SiteEntry>,
    #[serde(default, rename = "host")]
    pub hosts: Vec<HostEntry>,
    #[serde(default, rename = "change", skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeEntry>,
}

/// What every site is in the end behind.
pub const INTERNET: &str = "internet";

fn internet() -> String {
    INTERNET.to_owned()
}

/// A part of the network behind a gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteEntry {
    pub name: String,
    #[serde(default = "internet")]
    pub behind: String,
    /// None: passed on as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv4: Option<NatEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv6: Option<NatEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nat64: Option<Nat64Entry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firewall: Option<FirewallEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<PortalEntry>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub neighbours: Neighbours,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolver: Option<ResolverEntry>,
}

impl SiteEntry {
    /// Passes everything on as it is.
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

/// What need not be written.
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

/// RFC 4787's words; a NAT where there are public addresses, else a firewall that translates nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatEntry {
    #[serde(default = "independent")]
    pub mapping: Behaviour,
    pub filtering: Behaviour,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public: Vec<IpAddr>,
    #[serde(default = "preserving")]
    pub ports: Ports,
    #[serde(default, skip_serializing_if = "is_default")]
    pub parity: Parity,
    #[serde(default, skip_serializing_if = "is_default")]
    pub clash: Clash,
    #[serde(default = "paired")]
    pub pooling: AddressPooling,
    #[serde(default = "no_hairpinning")]
    pub hairpinning: HairpinMode,
    #[serde(default = "lifetime_s")]
    pub lifetime_s: u64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub refresh: Refresh,
    #[serde(default, skip_serializing_if = "is_default")]
    pub unsolicited: Unsolicited,
}

impl NatEntry {
    /// Translates nothing.
    pub fn firewall(filtering: Behaviour) -> Self {
        Self {
            mapping: independent(),
            filtering,
            public: Vec::new(),
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
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nat64Entry {
    /// The first of 2³² addresses.
    pub prefix: Ipv6Addr,
    /// Of IPv4.
    pub public: Vec<IpAddr>,
    pub filtering: Behaviour,
}

/// `"all"`, `"none"`, or a list of ports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected \"all\", \"none\" or a list of ports")]
pub enum PortsEntry {
    Word(PassageWord),
    Only(Vec<u16>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PassageWord {
    All,
    None,
}

impl Default for PortsEntry {
    fn default() -> Self {
        Self::Word(PassageWord::All)
    }
}

impl PortsEntry {
    pub fn passage(&self) -> Passage {
        match self {
            Self::Word(PassageWord::All) => Passage::All,
            Self::Word(PassageWord::None) => Passage::None,
            Self::Only(ports) => Passage::Only(ports.clone()),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirewallEntry {
    #[serde(default, skip_serializing_if = "is_default")]
    pub udp: PortsEntry,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tcp: PortsEntry,
    /// Protocols known by sight, and not let through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<Recognised>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub refusal: Rejection,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_packets_per_second: Option<u32>,
    /// Hosts of the site to which none of this applies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exempt: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalEntry {
    /// A host of the site.
    pub host: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tcp: PortsEntry,
}

fn one() -> f64 {
    1.0
}

/// One direction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineEntry {
    #[serde(default)]
    pub delay_ms: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    pub jitter_ms: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    pub loss_percent: f64,
    #[serde(default = "one")]
    pub burst_packets: f64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub duplicated_percent: f64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub reordered_percent: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth_kbps: Option<u64>,
}

impl LineEntry {
    fn line(&self) -> LineConfig {
        LineConfig {
            delay: Duration::from_millis(self.delay_ms.into()),
            jitter: Duration::from_millis(self.jitter_ms.into()),
            loss: self.loss_percent / 100.0,
            burst_packets: self.burst_packets,
            duplicated: self.duplicated_percent / 100.0,
            reordered: self.reordered_percent / 100.0,
            bandwidth_bps: self.bandwidth_kbps.map(|kbps| kbps.saturating_mul(1000)),
        }
    }
}

fn ethernet() -> usize {
    1500
}

fn told() -> TooLarge {
    TooLarge::Told
}

/// Both directions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkEntry {
    /// From the site outwards.
    pub out: LineEntry,
    /// From outside into the site; as `out` where it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<LineEntry>,
    #[serde(default = "ethernet")]
    pub mtu_bytes: usize,
    #[serde(default = "told")]
    pub too_large: TooLarge,
}

impl LinkEntry {
    pub fn link(&self) -> Link {
        let (out, back) = (self.out.line(), self.back.unwrap_or(self.out).line());
        Link { out, back, mtu_bytes: self.mtu_bytes, too_large: self.too_large }
    }

    pub fn lines(&self) -> impl Iterator<Item = LineEntry> {
        [self.out].into_iter().chain(self.back)
    }
}

fn five() -> u32 {
    5
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolverEntry {
    #[serde(default = "five")]
    pub delay_ms: u32,
    #[serde(default)]
    pub answers: AnswersEntry,
    /// With `answers = "always"`: what it says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpAddr>,
    /// DNS64's prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns64: Option<Ipv6Addr>,
}

impl Default for ResolverEntry {
    fn default() -> Self {
        Self { delay_ms: five(), answers: AnswersEntry::Honest, addresses: Vec::new(), dns64: None }
    }
}

impl ResolverEntry {
    pub fn resolver(&self) -> Resolver {
        let answers = match self.answers {
            AnswersEntry::Honest => Answers::Honest,
            AnswersEntry::Always => Answers::Always(self.addresses.clone()),
            AnswersEntry::Refused => Answers::Fails(DnsFailure::Refused),
            AnswersEntry::ServerFailure => Answers::Fails(DnsFailure::ServerFailure),
            AnswersEntry::Dead => Answers::Dead,
        };
        Resolver { delay: Duration::from_millis(self.delay_ms.into()), answers, dns64: self.dns64 }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswersEntry {
    #[default]
    Honest,
    /// The same addresses for every name.
    Always,
    Refused,
    ServerFailure,
    Dead,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostEntry {
    pub name: String,
    #[serde(rename = "in")]
    pub site: String,
    pub addresses: Vec<IpAddr>,
    /// In the DNS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// None: a place to check from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serves: Option<Serves>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Serves {
    /// STUN with RFC 5780 on the first two addresses of a family, and TURN over UDP, TCP and TLS.
    StunTurn,
    /// A captive portal's pages.
    Portal,
    /// An HTTP proxy that takes nothing but CONNECT.
    Proxy,
}

/// What happens while programs run; `what` says to what it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ChangeEntry {
    /// The site's gateway forgets its sessions.
    Restart {
        after_ms: u64,
        site: String,
    },
    /// The site's gateway gets these public addresses in place of those of the same family.
    Renumber {
        after_ms: u64,
        site: String,
        addresses: Vec<IpAddr>,
    },
    /// The host gets other addresses.
    Readdress {
        after_ms: u64,
        host: String,
        addresses: Vec<IpAddr>,
    },
    /// The site's line is cut.
    Unplug {
        after_ms: u64,
        site: String,
    },
    Plug {
        after_ms: u64,
        site: String,
    },
}
