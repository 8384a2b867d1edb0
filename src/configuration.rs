//! What do browsers make of the ICE servers that a WebRTC application hands them? W3C's RTCConfiguration (webrtc-pc §4.2),
//! and the answers of services that applications make one of. Nothing is sent.
//!
//! | file | answers |
//! |---|---|
//! | shape | where in a document do the servers stand? |
//! | server | what does one server's entry hold? |
//! | browser | which browsers refuse an entry, and why? |
//! | uri | which browsers refuse a URI, and why? |
//! | credentials | what can be told from credentials without asking anybody? |
//! | faults | what of all that is worth telling, and how grave is it? |
//! | mended | how does the configuration read as browsers take it? |
//! | table | which entries do people write that browsers refuse? |
//! | asked | which servers does it name, for one who asks them? |
//!
//! One entry that a browser refuses makes `new RTCPeerConnection` throw: the application is left without any connection,
//! also without what the other servers would have given.

mod asked;
mod browser;
mod credentials;
mod date;
mod faults;
mod mended;
mod scheme;
mod server;
mod shape;
mod table;
mod uri;

pub use asked::NamedServer;
pub use date::date;
pub use faults::{Fault, faults};
pub use mended::mended;
pub use server::{ConfiguredServer, Given};
pub use shape::{Configuration, DocumentShape, MEMBERS, NoConfiguration, SERVERS_MAX, TransportPolicy};
pub use table::{CREDENTIAL_FAULTS, RefusedExample, refused_examples};
