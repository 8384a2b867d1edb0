//! What was found, by severity, and the steps that follow from it, each addressed.

use super::{evidence, safe};
use crate::catalog::html::{ReportWords, fill};
use crate::catalog::{self, Advice, Lang};
use crate::model::{Code, Diagnosis, Finding, Severity};
use crate::report::page::{self, Block, Page, Statement, Tone, Topic};

/// One thing for one person to do.
#[derive(Clone)]
pub(super) struct ToDo {
    pub step: Advice,
    pub cause: String,
    pub code: Option<Code>,
    /// Whether there is a finding of that code to lead to.
    pub is_found: bool,
    pub severity: &'static str,
    pub severity_name: &'static str,
}

/// A change that alone would make calls direct.
pub(super) struct DirectChange {
    pub title: String,
    pub steps: Vec<Advice>,
}

pub(super) struct BySeverity {
    pub title: &'static str,
    pub class: &'static str,
    pub findings: Vec<View>,
}

pub(super) struct View {
    /// The anchor of the first finding with its code, so that links find it; None of later ones.
    pub id: Option<String>,
    pub code: Code,
    pub title: String,
    pub detail: String,
    pub steps: Vec<Advice>,
    pub rfc: &'static str,
    pub evidence_title: String,
    pub evidence: Vec<evidence::Line>,
    pub more: Option<String>,
}

fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

pub(super) fn shown(steps: &[Advice]) -> Vec<Advice> {
    steps.iter().map(|step| Advice { what: safe(&step.what), ..step.clone() }).collect()
}

pub(super) fn items(page: &Page, topic: Topic) -> &[Statement] {
    match page.section(topic).map(|section| &section.block) {
        Some(Block::Items(items)) => items,
        _ => &[],
    }
}

/// The remedies of all that is wrong, step by step; what is asked of one twice is said once.
pub(super) fn to_do(page: &Page, diagnosis: &Diagnosis) -> Vec<ToDo> {
    let mut to_do: Vec<ToDo> = Vec::new();
    for item in items(page, Topic::ToDo) {
        for step in shown(&item.steps) {
            if to_do.iter().any(|known| known.step == step) {
                continue;
            }
            to_do.push(ToDo {
                step,
                cause: safe(&item.title),
                code: item.code,
                is_found: item.code.is_some_and(|code| diagnosis.has_found(code)),
                severity: match item.tone {
                    Tone::Bad => "critical",
                    Tone::Poor => "warning",
                    Tone::Plain | Tone::Good | Tone::Faint => "info",
                },
                severity_name: item.label.unwrap_or_default(),
            });
        }
    }
    to_do
}

pub(super) fn changes(page: &Page) -> Vec<DirectChange> {
    let change = |item: &Statement| DirectChange { title: safe(&item.title), steps: shown(&item.steps) };
    items(page, Topic::Changes).iter().map(change).collect()
}

/// The reasons of the verdict, in plain words where there are such.
pub(super) fn reasons(page: &Page) -> Vec<String> {
    let reason = |item: &Statement| safe(if item.detail.is_empty() { &item.title } else { &item.detail });
    items(page, Topic::Why).iter().map(reason).collect()
}

pub(super) fn groups(diagnosis: &Diagnosis, w: &ReportWords, lang: Lang) -> Vec<BySeverity> {
    let mut seen: Vec<Code> = Vec::new();
    let mut view = |finding: &Finding| {
        let is_first = !seen.contains(&finding.code);
        seen.push(finding.code);
        let (evidence, more) = evidence::lines(&diagnosis.observations, &finding.evidence, lang);
        let count = finding.evidence.len().to_string();
        let steps = catalog::advice(finding.code, &finding.about, lang);
        View {
            id: is_first.then(|| format!("f-{}", finding.code)),
            code: finding.code,
            title: safe(&finding.words.title),
            detail: safe(&page::detail(finding.code, &finding.words)),
            steps: shown(&steps),
            rfc: catalog::entry(finding.code).rfc,
            evidence_title: fill(w.evidence_of, &[("count", &count)]),
            evidence,
            more: (more > 0).then(|| fill(w.and_more, &[("count", &more.to_string())])),
        }
    };
    let mut groups = Vec::new();
    for (severity, title) in
        [(Severity::Critical, w.critical), (Severity::Warning, w.warnings), (Severity::Info, w.notes)]
    {
        let of_it = diagnosis.roots().filter(|finding| finding.severity == severity);
        let findings: Vec<View> = of_it.map(&mut view).collect();
        if !findings.is_empty() {
            groups.push(BySeverity { title, class: class(severity), findings });
        }
    }
    let folded = diagnosis.findings.iter().filter(|finding| finding.cause.is_some());
    let findings: Vec<View> = folded.map(&mut view).collect();
    if !findings.is_empty() {
        let title = catalog::page::EXPLAINED.to(lang);
        groups.push(BySeverity { title, class: class(Severity::Info), findings });
    }
    groups
}
