//! What a room server has for one of its participants.

use std::sync::Arc;

/// What a slot is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The other slot is taken.
    PeerJoined,
    Message(Arc<[u8]>),
    /// Its holder left, or was given up.
    PeerLeft,
    /// What this slot itself asked to have said back, to see whether its carrier carries.
    Echo(Box<str>),
}

impl Event {
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::PeerJoined | Self::PeerLeft => 0,
            Self::Message(message) => message.len(),
            Self::Echo(tag) => tag.len(),
        }
    }
}

/// An event, and its place among all of this slot's, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedEvent {
    pub number: u64,
    pub event: Event,
}

/// What a carrier that waits for a slot's events listens to.
pub trait Notify {
    /// Something is new, or the slot is gone: look.
    fn notify(&self);
}
