//! How far a call got, how it broke and what passed in it.

use crate::model::{CallBreak, CallStage, DtlsHandshake, Millis, PathMaintenance, Traffic};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about the call itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum CallFact {
    /// The call got this far.
    CallReached {
        /// What was reached.
        stage: CallStage,
        /// From the start of the call.
        after_ms: Millis,
    },
    /// What the other end's description says that it will send, where that is not everything.
    PeerAnnounced {
        /// It sends audio.
        audio: bool,
        /// It sends video.
        video: bool,
        /// It takes data channels.
        data: bool,
        /// It has an audio section in which nothing is to be sent to it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        declines_audio: bool,
        /// The same of video.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        declines_video: bool,
        /// This end's own description asks for no more than that.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        as_asked: bool,
    },
    /// Media sections of the other end's that are not bundled with the first (RFC 9143): each wants a way of its own, and
    /// there is one here.
    NotBundled {
        /// How many were left out, 1 or more.
        left_out: u32,
        /// In an answer to our offer, which bundles.
        answers: bool,
    },
    /// Media sections that the other end wants have no codec that both ends speak (RFC 3264 §6.1): nothing passes in them.
    NoCommonCodec {
        /// Sound is among them.
        audio: bool,
        /// Video is among them.
        video: bool,
        /// The first `m=` line of its description that is such, from 1.
        line: Option<u32>,
        /// In an answer to our offer, whose codecs it may choose from alone; else in an offer, of which this end speaks too few.
        answers: bool,
    },
    /// The network changed during the call, the ICE agents restarted (RFC 8445 §9), and media came again.
    CallResumed {
        /// From this end's restart to the first media thereafter.
        after_ms: Millis,
    },
    /// Nothing came over the pair in use for a while, and no check was answered; then something did again.
    StoodStill {
        /// From the end of the DTLS handshake to the last that came before.
        after_ms: Millis,
        /// Until something came again.
        lasted_ms: Millis,
        /// It came again over another pair, after the checks were begun anew.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        restarted: bool,
    },
    /// No more of a kind of media came, to the end of the call, while other packets of the other end's did.
    KindEnded {
        /// Sound; else the picture.
        audio: bool,
        /// From the end of the DTLS handshake to the last of it.
        after_ms: Millis,
        /// From there to the end of what is known.
        lasted_ms: Millis,
    },
    /// The call ended before its time, or did not come about.
    CallBroken(CallBreak),
    /// What was seen of a DTLS handshake that did not end well: once, before how the call broke.
    HandshakeSeen(DtlsHandshake),
    /// How the pair that carried it was kept: of a long call, once, when measuring is over.
    CallKept(Box<PathMaintenance>),
    /// What passed: once, when measuring is over.
    Called(Box<Traffic>),
}
