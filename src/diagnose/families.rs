//! Whom does a machine without IPv4 reach? Peers with IPv6 by itself. Peers with IPv4 alone only through a relay that has an
//! IPv4 address (RFC 8656 §7.1), wherever that relay is itself: no agent translates candidates (RFC 8445 §5.1.1).
//!
//! Which of the two a peer is, nobody knows beforehand. So a path holds for the peer that is harder to reach, and one that
//! hangs on the peer's family is unclear for that reason.

use super::Assessment;
use super::nat::usable_address;
use super::relay::{self, Relays};
use crate::model::{Code, Family, Judged, Path};

/// Whether this machine has addresses of IPv6 alone, as far as its interfaces are known.
pub(crate) fn is_ipv6_alone(assessment: &Assessment<'_>) -> bool {
    let has = |family| usable_address(assessment.record, family).is_some();
    has(Family::Ipv6) && !has(Family::Ipv4)
}

/// What of the relays leads to peers with IPv4 alone.
pub(crate) fn relays_to_ipv4(assessment: &Assessment<'_>) -> Relays {
    let of_ipv4 = assessment.allocations.iter().filter(|relay| relay.relayed.is_ipv4()).cloned();
    relay::sum_up(&of_ipv4.collect::<Vec<_>>(), Vec::new())
}

/// The path that holds for a peer of either family, of the one that holds for a peer with IPv6.
pub(crate) fn with_either(to_ipv6: Judged<Path>, to_ipv4: &Relays) -> Judged<Path> {
    let evidence = to_ipv6.evidence().to_vec();
    match (to_ipv6, to_ipv4) {
        (Judged::Known { value: Path::Direct | Path::Relay, .. }, Relays::Work(relay)) => {
            Judged::known(Path::Relay, [&evidence[..], relay].concat())
        }
        (Judged::Known { value: Path::Direct | Path::Relay, .. }, _) => {
            Judged::unclear(Code::PeerFamilyDecides, evidence)
        }
        (as_it_is, _) => as_it_is,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ObservationId;

    #[test]
    fn what_holds_over_ipv6_holds_for_everybody_only_where_a_relay_leads_to_ipv4() {
        let (seen, relay) = (vec![ObservationId(1)], vec![ObservationId(2)]);
        let over_ipv6 = |path| Judged::known(path, seen.clone());
        let works = Relays::Work(relay);
        for path in [Path::Direct, Path::Relay] {
            assert_eq!(with_either(over_ipv6(path), &works).value(), Some(&Path::Relay));
            let unclear = Relays::Unclear { why: Code::RelayInLost, evidence: Vec::new() };
            for relays in [Relays::NotTested, Relays::Fail(Vec::new()), unclear] {
                assert_eq!(with_either(over_ipv6(path), &relays).why(), Some(Code::PeerFamilyDecides));
            }
        }
        assert_eq!(with_either(over_ipv6(Path::None), &works).value(), Some(&Path::None));
        let unknown = Judged::unclear(Code::UdpUnclear, seen.clone());
        assert_eq!(with_either(unknown.clone(), &works), unknown);
    }
}
