//! Two runs beside each other, as a page: how calls fare in either, what explains it, and all that is different.

use super::findings::{items, shown};
use super::{CROSS, ContentsEntry, DOUBT, SCRIPT, STYLE, TICK, json_in_a_page, policy, safe};
use crate::catalog::html::{ReportWords, fill};
use crate::catalog::{Advice, Lang, diff as said};
use crate::model::{Code, Differences, Part};
use crate::report::page::{self as told, Statement, Tone, Topic};
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
    headline: String,
    means: Vec<String>,
    notices: Vec<String>,
    causes: Option<Causes<'a>>,
    tables: Vec<Table>,
    what: &'static str,
    first: &'static str,
    second: &'static str,
    made: String,
    save_json: &'static str,
    json: String,
}

struct Causes<'a> {
    title: &'a str,
    causes: Vec<Cause>,
}

struct Cause {
    class: &'static str,
    effect: Option<&'static str>,
    title: String,
    detail: String,
    steps: Vec<Advice>,
    code: Option<Code>,
}

struct Table {
    id: &'static str,
    title: &'static str,
    rows: Vec<[String; 3]>,
}

/// The whole page.
pub fn render_differences(differences: &Differences, lang: Lang) -> askama::Result<String> {
    let w = &ReportWords::of(lang);
    let told = told::of_differences(differences, lang);
    let causes = told.section(Topic::Causes).map(|section| Causes {
        title: &section.title,
        causes: items(&told, Topic::Causes).iter().map(cause).collect(),
    });
    let tables = tables(differences, lang);
    let entry = |id, title, count| ContentsEntry { id, title, count: Some(count) };
    let mut entries: Vec<ContentsEntry<'_>> =
        causes.iter().map(|causes| entry("causes", causes.title, causes.causes.len())).collect();
    entries.extend(tables.iter().map(|table| entry(table.id, table.title, table.rows.len())));
    let (tone, mark) = match told.headline.tone {
        Tone::Bad => ("bad", CROSS),
        Tone::Good | Tone::Plain => ("good", TICK),
        Tone::Poor | Tone::Faint => ("unknown", DOUBT),
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
        headline: safe(&told.headline.text),
        means: told.headline.under.iter().map(|means| safe(means)).collect(),
        notices: told.notices.iter().chain(&told.remarks).map(|notice| safe(&notice.text)).collect(),
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

/// What follows from the causes and what is different beside, row by row: where other faces say it in lines.
fn tables(differences: &Differences, lang: Lang) -> Vec<Table> {
    let tables =
        [("consequences", said::WHAT_FOLLOWS, Part::Consequence), ("others", said::ALSO_DIFFERENT, Part::Other)];
    let tables = tables.map(|(id, title, part)| {
        let rows = differences.differences.iter().filter(|difference| difference.part == part);
        let rows = rows.map(|difference| said::row(difference, lang).map(|cell| safe(&cell))).collect();
        Table { id, title: title.to(lang), rows }
    });
    tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

fn cause(item: &Statement) -> Cause {
    Cause {
        class: if item.tone == Tone::Bad { "critical" } else { "info" },
        effect: item.label,
        title: safe(&item.title),
        detail: safe(&item.detail),
        steps: shown(&item.steps),
        code: item.code,
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
