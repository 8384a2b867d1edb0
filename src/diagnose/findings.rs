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
//! | `server` | the target's URI | all findings about a server; DisagreesWithOthers: its host |
//! | `name` | the host in that URI | Name…, Tls…, NoNameServer |
//! | `address` | the server's address and port; of a name, its IP address | findings about a server; NameIsPrivate |
//! | `transport` | UDP, TCP, TLS or DTLS | findings about a server |
//! | `code` | the STUN error code | Relay…, BindingRefused |
//! | `reason` | what the server or the system said; never empty | findings about a server |
//! | `relayed` | the relayed address and port | RelayWorks, RelayNotProven, RelayAddressNotPublic |
//! | `family` | IPv4 or IPv6 | findings about the network |
//! | `mapped` | an address at which a server saw us | AddressRewritten, DisagreesWithOthers, MappedAddressNotPublic |
//! | `rewritten` | what an ALG made of it | AddressRewritten |
//! | `addresses` | public addresses, with commas | NoNat, Nat…, AddressPool, CarrierNat |
//! | `interface` | its name | VpnInUse |
//! | `step` | the distance between ports | PortsPredictable |
//! | `seconds` | how long an idle mapping is known to live | ShortMappingLifetime |
//! | `bytes` | the largest IP packet that passed | SmallPathMtu |
//! | `percent` | how much was lost, in whole percent | LossyPath |
//! | `what`, `count` | what was left out, and how many | InputLimited |
//! | `subject`, `issuer`, `names`, `not_before`, `not_after` | of the leaf certificate | Tls… |

mod machine;
mod network;
mod relaying;
mod serving;

use super::Case;
use super::scope::name_of;
use crate::model::{About, Code, Family, Finding, ObservationId, Severity};

/// Worst first; among equals in the order: machine, network, servers, relays.
pub fn of(case: &Case<'_>) -> Vec<Finding> {
    let mut list = List(Vec::new());
    machine::add(case, &mut list);
    network::add(case, &mut list);
    serving::add(case, &mut list);
    relaying::add(case, &mut list);
    list.0.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    list.0
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
    about([("family", name_of(family).to_owned())])
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
