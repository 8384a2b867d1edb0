//! `rtc-doctor serve` asked by clients that we did not write: coturn's, from behind the kernel's NAT.

use crate::Test;
use crate::net::{ALTERNATE, Net, SERVER};
use crate::rules;
use serde_json::Value;

pub(crate) const TESTS: &[Test] = &[
    ("coturns_client_finds_by_serve_what_the_nat_is", behaviour),
    ("coturns_client_relays_through_serve_over_udp_and_tcp", relaying),
];

/// Serves outside, for the client inside.
fn served(net: &mut Net, more: &[&str]) -> Value {
    let addresses = ["--listen", SERVER, "--listen", ALTERNATE];
    net.serve("outside", &[&addresses, more].concat())
}

fn said(net: &Net, words: &[&str]) -> String {
    let output = net.command("inside", words).output().expect("coturn's clients are there");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn behaviour() {
    for (rules, mapping, filtering) in [
        (rules::forwarding_all(), "Endpoint Independent Mapping", "Endpoint Independent Filtering"),
        (rules::masquerade(), "Endpoint Independent Mapping", "Address and Port Dependent Filtering"),
        (rules::fully_random(), "Address and Port Dependent Mapping", "Address and Port Dependent Filtering"),
    ] {
        let mut net = Net::new(&rules);
        served(&mut net, &[]);
        let said = said(&net, &["turnutils_natdiscovery", "-m", "-f", SERVER]);
        assert!(said.contains(mapping) && said.contains(filtering), "{mapping}, {filtering}: {said}");
    }
}

/// Two allocations of one client, each the other's peer: the default of who may be one.
fn relaying() {
    let mut net = Net::new(&rules::masquerade());
    let password = net.write("password", "wonderland");
    served(&mut net, &["--user", "alice", "--password-file", &password]);
    for transport in [&[][..], &["-t"]] {
        let client = ["turnutils_uclient", "-u", "alice", "-w", "wonderland", "-n", "20", "-m", "1", "-y", "-s", "-c"];
        let said = said(&net, &[&client, transport, &[SERVER]].concat());
        assert!(said.contains("tot_send_msgs=40, tot_recv_msgs=40"), "{transport:?}: {said}");
    }
}
