//! Does a captive portal stand in for the servers? Suspected only where at least two of them, or two names, agree.
//!
//! Signs are what one server alone may show by its own fault: HTTP where STUN or TLS was spoken, a certificate for
//! other names that another host shows too, a name that leads to the same inner address as another name. A server that
//! answers in STUN clears the network of the suspicion. Where one server alone speaks HTTP it may be a web server; it may be
//! a portal as well, where others are silent.

use super::view::{domain, is_of_a_target};
use crate::model::{
    Anomaly, DnsFact, DnsRecord, Fact, Failure, Malformed, Observation, ObservationId, Record, Scope, StreamFact,
    Strength, StunFact, TlsProblem, Transport, TurnFact,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// How many independent ones must agree.
const AGREE: usize = 2;

/// What shows a portal, and how surely.
pub(crate) struct PortalSigns {
    pub strength: Strength,
    pub evidence: Vec<ObservationId>,
}

/// What shows a portal, where enough does.
pub(crate) fn suspected(record: &Record) -> Option<PortalSigns> {
    let is_stun = |fact: &Fact| {
        matches!(
            fact,
            Fact::Stun(StunFact::Mapped { .. })
                | Fact::Stun(StunFact::Answered { .. })
                | Fact::Turn(TurnFact::Challenged { .. })
        )
    };
    if record.observations.iter().any(|observation| is_stun(&observation.fact)) {
        return None;
    }
    let by_host = shared(in_http(record).map(|(server, id)| ((), server.ip(), id)));
    let signs = [by_host, one_certificate(record), one_inner_address(record)];
    let evidence: Vec<ObservationId> = signs.into_iter().flatten().flatten().collect();
    if !evidence.is_empty() {
        return Some(PortalSigns { strength: Strength::Proven, evidence });
    }
    let evidence: Vec<ObservationId> = in_http(record).map(|(_, id)| id).collect();
    let is_suspicious = !evidence.is_empty() && is_another_silent(record, &evidence);
    is_suspicious.then_some(PortalSigns { strength: Strength::Likely, evidence })
}

/// Whether a server beside those that spoke was not reached either.
fn is_another_silent(record: &Record, spoke: &[ObservationId]) -> bool {
    let host = |observation: &Observation| observation.fact.server().map(|server| server.ip());
    let spoken: BTreeSet<IpAddr> =
        record.observations.iter().filter(|seen| spoke.contains(&seen.id)).filter_map(host).collect();
    record.observations.iter().any(|seen| {
        let is_lost = matches!(
            seen.fact,
            Fact::Stun(StunFact::Silent { .. })
                | Fact::Stun(StunFact::Unreachable { .. })
                | Fact::Stream(StreamFact::NotConnected { failure: Failure::TimedOut, .. })
        );
        is_lost && host(seen).is_some_and(|host| !spoken.contains(&host))
    })
}

/// The evidence of those signs that at least two hosts, or names, share.
fn shared<K: Ord, W: Ord>(signs: impl Iterator<Item = (K, W, ObservationId)>) -> Option<Vec<ObservationId>> {
    let mut by_sign: BTreeMap<K, (BTreeSet<W>, Vec<ObservationId>)> = BTreeMap::new();
    for (sign, who, id) in signs {
        let (whose, ids) = by_sign.entry(sign).or_default();
        whose.insert(who);
        ids.push(id);
    }
    by_sign.into_values().find(|(whose, _)| whose.len() >= AGREE).map(|(_, ids)| ids)
}

/// The servers that spoke HTTP where STUN or TLS was to be spoken.
fn in_http(record: &Record) -> impl Iterator<Item = (SocketAddr, ObservationId)> {
    // What takes the request for one of HTTP/0.9 answers with the page alone.
    let speaks = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("http/") || text.contains("<!doctype") || text.contains("<html")
    };
    // Nobody who stands in for a server has a certificate that is held to be valid for its name: what does is the server, or
    // an authority of this network's that this machine trusts.
    let certified: BTreeSet<SocketAddr> =
        record.observations.iter().filter_map(|seen| held_valid(&seen.fact)).collect();
    record.observations.iter().filter_map(move |observation| {
        let server = match &observation.fact {
            Fact::Stun(StunFact::Anomalous {
                transport,
                server,
                anomaly: Anomaly::Malformed { problem: Malformed::NotStun { first_bytes } },
                ..
            }) if speaks(first_bytes) && !(*transport == Transport::Tls && certified.contains(server)) => server,
            Fact::Stream(StreamFact::NotConnected { remote, tls: Some(tls), .. }) => match &tls.problem {
                Some(TlsProblem::NotTls { first_bytes }) if speaks(first_bytes.as_str()) => remote,
                _ => return None,
            },
            _ => return None,
        };
        Some((*server, observation.id))
    })
}

/// The server whose certificate was held to be valid.
fn held_valid(fact: &Fact) -> Option<SocketAddr> {
    match fact {
        Fact::Stream(StreamFact::Secured { remote, tls, .. }) if tls.problem.is_none() => Some(*remote),
        _ => None,
    }
}

fn one_certificate(record: &Record) -> Option<Vec<ObservationId>> {
    // Which certificate is shown to who names nobody tells nothing.
    let asked = record.observations.iter().filter(|observation| is_of_a_target(observation));
    shared(asked.filter_map(|observation| {
        let (remote, tls) = match &observation.fact {
            Fact::Stream(StreamFact::NotConnected { remote, tls: Some(tls), .. })
            | Fact::Stream(StreamFact::Secured { remote, tls, .. }) => (remote, tls),
            _ => return None,
        };
        let leaf = tls.certificates.first().filter(|_| tls.problem == Some(TlsProblem::WrongName))?;
        Some((leaf.fingerprint_sha256.clone(), remote.ip(), observation.id))
    }))
}

/// Names of different domains that lead to one private address; none of them is a name inside this network that the user
/// asked for by its address.
fn one_inner_address(record: &Record) -> Option<Vec<ObservationId>> {
    let hosts: BTreeSet<&str> =
        record.targets.iter().filter(|target| target.literal().is_none()).map(|target| target.host.as_str()).collect();
    shared(record.observations.iter().filter_map(|observation| {
        let Fact::Dns(DnsFact::Resolved { name, records, .. }) = &observation.fact else { return None };
        let addresses: BTreeSet<IpAddr> =
            records.iter().filter_map(|r| if let DnsRecord::Address(ip) = r { Some(*ip) } else { None }).collect();
        let only = addresses.first().copied().filter(|_| addresses.len() == 1)?;
        let is_inner = matches!(Scope::of(only), Scope::Private | Scope::Carrier);
        (is_inner && hosts.contains(name.as_str())).then(|| (only, domain(name).to_owned(), observation.id))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Certificate, DnsKind, Millis, Origin, Question, Text, Tls};

    fn at(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    fn record(targets: &[&str], facts: Vec<Fact>) -> Record {
        let mut record = Record::new(targets.iter().map(|uri| uri.parse().expect("a URI")).collect());
        for fact in facts {
            record.push(Millis(0.0), Origin { question: Question::Binding, uri: None }, fact);
        }
        record
    }

    fn strength(targets: &[&str], facts: Vec<Fact>) -> Option<Strength> {
        suspected(&record(targets, facts)).map(|portal| portal.strength)
    }

    fn http(server: &str) -> Fact {
        let anomaly = Anomaly::Malformed { problem: Malformed::NotStun { first_bytes: "HTTP/1.1 302 Fou".to_owned() } };
        Fact::Stun(StunFact::Anomalous {
            transport: Transport::Tcp,
            local: at("192.168.0.2:5000"),
            server: at(server),
            anomaly,
        })
    }

    fn wrong_name(server: &str, fingerprint: &str) -> Fact {
        let certificate = Certificate {
            subject: Text::new("CN=portal.example"),
            issuer: Text::new("CN=portal.example"),
            names: vec![Text::new("portal.example")],
            not_before: "2026-01-01T00:00:00Z".to_owned(),
            not_after: "2027-01-01T00:00:00Z".to_owned(),
            fingerprint_sha256: fingerprint.to_owned(),
            logged: None,
        };
        let problem = TlsProblem::WrongName;
        let (server_name, certificates) = ("a.example".to_owned(), vec![certificate]);
        let problem_of = Some(problem.clone());
        let (connect_ms, handshake_ms) = (None, None);
        let tls = Tls { server_name, version: None, certificates, problem: problem_of, connect_ms, handshake_ms };
        let (failure, took_ms) = (Failure::Tls { problem }, Millis(1.0));
        Fact::Stream(StreamFact::NotConnected {
            transport: Transport::Tls,
            remote: at(server),
            failure,
            tls: Some(tls),
            took_ms,
        })
    }

    /// HTTP inside TLS whose certificate is held to be valid.
    fn certified(server: &str) -> Vec<Fact> {
        let Fact::Stun(StunFact::Anomalous { local, server, anomaly, .. }) = http(server) else { panic!("an anomaly") };
        let tls = Tls {
            server_name: "a.example".to_owned(),
            version: None,
            certificates: Vec::new(),
            problem: None,
            connect_ms: None,
            handshake_ms: None,
        };
        let transport = Transport::Tls;
        vec![
            Fact::Stream(StreamFact::Secured { remote: server, tls, took_ms: Millis(1.0) }),
            Fact::Stun(StunFact::Anomalous { transport, local, server, anomaly }),
        ]
    }

    #[test]
    fn what_has_valid_certificates_for_the_names_of_others_is_no_portal() {
        let two = [certified("198.51.100.1:443"), certified("198.51.100.2:443")].concat();
        assert_eq!(strength(&[], two), None);
    }

    fn resolved(name: &str, address: &str) -> Fact {
        let records = vec![DnsRecord::Address(address.parse().expect("an address"))];
        Fact::Dns(DnsFact::Resolved { name: name.to_owned(), record: DnsKind::A, records, took_ms: Millis(1.0) })
    }

    #[test]
    fn two_servers_that_answer_in_http_are_one_portal_and_one_is_not() {
        let one = vec![http("198.51.100.1:443"), http("198.51.100.1:80")];
        assert_eq!(strength(&[], one), None);
        let two = vec![http("198.51.100.1:443"), http("198.51.100.2:443")];
        assert_eq!(strength(&[], two), Some(Strength::Proven));
    }

    #[test]
    fn two_ports_of_one_server_that_answer_in_http_are_likely_a_portal_where_another_server_is_silent() {
        let ports = || vec![http("198.51.100.1:443"), http("198.51.100.1:3478")];
        assert_eq!(strength(&[], ports()), None, "a web server");
        let silent = Fact::Stream(StreamFact::NotConnected {
            transport: Transport::Tcp,
            remote: at("198.51.100.2:3478"),
            failure: Failure::TimedOut,
            tls: None,
            took_ms: Millis(5000.0),
        });
        assert_eq!(strength(&[], [ports(), vec![silent]].concat()), Some(Strength::Likely));
    }

    #[test]
    fn one_certificate_for_other_names_at_two_servers_is_a_portal_and_two_certificates_are_not() {
        let same = vec![wrong_name("198.51.100.1:443", "aa"), wrong_name("198.51.100.2:443", "aa")];
        assert!(strength(&[], same).is_some());
        let own = vec![wrong_name("198.51.100.1:443", "aa"), wrong_name("198.51.100.2:443", "bb")];
        assert_eq!(strength(&[], own), None);
    }

    #[test]
    fn names_of_two_domains_at_one_private_address_are_a_portal() {
        let targets = ["stun:a.example.org", "stun:b.example.net", "stun:c.example.org"];
        let lies = vec![resolved("a.example.org", "192.168.0.1"), resolved("b.example.net", "192.168.0.1")];
        assert!(strength(&targets, lies).is_some());
        for honest in [
            vec![resolved("a.example.org", "192.168.0.1"), resolved("b.example.net", "192.168.0.3")],
            vec![resolved("a.example.org", "203.0.113.1"), resolved("b.example.net", "203.0.113.1")],
            vec![resolved("a.example.org", "192.168.0.1"), resolved("c.example.org", "192.168.0.1")],
        ] {
            assert_eq!(strength(&targets, honest), None);
        }
    }

    #[test]
    fn a_server_that_answers_in_stun_clears_the_network() {
        let mapped = Fact::Turn(TurnFact::Challenged {
            transport: Transport::Udp,
            server: at("198.51.100.3:3478"),
            took_ms: Millis(1.0),
            software: None,
        });
        let facts = vec![http("198.51.100.1:443"), http("198.51.100.2:443"), mapped];
        assert_eq!(strength(&[], facts), None);
    }
}
