//! What does one server's entry hold? W3C's RTCIceServer (webrtc-pc §4.2.4), and what services call its members.

use serde_json::{Map, Value};
use std::fmt;

/// What services call the member that W3C calls `urls`; the first two are those that browsers know.
pub(super) const URLS: [&str; 5] = ["urls", "url", "uris", "Uris", "uri"];
const USERNAMES: [&str; 3] = ["username", "Username", "user"];
const CREDENTIALS: [&str; 3] = ["credential", "Password", "password"];

/// A member that a browser takes for a text (Web IDL §3.2.10, DOMString).
#[derive(Clone, PartialEq, Eq)]
pub enum Given {
    /// The member is not there.
    Absent,
    /// `null`, which becomes the text "null".
    Null,
    /// A text, or any other value, which becomes one.
    Text(String),
}

impl Given {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            other => Self::Text(text_of(other)),
        }
    }

    /// The text, where one is given.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl fmt::Debug for Given {
    /// Leaves the text out: it may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Null => "Null",
            Self::Text(_) => "Text",
        })
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredServer {
    /// The URIs; None where there is no such member.
    pub urls: Option<Vec<String>>,
    /// Whether the URIs stand under a name that browsers know.
    pub is_urls_known: bool,
    /// The user name.
    pub username: Given,
    /// The password.
    pub credential: Given,
    /// Whether user name and password stand under names that browsers know.
    pub are_credentials_known: bool,
    /// Whether it says that the credential is something other than a password.
    pub is_no_password: bool,
}

impl ConfiguredServer {
    /// What no browser takes for a server: no object, or one without any URIs.
    pub(super) fn none() -> Self {
        Self {
            urls: None,
            is_urls_known: true,
            username: Given::Absent,
            credential: Given::Absent,
            are_credentials_known: true,
            is_no_password: false,
        }
    }

    /// None where the object has no member that could hold URIs.
    pub(super) fn read(object: &Map<String, Value>) -> Option<Self> {
        let urls_key = URLS.into_iter().find(|key| object.contains_key(*key))?;
        let member = |names: [&'static str; 3]| {
            let key = names.into_iter().find(|key| object.contains_key(*key));
            let given = key.and_then(|key| object.get(key)).map_or(Given::Absent, Given::of);
            (given, key.is_none_or(|key| key == names[0]))
        };
        let (username, is_username_known) = member(USERNAMES);
        let (credential, is_credential_known) = member(CREDENTIALS);
        let kind = object.get("credentialType").map(text_of);
        Some(Self {
            urls: object.get(urls_key).map(texts),
            is_urls_known: URLS[..2].contains(&urls_key),
            username,
            credential,
            are_credentials_known: is_username_known && is_credential_known,
            is_no_password: kind.is_some_and(|kind| kind != "password"),
        })
    }
}

/// One text, or several.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().map(text_of).collect(),
        one => vec![text_of(one)],
    }
}

/// A value as JavaScript makes a text of it (ECMA-262, ToString).
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(item_of).collect::<Vec<_>>().join(","),
        Value::Object(_) => "[object Object]".to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// An item of a list, of which JavaScript makes nothing where it is null (ECMA-262, Array.prototype.join).
fn item_of(value: &Value) -> String {
    if value.is_null() { String::new() } else { text_of(value) }
}
