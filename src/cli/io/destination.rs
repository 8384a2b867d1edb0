//! Where does a document go, and can it be written there? Asked before the first packet, so that no run is in vain.
//!
//! A document appears under its name whole or not at all: it is written beside its place, under a name that nobody takes
//! for a document, and moved there when it is complete. It holds addresses, so only its owner may read it.

use crate::cli::refusal::Refusal;
use crate::model::{DIFF_SCHEMA, RECORD_SCHEMA, SCHEMA, SERVE_SCHEMA};
use crate::report::escape::escape;
use crate::report::{html, markdown};
use std::cell::Cell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

pub(crate) enum Destination {
    Stdout,
    File(DocumentFile),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Report,
    Record,
    Diff,
    /// What is different, as a page.
    DiffPage,
    /// A report as a page.
    Page,
    /// A report as Markdown.
    Markdown,
    /// What is different, as Markdown.
    DiffMarkdown,
    /// What `serve` says of itself.
    Serving,
    /// What an application hands its browsers.
    Configuration,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Report | Self::Page | Self::Markdown => "report",
            Self::Record => "record",
            Self::Diff | Self::DiffPage | Self::DiffMarkdown => "comparison",
            Self::Serving => "server's description",
            Self::Configuration => "configuration",
        }
    }

    fn option(self) -> &'static str {
        match self {
            Self::Report | Self::Diff | Self::Serving => "--json",
            Self::Record => "--record",
            Self::Page | Self::DiffPage => "--html",
            Self::Markdown | Self::DiffMarkdown => "--markdown",
            Self::Configuration => "--reveal",
        }
    }

    /// How its documents begin, without white space: JSON with its schema's name up to the version. None of a configuration,
    /// which is the same whoever wrote it.
    fn beginning(self) -> Option<String> {
        let json = |schema: &str| {
            let family = schema.split_inclusive('/').next().unwrap_or(schema);
            format!("{{\"schema\":\"{family}")
        };
        Some(match self {
            Self::Report => json(SCHEMA),
            Self::Record => json(RECORD_SCHEMA),
            Self::Diff => json(DIFF_SCHEMA),
            Self::Serving => json(SERVE_SCHEMA),
            Self::Configuration => return None,
            Self::Page => without_white_space(html::BEGINNING),
            Self::DiffPage => without_white_space(html::DIFF_BEGINNING),
            Self::Markdown => without_white_space(markdown::BEGINNING),
            Self::DiffMarkdown => without_white_space(markdown::DIFF_BEGINNING),
        })
    }
}

/// A place in a directory that takes new files.
pub(crate) struct DocumentFile {
    /// Kept for the descriptors that writing takes: the sockets of the run may hold all others by then.
    reserved: Cell<Option<[File; 2]>>,
    path: PathBuf,
    kind: Kind,
    /// Overwrite what is no document of ours of this kind.
    force: bool,
}

impl Destination {
    pub(crate) fn prepare(path: &Path, kind: Kind, force: bool) -> Result<Self, Refusal> {
        if path.as_os_str() == "-" {
            return Ok(Self::Stdout);
        }
        let reserved = Cell::new(reserve().ok());
        let file = DocumentFile { reserved, path: path.to_owned(), kind, force };
        file.check().and_then(|()| file.temporary().map(drop)).map_err(|error| file.refusal(&error))?;
        Ok(Self::File(file))
    }
}

impl DocumentFile {
    pub(crate) fn write(&self, document: &str) -> Result<(), Refusal> {
        drop(self.reserved.take());
        self.try_write(document).map_err(|error| self.refusal(&error))
    }

    fn try_write(&self, document: &str) -> io::Result<()> {
        let mut temporary = self.temporary()?;
        temporary.file.write_all(document.as_bytes())?;
        temporary.file.sync_all()?;
        // Once more, since the run took its time.
        self.check()?;
        temporary.move_to(&self.path)
    }

    /// Whether what stands in the place now, if anything, may be replaced. A link is never followed.
    fn check(&self) -> io::Result<()> {
        let refuse = |why: &str| Err(io::Error::new(ErrorKind::AlreadyExists, why.to_owned()));
        let (name, option) = (self.kind.name(), self.kind.option());
        let metadata = match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            metadata => metadata?,
        };
        if metadata.is_symlink() {
            return refuse("it is a symbolic link; name the file itself");
        }
        if metadata.is_dir() {
            return refuse("it is a directory; name a file in it");
        }
        if !metadata.is_file() {
            return refuse(&format!("it is no ordinary file; use {option} - and redirect it"));
        }
        if !self.force && !is_ours(&self.path, self.kind)? {
            let mark = self.kind.beginning().map_or_else(String::new, |_| format!(" and is no {name} of rtc-doctor"));
            return refuse(&format!("it exists{mark}; add --force to overwrite it"));
        }
        Ok(())
    }

    /// A new file in the same directory, gone again unless it is moved into place.
    fn temporary(&self) -> io::Result<Temporary> {
        let name = self.path.file_name().ok_or_else(|| io::Error::other("it has no file name"))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let path = self.path.with_file_name(hidden);
        // A left-over of a process that had our number and was killed.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok(Temporary { path, file })
    }

    fn refusal(&self, error: &io::Error) -> Refusal {
        let shown = escape(&self.path.to_string_lossy(), false);
        Refusal::cannot_write(format!("cannot write the {} to {shown}: {error}", self.kind.name()))
    }
}

/// Two descriptors: of the new file, and of the one whose place it takes.
fn reserve() -> io::Result<[File; 2]> {
    let own = std::env::current_exe()?;
    Ok([File::open(&own)?, File::open(&own)?])
}

struct Temporary {
    path: PathBuf,
    file: File,
}

impl Temporary {
    fn move_to(&self, place: &Path) -> io::Result<()> {
        fs::rename(&self.path, place)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Not there any more where it was moved into place.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether a file begins as our documents of this kind do, in either layout: as with `{"schema": "rtc-doctor/`.
fn is_ours(path: &Path, kind: Kind) -> io::Result<bool> {
    /// The beginning, with room for any indentation.
    const HEAD_BYTES: u64 = 256;
    let Some(beginning) = kind.beginning() else { return Ok(false) };
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(without_white_space(&String::from_utf8_lossy(&head)).starts_with(&beginning))
}

fn without_white_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A write beyond the largest file that the user may write (`ulimit -f`) becomes an error that is told; SIGXFSZ would end the
/// program without a word.
pub(crate) fn outlive_the_largest_file(runtime: &Runtime) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let _context = runtime.enter();
        // The handler stays for as long as the process lives. Without it the system does as it always does.
        let _ = signal(SignalKind::from_raw(nix::sys::signal::Signal::SIGXFSZ as i32));
    }
    #[cfg(not(unix))]
    let _ = runtime;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &Path, force: bool) -> Result<DocumentFile, Refusal> {
        match Destination::prepare(path, Kind::Report, force)? {
            Destination::File(file) => Ok(file),
            Destination::Stdout => panic!("is a file"),
        }
    }

    fn entries(dir: &Path) -> Vec<String> {
        let names = fs::read_dir(dir).expect("is there").map(|entry| entry.expect("is there").file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }

    fn problem(path: &Path, force: bool) -> String {
        let refusal = file(path, force).err().expect("is refused");
        assert_eq!(refusal.exit, 74);
        refusal.message
    }

    #[test]
    fn preparing_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("makes one");
        file(&dir.path().join("report.json"), false).expect("can be written");
        assert!(entries(dir.path()).is_empty());
    }

    #[test]
    fn a_report_is_whole_and_its_owners_alone() {
        let dir = tempfile::tempdir().expect("makes one");
        let path = dir.path().join("report.json");
        file(&path, false).expect("can be written").write("{\"schema\": \"rtc-doctor/1\"}\n").expect("writes");
        assert_eq!(fs::read_to_string(&path).expect("is there"), "{\"schema\": \"rtc-doctor/1\"}\n");
        assert_eq!(entries(dir.path()), ["report.json"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(path.metadata().expect("is there").permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn only_a_report_of_ours_is_overwritten_unasked() {
        let dir = tempfile::tempdir().expect("makes one");
        let path = dir.path().join("thesis.json");
        fs::write(&path, "{\"title\": \"rtc-doctor/1\"}").expect("writes");
        assert!(problem(&path, false).contains("--force"));
        assert!(file(&path, true).is_ok());
        fs::write(&path, "{\n  \"schema\": \"rtc-doctor/7\",").expect("writes");
        assert!(file(&path, false).is_ok());
        assert!(Destination::prepare(&path, Kind::Record, false).is_err(), "a report is no record");
        fs::write(&path, "{\n  \"schema\": \"rtc-doctor-record/1\",").expect("writes");
        assert!(Destination::prepare(&path, Kind::Record, false).is_ok());
        assert!(problem(&path, false).contains("no report"));
    }

    #[test]
    fn a_configuration_has_no_mark_of_ours_and_is_never_overwritten_unasked() {
        let dir = tempfile::tempdir().expect("makes one");
        let path = dir.path().join("config.json");
        fs::write(&path, "{\"iceServers\":[],\"db\":\"precious\"}").expect("writes");
        assert!(Destination::prepare(&path, Kind::Configuration, false).is_err());
        assert!(Destination::prepare(&path, Kind::Configuration, true).is_ok());
    }

    #[test]
    fn a_directory_or_a_missing_one_is_refused_before_the_run() {
        let dir = tempfile::tempdir().expect("makes one");
        assert!(problem(dir.path(), true).contains("is a directory"));
        assert!(problem(&dir.path().join("none/report.json"), false).contains("No such file"));
        assert!(problem(Path::new("/"), false).contains("directory"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let dir = tempfile::tempdir().expect("makes one");
        let (target, link) = (dir.path().join("precious"), dir.path().join("link"));
        fs::write(&target, "precious").expect("writes");
        std::os::unix::fs::symlink(&target, &link).expect("links");
        assert!(problem(&link, true).contains("symbolic link"));
        std::os::unix::fs::symlink(dir.path().join("nowhere"), dir.path().join("dangling")).expect("links");
        assert!(problem(&dir.path().join("dangling"), true).contains("symbolic link"));
        assert_eq!(fs::read_to_string(&target).expect("is there"), "precious");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_appears_during_the_run_is_not_followed_either() {
        let dir = tempfile::tempdir().expect("makes one");
        let (target, path) = (dir.path().join("precious"), dir.path().join("report.json"));
        fs::write(&target, "precious").expect("writes");
        let report = file(&path, false).expect("can be written");
        std::os::unix::fs::symlink(&target, &path).expect("links");
        assert!(report.write("{}").is_err());
        assert_eq!(fs::read_to_string(&target).expect("is there"), "precious");
        assert_eq!(entries(dir.path()).len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_no_place_for_a_report() {
        assert!(problem(Path::new("/dev/full"), true).contains("--json -"));
    }
}
