//! A network namespace, held by an open file. It exists as long as the file is open or a process is in it.

use super::error::{Context, Error};
use super::rights::refused;
use nix::sched::{CloneFlags, setns, unshare};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::thread;

/// The namespace of the thread that opens it.
const OWN: &str = "/proc/thread-self/ns/net";

#[derive(Debug)]
pub(crate) struct Namespace {
    file: File,
    inode: u64,
}

impl Namespace {
    /// A new namespace with nothing but a loopback interface that is down.
    pub(super) fn new() -> Result<Self, Error> {
        apart(|| {
            unshare(CloneFlags::CLONE_NEWNET).map_err(refused)?;
            Self::open(OWN).context("the new network namespace cannot be opened")
        })
    }

    /// Opens a namespace of another process by its path.
    pub(super) fn open(path: &str) -> io::Result<Self> {
        let file = File::open(path)?;
        let inode = file.metadata()?.ino();
        Ok(Self { file, inode })
    }

    /// The inode number that `/proc/PID/ns/net` shows.
    pub(super) fn inode(&self) -> u64 {
        self.inode
    }

    /// The number of the file that holds it, in this process.
    pub(super) fn descriptor(&self) -> i32 {
        self.file.as_raw_fd()
    }

    pub(super) fn duplicate(&self) -> io::Result<Self> {
        Ok(Self { file: self.file.try_clone()?, inode: self.inode })
    }

    /// Moves the calling thread, and all that it starts, into this namespace.
    pub(super) fn join(&self) -> io::Result<()> {
        setns(&self.file, CloneFlags::CLONE_NEWNET).map_err(io::Error::from)
    }

    /// Runs a closure in the namespace, on a thread of its own.
    pub(super) fn inside<T: Send>(&self, work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
        apart(|| {
            self.join().context("the network namespace cannot be entered")?;
            work()
        })
    }
}

/// Runs a closure on a thread of its own, since entering a namespace cannot be undone.
pub(super) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| match scope.spawn(work).join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}
