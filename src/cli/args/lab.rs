//! The commands of `lab`.

use clap::Subcommand;
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Subcommand)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "they are refused there, whatever they say"))]
pub(crate) enum LabCommand {
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
