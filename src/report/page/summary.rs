//! The verdict: in one sentence, for whom it holds, why, and what single change would make the path direct.

use super::{Cell, Section, Statement, Tone, Topic, title};
use crate::catalog::call_outcome::EndedCall;
use crate::catalog::two_ends::{self, TwoEnds};
use crate::catalog::{self, Lang, page as said};
use crate::model::{Code, Detail, Diagnosis, Exit, Group, Millis, PairState, Path, Question};

pub(super) fn notices(diagnosis: &Diagnosis, lang: Lang) -> Vec<Cell> {
    let interrupted = Cell::new(Tone::Poor, said::INTERRUPTED.to(lang));
    diagnosis.interrupted.then_some(interrupted).into_iter().collect()
}

pub(super) fn headline(diagnosis: &Diagnosis, lang: Lang) -> Cell {
    let sentence = if diagnosis.is_of_two() {
        two_ends::verdict(&outcome(diagnosis), lang)
    } else if diagnosis.has_found(Code::SavedCall) {
        catalog::saved_verdict(&diagnosis.verdict.path, lang).to_owned()
    } else if diagnosis.exit() == Exit::ServersWork {
        catalog::servers_verdict(lang).to_owned()
    } else if let Some(found) = diagnosis.left_without() {
        catalog::left_without(found, lang)
    } else {
        catalog::path_verdict(diagnosis.verdict.path.value().copied(), lang).to_owned()
    };
    Cell::new(diagnosis.gravity().into(), sentence)
}

pub(super) fn remarks(diagnosis: &Diagnosis, lang: Lang) -> Vec<Cell> {
    let is_known = diagnosis.verdict.path.value().is_some();
    // A call that came to nothing by its descriptions has no pairs and no media, and was a call.
    let was_called = diagnosis.observations.iter().any(|seen| seen.by.question == Question::Signalling);
    let holds = match (is_known, diagnosis.is_of_two()) {
        // What a file tells holds for its call, and nothing was tried with others.
        (true, false) if diagnosis.has_found(Code::SavedCall) => None,
        (true, false) => Some(catalog::verdict_holds_for(diagnosis.asked_only_this_machine(), lang)),
        (true, true) if diagnosis.verdict.tried.is_none() && diagnosis.call.is_none() && !was_called => {
            Some(two_ends::PREDICTED_ONLY.to(lang))
        }
        (_, _) => None,
    };
    let redacted = diagnosis.redacted.then(|| said::REDACTED.to(lang));
    holds.into_iter().chain(redacted).map(|remark| Cell::new(Tone::Faint, remark)).collect()
}

/// What a call between two ends came to, for its first sentence.
fn outcome(diagnosis: &Diagnosis) -> TwoEnds {
    let verdict = &diagnosis.verdict;
    let pair = diagnosis.verdicts_pair();
    // Ends that were told to use relays alone prove nothing of a direct path.
    let is_tried = |predicted: &Path| {
        let checked = |pair: &&crate::model::Pair| pair.state != PairState::NotChecked;
        *predicted != Path::Direct
            || diagnosis.pairs.iter().filter(checked).any(|pair| !pair.is_relayed())
            || !diagnosis.pairs.iter().any(|pair| checked(&pair))
    };
    let blames = diagnosis.findings.iter().find(|finding| finding.code == Code::OwnRelayedOverStream);
    TwoEnds {
        predicted: verdict.predicted.as_ref().and_then(|path| path.value().copied()).filter(is_tried),
        tried: verdict.tried.as_ref().map(|path| path.value().copied()),
        ruled_out: verdict.path.value() == Some(&Path::None)
            && verdict.tried.as_ref().and_then(|tried| tried.value()).is_none()
            && verdict.predicted.as_ref().and_then(|predicted| predicted.value()) != Some(&Path::None),
        rtt: pair.and_then(|pair| pair.rtt_ms).map(|rtt| said::milliseconds(rtt.median)),
        relay: pair.and_then(crate::model::Pair::relay_transport),
        cause: verdict.because.first().copied(),
        open_udp_to: blames.and_then(|finding| finding.about.server.clone()),
        ended: diagnosis.call.as_ref().map(|call| EndedCall {
            outcome: call.outcome,
            broken: call.broken.clone(),
            fault: diagnosis
                .findings
                .iter()
                .map(|finding| finding.code)
                .find(|code| code.group() == Group::Calls || *code == Code::SavedPeerCandidatesLost)
                .or(verdict.path.why().filter(|why| matches!(why, Code::NoPairs | Code::PeerLeft))),
            relay_died: diagnosis.has_found(Code::CallRelayDied),
            stood_still: diagnosis
                .findings
                .iter()
                .filter(|finding| matches!(finding.code, Code::SavedCallStoodStill | Code::SavedCallRestored))
                .filter_map(|finding| finding.about.time)
                .map(|time| Millis::from(time.0))
                .max(),
            path: call.selected.as_ref().map(crate::model::SelectedPair::path),
            relay: call.selected.as_ref().and_then(crate::model::SelectedPair::relay_transport),
        }),
    }
}

pub(super) fn why(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let verdict = &diagnosis.verdict;
    let unknown = verdict.path.why().filter(|why| !verdict.because.contains(why));
    let item = |code: Code| {
        let plain = catalog::html::because(code, lang);
        Statement { title: title(code, lang), detail: plain.unwrap_or_default().to_owned(), ..Statement::default() }
    };
    let reasons = verdict.because.iter().copied().chain(unknown);
    Section::items(Topic::Why, said::WHY.to(lang), reasons.map(item).collect())
}

pub(super) fn changes(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let item = |code: &Code| {
        let words = catalog::words(*code, &Detail::default(), lang);
        Statement {
            steps: catalog::advice(*code, &Detail::default(), lang),
            title: words.title,
            ..Statement::default()
        }
    };
    let items = diagnosis.verdict.direct_if.iter().map(item).collect();
    Section::items(Topic::Changes, said::WHAT_WOULD_CHANGE_THAT.to(lang), items)
}
