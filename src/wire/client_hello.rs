//! A ClientHello of DTLS 1.2, as small as those of WebRTC stacks: what a firewall that knows DTLS by sight looks for.
//!
//! Nobody is meant to answer it: it is built and not parsed, and no key belongs to it.

/// Where the random value stands: behind the headers of the record, of the message and the version (RFC 6347 §4.1, §4.2.2).
pub(super) const RANDOM_AT: usize = 13 + 12 + 2;

/// RFC 6347 §4.1: the content type, and the version on the wire.
pub(super) const HANDSHAKE: u8 = 22;
const DTLS_1_0: [u8; 2] = [0xfe, 0xff];
const DTLS_1_2: [u8; 2] = [0xfe, 0xfd];
const CLIENT_HELLO: u8 = 1;

/// ECDHE with AES-GCM (RFC 5289, RFC 7905), which every stack takes (RFC 8827 §6.5).
const SUITES: [u16; 4] = [0xc02b, 0xc02f, 0xcca9, 0xcca8];

/// The extensions of a WebRTC handshake, by type, with their bodies.
const EXTENSIONS: [(u16, &[u8]); 6] = [
    // extended_master_secret (RFC 7627)
    (23, &[]),
    // renegotiation_info (RFC 5746)
    (0xff01, &[0]),
    // supported_groups (RFC 8422 §5.1.1): x25519, secp256r1
    (10, &[0, 4, 0, 29, 0, 23]),
    // ec_point_formats (RFC 8422 §5.1.2): uncompressed
    (11, &[1, 0]),
    // signature_algorithms (RFC 5246 §7.4.1.4.1): ECDSA and RSA with SHA-256
    (13, &[0, 4, 4, 3, 4, 1]),
    // use_srtp (RFC 5764 §4.1.1): AES-128-GCM, AES-128-CM with SHA-1
    (14, &[0, 4, 0, 7, 0, 1, 0]),
];

/// The extension that makes a hello longer (RFC 7685 §3), and the bytes of its type and length.
const PADDING: u16 = 21;
const EXTENSION_HEADER: usize = 4;

/// The whole datagram, with this random value (RFC 5246 §7.4.1.2).
pub fn client_hello(random: [u8; 32]) -> Vec<u8> {
    hello(random, &[])
}

/// The same, made as long as this by padding: as those with post-quantum key shares are, or with many extensions.
pub fn long_client_hello(random: [u8; 32], bytes: usize) -> Vec<u8> {
    let zeros = vec![0; bytes.saturating_sub(client_hello(random).len() + EXTENSION_HEADER)];
    hello(random, &[&PADDING.to_be_bytes()[..], &length2(&zeros), &zeros].concat())
}

fn hello(random: [u8; 32], padding: &[u8]) -> Vec<u8> {
    let suites: Vec<u8> = SUITES.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    let extensions = EXTENSIONS.iter().map(|(kind, body)| [&kind.to_be_bytes()[..], &length2(body), body].concat());
    let extensions = extensions.chain([padding.to_vec()]).collect::<Vec<_>>().concat();
    // No session, no cookie; and the one compression method, none.
    let body =
        [&DTLS_1_2[..], &random, &[0, 0], &length2(&suites), &suites, &[1, 0], &length2(&extensions), &extensions]
            .concat();
    // RFC 6347 §4.2.2: message sequence 0, one fragment from 0 on.
    let message = [&[CLIENT_HELLO][..], &length3(&body), &[0, 0], &[0, 0, 0], &length3(&body), &body].concat();
    // Epoch 0, sequence number 0.
    [&[HANDSHAKE][..], &DTLS_1_0, &[0; 8], &length2(&message), &message].concat()
}

fn length2(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes()
}

fn length3(bytes: &[u8]) -> [u8; 3] {
    let [_, rest @ ..] = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_lengths_fit(hello: &[u8]) {
        assert_eq!(hello[..3], [22, 0xfe, 0xff]);
        assert_eq!(usize::from(u16::from_be_bytes([hello[11], hello[12]])), hello.len() - 13);
        assert_eq!(u32::from_be_bytes([0, hello[14], hello[15], hello[16]]) as usize, hello.len() - 25);
        assert_eq!(hello[14..17], hello[22..25], "one fragment is the whole message");
    }

    #[test]
    fn its_lengths_fit_and_it_is_as_small_as_a_stack_s() {
        let hello = client_hello([7; 32]);
        assert!((100..200).contains(&hello.len()), "{}", hello.len());
        assert_lengths_fit(&hello);
    }

    #[test]
    fn a_long_one_is_as_long_as_it_is_asked_to_be() {
        let hello = long_client_hello([7; 32], 1200);
        assert_eq!(hello.len(), 1200);
        assert_lengths_fit(&hello);
    }
}
