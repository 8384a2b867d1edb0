//! Every file of `fixtures/dumps`, held to the line of its README that tells how it was made.

use super::{finds, judged, outcome, path};
use crate::model::{CallOutcome, Code, Path};
use std::collections::BTreeSet;

/// What a file has to say: the path, how the call came out, what is to be found and what not.
struct Truth {
    file: &'static str,
    path: Option<Path>,
    outcome: Option<CallOutcome>,
    finds: &'static [Code],
    never: &'static [Code],
}

const fn truth(
    file: &'static str,
    path: Option<Path>,
    outcome: Option<CallOutcome>,
    finds: &'static [Code],
    never: &'static [Code],
) -> Truth {
    Truth { file, path, outcome, finds, never }
}

/// What no file here may be told of: none of its networks was asked, and nothing in a good call is a fault.
const NEVER: [Code; 3] = [Code::UdpBlocked, Code::RelayNotProven, Code::RelayOpen];

const DIRECT: Option<Path> = Some(Path::Direct);
const RELAY: Option<Path> = Some(Path::Relay);
const NONE: Option<Path> = Some(Path::None);

const GOOD: Option<CallOutcome> = Some(CallOutcome::Good);
const DEGRADED: Option<CallOutcome> = Some(CallOutcome::Degraded);
const NO_PAIR: Option<CallOutcome> = Some(CallOutcome::NoPair);
const CUT: Option<CallOutcome> = Some(CallOutcome::Cut);
const DTLS: Option<CallOutcome> = Some(CallOutcome::Dtls);
const ONE_WAY: Option<CallOutcome> = Some(CallOutcome::MediaOneWay);
const NO_CANDIDATES: Option<CallOutcome> = Some(CallOutcome::NoCandidates);

const NOT_BLOCKED: &[Code] = &[Code::SavedNoUdpAnswer, Code::SavedMappingVaries];
const THERE: &[Code] =
    &[Code::SavedCallRelayedThere, Code::OwnMappingVaries, Code::PeerMappingVaries, Code::RelayTakesOver];
const OWN_RELAY: &[Code] =
    &[Code::SavedCallRelayedHere, Code::OwnMappingVaries, Code::PeerMappingVaries, Code::RelayTakesOver];

#[rustfmt::skip]
const TRUTHS: [Truth; 39] = [
    truth("chromium156-candidates-lost.b.webrtc_internals_dump", None, NO_CANDIDATES, &[Code::PeerSentNoCandidates], NOT_BLOCKED),
    truth("chromium156-cut-midcall.a.getstats.json", NONE, CUT, &[Code::CallCut], NOT_BLOCKED),
    truth("chromium156-cut-midcall.a.webrtc_internals_dump", NONE, CUT, &[Code::CallCut], &[Code::CallPeerStopped]),
    truth("chromium156-cut-midcall.b.pcap", NONE, CUT, &[Code::CallCut], NOT_BLOCKED),
    truth("chromium156-cut-midcall2.a.rtcstats_dump", NONE, CUT, &[Code::CallCut], &[Code::CallPeerStopped]),
    truth("chromium156-direct.a.getstats.json", DIRECT, GOOD, &[Code::CallGood], NOT_BLOCKED),
    truth("chromium156-direct.a.webrtc_internals_dump", DIRECT, GOOD, &[Code::CallGood], NOT_BLOCKED),
    truth("chromium156-dtls-fingerprint.a.pcap", DIRECT, DTLS, &[Code::SavedCallKeysRefused], NOT_BLOCKED),
    truth("chromium156-dtls-fingerprint.a.webrtc_internals_dump", DIRECT, DTLS, &[Code::SavedCallKeysRefused], NOT_BLOCKED),
    truth("chromium156-dtls-fingerprint.b.webrtc_internals_dump", DIRECT, DTLS, &[Code::SavedCallKeysRefused], NOT_BLOCKED),
    truth("chromium156-loss.a.getstats.json", DIRECT, DEGRADED, &[Code::PairLossy], NOT_BLOCKED),
    truth("chromium156-loss.a.pcap", DIRECT, DEGRADED, &[Code::PairLossy], NOT_BLOCKED),
    truth("chromium156-loss.a.webrtc_internals_dump", DIRECT, DEGRADED, &[Code::PairLossy], NOT_BLOCKED),
    truth("chromium156-loss.b.webrtc_internals_dump", DIRECT, DEGRADED, &[Code::PairLossy], NOT_BLOCKED),
    truth("chromium156-one-way.a.pcap", None, ONE_WAY, &[Code::CallMediaAbsent], NOT_BLOCKED),
    truth("chromium156-one-way.a.webrtc_internals_dump", None, ONE_WAY, &[Code::CallMediaAbsent], NOT_BLOCKED),
    truth("chromium156-one-way.b.webrtc_internals_dump", None, ONE_WAY, &[Code::CallMediaUnreported], NOT_BLOCKED),
    truth("chromium156-relay-sym-sym.a.webrtc_internals_dump", RELAY, GOOD, THERE, &[Code::SavedCallRelayedHere]),
    truth("chromium156-relay-sym-sym.b.webrtc_internals_dump", RELAY, GOOD, OWN_RELAY, &[Code::SavedCallRelayedThere]),
    truth("chromium156-relay-sym-sym.srv.pcap", RELAY, DEGRADED, &[Code::SavedCallRelayedThere], &[Code::SavedNoUdpAnswer]),
    truth("chromium156-relay-sym-sym2.a.rtcstats_dump", RELAY, GOOD, THERE, &[Code::SavedCallRelayedHere]),
    truth("chromium156-relay-sym-sym2.b.rtcstats_dump", RELAY, GOOD, OWN_RELAY, &[Code::SavedCallRelayedThere]),
    truth("chromium156-turn-badpw.a.pcap", NONE, NO_PAIR, &[Code::RelayCredentialsRejected, Code::NoRelay], NOT_BLOCKED),
    truth("chromium156-turn-badpw.a.webrtc_internals_dump", NONE, NO_PAIR, &[Code::BrowserServerRefused], &[Code::SavedNoUdpAnswer, Code::BrowserServerNotReached]),
    truth("chromium156-turn-dead.a.pcap", NONE, NO_PAIR, &[Code::ServerRefusedConnection, Code::NoRelay], NOT_BLOCKED),
    truth("chromium156-turn-dead.a.webrtc_internals_dump", NONE, NO_PAIR,
        &[Code::BrowserServerNotReached, Code::BrowserServerNameUnknown, Code::SavedServerNotTold], &[Code::SavedNoUdpAnswer, Code::BrowserServerRefused]),
    truth("chromium156-udp-blocked-long.a.webrtc_internals_dump", NONE, NO_PAIR, &[Code::SavedNoUdpAnswer, Code::BrowserServerNotReached], &[Code::SavedMappingVaries]),
    truth("chromium156-udp-blocked-relay-tcp.a.webrtc_internals_dump", RELAY, GOOD, &[Code::SavedNoUdpAnswer, Code::SavedCallRelayedHere], &[Code::SavedMappingVaries]),
    truth("firefox153-direct.aboutWebrtc.html", DIRECT, Some(CallOutcome::Unfinished), &[Code::DirectPairWorks], NOT_BLOCKED),
    truth("firefox153-direct.copy-report.json", DIRECT, Some(CallOutcome::PartOffered), &[Code::DirectPairWorks], NOT_BLOCKED),
    truth("firefox153-direct.page-getstats.json", DIRECT, GOOD, &[Code::CallGood], NOT_BLOCKED),
    truth("firefox153-turn-badpw.aboutWebrtc.html", NONE, NO_CANDIDATES, &[Code::BrowserServerRefused, Code::OwnNoCandidates], &[Code::BrowserServerNotReached]),
    truth("firefox153-turn-badpw.copy-report.json", None, NO_CANDIDATES, &[Code::OwnNoCandidates, Code::SavedCallInPart], NOT_BLOCKED),
    truth("firefox153-turn-badpw.log.txt", NONE, Some(CallOutcome::Unfinished), &[Code::BrowserServerRefused, Code::SourceRelaysOnly], &[Code::BrowserServerNotReached]),
    truth("firefox153-turn-badpw.page-getstats.json", None, None, &[Code::SavedCallInPart], NOT_BLOCKED),
    truth("firefox153-turn-dead.aboutWebrtc.html", NONE, NO_CANDIDATES, &[Code::BrowserServerNotReached, Code::OwnNoCandidates], &[Code::BrowserServerRefused]),
    truth("firefox153-turn-dead.copy-report.json", None, NO_CANDIDATES, &[Code::OwnNoCandidates, Code::SavedCallInPart], NOT_BLOCKED),
    truth("firefox153-turn-dead.log.txt", NONE, Some(CallOutcome::Unfinished), &[Code::BrowserServerNotReached, Code::SourceRelaysOnly], &[Code::BrowserServerRefused]),
    truth("firefox153-turn-dead.page-getstats.json", None, None, &[Code::SavedCallInPart], NOT_BLOCKED),
];

#[test]
fn every_file_is_told_as_it_was_made() {
    for truth in &TRUTHS {
        let found = judged(truth.file);
        assert_eq!((path(&found), outcome(&found)), (truth.path, truth.outcome), "{}", truth.file);
        finds(&found, truth.finds, truth.never, truth.file);
        finds(&found, &[Code::SavedCall], &NEVER, truth.file);
    }
}

#[test]
fn no_file_is_without_a_line() {
    let folder = format!("{}/fixtures/dumps", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("the folder").filter_map(Result::ok);
    let files = files.filter_map(|file| file.file_name().into_string().ok()?.strip_suffix(".gz").map(str::to_owned));
    let told: BTreeSet<String> = TRUTHS.iter().map(|truth| truth.file.to_owned()).collect();
    assert_eq!(files.collect::<BTreeSet<_>>(), told);
}

#[test]
fn what_single_change_would_have_helped_is_told_where_it_is_known() {
    for (file, change) in [
        ("chromium156-udp-blocked-relay-tcp.a.webrtc_internals_dump", &[Code::AllowOutboundUdp][..]),
        ("chromium156-udp-blocked-long.a.webrtc_internals_dump", &[Code::AllowOutboundUdp]),
        ("chromium156-relay-sym-sym.a.webrtc_internals_dump", &[]),
        ("chromium156-direct.a.webrtc_internals_dump", &[]),
    ] {
        assert_eq!(judged(file).verdict.direct_if, change, "{file}");
    }
}
