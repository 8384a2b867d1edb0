//! When does the user, or the system, want the run to end? (Ctrl-C, SIGTERM, SIGHUP)
//!
//! The first time the run winds down and its report is written; the second time the program ends at once.

/// 128 and the number of SIGINT, as shells have it.
const INTERRUPTED: i32 = 130;

/// Comes back at the first request to stop; that it was heard is told by `progress`, which owns the line. What is asked
/// for from the call on is heard, also before the future is waited for.
pub(crate) fn requested() -> impl Future<Output = ()> {
    let first = signalled();
    async {
        first.await;
        let second = signalled();
        tokio::spawn(async {
            second.await;
            std::process::exit(INTERRUPTED);
        });
    }
}

/// Like [`requested`], where the user may have asked already, as while sources were waited for.
pub(crate) fn requested_or(is_stopped: bool) -> impl Future<Output = ()> {
    let further = requested();
    async move {
        if !is_stopped {
            further.await;
        }
    }
}

/// The handlers are there when this returns.
#[cfg(unix)]
fn signalled() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let handlers = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()));
    async {
        let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = handlers else {
            // Without handlers the system ends the program itself.
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
async fn signalled() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
