//! What does one event of a browser's log say? (webrtc-pc §4.4.1, §4.8; the names of webrtc-internals and of rtcstats)
//!
//! Names came with and without `on` before them, states bare and as JSON, descriptions and candidates as made-up text and
//! as JSON. Each is told by how it looks, since no release changed all of them at once.

use super::description::{Description, DescriptionKind};
use super::session::{Event, Happened, SavedConfiguration, SavedConnection, StateOf};
use super::{older, values};
use crate::model::{End, Millis, Text};
use serde_json::Value;

/// The most events of one connection that are kept.
const EVENTS_MAX: usize = 100_000;
/// Among so many events before it the description is looked for that an event is about: a page tells soon whether it was set.
const LOOKED_BACK_MAX: usize = 200;
/// The most servers of one configuration that are kept.
const SERVERS_MAX: usize = 1_000;

/// Notes an event; one that tells nothing of how the call fared is passed over. Whether there was room for it.
pub(super) fn take(connection: &mut SavedConnection, at: Millis, place: u32, name: &str, value: &Value) -> bool {
    let value = &unwrapped(value);
    let short = older::event_of_today(name);
    let end = if name.contains("Local") { End::Ours } else { End::Theirs };
    let happened = match short {
        "create" | "setConfiguration" => {
            connection.configuration = Some(configuration(value));
            None
        }
        "icecandidate" => found(value),
        "addIceCandidate" => Some(Happened::Added { line: line(value).unwrap_or_default() }),
        "addIceCandidateFailed" | "addIceCandidateOnFailure" => Some(failed("addIceCandidate", value)),
        "icecandidateerror" => candidate_error(value),
        "setLocalDescription" | "setRemoteDescription" if is_rollback(value) => {
            // What is taken back was nothing but an offer.
            forget_last_description(connection, end);
            None
        }
        "setLocalDescription" | "setRemoteDescription" => described(end, value),
        "setLocalDescriptionOnSuccess" | "setRemoteDescriptionOnSuccess" => {
            // The text stands there only where the application had given none.
            let is_known = is_described(connection, end, value);
            described(end, value).filter(|_| !is_known)
        }
        "setLocalDescriptionOnFailure" | "setRemoteDescriptionOnFailure" => {
            forget_last_description(connection, end);
            Some(failed(short.trim_end_matches("OnFailure"), value))
        }
        "createOfferOnFailure" | "createAnswerOnFailure" => Some(failed(short.trim_end_matches("OnFailure"), value)),
        "signalingstatechange" => state(StateOf::Signalling, value),
        "icegatheringstatechange" => state(StateOf::Gathering, value),
        "iceconnectionstatechange" => state(StateOf::Ice, value),
        "connectionstatechange" => state(StateOf::Connection, value),
        "close" => Some(Happened::Closed),
        _ => None,
    };
    let has_room = connection.events.len() < EVENTS_MAX;
    connection.events.extend(happened.filter(|_| has_room).map(|happened| Event { at, place, happened }));
    has_room
}

/// What the application asked for outside a connection and did not get.
pub(super) fn failed(what: &str, value: &Value) -> Happened {
    let reason = match value {
        Value::String(_) => values::said(value).unwrap_or_default(),
        Value::Object(fields) => {
            let named = ["error", "name", "error_message", "message"].iter().find_map(|name| fields.get(*name));
            named.and_then(values::said).unwrap_or_default()
        }
        _ => Text::default(),
    };
    Happened::Failed { what: Text::new(what), reason }
}

/// A value that was written as JSON into a text.
fn unwrapped(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim_start().starts_with(['{', '"', '[']) => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        _ => value.clone(),
    }
}

/// What the application configured; of the text of old browsers, what looks like URIs.
pub(super) fn configuration(value: &Value) -> SavedConfiguration {
    let value = &unwrapped(value);
    let mut read = SavedConfiguration::default();
    let mut keep = |text: &str| {
        let has_room = read.servers.len() < SERVERS_MAX;
        read.servers.extend(values::uri_of(text).filter(|_| has_room));
    };
    match value {
        Value::Object(fields) => {
            let servers = fields.get("iceServers").and_then(Value::as_array).into_iter().flatten();
            let urls = servers.filter_map(|server| server.get("urls").or_else(|| server.get("url")));
            for urls in urls {
                match urls {
                    Value::Array(urls) => urls.iter().filter_map(Value::as_str).for_each(&mut keep),
                    Value::String(url) => keep(url),
                    _ => {}
                }
            }
            read.relay_only = fields.get("iceTransportPolicy").and_then(Value::as_str) == Some("relay");
        }
        Value::String(text) => {
            text.split([' ', ',', '[', ']', '{', '}']).for_each(keep);
            read.relay_only =
                text.contains("iceTransportPolicy: relay") || text.contains("iceTransportPolicy: \"relay\"");
        }
        _ => {}
    }
    read
}

/// The candidate line of a value: of JSON, or of `sdpMid: 0, sdpMLineIndex: 0, candidate: candidate:…, url: …`.
fn line(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => fields.get("candidate").and_then(values::words),
        Value::String(text) => field_of(text, "candidate: "),
        _ => None,
    }
    .filter(|line| !line.is_empty())
}

/// What stands in a made-up text behind a name, up to the next.
fn field_of(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(name)?;
    let end = rest.find(", url: ").or_else(|| rest.find(", relayProtocol: ")).unwrap_or(rest.len());
    values::words(&Value::String(rest[..end].trim().to_owned()))
}

fn found(value: &Value) -> Option<Happened> {
    let line = line(value)?;
    let (url, relay_protocol) = match value {
        Value::String(text) => {
            let word =
                |name: &str| text.split_once(name).and_then(|(_, rest)| rest.split(", ").next()).map(str::to_owned);
            let value = |name: &str| word(name).map(Value::String);
            (value(", url: "), value(", relayProtocol: "))
        }
        _ => (value.get("url").cloned(), value.get("relayProtocol").cloned()),
    };
    Some(Happened::Found {
        line,
        url: url.as_ref().and_then(values::uri),
        relay_protocol: relay_protocol.as_ref().and_then(values::transport),
    })
}

fn candidate_error(value: &Value) -> Option<Happened> {
    let old: serde_json::Map<String, Value>;
    let fields = match value {
        Value::Object(fields) => fields,
        Value::String(text) => {
            let lines = text.lines().filter_map(|line| line.split_once(": "));
            old = lines.map(|(name, value)| (name.trim().to_owned(), Value::String(value.trim().to_owned()))).collect();
            &old
        }
        _ => return None,
    };
    let field = |names: [&str; 2]| names.iter().find_map(|name| fields.get(*name));
    let code = field(["error_code", "errorCode"]).and_then(values::count)?;
    Some(Happened::CandidateError {
        url: field(["url", "url"]).and_then(values::uri),
        address: field(["address", "host_candidate"]).and_then(values::text).filter(is_whole).unwrap_or_default(),
        code: u16::try_from(code).ok()?,
        reason: field(["error_text", "errorText"]).and_then(values::said).unwrap_or_default(),
    })
}

/// Of an address that the browser has shortened a part is left, which tells nothing and is somebody's all the same.
fn is_whole(address: &Text) -> bool {
    address.as_str().parse::<std::net::IpAddr>().is_ok()
}

/// The type and the text of a description: of JSON, or of `type: offer, sdp: v=0…`.
fn parts(value: &Value) -> Option<(Option<DescriptionKind>, &str)> {
    match value {
        Value::Object(fields) => {
            let kind = fields.get("type").and_then(Value::as_str).and_then(DescriptionKind::parse);
            Some((kind, fields.get("sdp").and_then(Value::as_str).unwrap_or_default()))
        }
        Value::String(text) => {
            let (kind, sdp) = text.strip_prefix("type: ")?.split_once(", sdp: ")?;
            Some((DescriptionKind::parse(kind), sdp))
        }
        _ => None,
    }
}

fn is_rollback(value: &Value) -> bool {
    parts(value).is_some_and(|(kind, _)| kind == Some(DescriptionKind::Rollback))
}

fn described(end: End, value: &Value) -> Option<Happened> {
    let (kind, sdp) = parts(value)?;
    Some(Happened::Described { end, description: Description::read(kind, sdp) })
}

/// Whether this very description was noted when it was asked to be set.
fn is_described(connection: &SavedConnection, end: End, value: &Value) -> bool {
    let kind = parts(value).and_then(|(kind, _)| kind);
    let mut latest = connection.events.iter().rev().take(LOOKED_BACK_MAX);
    let last = latest.find_map(|event| match &event.happened {
        Happened::Described { end: whose, description } if *whose == end => Some(description),
        _ => None,
    });
    let text = parts(value).map(|(kind, sdp)| Description::read(kind, sdp));
    last.is_some_and(|last| last.kind == kind && text.is_some_and(|text| text.ufrags == last.ufrags))
}

fn forget_last_description(connection: &mut SavedConnection, end: End) {
    let is_such = |event: &Event| matches!(event.happened, Happened::Described { end: whose, .. } if whose == end);
    let latest = connection.events.len().saturating_sub(LOOKED_BACK_MAX);
    if let Some(place) = connection.events[latest..].iter().rposition(is_such) {
        connection.events.remove(latest + place);
    }
}

fn state(of: StateOf, value: &Value) -> Option<Happened> {
    let word = values::words(value).filter(|word| !word.is_empty())?;
    Some(Happened::State { of, to: Text::new(&older::state_of_today(&word)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Transport;
    use serde_json::json;

    fn taken(events: &[(&str, Value)]) -> Vec<Happened> {
        let mut connection = SavedConnection::default();
        for (place, (name, value)) in (1..).zip(events) {
            take(&mut connection, Millis::ZERO, place, name, value);
        }
        connection.events.into_iter().map(|event| event.happened).collect()
    }

    const SDP: &str = "v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:verysecretverysecretvery\r\nm=audio 9 X 0\r\n";

    #[test]
    fn an_event_reads_alike_in_the_form_of_every_year() {
        let old = taken(&[
            (
                "icecandidate",
                json!(
                    "sdpMid: 0, sdpMLineIndex: 0, candidate: candidate:1 1 udp 1 192.0.2.1 9 typ relay, \
                url: turn:192.0.2.9:3478?transport=udp, relayProtocol: tls"
                ),
            ),
            ("iceconnectionstatechange", json!("connected")),
            ("setLocalDescription", json!(format!("type: offer, sdp: {SDP}"))),
            (
                "icecandidateerror",
                json!("url: stun:192.0.2.9:3478\naddress: 10.0.0.x\nport: 9\nerror_text: no\nerror_code: 701"),
            ),
        ]);
        let new = taken(&[
            (
                "onicecandidate",
                json!(
                    r#"{"sdpMid":"0","candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ relay","url":"turn:192.0.2.9:3478?transport=udp","relayProtocol":"tls"}"#
                ),
            ),
            ("oniceconnectionstatechange", json!("\"connected\"")),
            ("setLocalDescription", json!(json!({"type": "offer", "sdp": SDP}).to_string())),
            (
                "onicecandidateerror",
                json!({"url": "stun:192.0.2.9:3478", "address": "10.0.0.x", "error_text": "no", "error_code": 701}),
            ),
        ]);
        assert_eq!(old, new);
        assert!(matches!(&old[0], Happened::Found { relay_protocol: Some(Transport::Tls), .. }));
        assert!(!format!("{new:?}").contains("verysecret"));
    }

    #[test]
    fn an_implicit_description_is_that_of_its_success_and_one_that_failed_is_none() {
        let text = json!({"type": "offer", "sdp": SDP});
        for events in [
            [("setLocalDescription", json!("")), ("setLocalDescriptionOnSuccess", text.clone())],
            [("setLocalDescription", text.clone()), ("setLocalDescriptionOnSuccess", text.clone())],
            [("setLocalDescription", text.clone()), ("setLocalDescriptionOnSuccess", json!(""))],
        ] {
            assert_eq!(taken(&events).len(), 1, "{events:?}");
        }
        let failed =
            taken(&[("setRemoteDescription", text), ("setRemoteDescriptionOnFailure", json!("InvalidAccessError"))]);
        assert!(matches!(&failed[..], [Happened::Failed { .. }]));
    }

    #[test]
    fn what_a_browser_quotes_is_kept_without_its_secrets() {
        let told = taken(&[
            (
                "setRemoteDescriptionOnFailure",
                json!("OperationError: Failed to parse SessionDescription. a=ice-pwd:verysecret Invalid SDP line."),
            ),
            (
                "onicecandidateerror",
                json!({"url": "stun:192.0.2.9:3478", "address": "10.66.77.x", "error_code": 701,
                    "error_text": "of https://mia@call.example/room?token=verysecret and b=/r?t=verysecret"}),
            ),
        ]);
        let [Happened::Failed { reason: failed, .. }, Happened::CandidateError { reason, address, .. }] = &told[..]
        else {
            panic!("{told:?}")
        };
        assert!(failed.as_str().contains("a=ice-pwd Invalid SDP line."), "{failed:?}");
        assert_eq!((reason.as_str(), address.as_str()), ("of https://call.example and b=/r", ""));
    }

    #[test]
    fn no_credential_of_a_configuration_is_kept() {
        let told = json!({"iceServers": [
            {"urls": ["turn:192.0.2.9:3478"], "username": "mia", "credential": "hunter2"}, {"url": "stun:192.0.2.9"}
        ], "iceTransportPolicy": "relay"});
        let read = configuration(&told);
        assert_eq!((read.servers.len(), read.relay_only), (2, true));
        assert!(!format!("{read:?}").contains("hunter2") && !format!("{read:?}").contains("mia"));
        let old =
            configuration(&json!("{ iceServers: [stun:192.0.2.9, turn:192.0.2.9:3478], iceTransportPolicy: all }"));
        assert_eq!((old.servers.len(), old.relay_only), (2, false));
    }
}
