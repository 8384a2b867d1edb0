//! Network namespaces of one test's own: a host inside, routers in a row with the kernel's NAT, and a coturn outside.

use super::installed;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// One router of a row. Its interfaces are called `inside` and `outside`.
#[derive(Clone, Copy)]
pub(crate) struct Router<'a> {
    pub name: &'a str,
    /// The network behind it, as the first three numbers of a /24: the router is .1 there, and who is behind it .2.
    pub lan: &'a str,
    /// An nftables ruleset.
    pub rules: &'a str,
}

impl<'a> Router<'a> {
    pub(crate) fn home(rules: &'a str) -> Self {
        Self { name: "router", lan: "192.168.77", rules }
    }

    /// Its network is of the addresses that carriers use towards their customers (RFC 6598).
    pub(crate) fn carrier(rules: &'a str) -> Self {
        Self { name: "carrier", lan: "100.64.7", rules }
    }
}

/// A site behind its routers, and the internet beside it. All of it goes when this is dropped.
///
/// ```text
/// inside 192.168.77.2 ── 192.168.77.1 router 203.0.113.1 ── 203.0.113.10 and .11 outside
///        2001:db8:77::2   2001:db8:77::1     2001:db8::1 ── 2001:db8::10 and ::11      (with `ipv6`)
/// ```
///
/// On every host the interface towards the internet is `outside` and the one towards the site `inside`.
pub(crate) struct Net {
    tag: String,
    folder: PathBuf,
    hosts: Vec<String>,
    children: Vec<Child>,
    /// What the system looks for outside the test's own folder.
    folders: Vec<PathBuf>,
}

/// Where an end of a link is: host, interface, address with the length of its prefix.
pub(crate) type End<'a> = (&'a str, &'a str, &'a str);

pub(crate) const SERVER: &str = "203.0.113.10";
pub(crate) const ALTERNATE: &str = "203.0.113.11";

impl Net {
    /// Behind one router with these rules.
    pub(crate) fn new(rules: &str) -> Self {
        Self::behind(&[Router::home(rules)])
    }

    /// Without any host.
    pub(crate) fn bare() -> Self {
        let tag = format!("rd{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(&tag);
        fs::create_dir(&folder).expect("a folder for the test");
        Self { tag, folder, hosts: Vec::new(), children: Vec::new(), folders: Vec::new() }
    }

    /// Behind these routers, the innermost first.
    pub(crate) fn behind(routers: &[Router<'_>]) -> Self {
        let mut net = Self::bare();
        net.host("inside");
        net.host("outside");
        let mut behind = "inside";
        for Router { name, lan, .. } in routers {
            net.host(name);
            net.exec(name, &["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
            let (own, theirs) = (format!("{lan}.1/24"), format!("{lan}.2/24"));
            net.link((behind, "outside", &theirs), (name, "inside", &own));
            net.ip(behind, &format!("route add default via {lan}.1"));
            behind = name;
        }
        net.link((behind, "outside", "203.0.113.1/24"), ("outside", "inside", "203.0.113.10/24"));
        net.ip("outside", "addr add 203.0.113.11/24 dev inside");
        for router in routers {
            net.rules(router.name, router.rules);
        }
        net
    }

    pub(crate) fn host(&mut self, name: &str) {
        run("ip", &["netns", "add", &self.ns(name)]);
        self.hosts.push(name.to_owned());
        self.ip(name, "link set lo up");
    }

    pub(crate) fn link(&self, one: End<'_>, other: End<'_>) {
        let (ns, peer_ns) = (self.ns(one.0), self.ns(other.0));
        run("ip", &["link", "add", one.1, "netns", &ns, "type", "veth", "peer", "name", other.1, "netns", &peer_ns]);
        for (host, device, address) in [one, other] {
            self.ip(host, &format!("addr add {address} dev {device}"));
            self.ip(host, &format!("link set {device} up"));
        }
    }

    /// Adds an nftables ruleset to what a host has.
    pub(crate) fn rules(&self, host: &str, rules: &str) {
        let file = self.write(&format!("{host}.nft"), rules);
        self.exec(host, &["nft", "-f", &file]);
    }

    /// Gives every host IPv6 too.
    pub(crate) fn ipv6(&self) {
        self.exec("router", &["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"]);
        for (host, address, device) in [
            ("inside", "2001:db8:77::2", "outside"),
            ("router", "2001:db8:77::1", "inside"),
            ("router", "2001:db8::1", "outside"),
            ("outside", "2001:db8::10", "inside"),
            ("outside", "2001:db8::11", "inside"),
        ] {
            // Without duplicate address detection they can be used at once.
            self.ip(host, &format!("-6 addr add {address}/64 dev {device} nodad"));
        }
        self.ip("inside", "-6 route add default via 2001:db8:77::1");
        self.ip("outside", "-6 route add 2001:db8:77::/64 via 2001:db8::1");
    }

    fn ns(&self, host: &str) -> String {
        format!("{}-{host}", self.tag)
    }

    /// `ip` with these words on a host.
    pub(crate) fn ip(&self, host: &str, words: &str) {
        let ns = self.ns(host);
        let mut all = vec!["-n", ns.as_str()];
        all.extend(words.split(' '));
        run("ip", &all);
    }

    /// A command line inside a host.
    pub(crate) fn command(&self, host: &str, words: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.ns(host)]).args(words).stdin(Stdio::null());
        command
    }

    pub(crate) fn exec(&self, host: &str, words: &[&str]) {
        let output = self.command(host, words).output().expect("ip netns exec runs");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.folder.join(name), text).expect("a file of the test's own");
        self.path(name)
    }

    /// Starts coturn outside, with RFC 5780 on both addresses, and returns when it serves.
    pub(crate) fn coturn(&mut self, more: &[&str]) {
        self.coturn_on("outside", &[SERVER, ALTERNATE], more);
    }

    /// The same on another host, at addresses of its own.
    pub(crate) fn coturn_on(&mut self, host: &str, addresses: &[&str], more: &[&str]) {
        let state = self.path(&self.children.len().to_string());
        let words = coturn_words(addresses, &state, more);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut command = self.command(host, &words);
        self.children.push(serving(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()));
    }

    /// Starts `rtc-doctor serve` on a host and returns what it says of itself once it serves.
    pub(crate) fn serve(&mut self, host: &str, words: &[&str]) -> serde_json::Value {
        let mut all = vec![env!("CARGO_BIN_EXE_rtc-doctor"), "serve", "--json", "-"];
        all.extend(words);
        let mut command = self.command(host, &all);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("rtc-doctor runs");
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().expect("piped"));
        said.read_line(&mut line).expect("a pipe can be read");
        self.children.push(child);
        serde_json::from_str(&line).expect("a server says what it serves")
    }

    /// Lets a router open ports on request, as those at home do, in NAT-PMP and PCP or with these words in its file, and returns
    /// when it says this.
    pub(crate) fn opens_ports(&mut self, router: &str, more: &str, when: &str) {
        let chains = ["miniupnpd", "prerouting_miniupnpd", "postrouting_miniupnpd"];
        let chains: String = chains.iter().map(|chain| format!("chain {chain} {{ }}\n")).collect();
        self.rules(router, &format!("table inet filter {{\n{chains}}}\n"));
        let config = "ext_ifname=outside\nlistening_ip=inside\nsecure_mode=yes\n\
                      uuid=00000000-0000-0000-0000-000000000001\nallow 1024-65535 0.0.0.0/0 1024-65535\n";
        let config = self.write("miniupnpd.conf", &format!("{config}{more}\n"));
        // Each has a file of its own for its number: one that finds the number of another does not start.
        let number = self.path("miniupnpd.pid");
        let mut command = self.command(router, &["miniupnpd", "-d", "-f", &config, "-P", &number]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("miniupnpd starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines().map_while(Result::ok);
        let listens = lines.find(|line| line.contains(when));
        assert!(listens.is_some(), "miniupnpd says that it listens");
        std::thread::spawn(move || lines.for_each(drop));
        self.children.push(child);
    }

    /// Starts a program on a host that says on its standard error, or its output, when it serves, and comes back then.
    pub(crate) fn serves(&mut self, host: &str, words: &[&str], when: &str) {
        let shell = ["sh", "-c", "exec \"$@\" 2>&1", "sh"];
        let mut command = self.command(host, &[&shell, words].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("a program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let said: Vec<String> = lines.by_ref().take_while(|line| !line.contains(when)).collect();
        // Reads on, so that it never blocks on a full pipe.
        let is_ready = child.try_wait().expect("a child").is_none();
        std::thread::spawn(move || lines.for_each(drop));
        self.children.push(child);
        assert!(is_ready, "{words:?}: {said:?}");
    }

    /// Lets a host ask this name server, as `ip netns exec` has it, and know no name by itself.
    pub(crate) fn resolves_by(&mut self, host: &str, server: &str) {
        let folder = PathBuf::from("/etc/netns").join(self.ns(host));
        fs::create_dir_all(&folder).expect("a folder for the namespace");
        fs::write(folder.join("resolv.conf"), format!("nameserver {server}\n")).expect("a file of the test's own");
        fs::write(folder.join("hosts"), "127.0.0.1 localhost\n").expect("a file of the test's own");
        self.folders.push(folder);
    }

    /// Runs rtc-doctor inside.
    pub(crate) fn doctor(&self, words: &[&str]) -> Output {
        self.doctor_on("inside", words)
    }

    pub(crate) fn doctor_on(&self, host: &str, words: &[&str]) -> Output {
        let mut all = vec![env!("CARGO_BIN_EXE_rtc-doctor")];
        all.extend(words);
        self.command(host, &all).output().expect("rtc-doctor runs")
    }

    /// The same with `--json -`: its exit code and its document.
    pub(crate) fn diagnose(&self, words: &[&str]) -> (i32, serde_json::Value) {
        let mut all = vec!["check", "--json", "-"];
        all.extend(words);
        let output = self.doctor(&all);
        let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{error}: {}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
        });
        (output.status.code().expect("an exit code"), document)
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
        for host in &self.hosts {
            let _ = Command::new("ip").args(["netns", "del", &self.ns(host)]).output();
        }
        for folder in self.folders.iter().chain([&self.folder]) {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn run(program: &str, words: &[&str]) {
    let output = Command::new(program).args(words).output().expect("iproute2 is there");
    assert!(output.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A coturn with RFC 5780 on these addresses; `state` begins the names of the files that it keeps.
pub(crate) fn coturn_words(addresses: &[&str], state: &str, more: &[&str]) -> Vec<String> {
    let (pid, database) = (format!("{state}.pid"), format!("{state}.db"));
    let mut words = vec!["turnserver", "-n", "-a", "-u", "user:pass", "-r", "lab.example", "--no-cli"];
    words.extend(["--log-file=stdout", "--pidfile", &pid, "--userdb", &database]);
    words.extend(addresses.iter().flat_map(|address| ["-L", *address]));
    words.extend(more);
    words.into_iter().map(ToOwned::to_owned).collect()
}

/// Comes back when this coturn, whose standard output is a pipe, serves.
pub(crate) fn serving(coturn: std::io::Result<Child>) -> Child {
    let mut child = coturn.expect("coturn starts");
    // Not all that it writes is text.
    let lines = BufReader::new(child.stdout.take().expect("piped")).split(b'\n');
    let (said, ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // Reads on after that: coturn dies of a pipe that nobody reads.
        for line in lines.map_while(Result::ok) {
            // The last line of its start, after its sockets are open.
            if String::from_utf8_lossy(&line).contains("DB connection success") {
                let _ = said.send(());
            }
        }
    });
    ready.recv_timeout(std::time::Duration::from_secs(20)).expect("coturn says that it serves");
    child
}

/// Why these tests cannot run here; None where they can.
pub(crate) fn obstacle() -> Option<String> {
    for program in ["ip", "nft", "sysctl", "turnserver", "ping", "curl", "nginx", "miniupnpd"] {
        if !installed::has_program(program) {
            return Some(format!(
                "needs {program}: apt-get install iproute2 nftables procps coturn iputils-ping curl nginx-light miniupnpd"
            ));
        }
    }
    let probe = format!("rd{}-probe", std::process::id());
    let made = Command::new("ip").args(["netns", "add", &probe]).output().is_ok_and(|output| output.status.success());
    let _ = Command::new("ip").args(["netns", "del", &probe]).output();
    (!made).then(|| "needs the right to make network namespaces: run as root".to_owned())
}
