//! The tables: what the NAT does, who can be called, how each server fared, which candidates there are.

use super::text::Page;
use super::{Tone, title};
use crate::catalog::{self, Lang, Said, page as said};
use crate::model::{
    Behaviour, Candidate, CandidateType, Diagnosis, Fact, Forecast, Interface, Judged, Nat, NatByFamily, Path, Server,
    Stage, StageOutcome,
};
use comfy_table::presets::{ASCII_FULL, ASCII_FULL_CONDENSED, UTF8_FULL, UTF8_FULL_CONDENSED};
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table};
use std::net::SocketAddr;

pub(super) fn table(page: &Page, header: &[Said]) -> Table {
    table_under(page, &header.iter().map(|name| name.to(page.style.lang)).collect::<Vec<&str>>())
}

fn table_under(page: &Page, header: &[&str]) -> Table {
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

pub(super) fn cell(tone: Tone, text: &str) -> Cell {
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
fn judged<T>(judged: &Judged<T>, lang: Lang, known: impl FnOnce(&T) -> (Tone, String)) -> Cell {
    let (tone, text) = match judged {
        Judged::Known { value, .. } => known(value),
        Judged::NotTested { why } => (Tone::Faint, said::not_tested(&title(*why, lang), lang)),
        Judged::Unclear { why, .. } => (Tone::Poor, said::unclear(&title(*why, lang), lang)),
    };
    cell(tone, &text)
}

fn plain(text: impl Into<String>) -> (Tone, String) {
    (Tone::Plain, text.into())
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
            page.table(said::THIS_NETWORK, &table);
        } else {
            page.table_without_heading(&table);
        }
    }
}

/// Two columns of "address-and-port-dependent", one of row names, borders and padding.
const ROOM_FOR_BOTH_FAMILIES: usize = 26 * 2 + 14 + 10;

fn nat_table(page: &Page, families: &[(&str, &Nat)]) -> Table {
    let lang = page.style.lang;
    let header: Vec<&str> = std::iter::once("").chain(families.iter().map(|(name, _)| *name)).collect();
    let mut table = table_under(page, &header);
    let mut row = |name: Said, value: &dyn Fn(&Nat) -> Cell| {
        table.add_row(
            std::iter::once(cell(Tone::Plain, name.to(lang)))
                .chain(families.iter().map(|(_, nat)| value(nat)))
                .collect::<Vec<Cell>>(),
        );
    };
    let yes_no = |yes: &bool| plain(said::yes_no(*yes, lang));
    let behaviour = |behaviour: &Behaviour| plain(catalog::behaviour(*behaviour, lang));
    row(said::TRANSLATED, &|nat| judged(&nat.translated, lang, yes_no));
    row(said::PUBLIC_ADDRESS, &|nat| {
        let addresses: Vec<String> = nat.public_addresses.iter().map(ToString::to_string).collect();
        match addresses.is_empty() {
            true => cell(Tone::Faint, said::NONE_SEEN.to(lang)),
            false => cell(Tone::Plain, &addresses.join("\n")),
        }
    });
    row(said::MAPPING, &|nat| judged(&nat.mapping, lang, behaviour));
    row(said::FILTERING, &|nat| judged(&nat.filtering, lang, behaviour));
    row(said::HAIRPINNING, &|nat| judged(&nat.hairpinning, lang, yes_no));
    row(said::KEEPS_PORTS, &|nat| judged(&nat.port_preservation, lang, yes_no));
    row(said::IDLE_LIFETIME, &|nat| {
        judged(&nat.mapping_lifetime_ms, lang, |ms| plain(said::seconds_at_least(ms / 1000, lang)))
    });
    row(said::LARGEST_PACKET, &|nat| judged(&nat.path_mtu_bytes, lang, |bytes| plain(said::bytes(bytes, lang))));
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
    let lang = page.style.lang;
    let mut table = table(page, &[said::A_CALL_WITH, said::GOES]);
    for Forecast { peer, path } in forecast {
        let goes = judged(path, lang, |path| {
            let tone = match path {
                Path::Direct => Tone::Good,
                Path::Relay => Tone::Poor,
                Path::None => Tone::Bad,
            };
            (tone, catalog::path(*path, lang).to_owned())
        });
        table.add_row(vec![cell(Tone::Plain, catalog::peer(*peer, lang)), goes]);
    }
    page.table(said::CALLS_FROM_HERE, &table);
}

pub(super) fn servers(page: &mut Page, servers: &[Server]) {
    if servers.is_empty() {
        return;
    }
    let lang = page.style.lang;
    let mut table = table(page, &[said::SERVER, said::STAGE, said::RESULT]);
    table.load_style(if page.style.ascii { ASCII_FULL } else { UTF8_FULL });
    for server in servers {
        let (names, results): (Vec<String>, Vec<String>) = server
            .stages
            .iter()
            .map(|stage| (page.safe(catalog::stage(&stage.name, lang)), result(stage, lang)))
            .unzip();
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
    page.table(said::SERVERS, &table);
}

/// Wide enough for the longest stage name of the catalogue, with its padding.
const STAGE_WIDTH: u16 = 18;

fn describe(page: &Page, server: &Server) -> String {
    let mut lines = vec![page.safe(&server.uri)];
    lines.push(said::asked_at(server.address, server.transport, page.style.lang));
    if let Some(software) = &server.software {
        lines.push(page.safe(software.as_str()));
    }
    if let Some(error) = &server.error {
        let code = error.stun_code.map_or(String::new(), |code| format!("{code} "));
        lines.push(format!("[{}] {code}{}", error.code, page.safe(error.reason.as_str())));
    }
    lines.join("\n")
}

fn result(stage: &Stage, lang: Lang) -> String {
    let outcome = catalog::outcome(stage.outcome, lang);
    match (stage.outcome, stage.ms.map(said::milliseconds)) {
        (StageOutcome::Passed, Some(ms)) => ms,
        (StageOutcome::Failed, Some(ms)) => format!("{outcome}, {ms}"),
        _ => outcome.to_owned(),
    }
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
    let mut table = table(page, &[said::CANDIDATE, said::ADDRESS, said::FROM]);
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
    page.table(said::CANDIDATES, &table);
}

/// Where a candidate comes from: an interface for a host candidate, a server for the others.
fn source(page: &Page, candidate: &Candidate, interfaces: &[&Interface]) -> String {
    let lang = page.style.lang;
    let server = candidate.server.as_deref().map(|uri| page.safe(uri));
    match (candidate.kind, server) {
        (CandidateType::Host, _) => interfaces
            .iter()
            .find(|interface| interface.addresses.iter().any(|own| own.address == candidate.address))
            .map(|interface| {
                format!("{} ({})", page.safe(&interface.name), catalog::interface_kind(interface.interface_kind, lang))
            })
            .unwrap_or_default(),
        (CandidateType::Relay, Some(server)) => match candidate.relay_protocol {
            Some(protocol) => said::over(&server, protocol, lang),
            None => server,
        },
        (_, server) => server.unwrap_or_default(),
    }
}
