//! What proves that a request comes from the participant that holds a slot.

use super::refusal::RoomRefusal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use std::str::FromStr;

/// The secret of a participant: 128 bits that it made itself and shows to nobody but the server.
#[derive(Clone, Copy)]
pub struct Token([u8; 16]);

impl Token {
    /// A token of 128 random bits.
    pub const fn new(entropy: [u8; 16]) -> Self {
        Self(entropy)
    }

    /// The token as it is sent: 22 characters of base64url (RFC 4648 §5).
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl PartialEq for Token {
    /// Takes the same time wherever the tokens differ.
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).fold(0, |differing, (mine, theirs)| differing | (mine ^ theirs)) == 0
    }
}

impl FromStr for Token {
    type Err = RoomRefusal;

    fn from_str(text: &str) -> Result<Self, RoomRefusal> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(RoomRefusal::Malformed)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
