//! Why does a signalling transport not work?

use crate::model::{Failure, SignallingFailure};
use crate::signal::rooms::RoomRefusal;

/// Why a carrier does not carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TransportError {
    /// The network's, or somebody's between.
    Failed(SignallingFailure),
    /// The server's own words.
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
