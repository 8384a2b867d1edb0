//! Asks a source again before what it gave runs out, for as long as a call uses its servers.
//!
//! As an application should: once for each time that credentials run out, and never again where nothing fresh came of it, so
//! that no refused secret is shown twice and no service is flooded.

use super::carrier::host;
use super::{AskedSource, HeldSource, afresh, ask_source};
use crate::machine::{OfferedServer, RenewedServers, Signalled};
use crate::model::{Code, ConfigurationFact, Fact, Target};
use crate::os::clock::{Clock, unix_now};
use crate::os::{OsWorld, dns};
use crate::source::{ServerSource, SourceOffer, SourceSecrets};
use futures_util::FutureExt;
use futures_util::future::join_all;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::mpsc::WeakSender;

/// How long a source is waited for.
const LIMIT: Duration = Duration::from_secs(5);

/// A source is asked again at the latest this long before what it gave runs out, in seconds: time for it to answer, and for
/// ICE to begin anew.
const EARLY_S: u64 = 60;

/// What lives for less, in seconds, is not renewed: a call would do nothing but begin anew.
const LEAST_LIFE_S: u64 = 30;

/// A source whose servers a call uses, and whose credentials run out.
pub struct UsedSource {
    source: ServerSource,
    secrets: SourceSecrets,
    /// The servers that it gave.
    servers: Vec<Target>,
    /// When they run out, in seconds since 1970.
    runs_out_s: u64,
    /// When it is asked again.
    due_s: u64,
}

impl UsedSource {
    /// With what it gave just now; None where that lasts, or nothing tells for how long, or where it cannot be kept up with.
    pub fn new(source: ServerSource, secrets: SourceSecrets, offer: &SourceOffer) -> Option<Self> {
        let now_s = unix_now();
        let runs_out_s = offer.runs_out_s(now_s)?;
        let due_s = due(now_s, runs_out_s)?;
        let servers = offer.configuration.asked().into_iter().map(|server| server.target).collect();
        Some(Self { source, secrets, servers, runs_out_s, due_s })
    }
}

/// When to ask again for what runs out then; None where it lives too short.
fn due(now_s: u64, runs_out_s: u64) -> Option<u64> {
    let left_s = runs_out_s.checked_sub(now_s).filter(|left_s| *left_s >= LEAST_LIFE_S)?;
    Some(runs_out_s - EARLY_S.min(left_s / 4))
}

/// Asks each source again when its time has come, and tells a call what came of it, until that is `over`. Gives what has to
/// be given back.
pub async fn keep_fresh(
    world: &OsWorld,
    mut used: Vec<UsedSource>,
    insecure: bool,
    call: WeakSender<Signalled>,
    over: impl Future<Output = ()>,
) -> Vec<HeldSource> {
    let over = over.shared();
    let clock = Clock::start();
    let mut all_held = Vec::new();
    while let Some(next) = (0..used.len()).min_by_key(|at| used[*at].due_s) {
        let UsedSource { source, secrets, servers, runs_out_s, due_s } = used.swap_remove(next);
        tokio::select! {
            () = over.clone() => break,
            () = clock.pause(Duration::from_secs(due_s.saturating_sub(unix_now()))) => {}
        }
        let Some(secrets) = afresh(&secrets) else { continue };
        let AskedSource { facts, offer, held } =
            ask_source(world, &source, &secrets, insecure, LIMIT, over.clone()).await;
        all_held.extend(held);
        if over.peek().is_some() {
            break;
        }
        let is_fresh = |offer: &SourceOffer| offer.runs_out_s(unix_now()).is_none_or(|fresh_s| fresh_s > runs_out_s);
        let told = match offer {
            Some(offer) if is_fresh(&offer) => {
                let renewed = renewed(world, &source, servers, &offer).await;
                used.extend(UsedSource::new(source, secrets, &offer));
                Signalled::Renewed(Box::new(renewed))
            }
            Some(_) => not_renewed(&source, Code::SourceCached),
            None => not_renewed(&source, why(&facts)),
        };
        let Some(call) = call.upgrade() else { break };
        // A call that has ended meanwhile needs none.
        let _ = call.send(told).await;
    }
    all_held
}

async fn renewed(world: &OsWorld, source: &ServerSource, former: Vec<Target>, offer: &SourceOffer) -> RenewedServers {
    let unix_now = unix_now();
    let located = offer.configuration.asked().into_iter().map(|named| async {
        let addresses = located(world, &named.target).await;
        (OfferedServer { server: named.target, login: named.login }, addresses)
    });
    let servers = join_all(located).await;
    let life_s = offer.runs_out_s(unix_now).map(|until_s| until_s.saturating_sub(unix_now));
    RenewedServers { source: host(source.url()), former, servers, life_s, unix_now }
}

async fn located(world: &OsWorld, server: &Target) -> Vec<SocketAddr> {
    let addresses = dns::addresses(&server.host, &world.resources.name_servers).await.unwrap_or_default();
    addresses.into_iter().map(|address| SocketAddr::new(address, server.port_or_default())).collect()
}

fn not_renewed(source: &ServerSource, why: Code) -> Signalled {
    let fact = ConfigurationFact::SourceNotRenewed { target: host(source.url()), why };
    Signalled::Observed(Box::new(Fact::Configuration(fact)))
}

/// Why a source gave none.
fn why(facts: &[ConfigurationFact]) -> Code {
    let told = facts.iter().rev().find_map(|fact| match fact {
        ConfigurationFact::FaultyConfiguration { fault, .. } => Some(*fault),
        _ => None,
    });
    told.filter(|code| Code::OF_NO_SOURCE.contains(code)).unwrap_or(Code::SourceUnreachable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_out_is_asked_for_a_quarter_of_its_life_before_and_at_most_a_minute() {
        for (life_s, after_s) in [(40, Some(30)), (300, Some(240)), (3600, Some(3540)), (29, None), (0, None)] {
            assert_eq!(due(1000, 1000 + life_s), after_s.map(|after_s| 1000 + after_s), "{life_s}");
        }
        assert_eq!(due(1000, 900), None, "it is over");
    }
}
