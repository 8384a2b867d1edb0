//! Which labs are running, and what a killed one has left behind: a folder for each lab, in a folder that only the user
//! can access.

use super::error::{Context, Error};
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// The file with the state of a lab, in its folder.
const FILE: &str = "lab.json";

/// The state of a running lab, as it is written to its folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) name: String,
    pub(super) process: i32,
    /// The start time of the process, in clock ticks since boot: together with its number it identifies the process
    /// (proc_pid_stat(5)).
    started: u64,
    /// A loopback address that every host of the lab has and hardly any other network namespace: inode numbers alone
    /// are reused by the kernel.
    pub(super) mark: Ipv4Addr,
    pub(super) hosts: Vec<RunningHost>,
}

/// A host of a running lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningHost {
    /// The name of the host.
    pub name: String,
    /// All addresses of the host.
    pub addresses: Vec<IpAddr>,
    /// The inode number of its network namespace.
    pub(super) inode: u64,
    /// The file descriptor in the process of the lab that holds the namespace.
    pub(super) descriptor: i32,
}

/// The folder of a lab, which is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) folder: PathBuf,
    pub(super) state: State,
}

impl Claim {
    /// Claims a name for this process, exclusively.
    pub(super) fn new(name: &str, mark: Ipv4Addr) -> Result<Self, Error> {
        let base = base()?;
        let process = nix::unistd::getpid().as_raw();
        let started = started(process).ok_or_else(|| io::Error::other("/proc is not there"));
        let state = State {
            name: checked(name)?.to_owned(),
            process,
            started: started.context("this process cannot be found")?,
            mark,
            hosts: Vec::new(),
        };
        // The folder is prepared elsewhere and then renamed, so that it never exists without its state.
        let draft = base.join(format!(".{name}.{process}"));
        let claim = Self { folder: draft, state };
        private_folder(&claim.folder).context("no folder for the lab")?;
        claim.write()?;
        let folder = base.join(name);
        match fs::rename(&claim.folder, &folder) {
            Ok(()) => {
                let state = claim.state.clone();
                std::mem::forget(claim);
                Ok(Self { folder, state })
            }
            Err(error) if matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists) => {
                Err(match State::read(&folder) {
                    Some(state) if state.is_running() => {
                        Error::AlreadyUp { name: name.to_owned(), process: state.process }
                    }
                    _ => Error::LeftBehind(name.to_owned()),
                })
            }
            Err(error) => Err(error).context("no folder for the lab"),
        }
    }

    pub(super) fn set_hosts(&mut self, hosts: Vec<RunningHost>) -> Result<(), Error> {
        self.state.hosts = hosts;
        self.write()
    }

    /// Writes the state atomically.
    fn write(&self) -> Result<(), Error> {
        let (draft, file) = (self.folder.join(".draft"), self.folder.join(FILE));
        let text = serde_json::to_vec_pretty(&self.state).map_err(io::Error::from);
        let written = text.and_then(|text| fs::write(&draft, text)).and_then(|()| fs::rename(&draft, &file));
        written.context("the lab cannot be written down")
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl State {
    pub(super) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(FILE)).ok()?).ok()
    }

    pub(super) fn is_running(&self) -> bool {
        started(self.process) == Some(self.started)
    }
}

/// The folders of all labs, also of those that were killed or never came up.
pub(super) fn folders() -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(base()?).context("the labs that are up cannot be listed")?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

/// The folder of a lab, whether it exists or not.
pub(super) fn folder(name: &str) -> Result<PathBuf, Error> {
    Ok(base()?.join(checked(name)?))
}

fn checked(name: &str) -> Result<&str, Error> {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let fine = !name.is_empty() && name.len() <= 64 && !name.starts_with('.') && name.chars().all(is_fine);
    fine.then_some(name).ok_or_else(|| Error::BadName(name.to_owned()))
}

/// The folder for all labs, which is created if it does not exist.
fn base() -> Result<PathBuf, Error> {
    let user = nix::unistd::geteuid();
    let is_ours = |is: &fs::Metadata| is.is_dir() && is.uid() == user.as_raw();
    // The variable may name another user's folder, since sudo keeps it.
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let runtime = runtime.filter(|folder| fs::metadata(folder).is_ok_and(|is| is_ours(&is)));
    let base = match runtime {
        Some(folder) => folder.join("rtc-doctor"),
        None if user.is_root() && Path::new("/run").is_dir() => PathBuf::from("/run/rtc-doctor"),
        None => std::env::temp_dir().join(format!("rtc-doctor-{user}")),
    };
    match private_folder(&base) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(error).context(format!("{} cannot be made", base.display()));
        }
        _ => {}
    }
    // In a folder that is writable for all, it may belong to somebody else or be a link.
    let ours = fs::symlink_metadata(&base).is_ok_and(|is| is_ours(&is) && is.mode() & 0o077 == 0);
    ours.then_some(()).ok_or_else(|| Error::NotOurs { folder: base.display().to_string() })?;
    Ok(base)
}

fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// The start time of a process; None where it does not exist or is a zombie.
fn started(process: i32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before the last bracket may hold anything. The state is the 3rd field, the start the 22nd.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    (state != "Z" && state != "X").then(|| fields.nth(18)?.parse().ok())?
}
