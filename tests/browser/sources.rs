//! The stand-in for a deployment of OpenVidu, held to OpenVidu's own client in a page: one that it refuses would prove nothing.

use super::cdp::Browser;
use super::{Test, installed};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

pub(crate) const TESTS: &[Test] =
    &[("openvidus_own_client_joins_the_stand_in_and_takes_the_servers_that_it_gives", joins)];

const SECRET: &str = "canary-secret";

/// A service that ends with its owner.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn joins() {
    let (bundle, packages) = (installed::cache("sources"), installed::cache("sources/node_modules"));
    if !bundle.join("bundle.js").is_file() || !installed::has_python(&["aiohttp"]) || !installed::has_program("node") {
        assert!(std::env::var_os("CI").is_none(), "OpenVidu's clients are not installed");
        return;
    }
    let script = |name: &str| format!("{}/tests/peers/sources/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(installed::cache("python/bin/python"));
    python.arg(script("openvidu.py")).arg(SECRET).arg(bundle).arg("version=2.32").stdout(Stdio::piped());
    let mut service = Ending(python.spawn().expect("it starts"));
    let mut lines = BufReader::new(service.0.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let at = format!("http://127.0.0.1:{}", lines.next().expect("its port").trim());
    let mut node = Command::new("node");
    let made =
        node.env("PACKAGES", packages).args([script("openvidu_client.mjs"), at.clone(), SECRET.to_owned()]).output();
    let made = String::from_utf8(made.expect("node runs").stdout).expect("text");
    // The client says more of itself.
    let token = made.lines().find_map(|line| line.strip_prefix("token ")).unwrap_or_else(|| panic!("{made}"));
    let browser = Browser::start();
    let page = browser.page();
    let joins: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    page.open(&format!("{at}/page?joins={joins}"));
    let told = lines.find_map(|line| line.strip_prefix("TOLD ").map(str::to_owned)).expect("the page tells");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let server = &told["iceServers"][0];
    assert!(server["urls"].to_string().contains("turn:127.0.0.1:3478"), "{told}");
    assert!(server["username"].is_string() && server["credential"].is_string(), "{told}");
}
