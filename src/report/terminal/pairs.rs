//! Two ends: how their call goes, and how each candidate pair fared.

use super::tables::{cell, table};
use super::text::Page;
use super::{Tone, ends, escape};
use crate::catalog::{self, Lang, met as said, page};
use crate::model::{Diagnosis, Pair, PairEnd, PairState, Path, Protocol};
use crate::report::ends::CallTone;
use comfy_table::{ColumnConstraint, Width};

/// Failed pairs in the table: beyond them they say the same again.
const FAILED_SHOWN: usize = 12;

/// "to srflx 198.51.100.240:40022", with its padding.
const ENDS_WIDTH: u16 = 31;

/// The verdict in one sentence.
pub(super) fn verdict(page: &mut Page, diagnosis: &Diagnosis) {
    let lang = page.style.lang;
    let path = diagnosis.verdict.path.value().copied();
    let tone = match (ends::call_tone(diagnosis), path) {
        (Some(CallTone::Bad), _) | (None, Some(Path::None)) => Tone::Bad,
        (Some(CallTone::Poor), _) | (None, Some(Path::Relay) | None) => Tone::Poor,
        (None, Some(Path::Direct)) => Tone::Good,
    };
    let sentence = escape(&said::verdict(&ends::outcome(diagnosis), lang), page.style.ascii);
    page.line(tone, &sentence);
    if diagnosis.verdict.tried.is_none() && path.is_some() {
        page.line(Tone::Faint, said::PREDICTED_ONLY.to(lang));
    }
}

pub(super) fn pairs(page: &mut Page, pairs: &[Pair]) {
    let lang = page.style.lang;
    if pairs.is_empty() {
        return;
    }
    let mut table = table(page, &[said::PAIR, said::STATE]);
    let is_shown = |(place, pair): &(usize, &Pair)| pair.state != PairState::Failed || *place < FAILED_SHOWN;
    let mut failed = 0;
    let placed = pairs.iter().map(|pair| {
        let place = failed;
        failed += usize::from(pair.state == PairState::Failed);
        (place, pair)
    });
    let placed: Vec<(usize, &Pair)> = placed.collect();
    for (_, pair) in placed.iter().filter(|placed| is_shown(placed)) {
        let (tone, state) = match pair.state {
            PairState::Succeeded => {
                let tone = if pair.nominated { Tone::Good } else { Tone::Plain };
                let state = if pair.nominated { said::CHOSEN.to(lang) } else { said::state(pair.state, lang) };
                (tone, [state.to_owned(), quality(pair, lang)].join("\n"))
            }
            PairState::Failed | PairState::NotChecked => {
                let why = pair.failure.as_ref().map(|failure| catalog::html::pair_failure(failure, lang));
                let state = said::state(pair.state, lang);
                (Tone::Faint, page.safe(&why.map_or_else(|| state.to_owned(), |why| format!("{state}: {why}"))))
            }
        };
        let ends = format!("{}\n{}", end(page, &pair.local), said::to_end(&end(page, &pair.remote), lang));
        table.add_row(vec![cell(Tone::Plain, &ends), cell(tone, &state)]);
    }
    if let Some(column) = table.column_mut(0) {
        // An address of IPv4 with its port is not broken.
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(ENDS_WIDTH)));
    }
    page.table(said::PAIRS, &table);
    let left_out = failed.saturating_sub(FAILED_SHOWN);
    if left_out > 0 {
        page.line(Tone::Faint, &said::more_failed(left_out, lang));
    }
}

/// As "srflx 203.0.113.7:31877"; over UDP where nothing else is said.
fn end(page: &Page, end: &PairEnd) -> String {
    let at = end.endpoint().map_or_else(|| format!("{}:{}", end.address, end.port), |endpoint| endpoint.to_string());
    let protocol = match (end.relay_protocol, end.protocol) {
        (Some(relay), _) => format!("over {relay}"),
        (None, Protocol::Udp) => String::new(),
        (None, Protocol::Tcp) => "TCP".to_owned(),
    };
    page.safe(format!("{} {at} {protocol}", catalog::candidate_type(end.kind)).trim_end())
}

fn quality(pair: &Pair, lang: Lang) -> String {
    let Some(rtt) = pair.rtt_ms else { return String::new() };
    let whole = |ms: f64| page::milliseconds(ms).trim_end_matches(" ms").to_owned();
    let round_trips = format!("{} / {} / {} ms", whole(rtt.min), whole(rtt.median), whole(rtt.max));
    let lost = pair.sent.saturating_sub(pair.received);
    said::quality(&round_trips, f64::from(lost) * 100.0 / f64::from(pair.sent.max(1)), lang)
}

#[cfg(test)]
mod tests {
    use super::super::{Style, render, render_summary};
    use crate::catalog::{self, Lang};
    use crate::model::*;
    use crate::report::sample;
    use unicode_width::UnicodeWidthStr;

    const WIDE: Style = Style { colour: false, ascii: false, width: 80, lang: Lang::En };
    const NARROW: Style = Style { width: 60, ..WIDE };

    fn end(kind: CandidateType, address: &str, relay: Option<Transport>) -> PairEnd {
        let at: std::net::SocketAddr = address.parse().expect("an address");
        PairEnd {
            kind,
            protocol: Protocol::Udp,
            address: Host::Address(at.ip()),
            port: at.port(),
            tcp_type: None,
            relay_protocol: relay,
            server: None,
        }
    }

    fn pair(local: PairEnd, remote: PairEnd, failure: Option<PairFailure>) -> Pair {
        let works = failure.is_none();
        Pair {
            local,
            remote,
            state: if works { PairState::Succeeded } else { PairState::Failed },
            failure,
            rtt_ms: works.then_some(RoundTrips { min: 40.2, median: 42.0, max: 61.5 }),
            sent: 10,
            received: if works { 9 } else { 0 },
            first_success_ms: works.then_some(92.0),
            nominated: false,
        }
    }

    fn known(path: Path) -> Judged<Path> {
        Judged::known(path, vec![ObservationId(0)])
    }

    fn found(code: Code, severity: Severity, about: &[(&str, &str)]) -> Finding {
        let about = about.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Finding::new(code, severity, about, vec![ObservationId(0)]).expect("has evidence")
    }

    /// Two homes that met.
    fn direct() -> Diagnosis {
        let (here, there) = ("203.0.113.7:31877", "198.51.100.40:40022");
        let mut diagnosis = sample::home_direct();
        diagnosis.verdict.predicted = Some(known(Path::Direct));
        diagnosis.verdict.tried = Some(known(Path::Direct));
        let srflx = CandidateType::Srflx;
        let chosen = pair(end(srflx, here, None), end(srflx, there, None), None);
        let silent = PairFailure::Silent { control: Tally { sent: 9, heard: 9 } };
        diagnosis.pairs = vec![
            Pair { nominated: true, ..chosen },
            pair(end(CandidateType::Relay, "198.51.100.9:49201", Some(Transport::Udp)), end(srflx, there, None), None),
            pair(
                end(CandidateType::Host, "192.0.2.17:50001", None),
                end(CandidateType::Host, "192.168.1.9:1", None),
                Some(silent),
            ),
        ];
        diagnosis
    }

    /// One end without UDP.
    fn relayed() -> Diagnosis {
        let mut diagnosis = sample::udp_blocked();
        diagnosis.verdict.predicted = Some(known(Path::Relay));
        diagnosis.verdict.tried = Some(known(Path::Relay));
        diagnosis.verdict.path = known(Path::Relay);
        diagnosis.verdict.because = vec![Code::UdpBlocked, Code::RelayTakesOver];
        let about = [("transport", "TCP"), ("server", "turn.example.org")];
        diagnosis.findings.insert(0, found(Code::OwnRelayedOverStream, Severity::Warning, &about));
        catalog::fill(&mut diagnosis, Lang::En);
        let local = end(CandidateType::Relay, "198.51.100.9:49201", Some(Transport::Tcp));
        let chosen = pair(local, end(CandidateType::Srflx, "203.0.113.40:40022", None), None);
        diagnosis.pairs = vec![Pair { nominated: true, ..chosen }];
        diagnosis
    }

    #[test]
    fn a_direct_call_is_shown_on_80_columns() {
        insta::assert_snapshot!(render(&direct(), WIDE));
    }

    #[test]
    fn a_direct_call_is_shown_in_korean_on_60_columns() {
        insta::assert_snapshot!(render(&direct(), Style { lang: Lang::Ko, ..NARROW }));
    }

    #[test]
    fn a_relayed_call_is_shown_in_short_on_60_columns() {
        insta::assert_snapshot!(render_summary(&relayed(), NARROW));
    }

    #[test]
    fn two_saved_ends_are_told_apart_from_a_call() {
        let mut diagnosis = direct();
        (diagnosis.verdict.tried, diagnosis.pairs) = (None, Vec::new());
        let shown = render(&diagnosis, WIDE);
        assert!(shown.starts_with("These two will connect directly.\n"), "{shown}");
        assert!(shown.contains("rtc-doctor call") && !shown.contains("A call with"), "{shown}");
    }

    #[test]
    fn no_line_of_two_ends_is_wider_than_the_terminal_or_beyond_ascii_where_that_is_asked_for() {
        for diagnosis in [direct(), relayed()] {
            for width in [40, 60, 80, 100] {
                for line in render(&diagnosis, Style { width, ..WIDE }).lines() {
                    assert!(line.width() <= width, "{width}: {line}");
                }
            }
            assert!(render(&diagnosis, Style { ascii: true, ..WIDE }).is_ascii());
        }
    }

    #[test]
    fn a_peers_name_cannot_take_the_terminal_over() {
        let mut diagnosis = direct();
        for pair in &mut diagnosis.pairs {
            pair.remote.address = Host::Name(Text::new("\x1b[2J\u{202e}e\u{301}.local"));
            if pair.state == PairState::Failed {
                pair.failure = Some(PairFailure::Refused { code: 400, reason: Text::new("\x1b]52;c;eA==\x07") });
            }
        }
        let shown = render(&diagnosis, WIDE);
        let acted_on = |c: char| (c.is_control() && c != '\n') || crate::report::escape::is_invisible(c);
        assert!(!shown.contains(acted_on), "{shown:?}");
    }

    #[test]
    fn of_many_failed_pairs_the_rest_is_counted() {
        let mut diagnosis = direct();
        let failed = diagnosis.pairs.pop().expect("is there");
        diagnosis.pairs.extend(vec![failed; 40]);
        assert!(render(&diagnosis, WIDE).contains("28 more pairs failed"));
    }
}
