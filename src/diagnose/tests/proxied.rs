//! A proxy beside a network that lets nothing out: what is said of either.

use super::causes::{of_weight, unreachable};
use super::relays::working_relay;
use super::scene::*;
use crate::model::*;

const OVER_TLS: &str = "turns:192.0.2.1:443";
const OVER_TCP: &str = "turn:192.0.2.1?transport=tcp";
const PROXY: &str = "192.168.1.80:3128";

fn through(scene: &mut Scene, uri: &str, reached: Option<ProxyReach>, failure: Option<Failure>) {
    let transport = uri.parse::<Target>().expect(uri).transport;
    let proxy = Some(addr(PROXY));
    let fact = StreamFact::Proxied { transport, proxy, reached, failure, took_ms: Millis(50.0) };
    scene.say(Question::Proxy, Some(uri), Fact::Stream(fact));
}

/// A network in which a router forbids all that does not go through the proxy.
fn shut() -> Scene {
    let router = Failure::Icmp { icmp: Icmp::Prohibited, by: Some(addr("192.168.1.1:0").ip()) };
    let mut scene = Scene::at_home(&[HOME, SECOND, OVER_TLS, OVER_TCP]);
    for (uri, server) in [(HOME, "192.0.2.1:3478"), (OVER_TLS, "192.0.2.1:443"), (OVER_TCP, "192.0.2.1:3478")] {
        let located = Fact::Dns(DnsFact::Located { server: addr(server) });
        scene.say(Question::Resolve, Some(uri), located);
    }
    scene.say(Question::Binding, Some(HOME), unreachable("192.0.2.1:3478", router.clone()));
    scene.say(Question::Binding, Some(SECOND), unreachable("198.51.100.9:3478", router.clone()));
    scene.control(OVER_TLS, "192.0.2.1:443", Some(router));
    scene
}

fn problem(problem: ProxyProblem) -> Option<Failure> {
    Some(Failure::Proxy { problem })
}

#[test]
fn a_relay_behind_the_proxy_carries_the_call_and_the_proxy_is_the_cause() {
    for reached in [ProxyReach::Allocated, ProxyReach::Relayed] {
        let mut scene = shut();
        through(&mut scene, OVER_TCP, None, problem(ProxyProblem::Refused { code: 403 }));
        through(&mut scene, OVER_TLS, Some(reached), None);
        let diagnosis = scene.judged();
        assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
        assert_eq!(diagnosis.verdict.because.first(), Some(&Code::ProxyNeeded));
        assert_eq!(of_weight(&diagnosis), [Code::ProxyNeeded]);
        assert!(finding(&diagnosis, Code::NetworkForbids).is_none());
        let refused = finding(&diagnosis, Code::ProxyFails).expect("told");
        assert_eq!((refused.severity, refused.about.server.as_deref()), (Severity::Info, Some(OVER_TCP)));
    }
}

#[test]
fn a_server_that_only_answers_behind_the_proxy_is_no_relay_yet() {
    let mut scene = shut();
    through(&mut scene, OVER_TLS, Some(ProxyReach::Answered), None);
    let diagnosis = scene.judged();
    assert_ne!(diagnosis.verdict.path.value(), Some(&Path::Relay));
    assert_eq!(of_weight(&diagnosis), [Code::ProxyNeeded]);
}

#[test]
fn what_is_behind_a_proxy_that_asks_for_a_login_is_not_known() {
    let mut scene = shut();
    through(&mut scene, OVER_TLS, None, problem(ProxyProblem::AsksLogin));
    let diagnosis = scene.judged();
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::ProxyAsksLogin));
    assert_eq!(of_weight(&diagnosis), [Code::ProxyAsksLogin]);
}

#[test]
fn a_proxy_that_is_not_there_is_told_once_beside_the_network_that_forbids() {
    let mut scene = shut();
    through(&mut scene, OVER_TLS, None, Some(Failure::Refused));
    through(&mut scene, OVER_TCP, None, Some(Failure::Refused));
    let diagnosis = scene.judged();
    let told = |code| diagnosis.findings.iter().filter(|finding| finding.code == code).count();
    assert_eq!((told(Code::ProxyUnreachable), told(Code::ProxyFails), told(Code::NetworkForbids)), (1, 0, 1));
    assert_eq!(diagnosis.verdict.path.why(), Some(Code::NetworkForbids));
}

#[test]
fn a_server_that_is_reached_without_the_proxy_refutes_that_only_the_proxy_leads_out() {
    let mut scene = shut();
    through(&mut scene, OVER_TLS, Some(ProxyReach::Relayed), None);
    working_relay(&mut scene, OVER_TCP);
    assert!(finding(&scene.judged(), Code::ProxyNeeded).is_none());
}

#[test]
fn one_host_alone_may_be_the_one_that_refuses_what_comes_from_here() {
    let mut scene = Scene::at_home(&[OVER_TLS]);
    scene.say(Question::Resolve, Some(OVER_TLS), Fact::Dns(DnsFact::Located { server: addr("192.0.2.1:443") }));
    scene.control(OVER_TLS, "192.0.2.1:443", Some(Failure::TimedOut));
    through(&mut scene, OVER_TLS, Some(ProxyReach::Relayed), None);
    let diagnosis = scene.judged();
    let needed = finding(&diagnosis, Code::ProxyNeeded).expect("told");
    assert_eq!((needed.strength, &needed.rivals[..]), (Some(Strength::Likely), &[Code::ServerUnreachable][..]));
}

#[test]
fn a_name_that_the_proxy_alone_knows_is_no_fault_of_its_own() {
    const NAMED: &str = "turns:turn.example:443";
    let mut scene = Scene::at_home(&[NAMED]);
    for record in [DnsKind::A, DnsKind::Aaaa] {
        let (name, failure) = ("turn.example".to_owned(), DnsFailure::NoSuchName);
        let fact = DnsFact::Unresolved { name, record, failure, took_ms: Millis(9.0) };
        scene.say(Question::Resolve, Some(NAMED), Fact::Dns(fact));
    }
    through(&mut scene, NAMED, Some(ProxyReach::Relayed), None);
    let diagnosis = scene.judged();
    let needed = finding(&diagnosis, Code::ProxyNeeded).expect("told");
    assert_eq!(needed.strength, Some(Strength::Proven));
    assert_eq!(of_weight(&diagnosis), [Code::ProxyNeeded]);
}
