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
    let (code, reason) = match answer.status {
        200..=299 => return None,
        300..=399 => {
            let leads = answer.header("location").and_then(|to| url.join(to).ok());
            (Code::SourceRedirects, reason(leads.map_or(SourceRefusal::LeadsNowhere, |to| leads_to(&to))))
        }
        401 if !has_secret => (Code::SourceRejectedSecret, reason(SourceRefusal::NoSecret)),
        401 | 407 => (Code::SourceRejectedSecret, None),
        403 => (Code::SourceForbidden, None),
        429 => (Code::SourceLimited, None),
        500..=599 => (Code::SourceFails, None),
        _ => (Code::SourceNotThis, answer.is_page().then_some(SourceRefusal::WebPage.into())),
    };
    let mut fault = refusal(code, url, reason);
    fault.about.code = Some(answer.status);
    Some(fault)
}

/// A service that answers a step of its own otherwise than it does: another product, or another release.
pub(super) fn unexpected(step: &str, url: &Url) -> Box<Fault> {
    let why = SourceRefusal::Unexpected { step: step.trim_start_matches('/').to_owned() };
    refusal(Code::SourceNotThis, url, Some(why.into()))
}

fn leads_to(url: &Url) -> SourceRefusal {
    SourceRefusal::LeadsTo { place: origin(url) }
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
    fn of_where_a_redirect_leads_the_origin_alone_is_told() {
        let url = Url::parse("https://app.example/ice").expect("is one");
        let headers = vec![("location".to_owned(), "https://login.example/?next=canary".to_owned())];
        let fault = refused(&WebAnswer { status: 307, headers, body: Vec::new() }, &url, true).expect("is refused");
        let place = "https://login.example".to_owned();
        assert_eq!(fault.about.reason, Some(SourceRefusal::LeadsTo { place }.into()));
    }
}
