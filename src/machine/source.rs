//! Who is one stranger, and how much may one hold?
//!
//! A host may use any address of its IPv6 /64, and a site any /64 of its /48 (RFC 6177 §2), so whole addresses would let
//! either multiply itself. A [`Ledger`] counts what is held by source, by site and in all.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};

/// A source: an IPv4 address, or an IPv6 /64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SourcePrefix(IpAddr);

impl SourcePrefix {
    /// The source that an address belongs to.
    pub fn of(address: IpAddr) -> Self {
        Self(prefix(address, 64))
    }
}

/// A site: an IPv4 address, or an IPv6 /48.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct SitePrefix(IpAddr);

fn prefix(address: IpAddr, bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits))).into(),
    }
}

/// How much of something may be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// By all together.
    pub all: usize,
    /// By one site.
    pub per_site: usize,
    /// By one source.
    pub per_source: usize,
}

impl Shares {
    /// The same shares of less, of which a source keeps enough for two ends that try every transport at once.
    #[must_use]
    pub fn of_at_most(self, all: usize) -> Self {
        const ENOUGH: usize = 16;
        if all >= self.all {
            return self;
        }
        let cut = |share: usize| (share.saturating_mul(all) / self.all).max(ENOUGH).min(all);
        Self { all, per_site: cut(self.per_site), per_source: cut(self.per_source) }
    }
}

/// Counts what strangers hold.
#[derive(Debug)]
pub struct Ledger {
    shares: Shares,
    all: usize,
    sources: HashMap<SourcePrefix, usize>,
    sites: HashMap<SitePrefix, usize>,
}

impl Ledger {
    /// A ledger in which nobody holds anything.
    pub fn new(shares: Shares) -> Self {
        Self { shares, all: 0, sources: HashMap::new(), sites: HashMap::new() }
    }

    /// How much is held in all.
    pub fn all(&self) -> usize {
        self.all
    }

    /// How much the source of this address holds.
    pub fn held_by(&self, address: IpAddr) -> usize {
        self.sources.get(&SourcePrefix::of(address)).copied().unwrap_or_default()
    }

    /// Whether this source has its share already, or its site.
    pub fn is_sated(&self, address: IpAddr) -> bool {
        !self.is_within_share(address, 1)
    }

    fn is_within_share(&self, address: IpAddr, more: usize) -> bool {
        let site = self.sites.get(&SitePrefix(prefix(address, 48))).copied().unwrap_or_default();
        self.held_by(address).saturating_add(more) <= self.shares.per_source
            && site.saturating_add(more) <= self.shares.per_site
    }

    /// Whether nothing is left for anybody.
    pub fn is_full(&self) -> bool {
        self.all >= self.shares.all
    }

    /// Counts one more for this address; false where it or all have their share.
    pub fn take(&mut self, address: IpAddr) -> bool {
        self.is_within_share(address, 1) && self.take_beyond_its_share(address, 1)
    }

    /// Counts so many more where a proxy on this machine may bring strangers: a loopback address stands for many, and has no
    /// share but that of all. False where it or all have their share.
    pub fn take_behind_proxy(&mut self, address: IpAddr, amount: usize) -> bool {
        (address.is_loopback() || self.is_within_share(address, amount)) && self.take_beyond_its_share(address, amount)
    }

    fn take_beyond_its_share(&mut self, address: IpAddr, amount: usize) -> bool {
        let all = self.all.saturating_add(amount);
        if all > self.shares.all {
            return false;
        }
        self.all = all;
        *self.sources.entry(SourcePrefix::of(address)).or_default() += amount;
        *self.sites.entry(SitePrefix(prefix(address, 48))).or_default() += amount;
        true
    }

    /// Counts so many less for this address, which took them before.
    pub fn give_back(&mut self, address: IpAddr, amount: usize) {
        self.all = self.all.saturating_sub(amount);
        give_some_back(&mut self.sources, SourcePrefix::of(address), amount);
        give_some_back(&mut self.sites, SitePrefix(prefix(address, 48)), amount);
    }
}

/// Who holds nothing any more is forgotten.
fn give_some_back<Who: Eq + Hash>(held: &mut HashMap<Who, usize>, who: Who, amount: usize) {
    if let Entry::Occupied(mut held) = held.entry(who) {
        *held.get_mut() = held.get().saturating_sub(amount);
        if *held.get() == 0 {
            held.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_less_are_cut_alike_and_a_source_keeps_enough_for_a_call() {
        let shares = Shares { all: 4096, per_site: 1024, per_source: 256 };
        assert_eq!(shares.of_at_most(10_000), shares);
        assert_eq!(shares.of_at_most(1024), Shares { all: 1024, per_site: 256, per_source: 64 });
        assert_eq!(shares.of_at_most(128), Shares { all: 128, per_site: 32, per_source: 16 });
        assert_eq!(shares.of_at_most(8), Shares { all: 8, per_site: 8, per_source: 8 });
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn ledger() -> Ledger {
        Ledger::new(Shares { all: 10, per_site: 5, per_source: 3 })
    }

    #[test]
    fn a_host_cannot_multiply_itself_within_its_network() {
        let mut ledger = ledger();
        let taken = (0..9).filter(|n| ledger.take(ip(&format!("2001:db8::{n}")))).count();
        assert_eq!((taken, ledger.held_by(ip("2001:db8::ffff"))), (3, 3));
    }

    #[test]
    fn a_site_has_a_share_and_another_site_its_own() {
        let mut ledger = ledger();
        let taken = (0..9).filter(|n| ledger.take(ip(&format!("2001:db8:0:{n}::1")))).count();
        assert_eq!((taken, ledger.take(ip("2001:db8:1::1"))), (5, true));
    }

    #[test]
    fn an_ipv4_address_is_one_source_however_it_is_written() {
        let mut ledger = ledger();
        let taken = (0..4).filter(|_| ledger.take(ip("::ffff:192.0.2.1")) && ledger.take(ip("192.0.2.1"))).count();
        assert_eq!((taken, ledger.all(), ledger.take(ip("192.0.2.2"))), (1, 3, true));
    }

    #[test]
    fn what_is_given_back_may_be_taken_again_and_nobody_without_anything_is_remembered() {
        let mut ledger = ledger();
        for _ in 0..1000 {
            assert!((0..3).all(|_| ledger.take(ip("192.0.2.1"))) && !ledger.take(ip("192.0.2.1")));
            (0..3).for_each(|_| ledger.give_back(ip("192.0.2.1"), 1));
        }
        assert_eq!((ledger.all(), ledger.sources.len(), ledger.sites.len()), (0, 0, 0));
    }

    #[test]
    fn when_all_is_taken_nobody_gets_more() {
        let mut ledger = ledger();
        let taken = (0..20).filter(|n| ledger.take(ip(&format!("192.0.2.{n}")))).count();
        assert_eq!((taken, ledger.is_full()), (10, true));
    }
}
