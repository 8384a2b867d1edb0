//! The command line, as clap reads it: a file a command, and what several of them share.

pub(crate) mod call;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod diff;
pub(crate) mod lab;
pub(crate) mod lint;
pub(crate) mod monitoring;
pub(crate) mod read;
pub(crate) mod serve;
pub(crate) mod shared;

use crate::catalog::{self, Lang};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;

pub(crate) const NAME: &str = "rtc-doctor";

const EXAMPLES: &str = "\
Examples:
  rtc-doctor                                   this network, against public STUN servers
  rtc-doctor check --embedded                  without internet: against a server of its own
  rtc-doctor check stun:stun.example.org       against your own STUN server
  rtc-doctor check turn:turn.example.org --user alice --password-file secret.txt
  rtc-doctor check --ice-servers config.json   the servers of your WebRTC application
  rtc-doctor check --as nagios turn:turn.example.org   for a monitoring system; check --help has more
  rtc-doctor lint config.json                  what browsers make of that list, without sending anything
  rtc-doctor check --lab hotel                 what it would say in a simulated hotel
  rtc-doctor check --html report.html          a page to look at, print, or send to others
  rtc-doctor check --markdown ticket.md        the same for a ticket
  rtc-doctor check --json report.json          keep the whole report for programs
  rtc-doctor check --record run.json           keep the run, to be judged again elsewhere
  rtc-doctor call ROOM                         a call with another rtc-doctor, in a room
  rtc-doctor read run.json                     judge it again and show it
  rtc-doctor diff good.json bad.json           what is different between two networks
  rtc-doctor compare mine.json hers.json       will these two ends connect, and how?
  rtc-doctor explain udp-blocked               what a finding means and what to do";

fn examples_and_exit_codes() -> String {
    format!("{EXAMPLES}\n\n{}", exit_codes())
}

/// What the manual page ends with: it is the one page that has everything.
pub(crate) fn after_manual() -> String {
    format!("{}\n\n{}", examples_and_exit_codes(), monitoring::EXAMPLES)
}

fn monitoring_and_exit_codes() -> String {
    format!("{}\n\n{}", monitoring::EXAMPLES, exit_codes())
}

/// The table of exit codes in English, as everything that clap says.
fn exit_codes() -> String {
    format!("Exit codes:\n{}", catalog::exit_codes::exit_codes(Lang::En).trim_end())
}

/// Says what this network does to WebRTC calls, whether they go peer to peer or through a relay, and why.
#[derive(Parser)]
#[command(name = NAME, version, after_help = examples_and_exit_codes())]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// The language of what is said to people, and of the findings in JSON; that of the locale unless given
    #[arg(long, global = true, value_name = "en|ko", value_parser = lang())]
    pub(crate) lang: Option<Lang>,
    #[command(flatten)]
    pub(crate) check: check::CheckArgs,
}

impl Cli {
    /// Before a command only `--lang` may stand: every other option there is one of `check`, which a command of its own
    /// would not see.
    pub(crate) fn read(argv: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Self, clap::Error> {
        let mut command = Self::command();
        let matches = command.try_get_matches_from_mut(argv)?;
        let is_given = |arg: &&Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        let stray = command.get_arguments().filter(|arg| !arg.is_global_set()).find(is_given).map(ToString::to_string);
        match (matches.subcommand_name(), stray) {
            (Some(name), Some(stray)) => {
                let message = format!("{stray} belongs behind the command: rtc-doctor {name} …");
                Err(command.error(ErrorKind::ArgumentConflict, message))
            }
            _ => Self::from_arg_matches(&matches),
        }
    }
}

fn lang() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(Lang::ALL.map(Lang::code)).try_map(|code| code.parse::<Lang>())
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Diagnose this network (also what rtc-doctor does without a command)
    #[command(after_help = monitoring_and_exit_codes())]
    Check(check::CheckArgs),
    /// A call with another rtc-doctor: which ways to each other work, how well, and why the others do not
    #[command(after_help = call::EXAMPLES)]
    Call(call::CallArgs),
    /// Judge what was saved, and show it as check does: a record, a report, or a browser's dump of a call
    #[command(after_help = read::EXAMPLES)]
    Read(read::ReadArgs),
    /// Two saved reports or records: what is different between them, and what explains it?
    #[command(after_help = diff::EXAMPLES)]
    Diff(diff::DiffArgs),
    /// Two saved reports or records: will these two ends connect, how, and what would change it?
    #[command(after_help = compare::EXAMPLES)]
    Compare(compare::CompareArgs),
    /// A configuration of ICE servers, or the service that gives one: what browsers and TURN servers make of it
    #[command(after_help = lint::EXAMPLES)]
    Lint(lint::LintArgs),
    /// Serve STUN (RFC 5780), TURN and rooms for two ends to meet in: for tests, until Ctrl-C
    #[command(after_help = serve::EXAMPLES)]
    Serve(serve::ServeArgs),
    /// Say what a code in a report means and what to do; without a code, list them all
    Explain {
        /// As it stands in the report, for example udp-blocked; or exit-codes, or ice-servers
        code: Option<String>,
    },
    /// Networks on your desk: look at them, make one of a diagnosis, put real programs behind one (Linux)
    #[command(subcommand)]
    Lab(lab::LabCommand),
    /// Print a completion script for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page
    Man,
}

/// What is wrong with a command line, without the usage that clap tells behind it.
pub(crate) fn in_brief(error: &clap::Error) -> String {
    let told = error.to_string();
    let lines = told.lines().take_while(|line| !line.trim().is_empty()).map(str::trim);
    let brief = lines.collect::<Vec<_>>().join(" ");
    brief.strip_prefix("error: ").unwrap_or(&brief).to_owned()
}
