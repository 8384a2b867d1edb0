//! Our own STUN and TURN server on a host of the lab, for the lab's other hosts.

use super::super::embedded::{Announcing, self_signed};
use crate::desk::{Host, Lab};
use crate::machine::Dice;
use crate::os::{Options, World};
use crate::server::{Access, Config, Limits, Peers, Relaying, Server, UdpSite};
use anyhow::{Context, anyhow};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::sync::mpsc;

/// No secret: nobody but the programs of the lab can reach the server.
const USER: &str = "lab";
const PASSWORD: &str = "lab";

const PORT: u16 = 3478;
/// The second one of RFC 5780 §3; RFC 8489 §18.6 has 3478 and 5349 only.
const SECOND_PORT: u16 = 3479;
const TLS_PORTS: [u16; 2] = [5349, 443];

/// The server's certificate, in the lab's folder.
const CERTIFICATE: &str = "ca.pem";

/// Returns when it serves; it goes on as long as the lab does.
pub(super) async fn start(lab: &Lab, host: &Host, dice: &mut Dice) -> anyhow::Result<()> {
    let addresses: Vec<IpAddr> = host.seat.addresses().copied().collect();
    let (identity, certificate) = self_signed(&addresses, Some(&host.seat.name))?;
    let folded: Vec<u8> = STANDARD.encode(&certificate).into_bytes().chunks(64).collect::<Vec<_>>().join(&b'\n');
    let pem = [b"-----BEGIN CERTIFICATE-----\n", folded.as_slice(), b"\n-----END CERTIFICATE-----\n"].concat();
    fs::write(lab.folder().join(CERTIFICATE), pem).context("the server's certificate cannot be written")?;

    let world = World::new(Options { identity: Some(identity), ..Options::default() })?;
    let server = Server::new(config(&addresses)?, dice.fork());
    let (mut server, is_ready) = Announcing::new(server);
    let (failed, failure) = mpsc::channel();
    host.thread(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        match runtime {
            Ok(runtime) => {
                runtime.block_on(world.run(&mut server, std::future::pending(), |_, _, _| {}));
            }
            Err(error) => drop(failed.send(error)),
        }
    })?;
    match is_ready.await {
        Ok(_) => Ok(()),
        Err(_) => Err(failure.try_recv().map_or_else(|_| anyhow!("the lab's server ended"), anyhow::Error::from)),
    }
}

fn config(addresses: &[IpAddr]) -> anyhow::Result<Config> {
    let at = |port: u16| addresses.iter().map(move |address| SocketAddr::new(*address, port));
    let site = |is_family: fn(&IpAddr) -> bool| {
        let mut own = addresses.iter().copied().filter(is_family);
        let (address, second_address) = (own.next()?, own.next());
        let second_port = second_address.map(|_| SECOND_PORT);
        Some(UdpSite { address, port: PORT, second_address, second_port })
    };
    let access = Access::new("rtc-doctor.invalid")?.with_user(USER, PASSWORD)?;
    // The lab has no other hosts than its own.
    let peers = Peers::from_iter(["0.0.0.0/0".parse()?, "::/0".parse()?]);
    let relaying = Relaying {
        access,
        peers,
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
        tcp: at(PORT).collect(),
        tls: TLS_PORTS.into_iter().flat_map(at).collect(),
        relaying: Some(relaying),
        limits: Limits::default(),
    })
}

/// How a check with this server is run.
pub(super) fn usage(lab: &Lab, name: &str, client: &str, server: &str) -> String {
    let host = lab.desk().host(server);
    let address = host.and_then(|host| host.seat.addresses().next().copied());
    let address = address.map_or_else(
        || server.to_owned(),
        |address| match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        },
    );
    let certificate = lab.folder().join(CERTIFICATE);
    format!(
        "\nits server speaks STUN and TURN (user {USER}, password {PASSWORD}):\n  \
         RTC_DOCTOR_PASSWORD={PASSWORD} rtc-doctor lab run {name} {client} -- rtc-doctor check --user {USER} \\\n    \
         turn:{address} 'turns:{address}:443?transport=tcp' --ca {}\n",
        certificate.display()
    )
}
