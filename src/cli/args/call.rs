//! The options of `call`.

use super::shared::{RunArgs, ServerArgs};
use clap::Args;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rtc-doctor call https://doctor.example/r/Yw0…   both ends name the room that \"rtc-doctor serve\" printed
  rtc-doctor call --copy-paste                  without a server: send the code, paste the one that comes back
  rtc-doctor call rtcd1-312-7VZR…               the other end of that: answer the code that was sent to you
  rtc-doctor call ROOM --relay-only --ice-servers config.json   does the relay carry it?
  rtc-doctor call ROOM --ageing                 eleven minutes: what was renewed, rebound, throttled or cut?
  rtc-doctor call ROOM --roam                   leaves its address halfway: how long do media stay away?
  rtc-doctor call ROOM --video 20000            does the path take 20 Mbit/s?
  rtc-doctor call ROOM --json call.json         keep it, both ends' half

Servers named on the command line are asked; without any, those that the room offers.
The exit codes are those of check.";

#[derive(Args)]
pub(crate) struct CallArgs {
    /// The address of a room, or the code of the end that began
    #[arg(value_name = "ROOM|CODE", required_unless_present = "copy_paste")]
    pub(crate) room: Option<String>,

    /// Begin without a server: people carry one code each way
    #[arg(long, conflicts_with = "room")]
    pub(crate) copy_paste: bool,

    /// Use no other candidates than relayed ones, as iceTransportPolicy "relay" does
    #[arg(long)]
    pub(crate) relay_only: bool,

    /// Use no server's help, only this machine's own addresses
    #[arg(long, conflicts_with = "relay_only")]
    pub(crate) host_only: bool,

    /// Take TCP connections too (RFC 6544), as media servers do
    #[arg(long)]
    pub(crate) tcp: bool,

    /// Hide this machine's addresses behind names of the local link, as browsers do
    #[arg(long)]
    pub(crate) mdns: bool,

    /// Check the candidate pairs only, without a call over the one that is chosen
    #[arg(long, conflicts_with_all = ["duration", "ageing", "roam", "video"])]
    pub(crate) no_media: bool,

    /// Measure the call for so long
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) duration: Option<u32>,

    /// Keep the call until permissions and allocations of a relay have had to be renewed (11 minutes, or as long as --duration),
    /// and tell what was renewed, and when the call was rebound, throttled or cut
    #[arg(long)]
    pub(crate) ageing: bool,

    /// Send video at so many kbit/s from the beginning on, and less where the path does not take it; without this it works
    /// up to 1500 kbit/s, with --ageing to 500
    #[arg(long, value_name = "KBIT/S", value_parser = clap::value_parser!(u32).range(50..=50_000))]
    pub(crate) video: Option<u32>,

    /// Halfway through the call leave this machine's address for another interface's, or for new ports where there is none,
    /// and time how long media stays away
    #[arg(long)]
    pub(crate) roam: bool,

    #[command(flatten)]
    pub(crate) servers: ServerArgs,

    #[command(flatten)]
    pub(crate) run: RunArgs,
}
