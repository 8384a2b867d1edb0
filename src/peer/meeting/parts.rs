//! The two machines that a meeting is made of.

use crate::ice::Agent;
use crate::machine::{Input, Instant, Machine, Output};
use crate::probe::Checkup;

pub(super) enum Part {
    Checkup(Box<Checkup>),
    Agent(Box<Agent>),
}

impl Part {
    pub fn agent(&self) -> Option<&Agent> {
        match self {
            Self::Agent(agent) => Some(agent),
            Self::Checkup(_) => None,
        }
    }

    pub fn agent_mut(&mut self) -> Option<&mut Agent> {
        match self {
            Self::Agent(agent) => Some(agent),
            Self::Checkup(_) => None,
        }
    }

    pub fn checkup(&self) -> Option<&Checkup> {
        match self {
            Self::Checkup(checkup) => Some(checkup),
            Self::Agent(_) => None,
        }
    }
}

impl Machine for Part {
    fn handle(&mut self, now: Instant, input: Input) {
        match self {
            Self::Checkup(checkup) => checkup.handle(now, input),
            Self::Agent(agent) => agent.handle(now, input),
        }
    }

    fn poll(&mut self) -> Output {
        match self {
            Self::Checkup(checkup) => checkup.poll(),
            Self::Agent(agent) => agent.poll(),
        }
    }
}
