//! The networks that come with the tool: the files of `fixtures/networks`.

/// Name and text, by name.
pub const PRESETS: [(&str, &str); 19] = [
    ("address-pool", include_str!("../../../fixtures/networks/address-pool.toml")),
    ("captive-portal", include_str!("../../../fixtures/networks/captive-portal.toml")),
    ("corporate", include_str!("../../../fixtures/networks/corporate.toml")),
    ("double-nat", include_str!("../../../fixtures/networks/double-nat.toml")),
    ("dtls-blocked", include_str!("../../../fixtures/networks/dtls-blocked.toml")),
    ("home", include_str!("../../../fixtures/networks/home.toml")),
    ("home-behind-carrier", include_str!("../../../fixtures/networks/home-behind-carrier.toml")),
    ("home-upnp", include_str!("../../../fixtures/networks/home-upnp.toml")),
    ("hotel", include_str!("../../../fixtures/networks/hotel.toml")),
    ("ipv6-firewall", include_str!("../../../fixtures/networks/ipv6-firewall.toml")),
    ("linux-router", include_str!("../../../fixtures/networks/linux-router.toml")),
    ("lossy-line", include_str!("../../../fixtures/networks/lossy-line.toml")),
    ("mobile-nat64", include_str!("../../../fixtures/networks/mobile-nat64.toml")),
    ("mtu-black-hole", include_str!("../../../fixtures/networks/mtu-black-hole.toml")),
    ("open", include_str!("../../../fixtures/networks/open.toml")),
    ("proxy-only", include_str!("../../../fixtures/networks/proxy-only.toml")),
    ("rate-limited", include_str!("../../../fixtures/networks/rate-limited.toml")),
    ("rebinding", include_str!("../../../fixtures/networks/rebinding.toml")),
    ("stun-blocked", include_str!("../../../fixtures/networks/stun-blocked.toml")),
];
