//! Datagrams that a server of ours sends back as they came: of each class that a firewall may know by sight (RFC 7983 §7), in
//! any size.
//!
//! Nobody else speaks this. A server that offers it says so by an empty attribute in its Binding answers, which other clients
//! pass over (RFC 8489 §14). Who asks gets a token for the endpoint that he asked from, and the ports at which the same is
//! offered. A datagram to be sent back holds [`Echo`] where its class has bytes of no meaning: in the random value of a
//! ClientHello, in the attribute of a check, behind the header of RTP.

use super::client_hello::{HANDSHAKE, RANDOM_AT, client_hello, long_client_hello};
use super::{Builder, Message, StunMethod, TransactionId, short_term_key};
use crate::model::DatagramClass;

/// The bytes of a token.
const TOKEN: usize = 8;
/// The bytes of an [`Echo`]: as many as the random value of a ClientHello has (RFC 5246 §7.4.1.2).
const BYTES: usize = 32;
/// With these it begins, so that it is not looked for in all that comes.
const MAGIC: [u8; 4] = *b"echo";
/// Behind the header of RTP (RFC 3550 §5.1).
const PAYLOAD_AT: usize = 12;
/// How many ports are told.
const PORTS: usize = 8;

/// What a datagram is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EchoKind {
    /// It is to be sent back.
    Asked,
    /// It was sent back.
    Answered,
    /// How many came of each slot is asked.
    Counts,
}

/// What such a datagram looks like; None: as RTP does.
pub type EchoSight = Option<DatagramClass>;

/// What a datagram holds that is to be sent back, or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Echo {
    /// What it is for.
    pub kind: EchoKind,
    /// The number by which the server counts it, below [`Echo::SLOTS`].
    pub slot: u8,
    /// How large it is to come back, in bytes; as large as it came where that is less.
    pub wanted: u16,
    /// What proves that the asker gets what is sent to him.
    pub token: [u8; TOKEN],
    /// The number by which an asker's datagrams belong together.
    pub session: [u8; 8],
    /// What makes one differ from another.
    pub salt: [u8; 8],
}

impl Echo {
    /// How many numbers the server counts by.
    pub const SLOTS: u8 = 32;

    fn bytes(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let kind = match self.kind {
            EchoKind::Asked => 0,
            EchoKind::Answered => 1,
            EchoKind::Counts => 2,
        };
        let [high, low] = self.wanted.to_be_bytes();
        let parts = MAGIC.into_iter().chain([kind, self.slot, high, low]).chain(self.token);
        let parts = parts.chain(self.session).chain(self.salt);
        bytes.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
        bytes
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let (magic, rest) = bytes.split_first_chunk::<4>()?;
        let ([kind, slot, high, low], rest) = rest.split_first_chunk::<4>()?;
        let (token, rest) = rest.split_first_chunk::<TOKEN>()?;
        let (session, rest) = rest.split_first_chunk::<8>()?;
        let (salt, _) = rest.split_first_chunk::<8>()?;
        let kind = match kind {
            0 => EchoKind::Asked,
            1 => EchoKind::Answered,
            2 => EchoKind::Counts,
            _ => return None,
        };
        let wanted = u16::from_be_bytes([*high, *low]);
        let echo = Self { kind, slot: *slot, wanted, token: *token, session: *session, salt: *salt };
        (*magic == MAGIC && echo.slot < Self::SLOTS).then_some(echo)
    }

    /// A datagram that looks like this and is as large, or as small as its class lets it be where that is more. A check has the
    /// size that checks have.
    pub fn datagram(&self, sight: EchoSight, bytes: usize) -> Vec<u8> {
        let own = self.bytes();
        match sight {
            None => beginning_with(0x80, &own, bytes),
            Some(DatagramClass::Unassigned) => beginning_with(0xc0, &own, bytes),
            Some(DatagramClass::Dtls) if bytes > client_hello(own).len() => long_client_hello(own, bytes),
            Some(DatagramClass::Dtls) => client_hello(own),
            Some(DatagramClass::Stun | DatagramClass::Check) => self.check(&own),
        }
    }

    /// A check as a controlled agent sends it (RFC 8445 §7.1), under names that nobody has.
    fn check(&self, own: &[u8]) -> Vec<u8> {
        const PRIORITY: u32 = 0x6eff_ffff;

        let mut id = [0; 12];
        id.iter_mut().zip(self.salt.into_iter().chain(self.session)).for_each(|(byte, part)| *byte = part);
        let check = Builder::request(StunMethod::Binding, TransactionId(id)).username(b"path:test").priority(PRIORITY);
        let check = check.ice_controlled(u64::from_be_bytes(self.session)).echo(own);
        match short_term_key("rtc-doctor asks the path") {
            Some(key) => check.integrity(&key).fingerprint().finish(),
            None => check.fingerprint().finish(),
        }
    }

    /// Reads a datagram that is no STUN, and what it looks like; None of every other.
    pub fn read(datagram: &[u8]) -> Option<(Self, EchoSight)> {
        let (at, sight) = match datagram.first()? {
            first if *first == HANDSHAKE => (RANDOM_AT, Some(DatagramClass::Dtls)),
            0x80..=0xbf => (PAYLOAD_AT, None),
            0xc0..=0xff => (PAYLOAD_AT, Some(DatagramClass::Unassigned)),
            _ => return None,
        };
        Some((Self::of(datagram.get(at..)?)?, sight))
    }

    /// Reads it from a check, or from a request for counts.
    pub fn in_message(message: &Message) -> Option<Self> {
        Self::of(message.echo()?)
    }

    /// A request for the counts of its session, larger than the answer.
    pub fn counts_request(&self, id: TransactionId) -> Builder {
        /// What the answer has beside the counts: four addresses of IPv6.
        const BESIDE: usize = 4 * 24;

        let mut value = Self { kind: EchoKind::Counts, ..*self }.bytes().to_vec();
        value.resize(usize::from(Self::SLOTS) * 2 + BESIDE, 0);
        Builder::request(StunMethod::Binding, id).echo(&value)
    }
}

/// The two highest bits of the first byte tell the protocol.
fn beginning_with(bits: u8, own: &[u8], bytes: usize) -> Vec<u8> {
    // Behind the first byte of RTP's header stand the type of a payload, a number, a time and a source.
    let mut datagram = vec![bits, 111];
    datagram.extend_from_slice(own.get(own.len().saturating_sub(PAYLOAD_AT - 2)..).unwrap_or_default());
    datagram.extend_from_slice(own);
    let filler: Vec<u8> = own.iter().copied().cycle().take(bytes.saturating_sub(datagram.len())).collect();
    datagram.extend(filler);
    datagram
}

/// What a server offers: a token for who asked, and its ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EchoOffer {
    /// What goes into each [`Echo`] from the endpoint that asked.
    pub token: [u8; TOKEN],
    /// The further ports of the server's address at which it is offered.
    pub ports: Vec<u16>,
}

impl EchoOffer {
    /// The value of the attribute.
    pub fn value(&self) -> Vec<u8> {
        self.token.into_iter().chain(self.ports.iter().take(PORTS).flat_map(|port| port.to_be_bytes())).collect()
    }

    /// Reads the value of the attribute; None where there is no token in it.
    pub fn of(value: &[u8]) -> Option<Self> {
        let (token, ports) = value.split_first_chunk::<TOKEN>()?;
        let (pairs, _) = ports.as_chunks::<2>();
        Some(Self { token: *token, ports: pairs.iter().take(PORTS).map(|port| u16::from_be_bytes(*port)).collect() })
    }
}

/// A request for what is offered, larger than the answer.
pub fn echo_request(id: TransactionId) -> Builder {
    /// The largest offer, four addresses of IPv6 beside it.
    const VALUE: usize = TOKEN + 2 * PORTS + 4 * 24;

    Builder::request(StunMethod::Binding, id).echo(&[0; VALUE])
}

/// Counts as the value of the attribute, and read from it.
pub fn echo_counts(value: &[u8]) -> Option<Vec<u16>> {
    let (pairs, _) = value.as_chunks::<2>();
    (pairs.len() == usize::from(Echo::SLOTS)).then(|| pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::is_media;

    const ECHO: Echo = Echo {
        kind: EchoKind::Asked,
        slot: 3,
        wanted: 1200,
        token: [1; 8],
        session: [2; 8],
        salt: [0xff, 3, 3, 3, 3, 3, 3, 3],
    };

    #[test]
    fn what_is_written_in_a_class_is_read_as_it_whatever_its_size() {
        for sight in [None, Some(DatagramClass::Unassigned), Some(DatagramClass::Dtls)] {
            for bytes in [0, 100, 500, 1200] {
                let datagram = ECHO.datagram(sight, bytes);
                assert_eq!(Echo::read(&datagram), Some((ECHO, sight)));
                assert!(datagram.len() == bytes || datagram.len() < 200 && bytes <= 100, "{}", datagram.len());
                assert_eq!(is_media(&datagram), sight != Some(DatagramClass::Unassigned));
            }
        }
        let check = Message::read(&ECHO.datagram(Some(DatagramClass::Check), 0)).expect("a message");
        assert_eq!((Echo::in_message(&check), check.fingerprint_fits()), (Some(ECHO), Some(true)));
        assert!(check.username().is_some() && check.priority().is_some());
    }

    #[test]
    fn what_others_send_is_not_taken_for_one() {
        let whole = ECHO.datagram(None, 60);
        for cut in 0..44 {
            assert_eq!(Echo::read(&whole[..cut]), None);
        }
        for place in [12, 13, 16, 17] {
            let mut other = whole.clone();
            other[place] = 0xee;
            assert_eq!(Echo::read(&other), None, "{place}");
        }
        assert_eq!(Echo::read(&client_hello([7; 32])), None);
        assert_eq!((Echo::read(&[]), EchoOffer::of(&[0; 7]), echo_counts(&[0; 63])), (None, None, None));
    }

    #[test]
    fn an_offer_is_read_as_it_was_written() {
        let offer = EchoOffer { token: [9; 8], ports: vec![53, 443, 20478, 50478] };
        assert_eq!(EchoOffer::of(&offer.value()), Some(offer));
    }
}
