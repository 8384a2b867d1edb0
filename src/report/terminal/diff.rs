//! Two runs beside each other, for people: how calls fare in either, why, and what follows.

use super::text::Page;
use super::{Style, Tone};
use crate::catalog::diff as said;
use crate::model::{Change, Difference, Differences, Effect, Part};

/// Where `brief`, without what explains nothing.
pub fn render_differences(differences: &Differences, style: Style, brief: bool) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    let tone = match differences.change {
        Change::Worse => Tone::Bad,
        Change::Better => Tone::Good,
        Change::Same => Tone::Bold,
        Change::Unclear => Tone::Poor,
    };
    page.line(tone, &page.safe(&said::verdict(differences, lang)));
    let sides = [&differences.good, &differences.bad];
    if sides.iter().any(|side| side.interrupted) {
        page.line(Tone::Poor, said::INTERRUPTED.to(lang));
    }
    if sides.iter().any(|side| side.redacted) {
        page.line(Tone::Faint, said::REDACTED.to(lang));
    }
    let of = |part: Part| -> Vec<&Difference> {
        differences.differences.iter().filter(|difference| difference.part == part).collect()
    };
    let (causes, consequences, others) = (of(Part::Cause), of(Part::Consequence), of(Part::Other));
    let moved = matches!(differences.change, Change::Worse | Change::Better | Change::Unclear);
    if differences.differences.is_empty() {
        page.gap();
        page.line(Tone::Plain, said::NOTHING.to(lang));
    }
    if !causes.is_empty() {
        page.heading(if moved { said::WHAT_EXPLAINS_IT } else { said::WHAT_CHANGED });
        causes.into_iter().for_each(|difference| explain(&mut page, difference));
    } else if moved {
        page.heading(said::WHAT_EXPLAINS_IT);
        page.item(Tone::Plain, said::NO_CAUSE.to(lang));
    }
    for (heading, differences) in [(said::WHAT_FOLLOWS, consequences), (said::ALSO_DIFFERENT, others)] {
        if differences.is_empty() || (brief && heading == said::ALSO_DIFFERENT) {
            continue;
        }
        page.heading(heading);
        for difference in differences {
            page.item(Tone::Plain, &page.safe(&difference.words.title));
        }
    }
    page.finish()
}

fn explain(page: &mut Page, difference: &Difference) {
    let tone = match difference.effect {
        Effect::Worse => Tone::Bad,
        Effect::Better => Tone::Good,
        Effect::Neither => Tone::Plain,
    };
    let effect = said::effect(difference.effect, page.style.lang).map_or(String::new(), |effect| format!("{effect}: "));
    let code = difference.code.map_or(String::new(), |code| format!(" [{code}]"));
    page.item(tone, &format!("{effect}{}{code}", page.safe(&difference.words.title)));
    if !difference.words.detail.is_empty() {
        page.indented(Tone::Faint, &page.safe(&difference.words.detail));
    }
    if !difference.words.remedy.is_empty() {
        page.pointed(&page.safe(&difference.words.remedy));
    }
}
