//! Networks whose fault is no plain NAT, made by the kernel, real name servers and a real NAT64: the cause is told first, and
//! once. The networks of one test are up side by side, since what is silent is waited for.

use crate::Test;
use crate::installed;
use crate::net::{ALTERNATE, Net, SERVER};
use crate::rules;
use serde_json::Value;
use std::thread;

pub(crate) const TESTS: &[Test] = &[
    ("what_is_dropped_for_what_it_looks_like_is_told_by_its_name", by_sight),
    ("what_is_lost_for_its_size_or_its_number_is_told_as_that", by_size_and_number),
    ("what_a_network_drops_is_told_by_a_server_of_ours_without_a_relay", by_our_own_server),
    ("a_home_network_before_a_server_of_ours_is_accused_of_nothing", at_home_before_our_own_server),
    ("a_name_server_that_does_not_do_its_work_is_told_and_not_the_servers_that_it_names", by_names),
    ("ipv6_that_leads_nowhere_is_told_and_the_calls_go_over_ipv4", ipv6_broken),
    ("behind_a_real_nat64_the_servers_are_reached_and_the_translation_is_told", nat64),
];

/// Why these tests cannot run here; None where they can.
pub(crate) fn obstacle() -> Option<String> {
    let missing = ["dnsmasq", "unbound", "tayga"].into_iter().find(|program| !installed::has_program(program));
    missing.map(|program| format!("needs {program}: apt-get install dnsmasq-base unbound tayga"))
}

/// A record of DTLS: a content type, and the version's first byte.
const DTLS: &str = "@ih,0,8 >= 20 @ih,0,8 <= 25 @ih,8,8 0xfe";
const COOKIE: &str = "@ih,32,32 0x2112a442";

/// A home network that drops this of what it forwards.
fn dropping(what: &[&str]) -> String {
    let rules: String = what.iter().map(|what| format!("{what} drop\n")).collect();
    rules::masquerade()
        + &format!("table inet sight {{\nchain forward {{\ntype filter hook forward priority -10;\n{rules}}}\n}}\n")
}

/// The causes that are told and follow from no other, in their order, and the path.
fn roots(document: &Value) -> (Vec<String>, String) {
    let findings = document["findings"].as_array().expect("findings");
    let is_root = |finding: &&Value| finding["cause"].is_null() && finding["strength"].is_string();
    let codes = findings.iter().filter(is_root).filter_map(|finding| finding["code"].as_str().map(str::to_owned));
    let path = &document["verdict"]["path"];
    let path = path["value"].as_str().or(path["state"].as_str()).expect("a path");
    (codes.collect(), path.to_owned())
}

/// A checkup with the servers of two operators, whose words are these URIs.
fn checkup(net: &mut Net, servers: &[String], more: &[&str]) -> Value {
    net.exec("outside", &["sysctl", "-qw", "net.ipv4.icmp_ratelimit=0"]);
    net.coturn_on("outside", &[SERVER], &[]);
    net.coturn_on("outside", &[ALTERNATE], &[]);
    let password = net.write("password", "pass");
    let mut words: Vec<&str> = servers.iter().map(String::as_str).collect();
    words.extend(["--user", "user", "--password-file", &password]);
    words.extend(more);
    net.diagnose(&words).1
}

/// What is told where the router has these rules, each network beside the others.
fn told(all: &[(String, &'static str, &'static [&'static str])], more: &'static [&'static str]) {
    let servers: Vec<String> = [SERVER, ALTERNATE]
        .iter()
        .flat_map(|server| [format!("stun:{server}"), format!("turn:{server}"), format!("turn:{server}?transport=tcp")])
        .collect();
    thread::scope(|scope| {
        let runs = all.iter().map(|(rules, code, paths)| {
            let servers = &servers;
            scope.spawn(move || {
                let document = checkup(&mut Net::new(rules), servers, more);
                let (roots, path) = roots(&document);
                assert_eq!(roots.first().map(String::as_str), Some(*code), "{rules}\n{roots:?} {path}");
                assert!(paths.contains(&path.as_str()), "{code}: {path}");
            })
        });
        let runs: Vec<_> = runs.collect();
        runs.into_iter().for_each(|run| run.join().expect("the cause is told"));
    });
}

fn by_sight() {
    let udp = |what: &str| format!("meta l4proto udp {what}");
    // A check names its user first, behind the header of twenty bytes.
    let check = udp(&format!("{COOKIE} @ih,160,16 0x0006"));
    let rtp = udp("@ih,0,8 >= 128 @ih,0,8 <= 191");
    let (dtls, large) = (udp(DTLS), udp(&format!("udp length > 600 {DTLS}")));
    let inwards = format!("iifname \"outside\" {dtls}");
    let but_stun = udp("@ih,32,32 != 0x2112a442");
    told(
        &[
            (dropping(&[&udp(COOKIE)]), "stun-filtered", &["relay", "none"]),
            (dropping(&[&dtls]), "dtls-filtered", &["none", "unclear"]),
            (dropping(&[&inwards]), "dtls-filtered", &["none", "unclear"]),
            (dropping(&[&large]), "dtls-filtered", &["none", "unclear"]),
            (dropping(&[&check]), "checks-filtered", &["relay", "unclear"]),
            (dropping(&[&rtp]), "media-filtered", &["none", "unclear"]),
            (dropping(&[&but_stun]), "only-stun-passes", &["none", "unclear"]),
        ],
        &["--no-call"],
    );
}

/// Limits are told by what a call of this machine with itself meets, through the same relay as single packets.
fn by_size_and_number() {
    let outwards = |what: &str| format!("iifname \"inside\" meta l4proto udp {what}");
    let both = |what: &str| format!("meta l4proto udp {what}");
    told(
        &[
            (dropping(&[&outwards("udp length > 1000")]), "small-path-mtu", &["direct", "unclear"]),
            (dropping(&[&both("ct original packets > 30")]), "udp-throttled", &["relay", "unclear"]),
        ],
        &[],
    );
}

/// No router says anything, so that what is sent back is the only witness.
const QUIET: &str = "table inet quiet {
    chain forward { type filter hook forward priority -20; meta l4proto { icmp, ipv6-icmp } drop; }
    chain output { type filter hook output priority 0; icmp type { time-exceeded, destination-unreachable } drop; }
}
";

/// A checkup behind these rules that knows of `rtc-doctor serve` alone, at two addresses, and of no relay.
fn before_our_own_server(rules: &str) -> Value {
    let mut net = Net::new(&(rules.to_owned() + QUIET));
    net.serve("outside", &["--listen", SERVER, "--listen", ALTERNATE]);
    let servers = [SERVER, ALTERNATE].map(|server| format!("stun:{server}"));
    net.diagnose(&[&servers[0], &servers[1], "--no-call"]).1
}

fn by_our_own_server() {
    let udp = |what: &str| format!("meta l4proto udp {what}");
    let (dtls, large) = (udp(DTLS), udp("iifname \"outside\" udp length > 1000"));
    let inwards = format!("iifname \"outside\" {dtls}");
    let all = [
        (dropping(&[&dtls]), "dtls-filtered", &["none", "unclear"][..]),
        (dropping(&[&inwards]), "dtls-filtered", &["none", "unclear"]),
        (dropping(&["iifname \"inside\" udp dport != 3478"]), "udp-ports-limited", &["none", "relay", "unclear"]),
        (dropping(&[&large]), "small-path-mtu", &["direct", "unclear"]),
        (rules::udp_limited("20/second"), "udp-packets-limited", &["none", "relay", "unclear"]),
    ];
    thread::scope(|scope| {
        let runs = all.iter().map(|(rules, code, paths)| {
            scope.spawn(move || {
                let document = before_our_own_server(rules);
                let (roots, path) = roots(&document);
                assert_eq!(roots.first().map(String::as_str), Some(*code), "{rules}\n{roots:?} {path}");
                assert!(paths.contains(&path.as_str()), "{code}: {path}");
            })
        });
        let runs: Vec<_> = runs.collect();
        runs.into_iter().for_each(|run| run.join().expect("the cause is told"));
    });
}

fn at_home_before_our_own_server() {
    let document = before_our_own_server(&rules::masquerade());
    assert_eq!(roots(&document), (Vec::new(), "direct".to_owned()), "{:#}", document["findings"]);
    let observations = document["observations"].as_array().expect("observations");
    let facts = observations.iter().map(|observation| &observation["fact"]);
    let echoed: Vec<&Value> = facts.filter(|fact| fact["kind"] == "echoed").collect();
    assert!(echoed.len() == 20 && echoed.iter().all(|seen| seen["heard"] == true), "{echoed:#?}");
}

/// A name server that knows no other and tells nothing of the system's own files.
const DNSMASQ: &[&str] = &[
    "dnsmasq",
    "-k",
    "-C",
    "/dev/null",
    "--no-resolv",
    "--no-hosts",
    "--bind-interfaces",
    "--user=root",
    "--pid-file=",
    "--log-facility=-",
];

/// The names of the servers are asked of a program on the router.
fn by_names() {
    let names: [(&[&str], &str); 3] = [
        (&["--address=/#/"], "names-all-denied"),
        (&["--address=/#/198.51.100.99"], "names-all-one-address"),
        (&["--address=/one.example/0.0.0.0", "--address=/two.example/203.0.113.11"], "name-sinkholed"),
    ];
    thread::scope(|scope| {
        let runs = names.map(|(words, code)| {
            scope.spawn(move || {
                let mut net = Net::new(&rules::masquerade());
                let dnsmasq = [DNSMASQ, &["--listen-address=192.168.77.1"], words].concat();
                net.serves("router", &dnsmasq, "started");
                net.resolves_by("inside", "192.168.77.1");
                let servers =
                    ["stun:one.example", "turn:one.example?transport=tcp", "stun:two.example"].map(str::to_owned);
                let document = checkup(&mut net, &servers, &["--no-call"]);
                let (roots, path) = roots(&document);
                assert_eq!(roots.first().map(String::as_str), Some(code), "{roots:?} {path}");
            })
        });
        runs.into_iter().for_each(|run| run.join().expect("the cause is told"));
    });
}

fn ipv6_broken() {
    let dropped = "table ip6 filter {\nchain forward {\ntype filter hook forward priority 0; policy drop;\n}\n}\n";
    let mut net = Net::new(&(rules::masquerade() + dropped));
    net.ipv6();
    let servers = ["stun:203.0.113.10", "stun:203.0.113.11", "stun:[2001:db8::10]", "stun:[2001:db8::11]"];
    net.coturn_on("outside", &["2001:db8::10"], &[]);
    net.coturn_on("outside", &["2001:db8::11"], &[]);
    let document = checkup(&mut net, &servers.map(str::to_owned), &["--no-call"]);
    assert_eq!(roots(&document), (vec!["ipv6-broken".to_owned()], "direct".to_owned()), "{:#}", document["verdict"]);
}

/// A network of IPv6 alone: unbound makes up addresses, and tayga translates what is sent to them.
fn nat64() {
    let mut net = Net::new("");
    net.ipv6();
    net.ip("inside", "-4 addr flush dev outside");
    let config = net.write(
        "tayga.conf",
        "tun-device nat64\nipv4-addr 192.168.255.1\nipv6-addr 2001:db8:77:ff::1\nprefix 2001:db8:64::/96\n\
         dynamic-pool 192.168.255.0/24\n",
    );
    net.exec("router", &["tayga", "-c", &config, "--mktun"]);
    net.ip("router", "link set nat64 up");
    for words in [
        "addr add 192.168.255.254 dev nat64",
        "route add 192.168.255.0/24 dev nat64",
        "-6 route add 2001:db8:64::/96 dev nat64",
    ] {
        net.ip("router", words);
    }
    net.rules("router", &rules::masquerade());
    // What it says is held back in a pipe otherwise.
    net.serves("router", &["stdbuf", "-oL", "tayga", "-c", &config, "-d"], "NAT64 prefix");
    // What unbound knows by itself it makes no addresses up for.
    let more = ["--port=5300", "--listen-address=127.0.0.1", "--address=/ipv4only.arpa/192.0.0.170"];
    let names = ["--address=/one.example/203.0.113.10", "--address=/two.example/203.0.113.11"];
    net.serves("router", &[DNSMASQ, &more, &names].concat(), "started");
    let config = "server:\nusername: \"\"\nchroot: \"\"\npidfile: \"\"\nuse-syslog: no\nlogfile: \"\"\nverbosity: 1\n\
                  interface: 2001:db8:77::1\naccess-control: ::/0 allow\nmodule-config: \"dns64 iterator\"\n\
                  dns64-prefix: 2001:db8:64::/96\ndo-not-query-localhost: no\n\
                  forward-zone:\nname: \".\"\nforward-addr: 127.0.0.1@5300\n";
    let config = net.write("unbound.conf", config);
    net.serves("router", &["unbound", "-d", "-c", &config], "start of service");
    net.resolves_by("inside", "2001:db8:77::1");
    let servers = ["stun:one.example", "stun:two.example"].map(str::to_owned);
    let document = checkup(&mut net, &servers, &["--no-call"]);
    let findings = document["findings"].as_array().expect("findings");
    assert!(findings.iter().any(|finding| finding["code"] == "nat64-in-use"), "{findings:#?}");

    let servers = document["servers"].as_array().expect("servers");
    let answering = servers.iter().filter(|server| server["error"].is_null()).count();
    assert_eq!(answering, 2, "{servers:#?}");
}
