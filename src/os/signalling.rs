//! The ways by which one end reaches its room: which of them does this network let through, and how fast is each?
//!
//! All three are tried side by side on the one slot that the end takes: each opens what it needs, has a word said back
//! to it, and is told of in the record. The first that works is used; a WebSocket is waited for a little, since it needs
//! the fewest bytes and connections. When the one in use is cut, another that worked takes its place: events and
//! messages are numbered, so that none is lost or comes twice.
//!
//! Hyper's own client on our own streams carries HTTP: which address, which certificate and how long each step took is
//! then ours to say, and no further client library comes into the tree.

pub mod channel;
mod error;
mod event_stream;
mod http;
mod link;
mod outbox;
mod polling;
mod session;
mod timing;
mod websocket;

use super::clock::within;
use super::task::Task;
use super::{OsWorld, TransportEnd};
use crate::machine::{Instant, Signalled};
use crate::model::{Fact, Failure, SignallingFailure, SignallingTransport, Text};
use crate::signal::address::Address;
use crate::signal::rooms::frames::EventFrame;
use crate::signal::rooms::{RoomRefusal, Token};
use link::{Command, Start, TransportEvent, TransportLink};
pub use timing::Timing;

use error::TransportError;
use session::RoomSession;
use std::sync::Arc;
use std::time::Duration;
use timing::{RETRY_PAUSE, patience};
use tokio::sync::{mpsc, watch};

/// Best first: a WebSocket needs one connection and few bytes a message; polling asks anew for every few of them.
const PREFERENCE: [SignallingTransport; 3] =
    [SignallingTransport::WebSocket, SignallingTransport::EventStream, SignallingTransport::LongPolling];

/// What the carriers may have told before it is heard.
const NEWS_WAITING: usize = 64;

/// Messages that wait to be said; behind them the machine's own queue fills.
const MESSAGES_WAITING: usize = 256;

/// While this machine changes networks nothing can be reached for a while.
const SETTLING: Duration = Duration::from_millis(400);

/// So often in a [`SPELL`] a carrier may be cut with nothing carried between: more, and the next would fare no better.
/// A proxy that cuts whoever is idle for a minute is outlived.
const SETBACKS: u32 = 6;
const SPELL: Duration = Duration::from_secs(60);

/// Why there is no way to the room (any more).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    #[error("{0}")]
    Refused(#[from] RoomRefusal),
    #[error("no connection to the server of the room")]
    NotConnected(Failure),
    /// An HTTP answer that is not of a server of rooms.
    #[error("what answers at the room's address is no rtc-doctor: HTTP status {0}")]
    NoRoom(u16),
    #[error("the server of the room takes connections and does not answer")]
    NoAnswer,
    #[error("the connection to the room was cut")]
    Cut,
}

impl From<TransportError> for Lost {
    fn from(trouble: TransportError) -> Self {
        match trouble {
            TransportError::Refused(refusal) => Self::Refused(refusal),
            TransportError::Failed(SignallingFailure::NotConnected { failure }) => Self::NotConnected(failure),
            TransportError::Failed(SignallingFailure::Status { status }) => Self::NoRoom(status),
            TransportError::Failed(SignallingFailure::HeldBack) => Self::NoAnswer,
            TransportError::Failed(SignallingFailure::Cut) => Self::Cut,
        }
    }
}

impl OsWorld {
    /// Takes a slot in the room and carries what `end` brings, until the machine at its other side has finished or
    /// the way is lost. Then the machine has heard [`Signalled::Closed`], and the error says why.
    pub async fn carry(&self, room: &Address, timing: Timing, end: TransportEnd) -> Result<(), Lost> {
        let unguessable = super::entropy().map(Token::new).ok_or_else(|| {
            let message = Text::new("the system gives no random bytes");
            Lost::NotConnected(Failure::Other { message })
        });
        let session = match unguessable {
            Ok(token) => Arc::new(RoomSession::new(&self.resources, room.clone(), token, timing)),
            Err(lost) => {
                let _ = end.to_machine.send(Signalled::Closed).await;
                return Err(lost);
            }
        };
        let mut transports = TransportSession::new(session, end, self.resources.moves.subscribe());
        let outcome = transports.run().await;
        if outcome.is_err() {
            transports.notice(Signalled::Closed).await;
        }
        outcome
    }
}

/// How a carrier stands.
enum TransportState {
    /// Nobody knows yet whether it works.
    Probing,
    Ready,
    /// Let go of, or cut.
    Closed {
        worked: bool,
    },
}

/// One of the three.
struct TransportHandle {
    carrier: SignallingTransport,
    start: Start,
    standing: TransportState,
    order: watch::Sender<Command>,
    _task: Task,
}

struct TransportSession {
    session: Arc<RoomSession>,
    end: TransportEnd,
    to_us: mpsc::Sender<(SignallingTransport, TransportEvent)>,
    news: mpsc::Receiver<(SignallingTransport, TransportEvent)>,
    ways: Vec<TransportHandle>,
    chosen: Option<SignallingTransport>,
    /// The last event that was handed on.
    cursor: u64,
    /// When the best of what is there is taken.
    choice: Option<Instant>,
    /// What is still to be tried since the chosen one was cut.
    spare: Vec<SignallingTransport>,
    setbacks: Setbacks,
    /// Changes when an address of this machine goes.
    moves: watch::Receiver<u32>,
    moved: Option<Instant>,
}

/// How often the chosen carrier was cut since `since`, and what had been carried by then: messages said and heard.
#[derive(Default)]
struct Setbacks {
    count: u32,
    since: Instant,
    carried: (u64, u64),
}

impl Setbacks {
    /// One more; true where they are too many.
    fn add(&mut self, now: Instant, carried: (u64, u64)) -> bool {
        if carried != self.carried || now.since(self.since) > SPELL {
            *self = Self { count: 0, since: now, carried };
        }
        self.count += 1;
        self.count > SETBACKS
    }
}

/// Why the work is over.
enum SessionEnd {
    /// The machine has finished.
    Finished,
    Lost(Lost),
}

impl TransportSession {
    fn new(session: Arc<RoomSession>, end: TransportEnd, moves: watch::Receiver<u32>) -> Self {
        let (to_us, news) = mpsc::channel(NEWS_WAITING);
        Self {
            session,
            end,
            to_us,
            news,
            ways: Vec::new(),
            chosen: None,
            cursor: 0,
            choice: None,
            spare: Vec::new(),
            setbacks: Setbacks::default(),
            moves,
            moved: None,
        }
    }

    async fn run(&mut self) -> Result<(), Lost> {
        for carrier in PREFERENCE {
            let way = self.open(carrier, Start::Try);
            self.ways.push(way);
        }
        let began = self.session.clock.now();
        // A machine that finishes first wants no room any more.
        let joined = tokio::select! {
            joined = http::join(&self.session) => joined,
            () = self.end.to_machine.closed() => return Ok(()),
        };
        let (slot, offers) = match joined {
            Ok(joined) => joined,
            Err(trouble) => {
                if let TransportError::Failed(failure) = &trouble {
                    let took_ms = self.session.ms_since(began);
                    for carrier in PREFERENCE {
                        let failure = failure.clone();
                        self.observe(Fact::NotCarried { carrier, failure, took_ms }).await;
                    }
                }
                return Err(trouble.into());
            }
        };
        if !offers.is_empty() {
            self.notice(Signalled::Offered(offers)).await;
        }
        self.notice(Signalled::Joined { slot }).await;
        match self.carry().await {
            SessionEnd::Finished => {
                let limit = self.session.timing.drain;
                within(limit, self.leave()).await;
                Ok(())
            }
            SessionEnd::Lost(lost) => Err(lost),
        }
    }

    fn open(&self, carrier: SignallingTransport, start: Start) -> TransportHandle {
        let (order, orders) = watch::channel(Command::Listen);
        let link =
            TransportLink::new(Arc::clone(&self.session), carrier, start, orders, self.cursor, self.to_us.clone());
        TransportHandle { carrier, start, standing: TransportState::Probing, order, _task: Task::spawn(run(link)) }
    }

    async fn carry(&mut self) -> SessionEnd {
        let clock = self.session.clock;
        let mut going = true;
        loop {
            tokio::select! {
                biased;
                Some((carrier, news)) = self.news.recv() => {
                    if let Some(end) = self.hear(carrier, news).await {
                        return end;
                    }
                }
                () = clock.reach(self.choice), if self.choice.is_some() => {
                    self.choice = None;
                    if let Some(best) = self.best() {
                        self.choose(best).await;
                    }
                }
                message = self.end.from_machine.recv(), if going && self.session.outbox.len() < MESSAGES_WAITING => {
                    match message {
                        Some(message) if message.len() > self.session.message_bytes() => {
                            return SessionEnd::Lost(RoomRefusal::TooLarge.into());
                        }
                        Some(message) => self.session.outbox.put(message),
                        None => going = false,
                    }
                }
                Ok(()) = self.moves.changed() => self.move_on(),
                () = self.end.to_machine.closed() => return SessionEnd::Finished,
            }
            if !going {
                return SessionEnd::Finished;
            }
        }
    }

    async fn hear(&mut self, carrier: SignallingTransport, news: TransportEvent) -> Option<SessionEnd> {
        match news {
            TransportEvent::Ready { measured } => {
                if let Some((took_ms, rtt_ms)) = measured {
                    self.observe(Fact::Carried { carrier, took_ms, rtt_ms }).await;
                }
                self.stands(carrier, TransportState::Ready);
                self.consider().await;
            }
            TransportEvent::Received { number, event } => {
                if number == self.cursor + 1 {
                    self.cursor = number;
                    self.hand_on(event).await;
                    self.acknowledge();
                }
            }
            TransportEvent::Closed { trouble, took_ms } => return self.over(carrier, trouble, took_ms).await,
        }
        None
    }

    async fn hand_on(&mut self, event: EventFrame) {
        let signalled = match event {
            EventFrame::PeerJoined => Signalled::PeerJoined,
            EventFrame::PeerLeft => Signalled::PeerLeft,
            EventFrame::Message(message) => match message.bytes() {
                Some(message) => Signalled::Message(message),
                None => return,
            },
            EventFrame::Echo(_) => return,
        };
        self.notice(signalled).await;
    }

    /// While carriers are tried each has to find its own echo, so the server keeps everything until then.
    fn acknowledge(&self) {
        if !self.ways.iter().any(|way| matches!(way.standing, TransportState::Probing)) {
            self.session.heard.send_replace(self.cursor);
        }
    }

    fn stands(&mut self, carrier: SignallingTransport, standing: TransportState) {
        if let Some(way) = self.ways.iter_mut().find(|way| way.carrier == carrier) {
            way.standing = standing;
        }
    }

    /// Of what is there.
    fn best(&self) -> Option<SignallingTransport> {
        self.ways.iter().find(|way| matches!(way.standing, TransportState::Ready)).map(|way| way.carrier)
    }

    /// Chooses where nothing better can come, or waits for it; lets go of the others once all are known.
    async fn consider(&mut self) {
        if self.chosen.is_none()
            && let Some(best) = self.best()
        {
            let first = self.ways.iter().find(|way| !matches!(way.standing, TransportState::Closed { .. }));
            if first.is_some_and(|way| way.carrier == best) {
                self.choose(best).await;
            } else if self.choice.is_none() {
                self.choice = Some(self.session.clock.now() + self.session.timing.margin);
            }
        }
        let all_known = !self.ways.iter().any(|way| matches!(way.standing, TransportState::Probing));
        if all_known && self.chosen.is_some() {
            for way in &mut self.ways {
                if Some(way.carrier) != self.chosen && matches!(way.standing, TransportState::Ready) {
                    way.order.send_replace(Command::Close);
                    way.standing = TransportState::Closed { worked: true };
                }
            }
        }
        self.acknowledge();
    }

    async fn choose(&mut self, carrier: SignallingTransport) {
        self.chosen = Some(carrier);
        self.choice = None;
        self.spare.clear();
        if let Some(way) = self.ways.iter().find(|way| way.carrier == carrier) {
            way.order.send_replace(Command::Carry);
        }
        self.observe(Fact::Chosen { carrier }).await;
    }

    async fn over(
        &mut self,
        carrier: SignallingTransport,
        trouble: Option<TransportError>,
        took_ms: f64,
    ) -> Option<SessionEnd> {
        let way = self.ways.iter_mut().find(|way| way.carrier == carrier)?;
        let tried = way.start == Start::Try && matches!(way.standing, TransportState::Probing);
        way.standing = TransportState::Closed { worked: !tried };
        let trouble = trouble?;
        if trouble == TransportError::Refused(RoomRefusal::NotJoined) {
            return Some(SessionEnd::Lost(RoomRefusal::NotJoined.into()));
        }
        if tried {
            let failure = match &trouble {
                TransportError::Failed(failure) => failure.clone(),
                TransportError::Refused(refusal) => SignallingFailure::Status { status: refusal.status() },
            };
            self.observe(Fact::NotCarried { carrier, failure, took_ms }).await;
        }
        if self.chosen == Some(carrier) {
            self.chosen = None;
            let (now, carried) = (self.session.clock.now(), (self.session.outbox.taken(), self.cursor));
            if self.setbacks.add(now, carried) {
                return Some(SessionEnd::Lost(trouble.into()));
            }
            self.spare = self.others_than(carrier);
        }
        if self.chosen.is_none() {
            self.consider().await;
            if self.chosen.is_none()
                && self.ways.iter().all(|way| matches!(way.standing, TransportState::Closed { .. }))
            {
                if self.spare.is_empty() && self.is_moving() {
                    self.session.clock.pause(SETTLING).await;
                    self.spare = self.others_than(carrier);
                }
                let Some(next) = self.spare.pop() else { return Some(SessionEnd::Lost(trouble.into())) };
                self.session.clock.pause(RETRY_PAUSE).await;
                self.reopen(next);
            }
        }
        None
    }

    /// What to try when this one is cut, the last first: all that worked, and the same one again in the end.
    fn others_than(&self, carrier: SignallingTransport) -> Vec<SignallingTransport> {
        let worked = |way: &&TransportHandle| matches!(way.standing, TransportState::Closed { worked: true });
        let others = self.ways.iter().rev().filter(worked).map(|way| way.carrier).filter(|other| *other != carrier);
        [carrier].into_iter().chain(others).collect()
    }

    fn reopen(&mut self, carrier: SignallingTransport) {
        let way = self.open(carrier, Start::Resume);
        self.ways.retain(|way| way.carrier != carrier);
        self.ways.push(way);
        self.ways.sort_by_key(|way| PREFERENCE.iter().position(|carrier| *carrier == way.carrier));
    }

    /// An address of this machine has gone. A connection from it hears nothing any more, and would be found silent only
    /// when a call has long been given up.
    fn move_on(&mut self) {
        self.moved = Some(self.session.clock.now());
        if let Some(carrier) = self.chosen.take() {
            self.spare = self.others_than(carrier);
            self.reopen(carrier);
        }
    }

    /// Whether the network may still be in the middle of a change: an address comes before its routes.
    fn is_moving(&self) -> bool {
        let lease = self.session.lease();
        self.moved.is_some_and(|at| self.session.clock.now().since(at) < patience(lease))
    }

    /// Says what is still to be said, and gives the slot back.
    async fn leave(&mut self) {
        while let Ok(message) = self.end.from_machine.try_recv() {
            self.session.outbox.put(message);
        }
        while self.chosen.is_none() && self.session.outbox.len() > 0 {
            let Some((carrier, news)) = self.news.recv().await else { return };
            if self.hear(carrier, news).await.is_some() {
                return;
            }
        }
        let Some(chosen) = self.chosen else { return http::leave(&self.session).await };
        for way in &self.ways {
            way.order.send_replace(if way.carrier == chosen { Command::Leave } else { Command::Close });
        }
        // Nobody listens to what they still tell, and that must not keep them waiting.
        while let Some((carrier, news)) = self.news.recv().await {
            if carrier == chosen && matches!(news, TransportEvent::Closed { .. }) {
                return;
            }
        }
    }

    async fn observe(&self, fact: Fact) {
        self.notice(Signalled::Observed(Box::new(fact))).await;
    }

    /// A driver that is gone hears nothing; that it is gone is found elsewhere.
    async fn notice(&self, notice: Signalled) {
        let _ = self.end.to_machine.send(notice).await;
    }
}

/// Runs one transport to its end.
async fn run(mut link: TransportLink) {
    let outcome = match link.carrier {
        SignallingTransport::WebSocket => websocket::run(&mut link).await,
        SignallingTransport::EventStream => event_stream::run(&mut link).await,
        SignallingTransport::LongPolling | SignallingTransport::CopyPaste => polling::run(&mut link).await,
    };
    let took_ms = link.session.ms_since(link.began);
    link.report(TransportEvent::Closed { trouble: outcome.err(), took_ms }).await;
}

#[cfg(test)]
mod tests;
