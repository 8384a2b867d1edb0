//! Starts programs on a host: from a thread in the host's network namespace, and in a mount namespace in which the
//! lab's resolver configuration replaces the system's.

use super::error::{Context, Error};
use super::namespace::{Namespace, apart};
use super::resolver;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Child, Command};

/// The files of a lab's folder that are mounted over those of the system.
const FILES: [(&str, &str); 2] = [("hosts", "/etc/hosts"), ("resolv.conf", "/etc/resolv.conf")];

/// Writes the resolver configuration of programs: every name but `localhost` is resolved by the host's name server.
pub(super) fn write_names(folder: &Path) -> Result<(), Error> {
    let hosts = "127.0.0.1 localhost\n::1 localhost\n";
    let resolver = format!("nameserver {}\n", resolver::ADDRESS);
    for ((name, _), text) in FILES.into_iter().zip([hosts, &resolver]) {
        fs::write(folder.join(name), text).context("the lab's names cannot be written")?;
    }
    Ok(())
}

/// Starts a program in the namespace. `names` is the folder of [`write_names`].
pub(super) fn spawn(namespace: &Namespace, names: Option<&Path>, command: &mut Command) -> Result<Child, Error> {
    apart(|| {
        namespace.join().context("the network namespace cannot be entered")?;
        if let Some(names) = names {
            unshare(CloneFlags::CLONE_NEWNS).context("no mount namespace for the program")?;
            give_names(names).context("the program cannot be given the lab's names")?;
        }
        let child = command.spawn();
        child.map_err(|error| Error::Program { program: command.get_program().to_string_lossy().into_owned(), error })
    })
}

fn give_names(folder: &Path) -> io::Result<()> {
    let nothing = None::<&str>;
    // Mounts made from here on are not propagated to other namespaces.
    mount(nothing, "/", nothing, MsFlags::MS_SLAVE | MsFlags::MS_REC, nothing)?;
    for (name, system) in FILES {
        // A system without the file has nothing to be replaced.
        if Path::new(system).exists() {
            mount(Some(&folder.join(name)), system, nothing, MsFlags::MS_BIND, nothing)?;
        }
    }
    // /sys shows the devices of the namespace in which it was mounted, so it is mounted again. A failure is ignored:
    // programs then see the devices of the system.
    let quiet = MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    let _ = mount(Some("rtc-doctor-lab"), "/sys", Some("sysfs"), quiet, nothing);
    Ok(())
}
