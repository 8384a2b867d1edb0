//! A real Chromium on the page of `serve` behind one kernel NAT, and `rtc-doctor call` behind another: the scene of a call,
//! and what the engineer's report must have of it.

use crate::cdp::{Browser, Page};
use crate::ends::{Doctor, facts, sentence, start};
use crate::net::SERVER;
use crate::sites::{Kind, Sites};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{KeyPair, PublicKeyData};
use serde_json::{Value, json};

/// A browser behind the first site's NAT, and whatever else behind the second's.
pub(crate) struct Scene {
    pub sites: Sites,
    /// What both ends are given, the page in place of the room's own; None where the room's own are to do.
    servers: Option<Value>,
    /// Where the page's own word is overruled: `iceTransportPolicy`.
    policy: Option<&'static str>,
    /// Of the page's address.
    query: &'static str,
    /// Of Chromium's.
    flags: Vec<String>,
}

/// coturn's STUN, and its TURN by these URIs, in which H is its host.
pub(crate) fn coturn(relays: &[&str]) -> Value {
    let relays: Vec<String> = relays.iter().map(|uri| uri.replace('H', SERVER)).collect();
    json!([
        { "urls": format!("stun:{SERVER}") },
        { "urls": relays, "username": "user", "credential": "pass" },
    ])
}

pub(crate) const UDP: &str = "turn:H?transport=udp";
pub(crate) const TCP: &str = "turn:H:443?transport=tcp";
pub(crate) const TLS: &str = "turns:H:443?transport=tcp";

pub(crate) const SHORT: [&str; 2] = ["--duration", "3"];

impl Scene {
    /// With coturn over UDP.
    pub(crate) fn new(kinds: [Kind; 2]) -> Self {
        Self::at(Sites::new(&kinds))
    }

    pub(crate) fn at(sites: Sites) -> Self {
        Self { sites, servers: Some(coturn(&[UDP])), policy: None, query: "", flags: Vec::new() }
    }

    pub(crate) fn with(self, servers: Value) -> Self {
        Self { servers: Some(servers), ..self }
    }

    pub(crate) fn with_the_rooms_servers(self) -> Self {
        Self { servers: None, ..self }
    }

    /// The page may use relays alone, whatever it asks its browser for.
    pub(crate) fn page_relayed(self) -> Self {
        Self { policy: Some("relay"), ..self }
    }

    pub(crate) fn page_asked(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    pub(crate) fn flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.to_owned());
        self
    }

    /// The browser takes coturn's certificate for good, which it looks at for `turns:` as for `https:`.
    pub(crate) fn trusting(self) -> Self {
        let key = std::fs::read_to_string(self.sites.net.path("key.pem")).expect("coturn's key");
        let key = KeyPair::from_pem(&key).expect("a key");
        let pin = STANDARD.encode(digest(&SHA256, &key.subject_public_key_info()));
        self.flag(&format!("--ignore-certificate-errors-spki-list={pin}"))
    }

    pub(crate) fn browser(&self) -> Browser {
        let inside = self.sites.net.command(&self.sites.hosts[0], &[]);
        let words = [inside.get_program()].into_iter().chain(inside.get_args());
        let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
        let [words, flags] = [&words, &self.flags].map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
        Browser::start_within(&words, &flags)
    }

    pub(crate) fn doctor(&self, words: &[&str]) -> Doctor {
        let command = self.sites.net.command(&self.sites.hosts[1], &[env!("CARGO_BIN_EXE_rtc-doctor")]);
        let servers = self.servers.as_ref().map(|servers| self.sites.net.write("given.json", &servers.to_string()));
        let known = servers.iter().flat_map(|servers| ["--ice-servers", servers, "--ca", &self.sites.certificate]);
        Doctor::enter(command, &self.sites.room, &known.chain(words.iter().copied()).collect::<Vec<_>>())
    }

    /// Lets every connection of the page use the servers that are given alone, and keeps what the browser's own statistics say.
    pub(crate) fn watch(&self, page: &Page<'_>) {
        let servers = self.servers.as_ref().map_or_else(String::new, |servers| format!(", iceServers: {servers}"));
        let policy = self.policy.map_or_else(String::new, |policy| format!(", iceTransportPolicy: {policy:?}"));
        let source = format!(
            "(Own => window.RTCPeerConnection = class extends Own {{
                constructor(given) {{
                    const seen = (before, rtt) => [Math.min(before?.[0] ?? rtt, rtt), Math.max(before?.[1] ?? rtt, rtt)];
                    super({{ ...given{servers}{policy} }});
                    setInterval(async () => {{
                        const report = await this.getStats();
                        const all = [...report.values()];
                        const pair = report.get(all.find(({{ type }}) => type === 'transport')?.selectedCandidatePairId);
                        const sent = all.find(({{ type, kind }}) => type === 'outbound-rtp' && kind === 'audio');
                        const came = all.find(({{ type, kind }}) => type === 'inbound-rtp' && kind === 'audio');
                        if (pair) window.own = {{
                            local: report.get(pair.localCandidateId), remote: report.get(pair.remoteCandidateId),
                            rtts: seen(window.own?.rtts, pair.currentRoundTripTime * 1000),
                            came: came?.packetsReceived,
                            counts: [...window.own?.counts ?? [], [sent?.packetsSent ?? 0, came?.packetsReceived ?? 0]],
                        }};
                    }}, 50);
                }}
            }})(window.RTCPeerConnection)"
        );
        page.ask("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }));
    }

    pub(crate) fn enter(&self, page: &Page<'_>) {
        self.watch(page);
        start(page, &format!("{}{}", self.sites.room, self.query));
    }

    pub(crate) fn call(&self, page_offers: bool, words: &[&str]) -> Outcome {
        let browser = self.browser();
        let page = browser.page();
        let doctor = if page_offers {
            self.enter(&page);
            self.doctor(words)
        } else {
            let doctor = self.doctor(words);
            self.enter(&page);
            doctor
        };
        let told = sentence(&page);
        Outcome { told, report: doctor.report(), own: page.eval("window.own") }
    }
}

pub(crate) struct Outcome {
    pub told: String,
    pub report: Value,
    /// What Chromium's getStats said last.
    pub own: Value,
}

impl Outcome {
    /// Both ends' halves are in the engineer's report, tell of one pair, and agree with the browser's own statistics.
    pub(crate) fn assert_agreed(&self, is_relayed: bool) {
        let Self { told, report, own } = self;
        let word = if is_relayed { "It works, by a detour" } else { "It works: your browser" };
        assert!(told.starts_with(word), "{told} {report:#}");
        let last = |end: &str, kind: &str| facts(report, end, kind).pop().unwrap_or_else(|| panic!("{end} {kind}"));
        let (ours, theirs) = (last("ours", "nominated"), last("theirs", "nominated"));
        let is_relay = |end: &Value| end["type"] == "relay";
        assert_eq!(is_relay(&ours["local"]) || is_relay(&ours["remote"]), is_relayed, "{ours:#}");
        for end in ["local", "remote"] {
            let other = if end == "local" { "remote" } else { "local" };
            assert_eq!(own[end]["port"], theirs[end]["port"], "the page's own word on {end}: {own:#} {theirs:#}");
            assert_eq!(own[end]["port"], ours[other]["port"], "the engineer's word on {end}: {own:#} {ours:#}");
            // The page is told no address of its machine, and has a name of it.
            let address = &own[end]["address"];
            if address == "" {
                assert!(theirs[end]["address"].as_str().is_some_and(|name| name.ends_with(".local")), "{theirs:#}");
            } else {
                assert_eq!(address, &theirs[end]["address"], "the page's own word on {end}: {own:#} {theirs:#}");
                assert_eq!(address, &ours[other]["address"], "the engineer's word on {end}: {own:#} {ours:#}");
            }
        }
        for end in ["ours", "theirs"] {
            assert!(!facts(report, end, "candidate").is_empty(), "{end}: its candidates");
            assert_eq!(facts(report, end, "call-broken"), Vec::<&Value>::new());
            assert!(last(end, "called")["audio"]["received_packets"].as_u64() >= Some(50), "{:#}", last(end, "called"));
        }
        let called = last("theirs", "called");
        let count = |value: &Value| value.as_u64().expect("a count");
        let said = ["sent_packets", "received_packets"].map(|name| count(&called["audio"][name]));
        let looks = own["counts"].as_array().expect("a list").iter().map(|look| [count(&look[0]), count(&look[1])]);
        let mut looks: Vec<[u64; 2]> = [[0, 0]].into_iter().chain(looks).collect();
        looks.sort_unstable();
        // The page's last look lies between two of the browser's own statistics, or after the last of them: two seconds at most.
        let last_look = looks.last().expect("one at least").map(|count| count + 100);
        looks.push(last_look);
        let is_between = |pair: &[[u64; 2]]| (0..2).all(|at| (pair[0][at]..=pair[1][at]).contains(&said[at]));
        assert!(looks.windows(2).any(is_between), "{said:?} {looks:?}");
        let checked = facts(report, "theirs", "checked");
        let chosen = checked.iter().find(|pair| pair["nominated"] == true).expect("the chosen pair");
        // Neither sees each of the browser's round trips, and no look is at the same moment: that the spans meet is sure.
        let (min, max) = (&chosen["rtt_ms"]["min"], &chosen["rtt_ms"]["max"]);
        let [least, most] = [0, 1].map(|end| own["rtts"][end].as_f64().expect("a number"));
        assert!(min.as_f64() <= Some(most + 1.0) && max.as_f64() >= Some(least - 1.0), "{chosen:#} {own:#}");
    }
}
