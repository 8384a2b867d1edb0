//! What did servers of STUN and TURN answer? (RFC 8489, RFC 8656)
//!
//! In the facts of a checkup: what was seen of a request is the same, whoever sent it. Renewals and keep-alives repeat for
//! as long as a call runs, and are told once.

use super::exchanges::{Answered, Request, method};
use crate::model::{Asked, Fact, Method, Millis, Question, StunFact, Tally, Transport, TurnFact};
use crate::wire::{Class, ErrorCode};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

/// Ways of clients to servers that are kept, and what is kept of one.
const WAYS_MAX: usize = 20_000;
const OF_ONE_MAX: usize = 200;
/// Silence says something of a request of which so many copies were sent, over so long (RFC 8489 §6.2.1 has seven in 40 s).
const COPIES_AT_LEAST: u32 = 3;
const SILENT_FOR: Duration = Duration::from_secs(2);

/// The way of a client to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asking {
    pub(super) client: SocketAddr,
    pub(super) server: SocketAddr,
    pub(super) transport: Transport,
}

/// A fact, and when it came about.
#[derive(Clone, Debug)]
pub(super) struct ToldFact {
    pub(super) at: Duration,
    pub(super) question: Question,
    pub(super) fact: Fact,
}

/// What is known of one way.
#[derive(Default)]
pub(super) struct Known {
    pub(super) told: Vec<ToldFact>,
    /// It was asked to relay.
    pub(super) is_turn: bool,
    /// Requests, each copy counted, and answers.
    pub(super) tally: Tally,
    /// When the allocation was made that is held.
    allocated: Option<Duration>,
}

/// All servers, by who asked them.
#[derive(Default)]
pub(super) struct Servers {
    ways: BTreeMap<Asking, Known>,
    answering: BTreeSet<SocketAddr>,
}

impl Servers {
    fn of(&mut self, request: &Request) -> Option<&mut Known> {
        let asking = Asking { client: request.route.from, server: request.route.to, transport: request.transport };
        // What is asked through a relay is a peer, not a server.
        let has_room = self.ways.len() < WAYS_MAX || self.ways.contains_key(&asking);
        (request.route.within.is_none() && has_room).then(|| self.ways.entry(asking).or_default())
    }

    /// A request was sent, or a copy of one.
    pub(super) fn asked(&mut self, request: &Request) {
        if let (Some(known), Some(method)) = (self.of(request), method(request.method)) {
            known.is_turn |= method != Method::Binding;
            known.tally.sent = known.tally.sent.saturating_add(1);
        }
    }

    pub(super) fn answered(&mut self, answered: &Answered) {
        let Some(method) = method(answered.request.method) else { return };
        let at = answered.at;
        let Some(known) = self.of(&answered.request) else { return };
        known.tally.answered = known.tally.answered.saturating_add(1);
        let question = if method == Method::Binding { Question::Binding } else { Question::Relay };
        for fact in known.facts(method, answered) {
            known.tell(ToldFact { at, question, fact });
        }
        self.answering.insert(answered.from);
    }

    /// Nobody answered, and the request was given up.
    pub(super) fn silent(&mut self, request: &Request) {
        if request.is_check {
            return;
        }
        let waited = request.last.saturating_sub(request.first);
        let (Some(method), true) = (method(request.method), request.copies >= COPIES_AT_LEAST && waited >= SILENT_FOR)
        else {
            return;
        };
        let Request { route, transport, asked, copies, last, .. } = *request;
        let Some(known) = self.of(request).filter(|known| !(known.is_turn && method == Method::Binding)) else {
            // A browser asks its TURN servers for bindings too: that they serve allocations is all that was wanted.
            return;
        };
        let question = if method == Method::Binding { Question::Binding } else { Question::Relay };
        let fact = StunFact::Silent {
            method,
            asked,
            transport,
            local: route.from,
            server: route.to,
            sent: copies,
            waited_ms: waited.into(),
        };
        known.tell(ToldFact { at: last, question, fact: Fact::Stun(fact) });
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&Asking, &Known)> {
        self.ways.iter()
    }

    /// Whether it answered as a server does.
    pub(super) fn has_answered(&self, endpoint: &SocketAddr) -> bool {
        self.answering.contains(endpoint)
    }
}

impl Known {
    /// The server answered something.
    pub(super) fn has_answered(&self) -> bool {
        self.tally.answered > 0
    }

    fn tell(&mut self, told: ToldFact) {
        let is_told = self.told.iter().any(|other| says_the_same(&other.fact, &told.fact));
        if !is_told && self.told.len() < OF_ONE_MAX {
            self.told.push(told);
        }
    }

    fn facts(&mut self, method: Method, answered: &Answered) -> Vec<Fact> {
        let (request, answer) = (&answered.request, &answered.answer);
        let (transport, local, server) = (request.transport, request.route.from, request.route.to);
        let took_ms: Millis = answered.at.saturating_sub(request.first).into();
        if answer.class == Class::Error {
            return answer.error().and_then(|error| self.refused(method, answered, error)).into_iter().collect();
        }
        match method {
            Method::Binding if request.asked != Asked::Plain => vec![Fact::Stun(StunFact::Answered {
                asked: request.asked,
                local,
                server,
                from: answered.from,
                sent: request.copies,
                rtt_ms: answered.rtt().map(Millis::from),
            })],
            Method::Binding if answered.from == server => {
                let mapped = answer.xor_mapped().or_else(|| answer.mapped()).map(|mapped| {
                    Fact::Stun(StunFact::Mapped {
                        transport,
                        local,
                        server,
                        mapped,
                        rewritten: answer.mapped().filter(|plain| *plain != mapped),
                        other: answer.other_address(),
                        software: answer.software(),
                        rtt_ms: answered.rtt().map(Millis::from),
                        sent: request.copies,
                    })
                });
                mapped.into_iter().collect()
            }
            Method::Binding => Vec::new(),
            Method::Allocate => {
                self.allocated = Some(answered.at);
                let allocated = answer.xor_relayed().map(|relayed| TurnFact::Allocated {
                    transport,
                    local,
                    server,
                    relayed,
                    mapped: answer.xor_mapped(),
                    lifetime_s: answer.lifetime_s().unwrap_or_default(),
                    took_ms,
                });
                allocated.map(Fact::Turn).into_iter().collect()
            }
            Method::Refresh if request.lifetime_s == Some(0) => {
                self.allocated = None;
                vec![Fact::Turn(TurnFact::Released { transport, server, took_ms })]
            }
            Method::Refresh => {
                let lifetime_s = answer.lifetime_s().unwrap_or_default();
                vec![Fact::Turn(TurnFact::Refreshed { transport, server, lifetime_s, took_ms })]
            }
            Method::CreatePermission => {
                let permitted = |peer: &SocketAddr| TurnFact::Permitted { transport, server, peer: peer.ip(), took_ms };
                request.peers.iter().map(permitted).map(Fact::Turn).collect()
            }
            Method::ChannelBind => {
                let bound = request.channel.zip(request.peers.first().copied()).map(|(channel, peer)| {
                    Fact::Turn(TurnFact::ChannelBound { transport, server, peer, channel, took_ms })
                });
                bound.into_iter().collect()
            }
        }
    }

    /// What an error says. A nonce that is too old is renewed by the next request (RFC 8489 §9.2.5).
    fn refused(&mut self, method: Method, answered: &Answered, error: ErrorCode) -> Option<Fact> {
        const UNAUTHORIZED: u16 = 401;
        const ALLOCATION_MISMATCH: u16 = 437;
        const STALE_NONCE: u16 = 438;
        let (request, answer) = (&answered.request, &answered.answer);
        let (transport, local, server) = (request.transport, request.route.from, request.route.to);
        match (error.code, method) {
            (UNAUTHORIZED, _) if method != Method::Binding && !request.has_credentials => {
                Some(Fact::Turn(TurnFact::Challenged {
                    transport,
                    server,
                    took_ms: answered.at.saturating_sub(request.first).into(),
                    software: answer.software(),
                }))
            }
            (STALE_NONCE, _) => None,
            (ALLOCATION_MISMATCH, Method::Refresh) if request.lifetime_s == Some(0) => None,
            (ALLOCATION_MISMATCH, Method::Refresh) => {
                let since = self.allocated.take()?;
                let after_ms = answered.at.saturating_sub(since).into();
                Some(Fact::Turn(TurnFact::AllocationLost { transport, server, after_ms }))
            }
            _ => Some(Fact::Stun(StunFact::Refused {
                method,
                asked: request.asked,
                transport,
                local,
                server,
                code: error.code,
                reason: error.reason,
                alternate: answer.alternate_server(),
            })),
        }
    }
}

/// Whether two facts of one way differ in their times alone.
fn says_the_same(one: &Fact, other: &Fact) -> bool {
    match (one, other) {
        (Fact::Stun(one), Fact::Stun(other)) => match (one, other) {
            (StunFact::Mapped { mapped, .. }, StunFact::Mapped { mapped: again, .. }) => mapped == again,
            (StunFact::Answered { asked, from, .. }, StunFact::Answered { asked: again, from: from_again, .. }) => {
                (asked, from) == (again, from_again)
            }
            (StunFact::Silent { method, .. }, StunFact::Silent { method: again, .. }) => method == again,
            (StunFact::Refused { method, code, .. }, StunFact::Refused { method: again, code: code_again, .. }) => {
                (method, code) == (again, code_again)
            }
            _ => false,
        },
        (Fact::Turn(one), Fact::Turn(other)) => match (one, other) {
            (TurnFact::Allocated { relayed, .. }, TurnFact::Allocated { relayed: again, .. }) => relayed == again,
            (TurnFact::Permitted { peer, .. }, TurnFact::Permitted { peer: again, .. }) => peer == again,
            (TurnFact::ChannelBound { peer, .. }, TurnFact::ChannelBound { peer: again, .. }) => peer == again,
            (TurnFact::Challenged { .. }, TurnFact::Challenged { .. })
            | (TurnFact::Refreshed { .. }, TurnFact::Refreshed { .. })
            | (TurnFact::Released { .. }, TurnFact::Released { .. })
            | (TurnFact::AllocationLost { .. }, TurnFact::AllocationLost { .. }) => true,
            _ => false,
        },
        _ => false,
    }
}
