//! Credentials that run out while a call lasts: fresh servers come, or none do.

use super::calls::{broken, calling, traffic};
use super::*;
use crate::diagnose::diagnose;
use crate::machine::RenewedServers;
use crate::model::{CallFact, ConfigurationFact, Severity};
use crate::peer::CallConfig;

/// Where the fresh credentials are good, and those before are not.
const OTHER: &str = "203.0.113.20";
const OTHER_SECOND: &str = "203.0.113.21";

/// In the middle of the call: it runs from about 0.6 s for 20 s.
const RENEWED: Instant = Instant::after_start(Duration::from_secs(8));

const SOURCE: &str = "app.example";

fn calling_for_a_while(policy: Policy) -> Config {
    let call = CallConfig { duration: Duration::from_secs(20), video_bps: 60_000, ..CallConfig::AGEING };
    Config { call: Some(call), policy, ..calling() }
}

/// A call whose first end has candidates by this policy, and is told this in its middle.
fn told(policy: Policy, signalled: Signalled) -> Two {
    let mut world = World::new(5);
    serve(&mut world);
    let internet = world.internet();
    let host = world.host(internet, &[at(OTHER), at(OTHER_SECOND)]);
    let mut other = serving(OTHER, OTHER_SECOND);
    let access = Access::new("lab").and_then(|access| access.with_user("fresh", "password")).expect("an access");
    other.relaying = other.relaying.map(|relaying| Relaying { access, ..relaying });
    world.attach(host, Box::new(StunTurnServer::new(other, Rng::numbered(98))));
    let gateways = [home("198.51.100.1"), home("198.51.100.2")];
    let configs = [policy, Policy::All].map(calling_for_a_while);
    let mut two = Two::in_world(world, gateways, configs).introduced();
    two.world.run_until(RENEWED);
    two.world.give_input(two.ends[0].0, Input::Signalled(signalled));
    two.finish();
    two
}

fn fresh() -> Signalled {
    let server: crate::model::Target = format!("turn:{OTHER}:3478?transport=udp").parse().expect("a URI");
    let offered = OfferedServer { server, login: Some(("fresh".to_owned(), "password".to_owned())) };
    let former = plan().servers.into_iter().map(|planned| planned.target).collect();
    Signalled::Renewed(Box::new(RenewedServers {
        source: SOURCE.to_owned(),
        former,
        servers: vec![(offered, vec![SocketAddr::new(at(OTHER), 3478)])],
        life_s: Some(300),
        unix_now: 1_700_000_030,
    }))
}

/// Which servers the pairs go through that an end chose, one after the other, and how long nothing came after a change.
fn chosen(two: &Two, end: usize) -> (Vec<String>, Vec<f64>) {
    let (mut servers, mut pauses) = (Vec::new(), Vec::new());
    for fact in two.facts(end) {
        match fact {
            Fact::Ice(IceFact::Nominated { local, remote, .. }) => {
                let via =
                    [local, remote].into_iter().find_map(|end| end.server.filter(|_| end.kind == CandidateType::Relay));
                servers.push(via.map_or_else(String::new, |uri| uri.to_string()));
            }
            Fact::Call(CallFact::CallResumed { after_ms }) => pauses.push(after_ms.0),
            _ => {}
        }
    }
    (servers, pauses)
}

/// The findings about the renewal, and of which consequence each is.
fn found(two: &Two) -> Vec<(Code, Severity)> {
    let kept = two.ends[0].1.0.borrow();
    let findings = diagnose(kept.records().0).findings.into_iter();
    let renewal = [Code::SourceRenewed, Code::SourceNotRenewed];
    findings.filter(|found| renewal.contains(&found.code)).map(|found| (found.code, found.severity)).collect()
}

fn renewals(two: &Two) -> Vec<ConfigurationFact> {
    let renewal = |fact| if let Fact::Configuration(fact) = fact { Some(fact) } else { None };
    two.facts(0).into_iter().filter_map(renewal).collect()
}

/// Its ends miss no more than this of a thousand packets.
fn goes_on(two: &Two, lost: u64) {
    for end in 0..2 {
        let facts = two.facts(end);
        assert_eq!(broken(&facts), Vec::<&crate::model::CallBreak>::new());
        let audio = &traffic(&facts).audio;
        assert!(audio.lost <= lost && audio.longest_stall_ms.0 < 100.0, "{audio:?}");
    }
}

#[test]
fn a_relayed_call_moves_to_an_allocation_of_the_fresh_servers_and_only_what_is_under_way_is_lost() {
    let two = told(Policy::RelayOnly, fresh());
    // For 40 ms, of a packet each 20 ms.
    goes_on(&two, 3);
    let (servers, pauses) = chosen(&two, 0);
    let [first, second] = &servers[..] else { panic!("{servers:?}") };
    assert!(first.contains(SERVER) && !first.contains(OTHER), "{first}");
    assert!(second.contains(OTHER), "{second}");
    assert!(pauses.len() == 1 && pauses[0] < 1000.0, "{pauses:?}");
    let [ConfigurationFact::SourceRenewed { target, servers, life_s: Some(300), restarts: true }] = &renewals(&two)[..]
    else {
        panic!("{:?}", renewals(&two))
    };
    assert_eq!((target.as_str(), servers.len()), (SOURCE, 1));
    assert_eq!(found(&two), [(Code::SourceRenewed, Severity::Info)]);
}

#[test]
fn a_direct_call_only_has_the_fresh_servers_for_what_it_allocates_later() {
    let two = told(Policy::All, fresh());
    goes_on(&two, 0);
    assert_eq!(chosen(&two, 0), (vec![String::new()], Vec::new()));
    assert!(!two.facts(0).contains(&Fact::Ice(IceFact::Restarted)));
    assert!(matches!(&renewals(&two)[..], [ConfigurationFact::SourceRenewed { restarts: false, .. }]));
    assert_eq!(found(&two), [(Code::SourceRenewed, Severity::Info)]);
}

#[test]
fn where_no_fresh_servers_come_the_call_goes_on_with_those_it_has_and_that_is_told() {
    let fact = ConfigurationFact::SourceNotRenewed { target: SOURCE.to_owned(), why: Code::SourceRejectedSecret };
    let two = told(Policy::RelayOnly, Signalled::Observed(Box::new(Fact::Configuration(fact.clone()))));
    goes_on(&two, 0);
    assert_eq!((renewals(&two), chosen(&two, 0).0.len()), (vec![fact], 1));
    assert_eq!(found(&two), [(Code::SourceNotRenewed, Severity::Warning)]);
}
