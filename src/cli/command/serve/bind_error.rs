//! Why can an address not be listened on, and what is to be done? On Linux also: which program has the port?

use crate::model::Failure;
use crate::report::escape::escape;
use std::net::SocketAddr;

/// One that could not be opened, and the option that moves it.
pub(crate) fn sentence(what: &str, at: SocketAddr, failure: &Failure, option: &str) -> String {
    let why = match failure {
        Failure::AddressInUse => {
            let holder =
                holder(at, what == "UDP").map_or_else(|| "another program".to_owned(), |name| escape(&name, false));
            format!("the port is in use by {holder}; choose another with {option}, or {option} 0 for any that is free")
        }
        Failure::Forbidden => {
            format!("this user may not use the port; choose one from 1024 on with {option}, or run as root")
        }
        Failure::AddressNotAvailable => "this machine has no such address".to_owned(),
        Failure::OutOfSockets => "no more files can be open in one process (ulimit -n)".to_owned(),
        Failure::Other { message } => escape(&message.to_string(), false),
        _ => "the system does not let it".to_owned(),
    };
    format!("cannot listen on {at} ({what}): {why}")
}

/// The program that has the port, where this user may see it.
#[cfg(target_os = "linux")]
fn holder(at: SocketAddr, is_udp: bool) -> Option<String> {
    use std::fs;
    let protocol = if is_udp { "udp" } else { "tcp" };
    let tables = [format!("/proc/net/{protocol}"), format!("/proc/net/{protocol}6")];
    let inodes: Vec<String> = tables
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| holding(&table, at.port(), is_udp))
        .collect();
    let has = |process: &fs::DirEntry| {
        let links = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        links
            .filter_map(|link| fs::read_link(link.path()).ok())
            .any(|target| target.to_str().is_some_and(|target| inodes.iter().any(|inode| inode == target)))
    };
    let is_process = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().parse::<u32>().is_ok();
    let process = fs::read_dir("/proc").ok()?.flatten().filter(is_process).find(has)?;
    let name = fs::read_to_string(process.path().join("comm")).ok()?;
    Some(format!("{} (process {})", name.trim_end(), process.file_name().to_string_lossy()))
}

#[cfg(not(target_os = "linux"))]
fn holder(_: SocketAddr, _: bool) -> Option<String> {
    None
}

/// The sockets, as a process has links to them, that hold this port, of a table of the kernel's (proc_net_tcp.txt). A connection that came in
/// on the port does not hold it.
#[cfg(target_os = "linux")]
fn holding(table: &str, port: u16, is_udp: bool) -> Vec<String> {
    const LISTENING: &str = "0A";
    let held = table.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
        let (_, own) = local.rsplit_once(':')?;
        let is_held = u16::from_str_radix(own, 16) == Ok(port) && (is_udp || *state == LISTENING);
        is_held.then(|| format!("socket:[{inode}]"))
    });
    held.collect()
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, UdpSocket};

    #[test]
    fn the_program_that_has_a_port_is_named() {
        let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let own = format!("(process {})", std::process::id());
        for (at, what) in [(tcp.local_addr(), "TCP"), (udp.local_addr(), "UDP")] {
            let at = at.expect("bound");
            let said = sentence(what, at, &Failure::AddressInUse, "--port");
            assert!(said.contains(&own) && said.contains(&at.to_string()) && said.contains("--port 0"), "{said}");
        }
    }

    #[test]
    fn a_connection_on_the_port_does_not_hold_it() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:0D96 0100007F:8000 01 00000000:00000000 00:00000000 00000000     0        0 1111 1 x\n\
             1: 0100007F:0D96 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2222 1 x\n\
             2: 0100007F:0D97 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3333 1 x\n";
        assert_eq!(holding(table, 3478, false), ["socket:[2222]"]);
        assert_eq!(holding("", 3478, false), Vec::<String>::new());
    }
}
