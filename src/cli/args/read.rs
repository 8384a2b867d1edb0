//! The options of `read`.

use super::shared::ShownArgs;
use clap::Args;
use std::path::PathBuf;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rtc-doctor read run.json                     a customer's record, judged by today's rules
  rtc-doctor read -q report.json               a saved report, in short
  rtc-doctor read run.json --html report.html  a page to look at, print, or send to others
  rtc-doctor read run.json --json report.json  the whole report for programs
  rtc-doctor read run.json --redact --json -    the same to show to strangers
  ssh host rtc-doctor check --record - | rtc-doctor read -

The exit codes are those of check.";

#[derive(Args)]
pub(crate) struct ReadArgs {
    /// What check --record or check --json has written ("-" is standard input)
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) shown: ShownArgs,
}
