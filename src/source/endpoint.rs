//! Any address that answers with JSON: what most applications ask for their ICE servers, in one request.

use super::message::{Secret, WebAnswer, WebMethod, WebRequest};
use super::offer::{CredentialLife, SourceOffer};
use super::status::{refusal, refused};
use super::{Provider, SourceHeard, SourceStep};
use crate::configuration::Fault;
use crate::model::{Code, SourceRefusal};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use url::Url;

/// Within one origin browsers follow up to 20 (Fetch standard §4.4); no service needs more than these.
const REDIRECTS_MAX: u8 = 3;

/// One request, and what is shown with it.
pub(super) struct JsonEndpoint {
    request: WebRequest,
    has_secret: bool,
    redirects: u8,
    /// For how long a vendor was asked to give credentials; None of an address that is asked as it stands.
    asked_life_s: Option<u64>,
}

impl JsonEndpoint {
    /// Asks an address, by POST where there is a body. The secret is a bearer's (RFC 6750 §2.1), or with a user name the
    /// password of Basic (RFC 7617).
    pub(super) fn new(url: Url, user: Option<&str>, secret: Option<&Secret>, body: Option<&Secret>) -> Self {
        let request = match body {
            Some(body) => posted(url, body.reveal()),
            None => WebRequest::new(WebMethod::Get, url),
        };
        let mut request = request.with("accept", "application/json");
        request.headers.extend(secret.map(|secret| match user {
            Some(user) => ("authorization", basic(user, secret)),
            None => ("authorization", Secret::new(format!("Bearer {}", secret.reveal()))),
        }));
        Self::of(request, secret.is_some())
    }

    /// Makes this request.
    pub(super) fn of(request: WebRequest, has_secret: bool) -> Self {
        Self { request, has_secret, redirects: 0, asked_life_s: None }
    }

    /// Makes a vendor's request: its answer says no life, since it was asked for this one.
    pub(super) fn of_vendor(request: WebRequest, has_secret: bool, asked_life_s: Option<u64>) -> Self {
        Self { asked_life_s, ..Self::of(request, has_secret) }
    }

    /// A refusal in an answer of success, as Xirsys makes it.
    fn refused_within(&self, answer: &WebAnswer) -> Option<Box<Fault>> {
        let said = answer.json()?;
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        let (is_error, why) = (text("s") == "error", text("v"));
        let is_of_secret = ["unauthor", "denied", "forbidden"].iter().any(|word| why.contains(word));
        let code = if is_of_secret { Code::SourceRejectedSecret } else { Code::SourceNotThis };
        let reason = (!is_of_secret).then_some(SourceRefusal::NoAccount.into());
        is_error.then(|| refusal(code, &self.request.url, reason))
    }

    /// Where an answer sends on to within the same origin. Any other place is told and not asked: the secret is not for it.
    fn next_place(&self, answer: &WebAnswer) -> Option<Url> {
        let is_redirect = self.request.method == WebMethod::Get && matches!(answer.status, 301 | 302 | 303 | 307 | 308);
        let place = answer.header("location").and_then(|to| self.request.url.join(to).ok());
        place.filter(|place| {
            is_redirect && self.redirects < REDIRECTS_MAX && place.origin() == self.request.url.origin()
        })
    }
}

/// A body as it is: JSON, or what a form sends (HTML Standard §4.10.21.6).
fn posted(url: Url, body: &str) -> WebRequest {
    let is_json = serde_json::from_str::<Value>(body).is_ok();
    let kind = if is_json { "application/json" } else { "application/x-www-form-urlencoded" };
    let request = WebRequest { body: body.as_bytes().to_vec(), ..WebRequest::new(WebMethod::Post, url) };
    request.with("content-type", kind)
}

/// The value of `Authorization` for a user and a password.
pub(super) fn basic(user: &str, password: &Secret) -> Secret {
    Secret::new(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{}", password.reveal()))))
}

impl Provider for JsonEndpoint {
    fn next(&mut self, now_s: u64, heard: SourceHeard) -> SourceStep {
        let SourceHeard::Answered(answer) = heard else { return SourceStep::Ask(self.request.clone()) };
        if let Some(place) = self.next_place(&answer) {
            self.request.url = place;
            self.redirects += 1;
            return SourceStep::Ask(self.request.clone());
        }
        let refused = refused(&answer, &self.request.url, self.has_secret);
        if let Some(fault) = refused.or_else(|| self.refused_within(&answer)) {
            return SourceStep::Refuse(fault);
        }
        match SourceOffer::of_answer(&answer, &self.request.url, now_s) {
            Ok(mut offer) => {
                offer.life = offer.life.or(self.asked_life_s.map(CredentialLife::Seconds));
                SourceStep::Offer(Box::new(offer))
            }
            Err(fault) => SourceStep::Refuse(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> SourceHeard {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        SourceHeard::Answered(WebAnswer { status, headers, body: body.into() })
    }

    fn endpoint() -> JsonEndpoint {
        let url = Url::parse("https://app.example/ice").expect("is one");
        let mut endpoint = JsonEndpoint::new(url, None, Some(&Secret::new("canary")), None);
        let SourceStep::Ask(first) = endpoint.next(0, SourceHeard::Begin) else { panic!("asks") };
        assert_eq!(first.headers[1], ("authorization", Secret::new("Bearer canary")));
        endpoint
    }

    fn ends(heard: SourceHeard) -> Result<usize, (Code, Option<SourceRefusal>)> {
        match endpoint().next(0, heard) {
            SourceStep::Offer(offer) => Ok(offer.configuration.servers.len()),
            SourceStep::Refuse(fault) => {
                let why = fault.about.reason.and_then(|reason| match reason {
                    crate::model::Reason::Source(why) => Some(why),
                    _ => None,
                });
                Err((fault.code, why))
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_answer_comes_to_its_servers_or_to_why_there_are_none() {
        let html = [("content-type", "text/html; charset=utf-8")];
        let place = "https://other.example".to_owned();
        let away = [("location", "https://other.example/ice?x=canary")];
        let deep = "[".repeat(100_000);
        for (heard, expected) in [
            (answer(200, &[], r#"{"iceServers":[{"urls":"stun:h"}]}"#), Ok(1)),
            (answer(201, &[], r#"[]"#), Ok(0)),
            (answer(200, &html, "<!doctype html>"), Err((Code::SourceNotThis, Some(SourceRefusal::WebPage)))),
            (answer(200, &[], "  <html>"), Err((Code::SourceNotThis, Some(SourceRefusal::WebPage)))),
            (answer(200, &[], "hello"), Err((Code::SourceNotThis, Some(SourceRefusal::NoJson)))),
            (answer(200, &[], &deep), Err((Code::SourceNotThis, Some(SourceRefusal::NoJson)))),
            (answer(200, &[], "5"), Err((Code::SourceNotThis, Some(SourceRefusal::NoServers)))),
            (answer(200, &[], r#"{"error":"no"}"#), Err((Code::SourceNotThis, Some(SourceRefusal::NoServers)))),
            (answer(401, &[], ""), Err((Code::SourceRejectedSecret, None))),
            (answer(200, &[], r#"{"s":"error","v":"unauthorized"}"#), Err((Code::SourceRejectedSecret, None))),
            (
                answer(200, &[], r#"{"s":"error","v":"path_not_found"}"#),
                Err((Code::SourceNotThis, Some(SourceRefusal::NoAccount))),
            ),
            (answer(302, &away, ""), Err((Code::SourceRedirects, Some(SourceRefusal::LeadsTo { place })))),
        ] {
            assert_eq!(ends(heard), expected);
        }
        let many = format!("[{}]", vec![r#"{"urls":"stun:h"}"#; 300].join(","));
        let too_many = SourceRefusal::TooManyServers { count: 300 };
        assert_eq!(ends(answer(200, &[], &many)), Err((Code::SourceNotThis, Some(too_many))));
    }

    #[test]
    fn a_body_is_posted_as_what_it_is_and_follows_no_redirect() {
        let url = Url::parse("https://app.example/ice").expect("is one");
        for (body, kind) in [(r#"{"room":"x"}"#, "application/json"), ("a=1&b=2", "application/x-www-form-urlencoded")]
        {
            let mut endpoint = JsonEndpoint::new(url.clone(), None, None, Some(&Secret::new(body)));
            let SourceStep::Ask(asked) = endpoint.next(0, SourceHeard::Begin) else { panic!("asks") };
            assert_eq!((asked.method, asked.body.as_slice()), (WebMethod::Post, body.as_bytes()));
            assert_eq!(asked.headers[0], ("content-type", Secret::new(kind)));
            let step = endpoint.next(0, answer(307, &[("location", "/other")], ""));
            assert!(matches!(&step, SourceStep::Refuse(fault) if fault.code == Code::SourceRedirects), "{step:?}");
        }
    }

    #[test]
    fn a_redirect_is_followed_within_the_origin_and_not_for_ever() {
        let mut endpoint = endpoint();
        let asked = (0..10).take_while(|_| {
            let step = endpoint.next(0, answer(307, &[("location", "/ice/")], ""));
            matches!(step, SourceStep::Ask(request) if request.url.as_str() == "https://app.example/ice/")
        });
        assert_eq!(asked.count(), usize::from(REDIRECTS_MAX));
    }

    #[test]
    fn a_redirect_to_another_scheme_or_port_takes_no_secret_along() {
        for to in ["http://app.example/ice", "https://app.example:8443/ice", "//evil.example/ice"] {
            let step = endpoint().next(0, answer(302, &[("location", to)], ""));
            assert!(
                matches!(&step, SourceStep::Refuse(fault) if fault.code == Code::SourceRedirects),
                "{to}: {step:?}"
            );
        }
    }
}
