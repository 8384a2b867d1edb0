//! Which findings are consequences of one cause? Told once, with its evidence, and what it explains is folded under it.
//!
//! A [`CauseRule`] is data: the code under which it is told, when it holds, and what it explains. What holds in one run is a
//! [`CauseClaim`]: it names its extent (which packets, of which family, to which servers) and how sure it is. Three laws:
//! - A success inside the extent refutes the claim, whatever else speaks for it.
//! - A claim is *proven* where a control that differs in one property passed; else it is *likely* and names its rivals.
//! - A likely cause explains nothing that puts the blame on somebody, unless its rule or its rivals say so: such a finding
//!   then stands beside it. And it explains no cause that is proven.
//!
//! The causes stand in the order of their layers. A finding is folded under the first that explains it, so that chains
//! end at their root: a firewall on this machine explains why UDP seems blocked, and with it what blocked UDP explains.
//!
//! | file | causes in |
//! |---|---|
//! | machine | this machine: its firewall, its clock |
//! | proxy | the proxy that this machine is set to use |
//! | names | the DNS |
//! | reach | the way out: sign-in pages, UDP, address families |
//! | filters | what routers on the way, and relays, show to be dropped by sight or by port |
//! | servers | the servers' side: one of several addresses, UDP that is not taken |
//! | nat | the NAT: another above ours, mappings that were lost |
//! | tls | TLS that is read on its way |
//! | quality | what passes in part: sizes, what is recognised by sight |
//! | load | what passes packet by packet and not as a whole call: loss, limits, a full line |
//! | extent | what does a claim cover, and was something heard inside? |
//! | fold | the folding |

mod extent;
mod filters;
mod fold;
mod load;
mod machine;
mod names;
mod nat;
mod proxy;
mod quality;
mod reach;
mod servers;
mod tls;

pub(crate) use extent::{ClaimExtent, ClaimKind};
pub(crate) use fold::fold;

use super::Assessment;
use super::layer::{Layer, layer_of};
use crate::model::{Code, Detail, Family, Judged, ObservationId, Severity, Strength, Verdict};

/// What can be the reason of several findings.
pub(crate) struct CauseRule {
    pub code: Code,
    /// What the record bears out: a claim for each family, server or relay that is concerned.
    pub holds: fn(&Assessment<'_>) -> Vec<CauseClaim>,
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
    /// No packet gets to a port as peers have it: there is no direct path where that is known, else it is unclear, and a relay
    /// on an open port carries the call.
    MayNotReachPeers,
    /// Servers are reached, and no peer is: there is no direct path where that is known, else it is unclear, and any relay
    /// carries the call.
    ReachesNoPeer,
    /// Packets pass one by one, and not as many as a call sends: there is no direct path where that is known, else it is
    /// unclear, and a relay over TCP or TLS carries the call.
    CarriesNoCall,
    /// Checks pass, so that a pair is chosen, and a call dies on it: a direct path is none where that is known, else unclear
    /// until one was made; a relay may carry it where it is forced.
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

impl CauseClaim {
    /// Whether it is known what the cause means for calls: where it is proven, or where the rival is this machine's own
    /// filter, which does the same to them.
    pub(crate) fn decides_the_path(&self) -> bool {
        self.rivals.iter().all(|rival| *rival == Code::LocalFirewall)
    }
}

impl CauseRule {
    /// Whether a finding of this code can follow from it at all: also that a server is silent which packets do not get to.
    fn may_explain(&self, code: Code) -> bool {
        let keeps_from_servers = matches!(self.bearing, Bearing::NoUdp | Bearing::MayNotReachPeers);
        let is_of_servers = matches!(layer_of(code), Layer::Servers | Layer::Relays);
        self.layers.contains(&layer_of(code))
            || self.consequences.contains(&code)
            || keeps_from_servers && is_of_servers
    }
}

/// The claims of a cause that is judged in each address family by itself.
fn in_each_family(
    assessment: &Assessment<'_>,
    claim: fn(&Assessment<'_>, Family) -> Option<CauseClaim>,
) -> Vec<CauseClaim> {
    [Family::Ipv4, Family::Ipv6].into_iter().filter_map(|family| claim(assessment, family)).collect()
}

/// A likely claim about how a network is and not about certain packets; None without evidence.
fn likely(
    family: Option<Family>,
    rivals: &'static [Code],
    about: Detail,
    evidence: Vec<ObservationId>,
) -> Option<CauseClaim> {
    let extent = ClaimExtent { kind: ClaimKind::Trait, family, ..ClaimExtent::everything() };
    let claim = CauseClaim { extent, strength: Strength::Likely, rivals, severity: Severity::Warning, about, evidence };
    (!claim.evidence.is_empty()).then_some(claim)
}

/// A claim and whose it is.
pub(crate) struct HoldingCause {
    pub cause: &'static CauseRule,
    pub claim: CauseClaim,
    /// Each relay that was asked is kept from calls by some cause, and one of them by this.
    pub keeps_from_the_last_relay: bool,
}

/// All causes; within a layer the more special before the more general.
const CAUSES: &[CauseRule] = &[
    machine::CLOCK_WRONG,
    machine::LOCAL_FIREWALL,
    reach::CAPTIVE_PORTAL,
    proxy::PROXY_NEEDED,
    proxy::PROXY_ASKS_LOGIN,
    names::NO_NAME_SERVER,
    names::NAME_SERVER_SILENT,
    names::NAME_SERVER_REFUSED,
    names::NAME_SERVER_FAILED,
    names::NAMES_ALL_DENIED,
    names::NAMES_ALL_ONE_ADDRESS,
    names::NAME_SINKHOLED,
    reach::NO_WAY_OUT,
    reach::NOTHING_ANSWERS,
    reach::NETWORK_FORBIDS,
    reach::NO_IPV4_AND_NO_NAT64,
    reach::IPV6_BROKEN,
    reach::STUN_FILTERED,
    reach::UDP_BLOCKED,
    reach::UDP_SERVER_PORTS_SHUT,
    filters::ONLY_STUN_PASSES,
    filters::DTLS_FILTERED,
    filters::MEDIA_FILTERED,
    filters::CHECKS_FILTERED,
    filters::UDP_PORTS_CLOSED,
    reach::UDP_PORTS_LIMITED,
    reach::TCP_PORTS_LIMITED,
    load::UDP_PACKETS_LIMITED,
    load::UDP_THROTTLED,
    tls::TLS_INTERCEPTED,
    tls::SERVER_NAME_FILTERED,
    servers::SERVER_UDP_SILENT,
    servers::POOL_MEMBER_DEAD,
    servers::RELAY_PORTS_CLOSED,
    servers::RELAY_LARGE_LOST,
    servers::RELAY_PEER_REFUSED,
    nat::CARRIER_NAT,
    nat::MAPPING_MOVED,
    load::LINE_FILLS_UP,
    load::LOSSY_PATH,
    quality::SMALL_PATH_MTU,
    quality::DTLS_BLOCKED_HERE,
];

/// Notes the causes that hold, and that nothing inside their extent refutes; each can ask whether an earlier one does.
pub(crate) fn hold(assessment: &mut Assessment<'_>) {
    for cause in CAUSES {
        let claims = (cause.holds)(assessment).into_iter();
        let left = claims.filter(|claim| !claim.extent.holds_a_success(assessment.record));
        let held = left.map(|claim| HoldingCause { cause, claim, keeps_from_the_last_relay: false });
        let held: Vec<HoldingCause> = held.collect();
        assessment.held.extend(held);
    }
    let keep = fold::keep_from_the_last_relay(assessment);
    for (held, keeps) in assessment.held.iter_mut().zip(keep) {
        held.keeps_from_the_last_relay = keeps;
    }
}

impl HoldingCause {
    /// Whether a finding or a reason of the verdict follows from it, whatever it is about. That no relay is left follows
    /// from a cause about single servers where others account for the other relays.
    pub(crate) fn entails(&self, code: Code) -> bool {
        let is_of_all = !self.claim.extent.is_of_single_servers();
        let is_of_the_relays = code == Code::NoRelay && self.keeps_from_the_last_relay;
        (is_of_all || is_of_the_relays) && self.cause.consequences.contains(&code)
    }

    /// A likely cause leaves standing what puts the blame on the operator of a server, unless its rule names that very
    /// finding, it is told as a rival, or each of the rivals would acquit the operator as well.
    fn may_fold(&self, code: Code) -> bool {
        let blames_an_operator = matches!(layer_of(code), Layer::Names | Layer::Servers | Layer::Relays);
        let acquits = |rival: &Code| CAUSES.iter().any(|cause| cause.code == *rival && cause.may_explain(code));
        let is_acquitted = !self.claim.rivals.is_empty() && self.claim.rivals.iter().all(acquits);
        let is_named = self.claim.rivals.contains(&code) || self.cause.consequences.contains(&code);
        self.claim.strength == Strength::Proven || !blames_an_operator || is_named || is_acquitted
    }
}

/// The cause that a reason follows from; the reason itself where it follows from none.
pub(crate) fn root_of(held: &[HoldingCause], reason: Code) -> Code {
    let root = held.iter().find(|held| held.cause.code != reason && held.entails(reason));
    root.map_or(reason, |held| held.cause.code)
}

/// The same up to the end of the chain: the cause that follows from no other.
fn top_of(held: &[HoldingCause], reason: Code) -> Code {
    let above = |reason: &Code| Some(root_of(held, *reason)).filter(|root| root != reason);
    std::iter::successors(Some(reason), above).take(held.len() + 1).last().unwrap_or(reason)
}

/// What is asked in the place of a change, where one of these causes is proven and makes it somebody else's.
pub(crate) fn asked_instead<'a>(held: impl Iterator<Item = &'a HoldingCause>, change: Code) -> Code {
    let proven = held.filter(|held| held.claim.strength == Strength::Proven);
    let mut instead = proven.flat_map(|held| held.cause.instead).filter(|(usual, _)| *usual == change);
    instead.next().map_or(change, |(_, better)| *better)
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
    let is_entailed = |reason: &Code| held.iter().any(|held| held.cause.code != *reason && held.entails(*reason));
    roots.retain(|root| !is_entailed(root));
    let others = verdict.because.iter().copied().filter(|reason| !is_entailed(reason) && !roots.contains(reason));
    let because: Vec<Code> = roots.iter().copied().chain(others).collect();
    verdict.because = because;
    let paths = [&mut verdict.path].into_iter().chain(verdict.forecast.iter_mut().map(|forecast| &mut forecast.path));
    for path in paths {
        if let Judged::NotTested { why } | Judged::Unclear { why, .. } = path {
            *why = top_of(held, *why);
        }
    }
}
