//! Two stacks back to back, a millisecond apart.

use super::*;
use crate::signal::Password;

fn ours(ufrag: &str) -> OurDescription {
    OurDescription {
        version: 1,
        ufrag: ufrag.to_owned(),
        password: Password::new("0123456789abcdefghijkl").expect("a password"),
        pacing_ms: 20,
    }
}

struct Two {
    ends: [Stack; 2],
    now: Instant,
    events: [Vec<Event>; 2],
}

impl Two {
    fn described() -> Self {
        let mut ends = [Stack::new(Instant::START, 300_000), Stack::new(Instant::START, 300_000)];
        let offer = ends[0].offer(Instant::START, &ours("left")).expect("an offer");
        let answer = ends[1].answer(Instant::START, &offer, &ours("right")).expect("an answer");
        ends[0].accept(Instant::START, &answer).expect("accepted");
        Self { ends, now: Instant::START, events: Default::default() }
    }

    fn run(&mut self, duration: Duration) {
        let until = self.now + duration;
        loop {
            let mut under_way = Vec::new();
            for end in 0..2 {
                under_way.extend(std::iter::from_fn(|| self.ends[end].poll()).map(|datagram| (1 - end, datagram)));
                self.events[end].extend(std::iter::from_fn(|| self.ends[end].poll_event()));
            }
            if !under_way.is_empty() {
                // Of a round trip that takes no time RTCP's fractions make none, or less than none.
                self.now = self.now + Duration::from_millis(1);
                for (end, datagram) in under_way {
                    self.ends[end].receive(self.now, &datagram);
                }
                continue;
            }
            let next = self.ends.iter().filter_map(Stack::wake).min().unwrap_or(until);
            if next >= until {
                self.now = until;
                return;
            }
            // A stack that wants to be woken at once again and again would hang the test.
            self.now = next.max(self.now + Duration::from_micros(10));
            for end in &mut self.ends {
                end.wake_up(self.now);
            }
        }
    }
}

#[test]
fn what_goes_out_has_our_credentials_and_nothing_of_the_made_up_pair() {
    let mut stack = Stack::new(Instant::START, 300_000);
    let offer = stack.offer(Instant::START, &ours("left")).expect("an offer");
    assert!(!offer.contains("ice-lite") && !offer.contains("192.0.2.1 ") && !offer.contains("aPassword"), "{offer}");
    assert_eq!(offer.matches("a=ice-ufrag:left\r\n").count(), 3, "{offer}");
    assert!(!offer.contains("a=candidate:"), "{offer}");
    for needed in ["m=audio 9 UDP/TLS/RTP/SAVPF", "opus/48000/2", "VP8/90000", "webrtc-datachannel", "actpass"] {
        assert!(offer.contains(needed), "{needed} in {offer}");
    }
    let description = SessionDescription::read(&offer).expect("our own reader takes it");
    assert_eq!((description.ufrag.as_str(), description.pacing_ms), ("left", Some(20)));
    assert!(description.fingerprint.is_some() && description.trickle);
}

/// What no person is to read: a stack's own words of a description that it cannot use.
fn says_nothing_of_its_own(error: StackError, of: &str) {
    use crate::model::CallBreak;
    let told = CallBreak::from(error);
    let CallBreak::DescriptionUnusable { detail, why, .. } = &told else { panic!("{of}: {told:?}") };
    let is_count = detail.as_str().chars().all(|character| character.is_ascii_digit() || character == '/');
    assert!(is_count && why.is_some(), "{of}: {told:?}");
}

#[test]
fn whatever_line_of_a_description_is_odd_no_word_of_a_library_reaches_a_person() {
    const ODD: [&str; 10] = [
        "b=AS:abc",
        "a=",
        "a=xyzzy:%%\u{1}",
        "k=clear:zz",
        "z=1 2",
        "garbage",
        "a=rtpmap:999 ;;",
        "a=fmtp:999 ;;==",
        "a=ssrc:abc cname:x",
        "a=rtcp-fb:* ",
    ];
    let mut ours_offers = Stack::new(Instant::START, 300_000);
    let offer = ours_offers.offer(Instant::START, &ours("left")).expect("an offer");
    let answer = Stack::new(Instant::START, 300_000).answer(Instant::START, &offer, &ours("right")).expect("an answer");
    let answered = |text: &str| Stack::new(Instant::START, 300_000).answer(Instant::START, text, &ours("right"));
    let lines: Vec<&str> = offer.lines().collect();
    let first_section = lines.iter().position(|line| line.starts_with("m=")).expect("a section");
    let mut texts = Vec::new();
    for place in 0..=lines.len() {
        let odd = ODD[place % ODD.len()];
        let with = [&lines[..place], &[odd], &lines[place..]].concat().join("\r\n") + "\r\n";
        if (4..=first_section).contains(&place) {
            assert!(answered(&with).is_ok(), "what is not known before the first section is passed over: {odd}");
        }
        texts.push(with);
        if let Some(line) = lines.get(place) {
            let half = &line[..line.len() / 2];
            texts.push([&lines[..place], &[half], &lines[place + 1..]].concat().join("\r\n") + "\r\n");
            texts.push([&lines[..place], &lines[place + 1..]].concat().join("\r\n") + "\r\n");
        }
    }
    for text in texts {
        answered(&text).err().into_iter().for_each(|error| says_nothing_of_its_own(error, &text));
    }
    let lines: Vec<&str> = answer.lines().collect();
    for place in 0..lines.len() {
        let half = &lines[place][..lines[place].len() / 2];
        let text = [&lines[..place], &[half], &lines[place + 1..]].concat().join("\r\n") + "\r\n";
        let mut stack = Stack::new(Instant::START, 300_000);
        stack.offer(Instant::START, &ours("left")).expect("an offer");
        let accepted = stack.accept(Instant::START, &text);
        accepted.err().into_iter().for_each(|error| says_nothing_of_its_own(error, &text));
    }
}

#[test]
fn the_line_that_our_stack_cannot_read_is_named() {
    let mut stack = Stack::new(Instant::START, 300_000);
    let offer = stack.offer(Instant::START, &ours("left")).expect("an offer");
    let odd = offer.replace("a=mid:", "a=rtpmap:111 opus/many\r\na=mid:");
    let line = odd.lines().position(|line| line == "a=rtpmap:111 opus/many").map(|place| place as u32 + 1);
    match Stack::new(Instant::START, 300_000).answer(Instant::START, &odd, &ours("right")) {
        Ok(_) => {}
        Err(StackError::Limit { line: told }) => assert!(told.is_none() || told == line, "{told:?}, not {line:?}"),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn an_answer_that_repeats_our_own_beginning_of_sctp_opens_channels_all_the_same() {
    let mut ends = [Stack::new(Instant::START, 300_000), Stack::new(Instant::START, 300_000)];
    let offer = ends[0].offer(Instant::START, &ours("left")).expect("an offer");
    let init = |sdp: &str| sdp.lines().find(|line| line.starts_with("a=sctp-init:")).map(str::to_owned);
    let own = init(&offer).expect("it is offered");
    // An end that knows nothing of it, and sends back what it does not know.
    let plain = offer.replace(&format!("{own}\r\n"), "");
    let answer = ends[1].answer(Instant::START, &plain, &ours("right")).expect("an answer");
    assert_eq!(init(&answer), None);
    let answer = answer.replace("a=sctp-port:", &format!("{own}\r\na=sctp-port:"));
    assert!(answer.contains(&own));
    ends[0].accept(Instant::START, &answer).expect("accepted");
    let mut two = Two { ends, now: Instant::START, events: Default::default() };
    for end in 0..2 {
        two.ends[end].connect(Instant::START);
    }
    two.run(Duration::from_millis(500));
    for events in &two.events {
        assert!(events.contains(&Event::Opened(DataChannel::Reliable)), "{events:?}");
    }
}

#[test]
fn two_stacks_secure_the_pair_open_both_channels_and_carry_media_both_ways() {
    let mut two = Two::described();
    two.run(Duration::from_millis(500));
    assert_eq!(two.events, [vec![], vec![]], "nothing goes before there is a pair");
    for end in 0..2 {
        let now = two.now;
        two.ends[end].connect(now);
    }
    two.run(Duration::from_millis(500));
    for events in &two.events {
        assert!(events.iter().any(|event| matches!(event, Event::Secured { .. })), "{events:?}");
        for channel in [DataChannel::Reliable, DataChannel::Unreliable] {
            assert!(events.contains(&Event::Opened(channel)), "{channel:?} in {events:?}");
        }
    }
    // Five reports: the first three may come before there is anything to answer.
    for packet in 0..250_u32 {
        let now = two.now;
        for end in 0..2 {
            assert!(two.ends[end].send(now, StreamKind::Audio, packet * 960, false, vec![7; 80]), "audio is taken");
            assert!(two.ends[end].send(now, StreamKind::Video, packet * 1800, true, vec![0x10; 900]), "video is taken");
            assert!(two.ends[end].send_data(DataChannel::Unreliable, b"hello"));
            two.ends[end].flush(now);
        }
        two.run(Duration::from_millis(20));
    }
    for events in &two.events {
        let of = |kind| {
            let sequence = move |event: &Event| match event {
                Event::Packet(packet) if packet.kind == kind => Some(packet.sequence),
                _ => None,
            };
            events.iter().filter_map(sequence).collect::<Vec<_>>()
        };
        assert_eq!(of(StreamKind::Audio), (0..250).collect::<Vec<u64>>());
        assert!(of(StreamKind::Video).len() >= 245, "{:?}", of(StreamKind::Video));
        let data = events.iter().filter(|event| matches!(event, Event::Data { channel: DataChannel::Unreliable, .. }));
        assert_eq!(data.count(), 250);
        assert!(events.iter().any(|event| matches!(event, Event::Report(RtcpReport { rtt: Some(_), .. }))));
    }
}

#[test]
fn another_certificate_than_was_announced_is_named_for_what_it_is() {
    let mut ends = [Stack::new(Instant::START, 300_000), Stack::new(Instant::START, 300_000)];
    let offer = ends[0].offer(Instant::START, &ours("left")).expect("an offer");
    let answer = ends[1].answer(Instant::START, &offer, &ours("right")).expect("an answer");
    let line = answer.lines().find(|line| line.starts_with("a=fingerprint:")).expect("a fingerprint");
    let other = format!("{}00", &line[..line.len() - 2]);
    let other = if other == line { format!("{}01", &line[..line.len() - 2]) } else { other };
    ends[0].accept(Instant::START, &answer.replace(line, &other)).expect("accepted");
    let mut two = Two { ends, now: Instant::START, events: Default::default() };
    for end in 0..2 {
        two.ends[end].connect(Instant::START);
    }
    two.run(Duration::from_millis(500));
    assert!(two.events[0].contains(&Event::Failed(StackError::Fingerprint)), "{:?}", two.events[0]);
}

#[test]
fn garbage_over_the_pair_changes_nothing() {
    let mut two = Two::described();
    for end in 0..2 {
        two.ends[end].connect(Instant::START);
    }
    two.run(Duration::from_millis(300));
    let mut rng = crate::machine::Rng::numbered(3);
    for _ in 0..2000 {
        let length = usize::try_from(rng.below(200)).unwrap_or_default();
        let mut junk: Vec<u8> = (0..length).map(|_| rng.bytes::<1>()[0]).collect();
        if let Some(first) = junk.first_mut() {
            *first = [20, 22, 23, 63, 128, 144, 191][usize::try_from(rng.below(7)).unwrap_or_default()];
        }
        let now = two.now;
        two.ends[0].receive(now, &junk);
    }
    let now = two.now;
    assert!(two.ends[1].send_data(DataChannel::Reliable, b"still there"));
    two.ends[1].flush(now);
    two.run(Duration::from_millis(300));
    let heard = Event::Data { channel: DataChannel::Reliable, data: b"still there".to_vec() };
    assert!(two.events[0].contains(&heard), "{:?}", two.events[0]);
}

#[test]
fn either_end_may_offer_again_and_both_keep_their_part_in_dtls() {
    for again in [0, 1] {
        let mut two = Two::described();
        for end in 0..2 {
            two.ends[end].connect(Instant::START);
        }
        two.run(Duration::from_millis(300));
        let offer = two.ends[again].again(&ours("anew"), SdpRole::Offer).expect("an offer");
        let other = &mut two.ends[1 - again];
        assert_eq!(other.check_again(&offer, SdpRole::Offer), Ok(()));
        let answer = other.answer_again(two.now, &offer, &ours("anew")).expect("an answer");
        // Who answered first left it to the other to begin.
        let part = if again == 0 { "a=setup:passive" } else { "a=setup:active" };
        assert!(answer.contains(part) && !answer.contains("a=setup:actpass"), "{answer}");
        assert_eq!(two.ends[again].check_again(&answer, SdpRole::Answer), Ok(()), "{offer}{answer}");
        let now = two.now;
        for end in 0..2 {
            assert!(two.ends[end].send_data(DataChannel::Reliable, b"after"));
            two.ends[end].flush(now);
        }
        two.run(Duration::from_millis(300));
        let heard = Event::Data { channel: DataChannel::Reliable, data: b"after".to_vec() };
        assert!(two.events.iter().all(|events| events.contains(&heard)), "{:?}", two.events);
    }
}
