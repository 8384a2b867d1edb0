//! From the first request to an allocation, or to the reason why there is none.

use super::*;

#[test]
fn a_challenge_is_answered_once_and_brings_the_allocation() {
    let events = Rig::alice().start();
    let allocated = Event::Allocated {
        relayed: relayed(),
        mapped: Some(client()),
        lifetime: Duration::from_secs(600),
        took: ms(20),
    };
    assert_eq!(events, [Event::Challenged { took: ms(20), software: None }, allocated]);
}

#[test]
fn an_open_server_gives_an_allocation_without_a_challenge() {
    let mut rig = Rig::alice();
    rig.server.wants_credentials = false;
    assert!(matches!(rig.start()[..], [Event::Allocated { .. }]));
    rig.allocation.permit(rig.now, peer().ip());
    assert!(matches!(rig.settle()[..], [Event::Permitted { .. }]));
}

#[test]
fn without_credentials_the_challenge_is_all_that_is_learnt() {
    let mut rig = Rig::new(config(None));
    let events = rig.start();
    assert_eq!(events, [Event::Challenged { took: ms(20), software: None }, failed(Error::NoCredentials)]);
    assert!(!rig.allocation.release(rig.now));
}

#[test]
fn a_second_401_means_wrong_credentials_and_nothing_is_sent_again() {
    let wrong = Credentials::LongTerm { username: fake::USER.to_owned(), password: "wander".to_owned() };
    let mut rig = Rig::new(config(Some(wrong)));
    assert_eq!(rig.start().last(), Some(&failed(refused(401))));
    assert_eq!(rig.sent.len(), 2);
    assert_eq!(rig.allocation.wake(), None);
}

#[test]
fn credentials_are_never_sent_to_a_realm_that_changed() {
    for code in [401, 438] {
        let mut rig = Rig::alice();
        let mut realm = 0;
        rig.server.twist(move |request, _| {
            realm += 1;
            let answer = Builder::answer(request, Class::Error).error(if realm == 1 { 401 } else { code }, "No");
            vec![answer.realm(format!("realm-{realm}").as_bytes()).nonce(b"n").finish()]
        });
        assert_eq!(rig.start().last(), Some(&failed(refused(code))));
        assert_eq!(rig.sent.len(), 2, "{code}");
    }
}

#[test]
fn a_stale_nonce_is_replaced() {
    let mut rig = Rig::alice().held();
    rig.server.nonce = b"second-nonce".to_vec();
    rig.allocation.permit(rig.now, peer().ip());
    let permitted = Event::Permitted { peer: peer().ip(), took: ms(40) };
    assert_eq!(rig.settle(), [permitted]);
    rig.allocation.refresh(rig.now);
    assert!(matches!(rig.settle()[..], [Event::Refreshed { took, .. }] if took == ms(20)));
}

#[test]
fn a_server_that_rejects_its_own_nonces_is_asked_three_times() {
    let mut rig = Rig::alice();
    let mut count = 0;
    rig.server.twist(move |request, _| {
        count += 1;
        let code = if request.nonce().is_some() { 438 } else { 401 };
        let answer = Builder::answer(request, Class::Error).error(code, "No").realm(fake::REALM.as_bytes());
        vec![answer.nonce(format!("nonce-{count}").as_bytes()).finish()]
    });
    assert_eq!(rig.start().last(), Some(&failed(refused(438))));
    assert_eq!(rig.sent.len(), 1 + 3);
}

#[test]
fn nonce_and_realm_go_back_to_the_byte() {
    for nonce in [b"a\0b\xff".as_slice(), b"", b"obMatJos2AAA\xc3\xa9", &[b'n'; 763]] {
        let mut rig = Rig::alice();
        rig.server.nonce = nonce.to_vec();
        assert!(matches!(rig.start().last(), Some(Event::Allocated { .. })));
        let request = Message::read(&rig.sent[1]).expect("reads");
        assert_eq!((request.nonce(), request.realm()), (Some(nonce), Some(fake::REALM.as_bytes())));
    }
}

#[test]
fn a_challenge_without_realm_or_nonce_or_with_an_endless_nonce_is_malformed() {
    type Make = fn(Builder) -> Builder;
    let cases: [(Make, Malformed); 6] = [
        (|answer| answer.nonce(b"n"), Malformed::NoRealm),
        (|answer| answer.realm(b"").nonce(b"n"), Malformed::NoRealm),
        (|answer| answer.realm(b"r"), Malformed::NoNonce),
        (|answer| answer.realm(b"r").nonce(&[b'n'; 764]), Malformed::LongNonce { bytes: 764, most: 763 }),
        (|answer| answer.realm(&[b'r'; 764]).nonce(b"n"), Malformed::LongRealm { bytes: 764, most: 763 }),
        (|answer| answer.realm(b"\xff").nonce(b"n"), Malformed::RealmNotText),
    ];
    for (make, problem) in cases {
        let mut rig = Rig::alice();
        rig.server
            .twist(move |request, _| vec![make(Builder::answer(request, Class::Error).error(401, "No")).finish()]);
        let mut events = rig.start();
        assert_eq!((malformed(events.pop()), events.len()), (problem, 0));
    }
}

#[test]
fn an_offer_of_sha_256_is_taken_up_throughout() {
    let mut rig = Rig::alice();
    rig.server.offer = Some(fake::BOTH_ALGORITHMS.to_vec());
    rig.server.nonce = b"obMatJos2gAAAnonce".to_vec();
    assert!(matches!(rig.start().last(), Some(Event::Allocated { .. })));
    let request = Message::read(&rig.sent[1]).expect("reads");
    assert_eq!(request.password_algorithm(), Some(2));
    assert_eq!(request.password_algorithms_raw(), Some(fake::BOTH_ALGORITHMS.as_slice()));
    rig.allocation.refresh(rig.now);
    assert!(matches!(rig.settle()[..], [Event::Refreshed { .. }]));
}

#[test]
fn an_announced_offer_that_is_missing_was_taken_away_by_somebody() {
    for nonce in [b"obMatJos2gAAAnonce", b"obMatJos2AAABnonce"] {
        let mut rig = Rig::alice();
        rig.server.nonce = nonce.to_vec();
        assert_eq!(rig.start(), [failed(Error::BidDown)]);
        assert_eq!(rig.sent.len(), 1);
    }
}

#[test]
fn an_offer_of_unknown_algorithms_is_told() {
    let mut rig = Rig::alice();
    rig.server.offer = Some(vec![0, 9, 0, 0]);
    let problem = malformed(rig.start().pop());
    assert_eq!(problem, Malformed::NoAlgorithm);
}

#[test]
fn a_server_that_wants_no_names_gets_a_hash() {
    let mut rig = Rig::alice();
    rig.server.nonce = b"obMatJos2QAAAnonce".to_vec();
    assert!(matches!(rig.start().last(), Some(Event::Allocated { .. })));
    let request = Message::read(&rig.sent[1]).expect("reads");
    assert_eq!((request.username(), request.has(0x001e)), (None, true));
}

#[test]
fn a_password_of_which_no_key_can_be_made_is_as_good_as_none() {
    let empty = Credentials::LongTerm { username: fake::USER.to_owned(), password: String::new() };
    let events = Rig::new(config(Some(empty))).start();
    assert_eq!(events.last(), Some(&failed(Error::NoCredentials)));
}

#[test]
fn every_error_code_is_handed_on_with_its_reason() {
    for code in [300, 400, 403, 420, 437, 440, 441, 442, 443, 446, 447, 486, 487, 500, 508, 599, 699] {
        let event = after_allocate(move |request, _| Fake::new(false).refuse(request, code));
        assert_eq!(event, Some(failed(refused(code))));
    }
}

#[test]
fn codes_that_no_rfc_allows_are_handed_on_too() {
    for (class, number, code) in [(0, 0, 0), (7, 1, 701), (1, 99, 199), (7, 255, 799)] {
        let event = after_allocate(move |request, _| {
            Builder::answer(request, Class::Error).raw(9, &[0, 0, class, number]).integrity(&key()).finish()
        });
        let error = Error::Refused { code, reason: Text::default(), alternate: None };
        assert_eq!(event, Some(failed(error)));
    }
}

#[test]
fn a_redirection_is_handed_on_with_its_alternate_server() {
    let event = after_allocate(move |request, _| {
        Builder::answer(request, Class::Error).error(300, "There").alternate_server(peer()).finish()
    });
    let error = Error::Refused { code: 300, reason: Text::new("There"), alternate: Some(peer()) };
    assert_eq!(event, Some(failed(error)));
}

#[test]
fn an_error_response_without_a_code_is_malformed() {
    let unreadable = |request: &Message, _| Builder::answer(request, Class::Error).raw(9, &[4]).finish();
    assert_eq!(malformed(after_allocate(unreadable)), Malformed::NoErrorCode);
}

#[test]
fn success_without_what_it_is_about_is_malformed() {
    let no_address = |_: &Message, yes: Builder| yes.lifetime_s(600).integrity(&key()).finish();
    assert_eq!(malformed(after_allocate(no_address)), Malformed::NoRelayedAddress);
    let short = |_: &Message, yes: Builder| yes.raw(0x16, &[0, 1, 2]).lifetime_s(600).integrity(&key()).finish();
    assert_eq!(malformed(after_allocate(short)), Malformed::NoRelayedAddress);
    let nothing = |_: &Message, yes: Builder| yes.xor_relayed(peer()).lifetime_s(0).integrity(&key()).finish();
    assert_eq!(malformed(after_allocate(nothing)), Malformed::NoLifetime);
    let missing = |_: &Message, yes: Builder| yes.xor_relayed(peer()).integrity(&key()).finish();
    assert_eq!(malformed(after_allocate(missing)), Malformed::NoLifetime);
}

#[test]
fn an_endless_lifetime_is_taken_for_an_hour() {
    let endless = |_: &Message, yes: Builder| yes.xor_relayed(peer()).lifetime_s(u32::MAX).integrity(&key()).finish();
    let mut rig = allocating(endless);
    let events = rig.start();
    assert!(matches!(events[..], [_, Event::Allocated { lifetime, .. }] if lifetime == Duration::from_secs(3600)));
}

#[test]
fn an_allocation_that_cannot_be_used_is_given_back_all_the_same() {
    let mut rig = allocating(|_, yes| yes.integrity(&key()).finish());
    rig.start();
    assert!(rig.allocation.release(rig.now));
    assert!(matches!(rig.settle()[..], [Event::Released { .. }]));
}

#[test]
fn success_without_or_with_a_wrong_seal_is_not_believed() {
    let bare = |_: &Message, yes: Builder| yes.xor_relayed(peer()).lifetime_s(600).finish();
    let violated = Some(failed(Error::Anomalous(Anomaly::IntegrityFailed)));
    assert_eq!(after_allocate(bare), violated);
    let other = stun_rs::HMACKey::new_short_term("other").expect("a key");
    let wrong = move |_: &Message, yes: Builder| yes.xor_relayed(peer()).lifetime_s(600).integrity(&other).finish();
    assert_eq!(after_allocate(wrong), violated);
}

#[test]
fn an_answer_with_a_wrong_seal_does_not_spoil_the_right_one_behind_it() {
    let mut rig = Rig::alice();
    rig.server.twist(move |request, honest| {
        let forged = Builder::answer(request, Class::Success).xor_relayed(peer()).lifetime_s(600).finish();
        if request.nonce().is_some() { vec![forged, honest] } else { vec![honest] }
    });
    let events = rig.start();
    assert!(events.contains(&Event::Anomalous(Anomaly::IntegrityFailed)));
    assert!(matches!(events.last(), Some(Event::Allocated { relayed: got, .. }) if *got == relayed()));
}

#[test]
fn a_wrong_fingerprint_is_a_broken_seal() {
    let crc = |_: &Message, yes: Builder| {
        yes.xor_relayed(peer()).lifetime_s(600).integrity(&key()).raw(0x8028, &[1, 2, 3, 4]).finish()
    };
    assert_eq!(after_allocate(crc), Some(failed(Error::Anomalous(Anomaly::IntegrityFailed))));
}

#[test]
fn unknown_attributes_that_must_be_understood_fail_the_request() {
    let strange = |_: &Message, yes: Builder| {
        yes.xor_relayed(peer()).lifetime_s(600).raw(0x7abc, &[1]).integrity(&key()).finish()
    };
    let attributes = vec![0x7abc];
    assert_eq!(after_allocate(strange), Some(failed(Error::Anomalous(Anomaly::UnknownRequired { attributes }))));
}
