//! Which servers does a configuration name, for one who asks them? Each URI as it is meant, with the login beside it.

use super::browser::refused_server;
use super::mended::mended_uri;
use super::scheme::{relays, stripped};
use super::server::{ConfiguredServer, Given};
use super::shape::Configuration;
use super::uri::refused_uri;
use crate::model::{BrowserRefusal as Why, Target};
use std::fmt;

/// A server that can be asked.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedServer {
    /// Where it is.
    pub target: Target,
    /// The user name and the password that stand beside a TURN server.
    pub login: Option<(String, String)>,
}

impl NamedServer {
    /// Whether browsers take it. One that they do not makes them throw for the whole list that it stands in.
    pub fn is_taken(&self) -> bool {
        let uri = self.target.uri();
        let (username, credential) = match self.login.clone() {
            Some((username, credential)) => (Given::Text(username), Given::Text(credential)),
            None => (Given::Absent, Given::Absent),
        };
        let entry =
            ConfiguredServer { urls: Some(vec![uri.clone()]), username, credential, ..ConfiguredServer::none() };
        refused_uri(&uri).is_none() && refused_server(&entry, true).is_none()
    }
}

impl fmt::Debug for NamedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedServer").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Configuration {
    /// Its servers in their order. A URI that browsers refuse is asked as what it can only be meant to be, so that one mistake
    /// hides no other; one that can be read in no way is left out.
    pub fn asked(&self) -> Vec<NamedServer> {
        self.servers.iter().flat_map(asked).collect()
    }
}

fn asked(server: &ConfiguredServer) -> impl Iterator<Item = NamedServer> {
    let login = server.username.text().zip(server.credential.text());
    let login = login.map(|(username, password)| (username.to_owned(), password.to_owned()));
    server.urls.iter().flatten().filter_map(move |uri| {
        // A port that one browser alone keeps from is as good as any to ask.
        let is_kept_from = || refused_uri(uri).is_some_and(|refused| refused.why == Why::BlockedPort);
        let uri = mended_uri(uri).or_else(|| is_kept_from().then(|| stripped(uri)))?;
        let login = login.clone().filter(|_| relays(&uri));
        Some(NamedServer { target: uri.parse().ok()?, login })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<(String, Option<(String, String)>)> {
        let servers = Configuration::read(text).expect(text).asked();
        servers.into_iter().map(|server| (server.target.uri(), server.login)).collect()
    }

    #[test]
    fn a_login_goes_to_turn_servers_only() {
        let login = Some(("u".to_owned(), "p".to_owned()));
        assert_eq!(
            asked(r#"[{"urls": ["stun:a.example", "turn:b.example"], "username": "u", "credential": "p"}]"#),
            [("stun:a.example".to_owned(), None), ("turn:b.example?transport=udp".to_owned(), login)]
        );
    }

    #[test]
    fn a_port_that_firefox_keeps_from_is_asked_all_the_same() {
        let login = Some(("u".to_owned(), "c".to_owned()));
        let text = r#"[{"urls": " turns:a.example:993", "username": "u", "credential": "c"}]"#;
        assert_eq!(asked(text), [("turns:a.example:993?transport=tcp".to_owned(), login)]);
    }

    #[test]
    fn what_browsers_throw_on_is_not_taken_by_them() {
        let is_taken = |uri: &str, login: Option<(&str, &str)>| {
            let login = login.map(|(user, password)| (user.to_owned(), password.to_owned()));
            NamedServer { target: uri.parse().expect(uri), login }.is_taken()
        };
        let login = Some(("u", "c"));
        for (uri, login, expected) in [
            ("turn:a.example", login, true),
            ("turns:a.example:443", login, true),
            ("stun:a.example", None, true),
            ("turn:a.example", None, false),
            ("turn:a.example", Some(("u", "")), false),
            ("turn:a.example:993", login, false),
            ("stuns:a.example", None, false),
        ] {
            assert_eq!(is_taken(uri, login), expected, "{uri}");
        }
        assert!(!is_taken("turn:a.example", Some((&"u".repeat(600), "c"))));
    }

    #[test]
    fn half_a_login_is_none() {
        let text = r#"[{"urls": "turn:a", "username": "u"}, {"urls": "turn:b", "username": null, "credential": "p"}]"#;
        assert!(asked(text).iter().all(|(_, login)| login.is_none()));
    }

    #[test]
    fn a_uri_that_browsers_refuse_is_asked_as_it_is_meant_and_one_without_meaning_is_not() {
        let uris: Vec<String> =
            asked(r#"[{"urls": ["stun:a?transport=udp", "$SERVER", "turn:2001:db8::10:3478", " stun:b "]}]"#)
                .into_iter()
                .map(|(uri, _)| uri)
                .collect();
        assert_eq!(uris, ["stun:a", "stun:b"]);
    }
}
