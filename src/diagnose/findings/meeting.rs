//! Findings about two ends together: whether the prediction held, and what the call would be relayed by.

use super::{List, about};
use crate::diagnose::Case;
use crate::diagnose::meeting::{Met, is_relayed};
use crate::model::{
    CandidateType, Code, Count, Detail, End, Fact, Family, HostFact, Millis, ObservationId, PairEnd, PairState, Path,
    Scope, Several, Severity, Target, Transport,
};

use std::collections::BTreeMap;
use std::net::IpAddr;

/// pion accepts a relayed pair two seconds after the checks begin; other stacks are more patient.
const RELAY_ACCEPTED_AFTER: Millis = Millis(2000.0);
/// The first check may be dropped by a filter that the second finds open: so many round trips until an answer.
const ROUND_TRIPS_TO_ANSWER: f64 = 2.0;

pub(crate) fn add(case: &Case<'_>, met: &Met, list: &mut List) {
    if met.joined.peer.as_ref().is_some_and(|peer| peer.redacted_apart)
        && let Some(prediction) = &met.prediction
    {
        list.add(Code::AddressesHidden, Severity::Info, about(), prediction.path.evidence());
    }
    prediction(met, list);
    if let Some(tried) = met.tried.as_ref().filter(|tried| tried.path.why() == Some(Code::EndsDisagree)) {
        list.add(Code::EndsDisagree, Severity::Warning, about(), tried.path.evidence());
    }
    nomination(case, met, list);
    behind_one_nat(case, met, list);
    addresses_inside(case, met, list);
    over_streams(case, met, list);
}

/// A prediction is proved wrong only by trying what it speaks of.
fn prediction(met: &Met, list: &mut List) {
    let (Some(prediction), Some(tried)) = (&met.prediction, &met.tried) else { return };
    let (Some(predicted), Some(found)) = (prediction.path.value(), tried.path.value()) else { return };
    let (code, severity) = match (predicted, found) {
        (Path::Direct, Path::Relay | Path::None) if tried.tried_direct => (Code::DirectWasPredicted, Severity::Warning),
        (Path::Relay, Path::Direct) => (Code::RelayWasPredicted, Severity::Info),
        (Path::Relay, Path::None) if tried.tried_relayed => (Code::RelayWasPredictedAndFailed, Severity::Critical),
        (Path::None, Path::Direct | Path::Relay) => (Code::NoPathWasPredicted, Severity::Info),
        _ => return,
    };
    let evidence = [prediction.path.evidence(), tried.path.evidence()].concat();
    list.add(code, severity, about(), &evidence);
}

/// A relay was chosen, or may be, although a direct path is there.
fn nomination(case: &Case<'_>, met: &Met, list: &mut List) {
    let stories: Vec<_> = met.stories().into_iter().filter(|story| story.end.is_ours()).collect();
    let chosen = stories.iter().find(|story| story.pair.nominated && is_relayed(&story.pair.local, &story.pair.remote));
    let works = stories.iter().filter(|story| story.pair.state == PairState::Succeeded);
    let direct = works.clone().find(|story| !is_relayed(&story.pair.local, &story.pair.remote));
    if let (Some(chosen), Some(direct)) = (chosen, direct) {
        let of = about_ends(&direct.pair.local, &direct.pair.remote);
        list.add(Code::RelayNominatedFirst, Severity::Warning, of, &[chosen.id, direct.id]);
    }
    let Some(prediction) = met.prediction.as_ref().filter(|_| met.tried.is_none()) else { return };
    let peer_relays = met.peer.iter().flat_map(|peer| &peer.relays);
    let has_relay = case.allocations.iter().chain(peer_relays).any(|relay| relay.state.may_relay());
    if let Some(ms) = prediction.round_trip_ms
        && prediction.path.value() == Some(&Path::Direct)
        && ms.0 * ROUND_TRIPS_TO_ANSWER > RELAY_ACCEPTED_AFTER.0
        && has_relay
    {
        let of = about().count(Count::of_milliseconds(ms));
        list.add(Code::RelayMayBeNominatedFirst, Severity::Info, of, prediction.path.evidence());
    }
}

/// The other end offers the address at which the internet sees this end, and nothing came back from there.
fn behind_one_nat(case: &Case<'_>, met: &Met, list: &mut List) {
    let Some(path @ (Path::Relay | Path::None)) = met.tried.as_ref().and_then(|tried| tried.path.value()) else {
        return;
    };
    let is_own = |address: IpAddr| {
        let nat = case.nat(Family::of(address)).map(|nat| &nat.nat);
        nat.is_some_and(|nat| nat.public_addresses.contains(&address) && nat.translated.value() != Some(&false))
    };
    let mut evidence: BTreeMap<IpAddr, Vec<ObservationId>> = BTreeMap::new();
    let stories = met.stories();
    let failed = stories.iter().filter(|story| story.end.is_ours() && story.pair.state == PairState::Failed);
    for story in failed.filter(|story| !is_relayed(&story.pair.local, &story.pair.remote)) {
        if let Some(address) = story.pair.remote.address.address().filter(|address| is_own(*address)) {
            evidence.entry(address).or_default().push(story.id);
        }
    }
    let severity = if *path == Path::None { Severity::Critical } else { Severity::Warning };
    for (address, ids) in evidence {
        list.add(Code::PeerAtOwnPublicAddress, severity, about().public(Several::of([address])), &ids);
    }
}

/// All that the other end offers without a relay are private addresses, of networks that this machine is not in.
fn addresses_inside(case: &Case<'_>, met: &Met, list: &mut List) {
    if met.tried.as_ref().and_then(|tried| tried.path.value()) != Some(&Path::None) {
        return;
    }
    let interfaces = case.record.observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Host(HostFact::Interface(interface)) => Some(&interface.addresses),
        _ => None,
    });
    let own: Vec<(IpAddr, u8)> = interfaces.flatten().map(|it| (it.address, it.prefix_len)).collect();
    let is_elsewhere = |address: IpAddr| {
        Scope::of(address) == Scope::Private
            && !own.iter().any(|(own, length)| is_in_one_prefix(*own, address, *length))
    };
    let stories = met.stories();
    let others: Vec<_> =
        stories.iter().filter(|story| story.end.is_ours() && story.pair.remote.kind != CandidateType::Relay).collect();
    let all = others.iter().all(|story| story.pair.remote.address.address().is_some_and(is_elsewhere));
    if let Some(first) = others.first().filter(|_| all) {
        let evidence: Vec<ObservationId> = others.iter().map(|story| story.id).collect();
        let of = about().remote(first.pair.remote.address.to_string());
        list.add(Code::PeerAddressesInside, Severity::Critical, of, &evidence);
    }
}

fn is_in_one_prefix(one: IpAddr, other: IpAddr, length: u8) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    };
    let ((one, width), (other, same_width)) = (bits(one), bits(other));
    let shift = 128_u32.saturating_sub(u32::from(length));
    width == same_width && (length == 0 || one.checked_shr(shift) == other.checked_shr(shift))
}

/// The call goes, or would go, through a relay over TCP or TLS because UDP is blocked at the relay's client.
fn over_streams(case: &Case<'_>, met: &Met, list: &mut List) {
    let path = met.tried.as_ref().map(|tried| &tried.path).or(met.prediction.as_ref().map(|p| &p.path));
    if path.and_then(|path| path.value()) != Some(&Path::Relay) {
        return;
    }
    let ours = case.udp(case.deciding_family()).absent().map(|evidence| (evidence.to_vec(), &case.allocations));
    let theirs = met.peer.as_ref().and_then(|peer| Some((peer.udp_blocked.clone()?, &peer.relays)));
    for (end, blocked) in [(End::Ours, ours), (End::Theirs, theirs)] {
        let Some((mut evidence, relays)) = blocked else { continue };
        let of_call = met.tried.is_some().then(|| carrying_relay(met, end)).flatten();
        let best = relays
            .iter()
            .filter(|relay| relay.state.may_relay())
            .map(|relay| (relay.transport, relay.uri.clone(), relay.evidence.clone()))
            .next();
        let Some((transport, uri, more)) = of_call.or(best) else { continue };
        if matches!(transport, Transport::Udp | Transport::Dtls) {
            continue;
        }
        evidence.extend(more);
        let host = uri.and_then(|uri| uri.parse::<Target>().ok()).map(|target| target.host);
        let of = about().transport(transport).server(host);
        let code = match end {
            End::Ours => Code::OwnRelayedOverStream,
            End::Theirs => Code::PeerRelayedOverStream,
        };
        list.add(code, Severity::Warning, of, &evidence);
    }
}

type Carrying = (Transport, Option<String>, Vec<ObservationId>);

/// The relay of this end in the pair that was chosen, as that end itself saw it.
fn carrying_relay(met: &Met, end: End) -> Option<Carrying> {
    let stories = met.stories();
    let of_end = stories.iter().filter(|story| story.end == end && story.pair.state == PairState::Succeeded);
    let relayed = of_end.filter(|story| story.pair.local.kind == CandidateType::Relay);
    let chosen = relayed.max_by_key(|story| story.pair.nominated)?;
    let transport = chosen.pair.local.relay_protocol?;
    Some((transport, chosen.pair.local.server.clone(), vec![chosen.id]))
}

/// Both ends of a pair for the catalogue's texts.
pub(super) fn about_ends(local: &PairEnd, remote: &PairEnd) -> Detail {
    about().local(shown(local)).remote(shown(remote))
}

pub(super) fn shown(end: &PairEnd) -> String {
    end.endpoint().map_or_else(|| end.address.to_string(), |endpoint| endpoint.to_string())
}

/// The observations of our end that are such facts.
pub(super) fn of_ours(met: &Met, is_such: impl Fn(&Fact) -> bool) -> Vec<ObservationId> {
    let ours = met.joined.observations.iter().filter(|observation| observation.end.is_ours());
    ours.filter(|observation| is_such(&observation.fact)).map(|observation| observation.id).collect()
}
