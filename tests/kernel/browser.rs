//! A real Chromium on the page of `serve`, and `rtc-doctor call`, each behind a kernel's NAT of its own.

use crate::Test;
use crate::cdp::{self, Browser, Page};
use crate::ends::{Doctor, facts, sentence, start};
use crate::net::SERVER;
use crate::sites::{Kind, Sites};
use serde_json::{Value, json};
use std::sync::mpsc::channel;
use std::time::Duration;

pub const TESTS: &[Test] = &[
    ("a_browser_that_answers_behind_its_own_nat_is_called_directly", answers_directly),
    ("a_browser_that_offers_behind_its_own_nat_is_called_directly", offers_directly),
    ("a_browser_that_answers_through_coturn_only_is_called_through_it", answers_relayed),
    ("a_browser_that_offers_through_coturn_only_is_called_through_it", offers_relayed),
    ("a_browser_is_called_by_an_end_that_has_only_a_relay", called_by_a_relay),
    ("a_tab_that_is_closed_in_the_midst_of_a_call_is_missed_within_ten_seconds", closed_tab),
];

pub use cdp::obstacle;

const LIMIT: Duration = Duration::from_secs(30);

/// Lets every connection of the page use coturn alone, and keeps what the browser's own statistics say.
fn watch(page: &Page<'_>, relay_only: bool) {
    let coturn = coturn();
    let policy = if relay_only { "relay" } else { "all" };
    let source = format!(
        "(Own => window.RTCPeerConnection = class extends Own {{
            constructor(given) {{
                super({{ ...given, iceServers: {coturn}, iceTransportPolicy: {policy:?} }});
                setInterval(async () => {{
                    const report = await this.getStats();
                    const all = [...report.values()];
                    const pair = report.get(all.find(({{ type }}) => type === 'transport')?.selectedCandidatePairId);
                    const sent = all.find(({{ type, kind }}) => type === 'outbound-rtp' && kind === 'audio');
                    const came = all.find(({{ type, kind }}) => type === 'inbound-rtp' && kind === 'audio');
                    if (pair) window.own = {{
                        local: report.get(pair.localCandidateId), remote: report.get(pair.remoteCandidateId),
                        rtt: pair.totalRoundTripTime / pair.responsesReceived * 1000,
                        sent: sent?.packetsSent, came: came?.packetsReceived,
                    }};
                }}, 50);
            }}
        }})(window.RTCPeerConnection)"
    );
    page.ask("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }));
}

struct Outcome {
    told: String,
    report: Value,
    /// What Chromium's getStats said last.
    own: Value,
}

/// A browser behind the first site's NAT, and whatever else behind the second's.
struct Scene {
    sites: Sites,
    servers: String,
}

impl Scene {
    fn new(kinds: [Kind; 2]) -> Self {
        let sites = Sites::new(&kinds);
        let servers = sites.net.write("coturn.json", &coturn().to_string());
        Self { sites, servers }
    }

    fn browser(&self) -> Browser {
        let inside = self.sites.net.command(&self.sites.hosts[0], &[]);
        let words = [inside.get_program()].into_iter().chain(inside.get_args());
        let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
        Browser::start_within(&words.iter().map(String::as_str).collect::<Vec<_>>(), &[])
    }

    fn doctor(&self, words: &[&str]) -> Doctor {
        let command = self.sites.net.command(&self.sites.hosts[1], &[env!("CARGO_BIN_EXE_rtc-doctor")]);
        Doctor::enter(command, &self.sites.room, &[&["--ice-servers", &self.servers], words].concat())
    }

    fn call(&self, page_offers: bool, page_relayed: bool, words: &[&str]) -> Outcome {
        let browser = self.browser();
        let page = browser.page();
        watch(&page, page_relayed);
        let doctor = if page_offers {
            start(&page, &self.sites.room);
            self.doctor(words)
        } else {
            let doctor = self.doctor(words);
            start(&page, &self.sites.room);
            doctor
        };
        let told = sentence(&page);
        Outcome { told, report: doctor.report(), own: page.eval("window.own") }
    }
}

impl Outcome {
    /// Both ends' halves are in the engineer's report, tell of one pair, and agree with the browser's own statistics.
    fn assert_agreed(&self, is_relayed: bool) {
        let Self { told, report, own } = self;
        let word = if is_relayed { "It works, by a detour" } else { "It works: your browser" };
        assert!(told.starts_with(word), "{told} {report:#}");
        let last = |end: &str, kind: &str| facts(report, end, kind).pop().unwrap_or_else(|| panic!("{end} {kind}"));
        let (ours, theirs) = (last("ours", "nominated"), last("theirs", "nominated"));
        let is_relay = |end: &Value| end["type"] == "relay";
        assert_eq!(is_relay(&ours["local"]) || is_relay(&ours["remote"]), is_relayed, "{ours:#}");
        let place = |end: &Value| (end["address"].clone(), end["port"].clone());
        for end in ["local", "remote"] {
            let other = if end == "local" { "remote" } else { "local" };
            assert_eq!(place(&own[end]), place(&theirs[end]), "the page's own word on {end}: {own:#} {theirs:#}");
            assert_eq!(place(&own[end]), place(&ours[other]), "the engineer's word on {end}: {own:#} {ours:#}");
        }
        for end in ["ours", "theirs"] {
            assert!(!facts(report, end, "candidate").is_empty(), "{end}: its candidates");
            assert_eq!(facts(report, end, "call-broken"), Vec::<&Value>::new());
            assert!(last(end, "called")["audio"]["received_packets"].as_u64() >= Some(50), "{:#}", last(end, "called"));
        }
        let called = last("theirs", "called");
        let near = |mine: &Value, theirs: &Value, slack: f64| {
            let (mine, theirs) = (mine.as_f64().expect("a number"), theirs.as_f64().expect("a number"));
            assert!((mine - theirs).abs() <= slack, "{mine} {theirs}: {own:#}");
        };
        // Between the page's last look and the browser's last statistics half a second of packets may lie.
        near(&called["audio"]["sent_packets"], &own["sent"], 25.0);
        near(&called["audio"]["received_packets"], &own["came"], 25.0);
        let checked = facts(report, "theirs", "checked");
        let chosen = checked.iter().find(|pair| pair["nominated"] == true).expect("the chosen pair");
        let (min, max) = (&chosen["rtt_ms"]["min"], &chosen["rtt_ms"]["max"]);
        let rtt = own["rtt"].as_f64().expect("a number");
        assert!(min.as_f64() <= Some(rtt + 1.0) && max.as_f64() >= Some(rtt - 1.0), "{chosen:#} {own:#}");
    }
}

fn coturn() -> Value {
    json!([
        { "urls": format!("stun:{SERVER}") },
        { "urls": format!("turn:{SERVER}?transport=udp"), "username": "user", "credential": "pass" },
    ])
}

const SHORT: [&str; 2] = ["--duration", "3"];

fn answers_directly() {
    Scene::new([Kind::EimApdf, Kind::EimAdf]).call(false, false, &SHORT).assert_agreed(false);
}

fn offers_directly() {
    Scene::new([Kind::EimApdf, Kind::EimAdf]).call(true, false, &SHORT).assert_agreed(false);
}

fn answers_relayed() {
    Scene::new([Kind::EimApdf, Kind::EimApdf]).call(false, true, &SHORT).assert_agreed(true);
}

fn offers_relayed() {
    Scene::new([Kind::EimApdf, Kind::EimApdf]).call(true, true, &SHORT).assert_agreed(true);
}

fn called_by_a_relay() {
    let words = ["--duration", "3", "--relay-only"];
    Scene::new([Kind::EimApdf, Kind::EimApdf]).call(false, false, &words).assert_agreed(true);
}

fn closed_tab() {
    let scene = Scene::new([Kind::EimApdf, Kind::EimApdf]);
    let browser = scene.browser();
    let page = browser.page();
    watch(&page, false);
    let doctor = scene.doctor(&["--duration", "30"]);
    start(&page, &scene.sites.room);
    page.until(
        "document.querySelector('[data-step=media]').dataset.state === 'working' && window.own?.came > 20",
        LIMIT,
    );
    drop(page);
    let (ended, reported) = channel();
    std::thread::spawn(move || ended.send(doctor.report()));
    let report = reported.recv_timeout(Duration::from_secs(10)).expect("it ends within ten seconds");
    assert_eq!(facts(&report, "ours", "peer-left").len(), 1);
    let codes: Vec<_> = report["findings"].as_array().expect("findings").iter().map(|it| &it["code"]).collect();
    assert!(codes.iter().any(|code| *code == "peer-left"), "{codes:?}");
    assert_eq!(facts(&report, "ours", "called").len(), 1, "what was measured until then is kept: {report:#}");
}
