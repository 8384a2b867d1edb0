//! The page of two runs beside each other: how calls fare in either, what explains it, and what follows.

use super::{Cell, Page, Section, Statement, Tone, Topic};
use crate::catalog::{self, Lang, diff as said};
use crate::model::{Change, Difference, Differences, Effect, Judged, Part, Subject};
use serde_json::Value;

/// The page of what is different, whose words the catalogue has filled in.
pub fn of_differences(differences: &Differences, lang: Lang) -> Page {
    let tone = match differences.change {
        Change::Worse => Tone::Bad,
        Change::Better => Tone::Good,
        Change::Same => Tone::Plain,
        Change::Unclear => Tone::Poor,
    };
    let sides = [&differences.good, &differences.bad];
    let interrupted = sides.iter().any(|side| side.interrupted).then_some((Tone::Poor, said::INTERRUPTED));
    let one_redacted = sides.iter().any(|side| side.redacted).then_some((Tone::Faint, said::REDACTED));
    let redacted = differences.redacted.then_some((Tone::Faint, catalog::page::REDACTED));
    let nothing = differences.differences.is_empty().then_some((Tone::Plain, said::NOTHING));
    let remarks = [interrupted, one_redacted, redacted, nothing].into_iter().flatten();
    let of = |part: Part| -> Vec<&Difference> {
        differences.differences.iter().filter(|difference| difference.part == part).collect()
    };
    let follows =
        Section::items(Topic::Consequences, said::WHAT_FOLLOWS.to(lang), followed(of(Part::Consequence), lang));
    let others = of(Part::Other).into_iter().map(titled).collect();
    let others = Section::items(Topic::Others, said::ALSO_DIFFERENT.to(lang), others);
    Page {
        notices: Vec::new(),
        headline: Cell {
            under: vec![said::means(differences, lang)],
            ..Cell::new(tone, said::headline(differences.change, lang))
        },
        remarks: remarks.map(|(tone, remark)| Cell::new(tone, remark.to(lang))).collect(),
        sections: causes(differences, of(Part::Cause), lang).into_iter().chain(follows).chain(others).collect(),
        closing: None,
    }
}

/// What explains the change, or that nothing does.
fn causes(differences: &Differences, causes: Vec<&Difference>, lang: Lang) -> Option<Section> {
    let moved = differences.change != Change::Same;
    let title = if moved { said::WHAT_EXPLAINS_IT } else { said::WHAT_CHANGED }.to(lang);
    let items = match causes.as_slice() {
        [] if moved => vec![Statement { title: said::NO_CAUSE.to(lang).to_owned(), ..Statement::default() }],
        causes => causes.iter().map(|difference| explained(difference, lang)).collect(),
    };
    Section::items(Topic::Causes, title, items)
}

fn explained(difference: &Difference, lang: Lang) -> Statement {
    Statement {
        tone: match difference.effect {
            Effect::Worse => Tone::Bad,
            Effect::Better => Tone::Good,
            Effect::Neither => Tone::Plain,
        },
        label: said::effect(difference.effect, lang),
        detail: difference.words.detail.clone(),
        steps: said::steps(difference, lang),
        ..titled(difference)
    }
}

/// A difference with its code, which `explain` takes, where that says more than the title.
fn titled(difference: &Difference) -> Statement {
    let code = difference.code.filter(|_| difference.bad.as_ref().is_none_or(|bad| bad.why().is_none()));
    Statement { title: difference.words.title.clone(), code, ..Statement::default() }
}

/// Puts into one item those that are not known any more for one reason, and the calls that go one other way.
fn followed(consequences: Vec<&Difference>, lang: Lang) -> Vec<Statement> {
    let mut items = Vec::new();
    let mut rest = consequences;
    while let Some(first) = rest.first().copied() {
        let (alike, others): (Vec<&Difference>, Vec<&Difference>) =
            rest.into_iter().partition(|other| std::ptr::eq(*other, first) || went_alike(first, other));
        items.push(match alike.as_slice() {
            [one] => titled(one),
            several => Statement { title: said::together(several, lang).unwrap_or_default(), ..Statement::default() },
        });
        rest = others;
    }
    items
}

fn went_alike(one: &Difference, other: &Difference) -> bool {
    let why = |difference: &Difference| difference.bad.as_ref().and_then(Judged::why);
    let values = |difference: &Difference| {
        let value = |side: &Option<Judged<Value>>| side.as_ref().and_then(Judged::value).cloned();
        (value(&difference.good), value(&difference.bad))
    };
    let are_calls = [one, other].iter().all(|of| matches!(of.subject, Subject::Path | Subject::Forecast));
    match why(one) {
        Some(reason) => why(other) == Some(reason),
        None => are_calls && why(other).is_none() && values(one) == values(other),
    }
}
