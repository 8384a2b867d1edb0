//! A checkup against a server of its own: our STUN and TURN on this machine's loopback, for one run, for us alone.

use super::certificate::self_signed;
use super::checkup::drive;
use super::{Bound, Error, Extras, ReadyServer};
use crate::machine::Rng;
use crate::model::{Observation, Recording, Scheme, Target, Transport};
use crate::os::{Options, OsWorld, entropy, interfaces};
use crate::probe::{Plan, Planned};
use crate::server::{Access, BoundAddresses, Config, Peers, Relaying, StunTurnServer, UdpSite};
use crate::turn::Credentials;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// RFC 5780 needs two addresses; all of 127.0.0.0/8 is this machine on Linux.
const FIRST: Ipv4Addr = Ipv4Addr::LOCALHOST;
const SECOND: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const REALM: &str = "rtc-doctor";
const USER: &str = "rtc-doctor";

/// Starts a server on this machine's loopback, makes the checkup of `plan` against it, and ends the server.
///
/// The server's own URIs, over UDP, TCP and TLS, are added to the plan's servers, its certificate to the roots of
/// `options`; its password is random and lives as long as the run. `stop` and `observe` are as in [`super::checkup()`].
///
/// # Errors
/// [`Error::NoRandomBytes`], [`Error::Options`], [`Error::NoPort`] where loopback has no port to give, and what keeps
/// the server from being made or from going on.
pub async fn embedded(
    mut options: Options,
    mut plan: Plan,
    extras: Extras,
    stop: impl Future<Output = ()>,
    observe: impl FnMut(&Observation),
) -> Result<Recording, Error> {
    let mut rng = Rng::new(entropy().ok_or(Error::NoRandomBytes)?);
    let (identity, root) = self_signed(&[FIRST.into(), SECOND.into(), Ipv6Addr::LOCALHOST.into()], &[])?;
    options.identity = Some(identity);
    options.further_roots.push(root);
    let world = OsWorld::new(options)?;

    let secret: [u8; 18] = entropy().ok_or(Error::NoRandomBytes)?;
    let password = STANDARD_NO_PAD.encode(secret);
    let (mut server, is_ready) = ReadyServer::new(StunTurnServer::new(config(&password)?, rng.fork()));
    let serving = world.run(&mut server, std::future::pending(), |_, _, _| {});
    let check = async {
        let Bound { addresses, .. } = is_ready.await.map_err(|_| Error::ServerEnded)?;
        plan.servers.extend(servers(&addresses, password)?);
        Ok(drive(&world, plan, extras, &mut rng, stop, observe).await)
    };
    tokio::select! {
        recording = check => recording,
        () = serving => Err(Error::ServerEnded),
    }
}

/// What a checkup asks of the server.
fn servers(addresses: &BoundAddresses, password: String) -> Result<Vec<Planned>, Error> {
    let udp: Vec<SocketAddr> = addresses.udp.iter().filter_map(|site| site.open.first().copied()).collect();
    if udp.is_empty() {
        return Err(Error::NoPort(FIRST));
    }
    let credentials = Credentials::LongTerm { username: USER.to_owned(), password };
    let planned = |scheme, transport, at: SocketAddr| {
        let target = Target { scheme, host: at.ip().to_string(), port: Some(at.port()), transport };
        Planned { target, credentials: Some(credentials.clone()) }
    };
    let stun = udp.iter().map(|at| planned(Scheme::Stun, Transport::Udp, *at));
    let turn = udp.iter().map(|at| planned(Scheme::Turn, Transport::Udp, *at));
    let tcp = addresses.tcp.iter().map(|at| planned(Scheme::Turn, Transport::Tcp, *at));
    let tls = addresses.tls.iter().map(|at| planned(Scheme::Turns, Transport::Tls, *at));
    Ok(stun.chain(turn).chain(tcp).chain(tls).collect())
}

fn config(password: &str) -> Result<Config, Error> {
    let unusable = |error: &dyn std::fmt::Display| Error::Server(error.to_string());
    let any_port = |ip| SocketAddr::new(ip, 0);
    let has_ipv6 = interfaces()
        .iter()
        .flat_map(|interface| &interface.addresses)
        .any(|address| address.address == IpAddr::V6(Ipv6Addr::LOCALHOST));
    let mut udp = vec![UdpSite::behaviour(FIRST.into(), SECOND.into())];
    if has_ipv6 {
        udp.push(UdpSite::single(any_port(Ipv6Addr::LOCALHOST.into())));
    }
    let access = Access::new(REALM).and_then(|access| access.with_user(USER, password));
    // The server relays to this machine's loopback alone.
    let loopback = ["127.0.0.0/8", "::1/128"].into_iter().map(str::parse).collect::<Result<Peers, _>>();
    let relaying = Relaying {
        access: access.map_err(|error| unusable(&error))?,
        peers: loopback.map_err(|error| unusable(&error))?,
        between_relays: true,
        ipv4: Some(FIRST),
        ipv6: has_ipv6.then_some(Ipv6Addr::LOCALHOST),
        ports: None,
    };
    let stream = vec![any_port(FIRST.into())];
    Ok(Config { udp, tcp: stream.clone(), tls: stream, relaying: Some(relaying), ..Config::default() })
}
