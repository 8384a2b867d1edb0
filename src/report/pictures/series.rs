//! How something went over time: lines that differ in the shape of their points.

use super::axis::Scale;
use super::{ACCENT, Area, BAD, Caption, Drawn, INK, SOFT, WIDTH, picture, shortened, write_text};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Points by their time, which goes up.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub label: String,
    pub points: Vec<(f64, f64)>,
}

const LEFT: i32 = 56;
const RIGHT: i32 = WIDTH - 16;
const TOP: i32 = 52;
const BOTTOM: i32 = 210;
/// Beyond that, points would run into each other and only the line is drawn.
const POINTS_DRAWN: usize = 60;
/// The most lines of one picture, each with marks of its own shape.
pub(super) const LINES_MAX: usize = 4;

/// `units` of the time and of the values. A line beyond [`LINES_MAX`] is left out.
pub(crate) fn series(lines: &[Line], units: (&str, &str), caption: Caption<'_>) -> String {
    let points = || lines.iter().take(LINES_MAX).flat_map(|line| line.points.iter());
    if points().next().is_none() {
        return String::new();
    }
    picture(BOTTOM + 42, caption, |area| {
        let across = Scale::up_to(points().map(|(x, _)| *x).fold(0.0, f64::max));
        let up = Scale::up_to(points().map(|(_, y)| *y).fold(0.0, f64::max));
        across.draw_below(area, LEFT, RIGHT, TOP, BOTTOM, units.0)?;
        up.draw_beside(area, LEFT, RIGHT, TOP, BOTTOM, units.1)?;
        let mut key = LEFT;
        for (line, shape) in lines.iter().zip(SHAPES) {
            let place = |(x, y): &(f64, f64)| (across.place(*x, LEFT, RIGHT), up.place(*y, BOTTOM, TOP));
            let path: Vec<(i32, i32)> = line.points.iter().map(place).collect();
            if path.len() <= POINTS_DRAWN {
                path.iter().try_for_each(|at| shape.draw(area, *at))?;
            }
            area.draw(&PathElement::new(path, shape.colour().stroke_width(2)))?;
            shape.draw(area, (key + 6, 10))?;
            let label = shortened(&line.label, 36);
            write_text(area, &label, (key + 18, 10), INK, HPos::Left)?;
            // A Korean syllable is as wide as two letters.
            key += 48 + label.chars().map(|letter| if letter.is_ascii() { 8 } else { 15 }).sum::<i32>();
        }
        Ok(())
    })
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Dot,
    Triangle,
    Cross,
    Ring,
}

const SHAPES: [Shape; LINES_MAX] = [Shape::Dot, Shape::Triangle, Shape::Cross, Shape::Ring];

impl Shape {
    fn colour(self) -> RGBColor {
        match self {
            Self::Dot => ACCENT,
            Self::Triangle => INK,
            Self::Cross => BAD,
            Self::Ring => SOFT,
        }
    }

    fn draw(self, area: &Area<'_>, at: (i32, i32)) -> Drawn {
        let colour = self.colour();
        match self {
            Self::Dot => area.draw(&Circle::new(at, 4, colour.filled()))?,
            Self::Triangle => area.draw(&TriangleMarker::new(at, 5, colour.filled()))?,
            Self::Cross => area.draw(&Cross::new(at, 4, colour.stroke_width(2)))?,
            Self::Ring => area.draw(&Circle::new(at, 4, colour.stroke_width(2)))?,
        }
        Ok(())
    }
}
