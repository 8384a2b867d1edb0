//! The options of `check`.

use super::monitoring::MonitoringArgs;
use super::shared::{RunArgs, ServerArgs};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// Servers to ask: stun:HOST[:PORT], turn:HOST[:PORT][?transport=tcp], stuns:…, turns:…; without any, public ones
    #[arg(value_name = "URI")]
    pub(crate) uris: Vec<String>,

    /// Ask a STUN and TURN server of its own on this machine; needs no internet
    #[arg(long, conflicts_with_all = ["uris", "ice_servers", "ice_from", "user", "secret"])]
    pub(crate) embedded: bool,

    /// Check a simulated network: a file, or one of "rtc-doctor lab list"; without URIs its own server is asked
    #[arg(long, value_name = "FILE|NAME", conflicts_with_all = ["embedded", "ice_from"])]
    pub(crate) lab: Option<String>,

    /// What all chance in the simulated network comes from: the same number gives the same report
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "lab")]
    pub(crate) seed: u64,

    #[command(flatten)]
    pub(crate) servers: ServerArgs,

    /// Leave the hairpinning test out
    #[arg(long)]
    pub(crate) no_hairpin: bool,

    /// Make no calls between two ends on this machine, straight and through each relay (with --lab none are made by default)
    #[arg(long)]
    pub(crate) no_call: bool,

    /// Make these calls in the simulated network, too; they draw random numbers of their own, so that two reports of one
    /// seed may differ by a packet
    #[arg(long, requires = "lab", conflicts_with = "no_call")]
    pub(crate) lab_calls: bool,

    /// Also measure how long a mapping lives that is idle, and a flow that is in use; takes minutes
    #[arg(long)]
    pub(crate) lifetime: bool,

    /// Seconds after which the run ends with what it has; 15, or 600 with --lifetime, or 9 with --as
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: Option<u64>,

    /// Keep what every socket saw, without secrets, for "rtc-doctor read" and for the support desk
    #[arg(long, value_name = "FILE", group = "documents")]
    pub(crate) record: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) run: RunArgs,

    #[command(flatten)]
    pub(crate) monitoring: MonitoringArgs,
}
