//! A thread that waits for files to be readable and for deadlines, until it is stopped.

use super::error::{Context, Error};
use crate::machine::Instant;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd};
use std::thread::{self, JoinHandle};

/// The handle to the thread, which ends when this is dropped and then returns a `T`.
pub(super) struct Worker<T> {
    /// Closing this stops the thread.
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<T>>,
}

impl<T: Send + 'static> Worker<T> {
    pub(super) fn start(name: &str, work: impl FnOnce(&Waiting) -> T + Send + 'static) -> Result<Self, Error> {
        let (stopped, stop) = io::pipe().context("no pipe for a thread of the lab")?;
        let waiting = Waiting { stopped, start: start() };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || work(&waiting));
        Ok(Self { stop: Some(stop), thread: Some(thread.context("no thread for the lab")?) })
    }
}

impl<T> Worker<T> {
    /// Stops the thread and returns its result; None where it panicked.
    pub(super) fn end(&mut self) -> Option<T> {
        self.stop = None;
        self.thread.take()?.join().ok()
    }
}

impl<T> Drop for Worker<T> {
    fn drop(&mut self) {
        self.end();
    }
}

#[expect(clippy::disallowed_methods, reason = "this is a world, and here is its clock")]
fn start() -> std::time::Instant {
    std::time::Instant::now()
}

/// What the thread waits on.
pub(super) struct Waiting {
    stopped: PipeReader,
    start: std::time::Instant,
}

impl Waiting {
    /// The time since the thread was started.
    pub(super) fn now(&self) -> Instant {
        Instant::after_start(self.start.elapsed())
    }

    /// Waits until a file is readable or `until` has come; returns the indices of the readable files, or None when the
    /// thread is to stop.
    pub(super) fn wait<'a>(
        &'a self,
        files: impl Iterator<Item = BorrowedFd<'a>>,
        until: Option<Instant>,
    ) -> Option<Vec<usize>> {
        let mut fds: Vec<PollFd<'_>> = files.map(|file| PollFd::new(file, PollFlags::POLLIN)).collect();
        fds.push(PollFd::new(self.stopped.as_fd(), PollFlags::POLLIN));
        let limit = until.map(|until| TimeSpec::from_duration(until.since(self.now())));
        match ppoll(&mut fds, limit, None) {
            Ok(_) => {}
            Err(Errno::EINTR) => return Some(Vec::new()),
            Err(_) => return None,
        }
        let mut have: Vec<bool> = fds.iter().map(|fd| fd.any().unwrap_or_default()).collect();
        // The pipe becomes readable only when it is closed.
        let is_over = have.pop()?;
        (!is_over).then(|| have.iter().enumerate().filter_map(|(index, has)| has.then_some(index)).collect())
    }
}
