//! Does the application get its servers, and can a browser use them? Where not, no path that works helps it.

use super::{Wording, on_one_line};
use crate::catalog::{self, Shown};
use crate::model::{Diagnosis, Finding, Group, Severity};

/// What keeps the application from its servers, each on one line in words for people.
pub(super) fn faults(diagnosis: &Diagnosis, wording: Wording) -> Vec<String> {
    let is_grave =
        |found: &&Finding| found.code.group() == Group::Configuration && found.severity == Severity::Critical;
    let line = |found: &Finding| {
        let title = catalog::words(found.code, &found.about, wording.lang).title;
        let reason = found.about.reason.as_ref().map(|reason| reason.shown(wording.lang));
        let about = found.about.server.iter().cloned().chain(reason).collect::<Vec<_>>().join(": ");
        let about = if about.is_empty() { about } else { format!(" ({about})") };
        let told = format!("{title}{about} [{}]", found.code);
        on_one_line(&told, wording.ascii)
    };
    diagnosis.findings.iter().filter(is_grave).map(line).collect()
}
