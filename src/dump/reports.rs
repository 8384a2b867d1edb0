//! What does one report of statistics say at one time? (webrtc-stats §8)
//!
//! A report is whatever gives values by the names of webrtc-stats: a row of webrtc-internals' series, or an object of
//! getStats(). What no diagnosis needs is passed over.

use super::session::{PairPoint, SavedConnection, StatCandidate, StatStream, StreamPoint, StreamWay, TransportPoint};
use super::values;
use crate::model::{End, Millis, Text};
use serde_json::Value;

/// The most candidates or streams of a connection that are kept, the most pairs of it, which are looked at beside each other,
/// and the most points of one of them.
const REPORTS_MAX: usize = 10_000;
const PAIRS_MAX: usize = 2_000;
const POINTS_MAX: usize = 20_000;

/// The properties that are read: all others need not be parsed.
pub(super) const WANTED: [&str; 51] = [
    "active",
    "address",
    "availableOutgoingBitrate",
    "bytesReceived",
    "bytesSent",
    "candidateType",
    "concealedSamples",
    "consentRequestsSent",
    "currentRoundTripTime",
    "dataChannelsOpened",
    "dtlsState",
    "fractionLost",
    "freezeCount",
    "iceRole",
    "ip",
    "ipAddress",
    "isRemote",
    "jitter",
    "kind",
    "lastPacketReceivedTimestamp",
    "localCandidateId",
    "mediaType",
    "networkType",
    "nominated",
    "packetsLost",
    "packetsReceived",
    "packetsSent",
    "port",
    "portNumber",
    "protocol",
    "qualityLimitationReason",
    "relatedAddress",
    "relatedPort",
    "relayProtocol",
    "remoteCandidateId",
    "requestsReceived",
    "requestsSent",
    "responsesReceived",
    "roundTripTime",
    "selected",
    "selectedCandidatePairId",
    "state",
    "tcpType",
    "timestamp",
    "tlsVersion",
    "totalRoundTripTime",
    "totalSamplesReceived",
    "transport",
    "type",
    "url",
    "usernameFragment",
];

/// Gives a value by its name in webrtc-stats.
pub(super) type ReportValues<'a> = &'a dyn Fn(&str) -> Option<&'a Value>;

/// Notes what a report of this id and type says. Whether there was room for it.
pub(super) fn take(connection: &mut SavedConnection, at: Millis, id: &str, kind: &str, of: ReportValues<'_>) -> bool {
    match kind {
        "local-candidate" | "localcandidate" => candidate(connection, End::Ours, id, of),
        "remote-candidate" | "remotecandidate" => candidate(connection, End::Theirs, id, of),
        "candidate-pair" | "candidatepair" => pair(connection, at, id, of),
        "transport" => transport(connection, at, id, of),
        "inbound-rtp" | "inboundrtp" => stream(connection, at, id, received(of, StreamWay::In), of),
        "outbound-rtp" | "outboundrtp" => stream(connection, at, id, received(of, StreamWay::Out), of),
        "remote-inbound-rtp" => stream(connection, at, id, StreamWay::OutAsReported, of),
        "remote-outbound-rtp" => stream(connection, at, id, StreamWay::InAsReported, of),
        "data-channel" | "datachannel" => channel(connection, of),
        "peer-connection" | "peerconnection" => {
            let opened = of("dataChannelsOpened").and_then(values::count).unwrap_or_default();
            connection.channels_open = connection.channels_open.max(u32::try_from(opened).unwrap_or(u32::MAX));
            true
        }
        _ => true,
    }
}

/// Old browsers mark what the other end reports in the report itself.
fn received(of: ReportValues<'_>, way: StreamWay) -> StreamWay {
    match (of("isRemote").and_then(values::truth), way) {
        (Some(true), StreamWay::In) => StreamWay::OutAsReported,
        (Some(true), StreamWay::Out) => StreamWay::InAsReported,
        (_, way) => way,
    }
}

fn channel(connection: &mut SavedConnection, of: ReportValues<'_>) -> bool {
    let is_open = of("state").and_then(values::words).as_deref() == Some("open");
    connection.channels_open = connection.channels_open.max(u32::from(is_open));
    true
}

fn candidate(connection: &mut SavedConnection, end: End, id: &str, of: ReportValues<'_>) -> bool {
    let has_room = connection.candidates.len() < REPORTS_MAX || connection.candidates.contains_key(id);
    if !has_room {
        return false;
    }
    let known =
        connection.candidates.entry(id.to_owned()).or_insert_with(|| StatCandidate { end, ..Default::default() });
    let first = |names: [&str; 3]| names.into_iter().find_map(of);
    let port = |value: &Value| values::count(value).and_then(|port| u16::try_from(port).ok());
    let address = first(["address", "ip", "ipAddress"]).and_then(values::text);
    known.kind = of("candidateType").and_then(values::candidate_type).or(known.kind);
    known.protocol = of("protocol").or_else(|| of("transport")).and_then(values::protocol).or(known.protocol);
    known.address = address.unwrap_or_else(|| std::mem::take(&mut known.address));
    known.port = of("port").or_else(|| of("portNumber")).and_then(port).or(known.port);
    let related = of("relatedAddress").and_then(values::text).zip(of("relatedPort").and_then(port));
    known.related = related.or_else(|| known.related.take());
    known.relay_protocol = of("relayProtocol").and_then(values::transport).or(known.relay_protocol);
    known.url = of("url").and_then(values::uri).or_else(|| known.url.take());
    known.tcp_type = of("tcpType").and_then(values::tcp_type).or(known.tcp_type);
    known.ufrag = of("usernameFragment").and_then(values::words).or_else(|| known.ufrag.take());
    known.network = of("networkType").and_then(values::text).or_else(|| known.network.take());
    true
}

fn pair(connection: &mut SavedConnection, at: Millis, id: &str, of: ReportValues<'_>) -> bool {
    if connection.pairs.len() >= PAIRS_MAX && !connection.pairs.contains_key(id) {
        return false;
    }
    let known = connection.pairs.entry(id.to_owned()).or_default();
    for (end, name) in [(&mut known.local, "localCandidateId"), (&mut known.remote, "remoteCandidateId")] {
        if let Some(id) = of(name).and_then(values::words) {
            *end = id;
        }
    }
    let count = |name: &str| of(name).and_then(values::count);
    let is = |name: &str| of(name).and_then(values::truth).unwrap_or_default();
    let state = of("state").and_then(values::words);
    let (requests, responses) = (count("requestsSent"), count("responsesReceived"));
    // Browsers of old count what keeps consent apart.
    let consent = count("consentRequestsSent").filter(|_| requests < responses).unwrap_or_default();
    push(
        &mut known.points,
        PairPoint {
            at,
            nominated: is("nominated") || is("selected"),
            failed: state.as_deref() == Some("failed"),
            succeeded: state.as_deref() == Some("succeeded"),
            requests_sent: requests.map(|requests| requests.saturating_add(consent)),
            responses_received: responses,
            requests_received: count("requestsReceived"),
            bytes_sent: count("bytesSent"),
            bytes_received: count("bytesReceived"),
            packets_sent: count("packetsSent"),
            packets_received: count("packetsReceived"),
            total_rtt_ms: of("totalRoundTripTime").and_then(values::seconds),
            rtt_ms: of("currentRoundTripTime").and_then(values::seconds),
            available_bps: of("availableOutgoingBitrate").and_then(values::number),
            last_received: of("lastPacketReceivedTimestamp").and_then(values::clock),
        },
    )
}

fn transport(connection: &mut SavedConnection, at: Millis, id: &str, of: ReportValues<'_>) -> bool {
    if connection.transports.len() >= REPORTS_MAX && !connection.transports.contains_key(id) {
        return false;
    }
    let version = of("tlsVersion").and_then(values::words).map(|hex| match hex.as_str() {
        "FEFC" => Text::new("DTLS 1.3"),
        "FEFD" => Text::new("DTLS 1.2"),
        "FEFF" => Text::new("DTLS 1.0"),
        other => Text::new(other),
    });
    push(
        connection.transports.entry(id.to_owned()).or_default(),
        TransportPoint {
            at,
            selected: of("selectedCandidatePairId").and_then(values::words).filter(|id| !id.is_empty()),
            dtls: of("dtlsState").and_then(values::text),
            dtls_version: version,
            controlling: of("iceRole").and_then(values::words).and_then(|role| match role.as_str() {
                "controlling" => Some(true),
                "controlled" => Some(false),
                _ => None,
            }),
            bytes_sent: of("bytesSent").and_then(values::count),
            bytes_received: of("bytesReceived").and_then(values::count),
        },
    )
}

fn stream(connection: &mut SavedConnection, at: Millis, id: &str, way: StreamWay, of: ReportValues<'_>) -> bool {
    if connection.streams.len() >= REPORTS_MAX && !connection.streams.contains_key(id) {
        return false;
    }
    let is_audio = of("kind").or_else(|| of("mediaType")).and_then(values::words).as_deref() == Some("audio");
    let known = connection.streams.entry(id.to_owned());
    let known = known.or_insert_with(|| StatStream { way, is_audio, points: Vec::new() });
    let count = |name: &str| of(name).and_then(values::count);
    let is_sent = matches!(way, StreamWay::Out | StreamWay::InAsReported);
    let (packets, bytes) = if is_sent { ("packetsSent", "bytesSent") } else { ("packetsReceived", "bytesReceived") };
    let point = StreamPoint {
        at: of("timestamp").and_then(values::clock).unwrap_or(at),
        // A number below 0 that was written as one without a sign.
        packets: count(packets).filter(|packets| *packets < 1 << 31),
        bytes: count(bytes),
        lost: of("packetsLost").and_then(values::whole),
        fraction_lost: of("fractionLost").and_then(values::number),
        jitter_ms: of("jitter").and_then(values::seconds),
        rtt_ms: of("roundTripTime").and_then(values::seconds),
        freezes: count("freezeCount"),
        concealed_samples: count("concealedSamples"),
        total_samples: count("totalSamplesReceived"),
        limited_by_cpu: of("qualityLimitationReason").and_then(values::words).as_deref() == Some("cpu"),
        active: of("active").and_then(values::truth),
    };
    // A report of the other end's is told again until the next one comes.
    if known.points.last().is_some_and(|last| last.at >= point.at) {
        return true;
    }
    push(&mut known.points, point)
}

fn push<T>(points: &mut Vec<T>, point: T) -> bool {
    let has_room = points.len() < POINTS_MAX;
    points.extend(Some(point).filter(|_| has_room));
    has_room
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn taken(reports: &[Value]) -> SavedConnection {
        let mut connection = SavedConnection::default();
        for (at, report) in (0..).zip(reports) {
            let of = |name: &str| report.get(name);
            let (id, kind) = (report["id"].as_str().expect("an id"), report["type"].as_str().expect("a type"));
            take(&mut connection, Millis(f64::from(at)), id, kind, &of);
        }
        connection
    }

    #[test]
    fn checks_of_consent_are_counted_with_the_others_where_a_browser_counts_them_apart() {
        let pair = |requests: u64, consent: u64, responses: u64| {
            json!({"id": "P", "type": "candidate-pair", "requestsSent": requests, "consentRequestsSent": consent,
                "responsesReceived": responses})
        };
        let sent = |pair| taken(&[pair]).pairs["P"].points[0].requests_sent;
        assert_eq!([sent(pair(1, 10, 11)), sent(pair(11, 10, 11))], [Some(11), Some(11)]);
    }

    #[test]
    fn a_report_of_the_other_end_keeps_its_own_time_and_counts_once() {
        let report = |at: f64| json!({"id": "R", "type": "remote-inbound-rtp", "kind": "audio", "timestamp": at, "fractionLost": 0.1});
        let read = taken(&[report(1_795_946_614_198.0), report(1_795_946_614_198.0), report(1_795_946_619_000.0)]);
        assert_eq!(read.streams["R"].points.len(), 2);
        assert_eq!(read.streams["R"].way, StreamWay::OutAsReported);
    }

    #[test]
    fn a_missing_counter_is_none_and_no_nought() {
        let read = taken(&[json!({"id": "P", "type": "candidate-pair", "state": "failed"})]);
        let point = read.pairs["P"].points[0];
        assert!(point.failed && point.requests_sent.is_none());
    }
}
