//! How does the configuration read as browsers take it? Ready to paste, where each URI can be read in one way only.

use super::browser::refused_server;
use super::scheme::{relays, stripped};
use super::server::{ConfiguredServer, Given};
use super::shape::Configuration;
use super::uri::refused_uri;
use serde_json::{Map, Value};

/// The RTCConfiguration with what browsers take of it and what can be mended; what cannot is left out. `login` gives what
/// stands in the place of each user name and its password. What else browsers know of it stays: it says which calls are made.
pub fn mended(configuration: &Configuration, login: impl Fn(&str, &str) -> (String, String)) -> Value {
    let servers = configuration.servers.iter().filter_map(|server| mended_server(server, &login));
    let mut mended = configuration.members.clone();
    mended.insert("iceServers".to_owned(), servers.collect());
    mended.into()
}

fn mended_server(server: &ConfiguredServer, login: &impl Fn(&str, &str) -> (String, String)) -> Option<Value> {
    let urls: Vec<String> = server.urls.iter().flatten().filter_map(|uri| mended_uri(uri)).collect();
    let alone = ConfiguredServer { urls: Some(urls.clone()), is_no_password: false, ..server.clone() };
    if refused_server(&alone, true).is_some() {
        return None;
    }
    let mut entry = Map::from_iter([("urls".to_owned(), urls.clone().into())]);
    match (&server.username, &server.credential) {
        (Given::Text(username), Given::Text(credential)) => {
            let (username, credential) = login(username, credential);
            entry.insert("username".to_owned(), username.into());
            entry.insert("credential".to_owned(), credential.into());
        }
        // With the word "null" for a name or a password.
        _ if urls.iter().any(|uri| relays(uri)) => return None,
        _ => {}
    }
    Some(entry.into())
}

/// The URI, or what it can only be meant to be; None where that is open.
pub(super) fn mended_uri(uri: &str) -> Option<String> {
    let uri = stripped(uri);
    if refused_uri(&uri).is_none() {
        return Some(uri);
    }
    let (scheme, rest) = uri.split_once(':')?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let rest = rest.replace("%3F", "?").replace("%3f", "?");
    let (endpoint, query) =
        rest.split_once('?').map_or((rest.as_str(), None), |(endpoint, query)| (endpoint, Some(query)));
    let query = query.filter(|_| !scheme.to_ascii_lowercase().starts_with("stun"));
    let query = query.map(|query| query.split('&').next().unwrap_or_default().to_ascii_lowercase());
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let mended = format!("{scheme}:{}{query}", endpoint.trim_end_matches([':', '/']));
    refused_uri(&mended).is_none().then_some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_uri_is_mended_where_it_can_mean_one_thing_only() {
        for (uri, expected) in [
            ("stun:h:3478?transport=udp", Some("stun:h:3478")),
            ("turn://h:3478?transport=TCP", Some("turn:h:3478?transport=tcp")),
            ("turn:h%3Ftransport=udp", Some("turn:h?transport=udp")),
            ("turn:h?transport=udp&ttl=3", Some("turn:h?transport=udp")),
            (" turn:h: ", Some("turn:h")),
            ("turn:h/", Some("turn:h")),
            ("turn:2001:db8::10:3478", None),
            ("turn:u:p@h", None),
            ("turn:h?transport=tls", None),
            ("https://h/turn", None),
            ("$NAME", None),
            ("turn:h:70000", None),
        ] {
            assert_eq!(mended_uri(uri).as_deref(), expected, "{uri}");
        }
    }

    #[test]
    fn a_configuration_keeps_what_browsers_take_and_shows_no_password() {
        let read = Configuration::read(
            r#"{"ice_servers":[{"url":"stun:h?transport=udp"},{"urls":["turn:h"],"username":"u","password":"hunter2"},
                {"urls":"turn:h"},{"urls":"nothing"},{"urls":"turn:h","username":null,"credential":"c"}]}"#,
        );
        let mended = mended(&read.expect("servers"), |user, _| (user.to_owned(), "…".to_owned()));
        let expected = json!({"iceServers": [
            {"urls": ["stun:h"]},
            {"urls": ["turn:h"], "username": "u", "credential": "…"},
        ]});
        assert_eq!(mended, expected);
    }

    #[test]
    fn the_members_beside_the_list_stay_where_browsers_take_them() {
        let read = Configuration::read(
            r#"{"iceServers":[{"urls":"stun:h?transport=udp"}],"iceTransportPolicy":"relay","bundlePolicy":"max-bundle",
                "rtcpMuxPolicy":"Require","apiKey":"hunter2"}"#,
        );
        let expected = json!({"iceServers": [{"urls": ["stun:h"]}], "iceTransportPolicy": "relay",
            "bundlePolicy": "max-bundle"});
        assert_eq!(mended(&read.expect("servers"), |_, _| Default::default()), expected);
        let unknown = Configuration::read(r#"{"iceServers":[],"iceTransportPolicy":"relays"}"#).expect("servers");
        assert_eq!(mended(&unknown, |_, _| Default::default()), json!({"iceServers": []}));
    }
}
