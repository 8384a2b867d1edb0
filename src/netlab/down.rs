//! Ends a lab, also one whose process was killed: its process is terminated, and all processes in its namespaces are
//! killed.

use super::error::Error;
use super::state::{self, State};
use nix::poll::{PollFd, ppoll};
use nix::sys::signal::{Signal, kill};
use nix::sys::time::TimeSpec;
use nix::unistd::Pid;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// How long to wait for a process to end. A lab takes milliseconds, but a program in it may delay its end.
const PATIENCE: Duration = Duration::from_secs(5);
/// The polling interval: a killed process is gone within one or two of these.
const PAUSE: Duration = Duration::from_millis(10);

/// A lab that was ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    /// The name of the lab.
    pub name: String,
    /// How many programs were still running when the process of the lab had ended.
    pub programs: usize,
}

/// Ends one lab and all runs in networks of that name; without a name, every lab of this user. Fails where a named lab
/// is not running.
pub fn down(name: Option<&str>) -> Result<Vec<Cleared>, Error> {
    let mut cleared = Vec::new();
    let wanted = name.map(state::folder).transpose()?.and_then(|folder| folder.file_name().map(ToOwned::to_owned));
    for folder in state::folders()? {
        let state = State::read(&folder);
        let is_meant = |state: &State| {
            wanted.as_ref().is_none_or(|name| {
                let run = state.name.strip_suffix(&format!(".{}", state.process)).unwrap_or(&state.name);
                *name == *run || *name == *state.name
            })
        };
        match state {
            // Nothing was written down yet, so nothing was started.
            None if name.is_none() => drop(fs::remove_dir_all(&folder)),
            Some(state) if is_meant(&state) => {
                end(&state);
                let programs = clear(&state);
                let _ = fs::remove_dir_all(&folder);
                cleared.push(Cleared { name: state.name, programs });
            }
            _ => {}
        }
    }
    match name {
        Some(name) if cleared.is_empty() => Err(Error::NotUp(name.to_owned())),
        _ => Ok(cleared),
    }
}

/// Terminates the process of the lab, first with SIGTERM and then with SIGKILL.
fn end(state: &State) {
    for signal in [Signal::SIGTERM, Signal::SIGKILL] {
        let mut waited = Duration::ZERO;
        if state.is_running() {
            let _ = kill(Pid::from_raw(state.process), signal);
        }
        while state.is_running() && waited < PATIENCE {
            pause();
            waited += PAUSE;
        }
    }
}

/// Kills all processes in the namespaces of the lab; returns how many they were.
pub(super) fn clear(state: &State) -> usize {
    let (mut killed, mut waited) = (std::collections::BTreeSet::new(), Duration::ZERO);
    loop {
        let found: Vec<i32> = processes().filter(|process| is_in(state, *process)).collect();
        if found.is_empty() || waited >= PATIENCE {
            return killed.len();
        }
        for process in found {
            let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
            killed.insert(process);
        }
        pause();
        waited += PAUSE;
    }
}

fn processes() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn is_in(state: &State, process: i32) -> bool {
    let folder = Path::new("/proc").join(process.to_string());
    let Ok(link) = fs::read_link(folder.join("ns/net")) else { return false };
    let inode = link.to_str().and_then(|text| text.strip_prefix("net:[")?.strip_suffix(']')?.parse().ok());
    inode.is_some_and(|inode: u64| state.hosts.iter().any(|host| host.inode == inode))
        && has_mark(&folder.join("net/fib_trie"), state)
}

fn has_mark(file: &Path, state: &State) -> bool {
    let leaf = format!("|-- {}", state.mark);
    fs::read_to_string(file).is_ok_and(|routes| routes.lines().any(|line| line.trim_start() == leaf))
}

fn pause() {
    let nobody: &mut [PollFd<'_>] = &mut [];
    let _ = ppoll(nobody, Some(TimeSpec::from_duration(PAUSE)), None);
}
