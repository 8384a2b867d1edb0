//! Whole calls with WebRTC stacks that we did not write at the far end, in both roles: aiortc of PyPI, werift,
//! @roamhq/wrtc and node-datachannel of npm, which speak the protocol of rooms by a small script each (tests/peers), and
//! Firefox, which is shown the room's page.

use crate::Test;
use crate::installed;
use crate::net::Net;
use crate::rules;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

pub(crate) const TESTS: &[Test] = &[
    ("aiortc_offers_a_whole_call", || meets(Stack::Aiortc, Seat::First).is_whole()),
    ("aiortc_answers_a_whole_call", || meets(Stack::Aiortc, Seat::Second).is_whole()),
    ("werift_offers_a_whole_call", || meets(Stack::Werift, Seat::First).is_whole()),
    ("werift_answers_with_media_and_leaves_sctp_to_us", || meets(Stack::Werift, Seat::Second).has_media_only()),
    ("wrtc_offers_a_whole_call", || meets(Stack::Wrtc, Seat::First).is_whole()),
    ("wrtc_answers_a_whole_call", || meets(Stack::Wrtc, Seat::Second).is_whole()),
    ("node_datachannel_offers_data", || meets(Stack::NodeDatachannel, Seat::First).has_data_only()),
    ("node_datachannel_answers_with_data", || meets(Stack::NodeDatachannel, Seat::Second).has_data_only()),
];

pub(crate) const FIREFOX: &[Test] = &[
    ("a_firefox_browser_offers_a_whole_call", || meets(Stack::Firefox, Seat::First).is_whole()),
    ("a_firefox_browser_answers_a_whole_call", || meets(Stack::Firefox, Seat::Second).is_whole()),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stack {
    Aiortc,
    Firefox,
    Werift,
    Wrtc,
    NodeDatachannel,
}

/// Who takes the first seat of the room offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seat {
    First,
    Second,
}

/// Why these tests cannot run here; None where they can.
pub(crate) fn obstacle() -> Option<String> {
    let has_aiortc = installed::has_python(&["aiortc", "aiohttp"]);
    let has_npm = ["werift", "@roamhq/wrtc", "node-datachannel"]
        .iter()
        .all(|package| installed::cache("npm/node_modules").join(package).is_dir());
    (!has_aiortc || !has_npm).then(|| "needs aiortc and the stacks of npm: run .ci/test once".to_owned())
}

/// Why Firefox cannot run here; None where it can.
pub(crate) fn firefox_obstacle() -> Option<String> {
    let is_there = installed::has_program("firefox-esr") && installed::has_python(&["aiohttp"]);
    (!is_there).then(|| "needs firefox-esr and aiohttp: run .ci/test once".to_owned())
}

/// Ended with the test.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts"))
    }

    /// Reads what is said until a line has this in it.
    fn said(&mut self, what: &str) -> String {
        let out: Box<dyn Read> = Box::new(self.0.stdout.as_mut().expect("piped"));
        let error: Box<dyn Read> = Box::new(self.0.stderr.as_mut().expect("piped"));
        let from = if what == IN_THE_ROOM { error } else { out };
        let mut lines = BufReader::new(from).lines().map_while(Result::ok);
        lines.find(|line| line.contains(what)).unwrap_or_else(|| panic!("no {what}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const IN_THE_ROOM: &str = "In the room";
const SEATED: &str = "seated";

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers");
const DOCTOR: &str = env!("CARGO_BIN_EXE_rtc-doctor");

fn far_end(net: &Net, stack: Stack, room: &str, mistakes: &[&str]) -> Command {
    let (python, packages) = (installed::cache("python/bin/python"), installed::cache("npm"));
    let [python, packages] = [&python, &packages].map(|path| path.to_str().expect("a path"));
    let script = |name: &str| format!("{SCRIPTS}/{name}");
    let (aiortc, firefox, npm) = (script("aiortc_end.py"), script("firefox_end.py"), script("far_end.mjs"));
    let package = match stack {
        Stack::Aiortc => return net.command("inside", &[&[python, &aiortc, room], mistakes].concat()),
        Stack::Firefox => return net.command("inside", &[python, &firefox, room]),
        Stack::Werift => "werift",
        Stack::Wrtc => "@roamhq/wrtc",
        Stack::NodeDatachannel => "node-datachannel",
    };
    net.command("inside", &[&["node", &npm, package, room, packages], mistakes].concat())
}

/// What our end's report says of the call, and its exit code.
pub(crate) struct Report(Value, Option<i32>);

fn meets(stack: Stack, theirs: Seat) -> Report {
    meets_mistaken(stack, theirs, &[])
}

/// A far end that makes these mistakes (tests/peers/mistakes.py).
pub(crate) fn meets_mistaken(stack: Stack, theirs: Seat, mistakes: &[&str]) -> Report {
    let net = Net::new(&rules::masquerade());
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("call.json").to_str().expect("a path").to_owned();
    let ports = ["--port", "0", "--tls-port", "0", "--http-port", "0"];
    let serve: Vec<&str> = [DOCTOR, "serve"].into_iter().chain(ports).chain(["--json", "-"]).collect();
    let mut server = Running::start(&mut net.command("inside", &serve));
    let serving: Value = serde_json::from_str(&server.said("rtc-doctor-serve")).expect("JSON");
    let room = serving["room"].as_str().expect("a room");
    // Whoever is in the room first has its first seat. A minute is six times what it takes.
    let call = ["timeout", "60", DOCTOR, "call", room, "--duration", "5", "--json", &report];
    let start_ours = || Running::start(&mut net.command("inside", &call));
    let start_far = || Running::start(&mut far_end(&net, stack, room, mistakes));
    let (mut ours, _far) = match theirs {
        Seat::First => {
            let mut far = start_far();
            far.said(SEATED);
            (start_ours(), far)
        }
        Seat::Second => {
            let mut ours = start_ours();
            ours.said(IN_THE_ROOM);
            (ours, start_far())
        }
    };
    // What it says for people is in the way of its end where nobody reads it.
    let _ = ours.0.stdout.take().map(|out| std::io::copy(&mut BufReader::new(out), &mut std::io::sink()));
    let exit = ours.0.wait().expect("it ends").code();
    let text = std::fs::read_to_string(&report).expect("a report");
    Report(serde_json::from_str(&text).expect("JSON"), exit)
}

impl Report {
    fn of(&self, path: &str) -> &Value {
        self.0.pointer(&format!("/call/{path}")).unwrap_or(&Value::Null)
    }

    fn has_data(&self) {
        for channel in ["reliable", "unreliable"] {
            let echoed = self.of(&format!("data/{channel}/echoed")).as_u64();
            assert!(echoed >= Some(30), "{channel}: {echoed:?} in {:#}", self.0["call"]);
        }
    }

    /// It says beforehand that it sends no media: that is no fault, and so said.
    fn has_data_only(&self) {
        self.has_data();
        assert_eq!(self.of("outcome"), "part-offered", "{:#}", self.0["call"]);
    }

    /// Packets of both kinds came, and the other end reports on ours.
    fn has_media(&self) {
        assert!(self.of("media/audio/received_packets").as_u64() >= Some(100), "{:#}", self.0["call"]);
        assert!(self.of("media/video/received_packets").as_u64() >= Some(30), "{:#}", self.0["call"]);
        assert!(self.of("media/audio/lost_there").is_u64(), "{:#}", self.0["call"]);
    }

    /// As an answerer werift 0.24.4 takes SCTP's passive side for its ICE role (`lib/webrtc/src/transport/sctp.js`, `get
    /// isServer`: `iceTransport.role !== "controlling"`), though it took DTLS's active one: both ends wait for the other's
    /// INIT. With `dtlsTransport.role === "server"` there instead, as aiortc has it by now, both channels open.
    fn has_media_only(&self) {
        self.has_media();
        for channel in ["reliable", "unreliable"] {
            let of = |what: &str| self.of(&format!("data/{channel}/{what}"));
            assert_eq!((of("opened"), of("echoed")), (&false.into(), &0.into()), "{:#}", self.0["call"]);
        }
    }

    /// This is told, it is what the exit code says, and the verdict blames no network for what the other end did.
    pub(crate) fn tells(&self, code: &str, exit: i32) {
        let codes: Vec<&str> = self.codes().collect();
        let said = format!("{codes:?}, exit {:?}: {:#}", self.1, self.0["call"]);
        assert!(codes.contains(&code) && self.1 == Some(exit), "{said}");
        for network in ["call-dtls-blocked", "call-dtls-silent", "call-dtls-unheard", "dtls-blocked-here", "no-relay"] {
            assert!(!codes.contains(&network), "{said}");
        }
    }

    pub(crate) fn does_not_tell(&self, code: &str) {
        assert!(!self.codes().any(|told| told == code), "{code}");
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        self.0["findings"].as_array().into_iter().flatten().filter_map(|finding| finding["code"].as_str())
    }

    /// As a browser makes of it: nothing of the mistake is a fault.
    pub(crate) fn is_good(&self) {
        assert_eq!((self.of("outcome").as_str(), self.1), (Some("good"), Some(0)), "{:#}", self.0["call"]);
    }

    fn is_whole(&self) {
        self.has_media();
        self.has_data();
        assert_eq!(self.of("outcome"), "good", "{:#}", self.0["call"]);
    }
}
