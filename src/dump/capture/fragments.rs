//! Which fragments of IP are one packet? (RFC 791 §3.2, RFC 8200 §4.5)
//!
//! A DTLS flight may be larger than a link takes. Few packets are put together at a time; what never becomes whole is
//! forgotten.

use etherparse::defrag::IpDefragBuf;
use etherparse::{IpFragOffset, IpNumber, Ipv6ExtensionSlice, LaxNetSlice};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

/// Packets that are put together at a time, of 64 KiB each at most.
const PACKETS_MAX: usize = 64;
/// For how long the parts of one are waited for (RFC 8200 §4.5).
const WAITS: Duration = Duration::from_secs(60);

/// What the fragments of one packet have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct FragmentKey {
    from: IpAddr,
    to: IpAddr,
    number: IpNumber,
    identification: u32,
}

/// One fragment.
struct Fragment<'a> {
    key: FragmentKey,
    offset: IpFragOffset,
    more_follow: bool,
    payload: &'a [u8],
}

/// Packets of which some fragments are here.
#[derive(Default)]
pub(super) struct Fragments(BTreeMap<FragmentKey, (IpDefragBuf, Duration)>);

impl Fragments {
    /// The payload of the packet that this fragment makes whole.
    pub(super) fn put_together(&mut self, at: Duration, packet: Option<&LaxNetSlice<'_>>) -> Option<Vec<u8>> {
        let Fragment { key, offset, more_follow, payload } = fragment(packet?)?;
        if self.0.len() >= PACKETS_MAX && !self.0.contains_key(&key) {
            self.forget(at);
        }
        let begun = || (IpDefragBuf::new(key.number, Vec::new(), Vec::new()), at);
        let (parts, since) = self.0.entry(key).or_insert_with(begun);
        *since = at;
        if parts.add(offset, more_follow, payload).is_err() {
            self.0.remove(&key);
            return None;
        }
        if !parts.is_complete() {
            return None;
        }
        self.0.remove(&key).map(|(parts, _)| parts.take_bufs().0)
    }

    /// Makes room: of the oldest, and of at least one.
    fn forget(&mut self, now: Duration) {
        self.0.retain(|_, (_, since)| now.saturating_sub(*since) < WAITS);
        let oldest = self.0.iter().min_by_key(|(_, (_, since))| *since).map(|(key, _)| *key);
        if let (true, Some(oldest)) = (self.0.len() >= PACKETS_MAX, oldest) {
            self.0.remove(&oldest);
        }
    }
}

fn fragment<'a>(packet: &LaxNetSlice<'a>) -> Option<Fragment<'a>> {
    match packet {
        LaxNetSlice::Ipv4(ip) => {
            let (header, payload) = (ip.header(), ip.payload());
            let key = FragmentKey {
                from: header.source_addr().into(),
                to: header.destination_addr().into(),
                number: payload.ip_number,
                identification: header.identification().into(),
            };
            let (offset, more_follow) = (header.fragments_offset(), header.more_fragments());
            (!payload.incomplete).then_some(Fragment { key, offset, more_follow, payload: payload.payload })
        }
        LaxNetSlice::Ipv6(ip) => {
            let (header, payload) = (ip.header(), ip.payload());
            let fragment = ip.extensions().clone().into_iter().find_map(|extension| match extension {
                Ipv6ExtensionSlice::Fragment(fragment) => Some(fragment.to_header()),
                _ => None,
            })?;
            let key = FragmentKey {
                from: header.source_addr().into(),
                to: header.destination_addr().into(),
                number: payload.ip_number,
                identification: fragment.identification,
            };
            let (offset, more_follow) = (fragment.fragment_offset, fragment.more_fragments);
            (!payload.incomplete).then_some(Fragment { key, offset, more_follow, payload: payload.payload })
        }
        LaxNetSlice::Arp(_) => None,
    }
}

#[cfg(test)]
mod tests;
