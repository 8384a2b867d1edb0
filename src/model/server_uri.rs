//! The name that documents have for a server.

use super::Target;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The URI of a server, read once. In JSON a text.
///
/// Ours are the canonical URIs of the targets that a run had. A browser writes them in another form, and a document of
/// another release or a stranger's may have any text there: such a text is kept as it is, and shown as it is.
/// Every fact carries one, so its copies share what they hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct ServerUri(Arc<ReadUri>);

/// The text, and what it means.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ReadUri {
    text: String,
    target: Option<Target>,
}

impl ServerUri {
    /// What the URI means; None where the text is no URI of a server.
    pub fn target(&self) -> Option<&Target> {
        self.0.target.as_ref()
    }

    /// Whether it means this target.
    pub fn is(&self, target: &Target) -> bool {
        self.target() == Some(target)
    }

    /// As it stands in the document.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }
}

impl fmt::Display for ServerUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.text.fmt(f)
    }
}

impl From<String> for ServerUri {
    fn from(text: String) -> Self {
        let target = text.parse().ok();
        Self(Arc::new(ReadUri { text, target }))
    }
}

impl From<&str> for ServerUri {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&Target> for ServerUri {
    fn from(target: &Target) -> Self {
        Self(Arc::new(ReadUri { text: target.uri(), target: Some(target.clone()) }))
    }
}

impl From<ServerUri> for String {
    fn from(uri: ServerUri) -> Self {
        uri.0.text.clone()
    }
}

/// A text like any other.
impl JsonSchema for ServerUri {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_written_as_it_was_read_and_means_its_target_in_whatever_form() {
        let target: Target = "turn:a.example:3478?transport=udp".parse().expect("a URI");
        for text in ["turn:a.example:3478?transport=udp", "turn:a.example:3478", "TURN:A.example.:3478"] {
            let uri: ServerUri = serde_json::from_str(&format!("{text:?}")).expect("a text");
            assert_eq!(serde_json::to_string(&uri).expect("JSON"), format!("{text:?}"));
            assert!(uri.is(&target), "{text}");
        }
        assert_eq!(ServerUri::from(&target), ServerUri::from(target.uri()));
    }

    #[test]
    fn a_text_that_is_no_uri_is_kept_and_means_nothing() {
        let uri = ServerUri::from("not a URI");
        assert_eq!((uri.as_str(), uri.target()), ("not a URI", None));
    }
}
