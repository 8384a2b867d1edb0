//! From settings to a record: the checkup on this machine's network, and the signals that end it early.

use super::{Settings, Watch, checkup};
use crate::model::{Record, Target};
use crate::os::{Options, unix_now};
use crate::probe::{PUBLIC_SERVERS, Plan, Planned};
use std::time::Duration;

/// The longest an idle mapping is watched: RFC 4787 REQ-5 recommends five minutes or more, so a little beyond shows
/// whether a NAT heeds it.
const LONGEST_IDLE: Duration = Duration::from_secs(305);

/// Runs the checkup that the settings ask for, against public servers where they name none.
pub async fn examine(settings: &Settings, watch: &mut Watch<'_>) -> anyhow::Result<Record> {
    let mut servers: Vec<Planned> = settings
        .targets
        .iter()
        .map(|(target, credentials)| Planned { target: target.clone(), credentials: credentials.clone() })
        .collect();
    if servers.is_empty() && !settings.embedded {
        for uri in PUBLIC_SERVERS {
            servers.push(Planned { target: uri.parse::<Target>()?, credentials: None });
        }
    }
    let plan = Plan {
        servers,
        insecure: settings.insecure,
        hairpinning: settings.hairpin,
        lifetime: settings.lifetime.then_some(LONGEST_IDLE),
        unix_now: unix_now(),
        timeout: settings.timeout,
    };
    let options = Options { further_roots: settings.roots.clone(), ..Options::default() };
    checkup(plan, options, settings.embedded, asked_to_stop(), watch).await
}

/// Comes back when the user or the system asks the program to end. From then on, being asked again ends it at once.
async fn asked_to_stop() {
    asked().await;
    tokio::spawn(async {
        asked().await;
        std::process::exit(130);
    });
}

/// Where signals cannot be heard, nobody asks.
#[cfg(unix)]
async fn asked() {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = kinds.map(signal) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}

#[cfg(not(unix))]
async fn asked() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
