//! The DTLS handshake as it passes: who was to begin it, and what went each way (RFC 8842 §5, RFC 9147 §5.2).
//!
//! A handshake that comes to nothing is judged by who was to send the first flight. That is known from the two
//! descriptions, and whether the flight was sent stands in its first bytes, which are not encrypted.

use crate::model::{CallBreak, DtlsHandshake, DtlsRole, Millis, Text};
use crate::signal::SessionDescription;
use crate::signal::sdp::Setup;

/// The content type of a handshake record (RFC 9147 §4.1).
const HANDSHAKE_RECORD: u8 = 22;
/// Its header, before a message of the handshake begins.
const RECORD_HEADER: usize = 13;
/// The message that begins a handshake.
const CLIENT_HELLO: u8 = 1;

/// What passed of the handshake by now.
#[derive(Clone, Debug, Default)]
pub(super) struct HandshakeStats {
    /// What the other end's description says: its `a=setup`, and on which line.
    setup: Option<(Setup, u32)>,
    sent: u32,
    largest: usize,
    received: u32,
    hellos_sent: u32,
    hellos_received: u32,
}

/// Whether a datagram begins with a ClientHello in the clear: epoch 0.
fn is_client_hello(datagram: &[u8]) -> bool {
    matches!(datagram, [HANDSHAKE_RECORD, _, _, 0, 0, ..]) && datagram.get(RECORD_HEADER) == Some(&CLIENT_HELLO)
}

impl HandshakeStats {
    /// The other end's description. One that cannot be read says nothing of its role.
    pub(super) fn described(&mut self, sdp: &str) {
        self.setup = SessionDescription::read(sdp).ok().and_then(|description| description.setup);
    }

    /// A datagram of ours leaves.
    pub(super) fn sent(&mut self, datagram: &[u8]) {
        self.sent = self.sent.saturating_add(1);
        self.largest = self.largest.max(datagram.len());
        self.hellos_sent = self.hellos_sent.saturating_add(u32::from(is_client_hello(datagram)));
    }

    /// Whether this datagram of the other end's begins a handshake that it is for this end to begin, before this end has
    /// done so. Browsers drop such a one and begin all the same, so that an end that takes their beginning is connected.
    pub(super) fn is_out_of_turn(&self, datagram: &[u8]) -> bool {
        self.role() == DtlsRole::Client && self.hellos_sent == 0 && is_client_hello(datagram)
    }

    /// Ours, as the other end's description leaves it to us.
    fn role(&self) -> DtlsRole {
        if matches!(self.setup, Some((Setup::Passive, _))) { DtlsRole::Client } else { DtlsRole::Server }
    }

    /// A datagram of the other end's came, of the handshake or after it.
    pub(super) fn received(&mut self, datagram: &[u8]) {
        self.received = self.received.saturating_add(1);
        self.hellos_received = self.hellos_received.saturating_add(u32::from(is_client_hello(datagram)));
    }

    /// Datagrams of the other end's by now.
    pub(super) fn received_count(&self) -> u32 {
        self.received
    }

    /// The handshake has not ended within this time.
    pub(super) fn silent(&self, waited_ms: Millis) -> CallBreak {
        CallBreak::DtlsSilent {
            sent: self.sent,
            largest_bytes: u32::try_from(self.largest).unwrap_or(u32::MAX),
            heard: self.received,
            heard_there: None,
            waited_ms,
        }
    }

    /// What was seen of it.
    pub(super) fn seen(&self) -> DtlsHandshake {
        DtlsHandshake {
            role: self.role(),
            their_setup: self.setup.map(|(setup, _)| Text::new(setup.word())),
            setup_line: self.setup.map(|(_, line)| line),
            hellos_sent: self.hellos_sent,
            hellos_received: self.hellos_received,
            hellos_sent_there: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a record of this content type and epoch, with a message of this type in it.
    fn record(content: u8, epoch: u8, message: u8) -> Vec<u8> {
        let mut record = vec![content, 254, 253, 0, epoch, 0, 0, 0, 0, 0, 0, 0, 40];
        record.push(message);
        record.resize(53, 0);
        record
    }

    #[test]
    fn a_client_hello_is_known_by_its_first_bytes() {
        assert!(is_client_hello(&record(22, 0, 1)));
        for other in [record(22, 0, 2), record(22, 1, 1), record(23, 0, 1), record(22, 0, 1)[..13].to_vec()] {
            assert!(!is_client_hello(&other), "{other:?}");
        }
    }

    #[test]
    fn a_hello_is_out_of_turn_where_this_end_is_to_begin_and_has_not() {
        let described = |setup: &str| {
            let mut stats = HandshakeStats::default();
            stats.described(&offer(setup));
            stats
        };
        let hello = record(22, 0, 1);
        let mut client = described("a=setup:passive\n");
        assert!(client.is_out_of_turn(&hello) && !client.is_out_of_turn(&record(22, 0, 2)));
        client.sent(&hello);
        assert!(!client.is_out_of_turn(&hello), "both have begun: that is for DTLS to settle");
        assert!(!described("a=setup:active\n").is_out_of_turn(&hello) && !described("").is_out_of_turn(&hello));
    }

    fn offer(setup: &str) -> String {
        let session = "v=0\no=- 1 1 IN IP4 0.0.0.0\nt=0 0";
        let media = "m=audio 9 UDP/TLS/RTP/SAVPF 0\na=ice-ufrag:8hhY\na=ice-pwd:asd88fgpdd777uzjYhagZg";
        format!("{session}\n{media}\n{setup}")
    }

    #[test]
    fn the_role_is_the_one_that_the_other_ends_description_leaves() {
        let seen = |setup| {
            let mut stats = HandshakeStats::default();
            stats.described(&offer(setup));
            (stats.seen().role, stats.seen().setup_line)
        };
        assert_eq!(seen("a=setup:active\n"), (DtlsRole::Server, Some(7)));
        assert_eq!(seen("a=setup:actpass\n"), (DtlsRole::Server, Some(7)));
        assert_eq!(seen("a=setup:passive\n"), (DtlsRole::Client, Some(7)));
        assert_eq!(seen(""), (DtlsRole::Server, None));
    }
}
