//! Which sections does a description have, under which names, and are an answer's those of the offer? (RFC 3264 §6, RFC 9143
//! §7)
//!
//! Who answers has no say in this: a section is known by its place, and in a bundle by its name. So an answer with another
//! layout speaks of another offer, or was changed on its way, and browsers refuse it.

use super::call::CallFault;
use std::collections::BTreeSet;

/// One media section.
struct NamedSection<'a> {
    /// Its `m=` line, from 1.
    line: usize,
    kind: &'a str,
    /// Its `a=mid`, with the line; the last where there are several, as Chromium reads it.
    mid: Option<(usize, &'a str)>,
}

/// The sections of a description, in their order, and the names that are bundled.
#[derive(Default)]
struct Layout<'a> {
    sections: Vec<NamedSection<'a>>,
    /// Each with the line of its group.
    bundled: Vec<(usize, &'a str)>,
}

impl<'a> Layout<'a> {
    fn read(sdp: &'a str) -> Self {
        let mut read = Self::default();
        for (line, text) in (1..).zip(sdp.lines()) {
            if let Some(media) = text.strip_prefix("m=") {
                let kind = media.split(' ').next().unwrap_or_default();
                read.sections.push(NamedSection { line, kind, mid: None });
            } else if let Some(mids) = text.strip_prefix("a=group:BUNDLE ") {
                read.bundled.extend(mids.split(' ').filter(|mid| !mid.is_empty()).map(|mid| (line, mid)));
            } else if let (Some(mid), Some(section)) = (text.strip_prefix("a=mid:"), read.sections.last_mut()) {
                section.mid = Some((line, mid.trim_end())).filter(|(_, mid)| !mid.is_empty());
            }
        }
        read
    }

    /// Whether each section is the one in its place in the offer that it answers.
    fn answers(&self, offer: &Self) -> Result<(), CallFault> {
        let (offered, answered) = (offer.sections.len(), self.sections.len());
        if answered < offered {
            return Err(CallFault::SectionsMissing { offered, answered });
        }
        for (place, section) in self.sections.iter().enumerate() {
            let offered = offer.sections.get(place).filter(|offered| offered.kind == section.kind);
            let Some(offered) = offered else { return Err(CallFault::SectionsDiffer { line: section.line }) };
            if let (Some((line, mid)), Some((_, offered))) = (section.mid, offered.mid)
                && mid != offered
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
}

/// Whether the names of a description's sections are clear and, where it answers our `offer`, its sections are those of the
/// offer. In time that grows with the length of both.
pub(super) fn check_layout(theirs: &str, offer: Option<&str>) -> Result<(), CallFault> {
    let (layout, offer) = (Layout::read(theirs), offer.map(Layout::read));
    if let Some(offer) = &offer {
        layout.answers(offer)?;
    }
    layout.has_clear_names(offer.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\na=group:BUNDLE a v d\r\nm=audio 9 X 111\r\na=mid:a\r\nm=video 9 X 96\r\na=mid:v\r\n\
                         m=application 9 X y\r\na=mid:d\r\n";

    fn answer(from: &str, to: &str) -> Result<(), CallFault> {
        let changed = OFFER.replace(from, to);
        assert_ne!(changed, OFFER, "{from:?} is there to be changed");
        check_layout(&changed, Some(OFFER))
    }

    #[test]
    fn an_answer_has_the_sections_of_the_offer_in_its_order_and_under_its_names() {
        assert_eq!(check_layout(OFFER, Some(OFFER)), Ok(()));
        assert_eq!(answer("audio 9", "audio 0"), Ok(()), "a refused section has its place");
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
        assert_eq!(check_layout(&reversed, Some(OFFER)), Err(CallFault::SectionsDiffer { line: 3 }));
        let fewer = OFFER.split("m=application").next().unwrap_or_default();
        assert_eq!(check_layout(fewer, Some(OFFER)), Err(CallFault::SectionsMissing { offered: 3, answered: 2 }));
    }

    #[test]
    fn a_name_is_of_one_section_and_a_bundle_has_only_names_of_sections() {
        for offer in [Some(OFFER), None] {
            for group in ["a=group:BUNDLE a v d e\r\n", "a=group:BUNDLE e\r\n"] {
                let ghost = OFFER.replace("a=group:BUNDLE a v d\r\n", group);
                assert_eq!(check_layout(&ghost, offer), Err(CallFault::MidsUnclear { line: 2 }), "{group}");
            }
            let other_group = OFFER.replace("\r\nm=audio", "\r\na=group:LS e\r\nm=audio");
            assert_eq!(check_layout(&other_group, offer), Ok(()), "groups of other kinds are nobody's here");
        }
        let twice = OFFER.replace("a=mid:d", "a=mid:a").replace("BUNDLE a v d", "BUNDLE a v");
        assert_eq!(check_layout(&twice, None), Err(CallFault::MidsUnclear { line: 8 }));
        let unnamed = OFFER.replace("a=mid:v\r\n", "");
        assert_eq!(check_layout(&unnamed, None), Err(CallFault::MidsUnclear { line: 2 }));
        assert_eq!(check_layout(&unnamed.replace("a=group:BUNDLE a v d\r\n", ""), None), Ok(()));
    }
}
