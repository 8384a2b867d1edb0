//! The diagnosis for people: first the verdict in one plain line, then why, then what to do, then the tables.
//!
//! Everything that came from outside passes [`escape`] on its way in here.

mod call;
mod diff;
mod pairs;
mod tables;
mod text;

use super::ends;
use super::escape::escape;
use crate::catalog::{self, Lang, page as said};
use crate::model::{Code, Diagnosis, Finding, Path, Severity, Words};
pub use diff::render_differences;
use text::Page;

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub colour: bool,
    /// Keep to ASCII: no other borders, bullets or letters.
    pub ascii: bool,
    /// In columns.
    pub width: usize,
    pub lang: Lang,
}

impl Style {
    /// Narrower than this a table cannot be read: such a terminal wraps the lines itself.
    const NARROWEST: usize = 40;
    /// Wider than this a line of prose cannot be read.
    const WIDEST: usize = 100;

    fn columns(self) -> usize {
        self.width.clamp(Self::NARROWEST, Self::WIDEST)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    Plain,
    Bold,
    Good,
    Poor,
    Bad,
    Faint,
}

/// The whole report. Each line ends with a line feed.
pub fn render(diagnosis: &Diagnosis, style: Style) -> String {
    let mut page = Page::new(style);
    summarise(&mut page, diagnosis);
    call::call(&mut page, diagnosis.call.as_ref());
    pairs::pairs(&mut page, &diagnosis.pairs);
    tables::nat(&mut page, &diagnosis.nat);
    // Where the other end is known, classes of others are of no interest.
    if !ends::is_of_two(diagnosis) {
        tables::forecast(&mut page, &diagnosis.verdict.forecast);
    }
    tables::servers(&mut page, &diagnosis.servers);
    tables::candidates(&mut page, diagnosis);
    page.gap();
    page.line(Tone::Faint, &said::took(diagnosis.took_ms, diagnosis.nat_known_ms, style.lang));
    page.finish()
}

/// The report without its tables: verdict, why, and what to do.
pub fn render_summary(diagnosis: &Diagnosis, style: Style) -> String {
    let mut page = Page::new(style);
    summarise(&mut page, diagnosis);
    page.finish()
}

/// What a code means, outside of any run.
pub fn render_entry(code: Code, words: &Words, rfc: &str, style: Style) -> String {
    let mut page = Page::new(style);
    page.line(Tone::Bold, &format!("{} [{code}]", words.title));
    page.gap();
    page.line(Tone::Plain, &words.detail);
    page.heading(said::WHAT_TO_DO);
    page.indented(Tone::Plain, &words.remedy);
    if !rfc.is_empty() {
        page.gap();
        page.line(Tone::Faint, &said::read_more(rfc, style.ascii, style.lang));
    }
    page.finish()
}

fn summarise(page: &mut Page, diagnosis: &Diagnosis) {
    let lang = page.style.lang;
    if diagnosis.interrupted {
        page.line(Tone::Poor, said::INTERRUPTED.to(lang));
    }
    let verdict = &diagnosis.verdict;
    if ends::is_of_two(diagnosis) {
        pairs::verdict(page, diagnosis);
    } else {
        verdict_alone(page, diagnosis);
    }
    if diagnosis.redacted {
        page.line(Tone::Faint, said::REDACTED.to(lang));
    }

    let mut because: Vec<Code> = verdict.because.clone();
    because.extend(verdict.path.why().filter(|why| !verdict.because.contains(why)));
    if !because.is_empty() {
        page.heading(said::WHY);
        for code in because {
            page.item(Tone::Plain, &title(code, lang));
        }
    }
    if !verdict.direct_if.is_empty() {
        page.heading(said::WHAT_WOULD_CHANGE_THAT);
        for code in &verdict.direct_if {
            page.item(Tone::Plain, &title(*code, lang));
            page.indented(Tone::Faint, &catalog::words(*code, &Default::default(), lang).remedy);
        }
    }
    advise(page, &diagnosis.findings);
}

/// Of one end, with whoever may be at the other.
fn verdict_alone(page: &mut Page, diagnosis: &Diagnosis) {
    let lang = page.style.lang;
    let path = diagnosis.verdict.path.value().copied();
    let tone = match path {
        Some(Path::Direct) => Tone::Good,
        Some(Path::Relay) | None => Tone::Poor,
        Some(Path::None) => Tone::Bad,
    };
    page.line(tone, catalog::path_verdict(path, lang));
    if path.is_some() {
        page.line(Tone::Faint, catalog::verdict_holds_for(asked_only_this_machine(diagnosis), lang));
    }
}

/// As `--embedded` does.
fn asked_only_this_machine(diagnosis: &Diagnosis) -> bool {
    let mut addresses = diagnosis.servers.iter().filter_map(|server| server.address).peekable();
    addresses.peek().is_some() && addresses.all(|address| address.ip().is_loopback())
}

/// Worst first, whatever order the findings came in.
fn advise(page: &mut Page, findings: &[Finding]) {
    let mut findings: Vec<&Finding> = findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let (problems, notes): (Vec<&Finding>, Vec<&Finding>) =
        findings.into_iter().partition(|finding| finding.severity > Severity::Info);
    if !problems.is_empty() {
        page.heading(said::WHAT_TO_DO);
        for finding in problems {
            let tone = if finding.severity == Severity::Critical { Tone::Bad } else { Tone::Poor };
            let severity = catalog::severity(finding.severity, page.style.lang);
            page.item(tone, &format!("{severity}: {} [{}]", page.safe(&finding.words.title), finding.code));
            page.indented(Tone::Faint, &page.safe(&finding.words.detail));
            page.pointed(&page.safe(&finding.words.remedy));
        }
    }
    if !notes.is_empty() {
        page.heading(said::NOTED);
        for finding in notes {
            page.item(Tone::Plain, &format!("{} [{}]", page.safe(&finding.words.title), finding.code));
        }
    }
}

/// A code's title outside of any finding.
fn title(code: Code, lang: Lang) -> String {
    catalog::words(code, &Default::default(), lang).title
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;
    use crate::report::sample;
    use unicode_width::UnicodeWidthStr;

    const WIDE: Style = Style { colour: false, ascii: false, width: 80, lang: Lang::En };
    const NARROW: Style = Style { colour: false, ascii: false, width: 60, lang: Lang::En };
    const ASCII: Style = Style { colour: false, ascii: true, width: 80, lang: Lang::En };

    const KOREAN: Style = Style { lang: Lang::Ko, ..WIDE };

    fn samples() -> [Diagnosis; 4] {
        [sample::home_direct(), sample::company_relay(), sample::udp_blocked(), sample::nothing_known()]
    }

    fn in_korean(mut diagnosis: Diagnosis) -> Diagnosis {
        catalog::fill(&mut diagnosis, Lang::Ko);
        diagnosis
    }

    #[test]
    fn a_home_network_is_shown_on_80_columns() {
        insta::assert_snapshot!(render(&sample::home_direct(), WIDE));
    }

    #[test]
    fn a_home_network_is_shown_on_60_columns() {
        insta::assert_snapshot!(render(&sample::home_direct(), NARROW));
    }

    #[test]
    fn a_company_network_is_shown_on_80_columns() {
        insta::assert_snapshot!(render(&sample::company_relay(), WIDE));
    }

    #[test]
    fn a_company_network_is_shown_in_ascii() {
        insta::assert_snapshot!(render(&sample::company_relay(), ASCII));
    }

    #[test]
    fn blocked_udp_is_shown_on_80_columns() {
        insta::assert_snapshot!(render(&sample::udp_blocked(), WIDE));
    }

    #[test]
    fn a_company_network_is_shown_in_korean() {
        insta::assert_snapshot!(render(&in_korean(sample::company_relay()), KOREAN));
    }

    #[test]
    fn a_home_network_is_shown_in_korean_on_60_columns() {
        insta::assert_snapshot!(render(&in_korean(sample::home_direct()), Style { width: 60, ..KOREAN }));
    }

    #[test]
    fn a_run_that_learnt_nothing_says_so() {
        insta::assert_snapshot!(render(&sample::nothing_known(), NARROW));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [40, 60, 72, 80, 100, 200] {
            for diagnosis in samples() {
                let english = render(&diagnosis, Style { width, ..WIDE });
                let korean = render(&in_korean(diagnosis), Style { width, ..KOREAN });
                for line in english.lines().chain(korean.lines()) {
                    assert!(line.width() <= width, "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn ascii_means_ascii() {
        for mut diagnosis in samples() {
            if let Some(server) = diagnosis.servers.first_mut() {
                server.software = Some(Text::new("Sërver … 서버"));
            }
            assert!(render(&diagnosis, ASCII).is_ascii());
        }
    }

    #[test]
    fn korean_keeps_its_letters_where_borders_are_ascii() {
        for diagnosis in samples() {
            let report = render(&in_korean(diagnosis), Style { ascii: true, ..KOREAN });
            assert!(report.contains("통화"), "{report}");
            assert!(!report.contains("\\u{") && !report.contains(['•', '→', '┌', '│']), "{report}");
        }
    }

    /// What stands in a table in Korean is as wide as it looks: the borders stand one below the other.
    #[test]
    fn borders_of_korean_tables_stand_in_line() {
        for width in [60, 80] {
            for diagnosis in samples() {
                let report = render(&in_korean(diagnosis), Style { width, ..KOREAN });
                let mut edge = 0;
                for line in report.lines().filter(|line| line.starts_with(['┌', '│', '├', '╞', '└'])) {
                    edge = if line.starts_with('┌') { line.width() } else { edge };
                    assert_eq!(line.width(), edge, "{line}");
                }
            }
        }
    }

    #[test]
    fn colour_is_used_only_where_it_is_wanted() {
        for diagnosis in samples() {
            assert!(!render(&diagnosis, WIDE).contains('\x1b'));
            assert!(render(&diagnosis, Style { colour: true, ..WIDE }).contains("\x1b["));
        }
    }

    #[test]
    fn a_hostile_server_cannot_take_the_terminal_over() {
        let hostile = "\x1b[2J\x1b]52;c;eA==\x07\u{202e}\u{200b}e\u{301}\r\n\u{9b}31m";
        let mut diagnosis = sample::company_relay();
        for server in &mut diagnosis.servers {
            server.uri = hostile.to_owned();
            server.software = Some(Text::new(hostile));
            for stage in &mut server.stages {
                stage.name = hostile.to_owned();
            }
            if let Some(error) = &mut server.error {
                error.reason = Text::new(hostile);
            }
        }
        for candidate in &mut diagnosis.candidates {
            candidate.server = Some(hostile.to_owned());
        }
        for finding in &mut diagnosis.findings {
            for words in [&mut finding.words.title, &mut finding.words.detail, &mut finding.words.remedy] {
                *words = hostile.to_owned();
            }
        }
        for observation in &mut diagnosis.observations {
            if let crate::model::Fact::Interface(interface) = &mut observation.fact {
                interface.name = hostile.to_owned();
            }
        }
        let report = render(&diagnosis, WIDE);
        let acted_on = |c: char| (c.is_control() && c != '\n') || super::super::escape::is_invisible(c);
        assert!(!report.contains(acted_on), "{report:?}");
        for line in report.lines() {
            assert!(line.width() <= 80, "{line}");
        }
    }

    #[test]
    fn an_interrupted_run_says_so_first() {
        let mut diagnosis = sample::home_direct();
        diagnosis.interrupted = true;
        assert!(render(&diagnosis, WIDE).starts_with("INTERRUPTED"));
    }

    #[test]
    fn a_run_against_this_machine_alone_says_what_it_is_worth() {
        let mut diagnosis = sample::home_direct();
        for server in &mut diagnosis.servers {
            server.address = Some(std::net::SocketAddr::from(([127, 0, 0, 1], 3478)));
        }
        assert!(render(&diagnosis, WIDE).contains("Only this machine was tested"));
        assert!(!render(&sample::home_direct(), WIDE).contains("Only this machine"));
    }

    #[test]
    fn problems_come_worst_first() {
        let mut diagnosis = sample::company_relay();
        diagnosis.findings.reverse();
        let report = render(&diagnosis, WIDE);
        let at = |words: &str| report.find(words).expect(words);
        assert!(at("critical:") < at("warning:") && at("warning:") < at("Noted"));
    }
}
