//! Calls that go on when the network under them changes: the tool leaves an address by itself (`--roam`), a line is pulled
//! out, or the only interface gets another address.
//!
//! ```text
//! host0 192.168.100.2 ── router  198.51.100.1     the first way out, and the preferred one
//!       192.168.200.2 ── mobile  198.51.100.201   the second
//! ```

use crate::Test;
use crate::nat::assert_evidence_resolves;
use crate::rules;
use crate::sites::{INTERNET, Kind, Sites};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::thread;

pub(crate) const TESTS: &[Test] = &[
    ("a_call_that_roams_goes_on_over_the_other_way_out", || goes_on(&["--roam"], |_| {}, MOBILE)),
    ("a_call_whose_line_is_pulled_out_goes_on_over_the_other_way_out", || {
        goes_on(&[], |sites| sites.net.ip(&sites.hosts[0], "link set outside down"), MOBILE);
    }),
    ("a_call_whose_machine_gets_another_address_goes_on_from_there", || {
        let readdress = |sites: &Sites| {
            for words in [
                "link set mobile down",
                "addr del 192.168.100.2/24 dev outside",
                "addr add 192.168.100.7/24 dev outside",
                "route replace default via 192.168.100.1 dev outside",
            ] {
                sites.net.ip(&sites.hosts[0], words);
            }
        };
        goes_on(&[], readdress, FIRST);
    }),
];

/// What the ways out look like from outside.
const FIRST: &str = "198.51.100.1";
const MOBILE: &str = "198.51.100.201";

/// Gives the first host another way out beside its own, as a telephone has.
fn second_way_out(sites: &mut Sites) {
    let (net, host) = (&mut sites.net, &sites.hosts[0]);
    net.host("mobile");
    net.exec("mobile", &["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
    net.link((host, "mobile", "192.168.200.2/24"), ("mobile", "inside", "192.168.200.1/24"));
    net.link(("mobile", "outside", &format!("{MOBILE}/30")), (INTERNET, "mobile", "198.51.100.202/30"));
    net.ip("mobile", "route add default via 198.51.100.202");
    net.rules("mobile", &rules::masquerade());
    net.ip(host, "route add default via 192.168.200.1 metric 200");
    // What is sent from its address leaves by it, as on every system that uses two networks at a time.
    net.ip(host, "route add default via 192.168.200.1 table 7");
    net.ip(host, "rule add from 192.168.200.2 table 7");
}

fn facts<'a>(document: &'a Value, end: &'a str, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let all = document["observations"].as_array().expect("a list").iter();
    let of_end = all.filter(move |it| it["end"].as_str().unwrap_or("ours") == end);
    of_end.map(|it| &it["fact"]).filter(move |fact| fact["kind"] == kind)
}

/// A call of two homes: the first has two ways out, and something happens to them as soon as media pass.
fn goes_on(words: &[&str], change: fn(&Sites), leaves_by: &str) {
    let mut sites = Sites::new(&[Kind::EimApdf, Kind::EimApdf]);
    second_way_out(&mut sites);
    let sites = &sites;
    let call = ["call", sites.room.as_str(), "--duration", "12"];
    let ends = thread::scope(|scope| {
        let second = scope.spawn(|| sites.doctor(&sites.hosts[1], &call));
        let mut first = sites.command(&sites.hosts[0], &[&call, words].concat());
        let mut first = first.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("rtc-doctor runs");
        let mut said = BufReader::new(first.stderr.take().expect("piped"));
        let mut people = String::new();
        while !people.contains("media   after") {
            assert_ne!(said.read_line(&mut people).expect("a pipe can be read"), 0, "{people}");
        }
        change(sites);
        let rest = scope.spawn(move || said.read_to_string(&mut people).map(|_| people).expect("text"));
        let document = first.wait_with_output().expect("rtc-doctor ends").stdout;
        let document: Value = serde_json::from_slice(&document).expect("a document");
        [(document, rest.join().expect("it is read")), second.join().expect("a call ends")]
    });
    for (number, (document, people)) in ends.iter().enumerate() {
        assert_evidence_resolves(document);
        // What is sent in the second until the change is noticed is lost, and that may be much of a short call.
        let outcomes: &[&str] = if words.is_empty() { &["good", "degraded"] } else { &["good"] };
        let outcome = document["call"]["outcome"].as_str().expect("an outcome");
        assert!(outcomes.contains(&outcome), "{outcome}: {people}");
        let resumed: Vec<f64> =
            facts(document, "ours", "call-resumed").filter_map(|fact| fact["after_ms"].as_f64()).collect();
        assert!(resumed.len() == 1 && resumed[0] < 3000.0, "{resumed:?}\n{people}");
        assert!(people.contains("again, "), "{people}");
        assert!(document["findings"].as_array().expect("a list").iter().any(|it| it["code"] == "call-resumed"));
        let audio = &document["call"]["media"]["audio"];
        let [received, lost] = ["received_packets", "lost"].map(|name| audio[name].as_u64().expect("a number"));
        assert!(received >= 400 && received + lost >= 400, "{audio}");
        // As the first end tells it.
        let chosen: Vec<&Value> =
            facts(document, ["ours", "theirs"][number], "nominated").map(|fact| &fact["local"]).collect();
        let [before, after] = chosen[..] else { panic!("{chosen:?}\n{people}") };
        assert_eq!((before["address"].as_str(), after["address"].as_str()), (Some(FIRST), Some(leaves_by)), "{people}");
        assert_ne!(before, after);
    }
}
