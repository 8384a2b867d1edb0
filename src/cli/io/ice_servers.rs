//! Which servers does a WebRTC application's configuration name? W3C's RTCConfiguration in JSON (webrtc-pc §4.2), or
//! just its array `iceServers`.
//!
//! Strict, so that a mistyped key does not silently test something else. An error says line and column, and never
//! repeats a value: it might be the credential.

use crate::cli::io::json_fault;
use crate::cli::io::uri::point_at;
use crate::configuration::MEMBERS;
use crate::model::Target;
use crate::report::escape::escape;
use crate::turn::Credentials;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A configuration is some hundred bytes; this leaves room for generated ones.
pub(crate) const BYTES_MAX: u64 = 1 << 20;

#[derive(Debug, PartialEq)]
pub(crate) struct IceServers {
    pub(crate) servers: Vec<(Target, Option<Credentials>)>,
    /// Keys that mean something to a browser and nothing here.
    pub(crate) ignored: Vec<&'static str>,
}

pub(crate) fn parse(text: &str) -> Result<IceServers, String> {
    let configuration: StrictConfiguration = serde_json::from_str(text).map_err(|error| describe(&error))?;
    let mut servers = Vec::new();
    for (index, entry) in configuration.servers.into_iter().enumerate() {
        let credentials = match (entry.username, entry.credential) {
            (Some(username), Some(password)) => Some(Credentials::LongTerm { username, password }),
            (None, None) => None,
            (Some(_), None) => return Err(format!("iceServers[{index}] has a username and no credential")),
            (None, Some(_)) => return Err(format!("iceServers[{index}] has a credential and no username")),
        };
        for (place, uri) in entry.urls.into_iter().enumerate() {
            let target: Target = uri
                .parse()
                .map_err(|error| format!("iceServers[{index}].urls[{place}]:\n{}", point_at(&uri, &error)))?;
            let credentials = credentials.clone().filter(|_| target.scheme.relays());
            servers.push((target, credentials));
        }
    }
    if servers.is_empty() {
        return Err("it names no server: an application with it reaches others in its own local network only; name a STUN server, \
             and a TURN server"
            .to_owned());
    }
    Ok(IceServers { servers, ignored: configuration.ignored })
}

fn describe(error: &serde_json::Error) -> String {
    format!("line {}, column {}: {}", error.line(), error.column(), escape(&json_fault::words(error), false))
}

#[derive(Default)]
struct StrictConfiguration {
    servers: Vec<IceServerEntry>,
    ignored: Vec<&'static str>,
}

struct IceServerEntry {
    urls: Vec<String>,
    username: Option<String>,
    credential: Option<String>,
}

/// One string or several.
struct Urls(Vec<String>);

/// Sets what a key gives; a key that comes twice is an error, not a choice.
fn set<'de, T: Deserialize<'de>, M: MapAccess<'de>>(
    slot: &mut Option<T>,
    key: &'static str,
    map: &mut M,
) -> Result<(), M::Error> {
    if slot.is_some() {
        return Err(de::Error::duplicate_field(key));
    }
    *slot = Some(map.next_value()?);
    Ok(())
}

/// A key may be a secret as well, so it is named only where it looks like one that is meant.
fn unknown<E: de::Error>(key: &str, known: &str) -> E {
    let words = known.split([',', ' ']).filter(|word| word.len() > 3);
    let meant = words.map(|word| (strsim::damerau_levenshtein(word, key), word)).min();
    match meant {
        Some((typos, word)) if typos <= 2 => E::custom(format_args!("unknown key {key:?}: {word} is meant?")),
        _ => E::custom(format_args!("unknown key; {known} are known")),
    }
}

impl<'de> Deserialize<'de> for StrictConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = StrictConfiguration;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RTCConfiguration object or an array of servers")
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut entries: S) -> Result<StrictConfiguration, S::Error> {
                let mut configuration = StrictConfiguration::default();
                while let Some(entry) = entries.next_element()? {
                    configuration.servers.push(entry);
                }
                Ok(configuration)
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<StrictConfiguration, M::Error> {
                let mut servers = None;
                let mut ignored: Vec<&'static str> = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "iceServers" {
                        set(&mut servers, "iceServers", &mut map)?;
                    } else if let Some(known) = MEMBERS.into_iter().find(|known| *known == key) {
                        if ignored.contains(&known) {
                            return Err(de::Error::duplicate_field(known));
                        }
                        map.next_value::<IgnoredAny>()?;
                        ignored.push(known);
                    } else {
                        return Err(unknown(&key, "iceServers and the other keys of RTCConfiguration"));
                    }
                }
                let servers = servers.ok_or_else(|| de::Error::missing_field("iceServers"))?;
                Ok(StrictConfiguration { servers, ignored })
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for IceServerEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = IceServerEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a server object with urls, username and credential")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<IceServerEntry, M::Error> {
                let (mut urls, mut username, mut credential, mut kind) = (None, None, None, None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        // `url` is what it was called before 2016; configurations that still say so are in use.
                        "urls" | "url" => set(&mut urls, "urls", &mut map)?,
                        "username" => set(&mut username, "username", &mut map)?,
                        "credential" => set(&mut credential, "credential", &mut map)?,
                        "credentialType" => set::<String, _>(&mut kind, "credentialType", &mut map)?,
                        _ => return Err(unknown(&key, "urls, username and credential")),
                    }
                }
                if kind.is_some_and(|kind| kind != "password") {
                    return Err(de::Error::custom("only credentialType \"password\" is supported"));
                }
                let Urls(urls) = urls.ok_or_else(|| de::Error::missing_field("urls"))?;
                Ok(IceServerEntry { urls, username, credential })
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl<'de> Deserialize<'de> for Urls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Urls;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a URI or an array of URIs")
            }

            fn visit_str<E: de::Error>(self, uri: &str) -> Result<Urls, E> {
                Ok(Urls(vec![uri.to_owned()]))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut uris: S) -> Result<Urls, S::Error> {
                let mut urls = Vec::new();
                while let Some(uri) = uris.next_element()? {
                    urls.push(uri);
                }
                Ok(Urls(urls))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uris(text: &str) -> Vec<String> {
        parse(text).expect(text).servers.iter().map(|(target, _)| target.uri()).collect()
    }

    fn problem(text: &str) -> String {
        parse(text).expect_err(text)
    }

    #[test]
    fn a_configuration_and_its_bare_array_mean_the_same() {
        let array = r#"[{"urls": ["stun:a.example", "turn:b.example"], "username": "u", "credential": "p"}]"#;
        let object = format!(r#"{{"iceServers": {array}}}"#);
        assert_eq!(parse(array), parse(&object));
        assert_eq!(uris(array), ["stun:a.example", "turn:b.example?transport=udp"]);
    }

    #[test]
    fn credentials_go_to_turn_servers_only() {
        let parsed = parse(r#"[{"urls": ["stun:a.example", "turn:b.example"], "username": "u", "credential": "p"}]"#)
            .expect("parses");
        let expected = Credentials::LongTerm { username: "u".to_owned(), password: "p".to_owned() };
        let held: Vec<Option<Credentials>> = parsed.servers.into_iter().map(|(_, credentials)| credentials).collect();
        assert_eq!(held, [None, Some(expected)]);
    }

    #[test]
    fn one_uri_need_not_stand_in_an_array() {
        assert_eq!(uris(r#"[{"urls": "stun:a.example"}]"#), ["stun:a.example"]);
        assert_eq!(uris(r#"[{"url": "stun:a.example"}]"#), ["stun:a.example"]);
    }

    #[test]
    fn what_only_a_browser_needs_is_named_as_ignored() {
        let parsed = parse(r#"{"iceTransportPolicy": "relay", "iceServers": [{"urls": "stun:a.example"}]}"#);
        assert_eq!(parsed.expect("parses").ignored, ["iceTransportPolicy"]);
    }

    #[test]
    fn an_error_says_line_and_column() {
        assert_eq!(problem("{\n  \"iceServers\": [}"), "line 2, column 18: a value is missing here");
        assert!(problem("[{\"urls\": \"stun:a\",\n \"usrname\": 1}]").starts_with("line 2, column 10: unknown key"));
        assert!(problem("").starts_with("line 1, column 0"), "{}", problem(""));
    }

    #[test]
    fn a_uri_that_is_wrong_is_shown_with_a_mark() {
        let message = problem(r#"[{"urls": "stun:ok"}, {"urls": ["turn:ok", "turn:no?x"]}]"#);
        assert!(message.starts_with("iceServers[1].urls[1]:\n  turn:no?*\n          ^ "), "{message}");
    }

    #[test]
    fn an_error_does_not_repeat_a_value() {
        for text in [
            r#"[{"urls": "turn:a", "username": "u", "credential": 1234567}]"#,
            r#"[{"urls": "turn:a", "credential": {"hunter2": "hunter2, expected hunter2"}}]"#,
            r#"{"iceServers": "hunter2, expected "}"#,
            r#"[{"urls": "turn:a", "credentialType": "hunter2"}]"#,
            r#"[{"urls": "turn:u:hunter2@a"}]"#,
            r#"["hunter2"]"#,
            r#""hunter2""#,
        ] {
            let message = problem(text);
            assert!(!message.contains("hunter2") && !message.contains("1234567"), "{text}: {message}");
        }
    }

    #[test]
    fn hostile_documents_are_refused() {
        let deep = "[".repeat(100_000);
        let deep_unread = format!("{{\"certificates\": {deep}");
        let number = format!("[{}]", "9".repeat(500_000));
        for (text, why) in [
            (deep.as_str(), "a list stands where a server object"),
            (deep_unread.as_str(), "ends too soon"),
            (number.as_str(), "number is too large"),
            ("NaN", "missing"),
            ("[NaN]", "missing"),
            (r#"{"iceServers": [], "iceServers": []}"#, "stands there twice"),
            (r#"[{"urls": "stun:a", "urls": "stun:b"}]"#, "stands there twice"),
            (r#"[{"urls": "turn:a", "username": "a", "username": "b"}]"#, "stands there twice"),
            (r#"{"iceServers": []}"#, "names no server"),
            ("{}", "is missing"),
            (r#"[{"username": "u"}]"#, "is missing"),
            (r#"[{"urls": "turn:a", "username": "u"}]"#, "no credential"),
            (r#"[{"urls": "stun:a"}] x"#, "follows after the end"),
            ("{\"\u{1b}[2J\": 1}", "control character"),
            (r#"{"\u001b[2J": 1}"#, "unknown key"),
        ] {
            let message = problem(text);
            assert!(message.contains(why), "{why}: {message}");
            assert!(message.len() < 300 && !message.contains('\x1b'), "{message}");
        }
    }
}
