//! How each server fared, stage by stage.

use super::{Cell, Section, Tone, Topic};
use crate::catalog::html::ReportWords;
use crate::catalog::{self, Lang, Shown, page as said};
use crate::model::{Diagnosis, Server, ServerHealth, Stage, StageOutcome};

pub(super) fn section(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let columns = vec![said::SERVER.to(lang), said::RESULT.to(lang)];
    let row = |server: &Server| vec![described(server, lang), outcome(server, lang)];
    Section::table(Topic::Servers, said::SERVERS.to(lang), columns, diagnosis.servers.iter().map(row).collect())
}

fn described(server: &Server, lang: Lang) -> Cell {
    let mut under = vec![said::asked_at(server.address, server.transport, lang)];
    under.extend(server.software.iter().map(|software| software.as_str().to_owned()));
    under.extend(server.error.iter().map(|error| {
        let code = error.stun_code.map_or(String::new(), |code| format!(" {code}"));
        format!("[{}]{code} {}", error.code, error.reason.shown(lang)).trim_end().to_owned()
    }));
    Cell { under, ..Cell::plain(server.uri.as_str()) }
}

fn outcome(server: &Server, lang: Lang) -> Cell {
    let health = server.health();
    let stages =
        server.stages.iter().map(|stage| format!("{}: {}", catalog::stage(stage.name, lang), result(stage, lang)));
    Cell { under: stages.collect(), ..Cell::new(tone(health), health_name(health, lang)) }
}

fn tone(health: ServerHealth) -> Tone {
    match health {
        ServerHealth::Passes => Tone::Good,
        ServerHealth::Refuses | ServerHealth::Silent => Tone::Poor,
        ServerHealth::Fails => Tone::Bad,
        ServerHealth::NotTested => Tone::Faint,
    }
}

pub(in crate::report) fn health_name(health: ServerHealth, lang: Lang) -> &'static str {
    let w = &ReportWords::of(lang);
    match health {
        ServerHealth::Passes => w.passes,
        ServerHealth::Refuses => w.answers_with_error,
        ServerHealth::Fails => w.passes_not,
        ServerHealth::Silent => w.no_answer,
        ServerHealth::NotTested => w.not_tested_short,
    }
}

fn result(stage: &Stage, lang: Lang) -> String {
    let outcome = catalog::outcome(stage.outcome, lang);
    match (stage.outcome, stage.ms.map(said::milliseconds)) {
        (StageOutcome::Passed, Some(ms)) => ms,
        (StageOutcome::Failed, Some(ms)) => format!("{outcome}, {ms}"),
        _ => outcome.to_owned(),
    }
}
