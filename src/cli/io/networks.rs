//! Which network is meant: a file, or one that comes with the tool?

use crate::cli::io::file;
use crate::cli::refusal::Refusal;
use crate::cli::spelling::nearest;
use crate::lab::topology::{Topology, all};
use crate::report::escape::escape;
use std::path::Path;
use std::time::Duration;

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
pub(crate) fn text(network: &str, patience: Duration) -> Result<String, Refusal> {
    if is_file(network) {
        let shown = escape(network, false);
        let read = file::read(Path::new(network), BYTES_MAX + 1, patience);
        let bytes = read.map_err(|error| Refusal::usage(format!("{shown}: {error}")))?;
        let text = String::from_utf8(bytes).map_err(|_| Refusal::usage(format!("{shown}: not UTF-8 text")))?;
        if text.len() as u64 > BYTES_MAX {
            return Err(Refusal::usage(format!("{shown}: too large; the limit is {BYTES_MAX} bytes")));
        }
        return Ok(text);
    }
    let known = all().find(|(name, _)| *name == network);
    known.map(|(_, text)| text.to_owned()).ok_or_else(|| {
        let near = nearest(network, all().map(|(name, _)| name.to_owned()));
        let hint = if near.is_empty() {
            "rtc-doctor lab list has them all; a file's name has an ending or a /".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        Refusal::usage(format!("there is no network {:?}; {hint}", escape(network, false)))
    })
}

pub(crate) fn load(network: &str, patience: Duration) -> Result<Topology, Refusal> {
    Topology::parse(&text(network, patience)?).map_err(|error| {
        // It repeats what stands in the file.
        let told: Vec<String> = error.to_string().lines().map(|line| escape(line, false)).collect();
        Refusal::usage(format!("{}: {}", escape(network, false), told.join("\n")))
    })
}
