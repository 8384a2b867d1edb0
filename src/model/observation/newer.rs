//! A record of a later release: what this one has no word for is set aside and counted, the rest is used.
//!
//! A fact, a code or any other word of the model that is not known here makes one observation unreadable, not the whole
//! record: two ends need not run one release. What is malformed in any other way is an error as ever.

use super::{End, Observation, ObservationId, Origin, Question};
use crate::model::read::Unreadable;
use crate::model::{Fact, HostFact, Limit, Millis};
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// Reads observations one by one; those set aside are told at the end, for each end apart.
pub(super) fn observations<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Observation>, D::Error> {
    from.deserialize_seq(Observations)
}

struct Observations;

impl<'de> Visitor<'de> for Observations {
    type Value = Vec<Observation>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of observations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut known: Vec<Observation> = Vec::new();
        let (mut ours, mut theirs) = (0_u32, 0_u32);
        while let Some(value) = list.next_element::<Value>()? {
            let is_theirs = value.get("end").and_then(Value::as_str) == Some("theirs");
            match Observation::read(&value) {
                Ok(observation) => known.push(observation),
                Err(Unreadable::UnknownWord(_)) => {
                    let count = if is_theirs { &mut theirs } else { &mut ours };
                    *count = count.saturating_add(1);
                }
                Err(malformed) => return Err(A::Error::custom(malformed)),
            }
        }
        for (end, ignored) in [(End::Ours, ours), (End::Theirs, theirs)] {
            if ignored > 0 {
                let at_ms = known.last().map_or(Millis::ZERO, |last| last.at_ms);
                let id = ObservationId(u32::try_from(known.len()).unwrap_or(u32::MAX));
                let by = Origin { question: Question::Host, uri: None };
                known.push(Observation {
                    id,
                    at_ms,
                    by,
                    end,
                    fact: Fact::Host(HostFact::Limited { what: Limit::Newer, ignored }),
                });
            }
        }
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{End, Fact, HostFact, Limit, Record};

    fn read(observations: &str) -> Result<Record, serde_json::Error> {
        serde_json::from_str(&format!("{{\"targets\":[],\"observations\":[{observations}],\"interrupted\":false}}"))
    }

    fn seen(question: &str, fact: &str, more: &str) -> String {
        format!("{{\"id\":0,\"at_ms\":5.0,\"by\":{{\"question\":\"{question}\"}},\"fact\":{fact}{more}}}")
    }

    #[test]
    fn an_unknown_fact_question_or_word_is_set_aside_and_counted_and_the_rest_is_used() {
        let known = seen("host", "{\"kind\":\"network-changed\"}", "");
        let newer = [
            seen("host", "{\"kind\":\"teleported\",\"to\":[1,{\"a\":null}]}", ""),
            seen("telepathy", "{\"kind\":\"network-changed\"}", ""),
            seen("call", "{\"kind\":\"skipped\",\"why\":\"mercury-is-retrograde\"}", ""),
            seen("call", "{\"kind\":\"call-broken\",\"broken\":\"vanished\"}", ",\"end\":\"theirs\""),
        ];
        let record =
            read(&[&newer[0], &known, &newer[1], &newer[2], &newer[3]].map(String::as_str).join(",")).expect("read");
        let facts: Vec<_> = record.observations.iter().map(|seen| (seen.end, &seen.fact)).collect();
        assert_eq!(facts[0], (End::Ours, &Fact::Host(HostFact::NetworkChanged)));
        let left_out = |(end, fact): &(End, &Fact)| match fact {
            Fact::Host(HostFact::Limited { what: Limit::Newer, ignored }) => Some((*end, *ignored)),
            _ => None,
        };
        let told: Vec<_> = facts.iter().filter_map(left_out).collect();
        assert_eq!((facts.len(), told), (3, vec![(End::Ours, 3), (End::Theirs, 1)]));
    }

    #[test]
    fn what_is_malformed_is_still_an_error() {
        for broken in [
            "1".to_owned(),
            "{}".to_owned(),
            seen("host", "{}", ""),
            seen("host", "{\"kind\":\"limited\",\"what\":3,\"ignored\":1}", ""),
            seen("host", "{\"kind\":\"limited\",\"what\":\"x\"}", ""),
        ] {
            assert!(read(&broken).is_err(), "{broken}");
        }
    }
}
