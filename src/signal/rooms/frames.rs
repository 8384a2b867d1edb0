//! The frames that an end and a room server exchange, as JSON: the same on every transport.
//!
//! | request | what |
//! |---|---|
//! | `POST /r/ID` | [`Join`], answered by [`Joined`] |
//! | `GET /r/ID/ws` | WebSocket: [`ClientFrame`] up, beginning with `take`; [`ServerFrame`] down |
//! | `GET /r/ID/events?after=N` | Server-Sent Events: [`ServerFrame`] as `data` |
//! | `GET /r/ID/poll?after=N&heard=N` | an array of [`ServerFrame`], empty when nothing came for a heartbeat |
//! | `POST /r/ID/say?number=N` | a message as it is, answered by [`ServerFrame`] |
//! | `POST /r/ID/echo` | a tag that comes back as an event |
//! | `POST /r/ID/stay?heard=N` | renews the lease of a participant that only listens |
//! | `POST /r/ID/leave` | gives up the slot |
//!
//! All requests but the WebSocket carry the token as `Authorization: Bearer`, which proxies do not log. A refusal is a
//! [`RefusedBody`].

use super::{Event, NumberedEvent, RoomRefusal, Token};
use crate::machine::{OfferedServer, Slot};
use crate::model::Target;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// Asks to join a room. The field keeps its name in all versions, so that each version can refuse the others with a
/// reason.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Join {
    /// The version of the protocol that the end speaks.
    pub version: u32,
}

/// The slot, and the limits that the participant has to keep.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Joined {
    /// The slot that the end has.
    #[serde(rename = "seat", with = "SlotName")]
    pub slot: Slot,
    /// The largest message that the server accepts.
    pub message_bytes: usize,
    /// The longest silence of either side, in milliseconds.
    pub heartbeat_ms: u64,
    /// After this much silence, in milliseconds, the other side counts as gone.
    pub lease_ms: u64,
    /// The ICE servers that the server offers; may be empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ice_servers: Vec<RtcIceServer>,
}

/// An ICE server as `RTCPeerConnection` takes it (webrtc-pc §4.2.4, RTCIceServer), with short-lived credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RtcIceServer {
    /// STUN and TURN URIs (RFC 7064, RFC 7065).
    pub urls: Vec<String>,
    /// The user name, for TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The password, for TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

impl fmt::Debug for RtcIceServer {
    /// Leaves the credentials out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RtcIceServer({:?})", self.urls)
    }
}

/// How many of the offered servers are used; browsers warn from the fifth on.
const OFFERS: usize = 16;

impl Joined {
    /// The longest time for which either side is silent.
    pub fn heartbeat(&self) -> Duration {
        Duration::from_millis(self.heartbeat_ms)
    }

    /// The time after which a silent side counts as gone.
    pub fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }

    /// The offered servers that this end can use.
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

/// What an end sends on a WebSocket, each frame as one text message.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientFrame {
    /// The first frame: which participant this is, and the last event that arrived.
    #[serde(rename = "take")]
    Resume {
        /// The participant's token.
        token: String,
        /// The number of the last event that arrived.
        after: u64,
    },
    /// A message for the other end.
    #[serde(rename = "say")]
    Message {
        /// Its number among the messages of this participant, from 1.
        number: u64,
        /// The message itself.
        message: Base64,
    },
    /// Asks for this tag to come back as an event, to test the transport.
    Echo(String),
    /// Acknowledges all events up to this number.
    #[serde(rename = "heard")]
    Acknowledge(u64),
    /// Gives up the slot.
    Leave,
}

/// What a server sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerFrame {
    /// An event for this participant.
    #[serde(rename = "told")]
    Event {
        /// Its number among the events of this participant, from 1.
        number: u64,
        /// What happened.
        event: EventFrame,
    },
    /// All messages up to this number were accepted.
    #[serde(rename = "said")]
    Accepted(u64),
    /// The message with this number and those after it were not accepted and have to be sent again.
    #[serde(rename = "again")]
    Resend(u64),
    /// The request is refused.
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

/// An [`Event`] as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventFrame {
    /// The other end has joined.
    PeerJoined,
    /// A message from the other end.
    Message(Base64),
    /// The other end has left.
    PeerLeft,
    /// The tag that this end sent.
    Echo(String),
}

/// Bytes in JSON: base64 with padding (RFC 4648 §4).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base64(String);

impl Base64 {
    /// Encodes bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(STANDARD.encode(bytes))
    }

    /// Decodes the bytes; None for what is not base64.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.0).ok()
    }
}

/// The body of a refusal, for programs and for people.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RefusedBody {
    /// The name of the refusal.
    pub refused: String,
    /// The same as a sentence.
    pub detail: String,
}

/// The name and the HTTP status of each refusal.
const NAMES: [(RoomRefusal, &str, u16); 10] = [
    (RoomRefusal::OtherVersion, "other-version", 400),
    (RoomRefusal::RoomFull, "room-full", 409),
    (RoomRefusal::TooManyRooms, "too-many-rooms", 503),
    (RoomRefusal::TooManyJoins, "too-many-joins", 429),
    (RoomRefusal::TooManyTransports, "too-many-transports", 429),
    (RoomRefusal::NotJoined, "not-seated", 410),
    (RoomRefusal::TooLarge, "too-large", 413),
    (RoomRefusal::TooFast, "too-fast", 429),
    (RoomRefusal::TooMuchWaiting, "too-much-waiting", 429),
    (RoomRefusal::Malformed, "malformed", 400),
];

impl RoomRefusal {
    /// The HTTP status of the response (RFC 9110 §15, RFC 6585 §4).
    pub fn status(self) -> u16 {
        NAMES.iter().find(|(refusal, ..)| *refusal == self).map_or(409, |(.., status)| *status)
    }

    /// Whether the same request may succeed a moment later.
    pub fn passes(self) -> bool {
        matches!(self, Self::TooFast | Self::TooMuchWaiting | Self::TooManyTransports | Self::OutOfOrder { .. })
    }
}

impl From<RoomRefusal> for RefusedBody {
    fn from(refusal: RoomRefusal) -> Self {
        let name = NAMES.iter().find(|(known, ..)| *known == refusal).map_or("out-of-order", |(_, name, _)| *name);
        Self { refused: name.to_owned(), detail: refusal.to_string() }
    }
}

impl RefusedBody {
    /// The refusal by its name; None for one that this version does not know.
    pub fn refusal(&self) -> Option<RoomRefusal> {
        NAMES.iter().find(|(_, name, _)| *name == self.refused).map(|(refusal, ..)| *refusal)
    }
}

impl ClientFrame {
    /// The first frame of a WebSocket.
    pub fn resume(token: &Token, after: u64) -> Self {
        Self::Resume { token: token.reveal(), after }
    }
}
