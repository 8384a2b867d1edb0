//! The page that a room's server shows to browsers.

use super::Test;
use super::cdp::{Browser, Page};
use super::ends::{Doctor, facts, sentence, start};
use rtc_doctor::model::{Carrier, Fact, Pair, Record};
use rtc_doctor::os::rooms::{Server, Settings};
use rtc_doctor::os::{Options, World};
use serde_json::Value;
use std::net::SocketAddr;
use std::process::Command;

pub const TESTS: &[Test] = &[
    ("two_pages_in_one_room_call_each_other", two_pages),
    ("a_page_answers_a_call", page_answers),
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
        let world = World::new(Options::default()).expect("a world");
        let listening = runtime.block_on(async { world.listen(SocketAddr::from(([127, 0, 0, 1], 0)), false) });
        let listening = listening.expect("a listener");
        let base = format!("http://{}", listening.local());
        runtime.spawn(async move {
            Server::new(Settings::default()).serve(listening, std::future::pending()).await;
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

fn page_answers() {
    assert_called(&call(false, &["--duration", "3"]));
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
        assert!(has(|fact| matches!(fact, Fact::Browser { agent, .. } if agent.as_str().contains("Chrome"))));
        assert!(has(|fact| matches!(fact, Fact::Chosen { carrier: Carrier::WebSocket })));
        assert!(
            has(|fact| matches!(fact, Fact::HiddenCandidate(_))),
            "a page that may use no camera is told no address"
        );
        assert!(has(
            |fact| matches!(fact, Fact::PeerJoined { software } if software.as_str().starts_with("rtc-doctor page"))
        ));
        let nominated = |fact: &Fact| matches!(fact, Fact::Checked(Pair { nominated: true, rtt_ms: Some(_), .. }));
        assert!(has(nominated), "{record:#?}");
    }
}
