//! What the two ends tell each other of a call beforehand (RFC 3264, RFC 8829).

use super::CallTrial;
use crate::model::{CallBreak, Code, Fact, Text};
use crate::peer::announced::AnnouncedMedia;
use crate::peer::stack::{OurDescription, SdpRole, StackError};
use crate::signal::Sdp;

impl CallTrial {
    /// Candidates follow one by one (RFC 8838).
    fn ours(&mut self, pacing_ms: u32) -> Option<OurDescription> {
        let credentials = self.agent.credentials();
        let password = crate::signal::Password::new(&credentials.password).ok()?;
        let ufrag = credentials.ufrag.clone();
        let call = self.call.as_mut()?;
        call.version += 1;
        Some(OurDescription { version: call.version, ufrag, password, pacing_ms })
    }

    /// Our offer; None where no call is made, and the pairs' own description is enough.
    pub fn offer(&mut self, pacing_ms: u32) -> Option<Sdp> {
        let (ours, now) = (self.ours(pacing_ms)?, self.now);
        let call = self.call.as_mut()?;
        let text = match call.stack.again(&ours, SdpRole::Offer) {
            Some(again) => Ok(again),
            None => call.stack.offer(now, &ours),
        };
        self.described(text)
    }

    /// Our answer to the other end's offer; None as for [`Self::offer`], and where the two cannot agree on a call.
    pub fn answer(&mut self, theirs: &Sdp, pacing_ms: u32) -> Option<Sdp> {
        if self.declines(theirs) {
            return None;
        }
        self.note(theirs);
        let (ours, now) = (self.ours(pacing_ms)?, self.now);
        let call = self.call.as_mut()?;
        let text = match call.stack.again(&ours, SdpRole::Answer).filter(|_| call.stack.is_described()) {
            Some(again) => Ok(again),
            None => call.stack.answer(now, &theirs.0, &ours),
        };
        self.described(text)
    }

    /// The other end's answer to our offer.
    pub fn accept(&mut self, theirs: &Sdp) {
        let now = self.now;
        if self.declines(theirs) {
            return;
        }
        self.note(theirs);
        if let Some(call) = &mut self.call
            && let Err(error) = call.stack.accept(now, &theirs.0)
        {
            self.disagree(&error);
        }
    }

    /// Whether the other end wants no call, as a description without a certificate says.
    fn declines(&mut self, theirs: &Sdp) -> bool {
        let declines = self.call.is_some() && !theirs.0.contains("a=fingerprint:");
        if declines {
            self.tell(Fact::Skipped { why: Code::PeerMakesNoCall });
            self.call = None;
        }
        declines
    }

    /// What the other end says that it will send, where that is not everything.
    fn note(&mut self, theirs: &Sdp) {
        let ours = self.call.as_ref().and_then(|call| call.stack.described());
        let announced = AnnouncedMedia::read(&theirs.0, ours);
        let is_news = self.call.as_mut().is_some_and(|call| call.announced.replace(announced) != Some(announced));
        if is_news && announced != AnnouncedMedia::ALL {
            let AnnouncedMedia { audio, video, data } = announced;
            self.tell(Fact::PeerAnnounced { audio, video, data });
        }
    }

    fn described(&mut self, text: Result<String, StackError>) -> Option<Sdp> {
        match text {
            Ok(text) => Some(Sdp(text)),
            Err(error) => {
                self.disagree(&error);
                None
            }
        }
    }

    /// The pairs go on; no call comes of it.
    fn disagree(&mut self, error: &StackError) {
        let detail = Text::new(&error.to_string());
        self.tell(Fact::CallBroken(CallBreak::DescriptionUnusable { detail }));
        self.call = None;
    }
}
