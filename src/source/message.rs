//! What is asked over HTTP and WebSocket, and what is answered? (RFC 9110, RFC 6455)

use serde_json::Value;
use std::fmt;
use url::Url;

/// A secret: it shows in no debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, for the request that it is for.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The methods that sources are asked by (RFC 9110 §9.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebMethod {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `DELETE`.
    Delete,
    /// `OPTIONS`.
    Options,
}

impl WebMethod {
    /// As it stands in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

/// A request: its address, headers and body may hold secrets, so that only its method and origin are ever shown.
#[derive(Clone, PartialEq, Eq)]
pub struct WebRequest {
    /// What is to be done.
    pub method: WebMethod,
    /// Where: `http`, `https`, `ws` or `wss`.
    pub url: Url,
    /// Beside those that belong to the connection.
    pub headers: Vec<(&'static str, Secret)>,
    /// Empty where there is none.
    pub body: Vec<u8>,
}

impl fmt::Debug for WebRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebRequest({} {})", self.method.as_str(), origin(&self.url))
    }
}

impl WebRequest {
    /// A request without a body.
    pub fn new(method: WebMethod, url: Url) -> Self {
        Self { method, url, headers: Vec::new(), body: Vec::new() }
    }

    /// A `POST` of JSON.
    pub fn post_json(url: Url, body: &Value) -> Self {
        let body = body.to_string().into_bytes();
        Self { body, ..Self::new(WebMethod::Post, url) }.with("content-type", "application/json")
    }

    /// With a header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, Secret::new(value)));
        self
    }
}

/// Scheme, host and port: all of an address that may be shown.
pub(super) fn origin(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

/// The answer to a request. It may hold secrets too.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct WebAnswer {
    /// Its status code (RFC 9110 §15).
    pub status: u16,
    /// Its headers, their names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// All that follows the headers; its size is limited by who reads it.
    pub body: Vec<u8>,
}

impl fmt::Debug for WebAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebAnswer({}, {} bytes)", self.status, self.body.len())
    }
}

impl WebAnswer {
    /// The first header of this name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON. A mark of the byte order is none of it (Encoding standard, UTF-8 decode).
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.body)).ok()
    }

    /// Whether it is a page for people, as a login or an application's index is.
    pub fn is_page(&self) -> bool {
        let is_declared = self.header("content-type").is_some_and(|kind| kind.trim_start().starts_with("text/html"));
        is_declared || self.body.trim_ascii_start().first() == Some(&b'<')
    }
}

/// A message of a WebSocket, or an event.
#[derive(Clone, PartialEq, Eq)]
pub enum SourceMessage {
    /// UTF-8 (RFC 6455 §5.6).
    Text(String),
    /// Anything else (RFC 6455 §5.6).
    Binary(Vec<u8>),
}

impl fmt::Debug for SourceMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Binary(bytes) => write!(f, "Binary({} bytes)", bytes.len()),
        }
    }
}

impl SourceMessage {
    /// The message as JSON.
    pub fn json(&self) -> Option<Value> {
        match self {
            Self::Text(text) => serde_json::from_str(text).ok(),
            Self::Binary(bytes) => serde_json::from_slice(bytes).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_hold_a_secret_shows_none() {
        let url = Url::parse("https://h.example:8443/path/canary?key=canary").expect("is one");
        let request = WebRequest::post_json(url, &Value::from("canary")).with("authorization", "Bearer canary");
        assert_eq!(format!("{request:?}"), "WebRequest(POST https://h.example:8443)");
        let answer = WebAnswer { status: 200, headers: Vec::new(), body: b"canary".to_vec() };
        let shown = format!("{answer:?} {:?} {:?}", Secret::new("canary"), SourceMessage::Text("canary".to_owned()));
        assert!(!shown.contains("canary"), "{shown}");
    }
}
