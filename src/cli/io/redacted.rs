//! `--redact`: what leaves, leaves with stand-ins.

use crate::cli::refusal::Refusal;
use crate::model::{Diagnosis, NotRedacted, Recording, Redaction, Target};
use crate::turn::Credentials;

/// Nothing where it was not asked for. A server may repeat the user names that it was shown.
pub(crate) fn redaction(asked_for: bool, targets: &[(Target, Option<Credentials>)]) -> Option<Redaction> {
    let users = targets.iter().filter_map(|(_, credentials)| match credentials {
        Some(Credentials::LongTerm { username, .. }) => Some(username.clone()),
        Some(Credentials::RestSecret { .. }) | None => None,
    });
    asked_for.then(|| Redaction::new(users))
}

pub(crate) fn diagnosis(diagnosis: Diagnosis, redaction: Option<&mut Redaction>) -> Result<Diagnosis, Refusal> {
    match redaction {
        Some(redaction) => redaction.diagnosis(&diagnosis).map_err(refuse),
        None => Ok(diagnosis),
    }
}

/// Redacts a recording. Only its observations are left: its packets hold addresses in every form, and its seed would
/// make them again.
pub(crate) fn recording(recording: Recording, redaction: Option<&mut Redaction>) -> Result<Recording, Refusal> {
    match redaction {
        Some(redaction) => {
            let record = redaction.record(&recording.record).map_err(refuse)?;
            Ok(Recording { record, run: None, transcript: None, ..recording })
        }
        None => Ok(recording),
    }
}

fn refuse(error: NotRedacted) -> Refusal {
    Refusal::cannot_write(format!("--redact: {error}, so nothing of it is shown"))
}
