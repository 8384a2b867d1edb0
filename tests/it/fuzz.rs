//! The fuzzers' targets, without a fuzzer: each takes its whole corpus, whose files are inputs of the field and whatever a
//! fuzzer found that was wrong once.

#[allow(unreachable_pub, reason = "the fuzzers take them one by one")]
#[path = "../fuzz/targets/mod.rs"]
mod targets;

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
