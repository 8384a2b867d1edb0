//! The options of `check`.

use super::shared::{DocumentArgs, ServerArgs};
use crate::report::monitoring::{Format, TOTAL};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// Servers to ask: stun:HOST[:PORT], turn:HOST[:PORT][?transport=tcp], stuns:…, turns:…; without any, public ones
    #[arg(value_name = "URI")]
    pub(crate) uris: Vec<String>,

    /// Ask a STUN and TURN server of its own on this machine; needs no internet
    #[arg(long, conflicts_with_all = ["uris", "ice_servers", "user", "secret"])]
    pub(crate) embedded: bool,

    /// Check a simulated network: a file, or one of "rtc-doctor lab list"; without URIs its own server is asked
    #[arg(long, value_name = "FILE|NAME", conflicts_with = "embedded")]
    pub(crate) lab: Option<String>,

    /// What all chance in the simulated network comes from: the same number gives the same report
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "lab")]
    pub(crate) seed: u64,

    #[command(flatten)]
    pub(crate) servers: ServerArgs,

    /// Leave the hairpinning test out
    #[arg(long)]
    pub(crate) no_hairpin: bool,

    /// Make no calls between two ends on this machine, straight and through each relay (with --lab none are made)
    #[arg(long)]
    pub(crate) no_call: bool,

    /// Also measure how long an idle mapping lives; takes minutes
    #[arg(long)]
    pub(crate) lifetime: bool,

    /// Answer for a monitoring system: how each address of each server named fares, whatever the network does
    #[arg(
        long = "as",
        value_name = "nagios|checkmk|zabbix",
        value_parser = format(),
        conflicts_with_all = ["documents", "embedded", "lab", "lifetime", "redact", "quiet", "details", "verbose"],
    )]
    pub(crate) format: Option<Format>,

    /// With --as: warn where a stage of a path takes longer, for example allocate=0.5 or total=2; may be repeated
    #[arg(long, value_name = "STAGE=SECONDS", requires = "format", value_parser = limit)]
    pub(crate) warning: Vec<(String, f64)>,

    /// With --as: the same, and it is critical
    #[arg(long, value_name = "STAGE=SECONDS", requires = "format", value_parser = limit)]
    pub(crate) critical: Vec<(String, f64)>,

    /// Seconds after which the run ends with what it has; 15, or 600 with --lifetime, or 9 with --as
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: Option<u64>,

    #[command(flatten)]
    pub(crate) documents: DocumentArgs,

    /// Keep what every socket saw, without secrets, for "rtc-doctor read" and for the support desk
    #[arg(long, value_name = "FILE", group = "documents")]
    pub(crate) record: Option<PathBuf>,

    /// Put stand-ins for addresses and names into all that is shown and written
    #[arg(long, conflicts_with = "verbose")]
    pub(crate) redact: bool,

    /// Say only the verdict, why, and what to do
    #[arg(short, long, conflicts_with_all = ["verbose", "details"])]
    pub(crate) quiet: bool,

    /// Show every note in full and every table, and not just what fits on one screen
    #[arg(long)]
    pub(crate) details: bool,

    /// Tell every observation as it is made
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(|(name, _)| name)).try_map(|asked| {
        Format::ALL.into_iter().find(|(name, _)| *name == asked).map(|(_, format)| format).ok_or("no such format")
    })
}

/// As `servers[].stages[].name` has them.
const STAGES: [&str; 13] = [
    "resolve",
    "connect",
    "tls",
    "binding",
    "challenge",
    "allocate",
    "permission",
    "relay-in",
    "channel",
    "relay-out",
    "refresh",
    "release",
    TOTAL,
];

fn limit(text: &str) -> Result<(String, f64), String> {
    let (stage, seconds) = text.split_once('=').ok_or("write it as STAGE=SECONDS")?;
    if !STAGES.contains(&stage) {
        return Err(format!("no such stage; there are {}", STAGES.join(", ")));
    }
    match seconds.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => Ok((stage.to_owned(), seconds)),
        _ => Err("seconds are a number, such as 0.5".to_owned()),
    }
}
