//! One allocation from the first request to the last (RFC 8656 §6 to §12), with everything on it kept alive.

mod answer;
mod request;
mod upkeep;

use super::credentials::{Credentials, Login};
use super::event::{Error, Event, Output};
use super::session::{AuthSession, malformed};
use crate::machine::{Instant, Rng};
use crate::model::{Anomaly, Family, Malformed, Transport};
use crate::transaction::{Due, Schedule, Transaction};
use crate::wire::{self, Builder, Class, Frames, TransactionId};
use request::{Operation, TurnRequest};
use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

pub use upkeep::Upkeep;

/// What an allocation is asked of.
#[derive(Clone, Debug)]
pub struct Config {
    /// How the server is reached; the relay's other side is always UDP.
    pub transport: Transport,
    /// Credentials for the long-term mechanism (RFC 8489 §9.2); without them the server's challenge is all that is
    /// tested.
    pub credentials: Option<Credentials>,
    /// Seconds since 1970, for credentials that expire.
    pub unix_now: u64,
    /// REQUESTED-ADDRESS-FAMILY; None leaves it out, and the server gives IPv4 (RFC 8656 §7.2).
    pub family: Option<Family>,
    /// LIFETIME; None leaves it out, and the server gives its default, mostly 600 s.
    pub lifetime: Option<Duration>,
}

/// A permission lives 300 s (RFC 8656 §9) and a channel 600 s (§12); renewing a channel renews its permission. What is
/// left of the 300 s is enough for a request to be lost several times.
const RENEWAL: Duration = Duration::from_secs(240);

/// The soonest that an allocation is refreshed again, however short the server makes it.
const LEAST_REFRESH: Duration = Duration::from_millis(500);

/// The schedule by which a server that was heard before is asked whether it is still there: copies so many and so close
/// that their silence counts beside a control ([`crate::model::Tally`]), over before people hang up.
const PROBE: Schedule = Schedule {
    rto: Duration::from_millis(100),
    longest: Duration::from_millis(100),
    sends: 8,
    last_wait: Duration::from_millis(600),
};
/// One copy: on a stream, TCP retransmits.
const PROBE_ON_STREAM: Schedule = Schedule { sends: 1, last_wait: Duration::from_millis(1300), ..PROBE };

/// The channel numbers that a client may bind (RFC 8656 §12).
const FIRST_CHANNEL: u16 = 0x4000;
const LAST_CHANNEL: u16 = 0x4fff;

/// The most data, in bytes, that fits into one datagram with its headers.
const MOST_DATA_BYTES: usize = 65_000;

#[derive(Clone, Copy)]
enum State {
    /// Nothing has been asked that could have made an allocation.
    Empty,
    /// The server may hold an allocation, though we cannot use it.
    Unsure,
    Held(Holding),
    Gone,
}

#[derive(Clone, Copy)]
struct Holding {
    relayed: SocketAddr,
    since: Instant,
    /// The time at which it was last granted.
    granted: Instant,
    expires: Instant,
    refresh_at: Instant,
}

struct Permission {
    /// The time at which it was last granted; None before the first time.
    granted: Option<Instant>,
    renew_at: Instant,
}

struct BoundChannel {
    peer: SocketAddr,
    bound: Option<Instant>,
    renew_at: Instant,
}

/// One allocation on one socket of the owner's. The owner hands in only what came from the server.
pub struct Allocation {
    config: Config,
    login: Option<Login>,
    session: Option<AuthSession>,
    rng: Rng,
    frames: Frames,
    state: State,
    requests: Vec<TurnRequest>,
    answered: VecDeque<(TransactionId, Class)>,
    permissions: BTreeMap<IpAddr, Permission>,
    channels: BTreeMap<u16, BoundChannel>,
    rtt: Option<Duration>,
    dropped: u32,
    upkeep: Upkeep,
    /// When it was allocated, and when it was lost or released.
    held: Option<(Instant, Option<Instant>)>,
    out: VecDeque<Output>,
    wake: Option<Instant>,
}

impl Allocation {
    /// An allocation that is not asked for before [`Allocation::start`].
    pub fn new(config: Config, rng: Rng) -> Self {
        Self {
            login: config.credentials.as_ref().map(|credentials| credentials.login(config.unix_now)),
            config,
            session: None,
            rng,
            frames: Frames::default(),
            state: State::Empty,
            requests: Vec::new(),
            answered: VecDeque::new(),
            permissions: BTreeMap::new(),
            channels: BTreeMap::new(),
            rtt: None,
            dropped: 0,
            upkeep: Upkeep::default(),
            held: None,
            out: VecDeque::new(),
            wake: None,
        }
    }

    /// Asks for the allocation, at first without credentials: the server's challenge names the realm.
    pub fn start(&mut self, now: Instant) {
        self.ask(now, Operation::Allocate);
        self.pump(now);
    }

    /// Permits packets from this address, any port (RFC 8656 §9). Needs the allocation.
    pub fn permit(&mut self, now: Instant, peer: IpAddr) {
        if self.relayed().is_some() && !self.permissions.contains_key(&peer) {
            self.permissions.insert(peer, Permission { granted: None, renew_at: now + RENEWAL });
            self.ask(now, Operation::Permit(peer));
            self.pump(now);
        }
    }

    /// Binds a channel to the peer, which permits its address too (RFC 8656 §12), and returns the channel's number;
    /// None without the allocation, or where all 4096 are taken.
    pub fn bind_channel(&mut self, now: Instant, peer: SocketAddr) -> Option<u16> {
        self.relayed()?;
        if let Some((channel, _)) = self.channels.iter().find(|(_, channel)| channel.peer == peer) {
            return Some(*channel);
        }
        let channel = (FIRST_CHANNEL..=LAST_CHANNEL).find(|channel| !self.channels.contains_key(channel))?;
        self.channels.insert(channel, BoundChannel { peer, bound: None, renew_at: now + RENEWAL });
        self.ask(now, Operation::Bind(channel, peer));
        self.pump(now);
        Some(channel)
    }

    /// Sends data to a peer: over its channel once that is bound, else by a Send indication. It is dropped without the
    /// allocation or the peer's permission, or beyond 65,000 bytes.
    pub fn send_to(&mut self, peer: SocketAddr, data: &[u8]) {
        if self.relayed().is_none() || data.len() > MOST_DATA_BYTES {
            return;
        }
        let bound = self.channels.iter().find(|(_, channel)| channel.peer == peer && channel.bound.is_some());
        let bytes = match bound {
            Some((channel, _)) => wire::channel_data(*channel, data, self.is_on_stream()),
            None => {
                let id = TransactionId(self.rng.bytes());
                let indication = Builder::new(wire::StunMethod::Send, Class::Indication, id);
                Some(indication.xor_peer(peer).data(data).finish())
            }
        };
        self.out.extend(bytes.map(Output::Send));
    }

    /// Refreshes the allocation now (RFC 8656 §8); it is also refreshed in time by itself.
    pub fn refresh(&mut self, now: Instant) {
        if self.relayed().is_some() && !self.is_asking(Operation::Refresh) {
            self.ask(now, Operation::Refresh);
            self.pump(now);
        }
    }

    /// Asks whether the allocation is still there: the answer, or its absence after little more than a second, is an event.
    pub fn probe(&mut self, now: Instant) {
        if self.relayed().is_none() {
            return;
        }
        let schedule = if self.is_on_stream() { PROBE_ON_STREAM } else { PROBE };
        if self.is_asking(Operation::Refresh) {
            // A Refresh that is under way goes on by the probe's schedule, and stays one request.
            self.requests.retain(|request| request.operation != Operation::Refresh);
            self.send_request(Operation::Refresh, now, 0, schedule);
        } else {
            self.begin(now, Operation::Refresh, schedule);
        }
        self.pump(now);
    }

    /// Releases the allocation. False where the server cannot hold one: then nothing is sent and nothing follows.
    pub fn release(&mut self, now: Instant) -> bool {
        let holds = matches!(self.state, State::Held(_) | State::Unsure);
        self.clear();
        self.state = State::Gone;
        if holds {
            self.ask(now, Operation::Release);
            self.pump(now);
        }
        holds
    }

    /// Takes a datagram from the server, or the next bytes of its stream.
    pub fn handle_received(&mut self, now: Instant, bytes: &[u8]) {
        if !self.is_on_stream() {
            self.handle_packet(now, bytes);
            return self.pump(now);
        }
        self.frames.push(bytes);
        loop {
            match self.frames.next_frame() {
                Ok(Some(frame)) => self.handle_packet(now, &frame),
                Ok(None) => break,
                Err(junk) => break self.handle_junk(now, &junk.into()),
            }
        }
        self.pump(now);
    }

    /// Does what is due: the time asked for by [`Allocation::wake`] has come.
    pub fn handle_wake(&mut self, now: Instant) {
        self.pump(now);
    }

    /// The next bytes to send or the next event; None where there are no more.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When to call [`Allocation::handle_wake`]; None until something else happens.
    pub fn wake(&self) -> Option<Instant> {
        self.wake
    }

    /// The relayed address, while the allocation is held.
    pub fn relayed(&self) -> Option<SocketAddr> {
        if let State::Held(holding) = self.state { Some(holding.relayed) } else { None }
    }

    /// Whether the server has granted this address a permission, which still holds.
    pub fn is_permitted(&self, peer: IpAddr) -> bool {
        self.permissions.get(&peer).is_some_and(|permission| permission.granted.is_some())
    }

    /// The last round trip that was seen without a retransmission.
    pub fn rtt(&self) -> Option<Duration> {
        self.rtt
    }

    /// How many packets belonged to no permission, channel or request.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }

    /// How many bytes of an unfinished message have come on a stream.
    pub fn buffered(&self) -> usize {
        self.frames.buffered()
    }

    /// How often the allocation, its permissions and channels were renewed so far.
    pub fn upkeep(&self) -> &Upkeep {
        &self.upkeep
    }

    /// When the allocation was made, and when it was lost or released; None where there never was one.
    pub fn held(&self) -> Option<(Instant, Option<Instant>)> {
        self.held
    }

    /// The time at which what this request asks for was granted last.
    fn granted(&self, operation: Operation) -> Option<Instant> {
        match operation {
            Operation::Permit(peer) => self.permissions.get(&peer)?.granted,
            Operation::Bind(channel, _) => self.channels.get(&channel)?.bound,
            Operation::Refresh => match self.state {
                State::Held(holding) => Some(holding.granted),
                _ => None,
            },
            Operation::Allocate | Operation::Release => None,
        }
    }

    fn is_on_stream(&self) -> bool {
        matches!(self.config.transport, Transport::Tcp | Transport::Tls)
    }

    fn is_asking(&self, operation: Operation) -> bool {
        self.requests.iter().any(|request| request.operation == operation)
    }

    fn clear(&mut self) {
        self.requests.clear();
        self.permissions.clear();
        self.channels.clear();
    }

    fn tell(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }

    fn odd(&mut self, anomaly: Anomaly) {
        self.tell(Event::Anomalous(anomaly));
    }

    fn ask(&mut self, now: Instant, operation: Operation) {
        let schedule = self.schedule();
        self.begin(now, operation, schedule);
    }

    /// Sends a new request. Where it asks again for what was granted before, it is a renewal and counted as one, once,
    /// however often it is sent.
    fn begin(&mut self, now: Instant, operation: Operation, schedule: Schedule) {
        if self.granted(operation).is_some() {
            self.upkeep.asked(operation);
        }
        self.send_request(operation, now, 0, schedule);
    }

    /// Sends the same request again, with the credentials or the nonce that the server has asked for.
    fn ask_again(&mut self, operation: Operation, began: Instant, stale: u32) {
        let schedule = self.schedule();
        self.send_request(operation, began, stale, schedule);
    }

    fn send_request(&mut self, operation: Operation, began: Instant, stale: u32, schedule: Schedule) {
        let id = TransactionId(self.rng.bytes());
        let signed = self.session.is_some();
        if signed && operation == Operation::Allocate {
            self.state = State::Unsure;
        }
        let request = operation.write(id, &self.config);
        let bytes = match &self.session {
            Some(session) => session.seal(request).finish(),
            None => request.finish(),
        };
        let transaction = Transaction::new(id, bytes, schedule);
        self.requests.push(TurnRequest {
            operation,
            began,
            transaction,
            signed,
            stale,
            broken_seal: false,
            refused: None,
        });
    }

    /// The schedule of a request. Where the round trip is known, copies are sent sooner; silence is called no sooner,
    /// as a server may ask its database about us first.
    fn schedule(&self) -> Schedule {
        match self.rtt {
            _ if self.is_on_stream() => Schedule::STREAM,
            Some(rtt) => Schedule { rto: Schedule::known(rtt).rto, ..Schedule::FIRST_CONTACT },
            None => Schedule::FIRST_CONTACT,
        }
    }

    /// Sends what is due, calls silence, and finds the next wake.
    fn pump(&mut self, now: Instant) {
        self.renew(now);
        let mut next = self.renewal();
        let mut sooner = |at: Instant| next = Some(next.map_or(at, |next| next.min(at)));
        let mut silent = Vec::new();
        for request in &mut self.requests {
            loop {
                match request.transaction.due(now) {
                    Due::Send => self.out.push_back(Output::Send(request.transaction.bytes().to_vec())),
                    Due::Wait(until) => break sooner(until),
                    Due::Silent => break silent.push(request.transaction.id()),
                }
            }
        }
        self.wake = next;
        for id in silent {
            if let Some(request) = self.take(id) {
                let (sent, waited) = (request.transaction.sent(), request.transaction.waited(now));
                let error = match (request.refused, request.broken_seal) {
                    (Some(refused), _) => refused,
                    // Where all answers were discarded, their integrity was violated (RFC 8489 §9.2.5).
                    (None, true) => Error::Anomalous(Anomaly::IntegrityFailed),
                    (None, false) => Error::Silent { sent, waited },
                };
                self.fail(request.operation, error);
            }
        }
    }

    fn take(&mut self, id: TransactionId) -> Option<TurnRequest> {
        let index = self.requests.iter().position(|request| request.transaction.id() == id)?;
        Some(self.requests.swap_remove(index))
    }

    /// Renews what would expire.
    fn renew(&mut self, now: Instant) {
        let State::Held(mut holding) = self.state else { return };
        if now >= holding.expires {
            return self.lose(now);
        }
        if now >= holding.refresh_at {
            holding.refresh_at = now + (holding.expires.since(now) / 2).max(LEAST_REFRESH);
            self.state = State::Held(holding);
            if !self.is_asking(Operation::Refresh) {
                self.ask(now, Operation::Refresh);
            }
        }
        let mut due = Vec::new();
        for (peer, permission) in self.permissions.iter_mut().filter(|(_, permission)| now >= permission.renew_at) {
            permission.renew_at = now + RENEWAL;
            due.push(Operation::Permit(*peer));
        }
        for (number, channel) in self.channels.iter_mut().filter(|(_, channel)| now >= channel.renew_at) {
            channel.renew_at = now + RENEWAL;
            due.push(Operation::Bind(*number, channel.peer));
        }
        for operation in due {
            self.ask(now, operation);
        }
    }

    fn renewal(&self) -> Option<Instant> {
        let State::Held(holding) = self.state else { return None };
        let permissions = self.permissions.values().map(|permission| permission.renew_at);
        let channels = self.channels.values().map(|channel| channel.renew_at);
        permissions.chain(channels).chain([holding.expires, holding.refresh_at]).min()
    }

    fn lose(&mut self, now: Instant) {
        if let State::Held(holding) = self.state {
            self.clear();
            self.state = State::Gone;
            self.held = Some((holding.since, Some(now)));
            self.tell(Event::Lost { after: now.since(holding.since) });
        }
    }

    fn fail(&mut self, operation: Operation, error: Error) {
        if self.granted(operation).is_some() {
            self.upkeep.failed(operation, &error);
        }
        match operation {
            // After silence, an unusable answer or a mismatch the server may hold one all the same.
            Operation::Allocate => match error {
                Error::Silent { .. } | Error::Anomalous(_) | Error::Refused { code: 437, .. } => {}
                Error::Refused { .. } | Error::NoCredentials | Error::BidDown | Error::Unanswerable(_) => {
                    self.state = State::Gone;
                }
            },
            Operation::Permit(peer) => {
                self.permissions.remove(&peer);
            }
            Operation::Bind(channel, _) => {
                self.channels.remove(&channel);
            }
            Operation::Refresh | Operation::Release => {}
        }
        self.tell(Event::Failed { method: operation.method(), peer: operation.peer(), error });
    }

    /// Ends the allocation: the stream has lost its framing for good.
    fn handle_junk(&mut self, now: Instant, problem: &Malformed) {
        for request in std::mem::take(&mut self.requests) {
            self.fail(request.operation, malformed(problem.clone()));
        }
        self.lose(now);
        self.frames = Frames::default();
        self.state = State::Gone;
    }
}
