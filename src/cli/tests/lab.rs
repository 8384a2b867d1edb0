//! The networks of the lab on the command line: to check, to list, to look at, and to make of a report.

use super::*;
use crate::lab::topology::{PRESETS, Topology};

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    file
}

fn path(file: &tempfile::NamedTempFile) -> &str {
    file.path().to_str().expect("a path")
}

fn preset(name: &str) -> &'static str {
    PRESETS.iter().find(|(known, _)| *known == name).expect("a preset").1
}

#[test]
fn a_network_is_checked_by_its_name_or_its_file_and_with_a_seed() {
    let by_name = settings(&["check", "--lab", "home"]).lab.expect("a network");
    let copy = file(preset("home"));
    let by_file = settings(&["check", "--lab", path(&copy), "--seed", "7"]).lab.expect("a network");
    assert_eq!((by_name.seed, by_file.seed), (1, 7));
    assert_eq!(by_name.topology, by_file.topology);
    let asked = settings(&["check", "--lab", "home", "stun:stun.lab.example"]);
    assert_eq!((asked.targets.len(), asked.lab.is_some()), (1, true));
}

#[test]
fn a_network_and_another_place_to_check_exclude_each_other() {
    refused(&["check", "--lab", "home", "--embedded"], 64, "cannot be used with");
    refused(&["check", "--seed", "3"], 64, "--lab");
    refused(&["check", "--lab", "home", "--seed", "x"], 64, "--seed");
}

#[test]
fn a_network_that_is_not_known_brings_its_neighbours() {
    refused(&["check", "--lab", "hotell"], 64, "did you mean hotel?");
    refused(&["check", "--lab", "zzzzzzzz"], 64, "rtc-doctor lab list has them all");
    refused(&["check", "--lab", "no/such.toml"], 64, "no/such.toml: No such file");
    refused(&["check", "--lab", "\x1b[2J"], 64, "\\x1b[2J");
    let ran = run_with(&["lab", "show", "corprate"]);
    assert_eq!((ran.exit, ran.stdout.as_str()), (64, ""));
    assert!(ran.stderr.contains("did you mean corporate?"), "{}", ran.stderr);
}

#[test]
fn a_file_that_is_no_network_is_pointed_at() {
    let misspelt = file(&preset("home").replace("filtering", "filtring"));
    refused(&["check", "--lab", path(&misspelt)], 64, "line 7, column 44: unknown field `filtring`");
    for (text, why) in [("", "missing field `title`"), ("\0", "line 1, column"), ("title = 1", "expected a string")] {
        refused(&["check", "--lab", path(&file(text))], 64, why);
    }
    let mut binary = file("");
    binary.write_all(&[0xff, 0xfe, 0x00]).expect("written");
    refused(&["check", "--lab", path(&binary)], 64, "UTF-8");
    refused(&["check", "--lab", path(&file(&"#".repeat((1 << 20) + 1)))], 64, "too large");
    refused(&["check", "--lab", "/"], 64, "there is no network");
}

#[test]
fn every_network_is_listed_with_where_it_is_met() {
    let list = run_with(&["lab", "list"]).stdout;
    for (name, text) in PRESETS {
        let topology = Topology::parse(text).expect("parses");
        let line = list.lines().find(|line| line.split_whitespace().next() == Some(name)).expect(name);
        assert!(line.contains(&topology.file().title), "{line}");
        assert!(list.contains(&topology.file().seen), "{name}");
    }
    assert!(list.lines().all(|line| line.chars().count() <= 100), "{list}");
}

#[test]
fn a_network_is_drawn_or_printed_as_it_is() {
    insta::assert_snapshot!(run_with(&["lab", "show", "home-behind-carrier"]).stdout, @r"
    Home behind a carrier's NAT
    Seen: fibre and cable operators that are short of IPv4 addresses

    internet
    ├── server: STUN and TURN
    │   198.51.100.1, 198.51.100.2
    └── site carrier
        IPv4 NAT as 203.0.113.7
          mapping   endpoint-independent
          filtering endpoint-independent
          ports preserving, idle 300 s
        line: 10 ms
        └── site home
            IPv4 NAT as 100.64.0.7
              mapping   endpoint-independent
              filtering address-and-port-dependent
              ports preserving, idle 300 s
            line: 10 ms
            └── laptop
                192.168.0.2
    ");
    assert_eq!(run_with(&["lab", "show", "--toml", "home"]).stdout, preset("home"));
    let ascii = Environment { utf8: false, ..environment("") };
    let drawn = run_in(&["lab", "show", "double-nat"], ascii, Stream::default(), &sample::home_direct()).stdout;
    assert!(drawn.is_ascii() && drawn.contains("`-- "), "{drawn}");
}

#[test]
fn nothing_in_a_file_acts_on_the_terminal() {
    let coloured = file(&preset("home").replace("title = \"", "title = \"\\u001b[31m"));
    let shown = run_with(&["lab", "show", path(&coloured)]).stdout;
    assert!(shown.starts_with("\\x1b[31m") && !shown.contains('\x1b'), "{shown}");
    let raw = file(&preset("home").replace("title = \"", "title = \"\x1b[31m"));
    let ran = run_with(&["lab", "show", path(&raw)]);
    assert!(ran.exit == 64 && !ran.stderr.contains('\x1b'), "{}", ran.stderr);
}

#[test]
fn what_is_no_report_makes_no_network() {
    let mut environment = environment("");
    environment.stdin = Box::new(&b"{}"[..]);
    let ran = run_in(&["lab", "from", "-"], environment, Stream::default(), &sample::home_direct());
    assert_eq!((ran.exit, ran.stdout.as_str()), (64, ""));
    assert!(!ran.stderr.is_empty());
}
