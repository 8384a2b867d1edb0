//! Which network is meant: a file, or one that comes with the tool?

use crate::cli::refusal::Refusal;
use crate::cli::spelling::nearest;
use crate::lab::topology::{PRESETS, Topology};
use crate::report::escape::escape;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The largest file that is read: larger than any network that a person writes.
const BYTES_MAX: u64 = 1 << 20;

/// What a network is called: a file's name without its ending.
pub(crate) fn name(network: &str) -> String {
    let stem = Path::new(network).file_stem().filter(|_| is_file(network));
    stem.map_or_else(|| network.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn is_file(network: &str) -> bool {
    let path = Path::new(network);
    path.extension().is_some() || path.components().count() > 1
}

/// The network's text as TOML.
pub(crate) fn text(network: &str) -> Result<String, Refusal> {
    if is_file(network) {
        let mut text = String::new();
        let read = File::open(network).and_then(|file| file.take(BYTES_MAX + 1).read_to_string(&mut text));
        let shown = escape(network, false);
        read.map_err(|error| Refusal::usage(format!("{shown}: {error}")))?;
        if text.len() as u64 > BYTES_MAX {
            return Err(Refusal::usage(format!("{shown}: too large; the limit is {BYTES_MAX} bytes")));
        }
        return Ok(text);
    }
    let known = PRESETS.iter().find(|(name, _)| *name == network);
    known.map(|(_, text)| (*text).to_owned()).ok_or_else(|| {
        let near = nearest(network, PRESETS.iter().map(|(name, _)| (*name).to_owned()));
        let hint = if near.is_empty() {
            "rtc-doctor lab list has them all; a file's name has an ending or a /".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        Refusal::usage(format!("there is no network {:?}; {hint}", escape(network, false)))
    })
}

pub(crate) fn load(network: &str) -> Result<Topology, Refusal> {
    Topology::parse(&text(network)?).map_err(|error| {
        // It repeats what stands in the file.
        let told: Vec<String> = error.to_string().lines().map(|line| escape(line, false)).collect();
        Refusal::usage(format!("{}: {}", escape(network, false), told.join("\n")))
    })
}
