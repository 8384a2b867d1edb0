//! Reports of two ends.

use super::*;
use crate::model::Millis;
use std::net::SocketAddr;

fn end(kind: CandidateType, address: &str, relay: Option<Transport>) -> PairEnd {
    let at: SocketAddr = address.parse().expect("an address");
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
        rtt_ms: works.then_some(RoundTrips { min: Millis(40.2), median: Millis(42.0), max: Millis(61.5) }),
        sent: 10,
        received: if works { 9 } else { 0 },
        unanswered_last: 0,
        first_success_ms: works.then_some(Millis(92.0)),
        nominated: false,
    }
}

fn known(path: Path) -> Judged<Path> {
    Judged::known(path, vec![ObservationId(0)])
}

fn found(code: Code, severity: Severity, about: Detail) -> Finding {
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
    let silent = PairFailure::Silent { control: Tally { sent: 9, answered: 9 } };
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
    let about = Detail::default().transport(Transport::Tcp).server("turn.example.org".to_owned());
    diagnosis.findings.insert(0, found(Code::OwnRelayedOverStream, Severity::Warning, about));
    catalog::fill(&mut diagnosis, Lang::En);
    let local = end(CandidateType::Relay, "198.51.100.9:49201", Some(Transport::Tcp));
    let chosen = pair(local, end(CandidateType::Srflx, "203.0.113.40:40022", None), None);
    diagnosis.pairs = vec![Pair { nominated: true, ..chosen }];
    diagnosis
}

#[test]
fn a_direct_call_is_shown_on_80_columns() {
    insta::assert_snapshot!(whole(&direct(), WIDE));
}

#[test]
fn a_direct_call_is_shown_in_korean_on_60_columns() {
    insta::assert_snapshot!(whole(&direct(), Style { lang: Lang::Ko, ..NARROW }));
}

#[test]
fn a_relayed_call_is_shown_in_short_on_60_columns() {
    insta::assert_snapshot!(render(&relayed(), NARROW, Extent::Brief));
}

#[test]
fn two_saved_ends_are_told_apart_from_a_call() {
    let mut diagnosis = direct();
    (diagnosis.verdict.tried, diagnosis.pairs) = (None, Vec::new());
    let shown = whole(&diagnosis, WIDE);
    assert!(shown.starts_with("These two will connect directly.\n"), "{shown}");
    assert!(shown.contains("rtc-doctor call") && !shown.contains("A call with"), "{shown}");
}

#[test]
fn a_direct_path_that_was_not_tried_is_not_set_against_what_was() {
    let mut diagnosis = relayed();
    diagnosis.verdict.predicted = Some(known(Path::Direct));
    assert!(!whole(&diagnosis, WIDE).contains("was predicted"));
    let silent = PairFailure::Silent { control: Tally { sent: 9, answered: 9 } };
    let srflx = |address| end(CandidateType::Srflx, address, None);
    diagnosis.pairs.push(pair(srflx("203.0.113.7:31877"), srflx("198.51.100.40:40022"), Some(silent)));
    assert!(whole(&diagnosis, WIDE).contains(", although a direct path was predicted"));
}

#[test]
fn no_line_of_two_ends_is_wider_than_the_terminal_or_beyond_ascii_where_that_is_asked_for() {
    for diagnosis in [direct(), relayed()] {
        for width in [40, 60, 80, 100] {
            for line in whole(&diagnosis, Style { width, ..WIDE }).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
        assert!(whole(&diagnosis, Style { ascii: true, ..WIDE }).is_ascii());
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
    let shown = whole(&diagnosis, WIDE);
    let acted_on = |c: char| (c.is_control() && c != '\n') || crate::report::escape::is_invisible(c);
    assert!(!shown.contains(acted_on), "{shown:?}");
}

#[test]
fn of_many_failed_pairs_the_rest_is_counted() {
    let mut diagnosis = direct();
    let failed = diagnosis.pairs.pop().expect("is there");
    diagnosis.pairs.extend(vec![failed; 40]);
    assert!(whole(&diagnosis, WIDE).contains("18 more; --json has them all"));
}
