//! Reading a document's JSON so that the reader knows why it could not: since the tool has no such word, as of a later
//! release, or since the document is malformed.
//!
//! serde tells the two apart where a reader's error type does ([`de::Error::unknown_variant`]); `serde_json`'s own does
//! not, and puts both into words.

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, Visitor};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;

/// Why a part of a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It says a word that an enum of this release does not have; those that it has.
    UnknownWord(&'static [&'static str]),
    /// It is not what it should be; what is wrong.
    Malformed(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownWord(_) => f.write_str("an unknown word"),
            Self::Malformed(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::Malformed(problem.to_string())
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::UnknownWord(known)
    }
}

/// The words that an enum has which is tagged by `tag`.
pub(super) fn words_of<T: for<'de> Deserialize<'de>>(tag: &str) -> &'static [&'static str] {
    let nobodys = Value::Object([(tag.to_owned(), Value::String(String::new()))].into_iter().collect());
    match T::deserialize(ValueReader::new(&nobodys)) {
        Err(Unreadable::UnknownWord(known)) => known,
        Ok(_) | Err(Unreadable::Malformed(_)) => &[],
    }
}

/// Reads a JSON value with an error type of the reader's choice, where `serde_json` has but its own.
pub(super) struct ValueReader<'de, E> {
    value: &'de Value,
    error: PhantomData<E>,
}

impl<'de, E> ValueReader<'de, E> {
    pub(super) fn new(value: &'de Value) -> Self {
        Self { value, error: PhantomData }
    }
}

impl<'de, E: de::Error> IntoDeserializer<'de, E> for ValueReader<'de, E> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de, E: de::Error> Deserializer<'de> for ValueReader<'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(whole), _, _) => visitor.visit_u64(whole),
                (None, Some(whole), _) => visitor.visit_i64(whole),
                (None, None, Some(real)) => visitor.visit_f64(real),
                (None, None, None) => Err(E::custom("a number beyond all bounds")),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.iter().map(Self::new));
                let read = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(read)
            }
            Value::Object(fields) => {
                let mut fields =
                    MapDeserializer::new(fields.iter().map(|(name, value)| (name.as_str(), Self::new(value))));
                let read = visitor.visit_map(&mut fields)?;
                fields.end()?;
                Ok(read)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        match self.value {
            Value::String(name) => visitor.visit_enum(name.as_str().into_deserializer()),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.as_str(), Self::new(value)));
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(fields)))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
