//! What does a finding's text claim to have been seen? The claim as data, so that a test can hold each one to what was
//! observed: of every record, sample and network.
//!
//! A text that says "answered", "no answer", "refused" or "arrived" has its row here. What a text concludes from that is
//! judged elsewhere.

use crate::model::{Code, DnsFailure, DnsKind, Fact, Failure, Finding, Leg, Observation, Transport};

/// One thing seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Requests over UDP were not answered, or word came that they cannot arrive.
    UdpUnanswered,
    /// Over UDP nothing was heard of a server that was asked in this family.
    NothingOverUdp,
    /// A connection came about or was refused by its host, or STUN was spoken over a stream.
    LifeOverStream,
    /// STUN was spoken over a stream.
    StunOverStream,
    /// Requests were repeated and not answered.
    Silence,
    /// A Binding request was answered.
    BindingAnswered,
    /// An error response.
    Refused,
    /// This machine itself refused to send.
    RefusedHere,
    /// A connection was refused.
    ConnectionRefused,
    /// An answer that could not be used.
    Odd,
    Allocated,
    /// Bytes crossed this leg.
    Crossed(Leg),
    /// They did not.
    NotCrossed(Leg),
    /// They came in once the relay was sending to the peer.
    CameInOnceSpokenTo,
    /// Large datagrams did not cross.
    LargeNotCrossed,
    /// The name server said that a name does not exist.
    NameDenied,
    /// It told an address.
    NameResolved,
    /// It did not answer the question for IPv6 addresses.
    AaaaUnanswered,
}

/// What the text of `code` claims, all of it; empty where it claims nothing of that kind.
pub const fn of(code: Code) -> &'static [Claim] {
    use Claim::{
        AaaaUnanswered, Allocated, BindingAnswered, CameInOnceSpokenTo, ConnectionRefused, Crossed, LargeNotCrossed,
        LifeOverStream, NameDenied, NameResolved, NotCrossed, NothingOverUdp, Odd, Refused, RefusedHere, Silence,
        StunOverStream, UdpUnanswered,
    };
    match code {
        Code::UdpBlocked => &[UdpUnanswered, LifeOverStream, NothingOverUdp],
        Code::UdpUnclear => &[NothingOverUdp],
        Code::LocalFirewall => &[RefusedHere],
        Code::ServerSilent => &[Silence],
        Code::ServerUdpSilent => &[Silence, StunOverStream],
        Code::ServerRefusedConnection => &[ConnectionRefused],
        Code::RelayNotOffered => &[Silence, BindingAnswered],
        Code::BindingRefused
        | Code::RelayQuotaReached
        | Code::RelayNoCapacity
        | Code::RelayForbidden
        | Code::RelayFewAtOnce => &[Refused],
        Code::NotStun | Code::MalformedAnswers | Code::AnswersFromElsewhere => &[Odd],
        Code::RelayWorks => &[Allocated, Crossed(Leg::In), Crossed(Leg::Out)],
        Code::RelayInLost => &[NotCrossed(Leg::In)],
        Code::RelayOutLost => &[NotCrossed(Leg::Out)],
        Code::RelayPortsClosed => &[CameInOnceSpokenTo],
        Code::RelayLargeLost => &[LargeNotCrossed],
        Code::NatEndpointIndependent
        | Code::NatAddressDependent
        | Code::NatAddressAndPortDependent
        | Code::NoNat
        | Code::SeveralLines
        | Code::AddressPool
        | Code::FewPorts
        | Code::MappedAddressNotPublic
        | Code::DisagreesWithOthers
        | Code::Nat64InUse => &[BindingAnswered],
        Code::NameDoesNotExist | Code::NamesAllDenied => &[NameDenied],
        Code::NamesAllOneAddress | Code::NameIsPrivate => &[NameResolved],
        Code::NameServerDropsAaaa => &[AaaaUnanswered],
        _ => &[],
    }
}

/// Whether a finding's evidence holds a claim; what is claimed of all servers is looked for in all that was observed.
pub fn is_held(claim: Claim, finding: &Finding, observations: &[Observation]) -> bool {
    let of_evidence = |observation: &&Observation| finding.evidence.contains(&observation.id);
    match claim {
        Claim::NothingOverUdp => !observations.iter().any(|observation| {
            let is_of_family = finding.about.get("family").is_none_or(|family| *family == family_of(&observation.fact));
            observation.end.is_ours() && is_of_family && is_heard_over_udp(observation)
        }),
        claim => observations.iter().filter(of_evidence).any(|observation| is_seen(claim, &observation.fact)),
    }
}

fn is_heard_over_udp(observation: &Observation) -> bool {
    use crate::model::Question;
    let of_a_server = matches!(observation.by.question, Question::Binding | Question::Relay);
    let udp = Transport::Udp;
    of_a_server
        && match &observation.fact {
            Fact::Mapped { transport, .. } | Fact::Challenged { transport, .. } | Fact::Allocated { transport, .. } => {
                *transport == udp
            }
            _ => false,
        }
}

fn family_of(fact: &Fact) -> String {
    let server = super::view::server_of(fact);
    server.map_or_else(String::new, |server| crate::model::Family::of(server.ip()).name().to_owned())
}

fn is_seen(claim: Claim, fact: &Fact) -> bool {
    let is_stream = |transport: Transport| matches!(transport, Transport::Tcp | Transport::Tls);
    match (claim, fact) {
        (
            Claim::UdpUnanswered,
            Fact::Silent { transport: Transport::Udp, .. } | Fact::Unreachable { .. } | Fact::NotOpened { .. },
        )
        | (Claim::Silence, Fact::Silent { .. })
        | (Claim::BindingAnswered, Fact::Mapped { .. })
        | (Claim::Refused, Fact::Refused { .. } | Fact::AllocatedSeveral { refused: Some(_), .. })
        | (Claim::Odd, Fact::Anomalous { .. })
        | (Claim::Allocated, Fact::Allocated { .. })
        | (Claim::CameInOnceSpokenTo, Fact::Crossed { leg: Leg::In, spoken: true, .. })
        | (Claim::LargeNotCrossed, Fact::NotCrossed { bytes: Some(_), .. })
        | (Claim::NameDenied, Fact::Unresolved { failure: DnsFailure::NoSuchName, .. })
        | (Claim::NameResolved, Fact::Resolved { .. })
        | (Claim::AaaaUnanswered, Fact::Unresolved { record: DnsKind::Aaaa, .. })
        | (
            Claim::LifeOverStream,
            Fact::Connected { .. }
            | Fact::Secured { .. }
            | Fact::NotConnected { failure: Failure::Refused | Failure::Reset | Failure::Tls { .. }, .. },
        )
        | (Claim::ConnectionRefused, Fact::NotConnected { failure: Failure::Refused, .. }) => true,
        (
            Claim::LifeOverStream | Claim::StunOverStream,
            Fact::Mapped { transport, .. }
            | Fact::Challenged { transport, .. }
            | Fact::Allocated { transport, .. }
            | Fact::Refused { transport, .. },
        ) => is_stream(*transport),
        (Claim::RefusedHere, Fact::Unreachable { local, failure, .. }) => failure.is_by_this_machine(local.ip()),
        (Claim::RefusedHere, Fact::NotOpened { failure, .. } | Fact::NotConnected { failure, .. }) => {
            *failure == Failure::Forbidden
        }
        (Claim::Crossed(leg), Fact::Crossed { leg: crossed, .. }) => leg == *crossed,
        (Claim::NotCrossed(leg), Fact::NotCrossed { leg: lost, .. }) => leg == *lost,
        _ => false,
    }
}
