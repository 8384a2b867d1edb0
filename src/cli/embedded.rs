//! The embedded server beside a check: our own STUN and TURN on this machine's loopback, for one run, for us alone.

use crate::machine::{Input, Instant, Machine, Output, Rng};
use crate::model::{Scheme, Target, Transport};
use crate::os::{Identity, Options, OsWorld, entropy, interfaces};
use crate::probe::Planned;
use crate::server::{Access, BoundAddresses, Config, NotBound, Peers, Relaying, StunTurnServer, UdpSite};
use crate::turn::Credentials;
use anyhow::{Context, anyhow};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use rcgen::{CertificateParams, KeyPair, SanType};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::sync::oneshot;

/// RFC 5780 needs two addresses; all of 127.0.0.0/8 is this machine on Linux.
const FIRST: Ipv4Addr = Ipv4Addr::LOCALHOST;
const SECOND: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const REALM: &str = "rtc-doctor.invalid";
const USER: &str = "rtc-doctor";

/// The server, not yet running.
pub(super) struct Embedded {
    world: OsWorld,
    server: Announcing,
    is_ready: oneshot::Receiver<Bound>,
    password: String,
    /// Its certificate (DER), to be trusted for this run.
    pub(super) root: Vec<u8>,
}

/// What a check is told of it once it serves.
pub(super) struct Serving {
    is_ready: oneshot::Receiver<Bound>,
    password: String,
}

impl Embedded {
    pub(super) fn new(mut rng: Rng) -> anyhow::Result<Self> {
        let (identity, root) = self_signed(&[FIRST.into(), SECOND.into(), Ipv6Addr::LOCALHOST.into()], &[])?;
        let world = OsWorld::new(Options { identity: Some(identity), ..Options::default() })?;

        let secret: [u8; 18] = entropy().ok_or_else(|| anyhow!("the system gives no random bytes"))?;
        let password = STANDARD_NO_PAD.encode(secret);
        let (server, is_ready) = Announcing::new(StunTurnServer::new(config(&password)?, rng.fork()));
        Ok(Self { world, server, is_ready, password, root })
    }

    /// Two halves: a future that serves until it is dropped, and what a check needs of it.
    pub(super) fn start(self) -> (impl Future<Output = ()>, Serving) {
        let Self { world, mut server, is_ready, password, .. } = self;
        let serving = async move { world.run(&mut server, std::future::pending(), |_, _, _| {}).await };
        (serving, Serving { is_ready, password })
    }
}

impl Serving {
    /// Waits until it serves: the servers to ask.
    pub(super) async fn servers(self) -> anyhow::Result<Vec<Planned>> {
        let Bound { addresses, .. } = self.is_ready.await.context("the embedded server ended before it served")?;
        if addresses.udp.iter().all(|site| site.open.is_empty()) {
            return Err(anyhow!(
                "the embedded server could open no UDP port on {FIRST}: is the loopback interface up?"
            ));
        }
        let credentials = Credentials::LongTerm { username: USER.to_owned(), password: self.password };
        let planned = |scheme, transport, at: SocketAddr| {
            let target = Target { scheme, host: at.ip().to_string(), port: Some(at.port()), transport };
            Planned { target, credentials: Some(credentials.clone()) }
        };
        let udp: Vec<SocketAddr> = addresses.udp.iter().filter_map(|site| site.open.first().copied()).collect();
        let stun = udp.iter().map(|at| planned(Scheme::Stun, Transport::Udp, *at));
        let turn = udp.iter().map(|at| planned(Scheme::Turn, Transport::Udp, *at));
        let tcp = addresses.tcp.iter().map(|at| planned(Scheme::Turn, Transport::Tcp, *at));
        let tls = addresses.tls.iter().map(|at| planned(Scheme::Turns, Transport::Tls, *at));
        Ok(stun.chain(turn).chain(tcp).chain(tls).collect())
    }
}

fn config(password: &str) -> anyhow::Result<Config> {
    let any_port = |ip| SocketAddr::new(ip, 0);
    let has_ipv6 = interfaces()
        .iter()
        .flat_map(|interface| &interface.addresses)
        .any(|address| address.address == IpAddr::V6(Ipv6Addr::LOCALHOST));
    let mut udp = vec![UdpSite::behaviour(FIRST.into(), SECOND.into())];
    if has_ipv6 {
        udp.push(UdpSite::single(any_port(Ipv6Addr::LOCALHOST.into())));
    }
    let access = Access::new(REALM)?.with_user(USER, password)?;
    // Only this machine's loopback may be relayed to.
    let peers = Peers::from_iter(["127.0.0.0/8".parse()?, "::1/128".parse()?]);
    let relaying = Relaying {
        access,
        peers,
        between_relays: true,
        ipv4: Some(FIRST),
        ipv6: has_ipv6.then_some(Ipv6Addr::LOCALHOST),
        ports: None,
    };
    let stream = vec![any_port(FIRST.into())];
    Ok(Config { udp, tcp: stream.clone(), tls: stream, relaying: Some(relaying), ..Config::default() })
}

/// A certificate of its own for a server at these addresses and of these names: to be shown, and (DER) to be trusted.
pub(super) fn self_signed(addresses: &[IpAddr], names: &[&str]) -> anyhow::Result<(Identity, Vec<u8>)> {
    let mut params = CertificateParams::default();
    params.subject_alt_names = addresses.iter().copied().map(SanType::IpAddress).collect();
    for name in names {
        let name = (*name).try_into().context("the server's name is none for the DNS")?;
        params.subject_alt_names.push(SanType::DnsName(name));
    }
    let key = KeyPair::generate().context("no key for the embedded server's certificate")?;
    let certificate = params.self_signed(&key).context("no certificate for the embedded server")?;
    let root = certificate.der().to_vec();
    Ok((Identity { chain: vec![root.clone()], key: key.serialize_der() }, root))
}

/// RFC 7468 §2.
pub(super) fn pem(certificate: &[u8]) -> String {
    const LINE: usize = 64;
    let folded: Vec<u8> = STANDARD.encode(certificate).into_bytes().chunks(LINE).collect::<Vec<_>>().join(&b'\n');
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", String::from_utf8_lossy(&folded))
}

/// What the server has opened, and what it could not.
pub(super) struct Bound {
    pub(super) addresses: BoundAddresses,
    pub(super) failures: Vec<NotBound>,
}

/// The server, which says once where it serves.
pub(super) struct Announcing {
    server: StunTurnServer,
    ready: Option<oneshot::Sender<Bound>>,
}

impl Announcing {
    pub(super) fn new(server: StunTurnServer) -> (Self, oneshot::Receiver<Bound>) {
        let (ready, is_ready) = oneshot::channel();
        (Self { server, ready: Some(ready) }, is_ready)
    }
}

impl Machine for Announcing {
    fn handle(&mut self, now: Instant, input: Input) {
        self.server.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        let output = self.server.poll();
        if let (Output::Wait(_), true) = (&output, self.server.is_ready())
            && let Some(ready) = self.ready.take()
        {
            // Nobody waits any more when the check has ended first.
            let (addresses, failures) = (self.server.addresses(), self.server.failures().to_vec());
            let _ = ready.send(Bound { addresses, failures });
        }
        output
    }
}
