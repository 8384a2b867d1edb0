//! Whole calls of which media are spoilt, renumbered or dropped on their way, or one kind of them.

use super::calls::{calling, traffic};
use super::strangers::{finds, nothing_more, with_messages};
use super::*;
use crate::diagnose::diagnose;
use crate::model::{CallOutcome, Diagnosis, Severity};
use crate::peer::CallConfig;

/// What becomes of a datagram at this time; None where it is lost.
type Fate = fn(Instant, Vec<u8>) -> Option<Vec<u8>>;

/// An end whose datagrams are spoilt or dropped on their way out.
struct Spoilt {
    kept: Kept,
    now: Instant,
    fate: Fate,
}

impl Machine for Spoilt {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        self.kept.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        loop {
            match self.kept.poll() {
                Output::Send { socket, to, data } => match (self.fate)(self.now, data) {
                    Some(data) => return Output::Send { socket, to, data },
                    None => continue,
                },
                output => return output,
            }
        }
    }
}

/// What both ends make of a call of twelve seconds; what the second sends is spoilt so, and the ends are told this.
fn spoilt(fate: Fate, config: impl Fn(CallConfig) -> CallConfig) -> [Diagnosis; 2] {
    let usual = CallConfig { duration: Duration::from_secs(12), ..CallConfig::USUAL };
    let configs = [0, 1].map(|_| Config { call: Some(config(usual)), ..calling() });
    let mut two = Two::new([home("198.51.100.1"), home("198.51.100.2")], configs);
    let kept = two.ends[1].1.clone();
    let internet = two.world.internet();
    let site = two.world.site(internet, home("198.51.100.3"));
    let host = two.world.host(site, &[at("192.168.79.2")]);
    two.ends[1].0 = two.world.attach(host, Box::new(Spoilt { kept, now: Instant::START, fate }));
    let mut two = two.introduced();
    two.finish();
    both(&two)
}

fn both(two: &Two) -> [Diagnosis; 2] {
    [0, 1].map(|end| diagnose(two.ends[end].1.0.borrow().records().0))
}

fn outcome(diagnosis: &Diagnosis) -> Option<CallOutcome> {
    diagnosis.call.as_ref().map(|call| call.outcome)
}

/// Whether a datagram is RTP of this payload type (RFC 5761 §4).
fn is_rtp(data: &[u8], of: impl Fn(u8) -> bool) -> bool {
    matches!(data, [128..=191, second, ..] if !(192..=223).contains(second) && of(second & 0x7f))
}

/// Opus, as our stack numbers it.
const OPUS: u8 = 111;

fn is_late(now: Instant) -> bool {
    now >= Instant::after_start(Duration::from_secs(5))
}

#[test]
fn media_of_other_keys_are_told_as_unusable_and_no_network_with_them() {
    let [here, _] = spoilt(
        |_, mut data| {
            if is_rtp(&data, |_| true) {
                data.iter_mut().skip(12).for_each(|byte| *byte ^= 0x55);
            }
            Some(data)
        },
        |usual| usual,
    );
    assert_eq!(finds(&here, Code::CallMediaUnusable), Some(Severity::Critical), "{:#?}", here.call);
    for network in [Code::CallMediaLostInward, Code::CallMediaAbsent, Code::CallMediaOneWay] {
        assert_eq!(finds(&here, network), None, "{network}");
    }
    assert_eq!((&here.verdict.because[..], here.exit_code()), (&[Code::CallMediaUnusable][..], 2));
}

#[test]
fn payload_types_that_a_description_alone_has_are_told_with_what_came() {
    let renumbered = |message: String| {
        ["a=rtpmap:", "a=fmtp:", "a=rtcp-fb:"]
            .iter()
            .fold(message, |message, line| message.replace(&format!("{line}111"), &format!("{line}109")))
            .replace("SAVPF 111", "SAVPF 109")
    };
    let mut two = with_messages(|message| message, renumbered, nothing_more);
    two.finish();
    let [here, _] = both(&two);
    let came = traffic(&two.facts(0)).came.expect("counted");
    assert!(came.of_other_types >= 100, "{came:?}");
    assert_eq!(finds(&here, Code::CallMediaUnusable), Some(Severity::Critical), "{:#?}", here.findings);
    assert_eq!((finds(&here, Code::CallSoundPaused), here.exit_code()), (None, 2));
}

#[test]
fn one_kind_that_is_lost_outward_is_told_at_both_ends() {
    let never: Fate = |_, data| (!is_rtp(&data, |of| of == OPUS)).then_some(data);
    let no_more: Fate = |now, data| (!(is_late(now) && is_rtp(&data, |of| of != OPUS))).then_some(data);
    for (fate, how, inward, outward) in [
        (never, CallOutcome::MediaOneWay, Code::CallSoundPaused, Code::CallSoundUnheard),
        (no_more, CallOutcome::Degraded, Code::CallPicturePaused, Code::CallPictureUnseen),
    ] {
        let [hearing, sending] = spoilt(fate, |usual| usual);
        assert_eq!((outcome(&hearing), finds(&hearing, inward)), (Some(how), Some(Severity::Warning)), "{inward}");
        assert_eq!((outcome(&sending), finds(&sending, outward)), (Some(how), Some(Severity::Warning)), "{outward}");
        assert_eq!((finds(&hearing, outward), finds(&sending, inward)), (None, None));
        assert_eq!(finds(&sending, Code::EndsDisagree), None);
    }
}

#[test]
fn a_picture_that_stops_after_a_restart_is_told_and_the_restarts_own_pause_is_not() {
    let [usual, _] = spoilt(|_, data| Some(data), |usual| CallConfig { roam: true, ..usual });
    assert_eq!(outcome(&usual), Some(CallOutcome::Good), "{:#?}", usual.findings);
    let stops: Fate = |now, data| {
        let is_over = now >= Instant::after_start(Duration::from_secs(9));
        (!(is_over && is_rtp(&data, |of| of != OPUS))).then_some(data)
    };
    let [stopped, _] = spoilt(stops, |usual| CallConfig { roam: true, ..usual });
    assert_eq!(finds(&stopped, Code::CallPicturePaused), Some(Severity::Warning), "{:#?}", stopped.call);
}
