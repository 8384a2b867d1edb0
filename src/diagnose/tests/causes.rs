//! One cause, said once: what each explains, where its extent ends, and what refutes it.

use super::relays::working_relay;
use super::scene::*;
use crate::model::*;
use crate::model::{CallFact, DnsFact, IceFact, Millis, RunFact, SignallingFact, StreamFact, StunFact};
use Behaviour::AddressAndPortDependent;

const OVER_TCP: &str = "turn:192.0.2.1?transport=tcp";

/// Those that nothing explains, of at least the weight of a warning.
pub(super) fn of_weight(diagnosis: &Diagnosis) -> Vec<Code> {
    let roots = diagnosis.findings.iter().filter(|finding| finding.cause.is_none());
    roots.filter(|finding| finding.severity > Severity::Info).map(|finding| finding.code).collect()
}

/// The codes of those that are folded under a finding of this code.
fn folded(diagnosis: &Diagnosis, root: Code) -> Vec<Code> {
    let is_under = |finding: &&Finding| {
        let cause = finding.cause.and_then(|cause| diagnosis.findings.get(usize::try_from(cause).ok()?));
        cause.is_some_and(|cause| cause.code == root)
    };
    let mut codes: Vec<Code> = diagnosis.findings.iter().filter(is_under).map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

pub(super) fn unreachable(server: &str, failure: Failure) -> Fact {
    Fact::Stun(StunFact::Unreachable { local: addr("192.168.1.2:40000"), server: addr(server), failure })
}

/// Two servers that are silent over UDP, and a relay at the first that works over TCP.
fn only_tcp() -> Scene {
    let mut scene = Scene::at_home(&[HOME, SECOND, TURN, OVER_TCP]);
    scene.silent(HOME, "192.0.2.1:3478");
    scene.silent(SECOND, "198.51.100.9:3478");
    scene.silent(TURN, "192.0.2.1:3478");
    scene.control(HOME, "192.0.2.1:3478", None);
    working_relay(&mut scene, OVER_TCP);
    scene
}

#[test]
fn blocked_udp_explains_silent_servers_and_that_only_tcp_carries() {
    let diagnosis = only_tcp().judged();
    assert_eq!(of_weight(&diagnosis), [Code::UdpBlocked]);
    assert_eq!(folded(&diagnosis, Code::UdpBlocked), [Code::RelayOnlyOverTcp]);
    let root = finding(&diagnosis, Code::UdpBlocked).expect("told");
    let rivals = [Code::LocalFirewall, Code::UdpPortsLimited];
    assert_eq!((root.strength, &root.rivals[..]), (Some(Strength::Likely), &rivals[..]));
    assert_eq!(diagnosis.verdict.because.first(), Some(&Code::UdpBlocked));
}

#[test]
fn an_answer_without_the_cookie_shows_that_it_is_stun_that_is_dropped() {
    let mut scene = only_tcp();
    let tallied = |heard| {
        Fact::Stun(StunFact::Tallied {
            asked: Asked::Rfc3489,
            local: addr("192.168.1.2:40009"),
            server: addr("192.0.2.1:3478"),
            tally: Tally { sent: 3, answered: heard },
            waited_ms: Millis(700.0),
        })
    };
    scene.say(Question::Binding, Some(HOME), tallied(1));
    assert!(finding(&scene.judged(), Code::UdpBlocked).is_some(), "one answer may be chance");
    scene.say(Question::Binding, Some(HOME), tallied(3));
    let diagnosis = scene.judged();
    assert_eq!(of_weight(&diagnosis), [Code::StunFiltered]);
    assert!(finding(&diagnosis, Code::UdpBlocked).is_none());
    assert_eq!(diagnosis.verdict.because.first(), Some(&Code::StunFiltered));
    assert_eq!(diagnosis.verdict.direct_if, [Code::AllowStun]);
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
}

#[test]
fn a_firewall_of_this_machine_explains_that_no_udp_passes() {
    let by_itself = Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(addr("192.168.1.2:0").ip()) };
    for failure in [Failure::Forbidden, by_itself] {
        let mut scene = Scene::at_home(&[HOME, SECOND, OVER_TCP]);
        scene.say(Question::Binding, Some(HOME), unreachable("192.0.2.1:3478", failure.clone()));
        scene.say(Question::Binding, Some(SECOND), unreachable("198.51.100.9:3478", failure));
        working_relay(&mut scene, OVER_TCP);
        let diagnosis = scene.judged();
        assert_eq!(of_weight(&diagnosis), [Code::LocalFirewall]);
        assert_eq!(diagnosis.verdict.because.first(), Some(&Code::LocalFirewall));
        assert!(!diagnosis.verdict.direct_if.contains(&Code::AllowOutboundUdp), "nobody else has to act");
    }
}

#[test]
fn what_a_router_says_or_what_holds_for_one_destination_is_no_firewall_of_this_machine() {
    let by_router = Failure::Icmp { icmp: Icmp::Prohibited, by: Some(addr("192.168.1.1:0").ip()) };
    let mut scene = Scene::at_home(&[HOME, SECOND]);
    scene.say(Question::Binding, Some(HOME), unreachable("192.0.2.1:3478", by_router.clone()));
    scene.say(Question::Binding, Some(SECOND), unreachable("198.51.100.9:3478", by_router));
    assert!(finding(&scene.judged(), Code::LocalFirewall).is_none());

    let mut scene = home();
    scene.record.targets.push(SECOND.parse().expect("target"));
    scene.say(Question::Binding, Some(SECOND), unreachable("198.51.100.9:3478", Failure::Forbidden));
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
    assert_eq!(of_weight(&diagnosis), [Code::LocalFirewall]);
}

fn secured(scene: &mut Scene, server: &str, issuer: &str, problem: Option<TlsProblem>) {
    let uri = format!("turns:{}?transport=tcp", addr(server));
    scene.record.targets.push(uri.parse().expect("target"));
    let certificate = Certificate {
        subject: text("CN=turn.example.org"),
        issuer: text(issuer),
        names: vec![text("turn.example.org")],
        not_before: "2026-01-01T00:00:00Z".to_owned(),
        not_after: "2027-01-01T00:00:00Z".to_owned(),
        fingerprint_sha256: issuer.to_owned(),
        logged: None,
    };
    let tls = Tls {
        server_name: "turn.example.org".to_owned(),
        version: None,
        certificates: vec![certificate],
        problem: problem.clone(),
        connect_ms: None,
        handshake_ms: None,
    };
    let (remote, took_ms) = (addr(server), Millis(9.0));
    let fact = match problem {
        None => Fact::Stream(StreamFact::Secured { remote, tls, took_ms }),
        Some(problem) => Fact::Stream(StreamFact::NotConnected {
            transport: Transport::Tls,
            remote,
            failure: Failure::Tls { problem },
            tls: Some(tls),
            took_ms,
        }),
    };
    scene.say(Question::Relay, Some(&uri), fact);
}

#[test]
fn certificates_of_two_issuers_that_are_not_valid_yet_are_a_wrong_clock_and_of_one_are_not() {
    let early = || Some(TlsProblem::NotYetValid);
    let mut scene = home();
    secured(&mut scene, "192.0.2.1:443", "CN=One", early());
    assert!(finding(&scene.judged(), Code::ClockWrong).is_none());
    secured(&mut scene, "198.51.100.9:443", "CN=Two", early());
    let diagnosis = scene.judged();
    assert_eq!(of_weight(&diagnosis), [Code::ClockWrong]);
    assert_eq!(folded(&diagnosis, Code::ClockWrong), [Code::TlsNotYetValid]);
    secured(&mut scene, "198.51.100.10:443", "CN=Three", None);
    assert!(finding(&scene.judged(), Code::ClockWrong).is_none(), "one that is valid refutes it");
}

fn http(scene: &mut Scene, uri: &str, server: &str) {
    let anomaly = Anomaly::Malformed { problem: Malformed::NotStun { first_bytes: "HTTP/1.1 302 Fou".to_owned() } };
    let (transport, local) = (Transport::Tcp, addr("192.168.1.2:50001"));
    let fact = Fact::Stun(StunFact::Anomalous { transport, local, server: addr(server), anomaly });
    scene.say(Question::Relay, Some(uri), fact);
}

#[test]
fn before_the_sign_in_page_nothing_is_known_of_the_path_and_one_thing_is_said() {
    const OTHER_TCP: &str = "turn:198.51.100.9?transport=tcp";
    let mut scene = Scene::at_home(&[HOME, SECOND, OVER_TCP, OTHER_TCP]);
    scene.silent(HOME, "192.0.2.1:3478");
    scene.silent(SECOND, "198.51.100.9:3478");
    scene.control(HOME, "192.0.2.1:3478", None);
    http(&mut scene, OVER_TCP, "192.0.2.1:3478");
    http(&mut scene, OTHER_TCP, "198.51.100.9:3478");
    let diagnosis = scene.judged();
    assert_eq!(of_weight(&diagnosis), [Code::CaptivePortal]);
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::CaptivePortal));
    assert_eq!(diagnosis.verdict.because, [Code::CaptivePortal]);
    assert_eq!(diagnosis.exit(), Exit::NoCall);
    assert!(diagnosis.verdict.forecast.iter().all(|forecast| forecast.path.value().is_none()), "nor of any peer");
}

#[test]
fn a_router_that_says_it_is_prohibited_is_told_once_and_leaves_the_path_unclear() {
    let by = |router: &str| Failure::Icmp { icmp: Icmp::Prohibited, by: Some(addr(router).ip()) };
    let of = |router: &str| {
        let mut scene = Scene::at_home(&[HOME, SECOND, OVER_TCP]);
        scene.say(Question::Binding, Some(HOME), unreachable("192.0.2.1:3478", by(router)));
        scene.say(Question::Binding, Some(SECOND), unreachable("198.51.100.9:3478", by(router)));
        scene.control(OVER_TCP, "192.0.2.1:3478", Some(Failure::HostUnreachable));
        scene
    };
    let diagnosis = of("192.168.1.1:0").judged();
    assert_eq!(of_weight(&diagnosis), [Code::NetworkForbids]);
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::NetworkForbids));
    assert_eq!(diagnosis.verdict.because, [Code::NetworkForbids]);
    assert!(
        finding(&of("192.0.2.254:0").judged(), Code::NetworkForbids).is_none(),
        "it may stand at the server's side"
    );

    let mut relayed = of("192.168.1.1:0");
    working_relay(&mut relayed, OVER_TCP);
    let diagnosis = relayed.judged();
    assert!(finding(&diagnosis, Code::NetworkForbids).is_none(), "a relay over TCP is reached");
    let root = finding(&diagnosis, Code::UdpBlocked).expect("told");
    assert_eq!((root.strength, &root.rivals[..]), (Some(Strength::Proven), &[][..]), "the router has said so");
}

#[test]
fn two_ports_of_one_server_that_speak_http_are_likely_a_sign_in_page_and_nobody_else_is_blamed() {
    const OTHER_PORT: &str = "turn:192.0.2.1:443?transport=tcp";
    let mut scene = Scene::at_home(&[HOME, SECOND, OVER_TCP, OTHER_PORT]);
    scene.silent(HOME, "192.0.2.1:3478");
    scene.silent(SECOND, "198.51.100.9:3478");
    scene.control(HOME, "192.0.2.1:3478", None);
    http(&mut scene, OVER_TCP, "192.0.2.1:3478");
    http(&mut scene, OTHER_PORT, "192.0.2.1:443");
    let diagnosis = scene.judged();
    assert_eq!(of_weight(&diagnosis), [Code::CaptivePortal]);
    let root = finding(&diagnosis, Code::CaptivePortal).expect("told");
    assert_eq!((root.strength, &root.rivals[..]), (Some(Strength::Likely), &[Code::NotStun, Code::TlsNotSpoken][..]));
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::CaptivePortal));
}

fn denied(scene: &mut Scene, host: &str) {
    let uri = format!("stun:{host}");
    scene.record.targets.push(uri.parse().expect("target"));
    for record in [DnsKind::A, DnsKind::Aaaa] {
        let failure = DnsFailure::NoSuchName;
        let fact = Fact::Dns(DnsFact::Unresolved { name: host.to_owned(), record, failure, took_ms: Millis(2.0) });
        scene.say(Question::Resolve, Some(&uri), fact);
    }
}

#[test]
fn a_name_server_that_denies_names_of_two_owners_denies_every_name() {
    let mut scene = Scene::at_home(&[]);
    denied(&mut scene, "stun.one.example");
    denied(&mut scene, "turn.one.example");
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::NamesAllDenied).is_none(), "one owner may have lost his names");
    assert_eq!(ipv4(&diagnosis).mapping.why(), Some(Code::NameUnresolved), "this machine has an IPv4 address");
    denied(&mut scene, "stun.two.test");
    let diagnosis = scene.judged();
    assert_eq!(of_weight(&diagnosis), [Code::NamesAllDenied]);
    assert_eq!(folded(&diagnosis, Code::NamesAllDenied), [Code::NameDoesNotExist]);
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::NamesAllDenied));
}

#[test]
fn a_silent_name_server_leaves_the_path_unclear_in_its_own_name() {
    let mut scene = Scene::at_home(&["stun:stun.example.org"]);
    for record in [DnsKind::A, DnsKind::Aaaa] {
        let failure = DnsFailure::TimedOut;
        let fact = Fact::Dns(DnsFact::Unresolved {
            name: "stun.example.org".to_owned(),
            record,
            failure,
            took_ms: Millis(5000.0),
        });
        scene.say(Question::Resolve, Some("stun:stun.example.org"), fact);
    }
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::NameServerSilent));
    assert_eq!(diagnosis.verdict.because, [Code::NameServerSilent]);
}

#[test]
fn servers_with_ipv4_alone_are_out_of_reach_of_a_network_with_ipv6_alone() {
    const NAMED: &str = "stun:stun.example.org";
    let mut scene = Scene::asking(&[NAMED]);
    scene.interface("eth0", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    let resolved = |record, records| {
        Fact::Dns(DnsFact::Resolved { name: "stun.example.org".to_owned(), record, records, took_ms: Millis(2.0) })
    };
    let address = DnsRecord::Address(addr("192.0.2.1:0").ip());
    scene.say(Question::Resolve, Some(NAMED), resolved(DnsKind::A, vec![address]));
    scene.say(Question::Resolve, Some(NAMED), Fact::Dns(DnsFact::Located { server: addr("192.0.2.1:3478") }));
    scene.say(Question::Binding, Some(NAMED), Fact::Run(RunFact::Skipped { why: Code::NoAddressOfFamily }));
    assert!(finding(&scene.judged(), Code::NoIpv4AndNoNat64).is_none(), "a NAT64 may be there");
    scene.say(Question::Resolve, Some(NAMED), resolved(DnsKind::Aaaa, Vec::new()));
    let diagnosis = scene.judged();
    assert_eq!(of_weight(&diagnosis), [Code::NoIpv4AndNoNat64]);
    assert_eq!(diagnosis.verdict.because, [Code::NoIpv4AndNoNat64]);
}

#[test]
fn what_leads_nowhere_over_ipv6_is_folded_under_ipv6() {
    let mut scene = home();
    scene.interface("eth1", InterfaceKind::Ethernet, &["2001:db8:1::2"]);
    for (uri, server) in
        [("stun:[2001:db8::1]", "[2001:db8::1]:3478"), ("stun:[2001:db8:7::1]", "[2001:db8:7::1]:3478")]
    {
        scene.record.targets.push(uri.parse().expect("target"));
        scene.silent(uri, server);
    }
    let diagnosis = scene.judged();
    assert_eq!(of_weight(&diagnosis), [Code::Ipv6Broken]);
    assert!(!folded(&diagnosis, Code::Ipv6Broken).is_empty());
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Direct));
}

#[test]
fn one_dead_address_of_a_name_is_told_once_and_only_beside_a_living_one() {
    const NAMED: &str = "stun:pool.example.org";
    let of = |living: bool| {
        let mut scene = Scene::at_home(&[NAMED]);
        let addresses = ["192.0.2.1", "192.0.2.9"];
        let records = addresses.iter().map(|address| DnsRecord::Address(address.parse().expect("address"))).collect();
        let fact = Fact::Dns(DnsFact::Resolved {
            name: "pool.example.org".to_owned(),
            record: DnsKind::A,
            records,
            took_ms: Millis(2.0),
        });
        scene.say(Question::Resolve, Some(NAMED), fact);
        for address in addresses {
            scene.say(
                Question::Resolve,
                Some(NAMED),
                Fact::Dns(DnsFact::Located { server: addr(&format!("{address}:3478")) }),
            );
        }
        scene.silent(NAMED, "192.0.2.9:3478");
        if living {
            scene.mapped(Question::Binding, NAMED, "192.168.1.2:40000", "192.0.2.1:3478", "203.0.113.7:9");
        } else {
            scene.silent(NAMED, "192.0.2.1:3478");
        }
        scene.judged()
    };
    let diagnosis = of(true);
    assert_eq!(of_weight(&diagnosis), [Code::PoolMemberDead]);
    assert_eq!(folded(&diagnosis, Code::PoolMemberDead), [Code::ServerSilent]);
    assert!(finding(&of(false), Code::PoolMemberDead).is_none());
}

#[test]
fn behind_a_carriers_nat_its_behaviour_is_the_providers_matter() {
    let mut scene = Scene::asking(&[HOME]);
    scene.interface("wwan0", InterfaceKind::Cellular, &["100.64.3.4"]);
    Gate::nat(AddressAndPortDependent, AddressAndPortDependent).tell(&mut scene);
    let diagnosis = scene.judged();
    let root = finding(&diagnosis, Code::CarrierNat).expect("told");
    assert_eq!((root.severity, root.strength), (Severity::Warning, Some(Strength::Proven)));
    assert!(folded(&diagnosis, Code::CarrierNat).contains(&Code::NatAddressAndPortDependent));
    assert!(diagnosis.verdict.direct_if.contains(&Code::PublicAddressFromProvider));
    assert!(!diagnosis.verdict.direct_if.contains(&Code::UseEndpointIndependentMapping));
}

/// A call of this machine with itself through a relay: secured, or none of its handshake heard.
fn own_call(scene: &mut Scene, uri: &str, is_secured: bool) {
    let reached = |stage| Fact::Call(CallFact::CallReached { stage, after_ms: Millis(30.0) });
    scene.say(Question::OwnCall, Some(uri), reached(CallStage::Connected));
    let last = if is_secured { reached(CallStage::Dtls) } else { Fact::Call(CallFact::CallBroken(no_dtls())) };
    scene.say(Question::OwnCall, Some(uri), last);
}

fn no_dtls() -> CallBreak {
    CallBreak::DtlsSilent { sent: 5, largest_bytes: 1200, heard: 0, heard_there: Some(0), waited_ms: Millis(10_000.0) }
}

#[test]
fn without_a_control_of_its_size_lost_dtls_is_likely_and_names_its_rival() {
    const OTHER: &str = "turn:198.51.100.9?transport=udp";
    let mut scene = home();
    own_call(&mut scene, TURN, false);
    own_call(&mut scene, OTHER, false);
    let likely = scene.judged();
    let root = finding(&likely, Code::DtlsBlockedHere).expect("told");
    assert_eq!((root.strength, &root.rivals[..]), (Some(Strength::Likely), &[Code::SmallPathMtu][..]));

    let sized = |bytes, passed| {
        Fact::Stun(StunFact::Sized { local: addr("192.168.1.2:41000"), server: addr("192.0.2.1:3478"), bytes, passed })
    };
    for (bytes, passed) in [(576, true), (1000, true), (1280, false)] {
        scene.say(Question::PathMtu, None, sized(bytes, passed));
    }
    let narrow = scene.judged();
    assert_eq!(of_weight(&narrow), [Code::SmallPathMtu]);
    assert_eq!(folded(&narrow, Code::SmallPathMtu), [Code::DtlsBlockedHere]);
}

/// A call with another end that broke on the direct pair that had been chosen.
fn call_that_breaks(scene: &mut Scene, broken: CallBreak) {
    for stage in [CallStage::Gathered, CallStage::ChecksStarted, CallStage::Connected] {
        scene.say(Question::Call, None, Fact::Call(CallFact::CallReached { stage, after_ms: Millis(1.0) }));
    }
    let end = |address: &str| PairEnd {
        address: Host::Address(addr(address).ip()),
        port: addr(address).port(),
        kind: CandidateType::Srflx,
        protocol: Protocol::Udp,
        tcp_type: None,
        relay_protocol: None,
        server: None,
    };
    let (local, remote, role) = (end("203.0.113.7:40000"), end("198.51.100.77:50000"), Role::Controlling);
    scene.say(Question::Checks, None, Fact::Ice(IceFact::Nominated { local, remote, role, after_ms: Millis(80.0) }));
    scene.say(Question::Call, None, Fact::Call(CallFact::CallBroken(broken)));
}

#[test]
fn a_call_that_was_cut_has_no_path_unless_the_other_end_has_left() {
    let mut scene = home();
    call_that_breaks(&mut scene, CallBreak::Cut { after_ms: Millis(5000.0), silent_ms: Millis(3000.0), pair: None });
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
    assert_eq!(diagnosis.verdict.because, [Code::CallCut]);
    assert_eq!(diagnosis.exit_code(), 2);
    scene.say(Question::Signalling, None, Fact::Signalling(SignallingFact::PeerLeft));
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::PeerLeft), "its silence may be its own");
    assert_eq!(diagnosis.exit_code(), 2, "the call broke all the same");
}

#[test]
fn what_one_end_saw_of_a_call_that_failed_is_the_path_of_both() {
    let mut cut = home();
    call_that_breaks(&mut cut, CallBreak::Cut { after_ms: Millis(5000.0), silent_ms: Millis(3000.0), pair: None });
    let mut fine = home();
    fine.say(Question::Call, None, Fact::Call(CallFact::CallReached { stage: CallStage::Dtls, after_ms: Millis(9.0) }));
    fine.say(Question::Call, None, Fact::Call(CallFact::Called(Box::default())));
    let tool = || Tool { name: "rtc-doctor".to_owned(), version: "0".to_owned() };
    for (ours, theirs) in [(&cut, &fine), (&fine, &cut)] {
        let verdict = crate::diagnose::diagnose(&ours.record.clone().join(theirs.record.clone(), tool())).verdict;
        assert_eq!((verdict.path.value(), &verdict.because[..]), (Some(&Path::None), &[Code::CallCut][..]));
    }
}

#[test]
fn a_call_that_died_on_its_pair_has_no_path_and_a_relay_that_carries_is_to_be_forced() {
    let mut scene = home();
    call_that_breaks(&mut scene, no_dtls());
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::None));
    assert_eq!(diagnosis.verdict.because, [Code::CallDtlsBlocked]);
    assert_eq!(diagnosis.exit_code(), 2);
    assert!(finding(&diagnosis, Code::NoRelay).is_none(), "whether a relay is there is another question");
    assert!(finding(&diagnosis, Code::ForceRelay).is_none());
    own_call(&mut scene, OVER_TCP, true);
    assert!(finding(&scene.judged(), Code::ForceRelay).is_some());
}

#[test]
fn a_relay_that_carried_a_call_works_though_a_stranger_did_not_get_through() {
    let mut scene = office(&[HOME, TURN]);
    super::relays::allocated(&mut scene, TURN);
    super::relays::not_crossed(&mut scene, TURN, Leg::In);
    assert_eq!(scene.judged().verdict.path.why(), Some(Code::RelayInLost));
    own_call(&mut scene, TURN, true);
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
    assert!(finding(&diagnosis, Code::RelayWorks).is_none(), "a stranger was not heard");
    assert!(finding(&diagnosis, Code::RelayOnlyOverTcp).is_none());
}

#[test]
fn a_relay_that_is_known_to_be_broken_is_not_mended_by_a_call_between_two_of_its_own_addresses() {
    let mut scene = office(&[HOME, TURN]);
    super::relays::allocated(&mut scene, TURN);
    super::relays::crossed(&mut scene, TURN, Leg::In);
    super::relays::not_crossed(&mut scene, TURN, Leg::Out);
    super::relays::hears_another_relay(&mut scene);
    own_call(&mut scene, TURN, true);
    assert_eq!(scene.judged().verdict.path.value(), Some(&Path::None));
}

#[test]
fn shut_relay_ports_explain_a_call_that_fails_through_that_relay_and_through_no_other() {
    let mut scene = office(&[HOME, TURN, OVER_TCP]);
    super::relays::allocated(&mut scene, TURN);
    super::relays::not_crossed(&mut scene, TURN, Leg::In);
    super::relays::crossed(&mut scene, TURN, Leg::Out);
    super::relays::spoken(&mut scene, None, true);
    for relay in [TURN, OVER_TCP] {
        let reached = CallFact::CallReached { stage: CallStage::Gathered, after_ms: Millis(1.0) };
        scene.say(Question::OwnCall, Some(relay), Fact::Call(reached));
    }
    let diagnosis = scene.judged();
    assert_eq!(folded(&diagnosis, Code::RelayPortsClosed), [Code::OwnCallRelayFails]);
    assert!(of_weight(&diagnosis).contains(&Code::OwnCallRelayFails), "the other relay is not explained");
}

#[test]
fn a_cause_stands_before_what_it_explains_and_is_as_grave() {
    for scene in [only_tcp(), office(&[HOME])] {
        let diagnosis = scene.judged();
        for (place, finding) in diagnosis.findings.iter().enumerate() {
            let Some(cause) = finding.cause.map(|cause| usize::try_from(cause).expect("a place")) else { continue };
            let root = &diagnosis.findings[cause];
            assert!(cause < place && root.severity >= finding.severity && root.cause.is_none());
        }
    }
}
