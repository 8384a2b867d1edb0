//! A secret, from where the user keeps it.

use crate::cli::environment::Environment;
use crate::cli::io::input::{self, Source};
use crate::cli::refusal::Refusal;

/// Longer than any password; RFC 8489 §14.3 takes user names of up to 508 bytes.
const SECRET_BYTES_MAX: u64 = 4096;

/// The first line: editors end files with a line feed that is no part of a password.
pub(crate) fn read_secret(
    source: &Source<'_>,
    option: &str,
    environment: &mut Environment,
    warnings: &mut Vec<String>,
) -> Result<String, Refusal> {
    let text = input::read(source, option, SECRET_BYTES_MAX, environment)?;
    let secret = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    if secret.is_empty() {
        return Err(Refusal::usage(format!("{option} {source}: it is empty")));
    }
    if secret.contains(['\n', '\r', '\0']) {
        return Err(Refusal::usage(format!("{option} {source}: more than one line")));
    }
    warn_if_world_readable(source, warnings);
    Ok(secret.to_owned())
}

pub(crate) fn warn_if_world_readable(source: &Source<'_>, warnings: &mut Vec<String>) {
    if let Source::File(path) = source
        && input::is_world_readable(path)
    {
        warnings.push(format!("everyone on this machine can read {source}; chmod 600 it"));
    }
}
