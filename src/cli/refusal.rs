//! Why did a command end before its work? A message for a person and an exit code.

use crate::cli::exit;

/// Why a command ended before its work, in words for a person.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Refusal {
    pub(crate) exit: u8,
    pub(crate) message: String,
    /// The same for who reads one line, where the message is laid out over several.
    pub(crate) brief: Option<String>,
}

impl Refusal {
    pub(crate) fn new(exit: u8, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), brief: None }
    }

    /// On one line.
    pub(crate) fn briefly(&self) -> &str {
        self.brief.as_deref().unwrap_or(&self.message)
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(exit::USAGE, message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(exit::INTERNAL, message)
    }

    pub(crate) fn cannot_write(message: impl Into<String>) -> Self {
        Self::new(exit::CANNOT_WRITE, message)
    }
}
