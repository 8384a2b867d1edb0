//! Carries what a source of ICE servers is asked over DNS, TCP and TLS of our own, so that each stage is seen: the world's
//! side of [`crate::source`].
//!
//! Whatever a source does, it is heard for a limited time and to a limited size.

mod bounded;
mod carrier;
mod connection;
mod held;
mod renewal;

pub use held::HeldSource;
pub use renewal::{UsedSource, keep_fresh};

use super::clock::{Clock, unix_now, within};
use super::{OsWorld, entropy};
use crate::configuration::Fault;
use crate::model::{Code, ConfigurationFact, SourceRefusal};
use crate::source::{ServerSource, SourceHeard, SourceOffer, SourceSecrets, SourceStep};
use carrier::{Carrier, Ending};
use futures_util::FutureExt;
use serde_json::Value;
use std::time::Duration;

/// What stands in the place of a text with a secret in it.
const MASK: &str = "***";

/// What came of asking a source.
pub struct AskedSource {
    /// What was seen, in its order.
    pub facts: Vec<ConfigurationFact>,
    /// The servers, where there are any.
    pub offer: Option<SourceOffer>,
    /// What has to be given back when the servers are no longer in use.
    pub held: Option<HeldSource>,
}

/// Asks a source for its servers, within `limit`. Where `stop` is ready before that, what was made at the source is
/// given back and there is no offer. `insecure`: whether TLS goes on in spite of a certificate's fault.
pub async fn ask_source(
    world: &OsWorld,
    source: &ServerSource,
    secrets: &SourceSecrets,
    insecure: bool,
    limit: Duration,
    stop: impl Future<Output = ()>,
) -> AskedSource {
    let mut provider = source.provider(secrets);
    let mut carrier = Carrier::new(&world.resources, source, insecure);
    let ended = tokio::select! {
        ended = within(limit, carrier.carry(provider.as_mut(), SourceHeard::Begin)) => Some(ended),
        () = stop => None,
    };
    let mut offer = None;
    match ended {
        Some(Some(Ending::Offer(found))) => offer = Some(carrier.offered(source, found.without(secrets))),
        Some(Some(Ending::Refused(fault))) => carrier.facts.push(fact(*fault)),
        Some(Some(Ending::Left(faults))) => carrier.facts.extend(faults.into_iter().map(fact)),
        Some(Some(Ending::Failed)) | None => {}
        Some(None) => match provider.time_is_up() {
            Some(SourceStep::Offer(found)) => offer = Some(carrier.offered(source, found.without(secrets))),
            Some(SourceStep::Refuse(fault)) => carrier.facts.push(fact(*fault)),
            _ => carrier.gave_up(),
        },
    }
    let facts = std::mem::take(&mut carrier.facts);
    let is_held = offer.as_ref().is_some_and(|offer| offer.is_held);
    let (left, held) = match is_held {
        true => (Vec::new(), Some(HeldSource::keep(carrier, provider))),
        false => {
            let left = held::leave(&mut carrier, provider.as_mut()).await;
            carrier.rest().await;
            (left, None)
        }
    };
    let facts = facts.into_iter().chain(left).filter_map(|fact| unsaid(fact, secrets));
    AskedSource { facts: facts.collect(), offer, held }
}

/// Asks once more for what a source gave `first`, a second later, and tells where it gives everybody the same. For those
/// that make nothing. `limit` holds for the pause too.
pub async fn ask_again(
    world: &OsWorld,
    source: &ServerSource,
    secrets: &SourceSecrets,
    insecure: bool,
    first: &SourceOffer,
    limit: Duration,
    stop: impl Future<Output = ()>,
) -> Option<ConfigurationFact> {
    /// Times in user names are in whole seconds.
    const PAUSE: Duration = Duration::from_millis(1000);
    let stop = stop.shared();
    tokio::select! {
        () = stop.clone() => return None,
        () = Clock::start().pause(PAUSE) => {}
    }
    let left = limit.saturating_sub(PAUSE);
    let later = ask_source(world, source, secrets, insecure, left, stop).await.offer?;
    first.is_same_again(&later, unix_now()).then(|| fact(source.fault(Code::SourceCached, SourceRefusal::SameAgain)))
}

/// A fact without what a source says back of the secret that it was shown.
fn unsaid(fact: ConfigurationFact, secrets: &SourceSecrets) -> Option<ConfigurationFact> {
    let mut value = serde_json::to_value(&fact).ok()?;
    if !secrets.are_in(&value.to_string()) {
        return Some(fact);
    }
    mask(&mut value, secrets);
    serde_json::from_value(value).ok()
}

fn mask(value: &mut Value, secrets: &SourceSecrets) {
    match value {
        Value::String(text) if secrets.are_in(text) => *text = MASK.to_owned(),
        Value::Array(all) => all.iter_mut().for_each(|one| mask(one, secrets)),
        Value::Object(members) => members.values_mut().for_each(|one| mask(one, secrets)),
        _ => {}
    }
}

/// The same for one who is asked once more: what has to be made has a name of its own each time. None where the system gives
/// no random bytes.
pub fn afresh(secrets: &SourceSecrets) -> Option<SourceSecrets> {
    let fresh = entropy::<6>()?.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(SourceSecrets { fresh, ..secrets.clone() })
}

/// What is told of a source, as it stands in a record.
fn fact(Fault { code, severity, about }: Fault) -> ConfigurationFact {
    ConfigurationFact::FaultyConfiguration { fault: code, severity, about: about.into() }
}
