//! Who has a place among the connections that strangers make?
//!
//! Where all places are taken, whoever holds the most gives its oldest up for one who holds less, so that a few sources keep
//! nobody out.

use crate::machine::{Ledger, Shares};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;
use tokio::sync::watch;

/// Those who have a place.
#[derive(Debug)]
pub(super) struct Places {
    ledger: Ledger,
    /// In the order in which they came.
    kept: BTreeMap<u64, KeptPlace>,
    came: u64,
    /// A proxy on this machine brings strangers: a loopback address stands for many.
    proxied: bool,
}

#[derive(Debug)]
struct KeptPlace {
    address: IpAddr,
    /// Dropped where the place is given up.
    _held: watch::Sender<()>,
}

/// One who has a place, until it is handed back.
#[derive(Debug)]
pub(super) struct HeldPlace {
    number: u64,
    /// Waiting for a change ends, with an error, when the place is given up.
    pub(super) held: watch::Receiver<()>,
}

impl Places {
    pub(super) fn new(shares: Shares, proxied: bool) -> Self {
        Self { ledger: Ledger::new(shares), kept: BTreeMap::new(), came: 0, proxied }
    }

    /// Gives a place; None where its source has its share already, or nobody holds more.
    pub(super) fn admit(&mut self, address: IpAddr) -> Option<HeldPlace> {
        let address = address.to_canonical();
        if self.ledger.is_full() && (self.stands_for_many(address) || !self.ledger.is_sated(address)) {
            self.make_room_for(address);
        }
        let is_taken = match self.proxied {
            true => self.ledger.take_behind_proxy(address, 1),
            false => self.ledger.take(address),
        };
        if !is_taken {
            return None;
        }
        self.came += 1;
        let (number, (sender, held)) = (self.came, watch::channel(()));
        self.kept.insert(number, KeptPlace { address, _held: sender });
        Some(HeldPlace { number, held })
    }

    /// Takes a place back, where it was not given up.
    pub(super) fn leave(&mut self, place: &HeldPlace) {
        if let Some(place) = self.kept.remove(&place.number) {
            self.ledger.give_back(place.address, 1);
        }
    }

    /// How many have a place.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    fn stands_for_many(&self, address: IpAddr) -> bool {
        self.proxied && address.is_loopback()
    }

    /// Gives up the oldest place of whoever holds the most, where that is more than the newcomer would hold.
    fn make_room_for(&mut self, newcomer: IpAddr) {
        let holds = |address| if self.stands_for_many(address) { 0 } else { self.ledger.held_by(address) };
        let greediest = self.kept.iter().max_by_key(|(number, place)| (holds(place.address), Reverse(**number)));
        if let Some((number, place)) = greediest
            && holds(place.address) > holds(newcomer) + 1
        {
            let (number, address) = (*number, place.address);
            self.kept.remove(&number);
            self.ledger.give_back(address, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARES: Shares = Shares { all: 6, per_site: 3, per_source: 3 };

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn whoever_holds_the_most_gives_its_oldest_up_for_one_who_holds_less() {
        let mut places = Places::new(SHARES, false);
        let [first, _second] = [1, 2].map(|source| [0; 3].map(|_| places.admit(ip(source)).expect("a place")));
        let newcomer = places.admit(ip(3)).expect("a place");
        let is_over: Vec<bool> = first.iter().map(|place| place.held.has_changed().is_err()).collect();
        assert_eq!((is_over, places.len()), (vec![true, false, false], 6));
        places.leave(&first[0]);
        assert_eq!(places.len(), 6, "what was given up is not handed back again");
        places.leave(&newcomer);
        assert_eq!(places.len(), 5);
    }

    #[test]
    fn who_has_its_share_gets_nothing_more_and_nobody_who_holds_as_little_is_turned_out() {
        let mut places = Places::new(SHARES, false);
        let held: Vec<_> = (1..=6).map(|source| places.admit(ip(source)).expect("a place")).collect();
        assert!(places.admit(ip(7)).is_none());
        assert!(held.iter().all(|place| place.held.has_changed().is_ok()));
        let mut places = Places::new(SHARES, false);
        assert_eq!((0..9).filter_map(|_| places.admit(ip(1))).count(), 3);
    }

    #[test]
    fn behind_a_proxy_a_loopback_address_has_no_share_and_is_not_turned_out() {
        let proxy = IpAddr::from([127, 0, 0, 1]);
        let mut places = Places::new(SHARES, true);
        let held: Vec<_> = (0..6).map(|_| places.admit(proxy).expect("a place")).collect();
        assert!(places.admit(ip(1)).is_none());
        assert!(held.iter().all(|place| place.held.has_changed().is_ok()));
    }
}
