//! How is one path: well, slow, failing, or not known?

use super::limits::{Limits, Measure};
use super::{Wording, on_one_line};
use crate::catalog::{self, monitoring as said};
use crate::model::{
    Code, Detail, Diagnosis, Endpoint, Millis, Reason, Refusal, Server, ServerError, ServerHealth, Step,
};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// How a path is, the worst last: what is not known is no alarm, and still nothing to rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PathState {
    Ok,
    /// Not asked to the end, or this machine is at fault, or may be.
    Unknown,
    Warning,
    Critical,
}

impl PathState {
    /// As plugins end and local checks begin.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// One path, as it is told.
pub(super) struct MonitoredPath<'a> {
    pub(super) server: &'a Server,
    /// Without quotes, equals signs and the like: it is part of labels, and a key.
    pub(super) name: String,
    pub(super) state: PathState,
    /// In words for people, on one line; None where there is nothing to say.
    pub(super) why: Option<String>,
    /// In the order of the stages, the total last; None where a stage did not come to its end.
    pub(super) times: Vec<(Measure, Option<Duration>)>,
}

/// The paths, each once, in the order of the servers. An address of a family that this machine has no address of is
/// left out where the same URI has others: it is no path from here.
pub(super) fn monitored<'a>(diagnosis: &'a Diagnosis, limits: &Limits, wording: Wording) -> Vec<MonitoredPath<'a>> {
    let reached: BTreeSet<&str> =
        diagnosis.servers.iter().filter(|server| is_in_reach(server)).map(|server| server.uri.as_str()).collect();
    let counts = |server: &&Server| is_in_reach(server) || !reached.contains(server.uri.as_str());
    let paths = diagnosis.servers.iter().filter(counts);
    let paths = paths.map(|server| MonitoredPath::new(server, diagnosis, limits, wording));
    // The same host with and without its port is one path, asked once.
    let mut known = BTreeSet::new();
    paths.filter(|path| known.insert(path.name.clone())).collect()
}

fn is_in_reach(server: &Server) -> bool {
    server.error.as_ref().is_none_or(|error| error.code != Code::NoAddressOfFamily)
}

impl<'a> MonitoredPath<'a> {
    fn new(server: &'a Server, diagnosis: &Diagnosis, limits: &Limits, wording: Wording) -> Self {
        let times = times(server);
        let (state, why) = match &server.error {
            Some(error) => failure(server, error, diagnosis, wording),
            None if server.health() != ServerHealth::Passes => {
                (PathState::Unknown, Some(said::NOT_ENDED.to(wording.lang).to_owned()))
            }
            None => speed(&times, limits, wording),
        };
        let why = why.map(|why| on_one_line(&why, wording.ascii));
        Self { server, name: name(server), state, why, times }
    }
}

fn times(server: &Server) -> Vec<(Measure, Option<Duration>)> {
    // A call of the machine with itself is no stage of the server.
    let stages = server.stages.iter().filter(|stage| stage.name != Step::Call);
    let mut times: Vec<_> =
        stages.map(|stage| (Measure::Stage(stage.name), stage.ms.and_then(Millis::duration))).collect();
    let passes = server.health() == ServerHealth::Passes;
    let total = times.iter().filter_map(|(_, time)| *time).sum();
    times.push((Measure::Total, passes.then_some(total)));
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

/// What stopped a path, and whether that is known to be the server's.
fn failure(
    server: &Server,
    error: &ServerError,
    diagnosis: &Diagnosis,
    wording: Wording,
) -> (PathState, Option<String>) {
    let here = [Code::NoUsableInterface, Code::CaptivePortal].into_iter().find(|code| diagnosis.has_found(*code));
    let state = if here.is_some() { PathState::Unknown } else { state_of(error) };
    let code = here.unwrap_or(error.code);
    let title = catalog::words(code, &about(server, error), wording.lang).title;
    (state, Some(format!("{title} [{code}]")))
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
