//! Every mapping, every filtering, both families; loss; servers that cannot be asked.

use super::scene::*;
use crate::model::*;
use crate::model::{RunFact, StunFact};
use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};

const ALL: [Behaviour; 3] = [EndpointIndependent, AddressDependent, AddressAndPortDependent];

fn judged(gate: Gate) -> (Diagnosis, Nat) {
    let mut scene = Scene::at_home(&[gate.uri()]);
    if gate.family == Family::Ipv6 {
        scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    }
    gate.tell(&mut scene);
    let diagnosis = scene.judged();
    let nat = diagnosis.nat.get(gate.family).cloned().expect("judged");
    (diagnosis, nat)
}

#[test]
fn every_mapping_beside_every_filter_is_named_in_both_families() {
    for mapping in ALL {
        for filtering in ALL {
            for gate in [Gate::nat(mapping, filtering), Gate::nat(mapping, filtering).ipv6()] {
                let (diagnosis, nat) = judged(gate);
                assert_eq!(nat.mapping.value(), Some(&mapping), "{gate:?}");
                assert_eq!(nat.filtering.value(), Some(&filtering), "{gate:?}");
                assert_eq!(nat.translated.value(), Some(&true), "{gate:?}");
                assert_eq!(nat.public_addresses.len(), 1, "{gate:?}");
                assert!(diagnosis.nat_known_ms.is_some_and(|ms| ms <= diagnosis.took_ms));
            }
        }
    }
}

#[test]
fn where_nothing_translates_the_mapping_is_endpoint_independent_and_the_filter_a_firewall() {
    for filtering in ALL {
        let (diagnosis, nat) = judged(Gate::firewall(filtering));
        assert_eq!(nat.translated.value(), Some(&false));
        assert_eq!(nat.mapping.value(), Some(&EndpointIndependent));
        assert_eq!(nat.filtering.value(), Some(&filtering));
        assert_eq!(nat.port_preservation, Judged::not_tested(Code::NoNat));
        assert!(finding(&diagnosis, Code::NoNat).is_some());
        assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
        assert_eq!(diagnosis.exit_code(), 0, "{:?}", diagnosis.findings);
    }
}

#[test]
fn loss_makes_a_filter_unclear_and_never_stricter() {
    for answered_of_ten in 1..=4 {
        let (diagnosis, nat) = judged(Gate::nat(EndpointIndependent, AddressDependent).lossy(answered_of_ten));
        assert_eq!(nat.filtering.why(), Some(Code::TooMuchLoss), "{answered_of_ten}");
        assert!(finding(&diagnosis, Code::LossyPath).is_some());
        assert_eq!(diagnosis.verdict.path.why(), Some(Code::LossyPath), "no call lives on so much loss");
    }
    let (diagnosis, _) = judged(Gate::nat(EndpointIndependent, AddressDependent).lossy(6));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct), "both mappings decide, not the filter");
    let (_, nat) = judged(Gate::nat(EndpointIndependent, AddressAndPortDependent).lossy(9));
    assert_eq!(nat.filtering.value(), Some(&AddressAndPortDependent));
}

#[test]
fn a_control_that_nobody_answers_leaves_the_filter_unclear() {
    let (_, nat) = judged(Gate::nat(EndpointIndependent, AddressAndPortDependent).lossy(0));
    assert_eq!(nat.filtering.why(), Some(Code::ControlFailed));
}

#[test]
fn two_servers_tell_endpoint_independence_without_an_other_address() {
    let mut scene = Scene::at_home(&[HOME, SECOND]);
    for socket in ["192.168.1.2:40001", "192.168.1.2:40002"] {
        let mapped = socket.replace("192.168.1.2", "203.0.113.7");
        scene.mapped(Question::Mapping, HOME, socket, "192.0.2.1:3478", &mapped);
        scene.mapped(Question::Mapping, SECOND, socket, "198.51.100.9:3478", &mapped);
    }
    let diagnosis = scene.judged();
    let nat = ipv4(&diagnosis);
    assert_eq!(nat.mapping.value(), Some(&EndpointIndependent));
    assert_eq!(nat.port_preservation.value(), Some(&true));
    assert_eq!(nat.filtering, Judged::not_tested(Code::NoOtherAddress));
}

#[test]
fn two_servers_with_two_views_leave_two_mappings_and_one_verdict() {
    let mut scene = Scene::at_home(&[HOME, SECOND]);
    scene.mapped(Question::Binding, HOME, "192.168.1.2:40000", "192.0.2.1:3478", "203.0.113.7:9");
    scene.mapped(Question::Mapping, HOME, "192.168.1.2:40001", "192.0.2.1:3478", "203.0.113.7:10");
    scene.mapped(Question::Mapping, SECOND, "192.168.1.2:40001", "198.51.100.9:3478", "203.0.113.7:11");
    let diagnosis = scene.judged();
    assert_eq!(ipv4(&diagnosis).mapping.why(), Some(Code::OnlyNotEndpointIndependent));
    assert_eq!(diagnosis.verdict.because, [Code::MappingVariesWithPeer, Code::RelayNotTested]);
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::RelayNotTested));
}

#[test]
fn two_ports_of_one_address_tell_dependence_on_the_port_only() {
    let mut scene = Scene::at_home(&[HOME]);
    let socket = "192.168.1.2:40001";
    scene.mapped(Question::Mapping, HOME, socket, "192.0.2.1:3478", "203.0.113.7:10");
    scene.mapped(Question::Mapping, HOME, socket, "192.0.2.1:3479", "203.0.113.7:10");
    assert_eq!(ipv4(&scene.judged()).mapping.why(), Some(Code::OneServerOnly));
    scene.mapped(Question::Mapping, HOME, "192.168.1.2:40002", "192.0.2.1:3478", "203.0.113.7:20");
    scene.mapped(Question::Mapping, HOME, "192.168.1.2:40002", "192.0.2.1:3479", "203.0.113.7:21");
    let diagnosis = scene.judged();
    assert_eq!(ipv4(&diagnosis).mapping.why(), Some(Code::ContradictoryAnswers), "two sockets, two behaviours");
}

#[test]
fn one_server_that_is_asked_once_tells_translation_and_no_mapping() {
    let mut scene = Scene::at_home(&[HOME]);
    scene.mapped(Question::Binding, HOME, "192.168.1.2:40001", "192.0.2.1:3478", "203.0.113.7:10");
    let diagnosis = scene.judged();
    let nat = ipv4(&diagnosis);
    assert_eq!(nat.translated.value(), Some(&true));
    assert_eq!(nat.mapping, Judged::not_tested(Code::OneServerOnly));
    assert_eq!(nat.port_preservation.why(), Some(Code::TooFewSockets));
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::OneServerOnly));
    assert_eq!(diagnosis.exit(), Exit::Unclear);
}

#[test]
fn what_a_probe_skipped_is_not_tested_for_its_reason() {
    let mut scene = Scene::at_home(&[HOME]);
    Gate::nat(EndpointIndependent, EndpointIndependent).tell_mapping(&mut scene);
    for (question, why) in [
        (Question::Filtering, Code::OtherAddressIsOwn),
        (Question::Lifetime, Code::NotAskedFor),
        (Question::Hairpinning, Code::NotAskedFor),
    ] {
        scene.say(question, None, Fact::Run(RunFact::Skipped { why }));
    }
    let diagnosis = scene.judged();
    let nat = ipv4(&diagnosis);
    assert_eq!(nat.filtering, Judged::not_tested(Code::OtherAddressIsOwn));
    assert_eq!(nat.mapping_lifetime_ms, Judged::not_tested(Code::NotAskedFor));
    assert_eq!(nat.hairpinning, Judged::not_tested(Code::NotAskedFor));
}

#[test]
fn silence_without_an_other_address_that_lives_proves_no_filter() {
    let gate = Gate::nat(EndpointIndependent, AddressAndPortDependent);
    let mut scene = Scene::at_home(&[HOME]);
    let (server, other) = gate.server();
    let mapped = Fact::Stun(StunFact::Mapped {
        transport: Transport::Udp,
        local: addr("192.168.1.2:40000"),
        server,
        mapped: addr("203.0.113.7:10"),
        rewritten: None,
        other: Some(other),
        software: None,
        rtt_ms: None,
        sent: 1,
    });
    scene.say(Question::Binding, Some(HOME), mapped);
    gate.tell_filtering(&mut scene);
    assert_eq!(ipv4(&scene.judged()).filtering.why(), Some(Code::OtherAddressSilent));
}
