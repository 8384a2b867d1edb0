//! Why does a signalling transport not work?

use crate::model::{Failure, SignallingFailure};
use crate::signal::rooms::RoomRefusal;

/// Why a transport does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TransportError {
    /// The network or a middlebox prevents it.
    Failed(SignallingFailure),
    /// The server refuses it.
    Refused(RoomRefusal),
}

impl From<SignallingFailure> for TransportError {
    fn from(failure: SignallingFailure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Failure> for TransportError {
    fn from(failure: Failure) -> Self {
        Self::Failed(SignallingFailure::NotConnected { failure })
    }
}
