//! How fast and how right is rtc-doctor beside coturn's `turnutils_natdiscovery -m -f`, on the same kernel NATs?
//! (`cargo bench --bench natdiscovery`, as root, with iproute2, nftables and coturn)
//!
//! ```text
//! laptop ── router, whose kernel is the NAT ── the lab's link ── coturn on two addresses
//! ```
//!
//! Both programs are timed as whole processes, in turn. rtc-doctor does all that a plain `check` does: beside mapping
//! and filtering also the path MTU, ports, candidates and, last, hairpinning, whose absence is a silence to be waited
//! for; natdiscovery asks for that only with `-H`. When rtc-doctor knew the NAT, and how long it takes without
//! hairpinning, is told apart. It fails where a goal is missed.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints and fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[cfg(target_os = "linux")]
#[path = "../browser/installed.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod installed;
#[cfg(target_os = "linux")]
#[path = "../kernel/net.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod net;
#[cfg(target_os = "linux")]
#[path = "../kernel/rules.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod rules;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    linux::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("the lab for real programs needs Linux");
}

#[cfg(target_os = "linux")]
mod linux {
    use crate::net::{self, ALTERNATE, SERVER};
    use crate::rules;
    use rtc_doctor::lab::{Gateway, LineConfig, Link, Network, Resolver, Zones};
    use rtc_doctor::machine::Rng;
    use rtc_doctor::netlab::{HostSpec, Netlab, NetlabPlan, Port};
    use std::net::IpAddr;
    use std::process::{Child, Command, ExitCode, Output, Stdio};
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    const RTT: Duration = Duration::from_millis(40);
    /// Of each program on each NAT, in turn; the median of them is told.
    const TIMED_RUNS: usize = 5;
    const LOSSY_RUNS: usize = 40;
    /// Each way.
    const LOSS: f64 = 0.05;
    /// On one lossy network: they wait nearly all of their time.
    const SIDE_BY_SIDE: usize = 4;
    /// Where a filter is silent, rtc-doctor is to be so many times faster; nowhere slower.
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

    struct Nat {
        name: &'static str,
        rules: String,
        truth: Answer,
    }

    impl Nat {
        fn new(name: &'static str, rules: String, mapping: &str, filtering: &str) -> Self {
            let told = |behaviour: &str| (!behaviour.is_empty()).then(|| behaviour.to_owned());
            Self { name, rules, truth: Answer { mapping: told(mapping), filtering: told(filtering) } }
        }

        fn filter_is_silent(&self) -> bool {
            matches!(self.truth.filtering.as_deref(), Some(ADDRESS | PORT))
        }

        /// The network with this NAT, and a line that loses so much each way.
        fn build(&self, loss: f64) -> Site {
            let line = LineConfig { delay: RTT / 2, loss, ..LineConfig::default() };
            let mut network = Network::new(Rng::numbered(1));
            let internet = network.internet();
            let wan = network.site(internet, Gateway::default().over(Link::both_ways(line)));
            let spec = |name, host, addresses: &[&str]| HostSpec::new(name, host, addresses_of(addresses));
            let server = network.host(internet, addresses_of(&[SERVER, ALTERNATE]));
            let mut specs = vec![spec("server", server, &[SERVER, ALTERNATE])];
            if self.rules.is_empty() {
                specs.push(spec("laptop", network.host(wan, addresses_of(&[LAPTOP])), &[LAPTOP]));
            } else {
                let lan = network.site(internet, Gateway::default());
                let mut port = |region, device: &str, address| {
                    let addresses = addresses_of(&[address]);
                    Port { host: network.host(region, addresses.clone()), device: device.to_owned(), addresses }
                };
                let ports = vec![port(wan, "outside", "203.0.113.1"), port(lan, "inside", "192.168.77.1")];
                network.default_router(ports[1].host);
                specs.push(HostSpec {
                    name: "router".to_owned(),
                    ports,
                    forwards: true,
                    resolver: Resolver::default(),
                });
                specs.push(spec("laptop", network.host(lan, addresses_of(&[LAPTOP])), &[LAPTOP]));
            }
            let netlab = Netlab::set_up(
                NetlabPlan { network, specs, names: Zones::default(), changes: Vec::new() },
                &mut Rng::numbered(2),
            );
            let netlab = netlab.expect("the netlab is set up");
            if !self.rules.is_empty() {
                let output = run(&netlab, "router", &["nft", &self.rules]);
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            }
            let folder = tempfile::tempdir().expect("a folder");
            let words = net::coturn_words(&[SERVER, ALTERNATE], &folder.path().join("turn").to_string_lossy(), &[]);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let coturn = net::serving(Ok(spawn(&netlab, "server", &words)));
            Site { netlab, coturn, _folder: folder }
        }
    }

    const LAPTOP: &str = "192.168.77.2";

    /// A network at work, and a coturn on it, which ends with this.
    struct Site {
        netlab: Netlab,
        coturn: Child,
        /// Of coturn's files.
        _folder: tempfile::TempDir,
    }

    impl Drop for Site {
        fn drop(&mut self) {
            let _ = self.coturn.kill();
            let _ = self.coturn.wait();
        }
    }

    fn addresses_of(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    }

    fn spawn(netlab: &Netlab, host: &str, words: &[&str]) -> Child {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        netlab.host(host).expect("a host").spawn(&mut command).expect("the program starts")
    }

    fn run(netlab: &Netlab, host: &str, words: &[&str]) -> Output {
        spawn(netlab, host, words).wait_with_output().expect("the program ends")
    }

    const INDEPENDENT: &str = "endpoint-independent";
    const ADDRESS: &str = "address-dependent";
    const PORT: &str = "address-and-port-dependent";

    fn nats() -> [Nat; 6] {
        [
            Nat::new("open", rules::open(), INDEPENDENT, INDEPENDENT),
            Nat::new("EIM-EIF", rules::forwarding_all(), INDEPENDENT, INDEPENDENT),
            Nat::new("EIM-ADF", rules::forwarding_known(), INDEPENDENT, ADDRESS),
            Nat::new("EIM-APDF", rules::masquerade(), INDEPENDENT, PORT),
            Nat::new("APDM-APDF", rules::fully_random(), PORT, PORT),
            // Nothing can be told of a NAT behind which nothing is heard.
            Nat::new("UDP dropped", rules::udp_dropped(), "", ""),
        ]
    }

    /// One run of a program.
    struct Trial {
        took: Duration,
        /// From the start of the checkup until mapping and filtering were known.
        nat_known: Option<Duration>,
        answer: Answer,
    }

    fn timed(site: &Site, words: &[&str]) -> (Duration, Output) {
        let began = Instant::now();
        let output = run(&site.netlab, "laptop", words);
        (began.elapsed(), output)
    }

    fn doctor_with(site: &Site, more: &[&str]) -> Trial {
        let uri = format!("stun:{SERVER}");
        let mut words = vec![env!("CARGO_BIN_EXE_rtc-doctor"), "check", "--json", "-", &uri];
        words.extend(more);
        let (took, output) = timed(site, &words);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a document");
        let told = |name: &str| document["nat"]["ipv4"][name]["value"].as_str().map(str::to_owned);
        let nat_known = document["nat_known_ms"].as_f64().map(|ms| Duration::from_secs_f64(ms / 1000.0));
        Trial { took, nat_known, answer: Answer { mapping: told("mapping"), filtering: told("filtering") } }
    }

    fn doctor(site: &Site) -> Trial {
        doctor_with(site, &[])
    }

    fn natdiscovery(site: &Site) -> Trial {
        let (took, output) = timed(site, &["turnutils_natdiscovery", "-m", "-f", SERVER]);
        let text = String::from_utf8_lossy(&output.stdout).to_lowercase();
        // It says "NAT with Address and Port Dependent Filtering!" or "No NAT! (Endpoint Independent Mapping)".
        let told = |noun: &str| {
            let line =
                text.lines().find(|line| line.contains("nat") && line.trim_end_matches(['!', ')']).ends_with(noun))?;
            let words = line.replace(' ', "-");
            // The longest name first: one is the end of another.
            [PORT, ADDRESS, INDEPENDENT].into_iter().find(|name| words.contains(name)).map(str::to_owned)
        };
        Trial { took, nat_known: None, answer: Answer { mapping: told("mapping"), filtering: told("filtering") } }
    }

    fn median(mut times: Vec<Duration>) -> Duration {
        times.sort_unstable();
        times[times.len() / 2]
    }

    /// Prints the first table; the goals that were missed.
    fn speed() -> Vec<String> {
        println!("Round trip {}, nothing lost; whole processes, median of {TIMED_RUNS} in turn", shown(RTT));
        println!(
            "{:12} {:>13} {:>11} {:>7} {:>15} {:>7} {:>10}",
            "", "natdiscovery", "rtc-doctor", "ratio", "--no-hairpin", "ratio", "NAT known"
        );
        let mut missed = Vec::new();
        for nat in nats() {
            let site = nat.build(0.0);
            let (mut ours, mut theirs, mut like_for_like) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..TIMED_RUNS {
                ours.push(doctor(&site));
                theirs.push(natdiscovery(&site));
                like_for_like.push(doctor_with(&site, &["--no-hairpin"]));
            }
            let took = |runs: &[Trial]| median(runs.iter().map(|run| run.took).collect());
            let times_faster = |runs: &[Trial]| took(&theirs).as_secs_f64() / took(runs).as_secs_f64();
            let known: Vec<Duration> = ours.iter().filter_map(|run| run.nat_known).collect();
            let known = if known.is_empty() { "-".to_owned() } else { shown(median(known)) };
            let (name, ratio) = (nat.name, times_faster(&ours));
            println!(
                "{name:12} {:>13} {:>11} {ratio:>7.2} {:>15} {:>7.2} {known:>10}",
                shown(took(&theirs)),
                shown(took(&ours)),
                shown(took(&like_for_like)),
                times_faster(&like_for_like),
            );
            let goal = if nat.filter_is_silent() { TIMES_FASTER } else { 1.0 };
            if ratio < goal {
                missed.push(format!("{name}: {ratio:.2} times as fast, and {goal} is wanted"));
            }
            for (program, runs) in [("rtc-doctor", &ours), ("natdiscovery", &theirs)] {
                let not_right = runs.iter().filter(|run| run.answer.worth(&nat.truth) != Worth::Right).count();
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
    fn repeat(site: &Site, program: fn(&Site) -> Trial) -> Vec<Trial> {
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
                        let run = program(site);
                        runs.lock().expect("nobody panicked").push(run);
                    }
                });
            }
        });
        runs.into_inner().expect("nobody panicked")
    }

    /// Prints the second table; the goals that were missed.
    fn accuracy() -> Vec<String> {
        println!("\nThe same with {:.0} % lost each way, {LOSSY_RUNS} runs: right / unclear / wrong", LOSS * 100.0);
        println!("{:12} {:>18} {:>18} {:>14}", "", "natdiscovery", "rtc-doctor", "median");
        let mut missed = Vec::new();
        for nat in nats().into_iter().filter(|nat| nat.truth.mapping.is_some()) {
            let site = nat.build(LOSS);
            let (ours, theirs) = (repeat(&site, doctor), repeat(&site, natdiscovery));
            let counted = |runs: &[Trial]| {
                [Worth::Right, Worth::Unclear, Worth::Wrong]
                    .map(|worth| runs.iter().filter(|run| run.answer.worth(&nat.truth) == worth).count())
            };
            let row = |[right, unclear, wrong]: [usize; 3]| format!("{right} / {unclear} / {wrong}");
            let [_, unclear, wrong] = counted(&ours);
            let took = shown(median(ours.iter().map(|run| run.took).collect()));
            let name = nat.name;
            println!("{name:12} {:>18} {:>18} {took:>14}", row(counted(&theirs)), row(counted(&ours)));
            if wrong > 0 || unclear > MOST_UNCLEAR {
                missed.push(format!("{name}: {wrong} wrong and {unclear} unclear under loss"));
            }
        }
        missed
    }

    pub(crate) fn main() -> ExitCode {
        let obstacle = net::obstacle().or_else(|| rtc_doctor::netlab::acquire().err().map(|error| error.to_string()));
        if let Some(obstacle) = obstacle {
            println!("natdiscovery: {obstacle}");
            return ExitCode::FAILURE;
        }
        let missed: Vec<String> = speed().into_iter().chain(accuracy()).collect();
        for goal in &missed {
            println!("missed: {goal}");
        }
        if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
