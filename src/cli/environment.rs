//! What is around the process: terminals, locale, and the secrets that come in the environment. Read once, at the
//! start, so that everything else is a function of it.

use crate::catalog::Lang;
use crate::cli::io::file::PATIENCE;
use crate::report::terminal::Style;
use crate::source::SOURCE_VARIABLES;
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read};
use std::time::Duration;

pub(crate) struct Environment {
    pub(crate) stdin: Box<dyn Read + Send>,
    pub(crate) stdin_is_terminal: bool,
    pub(crate) stdout_is_terminal: bool,
    pub(crate) stderr_is_terminal: bool,
    /// NO_COLOR is set (no-color.org), or the terminal is a dumb one.
    pub(crate) plain: bool,
    /// TERM=dumb: the cursor cannot be moved.
    pub(crate) dumb: bool,
    pub utf8: bool,
    /// The locale's, until the command line says otherwise.
    pub(crate) lang: Lang,
    /// The width of the terminal in columns; None where there is none.
    pub(crate) columns: Option<usize>,
    /// How long to wait for a file that is a pipe.
    pub(crate) patience: Duration,
    /// The value of RTC_DOCTOR_PASSWORD.
    pub(crate) password: Option<OsString>,
    /// What the users of sources of ICE servers keep in variables of their own: secrets, for the most part.
    pub(crate) of_sources: BTreeMap<&'static str, String>,
    /// The value of RTC_DOCTOR_ICE_SECRET.
    pub(crate) ice_secret: Option<OsString>,
    /// The URL of the proxy for TLS, as other programs take it; it may hold a password.
    pub(crate) proxy: Option<String>,
    /// The hosts that are reached without it.
    pub(crate) no_proxy: String,
}

impl Environment {
    pub(crate) fn of_process() -> Self {
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            stdin: Box::new(io::stdin()),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            plain: dumb || env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            dumb,
            utf8: locale_is_utf8(|name| env::var(name).ok()),
            lang: locale_lang(|name| env::var(name).ok()),
            columns: terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
            patience: PATIENCE,
            password: env::var_os("RTC_DOCTOR_PASSWORD").filter(|password| !password.is_empty()),
            of_sources: SOURCE_VARIABLES.into_iter().filter_map(|name| Some((name, set(name)?))).collect(),
            ice_secret: env::var_os("RTC_DOCTOR_ICE_SECRET").filter(|secret| !secret.is_empty()),
            proxy: ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].into_iter().find_map(set),
            no_proxy: ["no_proxy", "NO_PROXY"].into_iter().find_map(set).unwrap_or_default(),
        }
    }

    /// Standard input, for whoever reads it to its end.
    pub(crate) fn take_stdin(&mut self) -> Box<dyn Read + Send> {
        std::mem::replace(&mut self.stdin, Box::new(io::empty()))
    }

    /// How a report for people looks on the stream that it goes to.
    pub(crate) fn style(&self, on_stderr: bool) -> Style {
        /// What a file or a pipe is laid out for.
        const COLUMNS: usize = 80;
        let terminal = if on_stderr { self.stderr_is_terminal } else { self.stdout_is_terminal };
        Style {
            colour: terminal && !self.plain,
            ascii: !self.utf8,
            width: self.columns.filter(|_| terminal).unwrap_or(COLUMNS),
            lang: self.lang,
        }
    }
}

/// Sees to it that enough files may be open for a run, which has its sockets, its signals and its documents; otherwise the most
/// that may be.
pub(crate) fn have_descriptors() -> Result<(), u64> {
    #[cfg(unix)]
    {
        const NEEDED: u64 = 24;
        const WANTED: u64 = 256;
        if let Some(most) = raise_descriptors(WANTED).filter(|most| *most < NEEDED) {
            return Err(most);
        }
    }
    Ok(())
}

/// Lets so many files be open, as far as the system lets us; how many may be then, where it says so.
#[cfg(unix)]
pub(crate) fn raise_descriptors(wanted: u64) -> Option<u64> {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    let most = soft.max(wanted.min(hard));
    let is_raised = most == soft || setrlimit(Resource::RLIMIT_NOFILE, most, hard).is_ok();
    Some(if is_raised { most } else { soft })
}

/// The value of a variable that is set to something.
fn set(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.trim().is_empty())
}

/// POSIX: the first of these that is set and not empty holds; without any it is the C locale.
fn locale(category: &str, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    ["LC_ALL", category, "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty())
}

fn locale_is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    locale("LC_CTYPE", variable).is_some_and(|value| {
        let codeset = value.split_once('.').map(|(_, rest)| rest.split('@').next().unwrap_or_default());
        codeset.is_some_and(|codeset| codeset.to_ascii_lowercase().replace('-', "") == "utf8")
    })
}

/// English where the locale's letters are not UTF-8: the tool writes no other, and Korean takes more than ASCII.
fn locale_lang(variable: impl Fn(&str) -> Option<String>) -> Lang {
    let lang = locale("LC_MESSAGES", &variable).map_or(Lang::default(), |value| Lang::of_locale(&value));
    if lang.is_ascii() || locale_is_utf8(variable) { lang } else { Lang::default() }
}

#[cfg(test)]
mod tests {
    use super::{Lang, locale_is_utf8, locale_lang};

    fn environment(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn the_locale_says_which_language_is_read() {
        let with = |pairs: &'static [(&str, &str)]| locale_lang(environment(pairs));
        assert_eq!(with(&[("LANG", "ko_KR.UTF-8")]), Lang::Ko);
        assert_eq!(with(&[("LANG", "en_GB.UTF-8"), ("LC_MESSAGES", "ko_KR.UTF-8")]), Lang::Ko);
        assert_eq!(with(&[("LANG", "ko_KR.UTF-8"), ("LC_ALL", "en_US.UTF-8")]), Lang::En);
        assert_eq!(with(&[("LANG", "ko_KR.UTF-8"), ("LC_ALL", "C")]), Lang::En);
        assert_eq!(with(&[("LANG", "ko_KR.eucKR")]), Lang::En, "it could not be shown");
        assert_eq!(with(&[]), Lang::En);
    }

    #[test]
    fn the_locale_says_whether_more_than_ascii_is_understood() {
        let with = |pairs: &'static [(&str, &str)]| locale_is_utf8(environment(pairs));
        assert!(with(&[("LANG", "en_GB.UTF-8")]));
        assert!(with(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8")]));
        assert!(!with(&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")]));
        assert!(!with(&[]));
    }
}
