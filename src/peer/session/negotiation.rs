//! The messages of a session: descriptions, candidates and records, out and in (RFC 3264, RFC 8838).
//!
//! Every message of the other end's is untrusted input: what cannot be used is reported as refused, and a stranger who floods
//! the room fills no record.

use super::ledger::{Cost, PeerLedger};
use super::misplaced::OddDescriptions;
use super::{CallTrial, PeerState, Session};
use crate::ice::{self, Event, RemoteCandidate};
use crate::machine::{Output, Rng, Slot};
use crate::model::{
    Code, DecodeError, Fact, HostFact, IceFact, Limit, LineError, Record, RefusedCandidate, RefusedMessage, SdpError,
    SignallingFact, Text, Tool,
};
use crate::signal::{
    Body, Decoded, Decoder, Encoder, LocalDescription, Password, Sdp, SdpType, SessionDescription, code,
};
use std::time::Duration;

/// Candidates kept for a description that is still to come.
const MOST_AHEAD: usize = 64;

/// `ice-pacing` of our descriptions, in milliseconds (RFC 8839 §5.5).
const OUR_PACE_MS: u32 = ice::OUR_PACE.as_millis() as u32;

/// The section that our candidates are told for: the first, whatever it is called.
const MID: &str = "0";

/// A candidate of the other end's, as it came.
struct SignalledCandidate {
    /// Empty where it says that there are no more.
    line: String,
    ufrag: Option<String>,
    /// Of the section that it is for.
    mid: Option<String>,
}

/// How far the offer and answer of this end have come.
pub(super) struct Negotiation {
    encoder: Encoder,
    decoder: Decoder,
    /// The version of our latest description (RFC 8866 §5.2).
    session: u32,
    /// We have offered, and no answer has come.
    pub(super) offering: bool,
    pub(super) odd: OddDescriptions,
    /// Our description is sent, so that the other end knows whose candidates follow.
    described: bool,
    /// Candidate lines for a description that is sent with all of them.
    gathered: Vec<String>,
    /// Candidates that came ahead of the description that they belong to.
    ahead: Vec<SignalledCandidate>,
    /// The sections of the other end's description that go another way than the one that is checked.
    other_mids: Vec<String>,
    /// How many of our observations the other end has been sent.
    told: usize,
    /// The other end was told that one more record follows.
    owes_record: bool,
    pub(super) ledger: PeerLedger,
}

impl Negotiation {
    pub(super) fn new(rng: &mut Rng) -> Self {
        let encoder = Encoder::new(rng);
        let decoder = encoder.decoder();
        let session = u32::from_be_bytes(rng.bytes()) >> 1;
        Self {
            encoder,
            decoder,
            session,
            offering: false,
            odd: OddDescriptions::default(),
            described: false,
            gathered: Vec::new(),
            ahead: Vec::new(),
            other_mids: Vec::new(),
            told: 0,
            owes_record: false,
            ledger: PeerLedger::default(),
        }
    }
}

fn tool() -> Tool {
    Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
}

fn code_of(error: &DecodeError) -> Code {
    match error {
        DecodeError::Version { .. } => Code::PeerOtherVersion,
        DecodeError::Echo | DecodeError::Stale { .. } => Code::PeerMessageStale,
        DecodeError::Foreign => Code::PeerMessageForeign,
        DecodeError::TooLarge { .. }
        | DecodeError::Malformed
        | DecodeError::NotOurs
        | DecodeError::Sender
        | DecodeError::Incomplete { .. }
        | DecodeError::Record { .. }
        | DecodeError::Other(_) => Code::PeerMessageMalformed,
    }
}

impl Session {
    /// Both are there, and the agent has begun.
    pub(super) fn start(&mut self, slot: Slot) {
        if self.config.by_hand {
            return;
        }
        self.send_message(&Body::Hello { tool: tool() });
        if slot == Slot::First {
            self.offer();
        }
    }

    fn send_message(&mut self, body: &Body) -> bool {
        let encoded = self.negotiation.encoder.encode(body);
        let is_sent = encoded.is_ok();
        self.out.extend(encoded.ok().map(|message| Output::Signal { message }));
        is_sent
    }

    fn offer(&mut self) {
        let of_call = self.with_trial(|trial| trial.offer(OUR_PACE_MS)).flatten();
        if let Some(sdp) = of_call.or_else(|| self.describe().map(|local| local.write(SdpType::Offer))) {
            self.negotiation.offering = self.send_message(&Body::Offer { sdp });
            self.negotiation.described = true;
        }
    }

    /// OurDescription, with the candidates that are to go with it.
    fn describe(&self) -> Option<LocalDescription> {
        let credentials = self.agent()?.credentials();
        Some(LocalDescription {
            session: self.negotiation.session,
            ufrag: credentials.ufrag.clone(),
            pwd: Password::new(&credentials.password).ok()?,
            candidates: self.negotiation.gathered.clone(),
            end_of_candidates: self.config.by_hand,
            pacing_ms: Some(OUR_PACE_MS),
            fingerprint: None,
        })
    }

    /// Says what the agent has found.
    pub(super) fn signal_events(&mut self) {
        let may_tell = |meeting: &Self| meeting.config.by_hand || meeting.negotiation.described;
        while may_tell(self) && self.agent().is_some_and(ice::Agent::has_events) {
            match self.with_agent(ice::Agent::poll_event).flatten() {
                Some(Event::Candidate { candidate, name }) => {
                    let candidate = ice::write(&candidate, name.as_deref(), None);
                    if self.config.by_hand {
                        self.negotiation.gathered.push(candidate);
                    } else {
                        let ufrag = self.our_ufrag();
                        self.send_message(&Body::Candidate { candidate, ufrag, mid: Some(MID.to_owned()) });
                    }
                }
                Some(Event::Gathered) if self.config.by_hand => self.send_description(),
                Some(Event::Gathered) => {
                    let ufrag = self.our_ufrag();
                    self.send_message(&Body::EndOfCandidates { ufrag });
                }
                // A person cannot carry a second description: what was found until then stands.
                Some(Event::Restarted) if self.config.by_hand => {}
                Some(Event::Restarted) => self.offer(),
                None => return,
            }
        }
    }

    fn our_ufrag(&self) -> Option<String> {
        self.agent().map(|agent| agent.credentials().ufrag.clone())
    }

    /// The one description that a person carries.
    fn send_description(&mut self) {
        let kind = match self.slot {
            Some(Slot::First) => SdpType::Offer,
            Some(Slot::Second) | None => SdpType::Answer,
        };
        if let Some(local) = self.describe() {
            self.negotiation.described = true;
            self.out.push_back(Output::Signal { message: code::write(&local, kind).into_bytes() });
        }
    }

    /// Everything that was observed here. `more`: what is seen from now on follows in one more record.
    pub(super) fn send_record(&mut self, more: bool) {
        // An end that has sent all of it already only says that it is done.
        if self.negotiation.told < self.ours.observations.len() {
            let record = Box::new(Record { peer: None, ..self.ours.clone() });
            if !self.send_message(&Body::Record(record)) {
                self.observe(Fact::Host(HostFact::Limited { what: Limit::PeerRecords, ignored: 1 }));
            }
            self.negotiation.told = self.ours.observations.len();
        }
        self.negotiation.owes_record = more;
        self.send_message(&Body::Done { more });
    }

    /// Tells what of the other end's was left out, and was not told yet.
    pub(super) fn tell_left_out(&mut self) {
        for (what, ignored) in self.negotiation.ledger.take_left_out() {
            self.observe(Fact::Host(HostFact::Limited { what, ignored }));
        }
    }

    /// Tells what was seen here since our record was sent, now that the other end has judged everything too.
    pub(super) fn send_last_record(&mut self) {
        if self.negotiation.owes_record && matches!(self.other, PeerState::Judged | PeerState::Done) {
            self.tell_left_out();
            self.send_record(false);
        }
    }

    pub(super) fn refuse(&mut self, why: Code, detail: RefusedMessage) {
        if self.negotiation.ledger.takes(self.now, Cost::Refusal) {
            self.observe(Fact::Signalling(SignallingFact::MessageRefused { why, detail }));
        }
    }

    pub(super) fn receive(&mut self, message: &[u8]) {
        let has_agent = self.agent.is_some();
        let is_awaited = self.met_at.is_some() && (has_agent || !self.config.by_hand);
        if !is_awaited || !self.negotiation.ledger.takes(self.now, Cost::Message) {
            return;
        }
        if self.config.by_hand {
            match code::read(&String::from_utf8_lossy(message)) {
                Ok((kind, sdp)) => self.take(kind, &sdp),
                Err(fault) => self.refuse(Code::PeerDescriptionUnusable, RefusedMessage::Code { fault }),
            }
            return;
        }
        match self.negotiation.decoder.decode(message) {
            // An agent that is done takes no descriptions; what the other end has seen is told after its agent is done.
            Ok(Decoded::Body(body)) if has_agent || matches!(body, Body::Record(_) | Body::Done { .. }) => {
                self.take_body(body);
            }
            Ok(Decoded::Body(_)) => {}
            Ok(Decoded::Unknown { kind }) => drop(self.negotiation.odd.unknown_kind.get_or_insert(kind)),
            Ok(Decoded::Surplus) => self.negotiation.ledger.leave_out(Cost::Message, 1),
            Err(error) => {
                let is_of_another_version = matches!(error, DecodeError::Version { .. });
                self.refuse(code_of(&error), RefusedMessage::Message { fault: error });
                // Nothing that follows will be understood either.
                if is_of_another_version {
                    self.give_up();
                }
            }
        }
    }

    fn take_body(&mut self, body: Body) {
        match body {
            Body::Hello { tool } if self.negotiation.ledger.takes(self.now, Cost::Greeting) => {
                let software = Text::new(&format!("{} {}", tool.name, tool.version));
                self.their_tool = Some(tool);
                self.observe(Fact::Signalling(SignallingFact::PeerJoined { software }));
            }
            Body::Hello { .. } => {}
            Body::Offer { sdp } => self.take(SdpType::Offer, &sdp),
            Body::Answer { sdp } => self.take_last_answer(&sdp),
            Body::ProvisionalAnswer { sdp } => {
                let is_awaited = self.negotiation.offering;
                self.take(SdpType::Answer, &sdp);
                self.negotiation.odd.provisional = Some(sdp).filter(|_| is_awaited && !self.negotiation.offering);
            }
            Body::Candidate { candidate: line, ufrag, mid } => {
                self.take_candidate(SignalledCandidate { line, ufrag, mid });
            }
            Body::EndOfCandidates { ufrag } => {
                if self.is_for_now(ufrag.as_deref()) {
                    self.end_candidates();
                } else {
                    self.keep_ahead(SignalledCandidate { line: String::new(), ufrag, mid: None });
                }
            }
            Body::Record(record) => self.theirs = Some(*record),
            Body::Done { more } => match self.other {
                PeerState::There if more => self.other = PeerState::Judged,
                PeerState::There | PeerState::Judged if !more => self.other = PeerState::Done,
                _ => {}
            },
        }
    }

    /// Whether a message belongs to the description that we have.
    fn is_for_now(&self, ufrag: Option<&str>) -> bool {
        let agent = self.agent().filter(|agent| agent.is_described());
        agent.is_some_and(|agent| ufrag.is_none_or(|ufrag| agent.is_remote(ufrag)))
    }

    /// A candidate belongs to the description with the ufrag of its line, or of its message; else to the one that stands.
    fn take_candidate(&mut self, signalled: SignalledCandidate) {
        // An empty line says that there are no more (RFC 8838 §14, as WebRTC has it).
        let line = signalled.line.trim();
        let candidate = (!line.is_empty()).then(|| RemoteCandidate::parse(line));
        let of_line = candidate.as_ref().and_then(|read| read.as_ref().ok()?.ufrag.clone());
        let ufrag = signalled.ufrag.clone().or(of_line);
        if !self.is_for_now(ufrag.as_deref()) {
            return self.keep_ahead(SignalledCandidate { ufrag, ..signalled });
        }
        if signalled.mid.is_some_and(|mid| self.negotiation.other_mids.contains(&mid)) {
            // That no more follow for another section says nothing of ours.
            if candidate.is_some() {
                self.refuse_by_place(&signalled.line, Code::PeerCandidateOtherSection);
            }
            return;
        }
        let now = self.now;
        match candidate {
            None => self.end_candidates(),
            Some(Ok(candidate)) => drop(self.with_agent(|agent| agent.add_remote_candidate(now, candidate))),
            Some(Err(fault)) => self.refuse_candidate(fault, None),
        }
    }

    /// What comes before the first description, or while an answer is awaited, may be for the description to come: many
    /// applications send candidates as they find them, and the description after them; and where both have restarted at
    /// once, the other end tells its candidates before it sees that its offer falls, and tells them once. Any other is of a
    /// description that does not stand any more.
    fn keep_ahead(&mut self, signalled: SignalledCandidate) {
        let is_described = self.agent().is_some_and(ice::Agent::is_described);
        let may_come = self.negotiation.offering || !is_described;
        if may_come && self.negotiation.ahead.len() < MOST_AHEAD {
            self.negotiation.ahead.push(signalled);
        } else if !signalled.line.trim().is_empty() {
            self.refuse_by_place(&signalled.line, Code::PeerCandidateStale);
        }
    }

    /// Takes what came ahead of the description with this ufrag.
    fn take_ahead(&mut self, described: &str) {
        for signalled in std::mem::take(&mut self.negotiation.ahead) {
            let ufrag = signalled.ufrag.clone().or_else(|| Some(described.to_owned()));
            self.take_candidate(SignalledCandidate { ufrag, ..signalled });
        }
    }

    /// A candidate that is well, and is of no use where it stands.
    fn refuse_by_place(&mut self, line: &str, why: Code) {
        let endpoint = RemoteCandidate::parse(line)
            .map(|RemoteCandidate { host, port, .. }| RefusedCandidate::Endpoint { host, port });
        self.report_refused(endpoint.unwrap_or_else(|_| RefusedCandidate::Other(Text::default())), why);
    }

    /// A candidate line that cannot be used; of a description its number there.
    fn refuse_candidate(&mut self, fault: LineError, line: Option<usize>) {
        let why = match fault {
            LineError::OtherComponent { .. } => Code::PeerCandidateComponent,
            LineError::NoTcpType => Code::PeerCandidateNoTcpType,
            _ => Code::PeerCandidateMalformed,
        };
        self.report_refused(RefusedCandidate::malformed(fault, line), why);
    }

    fn report_refused(&mut self, candidate: RefusedCandidate, why: Code) {
        if self.negotiation.ledger.takes(self.now, Cost::Refusal) {
            self.observe(Fact::Ice(IceFact::CandidateRefused { candidate, why }));
        }
    }

    fn end_candidates(&mut self) {
        let now = self.now;
        self.with_agent(|agent| agent.end_of_remote_candidates(now));
    }

    /// The other end's description.
    pub(super) fn take(&mut self, kind: SdpType, sdp: &Sdp) {
        if let Some(detail) = self.misplaced(kind, sdp) {
            return self.refuse_misplaced(detail);
        }
        // Where both restart at once, the offer of who came first stands, and the other end answers it.
        if kind == SdpType::Offer && self.negotiation.offering && self.slot == Some(Slot::First) {
            return;
        }
        let is_expected = match kind {
            SdpType::Offer => true,
            SdpType::Answer => self.negotiation.offering || self.config.by_hand && self.slot == Some(Slot::First),
        };
        if !is_expected {
            return self.refuse(Code::PeerMessageStale, RefusedMessage::NotAwaited);
        }
        if !self.negotiation.ledger.takes(self.now, Cost::Description) {
            return;
        }
        let SessionDescription {
            ufrag,
            pwd,
            lite,
            trickle,
            pacing_ms,
            candidates,
            refused,
            elsewhere,
            other_mids,
            ignored,
            end_of_candidates,
            ..
        } = match SessionDescription::read(&sdp.0) {
            Ok(description) => description,
            Err(fault) => return self.refuse_description(RefusedMessage::Description { fault }),
        };
        let Some(credentials) = ice::IceCredentials::new(&ufrag, pwd.as_str()) else {
            return self.refuse_description(RefusedMessage::NoKey);
        };
        // A call that is agreed on goes on by that, and by its ICE, where a browser would refuse this too (RFC 8829 §4.1.8.2).
        if let Some(Err((why, detail))) = self.with_trial(|trial| trial.check_again(sdp, kind)) {
            return self.refuse(why, detail);
        }
        let now = self.now;
        let is_known = |agent: &ice::Agent| !agent.is_described() || agent.is_remote(&ufrag);
        let is_restart = kind == SdpType::Offer && self.agent().is_some_and(|agent| !is_known(agent));
        if is_restart && !self.negotiation.ledger.takes(now, Cost::Restart) {
            return;
        }
        self.negotiation.offering = false;
        if is_restart {
            self.with_agent(|agent| agent.follow_restart(now));
        }
        let pace = pacing_ms.map(|ms| Duration::from_millis(u64::from(ms)));
        let description = ice::RemoteDescription { credentials, lite, pace };
        self.with_agent(|agent| {
            agent.set_remote(now, description);
            for candidate in candidates {
                agent.add_remote_candidate(now, candidate);
            }
        });
        self.negotiation.other_mids = other_mids;
        self.take_ahead(&ufrag);
        for line in elsewhere {
            self.refuse_by_place(&line, Code::PeerCandidateOtherSection);
        }
        for (line, fault) in refused {
            self.refuse_candidate(fault, Some(line));
        }
        self.negotiation.ledger.leave_out(Cost::Candidate, ignored);
        if end_of_candidates || !trickle {
            self.end_candidates();
        }
        match kind {
            SdpType::Offer if !self.config.by_hand => self.answer(sdp),
            SdpType::Offer => {}
            SdpType::Answer if self.declines(sdp) => {}
            SdpType::Answer => drop(self.with_trial(|trial| trial.accept(sdp))),
        }
    }

    /// A description without which nothing can be checked ends the negotiation; where one stands, it goes on by that.
    fn refuse_description(&mut self, detail: RefusedMessage) {
        if self.agent().is_some_and(ice::Agent::is_described) && !self.config.by_hand {
            // Browsers do end every section of a call where they are asked to.
            let is_beyond_us = detail == RefusedMessage::Description { fault: SdpError::Rejected };
            let code = if is_beyond_us { Code::CallChangeBeyondUs } else { Code::PeerChangeRefused };
            return self.refuse(code, detail);
        }
        self.refuse(Code::PeerDescriptionUnusable, detail);
        self.give_up();
    }

    /// Whether the other end wants no call: one of ours that was told so describes data alone, without a certificate. Of any
    /// other that is a description of which no browser makes a call.
    fn declines(&mut self, theirs: &Sdp) -> bool {
        let is_ours = self.their_tool.as_ref().is_some_and(|theirs| theirs.name == tool().name);
        let declines = is_ours && SessionDescription::wants_no_call(&theirs.0);
        if declines {
            self.with_trial(CallTrial::decline);
        }
        declines
    }

    fn answer(&mut self, offer: &Sdp) {
        match self.with_trial(|trial| trial.answer_again(offer, OUR_PACE_MS)).flatten() {
            Some(Ok(sdp)) => {
                self.send_message(&Body::Answer { sdp });
                return;
            }
            Some(Err((why, detail))) => return self.refuse(why, detail),
            None => {}
        }
        let of_call = if self.declines(offer) {
            None
        } else {
            self.with_trial(|trial| trial.answer(offer, OUR_PACE_MS)).flatten()
        };
        if let Some(sdp) = of_call.or_else(|| self.describe().map(|local| local.write(SdpType::Answer))) {
            self.send_message(&Body::Answer { sdp });
            self.negotiation.described = true;
        }
    }

    /// Ends the negotiation: no call can be agreed on with this other end.
    pub(super) fn give_up(&mut self) {
        if !self.config.by_hand && matches!(self.other, PeerState::There | PeerState::Judged) {
            self.other = PeerState::OutOfHearing;
            self.dismiss_agent();
        }
    }
}
