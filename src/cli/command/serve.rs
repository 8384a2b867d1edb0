//! `serve`: the STUN (RFC 5780) and TURN server and the rooms in one process, for two ends to meet and to be tested.
//!
//! Safe until told otherwise: it listens on loopback, relays to nobody but between its own relays, and makes credentials
//! that end. The machines and the rooms have their own limits ([`crate::server::Limits`], [`rooms::Config`]).

mod access;
mod announcement;
mod bind_error;
mod certificate;
mod config;
mod fresh_servers;
mod listen_addresses;

use crate::cli::args::serve::ServeArgs;
use crate::cli::args::shared::SourceArgs;
use crate::cli::environment::Environment;
#[cfg(target_os = "linux")]
use crate::cli::environment::raise_descriptors;
use crate::cli::exit;
use crate::cli::io::destination::{Destination, Kind};
use crate::cli::io::documents::{cannot_print, deliver};
use crate::cli::io::printer::Printer;
use crate::cli::io::{settings, sources, stop};
use crate::cli::refusal::Refusal;
use crate::machine::Rng;
use crate::model::{SERVE_SCHEMA, Target, Transport, masked_uri};
use crate::os::rooms::{self, Listening};
use crate::os::{HANDSHAKES, Options, OsWorld, entropy, interfaces, unix_now};
use crate::report::escape::escape;
use crate::report::json;
use crate::run::{Bound, ReadyServer};
use crate::server::{Limits, StunTurnServer};
use crate::signal::address::Address;
use access::{CredentialSecret, Offer, SHOWN_FOR};
use announcement::{AnnouncedCertificate, Announcement, Remarks, Uris};
use certificate::ServedCertificate;
use fresh_servers::FreshServers;
use futures_util::future::join_all;
use listen_addresses::ListenAddress;
use std::net::{Ipv6Addr, SocketAddr};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

/// What could not be opened is told of in so many lines.
const FAILURES_MAX: usize = 4;

/// Everything that is known before the first socket is opened.
struct ServePlan {
    addresses: Vec<ListenAddress>,
    name: Option<String>,
    http_port: u16,
    secret: CredentialSecret,
    certificate: Option<ServedCertificate>,
    allow_peer: Vec<String>,
    any_room: bool,
    /// How many files may be open, where the system says so.
    descriptors: Option<u64>,
}

impl ServePlan {
    fn only_this_machine(&self) -> bool {
        self.addresses.iter().all(|address| address.own.is_loopback())
    }

    /// Rooms carry credentials. On loopback nobody is between, and a certificate of our own only frightens browsers.
    fn secures_rooms(&self) -> bool {
        self.certificate.as_ref().is_some_and(|certificate| certificate.own.is_none() || !self.only_this_machine())
    }

    /// The URL of the rooms, without a room.
    fn base(&self, port: u16) -> String {
        let first = self.addresses.first().map(|address| address.told().to_string()).unwrap_or_default();
        let host = self.name.clone().unwrap_or(first);
        let host = if host.parse::<Ipv6Addr>().is_ok() { format!("[{host}]") } else { host };
        match &self.certificate {
            Some(certificate) if self.secures_rooms() => {
                let pin = certificate.own.as_ref().map(|_| format!("#sha256={}", certificate.fingerprint()));
                format!("https://{host}:{port}{}", pin.unwrap_or_default())
            }
            _ => format!("http://{host}:{port}"),
        }
    }
}

pub(crate) async fn serve(args: ServeArgs, mut environment: Environment, printer: &mut Printer) -> Result<u8, Refusal> {
    let json = args.json.as_deref().map(|path| Destination::prepare(path, Kind::Serving, args.force)).transpose()?;
    printer.keep_stdout_for_a_document(matches!(json, Some(Destination::Stdout)));
    let mut warnings = Vec::new();
    let addresses = listen_addresses::listen_addresses(&args.listen, &args.public_address, &interfaces())?;
    let name = args.name.as_deref().map(name).transpose()?;
    let certificate = ServedCertificate::of(&args, &addresses, &mut environment, &mut warnings)?;
    let (secret, access) = CredentialSecret::of(&args, &mut environment, &mut warnings)?;
    let plan = ServePlan {
        addresses,
        name,
        http_port: args.http_port,
        secret,
        certificate,
        allow_peer: args.allow_peer.clone(),
        any_room: args.relay_for_any_room,
        descriptors: allow_many_sockets(),
    };
    let peers = access::peers(&args.allow_peer, plan.only_this_machine())?;
    let config = config::config(&args, &plan.addresses, access, peers)?;
    let fresh = fresh_servers(&args, &mut environment, &mut warnings)?;
    for warning in warnings {
        printer.tell(&format!("warning: {warning}"));
    }

    let identity = plan.certificate.as_ref().map(|certificate| certificate.identity.clone());
    let world = OsWorld::new(Options { identity, ..Options::default() })
        .map_err(|error| Refusal::usage(format!("--cert and --key: {}", escape(&error.to_string(), false))))?;
    let seed = entropy().ok_or_else(|| Refusal::internal("the system gives no random bytes"))?;
    let (mut server, ready) = ReadyServer::new(StunTurnServer::new(config, Rng::new(seed)));
    let (end, ended) = watch::channel(false);
    let serving = world.run(&mut server, over(ended), |_, _, _| {});
    let running = async {
        let outcome = run(&plan, &world, ready, json, fresh, printer, &end).await;
        end.send_replace(true);
        outcome
    };
    let ((), outcome) = tokio::join!(serving, running);
    outcome.map(|()| 0)
}

/// The application's own sources, and what they tell the operator.
type Fresh = Option<(Arc<FreshServers>, mpsc::UnboundedReceiver<String>)>;

fn fresh_servers(
    args: &ServeArgs,
    environment: &mut Environment,
    warnings: &mut Vec<String>,
) -> Result<Fresh, Refusal> {
    let SourceArgs { ice_from, shown } = &args.sources;
    if args.password_stdin && shown.ice_secret_stdin {
        return Err(Refusal::usage("--password-stdin and --ice-secret-stdin cannot both read standard input"));
    }
    let named = sources::read(ice_from, "--ice-from", shown, environment, warnings)?;
    if named.is_empty() {
        return Ok(None);
    }
    let (further_roots, proxy) = (settings::roots(&args.ca, environment)?, settings::proxy(environment, warnings));
    let options = Options { further_roots, proxy, ..Options::default() };
    let lang = environment.style(false).lang;
    let (fresh, told) = FreshServers::new(named, options, lang)
        .map_err(|error| Refusal::usage(format!("--ca: {}", escape(&error.to_string(), false))))?;
    Ok(Some((Arc::new(fresh), told)))
}

/// Tells the operator what there is to tell, as it comes, for as long as it is waited for.
async fn tell_all(told: Option<&mut mpsc::UnboundedReceiver<String>>, printer: &mut Printer) {
    if let Some(told) = told {
        while let Some(text) = told.recv().await {
            printer.tell(&format!("warning: {text}"));
        }
    }
    std::future::pending().await
}

/// Ready when it is to end.
async fn over(mut ended: watch::Receiver<bool>) {
    // Its sender outlives everything that waits.
    let _ = ended.wait_for(|ended| *ended).await;
}

/// Once the server serves: opens the rooms, says where everything is, and goes on until it is to end.
async fn run(
    plan: &ServePlan,
    world: &OsWorld,
    ready: oneshot::Receiver<Bound>,
    json: Option<Destination>,
    fresh: Fresh,
    printer: &mut Printer,
    end: &watch::Sender<bool>,
) -> Result<(), Refusal> {
    let bound = ready.await.map_err(|_| Refusal::internal("the server ended before it served"))?;
    check(&bound)?;
    for not in &bound.left_out {
        let why = bind_error::sentence("UDP", not.at, &not.failure, "--echo-port");
        printer.tell(&format!("warning: {why}; nothing is sent back there"));
    }
    let listening = listen(plan, world)?;
    let at: Vec<SocketAddr> = listening.iter().map(Listening::local).collect();
    let port = at.first().map(SocketAddr::port).unwrap_or_default();
    let uris = Uris::of(&bound.addresses, &plan.addresses, plan.name.as_deref());
    let chance = entropy().ok_or_else(|| Refusal::internal("the system gives no random bytes"))?;
    let room = Address::new_room(&plan.base(port), chance).map_err(|error| Refusal::internal(error.to_string()))?;

    let is_own = plan.certificate.as_ref().is_some_and(|certificate| certificate.own.is_some());
    // Who is offered a server trusts certificates by its own means, and knows nothing of ours.
    let turn = if is_own { uris.turn.clone() } else { [uris.turn.as_slice(), &uris.turns].concat() };
    let only = (!plan.any_room).then(|| room.id.clone());
    let offer = Offer::new(plan.secret.clone(), uris.stun.clone(), turn, only);
    let complete = bound.addresses.udp.iter().filter(|site| site.is_rfc5780);
    let mut rfc5780: Vec<_> = complete.flat_map(|site| site.open.iter().map(|at| told(plan, *at))).collect();
    rfc5780.dedup();
    rfc5780.truncate(2);
    let shown = Announcement {
        schema: SERVE_SCHEMA,
        room: room.to_string(),
        uris: uris.all(),
        ice_servers: offer.shown(),
        expires_unix: unix_now() + SHOWN_FOR.as_secs(),
        sockets: announcement::sockets(&bound.addresses, &at, if room.secure { "https" } else { "http" }),
        rfc5780: !rfc5780.is_empty(),
        certificate: plan.certificate.as_ref().map(AnnouncedCertificate::of),
    };
    let sources = fresh.as_ref().map(|(fresh, _)| fresh.shown()).unwrap_or_default();
    let mut echo: Vec<u16> = bound.addresses.echo.iter().map(SocketAddr::port).collect();
    echo.sort_unstable();
    echo.dedup();
    let (peers, only_this_machine) = (&plan.allow_peer[..], plan.only_this_machine());
    let remarks = Remarks { rfc5780, peers, only_this_machine, echo, sources: &sources };
    let text = announcement::text(&shown, &uris, &remarks);

    let usual = rooms::Config::default();
    let connections = usual.connections.of_at_most(room_connections(plan.descriptors));
    let config = rooms::Config { names: plan.name.iter().cloned().collect(), connections, ..usual };
    let (fresh, mut told) = fresh.unzip();
    let asked = fresh.clone();
    let rooms = rooms::RoomServer::fetching(config, move |id| {
        let (own, fresh) = (offer.to_room(id), asked.clone().filter(|_| offer.may_relay(id)));
        async move {
            let fetched = match fresh {
                Some(fresh) => fresh.for_a_visitor().await,
                None => Vec::new(),
            };
            if fetched.is_empty() { own } else { fetched }
        }
    });
    rooms.reserve(room.id.clone());
    let serving = join_all(listening.into_iter().map(|listening| rooms.serve(listening, over(end.subscribe()))));
    // Who has read the document may stop the server at once.
    let stopped = stop::requested();
    let running = async {
        // The document last: whoever waits for it may use what it says.
        let said = printer.people(&text).map_err(|error| cannot_print(&error));
        let document = json::write(&shown, false)
            .map_err(|error| Refusal::cannot_write(format!("cannot write it as JSON: {error}")));
        let outcome = said.and(document).and_then(|document| match &json {
            Some(destination) => deliver(destination, &document, printer),
            None => Ok(()),
        });
        if outcome.is_ok() {
            tokio::select! {
                () = stopped => {}
                () = tell_all(told.as_mut(), printer) => {}
            }
        }
        end.send_replace(true);
        outcome
    };
    let (_, outcome) = tokio::join!(serving, running);
    if let Some(fresh) = fresh {
        fresh.leave().await.iter().for_each(|left| printer.tell(&format!("warning: {left}")));
    }
    outcome
}

/// The address by which others reach this one.
fn told(plan: &ServePlan, own: SocketAddr) -> std::net::IpAddr {
    plan.addresses.iter().find(|address| address.own == own.ip()).map_or(own.ip(), ListenAddress::told)
}

fn check(bound: &Bound) -> Result<(), Refusal> {
    let failures = bound.failures.iter().map(|not| {
        let (what, option) = match not.transport {
            Transport::Tls => ("TLS", "--tls-port"),
            Transport::Tcp => ("TCP", "--port"),
            Transport::Udp | Transport::Dtls => ("UDP", "--port"),
        };
        bind_error::sentence(what, not.at, &not.failure, option)
    });
    let failures: Vec<String> = failures.take(FAILURES_MAX).collect();
    if failures.is_empty() { Ok(()) } else { Err(cannot_listen(failures.join("\nerror: "))) }
}

fn cannot_listen(message: String) -> Refusal {
    Refusal::new(exit::COULD_NOT_TELL, message)
}

/// Listens at every address, on one port.
fn listen(plan: &ServePlan, world: &OsWorld) -> Result<Vec<Listening>, Refusal> {
    let mut all: Vec<Listening> = Vec::new();
    for address in &plan.addresses {
        let port = all.first().map_or(plan.http_port, |first| first.local().port());
        let at = SocketAddr::new(address.own, port);
        let listening = world.listen(at, plan.secures_rooms());
        let refuse = |failure| cannot_listen(bind_error::sentence("HTTP", at, &failure, "--http-port"));
        all.push(listening.map_err(refuse)?);
    }
    Ok(all)
}

/// A name that a URI can have.
fn name(text: &str) -> Result<String, Refusal> {
    match format!("stun:{text}").parse::<Target>() {
        Ok(Target { host, port: None, transport: Transport::Udp, .. }) => Ok(host),
        _ => Err(Refusal::usage(format!("--name {}: not a host's name", escape(&masked_uri(text), false)))),
    }
}

/// Each end of a room holds a connection or two and a relay a socket: far more than the 1,024 files that a process may
/// usually have open before it asks. How many it may have then, where the system says so.
fn allow_many_sockets() -> Option<u64> {
    #[cfg(target_os = "linux")]
    {
        const WANTED: u64 = 16_384;
        raise_descriptors(WANTED)
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// How many connections the rooms may hold, so that the files that are left suffice for all streams, handshakes and
/// allocations of the server, and for what it does itself.
fn room_connections(descriptors: Option<u64>) -> usize {
    const OWN: usize = 64;
    const LEAST: usize = 32;
    let Limits { streams, allocations, .. } = Limits::default();
    let others = streams.all + allocations.all + HANDSHAKES.all + OWN;
    let all = descriptors.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    all.saturating_sub(others).max(LEAST)
}
