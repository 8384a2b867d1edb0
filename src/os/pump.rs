//! A connected stream, plain or under TLS: one task reads and writes it until either end closes it.

use super::byte_stream::BoxedStream;
use super::clock::within;
use super::failure::failure;
use super::inbox::Inbox;
use super::task::Task;
use crate::machine::{Input, SocketId};
use crate::model::{Failure, FailureMessage};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::mpsc;

/// The most bytes of one read.
const CHUNK_BYTES: usize = 65_536;

/// How many writes may wait. When the queue is full, the peer does not read and the stream is given up.
const WRITES_WAITING: usize = 512;

/// How long one write may take, so that a peer with a closed window cannot stall the run.
const WRITE_LIMIT: Duration = Duration::from_secs(5);

/// The driver's end of a stream.
pub(super) struct Pump {
    writes: mpsc::Sender<Vec<u8>>,
    task: Task,
}

impl Pump {
    pub(crate) fn start(id: SocketId, remote: SocketAddr, stream: BoxedStream, inbox: Inbox) -> Self {
        let (writes, waiting) = mpsc::channel(WRITES_WAITING);
        Self { writes, task: Task::spawn(pump(id, remote, stream, waiting, inbox)) }
    }

    pub(crate) fn send(&self, data: Vec<u8>) -> Result<(), Failure> {
        match self.writes.try_send(data) {
            Err(mpsc::error::TrySendError::Full(_)) => Err(does_not_read()),
            // Closed means that the task has ended, and its last input is on its way.
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => Ok(()),
        }
    }

    /// Closes the stream once everything is written. The task that does so reports nothing any more.
    pub(crate) fn finish(self) -> Task {
        self.task
    }
}

fn does_not_read() -> Failure {
    Failure::Other { message: FailureMessage::NotRead }
}

async fn pump(id: SocketId, remote: SocketAddr, stream: BoxedStream, waiting: mpsc::Receiver<Vec<u8>>, inbox: Inbox) {
    let (reader, writer) = tokio::io::split(stream);
    let last = tokio::select! {
        last = read(id, remote, reader, &inbox) => last,
        last = write(writer, waiting) => match last {
            Ok(()) => return,
            Err(failure) => Input::Failed { socket: id, failure, tls: None },
        },
    };
    inbox.put(last).await;
}

/// Reads until the stream ends or fails, and returns that as the last input.
async fn read(id: SocketId, remote: SocketAddr, mut reader: ReadHalf<BoxedStream>, inbox: &Inbox) -> Input {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        match reader.read(&mut buffer).await {
            Ok(0) => return Input::Ended { socket: id },
            // A TLS stream that ends without close_notify has ended all the same.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Input::Ended { socket: id },
            Ok(length) => {
                let data = buffer.get(..length).unwrap_or_default().to_vec();
                inbox.put(Input::Received { socket: id, from: remote, data }).await;
            }
            Err(error) => return Input::Failed { socket: id, failure: failure(&error), tls: None },
        }
    }
}

/// Writes until the driver closes the stream (`Ok`) or a write fails.
async fn write(mut writer: WriteHalf<BoxedStream>, mut waiting: mpsc::Receiver<Vec<u8>>) -> Result<(), Failure> {
    let in_time = |outcome: Option<std::io::Result<()>>| match outcome {
        Some(outcome) => outcome.map_err(|error| failure(&error)),
        None => Err(does_not_read()),
    };
    while let Some(data) = waiting.recv().await {
        let written = async {
            writer.write_all(&data).await?;
            writer.flush().await
        };
        in_time(within(WRITE_LIMIT, written).await)?;
    }
    // The driver has closed the stream, so errors of the shutdown are ignored.
    let _ = within(WRITE_LIMIT, writer.shutdown()).await;
    Ok(())
}
