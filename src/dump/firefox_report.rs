//! What does a report tell that was copied from Firefox's about:webrtc? ("Copy Report", "Copy Report History")
//!
//! It is one snapshot: statistics by lists, both ends' descriptions, no events. How many checks were sent Firefox does not
//! count. Pairs become `failed` there, and that is the browser's own word.

use super::description::{Description, DescriptionKind};
use super::session::{Event, Happened, LeftOut, SavedConnection, SavedSession, Sight};
use super::{events, reports, values};
use crate::model::{End, Text};
use serde_json::{Map, Value};

/// Connections, and descriptions or candidates of one, that are read.
const CONNECTIONS_MAX: usize = 1_000;
const EVENTS_MAX: usize = 10_000;

/// Reads one report, or a history of several.
pub(super) fn read(file: &Value) -> SavedSession {
    let (all, descriptions) = match file {
        Value::Object(fields) => match fields.get("reports") {
            Some(Value::Array(all)) => (all.iter().collect(), fields.get("sdpHistories")),
            _ => (vec![file], None),
        },
        Value::Array(all) => (all.iter().collect(), None),
        _ => (Vec::new(), None),
    };
    let mut session = SavedSession { made_by: Text::new("Firefox"), ..SavedSession::default() };
    session.left_out.beyond_limits = all.len().saturating_sub(CONNECTIONS_MAX) as u64;
    for report in all.into_iter().take(CONNECTIONS_MAX) {
        let Value::Object(fields) = report else {
            session.left_out.not_understood += 1;
            continue;
        };
        session.saved_at = fields.get("timestamp").and_then(values::clock).max(session.saved_at);
        let connection = connection(fields, descriptions, &mut session.left_out);
        // A history holds one connection at several times; the last of them has all that the others had.
        session.connections.retain(|other| other.name != connection.name || connection.name.is_empty());
        session.connections.push(connection);
    }
    session
}

fn connection(report: &Map<String, Value>, histories: Option<&Value>, left_out: &mut LeftOut) -> SavedConnection {
    let at = report.get("timestamp").and_then(values::clock).unwrap_or_default();
    let id = report.get("pcid").and_then(Value::as_str).unwrap_or_default();
    let mut connection = SavedConnection {
        // What follows holds the page's address.
        name: Text::new(id.split(' ').next().unwrap_or_default().trim_matches(['{', '}'])),
        configuration: report.get("configuration").map(events::configuration),
        sight: Sight { counts_no_checks: true, tells_no_events: true, ..Sight::default() },
        ..SavedConnection::default()
    };
    let lists = report.iter().filter(|(name, _)| name.ends_with("Stats")).filter_map(|(_, list)| list.as_array());
    for statistic in lists.flatten() {
        let (id, kind) = (statistic.get("id").and_then(Value::as_str), statistic.get("type").and_then(Value::as_str));
        match id.zip(kind) {
            Some((id, kind)) => {
                let has_room = reports::take(&mut connection, at, id, kind, &|name| statistic.get(name));
                left_out.beyond_limits += u64::from(!has_room);
            }
            None => left_out.not_understood += 1,
        }
    }
    let own = report.get("sdpHistory").or_else(|| histories?.get(id));
    let has_offered = report.get("offerer").and_then(Value::as_bool);
    let told = own.and_then(Value::as_array).into_iter().flatten().filter_map(|entry| described(entry, has_offered));
    let told = told.chain(candidates(report));
    for (at_own, happened) in told.take(EVENTS_MAX) {
        let place = u32::try_from(connection.events.len()).unwrap_or(u32::MAX).saturating_add(1);
        connection.events.push(Event { at: at_own.unwrap_or(at), place, happened });
    }
    if report.get("closed").and_then(Value::as_bool) == Some(true) {
        let place = u32::try_from(connection.events.len()).unwrap_or(u32::MAX).saturating_add(1);
        connection.events.push(Event { at, place, happened: Happened::Closed });
    }
    connection.events.sort_by_key(|event| event.at);
    connection
}

type ToldEvent = (Option<crate::model::Millis>, Happened);

/// A description of the history. Which of the two it is follows from who has offered.
fn described(entry: &Value, has_offered: Option<bool>) -> Option<ToldEvent> {
    let is_local = entry.get("isLocal")?.as_bool()?;
    let sdp = entry.get("sdp")?.as_str()?;
    let end = if is_local { End::Ours } else { End::Theirs };
    let kind = has_offered.map(|ours| if ours == is_local { DescriptionKind::Offer } else { DescriptionKind::Answer });
    let at = entry.get("timestamp").and_then(values::clock);
    Some((at, Happened::Described { end, description: Description::read(kind, sdp) }))
}

/// The candidates as they were told: of this end as statistics have them, of the other as lines.
fn candidates(report: &Map<String, Value>) -> impl Iterator<Item = ToldEvent> {
    let list = |name: &str| report.get(name).and_then(Value::as_array).into_iter().flatten();
    let added = list("rawRemoteCandidates").filter_map(Value::as_str).filter(|line| line.starts_with("candidate:"));
    let own = list("iceCandidateStats").filter_map(found);
    own.chain(added.map(|line| (None, Happened::Added { line: line.to_owned() })))
}

/// A candidate of this end's as a line (RFC 8839 §5.1).
fn found(statistic: &Value) -> Option<ToldEvent> {
    if statistic.get("type")?.as_str()? != "local-candidate" {
        return None;
    }
    let words = |name: &str| statistic.get(name).and_then(values::words);
    let (kind, protocol) = (words("candidateType")?, words("protocol")?);
    let line = format!(
        "candidate:{} 1 {protocol} {} {} {} typ {kind}{}",
        words("foundation").unwrap_or_else(|| "0".to_owned()),
        words("priority")?,
        words("address")?,
        words("port")?,
        words("tcpType").map_or_else(String::new, |tcp| format!(" tcptype {tcp}")),
    );
    let relay_protocol = statistic.get("relayProtocol").and_then(values::transport);
    let url = statistic.get("url").and_then(values::uri);
    Some((None, Happened::Found { line, url, relay_protocol }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CandidateType;
    use flate2::read::MultiGzDecoder;
    use serde_json::json;

    fn read_from(packed: &[u8]) -> SavedSession {
        read(&serde_json::from_reader(MultiGzDecoder::new(packed)).expect("JSON"))
    }

    #[test]
    fn the_pair_in_use_leads_from_host_to_host() {
        let session = read_from(include_bytes!("../../fixtures/dumps/firefox153-direct.copy-report.json.gz"));
        let [connection] = &session.connections[..] else { panic!("one connection") };
        assert_eq!(connection.name.as_str(), "41855da2-e94a-4f36-ba0d-6e64e0a04039");
        let is_used = |pair: &&super::super::session::StatPair| pair.points.last().is_some_and(|point| point.nominated);
        let used = connection.pairs.values().find(is_used).expect("a pair in use");
        let kind = |id: &String| connection.candidates.get(id).and_then(|candidate| candidate.kind);
        assert_eq!([kind(&used.local), kind(&used.remote)], [Some(CandidateType::Host); 2]);
        let ends: Vec<End> = connection
            .events
            .iter()
            .filter_map(|event| match &event.happened {
                Happened::Described { end, .. } => Some(*end),
                _ => None,
            })
            .collect();
        assert_eq!(ends, [End::Ours, End::Theirs]);
        assert!(connection.sight.counts_no_checks);
    }

    #[test]
    fn neither_passwords_nor_the_pages_address_are_kept() {
        for packed in [
            &include_bytes!("../../fixtures/dumps/firefox153-turn-badpw.copy-report.json.gz")[..],
            include_bytes!("../../fixtures/dumps/firefox153-turn-dead.copy-report.json.gz"),
        ] {
            let session = read_from(packed);
            let text = format!("{session:?}");
            assert!(!text.contains("127.0.0.1") && !text.contains("ice-pwd"), "{text}");
            let configuration = session.connections[0].configuration.as_ref().expect("servers");
            assert!(configuration.relay_only && !configuration.servers.is_empty());
        }
    }

    #[test]
    fn a_history_is_read_as_its_latest_report() {
        let report = |bytes: u64| {
            json!({"pcid": "{a} 1 (id=2 url=http://192.0.2.1/)", "iceCandidatePairStats": [
                {"id": "P", "type": "candidate-pair", "bytesSent": bytes}]})
        };
        let session = read(&json!({"reports": [report(1), report(9), 7], "sdpHistories": {}}));
        assert_eq!((session.connections.len(), session.left_out.not_understood), (1, 1));
        assert_eq!(session.connections[0].pairs["P"].points[0].bytes_sent, Some(9));
    }
}
