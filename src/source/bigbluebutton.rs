//! BigBlueButton: what it tells a participant of a meeting, who has come by a join address or stands in the meeting already.
//!
//! A join address holds a checksum in place of a password. Whoever only follows it is not in the meeting yet: the client would
//! connect next, and does not.

use super::message::{WebAnswer, WebMethod, WebRequest};
use super::offer::SourceOffer;
use super::status::{refusal, refused, unexpected};
use super::xml::XmlStream;
use super::{Provider, SourceHeard, SourceStep};
use crate::model::{Code, SourceRefusal};
use serde_json::Value;
use url::Url;

/// Of a join one leads to the client; none is known with more than two.
const REDIRECTS_MAX: u8 = 3;

/// What names the participant, in the client's address and in the requests of the client.
const TOKEN: &str = "sessionToken";

/// One participant.
pub(super) struct BigBlueButton {
    url: Url,
    /// The session's cookies, as they go back.
    cookies: Vec<String>,
    redirects: u8,
    has_token: bool,
}

impl BigBlueButton {
    /// `url`: a join address, or that of the client with its token.
    pub(super) fn new(url: Url) -> Self {
        Self { url, cookies: Vec::new(), redirects: 0, has_token: false }
    }

    fn ask(&self, url: Url) -> SourceStep {
        let mut request = WebRequest::new(WebMethod::Get, url);
        if !self.cookies.is_empty() {
            request = request.with("cookie", self.cookies.join("; "));
        }
        SourceStep::Ask(request)
    }

    fn ask_servers(&mut self, token: &str) -> SourceStep {
        self.has_token = true;
        let mut url = self.url.clone();
        url.set_path("/bigbluebutton/api/stuns");
        url.set_fragment(None);
        url.query_pairs_mut().clear().append_pair(TOKEN, token);
        self.ask(url)
    }

    fn refuse(&self, code: Code, why: impl Into<Option<SourceRefusal>>) -> SourceStep {
        SourceStep::Refuse(refusal(code, &self.url, why.into().map(Into::into)))
    }

    fn joined(&mut self, answer: &WebAnswer) -> SourceStep {
        let given = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        self.cookies.extend(given.filter_map(|(_, value)| Some(value.split(';').next()?.trim().to_owned())));
        let place = answer.header("location").and_then(|to| self.url.join(to).ok());
        match place.filter(|place| answer.status / 100 == 3 && place.origin() == self.url.origin()) {
            Some(place) if self.redirects < REDIRECTS_MAX => {
                self.redirects += 1;
                match token(&place) {
                    Some(token) => self.ask_servers(&token),
                    None => self.ask(place),
                }
            }
            _ => match refused(answer, &self.url, true) {
                Some(fault) => SourceStep::Refuse(fault),
                None => self.failed(&message_key(answer)),
            },
        }
    }

    /// What the server calls its reason (its API, "messageKey").
    fn failed(&self, key: &str) -> SourceStep {
        match key {
            "checksumError" => self.refuse(Code::SourceRejectedSecret, None),
            "missingSession" | "missingToken" | "invalidSessionToken" | "noSession" => {
                self.refuse(Code::SourceTokenExpired, None)
            }
            "guestDeny" | "maxParticipantsReached" => self.refuse(Code::SourceForbidden, None),
            "" => SourceStep::Refuse(unexpected("join", &self.url)),
            _ => self.refuse(Code::SourceNotThis, SourceRefusal::NoSession),
        }
    }

    fn served(&self, answer: &WebAnswer, now_s: u64) -> SourceStep {
        if let Some(fault) = refused(answer, &self.url, true) {
            return SourceStep::Refuse(fault);
        }
        let key = message_key(answer);
        if !key.is_empty() {
            return self.failed(&key);
        }
        match SourceOffer::of_answer(answer, &self.url, now_s) {
            Ok(offer) => SourceStep::Offer(Box::new(offer)),
            Err(fault) => SourceStep::Refuse(fault),
        }
    }
}

fn token(url: &Url) -> Option<String> {
    url.query_pairs().find(|(name, _)| name == TOKEN).map(|(_, token)| token.into_owned())
}

/// The reason in an answer that says one, in JSON or in XML; empty where it says none. What answers with servers refuses
/// whoever is in no meeting without a reason of this kind (bbb-web, ApiController).
fn message_key(answer: &WebAnswer) -> String {
    let of_json = answer.json().and_then(|said| {
        let inner = said.get("response").unwrap_or(&said);
        let key = inner.get("messageKey").and_then(Value::as_str);
        let has_failed = inner.get("returncode").and_then(Value::as_str) == Some("FAILED");
        key.or(has_failed.then_some("noSession")).map(str::to_owned)
    });
    let of_xml = || {
        let elements = XmlStream::default().feed(&answer.body)?;
        Some(elements.first()?.child("messageKey")?.text.trim().to_owned())
    };
    of_json.or_else(of_xml).unwrap_or_default()
}

impl Provider for BigBlueButton {
    fn next(&mut self, now_s: u64, heard: SourceHeard) -> SourceStep {
        match heard {
            SourceHeard::Answered(answer) if self.has_token => self.served(&answer, now_s),
            SourceHeard::Answered(answer) => self.joined(&answer),
            _ => match token(&self.url) {
                Some(token) => self.ask_servers(&token),
                None => self.ask(self.url.clone()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVERS: &str = r#"{"stunServers":[{"url":"stun:turn.example"}],"turnServers":[{"username":"u","password":"c",
        "url":"turns:turn.example:443?transport=tcp","ttl":86400}],"remoteIceCandidates":[]}"#;

    fn meeting(url: &str) -> BigBlueButton {
        BigBlueButton::new(Url::parse(url).expect("is one"))
    }

    fn joining() -> BigBlueButton {
        meeting("https://bbb.example/bigbluebutton/api/join?meetingID=m&checksum=canary")
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> SourceHeard {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        SourceHeard::Answered(WebAnswer { status, headers, body: body.into() })
    }

    fn asked(step: &SourceStep) -> (String, Vec<String>) {
        let SourceStep::Ask(request) = step else { panic!("{step:?}") };
        (request.url.to_string(), request.headers.iter().map(|(_, value)| value.reveal().to_owned()).collect())
    }

    fn code(step: &SourceStep) -> Code {
        let SourceStep::Refuse(fault) = step else { panic!("{step:?}") };
        fault.code
    }

    #[test]
    fn a_join_address_leads_to_the_servers_with_the_sessions_cookie() {
        let mut meeting = joining();
        meeting.next(0, SourceHeard::Begin);
        let headers = [
            ("set-cookie", "JSESSIONID=canary1; Path=/bigbluebutton; HttpOnly"),
            ("set-cookie", "bbb=2"),
            ("location", "/html5client/join?sessionToken=tok&x=y"),
        ];
        let (url, sent) = asked(&meeting.next(0, answer(302, &headers, "")));
        assert_eq!(url, "https://bbb.example/bigbluebutton/api/stuns?sessionToken=tok");
        assert_eq!(sent, ["JSESSIONID=canary1; bbb=2"]);
        let SourceStep::Offer(offer) = meeting.next(0, answer(200, &[], SERVERS)) else { panic!("offers") };
        assert_eq!((offer.configuration.servers.len(), offer.life_s(0)), (2, Some(86_400)));
    }

    #[test]
    fn the_address_of_the_client_has_the_token_already() {
        let mut meeting = meeting("https://bbb.example/html5client/join?sessionToken=tok");
        let (url, sent) = asked(&meeting.next(0, SourceHeard::Begin));
        assert_eq!((url.as_str(), sent.len()), ("https://bbb.example/bigbluebutton/api/stuns?sessionToken=tok", 0));
    }

    #[test]
    fn each_refusal_has_its_own_word() {
        let xml =
            |key: &str| format!("<response><returncode>FAILED</returncode><messageKey>{key}</messageKey></response>");
        let json = r#"{"response":{"returncode":"FAILED","messageKey":"missingSession","message":"canary"}}"#;
        for (heard, expected) in [
            (vec![answer(200, &[], &xml("checksumError"))], Code::SourceRejectedSecret),
            (vec![answer(200, &[], &xml("notFound"))], Code::SourceNotThis),
            (vec![answer(200, &[], &xml("guestDeny"))], Code::SourceForbidden),
            (vec![answer(200, &[], "<!DOCTYPE html><html>")], Code::SourceNotThis),
            (vec![answer(302, &[("location", "https://evil.example/?sessionToken=x")], "")], Code::SourceRedirects),
            (
                vec![answer(302, &[("location", "/x?sessionToken=x")], ""), answer(200, &[], json)],
                Code::SourceTokenExpired,
            ),
            (vec![answer(302, &[("location", "/x?sessionToken=x")], ""), answer(500, &[], "")], Code::SourceFails),
            (vec![answer(302, &[("location", "/x?sessionToken=x")], ""), answer(200, &[], "[")], Code::SourceNotThis),
        ] {
            let mut meeting = joining();
            let mut step = meeting.next(0, SourceHeard::Begin);
            for one in heard {
                step = meeting.next(0, one);
            }
            assert_eq!(code(&step), expected, "{step:?}");
        }
    }

    #[test]
    fn a_join_that_leads_in_circles_is_left() {
        let mut meeting = joining();
        meeting.next(0, SourceHeard::Begin);
        let circle = || answer(302, &[("location", "/again")], "");
        let asked = (0..100).take_while(|_| matches!(meeting.next(0, circle()), SourceStep::Ask(_))).count();
        assert_eq!(asked, 3);
    }
}
