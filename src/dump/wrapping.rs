//! What was put around a file on its way to whoever reads it, and what is missing at its end?
//!
//! People paste dumps into mails, chats and tickets: there they are quoted, fenced, wrapped and saved as UTF-16, and stand behind
//! a greeting. And a download that was broken off ends anywhere: what of it is whole is read.

/// A text that is larger was pasted nowhere.
const PASTED_BYTES_MAX: usize = 64 << 20;
/// Brackets within each other; readers of JSON go no deeper.
const DEPTH_MAX: usize = 128;

/// UTF-8, from UTF-16 by its byte order mark or by every second byte. None of what is no UTF-16.
pub(super) fn from_utf16(bytes: &[u8]) -> Option<String> {
    let wide = |bytes: &[u8], order: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|unit| order([unit[0], unit[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => Some(wide(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Some(wide(rest, u16::from_be_bytes)),
        [1..=127, 0, 1..=127, 0, ..] => Some(wide(bytes, u16::from_le_bytes)),
        [0, 1..=127, 0, 1..=127, ..] => Some(wide(bytes, u16::from_be_bytes)),
        _ => None,
    }
}

/// A line without the marks of a mail that is quoted.
pub(super) fn unquoted(line: &str) -> &str {
    let mut line = line.trim();
    while let Some(rest) = line.strip_prefix('>').or_else(|| line.strip_prefix('|')) {
        line = rest.trim_start();
    }
    line
}

/// What a text may have been before it was pasted, the likeliest first: without marks of quoting, in its fence, from the first
/// line on that begins as files of calls do.
pub(super) fn pasted(bytes: &[u8]) -> Vec<Vec<u8>> {
    if bytes.len() > PASTED_BYTES_MAX {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    let is_quoted = text.lines().any(|line| line.trim_start().starts_with('>'));
    let bare = if is_quoted { text.lines().map(unquoted).collect::<Vec<_>>().join("\n") } else { text.into_owned() };
    let within = fenced(&bare).map(as_json);
    let from_there = begun(&bare).map(as_json);
    [within, from_there].into_iter().flatten().map(String::into_bytes).collect()
}

/// Whether a text begins with one of Jira's fences.
pub(super) fn begins_fenced(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    text.starts_with(b"{code") || text.starts_with(b"{noformat}")
}

/// Between two lines of the fences of Markdown or of Jira, or from one to the end.
fn fenced(text: &str) -> Option<&str> {
    let is_fence =
        |line: &str| ["```", "~~~", "{code", "{noformat}"].iter().any(|fence| line.trim_start().starts_with(fence));
    let mut begin = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        match begin {
            None if is_fence(line) => begin = Some(at + line.len()),
            Some(begin) if is_fence(line) => return text.get(begin..at),
            _ => {}
        }
        at += line.len();
    }
    begin.and_then(|begin| text.get(begin..))
}

/// From the first line on that begins as a file does.
fn begun(text: &str) -> Option<&str> {
    const BEGINNINGS: [&str; 6] = ["{", "[", "RTCStatsDump", "<div id=\"content\"", "<html", "+++++++ BEGIN"];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if BEGINNINGS.iter().any(|beginning| line.trim_start().starts_with(beginning)) {
            return text.get(at..);
        }
        at += line.len();
    }
    None
}

/// Within a string of JSON no line ends: where one does, a mail program has wrapped it. Between values it says nothing.
fn as_json(text: &str) -> String {
    if text.trim_start().starts_with('{') { text.replace(['\r', '\n'], " ") } else { text.to_owned() }
}

/// JSON of which a program for texts has made what is none: with spaces that do not break, with quotation marks of print, with
/// the characters of HTML, or with lines that end within a string. None where nothing of the kind is in it.
pub(super) fn mended(bytes: &[u8]) -> Option<Vec<u8>> {
    const REPLACED: [(&str, &str); 7] = [
        ("\u{a0}", " "),
        ("\u{201c}", "\""),
        ("\u{201d}", "\""),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&lt;", "<"),
        ("&amp;", "&"),
    ];
    if bytes.len() > PASTED_BYTES_MAX {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    let mended = REPLACED.iter().fold(text.clone().into_owned(), |text, (from, to)| text.replace(from, to));
    let mended = unfolded(&mended);
    (mended != *text).then(|| mended.into_bytes())
}

/// Without the ends of lines that stand within a string. A line of the greatest length was folded there; of any other a space was
/// taken for its end.
fn unfolded(text: &str) -> String {
    let longest = text.lines().map(str::len).max().unwrap_or_default();
    let (mut is_in_string, mut is_escaped) = (false, false);
    let mut unfolded = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        for c in content.chars() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = is_in_string,
                '"' => is_in_string = !is_in_string,
                _ => {}
            }
        }
        unfolded.push_str(content);
        let end = if is_in_string { if content.len() < longest { " " } else { "" } } else { &line[content.len()..] };
        unfolded.push_str(end);
    }
    unfolded
}

/// JSON that ends in the middle, closed behind its last whole value; and of a whole one its first value, whatever follows it.
pub(super) fn closed(bytes: &[u8]) -> Vec<u8> {
    let mut open: Vec<u8> = Vec::new();
    // Behind the last whole value: how long the text is there, and how many brackets are open.
    let mut whole = (0, 0);
    let (mut is_in_string, mut is_escaped) = (false, false);
    for (place, byte) in bytes.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_in_string => is_escaped = true,
            b'"' => is_in_string = !is_in_string,
            _ if is_in_string => {}
            b'{' | b'[' if open.len() >= DEPTH_MAX => break,
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b',' => whole = (place, open.len()),
            b'}' | b']' => {
                if open.pop() != Some(*byte) {
                    break;
                }
                whole = (place + 1, open.len());
                if open.is_empty() {
                    break;
                }
            }
            _ => {}
        }
    }
    let (length, depth) = whole;
    let ends = open.get(..depth).unwrap_or_default().iter().rev();
    bytes.get(..length).unwrap_or_default().iter().chain(ends).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_that_ends_anywhere_is_closed_behind_its_last_whole_value() {
        let whole = r#"{"a":[1,{"b":"x,]\"}"}],"c":2}"#;
        let closed_at = |length: usize| String::from_utf8(closed(&whole.as_bytes()[..length])).expect("text");
        for length in 8..=whole.len() {
            let text = closed_at(length);
            assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{length}: {text}");
        }
        assert_eq!(closed_at(whole.len()), whole);
        assert_eq!(closed_at(whole.len() - 1), r#"{"a":[1,{"b":"x,]\"}"}]}"#);
        assert_eq!(closed(br#"{"a":1} and thanks"#), br#"{"a":1}"#);
    }

    #[test]
    fn what_was_pasted_is_found_in_its_fence_or_where_it_begins() {
        let first =
            |text: &str| pasted(text.as_bytes()).into_iter().next().map(|it| String::from_utf8(it).expect("text"));
        assert_eq!(first("Hi,\n```json\n{\"a\":1}\n```\nbye").as_deref(), Some("{\"a\":1} "));
        assert_eq!(first("> > {\"a\":\n> > 1}\n").as_deref(), Some("{\"a\": 1}"));
        assert_eq!(first("Hello\nRTCStatsDump\n{}\n").as_deref(), Some("RTCStatsDump\n{}\n"));
        assert_eq!(first("nothing of the kind"), None);
    }
}
