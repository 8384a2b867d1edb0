//! What the machines of one agent share: the clock, the random numbers, and what goes out.

use super::config::Event;
use crate::machine::{Instant, Open, Output, QueryId, Rng, SocketId};
use crate::model::{DnsKind, Fact, Origin, Question, ServerUri};
use crate::wire::TransactionId;
use std::collections::VecDeque;
use std::net::SocketAddr;

/// Lent to a machine of the agent with every call. It outlives an ICE restart.
pub(super) struct AgentIo {
    /// The time of the latest input.
    pub now: Instant,
    pub rng: Rng,
    next_socket: u32,
    next_query: u32,
    outputs: VecDeque<Output>,
    /// Events for the owner, who signals them to the peer.
    events: VecDeque<Event>,
}

impl AgentIo {
    pub(super) fn new(rng: Rng) -> Self {
        Self {
            now: Instant::START,
            rng,
            next_socket: 0,
            next_query: 0,
            outputs: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// The same clock, numbers and outputs, and nothing left to signal.
    pub(super) fn restarted(self) -> Self {
        Self { events: VecDeque::new(), ..self }
    }

    /// A transaction ID (RFC 8489 §5).
    pub(super) fn transaction_id(&mut self) -> TransactionId {
        TransactionId(self.rng.bytes())
    }

    /// A number for a socket that may be opened later.
    pub(super) fn socket_id(&mut self) -> SocketId {
        self.next_socket += 1;
        SocketId(self.next_socket)
    }

    pub(super) fn open(&mut self, socket: SocketId, open: Open) {
        self.outputs.push_back(Output::Open { socket, open });
    }

    pub(super) fn close(&mut self, socket: SocketId) {
        self.outputs.push_back(Output::Close { socket });
    }

    pub(super) fn send(&mut self, socket: SocketId, to: SocketAddr, data: Vec<u8>) {
        self.outputs.push_back(Output::Send { socket, to, data });
    }

    pub(super) fn resolve(&mut self, name: String, kind: DnsKind) -> QueryId {
        self.next_query += 1;
        let query = QueryId(self.next_query);
        self.outputs.push_back(Output::Resolve { query, name, kind });
        query
    }

    pub(super) fn publish(&mut self, name: String, address: std::net::IpAddr) {
        self.outputs.push_back(Output::Publish { name, address });
    }

    /// A fact about this agent's checks.
    pub(super) fn report(&mut self, fact: Fact) {
        self.report_by(Question::Checks, None, fact);
    }

    /// A fact found by asking `question`, of the server with this URI.
    pub(super) fn report_by(&mut self, question: Question, uri: Option<ServerUri>, fact: Fact) {
        self.outputs.push_back(Output::Observe { by: Origin { question, uri }, fact });
    }

    pub(super) fn signal(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// Drops an event that its owner need not signal.
    pub(super) fn withdraw(&mut self, event: &Event) {
        self.events.retain(|waiting| waiting != event);
    }

    pub(super) fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    pub(super) fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    pub(super) fn has_outputs(&self) -> bool {
        !self.outputs.is_empty()
    }

    pub(super) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
}
