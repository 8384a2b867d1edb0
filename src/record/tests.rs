//! What a recorder keeps of streams that are cut anywhere, and when it stops keeping.

use super::*;
use crate::machine::Wake;
use crate::wire::{Builder, Class, StunMethod, TransactionId};
use proptest::prelude::*;
use std::collections::VecDeque;
use std::net::SocketAddr;

const NONCE: u16 = 0x0015;
const SECRET: &[u8] = b"a nonce that is nobody's business";

/// A machine that does what it is told to beforehand, one thing an input.
struct Script(VecDeque<Output>);

impl Machine for Script {
    fn handle(&mut self, _: Instant, _: Input) {}

    fn poll(&mut self) -> Output {
        self.0.pop_front().unwrap_or(Output::Wait(Wake::OnInput))
    }
}

fn server() -> SocketAddr {
    "192.0.2.1:3478".parse().expect("an address")
}

fn poll_all(recorder: &mut Recorder<Script>) {
    while !matches!(recorder.poll(), Output::Wait(_)) {}
}

fn recorder(open: Open, outputs: impl IntoIterator<Item = Output>) -> (Recorder<Script>, TranscriptHandle) {
    let open = Output::Open { socket: SocketId(0), open };
    let (mut recorder, transcript) = Recorder::new(Script(std::iter::once(open).chain(outputs).collect()));
    recorder.handle(Instant::START, Input::Woken);
    poll_all(&mut recorder);
    (recorder, transcript)
}

fn received(data: &[u8]) -> Input {
    Input::Received { socket: SocketId(0), from: server(), data: data.to_vec() }
}

fn challenge(id: u8) -> Vec<u8> {
    let message = Builder::new(StunMethod::Allocate, Class::Error, TransactionId([id; 12]));
    message.error(401, "Unauthorized").raw(NONCE, SECRET).finish()
}

fn kept(transcript: &TranscriptHandle) -> Vec<RecordedBytes> {
    let data = |event: TranscriptEntry| match event.what {
        TranscriptEvent::Sent { data, .. } | TranscriptEvent::Received { data, .. } => Some(data),
        _ => None,
    };
    transcript.take().events.into_iter().filter_map(data).collect()
}

fn all_data(kept: &[RecordedBytes]) -> Vec<u8> {
    kept.iter().flat_map(|kept| kept.data.0.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wherever_a_stream_is_cut_its_messages_are_kept_without_their_secrets(
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let stream = [challenge(1), challenge(2), challenge(3)].concat();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len())).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let chunks: Vec<&[u8]> = cuts.windows(2).map(|ends| &stream[ends[0]..ends[1]]).collect();
        let sends = chunks.iter().map(|chunk| Output::Send { socket: SocketId(0), to: server(), data: chunk.to_vec() });
        let (mut recorder, transcript) = recorder(Open::Tcp { to: server() }, sends);
        let sent = kept(&transcript);
        for chunk in &chunks {
            recorder.handle(Instant::START, received(chunk));
        }
        let shown: Vec<u8> =
            [1, 2, 3].into_iter().flat_map(|id| wire::sanitized(&challenge(id)).expect("parses").0).collect();
        for kept in [sent, kept(&transcript)] {
            prop_assert_eq!(all_data(&kept), shown.clone());
            prop_assert_eq!(kept.iter().map(|kept| kept.bytes).sum::<u64>(), stream.len() as u64);
            prop_assert!(kept.iter().all(|kept| !kept.withheld));
        }
    }
}

#[test]
fn half_a_message_is_only_counted() {
    let (mut recorder, transcript) = recorder(Open::Tcp { to: server() }, []);
    let half = &challenge(1)[..60];
    recorder.handle(Instant::START, received(half));
    recorder.handle(Instant::START, Input::Ended { socket: SocketId(0) });
    assert_eq!(kept(&transcript), [RecordedBytes { bytes: 60, ..RecordedBytes::default() }]);
}

#[test]
fn a_stream_that_is_no_stun_is_only_counted_from_there_on() {
    let (mut recorder, transcript) = recorder(Open::Tcp { to: server() }, []);
    recorder.handle(Instant::START, received(&[challenge(1), b"SSH-2.0-secret".to_vec()].concat()));
    recorder.handle(Instant::START, received(&challenge(2)));
    let kept = kept(&transcript);
    assert_eq!(all_data(&kept), wire::sanitized(&challenge(1)).expect("parses").0);
    assert!(kept.len() == 2 && kept.iter().all(|kept| kept.withheld));
}

#[test]
fn a_datagram_that_does_not_parse_is_only_counted() {
    let open = Open::Udp { bind: Bind::Toward(server()), dont_fragment: false };
    let (mut recorder, transcript) = recorder(open, []);
    recorder.handle(Instant::START, received(&[b"echo: ".to_vec(), challenge(1)].concat()));
    let [kept] = &kept(&transcript)[..] else { panic!("one datagram") };
    assert_eq!((kept.withheld, kept.data.0.len(), kept.bytes), (true, 0, 6 + challenge(1).len() as u64));
}

#[test]
fn a_flood_fills_the_transcript_and_is_counted_beyond_it() {
    const FLOOD: u64 = 200;
    const ROOM_BYTES: usize = 100_000;
    let open = Open::Udp { bind: Bind::Toward(server()), dont_fragment: false };
    let (mut recorder, transcript) = recorder(open, []);
    assert!(recorder.room_bytes < BYTES_MAX, "what was kept so far counts");
    recorder.room_bytes = ROOM_BYTES;
    let datagram = Builder::request(StunMethod::Binding, TransactionId([1; 12])).software(&"x".repeat(1000)).finish();
    for _ in 0..FLOOD {
        recorder.handle(Instant::START, received(&datagram));
    }
    recorder.handle(Instant::START, Input::Woken);
    let transcript = transcript.take();
    let before = 2;
    assert_eq!(transcript.events.len() as u64 + transcript.left_out_events, before + FLOOD + 1);
    let size = serde_json::to_string(&transcript).expect("serialises").len();
    assert!((ROOM_BYTES - 3000..ROOM_BYTES + 1000).contains(&size), "{size}");
    assert!(
        !matches!(transcript.events.last().map(|event| &event.what), Some(TranscriptEvent::Woken)),
        "it has no holes"
    );
}

#[test]
fn bytes_read_back_from_their_hex_and_nothing_else_does() {
    let bytes = crate::model::Bytes(vec![0, 1, 0xab, 0xff]);
    let text = serde_json::to_string(&bytes).expect("serialises");
    assert_eq!(text, "\"0001abff\"");
    assert_eq!(serde_json::from_str::<crate::model::Bytes>(&text).expect("reads"), bytes);
    for wrong in ["\"0\"", "\"0g\"", "\"é\"", "\"+1\"", "1"] {
        assert!(serde_json::from_str::<crate::model::Bytes>(wrong).is_err(), "{wrong}");
    }
}
