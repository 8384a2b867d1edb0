//! Two ends and a server of rooms on this host's loopback, over each carrier.

mod ends;
mod middlebox;
mod secure;

use super::{Lost, PREFERENCE, Timing};
use crate::machine::{Signalled, Slot};
use crate::model::{Fact, SignallingFact, SignallingFailure, SignallingTransport};
use crate::os::rooms::{Config, RoomServer};
use crate::signal::address::RoomId;
use crate::signal::rooms::RoomRefusal;
use crate::signal::rooms::frames::RtcIceServer;
use ends::{Place, TestEnd, fast};
use middlebox::{Fate, Fates, Middlebox};
use std::time::Duration;

/// Nothing but this carrier comes through.
fn only(transport: SignallingTransport) -> Fates {
    let pass = |it| if it == transport { Fate::Passed } else { Fate::Forbidden };
    Fates {
        socket: pass(SignallingTransport::WebSocket),
        events: pass(SignallingTransport::EventStream),
        polls: pass(SignallingTransport::LongPolling),
        posts: Fate::Passed,
    }
}

fn message(text: &str) -> Signalled {
    Signalled::Message(text.as_bytes().to_vec())
}

/// An end that is seated before another comes.
async fn first(place: &Place, middlebox: &Middlebox) -> TestEnd {
    let mut one = place.enter_by(middlebox.at);
    assert_eq!(one.signalled().await, Signalled::Joined { slot: Slot::First });
    one
}

#[tokio::test]
async fn what_is_said_before_anybody_came_waits_and_all_carriers_are_measured() {
    let place = Place::open(Config::default()).await;
    let mut one = place.enter();
    assert_eq!(one.signalled().await, Signalled::Joined { slot: Slot::First });
    one.judged().await;
    one.say(b"before anybody came");
    let mut other = place.enter();
    assert_eq!(other.signalled().await, Signalled::Joined { slot: Slot::Second });
    assert_eq!(other.signalled().await, Signalled::PeerJoined);
    assert_eq!(other.signalled().await, message("before anybody came"));
    assert_eq!(one.signalled().await, Signalled::PeerJoined);
    other.say(b"hello");
    assert_eq!(one.signalled().await, message("hello"));
    other.finish().await;
    assert_eq!(one.signalled().await, Signalled::PeerLeft);
    let facts = one.finish().await;
    assert_eq!((facts.chosen(), facts.carried()), (vec![SignallingTransport::WebSocket], PREFERENCE.to_vec()));
    assert_eq!(place.server.rooms(), 0, "both gave their seats back");
}

#[tokio::test]
async fn what_the_server_offers_to_call_with_is_told_before_the_seat_and_shown_by_no_debug() {
    let offered = |room: &RoomId| {
        let turn = ["turn:192.0.2.1:3478?transport=udp", "turns:192.0.2.1:443?transport=tcp", "https://no.server"];
        let (username, credential) = (format!("9:{}", room.as_str()), "canary-word".to_owned());
        vec![
            RtcIceServer { urls: vec!["stun:192.0.2.1".to_owned()], username: None, credential: None },
            RtcIceServer {
                urls: turn.map(ToOwned::to_owned).to_vec(),
                username: Some(username),
                credential: Some(credential),
            },
        ]
    };
    let place = Place::open_server(RoomServer::offering(Config::default(), offered), None).await;
    let mut one = place.enter();
    let Signalled::Offered(offers) = one.signalled().await else { panic!("the offer comes first") };
    let login = Some((format!("9:{}", place.room.id.as_str()), "canary-word".to_owned()));
    let uris: Vec<_> = offers.iter().map(|offer| (offer.server.uri(), offer.login.clone())).collect();
    let expected = [
        ("stun:192.0.2.1", None),
        ("turn:192.0.2.1:3478?transport=udp", login.clone()),
        ("turns:192.0.2.1:443?transport=tcp", login),
    ];
    assert_eq!(uris, expected.map(|(uri, login)| (uri.to_owned(), login)), "what is no server is passed over");
    assert!(!format!("{offers:?} {:?}", offered(&place.room.id)).contains("canary"));
    assert_eq!(one.signalled().await, Signalled::Joined { slot: Slot::First });
}

#[tokio::test]
async fn every_carrier_reaches_every_other() {
    for one_by in PREFERENCE {
        for other_by in PREFERENCE {
            let place = Place::open(Config::default()).await;
            let before_one = Middlebox::before(place.at, only(one_by)).await;
            let before_other = Middlebox::before(place.at, only(other_by)).await;
            let mut one = first(&place, &before_one).await;
            let mut other = place.enter_by(before_other.at);
            assert_eq!(other.signalled().await, Signalled::Joined { slot: Slot::Second });
            assert_eq!(one.signalled().await, Signalled::PeerJoined);
            assert_eq!(other.signalled().await, Signalled::PeerJoined);
            for turn in 0..5 {
                one.say(format!("ping {turn}").as_bytes());
                assert_eq!(other.signalled().await, message(&format!("ping {turn}")));
                other.say(format!("pong {turn}").as_bytes());
                assert_eq!(one.signalled().await, message(&format!("pong {turn}")));
            }
            one.say(b"the last word");
            let facts = one.finish().await;
            assert_eq!(facts.chosen(), [one_by]);
            assert_eq!(other.signalled().await, message("the last word"));
            assert_eq!(other.signalled().await, Signalled::PeerLeft);
            assert_eq!(other.finish().await.chosen(), [other_by]);
        }
    }
}

#[tokio::test]
async fn what_stands_in_a_carriers_way_is_told() {
    let place = Place::open(Config::default()).await;
    let fates = Fates { socket: Fate::Forbidden, events: Fate::Deaf, ..Fates::ALL_PASS };
    let middlebox = Middlebox::before(place.at, fates).await;
    let timing = Timing { answer_limit: Duration::from_millis(300), ..Timing::default() };
    let mut end = place.enter_patiently(middlebox.at, timing);
    assert_eq!(end.signalled().await, Signalled::Joined { slot: Slot::First });
    end.judged().await;
    assert_eq!(end.facts.carried(), [SignallingTransport::LongPolling]);
    let forbidden = SignallingFailure::Status { status: 403 };
    assert_eq!(
        end.facts.not_carried(),
        [(SignallingTransport::WebSocket, forbidden), (SignallingTransport::EventStream, SignallingFailure::HeldBack)]
    );
    end.finish().await;

    let middlebox = Middlebox::before(place.at, Fates { socket: Fate::Cut, ..Fates::ALL_PASS }).await;
    let mut end = place.enter_by(middlebox.at);
    assert_eq!(end.signalled().await, Signalled::Joined { slot: Slot::First });
    end.judged().await;
    assert_eq!(end.facts.not_carried(), [(SignallingTransport::WebSocket, SignallingFailure::Cut)]);
    assert_eq!(end.finish().await.chosen(), [SignallingTransport::EventStream]);
}

#[tokio::test]
async fn a_carrier_that_is_cut_is_replaced_and_nothing_is_lost_or_comes_twice() {
    let place = Place::open(Config::default()).await;
    let middlebox = Middlebox::before(place.at, Fates::ALL_PASS).await;
    let mut one = first(&place, &middlebox).await;
    one.judged().await;
    let mut other = place.enter();
    assert_eq!(other.signalled().await, Signalled::Joined { slot: Slot::Second });
    assert_eq!(other.signalled().await, Signalled::PeerJoined);
    assert_eq!(one.signalled().await, Signalled::PeerJoined);
    for part in 0..3_u32 {
        // Each time the carrier in use goes, and the next best has to take over.
        let cut = [
            Fates::ALL_PASS,
            Fates { socket: Fate::Cut, ..Fates::ALL_PASS },
            Fates { socket: Fate::Cut, events: Fate::Cut, ..Fates::ALL_PASS },
        ];
        let numbers = || (0..60).map(move |number| format!("{part}.{number}"));
        for number in numbers() {
            one.say(number.as_bytes());
            other.say(number.as_bytes());
            if number.ends_with(".30") {
                middlebox.becomes(cut[part as usize]);
            }
        }
        for number in numbers() {
            assert_eq!(other.signalled().await, message(&number));
            assert_eq!(one.signalled().await, message(&number));
        }
    }
    other.finish().await;
    assert_eq!(one.signalled().await, Signalled::PeerLeft);
    assert_eq!(one.finish().await.chosen(), PREFERENCE);
}

#[tokio::test]
async fn an_end_that_dies_is_missed_on_every_carrier() {
    for transport in PREFERENCE {
        for fate in [Fate::Cut, Fate::Frozen] {
            let place = Place::open(fast()).await;
            let middlebox = Middlebox::before(place.at, only(transport)).await;
            let mut dying = first(&place, &middlebox).await;
            dying.judged().await;
            let mut left = place.enter();
            assert_eq!(left.signalled().await, Signalled::Joined { slot: Slot::Second });
            assert_eq!(left.signalled().await, Signalled::PeerJoined);
            // Its process dies and the kernel says so; or its machine does, and nobody says anything.
            middlebox.becomes(Fates { socket: fate, events: fate, polls: fate, posts: fate });
            assert_eq!(left.signalled().await, Signalled::PeerLeft, "{transport:?} {fate:?}");
            dying.die();
            left.finish().await;
        }
    }
}

#[tokio::test]
async fn an_end_whose_server_is_gone_hears_that_its_way_is_closed() {
    for transport in PREFERENCE {
        let place = Place::open(Config::default()).await;
        let middlebox = Middlebox::before(place.at, only(transport)).await;
        let mut end = first(&place, &middlebox).await;
        end.judged().await;
        middlebox.becomes(Fates { socket: Fate::Cut, events: Fate::Cut, polls: Fate::Cut, posts: Fate::Cut });
        assert_eq!(end.signalled().await, Signalled::Closed);
        assert_eq!(end.lost().await, Lost::Cut, "{transport:?}");
    }
}

#[tokio::test]
async fn a_message_that_nothing_carries_is_not_tried_for_ever() {
    let place = Place::open(Config::default()).await;
    let middlebox = Middlebox::before(place.at, only(SignallingTransport::LongPolling)).await;
    let mut end = first(&place, &middlebox).await;
    end.judged().await;
    middlebox.becomes(Fates { posts: Fate::Forbidden, ..only(SignallingTransport::LongPolling) });
    end.say(b"into the void");
    assert_eq!(end.signalled().await, Signalled::Closed);
    assert!(end.facts.chosen().len() > 2, "it was tried again: {:?}", end.facts);
    assert_eq!(end.lost().await, Lost::NoRoom(403));
}

#[tokio::test]
async fn a_server_that_stops_says_so() {
    let place = Place::open(Config::default()).await;
    let mut end = place.enter();
    assert_eq!(end.signalled().await, Signalled::Joined { slot: Slot::First });
    end.judged().await;
    place.stop().await;
    assert_eq!(end.signalled().await, Signalled::Closed);
    assert_eq!(end.lost().await, Lost::Refused(RoomRefusal::NotJoined));
}

#[tokio::test]
async fn a_third_end_is_refused_and_hears_why() {
    let place = Place::open(Config::default()).await;
    let (mut one, mut other) = (place.enter(), place.enter());
    one.signalled().await;
    other.signalled().await;
    let mut third = place.enter();
    assert_eq!(third.signalled().await, Signalled::Closed);
    assert!(third.facts.0.contains(&Fact::Signalling(SignallingFact::RoomFull)));
    assert_eq!(third.lost().await, Lost::Refused(RoomRefusal::RoomFull));
    one.finish().await;
    other.finish().await;
}

#[tokio::test]
async fn whoever_is_no_server_of_rooms_is_told_apart_from_nobody() {
    let place = Place::open(Config::default()).await;
    let middlebox = Middlebox::before(place.at, Fates { posts: Fate::Forbidden, ..Fates::ALL_PASS }).await;
    let mut end = place.enter_by(middlebox.at);
    assert_eq!(end.signalled().await, Signalled::Closed);
    assert_eq!(end.facts.judged(), 3);
    assert_eq!(end.lost().await, Lost::NoRoom(403));

    let middlebox = Middlebox::before(place.at, Fates { posts: Fate::Deaf, ..Fates::ALL_PASS }).await;
    let timing = Timing { answer_limit: Duration::from_millis(100), ..Timing::default() };
    let mut end = place.enter_patiently(middlebox.at, timing);
    assert_eq!(end.signalled().await, Signalled::Closed);
    assert_eq!(end.lost().await, Lost::NoAnswer);

    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.and_then(|it| it.local_addr()).expect("a port");
    let mut end = place.enter_by(nobody);
    assert_eq!(end.signalled().await, Signalled::Closed);
    assert_eq!(end.lost().await, Lost::NotConnected(crate::model::Failure::Refused));
}

#[tokio::test]
async fn a_burst_beyond_the_servers_pace_arrives_whole_and_in_order() {
    for transport in PREFERENCE {
        let mut slow = Config::default();
        (slow.limits.burst, slow.limits.messages_per_second) = (20, 1000);
        let place = Place::open(slow).await;
        let middlebox = Middlebox::before(place.at, only(transport)).await;
        let mut one = first(&place, &middlebox).await;
        let mut other = place.enter();
        assert_eq!(other.signalled().await, Signalled::Joined { slot: Slot::Second });
        assert_eq!(other.signalled().await, Signalled::PeerJoined);
        for number in 0..120_u32 {
            one.say(&number.to_be_bytes());
        }
        for number in 0..120_u32 {
            assert_eq!(other.signalled().await, Signalled::Message(number.to_be_bytes().to_vec()), "{transport:?}");
        }
        assert_eq!(one.signalled().await, Signalled::PeerJoined);
        one.finish().await;
        other.finish().await;
    }
}

#[tokio::test]
async fn the_largest_message_passes_on_every_carrier_and_a_larger_one_ends_the_way() {
    let limit = Config::default().limits.message_bytes;
    for transport in PREFERENCE {
        let place = Place::open(Config::default()).await;
        let middlebox = Middlebox::before(place.at, only(transport)).await;
        let mut one = first(&place, &middlebox).await;
        let mut other = place.enter_by(middlebox.at);
        assert_eq!(other.signalled().await, Signalled::Joined { slot: Slot::Second });
        assert_eq!((one.signalled().await, other.signalled().await), (Signalled::PeerJoined, Signalled::PeerJoined));
        let largest: Vec<u8> = (0..limit).map(|at| at as u8).collect();
        one.say(&largest);
        assert!(other.signalled().await == Signalled::Message(largest), "{transport:?}");
        one.say(&vec![0; limit + 1]);
        assert_eq!(one.signalled().await, Signalled::Closed);
        assert_eq!(one.lost().await, Lost::Refused(RoomRefusal::TooLarge));
        other.finish().await;
    }
}

#[tokio::test]
async fn an_end_that_finishes_before_it_is_there_leaves_nothing_behind() {
    let place = Place::open(Config::default()).await;
    place.enter().finish().await;
    let mut end = place.enter();
    assert_eq!(end.signalled().await, Signalled::Joined { slot: Slot::First });
    end.finish().await;
    assert_eq!(place.server.rooms(), 0);
}
