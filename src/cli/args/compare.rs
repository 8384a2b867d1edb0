//! The options of `compare`.

use super::shared::ShownArgs;
use clap::Args;
use std::path::PathBuf;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rtc-doctor check --json mine.json            at one end
  rtc-doctor check --json hers.json            at the other
  rtc-doctor compare mine.json hers.json       will these two connect, and how?
  rtc-doctor compare mine.json hers.json --json both.json
  ssh host rtc-doctor check --json - | rtc-doctor compare mine.json -

The first file is taken for this end: \"you\" and \"your side\" are who made it. Check both ends against the same
servers, with the TURN servers of your application: without them it cannot be told whether a relay takes over.

The exit codes are those of check.";

#[derive(Args)]
pub(crate) struct CompareArgs {
    /// What check --json or check --record has written at this end ("-" is standard input)
    #[arg(value_name = "A.json")]
    pub(crate) ours: PathBuf,

    /// The same of the other end
    #[arg(value_name = "B.json")]
    pub(crate) theirs: PathBuf,

    #[command(flatten)]
    pub(crate) shown: ShownArgs,
}
