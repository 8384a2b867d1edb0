//! What becomes of an offer or an answer that comes where it cannot be taken, before anything is agreed on (RFC 8829 §3.2)?
//!
//! Who came first offers. An offer beside ours is glare: ours stands, as that of the impolite end of "perfect negotiation", and the
//! other end is given the time to withdraw its own and to answer. A description that is called by the wrong name is followed by
//! no other. One of our own that comes back is of a server that sends to the sender as well.

use crate::machine::Instant;
use crate::model::{RefusedMessage, Text};
use crate::signal::sdp::Setup;
use crate::signal::{Sdp, SdpType, SessionDescription};

/// What came beside an offer or an answer that fits.
#[derive(Default)]
pub(super) struct OddDescriptions {
    /// The answer that stands until the last one comes (RFC 8829 §3.3).
    pub provisional: Option<Sdp>,
    /// When a description came first that cannot be taken where it came, and another may still come.
    pub misplaced_at: Option<Instant>,
    /// The first kind of message that came and is not known.
    pub unknown_kind: Option<Text>,
}

/// What an end has said itself, and where it stands.
pub(super) struct OwnPart<'a> {
    pub ufrag: &'a str,
    /// It has offered, and no answer has come.
    pub offering: bool,
    /// It came first, so that its offer stands.
    pub is_first: bool,
}

/// What is wrong with a description that comes where nothing is agreed on; None of one that fits.
pub(super) fn fault(ours: &OwnPart<'_>, kind: SdpType, sdp: &Sdp) -> Option<RefusedMessage> {
    let read = SessionDescription::read(&sdp.0).ok();
    if read.as_ref().is_some_and(|read| read.ufrag == ours.ufrag) {
        return Some(RefusedMessage::OwnDescription);
    }
    let setup = read.and_then(|read| read.setup).map(|(setup, _)| setup);
    match kind {
        SdpType::Offer if ours.offering && ours.is_first => Some(match setup {
            Some(Setup::Active | Setup::Passive) => RefusedMessage::AnswerCalledOffer,
            _ => RefusedMessage::OffersCollide,
        }),
        SdpType::Answer if !ours.offering => Some(match setup {
            Some(Setup::Actpass) => RefusedMessage::OfferCalledAnswer,
            _ => RefusedMessage::AnswerToNothing,
        }),
        SdpType::Offer | SdpType::Answer => None,
    }
}

/// Whether one that fits may follow.
pub(super) fn may_be_followed(fault: &RefusedMessage) -> bool {
    matches!(fault, RefusedMessage::OwnDescription | RefusedMessage::OffersCollide | RefusedMessage::AnswerToNothing)
}

/// Whether two descriptions differ in candidates and their version alone.
pub(super) fn is_same_call(one: &str, other: &str) -> bool {
    let of_ice =
        |line: &&str| ["o=", "a=candidate:", "a=end-of-candidates"].iter().any(|beginning| line.starts_with(beginning));
    let lines = |sdp: &'_ str| -> Vec<String> {
        sdp.lines().map(str::trim_end).filter(|line| !of_ice(line)).map(str::to_owned).collect()
    };
    lines(one) == lines(other)
}
