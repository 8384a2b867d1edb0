//! The driver itself: what a page does is seen, and what it must not do would be.

use super::Test;
use super::cdp::{Browser, Scheme};
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("a_script_is_answered_and_its_promise_waited_for", answers),
    ("what_a_page_fetches_and_complains_of_is_seen", complaints),
    ("a_click_and_a_key_reach_the_page", input),
    ("without_scripts_a_page_runs_none", scripts),
    ("the_colours_that_are_preferred_reach_the_page", colours),
];

fn answers() {
    let browser = Browser::start();
    let page = browser.page();
    page.open("data:text/html,<title>one</title>");
    assert_eq!(page.eval("document.title"), "one");
    assert_eq!(page.eval("Promise.resolve([1, 2])"), serde_json::json!([1, 2]));
    page.eval("setTimeout(() => document.title = 'two', 30)");
    assert_eq!(page.until("document.title === 'two' && document.title", Duration::from_secs(5)), "two");
    assert!(page.screenshot(false).starts_with(b"\x89PNG"));
    assert!(page.pdf().starts_with(b"%PDF"));
}

fn complaints() {
    let browser = Browser::start();
    let page = browser.page();
    page.open("data:text/html,<p>nothing</p>");
    assert_eq!(page.complaints(), Vec::<String>::new());
    assert_eq!(page.requests().len(), 1, "itself");
    let csp = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">";
    page.open(&format!("data:text/html,{csp}<img src='http://127.0.0.1:1/x'><script>alert(1)</script>"));
    let complaints = page.complaints().join("\n");
    assert!(complaints.contains("Content Security Policy"), "{complaints}");
    page.open("data:text/html,<img src='http://127.0.0.1:1/x'><script>throw new Error('told')</script>");
    assert!(page.complaints().join("\n").contains("told"));
    assert!(page.requests().iter().any(|url| url == "http://127.0.0.1:1/x"), "{:?}", page.requests());
}

fn input() {
    let browser = Browser::start();
    let page = browser.page();
    page.open("data:text/html,<button id=b onclick='this.textContent=\"pressed\"'>press</button><input id=i>");
    page.click("#b");
    assert_eq!(page.eval("document.querySelector('#b').textContent"), "pressed");
    page.eval("document.querySelector('#i').focus()");
    page.press("x");
    assert_eq!(page.eval("document.querySelector('#i').value"), "x");
}

fn colours() {
    let browser = Browser::start();
    let page = browser.page();
    page.open("data:text/html,<meta name=viewport content=width=device-width><p>");
    for (scheme, is_dark) in [(Scheme::Dark, true), (Scheme::Light, false)] {
        page.prefer(scheme);
        assert_eq!(page.eval("matchMedia('(prefers-color-scheme: dark)').matches"), is_dark);
    }
    page.resize(390, 844);
    assert_eq!(page.eval("innerWidth"), 390);
}

fn scripts() {
    let browser = Browser::start();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.html");
    std::fs::write(&file, "<p>plain</p><script>document.body.id = 'scripted'</script>").expect("written");
    let page = browser.page();
    page.open_file(&file);
    assert_eq!(page.eval("document.body.id"), "scripted");
    page.without_scripts();
    page.open_file(&file);
    assert_eq!(page.eval("document.body.id"), "");
}
