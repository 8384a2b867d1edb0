//! What did the proxy that this machine is set to use lead to?

use crate::model::{
    DnsFact, Fact, Failure, Observation, ObservationId, ProxyProblem, ProxyReach, Record, ServerUri, StreamFact,
};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// One server that was asked for through the proxy.
pub(crate) struct Proxied<'a> {
    pub id: ObservationId,
    pub uri: Option<&'a ServerUri>,
    pub proxy: Option<SocketAddr>,
    pub reached: Option<ProxyReach>,
    pub failure: Option<&'a Failure>,
}

impl<'a> Proxied<'a> {
    fn of(observation: &'a Observation) -> Option<Self> {
        match &observation.fact {
            Fact::Stream(StreamFact::Proxied { proxy, reached, failure, .. }) => Some(Self {
                id: observation.id,
                uri: observation.by.uri.as_ref(),
                proxy: *proxy,
                reached: *reached,
                failure: failure.as_ref(),
            }),
            _ => None,
        }
    }

    /// Whether the proxy itself was not reached.
    pub(crate) fn proxy_is_unreachable(&self) -> bool {
        self.failure.is_some_and(|failure| !matches!(failure, Failure::Proxy { .. } | Failure::Tls { .. }))
    }

    /// Whether the proxy wants to know first who asks.
    pub(crate) fn asks_login(&self) -> bool {
        matches!(self.failure, Some(Failure::Proxy { problem: ProxyProblem::AsksLogin }))
    }
}

/// All that was asked for through the proxy.
pub(crate) fn all(record: &Record) -> impl Iterator<Item = Proxied<'_>> {
    record.observations.iter().filter_map(Proxied::of)
}

/// The server that was reached furthest through the proxy, and what else answered there.
pub(crate) fn answering(record: &Record) -> Option<(Proxied<'_>, Vec<ObservationId>)> {
    let answered = || all(record).filter(|proxied| proxied.reached.is_some());
    // Of equals the first: the order of the list is that of the application.
    let best = answered().reduce(|best, other| if other.reached > best.reached { other } else { best })?;
    Some((best, answered().map(|proxied| proxied.id).collect()))
}

/// The relays behind the proxy that gave an allocation, as a call would use them.
pub(crate) fn relays(record: &Record) -> Vec<ObservationId> {
    let relays = all(record).filter(|proxied| proxied.reached >= Some(ProxyReach::Allocated));
    relays.map(|proxied| proxied.id).collect()
}

/// Whether an address of the server is known without the proxy.
pub(crate) fn is_located(record: &Record, proxied: &Proxied<'_>) -> bool {
    let is_it = |observation: &Observation| observation.by.uri.as_ref() == proxied.uri;
    let is_located = |observation: &Observation| matches!(observation.fact, Fact::Dns(DnsFact::Located { .. }));
    record.observations.iter().any(|observation| is_it(observation) && is_located(observation))
}

/// The addresses of the hosts that spoke through the proxy: these live.
pub(crate) fn alive(record: &Record) -> BTreeMap<IpAddr, ObservationId> {
    let answered: BTreeMap<_, _> = all(record)
        .filter(|proxied| proxied.reached.is_some())
        .filter_map(|proxied| Some((proxied.uri?, proxied.id)))
        .collect();
    let located = record.observations.iter().filter_map(|observation| match &observation.fact {
        Fact::Dns(DnsFact::Located { server }) => Some((server.ip(), *answered.get(observation.by.uri.as_ref()?)?)),
        _ => None,
    });
    located.collect()
}
