//! Sites of every kind around one internet, on which there are a coturn and the rooms of `rtc-doctor serve`.
//!
//! ```text
//! host 192.168.100.2 ── .1 router 198.51.100.1 ── 198.51.100.2 internet   203.0.113.10, .11  coturn
//! host 192.168.101.2 ── .1 router 198.51.100.5 ── 198.51.100.6            203.0.113.12       rooms, on TCP 443
//! ```

use crate::net::{ALTERNATE, Net, SERVER};
use crate::{relay, rules};
use serde_json::{Value, json};
use std::process::Command;

/// What is in front of a site's host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Open,
    EimEif,
    EimAdf,
    EimApdf,
    ApdmApdf,
    UdpBlocked,
    Tcp443Only,
    /// A home's NAT behind the carrier's, each EIM/APDF.
    CarrierNat,
}

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Open,
        Self::EimEif,
        Self::EimAdf,
        Self::EimApdf,
        Self::ApdmApdf,
        Self::UdpBlocked,
        Self::Tcp443Only,
        Self::CarrierNat,
    ];

    /// As the name of a test has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "an_open_site",
            Self::EimEif => "eim_eif",
            Self::EimAdf => "eim_adf",
            Self::EimApdf => "eim_apdf",
            Self::ApdmApdf => "apdm_apdf",
            Self::UdpBlocked => "a_site_without_udp",
            Self::Tcp443Only => "tcp_443_only",
            Self::CarrierNat => "a_home_behind_its_carrier",
        }
    }

    /// Of the routers, from the host's own outwards.
    fn rules(self) -> Vec<String> {
        match self {
            Self::Open => vec![],
            Self::EimEif => vec![rules::forwarding_all()],
            Self::EimAdf => vec![rules::forwarding_known()],
            Self::EimApdf => vec![rules::masquerade()],
            Self::ApdmApdf => vec![rules::fully_random()],
            Self::UdpBlocked => vec![rules::udp_dropped()],
            Self::Tcp443Only => vec![rules::tcp_443_only()],
            Self::CarrierNat => vec![rules::masquerade(), rules::masquerade()],
        }
    }

    fn lets_udp_out(self) -> bool {
        !matches!(self, Self::UdpBlocked | Self::Tcp443Only)
    }

    /// The path between two ends behind these (facts of the field: RFC 4787's behaviours and ICE's checks).
    pub(crate) fn path_to(self, other: Self) -> &'static str {
        let filters_ports = |kind| matches!(kind, Self::EimApdf | Self::ApdmApdf | Self::CarrierNat);
        let moves = self == Self::ApdmApdf || other == Self::ApdmApdf;
        let is_direct =
            self.lets_udp_out() && other.lets_udp_out() && !(moves && filters_ports(self) && filters_ports(other));
        if is_direct { "direct" } else { "relay" }
    }
}

pub(crate) struct Sites {
    pub net: Net,
    /// Their hosts' names.
    pub hosts: Vec<String>,
    /// The address of a room.
    pub room: String,
    /// For `--ice-servers`: coturn over UDP, TCP, and TCP and TLS on 443.
    servers: String,
    /// For `--ca`.
    pub certificate: String,
}

pub(crate) const INTERNET: &str = "internet";
pub(crate) const ROOMS: &str = "203.0.113.12";
pub(crate) const IPV6_SERVER: &str = "2001:db8::10";

impl Sites {
    pub(crate) fn new(kinds: &[Kind]) -> Self {
        Self::whose_rooms(kinds, &[])
    }

    /// Where `serve` is started with these words too.
    pub(crate) fn whose_rooms(kinds: &[Kind], more: &[&str]) -> Self {
        let mut net = Net::bare();
        net.host(INTERNET);
        net.exec(INTERNET, &["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
        for address in [SERVER, ALTERNATE, ROOMS] {
            net.ip(INTERNET, &format!("addr add {address}/32 dev lo"));
        }
        // What goes to nobody's address is lost without a word, as on the real one: coturn gives up a relay that is told
        // "network is unreachable".
        net.host("nowhere");
        net.link((INTERNET, "nowhere", "192.0.2.1/30"), ("nowhere", "inside", "192.0.2.2/30"));
        net.ip(INTERNET, "route add default via 192.0.2.2");
        let hosts = kinds.iter().enumerate().map(|(number, kind)| site(&mut net, number, *kind)).collect();
        let (certificate, key) = relay::certificate(&net, 2020, 2090);
        let tls = ["--tls-listening-port", "443", "--cert", &certificate, "--pkey", &key];
        net.coturn_on(INTERNET, &[SERVER, ALTERNATE], &tls);
        let rooms = ["--listen", ROOMS, "--no-tls", "--http-port", "443"];
        let room = net.serve(INTERNET, &[&rooms, more].concat())["room"].as_str().expect("a room").to_owned();
        let relays =
            ["turn:H?transport=udp", "turn:H?transport=tcp", "turn:H:443?transport=tcp", "turns:H:443?transport=tcp"];
        let relays = relays.map(|uri| uri.replace('H', SERVER));
        let servers = json!([
            { "urls": format!("stun:{SERVER}") },
            { "urls": relays, "username": "user", "credential": "pass" },
        ]);
        let servers = net.write("servers.json", &servers.to_string());
        Self { net, hosts, room, servers, certificate }
    }

    /// Gives every site behind one router IPv6 too, without translation: `2001:db8:100::2` and on. Where a site has a
    /// firewall, only answers come in (RFC 6092). A coturn is there at [`IPV6_SERVER`].
    pub(crate) fn ipv6(&mut self, firewalls: [bool; 2]) {
        let net = &mut self.net;
        net.ip(INTERNET, &format!("-6 addr add {IPV6_SERVER}/128 dev lo nodad"));
        net.coturn_on(INTERNET, &[IPV6_SERVER], &[]);
        net.exec(INTERNET, &["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"]);
        for ((number, host), is_filtered) in self.hosts.iter().enumerate().zip(firewalls) {
            let (router, lan) = (format!("router{number}-0"), format!("2001:db8:{}:", 100 + number));
            let (uplink, device) = (format!("2001:db8:f{number}:"), format!("site{number}"));
            net.exec(&router, &["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"]);
            // Without duplicate address detection they can be used at once.
            for (host, address, device) in [
                (host.as_str(), format!("{lan}:2"), "outside"),
                (&router, format!("{lan}:1"), "inside"),
                (&router, format!("{uplink}:1"), "outside"),
                (INTERNET, format!("{uplink}:2"), &device),
            ] {
                net.ip(host, &format!("-6 addr add {address}/64 dev {device} nodad"));
            }
            net.ip(host, &format!("-6 route add default via {lan}:1"));
            net.ip(&router, &format!("-6 route add default via {uplink}:2"));
            net.ip(INTERNET, &format!("-6 route add {lan}:/64 via {uplink}:1"));
            if is_filtered {
                net.rules(&router, rules::IPV6_FIREWALL);
            }
        }
    }

    /// rtc-doctor on a site's host, told of coturn: its document, and what it said to people.
    pub(crate) fn doctor(&self, host: &str, words: &[&str]) -> (Value, String) {
        let output = self.command(host, words).output().expect("rtc-doctor runs");
        let people = String::from_utf8_lossy(&output.stderr).into_owned();
        let document = serde_json::from_slice(&output.stdout);
        (document.unwrap_or_else(|error| panic!("{host} {words:?}: {error}\n{people}")), people)
    }

    pub(crate) fn command(&self, host: &str, words: &[&str]) -> Command {
        let known = ["--ice-servers", &self.servers, "--ca", &self.certificate, "--json", "-"];
        self.net.command(host, &[&[env!("CARGO_BIN_EXE_rtc-doctor")], words, &known].concat())
    }
}

/// The name of its host.
fn site(net: &mut Net, number: usize, kind: Kind) -> String {
    let host = format!("host{number}");
    net.host(&host);
    let (uplink, gateway) = (format!("198.51.100.{}/30", 4 * number + 1), format!("198.51.100.{}", 4 * number + 2));
    let device = format!("site{number}");
    let mut behind = host.clone();
    let home = format!("192.168.{}", 100 + number);
    for (depth, rules) in kind.rules().iter().enumerate() {
        let router = format!("router{number}-{depth}");
        net.host(&router);
        net.exec(&router, &["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
        let lan = if depth == 0 { home.clone() } else { format!("100.64.{number}") };
        net.link((&behind, "outside", &format!("{lan}.2/24")), (&router, "inside", &format!("{lan}.1/24")));
        net.ip(&behind, &format!("route add default via {lan}.1"));
        net.rules(&router, &rules.replace(rules::INSIDE, &format!("{lan}.2")));
        behind = router;
    }
    net.link((&behind, "outside", &uplink), (INTERNET, &device, &format!("{gateway}/30")));
    net.ip(&behind, &format!("route add default via {gateway}"));
    host
}
