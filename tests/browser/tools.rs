//! What pages are looked at with beside the browser: axe-core, which `.ci/test` installs.

use super::cdp::Page;
use super::installed;

/// The source of axe-core; None where it is not installed.
pub(crate) fn axe() -> Option<String> {
    std::fs::read_to_string(installed::cache("browser/node_modules/axe-core/axe.min.js")).ok()
}

/// Rows of a table beyond the third that are built like those before them: they would be found to be just as they are.
const REPEATED_ROWS: &str = "(() => { const seen = new Map(); return [...document.querySelectorAll('tbody tr')].filter(row => { \
    const shape = [row, ...row.querySelectorAll('*')].map(element => element.tagName + '.' + element.className).join(' '); \
    seen.set(shape, (seen.get(shape) ?? 0) + 1); return seen.get(shape) > 3; }); })()";

/// Looks at the page as it stands now.
pub(crate) fn assert_no_violation(page: &Page<'_>, axe: &str, name: &str) {
    page.eval(&format!("{axe}; 0"));
    let violations = page.eval(&format!(
        "axe.run({{ include: [document], exclude: {REPEATED_ROWS} }}, {{ resultTypes: ['violations'] }})\
         .then(result => result.violations.map(one => \
         `${{one.id}}: ${{one.help}}\\n  ` + one.nodes.slice(0, 3).map(node => node.html + ' ' + \
         node.any.concat(node.all).map(check => check.message).join('; ')).join('\\n  ')).join('\\n'))",
    ));
    assert_eq!(violations, "", "{name}:\n{}", violations.as_str().unwrap_or_default());
}
