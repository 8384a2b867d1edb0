//! Where a candidate is, as its owner tells it.

use super::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;

/// Where a candidate is: an address, or a name that hides one (mDNS, RFC 8839 §5.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Host {
    /// The address itself.
    Address(IpAddr),
    /// A name, mostly one that ends in `.local`.
    Name(Text),
}

impl Host {
    /// The address; None of a name.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Address(address) => Some(*address),
            Self::Name(_) => None,
        }
    }
}

impl fmt::Display for Host {
    /// A name as it came: a face escapes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => f.write_str(name.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Host;

    #[test]
    fn a_host_reads_back_as_what_it_was() {
        for (text, is_address) in [("\"192.0.2.1\"", true), ("\"2001:db8::1\"", true), ("\"7a.local\"", false)] {
            let host: Host = serde_json::from_str(text).expect("a host");
            assert_eq!(host.address().is_some(), is_address);
            assert_eq!(serde_json::to_string(&host).expect("JSON"), text);
        }
    }
}
