//! Where does an application get its ICE servers, and what does that source say? One file a service.
//!
//! A [`Provider`] says what is to be asked next, hears the answer, and comes to an offer of servers or to why there is
//! none. It has no socket, no clock and no chance of its own: the world carries what it asks
//! ([`ask_source`](crate::os::sources::ask_source)), and judges the way there itself.
//!
//! | file | answers |
//! |---|---|
//! | named | which source does the command line mean, and with what secret? |
//! | secrets | what may a source be shown, and does it say that back? |
//! | address | at which addresses is a source asked? |
//! | message | what is asked over HTTP and WebSocket, and what is answered? |
//! | status | what does the status of an answer say of its source? |
//! | answer_signs | what do the headers of an answer show: another clock, or a cache? |
//! | cors | would a page of another origin get the answer? |
//! | offer | what servers are offered, and what is wrong with them? |
//! | endpoint | any address that answers with JSON |
//! | openvidu | OpenVidu 2: a whole session, made and removed |
//! | livekit | LiveKit and OpenVidu 3: a room joined and left |
//! | livekit_message | what does LiveKit say first to one who joins? |
//! | kvs | Amazon Kinesis Video Streams: three signed requests |
//! | sigv4 | how is a request to AWS signed? |
//! | matrix | a Matrix home server |
//! | vendors | services that are one request away: Twilio, Cloudflare, Metered, Xirsys, Nextcloud |
//! | jitsi | Jitsi Meet, by the address of a meeting |
//! | xmpp | an XMPP server, as that of Jitsi Meet |
//! | scram | how does a user prove a password to it without saying it? |
//! | xmpp_name | which domain of XMPP does the command line mean, and who signs in? |
//! | xmpp_framing | how does XMPP go over TCP, a WebSocket and HTTP? |
//! | xml | which elements come over a stream of XML? |
//! | whip | an endpoint of WHIP or WHEP |
//! | link_header | which ICE servers stand in `Link` headers? |
//! | bigbluebutton | BigBlueButton: a participant of a meeting |
//! | home_assistant | Home Assistant, by its WebSocket |
//! | apprtc | the sample of Google App Engine and its clones |
//! | first_json | an application's own signalling: WebSocket, server-sent events, polling |
//! | event_stream | which events are in a stream of them? |
//!
//! A secret goes to the host that the user named and to no other, and one that was refused is never shown again.

mod address;
mod answer_signs;
mod apprtc;
mod bigbluebutton;
mod cors;
mod endpoint;
mod event_stream;
mod first_json;
mod home_assistant;
mod jitsi;
mod kvs;
mod link_header;
mod livekit;
mod livekit_message;
mod matrix;
mod message;
mod named;
mod offer;
mod openvidu;
mod scram;
mod secrets;
mod sigv4;
mod status;
mod vendors;
mod whip;
mod xml;
mod xmpp;
mod xmpp_framing;
mod xmpp_name;

pub use address::{SourceError, page_address};
pub use event_stream::EventReader;
pub use message::{Secret, SourceMessage, WebAnswer, WebMethod, WebRequest};
pub use named::{SOURCE_VARIABLES, ServerSource};
pub use offer::{CredentialLife, SourceOffer};
pub use secrets::SourceSecrets;

use crate::configuration::Fault;
use url::Url;

/// One service's way to its servers.
pub trait Provider: Send {
    /// What to do after what was heard, at a time in seconds since 1970. Called first with [`SourceHeard::Begin`].
    fn next(&mut self, now_s: u64, heard: SourceHeard) -> SourceStep;

    /// Begins to give back what was made at the service; the steps behind it are asked of [`Provider::next`], until
    /// [`SourceStep::Left`]. None where nothing is held.
    fn leave(&mut self) -> Option<SourceStep> {
        None
    }

    /// What is left at the service where giving back came to no end.
    fn left_behind(&self) -> Vec<Fault> {
        Vec::new()
    }

    /// What there is when the time is up while more was waited for: an offer or a refusal. None where nothing is known beside
    /// the silence.
    fn time_is_up(&mut self) -> Option<SourceStep> {
        None
    }

    /// What to say over the WebSocket every few seconds while the servers are in use.
    fn ping(&mut self) -> Option<SourceMessage> {
        None
    }
}

/// What came of the last step.
#[derive(Debug)]
pub enum SourceHeard {
    /// Nothing was asked yet.
    Begin,
    /// The answer to an HTTP request, whatever its status.
    Answered(WebAnswer),
    /// The WebSocket or the stream is open, or TLS has begun on it.
    Opened,
    /// A message came over the WebSocket, an event in a stream of them, or some bytes of a stream.
    Said(SourceMessage),
    /// The source closed the WebSocket (RFC 6455 §7.4), or ended the stream of events.
    Closed {
        /// Why, where it says so.
        code: Option<u16>,
    },
    /// Nothing came of it. Only steps of leaving are followed by this: the world itself tells why others failed.
    Failed,
}

/// What to do next.
#[derive(Debug)]
pub enum SourceStep {
    /// Make a request over HTTP.
    Ask(WebRequest),
    /// Make a request whose answer is a stream of events (HTML Standard §9.2).
    Follow(WebRequest),
    /// Open a WebSocket (RFC 6455).
    Open(WebRequest),
    /// Connect for a stream of the provider's own protocol, without TLS: `xmpp`, whose port DNS may name (RFC 6120 §3.2).
    Connect(Url),
    /// Begin TLS on that stream with the server of this name (RFC 6120 §5).
    Secure(String),
    /// Send over the WebSocket or the stream, and wait for what comes.
    Say(SourceMessage),
    /// Wait for what comes over the WebSocket, in the stream or in that of events.
    Listen,
    /// The servers are known.
    Offer(Box<SourceOffer>),
    /// There are none, for this reason.
    Refuse(Box<Fault>),
    /// What was made is given back, as far as that went.
    Left(Vec<Fault>),
}
