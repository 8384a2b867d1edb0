//! Names, streams, TLS and odd answers: what stopped a server, at which stage, in which words.

use super::causes::unreachable;
use super::scene::*;
use crate::diagnose::claims;
use crate::model::*;
use crate::model::{DnsFact, Leniency, Millis, RunFact, StreamFact, StunFact};

const NAMED: &str = "stun:stun.example.org";
const TLS: &str = "stuns:stun.example.org:443";

fn only(diagnosis: &Diagnosis) -> &Server {
    assert_eq!(diagnosis.servers.len(), 1);
    &diagnosis.servers[0]
}

fn stages(server: &Server) -> Vec<(Step, StageOutcome)> {
    server.stages.iter().map(|stage| (stage.name, stage.outcome)).collect()
}

fn resolved(scene: &mut Scene, uri: &str, record: DnsKind, addresses: &[&str]) {
    let records = addresses.iter().map(|address| DnsRecord::Address(address.parse().expect(address))).collect();
    let fact =
        Fact::Dns(DnsFact::Resolved { name: "stun.example.org".to_owned(), record, records, took_ms: Millis(12.5) });
    scene.say(Question::Resolve, Some(uri), fact);
}

fn unresolved(scene: &mut Scene, record: DnsKind, failure: DnsFailure) {
    let fact =
        Fact::Dns(DnsFact::Unresolved { name: "stun.example.org".to_owned(), record, failure, took_ms: Millis(12.5) });
    scene.say(Question::Resolve, Some(NAMED), fact);
}

#[test]
fn each_failure_of_a_name_has_its_own_code() {
    for (failure, code) in [
        (DnsFailure::NoSuchName, Code::NameDoesNotExist),
        (DnsFailure::NoData, Code::NameHasNoAddress),
        (DnsFailure::ServerFailure, Code::NameServerFailed),
        (DnsFailure::Refused, Code::NameServerRefused),
        (DnsFailure::TimedOut, Code::NameServerSilent),
        (DnsFailure::NoNameServer, Code::NoNameServer),
        (DnsFailure::Other { message: FailureMessage::said(&"odd") }, Code::NameServerFailed),
    ] {
        let mut scene = Scene::at_home(&[NAMED]);
        unresolved(&mut scene, DnsKind::A, failure);
        unresolved(&mut scene, DnsKind::Aaaa, DnsFailure::NoData);
        unresolved(&mut scene, DnsKind::Srv, DnsFailure::NoSuchName);
        let diagnosis = scene.judged();
        let server = only(&diagnosis);
        assert_eq!((server.address, server.error.as_ref().map(|error| error.code)), (None, Some(code)));
        assert_eq!(stages(server), [(Step::Resolve, StageOutcome::Failed), (Step::Binding, StageOutcome::NotTested)]);
        // It answered what else it was asked.
        let told = if code == Code::NameServerSilent { Code::NameServerHalfSilent } else { code };
        assert_eq!(finding(&diagnosis, told).and_then(|f| f.about.get("name")).as_deref(), Some("stun.example.org"));
    }
}

#[test]
fn a_name_with_one_kind_of_address_has_not_failed() {
    let mut scene = Scene::at_home(&[NAMED]);
    resolved(&mut scene, NAMED, DnsKind::A, &["192.0.2.1"]);
    unresolved(&mut scene, DnsKind::Aaaa, DnsFailure::NoData);
    scene.mapped(Question::Binding, NAMED, "192.168.1.2:40000", "192.0.2.1:3478", "203.0.113.7:9");
    let diagnosis = scene.judged();
    let server = only(&diagnosis);
    assert_eq!(server.error, None);
    assert_eq!(
        server.stages.iter().map(|stage| stage.ms).collect::<Vec<_>>(),
        [Some(Millis(12.5)), Some(Millis(20.0))]
    );
}

#[test]
fn a_name_with_only_ipv6_is_told_on_a_machine_without() {
    let mut scene = Scene::at_home(&[NAMED]);
    resolved(&mut scene, NAMED, DnsKind::Aaaa, &["2001:db8::1"]);
    unresolved(&mut scene, DnsKind::A, DnsFailure::NoData);
    assert!(finding(&scene.judged(), Code::NameOnlyIpv6).is_some());
}

#[test]
fn a_name_that_leads_nowhere_is_warned_of_and_a_private_one_told() {
    for (address, code, severity) in [
        ("0.0.0.0", Code::NameSinkholed, Severity::Warning),
        ("127.0.0.1", Code::NameIsPrivate, Severity::Warning),
        ("198.18.0.7", Code::NameIsPrivate, Severity::Warning),
        ("10.0.0.5", Code::NameIsPrivate, Severity::Info),
    ] {
        let mut scene = Scene::at_home(&[NAMED]);
        resolved(&mut scene, NAMED, DnsKind::A, &[address]);
        let diagnosis = scene.judged();
        assert_eq!(finding(&diagnosis, code).map(|f| f.severity), Some(severity), "{address}");
    }
}

#[test]
fn each_failure_of_a_connection_has_its_own_code() {
    let tcp = "stun:192.0.2.1?transport=tcp";
    for (failure, code) in [
        (Failure::Refused, Code::ServerRefusedConnection),
        (Failure::Reset, Code::ServerClosed),
        (Failure::TimedOut, Code::ServerConnectionTimedOut),
        (Failure::NoRoute, Code::ServerUnreachable),
        (Failure::HostUnreachable, Code::ServerUnreachable),
        (Failure::Icmp { icmp: Icmp::Prohibited, by: None }, Code::ServerUnreachable),
        (Failure::Forbidden, Code::LocalFirewall),
        (Failure::TooBig { mtu_bytes: Some(1280) }, Code::ServerUnreachable),
        (Failure::OutOfSockets, Code::NoSocket),
        (Failure::Other { message: FailureMessage::said(&"odd") }, Code::ServerUnreachable),
    ] {
        let mut scene = home();
        scene.record.targets.push(tcp.parse().expect(tcp));
        let remote = addr("192.0.2.1:3478");
        let fact = Fact::Stream(StreamFact::NotConnected {
            transport: Transport::Tcp,
            remote,
            failure,
            tls: None,
            took_ms: Millis(3.0),
        });
        scene.say(Question::Binding, Some(tcp), fact);
        let diagnosis = scene.judged();
        let server = diagnosis.servers.iter().find(|server| server.uri.as_str() == tcp).expect("listed");
        assert_eq!(stages(server), [(Step::Connect, StageOutcome::Failed), (Step::Binding, StageOutcome::NotTested)]);
        assert_eq!(server.error.as_ref().map(|error| error.code), Some(code));
        assert_eq!(finding(&diagnosis, code).map(|f| f.severity), Some(Severity::Warning));
    }
}

fn tls(problem: Option<TlsProblem>) -> Tls {
    let leaf = Certificate {
        subject: text("CN=stun.example.org"),
        issuer: text("CN=Example CA"),
        names: vec![text("stun.example.org")],
        not_before: "2024-01-01T00:00:00Z".to_owned(),
        not_after: "2025-01-01T00:00:00Z".to_owned(),
        fingerprint_sha256: "00".to_owned(),
        logged: None,
    };
    Tls {
        server_name: "stun.example.org".to_owned(),
        version: Some("TLS 1.3".to_owned()),
        certificates: vec![leaf],
        problem,
        connect_ms: None,
        handshake_ms: None,
    }
}

#[test]
fn each_failure_of_tls_has_its_own_code_and_shows_the_certificate() {
    let message = text("odd");
    for (problem, code) in [
        (TlsProblem::Expired, Code::TlsExpired),
        (TlsProblem::NotYetValid, Code::TlsNotYetValid),
        (TlsProblem::WrongName, Code::TlsWrongName),
        (TlsProblem::SelfSigned, Code::TlsSelfSigned),
        (TlsProblem::UnknownIssuer, Code::TlsUnknownIssuer),
        (TlsProblem::Revoked, Code::TlsRevoked),
        (TlsProblem::BadCertificate { message: message.clone() }, Code::TlsFailed),
        (TlsProblem::NotTls { first_bytes: message.clone() }, Code::TlsNotSpoken),
        (TlsProblem::NothingInCommon { message: message.clone() }, Code::TlsNothingInCommon),
        (TlsProblem::Alert { message: message.clone() }, Code::TlsFailed),
        (TlsProblem::TimedOut, Code::TlsTimedOut),
        (TlsProblem::Closed, Code::TlsFailed),
        (TlsProblem::Other { message: FailureMessage::Other(message) }, Code::TlsFailed),
    ] {
        let mut scene = Scene::at_home(&[TLS]);
        resolved(&mut scene, TLS, DnsKind::A, &["192.0.2.1"]);
        let fact = Fact::Stream(StreamFact::NotConnected {
            transport: Transport::Tls,
            remote: addr("192.0.2.1:443"),
            failure: Failure::Tls { problem: problem.clone() },
            tls: Some(tls(Some(problem))),
            took_ms: Millis(30.0),
        });
        scene.say(Question::Binding, Some(TLS), fact);
        let diagnosis = scene.judged();
        assert_eq!(only(&diagnosis).error.as_ref().map(|error| error.code), Some(code));
        let by_stage = stages(only(&diagnosis));
        assert_eq!(by_stage[1..3], [(Step::Connect, StageOutcome::Passed), (Step::Tls, StageOutcome::Failed)]);
        let until = if code == Code::TlsNotYetValid { "2024-01-01T00:00:00Z" } else { "2025-01-01T00:00:00Z" };
        assert_eq!(finding(&diagnosis, code).and_then(|f| f.about.get("until")).as_deref(), Some(until));
    }
}

#[test]
fn a_certificate_that_was_taken_unverified_is_warned_of() {
    let mut scene = Scene::at_home(&[TLS]);
    let remote = addr("192.0.2.1:443");
    scene.say(
        Question::Binding,
        Some(TLS),
        Fact::Stream(StreamFact::Connected { remote, local: addr("192.168.1.2:5"), took_ms: Millis(9.0) }),
    );
    let secured =
        Fact::Stream(StreamFact::Secured { remote, tls: tls(Some(TlsProblem::Expired)), took_ms: Millis(30.0) });
    let id = scene.say(Question::Binding, Some(TLS), secured);
    let diagnosis = scene.judged();
    assert_eq!(finding(&diagnosis, Code::TlsUnverified).map(|f| f.evidence.clone()), Some(vec![id]));
}

#[test]
fn a_stream_that_speaks_something_else_or_ends_early_is_told() {
    let tcp = "stun:192.0.2.1?transport=tcp";
    let mut scene = Scene::at_home(&[tcp]);
    let (remote, local) = (addr("192.0.2.1:3478"), addr("192.168.1.2:5"));
    scene.say(
        Question::Binding,
        Some(tcp),
        Fact::Stream(StreamFact::Connected { remote, local, took_ms: Millis(9.0) }),
    );
    let ended = Fact::Stream(StreamFact::Ended { transport: Transport::Tcp, remote, buffered_bytes: 7 });
    let mut closed = Scene::at_home(&[tcp]);
    closed.say(Question::Binding, Some(tcp), ended);
    assert!(finding(&closed.judged(), Code::ServerClosed).is_some());

    let anomaly = Anomaly::Malformed { problem: Malformed::NotStun { first_bytes: "SSH-2.0-OpenSSH".to_owned() } };
    let odd = Fact::Stun(StunFact::Anomalous { transport: Transport::Tcp, local, server: remote, anomaly });
    scene.say(Question::Binding, Some(tcp), odd);
    let diagnosis = scene.judged();
    assert_eq!(
        finding(&diagnosis, Code::NotStun).and_then(|f| f.about.get("reason")).as_deref(),
        Some("SSH-2.0-OpenSSH")
    );
    assert_eq!(
        stages(only(&diagnosis)),
        [(Step::Connect, StageOutcome::Passed), (Step::Binding, StageOutcome::Failed)]
    );
}

#[test]
fn an_odd_answer_says_more_than_the_silence_after_it_and_less_than_a_proper_answer() {
    let (local, server) = (addr("192.168.1.2:40000"), addr("192.0.2.1:3478"));
    let odd = |anomaly| Fact::Stun(StunFact::Anomalous { transport: Transport::Udp, local, server, anomaly });
    for (anomaly, code) in [
        (Anomaly::Malformed { problem: Malformed::Short { bytes: 2 } }, Code::MalformedAnswers),
        (Anomaly::UnknownRequired { attributes: vec![0x7001] }, Code::MalformedAnswers),
        (Anomaly::WrongSource { from: addr("192.0.2.9:1") }, Code::AnswersFromElsewhere),
        (Anomaly::IntegrityFailed, Code::IntegrityFailed),
    ] {
        let mut scene = Scene::at_home(&[HOME]);
        scene.say(Question::Binding, Some(HOME), odd(anomaly.clone()));
        scene.silent(HOME, "192.0.2.1:3478");
        assert_eq!(only(&scene.judged()).error.as_ref().map(|error| error.code), Some(code));

        let mut scene = home();
        scene.say(Question::Binding, Some(HOME), odd(anomaly));
        let diagnosis = scene.judged();
        assert_eq!(only(&diagnosis).error, None);
        assert!(finding(&diagnosis, code).is_some());
    }
    let mut scene = home();
    for anomaly in
        [Anomaly::Rfc3489, Anomaly::Conflicting, Anomaly::Stale, Anomaly::Lenient { problem: Leniency::Padding }]
    {
        scene.say(Question::Binding, Some(HOME), odd(anomaly));
    }
    assert_eq!(codes(&scene.judged(), Severity::Warning), [Code::ConflictingAnswers]);
}

#[test]
fn a_control_connection_is_no_stage_of_a_udp_server() {
    let mut scene = home();
    scene.control(HOME, "192.0.2.1:3478", Some(Failure::Refused));
    let diagnosis = scene.judged();
    assert_eq!(stages(only(&diagnosis)), [(Step::Binding, StageOutcome::Passed)]);
    assert_eq!(only(&diagnosis).error, None);
}

#[test]
fn a_refused_binding_carries_the_servers_code() {
    let mut scene = Scene::at_home(&[HOME]);
    let fact = Fact::Stun(StunFact::Refused {
        method: Method::Binding,
        asked: Asked::Plain,
        transport: Transport::Udp,
        local: addr("192.168.1.2:40000"),
        server: addr("192.0.2.1:3478"),
        code: 500,
        reason: text("Server Error"),
        alternate: None,
    });
    scene.say(Question::Binding, Some(HOME), fact);
    let diagnosis = scene.judged();
    let error = only(&diagnosis).error.clone().expect("failed");
    assert_eq!((error.code, error.stun_code), (Code::BindingRefused, Some(500)));
    assert!(finding(&diagnosis, Code::UdpUnclear).is_none(), "an error is an answer");
}

#[test]
fn a_target_that_was_left_out_is_listed_with_the_reason() {
    let dtls = "turns:turn.example.org?transport=udp";
    let mut scene = Scene::at_home(&[dtls]);
    scene.say(Question::Relay, Some(dtls), Fact::Run(RunFact::Skipped { why: Code::DtlsNotSupported }));
    let diagnosis = scene.judged();
    assert_eq!(only(&diagnosis).error.as_ref().map(|error| error.code), Some(Code::DtlsNotSupported));
    assert_eq!(finding(&diagnosis, Code::DtlsNotSupported).map(|f| f.severity), Some(Severity::Info));
}

#[test]
fn two_uris_that_name_one_server_both_tell_how_it_fared() {
    let literal = "stun:192.0.2.1";
    let mut scene = Scene::at_home(&[NAMED, literal]);
    for uri in [NAMED, literal] {
        scene.say(Question::Resolve, Some(uri), Fact::Dns(DnsFact::Located { server: addr("192.0.2.1:3478") }));
    }
    scene.mapped(Question::Binding, NAMED, "192.168.1.2:40000", "192.0.2.1:3478", "203.0.113.7:9");
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.servers.len(), 2);
    for server in &diagnosis.servers {
        assert_eq!(server.stages.last().map(|stage| stage.outcome), Some(StageOutcome::Passed), "{}", server.uri);
    }
}

#[test]
fn tls_that_came_about_passed_its_connection_too() {
    let mut scene = Scene::at_home(&[TLS]);
    let secured =
        Fact::Stream(StreamFact::Secured { remote: addr("192.0.2.1:443"), tls: tls(None), took_ms: Millis(30.0) });
    scene.say(Question::Binding, Some(TLS), secured);
    let by_stage = scene.judged().servers[0].stages.clone();
    let passed: Vec<Step> =
        by_stage.iter().filter(|s| s.outcome == StageOutcome::Passed).map(|stage| stage.name).collect();
    assert_eq!(passed, [Step::Connect, Step::Tls]);
}

#[test]
fn the_connection_and_the_handshake_have_a_time_each_where_the_world_told_them_apart() {
    let times = |tls: Tls| {
        let mut scene = Scene::at_home(&[TLS]);
        let secured = StreamFact::Secured { remote: addr("192.0.2.1:443"), tls, took_ms: Millis(120.0) };
        scene.say(Question::Binding, Some(TLS), Fact::Stream(secured));
        let ms = |step| scene.judged().servers[0].stages.iter().find(|stage| stage.name == step).and_then(|s| s.ms);
        (ms(Step::Connect), ms(Step::Tls))
    };
    let told_apart = Tls { connect_ms: Some(Millis(1.0)), handshake_ms: Some(Millis(2.0)), ..tls(None) };
    assert_eq!(
        times(told_apart),
        (Some(Millis(1.0)), Some(Millis(2.0))),
        "what came before the connection is in neither"
    );
    assert_eq!(times(tls(None)), (None, Some(Millis(120.0))));
}

#[test]
fn an_address_of_a_family_this_machine_lacks_is_listed_with_the_reason() {
    let six = "stun:[2001:db8::1]";
    let mut scene = Scene::at_home(&[six]);
    scene.say(Question::Resolve, Some(six), Fact::Dns(DnsFact::Located { server: addr("[2001:db8::1]:3478") }));
    scene.say(Question::Binding, Some(six), Fact::Run(RunFact::Skipped { why: Code::NoAddressOfFamily }));
    let diagnosis = scene.judged();
    assert_eq!(only(&diagnosis).error.as_ref().map(|error| error.code), Some(Code::NoAddressOfFamily));
    assert!(codes(&diagnosis, Severity::Warning).is_empty());
}

#[test]
fn a_name_server_that_fails_for_many_names_is_one_finding() {
    let uris = ["stun:a.example:3478", "stun:b.example:3478"];
    let mut scene = Scene::at_home(&uris);
    for uri in uris {
        let (name, failure) = (uri[5..14].to_owned(), DnsFailure::TimedOut);
        let fact = Fact::Dns(DnsFact::Unresolved { name, record: DnsKind::A, failure, took_ms: Millis(6000.0) });
        scene.say(Question::Resolve, Some(uri), fact);
    }
    let diagnosis = scene.judged();
    let silent: Vec<&Finding> = diagnosis.findings.iter().filter(|f| f.code == Code::NameServerSilent).collect();
    assert_eq!(silent.len(), 1, "{:?}", diagnosis.findings);
    assert_eq!((silent[0].about.name.as_deref(), silent[0].evidence.len()), (Some("a.example, b.example"), 2));
}

#[test]
fn an_answer_that_came_late_is_told_as_late_and_not_as_silence() {
    let mut scene = Scene::at_home(&[HOME]);
    let late = StunFact::Late {
        method: Method::Binding,
        transport: Transport::Udp,
        local: addr("192.168.1.2:40000"),
        server: addr("192.0.2.1:3478"),
        sent: 16,
        after_ms: Millis(1400.0),
    };
    scene.say(Question::Binding, Some(HOME), Fact::Stun(late));
    scene.mapped(Question::Binding, HOME, "192.168.1.2:40000", "192.0.2.1:3478", "203.0.113.7:40000");
    let diagnosis = scene.judged();
    assert_eq!(finding(&diagnosis, Code::ServerAnswersLate).map(|found| found.severity), Some(Severity::Warning));
    assert!(finding(&diagnosis, Code::ServerSilent).is_none());
    assert_eq!(only(&diagnosis).error, None);
}

#[test]
fn a_name_that_leads_into_another_network_where_nothing_answers_is_told_once() {
    let uris = ["stun:call.example:3478", "turn:call.example:3478"];
    for (address, is_inside) in [("10.9.8.7", true), ("192.168.1.7", false), ("198.51.100.9", false)] {
        let mut scene = Scene::at_home(&uris);
        let server = format!("{address}:3478");
        for uri in uris {
            scene.resolved(uri, "call.example", address);
            scene.silent(uri, &server);
        }
        let diagnosis = scene.judged();
        let told = |code| diagnosis.findings.iter().filter(|finding| finding.code == code).count();
        assert_eq!(told(Code::NameLeadsInside), usize::from(is_inside), "{address}");
        assert_eq!(told(Code::ServerSilent) == 0, is_inside, "{address}");
        assert!(!is_inside || told(Code::NameIsPrivate) == 0, "{address}: said once");
    }
}

#[test]
fn a_server_that_answers_turn_and_no_stun_is_not_told_as_dead() {
    let mut scene = Scene::at_home(&[HOME, SECOND, TURN]);
    scene.mapped(Question::Binding, SECOND, "192.168.1.2:40000", "198.51.100.9:3478", "203.0.113.7:40000");
    scene.silent(HOME, "192.0.2.1:3478");
    super::relays::challenged(&mut scene, TURN);
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::ServerSilent).is_none(), "{:?}", diagnosis.findings);
    let told = finding(&diagnosis, Code::StunNotOffered).expect("told");
    assert_eq!(told.severity, Severity::Warning);
    assert!(claims::of(told.code).iter().all(|claim| claims::is_held(*claim, told, &diagnosis.observations)));
}

#[test]
fn a_server_that_answers_some_requests_and_not_others_is_not_told_as_dead() {
    let mut scene = home();
    scene.record.targets.push(TURN.parse().expect(TURN));
    scene.silent(TURN, "192.0.2.1:3478");
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::RelayNotOffered).is_some(), "the same port answered Binding: {diagnosis:?}");
    let mut scene = home();
    scene.record.targets.push(TURN.parse().expect(TURN));
    super::relays::challenged(&mut scene, TURN);
    super::relays::silent(&mut scene, Method::Allocate);
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::ServerSilent).is_none(), "{:?}", diagnosis.findings);
    let told = finding(&diagnosis, Code::ServerHalfSilent).expect("told");
    assert!(claims::of(told.code).iter().all(|claim| claims::is_held(*claim, told, &diagnosis.observations)));
}

#[test]
fn a_port_of_this_machine_on_which_nobody_listens_is_no_firewall() {
    let uri = "stun:192.168.1.2";
    let itself = Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(addr("192.168.1.2:0").ip()) };
    let mut scene = Scene::at_home(&[uri]);
    scene.say(Question::Binding, Some(uri), unreachable("192.168.1.2:3478", itself));
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::LocalFirewall).is_none(), "{:?}", diagnosis.findings);
    let error = diagnosis.servers.first().and_then(|server| server.error.as_ref()).map(|error| error.code);
    assert_eq!(error, Some(Code::ServerRefusedConnection));
}
