//! What servers does a source offer, and what is wrong with them?

use super::answer_signs;
use super::message::{WebAnswer, origin};
use super::status::refusal;
use crate::configuration::{Configuration, Fault, NoConfiguration, date, faults};
use crate::model::{Code, Count, Detail, Seconds, Severity, SourceRefusal, Text};
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// What a source has come to.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceOffer {
    /// The servers, as the application would hand them to a browser.
    pub configuration: Configuration,
    /// For how many seconds the credentials are good, where the source says so.
    pub life_s: Option<u64>,
    /// What the source calls itself.
    pub software: Option<Text>,
    /// What is wrong with the source beside its servers.
    pub faults: Vec<Fault>,
    /// Whether something was made at the source that the servers last as long as.
    pub is_held: bool,
}

impl SourceOffer {
    /// The servers in JSON of any shape that services answer with.
    pub(super) fn read(document: &Value, at: &Url) -> Result<Self, Box<Fault>> {
        let configuration = Configuration::of(document).map_err(|error| {
            let why = match error {
                NoConfiguration::Json(_) => SourceRefusal::NoJson,
                NoConfiguration::NoServers => SourceRefusal::NoServers,
                NoConfiguration::TooMany(count) => SourceRefusal::TooManyServers { count },
            };
            refusal(Code::SourceNotThis, at, Some(why.into()))
        })?;
        let life_s = life(document);
        Ok(Self { configuration, life_s, software: None, faults: Vec::new(), is_held: false })
    }

    /// The servers in an answer that came at a time in seconds since 1970, and what its headers show.
    pub(super) fn of_answer(answer: &WebAnswer, at: &Url, now_s: u64) -> Result<Self, Box<Fault>> {
        match answer.json() {
            Some(document) => Self::read(&document, at).map(|mut offer| {
                offer.faults.extend(answer_signs::clock(answer, at, now_s));
                offer.faults.extend(answer_signs::cache(answer, at).filter(|_| offer.has_credentials()));
                offer
            }),
            None => {
                let why = if answer.is_page() { SourceRefusal::WebPage } else { SourceRefusal::NoJson };
                Err(refusal(Code::SourceNotThis, at, Some(why.into())))
            }
        }
    }

    /// All that is worth telling at a time in seconds since 1970: what would trouble calls, and that the source works.
    pub fn judged(&self, at: &Url, now_s: u64) -> Vec<Fault> {
        let mut told = self.faults.clone();
        let of_servers = faults(&self.configuration, None, now_s).into_iter();
        // That an answer is no RTCConfiguration yet is as it should be: the application makes one of it.
        told.extend(of_servers.filter(|fault| fault.severity > Severity::Info).map(|fault| self.meant(fault)));
        told.extend(contradiction(self, now_s));
        told.extend(self.life_fault(at, now_s));
        let about = Detail::default()
            .server(origin(at))
            .count(Count::Of(self.configuration.servers.len() as u64))
            .name(self.software.as_ref().map(|software| software.as_str().to_owned()));
        told.push(Fault { code: Code::SourceWorks, severity: Severity::Info, about });
        told
    }
}

impl SourceOffer {
    fn has_credentials(&self) -> bool {
        self.configuration.asked().iter().any(|server| server.login.is_some())
    }

    /// What there is to say of a life that the source itself tells; one in the user name is told where it stands.
    fn life_fault(&self, at: &Url, now_s: u64) -> Option<Fault> {
        /// Some servers ask for valid ones at each renewal of an allocation, which comes within ten minutes (RFC 8656 §3.2).
        const SHORT_S: u64 = 600;
        const LONG_S: u64 = 2 * 86_400;
        if !self.has_credentials() || self.names().any(|name| time_in(name).is_some()) {
            return None;
        }
        let fault = |code, severity, about| Some(Fault { code, severity, about });
        match self.life_s {
            None => fault(Code::CredentialsLifeUnknown, Severity::Info, Detail::default().server(origin(at))),
            Some(..SHORT_S) => fault(Code::CredentialsLifeShort, Severity::Warning, Detail::default()),
            Some(life_s @ LONG_S..) => {
                let until = date(now_s.saturating_add(life_s.min(u32::MAX.into())));
                fault(Code::CredentialsLifeLong, Severity::Warning, Detail::default().until(until))
            }
            Some(_) => None,
        }
    }

    /// Credentials that the source itself says last for seconds are short-lived, and nobody's mistake for the time of making.
    fn meant(&self, fault: Fault) -> Fault {
        match (fault.code, self.life_s) {
            (Code::CredentialsNotExpiry, Some(..60)) => {
                Fault { code: Code::CredentialsLifeShort, severity: Severity::Warning, ..fault }
            }
            _ => fault,
        }
    }

    /// When the first of the credentials run out, in seconds since 1970; None where nothing tells. `now_s`: when they came.
    pub fn runs_out_s(&self, now_s: u64) -> Option<u64> {
        let of_life = self.life_s.map(|life_s| now_s.saturating_add(life_s));
        self.ends_s().chain(of_life).min().filter(|_| self.has_credentials())
    }

    /// The times in the user names, but for what are no seconds of these decades: that is told by its own name.
    fn ends_s(&self) -> impl Iterator<Item = u64> {
        let is_time = |until_s: &u64| (1_000_000_000..=u64::from(u32::MAX)).contains(until_s);
        self.names().filter_map(time_in).filter(is_time)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.configuration.servers.iter().filter_map(|server| server.username.text())
    }
}

/// A number that may be a time, as it stands in the user name of time-limited credentials.
fn time_in(name: &str) -> Option<u64> {
    let number = name.split(':').next()?;
    number.parse().ok().filter(|_| number.len() >= 10)
}

/// What services call the life of the credentials.
const LIVES: [&str; 4] = ["ttl", "Ttl", "lifetime", "lifetimeDuration"];

/// A life that stands beside the servers, or beside one of them, as a number of seconds, with or without an `s` behind it.
fn life(document: &Value) -> Option<u64> {
    const DEPTH: u8 = 4;
    fn within(value: &Value, depth: u8) -> Option<u64> {
        let deeper = depth.checked_sub(1)?;
        match value {
            Value::Object(object) => {
                let own = LIVES.iter().find_map(|name| seconds(object.get(*name)?));
                own.or_else(|| object.values().find_map(|one| within(one, deeper)))
            }
            Value::Array(list) => list.iter().take(4).find_map(|one| within(one, deeper)),
            _ => None,
        }
    }
    within(document, DEPTH)
}

fn seconds(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().trim_end_matches('s').parse().ok(),
        _ => None,
    }
}

/// A life that is another than the time in the user name says.
fn contradiction(offer: &SourceOffer, now_s: u64) -> Option<Fault> {
    /// Clocks differ, and an answer may be some seconds old.
    const SLACK_S: u64 = 120;
    let life_s = offer.life_s?;
    let until_s = offer.ends_s().next()?;
    let left_s = until_s.checked_sub(now_s)?;
    (left_s.abs_diff(life_s) > SLACK_S.max(life_s / 4)).then(|| {
        let lifetime = Seconds(Duration::from_secs(life_s));
        let about = Detail::default().lifetime(lifetime).count(Count::Seconds(left_s));
        Fault { code: Code::CredentialsLifeContradicts, severity: Severity::Warning, about }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: u64 = 1_800_000_000;

    fn codes(document: &Value) -> Vec<Code> {
        let url = Url::parse("https://app.example/ice").expect("is one");
        let offer = SourceOffer::read(document, &url).expect("has servers");
        offer.judged(&url, NOW).iter().map(|fault| fault.code).collect()
    }

    fn answer(until: u64, ttl: Value) -> Value {
        let password = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        json!({"uris": ["turn:h.example", "turns:h.example"], "username": format!("{until}:a"),
            "password": password, "ttl": ttl})
    }

    #[test]
    fn a_life_that_contradicts_the_user_name_is_told() {
        assert_eq!(codes(&answer(NOW + 3600, json!(3600))), [Code::SourceWorks]);
        assert_eq!(codes(&answer(NOW + 4, json!(4))), [Code::CredentialsLifeShort, Code::SourceWorks]);
        assert_eq!(codes(&answer(NOW + 4, json!(3600))).first(), Some(&Code::CredentialsNotExpiry));
        assert_eq!(codes(&answer(NOW + 3600, json!("3600s"))), [Code::SourceWorks]);
        for ttl in [json!(3_600_000), json!("60")] {
            assert_eq!(codes(&answer(NOW + 3600, ttl)), [Code::CredentialsLifeContradicts, Code::SourceWorks]);
        }
    }

    #[test]
    fn credentials_run_out_by_what_is_said_first_and_where_nothing_is_said_nobody_knows() {
        let runs_out = |document: &Value| {
            let url = Url::parse("https://app.example/ice").expect("is one");
            SourceOffer::read(document, &url).expect("has servers").runs_out_s(NOW)
        };
        assert_eq!(runs_out(&answer(NOW + 3600, json!(60))), Some(NOW + 60));
        assert_eq!(runs_out(&answer(NOW + 60, json!(3600))), Some(NOW + 60));
        assert_eq!(runs_out(&answer(NOW + 60, Value::Null)), Some(NOW + 60));
        assert_eq!(runs_out(&answer(1000 * (NOW + 60), json!(3600))), Some(NOW + 3600), "milliseconds are no seconds");
        let opaque = json!({"uris": ["turn:h.example"], "username": "u", "password": "p"});
        assert_eq!(runs_out(&opaque), None);
        assert_eq!(runs_out(&json!({"ttl": 60, "iceServers": [{"urls": "stun:h.example"}]})), None);
    }

    #[test]
    fn what_a_source_offers_is_judged_as_a_configuration_is() {
        assert_eq!(codes(&json!([])), [Code::SourceOffersNothing, Code::SourceWorks]);
        let opaque = |ttl: Value| json!({"uris": ["turns:h.example"], "username": "u", "password": "p", "ttl": ttl});
        assert_eq!(codes(&opaque(json!(3600))), [Code::SourceWorks]);
        assert_eq!(codes(&opaque(json!(300))), [Code::CredentialsLifeShort, Code::SourceWorks]);
        assert_eq!(codes(&opaque(json!(864_000))), [Code::CredentialsLifeLong, Code::SourceWorks]);
        assert_eq!(codes(&opaque(json!(u64::MAX))), [Code::CredentialsLifeLong, Code::SourceWorks]);
        assert_eq!(codes(&opaque(Value::Null)), [Code::CredentialsLifeUnknown, Code::SourceWorks]);
        let stun = json!({"iceServers": [{"urls": "stun:h.example"}]});
        assert_eq!(codes(&stun), [Code::SourceOffersNoTurn, Code::SourceWorks]);
    }
}
