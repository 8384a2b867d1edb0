//! The two ends of a call: a page that a browser shows, and `rtc-doctor call`.

use super::cdp::Page;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

/// From the press of the button until the sentence.
const TEST_LIMIT: Duration = Duration::from_secs(40);

/// `rtc-doctor call` at the other end.
pub(crate) struct Doctor {
    child: Child,
    said: std::io::Lines<BufReader<ChildStderr>>,
    report: PathBuf,
    _folder: tempfile::TempDir,
}

impl Doctor {
    /// By a command that runs rtc-doctor, with no words yet. Comes back when it is in the room.
    pub(crate) fn enter(mut command: Command, room: &str, words: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let report = folder.path().join("report.json");
        command.args(["call", room, "--lang", "en", "--json"]).arg(&report).args(words);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut said = BufReader::new(child.stderr.take().expect("piped")).lines();
        let entered = said.by_ref().map_while(Result::ok).any(|line| line.contains("In the room"));
        assert!(entered, "it enters the room");
        Self { child, said, report, _folder: folder }
    }

    /// Its report, when it has ended.
    pub(crate) fn report(mut self) -> Value {
        let said: Vec<String> = self.said.by_ref().map_while(Result::ok).collect();
        self.child.wait().expect("it ends");
        let report = std::fs::read(&self.report).unwrap_or_else(|error| panic!("{error}: {said:#?}"));
        serde_json::from_slice(&report).expect("JSON")
    }
}

impl Drop for Doctor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Presses the button, and comes back when the page is in the room.
pub(crate) fn start(page: &Page<'_>, room: &str) {
    page.open(room);
    page.click("#start");
    page.until("document.querySelector('[data-step=room]').dataset.state === 'done'", Duration::from_secs(10));
}

/// One end's facts of this kind in a report.
pub(crate) fn facts<'a>(report: &'a Value, end: &str, kind: &str) -> Vec<&'a Value> {
    let observations = report["observations"].as_array().expect("observations");
    let of_end = observations.iter().filter(|it| it["end"].as_str().unwrap_or("ours") == end);
    of_end.map(|it| &it["fact"]).filter(|fact| fact["kind"] == kind).collect()
}

/// The sentence at the end.
pub(crate) fn sentence(page: &Page<'_>) -> String {
    let told = page.until(
        "!document.querySelector('#after').hidden && document.querySelector('#sentence').textContent",
        TEST_LIMIT,
    );
    told.as_str().expect("a sentence").to_owned()
}
