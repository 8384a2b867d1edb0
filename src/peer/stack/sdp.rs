//! Between str0m's SDP and the other end's: ICE's lines are ours (RFC 8839 §5), all others are str0m's.

use crate::signal::sdp::Setup;

/// What our description says of our own ICE agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OurDescription {
    /// The version of the session, which grows with every description (RFC 8866 §5.2).
    pub version: u32,
    pub ufrag: String,
    pub password: crate::signal::Password,
    pub pacing_ms: u32,
}

/// Which half of the exchange (RFC 3264).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SdpRole {
    Offer,
    Answer,
}

/// The attributes of ICE: str0m's agent must not see the other end's, nor the other end str0m's.
const ICE: [&str; 8] = [
    "a=ice-ufrag:",
    "a=ice-pwd:",
    "a=ice-options:",
    "a=ice-lite",
    "a=ice-pacing:",
    "a=candidate:",
    "a=end-of-candidates",
    "a=remote-candidates:",
];

const SETUP: &str = "a=setup:";

fn is_of_ice(line: &str) -> bool {
    ICE.iter().any(|start| line.starts_with(start))
}

fn lines(sdp: &str) -> impl Iterator<Item = &str> {
    sdp.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).filter(|line| !line.is_empty())
}

/// str0m's description as it goes to the other end: our credentials in every section, and no candidates, which follow
/// (RFC 8840 §4.1.1).
pub(super) fn outward(described: &str, ours: &OurDescription, side: SdpRole) -> String {
    let mut sdp = String::with_capacity(described.len() + 1024);
    let mut line = |text: &str| {
        sdp.push_str(text);
        sdp.push_str("\r\n");
    };
    let (mut is_session, mut lacks_credentials) = (true, false);
    for text in lines(described).filter(|line| !is_of_ice(line)) {
        if text.starts_with("a=") && std::mem::take(&mut lacks_credentials) {
            line(&format!("a=ice-ufrag:{}", ours.ufrag));
            line(&format!("a=ice-pwd:{}", ours.password.as_str()));
        }
        match text.as_bytes() {
            [b'o', b'=', ..] => line(&versioned(text, ours.version)),
            [b'm', b'=', ..] => {
                if std::mem::replace(&mut is_session, false) {
                    line("a=ice-options:trickle");
                    line(&format!("a=ice-pacing:{}", ours.pacing_ms));
                }
                lacks_credentials = true;
                line(text);
            }
            _ if text.starts_with(SETUP) && side == SdpRole::Offer => line("a=setup:actpass"),
            _ => line(text),
        }
    }
    sdp
}

/// The line `o=user session version …` with our version.
fn versioned(origin: &str, version: u32) -> String {
    let mut words: Vec<&str> = origin.split(' ').collect();
    let version = version.to_string();
    if let Some(word) = words.get_mut(2) {
        *word = &version;
    }
    words.join(" ")
}

/// What str0m can use of the lines before the first section: it stops reading at the first that it does not know, and an
/// attribute that is not known is to be passed over (RFC 8866 §5.13).
const OF_SESSION: [&str; 7] = ["v=", "o=", "s=", "t=", "a=group:", "a=fingerprint:", SETUP];

/// The lines of a section that say something to it.
const OF_SECTION: [&str; 3] = ["m=", "c=", "a="];

/// The other end's description as str0m is to see it: somebody without an address.
pub(super) fn inward(sdp: &str, (ufrag, password): (&str, &str)) -> String {
    let mut kept = String::with_capacity(sdp.len() + 256);
    let mut line = |text: &str| {
        kept.push_str(text);
        kept.push_str("\r\n");
    };
    let mut is_session = true;
    for text in lines(sdp).filter(|line| !is_of_ice(line)) {
        if is_session && text.starts_with("m=") {
            is_session = false;
            line(&format!("a=ice-ufrag:{ufrag}"));
            line(&format!("a=ice-pwd:{password}"));
        }
        if let Some(setup) = text.strip_prefix(SETUP).and_then(|word| Setup::parse(word.trim())) {
            line(&format!("{SETUP}{}", setup.word()));
            continue;
        }
        let known = if is_session { &OF_SESSION[..] } else { &OF_SECTION[..] };
        if known.iter().any(|start| text.starts_with(start)) {
            line(text);
        }
    }
    kept
}

/// Longer descriptions are not searched for the line that is at fault: each try reads all of it.
const MOST_LINES_SEARCHED: usize = 400;

/// The one line, from 1, without which a description can be read; None where there is no such.
pub(super) fn odd_line(sdp: &str, is_read: impl Fn(&str) -> bool) -> Option<u32> {
    let all: Vec<&str> = sdp.lines().collect();
    if all.len() > MOST_LINES_SEARCHED {
        return None;
    }
    let without = |left_out: usize| {
        let kept = all.iter().enumerate().filter(|(place, _)| *place != left_out);
        kept.flat_map(|(_, line)| [*line, "\r\n"]).collect::<String>()
    };
    let odd = (0..all.len()).find(|place| is_read(&without(*place)))?;
    u32::try_from(odd + 1).ok()
}

/// SCTP's beginning, where an end announces its own (draft-hancke-tsvwg-snap).
const SCTP_INIT: &str = "a=sctp-init:";

/// The line by which a description begins SCTP itself.
pub(super) fn sctp_init(sdp: &str) -> Option<String> {
    lines(sdp).find(|line| line.starts_with(SCTP_INIT)).map(str::to_owned)
}

/// A description that begins SCTP by this line alone, as an association that stands wants to hear it again.
pub(super) fn with_sctp_init(sdp: &str, init: Option<&str>) -> String {
    let mut text = String::with_capacity(sdp.len());
    for line in lines(sdp).filter(|line| !line.starts_with(SCTP_INIT)) {
        let begins = init.filter(|_| line.starts_with("a=sctp-port:"));
        text.extend([line].into_iter().chain(begins).flat_map(|line| [line, "\r\n"]));
    }
    text
}

/// An answer without what it only repeats of our offer: libdatachannel sends back attributes that it does not know, and an
/// SCTP that began with our own numbers would not begin at all.
pub(super) fn without_echo(answer: &str, offer: &str) -> String {
    let is_echo = |line: &str| line.starts_with(SCTP_INIT) && lines(offer).any(|own| own == line);
    let kept = lines(answer).filter(|line| !is_echo(line));
    kept.flat_map(|line| [line, "\r\n"]).collect()
}
