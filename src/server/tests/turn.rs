//! TURN's requests from a client's side: credentials, allocations, permissions, channels.

use super::*;
use base64::Engine;

const SERVER: &str = "192.0.2.1:3478";
const PEER: &str = "198.51.100.9:7000";

fn codes<const N: usize>(world: &mut World, caller: &mut Caller, requests: [fn(Builder) -> Builder; N]) -> Vec<u16> {
    requests
        .map(|complete| {
            let request = caller.request(StunMethod::Allocate);
            caller.code(world, complete(request)).unwrap_or(0)
        })
        .to_vec()
}

#[test]
fn the_first_request_is_challenged_briefly_and_without_a_word() {
    let mut world = World::whole();
    let bare = Builder::request(StunMethod::Allocate, TransactionId([1; 12])).requested_transport(17).fingerprint();
    let sent = world.ask(addr("203.0.113.5:4444"), addr(SERVER), bare.finish());
    let answer = sent.message();
    let error = answer.error().expect("an error");
    assert_eq!((error.code, error.reason.is_empty()), (401, true));
    assert_eq!((answer.realm(), answer.nonce().map(<[u8]>::len)), (Some(REALM.as_bytes()), Some(8)));
    assert_eq!((answer.software(), answer.fingerprint_fits()), (None, Some(true)));
    assert_eq!(world.server.allocations(), 0);
}

#[test]
fn an_allocation_is_answered_when_its_relay_is_open() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    world.is_slow = true;
    let request = alice.allocate_request();
    let sealed = alice.sealed(request).fingerprint().finish();
    assert_eq!((alice.tell(&mut world, sealed.clone()), alice.tell(&mut world, sealed.clone())), (vec![], vec![]));
    assert_eq!(alice.refresh(&mut world, 600), Some(437), "there is none yet");
    world.is_slow = false;
    world.give(Input::Woken);
    let sent = world.sent.pop().expect("the answer");
    let answer = sent.message();
    assert_eq!((answer.class, answer.lifetime_s()), (Class::Success, Some(600)));
    assert_eq!((answer.xor_relayed(), answer.xor_mapped()), (Some(addr("192.0.2.7:50000")), Some(alice.at)));
    assert_eq!((answer.integrity_fits(&alice.key), answer.fingerprint_fits()), (Some(true), Some(true)));
    assert_eq!(alice.tell(&mut world, sealed), [sent], "sent again, answered alike");
    assert_eq!(world.server.allocations(), 1);
}

#[test]
fn a_second_allocate_on_the_same_5_tuple_is_a_437_and_on_another_is_not() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    alice.allocate(&mut world);
    let second = alice.allocate_request();
    assert_eq!(alice.code(&mut world, second), Some(437));
    for (client, server) in
        [("203.0.113.5:4445", SERVER), ("203.0.113.5:4444", "192.0.2.2:3478"), ("203.0.113.5:4444", "192.0.2.1:3479")]
    {
        let way = Way::Udp(addr(server));
        Caller::challenged(&mut world, client, way, "alice", "wonderland").allocate(&mut world);
    }
    assert_eq!(world.server.allocations(), 4);
}

#[test]
fn a_wrong_password_an_unknown_user_and_another_realm_are_all_a_401() {
    let mut world = World::whole();
    for (user, password) in [("alice", "wrong"), ("nobody", "wonderland"), ("", "wonderland"), ("99999999999:x", "x")] {
        let way = Way::Udp(addr(SERVER));
        let mut caller = Caller::challenged(&mut world, "203.0.113.5:4444", way, user, password);
        let request = caller.allocate_request();
        let answer = caller.ask(&mut world, request);
        assert_eq!((answer.error().map(|e| e.code), answer.nonce().is_some()), (Some(401), true), "{user}");
        world.advance(1);
    }
    assert_eq!(world.server.allocations(), 0);
}

#[test]
fn a_user_name_that_is_not_utf_8_is_nobodys() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    let request = alice.allocate_request().username(b"\xff\xfe").realm(REALM.as_bytes()).nonce(&alice.nonce);
    let sent = alice.tell(&mut world, request.integrity(&alice.key).finish());
    assert_eq!(sent[0].message().error().map(|e| e.code), Some(401));
}

#[test]
fn a_seal_without_what_it_needs_is_a_400_without_realm_or_nonce() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    let (name, realm, nonce) = (b"alice".as_slice(), REALM.as_bytes(), alice.nonce.clone());
    let requests = [
        alice.allocate_request().realm(realm).nonce(&nonce),
        alice.allocate_request().username(name).nonce(&nonce),
        alice.allocate_request().username(name).realm(realm),
    ];
    for request in requests {
        let answer = alice.tell(&mut world, request.integrity(&alice.key).finish()).pop().expect("one").message();
        assert_eq!((answer.error().map(|e| e.code), answer.realm(), answer.nonce()), (Some(400), None, None));
    }
}

#[test]
fn an_old_nonce_is_a_438_with_a_new_one_that_works() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    world.advance(600);
    let request = alice.allocate_request();
    let answer = alice.ask(&mut world, request);
    assert_eq!(answer.error().map(|e| e.code), Some(438));
    alice.nonce = answer.nonce().expect("a nonce").to_vec();
    alice.allocate(&mut world);
}

#[test]
fn the_nonce_of_another_port_is_stale() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    alice.at.set_port(4445);
    let request = alice.allocate_request();
    assert_eq!(alice.ask(&mut world, request).error().map(|e| e.code), Some(438));
}

/// On the wire, over IPv4.
const HEADERS: usize = 28;

/// How many times its request a response is as large, on the wire; None where there is none.
fn growth(world: &mut World, request: Vec<u8>) -> Option<f64> {
    let asked = request.len() + HEADERS;
    let sent = world.datagram(addr("203.0.113.5:4444"), addr(SERVER), request);
    Some((sent.first()?.data.len() + HEADERS) as f64 / asked as f64)
}

#[test]
fn no_challenge_is_more_than_half_as_large_again_as_its_request() {
    let mut world = World::whole();
    let bare = |method| Builder::request(method, TransactionId([1; 12]));
    let allocate = || bare(StunMethod::Allocate).requested_transport(17);
    for (request, is_answered) in [
        (allocate(), true),
        (allocate().lifetime_s(600), true),
        (allocate().requested_family(2).fingerprint(), true),
        (allocate().username(b"alice").realm(REALM.as_bytes()).nonce(b"0").raw(0x0008, &[0; 20]), true),
        (allocate().raw(0x0008, &[0; 20]), true),
        (bare(StunMethod::Refresh).lifetime_s(0), true),
        // Too short for its answer, and no client's.
        (bare(StunMethod::Allocate), false),
        (bare(StunMethod::CreatePermission), false),
    ] {
        let growth = growth(&mut world, request.finish());
        assert_eq!(growth.is_some(), is_answered);
        assert!(growth.is_none_or(|growth| growth <= 1.5), "{growth:?}");
    }
}

#[test]
fn whoever_forges_an_address_does_not_keep_its_owner_from_logging_in() {
    let mut world = World::whole();
    let forged = Builder::request(StunMethod::Allocate, TransactionId([1; 12])).requested_transport(17).finish();
    for port in 1000..3000 {
        let from = SocketAddr::new(addr("203.0.113.5:1").ip(), port);
        world.datagram(from, addr(SERVER), forged.clone());
        world.datagram(from, addr(SERVER), Builder::request(StunMethod::Binding, TransactionId([1; 12])).finish());
    }
    Caller::alice(&mut world).allocate(&mut world);
    let binding = Builder::request(StunMethod::Binding, TransactionId([1; 12])).finish();
    assert_eq!(world.ask(addr("203.0.113.5:4444"), addr(SERVER), binding).message().class, Class::Success);
}

#[test]
fn challenges_of_a_long_realm_have_a_budget_a_second_and_clients_alone_get_one() {
    const LONG: &str = "a realm that is too long for what a bare request leaves room for";
    let access = || Access::new(LONG).and_then(|access| access.with_user("alice", "wonderland")).expect("usable");
    let relaying = |config: &mut Config| config.relaying.as_mut().expect("there").access = access();
    let mut world = World::changed(Limits { large_answers_per_second: 10, ..Limits::default() }, relaying);
    let bare = Builder::request(StunMethod::Allocate, TransactionId([1; 12])).requested_transport(17).finish();
    let answered = |world: &mut World, ip: &str| {
        let ip = addr(&format!("{ip}:1")).ip();
        let heard = |port| !world.datagram(SocketAddr::new(ip, port), addr(SERVER), bare.clone()).is_empty();
        (1000..1100).map(heard).filter(|heard| *heard).count()
    };
    assert_eq!((answered(&mut world, "203.0.113.5"), answered(&mut world, "203.0.113.6")), (10, 10));
    world.advance(1);
    assert_eq!(answered(&mut world, "203.0.113.5"), 10);
    world.advance(1);
    let refresh = Builder::request(StunMethod::Refresh, TransactionId([1; 12])).lifetime_s(0).finish();
    assert_eq!(growth(&mut world, refresh), None);
}

#[test]
fn a_rest_password_works_until_the_second_in_the_user_name() {
    let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"secret");
    let user = format!("{}:carol", UNIX_AT_START + 100);
    let tag = aws_lc_rs::hmac::sign(&secret, user.as_bytes());
    let password = base64::engine::general_purpose::STANDARD.encode(tag);
    let mut world = World::whole();
    let way = Way::Udp(addr(SERVER));
    let mut carol = Caller::challenged(&mut world, "203.0.113.5:4444", way, &user, &password);
    carol.allocate(&mut world);
    world.advance(99);
    assert_eq!(carol.refresh(&mut world, 600), None);
    world.advance(1);
    assert_eq!(carol.refresh(&mut world, 600), Some(401), "expired");
}

#[test]
fn another_user_on_the_5_tuple_of_an_allocation_is_a_441() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    alice.allocate(&mut world);
    let mut bob = Caller { user: "bob".to_owned(), key: long_term("bob", "builder"), ..alice };
    assert_eq!(bob.refresh(&mut world, 0), Some(441));
    assert_eq!(bob.permit(&mut world, PEER), Some(441));
    assert_eq!(bob.bind(&mut world, 0x4000, PEER), Some(441));
}

#[test]
fn every_allocate_that_cannot_be_has_its_own_code() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    let expected = [
        (400, "no REQUESTED-TRANSPORT"),
        (442, "TCP"),
        (440, "a family that does not exist"),
        (420, "DONT-FRAGMENT"),
        (420, "an attribute nobody knows"),
        (508, "EVEN-PORT"),
        (508, "RESERVATION-TOKEN"),
        (400, "both"),
        (400, "RESERVATION-TOKEN with a family"),
        (400, "REQUESTED-TRANSPORT of two bytes"),
    ];
    let got = codes(
        &mut world,
        &mut alice,
        [
            |request| request,
            |request| request.requested_transport(6),
            |request| request.requested_transport(17).requested_family(3),
            |request| request.requested_transport(17).raw(0x001a, &[]),
            |request| request.requested_transport(17).raw(0x7abc, &[]),
            |request| request.requested_transport(17).raw(0x0018, &[0x80, 0, 0, 0]),
            |request| request.requested_transport(17).raw(0x0022, &[1; 8]),
            |request| request.requested_transport(17).raw(0x0018, &[0, 0, 0, 0]).raw(0x0022, &[1; 8]),
            |request| request.requested_transport(17).requested_family(1).raw(0x0022, &[1; 8]),
            |request| request.raw(0x0019, &[17, 0]),
        ],
    );
    for ((code, what), got) in expected.into_iter().zip(got) {
        assert_eq!(got, code, "{what}");
    }
    assert_eq!(world.server.allocations(), 0);
}

#[test]
fn an_even_port_is_given_to_who_asks_for_one() {
    let mut world = World::whole();
    world.next_port = 50_001;
    world.taken.insert(addr("192.0.2.7:50000"));
    let mut alice = Caller::alice(&mut world);
    let request = alice.allocate_request().raw(0x0018, &[0]);
    let relayed = alice.ask(&mut world, request).xor_relayed();
    assert_eq!(relayed, Some(addr("192.0.2.7:50002")), "50001 is odd, and another program has 50000");
    assert_eq!(world.open.values().filter(|open| open.ip() == addr("192.0.2.7:0").ip()).count(), 1);
    assert_eq!(alice.refresh(&mut world, 600), None);
}

#[test]
fn a_family_without_a_relay_is_a_440() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    let request = alice.allocate_request().requested_family(2);
    let relayed = alice.ask(&mut world, request).xor_relayed();
    assert_eq!(relayed, Some(addr("[2001:db8::7]:50000")));
    let mut only_ipv6 = World::new(Config {
        udp: vec![UdpSite::single(addr(SERVER))],
        relaying: Some(Relaying {
            access: Access::new(REALM).and_then(|a| a.with_user("alice", "wonderland")).expect("usable"),
            peers: Peers::default(),
            between_relays: false,
            ipv4: Some("0.0.0.0".parse().expect("an address")),
            ipv6: Some("2001:db8::7".parse().expect("an address")),
            ports: None,
        }),
        ..Config::default()
    });
    only_ipv6.give(Input::Interfaces(Vec::new()));
    let mut alice = Caller::alice(&mut only_ipv6);
    let request = alice.allocate_request();
    assert_eq!(alice.code(&mut only_ipv6, request), Some(440));
}

#[test]
fn a_relay_that_cannot_be_opened_is_a_508_and_leaves_nothing() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    world.absent.insert(addr("192.0.2.7:0").ip());
    let request = alice.allocate_request();
    assert_eq!((alice.code(&mut world, request), world.server.allocations()), (Some(508), 0));
    world.absent.clear();
    alice.allocate(&mut world);
}

#[test]
fn a_users_quota_is_a_486_and_the_servers_capacity_a_508() {
    let allocations = crate::machine::Shares { all: 3, per_site: 3, per_source: 3 };
    let limits = Limits { allocations, allocations_per_user: 2, ..Limits::default() };
    let mut world = World::with_limits(limits);
    let mut outcomes = Vec::new();
    for (port, user, password) in [
        (1, "alice", "wonderland"),
        (2, "alice", "wonderland"),
        (3, "alice", "wonderland"),
        (4, "bob", "builder"),
        (5, "bob", "builder"),
    ] {
        let at = format!("203.0.113.5:{port}");
        let mut caller = Caller::challenged(&mut world, &at, Way::Udp(addr(SERVER)), user, password);
        let request = caller.allocate_request();
        outcomes.push(caller.code(&mut world, request));
    }
    assert_eq!(outcomes, [None, None, Some(486), None, Some(508)]);
}

#[test]
fn a_source_has_its_share_of_allocations_however_many_users_it_is() {
    let allocations = crate::machine::Shares { all: 3, per_site: 2, per_source: 2 };
    let mut world = World::with_limits(Limits { allocations, ..Limits::default() });
    let mut asked = |at: &str, user: &str, password: &str| {
        let mut caller = Caller::challenged(&mut world, at, Way::Udp(addr(SERVER)), user, password);
        let request = caller.allocate_request();
        caller.code(&mut world, request)
    };
    assert_eq!(asked("203.0.113.5:1", "alice", "wonderland"), None);
    assert_eq!(asked("203.0.113.5:2", "bob", "builder"), None);
    assert_eq!(asked("203.0.113.5:3", "alice", "wonderland"), Some(486));
    assert_eq!(asked("203.0.113.6:1", "alice", "wonderland"), None, "from elsewhere");
    assert_eq!(asked("203.0.113.7:1", "bob", "builder"), Some(508), "all of them");
}

#[test]
fn an_allocation_ends_to_the_second_and_a_refresh_puts_that_off() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    let relayed = alice.allocate(&mut world);
    world.advance(500);
    assert_eq!(alice.refresh(&mut world, 3600), None);
    world.advance_to(Duration::from_millis(1_099_999));
    assert_eq!((world.server.allocations(), world.open.values().any(|open| *open == relayed)), (1, true));
    world.advance_to(Duration::from_secs(1100));
    assert_eq!((world.server.allocations(), world.open.values().any(|open| *open == relayed)), (0, false));
    assert_eq!(world.wake, Wake::OnInput, "nothing is left to wait for");
}

#[test]
fn a_lifetime_is_the_servers_own_whatever_is_asked_but_zero() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    let request = alice.allocate_request().lifetime_s(u32::MAX);
    assert_eq!(alice.ask(&mut world, request).lifetime_s(), Some(600));
    for (asked, granted) in [(1, 600), (600, 600), (u32::MAX, 600), (0, 0)] {
        let request = alice.request(StunMethod::Refresh).lifetime_s(asked);
        assert_eq!(alice.ask(&mut world, request).lifetime_s(), Some(granted));
    }
    assert_eq!(alice.refresh(&mut world, 0), Some(437), "it is gone");
    assert_eq!(alice.allocate(&mut world), addr("192.0.2.7:50001"));
}

#[test]
fn a_refresh_for_the_other_family_is_a_443() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    alice.allocate(&mut world);
    let [other, own] = [2, 1].map(|family| alice.request(StunMethod::Refresh).requested_family(family));
    assert_eq!((alice.code(&mut world, other), alice.code(&mut world, own)), (Some(443), None));
}

#[test]
fn without_an_allocation_everything_is_a_437() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    assert_eq!(alice.refresh(&mut world, 600), Some(437));
    assert_eq!(alice.permit(&mut world, PEER), Some(437));
    assert_eq!(alice.bind(&mut world, 0x4000, PEER), Some(437));
}

#[test]
fn permissions_are_for_listed_peers_of_the_same_family() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    alice.allocate(&mut world);
    for (peer, code) in [
        (PEER, None),
        ("198.51.100.10:0", None),
        ("127.0.0.1:80", Some(403)),
        ("10.0.0.1:80", Some(403)),
        ("192.0.2.1:3478", Some(403)),
        ("0.0.0.0:1", Some(403)),
        ("224.0.0.1:1", Some(403)),
        ("[2001:db8:1::9]:7000", Some(443)),
        ("[::ffff:198.51.100.9]:7000", Some(443)),
    ] {
        assert_eq!(alice.permit(&mut world, peer), code, "{peer}");
    }
    let none = alice.request(StunMethod::CreatePermission);
    assert_eq!(alice.code(&mut world, none), Some(400));
    let broken = alice.request(StunMethod::CreatePermission).raw(0x0012, &[0, 1, 2]);
    assert_eq!(alice.code(&mut world, broken), Some(400));
}

#[test]
fn an_ipv6_dress_does_not_get_a_peer_past_the_list() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    let request = alice.allocate_request().requested_family(2);
    assert_eq!(alice.code(&mut world, request), None);
    for (peer, code) in [
        ("[2001:db8:1::9]:7000", None),
        ("[::ffff:198.51.100.9]:7000", None),
        ("[::ffff:127.0.0.1]:80", Some(403)),
        ("[::127.0.0.1]:80", Some(403)),
        ("[::1]:80", Some(403)),
        ("[64:ff9b::127.0.0.1]:80", Some(403)),
        ("[64:ff9b::10.0.0.1]:80", Some(403)),
        ("[2002:7f00:1::]:80", Some(403)),
        ("[2001:0:4136:e378:8000:63bf:80ff:fffe]:80", Some(403)),
        ("[fe80::1]:80", Some(403)),
        ("198.51.100.9:7000", Some(443)),
    ] {
        assert_eq!(alice.permit(&mut world, peer), code, "{peer}");
    }
}

#[test]
fn of_several_peers_all_are_permitted_or_none() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    alice.allocate(&mut world);
    let both = |request: Builder, second: &str| request.xor_peer(addr(PEER)).xor_peer(addr(second));
    let request = both(alice.request(StunMethod::CreatePermission), "127.0.0.1:1");
    assert_eq!(alice.code(&mut world, request), Some(403));
    let relay = world.socket(addr("192.0.2.7:50000"));
    world.sent.clear();
    world.give(Input::Received { socket: relay, from: addr(PEER), data: vec![1] });
    assert_eq!(world.sent, [], "the listed one was not permitted either");
    let request = both(alice.request(StunMethod::CreatePermission), "198.51.100.10:1");
    assert_eq!(alice.code(&mut world, request), None);
}

#[test]
fn a_channel_has_one_peer_and_a_peer_one_channel() {
    let mut world = World::whole();
    let mut alice = Caller::alice(&mut world);
    alice.allocate(&mut world);
    for (channel, peer, code) in [
        (0x4000, PEER, None),
        (0x4000, PEER, None),
        (0x4000, "198.51.100.9:7001", Some(400)),
        (0x4001, PEER, Some(400)),
        (0x4fff, "198.51.100.9:7001", None),
        (0x3fff, "198.51.100.9:7002", Some(400)),
        (0x5000, "198.51.100.9:7002", Some(400)),
        (0x4002, "198.51.100.9:0", Some(400)),
        (0x4002, "[2001:db8:1::9]:7000", Some(443)),
        (0x4002, "127.0.0.1:80", Some(403)),
    ] {
        assert_eq!(alice.bind(&mut world, channel, peer), code, "{channel:#x} {peer}");
    }
    let [no_number, no_peer] = [0, 1].map(|_| alice.request(StunMethod::ChannelBind));
    assert_eq!(alice.code(&mut world, no_number.xor_peer(addr(PEER))), Some(400));
    assert_eq!(alice.code(&mut world, no_peer.channel_number(0x4003)), Some(400));
    world.advance(599);
    alice.refresh(&mut world, 600);
    assert_eq!(alice.bind(&mut world, 0x4001, PEER), Some(400));
    world.advance(1);
    let request = alice.request(StunMethod::ChannelBind).channel_number(0x4001).xor_peer(addr(PEER));
    let stale = alice.ask(&mut world, request);
    alice.nonce = stale.nonce().expect("a nonce").to_vec();
    assert_eq!(alice.bind(&mut world, 0x4001, PEER), None, "after 600 s both are free");
}

#[test]
fn permissions_and_channels_are_counted() {
    let limits = Limits { permissions: 3, channels: 2, ..Limits::default() };
    let mut world = World::with_limits(limits);
    let mut alice = Caller::alice(&mut world);
    alice.allocate(&mut world);
    assert_eq!(alice.bind(&mut world, 0x4000, "198.51.100.1:1"), None);
    assert_eq!(alice.bind(&mut world, 0x4001, "198.51.100.1:2"), None);
    assert_eq!(alice.bind(&mut world, 0x4002, "198.51.100.1:3"), Some(508));
    assert_eq!(alice.permit(&mut world, "198.51.100.2:0"), None);
    assert_eq!(alice.permit(&mut world, "198.51.100.3:0"), None);
    assert_eq!(alice.permit(&mut world, "198.51.100.4:0"), Some(508));
    assert_eq!(alice.permit(&mut world, "198.51.100.3:0"), None, "an old one is renewed");
    world.advance(300);
    assert_eq!(alice.permit(&mut world, "198.51.100.4:0"), None, "the old ones are over");
}
