//! What is worth a line of its own while two ends meet.

use crate::model::{
    CallFact, CallStage, ConfigurationFact, Fact, HostFact, IceFact, Observation, PairEnd, SignallingFact,
    SignallingTransport, TcpType,
};

pub(crate) fn of(observation: &Observation) -> Option<String> {
    Some(match &observation.fact {
        Fact::Signalling(SignallingFact::Chosen { carrier }) => {
            format!("In the room, over {}; waiting for the other end", carrier_name(*carrier))
        }
        Fact::Signalling(SignallingFact::PeerJoined { software }) => {
            format!("The other end is here: {}", software.as_str())
        }
        Fact::Host(HostFact::Candidate(candidate)) => {
            let kind = crate::catalog::candidate_type(candidate.kind);
            let at = std::net::SocketAddr::new(candidate.address, candidate.port);
            let by = candidate.relay_protocol.map(|by| format!(" over {by}")).unwrap_or_default();
            format!("  ours    {kind} {at}{}{by}", tcp_name(candidate.tcp_type))
        }
        Fact::Ice(IceFact::CandidatesAwaited { .. }) => {
            "No candidate of the other end's has come yet; it may still be gathering, and is waited for".to_owned()
        }
        Fact::Ice(IceFact::RemoteCandidate(end)) => format!("  theirs  {}", end_name(end)),
        Fact::Ice(IceFact::Reached { local, remote, rtt_ms, .. }) => {
            let rtt = rtt_ms.map(|ms| format!(", {ms:.1} ms")).unwrap_or_default();
            format!("  works   {} to {}{rtt}", end_name(local), end_name(remote))
        }
        Fact::Ice(IceFact::Nominated { local, remote, after_ms, .. }) => {
            format!("  chosen  {} to {}, after {after_ms:.0} ms", end_name(local), end_name(remote))
        }
        Fact::Call(CallFact::CallReached { stage, after_ms }) => {
            let reached = match stage {
                CallStage::Dtls => "secured",
                CallStage::ChannelOpen => "channel",
                CallStage::FirstMedia => "media",
                CallStage::Gathered | CallStage::ChecksStarted | CallStage::Connected => return None,
            };
            format!("  {reached:<7} after {after_ms:.0} ms")
        }
        Fact::Call(CallFact::CallResumed { after_ms }) => format!("  media   again, {after_ms:.0} ms after the change"),
        Fact::Call(CallFact::CallBroken(_)) => "  The call broke".to_owned(),
        Fact::Ice(IceFact::Restarted) => "Beginning anew, with new candidates".to_owned(),
        Fact::Ice(IceFact::RelayDoubted(liveness)) if liveness.is_dead() => {
            format!("The relay {} died", liveness.server)
        }
        Fact::Signalling(SignallingFact::PeerLeft) => "The other end is gone, or cannot be heard any more".to_owned(),
        Fact::Ice(IceFact::ConsentLost { .. }) => "The chosen pair is not answered any more".to_owned(),
        Fact::Configuration(ConfigurationFact::SourceRenewed { target, .. }) => format!("Fresh servers from {target}"),
        Fact::Configuration(ConfigurationFact::SourceNotRenewed { target, .. }) => {
            format!("No fresh servers from {target}; the call goes on with those it has")
        }
        _ => return None,
    })
}

fn carrier_name(carrier: SignallingTransport) -> &'static str {
    match carrier {
        SignallingTransport::WebSocket => "a WebSocket",
        SignallingTransport::EventStream => "server-sent events",
        SignallingTransport::LongPolling => "long polling",
        SignallingTransport::CopyPaste => "codes",
    }
}

fn end_name(end: &PairEnd) -> String {
    let kind = crate::catalog::candidate_type(end.kind);
    let tcp = tcp_name(end.tcp_type);
    match end.endpoint() {
        Some(endpoint) => format!("{kind} {endpoint}{tcp}"),
        None => format!("{kind} {}{tcp}", end.address),
    }
}

/// Who connects; nothing for UDP.
fn tcp_name(tcp_type: Option<TcpType>) -> &'static str {
    match tcp_type {
        None => "",
        Some(TcpType::Active) => " TCP, connects",
        Some(TcpType::Passive) => " TCP, listens",
        Some(TcpType::So) => " TCP, both",
    }
}
