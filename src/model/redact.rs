//! What may strangers see of a document? All but who and where: addresses, names and users are replaced by stand-ins.
//!
//! A stand-in is of the same kind as what it stands for, and the same everywhere in what one [`Redaction`] has seen, so
//! that a redacted document is still a document: [`crate::diagnose`] finds in it what it finds in the original. An
//! address stays private, carrier's, public, of the local link or behind NAT64, keeps its port, and shares its subnet
//! with those it shared it with ([`addresses`]). A host is called `host-1`, a user `user-1`; `_stun._udp.`, `*.` and
//! `.local` stay, since a judgement reads them.
//!
//! Nothing is passed over for want of a rule: every string of the document's JSON is searched, whatever its field
//! ([`text`]). Fingerprints of certificates and foundations of candidates, which are checksums of names and addresses,
//! get stand-ins too. What stays: ports, times, software, reasons, issuers, and the names of interfaces but for
//! hardware addresses in them.

mod addresses;
mod names;
mod text;

use super::{Diagnosis, Differences, Record, Target, Words};
use addresses::Addresses;
use names::Names;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::net::{IpAddr, SocketAddr};

/// The stand-ins given so far.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    addresses: Addresses,
    names: Names,
}

/// The document is not one that stand-ins fit into; nothing of it may be shown.
#[derive(Debug, thiserror::Error)]
#[error("it cannot be redacted")]
pub struct NotRedacted;

/// Fields that hold the name of a host, where they hold no address.
const NAMES: &[&str] = &["address", "names", "server_name", "target"];
/// Fields that hold what a stranger said. In any other, a string that is one word may be the model's own: there may be a
/// host called `relay`.
const TEXTS: &[&str] = &[
    "agent",
    "candidate",
    "connection",
    "detail",
    "first_bytes",
    "issuer",
    "message",
    "reason",
    "software",
    "subject",
];

impl Redaction {
    /// `users` are the user names that the run knew: the model has no field for them, but a server may repeat one.
    pub fn new(users: impl IntoIterator<Item = String>) -> Self {
        Self { addresses: Addresses::default(), names: Names::of_users(users) }
    }

    /// A diagnosis with stand-ins, marked as redacted. The words of its findings are left empty: the catalogue fills
    /// them with the stand-ins.
    ///
    /// # Errors
    ///
    /// [`NotRedacted`] where the document does not read back with its stand-ins.
    pub fn diagnosis(&mut self, diagnosis: &Diagnosis) -> Result<Diagnosis, NotRedacted> {
        let mut diagnosis = diagnosis.clone();
        diagnosis.findings.iter_mut().for_each(|finding| finding.words = Words::default());
        diagnosis.redacted = true;
        self.of(&diagnosis)
    }

    /// Differences with stand-ins, marked as redacted, their words left empty.
    ///
    /// # Errors
    ///
    /// As [`Redaction::diagnosis`].
    pub fn differences(&mut self, differences: &Differences) -> Result<Differences, NotRedacted> {
        let mut differences = differences.clone();
        differences.differences.iter_mut().for_each(|difference| difference.words = Words::default());
        differences.redacted = true;
        self.of(&differences)
    }

    /// A record with stand-ins, marked as redacted.
    ///
    /// # Errors
    ///
    /// As [`Redaction::diagnosis`].
    pub fn record(&mut self, record: &Record) -> Result<Record, NotRedacted> {
        self.of(&Record { redacted: true, ..record.clone() })
    }

    fn of<T: Serialize + DeserializeOwned>(&mut self, document: &T) -> Result<T, NotRedacted> {
        let mut value = serde_json::to_value(document).map_err(|_| NotRedacted)?;
        self.meet(&value, "");
        self.replace(&mut value, "", false);
        serde_json::from_value(value).map_err(|_| NotRedacted)
    }

    /// Learns the names that only their field tells for names, before the texts are searched for them.
    fn meet(&mut self, value: &Value, field: &str) {
        match value {
            Value::String(text) => {
                if let Ok(target) = text.parse::<Target>() {
                    self.names.meet(&target.host);
                } else if NAMES.contains(&field) && text.parse::<SocketAddr>().is_err() {
                    self.names.meet(text);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.meet(value, field)),
            Value::Object(fields) => {
                let text = |field| fields.get(field).and_then(Value::as_str);
                if let (true, Some(name)) = (is_of_a_name(fields), text("name")) {
                    self.names.meet(name);
                }
                // The server's own certificate: an authority's name is no host's.
                let own = fields.get("certificates").and_then(|certificates| certificates.get(0)?.get("subject"));
                for part in own.and_then(Value::as_str).iter().flat_map(|subject| subject.split(',')) {
                    part.trim().strip_prefix("CN=").into_iter().for_each(|name| self.names.meet(name));
                }
                fields.iter().for_each(|(field, value)| self.meet(value, field));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn replace(&mut self, value: &mut Value, field: &str, may_be_a_name: bool) {
        match value {
            Value::String(text) => {
                let may_be_a_name = may_be_a_name || NAMES.contains(&field) || TEXTS.contains(&field);
                *text = self.string(text, field, may_be_a_name);
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.replace(value, field, may_be_a_name)),
            Value::Object(fields) => {
                let named = is_of_a_name(fields);
                for (field, value) in fields.iter_mut() {
                    // The values for a finding's words are all of the run's making.
                    let of_the_run = field == "about" || (named && field == "name");
                    self.replace(value, field, may_be_a_name || of_the_run);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn string(&mut self, text: &str, field: &str, may_be_a_name: bool) -> String {
        if field == "fingerprint_sha256" || field == "foundation" {
            return self.names.checksum(text, field == "foundation");
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return self.addresses.of(address).to_string();
        }
        if let Ok(endpoint) = text.parse::<SocketAddr>() {
            return self.addresses.of_endpoint(endpoint).to_string();
        }
        if let Ok(mut target) = text.parse::<Target>() {
            target.host = match target.literal() {
                Some(address) => self.addresses.of(address).to_string(),
                None => self.names.of_host(&target.host),
            };
            return target.to_string();
        }
        if field == "agent" {
            // A browser names itself by versions that look like addresses.
            let safe = |part: &str| if is_version(part) { part.to_owned() } else { self.search(part, true) };
            return text.split_inclusive(' ').map(safe).collect();
        }
        self.search(text, may_be_a_name)
    }
}

/// Whether the fact's `name` is that of a host; an interface and a stage have one too.
fn is_of_a_name(fields: &Map<String, Value>) -> bool {
    matches!(fields.get("kind").and_then(Value::as_str), Some("resolved" | "unresolved"))
}

/// As `Chrome/156.0.0.0`.
fn is_version(part: &str) -> bool {
    part.trim_end().split_once('/').is_some_and(|(product, version)| {
        product.chars().all(|c| c.is_ascii_alphabetic()) && version.chars().all(|c| c.is_ascii_digit() || c == '.')
    })
}

#[cfg(test)]
mod tests;
