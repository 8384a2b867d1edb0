//! What does a page tell that was saved from Firefox's about:webrtc? ("Save Page")
//!
//! Its labels are in the reader's language, and what tells its parts apart has changed from release to release: a pair is a
//! row with two cells that look like candidates, a description is what begins with `v=0`, and whose it is says the tab it
//! stands in, or the heading before it. Each character was written as one byte, so that the page is no UTF-8.

use super::description::{Description, DescriptionKind};
use super::firefox_log::Log;
use super::session::{
    Event, Happened, LeftOut, PairPoint, SavedConfiguration, SavedConnection, SavedSession, Sight, StatCandidate,
    StatPair,
};
use super::tags::{Piece, Pieces};
use super::values;
use crate::model::{CandidateType, End, Millis, Protocol, Text, Transport};
use serde_json::Value;

/// Connections of a page, and pairs or events of one, that are read.
const CONNECTIONS_MAX: usize = 1_000;
const PAIRS_MAX: usize = 2_000;
const EVENTS_MAX: usize = 10_000;

/// What stands near the beginning of such a page, one or the other: names of labels since 2021, and of a class before that.
pub(super) const BEGINNINGS: [&str; 3] = ["about-webrtc", "RTCPeerConnection", "class=\"peer-connection\""];

/// Reads a page as it was saved.
pub(super) fn read(page: &[u8]) -> SavedSession {
    let page: String = page.iter().map(|byte| char::from(*byte)).collect();
    let mut reader = PageReader::default();
    for piece in Pieces::of(&page) {
        reader.take(piece);
    }
    reader.finish()
}

/// What was read so far.
#[derive(Default)]
struct PageReader {
    connections: Vec<SavedConnection>,
    /// When the page was saved, by the heading of each connection.
    at: Millis,
    /// The text since the last tag that breaks it.
    text: String,
    /// The cells of the row that is open.
    row: Vec<String>,
    /// Whose description comes next, and which of the two it is.
    side: DescriptionSide,
    /// The buttons of the tabs say whose the offer is.
    offer_of: Option<End>,
    log: Log,
    place: u32,
    beyond: u64,
}

/// What is said of the description that comes next.
#[derive(Clone, Copy, Default)]
struct DescriptionSide {
    end: Option<End>,
    kind: Option<DescriptionKind>,
    /// When it was set.
    at: Option<Millis>,
}

impl PageReader {
    fn take(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Text(text) => self.text.push_str(&text),
            Piece::Open { name, attributes } => {
                self.note_tab(attributes);
                match name {
                    "tr" => self.row.clear(),
                    "br" | "div" => self.end_text(),
                    _ => {}
                }
                if matches!(name, "td" | "th" | "pre" | "p" | "h3" | "h4" | "h5" | "button" | "span" | "div") {
                    self.text.clear();
                }
            }
            Piece::Close(name) => match name {
                "td" => self.row.push(std::mem::take(&mut self.text)),
                "tr" => self.end_row(),
                "pre" => self.end_description(),
                "p" => {
                    self.place = self.place.saturating_add(1);
                    let line = std::mem::take(&mut self.text);
                    self.log.take(self.place, line.trim());
                }
                "h3" | "span" | "div" | "h4" | "h5" | "button" => self.end_text(),
                _ => {}
            },
        }
    }

    /// Names in attributes that say whose a description is (since 2021), and of the history when it was set.
    fn note_tab(&mut self, attributes: &str) {
        for (word, end) in [("local-sdp-heading-offer", End::Ours), ("remote-sdp-heading-offer", End::Theirs)] {
            if attributes.contains(word) {
                self.offer_of = Some(end);
            }
        }
        let tabs = [("tab_pane_offer", DescriptionKind::Offer), ("tab_pane_answer", DescriptionKind::Answer)];
        if let Some((_, kind)) = tabs.into_iter().find(|(word, _)| attributes.contains(word)) {
            let end = self.offer_of.map(|end| if kind == DescriptionKind::Offer { end } else { end.other() });
            self.side = DescriptionSide { end, kind: Some(kind), at: None };
        }
        if attributes.contains("about-webrtc-sdp-set-timestamp") {
            let digits = attributes.split_once("timestamp&quot;:").map(|(_, rest)| rest);
            let digits = digits.and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
            self.side.at = digits.and_then(|digits| values::clock(&Value::String(digits.to_owned())));
        }
    }

    /// A piece of text ends: a heading, a line of the configuration, or something else.
    fn end_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if text.starts_with("[ ") && text.contains(" ] ") {
            self.begin(text);
        } else if let Some(list) = text.strip_prefix("urls: ") {
            let urls = serde_json::from_str::<Value>(list).ok();
            let urls = urls.iter().flat_map(|urls| urls.as_array().cloned().unwrap_or_else(|| vec![urls.clone()]));
            let servers: Vec<_> = urls.filter_map(|url| values::uri(&url)).collect();
            self.configure(|configuration| configuration.servers.extend(servers));
        } else if let Some(policy) = text.strip_prefix("iceTransportPolicy: ") {
            let relay_only = policy.trim_matches('"') == "relay";
            self.configure(|configuration| configuration.relay_only = relay_only);
        } else if let (true, Some(connection)) = (text.starts_with('{'), self.connections.last_mut()) {
            // Tracks have names in braces as well, and stand behind it.
            let is_number = !connection.name.as_str().contains('-');
            if let Some((name, _)) = text[1..].split_once('}').filter(|(name, _)| is_number && name.len() <= 64) {
                connection.name = Text::new(name);
            }
        } else {
            // Before 2021 the heading of a description says whose it is, in the reader's language.
            let lower = text.to_lowercase();
            let is_heading = lower.contains("sdp") && lower.len() < 80;
            let end =
                if lower.contains("remot") { Some(End::Theirs) } else { lower.contains("loca").then_some(End::Ours) };
            if let (true, Some(end)) = (is_heading, end) {
                self.side = DescriptionSide { end: Some(end), ..DescriptionSide::default() };
            }
        }
    }

    /// The heading of a connection: `[ 9 | 12884901889 ] https://… 2026-11-29T10:10:44.991Z`.
    fn begin(&mut self, heading: &str) {
        if self.connections.len() >= CONNECTIONS_MAX {
            self.beyond += 1;
            return;
        }
        self.at = heading.rsplit(' ').find_map(values::date).unwrap_or(self.at);
        let number = heading.trim_start_matches('[').split(']').next().and_then(|numbers| numbers.rsplit('|').next());
        self.connections.push(SavedConnection {
            name: Text::new(number.unwrap_or_default()),
            sight: Sight { counts_no_checks: true, tells_no_events: true, ..Sight::default() },
            ..SavedConnection::default()
        });
        (self.side, self.offer_of) = (DescriptionSide::default(), None);
    }

    fn configure(&mut self, change: impl FnOnce(&mut SavedConfiguration)) {
        if let Some(connection) = self.connections.last_mut() {
            change(connection.configuration.get_or_insert_default());
        }
    }

    /// A row of a table: a pair, or a candidate as it was told.
    fn end_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        let mut candidates = row.iter().filter_map(|cell| candidate(cell));
        if let (Some(local), Some(remote)) = (candidates.next(), candidates.next()) {
            self.pair(&row, StatCandidate { end: End::Ours, ..local }, StatCandidate { end: End::Theirs, ..remote });
        } else if let Some(line) = row.first().filter(|cell| cell.starts_with("candidate:")) {
            self.tell(Happened::Added { line: line.clone() });
        }
    }

    fn pair(&mut self, row: &[String], local: StatCandidate, remote: StatCandidate) {
        let at = self.at;
        let Some(connection) = self.connections.last_mut() else { return };
        if connection.pairs.len() >= PAIRS_MAX {
            self.beyond += 1;
            return;
        }
        let is = |state: &str| row.iter().any(|cell| cell == state);
        // Nominated, selected; priority, bytes sent, bytes received.
        let truths: Vec<bool> = row.iter().filter_map(|cell| cell.parse().ok()).collect();
        let numbers: Vec<u64> = row.iter().filter_map(|cell| cell.parse().ok()).collect();
        let [.., sent, received] = numbers[..] else { return };
        let has_bytes = numbers.len() >= 4;
        let mut keep = |candidate: StatCandidate| {
            let known = connection.candidates.iter().find(|(_, known)| **known == candidate).map(|(id, _)| id.clone());
            known.unwrap_or_else(|| {
                let id = connection.candidates.len().to_string();
                connection.candidates.insert(id.clone(), candidate);
                id
            })
        };
        let (local, remote) = (keep(local), keep(remote));
        let point = PairPoint {
            at,
            nominated: truths.last().copied().unwrap_or_default(),
            failed: is("failed"),
            succeeded: is("succeeded"),
            bytes_sent: has_bytes.then_some(sent),
            bytes_received: has_bytes.then_some(received),
            ..PairPoint::default()
        };
        let id = connection.pairs.len().to_string();
        connection.pairs.insert(id, StatPair { local, remote, points: vec![point] });
    }

    fn end_description(&mut self) {
        let text = std::mem::take(&mut self.text);
        let DescriptionSide { end: Some(end), kind, at } = self.side else { return };
        if !text.trim_start().starts_with("v=0") {
            return;
        }
        let told = Description::read(kind, text.trim_start());
        // The history shows once more what the tabs show, without its kind and with its time.
        let events = self.connections.last_mut().into_iter().flat_map(|connection| &mut connection.events);
        let mut known = events.filter_map(|event| match &mut event.happened {
            Happened::Described { end: whose, description } if *whose == end => Some((&mut event.at, description)),
            _ => None,
        });
        match known.find(|(_, known)| **known == Description { kind: known.kind, ..told.clone() }) {
            Some((known_at, known)) => {
                *known_at = at.unwrap_or(*known_at);
                known.kind = known.kind.or(kind);
            }
            None => self.tell_at(at.unwrap_or(self.at), Happened::Described { end, description: told }),
        }
    }

    fn tell(&mut self, happened: Happened) {
        self.tell_at(self.at, happened);
    }

    fn tell_at(&mut self, at: Millis, happened: Happened) {
        self.place = self.place.saturating_add(1);
        let event = Event { at, place: self.place, happened };
        match self.connections.last_mut() {
            Some(connection) if connection.events.len() < EVENTS_MAX => connection.events.push(event),
            _ => self.beyond += 1,
        }
    }

    /// The log stands behind all connections, and names them.
    fn finish(mut self) -> SavedSession {
        let told_by_the_log = std::mem::take(&mut self.log.connections);
        for (name, events) in told_by_the_log {
            let own = self.connections.iter_mut().find(|connection| connection.name.as_str() == name);
            if let Some(connection) = own {
                connection.sight.tells_no_events = false;
                connection.events.extend(events.into_iter().map(|event| Event { at: self.at, ..event }));
            }
        }
        let left_out = LeftOut { beyond_limits: self.beyond + self.log.beyond, ..LeftOut::default() };
        let saved_at = Some(self.at).filter(|at| *at > Millis::ZERO);
        SavedSession {
            made_by: Text::new("Firefox"),
            saved_at,
            connections: self.connections,
            left_out,
            ..SavedSession::default()
        }
    }
}

/// A cell such as `10.0.0.80:50160/udp(relay-udp) [non-proxied]`.
fn candidate(cell: &str) -> Option<StatCandidate> {
    let (endpoint, rest) = cell.trim().split_once('/')?;
    let (address, port) = endpoint.rsplit_once(':')?;
    let (protocol, rest) = rest.split_once('(')?;
    let (kind, _) = rest.split_once(')')?;
    let (kind, relayed_over) = kind.split_once('-').unwrap_or((kind, ""));
    let value = |text: &str| Value::String(text.to_owned());
    let protocol: Protocol = values::protocol(&value(protocol))?;
    let kind: CandidateType = values::candidate_type(&value(kind))?;
    let relay_protocol: Option<Transport> = values::transport(&value(relayed_over));
    Some(StatCandidate {
        kind: Some(kind),
        protocol: Some(protocol),
        address: Text::new(address.trim_matches(['[', ']'])),
        port: port.parse().ok(),
        relay_protocol: relay_protocol.filter(|_| kind == CandidateType::Relay),
        ..StatCandidate::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::MultiGzDecoder;
    use std::io::Read;

    fn read_from(packed: &[u8]) -> SavedSession {
        let mut page = Vec::new();
        MultiGzDecoder::new(packed).read_to_end(&mut page).expect("a page");
        read(&page)
    }

    fn descriptions(connection: &SavedConnection) -> Vec<(End, Option<DescriptionKind>)> {
        let told = connection.events.iter().filter_map(|event| match &event.happened {
            Happened::Described { end, description } => Some((*end, description.kind)),
            _ => None,
        });
        told.collect()
    }

    #[test]
    fn the_pair_in_use_of_each_connection_is_found() {
        let session = read_from(include_bytes!("../../fixtures/dumps/firefox153-direct.aboutWebrtc.html.gz"));
        assert_eq!(session.connections.len(), 2, "both ends are in one page");
        for connection in &session.connections {
            let used = connection.pairs.values().find(|pair| pair.points[0].nominated).expect("a pair in use");
            let kinds = [&used.local, &used.remote].map(|id| connection.candidates[id].kind);
            // One of the two had heard a check before it was told of the candidate.
            let [Some(CandidateType::Host), Some(CandidateType::Host | CandidateType::Prflx)] = kinds else {
                panic!("{kinds:?}")
            };
            assert!(used.points[0].bytes_sent > Some(0), "{used:?}");
            let mut told = descriptions(connection);
            told.sort_unstable_by_key(|(end, _)| *end);
            assert!(matches!(told[..], [(End::Ours, Some(_)), (End::Theirs, Some(_))]), "{told:?}");
            assert!(connection.configuration.as_ref().is_some_and(|configuration| configuration.servers.len() == 1));
        }
        let names: Vec<&str> = session.connections.iter().map(|connection| connection.name.as_str()).collect();
        assert!(names.contains(&"41855da2-e94a-4f36-ba0d-6e64e0a04039"), "{names:?}");
        assert!(session.saved_at.is_some());
    }

    #[test]
    fn the_log_in_the_page_says_that_the_credentials_were_refused() {
        let session = read_from(include_bytes!("../../fixtures/dumps/firefox153-turn-badpw.aboutWebrtc.html.gz"));
        let refused = |event: &Event| matches!(event.happened, Happened::CandidateError { code: 401, .. });
        assert!(session.connections.iter().any(|connection| connection.events.iter().any(refused)), "{session:?}");
        let text = format!("{session:?}");
        assert!(!text.contains("127.0.0.1") && !text.contains("9d64eeeca2aa99596c29f2d269b2f6bb"));
    }

    #[test]
    fn a_page_without_names_for_its_parts_is_read_by_what_they_look_like() {
        let page = b"<div id=\"content\"><h3>[ 7 ] https://x.example/ (fechado)</h3><table><tr><td>failed</td><td>false</td>\
            <td>false</td><td>10.0.0.80:50160/udp(relay-udp)</td><td>192.0.2.1:9/udp(srflx)</td><td>1</td><td>5</td><td>8</td>\
            <td>0</td></tr></table><h5>SDP remoto (Oferta)</h5><pre>v=0\r\na=ice-ufrag:abcd\r\n</pre></div>";
        let session = read(page);
        let [connection] = &session.connections[..] else { panic!("one connection") };
        let point = connection.pairs["0"].points[0];
        assert!((point.failed, point.bytes_sent, point.bytes_received) == (true, Some(8), Some(0)), "{point:?}");
        assert_eq!(connection.candidates["0"].relay_protocol, Some(Transport::Udp));
        assert_eq!(descriptions(connection), [(End::Theirs, None)]);
        assert!(!format!("{session:?}").contains("x.example"));
    }

    #[test]
    fn half_a_page_is_read_as_far_as_it_goes() {
        let mut page = Vec::new();
        let packed = include_bytes!("../../fixtures/dumps/firefox153-direct.aboutWebrtc.html.gz");
        MultiGzDecoder::new(&packed[..]).read_to_end(&mut page).expect("a page");
        for end in (0..page.len()).step_by(997) {
            read(&page[..end]);
        }
    }
}
