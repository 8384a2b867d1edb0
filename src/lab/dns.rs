//! The names of a simulated network.

use crate::model::{DnsFailure, DnsKind, DnsRecord};
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Debug, Default)]
pub(super) struct Names {
    records: BTreeMap<(String, DnsKind), Vec<DnsRecord>>,
    failures: BTreeMap<String, DnsFailure>,
}

/// A resolver in the same house.
pub(super) const ANSWERS_AFTER: Duration = Duration::from_millis(5);

impl Names {
    pub(super) fn add(&mut self, name: &str, kind: DnsKind, record: DnsRecord) {
        self.records.entry((name.to_owned(), kind)).or_default().push(record);
    }

    pub(super) fn fail(&mut self, name: &str, failure: DnsFailure) {
        self.failures.insert(name.to_owned(), failure);
    }

    pub(super) fn ask(&self, name: &str, kind: DnsKind) -> Result<Vec<DnsRecord>, DnsFailure> {
        if let Some(failure) = self.failures.get(name) {
            return Err(failure.clone());
        }
        let exists = || self.records.keys().any(|(known, _)| known == name);
        self.records
            .get(&(name.to_owned(), kind))
            .cloned()
            .ok_or_else(|| if exists() { DnsFailure::NoData } else { DnsFailure::NoSuchName })
    }
}
