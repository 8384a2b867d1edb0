//! The options of `serve`, as clap reads them.

use super::shared::SourceArgs;
use clap::Args;
use std::net::IpAddr;
use std::path::PathBuf;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rtc-doctor serve                             on this machine's loopback, for a first look
  rtc-doctor serve --listen eth0               for those who reach this interface
  rtc-doctor serve --listen 10.0.0.5 --public-address 203.0.113.5
                                               behind a cloud's NAT, one public address for one private
  rtc-doctor serve --listen all --name rtc.example --cert chain.pem --key key.pem --tls-port 443
                                               with a certificate that browsers trust
  rtc-doctor serve --ice-from openvidu:https://meet.example --ice-secret-file openvidu.secret
                                               whoever enters the room gets the application's own servers
  rtc-doctor serve --json serving.json &       the addresses and credentials for a program

It serves until Ctrl-C and keeps nothing. Exit codes: 0 ended, 3 could not serve, 64 usage, 74 report not written";

#[derive(Args)]
pub(crate) struct ServeArgs {
    /// Where to listen: an address, an interface's name, or all; may be given more than once. Without it nobody but this
    /// machine reaches the server. Two addresses of a family serve RFC 5780
    #[arg(long, value_name = "ADDRESS|INTERFACE|all")]
    pub(crate) listen: Vec<String>,

    /// What others call the addresses of --listen, in their order, where a NAT translates address for address
    #[arg(long, value_name = "ADDRESS", requires = "listen")]
    pub(crate) public_address: Vec<IpAddr>,

    /// The server's name in the DNS, to be used in its URIs
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// STUN and TURN over UDP and TCP; 0 is any free port; may be given more than once. RFC 5780's second port is the one
    /// after the first
    #[arg(long, value_name = "PORT", default_value = "3478")]
    pub(crate) port: Vec<u16>,

    /// A further UDP port at which what a checkup sends is sent back to it, and counted: it shows what the network drops, by
    /// kind, size and port. May be given more than once; 53, 443, 20478 and 50478 without it, and none where nobody but this
    /// machine reaches the server. What cannot be opened is left out
    #[arg(long, value_name = "PORT", conflicts_with = "no_echo")]
    pub(crate) echo_port: Vec<u16>,

    /// Send nothing back: STUN, TURN and the rooms alone
    #[arg(long)]
    pub(crate) no_echo: bool,

    /// STUN and TURN over TLS; may be given more than once
    #[arg(long, value_name = "PORT", default_value = "5349")]
    pub(crate) tls_port: Vec<u16>,

    /// The rooms, over HTTP
    #[arg(long, value_name = "PORT", default_value_t = 8478)]
    pub(crate) http_port: u16,

    /// The server's certificate and what it was signed with (PEM); without it the server makes one of its own
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,

    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,

    /// No TLS at all: behind a proxy that has it
    #[arg(long, conflicts_with_all = ["cert", "tls_port"])]
    pub(crate) no_tls: bool,

    /// A user of TURN, beside the short-lived ones that the server makes itself
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// Read the user's password from a file; else it is taken from RTC_DOCTOR_PASSWORD
    #[arg(long, value_name = "FILE", group = "secret", requires = "user")]
    pub(crate) password_file: Option<PathBuf>,

    /// Read the user's password from standard input
    #[arg(long, group = "secret", requires = "user")]
    pub(crate) password_stdin: bool,

    /// Make the short-lived credentials from this secret, which others may share; without it from one of this run's own
    #[arg(long, value_name = "FILE")]
    pub(crate) turn_secret_file: Option<PathBuf>,

    /// Relay to these peers too: an address, a network such as 192.0.2.0/24, or public for all that is neither private nor
    /// special; may be given more than once. Without it only this server's own relays reach each other
    #[arg(long, value_name = "NETWORK|public")]
    pub(crate) allow_peer: Vec<String>,

    /// The ports of relayed addresses
    #[arg(long, value_name = "FIRST-LAST")]
    pub(crate) relay_ports: Option<String>,

    /// Give credentials for the relay to who enters any room, and not only to who has the address shown here
    #[arg(long)]
    pub(crate) relay_for_any_room: bool,

    #[command(flatten)]
    pub(crate) sources: SourceArgs,

    /// Trust these certificate authorities too (PEM) where a source of --ice-from is asked; may be given more than once
    #[arg(long, value_name = "FILE", requires = "ice_from")]
    pub(crate) ca: Vec<PathBuf>,

    /// Write addresses and credentials as JSON, on one line, once it serves ("-" is standard output)
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// Overwrite the file of --json even if it is none of rtc-doctor serve
    #[arg(long, requires = "json")]
    pub(crate) force: bool,
}
