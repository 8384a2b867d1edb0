//! The queue from the tasks of the sockets to the driver: bounded, with arrival times, and fair between sockets.
//!
//! A full queue makes a task wait, so that a stream's flow control or the kernel's buffer absorbs the load. A datagram
//! socket may hold only [`PLACES_A_SOCKET`] of the queue's places; datagrams of a flood beyond them are dropped and
//! counted, so that the other sockets are still served.

use super::byte_stream::BoxedStream;
use super::clock::Clock;
use crate::machine::{Input, Instant, SocketId};
use crate::model::Tls;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// The length of the queue. Filled with datagrams of 64 KiB it takes 16 MiB.
const PLACES: usize = 256;

/// Half of the queue, which is also how much tokio lets one task read before another one runs.
const PLACES_A_SOCKET: usize = 128;

/// What a task gives to the driver.
pub(super) enum Event {
    Input(Input),
    /// A stream that the machine asked for is connected.
    Connected {
        socket: SocketId,
        stream: BoxedStream,
        local: SocketAddr,
        remote: SocketAddr,
        tls: Option<Tls>,
    },
    /// A stream was accepted.
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

    /// How many datagrams were dropped so far.
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
        // Sending fails only once the run is over, and then this task is about to end as well.
        let _ = self.sender.send(arrival).await;
    }
}

/// The share of the inbox that one datagram socket may fill.
pub(super) struct Share {
    inbox: Inbox,
    places: Arc<Semaphore>,
}

impl Share {
    pub(crate) fn of(inbox: Inbox) -> Self {
        Self { inbox, places: Arc::new(Semaphore::new(PLACES_A_SOCKET)) }
    }

    /// Puts the input into the inbox, or drops and counts it where the share of this socket is full.
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
