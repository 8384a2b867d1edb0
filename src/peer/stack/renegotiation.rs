//! What becomes of a description that comes when the call is agreed on already? (RFC 3264 §8, RFC 8829 §5.2.2, §5.3.2)
//!
//! Most of them restart ICE and change nothing else: they are answered with what was answered before, and our ICE of now. One
//! that changes what is sent is negotiated anew. Another certificate would want a DTLS association of its own (RFC 8842 §5.5),
//! which this end does not make in a call that runs.

use super::{OurDescription, SdpRole, Stack, StackError, sdp};
use crate::machine::Instant;
use crate::signal::SessionDescription;
use std::collections::BTreeSet;
use str0m::change::SdpOffer;

/// What of a description decides what is sent: more in it may differ without a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MediaTerms {
    sections: Vec<SectionTerms>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct SectionTerms {
    kind: String,
    is_refused: bool,
    /// Such as `a=sendrecv`; empty where it has none, which says the same.
    direction: String,
    /// The lines of the codecs that this end speaks.
    codecs: BTreeSet<String>,
}

impl MediaTerms {
    /// Reads the other end's description as str0m sees it.
    pub(super) fn read(shown: &str) -> Self {
        let mut read = Self::default();
        for line in shown.lines() {
            if let Some(media) = line.strip_prefix("m=") {
                let mut words = media.split(' ');
                let kind = words.next().unwrap_or_default().to_owned();
                let is_refused = words.next() == Some("0");
                read.sections.push(SectionTerms { kind, is_refused, ..SectionTerms::default() });
            }
            let Some(section) = read.sections.last_mut() else { continue };
            match line {
                "a=sendrecv" => section.direction.clear(),
                "a=sendonly" | "a=recvonly" | "a=inactive" => line.clone_into(&mut section.direction),
                _ if SessionDescription::is_spoken(line) => drop(section.codecs.insert(line.to_ascii_lowercase())),
                _ => {}
            }
        }
        read
    }
}

impl Stack {
    /// Whether a description that comes now may be taken: one of which no call could be made does not end the one that runs.
    pub(in crate::peer) fn check_again(&self, theirs: &str, side: SdpRole) -> Result<(), StackError> {
        let agreed = self.described().unwrap_or_default();
        let checked = match side {
            SdpRole::Offer => SessionDescription::check_offer_again(theirs, agreed),
            SdpRole::Answer => SessionDescription::check_call(theirs, Some(agreed)),
        };
        checked.map_err(StackError::NoCall)?;
        let (_, announced, _) = self.show(theirs, self.names());
        let is_the_same = match (&announced, &self.announced) {
            (Some(now), Some(before)) => now.shares_one_with(before),
            (now, before) => now == before,
        };
        if is_the_same { Ok(()) } else { Err(StackError::Limit { line: None }) }
    }

    /// Our answer to an offer that comes now, which [`Self::check_again`] has let pass.
    pub(in crate::peer) fn answer_again(
        &mut self,
        now: Instant,
        offer: &str,
        ours: &OurDescription,
    ) -> Result<String, StackError> {
        let (sections, _, shown) = self.show(offer, self.names());
        let terms = MediaTerms::read(&shown);
        if self.answered.as_ref() == Some(&terms)
            && let Some(again) = self.again(ours, SdpRole::Answer)
        {
            return Ok(again);
        }
        let limit = |_| StackError::Limit { line: None };
        // The SCTP association stands, however a later description would begin it.
        let shown = sdp::with_sctp_init(&shown, self.sctp_init.as_deref());
        let read = SdpOffer::from_sdp_string(&shown).map_err(limit)?;
        let answer = self.rtc.sdp_api().accept_offer(read).map_err(StackError::of_description)?;
        (self.sections, self.answered) = (sections, Some(terms));
        let described = self.described.insert(self.sections.answered(&answer.to_sdp_string()));
        let text = sdp::outward(described, ours, SdpRole::Answer);
        self.drain(now);
        Ok(text)
    }

    /// Our description where the other end's sections go by its names: where it was the offer.
    fn names(&self) -> Option<&str> {
        self.described().filter(|_| self.answered.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_differ_where_what_is_sent_does_and_nowhere_else() {
        let usual = "v=0\r\nm=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\na=sendrecv\r\nm=video 9 X 96\r\na=rtpmap:96 VP8/90000\r\n";
        let is_same = |from: &str, to: &str| {
            let changed = usual.replace(from, to);
            assert_ne!(changed, usual, "{from:?} is there to be changed");
            MediaTerms::read(&changed) == MediaTerms::read(usual)
        };
        assert!(is_same("a=sendrecv\r\n", "") && is_same("opus", "OPUS") && is_same("v=0", "v=0\r\na=setup:active"));
        assert!(is_same("m=video 9 X 96", "m=video 9 X 96 97\r\na=rtpmap:97 H264/90000"), "this end speaks no H.264");
        let others =
            [("a=sendrecv", "a=inactive"), ("video 9", "video 0"), ("96 VP8", "96 AV1"), ("rtpmap:111", "rtpmap:112")];
        for (from, to) in others {
            assert!(!is_same(from, to), "{from} → {to}");
        }
    }
}
