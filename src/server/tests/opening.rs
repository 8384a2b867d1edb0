//! How the server comes to its addresses, and gives them back.

use super::*;

fn loopback(port: u16) -> UdpSite {
    UdpSite {
        address: addr("127.0.0.1:0").ip(),
        port,
        second_address: Some(addr("127.0.0.2:0").ip()),
        second_port: Some(0),
    }
}

fn serve(site: UdpSite, prepare: impl FnOnce(&mut World)) -> World {
    let mut world = World::new(Config { udp: vec![site], ..Config::default() });
    prepare(&mut world);
    world.give(Input::Interfaces(Vec::new()));
    world
}

#[test]
fn the_same_two_ports_are_opened_on_both_addresses() {
    let world = serve(loopback(0), |_| {});
    let open = world.server.addresses().udp[0].clone();
    let expected = ["127.0.0.1:50000", "127.0.0.2:50000", "127.0.0.1:50001", "127.0.0.2:50001"];
    assert_eq!(open, UdpAddresses { open: expected.map(addr).to_vec(), is_rfc5780: true });
    assert!(world.server.is_ready());
}

#[test]
fn a_port_taken_on_the_second_address_is_given_up_on_the_first_too() {
    let taken = ["127.0.0.2:50000", "127.0.0.2:50001"].map(addr);
    let world = serve(loopback(0), |world| world.taken.extend(taken));
    let open = world.server.addresses().udp[0].open.clone();
    assert_eq!(open, ["127.0.0.1:50002", "127.0.0.2:50002", "127.0.0.1:50003", "127.0.0.2:50003"].map(addr));
    assert_eq!(world.open.len(), 4, "what did not fit was closed");
}

#[test]
fn the_search_for_a_common_port_ends() {
    let all = (1..=u16::MAX).map(|port| SocketAddr::new(addr("127.0.0.2:0").ip(), port));
    let world = serve(loopback(0), |world| world.taken.extend(all));
    assert!(world.server.is_ready());
    assert_eq!((world.server.addresses().udp[0].open.len(), world.open.len()), (2, 2));
    let failures: Vec<_> = world.server.failures().iter().map(|not| (not.at.ip(), not.failure.clone())).collect();
    let expected = (addr("127.0.0.2:0").ip(), Failure::AddressInUse);
    assert_eq!(failures, [expected.clone(), expected]);
}

#[test]
fn a_fixed_port_that_is_in_use_is_told_with_its_address() {
    let world = serve(loopback(3478), |world| world.taken.extend([addr("127.0.0.1:3478")]));
    let expected = NotBound { transport: Transport::Udp, at: addr("127.0.0.1:3478"), failure: Failure::AddressInUse };
    assert_eq!(world.server.failures(), [expected]);
    assert!(!world.server.addresses().udp[0].is_rfc5780 && world.server.is_ready());
}

#[test]
fn an_absent_second_address_costs_rfc_5780_and_not_the_server() {
    let mut world = serve(loopback(0), |world| world.absent.extend([addr("127.0.0.2:0").ip()]));
    assert_eq!(world.server.failures().len(), 2);
    let server = world.server.addresses().udp[0].open[0];
    let request = Builder::request(StunMethod::Binding, TransactionId([1; 12])).finish();
    let answer = world.ask(addr("127.0.0.1:4000"), server, request).message();
    assert_eq!((answer.other_address(), answer.response_origin()), (None, Some(server)));
}

#[test]
fn it_is_ready_only_when_every_open_is_answered() {
    let mut world = World::new(Config { tcp: vec![addr("127.0.0.1:0")], udp: vec![loopback(0)], ..Config::default() });
    assert!(!world.server.is_ready());
    world.is_slow = true;
    world.give(Input::Interfaces(Vec::new()));
    assert!(!world.server.is_ready());
    world.is_slow = false;
    world.give(Input::Woken);
    assert!(world.server.is_ready());
    assert_eq!(world.server.addresses().tcp.len(), 1);
}

#[test]
fn a_listener_that_fails_is_told_and_the_rest_is_served() {
    let mut world = World::new(Config {
        tls: vec![addr("127.0.0.1:5349")],
        udp: vec![UdpSite::single(addr("127.0.0.1:0"))],
        ..Config::default()
    });
    world.taken.insert(addr("127.0.0.1:5349"));
    world.give(Input::Interfaces(Vec::new()));
    assert_eq!(world.server.failures()[0].transport, Transport::Tls);
    assert_eq!((world.server.addresses().tls.len(), world.server.addresses().udp[0].open.len()), (0, 1));
}

#[test]
fn a_stop_closes_everything_says_nothing_more_and_is_final() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    alice.allocate(&mut world);
    world.connect(addr("203.0.113.5:5000"), addr("192.0.2.1:3478"));
    world.sent.clear();
    world.give(Input::Stop);
    assert!(world.open.is_empty() && world.sent.is_empty());
    assert_eq!((world.wake, world.server.allocations()), (Wake::Finished, 0));
    world.give(Input::Interfaces(Vec::new()));
    assert_eq!((world.wake, world.open.len()), (Wake::Finished, 0));
}

#[test]
fn a_stop_while_sockets_are_being_opened_leaves_none_behind() {
    let mut world = World::new(Config { tcp: vec![addr("127.0.0.1:0")], udp: vec![loopback(0)], ..Config::default() });
    world.is_slow = true;
    world.give(Input::Interfaces(Vec::new()));
    world.give(Input::Stop);
    assert!(world.open.is_empty() && world.wake == Wake::Finished);
    let mut never_started = World::new(Config { udp: vec![loopback(0)], ..Config::default() });
    never_started.give(Input::Stop);
    assert_eq!(never_started.wake, Wake::Finished);
}
