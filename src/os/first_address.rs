//! A connection to a server at whichever of its addresses answers first (RFC 8305 §5).

use super::clock::Clock;
use crate::model::Failure;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The Connection Attempt Delay of RFC 8305 §8.
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// What `connect` gives for the first address at which it succeeds; else the last failure.
pub(super) async fn first_of<T, F: Future<Output = Result<T, Failure>>>(
    addresses: &[IpAddr],
    port: u16,
    clock: Clock,
    connect: impl Fn(SocketAddr) -> F,
) -> Result<T, Failure> {
    let mut attempts = FuturesUnordered::new();
    let mut further = addresses.iter();
    let mut last = Failure::NoRoute;
    loop {
        if let Some(address) = further.next() {
            attempts.push(connect(SocketAddr::new(*address, port)));
        }
        let next = (further.len() > 0).then(|| clock.now() + ATTEMPT_DELAY);
        tokio::select! {
            outcome = attempts.next() => match outcome {
                Some(Ok(connected)) => return Ok(connected),
                Some(Err(failure)) => last = failure,
                None => return Err(last),
            },
            () = clock.reach(next) => {}
        }
    }
}
