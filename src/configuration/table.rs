//! Which entries do people write that browsers refuse? For a page that explains it; what each browser makes of them is
//! judged where it always is.

use super::browser::refused_server;
use super::mended::mended_uri;
use super::shape::Configuration;
use super::uri::refused_uri;
use crate::model::{BrowserRefusal, Code, Several};

/// An entry as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedExample {
    /// A URI, or a whole entry in JSON.
    pub written: &'static str,
    /// Whose `new RTCPeerConnection` throws.
    pub by: Several,
    /// Why it does.
    pub why: BrowserRefusal,
    /// How it reads right, where it can only be meant in one way.
    pub mended: Option<String>,
}

const URIS: [&str; 16] = [
    "stun:h:3478?transport=udp",
    "turn://h:3478",
    "turn:h?transport=TCP",
    "turn:h?transport=tls",
    "turn:h?transport=udp&ttl=3",
    "turn:h%3Ftransport=tcp",
    "turn:h:3478/udp",
    "turn:u:p@h",
    "turn:2001:db8::10:3478",
    "turn:h:",
    "turn:h:70000",
    "stuns:h:5349",
    "https://h/turn",
    "h:3478",
    "$TURN_URL",
    "",
];

const ENTRIES: [&str; 5] = [
    r#"{"urls": "turn:h"}"#,
    r#"{"urls": "turn:h", "username": "u", "credential": ""}"#,
    r#"{"urls": "turn:h", "username": "u", "password": "p"}"#,
    r#"{"uris": "stun:h"}"#,
    r#"{"urls": []}"#,
];

/// What time-limited credentials get wrong, each under its own name.
pub const CREDENTIAL_FAULTS: [Code; 11] = [
    Code::CredentialsNull,
    Code::CredentialsExpired,
    Code::CredentialsNotExpiry,
    Code::CredentialsInMilliseconds,
    Code::CredentialsBeyondRange,
    Code::CredentialsNotInteger,
    Code::CredentialsWithoutExpiry,
    Code::CredentialsWrongEncoding,
    Code::CredentialsWrongSecret,
    Code::CredentialsLifeShort,
    Code::CredentialsLifeLong,
];

/// The examples, those of URIs first.
pub fn refused_examples() -> Vec<RefusedExample> {
    let of_uri = |written: &'static str| {
        let refused = refused_uri(written)?;
        let mended = mended_uri(written);
        Some(RefusedExample { written, by: refused.by.names(), why: refused.why, mended })
    };
    let of_entry = |written: &'static str| {
        let read = Configuration::read(&format!(r#"{{"iceServers": [{written}]}}"#)).ok()?;
        let refused = read.servers.iter().find_map(|server| refused_server(server, false))?;
        Some(RefusedExample { written, by: refused.by.names(), why: refused.why, mended: None })
    };
    URIS.into_iter().filter_map(of_uri).chain(ENTRIES.into_iter().filter_map(of_entry)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_refused_by_a_browser() {
        assert_eq!(refused_examples().len(), URIS.len() + ENTRIES.len());
    }
}
