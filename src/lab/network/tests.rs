//! The network by itself, with packets that no honest host sends.

use super::*;
use crate::lab::{
    AddressPooling, Device, Firewall, HairpinMode, IpProtocol, Link, Load, Nat64, NatConfig, Portal, Problem,
};
use crate::lab::{Passage, Rejection, TooLarge};
use crate::machine::Rng;
use crate::model::{Behaviour, Icmp};
use proptest::prelude::*;
use std::net::SocketAddr;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq)]
struct Bytes(usize);

impl Cargo for Bytes {
    fn content(&self) -> &[u8] {
        &[]
    }

    fn bytes(&self) -> usize {
        self.0
    }
}

/// Every address that means anything below, and some that do not.
const ADDRESSES: [&str; 11] = [
    "198.51.100.1",
    "203.0.113.1",
    "203.0.113.2",
    "100.64.0.2",
    "192.168.0.1",
    "192.168.0.2",
    "192.168.0.3",
    "2001:db8:77::2",
    "2001:db8::1",
    "64:ff9b::c633:6401",
    "0.0.0.0",
];

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn endpoint() -> impl Strategy<Value = SocketAddr> {
    (prop::sample::select(&ADDRESSES[..]), 0..4u16).prop_map(|(address, port)| SocketAddr::new(ip(address), port))
}

fn packet() -> impl Strategy<Value = Packet<Bytes>> {
    let protocol = prop::sample::select(vec![IpProtocol::Udp, IpProtocol::Tcp, IpProtocol::Echo]);
    (protocol, endpoint(), endpoint(), any::<bool>(), 0..2000usize, any::<bool>()).prop_map(
        |(protocol, source, destination, dont_fragment, bytes, is_error)| {
            let packet =
                Packet { protocol, source, destination, dont_fragment, hops: 64, load: Load::Cargo(Bytes(bytes)) };
            let word = Problem::Unreachable(Icmp::PortUnreachable);
            let by = packet.source.ip();
            if is_error { packet.error(word, by).expect("a word about cargo") } else { packet }
        },
    )
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
    prop::sample::select(vec![EndpointIndependent, AddressDependent, AddressAndPortDependent])
}

fn nat(public: &'static str) -> impl Strategy<Value = NatConfig> {
    let hairpinning =
        prop::sample::select(vec![HairpinMode::No, HairpinMode::InternalSource, HairpinMode::ExternalSource]);
    (behaviour(), behaviour(), hairpinning).prop_map(|(mapping, filtering, hairpinning)| NatConfig {
        hairpinning,
        pooling: AddressPooling::Arbitrary,
        ..NatConfig::new(mapping, filtering, ip(public))
    })
}

proptest! {
    /// A home behind a carrier, every NAT without delay, and hosts that lie about their addresses: whatever is sent, it
    /// arrives or is dropped, each packet once.
    #[test]
    fn whatever_is_sent_is_delivered_or_dropped_and_never_circles_for_ever(
        (carrier, home, pure) in (nat("203.0.113.1"), nat("100.64.0.2"), nat("203.0.113.2")),
        packets in prop::collection::vec((0..4usize, packet()), 1..60),
    ) {
        let mut network = Network::new(Rng::numbered(1));
        let internet = network.internet();
        let carrier = network.site(internet, Gateway {
            nat64: Some(Nat64 { prefix: "64:ff9b::".parse().expect("an address"), nat: pure }),
            ..Gateway::nat(carrier)
        });
        let home = network.site(carrier, Gateway {
            ipv6: Device::Nat(NatConfig::firewall(Behaviour::AddressDependent)),
            firewall: Firewall { refusal: Rejection::Rejected, ..Firewall::default() },
            portal: Some(Portal { host: ip("192.168.0.3"), tcp_ports: Passage::Only(vec![3]) }),
            link: Link { mtu_bytes: 1280, too_large: TooLarge::Reported, ..Link::default() },
            ..Gateway::nat(home)
        });
        let hosts = [
            network.host(internet, vec![ip("198.51.100.1"), ip("2001:db8::1")]),
            network.host(home, vec![ip("192.168.0.2"), ip("2001:db8:77::2")]),
            network.host(home, vec![ip("192.168.0.3")]),
            network.host(carrier, vec![ip("192.168.0.1")]),
        ];
        for (n, (from, packet)) in packets.into_iter().enumerate() {
            let now = Instant::START + Duration::from_millis(n as u64);
            let before = network.delivered() + network.dropped().values().sum::<u64>();
            network.send(now, hosts[from], packet);
            let mut arrived = 0;
            while network.deliver(now).is_some() {
                arrived += 1;
                prop_assert!(arrived <= 2, "the packet, or word about it");
            }
            let after = network.delivered() + network.dropped().values().sum::<u64>();
            prop_assert!((1..=3).contains(&(after - before)), "{}", after - before);
        }
        prop_assert_eq!(network.next(), None);
    }
}

#[test]
fn a_router_of_last_resort_takes_what_is_for_nobody_known_and_does_not_get_its_own_back() {
    let mut network: Network<Bytes> = Network::new(Rng::numbered(1));
    let internet = network.internet();
    let link = Link::of(Duration::from_millis(20), 0.0);
    let site = network.site(internet, Gateway::default().over(link));
    let inside = network.host(site, vec![ip("192.168.0.2")]);
    let router = network.host(internet, vec![ip("192.168.0.1")]);
    network.default_router(router);
    let packet = |source: &str, destination: &str| Packet {
        protocol: IpProtocol::Udp,
        source: source.parse().expect("an endpoint"),
        destination: destination.parse().expect("an endpoint"),
        dont_fragment: false,
        hops: 64,
        load: Load::Cargo(Bytes(100)),
    };
    let at = |ms| Instant::START + Duration::from_millis(ms);
    network.send(at(0), inside, packet("192.168.0.2:1", "198.51.100.1:2"));
    assert!(network.deliver(at(19)).is_none());
    assert_eq!(network.deliver(at(20)).map(|(host, _)| host), Some(router));
    network.send(at(20), router, packet("198.51.100.1:2", "192.168.0.2:1"));
    assert_eq!(network.deliver(at(40)).map(|(host, _)| host), Some(inside));
    network.send(at(40), router, packet("192.168.0.1:1", "198.51.100.1:2"));
    assert!(network.deliver(at(100)).is_none());
    assert_eq!(network.dropped().get(&Dropped::NoRoute), Some(&1));
}
