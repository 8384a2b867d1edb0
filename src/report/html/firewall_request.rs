//! What is to be asked of those who run the firewall: destination, port, protocol, purpose, and how it is today.

use super::safe;
use super::servers::class;
use crate::catalog::Lang;
use crate::catalog::html::ReportWords;
use crate::model::{Diagnosis, Server, ServerUri, Transport};
use crate::report::page::health_name;

pub(super) struct View {
    pub rows: Vec<Row>,
    /// The same, as RFC 4180 has it.
    pub csv: String,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub destination: String,
    pub address: String,
    pub port: String,
    pub protocol: &'static str,
    pub purpose: &'static str,
    pub result: &'static str,
    pub class: &'static str,
}

/// RFC 8835 §3.4 and what operating systems choose from: the ports that a peer may have.
const PEER_PORTS: &str = "1024-65535";

pub(super) fn view(diagnosis: &Diagnosis, w: &ReportWords, lang: Lang) -> View {
    let mut rows: Vec<Row> = Vec::new();
    for server in &diagnosis.servers {
        let row = row(server, w, lang);
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows.push(direct(diagnosis, w));
    View { csv: csv(&rows, w), rows }
}

fn row(server: &Server, w: &ReportWords, lang: Lang) -> Row {
    let (host, port) = split(&server.uri);
    let health = server.health();
    let relays = server.uri.target().is_some_and(|target| target.scheme.relays());
    let port = server.address.map(|address| address.port().to_string()).or(port);
    Row {
        destination: safe(&host),
        address: server.address.map(|address| address.ip().to_string()).filter(|ip| *ip != host).unwrap_or_default(),
        port: port.unwrap_or_else(|| "–".to_owned()),
        protocol: match server.transport {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
            Transport::Tls => "TCP (TLS)",
            Transport::Dtls => "UDP (DTLS)",
        },
        purpose: if relays { w.purpose_turn } else { w.purpose_stun },
        result: health_name(health, lang),
        class: class(health),
    }
}

/// Host and port of a URI that may be anything: it is shown and not used.
fn split(uri: &ServerUri) -> (String, Option<String>) {
    match uri.target() {
        Some(target) => (target.host.clone(), Some(target.port_or_default().to_string())),
        None => (uri.to_string(), None),
    }
}

/// The way without any server, judged as the verdict has it.
fn direct(diagnosis: &Diagnosis, w: &ReportWords) -> Row {
    let (result, class) = match diagnosis.passes_direct_udp() {
        Some(true) => (w.passes, "good"),
        Some(false) => (w.passes_not, "bad"),
        None => (w.not_known, "unknown"),
    };
    Row {
        destination: w.any_address.to_owned(),
        address: String::new(),
        port: PEER_PORTS.to_owned(),
        protocol: "UDP",
        purpose: w.purpose_direct,
        result,
        class,
    }
}

fn csv(rows: &[Row], w: &ReportWords) -> String {
    let mut csv = line(&[w.destination, w.address, w.port, w.protocol, w.purpose, w.result_column]);
    for row in rows {
        csv += &line(&[&row.destination, &row.address, &row.port, row.protocol, row.purpose, row.result]);
    }
    csv
}

fn line(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A spreadsheet takes what begins so for a formula: the apostrophe makes it text.
fn cell(text: &str) -> String {
    let harmless =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if harmless.contains([',', '"', '\n', '\r']) { format!("\"{}\"", harmless.replace('"', "\"\"")) } else { harmless }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for hostile in ["=1+1", "+1", "-1", "@x", "\t=1"] {
            assert!(cell(hostile).starts_with('\''), "{hostile}");
        }
        assert_eq!(cell("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        assert_eq!(cell("turn.example.org"), "turn.example.org");
    }

    #[test]
    fn a_uri_that_is_none_is_shown_as_it_is() {
        assert_eq!(split(&"turn:a.example?transport=tcp".into()), ("a.example".to_owned(), Some("3478".to_owned())));
        assert_eq!(split(&"not a uri".into()), ("not a uri".to_owned(), None));
    }
}
