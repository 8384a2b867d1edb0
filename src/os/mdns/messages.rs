//! Encodes and decodes mDNS messages: queries for addresses and responses with them (RFC 6762 §18).

use crate::model::DnsKind;
use hickory_resolver::proto::op::{Message, MessageType, OpCode, Query};
use hickory_resolver::proto::rr::rdata::{A, AAAA};
use hickory_resolver::proto::rr::{DNSClass, Name, RData, Record, RecordType};
use std::net::IpAddr;

/// The time to live of address records (RFC 6762 §10).
const TTL_S: u32 = 120;
/// The time to live in a legacy unicast response (RFC 6762 §6.7).
const SIMPLE_TTL_S: u32 = 10;
/// The top bit of the class: in a query it asks for a unicast response (RFC 6762 §5.4), in a response it flushes caches
/// (§10.2).
const TOP_BIT: u16 = 1 << 15;
/// With so many random names and their addresses a message stays below 1,000 bytes.
const NAMES_A_MESSAGE: usize = 16;
/// The most records that are read: more than any host has for the names in a query.
const ANSWERS_READ_MAX: usize = 64;

/// Parses a name; None where it is not valid.
pub(super) fn name(name: &str) -> Option<Name> {
    Name::from_ascii(format!("{}.", name.trim_end_matches('.'))).ok()
}

/// Whether the message is a query; otherwise it is a response.
pub(super) fn is_question(message: &Message) -> bool {
    message.metadata.message_type == MessageType::Query
}

pub(super) fn questions(asked: &[(Name, DnsKind)]) -> Vec<Vec<u8>> {
    let question = |(name, kind): &(Name, DnsKind)| {
        let kind = if *kind == DnsKind::A { RecordType::A } else { RecordType::AAAA };
        Query::query(name.clone(), kind)
    };
    let message = |chunk: &[(Name, DnsKind)]| {
        let mut message = Message::new(0, MessageType::Query, OpCode::Query);
        message.add_queries(chunk.iter().map(question));
        message.to_vec().ok()
    };
    asked.chunks(NAMES_A_MESSAGE).filter_map(message).collect()
}

pub(super) fn announcements(names: &[(Name, IpAddr)]) -> Vec<Vec<u8>> {
    let message = |chunk: &[(Name, IpAddr)]| {
        let mut message = response(0);
        message.add_answers(chunk.iter().map(|(name, address)| record(name, *address, false)));
        message.to_vec().ok()
    };
    names.chunks(NAMES_A_MESSAGE).filter_map(message).collect()
}

/// The response to a query for our own names; None where it asks for none of them. A legacy unicast response repeats
/// the id and the question (RFC 6762 §6.7).
///
/// A query for either address type is answered with both (RFC 6762 §6.2): aioice asks for IPv4 only, but uses IPv6 as
/// well.
pub(super) fn reply(question: &Message, own: &[(Name, IpAddr)], simple: bool) -> Option<Vec<u8>> {
    if question.metadata.op_code != OpCode::Query {
        return None;
    }
    let is_asked = |name: &Name| {
        question.queries.iter().any(|query| {
            let class = u16::from(query.query_class) & !TOP_BIT;
            matches!(query.query_type, RecordType::A | RecordType::AAAA | RecordType::ANY)
                && (class == u16::from(DNSClass::IN) || class == u16::from(DNSClass::ANY))
                && query.name == *name
        })
    };
    let asked: Vec<Record> = own
        .iter()
        .filter(|(name, _)| is_asked(name))
        .take(NAMES_A_MESSAGE)
        .map(|(name, address)| record(name, *address, simple))
        .collect();
    if asked.is_empty() {
        return None;
    }
    let mut message = response(if simple { question.metadata.id } else { 0 });
    if simple {
        message.add_queries(question.queries.iter().take(NAMES_A_MESSAGE).cloned());
    }
    message.add_answers(asked);
    message.to_vec().ok()
}

/// The addresses in a message, from all of its sections.
pub(super) fn answers(message: &Message) -> Vec<(Name, IpAddr)> {
    let address = |record: &Record| match record.data {
        RData::A(address) => Some((record.name.clone(), IpAddr::V4(address.0))),
        RData::AAAA(address) => Some((record.name.clone(), IpAddr::V6(address.0))),
        _ => None,
    };
    // A time to live of 0 withdraws a record (RFC 6762 §10.1).
    let live = message.answers.iter().chain(&message.additionals).filter(|record| record.ttl > 0);
    live.filter_map(address).take(ANSWERS_READ_MAX).collect()
}

fn response(id: u16) -> Message {
    let mut message = Message::response(id, OpCode::Query);
    message.metadata.authoritative = true;
    message
}

fn record(name: &Name, address: IpAddr, simple: bool) -> Record {
    let data = match address {
        IpAddr::V4(address) => RData::A(A(address)),
        IpAddr::V6(address) => RData::AAAA(AAAA(address)),
    };
    let mut record = Record::from_rdata(name.clone(), if simple { SIMPLE_TTL_S } else { TTL_S }, data);
    if !simple {
        record.dns_class = DNSClass::from(u16::from(DNSClass::IN) | TOP_BIT);
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn own() -> Vec<(Name, IpAddr)> {
        let of = |text: &str, address: &str| (name(text).expect("a name"), address.parse().expect("an address"));
        vec![of("7a.local", "192.0.2.7"), of("8b.local", "2001:db8::8")]
    }

    fn question(asked: &[(&str, DnsKind)]) -> Message {
        let asked: Vec<_> = asked.iter().map(|(text, kind)| (name(text).expect("a name"), *kind)).collect();
        Message::from_vec(&questions(&asked)[0]).expect("a message")
    }

    fn read(message: &[u8]) -> Message {
        Message::from_vec(message).expect("a message")
    }

    #[test]
    fn a_name_that_is_ours_is_answered_and_no_other() {
        let both = question(&[("7A.LOCAL", DnsKind::A), ("8b.local.", DnsKind::Aaaa), ("9c.local", DnsKind::A)]);
        let reply = read(&reply(&both, &own(), false).expect("a reply"));
        assert_eq!(answers(&reply), own());
        assert_eq!((reply.metadata.id, reply.queries.len(), reply.answers[0].ttl), (0, 0, 120));
        assert_eq!(u16::from(reply.answers[0].dns_class), 0x8001);
        assert_eq!(super::reply(&question(&[("9c.local", DnsKind::A)]), &own(), false), None);
    }

    #[test]
    fn who_asks_for_ipv4_only_is_told_of_ipv6_too() {
        let reply = reply(&question(&[("8b.local", DnsKind::A)]), &own(), false).expect("a reply");
        assert_eq!(answers(&read(&reply)), own()[1..]);
    }

    #[test]
    fn a_simple_resolver_gets_its_number_and_question_back() {
        let mut asked = question(&[("7a.local", DnsKind::A)]);
        asked.metadata.id = 4_711;
        let reply = read(&reply(&asked, &own(), true).expect("a reply"));
        assert_eq!((reply.metadata.id, &reply.queries, reply.answers[0].ttl), (4_711, &asked.queries, 10));
        assert_eq!(reply.answers[0].dns_class, DNSClass::IN);
    }

    #[test]
    fn a_question_for_an_answer_to_itself_alone_is_answered_too() {
        let mut asked = question(&[("7a.local", DnsKind::A)]);
        asked.queries[0].query_class = DNSClass::from(0x8001);
        assert!(reply(&asked, &own(), false).is_some());
        asked.queries[0].query_class = DNSClass::CH;
        assert!(reply(&asked, &own(), false).is_none());
    }

    #[test]
    fn many_questions_and_announcements_are_spread_over_messages() {
        let many: Vec<_> = (0..40).map(|n| (name(&format!("{n}.local")).expect("a name"), DnsKind::A)).collect();
        let messages = questions(&many);
        assert_eq!((messages.len(), read(&messages[2]).queries.len()), (3, 8));
        let names: Vec<_> = many.into_iter().map(|(name, _)| (name, [192, 0, 2, 1].into())).collect();
        let told: usize = announcements(&names).iter().map(|message| answers(&read(message)).len()).sum();
        assert_eq!(told, 40);
    }

    #[test]
    fn a_record_that_is_taken_back_is_no_answer() {
        let mut message = read(&announcements(&own())[0]);
        message.answers[0].ttl = 0;
        assert_eq!(answers(&message), own()[1..]);
    }

    proptest! {
        #[test]
        fn no_packet_makes_it_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..100),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        ) {
            let mut changed = questions(&[(own()[0].0.clone(), DnsKind::A)]).remove(0);
            for (at, byte) in changes {
                let at = at.index(changed.len());
                changed[at] = byte;
            }
            for packet in [bytes, changed] {
                if let Ok(message) = Message::from_vec(&packet) {
                    let _ = (answers(&message), reply(&message, &own(), true), reply(&message, &own(), false));
                }
            }
        }
    }
}
