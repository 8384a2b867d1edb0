//! Files that somebody hands over: records, reports and networks.

use rtc_doctor::catalog::{self, Lang};
use rtc_doctor::configuration::{Configuration, faults, mended};
use rtc_doctor::diagnose::{diagnose, diff};
use rtc_doctor::dump::{detect, facts, two_ends};
use rtc_doctor::lab::topology::{self, Topology};
use rtc_doctor::model::{Code, Diagnosis, Record, Redaction};
use rtc_doctor::report::{html, json, markdown};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(untagged)]
enum Saved {
    Recording { record: Record },
    Record(Record),
}

/// A record, alone or in a recording: judged, shown by every face in both languages, made into a network, and without its
/// names.
pub fn record(data: &[u8]) {
    let Ok(saved) = serde_json::from_slice(data) else { return };
    let (Saved::Recording { record } | Saved::Record(record)) = saved;
    let mut diagnosis = diagnose(&record);
    let there = record.observations.len();
    let evidence = diagnosis.findings.iter().flat_map(|finding| &finding.evidence);
    assert!(evidence.clone().all(|id| (id.0 as usize) < there), "all evidence is in the record");
    for lang in [Lang::Ko, Lang::En] {
        catalog::fill(&mut diagnosis, lang);
        let _ = markdown::render(&diagnosis, lang);
        html::render(&diagnosis, lang).expect("every diagnosis has a page");
    }
    let written = json::write(&diagnosis, false).expect("every diagnosis has its JSON");
    let read: Diagnosis = serde_json::from_str(&written).expect("what is written reads");
    assert_eq!(json::write(&read, false).expect("likewise"), written, "and is the same again");
    let _ = (diff(&diagnosis, &read), topology::from(&diagnosis));
    Redaction::new([]).diagnosis(&diagnosis).expect("every diagnosis can do without its names");
}

/// A file that tells of calls which somebody else had: each of them judged, and told in one language.
pub fn dump(data: &[u8]) {
    let (unpacked, _) = detect::unpacked(data);
    let Ok(Some(form)) = detect::form(&unpacked) else { return };
    let session = detect::read(form, &unpacked, None);
    for connection in &session.connections {
        let record = facts::record(&session, form.name(), connection);
        assert!(record.observations.len() <= Record::END_OBSERVATIONS_MAX, "no more than is read again");
        let mut diagnosis = diagnose(&record);
        catalog::fill(&mut diagnosis, Lang::En);
        html::render(&diagnosis, Lang::En).expect("every diagnosis has a page");
    }
    let _ = two_ends::matched(&session, &session);
}

/// The file of a network: drawn, built, and written again.
pub fn topology(data: &[u8]) {
    let Ok(topology) = Topology::parse(&String::from_utf8_lossy(data)) else { return };
    let _ = (topology.draw(true), topology.draw(false), topology.world(1));
    let written = topology.text().expect("every network can be written");
    assert_eq!(Topology::parse(&written).expect("what is written reads"), topology);
}

/// A configuration of ICE servers, or what a service answers: judged, told in both languages, and mended.
pub fn configuration(data: &[u8]) {
    let Ok(read) = Configuration::read(&String::from_utf8_lossy(data)) else { return };
    for now_s in [0, 1_796_000_000, u64::MAX] {
        for fault in faults(&read, Some("north"), now_s) {
            let _ = (
                catalog::words(fault.code, &fault.about, Lang::En),
                catalog::words(fault.code, &fault.about, Lang::Ko),
            );
        }
    }
    let mended = mended(&read, |user, password| (user.to_owned(), password.to_owned()));
    let again = Configuration::read(&mended.to_string()).expect("what is mended is a configuration");
    let is_refusal = |code: Code| {
        matches!(code, Code::SourceUriRefused | Code::SourceShapeRefused | Code::SourceTurnWithoutCredentials)
    };
    assert!(!faults(&again, None, 0).iter().any(|fault| is_refusal(fault.code)), "no browser refuses what is mended");
}
