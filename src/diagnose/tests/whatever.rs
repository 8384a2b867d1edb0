//! Any record may come: one that was cut, one of a broken network, one that an enemy wrote.

use super::scene::{HOME, SECOND, TURN, addr, text};
use crate::diagnose::diagnose;
use crate::model::*;
use crate::model::{DnsFact, Millis, RunFact, ServerUri, StreamFact, StunFact, TurnFact};
use proptest::prelude::*;
use std::net::SocketAddr;

const URIS: [&str; 6] =
    [HOME, SECOND, TURN, "turns:turn.example.org?transport=tcp", "stun:[2001:db8::1]", "turns:a.example?transport=udp"];

/// Few addresses, so that facts meet.
fn address() -> impl Strategy<Value = SocketAddr> {
    let host = prop::sample::select(vec![
        "192.0.2.1",
        "192.0.2.2",
        "198.51.100.9",
        "203.0.113.7",
        "192.168.1.2",
        "10.0.0.5",
        "100.64.0.1",
        "127.0.0.1",
        "0.0.0.0",
        "[2001:db8::1]",
        "[2001:db8:1::2]",
        "[64:ff9b::1]",
        "[::]",
        "[::1]",
        "[fe80::1]",
    ]);
    let port = prop::sample::select(vec![0_u16, 1, 3478, 3479, 40_000, 65_535]);
    (host, port).prop_map(|(host, port)| addr(&format!("{host}:{port}")))
}

fn asked() -> impl Strategy<Value = Asked> {
    prop::sample::select(vec![Asked::Plain, Asked::ChangePort, Asked::ChangeAddressAndPort])
}

fn transport() -> impl Strategy<Value = Transport> {
    prop::sample::select(vec![Transport::Udp, Transport::Tcp, Transport::Tls, Transport::Dtls])
}

fn method() -> impl Strategy<Value = Method> {
    use Method::{Allocate, Binding, ChannelBind, CreatePermission, Refresh};
    prop::sample::select(vec![Binding, Allocate, Refresh, CreatePermission, ChannelBind])
}

fn failure() -> impl Strategy<Value = Failure> {
    prop::sample::select(vec![
        Failure::Refused,
        Failure::TimedOut,
        Failure::NoRoute,
        Failure::Forbidden,
        Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(addr("192.0.2.1:1").ip()) },
        Failure::TooBig { mtu_bytes: None },
        Failure::Tls { problem: TlsProblem::Expired },
    ])
}

fn number() -> impl Strategy<Value = Millis> {
    prop::sample::select(vec![0.0, 20.0, -1.0, f64::NAN, f64::INFINITY, 1e300]).prop_map(Millis)
}

fn stun_fact() -> impl Strategy<Value = Fact> {
    let ends = (transport(), address(), address(), address(), asked(), method(), any::<u32>(), any::<u16>());
    (ends, number(), prop::option::of(address()), any::<u32>(), 0..9_u8).prop_map(
        |((transport, local, server, third, asked, method, sent, code), ms, other, heard, kind)| match kind {
            0 => Fact::Stun(StunFact::Mapped {
                transport,
                local,
                server,
                mapped: third,
                rewritten: None,
                other,
                software: None,
                rtt_ms: Some(ms),
                sent,
            }),
            1 => Fact::Stun(StunFact::Answered { asked, local, server, from: third, sent, rtt_ms: None }),
            2 => Fact::Stun(StunFact::Silent { method, asked, transport, local, server, sent, waited_ms: ms }),
            3 => Fact::Stun(StunFact::Tallied {
                asked,
                local,
                server,
                tally: Tally { sent, answered: heard },
                waited_ms: ms,
            }),
            4 => Fact::Stun(StunFact::Refused {
                method,
                asked,
                transport,
                local,
                server,
                code,
                reason: text("r"),
                alternate: other,
            }),
            5 => Fact::Stun(StunFact::Anomalous {
                transport,
                local,
                server,
                anomaly: Anomaly::WrongSource { from: third },
            }),
            6 => Fact::Stun(StunFact::Hairpinned { local, to: third, came_back: heard % 2 == 0, from: None, sent }),
            7 if heard % 2 == 0 => Fact::Stun(StunFact::KeptBusy {
                local,
                server,
                every_ms: 5000,
                lived_ms: u64::from(sent) * 1000,
                answers: sent,
                copies: Tally { sent: 8, answered: 0 },
                control: Tally { sent: 8, answered: heard.min(8) },
            }),
            7 => Fact::Stun(StunFact::Idled {
                local,
                server,
                idle_ms: u64::from(sent),
                before: third,
                after: other.unwrap_or(third),
                inbound: [None, Some(false), Some(true)][heard as usize % 3],
                copies: Tally { sent, answered: heard },
                control: Tally { sent, answered: sent },
            }),
            _ => Fact::Stun(StunFact::Sized { local, server, bytes: sent, passed: heard % 2 == 0 }),
        },
    )
}

fn other_fact() -> impl Strategy<Value = Fact> {
    let ends = (transport(), address(), address(), address(), failure(), number());
    let why = prop::sample::select(Code::ALL);
    (ends, why, any::<u32>(), 0..14_u8).prop_map(
        |((transport, local, server, relayed, failure, took_ms), why, n, kind)| {
            let leg = if n % 2 == 0 { Leg::In } else { Leg::Out };
            match kind {
                0 => Fact::Stream(StreamFact::Connected { remote: server, local, took_ms }),
                1 => Fact::Stream(StreamFact::NotConnected { transport, remote: server, failure, tls: None, took_ms }),
                2 => Fact::Stream(StreamFact::Ended { transport, remote: server, buffered_bytes: n }),
                3 => Fact::Stun(StunFact::Unreachable { local, server, failure }),
                4 => Fact::Stun(StunFact::NotOpened { server, failure }),
                5 => Fact::Turn(TurnFact::Challenged { transport, server, took_ms, software: None }),
                6 => Fact::Turn(TurnFact::Allocated {
                    transport,
                    local,
                    server,
                    relayed,
                    mapped: None,
                    lifetime_s: n,
                    took_ms,
                }),
                7 => Fact::Turn(TurnFact::Permitted { transport, server, peer: relayed.ip(), took_ms }),
                8 => Fact::Turn(TurnFact::AllocationLost { transport, server, after_ms: took_ms }),
                9 => Fact::Turn(TurnFact::Crossed {
                    leg,
                    transport,
                    server,
                    relayed,
                    peer: local,
                    sent: n,
                    took_ms,
                    bytes: None,
                    class: None,
                    spoken: n % 2 == 0,
                }),
                10 => Fact::Turn(TurnFact::NotCrossed {
                    leg,
                    transport,
                    server,
                    relayed,
                    peer: None,
                    sent: n,
                    waited_ms: took_ms,
                    bytes: None,
                    class: None,
                    spoken: n % 3 == 0,
                    failure: None,
                }),
                11 => Fact::Dns(DnsFact::Resolved {
                    name: "turn.example.org".to_owned(),
                    record: DnsKind::A,
                    records: vec![DnsRecord::Address(server.ip())],
                    took_ms,
                }),
                12 => Fact::Run(RunFact::Skipped { why }),
                _ => Fact::Run(RunFact::Interrupted),
            }
        },
    )
}

pub(crate) fn record() -> impl Strategy<Value = Record> {
    use Question::{Binding, Filtering, Gather, Hairpinning, Host, Lifetime, Mapping, PathMtu, Relay, Resolve};
    let question = prop::sample::select(vec![
        Host,
        Resolve,
        Binding,
        Binding,
        Mapping,
        Mapping,
        Filtering,
        Filtering,
        Hairpinning,
        Lifetime,
        PathMtu,
        Relay,
        Relay,
        Gather,
    ]);
    let uri = prop::option::of(prop::sample::select(URIS.to_vec()));
    let fact = prop_oneof![stun_fact(), other_fact()];
    prop::collection::vec((question, uri, fact, number()), 0..60).prop_map(|told| {
        let mut record = Record::new(URIS.iter().map(|uri| uri.parse().expect(uri)).collect());
        for (question, uri, fact, at_ms) in told {
            record.push(at_ms, Origin { question, uri: uri.map(ServerUri::from) }, fact);
        }
        record
    })
}

/// Everything the document rests on.
pub(crate) fn evidence(diagnosis: &Diagnosis) -> Vec<ObservationId> {
    let mut all: Vec<ObservationId> = diagnosis.findings.iter().flat_map(|finding| finding.evidence.clone()).collect();
    all.extend(diagnosis.verdict.path.evidence());
    for forecast in &diagnosis.verdict.forecast {
        all.extend(forecast.path.evidence());
    }
    for nat in [&diagnosis.nat.ipv4, &diagnosis.nat.ipv6].into_iter().flatten() {
        for judged in [nat.mapping.evidence(), nat.filtering.evidence(), nat.translated.evidence()] {
            all.extend(judged);
        }
        all.extend(nat.hairpinning.evidence());
        all.extend(nat.port_preservation.evidence());
        all.extend(nat.mapping_lifetime_ms.evidence());
        all.extend(nat.path_mtu_bytes.evidence());
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_record_is_judged_and_all_evidence_is_in_it(record in record()) {
        let diagnosis = diagnose(&record);
        for id in evidence(&diagnosis) {
            prop_assert!((id.0 as usize) < record.observations.len());
        }
        prop_assert!(diagnosis.findings.iter().all(|finding| !finding.evidence.is_empty()));
        prop_assert_eq!(diagnosis.verdict.forecast.len(), PeerClass::ALL.len());
        prop_assert!(diagnosis.took_ms.is_finite());
    }

    #[test]
    fn what_is_known_or_unclear_rests_on_something(record in record()) {
        let diagnosis = diagnose(&record);
        if !matches!(diagnosis.verdict.path, Judged::NotTested { .. }) {
            prop_assert!(!diagnosis.verdict.path.evidence().is_empty());
        }
        for nat in [&diagnosis.nat.ipv4, &diagnosis.nat.ipv6].into_iter().flatten() {
            for judged in [&nat.mapping, &nat.filtering] {
                if !matches!(judged, Judged::NotTested { .. }) {
                    prop_assert!(!judged.evidence().is_empty());
                }
            }
        }
    }

    #[test]
    fn a_relay_is_promised_only_where_one_was_allocated(record in record()) {
        let diagnosis = diagnose(&record);
        let allocated = record.observations.iter().any(|o| matches!(o.fact, Fact::Turn(TurnFact::Allocated { .. })));
        prop_assert!(allocated || diagnosis.verdict.path.value() != Some(&Path::Relay));
    }
}
