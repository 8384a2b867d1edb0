//! What is said of a server that serves: a document for programs, and lines for people.

use super::certificate::ServedCertificate;
use super::listen_addresses::ListenAddress;
use crate::model::{Scheme, Target, Transport};
use crate::server::{BoundAddresses, UdpAddresses};
use crate::signal::rooms::frames::RtcIceServer;
use serde::Serialize;
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

/// What `serve --json` tells programs. There are credentials in it.
#[derive(Serialize)]
pub(crate) struct Announcement {
    pub(crate) schema: &'static str,
    /// A fresh room: whoever knows its address may enter.
    pub(crate) room: String,
    pub(crate) uris: Vec<String>,
    /// The servers as an RTCConfiguration has them (webrtc-pc §4.2.1).
    #[serde(rename = "iceServers")]
    pub(crate) ice_servers: Vec<RtcIceServer>,
    /// When the credentials expire, in seconds since 1970.
    pub(crate) expires_unix: u64,
    pub(crate) sockets: Vec<ServedSocket>,
    /// Whether CHANGE-REQUEST is obeyed and OTHER-ADDRESS sent, on some address.
    pub(crate) rfc5780: bool,
    pub(crate) certificate: Option<AnnouncedCertificate>,
}

/// RTCConfiguration, as far as a server fills it in.
#[derive(Serialize)]
struct ServedConfiguration<'a> {
    #[serde(rename = "iceServers")]
    ice_servers: &'a [RtcIceServer],
}

#[derive(Serialize)]
pub(crate) struct ServedSocket {
    protocol: &'static str,
    address: SocketAddr,
}

#[derive(Serialize)]
pub(crate) struct AnnouncedCertificate {
    /// The SHA-256 fingerprint of the leaf's DER, in hex.
    sha256: String,
    /// The certificate itself, where nobody but itself has signed it.
    pem: Option<String>,
}

impl AnnouncedCertificate {
    pub(crate) fn of(certificate: &ServedCertificate) -> Self {
        Self { sha256: certificate.fingerprint(), pem: certificate.own.clone() }
    }
}

/// Every socket that was opened; `rooms` with their protocol.
pub(crate) fn sockets(
    addresses: &BoundAddresses,
    rooms: &[SocketAddr],
    rooms_protocol: &'static str,
) -> Vec<ServedSocket> {
    let of = |protocol| move |address: &SocketAddr| ServedSocket { protocol, address: *address };
    let udp = addresses.udp.iter().flat_map(|site| &site.open).chain(&addresses.echo).map(of("udp"));
    let streams = addresses.tcp.iter().map(of("tcp")).chain(addresses.tls.iter().map(of("tls")));
    udp.chain(streams).chain(rooms.iter().map(of(rooms_protocol))).collect()
}

/// The URIs by which others reach the server: under its name, or else its first address of each family.
pub(crate) struct Uris {
    pub(crate) stun: Vec<String>,
    pub(crate) turn: Vec<String>,
    /// TURN over TLS.
    pub(crate) turns: Vec<String>,
}

impl Uris {
    pub(crate) fn of(addresses: &BoundAddresses, listening: &[ListenAddress], name: Option<&str>) -> Self {
        let mut uris = Self { stun: Vec::new(), turn: Vec::new(), turns: Vec::new() };
        for is_family in [IpAddr::is_ipv4, IpAddr::is_ipv6] {
            let Some(address) = listening.iter().find(|address| is_family(&address.own)) else { continue };
            let host = name.map_or_else(|| address.told().to_string(), ToOwned::to_owned);
            let first = |site: &UdpAddresses| site.open.first().copied();
            let udp: Vec<SocketAddr> = addresses.udp.iter().filter_map(first).collect();
            let mut add = |scheme, transport, all: &[SocketAddr]| {
                let to = match scheme {
                    Scheme::Stun | Scheme::Stuns => &mut uris.stun,
                    Scheme::Turn => &mut uris.turn,
                    Scheme::Turns => &mut uris.turns,
                };
                for at in all.iter().filter(|at| at.ip() == address.own) {
                    let uri = Target { scheme, host: host.clone(), port: Some(at.port()), transport }.uri();
                    // Under one name both families have the same.
                    if !to.contains(&uri) {
                        to.push(uri);
                    }
                }
            };
            add(Scheme::Stun, Transport::Udp, &udp);
            add(Scheme::Turn, Transport::Udp, &udp);
            add(Scheme::Turn, Transport::Tcp, &addresses.tcp);
            add(Scheme::Turns, Transport::Tls, &addresses.tls);
        }
        uris
    }

    pub(crate) fn all(&self) -> Vec<String> {
        [self.stun.as_slice(), &self.turn, &self.turns].concat()
    }
}

/// What else people want to know.
pub(crate) struct Remarks<'a> {
    /// The addresses, as others call them, at which RFC 5780 is served.
    pub(crate) rfc5780: Vec<IpAddr>,
    /// The address ranges that are relayed to beside the relays themselves.
    pub(crate) peers: &'a [String],
    pub(crate) only_this_machine: bool,
    /// The UDP ports at which what comes is sent back, beside STUN's own.
    pub(crate) echo: Vec<u16>,
    /// Where the servers of a room's visitors come from, beside the server itself.
    pub(crate) sources: &'a [String],
}

/// What `serve` tells people: what is there, how it is used, and that it is for tests.
pub(crate) fn text(serving: &Announcement, uris: &Uris, remarks: &Remarks<'_>) -> String {
    let mut text =
        "A test server: it lasts as long as this program runs and keeps nothing. Not for production.\n".to_owned();
    let own = serving.certificate.as_ref().is_some_and(|certificate| certificate.pem.is_some());
    let _ = writeln!(text, "\nA room for two ends, who may enter knowing its address. On both machines:");
    let _ = writeln!(text, "  rtc-doctor call {}", serving.room);
    if own && serving.room.starts_with("https") {
        let _ = writeln!(text, "  (the part after # names the server's own certificate; browsers warn of it)");
    }
    if remarks.only_this_machine {
        let _ = writeln!(text, "Only this machine reaches the server; --listen lets others.");
    }
    if !remarks.sources.is_empty() {
        let sources = remarks.sources.join(", ");
        let _ = writeln!(text, "Who enters gets the servers of {sources}, asked anew for each.");
    }
    let _ = writeln!(text, "\nSTUN  {}", uris.stun.join("\n      "));
    match remarks.rfc5780.as_slice() {
        [] => {
            let _ = writeln!(text, "      without RFC 5780: that needs two addresses of one family");
        }
        addresses => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            let _ = writeln!(text, "      with RFC 5780, on {}", addresses.join(", "));
        }
    }
    if !remarks.echo.is_empty() {
        let ports: Vec<String> = remarks.echo.iter().map(u16::to_string).collect();
        let _ = writeln!(
            text,
            "ECHO  UDP {} and STUN's own ports: a checkup through this server sees what the network drops",
            ports.join(", ")
        );
    }
    let _ = writeln!(text, "TURN  {}", uris.turn.join("\n      "));
    for uri in &uris.turns {
        let _ = writeln!(text, "      {uri}{}", if own { "  (its own certificate)" } else { "" });
    }
    let peers = match remarks.peers {
        [] if remarks.only_this_machine => "this machine's loopback".to_owned(),
        [] => "no peers but its own relays; --allow-peer adds some".to_owned(),
        peers => format!("its own relays, and to {}", peers.join(", ")),
    };
    let _ = writeln!(text, "      relays to {peers}");
    let configuration = ServedConfiguration { ice_servers: &serving.ice_servers };
    let configuration = serde_json::to_string(&configuration).unwrap_or_default();
    let _ = writeln!(text, "\nFor --ice-servers and for RTCPeerConnection, good for a day:\n{configuration}");
    let _ = writeln!(text, "\nCtrl-C ends it.");
    text
}
