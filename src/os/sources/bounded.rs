//! A stream that ends when more has come over it than any source has to say.
//!
//! A client of HTTP reads on for as long as heads of provisional answers come (RFC 9110 §15.2), and gives neither a clock nor
//! the user a turn meanwhile: who sends them without end would keep it for ever.

use crate::os::byte_stream::BoxedStream;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Answers of the field are some thousand bytes; a connection carries a few of them, or the messages of one call.
pub(super) const MOST_BYTES: usize = 2 << 20;

/// The stream, and what may still come over it.
pub(super) struct Bounded {
    inner: BoxedStream,
    left: usize,
}

impl Bounded {
    pub(super) fn new(inner: BoxedStream) -> Self {
        Self { inner, left: MOST_BYTES }
    }
}

impl AsyncRead for Bounded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return Poll::Ready(Err(ErrorKind::FileTooLarge.into()));
        }
        let mut bytes = vec![0; buffer.remaining().min(self.left)];
        let mut part = ReadBuf::new(&mut bytes);
        let read = Pin::new(&mut self.inner).poll_read(context, &mut part);
        buffer.put_slice(part.filled());
        self.left -= part.filled().len();
        read
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
