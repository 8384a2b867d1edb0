//! A network namespace of a host's own, held by an open file: it lives as long as somebody has it open or is in it.

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
    /// An empty one, with nothing in it but a loopback interface that is down.
    pub(super) fn new() -> Result<Self, Error> {
        apart(|| {
            unshare(CloneFlags::CLONE_NEWNET).map_err(refused)?;
            Self::open(OWN).context("the new network namespace cannot be opened")
        })
    }

    /// One that another process holds or is in.
    pub(super) fn open(path: &str) -> io::Result<Self> {
        let file = File::open(path)?;
        let inode = file.metadata()?.ino();
        Ok(Self { file, inode })
    }

    /// What it is known by in `/proc/PID/ns/net`.
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

    /// Makes the calling thread, and all that it starts, a part of this namespace.
    pub(super) fn join(&self) -> io::Result<()> {
        setns(&self.file, CloneFlags::CLONE_NEWNET).map_err(io::Error::from)
    }

    /// Does something inside, on a thread of its own.
    pub(super) fn inside<T: Send>(&self, work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
        apart(|| {
            self.join().context("the network namespace cannot be entered")?;
            work()
        })
    }
}

/// Which namespaces a thread is in cannot be undone: what changes that gets a thread of its own.
pub(super) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| match scope.spawn(work).join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}
