//! Finds where something stands in the text of a file, and marks it in a message.

use std::fmt::Write;
use std::ops::Range;
use toml::de::DeTable;

/// One step of a path into a TOML file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TomlStep {
    Key(&'static str),
    /// An item of an array, counted from 0.
    Item(usize),
}

impl From<&'static str> for TomlStep {
    fn from(key: &'static str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for TomlStep {
    fn from(item: usize) -> Self {
        Self::Item(item)
    }
}

pub(super) type TomlPath = Vec<TomlStep>;

/// `toml_path!["site", 2, "ipv4"]`
macro_rules! toml_path {
    ($($step:expr),+ $(,)?) => { vec![$($crate::lab::topology::toml_path::TomlStep::from($step)),+] };
}
pub(super) use toml_path;

/// Why a network is not consistent, and where the file says so: first the place to change, then the other one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contradiction {
    pub(super) message: String,
    pub(super) at: TomlPath,
    pub(super) and: Option<TomlPath>,
}

/// Nothing contradicts, or what does.
pub(super) type Checked = Result<(), Contradiction>;

impl Contradiction {
    pub(super) fn new(at: TomlPath, message: impl Into<String>) -> Self {
        Self { message: message.into(), at, and: None }
    }

    pub(super) fn with(at: TomlPath, and: TomlPath, message: impl Into<String>) -> Self {
        Self { message: message.into(), at, and: Some(and) }
    }

    /// The message with its position in this text.
    pub(super) fn located(&self, text: &str) -> String {
        let other =
            self.and.as_ref().map(|and| format!(" (the other one is in line {})", line(text, find(text, and).start)));
        pointed(text, find(text, &self.at), &format!("{}{}", self.message, other.unwrap_or_default()))
    }
}

/// The message of the TOML parser, with the word that was probably meant.
pub(super) fn unread(text: &str, error: &toml::de::Error) -> String {
    /// Bounded, since a key may be as long as the file.
    const MESSAGE_CHARS: usize = 400;
    let message: String = error.message().trim_end().chars().take(MESSAGE_CHARS).collect();
    let meant = meant(&message).map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
    let message = format!("{message}{meant}");
    error.span().map_or_else(|| message.clone(), |span| pointed(text, span, &message))
}

/// Extracted from a message of serde such as "unknown field `maping`, expected one of `mapping`, `filtering`".
fn meant(message: &str) -> Option<&str> {
    let mut quoted = message.strip_prefix("unknown ")?.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    nearest(unknown, quoted)
}

/// The known word that was probably meant: at most two typing errors away, or a third of its length.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer words are no typing errors, and take long to compare.
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let slips = |known: &str| strsim::damerau_levenshtein(known, word);
    known.filter(|known| slips(known) <= 2.max(known.len() / 3)).min_by_key(|known| slips(known))
}

/// The byte range of the value at this path, or of the last value on the path that exists.
fn find(text: &str, place: &TomlPath) -> Range<usize> {
    let Ok(file) = DeTable::parse(text) else { return 0..0 };
    let mut steps = place.iter();
    let Some(TomlStep::Key(first)) = steps.next() else { return 0..0 };
    let Some(mut value) = file.get_ref().get(*first) else { return 0..0 };
    for step in steps {
        let next = match step {
            TomlStep::Key(key) => value.get_ref().get(*key),
            TomlStep::Item(item) => value.get_ref().get(*item),
        };
        let Some(next) = next else { break };
        value = next;
    }
    value.span()
}

/// The number of the line, counted from 1.
fn line(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or_default().matches('\n').count() + 1
}

/// The message with line and column, and below it the line with a mark.
fn pointed(text: &str, span: Range<usize>, message: &str) -> String {
    /// How many characters of the line are shown before the place and from it on.
    const CHARS: usize = 36;
    /// Bounded, since names in the message may be as long as the file.
    const MESSAGE_CHARS: usize = 500;
    let message: String = message.chars().take(MESSAGE_CHARS).collect();
    let before = text.get(..span.start).unwrap_or_default();
    let head: Vec<char> = before.rsplit('\n').next().unwrap_or_default().chars().collect();
    let (number, column) = (line(text, span.start), head.len() + 1);
    let mut text_with_mark = format!("line {number}, column {column}: {message}");
    let here = text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
    let behind = text.get(span.start..).unwrap_or_default().lines().next().unwrap_or_default();
    if behind.is_empty() {
        return text_with_mark;
    }
    let shown: String = head.iter().skip(head.len().saturating_sub(CHARS)).collect();
    let tail: String = behind.chars().take(CHARS).collect();
    let margin = " ".repeat(number.to_string().len());
    let marks = "^".repeat(here.chars().take(CHARS).count().max(1));
    // Writing to a String does not fail.
    let _ = write!(
        text_with_mark,
        "\n{margin} |\n{number} | {shown}{tail}\n{margin} | {}{marks}",
        " ".repeat(shown.chars().count())
    );
    text_with_mark
}
