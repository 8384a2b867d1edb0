//! What is different between two judged runs, and which differences explain the others?
//!
//! A finding, a behaviour or a verdict of the one is held against that of the other. Of what is different, a *cause* is
//! known in both runs and points the way that the verdict went; a *consequence* is the verdict, or what the second run
//! could not know for a reason that it names; the rest is told last. Causes stand in the order in which things rest on
//! each other ([`layers`]): a NAT cannot be asked where no UDP passes, and no relay where its name leads nowhere.
//!
//! That a test was left out, or its time was up, is no difference between networks and is not told.

mod layers;
#[cfg(test)]
mod tests;

use crate::model::{
    Behaviour, Change, Code, Compared, DIFF_SCHEMA, Detail, Diagnosis, Difference, Differences, Effect, Family,
    Finding, Judged, Millis, Nat, Part, Path, PeerClass, Server, ServerUri, Severity, StageOutcome, Step, Subject,
    Transport, Words,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The words are left empty: the catalogue fills them in the reader's language.
pub fn diff(good: &Diagnosis, bad: &Diagnosis) -> Differences {
    let mut differences = findings(good, bad);
    let change = change(good, bad, &differences);
    for family in [Family::Ipv4, Family::Ipv6] {
        match (good.nat.get(family), bad.nat.get(family)) {
            (Some(good), Some(bad)) => differences.extend(nat(family, good, bad)),
            (None, None) => {}
            (ours, _) => differences.push(presence(family, ours.is_some())),
        }
    }
    let comparable = !good.redacted && !bad.redacted;
    if comparable {
        differences.extend(public_addresses(good, bad));
        differences.extend(round_trips(&good.servers, &bad.servers));
    }
    differences.extend(calls(good, bad));
    for difference in &mut differences {
        difference.part = part(difference, change);
    }
    layers::subordinate(&mut differences, good, bad);
    differences.sort_by_key(layers::order);
    let compared =
        |of: &Diagnosis| Compared { path: of.verdict.path.clone(), interrupted: of.interrupted, redacted: of.redacted };
    Differences {
        schema: DIFF_SCHEMA.to_owned(),
        tool: bad.tool.clone(),
        redacted: false,
        change,
        good: compared(good),
        bad: compared(bad),
        differences,
    }
}

/// Which of the two is worse: by the way that calls go, else by whom that holds for and by what carries calls that cannot go
/// directly.
fn change(good: &Diagnosis, bad: &Diagnosis, findings: &[Difference]) -> Change {
    match (good.verdict.path.value(), bad.verdict.path.value()) {
        (Some(first), Some(second)) if first < second => return Change::Worse,
        (Some(first), Some(second)) if first > second => return Change::Better,
        (Some(_), Some(_)) | (None, None) => {}
        (Some(_), None) | (None, Some(_)) => return Change::Unclear,
    }
    let relays = findings.iter().filter(|finding| is_about_relays(finding, good, bad)).map(|finding| finding.effect);
    let effects: Vec<Effect> = forecasts(good, bad).map(|difference| difference.effect).chain(relays).collect();
    match (effects.contains(&Effect::Worse), effects.contains(&Effect::Better)) {
        (true, false) => Change::Worse,
        (false, true) => Change::Better,
        _ => Change::Same,
    }
}

/// Whether it is about a relay that both runs asked for: one that was not asked is neither gone nor new.
fn is_about_relays(finding: &Difference, good: &Diagnosis, bad: &Diagnosis) -> bool {
    let is_asked =
        |of: &Diagnosis, uri: &str| of.redacted || of.servers.iter().any(|server| server.uri.as_str() == uri);
    let is_of_both = finding.about.server.as_deref().is_none_or(|uri| is_asked(good, uri) && is_asked(bad, uri));
    finding.code.is_some_and(|code| layers::layer_of(code) == layers::Layer::Relays) && is_of_both
}

fn part(difference: &Difference, change: Change) -> Part {
    let unknown = difference.bad.as_ref().is_some_and(|bad| bad.why().is_some());
    match (difference.subject, difference.effect, change) {
        (Subject::Path | Subject::Forecast, ..) => Part::Consequence,
        _ if unknown => Part::Consequence,
        (_, Effect::Neither, _) | (_, Effect::Better, Change::Worse) | (_, Effect::Worse, Change::Better) => {
            Part::Other
        }
        // Where calls go otherwise, what bears only on how well they go does not explain it.
        _ if change != Change::Same && !layers::decides_the_way(difference) => Part::Other,
        _ => Part::Cause,
    }
}

/// Findings whose matter is judged in a field of its own, or that are about the run.
fn is_told_elsewhere(code: Code) -> bool {
    matches!(
        code,
        Code::NoNat
            | Code::NatEndpointIndependent
            | Code::NatAddressDependent
            | Code::NatAddressAndPortDependent
            | Code::FilteringEndpointIndependent
            | Code::FilteringAddressDependent
            | Code::FilteringAddressAndPortDependent
            | Code::Hairpins
            | Code::DoesNotHairpin
            | Code::ShortMappingLifetime
            | Code::SmallPathMtu
            | Code::Ipv6Absent
            | Code::OutOfTime
            | Code::Interrupted
            | Code::InputLimited
            | Code::MachineBusy
    )
}

/// Those that only one of the two has.
fn findings(good: &Diagnosis, bad: &Diagnosis) -> Vec<Difference> {
    let comparable = !good.redacted && !bad.redacted;
    let key = |finding: &Finding| {
        let of = &finding.about;
        let (name, server) = (of.name.clone(), of.server.clone());
        // Two URIs of one name are two servers, and one name to the DNS.
        let is_of_names = layers::layer_of(finding.code) == layers::Layer::Names;
        let whose = if is_of_names { name.or(server) } else { server.or(name) };
        (finding.code, whose.filter(|_| comparable), of.family, of.transport)
    };
    let mut met: BTreeMap<_, [Option<&Finding>; 2]> = BTreeMap::new();
    for (side, diagnosis) in [good, bad].into_iter().enumerate() {
        for finding in diagnosis.findings.iter().filter(|finding| !is_told_elsewhere(finding.code)) {
            met.entry(key(finding)).or_default()[side].get_or_insert(finding);
        }
    }
    let only_in_one = met.into_values().filter_map(|of| match of {
        [Some(finding), None] => Some(found(finding, false)),
        [None, Some(finding)] => Some(found(finding, true)),
        _ => None,
    });
    only_in_one.collect()
}

fn found(finding: &Finding, in_bad: bool) -> Difference {
    let present = Some(Judged::known(told(&finding.severity), finding.evidence.clone()));
    let (good, bad) = if in_bad { (None, present) } else { (present, None) };
    let effect = match (layers::bearing(finding.code, finding.severity), in_bad) {
        (Effect::Neither, _) => Effect::Neither,
        (Effect::Worse, true) | (Effect::Better, false) => Effect::Worse,
        (Effect::Worse, false) | (Effect::Better, true) => Effect::Better,
    };
    Difference { code: Some(finding.code), about: finding.about.clone(), ..new(Subject::Finding, effect, good, bad) }
}

fn presence(family: Family, in_good: bool) -> Difference {
    let judged = |present: bool| Some(Judged::known(Value::Bool(present), Vec::new()));
    let effect = if in_good { Effect::Worse } else { Effect::Better };
    let code = (in_good && family == Family::Ipv6).then_some(Code::Ipv6Absent);
    let difference = new(Subject::Family, effect, judged(in_good), judged(!in_good));
    Difference { code, about: Detail::default().family(family), ..difference }
}

fn nat(family: Family, good: &Nat, bad: &Nat) -> impl Iterator<Item = Difference> {
    /// Both are lower bounds, found in steps: only more than their coarseness is a difference.
    const LIFETIME_FACTOR: u64 = 2;
    let is_yes = |yes: &bool| u8::from(*yes);
    let is_no = |yes: &bool| u8::from(!*yes);
    let no_nat = |translated: &bool| if *translated { None } else { Some(Code::NoNat) };
    let hairpins = |does: &bool| Some(if *does { Code::Hairpins } else { Code::DoesNotHairpin });
    let steps = |ms: &u64| ms.max(&1).ilog(LIFETIME_FACTOR);
    [
        judged(Subject::Translated, &good.translated, &bad.translated, is_yes, no_nat),
        judged(Subject::Mapping, &good.mapping, &bad.mapping, |behaviour| *behaviour, code_of_mapping),
        judged(Subject::Filtering, &good.filtering, &bad.filtering, |behaviour| *behaviour, code_of_filtering),
        judged(Subject::Hairpinning, &good.hairpinning, &bad.hairpinning, is_no, hairpins),
        judged(Subject::PortPreservation, &good.port_preservation, &bad.port_preservation, |_| (), |_| None)
            .filter(|_| good.port_preservation.value() != bad.port_preservation.value()),
        judged(
            Subject::MappingLifetime,
            &good.mapping_lifetime_ms,
            &bad.mapping_lifetime_ms,
            |ms| std::cmp::Reverse(steps(ms)),
            |_| None,
        )
        .filter(|_| good.mapping_lifetime_ms.value().map(steps) != bad.mapping_lifetime_ms.value().map(steps)),
        judged(
            Subject::PathMtu,
            &good.path_mtu_bytes,
            &bad.path_mtu_bytes,
            |bytes| std::cmp::Reverse(*bytes),
            |_| None,
        ),
    ]
    .into_iter()
    .flatten()
    .map(move |difference| Difference { about: Detail::default().family(family), ..difference })
}

/// None where both say the same, or where one of them did not look.
fn judged<T: Serialize + PartialEq, R: Ord>(
    subject: Subject,
    good: &Judged<T>,
    bad: &Judged<T>,
    badness: impl Fn(&T) -> R,
    code: impl Fn(&T) -> Option<Code>,
) -> Option<Difference> {
    let did_not_look = |judged: &Judged<T>| {
        matches!(judged.why(), Some(Code::NotAskedFor | Code::OutOfTime | Code::Interrupted | Code::NoCredentials))
    };
    let effect = match (good.value(), bad.value()) {
        (None, None) => return None,
        (Some(first), Some(second)) if first == second => return None,
        (Some(first), Some(second)) => effect(&badness(first), &badness(second)),
        _ if did_not_look(good) || did_not_look(bad) => return None,
        _ => Effect::Neither,
    };
    let code = bad.value().and_then(code).or(bad.why());
    Some(Difference { code, ..new(subject, effect, Some(as_told(good)), Some(as_told(bad))) })
}

fn effect<R: Ord>(first: &R, second: &R) -> Effect {
    match first.cmp(second) {
        std::cmp::Ordering::Less => Effect::Worse,
        std::cmp::Ordering::Equal => Effect::Neither,
        std::cmp::Ordering::Greater => Effect::Better,
    }
}

fn code_of_mapping(behaviour: &Behaviour) -> Option<Code> {
    Some(match behaviour {
        Behaviour::EndpointIndependent => Code::NatEndpointIndependent,
        Behaviour::AddressDependent => Code::NatAddressDependent,
        Behaviour::AddressAndPortDependent => Code::NatAddressAndPortDependent,
    })
}

fn code_of_filtering(behaviour: &Behaviour) -> Option<Code> {
    Some(match behaviour {
        Behaviour::EndpointIndependent => Code::FilteringEndpointIndependent,
        Behaviour::AddressDependent => Code::FilteringAddressDependent,
        Behaviour::AddressAndPortDependent => Code::FilteringAddressAndPortDependent,
    })
}

fn public_addresses<'a>(good: &'a Diagnosis, bad: &'a Diagnosis) -> impl Iterator<Item = Difference> + 'a {
    [Family::Ipv4, Family::Ipv6].into_iter().filter_map(|family| {
        let (first, second) = (good.nat.get(family)?, bad.nat.get(family)?);
        let sorted = |nat: &Nat| {
            let mut addresses = nat.public_addresses.clone();
            addresses.sort_unstable();
            addresses
        };
        let (first, second) = (sorted(first), sorted(second));
        (!first.is_empty() && !second.is_empty() && first != second).then(|| {
            let side = |addresses| Some(Judged::known(told(addresses), Vec::new()));
            let difference = new(Subject::PublicAddresses, Effect::Neither, side(&first), side(&second));
            Difference { about: Detail::default().family(family), ..difference }
        })
    })
}

/// To the servers that answered both; of a name with several addresses, to the nearest.
fn round_trips(good: &[Server], bad: &[Server]) -> Vec<Difference> {
    /// One round trip is a single sample: what a queue or a Wi-Fi retry adds is no difference between networks.
    const MS: f64 = 30.0;
    const FACTOR: f64 = 1.5;
    fn nearest(servers: &[Server]) -> BTreeMap<(&ServerUri, Transport), Millis> {
        let mut nearest = BTreeMap::new();
        for server in servers {
            let Some(ms) = answered(server) else { continue };
            let least = nearest.entry((&server.uri, server.transport)).or_insert(ms);
            *least = ms.min(*least);
        }
        nearest
    }
    let of_bad = nearest(bad);
    let differ = nearest(good).into_iter().filter_map(|(server, first)| {
        let second = *of_bad.get(&server)?;
        let (less, more) = if first < second { (first, second) } else { (second, first) };
        (more.0 - less.0 >= MS && more.0 >= less.0 * FACTOR).then(|| {
            let effect = if second > first { Effect::Worse } else { Effect::Better };
            let side = |time: Millis| Some(Judged::known(Value::from(time.0), Vec::new()));
            let difference = new(Subject::RoundTrip, effect, side(first), side(second));
            Difference { about: Detail::default().server(server.0.to_string()), ..difference }
        })
    });
    differ.collect()
}

/// How long the first answer took.
fn answered(server: &Server) -> Option<Millis> {
    let stages = server.stages.iter().filter(|stage| stage.outcome == StageOutcome::Passed);
    stages.filter(|stage| matches!(stage.name, Step::Binding | Step::Challenge)).find_map(|stage| stage.ms)
}

fn calls<'a>(good: &'a Diagnosis, bad: &'a Diagnosis) -> impl Iterator<Item = Difference> + 'a {
    let verdict = path(Subject::Path, &good.verdict.path, &bad.verdict.path);
    verdict.into_iter().chain(forecasts(good, bad))
}

fn forecasts<'a>(good: &'a Diagnosis, bad: &'a Diagnosis) -> impl Iterator<Item = Difference> + 'a {
    good.verdict.forecast.iter().filter_map(|forecast| {
        let other = bad.verdict.forecast.iter().find(|other| other.peer == forecast.peer)?;
        // The verdict says it of the typical peer, unless it is about a peer that is known.
        let said_already = forecast.path == good.verdict.path && other.path == bad.verdict.path;
        if forecast.peer == PeerClass::EimApdf && said_already {
            return None;
        }
        let difference = path(Subject::Forecast, &forecast.path, &other.path)?;
        Some(Difference { about: Detail::default().class(forecast.peer), ..difference })
    })
}

fn path(subject: Subject, good: &Judged<Path>, bad: &Judged<Path>) -> Option<Difference> {
    judged(subject, good, bad, |path| *path, |_| None)
}

fn new(subject: Subject, effect: Effect, good: Option<Judged<Value>>, bad: Option<Judged<Value>>) -> Difference {
    Difference {
        subject,
        part: Part::Other,
        effect,
        about: Detail::default(),
        code: None,
        good,
        bad,
        words: Words::default(),
    }
}

fn as_told<T: Serialize>(judged: &Judged<T>) -> Judged<Value> {
    match judged {
        Judged::Known { value, evidence } => Judged::known(told(value), evidence.clone()),
        Judged::NotTested { why } => Judged::not_tested(*why),
        Judged::Unclear { why, evidence } => Judged::unclear(*why, evidence.clone()),
    }
}

/// As it stands in JSON.
fn told(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

impl Differences {
    /// As a monitoring system asks: 0 not worse, 1 worse, 2 worse and no path left, 3 could not tell.
    pub fn exit_code(&self) -> u8 {
        match (self.change, self.bad.path.value()) {
            (Change::Worse, Some(Path::None)) => 2,
            (Change::Worse, _) => 1,
            (Change::Unclear, _) => 3,
            (Change::Same, None) => 3,
            (Change::Same | Change::Better, _) => 0,
        }
    }
}

/// Worse first among what stands on one layer.
fn gravity(difference: &Difference) -> (u8, std::cmp::Reverse<Option<Severity>>) {
    let severity = [&difference.bad, &difference.good].into_iter().flatten().find_map(|side| {
        let Judged::Known { value, .. } = side else { return None };
        serde_json::from_value::<Severity>(value.clone()).ok()
    });
    (u8::from(difference.effect != Effect::Worse), std::cmp::Reverse(severity))
}
