//! Which findings are consequences of one cause? Told once, with its evidence, and what it explains is folded under it.
//!
//! A [`CauseRule`] is data: the code under which it is told, when it holds, and what it explains. What holds in one run is a
//! [`CauseClaim`]: it names its extent (which packets, of which family, to which servers) and how sure it is. Three laws:
//! - A success inside the extent refutes the claim, whatever else speaks for it.
//! - A claim is *proven* where a control that differs in one property passed; else it is *likely* and names its rivals.
//! - A likely cause explains nothing that puts the blame on somebody: such a finding then stands beside it.
//!
//! The causes stand in the order of their layers. A finding is folded under the first that explains it, so that chains
//! end at their root: a firewall on this machine explains why UDP seems blocked, and with it what blocked UDP explains.
//!
//! | file | causes in |
//! |---|---|
//! | machine | this machine: its firewall, its clock |
//! | names | the DNS |
//! | reach | the way out: sign-in pages, UDP, address families |
//! | servers | the servers' side: one of several addresses, relay ports |
//! | quality | what passes in part: sizes, what is recognised by sight; and another NAT above |
//! | extent | what does a claim cover, and was something heard inside? |
//! | fold | the folding |

mod extent;
mod fold;
mod machine;
mod names;
mod quality;
mod reach;
mod servers;

pub(crate) use extent::{ClaimExtent, ClaimKind};
pub(crate) use fold::fold;

use super::Case;
use super::findings::call::{died_on_its_pair, why_impossible};
use super::layer::{Layer, layer_of};
use crate::model::{Call, Code, Detail, Judged, ObservationId, Path, Severity, Strength, Verdict};

/// What can be the reason of several findings.
pub(crate) struct CauseRule {
    pub code: Code,
    /// What the record bears out: a claim for each family, server or relay that is concerned.
    pub holds: fn(&Case<'_>) -> Vec<CauseClaim>,
    /// Whole layers: it explains what is found in them about something within the claim's extent.
    pub layers: &'static [Layer],
    /// Findings, and reasons of the verdict, that follow from it whatever they are about; of a claim about single servers
    /// only findings about these.
    pub consequences: &'static [Code],
    /// What helps in the place of a change that would be somebody else's.
    pub instead: &'static [(Code, Code)],
    pub bearing: Bearing,
}

/// What a cause means for the path of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// What lies behind it cannot be seen from before it: the path is unclear, and never "none".
    Hides,
    /// No UDP of a call passes: a relay over TCP or TLS carries it, where one works.
    NoUdp,
    /// Checks pass, so that a pair is chosen, and the call dies on it: no path, unless a relay is forced.
    Dies,
    /// It decides nothing by itself.
    AsMeasured,
}

/// What `explain` and the table of causes tell of a cause beside its words.
#[derive(Clone, Copy, Debug)]
pub struct KnownCause {
    /// The code of its finding, by which the catalogue has its words.
    pub code: Code,
    /// What it means for the path of calls.
    pub bearing: Bearing,
    /// What follows from it, beside what is found about anything within its extent.
    pub consequences: &'static [Code],
}

/// All causes, in the order in which they are tried.
pub fn known_causes() -> impl Iterator<Item = KnownCause> {
    let known =
        |cause: &CauseRule| KnownCause { code: cause.code, bearing: cause.bearing, consequences: cause.consequences };
    CAUSES.iter().map(known)
}

/// One cause that holds in a run.
pub(crate) struct CauseClaim {
    pub extent: ClaimExtent,
    pub strength: Strength,
    /// What it may be instead, of a likely claim.
    pub rivals: &'static [Code],
    /// How grave it is even where it explains nothing else.
    pub severity: Severity,
    pub about: Detail,
    pub evidence: Vec<ObservationId>,
}

/// A claim and whose it is.
pub(crate) struct HoldingCause {
    pub cause: &'static CauseRule,
    pub claim: CauseClaim,
}

/// All causes; within a layer the more special before the more general.
const CAUSES: &[CauseRule] = &[
    machine::CLOCK_WRONG,
    machine::LOCAL_FIREWALL,
    reach::CAPTIVE_PORTAL,
    names::NO_NAME_SERVER,
    names::NAME_SERVER_SILENT,
    names::NAME_SERVER_REFUSED,
    names::NAME_SERVER_FAILED,
    names::NAMES_ALL_DENIED,
    reach::NO_IPV4_AND_NO_NAT64,
    reach::IPV6_BROKEN,
    reach::STUN_FILTERED,
    reach::UDP_BLOCKED,
    servers::POOL_MEMBER_DEAD,
    servers::RELAY_PORTS_CLOSED,
    servers::RELAY_LARGE_LOST,
    quality::CARRIER_NAT,
    quality::SMALL_PATH_MTU,
    quality::DTLS_BLOCKED_HERE,
];

/// The causes that hold, and that nothing inside their extent refutes.
pub(crate) fn held(case: &Case<'_>) -> Vec<HoldingCause> {
    let claims = CAUSES.iter().flat_map(|cause| {
        let claims = (cause.holds)(case).into_iter();
        claims.map(move |claim| HoldingCause { cause, claim })
    });
    claims.filter(|held| !held.claim.extent.holds_a_success(case.record)).collect()
}

impl HoldingCause {
    /// Whether a finding or a reason of the verdict follows from it, whatever it is about.
    pub(crate) fn entails(&self, code: Code) -> bool {
        !self.claim.extent.is_of_single_servers() && self.cause.consequences.contains(&code)
    }

    /// A likely cause leaves standing what puts the blame on the operator of a server.
    fn may_fold(&self, code: Code) -> bool {
        let blames_an_operator = matches!(layer_of(code), Layer::Names | Layer::Servers | Layer::Relays);
        self.claim.strength == Strength::Proven || !blames_an_operator
    }
}

/// Puts the causes in front of the reasons, in the place of those that follow from them.
pub(crate) fn name_roots(held: &[HoldingCause], verdict: &mut Verdict) {
    let reasons: Vec<Code> = verdict.because.iter().copied().chain(verdict.path.why()).collect();
    let explains_a_reason = |held: &&HoldingCause| reasons.iter().any(|reason| held.entails(*reason));
    let mut roots: Vec<Code> = Vec::new();
    for held in held.iter().filter(explains_a_reason) {
        if !roots.contains(&held.cause.code) {
            roots.push(held.cause.code);
        }
    }
    let is_entailed = |reason: &Code| held.iter().any(|held| held.entails(*reason));
    roots.retain(|root| !is_entailed(root));
    let others = verdict.because.iter().copied().filter(|reason| !is_entailed(reason) && !roots.contains(reason));
    let because: Vec<Code> = roots.iter().copied().chain(others).collect();
    verdict.because = because;
    if let (Judged::NotTested { why } | Judged::Unclear { why, .. }, Some(root)) = (&mut verdict.path, roots.first())
        && is_entailed(why)
    {
        *why = *root;
    }
    let proven = || held.iter().filter(|held| held.claim.strength == Strength::Proven);
    for change in &mut verdict.direct_if {
        let mut instead = proven().flat_map(|held| held.cause.instead).filter(|(usual, _)| usual == change);
        if let Some((_, better)) = instead.next() {
            *change = *better;
        }
    }
}

/// A call that the other end's description rules out has no other reason; a pair that was chosen and did not carry the call is no path: ICE does not fall back to another (RFC 8445 §8).
pub(crate) fn judge_by_the_call(call: &Call, verdict: &mut Verdict) {
    if let Some(code) = why_impossible(call) {
        (verdict.because, verdict.direct_if) = (vec![code], Vec::new());
    }
    let Some(code) = died_on_its_pair(call) else { return };
    verdict.path = Judged::known(Path::None, call.evidence.clone());
    verdict.because = vec![code];
    verdict.direct_if = Vec::new();
}
