//! The machine of a checkup as a run drives it: a recorder around it and calls beside both, each where it is wanted.

use super::{Extras, conditions};
use crate::machine::{Machine, Rng};
use crate::model::{Record, Recording, Run};
use crate::peer::CheckupWithCalls;
use crate::probe::{Checkup, Plan};
use crate::record::{Recorder, TranscriptHandle};

/// What is kept of a checkup beside its observations; nothing where no transcript is wanted.
pub(super) struct RecordedCheckup {
    run: Option<Run>,
    transcript: Option<TranscriptHandle>,
}

impl RecordedCheckup {
    /// The machine to be driven, and what to ask for the recording when it has finished.
    pub(super) fn new(plan: Plan, extras: Extras, rng: &mut Rng) -> (Box<dyn Machine + Send>, Self) {
        let (checkup, recorded) = Self::without_calls(plan.clone(), extras.transcript, rng);
        match extras.own_calls {
            true => (Box::new(CheckupWithCalls::new(checkup, plan, rng.fork())), recorded),
            false => (checkup, recorded),
        }
    }

    fn without_calls(plan: Plan, transcript: bool, rng: &mut Rng) -> (Box<dyn Machine + Send>, Self) {
        let seed = rng.bytes();
        let run = transcript.then(|| conditions(&plan, seed));
        let checkup = Checkup::new(plan, Rng::new(seed));
        if !transcript {
            return (Box::new(checkup), Self { run, transcript: None });
        }
        let (recorder, handle) = Recorder::new(checkup);
        (Box::new(recorder), Self { run, transcript: Some(handle) })
    }

    pub(super) fn recording(self, record: Record) -> Recording {
        let transcript = self.transcript.map(|handle| handle.take());
        Recording { run: self.run, transcript, ..Recording::new(record) }
    }
}
