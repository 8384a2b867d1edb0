//! Which network would give such a diagnosis?
//!
//! What is known goes in as it is, what is not known goes in as the most usual and is told beside it. Addresses become
//! those of the documentation (RFC 5737, RFC 3849): a customer's network goes on a desk without the customer's addresses.

use super::file::{
    File, FirewallEntry, HostEntry, INTERNET, LineEntry, LinkEntry, NatEntry, PassageWord, PortsEntry, Serves,
    SiteEntry,
};
use super::{Topology, TopologyError};
use crate::lab::{Clash, Hairpinning, Parity, Pooling, Ports, Refresh, TooLarge, Unsolicited};
use crate::model::{Behaviour, Code, Diagnosis, Family, Judged, Nat};
use std::net::IpAddr;

const SITE: &str = "site";
const CARRIER: &str = "carrier";

/// The network, and what in it is a guess: a line each.
pub fn from(diagnosis: &Diagnosis) -> Result<(Topology, Vec<String>), TopologyError> {
    let mut guesses = Vec::new();
    let has = |code| diagnosis.findings.iter().any(|finding| finding.code == code);
    let behind_carrier = has(Code::CarrierNat);
    let mut inner = SiteEntry {
        name: SITE.to_owned(),
        behind: if behind_carrier { CARRIER } else { INTERNET }.to_owned(),
        ipv4: None,
        ipv6: None,
        nat64: None,
        firewall: has(Code::UdpBlocked).then(no_udp),
        portal: None,
        link: Some(link(diagnosis)),
        resolver: None,
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
    let carrier = behind_carrier.then(|| {
        guesses.push(
            "where the carrier's NAT differs from the one inside: it is made as open as RFC 6888 asks".to_owned(),
        );
        let open = Behaviour::EndpointIndependent;
        let nat = nat_entry(open, open, vec![IpAddr::from([203, 0, 113, 7])]);
        SiteEntry {
            name: CARRIER.to_owned(),
            behind: INTERNET.to_owned(),
            ipv4: Some(nat),
            link: None,
            firewall: None,
            ..inner.clone()
        }
    });
    let laptop =
        HostEntry { name: "laptop".to_owned(), site: SITE.to_owned(), addresses, names: Vec::new(), serves: None };
    let server = HostEntry {
        name: "server".to_owned(),
        site: INTERNET.to_owned(),
        addresses: ["198.51.100.1", "198.51.100.2", "2001:db8:1::1", "2001:db8:1::2"]
            .iter()
            .filter_map(|address| address.parse().ok())
            .collect(),
        names: vec!["stun.lab.example".to_owned()],
        serves: Some(Serves::StunTurn),
    };
    let file = File {
        title: "A network made from a diagnosis".to_owned(),
        seen: String::new(),
        sites: carrier.into_iter().chain([inner]).collect(),
        hosts: vec![laptop, server],
        changes: Vec::new(),
    };
    Ok((Topology::of(file)?, guesses))
}

fn no_udp() -> FirewallEntry {
    FirewallEntry {
        udp: PortsEntry::Word(PassageWord::None),
        tcp: PortsEntry::default(),
        drops: Vec::new(),
        refusal: crate::lab::Refusal::Dropped,
        udp_packets_per_second: None,
        exempt: Vec::new(),
    }
}

/// What stands in the way, if anything does, and the host's own address.
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
    let mut entry = nat_entry(mapping, filtering, vec![public]);
    if nat.port_preservation.value() == Some(&false) {
        entry.ports = Ports::Random;
    }
    if nat.hairpinning.value() == Some(&true) {
        entry.hairpinning = Hairpinning::ExternalSource;
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
    NatEntry {
        mapping,
        filtering,
        public,
        ports: Ports::Preserving,
        parity: Parity::Ignored,
        clash: Clash::NextFree,
        pooling: Pooling::Paired,
        hairpinning: Hairpinning::No,
        lifetime_s: 300,
        refresh: Refresh::Outbound,
        unsolicited: Unsolicited::Nothing,
    }
}

/// Half of the shortest round trip that was seen, the loss that was found, and the size that passed.
fn link(diagnosis: &Diagnosis) -> LinkEntry {
    use crate::model::Fact;
    let rtts = diagnosis.observations.iter().filter_map(|observation| match observation.fact {
        Fact::Mapped { rtt_ms, .. } => rtt_ms,
        _ => None,
    });
    let rtt_ms = rtts.filter(|rtt| rtt.is_finite()).fold(f64::INFINITY, f64::min);
    let delay_ms = if rtt_ms.is_finite() { (rtt_ms / 2.0).clamp(0.0, 5_000.0).round() as u32 } else { 0 };
    let lossy = diagnosis.findings.iter().find(|finding| finding.code == Code::LossyPath);
    // Of request and answer together: each way loses about half as much.
    let lost = lossy.and_then(|finding| finding.about.get("loss")?.parse::<f64>().ok()).unwrap_or_default() / 2.0;
    let families = [&diagnosis.nat.ipv4, &diagnosis.nat.ipv6].into_iter().flatten();
    let mtu = families.filter_map(|nat| nat.path_mtu_bytes.value().copied()).min();
    LinkEntry {
        out: LineEntry {
            delay_ms,
            jitter_ms: 0,
            loss_percent: lost.clamp(0.0, 100.0),
            burst_packets: 1.0,
            duplicated_percent: 0.0,
            reordered_percent: 0.0,
            bandwidth_kbps: None,
        },
        back: None,
        mtu_bytes: mtu.map_or(1500, |bytes| bytes.clamp(576, 1500) as usize),
        too_large: TooLarge::Dropped,
    }
}
