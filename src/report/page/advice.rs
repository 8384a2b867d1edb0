//! What was found: first what is to be mended, worst first, then what is good to know. Findings of one code are one
//! item, however many servers they are about.

use super::{Section, Statement, Tone, Topic, title};
use crate::catalog::{self, Lang, Values, page as said};
use crate::model::{Code, Detail, Diagnosis, Finding, Severity, Words};
use std::collections::BTreeMap;

/// Values of one placeholder that are told one by one; more are counted or left to the details.
const VALUES_TOLD: usize = 3;

/// Also a note that explains the verdict, before all else.
pub(super) fn to_do(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let causes = diagnosis.roots().filter(|finding| diagnosis.explains_the_verdict(finding));
    let mut problems: Vec<&Finding> = diagnosis.roots().filter(|finding| finding.severity > Severity::Info).collect();
    problems.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut items: Vec<Statement> =
        alike(causes.chain(problems).collect()).iter().map(|findings| cause(diagnosis, findings, lang)).collect();
    if items.is_empty() {
        items.extend(diagnosis.verdict.path.why().and_then(|why| obstacle(why, lang)));
    }
    Section::items(Topic::ToDo, said::WHAT_TO_DO.to(lang), items)
}

/// Where nothing could be told, what kept it from being told is what there is to do something about.
fn obstacle(why: Code, lang: Lang) -> Option<Statement> {
    let words = catalog::words(why, &Detail::default(), lang);
    let steps = catalog::advice(why, &Detail::default(), lang);
    let label = Some(catalog::severity(Severity::Info, lang));
    let tone = Tone::Plain;
    (!steps.is_empty()).then_some(Statement {
        tone,
        label,
        title: words.title,
        code: Some(why),
        detail: words.detail,
        steps,
    })
}

pub(super) fn notes(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let is_note = |finding: &&Finding| finding.severity == Severity::Info && !diagnosis.explains_the_verdict(finding);
    let notes = alike(diagnosis.roots().filter(is_note).collect());
    let item = |findings: &Vec<&Finding>| Statement { label: None, ..item(findings, lang) };
    Section::items(Topic::Notes, said::NOTED.to(lang), notes.iter().map(item).collect())
}

/// What the causes explain, for who wants to see all that was found.
pub(super) fn explained(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let folded = diagnosis.findings.iter().filter(|finding| finding.cause.is_some()).collect();
    let items = alike(folded).iter().map(|findings| item(findings, lang)).collect();
    Section::items(Topic::Explained, said::EXPLAINED.to(lang), items)
}

/// What was found, what else it may be, and what it explains.
fn cause(diagnosis: &Diagnosis, findings: &[&Finding], lang: Lang) -> Statement {
    let titles = |mut codes: Vec<Code>| -> Vec<String> {
        let mut met = std::collections::BTreeSet::new();
        codes.retain(|code| met.insert(*code));
        codes.into_iter().map(|code| title(code, lang)).collect()
    };
    let mut statement = item(findings, lang);
    let rivals = titles(findings.iter().flat_map(|finding| finding.rivals.iter().copied()).collect());
    let explained: Vec<Code> =
        findings.iter().flat_map(|finding| diagnosis.explained_by(finding)).map(|finding| finding.code).collect();
    let count = explained.len();
    let more = [
        (!rivals.is_empty()).then(|| said::may_be_instead(&rivals, lang)),
        (count > 0).then(|| said::explains_more(count, &titles(explained), lang)),
    ];
    for sentence in more.into_iter().flatten() {
        statement.detail.push(' ');
        statement.detail.push_str(&sentence);
    }
    statement
}

/// The findings in their order, with those of one code and severity put together.
fn alike(findings: Vec<&Finding>) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let is_same =
            |group: &&mut Vec<&Finding>| (group[0].code, group[0].severity) == (finding.code, finding.severity);
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

fn item(findings: &[&Finding], lang: Lang) -> Statement {
    let Some(first) = findings.first() else { return Statement::default() };
    let about = in_common(first, findings, lang);
    let is_one = findings.iter().all(|finding| finding.words == first.words);
    let words = if is_one { first.words.clone() } else { catalog::words(first.code, &about, lang) };
    Statement {
        tone: match first.severity {
            Severity::Critical => Tone::Bad,
            Severity::Warning => Tone::Poor,
            Severity::Info => Tone::Plain,
        },
        label: Some(catalog::severity(first.severity, lang)),
        detail: detail(first.code, &words),
        title: words.title,
        code: Some(first.code),
        steps: catalog::advice(first.code, &about, lang),
    }
}

/// What was seen; behind it a remedy that asks nothing of anybody, but says when there is nothing to do.
pub(in crate::report) fn detail(code: Code, words: &Words) -> String {
    let remedy = catalog::entry(code).remedy;
    let is_advice = remedy.is_empty() || remedy.iter().any(|step| step.who.is_some());
    if is_advice { words.detail.clone() } else { format!("{} {}", words.detail, words.remedy) }
}

/// What the findings are about: a value that all of them share, or so many servers, or a few values one by one.
fn in_common(first: &Finding, findings: &[&Finding], lang: Lang) -> BTreeMap<&'static str, String> {
    let mut about = BTreeMap::new();
    for name in first.about.texts().into_keys() {
        let mut values: Vec<String> = findings.iter().filter_map(|finding| finding.about.value(name, lang)).collect();
        values.sort_unstable();
        values.dedup();
        let told = match (values.as_slice(), name) {
            ([one], _) => Some(one.clone()),
            (several, "server") => Some(said::so_many_servers(several.len(), lang)),
            (several, _) if several.len() <= VALUES_TOLD => Some(several.join(", ")),
            _ => None,
        };
        if let Some(told) = told {
            about.insert(name, told);
        }
    }
    about
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ObservationId, Transport};

    #[test]
    fn what_several_findings_of_one_code_differ_in_is_said_one_by_one() {
        let over = |transport| {
            let about = Detail { transport: Some(transport), ..Detail::default() };
            let words = catalog::words(Code::RelayWorks, &about, Lang::En);
            let finding = Finding::new(Code::RelayWorks, Severity::Info, about, vec![ObservationId(0)]);
            Finding { words, ..finding.expect("there is evidence") }
        };
        let (udp, tls) = (over(Transport::Udp), over(Transport::Tls));
        let said = item(&[&udp, &tls], Lang::En).detail;
        assert!(said.contains("over TLS, UDP"), "{said}");
    }
}
