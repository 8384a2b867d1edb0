//! What goes in and out beside the arguments: files and streams that are read, documents that are written, and what a
//! person sees meanwhile.

pub(crate) mod calls;
pub(crate) mod destination;
pub(crate) mod documents;
pub(crate) mod file;
pub(crate) mod gathered;
pub(crate) mod ice_servers;
pub(crate) mod input;
pub(crate) mod json_fault;
pub(crate) mod networks;
pub(crate) mod printer;
pub(crate) mod progress;
pub(crate) mod redacted;
pub(crate) mod report;
pub(crate) mod saved;
pub(crate) mod secret;
pub(crate) mod settings;
pub(crate) mod sources;
pub(crate) mod stop;
pub(crate) mod targets;
pub(crate) mod uri;
