//! What fools a reader of such files, finding by finding: each has a call in which the sign is there, and the fault is not.

use super::*;
use crate::dump::session::SavedConfiguration;
use crate::model::{Diagnosis, Path, ServerUri};

fn judged(connection: &SavedConnection) -> Diagnosis {
    diagnose(&record(&SavedSession::default(), "test", connection))
}

fn has(connection: &SavedConnection, code: Code) -> bool {
    let found = judged(connection);
    found.has_found(code) || found.verdict.because.contains(&code)
}

fn event(seconds: f64, happened: Happened) -> Event {
    Event { at: Millis(seconds * 1000.0), place: 1, happened }
}

fn found(line: &str) -> Event {
    event(0.1, Happened::Found { line: line.to_owned(), url: None, relay_protocol: None })
}

fn added(line: &str) -> Event {
    event(0.2, Happened::Added { line: line.to_owned() })
}

fn error(uri: &str, code: u16, reason: &str) -> Event {
    let url = Some(ServerUri::from(uri));
    event(0.3, Happened::CandidateError { url, address: Text::default(), code, reason: Text::new(reason) })
}

/// A call in which sound passed each way, with a channel for data.
fn heard() -> SavedConnection {
    SavedConnection { channels_open: 1, ..call_with(SENDS_BOTH) }
}

/// A call in which no check was answered, of as many seconds, with these servers.
fn without_a_path(seconds: usize, servers: &[&str]) -> SavedConnection {
    let mut call = call(&vec![(0, 30, 0); seconds]);
    call.transports.clear();
    call.streams.clear();
    for point in call.pairs.get_mut("P").into_iter().flat_map(|pair| &mut pair.points) {
        point.nominated = false;
    }
    let servers = servers.iter().map(|uri| ServerUri::from(*uri)).collect();
    call.configuration = Some(SavedConfiguration { servers, relay_only: false });
    call.events.push(described(End::Theirs, SENDS_BOTH));
    call
}

#[test]
fn an_address_that_was_announced_as_a_relays_is_one_though_a_check_taught_it() {
    let mut call = call(&with_pause(10, 0..0, true));
    call.candidates.get_mut("R").expect("a candidate").kind = Some(CandidateType::Prflx);
    assert_eq!(judged(&call).verdict.path.value(), Some(&Path::Direct));
    call.events.push(added("candidate:1 1 udp 1 192.0.2.1 2000 typ relay raddr 0.0.0.0 rport 0"));
    assert_eq!(judged(&call).verdict.path.value(), Some(&Path::Relay));
    assert!(has(&call, Code::SavedCallRelayedThere));
}

#[test]
fn a_policy_of_relays_is_why_a_call_is_relayed() {
    let mut call = call(&with_pause(10, 0..0, true));
    call.candidates.get_mut("L").expect("a candidate").kind = Some(CandidateType::Relay);
    call.configuration = Some(SavedConfiguration { servers: Vec::new(), relay_only: true });
    assert_eq!(judged(&call).verdict.because.first(), Some(&Code::SourceRelaysOnly));
}

#[test]
fn two_ports_of_one_address_are_no_two_mappings_where_the_base_is_hidden_or_speaks_tcp() {
    let varies = |lines: [&str; 2]| {
        let mut call = call(&with_pause(10, 0..0, true));
        call.events.extend(lines.map(found));
        has(&call, Code::SavedMappingVaries)
    };
    let line = |port: u16, protocol: &str, base: &str, base_port: u16| {
        format!("candidate:{port} 1 {protocol} 1 198.51.100.7 {port} typ srflx raddr {base} rport {base_port}")
    };
    let two = |protocol: &str, base: &str, ports: [u16; 2]| {
        varies([&*line(7100, protocol, base, ports[0]), &*line(7101, protocol, base, ports[1])])
    };
    assert!(two("udp", "10.0.0.2", [5000, 5000]), "one base, two ports");
    assert!(!two("udp", "10.0.0.2", [5000, 5001]), "two bases");
    assert!(!two("udp", "0.0.0.0", [0, 0]), "hidden");
    assert!(!two("tcp", "10.0.0.2", [5000, 5000]), "each connection of TCP has a port of its own");
}

#[test]
fn a_check_from_a_new_port_is_no_second_mapping_of_an_end_with_two_interfaces() {
    let varies = |others: &[&str]| {
        let mut call = call(&with_pause(10, 0..0, true));
        call.candidates.get_mut("R").expect("a candidate").kind = Some(CandidateType::Prflx);
        call.events.push(added("candidate:1 1 udp 1 198.51.100.9 7000 typ srflx raddr 0.0.0.0 rport 0"));
        call.events.extend(others.iter().map(|line| added(line)));
        has(&call, Code::SavedPeerMappingVaries)
    };
    assert!(varies(&[]));
    assert!(!varies(&["candidate:2 1 udp 1 203.0.113.9 7001 typ srflx raddr 0.0.0.0 rport 0"]));
}

#[test]
fn one_silent_server_is_no_blocked_udp_and_two_are_none_before_they_were_waited_for() {
    let two = ["stun:192.0.2.8:3478", "turn:192.0.2.9:3478?transport=udp"];
    let of = |seconds: usize, told: &[&str]| {
        let mut call = without_a_path(seconds, &two);
        call.events.extend(told.iter().map(|uri| error(uri, 701, "TURN allocate request timed out.")));
        has(&call, Code::SavedNoUdpAnswer)
    };
    assert!(of(60, &two));
    assert!(!of(60, &two[..1]), "nothing was told of the other");
    assert!(!of(20, &[]), "saved before the browser gives up");
    let mut unasked = without_a_path(60, &[]);
    unasked.events.extend(two.map(|uri| error(uri, 701, "timed out")));
    assert!(!has(&unasked, Code::SavedNoUdpAnswer), "no server was to be asked over UDP");
}

#[test]
fn an_error_of_a_server_in_a_call_that_went_directly_did_not_matter() {
    let mut call = call_with(SENDS_BOTH);
    call.events.push(error("stun:192.0.2.8:3478", 701, "STUN host lookup received error."));
    assert!(has(&call, Code::SavedErrorHarmless));
    assert!(!has(&call, Code::BrowserServerNotReached) && !has(&call, Code::BrowserServerNameUnknown));
}

#[test]
fn a_server_that_gave_a_candidate_was_reached_whatever_another_address_of_this_end_met() {
    let mut call = without_a_path(30, &["turn:192.0.2.9:3478?transport=udp"]);
    call.events.push(error("turn:192.0.2.9:3478?transport=udp", 701, "timed out"));
    assert!(has(&call, Code::BrowserServerNotReached));
    call.events.push(event(
        0.4,
        Happened::Found {
            line: "candidate:1 1 udp 1 203.0.113.9 4000 typ relay raddr 0.0.0.0 rport 0".to_owned(),
            url: Some(ServerUri::from("turn:192.0.2.9:3478?transport=udp")),
            relay_protocol: Some(crate::model::Transport::Udp),
        },
    ));
    assert!(!has(&call, Code::BrowserServerNotReached));
}

#[test]
fn a_call_that_the_application_closed_was_not_cut() {
    let mut call = call(&with_pause(30, 12..30, false));
    call.events.push(told(20.0, StateOf::Ice, "disconnected"));
    assert!(matches!(broken(&facts_of(call.clone())), Some(CallBreak::Cut { .. })));
    call.events.insert(0, event(12.5, Happened::Closed));
    assert_eq!(broken(&facts_of(call)), None);
}

#[test]
fn samples_that_were_taken_rarely_are_no_outage() {
    let mut call = call(&with_pause(30, 0..0, true));
    let is_kept = |at: Millis| ((at.0 / 1000.0) as u64).is_multiple_of(10);
    for pair in call.pairs.values_mut() {
        pair.points.retain(|point| is_kept(point.at));
    }
    let paused = facts_of(call).iter().any(|fact| matches!(fact, Fact::Call(CallFact::StoodStill { .. })));
    assert!(!paused, "a page in the background is sampled each ten seconds");
}

#[test]
fn pictures_that_stand_still_without_a_loss_are_not_the_networks() {
    let mut call = heard();
    let mut picture = call.streams["S"].clone();
    picture.is_audio = false;
    for (place, point) in picture.points.iter_mut().enumerate() {
        (point.freezes, point.lost) = (Some(place as u64), Some(0));
    }
    call.streams.insert("V".to_owned(), picture);
    assert_eq!(outcome(&call), Some(CallOutcome::Good));
}

#[test]
fn copies_of_packets_make_no_loss_and_what_was_sent_again_none_either() {
    let mut call = heard();
    for (place, point) in call.streams.get_mut("S").into_iter().flat_map(|it| &mut it.points).enumerate() {
        point.lost = Some(-(place as i64));
    }
    assert_eq!(outcome(&call), Some(CallOutcome::Good));
}

#[test]
fn what_is_handed_on_for_several_is_promised_by_none_of_them() {
    let outcome_with = |lines: &str| {
        let sdp = SENDS_BOTH.replace("m=video", &format!("{lines}m=video"));
        let mut call = call_with(&sdp);
        call.streams.remove("S");
        outcome(&call)
    };
    let one = "a=ssrc:1 cname:aaaa\r\na=ssrc:2 cname:aaaa\r\n";
    assert_eq!(outcome_with(one), Some(CallOutcome::MediaOneWay));
    let several = "a=ssrc:1 cname:mixed\r\na=ssrc:2 cname:bbbb\r\n";
    assert_ne!(outcome_with(several), Some(CallOutcome::MediaOneWay), "a bridge, in which nobody speaks");
}

#[test]
fn an_end_that_sends_nothing_misses_nothing() {
    let without_data = SENDS_BOTH.replace("m=application 9 X 0\r\n", "");
    let mut watching = call_with(&without_data);
    watching.streams.clear();
    watching.events.push(described(End::Ours, &without_data.replace("sendrecv", "recvonly")));
    assert_eq!(outcome(&watching), Some(CallOutcome::Unfinished), "neither lost nor well");
}

#[test]
fn what_was_sent_is_not_called_heard_where_nothing_reports_of_it() {
    let mut call = heard();
    assert!(has(&call, Code::SavedCallGoodHere) && !has(&call, Code::CallGood));
    let reported = StatStream { way: StreamWay::OutAsReported, ..call.streams["S"].clone() };
    call.streams.insert("R".to_owned(), reported);
    assert!(has(&call, Code::CallGood) && !has(&call, Code::SavedCallGoodHere));
}

#[test]
fn an_end_whose_addresses_are_hidden_had_some() {
    let mut hidden = of_events(&[], &[5000]);
    hidden.events.push(event(
        1.0,
        Happened::Found {
            line: "candidate:1 1 udp 1 3f2a9c1e-0000-4000-8000-000000000001.local 5001 typ host".to_owned(),
            url: None,
            relay_protocol: None,
        },
    ));
    hidden.events.push(told(20.0, StateOf::Connection, "failed"));
    assert!(!has(&hidden, Code::OwnNoCandidates));
    assert!(has(&hidden, Code::BrowserHidesAddresses));
}

#[test]
fn addresses_that_somebody_took_out_are_not_hidden_by_the_browser() {
    let mut redacted = of_events(&[], &[5000]);
    redacted
        .events
        .extend(["x.x.x.x", "10.0.0.x"].map(|host| found(&format!("candidate:1 1 udp 1 {host} 5001 typ host"))));
    assert!(!has(&redacted, Code::BrowserHidesAddresses) && !has(&redacted, Code::BrowserOffersOneAddress));
}

#[test]
fn candidates_are_missed_only_where_there_was_time_for_them() {
    let of = |seconds: f64| {
        let mut call = of_events(&[5000], &[]);
        call.events.push(told(seconds, StateOf::Ice, "checking"));
        (has(&call, Code::PeerSentNoCandidates), outcome(&call))
    };
    assert_eq!(of(3.0), (false, Some(CallOutcome::Unfinished)));
    assert_eq!(of(30.0), (true, Some(CallOutcome::NoCandidates)));
}

#[test]
fn descriptions_without_times_are_no_restart() {
    let own = |ufrag: &str| described(End::Ours, &format!("v=0\r\nm=audio 9 X 0\r\na=ice-ufrag:{ufrag}\r\n"));
    let theirs = described(End::Theirs, SENDS_BOTH);
    let events = vec![own("aaaa"), theirs.clone(), own("bbbb"), theirs];
    let facts = facts_of(SavedConnection { events, ..SavedConnection::default() });
    assert!(!facts.contains(&Fact::Ice(IceFact::Restarted)));
}

#[test]
fn a_browser_that_counts_no_checks_and_calls_all_its_pairs_failed_had_no_path() {
    let of = |states: [bool; 2]| {
        let mut call = without_a_path(1, &[]);
        call.sight.counts_no_checks = true;
        call.candidates.insert("Q".to_owned(), candidate(End::Theirs, CandidateType::Srflx, 3000));
        let mut own = candidate(End::Ours, CandidateType::Relay, 1000);
        own.address = Text::new("10.0.0.80");
        call.candidates.insert("L".to_owned(), own);
        for (id, (remote, failed)) in ["P", "Q"].into_iter().zip(["R", "Q"].into_iter().zip(states)) {
            let points = vec![PairPoint { at: Millis(1000.0), failed, ..PairPoint::default() }];
            call.pairs.insert(id.to_owned(), StatPair { local: "L".to_owned(), remote: remote.to_owned(), points });
        }
        (judged(&call).verdict.path.value().copied(), has(&call, Code::SavedRelayPrivate))
    };
    assert_eq!(of([true, true]), (Some(Path::None), true));
    assert_eq!(of([true, false]), (None, false), "one of them is asked still");
}

#[test]
fn a_hold_in_which_every_check_is_answered_and_a_sample_that_is_missing_are_no_outage() {
    let paused = |call: SavedConnection| {
        facts_of(call).iter().any(|fact| matches!(fact, Fact::Call(CallFact::StoodStill { .. })))
    };
    // A check each two seconds and a half, sampled each second, one of them on its way all the time.
    let of = |second: u64| {
        let (bytes, answered) = (if (11..13).contains(&second) { 10_000 } else { second * 1_000 }, second * 2 / 5);
        (bytes, answered + 1, answered)
    };
    let seconds: Vec<Second> = (0..40).map(of).collect();
    assert!(!paused(call(&seconds)), "on hold");
    let mut missed = call(&with_pause(30, 0..0, true));
    for pair in missed.pairs.values_mut() {
        pair.points.retain(|point| !(12_000.0..14_500.0).contains(&point.at.0));
    }
    assert!(!paused(missed), "samples are missing");
}

#[test]
fn media_that_end_while_checks_go_on_are_told_and_warned_of() {
    let mut ended = heard();
    let pair = ended.pairs.get_mut("P").expect("a pair");
    for point in pair.points.iter_mut().filter(|point| point.at.0 >= 8_000.0) {
        point.bytes_received = Some(8_000);
    }
    for point in ended.streams.get_mut("S").into_iter().flat_map(|it| &mut it.points) {
        point.packets = point.packets.map(|packets| packets.min(80));
    }
    let severity = |call: &SavedConnection| {
        let found = judged(call);
        found.findings.iter().find(|it| it.code == Code::SavedSoundEnded).map(|it| it.severity)
    };
    assert_eq!(severity(&ended), Some(crate::model::Severity::Warning));
    let own = ended.streams.get_mut("O").expect("what is sent");
    for point in &mut own.points {
        point.packets = point.packets.map(|packets| packets.min(80));
    }
    assert_eq!(severity(&ended), None, "both ends stopped");
}

#[test]
fn a_part_of_the_statistics_is_not_judged_by_what_was_left_out() {
    let part = |kept: fn(&mut SavedConnection)| {
        let mut call = call(&with_pause(20, 0..0, true));
        call.sight.tells_no_events = true;
        kept(&mut call);
        let found = judged(&call);
        let critical = |it: &crate::model::Finding| it.severity == crate::model::Severity::Critical;
        assert!(!found.findings.iter().any(critical), "{:?}", found.findings);
        assert_ne!(found.verdict.path.why(), Some(Code::NoPairs));
    };
    part(|call| call.candidates.clear());
    part(|call| call.candidates.retain(|_, candidate| candidate.end.is_ours()));
    part(|call| call.candidates.retain(|_, candidate| !candidate.end.is_ours()));
    part(|call| call.pairs.clear());
}
