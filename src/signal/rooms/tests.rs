use super::event::kept;
use super::*;
use crate::machine::Shares;

const VERSION_OF_ANOTHER: u32 = VERSION + 1;

#[derive(Debug)]
struct Deaf;

impl Notify for Deaf {
    fn notify(&self) {}
}

const ONE: Token = Token::new([1; 16]);
const OTHER: Token = Token::new([2; 16]);
const THIRD: Token = Token::new([3; 16]);
const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

fn at(seconds: u64) -> Instant {
    Instant::after_start(Duration::from_secs(seconds))
}

fn id(number: u8) -> RoomId {
    RoomId::new([number; 16])
}

fn join(rooms: &mut Rooms<Deaf>, now: u64, room: u8, token: Token) -> Result<Slot, RoomRefusal> {
    rooms.join(at(now), &id(room), token, VERSION, HOME, Deaf)
}

/// One room, number 0, with both ends in it at second 0.
fn met() -> Rooms<Deaf> {
    let mut rooms = Rooms::new(Limits::default());
    assert_eq!(join(&mut rooms, 0, 0, ONE), Ok(Slot::First));
    assert_eq!(join(&mut rooms, 0, 0, OTHER), Ok(Slot::Second));
    rooms
}

fn told(rooms: &Rooms<Deaf>, token: &Token, after: u64) -> Vec<(u64, Event)> {
    let told = rooms.events_after(&id(0), token, after).expect("seated");
    told.into_iter().map(|told| (told.number, told.event)).collect()
}

fn message(text: &str) -> Event {
    Event::Message(text.as_bytes().into())
}

#[test]
fn what_is_said_before_the_second_comes_waits_for_it_behind_the_news_of_the_first() {
    let mut rooms = Rooms::new(Limits::default());
    join(&mut rooms, 0, 0, ONE).expect("seated");
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 1, b"a"), Ok(1));
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 2, b"b"), Ok(2));
    join(&mut rooms, 1, 0, OTHER).expect("seated");
    assert_eq!(rooms.post(at(1), &id(0), &ONE, 3, b"c"), Ok(3));
    let all = [(1, Event::PeerJoined), (2, message("a")), (3, message("b")), (4, message("c"))];
    assert_eq!(told(&rooms, &OTHER, 0), all);
    assert_eq!(told(&rooms, &OTHER, 3), all[3..]);
    assert_eq!(told(&rooms, &ONE, 0), [(1, Event::PeerJoined)]);
}

#[test]
fn a_message_that_is_said_twice_comes_once_and_none_is_left_out() {
    let mut rooms = met();
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 1, b"a"), Ok(1));
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 1, b"a"), Ok(1));
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 3, b"c"), Err(RoomRefusal::OutOfOrder { expected: 2 }));
    assert_eq!(told(&rooms, &OTHER, 1), [(2, message("a"))]);
}

#[test]
fn what_was_heard_is_not_kept_and_what_was_not_is_told_again() {
    let mut rooms = met();
    for (number, text) in [(1, "a"), (2, "b"), (3, "c")] {
        rooms.post(at(0), &id(0), &ONE, number, text.as_bytes()).expect("taken");
    }
    rooms.acknowledge(at(0), &id(0), &OTHER, 2).expect("seated");
    assert_eq!(told(&rooms, &OTHER, 0), [(3, message("b")), (4, message("c"))]);
    assert_eq!(rooms.waiting.all(), 2 * kept(1));
}

#[test]
fn a_third_is_refused_while_one_of_the_two_is_there_and_then_the_room_is_new() {
    let mut rooms = met();
    assert_eq!(join(&mut rooms, 1, 0, THIRD), Err(RoomRefusal::RoomFull));
    rooms.leave(at(1), &id(0), &ONE).expect("seated");
    assert_eq!(join(&mut rooms, 1, 0, THIRD), Err(RoomRefusal::RoomFull), "nobody comes into a call that is under way");
    rooms.leave(at(1), &id(0), &OTHER).expect("seated");
    assert_eq!(join(&mut rooms, 1, 0, THIRD), Ok(Slot::First));
    assert_eq!(told(&rooms, &THIRD, 0), []);
}

#[test]
fn who_leaves_is_missed_behind_its_last_word() {
    let mut rooms = met();
    rooms.post(at(0), &id(0), &ONE, 1, b"bye").expect("taken");
    rooms.leave(at(0), &id(0), &ONE).expect("seated");
    assert_eq!(told(&rooms, &OTHER, 1), [(2, message("bye")), (3, Event::PeerLeft)]);
    assert_eq!(rooms.leave(at(0), &id(0), &ONE), Err(RoomRefusal::NotJoined));
    assert_eq!(rooms.post(at(0), &id(0), &OTHER, 1, b"anybody?"), Ok(1), "it is lost, and that is no fault");
    assert_eq!(rooms.waiting.all(), kept(3));
}

#[test]
fn who_is_silent_for_a_lease_has_left_within_ten_seconds() {
    let mut rooms = met();
    for now in 1..=8 {
        rooms.renew(at(now), &id(0), &ONE).expect("seated");
        rooms.expire(at(now));
    }
    assert_eq!(told(&rooms, &ONE, 1), [(2, Event::PeerLeft)]);
    assert_eq!(rooms.renew(at(9), &id(0), &OTHER), Err(RoomRefusal::NotJoined));
    let longest = Limits::default();
    assert!(longest.lease < Duration::from_secs(10) && longest.grace < Duration::from_secs(10));
}

#[test]
fn who_was_cut_off_may_come_back_within_the_grace() {
    for (back, expected) in [(4, Ok(())), (5, Err(RoomRefusal::NotJoined))] {
        let mut rooms = met();
        rooms.attach(at(0), &id(0), &ONE).expect("seated");
        rooms.attach(at(0), &id(0), &ONE).expect("seated");
        rooms.detach(at(0), &id(0), &ONE, true);
        rooms.detach(at(0), &id(0), &ONE, true);
        assert_eq!(rooms.renew(at(back), &id(0), &ONE), expected);
    }
}

#[test]
fn looking_for_news_is_no_sign_of_life() {
    let mut rooms = met();
    told(&rooms, &ONE, 0);
    rooms.expire(at(8));
    assert!(rooms.is_empty());
}

#[test]
fn an_end_whose_join_was_answered_into_the_void_gets_the_same_seat_again() {
    let mut rooms = met();
    assert_eq!(join(&mut rooms, 1, 0, OTHER), Ok(Slot::Second));
    assert_eq!(told(&rooms, &ONE, 0), [(1, Event::PeerJoined)]);
}

#[test]
fn a_room_does_not_wait_for_ever_for_its_second_end_nor_for_its_end() {
    let mut limits = Limits { lease: Duration::from_secs(100_000), ..Limits::default() };
    (limits.alone, limits.lifetime) = (Duration::from_secs(10), Duration::from_secs(20));
    let mut rooms = Rooms::new(limits);
    join(&mut rooms, 0, 0, ONE).expect("seated");
    join(&mut rooms, 0, 1, ONE).expect("seated");
    join(&mut rooms, 9, 1, OTHER).expect("seated");
    rooms.expire(at(10));
    assert_eq!(rooms.renew(at(10), &id(0), &ONE), Err(RoomRefusal::NotJoined));
    assert_eq!(rooms.renew(at(19), &id(1), &ONE), Ok(()));
    assert_eq!(rooms.renew(at(20), &id(1), &ONE), Err(RoomRefusal::NotJoined));
    assert!(rooms.is_empty());
}

#[test]
fn each_limit_has_its_own_refusal() {
    let limits = Limits {
        rooms: Shares { all: 1, per_site: 1, per_source: 1 },
        message_bytes: 10,
        waiting_bytes: kept(10) + kept(2),
        all_waiting_bytes: shares_of(kept(10) + kept(4)),
        waiting_messages: 3,
        ..Limits::default()
    };
    let mut rooms = Rooms::new(limits);
    join(&mut rooms, 0, 0, ONE).expect("seated");
    assert_eq!(join(&mut rooms, 0, 1, OTHER), Err(RoomRefusal::TooManyRooms));
    join(&mut rooms, 0, 0, OTHER).expect("seated");
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 1, &[0; 11]), Err(RoomRefusal::TooLarge));
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 1, &[0; 10]), Ok(1));
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 2, &[0; 3]), Err(RoomRefusal::TooMuchWaiting), "at one slot");
    assert_eq!(rooms.post(at(0), &id(0), &OTHER, 1, &[0; 5]), Err(RoomRefusal::TooMuchWaiting), "in all");
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 2, &[]), Ok(2));
    assert_eq!(rooms.post(at(0), &id(0), &ONE, 3, &[]), Err(RoomRefusal::TooMuchWaiting), "an empty one takes a place");
    rooms.acknowledge(at(0), &id(0), &OTHER, 3).expect("seated");
    assert_eq!(rooms.echo(at(0), &id(0), &ONE, "tags"), Ok(()));
    assert_eq!(rooms.echo(at(0), &id(0), &ONE, "more tags"), Err(RoomRefusal::TooMuchWaiting));
    let stranger = rooms.join(at(0), &id(0), THIRD, VERSION_OF_ANOTHER, HOME, Deaf);
    assert_eq!(stranger, Err(RoomRefusal::OtherVersion));
}

fn shares_of(all: usize) -> Shares {
    Shares { all, per_site: all, per_source: all }
}

/// As many rooms as may be made from addresses of this form, one after the other.
fn made_from(rooms: &mut Rooms<Deaf>, address: impl Fn(u16) -> String) -> usize {
    let id = |number: u16| RoomId::new([[number as u8, (number >> 8) as u8]; 8].concat().try_into().expect("16 bytes"));
    let mut join = |number: u16| {
        let source = address(number).parse().expect("an address");
        rooms.join(at(0), &id(number), ONE, VERSION, source, Deaf)
    };
    (1..5000).filter(|number| join(*number).is_ok()).count()
}

#[test]
fn a_site_makes_no_more_than_its_share_of_rooms_and_others_make_theirs() {
    let limits = Limits { sources: usize::MAX, joins_per_minute: u32::MAX, ..Limits::default() };
    let mut rooms = Rooms::new(limits.clone());
    let shares = limits.rooms;
    assert_eq!(made_from(&mut rooms, |_| "192.0.2.77".to_owned()), shares.per_source);
    let mut rooms = Rooms::new(limits);
    assert_eq!(made_from(&mut rooms, |n| format!("2001:db8:0:{n:x}::1")), shares.per_site);
    assert_eq!(join(&mut rooms, 0, 0, ONE), Ok(Slot::First), "from elsewhere");
}

#[test]
fn there_is_a_place_for_the_operators_own_room_however_many_strangers_made_theirs() {
    let mut rooms = Rooms::new(Limits { sources: 4096, ..Limits::default() });
    rooms.reserve(id(0));
    let made = made_from(&mut rooms, |n| format!("2001:db8:{n:x}::1"));
    assert_eq!(made, 4096, "one from each of as many sites");
    assert_eq!(join(&mut rooms, 0, 7, ONE), Err(RoomRefusal::TooManyJoins));
    assert_eq!((join(&mut rooms, 0, 0, ONE), join(&mut rooms, 0, 0, OTHER)), (Ok(Slot::First), Ok(Slot::Second)));
}

#[test]
fn rooms_that_are_over_no_longer_count_for_who_made_them() {
    let mut rooms = Rooms::new(Limits { rooms: Shares { all: 9, per_site: 2, per_source: 1 }, ..Limits::default() });
    join(&mut rooms, 0, 0, ONE).expect("seated");
    assert_eq!(join(&mut rooms, 0, 1, ONE), Err(RoomRefusal::TooManyRooms));
    rooms.leave(at(0), &id(0), &ONE).expect("seated");
    assert_eq!(join(&mut rooms, 0, 1, ONE), Ok(Slot::First));
}

#[test]
fn empty_messages_are_counted_and_come_in_answers_of_a_messages_size() {
    let mut rooms = Rooms::new(Limits { messages_per_second: u32::MAX, burst: u32::MAX, ..Limits::default() });
    join(&mut rooms, 0, 0, ONE).expect("seated");
    join(&mut rooms, 0, 0, OTHER).expect("seated");
    let taken = (1..5000).take_while(|number| rooms.post(at(0), &id(0), &ONE, *number, &[]).is_ok()).count();
    let most = rooms.limits().waiting_messages;
    assert!(taken <= most, "{taken} of {most}");
    let told = rooms.events_after(&id(0), &OTHER, 0).expect("seated");
    assert!(told.len() * kept(0) <= rooms.limits().message_bytes, "{} in one answer", told.len());
}

#[test]
fn joins_and_messages_have_a_pace_that_is_regained() {
    let mut rooms = Rooms::new(Limits { joins_per_minute: 2, messages_per_second: 1, burst: 2, ..Limits::default() });
    join(&mut rooms, 0, 0, ONE).expect("seated");
    join(&mut rooms, 0, 0, OTHER).expect("seated");
    assert_eq!(join(&mut rooms, 0, 1, ONE), Err(RoomRefusal::TooManyJoins));
    for (now, number, expected) in [
        (0, 1, Ok(1)),
        (0, 2, Ok(2)),
        (0, 3, Err(RoomRefusal::TooFast)),
        (1, 3, Ok(3)),
        (1, 4, Err(RoomRefusal::TooFast)),
    ] {
        assert_eq!(rooms.post(at(now), &id(0), &ONE, number, b"a"), expected);
    }
    assert_eq!(join(&mut rooms, 30, 1, ONE), Ok(Slot::First));
}

#[test]
fn sources_beyond_the_most_are_refused_until_others_are_forgotten() {
    let mut rooms = Rooms::new(Limits { sources: 2, joins_per_minute: 1, ..Limits::default() });
    let mut from = |now, last: u8| {
        let source = IpAddr::from([192, 0, 2, last]);
        rooms.join(at(now), &id(last), ONE, VERSION, source, Deaf)
    };
    assert_eq!((from(0, 1), from(0, 2)), (Ok(Slot::First), Ok(Slot::First)));
    assert_eq!(from(0, 3), Err(RoomRefusal::TooManyJoins));
    assert_eq!(from(60, 3), Ok(Slot::First));
}

#[test]
fn a_tokens_digits_are_shown_to_nobody_but_the_server() {
    assert_eq!(ONE.reveal().parse::<Token>(), Ok(ONE));
    assert_eq!(format!("{ONE:?}"), "Token(…)");
    let rooms = met();
    assert!(!format!("{rooms:?}").contains(id(0).as_str()));
    assert_eq!("AAAA".parse::<Token>(), Err(RoomRefusal::Malformed));
}

#[test]
fn whatever_is_done_in_whatever_order_nothing_is_kept_for_nobody() {
    for seed in 0..200 {
        let mut rng = crate::machine::Rng::numbered(seed);
        let mut rooms = Rooms::new(Limits {
            rooms: Shares { all: 3, per_site: 3, per_source: 3 },
            waiting_bytes: kept(100),
            ..Limits::default()
        });
        let mut now = 0;
        for _ in 0..300 {
            now += rng.below(3);
            let (room, token) = (id(rng.below(4) as u8), [ONE, OTHER, THIRD][rng.below(3) as usize]);
            let number = rng.below(6);
            let _ = match rng.below(8) {
                0 | 1 => rooms.join(at(now), &room, token, VERSION, HOME, Deaf).map(drop),
                2 | 3 => rooms.post(at(now), &room, &token, number, &vec![0; rng.below(60) as usize]).map(drop),
                4 => rooms.acknowledge(at(now), &room, &token, number),
                5 => rooms.leave(at(now), &room, &token),
                6 => rooms.echo(at(now), &room, &token, "tag"),
                _ => rooms.attach(at(now), &room, &token).map(drop),
            };
            if rng.chance(0.2) {
                rooms.detach(at(now), &room, &token, true);
                rooms.expire(at(now));
            }
            let kept: usize = rooms.rooms.values().map(|room| room.first.kept() + room.second.kept()).sum();
            assert_eq!(rooms.waiting.all(), kept, "seed {seed}");
            assert!(rooms.rooms.len() <= 3);
        }
        rooms.expire(at(now + 100));
        assert_eq!((rooms.len(), rooms.waiting.all()), (0, 0), "seed {seed}");
    }
}

#[test]
fn what_strangers_let_wait_leaves_the_operators_room_and_other_sources_theirs() {
    let shares = Shares { all: kept(10) * 4, per_site: kept(10) * 2, per_source: kept(10) * 2 };
    let mut rooms = Rooms::new(Limits { all_waiting_bytes: shares, ..Limits::default() });
    rooms.reserve(id(0));
    let mut post = |room: u8, source: &str, number: u64| {
        rooms.join(at(0), &id(room), ONE, VERSION, source.parse().expect("an address"), Deaf)?;
        rooms.post(at(0), &id(room), &ONE, number, &[0; 10])
    };
    assert_eq!([1, 2].map(|room| post(room, "192.0.2.1", 1)), [Ok(1), Ok(1)]);
    assert_eq!(post(3, "192.0.2.1", 1), Err(RoomRefusal::TooMuchWaiting), "its share, in however many rooms");
    assert_eq!([4, 5].map(|room| post(room, "192.0.2.2", 1)), [Ok(1), Ok(1)]);
    assert_eq!(post(6, "192.0.2.3", 1), Err(RoomRefusal::TooMuchWaiting), "in all");
    assert_eq!(post(0, "192.0.2.3", 1), Ok(1), "the operator's own");
}

#[test]
fn few_transports_wait_for_one_participant_at_a_time() {
    let mut rooms = Rooms::new(Limits { transports: 2, ..Limits::default() });
    join(&mut rooms, 0, 0, ONE).expect("seated");
    let mut attach = || rooms.attach(at(0), &id(0), &ONE).map(drop);
    assert_eq!([attach(), attach(), attach()], [Ok(()), Ok(()), Err(RoomRefusal::TooManyTransports)]);
    rooms.detach(at(0), &id(0), &ONE, false);
    assert_eq!(rooms.attach(at(0), &id(0), &ONE).map(drop), Ok(()));
}
