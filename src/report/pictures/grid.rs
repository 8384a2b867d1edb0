//! Who is reached, and how: a row for each kind of other side, a column for each way.

use super::{ACCENT, BAD, Caption, Drawn, INK, LINE, SOFT, WIDTH, picture, shortened, write_text};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// The column in which a row's mark stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    First,
    Second,
    Third,
    /// The mark stands in no column: a question mark spans all.
    Unknown,
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub label: String,
    /// Small letters below the label.
    pub below: String,
    pub mark: Mark,
}

const ROW: i32 = 44;
const TOP: i32 = 34;
const LEFT: i32 = 300;
const COLUMN: i32 = (WIDTH - LEFT) / 3;

/// The three ways from the best to the worst.
pub(crate) fn grid(rows: &[Row], columns: [&str; 3], unknown: &str, caption: Caption<'_>) -> String {
    let count = i32::try_from(rows.len()).unwrap_or(i32::MAX / ROW);
    if count == 0 {
        return String::new();
    }
    let middle_of = |column: i32| LEFT + column * COLUMN + COLUMN / 2;
    picture(TOP + count * ROW + 2, caption, |area| {
        for (column, name) in (0..).zip(columns) {
            write_text(area, name, (middle_of(column), 14), SOFT, HPos::Center)?;
        }
        let line = |y: i32| -> Drawn {
            area.draw(&PathElement::new(vec![(0, y), (WIDTH, y)], LINE.stroke_width(1)))?;
            Ok(())
        };
        line(TOP)?;
        for (row, index) in rows.iter().zip(0..) {
            let middle = TOP + index * ROW + ROW / 2;
            write_text(area, &shortened(&row.label, 40), (0, middle - 8), INK, HPos::Left)?;
            write_text(area, &shortened(&row.below, 42), (0, middle + 10), SOFT, HPos::Left)?;
            match row.mark {
                Mark::First => {
                    area.draw(&Circle::new((middle_of(0), middle), 9, ACCENT.filled()))?;
                }
                Mark::Second => {
                    let at = middle_of(1);
                    let corners = [(at, middle - 10), (at + 10, middle), (at, middle + 10), (at - 10, middle)];
                    area.draw(&Polygon::new(corners, INK.filled()))?;
                }
                Mark::Third => {
                    area.draw(&Cross::new((middle_of(2), middle), 8, BAD.stroke_width(3)))?;
                }
                Mark::Unknown => write_text(area, &format!("? {unknown}"), (middle_of(1), middle), SOFT, HPos::Center)?,
            }
            line(TOP + (index + 1) * ROW)?;
        }
        Ok(())
    })
}
