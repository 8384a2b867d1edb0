//! What an agent is told at the beginning, and what it tells its owner.

use super::check::IceCredentials;
use crate::model::{Candidate, Role, ServerUri, Transport};
use crate::turn;
use std::net::SocketAddr;
use std::time::Duration;

/// 10 ms between two checks, offered as `ice-pacing` (RFC 8839 §5.5). RFC 8445 §14.2 has 50 ms where the ends agree on
/// nothing, and never less than 5 ms. At this pace four candidates a side are all checked within a sixth of a second, at some
/// 100 kbit/s.
pub const OUR_PACE: Duration = Duration::from_millis(10);

/// The slowest pace that a peer is granted. Both ends keep to the slower wish (RFC 8839 §5.5), without a bound: a wish of
/// seconds would leave no time for a call. At this one twenty pairs are checked within four seconds; browsers keep to their
/// own 50 ms, whatever is wished.
pub(super) const SLOWEST_PACE: Duration = Duration::from_millis(200);

/// The time between two checks where the ends agree on nothing else (RFC 8445 §14.2).
pub(super) const USUAL_PACE: Duration = Duration::from_millis(50);

/// Which candidates are gathered and offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Host, server-reflexive and relayed candidates.
    #[default]
    All,
    /// Relayed candidates only, as with WebRTC's `iceTransportPolicy: "relay"`.
    RelayOnly,
    /// Host candidates only: no server is asked.
    HostOnly,
}

/// How one agent gathers and checks.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// The role it begins with; a conflict may switch it (RFC 8445 §7.3.1.1).
    pub role: Role,
    /// Which candidates are used.
    pub policy: Policy,
    /// Accept TCP connections too (RFC 6544), as media servers do and browsers do not.
    pub passive_tcp: bool,
    /// Hide host addresses behind names of the local link, as browsers do (draft-ietf-mmusic-mdns-ice-candidates).
    pub mdns: bool,
    /// Loopback addresses are candidates where there are no others.
    pub loopback: bool,
    /// How long after the peer's description pairs are checked before they are called silent, as long as nothing at all
    /// has come from the peer: it may not have our description yet.
    pub patience: Duration,
}

/// A STUN or TURN server to gather from, at one address of its own.
#[derive(Clone, Debug)]
pub struct IceServer {
    /// The server's URI as the user gave it, `turn:host:port?transport=udp` (RFC 7064, RFC 7065). Facts carry it.
    pub uri: ServerUri,
    /// The server's address and port.
    pub server: SocketAddr,
    /// How it is reached.
    pub transport: Transport,
    /// Whom its certificate must name, with TLS.
    pub server_name: String,
    /// How it is asked for an allocation; None for a server that is not asked to relay.
    pub relaying: Option<RelayAccess>,
}

/// What an allocation on a server takes.
#[derive(Clone, Debug)]
pub struct RelayAccess {
    /// Credentials for the long-term mechanism (RFC 8489 §9.2); None where the server asks for none.
    pub credentials: Option<turn::Credentials>,
    /// Go on in spite of a certificate that does not hold.
    pub insecure: bool,
    /// Seconds since 1970, for credentials that expire.
    pub unix_now: u64,
}

/// The peer's half of what ICE must know (RFC 8445 §5.4).
#[derive(Clone, Debug)]
pub struct RemoteDescription {
    /// What checks are signed with and answers verified by.
    pub credentials: IceCredentials,
    /// `ice-lite`: the peer answers checks and sends none (RFC 8445 §2.5).
    pub lite: bool,
    /// `ice-pacing` (RFC 8839 §5.5); None where the peer names none.
    pub pace: Option<Duration>,
}

/// What is to be signalled to the peer.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A candidate of ours.
    Candidate {
        /// The candidate, with its real address.
        candidate: Candidate,
        /// The name that is signalled in place of the address; None where the address is.
        name: Option<String>,
    },
    /// No candidate follows (RFC 8838 §8.2).
    Gathered,
    /// The credentials are new: everything is to be signalled again (RFC 8445 §9).
    Restarted,
}
