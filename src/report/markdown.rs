//! A page for tickets and chats: the whole report as Markdown (CommonMark, with the tables of GitHub's dialect).
//!
//! Whatever a peer, a server or the system said stands in it as plain text: nothing of it becomes a link, a picture, an
//! element, a mention, a heading or another cell, and nothing of it hides.

use super::escape::{escape, is_invisible};
use super::page::{self, Block, Cell, Line, Page, Section, Statement, Table, Tone};
use crate::catalog::{self, Advice, Lang};
use crate::model::{Diagnosis, Differences};
use std::fmt::Write;

/// How our documents begin, up to the version of the schema: by it one may be overwritten by another.
pub const BEGINNING: &str = "<!-- rtc-doctor/";

/// How Markdown of what is different between two runs begins.
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
    let mut text = format!("<!-- {} report -->\n\n# {}\n", in_a_comment(schema), safe(&page.headline_in_a_line()));
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
        catalog::html::ReportWords::of(lang).page_made_short,
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
    match &section.block {
        Block::Items(items) => items.iter().for_each(|one| item(text, one)),
        Block::Lines(lines) => lines.iter().for_each(|one| line(text, one)),
        Block::Table(one) => table(text, one),
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

/// A text in which nothing means anything to Markdown, nor to what looks for links, mentions and issues in its outcome:
/// that reads no further than the edge of a code span, so what they begin with stands in one.
fn safe(text: &str) -> String {
    let is_plain = !text.chars().any(|c| c.is_control() || is_invisible(c));
    let visible = if is_plain { text.to_owned() } else { escape(text, false) };
    let mut safe = String::with_capacity(visible.len() + 8);
    let mut in_code = false;
    for (place, c) in visible.char_indices() {
        let (before, from) = visible.split_at(place);
        if begins_a_reference(before, from) != in_code {
            in_code = !in_code;
            safe.push('`');
        }
        match c {
            _ if in_code => safe.push(c),
            // A reference is text to every dialect, also where a backslash is not taken for an escape.
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '|' => safe.push_str("&#124;"),
            // An item of a list, a line below a heading, the second line of a table.
            '-' | '+' | '=' | '~' | ':' if place == 0 => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            '.' | ')' if is_number(before) && (from.len() == 1 || from[1..].starts_with(' ')) => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '!' | '~' | '$' | '{' | '}' => {
                safe.push('\\');
                safe.push(c);
            }
            _ => safe.push(c),
        }
    }
    if in_code {
        safe.push('`');
    }
    safe
}

/// Whether what begins at `from` makes a link, a mention or an issue of its word: "@name", "#12", "GH-12", "https://", "www.".
fn begins_a_reference(before: &str, from: &str) -> bool {
    from.starts_with(['@', '#'])
        || from.starts_with("://")
        || from.starts_with('.') && ends_with(before, "www")
        || from.starts_with('-') && ends_with(before, "gh")
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
            ("[x](https://evil.example)", "\\[x\\](https`:`//evil.example)"),
            ("![x](http://evil.example/p.png)", "\\!\\[x\\](http`:`//evil.example/p.png)"),
            ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("<https://evil.example>", "&lt;https`:`//evil.example&gt;"),
            ("www.evil.example", "www`.`evil.example"),
            ("@everyone and a@b.example", "`@`everyone and a`@`b.example"),
            ("a | b", "a &#124; b"),
            ("`code` *bold* _it_ ~~gone~~", "\\`code\\` \\*bold\\* \\_it\\_ \\~\\~gone\\~\\~"),
            ("# title", "`#` title"),
            ("#12 GH-12", "`#`12 GH`-`12"),
            ("@@#", "`@@#`"),
            ("- item", "&#45; item"),
            (":---", "&#58;---"),
            ("1. item", "1&#46; item"),
            ("=1+1", "&#61;1+1"),
            ("a\n\n# b\r| c", "a\\\\x0a\\\\x0a`#` b\\\\x0d&#124; c"),
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
