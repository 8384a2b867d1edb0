//! Whether a server's ALTERNATE-SERVER is followed (RFC 8489 §10).

use crate::model::{Code, Teller, may_be_sent_to};
use std::net::SocketAddr;

/// The most redirects that are followed: enough for a load balancer before a load balancer; more are going in circles.
const MOST_HOPS: usize = 3;

/// The server to go on with, or why not. `visited`: the servers asked so far, the first one first.
pub(super) fn follow(visited: &[SocketAddr], alternate: Option<SocketAddr>) -> Result<SocketAddr, Code> {
    let alternate = alternate.ok_or(Code::RelayMalformed)?;
    if visited.contains(&alternate) || visited.len() > MOST_HOPS {
        return Err(Code::RelayRedirectLoop);
    }
    let may_follow = |first: &SocketAddr| {
        first.is_ipv4() == alternate.is_ipv4() && may_be_sent_to(alternate, Teller::Server(first.ip()))
    };
    if visited.first().is_some_and(may_follow) { Ok(alternate) } else { Err(Code::RelayRedirected) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NO_BUSINESS_OF_A_SERVER;

    fn from(visited: &[&str], to: &str) -> Result<SocketAddr, Code> {
        let visited: Vec<SocketAddr> = visited.iter().map(|address| address.parse().expect("an address")).collect();
        follow(&visited, to.parse().ok())
    }

    #[test]
    fn another_public_server_of_the_same_family_is_followed() {
        assert!(from(&["192.0.2.1:3478"], "192.0.2.2:3478").is_ok());
        assert!(from(&["192.0.2.1:3478"], "192.0.2.1:3479").is_ok());
        assert!(from(&["[2001:db8::1]:3478"], "[2001:db8::2]:3478").is_ok());
    }

    #[test]
    fn a_circle_and_a_fourth_hop_are_loops() {
        assert_eq!(from(&["192.0.2.1:1"], "192.0.2.1:1"), Err(Code::RelayRedirectLoop));
        assert_eq!(from(&["192.0.2.1:1", "192.0.2.2:1"], "192.0.2.1:1"), Err(Code::RelayRedirectLoop));
        let three_hops = ["192.0.2.1:1", "192.0.2.2:1", "192.0.2.3:1", "192.0.2.4:1"];
        assert!(from(&three_hops[..3], "192.0.2.4:1").is_ok());
        assert_eq!(from(&three_hops, "192.0.2.5:1"), Err(Code::RelayRedirectLoop));
    }

    #[test]
    fn a_server_outside_cannot_send_us_inside() {
        for inside in ["127.0.0.1:1", "10.0.0.1:1", "169.254.169.254:80", "100.64.0.1:1", "192.168.1.1:1"] {
            assert_eq!(from(&["192.0.2.1:3478"], inside), Err(Code::RelayRedirected), "{inside}");
            assert!(from(&["127.0.0.2:3478"], inside).is_ok(), "{inside}");
        }
        for inside in ["[::1]:1", "[fd00::1]:1", "[fe80::1]:1", "[::ffff:127.0.0.1]:1"] {
            assert_eq!(from(&["[2001:db8::1]:3478"], inside), Err(Code::RelayRedirected), "{inside}");
        }
    }

    #[test]
    fn a_redirect_leads_to_no_address_that_is_no_business_of_a_server() {
        for named in NO_BUSINESS_OF_A_SERVER {
            for first in ["192.0.2.1:3478", "[2001:db8::1]:3478"] {
                assert_eq!(from(&[first], named), Err(Code::RelayRedirected), "{named}");
            }
        }
    }

    #[test]
    fn another_family_nowhere_and_everywhere_are_not_followed() {
        for to in ["[2001:db8::1]:1", "0.0.0.0:1", "224.0.0.1:1", "255.255.255.255:1"] {
            assert_eq!(from(&["127.0.0.1:3478"], to), Err(Code::RelayRedirected), "{to}");
        }
        assert_eq!(from(&["192.0.2.1:3478"], "nowhere"), Err(Code::RelayMalformed));
    }
}
