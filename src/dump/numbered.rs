//! What do numbers stand for in files of rtcstats-js? (rtcstats-shared: compression.js)
//!
//! Names of events and properties are numbers, and of statistics only what changed is written: a report that did not change
//! is left out with its time, one that is gone is null, and ids are numbers in the order of their coming. Of a description only
//! the sections are written that differ from the one that was created. Numbers are never given anew.

use super::changes::NewValues;
use super::reports;
use serde_json::{Map, Value};

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

/// What changed, by the names of webrtc-stats, each with its time.
pub(super) fn changes(statistics: &Map<String, Value>) -> impl Iterator<Item = (String, NewValues)> {
    let of_all = statistics.get("t");
    statistics.iter().filter_map(move |(id, change)| match change {
        Value::Null => Some((id.clone(), None)),
        Value::Object(change) => {
            let mut named = named(change);
            // A report that names no time is of the time of all.
            let at = change.get("t").or_else(|| change.get("timestamp")).or(of_all);
            named.extend(at.map(|at| ("timestamp".to_owned(), at.clone())));
            Some((id.clone(), Some(named)))
        }
        _ => None,
    })
}

/// What is read of a change.
fn named(change: &Map<String, Value>) -> Map<String, Value> {
    let mut named = Map::new();
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
        named.insert(name.to_owned(), value);
    }
    named
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
    use std::collections::BTreeMap;

    #[test]
    fn numbers_are_names_and_null_is_gone() {
        let statistics = json!({"0": {"type": 6, "156": 3}, "1": null, "2": {"type": 3, "15": 0, "t": 5}, "t": 7});
        let read: BTreeMap<String, NewValues> = changes(statistics.as_object().expect("an object")).collect();
        let of = |value: Value| Some(value.as_object().cloned());
        assert_eq!(read.get("0").cloned(), of(json!({"type": "candidate-pair", "requestsSent": 3, "timestamp": 7})));
        assert_eq!(read.get("1"), Some(&None));
        assert_eq!(read.get("2").cloned(), of(json!({"type": "remote-inbound-rtp", "packetsLost": 0, "timestamp": 5})));
    }

    #[test]
    fn a_description_is_put_together_from_what_was_created() {
        let created = json!({"type": "offer", "sdp": "v=0\r\na=x\r\nm=audio 9 X 0\r\na=mid:0\r\nm=video 9 X 1\r\n"});
        let set = json!({"type": "offer", "sdp": "v=\r\nm=\r\nm=video 9 X 2\r\n"});
        let whole = described(Some(&created), &set).expect("put together");
        assert_eq!(whole["sdp"], json!("v=0\r\na=x\r\nm=audio 9 X 0\r\na=mid:0\r\nm=video 9 X 2\r\n"));
    }
}
