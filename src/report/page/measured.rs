//! All that was measured, in a line each: for who wants the tables only where a line makes curious.

use super::network::Answer;
use super::{Cell, Line, Section, Tone, Topic, candidates, network, servers};
use crate::catalog::{self, Lang, Said, page as said, two_ends};
use crate::model::{CandidateType, Code, Diagnosis, Judged, Nat, Pair, PairState, Path, ServerHealth, ServerUri};

/// Servers of one result that are named; the details have the rest.
const SERVERS_NAMED: usize = 2;

pub(super) fn section(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let line = |name: Said, cell: Cell| Line { name: Some(name.to(lang)), cell };
    let mut lines = Vec::new();
    for (name, nat) in network::families(diagnosis) {
        lines.push(Line { name: Some(name), cell: behaviour(nat, lang) });
    }
    lines.extend(calls(diagnosis, lang).map(|cell| line(said::CALLS, cell)));
    lines.extend(asked(diagnosis, lang).map(|cell| line(said::ASKED, cell)));
    lines.extend(offered(diagnosis).map(|cell| line(said::OFFERED, cell)));
    lines.extend(checked(&diagnosis.pairs, lang).map(|cell| line(two_ends::PAIRS_SHORT, cell)));
    Section::lines(Topic::Measured, said::MEASURED.to(lang), lines)
}

/// What is known; of mapping and filtering, which decide, also why they are not.
fn behaviour(nat: &Nat, lang: Lang) -> Cell {
    let [translated, public, mapping, filtering, others @ ..] = network::answers(nat, lang);
    let told = |answer: &Answer| format!("{} {}", answer.name.text, answer.value.text);
    let mut parts: Vec<String> =
        [&translated, &public].into_iter().filter(|answer| answer.is_known).map(told).collect();
    if mapping.value.text == filtering.value.text && !mapping.is_known {
        parts.push(format!("{}, {}", mapping.name.text, told(&filtering)));
    } else {
        parts.extend([&mapping, &filtering].map(told));
    }
    parts.extend(others.iter().filter(|answer| answer.is_known).map(told));
    Cell::plain(parts.join(" · "))
}

/// The kinds of peer, by how a call with them goes.
fn calls(diagnosis: &Diagnosis, lang: Lang) -> Option<Cell> {
    let forecast = network::foretold(diagnosis)?;
    let mut ways: Vec<(&Judged<Path>, Vec<&str>)> = Vec::new();
    for one in forecast {
        let is_same =
            |(path, _): &&mut (&Judged<Path>, _)| (path.value(), path.why()) == (one.path.value(), one.path.why());
        let peer = catalog::peer(one.peer, lang);
        match ways.iter_mut().find(is_same) {
            Some((_, peers)) => peers.push(peer),
            None => ways.push((&one.path, vec![peer])),
        }
    }
    let told: Vec<String> = match ways.as_slice() {
        [(path, _)] => vec![said::with_everyone(&network::goes(path, lang).text, lang)],
        ways => ways
            .iter()
            .map(|(path, peers)| format!("{}: {}", network::goes(path, lang).text, peers.join(", ")))
            .collect(),
    };
    Some(Cell::plain(told.join("; ")))
}

/// How many servers pass, and which do not.
fn asked(diagnosis: &Diagnosis, lang: Lang) -> Option<Cell> {
    let all = diagnosis.servers.len();
    let are_untold = diagnosis.servers.iter().all(|server| server.health() == ServerHealth::NotTested);
    if all > 0 && are_untold && diagnosis.has_found(Code::SavedCall) {
        // Nothing was asked of them: what is known is whether the browser learnt an address from each.
        let gave = diagnosis.servers.iter().filter(|server| gave_candidate(diagnosis, &server.uri)).count();
        return Some(Cell::plain(said::so_many_gave(gave, all, lang)));
    }
    let of = |health: ServerHealth| diagnosis.servers.iter().filter(move |server| server.health() == health);
    let mut told = vec![said::so_many_pass(of(ServerHealth::Passes).count(), all, lang)];
    let others = [ServerHealth::Refuses, ServerHealth::Fails, ServerHealth::Silent, ServerHealth::NotTested];
    for health in others {
        let mut uris: Vec<&str> = of(health).map(|server| server.uri.as_str()).collect();
        uris.dedup();
        let more = uris.len().saturating_sub(SERVERS_NAMED);
        let named = uris.iter().take(SERVERS_NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" (+{more})") } else { String::new() };
        if !named.is_empty() {
            told.push(format!("{}: {named}{more}", servers::health_name(health, lang)));
        }
    }
    let tone = if of(ServerHealth::Passes).count() == all { Tone::Plain } else { Tone::Poor };
    (all > 0).then(|| Cell::new(tone, told.join("; ")))
}

fn gave_candidate(diagnosis: &Diagnosis, server: &ServerUri) -> bool {
    let asked = |uri: &ServerUri| {
        let target = uri.target()?;
        Some((target.scheme.relays(), target.host.clone(), target.port_or_default(), target.transport))
    };
    let server = asked(server);
    diagnosis.candidates.iter().filter_map(|candidate| candidate.server.as_ref()).any(|uri| asked(uri) == server)
}

/// How many candidates of each type a browser here would offer.
fn offered(diagnosis: &Diagnosis) -> Option<Cell> {
    let types = [CandidateType::Host, CandidateType::Srflx, CandidateType::Prflx, CandidateType::Relay];
    let counted =
        types.map(|kind| (kind, diagnosis.candidates.iter().filter(|candidate| candidate.kind == kind).count()));
    let there = counted.iter().filter(|(_, count)| *count > 0);
    let told: Vec<String> = there.map(|(kind, count)| format!("{count} {}", catalog::candidate_type(*kind))).collect();
    (!told.is_empty()).then(|| Cell::plain(told.join(", ")))
}

/// The pair that carries the call, and how many others do what.
fn checked(pairs: &[Pair], lang: Lang) -> Option<Cell> {
    let nominated = pairs.iter().find(|pair| pair.nominated);
    let mut told: Vec<String> = nominated
        .map(|pair| {
            let ends = format!("{} – {}", candidates::endpoint(&pair.local), candidates::endpoint(&pair.remote));
            let round_trips = candidates::round_trips(pair, lang).map_or(String::new(), |told| format!(", {told}"));
            format!("{ends} {}{round_trips}", two_ends::CHOSEN.to(lang))
        })
        .into_iter()
        .collect();
    for state in [PairState::Succeeded, PairState::Failed, PairState::NotChecked] {
        let count = pairs.iter().filter(|pair| pair.state == state && !pair.nominated).count();
        if count > 0 {
            told.push(format!("{count} {}", two_ends::state(state, lang)));
        }
    }
    (!told.is_empty()).then(|| Cell::plain(told.join("; ")))
}
