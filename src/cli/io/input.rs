//! Reading what the user hands in: files and standard input, no more than a limit, with errors that name the option.

use crate::cli::environment::Environment;
use crate::cli::io::file;
use crate::cli::refusal::Refusal;
use crate::report::escape::escape;
use std::fmt;
use std::io::Read;
use std::path::Path;

/// Where an option's value is read from; "-" is standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source<'a> {
    Stdin,
    File(&'a Path),
}

impl<'a> Source<'a> {
    pub(crate) fn of(path: &'a Path) -> Self {
        if path.as_os_str() == "-" { Self::Stdin } else { Self::File(path) }
    }
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("-"),
            Self::File(path) => f.write_str(&escape(&path.to_string_lossy(), false)),
        }
    }
}

/// All of it as text, without a byte order mark.
pub(crate) fn read(
    source: &Source<'_>,
    option: &str,
    bytes_max: u64,
    environment: &mut Environment,
) -> Result<String, Refusal> {
    text(bytes(source, option, bytes_max, environment)?).map_err(|problem| refused(source, option, &problem))
}

fn refused(source: &Source<'_>, option: &str, problem: &str) -> Refusal {
    Refusal::usage(format!("{option} {source}: {problem}"))
}

/// All of its bytes.
pub(crate) fn bytes(
    source: &Source<'_>,
    option: &str,
    bytes_max: u64,
    environment: &mut Environment,
) -> Result<Vec<u8>, Refusal> {
    let told = |problem: String| refused(source, option, &problem);
    let mut bytes = Vec::new();
    // One byte more than the limit tells "too large" from "just fits", on a device without an end too.
    let outcome = match source {
        Source::Stdin if environment.stdin_is_terminal => {
            return Err(told("standard input is a terminal; pipe the data in".to_owned()));
        }
        Source::Stdin => environment.stdin.by_ref().take(bytes_max + 1).read_to_end(&mut bytes),
        Source::File(path) => file::read(path, bytes_max + 1, environment.patience).map(|read| {
            bytes = read;
            bytes.len()
        }),
    };
    outcome.map_err(|error| told(error.to_string()))?;
    if bytes.len() as u64 > bytes_max {
        return Err(told(format!("too large; the limit is {bytes_max} bytes")));
    }
    Ok(bytes)
}

/// What was read as text, without a byte order mark; or what is wrong.
pub(crate) fn text(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err("this is compressed (gzip); unpack it first".to_owned());
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("this is UTF-16; save it as UTF-8".to_owned());
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 text (byte {} is wrong)", error.utf8_error().valid_up_to() + 1))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// Whether others on this machine may read the file.
#[cfg(unix)]
pub(crate) fn is_world_readable(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.mode() & 0o004 != 0)
}

#[cfg(not(unix))]
pub(crate) fn is_world_readable(_: &Path) -> bool {
    false
}
