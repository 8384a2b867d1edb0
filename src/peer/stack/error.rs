//! What can be wrong with a call, as its stack sees it, and what is told of it.

use crate::model::{CallBreak, CallFault, Code, RefusedMessage, Text};
use str0m::RtcError;

/// The words of the library name its types and are for its makers.
const HANDSHAKE_FAILED: &str = "the DTLS handshake ended in an error or an alert";

/// Why nothing can come of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StackError {
    /// The certificate is not the one that the description announced (RFC 8122 §6.2).
    Fingerprint,
    /// No stack can make a call of the other end's description.
    NoCall(CallFault),
    /// str0m cannot. Its own words name places in its memory, or what it lost itself, and are kept from people.
    Limit {
        /// The line of the other end's description without which it can, where there is one such.
        line: Option<u32>,
    },
    /// The handshake ended in an error, or what came after it did.
    Dtls(Text),
}

impl StackError {
    /// Whatever its stack says against a description, no handshake has begun yet.
    pub(super) fn of_description(_: RtcError) -> Self {
        Self::Limit { line: None }
    }
}

impl From<RtcError> for StackError {
    fn from(error: RtcError) -> Self {
        match error {
            RtcError::RemoteSdp(problem) if problem.contains("fingerprint no match") => Self::Fingerprint,
            RtcError::RemoteSdp(_) | RtcError::Sdp(_) => Self::Limit { line: None },
            _ => Self::Dtls(Text::new(HANDSHAKE_FAILED)),
        }
    }
}

impl From<StackError> for CallBreak {
    fn from(error: StackError) -> Self {
        let unusable = |why, detail, line| Self::DescriptionUnusable { detail, why: Some(why), line };
        match error {
            StackError::Fingerprint => Self::WrongFingerprint,
            StackError::Dtls(detail) => Self::DtlsFailed { detail },
            StackError::Limit { line } => unusable(Code::CallStackLimit, Text::default(), line),
            StackError::NoCall(fault) => {
                let (line, detail) = (line_of(&fault), Text::default());
                match fault {
                    CallFault::Cut { .. } => unusable(Code::CallDescriptionCut, detail, line),
                    CallFault::SectionsMissing { offered, answered } => {
                        let of_offered = Text::new(&format!("{answered}/{offered}"));
                        unusable(Code::CallSectionsMissing, of_offered, line)
                    }
                    CallFault::SectionsDiffer { .. } => unusable(Code::CallSectionsDiffer, detail, line),
                    CallFault::MidsUnclear { .. } | CallFault::BundleRefused { .. } => {
                        unusable(Code::CallMidsUnclear, detail, line)
                    }
                    CallFault::NoRtcpMux { .. } => unusable(Code::CallNoRtcpMux, detail, line),
                    CallFault::NothingTaken => unusable(Code::CallNothingTaken, detail, line),
                    CallFault::NoFingerprint { .. } => unusable(Code::CallNoFingerprint, detail, line),
                    CallFault::Undecided { .. } => unusable(Code::CallAnswerUndecided, detail, line),
                    CallFault::NoneSpoken { .. } => unusable(Code::CallStackLimit, detail, line),
                    CallFault::NoCommonCodec { .. } => unusable(Code::CallNoCommonCodec, detail, line),
                    CallFault::Other(detail) => unusable(Code::CallNoAgreement, detail, line),
                }
            }
        }
    }
}

/// The line that a fault stands on, where it is one line's.
fn line_of(fault: &CallFault) -> Option<u32> {
    match fault {
        CallFault::Cut { line }
        | CallFault::SectionsDiffer { line }
        | CallFault::MidsUnclear { line }
        | CallFault::BundleRefused { line }
        | CallFault::NoRtcpMux { line }
        | CallFault::NoFingerprint { line }
        | CallFault::Undecided { line }
        | CallFault::NoCommonCodec { line }
        | CallFault::NoneSpoken { line } => u32::try_from(*line).ok(),
        CallFault::SectionsMissing { .. } | CallFault::NothingTaken | CallFault::Other(_) => None,
    }
}

/// What is told of a description that comes when the call is agreed on, and is not taken.
impl From<StackError> for (Code, RefusedMessage) {
    fn from(error: StackError) -> Self {
        match error {
            StackError::NoCall(fault @ CallFault::NoneSpoken { .. }) => {
                (Code::CallChangeBeyondUs, RefusedMessage::Call { fault })
            }
            StackError::NoCall(fault) => (Code::PeerChangeRefused, RefusedMessage::Call { fault }),
            StackError::Limit { .. } | StackError::Fingerprint | StackError::Dtls(_) => {
                (Code::CallChangeBeyondUs, RefusedMessage::BeyondUs)
            }
        }
    }
}
