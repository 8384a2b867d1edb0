//! The questions a checkup asks, each a machine of its own, and the checkup that asks them.
//!
//! A probe records facts and judges nothing. What one probe finds out and another needs goes through the facts, which
//! the checkup reads as they pass.

mod ask;
mod binding;
mod filtering;
mod mapping;

pub use binding::BindingProbe;
pub use filtering::{Filtering, FilteringProbe};
pub use mapping::{Mapping, MappingProbe};
