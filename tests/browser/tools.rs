//! What pages are looked at with beside the browser: axe-core, which `.ci/test` installs.

use super::cdp::Page;
use std::path::PathBuf;

/// Where `.ci/test` puts what it installs for these tests alone.
fn installed() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").unwrap_or_else(|| set("HOME").unwrap_or_else(|| "/tmp".into()).join(".cache"));
    cache.join("rtc-doctor-tests/browser/node_modules")
}

/// The source of axe-core; None where it is not installed.
pub fn axe() -> Option<String> {
    std::fs::read_to_string(installed().join("axe-core/axe.min.js")).ok()
}

/// Looks at the page as it stands now.
pub fn assert_no_violation(page: &Page<'_>, axe: &str, name: &str) {
    page.eval(&format!("{axe}; 0"));
    let violations = page.eval(
        "axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations.map(one => \
         `${one.id}: ${one.help}\\n  ` + one.nodes.slice(0, 3).map(node => node.html + ' ' + \
         node.any.concat(node.all).map(check => check.message).join('; ')).join('\\n  ')).join('\\n'))",
    );
    assert_eq!(violations, "", "{name}:\n{}", violations.as_str().unwrap_or_default());
}
