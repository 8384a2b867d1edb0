//! Which sections does a description have, under which names, and are they those that were offered or agreed on? (RFC 3264
//! §6, §8; RFC 9143 §7)
//!
//! Who answers has no say in this, nor has who offers again: a section is known by its place, and in a bundle by its name. So
//! a description with another layout speaks of another call, or was changed on its way, and browsers refuse it.

use crate::model::CallFault;
use std::collections::BTreeSet;

/// One media section.
struct NamedSection<'a> {
    /// Its `m=` line, from 1.
    line: usize,
    kind: &'a str,
    /// Port 0, and not because it is bundled (RFC 3264 §6, RFC 9143 §6).
    is_refused: bool,
    /// Its `a=mid`, with the line; the last where there are several, as Chromium reads it.
    mid: Option<(usize, &'a str)>,
}

/// The sections of a description, in their order, and the names that are bundled.
#[derive(Default)]
struct SectionLayout<'a> {
    sections: Vec<NamedSection<'a>>,
    /// Each with the line of its group.
    bundled: Vec<(usize, &'a str)>,
}

impl<'a> SectionLayout<'a> {
    fn read(sdp: &'a str) -> Self {
        let mut read = Self::default();
        for (line, text) in (1..).zip(sdp.lines()) {
            if let Some(media) = text.strip_prefix("m=") {
                let mut words = media.split(' ');
                let (kind, is_refused) = (words.next().unwrap_or_default(), words.next() == Some("0"));
                read.sections.push(NamedSection { line, kind, is_refused, mid: None });
            } else if let Some(mids) = text.strip_prefix("a=group:BUNDLE ") {
                read.bundled.extend(mids.split(' ').filter(|mid| !mid.is_empty()).map(|mid| (line, mid)));
            } else if let (Some(mid), Some(section)) = (text.strip_prefix("a=mid:"), read.sections.last_mut()) {
                section.mid = Some((line, mid.trim_end())).filter(|(_, mid)| !mid.is_empty());
            } else if let ("a=bundle-only", Some(section)) = (text.trim_end(), read.sections.last_mut()) {
                section.is_refused = false;
            }
        }
        read
    }

    /// Whether each section is the one in its place of those that are known, and none of them is missing. What comes after
    /// them is left to the caller.
    fn continues(&self, known: &Self) -> Result<(), CallFault> {
        let (offered, answered) = (known.sections.len(), self.sections.len());
        if answered < offered {
            return Err(CallFault::SectionsMissing { offered, answered });
        }
        for (section, known) in self.sections.iter().zip(&known.sections) {
            if section.kind != known.kind {
                return Err(CallFault::SectionsDiffer { line: section.line });
            }
            if let (Some((line, mid)), Some((_, known))) = (section.mid, known.mid)
                && mid != known
            {
                return Err(CallFault::SectionsDiffer { line });
            }
        }
        Ok(())
    }

    /// Whether each name is that of one section, and each name in a bundle is that of a section at all.
    fn has_clear_names(&self, offer: Option<&Self>) -> Result<(), CallFault> {
        let mut names = BTreeSet::new();
        if let Some((line, _)) =
            self.sections.iter().filter_map(|section| section.mid).find(|(_, mid)| !names.insert(*mid))
        {
            return Err(CallFault::MidsUnclear { line });
        }
        // A section of an answer that names itself not goes by the name of the one that it answers.
        let offered = offer.iter().flat_map(|offer| &offer.sections);
        let unnamed = self.sections.iter().zip(offered).filter(|(section, _)| section.mid.is_none());
        names.extend(unnamed.filter_map(|(_, offered)| offered.mid).map(|(_, mid)| mid));
        match self.bundled.iter().find(|(_, mid)| !names.contains(mid)) {
            Some((line, _)) => Err(CallFault::MidsUnclear { line: *line }),
            None => Ok(()),
        }
    }

    /// The line of a bundle whose first section, by whose transport the others go, is refused (RFC 9143 §7.3), where one that
    /// is not goes with it.
    fn refused_first(&self) -> Option<usize> {
        let section = |name: &str| self.sections.iter().find(|section| section.mid.is_some_and(|(_, mid)| mid == name));
        let is_refused = |name: &str| section(name).is_some_and(|section| section.is_refused);
        let of_line = |a: &(usize, &str), b: &(usize, &str)| a.0 == b.0;
        let groups = self.bundled.chunk_by(of_line);
        let mut wrong = groups.filter(|group| {
            group.first().is_some_and(|(_, first)| is_refused(first)) && !group.iter().all(|(_, mid)| is_refused(mid))
        });
        wrong.next()?.first().map(|(line, _)| *line)
    }
}

/// Whether the names of a description's sections are clear. In time that grows with its length, as all of these.
pub(super) fn check_names(theirs: &str) -> Result<(), CallFault> {
    SectionLayout::read(theirs).has_clear_names(None)
}

/// Whether the sections of an answer are those of our offer, and their names are clear.
pub(super) fn check_answer(theirs: &str, offer: &str) -> Result<(), CallFault> {
    let (layout, offer) = (SectionLayout::read(theirs), SectionLayout::read(offer));
    layout.continues(&offer)?;
    if let Some(more) = layout.sections.get(offer.sections.len()) {
        return Err(CallFault::SectionsDiffer { line: more.line });
    }
    layout.has_clear_names(Some(&offer))?;
    // Of an offer Firefox alone refuses it.
    match layout.refused_first() {
        Some(line) => Err(CallFault::BundleRefused { line }),
        None => Ok(()),
    }
}

/// Whether a later offer has the sections that were agreed on: more may follow them, and the place of one that is refused may be
/// taken by any other (RFC 3264 §8.1, §8.2).
pub(super) fn check_offer_again(theirs: &str, agreed: &str) -> Result<(), CallFault> {
    let (mut layout, mut agreed) = (SectionLayout::read(theirs), SectionLayout::read(agreed));
    layout.has_clear_names(Some(&agreed))?;
    let mut is_free = agreed.sections.iter().map(|section| section.is_refused).collect::<Vec<_>>().into_iter();
    layout.sections.retain(|_| !is_free.next().unwrap_or(false));
    agreed.sections.retain(|section| !section.is_refused);
    layout.continues(&agreed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\na=group:BUNDLE a v d\r\nm=audio 9 X 111\r\na=mid:a\r\nm=video 9 X 96\r\na=mid:v\r\n\
                         m=application 9 X y\r\na=mid:d\r\n";

    fn answer(from: &str, to: &str) -> Result<(), CallFault> {
        let changed = OFFER.replace(from, to);
        assert_ne!(changed, OFFER, "{from:?} is there to be changed");
        check_answer(&changed, OFFER)
    }

    #[test]
    fn an_answer_has_the_sections_of_the_offer_in_its_order_and_under_its_names() {
        assert_eq!(check_answer(OFFER, OFFER), Ok(()));
        assert_eq!(answer("video 9", "video 0"), Ok(()), "a refused section has its place");
        assert_eq!(answer("a=mid:v\r\n", ""), Ok(()), "its place says which it is");
        assert_eq!(answer("a=group:BUNDLE a v d\r\n", ""), Ok(()), "that it is not bundled is told elsewhere");
        let others = [
            ("m=audio", "m=video", 3),
            ("m=application 9 X y", "m=audio 9 X 0", 7),
            ("a=mid:v", "a=mid:w", 6),
            ("a=mid:v", "a=mid:a", 6),
            ("a=mid:d\r\n", "a=mid:d\r\nm=audio 0 X 0\r\n", 9),
        ];
        for (from, to, line) in others {
            assert_eq!(answer(from, to), Err(CallFault::SectionsDiffer { line }), "{from} → {to}");
        }
        let (session, sections) = OFFER.split_at(OFFER.find("m=").unwrap_or_default());
        let reversed =
            sections.split_inclusive("\r\n").collect::<Vec<_>>().chunks(2).rev().flatten().copied().collect::<String>();
        let reversed = format!("{session}{reversed}");
        assert_eq!(check_answer(&reversed, OFFER), Err(CallFault::SectionsDiffer { line: 3 }));
        let fewer = OFFER.split("m=application").next().unwrap_or_default();
        assert_eq!(check_answer(fewer, OFFER), Err(CallFault::SectionsMissing { offered: 3, answered: 2 }));
    }

    #[test]
    fn a_name_is_of_one_section_and_a_bundle_has_only_names_of_sections() {
        let answered = |sdp: &str| check_answer(sdp, OFFER);
        for check in [answered, check_names] {
            for group in ["a=group:BUNDLE a v d e\r\n", "a=group:BUNDLE e\r\n"] {
                let ghost = OFFER.replace("a=group:BUNDLE a v d\r\n", group);
                assert_eq!(check(&ghost), Err(CallFault::MidsUnclear { line: 2 }), "{group}");
            }
            let other_group = OFFER.replace("\r\nm=audio", "\r\na=group:LS e\r\nm=audio");
            assert_eq!(check(&other_group), Ok(()), "groups of other kinds are nobody's here");
        }
        let twice = OFFER.replace("a=mid:d", "a=mid:a").replace("BUNDLE a v d", "BUNDLE a v");
        assert_eq!(check_names(&twice), Err(CallFault::MidsUnclear { line: 8 }));
        let unnamed = OFFER.replace("a=mid:v\r\n", "");
        assert_eq!(check_names(&unnamed), Err(CallFault::MidsUnclear { line: 2 }));
        assert_eq!(check_names(&unnamed.replace("a=group:BUNDLE a v d\r\n", "")), Ok(()));
    }

    #[test]
    fn a_bundle_does_not_go_by_a_section_that_is_refused() {
        let refused = OFFER.replace("audio 9", "audio 0");
        assert_eq!(check_answer(&refused, OFFER), Err(CallFault::BundleRefused { line: 2 }));
        assert_eq!(check_names(&refused), Ok(()), "as an offer it is taken by some browsers");
        for group in ["BUNDLE v a d", "BUNDLE v d", "BUNDLE a", "LS a v d"] {
            let other = refused.replace("BUNDLE a v d", group);
            assert_eq!(check_answer(&other, OFFER), Ok(()), "{group}");
        }
        let bundle_only = refused.replace("a=mid:a", "a=bundle-only\r\na=mid:a");
        assert_eq!(check_answer(&bundle_only, OFFER), Ok(()), "port 0 is no refusal then");
        let nothing = refused.replace("video 9", "video 0").replace("application 9", "application 0");
        assert_eq!(check_answer(&nothing, OFFER), Ok(()), "what takes nothing is told as that");
    }

    #[test]
    fn a_later_offer_keeps_the_sections_that_were_agreed_on_and_may_add_others() {
        let again = |sdp: &str| check_offer_again(sdp, OFFER);
        let more = format!("{OFFER}m=video 9 X 96\r\na=mid:w\r\n");
        for sdp in [OFFER, &more, &OFFER.replace("video 9", "video 0")] {
            assert_eq!(again(sdp), Ok(()), "{sdp}");
        }
        assert_eq!(again(&OFFER.replace("m=audio", "m=video")), Err(CallFault::SectionsDiffer { line: 3 }));
        let renamed = OFFER.replace("a=mid:v", "a=mid:w").replace("BUNDLE a v", "BUNDLE a w");
        assert_eq!(again(&renamed), Err(CallFault::SectionsDiffer { line: 6 }));
        let fewer = OFFER.replace("m=application 9 X y\r\na=mid:d\r\n", "").replace("a v d", "a v");
        assert_eq!(again(&fewer), Err(CallFault::SectionsMissing { offered: 3, answered: 2 }));
        let agreed = OFFER.replace("video 9", "video 0");
        assert_eq!(check_offer_again(&renamed, &agreed), Ok(()), "the place of a refused section is free");
    }
}
