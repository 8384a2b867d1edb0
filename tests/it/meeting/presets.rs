//! `check`, `compare`, `call` and the forecast never contradict each other: on every network that comes with the tool, with
//! a peer of each class.

use super::symmetry::assert_mirrored;
use super::{FIVE_SECONDS, brief, compare, ends_config, known, meet};
use rtc_doctor::diagnose::diagnose;
use rtc_doctor::ice::Policy;
use rtc_doctor::lab::roles::Web;
use rtc_doctor::lab::topology::{HostEntry, PRESETS, Serves, Topology};
use rtc_doctor::lab::{Device, Firewall, Gateway, HostId, NatConfig, Passage, World};
use rtc_doctor::machine::{Machine, Rng};
use rtc_doctor::model::{Behaviour, CallOutcome, Code, Diagnosis, Family, Group, Judged, Path, PeerClass, Record};
use rtc_doctor::probe::Plan;
use rtc_doctor::run::{self, LAB_UNIX_NOW, lab_server};
use rtc_doctor::server::StunTurnServer;
use std::net::IpAddr;

/// In no network that comes with the tool.
const PUBLIC: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 200));

/// One peer of each class, the easiest to reach first; what it stands behind, and its own address.
fn peers() -> [(PeerClass, Gateway, IpAddr); 6] {
    use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
    let inner = IpAddr::from([192, 168, 9, 2]);
    let nat = |mapping, filtering| Gateway::nat(NatConfig::new(mapping, filtering, PUBLIC));
    let open = Gateway { ipv4: Device::Nat(NatConfig::firewall(EndpointIndependent)), ..Gateway::default() };
    let no_udp = Firewall { udp: Passage::None, ..Firewall::default() };
    let home = nat(EndpointIndependent, AddressAndPortDependent);
    [
        (PeerClass::Open, open, PUBLIC),
        (PeerClass::EimEif, nat(EndpointIndependent, EndpointIndependent), inner),
        (PeerClass::EimAdf, nat(EndpointIndependent, AddressDependent), inner),
        (PeerClass::EimApdf, home.clone(), inner),
        (PeerClass::ApdmApdf, nat(AddressAndPortDependent, AddressAndPortDependent), inner),
        (PeerClass::UdpBlocked, Gateway { firewall: no_udp, ..home }, inner),
    ]
}

fn serving(topology: &Topology, host: &HostEntry, rng: &mut Rng) -> Option<Box<dyn Machine>> {
    Some(match host.serves? {
        Serves::StunTurn => {
            let config = lab_server::config(&host.addresses).expect("addresses to serve on");
            Box::new(StunTurnServer::new(config, rng.fork()))
        }
        Serves::Portal => Box::new(Web::portal()),
        Serves::Inspector => Box::new(Web::inspector()),
        Serves::Proxy => Box::new(Web::proxy(*host.addresses.first()?)),
        Serves::NatPmp | Serves::Pcp | Serves::Upnp => Box::new(topology.telling_router(host)?),
    })
}

/// The network with its servers at work, and the peer in it.
fn world(topology: &Topology, gateway: &Gateway, address: IpAddr, seed: u64) -> (World, [HostId; 2]) {
    let (mut world, built) = topology.world(seed);
    let mut rng = Rng::numbered(seed);
    let mut client = None;
    for (host, id) in topology.file().hosts.iter().zip(&built.hosts) {
        match serving(topology, host, &mut rng) {
            Some(machine) => drop(world.attach(*id, machine)),
            None => drop(client.get_or_insert(*id)),
        }
    }
    let internet = world.internet();
    let site = world.site(internet, gateway.clone());
    let peer = world.host(site, &[address]);
    (world, [client.expect("a client"), peer])
}

/// What an application there would ask: STUN, and TURN over UDP, TCP and TLS, by its name where it has one.
fn plan(topology: &Topology) -> Plan {
    let servers = topology.file().hosts.iter().filter(|host| host.serves == Some(Serves::StunTurn));
    let named = |host: &HostEntry| host.names.first().cloned().unwrap_or_else(|| host.addresses[0].to_string());
    let planned = servers.flat_map(|host| lab_server::planned(&named(host)));
    Plan { unix_now: LAB_UNIX_NOW, ..Plan::new(planned) }
}

/// All that an end saw itself until it ended.
fn own_record(diagnosis: &Diagnosis) -> Record {
    let mut record = Record::new(diagnosis.targets.clone());
    record.observations = diagnosis.observations.iter().filter(|seen| seen.end.is_ours()).cloned().collect();
    record
}

fn forecast(diagnosis: &Diagnosis, peer: PeerClass) -> Option<Path> {
    let of_class = diagnosis.verdict.forecast.iter().find(|forecast| forecast.peer == peer);
    of_class.and_then(|forecast| forecast.path.value().copied())
}

/// Both have IPv4 alone: a forecast is made for a peer that has no other.
fn has_ipv6(diagnosis: &Diagnosis) -> bool {
    diagnosis.nat.get(Family::Ipv6).is_some()
}

fn assert_agree<T: PartialEq + std::fmt::Debug>(a: Option<T>, b: Option<T>, what: &str) {
    if let (Some(a), Some(b)) = (a, b) {
        assert_eq!(a, b, "{what}");
    }
}

#[test]
fn check_and_compare_and_a_whole_call_do_not_contradict_each_other() {
    for (name, text) in PRESETS {
        let topology = Topology::parse(text).expect("parses");
        let mut ways = Vec::new();
        for (peer, gateway, address) in peers() {
            let what = format!("{name} with {peer}");
            let check = |end: usize| -> Record {
                let (mut world, hosts) = world(&topology, &gateway, address, 1);
                run::at_host(&mut world, hosts[end], plan(&topology), Rng::numbered(20)).expect("it keeps its time")
            };
            let (ours, theirs) = (check(0), check(1));
            let alone = diagnose(&ours);
            let compared = compare(&ours, &theirs);
            let (world, hosts) = world(&topology, &gateway, address, 1);
            // With one of them a whole call; with the others the pairs alone, which takes a tenth of the time.
            let call = (peer == PeerClass::EimApdf).then_some(FIVE_SECONDS);
            let config = ends_config(plan(&topology), Policy::All, call);
            let called = meet(world, hosts, config, 1, None);
            let [ours, theirs] = [&called[0], &called[1]].map(own_record);
            let ended = [compare(&ours, &theirs), compare(&theirs, &ours)];
            assert_mirrored(&what, &ended[0], &ended[1]);
            assert_mirrored(&what, &called[0], &called[1]);

            let tried = known(&called[0].verdict.tried);
            let what = format!("{what}: {}, and {}", brief(&compared), brief(&called[0]));
            // Checks pass there, and what comes after them dies.
            let is_deadly = compared.verdict.because.contains(&Code::DtlsFiltered);
            if is_deadly {
                let paths = [&compared, &called[0], &called[1]].map(|end| end.verdict.path.value());
                assert!(tried != Some(Path::Direct) || paths == [Some(&Path::None); 3], "{what}");
                assert_ne!(forecast(&alone, peer), Some(Path::Direct), "{what}");
                continue;
            }
            // A few packets a second pass there, which is enough for checks and for no call.
            if compared.verdict.because.contains(&Code::UdpPacketsLimited) {
                for path in [forecast(&alone, peer), compared.verdict.path.value().copied()] {
                    assert_ne!(path, Some(Path::Direct), "{what}");
                }
                let is_good = |end: &Diagnosis| end.call.as_ref().is_some_and(|call| call.outcome == CallOutcome::Good);
                assert!(tried != Some(Path::Direct) || !called.iter().any(is_good), "{what}");
                continue;
            }
            assert_agree(known(&compared.verdict.predicted), tried, &what);
            assert_agree(known(&called[0].verdict.predicted), known(&compared.verdict.predicted), &what);
            let is_direct = |path: Option<Path>| path.map(|path| path == Path::Direct);
            if !has_ipv6(&alone) {
                assert_agree(is_direct(forecast(&alone, peer)), is_direct(tried), &what);
            }
            for end in &called {
                let path = &end.verdict.path;
                let is_by_the_call = end.verdict.because.iter().any(|why| why.group() == Group::Calls);
                assert!(is_by_the_call || path.value().copied() == tried, "{what}: {path:?}");
                let broken = [CallOutcome::Cut, CallOutcome::MediaOneWay, CallOutcome::Dtls];
                let is_broken = end.call.as_ref().is_some_and(|call| broken.contains(&call.outcome));
                assert!(
                    !is_broken || !matches!(path, Judged::Known { value: Path::Direct | Path::Relay, .. }),
                    "{what}"
                );
            }
            ways.extend(tried);
        }
        assert!(ways.is_sorted(), "{name}: a harder peer fares better, {ways:?}");
    }
}
