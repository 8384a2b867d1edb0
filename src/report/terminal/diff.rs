//! Two runs beside each other, for people: how calls fare in either, why, and what follows.

use super::text::Page;
use super::{Style, Tone};
use crate::catalog::{self, diff as said};
use crate::model::{Change, Difference, Differences, Effect, Judged, Part, Subject};
use serde_json::Value;

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
    let means = page.safe(&said::means(differences, lang));
    page.line(tone, &format!("{} {means}", said::headline(differences.change, lang)));
    let sides = [&differences.good, &differences.bad];
    if sides.iter().any(|side| side.interrupted) {
        page.line(Tone::Poor, said::INTERRUPTED.to(lang));
    }
    if sides.iter().any(|side| side.redacted) {
        page.line(Tone::Faint, said::REDACTED.to(lang));
    }
    if differences.redacted {
        page.line(Tone::Faint, catalog::page::REDACTED.to(lang));
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
    if !consequences.is_empty() {
        page.heading(said::WHAT_FOLLOWS);
        follow(&mut page, consequences);
    }
    if !others.is_empty() && !brief {
        page.heading(said::ALSO_DIFFERENT);
        for difference in others {
            page.item(Tone::Plain, &titled(&page, difference));
        }
    }
    page.finish()
}

/// In one line those that are not known any more for one reason, and the calls that go one other way.
fn follow(page: &mut Page, consequences: Vec<&Difference>) {
    let mut rest = consequences;
    while let Some(first) = rest.first().copied() {
        let (alike, others): (Vec<&Difference>, Vec<&Difference>) =
            rest.into_iter().partition(|other| std::ptr::eq(*other, first) || went_alike(first, other));
        let line = match alike.as_slice() {
            [one] => titled(page, one),
            several => page.safe(&said::together(several, page.style.lang).unwrap_or_default()),
        };
        page.item(Tone::Plain, &line);
        rest = others;
    }
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

/// With its code, which `explain` takes, where that says more than the title.
fn titled(page: &Page, difference: &Difference) -> String {
    let code = difference.code.filter(|_| difference.bad.as_ref().is_none_or(|bad| bad.why().is_none()));
    let code = code.map_or(String::new(), |code| format!(" [{code}]"));
    format!("{}{code}", page.safe(&difference.words.title))
}

fn explain(page: &mut Page, difference: &Difference) {
    let tone = match difference.effect {
        Effect::Worse => Tone::Bad,
        Effect::Better => Tone::Good,
        Effect::Neither => Tone::Plain,
    };
    let effect = said::effect(difference.effect, page.style.lang).map_or(String::new(), |effect| format!("{effect}: "));
    page.item(tone, &format!("{effect}{}", titled(page, difference)));
    if !difference.words.detail.is_empty() {
        page.indented(Tone::Faint, &page.safe(&difference.words.detail));
    }
    if !difference.words.remedy.is_empty() {
        page.pointed(&page.safe(&difference.words.remedy));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Lang;
    use crate::model::Diagnosis;
    use crate::report::sample;
    use unicode_width::UnicodeWidthStr;

    const WIDE: Style = Style { colour: false, ascii: false, width: 80, lang: Lang::En };

    fn shown(good: &Diagnosis, bad: &Diagnosis, style: Style) -> String {
        let mut differences = crate::diagnose::diff(good, bad);
        said::fill(&mut differences, style.lang);
        render_differences(&differences, style, false)
    }

    #[test]
    fn a_company_beside_a_home_is_shown_on_80_columns() {
        insta::assert_snapshot!(shown(&sample::home_direct(), &sample::company_relay(), WIDE));
    }

    #[test]
    fn blocked_udp_beside_a_home_is_shown_in_korean() {
        let style = Style { lang: Lang::Ko, ..WIDE };
        insta::assert_snapshot!(shown(&sample::home_direct(), &sample::udp_blocked(), style));
    }

    #[test]
    fn a_network_that_got_better_is_shown_on_60_columns_in_ascii() {
        let style = Style { ascii: true, width: 60, ..WIDE };
        insta::assert_snapshot!(shown(&sample::company_relay(), &sample::home_direct(), style));
    }

    #[test]
    fn nothing_different_is_said_to_be_nothing() {
        let text = shown(&sample::home_direct(), &sample::home_direct(), WIDE);
        assert!(text.ends_with("\nNothing that matters to calls is different.\n"), "{text}");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_ascii_is_ascii() {
        let samples = [sample::home_direct(), sample::company_relay(), sample::udp_blocked(), sample::nothing_known()];
        for (good, bad) in samples.iter().flat_map(|good| samples.iter().map(move |bad| (good, bad))) {
            for width in [40, 60, 80] {
                for lang in Lang::ALL {
                    let text = shown(good, bad, Style { width, lang, ..WIDE });
                    assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
                }
            }
            assert!(shown(good, bad, Style { ascii: true, ..WIDE }).is_ascii());
        }
    }
}
