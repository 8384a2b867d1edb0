//! An allocation that is held: silence, data, renewals, release, and streams.

use super::*;

#[test]
fn silence_is_told_after_the_last_copy_with_how_often_was_asked() {
    let mut rig = Rig::alice();
    rig.connected = false;
    rig.allocation.start(rig.now);
    let events = rig.pass(Duration::from_secs(20));
    assert_eq!(events, [failed(Error::Silent { sent: 7, waited: ms(3900) })]);
    assert!(!rig.allocation.release(rig.now), "a server never heard holds nothing");
}

#[test]
fn a_lost_answer_is_asked_for_again_within_two_round_trips() {
    let mut rig = Rig::alice().held();
    rig.connected = false;
    rig.allocation.refresh(rig.now);
    rig.pass(ms(39));
    assert_eq!(rig.sent.len(), 1);
    rig.connected = true;
    assert!(matches!(rig.pass(ms(40))[..], [Event::Refreshed { .. }]));
}

#[test]
fn late_doubled_and_contradictory_answers_are_told_apart() {
    let mut rig = Rig::alice().held();
    rig.server.twist(move |request, honest| {
        let contrary = Fake::new(false).refuse(request, 500);
        vec![honest.clone(), honest, contrary]
    });
    rig.allocation.refresh(rig.now);
    assert!(matches!(rig.settle()[..], [Event::Refreshed { .. }, Event::Anomalous(Anomaly::Conflicting)]));
    let late = Builder::new(wire::StunMethod::Refresh, Class::Success, TransactionId([3; 12])).finish();
    assert_eq!(rig.receive(&late), [Event::Anomalous(Anomaly::Stale)]);
}

#[test]
fn data_comes_only_from_permitted_peers_and_known_channels() {
    let mut rig = Rig::alice().held();
    let indication = |from| {
        let builder = Builder::new(wire::StunMethod::Data, Class::Indication, TransactionId([4; 12]));
        builder.xor_peer(from).data(b"hello").finish()
    };
    assert_eq!(rig.receive(&indication(peer())), []);
    assert_eq!(rig.receive(&wire::channel_data(0x4000, b"hello", false).expect("fits")), []);
    assert_eq!(rig.receive(&[0x50, 0, 0, 0]), []);
    assert_eq!(rig.allocation.dropped(), 3);
    rig.allocation.permit(rig.now, peer().ip());
    rig.settle();
    let data = Event::Data { peer: peer(), data: b"hello".to_vec() };
    assert_eq!(rig.receive(&indication(peer())), std::slice::from_ref(&data));
    let channel = rig.allocation.bind_channel(rig.now, peer()).expect("a channel");
    assert!(matches!(rig.settle()[..], [Event::ChannelBound { channel: 0x4000, .. }]));
    assert_eq!(rig.receive(&wire::channel_data(channel, b"hello", false).expect("fits")), [data]);
    assert_eq!(rig.allocation.dropped(), 3);
}

#[test]
fn data_goes_by_indication_until_the_channel_is_bound() {
    let mut rig = Rig::alice().held();
    rig.allocation.bind_channel(rig.now, peer());
    rig.allocation.send_to(peer(), b"early");
    rig.settle();
    rig.allocation.send_to(peer(), b"late");
    rig.settle();
    assert!(matches!(wire::read(&rig.sent[1]), Ok(Datagram::Stun(message)) if message.data() == Some(b"early")));
    assert!(matches!(wire::read(&rig.sent[2]), Ok(Datagram::Channel(packet)) if packet.data == b"late"));
}

#[test]
fn a_refused_permission_names_the_peer_and_can_be_asked_for_again() {
    let mut rig = Rig::alice().held();
    rig.server.forbidden.insert(peer().ip());
    rig.allocation.permit(rig.now, peer().ip());
    let error = refused(403);
    let refused = Event::Failed { method: Method::CreatePermission, peer: Some(peer().ip()), error };
    assert_eq!(rig.settle(), [refused]);
    rig.server.forbidden.clear();
    rig.allocation.permit(rig.now, peer().ip());
    assert!(matches!(rig.settle()[..], [Event::Permitted { .. }]));
}

#[test]
fn all_that_is_held_is_kept_alive() {
    let mut rig = Rig::alice().held();
    rig.allocation.permit(rig.now, IpAddr::from([192, 0, 2, 1]));
    rig.allocation.bind_channel(rig.now, peer());
    rig.settle();
    rig.server.seen.clear();
    let events = rig.pass(Duration::from_secs(700));
    let count = |method| rig.server.seen.iter().filter(|(seen, _)| *seen == method).count();
    assert_eq!(count(wire::StunMethod::Refresh), 2);
    assert_eq!(count(wire::StunMethod::CreatePermission), 2);
    assert_eq!(count(wire::StunMethod::ChannelBind), 2);
    assert!(events.iter().all(|event| matches!(event, Event::Refreshed { .. })), "{events:?}");
}

#[test]
fn renewals_are_counted_by_how_they_came_out_and_the_first_granting_is_none() {
    let held = || {
        let mut rig = Rig::alice().held();
        rig.allocation.permit(rig.now, peer().ip());
        rig.allocation.bind_channel(rig.now, peer());
        rig.settle();
        rig
    };
    let counts = |rig: &Rig| {
        let upkeep = rig.allocation.upkeep();
        [upkeep.allocation(), upkeep.permission(), upkeep.channel()]
            .map(|it| (it.asked, it.answered, it.refused, it.silent))
    };
    let mut kept = held();
    assert_eq!(counts(&kept), [(0, 0, 0, 0); 3]);
    kept.pass(Duration::from_secs(700));
    let [allocation, permission, channel] = counts(&kept);
    for (asked, answered, refused, silent) in [allocation, permission, channel] {
        assert!(asked >= 2 && answered == asked && (refused, silent) == (0, 0), "{:?}", counts(&kept));
    }
    let gap = kept.allocation.upkeep().allocation().longest_gap_ms.expect("there were two");
    assert!((200_000.0..600_000.0).contains(&gap.0), "{gap}");

    let mut refusing = held();
    refusing.server.forbidden.insert(peer().ip());
    refusing.pass(Duration::from_secs(350));
    let (_, answered, refused, silent) = counts(&refusing)[1];
    assert!(answered == 0 && refused > 0 && silent == 0, "{:?}", counts(&refusing));

    let mut unheard = held();
    unheard.connected = false;
    unheard.pass(Duration::from_secs(601));
    let (_, answered, refused, silent) = counts(&unheard)[0];
    assert!(answered == 0 && refused == 0 && silent > 0, "{:?}", counts(&unheard));
}

#[test]
fn an_allocation_that_the_server_forgot_is_lost_at_the_next_refresh() {
    let mut rig = Rig::alice().held();
    rig.server.forget();
    let events = rig.pass(Duration::from_secs(400));
    assert!(matches!(events[..], [Event::Lost { after }] if after >= Duration::from_secs(300)), "{events:?}");
    assert_eq!((rig.allocation.relayed(), rig.allocation.wake()), (None, None));
}

#[test]
fn an_allocation_that_cannot_be_refreshed_is_lost_when_it_expires() {
    let mut rig = Rig::alice().held();
    rig.connected = false;
    let events = rig.pass(Duration::from_secs(601));
    assert!(matches!(events.last(), Some(Event::Lost { after }) if *after == Duration::from_secs(600)), "{events:?}");
}

#[test]
fn a_release_is_answered_even_where_the_allocation_is_gone_already() {
    for forgotten in [false, true] {
        let mut rig = Rig::alice().held();
        if forgotten {
            rig.server.forget();
        }
        assert!(rig.allocation.release(rig.now));
        assert_eq!(rig.settle(), [Event::Released { took: ms(20) }]);
        assert_eq!((rig.server.allocations(), rig.allocation.wake()), (0, None));
        assert!(!rig.allocation.release(rig.now));
    }
}

#[test]
fn an_ipv6_allocation_is_asked_for_by_its_family() {
    let mut rig = Rig::new(Config { family: Some(Family::Ipv6), ..config(alice()) });
    assert!(matches!(rig.start().last(), Some(Event::Allocated { relayed, .. }) if relayed.is_ipv6()));
}

#[test]
fn a_stream_is_read_however_it_is_cut() {
    for size in [1, 2, 3, 7, 1000] {
        let mut rig = Rig::new(Config { transport: Transport::Tcp, ..config(alice()) }).held();
        rig.allocation.bind_channel(rig.now, peer());
        rig.settle();
        let mut bytes = wire::channel_data(0x4000, b"one", true).expect("fits");
        bytes.extend(wire::channel_data(0x4000, b"two", true).expect("fits"));
        let events: Vec<_> = bytes.chunks(size).flat_map(|chunk| rig.receive(chunk)).collect();
        let data = |data: &[u8]| Event::Data { peer: peer(), data: data.to_vec() };
        assert_eq!(events, [data(b"one"), data(b"two")]);
        assert_eq!(rig.allocation.buffered(), 0);
    }
}

#[test]
fn on_a_stream_nothing_is_sent_twice() {
    let mut rig = Rig::new(Config { transport: Transport::Tls, ..config(alice()) }).held();
    rig.connected = false;
    rig.allocation.refresh(rig.now);
    let events = rig.pass(Duration::from_secs(6));
    let error = Error::Silent { sent: 1, waited: ms(3500) };
    assert_eq!(events, [Event::Failed { method: Method::Refresh, peer: None, error }]);
}

#[test]
fn a_stream_that_is_not_stun_ends_everything() {
    let mut rig = Rig::new(Config { transport: Transport::Tcp, ..config(alice()) });
    rig.allocation.start(rig.now);
    let mut events = rig.receive(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    // The request goes out first, to a server that answers; what counts is the banner before that.
    events.retain(|event| matches!(event, Event::Failed { .. }));
    assert_eq!(malformed(events.pop()), Malformed::NotStun { first_bytes: "HTTP/1.1 400 Bad".to_owned() });
    assert!(!rig.allocation.release(rig.now));
}

#[test]
fn a_broken_seal_on_a_stream_ends_the_request_at_once() {
    let mut rig = Rig::new(Config { transport: Transport::Tcp, ..config(alice()) });
    rig.server.twist(|request, honest| {
        let bare = Builder::answer(request, Class::Success).xor_relayed(peer()).lifetime_s(600).finish();
        vec![if request.nonce().is_some() { bare } else { honest }]
    });
    assert_eq!(rig.start().last(), Some(&failed(Error::Anomalous(Anomaly::IntegrityFailed))));
}

/// An allocation that waits for the answer to its sealed Allocate, and that answer.
fn before_the_answer(transport: Transport) -> (Rig, Vec<u8>) {
    let kept = Rc::new(RefCell::new(Vec::new()));
    let keep = Rc::clone(&kept);
    let mut rig = Rig::new(Config { transport, ..config(alice()) });
    rig.server.twist(move |request, honest| {
        if request.nonce().is_none() {
            return vec![honest];
        }
        keep.borrow_mut().clone_from(&honest);
        Vec::new()
    });
    rig.start();
    let answer = kept.borrow().clone();
    (rig, answer)
}

#[test]
fn no_prefix_of_a_success_is_taken_for_it_and_none_hangs() {
    let (_, answer) = before_the_answer(Transport::Udp);
    for transport in [Transport::Udp, Transport::Tcp] {
        for cut in 0..answer.len() {
            let (mut rig, answer) = before_the_answer(transport);
            let events = rig.receive(&answer[..cut]);
            assert!(!events.iter().any(|event| matches!(event, Event::Allocated { .. })), "cut at {cut}");
            rig.pass(Duration::from_secs(20));
            assert_eq!(rig.allocation.wake(), None);
        }
    }
}

#[test]
fn no_flipped_bit_of_a_success_is_believed_and_none_hangs() {
    let (_, answer) = before_the_answer(Transport::Udp);
    for bit in 0..answer.len() * 8 {
        let (mut rig, mut answer) = before_the_answer(Transport::Udp);
        answer[bit / 8] ^= 1 << (bit % 8);
        let events = rig.receive(&answer);
        assert!(!events.iter().any(|event| matches!(event, Event::Allocated { .. })), "bit {bit}");
        rig.pass(Duration::from_secs(20));
        assert_eq!(rig.allocation.wake(), None);
    }
}

proptest! {
    #[test]
    fn no_bytes_from_the_server_panic_or_hang(
        packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 1..20),
        on_stream: bool,
    ) {
        let transport = if on_stream { Transport::Tcp } else { Transport::Udp };
        let mut rig = Rig::new(Config { transport, ..config(alice()) }).held();
        rig.allocation.permit(rig.now, peer().ip());
        for packet in packets {
            rig.receive(&packet);
        }
        rig.pass(Duration::from_secs(700));
        rig.allocation.release(rig.now);
        rig.pass(Duration::from_secs(20));
        prop_assert_eq!(rig.allocation.wake(), None);
    }

    #[test]
    fn no_challenge_panics(realm: Vec<u8>, nonce: Vec<u8>, offer: Option<Vec<u8>>, cookie: bool) {
        let nonce = if cookie { [b"obMatJos2".as_slice(), &nonce].concat() } else { nonce };
        let mut rig = Rig::alice();
        rig.server.twist(move |request, _| {
            let answer = Builder::answer(request, Class::Error).error(401, "No").realm(&realm).nonce(&nonce);
            vec![offer.iter().fold(answer, |answer, offer| answer.password_algorithms(offer)).finish()]
        });
        rig.start();
        prop_assert!(rig.sent.len() <= 2);
    }
}
