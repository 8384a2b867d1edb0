//! LiveKit, and OpenVidu 3 on it: a room is joined as a client would join it, and its first message holds the ICE servers.
//!
//! A token is asked about first where that joins nothing (`/rtc/validate`), since a WebSocket that is refused says no reason.
//! From a key and its secret a token of its own is made, which sees and sends nothing. The room is left at once.

use super::livekit_message::{Joining, joining};
use super::message::{Secret, SourceMessage, WebAnswer, WebMethod, WebRequest};
use super::offer::SourceOffer;
use super::status::{refusal, refused, unexpected};
use super::{Provider, SourceHeard, SourceStep};
use crate::configuration::Fault;
use crate::model::{Code, SourceRefusal, Text};
use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::Url;

/// A token of our own is used at once.
const LIFE_S: u64 = 60;

/// Clocks differ by some seconds; what is valid only later than this is told.
const SLACK_S: u64 = 5;

/// `SignalRequest { leave: LeaveRequest { reason: CLIENT_INITIATED } }` (livekit_rtc.proto, fields 8 and 2).
const LEAVE: [u8; 4] = [0x42, 0x02, 0x10, 0x01];

/// What a LiveKit server is shown.
pub(super) enum LiveKitKey {
    /// A token as the application's own service gives it (RFC 7519).
    Token(Secret),
    /// A key's name and its secret, and the name by which this end joins.
    Pair { key: String, secret: Secret, name: String },
}

/// One room of a LiveKit server.
pub(super) struct LiveKit {
    base: Url,
    room: String,
    key: LiveKitKey,
    token: String,
    is_joined: bool,
    is_leaving: bool,
}

impl LiveKit {
    pub(super) fn new(base: Url, room: String, key: LiveKitKey) -> Self {
        Self { base, room, key, token: String::new(), is_joined: false, is_leaving: false }
    }

    /// An address of the server, for HTTP or for a WebSocket; they differ in the scheme alone.
    fn request(&self, is_socket: bool, path: &[&str]) -> WebRequest {
        let mut url = self.base.clone();
        let scheme = match (matches!(url.scheme(), "https" | "wss"), is_socket) {
            (true, true) => "wss",
            (true, false) => "https",
            (false, true) => "ws",
            (false, false) => "http",
        };
        // Between these a scheme can always be changed.
        let _ = url.set_scheme(scheme);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        WebRequest::new(WebMethod::Get, url).with("authorization", format!("Bearer {}", self.token))
    }

    fn begin(&mut self, now_s: u64) -> SourceStep {
        self.token = match &self.key {
            LiveKitKey::Token(token) => token.reveal().to_owned(),
            LiveKitKey::Pair { key, secret, name } => token(key, secret, name, &self.room, now_s),
        };
        match time_fault(&self.token, now_s) {
            Some(code) => SourceStep::Refuse(refusal(code, &self.base, None)),
            None => SourceStep::Ask(self.request(false, &["rtc", "validate"])),
        }
    }

    fn answered(&self, answer: &WebAnswer) -> SourceStep {
        let fault = refused(answer, &self.base, true).map(|fault| self.told(fault, answer));
        match fault {
            Some(fault) => SourceStep::Refuse(fault),
            None if !answer.body.starts_with(b"success") => SourceStep::Refuse(unexpected("validate", &self.base)),
            None => {
                let mut request = self.request(true, &["rtc"]);
                request.url.query_pairs_mut().extend_pairs([
                    ("protocol", "15"),
                    ("auto_subscribe", "0"),
                    ("sdk", "rust"),
                    ("version", "1"),
                ]);
                SourceStep::Open(request)
            }
        }
    }

    /// A refusal by what the server says of the token.
    fn told(&self, mut fault: Box<Fault>, answer: &WebAnswer) -> Box<Fault> {
        let says = String::from_utf8_lossy(&answer.body).to_ascii_lowercase();
        fault.code = match answer.status {
            401 if says.contains("expired") => Code::SourceTokenExpired,
            401 if says.contains("not valid yet") || says.contains("nbf") => Code::SourceTokenNotYetValid,
            401 if says.contains("permission") => Code::SourceForbidden,
            404 if says.contains("room") => {
                fault.about.reason = Some(SourceRefusal::NoSession.into());
                Code::SourceNotThis
            }
            _ => fault.code,
        };
        fault
    }

    fn said(&mut self, message: &SourceMessage) -> SourceStep {
        let SourceMessage::Binary(bytes) = message else { return SourceStep::Listen };
        match joining(bytes) {
            Some(Joining::Joined { servers, version }) => {
                self.is_joined = true;
                let servers: Vec<Value> = servers
                    .into_iter()
                    .map(|server| {
                        let mut entry = json!({"urls": server.urls});
                        if let (Some(entry), false) = (entry.as_object_mut(), server.username.is_empty()) {
                            entry.insert("username".to_owned(), server.username.into());
                            entry.insert("credential".to_owned(), server.credential.into());
                        }
                        entry
                    })
                    .collect();
                match SourceOffer::read(&json!({"iceServers": servers}), &self.base) {
                    Ok(mut offer) => {
                        let named = Some(version).filter(|version| !version.is_empty());
                        offer.software = named.map(|version| Text::new(&format!("LiveKit {version}")));
                        SourceStep::Offer(Box::new(offer))
                    }
                    Err(fault) => SourceStep::Refuse(fault),
                }
            }
            Some(Joining::Refused) => {
                let why = SourceRefusal::Unexpected { step: "join".to_owned() };
                SourceStep::Refuse(refusal(Code::SourceFails, &self.base, Some(why.into())))
            }
            Some(Joining::Other) => SourceStep::Listen,
            None => SourceStep::Refuse(unexpected("join", &self.base)),
        }
    }
}

impl Provider for LiveKit {
    fn next(&mut self, now_s: u64, heard: SourceHeard) -> SourceStep {
        match heard {
            _ if self.is_leaving => SourceStep::Left(Vec::new()),
            SourceHeard::Begin => self.begin(now_s),
            SourceHeard::Answered(answer) => self.answered(&answer),
            SourceHeard::Opened => SourceStep::Listen,
            SourceHeard::Said(message) => self.said(&message),
            SourceHeard::Closed { .. } | SourceHeard::Failed => SourceStep::Refuse(unexpected("join", &self.base)),
        }
    }

    fn leave(&mut self) -> Option<SourceStep> {
        if !self.is_joined {
            return None;
        }
        (self.is_joined, self.is_leaving) = (false, true);
        Some(SourceStep::Say(SourceMessage::Binary(LEAVE.to_vec())))
    }
}

/// A token for one room that sees and sends nothing, signed with HMAC-SHA256 (RFC 7515 §A.1).
fn token(key: &str, secret: &Secret, name: &str, room: &str, now_s: u64) -> String {
    let grant = json!({"roomJoin": true, "room": room, "hidden": true, "canPublish": false, "canSubscribe": false,
        "canPublishData": false});
    let claims = json!({"iss": key, "sub": name, "nbf": now_s, "exp": now_s + LIFE_S, "video": grant});
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "HS256", "typ": "JWT"})), part(&claims));
    let signature = hmac::sign(&Key::new(HMAC_SHA256, secret.reveal().as_bytes()), signed.as_bytes());
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

/// What a token says itself of the present time, before it is shown to anybody (RFC 7519 §4.1.4, §4.1.5).
fn time_fault(token: &str, now_s: u64) -> Option<Code> {
    let claims = token.split('.').nth(1)?;
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let time = |name: &str| claims.get(name).and_then(Value::as_f64);
    match (time("exp"), time("nbf")) {
        (Some(end), _) if end < now_s as f64 => Some(Code::SourceTokenExpired),
        (_, Some(begin)) if begin > (now_s + SLACK_S) as f64 => Some(Code::SourceTokenNotYetValid),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn pair() -> LiveKitKey {
        LiveKitKey::Pair { key: "API1".to_owned(), secret: Secret::new("canary"), name: "rtc-doctor-x".to_owned() }
    }

    fn livekit(key: LiveKitKey) -> LiveKit {
        LiveKit::new(Url::parse("wss://sfu.example").expect("is one"), "room".to_owned(), key)
    }

    fn answer(status: u16, body: &str) -> SourceHeard {
        SourceHeard::Answered(WebAnswer { status, headers: Vec::new(), body: body.into() })
    }

    /// `SignalResponse { join: JoinResponse { ice_servers, server_info { version } } }`, as LiveKit's own library writes it.
    fn join() -> SourceHeard {
        let server = [&b"\x0a\x06turn:h\x12\x01u\x1a\x01c"[..]].concat();
        let joined = [&[0x2a, server.len() as u8][..], &server, &b"\x62\x08\x12\x061.13.5"[..]].concat();
        SourceHeard::Said(SourceMessage::Binary([&[0x0a, joined.len() as u8][..], &joined].concat()))
    }

    #[test]
    fn a_token_is_validated_then_the_room_is_joined_and_left() {
        let mut livekit = livekit(pair());
        let SourceStep::Ask(request) = livekit.next(NOW, SourceHeard::Begin) else { panic!("asks") };
        assert_eq!(request.url.as_str(), "https://sfu.example/rtc/validate");
        let SourceStep::Open(request) = livekit.next(NOW, answer(200, "success")) else { panic!("opens") };
        assert_eq!((request.url.scheme(), request.url.path()), ("wss", "/rtc"));
        assert!(matches!(livekit.next(NOW, SourceHeard::Opened), SourceStep::Listen));
        let SourceStep::Offer(offer) = livekit.next(NOW, join()) else { panic!("offers") };
        assert_eq!(offer.configuration.asked().len(), 1);
        assert_eq!(offer.software, Some(Text::new("LiveKit 1.13.5")));
        let left = livekit.leave().expect("leaves");
        assert!(matches!(left, SourceStep::Say(SourceMessage::Binary(bytes)) if bytes == LEAVE));
        assert!(matches!(livekit.next(NOW, SourceHeard::Closed { code: None }), SourceStep::Left(_)));
    }

    #[test]
    fn a_token_of_our_own_is_short_lived_and_tells_no_secret() {
        let token = token("API1", &Secret::new("canary"), "me", "room", NOW);
        let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("claims")).expect("base64");
        let claims: Value = serde_json::from_slice(&claims).expect("JSON");
        assert_eq!((&claims["exp"], &claims["video"]["roomJoin"]), (&json!(NOW + 60), &json!(true)));
        assert!(!claims.to_string().contains("canary"));
        assert_eq!((time_fault(&token, NOW), time_fault(&token, NOW + 61)), (None, Some(Code::SourceTokenExpired)));
        assert_eq!(time_fault(&token, NOW - 60), Some(Code::SourceTokenNotYetValid));
        assert_eq!(time_fault("no.token.at all", NOW), None);
    }

    #[test]
    fn each_refusal_has_its_own_word() {
        for (status, body, expected) in [
            (401, "invalid token: validation failed, token is expired (exp)", Code::SourceTokenExpired),
            (401, "invalid token: validation failed, token not valid yet (nbf)", Code::SourceTokenNotYetValid),
            (401, "permissions denied", Code::SourceForbidden),
            (401, "invalid API key", Code::SourceRejectedSecret),
            (404, "requested room does not exist", Code::SourceNotThis),
            (404, "<html>", Code::SourceNotThis),
            (200, "<html>", Code::SourceNotThis),
            (503, "", Code::SourceFails),
        ] {
            let mut livekit = livekit(pair());
            livekit.next(NOW, SourceHeard::Begin);
            let step = livekit.next(NOW, answer(status, body));
            assert!(matches!(&step, SourceStep::Refuse(fault) if fault.code == expected), "{body}: {step:?}");
        }
    }

    #[test]
    fn a_token_that_has_run_out_is_shown_to_nobody() {
        let LiveKitKey::Pair { key, secret, name } = pair() else { return };
        let old = token(&key, &secret, &name, "room", NOW - 3600);
        let step = livekit(LiveKitKey::Token(Secret::new(old))).next(NOW, SourceHeard::Begin);
        assert!(matches!(&step, SourceStep::Refuse(fault) if fault.code == Code::SourceTokenExpired), "{step:?}");
    }

    #[test]
    fn a_first_message_of_a_stranger_is_told() {
        for bytes in [&b"\xff\xff\xff"[..], &b"\x0a\xff\x01"[..]] {
            let mut livekit = livekit(pair());
            let step = livekit.next(NOW, SourceHeard::Said(SourceMessage::Binary(bytes.to_vec())));
            assert!(matches!(&step, SourceStep::Refuse(fault) if fault.code == Code::SourceNotThis), "{step:?}");
        }
    }
}
