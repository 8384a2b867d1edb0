//! Reading a file whole, no more than a limit of bytes, and no longer than one is willing to wait.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long to wait for what is no regular file, where no time was given for the run: a pipe whose writer has yet to be
/// started, as shells make it of `<( )`.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// At most `most` bytes. A pipe that nobody writes to within `patience` is [`io::ErrorKind::TimedOut`].
pub(crate) fn read(path: &Path, most: u64, patience: Duration) -> io::Result<Vec<u8>> {
    if path.metadata()?.is_file() {
        return read_all(path, most);
    }
    // Opening a pipe waits for its writer, and nothing ends that wait: so it is left to a thread that ends with the process.
    let (told, heard) = mpsc::channel();
    let path = path.to_owned();
    thread::spawn(move || {
        // Nobody hears it where the time is over.
        let _ = told.send(read_all(&path, most));
    });
    heard.recv_timeout(patience).unwrap_or_else(|_| {
        let waited = format!("not a file, and nothing came from it within {} s", patience.as_secs());
        Err(io::Error::new(io::ErrorKind::TimedOut, waited))
    })
}

fn read_all(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use nix::sys::stat::Mode;
    use nix::unistd::mkfifo;

    fn fifo(folder: &tempfile::TempDir) -> std::path::PathBuf {
        let path = folder.path().join("pipe");
        mkfifo(&path, Mode::S_IRWXU).expect("a pipe");
        path
    }

    #[test]
    fn a_pipe_without_a_writer_is_given_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = read(&fifo(&folder), 10, Duration::from_millis(1)).expect_err("nobody writes");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_pipe_whose_writer_comes_later_is_read_to_its_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = fifo(&folder);
        let writer = thread::spawn({
            let path = path.clone();
            move || std::fs::write(path, b"servers")
        });
        assert_eq!(read(&path, 100, PATIENCE).expect("read"), b"servers");
        writer.join().expect("no panic").expect("written");
    }

    #[test]
    fn no_more_is_read_than_the_limit_though_there_is_no_end() {
        assert_eq!(read(Path::new("/dev/zero"), 1000, PATIENCE).expect("read").len(), 1000);
    }
}
