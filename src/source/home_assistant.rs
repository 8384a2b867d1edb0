//! Home Assistant: what its WebSocket answers to one who may watch its cameras.
//!
//! `web_rtc/ice_servers` is of 2026.1; before it a camera's own configuration was asked for, whose name has to be given.

use super::message::{Secret, SourceMessage, WebMethod, WebRequest};
use super::offer::SourceOffer;
use super::status::{no_socket, refusal, unexpected};
use super::{Provider, SourceHeard, SourceStep};
use crate::model::{Code, SourceRefusal, Text};
use serde_json::{Value, json};
use url::Url;

/// One installation.
pub(super) struct HomeAssistant {
    base: Url,
    token: Secret,
    /// A camera's entity, such as `camera.door`.
    camera: Option<String>,
    version: Option<Text>,
    is_shown: bool,
    /// The number of the last command; 0 before the first.
    number: u64,
}

impl HomeAssistant {
    pub(super) fn new(base: Url, token: Secret, camera: Option<String>) -> Self {
        Self { base, token, camera, version: None, is_shown: false, number: 0 }
    }

    fn command(&mut self, mut command: Value) -> SourceStep {
        self.number += 1;
        if let Some(command) = command.as_object_mut() {
            command.insert("id".to_owned(), self.number.into());
        }
        SourceStep::Say(SourceMessage::Text(command.to_string()))
    }

    fn said(&mut self, said: &Value) -> SourceStep {
        let part = |name: &str| said.get(name).and_then(Value::as_str);
        match part("type") {
            Some("auth_required") if !self.is_shown => {
                self.is_shown = true;
                self.version = part("ha_version").map(|version| Text::new(&format!("Home Assistant {version}")));
                let auth = json!({"type": "auth", "access_token": self.token.reveal()});
                SourceStep::Say(SourceMessage::Text(auth.to_string()))
            }
            Some("auth_ok") if self.number == 0 => self.command(json!({"type": "web_rtc/ice_servers"})),
            Some("auth_invalid") => SourceStep::Refuse(refusal(Code::SourceRejectedSecret, &self.base, None)),
            Some("result") if said.get("id").and_then(Value::as_u64) == Some(self.number) => self.result(said),
            _ => SourceStep::Listen,
        }
    }

    fn result(&mut self, said: &Value) -> SourceStep {
        let error = said.get("error").and_then(|error| error.get("code")).and_then(Value::as_str);
        match (error, &self.camera) {
            (None, _) => match SourceOffer::read(said.get("result").unwrap_or(&Value::Null), &self.base) {
                Ok(offer) => SourceStep::Offer(Box::new(SourceOffer { software: self.version.clone(), ..offer })),
                Err(fault) => SourceStep::Refuse(fault),
            },
            (Some("unknown_command"), Some(camera)) if self.number == 1 => {
                let command = json!({"type": "camera/webrtc/get_client_config", "entity_id": camera});
                self.command(command)
            }
            (Some("unauthorized"), _) => SourceStep::Refuse(refusal(Code::SourceForbidden, &self.base, None)),
            (Some("unknown_command"), None) => {
                let why = SourceRefusal::NoCamera;
                SourceStep::Refuse(refusal(Code::SourceNotThis, &self.base, Some(why.into())))
            }
            (Some(_), _) => SourceStep::Refuse(unexpected("get_client_config", &self.base)),
        }
    }
}

impl Provider for HomeAssistant {
    fn next(&mut self, _: u64, heard: SourceHeard) -> SourceStep {
        match heard {
            SourceHeard::Begin => {
                let mut url = self.base.clone();
                if let Ok(mut segments) = url.path_segments_mut() {
                    segments.pop_if_empty().extend(["api", "websocket"]);
                }
                SourceStep::Open(WebRequest::new(WebMethod::Get, url))
            }
            SourceHeard::Opened => SourceStep::Listen,
            SourceHeard::Said(message) => match message.json() {
                Some(said) => self.said(&said),
                None => SourceStep::Refuse(unexpected("api/websocket", &self.base)),
            },
            // Nothing was shown yet: the token is asked for over the socket.
            SourceHeard::Answered(answer) => SourceStep::Refuse(no_socket(&answer, &self.base)),
            SourceHeard::Closed { .. } | SourceHeard::Failed => {
                SourceStep::Refuse(unexpected("api/websocket", &self.base))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(camera: Option<&str>) -> HomeAssistant {
        let base = Url::parse("wss://ha.example").expect("is one");
        HomeAssistant::new(base, Secret::new("canary"), camera.map(str::to_owned))
    }

    fn said(said: Value) -> SourceHeard {
        SourceHeard::Said(SourceMessage::Text(said.to_string()))
    }

    fn greeted() -> Vec<SourceHeard> {
        vec![
            SourceHeard::Opened,
            said(json!({"type": "auth_required", "ha_version": "2026.1.0"})),
            said(json!({"type": "auth_ok"})),
        ]
    }

    fn word(step: &SourceStep) -> String {
        match step {
            SourceStep::Say(SourceMessage::Text(text)) => text.clone(),
            SourceStep::Offer(offer) => format!("{} {:?}", offer.configuration.servers.len(), offer.software),
            SourceStep::Refuse(fault) => fault.code.to_string(),
            other => format!("{other:?}"),
        }
    }

    fn after(home: &mut HomeAssistant, heard: Vec<SourceHeard>) -> String {
        let mut step = home.next(0, SourceHeard::Begin);
        for one in heard {
            step = home.next(0, one);
        }
        word(&step)
    }

    fn error(id: u64, code: &str) -> SourceHeard {
        said(json!({"id": id, "type": "result", "success": false, "error": {"code": code, "message": "canary"}}))
    }

    #[test]
    fn the_token_is_shown_once_and_the_servers_are_asked_for() {
        let mut home = home(None);
        assert!(
            matches!(home.next(0, SourceHeard::Begin), SourceStep::Open(request) if request.url.path() == "/api/websocket")
        );
        let asked: Vec<String> = greeted().into_iter().map(|heard| word(&home.next(0, heard))).collect();
        assert_eq!(asked[1], r#"{"access_token":"canary","type":"auth"}"#);
        assert_eq!(asked[2], r#"{"id":1,"type":"web_rtc/ice_servers"}"#);
        assert_eq!(word(&home.next(0, said(json!({"id": 7, "type": "event"})))), "Listen");
        let result = said(json!({"id": 1, "type": "result", "success": true, "result": [{"urls": ["stun:h"]}]}));
        assert!(word(&home.next(0, result)).starts_with("1 Some"));
    }

    #[test]
    fn an_older_release_is_asked_for_the_configuration_of_a_camera() {
        let configuration =
            json!({"configuration": {"iceServers": [{"urls": "stun:h"}]}, "getCandidatesUpfront": false});
        let mut home = home(Some("camera.door"));
        let heard = greeted().into_iter().chain([error(1, "unknown_command")]).collect();
        assert!(after(&mut home, heard).contains(r#""entity_id":"camera.door","id":2"#));
        let result = said(json!({"id": 2, "type": "result", "success": true, "result": configuration}));
        assert!(word(&home.next(0, result)).starts_with("1 Some"));
    }

    #[test]
    fn each_refusal_has_its_own_word() {
        let with = |last: SourceHeard| greeted().into_iter().chain([last]).collect::<Vec<_>>();
        let required = || said(json!({"type": "auth_required"}));
        let http = |status| SourceHeard::Answered(crate::source::WebAnswer { status, ..Default::default() });
        for (heard, expected) in [
            (vec![required(), said(json!({"type": "auth_invalid", "message": "canary"}))], "source-rejected-secret"),
            (with(error(1, "unauthorized")), "source-forbidden"),
            (with(error(1, "unknown_command")), "source-not-this"),
            (with(error(1, "home_assistant_error")), "source-not-this"),
            (with(said(json!({"id": 1, "type": "result", "result": null}))), "source-not-this"),
            (vec![http(404)], "source-no-web-socket"),
            (vec![http(403)], "source-no-web-socket"),
            (vec![SourceHeard::Said(SourceMessage::Binary(vec![0xff]))], "source-not-this"),
            (vec![SourceHeard::Closed { code: Some(1000) }], "source-not-this"),
        ] {
            assert_eq!(after(&mut home(None), heard), expected);
        }
    }

    #[test]
    fn a_server_that_asks_again_is_not_shown_the_token_again() {
        let mut home = home(None);
        after(&mut home, greeted().into_iter().take(2).collect());
        assert_eq!(word(&home.next(0, said(json!({"type": "auth_required"})))), "Listen");
    }
}
