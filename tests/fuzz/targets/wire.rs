//! Datagrams and streams of STUN and TURN.

use rtc_doctor::wire::{self, Datagram, Frames, Message};

/// One datagram, and the same bytes as a stream that comes in pieces.
pub fn wire(data: &[u8]) {
    if let Ok(Datagram::Stun(message)) = wire::read(data) {
        ask_everything(&message);
        let (blanked, _) = wire::sanitized(data).expect("what reads can be copied without its secrets");
        assert_eq!(blanked.len(), data.len());
        assert!(matches!(wire::read(&blanked), Ok(Datagram::Stun(_))), "the copy reads like the original");
    }
    let (size, stream) = data.split_first().map_or((1, data), |(first, rest)| (usize::from(*first) + 1, rest));
    let whole = frames(std::iter::once(stream));
    let in_pieces = frames(stream.chunks(size));
    assert_eq!(whole, in_pieces, "where a stream is cut into reads changes none of its messages");
}

fn ask_everything(message: &Message) {
    let key = wire::short_term_key("password").expect("a key");
    let _ = (message.integrity_fits(&key), message.fingerprint_fits(), message.error(), message.software());
    let _ = (message.xor_mapped(), message.mapped(), message.other_address(), message.response_origin());
    let _ = (message.alternate_server(), message.xor_relayed(), message.xor_peer(), message.xor_peers().count());
    let _ = (message.nonce(), message.realm(), message.username(), message.password_algorithms());
    let _ = (message.password_algorithm(), message.lifetime_s(), message.data(), message.channel_number());
    let _ = (message.requested_transport(), message.requested_family(), message.even_port());
    let _ = (message.change_request(), message.response_port(), message.padding_len(), message.priority());
    let _ = (message.use_candidate(), message.ice_controlling(), message.ice_controlled());
    let _ = (message.unknown_required(), message.faulty(), message.has_dirty_padding());
}

/// The messages until the stream ends or loses its framing, and whether it did.
fn frames<'a>(reads: impl Iterator<Item = &'a [u8]>) -> (Vec<Vec<u8>>, bool) {
    let (mut frames, mut found) = (Frames::default(), Vec::new());
    for read in reads {
        frames.push(read);
        loop {
            match frames.next_frame() {
                Ok(Some(frame)) => found.push(frame),
                Ok(None) => break,
                Err(_) => return (found, true),
            }
        }
    }
    (found, false)
}
