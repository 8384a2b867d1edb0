//! The commands, a file each.

pub(crate) mod call;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod lab;
pub(crate) mod lint;
#[cfg(target_os = "linux")]
pub(crate) mod netlab;
pub(crate) mod read;
pub(crate) mod serve;
