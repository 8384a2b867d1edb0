//! Prose on lines of limited width: headings, list items, paragraphs. Every text is made harmless here.

use super::{Ink, Style};
use crate::report::escape::escape;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Collects the lines of a report.
pub(super) struct Prose {
    pub(super) style: Style,
    text: String,
}

impl Prose {
    pub(super) fn new(style: Style) -> Self {
        Self { style, text: String::new() }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// A stranger's text as this page can show it. Who asks for Korean has a terminal that shows more than ASCII.
    pub(super) fn safe(&self, text: &str) -> String {
        escape(text, self.style.ascii && self.style.lang.is_ascii())
    }

    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    pub(super) fn heading(&mut self, heading: &str) {
        self.gap();
        self.line(Ink::Bold, heading);
    }

    pub(super) fn line(&mut self, ink: Ink, text: &str) {
        self.paragraph(ink, "", "", text);
    }

    pub(super) fn item(&mut self, ink: Ink, text: &str) {
        let bullet = if self.style.ascii { "  - " } else { "  • " };
        self.paragraph(ink, bullet, "    ", text);
    }

    pub(super) fn indented(&mut self, ink: Ink, text: &str) {
        self.paragraph(ink, "    ", "    ", text);
    }

    /// The next step, which the eye is to find.
    pub(super) fn pointed(&mut self, text: &str) {
        let arrow = if self.style.ascii { "    -> " } else { "    → " };
        self.paragraph(Ink::Plain, arrow, &" ".repeat(arrow.width()), text);
    }

    /// A value behind its name, which is `name_width` wide.
    pub(super) fn named(&mut self, ink: Ink, name: &str, name_width: usize, text: &str) {
        let indent = " ".repeat(name_width + 4);
        let padding = " ".repeat(name_width.saturating_sub(name.width()) + 2);
        self.paragraph(ink, &format!("  {name}{padding}"), &indent, text);
    }

    pub(super) fn table(&mut self, table: &comfy_table::Table) {
        self.text.push_str(&table.trim_fmt());
        self.gap();
    }

    fn paragraph(&mut self, ink: Ink, first: &str, others: &str, text: &str) {
        let allowance = self.style.columns().saturating_sub(first.width());
        let text = self.safe(text);
        for (index, line) in wrap(&text, allowance).iter().enumerate() {
            self.text.push_str(if index == 0 { first } else { others });
            self.paint(ink, line);
            self.gap();
        }
    }

    fn paint(&mut self, ink: Ink, text: &str) {
        let code = match ink {
            _ if !self.style.colour => "",
            Ink::Plain => "",
            Ink::Bold => "1",
            Ink::Good => "1;32",
            Ink::Poor => "1;33",
            Ink::Bad => "1;31",
            Ink::Faint => "2",
        };
        if code.is_empty() {
            self.text.push_str(text);
        } else {
            self.text.push_str(&format!("\x1b[{code}m{text}\x1b[0m"));
        }
    }
}

/// Breaks at spaces, and inside a word only where it is wider than a line.
fn wrap(text: &str, allowance: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        if used > 0 && used + 1 + word.width() > allowance {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for c in word.chars() {
            let width = c.width().unwrap_or(0);
            if used > 0 && used + width > allowance {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += width;
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
    }

    #[test]
    fn a_word_wider_than_a_line_is_broken_inside() {
        assert_eq!(wrap("a abcdefghij b", 4), ["a", "abcd", "efgh", "ij b"]);
    }

    #[test]
    fn wide_letters_count_twice() {
        assert_eq!(wrap("서버서버", 5), ["서버", "서버"]);
    }

    #[test]
    fn no_text_is_one_empty_line() {
        assert_eq!(wrap("", 10), [""]);
    }
}
