//! An application's own signalling, of which the first JSON with ICE servers is taken: over a WebSocket, as server-sent
//! events, or by polling.

use super::message::{Secret, SourceMessage, WebMethod, WebRequest};
use super::offer::SourceOffer;
use super::status::{no_socket, refusal, refused};
use super::{Provider, SourceHeard, SourceStep};
use crate::model::{Code, SourceRefusal};
use serde_json::Value;
use url::Url;

/// Applications send their servers first of all, or soon.
const MESSAGES_MAX: u32 = 64;

/// A service that holds each request back until it has something to say has said it by then.
const POLLS_MAX: u32 = 8;

/// What carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonTransport {
    Socket,
    Events,
    Polling,
}

/// One address of signalling.
pub(super) struct FirstJson {
    url: Url,
    transport: JsonTransport,
    authorization: Option<Secret>,
    /// What is to be said when the WebSocket is open.
    greeting: Option<String>,
    is_open: bool,
    heard: u32,
    /// What came without a TURN server: some services send that in a message of its own.
    first_half: Option<Box<SourceOffer>>,
}

impl FirstJson {
    pub(super) fn new(url: Url, transport: JsonTransport, secret: Option<&Secret>, greeting: Option<String>) -> Self {
        let authorization = secret.map(|secret| Secret::new(format!("Bearer {}", secret.reveal())));
        Self { url, transport, authorization, greeting, is_open: false, heard: 0, first_half: None }
    }

    fn request(&self) -> WebRequest {
        let mut request = WebRequest::new(WebMethod::Get, self.url.clone());
        request.headers.extend(self.authorization.iter().map(|secret| ("authorization", secret.clone())));
        match self.transport {
            JsonTransport::Events => request.with("accept", "text/event-stream"),
            JsonTransport::Socket | JsonTransport::Polling => request,
        }
    }

    fn ask(&self) -> SourceStep {
        match self.transport {
            JsonTransport::Socket => SourceStep::Open(self.request()),
            JsonTransport::Events => SourceStep::Follow(self.request()),
            JsonTransport::Polling => SourceStep::Ask(self.request()),
        }
    }

    /// The servers in what came, or what to do for more.
    fn take(&mut self, said: Option<&Value>, most: u32, further: fn(&Self) -> SourceStep) -> SourceStep {
        self.heard += 1;
        let offer = said.and_then(|said| SourceOffer::read(said, &self.url).ok());
        let offer = offer.filter(|offer| !offer.configuration.servers.is_empty()).map(|offer| match &self.first_half {
            Some(first) => offer.behind(first),
            None => offer,
        });
        match offer {
            Some(offer) if offer.has_turn() => return SourceStep::Offer(Box::new(offer)),
            Some(offer) => self.first_half = Some(Box::new(offer)),
            None => {}
        }
        if self.heard >= most { self.none() } else { further(self) }
    }

    /// A code that says more than that it is over (RFC 6455 §7.4; of the registry 3000 and 3003; of applications those that
    /// follow HTTP).
    fn closed(&mut self, code: u16) -> SourceStep {
        let told = match code {
            1000 | 1001 | 1005 => return self.none(),
            _ if self.first_half.is_some() => return self.none(),
            3000 | 4401 => Code::SourceRejectedSecret,
            1008 | 3003 | 4403 => Code::SourceForbidden,
            1011..=1013 => Code::SourceFails,
            _ => Code::SourceNotThis,
        };
        SourceStep::Refuse(refusal(told, &self.url, Some(SourceRefusal::ClosedWith { code }.into())))
    }

    /// No more comes.
    fn none(&mut self) -> SourceStep {
        if let Some(offer) = self.first_half.take() {
            return SourceStep::Offer(offer);
        }
        let why = SourceRefusal::NoneCame { count: self.heard };
        SourceStep::Refuse(refusal(Code::SourceNotThis, &self.url, Some(why.into())))
    }
}

/// A message as JSON, also where socket.io has put its packet's kind before it.
fn json(message: &SourceMessage) -> Option<Value> {
    message.json().filter(|said| !said.is_number()).or_else(|| match message {
        SourceMessage::Text(text) => serde_json::from_str(text.trim_start_matches(|c: char| c.is_ascii_digit())).ok(),
        SourceMessage::Binary(_) => None,
    })
}

impl Provider for FirstJson {
    fn next(&mut self, _: u64, heard: SourceHeard) -> SourceStep {
        match heard {
            SourceHeard::Begin => self.ask(),
            SourceHeard::Opened => {
                self.is_open = true;
                match self.greeting.take() {
                    Some(line) => SourceStep::Say(SourceMessage::Text(line)),
                    None => SourceStep::Listen,
                }
            }
            SourceHeard::Said(message) => self.take(json(&message).as_ref(), MESSAGES_MAX, |_| SourceStep::Listen),
            SourceHeard::Answered(answer) => {
                if let Some(fault) = refused(&answer, &self.url, self.authorization.is_some()) {
                    return SourceStep::Refuse(fault);
                }
                match self.transport {
                    JsonTransport::Polling => self.take(answer.json().as_ref(), POLLS_MAX, Self::ask),
                    JsonTransport::Socket => SourceStep::Refuse(no_socket(&answer, &self.url)),
                    JsonTransport::Events => {
                        let why = SourceRefusal::NoEvents;
                        SourceStep::Refuse(refusal(Code::SourceNotThis, &self.url, Some(why.into())))
                    }
                }
            }
            SourceHeard::Closed { code: Some(code) } => self.closed(code),
            SourceHeard::Closed { code: None } | SourceHeard::Failed => self.none(),
        }
    }

    fn time_is_up(&mut self) -> Option<SourceStep> {
        (self.is_open || self.heard > 0).then(|| self.none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::WebAnswer;

    const SERVERS: &str =
        r#"{"type":"config","iceServers":[{"urls":"stun:h"},{"urls":"turn:h","username":"u","credential":"c"}]}"#;

    fn source(transport: JsonTransport) -> FirstJson {
        FirstJson::new(Url::parse("wss://app.example/signal").expect("is one"), transport, None, Some("hi".to_owned()))
    }

    fn said(text: &str) -> SourceHeard {
        SourceHeard::Said(SourceMessage::Text(text.to_owned()))
    }

    #[test]
    fn the_first_message_with_servers_is_taken() {
        let mut source = source(JsonTransport::Socket);
        assert!(matches!(source.next(0, SourceHeard::Begin), SourceStep::Open(_)));
        assert!(matches!(source.next(0, SourceHeard::Opened), SourceStep::Say(SourceMessage::Text(hi)) if hi == "hi"));
        for text in ["hello", "{}", r#"{"id":1}"#, r#"{"iceServers":[]}"#, "0", "40", "\u{0}"] {
            assert!(matches!(source.next(0, said(text)), SourceStep::Listen), "{text}");
        }
        assert!(matches!(source.next(0, said(SERVERS)), SourceStep::Offer(_)));
    }

    #[test]
    fn an_event_of_socket_io_is_read_behind_its_number() {
        let mut source = source(JsonTransport::Socket);
        let event = format!("42[\"stunservers\",{SERVERS}]");
        assert!(matches!(source.next(0, said(&event)), SourceStep::Offer(_)));
    }

    #[test]
    fn servers_that_come_in_two_messages_are_taken_together_and_where_the_second_never_comes_the_first_alone() {
        let stun = r#"42["stunservers",[{"url":"stun:h"}]]"#;
        let turn = r#"42["turnservers",[{"urls":["turn:h"],"username":"u","credential":"c"}]]"#;
        let uris = |step: Option<SourceStep>| match step {
            Some(SourceStep::Offer(offer)) => offer.configuration.asked().len(),
            other => panic!("{other:?}"),
        };
        let mut socket = source(JsonTransport::Socket);
        assert!(matches!(socket.next(0, said(stun)), SourceStep::Listen));
        assert_eq!(uris(Some(socket.next(0, said(turn)))), 2);
        for end in
            [None, Some(SourceHeard::Closed { code: Some(1000) }), Some(SourceHeard::Closed { code: Some(1011) })]
        {
            let mut socket = source(JsonTransport::Socket);
            socket.next(0, said(stun));
            let last = match end {
                Some(end) => Some(socket.next(0, end)),
                None => socket.time_is_up(),
            };
            assert_eq!(uris(last), 1);
        }
        let mut silent = source(JsonTransport::Socket);
        assert!(silent.time_is_up().is_none(), "it never opened");
        silent.next(0, SourceHeard::Opened);
        assert!(matches!(silent.time_is_up(), Some(SourceStep::Refuse(fault)) if fault.code == Code::SourceNotThis));
    }

    #[test]
    fn a_service_that_never_sends_servers_is_left_after_some_messages() {
        let mut socket = source(JsonTransport::Socket);
        let heard = (0..1000).take_while(|_| matches!(socket.next(0, said("{}")), SourceStep::Listen)).count();
        assert_eq!(heard, 63);
        let mut polling = source(JsonTransport::Polling);
        let empty = || SourceHeard::Answered(WebAnswer { status: 204, ..WebAnswer::default() });
        let heard = (0..1000).take_while(|_| matches!(polling.next(0, empty()), SourceStep::Ask(_))).count();
        assert_eq!(heard, 7);
    }

    #[test]
    fn the_code_with_which_the_websocket_is_closed_is_told() {
        for (code, expected) in [
            (1000, Code::SourceNotThis),
            (1008, Code::SourceForbidden),
            (4401, Code::SourceRejectedSecret),
            (1011, Code::SourceFails),
            (4999, Code::SourceNotThis),
        ] {
            let step = source(JsonTransport::Socket).next(0, SourceHeard::Closed { code: Some(code) });
            assert!(matches!(&step, SourceStep::Refuse(fault) if fault.code == expected), "{code}: {step:?}");
        }
    }

    #[test]
    fn what_is_no_websocket_and_no_stream_of_events_is_told() {
        for (transport, status, expected) in [
            (JsonTransport::Socket, 200, Code::SourceNoWebSocket),
            (JsonTransport::Events, 200, Code::SourceNotThis),
            (JsonTransport::Socket, 403, Code::SourceWantsSecret),
        ] {
            let answer = WebAnswer { status, ..WebAnswer::default() };
            let step = source(transport).next(0, SourceHeard::Answered(answer));
            assert!(matches!(&step, SourceStep::Refuse(fault) if fault.code == expected), "{step:?}");
        }
    }
}
