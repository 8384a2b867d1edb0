//! The options that several commands have.

use crate::report::terminal::Extent;
use clap::{ArgGroup, Args};
use std::path::PathBuf;

#[derive(Args)]
#[command(group(ArgGroup::new("documents").args(["json", "html", "markdown"]).multiple(true)))]
pub(crate) struct DocumentArgs {
    /// Write the whole report as JSON ("-" is standard output, which then holds nothing else)
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// Write the whole report as one page for a browser, to be sent to others ("-" is standard output)
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,

    /// Write the whole report as Markdown, for a ticket ("-" is standard output)
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,

    /// Overwrite the file of --json, --html, --markdown or --record even if it was not written by rtc-doctor for this
    #[arg(long, requires = "documents")]
    pub(crate) force: bool,
}

/// How a diagnosis is shown.
#[derive(Args)]
pub(crate) struct ShownArgs {
    #[command(flatten)]
    pub(crate) documents: DocumentArgs,

    /// Put stand-ins for addresses and names into all that is shown and written
    #[arg(long)]
    pub(crate) redact: bool,

    /// Say only what it comes to, why, and what to do
    #[arg(short, long, conflicts_with = "details")]
    pub(crate) quiet: bool,

    /// Show every note in full and every table, and not just what fits on one screen
    #[arg(long)]
    pub(crate) details: bool,
}

impl ShownArgs {
    /// How much is shown; the two exclude each other.
    pub(crate) fn extent(&self) -> Extent {
        match (self.quiet, self.details) {
            (true, _) => Extent::Brief,
            (false, true) => Extent::Details,
            (false, false) => Extent::Screen,
        }
    }
}

/// How a run is shown, while it lasts and when it has ended.
#[derive(Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) shown: ShownArgs,

    /// Tell every observation as it is made
    #[arg(short, long, conflicts_with_all = ["quiet", "redact"])]
    pub(crate) verbose: bool,
}

/// A password as an argument: not shown by clap or Debug.
#[derive(Clone)]
pub(crate) struct PasswordArg(pub(crate) String);

impl From<String> for PasswordArg {
    fn from(password: String) -> Self {
        Self(password)
    }
}

/// Where the application gets its ICE servers from.
#[derive(Args)]
pub(crate) struct SourceArgs {
    /// Ask the service that the application has its ICE servers from, and take those; may be given more than once.
    /// https://… that answers with JSON, openvidu:https://…[/SESSION], livekit:wss://…[/ROOM], kvs:REGION/CHANNEL, apprtc:https://…, matrix:https://…,
    /// xmpp:DOMAIN, jitsi:https://…/ROOM, whip:https://…, whep:https://…, bbb:JOIN-ADDRESS, home-assistant:https://…, nextcloud:https://…/call/ROOM,
    /// twilio:ACCOUNT, cloudflare:KEY, metered:APP, xirsys:IDENT/CHANNEL, or the first JSON
    /// with servers of wss://…, sse:https://… or poll:https://…
    #[arg(long, value_name = "SOURCE")]
    pub(crate) ice_from: Vec<String>,

    #[command(flatten)]
    pub(crate) shown: SourceSecretArgs,
}

/// What a source is shown.
#[derive(Args)]
pub(crate) struct SourceSecretArgs {
    /// User name for that service
    #[arg(long, value_name = "NAME")]
    pub(crate) ice_user: Option<String>,

    /// Read the secret for that service from a file; else it is taken from RTC_DOCTOR_ICE_SECRET, or from the variable that
    /// the service's users have (OPENVIDU_SECRET, AWS_SECRET_ACCESS_KEY, TWILIO_AUTH_TOKEN)
    #[arg(long, value_name = "FILE", group = "ice_secret")]
    pub(crate) ice_secret_file: Option<PathBuf>,

    /// Read that secret from standard input
    #[arg(long, group = "ice_secret")]
    pub(crate) ice_secret_stdin: bool,

    /// Ask an https: address by POST, with this body or that of a file
    #[arg(long, value_name = "BODY|@FILE")]
    pub(crate) ice_post: Option<String>,

    /// Ask an https: address once, and not again a second later to see whether it gives everybody the same credentials
    #[arg(long)]
    pub(crate) ice_once: bool,

    /// Ask as the browser of this page would, and tell what it would keep from the page (CORS)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) ice_origin: Option<String>,

    /// What is to be said first over a wss:// source
    #[arg(long, value_name = "LINE")]
    pub(crate) ice_say: Option<String>,
}

/// Which servers, and with what in hand.
#[derive(Args)]
pub(crate) struct ServerArgs {
    /// Take the servers of an RTCConfiguration, or of its iceServers array, in JSON ("-" is standard input)
    #[arg(long, value_name = "FILE")]
    pub(crate) ice_servers: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) sources: SourceArgs,

    /// User name for the TURN servers named on the command line
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// Read the password from a file; else it is taken from RTC_DOCTOR_PASSWORD
    #[arg(long, value_name = "FILE", group = "secret", requires = "user")]
    pub(crate) password_file: Option<PathBuf>,

    /// Read the password from standard input
    #[arg(long, group = "secret", requires = "user")]
    pub(crate) password_stdin: bool,

    /// The password itself: everyone on this machine can see it in the list of processes
    #[arg(long, value_name = "PASSWORD", group = "secret", requires = "user")]
    pub(crate) password: Option<PasswordArg>,

    /// Make time-limited credentials from the TURN server's shared secret (coturn: static-auth-secret)
    #[arg(long, value_name = "FILE", group = "secret", conflicts_with = "user")]
    pub(crate) turn_secret_file: Option<PathBuf>,

    /// Go on in spite of a bad TLS certificate; the report says so
    #[arg(long)]
    pub(crate) insecure: bool,

    /// Trust these certificate authorities too (PEM); may be given more than once
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Vec<PathBuf>,
}
