//! Signalling: how do two ends exchange their descriptions before they can reach each other?
//!
//! The content is standard: an SDP offer and answer (RFC 8866, RFC 8839) and trickled candidates (RFC 8838), so that
//! any WebRTC stack can be the other end. It travels in a small JSON [`envelope`], or, where a person carries it, as a
//! short [`code`]. Which transport carries the bytes is the world's business; what follows from them is decided in
//! `peer`.
//!
//! All of it comes from an untrusted end: everything read here is bounded, and each fault has an error of its own.

pub mod address;
pub mod code;
mod deflate;
pub mod envelope;
pub mod rooms;
pub mod sdp;

pub use envelope::{Body, Decoded, Decoder, EncodeError, Encoder};
pub use sdp::{LocalDescription, Password, Sdp, SdpType, SessionDescription};
