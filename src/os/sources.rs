//! Carries what a source of ICE servers is asked over DNS, TCP and TLS of our own, so that each stage is seen: the world's
//! side of [`crate::source`].
//!
//! Whatever a source does, it is heard for a limited time and to a limited size.

mod carrier;
mod connection;
mod held;
mod renewal;

pub use held::HeldSource;
pub use renewal::{UsedSource, keep_fresh};

use super::clock::within;
use super::{OsWorld, entropy};
use crate::configuration::Fault;
use crate::model::ConfigurationFact;
use crate::source::{ServerSource, SourceHeard, SourceOffer, SourceSecrets};
use carrier::{Carrier, Ending};
use std::time::Duration;

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
        Some(Some(Ending::Offer(found))) => offer = Some(carrier.offered(source, *found)),
        Some(Some(Ending::Refused(fault))) => carrier.facts.push(fact(*fault)),
        Some(Some(Ending::Left(faults))) => carrier.facts.extend(faults.into_iter().map(fact)),
        Some(Some(Ending::Failed)) | None => {}
        Some(None) => carrier.gave_up(),
    }
    let facts = std::mem::take(&mut carrier.facts);
    let is_held = offer.as_ref().is_some_and(|offer| offer.is_held);
    if is_held {
        return AskedSource { facts, offer, held: Some(HeldSource::keep(carrier, provider)) };
    }
    let left = held::leave(&mut carrier, provider.as_mut()).await;
    carrier.rest().await;
    AskedSource { facts: [facts, left].concat(), offer, held: None }
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
