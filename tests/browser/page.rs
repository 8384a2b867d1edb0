//! The page that a room's server shows to browsers.

use super::Test;
use super::cdp::{Browser, Page};
use rtc_doctor::model::{Carrier, Fact, Pair, Record};
use rtc_doctor::os::rooms::{Server, Settings};
use rtc_doctor::os::{Options, World};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

pub const TESTS: &[Test] = &[
    ("two_pages_in_one_room_call_each_other", two_pages),
    ("a_page_answers_a_call", page_answers),
    ("a_page_offers_a_call", page_offers),
    ("a_page_is_checked_without_a_call", page_answers_checks),
    ("a_page_that_came_first_is_checked_without_a_call", page_offers_checks),
];

const ROOM: &str = "0123456789abcdefABCD-_";
/// From the press of the button until the sentence.
const TEST_LIMIT: Duration = Duration::from_secs(40);

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

/// `rtc-doctor call` at the other end.
struct Doctor {
    child: Child,
    said: std::io::Lines<BufReader<ChildStderr>>,
    report: PathBuf,
    _folder: tempfile::TempDir,
}

impl Doctor {
    /// Comes back when it is in the room.
    fn enter(room: &str, words: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let report = folder.path().join("report.json");
        let mut command = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"));
        command.args(["call", room, "--lang", "en", "--json"]).arg(&report).args(words);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut said = BufReader::new(child.stderr.take().expect("piped")).lines();
        let entered = said.by_ref().map_while(Result::ok).any(|line| line.contains("In the room"));
        assert!(entered, "it enters the room");
        Self { child, said, report, _folder: folder }
    }

    /// Its report, when it has ended.
    fn report(mut self) -> Value {
        let said: Vec<String> = self.said.by_ref().map_while(Result::ok).collect();
        self.child.wait().expect("it ends");
        let report = std::fs::read(&self.report).unwrap_or_else(|error| panic!("{error}: {said:#?}"));
        serde_json::from_slice(&report).expect("JSON")
    }
}

impl Drop for Doctor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Presses the button, and comes back when the page is in the room.
fn start(page: &Page<'_>, room: &str) {
    page.open(room);
    page.click("#start");
    page.until("document.querySelector('[data-step=room]').dataset.state === 'done'", Duration::from_secs(10));
}

/// One end's facts of this kind in a report.
fn facts<'a>(report: &'a Value, end: &str, kind: &str) -> Vec<&'a Value> {
    let observations = report["observations"].as_array().expect("observations");
    let of_end = observations.iter().filter(|it| it["end"].as_str().unwrap_or("ours") == end);
    of_end.map(|it| &it["fact"]).filter(|fact| fact["kind"] == kind).collect()
}

fn call(page_offers: bool, words: &[&str]) -> (String, Value) {
    let rooms = Rooms::open();
    let browser = Browser::start();
    let page = browser.page();
    let doctor = if page_offers {
        start(&page, &rooms.room());
        Doctor::enter(&rooms.room(), words)
    } else {
        let doctor = Doctor::enter(&rooms.room(), words);
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

/// The sentence at the end.
fn sentence(page: &Page<'_>) -> String {
    let told = page.until(
        "!document.querySelector('#after').hidden && document.querySelector('#sentence').textContent",
        TEST_LIMIT,
    );
    told.as_str().expect("a sentence").to_owned()
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
