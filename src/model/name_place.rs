//! What stands where a server's name leads to, when that is no server.

use std::fmt;

/// An address at which no server for anybody else can be, or at which none is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamePlace {
    /// Unspecified, multicast, broadcast or reserved (RFC 6890).
    Nobody,
    /// Loopback, or an address of one of this machine's own interfaces.
    ThisMachine,
    /// The next hop of a default route.
    Router,
    /// 169.254.0.0/16 (RFC 3927) or fe80::/10, which no router forwards.
    Link,
    /// A block that documents use (RFC 5737, RFC 3849), where no laboratory does.
    Examples,
}

impl NamePlace {
    /// Every place.
    pub const ALL: [Self; 5] = [Self::Nobody, Self::ThisMachine, Self::Router, Self::Link, Self::Examples];
}

/// As it stands in a sentence: "which is …".
impl fmt::Display for NamePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "the address of nobody",
            Self::ThisMachine => "an address of this machine itself",
            Self::Router => "the address of this network's own router",
            Self::Link => "an address of the local link, which no router forwards",
            Self::Examples => "an address that is reserved for examples in documents",
        })
    }
}
