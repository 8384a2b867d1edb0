//! What the tool itself says in a phrase: typed here, an English text in JSON, and in the reader's language in a face.

use super::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;

/// Makes an enum of each list of phrases. What reads back from JSON as none of them is another release's, or a
/// stranger's, and stays as it came.
macro_rules! declare {
    ($name:ident: $about:literal {
        $($phrase:ident $({ $($value:ident: $type:ty),+ })?: $text:literal, $translated:literal;)+
    }) => {
        #[doc = $about]
        ///
        /// In JSON the English phrase.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(into = "String", from = "String")]
        #[schemars(with = "Text")]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                $phrase $({ $(#[doc = "As the phrase names it."] $value: $type),+ })?,
            )+
            /// None of the phrases of this release.
            Other(Text),
        }

        impl $name {
            /// Every phrase as a template, the English one beside the other.
            #[cfg(test)]
            pub(crate) const TEMPLATES: &'static [(&'static str, &'static str)] = &[$(($text, $translated),)+];
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$phrase $({ $($value),+ })? => write!(f, $text),)+
                    Self::Other(text) => f.write_str(text.as_str()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                $(
                    let read = values_of($text, &text).and_then(|mut _values| {
                        Some(Self::$phrase $({ $($value: Value::read(_values.next()?)?),+ })?)
                    });
                    if let Some(read) = read {
                        return read;
                    }
                )+
                Self::Other(Text::new(&text))
            }
        }

        impl From<$name> for String {
            fn from(phrase: $name) -> Self {
                phrase.to_string()
            }
        }
    };
}

phrases!(declare);

impl Malformed {
    /// The first few comprehension-required attributes that nobody knows.
    pub fn required_attributes(attributes: &[u16]) -> Self {
        let list: Vec<String> = attributes.iter().take(16).map(|attribute| format!("0x{attribute:04x}")).collect();
        Self::RequiredAttributes { list: list.join(", ") }
    }
}

/// A value within a phrase, as it is written there.
trait Value: Sized {
    fn read(text: &str) -> Option<Self>;
}

/// Decimal, or hexadecimal behind `0x`.
impl Value for u16 {
    fn read(text: &str) -> Option<Self> {
        text.strip_prefix("0x").map_or_else(|| text.parse(), |digits| Self::from_str_radix(digits, 16)).ok()
    }
}

impl Value for u32 {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for usize {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for IpAddr {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for String {
    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

/// What stands in `text` in the places of the template's `{names}`; None where the rest is not the template's.
fn values_of<'a>(template: &str, text: &'a str) -> Option<std::vec::IntoIter<&'a str>> {
    let (head, slots) = template.split_once('{').map_or((template, None), |(head, slots)| (head, Some(slots)));
    let mut rest = text.strip_prefix(head)?;
    let mut values = Vec::new();
    let mut behind =
        slots.into_iter().flat_map(|slots| slots.split('{')).map(|slot| slot.split_once('}').map_or("", |it| it.1));
    let mut next = behind.next();
    while let Some(piece) = next {
        next = behind.next();
        let (value, after) = match next {
            Some(_) => rest.split_once(piece)?,
            None => (rest.strip_suffix(piece)?, ""),
        };
        values.push(value);
        rest = after;
    }
    rest.is_empty().then(|| values.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        serde_json::to_string(text).expect("a string")
    }

    #[test]
    fn a_phrase_reads_back_from_its_text_with_its_values() {
        let said = [
            (
                Malformed::NotStun { first_bytes: "HTTP/1.1 302".to_owned() },
                "not STUN; it begins with \"HTTP/1.1 302\"",
            ),
            (Malformed::Length { said: 8, there: 4 }, "its length field says 8 bytes of attributes, 4 are there"),
            (Malformed::Overrun { kind: 0x20, at: 24 }, "attribute 0x0020 at byte 24 runs past the end"),
            (Malformed::NoRealm, "the challenge has no REALM"),
        ];
        for (phrase, text) in said {
            assert_eq!(serde_json::to_string(&phrase).expect("a phrase"), json(text));
            assert_eq!(serde_json::from_str::<Malformed>(&json(text)).expect(text), phrase);
        }
        let router = IpAddr::from([192, 0, 2, 77]);
        let text = json("unreachable, says 192.0.2.77");
        assert_eq!(serde_json::from_str::<Refusal>(&text).expect("a phrase"), Refusal::UnreachableBy { router });
    }

    #[test]
    fn what_another_release_says_stays_as_it_came() {
        for text in ["something else", "", "network unreachable, says nobody", "not STUN; it begins with \"x"] {
            assert_eq!(Refusal::from(text.to_owned()), Refusal::Other(Text::new(text)), "{text}");
            assert_eq!(Malformed::from(text.to_owned()).to_string(), text);
        }
    }
}
