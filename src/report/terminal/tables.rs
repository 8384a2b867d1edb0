//! The tables: what the NAT does, who can be called, how each server fared, which candidates there are.

use super::text::Page;
use super::{Tone, title};
use crate::catalog;
use crate::model::{
    Candidate, CandidateType, Diagnosis, Fact, Forecast, Interface, Judged, Nat, NatByFamily, Path, Server, Stage,
    StageOutcome,
};
use comfy_table::presets::{ASCII_FULL, ASCII_FULL_CONDENSED, UTF8_FULL, UTF8_FULL_CONDENSED};
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table};
use std::net::SocketAddr;

fn table(page: &Page, header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(if page.style.ascii { ASCII_FULL_CONDENSED } else { UTF8_FULL_CONDENSED });
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(page.style.columns()).unwrap_or(u16::MAX));
    if page.style.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(header.iter().map(|name| cell(Tone::Bold, name)).collect::<Vec<Cell>>());
    table
}

fn cell(tone: Tone, text: &str) -> Cell {
    let cell = Cell::new(text);
    match tone {
        Tone::Plain => cell,
        Tone::Bold => cell.add_attribute(Attribute::Bold),
        Tone::Good => cell.fg(Color::Green),
        Tone::Poor => cell.fg(Color::Yellow),
        Tone::Bad => cell.fg(Color::Red),
        Tone::Faint => cell.add_attribute(Attribute::Dim),
    }
}

/// A value, or in its place the reason why there is none.
fn judged<T>(judged: &Judged<T>, known: impl FnOnce(&T) -> (Tone, String)) -> Cell {
    let (tone, text) = match judged {
        Judged::Known { value, .. } => known(value),
        Judged::NotTested { why } => (Tone::Faint, format!("not tested: {}", mid_sentence(&title(*why)))),
        Judged::Unclear { why, .. } => (Tone::Poor, format!("unclear: {}", mid_sentence(&title(*why)))),
    };
    cell(tone, &text)
}

/// With a small first letter, unless the first word is a name like "UDP".
fn mid_sentence(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => title.to_owned(),
    }
}

fn plain(text: impl Into<String>) -> (Tone, String) {
    (Tone::Plain, text.into())
}

fn yes_no(yes: &bool) -> (Tone, String) {
    plain(if *yes { "yes" } else { "no" })
}

/// Both families side by side where there is room for the longest behaviour twice, else one below the other.
pub(super) fn nat(page: &mut Page, nat: &NatByFamily) {
    let families: Vec<(&str, &Nat)> = [("IPv4", &nat.ipv4), ("IPv6", &nat.ipv6)]
        .into_iter()
        .filter_map(|(name, nat)| Some((name, nat.as_ref()?)))
        .collect();
    let beside = if page.style.columns() < ROOM_FOR_BOTH_FAMILIES { 1 } else { 2 };
    for (index, families) in families.chunks(beside).enumerate() {
        let table = nat_table(page, families);
        if index == 0 {
            page.table("This network", &table);
        } else {
            page.table_without_heading(&table);
        }
    }
}

/// Two columns of "address-and-port-dependent", one of row names, borders and padding.
const ROOM_FOR_BOTH_FAMILIES: usize = 26 * 2 + 14 + 10;

fn nat_table(page: &Page, families: &[(&str, &Nat)]) -> Table {
    let header: Vec<&str> = std::iter::once("").chain(families.iter().map(|(name, _)| *name)).collect();
    let mut table = table(page, &header);
    let mut row = |name: &str, value: &dyn Fn(&Nat) -> Cell| {
        table.add_row(
            std::iter::once(cell(Tone::Plain, name))
                .chain(families.iter().map(|(_, nat)| value(nat)))
                .collect::<Vec<Cell>>(),
        );
    };
    row("translated", &|nat| judged(&nat.translated, yes_no));
    row("public address", &|nat| {
        let addresses: Vec<String> = nat.public_addresses.iter().map(ToString::to_string).collect();
        if addresses.is_empty() { cell(Tone::Faint, "none seen") } else { cell(Tone::Plain, &addresses.join("\n")) }
    });
    row("mapping", &|nat| judged(&nat.mapping, |behaviour| plain(catalog::behaviour(*behaviour))));
    row("filtering", &|nat| judged(&nat.filtering, |behaviour| plain(catalog::behaviour(*behaviour))));
    row("hairpinning", &|nat| judged(&nat.hairpinning, yes_no));
    row("keeps ports", &|nat| judged(&nat.port_preservation, yes_no));
    row("idle lifetime", &|nat| judged(&nat.mapping_lifetime_ms, |ms| plain(format!("{} s at least", ms / 1000))));
    row("largest packet", &|nat| judged(&nat.path_mtu_bytes, |bytes| plain(format!("{bytes} bytes"))));
    table
}

pub(super) fn forecast(page: &mut Page, forecast: &[Forecast]) {
    let unknown_alike = |first: &Forecast| {
        first.path.why().is_some() && forecast.iter().all(|other| other.path.why() == first.path.why())
    };
    // Where no call can be foretold, and all for one reason, the verdict has said so.
    if forecast.first().is_none_or(unknown_alike) {
        return;
    }
    let mut table = table(page, &["A call with", "goes"]);
    for Forecast { peer, path } in forecast {
        let goes = judged(path, |path| {
            let tone = match path {
                Path::Direct => Tone::Good,
                Path::Relay => Tone::Poor,
                Path::None => Tone::Bad,
            };
            (tone, catalog::path(*path).to_owned())
        });
        table.add_row(vec![cell(Tone::Plain, catalog::peer(*peer)), goes]);
    }
    page.table("Calls from here", &table);
}

pub(super) fn servers(page: &mut Page, servers: &[Server]) {
    if servers.is_empty() {
        return;
    }
    let mut table = table(page, &["Server", "Stage", "Result"]);
    table.load_style(if page.style.ascii { ASCII_FULL } else { UTF8_FULL });
    for server in servers {
        let (names, results): (Vec<String>, Vec<String>) =
            server.stages.iter().map(|stage| (page.safe(catalog::stage(&stage.name)), result(stage))).unzip();
        let failed = server.error.is_some() || server.stages.iter().any(|stage| stage.outcome == StageOutcome::Failed);
        let silent = server.stages.iter().any(|stage| stage.outcome == StageOutcome::Silent);
        let tone = match (failed, silent) {
            (true, _) => Tone::Bad,
            (false, true) => Tone::Poor,
            (false, false) => Tone::Plain,
        };
        table.add_row(vec![
            cell(Tone::Plain, &describe(page, server)),
            cell(Tone::Plain, &names.join("\n")),
            cell(tone, &results.join("\n")),
        ]);
    }
    // A stage and its result stand on one line only while neither is wrapped.
    for column in table.column_iter_mut().skip(1) {
        column.set_constraint(ColumnConstraint::UpperBoundary(comfy_table::Width::Fixed(STAGE_WIDTH)));
    }
    page.table("Servers", &table);
}

/// Wide enough for the longest stage name of the catalogue, with its padding.
const STAGE_WIDTH: u16 = 18;

fn describe(page: &Page, server: &Server) -> String {
    let mut lines = vec![page.safe(&server.uri)];
    lines.push(match server.address {
        Some(address) => format!("{address} over {}", server.transport),
        None => format!("no address, over {}", server.transport),
    });
    if let Some(software) = &server.software {
        lines.push(page.safe(software.as_str()));
    }
    if let Some(error) = &server.error {
        let code = error.stun_code.map_or(String::new(), |code| format!("{code} "));
        lines.push(format!("[{}] {code}{}", error.code, page.safe(error.reason.as_str())));
    }
    lines.join("\n")
}

fn result(stage: &Stage) -> String {
    match (stage.outcome, stage.ms) {
        (StageOutcome::Passed, Some(ms)) => milliseconds(ms),
        (StageOutcome::Failed, Some(ms)) => format!("failed, {}", milliseconds(ms)),
        (outcome, _) => catalog::outcome(outcome).to_owned(),
    }
}

pub(super) fn milliseconds(ms: f64) -> String {
    if ms < 9.95 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

pub(super) fn candidates(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.candidates.is_empty() {
        return;
    }
    let interfaces: Vec<&Interface> = diagnosis
        .observations
        .iter()
        .filter_map(|observation| match &observation.fact {
            Fact::Interface(interface) => Some(interface),
            _ => None,
        })
        .collect();
    let mut table = table(page, &["Candidate", "Address", "From"]);
    for candidate in &diagnosis.candidates {
        let address = SocketAddr::new(candidate.address, candidate.port);
        let protocol = match candidate.protocol {
            crate::model::Protocol::Udp => "UDP",
            crate::model::Protocol::Tcp => "TCP",
        };
        table.add_row(vec![
            cell(Tone::Plain, catalog::candidate_type(candidate.kind)),
            cell(Tone::Plain, &format!("{address} {protocol}")),
            cell(Tone::Plain, &source(page, candidate, &interfaces)),
        ]);
    }
    page.table("Candidates (what a browser here would offer)", &table);
}

/// Where a candidate comes from: an interface for a host candidate, a server for the others.
fn source(page: &Page, candidate: &Candidate, interfaces: &[&Interface]) -> String {
    let server = candidate.server.as_deref().map(|uri| page.safe(uri));
    match (candidate.kind, server) {
        (CandidateType::Host, _) => interfaces
            .iter()
            .find(|interface| interface.addresses.iter().any(|own| own.address == candidate.address))
            .map(|interface| {
                format!("{} ({})", page.safe(&interface.name), catalog::interface_kind(interface.interface_kind))
            })
            .unwrap_or_default(),
        (CandidateType::Relay, Some(server)) => match candidate.relay_protocol {
            Some(protocol) => format!("{server} over {protocol}"),
            None => server,
        },
        (_, server) => server.unwrap_or_default(),
    }
}
