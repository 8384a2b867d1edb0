//! What was found, by severity, and the steps that follow from it, each addressed.

use super::{evidence, safe};
use crate::catalog;
use crate::catalog::Lang;
use crate::catalog::html::{PageWords, fill};
use crate::model::{About, Code, Diagnosis, Finding, Severity};

/// One thing for one person to do.
#[derive(Clone)]
pub(super) struct Step {
    pub who: String,
    pub what: String,
    pub cause: String,
    pub code: Code,
    /// Whether there is a finding of that code to lead to.
    pub is_found: bool,
    pub severity: &'static str,
    pub severity_name: &'static str,
}

/// A change that alone would make calls direct.
pub(super) struct Change {
    code: Code,
    pub title: String,
    pub steps: Vec<(String, String)>,
}

impl Change {
    pub(super) fn first(&self) -> Option<Step> {
        let (who, what) = self.steps.first()?.clone();
        Some(Step {
            who,
            what,
            cause: self.title.clone(),
            code: self.code,
            is_found: false,
            severity: "info",
            severity_name: "",
        })
    }
}

pub(super) struct Group {
    pub title: &'static str,
    pub class: &'static str,
    pub findings: Vec<View>,
}

pub(super) struct View {
    /// Of the first finding with its code, so that links find it.
    pub id: Option<String>,
    pub code: Code,
    pub title: String,
    pub detail: String,
    pub steps: Vec<(String, String)>,
    /// The whole remedy, where it speaks to nobody and is more than that there is none.
    pub remedy: String,
    pub rfc: &'static str,
    pub evidence_title: String,
    pub evidence: Vec<evidence::Line>,
    pub more: Option<String>,
}

/// A code's title outside of any finding.
pub(super) fn title(code: Code, lang: Lang) -> String {
    catalog::words(code, &Default::default(), lang).title
}

fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn addressed(code: Code, about: &About, lang: Lang) -> Vec<(String, String)> {
    catalog::advice(code, about, lang).into_iter().map(|step| (step.who, safe(&step.what))).collect()
}

/// Worst first, whatever order the findings came in.
fn by_severity(diagnosis: &Diagnosis) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = diagnosis.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// The remedies of all that is wrong, taken apart by whom they speak to; what is asked of one twice is said once.
pub(super) fn steps(diagnosis: &Diagnosis, lang: Lang) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for finding in by_severity(diagnosis) {
        if finding.severity == Severity::Info {
            continue;
        }
        for (who, what) in addressed(finding.code, &finding.about, lang) {
            if steps.iter().any(|step| step.who == who && step.what == what) {
                continue;
            }
            let severity_name = catalog::severity(finding.severity, lang);
            let (cause, severity) = (safe(&finding.words.title), class(finding.severity));
            steps.push(Step { who, what, cause, code: finding.code, is_found: true, severity, severity_name });
        }
    }
    // Where nothing could be told, what kept it from being told is what there is to do.
    if let (true, Some(why)) = (steps.is_empty(), diagnosis.verdict.path.why()) {
        let words = catalog::words(why, &Default::default(), lang);
        let (severity, severity_name) = (class(Severity::Info), catalog::severity(Severity::Info, lang));
        let step = |(who, what)| Step {
            who,
            what,
            cause: words.title.clone(),
            code: why,
            is_found: false,
            severity,
            severity_name,
        };
        steps.extend(addressed(why, &Default::default(), lang).into_iter().map(step));
    }
    steps
}

pub(super) fn changes(diagnosis: &Diagnosis, lang: Lang) -> Vec<Change> {
    let change = |code: &Code| {
        let words = catalog::words(*code, &Default::default(), lang);
        Change { code: *code, steps: addressed(*code, &Default::default(), lang), title: words.title }
    };
    diagnosis.verdict.direct_if.iter().map(change).collect()
}

pub(super) fn groups(diagnosis: &Diagnosis, w: &PageWords, lang: Lang) -> Vec<Group> {
    let mut met: Vec<Code> = Vec::new();
    let mut view = |finding: &Finding| {
        let is_first = !met.contains(&finding.code);
        met.push(finding.code);
        let (evidence, more) = evidence::lines(&diagnosis.observations, &finding.evidence, lang);
        let count = finding.evidence.len().to_string();
        let steps = addressed(finding.code, &finding.about, lang);
        View {
            id: is_first.then(|| format!("f-{}", finding.code)),
            code: finding.code,
            title: safe(&finding.words.title),
            detail: safe(&finding.words.detail),
            remedy: if steps.is_empty() && !catalog::entry(finding.code).remedy.is_empty() {
                safe(&finding.words.remedy)
            } else {
                String::new()
            },
            steps,
            rfc: catalog::entry(finding.code).rfc,
            evidence_title: match finding.evidence.len() {
                1 => w.evidence_of_one.to_owned(),
                _ => fill(w.evidence_of, &[("count", &count)]),
            },
            evidence,
            more: (more > 0).then(|| fill(w.and_more, &[("count", &more.to_string())])),
        }
    };
    let mut groups = Vec::new();
    for (severity, title) in
        [(Severity::Critical, w.critical), (Severity::Warning, w.warnings), (Severity::Info, w.notes)]
    {
        let of_it = diagnosis.findings.iter().filter(|finding| finding.severity == severity);
        let findings: Vec<View> = of_it.map(&mut view).collect();
        if !findings.is_empty() {
            groups.push(Group { title, class: class(severity), findings });
        }
    }
    groups
}
