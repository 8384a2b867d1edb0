//! A network that lets out nothing but what goes through its proxy, a real one: what is said there.

use crate::Test;
use crate::installed;
use crate::nat::codes;
use crate::net::{Net, SERVER};
use crate::rules;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

pub(crate) const TESTS: &[Test] = &[
    ("behind_a_proxy_that_alone_leads_out_the_relay_on_its_port_carries_calls", leads_out),
    ("behind_a_proxy_that_asks_for_a_login_nothing_is_known_until_it_is_given", asks_for_a_login),
];

/// Why these tests cannot run here; None where they can.
pub(crate) fn obstacle() -> Option<String> {
    (!installed::has_program("tinyproxy")).then(|| "needs tinyproxy: apt-get install tinyproxy".to_owned())
}

/// A proxy on the router; it is ended with the test.
struct Tinyproxy(Child);

impl Tinyproxy {
    /// Comes back when it serves.
    fn start(net: &Net, rules: &str) -> Self {
        let pid = net.path("tinyproxy.pid");
        let config = format!("Port 8888\nListen 192.168.77.1\nPidFile \"{pid}\"\nLogLevel Info\n{rules}\n");
        let config = net.write("tinyproxy.conf", &config);
        let mut command = net.command("router", &["tinyproxy", "-d", "-c", &config]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("tinyproxy starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("Accepting connections")), "tinyproxy says that it serves");
        // Reads on, so that it never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self(child)
    }
}

impl Drop for Tinyproxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A checkup with the environment's proxy.
fn checkup(net: &Net, proxy: &str) -> (i32, Value) {
    let password = net.write("password", "pass");
    let (open, shut) = (format!("turn:{SERVER}:443?transport=tcp"), format!("turn:{SERVER}?transport=tcp"));
    let udp = [format!("stun:{SERVER}"), format!("turn:{SERVER}")];
    let mut words = vec![env!("CARGO_BIN_EXE_rtc-doctor"), "check", "--json", "-", &open, &shut, &udp[0], &udp[1]];
    words.extend(["--user", "user", "--password-file", &password]);
    let mut command = net.command("inside", &words);
    let output = command.env("https_proxy", proxy).env_remove("no_proxy").env_remove("NO_PROXY").output();
    let output = output.expect("rtc-doctor runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains("hidden"), "a password is told to nobody");
    let document = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    (output.status.code().expect("an exit code"), document)
}

fn network() -> Net {
    let mut net = Net::new(&rules::forbidding_all());
    net.coturn(&["--aux-server=203.0.113.10:443"]);
    net
}

fn leads_out() {
    let net = network();
    let _proxy = Tinyproxy::start(&net, "ConnectPort 443");
    let (code, document) = checkup(&net, "http://192.168.77.1:8888");
    let verdict = &document["verdict"];
    assert_eq!((code, &verdict["path"]["value"]), (1, &json!("relay")), "{verdict:#}");
    assert_eq!(verdict["because"][0], "proxy-needed");
    let told = codes(&document);
    assert!(told.contains(&"proxy-fails"), "the other port: {told:?}");
    assert!(!told.contains(&"network-forbids"), "{told:?}");
    let observations = document["observations"].as_array().expect("observations");
    let facts = observations.iter().map(|observation| &observation["fact"]);
    let reached: Vec<&Value> = facts.filter(|fact| fact["kind"] == "proxied").map(|fact| &fact["reached"]).collect();
    assert_eq!(reached.len(), 2, "{reached:?}");
    assert_eq!(reached.iter().filter(|reached| reached.is_null()).count(), 1, "{reached:?}");
}

fn asks_for_a_login() {
    let net = network();
    let _proxy = Tinyproxy::start(&net, "BasicAuth me hidden");
    let (code, document) = checkup(&net, "http://192.168.77.1:8888");
    let path = &document["verdict"]["path"];
    assert_eq!((code, &path["why"]), (2, &json!("proxy-asks-login")), "{path:#}");
    let (_, document) = checkup(&net, "http://me:hidden@192.168.77.1:8888");
    assert_eq!(document["verdict"]["path"]["value"], "relay", "{:#}", document["verdict"]);
}
