//! What a verdict takes to be as usual, because nothing of it was tried.

use super::{List, about};
use crate::diagnose::Assessment;
use crate::model::{Code, Path, Severity};

/// Checkups see STUN; a call between two ends has tried the rest.
pub(crate) fn add(assessment: &Assessment<'_>, list: &mut List) {
    let has_been_called = assessment.call.as_ref().is_some_and(|call| call.timing_ms.connected.is_some());
    if assessment.verdict.path.value() == Some(&Path::Direct) && !has_been_called {
        list.add(Code::DirectNotTried, Severity::Info, about(), assessment.verdict.path.evidence());
    }
}
