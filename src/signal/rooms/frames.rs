//! What an end and a server of rooms say to each other, as JSON: the same on every carrier.
//!
//! | request | what |
//! |---|---|
//! | `POST /r/ID` | [`Join`], answered by [`Joined`] |
//! | `GET /r/ID/ws` | WebSocket: [`ClientFrame`] up, beginning with `take`; [`ServerFrame`] down |
//! | `GET /r/ID/events?after=N` | Server-Sent Events: [`ServerFrame`] as `data` |
//! | `GET /r/ID/poll?after=N&heard=N` | an array of [`ServerFrame`], empty when nothing came for a heartbeat |
//! | `POST /r/ID/say?number=N` | a message as it is, answered by [`ServerFrame`] |
//! | `POST /r/ID/echo` | a tag that comes back as an event |
//! | `POST /r/ID/stay?heard=N` | renews the lease of a seat that only listens |
//! | `POST /r/ID/leave` | gives the seat back |
//!
//! All but the WebSocket bring the token as `Authorization: Bearer`, where no proxy logs it. What is refused is answered
//! by [`RefusedBody`].

use super::{Event, NumberedEvent, RoomRefusal, Token};
use crate::machine::{OfferedServer, Slot};
use crate::model::Target;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// Asks for a seat. The name of the field stays the same in all versions, so that each can refuse the others in words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Join {
    pub version: u32,
}

/// The seat, and what its holder has to keep to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Joined {
    #[serde(rename = "seat", with = "SlotName")]
    pub slot: Slot,
    pub message_bytes: usize,
    /// Either side says something at least this often.
    pub heartbeat_ms: u64,
    /// Whoever hears nothing for this long takes the other for dead.
    pub lease_ms: u64,
    /// What the server offers to call with; none where it has nothing to offer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ice_servers: Vec<RtcIceServer>,
}

/// A server as `RTCPeerConnection` takes it (webrtc-pc §4.2.4, RTCIceServer), with credentials for a while.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RtcIceServer {
    pub urls: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

impl fmt::Debug for RtcIceServer {
    /// Without the credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RtcIceServer({:?})", self.urls)
    }
}

/// Of what a server of rooms offers, as many are looked at; a browser too warns from the fifth on.
const OFFERS: usize = 16;

impl Joined {
    pub fn heartbeat(&self) -> Duration {
        Duration::from_millis(self.heartbeat_ms)
    }

    pub fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }

    /// What the server offers, as far as this end can make use of it.
    pub fn offers(&self) -> Vec<OfferedServer> {
        let usable = self.ice_servers.iter().flat_map(|offered| {
            let login = offered.username.clone().zip(offered.credential.clone());
            offered.urls.iter().filter_map(move |url| {
                let server: Target = url.parse().ok()?;
                let login = login.clone().filter(|_| server.scheme.relays());
                Some(OfferedServer { server, login })
            })
        });
        usable.take(OFFERS).collect()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Slot", rename_all = "kebab-case")]
enum SlotName {
    First,
    Second,
}

/// On a WebSocket. A carrier's message is a WebSocket's text message.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientFrame {
    /// First of all: whose socket this is, and the last event that was heard.
    #[serde(rename = "take")]
    Resume {
        token: String,
        after: u64,
    },
    #[serde(rename = "say")]
    Message {
        number: u64,
        message: Base64,
    },
    Echo(String),
    /// All events up to this one.
    #[serde(rename = "heard")]
    Acknowledge(u64),
    Leave,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerFrame {
    #[serde(rename = "told")]
    Event {
        number: u64,
        event: EventFrame,
    },
    /// All messages up to this number were taken.
    #[serde(rename = "said")]
    Accepted(u64),
    /// The message with this number was not taken, and nothing behind it: say it again.
    #[serde(rename = "again")]
    Resend(u64),
    Refused(RefusedBody),
}

impl From<NumberedEvent> for ServerFrame {
    fn from(NumberedEvent { number, event }: NumberedEvent) -> Self {
        let event = match event {
            Event::PeerJoined => EventFrame::PeerJoined,
            Event::Message(message) => EventFrame::Message(Base64(STANDARD.encode(message))),
            Event::PeerLeft => EventFrame::PeerLeft,
            Event::Echo(tag) => EventFrame::Echo(tag.into()),
        };
        Self::Event { number, event }
    }
}

/// [`Event`], as it is sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventFrame {
    PeerJoined,
    Message(Base64),
    PeerLeft,
    Echo(String),
}

/// Bytes as they stand in JSON: base64 (RFC 4648 §4), padded.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base64(String);

impl Base64 {
    pub fn of(bytes: &[u8]) -> Self {
        Self(STANDARD.encode(bytes))
    }

    pub fn bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.0).ok()
    }
}

/// Why not, for a program and for a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RefusedBody {
    pub refused: String,
    pub detail: String,
}

/// How each refusal is called, and its HTTP status.
const NAMES: [(RoomRefusal, &str, u16); 9] = [
    (RoomRefusal::OtherVersion, "other-version", 400),
    (RoomRefusal::RoomFull, "room-full", 409),
    (RoomRefusal::TooManyRooms, "too-many-rooms", 503),
    (RoomRefusal::TooManyJoins, "too-many-joins", 429),
    (RoomRefusal::NotJoined, "not-seated", 410),
    (RoomRefusal::TooLarge, "too-large", 413),
    (RoomRefusal::TooFast, "too-fast", 429),
    (RoomRefusal::TooMuchWaiting, "too-much-waiting", 429),
    (RoomRefusal::Malformed, "malformed", 400),
];

impl RoomRefusal {
    /// The HTTP status of its answer (RFC 9110 §15, RFC 6585 §4).
    pub fn status(self) -> u16 {
        NAMES.iter().find(|(refusal, ..)| *refusal == self).map_or(409, |(.., status)| *status)
    }

    /// Whether the same may be taken a moment later.
    pub fn passes(self) -> bool {
        matches!(self, Self::TooFast | Self::TooMuchWaiting | Self::OutOfOrder { .. })
    }
}

impl From<RoomRefusal> for RefusedBody {
    fn from(refusal: RoomRefusal) -> Self {
        let name = NAMES.iter().find(|(known, ..)| *known == refusal).map_or("out-of-order", |(_, name, _)| *name);
        Self { refused: name.to_owned(), detail: refusal.to_string() }
    }
}

impl RefusedBody {
    /// None for one that this version does not know.
    pub fn refusal(&self) -> Option<RoomRefusal> {
        NAMES.iter().find(|(_, name, _)| *name == self.refused).map(|(refusal, ..)| *refusal)
    }
}

impl ClientFrame {
    pub fn resume(token: &Token, after: u64) -> Self {
        Self::Resume { token: token.reveal(), after }
    }
}
