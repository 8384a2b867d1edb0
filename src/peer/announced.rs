//! What does the other end's description say that it will send, and that it does not want? (RFC 8866 §6.7, RFC 3264 §5.1, RFC 9143 §6)
//!
//! A direction alone is no promise: libdatachannel answers `sendrecv` and has nothing to send. Who sends names what
//! (`a=msid`, RFC 8829 §5.2.1; `a=ssrc`, RFC 5576), and does not say our own names back to us, as libdatachannel does.

use std::collections::BTreeSet;

/// What is announced: a section that is refused, or whose direction does not send, is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AnnouncedMedia {
    pub audio: bool,
    pub video: bool,
    /// SCTP, on which data channels run.
    pub data: bool,
    /// Sections that stand, and by whose direction nothing is to be sent to it (RFC 3264 §6.1).
    pub declines: Declined,
}

/// Kinds of media that an end does not want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Declined {
    pub audio: bool,
    pub video: bool,
}

/// How often it is told that the other end announces something else than before: it may change that with each offer.
const MOST_TOLD: u32 = 16;

/// What the other end has announced by now.
#[derive(Default)]
pub(super) struct Announcements {
    latest: Option<AnnouncedMedia>,
    told: u32,
}

impl Announcements {
    /// Whether this is another one than before, and not one of too many.
    pub(super) fn is_to_be_told(&mut self, announced: AnnouncedMedia) -> bool {
        let is_another = self.latest.replace(announced) != Some(announced);
        self.told += u32::from(is_another && self.told < MOST_TOLD + 1);
        is_another && self.told <= MOST_TOLD
    }
}

/// What a direction says of its end.
#[derive(Clone, Copy)]
struct SectionDirection {
    sends: bool,
    receives: bool,
}

impl SectionDirection {
    /// Where nothing is said (RFC 8866 §6.7.1).
    const USUAL: Self = Self { sends: true, receives: true };

    /// None of a line that says nothing of it.
    fn read(line: &str) -> Option<Self> {
        Some(match line {
            "a=sendrecv" => Self::USUAL,
            "a=sendonly" => Self { sends: true, receives: false },
            "a=recvonly" => Self { sends: false, receives: true },
            "a=inactive" => Self { sends: false, receives: false },
            _ => return None,
        })
    }
}

/// One media section.
struct AnnouncedSection<'a> {
    media: &'a str,
    is_refused: bool,
    direction: SectionDirection,
    names_a_stream: bool,
}

/// Whether a line names what is sent.
fn is_name(line: &str) -> bool {
    line.starts_with("a=msid:") || line.starts_with("a=ssrc:")
}

impl AnnouncedMedia {
    pub(super) const ALL: Self =
        Self { audio: true, video: true, data: true, declines: Declined { audio: false, video: false } };

    /// Reads the other end's description; `ours` is the one that it answers. Takes time in proportion to its length.
    pub(super) fn read(sdp: &str, ours: Option<&str>) -> Self {
        let names = |sdp: &'_ str| -> BTreeSet<String> {
            sdp.lines().map(str::trim_end).filter(|line| is_name(line)).map(str::to_owned).collect()
        };
        let our_names = ours.map(names).unwrap_or_default();
        let mut announced = Self { audio: false, video: false, data: false, declines: Declined::default() };
        // What stands before the first section is the default for all (RFC 8866 §5.13).
        let mut usual = SectionDirection::USUAL;
        let mut section: Option<AnnouncedSection<'_>> = None;
        for line in sdp.lines().map(str::trim_end) {
            if let Some(rest) = line.strip_prefix("m=") {
                announced.take(section.take());
                let mut words = rest.split(' ');
                let (media, port) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                section =
                    Some(AnnouncedSection { media, is_refused: port == "0", direction: usual, names_a_stream: false });
                continue;
            }
            if line == "a=bundle-only" {
                // In a bundled section port 0 is no refusal (RFC 9143 §7.2.1).
                section.iter_mut().for_each(|section| section.is_refused = false);
            } else if is_name(line) {
                let is_own = !our_names.contains(line);
                section.iter_mut().for_each(|section| section.names_a_stream |= is_own);
            } else if let Some(direction) = SectionDirection::read(line) {
                match &mut section {
                    Some(section) => section.direction = direction,
                    None => usual = direction,
                }
            }
        }
        announced.take(section);
        announced
    }

    fn take(&mut self, section: Option<AnnouncedSection<'_>>) {
        let Some(section) = section.filter(|section| !section.is_refused) else { return };
        let AnnouncedSection { media, direction, names_a_stream, .. } = section;
        let sends = direction.sends && names_a_stream;
        match media {
            "audio" => (self.audio, self.declines.audio) = (self.audio || sends, !direction.receives),
            "video" => (self.video, self.declines.video) = (self.video || sends, !direction.receives),
            "application" => self.data = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sdp: &str) -> (bool, bool, bool) {
        let AnnouncedMedia { audio, video, data, .. } = AnnouncedMedia::read(sdp, None);
        (audio, video, data)
    }

    #[test]
    fn what_a_direction_or_a_refused_section_takes_away_is_not_announced() {
        let all = "v=0\r\nm=audio 9 X 111\r\na=sendrecv\r\na=msid:- a\r\nm=video 9 X 96\r\na=ssrc:7 cname:v\r\nm=application 9 X y\r\n";
        assert_eq!(of(all), (true, true, true));
        assert_eq!(of(&all.replace("a=sendrecv", "a=recvonly")), (false, true, true));
        assert_eq!(of(&all.replace("a=sendrecv", "a=inactive")), (false, true, true));
        assert_eq!(of(&all.replace("a=msid:- a\r\n", "")), (false, true, true), "nothing is named to be sent");
        assert_eq!(of(&all.replace("video 9", "video 0")), (true, false, true));
        assert_eq!(of(&all.replace("application 9", "application 0")), (true, true, false));
        let by_default = "v=0\na=inactive\nm=audio 9 X\na=msid:- a\nm=video 9 X\na=sendonly\na=msid:- v\n";
        assert_eq!(of(by_default), (false, true, false));
        assert_eq!(of("m=audio 0 X\na=bundle-only\na=msid:- a\n"), (true, false, false));
        assert_eq!(of(""), (false, false, false));
    }

    #[test]
    fn media_are_declined_by_the_direction_of_a_section_that_stands() {
        let declined = |direction: &str| {
            let sdp = format!("m=audio 9 X\na=sendrecv\na=msid:- a\nm=video 9 X\na={direction}\na=msid:- v\n");
            let Declined { audio, video } = AnnouncedMedia::read(&sdp, None).declines;
            (audio, video)
        };
        for (direction, video) in [("sendrecv", false), ("recvonly", false), ("sendonly", true), ("inactive", true)] {
            assert_eq!(declined(direction), (false, video), "{direction}");
        }
        let refused = "m=audio 9 X\nm=video 0 X\na=inactive\n";
        assert_eq!(AnnouncedMedia::read(refused, None).declines, Declined::default(), "it is refused as a whole");
        let by_default = "v=0\na=sendonly\nm=audio 9 X\n";
        assert!(AnnouncedMedia::read(by_default, None).declines.audio);
    }

    #[test]
    fn our_own_names_said_back_to_us_name_nothing() {
        let ours = "m=audio 9 X\r\na=sendrecv\r\na=msid:s a\r\na=ssrc:7 cname:x\r\n";
        let theirs = "m=audio 9 X\r\na=sendrecv\r\na=msid:s a\r\n";
        assert!(!AnnouncedMedia::read(theirs, Some(ours)).audio);
        assert!(AnnouncedMedia::read(theirs, None).audio);
        assert!(AnnouncedMedia::read(&theirs.replace("s a", "t b"), Some(ours)).audio);
    }

    #[test]
    fn descriptions_of_real_stacks_announce_what_they_send() {
        for sdp in [
            include_str!("../../fixtures/sdp/chromium.sdp"),
            include_str!("../../fixtures/sdp/firefox.sdp"),
            include_str!("../../fixtures/sdp/aiortc.sdp"),
            include_str!("../../fixtures/sdp/werift.sdp"),
        ] {
            assert_ne!(of(sdp), (false, false, false), "{sdp}");
        }
    }
}
