//! Relaying through coturn from behind the kernel's NAT, and each way in which it fails.

use crate::Test;
use crate::nat::{assert_evidence_resolves, codes};
use crate::net::{ALTERNATE, Net, SERVER};
use crate::rules;
use rcgen::{CertificateParams, KeyPair, SanType, date_time_ymd};
use serde_json::{Value, json};

pub(crate) const TESTS: &[Test] = &[
    ("behind_a_masquerade_the_relay_is_proven_over_udp_and_tcp", proven),
    ("a_wrong_password_is_told_as_such", wrong_password),
    ("a_port_where_nobody_listens_is_told_as_such", wrong_port),
    ("a_dead_host_is_told_as_such_and_delays_nobody", dead_host),
    ("an_expired_certificate_is_told_as_such", expired_certificate),
    ("a_rest_secret_makes_credentials_that_coturn_takes", rest_secret),
    ("a_peer_that_coturn_denies_is_told_as_such", denied_peer),
    ("where_udp_is_dropped_the_relay_over_tcp_is_proven_and_carries_the_call", relay_without_udp),
    ("where_only_tcp_443_leaves_the_relay_there_is_proven_and_all_else_is_silent", hotel),
    ("a_good_certificate_of_a_given_authority_relays_over_tls", good_certificate),
];

fn candidate_types(document: &Value) -> Vec<&str> {
    let candidates = document["candidates"].as_array().expect("candidates");
    let mut types: Vec<_> = candidates.iter().filter_map(|candidate| candidate["type"].as_str()).collect();
    types.sort_unstable();
    types.dedup();
    types
}

/// The outcome of a stage of the first server whose URI begins so.
fn stage<'a>(document: &'a Value, uri: &str, name: &str) -> &'a Value {
    let servers = document["servers"].as_array().expect("servers");
    let server = servers.iter().find(|server| server["uri"].as_str().is_some_and(|own| own.starts_with(uri)));
    let stages = server.unwrap_or_else(|| panic!("{uri}: {servers:?}"))["stages"].as_array().expect("stages");
    &stages.iter().find(|stage| stage["name"] == name).unwrap_or_else(|| panic!("no {name} in {stages:?}"))["outcome"]
}

fn uri(transport: &str) -> String {
    format!("turn:{SERVER}?transport={transport}")
}

fn proven() {
    let mut net = Net::new(&rules::masquerade());
    net.coturn(&[]);
    let password = net.write("password", "pass");
    let (code, document) = net.diagnose(&[
        &format!("stun:{SERVER}"),
        &uri("udp"),
        &uri("tcp"),
        "--user",
        "user",
        "--password-file",
        &password,
    ]);
    assert_eq!(code, 0, "{document:#}");
    assert_eq!(candidate_types(&document), ["host", "relay", "srflx"]);
    for transport in ["udp", "tcp"] {
        for name in ["allocate", "relay-in", "relay-out", "release"] {
            assert_eq!(stage(&document, &uri(transport), name), &json!("passed"), "{transport} {name}: {document:#}");
        }
    }
    let relays = document["candidates"].as_array().expect("candidates").iter().filter(|c| c["type"] == "relay");
    let mut protocols: Vec<_> = relays.map(|candidate| candidate["relay_protocol"].clone()).collect();
    protocols.sort_by_key(Value::to_string);
    assert_eq!(protocols, [json!("tcp"), json!("udp")]);
    assert_evidence_resolves(&document);
}

fn wrong_password() {
    let mut net = Net::new(&rules::masquerade());
    net.coturn(&[]);
    let password = net.write("password", "not-the-password-canary");
    let (code, document) = net.diagnose(&[&uri("udp"), "--user", "user", "--password-file", &password]);
    assert!(codes(&document).contains(&"relay-credentials-rejected"), "{document:#}");
    assert_ne!(code, 0);
    assert!(!document.to_string().contains("canary"), "the password is in the document");
}

fn wrong_port() {
    let mut net = Net::new(&rules::masquerade());
    net.coturn(&[]);
    let password = net.write("password", "pass");
    let dead = format!("turn:{SERVER}:3999?transport=tcp");
    let (_, document) = net.diagnose(&[&dead, &uri("udp"), "--user", "user", "--password-file", &password]);
    assert!(codes(&document).contains(&"server-refused-connection"), "{:?}", codes(&document));
}

fn dead_host() {
    let mut net = Net::new(&rules::masquerade());
    net.coturn(&[]);
    // An address of the outside network that nobody has; the router would say "host unreachable", so it is black-holed.
    net.exec("router", &["ip", "route", "add", "203.0.113.99/32", "dev", "outside"]);
    net.exec("outside", &["sysctl", "-qw", "net.ipv4.conf.inside.proxy_arp=0"]);
    let (_, document) = net.diagnose(&["stun:203.0.113.99", &format!("stun:{SERVER}")]);
    let codes = codes(&document);
    assert!(codes.contains(&"server-silent") || codes.contains(&"server-unreachable"), "{codes:?}");
    assert_eq!(document["nat"]["ipv4"]["filtering"]["value"], json!("address-and-port-dependent"));
    let known = document["nat_known_ms"].as_f64().expect("the NAT is known");
    assert!(known < 2000.0, "the dead server delayed the NAT's diagnosis: {known} ms");
}

fn rest_secret() {
    let mut net = Net::new(&rules::masquerade());
    net.coturn(&["--use-auth-secret", "--static-auth-secret=north-canary"]);
    let secret = net.write("secret", "north-canary");
    let (_, document) = net.diagnose(&[&uri("udp"), "--turn-secret-file", &secret]);
    assert_eq!(stage(&document, &uri("udp"), "relay-out"), &json!("passed"), "{document:#}");
    assert!(!document.to_string().contains("canary"), "the secret is in the document");
}

fn denied_peer() {
    let mut net = Net::new(&rules::masquerade());
    net.coturn(&["--denied-peer-ip=203.0.113.0-203.0.113.255"]);
    let password = net.write("password", "pass");
    let (code, document) = net.diagnose(&[&uri("udp"), "--user", "user", "--password-file", &password]);
    assert!(codes(&document).contains(&"relay-peer-refused"), "{:?}", codes(&document));
    assert_ne!(code, 0);
}

fn relay_without_udp() {
    let mut net = Net::new(&rules::udp_dropped());
    net.coturn(&[]);
    let password = net.write("password", "pass");
    let words = [&format!("stun:{SERVER}"), &uri("tcp"), "--user", "user", "--password-file", &password];
    let (code, document) = net.diagnose(&words);
    assert_eq!(document["verdict"]["path"]["value"], json!("relay"), "{:#}", document["verdict"]);
    // One server that is silent over UDP alone does not tell whether it or the network is to be mended.
    assert!(codes(&document).contains(&"server-udp-silent"), "{:?}", codes(&document));
    assert_eq!(document["verdict"]["direct_if"], json!([]));
    for leg in ["relay-in", "relay-out"] {
        assert_eq!(stage(&document, &uri("tcp"), leg), &json!("passed"), "{document:#}");
    }
    assert_eq!(code, 1);
}

/// A certificate for the server's address, signed by itself, as files: (certificate, key).
pub(crate) fn certificate(net: &Net, from_year: i32, to_year: i32) -> (String, String) {
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![SanType::IpAddress(SERVER.parse().expect("an address"))];
    params.not_before = date_time_ymd(from_year, 1, 1);
    params.not_after = date_time_ymd(to_year, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    (net.write("cert.pem", &certificate.pem()), net.write("key.pem", &key.serialize_pem()))
}

fn expired_certificate() {
    let mut net = Net::new(&rules::masquerade());
    let (certificate, key) = certificate(&net, 2001, 2002);
    net.coturn(&["--cert", &certificate, "--pkey", &key]);
    let password = net.write("password", "pass");
    let tls = format!("turns:{SERVER}");
    let (code, document) = net.diagnose(&[&tls, "--ca", &certificate, "--user", "user", "--password-file", &password]);
    assert!(codes(&document).contains(&"tls-expired"), "{:?}", codes(&document));
    assert_ne!(code, 0);
}

fn good_certificate() {
    let mut net = Net::new(&rules::masquerade());
    let (certificate, key) = certificate(&net, 2020, 2090);
    net.coturn(&["--cert", &certificate, "--pkey", &key]);
    let password = net.write("password", "pass");
    let tls = format!("turns:{SERVER}");
    let words = [&tls, "--ca", &certificate, "--user", "user", "--password-file", &password];
    let (_, document) = net.diagnose(&words);
    assert_eq!(stage(&document, &tls, "relay-out"), &json!("passed"), "{document:#}");
}

fn hotel() {
    let mut net = Net::new(&rules::tcp_443_only());
    let (certificate, key) = certificate(&net, 2020, 2090);
    // coturn takes TCP and TLS on one port.
    net.coturn_on("outside", &[SERVER], &["-p", "443", "--cert", &certificate, "--pkey", &key]);
    net.coturn_on("outside", &[ALTERNATE], &[]);
    let password = net.write("password", "pass");
    let [tcp, tls] = [format!("turn:{SERVER}:443?transport=tcp"), format!("turns:{SERVER}:443")];
    let silent = [format!("stun:{SERVER}:443"), format!("turn:{ALTERNATE}"), format!("turn:{ALTERNATE}?transport=tcp")];
    let mut words = vec![tcp.as_str(), &tls, "--ca", &certificate, "--user", "user", "--password-file", &password];
    words.extend(silent.iter().map(String::as_str));
    let (code, document) = net.diagnose(&words);
    assert_evidence_resolves(&document);
    for uri in [&tcp, &tls] {
        assert_eq!(stage(&document, uri, "relay-out"), &json!("passed"), "{document:#}");
    }
    for server in document["servers"].as_array().expect("servers") {
        let leaves = server["transport"] != "udp" && server["address"] == format!("{SERVER}:443");
        assert_eq!(server["error"].is_null(), leaves, "{server:#}");
    }
    assert_eq!(document["verdict"]["path"]["value"], json!("relay"), "{:#}", document["verdict"]);
    assert!(codes(&document).contains(&"udp-blocked"), "{:?}", codes(&document));
    assert_eq!(code, 1);
}
