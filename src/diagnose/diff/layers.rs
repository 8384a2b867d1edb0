//! What rests on what, and what a finding bears on calls.

use super::gravity;
pub(super) use crate::diagnose::layer::{Layer, layer_of};
use crate::model::{Code, Difference, Effect, Part, Severity, Subject, Transport};

/// Causes, consequences, the rest; each by layer, the gravest first.
pub(super) fn order(difference: &Difference) -> impl Ord + use<> {
    (difference.part, part_order(difference), layer(difference), gravity(difference), difference.subject)
}

/// Of the consequences the verdict first, and then whom it holds for.
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

/// A cause that another one brings about is a consequence.
pub(super) fn subordinate(differences: &mut [Difference]) {
    let causes = differences.iter().filter(|difference| difference.part == Part::Cause && difference.bad.is_some());
    let roots: Vec<Code> = causes.filter_map(|difference| difference.code).collect();
    for difference in differences.iter_mut().filter(|difference| difference.part == Part::Cause) {
        let Some(code) = difference.code else { continue };
        let others = roots.iter().filter(|root| **root != code);
        if others.into_iter().any(|root| brings_about(*root, code, difference.about.transport)) {
            difference.part = Part::Consequence;
        }
    }
}

/// `transport`: of the server that the effect is about.
fn brings_about(cause: Code, effect: Code, transport: Option<Transport>) -> bool {
    let of_servers = matches!(layer_of(effect), Layer::Servers | Layer::Relays);
    let over_udp = transport == Some(Transport::Udp);
    match cause {
        Code::NoUsableInterface | Code::NoSocket | Code::LocalFirewall | Code::CaptivePortal | Code::NoNameServer => {
            of_servers || layer_of(effect) > layer_of(cause)
        }
        Code::UdpBlocked | Code::ServerUdpSilent => effect == Code::RelayOnlyOverTcp || (of_servers && over_udp),
        // That a relay does not work any more is said by what is wrong with it.
        _ => effect == Code::RelayWorks && matches!(layer_of(cause), Layer::Names | Layer::Servers | Layer::Relays),
    }
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
