//! A WebRTC application's configuration, or what a service answers, as a person hands it in. An error never repeats a value:
//! it might be the credential.

use crate::cli::environment::Environment;
use crate::cli::io::input::{self, Source};
use crate::cli::io::json_fault;
use crate::cli::refusal::Refusal;
use crate::configuration::{Configuration, NoConfiguration};

/// A configuration is some hundred bytes; this leaves room for generated ones.
const BYTES_MAX: u64 = 1 << 20;

/// `option` is what names the file.
pub(crate) fn read(source: &Source<'_>, option: &str, environment: &mut Environment) -> Result<Configuration, Refusal> {
    let text = input::read(source, option, BYTES_MAX, environment)?;
    Configuration::read(&text).map_err(|error| Refusal::usage(format!("{option} {source}: {}", words(&error))))
}

fn words(error: &NoConfiguration) -> String {
    match error {
        NoConfiguration::Json(error) => {
            format!("line {}, column {}: {}", error.line(), error.column(), json_fault::words(error))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        words(&Configuration::read(text).expect_err(text))
    }

    #[test]
    fn an_error_says_line_and_column() {
        assert_eq!(problem("{\n  \"iceServers\": [}"), "line 2, column 18: a value is missing here");
        assert!(problem("").starts_with("line 1, column 0"), "{}", problem(""));
    }

    #[test]
    fn hostile_documents_are_refused_in_a_few_words() {
        let deep = "[".repeat(100_000);
        let number = format!("[{}]", "9".repeat(500_000));
        for (text, why) in [
            (deep.as_str(), "nested too deeply"),
            (number.as_str(), "number is too large"),
            ("NaN", "missing"),
            (r#"[{"urls": "stun:a"}] x"#, "follows after the end"),
            ("{\"\u{1b}[2J\": 1}", "control character"),
            ("\"hunter2\"", "no ICE servers"),
            (r#"["hunter2"]"#, "no ICE servers"),
        ] {
            let message = problem(text);
            assert!(message.contains(why), "{why}: {message}");
            assert!(message.len() < 300 && !message.contains('\x1b') && !message.contains("hunter2"), "{message}");
        }
    }
}
