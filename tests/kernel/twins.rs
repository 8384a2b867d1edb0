//! The same checkup in memory and on the kernel's NAT: the same answer.

use crate::Test;
use crate::nat::codes;
use crate::net::{ALTERNATE, Net, Router, SERVER};
use crate::rules;
use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
use rtc_doctor::diagnose::diagnose;
use rtc_doctor::lab::{Clash, Device, Firewall, Gateway, HairpinMode, Link, NatConfig, Passage, Ports, Refresh, World};
use rtc_doctor::machine::Rng;
use rtc_doctor::model::Behaviour;
use rtc_doctor::probe::{Plan, Planned};
use rtc_doctor::run;
use rtc_doctor::server::{Config, StunTurnServer, UdpSite};
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("in_memory_and_in_the_kernel_an_open_network_is_the_same", || open().compare()),
    ("in_memory_and_in_the_kernel_a_masquerade_is_the_same", || masquerade().compare()),
    ("in_memory_and_in_the_kernel_a_fully_random_masquerade_is_the_same", || fully_random().compare()),
    ("in_memory_and_in_the_kernel_a_forwarding_of_everything_is_the_same", || forwarding_all().compare()),
    ("in_memory_and_in_the_kernel_a_forwarding_of_known_addresses_is_the_same", || forwarding_known().compare()),
    ("in_memory_and_in_the_kernel_a_network_without_udp_is_the_same", || udp_dropped().compare()),
    ("in_memory_and_in_the_kernel_a_filter_for_ipv6_is_the_same", || ipv6_firewall().compare()),
    ("in_memory_and_in_the_kernel_a_home_behind_its_carrier_is_the_same", || double_nat().compare()),
];

const SERVER_6: &str = "2001:db8::10";
const ALTERNATE_6: &str = "2001:db8::11";

/// One network twice: the rules of routers in a row and what they are called in the lab, the innermost first.
struct Twins {
    routers: Vec<(String, Gateway)>,
    has_ipv6: bool,
    uris: Vec<String>,
}

fn one(rules: String, gateway: Gateway) -> Twins {
    Twins { routers: vec![(rules, gateway)], has_ipv6: false, uris: vec![format!("stun:{SERVER}")] }
}

/// As the kernel does it: ports are kept and shared by remote endpoint, either direction keeps a mapping alive, and what
/// goes from inside to the router's own outer address comes to the router.
fn linux(mapping: Behaviour, filtering: Behaviour, public: &str) -> Gateway {
    Gateway::nat(NatConfig {
        hairpinning: HairpinMode::No,
        lifetime: Duration::from_secs(30),
        refresh: Refresh::Both,
        clash: Clash::Overloaded,
        ..NatConfig::new(mapping, filtering, ip(public))
    })
}

const OUTSIDE: &str = "203.0.113.1";

fn open() -> Twins {
    one(rules::open(), Gateway::default())
}

fn masquerade() -> Twins {
    one(rules::masquerade(), linux(EndpointIndependent, AddressAndPortDependent, OUTSIDE))
}

fn fully_random() -> Twins {
    let mut gateway = linux(AddressAndPortDependent, AddressAndPortDependent, OUTSIDE);
    if let Device::Nat(config) = &mut gateway.ipv4 {
        config.ports = Ports::Random;
    }
    one(rules::fully_random(), gateway)
}

fn forwarding_all() -> Twins {
    one(rules::forwarding_all(), linux(EndpointIndependent, EndpointIndependent, OUTSIDE))
}

fn forwarding_known() -> Twins {
    one(rules::forwarding_known(), linux(EndpointIndependent, AddressDependent, OUTSIDE))
}

fn udp_dropped() -> Twins {
    let firewall = Firewall { udp: Passage::None, ..Firewall::default() };
    let gateway = Gateway { firewall, ..linux(EndpointIndependent, AddressAndPortDependent, OUTSIDE) };
    let twins = one(rules::udp_dropped(), gateway);
    Twins { uris: vec![format!("stun:{SERVER}"), format!("stun:{SERVER}?transport=tcp")], ..twins }
}

fn ipv6_firewall() -> Twins {
    let ipv6 = Device::Nat(NatConfig::firewall(AddressAndPortDependent));
    let gateway = Gateway { ipv6, ..linux(EndpointIndependent, AddressAndPortDependent, OUTSIDE) };
    let uris = vec![format!("stun:{SERVER}"), format!("stun:[{SERVER_6}]")];
    Twins { uris, has_ipv6: true, ..one(rules::ipv6_firewall(), gateway) }
}

fn double_nat() -> Twins {
    let inner = linux(EndpointIndependent, AddressAndPortDependent, "100.64.7.2");
    let mut twins = one(rules::masquerade(), inner);
    twins.routers.push((rules::masquerade(), linux(EndpointIndependent, AddressAndPortDependent, OUTSIDE)));
    twins
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

impl Twins {
    fn compare(&self) {
        let (kernel, lab) = (self.in_the_kernel(), self.in_memory());
        let nat = |document: &Value| without_evidence(&document["nat"]);
        assert_eq!(nat(&kernel), nat(&lab), "in the kernel, and in memory");
        let path = |document: &Value| without_evidence(&document["verdict"]["path"]);
        assert_eq!(path(&kernel), path(&lab), "in the kernel, and in memory");
        // How busy the machine is has no part in what the two networks are.
        let of_network = |code: &&str| *code != "machine-busy";
        let sorted =
            |document| codes(document).into_iter().filter(of_network).map(str::to_owned).collect::<BTreeSet<String>>();
        assert_eq!(sorted(&kernel), sorted(&lab), "findings: in the kernel, and in memory");
    }

    fn in_the_kernel(&self) -> Value {
        let makers = [Router::home, Router::carrier];
        let routers: Vec<_> = self.routers.iter().zip(makers).map(|((rules, _), router)| router(rules)).collect();
        let mut net = Net::behind(&routers);
        if self.has_ipv6 {
            net.ipv6();
        }
        // Only an open network's hosts are ever spoken to by this way.
        net.ip("outside", "route add 192.168.77.0/24 via 203.0.113.1");
        let addresses: &[&str] =
            if self.has_ipv6 { &[SERVER, ALTERNATE, SERVER_6, ALTERNATE_6] } else { &[SERVER, ALTERNATE] };
        net.coturn_on("outside", addresses, &[]);
        // The checkup alone is what stands in memory.
        let words: Vec<&str> = self.uris.iter().map(String::as_str).chain(["--no-call"]).collect();
        net.diagnose(&words).1
    }

    fn in_memory(&self) -> Value {
        let mut world = World::new(1);
        let internet = world.internet();
        let mut region = internet;
        for (_, gateway) in self.routers.iter().rev() {
            let link = Link::of(Duration::from_micros(100), 0.0);
            region = world.site(region, gateway.clone().over(link));
        }
        let families = if self.has_ipv6 { 2 } else { 1 };
        let sites = [(SERVER, ALTERNATE), (SERVER_6, ALTERNATE_6)].map(|(first, second)| (ip(first), ip(second)));
        let addresses: Vec<IpAddr> = sites[..families].iter().flat_map(|(first, second)| [*first, *second]).collect();
        let outside = world.host(internet, &addresses);
        world.attach(outside, Box::new(StunTurnServer::new(server(&sites[..families]), Rng::numbered(2))));
        let inside = ["192.168.77.2", "2001:db8:77::2"].map(ip);
        let home = world.host(region, &inside[..families]);
        let planned = |uri: &String| Planned { target: uri.parse().expect("a URI"), credentials: None };
        let plan = Plan::new(self.uris.iter().map(planned));
        let record = run::at_host(&mut world, home, plan, Rng::numbered(3)).expect("it keeps its time");
        serde_json::to_value(diagnose(&record)).expect("serialises")
    }
}

fn server(sites: &[(IpAddr, IpAddr)]) -> Config {
    let udp_site = |(first, second): &(IpAddr, IpAddr)| UdpSite {
        address: *first,
        port: 3478,
        second_address: Some(*second),
        second_port: Some(3479),
    };
    let tcp = sites.iter().map(|(first, _)| SocketAddr::new(*first, 3478)).collect();
    Config { udp: sites.iter().map(udp_site).collect(), tcp, ..Config::default() }
}

/// Which observation shows it is each run's own.
fn without_evidence(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| *name != "evidence");
            kept.map(|(name, value)| (name.clone(), without_evidence(value))).collect()
        }
        Value::Array(values) => values.iter().map(without_evidence).collect(),
        value => value.clone(),
    }
}
