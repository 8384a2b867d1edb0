//! What is worth telling, how grave is it, and what does it rest on?
//!
//! `info` is a plain fact about the network; `warning` is what degrades calls or makes a server useless; `critical`
//! is what breaks calls. A network without IPv6, without a NAT or without hairpinning is none of the latter two.
//!
//! # Placeholders
//!
//! `about` holds these names, each only where the finding has the thing:
//!
//! | name | holds | in |
//! |---|---|---|
//! | `server` | the target's URI; its host where several URIs lead there | all findings about a server |
//! | | as the browser names it, or as it was given | BrowserServer…, BrowserSkippedServer |
//! | `name` | the host in that URI | findings about a server or its name |
//! | `address` | the server's address and port | findings about a server, LocalFirewall |
//! | | of a name | NameIsPrivate |
//! | | where a server sees us | DisagreesWithOthers, MappedAddressNotPublic |
//! | | ours on the carrier's side; ours between two NATs | CarrierNat; DoubleNat |
//! | `transport` | UDP, TCP, TLS or DTLS | findings about a server |
//! | `code` | the STUN error code | Relay…, BindingRefused |
//! | `code`, `reason` | of the browser's icecandidateerror | BrowserServer… |
//! | `reason` | what the server or the system said | findings about a server |
//! | `from` | the endpoint that answered | AnswersFromElsewhere |
//! | `alternate` | the server that a 300 names | RelayRedirected, RelayRedirectLoop |
//! | `peer` | the peer's address | RelayOutLost |
//! | `relayed` | the relayed address and port | RelayWorks, RelayNotProven, RelayAddressNotPublic |
//! | `family` | IPv4 or IPv6 | findings about the network |
//! | `public` | the public addresses, with commas | NoNat, Nat…, AddressPool, CarrierNat, OnlyNotEndpointIndependent |
//! | `interface` | its name | VpnInUse |
//! | `step` | the distance between ports | PortsPredictable |
//! | `lifetime` | after how long an idle mapping was seen to be gone, as "35 s" | ShortMappingLifetime |
//! | `mtu` | the largest IP packet that passed, in bytes | SmallPathMtu |
//! | `loss` | how much was lost, in whole percent | LossyPath |
//! | `loss`, `rtt` | of speech, in percent; the median, in ms | Call…, OwnCall… |
//! | `bytes` | the largest datagram of a handshake | CallDtlsSilent |
//! | `time` | how long the call had run, as "1.4 s" | CallCut, CallClosed, CallRelayDied |
//! | `count` | how long media was away, in whole ms | CallResumed |
//! | `count` | whole seconds: how long it lasted or was held; of the run; of the call | CallKept, CallRelay…; CallRebound…; CallThrottled… |
//! | `sent`, `received` | requests and answers | CallKept, CallRelay…, CallOnlyPathCut, CallAllCut |
//! | `from`, `to` | an end's outside address before and after | CallRebound… |
//! | `before`, `after` | what came, in kbit/s | CallThrottled… |
//! | `what`, `count` | what was left out, and how many | InputLimited |
//! | `count` | how many observations were left out | NewerRelease |
//! | `count` | how many pairs; of what the round trips come to, in ms | Pairs…; RelayMayBeNominatedFirst |
//! | `local`, `remote` | both ends of a pair, or of the first of several | Pairs…, PairLossy, ConsentLost, RelayNominatedFirst |
//! | `carrier` | how messages go, by its name in the standards | Carrier… |
//! | `issuer`, `names` | of the leaf certificate | Tls… |
//! | `until` | the date from which it is valid in TlsNotYetValid, else to which | Tls… |

mod browser;
pub mod call;
mod kept;
mod machine;
mod meeting;
mod network;
mod pairs;
mod relaying;
mod serving;
mod signalling;

use super::Case;
use super::meeting::Met;
use crate::model::{About, Code, Fact, Family, Finding, NEWER, ObservationId, Record, Severity};

/// Worst first; among equals in the order: the two ends, machine, network, servers, relays.
pub fn of(case: &Case<'_>, met: Option<&Met>) -> Vec<Finding> {
    let mut list = List(Vec::new());
    if let Some(met) = met {
        meeting::add(case, met, &mut list);
        pairs::add(met, &mut list);
        signalling::add(met, &mut list);
    }
    machine::add(case, &mut list);
    network::add(case, &mut list);
    serving::add(case, &mut list);
    relaying::add(case, &mut list);
    call::add(case, met, &mut list);
    kept::add(case, &mut list);
    newer(met.map_or(case.record, |met| &met.joined), &mut list);
    browser::add(met.map_or(case.record, |met| &met.joined), &mut list);
    list.0.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    list.0
}

/// What a record of a later release holds that this one has no word for.
fn newer(record: &Record, list: &mut List) {
    let left_out = record.observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Limited { what, ignored } if what.as_str() == NEWER => Some((seen.id, *ignored)),
        _ => None,
    });
    let (ids, counts): (Vec<ObservationId>, Vec<u32>) = left_out.unzip();
    let count = counts.into_iter().fold(0_u32, u32::saturating_add);
    list.add(Code::NewerRelease, Severity::Info, about([("count", count.to_string())]), &ids);
}

struct List(Vec<Finding>);

impl List {
    fn add(&mut self, code: Code, severity: Severity, about: About, evidence: &[ObservationId]) {
        let mut evidence = evidence.to_vec();
        evidence.sort_unstable();
        evidence.dedup();
        self.0.extend(Finding::new(code, severity, about, evidence));
    }
}

fn about<const N: usize>(placeholders: [(&str, String); N]) -> About {
    placeholders.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn about_family(family: Family) -> About {
    about([("family", family.name().to_owned())])
}

/// With commas; a peer decides how many there are, a reader wants few.
fn listed(items: impl IntoIterator<Item = impl ToString>) -> String {
    const SHOWN: usize = 8;
    let mut items = items.into_iter();
    let mut shown: Vec<String> = items.by_ref().take(SHOWN).map(|item| item.to_string()).collect();
    if items.next().is_some() {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}
