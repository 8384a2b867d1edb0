//! What a room server has for one of its participants.

use std::sync::Arc;

/// An event for a participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The other end has joined.
    PeerJoined,
    /// A message from the other end.
    Message(Arc<[u8]>),
    /// The other end has left, or its lease has ended.
    PeerLeft,
    /// The tag of an echo that this participant asked for, to test a transport.
    Echo(Box<str>),
}

/// What it takes to keep what a participant sent, beside its own bytes: its number, its place, and its frame when it is told.
const OVERHEAD: usize = 128;

/// What it takes to keep so many bytes of a participant's.
pub(super) fn kept(bytes: usize) -> usize {
    bytes + OVERHEAD
}

impl Event {
    /// What it takes to keep the event, in bytes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::PeerJoined | Self::PeerLeft => 0,
            Self::Message(message) => kept(message.len()),
            Self::Echo(tag) => kept(tag.len()),
        }
    }
}

/// An event and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedEvent {
    /// Its number among the events of this participant, from 1.
    pub number: u64,
    /// What happened.
    pub event: Event,
}

/// Wakes the transports that wait for a participant's events.
pub trait Notify {
    /// There is a new event, or the participant is gone.
    fn notify(&self);
}
