//! Encodes the responses of a host's name server (RFC 1035 §4, RFC 3596, RFC 2782).

use super::raw::{byte, word};
use crate::lab::{Resolver, Zones};
use crate::machine::DnsAnswer;
use crate::model::{DnsFailure, DnsKind, DnsRecord};
use std::net::IpAddr;
use std::time::Duration;

const HEADER: usize = 12;
const A: u16 = 1;
const AAAA: u16 = 28;
const SRV: u16 = 33;
const INTERNET: u16 = 1;
/// The time to live of records: short, since the network may change at any time.
const TIME_TO_LIVE_S: u32 = 1;

/// The delay and the response to a query; None where nothing is sent, as for malformed queries.
pub(super) fn answer(query: &[u8], resolver: &Resolver, names: &Zones) -> Option<(Duration, Vec<u8>)> {
    let question = DnsQuestion::read(query)?;
    let (delay, said) = match question.kind {
        Some(kind) => resolver.ask(names, &question.name, kind),
        // There are no records of other types; its addresses show whether the name exists.
        None => {
            let (delay, said) = resolver.ask(names, &question.name, DnsKind::A);
            (delay, said.and(Err(DnsFailure::NoData)))
        }
    };
    Some((delay, message(query, &question, said)?))
}

struct DnsQuestion {
    name: String,
    kind: Option<DnsKind>,
    /// The offset of the first byte after the question.
    end: usize,
}

impl DnsQuestion {
    fn read(query: &[u8]) -> Option<Self> {
        let (flags, questions) = (word(query, 2)?, word(query, 4)?);
        // Only a standard query is answered (RFC 1035 §4.1.1).
        (flags & 0xF800 == 0 && questions == 1).then_some(())?;
        let (mut labels, mut at) = (Vec::new(), HEADER);
        loop {
            let length = usize::from(byte(query, at)?);
            if length == 0 {
                break;
            }
            // A label has 63 bytes at most (RFC 1035 §2.3.4); larger lengths are pointers, which a question cannot
            // have.
            (length <= 63 && at < HEADER + 255).then_some(())?;
            let label = std::str::from_utf8(query.get(at + 1..=at + length)?).ok()?;
            labels.push(label.to_ascii_lowercase());
            at += 1 + length;
        }
        let kind = match word(query, at + 1)? {
            A => Some(DnsKind::A),
            AAAA => Some(DnsKind::Aaaa),
            SRV => Some(DnsKind::Srv),
            _ => None,
        };
        (word(query, at + 3)? == INTERNET).then_some(())?;
        Some(Self { name: labels.join("."), kind, end: at + 5 })
    }
}

fn message(query: &[u8], question: &DnsQuestion, said: DnsAnswer) -> Option<Vec<u8>> {
    let (code, records) = match said {
        Ok(records) => (0, records),
        Err(DnsFailure::NoData) => (0, Vec::new()),
        Err(DnsFailure::NoSuchName) => (3, Vec::new()),
        Err(DnsFailure::Refused) => (5, Vec::new()),
        Err(DnsFailure::ServerFailure | DnsFailure::Other { .. }) => (2, Vec::new()),
        Err(DnsFailure::TimedOut | DnsFailure::NotHeard { .. } | DnsFailure::NoNameServer) => return None,
    };
    // A response with recursion available; recursion desired is copied from the query.
    let flags = 0x8080 | word(query, 2)? & 0x0100 | code;
    let counts = [1, u16::try_from(records.len()).ok()?, 0, 0];
    let mut bytes = query.get(..2)?.to_vec();
    bytes.extend(flags.to_be_bytes());
    bytes.extend(counts.iter().flat_map(|count| count.to_be_bytes()));
    bytes.extend(query.get(HEADER..question.end)?);
    for record in records {
        let (kind, data) = data(&record);
        // A pointer to the name in the question (RFC 1035 §4.1.4).
        bytes.extend([0xC0, HEADER as u8]);
        bytes.extend(kind.to_be_bytes());
        bytes.extend(INTERNET.to_be_bytes());
        bytes.extend(TIME_TO_LIVE_S.to_be_bytes());
        bytes.extend(u16::try_from(data.len()).ok()?.to_be_bytes());
        bytes.extend(data);
    }
    Some(bytes)
}

fn data(record: &DnsRecord) -> (u16, Vec<u8>) {
    match record {
        DnsRecord::Address(IpAddr::V4(address)) => (A, address.octets().to_vec()),
        DnsRecord::Address(IpAddr::V6(address)) => (AAAA, address.octets().to_vec()),
        DnsRecord::Service { priority, weight, port, target } => {
            let mut data: Vec<u8> = [priority, weight, port].iter().flat_map(|number| number.to_be_bytes()).collect();
            for label in target.split('.').filter(|label| !label.is_empty()) {
                let label = label.as_bytes().get(..63).unwrap_or(label.as_bytes());
                data.push(label.len() as u8);
                data.extend(label);
            }
            data.push(0);
            (SRV, data)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Answers;

    fn query(name: &str, kind: u16) -> Vec<u8> {
        let mut bytes = vec![0xAB, 0xCD, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.split('.') {
            bytes.push(label.len() as u8);
            bytes.extend(label.as_bytes());
        }
        bytes.push(0);
        bytes.extend([kind.to_be_bytes(), INTERNET.to_be_bytes()].concat());
        bytes
    }

    fn names() -> Zones {
        let mut names = Zones::default();
        names.add("stun.example", DnsKind::A, DnsRecord::Address("203.0.113.10".parse().unwrap()));
        names
    }

    fn asked(name: &str, kind: u16, resolver: &Resolver) -> Option<Vec<u8>> {
        answer(&query(name, kind), resolver, &names()).map(|(_, bytes)| bytes)
    }

    #[test]
    fn a_name_has_its_address_however_it_is_written() {
        let said = asked("STUN.example", A, &Resolver::default()).unwrap();
        assert_eq!((word(&said, 0), word(&said, 2), word(&said, 6)), (Some(0xABCD), Some(0x8180), Some(1)));
        assert!(said.ends_with(&[0, 4, 203, 0, 113, 10]));
    }

    #[test]
    fn no_such_name_is_told_from_no_such_record_and_both_from_silence() {
        let code = |name, kind| word(&asked(name, kind, &Resolver::default()).unwrap(), 2).unwrap() & 0xF;
        assert_eq!((code("stun.example", AAAA), code("stun.example", 65), code("other.example", A)), (0, 0, 3));
        let dead = Resolver { answers: Answers::Dead, ..Resolver::default() };
        assert_eq!(asked("stun.example", A, &dead), None);
    }

    #[test]
    fn no_query_however_cut_or_twisted_gets_more_than_no_answer() {
        let whole = query("stun.example", A);
        for length in 0..whole.len() {
            assert_eq!(answer(&whole[..length], &Resolver::default(), &names()), None);
        }
        for at in 0..whole.len() {
            for value in [0, 0x3F, 0xC0, 0xFF] {
                let mut twisted = whole.clone();
                twisted[at] = value;
                if let Some((_, said)) = answer(&twisted, &Resolver::default(), &names()) {
                    assert!(said.len() <= whole.len() + 16);
                }
            }
        }
    }
}
