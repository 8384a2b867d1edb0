//! Files of calls that somebody else had.

use rtc_doctor::dump::capture;
use std::net::{IpAddr, Ipv4Addr};

/// A capture: of the end at which it was made, and of one that is named.
pub fn capture(data: &[u8]) {
    let own = capture::read(data, None);
    let other = capture::read(data, Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 21))));
    assert_eq!(own.is_err(), other.is_err(), "what is no capture is none for anybody");
}
