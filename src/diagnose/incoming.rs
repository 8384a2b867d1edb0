//! Does this machine throw away what comes in, before any program gets it?
//!
//! Times in which something was asked are held against times of the same length in which nothing was: a host throws away
//! much that is meant for others. What it throws away each time that something is asked, about as much as was asked, and
//! hardly ever else, is the answer: eight other packets a second that come at random do so once in five thousand runs, and
//! fewer or more of them less often.

use crate::model::{Fact, Family, HostFact, ObservationId, Record};

/// How often each of the two is counted at least.
const TIMES: usize = 3;

/// How many of the answers may be lost on the way, and how many packets of others may be among them, each time.
const LOST: u64 = 1;
const OTHERS: u64 = 2;

/// How many times less is thrown away while nothing is asked.
const LESS: u64 = 6;

pub(crate) struct ThrownAway {
    /// How many packets while something was asked.
    pub packets: u64,
    /// They are known to be no ICMP errors, by which a router would have said that the requests got nowhere.
    pub are_answers: bool,
    pub evidence: Vec<ObservationId>,
}

/// What is thrown away of the answers, where that is known.
pub(crate) fn thrown_away(record: &Record, family: Family) -> Option<ThrownAway> {
    let (mut asking, mut quiet, mut evidence) = (Vec::new(), Vec::new(), Vec::new());
    let (mut are_answers, mut are_as_many) = (true, true);
    for observation in &record.observations {
        let Fact::Host(HostFact::Counted { family: of, requests, thrown_away, lets_errors_in, .. }) = &observation.fact
        else {
            continue;
        };
        if *of == family {
            let requests = u64::from(*requests);
            if requests > 0 {
                are_as_many &= (requests.saturating_sub(LOST)..=requests + OTHERS).contains(thrown_away);
                asking.push(*thrown_away);
            } else {
                quiet.push(*thrown_away);
            }
            are_answers &= *lets_errors_in;
            evidence.push(observation.id);
        }
    }
    let sum = |times: &[u64]| times.iter().fold(0_u64, |sum, time| sum.saturating_add(*time));
    let (packets, others) = (sum(&asking), sum(&quiet));
    let are_enough = asking.len() >= TIMES && quiet.len() >= TIMES;
    let is_so = are_enough && are_as_many && others.saturating_mul(LESS) <= packets;
    is_so.then_some(ThrownAway { packets, are_answers, evidence })
}
