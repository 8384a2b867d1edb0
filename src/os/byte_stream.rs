//! A connected stream, plain or under TLS, as one type.

use tokio::io::{AsyncRead, AsyncWrite};

/// What a plain and a TLS stream have in common.
pub(super) trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for S {}

/// A connected stream of either kind.
pub(super) type BoxedStream = Box<dyn ByteStream>;
