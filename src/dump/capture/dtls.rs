//! How far did a handshake of DTLS get, by what is not encrypted of it? (RFC 6347 §4, RFC 9147 §4)
//!
//! Of DTLS 1.3 most is encrypted. By their epoch records of the handshake are told from later ones all the same, and by its
//! size an alert, of two bytes, from everything else: no message of SCTP is as small, and no acknowledgement is.

use std::time::Duration;

/// What one end was seen to send.
#[derive(Clone, Debug, Default)]
pub(super) struct DtlsSide {
    pub(super) datagrams: u32,
    pub(super) largest_bytes: u32,
    /// ClientHellos, each copy counted.
    pub(super) client_hellos: u32,
    /// The version of a ServerHello.
    pub(super) version: Option<Version>,
    /// Records under the keys that the handshake leads to.
    pub(super) secured: u32,
    /// The first datagram, and the first with such a record.
    pub(super) first: Option<Duration>,
    pub(super) first_secured: Option<Duration>,
    /// The last alert, and its description where it is not encrypted (RFC 8446 §6).
    pub(super) alert: Option<(Duration, Option<u8>)>,
    /// The last datagram.
    pub(super) last: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Dtls12,
    Dtls13,
}

impl Version {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Dtls12 => "DTLS 1.2",
            Self::Dtls13 => "DTLS 1.3",
        }
    }
}

const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
/// The header of a record that has a version (RFC 6347 §4.1), and of a message in it (§4.2.2).
const RECORD_BYTES: usize = 13;
const MESSAGE_BYTES: usize = 12;

impl DtlsSide {
    /// Counts a datagram of which so much was kept.
    pub(super) fn count(&mut self, at: Duration, bytes: &[u8], length: usize) {
        self.datagrams = self.datagrams.saturating_add(1);
        self.largest_bytes = self.largest_bytes.max(u32::try_from(length).unwrap_or(u32::MAX));
        self.first.get_or_insert(at);
        self.last = Some(at);
        let mut rest = bytes;
        while let Some(after) = self.record(at, rest) {
            rest = after;
        }
    }

    /// One record of a datagram; what stands behind it.
    fn record<'a>(&mut self, at: Duration, bytes: &'a [u8]) -> Option<&'a [u8]> {
        match bytes.first()? {
            32..=63 => self.unified(at, bytes),
            kind => {
                let head = bytes.get(..RECORD_BYTES)?;
                let epoch = u16::from_be_bytes([head[3], head[4]]);
                let length = usize::from(u16::from_be_bytes([head[11], head[12]]));
                let body = &bytes[RECORD_BYTES..];
                match (*kind, epoch) {
                    (HANDSHAKE, 0) => self.message(body),
                    (ALERT, 0) => self.alert = Some((at, body.get(1).copied())),
                    (ALERT, _) => self.alert = Some((at, None)),
                    (HANDSHAKE, _) => {}
                    (_, 1..) => self.secure(at),
                    _ => {}
                }
                body.get(length..)
            }
        }
    }

    /// A record in the form of DTLS 1.3 (RFC 9147 §4): 0 0 1 C S L E E.
    fn unified<'a>(&mut self, at: Duration, bytes: &'a [u8]) -> Option<&'a [u8]> {
        /// The level and description of an alert, the type of what is encrypted, and the tag of AES-GCM and ChaCha20.
        const ENCRYPTED_ALERT_BYTES: usize = 2 + 1 + 16;
        let first = *bytes.first()?;
        // A connection id has a length that only the two ends know; WebRTC uses none.
        if first & 0x10 != 0 {
            return None;
        }
        let mut head_bytes = if first & 0x08 != 0 { 3 } else { 2 };
        let length = if first & 0x04 != 0 {
            let length = bytes.get(head_bytes..head_bytes + 2)?;
            head_bytes += 2;
            usize::from(u16::from_be_bytes([length[0], length[1]]))
        } else {
            bytes.len().checked_sub(head_bytes)?
        };
        // The low bits of the epoch: 2 of the handshake, 3 of what comes after it.
        if length == ENCRYPTED_ALERT_BYTES {
            self.alert = Some((at, None));
        } else if first & 0x03 != 2 {
            self.secure(at);
        }
        bytes.get(head_bytes + length..).filter(|rest| !rest.is_empty())
    }

    fn secure(&mut self, at: Duration) {
        self.secured = self.secured.saturating_add(1);
        self.first_secured.get_or_insert(at);
    }

    /// A message of the handshake, or the first part of one.
    fn message(&mut self, body: &[u8]) {
        let Some((head, message)) = body.split_at_checked(MESSAGE_BYTES) else { return };
        let is_the_beginning = head[6..9] == [0, 0, 0];
        match head[0] {
            CLIENT_HELLO if is_the_beginning => self.client_hellos = self.client_hellos.saturating_add(1),
            SERVER_HELLO if is_the_beginning => self.version = Some(version(message)),
            _ => {}
        }
    }
}

/// Of a ServerHello: 1.3 only where the extension says so (RFC 8446 §4.2.1).
fn version(hello: &[u8]) -> Version {
    const SUPPORTED_VERSIONS: [u8; 6] = [0, 43, 0, 2, 0xfe, 0xfc];
    let says_so = hello.windows(SUPPORTED_VERSIONS.len()).any(|window| window == SUPPORTED_VERSIONS);
    if says_so { Version::Dtls13 } else { Version::Dtls12 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, epoch: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![kind, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 0, 0, body.len() as u8];
        bytes.extend_from_slice(body);
        bytes
    }

    fn message(kind: u8, offset: u8, body: &[u8]) -> Vec<u8> {
        let length = body.len() as u8;
        [&[kind, 0, 0, length, 0, 0, 0, 0, offset, 0, 0, length][..], body].concat()
    }

    fn seen(datagrams: &[Vec<u8>]) -> DtlsSide {
        let mut seen = DtlsSide::default();
        for (second, bytes) in (1..).zip(datagrams) {
            seen.count(Duration::from_secs(second), bytes, bytes.len());
        }
        seen
    }

    #[test]
    fn a_hello_in_two_datagrams_is_one() {
        let seen = seen(&[record(22, 0, &message(1, 0, &[0; 40])), record(22, 0, &message(1, 40, &[0; 9]))]);
        assert_eq!((seen.client_hellos, seen.datagrams, seen.largest_bytes), (1, 2, 65));
    }

    #[test]
    fn dtls_1_3_says_so_in_an_extension() {
        let hello = |extension: &[u8]| seen(&[record(22, 0, &message(2, 0, extension))]).version;
        assert_eq!(hello(&[9, 9, 0, 43, 0, 2, 0xfe, 0xfc]), Some(Version::Dtls13));
        assert_eq!(hello(&[9, 9]), Some(Version::Dtls12));
    }

    #[test]
    fn an_alert_is_told_by_its_size_where_it_is_encrypted() {
        let of = |length: u8| seen(&[[&[0x2f, 0, 1, 0, length][..], &vec![0; usize::from(length)]].concat()]);
        assert_eq!((of(19).alert.is_some(), of(19).secured), (true, 0));
        assert_eq!((of(35).alert.is_some(), of(35).secured), (false, 1));
    }

    #[test]
    fn records_behind_each_other_are_all_read() {
        let seen =
            seen(&[[record(22, 0, &message(2, 0, &[])), record(23, 1, &[1, 2]), record(21, 0, &[2, 42])].concat()]);
        assert_eq!((seen.secured, seen.alert), (1, Some((Duration::from_secs(1), Some(42)))));
    }
}
