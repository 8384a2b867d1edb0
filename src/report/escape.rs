//! How does a stranger's text stand on a terminal without taking it over?
//!
//! A server names itself, gives reasons and shows certificates in its own words, and these may hold control
//! sequences, bidirectional overrides or a flood of combining marks. What a terminal would act on is shown as an
//! escape; what is left has a width that can be counted on.

use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

/// The text with nothing in it that a terminal acts on: control characters as `\x1b`, other invisible ones as
/// `\u{202e}`; where `ascii`, everything beyond ASCII too.
pub fn escape(text: &str, ascii: bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        // Writing to a String does not fail.
        let _ = match c {
            '…' if ascii => safe.write_str("..."),
            '→' if ascii => safe.write_str("->"),
            _ if c.is_control() => write!(safe, "\\x{:02x}", u32::from(c)),
            _ if is_invisible(c) || (ascii && !c.is_ascii()) => write!(safe, "\\u{{{:x}}}", u32::from(c)),
            _ => safe.write_char(c),
        };
    }
    safe
}

/// Whether a character takes no place or moves others: combining marks, joiners, bidirectional controls, separators
/// of lines and paragraphs.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}') || c.width() == Some(0)
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn control_sequences_are_shown_and_not_obeyed() {
        assert_eq!(escape("\x1b[2J\x1b]52;c;eA==\x07", false), "\\x1b[2J\\x1b]52;c;eA==\\x07");
        assert_eq!(escape("a\r\nb\u{9b}1m\u{7f}", false), "a\\x0d\\x0ab\\x9b1m\\x7f");
    }

    #[test]
    fn text_cannot_run_backwards_or_hide() {
        assert_eq!(escape("\u{202e}gpj\u{2066}\u{200b}\u{feff}", false), "\\u{202e}gpj\\u{2066}\\u{200b}\\u{feff}");
        assert_eq!(escape("a\u{2028}b\u{ad}", false), "a\\u{2028}b\\u{ad}");
    }

    #[test]
    fn a_flood_of_combining_marks_is_spelled_out() {
        assert_eq!(escape("e\u{301}\u{301}", false), "e\\u{301}\\u{301}");
    }

    #[test]
    fn visible_text_in_any_script_stays() {
        assert_eq!(escape("é 서버 <script>", false), "é 서버 <script>");
    }

    #[test]
    fn ascii_is_kept_to_where_only_ascii_is_understood() {
        assert_eq!(escape("é… a → b", true), "\\u{e9}... a -> b");
    }
}
