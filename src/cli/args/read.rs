//! The options of `read`.

use super::shared::ShownArgs;
use clap::Args;
use std::net::IpAddr;
use std::path::PathBuf;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rtc-doctor read run.json                     a customer's record, judged by today's rules
  rtc-doctor read -q report.json               a saved report, in short
  rtc-doctor read run.json --html report.html  a page to look at, print, or send to others
  rtc-doctor read run.json --json report.json  the whole report for programs
  rtc-doctor read run.json --redact --json -    the same to show to strangers
  ssh host rtc-doctor check --record - | rtc-doctor read -
  rtc-doctor read webrtc_internals_dump.gz     a call that somebody else had, as chrome://webrtc-internals saved it
  rtc-doctor read caller.gz callee.gz          both ends of one call
  rtc-doctor read turn.pcap --client 192.0.2.7 what one client of a TURN server had, in a capture that was made there

Read as well: rtcstats, statistics that a page had saved (getStats), what Firefox saves of about:webrtc, descriptions and
candidates in a text, captures of tcpdump and Wireshark. Nothing is sent, and no name is looked up.

The exit codes are those of check.";

#[derive(Args)]
pub(crate) struct ReadArgs {
    /// What check --record or check --json has written, or a browser's dump of a call ("-" is standard input)
    pub(crate) file: PathBuf,

    /// The other end's file of the same call
    pub(crate) other: Option<PathBuf>,

    /// Judge the connection of this name in the file, and not the one that matters most
    #[arg(long, value_name = "NAME", conflicts_with = "other")]
    pub(crate) connection: Option<String>,

    /// Of a capture, judge the calls of the end at this address, as clients are seen at a TURN server
    #[arg(long, value_name = "ADDRESS", conflicts_with = "other")]
    pub(crate) client: Option<IpAddr>,

    /// Write what was observed, to be read again ("-" is standard output)
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) shown: ShownArgs,
}
