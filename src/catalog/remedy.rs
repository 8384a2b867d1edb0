//! Whose step is it to mend what was found?

use super::{Said, said};

/// One step of a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemedyStep {
    /// Whose step it is.
    pub whose: Addressee,
    /// What the text calls them; None where it speaks to nobody.
    pub who: Option<Said>,
    /// A template.
    pub what: Said,
}

impl RemedyStep {
    pub(super) const fn of(whose: Addressee, what: Said) -> Self {
        Self { whose, who: whose.name(), what }
    }

    /// Calls its addressee otherwise than by the usual name.
    pub(super) const fn called(self, who: Said) -> Self {
        Self { who: Some(who), ..self }
    }
}

/// Whom a step of a remedy asks to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Addressee {
    /// The text says when there is nothing to do, or what holds for everyone.
    Nobody,
    /// Whoever reads the report.
    You,
    /// Who runs the network of this end, or gives it access to the internet.
    NetworkTeam,
    /// Who runs the TURN server.
    TurnOperator,
    /// Who runs the STUN server.
    StunOperator,
    /// Who runs a server, whichever it is.
    ServerOperator,
    /// Who runs the HTTP proxy between this end and the server.
    ProxyOperator,
    /// Who makes the application that calls.
    Maker,
    /// Whoever uses or runs either end of the call.
    BothEnds,
    /// Who uses or runs the other end of the call.
    OtherEnd,
    /// Who runs the network of the other end.
    OtherNetworkTeam,
}

impl Addressee {
    /// What a text calls them unless it says otherwise.
    const fn name(self) -> Option<Said> {
        Some(match self {
            Self::Nobody => return None,
            Self::You => said("You", "사용자"),
            Self::NetworkTeam => said("Your network team", "네트워크 담당자"),
            Self::TurnOperator => said("TURN operator", "TURN 운영자"),
            Self::StunOperator => said("Operator of the STUN server", "STUN 서버 운영자"),
            Self::ServerOperator => said("Operator", "서버 운영자"),
            Self::ProxyOperator => said("Whoever runs the proxy", "프록시 운영자"),
            Self::Maker => said("Maker of the application", "응용 프로그램 제작자"),
            Self::BothEnds => said("Both ends", "양쪽"),
            Self::OtherEnd => said("The other end", "상대방"),
            Self::OtherNetworkTeam => said("The other end's network team", "상대방의 네트워크 담당자"),
        })
    }
}
