//! One end of a call: does a call run over the pair that was found, and how well?
//!
//! It owns the ICE agent and, unless only pairs are to be checked, the call over them. It goes on until it is stopped.

use super::call_config::CallConfig;
use super::media_call::MediaCall;
use super::stack::{SdpRole, StackError};
use crate::ice::Agent;
use crate::machine::{Input, Instant, Machine, Output, Wake};
use crate::model::{CallFact, Code, Fact, Origin, Question, RefusedMessage, RunFact};
use crate::signal::{Sdp, SdpType};
use std::collections::VecDeque;

/// The agent and the call over its selected pair.
pub struct CallTrial {
    agent: Agent,
    call: Option<MediaCall>,
    now: Instant,
    out: VecDeque<Output>,
}

impl CallTrial {
    /// A trial of the agent's pairs, and with a `config` of a call over the selected one.
    pub fn new(now: Instant, agent: Agent, config: Option<CallConfig>) -> Self {
        let call = config.map(|config| MediaCall::new(now, config));
        Self { agent, call, now, out: VecDeque::new() }
    }

    /// The agent that finds the pair.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// The agent, to be told what the other end says.
    pub fn agent_mut(&mut self) -> &mut Agent {
        &mut self.agent
    }

    /// Whether there is nothing more to find out: the pairs are judged, and the call is reported.
    pub fn is_over(&self) -> bool {
        self.agent.is_judged() && self.has_called()
    }

    /// Whether the call itself is reported, however the pairs stand. True where none is made.
    pub fn has_called(&self) -> bool {
        self.call.as_ref().is_none_or(MediaCall::is_over)
    }

    /// How many datagrams of the other end's came in while the two secured themselves; None where no call is made.
    pub fn handshake_received(&self) -> Option<u32> {
        self.call.as_ref().map(MediaCall::handshake_received)
    }

    /// Whether it is time to leave the address that the call goes from ([`CallTrial::roam`]).
    pub fn is_to_roam(&self) -> bool {
        self.call.as_ref().is_some_and(|call| call.is_to_roam(self.now))
    }

    /// Leaves the address that the call goes from. Whoever can speak to the other end decides that this may be: it has
    /// to be told.
    pub fn roam(&mut self) {
        if let Some(call) = &mut self.call {
            call.roam(self.now, &mut self.agent);
        }
    }

    /// The other end went away without closing the call, as a browser's tab that is closed.
    pub fn peer_left(&mut self) {
        if let Some(call) = &mut self.call {
            call.peer_left(self.now, &self.agent);
        }
    }

    // What the two ends describe beforehand (RFC 3264, RFC 8829).

    /// Our offer; None where no call is made, and the pairs' own description is enough.
    pub fn offer(&mut self, pacing_ms: u32) -> Option<Sdp> {
        let offer = self.call.as_mut()?.offer(self.now, &self.agent, pacing_ms);
        self.agree(offer).map(Sdp)
    }

    /// Our answer to the other end's offer; None where no call is made, or where the two cannot agree on one.
    pub fn answer(&mut self, theirs: &Sdp, pacing_ms: u32) -> Option<Sdp> {
        let answer = self.call.as_mut()?.answer(self.now, &self.agent, &theirs.0, pacing_ms);
        self.agree(answer).map(Sdp)
    }

    /// The other end's answer to our offer.
    pub fn accept(&mut self, theirs: &Sdp) {
        if let Some(call) = &mut self.call {
            let accepted = call.accept(self.now, &theirs.0);
            self.agree(accepted);
        }
    }

    /// Whether a description of the other end's may be taken, where a call is agreed on already.
    pub fn check_again(&self, theirs: &Sdp, kind: SdpType) -> Result<(), (Code, RefusedMessage)> {
        let side = match kind {
            SdpType::Offer => SdpRole::Offer,
            SdpType::Answer => SdpRole::Answer,
        };
        let agreed = self.call.as_ref().filter(|call| call.is_agreed());
        agreed.map_or(Ok(()), |call| call.check_again(&theirs.0, side)).map_err(StackError::into)
    }

    /// Our answer to an offer that changes a call which is agreed on, or the ICE under it; None where there is no such call.
    pub fn answer_again(&mut self, theirs: &Sdp, pacing_ms: u32) -> Option<Result<Sdp, (Code, RefusedMessage)>> {
        let call = self.call.as_mut().filter(|call| call.is_agreed())?;
        let answer = call.answer_again(self.now, &self.agent, &theirs.0, pacing_ms);
        Some(answer.map(Sdp).map_err(StackError::into))
    }

    /// The other end wants the pairs checked and no call.
    pub fn decline(&mut self) {
        if self.call.is_some() {
            self.give_up(Fact::Run(RunFact::Skipped { why: Code::PeerMakesNoCall }));
        }
    }

    /// What the two could agree on; where they could not, the pairs go on without a call.
    fn agree<T>(&mut self, agreed: Result<T, StackError>) -> Option<T> {
        match agreed {
            Ok(agreed) => Some(agreed),
            Err(error) => {
                self.give_up(Fact::Call(CallFact::CallBroken(error.into())));
                None
            }
        }
    }

    fn give_up(&mut self, why: Fact) {
        self.report_call();
        self.call = None;
        self.observe(why);
    }

    // Running.

    fn observe(&mut self, fact: Fact) {
        let by = Origin { question: Question::Call, uri: None };
        self.out.push_back(Output::Observe { by, fact });
    }

    fn report_call(&mut self) {
        while let Some(fact) = self.call.as_mut().and_then(MediaCall::poll_fact) {
            self.observe(fact);
        }
    }

    fn advance(&mut self) {
        match &mut self.call {
            Some(call) => call.advance(self.now, &mut self.agent),
            // Nobody else takes what comes in.
            None => while self.agent.poll_media().is_some() {},
        }
        self.report_call();
    }
}

impl Machine for CallTrial {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        if let (Input::Stop, Some(call)) = (&input, &mut self.call) {
            call.stop(now, &mut self.agent);
        }
        self.agent.handle(now, input);
        self.advance();
    }

    fn poll(&mut self) -> Output {
        // What the owner asked of the agent between two inputs is due at once.
        if self.out.is_empty() {
            self.advance();
        }
        if let Some(output) = self.out.pop_front() {
            return output;
        }
        match self.agent.poll() {
            Output::Wait(Wake::Finished) => Output::Wait(Wake::Finished),
            Output::Wait(wake) => {
                let own = self.call.as_ref().and_then(|call| call.wake(self.now, &self.agent));
                Output::Wait(own.map_or(wake, |at| wake.or(Wake::At(at))))
            }
            output => output,
        }
    }
}
