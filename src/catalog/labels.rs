//! Short names for values, as they stand in tables.

use crate::model::{Behaviour, CandidateType, InterfaceKind, Path, PeerClass, Severity, StageOutcome};

/// The verdict in one plain line; `None` where it could not be told.
pub fn path_verdict(path: Option<Path>) -> &'static str {
    match path {
        Some(Path::Direct) => "Calls from here can go directly, peer to peer.",
        Some(Path::Relay) => "Calls from here work, but go through a relay.",
        Some(Path::None) => "Calls from here will not connect.",
        None => "Could not tell how calls from here will go.",
    }
}

/// Beside the verdict: what it holds for.
pub fn verdict_holds_for(only_this_machine: bool) -> &'static str {
    if only_this_machine {
        "Only this machine was tested, against a server on itself: this says nothing of the network in front of it."
    } else {
        "This holds where a typical home network is on the other side; the table of calls has the others."
    }
}

pub fn path(path: Path) -> &'static str {
    match path {
        Path::Direct => "direct",
        Path::Relay => "through a relay",
        Path::None => "no connection",
    }
}

/// RFC 4787 §4.1 and §5.
pub fn behaviour(behaviour: Behaviour) -> &'static str {
    match behaviour {
        Behaviour::EndpointIndependent => "endpoint-independent",
        Behaviour::AddressDependent => "address-dependent",
        Behaviour::AddressAndPortDependent => "address-and-port-dependent",
    }
}

pub fn peer(class: PeerClass) -> &'static str {
    match class {
        PeerClass::Open => "a public server (SFU)",
        PeerClass::EimEif => "an open home router",
        PeerClass::EimAdf => "a mild home router",
        PeerClass::EimApdf => "a typical home router",
        PeerClass::ApdmApdf => "a strict company network",
        PeerClass::UdpBlocked => "a network without UDP",
    }
}

pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

pub fn outcome(outcome: StageOutcome) -> &'static str {
    match outcome {
        StageOutcome::Passed => "ok",
        StageOutcome::Failed => "failed",
        StageOutcome::Silent => "no answer",
        StageOutcome::NotTested => "not tested",
    }
}

/// A stage by its name in [`crate::model::Stage`]; an unknown name stands for itself.
pub fn stage(name: &str) -> &str {
    match name {
        "resolve" => "look up name",
        "tls" => "TLS",
        "binding" => "STUN answer",
        "challenge" => "asked for login",
        "relay-in" => "relay, inwards",
        "relay-out" => "relay, outwards",
        other => other,
    }
}

pub fn candidate_type(kind: CandidateType) -> &'static str {
    match kind {
        CandidateType::Host => "host",
        CandidateType::Srflx => "srflx",
        CandidateType::Prflx => "prflx",
        CandidateType::Relay => "relay",
    }
}

pub fn interface_kind(kind: InterfaceKind) -> &'static str {
    match kind {
        InterfaceKind::Loopback => "loopback",
        InterfaceKind::Ethernet => "Ethernet",
        InterfaceKind::Wifi => "Wi-Fi",
        InterfaceKind::Cellular => "mobile",
        InterfaceKind::Vpn => "VPN",
        InterfaceKind::Container => "container",
        InterfaceKind::Other => "other",
    }
}
