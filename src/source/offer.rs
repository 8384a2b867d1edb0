//! What servers does a source offer, and what is wrong with them?

use super::answer_signs;
use super::message::{WebAnswer, origin};
use super::secrets::SourceSecrets;
use super::status::refusal;
use crate::configuration::{Configuration, DocumentShape, Fault, NoConfiguration, date, faults};
use crate::model::{Code, Count, Detail, Seconds, Severity, SourceRefusal, Text};
use serde_json::Value;
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

/// More addresses than any application names: whoever asked them all would look through a network for a stranger.
const TARGETS_MAX: usize = 64;

/// What a source has come to.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceOffer {
    /// The servers, as the application would hand them to a browser.
    pub configuration: Configuration,
    /// How long the credentials are good, where the source says so.
    pub life: Option<CredentialLife>,
    /// What the source calls itself.
    pub software: Option<Text>,
    /// What is wrong with the source beside its servers.
    pub faults: Vec<Fault>,
    /// Whether something was made at the source that the servers last as long as.
    pub is_held: bool,
    /// By how many seconds the source's clock is behind ours, where it is behind by minutes.
    pub behind_s: Option<u64>,
}

/// How a source says how long its credentials are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialLife {
    /// For so many seconds.
    Seconds(u64),
    /// Until this time, in seconds since 1970.
    Until(u64),
}

impl SourceOffer {
    /// The servers in JSON of any shape that services answer with.
    pub(super) fn read(document: &Value, at: &Url) -> Result<Self, Box<Fault>> {
        let mut configuration = Configuration::of(document).map_err(|error| {
            let why = match error {
                NoConfiguration::Json(_) => SourceRefusal::NoJson,
                NoConfiguration::NoServers => SourceRefusal::NoServers,
                NoConfiguration::TooMany(count) => SourceRefusal::TooManyServers { count },
            };
            refusal(Code::SourceNotThis, at, Some(why.into()))
        })?;
        let count = configuration.asked().len();
        if count > TARGETS_MAX {
            return Err(refusal(Code::SourceNotThis, at, Some(SourceRefusal::TooManyServers { count }.into())));
        }
        // The application makes a configuration of an answer, by whatever name the list has there, and of one server alone.
        if matches!(configuration.shape, DocumentShape::NoArray | DocumentShape::Misspelt) {
            configuration.shape = DocumentShape::Answer;
        }
        let life = life(document);
        Ok(Self { configuration, life, software: None, faults: Vec::new(), is_held: false, behind_s: None })
    }

    /// The servers in an answer that came at a time in seconds since 1970, and what its headers show.
    pub(super) fn of_answer(answer: &WebAnswer, at: &Url, now_s: u64) -> Result<Self, Box<Fault>> {
        match answer.json() {
            Some(document) => Self::read(&document, at).map(|mut offer| {
                offer.faults.extend(answer_signs::clock(answer, at, now_s));
                offer.behind_s = answer_signs::behind_s(answer, now_s);
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
        let is_of_time = |fault: &Fault| matches!(fault.code, Code::CredentialsExpired | Code::CredentialsNotExpiry);
        let there = self.behind_s.map(|behind_s| faults(&self.configuration, None, now_s.saturating_sub(behind_s)));
        // What has run out here and not by the source's own clock is what the clocks do, and that is told already.
        let is_of_clocks = |fault: &Fault| {
            let is_same = |other: &Fault| is_of_time(other) && other.about.place == fault.about.place;
            is_of_time(fault) && there.as_ref().is_some_and(|there| !there.iter().any(is_same))
        };
        let of_servers = faults(&self.configuration, None, now_s).into_iter().filter(|fault| !is_of_clocks(fault));
        // That an answer is no RTCConfiguration yet is as it should be: the application makes one of it.
        told.extend(
            of_servers.filter(|fault| fault.code != Code::SourceShapeOther).map(|fault| self.meant(fault, now_s)),
        );
        told.extend(contradiction(self, now_s));
        told.extend(self.life_fault(at, now_s));
        let about = Detail::default()
            .server(origin(at))
            .count(Count::Of(self.configuration.servers.len() as u64))
            .name(self.software.as_ref().map(|software| software.as_str().to_owned()));
        if !self.configuration.asked().is_empty() {
            told.push(Fault { code: Code::SourceWorks, severity: Severity::Info, about });
        }
        told
    }

    /// Without what repeats a secret that the source was shown: as a name it would be looked up, and printed.
    #[must_use]
    pub fn without(mut self, secrets: &SourceSecrets) -> Self {
        self.software = self.software.filter(|software| !secrets.are_in(software.as_str()));
        let repeats = |uri: &String| secrets.are_in(uri);
        self.configuration.servers.retain(|server| !server.urls.iter().flatten().any(repeats));
        self
    }

    /// For how many seconds the credentials are good, as the source says.
    pub fn life_s(&self, now_s: u64) -> Option<u64> {
        self.life.map(|life| match life {
            CredentialLife::Seconds(life_s) => life_s,
            CredentialLife::Until(until_s) => until_s.saturating_sub(now_s),
        })
    }

    /// Whether there is a TURN server among its servers.
    pub(super) fn has_turn(&self) -> bool {
        self.configuration.asked().iter().any(|server| server.target.scheme.relays())
    }

    /// With the servers of an earlier message before its own.
    pub(super) fn behind(mut self, first: &Self) -> Self {
        self.configuration.servers.splice(..0, first.configuration.servers.iter().cloned());
        self.life = self.life.or(first.life);
        self
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
        match self.life_s(now_s) {
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
    fn meant(&self, fault: Fault, now_s: u64) -> Fault {
        match (fault.code, self.life_s(now_s)) {
            (Code::CredentialsNotExpiry, Some(..60)) => {
                Fault { code: Code::CredentialsLifeShort, severity: Severity::Warning, ..fault }
            }
            _ => fault,
        }
    }

    /// When the first of the credentials run out, in seconds since 1970; None where nothing tells. `now_s`: when they came.
    pub fn runs_out_s(&self, now_s: u64) -> Option<u64> {
        let of_life = self.life_s(now_s).map(|life_s| now_s.saturating_add(life_s));
        self.ends_s().chain(of_life).min().filter(|_| self.has_credentials())
    }

    /// Whether a later answer holds the same credentials, and their life goes on meanwhile: they are not made for who asks.
    pub fn is_same_again(&self, later: &Self, now_s: u64) -> bool {
        let logins = |offer: &Self| -> Vec<_> {
            offer.configuration.asked().into_iter().filter_map(|server| server.login).collect()
        };
        let shrinks = || self.life_s(now_s).zip(later.life_s(now_s)).is_some_and(|(first, then)| then < first);
        let same = logins(self);
        !same.is_empty() && same == logins(later) && (self.ends_s().next().is_some() || shrinks())
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

/// A number that may be a time, as it stands in the user name of time-limited credentials: before the name or behind it.
fn time_in(name: &str) -> Option<u64> {
    let is_time = |number: &&str| number.len() >= 10;
    [name.split(':').next(), name.rsplit(':').next()].into_iter().flatten().filter(is_time).find_map(|n| n.parse().ok())
}

/// What services call the life of the credentials.
const LIVES: [&str; 4] = ["ttl", "Ttl", "lifetime", "lifetimeDuration"];

/// What they call it where it may also be a time; many other things run out too.
const ENDS: [&str; 7] = ["expires", "expires_at", "expiresAt", "expires_in", "expiresIn", "expiry", "expiration"];

/// A life that stands beside the servers, or beside one of them.
fn life(document: &Value) -> Option<CredentialLife> {
    const DEPTH: u8 = 4;
    fn within(value: &Value, depth: u8) -> Option<CredentialLife> {
        let deeper = depth.checked_sub(1)?;
        match value {
            Value::Object(object) => {
                let is_of_servers = object.keys().map(|key| key.to_ascii_lowercase()).any(|key| {
                    ["servers", "icelist", "username", "credential", "uris", "urls"]
                        .iter()
                        .any(|part| key.contains(part))
                });
                let named = |names: &[&str]| names.iter().find_map(|name| life_of(object.get(*name)?));
                let own = named(&LIVES).or_else(|| named(&ENDS).filter(|_| is_of_servers));
                own.or_else(|| object.values().find_map(|one| within(one, deeper)))
            }
            Value::Array(list) => list.iter().take(4).find_map(|one| within(one, deeper)),
            _ => None,
        }
    }
    within(document, DEPTH)
}

/// A number of seconds, with or without an `s` behind it; one of seconds or milliseconds since 1970; or a date (RFC 3339).
fn life_of(value: &Value) -> Option<CredentialLife> {
    const SECONDS_SINCE: u64 = 1_000_000_000;
    const MILLISECONDS_SINCE: u64 = 1000 * SECONDS_SINCE;
    let number = match value {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => match text.trim().trim_end_matches('s').parse() {
            Ok(number) => number,
            Err(_) => {
                let until = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
                return until.unix_timestamp().try_into().ok().map(CredentialLife::Until);
            }
        },
        _ => return None,
    };
    Some(match number {
        MILLISECONDS_SINCE.. => CredentialLife::Until(number / 1000),
        SECONDS_SINCE.. => CredentialLife::Until(number),
        _ => CredentialLife::Seconds(number),
    })
}

/// A life that is another than the time in the user name says.
fn contradiction(offer: &SourceOffer, now_s: u64) -> Option<Fault> {
    /// Clocks differ, and an answer may be some seconds old.
    const SLACK_S: u64 = 120;
    let life_s = offer.life_s(now_s)?;
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
        for (name, end) in [
            ("expires", json!(60)),
            ("expires_at", json!(NOW + 60)),
            ("expiresAt", json!(1000 * (NOW + 60))),
            ("expiry", json!("2027-01-15T08:01:00Z")),
        ] {
            let mut said = opaque.clone();
            said[name] = end;
            assert_eq!(runs_out(&said), Some(NOW + 60), "{name}");
        }
        let of_another = json!({"session": {"expires": 60}, "iceServers": [opaque]});
        assert_eq!(runs_out(&of_another), None, "something else runs out");
        let swapped = json!({"uris": ["turn:h.example"], "username": format!("bob:{}", NOW + 60), "password": "p"});
        assert_eq!(runs_out(&swapped), Some(NOW + 60));
        assert_eq!(runs_out(&json!({"ttl": 60, "iceServers": [{"urls": "stun:h.example"}]})), None);
    }

    #[test]
    fn the_same_credentials_again_are_known_by_the_time_in_them_or_by_a_life_that_goes_on() {
        let url = Url::parse("https://app.example/ice").expect("is one");
        let offer = |document: &Value| SourceOffer::read(document, &url).expect("has servers");
        let opaque = |ttl: u64| json!({"uris": ["turns:h.example"], "username": "u", "password": "p", "ttl": ttl});
        let timed = |until_s: u64| answer(until_s, Value::Null);
        for (first, later, expected) in [
            (timed(NOW + 60), timed(NOW + 60), true),
            (timed(NOW + 60), timed(NOW + 61), false),
            (opaque(60), opaque(59), true),
            (opaque(60), opaque(60), false),
            (json!([{"urls": "stun:h"}]), json!([{"urls": "stun:h"}]), false),
        ] {
            assert_eq!(offer(&first).is_same_again(&offer(&later), NOW), expected, "{first} {later}");
        }
    }

    #[test]
    fn more_addresses_than_any_application_names_are_not_asked() {
        let url = Url::parse("https://app.example/ice").expect("is one");
        let of = |count: usize| json!([{"urls": vec!["stun:h.example"; count]}]);
        assert!(SourceOffer::read(&of(64), &url).is_ok());
        for count in [65, 256, 10_000] {
            let fault = SourceOffer::read(&of(count), &url).expect_err("is refused");
            assert_eq!(fault.about.reason, Some(SourceRefusal::TooManyServers { count }.into()));
        }
    }

    #[test]
    fn an_answer_is_no_configuration_yet_whatever_its_list_is_called() {
        let entry = json!({"urls": ["turn:h.example", "turns:h.example"], "username": "u", "credential": "c"});
        for document in [
            json!({"iceServers": entry, "ttl": 3600}),
            json!({"iceservers": [entry], "ttl": 3600}),
            json!({"iceServers": [entry], "ttl": 3600}),
        ] {
            assert_eq!(codes(&document), [Code::SourceWorks], "{document}");
        }
    }

    #[test]
    fn what_has_run_out_by_our_clock_alone_is_what_the_clocks_do() {
        let url = Url::parse("https://app.example/ice").expect("is one");
        let told = |until_s: u64, behind_s: u64| {
            let mut offer = SourceOffer::read(&answer(until_s, Value::Null), &url).expect("has servers");
            offer.behind_s = Some(behind_s).filter(|behind_s| *behind_s > 0);
            offer.judged(&url, NOW).iter().any(|fault| fault.code == Code::CredentialsExpired)
        };
        assert!(told(NOW - 7200, 0));
        assert!(told(NOW - 7200, 600), "by either clock");
        assert!(!told(NOW - 7200, 10_800));
    }

    #[test]
    fn what_a_source_offers_is_judged_as_a_configuration_is() {
        assert_eq!(codes(&json!([])), [Code::SourceOffersNothing]);
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
