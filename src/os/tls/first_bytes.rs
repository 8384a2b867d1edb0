//! Keeps the first bytes that the other end sends, by which a server without TLS is recognised.

use crate::model::{Text, TlsProblem};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The one more says whether something is left out.
const KEPT_BYTES: usize = Text::BEGINNING_BYTES + 1;

/// The beginning of the first read, which can still be asked for when the stream is gone.
#[derive(Clone, Default)]
pub(super) struct FirstBytes(Arc<OnceLock<Vec<u8>>>);

impl FirstBytes {
    /// The problem, if these bytes do not begin a TLS record.
    pub(crate) fn foreign(&self) -> Option<TlsProblem> {
        let bytes = self.0.get()?;
        let is_record = match bytes.as_slice() {
            // RFC 8446 §5.1: a content type, then a version whose first byte has been 3 since SSL 3.0.
            [kind, 3, ..] | [kind] => (20..=24).contains(kind),
            _ => false,
        };
        (!is_record).then(|| TlsProblem::NotTls { first_bytes: Text::beginning(bytes) })
    }
}

/// A stream that keeps the first bytes that came through it.
pub(super) struct Watched<S> {
    stream: S,
    first: FirstBytes,
}

impl<S> Watched<S> {
    pub(crate) fn new(stream: S, first: FirstBytes) -> Self {
        Self { stream, first }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let came = buffer.filled().get(before..).unwrap_or_default();
        if !came.is_empty() {
            self.first.0.get_or_init(|| came.iter().copied().take(KEPT_BYTES).collect());
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
