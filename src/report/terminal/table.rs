//! Tables of cells, drawn with borders. Every text is made harmless here.

use super::prose::Prose;
use super::{Ink, Style};
use crate::report::page::{Cell, Table, Topic};
use comfy_table::presets::{ASCII_FULL, ASCII_FULL_CONDENSED, UTF8_FULL, UTF8_FULL_CONDENSED};
use comfy_table::{Attribute, Color, ContentArrangement};

/// Rows of one table: a call with many candidates has hundreds of pairs, of which the first say it all.
const ROWS_MAX: usize = 24;

/// Two columns of "address-and-port-dependent", one of row names, borders and padding.
const ROOM_FOR_BOTH_FAMILIES: usize = 26 * 2 + 14 + 10;

/// Draws the table, and gives back how many of its rows were left out.
pub(super) fn draw(prose: &mut Prose, topic: Topic, table: &Table) -> usize {
    let values = table.columns.len().saturating_sub(1);
    let is_split = topic == Topic::Network && prose.style.columns() < ROOM_FOR_BOTH_FAMILIES;
    let beside = if is_split { 1 } else { values.max(1) };
    for first in (1..=values).step_by(beside) {
        let columns: Vec<usize> = std::iter::once(0).chain(first..(first + beside).min(values + 1)).collect();
        let drawn = bordered(prose, table, &columns);
        prose.table(&drawn);
    }
    table.rows.len().saturating_sub(ROWS_MAX)
}

fn bordered(prose: &Prose, table: &Table, columns: &[usize]) -> comfy_table::Table {
    let Style { ascii, colour, .. } = prose.style;
    let rows = || table.rows.iter().take(ROWS_MAX);
    // Rows of several lines need a border between them.
    let is_tall = rows().flatten().any(|cell| !cell.under.is_empty());
    let mut drawn = comfy_table::Table::new();
    drawn.load_style(match (ascii, is_tall) {
        (true, true) => ASCII_FULL,
        (true, false) => ASCII_FULL_CONDENSED,
        (false, true) => UTF8_FULL,
        (false, false) => UTF8_FULL_CONDENSED,
    });
    drawn.set_content_arrangement(ContentArrangement::Dynamic);
    drawn.set_width(u16::try_from(prose.style.columns()).unwrap_or(u16::MAX));
    if colour {
        drawn.enforce_styling();
    } else {
        drawn.force_no_tty();
    }
    let header = columns.iter().filter_map(|place| table.columns.get(*place));
    drawn.set_header(header.map(|name| painted(Ink::Bold, name)).collect::<Vec<comfy_table::Cell>>());
    for row in rows() {
        let cells = columns.iter().filter_map(|place| row.get(*place));
        drawn.add_row(cells.map(|cell| painted(cell.tone.into(), &lines(prose, cell))).collect::<Vec<_>>());
    }
    drawn
}

fn lines(prose: &Prose, cell: &Cell) -> String {
    let lines: Vec<String> = std::iter::once(&cell.text).chain(&cell.under).map(|line| prose.safe(line)).collect();
    lines.join("\n")
}

fn painted(ink: Ink, text: &str) -> comfy_table::Cell {
    let cell = comfy_table::Cell::new(text);
    match ink {
        Ink::Plain => cell,
        Ink::Bold => cell.add_attribute(Attribute::Bold),
        Ink::Good => cell.fg(Color::Green),
        Ink::Poor => cell.fg(Color::Yellow),
        Ink::Bad => cell.fg(Color::Red),
        Ink::Faint => cell.add_attribute(Attribute::Dim),
    }
}
