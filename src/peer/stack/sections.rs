//! Which of the other end's media sections go the one way that str0m has, and how they have to be written for it (RFC 9143).
//!
//! str0m bundles everything, wants a `mid` in every section and every section in the group. Others need not: sections that
//! are not bundled have a way of their own each, and one that stands alone needs neither `mid` nor group. So str0m is shown
//! those that go with the first one in use, under names of our making where they have none; the others are refused.

use std::collections::BTreeSet;

/// One media section of the other end's description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct BundleSection {
    /// Its `m=` line.
    line: String,
    /// The `mid` that it has, or that stands for it.
    mid: String,
    has_mid: bool,
    has_credentials: bool,
    /// Port 0, and not because it is bundled (RFC 3264 §6, RFC 9143 §6).
    is_refused: bool,
    /// The lines that say what its first format is.
    codec: Vec<String>,
    /// It goes the one way.
    is_carried: bool,
}

/// The sections of a description, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BundleSections {
    sections: Vec<BundleSection>,
    is_bundled: bool,
}

const GROUP: &str = "a=group:";
const BUNDLE: &str = "a=group:BUNDLE";
const MID: &str = "a=mid:";
const BUNDLE_ONLY: &str = "a=bundle-only";
const INACTIVE: &str = "a=inactive";
const DIRECTIONS: [&str; 4] = ["a=sendrecv", "a=sendonly", "a=recvonly", INACTIVE];

/// The port of a section in use whose candidates say where it goes (RFC 8829 §5.3.1).
const PORT_IN_USE: &str = "9";

fn lines(sdp: &str) -> impl Iterator<Item = &str> {
    sdp.lines().map(str::trim_end).filter(|line| !line.is_empty())
}

/// The mids of a description, in the order of its sections.
fn mids(sdp: &str) -> Vec<&str> {
    lines(sdp).filter_map(|line| line.strip_prefix(MID)).collect()
}

/// The header extension in which packets name their section (RFC 9143 §15.2).
const MID_EXTENSION: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";

fn asks_for_mid(line: &str) -> bool {
    line.starts_with("a=extmap:") && line.split(' ').nth(1) == Some(MID_EXTENSION)
}

fn is_refused(line: &str) -> bool {
    line.split(' ').nth(1).is_some_and(|port| port == "0" || port.starts_with("0/"))
}

/// An `m=` line with port 0.
fn refused(line: &str) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    if let Some(port) = words.get_mut(1) {
        *port = "0";
    }
    words.join(" ")
}

impl BundleSection {
    fn of(line: &str) -> Self {
        Self { line: line.to_owned(), is_refused: is_refused(line), ..Self::default() }
    }

    fn is_media(&self) -> bool {
        ["m=audio ", "m=video "].iter().any(|kind| self.line.starts_with(kind))
    }

    /// Its `m=` line in an answer that takes it, with its first format alone.
    fn silent(&self) -> String {
        let words: Vec<&str> = self.line.split(' ').filter(|word| !word.is_empty()).take(4).collect();
        let words = words.iter().enumerate().map(|(at, word)| if at == 1 { PORT_IN_USE } else { word });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Whether a line says what its first format is.
    fn describes_format(&self, line: &str) -> bool {
        let value = ["a=rtpmap:", "a=fmtp:"].iter().find_map(|start| line.strip_prefix(start));
        value
            .and_then(|value| value.split(' ').next())
            .is_some_and(|format| self.line.split(' ').nth(3) == Some(format))
    }

    /// Whether it is of a kind that str0m knows at all: it leaves the others out.
    fn is_known(&self) -> bool {
        ["m=audio ", "m=video ", "m=application "].iter().any(|kind| self.line.starts_with(kind))
    }
}

impl BundleSections {
    /// Reads the other end's description, in time that grows with its length. Sections of an answer are those of our `offer`
    /// in the same place (RFC 3264 §6), whatever they are called.
    pub(super) fn read(sdp: &str, offer: Option<&str>) -> Self {
        let mut read = Self::default();
        let (mut bundle, mut has_session_credentials) = (BTreeSet::new(), false);
        let offered: Vec<&str> = offer.map(mids).unwrap_or_default();
        for line in lines(sdp) {
            if line.starts_with("m=") {
                read.sections.push(BundleSection::of(line));
            } else if let Some(mids) = line.strip_prefix(BUNDLE).filter(|_| bundle.is_empty()) {
                bundle.extend(mids.split(' ').filter(|mid| !mid.is_empty()));
            }
            let Some(section) = read.sections.last_mut() else {
                has_session_credentials |= line.starts_with("a=ice-ufrag:");
                continue;
            };
            section.has_credentials |= has_session_credentials || line.starts_with("a=ice-ufrag:");
            section.is_refused &= line != BUNDLE_ONLY;
            if let Some(mid) = line.strip_prefix(MID) {
                (section.mid, section.has_mid) = (mid.to_owned(), true);
            } else if section.describes_format(line) {
                section.codec.push(line.to_owned());
            }
        }
        let unnamed = read.sections.iter_mut().zip(offered).filter(|(section, _)| !section.has_mid);
        unnamed.for_each(|(section, mid)| mid.clone_into(&mut section.mid));
        let in_use =
            || read.sections.iter().enumerate().filter(|(_, section)| !section.is_refused && section.is_known());
        let first = in_use().find(|(_, section)| section.has_credentials).or_else(|| in_use().next());
        let first = first.map(|(at, section)| (at, section.mid.clone()));
        read.is_bundled = first.as_ref().is_some_and(|(_, mid)| bundle.contains(mid.as_str()));
        for (at, section) in read.sections.iter_mut().enumerate() {
            let is_with_the_first = read.is_bundled && bundle.contains(section.mid.as_str());
            let is_the_first = first.as_ref().is_some_and(|(first, _)| *first == at);
            section.is_carried = section.is_known() && !section.is_refused && (is_the_first || is_with_the_first);
        }
        read.name();
        read
    }

    /// Gives a `mid` to every section that has none.
    fn name(&mut self) {
        let mut taken: BTreeSet<String> = self.sections.iter().map(|section| section.mid.clone()).collect();
        for section in self.sections.iter_mut().filter(|section| section.mid.is_empty()) {
            let free = (0..).map(|number: usize| format!("n{number}")).find(|mid| !taken.contains(mid));
            section.mid = free.unwrap_or_default();
            taken.insert(section.mid.clone());
        }
    }

    /// How many sections are wanted and do not go the one way.
    pub(super) fn left_out(&self) -> u32 {
        let left_out = self.sections.iter().filter(|section| !section.is_refused && !section.is_carried).count();
        u32::try_from(left_out).unwrap_or(u32::MAX)
    }

    fn group(&self) -> String {
        let carried = self.sections.iter().filter(|section| section.is_carried);
        carried.fold(BUNDLE.to_owned(), |group, section| format!("{group} {}", section.mid))
    }

    /// The other end's description for str0m.
    pub(super) fn for_one_way(&self, sdp: &str) -> String {
        let mut text = String::with_capacity(sdp.len() + 64);
        let mut line = |line: &str| {
            text.push_str(line);
            text.push_str("\r\n");
        };
        let mut following = self.sections.iter();
        // The section that is still to be named, and whether the other end knows the name of the one that is read.
        let (mut unnamed, mut is_known): (Option<&BundleSection>, bool) = (None, true);
        for old in lines(sdp).filter(|old| !old.starts_with(GROUP) && !old.starts_with(MID) && *old != BUNDLE_ONLY) {
            if old.starts_with("m=") || old.starts_with("a=") {
                unnamed.take().into_iter().for_each(|section| line(&format!("{MID}{}", section.mid)));
            }
            if !old.starts_with("m=") {
                // It takes no packet that names a section of which it has not heard.
                if is_known || !asks_for_mid(old) {
                    line(old);
                }
                continue;
            }
            if following.len() == self.sections.len() {
                line(&self.group());
            }
            unnamed = following.next();
            let is_of_the_bundle = unnamed.is_some_and(|section| section.is_carried);
            is_known = unnamed.is_none_or(|section| section.has_mid);
            line(&if is_of_the_bundle { old.to_owned() } else { refused(old) });
        }
        unnamed.into_iter().for_each(|section| line(&format!("{MID}{}", section.mid)));
        text
    }

    /// str0m's answer to a description with these sections, as the other end is to see it: a section that does not go the
    /// one way is refused, and what was not offered is not answered with. One of which no codec is spoken here stays, and
    /// nothing is sent in it: whoever bundles has its transport in the first section, and loses all with that (RFC 9143 §7.5.3).
    pub(super) fn answered(&self, answer: &str) -> String {
        let mut text = String::with_capacity(answer.len() + 64);
        let mut line = |line: &str| {
            text.push_str(line);
            text.push_str("\r\n");
        };
        let mut of_offer = self.sections.iter();
        let mut section: Option<&BundleSection> = None;
        let mut kept: Option<&BundleSection> = None;
        for own in lines(answer) {
            if own.starts_with("m=") {
                section = refuse_unknown(&mut of_offer, &mut line);
                kept = section.filter(|section| section.is_media() && section.is_carried && is_refused(own));
                let is_carried = section.is_none_or(|section| section.is_carried);
                line(&match kept {
                    Some(kept) => kept.silent(),
                    None if is_carried => own.to_owned(),
                    None => refused(own),
                });
            } else if own.starts_with(GROUP) {
                if self.is_bundled {
                    line(&self.group());
                }
            } else if let Some(kept) = kept.filter(|_| DIRECTIONS.contains(&own)) {
                line(INACTIVE);
                kept.codec.iter().for_each(|codec| line(codec));
            } else if !own.starts_with(MID) || section.is_none_or(|section| section.has_mid) {
                line(own);
            }
        }
        refuse_unknown(&mut of_offer, &mut line);
        text
    }
}

/// Refuses the sections of a kind that str0m leaves out; the next of another kind.
fn refuse_unknown<'a>(
    sections: &mut impl Iterator<Item = &'a BundleSection>,
    line: &mut impl FnMut(&str),
) -> Option<&'a BundleSection> {
    for section in sections {
        if section.is_known() {
            return Some(section);
        }
        line(&refused(&section.line));
        line("c=IN IP4 0.0.0.0");
        if section.has_mid {
            line(&format!("{MID}{}", section.mid));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUNDLED: &str = "v=0\r\na=group:BUNDLE a v\r\nm=audio 9 X 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:x\r\na=mid:a\r\n\
                           m=video 9 X 96\r\na=mid:v\r\n";

    fn carried(sdp: &str) -> (Vec<bool>, u32) {
        let read = BundleSections::read(sdp, None);
        (read.sections.iter().map(|section| section.is_carried).collect(), read.left_out())
    }

    #[test]
    fn what_is_bundled_with_the_first_section_in_use_goes_the_one_way() {
        assert_eq!(carried(BUNDLED), (vec![true, true], 0));
        assert_eq!(carried(&BUNDLED.replace("audio 9", "audio 0")), (vec![false, true], 0), "the first is refused");
        assert_eq!(carried(&BUNDLED.replace("video 9", "video 0")), (vec![true, false], 0));
        let bundle_only = BUNDLED.replace("video 9", "video 0") + "a=bundle-only\r\n";
        assert_eq!(carried(&bundle_only), (vec![true, true], 0));
        assert_eq!(carried(&BUNDLED.replace("a=group:BUNDLE a v\r\n", "")), (vec![true, false], 1));
        assert_eq!(carried(&BUNDLED.replace("BUNDLE a v", "BUNDLE a")), (vec![true, false], 1));
        assert_eq!(carried(&BUNDLED.replace("m=video", "m=text")), (vec![true, false], 1));
        assert_eq!(carried(""), (vec![], 0));
    }

    #[test]
    fn a_section_without_a_name_gets_one_that_nobody_has_before_its_other_attributes() {
        let bare = "v=0\r\nm=audio 9 X 111\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\nm=video 9 X 96\r\na=mid:n0\r\nm=text 9 X t\r\n";
        let sections = BundleSections::read(bare, None);
        let shown = sections.for_one_way(bare);
        assert_eq!(
            shown,
            "v=0\r\na=group:BUNDLE n1\r\nm=audio 9 X 111\r\nc=IN IP4 0.0.0.0\r\na=mid:n1\r\na=sendrecv\r\n\
             m=video 0 X 96\r\na=mid:n0\r\nm=text 0 X t\r\na=mid:n2\r\n"
        );
    }

    #[test]
    fn sections_of_an_answer_have_the_names_of_the_offer_and_no_packet_tells_a_name_that_was_not_given() {
        let unnamed = BUNDLED.replace("a=mid:a\r\n", "").replace("a=mid:v\r\n", "");
        let left_out = |offer| BundleSections::read(&unnamed, offer).left_out();
        assert_eq!((left_out(Some(BUNDLED)), left_out(None)), (0, 1));
        let extmap = "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
        let shown = |sdp: &str| BundleSections::read(sdp, None).for_one_way(sdp).contains(extmap);
        assert!(shown(&format!("{BUNDLED}{extmap}")) && !shown(&format!("{unnamed}{extmap}")));
    }

    #[test]
    fn an_answer_has_the_sections_names_and_group_of_the_offer_and_no_others() {
        let answer = "v=0\r\na=group:BUNDLE a v\r\nm=audio 9 X 111\r\na=mid:a\r\nm=video 9 X 96\r\na=mid:v\r\n";
        assert_eq!(BundleSections::read(BUNDLED, None).answered(answer), answer);
        let apart =
            BundleSections::read(&BUNDLED.replace("a=group:BUNDLE a v\r\n", "").replace("a=mid:v\r\n", ""), None);
        assert_eq!(apart.answered(answer), "v=0\r\nm=audio 9 X 111\r\na=mid:a\r\nm=video 0 X 96\r\n");
        let with_text =
            BundleSections::read(&BUNDLED.replace("m=video 9", "m=text 9 X t\r\na=mid:t\r\nm=video 9"), None);
        assert_eq!(
            with_text.answered(answer),
            answer.replace("m=video", "m=text 0 X t\r\nc=IN IP4 0.0.0.0\r\na=mid:t\r\nm=video")
        );
    }

    #[test]
    fn a_section_of_which_no_codec_is_spoken_stays_in_its_group_and_carries_nothing() {
        let answer = "v=0\r\na=group:BUNDLE v\r\nm=audio 0 X 0\r\nc=IN IP4 0.0.0.0\r\na=mid:a\r\na=sendrecv\r\n\
                      m=video 9 X 96\r\na=mid:v\r\n";
        let offer = BUNDLED.replace("X 111", "X 8 18").replace("a=mid:a\r\n", "a=mid:a\r\na=rtpmap:8 PCMA/8000\r\n\
                                                                              a=fmtp:8 x=1\r\na=rtpmap:18 G729/8000\r\n");
        assert_eq!(
            BundleSections::read(&offer, None).answered(answer),
            "v=0\r\na=group:BUNDLE a v\r\nm=audio 9 X 8\r\nc=IN IP4 0.0.0.0\r\na=mid:a\r\na=inactive\r\n\
             a=rtpmap:8 PCMA/8000\r\na=fmtp:8 x=1\r\nm=video 9 X 96\r\na=mid:v\r\n"
        );
        let refused_there = BundleSections::read(&offer.replace("audio 9", "audio 0"), None).answered(answer);
        assert!(
            refused_there.contains("BUNDLE v\r\nm=audio 0"),
            "what the other end ended is not begun: {refused_there}"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_and_each_section_stays(text in "(v=0\n)?([ma]=[ -~é]{0,30}\r?\n){0,20}\\PC{0,40}") {
            let sections = BundleSections::read(&text, None);
            let count = |sdp: &str| lines(sdp).filter(|line| line.starts_with("m=")).count();
            proptest::prop_assert_eq!(count(&sections.for_one_way(&text)), count(&text));
            sections.answered(&text);
        }
    }
}
