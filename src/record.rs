//! The transcript of a run: a machine around a machine, which records what passes between it and its world.
//!
//! It works in every world, changes nothing, and records no secret: each message is reduced by [`wire::sanitized`]. On
//! a stream it waits until a message is complete, so that no secret passes in two halves.

use crate::machine::{Bind, Input, Instant, Machine, Open, Output, SocketId};
use crate::model::{Millis, Opening, RecordedBytes, Transcript, TranscriptEntry, TranscriptEvent};
use crate::wire::{self, Frames};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The size of a transcript as compact JSON. A checkup of five servers takes a hundredth of it; even indented it stays
/// well below what `read` accepts.
const BYTES_MAX: usize = 16 << 20;

/// A handle to a recorder's transcript, from which it is taken when the run is over and the recorder may be gone.
#[derive(Clone, Debug, Default)]
pub struct TranscriptHandle(Arc<Mutex<Transcript>>);

impl TranscriptHandle {
    /// Takes what was recorded so far; the transcript is empty afterwards.
    pub fn take(&self) -> Transcript {
        std::mem::take(&mut self.lock())
    }

    /// A poisoned lock is ignored: an event is appended as a whole or not at all, so the transcript stays valid.
    fn lock(&self) -> MutexGuard<'_, Transcript> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum StreamDirection {
    In,
    Out,
}

/// One direction of a stream; None once its framing is lost.
type FrameBuffer = Option<Frames>;

/// A machine whose inputs and outputs are kept as they pass.
pub struct Recorder<M> {
    machine: M,
    transcript: TranscriptHandle,
    now: Instant,
    room_bytes: usize,
    /// The open streams, by direction. A socket that is not among them carries datagrams.
    streams: BTreeMap<(SocketId, StreamDirection), FrameBuffer>,
}

impl<M: Machine> Recorder<M> {
    /// Wraps `machine`; the handle gives the transcript once the run is over.
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
        // Once an event is left out, so are all that follow, so that a transcript has no holes.
        if transcript.left_out_events == 0 {
            // An f64 in milliseconds keeps nanoseconds apart for three months.
            let event = TranscriptEntry { at_ms: Millis(self.now.since_start().as_nanos() as f64 / 1e6), what };
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

    fn data(&mut self, socket: SocketId, direction: StreamDirection, data: &[u8]) -> RecordedBytes {
        match self.streams.get_mut(&(socket, direction)) {
            Some(buffer) => of_stream(buffer, data),
            None => of_datagram(data),
        }
    }

    fn opened_stream(&mut self, socket: SocketId) {
        self.streams.insert((socket, StreamDirection::In), Some(Frames::default()));
        self.streams.insert((socket, StreamDirection::Out), Some(Frames::default()));
    }

    fn gone(&mut self, socket: SocketId) {
        self.streams.remove(&(socket, StreamDirection::In));
        self.streams.remove(&(socket, StreamDirection::Out));
    }

    fn record_input(&mut self, input: &Input) {
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
                let data = self.data(*socket, StreamDirection::In, data);
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
            // What a probe makes of the counts is an observation.
            Input::Counted { .. } | Input::Signalled(_) => return,
            Input::Stop => TranscriptEvent::Stop,
        };
        self.keep(what);
    }

    fn record_output(&mut self, output: &Output) {
        let what = match output {
            Output::Open { socket, open } => {
                if matches!(open, Open::Tcp { .. } | Open::Tls { .. } | Open::Proxied { .. }) {
                    self.opened_stream(*socket);
                }
                TranscriptEvent::Open { socket: socket.0, opening: opening(open) }
            }
            Output::Close { socket } => {
                self.gone(*socket);
                TranscriptEvent::Close { socket: socket.0 }
            }
            Output::Send { socket, to, data } => {
                let data = self.data(*socket, StreamDirection::Out, data);
                TranscriptEvent::Sent { socket: socket.0, to: *to, hops: None, data }
            }
            Output::SendHops { socket, to, data, hops } => {
                TranscriptEvent::Sent { socket: socket.0, to: *to, hops: Some(*hops), data: of_datagram(data) }
            }
            Output::Resolve { query, name, kind } => {
                TranscriptEvent::Asked { query: query.0, name: name.clone(), record: *kind }
            }
            // Observations are part of the record instead, waits are no events, and signalling is not recorded.
            Output::Count { .. }
            | Output::Publish { .. }
            | Output::Signal { .. }
            | Output::Observe { .. }
            | Output::Wait(_) => return,
        };
        self.keep(what);
    }
}

impl<M: Machine> Machine for Recorder<M> {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        self.record_input(&input);
        self.machine.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        let output = self.machine.poll();
        self.record_output(&output);
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
        Open::Proxied { proxy, host, port, secure, insecure } => {
            let (proxy, server_name, port) = (proxy.at, host.clone(), *port);
            Opening::Proxied { proxy, server_name, port, secure: *secure, insecure: *insecure }
        }
        Open::Listen { at, secure } => Opening::Listen { at: *at, secure: *secure },
    }
}

fn of_datagram(data: &[u8]) -> RecordedBytes {
    let mut kept = RecordedBytes { bytes: data.len() as u64, ..RecordedBytes::default() };
    add(&mut kept, data);
    kept
}

fn of_stream(buffer: &mut FrameBuffer, data: &[u8]) -> RecordedBytes {
    let mut kept = RecordedBytes { bytes: data.len() as u64, ..RecordedBytes::default() };
    if let Some(frames) = buffer {
        frames.push(data);
        loop {
            match frames.next_frame() {
                Ok(Some(frame)) => add(&mut kept, &frame),
                Ok(None) => return kept,
                Err(_) => break,
            }
        }
    }
    *buffer = None;
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

/// Counts the bytes that are written to it.
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
