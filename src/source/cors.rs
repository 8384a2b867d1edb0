//! Would a page of this origin get what a source answers? (Fetch standard, CORS protocol)
//!
//! Every request over HTTP is made as the page's browser would make it: after a preflight where that is needed, and with the
//! page's origin. What the browser would not hand to the page is a fault of the offer, which is made all the same.

use super::message::{WebAnswer, WebMethod, WebRequest, origin};
use super::{Provider, SourceHeard, SourceMessage, SourceStep};
use crate::configuration::Fault;
use crate::model::{Code, Detail, Severity, SourceRefusal};
use std::collections::BTreeSet;
use url::Url;

/// Headers that need no leave (Fetch §2.2.2, CORS-safelisted request-headers).
const SAFE_HEADERS: [&str; 2] = ["accept", "accept-language"];

/// Kinds of bodies that need no leave.
const SAFE_KINDS: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// A source as a page asks it.
pub(super) struct AskedByPage {
    inner: Box<dyn Provider>,
    page: Url,
    /// What is sent once its preflight is answered.
    waiting: Option<WebRequest>,
    /// What was asked last, if a browser would ask for its leave.
    asked: Option<WebRequest>,
    faults: Vec<Fault>,
}

impl AskedByPage {
    pub(super) fn new(inner: Box<dyn Provider>, page: Url) -> Self {
        Self { inner, page, waiting: None, asked: None, faults: Vec::new() }
    }

    fn origin(&self) -> String {
        self.page.origin().ascii_serialization()
    }

    /// A step of the source's own, as the page takes it.
    fn take(&mut self, step: SourceStep) -> SourceStep {
        match step {
            SourceStep::Ask(request) if request.url.origin() != self.page.origin() => self.ask(request),
            // A server may refuse those of other pages (RFC 6455 §10.2).
            SourceStep::Open(request) => SourceStep::Open(request.with("origin", self.origin())),
            SourceStep::Offer(mut offer) => {
                offer.faults.append(&mut self.faults);
                SourceStep::Offer(offer)
            }
            other => other,
        }
    }

    fn ask(&mut self, request: WebRequest) -> SourceStep {
        let headers = unsafe_headers(&request);
        // A player makes its session at once, and asks by no method of ours first: of that the answer alone is judged.
        if request.method == WebMethod::Options || headers.is_empty() && is_simple(request.method) {
            return self.send(request);
        }
        let mut preflight = WebRequest::new(WebMethod::Options, request.url.clone())
            .with("origin", self.origin())
            .with("access-control-request-method", request.method.as_str());
        if !headers.is_empty() {
            let named: Vec<&str> = headers.into_iter().collect();
            preflight = preflight.with("access-control-request-headers", named.join(","));
        }
        self.waiting = Some(request);
        SourceStep::Ask(preflight)
    }

    fn send(&mut self, request: WebRequest) -> SourceStep {
        let request = request.with("origin", self.origin());
        self.asked = Some(request.clone());
        SourceStep::Ask(request)
    }

    fn fault(&mut self, url: &Url, why: SourceRefusal) {
        // One that is mended shows the next.
        if self.faults.is_empty() {
            let about = Detail::default().server(origin(url)).mended(self.line(&why)).reason(Some(why.into()));
            self.faults.push(Fault { code: Code::SourceCorsMissing, severity: Severity::Critical, about });
        }
    }

    /// The header that would let the page have it.
    fn line(&self, why: &SourceRefusal) -> Option<String> {
        match why {
            SourceRefusal::NoAllowOrigin
            | SourceRefusal::OtherAllowOrigin
            | SourceRefusal::SeveralAllowOrigins { .. } => {
                Some(format!("Access-Control-Allow-Origin: {}", self.origin()))
            }
            SourceRefusal::NoAllowHeader { name } => Some(format!("Access-Control-Allow-Headers: {name}")),
            SourceRefusal::NoAllowMethod { name } => Some(format!("Access-Control-Allow-Methods: {name}")),
            SourceRefusal::LinkNotExposed => Some("Access-Control-Expose-Headers: Link".to_owned()),
            _ => None,
        }
    }

    /// Fetch §4.10, CORS check: the page's origin itself, or any.
    fn allow_origin(&self, answer: &WebAnswer) -> Option<SourceRefusal> {
        let named = answer.headers.iter().filter(|(name, _)| name == "access-control-allow-origin");
        // Of several a browser makes one, by commas (Fetch §2.2.2, get), which is the name of no page.
        let named: Vec<&str> = named.map(|(_, value)| value.trim()).collect();
        match named[..] {
            [] => Some(SourceRefusal::NoAllowOrigin),
            [allowed] if allowed == "*" || allowed == self.origin() => None,
            [_] => Some(SourceRefusal::OtherAllowOrigin),
            [..] => Some(SourceRefusal::SeveralAllowOrigins { count: named.len() }),
        }
    }

    /// Fetch §4.8, CORS-preflight fetch.
    fn preflight(&self, answer: &WebAnswer, request: &WebRequest) -> Option<SourceRefusal> {
        let listed = |name: &str| list(answer, name);
        let (methods, headers) = (listed("access-control-allow-methods"), listed("access-control-allow-headers"));
        let has = |all: &BTreeSet<String>, name: &str| all.contains(&name.to_ascii_lowercase());
        if !(200..300).contains(&answer.status) {
            return Some(SourceRefusal::PreflightRefused { status: answer.status });
        }
        if let Some(why) = self.allow_origin(answer) {
            return Some(why);
        }
        let method = request.method.as_str();
        if !is_simple(request.method) && !has(&methods, method) && !has(&methods, "*") {
            return Some(SourceRefusal::NoAllowMethod { name: method.to_owned() });
        }
        // The asterisk means every header but this one.
        let missing = unsafe_headers(request)
            .into_iter()
            .find(|name| !has(&headers, name) && (*name == "authorization" || !has(&headers, "*")));
        missing.map(|name| SourceRefusal::NoAllowHeader { name: name.to_owned() })
    }

    fn judge(&mut self, answer: &WebAnswer, request: &WebRequest) {
        let exposed = list(answer, "access-control-expose-headers");
        let has_link = answer.header("link").is_some_and(|links| links.contains("ice-server"));
        let hides_link = has_link && !exposed.contains("link") && !exposed.contains("*");
        let why = self.allow_origin(answer).or_else(|| hides_link.then_some(SourceRefusal::LinkNotExposed));
        if let Some(why) = why {
            self.fault(&request.url, why);
        }
    }
}

/// Fetch §2.2.1, CORS-safelisted methods.
fn is_simple(method: WebMethod) -> bool {
    matches!(method, WebMethod::Get | WebMethod::Post)
}

/// The headers that a browser asks for leave to send, in the order that it names them in.
fn unsafe_headers(request: &WebRequest) -> BTreeSet<&'static str> {
    let needs_leave = |name: &str, value: &str| match name {
        "content-type" => !SAFE_KINDS.iter().any(|kind| value.starts_with(kind)),
        // A browser sends these of itself.
        "referer" | "cookie" | "origin" => false,
        name => !SAFE_HEADERS.contains(&name),
    };
    request.headers.iter().filter(|(name, value)| needs_leave(name, value.reveal())).map(|(name, _)| *name).collect()
}

/// The words of a list in all headers of this name, in lower case.
fn list(answer: &WebAnswer, name: &str) -> BTreeSet<String> {
    let values = answer.headers.iter().filter(|(known, _)| known == name);
    values.flat_map(|(_, value)| value.split(',')).map(|word| word.trim().to_ascii_lowercase()).collect()
}

impl Provider for AskedByPage {
    fn next(&mut self, now_s: u64, heard: SourceHeard) -> SourceStep {
        if let Some(request) = self.waiting.take() {
            if let SourceHeard::Answered(answer) = &heard
                && let Some(why) = self.preflight(answer, &request)
            {
                self.fault(&request.url, why);
            }
            return self.send(request);
        }
        if let (SourceHeard::Answered(answer), Some(request)) = (&heard, self.asked.take()) {
            self.judge(answer, &request);
        }
        let step = self.inner.next(now_s, heard);
        self.take(step)
    }

    /// What leaves is no page's business.
    fn leave(&mut self) -> Option<SourceStep> {
        self.waiting = None;
        self.asked = None;
        self.inner.leave()
    }

    fn left_behind(&self) -> Vec<Fault> {
        self.inner.left_behind()
    }

    fn time_is_up(&mut self) -> Option<SourceStep> {
        let step = self.inner.time_is_up()?;
        Some(self.take(step))
    }

    fn ping(&mut self) -> Option<SourceMessage> {
        self.inner.ping()
    }
}

#[cfg(test)]
mod tests {
    use super::super::endpoint::JsonEndpoint;
    use super::super::message::Secret;
    use super::*;

    const PAGE: &str = "https://app.example";
    const SERVERS: &str = r#"[{"urls":"stun:h"}]"#;

    fn asked_by(page: &str, secret: Option<&str>) -> AskedByPage {
        let url = Url::parse("https://api.example/ice").expect("is one");
        let secret = secret.map(Secret::new);
        let inner = Box::new(JsonEndpoint::new(url, None, secret.as_ref(), None));
        AskedByPage::new(inner, Url::parse(page).expect("is one"))
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> SourceHeard {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        SourceHeard::Answered(WebAnswer { status, headers, body: body.into() })
    }

    fn header(step: &SourceStep, wanted: &str) -> Option<String> {
        let SourceStep::Ask(request) = step else { panic!("{step:?}") };
        let found = request.headers.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.reveal().to_owned())
    }

    fn mended(step: &SourceStep) -> Option<String> {
        let SourceStep::Offer(offer) = step else { panic!("{step:?}") };
        offer.faults.first().map(|fault| fault.about.mended.clone().unwrap_or_default())
    }

    const ANY: [(&str, &str); 1] = [("access-control-allow-origin", "*")];
    const OURS: [(&str, &str); 2] =
        [("access-control-allow-origin", PAGE), ("access-control-allow-headers", "Content-Type, AUTHORIZATION")];

    #[test]
    fn a_plain_request_needs_no_leave_and_its_answer_does() {
        for (headers, expected) in [
            (&ANY[..], None),
            (&OURS[..], None),
            (&[][..], Some("Access-Control-Allow-Origin: https://app.example")),
            (
                &[("access-control-allow-origin", "https://app.example/")][..],
                Some("Access-Control-Allow-Origin: https://app.example"),
            ),
        ] {
            let mut asked = asked_by(PAGE, None);
            let first = asked.next(0, SourceHeard::Begin);
            assert_eq!(header(&first, "origin").as_deref(), Some(PAGE));
            assert_eq!(mended(&asked.next(0, answer(200, headers, SERVERS))).as_deref(), expected);
        }
    }

    #[test]
    fn a_token_needs_leave_before_it_is_shown() {
        let (refused, origin) = ("", "Access-Control-Allow-Origin: https://app.example");
        for (status, headers, expected) in [
            (204, &OURS[..], None),
            // The asterisk is no leave for a token.
            (
                200,
                &[ANY[0], ("access-control-allow-headers", "*")][..],
                Some("Access-Control-Allow-Headers: authorization"),
            ),
            (204, &ANY[..], Some("Access-Control-Allow-Headers: authorization")),
            (204, &[][..], Some(origin)),
            (401, &OURS[..], Some(refused)),
            (302, &OURS[..], Some(refused)),
        ] {
            let mut asked = asked_by(PAGE, Some("canary"));
            let preflight = asked.next(0, SourceHeard::Begin);
            assert_eq!(header(&preflight, "authorization"), None, "it goes without the secret");
            assert_eq!(header(&preflight, "access-control-request-headers").as_deref(), Some("authorization"));
            let request = asked.next(0, answer(status, headers, ""));
            assert_eq!(header(&request, "authorization").as_deref(), Some("Bearer canary"));
            assert_eq!(
                mended(&asked.next(0, answer(200, &OURS, SERVERS))).as_deref(),
                expected,
                "{status} {headers:?}"
            );
        }
    }

    #[test]
    fn a_page_of_the_same_origin_needs_no_leave() {
        let mut asked = asked_by("https://api.example/app", Some("canary"));
        let first = asked.next(0, SourceHeard::Begin);
        assert_eq!((header(&first, "origin"), header(&first, "authorization").is_some()), (None, true));
        assert_eq!(mended(&asked.next(0, answer(200, &[], SERVERS))), None);
    }

    #[test]
    fn links_that_no_page_sees_are_told() {
        let url = Url::parse("https://media.example/whep").expect("is one");
        let endpoint = super::super::whip::MediaEndpoint::new(url, super::super::whip::MediaDirection::Out, None, None);
        let mut asked = AskedByPage::new(Box::new(endpoint), Url::parse(PAGE).expect("is one"));
        asked.next(0, SourceHeard::Begin);
        let link = ("link", "<stun:h>; rel=\"ice-server\"");
        let step = asked.next(0, answer(204, &[ANY[0], link], ""));
        assert_eq!(mended(&step).as_deref(), Some("Access-Control-Expose-Headers: Link"));
    }
}
