//! Gets the right to create namespaces: as root, or in a user namespace (user_namespaces(7)).

use super::error::{Context, Error};
use nix::sched::{CloneFlags, setns, unshare};
use nix::unistd::{getegid, geteuid};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// CAP_NET_ADMIN and CAP_SYS_ADMIN (linux/capability.h).
const NEEDED: u64 = 1 << 12 | 1 << 21;

/// Enters a user namespace if that is needed. The kernel requires that the process is single-threaded.
///
/// The user id stays the same, so that programs find their home, files and sandbox.
pub fn acquire() -> Result<(), Error> {
    if is_privileged() {
        return Ok(());
    }
    let (user, group) = (geteuid(), getegid());
    unshare(CloneFlags::CLONE_NEWUSER).map_err(|error| Error::Namespace(error.into(), hint()))?;
    for (file, text) in [
        ("setgroups", "deny".to_owned()),
        ("uid_map", format!("{user} {user} 1")),
        ("gid_map", format!("{group} {group} 1")),
    ] {
        let path = Path::new("/proc/self").join(file);
        fs::write(path, text).map_err(|error| Error::Namespace(error, hint()))?;
    }
    Ok(())
}

/// Enters the user namespace of another process of the same user, if it has one of its own. As for [`acquire`], the
/// process has to be single-threaded.
pub(super) fn join(process: i32) -> Result<(), Error> {
    let what = "the lab's user namespace cannot be entered";
    let theirs = File::open(format!("/proc/{process}/ns/user")).context(what)?;
    let inode = |file: &File| file.metadata().map(|metadata| metadata.ino());
    let own = File::open("/proc/self/ns/user").context(what)?;
    if inode(&theirs).context(what)? == inode(&own).context(what)? {
        return Ok(());
    }
    setns(theirs, CloneFlags::CLONE_NEWUSER).context(what)
}

fn is_privileged() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    effective.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & NEEDED == NEEDED)
}

/// The sysctl that forbids user namespaces, if it is a known one.
pub(super) fn hint() -> &'static str {
    let is = |name: &str, value: &str| {
        fs::read_to_string(Path::new("/proc/sys").join(name)).is_ok_and(|text| text.trim() == value)
    };
    if is("user/max_user_namespaces", "0") {
        "sysctl user.max_user_namespaces is 0"
    } else if is("kernel/unprivileged_userns_clone", "0") {
        "sysctl kernel.unprivileged_userns_clone is 0"
    } else if is("kernel/apparmor_restrict_unprivileged_userns", "1") {
        "sysctl kernel.apparmor_restrict_unprivileged_userns is 1"
    } else {
        "run it as root"
    }
}

/// The error for a namespace that the kernel did not create.
pub(super) fn refused(error: nix::errno::Errno) -> Error {
    Error::Namespace(io::Error::from(error), hint())
}
