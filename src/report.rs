//! How is a diagnosis shown? Faces only: a [`crate::model::Diagnosis`] goes in, bytes come out, nothing is printed.
//!
//! [`json`] is for programs, [`terminal`] for people at a terminal, [`html`] for those to whom a report is sent.

mod ends;
pub mod escape;
pub mod html;
pub mod json;
mod pictures;
pub mod terminal;

#[cfg(test)]
pub(crate) mod sample;
