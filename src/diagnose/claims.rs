//! What does a finding's text claim to have been seen? The claim as data, so that a test can hold each one to what was
//! observed: of every record, sample and network.
//!
//! A code's row says which of these its text claims (`seen: […]`), when it says "answered", "no answer", "refused" or
//! "arrived". What a text concludes from that is judged elsewhere.

use crate::model::{
    Code, DnsFact, DnsFailure, DnsKind, Fact, Failure, Family, Finding, Leg, Observation, Question, StreamFact,
    StunFact, Transport, TurnFact,
};

/// One thing seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenClaim {
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
    /// It was answered late.
    AnsweredLate,
    /// An error response.
    Refused,
    /// This machine itself refused to send.
    RefusedHere,
    /// A connection was refused.
    ConnectionRefused,
    /// An answer that could not be used.
    Odd,
    /// An allocation was granted (RFC 8656 §7.3).
    Allocated,
    /// Bytes crossed the relay from the peer to us.
    CrossedIn,
    /// Bytes crossed the relay from us to the peer.
    CrossedOut,
    /// They did not come in.
    NotCrossedIn,
    /// They did not get out.
    NotCrossedOut,
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

/// Takes what each row's text claims.
macro_rules! claims {
    ($($code:ident: $group:ident, $rfc:literal {
        title: $title:literal, $title_ko:literal;
        $(plain: $plain:literal, $plain_ko:literal;)?
        $(short: $short:literal, $short_ko:literal;)?
        detail: $detail:literal, $detail_ko:literal;
        seen: [$($seen:ident),*];
        $($remedy:tt)*
    })+) => {
        /// What the text of `code` claims, all of it; empty where it claims nothing of that kind.
        pub const fn of(code: Code) -> &'static [SeenClaim] {
            match code {
                $(Code::$code => &[$(SeenClaim::$seen),*],)+
            }
        }
    };
}

codes!(claims);

/// Whether a finding's evidence holds a claim; what is claimed of all servers is looked for in all that was observed.
pub fn is_held(claim: SeenClaim, finding: &Finding, observations: &[Observation]) -> bool {
    let of_evidence = |observation: &&Observation| finding.evidence.contains(&observation.id);
    match claim {
        SeenClaim::NothingOverUdp => !observations.iter().any(|observation| {
            let server = observation.fact.server();
            let is_of_family =
                finding.about.family.is_none_or(|family| server.is_none_or(|server| Family::of(server.ip()) == family));
            observation.end.is_ours() && is_of_family && is_heard_over_udp(observation)
        }),
        claim => observations.iter().filter(of_evidence).any(|observation| is_seen(claim, &observation.fact)),
    }
}

fn is_heard_over_udp(observation: &Observation) -> bool {
    let of_a_server = matches!(observation.by.question, Question::Binding | Question::Relay);
    let udp = Transport::Udp;
    of_a_server
        && match &observation.fact {
            Fact::Stun(StunFact::Mapped { transport, .. })
            | Fact::Turn(TurnFact::Challenged { transport, .. })
            | Fact::Turn(TurnFact::Allocated { transport, .. }) => *transport == udp,
            _ => false,
        }
}

fn is_seen(claim: SeenClaim, fact: &Fact) -> bool {
    let is_stream = |transport: Transport| matches!(transport, Transport::Tcp | Transport::Tls);
    match (claim, fact) {
        (
            SeenClaim::UdpUnanswered,
            Fact::Stun(StunFact::Silent { transport: Transport::Udp, .. })
            | Fact::Stun(StunFact::Unreachable { .. })
            | Fact::Stun(StunFact::NotOpened { .. }),
        )
        | (SeenClaim::Silence, Fact::Stun(StunFact::Silent { .. }))
        | (SeenClaim::BindingAnswered, Fact::Stun(StunFact::Mapped { .. }))
        | (SeenClaim::AnsweredLate, Fact::Stun(StunFact::Late { .. }))
        | (
            SeenClaim::Refused,
            Fact::Stun(StunFact::Refused { .. }) | Fact::Turn(TurnFact::AllocatedSeveral { refused: Some(_), .. }),
        )
        | (SeenClaim::Odd, Fact::Stun(StunFact::Anomalous { .. }))
        | (SeenClaim::Allocated, Fact::Turn(TurnFact::Allocated { .. }))
        | (SeenClaim::CameInOnceSpokenTo, Fact::Turn(TurnFact::Crossed { leg: Leg::In, spoken: true, .. }))
        | (SeenClaim::LargeNotCrossed, Fact::Turn(TurnFact::NotCrossed { bytes: Some(_), .. }))
        | (SeenClaim::NameDenied, Fact::Dns(DnsFact::Unresolved { failure: DnsFailure::NoSuchName, .. }))
        | (SeenClaim::NameResolved, Fact::Dns(DnsFact::Resolved { .. }))
        | (SeenClaim::AaaaUnanswered, Fact::Dns(DnsFact::Unresolved { record: DnsKind::Aaaa, .. }))
        | (
            SeenClaim::LifeOverStream,
            Fact::Stream(StreamFact::Connected { .. })
            | Fact::Stream(StreamFact::Secured { .. })
            | Fact::Stream(StreamFact::NotConnected {
                failure: Failure::Refused | Failure::Reset | Failure::Tls { .. },
                ..
            }),
        )
        | (SeenClaim::ConnectionRefused, Fact::Stream(StreamFact::NotConnected { failure: Failure::Refused, .. })) => {
            true
        }
        (
            SeenClaim::LifeOverStream | SeenClaim::StunOverStream,
            Fact::Stun(StunFact::Mapped { transport, .. })
            | Fact::Turn(TurnFact::Challenged { transport, .. })
            | Fact::Turn(TurnFact::Allocated { transport, .. })
            | Fact::Stun(StunFact::Refused { transport, .. }),
        ) => is_stream(*transport),
        (SeenClaim::RefusedHere, Fact::Stun(StunFact::Unreachable { local, server, failure, .. })) => {
            failure.is_by_this_machine(|by| by == local.ip(), server.ip())
        }
        (
            SeenClaim::RefusedHere,
            Fact::Stun(StunFact::NotOpened { failure, .. }) | Fact::Stream(StreamFact::NotConnected { failure, .. }),
        ) => *failure == Failure::Forbidden,
        (SeenClaim::CrossedIn, Fact::Turn(TurnFact::Crossed { leg, .. }))
        | (SeenClaim::NotCrossedIn, Fact::Turn(TurnFact::NotCrossed { leg, .. })) => *leg == Leg::In,
        (SeenClaim::CrossedOut, Fact::Turn(TurnFact::Crossed { leg, .. }))
        | (SeenClaim::NotCrossedOut, Fact::Turn(TurnFact::NotCrossed { leg, .. })) => *leg == Leg::Out,
        _ => false,
    }
}
