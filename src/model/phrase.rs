//! What the tool itself says in a phrase: typed here, an English text in JSON, and in the reader's language in a face.

use super::{Host, Text};
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

            /// The phrase that a text is, where it is one of this release.
            pub(super) fn known(text: &str) -> Option<Self> {
                Some(Self::from(text.to_owned())).filter(|phrase| !matches!(phrase, Self::Other(_)))
            }
        }

        impl std::error::Error for $name {}

        /// A phrase within another one.
        impl Value for $name {
            fn read(text: &str) -> Option<Self> {
                Self::known(text)
            }

            #[cfg(test)]
            fn samples() -> Vec<Self> {
                let mut samples = Vec::new();
                $(
                    let counts: &[usize] = &[1 $($(, <$type as Value>::samples().len())+)?];
                    for _place in 0..counts.iter().copied().max().unwrap_or_default() {
                        samples.push(Self::$phrase $({ $($value: sample(_place)),+ })?);
                    }
                )+
                samples
            }
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

impl FailureMessage {
    /// What the system says.
    pub fn said(text: &impl ToString) -> Self {
        Self::Other(Text::new(&text.to_string()))
    }
}

impl RefusedCandidate {
    /// What is wrong with a line; of a description its number there.
    pub fn malformed(fault: LineError, line: Option<usize>) -> Self {
        match line {
            Some(line) => Self::Line { line, fault },
            None => Self::Malformed { fault },
        }
    }
}

/// A word of a peer's within quotes; what cannot be printed is escaped in them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quoted(Text);

impl Quoted {
    /// More of a word would hide what is said of it: so long it is at most as it is written, with its escapes.
    const WRITTEN_CHARS: usize = 64;

    /// Outer white space goes; what is too long to be quoted is cut and ends in an ellipsis.
    pub fn new(word: &str) -> Self {
        let word = word.trim();
        let mut room = Self::WRITTEN_CHARS;
        let cut = word.char_indices().find(|(_, c)| match room.checked_sub(c.escape_debug().count()) {
            Some(left) => {
                room = left;
                false
            }
            None => true,
        });
        Self(cut.map_or_else(|| Text::new(word), |(at, _)| Text::new(&format!("{}…", &word[..at]))))
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.as_str())
    }
}

/// The character behind a backslash, with those that belong to it taken from `rest`.
fn unescaped(rest: &mut std::str::Chars<'_>) -> Option<char> {
    match rest.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '0' => Some('\0'),
        'u' => {
            let (digits, behind) = rest.as_str().strip_prefix('{')?.split_once('}')?;
            *rest = behind.chars();
            u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
        }
        plain => Some(plain),
    }
}

/// A value within a phrase, as it is written there.
trait Value: Sized {
    fn read(text: &str) -> Option<Self>;

    #[cfg(test)]
    fn samples() -> Vec<Self>;
}

/// The value at this place of its samples, which begin again at their end.
#[cfg(test)]
fn sample<T: Value>(place: usize) -> T {
    let mut samples = T::samples();
    samples.swap_remove(place % samples.len())
}

/// All that a list of phrases can say, with values of each kind.
#[cfg(test)]
macro_rules! samples_of {
    ($($name:ident),+) => { $(impl $name {
        /// Every phrase, with values of each kind.
        pub(crate) fn samples() -> Vec<Self> {
            <Self as Value>::samples()
        }
    })+ };
}

#[cfg(test)]
samples_of!(FailureMessage, RefusedCandidate, RefusedMessage);

/// Decimal, or hexadecimal behind `0x`.
impl Value for u16 {
    fn read(text: &str) -> Option<Self> {
        text.strip_prefix("0x").map_or_else(|| text.parse(), |digits| Self::from_str_radix(digits, 16)).ok()
    }

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![4_711]
    }
}

/// What is parsed as it is displayed.
macro_rules! parsed {
    ($($type:ty: $sample:expr;)+) => { $(impl Value for $type {
        fn read(text: &str) -> Option<Self> {
            text.parse().ok()
        }

        #[cfg(test)]
        fn samples() -> Vec<Self> {
            vec![$sample]
        }
    })+ };
}

parsed! {
    u32: 1_280;
    u64: 256;
    usize: 12;
    IpAddr: IpAddr::from([192, 0, 2, 77]);
}

/// An address, or a name without white space.
impl Value for Host {
    fn read(text: &str) -> Option<Self> {
        let is_name = !text.is_empty() && !text.contains(char::is_whitespace);
        text.parse().map(Self::Address).ok().or_else(|| is_name.then(|| Self::Name(Text::new(text))))
    }

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self::Address(IpAddr::from([192, 0, 2, 77])), Self::Name(Text::new("0A1B.local"))]
    }
}

/// Within quotes, as [`fmt::Debug`] writes it.
impl Value for char {
    fn read(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('\'')?.strip_suffix('\'')?.chars();
        let read = match rest.next()? {
            '\\' => unescaped(&mut rest)?,
            plain => plain,
        };
        Some(read).filter(|read| format!("{read:?}") == text)
    }

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec!['X', '\u{1b}', '\'']
    }
}

impl Value for Quoted {
    fn read(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('"')?.strip_suffix('"')?.chars();
        let mut word = String::new();
        while let Some(next) = rest.next() {
            word.push(if next == '\\' { unescaped(&mut rest)? } else { next });
        }
        Some(Self::new(&word)).filter(|read| read.to_string() == text)
    }

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        ["X1", "A\u{1b}[2J\\\"'B"].map(Self::new).into()
    }
}

/// As long as a host name at most (RFC 1035 §2.3.4): whoever wrote the JSON may be a stranger.
impl Value for String {
    fn read(text: &str) -> Option<Self> {
        (text.len() <= 255).then(|| text.to_owned())
    }

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec!["SHA-256".to_owned()]
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
    fn what_is_wrong_with_a_peers_words_reads_back_whole() {
        for phrase in RefusedMessage::samples() {
            assert_eq!(RefusedMessage::from(phrase.to_string()), phrase);
        }
        for phrase in RefusedCandidate::samples() {
            assert_eq!(RefusedCandidate::from(phrase.to_string()), phrase);
        }
        for word in ["x ".repeat(200), "\u{1b}".repeat(200), "가".repeat(200)] {
            let fault = LineError::Name { word: Quoted::new(&word) };
            let phrase = RefusedCandidate::malformed(fault, Some(7));
            assert!(phrase.to_string().chars().count() < 128, "{phrase}");
            assert_eq!(RefusedCandidate::from(phrase.to_string()), phrase);
        }
    }

    #[test]
    fn what_another_release_says_stays_as_it_came() {
        for text in ["something else", "", "network unreachable, says nobody", "not STUN; it begins with \"x"] {
            assert_eq!(Refusal::from(text.to_owned()), Refusal::Other(Text::new(text)), "{text}");
            assert_eq!(Malformed::from(text.to_owned()).to_string(), text);
        }
    }
}
