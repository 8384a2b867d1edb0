//! A session description that a person carries: complete with candidates, in a few hundred characters.
//!
//! `rtcd1-` LENGTH `-` BODY. BODY is base64url without padding (RFC 4648 §5) of D and the CRC-32 of D (4 bytes, big
//! endian); LENGTH is how many characters it has, in decimal; D is raw DEFLATE (Python: `zlib.decompress(d, -15)`) of JSON:
//! `{"k":"o"|"a" (offer, answer),"u":ufrag,"p":pwd,"c":[candidate…],"i":pacing in ms (optional),"f":fingerprint (optional)}`.
//! A candidate is `TYPE FOUNDATION PRIORITY HOST PORT`, with single spaces: TYPE is `h`, `s`, `p` or `r` (host, srflx,
//! prflx, relay), for TCP followed by `a`, `p` or `s` (active, passive, so); FOUNDATION is a small number, equal where
//! foundations are; PRIORITY is 65535 less the local preference where the rest is as RFC 8445 §5.1.2 recommends, else minus
//! the whole priority; HOST is an address or name, and left empty where it is the same as the candidate's before.
//!
//! White space anywhere in it is ignored, since pasted text is often wrapped. Related addresses are left out; the
//! candidates are complete. With a host, a server-reflexive and a relayed candidate it has some 170 characters; a home
//! with IPv6, TCP and a relay over three protocols, eight candidates, takes 270.

use super::deflate::{deflate, inflate};
use super::sdp::{Fingerprint, LocalDescription, Password, Sdp, SdpType, SessionDescription, fit_ufrag};
use crate::ice::RemoteCandidate;
use crate::model::{CandidateType, CodeError, CodePart, Host, TcpType, Text};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crc::{CRC_32_ISO_HDLC, Crc};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

const PREFIX: &str = "rtcd";
const VERSION: &str = "1";
const CHECKSUM_BYTES: usize = 4;
/// The longest code that is read. 100 candidates without anything in common take a tenth of it.
const CHARS_MAX: usize = 64 << 10;
/// The largest inflated content. 100 candidates with names of the greatest length take half of it.
const INFLATED_BYTES_MAX: usize = 32 << 10;

#[derive(Serialize, Deserialize)]
struct CodeContent {
    #[serde(rename = "k")]
    kind: String,
    #[serde(rename = "u")]
    ufrag: String,
    #[serde(rename = "p")]
    pwd: String,
    #[serde(rename = "c")]
    candidates: Vec<String>,
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pacing_ms: Option<u32>,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
}

/// Encodes our own description with all its candidates.
pub fn write(local: &LocalDescription, kind: SdpType) -> String {
    let mut shorter = Shorter::default();
    let read = local.candidates.iter().filter_map(|line| RemoteCandidate::parse(line).ok());
    let read = read.take(SessionDescription::CANDIDATES_MAX);
    let content = CodeContent {
        kind: kind_word(kind).to_owned(),
        ufrag: local.ufrag.clone(),
        pwd: local.pwd.as_str().to_owned(),
        candidates: read.map(|candidate| shorter.candidate(candidate)).collect(),
        pacing_ms: local.pacing_ms,
        fingerprint: local.fingerprint.as_ref().map(ToString::to_string),
    };
    // Serialising strings and numbers cannot fail.
    let mut bytes = deflate(&serde_json::to_vec(&content).unwrap_or_default());
    bytes.extend(checksum(&bytes).to_be_bytes());
    let body = URL_SAFE_NO_PAD.encode(bytes);
    format!("{PREFIX}{VERSION}-{}-{body}", body.len())
}

/// Decodes a pasted code. The SDP is as untrusted as any other and to be read by [`SessionDescription::read`].
pub fn read(pasted: &str) -> Result<(SdpType, Sdp), CodeError> {
    if pasted.len() > CHARS_MAX {
        return Err(CodeError::TooLong { bytes: pasted.len(), most: CHARS_MAX });
    }
    let code: String = pasted.chars().filter(|c| !c.is_whitespace()).collect();
    if code.is_empty() {
        return Err(CodeError::Empty);
    }
    let deflated = open(&code)?;
    let json = inflate(&deflated, INFLATED_BYTES_MAX).map_err(|fault| CodeError::Inflate { fault })?;
    let content: CodeContent =
        serde_json::from_slice(&json).map_err(|_| CodeError::Content { part: CodePart::Json })?;
    let kind = [SdpType::Offer, SdpType::Answer].into_iter().find(|kind| content.kind == kind_word(*kind));
    fit_ufrag(&content.ufrag).map_err(|_| CodeError::Content { part: CodePart::Ufrag })?;
    if content.candidates.len() > SessionDescription::CANDIDATES_MAX {
        return Err(CodeError::Content { part: CodePart::CandidateCount });
    }
    let mut longer = Longer::default();
    let candidates = content.candidates.iter().map(|short| longer.candidate(short)).collect::<Option<Vec<_>>>();
    let fingerprint = content.fingerprint.as_deref().map(Fingerprint::parse).transpose();
    let local = LocalDescription {
        session: checksum(&deflated),
        ufrag: content.ufrag,
        pwd: Password::new(&content.pwd).map_err(|_| CodeError::Content { part: CodePart::Password })?,
        candidates: candidates.ok_or(CodeError::Content { part: CodePart::Candidates })?,
        end_of_candidates: true,
        pacing_ms: content.pacing_ms,
        fingerprint: fingerprint.map_err(|_| CodeError::Content { part: CodePart::Fingerprint })?,
    };
    let kind = kind.ok_or(CodeError::Content { part: CodePart::Kind })?;
    Ok((kind, local.write(kind)))
}

fn no_code() -> CodeError {
    CodeError::NoCode { prefix: format!("{PREFIX}{VERSION}-") }
}

fn other_version(theirs: &str) -> CodeError {
    CodeError::Version { theirs: Text::new(theirs).as_str().to_owned(), ours: VERSION.to_owned() }
}

/// The deflated content of a code, once its length and checksum are verified.
fn open(code: &str) -> Result<Vec<u8>, CodeError> {
    let (version, rest) = code.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-')).ok_or_else(no_code)?;
    if version != VERSION {
        let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
        return Err(if is_version { other_version(version) } else { no_code() });
    }
    let (length, body) = rest.split_once('-').ok_or_else(no_code)?;
    let length: usize = length.parse().map_err(|_| no_code())?;
    let is_of_code = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if let Some(other) = body.chars().find(|c| !is_of_code(*c)) {
        return Err(CodeError::Character { character: other });
    }
    if body.len() < length {
        return Err(CodeError::Missing { count: length - body.len() });
    }
    if body.len() > length {
        return Err(CodeError::TooMany { count: body.len() - length });
    }
    let mut bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| CodeError::Damaged)?;
    let checksum_at = bytes.len().checked_sub(CHECKSUM_BYTES).ok_or(CodeError::Damaged)?;
    let found = bytes.split_off(checksum_at);
    if found == checksum(&bytes).to_be_bytes() { Ok(bytes) } else { Err(CodeError::Damaged) }
}

fn checksum(bytes: &[u8]) -> u32 {
    Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(bytes)
}

fn kind_word(kind: SdpType) -> &'static str {
    match kind {
        SdpType::Offer => "o",
        SdpType::Answer => "a",
    }
}

const TYPES: [(char, CandidateType, &str, u32); 4] = [
    ('h', CandidateType::Host, "host", 126),
    ('s', CandidateType::Srflx, "srflx", 100),
    ('p', CandidateType::Prflx, "prflx", 110),
    ('r', CandidateType::Relay, "relay", 0),
];

const TCP_TYPES: [(char, TcpType, &str); 3] =
    [('a', TcpType::Active, "active"), ('p', TcpType::Passive, "passive"), ('s', TcpType::So, "so")];

/// The priority that RFC 8445 §5.1.2 recommends for the one component.
fn recommended(type_preference: u32, below_best: u16) -> u32 {
    (type_preference << 24) | (u32::from(u16::MAX - below_best) << 8) | 255
}

/// Shortens candidates, each relative to those before it.
#[derive(Default)]
struct Shorter {
    foundations: Vec<String>,
    host: Option<Host>,
}

impl Shorter {
    fn candidate(&mut self, candidate: RemoteCandidate) -> String {
        let RemoteCandidate { foundation, priority, host, port, kind, tcp_type, .. } = candidate;
        let mut short = String::new();
        let preference = TYPES.iter().find(|(_, of, ..)| *of == kind).map_or(0, |(letter, .., preference)| {
            short.push(*letter);
            *preference
        });
        short.extend(TCP_TYPES.iter().find(|(_, of, _)| Some(*of) == tcp_type).map(|(letter, ..)| *letter));
        let number = self.foundations.iter().position(|known| *known == foundation).unwrap_or_else(|| {
            self.foundations.push(foundation);
            self.foundations.len() - 1
        });
        let below_best = u16::MAX - ((priority >> 8) & 0xffff) as u16;
        let host_word = if self.host.as_ref() == Some(&host) { String::new() } else { host.to_string() };
        // Writing to a String does not fail.
        let _ = if recommended(preference, below_best) == priority {
            write!(short, " {number} {below_best} {host_word} {port}")
        } else {
            write!(short, " {number} -{priority} {host_word} {port}")
        };
        self.host = Some(host);
        short
    }
}

/// Restores candidate lines from their short forms.
#[derive(Default)]
struct Longer<'a> {
    host: &'a str,
}

impl<'a> Longer<'a> {
    fn candidate(&mut self, short: &'a str) -> Option<String> {
        let words: Vec<&str> = short.split(' ').collect();
        let [type_word, foundation, priority, host, port] = words[..] else { return None };
        let mut letters = type_word.chars();
        let letter = letters.next()?;
        let (_, kind, kind_word, preference) = TYPES.into_iter().find(|(of, ..)| *of == letter)?;
        let tcp_type = letters.next().map(|letter| TCP_TYPES.into_iter().find(|(of, ..)| *of == letter));
        let priority: u32 = match priority.strip_prefix('-') {
            Some(whole) => whole.parse().ok()?,
            None => recommended(preference, priority.parse().ok()?),
        };
        if !host.is_empty() {
            self.host = host;
        }
        let host = self.host;
        let protocol = if tcp_type.is_some() { "tcp" } else { "udp" };
        let mut line = format!("candidate:{foundation} 1 {protocol} {priority} {host} {port} typ {kind_word}");
        if kind != CandidateType::Host {
            line.push_str(if host.contains(':') { " raddr :: rport 0" } else { " raddr 0.0.0.0 rport 0" });
        }
        if let Some(tcp_type) = tcp_type {
            let (.., word) = tcp_type?;
            line.push_str(" tcptype ");
            line.push_str(word);
        }
        // The line becomes part of an SDP, so it has to be a candidate and nothing else.
        RemoteCandidate::parse(&line).is_ok().then_some(line)
    }
}

#[cfg(test)]
mod tests;
