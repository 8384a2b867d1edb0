//! OpenVidu 2: a session is made, joined as a browser would join it, kept while its servers are in use, left and removed.
//!
//! Credentials come with joining alone, and up to 2.21 they die with the participant. Requests and shapes are those of
//! OpenVidu 2.16 to 2.32, and before those the paths of 2.0 to 2.15. A session whose name the user gave is joined and not removed.

use super::endpoint::basic;
use super::message::{Secret, SourceMessage, WebAnswer, WebMethod, WebRequest, origin};
use super::offer::SourceOffer;
use super::status::{no_socket, refusal, refused, unexpected};
use super::{Provider, SourceHeard, SourceStep};
use crate::configuration::Fault;
use crate::model::{Code, Detail, Scope, Severity, SourceRefusal, Text};
use crate::turn::rest_password;
use serde_json::{Value, json};
use url::{Host, Url};

/// Every client of OpenVidu's REST interface signs in by this name.
const USER: &str = "OPENVIDUAPP";

/// The port of OpenVidu's coturn where an answer names none.
const TURN_PORT: u64 = 3478;

/// Milliseconds between two pings that the client announces (openvidu-browser).
const PING_INTERVAL_MS: u32 = 5000;

/// What was asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SourceRequest {
    PublicUrl,
    Session,
    Connection,
    Socket,
    Ping,
    Join,
    Nothing,
    Leaving,
    Deleting,
}

/// One session at a deployment of OpenVidu.
pub(super) struct OpenVidu {
    base: Url,
    secret: Secret,
    session: String,
    /// Whether the session is ours, to be removed.
    is_own: bool,
    asked: SourceRequest,
    token: String,
    /// The number of the next request in JSON-RPC.
    number: u32,
    /// The host that the token names, where that is not the one that was asked.
    faults: Vec<Fault>,
    has_joined: bool,
    made: MadeSession,
    /// The paths are those that releases had up to 2.15.
    is_old: bool,
    /// The connection that was made in a session of the user's own, until it is joined: it holds a token.
    connection: Option<String>,
}

/// What is known of the session that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MadeSession {
    /// None is there, or it is the user's own.
    No,
    /// The request was sent and not answered, or answered in a way that leaves it open.
    Perhaps,
    /// The service said that it made it.
    Yes,
}

impl OpenVidu {
    /// `session`: one of the user's own, or else `fresh` names one that is made for this.
    pub(super) fn new(base: Url, session: Option<String>, fresh: &str, secret: Secret) -> Self {
        Self {
            base,
            secret,
            is_own: session.is_none(),
            session: session.unwrap_or_else(|| fresh.to_owned()),
            asked: SourceRequest::Nothing,
            token: String::new(),
            number: 0,
            faults: Vec::new(),
            has_joined: false,
            made: MadeSession::No,
            is_old: false,
            connection: None,
        }
    }

    fn api(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            let root: &[&str] = match (self.is_old, path) {
                (false, _) => &["openvidu", "api"],
                (true, ["config", ..]) => &[],
                (true, _) => &["api"],
            };
            segments.pop_if_empty().extend(root).extend(path);
        }
        url
    }

    fn signed(&self, request: WebRequest) -> WebRequest {
        let authorization = basic(USER, &self.secret);
        request.with("authorization", authorization.reveal())
    }

    fn ask(&mut self, asked: SourceRequest, request: WebRequest) -> SourceStep {
        self.asked = asked;
        SourceStep::Ask(request)
    }

    fn ask_public_url(&mut self) -> SourceStep {
        let request = WebRequest::new(WebMethod::Get, self.api(&["config", "openvidu-publicurl"]));
        self.ask(SourceRequest::PublicUrl, request)
    }

    fn ask_connection(&mut self) -> SourceStep {
        if self.is_old {
            let body = json!({"session": self.session, "role": "SUBSCRIBER", "data": "rtc-doctor"});
            let request = self.signed(WebRequest::post_json(self.api(&["tokens"]), &body));
            return self.ask(SourceRequest::Connection, request);
        }
        let url = self.api(&["sessions", &self.session, "connection"]);
        let body = json!({"type": "WEBRTC", "role": "SUBSCRIBER", "data": "rtc-doctor"});
        let request = self.signed(WebRequest::post_json(url, &body));
        self.ask(SourceRequest::Connection, request)
    }

    fn refuse(&self, code: Code, reason: Option<SourceRefusal>) -> SourceStep {
        SourceStep::Refuse(refusal(code, &self.base, reason.map(Into::into)))
    }

    /// What an answer over HTTP leads to.
    fn answered(&mut self, answer: &WebAnswer) -> SourceStep {
        // A session that is there already is joined as it is.
        let is_there = self.asked == SourceRequest::Session && answer.status == 409;
        if self.asked == SourceRequest::Session && (400..500).contains(&answer.status) {
            // It made none, so that there is none to remove: least of all with a secret that it has refused.
            self.made = MadeSession::No;
            self.is_own = false;
        }
        if self.asked == SourceRequest::Connection && answer.status == 404 {
            return self.refuse(Code::SourceNotThis, Some(SourceRefusal::NoSession));
        }
        if self.asked == SourceRequest::Socket {
            return SourceStep::Refuse(no_socket(answer, &self.base));
        }
        if self.asked == SourceRequest::PublicUrl && answer.status == 404 && !self.is_old {
            self.is_old = true;
            return self.ask_public_url();
        }
        if let Some(fault) = refused(answer, &self.base, self.asked != SourceRequest::PublicUrl).filter(|_| !is_there) {
            return SourceStep::Refuse(fault);
        }
        match self.asked {
            SourceRequest::PublicUrl if answer.is_page() => {
                self.refuse(Code::SourceNotThis, Some(SourceRefusal::WebPage))
            }
            SourceRequest::PublicUrl if self.is_own => {
                let body = json!({"customSessionId": self.session, "mediaMode": "ROUTED"});
                let request = self.signed(WebRequest::post_json(self.api(&["sessions"]), &body));
                self.made = MadeSession::Perhaps;
                self.ask(SourceRequest::Session, request)
            }
            SourceRequest::PublicUrl => self.ask_connection(),
            SourceRequest::Session => {
                if self.is_own {
                    self.made = MadeSession::Yes;
                }
                self.ask_connection()
            }
            _ => match answer.json().as_ref().and_then(|made| Some((made.get("token")?.as_str()?, made.get("id")))) {
                Some((token, id)) => {
                    let id = id.and_then(Value::as_str).filter(|_| self.made == MadeSession::No);
                    self.connection = id.map(str::to_owned);
                    self.open(token.to_owned())
                }
                None => SourceStep::Refuse(unexpected("POST connection", &self.base)),
            },
        }
    }

    /// Joins at the host that was asked, whatever the token names: what a browser would make of that is told.
    fn open(&mut self, token: String) -> SourceStep {
        self.faults.extend(self.elsewhere(&token));
        self.token = token;
        let mut url = self.base.clone();
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        if url.set_scheme(scheme).is_err() {
            return SourceStep::Refuse(unexpected("POST connection", &self.base));
        }
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("openvidu");
        }
        url.query_pairs_mut().append_pair("sessionId", &self.session);
        self.asked = SourceRequest::Socket;
        SourceStep::Open(WebRequest::new(WebMethod::Get, url))
    }

    /// That browsers, which go where the token says, are sent to another host.
    fn elsewhere(&self, token: &str) -> Option<Fault> {
        let named = Url::parse(token).ok()?;
        let place = |url: &Url| (url.host_str().map(str::to_owned), url.port_or_known_default());
        if place(&named) == place(&self.base) {
            return None;
        }
        let is_inner = |url: &Url| match url.host() {
            Some(Host::Domain(name)) => !name.contains('.') || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => Scope::of(address.into()) < Scope::Public,
            Some(Host::Ipv6(address)) => Scope::of(address.into()) < Scope::Public,
            None => true,
        };
        // Another public name may be as good; one that means nothing outside sends every browser astray.
        let severity = if is_inner(&named) && !is_inner(&self.base) { Severity::Critical } else { Severity::Warning };
        let reason = SourceRefusal::LeadsTo { place: origin(&named) };
        let about = Detail::default().server(origin(&self.base)).reason(Some(reason.into()));
        Some(Fault { code: Code::OpenviduTokenNamesAnotherHost, severity, about })
    }

    fn say(&mut self, asked: SourceRequest, method: &str, params: Option<Value>) -> SourceStep {
        self.asked = asked;
        SourceStep::Say(self.rpc(method, params))
    }

    /// A request of JSON-RPC 2.0, as openvidu-browser writes it.
    fn rpc(&mut self, method: &str, params: Option<Value>) -> SourceMessage {
        self.number += 1;
        let mut request = json!({"jsonrpc": "2.0", "id": self.number, "method": method});
        if let (Some(params), Some(object)) = (params, request.as_object_mut()) {
            object.insert("params".to_owned(), params);
        }
        SourceMessage::Text(request.to_string())
    }

    fn join(&mut self) -> SourceStep {
        let params = json!({
            "token": self.token, "session": self.session, "platform": "rtc-doctor", "sdkVersion": "2.32.1",
            "metadata": "", "secret": "", "recorder": false, "stt": false,
        });
        self.say(SourceRequest::Join, "joinRoom", Some(params))
    }

    fn said(&mut self, message: &SourceMessage) -> SourceStep {
        let Some(said) = message.json() else { return SourceStep::Listen };
        if said.get("id").and_then(Value::as_u64) != Some(u64::from(self.number)) {
            // An event of the room, which is none of ours.
            return SourceStep::Listen;
        }
        match (self.asked, said.get("result"), said.get("error")) {
            (SourceRequest::Leaving, ..) => self.remove(),
            // Old releases know no ping and answer it with an error.
            (SourceRequest::Ping, ..) => self.join(),
            (SourceRequest::Join, Some(result), None) => self.joined(result),
            (SourceRequest::Join, _, Some(error)) => self.not_joined(error),
            _ => SourceStep::Listen,
        }
    }

    /// The servers in the answer to joining: where they stand depends on the release.
    fn joined(&mut self, result: &Value) -> SourceStep {
        self.has_joined = true;
        self.connection = None;
        let servers = match result.get("customIceServers").and_then(Value::as_array) {
            Some(custom) if !custom.is_empty() => custom.clone(),
            _ => self.built(result).into_iter().collect(),
        };
        match SourceOffer::read(&json!({"iceServers": servers}), &self.base) {
            Ok(mut offer) => {
                let part = |name| result.get(name).and_then(Value::as_str);
                let shared = self.shared_secret(&offer);
                offer.software = part("version").map(|version| Text::new(&format!("OpenVidu {version}")));
                offer.faults = std::mem::take(&mut self.faults).into_iter().chain(shared).collect();
                offer.is_held = true;
                self.asked = SourceRequest::Nothing;
                SourceStep::Offer(Box::new(offer))
            }
            Err(fault) => SourceStep::Refuse(fault),
        }
    }

    /// The entry that the client itself makes of the parts in an answer (2.17 to 2.22) or in the token (to 2.16): TURN over
    /// UDP alone.
    fn built(&self, result: &Value) -> Option<Value> {
        let token = Url::parse(&self.token).ok();
        let part = |name: &str| {
            let answered = result.get(name).filter(|part| !part.is_null());
            let text = answered.map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned));
            let of_token =
                || token.as_ref()?.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
            text.or_else(of_token).filter(|text| !text.is_empty())
        };
        let (host, user) = (part("coturnIp")?, part("turnUsername")?);
        let port = part("coturnPort").and_then(|port| port.parse().ok()).unwrap_or(TURN_PORT);
        let credential = part("turnCredential")?;
        Some(json!({"urls": format!("turn:{host}:{port}"), "username": user, "credential": credential}))
    }

    /// That the TURN credentials are made of the secret that rules the whole deployment.
    fn shared_secret(&self, offer: &SourceOffer) -> Option<Fault> {
        let mut logins = offer.configuration.asked().into_iter().filter_map(|server| server.login);
        logins.any(|(user, password)| rest_password(self.secret.reveal().as_bytes(), &user) == password).then(|| {
            let about = Detail::default().server(origin(&self.base));
            Fault { code: Code::OpenviduTurnSecretShared, severity: Severity::Warning, about }
        })
    }

    /// What the error of a join means (io.openvidu.client.OpenViduException).
    fn not_joined(&self, error: &Value) -> SourceStep {
        let said = error.get("message").and_then(Value::as_str).unwrap_or_default();
        let code = error.get("code").and_then(Value::as_i64).unwrap_or_default();
        let lacks_media = matches!(code, 900..=902) || (code == 204 && said.contains("Media Node"));
        let (told, reason) = match code {
            _ if lacks_media => (Code::OpenviduNoMediaNode, None),
            // The secret was taken twice before.
            401 => (Code::SourceFails, Some(SourceRefusal::TokenNotTaken)),
            202 | 203 => (Code::SourceNotThis, Some(SourceRefusal::NoSession)),
            _ => (Code::SourceFails, Some(SourceRefusal::Unexpected { step: "joinRoom".to_owned() })),
        };
        self.refuse(told, reason)
    }

    fn remove(&mut self) -> SourceStep {
        if !self.is_own {
            return SourceStep::Left(Vec::new());
        }
        let url = self.api(&["sessions", &self.session]);
        let request = self.signed(WebRequest::new(WebMethod::Delete, url));
        self.ask(SourceRequest::Deleting, request)
    }

    fn told_of_session(&self, code: Code, severity: Severity) -> Fault {
        let about = Detail::default().server(origin(&self.base)).name(self.session.clone());
        Fault { code, severity, about }
    }
}

impl Provider for OpenVidu {
    fn next(&mut self, _: u64, heard: SourceHeard) -> SourceStep {
        let is_leaving = matches!(self.asked, SourceRequest::Leaving | SourceRequest::Deleting);
        match heard {
            SourceHeard::Begin => self.ask_public_url(),
            // The last one out destroys the session: then it is gone already.
            SourceHeard::Answered(WebAnswer { status: status @ (200..=299 | 404), .. })
                if self.asked == SourceRequest::Deleting =>
            {
                if self.connection.take().is_some() {
                    return SourceStep::Left(Vec::new());
                }
                // That there is none now proves nothing of one whose making was never answered: it may come yet.
                let told = match (std::mem::replace(&mut self.made, MadeSession::No), status) {
                    (MadeSession::Yes, _) | (_, 200..=299) => (Code::SourceMadeAndRemoved, Severity::Info),
                    _ => (Code::SourceLeftBehind, Severity::Warning),
                };
                SourceStep::Left(vec![self.told_of_session(told.0, told.1)])
            }
            SourceHeard::Answered(_) | SourceHeard::Failed | SourceHeard::Closed { .. }
                if self.asked == SourceRequest::Deleting =>
            {
                SourceStep::Left(self.left_behind())
            }
            SourceHeard::Failed | SourceHeard::Closed { .. } if is_leaving => self.remove(),
            SourceHeard::Answered(answer) => self.answered(&answer),
            SourceHeard::Opened => self.say(SourceRequest::Ping, "ping", Some(json!({"interval": PING_INTERVAL_MS}))),
            SourceHeard::Said(message) => self.said(&message),
            SourceHeard::Closed { .. } | SourceHeard::Failed => SourceStep::Refuse(unexpected("joinRoom", &self.base)),
        }
    }

    fn leave(&mut self) -> Option<SourceStep> {
        if self.has_joined {
            self.has_joined = false;
            return Some(self.say(SourceRequest::Leaving, "leaveRoom", None));
        }
        if let Some(connection) = &self.connection {
            let url = self.api(&["sessions", &self.session, "connection", connection]);
            let request = self.signed(WebRequest::new(WebMethod::Delete, url));
            return Some(self.ask(SourceRequest::Deleting, request));
        }
        (self.made != MadeSession::No).then(|| self.remove())
    }

    fn left_behind(&self) -> Vec<Fault> {
        let is_left = self.made != MadeSession::No || self.connection.is_some();
        let told = is_left.then(|| self.told_of_session(Code::SourceLeftBehind, Severity::Warning));
        told.into_iter().collect()
    }

    fn ping(&mut self) -> Option<SourceMessage> {
        self.has_joined.then(|| self.rpc("ping", Some(json!({}))))
    }
}

#[cfg(test)]
mod tests;
