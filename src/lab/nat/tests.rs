//! RFC 4787's requirements by number, and what a NAT owes beside them.

use super::super::packet::IpProtocol::{Tcp, Udp};
use super::*;
use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};

const ALL: [Behaviour; 3] = [EndpointIndependent, AddressDependent, AddressAndPortDependent];

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn ms(ms: u64) -> Instant {
    Instant::after_start(Duration::from_millis(ms))
}

fn config(mapping: Behaviour, filtering: Behaviour) -> NatConfig {
    NatConfig::new(mapping, filtering, at("203.0.113.1:0").ip())
}

fn nat(config: NatConfig) -> NatDevice {
    NatDevice::new(config, Rng::numbered(1))
}

const INSIDE: &str = "192.168.0.2:5000";
/// The same address with another port, and another address, beside the first remote.
const REMOTES: [&str; 3] = ["198.51.100.1:3478", "198.51.100.1:3479", "198.51.100.2:3478"];

#[test]
fn req_1_endpoint_independent_mapping_gives_one_public_endpoint_and_the_others_differ_by_what_they_depend_on() {
    for mapping in ALL {
        let mut nat = nat(config(mapping, EndpointIndependent));
        let seen = REMOTES.map(|remote| nat.outbound(ms(0), Udp, at(INSIDE), at(remote)).expect("a port"));
        assert_eq!(seen[0] == seen[1], mapping != AddressAndPortDependent, "{mapping:?}");
        assert_eq!(seen[0] == seen[2], mapping == EndpointIndependent, "{mapping:?}");
    }
}

#[test]
fn req_2_paired_pooling_keeps_one_public_address_for_an_inside_address() {
    let mut config = config(AddressAndPortDependent, EndpointIndependent);
    config.public = (1..=8).map(|n| IpAddr::from([203, 0, 113, n])).collect();
    for (pooling, one) in [(AddressPooling::Paired, true), (AddressPooling::Arbitrary, false)] {
        let mut nat = nat(NatConfig { pooling, ..config.clone() });
        let seen: BTreeSet<IpAddr> = (0..30)
            .map(|n| {
                nat.outbound(ms(0), Udp, at(INSIDE), at(&format!("198.51.100.1:{}", 3000 + n))).expect("a port").ip()
            })
            .collect();
        assert_eq!(seen.len() == 1, one, "{pooling:?}");
    }
}

#[test]
fn req_3_ports_are_never_shared_by_two_inside_hosts_and_never_well_known() {
    for ports in [Ports::Preserving, Ports::Sequential, Ports::Random] {
        let mut nat = nat(NatConfig { ports, ..config(EndpointIndependent, EndpointIndependent) });
        let mut seen = BTreeSet::new();
        for host in 2..200 {
            let outside =
                nat.outbound(ms(0), Udp, at(&format!("192.168.0.{host}:53")), at(REMOTES[0])).expect("a port");
            assert!(outside.port() >= FIRST_PORT && seen.insert(outside), "{ports:?}");
        }
    }
}

#[test]
fn a_preserving_nat_keeps_the_inside_port_until_it_clashes() {
    let mut nat = nat(config(EndpointIndependent, EndpointIndependent));
    assert_eq!(nat.outbound(ms(0), Udp, at(INSIDE), at(REMOTES[0])).expect("a port").port(), 5000);
    assert_eq!(nat.outbound(ms(0), Udp, at("192.168.0.3:5000"), at(REMOTES[0])).expect("a port").port(), 5001);
}

#[test]
fn req_5_an_idle_mapping_expires_to_the_millisecond() {
    let mut nat = nat(config(EndpointIndependent, EndpointIndependent));
    let outside = nat.outbound(ms(0), Udp, at(INSIDE), at(REMOTES[0])).expect("a port");
    assert_eq!(nat.inbound(ms(299_999), Udp, at(REMOTES[0]), outside), Ok(at(INSIDE)));
    assert_eq!(nat.inbound(ms(300_000), Udp, at(REMOTES[0]), outside), Err(NatDrop::NoMapping));
}

#[test]
fn req_6_outbound_packets_keep_a_mapping_alive_and_inbound_ones_only_where_configured() {
    for (refresh, inbound_refreshes) in [(Refresh::Outbound, false), (Refresh::Both, true)] {
        let mut nat = nat(NatConfig { refresh, ..config(EndpointIndependent, EndpointIndependent) });
        let outside = nat.outbound(ms(0), Udp, at(INSIDE), at(REMOTES[0])).expect("a port");
        nat.outbound(ms(200_000), Udp, at(INSIDE), at(REMOTES[0])).expect("a port");
        nat.inbound(ms(400_000), Udp, at(REMOTES[0]), outside).expect("alive");
        assert_eq!(nat.inbound(ms(600_000), Udp, at(REMOTES[0]), outside).is_ok(), inbound_refreshes);
    }
}

#[test]
fn req_8_the_filter_lets_in_whom_it_depends_on() {
    for filtering in ALL {
        for mapping in ALL {
            let mut nat = nat(config(mapping, filtering));
            let outside = nat.outbound(ms(0), Udp, at(INSIDE), at(REMOTES[0])).expect("a port");
            let passes = REMOTES.map(|remote| nat.inbound(ms(1), Udp, at(remote), outside).is_ok());
            let expected = match filtering {
                EndpointIndependent => [true, true, true],
                AddressDependent => [true, true, false],
                AddressAndPortDependent => [true, false, false],
            };
            assert_eq!(passes, expected, "{mapping:?} {filtering:?}");
        }
    }
}

#[test]
fn req_9_hairpinning_shows_the_receiver_the_source_it_is_configured_to() {
    let other = "192.168.0.3:6000";
    for (hairpinning, seen) in [
        (HairpinMode::No, Err(NatDrop::NoHairpinning)),
        (HairpinMode::InternalSource, Ok((at(other), at(INSIDE)))),
        (HairpinMode::ExternalSource, Ok((at("203.0.113.1:6000"), at(INSIDE)))),
    ] {
        let mut nat = nat(NatConfig { hairpinning, ..config(EndpointIndependent, EndpointIndependent) });
        let target = nat.outbound(ms(0), Udp, at(INSIDE), at(REMOTES[0])).expect("a port");
        assert_eq!(nat.hairpin(ms(1), Udp, at(other), target), seen, "{hairpinning:?}");
    }
}

#[test]
fn a_firewall_translates_nothing_and_lets_answers_in() {
    let mut firewall = nat(NatConfig::firewall(AddressAndPortDependent));
    assert_eq!(firewall.inbound(ms(0), Udp, at(REMOTES[0]), at(INSIDE)), Err(NatDrop::NoMapping));
    assert_eq!(firewall.outbound(ms(0), Udp, at(INSIDE), at(REMOTES[0])), Ok(at(INSIDE)));
    assert_eq!(firewall.inbound(ms(1), Udp, at(REMOTES[0]), at(INSIDE)), Ok(at(INSIDE)));
    assert_eq!(firewall.inbound(ms(1), Udp, at(REMOTES[1]), at(INSIDE)), Err(NatDrop::Filtered));
}

#[test]
fn a_nat_that_forgets_maps_anew() {
    let mut nat = nat(NatConfig { ports: Ports::Sequential, ..config(EndpointIndependent, EndpointIndependent) });
    let before = nat.outbound(ms(0), Udp, at(INSIDE), at(REMOTES[0])).expect("a port");
    nat.forget();
    assert!(nat.in_use(ms(0), Udp).is_empty());
    assert_ne!(nat.outbound(ms(1), Udp, at(INSIDE), at(REMOTES[0])), Ok(before));
}

#[test]
fn when_no_port_is_free_the_packet_is_refused() {
    let mut nat = nat(NatConfig { ports: Ports::Sequential, ..config(EndpointIndependent, EndpointIndependent) });
    let ports = u32::from(u16::MAX - FIRST_PORT) + 1;
    let inside = |n: u32| SocketAddr::new(IpAddr::from((0x0a00_0000 + n).to_be_bytes()), 5000);
    assert!((0..ports).all(|n| nat.outbound(ms(0), Udp, inside(n), at(REMOTES[0])).is_ok()));
    assert_eq!(nat.outbound(ms(0), Udp, inside(ports), at(REMOTES[0])), Err(NatDrop::NoPort));
}

fn eim(ports: Ports) -> NatConfig {
    let mut config = config(EndpointIndependent, EndpointIndependent);
    config.ports = ports;
    config
}

#[test]
fn req_1_a_port_handed_to_another_host_leaves_the_former_owners_new_mapping_alone() {
    let mut nat = NatDevice::new(eim(Ports::Preserving), Rng::numbered(1));
    let (a, b, c) = (at("192.168.0.2:5000"), at("192.168.0.3:5000"), at("192.168.0.4:5001"));
    let (one, two) = (at("198.51.100.1:3478"), at("198.51.100.2:3478"));
    assert_eq!(nat.outbound(ms(0), Udp, a, one), Ok(at("203.0.113.1:5000")));
    assert_eq!(nat.outbound(ms(0), Udp, b, one), Ok(at("203.0.113.1:5001")), "a clash");
    let later = ms(300_000);
    assert_eq!(nat.outbound(later, Udp, b, one), Ok(at("203.0.113.1:5000")), "all had expired");
    assert_eq!(nat.outbound(later, Udp, c, one), Ok(at("203.0.113.1:5001")), "b's former port");
    assert_eq!(nat.outbound(later, Udp, b, two), Ok(at("203.0.113.1:5000")), "b's mapping is alive, and EIM");
}

#[test]
fn a_full_filter_still_keeps_alive_whom_it_knows() {
    let mut config = eim(Ports::Preserving);
    config.filtering = AddressAndPortDependent;
    let mut nat = NatDevice::new(config, Rng::numbered(1));
    let a = at("192.168.0.2:5000");
    for port in 1..=4096 {
        nat.outbound(ms(0), Udp, a, SocketAddr::new(at("198.51.100.1:0").ip(), port)).expect("mapped");
    }
    let known = at("198.51.100.1:7");
    nat.outbound(ms(200_000), Udp, a, known).expect("mapped");
    assert!(nat.inbound(ms(400_000), Udp, known, at("203.0.113.1:5000")).is_ok());
}

#[test]
fn random_ports_reach_the_last_one() {
    let mut nat = NatDevice::new(eim(Ports::Random), Rng::numbered(1));
    // 64,512 ports and as many pairs of inside host and port: with all in use, all are in use.
    let seen = (0..400_000u64).map(|n| {
        nat.outbound(ms(n * 300_000), Udp, at("192.168.0.2:5000"), at("198.51.100.1:1")).expect("mapped").port()
    });
    assert_eq!(seen.max(), Some(65_535));
}

const STUN: &str = "198.51.100.1:3478";

#[test]
fn req_3_an_overloaded_port_serves_two_hosts_as_long_as_they_speak_with_different_remotes() {
    let mut nat = nat(NatConfig { clash: Clash::Overloaded, ..config(EndpointIndependent, AddressAndPortDependent) });
    let (a, b) = (at("192.168.0.2:5000"), at("192.168.0.3:5000"));
    let shared = at("203.0.113.1:5000");
    assert_eq!(nat.outbound(ms(0), Udp, a, at(REMOTES[0])), Ok(shared));
    assert_eq!(nat.outbound(ms(0), Udp, b, at(REMOTES[1])), Ok(shared));
    assert_eq!(nat.inbound(ms(1), Udp, at(REMOTES[0]), shared), Ok(a));
    assert_eq!(nat.inbound(ms(1), Udp, at(REMOTES[1]), shared), Ok(b));
    let own = nat.outbound(ms(2), Udp, b, at(REMOTES[0])).expect("a port of its own");
    assert_ne!(own, shared, "a speaks with that one");
    assert_eq!(nat.inbound(ms(3), Udp, at(REMOTES[0]), own), Ok(b));
    assert_eq!(nat.outbound(ms(3), Udp, b, at(REMOTES[1])), Ok(shared), "the others stay where they were");
}

#[test]
fn where_the_newcomer_takes_the_port_the_former_owner_has_lost_it() {
    let mut nat = nat(NatConfig { clash: Clash::Taken, ..config(EndpointIndependent, EndpointIndependent) });
    let (a, b) = (at("192.168.0.2:5000"), at("192.168.0.3:5000"));
    let port = nat.outbound(ms(0), Udp, a, at(STUN)).expect("a port");
    assert_eq!(nat.outbound(ms(1), Udp, b, at(STUN)), Ok(port));
    assert_eq!(nat.inbound(ms(2), Udp, at(STUN), port), Ok(b));
}

#[test]
fn a_session_takes_no_port_from_another_one_of_its_own_endpoint() {
    let mut nat = nat(NatConfig { clash: Clash::Taken, ..config(AddressDependent, EndpointIndependent) });
    let first = nat.outbound(ms(0), Udp, at(INSIDE), at(REMOTES[0])).expect("a port");
    let second = nat.outbound(ms(1), Udp, at(INSIDE), at(REMOTES[2])).expect("a port");
    assert_ne!(first, second, "the mapping is address-dependent");
    assert_eq!(nat.outbound(ms(2), Udp, at(INSIDE), at(REMOTES[0])), Ok(first));
}

#[test]
fn req_4_parity_is_kept_where_configured_whatever_the_choice_of_ports() {
    for ports in [Ports::Preserving, Ports::Sequential, Ports::Random] {
        let mut nat =
            nat(NatConfig { ports, parity: Parity::Preserved, ..config(EndpointIndependent, EndpointIndependent) });
        for host in 2..100u16 {
            let inside = at(&format!("192.168.0.{host}:{}", 5000 + host % 2));
            let outside = nat.outbound(ms(0), Udp, inside, at(STUN)).expect("a port");
            assert_eq!(outside.port() % 2, inside.port() % 2, "{ports:?}");
        }
    }
}

#[test]
fn req_6_where_only_inbound_packets_refresh_a_mapping_dies_however_much_is_sent() {
    let config = NatConfig { refresh: Refresh::Inbound, ..config(EndpointIndependent, EndpointIndependent) };
    let mut nat = nat(config);
    let outside = nat.outbound(ms(0), Udp, at(INSIDE), at(STUN)).expect("a port");
    nat.outbound(ms(299_999), Udp, at(INSIDE), at(STUN)).expect("a port");
    assert_eq!(nat.inbound(ms(300_000), Udp, at(STUN), outside), Err(NatDrop::NoMapping));
    let outside = nat.outbound(ms(300_000), Udp, at(INSIDE), at(STUN)).expect("a port");
    nat.inbound(ms(500_000), Udp, at(STUN), outside).expect("alive");
    assert_eq!(nat.inbound(ms(799_999), Udp, at(STUN), outside), Ok(at(INSIDE)));
}

#[test]
fn req_7_a_mapping_is_shared_by_all_hosts_in_a_row_of_nats_only_as_far_as_each_nat_maps() {
    // RFC 4787 §4.1 seen from outside: the carrier's NAT sees one endpoint of the home for each of the home's mappings.
    let mut home = nat(config(EndpointIndependent, EndpointIndependent));
    let mut carrier = nat(NatConfig {
        public: vec![at("203.0.113.9:0").ip()],
        ..config(AddressAndPortDependent, EndpointIndependent)
    });
    let seen: BTreeSet<SocketAddr> = REMOTES
        .iter()
        .map(|remote| {
            let outside = home.outbound(ms(0), Udp, at(INSIDE), at(remote)).expect("a port");
            carrier.outbound(ms(0), Udp, outside, at(remote)).expect("a port")
        })
        .collect();
    assert_eq!(seen.len(), 3, "in a row they are as strict as the strictest");
}

#[test]
fn udp_and_tcp_have_ports_of_their_own() {
    let mut nat = nat(config(EndpointIndependent, EndpointIndependent));
    let (a, b) = (at("192.168.0.2:5000"), at("192.168.0.3:5000"));
    assert_eq!(nat.outbound(ms(0), Udp, a, at(STUN)), nat.outbound(ms(0), Tcp, b, at(STUN)));
}

/// RFC 5382 REQ-5.
#[test]
fn an_idle_connection_is_remembered_for_two_hours_and_four_minutes() {
    let mut nat = nat(config(EndpointIndependent, EndpointIndependent));
    let outside = nat.outbound(ms(0), Tcp, at(INSIDE), at(STUN)).expect("a port");
    assert!(nat.inbound(ms(7_439_999), Tcp, at(STUN), outside).is_ok());
    assert!(nat.inbound(ms(7_440_000), Tcp, at(STUN), outside).is_err());
}

/// The trap of a Linux router whose WAN input is open.
#[test]
fn a_stranger_that_knocks_first_makes_the_inside_leave_by_another_port() {
    for (unsolicited, keeps) in [(Unsolicited::Nothing, true), (Unsolicited::Tracked, false)] {
        let mut nat = nat(NatConfig { unsolicited, ..config(EndpointIndependent, AddressAndPortDependent) });
        let outside = nat.outbound(ms(0), Udp, at(INSIDE), at(STUN)).expect("a port");
        let peer = at("192.0.2.7:7000");
        assert_eq!(nat.inbound(ms(1), Udp, peer, outside), Err(NatDrop::Filtered));
        assert_eq!(nat.outbound(ms(2), Udp, at(INSIDE), peer) == Ok(outside), keeps, "{unsolicited:?}");
        assert_eq!(nat.outbound(ms(3), Udp, at(INSIDE), at(STUN)), Ok(outside), "all others see the old port");
        assert_eq!(nat.outbound(ms(31_000), Udp, at(INSIDE), at("192.0.2.7:7001")), Ok(outside));
    }
}

/// RFC 5508 §4: errors find their way by the packet they are about.
#[test]
fn an_icmp_error_finds_the_session_that_it_is_about_and_no_other() {
    let mut nat = nat(config(AddressAndPortDependent, EndpointIndependent));
    let outside = nat.outbound(ms(0), Udp, at(INSIDE), at(REMOTES[0])).expect("a port");
    assert_eq!(nat.sender_of(ms(1), Udp, outside, at(REMOTES[0])), Some(at(INSIDE)));
    assert_eq!(nat.sender_of(ms(1), Udp, outside, at(REMOTES[1])), None);
    assert_eq!(nat.public_of(ms(1), Udp, at(INSIDE), at(REMOTES[0])), Some(outside));
    assert_eq!(nat.public_of(ms(1), Udp, at(INSIDE), at(REMOTES[1])), None);
}

#[test]
fn new_public_addresses_replace_the_old_ones_at_once() {
    let mut nat = nat(config(EndpointIndependent, EndpointIndependent));
    let before = nat.outbound(ms(0), Udp, at(INSIDE), at(STUN)).expect("a port");
    nat.renumber(vec![at("203.0.113.2:0").ip()]);
    assert!(!nat.owns(before.ip()));
    assert_eq!(
        nat.outbound(ms(1), Udp, at(INSIDE), at(STUN)).map(|outside| outside.ip()),
        Ok(at("203.0.113.2:0").ip())
    );
}
