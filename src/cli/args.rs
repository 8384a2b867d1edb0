//! The command line, as clap reads it.

use super::diff::{self, DiffArgs};
use super::documents::DocumentArgs;
use super::settings::Secret;
use crate::catalog::Lang;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

pub(super) const NAME: &str = "rtc-doctor";

const EXAMPLES: &str = "\
Examples:
  rtc-doctor                                   this network, against public STUN servers
  rtc-doctor check --embedded                  without internet: against a server of its own
  rtc-doctor check stun:stun.example.org       against your own STUN server
  rtc-doctor check turn:turn.example.org --user alice --password-file secret.txt
  rtc-doctor check --ice-servers config.json   the servers of your WebRTC application
  rtc-doctor check --lab hotel                 what it would say in a simulated hotel
  rtc-doctor check --html report.html          a page to look at, print, or send to others
  rtc-doctor check --json report.json          keep the whole report for programs
  rtc-doctor check --record run.json           keep the run, to be judged again elsewhere
  rtc-doctor call ROOM                         a call with another rtc-doctor, in a room
  rtc-doctor read run.json                     judge it again and show it
  rtc-doctor diff good.json bad.json           what is different between two networks
  rtc-doctor compare mine.json hers.json       will these two ends connect, and how?
  rtc-doctor explain udp-blocked               what a finding means and what to do

Exit codes:
  0 fine   1 works, but relayed or degraded   2 no path   3 could not tell
  64 usage   70 internal error   74 report not written   130 interrupted";

const READ_EXAMPLES: &str = "\
Examples:
  rtc-doctor read run.json                     a customer's record, judged by today's rules
  rtc-doctor read -q report.json               a saved report, in short
  rtc-doctor read run.json --html report.html  a page to look at, print, or send to others
  rtc-doctor read run.json --json report.json  the whole report for programs
  rtc-doctor read run.json --redact --json -    the same to show to strangers
  ssh host rtc-doctor check --record - | rtc-doctor read -

The exit codes are those of check.";

const CALL_EXAMPLES: &str = "\
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

/// Says what this network does to WebRTC calls, whether they go peer to peer or through a relay, and why.
#[derive(Parser)]
#[command(name = NAME, version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// The language of what is said to people, and of the findings in JSON; that of the locale unless given
    #[arg(long, global = true, value_name = "en|ko", value_parser = lang())]
    pub(super) lang: Option<Lang>,
    #[command(flatten)]
    pub(super) check: CheckArgs,
}

fn lang() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(Lang::ALL.map(Lang::code)).try_map(|code| code.parse::<Lang>())
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Diagnose this network (also what rtc-doctor does without a command)
    Check(CheckArgs),
    /// A call with another rtc-doctor: which ways to each other work, how well, and why the others do not
    #[command(after_help = CALL_EXAMPLES)]
    Call(CallArgs),
    /// Judge a saved record or report again and show it as check does
    #[command(after_help = READ_EXAMPLES)]
    Read(ReadArgs),
    /// Two saved reports or records: what is different between them, and what explains it?
    #[command(after_help = diff::EXAMPLES)]
    Diff(DiffArgs),
    /// Two saved reports or records: will these two ends connect, how, and what would change it?
    #[command(after_help = super::compare::EXAMPLES)]
    Compare(super::compare::CompareArgs),
    /// Serve STUN (RFC 5780), TURN and rooms for two ends to meet in: for tests, until Ctrl-C
    #[command(after_help = super::serve::EXAMPLES)]
    Serve(super::serve::ServeArgs),
    /// Say what a code in a report means and what to do; without a code, list them all
    Explain {
        /// As it stands in the report, for example udp-blocked
        code: Option<String>,
    },
    /// Networks on your desk: look at them, make one of a diagnosis, put real programs behind one (Linux)
    #[command(subcommand)]
    Lab(LabCommand),
    /// Print a completion script for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page
    Man,
}

#[derive(Subcommand)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "they are refused there, whatever they say"))]
pub(super) enum LabCommand {
    /// List the networks that come with rtc-doctor, and where each is met
    List,
    /// Draw a network
    Show {
        /// A file of a network, or the name of one that comes with rtc-doctor
        #[arg(value_name = "FILE|NAME")]
        network: String,
        /// Print the file itself: a beginning for one of your own
        #[arg(long)]
        toml: bool,
    },
    /// Write the network that would give a saved diagnosis
    From {
        /// What check --json or check --record has written ("-" is standard input)
        #[arg(value_name = "DIAGNOSIS.json")]
        file: PathBuf,
    },
    /// Set a network up and keep it until Ctrl-C
    Up {
        /// A file of a network, or the name of one that comes with rtc-doctor
        #[arg(value_name = "FILE|NAME")]
        network: String,
    },
    /// Run one program on a host of a network: of the one that is up, or of one set up for it alone
    Run {
        /// A file of a network, or the name of one that comes with rtc-doctor
        #[arg(value_name = "FILE|NAME")]
        network: String,
        /// The host, by its name in the network
        host: String,
        /// The program and what it is given
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<OsString>,
    },
    /// End a network that is up, or clear what one left behind that was killed; without a name, all of them
    Down {
        #[arg(value_name = "FILE|NAME")]
        network: Option<String>,
    },
}

#[derive(Args)]
pub(super) struct CallArgs {
    /// The address of a room, or the code of the end that began
    #[arg(value_name = "ROOM|CODE", required_unless_present = "copy_paste")]
    pub(super) room: Option<String>,

    /// Begin without a server: people carry one code each way
    #[arg(long, conflicts_with = "room")]
    pub(super) copy_paste: bool,

    /// Use no other candidates than relayed ones, as iceTransportPolicy "relay" does
    #[arg(long)]
    pub(super) relay_only: bool,

    /// Use no server's help, only this machine's own addresses
    #[arg(long, conflicts_with = "relay_only")]
    pub(super) host_only: bool,

    /// Take TCP connections too (RFC 6544), as media servers do
    #[arg(long)]
    pub(super) tcp: bool,

    /// Hide this machine's addresses behind names of the local link, as browsers do
    #[arg(long)]
    pub(super) mdns: bool,

    /// Check the candidate pairs only, without a call over the one that is chosen
    #[arg(long, conflicts_with_all = ["duration", "ageing", "roam", "video"])]
    pub(super) no_media: bool,

    /// Measure the call for so long
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(super) duration: Option<u32>,

    /// Keep the call until permissions and allocations of a relay have had to be renewed: 11 minutes, or as long as --duration
    #[arg(long)]
    pub(super) ageing: bool,

    /// Send video at so many kbit/s from the beginning on, and less where the path does not take it; without this it works
    /// up to 1500 kbit/s, with --ageing to 500
    #[arg(long, value_name = "KBIT/S", value_parser = clap::value_parser!(u32).range(50..=50_000))]
    pub(super) video: Option<u32>,

    /// Halfway through the call leave this machine's address for another interface's, or for new ports where there is none,
    /// and time how long media stays away
    #[arg(long)]
    pub(super) roam: bool,

    #[command(flatten)]
    pub(super) servers: ServerArgs,

    #[command(flatten)]
    pub(super) documents: DocumentArgs,

    /// Put stand-ins for addresses and names into all that is shown and written
    #[arg(long, conflicts_with = "verbose")]
    pub(super) redact: bool,

    /// Say only the verdict, why, and what to do
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Tell every observation as it is made
    #[arg(short, long)]
    pub(super) verbose: bool,
}

#[derive(Args)]
pub(super) struct ReadArgs {
    /// What check --record or check --json has written ("-" is standard input)
    pub(super) file: PathBuf,

    #[command(flatten)]
    pub(super) shown: ShownArgs,
}

/// How what was saved is shown again.
#[derive(Args)]
pub(super) struct ShownArgs {
    #[command(flatten)]
    pub(super) documents: DocumentArgs,

    /// Put stand-ins for addresses and names into all that is shown and written
    #[arg(long)]
    pub(super) redact: bool,

    /// Say only what it comes to, why, and what to do
    #[arg(short, long)]
    pub(super) quiet: bool,
}

/// Which servers, and with what in hand.
#[derive(Args)]
pub(super) struct ServerArgs {
    /// Take the servers of an RTCConfiguration, or of its iceServers array, in JSON ("-" is standard input)
    #[arg(long, value_name = "FILE")]
    pub(super) ice_servers: Option<PathBuf>,

    /// User name for the TURN servers named on the command line
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,

    /// Read the password from a file; else it is taken from RTC_DOCTOR_PASSWORD
    #[arg(long, value_name = "FILE", group = "secret", requires = "user")]
    pub(super) password_file: Option<PathBuf>,

    /// Read the password from standard input
    #[arg(long, group = "secret", requires = "user")]
    pub(super) password_stdin: bool,

    /// The password itself: everyone on this machine can see it in the list of processes
    #[arg(long, value_name = "PASSWORD", group = "secret", requires = "user")]
    pub(super) password: Option<Secret>,

    /// Make time-limited credentials from the TURN server's shared secret (coturn: static-auth-secret)
    #[arg(long, value_name = "FILE", group = "secret", conflicts_with = "user")]
    pub(super) turn_secret_file: Option<PathBuf>,

    /// Go on in spite of a bad TLS certificate; the report says so
    #[arg(long)]
    pub(super) insecure: bool,

    /// Trust these certificate authorities too (PEM); may be given more than once
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Vec<PathBuf>,
}

#[derive(Args)]
pub(super) struct CheckArgs {
    /// Servers to ask: stun:HOST[:PORT], turn:HOST[:PORT][?transport=tcp], stuns:…, turns:…; without any, public ones
    #[arg(value_name = "URI")]
    pub(super) uris: Vec<String>,

    /// Ask a STUN and TURN server of its own on this machine; needs no internet
    #[arg(long, conflicts_with_all = ["uris", "ice_servers", "user", "secret"])]
    pub(super) embedded: bool,

    /// Check a simulated network: a file, or one of "rtc-doctor lab list"; without URIs its own server is asked
    #[arg(long, value_name = "FILE|NAME", conflicts_with = "embedded")]
    pub(super) lab: Option<String>,

    /// What all chance in the simulated network comes from: the same number gives the same report
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "lab")]
    pub(super) seed: u64,

    #[command(flatten)]
    pub(super) servers: ServerArgs,

    /// Leave the hairpinning test out
    #[arg(long)]
    pub(super) no_hairpin: bool,

    /// Make no calls between two ends on this machine, straight and through each relay (with --lab none are made)
    #[arg(long)]
    pub(super) no_call: bool,

    /// Also measure how long an idle mapping lives; takes minutes
    #[arg(long)]
    pub(super) lifetime: bool,

    /// Seconds after which the run ends with what it has; 15, or 600 with --lifetime
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(super) timeout: Option<u64>,

    #[command(flatten)]
    pub(super) documents: DocumentArgs,

    /// Keep what every socket saw, without secrets, for "rtc-doctor read" and for the support desk
    #[arg(long, value_name = "FILE", group = "documents")]
    pub(super) record: Option<PathBuf>,

    /// Put stand-ins for addresses and names into all that is shown and written
    #[arg(long, conflicts_with = "verbose")]
    pub(super) redact: bool,

    /// Say only the verdict, why, and what to do
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Tell every observation as it is made
    #[arg(short, long)]
    pub(super) verbose: bool,
}
