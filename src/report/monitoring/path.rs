//! How is one path: well, slow, failing, or not known?

use super::limits::{Limits, Measure};
use super::state::PathState;
use super::{Wording, certificate, on_one_line};
use crate::catalog::{self, monitoring as said};
use crate::model::{
    Code, Detail, Diagnosis, Endpoint, Fact, Finding, Group, Millis, Observation, ObservationId, Reason, Refusal,
    Server, ServerError, ServerHealth, Step, StreamFact, Strength, StunFact, Transport,
};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// One path, as it is told.
pub(super) struct MonitoredPath<'a> {
    pub(super) server: &'a Server,
    /// Without quotes, equals signs and the like: it is part of labels, and a key.
    pub(super) name: String,
    /// Whether all its stages passed, however slowly.
    pub(super) works: bool,
    pub(super) state: PathState,
    /// In words for people, on one line; None where there is nothing to say.
    pub(super) why: Option<String>,
    /// In the order of the stages, the total last; None where a stage did not come to its end.
    pub(super) times: Vec<(Measure, Option<Duration>)>,
    /// None where it showed no certificate.
    pub(super) certificate_days: Option<f64>,
}

/// The paths, each once, in the order of the servers. An address of a family that this machine has no address of is
/// left out where the same URI has others: it is no path from here.
pub(super) fn monitored<'a>(
    diagnosis: &'a Diagnosis,
    limits: &Limits,
    wording: Wording,
    unix_now: u64,
) -> Vec<MonitoredPath<'a>> {
    let reached: BTreeSet<&str> =
        diagnosis.servers.iter().filter(|server| is_in_reach(server)).map(|server| server.uri.as_str()).collect();
    let counts = |server: &&Server| is_in_reach(server) || !reached.contains(server.uri.as_str());
    let paths = diagnosis.servers.iter().filter(counts);
    let paths = paths.map(|server| MonitoredPath::new(server, diagnosis, limits, wording, unix_now));
    // The same host with and without its port is one path, asked once.
    let mut known = BTreeSet::new();
    paths.filter(|path| known.insert(path.name.clone())).collect()
}

fn is_in_reach(server: &Server) -> bool {
    server.error.as_ref().is_none_or(|error| error.code != Code::NoAddressOfFamily)
}

impl<'a> MonitoredPath<'a> {
    fn new(server: &'a Server, diagnosis: &Diagnosis, limits: &Limits, wording: Wording, unix_now: u64) -> Self {
        let times = times(server);
        let certificate_days = certificate::days_left(server, unix_now);
        let (state, why) = match &server.error {
            Some(error) => failure(server, error, diagnosis, wording),
            None if server.health() != ServerHealth::Passes => {
                (PathState::Unknown, Some(said::NOT_ENDED.to(wording.lang).to_owned()))
            }
            None => {
                worst(speed(&times, limits, wording), certificate::too_short(certificate_days, limits, wording.lang))
            }
        };
        let why = why.map(|why| on_one_line(&why, wording.ascii));
        let works = server.error.is_none() && server.health() == ServerHealth::Passes;
        Self { server, name: name(server), works, state, why, times, certificate_days }
    }
}

fn times(server: &Server) -> Vec<(Measure, Option<Duration>)> {
    // A call of the machine with itself is no stage of the server.
    let stages = server.stages.iter().filter(|stage| stage.name != Step::Call);
    let mut times: Vec<_> =
        stages.map(|stage| (Measure::Stage(stage.name), stage.ms.and_then(Millis::duration))).collect();
    let passes = server.health() == ServerHealth::Passes;
    // What one of them took may not be known, as after a retransmission: nor is the sum then.
    let total: Option<_> = times.iter().map(|(_, time)| *time).sum();
    times.push((Measure::Total, total.filter(|_| passes)));
    times
}

/// Whether a path that works is too slow, and for which measure.
fn speed(times: &[(Measure, Option<Duration>)], limits: &Limits, wording: Wording) -> (PathState, Option<String>) {
    let over = |limit_of: &dyn Fn(Measure) -> Option<Duration>| {
        times.iter().find_map(|(measure, time)| {
            let (time, limit) = ((*time)?, limit_of(*measure)?);
            (time > limit).then(|| said::slow(&measure.to_string(), time, limit, wording.lang))
        })
    };
    if let Some(why) = over(&|measure| limits.critical(measure)) {
        return (PathState::Critical, Some(why));
    }
    match over(&|measure| limits.warning(measure)) {
        Some(why) => (PathState::Warning, Some(why)),
        None => (PathState::Ok, None),
    }
}

/// The graver of what is said of a path's times and of its certificate; both where they are as grave.
fn worst(
    (state, why): (PathState, Option<String>),
    certificate: Option<(PathState, String)>,
) -> (PathState, Option<String>) {
    match certificate {
        None => (state, why),
        Some((of_certificate, said)) if of_certificate == state => {
            (state, Some(why.map_or_else(|| said.clone(), |why| format!("{why}, {said}"))))
        }
        Some((of_certificate, said)) if of_certificate > state => (of_certificate, Some(said)),
        Some(_) => (state, why),
    }
}

/// What stopped a path, and whether that is known to be the server's.
fn failure(
    server: &Server,
    error: &ServerError,
    diagnosis: &Diagnosis,
    wording: Wording,
) -> (PathState, Option<String>) {
    let here = [Code::NoUsableInterface, Code::CaptivePortal].into_iter().find(|code| diagnosis.has_found(*code));
    let (state, code, about) = match (here, cause(server, error, diagnosis)) {
        (Some(code), _) => (PathState::Unknown, code, Detail::default()),
        (None, Some(cause)) => (
            if is_never_the_servers(cause) { PathState::Unknown } else { state_of(error) },
            cause.code,
            cause.about.clone(),
        ),
        (None, None) => (state_of(error), error.code, Detail::default()),
    };
    let title = catalog::words(code, &about.and(self::about(server, error)), wording.lang).title;
    (state, Some(format!("{title} [{code}]")))
}

/// What this machine, its name servers or its network do that keeps a path's packets from their server, as the checkup
/// itself tells it: the cause of a finding that rests on how this very path failed.
fn cause<'a>(server: &Server, error: &ServerError, diagnosis: &'a Diagnosis) -> Option<&'a Finding> {
    let failures = diagnosis.observations.iter().filter(|seen| is_failure_of(seen, server)).map(|seen| seen.id);
    let failures: BTreeSet<ObservationId> = failures.collect();
    let mut causes = diagnosis.findings.iter().filter_map(|finding| {
        let rests_on_it = finding.evidence.iter().any(|id| failures.contains(id));
        let place = finding.cause.and_then(|place| usize::try_from(place).ok());
        let root = place.map_or(Some(finding), |place| diagnosis.findings.get(place))?;
        (rests_on_it && root.strength.is_some() && is_on_the_way(root.code)).then_some(root)
    });
    causes.next().filter(|_| is_unheard(error.code))
}

fn is_on_the_way(code: Code) -> bool {
    matches!(code.group(), Group::Machine | Group::Names | Group::Reach)
}

/// Whether a cause on the way acquits the server: it is proven, or each of its rivals would acquit the server as well.
fn is_never_the_servers(cause: &Finding) -> bool {
    let acquits = |code: Code| is_on_the_way(code) && code != Code::ServerUdpSilent;
    let is_acquitted = !cause.rivals.is_empty() && cause.rivals.iter().all(|rival| acquits(*rival));
    acquits(cause.code) && (cause.strength == Some(Strength::Proven) || is_acquitted)
}

/// Whether a path ended before anything was heard of its server.
fn is_unheard(code: Code) -> bool {
    is_on_the_way(code) || matches!(code, Code::ServerSilent | Code::ServerUnreachable | Code::ServerConnectionTimedOut)
}

/// Whether an observation is of how this path failed: of its name, or of its address over its transport. Two URIs may share
/// an address, which is then asked once.
fn is_failure_of(seen: &Observation, server: &Server) -> bool {
    let over = match &seen.fact {
        Fact::Dns(_) => return seen.by.uri.as_ref() == Some(&server.uri),
        Fact::Stun(StunFact::Silent { transport, .. }) | Fact::Stream(StreamFact::NotConnected { transport, .. }) => {
            *transport
        }
        Fact::Stun(StunFact::Unreachable { .. } | StunFact::NotOpened { .. }) => Transport::Udp,
        _ => return false,
    };
    over == server.transport && seen.fact.server() == server.address
}

/// Unknown where this machine, its network or its name servers are what failed, or may be.
fn state_of(error: &ServerError) -> PathState {
    match error.code {
        Code::NoCredentials
        | Code::DtlsNotSupported
        | Code::NoAddressOfFamily
        | Code::NoSocket
        | Code::LocalFirewall
        | Code::NameOnlyIpv6
        | Code::NoNameServer
        | Code::NameServerSilent
        | Code::NameServerFailed
        | Code::NameServerRefused
        | Code::NameSinkholed => PathState::Unknown,
        // The relay carries a call, and not every call.
        Code::RelayPortsClosed | Code::RelayLargeLost => PathState::Warning,
        _ if error.reason == Reason::Refusal(Refusal::NoRoute) => PathState::Unknown,
        _ => PathState::Critical,
    }
}

fn about(server: &Server, error: &ServerError) -> Detail {
    let reason = Some(error.reason.clone()).filter(|reason| !reason.is_empty());
    let host = server.uri.target().map(|target| target.host.clone());
    Detail::default()
        .server(server.uri.to_string())
        .name(host)
        .address(server.address.map(Endpoint::Socket))
        .transport(server.transport)
        .code(error.stun_code)
        .reason(reason)
}

/// `turn turn.example.org 192.0.2.1:3478/udp`, without the host where it is the address.
fn name(server: &Server) -> String {
    let transport = server.transport.to_string().to_lowercase();
    let name = match (server.uri.target(), server.address) {
        (Some(target), Some(address)) if target.literal().is_some() => {
            format!("{} {}/{transport}", target.scheme, written(address))
        }
        (Some(target), Some(address)) => format!("{} {} {}/{transport}", target.scheme, target.host, written(address)),
        (Some(target), None) => format!("{} {}:{}/{transport}", target.scheme, target.host, target.port_or_default()),
        (None, _) => format!("{}/{transport}", server.uri),
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " .:-/[]".contains(c);
    let name: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    name.replace(SPLITS_LABELS, ":")
}

/// Icinga splits a label here, as `check_multi` writes them.
const SPLITS_LABELS: &str = "::";

/// With all eight parts of an IPv6 address, so that there is no [`SPLITS_LABELS`] in it.
fn written(address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(_) => address.to_string(),
        IpAddr::V6(ip) => {
            let segments: Vec<String> = ip.segments().iter().map(|segment| format!("{segment:x}")).collect();
            format!("[{}]:{}", segments.join(":"), address.port())
        }
    }
}
