//! What rests on what, and what a finding bears on calls.

use super::gravity;
use crate::diagnose::causes::{Bearing, known_causes};
pub(super) use crate::diagnose::layer::{Layer, layer_of};
use crate::model::{Code, Diagnosis, Difference, Effect, Finding, Part, Severity, Subject, Transport};

/// Causes, consequences, the rest; each by layer, the gravest first, and among equals what decides how calls go.
pub(super) fn order(difference: &Difference) -> impl Ord + use<> {
    let place = (difference.part, part_order(difference), layer(difference), gravity(difference));
    (place, !is_decisive(difference), difference.subject)
}

/// Whether it is a cause that by itself sends calls another way.
fn is_decisive(difference: &Difference) -> bool {
    let decides = |code| known_causes().any(|known| known.code == code && known.bearing != Bearing::AsMeasured);
    difference.code.is_some_and(decides)
}

/// Among the consequences the verdict comes first, then the kinds of peer that it holds for.
fn part_order(difference: &Difference) -> u8 {
    match (difference.part, difference.subject) {
        (Part::Consequence, Subject::Path) => 0,
        (Part::Consequence, Subject::Forecast) => 1,
        _ => 2,
    }
}

fn layer(difference: &Difference) -> Layer {
    match difference.subject {
        Subject::Finding => difference.code.map_or(Layer::Calls, layer_of),
        Subject::Family => Layer::Reach,
        Subject::Translated
        | Subject::Mapping
        | Subject::Filtering
        | Subject::Hairpinning
        | Subject::PortPreservation
        | Subject::MappingLifetime
        | Subject::PublicAddresses => Layer::Nat,
        Subject::PathMtu | Subject::RoundTrip => Layer::Quality,
        Subject::Forecast | Subject::Path => Layer::Calls,
    }
}

/// Whether it can send calls another way, and not only spoil them.
pub(super) fn decides_the_way(difference: &Difference) -> bool {
    let spoils = matches!(
        difference.subject,
        Subject::Hairpinning
            | Subject::PortPreservation
            | Subject::MappingLifetime
            | Subject::PathMtu
            | Subject::RoundTrip
    );
    !spoils && !matches!(layer(difference), Layer::Quality)
}

/// What a run folds under a cause is no cause of a difference itself, and what worked in the good run alone is gone by
/// whatever keeps its servers from being reached.
pub(super) fn subordinate(differences: &mut [Difference], good: &Diagnosis, bad: &Diagnosis) {
    let told: Vec<Code> = differences.iter().filter_map(|difference| difference.code).collect();
    let of_bad = |difference: &&Difference| difference.part == Part::Cause && difference.bad.is_some();
    let causes: Vec<Code> = differences.iter().filter(of_bad).filter_map(|difference| difference.code).collect();
    for difference in differences.iter_mut().filter(|difference| difference.part == Part::Cause) {
        let Some(code) = difference.code else { continue };
        let root = root(if difference.bad.is_some() { bad } else { good }, difference);
        let is_taken_away = |cause: &Code| takes_away(*cause, code, difference.about.transport);
        difference.part = match root {
            Some(root) if told.contains(&root) => Part::Consequence,
            // Both runs have the cause: it explains no difference.
            Some(_) => Part::Other,
            None if difference.bad.is_none() && causes.iter().any(is_taken_away) => Part::Consequence,
            None => Part::Cause,
        };
    }
}

/// Under which cause a run folds the finding that a difference tells of.
fn root(run: &Diagnosis, difference: &Difference) -> Option<Code> {
    let is_it = |finding: &&Finding| Some(finding.code) == difference.code && finding.about == difference.about;
    let finding = run.findings.iter().find(is_it).filter(|_| difference.subject == Subject::Finding)?;
    let place = usize::try_from(finding.cause?).ok()?;
    run.findings.get(place).map(|cause| cause.code)
}

/// Whether a relay, reached over `transport`, works no more where this is found.
fn takes_away(cause: Code, effect: Code, transport: Option<Transport>) -> bool {
    let is_of_udp = known_causes().any(|known| known.code == cause && known.bearing == Bearing::NoUdp);
    let reaches_it = match layer_of(cause) {
        _ if is_of_udp => transport == Some(Transport::Udp),
        Layer::Machine | Layer::Access | Layer::Names | Layer::Servers | Layer::Relays => true,
        _ => false,
    };
    effect == Code::RelayWorks && reaches_it
}

/// What it means for calls that a finding is there.
pub(super) fn bearing(code: Code, severity: Severity) -> Effect {
    match (code, severity) {
        (_, Severity::Warning | Severity::Critical) => Effect::Worse,
        (Code::RelayWorks, _) => Effect::Better,
        (Code::CarrierNat | Code::DoubleNat | Code::AddressPool | Code::VpnInUse, _) => Effect::Worse,
        (_, Severity::Info) => Effect::Neither,
    }
}
