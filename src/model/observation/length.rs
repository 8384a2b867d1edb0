//! How long the lists of a record are, found out before any of it is kept: a document may have been written by anybody.

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use std::fmt;

/// The lengths of a record's lists; the rest of it is passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct RecordLengths {
    #[serde(deserialize_with = "list_length")]
    pub(crate) observations: usize,
    #[serde(deserialize_with = "list_length")]
    pub(crate) targets: usize,
}

/// Counts the entries of a list.
pub(crate) fn list_length<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    from.deserialize_seq(Length)
}

struct Length;

impl<'de> Visitor<'de> for Length {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<usize, A::Error> {
        let mut length = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::RecordLengths;

    #[test]
    fn lists_are_counted_whatever_stands_in_them_and_what_is_no_list_is_refused() {
        let read = |text: &str| serde_json::from_str::<RecordLengths>(text).ok();
        assert_eq!(read("{}"), Some(RecordLengths::default()));
        let lengths = RecordLengths { observations: 3, targets: 1 };
        assert_eq!(read("{\"targets\":[[1,2]],\"x\":[0],\"observations\":[{\"id\":0},1,null]}"), Some(lengths));
        assert_eq!(read("{\"observations\":3}"), None);
    }
}
