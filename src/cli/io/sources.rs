//! Which sources of ICE servers are named, and what is each shown?

use crate::cli::args::shared::SourceSecretArgs;
use crate::cli::environment::Environment;
use crate::cli::exit;
use crate::cli::io::input::{self, Source};
use crate::cli::io::secret::read_secret;
use crate::cli::refusal::Refusal;
use crate::os::sources::afresh;
use crate::source::{Secret, ServerSource, SourceError, SourceSecrets, page_address};
use std::path::Path;

/// A source, and what it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NamedSource {
    pub(crate) source: ServerSource,
    pub(crate) secrets: SourceSecrets,
    /// Whether it is asked once more, to see whether everybody gets the same.
    pub(crate) is_compared: bool,
}

/// The sources that are named, with what each is shown. `option` is what named them.
pub(crate) fn read(
    named: &[String],
    option: &str,
    shown: &SourceSecretArgs,
    environment: &mut Environment,
    warnings: &mut Vec<String>,
) -> Result<Vec<NamedSource>, Refusal> {
    let told = |error: SourceError| Refusal::usage(format!("{option}: {error}"));
    let sources: Vec<ServerSource> = named.iter().map(|text| text.parse().map_err(told)).collect::<Result<_, _>>()?;
    let is_shown = shown.ice_user.is_some() || shown.ice_secret_file.is_some() || shown.ice_secret_stdin;
    match sources.len() {
        0 if is_shown || shown.ice_say.is_some() || shown.ice_origin.is_some() || shown.ice_post.is_some() => {
            return Err(Refusal::usage(
                "--ice-user, --ice-secret-file, --ice-secret-stdin, --ice-post, --ice-say and --ice-origin are for --ice-from",
            ));
        }
        0 => return Ok(Vec::new()),
        _ => {}
    }
    let secret = secret(shown, environment, warnings)?;
    if secret.is_some() && sources.len() > 1 {
        return Err(Refusal::usage("one secret is for one --ice-from: ask the sources in runs of their own"));
    }
    // These two name a host and a domain.
    let asked = |text: &str| text.replacen("?via=", "", 1).replacen("?domain=", "", 1);
    if named.iter().any(|text| asked(text).contains('?')) {
        warnings.push(format!("everyone on this machine can read what stands in {option} in the list of processes"));
    }
    let page = shown.ice_origin.as_deref().map(page_address).transpose();
    let page = page.map_err(|error| Refusal::usage(error.to_string()))?;
    if page.is_some() && !sources.iter().all(ServerSource::is_judged_for_pages) {
        warnings.push("what --ice-origin's page would get of sse: is not judged".to_owned());
    }
    if shown.ice_post.is_some() && !sources.iter().any(ServerSource::is_address) {
        return Err(Refusal::usage("--ice-post is for an https: address"));
    }
    let body = shown.ice_post.as_deref().map(|body| posted(body, environment)).transpose()?;
    let (user, greeting) = (shown.ice_user.clone(), shown.ice_say.clone());
    let given = SourceSecrets { user, secret, greeting, body, page, ..fresh()? };
    let prepared = sources.into_iter().map(|source| {
        let variable = |name: &str| environment.of_sources.get(name).cloned();
        let (source, secrets) = source.prepared(given.clone(), variable).map_err(told)?;
        if secrets.user.is_some() && secrets.secret.is_none() {
            return Err(Refusal::usage(
                "--ice-user needs a secret: add --ice-secret-file FILE or --ice-secret-stdin, or set RTC_DOCTOR_ICE_SECRET",
            ));
        }
        let held = [&secrets.secret, &secrets.token].into_iter().flatten();
        if held.map(Secret::reveal).any(|secret| secret.contains(char::is_control)) {
            return Err(Refusal::usage("the secret for the source holds a line end or another control character"));
        }
        let is_compared = source.is_address() && !shown.ice_once;
        Ok(NamedSource { source, secrets, is_compared })
    });
    prepared.collect()
}

/// The body itself, or that of the file that is named behind an @.
fn posted(body: &str, environment: &mut Environment) -> Result<Secret, Refusal> {
    const BYTES_MAX: u64 = 64 << 10;
    let Some(path) = body.strip_prefix('@') else { return Ok(Secret::new(body)) };
    let source = Source::of(Path::new(path));
    Ok(Secret::new(input::read(&source, "--ice-post", BYTES_MAX, environment)?))
}

/// A name of its own for what has to be made.
fn fresh() -> Result<SourceSecrets, Refusal> {
    let no_chance = || Refusal::new(exit::COULD_NOT_TELL, "the system gives no random bytes");
    afresh(&SourceSecrets::default()).ok_or_else(no_chance)
}

fn secret(
    shown: &SourceSecretArgs,
    environment: &mut Environment,
    warnings: &mut Vec<String>,
) -> Result<Option<Secret>, Refusal> {
    let secret = if let Some(path) = &shown.ice_secret_file {
        read_secret(&Source::File(path), "--ice-secret-file", environment, warnings)?
    } else if shown.ice_secret_stdin {
        read_secret(&Source::Stdin, "--ice-secret-stdin", environment, warnings)?
    } else if let Some(secret) = environment.ice_secret.take() {
        secret.into_string().map_err(|_| Refusal::usage("RTC_DOCTOR_ICE_SECRET is not valid UTF-8"))?
    } else {
        return Ok(None);
    };
    Ok(Some(Secret::new(secret)))
}
