//! What did one end see of the servers and of the network, in the facts of a checkup?
//!
//! Where nothing was caught of the one direction, that nobody answered says nothing, and is not told.

use super::checks::CheckCounts;
use super::ends::OwnEnd;
use super::route::DatagramRoute;
use super::servers::{Asking, ToldFact};
use super::streams::CaughtStream;
use super::watch::Watch;
use crate::model::{
    Candidate, CandidateType, Fact, Failure, HostFact, Leg, Millis, Origin, Protocol, Question, Scheme, ServerUri,
    StreamFact, StunFact, Target, Transport, TurnFact,
};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

/// A fact, and when it was seen since 1970.
pub(super) type TimedFact = (Duration, Origin, Fact);

/// Ports of TURN, over TCP and TLS (RFC 8656 §3).
const TURN_PORTS: [u16; 2] = [3478, 5349];

/// The target that stands for a server: it was met by its address.
pub(super) fn uri(server: SocketAddr, transport: Transport, relays: bool) -> ServerUri {
    let scheme = match (relays, transport) {
        (true, Transport::Tls | Transport::Dtls) => Scheme::Turns,
        (true, _) => Scheme::Turn,
        (false, Transport::Tls | Transport::Dtls) => Scheme::Stuns,
        (false, _) => Scheme::Stun,
    };
    Target { scheme, host: server.ip().to_string(), port: Some(server.port()), transport }.uri().into()
}

/// What servers answered this end, or did not.
pub(super) fn servers(watch: &Watch, own: &OwnEnd, has_both_ways: bool) -> Vec<TimedFact> {
    let mut seen = Vec::new();
    for (asking, known) in watch.servers.all().filter(|(asking, _)| own.has(asking.client.ip())) {
        let Asking { client, server, transport } = *asking;
        let origin = |question| Origin { question, uri: Some(uri(server, transport, question == Question::Relay)) };
        for ToldFact { at, question, fact } in &known.told {
            let is_told = match fact {
                // Seen from outside, a NAT has done its part already.
                Fact::Stun(StunFact::Mapped { .. }) => !own.is_from_outside,
                // What goes over TCP is confirmed: without that it was not caught, or did not arrive.
                Fact::Stun(StunFact::Silent { waited_ms, .. }) => {
                    let waited = Duration::try_from_secs_f64(waited_ms.0 / 1000.0).unwrap_or_default();
                    let asked = at.saturating_sub(waited);
                    has_both_ways
                        && (transport == Transport::Udp || watch.streams.is_heard_after((client, server), asked))
                }
                _ => true,
            };
            if is_told {
                seen.push((*at, origin(*question), fact.clone()));
            }
        }
        if let Some((icmp, by, at)) = watch.undelivered.get(&(client, server)).filter(|_| transport == Transport::Udp) {
            let question = if known.is_turn { Question::Relay } else { Question::Binding };
            let failure = Failure::Icmp { icmp: *icmp, by: Some(*by) };
            let fact = Fact::Stun(StunFact::Unreachable { local: client, server, failure });
            seen.push((*at, origin(question), fact));
        }
    }
    seen.extend(streams(watch, own, has_both_ways));
    seen
}

/// Connections to servers of TURN: to those by what went over them, by their port, or since they were asked over UDP too.
fn streams(watch: &Watch, own: &OwnEnd, has_both_ways: bool) -> Vec<TimedFact> {
    let asked: BTreeSet<SocketAddr> = watch
        .servers
        .all()
        .filter(|(asking, _)| own.has(asking.client.ip()))
        .map(|(asking, _)| asking.server)
        .collect();
    let hosts: BTreeSet<_> =
        asked.iter().filter(|server| watch.servers.has_answered(server)).map(SocketAddr::ip).collect();
    let mut seen = Vec::new();
    for ((client, server), connection) in watch.streams.all().filter(|((client, _), _)| own.has(client.ip())) {
        let is_turn = connection.is_stun
            || TURN_PORTS.contains(&server.port())
            || asked.contains(server)
            || connection.is_tls && hosts.contains(&server.ip());
        if let (true, Some((at, transport, fact))) = (is_turn, outcome(*client, *server, connection, has_both_ways)) {
            let origin = Origin { question: Question::Relay, uri: Some(uri(*server, transport, true)) };
            seen.push((at, origin, Fact::Stream(fact)));
        }
    }
    seen
}

/// How the connection came about, or not; None where that was not caught.
fn outcome(
    local: SocketAddr,
    remote: SocketAddr,
    connection: &CaughtStream,
    has_both_ways: bool,
) -> Option<(Duration, Transport, StreamFact)> {
    /// Browsers give a connection up in ten seconds; the first copies of a request come after one, three and seven.
    const COPIES_AT_LEAST: u32 = 3;
    let asked = connection.asked?;
    let transport = if connection.is_tls || remote.port() == TURN_PORTS[1] { Transport::Tls } else { Transport::Tcp };
    let not_connected = |at: Duration, failure| {
        let took_ms = at.saturating_sub(asked).into();
        (at, transport, StreamFact::NotConnected { transport, remote, failure, tls: None, took_ms })
    };
    Some(match (connection.accepted, connection.reset, connection.last_asked) {
        (Some(accepted), ..) => {
            let took_ms = accepted.saturating_sub(asked).into();
            (accepted, transport, StreamFact::Connected { remote, local, took_ms })
        }
        (None, Some(reset), _) => not_connected(reset, Failure::Refused),
        (None, None, Some(last)) if has_both_ways && connection.syns >= COPIES_AT_LEAST => {
            not_connected(last, Failure::TimedOut)
        }
        _ => return None,
    })
}

/// The candidates that this end was seen to use, as an agent forms them (RFC 8445 §5.1).
pub(super) fn candidates(watch: &Watch, own: &OwnEnd) -> Vec<TimedFact> {
    let mut seen: Vec<TimedFact> = Vec::new();
    let origin = Origin { question: Question::Gather, uri: None };
    let mut bases: BTreeSet<SocketAddr> = BTreeSet::new();
    for (route, checked) in watch.checks.all().filter(|(route, _)| route.within.is_none() && own.sends(route)) {
        if bases.insert(route.from) {
            let kind = if own.is_from_outside { CandidateType::Prflx } else { CandidateType::Host };
            let protocol = if checked.transport == Transport::Udp { Protocol::Udp } else { Protocol::Tcp };
            let candidate = Candidate { protocol, ..candidate(kind, route.from, None) };
            seen.push((checked.first, origin.clone(), Fact::Host(HostFact::Candidate(candidate))));
        }
    }
    for (asking, known) in watch.servers.all().filter(|(asking, _)| own.has(asking.client.ip())) {
        let Asking { client, server, transport } = *asking;
        for ToldFact { at, fact, .. } in &known.told {
            let candidate = match fact {
                Fact::Stun(StunFact::Mapped { mapped, .. }) if *mapped != client && bases.contains(&client) => {
                    Candidate {
                        server: Some(uri(server, transport, false)),
                        ..candidate(CandidateType::Srflx, *mapped, Some(client))
                    }
                }
                Fact::Turn(TurnFact::Allocated { relayed, mapped, .. }) => Candidate {
                    relay_protocol: Some(transport),
                    server: Some(uri(server, transport, true)),
                    ..candidate(CandidateType::Relay, *relayed, *mapped)
                },
                _ => continue,
            };
            seen.push((*at, origin.clone(), Fact::Host(HostFact::Candidate(candidate))));
        }
    }
    seen
}

fn candidate(kind: CandidateType, endpoint: SocketAddr, related: Option<SocketAddr>) -> Candidate {
    // RFC 8445 §5.1.2.1 and §5.1.2.2, of one interface and the first component.
    let preference: u32 = match kind {
        CandidateType::Host => 126,
        CandidateType::Prflx => 110,
        CandidateType::Srflx => 100,
        CandidateType::Relay => 0,
    };
    Candidate {
        kind,
        protocol: Protocol::Udp,
        address: endpoint.ip(),
        port: endpoint.port(),
        priority: (preference << 24) | (65_535 << 8) | 255,
        foundation: preference.to_string(),
        related,
        relay_protocol: None,
        server: None,
        tcp_type: None,
    }
}

/// What crossed this end's relays outwards: a check that was answered through one has (RFC 8445 §7). Inwards the answer came
/// since it was asked for, which says nothing of peers that speak first.
pub(super) fn crossed(watch: &Watch, own: &OwnEnd) -> Vec<TimedFact> {
    let through = watch.checks.all().filter(|(route, _)| route.within.is_some() && own.sends(route));
    let crossed = through.filter_map(|(route, checked)| {
        let (at, client) = (checked.first_answer?, route.within?);
        let (asking, _) = watch.servers.all().find(|(asking, _)| asking.client == client)?;
        let Asking { server, transport, .. } = *asking;
        let fact = TurnFact::Crossed {
            leg: Leg::Out,
            transport,
            server,
            relayed: route.from,
            peer: route.to,
            sent: checked.sent,
            took_ms: at.saturating_sub(checked.first).into(),
            bytes: None,
            class: None,
            spoken: false,
        };
        let origin = Origin { question: Question::Relay, uri: Some(uri(server, transport, true)) };
        Some((at, origin, Fact::Turn(fact)))
    });
    crossed.collect()
}

/// Where peers see this end's sockets: what a check's answer says of that is worth as much as a server's word.
pub(super) fn mapped_by_peers(watch: &Watch, own: &OwnEnd) -> Vec<TimedFact> {
    if own.is_from_outside {
        return Vec::new();
    }
    let bare = watch.checks.all().filter(|(route, _)| route.within.is_none() && own.sends(route));
    let mapped = bare.filter_map(|(route, checked)| {
        let DatagramRoute { from: local, to: server, .. } = *route;
        let CheckCounts { transport: Transport::Udp, first_answer: Some(at), mapped: Some(mapped), .. } = *checked
        else {
            return None;
        };
        let rtt_ms: Option<Millis> = checked.first_rtt();
        let fact = StunFact::Mapped {
            transport: Transport::Udp,
            local,
            server,
            mapped,
            rewritten: None,
            other: None,
            software: None,
            rtt_ms,
            sent: 1,
        };
        Some((at, Origin { question: Question::Mapping, uri: None }, Fact::Stun(fact)))
    });
    mapped.collect()
}
