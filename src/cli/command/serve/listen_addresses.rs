//! Where does the server listen, and what do others call that? Without being told, nowhere but on this machine's
//! loopback.

use crate::cli::refusal::Refusal;
use crate::cli::spelling::nearest;
use crate::model::{Interface, InterfaceKind};
use crate::report::escape::escape;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The most addresses; more are a mistake.
const ADDRESSES_MAX: usize = 32;

/// One address of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListenAddress {
    pub(crate) own: IpAddr,
    /// The address by which others reach it; None where that is the same one.
    pub(crate) outside: Option<IpAddr>,
}

impl ListenAddress {
    /// The address to tell others.
    pub(crate) fn told(&self) -> IpAddr {
        self.outside.unwrap_or(self.own)
    }
}

/// All that `--listen` and `--public-address` name, each once, in their order.
pub(crate) fn listen_addresses(
    listen: &[String],
    public: &[IpAddr],
    interfaces: &[Interface],
) -> Result<Vec<ListenAddress>, Refusal> {
    let mut own: Vec<IpAddr> = Vec::new();
    for word in listen {
        for address in named(word, interfaces)? {
            if !own.contains(&address) {
                own.push(address);
            }
        }
    }
    if listen.is_empty() {
        own = loopback(interfaces);
    }
    if own.len() > ADDRESSES_MAX {
        return Err(Refusal::usage(format!("--listen: {} addresses are too many; {ADDRESSES_MAX} at most", own.len())));
    }
    let mut of_v4 = public.iter().filter(|address| address.is_ipv4());
    let mut of_v6 = public.iter().filter(|address| address.is_ipv6());
    let outside = |own: &IpAddr| if own.is_ipv4() { of_v4.next() } else { of_v6.next() };
    let outside: Vec<_> = own.iter().map(outside).map(Option::<&IpAddr>::copied).collect();
    if let Some(left) = of_v4.next().or(of_v6.next()) {
        return Err(Refusal::usage(format!("--public-address {left}: there is no address of --listen for it")));
    }
    if let Some(address) = public.iter().find(|address| address.is_unspecified() || address.is_multicast()) {
        return Err(Refusal::usage(format!("--public-address {address}: nobody can be reached there")));
    }
    Ok(own.into_iter().zip(outside).map(|(own, outside)| ListenAddress { own, outside }).collect())
}

/// All of 127.0.0.0/8 is this machine on Linux, so RFC 5780 has its two addresses.
fn loopback(interfaces: &[Interface]) -> Vec<IpAddr> {
    let mut own: Vec<IpAddr> = vec![Ipv4Addr::LOCALHOST.into()];
    if cfg!(target_os = "linux") {
        own.push(Ipv4Addr::new(127, 0, 0, 2).into());
    }
    let v6 = IpAddr::V6(Ipv6Addr::LOCALHOST);
    let has_v6 = interfaces.iter().flat_map(|interface| &interface.addresses).any(|address| address.address == v6);
    own.extend(has_v6.then_some(v6));
    own
}

fn named(word: &str, interfaces: &[Interface]) -> Result<Vec<IpAddr>, Refusal> {
    let refuse = |why: &str| Err(Refusal::usage(format!("--listen {}: {why}", escape(word, false))));
    let everywhere = |is_wanted: fn(&IpAddr) -> bool| {
        let up =
            interfaces.iter().filter(|interface| interface.up && interface.interface_kind != InterfaceKind::Loopback);
        up.flat_map(usable).filter(is_wanted).collect::<Vec<_>>()
    };
    let found = match word.parse::<IpAddr>() {
        // A relayed address and OTHER-ADDRESS have to be told, so a wildcard is all that it stands for.
        Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED)) => everywhere(IpAddr::is_ipv4),
        Ok(IpAddr::V6(Ipv6Addr::UNSPECIFIED)) => everywhere(IpAddr::is_ipv6),
        Ok(address) if address.is_multicast() || address == Ipv4Addr::BROADCAST => {
            return refuse("nobody listens on such an address");
        }
        Ok(IpAddr::V6(address)) if address.is_unicast_link_local() => {
            return refuse("an address of one link only; name another");
        }
        Ok(address) => vec![address],
        Err(_) if word == "all" => everywhere(|_| true),
        Err(_) => match interfaces.iter().find(|interface| interface.name == word) {
            Some(interface) => usable(interface).collect(),
            None => {
                let near = nearest(word, interfaces.iter().map(|interface| interface.name.clone()));
                let names: Vec<&str> = interfaces.iter().map(|interface| interface.name.as_str()).collect();
                let known = if near.is_empty() { names.join(", ") } else { near.join(", ") };
                return refuse(&format!(
                    "no address, and no interface of that name; there are {}",
                    escape(&known, false)
                ));
            }
        },
    };
    if found.is_empty() { refuse("there is no address that can be used") } else { Ok(found) }
}

/// What can be told to others without a zone, and stays for a while.
fn usable(interface: &Interface) -> impl Iterator<Item = IpAddr> {
    let lasting = interface.addresses.iter().filter(|address| !address.temporary && !address.deprecated);
    lasting.map(|address| address.address).filter(|address| match address {
        IpAddr::V4(v4) => !v4.is_link_local(),
        IpAddr::V6(v6) => !v6.is_unicast_link_local(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::InterfaceAddress;

    fn interface(name: &str, kind: InterfaceKind, addresses: &[&str]) -> Interface {
        let address = |text: &&str| InterfaceAddress {
            address: text.parse().expect("an address"),
            prefix_len: 24,
            temporary: text.contains("dead"),
            deprecated: false,
        };
        Interface {
            name: name.to_owned(),
            index: 1,
            interface_kind: kind,
            up: true,
            mtu_bytes: None,
            addresses: addresses.iter().map(address).collect(),
            gateways: Vec::new(),
            name_servers: Vec::new(),
        }
    }

    fn machine() -> Vec<Interface> {
        vec![
            interface("lo", InterfaceKind::Loopback, &["127.0.0.1", "::1"]),
            interface(
                "eth0",
                InterfaceKind::Ethernet,
                &["10.0.0.5", "10.0.0.6", "fe80::1", "2001:db8::5", "2001:db8::dead"],
            ),
            interface("wlan0", InterfaceKind::Wifi, &["169.254.7.7"]),
        ]
    }

    fn own(listen: &[&str]) -> Result<Vec<String>, String> {
        let listen: Vec<String> = listen.iter().map(|word| (*word).to_owned()).collect();
        let addresses = listen_addresses(&listen, &[], &machine()).map_err(|refusal| refusal.message)?;
        Ok(addresses.iter().map(|address| address.own.to_string()).collect())
    }

    #[test]
    fn without_being_told_only_this_machine_is_served() {
        let all = own(&[]).expect("is served");
        assert!(
            all.iter().all(|address| address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())),
            "{all:?}"
        );
    }

    #[test]
    fn a_place_is_an_address_an_interface_or_all_of_them() {
        let eth0 = ["10.0.0.5", "10.0.0.6", "2001:db8::5"];
        assert_eq!(own(&["eth0"]).expect("is there"), eth0, "what needs a zone or soon goes away is left out");
        assert_eq!(own(&["all"]).expect("is there"), eth0);
        assert_eq!(own(&["0.0.0.0"]).expect("is there"), eth0[..2]);
        assert_eq!(own(&["::"]).expect("is there"), eth0[2..]);
        assert_eq!(own(&["192.0.2.1", "eth0", "10.0.0.5"]).expect("is there"), [&["192.0.2.1"], &eth0[..]].concat());
    }

    #[test]
    fn what_is_no_place_is_told_with_what_there_is() {
        assert!(own(&["eth1"]).expect_err("is not there").contains("there are eth0"));
        assert!(own(&["wlan0"]).expect_err("has none").contains("no address that can be used"));
        assert!(own(&["224.0.0.1"]).is_err() && own(&["fe80::1"]).is_err());
    }

    #[test]
    fn public_addresses_belong_to_the_places_of_their_family_in_order() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let listen = ["10.0.0.5", "2001:db8::5", "10.0.0.6"].map(ToOwned::to_owned);
        let public = [ip("203.0.113.5"), ip("203.0.113.6")];
        let fits = listen_addresses(&listen, &public, &machine()).expect("fits");
        let told: Vec<_> = fits.iter().map(|address| address.told().to_string()).collect();
        assert_eq!(told, ["203.0.113.5", "2001:db8::5", "203.0.113.6"]);
        let too_many = [public[0], public[1], ip("203.0.113.7")];
        assert!(listen_addresses(&listen, &too_many, &machine()).is_err());
        assert!(listen_addresses(&listen, &[ip("0.0.0.0")], &machine()).is_err());
    }
}
