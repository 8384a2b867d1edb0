//! What names lead to, and who says so.

use super::scene::*;
use crate::diagnose::claims;
use crate::model::*;

const TURN_NAMED: &str = "turn:call.example:3478";
const TCP_NAMED: &str = "turn:call.example:3478?transport=tcp";
const STUN_NAMED: &str = "stun:call.example:3478";

/// A home behind a router, whose other server is well.
fn home_with(uris: &[&str]) -> Scene {
    let mut scene = home();
    let interface = scene.record.observations.iter_mut().find_map(|seen| match &mut seen.fact {
        Fact::Host(HostFact::Interface(interface)) => Some(interface),
        _ => None,
    });
    interface.expect("an interface").gateways.push("192.168.1.1".parse().expect("an address"));
    scene.record.targets.extend(uris.iter().map(|uri| uri.parse::<Target>().expect(uri)));
    scene
}

fn refused(scene: &mut Scene, uri: &str, server: &str) {
    let question = if uri.starts_with("turn") { Question::Relay } else { Question::Binding };
    let failure = StreamFact::NotConnected {
        transport: Transport::Tcp,
        remote: addr(server),
        failure: Failure::Refused,
        tls: None,
        took_ms: Millis(1.0),
    };
    scene.say(question, Some(uri), Fact::Stream(failure));
}

/// One name with three URIs that leads there, where nothing is.
fn led_to(address: &str) -> Diagnosis {
    let mut scene = home_with(&[TURN_NAMED, TCP_NAMED, STUN_NAMED]);
    let server = format!("{address}:3478");
    for uri in [TURN_NAMED, TCP_NAMED, STUN_NAMED] {
        scene.resolved(uri, "call.example", address);
    }
    scene.silent(TURN_NAMED, &server);
    refused(&mut scene, TCP_NAMED, &server);
    scene.silent(STUN_NAMED, &server);
    scene.judged()
}

fn told(diagnosis: &Diagnosis) -> Vec<Code> {
    let of_names = |finding: &&Finding| {
        let is_of_names = matches!(finding.code.group(), Group::Names | Group::Servers | Group::Reach);
        is_of_names && finding.severity > Severity::Info
    };
    diagnosis.findings.iter().filter(of_names).map(|finding| finding.code).collect()
}

#[test]
fn a_name_that_leads_where_no_server_can_be_is_told_once_with_what_is_there() {
    for (address, place) in [
        ("127.0.0.1", NamePlace::ThisMachine),
        ("127.0.1.1", NamePlace::ThisMachine),
        ("192.168.1.2", NamePlace::ThisMachine),
        ("192.168.1.1", NamePlace::Router),
        ("169.254.1.2", NamePlace::Link),
    ] {
        let diagnosis = led_to(address);
        assert_eq!(told(&diagnosis), [Code::NameSinkholed], "{address}: {:?}", diagnosis.findings);
        let finding = finding(&diagnosis, Code::NameSinkholed).expect("told");
        assert_eq!(finding.about.leads, Some(place), "{address}");
        assert_eq!(finding.about.address.as_ref().map(Endpoint::to_string).as_deref(), Some(address));
        assert_eq!(finding.about.name.as_deref(), Some("call.example"));
    }
}

#[test]
fn a_name_that_leads_to_another_machine_leaves_what_failed_there_standing() {
    for address in ["192.168.1.7", "192.0.2.9", "8.8.4.4"] {
        let diagnosis = led_to(address);
        assert!(finding(&diagnosis, Code::NameSinkholed).is_none(), "{address}: {:?}", diagnosis.findings);
        assert!(finding(&diagnosis, Code::ServerRefusedConnection).is_some(), "{address}");
    }
}

#[test]
fn a_server_on_this_machine_that_answers_is_no_filter() {
    let mut scene = home_with(&[STUN_NAMED]);
    scene.resolved(STUN_NAMED, "call.example", "127.0.0.1");
    scene.mapped(Question::Binding, STUN_NAMED, "127.0.0.1:40000", "127.0.0.1:3478", "127.0.0.1:40000");
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::NameSinkholed).is_none(), "{:?}", diagnosis.findings);
}

#[test]
fn of_localhost_nothing_is_said_about_names() {
    for host in ["localhost", "turn.localhost"] {
        let uri = format!("turn:{host}?transport=tcp");
        let mut scene = home_with(&[&uri]);
        scene.resolved(&uri, host, "127.0.0.1");
        refused(&mut scene, &uri, "127.0.0.1:3478");
        let diagnosis = scene.judged();
        assert_eq!(told(&diagnosis), [Code::ServerRefusedConnection], "{:?}", diagnosis.findings);
    }
}

#[test]
fn where_every_name_leads_to_this_machine_nothing_else_is_accused() {
    let mut scene = Scene::at_home(&[STUN_NAMED, TURN_NAMED]);
    for uri in [STUN_NAMED, TURN_NAMED] {
        scene.resolved(uri, "call.example", "127.0.0.1");
        scene.silent(uri, "127.0.0.1:3478");
    }
    let diagnosis = scene.judged();
    let standing: Vec<Code> =
        diagnosis.findings.iter().filter(|finding| finding.cause.is_none()).map(|finding| finding.code).collect();
    assert_eq!(standing.first(), Some(&Code::NameSinkholed), "{:?}", diagnosis.findings);
    assert!(!standing.contains(&Code::UdpBlocked), "{standing:?}");
    for finding in &diagnosis.findings {
        let is_held = |claim: &claims::SeenClaim| claims::is_held(*claim, finding, &diagnosis.observations);
        assert!(claims::of(finding.code).iter().all(is_held), "{finding:?}");
    }
}

fn answered(scene: &mut Scene, uri: &str, name: &str, failure: DnsFailure) {
    let (name, took_ms) = (name.to_owned(), Millis(9.0));
    let fact = DnsFact::Unresolved { name, record: DnsKind::A, failure, took_ms };
    scene.say(Question::Resolve, Some(uri), Fact::Dns(fact));
}

#[test]
fn a_name_server_that_answers_some_questions_is_not_told_as_silent() {
    for well in [true, false] {
        let mut scene = home_with(&[TURN_NAMED, "stun:other.example:3478"]);
        answered(&mut scene, TURN_NAMED, "call.example", DnsFailure::TimedOut);
        if well {
            scene.resolved("stun:other.example:3478", "other.example", "192.0.2.1");
        } else {
            answered(&mut scene, "stun:other.example:3478", "other.example", DnsFailure::TimedOut);
        }
        let diagnosis = scene.judged();
        let (told, untold) = match well {
            true => (Code::NameServerHalfSilent, Code::NameServerSilent),
            false => (Code::NameServerSilent, Code::NameServerHalfSilent),
        };
        assert!(finding(&diagnosis, untold).is_none(), "{:?}", diagnosis.findings);
        let told = finding(&diagnosis, told).expect("told");
        assert_eq!((told.about.received, told.about.sent), if well { (Some(1), Some(2)) } else { (None, None) });
    }
}

#[test]
fn what_the_system_says_of_a_name_server_that_was_not_heard_is_no_error_of_the_server() {
    let mut scene = home_with(&[TURN_NAMED]);
    let message = FailureMessage::said(&"Connection refused");
    answered(&mut scene, TURN_NAMED, "call.example", DnsFailure::NotHeard { message });
    let diagnosis = scene.judged();
    assert!(finding(&diagnosis, Code::NameServerFailed).is_none(), "{:?}", diagnosis.findings);
    let told = finding(&diagnosis, Code::NameServerSilent).expect("told");
    assert_eq!(told.about.get("reason").as_deref(), Some("Connection refused"));
}

#[test]
fn of_a_certificate_without_names_it_is_said_that_it_has_none() {
    let uri = "turns:call.example:5349";
    for names in [Vec::new(), vec![text("other.example")]] {
        let mut scene = home_with(&[uri]);
        scene.resolved(uri, "call.example", "192.0.2.1");
        let leaf = Certificate {
            subject: text("CN=call.example"),
            issuer: text("CN=an authority"),
            names: names.clone(),
            not_before: "2026-01-01".to_owned(),
            not_after: "2027-01-01".to_owned(),
            fingerprint_sha256: String::new(),
            logged: None,
        };
        let problem = TlsProblem::WrongName;
        let tls = Tls {
            server_name: "call.example".to_owned(),
            version: None,
            certificates: vec![leaf],
            problem: Some(problem.clone()),
            connect_ms: None,
            handshake_ms: None,
        };
        let failure = StreamFact::NotConnected {
            transport: Transport::Tls,
            remote: addr("192.0.2.1:5349"),
            failure: Failure::Tls { problem },
            tls: Some(tls),
            took_ms: Millis(9.0),
        };
        scene.say(Question::Relay, Some(uri), Fact::Stream(failure));
        let diagnosis = scene.judged();
        let told = finding(&diagnosis, Code::TlsWrongName).expect("told");
        let none = Some(Count::Of(0)).filter(|_| names.is_empty());
        assert_eq!((told.about.count, told.about.names.is_some()), (none, !names.is_empty()));
    }
}

#[test]
fn an_address_that_stands_in_documents_is_a_placeholder_but_in_a_laboratory() {
    const REAL: &str = "stun:9.9.9.1";
    for (mapped, is_placeholder) in [("8.8.4.4:9", true), ("203.0.113.7:9", false)] {
        let mut scene = Scene::at_home(&[REAL, STUN_NAMED]);
        scene.mapped(Question::Binding, REAL, "192.168.1.2:40000", "9.9.9.1:3478", mapped);
        scene.resolved(STUN_NAMED, "call.example", "192.0.2.1");
        scene.silent(STUN_NAMED, "192.0.2.1:3478");
        let diagnosis = scene.judged();
        let told = finding(&diagnosis, Code::NameSinkholed);
        let place = told.map(|finding| finding.about.leads);
        assert_eq!(place, is_placeholder.then_some(Some(NamePlace::Examples)), "{:?}", diagnosis.findings);
    }
}
