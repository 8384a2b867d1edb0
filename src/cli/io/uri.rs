//! Where does a URI go wrong? The URI, and a mark below the column.

use crate::cli::args::Cli;
use crate::cli::refusal::Refusal;
use crate::cli::spelling;
use crate::model::{Target, TargetError, masked_uri};
use crate::report::escape::escape;
use clap::CommandFactory;
use unicode_width::UnicodeWidthStr;

/// Characters shown before and after the column: a URI is seldom longer, an attack may be.
const SHOWN_BEFORE: usize = 48;
const SHOWN_AFTER: usize = 24;

pub(crate) fn parse(text: &str) -> Result<Target, Refusal> {
    text.parse().map_err(|error| {
        let mut message = format!("not a server URI:\n{}", point_at(text, &error));
        if let Some(command) = nearest_command(text) {
            message.push_str(&format!("\nOr was the command \"{command}\" meant?"));
        }
        let brief = format!("not a server URI: {}", in_one_line(text, &error));
        Refusal { brief: Some(brief), ..Refusal::usage(message) }
    })
}

/// Two lines: what was given, and below its column what is wrong. What may be a password is masked.
pub(crate) fn point_at(text: &str, error: &TargetError) -> String {
    let (before, after) = around(text, error);
    let indent = " ".repeat(before.width());
    format!("  {before}{after}\n  {indent}^ {}", escape(&error.problem, false))
}

/// The same for who reads one line.
pub(crate) fn in_one_line(text: &str, error: &TargetError) -> String {
    let (before, after) = around(text, error);
    format!("{before}{after}: {}", escape(&error.problem, false))
}

/// What stands before the column, and from there on, each as far as it is shown.
fn around(text: &str, error: &TargetError) -> (String, String) {
    let shown: Vec<char> = masked_uri(text).chars().collect();
    let column = error.column.min(shown.len());
    let from = column.saturating_sub(SHOWN_BEFORE);
    let to = shown.len().min(column + SHOWN_AFTER);
    let safe =
        |range: std::ops::Range<usize>| escape(&shown.get(range).unwrap_or_default().iter().collect::<String>(), false);
    let head = if from > 0 { "..." } else { "" };
    let tail = if to < shown.len() { "..." } else { "" };
    (format!("{head}{}", safe(from..column)), format!("{}{tail}", safe(column..to)))
}

/// A mistyped command looks like a URI to clap.
fn nearest_command(text: &str) -> Option<String> {
    Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .find(|name| spelling::slips(name, text).is_some_and(|slips| slips <= 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        parse(text).expect_err(text).message
    }

    #[test]
    fn the_mark_stands_below_the_column() {
        insta::assert_snapshot!(told("turn:host?transport=sctp"), @r#"
        not a server URI:
          turn:host?transport=sctp
                              ^ an unknown transport: use udp or tcp
        "#);
        insta::assert_snapshot!(told("stun:[::1]:99999"), @r#"
        not a server URI:
          stun:[::1]:99999
                     ^ this is not a port (1 to 65535)
        "#);
    }

    #[test]
    fn wide_and_hidden_characters_do_not_shift_the_mark() {
        insta::assert_snapshot!(told("stun:a\u{202e}b"), @r"
        not a server URI:
          stun:a\u{202e}b
                ^ '\u{202e}' cannot stand in a URI (write an IDN as xn--…)
        ");
    }

    #[test]
    fn what_may_be_a_secret_is_shown_in_no_form_of_a_uri_that_is_none() {
        for text in ["turn:host?password=S3CRET", "turn:host/S3CRET", "S3CRET-pass", "turn:host:99999?S3CRET", "S3CRET"]
        {
            let error = parse(text).expect_err(text);
            for told in [&error.message, error.brief.as_ref().expect("brief")] {
                assert!(!told.contains("CRET"), "{told}");
            }
        }
        assert!(told("trun:turn.example.org").contains("trun:turn.example.org"), "a slip is shown");
        assert!(told("turn.example.org").contains("turn.example.org"));
    }

    #[test]
    fn a_password_in_a_uri_is_masked() {
        for uri in ["turn:user:hunter2@host", "turn:host?transport=udp&credential=hunter2", "turn:hunter2@host:é"] {
            assert!(!told(uri).contains("hunter2"), "{}", told(uri));
        }
    }

    #[test]
    fn a_very_long_uri_is_shown_in_part() {
        let message = told(&format!("stun:{}é{}", "a".repeat(1_000_000), "b".repeat(1000)));
        assert!(message.len() < 400, "{message}");
    }

    #[test]
    fn a_mistyped_command_is_recognised() {
        assert!(told("explian").contains("\"explain\""));
        assert!(!told("example.org").contains("command"));
    }
}
