//! What is wrong with a JSON document that a person handed in, in our words and without the value that is wrong.
//!
//! The parser says it in the words of its own language ("invalid type: map, expected u32"), and tells a program no more than
//! the place and whether it is the syntax. So its words are read here, once; what our own readers say passes through.

use serde_json::error::Category;

/// Number types of the parser's language.
const NUMBERS: [&str; 12] = ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64"];

/// Without the place, which the error has beside it.
pub(crate) fn words(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let whole = error.to_string();
    let said = whole.strip_suffix(&place).unwrap_or(&whole);
    match error.classify() {
        Category::Eof => "it ends too soon".to_owned(),
        Category::Syntax => syntax(said).to_owned(),
        Category::Data | Category::Io => data(said),
    }
}

/// Whether the document may be well, and is more than is read.
pub(super) fn is_too_deep(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("recursion limit")
}

fn syntax(said: &str) -> &'static str {
    const KNOWN: [(&str, &str); 13] = [
        ("expected value", "a value is missing here"),
        ("expected ident", "this word is none of JSON's"),
        ("expected `:`", "a colon is missing here"),
        ("expected `,` or", "a comma or the closing bracket is missing here"),
        ("trailing comma", "nothing follows this comma"),
        ("trailing characters", "something follows after the end"),
        ("key must be a string", "a key is not in quotes"),
        ("control character", "a control character stands within a text"),
        ("recursion limit", "it is nested too deeply"),
        ("number out of range", "this number is too large"),
        ("invalid number", "this is no number of JSON's"),
        ("invalid escape", "this escape is none of JSON's"),
        ("lone ", "half of a surrogate pair stands here"),
    ];
    let known = KNOWN.iter().find(|(theirs, _)| said.starts_with(theirs));
    known.map_or("this is no JSON", |(_, ours)| ours)
}

fn data(said: &str) -> String {
    let name = || said.split('`').nth(1).unwrap_or_default();
    let (what, rest) = said.split_once(": ").unwrap_or((said, ""));
    match what {
        "invalid value" if NUMBERS.contains(&wanted_of(rest)) => "this number is none that belongs there".to_owned(),
        "invalid type" | "invalid value" => {
            format!("{} stands where {} belongs", kind(rest), wish(wanted_of(rest)))
        }
        _ if said.starts_with("invalid length") => {
            "a list or an object has another length than belongs there".to_owned()
        }
        _ if said.starts_with("missing field") => format!("{:?} is missing", name()),
        _ if said.starts_with("duplicate field") => format!("{:?} stands there twice", name()),
        _ if said.starts_with("unknown field") => "a key stands there that is not known".to_owned(),
        _ if said.starts_with("unknown variant") => "a word stands there that is not known".to_owned(),
        _ if said.starts_with("data did not match") => "a value stands there that is not known".to_owned(),
        _ => said.to_owned(),
    }
}

/// What would have been right; the text that was found may hold anything.
fn wanted_of(rest: &str) -> &str {
    rest.rsplit_once(", expected ").map_or("", |(_, wanted)| wanted)
}

/// What was found.
fn kind(found: &str) -> &'static str {
    match found.split([' ', ',']).next().unwrap_or_default() {
        "null" | "unit" => "null",
        "boolean" => "true or false",
        "integer" | "floating" | "number" => "a number",
        "string" | "character" | "byte" => "a text",
        "sequence" => "a list",
        "map" => "an object",
        _ => "a value",
    }
}

/// What was wanted: types by what they are in JSON, and the rest in the words of our own readers.
fn wish(wanted: &str) -> String {
    let first = wanted.split(' ').next().unwrap_or_default();
    let ours = match (first, wanted) {
        _ if NUMBERS.contains(&wanted) => "a number",
        ("struct" | "internally" | "adjacently" | "map", _) | (_, "a map") => "an object",
        ("tuple" | "array" | "sequence", _) | (_, "a sequence") => "a list",
        ("string" | "variant" | "field", _) | (_, "a string" | "a character") => "a text",
        (_, "a boolean") => "true or false",
        ("enum" | "unit" | "option" | "any" | "", _) => "something else",
        _ => wanted,
    };
    ours.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Record;
    use serde::de::DeserializeOwned;

    fn said<T: DeserializeOwned>(text: &str) -> String {
        words(&serde_json::from_str::<T>(text).err().expect("is refused"))
    }

    #[test]
    fn wrong_types_are_told_by_what_they_are_in_json() {
        assert_eq!(said::<u32>("[1]"), "a list stands where a number belongs");
        assert_eq!(said::<u32>("-1"), "this number is none that belongs there");
        assert_eq!(said::<bool>("{}"), "an object stands where true or false belongs");
        assert_eq!(said::<String>("null"), "null stands where a text belongs");
        assert_eq!(said::<Vec<u32>>("\"a, expected b\""), "a text stands where a list belongs");
        assert_eq!(said::<Record>("5"), "a number stands where an object belongs");
    }

    #[test]
    fn no_word_of_the_parser_or_of_its_language_is_left() {
        let texts = [
            "",
            "{",
            "[",
            "\"",
            "{1:2}",
            "{\"a\" 1}",
            "{\"targets\":[1,]}",
            "{}",
            "[]",
            "5",
            "nul",
            "1e999",
            "\"\\x\"",
            "{} x",
            "{\"targets\":{},\"observations\":[],\"interrupted\":false}",
            "{\"targets\":[],\"observations\":5,\"interrupted\":false}",
            "{\"targets\":[],\"observations\":[{}],\"interrupted\":false}",
            "{\"targets\":[],\"observations\":[],\"interrupted\":\"no\"}",
            "{\"targets\":[],\"targets\":[],\"observations\":[],\"interrupted\":false}",
            "{\"targets\":[],\"observations\":[],\"interrupted\":false,\"peer\":[[]]}",
        ];
        let theirs =
            ["expected", "invalid", "sequence", "map", "struct", "enum", "variant", "field", "u32", "EOF", "`"];
        for text in texts {
            let told = said::<Record>(text);
            assert!(theirs.iter().all(|word| !told.contains(word)), "{text}: {told}");
        }
    }
}
