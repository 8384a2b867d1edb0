//! The diagnosis for support staff: one page that says at its top, to people who have never heard of STUN, what is wrong
//! and what to do, and holds all the evidence below.
//!
//! It adds no meaning of its own: whatever stands on it is in the [`Diagnosis`], which is in it too, as JSON. The page
//! asks for nothing from anywhere: its security policy lets in only its own style and its own script, by their hashes,
//! and the script only searches, copies and saves. What a stranger said is text: askama escapes it, and what cannot be
//! seen, `safe` shows.

mod call;
mod diff;
mod evidence;
mod findings;
mod firewall_request;
mod forecast;
mod latencies;
mod path_diagram;
mod round_trips;
mod servers;
mod table;

use super::escape::{escape, is_invisible};
use super::json;
use super::page::{self as told, Topic};
use crate::catalog::html::{self as page, ReportWords, fill};
use crate::catalog::page::duration;
use crate::catalog::{self, Advice, Lang, two_ends as said};
use crate::model::{Diagnosis, Gravity, Judged, Path, Severity};
use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
pub use diff::{DIFF_BEGINNING, render_differences};
use findings::{DirectChange, ToDo};

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// How our pages begin, up to the version of the schema: by it one may be overwritten by another.
pub const BEGINNING: &str = "<!doctype html>\n<!-- rtc-doctor/";

#[derive(Template)]
#[template(path = "page.html", config = "src/report/html/askama.toml", escape = "html")]
struct Page<'a> {
    w: &'a ReportWords,
    lang: &'static str,
    schema: &'a str,
    tool: String,
    policy: String,
    style: &'static str,
    script: &'static str,
    measured: String,
    contents: Vec<ContentsEntry<'a>>,
    summary: Summary,
    steps: Vec<ToDo>,
    changes: Vec<DirectChange>,
    forecast: Option<table::View>,
    forecast_picture: String,
    forecast_alike: String,
    groups: Vec<findings::BySeverity>,
    network: Option<table::View>,
    absent_families: Vec<String>,
    round_trips: String,
    servers: Vec<servers::View>,
    candidates: Option<table::View>,
    pairs: Option<table::View>,
    latencies: latencies::View,
    call: Option<call::View>,
    own_calls: Vec<call::OwnRow>,
    firewall_request: firewall_request::View,
    observations: Vec<evidence::Row>,
    method: HowMeasured,
    json: String,
}

struct ContentsEntry<'a> {
    id: &'static str,
    title: &'a str,
    count: Option<usize>,
}

struct Summary {
    tone: &'static str,
    mark: &'static str,
    headline: String,
    means: &'static str,
    /// What was predicted beside what was tried; empty of one end.
    both: Vec<(&'static str, String)>,
    remarks: Vec<String>,
    because: Vec<String>,
    first: Option<Advice>,
    notices: Vec<String>,
    diagram_wide: String,
    diagram_tall: String,
    legend: Vec<LegendKey>,
}

struct LegendKey {
    class: &'static str,
    text: &'static str,
}

struct HowMeasured {
    lead: String,
    own_choice: bool,
    targets: Vec<String>,
    made: String,
}

/// The whole page.
pub fn render(diagnosis: &Diagnosis, lang: Lang) -> askama::Result<String> {
    let w = &ReportWords::of(lang);
    let told = told::of(diagnosis, lang);
    let steps = findings::to_do(&told, diagnosis);
    let changes = findings::changes(&told);
    let table = |topic: Topic| table::view(&told, topic, w);
    let (forecast_picture, forecast_alike) = forecast::picture_or_sentence(&diagnosis.verdict.forecast, w, lang);
    let page = Page {
        lang: lang.code(),
        schema: &diagnosis.schema,
        tool: safe(&format!("{} {}", diagnosis.tool.name, diagnosis.tool.version)),
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
        measured: fill(w.measured_in, &[("time", &duration(diagnosis.took_ms, lang))]),
        contents: contents(diagnosis, &told, w),
        summary: summary(diagnosis, &told, &steps, &changes, w, lang),
        forecast: table(Topic::Forecast),
        forecast_picture,
        forecast_alike,
        groups: findings::groups(diagnosis, w, lang),
        network: table(Topic::Network),
        absent_families: absent_families(diagnosis, w),
        round_trips: round_trips::view(diagnosis, w),
        servers: servers::views(diagnosis, w, lang),
        candidates: table(Topic::Candidates),
        pairs: table(Topic::Pairs),
        latencies: latencies::view(diagnosis, w),
        call: call::view(diagnosis, w, lang),
        own_calls: call::own(diagnosis, w, lang),
        firewall_request: firewall_request::view(diagnosis, w, lang),
        observations: diagnosis.observations.iter().map(|observation| evidence::row(observation, lang)).collect(),
        method: method(diagnosis, w, lang),
        json: json_in_a_page(diagnosis)?,
        steps,
        changes,
        w,
    };
    page.render()
}

/// A stranger's text with nothing hidden in it. The page's template escapes what means something in HTML.
fn safe(text: &str) -> String {
    // Nearly always there is nothing to be done.
    if text.chars().any(|c| c.is_control() || is_invisible(c)) { escape(text, false) } else { text.to_owned() }
}

/// Nothing may be fetched; only this style and this script are taken, and pictures that stand in the page.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, text.as_bytes())));
    format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// The document where no markup can end its element. What cannot be seen is escaped in it already.
fn json_in_a_page(document: &impl serde::Serialize) -> askama::Result<String> {
    let document = json::write(document, false).map_err(askama::Error::custom)?;
    Ok(document.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

fn contents<'a>(diagnosis: &Diagnosis, told: &told::Page, w: &'a ReportWords) -> Vec<ContentsEntry<'a>> {
    let entry = |id, title, count| ContentsEntry { id, title, count };
    let mut entries = vec![entry("to-do", w.to_do, None)];
    if told.section(Topic::Forecast).is_some() {
        entries.push(entry("forecast", w.forecast, None));
    }
    entries.extend([
        entry("findings", w.findings, Some(diagnosis.findings.len())),
        entry("network", w.network, None),
        entry("servers", w.servers, Some(diagnosis.servers.len())),
        entry("candidates", w.candidates, Some(diagnosis.candidates.len())),
    ]);
    if !diagnosis.pairs.is_empty() {
        entries.push(entry("pairs", w.pairs, Some(diagnosis.pairs.len())));
    }
    if diagnosis.call.is_some() {
        entries.push(entry("call", w.call, None));
    }
    entries.extend([
        entry("firewall-request", w.firewall_request, None),
        entry("observations", w.observations, Some(diagnosis.observations.len())),
        entry("method", w.method, None),
    ]);
    entries
}

fn summary(
    diagnosis: &Diagnosis,
    told: &told::Page,
    steps: &[ToDo],
    changes: &[DirectChange],
    w: &ReportWords,
    lang: Lang,
) -> Summary {
    let gravity = diagnosis.gravity();
    let outcome = diagnosis.decisive_outcome();
    let path = diagnosis.verdict.path.value().copied();
    let diagram = path_diagram::PathDiagram::of(diagnosis, w);
    let legend = diagram.ways().into_iter().map(|way| LegendKey {
        class: way.class(),
        text: match way {
            path_diagram::Way::Chosen => w.legend_chosen,
            path_diagram::Way::Blocked => w.legend_blocked,
            path_diagram::Way::Reserve => w.legend_reserve,
            path_diagram::Way::Unknown | path_diagram::Way::Absent => w.legend_unknown,
        },
    });
    Summary {
        tone: match gravity {
            Gravity::Fine => "good",
            Gravity::Relayed | Gravity::Degraded => "poor",
            Gravity::Broken => "bad",
            Gravity::Unknown => "unknown",
        },
        mark: match gravity {
            Gravity::Fine => TICK,
            Gravity::Relayed => DETOUR,
            Gravity::Broken => CROSS,
            Gravity::Degraded | Gravity::Unknown => DOUBT,
        },
        headline: safe(&told.headline.text),
        means: outcome.map_or_else(
            || page::verdict_means(path, diagnosis.is_of_two(), lang),
            |outcome| page::came_out(outcome, lang),
        ),
        both: both(diagnosis, w, lang),
        remarks: told.remarks.iter().map(|remark| safe(&remark.text)).collect(),
        because: because(diagnosis, told),
        first: steps.first().map(|to_do| &to_do.step).or_else(|| changes.first()?.steps.first()).cloned(),
        notices: told.notices.iter().map(|notice| safe(&notice.text)).collect(),
        diagram_wide: diagram.wide(w),
        diagram_tall: diagram.tall(w),
        legend: legend.collect(),
    }
}

/// The reasons of the verdict.
fn because(diagnosis: &Diagnosis, told: &told::Page) -> Vec<String> {
    // What is worst may be no reason of the verdict, as a page that wants a log-in before anything could be tested.
    let worst = diagnosis.findings.iter().find(|finding| finding.severity == Severity::Critical);
    let worst = worst.filter(|worst| !diagnosis.verdict.because.contains(&worst.code));
    worst.map(|worst| safe(&worst.words.title)).into_iter().chain(findings::reasons(told)).collect()
}

/// Those in which this machine has no way out.
fn absent_families(diagnosis: &Diagnosis, w: &ReportWords) -> Vec<String> {
    let families = [("IPv4", &diagnosis.nat.ipv4), ("IPv6", &diagnosis.nat.ipv6)];
    let absent = families.iter().filter(|(_, nat)| nat.is_none());
    absent.map(|(family, _)| fill(w.no_family, &[("family", family)])).collect()
}

/// What the two checks let expect, and what became of it; empty where only one end is known.
fn both(diagnosis: &Diagnosis, w: &ReportWords, lang: Lang) -> Vec<(&'static str, String)> {
    let Some(predicted) = &diagnosis.verdict.predicted else { return Vec::new() };
    let told = |path: &Judged<Path>| match (path.value(), path.why()) {
        (Some(path), _) => catalog::path(*path, lang).to_owned(),
        (None, Some(why)) => fill(w.not_known_why, &[("why", &told::title(why, lang))]),
        (None, None) => w.not_known.to_owned(),
    };
    let tried = diagnosis.verdict.tried.as_ref().map_or_else(|| said::NOT_TRIED.to(lang).to_owned(), told);
    vec![(said::PREDICTED.to(lang), told(predicted)), (said::TRIED.to(lang), tried)]
}

fn method(diagnosis: &Diagnosis, w: &ReportWords, lang: Lang) -> HowMeasured {
    let (version, took) = (safe(&diagnosis.tool.version), duration(diagnosis.took_ms, lang));
    let known = diagnosis.nat_known_ms.map(|ms| duration(ms, lang));
    let template = if known.is_some() { w.method_lead } else { w.method_lead_unknown };
    let values = [("version", version.as_str()), ("took", &took), ("known", known.as_deref().unwrap_or_default())];
    HowMeasured {
        lead: fill(template, &values),
        own_choice: diagnosis.chosen_by_tool,
        targets: diagnosis.targets.iter().map(|target| safe(&target.uri())).collect(),
        made: fill(w.page_made, &[("version", &version)]),
    }
}

/// Symbols, drawn on squares of 36 pixels.
const TICK: &str = "<svg viewBox=\"0 0 36 36\"><path d=\"M10 18.5l5.5 5.5L26 13\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3.4\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>";
const DETOUR: &str = "<svg viewBox=\"0 0 36 36\"><path d=\"M8 24C11 10 25 10 28 23M28.5 16v7.5H21\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3.2\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>";
const CROSS: &str = "<svg viewBox=\"0 0 36 36\"><path d=\"M12 12l12 12M24 12L12 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3.4\" stroke-linecap=\"round\"/></svg>";
const DOUBT: &str = "<svg viewBox=\"0 0 36 36\"><path d=\"M13 14a5 5 0 1 1 7.5 4.4c-1.7 1-2.5 1.8-2.5 3.6M18 26.5h.01\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3.2\" stroke-linecap=\"round\"/></svg>";

#[cfg(test)]
pub(super) mod tests;
