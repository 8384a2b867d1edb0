//! The fields of facts as they stand in a sentence.

use super::{Lang, said};
use crate::catalog;
use crate::model::{
    CandidateType, Code, DatagramClass, Detail, DnsRecord, FailureMessage, Family, Host, InterfaceAddress, Leniency,
    Limit, Malformed, Millis, PairEnd, Question, Refusal, RefusedCandidate, RefusedMessage, SignallingTransport,
    SourceRefusal, Tally, Text, Transport,
};
use serde::Serialize;
use serde_json::{Map, Value};
use std::net::{IpAddr, SocketAddr};

macro_rules! names {
    ($($question:ident: $wants:literal, $name:literal, $name_ko:literal;)+) => {
        /// What was asked.
        pub(crate) fn question(question: Question, lang: Lang) -> &'static str {
            match question {
                $(Question::$question => said($name, $name_ko),)+
            }
            .to(lang)
        }
    };
}

questions!(names);

/// Stands in place of a value that is not there.
pub(super) const NOTHING: &str = "–";

/// A field as it stands in a sentence.
pub(super) trait InSentence {
    fn shown(&self, lang: Lang) -> String;
}

/// What says itself how it is shown.
macro_rules! by_display {
    ($($kind:ty),+) => { $(impl InSentence for $kind {
        fn shown(&self, _: Lang) -> String {
            self.to_string()
        }
    })+ };
}

by_display!(SocketAddr, IpAddr, Family, Host, String, u8, u16, u32, u64, Transport);

fn as_in_json(value: &impl Serialize, lang: Lang) -> String {
    serde_json::to_value(value).map_or_else(|_| NOTHING.to_owned(), |value| plain(&value, lang))
}

/// What the catalogue has in every language.
macro_rules! by_catalogue {
    ($($kind:ty),+) => { $(impl InSentence for $kind {
        fn shown(&self, lang: Lang) -> String {
            catalog::Shown::shown(self, lang)
        }
    })+ };
}

by_catalogue!(
    FailureMessage,
    Limit,
    Malformed,
    Leniency,
    Refusal,
    RefusedCandidate,
    RefusedMessage,
    SignallingTransport,
    SourceRefusal
);

impl InSentence for Text {
    fn shown(&self, _: Lang) -> String {
        self.as_str().to_owned()
    }
}

impl InSentence for Millis {
    /// Without their unit.
    fn shown(&self, _: Lang) -> String {
        let Self(ms) = self;
        if *ms < 9.95 { format!("{ms:.1}") } else { format!("{ms:.0}") }
    }
}

impl InSentence for bool {
    fn shown(&self, lang: Lang) -> String {
        catalog::page::yes_no(*self, lang).to_owned()
    }
}

impl InSentence for Code {
    fn shown(&self, lang: Lang) -> String {
        catalog::words(*self, &Detail::default(), lang).title
    }
}

impl InSentence for CandidateType {
    fn shown(&self, _: Lang) -> String {
        catalog::candidate_type(*self).to_owned()
    }
}

impl InSentence for DatagramClass {
    fn shown(&self, lang: Lang) -> String {
        let shown = match (self, lang) {
            (Self::Stun, _) => "STUN",
            (Self::Dtls, _) => "DTLS",
            (Self::Check, Lang::En) => "ICE check",
            (Self::Check, Lang::Ko) => "ICE 점검",
            (Self::Unassigned, Lang::En) => "unknown bytes",
            (Self::Unassigned, Lang::Ko) => "알 수 없는 바이트",
        };
        shown.to_owned()
    }
}

impl InSentence for PairEnd {
    fn shown(&self, _: Lang) -> String {
        self.endpoint().map_or_else(|| format!("{}:{}", self.address, self.port), |endpoint| endpoint.to_string())
    }
}

impl InSentence for InterfaceAddress {
    fn shown(&self, _: Lang) -> String {
        format!("{}/{}", self.address, self.prefix_len)
    }
}

impl InSentence for DnsRecord {
    fn shown(&self, lang: Lang) -> String {
        match self {
            Self::Address(address) => address.to_string(),
            service @ Self::Service { .. } => as_in_json(service, lang),
        }
    }
}

impl InSentence for Tally {
    fn shown(&self, _: Lang) -> String {
        format!("{}/{}", self.answered, self.sent)
    }
}

impl<T: InSentence> InSentence for Vec<T> {
    fn shown(&self, lang: Lang) -> String {
        self.iter().map(|value| value.shown(lang)).collect::<Vec<_>>().join(", ")
    }
}

impl<T: InSentence> InSentence for Option<T> {
    fn shown(&self, lang: Lang) -> String {
        self.as_ref().map_or_else(|| NOTHING.to_owned(), |value| value.shown(lang))
    }
}

/// JSON's fields, each with its name.
pub(super) fn listed(fields: &Map<String, Value>, lang: Lang) -> String {
    let parts: Vec<String> = fields.iter().map(|(name, value)| format!("{name} {}", plain(value, lang))).collect();
    parts.join(" · ")
}

fn plain(value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::Bool(yes) => yes.shown(lang),
        Value::Number(number) => number
            .as_f64()
            .filter(|_| number.is_f64())
            .map_or_else(|| number.to_string(), |real| Millis(real).shown(lang)),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(|value| plain(value, lang)).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => listed(fields, lang),
    }
}
