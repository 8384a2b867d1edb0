//! The call that was made, in a few lines: how it came out, how long it took to come about, what passed, and what was
//! renewed meanwhile.

use super::{Cell, Line, Section, Topic};
use crate::catalog::{self, Lang, call_summary as said};
use crate::model::Diagnosis;

pub(super) fn section(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let call = diagnosis.call.as_ref()?;
    let outcome = Cell::new(call.gravity().into(), catalog::html::call_outcome(call, lang));
    let told = [said::came_about(&call.timing_ms, lang), said::passed(call, lang), said::kept(call, lang)];
    let cells = std::iter::once(outcome).chain(told.into_iter().flatten().map(Cell::plain));
    let lines = cells.map(|cell| Line { name: None, cell }).collect();
    Section::lines(Topic::Call, said::HEADING.to(lang), lines)
}
