//! Builds a network that would give a certain diagnosis.
//!
//! What the diagnosis knows is taken over; what it does not know is assumed to be usual, and reported as a guess.
//! Addresses are replaced by those for documentation (RFC 5737, RFC 3849), so that a customer's network can be
//! simulated without the customer's addresses.

use super::file::usual_queue;
use super::file::{
    AnswersEntry, File, FirewallEntry, HostEntry, INTERNET, LineEntry, LinkEntry, Nat64Entry, NatEntry, PassageWord,
    PortalEntry, PortsEntry, ResolverEntry, Serves, SiteEntry,
};
use super::{Topology, TopologyError};
use crate::lab::{AddressPooling, Certified, HairpinMode, HostFirewall, Ports, Recognised, Rejection, TooLarge};
use crate::model::{
    Behaviour, Code, Diagnosis, Fact, Failure, Family, Icmp, Judged, Nat, StreamFact, StunFact, Transport, TurnFact,
};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const SITE: &str = "site";
const CARRIER: &str = "carrier";
const PORTAL: &str = "portal";
const ROUTER: Ipv4Addr = Ipv4Addr::new(192, 168, 0, 1);

/// The well-known prefix of NAT64 (RFC 6052 §2.1).
const NAT64_PREFIX: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// The network, and one line for each guess in it. Fails where the diagnosis has no address.
pub fn from(diagnosis: &Diagnosis) -> Result<(Topology, Vec<String>), TopologyError> {
    let mut guesses = Vec::new();
    let has = |code| diagnosis.findings.iter().any(|finding| finding.code == code);
    let (behind_carrier, behind_nat64) = (has(Code::CarrierNat), has(Code::Nat64InUse));
    let mut inner = SiteEntry {
        firewall: match has(Code::CaptivePortal) {
            true => Some(closed()),
            false => firewall(
                diagnosis,
                has(Code::UdpBlocked) || has(Code::ServerUdpSilent),
                dropped_by_sight(has),
                &mut guesses,
            ),
        },
        link: Some(link(diagnosis)),
        ..SiteEntry::router(SITE, if behind_carrier { CARRIER } else { INTERNET })
    };
    let mut addresses: Vec<IpAddr> = Vec::new();
    for (family, nat) in [(Family::Ipv4, &diagnosis.nat.ipv4), (Family::Ipv6, &diagnosis.nat.ipv6)] {
        let Some(nat) = nat else { continue };
        let (entry, address) = device(family, nat, behind_carrier, &mut guesses);
        match family {
            Family::Ipv4 => inner.ipv4 = entry,
            Family::Ipv6 => inner.ipv6 = entry,
        }
        addresses.push(address);
    }
    if addresses.is_empty() {
        return Err(TopologyError(
            "the diagnosis knows of no address that leads out: there is no network in it".to_owned(),
        ));
    }
    if behind_nat64 {
        guesses.push("how the NAT64 filters: by address and port".to_owned());
        let filtering = Behaviour::AddressAndPortDependent;
        inner.nat64 = Some(Nat64Entry { prefix: NAT64_PREFIX, public: vec![PUBLIC.into()], filtering });
        inner.resolver = Some(ResolverEntry { dns64: Some(NAT64_PREFIX), ..ResolverEntry::default() });
    }
    let is_captive = has(Code::CaptivePortal);
    if is_captive {
        inner.portal = Some(PortalEntry { host: PORTAL.to_owned(), tcp: PortsEntry::default() });
        let addresses = vec![ROUTER.into()];
        inner.resolver = has(Code::NameIsPrivate).then(|| ResolverEntry {
            answers: AnswersEntry::Always,
            addresses,
            ..ResolverEntry::default()
        });
    }
    let carrier = behind_carrier.then(|| {
        guesses.push(
            "where the carrier's NAT differs from the one inside: it is made as open as RFC 6888 asks".to_owned(),
        );
        let open = Behaviour::EndpointIndependent;
        let nat = nat_entry(open, open, vec![PUBLIC.into()]);
        SiteEntry { ipv4: Some(nat), ..SiteEntry::router(CARRIER, INTERNET) }
    });
    // The address families of the servers: behind a NAT64 they have IPv4 only.
    let ipv4 = behind_nat64 || addresses.iter().any(IpAddr::is_ipv4);
    let ipv6 = !behind_nat64 && addresses.iter().any(IpAddr::is_ipv6);
    let servers = SERVERS.into_iter().filter(|address| if address.is_ipv4() { ipv4 } else { ipv6 }).collect();
    let host = |name: &str, site: &str, addresses, serves| HostEntry {
        name: name.to_owned(),
        site: site.to_owned(),
        addresses,
        names: Vec::new(),
        serves,
        certificate: Certified::default(),
        firewall: HostFirewall::default(),
    };
    let mut hosts = vec![host("laptop", SITE, addresses, None)];
    if is_captive {
        hosts.push(host(PORTAL, SITE, vec![ROUTER.into()], Some(Serves::Portal)));
        // A second operator's server is needed, since a portal is recognised by answering for both.
        let other = host("other", INTERNET, vec![OTHER.into()], Some(Serves::StunTurn));
        hosts.push(HostEntry { names: vec!["turn.other.example".to_owned()], ..other });
    }
    let server = host("server", INTERNET, servers, Some(Serves::StunTurn));
    hosts.push(HostEntry { names: vec!["stun.lab.example".to_owned()], ..server });
    let file = File {
        title: "A network made from a diagnosis".to_owned(),
        seen: String::new(),
        shows: None,
        sites: carrier.into_iter().chain([inner]).collect(),
        hosts,
        changes: Vec::new(),
    };
    Ok((Topology::of(file)?, guesses))
}

const OTHER: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 77);
/// The public address of a NAT64 or of a carrier.
const PUBLIC: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);
const SERVERS: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1)),
    IpAddr::V4(Ipv4Addr::new(198, 51, 100, 2)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 2)),
];

fn closed() -> FirewallEntry {
    let none = || PortsEntry::Word(PassageWord::None);
    FirewallEntry { udp: none(), tcp: none(), ..FirewallEntry::default() }
}

/// What is dropped for what it looks like, as the findings say.
fn dropped_by_sight(has: impl Fn(Code) -> bool) -> Vec<Recognised> {
    use Recognised::{Check, Dtls, Media, Stun, Unassigned};
    let all: [(Code, &[Recognised]); 5] = [
        (Code::StunFiltered, &[Stun]),
        (Code::OnlyStunPasses, &[Dtls, Media, Unassigned]),
        (Code::DtlsFiltered, &[Dtls]),
        (Code::MediaFiltered, &[Media]),
        (Code::ChecksFiltered, &[Check]),
    ];
    let mut dropped: Vec<Recognised> = Vec::new();
    for known in all.into_iter().filter(|(code, _)| has(*code)).flat_map(|(_, known)| known) {
        if !dropped.contains(known) {
            dropped.push(*known);
        }
    }
    dropped
}

/// No UDP where none passed, none of what is known by sight, and of TCP the ports that answered where
/// others were met with silence or a refusal.
fn firewall(
    diagnosis: &Diagnosis,
    no_udp: bool,
    mut dropped: Vec<Recognised>,
    guesses: &mut Vec<String>,
) -> Option<FirewallEntry> {
    let (mut passed, mut stopped) = (BTreeSet::new(), BTreeSet::new());
    let (mut answered, mut is_plain, mut is_rejected) = (Vec::new(), false, false);
    for observation in &diagnosis.observations {
        match &observation.fact {
            Fact::Stream(StreamFact::Connected { remote, .. }) => {
                is_plain = true;
                passed.insert(remote.port());
            }
            Fact::Stream(StreamFact::Secured { remote, .. }) => drop(passed.insert(remote.port())),
            Fact::Stream(StreamFact::NotConnected { remote, failure, .. }) => {
                let rejected = matches!(failure, Failure::Icmp { icmp: Icmp::Prohibited, .. });
                is_rejected |= rejected;
                if rejected || *failure == Failure::TimedOut {
                    stopped.insert(remote.port());
                }
            }
            Fact::Stun(StunFact::Mapped { transport, .. }) | Fact::Turn(TurnFact::Challenged { transport, .. }) => {
                answered.push(*transport)
            }
            _ => {}
        }
    }
    let is_limited = stopped.difference(&passed).next().is_some();
    // Protocols under TLS cannot be recognised.
    let is_silent = |transport| !answered.contains(&transport);
    let seems_to = !is_limited && is_plain && is_silent(Transport::Tcp) && is_silent(Transport::Udp);
    if seems_to && !dropped.contains(&Recognised::Stun) {
        dropped.push(Recognised::Stun);
        guesses.push("that the firewall drops what looks like STUN: the servers may be silent themselves".to_owned());
    }
    let knows_stun = dropped.contains(&Recognised::Stun);
    if !(no_udp || is_limited) && dropped.is_empty() {
        return None;
    }
    let tcp = match (is_limited, passed.is_empty()) {
        (false, _) => PortsEntry::default(),
        (true, true) => PortsEntry::Word(PassageWord::None),
        (true, false) => PortsEntry::Only(passed.into_iter().collect()),
    };
    // Where nothing was answered at all, UDP was blocked with the rest.
    let no_udp = (no_udp && !knows_stun) || (is_limited && answered.is_empty());
    Some(FirewallEntry {
        udp: if no_udp { PortsEntry::Word(PassageWord::None) } else { PortsEntry::default() },
        tcp,
        drops: dropped,
        refusal: if is_rejected { Rejection::Rejected } else { Rejection::Dropped },
        ..FirewallEntry::default()
    })
}

/// The NAT or firewall of one address family, if there is one, and the host's own address.
fn device(family: Family, nat: &Nat, behind_carrier: bool, guesses: &mut Vec<String>) -> (Option<NatEntry>, IpAddr) {
    let inside: IpAddr = match family {
        Family::Ipv4 => [192, 168, 0, 2].into(),
        Family::Ipv6 => [0x2001, 0xdb8, 0x77, 0, 0, 0, 0, 2].into(),
    };
    let public: IpAddr = match (family, behind_carrier) {
        (Family::Ipv4, true) => [100, 64, 0, 7].into(),
        (Family::Ipv4, false) => [203, 0, 113, 1].into(),
        (Family::Ipv6, _) => [0x2001, 0xdb8, 0x99, 0, 0, 0, 0, 1].into(),
    };
    let filtering = known(&nat.filtering, Behaviour::AddressAndPortDependent, family, "filtering", guesses);
    let is_translated = known(&nat.translated, family == Family::Ipv4, family, "translation", guesses);
    if !is_translated {
        let firewall = (filtering != Behaviour::EndpointIndependent)
            .then(|| nat_entry(Behaviour::EndpointIndependent, filtering, Vec::new()));
        let own = if family == Family::Ipv4 { [192, 0, 2, 10].into() } else { inside };
        return (firewall, own);
    }
    let mapping = known(&nat.mapping, Behaviour::EndpointIndependent, family, "mapping", guesses);
    let count = nat.public_addresses.iter().filter(|address| Family::of(**address) == family).count();
    let mut entry = nat_entry(mapping, filtering, pool(public, count));
    if entry.public.len() > 1 {
        entry.pooling = AddressPooling::Arbitrary;
    }
    if nat.port_preservation.value() == Some(&false) {
        entry.ports = Ports::Random;
    }
    if nat.hairpinning.value() == Some(&true) {
        entry.hairpinning = HairpinMode::ExternalSource;
    }
    if let Judged::Known { value, .. } = nat.mapping_lifetime_ms {
        entry.lifetime_s = (value / 1000).max(1);
    }
    (Some(entry), inside)
}

fn known<T: Copy>(judged: &Judged<T>, usual: T, family: Family, what: &str, guesses: &mut Vec<String>) -> T {
    match judged {
        Judged::Known { value, .. } => *value,
        Judged::NotTested { why } | Judged::Unclear { why, .. } => {
            let family = if family == Family::Ipv4 { "IPv4" } else { "IPv6" };
            guesses.push(format!("{family} {what}: {why}"));
            usual
        }
    }
}

fn nat_entry(mapping: Behaviour, filtering: Behaviour, public: Vec<IpAddr>) -> NatEntry {
    NatEntry { mapping, public, ..NatEntry::firewall(filtering) }
}

/// As many consecutive addresses as were seen.
fn pool(first: IpAddr, seen: usize) -> Vec<IpAddr> {
    /// More would not change the network, and a diagnosis may list any number.
    const MOST: u8 = 8;
    let next = |n: u8| match first {
        IpAddr::V4(first) => IpAddr::V4(Ipv4Addr::from_bits(first.to_bits() + u32::from(n))),
        IpAddr::V6(first) => IpAddr::V6(Ipv6Addr::from_bits(first.to_bits() + u128::from(n))),
    };
    (0..MOST).take(seen.max(1)).map(next).collect()
}

/// The line: half of the shortest round trip, the measured loss, and the path MTU.
fn link(diagnosis: &Diagnosis) -> LinkEntry {
    let rtts = diagnosis.observations.iter().filter_map(|observation| match observation.fact {
        Fact::Stun(StunFact::Mapped { rtt_ms, .. }) => rtt_ms,
        _ => None,
    });
    let shortest = rtts.filter(|rtt| rtt.is_finite()).min().unwrap_or_default();
    let delay_ms = (shortest.0 / 2.0).clamp(0.0, 5_000.0).round() as u32;
    let lossy = diagnosis.findings.iter().find(|finding| finding.code == Code::LossyPath);
    // The loss of request and response together: the shares that pass in each direction multiply.
    let lost = lossy.and_then(|finding| finding.about.loss).unwrap_or_default();
    let lost = (1.0 - (1.0 - lost.clamp(0.0, 100.0) / 100.0).sqrt()) * 100.0;
    let families = [&diagnosis.nat.ipv4, &diagnosis.nat.ipv6].into_iter().flatten();
    let mtu = families.filter_map(|nat| nat.path_mtu_bytes.value().copied()).min();
    LinkEntry {
        out: LineEntry {
            delay_ms,
            jitter_ms: 0,
            // The measurement is not precise enough for decimals.
            loss_percent: lost.round(),
            burst_packets: 1.0,
            duplicated_percent: 0.0,
            reordered_percent: 0.0,
            bandwidth_kbps: None,
            queue_ms: usual_queue(),
        },
        back: None,
        back_mtu_bytes: None,
        mtu_bytes: mtu.map_or(1500, |bytes| bytes.clamp(576, 1500) as usize),
        too_large: TooLarge::Dropped,
    }
}
