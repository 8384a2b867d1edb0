//! How do two ends tell each other where they are, before they can reach each other?
//!
//! What is said is standard: an SDP offer and answer (RFC 8866, RFC 8839) and candidates that trickle (RFC 8838), so
//! that any WebRTC stack can be at the other end. It travels in a small JSON [`envelope`], or, where a person carries
//! it, as a short [`code`]. Who carries the bytes is the world's business; what follows from them, the meeting's.
//!
//! All of it is the other end's to choose: everything read here is bounded, and each fault has words of its own.

pub mod address;
pub mod code;
mod deflate;
pub mod envelope;
pub mod rooms;
pub mod sdp;

pub use envelope::{Body, DecodeError, Decoded, Decoder, EncodeError, Encoder};
pub use sdp::{LocalDescription, Password, Sdp, SdpError, SdpType, SessionDescription};
