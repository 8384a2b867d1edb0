//! The STUN and TURN server of a lab: one configuration for simulated hosts and for real ones.
//!
//! UDP and TCP on port 3478, TLS on 5349 and 443.

use super::Error;
use crate::model::Target;
use crate::probe::Planned;
use crate::server::{Access, Config, Peers, Relaying, UdpSite};
use crate::turn::Credentials;
use std::net::{IpAddr, SocketAddr};

/// The user that the server knows. No secret: nobody but the programs of the lab can reach the server.
pub const USER: &str = "lab";
/// See [`USER`].
pub const PASSWORD: &str = "lab";

/// Short, so that a challenge with it is no larger than an answer to an unproven source may be.
const REALM: &str = "rtc-doctor";

const PORT: u16 = 3478;
/// The second one of RFC 5780 §3; RFC 8489 §18.6 has 3478 and 5349 only.
const SECOND_PORT: u16 = 3479;
/// TCP and TLS on 443 too, where much is let through.
const TCP_PORTS: [u16; 1] = [PORT];
const TLS_PORTS: [u16; 2] = [5349, 443];

/// STUN on the first two addresses of each family (RFC 5780 §3), and TURN on the first.
///
/// # Errors
/// [`Error::Server`], where the configuration is none that the server takes.
pub fn config(addresses: &[IpAddr]) -> Result<Config, Error> {
    let unusable = |error: &dyn std::fmt::Display| Error::Server(error.to_string());
    let at = |port: u16| addresses.iter().map(move |address| SocketAddr::new(*address, port));
    let site = |is_family: fn(&IpAddr) -> bool| {
        let mut own = addresses.iter().copied().filter(is_family);
        let (address, second_address) = (own.next()?, own.next());
        let second_port = second_address.map(|_| SECOND_PORT);
        Some(UdpSite { address, port: PORT, second_address, second_port })
    };
    let access = Access::new(REALM).and_then(|access| access.with_user(USER, PASSWORD));
    // The lab has no other hosts than its own.
    let everybody = ["0.0.0.0/0", "::/0"].into_iter().map(str::parse).collect::<Result<Peers, _>>();
    let relaying = Relaying {
        access: access.map_err(|error| unusable(&error))?,
        peers: everybody.map_err(|error| unusable(&error))?,
        between_relays: true,
        ports: None,
        ipv4: addresses.iter().find_map(|address| match address {
            IpAddr::V4(address) => Some(*address),
            IpAddr::V6(_) => None,
        }),
        ipv6: addresses.iter().find_map(|address| match address {
            IpAddr::V6(address) => Some(*address),
            IpAddr::V4(_) => None,
        }),
    };
    Ok(Config {
        udp: [site(IpAddr::is_ipv4), site(IpAddr::is_ipv6)].into_iter().flatten().collect(),
        tcp: TCP_PORTS.into_iter().flat_map(at).collect(),
        tls: TLS_PORTS.into_iter().flat_map(at).collect(),
        relaying: Some(relaying),
        ..Config::default()
    })
}

/// What a checkup asks of such a server where nobody says what to ask: STUN, and TURN over UDP, TCP and TLS. `host` is a name or
/// an address; an IPv6 address stands without brackets.
pub fn planned(host: &str) -> Vec<Planned> {
    let host = if host.parse::<std::net::Ipv6Addr>().is_ok() { format!("[{host}]") } else { host.to_owned() };
    let credentials = Credentials::LongTerm { username: USER.to_owned(), password: PASSWORD.to_owned() };
    let uris = [
        format!("stun:{host}:3478"),
        format!("turn:{host}:3478?transport=udp"),
        format!("turn:{host}:3478?transport=tcp"),
        format!("turns:{host}:443?transport=tcp"),
    ];
    let targets = uris.iter().filter_map(|uri| uri.parse::<Target>().ok());
    targets
        .map(|target| {
            let credentials = target.scheme.relays().then(|| credentials.clone());
            Planned { target, credentials }
        })
        .collect()
}
