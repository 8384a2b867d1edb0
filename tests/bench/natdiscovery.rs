//! How fast and how right is rtc-doctor beside coturn's `turnutils_natdiscovery -m -f`, on the same kernel NATs?
//!
//! `cargo bench --bench natdiscovery` prints two tables, and fails where a goal is missed. Both programs are timed as whole processes, in
//! turn, against one coturn; rtc-doctor does all that a plain `check` does: beside mapping and filtering also the path
//! MTU, ports, candidates and hairpinning.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints, and fails by panicking"
)]

#[path = "../kernel/net.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod net;
#[path = "../kernel/rules.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod rules;

use net::{Net, SERVER};
use serde_json::Value;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Of each program on each NAT, in turn; the median of them is told.
const TIMED_RUNS: usize = 5;
const LOSSY_RUNS: usize = 40;
const LOSS_PERCENT: u32 = 5;
/// On one lossy network: they wait nearly all of their time.
const SIDE_BY_SIDE: usize = 4;
/// Where a filter is silent, rtc-doctor is to be so many times faster.
const TIMES_FASTER: f64 = 6.0;
const MOST_UNCLEAR: usize = 1;

/// Mapping and filtering by the names of RFC 4787, where they were told.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    mapping: Option<String>,
    filtering: Option<String>,
}

/// What an answer is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Worth {
    Right,
    /// Something was not told that could be, and nothing wrongly.
    Unclear,
    Wrong,
}

impl Answer {
    fn worth(&self, truth: &Self) -> Worth {
        let parts = [(&self.mapping, &truth.mapping), (&self.filtering, &truth.filtering)];
        if parts.iter().any(|(told, truth)| told.is_some() && told != truth) {
            Worth::Wrong
        } else if self == truth {
            Worth::Right
        } else {
            Worth::Unclear
        }
    }
}

struct Network {
    name: &'static str,
    rules: String,
    truth: Answer,
}

impl Network {
    fn new(name: &'static str, rules: String, mapping: &str, filtering: &str) -> Self {
        let told = |behaviour: &str| (!behaviour.is_empty()).then(|| behaviour.to_owned());
        Self { name, rules, truth: Answer { mapping: told(mapping), filtering: told(filtering) } }
    }

    fn filter_is_silent(&self) -> bool {
        self.truth.filtering.as_deref() != Some(INDEPENDENT)
    }

    fn build(&self) -> Net {
        let mut net = Net::new(&self.rules);
        net.ip("outside", "route add 192.168.77.0/24 via 203.0.113.1");
        net.coturn(&[]);
        net
    }
}

const INDEPENDENT: &str = "endpoint-independent";
const ADDRESS: &str = "address-dependent";
const PORT: &str = "address-and-port-dependent";

fn networks() -> [Network; 6] {
    [
        Network::new("open", rules::open(), INDEPENDENT, INDEPENDENT),
        Network::new("EIM-EIF", rules::forwarding_all(), INDEPENDENT, INDEPENDENT),
        Network::new("EIM-ADF", rules::forwarding_known(), INDEPENDENT, ADDRESS),
        Network::new("EIM-APDF", rules::masquerade(), INDEPENDENT, PORT),
        Network::new("APDM-APDF", rules::fully_random(), PORT, PORT),
        // Nothing can be told of a NAT behind which nothing is heard.
        Network::new("UDP dropped", rules::udp_dropped(), "", ""),
    ]
}

/// One run of a program.
struct Run {
    took: Duration,
    /// From the start of the checkup until mapping and filtering were known.
    nat_known: Option<Duration>,
    answer: Answer,
}

fn doctor(net: &Net) -> Run {
    let began = Instant::now();
    let (_, document) = net.diagnose(&[&format!("stun:{SERVER}")]);
    let took = began.elapsed();
    let told = |name: &str| document["nat"]["ipv4"][name]["value"].as_str().map(str::to_owned);
    let nat_known = document["nat_known_ms"].as_f64().map(|ms| Duration::from_secs_f64(ms / 1000.0));
    Run { took, nat_known, answer: Answer { mapping: told("mapping"), filtering: told("filtering") } }
}

fn natdiscovery(net: &Net) -> Run {
    let began = Instant::now();
    let output = net.command("inside", &["turnutils_natdiscovery", "-m", "-f", SERVER]).output().expect("it runs");
    let took = began.elapsed();
    let text = String::from_utf8_lossy(&output.stdout).to_lowercase();
    // It says "NAT with Address and Port Dependent Filtering!" or "No NAT! (Endpoint Independent Mapping)".
    let told = |noun: &str| {
        let line =
            text.lines().find(|line| line.contains("nat") && line.trim_end_matches(['!', ')']).ends_with(noun))?;
        let words = line.replace(' ', "-");
        // The longest name first: one is the end of another.
        [PORT, ADDRESS, INDEPENDENT].into_iter().find(|name| words.contains(name)).map(str::to_owned)
    };
    Run { took, nat_known: None, answer: Answer { mapping: told("mapping"), filtering: told("filtering") } }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Prints the first table; the goals that were missed.
fn speed() -> Vec<String> {
    println!("Whole processes on a clean line, median of {TIMED_RUNS} in turn");
    println!("{:12} {:>14} {:>14} {:>14} {:>7}", "", "natdiscovery", "rtc-doctor", "NAT known", "ratio");
    let mut missed = Vec::new();
    for network in networks() {
        let net = network.build();
        let (ours, theirs): (Vec<Run>, Vec<Run>) = (0..TIMED_RUNS).map(|_| (doctor(&net), natdiscovery(&net))).unzip();
        let took = |runs: &[Run]| median(runs.iter().map(|run| run.took).collect());
        let (our_time, their_time) = (took(&ours), took(&theirs));
        let known: Vec<Duration> = ours.iter().filter_map(|run| run.nat_known).collect();
        let ratio = their_time.as_secs_f64() / our_time.as_secs_f64();
        let known = if known.is_empty() { "-".to_owned() } else { shown(median(known)) };
        let name = network.name;
        println!("{name:12} {:>14} {:>14} {known:>14} {ratio:>7.2}", shown(their_time), shown(our_time));
        let goal = if network.filter_is_silent() { TIMES_FASTER } else { 1.0 };
        if ratio < goal {
            missed.push(format!("{name}: {ratio:.2} times as fast, and {goal} is wanted"));
        }
        for (program, runs) in [("rtc-doctor", &ours), ("natdiscovery", &theirs)] {
            let not_right = runs.iter().filter(|run| run.answer.worth(&network.truth) != Worth::Right).count();
            if not_right > 0 {
                println!("{:12} {program}: {not_right} of {TIMED_RUNS} not right", "");
            }
        }
    }
    missed
}

fn shown(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1000.0)
}

/// Runs a program so many times, some side by side.
fn repeat(net: &Net, program: fn(&Net) -> Run) -> Vec<Run> {
    let (left, runs) = (Mutex::new(LOSSY_RUNS), Mutex::new(Vec::new()));
    let take = || {
        let mut left = left.lock().expect("nobody panicked");
        *left = left.checked_sub(1)?;
        Some(())
    };
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while take().is_some() {
                    let run = program(net);
                    runs.lock().expect("nobody panicked").push(run);
                }
            });
        }
    });
    runs.into_inner().expect("nobody panicked")
}

/// Prints the second table; the goals that were missed.
fn accuracy() -> Vec<String> {
    println!("\n{LOSS_PERCENT} % of packets lost each way, {LOSSY_RUNS} runs: right / unclear / wrong");
    println!("{:12} {:>18} {:>18} {:>14}", "", "natdiscovery", "rtc-doctor", "median");
    let mut missed = Vec::new();
    for network in networks().into_iter().filter(|network| network.truth.mapping.is_some()) {
        let net = network.build();
        net.rules("router", &rules::losing(LOSS_PERCENT));
        let (ours, theirs) = (repeat(&net, doctor), repeat(&net, natdiscovery));
        let counted = |runs: &[Run]| {
            [Worth::Right, Worth::Unclear, Worth::Wrong]
                .map(|worth| runs.iter().filter(|run| run.answer.worth(&network.truth) == worth).count())
        };
        let row = |[right, unclear, wrong]: [usize; 3]| format!("{right} / {unclear} / {wrong}");
        let [_, unclear, wrong] = counted(&ours);
        let took = shown(median(ours.iter().map(|run| run.took).collect()));
        let name = network.name;
        println!("{name:12} {:>18} {:>18} {took:>14}", row(counted(&theirs)), row(counted(&ours)));
        if wrong > 0 || unclear > MOST_UNCLEAR {
            missed.push(format!("{name}: {wrong} wrong and {unclear} unclear under loss"));
        }
    }
    missed
}

fn main() -> ExitCode {
    if let Some(obstacle) = net::obstacle() {
        println!("natdiscovery: {obstacle}");
        return ExitCode::FAILURE;
    }
    let missed: Vec<String> = speed().into_iter().chain(accuracy()).collect();
    for goal in &missed {
        println!("missed: {goal}");
    }
    if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
