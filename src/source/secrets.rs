//! What may a source be shown, and does it say that back?

use super::message::Secret;
use url::Url;

/// What a source may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceSecrets {
    /// A user name.
    pub user: Option<String>,
    /// A password, key or token.
    pub secret: Option<Secret>,
    /// A second one beside it, as AWS's session token.
    pub token: Option<Secret>,
    /// What is to be said first over a WebSocket.
    pub greeting: Option<String>,
    /// What an address is asked with by POST; by GET where this is none.
    pub body: Option<Secret>,
    /// The application's page, as which the source is to be asked.
    pub page: Option<Url>,
    /// A name that nobody else has, for what has to be made.
    pub fresh: String,
}

impl SourceSecrets {
    /// Whether one of them stands in a text. A short one may stand there by chance, as a word in the name of a host.
    pub fn are_in(&self, text: &str) -> bool {
        const SHORTEST: usize = 12;
        let shown = [&self.secret, &self.token].into_iter().flatten().map(Secret::reveal);
        // Of a key with its name each half is one too.
        let mut parts = shown.flat_map(|secret| secret.split(':').chain([secret]));
        let text = text.to_ascii_lowercase();
        parts.any(|part| part.len() >= SHORTEST && text.contains(&part.to_ascii_lowercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_said_back_is_known_whatever_its_case() {
        let secrets = SourceSecrets { secret: Some(Secret::new("key:CanarySecret")), ..SourceSecrets::default() };
        for (text, expected) in [
            ("version canarysecret 1", true),
            ("stun:CANARYSECRET.example", true),
            ("a key is no secret", false),
            ("stun:h.example", false),
        ] {
            assert_eq!(secrets.are_in(text), expected, "{text}");
        }
        let word = SourceSecrets { secret: Some(Secret::new("openvidu")), ..SourceSecrets::default() };
        assert!(!word.are_in("turn:openvidu.example"), "by chance");
        assert!(!SourceSecrets::default().are_in("anything"));
    }
}
