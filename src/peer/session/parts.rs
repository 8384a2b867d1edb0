//! The machines that a session drives: the checkup, and the agent with its call.

use crate::ice::Agent;
use crate::machine::{Input, Instant, Machine, Output};
use crate::peer::CallTrial;
use crate::probe::Checkup;

pub(super) enum SessionPart {
    Checkup(Box<Checkup>),
    CallTrial(Box<CallTrial>),
}

impl SessionPart {
    pub(super) fn agent(&self) -> Option<&Agent> {
        self.trial().map(CallTrial::agent)
    }

    pub(super) fn agent_mut(&mut self) -> Option<&mut Agent> {
        self.trial_mut().map(CallTrial::agent_mut)
    }

    pub(super) fn trial(&self) -> Option<&CallTrial> {
        match self {
            Self::CallTrial(trial) => Some(trial),
            Self::Checkup(_) => None,
        }
    }

    pub(super) fn trial_mut(&mut self) -> Option<&mut CallTrial> {
        match self {
            Self::CallTrial(trial) => Some(trial),
            Self::Checkup(_) => None,
        }
    }

    pub(super) fn checkup(&self) -> Option<&Checkup> {
        match self {
            Self::Checkup(checkup) => Some(checkup),
            Self::CallTrial(_) => None,
        }
    }
}

impl Machine for SessionPart {
    fn handle(&mut self, now: Instant, input: Input) {
        match self {
            Self::Checkup(checkup) => checkup.handle(now, input),
            Self::CallTrial(trial) => trial.handle(now, input),
        }
    }

    fn poll(&mut self) -> Output {
        match self {
            Self::Checkup(checkup) => checkup.poll(),
            Self::CallTrial(trial) => trial.poll(),
        }
    }
}
