//! Bytes that mean harm, or nothing.

use super::*;
use proptest::prelude::*;

const VECTORS: [&str; 5] = [
    include_str!("../../../fixtures/vectors/rfc5769-2.1-request.hex"),
    include_str!("../../../fixtures/vectors/rfc5769-2.2-ipv4-response.hex"),
    include_str!("../../../fixtures/vectors/rfc5769-2.3-ipv6-response.hex"),
    include_str!("../../../fixtures/vectors/rfc5769-2.4-long-term-request.hex"),
    include_str!("../../../fixtures/vectors/rfc8489-b.1-userhash-request.hex"),
];

const CLIENT: &str = "203.0.113.9:4444";

fn vectors() -> impl Iterator<Item = Vec<u8>> {
    let byte = |hex| u8::from_str_radix(hex, 16).expect("hex");
    VECTORS.into_iter().map(move |text| text.split_whitespace().map(byte).collect())
}

/// The vectors, and one sealed request of each of TURN's methods.
fn samples(alice: &mut Caller) -> Vec<Vec<u8>> {
    let requests = [
        alice.allocate_request().requested_family(1).lifetime_s(600),
        alice.request(StunMethod::Refresh).lifetime_s(600),
        alice.request(StunMethod::CreatePermission).xor_peer(addr("198.51.100.9:7000")),
        alice.request(StunMethod::ChannelBind).channel_number(0x4000).xor_peer(addr("198.51.100.9:7000")),
        alice.request(StunMethod::Binding).change_request(true, true).padding(8),
    ];
    vectors().chain(requests.map(|request| alice.seal(request))).collect()
}

/// By UDP from the caller's own endpoint and from a stranger's, by relay, and on a stream of its own.
fn throw(world: &mut World, alice: &Caller, relayed: SocketAddr, bytes: &[u8]) {
    alice.tell(world, bytes.to_vec());
    world.datagram(addr(CLIENT), addr("192.0.2.2:3479"), bytes.to_vec());
    if world.open.values().any(|open| *open == relayed) {
        world.datagram(addr("198.51.100.9:7000"), relayed, bytes.to_vec());
    }
    let stream = world.connect(addr(CLIENT), addr("192.0.2.1:3478"));
    world.stream(stream, bytes.to_vec());
    if world.open.contains_key(&stream) {
        world.give(Input::Ended { socket: stream });
    }
}

/// Answers count against no limit here, so that all the code is reached.
fn unlimited() -> World {
    let limits = Limits { large_answers_per_second: u64::MAX, ..Limits::default() };
    World::with_limits(limits)
}

#[test]
fn every_prefix_of_every_vector_and_request_goes_by() {
    let mut world = unlimited();
    let mut alice = Caller::alice(&mut world);
    let relayed = alice.allocate(&mut world);
    for bytes in samples(&mut alice) {
        for cut in 0..bytes.len() {
            throw(&mut world, &alice, relayed, &bytes[..cut]);
        }
    }
    assert_eq!(world.server.allocations(), 1);
}

#[test]
fn every_flipped_bit_of_every_vector_and_request_goes_by() {
    let mut world = unlimited();
    let mut alice = Caller::alice(&mut world);
    let relayed = alice.allocate(&mut world);
    for bytes in samples(&mut alice) {
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            throw(&mut world, &alice, relayed, &flipped);
        }
    }
    assert_eq!(world.server.allocations(), 1, "no flipped bit passed for alice's own request");
}

#[test]
fn a_flood_of_forged_allocates_leaves_nothing_behind() {
    let mut world = World::whole();
    for n in 0..5000_u32 {
        let from = SocketAddr::new(std::net::Ipv4Addr::from(0xcb00_7100 + n).into(), 4444);
        let request = Builder::request(StunMethod::Allocate, TransactionId([1; 12])).requested_transport(17);
        let forged = request.username(b"alice").realm(REALM.as_bytes()).nonce(b"0").raw(0x0008, &[0; 20]).finish();
        assert!(world.datagram(from, addr("192.0.2.1:3478"), forged).len() <= 1);
    }
    assert_eq!((world.server.allocations(), world.wake), (0, Wake::OnInput));
}

#[test]
fn a_stream_that_never_ends_its_message_holds_one_message_at_most() {
    let mut world = World::whole();
    let stream = world.connect(addr(CLIENT), addr("192.0.2.1:3478"));
    let mut bytes = Builder::request(StunMethod::Binding, TransactionId([1; 12])).raw(0x9abc, &[0; 65_000]).finish();
    bytes.pop();
    for chunk in bytes.chunks(1000) {
        assert_eq!(world.stream(stream, chunk.to_vec()), []);
    }
    assert_eq!(world.stream(stream, vec![0]).len(), 1);
}

#[test]
fn inputs_that_belong_to_nothing_change_nothing() {
    let mut world = World::whole();
    let socket = SocketId(4_000_000);
    let before = world.server.addresses();
    for input in [
        Input::Opened { socket, local: addr(CLIENT), tls: None },
        Input::Failed { socket, failure: Failure::Refused, tls: None },
        Input::Received {
            socket,
            from: addr(CLIENT),
            data: Builder::request(StunMethod::Binding, TransactionId([1; 12])).finish(),
        },
        Input::Unreachable { socket, to: addr(CLIENT), failure: Failure::NoRoute },
        Input::Ended { socket },
        Input::Woken,
    ] {
        world.sent.clear();
        world.give(input);
        assert_eq!(world.sent, []);
    }
    assert_eq!(world.server.addresses(), before);
}

/// Attributes that the server looks at, and some that nobody knows.
fn kind() -> impl Strategy<Value = u16> {
    prop_oneof![
        4 => prop::sample::select(vec![
            0x0003, 0x0006, 0x0008, 0x000c, 0x000d, 0x0012, 0x0013, 0x0014, 0x0015, 0x0017, 0x0018, 0x0019, 0x001a,
            0x001c, 0x0020, 0x0022, 0x0026, 0x0027, 0x8028_u16,
        ]),
        1 => any::<u16>(),
    ]
}

fn attributes() -> impl Strategy<Value = Vec<(u16, Vec<u8>)>> {
    let value = prop_oneof![prop::collection::vec(any::<u8>(), 0..24), prop::collection::vec(any::<u8>(), 4..=4)];
    prop::collection::vec((kind(), value), 0..8)
}

proptest! {
    #[test]
    fn no_bytes_panic_the_server(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        let mut world = unlimited();
        let mut alice = Caller::alice(&mut world);
        let relayed = alice.allocate(&mut world);
        throw(&mut world, &alice, relayed, &bytes);
    }

    #[test]
    fn no_attributes_panic_the_server_even_well_sealed(
        method in 0..12_u16,
        class in prop::sample::select(vec![Class::Request, Class::Indication, Class::Success, Class::Error]),
        attributes in attributes(),
    ) {
        let mut world = unlimited();
        let mut alice = Caller::alice(&mut world);
        let relayed = alice.allocate(&mut world);
        let method = match method {
            1 => StunMethod::Binding,
            3 => StunMethod::Allocate,
            4 => StunMethod::Refresh,
            6 => StunMethod::Send,
            7 => StunMethod::Data,
            8 => StunMethod::CreatePermission,
            9 => StunMethod::ChannelBind,
            other => StunMethod::Other(other),
        };
        let message = Builder::new(method, class, alice.id());
        let message = attributes.iter().fold(message, |message, (kind, value)| message.raw(*kind, value));
        throw(&mut world, &alice, relayed, &message.clone().finish());
        throw(&mut world, &alice, relayed, &alice.seal(message));
        prop_assert!(world.server.allocations() <= 2);
    }
}
