//! What does a finding's text claim to have been seen? The claim as data, so that a test can hold each one to what was
//! observed: of every record, sample and network.
//!
//! A code's row says which of these its text claims (`seen: […]`), when it says "answered", "no answer", "refused" or
//! "arrived". What a text concludes from that is judged elsewhere.

use crate::model::{
    Asked, BrowserFact, CallFact, Code, DatagramClass, DnsFact, DnsFailure, DnsKind, EchoFact, Fact, Failure, Family,
    Finding, HopFact, HostFact, IceFact, Leg, Method, Observation, PairFailure, Question, SignallingFact, StreamFact,
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
    /// A request for an allocation was answered.
    TurnAnswered,
    /// The server answered, whatever it was asked.
    Heard,
    /// It was answered late.
    AnsweredLate,
    /// An error response.
    Refused,
    /// This machine itself refused to send, or threw away what came in.
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
    /// Of datagrams of one kind nothing was heard, from a router or a host on the way or at the other side of a relay.
    LostBySight,
    /// Of requests to other ports than a server's own nothing was heard from routers on the way.
    LostAtHighPorts,
    /// Requests that were sent quickly one after another were not answered, most of them.
    LostQuickly,
    /// The name server said that a name does not exist.
    NameDenied,
    /// A server answered through a proxy.
    AnsweredThroughProxy,
    /// A proxy did not lead to a server, or asked who we are.
    NotLedByProxy,
    /// It told an address.
    NameResolved,
    /// It did not answer the question for IPv6 addresses.
    AaaaUnanswered,
    /// The name exists and has no address of the type asked for.
    NameEmpty,
    /// The name server answered with an error of its own (SERVFAIL).
    NameFailed,
    /// It answered REFUSED.
    NameRefused,
    /// It did not answer in time.
    NameUnanswered,
    /// An answer came from another endpoint of the server than was asked, as it was told to (RFC 5780 §4.4).
    AnsweredFromElsewhere,
    /// A packet for this machine's own mapped address came back in (RFC 4787 §6).
    HairpinCame,
    /// Such packets did not come back in.
    HairpinLost,
    /// A packet of some size did not cross whole.
    SizeLost,
    /// A flow that was in use was not answered any more, while a fresh one was.
    FlowDied,
    /// Requests without the magic cookie were answered (RFC 3489).
    AnsweredWithoutCookie,
    /// Word came that packets cannot arrive: from the system or from a router (RFC 792, RFC 4443).
    SaidUnreachable,
    /// A connection did not come about: nothing answered.
    ConnectionTimedOut,
    /// A connection was accepted and then ended.
    StreamEnded,
    /// A certificate was shown.
    CertificateShown,
    /// A TLS handshake was begun and did not end well.
    TlsBroken,
    /// The server sent us on (300).
    SentOn,
    /// The server dropped an allocation that it had made.
    AllocationDropped,
    /// Checks of a pair were answered (RFC 8445 §7.2.5.3).
    CheckAnswered,
    /// Nothing came back on a pair.
    CheckSilent,
    /// Checks of the other end's came over a pair, and no answer did.
    CheckOneWay,
    /// Checks of a pair were answered with an error.
    CheckRefused,
    /// A check was answered from another address than was checked (RFC 8445 §7.2.5.2.1).
    AnsweredFromAnother,
    /// The other end announced a restart, and its agent went on as before (RFC 8445 §9).
    RestartNotMade,
    /// Consent on a pair that had worked was not given any more (RFC 7675).
    ConsentUnanswered,
    /// The other end's checks claimed our role, and were refused with 487 (RFC 8445 §7.3.1.1).
    RoleRefused,
    /// A ClientHello of the other end's came (RFC 9147 §5.3).
    ClientHelloCame,
    /// Media and data went both ways.
    CallRan,
    /// It ended before its time, or DTLS did not come about on it.
    CallBroke,
    /// Packets came that do not go with the credentials in the descriptions.
    CredentialsDiffer,
    /// The other end did not describe itself.
    NotDescribed,
    /// A media section has no codec that both ends speak.
    CodecMissing,
    /// A candidate of the other end's came and is not checked.
    CandidateLeftOut,
    /// A browser reported that a server answered with an error or was not reached (webrtc-pc §4.8.2).
    BrowserError,
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
        claim => observations
            .iter()
            .filter(of_evidence)
            .any(|observation| is_seen(claim, &observation.fact) || is_seen_of_an_end(claim, &observation.fact)),
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
        | (
            SeenClaim::TurnAnswered,
            Fact::Turn(TurnFact::Challenged { .. } | TurnFact::Allocated { .. })
            | Fact::Stun(StunFact::Refused { method: Method::Allocate, .. }),
        )
        | (
            SeenClaim::Heard,
            Fact::Stun(StunFact::Mapped { .. }) | Fact::Turn(TurnFact::Challenged { .. } | TurnFact::Allocated { .. }),
        )
        | (SeenClaim::AnsweredLate, Fact::Stun(StunFact::Late { .. }))
        | (
            SeenClaim::Refused,
            Fact::Stun(StunFact::Refused { .. }) | Fact::Turn(TurnFact::AllocatedSeveral { refused: Some(_), .. }),
        )
        | (SeenClaim::Odd, Fact::Stun(StunFact::Anomalous { .. }))
        | (
            SeenClaim::Allocated,
            Fact::Turn(TurnFact::Allocated { .. } | TurnFact::Crossed { .. } | TurnFact::NotCrossed { .. }),
        )
        | (SeenClaim::CameInOnceSpokenTo, Fact::Turn(TurnFact::Crossed { leg: Leg::In, spoken: true, .. }))
        | (SeenClaim::LargeNotCrossed, Fact::Turn(TurnFact::NotCrossed { bytes: Some(_), class: None, .. }))
        | (SeenClaim::LostBySight, Fact::Turn(TurnFact::NotCrossed { .. }))
        | (SeenClaim::LostBySight | SeenClaim::SizeLost, Fact::Echo(EchoFact::Echoed { came_back: false, .. }))
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
        (SeenClaim::ConnectionRefused, Fact::Stun(StunFact::Unreachable { server, failure, .. })) => {
            failure.is_closed_port_of(server.ip())
        }
        (SeenClaim::RefusedHere, Fact::Host(HostFact::Counted { requests, thrown_away, .. })) => {
            *requests > 0 && *thrown_away > 0
        }
        (SeenClaim::RefusedHere, Fact::Stun(StunFact::Unreachable { local, server, failure, .. })) => {
            failure.is_by_this_machine(|by| by == local.ip(), server.ip())
        }
        (SeenClaim::RefusedHere, Fact::Ice(IceFact::Checked(pair))) => pair.is_forbidden(),
        (
            SeenClaim::RefusedHere,
            Fact::Stun(StunFact::NotOpened { failure, .. }) | Fact::Stream(StreamFact::NotConnected { failure, .. }),
        ) => *failure == Failure::Forbidden,
        (SeenClaim::LostBySight, Fact::Hops(HopFact::Hopped { class: DatagramClass::Dtls, tally, .. })) => {
            tally.answered == 0 && tally.sent >= HopFact::COPIES
        }
        (SeenClaim::LostAtHighPorts, Fact::Hops(HopFact::Hopped { class: DatagramClass::Stun, to, tally, .. })) => {
            tally.answered == 0 && to.port() >= HopFact::HIGH_PORTS
        }
        (SeenClaim::BindingAnswered, Fact::Echo(EchoFact::EchoPort { tally, .. })) => tally.answered > 0,
        (SeenClaim::LostQuickly, Fact::Stun(StunFact::Paced { requests, .. })) => {
            requests.iter().filter(|request| request.answered).count() * 2 <= requests.len()
        }
        (
            SeenClaim::AnsweredThroughProxy | SeenClaim::LifeOverStream | SeenClaim::StunOverStream,
            Fact::Stream(StreamFact::Proxied { reached, .. }),
        ) => reached.is_some(),
        (SeenClaim::NotLedByProxy, Fact::Stream(StreamFact::Proxied { reached, .. })) => reached.is_none(),
        (SeenClaim::CrossedIn, Fact::Turn(TurnFact::Crossed { leg, .. }))
        | (SeenClaim::NotCrossedIn, Fact::Turn(TurnFact::NotCrossed { leg, .. })) => *leg == Leg::In,
        (SeenClaim::CrossedOut, Fact::Turn(TurnFact::Crossed { leg, .. }))
        | (SeenClaim::NotCrossedOut, Fact::Turn(TurnFact::NotCrossed { leg, .. })) => *leg == Leg::Out,
        (SeenClaim::NameEmpty, Fact::Dns(DnsFact::Unresolved { failure, .. })) => *failure == DnsFailure::NoData,
        (SeenClaim::NameFailed, Fact::Dns(DnsFact::Unresolved { failure, .. })) => {
            *failure == DnsFailure::ServerFailure
        }
        (SeenClaim::NameRefused, Fact::Dns(DnsFact::Unresolved { failure, .. })) => *failure == DnsFailure::Refused,
        (SeenClaim::NameUnanswered, Fact::Dns(DnsFact::Unresolved { failure, .. })) => {
            matches!(failure, DnsFailure::TimedOut | DnsFailure::NotHeard { .. })
        }
        (SeenClaim::AnsweredFromElsewhere, Fact::Stun(StunFact::Answered { server, from, .. })) => server != from,
        (SeenClaim::AnsweredFromElsewhere, Fact::Stun(StunFact::Tallied { asked, tally, .. })) => {
            matches!(asked, Asked::ChangeAddressAndPort | Asked::ChangePort) && tally.answered > 0
        }
        (SeenClaim::HairpinCame, Fact::Stun(StunFact::Hairpinned { came_back, .. })) => *came_back,
        (SeenClaim::HairpinLost, Fact::Stun(StunFact::Hairpinned { came_back, .. })) => !came_back,
        (SeenClaim::FlowDied, Fact::Stun(StunFact::KeptBusy { copies, control, .. })) => {
            copies.is_silence_beside(*control)
        }
        (SeenClaim::SizeLost, Fact::Stun(StunFact::Sized { passed, .. })) => !passed,
        (SeenClaim::AnsweredWithoutCookie, Fact::Stun(StunFact::Tallied { asked: Asked::Rfc3489, tally, .. })) => {
            tally.answered > 0
        }
        (SeenClaim::AnsweredWithoutCookie, Fact::Stun(StunFact::Answered { asked, .. })) => *asked == Asked::Rfc3489,
        (
            SeenClaim::SaidUnreachable,
            Fact::Stun(StunFact::Unreachable { .. } | StunFact::NotOpened { .. })
            | Fact::Stream(StreamFact::NotConnected {
                failure: Failure::NoRoute | Failure::HostUnreachable | Failure::Icmp { .. } | Failure::Forbidden,
                ..
            }),
        )
        | (
            SeenClaim::StreamEnded,
            Fact::Stream(StreamFact::Ended { .. } | StreamFact::NotConnected { failure: Failure::Reset, .. }),
        )
        | (SeenClaim::CertificateShown, Fact::Stream(StreamFact::Secured { .. }))
        | (SeenClaim::SentOn, Fact::Stun(StunFact::Refused { code: 300, .. }))
        | (SeenClaim::AllocationDropped, Fact::Turn(TurnFact::AllocationLost { .. })) => true,
        (SeenClaim::AllocationDropped, Fact::Stun(StunFact::Refused { method, code: 437, .. })) => {
            *method != Method::Allocate
        }
        (SeenClaim::ConnectionTimedOut, Fact::Stream(StreamFact::NotConnected { failure, .. })) => {
            *failure == Failure::TimedOut
        }
        (SeenClaim::CertificateShown, Fact::Stream(StreamFact::NotConnected { tls, .. })) => {
            tls.as_ref().is_some_and(|tls| !tls.certificates.is_empty())
        }
        (SeenClaim::TlsBroken, Fact::Stream(StreamFact::NotConnected { failure, .. })) => {
            matches!(failure, Failure::Tls { .. } | Failure::Reset | Failure::TimedOut)
        }
        _ => false,
    }
}

/// What is seen between two ends.
fn is_seen_of_an_end(claim: SeenClaim, fact: &Fact) -> bool {
    match (claim, fact) {
        (SeenClaim::CheckAnswered, Fact::Ice(IceFact::Reached { .. } | IceFact::Nominated { .. }))
        | (SeenClaim::RestartNotMade, Fact::Ice(IceFact::RestartNotMade { .. }))
        | (SeenClaim::ConsentUnanswered, Fact::Ice(IceFact::ConsentLost { .. }))
        | (SeenClaim::RoleRefused, Fact::Ice(IceFact::RoleDisputed(_) | IceFact::RoleSwitched { .. }))
        | (SeenClaim::CallRan, Fact::Call(CallFact::Called(_)))
        | (SeenClaim::CallBroke, Fact::Call(CallFact::CallBroken(_)))
        | (SeenClaim::CredentialsDiffer, Fact::Ice(IceFact::CredentialsDiffer(_)))
        | (SeenClaim::NotDescribed, Fact::Signalling(SignallingFact::NoDescription { .. }))
        | (SeenClaim::CodecMissing, Fact::Call(CallFact::NoCommonCodec { .. }))
        | (SeenClaim::CandidateLeftOut, Fact::Ice(IceFact::CandidateRefused { .. }))
        | (SeenClaim::BrowserError, Fact::Browser(BrowserFact::CandidateError { .. })) => true,
        (SeenClaim::CheckAnswered, Fact::Ice(IceFact::Checked(pair))) => pair.received > 0,
        (SeenClaim::CheckSilent, Fact::Ice(IceFact::Checked(pair))) => {
            matches!(pair.failure, Some(PairFailure::Silent { .. }))
        }
        (SeenClaim::CheckOneWay, Fact::Ice(IceFact::Checked(pair))) => {
            matches!(pair.failure, Some(PairFailure::OneWay { .. }))
        }
        (SeenClaim::CheckRefused, Fact::Ice(IceFact::Checked(pair))) => {
            matches!(pair.failure, Some(PairFailure::Refused { .. }))
        }
        (SeenClaim::AnsweredFromAnother, Fact::Ice(IceFact::Checked(pair))) => {
            matches!(pair.failure, Some(PairFailure::NotSymmetric { .. }))
        }
        (SeenClaim::ClientHelloCame, Fact::Call(CallFact::HandshakeSeen(handshake))) => handshake.hellos_received > 0,
        _ => false,
    }
}
