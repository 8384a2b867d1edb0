//! How long does each stage of a call take, beside two Chromium on the same NATs? (`cargo bench --bench stages`, as root)
//!
//! From the arrival of the answer at the end that offered: to a pair (`connected`), to the end of the DTLS handshake, to an
//! open data channel, and to the first media; in round trips of 40 ms, medians. rtc-doctor's two ends speak through a room,
//! 20 ms away from each other; what Chromium's two pages say is carried by this benchmark, in a few milliseconds, and their
//! hosts' addresses are not hidden behind names. Both use the same STUN and TURN server.
//!
//! In the protocols' own round trips: DTLS 1.2 takes two and DTLS 1.3 one before the client may send, SCTP two more until
//! a channel is open; media need half of one.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints and fails by panicking"
)]

#[path = "../browser/cdp.rs"]
#[allow(dead_code, reason = "the tests of pages use all of it")]
mod cdp;
#[path = "../browser/installed.rs"]
#[allow(dead_code, reason = "the tests of pages use all of it")]
mod installed;
#[allow(dead_code, reason = "other benchmarks use the rest")]
mod two_ends;

use cdp::{Browser, Page};
use serde_json::json;
use std::time::Duration;
use two_ends::{DOCTOR, KINDS, PASSWORD, Place, RTT_MS, USER, choice, is_relay};

const CALLS: usize = 10;

/// What is in front of each end.
const PAIRS: [(usize, usize); 4] = [(0, 0), (2, 2), (1, 3), (3, 3)];

const STAGES: [&str; 4] = ["connected", "dtls", "channel_open", "first_media"];

/// One end in a page: generated sound and video, a channel, and a list of what it has to say.
const END: &str = r#"
window.begin = (config, offers) => {
    const pc = window.pc = new RTCPeerConnection(config);
    const said = [];
    const at = window.at = {};
    const mark = name => { at[name] ??= performance.now() };
    pc.onicecandidate = ({ candidate }) => candidate && said.push({ candidate });
    pc.oniceconnectionstatechange = () => /connected|completed/.test(pc.iceConnectionState) && mark('connected');
    pc.onconnectionstatechange = () => pc.connectionState === 'connected' && mark('dtls');
    pc.ontrack = ({ track }) => { track.onunmute = () => mark('first_media') };
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const paint = canvas.getContext('2d');
    setInterval(() => { paint.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`; paint.fillRect(0, 0, 320, 240) }, 33);
    const sound = new AudioContext();
    const tone = sound.createOscillator();
    const out = sound.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    for (const stream of [canvas.captureStream(30), out.stream])
        for (const track of stream.getTracks()) pc.addTrack(track, stream);
    const channel = pc.createDataChannel('reliable', { negotiated: true, id: 0 });
    channel.onopen = () => mark('channel_open');
    const describe = async () => { await pc.setLocalDescription(); said.push({ description: pc.localDescription }) };
    let due = Promise.resolve();
    window.hear = all => due = due.then(async () => {
        for (const { description, candidate } of all) {
            if (candidate) { await pc.addIceCandidate(candidate); continue }
            if (description.type === 'answer') mark('answered');
            await pc.setRemoteDescription(description);
            if (description.type === 'offer') await describe();
        }
    });
    window.say = () => said.splice(0).map(it => JSON.parse(JSON.stringify(it)));
    if (offers) describe();
};
window.path = async () => {
    const report = await pc.getStats();
    const transport = [...report.values()].find(({ type }) => type === 'transport');
    const pair = report.get(transport?.selectedCandidatePairId);
    return pair && [pair.localCandidateId, pair.remoteCandidateId].map(id => report.get(id).candidateType);
}
"#;

/// Milliseconds after the answer at which each stage was reached, and whether through a relay.
struct Call {
    after: [f64; 4],
    relayed: bool,
}

fn of_doctor(place: &Place, number: usize) -> Call {
    let documents = place.call(number, &["--duration", "1"]);
    let (chosen, document) = choice(&documents);
    let timing = &document["call"]["timing_ms"];
    let began = timing["checks_started"].as_f64().expect("a number");
    let after = STAGES.map(|stage| {
        timing[stage].as_f64().unwrap_or_else(|| panic!("{stage}: {timing:#} {:#}", document["call"]["outcome"]))
            - began
    });
    Call { after, relayed: is_relay(chosen) }
}

fn browser(place: &Place, host: &str) -> Browser {
    let within = [DOCTOR, "lab", "run", &place.network, host, "--"];
    Browser::start_within(&within, &["--disable-features=WebRtcHideLocalIpsWithMdns"])
}

fn of_chromium(browsers: &[Browser; 2]) -> Call {
    let servers = json!([
        { "urls": "stun:198.51.100.1" },
        { "urls": "turn:198.51.100.1", "username": USER, "credential": PASSWORD },
    ]);
    let pages: [Page<'_>; 2] = [0, 1].map(|at| browsers[at].page());
    for (page, offers) in pages.iter().zip([true, false]) {
        page.eval(END);
        page.eval(&format!("void begin({}, {offers})", json!({ "iceServers": servers })));
    }
    let all = STAGES.map(|stage| format!("at.{stage}")).join(" && ");
    loop {
        let mut done = true;
        for (from, to) in [(0, 1), (1, 0)] {
            let said = pages[from].eval("say()");
            if said.as_array().is_some_and(|said| !said.is_empty()) {
                pages[to].eval(&format!("void hear({said})"));
            }
            done &= pages[from].eval(&format!("Boolean({all})")) == true;
        }
        if done {
            break;
        }
    }
    let times = pages[0].eval("at");
    let after =
        STAGES.map(|stage| times[stage].as_f64().expect("a number") - times["answered"].as_f64().expect("a number"));
    let path = pages[0].until("path()", Duration::from_secs(10));
    Call { after, relayed: path.as_array().expect("a pair").iter().any(|kind| kind == "relay") }
}

fn show(who: &str, calls: &[Call]) {
    let relayed = calls.iter().filter(|call| call.relayed).count();
    print!("  {who:<10} {relayed:>2} of {} relayed", calls.len());
    for (at, stage) in STAGES.iter().enumerate() {
        let mut times: Vec<f64> = calls.iter().map(|call| call.after[at]).collect();
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        print!("   {stage} {median:.0} ms = {:.1}", median / RTT_MS);
    }
    println!();
}

fn main() {
    if let Some(obstacle) = cdp::obstacle() {
        println!("{obstacle}");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    println!("{CALLS} calls each, medians from the answer on, in round trips of {RTT_MS} ms");
    for (one, two) in PAIRS {
        let place = Place::new(folder.path(), one, two);
        println!("{} with {}", KINDS[one].0, KINDS[two].0);
        let ours: Vec<Call> = (0..CALLS).map(|number| of_doctor(&place, number)).collect();
        show("rtc-doctor", &ours);
        let browsers = ["one", "two"].map(|host| browser(&place, host));
        let theirs: Vec<Call> = (0..CALLS).map(|_| of_chromium(&browsers)).collect();
        show("Chromium", &theirs);
    }
}
