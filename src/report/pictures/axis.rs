//! A scale with round steps, its lines and its labels.

use super::{Area, Drawn, LINE, SOFT, write_text};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Values from 0 to `end`, in steps of `step`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    step: f64,
    end: f64,
}

impl Scale {
    /// Allowance for `largest` in at most six steps of 1, 2 or 5 times a power of ten.
    pub(super) fn up_to(largest: f64) -> Self {
        let largest = if largest.is_finite() { largest.max(1.0) } else { 1.0 };
        let power = 10f64.powf((largest / 6.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| largest <= step * 6.0);
        let step = step.unwrap_or(power * 10.0);
        Self { step, end: (largest / step).ceil() * step }
    }

    /// The pixel of a value on the line between two pixels.
    pub(super) fn place(self, value: f64, from: i32, to: i32) -> i32 {
        let part = if value.is_finite() { (value / self.end).clamp(0.0, 1.0) } else { 0.0 };
        from + (part * f64::from(to - from)).round() as i32
    }

    fn ticks(self) -> impl Iterator<Item = f64> {
        let steps = (self.end / self.step).round() as u32;
        (0..=steps).map(move |n| f64::from(n) * self.step)
    }

    fn label(self, value: f64) -> String {
        if self.step < 1.0 { format!("{value:.1}") } else { format!("{value:.0}") }
    }

    /// Upright lines with their values below, and the unit behind the last.
    pub(super) fn draw_below(self, area: &Area<'_>, left: i32, right: i32, top: i32, bottom: i32, unit: &str) -> Drawn {
        for value in self.ticks() {
            let x = self.place(value, left, right);
            area.draw(&PathElement::new(vec![(x, top), (x, bottom)], LINE.stroke_width(1)))?;
            write_text(area, &self.label(value), (x, bottom + 12), SOFT, HPos::Center)?;
        }
        write_text(area, unit, (right, bottom + 30), SOFT, HPos::Right)
    }

    /// Level lines with their values to the left, and the unit above.
    pub(super) fn draw_beside(
        self,
        area: &Area<'_>,
        left: i32,
        right: i32,
        top: i32,
        bottom: i32,
        unit: &str,
    ) -> Drawn {
        for value in self.ticks() {
            let y = self.place(value, bottom, top);
            area.draw(&PathElement::new(vec![(left, y), (right, y)], LINE.stroke_width(1)))?;
            write_text(area, &self.label(value), (left - 8, y), SOFT, HPos::Right)?;
        }
        write_text(area, unit, (0, top - 18), SOFT, HPos::Left)
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn steps_are_round_and_hold_the_largest_value() {
        for (largest, step, end) in
            [(340.0, 100.0, 400.0), (12.0, 2.0, 12.0), (0.2, 0.2, 1.0), (1001.0, 200.0, 1200.0), (f64::NAN, 0.2, 1.0)]
        {
            let scale = Scale::up_to(largest);
            assert!((scale.step - step).abs() < 1e-9 && (scale.end - end).abs() < 1e-9, "{largest}: {scale:?}");
        }
    }

    #[test]
    fn a_value_that_is_none_stands_at_the_beginning() {
        let scale = Scale::up_to(100.0);
        assert_eq!(scale.place(f64::NAN, 10, 110), 10);
        assert_eq!(scale.place(50.0, 10, 110), 60);
        assert_eq!(scale.place(1e9, 10, 110), 110);
    }
}
