//! Our own STUN and TURN server on a host of the lab, for the lab's other hosts.

use super::super::embedded::{Announcing, self_signed};
use super::super::serving::{self, PASSWORD, USER};
use crate::desk::{Host, Lab};
use crate::machine::Dice;
use crate::os::{Options, World};
use crate::server::Server;
use anyhow::{Context, anyhow};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fs;
use std::net::IpAddr;
use std::sync::mpsc;

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
    let server = Server::new(serving::config(&addresses)?, dice.fork());
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
