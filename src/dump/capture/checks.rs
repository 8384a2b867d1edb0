//! Which pairs were checked, and were they answered? (RFC 8445 §7, RFC 7675)
//!
//! One direction of a pair is one end's checks. Consent is checked by the same messages for as long as a call runs, so
//! that counts are kept, and round trips of the first checks alone.

use super::exchanges::{Answered, Request};
use super::route::DatagramRoute;
use crate::model::{Millis, RoundTrips, Transport};
use crate::wire::{Class, ErrorCode};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// Directions of pairs that are kept.
const CHECKED_MAX: usize = 20_000;
/// Round trips that are kept of one.
const ROUND_TRIPS_MAX: usize = 1_000;

/// Silences that are kept of one, and from when on there is one: single checks are lost as single packets are.
const SILENCES_MAX: usize = 1_000;
const SILENCE: Duration = Duration::from_secs(3);

/// One end's checks of one pair.
#[derive(Clone, Debug)]
pub(super) struct CheckCounts {
    pub(super) transport: Transport,
    /// Each copy counted.
    pub(super) sent: u32,
    pub(super) answered: u32,
    pub(super) first: Duration,
    /// The last request.
    pub(super) last: Duration,
    pub(super) first_answer: Option<Duration>,
    pub(super) last_answer: Option<Duration>,
    /// Requests since the last answer.
    pub(super) unanswered_last: u32,
    /// From an answer to the next, where requests between were not answered.
    pub(super) unanswered: Vec<(Duration, Duration)>,
    /// How many those were that fell into a silence.
    pub(super) lost_in_silence: u32,
    pub(super) nominated: bool,
    pub(super) controls: Option<bool>,
    /// The user name fragment of whoever sends them, as the first bears it.
    pub(super) fragment: Option<String>,
    /// The error that was answered last.
    pub(super) error: Option<ErrorCode>,
    /// An answer came from another endpoint.
    pub(super) answered_from: Option<SocketAddr>,
    /// Where the other end sees this one.
    pub(super) mapped: Option<SocketAddr>,
    round_trips: Vec<f64>,
}

impl CheckCounts {
    fn begin(request: &Request) -> Self {
        Self {
            transport: request.transport,
            sent: 0,
            answered: 0,
            first: request.first,
            last: request.last,
            first_answer: None,
            last_answer: None,
            unanswered_last: 0,
            unanswered: Vec::new(),
            lost_in_silence: 0,
            nominated: false,
            controls: request.controls,
            fragment: request.fragment.clone(),
            error: None,
            answered_from: None,
            mapped: None,
            round_trips: Vec::new(),
        }
    }

    pub(super) fn rtt(&self) -> Option<RoundTrips> {
        let mut sorted = self.round_trips.clone();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let median = *sorted.get(sorted.len() / 2)?;
        Some(RoundTrips { min: Millis(min), median: Millis(median), max: Millis(max) })
    }

    /// The first round trip.
    pub(super) fn first_rtt(&self) -> Option<Millis> {
        self.round_trips.first().copied().map(Millis)
    }
}

/// All checks.
#[derive(Default)]
pub(super) struct CheckLog {
    all: BTreeMap<DatagramRoute, CheckCounts>,
    /// Checks beyond those that are kept.
    pub(super) beyond: u64,
}

impl CheckLog {
    /// A check was sent, or a copy of one.
    pub(super) fn asked(&mut self, request: &Request) {
        if self.all.len() >= CHECKED_MAX && !self.all.contains_key(&request.route) {
            self.beyond += 1;
            return;
        }
        let checked = self.all.entry(request.route).or_insert_with(|| CheckCounts::begin(request));
        checked.sent = checked.sent.saturating_add(1);
        checked.unanswered_last = checked.unanswered_last.saturating_add(1);
        checked.last = request.last;
        checked.controls = request.controls.or(checked.controls);
    }

    /// A check was answered.
    pub(super) fn answered(&mut self, answered: &Answered) {
        let Some(checked) = self.all.get_mut(&answered.request.route) else { return };
        if answered.from != answered.request.route.to {
            checked.answered_from = Some(answered.from);
            return;
        }
        if answered.answer.class == Class::Error {
            checked.error = answered.answer.error();
            return;
        }
        checked.answered = checked.answered.saturating_add(1);
        let unanswered = checked.unanswered_last.saturating_sub(1);
        if let Some(before) = checked.last_answer.filter(|_| unanswered > 0)
            && checked.unanswered.len() < SILENCES_MAX
        {
            checked.unanswered.push((before, answered.at));
            let is_silence = answered.at.saturating_sub(before) >= SILENCE;
            checked.lost_in_silence += if is_silence { unanswered } else { 0 };
        }
        checked.unanswered_last = 0;
        checked.first_answer.get_or_insert(answered.at);
        checked.last_answer = Some(answered.at);
        checked.nominated |= answered.request.nominates;
        checked.mapped = answered.answer.xor_mapped().or(checked.mapped);
        if let Some(rtt) = answered.rtt().filter(|_| checked.round_trips.len() < ROUND_TRIPS_MAX) {
            checked.round_trips.push(rtt.as_secs_f64() * 1000.0);
        }
    }

    /// By their ways.
    pub(super) fn all(&self) -> impl Iterator<Item = (&DatagramRoute, &CheckCounts)> {
        self.all.iter()
    }

    pub(super) fn of(&self, route: &DatagramRoute) -> Option<&CheckCounts> {
        self.all.get(route)
    }
}
