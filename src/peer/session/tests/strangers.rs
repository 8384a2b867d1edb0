//! Whole calls with an end that is not what it should be: another certificate, hostile descriptions, garbage for media, or
//! nothing to send.

use super::calls::{broken, calling, stages, traffic};
use super::*;
use crate::diagnose::diagnose;
use crate::model::{CallBreak, CallOutcome, CallStage, Diagnosis, Severity};
use crate::model::{CallFact, SignallingFact};

/// An end whose messages, or whose datagrams, are changed on their way out.
pub(super) struct Changed<S, D> {
    kept: Kept,
    now: Instant,
    says: S,
    sends: D,
    /// What becomes of messages on their way in.
    hears: Box<dyn FnMut(String) -> String>,
    more: VecDeque<Output>,
}

impl<S: FnMut(String) -> String, D: FnMut(Instant, &[u8]) -> Vec<Vec<u8>>> Machine for Changed<S, D> {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        let input = match input {
            Input::Signalled(Signalled::Message(message)) => {
                let message = (self.hears)(String::from_utf8(message).expect("is text"));
                Input::Signalled(Signalled::Message(message.into_bytes()))
            }
            input => input,
        };
        self.kept.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        if let Some(output) = self.more.pop_front() {
            return output;
        }
        match self.kept.poll() {
            Output::Signal { message } => {
                let message = (self.says)(String::from_utf8(message).expect("is text"));
                Output::Signal { message: message.into_bytes() }
            }
            Output::Send { socket, to, data } => {
                let also = (self.sends)(self.now, &data);
                self.more.extend(also.into_iter().map(|data| Output::Send { socket, to, data }));
                Output::Send { socket, to, data }
            }
            output => output,
        }
    }
}

/// A call of two ends at home, the second of which answers and is changed so.
fn with<S, D>(says: S, sends: D) -> Two
where
    S: FnMut(String) -> String + 'static,
    D: FnMut(Instant, &[u8]) -> Vec<Vec<u8>> + 'static,
{
    with_messages(|message| message, says, sends)
}

/// The same, whose messages are also changed on their way in.
pub(super) fn with_messages<S, D>(hears: impl FnMut(String) -> String + 'static, says: S, sends: D) -> Two
where
    S: FnMut(String) -> String + 'static,
    D: FnMut(Instant, &[u8]) -> Vec<Vec<u8>> + 'static,
{
    with_configs([calling(), calling()], hears, says, sends)
}

/// The same of ends that are told to do something else.
pub(super) fn with_configs<H, S, D>(configs: [Config; 2], hears: H, says: S, sends: D) -> Two
where
    H: FnMut(String) -> String + 'static,
    S: FnMut(String) -> String + 'static,
    D: FnMut(Instant, &[u8]) -> Vec<Vec<u8>> + 'static,
{
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], configs);
    let kept = two.ends[1].1.clone();
    let internet = two.world.internet();
    let site = two.world.site(internet, home("198.51.100.3"));
    let host = two.world.host(site, &[at("192.168.79.2")]);
    let changed = Changed { kept, now: Instant::START, says, sends, hears: Box::new(hears), more: VecDeque::new() };
    two.ends[1].0 = two.world.attach(host, Box::new(changed));
    two.introduced()
}

pub(super) fn nothing_more(_: Instant, _: &[u8]) -> Vec<Vec<u8>> {
    Vec::new()
}

pub(super) fn judged(two: &Two) -> Diagnosis {
    diagnose(two.ends[0].1.0.borrow().records().0)
}

pub(super) fn finds(diagnosis: &Diagnosis, code: Code) -> Option<Severity> {
    diagnosis.findings.iter().find(|finding| finding.code == code).map(|finding| finding.severity)
}

#[test]
fn another_certificate_than_was_announced_ends_the_call_in_its_own_words_and_keeps_the_pairs() {
    // The last digit of the fingerprint's line, in JSON.
    let forged = |message: String| match message.find("a=fingerprint:sha-256 ") {
        Some(at) => {
            let digit = at + "a=fingerprint:sha-256 ".len();
            let other = if message.as_bytes()[digit] == b'0' { "1" } else { "0" };
            format!("{}{other}{}", &message[..digit], &message[digit + 1..])
        }
        None => message,
    };
    let mut two = with(forged, nothing_more);
    two.finish();
    let facts = two.facts(0);
    assert_eq!(broken(&facts), [&CallBreak::WrongFingerprint]);
    assert!(pairs(&facts).iter().any(|pair| pair.nominated));
    assert!(!facts.iter().any(|fact| matches!(fact, Fact::Call(CallFact::Called(_)))), "nothing passed");
    let diagnosis = judged(&two);
    assert_eq!(finds(&diagnosis, Code::CallWrongFingerprint), Some(Severity::Critical));
}

#[test]
fn a_description_that_makes_no_call_is_told_and_the_pairs_are_checked_all_the_same() {
    let spoils: [fn(String) -> String; 3] = [
        |message| message.replace("a=setup:", "a=setup:sideways-"),
        |message| message.replace("m=audio 9 UDP/TLS/RTP/SAVPF", "m=audio 9 UDP/TLS/RTP/SAVPF 4294967296 -1 x"),
        |message| message.replace("a=sctp-port:5000", "a=sctp-port:99999999999999999999"),
    ];
    for (which, spoil) in spoils.into_iter().enumerate() {
        let mut two = with(spoil, nothing_more);
        two.finish();
        let facts = two.facts(0);
        let refused = |fact: &Fact| {
            matches!(fact, Fact::Signalling(SignallingFact::MessageRefused { why: Code::PeerDescriptionUnusable, .. }))
        };
        if facts.iter().any(refused) {
            // Of no use for ICE either: that is said with its line, and what was found out of this network is kept.
            assert!(
                facts.iter().any(|fact| matches!(fact, Fact::Stun(StunFact::Mapped { .. }))),
                "{which}: {facts:#?}"
            );
            assert!(finds(&judged(&two), Code::PeerDescriptionUnusable).is_some(), "{which}");
            continue;
        }
        let nominated = pairs(&facts).iter().any(|pair| pair.nominated);
        let is_told = broken(&facts).iter().any(|broken| matches!(broken, CallBreak::DescriptionUnusable { .. }));
        let is_called = facts
            .iter()
            .any(|fact| matches!(fact, Fact::Call(CallFact::Called(_)) | Fact::Call(CallFact::CallBroken(_))));
        assert!(nominated && (is_told || is_called), "{which}: {:?} {facts:#?}", broken(&facts));
        if is_told {
            assert!(finds(&judged(&two), Code::CallStackLimit).is_some(), "{which}");
        }
    }
}

#[test]
fn garbage_for_media_changes_nothing_of_what_is_measured() {
    let mut rng = Rng::numbered(7);
    // Beside each datagram of media one that is none: of any length, a forged header, or the same once more, spoilt.
    let garbage = move |_: Instant, data: &[u8]| {
        if !matches!(data.first(), Some(128..=191)) {
            return Vec::new();
        }
        let mut spoilt = data.to_vec();
        let place = usize::try_from(rng.below(spoilt.len() as u64)).unwrap_or_default();
        spoilt[place] ^= 0x55;
        let length = usize::try_from(rng.below(300)).unwrap_or_default();
        let mut junk: Vec<u8> = (0..length).map(|_| rng.bytes::<1>()[0]).collect();
        junk.insert(0, 0x80 | (rng.bytes::<1>()[0] & 0x3f));
        vec![spoilt, junk, vec![0x80], vec![0x90, 0x6f, 0xff, 0xff], vec![0xbf; 12]]
    };
    let mut two = with(|message| message, garbage);
    two.finish();
    let facts = two.facts(0);
    assert!(broken(&facts).is_empty(), "{:?}", broken(&facts));
    let audio = &traffic(&facts).audio;
    assert!((190..=202).contains(&audio.received_packets) && audio.lost <= 2, "{audio:?}");
    let diagnosis = judged(&two);
    assert_eq!(diagnosis.call.as_ref().map(|call| call.outcome), Some(CallOutcome::Good));
}

#[test]
fn an_end_whose_description_asks_for_no_media_is_sent_none_and_that_is_told_as_agreed() {
    for (direction, sends) in [("a=sendonly", true), ("a=inactive", false)] {
        let mut two = with(move |message| message.replace("a=sendrecv", direction), nothing_more);
        two.finish();
        let facts = two.facts(0);
        let (audio, video, data, declines_audio, declines_video) = (sends, sends, true, true, true);
        let announced = CallFact::PeerAnnounced { audio, video, data, declines_audio, declines_video, as_asked: false };
        assert!(facts.contains(&Fact::Call(announced)), "{facts:#?}");
        assert_eq!(traffic(&facts).audio.sent_packets, 0);
        let diagnosis = judged(&two);
        assert_eq!(diagnosis.call.as_ref().map(|call| call.outcome), Some(CallOutcome::MediaDeclined), "{direction}");
        assert_eq!((finds(&diagnosis, Code::CallMediaOneWay), finds(&diagnosis, Code::CallGood)), (None, None));
        assert!(finds(&diagnosis, Code::CallMediaDeclined).is_some());
    }
}

#[test]
fn an_end_whose_description_says_that_it_sends_nothing_is_no_fault_of_the_network() {
    let cases = [
        ("a=sendrecv", "a=recvonly", [false, false, true]),
        ("m=application 9", "m=application 0", [true, true, false]),
    ];
    for (usual, other, [audio, video, data]) in cases {
        let mut two = with(move |message| message.replace(usual, other), nothing_more);
        two.finish();
        let facts = two.facts(0);
        let (declines_audio, declines_video) = (false, false);
        let announced = CallFact::PeerAnnounced { audio, video, data, declines_audio, declines_video, as_asked: false };
        assert!(facts.contains(&Fact::Call(announced)), "{facts:#?}");
        let diagnosis = judged(&two);
        assert!(stages(&facts).iter().any(|(stage, _)| *stage == CallStage::Dtls));
        for fault in [Code::CallMediaOneWay, Code::CallNoData] {
            assert_eq!(finds(&diagnosis, fault), None, "{:?}", diagnosis.call);
        }
    }
}
