//! Are both ends behind one NAT, and do they reach each other there? (RFC 4787 §6, RFC 8445 §5.1.1.1)
//!
//! One public address for both is a sign and no proof: two homes behind one carrier's NAT have it too. What lies between
//! the two then is not seen by what each asked of servers outside: on one link they reach each other by their own
//! addresses, unless the network keeps its hosts apart; from one network to another, where it routes. Only one thing can
//! be foretold: a NAT that hairpins with the external source joins them whatever lies inside, if its behaviours allow
//! ([`behind_one_nat`]). A NAT that does not hairpin is never the reason to say "no".

use super::EndAssessment;
use crate::diagnose::nat::FamilyNat;
use crate::diagnose::path::{HolePunching, behind_one_nat};
use crate::model::{Fact, Family, ObservationId, StunFact};
use std::net::IpAddr;

/// What is known of two ends that share a public address.
pub(crate) enum Site {
    /// The NAT sends packets for its own public address back in, and its behaviours let the two meet.
    Hairpins(Vec<ObservationId>),
    /// What joins them inside, if anything does, cannot be told from outside.
    Unknown(Vec<ObservationId>),
}

/// None where nothing says that the two share a NAT.
pub(crate) fn judge(ours: &EndAssessment<'_>, theirs: &EndAssessment<'_>, family: Family) -> Option<Site> {
    let (our_nat, their_nat) = (ours.assessment.nat(family)?, theirs.assessment.nat(family)?);
    let is_shared = |address: &&IpAddr| their_nat.nat.public_addresses.contains(address);
    let shared = *our_nat.nat.public_addresses.iter().find(is_shared)?;
    let evidence: Vec<ObservationId> = [(ours, our_nat), (theirs, their_nat)]
        .into_iter()
        .flat_map(|(end, nat)| {
            let seen = nat.reflexive.iter().find(|seen| seen.mapped.ip() == shared);
            end.place(&seen.map(|seen| seen.id).into_iter().collect::<Vec<_>>())
        })
        .collect();
    let hairpinned = [ours, theirs].map(|end| hairpins_with_external_source(end, family));
    let meets = |nat: &FamilyNat| {
        let mut behaviours = nat.mapping.iter().flat_map(|m| nat.filtering.iter().map(move |f| (*m, *f)));
        behaviours.all(|(mapping, filtering)| behind_one_nat(mapping, filtering) == HolePunching::Yes)
    };
    Some(match hairpinned {
        [Some(ours), Some(theirs)] if meets(our_nat) && meets(their_nat) => {
            Site::Hairpins(evidence.into_iter().chain([ours, theirs]).collect())
        }
        _ => Site::Unknown(evidence),
    })
}

/// A request to our own public address came back in, from our own public address.
fn hairpins_with_external_source(end: &EndAssessment<'_>, family: Family) -> Option<ObservationId> {
    let public = &end.assessment.nat(family)?.nat.public_addresses;
    let seen = end.assessment.record.observations.iter().find(|observation| {
        matches!(observation.fact, Fact::Stun(StunFact::Hairpinned { came_back: true, from: Some(from), .. }) if public.contains(&from.ip()))
    });
    end.place(&[seen?.id]).first().copied()
}
