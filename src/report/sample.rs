//! Diagnoses made by hand, for the tests of the faces: four networks as they are met in the field.

use crate::catalog;
use crate::model::*;
use crate::model::{HostFact, Millis, ServerUri};
use std::net::SocketAddr;

fn ids(ids: &[u32]) -> Vec<ObservationId> {
    ids.iter().copied().map(ObservationId).collect()
}

fn known<T>(value: T) -> Judged<T> {
    Judged::known(value, ids(&[0]))
}

fn finding(code: Code, severity: Severity, about: Detail) -> Finding {
    Finding::new(code, severity, about, ids(&[0])).expect("has evidence")
}

fn stage(name: Step, ms: Option<Millis>, outcome: StageOutcome) -> Stage {
    Stage { name, ms, outcome }
}

fn passed(stages: &[(Step, f64)]) -> Vec<Stage> {
    stages.iter().map(|(name, ms)| stage(*name, Some(Millis(*ms)), StageOutcome::Passed)).collect()
}

fn server(uri: &str, address: &str, transport: Transport, stages: Vec<Stage>) -> Server {
    let address = Some(address.parse().expect("is an address"));
    Server { uri: uri.into(), address, transport, stages, error: None, software: None, tls: None }
}

fn candidate(kind: CandidateType, address: &str, server: Option<&str>, over: Option<Transport>) -> Candidate {
    let address: SocketAddr = address.parse().expect("is an address");
    Candidate {
        kind,
        protocol: Protocol::Udp,
        address: address.ip(),
        port: address.port(),
        priority: 2_130_706_431,
        foundation: "1".to_owned(),
        related: None,
        relay_protocol: over,
        server: server.map(ServerUri::from),
        tcp_type: None,
    }
}

fn interface(name: &str, kind: InterfaceKind, address: &str) -> Observation {
    let fact = Fact::Host(HostFact::Interface(Interface {
        name: name.to_owned(),
        index: 2,
        interface_kind: kind,
        up: true,
        mtu_bytes: Some(1500),
        addresses: vec![InterfaceAddress {
            address: address.parse().expect("is an address"),
            prefix_len: 24,
            temporary: false,
            deprecated: false,
        }],
        gateways: vec![],
        name_servers: vec![],
    }));
    Observation {
        id: ObservationId(0),
        at_ms: Millis(0.2),
        by: Origin { question: Question::Host, uri: None },
        end: End::Ours,
        fact,
    }
}

fn nat(mapping: Judged<Behaviour>, filtering: Judged<Behaviour>) -> Nat {
    Nat {
        translated: known(true),
        mapping,
        filtering,
        hairpinning: known(false),
        port_preservation: known(true),
        public_addresses: vec!["203.0.113.7".parse().expect("is an address")],
        path_mtu_bytes: known(1500),
        ..Nat::default()
    }
}

fn forecast(paths: [Judged<Path>; 6]) -> Vec<Forecast> {
    PeerClass::ALL.into_iter().zip(paths).map(|(peer, path)| Forecast { peer, path }).collect()
}

fn diagnosis(verdict: Verdict, nat: NatByFamily) -> Diagnosis {
    Diagnosis {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "rtc-doctor".to_owned(), version: "0.1.0".to_owned() },
        verdict,
        nat,
        candidates: vec![],
        servers: vec![],
        pairs: vec![],
        call: None,
        own_calls: Vec::new(),
        peer: None,
        findings: vec![],
        interrupted: false,
        redacted: false,
        took_ms: Millis(1240.0),
        nat_known_ms: Some(Millis(412.5)),
        targets: vec![],
        chosen_by_tool: false,
        whole_list: false,
        observations: vec![interface("wlan0", InterfaceKind::Wifi, "192.0.2.17")],
    }
}

fn filled(mut diagnosis: Diagnosis) -> Diagnosis {
    catalog::fill(&mut diagnosis, catalog::Lang::En);
    diagnosis
}

/// A home router: endpoint-independent mapping, address-and-port-dependent filtering, no IPv6.
pub(crate) fn home_direct() -> Diagnosis {
    let verdict = Verdict {
        path: known(Path::Direct),
        because: vec![Code::BothEndpointIndependent],
        direct_if: vec![],
        forecast: forecast([
            known(Path::Direct),
            known(Path::Direct),
            known(Path::Direct),
            known(Path::Direct),
            known(Path::None),
            known(Path::None),
        ]),
        predicted: None,
        tried: None,
    };
    let ipv4 = nat(known(Behaviour::EndpointIndependent), known(Behaviour::AddressAndPortDependent));
    let stun = "stun:stun.example.org:3478";
    filled(Diagnosis {
        candidates: vec![
            candidate(CandidateType::Host, "192.0.2.17:50001", None, None),
            candidate(CandidateType::Srflx, "203.0.113.7:50001", Some(stun), None),
        ],
        servers: vec![
            server(stun, "198.51.100.1:3478", Transport::Udp, passed(&[(Step::Resolve, 12.4), (Step::Binding, 21.0)])),
            server(
                "stun:stun.example.net",
                "198.51.100.77:3478",
                Transport::Udp,
                passed(&[(Step::Resolve, 8.04), (Step::Binding, 35.1)]),
            ),
        ],
        findings: vec![
            finding(Code::NatEndpointIndependent, Severity::Info, Detail::default().family(Family::Ipv4)),
            finding(Code::FilteringAddressAndPortDependent, Severity::Info, Detail::default().family(Family::Ipv4)),
            finding(Code::DoesNotHairpin, Severity::Info, Detail::default()),
        ],
        ..diagnosis(verdict, NatByFamily { ipv4: Some(ipv4), ipv6: None })
    })
}

/// A company firewall that maps by destination; TURN works over TCP only, and one server's certificate has expired.
pub(crate) fn company_relay() -> Diagnosis {
    let verdict = Verdict {
        path: known(Path::Relay),
        because: vec![Code::MappingVariesWithPeer, Code::RelayTakesOver],
        direct_if: vec![Code::UseEndpointIndependentMapping, Code::UseIpv6],
        forecast: forecast([
            known(Path::Direct),
            known(Path::Direct),
            known(Path::Direct),
            known(Path::Relay),
            known(Path::Relay),
            known(Path::Relay),
        ]),
        predicted: None,
        tried: None,
    };
    let strict = Judged::known(Behaviour::AddressAndPortDependent, ids(&[0]));
    let mut ipv4 = nat(strict, Judged::not_tested(Code::NoOtherAddress));
    ipv4.hairpinning = Judged::unclear(Code::TooMuchLoss, ids(&[0]));
    ipv4.port_preservation = known(false);
    let mut ipv6 = nat(known(Behaviour::EndpointIndependent), known(Behaviour::AddressAndPortDependent));
    ipv6.translated = known(false);
    ipv6.public_addresses = vec!["2001:db8:85a3::8a2e:370:7334".parse().expect("is an address")];
    ipv6.hairpinning = Judged::not_tested(Code::NoNat);

    let turn = "turn:turn.example.org:3478?transport=tcp";
    let relayed = passed(&[
        (Step::Resolve, 3.1),
        (Step::Connect, 40.2),
        (Step::Challenge, 40.9),
        (Step::Allocate, 41.3),
        (Step::Permission, 40.4),
        (Step::RelayIn, 61.0),
        (Step::Channel, 40.1),
        (Step::RelayOut, 60.2),
        (Step::Refresh, 40.0),
        (Step::Release, 40.3),
    ]);
    let mut works = server(turn, "198.51.100.9:3478", Transport::Tcp, relayed);
    works.software = Some(Text::new("Coturn-4.6.1 'Gorst'"));
    let mut refused = server(
        "turn:turn.example.org:3478?transport=udp",
        "198.51.100.9:3478",
        Transport::Udp,
        vec![
            stage(Step::Resolve, Some(Millis(3.1)), StageOutcome::Passed),
            stage(Step::Challenge, Some(Millis(40.2)), StageOutcome::Passed),
            stage(Step::Allocate, Some(Millis(40.0)), StageOutcome::Failed),
            stage(Step::RelayIn, None, StageOutcome::NotTested),
        ],
    );
    refused.error = Some(ServerError {
        code: Code::RelayQuotaReached,
        stun_code: Some(486),
        reason: Reason::Said("Allocation Quota Reached".to_owned()),
    });
    filled(Diagnosis {
        candidates: vec![
            candidate(CandidateType::Host, "192.0.2.17:50001", None, None),
            candidate(CandidateType::Srflx, "203.0.113.7:31877", Some("stun:stun.example.org"), None),
            candidate(CandidateType::Relay, "198.51.100.9:49201", Some(turn), Some(Transport::Tcp)),
        ],
        servers: vec![works, refused],
        findings: vec![
            finding(
                Code::TlsExpired,
                Severity::Critical,
                Detail::default()
                    .server("turns:turn.example.org:443?transport=tcp".to_owned())
                    .until("2026-10-31".to_owned()),
            ),
            finding(
                Code::RelayQuotaReached,
                Severity::Warning,
                Detail::default().server("turn:turn.example.org:3478?transport=udp".to_owned()).code(486),
            ),
            finding(Code::NatAddressAndPortDependent, Severity::Warning, Detail::default().family(Family::Ipv4)),
            finding(
                Code::RelayWorks,
                Severity::Info,
                Detail::default().server(turn.to_owned()).transport(Transport::Tcp),
            ),
        ],
        ..diagnosis(verdict, NatByFamily { ipv4: Some(ipv4), ipv6: Some(ipv6) })
    })
}

/// A network that lets no UDP out, without a relay: a call has no path.
pub(crate) fn udp_blocked() -> Diagnosis {
    let verdict = Verdict {
        path: known(Path::None),
        because: vec![Code::UdpBlocked, Code::NoRelay],
        direct_if: vec![Code::AllowOutboundUdp],
        forecast: PeerClass::ALL.map(|peer| Forecast { peer, path: known(Path::None) }).to_vec(),
        predicted: None,
        tried: None,
    };
    let mut ipv4 = nat(Judged::not_tested(Code::NoStunAnswer), Judged::not_tested(Code::NoStunAnswer));
    ipv4.translated = known(true);
    ipv4.hairpinning = Judged::not_tested(Code::NoStunAnswer);
    ipv4.port_preservation = Judged::not_tested(Code::NoStunAnswer);
    ipv4.path_mtu_bytes = Judged::not_tested(Code::NoStunAnswer);
    ipv4.public_addresses = vec![];
    let silent = vec![
        stage(Step::Resolve, Some(Millis(9.7)), StageOutcome::Passed),
        stage(Step::Binding, None, StageOutcome::Silent),
    ];
    filled(Diagnosis {
        candidates: vec![candidate(CandidateType::Host, "192.0.2.17:50001", None, None)],
        servers: vec![server("stun:stun.example.org:3478", "198.51.100.1:3478", Transport::Udp, silent)],
        findings: vec![finding(Code::UdpBlocked, Severity::Critical, Detail::default())],
        took_ms: Millis(5031.0),
        nat_known_ms: None,
        ..diagnosis(verdict, NatByFamily { ipv4: Some(ipv4), ipv6: None })
    })
}

/// No server, no answer, nothing known.
pub(crate) fn nothing_known() -> Diagnosis {
    let unknown = || Judged::not_tested(Code::NoUsableInterface);
    let verdict = Verdict {
        path: unknown(),
        because: vec![],
        direct_if: vec![],
        forecast: PeerClass::ALL.map(|peer| Forecast { peer, path: unknown() }).to_vec(),
        predicted: None,
        tried: None,
    };
    filled(Diagnosis {
        findings: vec![finding(Code::NoUsableInterface, Severity::Critical, Detail::default())],
        observations: vec![],
        took_ms: Millis(3.0),
        nat_known_ms: None,
        ..diagnosis(verdict, NatByFamily::default())
    })
}
