//! Which descriptions and candidates stand in a text that somebody pasted into a ticket? (RFC 8866, RFC 8839 §5.1)
//!
//! They come quoted by mail programs, fenced, wrapped, as JSON, as JSON in a string, with a byte order mark or as UTF-16.
//! All that is taken off first. A text tells what was offered, never why a check failed; and whose a description is it
//! tells only where somebody wrote so beside it.

use super::description::{Description, DescriptionKind};
use super::session::{Event, Happened, LeftOut, SavedConnection, SavedSession, Sight};
use super::wrapping;
use crate::model::{End, Millis};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The longest text that is looked at, in bytes; a description is a hundredth of it.
const TEXT_BYTES_MAX: usize = 16 << 20;
const EVENTS_MAX: usize = 10_000;
/// The longest candidate line that is taken.
const LINE_BYTES_MAX: usize = 4 << 10;
/// A line that is shorter together with the next word was not wrapped by a mail program.
const WRAPPED_FROM: usize = 60;

/// Reads a text; None where there is neither a description nor a candidate in it.
pub(super) fn read(bytes: &[u8]) -> Option<SavedSession> {
    let text = plain(bytes);
    let mut reader = TicketReader::default();
    for (place, line) in (1..).zip(text.lines()) {
        reader.take(place, wrapping::unquoted(line));
    }
    reader.end_description();
    if reader.events.is_empty() {
        return None;
    }
    let connection = SavedConnection {
        events: reader.events,
        sight: Sight { counts_no_checks: true, tells_no_events: true, ..Sight::default() },
        ..SavedConnection::default()
    };
    let left_out = LeftOut { is_cut: bytes.len() > TEXT_BYTES_MAX, beyond_limits: reader.beyond, ..LeftOut::default() };
    Some(SavedSession { connections: vec![connection], left_out, ..SavedSession::default() })
}

/// The text as it was before it was packed into bytes, JSON or base64.
fn plain(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(TEXT_BYTES_MAX)];
    let text = wrapping::from_utf16(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
    let text = text.trim_start_matches('\u{feff}').to_owned();
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = STANDARD.decode(compact.trim_end_matches('"').trim_start_matches('"')).ok();
    let text = inner.and_then(|inner| String::from_utf8(inner).ok()).filter(|inner| holds_any(inner)).unwrap_or(text);
    // Line breaks that a string of JSON or of a log holds, once or twice over.
    let mut text = text;
    for broken in ["\\\\r\\\\n", "\\\\n", "\\r\\n", "\\n", "\\r"] {
        if text.contains(broken) {
            text = text.replace(broken, "\n");
        }
    }
    text
}

fn holds_any(text: &str) -> bool {
    text.contains("v=0") || text.contains("candidate:")
}

/// What was read so far.
#[derive(Default)]
struct TicketReader {
    events: Vec<Event>,
    /// The description that is open, and where it began.
    open: Option<(u32, String)>,
    /// How many bytes stand before it on its first line: a time, a name, a bullet.
    before: usize,
    /// What was written before it.
    said: SaidBefore,
    beyond: u64,
}

/// What a text says of the descriptions that follow.
#[derive(Clone, Copy, Default)]
struct SaidBefore {
    end: Option<End>,
    kind: Option<DescriptionKind>,
}

impl SaidBefore {
    fn note(&mut self, line: &str) {
        let lower = line.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if has(&["remote", "addicecandidate", "callee", "peer"]) {
            self.end = Some(End::Theirs);
        } else if has(&["local", "onicecandidate", "caller"]) {
            self.end = Some(End::Ours);
        }
        if has(&["answer"]) {
            self.kind = Some(DescriptionKind::Answer);
        } else if has(&["offer"]) {
            self.kind = Some(DescriptionKind::Offer);
        }
    }
}

impl TicketReader {
    fn take(&mut self, place: u32, line: &str) {
        if let Some(start) = line.find("v=0").filter(|start| is_line_start(line, *start)) {
            self.end_description();
            self.said.note(&line[..start]);
            self.open = Some((place, format!("{}\n", stripped(&line[start..]))));
            self.before = start;
            return;
        }
        let line = behind(line, self.open.as_ref().map_or(0, |_| self.before));
        if let Some((_, description)) = &mut self.open {
            if is_line_of_sdp(line) {
                description.push_str(stripped(line));
                description.push('\n');
                if line.contains('"') {
                    // The end of a string of JSON: what follows may name the type.
                    self.said.note(line.rsplit('"').next().unwrap_or_default());
                    self.end_description();
                }
                return;
            }
            let last = description.trim_end().rsplit('\n').next().unwrap_or_default();
            // Where the next word would still have had room, nothing was wrapped.
            let first = line.split(' ').next().unwrap_or_default();
            let is_wrapped = last.len() + 1 + first.len() >= WRAPPED_FROM && !first.is_empty();
            if is_wrapped && !line.contains(['"', '{', '`']) {
                description.truncate(description.trim_end().len());
                description.push(' ');
                description.push_str(line);
                description.push('\n');
                return;
            }
            if line.is_empty() {
                return;
            }
            self.note_behind(line);
            self.end_description();
        }
        match candidate(line) {
            Some(candidate) => {
                self.said.note(&line[..line.find("candidate:").unwrap_or_default()]);
                let line = candidate.to_owned();
                let happened = match self.said.end {
                    Some(End::Theirs) => Happened::Added { line },
                    Some(End::Ours) | None => Happened::Found { line, url: None, relay_protocol: None },
                };
                self.tell(place, happened);
            }
            None => self.said.note(line),
        }
    }

    /// `","type":"offer"}` behind a description tells of it alone.
    fn note_behind(&mut self, line: &str) {
        if line.starts_with(['"', ',', '}']) {
            self.said.note(line);
        }
    }

    fn end_description(&mut self) {
        let Some((place, text)) = self.open.take() else { return };
        let described = |event: &Event| match &event.happened {
            Happened::Described { end, .. } => Some(*end),
            _ => None,
        };
        // The first is whoever's asks, the second the other end's, where nobody says whose they are.
        let last = self.events.iter().rev().find_map(described);
        let end = self.said.end.unwrap_or(if last == Some(End::Ours) { End::Theirs } else { End::Ours });
        let description = Description::read(self.said.kind, &text);
        self.said = SaidBefore::default();
        // Of a beginning alone nothing is known, and least that nothing follows it.
        if description.origin.is_none() && description.sections.is_empty() && description.candidates.is_empty() {
            return;
        }
        self.tell(place, Happened::Described { end, description });
    }

    fn tell(&mut self, place: u32, happened: Happened) {
        if self.events.len() < EVENTS_MAX {
            self.events.push(Event { at: Millis::ZERO, place, happened });
        } else {
            self.beyond += 1;
        }
    }
}

/// Whether a description can begin here: at the start of a line, or of a string in it.
fn is_line_start(line: &str, start: usize) -> bool {
    line[..start].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '=')
}

/// Without what a log or a chat puts before each line, where it put about as much before the first.
fn behind(line: &str, before: usize) -> &str {
    /// Times and numbers of lines grow.
    const LONGER_AT_MOST: usize = 8;
    let is_begin = |(start, _): &(usize, char)| is_line_of_sdp(&line[*start..]) && is_line_start(line, *start);
    let starts = line.char_indices().take_while(|(start, _)| *start <= before + LONGER_AT_MOST);
    if before == 0 { line } else { starts.filter(is_begin).map(|(start, _)| &line[start..]).next().unwrap_or(line) }
}

/// A letter and an equals sign (RFC 8866 §5).
fn is_line_of_sdp(line: &str) -> bool {
    matches!(line.as_bytes(), [b'a'..=b'z', b'=', ..])
}

/// Without the rest of a string of JSON or a fence behind it.
fn stripped(line: &str) -> &str {
    line.split(['"', '`', '<']).next().unwrap_or_default().trim_end_matches(['\\', '\'']).trim_end()
}

/// A candidate in a line: by itself, as an attribute, or in JSON.
fn candidate(line: &str) -> Option<&str> {
    let start =
        line.find("candidate:").filter(|start| is_line_start(line, *start) || line[..*start].ends_with("a="))?;
    let candidate = stripped(&line[start..]);
    // What is in JSON may be `"candidate":"candidate:…"`, where the first is a name.
    let has_type = candidate.contains(" typ ");
    let found = if has_type { Some(candidate) } else { None };
    found.filter(|candidate| candidate.len() <= LINE_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDP: &str = "v=0\r\no=- 4611 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n\
        a=ice-ufrag:abcd\r\na=ice-pwd:secretsecretsecretsecret\r\n\
        a=candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host generation 0 network-id 1 network-cost 10\r\n";
    const CANDIDATE: &str = "candidate:2 1 udp 1686052607 198.51.100.7 5000 typ srflx raddr 192.0.2.1 rport 5000";

    /// Ufrag and number of candidates of each description, and the lines beside them, each with its end.
    fn told(bytes: &[u8]) -> Vec<(End, String)> {
        let session = read(bytes).expect("something of a call");
        let of = |event: &Event| match &event.happened {
            Happened::Described { end, description } => {
                (*end, format!("{} {}", description.ufrags.join(","), description.candidates.len()))
            }
            Happened::Added { line } => (End::Theirs, line.clone()),
            Happened::Found { line, .. } => (End::Ours, line.clone()),
            other => panic!("{other:?}"),
        };
        session.connections[0].events.iter().map(of).collect()
    }

    #[test]
    fn whatever_a_description_was_packed_into_is_taken_off() {
        let quoted: String = SDP.lines().map(|line| format!("> > {line}\n")).collect();
        let json = serde_json::json!({"type": "offer", "sdp": SDP}).to_string();
        let utf16: Vec<u8> = [0xfeff].into_iter().chain(SDP.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let texts: [Vec<u8>; 9] = [
            SDP.into(),
            quoted.into(),
            json.clone().into(),
            serde_json::json!(json).to_string().into(),
            STANDARD.encode(&json).into(),
            format!("the offer:\n```\n{SDP}```\nhelp").into(),
            utf16,
            SDP.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            [b"\xef\xbb\xbf", SDP.as_bytes()].concat(),
        ];
        for text in texts {
            assert_eq!(told(&text), [(End::Ours, "abcd 1".to_owned())], "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn what_a_log_or_a_chat_puts_before_each_line_is_taken_off() {
        for before in ["12:00:59 alice: ", "- ", "* ", "[7] ", "<p>", "I/webrtc(4711): "] {
            let behind = if before == "<p>" { "</p>" } else { "" };
            let text: String = SDP.lines().map(|line| format!("{before}{line}{behind}\n")).collect();
            assert_eq!(told(text.as_bytes()), [(End::Ours, "abcd 1".to_owned())], "{text}");
        }
    }

    #[test]
    fn a_line_that_a_mail_program_wrapped_is_whole() {
        let wrapped = SDP.replace(" generation 0 ", "\r\n generation 0 ");
        let session = read(wrapped.as_bytes()).expect("a description");
        let Happened::Described { description, .. } = &session.connections[0].events[0].happened else {
            panic!("none")
        };
        assert!(description.candidates[0].ends_with("network-cost 10"), "{description:?}");
    }

    #[test]
    fn whose_it_is_is_what_is_written_beside_it() {
        let text = format!(
            "remote SDP:\n{SDP}\nlocal:\n{SDP}\naddIceCandidate {{\"candidate\":\"{CANDIDATE}\",\"sdpMid\":\"0\"}}\n"
        );
        let ends: Vec<End> = told(text.as_bytes()).into_iter().map(|(end, _)| end).collect();
        assert_eq!(ends, [End::Theirs, End::Ours, End::Theirs]);
        let text = format!("{SDP}\n{SDP}");
        let ends: Vec<End> = told(text.as_bytes()).into_iter().map(|(end, _)| end).collect();
        assert_eq!(ends, [End::Ours, End::Theirs]);
    }

    #[test]
    fn candidates_alone_are_told_as_they_stand() {
        for line in [CANDIDATE.to_owned(), format!("a={CANDIDATE}"), format!("{{\"candidate\":\"{CANDIDATE}\"}}")] {
            assert_eq!(told(line.as_bytes()), [(End::Ours, CANDIDATE.to_owned())]);
        }
    }

    #[test]
    fn no_password_is_kept_and_other_texts_are_none() {
        assert!(!format!("{:?}", read(SDP.as_bytes())).contains("secret"));
        for text in ["", "Dear all,\nmy candidate: was elected", "x=1\nv=0.5", "{\"a\":1}"] {
            let other = read(text.as_bytes());
            assert!(other.is_none() || text.contains("v=0"), "{text}");
        }
    }
}
