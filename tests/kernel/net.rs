//! Network namespaces of one test's own: hosts, a router with the kernel's NAT, and a coturn outside.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A site behind a router, and the internet beside it. All of it goes when this is dropped.
///
/// ```text
/// inside 192.168.77.2 ── 192.168.77.1 router 203.0.113.1 ── 203.0.113.10 and .11 outside
///        2001:db8:77::2   2001:db8:77::1     2001:db8::1 ── 2001:db8::10 and ::11      (with `ipv6`)
/// ```
pub struct Net {
    tag: String,
    pub folder: PathBuf,
    children: Vec<Child>,
}

pub const SERVER: &str = "203.0.113.10";
pub const ALTERNATE: &str = "203.0.113.11";

impl Net {
    /// `nat`: an nftables ruleset for the router, in which `inside` and `outside` are its interfaces.
    pub fn new(nat: &str) -> Self {
        let tag = format!("rd{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(&tag);
        fs::create_dir(&folder).expect("a folder for the test");
        let net = Self { tag, folder, children: Vec::new() };
        for host in ["inside", "router", "outside"] {
            run("ip", &["netns", "add", &net.ns(host)]);
            net.ip(host, "link set lo up");
        }
        for (host, device, peer) in [("inside", "up0", "inside"), ("outside", "up0", "outside")] {
            let (ns, router) = (net.ns(host), net.ns("router"));
            run("ip", &["link", "add", device, "netns", &ns, "type", "veth", "peer", "name", peer, "netns", &router]);
            net.ip(host, &format!("link set {device} up"));
            net.ip("router", &format!("link set {peer} up"));
        }
        net.ip("inside", "addr add 192.168.77.2/24 dev up0");
        net.ip("router", "addr add 192.168.77.1/24 dev inside");
        net.ip("router", "addr add 203.0.113.1/24 dev outside");
        net.ip("outside", "addr add 203.0.113.10/24 dev up0");
        net.ip("outside", "addr add 203.0.113.11/24 dev up0");
        net.ip("inside", "route add default via 192.168.77.1");
        net.exec("router", &["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
        let rules = net.folder.join("router.nft");
        fs::write(&rules, nat).expect("the rules are written");
        net.exec("router", &["nft", "-f", &rules.to_string_lossy()]);
        net
    }

    /// Gives every host IPv6 too.
    pub fn ipv6(&self) {
        self.exec("router", &["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"]);
        for (host, address, device) in [
            ("inside", "2001:db8:77::2", "up0"),
            ("router", "2001:db8:77::1", "inside"),
            ("router", "2001:db8::1", "outside"),
            ("outside", "2001:db8::10", "up0"),
            ("outside", "2001:db8::11", "up0"),
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

    fn ip(&self, host: &str, words: &str) {
        let ns = self.ns(host);
        let mut all = vec!["-n", ns.as_str()];
        all.extend(words.split(' '));
        run("ip", &all);
    }

    /// A command line inside a host.
    pub fn command(&self, host: &str, words: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.ns(host)]).args(words).stdin(Stdio::null());
        command
    }

    pub fn exec(&self, host: &str, words: &[&str]) {
        let output = self.command(host, words).output().expect("ip netns exec runs");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.folder.join(name), text).expect("a file of the test's own");
        self.path(name)
    }

    /// Starts coturn outside, with RFC 5780 on both addresses, and returns when it serves.
    pub fn coturn(&mut self, more: &[&str]) {
        let (pid, database) = (self.path("turn.pid"), self.path("turn.db"));
        let mut words = vec![
            "turnserver",
            "-n",
            "-L",
            SERVER,
            "-L",
            ALTERNATE,
            "-a",
            "-u",
            "user:pass",
            "-r",
            "lab.example",
            "--no-cli",
            "--log-file=stdout",
            "--pidfile",
            &pid,
            "--userdb",
            &database,
        ];
        words.extend(more);
        let mut child = self
            .command("outside", &words)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("coturn starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        self.children.push(child);
        let (said, ready) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            // Reads on after that, so that coturn never blocks on a full pipe.
            for line in lines.map_while(Result::ok) {
                // The last line of its start, after its sockets are open.
                if line.contains("DB connection success") {
                    let _ = said.send(());
                }
            }
        });
        ready.recv_timeout(std::time::Duration::from_secs(20)).expect("coturn says that it serves");
    }

    /// Runs rtc-doctor inside.
    pub fn doctor(&self, words: &[&str]) -> Output {
        let mut all = vec![env!("CARGO_BIN_EXE_rtc-doctor")];
        all.extend(words);
        self.command("inside", &all).output().expect("rtc-doctor runs")
    }

    /// The same with `--json -`: its exit code and its document.
    pub fn diagnose(&self, words: &[&str]) -> (i32, serde_json::Value) {
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
        for host in ["inside", "router", "outside"] {
            let _ = Command::new("ip").args(["netns", "del", &self.ns(host)]).output();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn run(program: &str, words: &[&str]) {
    let output = Command::new(program).args(words).output().expect("iproute2 is there");
    assert!(output.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Why these tests cannot run here; None where they can.
pub fn obstacle() -> Option<String> {
    for program in ["ip", "nft", "sysctl", "turnserver"] {
        let known =
            ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].iter().any(|folder| Path::new(folder).join(program).exists());
        if !known {
            return Some(format!("needs {program}: apt-get install iproute2 nftables procps coturn"));
        }
    }
    let probe = format!("rd{}-probe", std::process::id());
    let made = Command::new("ip").args(["netns", "add", &probe]).output().is_ok_and(|output| output.status.success());
    let _ = Command::new("ip").args(["netns", "del", &probe]).output();
    (!made).then(|| "needs the right to make network namespaces: run as root".to_owned())
}
