//! Ends of one address family each, whom nothing but a relay brings together (RFC 8656 §7.1).

use super::*;

fn ipv6_alone(firewall: fn() -> Firewall) -> Place {
    Place::new("IPv6 alone", move |world, _| {
        let internet = world.internet();
        let ipv6 = Device::Nat(NatConfig::firewall(Behaviour::AddressAndPortDependent));
        let gateway = Gateway { ipv6, firewall: firewall(), ..Gateway::default() };
        let site = world.site(internet, gateway.over(Link::of(DELAY, 0.0)));
        world.host(site, &[ip("2001:db8:77::2")])
    })
}

/// Reached over either family, with relays of both, or of IPv4 alone.
fn serve_both(world: &mut World, relays_ipv6: bool) {
    let plain = server_config(true);
    let tcp = [SERVERS[0], SERVERS_IPV6[0]].map(|address| SocketAddr::new(ip(address), 3478)).to_vec();
    let IpAddr::V6(ipv6) = ip(SERVERS_IPV6[0]) else { panic!("an address") };
    let clients = ["192.0.2.0/24", "203.0.113.0/24", "2001:db8::/32"].map(|range| range.parse().expect("a range"));
    let relaying = plain.relaying.map(|relaying| Relaying {
        ipv6: relays_ipv6.then_some(ipv6),
        peers: Peers::from_iter(clients),
        ..relaying
    });
    serve_as(world, ServerConfig { tcp, relaying, ..plain });
}

/// The servers of an application, by both of their addresses.
fn plan_both() -> Plan {
    let hosts = [SERVERS[0].to_owned(), format!("[{}]", SERVERS_IPV6[0])];
    let uris = hosts.iter().flat_map(|host| {
        ["stun:{}", "turn:{}:3478?transport=udp", "turn:{}:3478?transport=tcp"].map(|uri| uri.replace("{}", host))
    });
    let planned = |uri: String| {
        let relays = uri.starts_with("turn");
        Planned { target: uri.parse().expect("a URI"), credentials: relays.then(credentials) }
    };
    Plan { unix_now: 1_700_000_000, ..Plan::new(uris.map(planned)) }
}

#[test]
fn ends_of_one_family_each_are_brought_together_by_a_relay_of_ipv4_and_a_call_shows_it() {
    let no_udp = || Firewall { udp: Passage::None, ..Firewall::default() };
    let homes = [Place::behind("home", Firewall::default()), Place::behind("no UDP", no_udp())];
    for (relays_ipv6, firewall) in
        [(true, Firewall::default as fn() -> Firewall), (false, Firewall::default), (true, no_udp)]
    {
        for home in &homes {
            let alone = ipv6_alone(firewall);
            let lay = |world: &mut World| {
                serve_both(world, relays_ipv6);
                [(alone.lay)(world, 1), (home.lay)(world, 2)]
            };
            let check = |end: usize| {
                let mut world = World::new(1);
                let hosts = lay(&mut world);
                run::at_host(&mut world, hosts[end], plan_both(), Rng::numbered(21)).expect("it keeps its time")
            };
            let (ours, theirs) = (check(0), check(1));
            let mut world = World::new(1);
            let hosts = lay(&mut world);
            let called = meet(world, hosts, ends_config(plan_both(), Policy::All, None), 1, None);
            let compared = compare(&ours, &theirs);
            let what = format!("relays of IPv6: {relays_ipv6}, {}, {}", home.name, brief(&compared));
            holds(&what, &compared, &called);
            assert_eq!(known(&compared.verdict.predicted), Some(Path::Relay), "{what}");
            assert!(compared.verdict.because.contains(&Code::NoCommonFamily), "{what}");
            symmetry::assert_mirrored(&what, &compared, &compare(&theirs, &ours));
        }
    }
}

#[test]
fn a_host_with_ipv6_alone_and_relays_of_ipv4_alone_meet_nobody_who_has_ipv4_alone() {
    let ipv6_alone = Place::new("IPv6 alone", |world, _| {
        let internet = world.internet();
        let site = world.site(internet, Gateway::default().over(Link::of(DELAY, 0.0)));
        world.host(site, &[ip("2001:db8:77::2")])
    });
    let home = Place::behind("home", Firewall::default());
    let (ours, theirs) = (check(&ipv6_alone, 1, 1), check(&home, 2, 1));
    for compared in [compare(&ours, &theirs), compare(&theirs, &ours)] {
        assert_eq!(known(&compared.verdict.predicted), Some(Path::None), "{}", brief(&compared));
        assert!(compared.verdict.because.contains(&Code::NoCommonFamily), "{}", brief(&compared));
        assert_eq!(compared.exit_code(), 2);
    }
}
