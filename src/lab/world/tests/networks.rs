//! What stands on the way: firewalls, portals, NAT64, narrow lines, and what changes while a machine runs.

use super::*;
use crate::lab::{Answers, Nat64, Passage, Portal, Rate, Recognised, Rejection, Resolver, TooLarge, UdpLimits};
use std::net::Ipv6Addr;

fn ms(ms: u64) -> Instant {
    Instant::after_start(Duration::from_millis(ms))
}

fn guarded(firewall: Firewall) -> Gateway {
    Gateway { firewall, ..strict() }
}

/// What was noted, without the times.
fn said(world: &World, id: MachineId) -> Vec<String> {
    notes(world, id).into_iter().map(|(_, note)| note).collect()
}

fn told(gateway: Gateway, client: Box<Client>) -> Vec<String> {
    let (mut world, id) = home(gateway, client, 1);
    world.run_until(end());
    said(&world, id)
}

#[test]
fn a_firewall_that_tells_says_so_to_datagrams_and_connections_and_one_that_does_not_is_silent() {
    let firewall = |refusal| Firewall { udp: Passage::None, tcp: Passage::None, refusal, ..Firewall::default() };
    let stream = || Client::stream(Open::Tcp { to: at("198.51.100.1:80") }, "198.51.100.1:80");
    let silent = firewall(Rejection::Dropped);
    assert_eq!(told(guarded(silent.clone()), Client::udp(SERVER, 1)), ["opened 192.168.0.2"]);
    assert_eq!(told(guarded(silent), stream()), ["failed TimedOut"]);
    let telling = firewall(Rejection::Rejected);
    let prohibited = "Icmp { icmp: Prohibited, by: Some(192.168.0.1) }";
    let udp = told(guarded(telling.clone()), Client::udp(SERVER, 1));
    assert_eq!(udp, ["opened 192.168.0.2".to_owned(), format!("unreachable {SERVER} {prohibited}")]);
    assert_eq!(told(guarded(telling), stream()), [format!("failed {prohibited}")]);
}

#[test]
fn each_router_on_the_way_gives_up_a_datagram_that_may_not_be_forwarded_again_and_says_so() {
    let open = |public: &str| {
        let independent = Behaviour::EndpointIndependent;
        Gateway::nat(NatConfig::new(independent, independent, public.parse().expect("an address")))
    };
    let ends = (1..=4).map(|hops| {
        let mut world = World::new(1);
        let internet = world.internet();
        let carrier = world.site(internet, open("203.0.113.1"));
        let home = world.site(carrier, open("100.64.0.7"));
        let server = world.host(internet, &[at(SERVER).ip()]);
        world.attach(server, Echo::boxed());
        let inside = world.host(home, &["192.168.0.2".parse().expect("an address")]);
        let id = world.attach(inside, Box::new(Client { hops: Some(hops), ..*Client::udp(SERVER, 1) }));
        world.run_until(end());
        said(&world, id).get(1).cloned().unwrap_or_default()
    });
    let by = |router: &str| format!("unreachable {SERVER} Icmp {{ icmp: TimeExceeded, by: Some({router}) }}");
    let expected = [by("192.168.0.1"), by("100.64.0.1"), by("203.0.113.254"), format!("heard {SERVER}")];
    assert_eq!(ends.collect::<Vec<_>>(), expected);
}

#[test]
fn a_datagram_that_a_firewall_drops_gets_to_the_router_before_it_and_not_to_the_next() {
    let firewall = || Firewall { recognises: vec![Recognised::Dtls], ..Firewall::default() };
    let answers = |content: Vec<u8>| {
        [1, 2].map(|hops| {
            let client = Client { hops: Some(hops), content: content.clone(), ..*Client::udp(SERVER, 1) };
            told(guarded(firewall()), Box::new(client)).len() - 1
        })
    };
    assert_eq!(answers(vec![22, 0xfe, 0xfd, 0]), [1, 0]);
    assert_eq!(answers(vec![0x80, 0xfe, 0xfd, 0]), [1, 1]);
}

#[test]
fn a_firewall_that_knows_stun_by_sight_lets_other_datagrams_through() {
    let firewall = Firewall { recognises: vec![Recognised::Stun], ..Firewall::default() };
    for (first, heard) in [(vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42], 0), (vec![0x80; 8], 1)] {
        let client = Box::new(Client { content: first, ..*Client::udp(SERVER, 1) });
        let (mut world, id) = home(guarded(firewall.clone()), client, 1);
        world.run_until(end());
        assert_eq!(self::heard(&world, id), heard);
    }
}

#[test]
fn beyond_its_rate_a_firewall_drops_datagrams() {
    let limits = UdpLimits { packets: Some(Rate { per_second: 5, burst: 10 }), ..UdpLimits::default() };
    let firewall = Firewall { limits, ..Firewall::default() };
    let (mut world, id) = home(guarded(firewall), Client::udp(SERVER, 50), 1);
    world.run_until(end());
    assert_eq!(heard(&world, id), 10);
}

#[test]
fn a_narrow_line_tells_the_size_that_fits_or_keeps_it_to_itself() {
    for (too_large, expected) in [
        (TooLarge::Reported, vec![format!("unreachable {SERVER} TooBig {{ mtu_bytes: Some(1280) }}")]),
        (TooLarge::Dropped, Vec::new()),
    ] {
        let gateway = strict().over(Link { mtu_bytes: 1280, too_large, ..Link::default() });
        let client = Box::new(Client { content: vec![0; 1400], ..*Client::udp(SERVER, 1) });
        assert_eq!(told(gateway, client)[1..], expected, "{too_large:?}");
    }
}

#[test]
fn a_duplicated_packet_is_heard_twice_and_a_lost_connection_request_is_sent_again() {
    let twice = LineConfig { duplicated: 1.0, ..LineConfig::default() };
    let link = Link { back: twice, ..Link::default() };
    let (mut world, id) = home(strict().over(link), Client::udp(SERVER, 1), 1);
    world.run_until(end());
    assert_eq!(heard(&world, id), 2);

    let lossy = Link::of(Duration::ZERO, 0.1);
    let opened = (0..50).filter(|seed| {
        let to = at("198.51.100.1:443");
        let open = Open::Tls { to, server_name: "a.example".to_owned(), insecure: false };
        let (mut world, id) = home(strict().over(lossy), Client::stream(open, "198.51.100.1:443"), *seed);
        world.run_until(end());
        said(&world, id).iter().any(|note| note.starts_with("heard"))
    });
    assert!(opened.count() > 45, "TCP goes on in spite of loss");
    let dead = strict().over(Link::of(Duration::ZERO, 1.0));
    let to = at("198.51.100.1:80");
    assert_eq!(told(dead, Client::stream(Open::Tcp { to }, "198.51.100.1:80")), ["failed TimedOut"]);
}

#[test]
fn a_portal_answers_in_the_name_of_whom_the_connection_was_for() {
    let mut world = World::new(1);
    let internet = world.internet();
    let box_at = at("192.168.0.1:0").ip();
    let portal = Portal { host: box_at, tcp_ports: Passage::Only(vec![80]) };
    let firewall = Firewall { tcp: Passage::None, ..Firewall::default() };
    let hotel = world.site(internet, Gateway { portal: Some(portal), firewall, ..strict() });
    let (host, inside) = (world.host(hotel, &[box_at]), world.host(hotel, &[at("192.168.0.2:0").ip()]));
    let any = Open::Listen { at: at("0.0.0.0:80"), secure: false };
    world.attach(host, Box::new(Echo { open: vec![any], out: VecDeque::new() }));
    let client = |port: u16| {
        let to = SocketAddr::new(at(SERVER).ip(), port);
        Client::stream(Open::Tcp { to }, &to.to_string())
    };
    let (web, other) = (world.attach(inside, client(80)), world.attach(inside, client(3478)));
    world.run_until(end());
    assert_eq!(said(&world, web), ["opened 192.168.0.2", "heard 198.51.100.1:80"]);
    assert_eq!(said(&world, other), ["failed TimedOut"]);
}

#[test]
fn behind_nat64_an_ipv6_host_reaches_ipv4_by_the_prefix_and_dns64_names_it() {
    let prefix: Ipv6Addr = "64:ff9b::".parse().expect("an address");
    let [mapping, filtering] = [Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent];
    let nat = NatConfig::new(mapping, filtering, at("203.0.113.1:0").ip());
    let mut world = World::new(1);
    let internet = world.internet();
    let mobile = world.site(internet, Gateway { nat64: Some(Nat64 { prefix, nat }), ..Gateway::default() });
    world.resolver(mobile, Resolver { dns64: Some(prefix), ..Resolver::default() });
    world.name("four.example", DnsKind::A, DnsRecord::Address(at(SERVER).ip()));
    let server = world.host(internet, &[at(SERVER).ip()]);
    world.attach(server, Echo::boxed());
    let phone = world.host(mobile, &["2001:db8:77::2".parse().expect("an address")]);
    let synthesised = "[64:ff9b::c633:6401]:3478";
    let client = world.attach(phone, Client::udp(synthesised, 1));
    let querier = world.attach(phone, Querier::boxed(&["four.example"], DnsKind::Aaaa));
    world.run_until(end());
    assert_eq!(said(&world, client), ["opened 2001:db8:77::2".to_owned(), format!("heard {synthesised}")]);
    assert_eq!(said(&world, querier), ["Ok([Address(64:ff9b::c633:6401)])"]);

    let closed = world.attach(phone, Client::udp("[64:ff9b::c633:6401]:9", 1));
    world.run_until(end() + RTT);
    assert!(said(&world, closed)[1].contains("PortUnreachable"), "{:?}", said(&world, closed));
}

#[test]
fn a_resolver_lies_fails_or_is_dead_as_configured_and_serves_the_sites_behind_it() {
    let lie = at("192.168.0.1:0").ip();
    for (answers, expected) in [
        (Answers::Honest, "Ok([Address(198.51.100.1)])"),
        (Answers::Always(vec![lie]), "Ok([Address(192.168.0.1)])"),
        (Answers::Fails(DnsFailure::Refused), "Err(Refused)"),
        (Answers::Dead, "Err(TimedOut)"),
    ] {
        let mut world = World::new(1);
        let internet = world.internet();
        let outer = world.site(internet, Gateway::default());
        let inner = world.site(outer, Gateway::default());
        world.name("a.example", DnsKind::A, DnsRecord::Address(at(SERVER).ip()));
        world.resolver(outer, Resolver { answers, ..Resolver::default() });
        let host = world.host(inner, &[at("192.168.0.2:0").ip()]);
        let querier = world.attach(host, Querier::boxed(&["a.example"], DnsKind::A));
        world.run_until(end());
        assert_eq!(said(&world, querier), [expected]);
    }
}

#[test]
fn a_cut_line_carries_nothing_until_it_is_plugged_in_again() {
    let (mut world, id) = home(strict(), Client::udp(SERVER, 1), 1);
    world.change_at(Instant::START, NetworkChange::Unplug(site()));
    world.run_until(ms(100));
    assert_eq!(heard(&world, id), 0);
    world.change_at(ms(100), NetworkChange::Plug(site()));
    let again = world.attach(world.machines[id.0].host, Client::udp(SERVER, 1));
    world.run_until(end());
    assert_eq!(heard(&world, again), 1);
}

#[test]
fn a_host_that_moves_is_told_and_no_longer_hears_what_comes_to_its_old_address() {
    let (mut world, id) = home(strict(), Client::udp(SERVER, 1), 1);
    let host = world.machines[id.0].host;
    world.change_at(Instant::after_start(RTT / 2), NetworkChange::Readdress(host, vec![at("192.168.0.9:0").ip()]));
    world.run_until(end());
    // The client opens its socket anew; one of the two answers went to where it was before.
    let heard = format!("heard {SERVER}");
    assert_eq!(said(&world, id), ["opened 192.168.0.2", "opened 192.168.0.9", &heard]);
}

#[test]
fn a_gateway_with_a_new_address_breaks_connections_and_one_that_restarts_resets_them() {
    let to = at("198.51.100.1:80");
    let change = |change: NetworkChange| {
        let (mut world, id) = home(strict(), Client::stream(Open::Tcp { to }, "198.51.100.1:80"), 1);
        world.run_until(ms(1_000));
        world.change_at(ms(1_000), change);
        // The client writes once more.
        world.run_until(ms(1_001));
        let connection = world.machines[id.0].sockets.values().next().copied();
        let Some(Held::Stream(connection)) = connection else { panic!("it is connected") };
        world.write(connection, vec![1]);
        world.run_until(end() + Duration::from_secs(60));
        said(&world, id).last().cloned().expect("notes")
    };
    let renumbered = NetworkChange::Renumber(site(), vec![at("203.0.113.2:0").ip()]);
    assert_eq!(change(renumbered), "failed Reset", "the server knows no such connection");
    assert_eq!(change(NetworkChange::Unplug(site())), "failed TimedOut");
}
