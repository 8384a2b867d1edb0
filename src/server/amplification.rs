//! How large may a response over UDP be, to who has not proven that the address is his?
//!
//! The source of a datagram may be forged, and what is sent back then hits a victim. So a response is at most one and a half
//! times its request, counted on the wire with the IP and UDP headers, for requests as clients send them: a bare Binding
//! request (20 bytes) and an Allocate request with REQUESTED-TRANSPORT (28 bytes) have room for what they ask. Only RFC 5780's
//! additional addresses, and a realm that is long, do not fit: these have a budget per source. No budget holds for what fits:
//! a limit on an unproven address would let whoever forges it shut its owner out.

use std::net::SocketAddr;

/// The headers of a datagram to this address: UDP's, and IPv4's or IPv6's without options.
fn headers(to: SocketAddr) -> usize {
    const UDP: usize = 8;
    UDP + if to.is_ipv4() { 20 } else { 40 }
}

/// How many bytes of STUN may answer so many bytes of it, over UDP and to an unproven source.
pub(super) fn unproven_room(request: usize, from: SocketAddr) -> usize {
    let headers = headers(from);
    ((request + headers) * 3 / 2).saturating_sub(headers)
}

#[cfg(test)]
mod tests {
    use super::unproven_room;

    #[test]
    fn a_response_is_at_most_half_as_large_again_as_its_request_on_the_wire() {
        let (v4, v6) = ("192.0.2.1:1".parse().expect("an address"), "[2001:db8::1]:1".parse().expect("an address"));
        assert_eq!((unproven_room(20, v4), unproven_room(28, v4), unproven_room(20, v6)), (44, 56, 54));
    }
}
