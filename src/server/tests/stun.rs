//! STUN and RFC 5780 from a client's side.

use super::*;

const CLIENT: &str = "203.0.113.5:4444";
const FIRST: &str = "192.0.2.1:3478";

fn request() -> Builder {
    Builder::request(StunMethod::Binding, TransactionId([9; 12]))
}

fn ask(world: &mut World, request: Builder) -> Sent {
    world.ask(addr(CLIENT), addr(FIRST), request.finish())
}

fn refused(sent: &Sent) -> (Option<u16>, Vec<u8>) {
    let answer = sent.message();
    // UNKNOWN-ATTRIBUTES is the last attribute; its value follows ERROR-CODE (8 bytes) and its own head.
    let unknown = if answer.has(0x000a) { sent.data[32..].to_vec() } else { Vec::new() };
    (answer.error().map(|error| error.code), unknown)
}

#[test]
fn a_binding_request_is_answered_with_all_four_addresses() {
    let mut world = World::whole();
    let sent = ask(&mut world, request());
    let answer = sent.message();
    assert_eq!((answer.class, answer.method, answer.id), (Class::Success, StunMethod::Binding, TransactionId([9; 12])));
    assert_eq!((answer.xor_mapped(), answer.mapped()), (Some(addr(CLIENT)), Some(addr(CLIENT))));
    assert_eq!((answer.response_origin(), answer.other_address()), (Some(addr(FIRST)), Some(addr("192.0.2.2:3479"))));
    assert_eq!((sent.from, sent.to), (addr(FIRST), addr(CLIENT)));
    assert_eq!((answer.software(), answer.faulty(), sent.data.len()), (None, None, 68));
}

#[test]
fn change_request_chooses_the_corner_that_answers_from_every_corner() {
    let mut world = World::whole();
    let (ips, ports) = (["192.0.2.1", "192.0.2.2"], [3478, 3479]);
    for (ip, port, change_ip, change_port) in (0..16).map(|n| (n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3)) {
        let corner = |ip: usize, port: usize| addr(&format!("{}:{}", ips[ip], ports[port]));
        let asked = request().change_request(change_ip == 1, change_port == 1).finish();
        let sent = world.ask(addr(CLIENT), corner(ip, port), asked);
        let expected = corner(ip ^ change_ip, port ^ change_port);
        assert_eq!((sent.from, sent.message().response_origin()), (expected, Some(expected)));
        assert_eq!(sent.message().other_address(), Some(corner(1 - ip, 1 - port)));
    }
}

#[test]
fn a_site_with_one_address_names_no_other_and_refuses_change_request() {
    let mut world = World::whole();
    let (client, server) = (addr("[2001:db8:2::5]:4444"), addr("[2001:db8::1]:3478"));
    let answer = world.ask(client, server, request().finish());
    assert_eq!((answer.message().other_address(), answer.message().xor_mapped()), (None, Some(client)));
    let sent = world.ask(client, server, request().change_request(true, true).finish());
    assert_eq!(refused(&sent), (Some(420), vec![0, 3, 0, 0]));
    let unasked = world.ask(client, server, request().change_request(false, false).finish());
    assert_eq!(unasked.message().class, Class::Success);
}

#[test]
fn a_response_port_of_two_or_four_bytes_is_where_the_answer_goes() {
    let mut world = World::whole();
    for value in [&[0x1f, 0x40][..], &[0x1f, 0x40, 0, 0]] {
        let sent = ask(&mut world, request().raw(0x0027, value));
        assert_eq!((sent.to, sent.message().xor_mapped()), (addr("203.0.113.5:8000"), Some(addr(CLIENT))));
    }
    for value in [&[0, 0][..], &[1], &[1, 2, 3], &[]] {
        assert_eq!(refused(&ask(&mut world, request().raw(0x0027, value))).0, Some(400), "{value:?}");
    }
}

#[test]
fn padding_comes_back_as_long_as_it_came_and_never_with_response_port() {
    let mut world = World::whole();
    assert_eq!(ask(&mut world, request().padding(1400)).message().padding_len(), Some(1400));
    assert_eq!(refused(&ask(&mut world, request().padding(1400).raw(0x0027, &[1, 2]))).0, Some(400));
}

/// Requests of many shapes, those that clients send first.
fn shapes() -> Vec<Vec<u8>> {
    let rfc3489 = |mut request: Vec<u8>| {
        request[4..8].copy_from_slice(&[1, 2, 3, 4]);
        request
    };
    let mut shapes: Vec<Vec<u8>> = [
        request(),
        request().fingerprint(),
        request().software("a client of the field"),
        request().change_request(true, true),
        request().change_request(false, true).fingerprint(),
        request().raw(0x0027, &[0x1f, 0x40]),
        request().padding(0),
        request().padding(4),
        request().padding(60),
        request().padding(333).fingerprint(),
        request().padding(1400),
        request().raw(0x0027, &[]),
        request().raw(0x7abc, &[]),
        request().raw(0x7abc, &[]).raw(0x7abd, &[]).raw(0x7abe, &[]).fingerprint(),
        (0..200).fold(request(), |request, kind| request.raw(0x7a00 + kind, &[])),
    ]
    .map(Builder::finish)
    .into();
    shapes.extend([request(), request().change_request(true, false)].map(|request| rfc3489(request.finish())));
    shapes
}

#[test]
fn beyond_a_few_a_second_no_answer_is_more_than_half_as_large_again_as_its_request() {
    let (v4, v6) = ((CLIENT, FIRST, 28), ("[2001:db8:2::5]:4444", "[2001:db8::1]:3478", 48));
    for (client, server, headers) in [v4, v6] {
        let mut world = World::with_limits(Limits { large_answers_per_second: 0, ..Limits::default() });
        for asked in shapes() {
            let answer = world.ask(addr(client), addr(server), asked.clone());
            let growth = (answer.data.len() + headers) as f64 / (asked.len() + headers) as f64;
            assert!(growth <= 1.5, "{growth}: {} for {}", answer.data.len(), asked.len());
            let message = answer.message();
            let mapped = message.xor_mapped().or(message.mapped());
            assert!(message.class == Class::Error || mapped == Some(addr(client)), "what was asked for is there");
        }
    }
}

#[test]
fn an_attribute_that_must_be_understood_and_is_not_is_named_in_a_420() {
    let mut world = World::whole();
    let sent = ask(&mut world, request().raw(0x7abc, &[1]).raw(0x7abd, &[]).raw(0x9abc, &[]));
    assert_eq!(refused(&sent), (Some(420), vec![0x7a, 0xbc, 0x7a, 0xbd]));
    assert!(sent.message().error().expect("an error").reason.is_empty());
}

#[test]
fn a_fingerprint_is_echoed_where_it_fits_and_the_request_dropped_where_not() {
    let mut world = World::whole();
    assert_eq!(ask(&mut world, request().fingerprint()).message().fingerprint_fits(), Some(true));
    assert_eq!(ask(&mut world, request()).message().fingerprint_fits(), None);
    let wrong = request().raw(0x8028, &[1, 2, 3, 4]).finish();
    assert_eq!(world.datagram(addr(CLIENT), addr(FIRST), wrong), []);
}

#[test]
fn a_client_of_rfc_3489_gets_its_128_bits_back_and_the_addresses_it_knows() {
    let mut world = World::whole();
    let mut rfc3489 = request().change_request(true, false).finish();
    rfc3489[4..8].copy_from_slice(&[1, 2, 3, 4]);
    let sent = world.ask(addr(CLIENT), addr(FIRST), rfc3489.clone());
    assert_eq!(sent.data[4..20], rfc3489[4..20]);
    let answer = sent.message();
    assert_eq!((answer.mapped(), answer.xor_mapped(), sent.from), (Some(addr(CLIENT)), None, addr("192.0.2.2:3478")));
    assert_eq!(answer.other_address(), Some(addr("192.0.2.2:3479")), "CHANGED-ADDRESS");
    assert!(answer.has(0x0004) && !answer.has(0x802b));
}

#[test]
fn a_stream_is_answered_on_itself_and_cannot_be_answered_elsewhere() {
    let mut world = World::whole();
    for server in ["192.0.2.1:3478", "192.0.2.1:5349"] {
        let stream = world.connect(addr("203.0.113.5:5000"), addr(server));
        let bytes = [request().finish(), request().fingerprint().finish()].concat();
        let (head, tail) = bytes.split_at(11);
        assert_eq!(world.stream(stream, head.to_vec()), []);
        let sent = world.stream(stream, tail.to_vec());
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].message().xor_mapped(), Some(addr("203.0.113.5:5000")));
        assert_eq!(sent[0].message().response_origin(), Some(addr(server)));
        assert_eq!(sent[1].message().fingerprint_fits(), Some(true));
        for (asked, kind) in [(request().change_request(false, true), 3), (request().raw(0x0027, &[9, 9]), 0x27)] {
            let sent = world.stream(stream, asked.finish());
            assert_eq!(refused(&sent[0]), (Some(420), vec![0, kind, 0, 0]));
        }
    }
}

#[test]
fn a_stream_that_is_not_stun_is_closed() {
    let mut world = World::whole();
    let stream = world.connect(addr("203.0.113.5:5000"), addr(FIRST));
    world.stream(stream, b"GET / HTTP/1.1\r\n\r\n".to_vec());
    assert!(!world.open.contains_key(&stream));
}

#[test]
fn indications_answers_and_garbage_are_not_answered() {
    let mut world = World::whole();
    let build = |method, class| Builder::new(method, class, TransactionId([1; 12])).finish();
    for bytes in [
        build(StunMethod::Binding, Class::Indication),
        build(StunMethod::Binding, Class::Success),
        build(StunMethod::Binding, Class::Error),
        build(StunMethod::Allocate, Class::Success),
        build(StunMethod::Other(0x123), Class::Request),
        Vec::new(),
        vec![0; 19],
        vec![0x40, 0, 0, 0],
        b"hello, is anybody there?".to_vec(),
    ] {
        assert_eq!(world.datagram(addr(CLIENT), addr(FIRST), bytes), []);
    }
    assert_eq!(world.datagram(addr("203.0.113.5:0"), addr(FIRST), request().finish()), [], "port 0 asks nothing");
}

#[test]
fn a_flood_from_one_source_gets_its_address_and_the_others_of_a_few_and_another_source_all() {
    let mut world = World::whole();
    let flood = |world: &mut World| {
        let answers = (0..1000).map(|n| {
            let from = SocketAddr::new(addr(CLIENT).ip(), 10_000 + n);
            let answer = world.ask(from, addr(FIRST), request().finish()).message();
            assert_eq!(answer.xor_mapped(), Some(from));
            usize::from(answer.mapped().is_some())
        });
        answers.sum::<usize>()
    };
    assert_eq!(flood(&mut world), 50);
    let elsewhere = world.ask(addr("203.0.113.6:1"), addr(FIRST), request().finish()).message();
    assert!(elsewhere.other_address().is_some() && elsewhere.mapped().is_some());
    world.advance(1);
    assert_eq!(flood(&mut world), 50);
}

#[test]
fn without_relaying_turn_is_not_answered() {
    let mut world = World::new(Config { udp: vec![UdpSite::single(addr(FIRST))], ..Config::default() });
    world.give(Input::Interfaces(Vec::new()));
    let allocate = Builder::request(StunMethod::Allocate, TransactionId([1; 12])).requested_transport(17).finish();
    assert_eq!(world.datagram(addr(CLIENT), addr(FIRST), allocate), []);
    assert_eq!(ask(&mut world, request()).message().class, Class::Success);
}
