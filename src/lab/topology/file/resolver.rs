//! A resolver as its file has it.

use super::is_default;
use crate::lab::{Answers, Resolver};
use crate::model::DnsFailure;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

fn five() -> u32 {
    5
}

/// The resolver of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolverEntry {
    /// From the query to the response, in milliseconds.
    #[serde(default = "five")]
    pub delay_ms: u32,
    /// What it responds.
    #[serde(default)]
    pub answers: AnswersEntry,
    /// What it responds with `answers = "always"`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpAddr>,
    /// Names that it leads to nobody (0.0.0.0 and ::), as what blocks advertisements does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sinkholes: Vec<String>,
    /// Whether it says nothing to questions for IPv6 addresses.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drops_aaaa: bool,
    /// The prefix of 96 bits for DNS64 (RFC 6147); None without DNS64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns64: Option<Ipv6Addr>,
}

impl Default for ResolverEntry {
    fn default() -> Self {
        Self {
            delay_ms: five(),
            answers: AnswersEntry::Honest,
            addresses: Vec::new(),
            sinkholes: Vec::new(),
            drops_aaaa: false,
            dns64: None,
        }
    }
}

impl ResolverEntry {
    /// The same for the simulator.
    pub fn resolver(&self) -> Resolver {
        let answers = match self.answers {
            AnswersEntry::Honest => Answers::Honest,
            AnswersEntry::Always => Answers::Always(self.addresses.clone()),
            AnswersEntry::NoSuchName => Answers::Fails(DnsFailure::NoSuchName),
            AnswersEntry::Refused => Answers::Fails(DnsFailure::Refused),
            AnswersEntry::ServerFailure => Answers::Fails(DnsFailure::ServerFailure),
            AnswersEntry::Dead => Answers::Dead,
        };
        Resolver {
            delay: Duration::from_millis(self.delay_ms.into()),
            answers,
            sinkholes: self.sinkholes.clone(),
            drops_aaaa: self.drops_aaaa,
            dns64: self.dns64,
        }
    }
}

/// What a resolver responds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswersEntry {
    /// The records of the file.
    #[default]
    Honest,
    /// The same addresses for every name.
    Always,
    /// NXDOMAIN to every query.
    NoSuchName,
    /// REFUSED to every query.
    Refused,
    /// SERVFAIL to every query.
    ServerFailure,
    /// No response at all.
    Dead,
}
