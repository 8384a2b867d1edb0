//! How is a diagnosis shown? Faces only: a [`crate::model::Diagnosis`] goes in, bytes come out, nothing is printed.
//!
//! [`page`] says what is told and in which order; [`terminal`] lays it out for people at a terminal, `html` for those
//! to whom a report is sent, [`markdown`] for tickets. [`json`] is for programs,
//! [`monitoring`] for systems that watch servers.

pub mod escape;
#[cfg(feature = "html")]
pub mod html;
pub mod json;
pub mod markdown;
pub mod monitoring;
pub mod page;
#[cfg(feature = "html")]
mod pictures;
pub mod terminal;

#[cfg(test)]
mod korean;
#[cfg(test)]
pub(crate) mod sample;
