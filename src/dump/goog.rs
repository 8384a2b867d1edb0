//! What do the statistics say that getStats() gave to a callback until 2023? (libwebrtc's statscollector.cc; jitsi's files of 2020)
//!
//! In files of rtcstats every value is a text; in those of webrtc-internals it is a number, and only the id tells what the
//! report is of. Each is said again in the names of webrtc-stats. No state of DTLS was told: a cipher stands there once it is
//! through, and its absence says nothing.

use super::reports::{self, ReportValues};
use super::session::SavedConnection;
use super::values;
use crate::model::Millis;
use serde_json::{Map, Value, json};

/// The properties that are read beside those of webrtc-stats.
pub(super) const WANTED: [&str; 10] = [
    "dtlsCipher",
    "googActiveConnection",
    "googJitterReceived",
    "googLocalAddress",
    "googLocalCandidateType",
    "googReadable",
    "googRemoteAddress",
    "googRemoteCandidateType",
    "googRtt",
    "googTransportType",
];
/// So long a round trip, in milliseconds, stands where none was measured yet.
const NO_ROUND_TRIP: f64 = 3000.0;

/// What a report is of; None where it is none of these statistics.
pub(super) fn kind(id: &str, written: &str) -> Option<&'static str> {
    match written {
        "googCandidatePair" => return Some("pair"),
        "googComponent" => return Some("component"),
        "ssrc" => return Some(if id.ends_with("_send") { "sent" } else { "received" }),
        "VideoBwe" | "googTrack" | "googLibjingleSession" | "googCertificate" => return Some("other"),
        "" => {}
        _ => return None,
    }
    if id.starts_with("Conn-") {
        Some("pair")
    } else if id.starts_with("Channel-") {
        Some("component")
    } else if id.starts_with("ssrc_") {
        Some(if id.ends_with("_send") { "sent" } else { "received" })
    } else if id.starts_with("Cand-") || id.starts_with("goog") || id == "bweforvideo" {
        Some("other")
    } else {
        None
    }
}

/// Notes what a report of this kind says. Whether there was room for it.
pub(super) fn take(connection: &mut SavedConnection, at: Millis, id: &str, kind: &str, of: ReportValues<'_>) -> bool {
    match kind {
        "pair" => {
            let ends = [
                ("local-candidate", "localCandidateId", "googLocalAddress", "googLocalCandidateType"),
                ("remote-candidate", "remoteCandidateId", "googRemoteAddress", "googRemoteCandidateType"),
            ];
            let candidates = ends.map(|(kind, id, address, its_kind)| {
                let Some(id) = of(id).and_then(values::words) else { return true };
                say(connection, at, &id, kind, candidate(of(address), of(its_kind), of("googTransportType")))
            });
            say(connection, at, id, "candidate-pair", pair(of)) && candidates == [true, true]
        }
        "component" => say(connection, at, id, "transport", component(of)),
        "received" => say(connection, at, id, "inbound-rtp", stream(of)),
        "sent" => {
            // What the other end reports stands in the same report, once it has.
            let is_told = of("packetsLost").is_some();
            let told = !is_told || say(connection, at, &format!("{id}/there"), "remote-inbound-rtp", told_there(of));
            say(connection, at, id, "outbound-rtp", stream(of)) && told
        }
        _ => true,
    }
}

fn say(connection: &mut SavedConnection, at: Millis, id: &str, kind: &str, report: Map<String, Value>) -> bool {
    reports::take(connection, at, id, kind, &|name: &str| report.get(name))
}

/// Of these values those that are there, under the same name.
fn same(of: ReportValues<'_>, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), of(name)?.clone()))).collect()
}

fn pair(of: ReportValues<'_>) -> Map<String, Value> {
    let mut report = same(
        of,
        &[
            "bytesReceived",
            "bytesSent",
            "localCandidateId",
            "packetsSent",
            "remoteCandidateId",
            "requestsReceived",
            "requestsSent",
            "responsesReceived",
        ],
    );
    let answered = of("responsesReceived").and_then(values::count).unwrap_or_default() > 0;
    let is = |name: &str| of(name).and_then(values::truth).unwrap_or_default();
    if answered && is("googReadable") {
        report.insert("state".to_owned(), json!("succeeded"));
    }
    report.insert("nominated".to_owned(), json!(is("googActiveConnection")));
    let rtt = of("googRtt").and_then(values::number).filter(|rtt| answered && *rtt < NO_ROUND_TRIP);
    report.extend(rtt.map(|ms| ("currentRoundTripTime".to_owned(), json!(ms / 1000.0))));
    report
}

/// The candidate of a pair: its report of its own does not tell whose it is, and browsers before 2019 spoilt its address.
fn candidate(address: Option<&Value>, kind: Option<&Value>, protocol: Option<&Value>) -> Map<String, Value> {
    let mut report = Map::new();
    let text = address.and_then(values::words).unwrap_or_default();
    if let Some((address, port)) = text.rsplit_once(':') {
        let address = address.trim_start_matches('[').trim_end_matches(']');
        report.insert("address".to_owned(), json!(address));
        report.insert("port".to_owned(), json!(port));
    }
    report.extend(kind.map(|kind| ("candidateType".to_owned(), kind.clone())));
    report.extend(protocol.map(|protocol| ("protocol".to_owned(), protocol.clone())));
    report
}

fn component(of: ReportValues<'_>) -> Map<String, Value> {
    let mut report = same(of, &["selectedCandidatePairId"]);
    let is_through = of("dtlsCipher").and_then(values::words).is_some_and(|cipher| !cipher.is_empty());
    report.extend(is_through.then(|| ("dtlsState".to_owned(), json!("connected"))));
    report
}

fn stream(of: ReportValues<'_>) -> Map<String, Value> {
    let mut report = same(of, &["bytesReceived", "bytesSent", "mediaType", "packetsReceived", "packetsSent"]);
    if report.contains_key("packetsReceived") {
        report.extend(same(of, &["packetsLost"]));
        report.extend(seconds(of, "googJitterReceived", "jitter"));
    }
    report
}

fn told_there(of: ReportValues<'_>) -> Map<String, Value> {
    let mut report = same(of, &["mediaType", "packetsLost"]);
    report.extend(seconds(of, "googRtt", "roundTripTime"));
    report.extend(seconds(of, "googJitterReceived", "jitter"));
    report
}

/// A value of milliseconds as one of seconds.
fn seconds(of: ReportValues<'_>, old: &str, name: &str) -> Option<(String, Value)> {
    of(old).and_then(values::number).map(|ms| (name.to_owned(), json!(ms / 1000.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(id: &str, kind: &str, report: &Value) -> SavedConnection {
        let mut connection = SavedConnection::default();
        assert!(take(&mut connection, Millis::ZERO, id, kind, &|name: &str| report.get(name)));
        connection
    }

    #[test]
    fn a_pair_is_read_alike_in_texts_and_in_numbers() {
        let texts = json!({"googActiveConnection": "true", "googReadable": "true", "googRtt": "56", "requestsSent": "9",
            "responsesReceived": "9", "localCandidateId": "Cand-a", "remoteCandidateId": "Cand-b", "googLocalAddress": "10.0.0.2:5000",
            "googLocalCandidateType": "local", "googRemoteAddress": "198.51.100.9:6000", "googRemoteCandidateType": "relay"});
        let numbers = json!({"googActiveConnection": true, "googReadable": true, "googRtt": 56, "requestsSent": 9,
            "responsesReceived": 9, "localCandidateId": "Cand-a", "remoteCandidateId": "Cand-b", "googLocalAddress": "10.0.0.2:5000",
            "googLocalCandidateType": "local", "googRemoteAddress": "198.51.100.9:6000", "googRemoteCandidateType": "relay"});
        let [texts, numbers] = [texts, numbers].map(|report| taken("Conn-audio-1-0", "pair", &report));
        assert_eq!((&texts.pairs, &texts.candidates), (&numbers.pairs, &numbers.candidates));
        let point = texts.pairs["Conn-audio-1-0"].points[0];
        assert!(point.nominated && point.succeeded);
        assert_eq!((point.rtt_ms, point.requests_sent), (Some(Millis(56.0)), Some(9)));
        assert_eq!(texts.candidates["Cand-a"].port, Some(5000));
    }

    #[test]
    fn three_seconds_without_an_answer_are_no_round_trip() {
        let report = json!({"googRtt": "3000", "responsesReceived": "0", "requestsSent": "4"});
        assert_eq!(taken("Conn-audio-1-1", "pair", &report).pairs["Conn-audio-1-1"].points[0].rtt_ms, None);
    }

    #[test]
    fn a_cipher_says_that_dtls_is_through_and_none_says_nothing() {
        let state = |report: Value| {
            taken("Channel-audio-1", "component", &report).transports["Channel-audio-1"][0].dtls.clone()
        };
        assert!(state(json!({"dtlsCipher": "TLS_AES_128_GCM_SHA256"})).is_some());
        assert!(state(json!({"selectedCandidatePairId": "Conn-audio-1-0"})).is_none());
    }
}
