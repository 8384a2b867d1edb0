//! What the kernel's NATs are, and what is said of them.

use crate::Test;
use crate::net::{Net, SERVER};
use serde_json::{Value, json};

pub const TESTS: &[Test] = &[
    ("a_masquerade_is_endpoint_independent_with_address_and_port_dependent_filtering", masquerade),
    ("a_fully_random_masquerade_is_address_and_port_dependent", fully_random),
    ("without_a_nat_nothing_is_translated_and_nothing_filtered", open),
    ("a_stateful_ipv6_filter_is_told_from_the_ipv4_nat_beside_it", ipv6_firewall),
    ("a_network_that_drops_udp_is_told_from_a_dead_server", udp_dropped),
];

/// An unsolicited packet must not make a conntrack entry on the router itself, or the inside host's own packet would
/// leave by another port.
const WAN_INPUT: &str = "chain input { type filter hook input priority 0; iifname \"outside\" ct state new drop; }";

fn masquerading(how: &str) -> String {
    format!(
        "table ip nat {{ chain postrouting {{ type nat hook postrouting priority 100; oifname \"outside\" {how}; }}\n{WAN_INPUT}\n}}\n"
    )
}

pub fn masquerade_rules() -> String {
    masquerading("masquerade")
}

/// Every number in an `evidence` list is the id of an observation.
pub fn assert_evidence_resolves(document: &Value) {
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

fn nat_of(document: &Value) -> (Value, Value, Value) {
    let nat = &document["nat"]["ipv4"];
    (nat["translated"]["value"].clone(), nat["mapping"]["value"].clone(), nat["filtering"]["value"].clone())
}

fn masquerade() {
    let mut net = Net::new(&masquerade_rules());
    net.coturn(&[]);
    let (code, document) = net.diagnose(&[&format!("stun:{SERVER}")]);
    let expected = (json!(true), json!("endpoint-independent"), json!("address-and-port-dependent"));
    assert_eq!(nat_of(&document), expected, "{document:#}");
    assert_eq!((code, &document["verdict"]["path"]["value"]), (0, &json!("direct")), "{document:#}");
    assert_evidence_resolves(&document);
}

fn fully_random() {
    let mut net = Net::new(&masquerading("masquerade fully-random"));
    net.coturn(&[]);
    let (_, document) = net.diagnose(&[&format!("stun:{SERVER}")]);
    let expected = (json!(true), json!("address-and-port-dependent"), json!("address-and-port-dependent"));
    assert_eq!(nat_of(&document), expected, "{document:#}");
}

fn open() {
    // The outside knows the way back in: the router only forwards.
    let mut net = Net::new("");
    net.exec("outside", &["ip", "route", "add", "192.168.77.0/24", "via", "203.0.113.1"]);
    net.coturn(&[]);
    let (_, document) = net.diagnose(&[&format!("stun:{SERVER}")]);
    assert_eq!(
        nat_of(&document),
        (json!(false), json!("endpoint-independent"), json!("endpoint-independent")),
        "{document:#}"
    );
}

fn ipv6_firewall() {
    let rules = format!(
        "{}\ntable ip6 filter {{ chain forward {{ type filter hook forward priority 0; policy drop; \
         ct state established,related accept; iifname \"inside\" accept; }}\n}}",
        masquerade_rules()
    );
    let mut net = Net::new(&rules);
    net.ipv6();
    net.coturn(&["-L", "2001:db8::10", "-L", "2001:db8::11"]);
    let (code, document) = net.diagnose(&[&format!("stun:{SERVER}"), "stun:[2001:db8::10]"]);
    let ipv6 = &document["nat"]["ipv6"];
    assert_eq!(ipv6["translated"]["value"], json!(false), "{document:#}");
    assert_eq!(ipv6["mapping"]["value"], json!("endpoint-independent"));
    assert_eq!(ipv6["filtering"]["value"], json!("address-and-port-dependent"), "{document:#}");
    assert_eq!(nat_of(&document).0, json!(true));
    assert_eq!((code, &document["verdict"]["path"]["value"]), (0, &json!("direct")), "{document:#}");
}

pub fn udp_dropped_rules() -> String {
    format!(
        "{}\ntable ip filter {{ chain forward {{ type filter hook forward priority 0; ip protocol udp drop; }}\n}}",
        masquerade_rules()
    )
}

fn udp_dropped() {
    let mut net = Net::new(&udp_dropped_rules());
    net.coturn(&[]);
    let (code, document) = net.diagnose(&[&format!("stun:{SERVER}"), &format!("stun:{SERVER}?transport=tcp")]);
    let codes: Vec<_> = document["findings"].as_array().expect("findings").iter().map(|f| f["code"].clone()).collect();
    assert!(codes.contains(&json!("udp-blocked")), "{codes:?}");
    assert_ne!(code, 0);
}
