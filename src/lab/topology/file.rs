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
    /// A short name of the network, for people.
    pub title: String,
    /// Where such a network is found, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seen: String,
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
    /// How many outbound UDP packets pass each second; as many may come at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_packets_per_second: Option<u32>,
    /// Hosts of the site to which none of this applies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exempt: Vec<String>,
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

fn one() -> f64 {
    1.0
}

/// One direction of a line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineEntry {
    /// The propagation delay, in milliseconds.
    #[serde(default)]
    pub delay_ms: u32,
    /// The most that is added to the delay, in milliseconds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub jitter_ms: u32,
    /// The share of packets lost.
    #[serde(default, skip_serializing_if = "is_default")]
    pub loss_percent: f64,
    /// How many packets are lost in a row on average.
    #[serde(default = "one")]
    pub burst_packets: f64,
    /// The share of packets that arrive twice.
    #[serde(default, skip_serializing_if = "is_default")]
    pub duplicated_percent: f64,
    /// The share of packets that overtake others.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reordered_percent: f64,
    /// The bandwidth; None for no limit.
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

fn reported() -> TooLarge {
    TooLarge::Reported
}

/// A line to the outside, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkEntry {
    /// From the site outwards.
    pub out: LineEntry,
    /// From outside into the site; None where it is as `out`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<LineEntry>,
    /// The largest IP packet.
    #[serde(default = "ethernet")]
    pub mtu_bytes: usize,
    /// What becomes of a larger packet with the DF bit set.
    #[serde(default = "reported")]
    pub too_large: TooLarge,
}

impl LinkEntry {
    /// The same for the simulator.
    pub fn link(&self) -> Link {
        let (out, back) = (self.out.line(), self.back.unwrap_or(self.out).line());
        Link { out, back, mtu_bytes: self.mtu_bytes, too_large: self.too_large }
    }

    /// The line outwards, and the one inwards where it differs.
    pub fn lines(&self) -> impl Iterator<Item = LineEntry> {
        [self.out].into_iter().chain(self.back)
    }
}

fn five() -> u32 {
    5
}

/// The resolver of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolverEntry {
    /// From the query to the response, in milliseconds.
    #[serde(default = "five")]
    pub delay_ms: u32,
    /// What it responds.
    #[serde(default)]
    pub answers: AnswersEntry,
    /// What it responds with `answers = "always"`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpAddr>,
    /// The prefix of 96 bits for DNS64 (RFC 6147); None without DNS64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns64: Option<Ipv6Addr>,
}

impl Default for ResolverEntry {
    fn default() -> Self {
        Self { delay_ms: five(), answers: AnswersEntry::Honest, addresses: Vec::new(), dns64: None }
    }
}

impl ResolverEntry {
    /// The same for the simulator.
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

/// What a resolver responds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswersEntry {
    /// The records of the file.
    #[default]
    Honest,
    /// The same addresses for every name.
    Always,
    /// REFUSED to every query.
    Refused,
    /// SERVFAIL to every query.
    ServerFailure,
    /// No response at all.
    Dead,
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
}

/// What a server of the network serves.
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
