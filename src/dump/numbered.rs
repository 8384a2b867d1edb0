//! What do numbers stand for in files of rtcstats-js? (rtcstats-shared: compression.js)
//!
//! Names of events and properties are numbers, and of statistics only what changed is written: a report that did not change
//! is left out with its time, one that is gone is null, and ids are numbers in the order of their coming. Of a description only
//! the sections are written that differ from the one that was created. Numbers are never given anew.

use super::reports;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The most reports that are remembered.
const KNOWN_MAX: usize = 10_000;

/// Events by their numbers.
const EVENTS: [(u64, &str); 42] = [
    (1, "getStats"),
    (2, "createOffer"),
    (3, "createOfferOnSuccess"),
    (4, "createAnswer"),
    (5, "createAnswerOnSuccess"),
    (6, "setLocalDescription"),
    (7, "setLocalDescriptionOnSuccess"),
    (8, "setRemoteDescription"),
    (9, "setRemoteDescriptionOnSuccess"),
    (10, "addIceCandidate"),
    (11, "addIceCandidateOnSuccess"),
    (12, "createOfferOnFailure"),
    (13, "createAnswerOnFailure"),
    (14, "setLocalDescriptionOnFailure"),
    (15, "setRemoteDescriptionOnFailure"),
    (16, "addIceCandidateOnFailure"),
    (20, "onicecandidate"),
    (21, "onicecandidateerror"),
    (22, "ontrack"),
    (23, "onsignalingstatechange"),
    (24, "oniceconnectionstatechange"),
    (25, "onconnectionstatechange"),
    (26, "onicegatheringstatechange"),
    (27, "onnegotiationneeded"),
    (28, "ondatachannel"),
    (30, "addTrack"),
    (31, "addTrackOnSuccess"),
    (32, "addTransceiver"),
    (33, "addTransceiverOnSuccess"),
    (34, "removeTrack"),
    (35, "createDataChannel"),
    (36, "close"),
    (37, "restartIce"),
    (38, "setConfiguration"),
    (39, "create"),
    (40, "constraints"),
    (60, "navigator.mediaDevices.getUserMedia"),
    (61, "navigator.mediaDevices.getUserMediaOnSuccess"),
    (63, "navigator.mediaDevices.getDisplayMedia"),
    (64, "navigator.mediaDevices.getDisplayMediaOnSuccess"),
    (65, "navigator.mediaDevices.getUserMediaOnFailure"),
    (68, "navigator.mediaDevices.getDisplayMediaOnFailure"),
];

/// Types of reports, from 1.
const KINDS: [&str; 14] = [
    "inbound-rtp",
    "outbound-rtp",
    "remote-inbound-rtp",
    "remote-outbound-rtp",
    "transport",
    "candidate-pair",
    "local-candidate",
    "remote-candidate",
    "data-channel",
    "peer-connection",
    "certificate",
    "media-source",
    "media-playout",
    "codec",
];

/// The properties that are read, by their numbers.
const PROPERTIES: [(u64, &str); 44] = [
    (11, "kind"),
    (14, "packetsReceived"),
    (15, "packetsLost"),
    (16, "jitter"),
    (32, "freezeCount"),
    (34, "lastPacketReceivedTimestamp"),
    (41, "bytesReceived"),
    (51, "totalSamplesReceived"),
    (52, "concealedSamples"),
    (74, "localId"),
    (75, "roundTripTime"),
    (76, "totalRoundTripTime"),
    (77, "fractionLost"),
    (79, "packetsSent"),
    (80, "bytesSent"),
    (95, "qualityLimitationReason"),
    (100, "active"),
    (113, "dataChannelsOpened"),
    (114, "dataChannelsClosed"),
    (116, "protocol"),
    (118, "state"),
    (121, "iceRole"),
    (123, "dtlsState"),
    (125, "selectedCandidatePairId"),
    (128, "tlsVersion"),
    (134, "address"),
    (135, "port"),
    (136, "candidateType"),
    (138, "url"),
    (139, "relayProtocol"),
    (141, "relatedAddress"),
    (142, "relatedPort"),
    (143, "usernameFragment"),
    (144, "tcpType"),
    (145, "networkType"),
    (148, "localCandidateId"),
    (149, "remoteCandidateId"),
    (150, "nominated"),
    (152, "currentRoundTripTime"),
    (153, "availableOutgoingBitrate"),
    (155, "requestsReceived"),
    (156, "requestsSent"),
    (157, "responsesReceived"),
    (159, "consentRequestsSent"),
];

/// The name of an event, of a number, of the letter that stands for statistics, or as it is.
pub(super) fn event(method: &Value) -> Option<&str> {
    match method {
        Value::String(name) if name == "g" => Some("getStats"),
        Value::String(name) => Some(name.as_str()),
        _ => {
            let number = method.as_u64()?;
            EVENTS.iter().find(|(of, _)| *of == number).map(|(_, name)| *name)
        }
    }
}

/// Whether statistics are written in numbers: a time stands above the reports.
pub(super) fn is_coded(statistics: &Map<String, Value>) -> bool {
    statistics.get("t").is_some_and(Value::is_number)
}

/// The statistics of one connection, put together from what changed.
#[derive(Default)]
pub(super) struct Deltas {
    known: BTreeMap<String, Map<String, Value>>,
}

impl Deltas {
    /// All reports as they are after these changes, each with its id.
    pub(super) fn whole(&mut self, changes: &Map<String, Value>) -> Vec<Value> {
        let otherwise = changes.get("t").cloned().unwrap_or(Value::Null);
        let mut asked_at: Option<Value> = None;
        for (id, change) in changes {
            match change {
                Value::Null => {
                    self.known.remove(id);
                }
                Value::Object(change) if self.known.len() < KNOWN_MAX || self.known.contains_key(id) => {
                    let known = self.known.entry(id.clone()).or_default();
                    merge(known, change);
                    // A report that names no time is of the time of all.
                    let at = change.get("t").or_else(|| change.get("timestamp")).unwrap_or(&otherwise);
                    known.insert("timestamp".to_owned(), at.clone());
                    if !is_told_there(known) {
                        asked_at.get_or_insert_with(|| at.clone());
                    }
                }
                _ => {}
            }
        }
        let now = asked_at.unwrap_or(otherwise);
        let with_id = |(id, report): (&String, &Map<String, Value>)| {
            let mut report = report.clone();
            // What the other end had told and did not tell again keeps its time; all else was asked anew.
            if !is_told_there(&report) {
                report.insert("timestamp".to_owned(), now.clone());
            }
            report.insert("id".to_owned(), Value::String(id.clone()));
            Value::Object(report)
        };
        // A report without a type is of a certificate, which is not written.
        self.known.iter().filter(|(_, report)| report.contains_key("type")).map(with_id).collect()
    }
}

/// Whether it is what the other end reported, at a time of its own.
fn is_told_there(report: &Map<String, Value>) -> bool {
    report.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("remote-") && kind.ends_with("-rtp"))
}

/// Takes over what is read of a change.
fn merge(known: &mut Map<String, Value>, change: &Map<String, Value>) {
    for (name, value) in change {
        let Some(name) = property(name) else { continue };
        let value = match (name, value.as_u64()) {
            ("type", Some(number)) => {
                let kind = usize::try_from(number).ok().and_then(|number| KINDS.get(number.checked_sub(1)?));
                let Some(kind) = kind else { continue };
                Value::String((*kind).to_owned())
            }
            _ => value.clone(),
        };
        known.insert(name.to_owned(), value);
    }
}

/// The name of a property that is read. Those that came after the numbers were given have names.
fn property(name: &str) -> Option<&str> {
    match name.parse::<u64>() {
        Ok(number) => PROPERTIES.iter().find(|(of, _)| *of == number).map(|(_, name)| *name),
        Err(_) => reports::WANTED.contains(&name).then_some(name),
    }
}

/// A description with the sections that are as they were created: they are written as `v=` or `m=` alone.
pub(super) fn described(created: Option<&Value>, set: &Value) -> Option<Value> {
    let created = created.filter(|created| created.get("type") == set.get("type"))?;
    let (old, new) = (created.get("sdp")?.as_str()?, set.get("sdp")?.as_str()?);
    let old: Vec<String> = sections(old).collect();
    let whole = sections(new).enumerate().map(|(place, section)| {
        let is_named = section == if place == 0 { "v=" } else { "m=" };
        old.get(place).filter(|_| is_named).cloned().unwrap_or(section)
    });
    let sdp = whole.collect::<Vec<_>>().join("\r\n") + "\r\n";
    Some(serde_json::json!({ "type": set.get("type")?, "sdp": sdp }))
}

/// The sections of a description, without white space around them.
fn sections(sdp: &str) -> impl Iterator<Item = String> {
    sdp.split("\nm=").enumerate().map(|(place, part)| {
        let section = if place == 0 { part.to_owned() } else { format!("m={part}") };
        section.trim().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn after(changes: &[Value]) -> Vec<Value> {
        let mut deltas = Deltas::default();
        let all = changes.iter().map(|change| deltas.whole(change.as_object().expect("an object")));
        all.last().unwrap_or_default()
    }

    #[test]
    fn what_did_not_change_is_as_it_was_and_null_is_gone() {
        let pair = json!({"0": {"type": 6, "156": 2, "157": 2}, "1": {"type": 5, "123": "connecting"}, "t": 1_795_946_614_000.0});
        let reports = after(&[pair, json!({"0": {"156": 3}, "1": null, "t": 1_795_946_615_000.0})]);
        assert_eq!(
            reports,
            [
                json!({"id": "0", "type": "candidate-pair", "requestsSent": 3, "responsesReceived": 2, "timestamp": 1_795_946_615_000.0})
            ]
        );
    }

    #[test]
    fn what_the_other_end_told_once_keeps_its_time() {
        let told = json!({"0": {"type": 3, "15": 0, "t": 1_795_946_613_500.0}, "t": 1_795_946_614_000.0});
        let reports = after(&[told, json!({"t": 1_795_946_615_000.0})]);
        assert_eq!(reports[0]["timestamp"], json!(1_795_946_613_500.0));
    }

    #[test]
    fn a_description_is_put_together_from_what_was_created() {
        let created = json!({"type": "offer", "sdp": "v=0\r\na=x\r\nm=audio 9 X 0\r\na=mid:0\r\nm=video 9 X 1\r\n"});
        let set = json!({"type": "offer", "sdp": "v=\r\nm=\r\nm=video 9 X 2\r\n"});
        let whole = described(Some(&created), &set).expect("put together");
        assert_eq!(whole["sdp"], json!("v=0\r\na=x\r\nm=audio 9 X 0\r\na=mid:0\r\nm=video 9 X 2\r\n"));
    }
}
