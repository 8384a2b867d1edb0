//! The lab for real programs: do they find themselves in the network that was configured?

use crate::Test;
use rtc_doctor::desk::{Desk, Plan, Seat};
use rtc_doctor::lab::{Gateway, Line, Link, NatConfig, Network};
use rtc_doctor::machine::Dice;
use rtc_doctor::model::Behaviour;
use std::net::IpAddr;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

pub const TESTS: &[Test] = &[("a_ping_crosses_a_nat_and_a_link_and_takes_as_long_as_the_link_does", ping)];

const SERVER: &str = "203.0.113.10";

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// A laptop behind a NAT and a link, and a server on the internet.
fn home(link: Link) -> Desk {
    let mut network = Network::new(Dice::numbered(1));
    let nat = NatConfig::new(
        Behaviour::EndpointIndependent,
        Behaviour::AddressAndPortDependent,
        ip("198.51.100.1"),
    );
    let site = network.site(network.internet(), Gateway { link, ..Gateway::nat(nat) });
    let laptop = network.host(site, vec![ip("192.168.1.2")]);
    let server = network.host(network.internet(), vec![ip(SERVER)]);
    let seats = vec![
        Seat::new("laptop", laptop, vec![ip("192.168.1.2")]),
        Seat::new("server", server, vec![ip(SERVER)]),
    ];
    Desk::set_up(Plan { network, seats, changes: Vec::new() }, &mut Dice::numbered(2)).expect("the lab is set up")
}

fn run(desk: &Desk, host: &str, words: &[&str]) -> Output {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = desk.host(host).expect("a host").spawn(&mut command).expect("the program starts");
    child.wait_with_output().expect("the program ends")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn ping() {
    let line = Line { delay: Duration::from_millis(20), ..Line::default() };
    let desk = home(Link { out: line, back: line, ..Link::default() });
    let output = run(&desk, "laptop", &["ping", "-c", "5", "-i", "0.05", SERVER]);
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    let rtt = said.lines().find_map(|line| line.strip_prefix("rtt min/avg/max/mdev = ")).expect("times");
    let least: f64 = rtt.split('/').next().expect("the least").parse().expect("milliseconds");
    assert!((40.0..42.0).contains(&least), "{said}");
}
