//! One thing after the other: when each stage began, how long it took, and where it stopped.

use super::axis::Scale;
use super::{ACCENT, Area, BAD, Caption, Drawn, INK, SOFT, WIDTH, picture, shortened, write_text};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed,
    /// Asked, and nothing came, or not reached.
    Open,
}

/// One stage; times in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub label: String,
    pub begin: f64,
    pub took: Option<f64>,
    pub outcome: Outcome,
    /// What stands behind the bar.
    pub told: String,
}

const ROW: i32 = 24;
const LEFT: i32 = 150;
/// Allowance for what stands behind the longest bar.
const RIGHT: i32 = WIDTH - 110;
const LABEL_LETTERS: usize = 20;

pub(crate) fn waterfall(bars: &[Bar], unit: &str, caption: Caption<'_>) -> String {
    waterfall_beside(bars, 0.0, unit, caption)
}

/// A waterfall on a scale that reaches this far, so that two can be compared.
pub(crate) fn waterfall_beside(bars: &[Bar], reach: f64, unit: &str, caption: Caption<'_>) -> String {
    let rows = i32::try_from(bars.len()).unwrap_or(i32::MAX / ROW);
    if rows == 0 {
        return String::new();
    }
    let bottom = 4 + rows * ROW;
    picture(bottom + 42, caption, |area| {
        let largest = bars.iter().map(|bar| bar.begin + bar.took.unwrap_or(0.0)).fold(reach, f64::max);
        let scale = Scale::up_to(largest);
        scale.draw_below(area, LEFT, RIGHT, 4, bottom, unit)?;
        for (bar, row) in bars.iter().zip(0..) {
            draw(area, bar, scale, 4 + row * ROW)?;
        }
        Ok(())
    })
}

/// A full bar passed, a hollow one failed, and a cross or a ring stands where no time is known.
fn draw(area: &Area<'_>, bar: &Bar, scale: Scale, top: i32) -> Drawn {
    let middle = top + ROW / 2;
    write_text(area, &shortened(&bar.label, LABEL_LETTERS), (LEFT - 12, middle), INK, HPos::Right)?;
    let begin = scale.place(bar.begin, LEFT, RIGHT);
    let end = scale.place(bar.begin + bar.took.unwrap_or(0.0), LEFT, RIGHT).max(begin + 3);
    let corners = [(begin, top + 5), (end, top + ROW - 5)];
    let behind = match bar.outcome {
        Outcome::Passed if bar.took.is_some() => {
            area.draw(&Rectangle::new(corners, ACCENT.filled()))?;
            end
        }
        Outcome::Passed => {
            area.draw(&Circle::new((begin + 5, middle), 4, ACCENT.filled()))?;
            begin + 10
        }
        Outcome::Failed => {
            if bar.took.is_some() {
                area.draw(&Rectangle::new(corners, BAD.stroke_width(2)))?;
            }
            let cross = if bar.took.is_some() { end + 12 } else { begin + 6 };
            area.draw(&Cross::new((cross, middle), 5, BAD.stroke_width(2)))?;
            cross + 6
        }
        Outcome::Open => {
            area.draw(&Circle::new((begin + 5, middle), 4, SOFT.stroke_width(1)))?;
            begin + 10
        }
    };
    let colour = if bar.outcome == Outcome::Failed { BAD } else { SOFT };
    write_text(area, &shortened(&bar.told, LABEL_LETTERS), (behind + 6, middle), colour, HPos::Left)
}
