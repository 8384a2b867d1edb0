//! Which browsers refuse an entry, and why? As measured in Chromium 156 and Firefox 153; what was not measured is not
//! judged. What they refuse at a single URI is judged beside it.

use super::scheme::relays;
use super::server::{ConfiguredServer, Given};
use crate::model::{BrowserRefusal as Why, Several};

/// Whose `new RTCPeerConnection` throws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Browsers {
    Both,
    Chromium,
    Firefox,
}

impl Browsers {
    pub(super) fn names(self) -> Several {
        Several::of(match self {
            Self::Both => ["Chromium", "Firefox"].as_slice(),
            Self::Chromium => &["Chromium"],
            Self::Firefox => &["Firefox"],
        })
    }
}

/// That browsers refuse something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RefusedEntry {
    pub(super) why: Why,
    pub(super) by: Browsers,
}

fn by(by: Browsers, why: Why) -> Option<RefusedEntry> {
    Some(RefusedEntry { why, by })
}

fn by_both(why: Why) -> Option<RefusedEntry> {
    by(Browsers::Both, why)
}

/// What is refused at an entry as a whole.
pub(super) fn refused_server(server: &ConfiguredServer, is_answer: bool) -> Option<RefusedEntry> {
    /// RFC 8489 §14.3 has a byte less.
    const USERNAME_BYTES: usize = 509;

    let Some(urls) = server.urls.as_ref().filter(|_| is_answer || server.is_urls_known) else {
        return by_both(Why::NoUrls);
    };
    if urls.is_empty() {
        return by_both(Why::EmptyUrls);
    }
    let relays = urls.iter().any(|uri| relays(uri));
    let are_there = is_answer || server.are_credentials_known;
    match (&server.username, &server.credential) {
        _ if !relays => {}
        _ if !are_there => return by_both(Why::CredentialNames),
        (Given::Absent, _) | (_, Given::Absent) => return by_both(Why::NoCredentials),
        (_, Given::Text(credential)) if credential.is_empty() => return by_both(Why::EmptyCredential),
        (Given::Text(name), _) if name.len() > USERNAME_BYTES => return by_both(Why::LongUsername),
        (Given::Text(name), _) if name.is_empty() => return by(Browsers::Chromium, Why::EmptyUsername),
        _ => {}
    }
    server.is_no_password.then_some(RefusedEntry { why: Why::CredentialType, by: Browsers::Firefox })
}

#[cfg(test)]
mod tests {
    use super::super::shape::Configuration;
    use super::*;

    /// What was measured: a member's text in JSON beside those of a server in order, and who throws.
    const SERVERS: [(&str, Option<(Why, Browsers)>); 17] = [
        (r#""urls":"turn:h""#, Some((Why::NoCredentials, Browsers::Both))),
        (r#""urls":"turn:h","username":"u""#, Some((Why::NoCredentials, Browsers::Both))),
        (r#""urls":"turn:h","username":"u","password":"c""#, Some((Why::CredentialNames, Browsers::Both))),
        (r#""urls":"turn:h","username":"u","credential":"""#, Some((Why::EmptyCredential, Browsers::Both))),
        (r#""urls":"turn:h","username":"","credential":"c""#, Some((Why::EmptyUsername, Browsers::Chromium))),
        (r#""urls":"turn:h","username":null,"credential":null"#, None),
        (r#""urls":[]"#, Some((Why::EmptyUrls, Browsers::Both))),
        (r#""uris":["stun:h"]"#, Some((Why::NoUrls, Browsers::Both))),
        (r#""url":"stun:h""#, None),
        (r#""urls":"stun:h","other":5"#, None),
        (r#""urls":"stun:h","username":"u","credential":"c""#, None),
        (r#""urls":"turn:h","username":"u","credential":"c","credentialType":"password""#, None),
        (
            r#""urls":"turn:h","username":"u","credential":"c","credentialType":"oauth""#,
            Some((Why::CredentialType, Browsers::Firefox)),
        ),
        (r#""urls":["turn:h"],"username":"u","credential":"c""#, None),
        (r#""urls":[["turn:h"]],"username":5,"credential":true"#, None),
        (r#""urls":"stun:h","credentialType":null"#, Some((Why::CredentialType, Browsers::Firefox))),
        (r#""urls":"stun:h","url":"bad""#, None),
    ];

    fn told(refused: Option<RefusedEntry>) -> Option<(Why, Browsers)> {
        refused.map(|refused| (refused.why, refused.by))
    }

    #[test]
    fn an_entry_is_refused_by_whom_it_was_seen_to_be_refused() {
        let server = |text: &str| {
            let read = Configuration::read(&format!(r#"{{"iceServers":[{{{text}}}]}}"#)).expect(text);
            read.servers.into_iter().next().expect("one")
        };
        for (text, expected) in SERVERS {
            assert_eq!(told(refused_server(&server(text), false)), expected, "{text}");
        }
        let long = format!(r#""urls":"turn:h","username":"{}","credential":"c""#, "u".repeat(600));
        assert_eq!(told(refused_server(&server(&long), false)), Some((Why::LongUsername, Browsers::Both)));
        let renamed = server(r#""uris":["turn:h"],"username":"u","password":"c""#);
        assert_eq!(refused_server(&renamed, true), None, "an application gives them their names");
    }
}
