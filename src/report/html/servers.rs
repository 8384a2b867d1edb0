//! How each server fared, stage by stage.

use super::safe;
use crate::catalog::html::{ReportWords, fill};
use crate::catalog::{self, Lang, Shown};
use crate::model::{Code, Diagnosis, Server, ServerHealth, Stage, StageOutcome};
use crate::report::page::{health_name, title};
use crate::report::pictures::{self, Bar, Caption, Outcome, milliseconds};

pub(super) struct View {
    pub uri: String,
    pub place: String,
    pub class: &'static str,
    pub result: &'static str,
    pub software: String,
    pub error: String,
    pub error_code: Option<Code>,
    /// Whether there is a finding of that code to lead to.
    pub is_found: bool,
    pub picture: String,
    pub stages: Vec<StageRow>,
    pub certificates: Vec<CertificateRow>,
}

pub(super) struct StageRow {
    pub name: String,
    pub outcome: &'static str,
    pub took: String,
}

pub(super) struct CertificateRow {
    pub subject: String,
    pub names: String,
    pub issuer: String,
    pub from: String,
    pub until: String,
    pub print: String,
}

pub(super) fn class(health: ServerHealth) -> &'static str {
    match health {
        ServerHealth::Passes => "good",
        ServerHealth::Refuses => "poor",
        ServerHealth::Fails | ServerHealth::Silent => "bad",
        ServerHealth::NotTested => "unknown",
    }
}

pub(super) fn views(diagnosis: &Diagnosis, w: &ReportWords, lang: Lang) -> Vec<View> {
    diagnosis.servers.iter().map(|server| view(server, diagnosis, w, lang)).collect()
}

fn view(server: &Server, diagnosis: &Diagnosis, w: &ReportWords, lang: Lang) -> View {
    let health = server.health();
    let over = fill(w.over, &[("transport", &server.transport.to_string())]);
    let address = server.address.map_or_else(|| w.no_address.to_owned(), |address| address.to_string());
    let error = server.error.as_ref().map(|error| {
        let code = error.stun_code.map_or(String::new(), |code| format!("{code} "));
        let said = format!("{code}{}", safe(&error.reason.shown(lang)));
        if said.is_empty() { String::new() } else { format!("{}: {said}", w.said_error) }
    });
    View {
        uri: safe(server.uri.as_str()),
        place: format!("{address} · {over}"),
        class: class(health),
        result: health_name(health, lang),
        software: server.software.as_ref().map(|software| safe(software.as_str())).unwrap_or_default(),
        // Where the server said nothing, its finding says what is wrong.
        error: match (error, server.error.as_ref()) {
            (Some(said), Some(error)) if said.is_empty() => title(error.code, lang),
            (said, _) => said.unwrap_or_default(),
        },
        is_found: server.error.as_ref().is_some_and(|error| diagnosis.has_found(error.code)),
        error_code: server.error.as_ref().map(|error| error.code),
        picture: picture(server, w, lang),
        stages: server.stages.iter().map(|stage| stage_row(stage, lang)).collect(),
        certificates: server.tls.iter().flat_map(|tls| &tls.certificates).map(certificate).collect(),
    }
}

fn stage_row(stage: &Stage, lang: Lang) -> StageRow {
    StageRow {
        name: catalog::stage(stage.name, lang).to_owned(),
        outcome: catalog::outcome(stage.outcome, lang),
        took: stage.ms.map_or_else(|| "–".to_owned(), |ms| format!("{} ms", milliseconds(ms))),
    }
}

fn certificate(certificate: &crate::model::Certificate) -> CertificateRow {
    let names: Vec<String> = certificate.names.iter().map(|name| safe(name.as_str())).collect();
    CertificateRow {
        subject: safe(certificate.subject.as_str()),
        names: names.join(", "),
        issuer: safe(certificate.issuer.as_str()),
        from: safe(&certificate.not_before),
        until: safe(&certificate.not_after),
        print: safe(&certificate.fingerprint_sha256),
    }
}

/// The stages one after another, as they depend on each other. Those behind a failure are in the table alone.
fn picture(server: &Server, w: &ReportWords, lang: Lang) -> String {
    let reached = server.stages.iter().filter(|stage| stage.outcome != StageOutcome::NotTested);
    let mut begin = 0.0;
    let bars: Vec<Bar> = reached
        .map(|stage| {
            let row = stage_row(stage, lang);
            let took = stage.ms.filter(|ms| ms.is_finite()).map(|ms| ms.0);
            let bar = Bar {
                label: row.name,
                begin,
                took,
                outcome: match stage.outcome {
                    StageOutcome::Passed => Outcome::Passed,
                    StageOutcome::Failed => Outcome::Failed,
                    StageOutcome::Silent | StageOutcome::NotTested => Outcome::Open,
                },
                told: match (stage.outcome, took) {
                    (StageOutcome::Passed, Some(_)) => row.took,
                    (StageOutcome::Failed, Some(_)) => format!("{}, {}", row.outcome, row.took),
                    _ => row.outcome.to_owned(),
                },
            };
            begin += took.unwrap_or(0.0);
            bar
        })
        .collect();
    // A look-up and one answer are told by the table better.
    if bars.len() < 3 {
        return String::new();
    }
    let told: Vec<String> = bars.iter().map(|bar| format!("{}: {}.", bar.label, bar.told)).collect();
    let title = fill(w.waterfall_of, &[("server", &safe(server.uri.as_str()))]);
    pictures::waterfall(&bars, w.milliseconds, Caption { title: &title, description: &told.join(" ") })
}
