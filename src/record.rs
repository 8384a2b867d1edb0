//! What did every socket of a run see? A machine around a machine, which keeps what passes between it and its world.
//!
//! It works in every world alike, changes nothing that passes, and keeps no secret: of each message what [`wire::sanitized`]
//! lets through. On a stream it waits until a message is whole, so that no secret slips through in two halves.

use crate::machine::{Bind, Input, Instant, Machine, Open, Output, SocketId};
use crate::model::{Opening, RecordedBytes, Transcript, TranscriptEntry, TranscriptEvent};
use crate::wire::{self, Frames};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much a transcript keeps, as JSON on one line. A checkup of five servers makes a hundredth of it; indented, it is
/// still well below what `read` takes.
const BYTES_MAX: usize = 16 << 20;

/// Where a recorder's transcript is taken from when the run is over, wherever the recorder is by then.
#[derive(Clone, Debug, Default)]
pub struct TranscriptHandle(Arc<Mutex<Transcript>>);

impl TranscriptHandle {
    /// What was kept so far; the transcript begins anew then.
    pub fn take(&self) -> Transcript {
        std::mem::take(&mut self.lock())
    }

    /// Whoever panicked with the lock held has left a transcript that is whole: an event is appended or it is not.
    fn lock(&self) -> MutexGuard<'_, Transcript> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    In,
    Out,
}

/// One way of a stream: None once its framing is lost.
type Flow = Option<Frames>;

pub struct Recorder<M> {
    machine: M,
    transcript: TranscriptHandle,
    now: Instant,
    room_bytes: usize,
    /// The open streams; what is not among them carries datagrams.
    streams: BTreeMap<(SocketId, Way), Flow>,
}

impl<M: Machine> Recorder<M> {
    pub fn new(machine: M) -> (Self, TranscriptHandle) {
        let transcript = TranscriptHandle::default();
        let recorder = Self {
            machine,
            transcript: transcript.clone(),
            now: Instant::START,
            room_bytes: BYTES_MAX,
            streams: BTreeMap::new(),
        };
        (recorder, transcript)
    }

    fn keep(&mut self, what: TranscriptEvent) {
        let mut transcript = self.transcript.lock();
        // Once something is left out, so is all that follows: a transcript has no holes.
        if transcript.left_out_events == 0 {
            // Up to three months, a nanosecond is told from the next.
            let event = TranscriptEntry { at_ms: self.now.since_start().as_nanos() as f64 / 1e6, what };
            let mut size = Size(0);
            let written = serde_json::to_writer(&mut size, &event).is_ok();
            if let Some(room) = self.room_bytes.checked_sub(size.0).filter(|_| written) {
                self.room_bytes = room;
                transcript.events.push(event);
                return;
            }
        }
        transcript.left_out_events = transcript.left_out_events.saturating_add(1);
    }

    fn data(&mut self, socket: SocketId, way: Way, data: &[u8]) -> RecordedBytes {
        match self.streams.get_mut(&(socket, way)) {
            Some(flow) => of_stream(flow, data),
            None => of_datagram(data),
        }
    }

    fn opened_stream(&mut self, socket: SocketId) {
        self.streams.insert((socket, Way::In), Some(Frames::default()));
        self.streams.insert((socket, Way::Out), Some(Frames::default()));
    }

    fn gone(&mut self, socket: SocketId) {
        self.streams.remove(&(socket, Way::In));
        self.streams.remove(&(socket, Way::Out));
    }

    fn hear(&mut self, input: &Input) {
        let what = match input {
            Input::Interfaces(interfaces) => TranscriptEvent::Interfaces { interfaces: interfaces.clone() },
            Input::Woken => TranscriptEvent::Woken,
            Input::Opened { socket, local, tls } => {
                TranscriptEvent::Opened { socket: socket.0, local: *local, tls: tls.clone() }
            }
            Input::Failed { socket, failure, tls } => {
                self.gone(*socket);
                TranscriptEvent::Failed { socket: socket.0, failure: failure.clone(), tls: tls.clone() }
            }
            Input::Accepted { listener, socket, local, remote } => {
                self.opened_stream(*socket);
                TranscriptEvent::Accepted { listener: listener.0, socket: socket.0, local: *local, remote: *remote }
            }
            Input::Received { socket, from, data } => {
                let data = self.data(*socket, Way::In, data);
                TranscriptEvent::Received { socket: socket.0, from: *from, data }
            }
            Input::Unreachable { socket, to, failure } => {
                TranscriptEvent::Unreachable { socket: socket.0, to: *to, failure: failure.clone() }
            }
            Input::Ended { socket } => {
                self.gone(*socket);
                TranscriptEvent::Ended { socket: socket.0 }
            }
            Input::Resolved { query, answer } => match answer {
                Ok(records) => TranscriptEvent::Answered { query: query.0, records: records.clone() },
                Err(failure) => TranscriptEvent::NotAnswered { query: query.0, failure: failure.clone() },
            },
            Input::Signalled(_) => return,
            Input::Stop => TranscriptEvent::Stop,
        };
        self.keep(what);
    }

    fn see(&mut self, output: &Output) {
        let what = match output {
            Output::Open { socket, open } => {
                if matches!(open, Open::Tcp { .. } | Open::Tls { .. }) {
                    self.opened_stream(*socket);
                }
                TranscriptEvent::Open { socket: socket.0, opening: opening(open) }
            }
            Output::Close { socket } => {
                self.gone(*socket);
                TranscriptEvent::Close { socket: socket.0 }
            }
            Output::Send { socket, to, data } => {
                let data = self.data(*socket, Way::Out, data);
                TranscriptEvent::Sent { socket: socket.0, to: *to, data }
            }
            Output::Resolve { query, name, kind } => {
                TranscriptEvent::Asked { query: query.0, name: name.clone(), record: *kind }
            }
            // Observations are the record's; waiting is no event; a call is not recorded.
            Output::Publish { .. } | Output::Signal { .. } | Output::Observe { .. } | Output::Wait(_) => return,
        };
        self.keep(what);
    }
}

impl<M: Machine> Machine for Recorder<M> {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        self.hear(&input);
        self.machine.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        let output = self.machine.poll();
        self.see(&output);
        output
    }
}

fn opening(open: &Open) -> Opening {
    match open {
        Open::Udp { bind: Bind::Toward(remote), dont_fragment } => {
            Opening::Udp { toward: Some(*remote), at: None, dont_fragment: *dont_fragment }
        }
        Open::Udp { bind: Bind::At(at), dont_fragment } => {
            Opening::Udp { toward: None, at: Some(*at), dont_fragment: *dont_fragment }
        }
        Open::Tcp { to } => Opening::Tcp { to: *to },
        Open::Tls { to, server_name, insecure } => {
            Opening::Tls { to: *to, server_name: server_name.clone(), insecure: *insecure }
        }
        Open::Listen { at, secure } => Opening::Listen { at: *at, secure: *secure },
    }
}

fn of_datagram(data: &[u8]) -> RecordedBytes {
    let mut kept = RecordedBytes { bytes: data.len() as u64, ..RecordedBytes::default() };
    add(&mut kept, data);
    kept
}

fn of_stream(flow: &mut Flow, data: &[u8]) -> RecordedBytes {
    let mut kept = RecordedBytes { bytes: data.len() as u64, ..RecordedBytes::default() };
    if let Some(frames) = flow {
        frames.push(data);
        loop {
            match frames.next_frame() {
                Ok(Some(frame)) => add(&mut kept, &frame),
                Ok(None) => return kept,
                Err(_) => break,
            }
        }
    }
    *flow = None;
    kept.withheld = true;
    kept
}

fn add(kept: &mut RecordedBytes, message: &[u8]) {
    match wire::sanitized(message) {
        Some((shown, blanked)) => {
            kept.data.0.extend_from_slice(&shown);
            kept.blanked_bytes += blanked as u64;
        }
        None => kept.withheld = true,
    }
}

/// Counts what is written to it.
struct Size(usize);

impl io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
