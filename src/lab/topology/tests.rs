//! What a file must be, and what is said where it is not.

use super::*;

const HOME: &str = r#"
title = "Home"

[[site]]
name = "home"
ipv4 = { filtering = "address-and-port-dependent", public = ["203.0.113.1"] }

[[host]]
name = "laptop"
in = "home"
addresses = ["192.168.0.2"]

[[host]]
name = "server"
in = "internet"
addresses = ["198.51.100.1", "198.51.100.2"]
serves = "stun-turn"
"#;

fn refused(change: impl FnOnce(String) -> String, expected: &str) {
    let text = change(HOME.to_owned());
    let error = Topology::parse(&text).expect_err(expected).to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn every_preset_parses_and_reads_back_from_what_is_written_of_it() {
    for (name, text) in PRESETS {
        let topology = Topology::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(text.starts_with("# ") && !topology.file().seen.is_empty(), "{name} says where it is met");
        let again = Topology::parse(&topology.text().expect("written")).expect("reads back");
        assert_eq!(again, topology, "{name}");
    }
}

#[test]
fn an_unknown_key_is_told_with_its_line_and_column_and_the_keys_there_are() {
    refused(|text| text.replace("filtering", "filtring"), "line 6, column 10");
    refused(|text| text.replace("filtering", "filtring"), "expected one of `mapping`, `filtering`");
    refused(|text| text.replace("address-and-port", "full-cone"), "endpoint-independent");
    refused(|text| text + "\n[[nat]]\n", "unknown field `nat`");
    refused(|text| text.replace("203.0.113.1", "203.0.113.274"), "line 6");
}

#[test]
fn what_contradicts_itself_is_told_with_both_its_places() {
    refused(
        |text| text.replace("192.168.0.2", "192.168.0.2\", \"192.168.0.2"),
        "of host \"laptop\" and of host \"laptop\"",
    );
    refused(|text| text.replace("203.0.113.1", "198.51.100.2"), "the gateway of site \"home\"");
    refused(|text| text.replace("\"laptop\"", "\"home\""), "\"home\" is the name of a site and of a host");
    refused(|text| text.replace("in = \"home\"", "in = \"hom\""), "it is behind nothing");
    refused(|text| text.replace("name = \"home\"", "name = \"home\"\nbehind = \"street\""), "which is no site");
    let circle = "[[site]]\nname = \"street\"\nbehind = \"home\"\n\n[[site]]\nname = \"home\"\nbehind = \"street\"";
    refused(|text| text.replace("[[site]]\nname = \"home\"", circle), "street behind home behind street");
    refused(|text| text.replace("203.0.113.1", "2001:db8::1"), "no public address of its ipv4 device");
    refused(|text| text.replace("in = \"home\"", "in = \"home\"\nserves = \"proxy\""), "no host to check from");
    refused(|text| text.replace("serves = \"stun-turn\"", ""), "no server to ask");
    refused(
        |text| {
            text.replace(
                "[[host]]\nname = \"server\"",
                "[[change]]\nwhat = \"plug\"\nafter_ms = 1\nsite = \"x\"\n\n[[host]]\nname = \"server\"",
            )
        },
        "a change names the site \"x\"",
    );
    let lossy = "name = \"home\"\nlink = { out = { loss_percent = 101.0 } }";
    refused(|text| text.replace("name = \"home\"", lossy), "is not between 0 and 100");
    let portal = "name = \"home\"\nportal = { host = \"server\" }";
    refused(|text| text.replace("name = \"home\"", portal), "no host of this site");
}

#[test]
fn nats_in_a_row_amount_to_the_strictest_of_each_behaviour() {
    use Behaviour::{AddressAndPortDependent, EndpointIndependent};
    let amount = |name: &str, family| {
        let topology = Topology::preset(name).expect("a preset");
        topology.amount(topology.client().expect("a client"), family)
    };
    let carrier = amount("home-behind-carrier", Family::Ipv4).expect("the family");
    assert_eq!((carrier.translated, carrier.mapping), (true, EndpointIndependent));
    assert_eq!(carrier.filtering, AddressAndPortDependent);
    let ipv6 = amount("ipv6-firewall", Family::Ipv6).expect("the family");
    assert_eq!((ipv6.translated, ipv6.filtering), (false, AddressAndPortDependent));
    assert_eq!(amount("home", Family::Ipv6), None);
}

#[test]
fn every_preset_is_drawn_within_eighty_columns_and_in_ascii_where_asked() {
    for (name, _) in PRESETS {
        let topology = Topology::preset(name).expect("parses");
        for ascii in [false, true] {
            let drawn = topology.draw(ascii);
            assert!(drawn.lines().all(|line| line.chars().count() <= 80), "{name}:\n{drawn}");
            assert!(!ascii || drawn.is_ascii(), "{name}:\n{drawn}");
            assert!(topology.file().hosts.iter().all(|host| drawn.contains(&host.name)), "{name}:\n{drawn}");
        }
    }
}
