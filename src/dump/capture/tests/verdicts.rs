//! What is judged of each capture of fixtures/dumps, held to how it was made (its README tells).

use crate::diagnose::diagnose;
use crate::dump::detect::{self, Form};
use crate::dump::facts;
use crate::model::{CallOutcome, Code, Diagnosis, Path};

/// Of each connection in the file.
fn diagnoses(packed: &[u8]) -> Vec<Diagnosis> {
    let (plain, _) = detect::unpacked(packed);
    let form = detect::form(&plain).expect("can be read").expect("is known");
    assert_eq!(form, Form::Capture);
    let session = detect::read(form, &plain, None);
    let judged =
        session.connections.iter().map(|connection| diagnose(&facts::record(&session, form.name(), connection)));
    judged.collect()
}

macro_rules! judged {
    ($name:literal) => {
        diagnoses(include_bytes!(concat!("../../../../fixtures/dumps/chromium156-", $name, ".pcap.gz")))
    };
}

fn outcome(diagnosis: &Diagnosis) -> Option<CallOutcome> {
    diagnosis.call.as_ref().map(|call| call.outcome)
}

fn finds(diagnosis: &Diagnosis, code: Code) -> bool {
    diagnosis.findings.iter().any(|finding| finding.code == code)
}

#[test]
fn a_call_is_told_as_it_went() {
    let [cut, rejected, lossy, one_way] =
        [judged!("cut-midcall.b"), judged!("dtls-fingerprint.a"), judged!("loss.a"), judged!("one-way.a")];
    assert_eq!(outcome(&cut[0]), Some(CallOutcome::Cut));
    assert_eq!(outcome(&rejected[0]), Some(CallOutcome::Dtls));
    assert_eq!(outcome(&one_way[0]), Some(CallOutcome::MediaOneWay));
    assert_eq!(outcome(&lossy[0]), Some(CallOutcome::Degraded));
    assert_eq!(lossy[0].verdict.path.value(), Some(&Path::Direct));
}

#[test]
fn at_a_server_both_clients_are_seen_relayed() {
    let both = judged!("relay-sym-sym.srv");
    assert_eq!(both.len(), 2);
    for client in &both {
        assert_eq!(client.verdict.path.value(), Some(&Path::Relay));
        assert!(!finds(client, Code::CallRelayThin), "what is late at a server may be late by its sender");
    }
}

#[test]
fn without_a_path_the_server_is_told_that_would_have_relayed() {
    let (refused, dead) = (judged!("turn-badpw.a"), judged!("turn-dead.a"));
    assert_eq!([&refused, &dead].map(|of| of[0].verdict.path.value()), [Some(&Path::None); 2]);
    assert!(finds(&refused[0], Code::RelayCredentialsRejected));
    assert!(finds(&dead[0], Code::ServerRefusedConnection));
}
