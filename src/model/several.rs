//! A list for a reader, of which a stranger may have made the length.

use std::fmt;

/// A few of several things, with commas. A peer decides how many there are, a reader wants few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Several(pub(super) Vec<String>);

impl Several {
    /// Of more than so many the rest is an ellipsis.
    const SHOWN: usize = 8;

    /// The first of them.
    pub fn of(items: impl IntoIterator<Item = impl ToString>) -> Self {
        let mut items = items.into_iter();
        let mut shown: Vec<String> = items.by_ref().take(Self::SHOWN).map(|item| item.to_string()).collect();
        if items.next().is_some() {
            shown.push("…".to_owned());
        }
        Self(shown)
    }

    /// Whether it is more than one of them.
    pub fn is_several(&self) -> bool {
        self.0.len() > 1
    }
}

impl fmt::Display for Several {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}
