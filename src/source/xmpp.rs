//! An XMPP server, as that of Jitsi Meet: which services does it name to one of its users, or to a guest? (XEP-0215)
//!
//! Over TCP with STARTTLS (RFC 6120), a WebSocket or HTTP. Whoever has no name signs in as a guest (SASL ANONYMOUS). Without TLS
//! nothing is said but on this machine. A password is shown once.

use super::message::{Secret, SourceMessage, WebAnswer, WebMethod, WebRequest};
use super::offer::{CredentialLife, SourceOffer};
use super::scram::{Scram, ScramMechanism};
use super::status::{no_socket, refusal, refused, unexpected};
use super::xml::{XmlElement, XmlStream};
use super::xmpp_framing::{XmppFraming, http_request};
use super::{Provider, SourceHeard, SourceStep};
use crate::model::{Code, SourceRefusal};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

/// Over HTTP an answer may come with any of the next requests.
const POLLS_MAX: u32 = 8;

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum XmppStage {
    /// What the server can do, before signing in.
    Features,
    /// Its leave to begin TLS.
    Tls,
    /// Whether it lets us in.
    Entry,
    /// What it can do for one who is signed in.
    FurtherFeatures,
    /// The address that it gives us.
    Address,
    /// The services, by this release of the namespace.
    Services(u8),
}

/// One domain of an XMPP server.
pub(super) struct XmppServer {
    domain: String,
    url: Url,
    /// The user and the password; None for a guest.
    login: Option<(String, Secret)>,
    random: u32,
    /// The proof that is under way, where the server takes no password as it stands.
    scram: Option<Scram>,
    framing: XmppFraming,
    stream: XmlStream,
    stage: XmppStage,
    is_secure: bool,
    is_leaving: bool,
    polls: u32,
}

impl XmppServer {
    /// `url`: `xmpp` for TCP, `ws` or `wss`, or `http` or `https`. `random`: the number that the requests over HTTP begin with.
    pub(super) fn new(domain: String, url: Url, login: Option<(String, Secret)>, random: u32) -> Self {
        let framing = match url.scheme() {
            "xmpp" => XmppFraming::Tcp,
            "ws" | "wss" => XmppFraming::Socket,
            _ => XmppFraming::Http { request: random.into(), session: None },
        };
        // Where an address of the others without TLS is taken at all it is one of this machine.
        let is_secure = url.scheme() != "xmpp";
        Self {
            domain,
            url,
            login,
            random,
            scram: None,
            framing,
            stream: XmlStream::default(),
            stage: XmppStage::Features,
            is_secure,
            is_leaving: false,
            polls: 0,
        }
    }

    fn send(&mut self, text: String) -> SourceStep {
        match self.framing {
            XmppFraming::Tcp | XmppFraming::Socket => SourceStep::Say(SourceMessage::Text(text)),
            XmppFraming::Http { .. } => SourceStep::Ask(http_request(&self.url, text)),
        }
    }

    fn say(&mut self, stage: XmppStage, stanza: String) -> SourceStep {
        self.stage = stage;
        let text = self.framing.framed(stanza);
        self.send(text)
    }

    fn open(&mut self, stage: XmppStage) -> SourceStep {
        self.stage = stage;
        self.stream = XmlStream::default();
        let text = self.framing.open(&self.domain);
        self.send(text)
    }

    fn refuse(&self, code: Code, why: impl Into<Option<SourceRefusal>>) -> SourceStep {
        SourceStep::Refuse(refusal(code, &self.url, why.into().map(Into::into)))
    }

    /// What comes of bytes of the stream.
    fn heard(&mut self, bytes: &[u8]) -> SourceStep {
        let Some(elements) = self.stream.feed(bytes) else {
            return self.refuse(Code::SourceNotThis, SourceRefusal::NoXmpp);
        };
        for element in self.framing.opened(elements) {
            if let Some(step) = self.element(&element) {
                return step;
            }
        }
        match self.framing {
            XmppFraming::Tcp | XmppFraming::Socket => SourceStep::Listen,
            XmppFraming::Http { .. } if self.polls >= POLLS_MAX => self.ended(),
            XmppFraming::Http { .. } => {
                self.polls += 1;
                self.say(self.stage, String::new())
            }
        }
    }

    /// What an element leads to; None where it is not the one that is awaited.
    fn element(&mut self, element: &XmlElement) -> Option<SourceStep> {
        let is_result = element.attribute("type") == Some("result");
        match (self.stage, element.name.as_str()) {
            (_, "error" | "body" | "close") => Some(self.closed(element)),
            (XmppStage::Features, "features") => Some(self.enter(element)),
            (XmppStage::Tls, "proceed") => {
                self.is_secure = true;
                Some(SourceStep::Secure(self.domain.clone()))
            }
            (XmppStage::Tls, "failure") => Some(self.refuse(Code::SourceNotThis, SourceRefusal::NoTls)),
            (XmppStage::Entry, "challenge") => Some(self.prove(element)),
            (XmppStage::Entry, "success") => Some(self.let_in(element)),
            (XmppStage::Entry, "failure") => Some(self.not_let_in(element)),
            (XmppStage::FurtherFeatures, "features") => {
                let bind = "<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
                Some(self.say(XmppStage::Address, bind.to_owned()))
            }
            (XmppStage::Address, "iq") if element.attribute("id") == Some("bind") => Some(match is_result {
                true => self.ask_services(2),
                false => self.not_served(element, 1),
            }),
            (XmppStage::Services(release), "iq") if element.attribute("id") == Some("services") => {
                Some(match is_result {
                    true => self.offer(element),
                    false => self.not_served(element, release),
                })
            }
            _ => None,
        }
    }

    /// Signs in by what the server takes, after TLS where that has to come first.
    fn enter(&mut self, features: &XmlElement) -> SourceStep {
        if !self.is_secure && features.child("starttls").is_some() {
            return self.say(XmppStage::Tls, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>".to_owned());
        }
        if !self.is_secure && !is_here(&self.url) {
            return self.refuse(Code::SourceNotThis, SourceRefusal::NoTls);
        }
        let taken = features.child("mechanisms");
        let takes = |name: &str| taken.is_some_and(|all| all.children.iter().any(|one| one.text.trim() == name));
        let (mechanism, shown) = match &self.login {
            // RFC 4616 §2.
            Some((user, password)) if takes("PLAIN") => ("PLAIN", format!("\0{user}\0{}", password.reveal())),
            Some((user, password)) => {
                let Some(mechanism) = ScramMechanism::ALL.into_iter().find(|mechanism| takes(mechanism.name())) else {
                    return self.refuse(Code::SourceNotThis, SourceRefusal::NoPasswords);
                };
                let scram = Scram::new(mechanism, user, password.clone(), self.nonce(password));
                let first = scram.first();
                self.scram = Some(scram);
                (mechanism.name(), first)
            }
            None if takes("ANONYMOUS") => ("ANONYMOUS", String::new()),
            None => return self.refuse(Code::SourceWantsSecret, SourceRefusal::NoGuests),
        };
        let shown = BASE64_STANDARD.encode(shown);
        let auth = format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='{mechanism}'>{shown}</auth>");
        self.say(XmppStage::Entry, auth)
    }

    /// What nobody foresees who does not know the password.
    fn nonce(&self, password: &Secret) -> String {
        let key = hmac::Key::new(HMAC_SHA256, password.reveal().as_bytes());
        BASE64_STANDARD.encode(hmac::sign(&key, format!("{} {}", self.random, self.domain).as_bytes()))
    }

    /// Proves the password (RFC 6120 §6.4.4).
    fn prove(&mut self, challenge: &XmlElement) -> SourceStep {
        let text = decoded(challenge);
        let proof = self.scram.as_mut().zip(text).and_then(|(scram, text)| scram.answer(&text));
        let Some(proof) = proof else { return self.ended() };
        let proof = BASE64_STANDARD.encode(proof);
        self.say(XmppStage::Entry, format!("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{proof}</response>"))
    }

    /// Goes on where the server knows the password too.
    fn let_in(&mut self, success: &XmlElement) -> SourceStep {
        match self.scram.take() {
            Some(scram) if !decoded(success).is_some_and(|text| scram.is_proved(&text)) => self.ended(),
            _ => self.open(XmppStage::FurtherFeatures),
        }
    }

    /// RFC 6120 §6.5.
    fn not_let_in(&self, failure: &XmlElement) -> SourceStep {
        let conditions: Vec<&str> = failure.children.iter().map(|child| child.name.as_str()).collect();
        let is = |names: [&str; 3]| conditions.iter().any(|condition| names.contains(condition));
        if is(["credentials-expired"; 3]) {
            return self.refuse(Code::SourceTokenExpired, None);
        }
        if is(["temporary-auth-failure"; 3]) {
            return self.refuse(Code::SourceFails, None);
        }
        match &self.login {
            Some(_) if is(["account-disabled", "mechanism-too-weak", "invalid-mechanism"]) => {
                self.refuse(Code::SourceForbidden, None)
            }
            Some(_) => self.refuse(Code::SourceRejectedSecret, None),
            None => self.refuse(Code::SourceWantsSecret, SourceRefusal::NoGuests),
        }
    }

    fn ask_services(&mut self, release: u8) -> SourceStep {
        let domain = &self.domain;
        let iq = format!(
            "<iq xmlns='jabber:client' type='get' to='{domain}' id='services'><services xmlns='urn:xmpp:extdisco:{release}'/></iq>"
        );
        self.say(XmppStage::Services(release), iq)
    }

    /// An error in place of services (RFC 6120 §8.3.3), or of an address.
    fn not_served(&mut self, iq: &XmlElement, release: u8) -> SourceStep {
        let condition =
            iq.child("error").and_then(|error| error.children.first()).map_or("", |first| first.name.as_str());
        match condition {
            "forbidden" | "not-allowed" | "not-authorized" | "registration-required" => {
                self.refuse(Code::SourceForbidden, None)
            }
            "policy-violation" | "resource-constraint" => self.refuse(Code::SourceLimited, None),
            _ if release > 1 => self.ask_services(release - 1),
            "service-unavailable" | "feature-not-implemented" | "item-not-found"
                if matches!(self.stage, XmppStage::Services(_)) =>
            {
                self.refuse(Code::SourceNotThis, SourceRefusal::NoServices)
            }
            _ => self.refuse(Code::SourceFails, None),
        }
    }

    /// RFC 6120 §4.9.3, and XEP-0124 §17.2.
    fn closed(&self, error: &XmlElement) -> SourceStep {
        let of_http = error.attribute("condition");
        let condition = of_http.or_else(|| error.children.first().map(|first| first.name.as_str()));
        match condition.unwrap_or_default() {
            "host-unknown" | "host-gone" | "improper-addressing" => {
                self.refuse(Code::SourceNotThis, SourceRefusal::NoDomain)
            }
            "policy-violation" | "resource-constraint" => self.refuse(Code::SourceLimited, None),
            "" => self.ended(),
            _ => self.refuse(Code::SourceFails, None),
        }
    }

    fn ended(&self) -> SourceStep {
        SourceStep::Refuse(unexpected("XMPP", &self.url))
    }

    /// The services as Jitsi Meet makes servers of them: of STUN it leaves the transport away, which no browser takes.
    fn offer(&self, iq: &XmlElement) -> SourceStep {
        let services = iq.child("services").map(|services| services.children.as_slice()).unwrap_or_default();
        let servers: Vec<Value> = services.iter().filter_map(server).collect();
        let ends = services.iter().filter_map(|service| expiry(service.attribute("expires")?));
        let life = ends.min().map(CredentialLife::Until);
        match SourceOffer::read(&json!({"iceServers": servers}), &self.url) {
            Ok(offer) => SourceStep::Offer(Box::new(SourceOffer { life, ..offer })),
            Err(fault) => SourceStep::Refuse(fault),
        }
    }

    fn answered(&mut self, answer: &WebAnswer) -> SourceStep {
        if let Some(fault) = refused(answer, &self.url, self.login.is_some()) {
            return SourceStep::Refuse(fault);
        }
        match self.framing {
            XmppFraming::Http { .. } if answer.is_page() && !answer.body.trim_ascii_start().starts_with(b"<body") => {
                self.refuse(Code::SourceNotThis, SourceRefusal::WebPage)
            }
            // Every answer is whole, so that nothing of one is left for the next.
            XmppFraming::Http { .. } => {
                self.stream = XmlStream::default();
                self.heard(&answer.body)
            }
            XmppFraming::Socket => SourceStep::Refuse(no_socket(answer, &self.url)),
            XmppFraming::Tcp => self.ended(),
        }
    }
}

/// What an element says in base64 (RFC 6120 §6.4.2).
fn decoded(element: &XmlElement) -> Option<String> {
    String::from_utf8(BASE64_STANDARD.decode(element.text.trim()).ok()?).ok()
}

fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// An entry for a browser; None for a service that has nothing to do with ICE.
fn server(service: &XmlElement) -> Option<Value> {
    let (kind, host) = (service.attribute("type")?, service.attribute("host")?);
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
    let port = service.attribute("port").map(|port| format!(":{port}")).unwrap_or_default();
    let relays = match kind {
        "stun" | "stuns" => false,
        "turn" | "turns" => true,
        _ => return None,
    };
    let transport = service.attribute("transport").filter(|_| relays);
    let transport = transport.map(|transport| format!("?transport={transport}")).unwrap_or_default();
    let mut entry = json!({"urls": format!("{kind}:{host}{port}{transport}")});
    if let (true, Some(entry)) = (relays, entry.as_object_mut()) {
        for (name, attribute) in [("username", "username"), ("credential", "password")] {
            entry.extend(service.attribute(attribute).map(|value| (name.to_owned(), value.into())));
        }
    }
    Some(entry)
}

/// XEP-0082 §3.2.
fn expiry(text: &str) -> Option<u64> {
    OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?.unix_timestamp().try_into().ok()
}

impl Provider for XmppServer {
    fn next(&mut self, _: u64, heard: SourceHeard) -> SourceStep {
        match heard {
            _ if self.is_leaving => SourceStep::Left(Vec::new()),
            SourceHeard::Begin => match self.framing {
                XmppFraming::Tcp => SourceStep::Connect(self.url.clone()),
                XmppFraming::Socket => {
                    let request = WebRequest::new(WebMethod::Get, self.url.clone());
                    SourceStep::Open(request.with("sec-websocket-protocol", "xmpp"))
                }
                XmppFraming::Http { .. } => self.open(XmppStage::Features),
            },
            SourceHeard::Opened => self.open(XmppStage::Features),
            SourceHeard::Said(SourceMessage::Text(text)) => self.heard(text.as_bytes()),
            SourceHeard::Said(SourceMessage::Binary(bytes)) => self.heard(&bytes),
            SourceHeard::Answered(answer) => self.answered(&answer),
            SourceHeard::Closed { .. } | SourceHeard::Failed => self.ended(),
        }
    }

    fn leave(&mut self) -> Option<SourceStep> {
        let closing = self.framing.close()?;
        self.is_leaving = true;
        Some(self.send(closing))
    }
}

#[cfg(test)]
mod tests;
