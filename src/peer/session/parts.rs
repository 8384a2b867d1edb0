//! The two machines that a meeting is made of.

use crate::ice::Agent;
use crate::machine::{Input, Instant, Machine, Output};
use crate::peer::Trial;
use crate::probe::Checkup;

pub(super) enum Part {
    Checkup(Box<Checkup>),
    Trial(Box<Trial>),
}

impl Part {
    pub fn agent(&self) -> Option<&Agent> {
        self.trial().map(Trial::agent)
    }

    pub fn agent_mut(&mut self) -> Option<&mut Agent> {
        self.trial_mut().map(Trial::agent_mut)
    }

    pub fn trial(&self) -> Option<&Trial> {
        match self {
            Self::Trial(trial) => Some(trial),
            Self::Checkup(_) => None,
        }
    }

    pub fn trial_mut(&mut self) -> Option<&mut Trial> {
        match self {
            Self::Trial(trial) => Some(trial),
            Self::Checkup(_) => None,
        }
    }

    pub fn checkup(&self) -> Option<&Checkup> {
        match self {
            Self::Checkup(checkup) => Some(checkup),
            Self::Trial(_) => None,
        }
    }
}

impl Machine for Part {
    fn handle(&mut self, now: Instant, input: Input) {
        match self {
            Self::Checkup(checkup) => checkup.handle(now, input),
            Self::Trial(trial) => trial.handle(now, input),
        }
    }

    fn poll(&mut self) -> Output {
        match self {
            Self::Checkup(checkup) => checkup.poll(),
            Self::Trial(trial) => trial.poll(),
        }
    }
}
