//! The options of `lint`.

use super::shared::SourceSecretArgs;
use clap::Args;
use std::path::PathBuf;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rtc-doctor lint config.json                  what Chromium, Firefox and TURN servers make of it
  curl -s https://app.example/ice | rtc-doctor lint -   what a service answers
  rtc-doctor lint answer.json --turn-secret-file turn.secret   whether its passwords were made of that secret
  rtc-doctor lint answer.json --reveal config.json      the configuration as browsers take it, with its passwords

  rtc-doctor lint openvidu:https://meet.example --ice-secret-file openvidu.secret   what a service gives, asked now

Nothing is sent but to a service that is named. It exits with 0 where nothing is wrong, 1 where some calls suffer, 2 where browsers or servers refuse it,
and 64 where there are no ICE servers to be found.";

#[derive(Args)]
pub(crate) struct LintArgs {
    /// An RTCConfiguration in JSON, its iceServers alone, or what a service answers ("-" is standard input); or the service
    /// itself, named as for check --ice-from
    #[arg(value_name = "FILE|SOURCE")]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) shown: SourceSecretArgs,

    /// Trust these certificate authorities too (PEM) where a service is asked; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Vec<PathBuf>,

    /// Hold its time-limited credentials to the TURN server's shared secret (coturn: static-auth-secret)
    #[arg(long, value_name = "FILE")]
    pub(crate) turn_secret_file: Option<PathBuf>,

    /// Write the configuration as browsers take it, with its passwords, into a file that its owner alone may read
    #[arg(long, value_name = "FILE")]
    pub(crate) reveal: Option<PathBuf>,

    /// Let --reveal overwrite a file
    #[arg(long, requires = "reveal")]
    pub(crate) force: bool,
}
