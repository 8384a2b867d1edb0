//! From one step of a provider to what came of it, with a fact for each stage of the way.

use super::bounded::Bounded;
use super::connection::{EventLink, HttpLink, SocketLink, StreamLink};
use crate::configuration::{Fault, TransportPolicy};
use crate::machine::{Proxy, ProxySetting};
use crate::model::{ConfigurationFact, Failure, Millis, ServerUri, SourceRefusal};
use crate::os::byte_stream::BoxedStream;
use crate::os::clock::{Clock, unix_now, within};
use crate::os::first_address::first_of;
use crate::os::resources::Resources;
use crate::os::route::StreamRoute;
use crate::os::{dns, tcp, tls};
use crate::source::{Provider, ServerSource, SourceHeard, SourceMessage, SourceOffer, SourceStep, WebRequest};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Origin, Url};

/// RFC 6120 §3.2: the port of XMPP where DNS names none, and what DNS is asked for by.
const XMPP: (u16, &str) = (5222, "_xmpp-client._tcp.");

/// What saying goodbye may take, or a word that nobody answers: whoever reads nothing keeps the writer waiting.
const WORD_LIMIT: Duration = Duration::from_millis(500);

/// How the steps of a provider end.
pub(super) enum Ending {
    Offer(Box<SourceOffer>),
    Refused(Box<Fault>),
    Left(Vec<Fault>),
    /// A step did not come through; a fact tells of it.
    Failed,
}

pub(super) struct Carrier {
    pub(super) facts: Vec<ConfigurationFact>,
    trust: Arc<tls::Trust>,
    name_servers: dns::NameServers,
    connect_limit: Duration,
    proxy: Option<ProxySetting>,
    insecure: bool,
    pub(super) clock: Clock,
    http: Option<(Origin, HttpLink)>,
    socket: Option<SocketLink>,
    events: Option<EventLink>,
    stream: Option<StreamLink>,
    /// Whom something is asked of, and whether it was connected to.
    asked: (Url, bool),
}

impl Carrier {
    pub(super) fn new(resources: &Resources, source: &ServerSource, insecure: bool) -> Self {
        Self {
            facts: Vec::new(),
            trust: Arc::clone(&resources.trust),
            name_servers: resources.name_servers.clone(),
            connect_limit: resources.connect_limit,
            proxy: resources.proxy.clone(),
            insecure,
            clock: Clock::start(),
            http: None,
            socket: None,
            events: None,
            stream: None,
            asked: (source.url().clone(), false),
        }
    }

    /// Does what the provider wants until it has come to an end.
    pub(super) async fn carry(&mut self, provider: &mut dyn Provider, first: SourceHeard) -> Ending {
        let mut heard = first;
        loop {
            heard = match self.perform(provider.next(unix_now(), heard)).await {
                Ok(heard) => heard,
                Err(ending) => return ending,
            };
        }
    }

    /// What came of a step.
    pub(super) async fn perform(&mut self, step: SourceStep) -> Result<SourceHeard, Ending> {
        match step {
            SourceStep::Ask(request) => self.ask(request).await,
            SourceStep::Follow(request) => self.follow(request).await,
            SourceStep::Open(request) => self.open(request).await,
            SourceStep::Connect(url) => {
                let (stream, remote) = self.connect(&url).await?;
                self.stream = Some(StreamLink { stream, remote });
                Ok(SourceHeard::Opened)
            }
            SourceStep::Secure(name) => self.secure(name).await,
            SourceStep::Say(message) => match self.say(message).await {
                Ok(()) => self.listen().await,
                Err(why) => self.failed(why),
            },
            SourceStep::Listen => self.listen().await,
            SourceStep::Offer(offer) => Err(Ending::Offer(offer)),
            SourceStep::Refuse(fault) => Err(Ending::Refused(fault)),
            SourceStep::Left(faults) => Err(Ending::Left(faults)),
        }
    }

    async fn ask(&mut self, request: WebRequest) -> Result<SourceHeard, Ending> {
        let origin = request.url.origin();
        let mut link = match self.http.take() {
            Some((known, link)) if known == origin && link.is_open() => link,
            _ => match HttpLink::new(self.connect(&request.url).await?.0).await {
                Ok(link) => link,
                Err(why) => return self.failed(why),
            },
        };
        self.asked = (request.url.clone(), true);
        let (target, method, began) = (host(&request.url), request.method.as_str().to_owned(), self.clock.now());
        match link.ask(request).await {
            Ok(answer) => {
                let (status, took_ms) = (answer.status, self.clock.now().since(began).into());
                self.facts.push(ConfigurationFact::SourceAnswered { target, method, status, took_ms });
                self.http = Some((origin, link));
                Ok(SourceHeard::Answered(answer))
            }
            Err(why) => self.failed(why),
        }
    }

    async fn follow(&mut self, request: WebRequest) -> Result<SourceHeard, Ending> {
        let (stream, _) = self.connect(&request.url).await?;
        let opened = match HttpLink::new(stream).await {
            Ok(link) => EventLink::open(link, request).await,
            Err(why) => Err(why),
        };
        match opened {
            Ok(Ok(events)) => {
                self.events = Some(events);
                self.listen().await
            }
            Ok(Err(answer)) => Ok(SourceHeard::Answered(answer)),
            Err(why) => self.failed(why),
        }
    }

    async fn open(&mut self, request: WebRequest) -> Result<SourceHeard, Ending> {
        let (stream, _) = self.connect(&request.url).await?;
        match SocketLink::open(stream, &request).await {
            Ok(Ok(socket)) => {
                self.socket = Some(socket);
                Ok(SourceHeard::Opened)
            }
            Ok(Err(answer)) => Ok(SourceHeard::Answered(answer)),
            Err(why) => self.failed(why),
        }
    }

    /// Begins TLS on the stream, with the server of this name.
    async fn secure(&mut self, name: String) -> Result<SourceHeard, Ending> {
        let Some(StreamLink { stream, remote }) = self.stream.take() else { return self.failed(SourceRefusal::Cut) };
        let began = self.clock.now();
        let secured = tls::secure(stream, &name, self.demand(), &self.trust, self.connect_limit).await;
        let took_ms = self.clock.now().since(began).into();
        match secured {
            Ok((stream, shown)) => {
                self.stream = Some(StreamLink { stream, remote });
                self.facts.push(ConfigurationFact::SourceConnected {
                    target: name,
                    remote,
                    through_proxy: false,
                    took_ms,
                    tls: Some(shown),
                });
                Ok(SourceHeard::Opened)
            }
            Err(failure) => {
                let port = remote.port();
                self.facts.push(ConfigurationFact::SourceNotConnected { target: name, port, failure, took_ms });
                Err(Ending::Failed)
            }
        }
    }

    async fn say(&mut self, message: SourceMessage) -> Result<(), SourceRefusal> {
        match (&mut self.socket, &mut self.stream) {
            (Some(socket), _) => socket.say(message).await,
            (None, Some(stream)) => stream.say(message).await,
            (None, None) => Err(SourceRefusal::Cut),
        }
    }

    /// Sends what nobody waits for an answer to.
    pub(super) async fn tell(&mut self, message: SourceMessage) {
        // That the connection is broken is seen where it is listened to.
        let _ = within(WORD_LIMIT, self.say(message)).await;
    }

    pub(super) async fn listen(&mut self) -> Result<SourceHeard, Ending> {
        let heard = match (&mut self.socket, &mut self.events, &mut self.stream) {
            (Some(socket), ..) => socket.listen().await,
            (None, Some(events), _) => events.listen().await,
            (None, None, Some(stream)) => stream.listen().await,
            (None, None, None) => Err(SourceRefusal::Cut),
        };
        heard.or_else(|why| self.failed(why))
    }

    /// Ends what is open, so that what is asked later goes over a fresh connection.
    pub(super) async fn rest(&mut self) {
        (self.http, self.events, self.stream) = (None, None, None);
        if let Some(mut socket) = self.socket.take() {
            within(WORD_LIMIT, socket.close()).await;
        }
    }

    fn demand(&self) -> tls::Demand {
        if self.insecure { tls::Demand::Any } else { tls::Demand::Trusted }
    }

    async fn connect(&mut self, url: &Url) -> Result<(BoxedStream, SocketAddr), Ending> {
        self.asked = (url.clone(), false);
        let mut places = places(url, &self.name_servers).await.into_iter();
        loop {
            let Some(place) = places.next() else { return Err(Ending::Failed) };
            let connected = self.connect_to(url, place).await;
            if connected.is_ok() || places.len() == 0 {
                return connected;
            }
        }
    }

    /// At one of the places that DNS names for a service.
    async fn connect_to(&mut self, url: &Url, place: (String, u16)) -> Result<(BoxedStream, SocketAddr), Ending> {
        let (target, port) = place;
        let began = self.clock.now();
        let took_ms = |clock: Clock| Millis::from(clock.now().since(began));
        let is_secure = matches!(url.scheme(), "https" | "wss");
        // What is not under TLS goes to this machine alone.
        let proxy = self.proxy.clone().filter(|proxy| is_secure && proxy.leads_to(&target, port));
        // A proxy looks up the name itself: who needs one to get out may have no other name server.
        let asked_name = proxy.as_ref().map_or(&target, |proxy| &proxy.host);
        let addresses = match dns::addresses(asked_name, &self.name_servers).await {
            Ok(addresses) => addresses,
            Err(failure) => {
                let (target, took_ms) = (asked_name.clone(), took_ms(self.clock));
                self.facts.push(ConfigurationFact::SourceUnresolved { target, failure, took_ms });
                return Err(Ending::Failed);
            }
        };
        let (demand, trust, limit) = (self.demand(), &self.trust, self.connect_limit);
        let (name, leading) = (&target, &proxy);
        let first_port = proxy.as_ref().map_or(port, |proxy| proxy.port);
        let connected = first_of(&addresses, first_port, self.clock, |to| async move {
            if !is_secure {
                let (stream, _) = tcp::connect(to, limit).await?;
                return Ok((Box::new(stream) as BoxedStream, to, None));
            }
            let route = match leading {
                Some(ProxySetting { kind, login, .. }) => {
                    let proxy = Proxy { kind: *kind, at: to, login: login.clone() };
                    StreamRoute::Through(proxy, name.clone(), port)
                }
                None => StreamRoute::Straight(to),
            };
            let server = tls::TlsServer { to: route, name: name.clone(), demand };
            let (stream, shown) = tls::connect_http(&server, trust, limit).await?;
            Ok((stream, to, Some(shown)))
        })
        .await;
        let (took_ms, through_proxy) = (took_ms(self.clock), proxy.is_some());
        match connected {
            Ok((stream, remote, tls)) => {
                self.asked.1 = true;
                self.facts.push(ConfigurationFact::SourceConnected { target, remote, through_proxy, took_ms, tls });
                Ok((Box::new(Bounded::new(stream)), remote))
            }
            Err(failure) => {
                self.facts.push(ConfigurationFact::SourceNotConnected { target, port, failure, took_ms });
                Err(Ending::Failed)
            }
        }
    }

    fn failed(&mut self, why: SourceRefusal) -> Result<SourceHeard, Ending> {
        let (target, took_ms) = (host(&self.asked.0), self.clock.now().since_start().into());
        self.facts.push(ConfigurationFact::SourceNotAnswered { target, why, took_ms });
        Err(Ending::Failed)
    }

    /// The time was up before the provider had come to an end.
    pub(super) fn gave_up(&mut self) {
        let (url, is_connected) = &self.asked;
        let (target, took_ms) = (host(url), self.clock.now().since_start().into());
        let port = url.port_or_known_default().unwrap_or_default();
        self.facts.push(if *is_connected {
            ConfigurationFact::SourceNotAnswered { target, why: SourceRefusal::Silent, took_ms }
        } else {
            ConfigurationFact::SourceNotConnected { target, port, failure: Failure::TimedOut, took_ms }
        });
    }

    /// Tells of an offer, and of what is wrong with it.
    pub(super) fn offered(&mut self, source: &ServerSource, offer: SourceOffer) -> SourceOffer {
        let servers = offer.configuration.asked().into_iter().map(|server| ServerUri::from(&server.target));
        self.facts.push(ConfigurationFact::SourceOffered {
            target: host(source.url()),
            servers: servers.collect(),
            life_s: offer.life_s(unix_now()),
            software: offer.software.clone(),
        });
        if offer.configuration.policy == TransportPolicy::Relay {
            self.facts.push(ConfigurationFact::RelayedCandidatesOnly);
        }
        self.facts.extend(offer.judged(source.url(), unix_now()).into_iter().map(super::fact));
        offer
    }
}

/// The hosts and ports that an address means, in the order in which they are to be tried; never none.
async fn places(url: &Url, servers: &dns::NameServers) -> Vec<(String, u16)> {
    let (host, (usual, service)) = (host(url), XMPP);
    let is_literal = host.parse::<IpAddr>().is_ok();
    let mut named = match url.port_or_known_default() {
        Some(port) => return vec![(host, port)],
        None if is_literal => Vec::new(),
        None => dns::services(&format!("{service}{host}"), servers).await,
    };
    if named.is_empty() {
        named.push((host, usual));
    }
    named
}

/// The host's name, or its address without the brackets of IPv6.
pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned()
}
