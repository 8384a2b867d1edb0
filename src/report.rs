//! How is a diagnosis shown? Faces only: a [`crate::model::Diagnosis`] goes in, bytes come out, nothing is printed.
//!
//! [`json`] is for programs, [`terminal`] for people.

pub mod escape;
pub mod json;
pub mod terminal;

#[cfg(test)]
pub(crate) mod sample;
