//! Two runs beside each other, as a page: how calls fare in either, what explains it, and all that is different.

use super::{CROSS, ContentsEntry, DOUBT, SCRIPT, STYLE, TICK, json_in_a_page, policy, safe};
use crate::catalog::html::{PageWords, fill};
use crate::catalog::{self, Advice, Lang, diff as said};
use crate::model::{Change, Difference, Differences, Effect, Part};
use askama::Template;

/// How such pages begin, as [`super::BEGINNING`].
pub const DIFF_BEGINNING: &str = "<!doctype html>\n<!-- rtc-doctor-diff/";

#[derive(Template)]
#[template(path = "diff.html", config = "src/report/html/askama.toml", escape = "html")]
struct Page<'a> {
    lang: &'static str,
    schema: &'a str,
    tool: String,
    policy: String,
    style: &'static str,
    script: &'static str,
    title: &'static str,
    skip: &'static str,
    contents: &'static str,
    entries: Vec<ContentsEntry<'a>>,
    tone: &'static str,
    mark: &'static str,
    headline: &'static str,
    means: String,
    notices: Vec<&'static str>,
    causes_title: &'static str,
    no_cause: Option<&'static str>,
    causes: Vec<Cause>,
    tables: Vec<Table>,
    what: &'static str,
    first: &'static str,
    second: &'static str,
    made: String,
    save_json: &'static str,
    json: String,
}

struct Cause {
    class: &'static str,
    effect: Option<&'static str>,
    title: String,
    detail: String,
    steps: Vec<Advice>,
    code: Option<String>,
}

struct Table {
    id: &'static str,
    title: &'static str,
    rows: Vec<[String; 3]>,
}

/// The whole page.
pub fn render_differences(differences: &Differences, lang: Lang) -> askama::Result<String> {
    let w = &PageWords::of(lang);
    let of = |part: Part| differences.differences.iter().filter(move |difference| difference.part == part);
    let causes: Vec<Cause> = of(Part::Cause).map(|difference| cause(difference, lang)).collect();
    let tables =
        [("consequences", said::WHAT_FOLLOWS, Part::Consequence), ("others", said::ALSO_DIFFERENT, Part::Other)];
    let row = |difference| said::row(difference, lang).map(|cell| safe(&cell));
    let tables = tables.map(|(id, title, part)| Table { id, title: title.to(lang), rows: of(part).map(row).collect() });
    let tables: Vec<Table> = tables.into_iter().filter(|table| !table.rows.is_empty()).collect();
    let moved = differences.change != Change::Same;
    let causes_title = if moved { said::WHAT_EXPLAINS_IT } else { said::WHAT_CHANGED }.to(lang);
    let no_cause = if differences.differences.is_empty() { said::NOTHING } else { said::NO_CAUSE };
    let entry = |id, title, count| ContentsEntry { id, title, count: Some(count) };
    let mut entries = vec![entry("causes", causes_title, causes.len())];
    entries.extend(tables.iter().map(|table| entry(table.id, table.title, table.rows.len())));
    let (tone, mark) = match differences.change {
        Change::Worse => ("bad", CROSS),
        Change::Better | Change::Same => ("good", TICK),
        Change::Unclear => ("unknown", DOUBT),
    };
    let version = safe(&differences.tool.version);
    let page = Page {
        lang: lang.code(),
        schema: &differences.schema,
        tool: safe(&format!("{} {}", differences.tool.name, differences.tool.version)),
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
        title: said::TITLE.to(lang),
        skip: w.skip,
        contents: w.contents,
        entries,
        tone,
        mark,
        headline: said::headline(differences.change, lang),
        means: safe(&said::means(differences, lang)),
        notices: notices(differences, lang),
        causes_title,
        no_cause: causes.is_empty().then(|| no_cause.to(lang)),
        causes,
        tables,
        what: said::WHAT.to(lang),
        first: said::FIRST.to(lang),
        second: said::SECOND.to(lang),
        made: fill(w.page_made, &[("version", &version)]),
        save_json: w.save_json,
        json: json_in_a_page(differences)?,
    };
    page.render()
}

fn notices(differences: &Differences, lang: Lang) -> Vec<&'static str> {
    let sides = [&differences.good, &differences.bad];
    let all = [
        (sides.iter().any(|side| side.interrupted), said::INTERRUPTED),
        (sides.iter().any(|side| side.redacted), said::REDACTED),
        (differences.redacted, catalog::page::REDACTED),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, notice)| notice.to(lang)).collect()
}

fn cause(difference: &Difference, lang: Lang) -> Cause {
    Cause {
        class: match difference.effect {
            Effect::Worse => "critical",
            Effect::Better | Effect::Neither => "info",
        },
        effect: said::effect(difference.effect, lang),
        title: safe(&difference.words.title),
        detail: safe(&difference.words.detail),
        steps: said::steps(difference, lang)
            .into_iter()
            .map(|step| Advice { what: safe(&step.what), ..step })
            .collect(),
        code: difference.code.map(|code| code.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::diff;
    use crate::report::html::tests::hostile;
    use crate::report::sample;

    fn page(lang: Lang) -> String {
        let mut differences = diff(&sample::home_direct(), &sample::company_relay());
        said::fill(&mut differences, lang);
        render_differences(&differences, lang).expect("a page")
    }

    #[test]
    fn a_page_says_first_which_is_worse_and_then_why() {
        let page = page(Lang::En);
        assert!(page.starts_with(DIFF_BEGINNING));
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}"));
        let verdict = at("The second is worse for calls.</h1>");
        let cause = at("mapping (IPv4): endpoint-independent → address-and-port-dependent");
        let consequence = at("<th scope=\"row\">a call with a typical home router</th><td>direct</td>");
        assert!(verdict < cause && cause < consequence, "{page}");
    }

    #[test]
    fn a_page_is_in_the_language_asked_for() {
        let page = page(Lang::Ko);
        assert!(page.contains("<html lang=\"ko\">") && page.contains("두 번째가 통화에 더 나쁩니다."));
        assert!(!page.contains("What explains it"));
    }

    #[test]
    fn a_strangers_text_is_text_and_nothing_is_fetched() {
        for (good, bad) in [(sample::home_direct(), hostile()), (hostile(), sample::home_direct())] {
            let mut differences = diff(&good, &bad);
            said::fill(&mut differences, Lang::En);
            let page = render_differences(&differences, Lang::En).expect("a page");
            assert!(!page.contains("<img") && !page.contains("<script>document"), "{page}");
            assert_eq!(page.matches("<script").count(), 2);
            assert_eq!(page.matches("default-src &#39;none&#39;").count(), 1);
            for fetched in ["<link", "<iframe", "url(", "@import", "href=\"http"] {
                assert!(!page.replace(STYLE, "").replace(SCRIPT, "").contains(fetched), "{fetched}");
            }
        }
    }

    #[test]
    fn the_data_can_be_taken_from_the_page() {
        let page = page(Lang::En);
        let json =
            page.split_once("id=\"diagnosis\">").and_then(|(_, rest)| rest.split_once("</script>")).expect("is there");
        assert!(serde_json::from_str::<Differences>(json.0).expect("is the document").bad.path.value().is_some());
    }
}
