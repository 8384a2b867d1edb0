//! The options of `diff`.

use super::shared::ShownArgs;
use clap::Args;
use std::path::PathBuf;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rtc-doctor check --json home.json            where calls work
  rtc-doctor check --json office.json          where they do not
  rtc-doctor diff home.json office.json        what is different, causes first
  rtc-doctor diff before.json after.json       what a change of the firewall did
  rtc-doctor diff before.json after.json --redact --json -

Both are judged by today's rules. Check both against the same servers: what was not asked cannot be compared.

Exit codes: 0 the second is not worse   1 worse   2 worse, and no path is left   3 could not tell";

#[derive(Args)]
pub(crate) struct DiffArgs {
    /// What check --json or check --record has written where calls work, or before the change ("-" is standard input)
    #[arg(value_name = "GOOD.json")]
    pub(crate) good: PathBuf,

    /// The same where they do not, or after the change
    #[arg(value_name = "BAD.json")]
    pub(crate) bad: PathBuf,

    #[command(flatten)]
    pub(crate) shown: ShownArgs,
}
