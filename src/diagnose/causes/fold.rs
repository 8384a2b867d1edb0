//! Folds each finding under the first cause that explains it.

use super::HoldingCause;
use crate::diagnose::Assessment;
use crate::diagnose::layer::layer_of;
use crate::model::{Code, Finding, ObservationId, Severity, Strength};
use std::cmp::Reverse;

/// A finding on its way into the list: where it stood, and under which it is folded.
struct Placed {
    finding: Finding,
    under: Option<usize>,
}

/// The findings, worst first, each with the place of its cause; the causes that were no findings yet are added. A cause is
/// as grave as the gravest that it explains, and stands before it.
pub(crate) fn fold(assessment: &Assessment<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let mut list: Vec<Placed> = findings.into_iter().map(|finding| Placed { finding, under: None }).collect();
    let roots: Vec<Option<usize>> = assessment.held.iter().map(|held| place_root(&mut list, held)).collect();
    for (held, root) in assessment.held.iter().zip(roots) {
        let Some(root) = root else { continue };
        for place in 0..list.len() {
            let is_free = list.get(place).is_some_and(|placed| placed.under.is_none());
            if is_free && place != top(&list, root) && explains(assessment, held, list.get(place)) {
                let gravest = list.get(place).map_or(Severity::Info, |placed| placed.finding.severity);
                let root = top(&list, root);
                set_under(&mut list, place, root);
                raise(&mut list, root, gravest);
            }
        }
    }
    let tops: Vec<Option<usize>> = list.iter().map(|placed| placed.under.map(|under| top(&list, under))).collect();
    list.iter_mut().zip(tops).for_each(|(placed, top)| placed.under = top);
    in_order(list)
}

/// Where the finding of a cause stands; a cause that is none yet becomes one.
fn place_root(list: &mut Vec<Placed>, held: &HoldingCause) -> Option<usize> {
    let claim = &held.claim;
    let is_it = |placed: &Placed| {
        let shares = placed.finding.evidence.iter().any(|id| claim.evidence.contains(id));
        placed.finding.code == held.cause.code && shares
    };
    let place = match list.iter().position(is_it) {
        Some(place) => place,
        None => {
            let mut evidence = claim.evidence.clone();
            evidence.sort_unstable();
            evidence.dedup();
            let finding = Finding::new(held.cause.code, claim.severity, claim.about.clone(), evidence)?;
            list.push(Placed { finding, under: None });
            list.len() - 1
        }
    };
    if let Some(placed) = list.get_mut(place) {
        placed.finding.strength = Some(claim.strength);
        placed.finding.rivals = claim.rivals.to_vec();
    }
    Some(place)
}

fn explains(assessment: &Assessment<'_>, held: &HoldingCause, placed: Option<&Placed>) -> bool {
    let Some(Placed { finding, .. }) = placed else { return false };
    if held.claim.strength == Strength::Likely && finding.strength == Some(Strength::Proven) {
        return false;
    }
    accounts_for(assessment, held, finding.code, &finding.evidence)
}

/// Whether what is told under a code, and rests on this evidence, follows from a cause.
fn accounts_for(assessment: &Assessment<'_>, held: &HoldingCause, code: Code, evidence: &[ObservationId]) -> bool {
    let extent = &held.claim.extent;
    let is_inside = || extent.holds_all_of(assessment.record, evidence);
    let is_failure = held.cause.layers.contains(&layer_of(code)) && is_inside();
    let follows = held.cause.consequences.contains(&code)
        && match extent.is_of_single_servers() {
            true => held.entails(code) || is_inside(),
            false => extent.is_of_its_family(assessment.record, evidence),
        };
    held.may_fold(code) && (is_failure || follows)
}

/// For each cause that holds, whether it keeps one of the relays from calls where some cause does so with each of them.
pub(super) fn keep_from_the_last_relay(assessment: &Assessment<'_>) -> Vec<bool> {
    let failures: Vec<(Code, Option<ObservationId>)> = assessment
        .servers
        .iter()
        .filter(|result| result.target.scheme.relays())
        .filter_map(|result| Some((result.server.error.as_ref()?.code, result.failed_at)))
        .collect();
    let keeps = |held: &HoldingCause, (code, failed_at): &(Code, Option<ObservationId>)| {
        accounts_for(assessment, held, *code, failed_at.as_slice())
    };
    let is_explained = |failure| assessment.held.iter().any(|held| keeps(held, failure));
    let are_all_explained = failures.iter().all(is_explained);
    let keeps_one = |held: &HoldingCause| are_all_explained && failures.iter().any(|failure| keeps(held, failure));
    assessment.held.iter().map(keeps_one).collect()
}

/// The end of the chain that a finding is folded in.
fn top(list: &[Placed], place: usize) -> usize {
    let above = |place: &usize| list.get(*place).and_then(|placed| placed.under);
    std::iter::successors(Some(place), above).take(list.len()).last().unwrap_or(place)
}

fn set_under(list: &mut [Placed], place: usize, root: usize) {
    if let Some(placed) = list.get_mut(place) {
        placed.under = Some(root);
    }
}

fn raise(list: &mut [Placed], root: usize, severity: Severity) {
    if let Some(placed) = list.get_mut(root) {
        placed.finding.severity = placed.finding.severity.max(severity);
    }
}

/// Worst first; among equals the causes of others, then what nothing explains, then what is folded.
fn in_order(list: Vec<Placed>) -> Vec<Finding> {
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by_key(|place| {
        let explains = list.iter().any(|placed| placed.under == Some(*place));
        let is_folded = list.get(*place).is_some_and(|placed| placed.under.is_some());
        let rank = if is_folded { 2 } else { u8::from(!explains) };
        (list.get(*place).map(|placed| Reverse(placed.finding.severity)), rank)
    });
    let new_place = |old: usize| order.iter().position(|place| *place == old).and_then(|at| u32::try_from(at).ok());
    let causes: Vec<Option<u32>> = list.iter().map(|placed| placed.under.and_then(new_place)).collect();
    let mut findings: Vec<Option<Finding>> =
        list.into_iter().zip(causes).map(|(placed, cause)| Some(Finding { cause, ..placed.finding })).collect();
    order.into_iter().filter_map(|place| findings.get_mut(place).and_then(Option::take)).collect()
}
