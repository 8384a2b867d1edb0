//! What was observed of one connection of a file, in the words of the house?
//!
//! Times and counters decide, and no state that a browser shows last: a pair that never had an answer stays "in-progress",
//! and statistics end before a failure does. What a file does not count is left out, never taken for none.
//!
//! | file | answers |
//! |---|---|
//! | ends | which candidates are there, of either end? |
//! | pairs | what became of each pair, and which was in use when? |
//! | traffic | what passed, and how did it break? |

mod ends;
mod pairs;
#[cfg(test)]
mod tests;
mod traffic;

use super::description::{Description, DescriptionKind};
use super::detect::Form;
use super::session::{Event, Happened, LeftOut, PairPoint, SavedConnection, SavedSession, StateOf, StreamWay};
use crate::model::{
    BrowserFact, CallFact, CallFile, CallStage, ConfigurationFact, End, Fact, IceFact, Millis, Origin, Question,
    Record, Role, RunFact, ServerUri, Text,
};
use crate::signal::sdp::Fingerprint;
use ends::EndCandidates;
use std::collections::{BTreeMap, BTreeSet};

/// The most errors of servers, and requests that failed, that are told of.
const ERRORS_MAX: usize = 1_000;
/// The most changes of states.
const STATES_MAX: usize = 1_000;
/// The most restarts.
const RESTARTS_MAX: usize = 1_000;

/// The forms of which the lines are in the order of time: of one that ends in the middle the end is missing, and nothing else.
const IN_ORDER: [Form; 3] = [Form::RtcStats, Form::Capture, Form::FirefoxLog];

/// By which a page hands on what the other end described itself by (webrtc-pc §4.4.2).
const SET_REMOTE_DESCRIPTION: &str = "setRemoteDescription";

/// Of an offer that was never answered this long: a browser that is asked for a call rings for some seconds at least.
const ANSWER_EXPECTED_AFTER: Millis = Millis(5000.0);

/// The record of one connection, as its own end would have written it.
pub fn record(session: &SavedSession, form: &str, connection: &SavedConnection) -> Record {
    let mut told = Told::of(connection);
    told.is_cut_within = session.left_out.is_cut && !IN_ORDER.map(Form::name).contains(&form);
    told.note_file(session, form);
    told.note_configuration();
    told.note_events();
    told.note_generations();
    let ends = EndCandidates::of(&told);
    ends.note(&mut told);
    told.note_descriptions(&ends);
    let used = pairs::note(&mut told, &ends);
    traffic::note(&mut told, &used);
    told.into_record()
}

/// A connection, and what was observed of it so far.
struct Told<'a> {
    connection: &'a SavedConnection,
    /// The first and the last that is known of it, on the clock of the file.
    begin: Millis,
    end: Millis,
    /// The file ends in the middle, and anything may be missing.
    is_cut_within: bool,
    observed: Vec<(Millis, Origin, Fact)>,
}

impl<'a> Told<'a> {
    fn of(connection: &'a SavedConnection) -> Self {
        let events = connection.events.iter().map(|event| event.at);
        let pairs = connection.pairs.values().flat_map(|pair| pair.points.iter().map(|point| point.at));
        let transports = connection.transports.values().flatten().map(|point| point.at);
        let facts = connection.observed.iter().map(|(at, ..)| *at);
        let times = || events.clone().chain(pairs.clone()).chain(transports.clone()).chain(facts.clone());
        let known = || times().filter(|at| at.is_finite());
        let (begin, end) = (known().min().unwrap_or_default(), known().max().unwrap_or_default());
        // A capture begins before the page does, and ends after it: what it shows then has no place in the call.
        let beside = connection.beside.iter().filter(|(at, ..)| (begin..=end).contains(at));
        let observed = connection.observed.iter().chain(beside).cloned().collect();
        Self { connection, begin, end, is_cut_within: false, observed }
    }

    fn observe(&mut self, at: Millis, question: Question, fact: Fact) {
        self.observe_of(at, question, None, fact);
    }

    fn observe_of(&mut self, at: Millis, question: Question, uri: Option<ServerUri>, fact: Fact) {
        self.observed.push((at, Origin { question, uri }, fact));
    }

    /// How many packets of media this end had sent by then.
    fn sent(&self, by: Millis) -> u64 {
        let out = self.connection.streams.values().filter(|stream| stream.way == StreamWay::Out);
        out.filter_map(|stream| stream.points.iter().rfind(|point| point.at <= by)?.packets).sum()
    }

    fn tells_no_description(&self) -> bool {
        self.connection.observed.is_empty()
            && [End::Ours, End::Theirs].into_iter().all(|end| self.descriptions(end).next().is_none())
    }

    /// Whether anything has a time at all.
    fn has_clock(&self) -> bool {
        self.end > Millis::ZERO
    }

    /// From the first that is known.
    fn since_begin(&self, at: Millis) -> Millis {
        Millis((at.0 - self.begin.0).max(0.0))
    }

    fn events<T>(&self, pick: impl Fn(&'a Event) -> Option<T>) -> impl Iterator<Item = T> {
        self.connection.events.iter().filter_map(pick)
    }

    /// The descriptions of an end that were set, with their times.
    fn descriptions(&self, of: End) -> impl Iterator<Item = (Millis, &'a Description)> {
        self.events(move |event| match &event.happened {
            Happened::Described { end, description } if *end == of => Some((event.at, description)),
            _ => None,
        })
    }

    /// When a state became one of these words.
    fn state(&self, of: StateOf, words: &[&str]) -> impl Iterator<Item = Millis> {
        self.events(move |event| match &event.happened {
            Happened::State { of: which, to } if *which == of && words.contains(&to.as_str()) => Some(event.at),
            _ => None,
        })
    }

    fn note_file(&mut self, session: &SavedSession, form: &str) {
        let SavedConnection { sight, name, .. } = self.connection;
        let LeftOut { is_cut, not_understood, beyond_limits } = session.left_out;
        let samples = [
            self.connection.transports.values().map(Vec::len).max(),
            self.connection.pairs.values().map(|pair| pair.points.len()).max(),
        ];
        let samples = samples.into_iter().flatten().max().unwrap_or_default();
        let file = CallFile {
            form: Text::new(form),
            connection: name.clone(),
            connections: u32::try_from(session.connections.len()).unwrap_or(u32::MAX),
            lasted_ms: Millis(self.end.0 - self.begin.0),
            saved_ms: self
                .connection
                .known_until
                .filter(|until| *until > self.end)
                .map(|until| Millis(until.0 - self.begin.0)),
            samples: u32::try_from(samples).unwrap_or(u32::MAX),
            began_late: sight.began_late || self.is_joined_late(),
            lacks_beginning: self.is_joined_late() || sight.tells_no_events && samples > 0,
            counts_no_checks: sight.counts_no_checks,
            // Statistics alone may be a part of those that there were: people copy what they think is of use.
            names_some: sight.names_some || sight.tells_no_events && self.tells_no_description(),
            hides_addresses: sight.hides_addresses,
            one_direction: sight.one_direction,
            at_server: sight.at_server,
            of_packets: form == Form::Capture.name(),
            tells_no_events: sight.tells_no_events,
            sending_unknown: self.is_sending_unknown(),
            is_cut,
            cut_within: self.is_cut_within,
            left_out: not_understood.saturating_add(beyond_limits).saturating_add(u64::from(sight.is_unclear)),
        };
        self.observe(self.begin, Question::Call, Fact::Run(RunFact::FromFile(Box::new(file))));
        // Of which make it is a browser's file does not always say; packets are no browser's.
        if self.connection.observed.is_empty() {
            let agent = BrowserFact::Browser { agent: session.made_by.clone(), connection: None };
            self.observe(self.begin, Question::Call, Fact::Browser(agent));
        }
        for refused in &session.refused {
            self.note_failed(self.begin, &refused.happened);
        }
    }

    /// A browser's log begins with the page that shows it: of a connection that was there before, it has no description, and
    /// states and statistics of a path all the same.
    fn is_joined_late(&self) -> bool {
        let is_described =
            self.events(|event| matches!(event.happened, Happened::Described { .. }).then_some(())).next();
        let shows_path = self.state(StateOf::Ice, &["connected", "completed"]).next().is_some() || self.is_checked();
        let tells_events = !self.connection.sight.tells_no_events && !self.connection.sight.is_unclear;
        tells_events && self.connection.observed.is_empty() && is_described.is_none() && shows_path
    }

    /// Packets show what is sent; a browser's file shows what the other end has said that it would send.
    fn is_sending_unknown(&self) -> bool {
        let told = self.descriptions(End::Theirs).filter(|(_, description)| !description.is_blank).last();
        let hands_on = |(_, description): (Millis, &Description)| description.lite || description.sources.len() > 1;
        let is_unknown = told.is_none_or(hands_on) || self.sends_nothing();
        self.connection.observed.is_empty() && (is_unknown || self.is_cut_within)
    }

    /// A description that sends both ways is what browsers write where nobody asks for anything else: where this end sent nothing,
    /// whatever it had promised, what the other promised shows no fault of the way.
    fn sends_nothing(&self) -> bool {
        let out = self.connection.streams.values().filter(|stream| stream.way == StreamWay::Out);
        !out.flat_map(|stream| &stream.points).any(|point| point.packets > Some(0))
    }

    fn note_configuration(&mut self) {
        if self.connection.configuration.as_ref().is_some_and(|configuration| configuration.relay_only) {
            let allowed = Fact::Configuration(ConfigurationFact::RelayedCandidatesOnly);
            self.observe(self.begin, Question::Configuration, allowed);
        }
    }

    fn note_failed(&mut self, at: Millis, happened: &Happened) {
        if let Happened::Failed { what, reason } = happened {
            let failed = BrowserFact::RequestFailed { what: what.clone(), reason: reason.clone() };
            self.observe(at, Question::Call, Fact::Browser(failed));
        }
    }

    /// What a page asks for again and again is told once.
    fn note_events(&mut self) {
        let (mut errors, mut failures, mut fingerprints_of) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        let (mut latest, mut states) = (BTreeMap::new(), 0);
        for event in &self.connection.events {
            match &event.happened {
                Happened::CandidateError { url, address, code, reason }
                    if errors.len() < ERRORS_MAX && errors.insert((url, address, code, reason)) =>
                {
                    let local = Some(address.clone()).filter(|address| !address.is_empty());
                    let error = BrowserFact::CandidateError { local, code: *code, reason: reason.clone() };
                    self.observe_of(event.at, Question::Gather, url.clone(), Fact::Browser(error));
                }
                Happened::Failed { what, reason } if failures.len() < ERRORS_MAX && failures.insert((what, reason)) => {
                    self.note_failed(event.at, &event.happened);
                }
                Happened::State { of, to }
                    if states < STATES_MAX && latest.insert(*of, to).is_none_or(|before| before != to) =>
                {
                    states += 1;
                    let changed = BrowserFact::StateChanged { state: Text::new(of.name()), to: to.clone() };
                    self.observe(event.at, Question::Call, Fact::Browser(changed));
                }
                Happened::Described { end, description }
                    if !description.fingerprints.is_empty()
                        && fingerprints_of.insert(*end, &description.fingerprints)
                            != Some(&description.fingerprints) =>
                {
                    let shown = |fingerprint: &Fingerprint| {
                        let digest = fingerprint.digest.iter().take(8).map(|byte| format!("{byte:02x}"));
                        Text::new(&format!("{} {}", fingerprint.hash.name(), digest.collect::<String>()))
                    };
                    let fingerprints = description.fingerprints.iter().map(shown).collect();
                    let set = BrowserFact::DescriptionSet { of: *end, fingerprints };
                    self.observe(event.at, Question::Call, Fact::Browser(set));
                }
                _ => {}
            }
        }
        let gathered = self.state(StateOf::Gathering, &["complete"]).next();
        if let Some(at) = gathered {
            self.reach(at, CallStage::Gathered);
        }
    }

    fn reach(&mut self, at: Millis, stage: CallStage) {
        let after_ms = self.since_begin(at);
        self.observe(at, Question::Call, Fact::Call(CallFact::CallReached { stage, after_ms }));
    }

    /// New user name fragments of this end's begin a new generation (RFC 8445 §9).
    fn note_generations(&mut self) {
        for at in self.restarts().into_iter().take(RESTARTS_MAX) {
            self.observe(at, Question::Checks, Fact::Ice(IceFact::Restarted));
        }
    }

    /// An offer that nobody has answered yet is no generation that another could follow.
    fn restarts(&self) -> Vec<Millis> {
        let mut restarts = Vec::new();
        // Of descriptions without times nobody knows which was first, nor that they are of one call.
        if !self.has_clock() {
            return restarts;
        }
        let mut known: Option<(&str, bool)> = None;
        let described = self.events(|event| match &event.happened {
            Happened::Described { end, description } => Some((event.at, *end, description)),
            _ => None,
        });
        for (at, end, description) in described {
            let is_offer = description.kind == Some(DescriptionKind::Offer);
            if end == End::Theirs {
                known = known.map(|(ufrag, is_settled)| (ufrag, is_settled || !is_offer));
                continue;
            }
            let Some(first) = description.ufrags.first() else { continue };
            restarts.extend(known.filter(|(known, is_settled)| *is_settled && known != first).map(|_| at));
            let was_settled = known.is_some_and(|(known, is_settled)| is_settled && known == first);
            known = Some((first, was_settled || !is_offer));
        }
        restarts
    }

    /// The fragment that this end's candidates have since the last restart, where there was one.
    fn last_ufrag(&self) -> Option<&'a str> {
        if self.restarts().is_empty() {
            return None;
        }
        self.descriptions(End::Ours).last().and_then(|(_, description)| description.ufrags.first()).map(String::as_str)
    }

    fn role(&self) -> Role {
        let said = self.connection.transports.values().flatten().rev().find_map(|point| point.controlling);
        let is_lite = self.descriptions(End::Theirs).any(|(_, description)| description.lite);
        let offers = || {
            let first = self.descriptions(End::Ours).next().and_then(|(_, description)| description.kind);
            first == Some(DescriptionKind::Offer)
        };
        if said.unwrap_or_else(|| is_lite || offers()) { Role::Controlling } else { Role::Controlled }
    }

    /// Whether checks of a pair were counted, or a pair carried bytes: that is no matter of what was not found.
    fn is_checked(&self) -> bool {
        let is_told = |point: &PairPoint| {
            [point.requests_sent, point.responses_received, point.bytes_received]
                .into_iter()
                .any(|count| count > Some(0))
        };
        self.connection.pairs.values().flat_map(|pair| &pair.points).any(is_told)
    }

    /// Whether a description of the other end's came, and the browser did not take it.
    fn is_answer_refused(&self) -> bool {
        self.events(|event| match &event.happened {
            Happened::Failed { what, .. } => (what.as_str() == SET_REMOTE_DESCRIPTION).then_some(()),
            _ => None,
        })
        .next()
        .is_some()
    }

    fn note_descriptions(&mut self, ends: &EndCandidates) {
        // From what was not understood nothing follows, and least that there was none.
        let sight = &self.connection.sight;
        if sight.is_unclear && !self.is_checked() {
            return;
        }
        // A text that somebody pasted tells what was offered, and no time in which anything could have been checked.
        if sight.tells_no_events && !self.has_clock() && self.connection.pairs.is_empty() {
            return;
        }
        let described = self.descriptions(End::Theirs).next();
        let offered = self.descriptions(End::Ours).find(|(_, it)| it.kind == Some(DescriptionKind::Offer));
        let is_met = described.is_some() || ends.has_remote() || !self.connection.pairs.is_empty();
        if self.is_answer_refused() && !is_met {
            return;
        }
        if let (Some((at, _)), false) = (offered, is_met) {
            let until = self.connection.known_until.map_or(self.end, |until| until.max(self.end));
            let waited_ms = Millis(until.0 - at.0);
            // A page that was saved sooner may have been waiting still, and an answer may stand in what is missing.
            if waited_ms >= ANSWER_EXPECTED_AFTER && !self.is_cut_within {
                self.reach(at, CallStage::Gathered);
                self.observe(self.end, Question::Call, Fact::Browser(BrowserFact::OfferUnanswered { waited_ms }));
            }
            return;
        }
        if !is_met {
            return;
        }
        let at = described.map_or(self.begin, |(at, _)| at);
        let lite = self.descriptions(End::Theirs).any(|(_, description)| description.lite);
        self.reach(at, CallStage::ChecksStarted);
        let role = self.role();
        self.observe(at, Question::Checks, Fact::Ice(IceFact::Described { role, lite }));
    }

    fn into_record(self) -> Record {
        let configuration = self.connection.configuration.as_ref();
        let servers = configuration.into_iter().flat_map(|configuration| &configuration.servers);
        // A capture shows whom the end asked, and not whom it was to ask.
        let asked = self
            .connection
            .observed
            .iter()
            .chain(&self.connection.beside)
            .filter_map(|(_, origin, _)| origin.uri.as_ref());
        let asked: BTreeSet<&ServerUri> = asked.collect();
        let targets = servers.chain(asked).filter_map(|uri| uri.target().cloned());
        let mut record = Record::new(targets.take(Record::TARGETS_MAX).collect());
        record.whole_list = configuration.is_some();
        let mut observed = self.observed;
        observed.sort_by_key(|(at, ..)| *at);
        let kept = observed.into_iter().take(Record::END_OBSERVATIONS_MAX);
        for (at, origin, fact) in kept {
            record.push(Millis((at.0 - self.begin.0).max(0.0)), origin, fact);
        }
        record
    }
}
