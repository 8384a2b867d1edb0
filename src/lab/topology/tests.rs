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
    for (name, text) in all() {
        let topology = Topology::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(text.starts_with("# ") && !topology.file().seen.is_empty(), "{name} says where it is met");
        let again = Topology::parse(&topology.text().expect("written")).expect("reads back");
        assert_eq!(again, topology, "{name}");
    }
}

#[test]
fn what_limits_udp_is_drawn_and_a_limit_of_nothing_is_refused() {
    let limited = "name = \"home\"\nfirewall = { udp_bytes_per_second = 8000, udp_packets_per_flow = 30, \
                   limits = \"inwards\", families = [\"ipv4\"] }";
    let text = HOME.replacen("name = \"home\"", limited, 1);
    let drawn = Topology::parse(&text).expect("parses").draw(true);
    for line in ["8000 bytes in UDP a second, inwards", "30 packets of a UDP flow", "only ipv4"] {
        assert!(drawn.contains(&format!("firewall: {line}")), "{line}: {drawn}");
    }
    refused(|_| text.replace("flow = 30", "flow = 0"), "udp = \"none\"");
}

#[test]
fn a_router_that_says_its_address_has_one_to_say_and_is_drawn_with_how_it_is_asked() {
    let router = "[[host]]\nname = \"router\"\nin = \"home\"\naddresses = [\"192.168.0.1\"]\nserves = \"pcp\"\n\n";
    let drawn = Topology::parse(&(HOME.to_owned() + router)).expect("parses").draw(true);
    assert!(drawn.contains("router: the router, answers PCP"), "{drawn}");
    refused(|text| text + &router.replace("in = \"home\"", "in = \"internet\""), "which address its site has outside");
    refused(|text| text + &router.replace("192.168.0.1", "2001:db8:7::1"), "which address its site has outside");
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
    refused(|text| text.replace("serves = \"stun-turn\"", ""), "no host has serves");
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
fn a_contradiction_is_pointed_at_with_line_and_column() {
    let error = Topology::parse(&HOME.replace("\"home\"\nadd", "\"hom\"\nadd")).expect_err("no such site").to_string();
    let expected = "\
line 10, column 6: host \"laptop\" is in \"hom\", which is no site: it is behind nothing; did you mean \"home\"?
   |
10 | in = \"hom\"
   |      ^^^^^";
    assert_eq!(error, expected);
    refused(
        |text| text.replace("192.168.0.2", "198.51.100.2").replace("public = [\"203.0.113.1\"]", "lifetime_s = 60"),
        "line 16, column 30: 198.51.100.2 is the address of host \"laptop\" and of host \"server\" (the other one is in \
         line 11)",
    );
}

#[test]
fn the_word_that_was_probably_meant_is_told() {
    refused(|text| text.replace("filtering", "filtring"), "did you mean `filtering`?");
    refused(|text| text.replace("\"stun-turn\"", "\"stunturn\""), "did you mean `stun-turn`?");
    refused(
        |text| text.replace("name = \"home\"", "name = \"home\"\nbehind = \"intranet\""),
        "did you mean \"internet\"?",
    );
    let change = "\n[[change]]\nwhat = \"readdress\"\nafter_ms = 1\nhost = \"labtop\"\naddresses = [\"192.168.0.3\"]\n";
    refused(|text| text + change, "did you mean \"laptop\"?");
}

/// Under a router that passes addresses on as they are, a site is one network with what is outside of it.
#[test]
fn an_address_is_one_hosts_as_far_as_it_is_seen_as_it_is() {
    let routed = |text: String| {
        text.replace("ipv4 = { filtering = \"address-and-port-dependent\", public = [\"203.0.113.1\"] }", "")
    };
    refused(|text| routed(text).replace("192.168.0.2", "198.51.100.1"), "of host \"laptop\" and of host \"server\"");
    let homes = HOME.to_owned()
        + "\n[[site]]\nname = \"next-door\"\nipv4 = { filtering = \"address-dependent\", public = [\"203.0.113.2\"] }\n\
           \n[[host]]\nname = \"their-laptop\"\nin = \"next-door\"\naddresses = [\"192.168.0.2\"]\n";
    assert!(Topology::parse(&homes).is_ok(), "two homes have the same private addresses");
    refused(|_| homes.replace("203.0.113.2", "203.0.113.1"), "of the gateway of site \"home\" and of the gateway");
    refused(|text| text.replace("192.168.0.2", "203.0.113.1"), "is public of site \"home\" and, inside of it, of host");
    refused(|text| text.replace("192.168.0.2", "127.0.0.1"), "127.0.0.1 is nobody's address");
}

#[test]
fn a_server_that_nobody_could_reach_is_refused() {
    refused(
        |text| text.replace("\"198.51.100.1\", \"198.51.100.2\"", "\"2001:db8::1\""),
        "cannot reach the server \"server\"",
    );
    let hidden =
        "\n[[site]]\nname = \"far\"\nipv4 = { filtering = \"endpoint-independent\", public = [\"203.0.113.9\"] }\n";
    refused(|text| text.replace("in = \"internet\"", "in = \"far\"") + hidden, "line 15, column 6");
    // Through a NAT64 IPv4 is reached from IPv6.
    let nat64 = |text: String| {
        text.replace("ipv4 = {", "nat64 = { prefix = \"64:ff9b::\",").replace("192.168.0.2", "2001:db8:77::2")
    };
    assert!(Topology::parse(&nat64(HOME.to_owned())).is_ok());
    refused(|text| nat64(text).replace("64:ff9b::", "64:ff9b::1"), "ends in 32 zero bits");
}

#[test]
fn a_setting_that_could_do_nothing_is_refused() {
    let home =
        |entry: &'static str| move |text: String| text.replace("name = \"home\"", &format!("name = \"home\"\n{entry}"));
    let firewall = "ipv4 = { filtering = \"address-dependent\", mapping = \"address-dependent\" }";
    refused(
        |text| {
            text.replace("ipv4 = { filtering = \"address-and-port-dependent\", public = [\"203.0.113.1\"] }", firewall)
        },
        "`mapping` says nothing of a firewall",
    );
    refused(home("resolver = { addresses = [\"192.168.0.1\"] }"), "are for answers = \"always\"");
    refused(home("resolver = { answers = \"always\" }"), "needs `addresses` to say");
    refused(home("firewall = { udp_packets_per_second = 0 }"), "udp = \"none\"");
    refused(home("firewall = { tcp = [] }"), "is written as \"none\"");
    refused(home("link = { out = { bandwidth_kbps = 0 } }"), "carries nothing");
    let change = |what| format!("\n[[change]]\nafter_ms = 1\n{what}\n");
    refused(|text| text + &change("what = \"readdress\"\nhost = \"laptop\"\naddresses = []"), "without an address");
    refused(
        |text| text + &change("what = \"renumber\"\nsite = \"home\"\naddresses = [\"2001:db8::1\"]"),
        "has no NAT that could",
    );
    refused(
        |text| text + &change("what = \"renumber\"\nsite = \"home\"\naddresses = [\"198.51.100.1\"]"),
        "the address 198.51.100.1 of host \"server\"",
    );
}

#[test]
fn numbers_have_bounds() {
    let line = |entry: &'static str| {
        move |text: String| {
            text.replace("name = \"home\"", &format!("name = \"home\"\nlink = {{ out = {{ {entry} }} }}"))
        }
    };
    refused(line("delay_ms = 600001"), "is more than 600000");
    refused(line("loss_percent = nan"), "is not between 0 and 100");
    refused(line("reordered_percent = -0.1"), "is not between 0 and 100");
    refused(line("burst_packets = 0.5"), "one packet at least");
    refused(|text| text.replace("public =", "lifetime_s = 0, public ="), "a mapping lives 1 to 86400 s");
    refused(|text| text.replace("\"laptop\"", &format!("\"{}\"", "l".repeat(33))), "cannot be the name of a host");
    let nested = |count: usize| -> String {
        let site = |n| format!("[[site]]\nname = \"s{n}\"\n\n");
        (0..count).map(site).collect()
    };
    assert!(Topology::parse(&HOME.replace("[[site]]\n", &(nested(31) + "[[site]]\n"))).is_ok());
    refused(|text| text.replace("[[site]]\n", &(nested(32) + "[[site]]\n")), "33 sites are too many");
}

/// Keys, values and lines as long as the file itself.
#[test]
fn what_is_told_of_a_file_is_short_whatever_is_in_it() {
    let long = "k".repeat(100_000);
    for text in [
        format!("{long} = 1"),
        format!("title = \"{long}"),
        format!("title = {long}"),
        HOME.replace("\"home\"\nadd", &format!("\"{long}\"\nadd")),
    ] {
        let error = Topology::parse(&text).expect_err("is none").to_string();
        assert!(error.len() < 1000, "{} bytes", error.len());
    }
}

#[test]
fn the_readmes_network_is_one() {
    let readme = include_str!("../../../README.md");
    let text = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a network");
    let topology = Topology::parse(text).expect("parses");
    let amount = topology.amount(topology.client().expect("a client"), Family::Ipv4).expect("the family");
    assert_eq!(amount.mapping, Behaviour::AddressAndPortDependent);
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

#[test]
fn many_addresses_are_drawn_on_lines_of_their_own() {
    let many: Vec<String> = (1..=20).map(|n| format!("\"2001:db8:1111:2222:3333:4444:5555:{n:x}\"")).collect();
    let text = HOME.replace("\"198.51.100.2\"", &format!("\"198.51.100.2\", {}", many.join(", ")));
    let drawn = Topology::parse(&text.replace("Home", &"Home ".repeat(40))).expect("parses").draw(false);
    assert!(drawn.lines().all(|line| line.chars().count() <= 80), "{drawn}");
    assert!(many.iter().all(|address| drawn.contains(address.trim_matches('"'))), "{drawn}");
}
