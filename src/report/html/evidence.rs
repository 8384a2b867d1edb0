//! What happened, as people can read it: each observation as a sentence, and behind it what the sentence leaves out.

use super::safe;
use crate::catalog::Lang;
use crate::catalog::html::{self as page, ReportWords, fill};
use crate::model::{Observation, ObservationId};
use crate::report::pictures::milliseconds;
use std::fmt::Write;

/// One row of the table of observations.
pub(super) struct Row {
    pub id: u32,
    pub at: String,
    pub asked: String,
    pub text: String,
    pub rest: String,
    pub theirs: bool,
}

/// One line of a finding's evidence.
pub(super) struct Line {
    pub id: u32,
    pub at: String,
    pub text: String,
}

/// The most observations that are listed below a finding; the table has all.
const TOLD: usize = 12;
/// The most observations that a value links to.
const POINTED: usize = 4;

pub(super) fn row(observation: &Observation, lang: Lang) -> Row {
    let (text, rest) = page::fact(&observation.fact, lang);
    let mut asked = page::question(observation.by.question, lang).to_owned();
    if let Some(uri) = &observation.by.uri {
        let _ = write!(asked, " · {uri}");
    }
    Row {
        id: observation.id.0,
        at: milliseconds(observation.at_ms),
        asked: safe(&asked),
        text: safe(&text),
        rest: safe(&rest),
        theirs: !observation.end.is_ours(),
    }
}

/// The first of these, and how many more there are.
pub(super) fn lines(observations: &[Observation], ids: &[ObservationId], lang: Lang) -> (Vec<Line>, usize) {
    let known = |id: &ObservationId| {
        let observation = observations.get(usize::try_from(id.0).ok()?)?;
        let at = format!("{} ms", milliseconds(observation.at_ms));
        Some(Line { id: id.0, at, text: safe(&page::fact(&observation.fact, lang).0) })
    };
    let told: Vec<Line> = ids.iter().take(TOLD).filter_map(known).collect();
    (told, ids.len().saturating_sub(TOLD))
}

/// Links to a value's evidence, as they stand in the page.
pub(super) fn links(ids: &[ObservationId], w: &ReportWords) -> String {
    let mut links = String::new();
    for id in ids.iter().take(POINTED) {
        let _ = write!(links, " <a href=\"#o{0}\">#{0}</a>", id.0);
    }
    if links.is_empty() {
        return links;
    }
    if ids.len() > POINTED {
        let more = (ids.len() - POINTED).to_string();
        let _ = write!(links, " {}", fill(w.and_more, &[("count", &more)]));
    }
    format!("<span class=\"refs\">{}</span>", links.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Millis;
    use crate::model::{Asked, End, Fact, Method, Origin, Question, StunFact, Transport};

    fn observation(fact: Fact) -> Observation {
        let by = Origin { question: Question::Filtering, uri: None };
        Observation { id: ObservationId(7), at_ms: Millis(12.34), by, end: End::Ours, fact }
    }

    fn silent() -> Fact {
        Fact::Stun(StunFact::Silent {
            method: Method::Binding,
            asked: Asked::ChangePort,
            transport: Transport::Udp,
            local: "192.0.2.1:5000".parse().expect("an endpoint"),
            server: "198.51.100.1:3478".parse().expect("an endpoint"),
            sent: 4,
            waited_ms: Millis(250.0),
        })
    }

    #[test]
    fn an_observation_is_a_sentence_and_nothing_of_it_is_lost() {
        let row = row(&observation(silent()), Lang::En);
        assert_eq!(row.text, "198.51.100.1:3478 did not answer: 4 requests (Binding, from its other port) in 250 ms");
        assert_eq!(row.rest, "local 192.0.2.1:5000 · transport udp");
        assert_eq!((row.at.as_str(), row.asked.as_str()), ("12", "filtering"));
    }

    #[test]
    fn it_is_told_in_korean_too() {
        let row = row(&observation(silent()), Lang::Ko);
        assert!(row.text.starts_with("198.51.100.1:3478에서 응답 없음"), "{}", row.text);
    }

    #[test]
    fn evidence_that_is_not_there_is_passed_over() {
        let all = [observation(silent())];
        let ids: Vec<ObservationId> = [0, 99].map(ObservationId).to_vec();
        let (told, more) = lines(&all, &ids, Lang::En);
        assert_eq!((told.len(), more), (1, 0));
    }
}
