//! The published vectors, and everything that can be done to them.

use super::*;
use crate::model::Text;
use proptest::prelude::*;
use std::collections::BTreeMap;
use stun_rs::{Algorithm, AlgorithmId, HMACKey};

const VECTORS: [(&str, &str); 5] = [
    ("request", include_str!("../../fixtures/vectors/rfc5769-2.1-request.hex")),
    ("ipv4 response", include_str!("../../fixtures/vectors/rfc5769-2.2-ipv4-response.hex")),
    ("ipv6 response", include_str!("../../fixtures/vectors/rfc5769-2.3-ipv6-response.hex")),
    ("long-term request", include_str!("../../fixtures/vectors/rfc5769-2.4-long-term-request.hex")),
    ("userhash request", include_str!("../../fixtures/vectors/rfc8489-b.1-userhash-request.hex")),
];

fn vector(name: &str) -> Vec<u8> {
    let vectors: BTreeMap<_, _> = VECTORS.into_iter().collect();
    vectors[name].split_whitespace().map(|byte| u8::from_str_radix(byte, 16).expect("hex")).collect()
}

fn short_term() -> HMACKey {
    HMACKey::new_short_term("VOkJxbRl1RmTxUk/WvJxBt").expect("a key")
}

fn long_term(algorithm: AlgorithmId) -> HMACKey {
    HMACKey::new_long_term("マトリックス", "example.org", "TheMatrIX", Algorithm::from(algorithm)).expect("a key")
}

#[test]
fn the_vectors_of_rfc_5769_read_and_their_seals_fit() {
    for (name, mapped) in
        [("ipv4 response", "192.0.2.1:32853"), ("ipv6 response", "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    {
        let message = Message::read(&vector(name)).expect(name);
        assert_eq!((message.method, message.class), (StunMethod::Binding, Class::Success));
        assert_eq!(message.xor_mapped().map(|a| a.to_string()).as_deref(), Some(mapped));
        assert_eq!(message.software(), Some(Text::new("test vector")));
        assert_eq!(message.integrity_fits(&short_term()), Some(true), "{name}");
        assert_eq!(message.fingerprint_fits(), Some(true), "{name}");
    }
    let request = Message::read(&vector("request")).expect("reads");
    assert_eq!(request.integrity_fits(&short_term()), Some(true));
    assert_eq!(request.username(), Some(b"evtj:h6vY".as_slice()));
    let request = Message::read(&vector("long-term request")).expect("reads");
    assert_eq!(request.integrity_fits(&long_term(AlgorithmId::MD5)), Some(true));
    assert_eq!(request.nonce(), Some(b"f//499k954d6OL34oL9FSTvy64sA".as_slice()));
}

#[test]
fn the_vector_of_rfc_8489_b_1_fits_under_sha_256() {
    let request = Message::read(&vector("userhash request")).expect("reads");
    assert_eq!(request.password_algorithm(), Some(2));
    assert_eq!(request.integrity_fits(&long_term(AlgorithmId::SHA256)), Some(true));
    assert_eq!(request.integrity_fits(&long_term(AlgorithmId::MD5)), Some(false));
}

#[test]
fn no_prefix_of_a_vector_is_a_message() {
    for (name, _) in VECTORS {
        let bytes = vector(name);
        for cut in 0..bytes.len() {
            assert!(Message::read(&bytes[..cut]).is_err(), "{name} cut at {cut}");
        }
    }
}

/// Calls everything that a message can be asked.
fn ask_all(message: &Message) {
    let _ = (message.xor_mapped(), message.mapped(), message.other_address(), message.response_origin());
    let _ = (message.alternate_server(), message.xor_relayed(), message.xor_peers().count(), message.error());
    let _ = (message.software(), message.password_algorithms(), message.lifetime_s(), message.channel_number());
    let _ = (message.requested_transport(), message.requested_family(), message.change_request());
    let _ = (message.response_port(), message.unknown_required(), message.faulty(), message.fingerprint_fits());
    let _ = (message.integrity_fits(&short_term()), format!("{message:?}"));
}

#[test]
fn no_flipped_bit_of_a_sealed_vector_goes_unnoticed_and_none_panics() {
    let keys = [short_term(), short_term(), short_term(), long_term(AlgorithmId::MD5), long_term(AlgorithmId::SHA256)];
    for ((name, _), key) in VECTORS.into_iter().zip(keys) {
        let bytes = vector(name);
        // The fingerprint's own eight bytes stand behind the seal.
        let covered = bytes.len() - if bytes[bytes.len() - 8..].starts_with(&[0x80, 0x28]) { 8 } else { 0 };
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(message) = Message::read(&flipped) {
                ask_all(&message);
                let sealed = message.integrity_fits(&key) == Some(true);
                assert!(!sealed || bit / 8 >= covered, "{name}: bit {bit} flipped and nobody noticed");
            }
        }
    }
}

#[test]
fn stun_rs_reads_what_the_builder_writes() {
    let key = long_term(AlgorithmId::MD5);
    let bytes = Builder::new(StunMethod::Allocate, Class::Success, TransactionId([7; 12]))
        .xor_relayed("[2001:db8::9]:49152".parse().expect("an address"))
        .xor_mapped("203.0.113.5:4444".parse().expect("an address"))
        .lifetime_s(600)
        .software("rtc-doctor")
        .integrity(&key)
        .fingerprint()
        .finish();
    let context = stun_rs::DecoderContextBuilder::default().with_key(key.clone()).with_validation().build();
    let decoder = stun_rs::MessageDecoderBuilder::default().with_context(context).build();
    let (theirs, size) = decoder.decode(&bytes).expect("stun-rs validates it");
    assert_eq!((size, theirs.attributes().len()), (bytes.len(), 6));
    let ours = Message::read(&bytes).expect("reads");
    assert_eq!(ours.xor_relayed().map(|a| a.to_string()).as_deref(), Some("[2001:db8::9]:49152"));
    assert_eq!(ours.integrity_fits(&key), Some(true));
}

#[test]
fn what_stands_behind_the_seal_does_not_count() {
    let key = short_term();
    let bytes = Builder::new(StunMethod::Binding, Class::Success, TransactionId([1; 12]))
        .integrity(&key)
        .xor_mapped("203.0.113.5:4444".parse().expect("an address"))
        .finish();
    let message = Message::read(&bytes).expect("reads");
    assert_eq!((message.xor_mapped(), message.integrity_fits(&key)), (None, Some(true)));
}

#[test]
fn padding_that_is_not_zero_is_seen() {
    // RFC 5769 pads with spaces to show that it may be anything.
    assert!(Message::read(&vector("ipv4 response")).expect("reads").has_dirty_padding());
    assert!(!Message::read(&vector("userhash request")).expect("reads").has_dirty_padding());
}

#[test]
fn one_bad_attribute_does_not_hide_the_others() {
    let bytes = Builder::new(StunMethod::Binding, Class::Success, TransactionId([1; 12]))
        .raw(0x8022, b"\xff\xfebad utf-8\0")
        .raw(0x802c, &[0, 9, 1, 2])
        .xor_mapped("203.0.113.5:4444".parse().expect("an address"))
        .finish();
    let message = Message::read(&bytes).expect("reads");
    assert_eq!(message.xor_mapped().map(|a| a.port()), Some(4444));
    assert_eq!((message.other_address(), message.faulty()), (None, Some(0x802c)));
}

#[test]
fn a_response_port_of_two_and_of_four_bytes_is_read() {
    for value in [&[0x12, 0x34][..], &[0x12, 0x34, 0, 0]] {
        let bytes = Builder::request(StunMethod::Binding, TransactionId([1; 12])).raw(0x0027, value).finish();
        assert_eq!(Message::read(&bytes).expect("reads").response_port(), Some(0x1234));
    }
}

#[test]
fn an_unknown_attribute_that_must_be_understood_is_listed() {
    let bytes =
        Builder::request(StunMethod::Binding, TransactionId([1; 12])).raw(0x7abc, &[1]).raw(0x9abc, &[1]).finish();
    assert_eq!(Message::read(&bytes).expect("reads").unknown_required(), [0x7abc]);
}

#[test]
fn an_error_code_out_of_range_is_told_as_it_is() {
    let message = |value: &[u8]| {
        Message::read(&Builder::new(StunMethod::Binding, Class::Error, TransactionId([1; 12])).raw(9, value).finish())
            .expect("reads")
    };
    assert_eq!(message(&[0, 0, 7, 99, b'x', 0]).error().map(|e| (e.code, e.reason)), Some((799, Text::new("x"))));
    assert_eq!(message(&[0, 0, 0, 0]).error().map(|e| e.code), Some(0));
    assert_eq!(message(&[0, 0, 4]).error(), None);
}

#[test]
fn a_stream_cut_byte_by_byte_gives_the_same_messages() {
    let mut stream = vector("ipv4 response");
    stream.extend(channel_data(0x4001, b"hello", true).expect("fits"));
    stream.extend(vector("request"));
    let mut frames = Frames::default();
    let mut got = Vec::new();
    for byte in stream {
        frames.push(&[byte]);
        while let Some(frame) = frames.next_frame().expect("all of it is STUN") {
            got.push(frame);
        }
    }
    assert_eq!(got.len(), 3);
    assert_eq!(got[0], vector("ipv4 response"));
    assert_eq!(read(&got[1]), Ok(Datagram::Channel(ChannelData { channel: 0x4001, data: b"hello" })));
    assert_eq!((got[2].clone(), frames.buffered()), (vector("request"), 0));
}

#[test]
fn a_banner_of_another_protocol_is_told_by_its_first_bytes() {
    for banner in
        ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request\r\n", "220 mail ESMTP", "\u{16}\u{3}\u{1}\0\0\0\0\0"]
    {
        let mut frames = Frames::default();
        frames.push(banner.as_bytes());
        let junk = frames.next_frame().expect_err(banner);
        assert!(!junk.first_bytes.is_empty() && junk.first_bytes.as_str().trim_end_matches('…').is_ascii());
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_the_readers(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(Datagram::Stun(message)) = read(&bytes) {
            ask_all(&message);
        }
        let mut frames = Frames::default();
        frames.push(&bytes);
        while let Ok(Some(_)) = frames.next_frame() {}
    }

    #[test]
    fn any_attributes_in_a_sound_frame_are_read_without_panic(
        attributes in proptest::collection::vec((any::<u16>(), proptest::collection::vec(any::<u8>(), 0..40)), 0..20)
    ) {
        let builder = Builder::request(StunMethod::Binding, TransactionId([3; 12]));
        let bytes = attributes.iter().fold(builder, |builder, (kind, value)| builder.raw(*kind, value)).finish();
        ask_all(&Message::read(&bytes).expect("the frame is sound"));
    }
}
