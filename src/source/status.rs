//! What does the status of an answer say of its source? (RFC 9110 §15)

use super::message::{WebAnswer, origin};
use crate::configuration::Fault;
use crate::model::{Code, Detail, Reason, Severity, SourceRefusal};
use url::Url;

/// Why there are no servers, as a fault of the source at `url`.
pub(super) fn refusal(code: Code, url: &Url, reason: impl Into<Option<Reason>>) -> Box<Fault> {
    let about = Detail::default().server(origin(url)).reason(reason);
    Box::new(Fault { code, severity: Severity::Critical, about })
}

/// What is wrong with an answer whose status is none of success; None where it is one.
pub(super) fn refused(answer: &WebAnswer, url: &Url, has_secret: bool) -> Option<Box<Fault>> {
    let reason = |refusal: SourceRefusal| Some(Reason::from(refusal));
    // A key stands in the address as often as in a header.
    let has_secret = has_secret || url.query().is_some();
    let (code, reason) = match answer.status {
        200..=299 => return None,
        300..=399 => {
            let leads = answer.header("location").and_then(|to| url.join(to).ok());
            (Code::SourceRedirects, reason(leads.map_or(SourceRefusal::LeadsNowhere, |to| leads_to(&to, url))))
        }
        401 | 403 | 407 if !has_secret => (Code::SourceWantsSecret, None),
        401 | 407 => (Code::SourceRejectedSecret, None),
        403 => (Code::SourceForbidden, None),
        429 => (Code::SourceLimited, pause(answer).and_then(|seconds| reason(SourceRefusal::Pause { seconds }))),
        500..=599 => (Code::SourceFails, None),
        405 => (Code::SourceNotThis, reason(SourceRefusal::OtherMethod)),
        404 | 410 => (Code::SourceNotThis, reason(SourceRefusal::NothingThere)),
        _ => (Code::SourceNotThis, answer.is_page().then_some(SourceRefusal::WebPage.into())),
    };
    let mut fault = refusal(code, url, reason);
    fault.about.code = Some(answer.status);
    Some(fault)
}

/// A WebSocket was asked for, and this came instead of one (RFC 6455 §4.2.2).
pub(super) fn no_socket(answer: &WebAnswer, url: &Url) -> Box<Fault> {
    let mut fault = refusal(Code::SourceNoWebSocket, url, None);
    fault.about.code = Some(answer.status);
    fault
}

/// A service that answers a step of its own otherwise than it does: another product, or another release.
pub(super) fn unexpected(step: &str, url: &Url) -> Box<Fault> {
    let why = SourceRefusal::Unexpected { step: step.trim_start_matches('/').to_owned() };
    refusal(Code::SourceNotThis, url, Some(why.into()))
}

/// To another host, which the secret is not for; or within the same, where a few were followed.
fn leads_to(to: &Url, from: &Url) -> SourceRefusal {
    if to.origin() == from.origin() {
        return SourceRefusal::LeadsOn;
    }
    SourceRefusal::LeadsTo { place: origin(to) }
}

/// The pause that an answer asks for, in seconds (RFC 9110 §10.2.3), or as Matrix says it in milliseconds.
fn pause(answer: &WebAnswer) -> Option<u64> {
    let of_header = answer.header("retry-after").and_then(|after| after.trim().parse().ok());
    of_header.or_else(|| answer.json()?.get("retry_after_ms")?.as_u64().map(|ms| ms.div_ceil(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_own_word() {
        let url = Url::parse("https://app.example/ice?key=k").expect("is one");
        for (status, code) in [
            (302, Code::SourceRedirects),
            (401, Code::SourceRejectedSecret),
            (403, Code::SourceForbidden),
            (404, Code::SourceNotThis),
            (429, Code::SourceLimited),
            (503, Code::SourceFails),
        ] {
            let fault = refused(&WebAnswer { status, ..WebAnswer::default() }, &url, true).expect("is refused");
            assert_eq!((fault.code, fault.about.code), (code, Some(status)));
            assert_eq!(fault.about.server.as_deref(), Some("https://app.example"), "without its path and query");
        }
        assert_eq!(refused(&WebAnswer { status: 201, ..WebAnswer::default() }, &url, true), None);
    }

    #[test]
    fn what_was_shown_no_secret_is_not_told_of_one() {
        let url = Url::parse("https://app.example/ice").expect("is one");
        for status in [401, 403, 407] {
            let fault = refused(&WebAnswer { status, ..WebAnswer::default() }, &url, false).expect("is refused");
            assert_eq!((fault.code, fault.about.code), (Code::SourceWantsSecret, Some(status)));
        }
    }

    #[test]
    fn a_pause_is_told_by_the_header_and_as_matrix_says_it() {
        let url = Url::parse("https://app.example/ice").expect("is one");
        let header = vec![("retry-after".to_owned(), "30".to_owned())];
        let matrix = r#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":318173}"#;
        for (headers, body, expected) in
            [(header, "", Some(30)), (Vec::new(), matrix, Some(319)), (Vec::new(), "", None)]
        {
            let answer = WebAnswer { status: 429, headers, body: body.into() };
            let fault = refused(&answer, &url, true).expect("is refused");
            let reason = expected.map(|seconds| SourceRefusal::Pause { seconds }.into());
            assert_eq!((fault.code, fault.about.reason), (Code::SourceLimited, reason));
        }
    }

    #[test]
    fn a_redirect_within_one_host_leads_on_and_not_to_another() {
        let url = Url::parse("https://app.example/ice").expect("is one");
        let headers = vec![("location".to_owned(), "/ice".to_owned())];
        let fault = refused(&WebAnswer { status: 302, headers, body: Vec::new() }, &url, true).expect("is refused");
        assert_eq!(fault.about.reason, Some(SourceRefusal::LeadsOn.into()));
    }

    #[test]
    fn of_where_a_redirect_leads_the_origin_alone_is_told() {
        let url = Url::parse("https://app.example/ice").expect("is one");
        let headers = vec![("location".to_owned(), "https://login.example/?next=canary".to_owned())];
        let fault = refused(&WebAnswer { status: 307, headers, body: Vec::new() }, &url, true).expect("is refused");
        let place = "https://login.example".to_owned();
        assert_eq!(fault.about.reason, Some(SourceRefusal::LeadsTo { place }.into()));
    }
}
