//! Two runs beside each other: causes before what they bring about, and nothing where nothing is different.

use super::layers::{Layer, layer_of};
use super::*;
use crate::model::{Finding, Millis, ObservationId};
use crate::report::sample;
use std::cmp::Ordering;

fn samples() -> [Diagnosis; 4] {
    [sample::home_direct(), sample::company_relay(), sample::udp_blocked(), sample::nothing_known()]
}

fn told(differences: &Differences) -> Vec<(Part, Subject, Effect, Option<Code>)> {
    differences.differences.iter().map(|of| (of.part, of.subject, of.effect, of.code)).collect()
}

fn subjects(differences: &Differences, part: Part) -> Vec<Subject> {
    differences.differences.iter().filter(|of| of.part == part).map(|of| of.subject).collect()
}

#[test]
fn a_run_is_not_different_from_itself() {
    for diagnosis in samples() {
        let differences = diff(&diagnosis, &diagnosis);
        assert_eq!((differences.change, told(&differences)), (Change::Same, vec![]));
    }
}

#[test]
fn a_stricter_nat_explains_a_relayed_call() {
    let differences = diff(&sample::home_direct(), &sample::company_relay());
    assert_eq!((differences.change, differences.exit_code()), (Change::Worse, 1));
    let mapping = (Part::Cause, Subject::Mapping, Effect::Worse, Some(Code::NatAddressAndPortDependent));
    assert!(told(&differences).contains(&mapping), "{:?}", told(&differences));
    let consequences = subjects(&differences, Part::Consequence);
    assert_eq!(consequences.first(), Some(&Subject::Path), "{consequences:?}");
    let parts: Vec<Part> = differences.differences.iter().map(|of| of.part).collect();
    assert!(parts.is_sorted(), "causes first: {parts:?}");
}

#[test]
fn what_cannot_be_known_any_more_follows_from_what_blocks_it() {
    let differences = diff(&sample::home_direct(), &sample::udp_blocked());
    assert_eq!((differences.change, differences.exit_code()), (Change::Worse, 2));
    let first = &differences.differences[0];
    assert_eq!((first.code, first.part, first.effect), (Some(Code::UdpBlocked), Part::Cause, Effect::Worse));
    assert!(subjects(&differences, Part::Consequence).contains(&Subject::Mapping));
    assert!(!subjects(&differences, Part::Cause).contains(&Subject::Mapping));
}

#[test]
fn the_way_back_is_as_much_better() {
    let mirrored = |effect| match effect {
        Effect::Worse => Effect::Better,
        Effect::Better => Effect::Worse,
        Effect::Neither => Effect::Neither,
    };
    for good in samples() {
        for bad in samples() {
            let (there, back) = (diff(&good, &bad), diff(&bad, &good));
            // As text, since a value has no order.
            let sides = |of: &Difference, turned: bool| match turned {
                true => format!("{:?} {:?} {:?} {:?} {:?}", of.subject, of.about, mirrored(of.effect), of.bad, of.good),
                false => format!("{:?} {:?} {:?} {:?} {:?}", of.subject, of.about, of.effect, of.good, of.bad),
            };
            let sorted = |differences: &Differences, turned: bool| {
                let mut all: Vec<String> = differences.differences.iter().map(|of| sides(of, turned)).collect();
                all.sort();
                all
            };
            assert_eq!(sorted(&there, false), sorted(&back, true));
        }
    }
}

#[test]
fn a_test_that_was_left_out_is_no_difference() {
    let mut unasked = sample::home_direct();
    if let Some(nat) = &mut unasked.nat.ipv4 {
        nat.hairpinning = Judged::not_tested(Code::NotAskedFor);
        nat.path_mtu_bytes = Judged::not_tested(Code::OutOfTime);
    }
    assert_eq!(told(&diff(&sample::home_direct(), &unasked)), vec![]);
    assert_eq!(told(&diff(&unasked, &sample::home_direct())), vec![]);
}

fn with_finding(code: Code, severity: Severity) -> Diagnosis {
    let mut diagnosis = sample::home_direct();
    diagnosis.findings.extend(Finding::new(code, severity, Detail::default(), vec![ObservationId(0)]));
    diagnosis
}

#[test]
fn a_loss_that_leaves_calls_their_way_is_told_as_what_is_worse() {
    let differences = diff(&sample::home_direct(), &with_finding(Code::LossyPath, Severity::Warning));
    assert_eq!(told(&differences), [(Part::Cause, Subject::Finding, Effect::Worse, Some(Code::LossyPath))]);
    assert_eq!((differences.change, differences.exit_code()), (Change::Same, 0));
}

#[test]
fn a_relay_that_is_gone_is_worse_and_one_that_came_is_better() {
    let relayed = with_finding(Code::RelayWorks, Severity::Info);
    assert_eq!(diff(&relayed, &sample::home_direct()).differences[0].effect, Effect::Worse);
    assert_eq!(diff(&sample::home_direct(), &relayed).differences[0].effect, Effect::Better);
}

/// A home with these relays at one name, each of which works or does not.
fn with_relays(relays: &[(&str, bool)]) -> Diagnosis {
    let mut diagnosis = sample::home_direct();
    let like = diagnosis.servers[0].clone();
    for (uri, works) in relays {
        let about = Detail::default().server((*uri).to_owned()).name("turn.example.org".to_owned());
        let (code, severity) = match works {
            true => (Code::RelayWorks, Severity::Info),
            false => (Code::RelayInLost, Severity::Warning),
        };
        diagnosis.findings.extend(Finding::new(code, severity, about, vec![ObservationId(0)]));
        diagnosis.servers.push(Server { uri: (*uri).into(), ..like.clone() });
    }
    diagnosis
}

#[test]
fn a_relay_that_no_longer_works_is_worse_where_calls_go_directly_too() {
    let [udp, tls] = ["turn:turn.example.org", "turns:turn.example.org"];
    let (both, one) = (with_relays(&[(udp, true), (tls, true)]), with_relays(&[(udp, true), (tls, false)]));
    let worse = diff(&both, &one);
    assert_eq!((worse.change, worse.exit_code()), (Change::Worse, 1));
    let told: Vec<_> = worse.differences.iter().map(|of| (of.code, of.about.server.as_deref())).collect();
    assert!(
        told.contains(&(Some(Code::RelayInLost), Some(tls))) && told.contains(&(Some(Code::RelayWorks), Some(tls)))
    );
    assert!(!told.iter().any(|(_, server)| *server == Some(udp)), "{told:?}");
    let better = diff(&one, &both);
    assert_eq!((better.change, better.exit_code()), (Change::Better, 0));
    let unasked = diff(&both, &with_relays(&[(udp, true)]));
    assert_eq!(
        (unasked.change, unasked.exit_code()),
        (Change::Same, 0),
        "nothing is known of a relay that was not asked"
    );
}

#[test]
fn a_relay_that_fails_is_worse_where_the_way_of_calls_is_known_in_neither_run() {
    let unclear = |relays: &[(&str, bool)]| {
        let mut diagnosis = with_relays(relays);
        diagnosis.verdict.path = Judged::unclear(Code::OneServerOnly, vec![ObservationId(0)]);
        diagnosis
    };
    let tls = "turns:turn.example.org";
    assert_eq!(diff(&unclear(&[(tls, true)]), &unclear(&[(tls, false)])).exit_code(), 1);
    assert_eq!(diff(&unclear(&[(tls, true)]), &unclear(&[(tls, true)])).exit_code(), 3);
}

#[test]
fn what_is_folded_under_a_cause_is_a_consequence_where_the_cause_is_new() {
    let with_both = |of: &str| {
        let mut portal = with_finding(Code::CaptivePortal, Severity::Critical);
        let place = u32::try_from(portal.findings.len() - 1).expect("a place");
        let about = Detail::default().server(of.to_owned());
        let wrong = Finding::new(Code::TlsWrongName, Severity::Warning, about, vec![ObservationId(0)]);
        portal.findings.extend(wrong.map(|finding| Finding { cause: Some(place), ..finding }));
        portal
    };
    let parts = |good: &Diagnosis, bad: &Diagnosis| -> Vec<(Part, Option<Code>)> {
        diff(good, bad).differences.iter().map(|of| (of.part, of.code)).collect()
    };
    let expected = [(Part::Cause, Some(Code::CaptivePortal)), (Part::Consequence, Some(Code::TlsWrongName))];
    assert_eq!(parts(&sample::home_direct(), &with_both("turns:a")), expected);
    let both_have_the_cause = parts(&with_finding(Code::CaptivePortal, Severity::Critical), &with_both("turns:a"));
    assert_eq!(both_have_the_cause, [(Part::Other, Some(Code::TlsWrongName))]);
}

#[test]
fn a_relay_over_tcp_is_not_gone_because_udp_is_blocked() {
    let relayed = |transport| {
        let mut diagnosis = sample::home_direct();
        let about = Detail::default().transport(transport);
        diagnosis.findings.extend(Finding::new(Code::RelayWorks, Severity::Info, about, vec![ObservationId(0)]));
        diagnosis
    };
    let blocked = with_finding(Code::UdpBlocked, Severity::Warning);
    for (transport, part) in [(Transport::Udp, Part::Consequence), (Transport::Tcp, Part::Cause)] {
        let differences = diff(&relayed(transport), &blocked).differences;
        let relay = differences.iter().find(|of| of.code == Some(Code::RelayWorks)).map(|of| of.part);
        assert_eq!(relay, Some(part), "{transport:?}");
    }
}

#[test]
fn addresses_and_servers_of_a_redacted_run_are_not_held_against_others() {
    let mut moved = sample::home_direct();
    if let Some(nat) = &mut moved.nat.ipv4 {
        nat.public_addresses = vec![std::net::IpAddr::from([198, 51, 100, 200])];
    }
    assert_eq!(told(&diff(&sample::home_direct(), &moved)).len(), 1);
    moved.redacted = true;
    assert_eq!(told(&diff(&sample::home_direct(), &moved)), vec![]);
}

#[test]
fn one_round_trip_a_little_longer_is_no_difference() {
    let slowed = |by: f64| {
        let mut diagnosis = sample::home_direct();
        for stage in diagnosis.servers.iter_mut().flat_map(|server| &mut server.stages) {
            stage.ms = stage.ms.map(|ms| Millis(ms.0 + by));
        }
        diagnosis
    };
    assert_eq!(told(&diff(&sample::home_direct(), &slowed(20.0))), vec![]);
    let slower = diff(&sample::home_direct(), &slowed(100.0));
    assert!(slower.differences.iter().all(|of| (of.subject, of.effect) == (Subject::RoundTrip, Effect::Worse)));
    assert_eq!(slower.differences.len(), 2);
}

#[test]
fn a_code_lies_where_what_it_speaks_of_lies() {
    let filed = [
        (Code::CaptivePortal, Layer::Access),
        (Code::NoNat, Layer::Nat),
        (Code::MalformedAnswers, Layer::Servers),
        (Code::ConflictingAnswers, Layer::Servers),
        (Code::DisagreesWithOthers, Layer::Servers),
        (Code::NoCredentials, Layer::Relays),
        (Code::NoPairs, Layer::Calls),
        (Code::NoRelay, Layer::Calls),
        (Code::NotAskedFor, Layer::Run),
    ];
    for (code, layer) in filed {
        assert_eq!(layer_of(code), layer, "{code}");
    }
}

/// What is told first where a bad run has both findings.
fn told_first(warning: Code, critical: Code) -> Option<Code> {
    let mut bad = with_finding(critical, Severity::Critical);
    bad.findings.extend(Finding::new(warning, Severity::Warning, Detail::default(), vec![ObservationId(0)]));
    diff(&sample::home_direct(), &bad).differences.into_iter().find_map(|difference| difference.code)
}

#[test]
fn every_code_is_told_behind_its_causes_and_before_what_rests_on_it() {
    let told: Vec<Code> = Code::ALL.iter().copied().filter(|code| !is_told_elsewhere(*code)).collect();
    let of_each_layer: BTreeMap<Layer, Code> = told.iter().map(|code| (layer_of(*code), *code)).collect();
    for code in told {
        for (layer, other) in &of_each_layer {
            let first = match layer_of(code).cmp(layer) {
                Ordering::Less => code,
                Ordering::Equal => continue,
                Ordering::Greater => *other,
            };
            assert_eq!(told_first(code, *other), Some(first), "{code} and {other}");
            assert_eq!(told_first(*other, code), Some(first), "{other} and {code}");
        }
    }
}
