//! The page that a room's server shows to browsers.

use super::Test;
use super::cdp::{Browser, Page, Scheme};
use super::ends::{Doctor, facts, sentence, start};
use super::tools;
use rtc_doctor::model::{BrowserFact, Fact, IceFact, Pair, Record, SignallingFact, SignallingTransport};
use rtc_doctor::os::rooms::{Config, RoomServer};
use rtc_doctor::os::{Options, OsWorld};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("two_pages_in_one_room_call_each_other", two_pages),
    ("a_page_answers_a_call", page_answers),
    ("the_page_is_fit_for_all_in_both_languages_light_dark_and_narrow", fit_for_all),
    ("the_page_is_used_by_keyboard_and_says_where_focus_goes", keyboard),
    ("a_page_without_websockets_and_without_streams_polls", polls),
    ("a_page_whose_browser_cannot_compress_sends_its_record_all_the_same", stored_blocks),
    ("a_page_offers_a_call", page_offers),
    ("a_page_is_checked_without_a_call", page_answers_checks),
    ("a_page_that_came_first_is_checked_without_a_call", page_offers_checks),
];

const DOCTOR: &str = env!("CARGO_BIN_EXE_rtc-doctor");
const ROOM: &str = "0123456789abcdefABCD-_";

/// A server of rooms on this machine's loopback, for as long as it is held.
struct Rooms {
    base: String,
    _runtime: tokio::runtime::Runtime,
}

impl Rooms {
    fn open() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("tokio");
        let world = OsWorld::new(Options::default()).expect("a world");
        let listening = runtime.block_on(async { world.listen(SocketAddr::from(([127, 0, 0, 1], 0)), false) });
        let listening = listening.expect("a listener");
        let base = format!("http://{}", listening.local());
        runtime.spawn(async move {
            RoomServer::new(Config::default()).serve(listening, std::future::pending()).await;
        });
        Self { base, _runtime: runtime }
    }

    fn room(&self) -> String {
        format!("{}/r/{ROOM}", self.base)
    }
}

fn call(page_offers: bool, words: &[&str]) -> (String, Value) {
    let rooms = Rooms::open();
    let browser = Browser::start();
    let page = browser.page();
    let doctor = if page_offers {
        start(&page, &rooms.room());
        Doctor::enter(Command::new(DOCTOR), &rooms.room(), words)
    } else {
        let doctor = Doctor::enter(Command::new(DOCTOR), &rooms.room(), words);
        start(&page, &rooms.room());
        doctor
    };
    let told = sentence(&page);
    assert_eq!(page.complaints(), Vec::<String>::new());
    (told, doctor.report())
}

fn assert_called((told, report): &(String, Value)) {
    assert!(told.starts_with("It works: your browser and the other side reach each other directly."), "{told}");
    for end in ["ours", "theirs"] {
        let called = facts(report, end, "called");
        assert_eq!(called.len(), 1, "{end}: {report:#}");
        for (lane, least) in [("audio", 50), ("video", 50)] {
            for way in ["sent_packets", "received_packets"] {
                assert!(called[0][lane][way].as_u64() >= Some(least), "{end} {lane} {way}: {:#}", called[0]);
            }
        }
        for lane in ["reliable", "unreliable"] {
            assert!(called[0][lane]["echoed"].as_u64() >= Some(5), "{end} {lane}: {:#}", called[0]);
        }
    }
}

/// What the engineer is told of the browser: code, and whose observations it rests on.
fn told_of_browser(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let of_browser = findings.filter(|it| it["code"].as_str().is_some_and(|code| code.starts_with("browser-")));
    of_browser
        .map(|finding| {
            assert_eq!(finding["severity"], "info");
            for id in finding["evidence"].as_array().expect("evidence") {
                let place = usize::try_from(id.as_u64().expect("an id")).expect("a place");
                assert_eq!(report["observations"][place]["end"], "theirs", "{finding:#}");
            }
            finding["code"].as_str().expect("a code")
        })
        .collect()
}

fn page_answers() {
    let called = call(false, &["--duration", "3"]);
    assert_called(&called);
    let told = told_of_browser(&called.1);
    assert!(told.contains(&"browser-hides-addresses"), "no camera may be used: {told:?}");
}

fn page_offers() {
    assert_called(&call(true, &["--duration", "3"]));
}

fn assert_checked((told, report): &(String, Value)) {
    assert!(told.starts_with("It works: your browser and the other side reach each other directly."), "{told}");
    for end in ["ours", "theirs"] {
        let checked = facts(report, end, "checked");
        assert!(checked.iter().any(|pair| pair["nominated"] == true && pair["state"] == "succeeded"), "{checked:#?}");
        assert!(facts(report, end, "called").is_empty());
    }
}

fn page_answers_checks() {
    assert_checked(&call(false, &["--no-media"]));
}

fn page_offers_checks() {
    assert_checked(&call(true, &["--no-media"]));
}

/// What the page saves for its user: its record.
fn record(page: &Page<'_>) -> Record {
    page.eval("(real => URL.createObjectURL = blob => real.call(URL, window.saved = blob))(URL.createObjectURL)");
    page.click("#save");
    let saved = page.eval("window.saved.text()");
    serde_json::from_str(saved.as_str().expect("a text")).expect("a record of the model's")
}

fn two_pages() {
    let rooms = Rooms::open();
    let browser = Browser::start();
    let (one, other) = (browser.page(), browser.page());
    for page in [&one, &other] {
        start(page, &rooms.room());
    }
    for page in [&one, &other] {
        let told = sentence(page);
        assert!(told.starts_with("It works: your browser and the other side reach each other directly."), "{told}");
        assert_eq!(page.complaints(), Vec::<String>::new());
        let record = record(page);
        let has = |what: fn(&Fact) -> bool| record.observations.iter().any(|observation| what(&observation.fact));
        assert!(has(
            |fact| matches!(fact, Fact::Browser(BrowserFact::Browser { agent, .. }) if agent.as_str().contains("Chrome"))
        ));
        assert!(has(|fact| matches!(
            fact,
            Fact::Signalling(SignallingFact::Chosen { carrier: SignallingTransport::WebSocket })
        )));
        assert!(
            has(|fact| matches!(fact, Fact::Browser(BrowserFact::HiddenCandidate(_)))),
            "a page that may use no camera is told no address"
        );
        assert!(has(
            |fact| matches!(fact, Fact::Signalling(SignallingFact::PeerJoined { software }) if software.as_str().starts_with("rtc-doctor page"))
        ));
        let nominated =
            |fact: &Fact| matches!(fact, Fact::Ice(IceFact::Checked(Pair { nominated: true, rtt_ms: Some(_), .. })));
        assert!(has(nominated), "{record:#?}");
    }
}

/// What stands in `target/page` to be looked at.
fn keep(page: &Page<'_>, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/page");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(format!("{name}.png")), page.screenshot(true)).expect("a file");
}

/// Each state of the page, in both languages and colours, wide and narrow.
fn fit_for_all() {
    let rooms = Rooms::open();
    let browser = Browser::start();
    let Some(axe) = tools::axe() else { panic!("axe-core is not installed: .ci/test does it") };
    let look = |page: &Page<'_>, state: &str| {
        for (language, title) in [("en", "Connection test"), ("ko", "연결 테스트")] {
            page.click(&format!("[data-language={language}]"));
            assert_eq!(page.eval("document.documentElement.lang"), language);
            assert_eq!(page.eval("document.title"), title);
            for (colours, scheme) in [("light", Scheme::Light), ("dark", Scheme::Dark)] {
                page.prefer(scheme);
                for width in [1280, 390] {
                    page.resize(width, 844);
                    let name = format!("{state}-{language}-{colours}-{width}");
                    assert_eq!(page.eval("document.documentElement.scrollWidth <= innerWidth"), true, "{name}");
                    keep(page, &name);
                }
                tools::assert_no_violation(page, &axe, &format!("{state}-{language}-{colours}"));
            }
        }
        let unsaid = "[...document.querySelectorAll('[data-word]')].filter((node) => !node.textContent).length";
        assert_eq!(page.eval(unsaid), 0, "{state}: every word is said");
        // That a room is full is an answer, and to the browser an error.
        let complaints: Vec<_> = page.complaints().into_iter().filter(|it| !it.contains("409 (Conflict)")).collect();
        assert_eq!(complaints, Vec::<String>::new(), "{state}");
    };
    let page = browser.page();
    page.open(&format!("{}/", rooms.base));
    look(&page, "nowhere");
    page.open(&rooms.room());
    look(&page, "before");
    start(&page, &rooms.room());
    look(&page, "waiting");
    let other = browser.page();
    start(&other, &rooms.room());
    page.until("document.querySelector('[data-step=media]').dataset.state === 'working'", Duration::from_secs(20));
    let third = browser.page();
    third.open(&rooms.room());
    third.click("#start");
    let told = sentence(&third);
    assert_eq!(told, "Two others are in this room already. Ask for a new link.");
    look(&page, "during");
    sentence(&page);
    page.click("summary");
    look(&page, "after");
    look(&third, "refused");
}

fn keyboard() {
    let rooms = Rooms::open();
    let browser = Browser::start();
    let page = browser.page();
    page.open(&rooms.room());
    let focused = || page.eval("document.activeElement.id || document.activeElement.dataset.language");
    let mut order = Vec::new();
    for _ in 0..3 {
        page.press("Tab");
        order.push(focused());
    }
    assert_eq!(order, ["en", "ko", "start"]);
    page.press("Enter");
    page.until("document.querySelector('[data-step=room]').dataset.state === 'done'", Duration::from_secs(10));
    assert_eq!(focused(), "stop");
    assert_eq!(page.eval("document.querySelector('#now').getAttribute('role')"), "status");
    assert!(
        page.eval("document.querySelector('#now').textContent").as_str().is_some_and(|now| now.contains("Waiting"))
    );
    page.press("Enter");
    assert_eq!(sentence(&page), "You stopped the test.");
    assert_eq!(focused(), "sentence");
}

/// A call with a page that lacks this.
fn call_without(lacking: &str) -> Value {
    let rooms = Rooms::open();
    let browser = Browser::start();
    let page = browser.page();
    page.ask("Page.addScriptToEvaluateOnNewDocument", json!({ "source": lacking }));
    let doctor = Doctor::enter(Command::new(DOCTOR), &rooms.room(), &["--duration", "1"]);
    start(&page, &rooms.room());
    let told = sentence(&page);
    assert!(told.starts_with("It works"), "{told}");
    doctor.report()
}

fn polls() {
    // As a proxy does that cuts WebSockets, and one that holds back what is streamed.
    let report = call_without(
        "window.WebSocket = class { constructor() { setTimeout(() => this.onerror(), 0) } close() {} };
         (own => window.fetch = (url, options) => url.includes('/events') ? Promise.reject(new Error('cut'))
             : own(url, options))(window.fetch)",
    );
    let said =
        |kind| facts(&report, "theirs", kind).into_iter().map(|fact| fact["carrier"].clone()).collect::<Vec<_>>();
    assert_eq!(said("not-carried"), ["web-socket", "event-stream"]);
    assert_eq!((said("chosen"), said("carried")), (vec![json!("long-polling")], vec![json!("long-polling")]));
}

fn stored_blocks() {
    let report = call_without("delete window.CompressionStream");
    assert_eq!(facts(&report, "theirs", "called").len(), 1);
}
