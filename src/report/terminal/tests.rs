use super::*;
use crate::catalog;
use crate::model::HostFact;
use crate::model::*;
use crate::report::sample;
use unicode_width::UnicodeWidthStr;

mod call;
mod differences;
mod two_ends;

const WIDE: Style = Style { colour: false, ascii: false, width: 80, lang: Lang::En };
const NARROW: Style = Style { colour: false, ascii: false, width: 60, lang: Lang::En };
const ASCII: Style = Style { colour: false, ascii: true, width: 80, lang: Lang::En };

const KOREAN: Style = Style { lang: Lang::Ko, ..WIDE };

fn whole(diagnosis: &Diagnosis, style: Style) -> String {
    render(diagnosis, style, Extent::Details)
}

fn on_one_screen(diagnosis: &Diagnosis, style: Style) -> String {
    render(diagnosis, style, Extent::Screen)
}

fn samples() -> [Diagnosis; 4] {
    [sample::home_direct(), sample::company_relay(), sample::udp_blocked(), sample::nothing_known()]
}

fn in_korean(mut diagnosis: Diagnosis) -> Diagnosis {
    catalog::fill(&mut diagnosis, Lang::Ko);
    diagnosis
}

#[test]
fn a_home_network_is_shown_on_80_columns() {
    insta::assert_snapshot!(on_one_screen(&sample::home_direct(), WIDE));
}

#[test]
fn a_home_network_is_shown_on_60_columns() {
    insta::assert_snapshot!(whole(&sample::home_direct(), NARROW));
}

#[test]
fn a_company_network_is_shown_on_80_columns() {
    insta::assert_snapshot!(whole(&sample::company_relay(), WIDE));
}

#[test]
fn a_company_network_is_shown_in_ascii() {
    insta::assert_snapshot!(whole(&sample::company_relay(), ASCII));
}

#[test]
fn blocked_udp_is_shown_on_80_columns() {
    insta::assert_snapshot!(on_one_screen(&sample::udp_blocked(), WIDE));
}

#[test]
fn a_company_network_is_shown_in_korean() {
    insta::assert_snapshot!(on_one_screen(&in_korean(sample::company_relay()), KOREAN));
}

#[test]
fn a_home_network_is_shown_in_korean_on_60_columns() {
    insta::assert_snapshot!(whole(&in_korean(sample::home_direct()), Style { width: 60, ..KOREAN }));
}

#[test]
fn a_run_that_learnt_nothing_says_so() {
    insta::assert_snapshot!(on_one_screen(&sample::nothing_known(), NARROW));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [40, 60, 72, 80, 100, 200] {
        for diagnosis in samples() {
            let english =
                whole(&diagnosis, Style { width, ..WIDE }) + &on_one_screen(&diagnosis, Style { width, ..WIDE });
            let korean = whole(&in_korean(diagnosis), Style { width, ..KOREAN });
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
        assert!(whole(&diagnosis, ASCII).is_ascii());
    }
}

#[test]
fn korean_keeps_its_letters_where_borders_are_ascii() {
    for diagnosis in samples() {
        let report = whole(&in_korean(diagnosis), Style { ascii: true, ..KOREAN });
        assert!(report.contains("통화"), "{report}");
        assert!(!report.contains("\\u{") && !report.contains(['•', '→', '┌', '│']), "{report}");
    }
}

/// What stands in a table in Korean is as wide as it looks: the borders stand one below the other.
#[test]
fn borders_of_korean_tables_stand_in_line() {
    for width in [60, 80] {
        for diagnosis in samples() {
            let report = whole(&in_korean(diagnosis), Style { width, ..KOREAN });
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
        assert!(!whole(&diagnosis, WIDE).contains('\x1b'));
        assert!(whole(&diagnosis, Style { colour: true, ..WIDE }).contains("\x1b["));
    }
}

#[test]
fn a_hostile_server_cannot_take_the_terminal_over() {
    let hostile = "\x1b[2J\x1b]52;c;eA==\x07\u{202e}\u{200b}e\u{301}\r\n\u{9b}31m";
    let mut diagnosis = sample::company_relay();
    for server in &mut diagnosis.servers {
        server.uri = hostile.into();
        server.software = Some(Text::new(hostile));
        if let Some(error) = &mut server.error {
            error.reason = Reason::Said(hostile.to_owned());
        }
    }
    for candidate in &mut diagnosis.candidates {
        candidate.server = Some(hostile.into());
    }
    for finding in &mut diagnosis.findings {
        for words in [&mut finding.words.title, &mut finding.words.detail, &mut finding.words.remedy] {
            *words = hostile.to_owned();
        }
    }
    for observation in &mut diagnosis.observations {
        if let Fact::Host(HostFact::Interface(interface)) = &mut observation.fact {
            interface.name = hostile.to_owned();
        }
    }
    let report = whole(&diagnosis, WIDE);
    let acted_on = |c: char| (c.is_control() && c != '\n') || crate::report::escape::is_invisible(c);
    assert!(!report.contains(acted_on), "{report:?}");
    for line in report.lines() {
        assert!(line.width() <= 80, "{line}");
    }
}

#[test]
fn an_interrupted_run_says_so_first() {
    let mut diagnosis = sample::home_direct();
    diagnosis.interrupted = true;
    assert!(whole(&diagnosis, WIDE).starts_with("INTERRUPTED"));
}

#[test]
fn a_run_against_this_machine_alone_says_what_it_is_worth() {
    let mut diagnosis = sample::home_direct();
    for server in &mut diagnosis.servers {
        server.address = Some(std::net::SocketAddr::from(([127, 0, 0, 1], 3478)));
    }
    assert!(whole(&diagnosis, WIDE).contains("Only this machine was tested"));
    assert!(!whole(&sample::home_direct(), WIDE).contains("Only this machine"));
}

#[test]
fn problems_come_worst_first() {
    let mut diagnosis = sample::company_relay();
    diagnosis.findings.reverse();
    let report = whole(&diagnosis, WIDE);
    let at = |words: &str| report.find(words).expect(words);
    assert!(at("critical:") < at("warning:") && at("warning:") < at("Noted"));
}

#[test]
fn servers_of_one_fate_are_one_item() {
    let mut diagnosis = sample::home_direct();
    for server in ["turn:a.example", "turn:b.example"] {
        let about = Detail::default().server(server.to_owned());
        let finding = Finding::new(Code::RelayWorks, Severity::Info, about, vec![ObservationId(0)]);
        diagnosis.findings.extend(finding);
    }
    catalog::fill(&mut diagnosis, Lang::En);
    let report = on_one_screen(&diagnosis, WIDE);
    assert!(report.contains("The relays of 2 servers work [relay-works]"), "{report}");
}

#[test]
fn a_note_that_explains_why_there_is_no_path_leads_with_what_to_do() {
    let mut diagnosis = sample::udp_blocked();
    let note = Finding::new(Code::PairsNotResolved, Severity::Info, Detail::default(), vec![ObservationId(0)]);
    diagnosis.findings.extend(note);
    catalog::fill(&mut diagnosis, Lang::En);
    let report = on_one_screen(&diagnosis, WIDE);
    let at = |words: &str| report.find(words).expect(words);
    assert!(at("note: ") < at("critical: "), "{report}");
    let words = catalog::words(Code::PairsNotResolved, &Detail::default(), Lang::En);
    assert!(report.contains(words.detail.split_whitespace().next().expect("a word")), "{report}");
    diagnosis.verdict.path = Judged::known(Path::Direct, vec![ObservationId(0)]);
    assert!(!on_one_screen(&diagnosis, WIDE).contains("note: "), "where there is a path it is a note");
}

#[test]
fn what_does_not_fit_on_one_screen_is_counted() {
    let mut diagnosis = sample::company_relay();
    let findings = [Code::TlsExpired, Code::TlsWrongName, Code::NotStun, Code::ServerSilent, Code::UdpBlocked];
    for (code, server) in findings.iter().flat_map(|code| ["a", "b", "c"].map(|server| (*code, server))) {
        let about = Detail::default().server(format!("turn:{server}.example"));
        diagnosis.findings.extend(Finding::new(code, Severity::Critical, about, vec![ObservationId(0)]));
    }
    catalog::fill(&mut diagnosis, Lang::En);
    let report = on_one_screen(&diagnosis, WIDE);
    assert!(report.lines().count() <= SCREEN_LINES, "{report}");
    assert!(report.contains("more\n") && report.contains("--details"), "{report}");
}
