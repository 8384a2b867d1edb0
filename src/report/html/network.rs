//! What stands in front of this machine, explained for people who do not know the RFCs.

use super::{evidence, findings};
use crate::catalog;
use crate::catalog::Lang;
use crate::catalog::html::{PageWords, fill};
use crate::model::{Behaviour, Diagnosis, Fact, Family, Judged, Nat};
use crate::report::pictures::{self, Caption, Line, milliseconds};
use std::collections::BTreeMap;

pub(super) struct Table {
    pub title: &'static str,
    /// Said where there are no rows.
    pub absent: String,
    pub rows: Vec<Row>,
}

pub(super) struct Row {
    pub question: &'static str,
    /// What the RFCs call it.
    pub term: &'static str,
    pub answer: String,
    pub technical: String,
    pub state: &'static str,
    pub evidence: String,
}

pub(super) fn tables(diagnosis: &Diagnosis, w: &PageWords, lang: Lang) -> Vec<Table> {
    [(Family::Ipv4, "IPv4"), (Family::Ipv6, "IPv6")]
        .into_iter()
        .map(|(family, title)| Table {
            title,
            absent: fill(w.no_family, &[("family", title)]),
            rows: diagnosis.nat.get(family).map(|nat| rows(nat, w, lang)).unwrap_or_default(),
        })
        .collect()
}

fn rows(nat: &Nat, w: &PageWords, lang: Lang) -> Vec<Row> {
    let asked = Asked { w, lang };
    let yes_no = |yes: &bool| (if *yes { w.yes } else { w.no }).to_owned();
    let addresses: Vec<String> = nat.public_addresses.iter().map(ToString::to_string).collect();
    vec![
        asked.row(w.q_translated, w.q_translated_term, &nat.translated, |yes| {
            (if *yes { w.a_translated } else { w.a_not_translated }).to_owned()
        }),
        Row {
            question: w.q_public,
            term: w.q_public_term,
            answer: if addresses.is_empty() { w.a_public_none.to_owned() } else { addresses.join(", ") },
            technical: String::new(),
            state: if addresses.is_empty() { "unknown" } else { "known" },
            evidence: String::new(),
        },
        asked.behaviour(w.q_mapping, w.t_mapping, &nat.mapping, [w.a_mapping_eim, w.a_mapping_adm, w.a_mapping_apdm]),
        asked.behaviour(
            w.q_filtering,
            w.t_filtering,
            &nat.filtering,
            [w.a_filtering_eif, w.a_filtering_adf, w.a_filtering_apdf],
        ),
        asked.row(w.q_hairpinning, w.t_hairpinning, &nat.hairpinning, yes_no),
        asked.row(w.q_ports, w.t_ports, &nat.port_preservation, yes_no),
        asked.row(w.q_lifetime, w.t_lifetime, &nat.mapping_lifetime_ms, |ms| {
            fill(w.a_lifetime, &[("seconds", &(ms / 1000).to_string())])
        }),
        asked.row(w.q_mtu, w.t_mtu, &nat.path_mtu_bytes, |bytes| fill(w.a_mtu, &[("bytes", &bytes.to_string())])),
    ]
}

struct Asked<'a> {
    w: &'a PageWords,
    lang: Lang,
}

impl Asked<'_> {
    fn row<T>(
        &self,
        question: &'static str,
        term: &'static str,
        judged: &Judged<T>,
        known: impl FnOnce(&T) -> String,
    ) -> Row {
        let why = |template: &str, code| fill(template, &[("why", &findings::title(code, self.lang))]);
        let (answer, state) = match judged {
            Judged::Known { value, .. } => (known(value), "known"),
            Judged::NotTested { why: code } => (why(self.w.not_tested, *code), "unknown"),
            Judged::Unclear { why: code, .. } => (why(self.w.unclear, *code), "unknown"),
        };
        let evidence = evidence::links(judged.evidence(), self.w);
        Row { question, term, answer, technical: String::new(), state, evidence }
    }

    /// `answers` from the mildest to the strictest.
    fn behaviour(
        &self,
        question: &'static str,
        term: &'static str,
        judged: &Judged<Behaviour>,
        answers: [&'static str; 3],
    ) -> Row {
        let row = self.row(question, term, judged, |behaviour| {
            let [independent, address, address_and_port] = answers;
            match behaviour {
                Behaviour::EndpointIndependent => independent,
                Behaviour::AddressDependent => address,
                Behaviour::AddressAndPortDependent => address_and_port,
            }
            .to_owned()
        });
        let technical = judged.value().map_or("", |behaviour| catalog::behaviour(*behaviour, self.lang));
        Row { technical: technical.to_owned(), ..row }
    }
}

/// Less than this between the fastest and the slowest says nothing that a sentence does not.
const STEADY_MS: f64 = 5.0;
/// Fewer points make no course.
const POINTS_MIN: usize = 6;

/// How the round trips to the servers went during the run: as a picture where they moved, else as a sentence.
pub(super) fn round_trips(diagnosis: &Diagnosis, w: &PageWords) -> String {
    let mut courses: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for observation in &diagnosis.observations {
        if let Fact::Mapped { server, rtt_ms: Some(rtt), .. } = &observation.fact
            && rtt.is_finite()
            && observation.end.is_ours()
        {
            courses.entry(server.to_string()).or_default().push((observation.at_ms / 1000.0, *rtt));
        }
    }
    let all: Vec<f64> = courses.values().flatten().map(|(_, rtt)| *rtt).collect();
    let Some(least) = all.iter().copied().reduce(f64::min) else { return String::new() };
    let most = all.iter().copied().fold(least, f64::max);
    let values = [("min", milliseconds(least)), ("max", milliseconds(most)), ("count", all.len().to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let is_one = milliseconds(least) == milliseconds(most);
    let sentence = fill(if is_one { w.round_trips_same } else { w.round_trips_steady }, &values);
    if most - least < STEADY_MS || all.len() < POINTS_MIN {
        return format!("<p>{sentence}</p>");
    }
    let mut lines: Vec<Line> = courses.into_iter().map(|(label, points)| Line { label, points }).collect();
    // Those that tell most first: no more than have a shape of their own are drawn.
    lines.sort_by_key(|line| std::cmp::Reverse(line.points.len()));
    let caption = Caption { title: w.round_trips, description: &sentence };
    let picture = pictures::series(&lines, (w.seconds_axis, w.ms_axis), caption);
    format!("<p>{sentence}</p><div class=\"picture\" tabindex=\"0\">{picture}</div>")
}
