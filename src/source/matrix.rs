//! A Matrix home server: what `turnServer` answers to one of its users (Client-Server API, "VoIP").
//!
//! With a password in place of an access token the user signs in and out again, once: home servers lock out whoever guesses.

use super::message::{Secret, WebAnswer, WebMethod, WebRequest, origin};
use super::offer::SourceOffer;
use super::status::{refusal, refused, unexpected};
use super::{Provider, SourceHeard, SourceStep};
use crate::configuration::Fault;
use crate::model::{Code, Detail, Severity};
use serde_json::{Value, json};
use url::Url;

/// What the user sees among the devices while we are signed in.
const DEVICE: &str = "rtc-doctor";

/// Which request was sent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SourceRequest {
    Login,
    Servers,
    Logout,
}

/// One home server.
pub(super) struct HomeServer {
    base: Url,
    /// Who signs in with a password; None where the secret is an access token.
    user: Option<String>,
    secret: Secret,
    /// A token that was given for the password, and is to be given back.
    token: Option<Secret>,
    asked: SourceRequest,
    /// The user may be signed in by us.
    may_be_in: bool,
}

impl HomeServer {
    pub(super) fn new(base: Url, user: Option<String>, secret: Secret) -> Self {
        Self { base, user, secret, token: None, asked: SourceRequest::Servers, may_be_in: false }
    }

    fn api(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["_matrix", "client", "v3"]).extend(path);
        }
        url
    }

    fn bearing(&self, request: WebRequest) -> WebRequest {
        let token = self.token.as_ref().unwrap_or(&self.secret);
        request.with("authorization", format!("Bearer {}", token.reveal()))
    }

    fn begin(&mut self) -> SourceStep {
        let Some(user) = &self.user else { return self.ask_servers() };
        let identifier = json!({"type": "m.id.user", "user": user});
        let body = json!({"type": "m.login.password", "identifier": identifier, "password": self.secret.reveal(),
            "initial_device_display_name": DEVICE});
        self.asked = SourceRequest::Login;
        self.may_be_in = true;
        SourceStep::Ask(WebRequest::post_json(self.api(&["login"]), &body))
    }

    fn ask_servers(&mut self) -> SourceStep {
        self.asked = SourceRequest::Servers;
        SourceStep::Ask(self.bearing(WebRequest::new(WebMethod::Get, self.api(&["voip", "turnServer"]))))
    }

    fn answered(&mut self, answer: &WebAnswer) -> SourceStep {
        let said = answer.json().unwrap_or_default();
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        if let Some(mut fault) = refused(answer, &self.base, true) {
            if self.asked == SourceRequest::Login && answer.status < 500 {
                self.may_be_in = false;
            }
            // The names of the specification tell more than the status ("Standard error response").
            match text("errcode") {
                Some("M_UNKNOWN_TOKEN") if said.get("soft_logout").and_then(Value::as_bool) == Some(true) => {
                    fault.code = Code::SourceTokenExpired;
                }
                Some("M_FORBIDDEN") if self.asked == SourceRequest::Login => fault.code = Code::SourceRejectedSecret,
                // Of home servers without TURN some say so with the status of a path that is not there.
                Some("M_NOT_FOUND") if self.asked == SourceRequest::Servers => fault.code = Code::SourceOffersNothing,
                _ => {}
            }
            return SourceStep::Refuse(fault);
        }
        if self.asked == SourceRequest::Login {
            return match text("access_token") {
                Some(token) => {
                    self.token = Some(Secret::new(token));
                    self.ask_servers()
                }
                None => SourceStep::Refuse(unexpected("login", &self.base)),
            };
        }
        if !said.is_object() {
            return SourceStep::Refuse(refusal(Code::SourceNotThis, &self.base, None));
        }
        // Without TURN the answer is empty, or its list is.
        let none = json!({"iceServers": []});
        let uris = said.get("uris").and_then(Value::as_array);
        match SourceOffer::read(if uris.is_none_or(Vec::is_empty) { &none } else { &said }, &self.base) {
            Ok(offer) => SourceStep::Offer(Box::new(offer)),
            Err(fault) => SourceStep::Refuse(fault),
        }
    }
}

impl Provider for HomeServer {
    fn next(&mut self, _: u64, heard: SourceHeard) -> SourceStep {
        match heard {
            SourceHeard::Answered(WebAnswer { status: 200..=299 | 401, .. }) if self.asked == SourceRequest::Logout => {
                self.may_be_in = false;
                SourceStep::Left(Vec::new())
            }
            _ if self.asked == SourceRequest::Logout => SourceStep::Left(self.left_behind()),
            SourceHeard::Answered(answer) => self.answered(&answer),
            _ => self.begin(),
        }
    }

    fn leave(&mut self) -> Option<SourceStep> {
        if self.token.is_none() {
            return self.may_be_in.then(|| SourceStep::Left(self.left_behind()));
        }
        self.asked = SourceRequest::Logout;
        let logout = self.bearing(WebRequest::post_json(self.api(&["logout"]), &json!({})));
        self.token = None;
        Some(SourceStep::Ask(logout))
    }

    fn left_behind(&self) -> Vec<Fault> {
        let about = Detail::default().server(origin(&self.base)).name(DEVICE.to_owned());
        let fault = Fault { code: Code::SourceLeftBehind, severity: Severity::Warning, about };
        Some(fault).filter(|_| self.may_be_in).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TURN: &str =
        r#"{"username":"1800003600:@alice:hs.example","password":"p","ttl":3600,"uris":["turn:h?transport=udp"]}"#;

    fn server(user: Option<&str>) -> HomeServer {
        let base = Url::parse("https://hs.example").expect("is one");
        HomeServer::new(base, user.map(str::to_owned), Secret::new("canary"))
    }

    fn answer(status: u16, body: &str) -> SourceHeard {
        SourceHeard::Answered(WebAnswer { status, headers: Vec::new(), body: body.into() })
    }

    fn asked(step: &SourceStep) -> (String, String) {
        let SourceStep::Ask(request) = step else { panic!("{step:?}") };
        let bearer = request.headers.iter().find(|(name, _)| *name == "authorization");
        let bearer = bearer.map(|(_, value)| value.reveal().to_owned()).unwrap_or_default();
        (format!("{} {}", request.method.as_str(), request.url.path()), bearer)
    }

    #[test]
    fn with_an_access_token_one_request_does() {
        let mut server = server(None);
        let path = "GET /_matrix/client/v3/voip/turnServer".to_owned();
        assert_eq!(asked(&server.next(0, SourceHeard::Begin)), (path, "Bearer canary".to_owned()));
        let SourceStep::Offer(offer) = server.next(0, answer(200, TURN)) else { panic!("offers") };
        assert_eq!((offer.life_s(0), offer.configuration.servers.len()), (Some(3600), 1));
        assert!(server.leave().is_none(), "the token is the user's own");
    }

    #[test]
    fn with_a_password_the_user_signs_in_and_out_again() {
        let mut server = server(Some("alice"));
        assert_eq!(asked(&server.next(0, SourceHeard::Begin)).0, "POST /_matrix/client/v3/login");
        let step = server.next(0, answer(200, r#"{"access_token":"fresh"}"#));
        assert_eq!(asked(&step).1, "Bearer fresh");
        assert!(matches!(server.next(0, answer(200, TURN)), SourceStep::Offer(_)));
        let logout = server.leave().expect("signs out");
        assert_eq!(asked(&logout), ("POST /_matrix/client/v3/logout".to_owned(), "Bearer fresh".to_owned()));
        assert!(matches!(server.next(0, answer(200, "{}")), SourceStep::Left(left) if left.is_empty()));
        assert!(server.leave().is_none() && server.left_behind().is_empty());
    }

    #[test]
    fn a_sign_in_that_may_stand_is_told() {
        let mut server = server(Some("alice"));
        server.next(0, SourceHeard::Begin);
        let left = server.leave();
        assert!(matches!(left, Some(SourceStep::Left(left)) if left.len() == 1), "it may be answered yet");
        server.next(0, answer(200, r#"{"access_token":"fresh"}"#));
        server.next(0, answer(200, TURN));
        server.leave().expect("signs out");
        let SourceStep::Left(left) = server.next(0, answer(500, "")) else { panic!("is over") };
        assert_eq!(left[0].code, Code::SourceLeftBehind);
    }

    #[test]
    fn a_home_server_without_turn_is_told_from_one_that_refuses() {
        for (user, heard, expected) in [
            (None, answer(401, r#"{"errcode":"M_MISSING_TOKEN"}"#), Code::SourceRejectedSecret),
            (None, answer(401, r#"{"errcode":"M_UNKNOWN_TOKEN","soft_logout":false}"#), Code::SourceRejectedSecret),
            (None, answer(401, r#"{"errcode":"M_UNKNOWN_TOKEN","soft_logout":true}"#), Code::SourceTokenExpired),
            (Some("alice"), answer(403, r#"{"errcode":"M_FORBIDDEN"}"#), Code::SourceRejectedSecret),
            (
                Some("alice"),
                answer(429, r#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":318173}"#),
                Code::SourceLimited,
            ),
            (None, answer(404, r#"{"errcode":"M_NOT_FOUND"}"#), Code::SourceOffersNothing),
            (None, answer(404, "<html>"), Code::SourceNotThis),
            (None, answer(200, "[]"), Code::SourceNotThis),
            (Some("alice"), answer(200, "{}"), Code::SourceNotThis),
        ] {
            let mut server = server(user);
            server.next(0, SourceHeard::Begin);
            let step = server.next(0, heard);
            assert!(matches!(&step, SourceStep::Refuse(fault) if fault.code == expected), "{expected}: {step:?}");
        }
        for nothing in ["{}", r#"{"username":"","password":"","ttl":0,"uris":[]}"#] {
            let mut server = server(None);
            server.next(0, SourceHeard::Begin);
            let SourceStep::Offer(offer) = server.next(0, answer(200, nothing)) else { panic!("{nothing}") };
            assert!(offer.configuration.servers.is_empty());
        }
    }
}
