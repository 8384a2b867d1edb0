//! From the least to the most, with the median: one line for each of many.

use super::axis::Scale;
use super::{ACCENT, Caption, INK, SOFT, WIDTH, milliseconds, picture, shortened, write_text};
use crate::model::Millis;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// One bar from `min` to `max` with a mark at `median`, in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    pub label: String,
    pub min: f64,
    pub median: f64,
    pub max: f64,
    /// Drawn filled, the others hollow.
    pub is_chosen: bool,
}

const ROW: i32 = 24;
const LEFT: i32 = 330;
const RIGHT: i32 = WIDTH - 60;
const LABEL_LETTERS: usize = 42;

pub(crate) fn ranges(ranges: &[Range], unit: &str, caption: Caption<'_>) -> String {
    let rows = i32::try_from(ranges.len()).unwrap_or(i32::MAX / ROW);
    if rows == 0 {
        return String::new();
    }
    let bottom = 4 + rows * ROW;
    picture(bottom + 42, caption, |area| {
        let scale = Scale::up_to(ranges.iter().map(|range| range.max).fold(0.0, f64::max));
        scale.draw_below(area, LEFT, RIGHT, 4, bottom, unit)?;
        for (range, row) in ranges.iter().zip(0..) {
            let middle = 4 + row * ROW + ROW / 2;
            write_text(area, &shortened(&range.label, LABEL_LETTERS), (LEFT - 12, middle), INK, HPos::Right)?;
            let [min, median, max] = [range.min, range.median, range.max].map(|ms| scale.place(ms, LEFT, RIGHT));
            let colour = if range.is_chosen { ACCENT } else { SOFT };
            area.draw(&PathElement::new(vec![(min, middle), (max, middle)], colour.stroke_width(2)))?;
            for end in [min, max] {
                area.draw(&PathElement::new(vec![(end, middle - 5), (end, middle + 5)], colour.stroke_width(2)))?;
            }
            let dot = if range.is_chosen { colour.filled() } else { WHITE.filled() };
            area.draw(&Circle::new((median, middle), 5, dot))?;
            area.draw(&Circle::new((median, middle), 5, colour.stroke_width(2)))?;
            write_text(area, &milliseconds(Millis(range.median)), (max + 10, middle), colour, HPos::Left)?;
        }
        Ok(())
    })
}
