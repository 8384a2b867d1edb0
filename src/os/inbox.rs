//! How the sockets' tasks reach the driver: one bounded queue, stamped on arrival, fair between sockets.
//!
//! A full queue makes a task wait, so that a stream's flow control or the kernel's buffer takes the load. A datagram
//! socket may hold only [`PLACES_A_SOCKET`] of the queue's places; what a flood brings beyond them is dropped and
//! counted, and the other sockets stay heard.

use super::byte_stream::BoxedStream;
use super::clock::Clock;
use crate::machine::{Input, Instant, SocketId};
use crate::model::Tls;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// At 64 KiB each the largest datagrams make 16 MiB.
const PLACES: usize = 256;

/// Half of the queue; also what tokio lets one task read before another has its turn.
const PLACES_A_SOCKET: usize = 128;

/// What a task has for the driver.
pub(super) enum Event {
    Input(Input),
    /// A stream that the machine asked for is there.
    Connected {
        socket: SocketId,
        stream: BoxedStream,
        local: SocketAddr,
        remote: SocketAddr,
        tls: Option<Tls>,
    },
    /// A stream came in.
    Accepted {
        listener: SocketId,
        stream: BoxedStream,
        local: SocketAddr,
        remote: SocketAddr,
    },
}

pub(super) struct Arrival {
    pub at: Instant,
    pub event: Event,
    _place: Option<OwnedSemaphorePermit>,
}

#[derive(Clone)]
pub(super) struct Inbox {
    clock: Clock,
    sender: mpsc::Sender<Arrival>,
    dropped: Arc<AtomicU32>,
}

pub(super) fn inbox(clock: Clock) -> (Inbox, mpsc::Receiver<Arrival>) {
    let (sender, arrivals) = mpsc::channel(PLACES);
    (Inbox { clock, sender, dropped: Arc::default() }, arrivals)
}

impl Inbox {
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Datagrams dropped so far.
    pub(crate) fn dropped(&self) -> u32 {
        self.dropped.load(Ordering::Relaxed)
    }

    pub(crate) async fn put(&self, input: Input) {
        self.put_event(Event::Input(input)).await;
    }

    pub(crate) async fn put_event(&self, event: Event) {
        self.send(self.clock.now(), event, None).await;
    }

    /// The arrival of `event` at another time than now.
    #[cfg(test)]
    pub(crate) async fn put_at(&self, at: Instant, event: Event) {
        self.send(at, event, None).await;
    }

    async fn send(&self, at: Instant, event: Event, place: Option<OwnedSemaphorePermit>) {
        let arrival = Arrival { at, event, _place: place };
        // The driver is gone only when the run is over, and then this task is too.
        let _ = self.sender.send(arrival).await;
    }
}

/// One datagram socket's share of the inbox.
pub(super) struct Share {
    inbox: Inbox,
    places: Arc<Semaphore>,
}

impl Share {
    pub(crate) fn of(inbox: Inbox) -> Self {
        Self { inbox, places: Arc::new(Semaphore::new(PLACES_A_SOCKET)) }
    }

    /// Puts the input into the inbox, or counts it where this socket has no place left.
    pub(crate) async fn put(&self, input: Input) {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => self.inbox.send(self.inbox.clock.now(), Event::Input(input), Some(place)).await,
            Err(_) => {
                self.inbox.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn datagram() -> Input {
        Input::Received { socket: SocketId(0), from: SocketAddr::from(([192, 0, 2, 1], 1)), data: vec![0] }
    }

    #[tokio::test]
    async fn a_flood_on_one_socket_is_counted_and_leaves_room_for_another() {
        let (inbox, mut arrivals) = inbox(Clock::start());
        let (flooded, quiet) = (Share::of(inbox.clone()), Share::of(inbox.clone()));
        for _ in 0..1000 {
            flooded.put(datagram()).await;
        }
        quiet.put(datagram()).await;
        let dropped = usize::try_from(inbox.dropped()).expect("a count");
        assert_eq!((dropped, arrivals.len()), (1000 - PLACES_A_SOCKET, PLACES_A_SOCKET + 1));
        arrivals.recv().await;
        flooded.put(datagram()).await;
        assert_eq!(inbox.dropped(), 1000 - PLACES_A_SOCKET as u32, "a place handed back is used again");
    }
}
