//! How long did what take? Pictures for the HTML report, drawn by plotters as SVG that stands in the page.
//!
//! A picture is readable without colour: what differs in colour differs in shape or has a label too. Its few colours
//! are those of the page's light scheme; the page's style replaces each by the reader's own, so that one picture
//! serves light, dark and paper. Text stays text.

mod axis;
mod grid;
mod ranges;
mod series;
mod waterfall;

pub(super) use grid::{Mark, Row, grid};
pub(super) use ranges::{Range, ranges};
pub(super) use series::{Line, series};
pub(super) use waterfall::{Bar, Outcome, waterfall, waterfall_beside};

use crate::model::Millis;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write;

const INK: RGBColor = RGBColor(0x18, 0x20, 0x2c);
const SOFT: RGBColor = RGBColor(0x55, 0x60, 0x6f);
const LINE: RGBColor = RGBColor(0xdd, 0xe2, 0xe9);
const ACCENT: RGBColor = RGBColor(0x1a, 0x5f, 0xb4);
const BAD: RGBColor = RGBColor(0xb3, 0x26, 0x1e);

/// The width of a picture in CSS pixels, as all sizes here.
const WIDTH: i32 = 720;
/// plotters writes four fifths of it as the size of the font.
const TEXT: i32 = 17;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// What a picture says to those who do not see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caption<'a> {
    pub title: &'a str,
    pub description: &'a str,
}

/// Draws on an area of [`WIDTH`] by `height`; empty where nothing could be drawn.
fn picture(height: i32, caption: Caption<'_>, draw: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let size = (WIDTH.unsigned_abs(), height.unsigned_abs());
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    let drawn = draw(&area).is_ok() && area.present().is_ok();
    drop(area);
    // The backend's own opening tag fixes the size; the page wants it to fit.
    let Some((_, inside)) = svg.split_once('>').filter(|_| drawn) else { return String::new() };
    let mut page = String::with_capacity(inside.len() + 256);
    let (title, description) = (text(caption.title), text(caption.description));
    // Writing to a String does not fail.
    let _ = write!(
        page,
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>\
         <desc>{description}</desc>{}",
        inside.trim()
    );
    page
}

/// Text that can stand in an element and in an attribute of a page.
pub(super) fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

fn write_text(area: &Area<'_>, what: &str, at: (i32, i32), colour: RGBColor, side: HPos) -> Drawn {
    let style = ("sans-serif", TEXT).into_font().color(&colour).pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(what.to_owned(), at, style))?;
    Ok(())
}

/// A label cut to the letters that fit into its place.
fn shortened(label: &str, letters: usize) -> String {
    match label.char_indices().nth(letters) {
        Some(_) => label.chars().take(letters.saturating_sub(1)).chain(['…']).collect(),
        None => label.to_owned(),
    }
}

/// Milliseconds as a table has them: with one decimal while that means something.
pub(super) fn milliseconds(Millis(ms): Millis) -> String {
    if ms < 9.95 { format!("{ms:.1}") } else { format!("{ms:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPTION: Caption<'_> = Caption { title: "A <title>", description: "\"what\" it says" };

    #[test]
    fn a_picture_has_a_title_and_a_description_and_no_size_of_its_own() {
        let svg = picture(40, CAPTION, |area| write_text(area, "x", (5, 5), INK, HPos::Left));
        assert!(svg.starts_with("<svg class=\"plot\" viewBox=\"0 0 720 40\" role=\"img\""), "{svg}");
        assert!(svg.contains("<title>A &lt;title&gt;</title><desc>&quot;what&quot; it says</desc>"), "{svg}");
        assert!(svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(!svg.contains("width=\"720\""), "{svg}");
    }

    #[test]
    fn a_hostile_label_stays_text() {
        let hostile = "</text><script>alert(1)</script>\" onload=\"x";
        let bars = [Bar {
            label: hostile.to_owned(),
            begin: 0.0,
            took: Some(1.0),
            outcome: Outcome::Passed,
            told: hostile.to_owned(),
        }];
        let svg = waterfall(&bars, "ms", Caption { title: hostile, description: hostile });
        assert!(!svg.contains("<script") && !svg.contains("\" onload"), "{svg}");
    }

    #[test]
    fn every_colour_is_one_that_the_page_replaces() {
        let css = include_str!("html/style.css");
        for colour in [INK, SOFT, LINE, ACCENT, BAD, WHITE] {
            let hex = format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2);
            assert!(
                css.contains(&format!("[fill=\"{hex}\"]")) && css.contains(&format!("[stroke=\"{hex}\"]")),
                "{hex}"
            );
        }
    }

    #[test]
    fn a_long_label_is_cut_between_letters() {
        assert_eq!(shortened("서버서버서버", 4), "서버서…");
        assert_eq!(shortened("abc", 3), "abc");
    }
}
