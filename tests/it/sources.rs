//! Sources of ICE servers as whole programs: the stand-ins of `tests/peers/sources`, which were held to the real clients, and
//! rtc-doctor beside them. Without what `.ci/test` installs nothing is asked here; in CI that is a failure.

#[path = "../browser/installed.rs"]
#[allow(dead_code, reason = "other tests use all of it")]
pub(crate) mod installed;

mod canaries;
mod credentials;
pub(crate) mod hostile;
mod xmpp;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A service that ends with its owner.
pub(crate) struct Service {
    child: Child,
    output: BufReader<ChildStdout>,
    pub(crate) port: u16,
    /// Those of further protocols of the same service.
    further: Vec<u16>,
}

impl Service {
    /// None where what it needs is not installed.
    pub(crate) fn start(name: &str, packages: &[&str], words: &[&str]) -> Option<Self> {
        if !installed::has_python(packages) {
            assert!(std::env::var_os("CI").is_none(), "{packages:?} are not installed");
            return None;
        }
        let script = format!("{}/tests/peers/sources/{name}.py", env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(installed::cache("python/bin/python"));
        let mut child = command.arg(script).args(words).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("its port");
        let mut ports = line.split_whitespace().map(|port| port.parse().expect("a port"));
        Some(Self { child, output, port: ports.next().expect("a port"), further: ports.collect() })
    }

    /// Comes back when it has been asked this.
    fn until(&mut self, wanted: &str) {
        let mut line = String::new();
        while line.trim() != wanted {
            line.clear();
            assert_ne!(self.output.read_line(&mut line).expect("text"), 0, "it was never asked {wanted}");
        }
    }

    /// What it was asked: it is ended first, so that there is no more to come.
    fn asked(&mut self) -> Vec<String> {
        self.child.kill().expect("it ends");
        let mut said = String::new();
        self.output.read_to_string(&mut said).expect("text");
        said.lines().map(str::to_owned).collect()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the real client of a service says of its stand-in. A stand-in that it refuses would prove nothing.
fn real_client(script: &str, words: &[&str]) -> String {
    let script = format!("{}/tests/peers/sources/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut command = if script.ends_with(".mjs") {
        let mut node = Command::new("node");
        node.env("PACKAGES", installed::cache("sources/node_modules"));
        node
    } else {
        Command::new(installed::cache("python/bin/python"))
    };
    let output = command.arg(script).args(words).output().expect("it runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What `lint` says of a source, and its exit code.
fn lint(source: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"));
    command.args(["lint", source, "--lang", "en"]).envs(variables.iter().copied());
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    for (_, secret) in variables.iter().filter(|(name, _)| name.contains("SECRET") || name.contains("TOKEN")) {
        assert!(!said.contains(secret), "{said}");
    }
    (output.status.code(), said)
}

#[test]
fn a_session_of_openvidu_is_made_joined_and_removed_in_every_release() {
    for version in ["2.16", "2.17", "2.22", "2.32"] {
        let word = format!("version={version}");
        let words = ["canary-secret", "/nowhere", &word];
        let Some(mut service) = Service::start("openvidu", &["aiohttp"], &words) else { return };
        let url = format!("http://127.0.0.1:{}", service.port);
        let real = real_client("openvidu_client.mjs", &[&url, "canary-secret", "remove"]);
        assert!(real.contains("token ws://"), "{version}: {real}");
        let source = format!("openvidu:{url}");
        let (exit, said) = lint(&source, &[("OPENVIDU_SECRET", "canary-secret")]);
        assert!(said.contains("[source-works]") && said.contains("turn:127.0.0.1"), "{version}: {said}");
        assert!(said.contains("[source-made-and-removed]"), "{version}: {said}");
        assert_eq!(said.contains("[openvidu-turn-secret-shared]"), ["2.22", "2.32"].contains(&version), "{said}");
        assert!(exit.is_some_and(|exit| exit < 2), "{version}: {exit:?} {said}");
        let asked: Vec<String> = service
            .asked()
            .iter()
            .map(|line| line.split("rtc-doctor-").next().unwrap_or_default().to_owned())
            .collect();
        let expected = [
            "GET /openvidu/api/config/openvidu-publicurl",
            "POST /openvidu/api/sessions",
            "POST /openvidu/api/sessions/",
            "WS /openvidu",
            "RPC ping",
            "RPC joinRoom",
            "RPC leaveRoom",
            "DELETE /openvidu/api/sessions/",
        ];
        assert!(asked.ends_with(&expected.map(str::to_owned)), "{version}: {asked:?}");
    }
}

#[test]
fn each_fault_of_a_deployment_of_openvidu_is_told_and_nothing_stays() {
    for (secret, word, code, posts) in [
        ("another-canary", "version=2.32", "source-rejected-secret", 1),
        ("canary-secret", "media-node=no", "openvidu-no-media-node", 2),
        ("canary-secret", "token-host=localhost:4443", "openvidu-token-names-another-host", 2),
    ] {
        let Some(mut service) = Service::start("openvidu", &["aiohttp"], &["canary-secret", "/nowhere", word]) else {
            return;
        };
        let source = format!("openvidu:http://127.0.0.1:{}", service.port);
        let (_, said) = lint(&source, &[("OPENVIDU_SECRET", secret)]);
        assert!(said.contains(&format!("[{code}]")), "{word}: {said}");
        let asked = service.asked();
        let so_many = |method: &str| asked.iter().filter(|line| line.starts_with(method)).count();
        assert_eq!(so_many("POST"), posts, "{word}: {asked:?}");
        assert_eq!(so_many("DELETE"), posts - 1, "{word}: {asked:?}");
    }
}

#[test]
fn whoever_ends_the_program_while_a_source_is_asked_has_the_report_and_leaves_nothing_there() {
    let Some(mut service) = Service::start("openvidu", &["aiohttp"], &["canary-secret", "/nowhere", "answers=slow"])
    else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report.json");
    let source = format!("openvidu:http://127.0.0.1:{}", service.port);
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtc-doctor"));
    command.args(["check", "--no-call", "--ice-from", &source, "--json"]).arg(&report);
    command.env("OPENVIDU_SECRET", "canary-secret").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = command.spawn().expect("it runs");
    service.until("RPC joinRoom");
    let killed = Command::new("kill").args(["-INT", &run.id().to_string()]).status().expect("kill is there");
    assert!(killed.success());
    let exit = run.wait().expect("it ends").code();
    let report = std::fs::read_to_string(report).expect("the partial report is written");
    assert_eq!((exit, report.contains("source-made-and-removed")), (Some(130), true), "{report}");
    let asked = service.asked();
    assert!(asked.iter().any(|line| line.starts_with("DELETE /openvidu/api/sessions/rtc-doctor-")), "{asked:?}");
}

#[test]
fn requests_to_kinesis_pass_the_model_and_the_signer_of_aws() {
    let keys = [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "canary-secret")];
    let token = ("AWS_SESSION_TOKEN", "canary-token");
    for (word, shown, channel, expected) in [
        ("channel=front-door", &keys[..], "front-door", "[source-works]"),
        ("token=canary-token", &[keys[0], keys[1], token][..], "front-door", "[source-works]"),
        ("token=another", &[keys[0], keys[1], token][..], "front-door", "[source-rejected-secret]"),
        ("ahead=3600", &keys[..], "front-door", "[source-clock-skew]"),
        ("ahead=-3600", &keys[..], "front-door", "[source-clock-skew]"),
        ("allows=no", &keys[..], "front-door", "[source-forbidden]"),
        ("channel=front-door", &keys[..], "back-door", "[source-not-this]"),
    ] {
        let words = ["AKIDEXAMPLE", "canary-secret", word];
        let Some(service) = Service::start("kvs", &["aiohttp", "botocore"], &words) else { return };
        let endpoint = format!("http://127.0.0.1:{}", service.port);
        if expected == "[source-works]" {
            let token = shown.get(2).map_or("", |(_, token)| token);
            let real = real_client("kvs_client.py", &[&endpoint, keys[0].1, keys[1].1, token, channel]);
            assert!(real.contains("turn:"), "{word}: {real}");
        }
        let variables = [shown, &[("AWS_ENDPOINT_URL_KINESIS_VIDEO", endpoint.as_str())]].concat();
        let (_, said) = lint(&format!("kvs:eu-west-1/{channel}"), &variables);
        assert!(said.contains(expected), "{word}: {said}");
    }
}

#[test]
fn the_real_client_of_livekit_joins_the_stand_in_that_ours_is_held_to() {
    let Some(service) = Service::start("livekit", &["aiohttp", "livekit"], &["APIexample", "canary-secret"]) else {
        return;
    };
    let url = format!("ws://127.0.0.1:{}", service.port);
    let real = real_client("livekit_client.py", &[&url, "APIexample", "canary-secret"]);
    assert!(["joined", "connected"].iter().any(|word| real.contains(word)), "{real}");
}

#[test]
fn livekit_reads_our_token_and_we_read_its_servers() {
    let key = ("LIVEKIT_API_KEY", "APIexample");
    for (secret, turn, expected) in [
        ("canary-secret", "turn=127.0.0.1:3478", "[source-works]"),
        ("canary-secret", "turn=no", "[source-offers-no-turn]"),
        ("another-canary", "turn=no", "[source-rejected-secret]"),
    ] {
        let words = ["APIexample", "canary-secret", turn];
        let Some(mut service) = Service::start("livekit", &["aiohttp", "livekit"], &words) else { return };
        let url = format!("ws://127.0.0.1:{}", service.port);
        let source = format!("livekit:{url}");
        let (_, said) = lint(&source, &[key, ("LIVEKIT_API_SECRET", secret)]);
        assert!(said.contains(expected), "{turn}: {said}");
        let asked = service.asked();
        let is_taken = secret == "canary-secret";
        assert_eq!(asked.contains(&"MESSAGE leave".to_owned()), is_taken, "{asked:?}");
    }
}
