//! Can a call be made of a description at all? (RFC 8829 §5.8, RFC 8842 §5, RFC 3264 §6)
//!
//! Pairs can be checked with little more than credentials. A call takes sections that both ends want, codecs that both
//! speak, and a certificate to hold the other end to. What browsers refuse is refused here, each with a name of its own and
//! the line that it stands on; whoever reads SDP after this has no reason left that is not its own limit.

use super::layout::{check_answer, check_names, check_offer_again};
use super::{SessionDescription, Setup};
use crate::model::CallFault;

/// The codecs that this end speaks: the two that every browser does (RFC 7742 §5, RFC 7874 §3).
const SPOKEN: [&str; 2] = ["opus", "VP8"];

/// Formats that carry other codecs' media again, or protect it, or carry tones: with these alone nobody is heard or seen.
const HELPERS: [&str; 6] = ["rtx", "red", "ulpfec", "flexfec-03", "telephone-event", "CN"];

/// Media sections that are wanted and have no codec that both ends speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodecGap {
    /// Sound is among them.
    pub audio: bool,
    /// Video is among them.
    pub video: bool,
    /// The `m=` line of the first, from 1.
    pub line: Option<u32>,
}

/// One media section, as far as a call needs it.
#[derive(Default)]
struct CallSection<'a> {
    line: usize,
    kind: &'a str,
    is_refused: bool,
    has_rtcp_mux: bool,
    formats: Vec<&'a str>,
    /// Payload types and the codec of each, as `a=rtpmap` has them.
    codecs: Vec<(&'a str, &'a str)>,
}

/// What stands before the first section, or in any of them.
#[derive(Default)]
struct CallDescription<'a> {
    sections: Vec<CallSection<'a>>,
    has_fingerprint: bool,
    undecided: Option<usize>,
    held_off: Option<usize>,
    last_line: usize,
}

/// Payload types from here on have no meaning without an `a=rtpmap` (RFC 3551 §6).
const FIRST_DYNAMIC: u32 = 96;

impl<'a> CallSection<'a> {
    /// From what stands behind `m=`.
    fn read(line: usize, media: &'a str) -> Self {
        let mut words = media.split(' ');
        let (kind, port) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        Self { line, kind, is_refused: port == "0", formats: words.skip(1).collect(), ..Self::default() }
    }

    fn is_of_media(&self) -> bool {
        matches!(self.kind, "audio" | "video")
    }

    /// The names of its codecs, such as `opus`.
    fn codec_names(&self) -> impl Iterator<Item = &'a str> {
        let names = self.codecs.iter().filter_map(|(_, codec)| codec.split('/').next());
        names.filter(|name| !HELPERS.iter().any(|helper| name.eq_ignore_ascii_case(helper)))
    }

    /// Whether it is of media and none of its codecs is one of these.
    fn lacks_all(&self, codecs: &[&str]) -> bool {
        let is_known = |name: &str| codecs.iter().any(|codec| codec.eq_ignore_ascii_case(name));
        self.is_of_media() && !self.codec_names().any(is_known)
    }

    /// Whether it names payload types and says of none of them what it is. Of some alone it need not say it: browsers pass over
    /// those.
    fn lacks_every_codec(&self) -> bool {
        let is_dynamic = |format: &&str| format.parse::<u32>().is_ok_and(|number| number >= FIRST_DYNAMIC);
        self.is_of_media() && self.codecs.is_empty() && !self.formats.is_empty() && self.formats.iter().all(is_dynamic)
    }
}

impl<'a> CallDescription<'a> {
    fn read(sdp: &'a str) -> Self {
        let mut read = Self::default();
        for (line, text) in (1..).zip(sdp.lines()) {
            read.last_line = line;
            if let Some(media) = text.strip_prefix("m=") {
                read.sections.push(CallSection::read(line, media));
            } else if let Some(attribute) = text.strip_prefix("a=") {
                read.attribute(line, attribute);
            }
        }
        read
    }

    fn attribute(&mut self, line: usize, attribute: &'a str) {
        let (name, value) = attribute.split_once(':').unwrap_or((attribute, ""));
        // A space behind a word alone is taken by browsers.
        match (name.trim_end(), self.sections.last_mut()) {
            ("fingerprint", section) => self.has_fingerprint |= section.is_none_or(|section| !section.is_refused),
            ("setup", _) => match Setup::parse(value.trim()) {
                Some(Setup::Actpass) => drop(self.undecided.get_or_insert(line)),
                Some(Setup::Holdconn) => drop(self.held_off.get_or_insert(line)),
                Some(Setup::Active | Setup::Passive) | None => {}
            },
            ("rtcp-mux", Some(section)) => section.has_rtcp_mux = true,
            // Port 0 is no refusal then (RFC 9143 §6).
            ("bundle-only", Some(section)) => section.is_refused = false,
            ("rtpmap", Some(section)) => section.codecs.extend(value.split_once(' ')),
            _ => {}
        }
    }

    /// The codecs that an answer to it may have.
    fn codec_names(&self) -> Vec<&'a str> {
        self.sections.iter().flat_map(CallSection::codec_names).collect()
    }

    fn taken(&self) -> impl Iterator<Item = &CallSection<'a>> {
        self.sections.iter().filter(|section| !section.is_refused)
    }
}

impl SessionDescription {
    /// Whether a call can be made of the other end's description; `offer`: ours, which it answers. In time that grows with
    /// its length.
    pub fn check_call(theirs: &str, offer: Option<&str>) -> Result<(), CallFault> {
        let read = CallDescription::read(theirs);
        if !theirs.ends_with('\n') {
            return Err(CallFault::Cut { line: read.last_line });
        }
        match offer {
            Some(offer) => check_answer(theirs, offer)?,
            None => check_names(theirs)?,
        }
        if read.sections.last().is_some_and(|last| !last.is_refused && last.lacks_every_codec()) {
            return Err(CallFault::Cut { line: read.last_line });
        }
        let Some(first) = read.taken().next() else { return Err(CallFault::NothingTaken) };
        if !read.has_fingerprint {
            return Err(CallFault::NoFingerprint { line: first.line });
        }
        if let Some(apart) = read.taken().find(|section| section.is_of_media() && !section.has_rtcp_mux) {
            return Err(CallFault::NoRtcpMux { line: apart.line });
        }
        if let Some(line) = read.held_off {
            return Err(CallFault::Undecided { line });
        }
        let Some(offered) = offer.map(CallDescription::read) else {
            let is_spoken = read.taken().any(|section| !section.lacks_all(&SPOKEN));
            return if is_spoken { Ok(()) } else { Err(CallFault::NoneSpoken { line: first.line }) };
        };
        if let Some(line) = read.undecided {
            return Err(CallFault::Undecided { line });
        }
        let codecs = offered.codec_names();
        let is_of_use = read.taken().any(|section| !section.lacks_all(&codecs));
        if is_of_use { Ok(()) } else { Err(CallFault::NoCommonCodec { line: first.line }) }
    }

    /// The same of an offer that comes when a call is agreed on; `agreed`: our description of it (RFC 3264 §8).
    pub fn check_offer_again(theirs: &str, agreed: &str) -> Result<(), CallFault> {
        check_offer_again(theirs, agreed)?;
        Self::check_call(theirs, None)
    }

    /// The sections of the other end's description that it wants and that have no codec of our `offer`, or, where it offers
    /// itself, none that this end speaks.
    pub fn codec_gap(theirs: &str, offer: Option<&str>) -> Option<CodecGap> {
        let read = CallDescription::read(theirs);
        let codecs = offer.map_or_else(|| SPOKEN.to_vec(), |offer| CallDescription::read(offer).codec_names());
        let lacking: Vec<&CallSection<'_>> = read.taken().filter(|section| section.lacks_all(&codecs)).collect();
        let has = |kind| lacking.iter().any(|section| section.kind == kind);
        let line = u32::try_from(lacking.first()?.line).ok();
        Some(CodecGap { audio: has("audio"), video: has("video"), line })
    }

    /// Whether a line names a codec that this end speaks, as `a=rtpmap` does.
    pub fn is_spoken(line: &str) -> bool {
        let codec = line.strip_prefix("a=rtpmap:").and_then(|value| value.split_once(' '));
        let name = codec.and_then(|(_, codec)| codec.split('/').next());
        name.is_some_and(|name| SPOKEN.iter().any(|spoken| spoken.eq_ignore_ascii_case(name)))
    }

    /// Whether the text is a description that wants checks and no call: data alone, and no certificate for them.
    pub fn wants_no_call(sdp: &str) -> bool {
        let read = CallDescription::read(sdp);
        !read.has_fingerprint && !read.sections.iter().any(CallSection::is_of_media)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\na=fingerprint:sha-256 AB\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=setup:actpass\r\n\
                         a=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtcp-mux\r\n\
                         a=rtpmap:96 VP8/90000\r\n\
                         m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";

    fn answer(change: impl FnOnce(String) -> String) -> Result<(), CallFault> {
        let usual = OFFER.replace("actpass", "active");
        let changed = change(usual.clone());
        assert_ne!(changed, usual, "something is changed");
        SessionDescription::check_call(&changed, Some(OFFER))
    }

    #[test]
    fn what_both_ends_can_use_makes_a_call() {
        assert_eq!(SessionDescription::check_call(OFFER, None), Ok(()));
        assert_eq!(answer(|sdp| sdp.replace("video 9", "video 0")), Ok(()));
        assert_eq!(answer(|sdp| sdp.replace("opus/48000/2", "OPUS/48000/2")), Ok(()), "names have no case");
        assert_eq!(answer(|sdp| sdp.replace("\r\n", "\n")), Ok(()));
        assert_eq!(answer(|sdp| sdp.replace("a=rtcp-mux\r\n", "a=rtcp-mux \r\n")), Ok(()));
        assert_eq!(answer(|sdp| sdp.replace("a=setup:active\r\n", "")), Ok(()));
        let alone_in_a_section = |sdp: String| {
            let line = "a=fingerprint:sha-256 AB\r\n";
            sdp.replace(line, "").replace("m=video", &format!("{line}m=video"))
        };
        assert_eq!(answer(alone_in_a_section), Ok(()));
    }

    #[test]
    fn each_reason_against_a_call_is_told_with_its_line() {
        let lines = OFFER.lines().count();
        assert_eq!(answer(|sdp| sdp.trim_end().to_owned()), Err(CallFault::Cut { line: lines }));
        assert_eq!(
            answer(|sdp| sdp[..sdp.find("m=application").unwrap_or_default()].to_owned()),
            Err(CallFault::SectionsMissing { offered: 3, answered: 2 })
        );
        let refused = |sdp: String| sdp.replace("audio 9", "audio 0").replace("video 9", "video 0");
        assert_eq!(answer(|sdp| refused(sdp).replace("application 9", "application 0")), Err(CallFault::NothingTaken));
        let bare = |sdp: String| sdp.replace("a=fingerprint:sha-256 AB\r\n", "");
        assert_eq!(answer(bare), Err(CallFault::NoFingerprint { line: 2 }));
        for word in ["actpass", "ACTPASS"] {
            assert_eq!(answer(|sdp| sdp.replace("active", word)), Err(CallFault::Undecided { line: 4 }));
        }
        assert_eq!(answer(|sdp| sdp.replace("active", "holdconn")), Err(CallFault::Undecided { line: 4 }));
        let held_off = OFFER.replace("actpass", "holdconn");
        assert_eq!(SessionDescription::check_call(&held_off, None), Err(CallFault::Undecided { line: 4 }));
        let apart = |sdp: String| sdp.replacen("a=rtcp-mux\r\n", "", 1);
        assert_eq!(answer(apart), Err(CallFault::NoRtcpMux { line: 3 }));
        assert_eq!(answer(|sdp| apart(sdp).replace("audio 9", "audio 0")), Ok(()), "what is refused needs no way");
        let apart = apart(OFFER.to_owned());
        assert_eq!(SessionDescription::check_call(&apart, None), Err(CallFault::NoRtcpMux { line: 3 }));
        assert_eq!(
            answer(|sdp| sdp.replace("m=video", "m=audio")),
            Err(CallFault::SectionsDiffer { line: 7 }),
            "before what its sections hold"
        );
        let others = |sdp: String| sdp.replace("opus", "PCMU").replace("VP8", "H264");
        assert_eq!(
            answer(|sdp| others(sdp).replace("application 9", "application 0")),
            Err(CallFault::NoCommonCodec { line: 3 })
        );
        assert_eq!(answer(others), Ok(()), "data pass all the same");
        let helpers =
            |sdp: String| others(sdp).replace("a=rtpmap:96 H264", "a=rtpmap:97 rtx/90000\r\na=rtpmap:96 H264");
        let with_rtx = OFFER.replace("a=rtpmap:96 VP8", "a=rtpmap:97 rtx/90000\r\na=rtpmap:96 VP8");
        let without_data = helpers(OFFER.replace("actpass", "active")).replace("application 9", "application 0");
        assert_eq!(
            SessionDescription::check_call(&without_data, Some(&with_rtx)),
            Err(CallFault::NoCommonCodec { line: 3 }),
            "what only helps a codec is none"
        );
        let foreign = others(OFFER.to_owned()).replace("application 9", "application 0");
        assert_eq!(SessionDescription::check_call(&foreign, None), Err(CallFault::NoneSpoken { line: 3 }));
        assert_eq!(SessionDescription::check_call(&others(OFFER.to_owned()), None), Ok(()));
    }

    #[test]
    fn a_section_that_is_taken_without_a_codec_of_both_is_a_gap_and_one_that_is_refused_is_none() {
        let gap =
            |sdp: &str, offer| SessionDescription::codec_gap(sdp, offer).map(|gap| (gap.audio, gap.video, gap.line));
        let video = OFFER.replace("VP8", "H264");
        for offer in [Some(OFFER), None] {
            assert_eq!(gap(OFFER, offer), None);
            assert_eq!(gap(&video, offer), Some((false, true, Some(7))));
            assert_eq!(gap(&video.replace("opus", "PCMU"), offer), Some((true, true, Some(3))));
            assert_eq!(gap(&video.replace("video 9", "video 0"), offer), None);
            assert_eq!(gap(&OFFER.replace("a=rtpmap:111 opus/48000/2\r\n", ""), offer), Some((true, false, Some(3))));
        }
        assert_eq!(gap(&video, Some(&video)), None, "what was offered may be answered");
    }

    #[test]
    fn a_last_section_without_its_codec_is_cut_at_the_end_of_a_line() {
        let offer = OFFER.split("m=application").next().unwrap_or_default();
        let cut = offer.replace("a=rtpmap:96 VP8/90000\r\n", "").replace("actpass", "active");
        assert_eq!(SessionDescription::check_call(&cut, Some(offer)), Err(CallFault::Cut { line: 8 }));
        assert_eq!(SessionDescription::check_call(&cut, None), Err(CallFault::Cut { line: 8 }));
        let one_unknown = offer.replace("SAVPF 96", "SAVPF 96 120");
        assert_eq!(SessionDescription::check_call(&one_unknown, None), Ok(()), "what is not explained is passed over");
        let answered = one_unknown.replace("actpass", "active");
        assert_eq!(SessionDescription::check_call(&answered, Some(offer)), Ok(()));
    }

    #[test]
    fn data_without_a_certificate_want_no_call_and_media_without_one_cannot_have_it() {
        let data = "v=0\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\n";
        assert!(SessionDescription::wants_no_call(data));
        assert!(!SessionDescription::wants_no_call(&format!("{data}m=audio 9 RTP/SAVPF 0\n")));
        assert!(!SessionDescription::wants_no_call(OFFER));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(v=0\n)?([ma]=[ -~é]{0,30}\r?\n){0,20}\\PC{0,40}") {
            let _ = SessionDescription::check_call(&text, Some(OFFER));
            let _ = SessionDescription::check_call(&text, None);
        }
    }
}
