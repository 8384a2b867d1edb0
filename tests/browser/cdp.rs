//! Debian's Chromium, driven over the DevTools protocol: pages are opened, scripts asked, pictures taken, and whatever
//! a page complains of or fetches is kept.
//!
//! The protocol goes over two pipes and not over a port, so that a browser in another network namespace is driven just
//! the same. Every wait is for something that the browser says, with a limit.

use super::installed;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// For one answer of a browser on a busy machine of two cores.
const PATIENCE: Duration = Duration::from_secs(60);

/// Those that issue 6 names, and what a page needs to make a call without a person.
const FLAGS: [&str; 12] = [
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--autoplay-policy=no-user-gesture-required",
    "--font-render-hinting=none",
];

pub(crate) struct Browser {
    child: Child,
    /// Gone when the browser is.
    _profile: tempfile::TempDir,
    to: RefCell<ChildStdin>,
    from: Receiver<Value>,
    last_id: Cell<u64>,
    /// What came unasked and no page has looked at yet.
    events: RefCell<Vec<Value>>,
}

impl Browser {
    pub(crate) fn start() -> Self {
        Self::start_within(&[], &[])
    }

    /// Behind `within`, as `["ip", "netns", "exec", NAME]`, and with further flags.
    pub(crate) fn start_within(within: &[&str], flags: &[&str]) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        // The pipes of the child become the descriptors 3 and 4, at which Chromium speaks the protocol.
        let shell = ["sh", "-c", "exec 3<&0 4>&1 </dev/null >/dev/null 2>&1; exec \"$@\"", "sh", "chromium"];
        let data = format!("--user-data-dir={}", profile.path().display());
        let words: Vec<&str> = within.iter().chain(&shell).chain(&FLAGS).chain(flags).copied().collect();
        let mut child = Command::new(words[0])
            .args(&words[1..])
            .arg(data)
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell for Chromium");
        let to = RefCell::new(child.stdin.take().expect("piped"));
        let mut said = BufReader::new(child.stdout.take().expect("piped"));
        let (heard, from) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while said.read_until(0, &mut message).is_ok_and(|bytes| bytes > 0) {
                let value = serde_json::from_slice(message.strip_suffix(&[0]).unwrap_or(&message));
                if value.ok().is_none_or(|value: Value| heard.send(value).is_err()) {
                    break;
                }
                message.clear();
            }
        });
        Self { child, _profile: profile, to, from, last_id: Cell::new(0), events: RefCell::default() }
    }

    /// An empty page of its own cookies, storage and cache.
    pub(crate) fn page(&self) -> Page<'_> {
        let context = self.ask(None, "Target.createBrowserContext", json!({}));
        let context = context["browserContextId"].clone();
        let url = json!({ "url": "about:blank", "browserContextId": context });
        let target = self.ask(None, "Target.createTarget", url)["targetId"].clone();
        let attached = self.ask(None, "Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        let session = attached["sessionId"].as_str().expect("a session").to_owned();
        let page = Page { browser: self, session, context, target, seen: RefCell::default() };
        for domain in ["Page", "Runtime", "Network", "Log"] {
            page.ask(&format!("{domain}.enable"), json!({}));
        }
        page
    }

    /// What a page saves while `act` is done.
    pub(crate) fn downloaded(&self, page: &Page<'_>, act: impl FnOnce()) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_string_lossy();
        let allowed = json!({
            "behavior": "allowAndName", "downloadPath": path, "eventsEnabled": true, "browserContextId": page.context
        });
        self.ask(None, "Browser.setDownloadBehavior", allowed);
        let done =
            |event: &Value| event["params"]["state"] == "completed" && event["method"] == "Browser.downloadProgress";
        self.events.borrow_mut().retain(|event| !done(event));
        act();
        let begun = self.events.borrow().iter().find(|event| done(event)).cloned();
        let event = begun.unwrap_or_else(|| {
            loop {
                let event = self.from.recv_timeout(PATIENCE).expect("the download ends");
                if done(&event) {
                    break event;
                }
                self.events.borrow_mut().push(event);
            }
        });
        let name = event["params"]["guid"].as_str().expect("a name");
        std::fs::read(folder.path().join(name)).expect("what was saved")
    }

    fn ask(&self, session: Option<&str>, method: &str, params: Value) -> Value {
        self.try_ask(session, method, params).unwrap_or_else(|problem| panic!("{method}: {problem}"))
    }

    fn try_ask(&self, session: Option<&str>, method: &str, params: Value) -> Result<Value, String> {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut bytes = serde_json::to_vec(&message).expect("JSON");
        bytes.push(0);
        self.to.borrow_mut().write_all(&bytes).map_err(|error| format!("the browser is gone: {error}"))?;
        loop {
            let heard = self.from.recv_timeout(PATIENCE).map_err(|error| format!("no answer: {error}"))?;
            if heard["id"] == id {
                return match heard.get("error") {
                    Some(error) => Err(error.to_string()),
                    None => Ok(heard["result"].clone()),
                };
            }
            self.events.borrow_mut().push(heard);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends its own children, where a kill would leave them.
        let _ = self.try_ask(None, "Browser.close", json!({}));
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Page<'a> {
    browser: &'a Browser,
    session: String,
    context: Value,
    target: Value,
    seen: RefCell<Vec<Value>>,
}

impl Page<'_> {
    pub(crate) fn ask(&self, method: &str, params: Value) -> Value {
        self.browser.ask(Some(&self.session), method, params)
    }

    /// Opens an address and comes back when it is loaded, with all that it holds.
    pub(crate) fn open(&self, url: &str) {
        self.forget();
        let answer = self.ask("Page.navigate", json!({ "url": url }));
        assert!(answer.get("errorText").is_none(), "{url}: {}", answer["errorText"]);
        self.wait("Page.loadEventFired");
    }

    /// Opens a file of this machine.
    pub(crate) fn open_file(&self, path: &std::path::Path) {
        self.open(&format!("file://{}", path.canonicalize().expect("a file").display()));
    }

    /// What a script gives; a promise is waited for. A script that throws fails the test.
    pub(crate) fn eval(&self, script: &str) -> Value {
        let asked = json!({ "expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let answer = self.ask("Runtime.evaluate", asked);
        assert!(answer.get("exceptionDetails").is_none(), "{script}: {}", answer["exceptionDetails"]);
        answer["result"].get("value").cloned().unwrap_or(Value::Null)
    }

    /// Comes back with the first value of this expression that is truthy; it is asked with every frame.
    pub(crate) fn until(&self, expression: &str, limit: Duration) -> Value {
        let script = format!(
            "new Promise((resolve, reject) => {{
                const end = setTimeout(() => reject(new Error('not within the limit')), {});
                const look = () => {{
                    const value = ({expression});
                    if (value) {{ clearTimeout(end); resolve(value) }} else setTimeout(look, 20);
                }};
                look();
            }})",
            limit.as_millis()
        );
        self.eval(&script)
    }

    /// Presses the mouse in the middle of the first element that fits.
    pub(crate) fn click(&self, selector: &str) {
        let selector = serde_json::to_string(selector).expect("JSON");
        let place = self.eval(&format!(
            "(() => {{ const e = document.querySelector({selector}); e.scrollIntoView({{ block: 'center', behavior: \
             'instant' }}); const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let button = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.ask("Input.dispatchMouseEvent", button);
        }
    }

    /// Presses a key, such as "Tab" or "Enter".
    pub(crate) fn press(&self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Tab" => (9, ""),
            "Escape" => (27, ""),
            " " => (32, " "),
            _ => (0, key),
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        self.ask(
            "Input.dispatchKeyEvent",
            json!({ "type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code }),
        );
        self.ask("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code }));
    }

    /// A window of so many CSS pixels.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.ask("Emulation.setDeviceMetricsOverride", metrics);
    }

    pub(crate) fn prefer(&self, scheme: Scheme) {
        let value = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.ask("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    pub(crate) fn without_scripts(&self) {
        self.ask("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    }

    /// A PNG of what the window shows, or of the whole page.
    pub(crate) fn screenshot(&self, whole: bool) -> Vec<u8> {
        let answer = self.ask("Page.captureScreenshot", json!({ "captureBeyondViewport": whole }));
        STANDARD.decode(answer["data"].as_str().expect("a picture")).expect("base64")
    }

    /// The page as it is printed on A4.
    pub(crate) fn pdf(&self) -> Vec<u8> {
        let paper =
            json!({ "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true, "printBackground": false });
        let answer = self.ask("Page.printToPDF", paper);
        STANDARD.decode(answer["data"].as_str().expect("a document")).expect("base64")
    }

    /// The addresses that the page asked for since it was opened.
    pub(crate) fn requests(&self) -> Vec<String> {
        let of = |event: &Value| event["params"]["request"]["url"].as_str().map(str::to_owned);
        self.events("Network.requestWillBeSent").iter().filter_map(of).collect()
    }

    /// What the console got since then: errors, warnings, exceptions, what the content security policy refused.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let mut complaints: Vec<String> = Vec::new();
        for event in self.events("Runtime.exceptionThrown") {
            complaints.push(event["params"]["exceptionDetails"].to_string());
        }
        for event in self.events("Runtime.consoleAPICalled") {
            if event["params"]["type"] == "error" || event["params"]["type"] == "warning" {
                complaints.push(event["params"]["args"].to_string());
            }
        }
        complaints.extend(self.events("Log.entryAdded").iter().map(|event| event["params"]["entry"].to_string()));
        complaints
    }

    fn events(&self, method: &str) -> Vec<Value> {
        // What the browser had to say by now is there once it has answered.
        self.ask("Runtime.evaluate", json!({ "expression": "0" }));
        self.take_in();
        self.seen.borrow().iter().filter(|event| event["method"] == method).cloned().collect()
    }

    fn take_in(&self) {
        let mut events = self.browser.events.borrow_mut();
        let (own, others) = events.drain(..).partition(|event| event["sessionId"] == self.session.as_str());
        *events = others;
        let own: Vec<Value> = own;
        self.seen.borrow_mut().extend(own);
    }

    fn forget(&self) {
        self.take_in();
        self.seen.borrow_mut().clear();
    }

    fn wait(&self, method: &str) {
        loop {
            self.take_in();
            if self.seen.borrow().iter().any(|event| event["method"] == method) {
                return;
            }
            let event = self.browser.from.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no {method}"));
            self.browser.events.borrow_mut().push(event);
        }
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        let _ = self.browser.try_ask(None, "Target.closeTarget", json!({ "targetId": self.target }));
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// Why these tests cannot run here; None where they can.
pub(crate) fn obstacle() -> Option<String> {
    (!installed::has_program("chromium")).then(|| "needs chromium: apt-get install chromium".to_owned())
}
