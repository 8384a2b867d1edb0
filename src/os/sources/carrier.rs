//! From one step of a provider to what came of it, with a fact for each stage of the way.

use super::connection::{EventLink, HttpLink, SocketLink, StreamLink};
use crate::configuration::{Fault, TransportPolicy};
use crate::model::{ConfigurationFact, Failure, Millis, ServerUri, SourceRefusal};
use crate::os::byte_stream::BoxedStream;
use crate::os::clock::{Clock, unix_now};
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
                let connected = ConfigurationFact::SourceConnected { target: name, remote, took_ms, tls: Some(shown) };
                self.facts.push(connected);
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
        let _ = self.say(message).await;
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
            socket.close().await;
        }
    }

    fn demand(&self) -> tls::Demand {
        if self.insecure { tls::Demand::Any } else { tls::Demand::Trusted }
    }

    async fn connect(&mut self, url: &Url) -> Result<(BoxedStream, SocketAddr), Ending> {
        self.asked = (url.clone(), false);
        let began = self.clock.now();
        let (target, port) = place(url, &self.name_servers).await;
        let took_ms = |clock: Clock| Millis::from(clock.now().since(began));
        let addresses = match dns::addresses(&target, &self.name_servers).await {
            Ok(addresses) => addresses,
            Err(failure) => {
                let took_ms = took_ms(self.clock);
                self.facts.push(ConfigurationFact::SourceUnresolved { target, failure, took_ms });
                return Err(Ending::Failed);
            }
        };
        let is_secure = matches!(url.scheme(), "https" | "wss");
        let (demand, trust, limit) = (self.demand(), &self.trust, self.connect_limit);
        let name = &target;
        let connected = first_of(&addresses, port, self.clock, |to| async move {
            if !is_secure {
                let (stream, _) = tcp::connect(to, limit).await?;
                return Ok((Box::new(stream) as BoxedStream, to, None));
            }
            let server = tls::TlsServer { to: StreamRoute::Straight(to), name: name.clone(), demand };
            let (stream, shown) = tls::connect_http(&server, trust, limit).await?;
            Ok((stream, to, Some(shown)))
        })
        .await;
        let took_ms = took_ms(self.clock);
        match connected {
            Ok((stream, remote, tls)) => {
                self.asked.1 = true;
                self.facts.push(ConfigurationFact::SourceConnected { target, remote, took_ms, tls });
                Ok((stream, remote))
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
            life_s: offer.life_s,
            software: offer.software.clone(),
        });
        if offer.configuration.policy == TransportPolicy::Relay {
            self.facts.push(ConfigurationFact::RelayedCandidatesOnly);
        }
        self.facts.extend(offer.judged(source.url(), unix_now()).into_iter().map(super::fact));
        offer
    }
}

/// The host and the port that an address means.
async fn place(url: &Url, servers: &dns::NameServers) -> (String, u16) {
    let (host, (usual, service)) = (host(url), XMPP);
    let is_literal = host.parse::<IpAddr>().is_ok();
    match url.port_or_known_default() {
        Some(port) => (host, port),
        None if is_literal => (host, usual),
        None => {
            let named = dns::service(&format!("{service}{host}"), servers).await;
            named.unwrap_or((host, usual))
        }
    }
}

/// The host's name, or its address without the brackets of IPv6.
pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned()
}
