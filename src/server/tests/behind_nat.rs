//! What others are told where a NAT in front of the server translates address for address; relays of one server among
//! themselves; and relayed addresses in a range of ports.

use super::*;

const SERVER: &str = "192.0.2.1:3478";

/// What the world of these tests calls 192.0.2.x, the world outside calls 203.0.113.2x.
fn behind_nat() -> World {
    World::changed(Limits::default(), |config| {
        let pairs = [("192.0.2.1", "203.0.113.21"), ("192.0.2.2", "203.0.113.22"), ("192.0.2.7", "203.0.113.27")];
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        config.aliases = pairs.into_iter().map(|(own, outside)| (ip(own), ip(outside))).collect();
        config.relaying.as_mut().expect("it relays").between_relays = true;
    })
}

fn bob(world: &mut World) -> Caller {
    Caller::challenged(world, "203.0.113.6:5555", Way::Udp(addr(SERVER)), "bob", "builder")
}

fn send(peer: SocketAddr, data: &[u8]) -> Vec<u8> {
    Builder::new(StunMethod::Send, Class::Indication, TransactionId([8; 12])).xor_peer(peer).data(data).finish()
}

#[test]
fn others_are_told_the_addresses_by_which_they_know_the_server() {
    let mut world = behind_nat();
    let request = Builder::request(StunMethod::Binding, TransactionId([1; 12]));
    let answer = world.ask(addr("198.51.100.9:7000"), addr(SERVER), request.finish());
    assert_eq!(answer.from, addr(SERVER), "it is sent from the own one, and the NAT translates that");
    assert_eq!(answer.message().response_origin(), Some(addr("203.0.113.21:3478")));
    assert_eq!(answer.message().other_address(), Some(addr("203.0.113.22:3479")));
    let relayed = Caller::alice(&mut world).allocate(&mut world);
    assert_eq!(relayed.ip(), addr("203.0.113.27:0").ip());
}

#[test]
fn two_relays_of_one_server_reach_each_other_without_the_nat() {
    let mut world = behind_nat();
    let (mut alice, mut bob) = (Caller::alice(&mut world), bob(&mut world));
    let (of_alice, of_bob) = (alice.allocate(&mut world), bob.allocate(&mut world));
    assert_eq!(alice.permit(&mut world, &of_bob.to_string()), None);
    assert_eq!(bob.permit(&mut world, &of_alice.to_string()), None);
    let own = |outside: SocketAddr| SocketAddr::new(addr("192.0.2.7:0").ip(), outside.port());
    let sent = alice.tell(&mut world, send(of_bob, b"hello"));
    assert_eq!(sent, [Sent { from: own(of_alice), to: own(of_bob), data: b"hello".to_vec() }]);
    let told = world.ask(own(of_alice), own(of_bob), b"hello".to_vec()).message();
    assert_eq!((told.xor_peer(), told.data()), (Some(of_alice), Some(b"hello".as_slice())));
}

#[test]
fn at_the_relays_own_address_nothing_but_a_relay_is_reached() {
    let mut world = behind_nat();
    let mut alice = Caller::alice(&mut world);
    alice.allocate(&mut world);
    for host in ["203.0.113.27", "192.0.2.7"] {
        assert_eq!(alice.permit(&mut world, &format!("{host}:53")), None);
        assert_eq!(alice.tell(&mut world, send(addr(&format!("{host}:53")), b"a query")), []);
    }
    assert_eq!(alice.permit(&mut world, "192.0.2.1:53"), Some(403), "this address has no relays");
}

#[test]
fn relays_that_may_not_talk_to_each_other_are_a_403() {
    let mut world = World::whole();
    let (mut alice, mut bob) = (Caller::alice(&mut world), bob(&mut world));
    let of_bob = bob.allocate(&mut world);
    alice.allocate(&mut world);
    assert_eq!(alice.permit(&mut world, &of_bob.to_string()), Some(403));
}

fn in_ports(first: u16, last: u16) -> World {
    World::changed(Limits::default(), |config| {
        config.relaying.as_mut().expect("it relays").ports = Some((first, last));
    })
}

#[test]
fn relayed_addresses_keep_to_their_ports_until_none_is_left() {
    let mut world = in_ports(49_160, 49_161);
    let mut ports = Vec::new();
    for port in [1, 2] {
        let at = format!("203.0.113.5:{port}");
        let mut alice = Caller::challenged(&mut world, &at, Way::Udp(addr(SERVER)), "alice", "wonderland");
        ports.push(alice.allocate(&mut world).port());
    }
    ports.sort_unstable();
    assert_eq!(ports, [49_160, 49_161]);
    let mut bob = bob(&mut world);
    let request = bob.allocate_request();
    assert_eq!(bob.code(&mut world, request), Some(508));
}

#[test]
fn a_port_that_another_program_has_is_passed_over() {
    let mut world = in_ports(49_160, 49_191);
    world.taken.extend((49_160..49_191).step_by(2).map(|port| SocketAddr::new(addr("192.0.2.7:0").ip(), port)));
    for port in 1..=8 {
        let at = format!("203.0.113.5:{port}");
        let mut alice = Caller::challenged(&mut world, &at, Way::Udp(addr(SERVER)), "alice", "wonderland");
        assert_eq!(alice.allocate(&mut world).port() % 2, 1);
    }
    world.taken.extend((49_160..=49_191).map(|port| SocketAddr::new(addr("192.0.2.7:0").ip(), port)));
    let mut bob = bob(&mut world);
    let request = bob.allocate_request();
    assert_eq!(bob.code(&mut world, request), Some(508), "the search ends");
    assert_eq!(world.server.allocations(), 8);
}
