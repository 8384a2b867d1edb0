//! What of a session description is kept? (RFC 8866; RFC 8839 §5; RFC 8842 §5)
//!
//! A file holds what a browser took or made, shortened and with stand-ins in it: nothing is refused here, and what is not
//! understood is passed over. Passwords are not kept.

use crate::signal::sdp::{Fingerprint, Setup};

/// The longest description that is read, and the most sections and candidates of one.
const BYTES_MAX: usize = 1 << 20;
const SECTIONS_MAX: usize = 1_000;
const CANDIDATES_MAX: usize = 1_000;

/// A description, as far as a diagnosis needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    /// "offer", "answer", "pranswer" or "rollback"; None where the file does not say.
    pub kind: Option<DescriptionKind>,
    /// The user name fragments of its sections, each once, in order.
    pub ufrags: Vec<String>,
    /// The certificates' fingerprints, each once, in order.
    pub fingerprints: Vec<Fingerprint>,
    /// The first `a=setup`.
    pub setup: Option<Setup>,
    /// The end answers checks and makes none.
    pub lite: bool,
    /// The id of the session in `o=`.
    pub origin: Option<String>,
    /// Its media sections, in order.
    pub sections: Vec<MediaSection>,
    /// The names of those whose media it announces, each once: an end has one (RFC 8834 §4.9), and whoever hands on what others
    /// send has theirs.
    pub sources: Vec<String>,
    /// The candidate lines in it, `candidate:…`.
    pub candidates: Vec<String>,
    /// No more candidates follow.
    pub end_of_candidates: bool,
    /// Whether there is no text in it: it was blanked, or not kept.
    pub is_blank: bool,
}

/// The type of a description (webrtc-pc §4.6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DescriptionKind {
    /// It opens the exchange.
    Offer,
    /// It ends it.
    Answer,
    /// It answers for the time being.
    Pranswer,
    /// It takes an offer back.
    Rollback,
}

impl DescriptionKind {
    /// From its name in webrtc-pc.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "offer" => Some(Self::Offer),
            "answer" => Some(Self::Answer),
            "pranswer" => Some(Self::Pranswer),
            "rollback" => Some(Self::Rollback),
            _ => None,
        }
    }
}

/// What an `m=` line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaSection {
    /// What is in it.
    pub medium: Medium,
    /// Its port is 0, and it is not offered in a bundle only.
    pub rejected: bool,
    /// Whoever wrote it sends in it.
    pub sends: bool,
    /// Whoever wrote it receives in it.
    pub receives: bool,
}

/// What a media section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// Data channels, or something else.
    Other,
}

impl Description {
    /// Reads a description; lines end in CRLF or LF.
    pub fn read(kind: Option<DescriptionKind>, sdp: &str) -> Self {
        let mut read = Self { kind, is_blank: sdp.trim().is_empty(), ..Self::default() };
        let mut bundle_only = false;
        for line in head(sdp).lines() {
            let line = line.trim();
            if let Some(media) = line.strip_prefix("m=") {
                read.begin_section(media);
                bundle_only = false;
            } else if let Some(origin) = line.strip_prefix("o=") {
                read.origin = origin.split(' ').nth(1).map(str::to_owned);
            } else if let Some(attribute) = line.strip_prefix("a=") {
                bundle_only |= attribute == "bundle-only";
                read.attribute(attribute);
                if let Some(section) = read.sections.last_mut().filter(|_| bundle_only) {
                    section.rejected = false;
                }
            }
        }
        read
    }

    /// Whether whoever wrote it sends so.
    pub fn sends(&self, medium: Medium) -> bool {
        self.sections.iter().any(|section| section.medium == medium && section.sends && !section.rejected)
    }

    fn begin_section(&mut self, media: &str) {
        let mut words = media.split(' ');
        let medium = match words.next() {
            Some("audio") => Medium::Audio,
            Some("video") => Medium::Video,
            _ => Medium::Other,
        };
        let rejected = words.next() == Some("0");
        if self.sections.len() < SECTIONS_MAX {
            // RFC 8866 §6.7: without a direction both ways are meant.
            self.sections.push(MediaSection { medium, rejected, sends: true, receives: true });
        }
    }

    fn attribute(&mut self, attribute: &str) {
        let (name, value) = attribute.split_once(':').unwrap_or((attribute, ""));
        let direction = match name {
            "sendrecv" => Some((true, true)),
            "sendonly" => Some((true, false)),
            "recvonly" => Some((false, true)),
            "inactive" => Some((false, false)),
            _ => None,
        };
        if let (Some((sends, receives)), Some(section)) = (direction, self.sections.last_mut()) {
            (section.sends, section.receives) = (sends, receives);
        }
        match name {
            "ice-ufrag" if self.ufrags.len() < SECTIONS_MAX => keep_once(&mut self.ufrags, value.to_owned()),
            "fingerprint" if self.fingerprints.len() < SECTIONS_MAX => {
                if let Ok(fingerprint) = Fingerprint::parse(value) {
                    keep_once(&mut self.fingerprints, fingerprint);
                }
            }
            "setup" => self.setup = self.setup.or_else(|| Setup::parse(value)),
            "ice-lite" => self.lite = true,
            "end-of-candidates" => self.end_of_candidates = true,
            "ssrc" if self.sources.len() < SECTIONS_MAX => {
                if let Some((_, name)) = value.split_once(" cname:") {
                    keep_once(&mut self.sources, name.to_owned());
                }
            }
            "candidate" if self.candidates.len() < CANDIDATES_MAX => self.candidates.push(attribute.to_owned()),
            _ => {}
        }
    }
}

fn keep_once<T: PartialEq>(kept: &mut Vec<T>, value: T) {
    if !kept.contains(&value) {
        kept.push(value);
    }
}

/// As much of a text as is read, at a character's edge.
fn head(text: &str) -> &str {
    let most = text.len().min(BYTES_MAX);
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 4611 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:abcd\r\na=ice-pwd:secretsecretsecretsecret\r\na=setup:actpass\r\n\
        a=recvonly\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n\
        m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:abcd\r\na=bundle-only\r\n\
        m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\n\
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";

    #[test]
    fn what_tells_two_ends_apart_is_kept_and_no_password_is() {
        let read = Description::read(Some(DescriptionKind::Offer), OFFER);
        assert_eq!(read.ufrags, ["abcd"]);
        assert_eq!((read.origin.as_deref(), read.setup, read.lite), (Some("4611"), Some(Setup::Actpass), true));
        assert_eq!(read.candidates.len(), 1);
        assert!(!format!("{read:?}").contains("secret"));
    }

    #[test]
    fn a_direction_is_its_sections_alone_and_port_0_in_a_bundle_is_no_refusal() {
        let read = Description::read(None, OFFER);
        let told: Vec<_> = read.sections.iter().map(|section| (section.rejected, section.sends)).collect();
        assert_eq!(told, [(false, false), (false, true), (true, true), (false, true)]);
        assert!(!read.sends(Medium::Audio) && read.sends(Medium::Video));
    }

    #[test]
    fn a_blanked_description_says_so() {
        assert!(Description::read(None, "").is_blank);
    }
}
