//! The command line: arguments in, a document and an exit code out.

mod checkup;
mod embedded;

pub use checkup::checkup;
