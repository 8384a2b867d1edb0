//! The AppRTC sample of Google App Engine and its clones: parameters whose values are JSON in text, and behind them an
//! address that answers with ICE servers. No room is entered.

use super::address::{is_as_public, web_address};
use super::message::{WebAnswer, WebMethod, WebRequest};
use super::offer::SourceOffer;
use super::status::{refusal, refused};
use super::{Provider, SourceHeard, SourceStep};
use crate::model::{Code, SourceRefusal};
use serde_json::Value;
use url::Url;

/// One deployment.
pub(super) struct AppRtc {
    base: Url,
    /// The address of the servers, once it is known and asked.
    servers: Option<Url>,
}

impl AppRtc {
    pub(super) fn new(base: Url) -> Self {
        Self { base, servers: None }
    }

    fn parameters(&mut self, answer: &WebAnswer) -> SourceStep {
        let Some(parameters) = answer.json().filter(Value::is_object) else {
            let why = if answer.is_page() { SourceRefusal::WebPage } else { SourceRefusal::NoJson };
            return SourceStep::Refuse(refusal(Code::SourceNotThis, &self.base, Some(why.into())));
        };
        let text = |name: &str| parameters.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let named = text("ice_server_url").map(|named| match self.base.join(named) {
            // As a page of the deployment would ask it.
            Ok(url) if url.origin() == self.base.origin() => Ok(url),
            _ => web_address(named),
        });
        match named {
            Some(Ok(url)) if is_as_public(&url, &self.base) => {
                self.servers = Some(url.clone());
                // The sample sends its own origin along, by which the service tells whom it is for.
                let request = WebRequest::new(WebMethod::Post, url).with("referer", self.base.as_str());
                SourceStep::Ask(request)
            }
            Some(_) => {
                let why = SourceRefusal::Unexpected { step: "ice_server_url".to_owned() };
                SourceStep::Refuse(refusal(Code::SourceNotThis, &self.base, Some(why.into())))
            }
            None => self.offer(parameters.get("pc_config").unwrap_or(&Value::Null)),
        }
    }

    fn offer(&self, document: &Value) -> SourceStep {
        // A configuration in a text is one as it stands.
        let inner = document.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        match SourceOffer::read(inner.as_ref().unwrap_or(document), &self.base) {
            Ok(offer) => SourceStep::Offer(Box::new(offer)),
            Err(fault) => SourceStep::Refuse(fault),
        }
    }
}

impl Provider for AppRtc {
    fn next(&mut self, now_s: u64, heard: SourceHeard) -> SourceStep {
        let SourceHeard::Answered(answer) = heard else {
            let mut url = self.base.clone();
            if let Ok(mut segments) = url.path_segments_mut() {
                segments.pop_if_empty().push("params");
            }
            return SourceStep::Ask(WebRequest::new(WebMethod::Get, url));
        };
        let at = self.servers.as_ref().unwrap_or(&self.base);
        if let Some(fault) = refused(&answer, at, false) {
            return SourceStep::Refuse(fault);
        }
        if self.servers.is_none() {
            return self.parameters(&answer);
        }
        match SourceOffer::of_answer(&answer, at, now_s) {
            Ok(offer) => SourceStep::Offer(Box::new(offer)),
            Err(fault) => SourceStep::Refuse(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, body: &Value) -> SourceHeard {
        SourceHeard::Answered(WebAnswer { status, headers: Vec::new(), body: body.to_string().into() })
    }

    fn begun() -> AppRtc {
        let mut app = AppRtc::new(Url::parse("https://apprtc.example").expect("is one"));
        let SourceStep::Ask(request) = app.next(0, SourceHeard::Begin) else { panic!("asks") };
        assert_eq!(request.url.as_str(), "https://apprtc.example/params");
        app
    }

    #[test]
    fn the_address_of_the_servers_is_asked_and_else_the_configuration_in_the_parameters_is_taken() {
        let mut app = begun();
        let parameters = json!({"pc_config": "{}", "ice_server_url": "https://ice.example/v1alpha/iceconfig?key=k"});
        let SourceStep::Ask(request) = app.next(0, answer(200, &parameters)) else { panic!("asks") };
        assert_eq!((request.method, request.body.len()), (WebMethod::Post, 0));
        let servers = json!({"lifetimeDuration": "86400s", "iceServers": [{"urls": ["stun:h"]}]});
        let SourceStep::Offer(offer) = app.next(0, answer(200, &servers)) else { panic!("offers") };
        assert_eq!((offer.life_s(0), offer.configuration.servers.len()), (Some(86_400), 1));

        let parameters = json!({"pc_config": r#"{"iceServers":[{"urls":"stun:h"}]}"#, "ice_server_url": ""});
        let SourceStep::Offer(offer) = begun().next(0, answer(200, &parameters)) else { panic!("offers") };
        assert_eq!(offer.configuration.servers.len(), 1);
    }

    #[test]
    fn an_address_of_the_deployments_own_may_be_relative() {
        let SourceStep::Ask(request) = begun().next(0, answer(200, &json!({"ice_server_url": "/v1alpha/ice?key=k"})))
        else {
            panic!("asks")
        };
        assert_eq!(request.url.as_str(), "https://apprtc.example/v1alpha/ice?key=k");
    }

    #[test]
    fn what_is_no_address_of_the_web_is_not_asked() {
        for url in [
            "turn:turn.example:3478",
            "http://ice.example/",
            "file:///etc/passwd",
            "http://127.0.0.1/admin/reboot",
            "http://localhost/admin",
            "https://10.0.0.1/",
            "https://[::1]/",
        ] {
            let step = begun().next(0, answer(200, &json!({"ice_server_url": url})));
            assert!(matches!(&step, SourceStep::Refuse(fault) if fault.code == Code::SourceNotThis), "{url}: {step:?}");
        }
    }

    #[test]
    fn a_copy_that_still_asks_somebody_elses_service_is_refused_there() {
        let mut app = begun();
        app.next(0, answer(200, &json!({"ice_server_url": "https://ice.example/?key=None"})));
        let SourceStep::Refuse(fault) = app.next(0, answer(403, &json!({}))) else { panic!("is refused") };
        assert_eq!((fault.code, fault.about.server.as_deref()), (Code::SourceForbidden, Some("https://ice.example")));
    }
}
