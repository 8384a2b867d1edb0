//! What does Firefox's connection log tell? (about:webrtc, in the words of its library nICEr)
//!
//! It is the only place where Firefox tells of its servers: the answer 401 that every TURN server gives at first, and the
//! one that refuses the credentials, a request that nobody answered, a name without an address. It also holds passwords of
//! ICE and the pages' addresses, which are not kept. Its lines have no times.

use super::session::{
    Event, Happened, LeftOut, PairPoint, SavedConfiguration, SavedConnection, SavedSession, Sight, StatCandidate,
    StatPair, StateOf,
};
use super::values::{self, uri_of};
use crate::model::{End, Millis, Protocol, ServerUri, Text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Connections, events of one, and servers that failed, which are kept.
const CONNECTIONS_MAX: usize = 1_000;
const EVENTS_MAX: usize = 10_000;
const FAILURES_MAX: usize = 10_000;
/// STUN's code for a user that the server does not take (RFC 8489 §14.8), and the browsers' for a server that was not
/// reached (webrtc-pc §4.8.3).
const UNAUTHORIZED: u16 = 401;
const NOT_REACHED: u16 = 701;

/// What stands in the log's first line.
pub(super) const BEGINS_WITH: &str = "+++++++ BEGIN (process id ";

/// Reads a log by itself: a connection for each that it names.
pub(super) fn read(text: &str) -> SavedSession {
    let mut log = Log::default();
    for (place, line) in (1..).zip(text.lines()) {
        log.take(place, line);
    }
    let left_out = LeftOut { beyond_limits: log.beyond, ..LeftOut::default() };
    let told = std::mem::take(&mut log.connections);
    let mut succeeded = std::mem::take(&mut log.succeeded);
    let connections = told.into_iter().map(|(name, events)| {
        let mut connection = SavedConnection {
            name: Text::new(&name),
            configuration: log.configuration(&name, &events),
            events,
            sight: Sight { counts_no_checks: true, names_some: true, ..Sight::default() },
            ..SavedConnection::default()
        };
        if let Some((local, remote)) = succeeded.remove(&name) {
            connection.candidates = [("local".to_owned(), local), ("remote".to_owned(), remote)].into();
            let point = PairPoint { nominated: true, succeeded: true, ..PairPoint::default() };
            let pair = StatPair { local: "local".to_owned(), remote: "remote".to_owned(), points: vec![point] };
            connection.pairs.insert("pair".to_owned(), pair);
        }
        connection
    });
    SavedSession {
        made_by: Text::new("Firefox"),
        connections: connections.collect(),
        left_out,
        ..SavedSession::default()
    }
}

/// What was read of a log so far.
#[derive(Default)]
pub(super) struct Log {
    /// What is known of why a candidate will fail, by how the log calls it.
    failing: BTreeMap<String, Failing>,
    /// By the names of their connections.
    pub(super) connections: BTreeMap<String, Vec<Event>>,
    /// Those that may use relays only.
    relay_only: BTreeSet<String>,
    /// How many candidates of each failed, and of how many.
    failed: BTreeMap<String, (u32, u32)>,
    /// The last pair of each that succeeded.
    succeeded: BTreeMap<String, (StatCandidate, StatCandidate)>,
    pub(super) beyond: u64,
}

/// The errors of one candidate's server.
#[derive(Clone, Copy, Default)]
struct Failing {
    code: Option<u16>,
    is_given_up: bool,
}

impl Log {
    /// Takes a line in, which may be anything.
    pub(super) fn take(&mut self, place: u32, line: &str) {
        if let Some((label, rest)) = labelled(line, &["STUN-CLIENT(", "TURN("]) {
            let label = label.trim_end_matches("::TURN");
            let code =
                rest.rsplit_once("stun error code ").and_then(|(_, code)| code.trim_end_matches('.').parse().ok());
            let is_given_up = rest.starts_with(": Exceeded the number of retries");
            let is_silent = rest.starts_with(": Timed out");
            if code.is_none() && !is_given_up && !is_silent {
                return;
            }
            if self.failing.len() >= FAILURES_MAX && !self.failing.contains_key(label) {
                self.beyond += 1;
                return;
            }
            let failing = self.failing.entry(label.to_owned()).or_default();
            failing.code = code.or(failing.code).or(is_silent.then_some(NOT_REACHED));
            failing.is_given_up |= is_given_up || is_silent;
        } else if let Some((name, candidate)) = failed_candidate(line) {
            self.count_failed(name, line, place);
            // A single 401 is how a server asks for credentials: what stopped then is not known, and nor is it of one that
            // was given up for no reason that is told.
            let Some(failing) = self.failing.remove(candidate) else { return };
            let Some(code) = failing.code.filter(|code| failing.is_given_up || *code != UNAUTHORIZED) else { return };
            if let Some(Label { url, local }) = Label::parse(candidate) {
                let reason = if failing.is_given_up && code == NOT_REACHED { "Timed out" } else { "" };
                let happened =
                    Happened::CandidateError { url: Some(url), address: local, code, reason: Text::new(reason) };
                self.tell(name, Event { at: Millis::ZERO, place, happened });
            }
        } else if let Some(name) = connection_name(line) {
            if line.contains("relay only option results in no host candidate") {
                self.relay_only.extend((self.relay_only.len() < CONNECTIONS_MAX).then(|| name.to_owned()));
            }
            if let Some(pair) = succeeded_pair(line).filter(|_| self.succeeded.len() < CONNECTIONS_MAX) {
                self.succeeded.insert(name.to_owned(), pair);
            }
            self.events_of(name);
        }
    }

    /// Gathering came to its end without a candidate where every one failed: as many as there were at first. Of those that did
    /// not fail the log has no such line.
    fn count_failed(&mut self, name: &str, line: &str, place: u32) {
        let remaining =
            line.rsplit_once("failed to initialize, ").map(|(_, rest)| rest.split(' ').next().unwrap_or(rest));
        let Some(remaining) = remaining.and_then(|count| count.parse::<u32>().ok()) else { return };
        if self.failed.len() >= CONNECTIONS_MAX && !self.failed.contains_key(name) {
            return;
        }
        let (failed, most) = self.failed.entry(name.to_owned()).or_default();
        (*failed, *most) = (failed.saturating_add(1), remaining.saturating_add(1).max(*most));
        let is_all = remaining == 0 && failed == most;
        if is_all && self.relay_only.contains(name) {
            let happened = Happened::State { of: StateOf::Gathering, to: Text::new("complete") };
            self.tell(name, Event { at: Millis::ZERO, place, happened });
        }
    }

    /// What is known of the configuration of a connection with these events: that only relays were allowed, and which of
    /// them failed. Which did not, the log names by itself alone; where it names none nothing is known.
    fn configuration(&self, name: &str, events: &[Event]) -> Option<SavedConfiguration> {
        let mut servers: Vec<ServerUri> = Vec::new();
        for event in events {
            if let Happened::CandidateError { url: Some(url), .. } = &event.happened
                && !servers.contains(url)
            {
                servers.push(url.clone());
            }
        }
        let is_known = self.relay_only.contains(name) && !servers.is_empty();
        is_known.then_some(SavedConfiguration { servers, relay_only: true })
    }

    fn tell(&mut self, name: &str, event: Event) {
        match self.events_of(name) {
            Some(events) if events.len() < EVENTS_MAX => events.push(event),
            _ => self.beyond += 1,
        }
    }

    fn events_of(&mut self, name: &str) -> Option<&mut Vec<Event>> {
        let has_room = self.connections.len() < CONNECTIONS_MAX || self.connections.contains_key(name);
        has_room.then(|| self.connections.entry(name.to_owned()).or_default())
    }
}

/// What stands in the brackets behind one of these words at the beginning, and what stands behind them.
fn labelled<'a>(line: &'a str, words: &[&str]) -> Option<(&'a str, &'a str)> {
    let rest = words.iter().find_map(|word| line.strip_prefix(word))?;
    split_at_bracket(rest)
}

/// Splits at the bracket that closes what was open before the text.
fn split_at_bracket(text: &str) -> Option<(&str, &str)> {
    let mut open = 1_u32;
    let end = text.char_indices().find(|(_, c)| {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        open == 0
    })?;
    Some((&text[..end.0], &text[end.0 + 1..]))
}

/// Of `ICE(PC:{…} … )/CAND(label): failed to initialize`: the connection's name, and the label.
fn failed_candidate(line: &str) -> Option<(&str, &str)> {
    let (context, rest) = labelled(line, &["ICE("])?;
    let (label, rest) = split_at_bracket(rest.strip_prefix("/CAND(")?)?;
    rest.starts_with(": failed to initialize").then_some((connection_name(context)?, label))
}

/// Of `…/CAND-PAIR(x): setting pair to state SUCCEEDED: x|IP4:a:1/UDP|IP4:b:2/UDP(host(…)|candidate:… typ srflx …)`: both ends.
fn succeeded_pair(line: &str) -> Option<(StatCandidate, StatCandidate)> {
    let (_, pair) = line.split_once("setting pair to state SUCCEEDED: ")?;
    let (_, rest) = pair.split_once('|')?;
    let (local, rest) = rest.split_once('|')?;
    let (remote, kinds) = rest.split_once('(')?;
    let (local_kind, remote_kind) = kinds.trim_end_matches(')').rsplit_once('|')?;
    let kind_of = |label: &str| {
        let behind = label.split_once(" typ ").map_or(label, |(_, kind)| kind);
        let word = behind.split([' ', '(']).next().unwrap_or(behind);
        let word = if word.contains("relay") { "relay" } else { word };
        values::candidate_type(&Value::String(word.to_owned()))
    };
    let candidate = |end: End, text: &str, kind: &str| {
        let (endpoint, transport) = endpoint(text)?;
        let (address, port) = endpoint.rsplit_once(':')?;
        Some(StatCandidate {
            end,
            kind: kind_of(kind),
            protocol: Some(if transport == "udp" { Protocol::Udp } else { Protocol::Tcp }),
            address: Text::new(address.trim_matches(['[', ']'])),
            port: port.parse().ok(),
            ..StatCandidate::default()
        })
    };
    Some((candidate(End::Ours, local, local_kind)?, candidate(End::Theirs, remote, remote_kind)?))
}

/// What stands in braces behind `PC:`. What follows it holds the page's address.
fn connection_name(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("PC:{")?;
    rest.split_once('}').map(|(name, _)| name).filter(|name| name.len() <= 64)
}

/// Whom a candidate was to be learnt from.
struct Label {
    url: ServerUri,
    local: Text,
}

impl Label {
    /// Reads `relay(IP4:10.1.0.2:50394/UDP|IP4:203.0.113.10:3478/UDP)`, or `srflx(…)`.
    fn parse(label: &str) -> Option<Self> {
        let (kind, rest) = label.split_once('(')?;
        let (local, server) = rest.strip_suffix(')')?.split_once('|')?;
        let scheme = match kind {
            "relay" | "turn-relay" | "relay-tcp" => "turn",
            "srflx" => "stun",
            _ => return None,
        };
        let (server, transport) = endpoint(server)?;
        let (local, _) = endpoint(local)?;
        let url = match (scheme, transport) {
            ("stun", _) => format!("stun:{server}"),
            (_, "tcp") => format!("turn:{server}?transport=tcp"),
            (_, "tls") => format!("turns:{server}?transport=tcp"),
            _ => format!("turn:{server}?transport=udp"),
        };
        Some(Self { url: uri_of(&url)?, local: Text::new(local) })
    }
}

/// Of `IP4:203.0.113.10:3478/UDP` the endpoint, and its transport.
fn endpoint(text: &str) -> Option<(&str, &'static str)> {
    let (endpoint, transport) = text.rsplit_once('/')?;
    let endpoint = endpoint.strip_prefix("IP4:").or_else(|| endpoint.strip_prefix("IP6:"))?;
    let transport = match transport {
        "TCP" => "tcp",
        "TLS" => "tls",
        _ => "udp",
    };
    Some((endpoint, transport))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CandidateType;
    use flate2::read::MultiGzDecoder;
    use std::io::Read;

    fn unpacked(packed: &[u8]) -> String {
        let mut text = String::new();
        MultiGzDecoder::new(packed).read_to_string(&mut text).expect("a text");
        text
    }

    /// The errors of each connection: code, and server.
    fn errors(session: &SavedSession) -> Vec<Vec<(u16, String)>> {
        let of = |connection: &SavedConnection| {
            let errors = connection.events.iter().filter_map(|event| match &event.happened {
                Happened::CandidateError { url: Some(url), code, .. } => Some((*code, url.as_str().to_owned())),
                _ => None,
            });
            errors.collect()
        };
        session.connections.iter().map(of).collect()
    }

    #[test]
    fn a_second_401_refuses_the_credentials_over_each_transport() {
        let session = read(&unpacked(include_bytes!("../../fixtures/dumps/firefox153-turn-badpw.log.txt.gz")));
        let errors = errors(&session);
        assert_eq!(errors.len(), 2);
        let servers = ["turn:203.0.113.10:3478?transport=udp", "turn:203.0.113.10:3478?transport=tcp"];
        let refused = |server: &str| {
            let is_it = |(code, url): &(u16, String)| *code == UNAUTHORIZED && url == server;
            errors.iter().any(|connection| connection.iter().any(is_it))
        };
        assert!(servers.iter().all(|server| refused(server)), "{errors:?}");
    }

    #[test]
    fn a_server_that_is_silent_is_not_reached() {
        let session = read(&unpacked(include_bytes!("../../fixtures/dumps/firefox153-turn-dead.log.txt.gz")));
        let errors = errors(&session);
        let is_it = |(code, url): &(u16, String)| *code == NOT_REACHED && url == "turn:203.0.113.10:3999?transport=udp";
        assert!(errors.iter().any(|connection| connection.iter().any(is_it)), "{errors:?}");
        assert!(!format!("{session:?}").contains("127.0.0.1"), "a page's address is not kept");
    }

    #[test]
    fn a_pair_that_succeeded_is_the_path_and_nothing_is_missed_beside_it() {
        let session = read(
            "ICE-PEER(PC:{a} 1 (id=1 url=x):default)/CAND-PAIR(foZK): setting pair to state SUCCEEDED: \
             foZK|IP4:10.1.0.2:5000/UDP|IP4:192.0.2.1:5001/UDP(turn-relay(IP4:10.1.0.2:1/UDP|IP4:10.1.0.2:5000/UDP)|candidate:1 1 UDP 1 192.0.2.1 5001 typ srflx)\n\
             ICE(PC:{a} 1 (id=1 url=x)): All candidates initialized",
        );
        let [connection] = &session.connections[..] else { panic!("{session:?}") };
        let kinds = ["local", "remote"].map(|id| connection.candidates[id].kind);
        assert_eq!(kinds, [Some(CandidateType::Relay), Some(CandidateType::Srflx)]);
        assert!(connection.events.is_empty(), "what was gathered beside it is not told");
    }

    #[test]
    fn the_first_401_refuses_nobody() {
        let session = read(
            "STUN-CLIENT(relay(IP4:10.1.0.2:1/UDP|IP4:192.0.2.1:3478/UDP)::TURN): Error processing response: Retry may be \
             possible, stun error code 401.\nICE(PC:{a} 1 (id=1 url=x))/CAND(relay(IP4:10.1.0.2:1/UDP|IP4:192.0.2.1:3478/UDP)): \
             failed to initialize, 0 remaining",
        );
        assert!(errors(&session).iter().all(Vec::is_empty), "{session:?}");
    }

    #[test]
    fn brackets_that_do_not_match_and_other_texts_do_no_harm() {
        for line in [
            "TURN(((((",
            "TURN)",
            "ICE(PC:{",
            "STUN-CLIENT(relay(|)): Timed out",
            "ICE(PC:{a})/CAND(relay(|)): failed to initialize",
            "",
        ] {
            assert!(errors(&read(line)).iter().all(Vec::is_empty), "{line}");
        }
    }
}
