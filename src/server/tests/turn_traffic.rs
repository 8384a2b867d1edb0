//! What crosses the relay, and what does not; and allocations on streams.

use super::*;
use crate::machine::Shares;
use crate::wire::channel_data;

const SERVER: &str = "192.0.2.1:3478";
const PEER: &str = "198.51.100.9:7000";

/// Alice with an allocation and a permission for the peer; her relayed address.
fn permitted(world: &mut World) -> (Caller, SocketAddr) {
    let mut alice = Caller::alice(world);
    let relayed = alice.allocate(world);
    assert_eq!(alice.permit(world, PEER), None);
    (alice, relayed)
}

fn send(peer: &str, data: &[u8]) -> Builder {
    Builder::new(StunMethod::Send, Class::Indication, TransactionId([8; 12])).xor_peer(addr(peer)).data(data)
}

#[test]
fn a_send_indication_leaves_from_the_relayed_address() {
    let mut world = World::whole();
    let (alice, relayed) = permitted(&mut world);
    let sent = alice.tell(&mut world, send(PEER, b"hello").finish());
    assert_eq!(sent, [Sent { from: relayed, to: addr(PEER), data: b"hello".to_vec() }]);
    let another_port = alice.tell(&mut world, send("198.51.100.9:1", b"").finish());
    assert_eq!((another_port.len(), another_port[0].data.len()), (1, 0), "permissions are for addresses");
}

#[test]
fn a_send_that_lacks_something_or_asks_too_much_is_dropped() {
    let mut world = World::whole();
    let (alice, _) = permitted(&mut world);
    let bare = || Builder::new(StunMethod::Send, Class::Indication, TransactionId([8; 12]));
    for indication in [
        bare(),
        bare().data(b"hello"),
        bare().xor_peer(addr(PEER)),
        send("198.51.100.10:7000", b"no permission"),
        send("198.51.100.9:0", b"no port"),
        send(PEER, b"whole").raw(0x001a, &[]),
        send(PEER, b"unknown").raw(0x7abc, &[]),
        bare().raw(0x0012, &[0, 1]).data(b"hello"),
    ] {
        assert_eq!(alice.tell(&mut world, indication.finish()), []);
    }
    let elsewhere = world.datagram(addr("203.0.113.5:4445"), addr(SERVER), send(PEER, b"not mine").finish());
    assert_eq!(elsewhere, []);
}

#[test]
fn a_peers_datagram_comes_as_data_and_a_strangers_not_at_all() {
    let mut world = World::whole();
    let (alice, relayed) = permitted(&mut world);
    let sent = world.ask(addr(PEER), relayed, b"hello".to_vec());
    let data = sent.message();
    assert_eq!((data.method, data.class, data.faulty()), (StunMethod::Data, Class::Indication, None));
    assert_eq!((data.xor_peer(), data.data()), (Some(addr(PEER)), Some(b"hello".as_slice())));
    assert_eq!((sent.from, sent.to), (addr(SERVER), alice.at));
    assert_eq!(world.datagram(addr("198.51.100.10:7000"), relayed, b"hello".to_vec()), []);
    assert_eq!(world.datagram(addr(PEER), relayed, vec![0; 65_401]), [], "would not fit");
    assert_eq!(world.datagram(addr(PEER), relayed, vec![0; 65_400]).len(), 1);
}

#[test]
fn a_channel_carries_both_ways() {
    let mut world = World::whole();
    let (mut alice, relayed) = permitted(&mut world);
    assert_eq!(alice.bind(&mut world, 0x4abc, PEER), None);
    let up = alice.tell(&mut world, channel_data(0x4abc, b"hello", false).expect("fits"));
    assert_eq!(up, [Sent { from: relayed, to: addr(PEER), data: b"hello".to_vec() }]);
    let down = world.ask(addr(PEER), relayed, b"hi".to_vec());
    assert_eq!(down.data, [0x4a, 0xbc, 0, 2, b'h', b'i']);
    let other_port = world.ask(addr("198.51.100.9:1"), relayed, b"hi".to_vec());
    assert_eq!(other_port.message().method, StunMethod::Data, "the channel is for one port");
    for unbound in [channel_data(0x4abd, b"hello", false).expect("fits"), vec![0x4a, 0xbc, 0, 9, 1]] {
        assert_eq!(alice.tell(&mut world, unbound), []);
    }
}

#[test]
fn a_permission_ends_after_300_seconds_to_the_second() {
    let mut world = World::whole();
    let (mut alice, relayed) = permitted(&mut world);
    world.advance_to(Duration::from_millis(299_999));
    assert_eq!(world.datagram(addr(PEER), relayed, vec![1]).len(), 1);
    assert_eq!(alice.tell(&mut world, send(PEER, b"x").finish()).len(), 1);
    world.advance_to(Duration::from_secs(300));
    assert_eq!(world.datagram(addr(PEER), relayed, vec![1]), []);
    assert_eq!(alice.tell(&mut world, send(PEER, b"x").finish()), [], "sending does not renew it");
    assert_eq!(alice.permit(&mut world, PEER), None);
    assert_eq!(world.datagram(addr(PEER), relayed, vec![1]).len(), 1);
}

#[test]
fn a_channel_ends_after_600_seconds_to_the_second() {
    let mut world = World::whole();
    let (mut alice, _) = permitted(&mut world);
    assert_eq!(alice.bind(&mut world, 0x4000, PEER), None);
    world.advance(1);
    assert_eq!(alice.refresh(&mut world, 600), None);
    let hello = channel_data(0x4000, b"hello", false).expect("fits");
    world.advance_to(Duration::from_millis(599_999));
    assert_eq!(alice.tell(&mut world, hello.clone()).len(), 1);
    world.advance_to(Duration::from_secs(600));
    assert_eq!(alice.tell(&mut world, hello), []);
}

#[test]
fn what_is_beyond_an_allocations_bytes_or_everyones_is_dropped_until_the_next_second() {
    for limits in [
        Limits { bytes_per_second: 1000, ..Limits::default() },
        Limits { total_bytes_per_second: 1000, ..Limits::default() },
    ] {
        let mut world = World::with_limits(limits);
        let (alice, relayed) = permitted(&mut world);
        let up = (0..4).filter(|_| !alice.tell(&mut world, send(PEER, &[0; 300]).finish()).is_empty()).count();
        let down = (0..4).filter(|_| !world.datagram(addr(PEER), relayed, vec![0; 50]).is_empty()).count();
        assert_eq!((up, down), (3, 2));
        world.advance(1);
        assert_eq!(world.datagram(addr(PEER), relayed, vec![0; 50]).len(), 1);
    }
}

#[test]
fn over_a_stream_everything_works_and_channel_data_is_padded() {
    for server in ["192.0.2.1:3478", "192.0.2.1:5349"] {
        let mut world = World::whole();
        let stream = world.connect(addr("203.0.113.5:5000"), addr(server));
        let way = Way::Stream(stream);
        let mut alice = Caller::challenged(&mut world, "203.0.113.5:5000", way, "alice", "wonderland");
        let relayed = alice.allocate(&mut world);
        assert_eq!(alice.bind(&mut world, 0x4000, PEER), None);
        let down = world.ask(addr(PEER), relayed, b"hello".to_vec());
        assert_eq!(down.data, [&[0x40, 0, 0, 5], b"hello".as_slice(), &[0; 3]].concat());
        let two = [channel_data(0x4000, b"one", true), channel_data(0x4000, b"three", true)].map(|c| c.expect("fits"));
        let up: Vec<_> = alice.tell(&mut world, two.concat()).into_iter().map(|sent| sent.data).collect();
        assert_eq!(up, [b"one".to_vec(), b"three".to_vec()]);
    }
}

#[test]
fn with_its_stream_an_allocation_goes() {
    let fates: [fn(&mut World, SocketId); 3] = [
        |world, socket| world.give(Input::Ended { socket }),
        |world, socket| world.give(Input::Failed { socket, failure: Failure::Reset, tls: None }),
        |world, socket| drop(world.stream(socket, b"\xff\xff\xff\xff".to_vec())),
    ];
    for fate in fates {
        let mut world = World::whole();
        let stream = world.connect(addr("203.0.113.5:5000"), addr(SERVER));
        let way = Way::Stream(stream);
        let mut alice = Caller::challenged(&mut world, "203.0.113.5:5000", way, "alice", "wonderland");
        let relayed = alice.allocate(&mut world);
        fate(&mut world, stream);
        assert_eq!((world.server.allocations(), world.open.values().any(|open| *open == relayed)), (0, false));
    }
}

#[test]
fn a_stream_that_ends_while_its_relay_is_being_opened_leaves_no_relay() {
    let mut world = World::whole();
    let stream = world.connect(addr("203.0.113.5:5000"), addr(SERVER));
    let mut alice = Caller::challenged(&mut world, "203.0.113.5:5000", Way::Stream(stream), "alice", "wonderland");
    world.is_slow = true;
    let request = alice.allocate_request();
    assert_eq!(alice.tell(&mut world, alice.seal(request)), []);
    let before = world.open.len();
    world.give(Input::Ended { socket: stream });
    assert_eq!((world.server.allocations(), world.open.len()), (0, before - 1));
}

#[test]
fn a_stream_is_kept_by_whole_messages_or_an_allocation_and_never_by_single_bytes() {
    let mut world = World::whole();
    let [silent, dripping, asking, holder] =
        [5000, 5001, 5002, 5003].map(|port| world.connect(addr(&format!("203.0.113.5:{port}")), addr(SERVER)));
    let way = Way::Stream(holder);
    Caller::challenged(&mut world, "203.0.113.5:5003", way, "alice", "wonderland").allocate(&mut world);
    let open = |world: &World| [silent, dripping, asking, holder].map(|socket| world.open.contains_key(&socket));
    let request = || Builder::request(StunMethod::Binding, TransactionId([1; 12])).finish();
    assert_eq!((world.stream(asking, request()).len(), world.stream(dripping, request()).len()), (1, 1));
    let long = Builder::request(StunMethod::Binding, TransactionId([1; 12])).raw(0x9abc, &[0; 65_000]).finish();
    for byte in &long[..9] {
        world.advance(1);
        world.stream(dripping, vec![*byte]);
    }
    assert_eq!(open(&world), [true; 4]);
    world.advance(1);
    assert_eq!(open(&world), [false, true, true, true], "who has said nothing");
    world.advance(1);
    assert_eq!(open(&world), [false, false, true, true], "a byte a second");
    world.advance(40);
    assert_eq!(world.stream(asking, request()).len(), 1);
    world.advance(59);
    assert_eq!(open(&world), [false, false, true, true]);
    world.advance(1);
    assert_eq!(open(&world), [false, false, false, true], "idle for a minute");
}

#[test]
fn an_unfinished_message_ends_a_stream_with_an_allocation_too() {
    let mut world = World::whole();
    let holder = world.connect(addr("203.0.113.5:5003"), addr(SERVER));
    let way = Way::Stream(holder);
    Caller::challenged(&mut world, "203.0.113.5:5003", way, "alice", "wonderland").allocate(&mut world);
    world.stream(holder, vec![0]);
    world.advance(10);
    assert_eq!((world.open.contains_key(&holder), world.server.allocations()), (false, 0));
}

#[test]
fn where_all_streams_are_taken_the_greediest_gives_one_up_for_a_newcomer() {
    let mut world =
        World::with_limits(Limits { streams: Shares { all: 6, per_site: 6, per_source: 6 }, ..Limits::default() });
    let holder = world.connect(addr("203.0.113.5:9"), addr(SERVER));
    let way = Way::Stream(holder);
    Caller::challenged(&mut world, "203.0.113.5:9", way, "alice", "wonderland").allocate(&mut world);
    let greedy: Vec<SocketId> =
        (1..6).map(|port| world.connect(addr(&format!("203.0.113.5:{port}")), addr(SERVER))).collect();
    let newcomers: Vec<SocketId> =
        (1..9).map(|host| world.connect(addr(&format!("198.51.100.{host}:1")), addr(SERVER))).collect();
    let open = |sockets: &[SocketId]| sockets.iter().filter(|socket| world.open.contains_key(socket)).count();
    // What is left of the greedy source holds an allocation, and each newcomer holds as much.
    assert_eq!((open(&[holder]), open(&greedy), open(&newcomers)), (1, 0, 5));
}

#[test]
fn streams_are_counted_in_all_and_by_source() {
    let limits = Limits { streams: Shares { all: 3, per_site: 3, per_source: 2 }, ..Limits::default() };
    let mut world = World::with_limits(limits);
    let mut connect = |remote| {
        let socket = world.connect(addr(remote), addr(SERVER));
        world.open.contains_key(&socket)
    };
    assert_eq!(["203.0.113.5:1", "203.0.113.5:2", "203.0.113.5:3"].map(&mut connect), [true, true, false]);
    assert!(connect("203.0.113.6:1"));
    // The first source gives one of its two up; then all hold as much as a newcomer would.
    assert_eq!(["203.0.113.7:1", "203.0.113.8:1"].map(&mut connect), [true, false]);
}

#[test]
fn a_relay_socket_that_breaks_takes_its_allocation_with_it() {
    let mut world = World::whole();
    let (mut alice, relayed) = permitted(&mut world);
    let socket = world.socket(relayed);
    world.give(Input::Failed { socket, failure: Failure::OutOfSockets, tls: None });
    assert_eq!((world.server.allocations(), alice.refresh(&mut world, 600)), (0, Some(437)));
}
