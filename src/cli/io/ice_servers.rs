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
    // Some services and editors mark UTF-8 with it, and browsers pass over it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Configuration::read(text).map_err(|error| Refusal::usage(format!("{option} {source}: {}", words(&error, text))))
}

fn words(error: &NoConfiguration, text: &str) -> String {
    let is_of_json = text.trim_start().starts_with(['{', '[', '"']);
    match error {
        NoConfiguration::Json(_) if !is_of_json && !text.trim().is_empty() => {
            "this is no JSON: give what the service answers, without its headers, or what JSON.stringify(configuration) makes of \
             the object in the page"
                .to_owned()
        }
        NoConfiguration::Json(error) if text.lines().any(has_bare_name) => {
            format!(
                "line {}, column {}: {}; this looks like JavaScript, and JSON is wanted: names in double quotes, no comments, as \
                 JSON.stringify(configuration) makes it",
                error.line(),
                error.column(),
                json_fault::words(error)
            )
        }
        NoConfiguration::Json(error) => {
            format!("line {}, column {}: {}", error.line(), error.column(), json_fault::words(error))
        }
        other => other.to_string(),
    }
}

/// Whether a line begins, or goes on behind a bracket, with a name that JavaScript takes without quotes.
fn has_bare_name(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || "{[,".contains(c));
    let name = line.split(':').next().filter(|name| name.len() < line.len()).unwrap_or_default().trim_end();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        words(&Configuration::read(text).expect_err(text), text)
    }

    #[test]
    fn what_people_paste_in_the_place_of_json_is_told_by_what_it_is() {
        for text in
            ["const configuration = {};", "iceServers:\n  - urls: stun:a", "<!doctype html>", "HTTP/2 200\n\n{}"]
        {
            assert!(problem(text).contains("JSON.stringify"), "{text}: {}", problem(text));
        }
        for text in ["{iceServers: [{urls: 'stun:a'}]}", "{\n  iceServers: []\n}", "{'iceServers': []}"] {
            assert!(problem(text).contains("JavaScript"), "{text}: {}", problem(text));
        }
        assert!(!problem("{\"iceServers\": [}").contains("JavaScript"));
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
            ("NaN", "no JSON"),
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
