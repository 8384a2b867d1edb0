//! Every network that comes with the tool is diagnosed as its file has it, through the tool's own command line.

use crate::reports::assert_fits_the_schema;
use rtc_doctor::lab::topology::{FAULTS, PRESETS, Topology};
use rtc_doctor::model::{Code, Diagnosis, Family, Judged, Path};
use std::collections::BTreeSet;
use std::process::Command;

fn doctor(words: &[&str]) -> (i32, Vec<u8>) {
    let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor")).args(words).output().expect("rtc-doctor runs");
    (output.status.code().expect("an exit code"), output.stdout)
}

/// What the tool says of a network of the lab.
pub(crate) fn check(network: &str, seed: u64) -> Diagnosis {
    let (_, json) = doctor(&["check", "--lab", network, "--seed", &seed.to_string(), "--json", "-"]);
    let document = serde_json::from_slice(&json).unwrap_or_else(|error| panic!("{network}: {error}"));
    assert_fits_the_schema(&document);
    serde_json::from_value(document).unwrap_or_else(|error| panic!("{network}: {error}"))
}

fn codes(diagnosis: &Diagnosis) -> BTreeSet<Code> {
    diagnosis.findings.iter().map(|finding| finding.code).collect()
}

/// What a preset owes beside its NATs: the path, and a finding that says what it is about.
fn owed(name: &str) -> (Option<Path>, Option<Code>) {
    match name {
        "open" => (Some(Path::Direct), Some(Code::NoNat)),
        "home" | "home-upnp" | "lossy-line" | "linux-router" => {
            (Some(Path::Direct), Some(Code::NatEndpointIndependent))
        }
        "home-behind-carrier" | "double-nat" => (Some(Path::Direct), Some(Code::NatEndpointIndependent)),
        "corporate" => (Some(Path::Relay), Some(Code::NatAddressAndPortDependent)),
        "address-pool" => (Some(Path::Relay), Some(Code::AddressPool)),
        "hotel" => (Some(Path::Relay), Some(Code::ServerUdpSilent)),
        "captive-portal" => (None, Some(Code::CaptivePortal)),
        "ipv6-firewall" => (Some(Path::Direct), Some(Code::FilteringAddressAndPortDependent)),
        "mobile-nat64" => (None, Some(Code::Nat64InUse)),
        "proxy-only" => (None, Some(Code::ServerUnreachable)),
        "stun-blocked" => (Some(Path::Relay), Some(Code::StunFiltered)),
        "mtu-black-hole" => (Some(Path::Direct), None),
        "dtls-blocked" => (Some(Path::None), Some(Code::DtlsFiltered)),
        "rebinding" => (Some(Path::Direct), None),
        "rate-limited" => (Some(Path::Relay), Some(Code::UdpPacketsLimited)),
        other => panic!("{other}: what does it owe?"),
    }
}

/// Networks in which nothing answers over UDP, or too little for an answer: there the NAT is not known, and never wrong.
const HIDDEN: [&str; 7] =
    ["hotel", "captive-portal", "proxy-only", "stun-blocked", "mobile-nat64", "rate-limited", "rebinding"];

#[test]
fn every_preset_is_diagnosed_as_it_was_configured() {
    for (name, text) in PRESETS {
        let topology = Topology::parse(text).expect("parses");
        let client = topology.client().expect("a client");
        let diagnosis = check(name, 1);
        let found_codes = codes(&diagnosis);
        for family in [Family::Ipv4, Family::Ipv6] {
            let (found, amount) = (diagnosis.nat.get(family), topology.amount(client, family));
            assert_eq!(found.is_some(), amount.is_some(), "{name} {family:?}");
            let (Some(found), Some(amount)) = (found, amount) else { continue };
            if HIDDEN.contains(&name) {
                assert!(found.mapping.value().is_none_or(|mapping| *mapping == amount.mapping), "{name}: {found:?}");
                assert!(found.filtering.value().is_none_or(|filtering| *filtering == amount.filtering), "{name}");
                continue;
            }
            if family == Family::Ipv6 || topology.file().hosts.iter().any(|host| host.serves.is_some()) {
                assert_eq!(found.translated.value(), Some(&amount.translated), "{name} {family:?}: {found:?}");
                assert_eq!(found.mapping.value(), Some(&amount.mapping), "{name} {family:?}: {:?}", found.mapping);
                assert_eq!(
                    found.filtering.value(),
                    Some(&amount.filtering),
                    "{name} {family:?}: {:?}",
                    found.filtering
                );
            }
        }
        let (path, code) = owed(name);
        if let Some(path) = path {
            assert_eq!(diagnosis.verdict.path.value(), Some(&path), "{name}: {:?}", diagnosis.verdict);
        } else {
            assert_ne!(diagnosis.verdict.path.value(), Some(&Path::Direct), "{name}");
        }
        assert!(code.is_none_or(|code| found_codes.contains(&code)), "{name}: {found_codes:?}");
    }
}

/// Whatever chance does, no preset's NAT is ever taken for another.
#[test]
fn no_seed_makes_a_preset_into_another_network() {
    for (name, text) in PRESETS {
        let topology = Topology::parse(text).expect("parses");
        let client = topology.client().expect("a client");
        for seed in 2..8 {
            let diagnosis = check(name, seed);
            for family in [Family::Ipv4, Family::Ipv6] {
                let (Some(found), Some(amount)) = (diagnosis.nat.get(family), topology.amount(client, family)) else {
                    continue;
                };
                for (what, found, configured) in
                    [("mapping", &found.mapping, amount.mapping), ("filtering", &found.filtering, amount.filtering)]
                {
                    if let Judged::Known { value, .. } = found {
                        assert_eq!(*value, configured, "{name}, seed {seed}: {what}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let run = || doctor(&["check", "--lab", "lossy-line", "--seed", "9", "--json", "-"]).1;
    assert_eq!(run(), run());
}

/// What happens in the middle of a run is in no diagnosis: made again without it, what it had left unclear is known.
const HAPPENING: [&str; 1] = ["rebinding"];
/// A limit on UDP is seen as loss, and a line that loses as much loses the streams' segments too.
const FITS_MORE: [&str; 1] = ["rate-limited"];
/// Where packets are lost, which of the lesser findings there are is chance.
const CHANCE: [&str; 1] = ["lossy-line"];

#[test]
fn the_network_made_of_a_diagnosis_gives_that_diagnosis() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    for (name, _) in PRESETS {
        let (saved, made) = (at("saved.json"), at("made.toml"));
        doctor(&["check", "--lab", name, "--json", &saved, "--force", "-q"]);
        let (code, text) = doctor(&["lab", "from", &saved]);
        assert_eq!(code, 0, "{name}: {}", String::from_utf8_lossy(&text));
        std::fs::write(&made, &text).expect("written");
        if FITS_MORE.contains(&name) {
            continue;
        }
        let (before, after) = (check(name, 1), check(&made, 1));
        assert_eq!(after.verdict.path.value(), before.verdict.path.value(), "{name}");
        for family in [Family::Ipv4, Family::Ipv6] {
            let behaviours = |diagnosis: &Diagnosis| {
                let nat = diagnosis.nat.get(family)?;
                Some((nat.translated.value().copied(), nat.mapping.value().copied(), nat.filtering.value().copied()))
            };
            let (before, after) = (behaviours(&before), behaviours(&after));
            match (before, after) {
                (Some(before), Some(after)) if HAPPENING.contains(&name) => {
                    assert!(before.0.is_none_or(|_| after.0 == before.0), "{name} {family:?}: {before:?}, {after:?}");
                    assert!(before.1.is_none_or(|_| after.1 == before.1), "{name} {family:?}: {before:?}, {after:?}");
                    assert!(before.2.is_none_or(|_| after.2 == before.2), "{name} {family:?}: {before:?}, {after:?}");
                }
                (before, after) => assert_eq!(after, before, "{name} {family:?}"),
            }
        }
        if !HAPPENING.contains(&name) && !CHANCE.contains(&name) {
            assert_eq!(codes(&after), codes(&before), "{name}");
        }
    }
}

#[test]
fn every_file_of_a_network_comes_with_the_tool() {
    for (folder, known) in [("fixtures/networks", &PRESETS[..]), ("fixtures/networks/causes", &FAULTS)] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files = std::fs::read_dir(folder).expect("the networks").filter_map(|entry| {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            name.strip_suffix(".toml").map(str::to_owned)
        });
        let names: BTreeSet<String> = known.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(files.collect::<BTreeSet<_>>(), names);
    }
}

#[test]
fn a_network_that_is_not_there_or_cannot_be_is_told_and_nothing_is_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("broken.toml");
    std::fs::write(&file, "title = \"x\"\n[[site]]\nname = \"a\"\nbehind = \"a\"\n").expect("written");
    let file = file.to_string_lossy().into_owned();
    for (network, expected) in
        [("hotell", "did you mean hotel?"), (file.as_str(), "behind itself"), ("none.toml", "none.toml")]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"))
            .args(["check", "--lab", network])
            .output()
            .expect("rtc-doctor runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(64), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}
