//! What the kernel's NATs are, and what is said of them.

use crate::Test;
use crate::net::{ALTERNATE, Net, Router, SERVER};
use crate::rules;
use serde_json::{Value, json};

pub(crate) const TESTS: &[Test] = &[
    ("a_masquerade_is_endpoint_independent_with_address_and_port_dependent_filtering", masquerade),
    ("a_masquerade_without_a_firewall_on_the_router_is_the_same_to_a_checkup", without_firewall),
    ("a_fully_random_masquerade_is_address_and_port_dependent", fully_random),
    ("where_all_udp_is_forwarded_to_the_host_inside_the_filter_lets_anybody_in", forwarding_all),
    ("where_known_addresses_are_forwarded_to_the_host_inside_the_filter_is_address_dependent", forwarding_known),
    ("without_a_nat_nothing_is_translated_and_nothing_filtered", open),
    ("a_stateful_ipv6_filter_is_told_from_the_ipv4_nat_beside_it", ipv6_firewall),
    ("a_network_that_drops_udp_is_told_from_a_dead_server", udp_dropped),
    ("what_a_firewall_of_the_host_lets_in_no_more_is_told_from_a_network_that_drops_udp", dropped_by_the_host),
    ("a_network_that_shuts_high_ports_is_told_from_a_server_that_does", high_ports_shut),
    ("a_network_that_lets_few_packets_a_second_pass_is_told_from_one_that_loses_them", few_packets),
    ("a_home_behind_its_carrier_looks_like_one_nat_from_inside", double_nat),
    ("of_two_nats_in_a_row_the_stricter_one_is_seen", stricter_of_two),
    ("a_server_between_two_nats_gives_both_away", server_between),
    ("a_customer_with_a_carriers_address_is_told_of_the_carriers_nat", carrier),
    ("a_router_that_opens_ports_gives_the_nat_above_it_away_and_tells_where_there_is_none", opens_ports),
    ("a_router_that_answers_upnp_alone_is_asked_there_and_gives_nobody_away_without_an_address", opens_ports_by_upnp),
    ("a_pool_of_addresses_is_seen_as_such", pool),
    ("a_pool_that_keeps_a_hosts_address_is_one_address_to_it", persistent_pool),
    ("a_mapping_that_lives_twelve_seconds_is_alive_after_ten_and_dead_after_fifteen", lifetime_of_twelve_seconds),
    ("a_mapping_that_lives_half_a_minute_is_alive_after_29_seconds_and_dead_after_35", lifetime_of_thirty_seconds),
];

/// Every number in an `evidence` list is the id of an observation.
pub(crate) fn assert_evidence_resolves(document: &Value) {
    fn walk(value: &Value, count: usize, seen: &mut usize) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    if name == "evidence" {
                        for id in value.as_array().expect("a list of ids") {
                            assert!((id.as_u64().expect("an id") as usize) < count, "evidence {id} of {count}");
                            *seen += 1;
                        }
                    }
                    walk(value, count, seen);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| walk(value, count, seen)),
            _ => {}
        }
    }
    let count = document["observations"].as_array().expect("observations").len();
    let mut seen = 0;
    walk(document, count, &mut seen);
    assert!(seen > 0, "there is evidence");
}

pub(crate) fn codes(document: &Value) -> Vec<&str> {
    let findings = document["findings"].as_array().expect("findings");
    findings.iter().filter_map(|finding| finding["code"].as_str()).collect()
}

/// Whether it translates, its mapping and its filtering, as RFC 4787's initials; "?" for what is not known.
fn ipv4(document: &Value) -> (Option<bool>, String) {
    let nat = &document["nat"]["ipv4"];
    let initials = |name: &str, last: &str| match nat[name]["value"].as_str() {
        Some("endpoint-independent") => format!("EI{last}"),
        Some("address-dependent") => format!("AD{last}"),
        Some("address-and-port-dependent") => format!("APD{last}"),
        _ => "?".to_owned(),
    };
    (nat["translated"]["value"].as_bool(), format!("{}/{}", initials("mapping", "M"), initials("filtering", "F")))
}

fn path(document: &Value) -> &str {
    document["verdict"]["path"]["value"].as_str().unwrap_or("?")
}

/// A checkup against coturn on this network.
fn examine(net: &mut Net) -> (i32, Value) {
    net.coturn(&[]);
    let (code, document) = net.diagnose(&[&format!("stun:{SERVER}")]);
    assert_evidence_resolves(&document);
    (code, document)
}

/// A single router with these rules: its behaviour, the path to a typical home peer, and the exit code.
fn assert_nat(rules: &str, behaviours: &str, expected_path: &str, expected_code: i32) -> Value {
    let (code, document) = examine(&mut Net::new(rules));
    assert_eq!(ipv4(&document), (Some(true), behaviours.to_owned()), "{document:#}");
    assert_eq!((path(&document), code), (expected_path, expected_code), "{:#}", document["verdict"]);
    document
}

fn masquerade() {
    assert_nat(&rules::masquerade(), "EIM/APDF", "direct", 0);
}

/// What the server sends unasked leaves an entry on the router with which a later packet from inside to that endpoint
/// would clash: the checkup never sends one where it has asked for an answer that its filter should keep out.
fn without_firewall() {
    assert_nat(&rules::masquerade_without_firewall(), "EIM/APDF", "direct", 0);
}

fn fully_random() {
    assert_nat(&rules::fully_random(), "APDM/APDF", "?", 3);
}

fn forwarding_all() {
    assert_nat(&rules::forwarding_all(), "EIM/EIF", "direct", 0);
}

fn forwarding_known() {
    assert_nat(&rules::forwarding_known(), "EIM/ADF", "direct", 0);
}

fn open() {
    let mut net = Net::new(&rules::open());
    net.ip("outside", "route add 192.168.77.0/24 via 203.0.113.1");
    let (_, document) = examine(&mut net);
    assert_eq!(ipv4(&document), (Some(false), "EIM/EIF".to_owned()), "{document:#}");
}

fn ipv6_firewall() {
    let mut net = Net::new(&rules::ipv6_firewall());
    net.ipv6();
    net.coturn(&["-L", "2001:db8::10", "-L", "2001:db8::11"]);
    let (code, document) = net.diagnose(&[&format!("stun:{SERVER}"), "stun:[2001:db8::10]"]);
    let ipv6 = &document["nat"]["ipv6"];
    assert_eq!(ipv6["translated"]["value"], json!(false), "{document:#}");
    assert_eq!(ipv6["mapping"]["value"], json!("endpoint-independent"));
    assert_eq!(ipv6["filtering"]["value"], json!("address-and-port-dependent"), "{document:#}");
    assert_eq!(ipv4(&document).0, Some(true));
    assert_eq!((code, path(&document)), (0, "direct"), "{document:#}");
}

fn udp_dropped() {
    let mut net = Net::new(&rules::udp_dropped());
    net.coturn(&[]);
    let (code, document) = net.diagnose(&[&format!("stun:{SERVER}"), &format!("stun:{SERVER}?transport=tcp")]);
    assert!(codes(&document).contains(&"server-udp-silent"), "{:?}", codes(&document));
    assert_eq!(document["nat"]["ipv4"]["mapping"]["state"], json!("not-tested"), "{:#}", document["nat"]);
    assert_ne!(code, 0);
}

/// The answers come to the host, and none of them to a program; over TCP all is well.
fn dropped_by_the_host() {
    let mut net = Net::new(&rules::masquerade());
    net.coturn(&[]);
    net.rules("inside", &rules::udp_not_let_in());
    let (_, document) = net.diagnose(&[&format!("stun:{SERVER}"), &format!("stun:{SERVER}?transport=tcp")]);
    let told = document["findings"].as_array().expect("findings");
    let firewall = told.iter().find(|finding| finding["code"] == "local-firewall").expect("named");
    assert_eq!(firewall["strength"], "proven", "{firewall:#}");
    for code in ["udp-blocked", "server-udp-silent"] {
        assert!(!codes(&document).contains(&code), "{:?}", codes(&document));
    }
}

/// How sure a cause is told, and the path, where two operators' servers are on one link. These rules are the router's, and
/// those of the servers' host.
fn told(code: &str, rules: &str, at_servers: &str) -> (Option<String>, String) {
    let mut net = Net::new(rules);
    // Both are one machine here, which would say no more than six words to us.
    net.exec("outside", &["sysctl", "-qw", "net.ipv4.icmp_ratelimit=0"]);
    net.coturn_on("outside", &[SERVER], &[]);
    net.coturn_on("outside", &[ALTERNATE], &[]);
    net.rules("outside", at_servers);
    let password = net.write("password", "pass");
    let stun = [SERVER, ALTERNATE].map(|server| format!("stun:{server}"));
    let turn = ["udp", "tcp"].map(|transport| format!("turn:{SERVER}?transport={transport}"));
    let servers = [stun, turn].concat();
    let mut words: Vec<&str> = servers.iter().map(String::as_str).collect();
    words.extend(["--no-call", "--user", "user", "--password-file", &password]);
    let (_, document) = net.diagnose(&words);
    let mut findings = document["findings"].as_array().expect("findings").iter();
    let finding = findings.find(|finding| finding["code"] == code);
    (finding.and_then(|finding| finding["strength"].as_str().map(str::to_owned)), path(&document).to_owned())
}

/// No router says how far a request came, only the hosts.
fn high_ports_shut() {
    let code = "udp-ports-closed";
    let network = told(code, &rules::udp_to_two_ports(), "");
    assert_eq!(network, (Some("proven".to_owned()), "relay".to_owned()));
    let (server, _) = told(code, &rules::masquerade(), &rules::high_ports_shut(SERVER));
    assert_eq!(server, None, "one host's own firewall");
}

fn few_packets() {
    let code = "udp-packets-limited";
    let limited = told(code, &rules::udp_limited("10/second burst 10 packets"), "");
    assert_eq!(limited, (Some("proven".to_owned()), "relay".to_owned()));
    for lost in [1, 3] {
        assert_eq!(told(code, &rules::udp_lossy(lost), "").0, None, "{lost} of ten lost");
    }
}

fn double_nat() {
    let masquerade = rules::masquerade();
    let mut net = Net::behind(&[Router::home(&masquerade), Router::carrier(&masquerade)]);
    let (code, document) = examine(&mut net);
    assert_eq!(ipv4(&document), (Some(true), "EIM/APDF".to_owned()), "{document:#}");
    assert_eq!((path(&document), code), ("direct", 0));
    // Nothing that this machine sees gives the carrier away: its own address and the public one could be one router's.
    assert!(
        !codes(&document).iter().any(|code| ["carrier-nat", "double-nat"].contains(code)),
        "{:?}",
        codes(&document)
    );
}

fn stricter_of_two() {
    let (random, masquerade) = (rules::fully_random(), rules::masquerade());
    for routers in
        [[Router::home(&masquerade), Router::carrier(&random)], [Router::home(&random), Router::carrier(&masquerade)]]
    {
        let (_, document) = examine(&mut Net::behind(&routers));
        assert_eq!(ipv4(&document), (Some(true), "APDM/APDF".to_owned()), "{document:#}");
    }
}

fn server_between() {
    let masquerade = rules::masquerade();
    let mut net = Net::behind(&[Router::home(&masquerade), Router::carrier(&masquerade)]);
    net.coturn(&[]);
    net.coturn_on("carrier", &["100.64.7.1"], &[]);
    let (_, document) = net.diagnose(&[&format!("stun:{SERVER}"), "stun:100.64.7.1"]);
    assert_evidence_resolves(&document);
    assert!(codes(&document).contains(&"double-nat"), "{:?}", codes(&document));
    assert_eq!(ipv4(&document), (Some(true), "EIM/APDF".to_owned()), "{document:#}");
}

fn carrier() {
    let (_, document) = examine(&mut Net::behind(&[Router::carrier(&rules::masquerade())]));
    assert_eq!(ipv4(&document), (Some(true), "EIM/APDF".to_owned()), "{document:#}");
    assert!(codes(&document).contains(&"carrier-nat"), "{:?}", codes(&document));
}

/// miniupnpd keeps back an address that is not public in one of its protocols, and names any in the other.
fn opens_ports() {
    let masquerade = rules::masquerade();
    let home = || Router::home(&masquerade);
    for (above, told) in [(Some("100.64.7"), Some("carrier-nat")), (Some("10.64.7"), Some("double-nat")), (None, None)]
    {
        let above = above.map(|lan| Router { lan, ..Router::carrier(&masquerade) });
        let mut net = Net::behind(&[home()].into_iter().chain(above).collect::<Vec<_>>());
        net.opens_ports("router", "enable_natpmp=yes\nenable_upnp=no", "Listening for NAT-PMP/PCP");
        let (_, document) = examine(&mut net);
        let named = ["carrier-nat", "double-nat"].into_iter().find(|code| codes(&document).contains(code));
        assert_eq!(named, told, "{:?}", codes(&document));
        let asked = crate::ends::facts(&document, "ours", "outside-asked");
        assert!(asked.len() == 1 && asked[0]["outside"].is_string(), "{asked:?}");
        // A machine that is busy answers after the second copy.
        assert!(asked[0]["sent"].as_u64().is_some_and(|sent| sent <= 2), "{asked:?}");
    }
}

/// miniupnpd names no address in UPnP that is none of the internet's: so nothing is told of a carrier above it. One of the
/// internet's that the world sees is the last one; another one may be that of a second line.
fn opens_ports_by_upnp() {
    const NO_OTHER: &str = "enable_natpmp=no\nenable_upnp=yes";
    let masquerade = rules::masquerade();
    let public = "table ip nat {\nchain postrouting {\ntype nat hook postrouting priority srcnat;\n\
                  oifname \"outside\" snat to 5.1.1.1\n}\n}\n";
    for (home, above, words, named) in [
        (masquerade.as_str(), Some(Router::carrier(&masquerade)), NO_OTHER.to_owned(), None),
        (public, None, format!("{NO_OTHER}\next_ip=5.1.1.1"), Some("5.1.1.1")),
        (public, None, format!("{NO_OTHER}\next_ip=5.1.1.2"), Some("5.1.1.2")),
    ] {
        let mut net = Net::behind(&[Router::home(home)].into_iter().chain(above).collect::<Vec<_>>());
        if named.is_some() {
            net.ip("router", "addr add 5.1.1.1/32 dev outside");
            net.ip("outside", "route add 5.1.1.1/32 via 203.0.113.1");
        }
        net.opens_ports("router", &words, "HTTP listening on port");
        let (_, document) = examine(&mut net);
        let asked = crate::ends::facts(&document, "ours", "outside-asked");
        let protocols: Vec<&Value> = asked.iter().map(|asked| &asked["protocol"]).collect();
        assert_eq!(protocols, [&Value::Null, &Value::from("upnp")], "{asked:?}");
        assert_eq!(asked[1]["outside"].as_str(), named, "{asked:?}");
        assert_eq!(asked[1]["code"], 0, "{asked:?}");
        for code in ["carrier-nat", "double-nat"] {
            let is_claimed = codes(&document).contains(&code);
            assert!(!is_claimed, "{code}: {asked:?} {:?}", document["nat"]["ipv4"]["public_addresses"]);
        }
    }
}

/// Asks both of the server's addresses, each from a socket of its own.
fn behind_a_pool(rules: &str) -> Value {
    let mut net = Net::new(rules);
    net.ip("router", "route add local 203.0.113.32/27 dev outside");
    net.coturn(&[]);
    let (_, document) = net.diagnose(&[&format!("stun:{SERVER}"), &format!("stun:{ALTERNATE}")]);
    assert_evidence_resolves(&document);
    document
}

/// Linux picks the address by source and destination (a hash without a secret, so these two are always told apart),
/// but gives a socket that has a mapping the same one towards everybody.
fn pool() {
    let document = behind_a_pool(&rules::pool());
    assert_eq!(ipv4(&document), (Some(true), "EIM/APDF".to_owned()), "{document:#}");
    assert_eq!(document["nat"]["ipv4"]["public_addresses"].as_array().expect("a list").len(), 2);
    assert!(codes(&document).contains(&"address-pool"), "{:?}", codes(&document));
    assert_eq!(path(&document), "direct");
}

fn persistent_pool() {
    let document = behind_a_pool(&rules::persistent_pool());
    assert_eq!(ipv4(&document), (Some(true), "EIM/APDF".to_owned()), "{document:#}");
    assert_eq!(document["nat"]["ipv4"]["public_addresses"].as_array().expect("a list").len(), 1);
    assert!(!codes(&document).contains(&"address-pool"), "{:?}", codes(&document));
}

/// Idle mappings of a kernel that forgets them after `timeout_s`, tried for `longest_s` at the most: how long one was
/// seen to live, in seconds.
fn lifetime(timeout_s: u32, longest_s: u32) -> u64 {
    /// What the program keeps of its time for all the other questions.
    const BESIDE_IDLING_S: u32 = 20;
    let mut net = Net::new(&rules::masquerade());
    for timeout in ["nf_conntrack_udp_timeout", "nf_conntrack_udp_timeout_stream"] {
        net.exec("router", &["sysctl", "-qw", &format!("net.netfilter.{timeout}={timeout_s}")]);
    }
    net.coturn(&[]);
    let timeout = (longest_s + BESIDE_IDLING_S).to_string();
    let (_, document) = net.diagnose(&[&format!("stun:{SERVER}"), "--lifetime", "--timeout", &timeout]);
    assert_evidence_resolves(&document);
    let lifetime = &document["nat"]["ipv4"]["mapping_lifetime_ms"];
    assert_eq!(lifetime["evidence"].as_array().map(Vec::len), Some(2), "a life and a death: {document:#}");
    assert!(codes(&document).contains(&"short-mapping-lifetime"), "{:?}", codes(&document));
    lifetime["value"].as_u64().expect("known") / 1000
}

fn lifetime_of_twelve_seconds() {
    assert_eq!(lifetime(12, 15), 10);
}

fn lifetime_of_thirty_seconds() {
    assert_eq!(lifetime(31, 35), 29);
}
