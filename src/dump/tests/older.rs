//! Every file of `fixtures/dumps/older`, held to the line of its README: the form changes nothing of how a call was.

use super::super::detect;
use super::super::{choice, facts};
use super::{bytes, judged, outcome, path, record};
use crate::diagnose::diagnose;
use crate::model::{BrowserFact, CallOutcome, Code, Fact, Path};

/// A call and the end that the file is of, its path, how it came out, what has to be found, and what not.
type Truth = (&'static str, Option<Path>, CallOutcome, Code, Code);

const TRUTHS: [Truth; 6] = [
    ("cut-midcall.a", Some(Path::None), CallOutcome::Cut, Code::CallCut, Code::CallPeerStopped),
    ("one-way.a", None, CallOutcome::MediaOneWay, Code::CallMediaAbsent, Code::SavedNoUdpAnswer),
    // Of what the other end hears this form tells nothing.
    ("one-way.b", Some(Path::Direct), CallOutcome::Good, Code::SavedCall, Code::CallMediaAbsent),
    ("relay-sym-sym.a", Some(Path::Relay), CallOutcome::Good, Code::SavedCallRelayedThere, Code::SavedCallRelayedHere),
    ("relay-sym-sym2.b", Some(Path::Relay), CallOutcome::Good, Code::SavedCallRelayedHere, Code::SavedCallRelayedThere),
    ("turn-badpw.a", Some(Path::None), CallOutcome::NoPair, Code::BrowserServerRefused, Code::OwnNoCandidates),
];

#[test]
fn every_file_of_every_form_is_told_as_it_was_made() {
    let folder = format!("{}/fixtures/dumps/older", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("the folder").filter_map(Result::ok);
    let names = files.filter_map(|file| file.file_name().into_string().ok()?.strip_suffix(".gz").map(str::to_owned));
    let (mut told, mut wrong) = (0, Vec::new());
    for name in names {
        let is_of =
            |call: &str| name.strip_prefix("chromium156-").is_some_and(|it| it.starts_with(&format!("{call}.")));
        let (_, way, came_out, finds, never) = TRUTHS.into_iter().find(|(call, ..)| is_of(call)).expect(&name);
        let file = format!("older/{name}");
        let found = judged(&file);
        let codes: Vec<Code> = found.findings.iter().map(|finding| finding.code).collect();
        // An address that is hidden in the file is none that was offered.
        let is_hidden = record(&file)
            .observations
            .iter()
            .any(|seen| matches!(seen.fact, Fact::Browser(BrowserFact::HiddenCandidate(_))));
        let is_told = |told: CallOutcome| {
            told == came_out || is_hidden && (told, came_out) == (CallOutcome::NoCandidates, CallOutcome::NoPair)
        };
        let is_right = path(&found) == way && outcome(&found).is_some_and(is_told);
        let is_found = codes.contains(&finds) || found.verdict.because.contains(&finds);
        told += 1;
        if !is_right || !is_found || codes.contains(&never) {
            wrong.push(format!("{name}: {:?}, {:?}, {codes:?}", path(&found), outcome(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(told > 40, "{told}");
}

#[test]
fn from_a_form_that_nobody_knows_nothing_follows() {
    for (name, renamed) in [
        ("cut-midcall.a.internals-2019.txt", &["StateChange", "onIceCandidate", "RTCIce", "RTCTransport"][..]),
        (
            "cut-midcall.a.internals-2025.txt",
            &["statechange", "icecandidate", "candidate-pair", "-candidate", "transport"],
        ),
        (
            "relay-sym-sym.a.jitsi-goog.jsonl",
            &["statechange", "onicecandidate", "Conn-", "Channel-", "candidate\"", "goog"],
        ),
    ] {
        let plain = detect::unpacked(&bytes(&format!("older/chromium156-{name}"))).0.into_owned();
        let text = String::from_utf8(plain).expect("text");
        let unknown = renamed.iter().fold(text, |text, name| text.replace(name, &format!("{}x", name.to_uppercase())));
        let form = detect::form(unknown.as_bytes()).expect("can be read").expect("is known");
        let session = detect::read(form, unknown.as_bytes(), None);
        let connection = choice::that_matters(&session).expect("a connection");
        let found = diagnose(&facts::record(&session, form.name(), connection));
        let codes: Vec<Code> = found.findings.iter().map(|finding| finding.code).collect();
        assert!(connection.sight.is_unclear && codes.contains(&Code::SavedCallInPart), "{name}: {codes:?}");
        assert_eq!((path(&found), outcome(&found)), (None, None), "{name}: {codes:?}");
    }
}
