//! The traps of the field: each fooled some tool once.

use super::relays::allocated;
use super::scene::*;
use crate::model::*;
use crate::model::{DnsFact, HostFact, Millis, StunFact};
const TURN_TCP: &str = "turn:192.0.2.1?transport=tcp";

use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};

fn answered(asked: Asked, local: &str, from: &str) -> Fact {
    let (local, server, from) = (addr(local), addr("192.0.2.1:3478"), addr(from));
    Fact::Stun(StunFact::Answered { asked, local, server, from, sent: 1, rtt_ms: None })
}

#[test]
fn a_server_that_ignores_change_request_shows_no_open_filter() {
    let mut scene = home();
    let from_where_asked = answered(Asked::ChangeAddressAndPort, "192.168.1.2:40010", "192.0.2.1:3478");
    scene.say(Question::Filtering, Some(HOME), from_where_asked);
    assert_eq!(ipv4(&scene.judged()).filtering, Judged::not_tested(Code::ChangeRequestIgnored));
}

#[test]
fn a_server_that_refuses_change_request_cannot_be_asked() {
    let mut scene = Scene::at_home(&[HOME]);
    Gate::nat(EndpointIndependent, EndpointIndependent).tell_mapping(&mut scene);
    let fact = Fact::Stun(StunFact::Refused {
        method: Method::Binding,
        asked: Asked::ChangeAddressAndPort,
        transport: Transport::Udp,
        local: addr("192.168.1.2:40010"),
        server: addr("192.0.2.1:3478"),
        code: 420,
        reason: Text::default(),
        alternate: None,
    });
    scene.say(Question::Filtering, Some(HOME), fact);
    let diagnosis = scene.judged();
    assert_eq!(ipv4(&diagnosis).filtering, Judged::not_tested(Code::ChangeRequestRefused));
    assert_eq!(diagnosis.exit_code(), 0, "the server is well");
}

#[test]
fn a_server_that_never_answers_from_elsewhere_is_not_taken_for_a_filter() {
    let mut scene = home();
    let fact = Fact::Stun(StunFact::Silent {
        method: Method::Binding,
        asked: Asked::ChangeAddressAndPort,
        transport: Transport::Udp,
        local: addr("192.168.1.2:40001"),
        server: addr("192.0.2.1:3478"),
        sent: 7,
        waited_ms: Millis(1500.0),
    });
    scene.say(Question::Mapping, Some(HOME), fact);
    assert_eq!(ipv4(&scene.judged()).filtering.why(), Some(Code::ControlFailed));
}

#[test]
fn an_answer_from_an_endpoint_that_was_not_asked_for_counts_for_nothing() {
    for (asked, from) in [
        (Asked::ChangeAddressAndPort, "198.51.100.66:3479"),
        (Asked::ChangeAddressAndPort, "192.0.2.1:3479"),
        (Asked::ChangePort, "192.0.2.1:9999"),
        (Asked::ChangePort, "192.0.2.2:3479"),
    ] {
        let mut scene = home();
        scene.say(Question::Filtering, Some(HOME), answered(asked, "192.168.1.2:40010", from));
        assert_eq!(ipv4(&scene.judged()).filtering.value(), Some(&AddressAndPortDependent), "{asked:?} from {from}");
    }
}

#[test]
fn a_socket_that_had_sent_to_the_alternate_address_tests_no_filter() {
    let mut scene = home();
    // 40001 is the mapping probe's socket: its own packets opened the filter.
    let answer = answered(Asked::ChangeAddressAndPort, "192.168.1.2:40001", "192.0.2.2:3479");
    scene.say(Question::Filtering, Some(HOME), answer);
    assert_eq!(ipv4(&scene.judged()).filtering.value(), Some(&AddressAndPortDependent));
}

#[test]
fn a_lost_answer_to_the_second_test_is_no_stricter_filter() {
    // ChangePort was sent twice only, both lost; the address test is proven silent.
    let gate = Gate::nat(EndpointIndependent, AddressDependent);
    let mut scene = Scene::at_home(&[HOME]);
    gate.tell_mapping(&mut scene);
    let (server, _) = gate.server();
    let local = addr("192.168.1.2:40010");
    for (asked, sent, heard) in
        [(Asked::Plain, 10, 10), (Asked::ChangeAddressAndPort, 10, 0), (Asked::ChangePort, 2, 0)]
    {
        let fact = Fact::Stun(StunFact::Tallied {
            asked,
            local,
            server,
            tally: Tally { sent, answered: heard },
            waited_ms: Millis(400.0),
        });
        scene.say(Question::Filtering, Some(HOME), fact);
    }
    assert_eq!(ipv4(&scene.judged()).filtering.why(), Some(Code::TooMuchLoss));
}

#[test]
fn a_mapping_that_moves_while_it_is_asked_is_not_called_dependent() {
    let mut scene = Scene::at_home(&[HOME]);
    let socket = "192.168.1.2:40001";
    scene.mapped(Question::Mapping, HOME, socket, "192.0.2.1:3478", "203.0.113.7:1000");
    scene.mapped(Question::Mapping, HOME, socket, "192.0.2.2:3479", "203.0.113.7:2000");
    scene.mapped(Question::Mapping, HOME, socket, "192.0.2.1:3478", "203.0.113.7:2000");
    let diagnosis = scene.judged();
    assert_eq!(ipv4(&diagnosis).mapping.why(), Some(Code::MappingMoved));
    assert!(finding(&diagnosis, Code::MappingMoved).is_some());
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::MappingMoved));
}

#[test]
fn a_duplicate_answer_moves_nothing() {
    let mut scene = home();
    let again = scene.record.observations.clone();
    for observation in again {
        scene.record.push(Millis(900.0), observation.by, observation.fact);
    }
    assert_eq!(ipv4(&scene.judged()).mapping.value(), Some(&EndpointIndependent));
}

#[test]
fn a_wildcard_local_address_is_not_compared_with_a_mapped_one() {
    let mut scene = Scene::at_home(&[HOME]);
    scene.mapped(Question::Binding, HOME, "0.0.0.0:40000", "192.0.2.1:3478", "192.168.1.2:40000");
    assert_eq!(ipv4(&scene.judged()).translated, Judged::not_tested(Code::NoStunAnswer));
}

#[test]
fn a_public_address_that_flips_between_destinations_is_a_pool_and_stricter() {
    let mut scene = Scene::at_home(&[HOME, SECOND]);
    let socket = "192.168.1.2:40001";
    scene.mapped(Question::Mapping, HOME, socket, "192.0.2.1:3478", "203.0.113.7:1000");
    scene.mapped(Question::Mapping, HOME, socket, "192.0.2.1:3479", "203.0.113.7:1000");
    scene.mapped(Question::Mapping, SECOND, socket, "198.51.100.9:3478", "203.0.113.8:1000");
    let diagnosis = scene.judged();
    assert_eq!(ipv4(&diagnosis).mapping.value(), Some(&AddressDependent));
    assert_eq!(ipv4(&diagnosis).public_addresses.len(), 2);
    assert!(finding(&diagnosis, Code::AddressPool).is_some());
    let with_adf = diagnosis.verdict.forecast.iter().find(|f| f.peer == PeerClass::EimAdf).expect("forecast");
    assert_eq!(with_adf.path.why(), Some(Code::RelayNotTested), "a filter by address fails too");
    assert!(finding(&diagnosis, Code::SeveralLines).is_some());
    assert!(finding(&diagnosis, Code::NatAddressDependent).is_none(), "no port was changed");
    assert!(!diagnosis.verdict.direct_if.contains(&Code::UseEndpointIndependentMapping));
}

#[test]
fn a_word_that_is_about_the_server_counts_for_nothing_about_us() {
    for wrong in ["192.168.1.1:40001", "100.64.9.9:40001", "198.51.100.9:40001"] {
        let mut scene = home();
        scene.record.targets.push(SECOND.parse().expect("target"));
        scene.mapped(Question::Binding, SECOND, "192.168.1.2:40001", "198.51.100.9:3478", wrong);
        let candidate = Candidate {
            kind: CandidateType::Srflx,
            protocol: Protocol::Udp,
            address: addr(wrong).ip(),
            port: 40_001,
            priority: 1,
            foundation: "1".to_owned(),
            related: None,
            tcp_type: None,
            relay_protocol: None,
            server: Some(SECOND.into()),
        };
        scene.say(Question::Gather, Some(SECOND), Fact::Host(HostFact::Candidate(candidate)));
        let diagnosis = scene.judged();
        let nat = ipv4(&diagnosis);
        assert_eq!(nat.mapping.value(), Some(&EndpointIndependent), "{wrong}");
        assert_eq!(nat.public_addresses, [addr("203.0.113.7:1").ip()], "{wrong}");
        assert!(diagnosis.candidates.is_empty(), "{wrong}");
        assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct), "{wrong}");
        assert!(finding(&diagnosis, Code::MappedAddressNotPublic).is_some(), "{wrong}");
        assert!(finding(&diagnosis, Code::AddressPool).is_none(), "{wrong}");
    }
}

#[test]
fn a_server_behind_our_own_nat_that_others_see_at_its_address_is_believed_and_named() {
    let mut scene = home();
    let own = "stun:203.0.113.7";
    scene.record.targets.push(own.parse().expect("target"));
    scene.silent(own, "203.0.113.7:3478");
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::ServerBehindSameNat).is_some(), "{:?}", diagnosis.findings);
    assert!(finding(&diagnosis, Code::ServerSilent).is_none());
}

#[test]
fn a_server_that_nobody_agrees_with_is_named_and_left_out() {
    let uris = [HOME, SECOND, "stun:203.0.113.99"];
    let mut scene = Scene::at_home(&uris);
    for (uri, server, mapped) in [
        (uris[0], "192.0.2.1:3478", "203.0.113.7:40001"),
        (uris[1], "198.51.100.9:3478", "203.0.113.7:40001"),
        (uris[2], "203.0.113.99:3478", "198.51.100.200:5"),
    ] {
        scene.mapped(Question::Binding, uri, "192.168.1.2:40000", server, mapped);
        scene.mapped(Question::Mapping, uri, "192.168.1.2:40001", server, mapped);
    }
    let diagnosis = scene.judged();
    let nat = ipv4(&diagnosis);
    assert_eq!(nat.mapping.value(), Some(&EndpointIndependent));
    assert_eq!(nat.public_addresses, [addr("203.0.113.7:1").ip()]);
    let wrong = finding(&diagnosis, Code::DisagreesWithOthers).expect("named");
    assert_eq!(wrong.about.get("server").as_deref(), Some("203.0.113.99"));
}

/// Two hosts, of which the first sees all sockets at another address than the second does; `keep` their ports.
fn two_views(keep: bool) -> Scene {
    let mut scene = Scene::at_home(&[HOME, SECOND]);
    for socket in [40_000_u16, 40_001] {
        let (local, port) = (format!("192.168.1.2:{socket}"), if keep { socket } else { socket - 9_000 });
        scene.mapped(Question::Binding, HOME, &local, "192.0.2.1:3478", &format!("203.0.113.30:{port}"));
        scene.mapped(Question::Mapping, SECOND, &local, "198.51.100.9:3478", &format!("203.0.113.7:{socket}"));
    }
    scene
}

#[test]
fn a_server_whose_own_relay_sees_this_machine_where_others_do_stands_behind_something_that_hides_its_clients() {
    for keep in [true, false] {
        let mut scene = two_views(keep);
        scene.record.targets.push(TURN_TCP.parse().expect(TURN_TCP));
        allocated(&mut scene, TURN_TCP);
        let diagnosis = scene.judged();
        let odd = finding(&diagnosis, Code::DisagreesWithOthers).expect("named");
        assert_eq!(odd.about.get("address").as_deref(), Some("203.0.113.30"));
        assert_eq!(ipv4(&diagnosis).mapping.why(), Some(Code::OneServerOnly));
        assert!(finding(&diagnosis, Code::SeveralLines).is_none());
        assert_eq!(diagnosis.verdict.path.why(), Some(Code::OneServerOnly));
    }
}

#[test]
fn two_servers_that_see_other_addresses_and_ports_tell_nothing_of_the_nat() {
    let diagnosis = two_views(false).judged();
    assert_eq!(ipv4(&diagnosis).mapping.why(), Some(Code::ServersDisagree));
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::ServersDisagree));
    assert!(finding(&diagnosis, Code::ServersDisagree).is_some());
    assert!(finding(&two_views(true).judged(), Code::SeveralLines).is_some(), "no proxy keeps the ports of all");
}

#[test]
fn an_address_between_carrier_and_customer_is_not_public() {
    let mut scene = Scene::at_home(&[HOME]);
    scene.mapped(Question::Binding, HOME, "192.168.1.2:40000", "192.0.2.1:3478", "100.64.9.9:40000");
    let diagnosis = scene.judged();
    assert!(ipv4(&diagnosis).public_addresses.is_empty());
    assert!(finding(&diagnosis, Code::MappedAddressNotPublic).is_some());
}

#[test]
fn a_private_address_seen_by_a_server_on_a_private_network_is_as_it_should_be() {
    let near = "stun:10.0.0.5";
    let mut scene = Scene::at_home(&[near]);
    scene.mapped(Question::Binding, near, "192.168.1.2:40000", "10.0.0.5:3478", "10.0.0.77:40000");
    let diagnosis = scene.judged();
    assert_eq!(ipv4(&diagnosis).translated.value(), Some(&true));
    assert!(finding(&diagnosis, Code::MappedAddressNotPublic).is_none());
}

#[test]
fn an_answer_of_the_other_family_is_no_nat64_where_the_server_has_no_translated_address() {
    let six = "stun:[2001:db8::1]";
    let mut scene = Scene::asking(&[six]);
    scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    scene.mapped(Question::Binding, six, "[2001:db8:1::2]:40000", "[2001:db8::1]:3478", "203.0.113.7:9");
    assert!(finding(&scene.judged(), Code::Nat64InUse).is_none());

    let records = vec![DnsRecord::Address("2001:db8::c000:aa".parse().expect("an address"))];
    let name = "ipv4only.arpa".to_owned();
    scene.say(
        Question::Resolve,
        None,
        Fact::Dns(DnsFact::Resolved { name, record: DnsKind::Aaaa, records, took_ms: Millis(9.0) }),
    );
    assert!(finding(&scene.judged(), Code::Nat64InUse).is_some(), "its prefix is this network's");
}

#[test]
fn an_ipv6_address_of_a_name_that_ends_in_its_ipv4_address_was_made_by_a_nat64() {
    for (v4, is_made) in [("192.0.2.1", true), ("192.0.2.9", false)] {
        let named = "stun:stun.example";
        let mut scene = Scene::asking(&[named]);
        scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
        scene.resolved(named, "stun.example", v4);
        let records = vec![DnsRecord::Address("2001:db8:64::c000:201".parse().expect("an address"))];
        let name = "stun.example".to_owned();
        let made = DnsFact::Resolved { name, record: DnsKind::Aaaa, records, took_ms: Millis(9.0) };
        scene.say(Question::Resolve, Some(named), Fact::Dns(made));
        let server = "[2001:db8:64::c000:201]:3478";
        scene.mapped(Question::Binding, named, "[2001:db8:1::2]:40000", server, "203.0.113.7:9");
        assert_eq!(finding(&scene.judged(), Code::Nat64InUse).is_some(), is_made, "{v4}");
    }
}

#[test]
fn an_answer_of_the_other_family_tells_of_nat64_and_not_of_a_mapping() {
    let mut scene = Scene::asking(&[HOME]);
    scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    scene.mapped(Question::Binding, HOME, "[2001:db8:1::2]:40000", "[64:ff9b::c000:201]:3478", "203.0.113.7:9");
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::Nat64InUse).is_some());
    assert!(diagnosis.nat.ipv6.as_ref().is_some_and(|nat| nat.translated.value().is_none()));
}

#[test]
fn one_dead_address_of_four_is_one_dead_address() {
    let named = "stun:stun.example.org";
    let mut scene = Scene::at_home(&[named]);
    for server in ["192.0.2.11:3478", "192.0.2.12:3478", "192.0.2.13:3478"] {
        scene.mapped(Question::Binding, named, "192.168.1.2:40000", server, "203.0.113.7:40000");
    }
    scene.silent(named, "192.0.2.14:3478");
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.servers.len(), 4);
    assert_eq!(diagnosis.servers.iter().filter(|server| server.error.is_some()).count(), 1);
    assert_eq!(codes(&diagnosis, Severity::Warning), [Code::PoolMemberDead, Code::ServerSilent]);
    assert!(
        finding(&diagnosis, Code::ServerSilent)
            .is_some_and(|f| f.about.get("address").as_deref() == Some("192.0.2.14:3478"))
    );
}

#[test]
fn a_mapping_that_changes_after_idling_is_a_lifetime_and_not_a_mapping() {
    let mut scene = home();
    scene.mapped(Question::Lifetime, HOME, "192.168.1.2:42000", "192.0.2.1:3478", "203.0.113.7:1000");
    scene.mapped(Question::Lifetime, HOME, "192.168.1.2:42000", "192.0.2.1:3478", "203.0.113.7:2000");
    assert_eq!(ipv4(&scene.judged()).mapping.value(), Some(&EndpointIndependent));
}

#[test]
fn filters_that_two_servers_show_differently_are_unclear() {
    let mut scene = home();
    let second = |asked, heard| {
        Fact::Stun(StunFact::Tallied {
            asked,
            local: addr("192.168.1.2:40020"),
            server: addr("198.51.100.9:3478"),
            tally: Tally { sent: 10, answered: heard },
            waited_ms: Millis(400.0),
        })
    };
    scene.say(Question::Filtering, None, second(Asked::Plain, 10));
    let answer = Fact::Stun(StunFact::Answered {
        asked: Asked::ChangeAddressAndPort,
        local: addr("192.168.1.2:40020"),
        server: addr("198.51.100.9:3478"),
        from: addr("198.51.100.10:3479"),
        sent: 1,
        rtt_ms: None,
    });
    scene.say(Question::Filtering, None, answer);
    assert_eq!(ipv4(&scene.judged()).filtering.why(), Some(Code::ContradictoryAnswers));
}
