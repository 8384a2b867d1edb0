//! Keeps a source that servers last as long as, and gives back what was made at it.

use super::carrier::{Carrier, Ending};
use super::fact;
use crate::model::ConfigurationFact;
use crate::os::clock::{unix_now, within};
use crate::source::{Provider, SourceHeard};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Between two words that say that we are still there, as OpenVidu's own client has it.
const PING_EVERY: Duration = Duration::from_secs(5);

/// What giving back may take: a busy service answers two requests within it, and whoever has pressed Ctrl-C waits for it.
const LEAVE_LIMIT: Duration = Duration::from_secs(3);

/// A source that is kept until its servers are no longer in use. Where it is dropped, what was made stays at the source.
pub struct HeldSource {
    end: oneshot::Sender<()>,
    kept: JoinHandle<Vec<ConfigurationFact>>,
}

impl HeldSource {
    pub(super) fn keep(mut carrier: Carrier, mut provider: Box<dyn Provider>) -> Self {
        let (end, ended) = oneshot::channel();
        let kept = tokio::spawn(async move {
            stay(&mut carrier, provider.as_mut(), ended).await;
            let facts = leave(&mut carrier, provider.as_mut()).await;
            carrier.rest().await;
            facts
        });
        Self { end, kept }
    }

    /// Gives back what was made, and tells how that went.
    pub async fn leave(self) -> Vec<ConfigurationFact> {
        // Where the task is over, it has left already.
        let _ = self.end.send(());
        self.kept.await.unwrap_or_default()
    }
}

/// Says now and then that we are there, and drops what comes, until the end or until the source hangs up.
async fn stay(carrier: &mut Carrier, provider: &mut dyn Provider, mut ended: oneshot::Receiver<()>) {
    let mut is_open = true;
    let mut next = carrier.clock.now() + PING_EVERY;
    loop {
        let pause = carrier.clock.reach(Some(next));
        tokio::select! {
            _ = &mut ended => return,
            heard = carrier.listen(), if is_open => is_open = matches!(heard, Ok(SourceHeard::Said(_))),
            () = pause => {
                next = carrier.clock.now() + PING_EVERY;
                if let Some(ping) = provider.ping() {
                    carrier.tell(ping).await;
                }
            }
        }
    }
}

/// Takes the steps of leaving, where there is something to give back.
pub(super) async fn leave(carrier: &mut Carrier, provider: &mut dyn Provider) -> Vec<ConfigurationFact> {
    let Some(first) = provider.leave() else { return Vec::new() };
    carrier.facts.clear();
    let leaving = async {
        let mut step = first;
        loop {
            let heard = match carrier.perform(step).await {
                Ok(heard) => heard,
                Err(Ending::Failed) => SourceHeard::Failed,
                Err(Ending::Left(faults)) => return faults,
                Err(Ending::Offer(_) | Ending::Refused(_)) => return Vec::new(),
            };
            step = provider.next(unix_now(), heard);
        }
    };
    let faults = within(LEAVE_LIMIT, leaving).await;
    let faults = faults.unwrap_or_else(|| provider.left_behind());
    faults.into_iter().map(fact).collect()
}
