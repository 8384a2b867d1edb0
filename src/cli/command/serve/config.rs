//! What the STUN and TURN server is told to serve.

use super::listen_addresses::ListenAddress;
use crate::cli::args::serve::ServeArgs;
use crate::cli::refusal::Refusal;
use crate::report::escape::escape;
use crate::server::{Access, Aliases, Config, Limits, Peers, Relaying, UdpSite};
use std::net::{IpAddr, SocketAddr};

/// Ports that networks let out that let out few, and two such as peers and relays have.
const ECHO_PORTS: [u16; 4] = [53, 443, 20_478, 50_478];

/// Fewer relayed addresses than this serve nobody for long.
const RELAY_PORTS_MIN: u16 = 8;

pub(crate) fn config(
    args: &ServeArgs,
    addresses: &[ListenAddress],
    access: Access,
    peers: Peers,
) -> Result<Config, Refusal> {
    let own = || addresses.iter().map(|address| address.own);
    let at = |ports: &[u16]| ports.iter().flat_map(|port| own().map(|ip| SocketAddr::new(ip, *port))).collect();
    let of_v4 = |ip: IpAddr| if let IpAddr::V4(ip) = ip { Some(ip) } else { None };
    let of_v6 = |ip: IpAddr| if let IpAddr::V6(ip) = ip { Some(ip) } else { None };
    let relaying = Relaying {
        access,
        peers,
        between_relays: true,
        ipv4: own().find_map(of_v4),
        ipv6: own().find_map(of_v6),
        ports: args.relay_ports.as_deref().map(relay_ports).transpose()?,
    };
    Ok(Config {
        udp: sites(addresses, &args.port),
        echo: echo(args, addresses),
        tcp: at(&args.port),
        tls: if args.no_tls { Vec::new() } else { at(&args.tls_port) },
        relaying: Some(relaying),
        aliases: addresses.iter().filter_map(|address| Some((address.own, address.outside?))).collect::<Aliases>(),
        limits: Limits::default(),
    })
}

/// Where what comes is sent back. On this machine's loopback there is no network to ask about.
fn echo(args: &ServeArgs, addresses: &[ListenAddress]) -> Vec<SocketAddr> {
    let ports = match args.echo_port.as_slice() {
        _ if args.no_echo => &[][..],
        [] if addresses.iter().all(|address| address.own.is_loopback()) => &[],
        [] => &ECHO_PORTS,
        ports => ports,
    };
    let is_free = |port: &&u16| !args.port.contains(port) && **port != second_port(&args.port);
    let mut ports: Vec<u16> = ports.iter().filter(is_free).copied().collect();
    ports.sort_unstable();
    ports.dedup();
    ports.into_iter().flat_map(|port| addresses.iter().map(move |to| SocketAddr::new(to.own, port))).collect()
}

fn relay_ports(text: &str) -> Result<(u16, u16), Refusal> {
    let ports = text.split_once('-').and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
    let refuse = |why: &str| Refusal::usage(format!("--relay-ports {}: {why}", escape(text, false)));
    match ports {
        Some((1.., last)) if ports.is_some_and(|(first, _)| last >= first) => ports
            .filter(|(first, last)| last - first >= RELAY_PORTS_MIN - 1)
            .ok_or_else(|| refuse(&format!("there have to be {RELAY_PORTS_MIN} ports at least"))),
        _ => Err(refuse("not two ports such as 49152-65535")),
    }
}

/// RFC 5780 on the first two addresses of each family, if others can reach both under one name each; STUN alone on the
/// rest.
fn sites(addresses: &[ListenAddress], ports: &[u16]) -> Vec<UdpSite> {
    let Some((first_port, further)) = ports.split_first() else { return Vec::new() };
    let mut sites = Vec::new();
    let mut single = Vec::new();
    for is_family in [IpAddr::is_ipv4, IpAddr::is_ipv6] {
        let family: Vec<&ListenAddress> = addresses.iter().filter(|address| is_family(&address.own)).collect();
        match family.as_slice() {
            [one, other, rest @ ..] if one.outside.is_some() == other.outside.is_some() => {
                sites.push(UdpSite {
                    address: one.own,
                    port: *first_port,
                    second_address: Some(other.own),
                    second_port: Some(second_port(ports)),
                });
                single.extend(rest.iter().map(|address| address.own));
            }
            all => single.extend(all.iter().map(|address| address.own)),
        }
    }
    sites.extend(single.into_iter().map(|ip| UdpSite::single(SocketAddr::new(ip, *first_port))));
    let everywhere = |port: &u16| {
        let port = *port;
        addresses.iter().map(move |address| UdpSite::single(SocketAddr::new(address.own, port)))
    };
    sites.extend(further.iter().flat_map(everywhere));
    sites
}

/// The next port that is not wanted for something else.
fn second_port(ports: &[u16]) -> u16 {
    match ports.first() {
        None | Some(0) => 0,
        Some(first) => (*first..=u16::MAX).chain(1..*first).find(|port| !ports.contains(port)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(own: &str, outside: Option<&str>) -> ListenAddress {
        let ip = |text: &str| text.parse().expect("an address");
        ListenAddress { own: ip(own), outside: outside.map(ip) }
    }

    #[test]
    fn two_addresses_of_a_family_serve_rfc_5780_on_the_port_after_the_first() {
        let addresses = [
            address("10.0.0.5", None),
            address("10.0.0.6", None),
            address("10.0.0.7", None),
            address("2001:db8::5", None),
        ];
        let sites = sites(&addresses, &[3478, 3479]);
        assert_eq!(sites[0].second_address, Some(addresses[1].own));
        assert_eq!((sites[0].port, sites[0].second_port), (3478, Some(3480)), "3479 is wanted itself");
        let single: Vec<String> =
            sites[1..].iter().map(|site| SocketAddr::new(site.address, site.port).to_string()).collect();
        let first = ["10.0.0.7:3478", "[2001:db8::5]:3478"];
        let further = ["10.0.0.5:3479", "10.0.0.6:3479", "10.0.0.7:3479", "[2001:db8::5]:3479"];
        assert_eq!(single, [&first[..], &further[..]].concat());
        assert_eq!(second_port(&[65_535]), 1);
        assert_eq!(second_port(&[0]), 0);
    }

    #[test]
    fn an_address_that_others_cannot_reach_is_not_told_as_the_other_one() {
        let addresses = [address("10.0.0.5", Some("203.0.113.5")), address("10.0.0.6", None)];
        assert!(sites(&addresses, &[3478]).iter().all(|site| site.second_address.is_none()));
        let both = [addresses[0], address("10.0.0.6", Some("203.0.113.6"))];
        assert_eq!(sites(&both, &[3478]).len(), 1);
    }

    #[test]
    fn relay_ports_are_a_first_and_a_last() {
        assert_eq!(relay_ports("49152-65535").expect("two ports"), (49_152, 65_535));
        for text in ["", "49152", "49152-", "49152-65536", "0-100", "60000-50000", "50000-50003", "a-b", "-1-5"] {
            assert!(relay_ports(text).is_err(), "{text}");
        }
    }
}
