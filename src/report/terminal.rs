//! A page for people at a terminal: on one screen the verdict, why, what to do and what was measured; with its details
//! every table too.

mod faults;
mod prose;
mod table;

use super::page::{self, Block, Line, Page, Section, Statement, Tone, Topic};
use crate::catalog::{self, Lang, page as said};
use crate::model::{Code, Detail, Diagnosis, Differences};
pub use faults::{render_configuration_page, render_faults, render_verbatim};
use prose::Prose;
use unicode_width::UnicodeWidthStr;

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Use ANSI escapes for colours and weights.
    pub colour: bool,
    /// Keep to ASCII: no other borders, bullets or letters.
    pub ascii: bool,
    /// The width of the terminal in columns.
    pub width: usize,
    /// The language of the page's own words.
    pub lang: Lang,
}

/// How much of a report is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The verdict, why, and what to do.
    Brief,
    /// Also what was measured, in so many words that all of it stands on one screen.
    Screen,
    /// Everything, with every table.
    Details,
}

/// Lines of a screen that a report may take: what people see without scrolling.
pub const SCREEN_LINES: usize = 40;

impl Style {
    /// Narrower than this a table cannot be read: such a terminal wraps the lines itself.
    const NARROWEST: usize = 40;
    /// Wider than this a line of prose cannot be read.
    const WIDEST: usize = 100;

    fn columns(self) -> usize {
        self.width.clamp(Self::NARROWEST, Self::WIDEST)
    }
}

/// How a text is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    Plain,
    Bold,
    Good,
    Poor,
    Bad,
    Faint,
}

impl From<Tone> for Ink {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Plain => Self::Plain,
            Tone::Good => Self::Good,
            Tone::Poor => Self::Poor,
            Tone::Bad => Self::Bad,
            Tone::Faint => Self::Faint,
        }
    }
}

/// How generously a page is told: the less allowance, the fewer items stand there whole.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    /// Items of what is to be done that are told with what was seen.
    explained: usize,
    /// Items with what to do about them.
    remedied: usize,
    /// Every step of a remedy, and not just the first.
    every_step: bool,
    /// Items by their titles.
    listed: usize,
    /// Notes by their titles.
    noted: usize,
    /// Also what to do to make the path direct.
    changes: bool,
    /// Also what was seen of a note.
    notes_explained: bool,
}

/// What `--details` shows: everything.
const EVERYTHING: Allowance = Allowance {
    explained: usize::MAX,
    remedied: usize::MAX,
    every_step: true,
    listed: usize::MAX,
    noted: usize::MAX,
    changes: true,
    notes_explained: true,
};

/// Each step from the most generous allowance to the most sparing takes something away; the first that fits one screen is taken.
const ALLOWANCES: [Allowance; 10] = {
    let whole = Allowance { notes_explained: false, ..EVERYTHING };
    let worst_explained = Allowance { explained: 2, ..whole };
    let few_notes = Allowance { explained: 1, noted: 6, ..worst_explained };
    let three_remedied = Allowance { remedied: 3, noted: 4, ..few_notes };
    let first_steps = Allowance { every_step: false, ..three_remedied };
    let no_changes = Allowance { changes: false, noted: 3, ..first_steps };
    let two_remedied = Allowance { remedied: 2, listed: 6, noted: 2, ..no_changes };
    let no_notes = Allowance { listed: 4, noted: 0, ..two_remedied };
    let one_remedied = Allowance { remedied: 1, listed: 3, ..no_notes };
    let least = Allowance { explained: 0, listed: 2, ..one_remedied };
    [
        whole,
        worst_explained,
        few_notes,
        three_remedied,
        first_steps,
        no_changes,
        two_remedied,
        no_notes,
        one_remedied,
        least,
    ]
};

/// The report. Each line ends with a line feed.
pub fn render(diagnosis: &Diagnosis, style: Style, extent: Extent) -> String {
    lay_out(&page::of(diagnosis, style.lang), style, extent)
}

/// What is different between two runs, likewise.
pub fn render_differences(differences: &Differences, style: Style, extent: Extent) -> String {
    lay_out(&page::of_differences(differences, style.lang), style, extent)
}

/// What a code means, outside of any run.
pub fn render_entry(code: Code, style: Style) -> String {
    let (entry, words) = (catalog::entry(code), catalog::words(code, &Detail::default(), style.lang));
    let mut prose = Prose::new(style);
    prose.line(Ink::Bold, &format!("{} [{code}]", words.title));
    prose.gap();
    prose.line(Ink::Plain, &page::detail(code, &words));
    let steps = catalog::advice(code, &Detail::default(), style.lang);
    if !steps.is_empty() {
        prose.heading(said::WHAT_TO_DO.to(style.lang));
    }
    for step in steps {
        prose.pointed(&format!("{}: {}", step.who, step.what));
    }
    if !entry.rfc.is_empty() {
        prose.gap();
        prose.line(Ink::Faint, &said::read_more(entry.rfc, style.ascii, style.lang));
    }
    prose.finish()
}

fn lay_out(page: &Page, style: Style, extent: Extent) -> String {
    if extent == Extent::Details {
        return told(page, style, extent, EVERYTHING);
    }
    let mut text = String::new();
    for allowance in ALLOWANCES {
        text = told(page, style, extent, allowance);
        if text.lines().count() <= SCREEN_LINES {
            break;
        }
    }
    text
}

fn told(page: &Page, style: Style, extent: Extent, allowance: Allowance) -> String {
    let mut prose = Prose::new(style);
    for notice in &page.notices {
        prose.line(notice.tone.into(), &notice.text);
    }
    let headline = if page.headline.tone == Tone::Plain { Ink::Bold } else { page.headline.tone.into() };
    prose.line(headline, &page.headline_in_a_line());
    for remark in &page.remarks {
        prose.line(remark.tone.into(), &remark.text);
    }
    let is_shown = |section: &&Section| match extent {
        Extent::Brief => !section.topic.is_detail() && !matches!(section.topic, Topic::Measured | Topic::Others),
        Extent::Screen => !section.topic.is_detail(),
        // The tables have it whole.
        Extent::Details => section.topic != Topic::Measured,
    };
    for section in page.sections.iter().filter(is_shown) {
        if let (Topic::Notes | Topic::Others, Block::Items(notes), 0) = (section.topic, &section.block, allowance.noted)
        {
            prose.gap();
            prose
                .line(Ink::Faint, &format!("{}: {}", section.title, said::so_many_by_details(notes.len(), style.lang)));
            continue;
        }
        prose.heading(&section.title);
        match &section.block {
            Block::Items(items) => listed(&mut prose, section.topic, items, allowance),
            Block::Lines(lines) => named(&mut prose, lines),
            Block::Table(table) => {
                let more = table::draw(&mut prose, section.topic, table);
                if more > 0 {
                    prose.line(Ink::Faint, &said::so_many_more_rows(more, style.lang));
                }
            }
        }
    }
    if let Some(closing) = page.closing.as_ref().filter(|_| extent != Extent::Brief) {
        let details = if extent == Extent::Screen { said::DETAILS.to(style.lang) } else { "" };
        prose.gap();
        prose.line(Ink::Faint, &format!("{closing} {details}"));
    }
    prose.finish()
}

fn listed(prose: &mut Prose, topic: Topic, items: &[Statement], allowance: Allowance) {
    let is_note = matches!(topic, Topic::Notes | Topic::Others);
    let is_change = topic == Topic::Changes;
    let shown = if is_note { allowance.noted } else { allowance.listed };
    for (place, item) in items.iter().take(shown).enumerate() {
        let label = item.label.map_or(String::new(), |label| format!("{label}: "));
        let code = item.code.map_or(String::new(), |code| format!(" [{code}]"));
        prose.item(item.tone.into(), &format!("{label}{}{code}", item.title));
        let (explained, remedied) = match topic {
            Topic::Why => (false, false),
            _ if is_note => (allowance.notes_explained, allowance.notes_explained),
            _ if is_change => (false, allowance.changes),
            _ => (place < allowance.explained, place < allowance.remedied),
        };
        if explained && !item.detail.is_empty() {
            prose.indented(Ink::Faint, &item.detail);
        }
        let steps = if remedied { item.steps.as_slice() } else { &[] };
        for step in steps.iter().take(if allowance.every_step { usize::MAX } else { 1 }) {
            prose.pointed(&format!("{}: {}", step.who, step.what));
        }
    }
    if items.len() > shown {
        prose.item(Ink::Faint, &said::so_many_more(items.len() - shown, prose.style.lang));
    }
}

fn named(prose: &mut Prose, lines: &[Line]) {
    let width = lines.iter().filter_map(|line| line.name).map(UnicodeWidthStr::width).max().unwrap_or_default();
    for line in lines {
        match line.name {
            Some(name) => prose.named(line.cell.tone.into(), name, width, &line.cell.text),
            None => prose.line(line.cell.tone.into(), &line.cell.text),
        }
    }
}

#[cfg(test)]
mod tests;
