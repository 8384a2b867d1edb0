//! What the checkup knows of one address family so far, and through which server it asks next.

use super::PartlySilent;
use super::mapping::other_address_fault;
use crate::machine::Instant;
use crate::model::{Asked, Code, Fact, Millis, ServerUri, StunFact};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// How long after the first answer a slower server is waited for, where it might know more than the first: several
/// round trips of a slow path, and not much to a person.
const GRACE: Duration = Duration::from_millis(500);

/// The round trip that is assumed where none could be measured.
const UNKNOWN_RTT: Duration = Duration::from_millis(200);

/// How many servers are tried for mapping and filtering before it stays untested.
const MOST_TRIES: usize = 3;

/// A server that has answered over UDP.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    pub(super) server: SocketAddr,
    pub(super) other: Option<SocketAddr>,
    pub(super) rtt: Option<Duration>,
    /// From where it was asked.
    pub(super) local: IpAddr,
    pub(super) translated: bool,
    pub(super) uri: ServerUri,
}

impl Reached {
    pub(super) fn rtt(&self) -> Duration {
        self.rtt.unwrap_or(UNKNOWN_RTT)
    }

    /// Why filtering cannot be asked through it; None where it can.
    pub(super) fn fault(&self) -> Option<Code> {
        match self.other {
            None => Some(Code::NoOtherAddress),
            Some(other) => other_address_fault(self.server, other),
        }
    }
}

/// Whom to ask why nothing is answered over UDP.
#[derive(Debug, Default)]
pub(super) struct Unanswered {
    /// A server that is silent, and one whose host takes or refuses connections.
    pub(super) silent: Option<SocketAddr>,
    pub(super) alive: Option<SocketAddr>,
    /// Whether what this machine counts has been asked for.
    pub(super) is_counted: bool,
}

/// What was asked of the way: of the routers on it, and of servers at its end that send back what comes.
#[derive(Debug, Default)]
pub(super) struct AskedHops {
    /// Whether the probe of hops has been started.
    pub(super) begun: bool,
    /// The first server on the way to which something was lost.
    pub(super) lost_at: Option<IpAddr>,
    /// Whether that is asked at a second one.
    pub(super) again: bool,
    /// Servers that send back what comes and are to be asked, and those that were.
    pub(super) echoes: Vec<SocketAddr>,
    pub(super) echoed: Vec<SocketAddr>,
}

#[derive(Debug, Default)]
pub(super) struct FamilyState {
    /// Servers asked over UDP and not yet heard from or given up.
    pub(super) asking: usize,
    pub(super) reached: Vec<Reached>,
    first_reached: Option<Instant>,
    /// Mapping and filtering probes under way.
    pub(super) running: usize,
    /// Servers through which mapping was asked, the last one last.
    tried: Vec<SocketAddr>,
    /// How many servers had been heard from when it was last asked.
    compared: usize,
    /// Alternate addresses that answered: servers of their own for plain questions.
    alternates: Vec<Reached>,
    /// Whether the last one's alternate address answered, and whether it honours CHANGE-REQUEST as far as is known.
    alternate_alive: bool,
    refused: Option<Code>,
    /// Whether the last try has been judged.
    judged: bool,
    /// Whether the last one told all.
    told_all: bool,
    /// Whether what is asked beside them has been started.
    pub(super) measured: bool,
    /// Whether the sizes tried so far passed.
    pub(super) sized: Vec<bool>,
    /// Where the largest was tried first, and whether another host was looked for since.
    pub(super) sized_at: Option<SocketAddr>,
    pub(super) sized_again: bool,
    pub(super) unanswered: Unanswered,
    pub(super) hops: AskedHops,
    pub(super) partly_silent: PartlySilent,
    /// Whether it has been decided if small requests are sent quickly.
    pub(super) is_paced: bool,
    /// Servers whose first answer came late, and by how much.
    late: BTreeMap<SocketAddr, Duration>,
}

impl FamilyState {
    /// How long an answer of this server is known to take.
    pub(super) fn is_late(&mut self, server: SocketAddr, by: Duration) {
        self.late.insert(server, by);
    }

    pub(super) fn reach(&mut self, now: Instant, reached: Reached) {
        let rtt = reached.rtt.or_else(|| self.late.get(&reached.server).copied());
        let reached = Reached { rtt, ..reached };
        self.first_reached.get_or_insert(now);
        self.reached.push(reached);
    }

    /// Whether every server has been heard from, or the first one long enough ago.
    pub(super) fn is_settled(&self, now: Instant) -> bool {
        self.asking == 0 || self.first_reached.is_some_and(|first| now.since(first) >= GRACE)
    }

    /// The time at which that will be, where it is only a matter of time.
    pub(super) fn grace_ends(&self, now: Instant) -> Option<Instant> {
        self.first_reached.map(|first| first + GRACE).filter(|ends| now < *ends && self.asking > 0)
    }

    /// Reads what the mapping and filtering probes found of the server now asked through.
    pub(super) fn learn(&mut self, fact: &Fact) {
        let Some(server) = self.tried.last().copied() else { return };
        match fact {
            Fact::Stun(StunFact::Mapped { server: endpoint, rtt_ms, .. }) => {
                let Some(behind) = self.behaviour_server().cloned() else { return };
                let is_alternate = |other: SocketAddr| other.ip() == endpoint.ip() && other.ip() != server.ip();
                if behind.other.is_some_and(is_alternate) {
                    self.alternate_alive = true;
                    let rtt = rtt_ms.and_then(Millis::duration).or(behind.rtt);
                    self.alternates.push(Reached { server: *endpoint, other: None, rtt, ..behind });
                }
            }
            Fact::Stun(StunFact::Answered { asked: Asked::ChangeAddressAndPort, server: endpoint, from, .. })
                if *endpoint == server && from == endpoint =>
            {
                self.refused = Some(Code::ChangeRequestIgnored);
            }
            Fact::Stun(StunFact::Refused {
                asked: Asked::ChangeAddressAndPort | Asked::ChangePort,
                server: endpoint,
                ..
            }) if *endpoint == server => {
                self.refused = Some(Code::ChangeRequestRefused);
            }
            _ => {}
        }
    }

    /// The server through which mapping and filtering were last asked.
    pub(super) fn behaviour_server(&self) -> Option<&Reached> {
        let server = self.tried.last()?;
        self.reached.iter().find(|reached| reached.server == *server)
    }

    /// What kept the last server from telling all, once its probes are over; given once.
    pub(super) fn take_fault(&mut self) -> Option<Code> {
        if self.judged || self.tried.is_empty() {
            return None;
        }
        self.judged = true;
        let fault = self.behaviour_server()?.fault().or(self.refused);
        let fault = fault.or_else(|| (!self.alternate_alive).then_some(Code::OtherAddressSilent));
        self.told_all = fault.is_none();
        fault
    }

    /// Whether no other server is asked through, however many are yet to be heard from.
    fn is_over(&self) -> bool {
        self.told_all || self.tried.len() >= MOST_TRIES
    }

    /// The servers not yet asked through that could tell all.
    fn untried(&self) -> impl Iterator<Item = &Reached> {
        self.reached.iter().filter(|reached| reached.fault().is_none() && !self.tried.contains(&reached.server))
    }

    /// The server to ask mapping and filtering through now: at once where it has a second address, else when all
    /// have been heard from.
    pub(super) fn next_behaviour(&mut self, now: Instant) -> Option<Reached> {
        if self.is_over() {
            return None;
        }
        let best = self.untried().min_by_key(|reached| reached.rtt()).cloned();
        let next = best.or_else(|| self.fallback(now))?;
        self.tried.push(next.server);
        self.compared = self.reached.len();
        (self.judged, self.alternate_alive, self.refused) = (false, false, None);
        Some(next)
    }

    /// Mapping is still found across two servers, or two ports of one; a server that answers after the grace may be the
    /// second.
    fn fallback(&self, now: Instant) -> Option<Reached> {
        let with_port = |reached: &&Reached| reached.fault() == Some(Code::OtherAddressIsOwn);
        let any = self.reached.iter().find(with_port).or(self.reached.first())?;
        let has_now_two = self.compared == 1 && self.reached.len() > 1;
        (has_now_two || self.tried.is_empty() && self.is_settled(now)).then(|| any.clone())
    }

    /// Whether other questions may be asked: mapping and filtering are as known as the servers heard so far make them, or
    /// there is a server for them that those do not need.
    pub(super) fn has_time(&self) -> bool {
        self.alternate_alive || self.is_over() || self.judged && self.untried().next().is_none()
    }

    /// All endpoints that answer plain questions.
    pub(super) fn answering(&self) -> impl Iterator<Item = &Reached> {
        self.reached.iter().chain(&self.alternates)
    }

    /// One that answers at another host: a second address of the same server would tell the same.
    pub(super) fn at_another_host(&self, than: IpAddr) -> Option<&Reached> {
        let is_another = |other: SocketAddr| other.ip() != than;
        self.answering().find(|reached| is_another(reached.server) && reached.other.is_none_or(is_another))
    }
}
