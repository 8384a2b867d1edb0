//! Why there is no lab, in words for a person.

use std::io;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("network namespaces need root or the right to make user namespaces: {0}")]
    Namespace(io::Error),
    #[error("there is no /dev/net/tun: load the kernel's tun module (modprobe tun), or give the device to the container")]
    NoTun,
    #[error("/dev/net/tun cannot be used: {0}")]
    Tun(io::Error),
    /// What could not be done.
    #[error("{0}: {1}")]
    System(String, io::Error),
}

/// Says which step of the system's failed.
pub(super) trait Step<T> {
    fn step(self, what: impl Into<String>) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> Step<T> for Result<T, E> {
    fn step(self, what: impl Into<String>) -> Result<T, Error> {
        self.map_err(|error| Error::System(what.into(), error.into()))
    }
}
