//! Servers that refuse, shut the way in, or swallow what is large.

use super::*;

#[test]
fn a_good_server_is_proven_both_ways_in_eight_round_trips() {
    let mut world = World::udp();
    world.run();
    assert_eq!(world.names(), ALL_WELL);
    assert_eq!(world.took(), HALF_WAY * 2 * 8);
    assert_eq!(world.server().allocations(), 0);
}

#[test]
fn an_allocation_that_another_one_stands_in_the_way_of_is_asked_for_on_a_new_port() {
    let once = refusing_times(1, 437, Family::Ipv4);
    assert_eq!((once[0].as_str(), &once[1..]), ("challenged", &strings(&ALL_WELL)[..]));
    let always = refusing_times(9, 437, Family::Ipv4);
    assert_eq!(always, ["challenged", "challenged", "Allocate refused 437", "released"]);
}

#[test]
fn a_family_that_only_we_asked_for_is_not_insisted_on() {
    let names = refusing_times(1, 440, Family::Ipv6);
    assert_eq!(names[..3], ["challenged", "Allocate refused 440", "challenged"]);
    assert!(names.contains(&"crossed Out".to_owned()), "{names:?}");
}

#[test]
fn a_challenge_that_cannot_be_answered_is_never_told_as_a_grant() {
    let mut world = World::udp();
    world.server().twist(|request, _| {
        vec![Builder::answer(request, Class::Error).error(401, "No").realm(b"").nonce(b"n").finish()]
    });
    world.run();
    assert_eq!(world.names(), ["odd", "relay-no-challenge"]);
}

#[test]
fn a_way_in_that_is_shut_is_tried_again_while_the_relay_sends() {
    let mut world = World::udp();
    world.lost = Box::new(|_, to| to.ip() == IpAddr::from([198, 51, 100, 9]));
    world.run();
    let names = world.names();
    let expected = [
        "challenged",
        "allocated",
        "permitted",
        "refreshed",
        "not crossed In",
        "channel",
        "crossed Out",
        "not crossed In spoken",
        "released",
    ];
    assert_eq!(names, expected);
    assert!(
        world.facts.iter().any(|fact| matches!(fact, Fact::Turn(TurnFact::NotCrossed { sent: 7, peer: None, .. })))
    );
    assert!(world.took() < Duration::from_secs(5));
}

#[test]
fn a_firewall_before_the_relay_that_knows_connections_lets_in_whom_the_relay_has_sent_to() {
    let relay = IpAddr::from([198, 51, 100, 9]);
    let mut world = World::udp();
    world.inside = Some(IpAddr::from([192, 168, 1, 5]));
    let spoken_to = std::cell::RefCell::new(std::collections::BTreeSet::new());
    world.lost = Box::new(move |from, to| {
        if from.ip() == relay {
            spoken_to.borrow_mut().insert(to);
        }
        to.ip() == relay && !spoken_to.borrow().contains(&from)
    });
    world.run();
    let names = world.names();
    let legs = ["not crossed In", "channel", "crossed Out", "crossed In spoken", "released"];
    assert_eq!(names[names.len() - 5..], legs);
}

#[test]
fn behind_a_nat_a_shut_way_in_leaves_the_way_out_unknown_where_no_server_says_how_the_peer_is_seen() {
    let mut world = World::udp();
    world.inside = Some(IpAddr::from([192, 168, 1, 5]));
    world.lost = Box::new(|_, to| to.ip() == IpAddr::from([198, 51, 100, 9]));
    world.server().twist(|request, honest| match request.method {
        wire::StunMethod::Binding => Vec::new(),
        _ => vec![honest],
    });
    world.run();
    let expected =
        ["challenged", "allocated", "permitted", "refreshed", "not crossed In", "relay-not-proven", "released"];
    assert_eq!(world.names(), expected);
}

#[test]
fn a_relay_that_swallows_large_datagrams_is_told_by_the_leg() {
    let mut world = World::udp();
    world.largest = 900;
    world.run();
    let names = world.names();
    assert!(names.contains(&"crossed Out".to_owned()), "{names:?}");
    let crossed = ["crossed In Dtls", "crossed Out Dtls", "crossed In Check", "crossed Out Check"];
    let lost =
        ["not crossed In large", "not crossed Out large", "not crossed In Dtls large", "not crossed Out Dtls large"];
    assert_eq!(names[7..], [&crossed[..], &lost, &["released"]].concat());
}

#[test]
fn client_hellos_that_are_dropped_by_sight_stand_between_large_datagrams_that_cross() {
    let mut world = World::udp();
    world.drops = |data| data.first() == Some(&22);
    world.run();
    let lost =
        ["not crossed In Dtls", "not crossed Out Dtls", "not crossed In Dtls large", "not crossed Out Dtls large"];
    let names = world.names();
    assert_eq!(names[7..11], ["crossed In large", "crossed Out large", "crossed In Check", "crossed Out Check"]);
    assert_eq!(names[11..15], lost);
    assert_eq!(
        names[15..],
        ["crossed In large", "crossed Out large", "crossed In large", "crossed Out large", "released"]
    );
}

/// Asserts that what was lost on each leg stands between something else that crossed it.
fn assert_stands_between(names: &[String], lost: &str) {
    for leg in ["In", "Out"] {
        let place = names.iter().position(|name| *name == format!("not crossed {leg}{lost}")).expect("told");
        let crosses = |names: &[String]| names.iter().any(|name| name.starts_with(&format!("crossed {leg} ")));
        assert!(crosses(&names[..place]) && crosses(&names[place..]), "{names:?}");
    }
}

#[test]
fn what_begins_as_media_does_and_is_dropped_by_sight_stands_between_other_bytes_that_cross() {
    let mut world = World::udp();
    world.drops = |data| matches!(data.first(), Some(128..=191));
    world.run();
    assert_stands_between(&world.names(), "");
}

#[test]
fn checks_that_are_dropped_by_sight_stand_between_other_bytes_that_cross() {
    let mut world = World::udp();
    world.drops = |data| data.starts_with(&[0, 1]) && data.get(20..22) == Some(&[0, 6]);
    world.run();
    assert_stands_between(&world.names(), " Check");
}

#[test]
fn where_only_checks_cross_all_else_stands_between_them() {
    let mut world = World::udp();
    world.drops = |data| !matches!(data.first(), Some(0..=3 | 64..=79));
    world.run();
    for lost in ["", " Unassigned", " Dtls"] {
        assert_stands_between(&world.names(), lost);
    }
}
