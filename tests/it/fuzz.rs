//! The fuzzers' targets, without a fuzzer: each takes its whole corpus, whose files are inputs of the field and whatever a
//! fuzzer found that was wrong once.

#[allow(unreachable_pub, reason = "the fuzzers take them one by one")]
#[path = "../fuzz/targets/mod.rs"]
mod targets;

use rtc_doctor::dump::detect;
use std::fs;
use std::path::{Path, PathBuf};
use targets::TARGETS;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz")
}

/// The folders in `tests/fuzz/seeds`: a line names a target, and the folders of the repository that hold its inputs.
fn inputs(target: &str) -> Vec<PathBuf> {
    let seeds = fs::read_to_string(folder().join("seeds")).expect("readable");
    let line = seeds.lines().find_map(|line| line.strip_prefix(target)?.strip_prefix(' ')).expect("a line of its own");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = line.split(' ').flat_map(|folder| fs::read_dir(root.join(folder)).expect("a folder"));
    files.map(|file| file.expect("an entry").path()).filter(|path| path.is_file()).collect()
}

#[test]
fn every_target_takes_its_whole_corpus() {
    for (name, target) in TARGETS {
        let inputs = inputs(name);
        assert!(inputs.len() >= 4, "{name} has a corpus");
        for input in inputs {
            println!("{}", input.display());
            target(&fs::read(&input).expect("readable"));
        }
    }
}

#[test]
fn every_target_has_its_fuzzer() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).expect("readable");
    for (name, _) in TARGETS {
        let fuzzer = fs::read_to_string(folder().join(format!("bin/{name}.rs"))).expect("readable");
        assert!(fuzzer.contains(&format!("targets::{name}(data)")), "{name} runs another target");
        assert!(manifest.contains(&format!("\"bin/{name}.rs\"")), "{name} is not built");
    }
}

/// Half-downloaded files and spoilt ones: each fixture up to a quarter, a half and three quarters, and each time with one bit
/// turned elsewhere.
#[test]
fn a_saved_call_is_taken_in_part_and_with_a_wrong_bit() {
    let (_, dump) = TARGETS.iter().find(|(name, _)| *name == "dump").expect("a target");
    for input in inputs("dump") {
        println!("{}", input.display());
        let packed = fs::read(&input).expect("readable");
        let (plain, _) = detect::unpacked(&packed);
        for quarter in 1..4 {
            let end = plain.len() * quarter / 4;
            dump(&plain[..end]);
            let mut spoilt = plain.to_vec();
            let place = (end + quarter * 7_919) % plain.len();
            spoilt[place] ^= 1 << (place % 8);
            dump(&spoilt);
        }
    }
}
