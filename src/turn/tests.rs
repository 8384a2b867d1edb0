//! The client against a server that is right, and against one that is wrong in each way there is.

use super::fake::{self, Fake, FakeOutput, key};
use super::*;
use crate::machine::{Instant, Rng};
use crate::model::{Anomaly, Family, Method, Text, Transport};
use crate::wire::{self, Builder, Class, Datagram, Message, TransactionId};
use proptest::prelude::*;
use std::cell::RefCell;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

const HALF_WAY: Duration = Duration::from_millis(10);

fn client() -> SocketAddr {
    "203.0.113.5:40000".parse().expect("an address")
}

fn peer() -> SocketAddr {
    "192.0.2.77:7000".parse().expect("an address")
}

fn relayed() -> SocketAddr {
    "198.51.100.9:50001".parse().expect("an address")
}

fn alice() -> Option<Credentials> {
    Some(Credentials::LongTerm { username: fake::USER.to_owned(), password: fake::PASSWORD.to_owned() })
}

fn config(credentials: Option<Credentials>) -> Config {
    Config { transport: Transport::Udp, credentials, unix_now: 0, family: None, lifetime: None }
}

/// An allocation with the server at the end of a 20 ms line.
struct Rig {
    allocation: Allocation,
    server: Fake,
    now: Instant,
    /// What the allocation sent, all of it.
    sent: Vec<Vec<u8>>,
    /// Whether packets arrive.
    connected: bool,
}

impl Rig {
    fn new(config: Config) -> Self {
        let on_stream = config.transport != Transport::Udp;
        let server = Fake::new(on_stream);
        let allocation = Allocation::new(config, Rng::numbered(1));
        Self { allocation, server, now: Instant::START, sent: Vec::new(), connected: true }
    }

    fn alice() -> Self {
        Self::new(config(alice()))
    }

    /// Lets packets go to and fro until nothing more happens by itself.
    fn settle(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(output) = self.allocation.poll() {
            match output {
                Output::Event(event) => events.push(event),
                Output::Send(bytes) => {
                    self.sent.push(bytes.clone());
                    if !self.connected {
                        continue;
                    }
                    self.now = self.now + HALF_WAY;
                    for sent in self.server.handle(client(), &bytes) {
                        if let FakeOutput::ToClient(_, answer) = sent {
                            self.now = self.now + HALF_WAY;
                            self.allocation.handle_received(self.now, &answer);
                        }
                    }
                }
            }
        }
        events
    }

    fn start(&mut self) -> Vec<Event> {
        self.allocation.start(self.now);
        self.settle()
    }

    /// Held, with what led there forgotten.
    fn held(mut self) -> Self {
        assert!(matches!(self.start().last(), Some(Event::Allocated { .. })));
        self.sent.clear();
        self.server.seen.clear();
        self
    }

    /// Lives through all wakes of the next `duration`.
    fn pass(&mut self, duration: Duration) -> Vec<Event> {
        let until = self.now + duration;
        let mut events = self.settle();
        for _ in 0..100_000 {
            match self.allocation.wake().filter(|at| *at <= until) {
                Some(at) => self.now = self.now.max(at),
                None => {
                    self.now = self.now.max(until);
                    return events;
                }
            }
            self.allocation.handle_wake(self.now);
            events.extend(self.settle());
        }
        panic!("a wake that never moves on");
    }

    fn receive(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.allocation.handle_received(self.now, bytes);
        self.settle()
    }
}

/// What a server's single, twisted answer to Allocate leads to: the last event.
fn after_allocate(twist: impl Fn(&Message, Builder) -> Vec<u8> + 'static) -> Option<Event> {
    let mut rig = allocating(twist);
    let mut events = rig.start();
    events.extend(rig.pass(Duration::from_secs(10)));
    events.pop()
}

/// Where a sealed Allocate gets a twisted answer.
fn allocating(twist: impl Fn(&Message, Builder) -> Vec<u8> + 'static) -> Rig {
    let mut rig = Rig::alice();
    rig.server.twist(move |request, honest| match (request.method, request.nonce()) {
        (wire::StunMethod::Allocate, Some(_)) => vec![twist(request, Builder::answer(request, Class::Success))],
        _ => vec![honest],
    });
    rig
}

fn failed(error: Error) -> Event {
    Event::Failed { method: Method::Allocate, peer: None, error }
}

fn refused(code: u16) -> Error {
    let wire::ErrorCode { code, reason } = fake::said(code);
    Error::Refused { code, reason, alternate: None }
}

fn malformed(event: Option<Event>) -> String {
    match event {
        Some(Event::Failed {
            error:
                Error::Anomalous(Anomaly::Malformed { problem }) | Error::Unanswerable(Anomaly::Malformed { problem }),
            ..
        }) => problem.as_str().to_owned(),
        other => panic!("not malformed: {other:?}"),
    }
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

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
    let cases: [(Make, &str); 6] = [
        (|answer| answer.nonce(b"n"), "the challenge has no REALM"),
        (|answer| answer.realm(b"").nonce(b"n"), "the challenge has no REALM"),
        (|answer| answer.realm(b"r"), "the challenge has no NONCE"),
        (|answer| answer.realm(b"r").nonce(&[b'n'; 764]), "a NONCE of 764 bytes; 763 are allowed"),
        (|answer| answer.realm(&[b'r'; 764]).nonce(b"n"), "a REALM of 764 bytes; 763 are allowed"),
        (|answer| answer.realm(b"\xff").nonce(b"n"), "REALM is not UTF-8"),
    ];
    for (make, problem) in cases {
        let mut rig = Rig::alice();
        rig.server
            .twist(move |request, _| vec![make(Builder::answer(request, Class::Error).error(401, "No")).finish()]);
        let mut events = rig.start();
        assert_eq!((malformed(events.pop()).as_str(), events.len()), (problem, 0));
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
    assert_eq!(problem, "PASSWORD-ALGORITHMS offers neither MD5 nor SHA-256");
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
fn a_grant_that_follows_the_refusal_of_a_repeat_counts() {
    let mut rig = Rig::alice();
    let mut first = None;
    rig.server.twist(move |request, honest| match (request.method, request.nonce()) {
        (wire::StunMethod::Allocate, Some(_)) => match first.take() {
            // The server is slow, and knows a repeat for another client's.
            None => {
                first = Some(honest);
                Vec::new()
            }
            Some(granted) => vec![Fake::new(false).refuse(request, 437), granted],
        },
        _ => vec![honest],
    });
    let mut events = rig.start();
    events.extend(rig.pass(Duration::from_secs(1)));
    assert!(matches!(
        events[..],
        [Event::Challenged { .. }, Event::Anomalous(Anomaly::Conflicting), Event::Allocated { .. }]
    ));
}

#[test]
fn a_mismatch_that_no_grant_follows_is_one_after_two_seconds() {
    let mut rig = Rig::alice();
    let mut asked = 0;
    rig.server.twist(move |request, honest| {
        asked += u32::from(request.nonce().is_some());
        match (request.method, asked) {
            (wire::StunMethod::Allocate, 1) => Vec::new(),
            (wire::StunMethod::Allocate, 2..) => vec![Fake::new(false).refuse(request, 437)],
            _ => vec![honest],
        }
    });
    rig.start();
    let events = rig.pass(Duration::from_secs(3));
    assert!(matches!(events[..], [Event::Failed { error: Error::Refused { code: 437, .. }, .. }]), "{events:?}");
    assert!(rig.allocation.release(rig.now), "the server may hold one all the same");
}

#[test]
fn an_error_response_without_a_code_is_malformed() {
    let unreadable = |request: &Message, _| Builder::answer(request, Class::Error).raw(9, &[4]).finish();
    assert_eq!(malformed(after_allocate(unreadable)), "an error response without a readable ERROR-CODE");
}

#[test]
fn success_without_what_it_is_about_is_malformed() {
    let no_address = |_: &Message, yes: Builder| yes.lifetime_s(600).integrity(&key()).finish();
    assert!(malformed(after_allocate(no_address)).contains("XOR-RELAYED-ADDRESS"));
    let short = |_: &Message, yes: Builder| yes.raw(0x16, &[0, 1, 2]).lifetime_s(600).integrity(&key()).finish();
    assert!(malformed(after_allocate(short)).contains("XOR-RELAYED-ADDRESS"));
    let nothing = |_: &Message, yes: Builder| yes.xor_relayed(peer()).lifetime_s(0).integrity(&key()).finish();
    assert!(malformed(after_allocate(nothing)).contains("LIFETIME"));
    let missing = |_: &Message, yes: Builder| yes.xor_relayed(peer()).integrity(&key()).finish();
    assert!(malformed(after_allocate(missing)).contains("LIFETIME"));
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

#[test]
fn silence_is_told_after_the_last_copy_with_how_often_was_asked() {
    let mut rig = Rig::alice();
    rig.connected = false;
    rig.allocation.start(rig.now);
    let events = rig.pass(Duration::from_secs(20));
    assert_eq!(events, [failed(Error::Silent { sent: 7, waited: ms(5000) })]);
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
    assert!((200_000.0..600_000.0).contains(&gap), "{gap}");

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
    let error = Error::Silent { sent: 1, waited: ms(5000) };
    assert_eq!(events, [Event::Failed { method: Method::Refresh, peer: None, error }]);
}

#[test]
fn a_stream_that_is_not_stun_ends_everything() {
    let mut rig = Rig::new(Config { transport: Transport::Tcp, ..config(alice()) });
    rig.allocation.start(rig.now);
    let mut events = rig.receive(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    // The request goes out first, to a server that answers; what counts is the banner before that.
    events.retain(|event| matches!(event, Event::Failed { .. }));
    assert_eq!(malformed(events.pop()), r#"not STUN; it begins with "HTTP/1.1 400 Bad""#);
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
