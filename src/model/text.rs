//! Text that a peer supplied: bounded when it comes in, escaped by each face when it goes out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text that a peer supplied, decoded lossily and cut after 128 characters. It may hold control characters: whoever
/// shows it escapes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// Enough for every product name and reason phrase met in the field; RFC 8489 allows 763 bytes, attackers 64 KiB.
    pub const SHOWN_CHARS: usize = 128;

    /// Invalid UTF-8 becomes U+FFFD; trailing NULs (coturn ends reason phrases so) and outer white space go.
    pub fn from_wire(bytes: &[u8]) -> Self {
        // Four bytes a character at most: no need to decode what would be cut.
        let head = &bytes[..bytes.len().min(Self::SHOWN_CHARS * 4)];
        Self::new(String::from_utf8_lossy(head).trim_end_matches('\0'))
    }

    /// Enough to tell "HTTP/1.1 400 Bad" from "SSH-2.0-OpenSSH_".
    pub const BEGINNING_BYTES: usize = 16;

    /// How something begins that is not understood, escaped as in a Rust byte string. Of more than
    /// [`Text::BEGINNING_BYTES`] a word that is not whole is left out, with an ellipsis in its place.
    pub fn beginning(bytes: &[u8]) -> Self {
        let Some((first, [next, ..])) = bytes.split_at_checked(Self::BEGINNING_BYTES) else {
            return Self::new(&bytes.escape_ascii().to_string());
        };
        if next.is_ascii_whitespace() {
            return Self::new(&first.escape_ascii().to_string());
        }
        let words = first.iter().rposition(|byte| *byte == b' ').map_or(first, |space| &first[..=space]);
        Self(format!("{}…", words.escape_ascii()))
    }

    /// Outer white space goes; what is longer than [`Text::SHOWN_CHARS`] is cut and ends in an ellipsis.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        match text.char_indices().nth(Self::SHOWN_CHARS) {
            Some((cut, _)) => Self(format!("{}…", &text[..cut])),
            None => Self(text.to_owned()),
        }
    }

    /// The text as it came: may hold control characters; a face escapes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_trailing_nul_is_not_part_of_a_reason() {
        assert_eq!(Text::from_wire(b"Unauthorized\0").as_str(), "Unauthorized");
    }

    #[test]
    fn sixty_four_kibibytes_of_software_are_cut_to_what_is_shown() {
        let text = Text::from_wire(&[b'x'; 65_536]);
        assert_eq!(text.as_str().chars().count(), Text::SHOWN_CHARS + 1);
    }

    #[test]
    fn a_word_at_the_end_of_a_beginning_is_whole_or_left_out() {
        let beginning = |bytes: &[u8]| Text::beginning(bytes).as_str().to_owned();
        assert_eq!(beginning(b"HTTP/1.1 400 Bad Request"), "HTTP/1.1 400 Bad");
        assert_eq!(beginning(b"HTTP/1.1 302 Found"), "HTTP/1.1 302 …");
        assert_eq!(beginning(b"SSH-2.0-OpenSSH_9.2"), "SSH-2.0-OpenSSH_…");
        assert_eq!(beginning(b"220 mail ESMTP\r\n"), "220 mail ESMTP\\r\\n");
    }

    #[test]
    fn invalid_utf8_is_replaced_rather_than_refused() {
        assert_eq!(Text::from_wire(b"a\xffb").as_str(), "a\u{fffd}b");
    }
}
