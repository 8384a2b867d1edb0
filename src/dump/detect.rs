//! What is this file, and what does it tell? Told by its content: people rename what they send.

use super::session::{LeftOut, SavedSession};
use super::{capture, firefox_log, firefox_page, firefox_report, getstats, internals, rtcstats, ticket, wrapping};
use flate2::bufread::MultiGzDecoder;
use serde_json::Value;
use std::borrow::Cow;
use std::io::Read;
use std::net::IpAddr;

/// As much is unpacked as is read of a file that is not packed.
pub const BYTES_MAX: usize = 1 << 30;
/// What a file begins with that was packed by gzip (RFC 1952 §2.3.1), and how often one is unpacked.
const GZIP: [u8; 2] = [0x1f, 0x8b];
const PACKED_TIMES_MAX: usize = 3;
/// So much is unpacked at once.
const STEP_BYTES: u64 = 1 << 20;
/// A dump is a twelfth when it is packed, and nothing is less than a thousandth (RFC 1951): what is less than this share of
/// more than so much tells nothing.
const BLOWN_UP_FROM: usize = 16 << 20;
const BLOWN_UP_TIMES: usize = 200;
/// How much of a file is looked at to tell what it is.
const HEAD_BYTES: usize = 64 << 10;

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A dump of chrome://webrtc-internals.
    Internals,
    /// Lines of rtcstats.
    RtcStats,
    /// Statistics that a page had saved.
    GetStats,
    /// Packets, as tcpdump or Wireshark saved them.
    Capture,
    /// The page that Firefox saves of about:webrtc.
    FirefoxPage,
    /// A report that was copied there.
    FirefoxReport,
    /// Its connection log.
    FirefoxLog,
    /// Descriptions and candidates in a text.
    Ticket,
}

impl Form {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Internals => "webrtc-internals",
            Self::RtcStats => "rtcstats",
            Self::GetStats => "getStats",
            Self::Capture => "capture",
            Self::FirefoxPage => "about:webrtc page",
            Self::FirefoxReport => "about:webrtc report",
            Self::FirefoxLog => "about:webrtc log",
            Self::Ticket => "text",
        }
    }
}

/// Why a file tells nothing of a call, and what would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDump {
    /// It is packed in a way that is not undone here.
    #[error("it is packed ({0}); unpack it first")]
    Packed(&'static str),
    /// It is of a program that is neither end of a call.
    #[error(
        "it is {0}, and not of a browser; save what the browser itself tells (chrome://webrtc-internals, about:webrtc)"
    )]
    Server(&'static str),
    /// It is a picture or a document for people.
    #[error("it is {0}, which cannot be read; save the dump itself (chrome://webrtc-internals, Create Dump)")]
    Picture(&'static str),
}

/// A file as it was before it was sent: unpacked where it was packed by gzip, and without what a mail or a ticket has put around
/// it. Whether it ends in the middle.
pub fn unpacked(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let (mut plain, mut is_cut) = inflated(bytes);
    // A browser packs its dump, and some programs pack what they send once more.
    for _ in 1..PACKED_TIMES_MAX {
        if !plain.starts_with(&GZIP) {
            break;
        }
        let (inner, is_inner_cut) = inflated(&plain);
        (is_cut, plain) = (is_cut || is_inner_cut, Cow::Owned(inner.into_owned()));
    }
    (bare(plain), is_cut)
}

/// What is only known without that is taken out of it; a text that is known as it is may be wrapped as well.
fn bare(plain: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let plain = wrapping::from_utf16(&plain).map_or(plain, |text| Cow::Owned(text.into_bytes()));
    let is_known = |bytes: &[u8]| matches!(form(bytes), Ok(Some(form)) if form != Form::Ticket);
    // The fence of a ticket begins as an object of JSON does.
    if is_known(&plain) && !wrapping::begins_fenced(&plain) || form(&plain).is_err() {
        return plain;
    }
    let inner = wrapping::pasted(&plain).into_iter().chain(wrapping::mended(&plain)).find(|inner| is_known(inner));
    inner.map_or(plain, Cow::Owned)
}

/// A file, unpacked where it was packed by gzip. What is packed and ends in the middle is unpacked as far as it goes, and so is
/// what gives so much more than it is that it was made for that.
fn inflated(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if !bytes.starts_with(&GZIP) {
        return (Cow::Borrowed(bytes), false);
    }
    let mut plain = Vec::new();
    let mut from = MultiGzDecoder::new(bytes);
    loop {
        let before = plain.len();
        let is_read = from.by_ref().take(STEP_BYTES).read_to_end(&mut plain).is_ok();
        let packed = bytes.len() - from.get_ref().len();
        let is_blown_up = plain.len() > BLOWN_UP_FROM && plain.len() / BLOWN_UP_TIMES > packed;
        if !is_read || is_blown_up || plain.len() >= BYTES_MAX {
            return (Cow::Owned(plain), true);
        }
        if plain.len() == before {
            return (Cow::Owned(plain), false);
        }
    }
}

/// The form of what was unpacked; None where it is none of a call.
pub fn form(bytes: &[u8]) -> Result<Option<Form>, NoDump> {
    for (start, what) in [
        (&b"PK\x03\x04"[..], "zip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xfd7zXZ", "xz"),
        (b"BZh", "bzip2"),
        (b"7z\xbc\xaf", "7z"),
    ] {
        if bytes.starts_with(start) {
            return Err(NoDump::Packed(what));
        }
    }
    for (start, what) in [
        (&b"\x89PNG"[..], "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"%PDF", "a PDF document"),
    ] {
        if bytes.starts_with(start) {
            return Err(NoDump::Picture(what));
        }
    }
    if capture::begins_one(bytes) {
        return Ok(Some(Form::Capture));
    }
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let head = String::from_utf8_lossy(head);
    let text = head.trim_start_matches('\u{feff}').trim_start();
    let has_key = |key: &str| text.contains(&format!("\"{key}\""));
    if text.starts_with('{') && has_key("statsSessionId") {
        return Err(NoDump::Server("the log of a server (Jitsi's videobridge or jicofo)"));
    }
    if text.starts_with('{') && has_key("log") && has_key("creator") && has_key("version") {
        return Err(NoDump::Server("a record of requests over HTTP (HAR)"));
    }
    Ok(match text.chars().next() {
        Some('{') if has_key("PeerConnections") || has_key("getUserMedia") && has_key("UserAgent") => {
            Some(Form::Internals)
        }
        Some('<') if firefox_page::BEGINNINGS.iter().any(|part| text.contains(part)) => Some(Form::FirefoxPage),
        Some('{' | '[') if has_key("iceCandidatePairStats") => Some(Form::FirefoxReport),
        _ if text.starts_with(firefox_log::BEGINS_WITH) => Some(Form::FirefoxLog),
        _ if text.starts_with(rtcstats::HEADER) => Some(Form::RtcStats),
        Some('[') if is_line_of_rtcstats(text) => Some(Form::RtcStats),
        Some('[' | '{') if is_of_statistics(text) => Some(Form::GetStats),
        _ if !has_key("schema") && ticket::read(&bytes[..bytes.len().min(HEAD_BYTES)]).is_some() => Some(Form::Ticket),
        _ => None,
    })
}

/// Whether the first line is a whole list that ends in a number: `["create",null,{},1795947379227]`.
fn is_line_of_rtcstats(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default().trim();
    line.starts_with("[\"")
        && line.ends_with(']')
        && line.trim_end_matches(']').ends_with(|last: char| last.is_ascii_digit())
}

/// Whether statistics of a connection are in it, by the names of their types.
fn is_of_statistics(text: &str) -> bool {
    let has = |name: &str| text.contains(&format!("\"{name}\""));
    !has("schema")
        && has("id")
        && has("type")
        && has("timestamp")
        && ["candidate-pair", "local-candidate", "peer-connection", "transport", "inbound-rtp", "codec"]
            .into_iter()
            .any(has)
}

/// Reads a file of this form. Of a capture, what the end at the address `client` had; without it, at which it was made.
pub fn read(form: Form, bytes: &[u8], client: Option<IpAddr>) -> SavedSession {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match form {
        Form::Internals => {
            let text = readable(text);
            let session = internals::read(&text);
            let is_lost = session.left_out.is_cut && session.connections.is_empty();
            let mended = if is_lost { wrapping::mended(&text) } else { None };
            mended.map_or(session, |mended| internals::read(&mended))
        }
        Form::FirefoxPage => firefox_page::read(bytes),
        Form::FirefoxReport => of_json(text, firefox_report::read),
        Form::FirefoxLog => firefox_log::read(&String::from_utf8_lossy(text)),
        Form::Ticket => ticket::read(bytes).unwrap_or_default(),
        Form::Capture => capture::read(bytes, client).unwrap_or_else(|_| cut_short()),
        Form::RtcStats => {
            let text = String::from_utf8_lossy(text);
            // Lines of an old Mac's editor.
            let is_of_returns = !text.contains('\n') && text.contains('\r');
            if is_of_returns { rtcstats::read(&text.replace('\r', "\n")) } else { rtcstats::read(&text) }
        }
        Form::GetStats => of_json(text, getstats::read),
    }
}

/// Reads what is whole of it, where it ends in the middle.
fn of_json(text: &[u8], reader: impl Fn(&Value) -> SavedSession) -> SavedSession {
    let text = readable(text);
    let fault = match serde_json::from_slice(&text) {
        Ok(json) => return reader(&json),
        Err(fault) => fault,
    };
    if let Some(json) = wrapping::mended(&text).and_then(|mended| serde_json::from_slice(&mended).ok()) {
        return reader(&json);
    }
    let Ok(json) = serde_json::from_slice(&wrapping::closed(&text)) else { return cut_short() };
    let mut session = reader(&json);
    session.left_out.is_cut |= fault.is_eof();
    session
}

/// A file that ends before it tells anything.
fn cut_short() -> SavedSession {
    SavedSession { left_out: LeftOut { is_cut: true, ..LeftOut::default() }, ..SavedSession::default() }
}

/// As UTF-8: what is none is replaced, so that one bad byte does not end the file.
fn readable(bytes: &[u8]) -> Cow<'_, [u8]> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(_) => Cow::Borrowed(bytes),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}
