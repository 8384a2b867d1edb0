//! Reads the other end's description in one pass over its lines.

use super::{Fingerprint, Password, RemoteCandidate, SessionDescription, Setup, fit_ufrag};
use crate::ice::number;
use crate::model::{FingerprintError, Quoted, SdpError};
use std::collections::BTreeSet;

/// One section, of the session or of a medium. Line numbers are kept for the errors.
#[derive(Default)]
struct SdpSection<'a> {
    rejected: bool,
    bundle_only: bool,
    mid: Option<&'a str>,
    ufrag: Option<(usize, &'a str)>,
    pwd: Option<(usize, &'a str)>,
    lite: bool,
    trickle: bool,
    pacing_ms: Option<u32>,
    fingerprint: Option<(usize, Result<Fingerprint, FingerprintError>)>,
    setup: Option<(usize, &'a str)>,
    candidates: Vec<(usize, &'a str)>,
    ignored: u32,
    end_of_candidates: bool,
    /// The ids of its header extensions.
    extension_ids: BTreeSet<u64>,
    /// The mids of BUNDLE groups, each with the line of its group.
    bundled: Vec<(usize, &'a str)>,
}

impl SessionDescription {
    /// Reads an offer or an answer; lines end in CRLF or LF.
    pub fn read(sdp: &str) -> Result<Self, SdpError> {
        let (session, media) = sections(sdp)?;
        if media.is_empty() {
            return Err(SdpError::NoMedia);
        }
        let used: Vec<&SdpSection> = media.iter().filter(|section| !section.is_rejected()).collect();
        if used.is_empty() {
            return Err(SdpError::Rejected);
        }
        let with_ice = |section: &&&SdpSection| section.ufrag.is_some() || section.pwd.is_some();
        let chosen = *used.iter().find(with_ice).ok_or(SdpError::NoUfrag)?;
        let ufrag = chosen.ufrag.ok_or(SdpError::NoUfrag)?;
        let pwd = chosen.pwd.ok_or(SdpError::NoPwd)?;
        let bundle = session.bundle_of(chosen);
        let goes_elsewhere =
            |other: &&SdpSection| !std::ptr::eq(*other, chosen) && !other.mid.is_some_and(|mid| bundle.contains(mid));
        let elsewhere: Vec<&SdpSection> = used.iter().copied().filter(goes_elsewhere).collect();
        fit_ufrag(ufrag.1).map_err(|unfit| SdpError::Ufrag { line: ufrag.0, unfit })?;
        let mut description = Self {
            ufrag: ufrag.1.to_owned(),
            pwd: Password::new(pwd.1).map_err(|unfit| SdpError::Pwd { line: pwd.0, unfit })?,
            lite: session.lite || chosen.lite,
            trickle: session.trickle || chosen.trickle,
            pacing_ms: session.pacing_ms.or(chosen.pacing_ms),
            candidates: Vec::new(),
            refused: Vec::new(),
            elsewhere: elsewhere
                .iter()
                .flat_map(|other| &other.candidates)
                .map(|(_, line)| (*line).to_owned())
                .collect(),
            other_mids: elsewhere.iter().filter_map(|other| other.mid).map(str::to_owned).collect(),
            ignored: chosen.ignored,
            end_of_candidates: session.end_of_candidates || chosen.end_of_candidates,
            fingerprint: chosen.fingerprint().or(session.fingerprint()).transpose()?,
            setup: chosen.setup.or(session.setup).map(setup).transpose()?,
        };
        for (line, candidate) in &chosen.candidates {
            match RemoteCandidate::parse(candidate) {
                Ok(candidate) => description.candidates.push(candidate),
                Err(error) => description.refused.push((*line, error)),
            }
        }
        Ok(description)
    }
}

impl<'a> SdpSection<'a> {
    /// Whether the section is rejected (RFC 3264 §6); one that is offered only in a bundle is not (RFC 8843 §6).
    fn is_rejected(&self) -> bool {
        self.rejected && !self.bundle_only
    }

    /// The mids of the session's BUNDLE group that this media section is in (RFC 8843 §7.2).
    fn bundle_of(&self, media: &SdpSection) -> BTreeSet<&'a str> {
        let group = self.bundled.iter().find(|(_, mid)| Some(*mid) == media.mid).map(|(group, _)| *group);
        self.bundled.iter().filter(|(of, _)| Some(*of) == group).map(|(_, mid)| *mid).collect()
    }

    fn fingerprint(&self) -> Option<Result<Fingerprint, SdpError>> {
        let (line, fingerprint) = self.fingerprint.clone()?;
        Some(fingerprint.map_err(|fault| SdpError::Fingerprint { line, fault }))
    }

    fn attribute(&mut self, line: usize, attribute: &'a str) -> Result<(), SdpError> {
        let (name, whole) = attribute.split_once(':').unwrap_or((attribute, ""));
        let value = whole.trim();
        if !name.is_ascii() {
            return Err(SdpError::Attribute { line });
        }
        match name.trim_end() {
            "ice-ufrag" => self.ufrag = Some((line, value)),
            "ice-pwd" => self.pwd = Some((line, value)),
            "ice-lite" => self.lite = true,
            "ice-options" => self.trickle |= value.split(' ').any(|option| option == "trickle"),
            "ice-pacing" => self.pacing_ms = pacing_ms(value),
            "extmap" if !extension_id(value).is_some_and(|id| self.extension_ids.insert(id)) => {
                return Err(SdpError::ExtensionId { line });
            }
            "rtpmap" if !is_codec(value) => return Err(SdpError::Codec { line }),
            "simulcast" if !is_simulcast(value) => return Err(SdpError::Simulcast { line }),
            "setup" => self.setup = Some((line, value)),
            "mid" => self.mid = Some(value),
            "bundle-only" => self.bundle_only = true,
            "end-of-candidates" => self.end_of_candidates = true,
            "candidate" if self.candidates.len() < SessionDescription::CANDIDATES_MAX => {
                self.candidates.push((line, attribute));
            }
            "candidate" => self.ignored = self.ignored.saturating_add(1),
            // There may be several (RFC 8122 §5); the first that can be used is kept.
            "fingerprint" if !matches!(self.fingerprint, Some((_, Ok(_)))) => {
                self.fingerprint = Some((line, Fingerprint::parse(whole)));
            }
            "group" => {
                if let Some(mids) = value.strip_prefix("BUNDLE ") {
                    self.bundled.extend(mids.split(' ').map(|mid| (line, mid)));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The section of the session and those of its media, as they are read line by line.
#[derive(Default)]
struct Sections<'a> {
    session: SdpSection<'a>,
    media: Vec<SdpSection<'a>>,
    has_origin: bool,
    has_time: bool,
    blank: Option<usize>,
}

impl<'a> Sections<'a> {
    fn take(&mut self, line: usize, text: &'a str) -> Result<(), SdpError> {
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.contains('\r') {
            return Err(SdpError::LoneCr { line });
        }
        if text.contains('\0') {
            return Err(SdpError::Nul { line });
        }
        if line == 1 && text != "v=0" {
            return Err(SdpError::NoSdp);
        }
        // Browsers stop at a blank line, so that what follows is lost.
        if text.is_empty() {
            self.blank.get_or_insert(line);
            return Ok(());
        }
        if let Some(line) = self.blank {
            return Err(SdpError::Line { line });
        }
        let (kind, value) = text.split_once('=').ok_or(SdpError::Line { line })?;
        match kind.as_bytes() {
            b"m" => {
                let rejected = is_rejected(value).ok_or(SdpError::Media { line })?;
                if let Some(transport) = foreign_transport(value) {
                    return Err(SdpError::Transport { line, transport: Quoted::new(transport) });
                }
                self.media.push(SdpSection { rejected, ..SdpSection::default() });
            }
            b"o" if !is_origin(value) => return Err(SdpError::Origin { line }),
            b"o" => self.has_origin = true,
            b"b" if !is_bandwidth(value) => return Err(SdpError::Bandwidth { line }),
            b"t" => self.has_time = true,
            b"a" => self.media.last_mut().unwrap_or(&mut self.session).attribute(line, value)?,
            [letter] if letter.is_ascii_lowercase() => {}
            _ => return Err(SdpError::Line { line }),
        }
        Ok(())
    }
}

/// The section of the session and those of its media. A medium without ICE credentials inherits those of the session.
fn sections(sdp: &str) -> Result<(SdpSection<'_>, Vec<SdpSection<'_>>), SdpError> {
    check_text(sdp)?;
    let mut read = Sections::default();
    let mut lines = (1..).zip(sdp.split('\n')).peekable();
    while let Some((line, text)) = lines.next() {
        // What breaks off within a line is not malformed there: whoever makes a call of it tells that it is cut.
        let breaks_off = line > 1 && lines.peek().is_none();
        match read.take(line, text) {
            Err(_) if breaks_off => {}
            taken => taken?,
        }
    }
    // Browsers do without a session's name, and without these two they do not (RFC 8866 §5).
    for (start, is_there) in [("o=", read.has_origin), ("t=", read.has_time)] {
        if !is_there {
            return Err(SdpError::NoLine { start: start.to_owned() });
        }
    }
    let Sections { session, mut media, .. } = read;
    for section in &mut media {
        section.ufrag = section.ufrag.or(session.ufrag);
        section.pwd = section.pwd.or(session.pwd);
    }
    Ok((session, media))
}

fn check_text(sdp: &str) -> Result<(), SdpError> {
    if sdp.len() > SessionDescription::BYTES_MAX {
        return Err(SdpError::TooLarge { bytes: sdp.len(), most: SessionDescription::BYTES_MAX });
    }
    // ASCII in UTF-16 is valid UTF-8 in which every second byte is a NUL.
    let bytes = sdp.as_bytes();
    if bytes.starts_with(b"v\0=\0") || bytes.starts_with(b"\0v\0=") {
        return Err(SdpError::Utf16);
    }
    if sdp.starts_with('\u{feff}') {
        return Err(SdpError::ByteOrderMark);
    }
    if sdp.trim().is_empty() {
        return Err(SdpError::Empty);
    }
    Ok(())
}

/// Whether this is what stands behind `o=`: user, session, version, and where it was made, as three words (RFC 8866 §5.2).
fn is_origin(value: &str) -> bool {
    value.split(' ').count() == 6 && value.split(' ').all(|word| !word.is_empty())
}

/// Whether this is what stands behind `b=`, such as `AS:500` (RFC 8866 §5.8).
fn is_bandwidth(value: &str) -> bool {
    value.split_once(':').is_some_and(|(_, bandwidth)| number(bandwidth).is_some())
}

/// The id of a header extension (RFC 8285 §5): what fits into a byte, and in an offer one of those that stand for none yet.
fn extension_id(value: &str) -> Option<u64> {
    let word = value.split(' ').next()?;
    let id = word.split_once('/').map_or(word, |(id, _direction)| id);
    number(id).filter(|id| matches!(id, 1..=255 | 4_096..=4_351))
}

/// Whether the port of an `m=` line such as `application 9 UDP/DTLS/SCTP webrtc-datachannel` is 0; None where the line
/// is malformed.
fn is_rejected(media: &str) -> Option<bool> {
    let mut words = media.split(' ');
    let (_kind, port, _protocol, _format) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let port = port.split_once('/').map_or(port, |(port, _)| port);
    number(port).filter(|port| *port <= u64::from(u16::MAX)).map(|port| port == 0)
}

/// The transport of sound or pictures, such as `UDP/TLS/RTP/SAVPF`, where it has nothing of RTP: browsers read no more then.
fn foreign_transport(media: &str) -> Option<&str> {
    let mut words = media.split(' ');
    let is_of_media = matches!(words.next(), Some("audio" | "video"));
    words.nth(1).filter(|transport| is_of_media && !transport.contains("RTP/"))
}

/// Whether this is what stands behind `a=rtpmap:`, such as `96 VP8/90000` (RFC 8866 §6.6).
fn is_codec(value: &str) -> bool {
    let codec = value.split_once(' ').and_then(|(_, codec)| codec.split_once('/'));
    let rate = codec.and_then(|(_, rate)| rate.split('/').next());
    rate.is_some_and(|rate| !rate.is_empty() && number(rate).is_some())
}

/// Whether this is what stands behind `a=simulcast:`: one direction or both, each with its streams (RFC 8853 §5.1).
fn is_simulcast(value: &str) -> bool {
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    matches!(words.len(), 2 | 4) && words.iter().step_by(2).all(|direction| matches!(*direction, "send" | "recv"))
}

/// Ten digits are allowed (RFC 8839 §5.5), which are more than a month.
fn pacing_ms(value: &str) -> Option<u32> {
    number(value).map(|pacing| u32::try_from(pacing).unwrap_or(u32::MAX))
}

fn setup((line, value): (usize, &str)) -> Result<(Setup, u32), SdpError> {
    let setup = Setup::parse(value).ok_or_else(|| SdpError::Setup { line, setup: Quoted::new(value) })?;
    Ok((setup, u32::try_from(line).unwrap_or(u32::MAX)))
}
