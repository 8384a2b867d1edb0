//! One cause is told once and never beside what refutes it, and the commands do not contradict each other: over every
//! network that comes with the tool, every record and every sample.

use crate::meeting::compare;
use crate::networks::check;
use rtc_doctor::diagnose::{Bearing, known_causes, mirrored};
use rtc_doctor::lab::topology::PRESETS;
use rtc_doctor::model::{
    Behaviour, Call, CallOutcome, Code, Diagnosis, DnsFact, Fact, Family, Finding, Judged, Nat, Observation, Path,
    PeerClass, Record, Severity, Strength, StunFact, Transport, TurnFact,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Of every network, by its name.
fn networks() -> BTreeMap<&'static str, Diagnosis> {
    PRESETS.iter().map(|(name, _)| (*name, check(name, 1))).collect()
}

/// The kept records, judged, and the samples as they are.
fn saved() -> BTreeMap<String, Diagnosis> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut all = BTreeMap::new();
    for folder in ["fixtures/records", "reports/samples"] {
        for entry in fs::read_dir(root.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("is read");
            let mut document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            let diagnosis = match document.get_mut("record").map(serde_json::Value::take) {
                Some(record) => {
                    let record: Record = serde_json::from_value(record).expect("a record");
                    rtc_doctor::diagnose::diagnose(&record)
                }
                None => serde_json::from_value(document).expect("a diagnosis"),
            };
            all.insert(path.file_name().expect("a name").to_string_lossy().into_owned(), diagnosis);
        }
    }
    all
}

fn everything() -> Vec<(String, Diagnosis)> {
    let networks = networks().into_iter().map(|(name, diagnosis)| (name.to_owned(), diagnosis));
    networks.chain(saved()).collect()
}

fn is_of(finding: &Finding, server: std::net::SocketAddr) -> bool {
    let family = if server.is_ipv4() { "IPv4" } else { "IPv6" };
    finding.about.get("family").is_none_or(|about| about == family)
}

/// Whether an observation is a success within what the finding claims.
fn refutes(finding: &Finding, observation: &Observation) -> bool {
    match (finding.code, &observation.fact) {
        (
            Code::UdpBlocked | Code::StunFiltered,
            Fact::Stun(StunFact::Mapped { transport: Transport::Udp, server, .. }),
        ) => is_of(finding, *server) && observation.end.is_ours(),
        (
            Code::Ipv6Broken,
            Fact::Stun(StunFact::Mapped { server, .. }) | Fact::Turn(TurnFact::Challenged { server, .. }),
        ) => server.is_ipv6() && observation.end.is_ours(),
        (
            Code::CaptivePortal,
            Fact::Stun(StunFact::Mapped { .. })
            | Fact::Turn(TurnFact::Challenged { .. })
            | Fact::Turn(TurnFact::Allocated { .. }),
        ) => true,
        (Code::NamesAllDenied | Code::NoNameServer, Fact::Dns(DnsFact::Resolved { .. })) => observation.end.is_ours(),
        (Code::PoolMemberDead, Fact::Stun(StunFact::Mapped { server, .. })) => finding
            .about
            .get("address")
            .is_some_and(|dead| dead.split(", ").any(|dead| dead == server.ip().to_string())),
        _ => false,
    }
}

/// Whether a call of this machine with itself is a success within what the finding claims.
fn is_refuted_by(finding: &Finding, own: &Call) -> bool {
    let relay = own.relay.as_ref().map(|uri| uri.target().expect("a URI"));
    let is_over_udp = relay.is_some_and(|relay| relay.transport == Transport::Udp);
    match finding.code {
        Code::UdpThrottled => is_over_udp && own.outcome == CallOutcome::Good,
        Code::DtlsBlockedHere => is_over_udp && own.timing_ms.dtls.is_some(),
        Code::LineFillsUp => relay.is_some() && own.outcome == CallOutcome::Good,
        _ => false,
    }
}

#[test]
fn no_cause_is_claimed_beside_a_success_that_refutes_it() {
    for (name, diagnosis) in everything() {
        for finding in diagnosis.findings.iter().filter(|finding| finding.strength.is_some()) {
            let against = diagnosis.observations.iter().find(|observation| refutes(finding, observation));
            assert!(against.is_none(), "{name}: {} beside {against:?}", finding.code);
            let call = diagnosis.own_calls.iter().find(|own| is_refuted_by(finding, own));
            assert!(call.is_none(), "{name}: {} beside {call:?}", finding.code);
        }
    }
}

#[test]
fn what_is_proven_is_explained_by_nothing_that_is_only_likely() {
    for (name, diagnosis) in everything() {
        for finding in diagnosis.findings.iter().filter(|finding| finding.strength == Some(Strength::Proven)) {
            let place = finding.cause.map(|place| usize::try_from(place).expect("a place"));
            let root = place.and_then(|place| diagnosis.findings.get(place));
            let strength = root.and_then(|root| root.strength);
            assert_ne!(strength, Some(Strength::Likely), "{name}: {:?} under {root:?}", finding.code);
        }
    }
}

/// What a network is there to show, told by its own code.
#[test]
fn networks_made_for_one_cause_show_it() {
    let networks = networks();
    for (name, cause, path) in [
        ("proxy-only", Code::NetworkForbids, Code::NetworkForbids),
        ("rebinding", Code::MappingMoved, Code::BothEndpointIndependent),
        ("hotel", Code::TcpPortsLimited, Code::ServerUdpSilent),
        ("rate-limited", Code::UdpPacketsLimited, Code::UdpPacketsLimited),
        ("captive-portal", Code::CaptivePortal, Code::CaptivePortal),
    ] {
        let diagnosis = networks.get(name).expect(name);
        assert!(diagnosis.roots().any(|root| root.code == cause), "{name}: {:?}", diagnosis.findings);
        assert_eq!(diagnosis.verdict.because.first(), Some(&path), "{name}");
    }
}

#[test]
fn nothing_is_told_twice() {
    for (name, diagnosis) in everything() {
        for (place, finding) in diagnosis.findings.iter().enumerate() {
            if let Some(cause) = finding.cause {
                let root = &diagnosis.findings[usize::try_from(cause).expect("a place")];
                assert!(
                    root.cause.is_none() && root.strength.is_some(),
                    "{name}: {} under {}",
                    finding.code,
                    root.code
                );
                assert!(root.severity >= finding.severity, "{name}: {} is graver than {}", finding.code, root.code);
                continue;
            }
            let again = diagnosis.findings[place + 1..].iter().find(|other| {
                let is_same = (other.code, &other.about, &other.words.detail)
                    == (finding.code, &finding.about, &finding.words.detail);
                is_same && other.cause.is_none() && finding.severity > Severity::Info
            });
            assert!(again.is_none(), "{name}: {again:?}");
        }
    }
}

#[test]
fn the_verdict_is_what_is_forecast_for_a_typical_home() {
    for (name, diagnosis) in networks() {
        let home = diagnosis.verdict.forecast.iter().find(|forecast| forecast.peer == PeerClass::EimApdf);
        assert_eq!(home.map(|home| &home.path), Some(&diagnosis.verdict.path), "{name}");
    }
}

#[test]
fn no_harder_peer_is_forecast_to_fare_better() {
    let rank = |path: &Judged<Path>| path.value().map(|path| std::cmp::Reverse(*path));
    for (name, diagnosis) in everything() {
        let forecast = &diagnosis.verdict.forecast;
        let ranks: Vec<_> = forecast.iter().filter_map(|forecast| rank(&forecast.path)).collect();
        assert!(ranks.is_sorted_by(|easier, harder| easier >= harder), "{name}: {forecast:?}");
    }
}

/// The class of peers that a network is one of, where all that matters of it is known.
fn class(diagnosis: &Diagnosis) -> Option<PeerClass> {
    use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
    let has = |code| diagnosis.findings.iter().any(|finding| finding.code == code);
    if has(Code::UdpBlocked) || has(Code::StunFiltered) {
        return Some(PeerClass::UdpBlocked);
    }
    // Calls of theirs die with peers of any class.
    if has(Code::DtlsFiltered) || has(Code::UdpPacketsLimited) {
        return None;
    }
    let nat: &Nat = diagnosis.nat.ipv4.as_ref()?;
    match (nat.mapping.value()?, nat.filtering.value()?) {
        (EndpointIndependent, EndpointIndependent) => Some(PeerClass::EimEif),
        (EndpointIndependent, AddressDependent) => Some(PeerClass::EimAdf),
        (EndpointIndependent, AddressAndPortDependent) => Some(PeerClass::EimApdf),
        (AddressAndPortDependent, AddressAndPortDependent) if !has(Code::AddressPool) => Some(PeerClass::ApdmApdf),
        _ => None,
    }
}

fn record(diagnosis: &Diagnosis) -> Record {
    let mut record = Record::new(diagnosis.targets.clone());
    record.observations.clone_from(&diagnosis.observations);
    record
}

#[test]
fn what_is_forecast_for_a_class_of_peers_is_what_compare_says_of_one_of_them() {
    let networks = networks();
    let only_ipv4 = |diagnosis: &Diagnosis| diagnosis.nat.get(Family::Ipv6).is_none();
    for (ours, a) in networks.iter().filter(|(_, a)| only_ipv4(a)) {
        for (theirs, b) in networks.iter().filter(|(name, b)| *name != ours && only_ipv4(b)) {
            let public = |of: &Diagnosis| of.nat.ipv4.as_ref().map(|nat| nat.public_addresses.clone());
            let Some(class) = class(b).filter(|_| public(a) != public(b)) else { continue };
            let forecast = a.verdict.forecast.iter().find(|forecast| forecast.peer == class).expect("each class");
            let compared = compare(&record(a), &record(b)).verdict.path;
            let (Some(forecast), Some(compared)) = (forecast.path.value(), compared.value()) else { continue };
            let is_direct = |path: &Path| *path == Path::Direct;
            assert_eq!(is_direct(forecast), is_direct(compared), "{ours} with {theirs}: {forecast:?}, {compared:?}");
        }
    }
}

/// The causes that the verdict of one end rests on, and that decide how its calls go.
fn deciding(diagnosis: &Diagnosis) -> Vec<(Code, Bearing)> {
    let decides = known_causes().filter(|cause| cause.bearing != Bearing::AsMeasured);
    let held = decides.filter(|cause| diagnosis.verdict.because.contains(&cause.code));
    held.map(|cause| (cause.code, cause.bearing)).collect()
}

#[test]
fn what_is_the_cause_at_one_end_is_the_cause_for_two_and_as_sure() {
    let networks = networks();
    for (ours, a) in &networks {
        for (theirs, b) in &networks {
            let compared = compare(&record(a), &record(b));
            let verdict = &compared.verdict;
            let is_decisive = |bearing| match verdict.path.why() {
                Some(Code::EndsUnclear) => true,
                Some(Code::Nat64InUse | Code::SameNetwork) => false,
                _ => bearing == Bearing::NoUdp && verdict.path.value() != Some(&Path::Direct),
            };
            let here = deciding(a);
            let there = deciding(b).into_iter().map(|(code, bearing)| (mirrored(code), bearing));
            for (code, bearing) in here.into_iter().chain(there).filter(|(_, bearing)| is_decisive(*bearing)) {
                assert!(verdict.because.contains(&code), "{ours} with {theirs}: {code} ({bearing:?}), {verdict:#?}");
            }
            let sure = |of: &Diagnosis| -> BTreeMap<Code, (Option<Strength>, Vec<Code>)> {
                let causes = of.findings.iter().filter(|finding| finding.strength.is_some());
                causes.map(|finding| (finding.code, (finding.strength, finding.rivals.clone()))).collect()
            };
            assert_eq!(sure(a), sure(&compared), "{ours} with {theirs}");
        }
    }
}
