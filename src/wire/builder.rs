//! Encodes a STUN message: attribute values through `stun-rs` or as raw bytes, integrity and fingerprint last.

use super::attribute::kind;
use super::header::{COOKIE, Class, HEADER_BYTES, StunMethod, TransactionId, message_type};
use super::{Message, integrity};
use std::net::SocketAddr;
use stun_rs::attributes::discovery::{OtherAddress, ResponseOrigin};
use stun_rs::attributes::stun::{AlternateServer, MappedAddress, XorMappedAddress};
use stun_rs::attributes::turn::{XorPeerAddress, XorRelayedAddress};
use stun_rs::methods::BINDING;
use stun_rs::{HMACKey, MessageClass, MessageEncoder, StunAttribute, StunMessageBuilder};

/// A message that is being built. Attributes stand in the order in which they are added.
#[derive(Clone)]
pub struct Builder {
    id: TransactionId,
    bytes: Vec<u8>,
}

impl Builder {
    /// A message without attributes.
    pub fn new(method: StunMethod, class: Class, id: TransactionId) -> Self {
        let mut bytes = Vec::with_capacity(128);
        bytes.extend_from_slice(&message_type(method, class).to_be_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&COOKIE);
        bytes.extend_from_slice(&id.0);
        Self { id, bytes }
    }

    /// A request without attributes.
    pub fn request(method: StunMethod, id: TransactionId) -> Self {
        Self::new(method, Class::Request, id)
    }

    /// A response to `request`, with its method and transaction id; `class` is success or error.
    pub fn answer(request: &Message, class: Class) -> Self {
        Self::new(request.method, class, request.id)
    }

    /// The transaction id.
    pub fn id(&self) -> TransactionId {
        self.id
    }

    /// Our own attribute (`wire/echo.rs`).
    #[must_use]
    pub fn echo(self, value: &[u8]) -> Self {
        self.raw(kind::ECHO, value)
    }

    /// Any attribute by its type. A value longer than 65,535 bytes is truncated to that.
    #[must_use]
    pub fn raw(mut self, kind: u16, value: &[u8]) -> Self {
        let value = value.get(..usize::from(u16::MAX)).unwrap_or(value);
        self.bytes.extend_from_slice(&kind.to_be_bytes());
        self.bytes.extend_from_slice(&(value.len() as u16).to_be_bytes());
        self.bytes.extend_from_slice(value);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self
    }

    /// An address through `stun-rs`, which XORs it with the cookie and the transaction id where the attribute wants it.
    fn address(mut self, attribute: impl Into<StunAttribute>) -> Self {
        let message = StunMessageBuilder::new(BINDING, MessageClass::SuccessResponse)
            .with_transaction_id(stun_rs::TransactionId::from(self.id.0))
            .with_attribute(attribute)
            .build();
        let mut buffer = [0; HEADER_BYTES + 4 + 20];
        if let Ok(size) = MessageEncoder::default().encode(&mut buffer, &message) {
            self.bytes.extend_from_slice(&buffer[HEADER_BYTES..size]);
        }
        self
    }

    /// XOR-MAPPED-ADDRESS (RFC 8489 §14.2).
    #[must_use]
    pub fn xor_mapped(self, address: SocketAddr) -> Self {
        self.address(XorMappedAddress::from(address))
    }

    /// MAPPED-ADDRESS (RFC 8489 §14.1).
    #[must_use]
    pub fn mapped(self, address: SocketAddr) -> Self {
        self.address(MappedAddress::from(address))
    }

    /// OTHER-ADDRESS (RFC 5780 §7.4).
    #[must_use]
    pub fn other_address(self, address: SocketAddr) -> Self {
        self.address(OtherAddress::from(address))
    }

    /// RESPONSE-ORIGIN (RFC 5780 §7.3).
    #[must_use]
    pub fn response_origin(self, address: SocketAddr) -> Self {
        self.address(ResponseOrigin::from(address))
    }

    /// ALTERNATE-SERVER (RFC 8489 §14.15).
    #[must_use]
    pub fn alternate_server(self, address: SocketAddr) -> Self {
        self.address(AlternateServer::from(address))
    }

    /// XOR-PEER-ADDRESS (RFC 8656 §18.3).
    #[must_use]
    pub fn xor_peer(self, address: SocketAddr) -> Self {
        self.address(XorPeerAddress::from(address))
    }

    /// XOR-RELAYED-ADDRESS (RFC 8656 §18.5).
    #[must_use]
    pub fn xor_relayed(self, address: SocketAddr) -> Self {
        self.address(XorRelayedAddress::from(address))
    }

    /// CHANGE-REQUEST (RFC 5780 §7.2).
    #[must_use]
    pub fn change_request(self, address: bool, port: bool) -> Self {
        let flags = (u32::from(address) << 2) | (u32::from(port) << 1);
        self.raw(kind::CHANGE_REQUEST, &flags.to_be_bytes())
    }

    /// PADDING of so many zero bytes (RFC 5780 §7.6).
    #[must_use]
    pub fn padding(self, bytes: usize) -> Self {
        self.raw(kind::PADDING, &vec![0; bytes.min(usize::from(u16::MAX))])
    }

    /// SOFTWARE (RFC 8489 §14.14).
    #[must_use]
    pub fn software(self, name: &str) -> Self {
        self.raw(kind::SOFTWARE, name.as_bytes())
    }

    /// USERNAME (RFC 8489 §14.3).
    #[must_use]
    pub fn username(self, name: &[u8]) -> Self {
        self.raw(kind::USERNAME, name)
    }

    /// REALM (RFC 8489 §14.9).
    #[must_use]
    pub fn realm(self, realm: &[u8]) -> Self {
        self.raw(kind::REALM, realm)
    }

    /// NONCE, echoed as the server sent it (RFC 8489 §14.10).
    #[must_use]
    pub fn nonce(self, nonce: &[u8]) -> Self {
        self.raw(kind::NONCE, nonce)
    }

    /// PASSWORD-ALGORITHMS, echoed as the server sent it (RFC 8489 §14.11).
    #[must_use]
    pub fn password_algorithms(self, value: &[u8]) -> Self {
        self.raw(kind::PASSWORD_ALGORITHMS, value)
    }

    /// PASSWORD-ALGORITHM with no parameters: 1 for MD5, 2 for SHA-256 (RFC 8489 §18.5).
    #[must_use]
    pub fn password_algorithm(self, algorithm: u16) -> Self {
        let [high, low] = algorithm.to_be_bytes();
        self.raw(kind::PASSWORD_ALGORITHM, &[high, low, 0, 0])
    }

    /// ERROR-CODE with `code` from 300 to 699 (RFC 8489 §14.8).
    #[must_use]
    pub fn error(self, code: u16, reason: &str) -> Self {
        let mut value = vec![0, 0, (code / 100) as u8 & 7, (code % 100) as u8];
        value.extend_from_slice(reason.as_bytes());
        self.raw(kind::ERROR_CODE, &value)
    }

    /// UNKNOWN-ATTRIBUTES, by attribute type (RFC 8489 §14.13).
    #[must_use]
    pub fn unknown_attributes(self, kinds: &[u16]) -> Self {
        let value: Vec<u8> = kinds.iter().flat_map(|kind| kind.to_be_bytes()).collect();
        self.raw(kind::UNKNOWN_ATTRIBUTES, &value)
    }

    /// LIFETIME in seconds (RFC 8656 §18.2).
    #[must_use]
    pub fn lifetime_s(self, seconds: u32) -> Self {
        self.raw(kind::LIFETIME, &seconds.to_be_bytes())
    }

    /// REQUESTED-TRANSPORT by protocol number: 17 for UDP.
    #[must_use]
    pub fn requested_transport(self, protocol: u8) -> Self {
        self.raw(kind::REQUESTED_TRANSPORT, &[protocol, 0, 0, 0])
    }

    /// REQUESTED-ADDRESS-FAMILY: 1 for IPv4, 2 for IPv6.
    #[must_use]
    pub fn requested_family(self, family: u8) -> Self {
        self.raw(kind::REQUESTED_ADDRESS_FAMILY, &[family, 0, 0, 0])
    }

    /// CHANNEL-NUMBER (RFC 8656 §18.1).
    #[must_use]
    pub fn channel_number(self, channel: u16) -> Self {
        let [high, low] = channel.to_be_bytes();
        self.raw(kind::CHANNEL_NUMBER, &[high, low, 0, 0])
    }

    /// DATA (RFC 8656 §18.4).
    #[must_use]
    pub fn data(self, data: &[u8]) -> Self {
        self.raw(kind::DATA, data)
    }

    /// PRIORITY (RFC 8445 §7.1.1).
    #[must_use]
    pub fn priority(self, priority: u32) -> Self {
        self.raw(kind::PRIORITY, &priority.to_be_bytes())
    }

    /// USE-CANDIDATE (RFC 8445 §7.1.2).
    #[must_use]
    pub fn use_candidate(self) -> Self {
        self.raw(kind::USE_CANDIDATE, &[])
    }

    /// ICE-CONTROLLING with the tie-breaker (RFC 8445 §7.1.3).
    #[must_use]
    pub fn ice_controlling(self, tie_breaker: u64) -> Self {
        self.raw(kind::ICE_CONTROLLING, &tie_breaker.to_be_bytes())
    }

    /// ICE-CONTROLLED with the tie-breaker (RFC 8445 §7.1.3).
    #[must_use]
    pub fn ice_controlled(self, tie_breaker: u64) -> Self {
        self.raw(kind::ICE_CONTROLLED, &tie_breaker.to_be_bytes())
    }

    /// MESSAGE-INTEGRITY under `key`, over everything so far (RFC 8489 §14.5).
    #[must_use]
    pub fn integrity(self, key: &HMACKey) -> Self {
        match integrity::sign_sha1(&self.bytes, key) {
            Some(tag) => self.raw(kind::MESSAGE_INTEGRITY, &tag),
            None => self,
        }
    }

    /// MESSAGE-INTEGRITY-SHA256 under `key`, over everything so far (RFC 8489 §14.6).
    #[must_use]
    pub fn integrity_sha256(self, key: &HMACKey) -> Self {
        match integrity::sign_sha256(&self.bytes, key) {
            Some(tag) => self.raw(kind::MESSAGE_INTEGRITY_SHA256, &tag),
            None => self,
        }
    }

    /// FINGERPRINT over everything so far; nothing may follow it (RFC 8489 §14.7).
    #[must_use]
    pub fn fingerprint(self) -> Self {
        match integrity::fingerprint(&self.bytes) {
            Some(crc) => self.raw(kind::FINGERPRINT, &crc.to_be_bytes()),
            None => self,
        }
    }

    /// The bytes to send, with the length field filled in.
    pub fn finish(mut self) -> Vec<u8> {
        let length = u16::try_from(self.bytes.len() - HEADER_BYTES).unwrap_or(!3);
        self.bytes.truncate(HEADER_BYTES + usize::from(length));
        self.bytes[2..4].copy_from_slice(&length.to_be_bytes());
        self.bytes
    }
}
