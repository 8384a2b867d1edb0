//! Reports of what is different between two runs.

use super::*;

fn shown(good: &Diagnosis, bad: &Diagnosis, style: Style) -> String {
    let mut differences = crate::diagnose::diff(good, bad);
    catalog::diff::fill(&mut differences, style.lang);
    render_differences(&differences, style, Extent::Details)
}

#[test]
fn a_company_beside_a_home_is_shown_on_80_columns() {
    insta::assert_snapshot!(shown(&sample::home_direct(), &sample::company_relay(), WIDE));
}

#[test]
fn blocked_udp_beside_a_home_is_shown_in_korean() {
    let style = Style { lang: Lang::Ko, ..WIDE };
    insta::assert_snapshot!(shown(&sample::home_direct(), &sample::udp_blocked(), style));
}

#[test]
fn a_network_that_got_better_is_shown_on_60_columns_in_ascii() {
    let style = Style { ascii: true, width: 60, ..WIDE };
    insta::assert_snapshot!(shown(&sample::company_relay(), &sample::home_direct(), style));
}

#[test]
fn nothing_different_is_said_to_be_nothing() {
    let text = shown(&sample::home_direct(), &sample::home_direct(), WIDE);
    assert!(text.ends_with("\nNothing that matters to calls is different.\n"), "{text}");
}

#[test]
fn no_line_is_wider_than_the_terminal_and_ascii_is_ascii() {
    let samples = [sample::home_direct(), sample::company_relay(), sample::udp_blocked(), sample::nothing_known()];
    for (good, bad) in samples.iter().flat_map(|good| samples.iter().map(move |bad| (good, bad))) {
        for width in [40, 60, 80] {
            for lang in Lang::ALL {
                let text = shown(good, bad, Style { width, lang, ..WIDE });
                assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
            }
        }
        assert!(shown(good, bad, Style { ascii: true, ..WIDE }).is_ascii());
    }
}
