//! The page that a room's server shows to browsers.

use super::Test;
use super::cdp::{Browser, Page};
use rtc_doctor::model::{Carrier, Fact, Pair, Record};
use rtc_doctor::os::rooms::{Server, Settings};
use rtc_doctor::os::{Options, World};
use std::net::SocketAddr;
use std::time::Duration;

pub const TESTS: &[Test] = &[("two_pages_in_one_room_call_each_other", two_pages)];

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
        page.open(&rooms.room());
        page.click("#start");
        page.until("document.querySelector('[data-step=room]').dataset.state === 'done'", Duration::from_secs(10));
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
