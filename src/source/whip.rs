//! An endpoint of WHIP or WHEP: the ICE servers stand in `Link` headers (RFC 9725 §4.6).
//!
//! `OPTIONS` makes nothing and is asked first. A server that tells them with a session alone is asked for one of WHEP, as a viewer,
//! and the session is deleted again. Of WHIP none is made: it could put a broadcaster out who is on the air.

use super::endpoint::basic;
use super::link_header::ice_servers;
use super::message::{Secret, WebAnswer, WebMethod, WebRequest};
use super::offer::SourceOffer;
use super::status::{refusal, refused};
use super::{Provider, SourceHeard, SourceStep};
use crate::configuration::Fault;
use crate::model::{Code, Detail, Severity, SourceRefusal};
use serde_json::json;
use url::Url;

/// What a viewer offers that wants to see and hear and says nothing of itself. Nobody ever connects by it.
const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:none\r\na=ice-pwd:nobodyconnectsbythis0000\r\n\
    a=fingerprint:sha-256 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00\r\n\
    a=setup:actpass\r\na=mid:0\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:none\r\na=ice-pwd:nobodyconnectsbythis0000\r\n\
    a=fingerprint:sha-256 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00\r\n\
    a=setup:actpass\r\na=mid:1\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:96 H264/90000\r\n";

/// Which of the two an endpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaDirection {
    /// WHIP (RFC 9725): media comes to it.
    In,
    /// WHEP: media comes from it.
    Out,
}

/// Which request was sent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SourceRequest {
    Options,
    Session,
    Leaving,
}

/// One endpoint.
pub(super) struct MediaEndpoint {
    url: Url,
    direction: MediaDirection,
    authorization: Option<Secret>,
    asked: SourceRequest,
    /// A session that was made, to be deleted; and whether a request for one was sent.
    session: Option<Url>,
    may_be_made: bool,
}

impl MediaEndpoint {
    /// The secret is a bearer's (RFC 9725 §4.7), or with a user name the password of Basic.
    pub(super) fn new(url: Url, direction: MediaDirection, user: Option<&str>, secret: Option<&Secret>) -> Self {
        let authorization = secret.map(|secret| match user {
            Some(user) => basic(user, secret),
            None => Secret::new(format!("Bearer {}", secret.reveal())),
        });
        let asked = SourceRequest::Options;
        Self { url, direction, authorization, asked, session: None, may_be_made: false }
    }

    fn ask(&mut self, asked: SourceRequest, mut request: WebRequest) -> SourceStep {
        self.asked = asked;
        request.headers.extend(self.authorization.iter().map(|secret| ("authorization", secret.clone())));
        SourceStep::Ask(request)
    }

    fn ask_session(&mut self) -> SourceStep {
        self.may_be_made = true;
        let request = WebRequest { body: OFFER.into(), ..WebRequest::new(WebMethod::Post, self.url.clone()) };
        self.ask(SourceRequest::Session, request.with("content-type", "application/sdp"))
    }

    fn answered(&mut self, answer: &WebAnswer) -> SourceStep {
        if self.asked == SourceRequest::Session {
            self.session = answer.header("location").and_then(|to| self.url.join(to).ok());
            self.may_be_made = (200..300).contains(&answer.status);
        }
        let servers = ice_servers(answer);
        // That a server knows no OPTIONS says nothing of it.
        let has_options = !matches!(answer.status, 404 | 405 | 501) || self.direction == MediaDirection::In;
        if has_options || self.asked == SourceRequest::Session {
            if let Some(fault) = refused(answer, &self.url, self.authorization.is_some()) {
                return SourceStep::Refuse(fault);
            }
            if answer.is_page() {
                return self.refuse(SourceRefusal::WebPage);
            }
        }
        match (servers.is_empty(), self.asked, self.direction) {
            (false, ..) => match SourceOffer::read(&json!({"iceServers": servers}), &self.url) {
                Ok(offer) => SourceStep::Offer(Box::new(SourceOffer { is_held: self.may_be_made, ..offer })),
                Err(fault) => SourceStep::Refuse(fault),
            },
            (true, SourceRequest::Options, MediaDirection::Out) => self.ask_session(),
            (true, ..) => self.refuse(SourceRefusal::NoLinks),
        }
    }

    fn refuse(&self, why: SourceRefusal) -> SourceStep {
        SourceStep::Refuse(refusal(Code::SourceNotThis, &self.url, Some(why.into())))
    }

    fn told_of_session(&self, code: Code, severity: Severity) -> Fault {
        let about = Detail::default().server(super::message::origin(&self.url)).name("WHEP".to_owned());
        Fault { code, severity, about }
    }
}

impl Provider for MediaEndpoint {
    fn next(&mut self, _: u64, heard: SourceHeard) -> SourceStep {
        match (heard, self.asked) {
            (SourceHeard::Answered(WebAnswer { status: 200..=299 | 404, .. }), SourceRequest::Leaving) => {
                SourceStep::Left(vec![self.told_of_session(Code::SourceMadeAndRemoved, Severity::Info)])
            }
            (_, SourceRequest::Leaving) => {
                SourceStep::Left(vec![self.told_of_session(Code::SourceLeftBehind, Severity::Warning)])
            }
            (SourceHeard::Answered(answer), _) => self.answered(&answer),
            _ => self.ask(SourceRequest::Options, WebRequest::new(WebMethod::Options, self.url.clone())),
        }
    }

    fn leave(&mut self) -> Option<SourceStep> {
        if !std::mem::take(&mut self.may_be_made) {
            return None;
        }
        // The secret is for this host alone.
        let session = self.session.take().filter(|session| session.origin() == self.url.origin());
        match session {
            Some(session) => Some(self.ask(SourceRequest::Leaving, WebRequest::new(WebMethod::Delete, session))),
            None => Some(SourceStep::Left(self.left_behind())),
        }
    }

    fn left_behind(&self) -> Vec<Fault> {
        vec![self.told_of_session(Code::SourceLeftBehind, Severity::Warning)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = r#"<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="u"; credential="c"; credential-type="password""#;
    /// As LiveKit writes it, which browsers do not take.
    const ESCAPED: &str = r#"<turns:turn.example:443%3Ftransport=tcp>; rel="ice-server"; username="u"; credential="c""#;

    fn endpoint(direction: MediaDirection) -> MediaEndpoint {
        let url = Url::parse("https://media.example/cam/whep").expect("is one");
        MediaEndpoint::new(url, direction, None, Some(&Secret::new("canary")))
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> SourceHeard {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        SourceHeard::Answered(WebAnswer { status, headers, body: body.into() })
    }

    fn word(step: &SourceStep) -> String {
        match step {
            SourceStep::Ask(request) => format!("{} {}", request.method.as_str(), request.url),
            SourceStep::Offer(offer) => format!("{} held {}", offer.configuration.servers.len(), offer.is_held),
            SourceStep::Refuse(fault) => fault.code.to_string(),
            SourceStep::Left(faults) => faults.iter().map(|fault| fault.code.to_string()).collect(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn options_alone_tell_the_servers_of_a_server_that_has_them_there() {
        for direction in [MediaDirection::In, MediaDirection::Out] {
            let mut endpoint = endpoint(direction);
            let SourceStep::Ask(first) = endpoint.next(0, SourceHeard::Begin) else { panic!("asks") };
            assert_eq!((first.method, first.headers.len()), (WebMethod::Options, 1));
            let step = endpoint.next(0, answer(204, &[("link", LINK), ("link", ESCAPED)], ""));
            assert_eq!(word(&step), "2 held false");
            assert!(endpoint.leave().is_none());
        }
    }

    #[test]
    fn a_viewers_session_is_made_where_options_tell_nothing_and_deleted_again() {
        let made = [("link", LINK), ("location", "/cam/whep/1?x=canary")];
        for (options, status, expected) in [(204, 200, "source-made-and-removed"), (405, 500, "source-left-behind")] {
            let mut endpoint = endpoint(MediaDirection::Out);
            endpoint.next(0, SourceHeard::Begin);
            assert_eq!(word(&endpoint.next(0, answer(options, &[], ""))), "POST https://media.example/cam/whep");
            assert_eq!(word(&endpoint.next(0, answer(201, &made, "v=0"))), "1 held true");
            let leaving = endpoint.leave().expect("deletes");
            assert_eq!(word(&leaving), "DELETE https://media.example/cam/whep/1?x=canary");
            assert_eq!(word(&endpoint.next(0, answer(status, &[], ""))), expected);
            assert!(endpoint.leave().is_none());
        }
    }

    #[test]
    fn a_session_elsewhere_is_not_shown_the_secret_and_is_told_as_left() {
        let mut endpoint = endpoint(MediaDirection::Out);
        endpoint.next(0, SourceHeard::Begin);
        endpoint.next(0, answer(204, &[], ""));
        endpoint.next(0, answer(201, &[("link", LINK), ("location", "https://evil.example/1")], ""));
        assert_eq!(endpoint.leave().as_ref().map(word).as_deref(), Some("source-left-behind"));
    }

    #[test]
    fn each_refusal_has_its_own_word_and_nobody_is_put_off_the_air() {
        use MediaDirection::{In, Out};
        for (direction, heard, expected) in [
            (In, answer(204, &[], ""), "source-not-this"),
            (In, answer(405, &[], ""), "source-not-this"),
            (Out, answer(401, &[], ""), "source-rejected-secret"),
            (Out, answer(403, &[], ""), "source-forbidden"),
            (Out, answer(302, &[("location", "https://login.example")], ""), "source-redirects"),
            (Out, answer(200, &[("content-type", "text/html")], "<html>"), "source-not-this"),
            (Out, answer(503, &[], ""), "source-fails"),
        ] {
            let mut endpoint = endpoint(direction);
            endpoint.next(0, SourceHeard::Begin);
            assert_eq!(word(&endpoint.next(0, heard)), expected);
        }
        let mut endpoint = endpoint(Out);
        endpoint.next(0, SourceHeard::Begin);
        endpoint.next(0, answer(405, &[], ""));
        assert_eq!(word(&endpoint.next(0, answer(404, &[], ""))), "source-not-this");
        assert!(endpoint.leave().is_none());
    }
}
