//! The transports by which one end reaches its room: which of them does this network let through, and how fast is each?
//!
//! All three are tried side by side with one participant token: each opens its connections, has an echo sent back, and
//! is recorded. The first that works is used, but a WebSocket is waited for briefly, since it needs the fewest bytes
//! and connections. When the transport in use is cut, another that worked replaces it. Events and messages are
//! numbered, so that none is lost or arrives twice.
//!
//! HTTP is hyper's low-level client on streams that are opened here, so that the address, the certificate and the time
//! of each step are known, and no further client library is needed.

pub mod channel;
mod error;
mod event_stream;
mod http;
mod link;
mod outbox;
mod polling;
mod session;
mod setbacks;
mod timing;
mod websocket;

use super::clock::within;
use super::task::Task;
use super::{OsWorld, TransportEnd};
use crate::machine::{Instant, Signalled};
use crate::model::{Fact, Failure, FailureMessage, Millis, SignallingFact, SignallingFailure, SignallingTransport};
use crate::signal::address::Address;
use crate::signal::rooms::frames::EventFrame;
use crate::signal::rooms::{RoomRefusal, Token};
use error::TransportError;
use link::{Start, TransportCommand, TransportEvent, TransportLink};
use session::RoomSession;
use setbacks::Setbacks;
use std::sync::Arc;
use std::time::Duration;
pub use timing::Timing;
use timing::{RETRY_PAUSE, patience};
use tokio::sync::{mpsc, watch};

/// In order of preference: a WebSocket needs one connection and few bytes a message, while long polling sends a request
/// for every few of them.
const PREFERENCE: [SignallingTransport; 3] =
    [SignallingTransport::WebSocket, SignallingTransport::EventStream, SignallingTransport::LongPolling];

/// How many events of the transports may wait to be handled.
const EVENTS_WAITING: usize = 64;

/// How many messages may wait to be sent. Beyond them the queue of the signalling channel fills.
const MESSAGES_WAITING: usize = 256;

/// How long to wait while this machine changes networks: during that nothing can be reached.
const SETTLING: Duration = Duration::from_millis(400);

/// Why the room cannot be reached, or not any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The server refused to let this end in, or to keep it.
    #[error("{0}")]
    Refused(#[from] RoomRefusal),
    /// No connection to the server could be opened.
    #[error("no connection to the server of the room")]
    NotConnected(Failure),
    /// The HTTP response is not that of a room server; its status.
    #[error("what answers at the room's address is no rtc-doctor: HTTP status {0}")]
    NoRoom(u16),
    /// The server accepts connections but sends no response in time.
    #[error("the server of the room takes connections and does not answer")]
    NoAnswer,
    /// Every transport was cut.
    #[error("the connection to the room was cut")]
    Cut,
}

impl From<TransportError> for Lost {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Refused(refusal) => Self::Refused(refusal),
            TransportError::Failed(SignallingFailure::NotConnected { failure }) => Self::NotConnected(failure),
            TransportError::Failed(SignallingFailure::Status { status }) => Self::NoRoom(status),
            TransportError::Failed(SignallingFailure::HeldBack) => Self::NoAnswer,
            TransportError::Failed(SignallingFailure::Cut) => Self::Cut,
        }
    }
}

impl OsWorld {
    /// Joins the room and carries messages between it and `end`, until the machine has finished or the room is lost. In
    /// the latter case the machine gets [`Signalled::Closed`], and the error says why.
    pub async fn carry(&self, room: &Address, timing: Timing, end: TransportEnd) -> Result<(), Lost> {
        let unguessable = super::entropy()
            .map(Token::new)
            .ok_or(Lost::NotConnected(Failure::Other { message: FailureMessage::NoRandomBytes }));
        let session = match unguessable {
            Ok(token) => Arc::new(RoomSession::new(&self.resources, room.clone(), token, timing)),
            Err(lost) => {
                let _ = end.to_machine.send(Signalled::Closed).await;
                return Err(lost);
            }
        };
        let mut transports = TransportSession::new(session, end, self.resources.moves.subscribe());
        let outcome = transports.run().await;
        if let Err(lost) = &outcome {
            if *lost == Lost::Refused(RoomRefusal::RoomFull) {
                let full = Fact::Signalling(SignallingFact::RoomFull);
                transports.notice(Signalled::Observed(Box::new(full))).await;
            }
            transports.notice(Signalled::Closed).await;
        }
        outcome
    }
}

/// How far a transport has come.
enum TransportState {
    /// It is not yet known whether it works.
    Probing,
    Ready,
    /// It was closed or cut.
    Closed {
        worked: bool,
    },
}

/// One of the transports, and the task that runs it.
struct TransportHandle {
    transport: SignallingTransport,
    start: Start,
    state: TransportState,
    order: watch::Sender<TransportCommand>,
    _task: Task,
}

struct TransportSession {
    session: Arc<RoomSession>,
    end: TransportEnd,
    to_us: mpsc::Sender<(SignallingTransport, TransportEvent)>,
    events: mpsc::Receiver<(SignallingTransport, TransportEvent)>,
    handles: Vec<TransportHandle>,
    chosen: Option<SignallingTransport>,
    /// The number of the last event that the machine got.
    cursor: u64,
    /// When the best transport that works by then is chosen.
    choice: Option<Instant>,
    /// Transports still to be tried since the chosen one was cut; the last is tried first.
    spare: Vec<SignallingTransport>,
    setbacks: Setbacks,
    /// Changes when an address of this machine disappears.
    moves: watch::Receiver<u32>,
    moved: Option<Instant>,
}

/// Why the session is over.
enum SessionEnd {
    /// The machine has finished.
    Finished,
    Lost(Lost),
}

impl TransportSession {
    fn new(session: Arc<RoomSession>, end: TransportEnd, moves: watch::Receiver<u32>) -> Self {
        let (to_us, events) = mpsc::channel(EVENTS_WAITING);
        Self {
            session,
            end,
            to_us,
            events,
            handles: Vec::new(),
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
        for transport in PREFERENCE {
            let handle = self.open(transport, Start::Try);
            self.handles.push(handle);
        }
        let began = self.session.clock.now();
        // A machine that has finished before it joined needs no room.
        let joined = tokio::select! {
            joined = http::join(&self.session) => joined,
            () = self.end.to_machine.closed() => return Ok(()),
        };
        let (slot, offers) = match joined {
            Ok(joined) => joined,
            Err(error) => {
                if let TransportError::Failed(failure) = &error {
                    let took_ms = self.session.since(began);
                    for transport in PREFERENCE {
                        let failure = failure.clone();
                        self.observe(Fact::Signalling(SignallingFact::NotCarried {
                            carrier: transport,
                            failure,
                            took_ms,
                        }))
                        .await;
                    }
                }
                return Err(error.into());
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

    fn open(&self, transport: SignallingTransport, start: Start) -> TransportHandle {
        let (order, orders) = watch::channel(TransportCommand::Listen);
        let link =
            TransportLink::new(Arc::clone(&self.session), transport, start, orders, self.cursor, self.to_us.clone());
        TransportHandle { transport, start, state: TransportState::Probing, order, _task: Task::spawn(run(link)) }
    }

    async fn carry(&mut self) -> SessionEnd {
        let clock = self.session.clock;
        let mut going = true;
        loop {
            tokio::select! {
                biased;
                Some((transport, event)) = self.events.recv() => {
                    if let Some(end) = self.handle_event(transport, event).await {
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
                Ok(()) = self.moves.changed() => self.address_gone(),
                () = self.end.to_machine.closed() => return SessionEnd::Finished,
            }
            if !going {
                return SessionEnd::Finished;
            }
        }
    }

    async fn handle_event(&mut self, transport: SignallingTransport, event: TransportEvent) -> Option<SessionEnd> {
        match event {
            TransportEvent::Ready { measured } => {
                if let Some((took_ms, rtt_ms)) = measured {
                    self.observe(Fact::Signalling(SignallingFact::Carried { carrier: transport, took_ms, rtt_ms }))
                        .await;
                }
                self.set_state(transport, TransportState::Ready);
                self.consider().await;
            }
            TransportEvent::Received { number, event } => {
                if number == self.cursor + 1 {
                    self.cursor = number;
                    self.deliver(event).await;
                    self.acknowledge();
                }
            }
            TransportEvent::Closed { error, took_ms } => return self.closed(transport, error, took_ms).await,
        }
        None
    }

    async fn deliver(&mut self, event: EventFrame) {
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

    /// While transports are probed each has to receive its own echo, so nothing is acknowledged until all of them are
    /// known.
    fn acknowledge(&self) {
        if !self.handles.iter().any(|handle| matches!(handle.state, TransportState::Probing)) {
            self.session.acknowledged.send_replace(self.cursor);
        }
    }

    fn set_state(&mut self, transport: SignallingTransport, state: TransportState) {
        if let Some(handle) = self.handles.iter_mut().find(|handle| handle.transport == transport) {
            handle.state = state;
        }
    }

    /// The most preferred transport that works.
    fn best(&self) -> Option<SignallingTransport> {
        self.handles.iter().find(|handle| matches!(handle.state, TransportState::Ready)).map(|handle| handle.transport)
    }

    /// Chooses a transport if no better one can still come, or else waits for that one. Once all are known, closes the
    /// others.
    async fn consider(&mut self) {
        if self.chosen.is_none()
            && let Some(best) = self.best()
        {
            let first = self.handles.iter().find(|handle| !matches!(handle.state, TransportState::Closed { .. }));
            if first.is_some_and(|handle| handle.transport == best) {
                self.choose(best).await;
            } else if self.choice.is_none() {
                self.choice = Some(self.session.clock.now() + self.session.timing.margin);
            }
        }
        let all_known = !self.handles.iter().any(|handle| matches!(handle.state, TransportState::Probing));
        if all_known && self.chosen.is_some() {
            for handle in &mut self.handles {
                if Some(handle.transport) != self.chosen && matches!(handle.state, TransportState::Ready) {
                    handle.order.send_replace(TransportCommand::Close);
                    handle.state = TransportState::Closed { worked: true };
                }
            }
        }
        self.acknowledge();
    }

    async fn choose(&mut self, transport: SignallingTransport) {
        self.chosen = Some(transport);
        self.choice = None;
        self.spare.clear();
        if let Some(handle) = self.handles.iter().find(|handle| handle.transport == transport) {
            handle.order.send_replace(TransportCommand::Carry);
        }
        self.observe(Fact::Signalling(SignallingFact::Chosen { carrier: transport })).await;
    }

    async fn closed(
        &mut self,
        transport: SignallingTransport,
        error: Option<TransportError>,
        took_ms: Millis,
    ) -> Option<SessionEnd> {
        let handle = self.handles.iter_mut().find(|handle| handle.transport == transport)?;
        let tried = handle.start == Start::Try && matches!(handle.state, TransportState::Probing);
        handle.state = TransportState::Closed { worked: !tried };
        let error = error?;
        if error == TransportError::Refused(RoomRefusal::NotJoined) {
            return Some(SessionEnd::Lost(RoomRefusal::NotJoined.into()));
        }
        if tried {
            let failure = match &error {
                TransportError::Failed(failure) => failure.clone(),
                TransportError::Refused(refusal) => SignallingFailure::Status { status: refusal.status() },
            };
            self.observe(Fact::Signalling(SignallingFact::NotCarried { carrier: transport, failure, took_ms })).await;
        }
        if self.chosen == Some(transport) {
            self.chosen = None;
            let (now, carried) = (self.session.clock.now(), (self.session.outbox.accepted_count(), self.cursor));
            if self.setbacks.add(now, carried) {
                return Some(SessionEnd::Lost(error.into()));
            }
            self.spare = self.others_than(transport);
        }
        if self.chosen.is_none() {
            self.consider().await;
            if self.chosen.is_none()
                && self.handles.iter().all(|handle| matches!(handle.state, TransportState::Closed { .. }))
            {
                if self.spare.is_empty() && self.is_moving() {
                    self.session.clock.pause(SETTLING).await;
                    self.spare = self.others_than(transport);
                }
                let Some(next) = self.spare.pop() else { return Some(SessionEnd::Lost(error.into())) };
                self.session.clock.pause(RETRY_PAUSE).await;
                self.reopen(next);
            }
        }
        None
    }

    /// What to try when this transport is cut, last entry first: all others that worked, and finally the same one
    /// again.
    fn others_than(&self, transport: SignallingTransport) -> Vec<SignallingTransport> {
        let worked = |handle: &&TransportHandle| matches!(handle.state, TransportState::Closed { worked: true });
        let others =
            self.handles.iter().rev().filter(worked).map(|handle| handle.transport).filter(|other| *other != transport);
        [transport].into_iter().chain(others).collect()
    }

    fn reopen(&mut self, transport: SignallingTransport) {
        let handle = self.open(transport, Start::Resume);
        self.handles.retain(|handle| handle.transport != transport);
        self.handles.push(handle);
        self.handles.sort_by_key(|handle| PREFERENCE.iter().position(|transport| *transport == handle.transport));
    }

    /// An address of this machine has disappeared. A connection from it receives nothing any more, and its silence
    /// would be noticed only when a call has long been given up.
    fn address_gone(&mut self) {
        self.moved = Some(self.session.clock.now());
        if let Some(transport) = self.chosen.take() {
            self.spare = self.others_than(transport);
            self.reopen(transport);
        }
    }

    /// Whether the network may still be changing: an address appears before its routes do.
    fn is_moving(&self) -> bool {
        let lease = self.session.lease();
        self.moved.is_some_and(|at| self.session.clock.now().since(at) < patience(lease))
    }

    /// Sends what is still waiting, and leaves the room.
    async fn leave(&mut self) {
        while let Ok(message) = self.end.from_machine.try_recv() {
            self.session.outbox.put(message);
        }
        while self.chosen.is_none() && self.session.outbox.len() > 0 {
            let Some((transport, event)) = self.events.recv().await else { return };
            if self.handle_event(transport, event).await.is_some() {
                return;
            }
        }
        let Some(chosen) = self.chosen else { return http::leave(&self.session).await };
        for handle in &self.handles {
            handle.order.send_replace(if handle.transport == chosen {
                TransportCommand::Leave
            } else {
                TransportCommand::Close
            });
        }
        // Their events are drained so that no transport blocks on a full queue.
        while let Some((transport, event)) = self.events.recv().await {
            if transport == chosen && matches!(event, TransportEvent::Closed { .. }) {
                return;
            }
        }
    }

    async fn observe(&self, fact: Fact) {
        self.notice(Signalled::Observed(Box::new(fact))).await;
    }

    /// If the driver is gone the input is dropped; `run` notices that the queue is closed.
    async fn notice(&self, notice: Signalled) {
        let _ = self.end.to_machine.send(notice).await;
    }
}

/// Runs one transport to its end.
async fn run(mut link: TransportLink) {
    let outcome = match link.transport {
        SignallingTransport::WebSocket => websocket::run(&mut link).await,
        SignallingTransport::EventStream => event_stream::run(&mut link).await,
        SignallingTransport::LongPolling | SignallingTransport::CopyPaste => polling::run(&mut link).await,
    };
    let took_ms = link.session.since(link.began);
    link.report(TransportEvent::Closed { error: outcome.err(), took_ms }).await;
}

#[cfg(test)]
#[cfg(feature = "serve")]
mod tests;
