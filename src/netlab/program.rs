//! How does a program come to be on a host? It is started by a thread that is in the host's network namespace, and in
//! a mount namespace in which the lab's names are the system's.

use super::error::{Context, Error};
use super::namespace::{Namespace, apart};
use super::resolver;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Child, Command};

/// The files of a lab's folder that take the place of the system's.
const FILES: [(&str, &str); 2] = [("hosts", "/etc/hosts"), ("resolv.conf", "/etc/resolv.conf")];

/// Writes what programs are to find: all names but their own machine's are asked of the host's name server.
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
    // What is mounted from here on is nobody else's.
    mount(nothing, "/", nothing, MsFlags::MS_SLAVE | MsFlags::MS_REC, nothing)?;
    for (name, system) in FILES {
        // A system without the file has no names to hide.
        if Path::new(system).exists() {
            mount(Some(&folder.join(name)), system, nothing, MsFlags::MS_BIND, nothing)?;
        }
    }
    // The devices in /sys are those of the namespace that it was mounted in. Where the kernel does not allow it, it
    // tells of the machine's own; nobody is the worse for it.
    let quiet = MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    let _ = mount(Some("rtc-doctor-lab"), "/sys", Some("sysfs"), quiet, nothing);
    Ok(())
}
