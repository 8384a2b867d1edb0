//! A whole record as one string.

use crate::model::{ObservationId, Record, RecordError, RecordLengths};
use crate::signal::deflate::{deflate, inflate};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A checkup of 64 servers writes a tenth of it.
const BYTES_MAX: usize = 8 << 20;

pub(super) fn write(record: &Record) -> String {
    // Serialising strings, numbers and lists cannot fail.
    STANDARD.encode(deflate(&serde_json::to_vec(record).unwrap_or_default()))
}

/// For tests: the same record with other JSON in it.
#[cfg(test)]
pub(super) fn rewritten(text: &str, change: impl FnOnce(String) -> String) -> String {
    let json = STANDARD.decode(text).ok().and_then(|deflated| inflate(&deflated, BYTES_MAX).ok()).expect("a record");
    STANDARD.encode(deflate(change(String::from_utf8(json).expect("text")).as_bytes()))
}

pub(super) fn read(text: &str) -> Result<Record, RecordError> {
    let deflated = STANDARD.decode(text).map_err(|_| RecordError::NoBase64)?;
    let json = inflate(&deflated, BYTES_MAX).map_err(|fault| RecordError::Inflate { fault })?;
    let no_record = |error: serde_json::Error| RecordError::NoRecord { line: error.line(), column: error.column() };
    let RecordLengths { observations, targets } = serde_json::from_slice(&json).map_err(no_record)?;
    if observations > Record::END_OBSERVATIONS_MAX {
        return Err(RecordError::Observations { count: observations, most: Record::END_OBSERVATIONS_MAX });
    }
    if targets > Record::TARGETS_MAX {
        return Err(RecordError::Targets { count: targets, most: Record::TARGETS_MAX });
    }
    let mut record: Record = serde_json::from_slice(&json).map_err(no_record)?;
    // The record is untrusted, so each observation is numbered by its position.
    for (place, observation) in record.observations.iter_mut().enumerate() {
        observation.id = ObservationId(u32::try_from(place).unwrap_or(u32::MAX));
    }
    Ok(record)
}
