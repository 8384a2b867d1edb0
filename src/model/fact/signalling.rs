//! How the two ends of a call reach each other before they have a path of their own.

use crate::model::{Code, Millis, RefusedMessage, SignallingFailure, SignallingTransport, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about the channel between the two ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SignallingFact {
    /// A message got to the room over this transport and came back.
    Carried {
        /// The transport.
        carrier: SignallingTransport,
        /// From the start of connecting until the transport was ready.
        took_ms: Millis,
        /// From sending the message until its echo came.
        rtt_ms: Millis,
    },
    /// This transport does not get messages to the room and back.
    NotCarried {
        /// The transport.
        carrier: SignallingTransport,
        /// Why; its fields stand beside these.
        #[serde(flatten)]
        failure: SignallingFailure,
        /// From the start of connecting until it failed or was given up.
        took_ms: Millis,
    },
    /// This is the transport that the run uses.
    Chosen {
        /// The transport.
        carrier: SignallingTransport,
    },
    /// The other end is there.
    PeerJoined {
        /// What it says it is, as "rtc-doctor 0.1.0".
        software: Text,
    },
    /// The other end went away, or the channel to it was lost, before everything was said.
    PeerLeft,
    /// The room has two ends already, so that this one was not let in.
    RoomFull,
    /// The way to the room could not be opened, or was lost, before the other end was there.
    RoomLost,
    /// The other end is there, and no offer or answer of its came: it was waited for to the end.
    NoDescription {
        /// From its joining.
        waited_ms: Millis,
        /// The first kind of message that came in its place and is not known; absent where none did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        came: Option<Text>,
    },
    /// A message of the other end was not taken.
    MessageRefused {
        /// What kind of fault it has.
        why: Code,
        /// What is wrong in it; empty where the kind says all.
        detail: RefusedMessage,
    },
}

impl SignallingFact {
    /// How the signalling of a call may end before its time, and what each is called.
    pub(crate) const ENDINGS: [(Self, Code); 3] =
        [(Self::PeerLeft, Code::PeerLeft), (Self::RoomFull, Code::RoomFull), (Self::RoomLost, Code::RoomLost)];
}
