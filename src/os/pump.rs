//! A stream once it is there, plain or under TLS: read and written by one task until either end has enough.

use super::byte_stream::BoxedStream;
use super::clock::within;
use super::failure::failure;
use super::inbox::Inbox;
use super::task::Task;
use crate::machine::{Input, SocketId};
use crate::model::{Failure, Text};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::mpsc;

/// What one read takes at most.
const CHUNK_BYTES: usize = 65_536;

/// What may wait to be written; a peer that reads nothing is given up when it is full.
const WRITES_WAITING: usize = 512;

/// How long one write may take: a peer with a closed window must not hold the run.
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
            // Closed: the task has ended, and its last word is on its way.
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => Ok(()),
        }
    }

    /// Ends the stream once everything is written; the task that is left does this and is silent.
    pub(crate) fn finish(self) -> Task {
        self.task
    }
}

fn does_not_read() -> Failure {
    Failure::Other { message: Text::new("the other end does not read") }
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

/// Until the other end ends it, which is what it returns.
async fn read(id: SocketId, remote: SocketAddr, mut reader: ReadHalf<BoxedStream>, inbox: &Inbox) -> Input {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        match reader.read(&mut buffer).await {
            Ok(0) => return Input::Ended { socket: id },
            // TLS without its closing alert: an end all the same.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Input::Ended { socket: id },
            Ok(length) => {
                let data = buffer.get(..length).unwrap_or_default().to_vec();
                inbox.put(Input::Received { socket: id, from: remote, data }).await;
            }
            Err(error) => return Input::Failed { socket: id, failure: failure(&error), tls: None },
        }
    }
}

/// Until the driver ends it (`Ok`) or a write fails.
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
    // The driver has let go of the stream: how its end goes concerns nobody any more.
    let _ = within(WRITE_LIMIT, writer.shutdown()).await;
    Ok(())
}
