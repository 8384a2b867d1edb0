//! Why there is no lab, in words for a person.

use std::io;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system's word, and what to do about it.
    #[error("the lab needs root or a user namespace, and the system refuses ({0}): {1}")]
    Namespace(io::Error, &'static str),
    #[error("there is no /dev/net/tun: load the kernel's tun module (modprobe tun), or give the container the device")]
    NoTun,
    #[error("/dev/net/tun cannot be used: {0}")]
    Tun(io::Error),
    #[error("{0:?} cannot name a lab: use letters, digits, '-' and '_'")]
    BadName(String),
    #[error("the lab {name} is up already, as process {process}: end it with rtc-doctor lab down {name}")]
    AlreadyUp { name: String, process: i32 },
    #[error("the lab {0} was killed and left something behind: clear it with rtc-doctor lab down {0}")]
    LeftBehind(String),
    #[error("there is no lab {0} to end")]
    NotUp(String),
    #[error("{folder} is not a folder of this user's alone: the labs that are up cannot be kept there")]
    NotOurs { folder: String },
    #[error("{program}: {error}")]
    Program { program: String, error: io::Error },
    /// What could not be done.
    #[error("{0}: {1}")]
    System(String, io::Error),
}

/// Says which step of the system's failed.
pub(super) trait Context<T> {
    fn context(self, what: impl Into<String>) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> Context<T> for Result<T, E> {
    fn context(self, what: impl Into<String>) -> Result<T, Error> {
        self.map_err(|error| Error::System(what.into(), error.into()))
    }
}
