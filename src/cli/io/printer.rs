//! The one place that prints. A reader that goes away (`rtc-doctor | head -1`) is no fault and no panic.

use std::io::{self, ErrorKind, Write};

/// Standard output and standard error, and who gets which.
pub(crate) struct Printer {
    stdout: Box<dyn Write>,
    stderr: Box<dyn Write>,
    stdout_holds_a_document: bool,
}

impl Printer {
    pub(crate) fn new(stdout: impl Write + 'static, stderr: impl Write + 'static) -> Self {
        Self { stdout: Box::new(stdout), stderr: Box::new(stderr), stdout_holds_a_document: false }
    }

    pub(crate) fn of_process() -> Self {
        Self::new(io::stdout(), io::stderr())
    }

    /// Lets everything for people go to standard error from now on, where `keep`.
    pub(crate) fn keep_stdout_for_a_document(&mut self, keep: bool) {
        self.stdout_holds_a_document = keep;
    }

    /// What people asked for: the report, a help text.
    pub(crate) fn people(&mut self, text: &str) -> io::Result<()> {
        let stream = if self.stdout_holds_a_document { &mut self.stderr } else { &mut self.stdout };
        write_all(stream, text)
    }

    /// What programs asked for. On standard output, and nothing else beside it.
    pub(crate) fn document(&mut self, text: &str) -> io::Result<()> {
        write_all(&mut self.stdout, text)
    }

    /// A warning, an error, a sign of progress: one line on standard error, if anyone is there to read it.
    pub(crate) fn tell(&mut self, line: &str) {
        let _ = write_all(&mut self.stderr, &format!("{line}\n"));
    }
}

/// A closed pipe means that the reader has seen enough.
fn write_all(stream: &mut Box<dyn Write>, text: &str) -> io::Result<()> {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}
