//! The networks that come with the tool: the files of `fixtures/networks`.

/// The files of a folder, by name.
macro_rules! networks {
    ($folder:literal, $($name:literal,)+) => {
        [$(($name, include_str!(concat!("../../../fixtures/networks/", $folder, $name, ".toml")))),+]
    };
}

/// Networks as people meet them: name and text, by name.
pub const PRESETS: [(&str, &str); 19] = networks![
    "",
    "address-pool",
    "captive-portal",
    "corporate",
    "double-nat",
    "dtls-blocked",
    "home",
    "home-behind-carrier",
    "home-upnp",
    "hotel",
    "ipv6-firewall",
    "linux-router",
    "lossy-line",
    "mobile-nat64",
    "mtu-black-hole",
    "open",
    "proxy-only",
    "rate-limited",
    "rebinding",
    "stun-blocked",
];

/// Networks with one fault each, which they show: name and text, by name.
pub const FAULTS: [(&str, &str); 29] = networks![
    "causes/",
    "carrier",
    "carrier-above-router",
    "checks-by-sight",
    "clock-behind",
    "dead-line",
    "dead-pool-member",
    "drops-incoming",
    "dtls-by-sight",
    "few-packets",
    "few-udp-ports",
    "forbids-udp",
    "ipv6-alone",
    "ipv6-broken",
    "large-lost-inwards",
    "large-lost-outwards",
    "media-by-sight",
    "name-server-fails",
    "name-server-refuses",
    "name-server-silent",
    "names-denied",
    "names-one-address",
    "no-udp",
    "no-way-out",
    "only-stun",
    "relay-ports-shut",
    "server-names",
    "sinkhole",
    "stun-by-sight",
    "tls-inspected",
];

/// All of them.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    PRESETS.into_iter().chain(FAULTS)
}
