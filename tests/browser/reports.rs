//! The HTML reports as a browser has them: every sample of `reports/`, one in which every stranger lies, in both
//! languages, light and dark. Pictures of them, and how they are printed, are left in `target/reports`, to be looked at.

use super::Test;
use super::cdp::{Browser, Page, Scheme};
use super::tools;
use rtc_doctor::catalog::{self, Lang};
use rtc_doctor::diagnose::diff;
use rtc_doctor::model::{Diagnosis, Path as CallPath};
use rtc_doctor::report::html;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("every_sample_is_quiet_and_fits_a_telephone", samples),
    ("a_report_full_of_lies_runs_nothing_and_fetches_nothing", lies),
    ("two_runs_beside_each_other_are_quiet_accessible_and_fit_a_telephone", differences),
    ("axe_finds_no_violation_in_any_language_or_light", accessible),
    ("what_the_script_does_works_and_without_it_all_is_there", script),
];

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The JSON of every sample by its name.
fn documents() -> BTreeMap<String, Value> {
    let folder = home().join("reports/samples");
    let files = fs::read_dir(folder).expect("the samples").map(|entry| entry.expect("an entry").path());
    let documents = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let read = |path: PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let document = serde_json::from_str(&fs::read_to_string(path).expect("readable")).expect("JSON");
        (name, document)
    };
    let documents: BTreeMap<String, Value> = documents.map(read).collect();
    assert!(documents.len() >= 6, "{:?}", documents.keys());
    documents
}

/// The page of a document, as a file for the browser.
fn page(document: &Value, lang: Lang, name: &str) -> PathBuf {
    let mut diagnosis: Diagnosis = serde_json::from_value(document.clone()).expect("a diagnosis");
    catalog::fill(&mut diagnosis, lang);
    keep(&format!("{name}.{}.html", lang.code()), html::render(&diagnosis, lang).expect("a page").as_bytes())
}

fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = home().join("target/reports");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, bytes).expect("written");
    path
}

/// Nothing was asked for but the page itself, nothing is complained of, and the title is ours.
fn assert_quiet(page: &Page<'_>, name: &str) {
    assert_eq!(page.complaints(), Vec::<String>::new(), "{name}");
    let requests = page.requests();
    assert!(requests.len() == 1 && requests[0].starts_with("file://"), "{name}: {requests:?}");
}

fn samples() {
    let browser = Browser::start();
    for (name, document) in documents() {
        let file = page(&document, Lang::En, &name);
        // The pages of a few are kept.
        let kept = fs::read(home().join("reports/samples").join(format!("{name}.html")));
        let is_old = kept.is_ok_and(|kept| fs::read(&file).expect("a page") != kept);
        assert!(!is_old, "reports/samples/{name}.html is old: see tests/it/reports/samples.rs");
        let page = browser.page();
        for (width, height, scheme) in [(1280, 860, Scheme::Light), (390, 844, Scheme::Dark)] {
            page.resize(width, height);
            page.prefer(scheme);
            page.open_file(&file);
            assert_quiet(&page, &name);
            let wide = page.eval("document.documentElement.scrollWidth - innerWidth");
            assert_eq!(wide, 0, "{name} is wider than {width} pixels");
            // The first screen holds the verdict and, where something is wrong, the first step.
            let lowest = page.eval(
                "Math.max(...[...document.querySelectorAll('.summary h1, .summary .both, .summary .brief > div')].map(e => \
                 e.getBoundingClientRect().bottom))",
            );
            assert!(lowest.as_f64().is_some_and(|bottom| bottom < f64::from(height)), "{name} at {width}: {lowest}");
            keep(&format!("{name}-{width}.png"), &page.screenshot(false));
        }
        keep(&format!("{name}.pdf"), &page.pdf());
    }
}

/// One network that works beside one that does not, the other way around, beside itself, and two whole calls.
fn differences() {
    let Some(axe) = tools::axe() else { panic!("axe-core is not installed: .ci/test does it") };
    let browser = Browser::start();
    let page = browser.page();
    let documents = documents();
    let read = |name: &str| serde_json::from_value::<Diagnosis>(documents[name].clone()).expect("a diagnosis");
    for (first, second) in [("home", "corporate"), ("hotel", "home"), ("home", "home"), ("call-direct", "call-relayed")]
    {
        let mut found = diff(&read(first), &read(second));
        for (lang, width, scheme) in [
            (Lang::En, 1280, Scheme::Light),
            (Lang::En, 390, Scheme::Dark),
            (Lang::Ko, 1280, Scheme::Dark),
            (Lang::Ko, 390, Scheme::Light),
        ] {
            let name = format!("{first}-beside-{second}.{}", lang.code());
            catalog::diff::fill(&mut found, lang);
            let text = html::render_differences(&found, lang).expect("a page");
            let file = keep(&format!("{name}.html"), text.as_bytes());
            page.resize(width, 860);
            page.prefer(scheme);
            page.open_file(&file);
            assert_quiet(&page, &name);
            let wide = page.eval("document.documentElement.scrollWidth - innerWidth");
            assert_eq!(wide, 0, "{name} is wider than {width} pixels");
            let headline = page.eval("document.querySelector('.summary h1').textContent");
            let expected = catalog::diff::headline(found.change, lang);
            assert!(headline.as_str().is_some_and(|text| text.contains(expected)), "{name}: {headline}");
            keep(&format!("{name}-{width}.png"), &page.screenshot(false));
            tools::assert_no_violation(&page, &axe, &format!("{name} {scheme:?}"));
        }
    }
}

const LIE: &str = "</script><script>document.title='taken'</script><img src=http://203.0.113.9/x onerror=\"document.title='taken'\">\"' \
    onload=\"document.title='taken' ]]>--><svg onload=document.title='taken'> javascript:alert(1) \u{202e}gpj\u{2066} \x1b[2J \u{2028}";

/// Puts the lie into every text that a document can hold one in: where the type wants a word of its own, it stays.
fn lie_everywhere(document: &Value) -> Value {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    collect(document, String::new(), &mut places);
    let mut lying = document.clone();
    let mut told = 0;
    for pointers in places.values() {
        let mut attempt = lying.clone();
        for pointer in pointers {
            *attempt.pointer_mut(pointer).expect("is there") = LIE.into();
        }
        if serde_json::from_value::<Diagnosis>(attempt.clone()).is_ok() {
            lying = attempt;
            told += pointers.len();
        }
    }
    assert!(told > 30, "{told}");
    lying
}

/// The pointers of all strings, those of one kind together: array indices do not tell kinds apart, `kind` and names do.
fn collect(value: &Value, pointer: String, places: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::String(_) => {
            let kind = pointer.split('/').filter(|part| part.parse::<u32>().is_err()).collect::<Vec<_>>().join("/");
            places.entry(kind).or_default().push(pointer);
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                collect(value, format!("{pointer}/{index}"), places);
            }
        }
        Value::Object(fields) => {
            let kind = fields.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
            for (name, value) in fields {
                let pointer = format!("{pointer}/{name}");
                if kind.is_empty() {
                    collect(value, pointer, places);
                } else {
                    // Each kind of fact has fields of its own.
                    let mut own = BTreeMap::new();
                    collect(value, pointer, &mut own);
                    for (place, pointers) in own {
                        places.entry(format!("{kind} {place}")).or_default().extend(pointers);
                    }
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn lies() {
    let browser = Browser::start();
    let page_of = browser.page();
    for (name, document) in documents() {
        let lying = lie_everywhere(&document);
        for lang in Lang::ALL {
            let mut diagnosis: Diagnosis = serde_json::from_value(lying.clone()).expect("a diagnosis");
            // Not filled anew: the document's own words may lie too.
            diagnosis.tool.name = LIE.to_owned();
            let text = html::render(&diagnosis, lang).expect("a page");
            let file = keep(&format!("{name}-lying.{}.html", lang.code()), text.as_bytes());
            page_of.open_file(&file);
            assert_quiet(&page_of, &name);
            let title = page_of.eval("document.title");
            // What a lie that runs sets it to; a lie that is a server's name may stand in it as text.
            assert_ne!(title.as_str(), Some("taken"), "{name}");
            assert_eq!(page_of.eval("document.images.length"), 0);
            assert_eq!(page_of.eval("document.scripts.length"), 2);
            let shown = page_of.eval("document.body.textContent");
            let hidden = |c: char| matches!(c, '\u{202e}' | '\u{2066}' | '\u{2028}' | '\x1b');
            assert!(shown.as_str().is_some_and(|shown| !shown.contains(hidden)), "{name}");
        }
    }
}

/// Each document in both languages and both lights, and the documents by turns in the one pairing of them and the other.
fn accessible() {
    let Some(axe) = tools::axe() else { panic!("axe-core is not installed: .ci/test does it") };
    let browser = Browser::start();
    let page_of = browser.page();
    let pairings =
        [[(Lang::En, Scheme::Light), (Lang::Ko, Scheme::Dark)], [(Lang::En, Scheme::Dark), (Lang::Ko, Scheme::Light)]];
    for ((name, document), looks) in documents().into_iter().zip(pairings.into_iter().cycle()) {
        for (lang, scheme) in looks {
            page_of.resize(if lang == Lang::En { 1280 } else { 390 }, 860);
            page_of.prefer(scheme);
            page_of.open_file(&page(&document, lang, &name));
            page_of.eval("document.querySelectorAll('details').forEach(e => e.open = true)");
            tools::assert_no_violation(&page_of, &axe, &format!("{name} {lang:?} {scheme:?}"));
        }
    }
}

fn script() {
    let browser = Browser::start();
    let documents = documents();
    let document = &documents["corporate"];
    let file = page(document, Lang::En, "corporate-script");
    let page = browser.page();
    page.resize(1280, 860);
    page.open_file(&file);

    let rows = "[...document.querySelectorAll('#log tbody tr')]";
    let all = page.eval(&format!("{rows}.length")).as_u64().expect("a number");
    page.eval("document.getElementById('search').focus()");
    for key in ["h", "a", "i", "r", "p", "i", "n"] {
        page.press(key);
    }
    page.until("document.getElementById('found').textContent", Duration::from_secs(10));
    let shown = page.eval(&format!("{rows}.filter(row => !row.hidden).length")).as_u64().expect("a number");
    assert!(shown > 0 && shown < all, "{shown} of {all}");
    assert_eq!(page.eval("document.getElementById('found').textContent"), format!("{shown} of {all}"));

    let saved = browser.downloaded(&page, || page.click("#save-json"));
    let saved: Value = serde_json::from_slice(&saved).expect("JSON");
    let as_written: Diagnosis = serde_json::from_value(document.clone()).expect("a diagnosis");
    assert_eq!(serde_json::from_value::<Diagnosis>(saved).expect("a diagnosis"), as_written);
    let csv = String::from_utf8(browser.downloaded(&page, || page.click("#save-csv"))).expect("UTF-8");
    assert!(csv.starts_with("\u{feff}Destination,") && csv.contains(",3478,UDP,"), "{csv}");
    page.click("#copy-request");
    page.until("document.getElementById('copy-request').textContent === 'Copied'", Duration::from_secs(10));
    assert_eq!(page.complaints(), Vec::<String>::new());

    // A link to evidence opens what holds it.
    page.eval("location.hash = '#f-nat-address-and-port-dependent'");
    page.until("document.querySelector('#f-nat-address-and-port-dependent details').open", Duration::from_secs(10));

    let page = browser.page();
    page.without_scripts();
    page.open_file(&file);
    let told = page.eval("document.body.innerText");
    let told = told.as_str().expect("text");
    for text in [
        catalog::path_verdict(Some(CallPath::Relay), Lang::En),
        "Your network team",
        "Firewall request sheet",
        "Every observation",
        "198.51.100.1:3478",
    ] {
        assert!(told.contains(text), "{text}");
    }
    assert_eq!(page.eval("[...document.querySelectorAll('.actions')].every(e => e.hidden)"), true);
}
