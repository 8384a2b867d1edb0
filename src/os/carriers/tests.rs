//! Two ends and a server of rooms on this host's loopback, over each carrier.

mod ends;

use super::PREFERENCE;
use crate::machine::{Seat, Signalled};
use crate::model::Carrier;
use ends::{Place, settings};

#[tokio::test]
async fn two_ends_exchange_messages_over_the_best_carrier_and_all_are_measured() {
    let place = Place::open(settings()).await;
    let (mut one, mut other) = (place.enter(), place.enter());
    assert_eq!(one.signalled().await, Signalled::Joined { seat: Seat::First });
    one.say(b"before anybody came");
    assert_eq!(other.signalled().await, Signalled::Joined { seat: Seat::Second });
    assert_eq!(other.signalled().await, Signalled::PeerJoined);
    assert_eq!(other.signalled().await, Signalled::Message(b"before anybody came".to_vec()));
    assert_eq!(one.signalled().await, Signalled::PeerJoined);
    other.say(b"hello");
    assert_eq!(one.signalled().await, Signalled::Message(b"hello".to_vec()));
    other.finish().await;
    assert_eq!(one.signalled().await, Signalled::PeerLeft);
    assert_eq!(one.finish().await.chosen(), [Carrier::WebSocket]);
    let _ = PREFERENCE;
}
