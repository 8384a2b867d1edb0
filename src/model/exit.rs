//! With what exit code does a run end, and why? One table for `check`, `read`, `call` and `compare`, judged here alone.
//!
//! One end is judged by its network first: what its servers do matters beside it where they were named. Two ends are
//! judged by the call between them; a server that fails there is told by its findings.

use super::{
    CallOutcome, Code, Diagnosis, Finding, Gravity, Group, Path, Server, ServerUri, Severity, StageOutcome, Step,
};
use std::collections::BTreeMap;

/// One row of the table: what a run came to, as a shell and a monitoring system ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// A typical call, or the call that was made, goes directly, and nothing that was seen here is to be warned of.
    Direct,
    /// Every server that was named works, and none of them could have told how calls go.
    ServersWork,
    /// It works through a relay.
    Relayed,
    /// It works, and something is to be warned of.
    Degraded,
    /// A server that was named does not work, and another that was named does what it was for.
    ServerFails,
    /// Neither directly nor through a relay.
    NoPath,
    /// There was a path, and it did not carry the call; or the two ends could not agree on one.
    CallBroken,
    /// No call can come about, for a reason that is known: no network, a sign-in page, an end that offers nothing, a
    /// configuration that browsers refuse.
    NoCall,
    /// A server that was named does not work, and no other that was named does what it was for.
    NoServerWorks,
    /// The cause is not known.
    Unclear,
    /// The run was ended before its questions were answered.
    Interrupted,
}

impl Exit {
    /// 0 fine, 1 warning, 2 critical, 3 could not tell; 130 as a shell has it for SIGINT.
    pub const fn code(self) -> u8 {
        match self {
            Self::Direct | Self::ServersWork => 0,
            Self::Relayed | Self::Degraded | Self::ServerFails => 1,
            Self::NoPath | Self::CallBroken | Self::NoCall | Self::NoServerWorks => 2,
            Self::Unclear => 3,
            Self::Interrupted => 130,
        }
    }
}

/// What the servers that were named come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Work,
    /// Some fail, and others do what those were for.
    SomeFail,
    /// One fails, and no other does what it was for.
    Fail,
    /// None was named, or none was asked to the end.
    NotTested,
}

impl Diagnosis {
    /// The row of the table that this run ends by.
    pub fn exit(&self) -> Exit {
        if self.interrupted {
            Exit::Interrupted
        } else if self.is_of_two() || self.call.is_some() {
            self.exit_of_two()
        } else {
            self.exit_of_one()
        }
    }

    /// The code of [`Self::exit`].
    pub fn exit_code(&self) -> u8 {
        self.exit().code()
    }

    /// How grave it is what came out.
    pub fn gravity(&self) -> Gravity {
        match (self.decisive_outcome(), self.verdict.path.value()) {
            (Some(outcome), _) => outcome.gravity(),
            (None, Some(Path::Direct)) if self.left_without().is_none() => Gravity::Fine,
            (None, Some(Path::Direct) | None) if self.left_without().is_some() => Gravity::Broken,
            (None, Some(Path::Relay)) => Gravity::Relayed,
            (None, Some(Path::None)) => Gravity::Broken,
            (None, _) if self.exit() == Exit::ServersWork => Gravity::Fine,
            (None, _) => Gravity::Unknown,
        }
    }

    /// What leaves the application of one end without connections, or without servers where no other were named, whatever its
    /// network is.
    pub fn left_without(&self) -> Option<&Finding> {
        let decides = match self.exit() {
            _ if self.is_of_two() || self.call.is_some() => return None,
            Exit::NoCall => &Code::LEAVES_NO_CONNECTION[..],
            Exit::NoServerWorks if self.targets.is_empty() => &Code::OF_NO_SOURCE[..],
            _ => return None,
        };
        self.findings.iter().find(|found| found.severity == Severity::Critical && decides.contains(&found.code))
    }

    fn exit_of_two(&self) -> Exit {
        if self.decisive_outcome().is_some_and(|outcome| outcome.gravity() == Gravity::Broken) {
            return Exit::CallBroken;
        }
        let is_ruled_out = || {
            self.has_found_any(&[
                Code::PeerDescriptionUnusable,
                Code::PeerDescriptionMisplaced,
                Code::PeerOtherVersion,
                Code::PeerSentNoDescription,
            ])
        };
        match self.verdict.path.value() {
            Some(Path::None) if is_ruled_out() => Exit::NoCall,
            // A file that shows a path, and not how the call went on it, leaves that open.
            Some(Path::Direct | Path::Relay) if self.is_half_told() => Exit::Unclear,
            Some(path) => self.exit_by(*path),
            // Checks were to be made, nobody left, and there was nothing to check: an end offered nothing that the
            // other could use.
            None if self.verdict.path.why() == Some(Code::NoPairs) => Exit::NoCall,
            None if is_ruled_out() => Exit::NoCall,
            None => Exit::Unclear,
        }
    }

    fn is_half_told(&self) -> bool {
        let is_unfinished = self.call.as_ref().is_some_and(|call| call.outcome == CallOutcome::Unfinished);
        is_unfinished && self.has_found(Code::SavedCall)
    }

    fn exit_of_one(&self) -> Exit {
        let at_fault = self.servers.iter().filter(|server| !self.is_acquitted(server));
        let named = if self.chosen_by_tool { Named::NotTested } else { named(at_fault) };
        let named = match named {
            Named::NotTested if self.has_found_any(&Code::OF_NO_SOURCE) => Named::Fail,
            Named::Work if self.has_found_any(&Code::OF_NO_SOURCE) => Named::SomeFail,
            other => other,
        };
        match (self.verdict.path.value(), named) {
            _ if self.has_found_any(&Code::LEAVES_NO_CONNECTION) => Exit::NoCall,
            (Some(path @ (Path::None | Path::Relay)), _) => self.exit_by(*path),
            (None, _) if self.has_found_any(&[Code::NoUsableInterface, Code::CaptivePortal]) => Exit::NoCall,
            (_, Named::Fail) => Exit::NoServerWorks,
            (Some(Path::Direct), Named::SomeFail) => Exit::ServerFails,
            (Some(Path::Direct), _) => self.exit_by(Path::Direct),
            (None, _) if self.works_in_part() => Exit::Degraded,
            (None, Named::SomeFail) if self.lacks_a_server_that_tells() => Exit::ServerFails,
            (None, Named::Work) if self.lacks_a_server_that_tells() => {
                if self.has_warnings() {
                    Exit::Degraded
                } else {
                    Exit::ServersWork
                }
            }
            (None, _) => Exit::Unclear,
        }
    }

    fn exit_by(&self, path: Path) -> Exit {
        match path {
            Path::None => Exit::NoPath,
            Path::Relay => Exit::Relayed,
            Path::Direct if self.has_warnings() || self.decisive_outcome().is_some() => Exit::Degraded,
            Path::Direct => Exit::Direct,
        }
    }

    /// What the other end alone says is told and weighs nothing here: where it leaves the path unclear, the path says so.
    fn has_warnings(&self) -> bool {
        let weighs = |finding: &&Finding| finding.code != Code::EndsDisagree;
        self.findings.iter().filter(weighs).any(|finding| finding.severity >= Severity::Warning)
    }

    fn has_found_any(&self, codes: &[Code]) -> bool {
        codes.iter().any(|code| self.has_found(*code))
    }

    /// Whether a server's failure is put down to what the network does to some packets and not to others.
    fn is_acquitted(&self, server: &Server) -> bool {
        let Some(error) = &server.error else { return false };
        let uri = server.uri.as_str();
        let is_of_it = |finding: &&Finding| finding.code == error.code && finding.about.server.as_deref() == Some(uri);
        let root = |finding: &Finding| self.findings.get(usize::try_from(finding.cause?).ok()?);
        let of_the_network = |root: &Finding| matches!(root.code.group(), Group::Nat | Group::Quality);
        let mut told = self.findings.iter().filter(is_of_it).peekable();
        told.peek().is_some() && told.all(|finding| root(finding).is_some_and(of_the_network))
    }

    /// Whether the path is unclear because the network takes only some of what a call sends, while a relay carried a call.
    fn works_in_part(&self) -> bool {
        let is_of_quality = self.verdict.path.why().is_some_and(|why| why.group() == Group::Quality);
        is_of_quality && self.has_found(Code::OwnCallRelayCarries)
    }

    /// Whether the path is unclear for no other reason than which servers were named: none of them was asked over UDP.
    fn lacks_a_server_that_tells(&self) -> bool {
        let path = &self.verdict.path;
        path.why() == Some(Code::NoStunAnswer) && path.evidence().is_empty()
    }
}

/// A server is what one URI names: it works where one of its addresses does.
fn named<'a>(servers: impl Iterator<Item = &'a Server>) -> Named {
    let mut by_uri: BTreeMap<&ServerUri, Vec<&Server>> = BTreeMap::new();
    for server in servers {
        by_uri.entry(&server.uri).or_default().push(server);
    }
    let works = |addresses: &[&Server]| addresses.iter().any(|server| server.works());
    let working = || by_uri.iter().filter(|(_, addresses)| works(addresses));
    let mut failing = by_uri
        .iter()
        .filter(|(_, addresses)| !works(addresses) && addresses.iter().any(|server| server.fails()))
        .peekable();
    if failing.peek().is_none() {
        return if working().next().is_some() { Named::Work } else { Named::NotTested };
    }
    // What relays answers plain requests too, and not the other way round.
    let is_replaced = |uri: &ServerUri| working().any(|(other, _)| relays(other) || !relays(uri));
    if failing.all(|(uri, _)| is_replaced(uri)) { Named::SomeFail } else { Named::Fail }
}

fn relays(uri: &ServerUri) -> bool {
    uri.target().is_some_and(|target| target.scheme.relays())
}

impl Server {
    /// Whether it was asked, and nothing failed. A relay that strangers may not speak to first carries calls all the same;
    /// one that only sent us on to another does not.
    pub fn works(&self) -> bool {
        let has_passed = |wanted: Option<Step>| {
            let mut stages = self.stages.iter().filter(|stage| stage.outcome == StageOutcome::Passed);
            stages.any(|stage| wanted.is_none_or(|wanted| stage.name == wanted))
        };
        let is_well = self.error.as_ref().is_none_or(|error| error.code == Code::RelayPortsClosed);
        is_well && has_passed(relays(&self.uri).then_some(Step::Allocate))
    }

    /// Whether it failed: not where it was this client that could not ask it, or was not told what to show it.
    pub fn fails(&self) -> bool {
        let is_ours = |code| {
            matches!(code, Code::NoCredentials | Code::DtlsNotSupported | Code::NoAddressOfFamily | Code::NoSocket)
        };
        !self.works() && self.error.as_ref().is_some_and(|error| !is_ours(error.code))
    }
}
