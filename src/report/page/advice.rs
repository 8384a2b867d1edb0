//! What was found: first what is to be mended, worst first, then what is good to know. Findings of one code are one
//! item, however many servers they are about.

use super::{Section, Statement, Tone, Topic, title};
use crate::catalog::{self, Lang, Together, Values, page as said};
use crate::model::{Code, Detail, Diagnosis, Finding, Group, Severity, Target, Transport, Words};
use std::collections::{BTreeMap, BTreeSet};

/// Values of one placeholder that are told one by one; more are counted or left to the details.
const VALUES_TOLD: usize = 3;

/// Also a note that explains the verdict: before all else but what is critical about the pairs, which says why none works, or
/// about the call, which says what it died of.
pub(super) fn to_do(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let causes = diagnosis.roots().filter(|finding| diagnosis.explains_the_verdict(finding));
    let mut problems: Vec<&Finding> = diagnosis.roots().filter(|finding| finding.severity > Severity::Info).collect();
    problems.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let says_why = |finding: &&Finding| {
        finding.severity == Severity::Critical && matches!(finding.code.group(), Group::Pairs | Group::Calls)
    };
    let (decisive, problems): (Vec<&Finding>, Vec<&Finding>) = problems.into_iter().partition(says_why);
    let mut items: Vec<Statement> = alike(decisive.into_iter().chain(causes).chain(problems).collect())
        .iter()
        .map(|findings| cause(diagnosis, findings, lang))
        .collect();
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
    let folded = diagnosis.findings.iter().filter(|finding| finding.cause.is_some());
    let folded = folded.filter(|finding| !is_told_with_its_cause(diagnosis, finding)).collect();
    let items = alike(folded).iter().map(|findings| item(findings, lang)).collect();
    Section::items(Topic::Explained, said::EXPLAINED.to(lang), items)
}

/// Whether it says of another server what its cause says: then they are one item.
fn is_told_with_its_cause(diagnosis: &Diagnosis, finding: &Finding) -> bool {
    let cause = finding.cause.and_then(|place| diagnosis.findings.get(usize::try_from(place).ok()?));
    cause.is_some_and(|cause| cause.code == finding.code)
}

/// What was found, what else it may be, and what it explains.
fn cause(diagnosis: &Diagnosis, findings: &[&Finding], lang: Lang) -> Statement {
    let effects = findings.iter().flat_map(|finding| diagnosis.explained_by(finding));
    let (same, explained): (Vec<&Finding>, Vec<&Finding>) =
        effects.partition(|effect| is_told_with_its_cause(diagnosis, effect));
    let mut statement = item(&[findings, &same].concat(), lang);
    let mut rivals: Vec<Code> = findings.iter().flat_map(|finding| finding.rivals.iter().copied()).collect();
    let mut met = BTreeSet::new();
    rivals.retain(|code| met.insert(*code));
    let rivals: Vec<String> = rivals.into_iter().map(|code| title(code, lang)).collect();
    let explained: Vec<String> = alike(explained).iter().map(|findings| item(findings, lang).title).collect();
    let more = [
        (!rivals.is_empty()).then(|| said::may_be_instead(&rivals, lang)),
        (!explained.is_empty()).then(|| said::explains_more(&explained, lang)),
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
fn in_common(first: &Finding, findings: &[&Finding], lang: Lang) -> BTreeMap<&'static str, Together> {
    let mut about = BTreeMap::new();
    for name in first.about.texts().into_keys() {
        let mut values: Vec<String> = findings.iter().filter_map(|finding| finding.about.value(name, lang)).collect();
        values.sort_unstable();
        values.dedup();
        let is_several = values.len() > 1 || findings.iter().any(|finding| finding.about.is_several(name));
        let told = match (values.as_slice(), name) {
            ([one], _) => Together { text: one.clone(), is_several },
            (uris, "server") => servers(uris, lang),
            (several, _) if several.len() <= VALUES_TOLD => Together { text: several.join(", "), is_several },
            _ => continue,
        };
        about.insert(name, told);
    }
    about
}

/// So many servers; of a single one its name and how it was asked: "turn.example.org (UDP 3478, TLS 443)".
fn servers(uris: &[String], lang: Lang) -> Together {
    let mut hosts: BTreeMap<String, BTreeSet<(Transport, u16)>> = BTreeMap::new();
    for uri in uris {
        match uri.parse::<Target>() {
            Ok(target) => {
                let way = (target.transport, target.port_or_default());
                hosts.entry(target.host).or_default().insert(way);
            }
            Err(_) => {
                hosts.entry(uri.clone()).or_default();
            }
        }
    }
    match hosts.first_key_value().filter(|_| hosts.len() == 1) {
        Some((host, ways)) => {
            let ways: Vec<String> = ways.iter().map(|(transport, port)| format!("{transport} {port}")).collect();
            Together { text: format!("{host} ({})", ways.join(", ")), is_several: false }
        }
        None => Together { text: said::so_many_servers(hosts.len(), lang), is_several: true },
    }
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

    #[test]
    fn one_server_that_was_asked_in_several_ways_is_one_server() {
        let told = |uris: &[&str]| {
            let Together { text, is_several } =
                servers(&uris.iter().map(|uri| (*uri).to_owned()).collect::<Vec<_>>(), Lang::En);
            (text, is_several)
        };
        let one = told(&["turn:a.example:3478?transport=tcp", "turns:a.example:443", "turn:a.example"]);
        assert_eq!(one, ("a.example (UDP 3478, TCP 3478, TLS 443)".to_owned(), false));
        assert_eq!(told(&["turn:a.example", "turns:a.example", "stun:b.example"]), ("2 servers".to_owned(), true));
    }
}
