//! The laws of the house, read off the code itself. Each is shown to fail on a planted breach.

mod breaches;
mod circles;
mod codes;
mod docs;
mod imports;
mod labels;
mod layout;
mod names;
mod sentences;
mod source;
mod state;
mod text;
