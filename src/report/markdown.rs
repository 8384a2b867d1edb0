//! A page for tickets and chats: the whole report as Markdown (CommonMark, with the tables of GitHub's dialect).
//!
//! Whatever a peer, a server or the system said stands in it as plain text: nothing of it becomes a link, a picture, an
//! element, a mention, a heading or another cell, and nothing of it hides.

use super::escape::{escape, is_invisible};
use super::page::{self, Cell, Content, Line, Page, Section, Statement, Table, Tone};
use crate::catalog::{self, Advice, Lang};
use crate::model::{Diagnosis, Differences};
use std::fmt::Write;

/// How our documents begin, up to the version of the schema: by it one may be overwritten by another.
pub const BEGINNING: &str = "<!-- rtc-doctor/";

/// Likewise for what is different between two runs.
pub const DIFF_BEGINNING: &str = "<!-- rtc-doctor-diff/";

/// The whole report. Each line ends with a line feed.
pub fn render(diagnosis: &Diagnosis, lang: Lang) -> String {
    write(&page::of(diagnosis, lang), &diagnosis.schema, lang)
}

/// What is different between two runs, likewise.
pub fn render_differences(differences: &Differences, lang: Lang) -> String {
    write(&page::of_differences(differences, lang), &differences.schema, lang)
}

fn write(page: &Page, schema: &str, lang: Lang) -> String {
    let mut text = format!("<!-- {} report -->\n\n# {}\n", in_a_comment(schema), safe(&page.headline.text));
    for cell in page.notices.iter().chain(&page.remarks) {
        paragraph(&mut text, &painted(cell));
    }
    for section in &page.sections {
        let _ = write!(text, "\n## {}\n\n", safe(&section.title));
        body(&mut text, section);
    }
    if let Some(closing) = &page.closing {
        paragraph(&mut text, &safe(closing));
    }
    let made = catalog::html::fill(
        catalog::html::PageWords::of(lang).page_made_short,
        &[("version", env!("CARGO_PKG_VERSION"))],
    );
    paragraph(&mut text, &safe(&made));
    text
}

/// Writing to a String does not fail, here as everywhere below.
fn paragraph(text: &mut String, paragraph: &str) {
    let _ = write!(text, "\n{paragraph}\n");
}

fn body(text: &mut String, section: &Section) {
    match &section.content {
        Content::Items(items) => items.iter().for_each(|one| item(text, one)),
        Content::Lines(lines) => lines.iter().for_each(|one| line(text, one)),
        Content::Table(one) => table(text, one),
    }
}

fn item(text: &mut String, item: &Statement) {
    let label = item.label.map_or(String::new(), |label| format!("**{}:** ", safe(label)));
    let code = item.code.map_or(String::new(), |code| format!(" `{code}`"));
    // A backslash at the end of a line breaks it.
    let detail = if item.detail.is_empty() { String::new() } else { format!("\\\n  {}", safe(&item.detail)) };
    let _ = writeln!(text, "- {label}{}{code}{detail}", safe(&item.title));
    for Advice { who, what, .. } in &item.steps {
        let _ = writeln!(text, "  - **{}:** {}", safe(who), safe(what));
    }
}

fn line(text: &mut String, line: &Line) {
    let name = line.name.map_or(String::new(), |name| format!("**{}:** ", safe(name)));
    let _ = writeln!(text, "- {name}{}", painted(&line.cell));
}

fn table(text: &mut String, table: &Table) {
    let names: Vec<String> = table.columns.iter().map(|name| safe(name)).collect();
    let _ = writeln!(text, "| {} |\n|{}", names.join(" | "), "---|".repeat(names.len()));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

/// A cell has one line: what stands under its text follows it.
fn cell(cell: &Cell) -> String {
    let under: Vec<String> = cell.under.iter().map(|line| safe(line)).collect();
    if under.is_empty() { painted(cell) } else { format!("{}: {}", painted(cell), under.join(" · ")) }
}

fn painted(cell: &Cell) -> String {
    let text = safe(&cell.text);
    match cell.tone {
        Tone::Good | Tone::Poor | Tone::Bad if !text.is_empty() => format!("**{text}**"),
        _ => text,
    }
}

/// Inside a comment nothing may end it.
fn in_a_comment(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.')).collect()
}

/// A text in which nothing means anything to Markdown. Characters that could begin something are escaped; what programs
/// turn into links or mentions without any mark is broken up by a reference that shows the same character.
fn safe(text: &str) -> String {
    let visible =
        if text.chars().any(|c| c.is_control() || is_invisible(c)) { escape(text, false) } else { text.to_owned() };
    let mut safe = String::with_capacity(visible.len() + 8);
    for (place, c) in visible.char_indices() {
        let rest = &visible[place..];
        match c {
            // A reference is text to every dialect, also where a backslash is not taken for an escape.
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '|' => safe.push_str("&#124;"),
            '@' => safe.push_str("&#64;"),
            // "https://", "turn:a", "www.a": such words become links by themselves.
            ':' if rest.starts_with("://") => safe.push_str("&#58;"),
            '.' if ends_with(&visible[..place], "www") => safe.push_str("&#46;"),
            // "#12" is an issue, "GH-12" too.
            '#' => safe.push_str("&#35;"),
            '-' if ends_with(&visible[..place], "gh") => safe.push_str("&#45;"),
            '-' | '+' | '=' | '~' if place == 0 => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            // "1. " is an item of a list.
            '.' | ')' if is_number(&visible[..place]) && (rest.len() == 1 || rest[1..].starts_with(' ')) => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '!' | '~' | '$' | '{' | '}' => {
                safe.push('\\');
                safe.push(c);
            }
            _ => safe.push(c),
        }
    }
    safe
}

fn ends_with(text: &str, end: &str) -> bool {
    text.len() >= end.len() && text.as_bytes()[text.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

fn is_number(text: &str) -> bool {
    text.chars().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;
    use crate::report::html::tests::hostile;
    use crate::report::sample;

    fn korean(mut diagnosis: Diagnosis) -> Diagnosis {
        catalog::fill(&mut diagnosis, Lang::Ko);
        diagnosis
    }

    #[test]
    fn a_company_network_is_told_for_a_ticket() {
        insta::assert_snapshot!(render(&sample::company_relay(), Lang::En));
    }

    #[test]
    fn a_home_network_is_told_in_korean() {
        insta::assert_snapshot!(render(&korean(sample::home_direct()), Lang::Ko));
    }

    #[test]
    fn what_is_different_is_told_for_a_ticket() {
        let mut differences = crate::diagnose::diff(&sample::home_direct(), &sample::company_relay());
        catalog::diff::fill(&mut differences, Lang::En);
        insta::assert_snapshot!(render_differences(&differences, Lang::En));
    }

    #[test]
    fn nothing_that_a_stranger_writes_means_anything() {
        for (hostile, shown) in [
            ("[x](https://evil.example)", "\\[x\\](https&#58;//evil.example)"),
            ("![x](http://evil.example/p.png)", "\\!\\[x\\](http&#58;//evil.example/p.png)"),
            ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("<https://evil.example>", "&lt;https&#58;//evil.example&gt;"),
            ("www.evil.example", "www&#46;evil.example"),
            ("@everyone and a@b.example", "&#64;everyone and a&#64;b.example"),
            ("a | b", "a &#124; b"),
            ("`code` *bold* _it_ ~~gone~~", "\\`code\\` \\*bold\\* \\_it\\_ \\~\\~gone\\~\\~"),
            ("# title", "&#35; title"),
            ("#12 GH-12", "&#35;12 GH&#45;12"),
            ("- item", "&#45; item"),
            ("1. item", "1&#46; item"),
            ("=1+1", "&#61;1+1"),
            ("a\n\n# b\r| c", "a\\\\x0a\\\\x0a&#35; b\\\\x0d&#124; c"),
            ("\u{202e}gpj\u{200b}", "\\\\u\\{202e\\}gpj\\\\u\\{200b\\}"),
            ("&lt;b&gt; \\", "&amp;lt;b&amp;gt; \\\\"),
            ("$x$ {{ y }}", "\\$x\\$ \\{\\{ y \\}\\}"),
        ] {
            assert_eq!(safe(hostile), shown, "{hostile:?}");
        }
    }

    #[test]
    fn a_hostile_report_has_the_lines_of_an_honest_one() {
        let report = render(&hostile(), Lang::En);
        for line in report.lines() {
            let begins = ["# ", "## ", "- ", "  - ", "  ", "| ", "|---", "<!-- rtc-doctor/1 report -->"];
            let is_prose = line.is_empty() || line.chars().next().is_some_and(char::is_alphanumeric);
            assert!(is_prose || line.starts_with("**") || begins.iter().any(|begin| line.starts_with(begin)), "{line}");
            let unescaped = line.replace("\\[", "").replace("\\]", "").replace("\\!", "").replace("\\`", "");
            assert!(!unescaped.contains(['[', ']', '!']) || line.starts_with("<!--"), "{line}");
            assert!(!line.starts_with("| ") || line.matches('|').count() < 6, "{line}");
        }
        assert!(!report.contains(|c: char| (c.is_control() && c != '\n') || is_invisible(c)), "{report:?}");
        for meaning in ["<script", "<img", "://", "@"] {
            assert!(!report.contains(meaning), "{meaning}: {report}");
        }
    }

    #[test]
    fn every_row_of_a_table_has_as_many_cells_as_its_head() {
        let mut diagnosis = sample::company_relay();
        diagnosis.servers[0].software = Some(Text::new("a|b||c\\|d"));
        for diagnosis in [diagnosis, sample::home_direct(), sample::udp_blocked(), hostile()] {
            let report = render(&diagnosis, Lang::En);
            let mut head = 0;
            for line in report.lines() {
                let bars = line.matches('|').count();
                head =
                    if line.starts_with('|') && head == 0 { bars } else { head * usize::from(line.starts_with('|')) };
                assert_eq!(bars, head, "{line}");
            }
        }
    }
}
