//! Why there is no lab, with a remedy for people.

use std::io;

/// Why a lab cannot be set up, found or ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refuses namespaces: its error, and what to do about it.
    #[error("the lab needs root or a user namespace, and the system refuses ({0}): {1}")]
    Namespace(io::Error, &'static str),
    /// The kernel has no TUN/TAP device.
    #[error("there is no /dev/net/tun: load the kernel's tun module (modprobe tun), or give the container the device")]
    NoTun,
    /// The TUN/TAP device cannot be used.
    #[error("/dev/net/tun cannot be used: {0}")]
    Tun(io::Error),
    /// The name is not allowed.
    #[error("{0:?} cannot name a lab: use letters, digits, '-' and '_'")]
    BadName(String),
    /// A lab of this name is running.
    #[error("the lab {name} is up already, as process {process}: end it with rtc-doctor lab down {name}")]
    AlreadyUp {
        /// The name of the lab.
        name: String,
        /// The process that runs it.
        process: i32,
    },
    /// A lab of this name was killed and has not been cleared.
    #[error("the lab {0} was killed and left something behind: clear it with rtc-doctor lab down {0}")]
    LeftBehind(String),
    /// No lab of this name is running.
    #[error("there is no lab {0} to end")]
    NotUp(String),
    /// The folder for labs belongs to another user, or others may write to it.
    #[error("{folder} is not a folder of this user's alone: the labs that are up cannot be kept there")]
    NotOurs {
        /// The path of the folder.
        folder: String,
    },
    /// A program could not be started.
    #[error("{program}: {error}")]
    Program {
        /// The program that was to be started.
        program: String,
        /// What the system said.
        error: io::Error,
    },
    /// A step failed: what could not be done, and the error of the system.
    #[error("{0}: {1}")]
    System(String, io::Error),
}

/// Adds to an I/O error what could not be done.
pub(super) trait Context<T> {
    fn context(self, what: impl Into<String>) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> Context<T> for Result<T, E> {
    fn context(self, what: impl Into<String>) -> Result<T, Error> {
        self.map_err(|error| Error::System(what.into(), error.into()))
    }
}
