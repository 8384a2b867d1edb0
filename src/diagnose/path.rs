//! Will two ends reach each other without a relay? A pure predicate over what RFC 4787 calls their behaviours.
//!
//! Both ends are ICE agents (RFC 8445): each knows the other's server-reflexive address, both check, each learns
//! peer-reflexive addresses from the checks that come in, and a check counts only where its answer comes from the
//! address that was checked (RFC 8445 §7.2.5.2.1). Ends behind one NAT are not judged here.
//!
//! # Proof of [`can_hole_punch`]
//!
//! Call the ends A and B, and `x` the port that A's mapping towards the STUN server gave: A's server-reflexive
//! address. Both send to the other's reflexive address first; these packets open what filters there are. An end
//! without translation is an end whose mapping is endpoint-independent.
//!
//! 1. *Both mappings are endpoint-independent.* Each sends from the very address the other checks, so each filter has
//!    seen the exact remote endpoint by the second check, however strict it is. Direct.
//! 2. *A's mapping is endpoint-independent, its filter is not port-dependent.* Whatever port B's check leaves from,
//!    its address is one that A has sent to, so it comes in at `x`. A's answer leaves from `x`, the endpoint that B's
//!    mapping was made for. Direct, whatever B is.
//! 3. *A's mapping is endpoint-independent, its filter is port-dependent, B's mapping varies.* B's checks leave from
//!    a port that A has never sent to: dropped. A's checks go to B's reflexive address, a mapping through which B
//!    has sent to the STUN server only: B's filter drops them, unless it is endpoint-independent (step 5).
//! 4. *Both mappings vary.* The same holds for A's checks and for B's: neither filter knows the other's new port, or
//!    the mapping that is checked knows only the STUN server. Unless one filter, say B's, is endpoint-independent:
//!    then A's check comes in at B's reflexive address, from a port `a` which B so learns. B's own check to `a`
//!    leaves from a port `b`. A has sent to B's address, but not to `b`: the check comes in if A's filter is not
//!    port-dependent. If A's mapping is not port-dependent A answers from `a`: direct. If it is, A's triggered
//!    check leaves for `b` from a new port; B's open filter lets it in, and if B's mapping is not port-dependent B
//!    answers from `b`: direct. If both are, every answer and every triggered check leaves from yet another port.
//! 5. *What is left with an endpoint-independent filter beside a varying mapping* is direct only where that NAT
//!    creates state for the packet it let in, so that the answer leaves through the mapping that was checked. RFC
//!    4787 does not say whether a NAT does: uncertain.
//! 6. *A NAT that changes the public address between destinations* (RFC 4787 REQ-2, "arbitrary" pooling) makes its
//!    checks come from an address that was never sent to: towards such an end, whatever depends on the address is as
//!    strict as what depends on address and port. An endpoint-independent mapping has one public address and cannot
//!    do this.

use crate::model::{Behaviour, PeerClass};

/// Whether one socket has one public IP address towards all destinations (RFC 4787 §4.1, REQ-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pooling {
    /// It has one.
    Paired,
    /// The public address differs from destination to destination.
    Arbitrary,
}

/// One end of a call, as the other end's packets meet it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndBehaviour {
    /// UDP passes, by way of a NAT or firewall.
    Udp {
        /// On what the public endpoint of its socket depends (RFC 4787 §4.1); endpoint-independent where nothing
        /// translates.
        mapping: Behaviour,
        /// On what it depends whose packets are let in (RFC 4787 §5).
        filtering: Behaviour,
        /// Whether the public address is the same towards all destinations.
        pooling: Pooling,
    },
    /// No UDP leaves or enters its network.
    NoUdp,
}

/// Whether the two reach each other directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HolePunching {
    /// They do.
    Yes,
    /// They do not, and need a relay.
    No,
    /// Only where a NAT does what no RFC asks of it (step 5 of the proof).
    Uncertain,
}

use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};

impl EndBehaviour {
    /// An end whose NAT has one public address towards all destinations.
    pub fn new(mapping: Behaviour, filtering: Behaviour) -> Self {
        Self::Udp { mapping, filtering, pooling: Pooling::Paired }
    }

    /// The end that a class of peers stands for.
    pub fn of(peer: PeerClass) -> Self {
        match peer {
            PeerClass::Open | PeerClass::EimEif => Self::new(EndpointIndependent, EndpointIndependent),
            PeerClass::EimAdf => Self::new(EndpointIndependent, AddressDependent),
            PeerClass::EimApdf => Self::new(EndpointIndependent, AddressAndPortDependent),
            PeerClass::ApdmApdf => Self::new(AddressAndPortDependent, AddressAndPortDependent),
            PeerClass::UdpBlocked => Self::NoUdp,
        }
    }

    /// Its mapping and filtering as they act on packets to and from `peer` (step 6); None without UDP.
    fn towards(self, peer: Self) -> Option<(Behaviour, Behaviour)> {
        let Self::Udp { mapping, filtering, .. } = self else { return None };
        let wanders = |end| matches!(end, Self::Udp { mapping, pooling: Pooling::Arbitrary, .. } if mapping != EndpointIndependent);
        let strict = |behaviour| match behaviour {
            AddressDependent if wanders(peer) => AddressAndPortDependent,
            as_it_is => as_it_is,
        };
        Some((strict(mapping), strict(filtering)))
    }
}

/// Whether the two ends reach each other without a relay; the proof is above. Symmetric in its arguments.
pub fn can_hole_punch(ours: EndBehaviour, theirs: EndBehaviour) -> HolePunching {
    let (Some(a), Some(b)) = (ours.towards(theirs), theirs.towards(ours)) else { return HolePunching::No };
    let mapping_is_independent = |(mapping, _)| mapping == EndpointIndependent;
    let takes_any_port = |(_, filtering)| filtering != AddressAndPortDependent;
    let takes_strangers = |(_, filtering)| filtering == EndpointIndependent;
    let keeps_its_port = |(mapping, _)| mapping != AddressAndPortDependent;

    if mapping_is_independent(a) && mapping_is_independent(b) {
        return HolePunching::Yes;
    }
    if [a, b].into_iter().any(|end| mapping_is_independent(end) && takes_any_port(end)) {
        return HolePunching::Yes;
    }
    if !takes_strangers(a) && !takes_strangers(b) {
        return HolePunching::No;
    }
    if takes_any_port(a) && takes_any_port(b) && (keeps_its_port(a) || keeps_its_port(b)) {
        HolePunching::Yes
    } else {
        HolePunching::Uncertain
    }
}

/// Whether two ends behind one NAT reach each other by its public address, where nothing else joins them.
///
/// Only a NAT that hairpins with the external source (RFC 4787 REQ-9a) can do it: one that shows the inside source makes
/// every answer come from another address than the one that was checked (RFC 8445 §7.2.5.2.1). Then each end meets the
/// other as any peer would, but for two things: the NAT itself knows whom each has sent to, and the mapping that a check
/// leaves by is made towards the NAT's own address. With an endpoint-independent mapping that is the one that the other
/// end checks: both filters know it by the second check, however strict they are. With a mapping by address it differs
/// from the one towards the STUN server, and stays the same for all ports of the NAT's address: an open filter lets the
/// check in, and the answer leaves by the mapping that the check came from. With a mapping by port every answer leaves by
/// yet another port.
pub fn behind_one_nat(mapping: Behaviour, filtering: Behaviour) -> HolePunching {
    match (mapping, filtering) {
        (EndpointIndependent, _) | (AddressDependent, EndpointIndependent) => HolePunching::Yes,
        _ => HolePunching::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EIF: Behaviour = EndpointIndependent;
    const ADF: Behaviour = AddressDependent;
    const APDF: Behaviour = AddressAndPortDependent;

    /// The simulated matrix: public, firewalled, then mapping × filtering; `y` yes, `n` no, `?` uncertain.
    const ENDS: [(Behaviour, Behaviour); 11] = [
        (EIF, EIF),
        (EIF, APDF),
        (EIF, EIF),
        (EIF, ADF),
        (EIF, APDF),
        (ADF, EIF),
        (ADF, ADF),
        (ADF, APDF),
        (APDF, EIF),
        (APDF, ADF),
        (APDF, APDF),
    ];
    const SIMULATED: [&str; 11] = [
        "yyyyyyyyyyy",
        "yyyyy?nn?nn",
        "yyyyyyyyyyy",
        "yyyyyyyyyyy",
        "yyyyy?nn?nn",
        "y?yy?yy?yy?",
        "ynyynynnynn",
        "ynyyn?nn?nn",
        "y?yy?yy????",
        "ynyynynn?nn",
        "ynyyn?nn?nn",
    ];

    #[test]
    fn the_rules_say_what_the_simulation_of_all_pairs_says() {
        for (row, (ours, expected)) in ENDS.iter().zip(SIMULATED).enumerate() {
            for (column, (theirs, expected)) in ENDS.iter().zip(expected.chars()).enumerate() {
                let said =
                    match can_hole_punch(EndBehaviour::new(ours.0, ours.1), EndBehaviour::new(theirs.0, theirs.1)) {
                        HolePunching::Yes => 'y',
                        HolePunching::No => 'n',
                        HolePunching::Uncertain => '?',
                    };
                assert_eq!(said, expected, "row {row}, column {column}: {ours:?} with {theirs:?}");
            }
        }
    }

    fn all_ends() -> Vec<EndBehaviour> {
        let behaviours = [EIF, ADF, APDF];
        let mut ends = vec![EndBehaviour::NoUdp];
        for mapping in behaviours {
            for filtering in behaviours {
                for pooling in [Pooling::Paired, Pooling::Arbitrary] {
                    ends.push(EndBehaviour::Udp { mapping, filtering, pooling });
                }
            }
        }
        ends
    }

    #[test]
    fn it_does_not_matter_which_end_asks() {
        for a in all_ends() {
            for b in all_ends() {
                assert_eq!(can_hole_punch(a, b), can_hole_punch(b, a), "{a:?} with {b:?}");
            }
        }
    }

    #[test]
    fn nothing_punches_where_no_udp_flows() {
        for end in all_ends() {
            assert_eq!(can_hole_punch(EndBehaviour::NoUdp, end), HolePunching::No);
        }
    }

    #[test]
    fn a_public_address_that_changes_with_the_destination_fails_at_a_filter_by_address() {
        let wandering = EndBehaviour::Udp { mapping: APDF, filtering: APDF, pooling: Pooling::Arbitrary };
        assert_eq!(can_hole_punch(wandering, EndBehaviour::of(PeerClass::EimAdf)), HolePunching::No);
        assert_eq!(can_hole_punch(wandering, EndBehaviour::of(PeerClass::EimEif)), HolePunching::Yes);
    }

    #[test]
    fn a_looser_filter_never_makes_a_pair_worse() {
        let rank = |punch| match punch {
            HolePunching::No => 0,
            HolePunching::Uncertain => 1,
            HolePunching::Yes => 2,
        };
        for peer in all_ends() {
            for mapping in [EIF, ADF, APDF] {
                let by_filter =
                    [EIF, ADF, APDF].map(|filtering| rank(can_hole_punch(EndBehaviour::new(mapping, filtering), peer)));
                assert!(by_filter.is_sorted_by(|loose, strict| loose >= strict), "{mapping:?} with {peer:?}");
            }
        }
    }
}
