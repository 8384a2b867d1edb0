//! UDP blocked or a dead server; IPv6; hairpinning, lifetime, packet size; pools, carriers, ports.

use super::scene::*;
use crate::diagnose::claims;
use crate::model::*;
use crate::model::{HostFact, Millis, RunFact, StunFact, TurnFact};
use Behaviour::{AddressAndPortDependent, EndpointIndependent};

#[test]
fn two_silent_servers_beside_a_living_host_are_a_network_that_blocks_udp() {
    for control in [None, Some(Failure::Refused)] {
        let mut scene = Scene::at_home(&[HOME, SECOND]);
        scene.silent(HOME, "192.0.2.1:3478");
        scene.silent(SECOND, "198.51.100.9:3478");
        let unclear = scene.judged();
        assert_eq!(unclear.verdict.path.why(), Some(Code::UdpUnclear));
        assert_eq!(unclear.exit(), Exit::NoServerWorks);

        let control = scene.control(HOME, "192.0.2.1:3478", control);
        let diagnosis = scene.judged();
        let blocked = finding(&diagnosis, Code::UdpBlocked).expect("said");
        assert!(blocked.evidence.contains(&control));
        assert!(finding(&diagnosis, Code::ServerSilent).is_none(), "one cause, one finding");
        assert_eq!(diagnosis.verdict.direct_if, [Code::AllowOutboundUdp]);
    }
}

#[test]
fn one_machine_that_speaks_stun_over_tcp_alone_is_no_proof_against_the_network_and_with_a_second_silent_one_it_is() {
    let tcp = "stun:192.0.2.1?transport=tcp";
    let mut scene = Scene::at_home(&[HOME, tcp]);
    scene.silent(HOME, "192.0.2.1:3478");
    let fact = Fact::Stun(StunFact::Mapped {
        transport: Transport::Tcp,
        local: addr("192.168.1.2:50000"),
        server: addr("192.0.2.1:3478"),
        mapped: addr("203.0.113.7:50000"),
        rewritten: None,
        other: None,
        software: None,
        rtt_ms: Some(Millis(20.0)),
        sent: 1,
    });
    scene.say(Question::Binding, Some(tcp), fact);
    let alone = scene.judged();
    assert!(finding(&alone, Code::UdpBlocked).is_none());
    assert!(finding(&alone, Code::ServerUdpSilent).is_some());
    assert_eq!(alone.verdict.because.first(), Some(&Code::ServerUdpSilent), "a call has no other server");
    assert!(alone.verdict.direct_if.is_empty(), "the server may be what is to be mended");

    scene.record.targets.push(SECOND.parse().expect("target"));
    scene.silent(SECOND, "198.51.100.9:3478");
    assert!(finding(&scene.judged(), Code::UdpBlocked).is_some());
}

#[test]
fn one_silent_server_whose_host_only_takes_tcp_does_not_tell() {
    let mut scene = Scene::at_home(&[HOME]);
    scene.silent(HOME, "192.0.2.1:3478");
    scene.control(HOME, "192.0.2.1:3478", None);
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::UdpBlocked).is_none());
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::UdpUnclear));
}

#[test]
fn one_silent_server_among_answering_ones_is_dead_and_udp_flows() {
    let mut scene = home();
    scene.record.targets.push(SECOND.parse().expect("target"));
    scene.silent(SECOND, "198.51.100.9:3478");
    scene.control(SECOND, "198.51.100.9:3478", Some(Failure::Refused));
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::UdpBlocked).is_none());
    let dead = finding(&diagnosis, Code::ServerSilent).expect("said");
    assert_eq!((dead.severity, dead.about.get("server").as_deref()), (Severity::Warning, Some(SECOND)));
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    assert_eq!(diagnosis.exit_code(), 1);
}

#[test]
fn a_machine_blocks_udp_where_it_refuses_two_destinations_and_one_proves_nothing() {
    let by_ourselves = Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(addr("192.168.1.2:1").ip()) };
    for failure in [Failure::Forbidden, by_ourselves] {
        let mut scene = Scene::at_home(&[HOME, SECOND]);
        let refused = |server| {
            Fact::Stun(StunFact::Unreachable {
                local: addr("192.168.1.2:40000"),
                server: addr(server),
                failure: failure.clone(),
            })
        };
        scene.say(Question::Binding, Some(HOME), refused("192.0.2.1:3478"));
        let one = scene.judged();
        assert!(finding(&one, Code::UdpBlocked).is_none(), "{failure:?}");
        assert_eq!(one.verdict.path.why(), Some(Code::UdpUnclear), "{failure:?}");

        scene.say(Question::Binding, Some(SECOND), refused("198.51.100.9:3478"));
        let both = scene.judged();
        assert!(finding(&both, Code::LocalFirewall).is_some(), "{failure:?}");
        assert!(finding(&both, Code::UdpBlocked).is_none(), "it is this machine and not the network");
        assert_eq!(both.verdict.because.first(), Some(&Code::LocalFirewall), "{failure:?}");
    }
}

#[test]
fn what_becomes_of_packets_to_an_address_that_a_server_named_tells_nothing_of_this_network() {
    let mut scene = home();
    scene.record.targets.push("turn:[2001:db8::1]".parse().expect("target"));
    scene.interface("eth1", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    let (server, relayed) = (addr("192.0.2.1:3478"), addr("[2001:db8:66::1]:50000"));
    scene.record.targets.push(TURN.parse().expect("target"));
    let allocated = Fact::Turn(TurnFact::Allocated {
        transport: Transport::Udp,
        local: addr("192.168.1.2:50001"),
        server,
        relayed,
        mapped: None,
        lifetime_s: 600,
        took_ms: Millis(20.0),
    });
    scene.say(Question::Relay, Some(TURN), allocated);
    scene.say(
        Question::Relay,
        Some(TURN),
        Fact::Stun(StunFact::NotOpened { server: relayed, failure: Failure::NoRoute }),
    );
    let diagnosis = scene.judged();
    for code in [Code::Ipv6Broken, Code::UdpUnclear, Code::ServerUnreachable] {
        assert!(finding(&diagnosis, code).is_none(), "{code}");
    }
    assert!(diagnosis.servers.iter().all(|server| server.address != Some(relayed)));
}

#[test]
fn a_port_that_its_own_host_calls_closed_tells_that_udp_gets_there() {
    let mut scene = Scene::at_home(&[HOME, SECOND]);
    scene.silent(SECOND, "198.51.100.9:3478");
    let by_the_server = Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(addr("192.0.2.1:1").ip()) };
    let fact = Fact::Stun(StunFact::Unreachable {
        local: addr("192.168.1.2:40000"),
        server: addr("192.0.2.1:3478"),
        failure: by_the_server,
    });
    scene.say(Question::Binding, Some(HOME), fact);
    let diagnosis = scene.judged();
    for nobodys in [Code::UdpBlocked, Code::ServerUnreachable] {
        assert!(finding(&diagnosis, nobodys).is_none(), "{nobodys}");
    }
    let told = finding(&diagnosis, Code::ServerRefusedConnection).expect("nobody listens there");
    assert!(claims::of(told.code).iter().all(|claim| claims::is_held(*claim, told, &diagnosis.observations)));
}

#[test]
fn a_server_in_the_same_building_says_nothing_of_the_way_to_the_internet() {
    let near = "stun:192.168.1.50";
    let mut scene = Scene::at_home(&[near, HOME]);
    scene.mapped(Question::Binding, near, "192.168.1.2:40000", "192.168.1.50:3478", "192.168.1.2:40000");
    scene.silent(HOME, "192.0.2.1:3478");
    let diagnosis = scene.judged();
    assert_eq!(ipv4(&diagnosis).translated.value(), None, "the near server's word is not taken");
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::UdpUnclear));
}

#[test]
fn a_healthy_server_on_loopback_is_no_fault() {
    let uri = "stun:127.0.0.1";
    let mut scene = Scene::asking(&[uri]);
    scene.interface("lo", InterfaceKind::Loopback, &["127.0.0.1", "::1"]);
    for server in ["127.0.0.1:3478", "127.0.0.2:3479"] {
        scene.mapped(Question::Mapping, uri, "127.0.0.1:40000", server, "127.0.0.1:40000");
    }
    scene.mapped(Question::Binding, uri, "127.0.0.1:40001", "127.0.0.1:3478", "127.0.0.1:40001");
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.exit_code(), 0, "{:?}", diagnosis.findings);
    assert!(codes(&diagnosis, Severity::Warning).is_empty());
}

#[test]
fn ipv6_that_is_there_and_leads_nowhere_is_broken() {
    let six = "stun:[2001:db8::1]";
    let mut scene = home();
    scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    scene.record.targets.extend([six.parse().expect("target"), "stun:[2001:db8::5]".parse().expect("target")]);
    scene.silent(six, "[2001:db8::1]:3478");
    scene.silent("stun:[2001:db8::5]", "[2001:db8::5]:3478");
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::Ipv6Broken).is_some());
    assert!(finding(&diagnosis, Code::ServerSilent).is_none(), "one cause, one finding");
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    let ipv6 = diagnosis.nat.ipv6.as_ref().expect("there is an address");
    assert_eq!(ipv6.mapping, Judged::not_tested(Code::NoStunAnswer));
}

#[test]
fn what_is_missing_from_a_list_that_was_cut_is_not_said_to_be_absent() {
    let mut scene = home();
    scene.say(Question::Host, None, Fact::Host(HostFact::Limited { what: Limit::Interfaces, ignored: 44 }));
    assert!(finding(&scene.judged(), Code::Ipv6Absent).is_none());
}

#[test]
fn no_ipv6_is_a_fact_and_no_fault() {
    let diagnosis = home().judged();
    assert_eq!(finding(&diagnosis, Code::Ipv6Absent).map(|f| f.severity), Some(Severity::Info));
    assert!(diagnosis.nat.ipv6.is_none());
    assert_eq!(diagnosis.exit_code(), 0, "{:?}", diagnosis.findings);
}

fn hairpinned(came_back: bool, sent: u32) -> Fact {
    Fact::Stun(StunFact::Hairpinned {
        local: addr("192.168.1.2:41000"),
        to: addr("203.0.113.7:20"),
        came_back,
        from: None,
        sent,
    })
}

#[test]
fn hairpinning_is_denied_only_where_loss_cannot_be_the_cause() {
    for (fact, value, why) in [
        (hairpinned(true, 1), Some(true), None),
        (hairpinned(false, 8), Some(false), None),
        (hairpinned(false, 1), None, Some(Code::TooMuchLoss)),
    ] {
        let mut scene = home();
        scene.say(Question::Hairpinning, None, fact);
        let diagnosis = scene.judged();
        let judged = &ipv4(&diagnosis).hairpinning;
        assert_eq!((judged.value().copied(), judged.why()), (value, why));
        assert_eq!(diagnosis.exit_code(), 0, "no hairpinning is no fault");
    }
}

fn idled(idle_ms: u64, after_port: u16, inbound: Option<bool>) -> Fact {
    Fact::Stun(StunFact::Idled {
        local: addr("192.168.1.2:41000"),
        server: addr("192.0.2.1:3478"),
        idle_ms,
        before: addr("203.0.113.7:20000"),
        after: std::net::SocketAddr::new(addr("203.0.113.7:1").ip(), after_port),
        inbound,
        copies: Tally { sent: 8, answered: u32::from(inbound == Some(true)) },
        control: Tally { sent: 8, answered: 8 },
    })
}

/// Behind a NAT of this filtering, an idle mapping that kept its port: whether an answer came in, and of the control's
/// eight how many.
fn idled_behind(filtering: Behaviour, came_in: bool, control_heard: u32) -> Judged<u64> {
    let mut scene = Scene::at_home(&[HOME]);
    Gate::nat(EndpointIndependent, filtering).tell(&mut scene);
    let mut fact = idled(60_000, 41_000, Some(came_in));
    if let Fact::Stun(StunFact::Idled { before, control, .. }) = &mut fact {
        before.set_port(41_000);
        control.answered = control_heard;
    }
    scene.say(Question::Lifetime, None, fact);
    ipv4(&scene.judged()).mapping_lifetime_ms.clone()
}

#[test]
fn an_answer_that_comes_in_proves_life_only_where_strangers_are_kept_out() {
    let strict = AddressAndPortDependent;
    assert_eq!(idled_behind(strict, true, 8).value(), Some(&60_000));
    let open = EndpointIndependent;
    assert_eq!(idled_behind(open, true, 8).why(), Some(Code::PortPreservedAfterExpiry));
}

#[test]
fn silence_after_an_idle_time_is_a_death_only_beside_a_control_that_is_answered() {
    let strict = AddressAndPortDependent;
    assert_eq!(idled_behind(strict, false, 8).value(), Some(&0));
    assert_eq!(idled_behind(strict, false, 5).why(), Some(Code::TooMuchLoss));
    assert_eq!(idled_behind(strict, false, 0).why(), Some(Code::PortPreservedAfterExpiry), "nothing comes in this way");
}

#[test]
fn a_mapping_lives_as_long_as_the_longest_idle_time_below_its_shortest_death() {
    let mut scene = home();
    for fact in [idled(10_000, 20_000, Some(true)), idled(60_000, 20_001, None), idled(120_000, 20_000, Some(true))] {
        scene.say(Question::Lifetime, None, fact);
    }
    let diagnosis = scene.judged();
    assert_eq!(ipv4(&diagnosis).mapping_lifetime_ms.value(), Some(&10_000));
    let short = finding(&diagnosis, Code::ShortMappingLifetime).expect("said");
    assert_eq!((short.severity, short.about.get("lifetime").as_deref()), (Severity::Warning, Some("60 s")));
    assert_eq!((short.about.count, ipv4(&diagnosis).mapping_gone_after_ms), (Some(Count::Seconds(10)), Some(60_000)));
}

#[test]
fn the_same_port_after_the_idle_time_proves_nothing_where_ports_are_preserved() {
    let mut scene = home();
    let mut fact = idled(60_000, 41_000, None);
    if let Fact::Stun(StunFact::Idled { before, .. }) = &mut fact {
        before.set_port(41_000);
    }
    scene.say(Question::Lifetime, None, fact);
    assert_eq!(ipv4(&scene.judged()).mapping_lifetime_ms.why(), Some(Code::PortPreservedAfterExpiry));
}

/// A flow that was used every so often, of whose last copies none was answered, and of the control's eight so many.
fn kept_busy(every_ms: u64, lived_ms: u64, control_heard: u32) -> Fact {
    Fact::Stun(StunFact::KeptBusy {
        local: addr("192.168.1.2:41000"),
        server: addr("192.0.2.1:3478"),
        every_ms,
        lived_ms,
        answers: 4,
        copies: Tally { sent: 8, answered: 0 },
        control: Tally { sent: 8, answered: control_heard },
    })
}

#[test]
fn a_flow_that_ends_while_it_is_in_use_is_told_with_the_soonest_end_and_the_path_stays_as_it_is() {
    let mut scene = home();
    for fact in [idled(10_000, 20_001, None), kept_busy(15_000, 15_000, 8), kept_busy(5_000, 15_000, 8)] {
        scene.say(Question::Lifetime, None, fact);
    }
    let (diagnosis, without) = (scene.judged(), home().judged());
    let ended = finding(&diagnosis, Code::UdpExpires).expect("said");
    assert_eq!((ended.severity, ended.about.get("lifetime").as_deref()), (Severity::Warning, Some("20 s")));
    assert_eq!((ended.about.count, ended.evidence.len()), (Some(Count::Seconds(15)), 2));
    assert_eq!(diagnosis.verdict.path, without.verdict.path);
    assert!(finding(&diagnosis, Code::ShortMappingLifetime).is_none(), "said once");
}

#[test]
fn a_flow_that_ends_beside_a_control_that_fails_too_tells_nothing() {
    let mut scene = home();
    scene.say(Question::Lifetime, None, kept_busy(5_000, 15_000, 0));
    assert!(finding(&scene.judged(), Code::UdpExpires).is_none());
}

#[test]
fn the_largest_packet_that_passed_is_told_and_a_small_one_warned_of() {
    let told = |servers: &[&str]| {
        let mut scene = home();
        for server in servers {
            for (bytes, passed) in [(576, true), (1280, false), (1200, true), (1500, false)] {
                let (local, server) = (addr("192.168.1.2:41000"), addr(server));
                scene.say(Question::PathMtu, None, Fact::Stun(StunFact::Sized { local, server, bytes, passed }));
            }
        }
        let diagnosis = scene.judged();
        assert_eq!(ipv4(&diagnosis).path_mtu_bytes.value(), Some(&1200));
        let finding = finding(&diagnosis, Code::SmallPathMtu).expect("told");
        assert_eq!(finding.about.get("mtu").as_deref(), Some("1200"));
        (finding.strength, finding.rivals.clone())
    };
    let its_own_tunnel = (Some(Strength::Likely), vec![Code::RelayLargeLost]);
    assert_eq!(told(&["192.0.2.1:3478"]), its_own_tunnel);
    assert_eq!(told(&["192.0.2.1:3478", "192.0.2.1:3479"]), its_own_tunnel);
    assert_eq!(told(&["192.0.2.1:3478", "198.51.100.9:3478"]), (Some(Strength::Proven), Vec::new()));
}

#[test]
fn ports_in_steps_are_told_and_random_ones_are_not() {
    let ports = |port: fn(u16) -> u16| {
        let mut scene = Scene::at_home(&[HOME]);
        for socket in 0..10 {
            let (local, mapped) = (format!("192.168.1.2:{}", 40_000 + socket), format!("203.0.113.7:{}", port(socket)));
            scene.mapped(Question::Binding, HOME, &local, "192.0.2.1:3478", &mapped);
        }
        scene.judged()
    };
    let in_steps = ports(|socket| 5000 + 2 * ((socket * 3) % 10));
    assert_eq!(finding(&in_steps, Code::PortsPredictable).and_then(|f| f.about.get("step")).as_deref(), Some("2"));
    let at_random = ports(|socket| 5000 + socket * socket * 577);
    assert!(finding(&at_random, Code::PortsPredictable).is_none());
    let preserved = ports(|socket| 40_000 + socket);
    assert!(finding(&preserved, Code::PortsPredictable).is_none());
}

#[test]
fn a_carriers_nat_is_said_of_two_signs_and_never_of_one() {
    let told = |kind, address: &str, translated| {
        let mut scene = Scene::asking(&[HOME]);
        scene.interface("wwan0", kind, &[address]);
        let local = format!("{address}:40000");
        let mapped = if translated { "203.0.113.7:9".to_owned() } else { local.clone() };
        scene.mapped(Question::Binding, HOME, &local, "192.0.2.1:3478", &mapped);
        finding(&scene.judged(), Code::CarrierNat).is_some()
    };
    assert!(told(InterfaceKind::Cellular, "100.64.3.4", true));
    assert!(told(InterfaceKind::Cellular, "192.0.0.2", true));
    assert!(!told(InterfaceKind::Cellular, "100.64.3.4", false));
    assert!(!told(InterfaceKind::Vpn, "100.64.3.4", true));
    assert!(!told(InterfaceKind::Ethernet, "192.168.1.2", true));
}

#[test]
fn many_sockets_in_one_port_block_of_two_public_addresses_are_a_carriers() {
    let mut scene = Scene::at_home(&[HOME]);
    for socket in 0..20_u16 {
        let local = format!("192.168.1.2:{}", 40_000 + socket);
        let mapped = format!("203.0.113.{}:{}", 7 + socket % 2, 2048 + (socket * 97) % 900);
        scene.mapped(Question::Binding, HOME, &local, "192.0.2.1:3478", &mapped);
    }
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::AddressPool).is_some());
    assert!(finding(&diagnosis, Code::CarrierNat).is_some());
}

#[test]
fn ports_that_are_given_out_again_from_a_narrow_block_are_few_and_those_given_out_in_turn_are_not() {
    let told = |port: fn(u16) -> u16| {
        let mut scene = Scene::at_home(&[HOME]);
        for socket in 0..8_u16 {
            let (local, mapped) =
                (format!("192.168.1.2:{}", 40_000 + 7 * socket), format!("203.0.113.7:{}", port(socket)));
            scene.mapped(Question::Binding, HOME, &local, "192.0.2.1:3478", &mapped);
        }
        finding(&scene.judged(), Code::FewPorts).is_some()
    };
    assert!(told(|socket| 19_728 + socket * 11 % 16));
    assert!(!told(|socket| 19_728 + socket), "in turn");
    assert!(!told(|socket| 19_728 + socket * 4099 % 9000), "from everywhere");
}

#[test]
fn two_translations_on_one_way_out_are_two_nats() {
    let inside = "stun:10.0.0.5";
    let mut scene = Scene::at_home(&[inside, HOME]);
    scene.mapped(Question::Binding, inside, "192.168.1.2:40000", "10.0.0.5:3478", "10.0.0.77:40000");
    scene.mapped(Question::Binding, HOME, "192.168.1.2:40001", "192.0.2.1:3478", "203.0.113.7:9");
    assert!(finding(&scene.judged(), Code::DoubleNat).is_some());
}

#[test]
fn an_algs_rewriting_a_tunnel_and_a_changed_network_are_told() {
    let mut scene = home();
    scene.interface("wg0", InterfaceKind::Vpn, &["192.168.1.2"]);
    scene.say(Question::Host, None, Fact::Host(HostFact::NetworkChanged));
    scene.say(Question::Host, None, Fact::Host(HostFact::Limited { what: Limit::PeerCandidates, ignored: 12 }));
    let fact = Fact::Stun(StunFact::Mapped {
        transport: Transport::Udp,
        local: addr("192.168.1.2:47000"),
        server: addr("192.0.2.1:3478"),
        mapped: addr("203.0.113.7:47000"),
        rewritten: Some(addr("192.168.1.2:47000")),
        other: None,
        software: None,
        rtt_ms: None,
        sent: 1,
    });
    scene.say(Question::Binding, Some(HOME), fact);
    let diagnosis = scene.judged();
    for code in [Code::VpnInUse, Code::NetworkChanged, Code::InputLimited, Code::AddressRewritten] {
        assert!(finding(&diagnosis, code).is_some(), "{code}");
    }
}

#[test]
fn a_machine_without_an_interface_cannot_tell_and_says_why() {
    let mut scene = Scene::asking(&[HOME]);
    scene.interface("lo", InterfaceKind::Loopback, &["127.0.0.1"]);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path, Judged::not_tested(Code::NoUsableInterface));
    assert!(finding(&diagnosis, Code::NoUsableInterface).is_some());
    assert_eq!(diagnosis.exit(), Exit::NoCall);
}

#[test]
fn an_interrupted_run_keeps_what_was_found() {
    let mut scene = Scene::at_home(&[HOME]);
    Gate::nat(EndpointIndependent, AddressAndPortDependent).tell_mapping(&mut scene);
    scene.say(Question::Host, None, Fact::Run(RunFact::Interrupted));
    let diagnosis = scene.judged();
    assert!(diagnosis.interrupted);
    assert_eq!(ipv4(&diagnosis).mapping.value(), Some(&EndpointIndependent));
    assert_eq!(ipv4(&diagnosis).filtering, Judged::not_tested(Code::Interrupted));
    assert_eq!(diagnosis.exit_code(), 130);
}
