//! A table of the page, with the plain wording first and the RFCs' words below it.

use super::{evidence, safe};
use crate::catalog::html::ReportWords;
use crate::report::page::{Block, Cell, Page, Table, Tone, Topic};

pub(super) struct View {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<CellView>>,
}

pub(super) struct CellView {
    pub class: &'static str,
    pub text: String,
    /// What stands below in small letters.
    pub terms: Vec<String>,
    /// Links to what it rests on, as they stand in the page.
    pub evidence: String,
}

/// The table of a section, where the page has one.
pub(super) fn view(page: &Page, topic: Topic, w: &ReportWords) -> Option<View> {
    match &page.section(topic)?.block {
        Block::Table(Table { columns, rows }) => {
            let row = |row: &Vec<Cell>| row.iter().map(|one| cell(one, w)).collect();
            Some(View { columns: columns.clone(), rows: rows.iter().map(row).collect() })
        }
        Block::Items(_) | Block::Lines(_) => None,
    }
}

fn cell(cell: &Cell, w: &ReportWords) -> CellView {
    let term = cell.plain.map(|_| safe(&cell.text));
    CellView {
        class: match cell.tone {
            Tone::Good => "good",
            Tone::Poor => "poor",
            Tone::Bad => "bad",
            Tone::Faint => "unknown",
            Tone::Plain => "",
        },
        text: cell.plain.map_or_else(|| safe(&cell.text), str::to_owned),
        terms: term.into_iter().chain(cell.under.iter().map(|line| safe(line))).collect(),
        evidence: evidence::links(&cell.evidence, w),
    }
}
